"""Loading into a real store: once, again without change, with a change, and withdrawn sources."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from equity.intake.load import LoadReport, load_demo, load_geo, load_reference
from equity.intake.reference import REFERENCE
from equity.store import read, write
from equity.store.engine import reading
from equity.store.schema import audit_event

SCOTT = "county,29201,2017,2023,all,,infant_mortality,6.545670931270455"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REFERENCE, tmp_path / "reference"))


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def snapshot(engine: Engine) -> dict[str, pd.DataFrame]:
    return {
        "published": read.published(engine),
        "context": read.context_rows(engine),
        "evidence": read.program_evidence(engine),
        "targets": read.targets(engine),
        "sources": read.sources(engine),
    }


def same(left: dict[str, pd.DataFrame], right: dict[str, pd.DataFrame]) -> bool:
    return all(left[name].equals(right[name]) for name in left)


def test_reference_is_loaded_and_a_second_load_does_nothing(store: Engine) -> None:
    first = load_reference(store)
    assert first.refused == ()
    assert first.unchanged == ()
    loaded = snapshot(store)
    assert len(loaded["published"]) == len(pd.read_csv(REFERENCE / "published_estimates.csv"))
    assert len(loaded["targets"]) == len(pd.read_csv(REFERENCE / "targets.csv"))
    assert first.rows == loaded["sources"]["rows_accepted"].sum()
    city = loaded["published"].query("area == '29510' and group == 'black' and first_year == 2017")
    assert city.loc[city["measure"].eq("infant_mortality"), "numerator"].tolist() == [180]
    again = load_reference(store)
    assert again.replaced == ()
    assert set(again.unchanged) == set(first.replaced)
    assert same(snapshot(store), loaded)


def test_a_changed_row_replaces_its_source_alone(store: Engine, folder: Path) -> None:
    load_reference(store, folder)
    rewrite(folder / "published_estimates.csv", SCOTT, SCOTT.replace("6.545670931270455", "6.5457"))
    assert load_reference(store, folder).replaced == ("chr-2026-v129",)
    published = read.published(store)
    scott = published[published["area"].eq("29201") & published["source_id"].eq("chr-2026-v129")]
    assert scott["value"].dropna().tolist() == [6.5457]
    assert len(published) == len(pd.read_csv(folder / "published_estimates.csv"))


def test_a_refused_row_is_counted_on_its_source_and_not_loaded(store: Engine, folder: Path) -> None:
    rewrite(folder / "published_estimates.csv", SCOTT, SCOTT.replace("6.5", "7.5"))
    report = load_reference(store, folder)
    assert [refusal.source_id for refusal in report.refused] == ["chr-2026-v129"]
    sources = read.sources(store).set_index("id")
    assert sources.loc["chr-2026-v129", "rows_refused"] == 1
    assert sources["rows_refused"].sum() == 1
    published = read.published(store)
    assert published.query("area == '29201' and source_id == 'chr-2026-v129'")["value"].isna().all()


def test_a_changed_target_is_replaced(store: Engine, folder: Path) -> None:
    load_reference(store, folder)
    rewrite(folder / "targets.csv", "5.0,2030", "4.9,2030")
    assert load_reference(store, folder).replaced == ("healthy-people-2030",)
    targets = read.targets(store).set_index("id")["target_value"]
    assert sorted(targets.filter(like="hp2030")) == [4.9, 5.0, 5.0, 5.0]


def test_a_publication_no_longer_shipped_takes_its_rows_along(store: Engine, folder: Path) -> None:
    load_reference(store, folder)
    for name in ("sources.csv", "published_estimates.csv"):
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if "chr-2014" not in line]
        assert len(kept) == len(lines) - 1
        (folder / name).write_text("\n".join(kept) + "\n", encoding="utf-8")
    report = load_reference(store, folder)
    assert report.replaced == ()
    assert not read.published(store)["source_id"].eq("chr-2014").any()
    assert load_reference(store, folder) == LoadReport((), report.unchanged, 0, ())


def test_a_fault_halfway_leaves_the_store_as_it_was(
    store: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_reference(store, folder)
    before = snapshot(store)
    rewrite(folder / "published_estimates.csv", SCOTT, SCOTT.replace("6.545670931270455", "6.5457"))

    def fail(*_: object) -> None:
        raise RuntimeError("stopped")

    monkeypatch.setattr(write, "replace_targets", fail)
    with pytest.raises(RuntimeError, match="stopped"):
        load_reference(store, folder)
    assert same(snapshot(store), before)


def test_demonstration_is_one_source_and_is_loaded_once(store: Engine) -> None:
    report = load_demo(store)
    assert report.refused == ()
    source = read.sources(store).set_index("id").loc["demonstration"]
    assert source["basis"] == "demonstration"
    assert report.rows == source["rows_accepted"] > 100_000
    programs = read.programs(store)
    assert len(programs) > 0
    again = load_demo(store)
    assert (again.replaced, again.rows) == ((), 0)


def test_places_are_loaded_once_with_their_parts(store: Engine) -> None:
    report = load_geo(store)
    areas, parts = read.areas(store), read.area_parts(store)
    assert report.rows == len(areas) + len(parts)
    assert areas["kind"].value_counts()["zip"] == 125
    assert load_geo(store).replaced == ()


def test_loads_leave_an_audit_event_each_and_none_when_nothing_changed(store: Engine) -> None:
    for _ in range(2):
        load_geo(store)
        load_reference(store)
    with reading(store) as connection:
        events = connection.execute(select(audit_event.c.action, audit_event.c.subject)).all()
    assert events == [("load", "places"), ("load", "reference")]
