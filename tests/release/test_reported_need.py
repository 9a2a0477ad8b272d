"""Need from births that were handed in, beside reports: what is told, and that it gives no count away."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from equity.measures.need import MISSOURI_PRIORITY_SHARE, need_limits
from equity.release.companions import hide_companions
from equity.release.counted import LOWER_BOUND, SUBMITTED
from equity.release.disclose import disclose
from equity.release.load import Release
from equity.release.places_served import Choice, of_service, service_places, service_year
from equity.release.planning import ask
from equity.release.policy import PUBLIC
from equity.release.reported_births import BESIDE, ToldBirths, cut_region, told_births
from equity.release.reported_need import NO_SITES, need_of_reports
from equity.release.reported_service import MIXED, figures_of_reports
from equity.release.scenario import Scenario
from equity.release.service_zips import ServiceInputs
from equity.release.tables import as_figures
from equity.store.vital import vital_totals
from equity.views.coverage import Asked, build_coverage
from equity.views.overview import build_overview
from equity.views.panel import panel
from equity.views.place_service import served_place
from equity.views.plan import build_plan
from equity.views.profile import build_profile
from tests.release.test_reported_service import AREAS, COUNTY_OF, HEAD, hand_in, published, report

YEAR, BLOCK = 2023, (2017, 2023)
BIRTHS, REPORTS = f"{SUBMITTED}births", f"{SUBMITTED}reports"
#: Which ZIP codes make up a group: none, one inside a county, one that reaches over both.
GROUPINGS: tuple[dict[str, str], ...] = ({}, {"1": "g", "2": "g"}, {"3": "h", "4": "h", "5": "k", "6": "k"})
POOR = {"1": 0.10, "2": 0.30, "3": 0.20, "4": 0.25, "5": 0.15, "6": 0.22}
Counts = Mapping[str, int]
NONE: pd.DataFrame = pd.DataFrame(columns=["program_id", "zip", "group", "year", "slots", "caseload"])

small_world = st.fixed_dictionaries(
    {code: st.one_of(st.integers(0, 12), st.integers(10, 400)) for code in COUNTY_OF}
)


def inputs() -> ServiceInputs:
    """What need is made from besides births: two counties of three ZIP codes each."""
    counties = list(COUNTY_OF.values())
    own = pd.DataFrame({"zip": list(COUNTY_OF)})
    levels = {"zip": list(COUNTY_OF), "county": counties, "region": ["r"] * len(own)}
    belongs = [own.assign(area_kind=kind, area=areas, weight=1.0) for kind, areas in levels.items()]
    return ServiceInputs(
        births=pd.DataFrame({"area": list(COUNTY_OF)}).assign(
            first_year=BLOCK[0], last_year=BLOCK[1], group="all", births=100.0
        ),
        poverty=own.assign(county=counties, poverty=own["zip"].map(POOR), population=2000.0),
        child_poverty=pd.DataFrame(
            [("A", 0.20, 0.10), ("B", 0.27, 0.12), ("29", 0.18, 0.02)], columns=["county", "value", "error"]
        ),
        group_poverty=(0.3, 0.15, 0.2),
        slots=NONE,
        areas_served=NONE,
        caseload=NONE,
        caseload_by_group=NONE,
        membership=pd.concat(belongs, ignore_index=True),
    )


def births_seen(
    counts: Counts, groups: Mapping[str, str], reason: str = ""
) -> tuple[ToldBirths, pd.DataFrame]:
    """Births as a release knows them and as it shows them, through the house's own disclosure."""
    rows = [("zip", code, float(n)) for code, n in counts.items()]
    rows += [
        ("zip_group", group, float(sum(counts[code] for code in groups if groups[code] == group)))
        for group in sorted(set(groups.values()))
        if all(code in counts for code in groups if groups[code] == group)
    ]
    table = pd.DataFrame(rows, columns=["area_kind", "area", "value"])
    table = table.assign(measure="births", group="all", numerator=table["value"], reason=reason)
    counted = as_figures(table, first_year=BLOCK[0], last_year=BLOCK[1], basis="reported", source=BIRTHS)
    regions = [
        *AREAS.itertuples(index=False, name=None),
        *(("zip_group", g, "r") for g in set(groups.values())),
    ]
    areas = pd.DataFrame(regions, columns=["kind", "geoid", "region"])
    seen = hide_companions(disclose(counted, PUBLIC), areas, PUBLIC)
    parts = pd.DataFrame(list(groups.items()), columns=["area", "whole"])
    return told_births(counted, seen, parts), seen


