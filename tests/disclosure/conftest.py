"""The store and the release that ship."""

from tests.release.conftest import engine, home, release  # noqa: F401
