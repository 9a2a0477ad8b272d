"""Replacing what a source gave: all of it, typed, or a sentence and nothing."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine, Table, func, select

from equity.store import read, schema
from equity.store.engine import StoreError, writing
from equity.store.write import audit, replace_areas, replace_source, replace_targets
from tests.store.small import load, service, source_row, vital


def _count(store: Engine, table: Table) -> int:
    with store.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


BIRTHS = vital(
    ("county", "29510", 2022, 2022, "black", "births", "", 100),
    ("county", "29510", 2022, 2022, "other", "births", "", 90),
)


def test_a_source_takes_the_place_of_its_old_rows_only(store: Engine) -> None:
    load(store, {"vital_count": BIRTHS})
    load(store, {"vital_count": BIRTHS}, id="other", basis="reported")
    assert load(store, {"vital_count": BIRTHS.head(1)}) == 1
    with store.connect() as connection:
        found = connection.execute(
            select(schema.vital_count.c.source_id, func.count())
            .group_by(schema.vital_count.c.source_id)
            .order_by(schema.vital_count.c.source_id)
        ).all()
    assert [tuple(row) for row in found] == [("demo", 1), ("other", 2)]


def test_all_old_rows_go_those_of_tables_not_named_too(store: Engine) -> None:
    load(store, {"vital_count": BIRTHS, **service()})
    assert _count(store, schema.enrollment) == 8
    load(store, {})
    for table in (schema.vital_count, schema.agency, schema.program, schema.capacity, schema.enrollment):
        assert _count(store, table) == 0
    assert _count(store, schema.source) == 1


def test_the_source_row_is_filled_in_and_renewed(store: Engine) -> None:
    load(store, {"vital_count": BIRTHS})
    first = read.sources(store).iloc[0]
    assert first["rows_accepted"] == 2
    assert first["loaded_at"].endswith("+00:00")
    with writing(store) as connection:
        replace_source(
            connection,
            {"id": "demo", "kind": "other", "basis": "reported", "rows_accepted": 7.0, "note": np.nan},
            {},
        )
    again = read.sources(store).iloc[0]
    assert (again["kind"], again["rows_accepted"], again["basis"]) == ("other", 7, "reported")
    assert again[["publisher", "note"]].isna().all()


def test_missing_becomes_null_and_comes_back_missing(store: Engine) -> None:
    printed = pd.DataFrame(
        {
            "area_kind": "county", "area": ["29510", "29069"], "first_year": 2017, "last_year": 2023,
            "group": "all", "scheme": [np.nan, ""], "measure": "infant_mortality", "value": [9.05, np.nan],
            "numerator": [238, np.nan], "status": ["shown", "suppressed"], "note": [None, "fewer than 20"],
        }
    )  # fmt: skip
    load(store, {"published_estimate": printed}, basis="reported")
    found = read.published(store).set_index("area")
    assert found.loc["29510", "value"] == 9.05
    assert found["value"].isna().tolist() == [True, False]
    assert found["note"].isna().tolist() == [False, True]
    assert list(found["scheme"]) == ["", ""]
    assert list(found["basis"]) == ["reported", "reported"]
    with store.connect() as connection:
        table = schema.published_estimate.c
        nulls = connection.execute(select(func.count()).where(table.value.is_(None))).scalar_one()
    assert nulls == 1


def test_many_rows_arrive(store: Engine) -> None:
    years = range(2000, 2020)
    rows = [
        ("zip", f"{code:05d}", year, year, "all", "births", "", code) for code in range(600) for year in years
    ]
    assert load(store, {"vital_count": vital(*rows)}) == 12_000
    assert _count(store, schema.vital_count) == 12_000
    assert read.vital_totals(store, "zip", by="year")["count"].sum() == sum(range(600)) * 20


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"area": [63106, 63107]}, r"column area holds 63106, which is not text: read codes such as ZIP"),
        ({"count": [1, 2.5]}, r"column count, row 2: 2.5 is not a whole number"),
        ({"count": ["1", "<5"]}, r"column count, row 2: '<5' is not a whole number"),
        ({"count": [1, np.inf]}, r"column count, row 2: inf is not a whole number"),
        ({"count": [1, None]}, r"column count is empty in row 2"),
        ({"colour": "red"}, r"unknown column colour"),
        ({"source_id": "other"}, r"some rows name another source"),
        ({"group": ["black", "blck"]}, r"a value is not one of those allowed \(rule ck_vital_count_group\)"),
        ({"group": "black"}, r"refused a change: two rows stand for the same thing"),
        ({"count": [1, -1]}, r"\(rule ck_vital_count_not_negative\)"),
        ({"first_year": 2023}, r"\(rule ck_vital_count_period\)"),
    ],
)
def test_a_frame_that_does_not_fit_is_refused_whole(
    store: Engine, change: dict[str, Any], sentence: str
) -> None:
    load(store, {"vital_count": BIRTHS})
    with pytest.raises(StoreError, match=sentence):
        load(store, {"vital_count": BIRTHS.assign(**change)})
    assert list(read.vital_totals(store, "county", by="year")["count"]) == [190, 100, 90]


def test_a_missing_column_and_an_unknown_table_are_named(store: Engine) -> None:
    with pytest.raises(StoreError, match="Source demo, table vital_count: column count is missing"):
        load(store, {"vital_count": BIRTHS.drop(columns="count")})
    with pytest.raises(StoreError, match="there is no table births to load"):
        load(store, {"births": BIRTHS})


def test_service_facts_come_with_their_programs(store: Engine) -> None:
    tables = service()
    tables["program"] = tables["program"].query("id == 'P2'")
    with pytest.raises(StoreError, match="no program P1 is known; add it to the program table"):
        load(store, tables)
    assert _count(store, schema.source) == 0


def test_an_agency_that_others_use_is_renewed_and_goes_over_to_them(store: Engine) -> None:
    tables = service()
    agency = {"agency": tables.pop("agency")}
    load(store, agency, id="roster")
    load(store, tables)
    load(store, {"agency": agency["agency"].assign(name="New name")}, id="roster")
    assert set(read.programs(store)["agency"]) == {"New name"}
    load(store, {}, id="roster")
    assert set(read.programs(store)["agency"]) == {"New name"}
    with store.connect() as connection:
        assert connection.execute(select(schema.agency.c.source_id)).scalars().all() == ["demo"]


def test_facts_of_other_sources_outlive_the_source_of_their_program(store: Engine) -> None:
    tables = service()
    facts = {name: tables.pop(name) for name in ("capacity", "enrollment", "service_area")}
    load(store, tables, id="roster")
    load(store, facts, id="report")
    load(store, {}, id="roster")
    programs = read.programs(store)
    assert set(programs["source_id"]) == {"report"}
    assert _count(store, schema.enrollment) == 8
    load(store, {}, id="report")
    assert [_count(store, table) for table in (schema.enrollment, schema.program, schema.agency)] == [0, 0, 0]


def test_areas_and_targets_are_replaced(store: Engine) -> None:
    area = pd.DataFrame({"kind": "zip", "geoid": ["63106", "63107"], "name": ["a", "b"], "region": "stl"})
    part = pd.DataFrame(
        {"whole_kind": "zip", "whole": "63106", "part_kind": "county", "part": ["29510"], "weight": [1.0],
         "vintage": ["2020"], "weight_basis": ["residential"]}
    )  # fmt: skip
    target = pd.DataFrame(
        {"id": ["t1", "t2"], "initiative": "X", "title": "Y", "area_kind": "county", "area": "29510",
         "measure": "infant_mortality", "due_year": [2033, np.nan], "baseline_stated": ["true", False],
         "source_id": "demo"}
    )  # fmt: skip
    for _ in range(2):
        with writing(store) as connection:
            replace_source(connection, source_row(), {})
            replace_areas(connection, area, part)
            replace_targets(connection, target)
    assert list(read.areas(store)["geoid"]) == ["63106", "63107"]
    assert len(read.area_parts(store)) == len(read.area_parts(store, "2020")) == 1
    assert read.area_parts(store, "2010").empty
    found = read.targets(store)
    assert found["due_year"].tolist() == [2033, pd.NA]
    assert found["baseline_stated"].tolist() == [True, False]
    with pytest.raises(StoreError, match="load the source"), writing(store) as connection:
        replace_targets(connection, target.assign(source_id="nobody"))


def test_audit_events_are_kept_in_order(store: Engine) -> None:
    with writing(store) as connection:
        audit(connection, "data steward", "load", "demo", {"rows": 2})
        audit(connection, "data steward", "publish", "r1", {"größe": [1, 2]})
    with store.connect() as connection:
        found = connection.execute(select(schema.audit_event).order_by(schema.audit_event.c.id)).all()
    assert [row.action for row in found] == ["load", "publish"]
    assert json.loads(found[1].detail_json) == {"größe": [1, 2]}
    assert found[0].at <= found[1].at
