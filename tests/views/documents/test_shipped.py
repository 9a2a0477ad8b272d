"""Documents of the release that ships: published figures stand in every file, withheld ones in none."""

from __future__ import annotations

import csv
import io
import json
import re

import pandas as pd
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from equity.config import ROOT
from equity.release.load import Release
from equity.views.documents.geo_files import map_geojson, map_png
from equity.views.documents.pdf import profile_pdf
from equity.views.documents.spreadsheet import HEADER_ROW, profile_xlsx
from equity.views.documents.tables import csv_bytes
from equity.views.place_map import build_map
from equity.views.profile import Profile, build_profile
from tests.views.documents.conftest import NOW

#: What was last printed for the counties whose rate of 2017-2023 is withheld (County Health Rankings).
WITHHELD = {
    "29069": ("7.6", "2013–2019"),
    "29133": None,
    "29143": ("12.0", "2006–2012"),
    "29155": ("15.5", "2013–2019"),
    "29207": ("8.2", "2002–2008"),
}
#: Deaths and births of 2017-2023 as printed (County Health Rankings, release 2026).
PRINTED = [
    ("county", "29510", "all", 238, 26307), ("county", "29510", "black", 180, 12945),
    ("county", "29510", "white", 46, 9640), ("county", "29189", "all", 453, 75396),
    ("county", "29189", "black", 274, 24593), ("county", "29189", "white", 134, 40075),
    ("county", "29201", "all", 22, 3361), ("state", "29", "all", 2987, 493276),
    ("state", "29", "black", 845, 68878), ("state", "29", "white", 1766, 359299),
]  # fmt: skip
NUMBERS = ("value", "low", "high", "numerator", "denominator")


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet_rows(content: bytes) -> list[dict[str, object]]:
    sheet = load_workbook(io.BytesIO(content))["Figures"]
    lines = list(sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True))
    return [dict(zip(map(str, lines[0]), line, strict=True)) for line in lines[1:]]


def pdf_text(profile: Profile) -> str:
    pages = PdfReader(io.BytesIO(profile_pdf(profile))).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


@pytest.mark.parametrize(("kind", "area", "group", "deaths", "births"), PRINTED)
def test_printed_figures_stand_in_the_csv(
    shipped: Release, kind: str, area: str, group: str, deaths: int, births: int
) -> None:
    figure = shipped.figure("infant_mortality", kind, area, group, NOW)
    (row,) = csv_rows(csv_bytes(shipped, [figure]))
    assert (row["numerator"], row["denominator"]) == (str(deaths), str(births))
    assert float(row["value"]) == pytest.approx(1000 * deaths / births, abs=1e-6)
    if deaths >= 100:  # the source's own rule; below, its interval is exact
        reach = 1.96 / deaths**0.5
        assert float(row["low"]) == pytest.approx(1000 * deaths / births * (1 - reach), abs=1e-3)
        assert float(row["high"]) == pytest.approx(1000 * deaths / births * (1 + reach), abs=1e-3)


def test_the_city_of_2011_to_2015_keeps_its_printed_ratio(shipped: Release) -> None:
    profile = build_profile(shipped, "county", "29510", NOW)
    rows = csv_rows(csv_bytes(shipped, profile.figures()))
    found = {(row["measure"], row["group"]): row for row in rows if row["period"] == "2011-2015"}
    assert found["infant_mortality", "all"]["numerator"] == "232"
    assert float(found["infant_mortality_ratio", "all"]["value"]) == pytest.approx(3.041, abs=0.001)
    text = pdf_text(profile)
    assert "2011–2015" in text
    assert "3.04" in text


