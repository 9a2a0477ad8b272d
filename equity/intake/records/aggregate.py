"""From the fields of lines to counts, as one Ibis expression: the same on DuckDB and on a cluster.

The lines are scanned once, and only for the wanted fields. These are summed by the codes as they stand in the
lines; what the codes mean is asked only of the sums, of which there are few.
"""

from __future__ import annotations

from functools import reduce
from typing import Final, Literal

import ibis
import ibis.expr.types as ir
from ibis import selectors as s

from equity.intake.records.codes import NO_COUNTY, STATES
from equity.intake.records.layouts import NEXT, Layout, Race
from equity.intake.records.wanted import CODES, Wanted, wanted

PlaceKind = Literal["county", "state", "nation"]
NATION: Final = "us"
GROUPS: Final = ("black", "white", "hispanic", "other", "unknown")
BIRTH_EVENTS: Final = ("births", "preterm", "low_birthweight", "very_low_birthweight")
DEATH_EVENTS: Final = ("infant_deaths", "neonatal", "postneonatal")
#: What became of a line: counted, or why not, besides what
#: :mod:`~equity.intake.records.wanted` says. Empty lines are no records.
COUNTED: Final = ""
YEAR, RESIDENCE, FOREIGN = "year", "residence", "foreign"
COLUMNS: Final = (
    "area_kind", "area", "first_year", "last_year", "group", "scheme", "event", "stratum", "count",
    "death_basis",
)  # fmt: skip
#: Codes by which lines are summed.
_KEYS: Final = ("year", "resident", "hispanic_race", "origin", "bridged_race")
_PLACE_KEYS: Final[dict[PlaceKind, tuple[str, ...]]] = {
    "county": ("state", "county"),
    "state": ("state",),
    "nation": (),
}
#: What is summed.
_MEASURED: Final = ("weeks", "grams", "died", "age_days")
#: Separates event and group in names of columns on their way to rows.
_BETWEEN: Final = "__"


def needed(layout: Layout, places: PlaceKind, weighted: bool) -> Wanted:
    """The fields that :func:`counts` looks at."""
    measured = (*_MEASURED, *(("weight",) if weighted else ()))
    return wanted(layout, (*_KEYS, *_PLACE_KEYS[places]), measured)


def counts(fields: ir.Table, layout: Layout, places: PlaceKind, weighted: bool) -> ir.Table:
    """Counts of a table of the fields that :func:`needed` names, of lines that have the layout.

    Columns: those of ``vital_count`` without its source, and ``fate``. Rows whose ``fate`` is ``''`` are the
    counts, a row for each group and event of a place and year, zeros too. In the others ``births`` says how
    many lines were not counted, for the reason that ``fate`` gives. ``area`` is ``''`` where a line names no
    known place of the kind.

    Preterm is under 37 weeks, low and very low birthweight under 2,500 and 1,500 grams; an unknown length of
    pregnancy or weight counts as none of them. Neonatal deaths are those before day 28. A death whose age is
    unknown is in ``infant_deaths`` alone. With ``weighted`` a death counts as its weight (1 where there is
    none); the exact sum of a cell, a place's group and event, is rounded half up at the very end. So a small
    cell comes to the unweighted count, and parts may differ from their sum by one.
    """
    events = BIRTH_EVENTS + (DEATH_EVENTS if layout.linked else ())
    sums = _sums(fields, needed(layout, places, weighted), weighted)
    grid = _grid(_meanings(sums, layout, places), events)
    long = grid.pivot_longer(
        s.contains(_BETWEEN),
        names_to=["event", "group"],
        names_pattern=rf"(.+){_BETWEEN}(.+)",
        values_to="count",
    )
    year = long.year.try_cast("int32").fill_null(0)
    scheme = ibis.cases(
        *((year.between(race.first_year, race.last_year), race.scheme) for race in layout.races), else_=""
    )
    return long.select(
        fate=long.fate,
        area_kind=ibis.literal(places),
        area=long.area,
        first_year=year,
        last_year=year,
        group=long.group,
        scheme=scheme,
        event=long.event,
        stratum=ibis.literal(""),
        count=long["count"],
        death_basis=long.event.isin(DEATH_EVENTS).ifelse("cohort", ""),
    )


