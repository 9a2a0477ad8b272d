"""Tokens by which agencies are let in over HTTP, and the submissions that are an agency's own.

A token reads ``equity_ID_SECRET``. The secret is 256 random bits, so that its SHA-256 is enough: a slow
hash makes guessing dear, and here there is nothing to guess. It is shown once, when it is made; neither
the store nor an error or an event ever holds it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Engine, Row, func, insert, select, update

from equity.store.engine import Readable, connected, writing
from equity.store.errors import StoreError
from equity.store.names import check_name
from equity.store.schema import api_token, submission
from equity.store.write import audit, now

Reason = Literal["unknown", "expired", "revoked", "scope"]

#: What a token may be used for: hand files in; follow what became of one's own.
SCOPES: Final = ("submit", "follow")
#: Days a token may be valid, and is where nothing is said.
LONGEST_DAYS: Final = 730
USUAL_DAYS: Final = 365
#: How exactly the last use is known: reading one's own submissions is no reason to write each time.
_USE_KNOWN_WITHIN: Final = timedelta(minutes=10)
_SHAPE: Final = re.compile(r"equity_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret. Times are UTC text; ``sender`` names the agency it was made for."""

    id: str
    sender: str
    scopes: tuple[str, ...]
    created_at: str
    created_by: str
    expires_at: str
    revoked_at: str | None
    last_used_at: str | None

    def state(self, at: str) -> Literal["valid", "expired", "revoked"]:
        """What the token is worth at a time (UTC text)."""
        if self.revoked_at is not None:
            return "revoked"
        return "valid" if at < self.expires_at else "expired"


class TokenRefusedError(Exception):
    """A token that opens nothing: why, and which one it is where that is known."""

    def __init__(self, reason: Reason, token_id: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.token_id = token_id


@dataclass(frozen=True, slots=True)
class Handed:
    """A submission as its sender sees it in a list. ``received_at`` is UTC text."""

    id: str
    received_at: str
    status: str
    kind: str
    file_name: str
    sha256: str
    size: int


def create_token(
    engine: Engine, sender: str, scopes: tuple[str, ...], days: int, by: str
) -> tuple[Token, str]:
    """Make a token for an agency; return it, and the text to hand over, which is kept nowhere.

    Raises :class:`StoreError` for a name, scope or number of days that cannot be.
    """
    _check(sender, scopes, days)
    token_id, secret = secrets.token_hex(6), secrets.token_urlsafe(_SECRET_BYTES)
    row = {
        "id": token_id,
        "secret_sha256": _hash(secret),
        "sender": sender,
        "scopes": " ".join(scopes),
        "created_at": now(),
        "created_by": by,
        "expires_at": (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="microseconds"),
    }
    with writing(engine) as connection:
        connection.execute(insert(api_token).values(row))
        detail = {"sender": sender, "scopes": list(scopes), "expires_at": row["expires_at"]}
        audit(connection, by, "token create", token_id, detail)
    return _require(engine, token_id), f"equity_{token_id}_{secret}"


def list_tokens(readable: Readable) -> list[Token]:
    """All tokens, the newest first."""
    query = select(api_token).order_by(api_token.c.created_at.desc(), api_token.c.id)
    with connected(readable) as connection:
        return [_token(row) for row in connection.execute(query)]


def revoke_token(engine: Engine, token_id: str, by: str) -> Token:
    """End a token at once and for good. Raises :class:`StoreError` where it is unknown or ended already."""
    with writing(engine) as connection:
        found = _require(connection, token_id)
        if found.revoked_at is not None:
            raise StoreError(f"Token {token_id} was revoked already, on {found.revoked_at[:10]}.")
        connection.execute(update(api_token).where(api_token.c.id == token_id).values(revoked_at=now()))
        audit(connection, by, "token revoke", token_id, {"sender": found.sender})
        return _require(connection, token_id)


def check_token(readable: Readable, presented: str, scope: str) -> Token:
    """The token whose text was presented, where it is valid and has the scope.

    Raises :class:`TokenRefusedError`. The secret is looked at first, so that nobody without it learns
    whether a token has expired; comparing takes the same time wherever two secrets differ.
    """
    shape = _SHAPE.fullmatch(presented)
    if shape is None:
        raise TokenRefusedError("unknown")
    token_id, secret = shape.groups()
    with connected(readable) as connection:
        row = connection.execute(select(api_token).where(api_token.c.id == token_id)).first()
    kept = "" if row is None else row.secret_sha256
    if not hmac.compare_digest(kept, _hash(secret)) or row is None:
        raise TokenRefusedError("unknown", None if row is None else token_id)
    token = _token(row)
    state = token.state(now())
    if state != "valid":
        raise TokenRefusedError(state, token_id)
    if scope not in token.scopes:
        raise TokenRefusedError("scope", token_id)
    return token


def note_use(engine: Engine, token: Token) -> None:
    """Remember that a token was used, to within ten minutes."""
    at = datetime.now(UTC)
    if token.last_used_at and at - datetime.fromisoformat(token.last_used_at) < _USE_KNOWN_WITHIN:
        return
    with writing(engine) as connection:
        connection.execute(update(api_token).where(api_token.c.id == token.id).values(last_used_at=now()))


def note_refusal(engine: Engine, refused: TokenRefusedError, address: str) -> None:
    """Record the refused use of a token that is known; what names none could fill the store, and is not."""
    if refused.token_id is None:
        return
    with writing(engine) as connection:
        detail = {"reason": refused.reason, "address": address}
        audit(connection, f"token {refused.token_id}", "token refuse", refused.token_id, detail)


def note_submission(engine: Engine, token: Token, submission_id: str, again: bool) -> None:
    """Record by which token a submission came in; ``again`` where the file was known already."""
    with writing(engine) as connection:
        detail = {"token": token.id, "again": again}
        audit(connection, token.sender, "submit", submission_id, detail)


def handed_in_by(readable: Readable, sender: str, most: int, start: int = 0) -> tuple[list[Handed], int]:
    """An agency's own submissions, newest first, ``most`` of them from ``start``; and how many there are."""
    own = submission.c.received_from == sender
    columns = [submission.c[name] for name in Handed.__slots__]
    query = select(*columns).where(own).order_by(submission.c.received_at.desc(), submission.c.id)
    with connected(readable) as connection:
        total = connection.execute(select(func.count()).select_from(submission).where(own)).scalar_one()
        rows = connection.execute(query.limit(most).offset(start)).all()
    return [Handed(**row._mapping) for row in rows], total


def _check(sender: str, scopes: tuple[str, ...], days: int) -> None:
    check_name(sender, "agency")
    if not scopes or set(scopes) - set(SCOPES):
        raise StoreError(f"A token may be for {' and '.join(SCOPES)}: name one of them, or both.")
    if not 1 <= days <= LONGEST_DAYS:
        raise StoreError(f"A token is valid for 1 to {LONGEST_DAYS} days: choose a number between.")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _require(readable: Readable, token_id: str) -> Token:
    with connected(readable) as connection:
        row = connection.execute(select(api_token).where(api_token.c.id == token_id)).first()
    if row is None:
        raise StoreError(
            f"There is no token {token_id}: `python -m equity token list` lists those there are."
        )
    return _token(row)


def _token(row: Row[Any]) -> Token:
    values = dict(row._mapping)
    del values["secret_sha256"]
    return Token(**values | {"scopes": tuple(values["scopes"].split())})
