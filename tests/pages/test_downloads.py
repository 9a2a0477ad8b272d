"""Every file of every page, taken through the browser and read back with the programs people read it with."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from tests.pages.reader import cards, read, release_id, rows_of, taken, words
from tests.ui.visitor import Visitor

pytestmark = pytest.mark.browser

NUMBERS = ("value", "low", "high", "numerator", "denominator")
WITHHELD = {"29069", "29133", "29143", "29155", "29207"}
#: Infant mortality of 2017 to 2023 from the deaths and births that County Health Rankings prints, with the
#: interval it prints (or, under 100 deaths, Garwood's exact one).
PRINTED = {
    ("29510", "all"): (238, 26307, 7.897616, 10.196427),
    ("29510", "black"): (180, 12945, 11.873607, 15.936358),
    ("29510", "white"): (46, 9640, 3.493546, 6.364891),
    ("29", "all"): (2987, 493276, 5.838272, 6.272595),
    ("29", "black"): (845, 68878, 11.440880, 13.095256),
    ("29", "white"): (1766, 359299, 4.685893, 5.144360),
}


def in_step_with_the_page(rows: list[dict[str, Any]], visitor: Visitor, area: str) -> None:
    """Every number on the page's cards is the number of the same measure in the file, rounded."""
    own = [
        row
        for row in rows
        if row["area"] == area and row["group"] == "all" and row["value"] not in ("", None)
    ]
    checked = 0
    for card in cards(visitor):
        if not re.fullmatch(r"−?[\d,.]+", card.value):
            continue
        decimals = len(card.value.partition(".")[2])
        shown = float(card.value.replace(",", "").replace("−", "-"))
        margin = 0.5 * 10**-decimals + 1e-9
        assert any(abs(float(row["value"]) - shown) <= margin for row in own), card
        checked += 1
    assert checked >= 5


def without_numbers(rows: list[dict[str, Any]]) -> None:
    """No row that may not be seen carries a number; every made-up row says so in words."""
    for row in rows:
        if row["status"] not in ("shown", "unstable"):
            assert [row[name] for name in NUMBERS if row[name] not in ("", None)] == [], row
        if row["basis"] == "demonstration" and row["status"] != "missing":
            assert row["basis_words"].startswith("demonstration"), row


def test_map_of_withheld_counties(desk: Visitor) -> None:
    read(desk, "/map?layer=infant_mortality&level=county&region=bootheel")
    release = release_id(desk)
    name, content = taken(desk, "Figures (CSV)")
    assert release in name
    rows = rows_of(content)
    assert {row["area"] for row in rows} == WITHHELD | {"29201"}
    without_numbers(rows)
    by_area = {row["area"]: row for row in rows}
    assert float(by_area["29201"]["value"]) == pytest.approx(1000 * 22 / 3361, abs=1e-3)
    for area in WITHHELD:
        row = by_area[area]
        assert (row["status"], row["reason"], row["basis"]) == (
            "suppressed",
            "withheld_by_publisher",
            "reported",
        )
        assert "Withheld by the publisher" in row["note"]
        assert row["release"] == release
    assert "in 2013–2019" in by_area["29155"]["note"]

    name, content = taken(desk, "Places with figures (GeoJSON)")
    assert name.endswith(".geojson")
    document = json.loads(content)
    assert release in document["release"]
    assert {feature["id"] for feature in document["features"]} == set(by_area)
    for feature in document["features"]:
        assert feature["geometry"]["type"] in ("Polygon", "MultiPolygon")
        told = feature["properties"]
        if feature["id"] in WITHHELD:
            assert [told[key] for key in NUMBERS] == [None] * len(NUMBERS)
            assert told["reason"] == "withheld_by_publisher"
            assert told["note"] == by_area[feature["id"]]["note"]
    without_numbers([feature["properties"] for feature in document["features"]])

    name, content = taken(desk, "Picture (PNG)")
    assert name.endswith(".png")
    picture = Image.open(io.BytesIO(content))
    assert picture.width >= 1200
    colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24) or []}
    assert (120, 176, 188) in colours  # the class of Scott County


def test_map_of_the_opening_layer(desk: Visitor) -> None:
    read(desk, "/")
    largest = [
        item.inner_text()
        for item in desk.page.get_by_role("listitem").filter(has_text="more families could benefit").all()
    ]
    text = read(desk, "/map?region=both")
    rows = rows_of(taken(desk, "Figures (CSV)")[1])
    assert len(rows) == 125
    without_numbers(rows)
    full = [row for row in rows if row["value"]]
    assert len(full) >= 0.9 * len(rows)
    assert f"{len(rows) - len(full)} of 125 places have no value to show" in text
    assert {row["basis"] for row in full} == {"demonstration"}
    top = sorted(full, key=lambda row: -float(row["value"]))[:3]
    assert len(largest) == 3
    for row, said in zip(top, largest, strict=True):
        assert f"In {row['area_name']}, {round(float(row['value']))} more families could benefit" in said
        assert "demonstration" in said