def reports_of(families: Counts) -> pd.DataFrame:
    """Disclosed figures of reports of one year."""
    zips = pd.DataFrame({"zip": list(families), "caseload": [float(n) for n in families.values()]})
    zips = zips.assign(county=zips["zip"].map(COUNTY_OF), region="r", year=YEAR, slots=10.0, source=REPORTS)
    return disclose(figures_of_reports(zips, AREAS, PUBLIC), PUBLIC)


def made(told: ToldBirths, families: Counts) -> pd.DataFrame:
    """Disclosed figures of need, coverage and gap, beside a demonstration that has two rules of need."""
    rules = pd.DataFrame(
        {"measure": ["need", "need_newborn", "access"], "area_kind": "zip", "last_year": YEAR}
    )
    before = as_figures(rules.assign(area="1", first_year=YEAR, group="all"))
    return disclose(need_of_reports(inputs(), told, reports_of(families), before, PUBLIC), PUBLIC)


def of_kind(table: pd.DataFrame, measure: str, kind: str) -> pd.DataFrame:
    return table[table["measure"].eq(measure) & table["area_kind"].eq(kind)].set_index("area")


def members(kind: str, area: str, groups: Mapping[str, str]) -> list[str]:
    homes = {"zip": {code: code for code in COUNTY_OF}, "county": COUNTY_OF, "zip_group": groups}
    return (
        list(COUNTY_OF) if kind == "region" else [code for code, home in homes[kind].items() if home == area]
    )


def possible(counts: Counts, sums: list[tuple[list[str], float]]) -> dict[str, set[int]]:
    """Every value of each count of 1 to 9 that fits the sums, for who knows all other counts."""
    hidden = [code for code, n in counts.items() if 1 <= n <= 9]
    if not hidden:
        return {}
    tried = np.indices((9,) * len(hidden)).reshape(len(hidden), -1) + 1
    fits = np.ones(tried.shape[1], dtype=bool)
    for codes, total in sums:
        known = sum(counts[code] for code in codes if code not in hidden)
        mine = [at for at, code in enumerate(hidden) if code in codes]
        fits &= np.abs(tried[mine].sum(axis=0) + known - total) < 0.5
    return {code: set(tried[at, fits].tolist()) for at, code in enumerate(hidden)}


def told_sums(table: pd.DataFrame, column: str, groups: Mapping[str, str]) -> list[tuple[list[str], float]]:
    rows = table[table[column].notna()]
    return [
        (members(str(kind), str(area), groups), float(value))
        for kind, area, value in rows[["area_kind", "area", column]].itertuples(index=False)
    ]


@settings(max_examples=50)
@given(births=small_world, families=small_world, groups=st.sampled_from(GROUPINGS))
def test_nothing_shown_narrows_a_hidden_count(
    births: Counts, families: Counts, groups: Mapping[str, str]
) -> None:
    told, seen = births_seen(births, groups)
    found, reports = made(told, families), reports_of(families)
    # need is births times what everybody knows, a gap with its slots is a need
    needs = found[found["measure"].isin(["need", "need_newborn"])]
    in_print = told_sums(seen[seen["area_kind"].eq("zip_group")], "value", groups)
    before = possible(births, in_print)
    after = possible(births, in_print + told_sums(needs, "numerator", groups))
    for code, values in after.items():
        assert births[code] in values
        assert len(values) >= PUBLIC.room or values == before[code], (
            "need told what the groups in print did not"
        )
    # coverage with its need is families
    reached = found[found["measure"].eq("coverage")]
    sums = told_sums(reports[reports["measure"].eq("caseload")], "value", groups)
    for code, values in possible(families, sums + told_sums(reached, "numerator", groups)).items():
        assert families[code] in values and len(values) >= PUBLIC.room


