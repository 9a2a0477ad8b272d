"""Who may hand files in: agencies with a token."""

from __future__ import annotations

import logging
from functools import partial
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from equity.api.guard import client
from equity.api.problems import ProblemError
from equity.api.services import Services, in_thread, services_of
from equity.store.tokens import Token, TokenRefusedError, check_token, note_refusal, note_use

log = logging.getLogger(__name__)

_REALM: Final = 'Bearer realm="equity"'
_BEARER: Final = HTTPBearer(
    scheme_name="agency_token",
    description="A token the data steward made for the agency (`python -m equity token create AGENCY`): "
    "scope `submit` to hand files in, `follow` to see what became of one's own. It ends at a date.",
    auto_error=False,
)
_SAID: Final = {
    "unknown": "The token is not one of ours: look whether it was copied whole.",
    "expired": "The token has ended: ask the data steward for a new one.",
    "revoked": "The token was revoked: ask the data steward for a new one.",
}

Given = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]


async def may_submit(request: Request, given: Given) -> Token:
    """The token of a request that may hand files in."""
    return await _let_in(request, given, "submit")


async def may_follow(request: Request, given: Given) -> Token:
    """The token of a request that may look at its agency's own submissions."""
    return await _let_in(request, given, "follow")


async def _let_in(request: Request, given: HTTPAuthorizationCredentials | None, scope: str) -> Token:
    if given is None:
        raise ProblemError(
            "no-token",
            "Send the header 'Authorization: Bearer ...' with the token of your agency.",
            {"WWW-Authenticate": _REALM},
        )
    services, address = services_of(request), client(request)
    wait = services.failures.wait(address)
    if wait:
        raise ProblemError(
            "too-many", f"Too many tokens were refused: wait {wait} s.", {"Retry-After": str(wait)}
        )
    try:
        return await in_thread(services.letting_in, partial(_check, services, given.credentials, scope))
    except TokenRefusedError as refused:
        services.failures.take(address)
        log.warning("A token was refused (%s): %s, from %s.", refused.reason, refused.token_id, address)
        await in_thread(services.letting_in, partial(_note, services, refused, address))
        raise _refusal(refused, scope) from None


def _check(services: Services, presented: str, scope: str) -> Token:
    engine = services.open_engine()
    token = check_token(engine, presented, scope)
    note_use(engine, token)
    return token


def _note(services: Services, refused: TokenRefusedError, address: str) -> None:
    note_refusal(services.open_engine(), refused, address)


def _refusal(refused: TokenRefusedError, scope: str) -> ProblemError:
    if refused.reason == "scope":
        challenge = f'{_REALM}, error="insufficient_scope", scope="{scope}"'
        detail = f"The token is not for this: it lacks the scope '{scope}'."
        return ProblemError("wrong-scope", detail, {"WWW-Authenticate": challenge})
    challenge = f'{_REALM}, error="invalid_token"'
    return ProblemError("no-token", _SAID[refused.reason], {"WWW-Authenticate": challenge})
