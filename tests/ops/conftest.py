"""A PostgreSQL server that tests of this folder may stop, and start again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ops.postgres import OwnServer, own_server


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[OwnServer]:
    """A running server for one file of tests."""
    with own_server() as server:
        yield server