@settings(max_examples=25)
@given(births=small_world, families=small_world, groups=st.sampled_from(GROUPINGS))
def test_no_figure_shows_what_another_hides(
    births: Counts, families: Counts, groups: Mapping[str, str]
) -> None:
    told, seen = births_seen(births, groups)
    found, reports = made(told, families), reports_of(families)
    for kind in ("zip", "county", "region"):
        need, gap = of_kind(found, "need", kind)["value"], of_kind(found, "service_gap", kind)["value"]
        pd.testing.assert_index_equal(need.index.sort_values(), gap.index.sort_values())
        assert not (gap.notna() & need.isna()).any()
        reached = of_kind(found, "coverage", kind)
        enrolled = of_kind(reports, "caseload", kind)["value"]
        assert not (reached["value"].notna() & (need.isna() | enrolled.reindex(need.index).isna())).any()
        assert (
            reached.loc[reached["value"].isna(), ["low", "high", "numerator", "denominator"]]
            .isna()
            .all(axis=None)
        )
    shown = of_kind(seen, "births", "zip")["value"]
    need = of_kind(found, "need", "zip")["value"]
    assert not (need.notna() & shown.reindex(need.index).isna()).any()
    counties = of_kind(found, "need", "county")["status"]
    assert counties.nunique() == 1, "counties are told all or none"


BELOW = {"1": 4, "2": 6, "3": 50, "4": 5, "5": 7, "6": 300}
FAMILIES = {"1": 11, "2": 12, "3": 0, "4": 20, "5": 30, "6": 60}


@pytest.mark.parametrize(
    "other",
    [
        BELOW | {"1": 5, "2": 5},  # as many in the hidden ZIP codes
        BELOW | {"1": 2, "3": 52},  # as many in the county
        BELOW | {"1": 7, "2": 7, "3": 46, "4": 9, "5": 5, "6": 298},
    ],
)
def test_a_total_beside_hidden_births_tells_their_sum_alone(other: Counts) -> None:
    tables = [made(births_seen(counts, {})[0], FAMILIES) for counts in (BELOW, other)]
    first, second = (table[table["area_kind"].ne("zip")] for table in tables)
    assert set(of_kind(first, "need", "county")["status"]) == {"shown"}
    pd.testing.assert_frame_equal(first, second)


def test_a_region_alone_tells_its_sum_alone() -> None:
    tables = []
    for counts in ({**BELOW, "1": 40}, {**BELOW, "1": 4, "2": 15, "3": 57, "4": 6, "5": 8, "6": 318}):
        table = made(births_seen(counts, {})[0], FAMILIES)
        assert set(of_kind(table, "need", "county")["reason"]) == {BESIDE}
        tables.append(table[table["area_kind"].eq("region")])
    assert sum({**BELOW, "1": 40}.values()) == 408
    pd.testing.assert_frame_equal(tables[0], tables[1])
    row = of_kind(tables[0], "need", "region").loc["r"]
    assert row["status"] == "shown" and row["numerator"] == 408


def test_with_nothing_hidden_need_is_that_of_the_rule() -> None:
    births = {"1": 70, "2": 140, "3": 700, "4": 70, "5": 0, "6": 1400}
    found = made(births_seen(births, {})[0], FAMILIES)
    need = of_kind(found, "need", "zip")
    # county A: mean poverty 0.20, child poverty 0.20 against 0.18 of the state
    assert need.loc["2", "value"] == pytest.approx(20 * MISSOURI_PRIORITY_SHARE * 0.20 / 0.18 * 0.30 / 0.20)
    assert need.loc["5", "value"] == 0.0 and of_kind(found, "coverage", "zip").loc["5", "reason"] == "no_need"
    county = of_kind(found, "need", "county")
    assert county.loc["A", "value"] == pytest.approx(need.loc[["1", "2", "3"], "value"].sum())
    assert of_kind(found, "need", "region").loc["r", "value"] == pytest.approx(need["value"].sum())
    newborn = of_kind(found, "need_newborn", "zip")
    low, high = need_limits([100.0], [700.0], [0.0])
    assert newborn.loc["3", ["value", "low", "high"]].tolist() == pytest.approx([100.0, low[0], high[0]])
    gap, reached = of_kind(found, "service_gap", "county"), of_kind(found, "coverage", "county")
    assert gap.loc["A", "value"] == pytest.approx(county.loc["A", "value"] - 30)
    assert reached.loc["A", "value"] == pytest.approx(23 / county.loc["A", "value"])
    assert (reached["low"] < reached["value"]).all() and (reached["value"] < reached["high"]).all()
    assert (gap["low"] < gap["value"]).all() and (gap["value"] < gap["high"]).all()
    assert set(found["basis"]) == {"estimated"}
    assert set(need["source"]) == {BIRTHS} and set(gap["source"]) == {f"{BIRTHS};{REPORTS}"}
    assert set(of_kind(found, "access", "zip")["reason"]) == {NO_SITES}