def _sums(fields: ir.Table, of: Wanted, weighted: bool) -> ir.Table:
    """Sums by codes: one text of all codes is summed by quicker than each on its own."""
    sums = fields.group_by(CODES).agg(**_measures(fields, weighted))
    return sums.mutate(**of.apart(sums.codes))


def _measures(fields: ir.Table, weighted: bool) -> dict[str, ir.NumericScalar]:
    """The sum of each event over the lines.

    Numbers have leading zeros, so their texts are in their order; to turn each into a number first would
    take several times as long.
    """
    one, none = ibis.literal(1, "int64"), ibis.literal(0, "int64")
    found = {
        "births": fields.count(),
        "preterm": fields.weeks.between("01", "36").ifelse(one, none).sum(),
        "low_birthweight": fields.grams.between("0001", "2499").ifelse(one, none).sum(),
        "very_low_birthweight": fields.grams.between("0001", "1499").ifelse(one, none).sum(),
    }
    if "died" in fields.columns:
        if weighted:
            one = fields.weight.try_cast("decimal(12, 6)").fill_null(ibis.literal(1, "decimal(12, 6)"))
            none = ibis.literal(0, "decimal(12, 6)")
        died, age = fields.died == "1", fields.age_days
        found["infant_deaths"] = died.ifelse(one, none).sum()
        found["neonatal"] = (died & age.between("000", "027")).ifelse(one, none).sum()
        found["postneonatal"] = (died & age.between("028", "366")).ifelse(one, none).sum()
    return found


def _meanings(sums: ir.Table, layout: Layout, places: PlaceKind) -> ir.Table:
    """The sums with what their codes mean: ``fate``, ``area``, ``year`` and ``group``."""
    known = sums.year.isin(layout.years)
    fate = ibis.cases(
        (sums.bad != COUNTED, sums.bad),
        (~known, YEAR),
        (sums.resident == "4", FOREIGN),
        (~sums.resident.isin(("1", "2", "3")), RESIDENCE),
        else_=COUNTED,
    )
    sums = sums.mutate(fate=fate)
    counted = sums.fate == COUNTED
    group = ibis.cases(
        *((sums.year.between(str(r.first_year), str(r.last_year)), _group(sums, r)) for r in layout.races),
        else_="unknown",
    )
    return sums.mutate(
        area=counted.ifelse(_area(sums, places), ""),
        # Lines that are not counted are one sum for each reason.
        year=counted.ifelse(sums.year, ""),
        group=counted.ifelse(group, "unknown"),
    )


def _area(sums: ir.Table, places: PlaceKind) -> ir.StringValue:
    if places == "nation":
        return ibis.literal(NATION)
    state = sums.state.substitute(STATES, else_="")
    if places == "state":
        return state
    named = sums.county.re_search("^[0-9]{3}$") & ~sums.county.isin(NO_COUNTY) & (state != "")
    return named.ifelse(state + sums.county, "")


def _group(sums: ir.Table, race: Race) -> ir.StringValue:
    """The steps from the last to the first, each asked only where the one before says so."""

    def asked(after: ir.StringValue, step: int) -> ir.StringValue:
        name, codes = race.steps[step]
        said = [(sums[name] == code, after if group == NEXT else group) for code, group in codes.items()]
        return ibis.cases(*said, else_="unknown")

    return reduce(asked, reversed(range(len(race.steps))), ibis.literal("unknown"))


def _grid(cells: ir.Table, events: tuple[str, ...]) -> ir.Table:
    """One row for each place and year, one whole number for each event and group, zeros too."""
    columns = {
        f"{event}{_BETWEEN}{group}": (cells.group == group)
        .ifelse(cells[event], ibis.literal(0).cast(cells[event].type()))
        .sum()
        .round()
        .cast("int64")
        for event in events
        for group in GROUPS
    }
    return cells.group_by("fate", "area", "year").agg(**columns)
