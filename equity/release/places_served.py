"""Need and service side by side, by the reader's choice of need, rule of split and programs.

Works on published figures alone, so that nothing that is hidden there can come back here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from equity.measures.apportion import largest_remainder
from equity.measures.need import NEED_RULES, reached_limits
from equity.measures.rates import proportion_interval
from equity.release.as_of import quarters_part
from equity.release.figure import Basis, Figure
from equity.release.load import Release
from equity.release.reported_service import MIXED, OF_BOTH
from equity.release.service_inputs import membership
from equity.release.service_zips import whole_into_places
from equity.release.slot_rules import DEFAULT_RULE, RULES

NEED: Final = "need"
ALL_REGIONS: Final = "both"
#: Rules of need, and of splitting slots, that a reader may choose from; the first is that of the release.
NEEDS: Final = tuple(NEED_RULES)
SPLITS: Final = RULES


@dataclass(frozen=True)
class Choice:
    """What a reader chose: the rule of need, how slots are split, which programs, which quarter.

    ``programs`` empty stands for all of them, ``quarter`` (``2023Q4``) empty for the last one.
    """

    need: str = NEED
    rule: str = DEFAULT_RULE
    programs: frozenset[str] = frozenset()
    quarter: str = ""

    @property
    def plain(self) -> bool:
        """True where slots are those that the release prints for all programs."""
        return self.rule == DEFAULT_RULE and not self.programs and not self.quarter


@dataclass(frozen=True)
class PlaceService:
    """One place. ``ranks``: the first and last place its gap may hold among all; ``None`` where hidden."""

    area: str
    name: str
    region: str
    need: Figure
    slots: Figure
    caseload: Figure
    coverage: Figure
    slot_coverage: Figure
    gap: Figure
    ranks: tuple[int, int] | None


def service_places(
    release: Release, choice: Choice, level: str = "zip", region: str = ALL_REGIONS
) -> list[PlaceService]:
    """Every place of a kind in a region, largest gap first, places whose gap is hidden last."""
    areas = release.areas
    rows = areas[areas["kind"].eq(level)]
    if region != ALL_REGIONS:
        rows = rows[rows["region"].eq(region)]
    slots = _slots(release, choice, level)
    found = [_place(release, choice, level, str(area), slots) for area in rows.sort_values("name")["geoid"]]
    return in_order(found)


def group_places(release: Release, group: str, level: str, region: str, year: int) -> list[PlaceService]:
    """The same for a group of families in a year, by the first rule of need. Slots are not kept by group.

    The gap is that of families who are not enrolled (``unreached``), since no slot belongs to a group.
    """
    areas = release.areas
    rows = areas[areas["kind"].eq(level)]
    if region != ALL_REGIONS:
        rows = rows[rows["region"].eq(region)]
    found = []
    for area in rows.sort_values("name")["geoid"].astype(str):
        need, slots, caseload, coverage = (
            release.figure(name, level, area, group, (year, year))
            for name in (NEED, "slots", "caseload", "coverage")
        )
        gap, shares = gap_figure(need, caseload), _hidden("slot_coverage", slots)
        name, home = release.area_name(level, area), release.region_of(level, area)
        gap, shares = replace(gap, measure="unreached", group=group), replace(shares, group=group)
        found.append(PlaceService(area, name, home, need, slots, caseload, coverage, shares, gap, None))
    return in_order(found)


def in_order(places: Sequence[PlaceService]) -> list[PlaceService]:
    """Places by their gap, largest first, with the ranks that each may hold; those that are hidden last."""
    ranks = gap_ranks([place.gap for place in places])
    ranked = [replace(place, ranks=rank) for place, rank in zip(places, ranks, strict=True)]
    return sorted(ranked, key=lambda place: (place.gap.value is None, -(place.gap.value or 0.0), place.area))


def service_year(release: Release) -> int:
    """The last year for which need and slots are known everywhere, so that places can be compared.

    The listed programs end there. Reports, and need from births beside them, may be newer in some places.
    """
    return int(quarters(release)[0][:4])


def slots_year(release: Release, area_kind: str, area: str) -> int:
    """The last year for which a place's slots are known: reports may be newer than need; 0 where none are."""
    return max((figure.last_year for figure in release.series("slots", area_kind, area)), default=0)


