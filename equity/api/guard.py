"""What stands in front of the API: how often a client may ask, answers to HEAD, and faults as problems."""

from __future__ import annotations

import logging
from typing import Final

from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from equity.api.limits import client_of
from equity.api.problems import KINDS, problem
from equity.api.services import Services

log = logging.getLogger(__name__)

#: Where the address of the client stands in a request's scope.
CLIENT: Final = "equity.client"


class Guard:
    """ASGI middleware; nothing that goes wrong behind it leaves it as anything but a problem document."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self.app, self.services = app, services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless its client asks too often."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope[CLIENT] = client_of(scope, self.services.proxies)
        root = str(scope.get("root_path", ""))
        answer = _without_body(send) if scope["method"] == "HEAD" else send
        if scope["method"] == "HEAD":
            scope["method"] = "GET"
        wait = self.services.reads.take(scope[CLIENT])
        if wait:
            detail = f"Too many requests from your address: wait {wait} s."
            refusal = problem(root, "too-many", detail, {"Retry-After": str(wait)})
            await refusal(scope, receive, answer)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await answer(message)

        try:
            await self.app(scope, receive, sending)
        except ClientDisconnect:
            log.info("A client left in the middle of its request.")
        except Exception:
            log.exception("A request to the API failed.")
            if not started:
                await problem(root, "fault", KINDS["fault"].meaning)(scope, receive, answer)


def _without_body(send: Send) -> Send:
    async def head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return head


def client(request: Request) -> str:
    """The address of a request's client, as the guard saw it."""
    return str(request.scope[CLIENT])
