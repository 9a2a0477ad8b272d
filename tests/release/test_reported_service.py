"""Reports of home visiting in a release: what they replace, and that no total gives a hidden count away."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from equity.intake.submit import accept, receive, withdraw
from equity.intake.templates import template
from equity.release.build import build_draft
from equity.release.disclose import disclose
from equity.release.figure import Figure
from equity.release.load import Release, load_release
from equity.release.places_served import Choice, of_service, service_places, service_year, slots_year
from equity.release.planning import ask
from equity.release.policy import PUBLIC
from equity.release.publish import publish
from equity.release.reported_service import (
    COUNTED,
    MIXED,
    OF_BOTH,
    USE_BY_SPLIT,
    figures_of_reports,
    totals_are_safe,
)
from equity.release.scenario import Scenario
from equity.views.completeness import open_problems, reporting
from equity.views.coverage import Asked, build_coverage
from equity.views.format import end_text
from equity.views.panel import panel
from equity.views.place_map import build_map
from equity.views.place_service import served_place
from equity.views.profile import build_profile
from equity.words import say
from geo.boundaries import load_layers

YEAR = 2026
#: Three ZIP codes in each of two counties of one region.
COUNTY_OF = {"1": "A", "2": "A", "3": "A", "4": "B", "5": "B", "6": "B"}
AREAS = pd.DataFrame(
    [
        *(("zip", code, "r") for code in COUNTY_OF), ("zip", "7", "r"),
        ("county", "A", "r"), ("county", "B", "r"), ("county", "C", "other"), ("region", "r", ""),
    ],
    columns=["kind", "geoid", "region"],
)  # fmt: skip
HEAD = "Agency,Program,Model,Quarter,ZIP code,Race or ethnicity,New households,Continuing households,"
HEAD += "Current caseload,Maximum service capacity"
COUNTS = {"63851": 31, "63830": 14, "63801": 22, "63857": 0}


def figures(counts: dict[str, int]) -> pd.DataFrame:
    """Disclosed figures of one year in which these families were reported."""
    zips = pd.DataFrame({"zip": list(counts), "caseload": [float(n) for n in counts.values()]})
    zips = zips.assign(
        county=zips["zip"].map(COUNTY_OF), region="r", year=YEAR, slots=10.0, source="submission-1"
    )
    return disclose(figures_of_reports(zips, AREAS, PUBLIC), PUBLIC)


def shown(table: pd.DataFrame, kind: str) -> dict[str, float]:
    """Families of each place of a kind that are shown."""
    rows = table[table["measure"].eq("caseload") & table["area_kind"].eq(kind) & table["value"].notna()]
    return dict(zip(rows["area"], rows["value"], strict=True))


def possible(table: pd.DataFrame, counts: dict[str, int]) -> dict[str, set[int]]:
    """Every value that an attacker cannot rule out for each hidden ZIP code, by trying them all."""
    zips, counties, region = (shown(table, kind) for kind in ("zip", "county", "region"))
    hidden = [code for code in counts if code not in zips]
    found: dict[str, set[int]] = {code: set() for code in hidden}
    for guess in product(range(1, 10), repeat=len(hidden)):
        full = zips | dict(zip(hidden, guess, strict=True))
        sums = {county: sum(n for code, n in full.items() if COUNTY_OF[code] == county) for county in "AB"}
        if any(sums[county] != total for county, total in counties.items()):
            continue
        if region and sum(full.values()) != region["r"]:
            continue
        for code, value in zip(hidden, guess, strict=True):
            found[code].add(value)
    return found


@given(
    st.fixed_dictionaries({code: st.one_of(st.integers(0, 12), st.integers(10, 60)) for code in COUNTY_OF})
)
def test_no_total_narrows_a_hidden_count(counts: dict[str, int]) -> None:
    table = figures(counts)
    assert set(shown(table, "zip")) == {code for code, n in counts.items() if not 1 <= n <= 9}
    for code, values in possible(table, counts).items():
        assert counts[code] in values
        assert len(values) >= PUBLIC.room
    for kind in ("county", "region"):
        assert not any(1 <= value <= 9 for value in shown(table, kind).values())


@pytest.mark.parametrize(
    ("total", "hidden", "safe"),
    [(0, 0, True), (5, 1, False), (18, 2, False), (2, 2, False), (6, 2, True), (14, 2, True), (15, 2, False)],
)
def test_totals_are_safe(total: float, hidden: int, safe: bool) -> None:
    assert totals_are_safe(total, hidden, PUBLIC) is safe


def test_a_place_without_a_report_is_missing_and_not_zero() -> None:
    table = figures({"1": 20, "2": 0, "3": 30, "4": 40, "5": 50, "6": 60})
    zips = table[table["measure"].eq("caseload") & table["area_kind"].eq("zip")].set_index("area")
    assert zips["status"].to_dict() == dict.fromkeys(COUNTY_OF, "shown") | {"7": "missing"}
    assert zips["value"]["2"] == 0.0
    assert shown(table, "county") == {"A": 50.0, "B": 150.0}
    assert shown(table, "region") == {"r": 200.0}
    assert set(table["area"]) == {*COUNTY_OF, "7", "A", "B", "r"}


def test_use_of_slots_is_never_called_unreported_where_slots_are_known() -> None:
    table = figures({"1": 20, "2": 0, "3": 30, "4": 40, "5": 50, "6": 60})
    use = table[table["measure"].eq("saturation")].set_index("area")
    assert use["reason"].to_dict() == dict.fromkeys(COUNTY_OF, USE_BY_SPLIT) | {"A": "", "B": "", "r": ""}
    assert set(use.loc[list(COUNTY_OF), "status"]) == {"not_applicable"}
    assert use["value"][["A", "B"]].tolist() == [50 / 30, 150 / 30]


def test_programs_whose_last_quarters_differ_are_said_to() -> None:
    zips = pd.DataFrame({"zip": ["1", "2", "4"], "county": ["A", "A", "B"], "region": "r", "year": YEAR})
    quarters = [f"{YEAR}Q1", f"{YEAR}Q3", f"{YEAR}Q4"]
    own = {f"{name}_{end}": quarters for name in ("families", "slots") for end in ("first", "last")}
    zips = zips.assign(caseload=[20.0, 30.0, 40.0], slots=10.0, source="submission-1", **own)
    table = disclose(figures_of_reports(zips, AREAS, PUBLIC), PUBLIC)
    ends = {
        area: end_text(Figure(**row))
        for area, row in table[table["measure"].eq("caseload")].set_index("area", drop=False).T.items()
    }
    assert (ends["1"], ends["4"]) == (f"the end of March {YEAR}", f"the end of {YEAR}")
    assert ends["A"].endswith(f"the end of March {YEAR} to the end of September {YEAR}")
    assert ends["r"].endswith(f"the end of March {YEAR} to the end of {YEAR}")


def report(quarter: str, counts: dict[str, int] | None = None) -> bytes:
    """A report of one Bootheel program, as its template is filled in."""
    counts = counts or COUNTS
    total = sum(counts.values())
    lines = [HEAD, f"Delta Example,Delta Example Visits,Parents as Teachers,{quarter},,,0,{total},{total},90"]
    lines += [f"Delta Example,Delta Example Visits,,{quarter},{zip_code},all,0,{n},{n},"
              for zip_code, n in counts.items()]  # fmt: skip
    return "\n".join(lines).encode()


def hand_in(engine: Engine, content: bytes) -> str:
    found = receive(engine, "report.csv", content, "hub").submission
    assert found.status == "waiting", found.report["findings"]
    accept(engine, found.id, "steward", "seen")
    return found.id


def published(engine: Engine) -> Release:
    return load_release(engine, publish(engine, None).id)


def test_a_newer_report_stands_beside_the_demonstration_of_earlier_years(
    engine: Engine, release: Release
) -> None:
    submission = hand_in(engine, report(f"{YEAR}Q3"))
    after = published(engine)
    own = after.figure("caseload", "zip", "63851", "all", (YEAR, YEAR))
    assert (own.value, own.status, own.basis, own.source) == (
        31.0,
        "shown",
        "reported",
        f"submission-{submission}",
    )
    assert after.figure("caseload", "zip", "63857", "all", (YEAR, YEAR)).value == 0.0
    assert after.figure("caseload", "zip", "63869", "all", (YEAR, YEAR)).status == "missing"
    assert after.figure("caseload", "region", "bootheel", "all", (YEAR, YEAR)).value == 67.0
    assert after.figure("slots", "region", "bootheel", "all", (YEAR, YEAR)).value == 90.0
    assert slots_year(after, "zip", "63851") == YEAR and slots_year(after, "zip", "63106") == 2023
    # the funders' question stays with the last year that has need and slots
    assert service_year(after) == 2023
    keys = ["measure", "area_kind", "area", "group", "first_year", "last_year"]
    before = release.figures[~release.figures["source"].str.contains("submission")].set_index(keys)["value"]
    same = after.figures[~after.figures["source"].str.contains("submission")].set_index(keys)["value"]
    pd.testing.assert_series_equal(before.sort_index(), same[before.index].sort_index())
    said = {
        statement.figure.measure: statement.figure
        for statement in panel(after, "slots", "zip", "63851", (YEAR, YEAR))
    }
    assert said["caseload"].value == 31.0 and said["service_gap"].reason == MIXED
    texts = [statement.sentence for statement in panel(after, "slots", "zip", "63851", (YEAR, YEAR))]
    for start in ("31 families in", "Programs in"):
        counted = next(text for text in texts if text.startswith(start))
        assert counted.endswith(f"at the end of September {YEAR}.")
    assert said["need"].last_year == 2023
    notes = {
        statement.figure.measure: statement.note
        for statement in panel(after, "slots", "zip", "63851", (YEAR, YEAR))
    }
    assert "split over its ZIP codes by the families enrolled" in notes["slots"]
    assert notes["caseload"] == (
        f"From the reports of 1 program for {YEAR}; programs that have not reported are not counted."
    )
    profile = build_profile(after, "zip", "63851", (2017, 2023))
    assert profile.service_year == YEAR and profile.service_end == f"the end of September {YEAR}"
    drawn = build_map(after, "caseload", "zip", "bootheel", (YEAR, YEAR))
    assert drawn.sentence.endswith(f"Counted at the end of September {YEAR}, as reports go no further.")
    assert {row.measure.id: row.figure.value for row in profile.service}["caseload"] == 31.0
    listed = reporting(after)
    assert listed.to_dict("records") == [{say("data.agency"): "Delta Example", f"{YEAR}Q3": "1 of 1"}]
    assert "Delta Example" not in " ".join(open_problems(after)[say("data.to_do_what")])
    withdraw(engine, submission, "steward", "a trial")
    back = published(engine)
    # not even the name of the file is left
    assert back.id == release.id


def test_a_report_of_the_same_year_takes_the_demonstration_out_of_its_region_only(
    engine: Engine, release: Release
) -> None:
    hand_in(engine, report("2023Q4"))
    after = published(engine)
    rows = after.figures[after.figures["first_year"].eq(2023) & after.figures["last_year"].eq(2023)]
    homes = after.areas.set_index(["kind", "geoid"])["region"].to_dict() | {
        ("region", "bootheel"): "bootheel"
    }
    here = rows[[homes.get(key) == "bootheel" for key in zip(rows["area_kind"], rows["area"], strict=True)]]
    assert "demonstration" not in set(here[here["measure"].isin(COUNTED)]["basis"])
    both = here[here["measure"].isin(OF_BOTH)]
    assert len(both) and set(both["reason"]) == {MIXED} and both["value"].isna().all()
    stl = after.figure("slots", "region", "stl", "all", (2023, 2023))
    assert stl == release.figure("slots", "region", "stl", "all", (2023, 2023))
    places = service_places(after, Choice(), "zip", "bootheel")
    assert all(place.gap.value is None and place.ranks is None for place in places)
    other = service_places(after, Choice(rule="equal"), "zip", "bootheel")
    assert {place.slots for place in other} == {place.slots for place in places}
    served = served_place(build_coverage(after, Asked(region="bootheel")), "63851")
    assert served is not None and "Delta Example" in served.who and served.programs == []
    question = ask(after, Scenario(slots=10, region="bootheel"))
    assert question.problem is None and "63851" in question.handed_in
    assert of_service(after, "coverage", "zip", "63851", 2023).reason == MIXED


def test_the_filled_in_example_is_in_a_draft_as_handed_in(engine: Engine) -> None:
    found = receive(engine, "q.xlsx", template("quarterly", "xlsx", filled=True), "hub").submission
    accept(engine, found.id, "steward", "an example")
    draft = build_draft(engine, load_layers(), PUBLIC)
    rows = draft.figures[draft.figures["source"].eq(f"submission-{found.id}")]
    values = rows.set_index(["measure", "area_kind", "area"])["value"]
    assert values["caseload", "zip", "63106"] == 19.0 and values["caseload", "zip", "63107"] == 10.0
    assert values["caseload", "region", "stl"] == 29.0 and values["slots", "region", "stl"] == 40.0
