"""The API, made with the first request for it: a server that nobody asks starts as quickly as without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import anyio
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

#: Where the API is mounted.
PATH: Final = "/api/v1"


def mounted(api: ASGIApp) -> Mount:
    """The API at its path, for whatever lies under it: a line break in an address is the API's to refuse."""
    mount = Mount(PATH, api)
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount


class Later:
    """An ASGI application in place of one that takes a second and some megabytes to make."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._made: ASGIApp | None = None
        self._one_at_a_time = anyio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Make the application outside the event loop, once, and pass every request on to it."""
        if self._made is None:
            async with self._one_at_a_time:
                if self._made is None:
                    self._made = await anyio.to_thread.run_sync(self._make)
        await self._made(scope, receive, send)
