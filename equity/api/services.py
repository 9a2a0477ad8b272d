"""What the routes share: the store, the releases, and how much may go on at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

import anyio
from fastapi import Request
from sqlalchemy import Engine

from equity.api.library import Library
from equity.api.limits import Buckets
from equity.config import ApiConfig, Network

T = TypeVar("T")

#: Refused tokens that one address may present in a minute.
FAILURES_PER_MINUTE: Final = 10
#: Files that may be on their way in at a time, each held in memory while it comes.
UPLOADS_AT_ONCE: Final = 4


@dataclass
class Services:
    """Threads are few, so that pages get their turn; files are read one after the other."""

    open_engine: Callable[[], Engine]
    library: Library
    reads: Buckets
    failures: Buckets
    submissions: Buckets
    proxies: tuple[Network, ...]
    uploads: int = 0
    reading: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(2))
    letting_in: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(2))
    taking_in: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(1))


def make_services(open_engine: Callable[[], Engine], library: Library, config: ApiConfig) -> Services:
    """Services with the limits of a configuration."""
    return Services(
        open_engine,
        library,
        reads=Buckets(config.reads_per_minute, 60),
        failures=Buckets(FAILURES_PER_MINUTE, 60),
        submissions=Buckets(config.submissions_per_hour, 3600),
        proxies=config.proxies,
    )


def services_of(request: Request) -> Services:
    """The services of the application a request is for."""
    found: Services = request.app.state.services
    return found


async def in_thread(limiter: anyio.CapacityLimiter, work: Callable[[], T]) -> T:
    """Do work outside the event loop, which pages live on too."""
    return await anyio.to_thread.run_sync(work, limiter=limiter)
