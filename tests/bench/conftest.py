"""The store that ships, and both servers on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import servers
from bench.session import Session
from bench.subject import Subject, opened


@pytest.fixture(scope="session")
def subject(app_home: Path) -> Iterator[Subject]:
    """A store made by ``python -m equity bootstrap``."""
    with opened(app_home) as found:
        yield found


@pytest.fixture(scope="session")
def ours(subject: Subject) -> Iterator[Session]:
    """A session of the application."""
    with servers.ours(subject.home) as server, Session(server.url) as session:
        yield session


@pytest.fixture(scope="session")
def plain(subject: Subject) -> Iterator[Session]:
    """A session of the plain pages."""
    with servers.plain(subject.home) as server, Session(server.url) as session:
        yield session
