"""How many cases each test runs: few on every change, many where ``EQUITY_SLOW=1`` asks for them."""

from __future__ import annotations

import os
from collections.abc import Callable
from random import Random
from typing import Any, Final

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

#: Cases by test: usually, and at length.
SIZES: Final = {
    "cells": (90, 4_000),
    "texts": (40, 1_500),
    "raw": (80, 3_500),
    "parts": (40, 1_500),
    "same": (60, 1_500),
    "sqlite": (24, 400),
    "postgres": (8, 60),
}
SLOW: Final = os.environ.get("EQUITY_SLOW") == "1"


def luck(seed: int) -> Random:
    """Chance that takes the same course again from the same seed."""
    return Random(seed)  # noqa: S311 - nothing here is secret


def size(test: str) -> int:
    """How many cases a test runs now."""
    usual, long = SIZES[test]
    return long if SLOW else usual


def steps(ways: tuple[Any, ...], most: int = 3) -> st.SearchStrategy[list[tuple[Any, int]]]:
    """A few ways of spoiling one after another, each with a seed; failures shrink to the one that matters."""
    return st.lists(st.tuples(st.sampled_from(ways), st.integers(0, 2**32 - 1)), min_size=1, max_size=most)


def cases(test: str, body: Callable[..., None], **drawn: st.SearchStrategy[Any]) -> None:
    """Run ``body`` on as many cases as are due, and make sure that so many were run."""
    ran = 0
    wanted = size(test)

    @settings(max_examples=wanted, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(**drawn)
    def one(**values: Any) -> None:
        nonlocal ran
        ran += 1
        note(repr(values))
        body(**values)

    one()
    assert ran >= wanted