@pytest.mark.parametrize("county", WITHHELD)
def test_a_withheld_county_says_so_in_every_file(shipped: Release, county: str) -> None:
    profile = build_profile(shipped, "county", county, NOW)
    last = WITHHELD[county]
    told = f"Last printed: {last[0]} deaths per 1,000 births" if last else "has not printed it in any period"
    view = build_map(shipped, "infant_mortality", "county", "bootheel", NOW)
    features = json.loads(map_geojson(shipped, "county", view.figures))["features"]
    shape = next(feature["properties"] for feature in features if feature["id"] == county)
    rows = [row for row in csv_rows(csv_bytes(shipped, profile.figures())) if row["area"] == county]
    cells = [row for row in sheet_rows(profile_xlsx(profile)) if row["area"] == county]
    assert all(shape[name] is None for name in NUMBERS)
    for found in (
        shape,
        next(row for row in rows if row["measure"] == "infant_mortality"),
        next(row for row in cells if row["measure"] == "infant_mortality"),
    ):
        assert found["status"] == "suppressed"
        assert found["basis"] == "reported"
        note = str(found.get("note") or found.get("Note"))
        assert "fewer than 20 deaths in 2017–2023" in note
        assert told in note
        assert last is None or last[1] in note
    text = pdf_text(profile)
    assert "withheld" in text
    assert told in text


@pytest.mark.parametrize("county", WITHHELD)
def test_no_made_up_number_stands_in_a_withheld_cell(shipped: Release, county: str) -> None:
    rows = csv_rows(csv_bytes(shipped, shipped.figures[shipped.figures["area"].eq(county)]))
    deaths = ("infant_mortality", "infant_deaths", "neonatal_mortality", "postneonatal_mortality")
    inside = [row for row in rows if row["measure"] in deaths and int(row["first_year"]) >= NOW[0]]
    assert inside
    assert all(row[name] == "" for row in inside for name in NUMBERS)
    assert not any(row["basis"] == "demonstration" for row in inside)


def test_a_hidden_zip_code_gives_its_count_away_in_no_file(shipped: Release) -> None:
    counts = pd.read_csv(ROOT / "data" / "demo" / "vital_zip.csv.gz", dtype={"area": "str"})
    block = counts[counts["first_year"].between(*NOW) & counts["event"].isin(["infant_deaths", "births"])]
    totals = block.groupby(["area", "event"])["count"].sum().unstack()
    hidden = shipped.select("infant_mortality", "zip", first_year=NOW[0], status="suppressed")["area"]
    small = totals[totals.index.isin(hidden) & totals["infant_deaths"].between(3, 9)]
    area, deaths, births = (
        str(small.index[0]),
        int(small.iloc[0]["infant_deaths"]),
        int(small.iloc[0]["births"]),
    )
    rate = f"{1000 * deaths / births:.4f}"
    profile = build_profile(shipped, "zip", area, NOW)
    files = [csv_bytes(shipped, profile.figures()), map_geojson(shipped, "zip", profile.figures())]
    assert not any(rate.encode() in content for content in files)
    assert f"{deaths} of {births:,}" not in pdf_text(profile)
    row = next(row for row in sheet_rows(profile_xlsx(profile)) if row["measure"] == "infant_mortality")
    assert [row[name] for name in ("Value", "Likely from", "Likely to", "Top number", "Bottom number")] == [
        None
    ] * 5


@pytest.mark.parametrize(
    ("kind", "area"),
    [("county", "29510"), ("county", "29189"), ("county", "29201"), ("region", "stl"),
     ("region", "bootheel"), ("zip", "63106"), ("zip", "63863"), ("zip_group", "city-03")],
)  # fmt: skip
def test_every_kind_of_place_has_a_profile_of_two_to_four_pages(
    shipped: Release, kind: str, area: str
) -> None:
    profile = build_profile(shipped, kind, area, NOW)
    found = PdfReader(io.BytesIO(profile_pdf(profile)))
    assert 2 <= len(found.pages) <= 4
    assert profile.name in found.pages[0].extract_text()


@pytest.mark.parametrize("level", ["zip", "zip_group", "county"])
def test_maps_of_every_level_are_drawn(shipped: Release, level: str) -> None:
    view = build_map(shipped, "births", level, "both", NOW)
    assert map_png(view).startswith(b"\x89PNG")
    features = json.loads(map_geojson(shipped, level, view.figures))["features"]
    assert all(feature["geometry"] for feature in features)
    assert {feature["id"] for feature in features} == {figure.area for figure in view.figures}