def test_a_county_waits_for_the_births_of_all_its_zip_codes() -> None:
    births = {"1": 70, "2": 140, "4": 70, "5": 30, "6": 1400}
    found = made(births_seen(births, {})[0], FAMILIES)
    assert set(of_kind(found, "need", "zip").index) == set(births)
    assert set(of_kind(found, "need", "county").index) == {"B"}
    assert of_kind(found, "need", "region").empty
    hidden = made(births_seen(births | {"4": 4, "5": 8}, {})[0], FAMILIES)
    assert of_kind(hidden, "need", "county")["status"].to_dict() == {"B": "shown"}


def test_a_place_without_a_report_has_need_and_no_gap() -> None:
    births = dict.fromkeys(COUNTY_OF, 700)
    found = made(births_seen(births, {})[0], {"1": 20})
    need, gap, reached = (
        of_kind(found, name, "zip").loc["2"] for name in ("need", "service_gap", "coverage")
    )
    assert need["status"] == "shown"
    assert (gap["status"], reached["status"]) == ("missing", "missing")


def test_lower_bounds_and_other_years_are_not_enough() -> None:
    births = dict.fromkeys(COUNTY_OF, 700)
    assert made(births_seen(births, {}, LOWER_BOUND)[0], FAMILIES).empty
    told, _ = births_seen(births, {})
    homes = pd.DataFrame({"zip": list(COUNTY_OF), "county": "A", "region": "r", "needed": True})
    assert cut_region(told, (2024, 2024), homes, pd.Series(dtype=float), PUBLIC) is None


def test_births_in_print_keep_their_need_beside_hidden_ones() -> None:
    told, _ = births_seen(BELOW, {})
    told = ToldBirths(told.zips.assign(shown=told.zips["births"].gt(9)), told.groups)
    zips = of_kind(made(told, FAMILIES), "need", "zip")["status"]
    assert zips.to_dict() == {code: "shown" if n > 9 else "suppressed" for code, n in BELOW.items()}


def births_file(engine: Engine) -> bytes:
    """Births of every ZIP code of both regions, as a vital-records extract gives them."""
    totals = vital_totals(engine, "zip")
    rows = totals[
        totals["event"].eq("births") & totals["group"].eq("all") & totals["first_year"].eq(BLOCK[0])
    ]
    lines = [f"{area},2017-2023,all,{int(n)}" for area, n in zip(rows["area"], rows["count"], strict=True)]
    return "\n".join(["Area,Year or years,Race or ethnicity,Births", *lines]).encode()


def both_handed_in(engine: Engine) -> dict[str, str]:
    """Reports of a program in each region and births of all, accepted: ids of the submissions."""
    counts = {"63106": 20, "63107": 5, "63113": 40}
    lines = [HEAD, f"City Example,City Visits,Parents as Teachers,{YEAR}Q4,,,0,65,65,80"]
    lines += [f"City Example,City Visits,,{YEAR}Q4,{code},all,0,{n},{n}," for code, n in counts.items()]
    files = {"births": births_file(engine), "bootheel": report(f"{YEAR}Q4"), "stl": "\n".join(lines).encode()}
    return {name: f"{SUBMITTED}{hand_in(engine, content)}" for name, content in files.items()}


