"""What a user can get wrong about boundaries, said in a sentence."""

from __future__ import annotations


class GeoError(Exception):
    """A mistake a user can put right; its text says what is wrong, where, and what to do."""
