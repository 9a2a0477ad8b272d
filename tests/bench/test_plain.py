"""A comparison is worth something only where both sides come to the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.load import write_release
from bench.models import Rows, county_rows
from bench.plain.figures import all_figures, read_tables
from bench.plain.files import read_files
from bench.subject import Subject
from equity.release import small_areas
from equity.release.figure import KEY_COLUMNS
from equity.release.policy import PUBLIC
from equity.store.engine import reading
from equity.store.vital import vital_totals
from geo.boundaries import load_layers

MADE_BY_BOTH = (
    "births", "infant_deaths", "infant_mortality", "neonatal_mortality", "postneonatal_mortality", "preterm",
    "low_birthweight", "very_low_birthweight", "need", "slots", "saturation", "coverage", "service_gap",
)  # fmt: skip
SERVICE = ("need", "slots", "caseload", "saturation", "coverage", "service_gap")
KEY = list(KEY_COLUMNS)


@pytest.fixture(scope="module")
def pairs(subject: Subject) -> pd.DataFrame:
    """Visible demonstration figures of the release, each beside the plain script's."""
    figures = subject.release.figures
    figures = figures[figures["basis"].eq("demonstration") & figures["status"].isin(["shown", "unstable"])]
    figures = figures[figures["measure"].isin(MADE_BY_BOTH)]
    # the plain script makes service for all families only
    figures = figures[~figures["measure"].isin(SERVICE) | figures["group"].eq("all")]
    figures = figures.astype(dict.fromkeys(("measure", "area_kind", "area", "group"), str))
    plain = pd.DataFrame(all_figures(read_tables(subject.database)))
    numbers = ["value", "low", "high"]
    return figures[[*KEY, *numbers]].merge(
        plain[[*KEY, *numbers]], how="left", on=KEY, suffixes=("", "_plain")
    )


@pytest.mark.parametrize("number", ["value", "low", "high"])
def test_the_plain_script_makes_the_same_figures(pairs: pd.DataFrame, number: str) -> None:
    assert set(pairs["measure"]) == set(MADE_BY_BOTH)
    np.testing.assert_allclose(pairs[f"{number}_plain"].astype(float), pairs[number], rtol=1e-9, atol=1e-9)


def test_every_visible_figure_of_these_measures_is_compared(pairs: pd.DataFrame) -> None:
    assert len(pairs) > 10_000
    assert not pairs.duplicated(KEY).any()
    assert pairs["value_plain"].notna().all()


def test_plain_files_hold_what_the_release_holds(subject: Subject, tmp_path: Path) -> None:
    write_release(tmp_path, subject.release)
    figures, tables, layers = read_files(tmp_path)
    np.testing.assert_allclose(figures["value"], subject.release.figures["value"])
    assert figures["area"].tolist() == subject.release.figures["area"].astype(str).tolist()
    assert {name.removeprefix("table-") for name in tables} == set(subject.release.tables)
    for name, layer in subject.release.layers.items():
        assert layers[f"layer-{name}"]["geoid"].tolist() == [shape["id"] for shape in layer["features"]]


def test_the_plain_rows_are_those_that_a_release_fits(
    subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    zips = load_layers(subject.home).zips
    with reading(subject.engine) as connection:
        cells = small_areas.zip_cells(vital_totals(connection, "zip", blocks=PUBLIC.blocks), zips, PUBLIC)
    seen: list[Rows] = []

    def remember(deaths, expected, neighbours, area, design):  # type: ignore[no-untyped-def]
        seen.append(Rows(deaths, expected, neighbours, area, design))

    monkeypatch.setattr(small_areas, "bym2", remember)
    small_areas.fit(cells, zips)
    made = county_rows(cells, zips)
    for name in ("deaths", "expected", "area", "design"):
        np.testing.assert_array_equal(getattr(made, name), getattr(seen[0], name))
    assert made.neighbours == seen[0].neighbours
