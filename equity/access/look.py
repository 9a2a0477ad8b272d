"""One look of a visitor: what is open now, and the record of who came and who was refused."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Engine

from equity.access.visitor import PUBLIC, Access, ClaimNames, access, sign_in_id, who_is
from equity.store.agreements import list_agreements
from equity.store.engine import reading, writing
from equity.store.errors import StoreError
from equity.store.events import actions_on
from equity.store.write import as_json, audit

log = logging.getLogger(__name__)

SIGNED_IN: Final = "sign in"
SIGNED_OUT: Final = "sign out"
REFUSED: Final = "sign-in refuse"
DOWNLOADED: Final = "download"
#: Whoever could not be told who they are.
UNKNOWN: Final = "visitor"


class RefusedError(Exception):
    """What was open before is not open any more."""


def look(
    engine: Engine, claims: Mapping[str, Any], names: ClaimNames, at: dt.datetime | None = None
) -> Access:
    """What a visitor may see and do now.

    The first look of a sign-in is recorded, as is a refusal. A sign-in that cannot be recorded, or that
    cannot be looked up, opens nothing.
    """
    if claims.get("is_logged_in") is not True:
        return PUBLIC
    at = at or dt.datetime.now(dt.UTC)
    subject = sign_in_id(claims)
    try:
        with reading(engine) as connection:
            done = actions_on(connection, subject)
            agreements = list_agreements(connection)
        signed_out = any(action == SIGNED_OUT for action, _ in done)
        found = access(claims, agreements, at, names, signed_out)
        for action, detail in _events(found):
            if (action, as_json(detail)) not in done:
                _record_once(engine, found.who or UNKNOWN, action, subject, detail)
    except StoreError as reason:
        log.warning("A sign-in could not be recorded and opens nothing. %s", reason)
        return Access(refusal="unrecorded", who=who_is(claims), sign_in=subject)
    return found


def sign_out(engine: Engine, claims: Mapping[str, Any]) -> None:
    """End a sign-in for good, also for copies of its cookie. Raises :class:`StoreError`."""
    _record_once(engine, who_is(claims) or UNKNOWN, SIGNED_OUT, sign_in_id(claims), {})


def note_download(
    engine: Engine,
    claims: Mapping[str, Any],
    names: ClaimNames,
    opened: Access,
    release: tuple[str, Mapping[str, Any]],
    file: str,
) -> None:
    """Record that somebody takes a file of a release that is not public, where that is still open to them.

    ``opened`` is what was open when the page was drawn, ``release`` the id and the manifest it shows.
    Raises :class:`RefusedError` where it is not, and :class:`StoreError` where it cannot be recorded: then
    there is no file.
    """
    found = look(engine, claims, names)
    if (found.policy, found.areas) != (opened.policy, opened.areas):
        raise RefusedError(f"The figures of the policy {opened.policy} are not open to {found.who} any more.")
    release_id, manifest = release
    detail = {"file": file, "policy": opened.policy, "organization": found.organization}
    # a cut is not kept: it is named by its areas and the two releases it was made of
    cut = {name: manifest[name] for name in ("areas", "of") if name in manifest}
    note(engine, found.who, DOWNLOADED, release_id, detail | cut)


def note_refused(engine: Engine, reason: str, detail: Mapping[str, Any]) -> None:
    """Record that a sign-in came to nothing before it was known whose it was. Raises :class:`StoreError`."""
    note(engine, UNKNOWN, REFUSED, "sign-in", {"reason": reason, **detail})


def note(engine: Engine, who: str, action: str, subject: str, detail: Mapping[str, Any]) -> None:
    """Record what somebody did. Raises :class:`StoreError` where that cannot be: then it must not be done."""
    with writing(engine) as connection:
        audit(connection, who, action, subject, detail)


def _events(found: Access) -> list[tuple[str, dict[str, Any]]]:
    """What a look must leave in the record, once for a sign-in."""
    events: list[tuple[str, dict[str, Any]]] = []
    if found.refusal is not None:
        events.append((REFUSED, {"reason": found.refusal, "organization": found.organization}))
    if not found.public:
        events.append((SIGNED_IN, {"roles": sorted(found.roles), "organization": found.organization}))
    return events


def _record_once(engine: Engine, who: str, action: str, subject: str, detail: Mapping[str, Any]) -> None:
    with writing(engine) as connection:
        if (action, as_json(detail)) not in actions_on(connection, subject):
            audit(connection, who, action, subject, detail)