def of_service(release: Release, name: str, area_kind: str, area: str, year: int) -> Figure:
    """A place's figure of service or need in a year for which there may be reports, but no need yet.

    Where births were not reported with them, need is that of its own last year, and what is made of both
    does not apply.
    """
    found = release.figure(name, area_kind, area, "all", (year, year))
    if found.status != "missing" or year <= service_year(release):
        return found
    if name in OF_BOTH:
        return replace(found, status="not_applicable", reason=MIXED)
    earlier = release.series(name, area_kind, area) if name == NEED else ()
    return earlier[-1] if earlier else found


def quarters(release: Release) -> list[str]:
    """Quarters for which programs reported slots, newest first."""
    return sorted(release.tables["program_quarters"]["quarter"].unique(), reverse=True)


def slots_by_zip(release: Release, choice: Choice) -> pd.DataFrame:
    """Slots by program and ZIP: ``program_id zip slots``, whole numbers that add up to each program's."""
    allocated = release.tables["allocated"]
    rows = allocated[allocated["rule"].eq(choice.rule)]
    if choice.programs:
        rows = rows[rows["program_id"].isin(choice.programs)]
    if choice.quarter and choice.quarter != quarters(release)[0]:
        reported = release.tables["program_quarters"]
        then = reported[reported["quarter"].eq(choice.quarter)].set_index("program_id")["slots"]
        total = rows["program_id"].map(then).fillna(0.0)
        rows = rows.assign(slots=largest_remainder(total, rows["slots"], rows["program_id"]))
    return rows[["program_id", "zip", "slots"]].reset_index(drop=True)


def program_slots(release: Release, choice: Choice, level: str, area: str) -> dict[str, float]:
    """Slots that each program has in a place, largest first; every program that names a part of it is there.

    In whole numbers that a ZIP code in two counties does not lose; rounded program by program.
    """
    by_zip = slots_by_zip(release, choice).assign(year=0)
    belongs = membership(release.tables["parts"])
    here = belongs[belongs["area_kind"].eq(level) & belongs["area"].eq(area)]
    own = by_zip[by_zip["zip"].isin(here["zip"])]
    if own.empty:
        return {}
    whole = belongs[belongs["area_kind"].eq(level) & belongs["zip"].isin(here["zip"])]
    summed = whole_into_places(own, whole, "slots", by=["program_id"])
    summed = summed[summed["area"].eq(area)].sort_values(["slots", "program_id"], ascending=[False, True])
    return {str(p): float(n) for p, n in zip(summed["program_id"], summed["slots"], strict=True)}


def _slots(release: Release, choice: Choice, level: str) -> dict[str, float]:
    """Slots of each place where the release does not print them; empty where it does."""
    if choice.plain:
        return {}
    by_zip = slots_by_zip(release, choice).groupby("zip")["slots"].sum().reset_index().assign(year=0)
    belongs = membership(release.tables["parts"])
    summed = whole_into_places(by_zip, belongs[belongs["area_kind"].eq(level)], "slots")
    return {str(area): float(slots) for area, slots in zip(summed["area"], summed["slots"], strict=True)}


def _place(
    release: Release, choice: Choice, level: str, area: str, counted: dict[str, float]
) -> PlaceService:
    latest = service_year(release)
    year = int(choice.quarter[:4]) if choice.quarter and choice.need == NEED else latest
    need = release.figure(choice.need, level, area, "all", (year, year))
    slots = release.figure("slots", level, area, "all", (year, year))
    if not choice.plain and slots.basis == need.basis:
        slots = _figure("slots", need, counted.get(area, 0.0), method=f"split by {choice.rule}")
    caseload = release.figure("caseload", level, area, "all", (year, year))
    printed = choice.plain and choice.need == NEED
    coverage, gap = (
        (release.figure(name, level, area, "all", (year, year)) for name in ("coverage", "service_gap"))
        if printed
        else (coverage_figure(need, caseload, _steady(release)), gap_figure(need, slots))
    )
    shares = slot_coverage_figure(need, slots)
    name, region = release.area_name(level, area), release.region_of(level, area)
    return PlaceService(area, name, region, need, slots, caseload, coverage, shares, gap, None)


def gap_ranks(gaps: Sequence[Figure]) -> list[tuple[int, int] | None]:
    """The places each gap may hold: one after those surely larger, up to those that may be larger."""
    low, high = (np.array([getattr(gap, end) for gap in gaps], dtype=float) for end in ("low", "high"))
    known = np.isfinite(low) & np.isfinite(high)
    found: list[tuple[int, int] | None] = []
    for place, sure in enumerate(known):
        surely = int((low[known] > high[place]).sum()) if sure else 0
        maybe = int((high[known] >= low[place]).sum()) if sure else 0
        found.append((surely + 1, maybe) if sure else None)
    return found


