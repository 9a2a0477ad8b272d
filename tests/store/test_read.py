"""Sums made in the database, checked by hand; both databases give the same."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine

from equity.store import read, schema
from equity.store.engine import reading, writing
from equity.store.write import replace_source
from tests.store.small import load, service, source_row, vital


def _cells(frame: pd.DataFrame, *columns: str) -> dict[tuple[Any, ...], tuple[int, int]]:
    keys = frame[list(columns)].itertuples(index=False, name=None)
    return dict(zip(keys, zip(frame["count"], frame["years"], strict=True), strict=True))


def test_groups_sum_to_all_by_year_and_by_block(store: Engine) -> None:
    rows = [
        ("zip", "63106", year, year, group, "births", "", count)
        for year in range(2010, 2024)
        for group, count in (("black", 10), ("other", 5))
    ]
    load(store, {"vital_count": vital(*rows)})
    years = _cells(read.vital_totals(store, "zip", by="year"), "first_year", "last_year", "group")
    assert len(years) == 14 * 3
    assert years[(2013, 2013, "all")] == (15, 1)
    blocks = _cells(read.vital_totals(store, "zip"), "first_year", "last_year", "group")
    assert blocks == {
        (start, end, group): (7 * count, 7)
        for start, end in read.BLOCKS
        for group, count in (("all", 15), ("black", 10), ("other", 5))
    }


def test_a_given_all_is_not_added_to_its_groups(store: Engine) -> None:
    load(
        store,
        {
            "vital_count": vital(
                ("county", "29510", 2022, 2022, "all", "infant_deaths", "", 12),
                ("county", "29510", 2022, 2022, "black", "infant_deaths", "", 7),
                ("county", "29510", 2023, 2023, "other", "infant_deaths", "", 3),
            )
        },
    )
    years = _cells(read.vital_totals(store, "county", by="year"), "first_year", "group")
    assert years[(2022, "all")] == (12, 1)
    assert years[(2023, "all")] == (3, 1)


def test_groups_that_leave_people_out_do_not_sum_to_all(store: Engine) -> None:
    rows = [
        ("county", "29510", 2022, 2022, group, "births", "", 10) for group in ("black", "white", "hispanic")
    ]
    load(store, {"vital_count": vital(*rows)})
    assert set(read.vital_totals(store, "county", by="year")["group"]) == {"black", "white", "hispanic"}


def test_a_sum_with_a_lower_bound_in_it_is_a_lower_bound(store: Engine) -> None:
    rows = vital(
        ("county", "29510", 2022, 2022, "all", "births", "", 10),
        ("county", "29510", 2023, 2023, "all", "births", "", 10),
        ("county", "29189", 2023, 2023, "all", "births", "", 10),
    )
    load(store, {"vital_count": rows.assign(bound=["", "at_least", ""])})
    totals = read.vital_totals(store, "county")
    assert dict(zip(totals["area"], totals["bound"], strict=True)) == {"29510": "at_least", "29189": ""}


def test_a_printed_block_is_not_added_to_its_years_and_other_windows_are_left_out(store: Engine) -> None:
    load(
        store,
        {
            "vital_count": vital(
                ("county", "29510", 2017, 2023, "all", "births", "", 26307),
                ("county", "29510", 2018, 2018, "all", "births", "", 4000),
                ("county", "29510", 2014, 2020, "all", "births", "", 9999),
                ("county", "29510", 2011, 2015, "all", "births", "", 8888),
                ("county", "29510", 2010, 2010, "all", "births", "", 5000),
            )
        },
        basis="reported",
    )
    found = _cells(read.vital_totals(store, "county", basis="reported"), "first_year", "last_year")
    assert found == {(2017, 2023): (26307, 7), (2010, 2016): (5000, 1)}
    own = read.vital_totals(store, "county", blocks=[(2011, 2015)], basis="reported")
    assert _cells(own, "first_year", "last_year") == {(2011, 2015): (8888, 5)}


def test_bases_sources_kinds_schemes_and_death_bases_are_kept_apart(store: Engine) -> None:
    other = vital(("county", "29510", 2022, 2022, "other", "infant_deaths", "", 7))
    both = pd.concat([other, other.assign(death_basis="cohort", count=6)])
    load(store, {"vital_count": both}, id="one", basis="reported")
    two_schemes = pd.concat([other, other.assign(scheme="mophims_any_hispanic", count=8)])
    load(store, {"vital_count": two_schemes}, id="two", basis="reported")
    load(store, {"vital_count": other.assign(area_kind="zip")}, id="three", basis="reported")
    load(store, {"vital_count": other}, id="four")
    period = read.vital_totals(store, "county", by="year", basis="reported")
    assert _cells(period, "source_id", "group", "scheme") == {
        ("one", "all", ""): (7, 1),
        ("one", "other", "nchs_single_nh"): (7, 1),
        ("two", "all", ""): (8, 1),
        ("two", "other", "mophims_any_hispanic"): (8, 1),
        ("two", "other", "nchs_single_nh"): (7, 1),
    }
    cohort = read.vital_totals(store, "county", by="year", basis="reported", death_basis="cohort")
    assert _cells(cohort, "source_id", "group") == {("one", "all"): (6, 1), ("one", "other"): (6, 1)}
    assert set(read.vital_totals(store, "county", by="year")["source_id"]) == {"four"}


def test_strata_are_parts_and_stay_out_of_totals(store: Engine) -> None:
    load(
        store,
        {
            "vital_count": vital(
                ("county", "29510", 2022, 2022, "other", "infant_deaths", "", 7),
                ("county", "29510", 2022, 2022, "other", "infant_deaths", "weight=<500", 3),
                ("county", "29510", 2022, 2022, "other", "infant_deaths", "age=neonatal;weight=2500+", 4),
                ("county", "29510", 2023, 2023, "white", "infant_deaths", "weight=<500", 1),
            )
        },
    )
    totals = read.vital_totals(store, "county")
    assert list(totals["count"]) == [7, 7]
    strata = read.vital_strata(store, "county")
    assert _cells(strata, "group", "stratum") == {
        ("all", "age=neonatal;weight=2500+"): (4, 1),
        ("all", "weight=<500"): (4, 2),
        ("other", "age=neonatal;weight=2500+"): (4, 1),
        ("other", "weight=<500"): (3, 1),
        ("white", "weight=<500"): (1, 1),
    }


def test_enrollment_is_caseload_at_years_end_and_households_of_the_year(store: Engine) -> None:
    load(store, service())
    by_cell = read.enrollment_by(store, ("program_id", "zip", "group", "year"))
    cells = {tuple(row[:4]): tuple(row[5:]) for row in by_cell.itertuples(index=False, name=None)}
    assert cells == {
        # caseload 2022Q3: 1 new + 12 continuing; served: 10 at the start + 3 + 4 + 1 new
        ("P1", "63106", "black", 2022): (13, 18),
        ("P1", "63106", "black", 2023): (9, 9),
        # the ZIP has no row in P1's last quarter, so nobody was enrolled then
        ("P1", "63107", "white", 2022): (0, 2),
        ("P2", "63106", "all", 2022): (7, 11),
        ("P2", "63106", "black", 2022): (0, 2),
    }
    by_zip = read.enrollment_by(store, ("zip", "year"))
    assert list(by_zip.columns) == ["zip", "year", "basis", "caseload", "served"]
    assert [tuple(row) for row in by_zip.itertuples(index=False, name=None)] == [
        ("63106", 2022, "demonstration", 20, 29),
        ("63106", 2023, "demonstration", 9, 9),
        ("63107", 2022, "demonstration", 0, 2),
    ]
    with pytest.raises(ValueError, match="year"):
        read.enrollment_by(store, ("zip",))


def test_programs_carry_their_agency_and_services_their_basis(store: Engine) -> None:
    load(store, service())
    found = read.programs(store)
    assert list(found["program_id"]) == ["P1", "P2"]
    assert set(found["agency"]) == {"Agency (demo)"}
    assert found["cost_per_slot"].tolist()[0] == 3500.0
    assert pd.isna(found["cost_per_slot"].tolist()[1])
    assert read.service_areas(store).values.tolist() == [
        ["P1", "63106", "demonstration"],
        ["P1", "63107", "demonstration"],
        ["P2", "63106", "demonstration"],
    ]
    assert read.capacity_by_quarter(store)["slots"].tolist() == [20, 25]


def test_types_do_not_depend_on_the_rows(store: Engine) -> None:
    for function in (read.published, read.context_rows, read.program_evidence, read.targets, read.programs):
        frame = function(store)
        assert frame.empty
        assert str(frame["source_id"].dtype) == "str"
        assert "basis" in frame.columns
    assert str(read.published(store)["value"].dtype) == "float64"
    assert str(read.targets(store)["due_year"].dtype) == "Int64"
    assert str(read.vital_totals(store, "zip")["count"].dtype) == "int64"
    assert str(read.enrollment_by(store)["caseload"].dtype) == "int64"
    load(store, {"vital_count": vital(("zip", "63106", 2022, 2022, "black", "births", "", 1))})
    assert str(read.vital_totals(store, "zip")["count"].dtype) == "int64"


def test_context_and_evidence_come_back(store: Engine) -> None:
    context = pd.DataFrame(
        {"area_kind": "zip", "area": ["63107", "63106"], "first_year": 2018, "last_year": 2022,
         "group": "all", "measure": "poverty", "value": [0.3, 0.4]}
    )  # fmt: skip
    evidence = pd.DataFrame(
        {"model": ["PAT"], "measure": ["cost_per_family"], "value": [3_000], "unit": ["USD"]}
    )
    load(store, {"context": context, "program_evidence": evidence}, basis="reported")
    assert read.context_rows(store)["area"].tolist() == ["63106", "63107"]
    assert read.program_evidence(store)["value"].tolist() == [3000.0]


def test_one_reading_transaction_sees_one_moment(store: Engine) -> None:
    births = vital(("zip", "63106", 2022, 2022, "other", "births", "", 1))
    load(store, {"vital_count": births})
    with reading(store) as connection:
        before = read.vital_totals(connection, "zip")
        with writing(store) as writer:
            replace_source(writer, source_row(), {"vital_count": births.assign(count=2)})
        assert read.vital_totals(connection, "zip").equals(before)
    assert read.vital_totals(store, "zip")["count"].tolist() == [2, 2]


def test_order_is_the_same_on_every_database(store: Engine) -> None:
    names = ["b", "A", "a", "B", "é", "_"]
    with writing(store) as connection:
        for name in names:
            replace_source(connection, source_row(name), {})
    assert read.sources(store)["id"].tolist() == sorted(names)
    assert list(read.sources(store).columns) == list(schema.source.columns.keys())
