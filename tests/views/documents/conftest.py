"""A small release made by hand: real published figures, and every kind of figure a file must tell apart."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from equity.release.figure import Figure
from equity.release.load import Release
from equity.release.tables import as_figures
from equity.views.profile import Profile, build_profile

NOW, BEFORE = (2017, 2023), (2010, 2016)
CITY, DUNKLIN = ("county", "29510"), ("county", "29069")
MISSOURI, NATION, ST_LOUIS = ("state", "29"), ("nation", "us"), ("region", "stl")
#: ZIP codes by what becomes of their infant mortality.
PLAIN, UNSTABLE, HIDDEN, UNREPORTED, ZERO = "63106", "63107", "63108", "63109", "63863"

SINGLE, BRIDGED = "nchs_single_nh", "nchs_bridged_nh"
CHR = "chr-2026-v129"

Numbers = tuple[float | None, ...]


def row(
    measure: str,
    place: tuple[str, str],
    period: tuple[int, int],
    numbers: Numbers,
    group: str = "all",
    **more: str,
) -> dict[str, Any]:
    """One figure; ``numbers`` are value, low, high, numerator, denominator as far as they are known."""
    names = ("value", "low", "high", "numerator", "denominator")
    known = dict(zip(names, numbers, strict=False))
    texts = {"status": "shown", "basis": "reported", "method": "as printed", "source": CHR, **more}
    return {
        "measure": measure, "area_kind": place[0], "area": place[1], "group": group,
        "first_year": period[0], "last_year": period[1], **known, **texts,
    }  # fmt: skip


def printed() -> list[dict[str, Any]]:
    """Infant mortality as County Health Rankings print it, and the ratio and difference that follow."""
    rate = "infant_mortality"
    return [
        row(rate, CITY, NOW, (9.047021705, 7.897616327, 10.196427084, 238, 26307)),
        row(rate, CITY, NOW, (13.904982619, 11.873606843, 15.936358394, 180, 12945), "black", scheme=SINGLE),
        row(rate, CITY, NOW, (4.771784232, 3.493545789, 6.364891464, 46, 9640), "white", scheme=SINGLE),
        row(rate, CITY, BEFORE, (9.616276553, 8.5, 10.7, 311, 32341), source="chr-2018"),
        row(rate, CITY, BEFORE, (14.692264955, 12.825643, 16.558887, 238, 16199), "black", scheme=BRIDGED,
            source="chr-2018"),
        row(rate, CITY, BEFORE, (4.072537268, 3.05061, 5.326979, 53, 13014), "white", scheme=BRIDGED,
            source="chr-2018"),
        row("infant_mortality_ratio", CITY, NOW, (2.914, 2.101, 4.117, 13.904982619, 4.771784232),
            method="exact", scheme=SINGLE),
        row("infant_mortality_difference", CITY, NOW, (9.133, 6.635, 11.625, 13.904982619, 4.771784232),
            method="score", scheme=SINGLE),
        row("births", CITY, NOW, (26307, None, None, 26307), method="count"),
        row("low_birthweight", CITY, NOW, (0.126450337, 0.12243252704, 0.1304681463, 3324, 26287),
            source="chr-2025-v037"),
        row("preterm", CITY, NOW, (0.129992, None, None, 3411, 26240), source="cdc-wonder"),
        row(rate, DUNKLIN, BEFORE, (9.6649484536, 6.5, 13.8, 30, 3104), source="chr-2018"),
        row(rate, DUNKLIN, (2013, 2019), (7.560137457, 4.737897895, 11.446138965, 22, 2910),
            source="chr-2021"),
        *(withheld(rate, DUNKLIN, NOW, group) for group in ("all", "black", "white")),
        *(withheld(rate, DUNKLIN, BEFORE, group) for group in ("black", "white")),
        withheld("neonatal_mortality", DUNKLIN, NOW, "all"),
        row(rate, MISSOURI, NOW, (6.055433469, 5.838271538, 6.272595401, 2987, 493276)),
        row(rate, NATION, NOW, (5.587615522, 5.55884724, 5.616383804, 144923, 25936466)),
        row(rate, ST_LOUIS, NOW, (6.79429, 6.28787, 7.30070, 691, 101703), method="publisher"),
        row("low_birthweight", MISSOURI, NOW, (0.088302, 0.0875099, 0.0890941, 43526, 492922),
            source="chr-2025-v037"),
    ]  # fmt: skip


def withheld(measure: str, place: tuple[str, str], period: tuple[int, int], group: str) -> dict[str, Any]:
    texts = {"status": "suppressed", "reason": "withheld_by_publisher", "method": ""}
    return row(measure, place, period, (), group, **texts)


def around() -> list[dict[str, Any]]:
    """What surrounds families, as the Census Bureau prints it."""
    saipe, teen = (2023, 2023), (2017, 2023)
    return [
        row("child_poverty", CITY, saipe, (0.271, 0.18997872, 0.35202128), source="chr-2025-v024"),
        row("child_poverty", DUNKLIN, saipe, (0.291, 0.19329787, 0.38870213), source="chr-2025-v024"),
        row("child_poverty", MISSOURI, saipe, (0.153, 0.14704255, 0.15895745), source="chr-2025-v024"),
        row("child_poverty", NATION, saipe, (0.16, 0.159, 0.161), source="chr-2025-v024"),
        row("teen_births", CITY, teen, (27.3261, 25.9157, 28.73656), source="chr-2025-v014"),
        row("teen_births", DUNKLIN, teen, (45.856185, 40.67569, 51.03667), source="chr-2025-v014"),
        row("uninsured", CITY, (2022, 2022), (0.0956793, 0.0837644, 0.1075942), source="chr-2025-v085"),
    ]


def made_up() -> list[dict[str, Any]]:
    """Demonstration figures: service, and what no publisher prints by ZIP code."""
    demo = {"basis": "demonstration", "source": "demo-vital", "method": "publisher"}
    service = {"basis": "demonstration", "source": "demo-service", "method": "count"}
    rate, year = "infant_mortality", (2023, 2023)
    rows = [
        row(rate, ("zip", PLAIN), NOW, (16.5, 10.9, 24.0, 27, 1636), **demo),
        row(rate, ("zip", UNSTABLE), NOW, (12.2, 6.5, 20.9, 13, 1066), **demo, status="unstable",
            reason="under_20_deaths"),
        row(rate, ("zip", HIDDEN), NOW, (), **demo, status="suppressed", reason="few_deaths"),
        row("infant_deaths", ("zip", HIDDEN), NOW, (), **demo, status="suppressed", reason="small_count"),
        row(rate, ("zip", ZERO), NOW, (0.0, 0.0, 9.6, 0, 384), **demo),
        row("neonatal_mortality", CITY, NOW, (5.9, 5.0, 6.9, 155, 26307), **demo),
        row("postneonatal_mortality", CITY, NOW, (3.2, 2.5, 3.9, 83, 26307), **demo),
        row("births", DUNKLIN, NOW, (2621, None, None, 2621), **demo),
        row("preterm", DUNKLIN, NOW, (0.121, 0.109, 0.134, 317, 2621), **demo),
        row("low_birthweight", DUNKLIN, NOW, (0.098, 0.087, 0.110, 257, 2621), **demo),
    ]  # fmt: skip
    for place, (need, slots, enrolled) in {CITY: (1611.0, 640, 557), DUNKLIN: (214.0, 240, 171)}.items():
        rows += [
            row("need", place, year, (need, need * 0.94, need * 1.06, 3758), **service),
            row("slots", place, year, (slots,), **service),
            row("caseload", place, year, (enrolled, None, None, enrolled), **service),
            row("saturation", place, year, (enrolled / slots, None, None, enrolled), **service),
            row("coverage", place, year, (enrolled / need, 0.32, 0.37, enrolled, need), **service),
            row(
                "service_gap",
                place,
                year,
                (need - slots, 0.94 * need - slots, 1.06 * need - slots),
                **service,
            ),
        ]
    return rows


def places() -> pd.DataFrame:
    rows = [
        ("county", "29510", "St. Louis City", "stl"), ("county", "29189", "St. Louis County", "stl"),
        ("county", "29069", "Dunklin County", "bootheel"), ("region", "stl", "St. Louis", ""),
        ("region", "bootheel", "Bootheel", ""), ("state", "29", "Missouri", ""),
        ("nation", "us", "United States", ""),
        *(("zip", code, f"{code} St. Louis", "stl") for code in (PLAIN, UNSTABLE, HIDDEN, UNREPORTED)),
        ("zip", ZERO, "63863 Malden", "bootheel"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["kind", "geoid", "name", "region"])


def sources() -> pd.DataFrame:
    rows = [
        (CHR, "County Health Rankings & Roadmaps", "Infant mortality, Missouri", "2026 release", "reported"),
        ("chr-2018", "County Health Rankings & Roadmaps", "Analytic data", "2018 release", "reported"),
        ("chr-2021", "County Health Rankings & Roadmaps", "Analytic data", "2021 release", "reported"),
        ("chr-2025-v014", "County Health Rankings & Roadmaps", "Teen births", "2025 release", "reported"),
        ("chr-2025-v024", "County Health Rankings & Roadmaps", "Child poverty", "2025 release", "reported"),
        ("chr-2025-v037", "County Health Rankings & Roadmaps", "Low birthweight", "2025 release", "reported"),
        ("chr-2025-v085", "County Health Rankings & Roadmaps", "Uninsured", "2025 release", "reported"),
        ("cdc-wonder", "National Center for Health Statistics", "Natality on CDC WONDER", "2024", "reported"),
        ("demo-vital", "This dashboard", "Demonstration births and deaths", "seed 1", "demonstration"),
        ("demo-service", "This dashboard", "Demonstration home visiting", "seed 1", "demonstration"),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["id", "publisher", "title", "vintage", "basis"])
    table["url"] = "https://example.org/" + table["id"]
    return table.assign(licence="figures only, with the publisher named", note="")


def square(geoid: str, west: float, south: float, size: float) -> dict[str, Any]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    centre = [west + size / 2, south + size / 2]
    return {
        "type": "Feature",
        "id": geoid,
        "properties": {"geoid": geoid, "name": geoid, "label_point": centre},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def layers() -> dict[str, dict[str, Any]]:
    shapes = {
        "zip": [
            square(PLAIN, -90.30, 38.60, 0.05), square(UNSTABLE, -90.25, 38.60, 0.05),
            square(HIDDEN, -90.30, 38.65, 0.05), square(UNREPORTED, -90.25, 38.65, 0.05),
            square(ZERO, -90.00, 36.50, 0.2),
        ],
        "county": [
            square("29510", -90.30, 38.60, 0.1), square("29189", -90.40, 38.60, 0.1),
            square("29069", -90.10, 36.20, 0.6),
        ],
    }  # fmt: skip
    return {kind: {"type": "FeatureCollection", "features": shape} for kind, shape in shapes.items()}


def make_release(figures: pd.DataFrame, areas: pd.DataFrame | None = None) -> Release:
    """A release of these figures, indexed as loading one from the store would."""
    parts = [("zip", code, "county", "29510", 1.0) for code in (PLAIN, UNSTABLE, HIDDEN, UNREPORTED)]
    columns = ["whole_kind", "whole", "part_kind", "part", "weight"]
    return Release(
        id="0123456789abcdef",
        policy="public",
        parent=None,
        created_at="2026-02-03T04:05:06",
        manifest={
            "blocks": [list(BEFORE), list(NOW)],
            "rules": {
                "hidden_counts": [1, 9],
                "deaths_for_a_rate": 10,
                "widest_relative_interval_percent": 160.0,
                "marked_below_deaths": 20,
                "zero_shown": True,
            },
            "boundaries": "squares made for a test",
            "figures": {"reported/shown": 30, "reported/suppressed": 5, "demonstration/shown": 20},
        },
        figures=figures,
        tables={
            "areas": places() if areas is None else areas,
            "sources": sources(),
            "parts": pd.DataFrame([*parts, ("zip", ZERO, "county", "29069", 1.0)], columns=columns),
        },
        layers=layers(),
    )


@pytest.fixture(scope="session")
def release() -> Release:
    table = as_figures(pd.DataFrame([*printed(), *around(), *made_up()]))
    return make_release(table.fillna({"scheme": "", "reason": ""}))


@pytest.fixture(scope="session")
def city(release: Release) -> Profile:
    return build_profile(release, *CITY, NOW)


@pytest.fixture(scope="session")
def dunklin(release: Release) -> Profile:
    return build_profile(release, *DUNKLIN, NOW)


@pytest.fixture(scope="session")
def one_zip(release: Release) -> Profile:
    return build_profile(release, "zip", UNSTABLE, NOW)


@pytest.fixture(scope="session")
def zip_rates(release: Release) -> list[Figure]:
    codes = (PLAIN, UNSTABLE, HIDDEN, UNREPORTED, ZERO)
    return [release.figure("infant_mortality", "zip", code, "all", NOW) for code in codes]
