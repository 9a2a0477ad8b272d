"""The tidy table and its CSV: every kind of figure told apart, nothing hidden, nothing that runs."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pandas as pd
import pytest

from equity.release.figure import FIGURE_COLUMNS, Figure
from equity.release.load import Release
from equity.views.documents.tables import COLUMNS, NUMBERS, as_list, csv_bytes, refuse_hidden_numbers, tidy
from equity.views.profile import Profile
from tests.views.documents import conftest
from tests.views.documents.conftest import HIDDEN, NOW, UNREPORTED, UNSTABLE, ZERO


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_columns_hold_every_column_of_a_figure() -> None:
    assert set(FIGURE_COLUMNS) < set(COLUMNS)


def test_the_city_stands_as_printed(city: Profile) -> None:
    here = [row for row in read_profile(city) if row["area"] == "29510"]
    rows = {(row["measure"], row["group"], row["period"]): row for row in here}
    found = rows["infant_mortality", "all", "2017-2023"]
    assert (found["numerator"], found["denominator"]) == ("238", "26307")
    assert float(found["value"]) == pytest.approx(1000 * 238 / 26307, abs=1e-6)
    assert float(found["low"]) == pytest.approx(9.047 * (1 - 1.96 / 238**0.5), abs=0.001)
    assert float(found["high"]) == pytest.approx(9.047 * (1 + 1.96 / 238**0.5), abs=0.001)
    assert (found["area_name"], found["unit"]) == ("St. Louis City", "deaths per 1,000 births")
    assert found["interval_method"] == "95 % interval, as printed by the source"
    assert found["source_title"].startswith("County Health Rankings & Roadmaps: Infant mortality")
    black = rows["infant_mortality", "black", "2017-2023"]
    assert (black["numerator"], black["denominator"], black["group_name"]) == ("180", "12945", "Black")
    assert black["scheme_words"].startswith("single race, not Hispanic")


def read_profile(profile: Profile) -> list[dict[str, str]]:
    return read(csv_bytes(profile.release, profile.figures()))


def test_values_are_in_the_unit_beside_them(city: Profile) -> None:
    row = next(row for row in read_profile(city) if row["measure"] == "low_birthweight")
    assert row["unit"] == "of 100 births"
    assert float(row["value"]) == pytest.approx(100 * 3324 / 26287, abs=1e-3)


def test_a_withheld_rate_says_why_and_what_was_last_printed(dunklin: Profile) -> None:
    row = next(row for row in read_profile(dunklin) if row["measure"] == "infant_mortality")
    assert {row[name] for name in ("value", "low", "high", "numerator", "denominator")} == {""}
    assert (row["status"], row["reason"]) == ("suppressed", "withheld_by_publisher")
    assert row["status_words"] == "withheld by the publisher"
    for part in ("fewer than 20 deaths in 2017–2023", "7.6", "4.7 to 11.4", "2013–2019"):
        assert part in row["note"]


def test_kinds_of_figures_are_told_apart(release: Release, zip_rates: list[Figure]) -> None:
    rows = {row["area"]: row for row in read(csv_bytes(release, zip_rates))}
    seen = {code: (row["status"], row["value"]) for code, row in rows.items()}
    assert seen[UNSTABLE] == ("unstable", "12.2")
    assert seen[HIDDEN] == ("suppressed", "")
    assert seen[UNREPORTED] == ("missing", "")
    assert seen[ZERO] == ("shown", "0")
    assert rows[ZERO]["low"] == "0"
    assert len({row["status_words"] for row in rows.values()}) == 4
    assert rows[UNREPORTED]["basis_words"] == ""
    assert {rows[code]["basis"] for code in (UNSTABLE, ZERO)} == {"demonstration"}


def test_a_hidden_figure_never_leaves_with_a_number(release: Release) -> None:
    figure = release.figure("infant_mortality", "zip", HIDDEN, "all", NOW)
    leaking = replace(figure, value=987.5, low=987.1, high=987.9, numerator=987, denominator=9870)
    assert b"987" not in csv_bytes(release, [leaking])
    with pytest.raises(ValueError, match="hidden figure carries a number"):
        refuse_hidden_numbers([leaking])
    refuse_hidden_numbers(as_list(release.figures))


def test_a_table_of_figures_gives_the_same_as_its_figures(release: Release, zip_rates: list[Figure]) -> None:
    rows = release.select("infant_mortality", "zip")
    listed = sorted(as_list(rows), key=lambda figure: figure.area)
    assert listed == sorted(
        (figure for figure in zip_rates if figure.status != "missing"), key=lambda figure: figure.area
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_text_that_a_spreadsheet_would_run_is_inert(release: Release, start: str) -> None:
    name = f'{start}HYPERLINK("http://example.org","x")'
    areas = pd.DataFrame([("county", "29510", name, "stl")], columns=["kind", "geoid", "name", "region"])
    other = conftest.make_release(release.figures, areas)
    (row,) = read(csv_bytes(other, [other.figure("infant_mortality", *conftest.CITY, "all", NOW)]))
    assert row["area_name"] == f"'{name}"


def test_a_number_below_zero_stays_a_number(release: Release, dunklin: Profile) -> None:
    gap = next(row.figure for row in dunklin.service if row.measure.id == "service_gap")
    (row,) = read(csv_bytes(release, [gap]))
    assert float(row["value"]) == -26


def test_the_file_opens_in_excel_and_is_always_the_same(city: Profile) -> None:
    content = csv_bytes(city.release, city.figures())
    assert content.startswith(b"\xef\xbb\xbf")
    assert content == csv_bytes(city.release, city.figures())
    assert not any(line.startswith(b"#") for line in content.splitlines())
    frame = pd.read_csv(io.BytesIO(content), dtype={"area": "str"})
    assert list(frame.columns) == list(COLUMNS)
    assert (frame["release"] == city.release.id).all()


def test_rows_hold_plain_numbers_and_texts(release: Release) -> None:
    for row in tidy(release, release.figures):
        assert all(isinstance(row[name], int | float | None) for name in NUMBERS)
        assert all(isinstance(row[name], str) for name in COLUMNS if name not in NUMBERS)
