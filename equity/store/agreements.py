"""Agreements: which organization may see the figures of partners, of which areas, what for, until when."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, Engine, Row, insert, select, update

from equity.store.engine import Readable, connected, writing
from equity.store.errors import StoreError
from equity.store.names import check_name
from equity.store.schema import agreement, area
from equity.store.write import audit, now

State = Literal["valid", "expired", "ended"]

#: In place of a list of areas: every area of a release.
ALL_AREAS: Final = "all"
#: Days an agreement may last: somebody must look at it again.
LONGEST_DAYS: Final = 1827
_LONGEST_PURPOSE: Final = 500


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement with a party, the organization as sign-in names it.

    ``areas`` are codes such as ``county:29510``, or ``all`` alone; ``until`` is the last day it is good for
    (UTC). Times are UTC text.
    """

    id: str
    party: str
    areas: tuple[str, ...]
    purpose: str
    until: str
    created_at: str
    created_by: str
    ended_at: str | None
    ended_by: str | None

    def state(self, day: dt.date) -> State:
        """What the agreement is worth on a day (UTC)."""
        if self.ended_at is not None:
            return "ended"
        return "valid" if day.isoformat() <= self.until else "expired"


def add_agreement(
    engine: Engine, party: str, areas: Sequence[str], purpose: str, until: dt.date, by: str
) -> Agreement:
    """Keep a new agreement. Raises :class:`StoreError` for a name, area, purpose or day that cannot be."""
    check_name(party, "party")
    if not purpose.strip() or len(purpose) > _LONGEST_PURPOSE or not purpose.isprintable():
        raise StoreError(f"Write what the figures are for, on one line of at most {_LONGEST_PURPOSE} signs.")
    today = dt.datetime.now(dt.UTC).date()
    if not today <= until <= today + dt.timedelta(LONGEST_DAYS):
        raise StoreError(
            f"An agreement lasts until today or later, {LONGEST_DAYS} days at most: choose another day."
        )
    row = {
        "id": secrets.token_hex(6),
        "party": party,
        "areas": " ".join(dict.fromkeys(areas)),
        "purpose": purpose.strip(),
        "until": until.isoformat(),
        "created_at": now(),
        "created_by": by,
    }
    with writing(engine) as connection:
        _check_areas(connection, areas)
        connection.execute(insert(agreement).values(row))
        detail = {name: row[name] for name in ("party", "areas", "purpose", "until")}
        audit(connection, by, "agreement add", row["id"], detail)
        return _require(connection, row["id"])


def list_agreements(readable: Readable) -> list[Agreement]:
    """All agreements, the newest first."""
    query = select(agreement).order_by(agreement.c.created_at.desc(), agreement.c.id)
    with connected(readable) as connection:
        return [_agreement(row) for row in connection.execute(query)]


def agreed_areas(agreements: Iterable[Agreement], party: str, day: dt.date) -> tuple[str, ...]:
    """The areas of all agreements with a party that are in force on a day, in order; ``all`` alone for all.

    They count together: what they open is seen side by side, and must be judged so.
    """
    agreed = [one for one in agreements if one.party == party and one.state(day) == "valid"]
    areas = {area for one in agreed for area in one.areas}
    return (ALL_AREAS,) if ALL_AREAS in areas else tuple(sorted(areas))


def end_agreement(engine: Engine, agreement_id: str, by: str) -> Agreement:
    """End an agreement at once and for good. Raises :class:`StoreError` where it is unknown or has ended."""
    with writing(engine) as connection:
        found = _require(connection, agreement_id)
        if found.ended_at is not None:
            raise StoreError(f"Agreement {agreement_id} was ended already, on {found.ended_at[:10]}.")
        ended = {"ended_at": now(), "ended_by": by}
        connection.execute(update(agreement).where(agreement.c.id == agreement_id).values(ended))
        audit(connection, by, "agreement end", agreement_id, {"party": found.party})
        return _require(connection, agreement_id)


def _check_areas(connection: Connection, areas: Sequence[str]) -> None:
    if list(areas) == [ALL_AREAS]:
        return
    known = {f"{kind}:{geoid}" for kind, geoid in connection.execute(select(area.c.kind, area.c.geoid))}
    strange = [code for code in areas if code not in known]
    if strange or not areas:
        raise StoreError(
            f"There is no area {strange[0] if strange else '(none named)'}: "
            f"name areas of the store, such as county:29510, or {ALL_AREAS} alone."
        )


def _require(connection: Connection, agreement_id: str) -> Agreement:
    row = connection.execute(select(agreement).where(agreement.c.id == agreement_id)).first()
    if row is None:
        raise StoreError(
            f"There is no agreement {agreement_id}: `python -m equity agreement list` lists those there are."
        )
    return _agreement(row)


def _agreement(row: Row[Any]) -> Agreement:
    values = dict(row._mapping)
    return Agreement(**values | {"areas": tuple(values["areas"].split())})