def test_profile_of_the_city(desk: Visitor) -> None:
    read(desk, "/profile?area=29510")
    release = release_id(desk)
    name, content = taken(desk, "Figures (CSV)")
    assert name == f"equity-profile-29510-2017-2023-{release}.csv"
    rows = rows_of(content)
    without_numbers(rows)
    in_step_with_the_page(rows, desk, "29510")
    now = {
        (row["area"], row["group"]): row
        for row in rows
        if row["measure"] == "infant_mortality" and row["period"] == "2017-2023"
    }
    for key, (deaths, births, low, high) in PRINTED.items():
        row = now[key]
        assert (float(row["numerator"]), float(row["denominator"])) == (deaths, births)
        assert float(row["value"]) == pytest.approx(1000 * deaths / births, abs=1e-3)
        assert [float(row["low"]), float(row["high"])] == pytest.approx([low, high], abs=2e-3)
        assert row["basis"] == "reported"
    old = {
        (row["measure"], row["group"]): float(row["value"]) for row in rows if row["period"] == "2011-2015"
    }
    assert old["infant_mortality", "all"] == 9.8
    assert old["infant_mortality", "black"] == 13.5
    assert old["infant_mortality", "white"] == 4.4
    assert old["infant_mortality_ratio", "all"] == pytest.approx(3.041, abs=5e-4)

    name, content = taken(desk, "Figures (Excel)")
    assert name.endswith(f"{release}.xlsx")
    cells = sheet_rows(content)
    by_key = {(row["measure"], row["area"], row["group"], row["Period"]): row for row in cells}
    assert len(by_key) == len(rows)
    for row in rows:
        cell = by_key[row["measure"], row["area"], row["group"], row["period"]]
        assert cell["Value"] == (pytest.approx(float(row["value"])) if row["value"] else None)
        assert cell["Release"] == release

    pages = pdf_pages(taken(desk, "Profile to print (PDF)")[1])
    assert 2 <= len(pages) <= 4
    text = " ".join(pages)
    for told in ("9.0", "7.9 to 10.2", "13.9", "11.9 to 15.9", "4.8", "3.5 to 6.4", "2.91", "3.04", release):
        assert told in text
    assert "Demonstration figures" in text


def test_profile_of_a_withheld_county(desk: Visitor) -> None:
    text = read(desk, "/profile?area=29155")
    reason = re.search(r"Withheld by the publisher.*?in 2013–2019\.", text)
    assert reason
    rows = rows_of(taken(desk, "Figures (CSV)")[1])
    without_numbers(rows)
    own = [row for row in rows if row["area"] == "29155" and row["period"] == "2017-2023"]
    hidden = [row for row in own if row["reason"] == "withheld_by_publisher"]
    assert "infant_mortality" in {row["measure"] for row in hidden}
    for row in own:
        if row["measure"] in {"infant_mortality", "infant_deaths", "infant_mortality_ratio"}:
            assert row["basis"] != "demonstration"
            assert not row["value"]
    cells = [row for row in sheet_rows(taken(desk, "Figures (Excel)")[1]) if row["area"] == "29155"]
    for row in cells:
        if row["reason"] == "withheld_by_publisher":
            assert (row["Value"], row["Likely from"], row["Likely to"], row["Top number"]) == (None,) * 4
            assert "Withheld by the publisher" in row["Note"]
    printed = " ".join(" ".join(pdf_pages(taken(desk, "Profile to print (PDF)")[1])).split())
    assert "withheld" in printed
    assert "15.5" in printed
    assert "2013–2019" in printed


def test_targets_and_about(desk: Visitor) -> None:
    text = read(desk, "/targets")
    release = release_id(desk)
    name, content = taken(desk, "Targets (CSV)")
    assert release in name
    rows = rows_of(content)
    statuses = re.findall(r"Status: ([^.]+)\.", text)
    assert sorted(row["Status"] for row in rows) == sorted(statuses)
    for row in rows:
        assert row["Release"] == release
        assert row["Target"] in text
        if row["Basis"] == "reported" and "likely" in row["Latest"]:
            assert row["Latest"] in text

    read(desk, "/about")
    name, content = taken(desk, "Every measure (CSV)")
    measures = rows_of(content)
    text = words(desk)
    assert len(measures) >= 20
    for row in measures:
        assert row["Measure"] in text
    name, content = taken(desk, "All figures of this release (CSV)")
    assert release in name
    figures = rows_of(content)
    counted = re.search(r"Figures\. ([\d,]+) reported, ([\d,]+) demonstration; ([\d,]+) hidden", text)
    assert counted
    assert len(figures) > 10_000
    without_numbers(figures)
    assert sum(row["status"] == "suppressed" for row in figures) == int(counted[3].replace(",", ""))
    assert sum(row["basis"] == "reported" for row in figures) == int(counted[1].replace(",", ""))


def sheet_rows(content: bytes) -> list[dict[str, Any]]:
    """The rows of a spreadsheet's first sheet, by the words of its header line."""
    sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    top = next(at for at, line in enumerate(lines) if line[0] == "Place")
    return [dict(zip(lines[top], line, strict=True)) for line in lines[top + 1 :]]  # type: ignore[arg-type]


def pdf_pages(content: bytes) -> list[str]:
    """The words of each page of a PDF."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