def test_reports_and_births_of_a_region_are_set_against_each_other(engine: Engine, release: Release) -> None:
    ids = both_handed_in(engine)
    after = published(engine)
    zips, year = ("zip", "63106", "all", (YEAR, YEAR)), (YEAR, YEAR)
    need, reached, gap, slots = (
        after.figure(name, *zips) for name in ("need", "coverage", "service_gap", "slots")
    )
    assert need.basis == reached.basis == gap.basis == "estimated"
    assert need.source == ids["births"]
    assert set(reached.source.split(";")) == {ids["births"], ids["stl"]} == set(gap.source.split(";"))
    # the births are those of the demonstration: so is the need that the rule makes of them
    assert need.value == pytest.approx(release.figure("need", *zips).value)
    assert reached.value == pytest.approx(20 / (need.value or 0)) and reached.numerator == 20
    assert gap.value == pytest.approx((need.value or 0) - (slots.value or 0))
    hidden = after.figure("coverage", "zip", "63107", "all", year)
    assert (hidden.status, hidden.reason) == ("suppressed", "hidden_part")
    assert after.figure("service_gap", "zip", "63107", "all", year).visible
    assert after.figure("coverage", "zip", "63137", "all", year).status == "missing"
    # some ZIP codes of the Bootheel have 1 to 9 births: its counties would tell them, the region does not
    own = after.select("need", "zip", last_year=YEAR)
    own = own[own["area"].map(lambda area: after.region_of("zip", area)).eq("bootheel")]
    assert set(own["status"]) == {"suppressed"}
    county, region = (after.figure("need", *place, "all", year) for place in
                      (("county", "29069"), ("region", "bootheel")))  # fmt: skip
    assert (county.status, county.reason) == ("suppressed", BESIDE)
    assert region.visible and region.basis == "estimated"
    assert after.figure("coverage", "region", "bootheel", "all", year).numerator == 67
    assert after.figure("coverage", "zip_group", "bootheel-01", "all", year).reason == MIXED
    earlier = ("need", "region", "stl", "all", (YEAR - 1, YEAR - 1))
    assert after.figure(*earlier) == release.figure(*earlier)
    _pages_agree(after)


def _pages_agree(after: Release) -> None:
    """Coverage, Map, Profile, Overview and Planner say the same of a place with reports and births."""
    figures = {name: after.figure(name, "zip", "63106", "all", (YEAR, YEAR)) for name in
               ("need", "coverage", "service_gap")}  # fmt: skip
    view = build_coverage(after, Asked(region="stl"))
    served = served_place(view, "63106")
    assert served is not None and served.place.gap == figures["service_gap"]
    assert served.programs == [] and "are those that were reported" in served.who
    notes = " ".join(statement.note for statement in served.statements)
    assert "demonstration" not in notes and "where home visitors start" in notes
    assert served.place.ranks is not None and "demonstration" not in view.notice
    assert all(one.basis == "estimated" for one in view.follow)
    said = {one.figure.measure: one.figure for one in panel(after, "births", "zip", "63106", (YEAR, YEAR))}
    rows = {row.measure.id: row.figure for row in build_profile(after, "zip", "63106", BLOCK).service}
    for name, figure in figures.items():
        assert said[name] == rows[name] == figure == of_service(after, name, "zip", "63106", YEAR)
    other = next(
        p for p in service_places(after, Choice(need="need_newborn"), "zip", "stl") if p.area == "63106"
    )
    assert other.gap.visible and other.coverage.basis == "estimated"
    assert service_year(after) == YEAR and build_overview(after).largest
    scenario = Scenario(slots=10)
    assert "63106" in ask(after, scenario).handed_in
    added = next(figure for figure in build_plan(after, scenario).figures if figure.area == "63106")
    assert (added.status, added.reason) == ("not_applicable", "no_listed_program")


def test_births_of_a_newer_year_count_for_that_years_reports(engine: Engine, release: Release) -> None:
    hand_in(engine, report("2026Q3"))
    counts = {"63851": 140, "63830": 30, "63801": 90, "63857": 0}
    lines = [f"{area},2026,all,{n}" for area, n in counts.items()]
    hand_in(engine, "\n".join(["Area,Year or years,Race or ethnicity,Births", *lines]).encode())
    after = published(engine)
    reached = of_service(after, "coverage", "zip", "63851", 2026)
    assert reached.basis == "estimated" and reached.numerator == 31
    assert of_service(after, "coverage", "zip", "63869", 2026).reason == MIXED
    assert of_service(after, "coverage", "region", "bootheel", 2026).reason == MIXED
    # places that have no such births are still compared in the last year that all of them have
    assert service_year(after) == service_year(release) == YEAR
    before = {place.area: place.gap for place in service_places(release, Choice())}
    assert {place.area: place.gap for place in service_places(after, Choice())} == before
    years = [place.figure.last_year for place in build_overview(after).largest]
    assert years == [YEAR] * len(years) and all(a >= b for a, b in pairwise(years))
