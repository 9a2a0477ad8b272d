"""Spreadsheets, read back by another library."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from equity.release.load import Release
from equity.views.documents.spreadsheet import HEADER_ROW, figures_xlsx, profile_xlsx
from equity.views.profile import Profile
from tests.views.documents import conftest
from tests.views.documents.conftest import HIDDEN, NOW


def book(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def rows(content: bytes) -> list[dict[str, Any]]:
    """The rows of the sheet of figures by their headings."""
    lines = list(book(content)["Figures"].iter_rows(min_row=HEADER_ROW + 1, values_only=True))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def test_sheets_and_what_they_say(city: Profile) -> None:
    found = book(profile_xlsx(city))
    assert found.sheetnames == ["Figures", "Definitions", "Sources", "About"]
    assert found["Figures"]["A1"].value == "Equity profile of St. Louis City, 2017–2023"
    assert city.release.id in found["Figures"]["A2"].value
    assert "DEMONSTRATION" in found["Figures"]["A3"].value
    assert found["Figures"].freeze_panes == f"C{HEADER_ROW + 2}"
    definitions = [line[0] for line in found["Definitions"].iter_rows(values_only=True)]
    assert {"Infant mortality", "Families who could benefit"} < set(definitions)
    sources = [line[0] for line in found["Sources"].iter_rows(values_only=True)]
    assert "County Health Rankings & Roadmaps" in sources
    about = " ".join(str(line[0]) for line in found["About"].iter_rows(values_only=True))
    for part in (city.release.id, "public", "Withheld", "Zero", "Counts of 1 to 9"):
        assert part in about


def test_the_city_stands_as_printed(city: Profile) -> None:
    here = [row for row in rows(profile_xlsx(city)) if row["area"] == "29510"]
    found = {(row["measure"], row["group"], row["first_year"]): row for row in here}
    all_babies = found["infant_mortality", "all", 2017]
    assert (all_babies["Top number"], all_babies["Bottom number"]) == (238, 26307)
    assert all_babies["Value"] == pytest.approx(9.047021705)
    assert (all_babies["Likely from"], all_babies["Likely to"]) == pytest.approx((7.8976, 10.1964), abs=1e-4)
    assert found["infant_mortality", "white", 2017]["Top number"] == 46


def test_a_withheld_rate_has_empty_cells_and_its_reason(dunklin: Profile) -> None:
    row = next(row for row in rows(profile_xlsx(dunklin)) if row["measure"] == "infant_mortality")
    assert [row[name] for name in ("Value", "Likely from", "Likely to", "Top number", "Bottom number")] == [
        None
    ] * 5
    assert row["Shown or not"].startswith("withheld by the publisher")
    assert "Last printed: 7.6" in row["Note"]


def test_a_hidden_figure_never_leaves_with_a_number(release: Release) -> None:
    figure = release.figure("infant_mortality", "zip", HIDDEN, "all", NOW)
    content = figures_xlsx(release, [replace(figure, value=987.5, numerator=987)], "Poisoned")
    cells = [
        str(cell) for sheet in book(content) for line in sheet.iter_rows(values_only=True) for cell in line
    ]
    assert not any("987" in cell for cell in cells)


def test_numbers_are_numbers_in_the_decimals_of_their_measure(city: Profile) -> None:
    sheet = book(profile_xlsx(city))["Figures"]
    columns = {cell.value: cell.column for cell in sheet[HEADER_ROW + 1]}
    lines = {(line[columns["measure"] - 1].value, line[columns["group"] - 1].value): line
             for line in sheet.iter_rows(min_row=HEADER_ROW + 2)}  # fmt: skip
    rate, ratio = lines["infant_mortality", "black"], lines["infant_mortality_ratio", "all"]
    assert rate[columns["Value"] - 1].number_format == "#,##0.0"
    assert rate[columns["Top number"] - 1].number_format == "#,##0"
    assert ratio[columns["Value"] - 1].number_format == "#,##0.00"
    assert ratio[columns["Top number"] - 1].value == pytest.approx(13.905, abs=0.001)


def test_no_cell_is_a_formula_or_a_link(release: Release) -> None:
    name = '=HYPERLINK("http://example.org","x")'
    areas = pd.DataFrame([("county", "29510", name, "stl")], columns=["kind", "geoid", "name", "region"])
    other = conftest.make_release(release.figures, areas)
    found = book(figures_xlsx(other, [other.figure("infant_mortality", *conftest.CITY, "all", NOW)], "=1+1"))
    sheet = found["Figures"]
    assert sheet[f"A{HEADER_ROW + 2}"].value == name
    cells = [cell for page in found for line in page.iter_rows() for cell in line]
    assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)


def test_the_same_release_gives_the_same_bytes(city: Profile) -> None:
    first = profile_xlsx(city)
    time.sleep(1.1)  # files keep whole seconds
    assert profile_xlsx(city) == first
    assert book(first).properties.created.isoformat() == city.release.created_at