def gap_figure(need: Figure, slots: Figure) -> Figure:
    """Families who could benefit less slots, with the interval of the need."""
    if mixed(need, slots):
        return _not_together("service_gap", need, slots)
    if need.value is None or slots.value is None:
        return _hidden("service_gap", need if need.value is None else slots)
    low, high = (None if end is None else end - slots.value for end in (need.low, need.high))
    return _figure("service_gap", need, need.value - slots.value, low, high, other=slots)


def _steady(release: Release) -> int:
    """Cases below which the policy of a release marks a share."""
    return int(release.manifest.get("rules", {}).get("marked_below_deaths", 20))


def slot_coverage_figure(need: Figure, slots: Figure) -> Figure:
    """Slots for each family who could benefit, with the interval of the need; none at all has no range."""
    if mixed(need, slots):
        return _not_together("slot_coverage", need, slots)
    if not need.value or slots.value is None:
        return _hidden("slot_coverage", need if not need.value else slots, "no_need")
    if not slots.value:
        return _figure("slot_coverage", need, 0.0, other=slots)
    low = slots.value / need.high if need.high else None
    high = slots.value / need.low if need.low else None
    return _figure("slot_coverage", need, slots.value / need.value, low, high, other=slots)


def coverage_figure(need: Figure, caseload: Figure, steady: int) -> Figure:
    """Families enrolled for each family who could benefit, by any rule of need; marked below ``steady``."""
    if mixed(need, caseload):
        return _not_together("coverage", need, caseload)
    if not need.value or caseload.value is None:
        return _hidden("coverage", need if not need.value else caseload, "no_need")
    top = min(caseload.value, need.value)
    wilson = proportion_interval(top, need.value, method="wilson")
    ends = (need.low or need.value, need.high or need.value)
    low, high = reached_limits(wilson.proportion, (wilson.low, wilson.high), need.value, ends)
    limits = (float(low), min(float(high), 1.0))
    found = _figure("coverage", need, float(wilson.proportion), *limits, other=caseload, method="wilson")
    few = 0 < caseload.value < steady
    return replace(found, status="unstable", reason="under_20_cases") if few else found


def _figure(
    measure: str,
    need: Figure,
    value: float,
    low: float | None = None,
    high: float | None = None,
    other: Figure | None = None,
    method: str = "",
) -> Figure:
    parts = [figure for figure in (need, other) if figure is not None]
    bases: Collection[Basis] = {figure.basis for figure in parts}
    basis: Basis = "demonstration" if "demonstration" in bases else "estimated"
    made = (method or need.method) + (quarters_part(other.method) if other else "")
    sources = sorted({source for figure in parts for source in figure.source.split(";") if source})
    return Figure(
        measure, need.area_kind, need.area, "all", need.first_year, need.last_year, value, low, high, None,
        None, "shown", "", basis, made, "", ";".join(sources),
    )  # fmt: skip


def by_reports(need: Figure, slots: Figure) -> bool:
    """True where a place's slots were reported, or its reports are awaited: no listed program has a part.

    A need with the basis ``reported`` is none at all: every need is made up, or estimated from births.
    """
    return need.basis != "reported" and slots.basis != "demonstration"


def mixed(need: Figure, service: Figure) -> bool:
    """True where both are known, and one of the two is made up and the other is not."""
    if need.value is None or service.value is None:
        return False
    return (need.basis == "demonstration") != (service.basis == "demonstration")


def _not_together(measure: str, need: Figure, service: Figure) -> Figure:
    """What is not computed from a made-up and a reported part together."""
    return replace(_hidden(measure, need, MIXED), source=service.source)


def _hidden(measure: str, cause: Figure, otherwise: str = "hidden_part") -> Figure:
    """A figure that cannot be had because one of its parts is hidden, missing or zero."""
    status = "not_applicable" if cause.visible else cause.status
    reason = {"suppressed": "hidden_part"}.get(cause.status, cause.reason) if not cause.visible else otherwise
    return Figure(
        measure, cause.area_kind, cause.area, "all", cause.first_year, cause.last_year, None, None, None,
        None, None, status, reason, cause.basis, "", "", cause.source,
    )  # fmt: skip
