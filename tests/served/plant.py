"""Secrets in a store: hidden counts that are like no other number, and words that occur nowhere else.

``python -m tests.served.plant HOME`` plants them in a home that was bootstrapped, publishes, and prints
what must never be served as JSON: ``numbers`` and ``words``.

Counts of people are whole, and a 4 tells nothing: it stands on every page. So each count in the store is
given a fraction of its own here, in 2**-36ths, of which sums stay exact. A hidden count is then as good as
a fingerprint (4.00007324), and so is every rate and share made of it. The fractions are so small that those
of all that is added up stay below a half: what rounds counts to whole people still finds that they add up.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, Double, Engine, text

from equity.intake.submit import accept, decline, receive, withdraw
from equity.intake.templates import template
from equity.release.load import Release, load_release
from equity.release.policy import PUBLIC
from equity.release.publish import publish
from equity.store.engine import open_store, writing
from equity.store.read import area_parts
from equity.store.schema import enrollment, vital_count
from equity.store.service import enrollment_by
from equity.store.tokens import create_token
from equity.store.vital import vital_totals

#: Every planted word begins so, and no other word has it inside.
WORD: Final = "qxleak"
_HEAD: Final = (
    "Agency,Program,Model,Funder,Quarter,ZIP,Group,New households,Continuing households,"
    "Maximum service capacity\n"
)
#: Digits by which a number is known again: files carry ten, and fewer happen by chance.
DIGITS: Final = 9
#: Measures by the event they count and what they are made as.
MADE_OF: Final = {
    "births": ("births", "count"),
    "infant_deaths": ("infant_deaths", "count"),
    "infant_mortality": ("infant_deaths", "rate"),
    "neonatal_mortality": ("neonatal", "rate"),
    "postneonatal_mortality": ("postneonatal", "rate"),
    "preterm": ("preterm", "share"),
    "low_birthweight": ("low_birthweight", "share"),
    "very_low_birthweight": ("very_low_birthweight", "share"),
}
_CELL: Final = ["area_kind", "area", "group", "first_year", "last_year"]
_BLOCK_PARTS: Final = (("zip_group", "zip"), ("region", "county"))


def plant(home: Path) -> dict[str, Any]:
    """Plant, publish, and say what was planted."""
    for column in (vital_count.c["count"], *(enrollment.c[name] for name in ("new", "continuing", "exits"))):
        column.type = Double()  # in this process alone: whole numbers would lose their fractions
    engine = open_store(f"sqlite:///{home / 'equity.sqlite3'}")
    _hand_in(engine)
    create_token(engine, f"{WORD} token", ("submit",), 30, f"{WORD} maker")
    with writing(engine) as connection:
        _fractions(connection)
        _withheld(connection)
    release = load_release(engine, publish(engine, home).id)
    return {"numbers": sorted(_numbers(engine, release)), "words": [WORD]}


def _report(program: str, zip_code: str, households: int) -> bytes:
    """A quarterly report of one program with few families in one ZIP."""
    start = f"Hand in Hand,{program},PAT,State,2022Q4"
    rows = f"{start},,,{households},20,60\n{start},{zip_code},all,{households},0,\n{start},63107,all,0,20,\n"
    return (_HEAD + rows).encode()


def _hand_in(engine: Engine) -> None:
    """Files of every fate. Of an accepted one its agency and its file are named on pages; nothing else is."""
    steward = f"{WORD} steward"

    def given(name: str, content: bytes) -> str:
        return receive(engine, name, content, f"{WORD} sender").submission.id

    accept(engine, given("report.csv", _report(f"{WORD} program", "63106", 4)), steward, f"{WORD} reason")
    extract = template("vital_extract", "csv", filled=True)
    accept(engine, given("extract.csv", extract), steward, f"{WORD} reason")
    for number, fate in enumerate(("waiting", "decline", "withdraw")):
        content = _report(f"{WORD} {fate}", "63113", 5 + number)
        if fate != "withdraw":  # of these the release goes on naming agency and file
            content = content.replace(b"Hand in Hand", WORD.encode())
        found = given(f"{WORD} {fate}.csv" if fate != "withdraw" else "withdrawn.csv", content)
        if fate == "decline":
            decline(engine, found, steward, f"{WORD} reason")
        elif fate == "withdraw":
            accept(engine, found, steward, f"{WORD} reason")
            withdraw(engine, found, steward, f"{WORD} reason")
    broken = _report(f"{WORD} refused", f"{WORD} ZIP", 8).replace(b"State", WORD.encode())
    given(f"{WORD} refused.csv", broken)


def _fractions(connection: Connection) -> None:
    """Give every count its own fraction; nought stays nought, which is no secret."""
    fraction = "((rowid * 7368787) % 16777213 + 1) / 68719476736.0"
    connection.execute(text(f'UPDATE vital_count SET "count" = "count" + {fraction} WHERE "count" > 0'))  # noqa: S608
    for column in ("new", "continuing"):
        connection.execute(text(f"UPDATE enrollment SET {column} = {column} + {fraction} WHERE {column} > 0"))  # noqa: S608


def _withheld(connection: Connection) -> None:
    """Numbers in rows that their publisher withheld, as a careless transcription would leave them."""
    connection.execute(
        text(
            "UPDATE published_estimate SET value = 7.031415926 + rowid / 1024.0, "
            "low = 5.027182818 + rowid / 1024.0, numerator = 4.016180339 + rowid / 1024.0, "
            "denominator = 571.0141421356 WHERE status = 'suppressed'"
        )
    )


def _numbers(engine: Engine, release: Release) -> set[float]:
    """Every number that nobody may see: hidden figures, and counts of margins that are never published."""
    figures = release.figures
    hidden = figures[figures["status"].eq("suppressed")]
    found: set[float] = set()
    cells = pd.concat([_cells(engine, basis) for basis in ("demonstration", "reported")])
    for measure, (event, kind) in MADE_OF.items():
        of = cells[cells["event"].eq(event)].merge(
            cells.loc[cells["event"].eq("births"), [*_CELL, "count"]].rename(columns={"count": "births"}),
            how="left", on=_CELL,
        )  # fmt: skip
        rows = hidden.loc[hidden["measure"].eq(measure), _CELL].astype({"area": str}).merge(of, on=_CELL)
        found |= set(rows["count"])
        if kind != "count":
            share = rows["count"] / rows["births"]
            found |= set(1000 * share if kind == "rate" else share) | set(100 * share)
    found |= _families(engine, hidden) | _unpublished(engine)
    with engine.connect() as connection:
        for row in connection.execute(
            text(
                "SELECT value, low, numerator, denominator FROM published_estimate "
                "WHERE status = 'suppressed'"
            )
        ):
            found |= {float(number) for number in row}
    shown = figures[figures["status"].isin(["shown", "unstable"])]
    programs = release.tables["program_years"].select_dtypes("number").to_numpy(float).ravel()
    open_to_all = {
        key(number * scale)
        for column in ("value", "low", "high", "numerator", "denominator")
        for number in shown[column].dropna()
        for scale in (1, 100)
    } | {key(number) for number in programs if number >= PUBLIC.hide_to + 1}
    return {number for number in found if telling(number) and key(number) not in open_to_all}


def _cells(engine: Engine, basis: str) -> pd.DataFrame:
    """Counts of every margin, before anything is hidden."""
    parts = area_parts(engine)
    tables = []
    for by in ("block", "year"):
        for kind in ("zip", "county"):
            own = vital_totals(engine, kind, by=by, basis=basis).assign(area_kind=kind)
            tables.append(own)
            for whole, part in _BLOCK_PARTS:
                if part == kind:
                    tables.append(_summed(own, parts, whole, part))
    return pd.concat(tables)[[*_CELL, "event", "count"]].drop_duplicates([*_CELL, "event"])


def _summed(own: pd.DataFrame, parts: pd.DataFrame, whole: str, part: str) -> pd.DataFrame:
    pairs = parts[parts["whole_kind"].eq(whole) & parts["part_kind"].eq(part)]
    joined = own.merge(pairs, left_on="area", right_on="part")
    keys = ["whole", "group", "first_year", "last_year", "event"]
    return joined.groupby(keys)["count"].sum().reset_index().rename(columns={"whole": "area"}).assign(
        area_kind=whole
    )  # fmt: skip


def _families(engine: Engine, hidden: pd.DataFrame) -> set[float]:
    """Families enrolled in a ZIP code, where they are hidden."""
    counted = enrollment_by(engine, ("zip", "year")).groupby(["zip", "year", "basis"])["caseload"].sum()
    rows = hidden[hidden["measure"].eq("caseload") & hidden["area_kind"].eq("zip")].astype({"area": str})
    merged = rows[["area", "last_year"]].merge(
        counted.reset_index(), left_on=["area", "last_year"], right_on=["zip", "year"]
    )
    return set(merged["caseload"])


def _unpublished(engine: Engine) -> set[float]:
    """Single rows of counts: a ZIP by year and race, a program by ZIP, race and quarter."""
    with engine.connect() as connection:
        vital = connection.execute(text("SELECT \"count\" FROM vital_count WHERE area_kind = 'zip'"))
        found = {float(row[0]) for row in vital}
        for row in connection.execute(text("SELECT new, continuing FROM enrollment")):
            found |= {float(number) for number in row}
    return found


def telling(number: float) -> bool:
    """True where a number has a fraction that sets it apart."""
    return number == number and len(f"{number:.{DIGITS}g}".replace(".", "").strip("0")) >= DIGITS - 1


def key(number: float) -> str:
    """A number by its first digits, as it is looked for."""
    return f"{number:.{DIGITS - 1}e}"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(plant(Path(sys.argv[1]))))
