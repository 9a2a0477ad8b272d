"""The files each page offers: named by what they hold and by their release, made on the click."""

from __future__ import annotations

from functools import partial

from equity.release.planning import Drawing, Sureness
from equity.ui.show import XLSX, Download
from equity.views.coverage import Coverage
from equity.views.documents.brief import brief_pdf
from equity.views.documents.coverage_sheets import coverage_geojson, coverage_xlsx
from equity.views.documents.geo_files import map_geojson
from equity.views.documents.map_picture import map_png
from equity.views.documents.plan_files import compare_csv, compare_xlsx, plan_csv, plan_xlsx
from equity.views.documents.profile_pack import FORMATS, pack_name, profile_name, profile_pack
from equity.views.documents.tables import csv_bytes
from equity.views.place_map import PlaceMap
from equity.views.plan import PlanView
from equity.views.plan_compare import Comparison
from equity.views.profile import Profile
from equity.words import say

CSV = "text/csv"


def map_files(view: PlaceMap, name: str) -> list[Download]:
    """Figures, places with figures, and a picture of a map."""
    figures, release = list(view.figures), view.release
    return [
        Download(say("map.download_csv"), f"{name}.csv", CSV, lambda: csv_bytes(release, figures)),
        Download(
            say("map.download_geojson"),
            f"{name}.geojson",
            "application/geo+json",
            lambda: map_geojson(release, view.level, figures),
        ),
        Download(say("map.download_png"), f"{name}.png", "image/png", lambda: map_png(view)),
    ]


def profile_files(profile: Profile, code: str) -> list[Download]:
    """The profile to print, as a spreadsheet and as plain figures; and every county's in one archive."""
    kinds = {"pdf": "application/pdf", "xlsx": XLSX, "csv": CSV}
    files = [
        Download(
            say(f"profile.download_{ending}"),
            f"{profile_name(profile, code)}.{ending}",
            kinds[ending],
            partial(make, profile),
        )
        for ending, make in FORMATS.items()
    ]
    release, period = profile.release, profile.period
    pack = pack_name(release, period)
    return [
        *files,
        Download(
            say("profile.download_pack"), pack, "application/zip", lambda: profile_pack(release, period)
        ),
    ]


def coverage_files(view: Coverage) -> list[Download]:
    """The brief of one page, places and programs as a spreadsheet, figures, and places with figures."""
    asked, release = view.asked, view.release
    codes = (asked.level, asked.region, asked.need, asked.rule, asked.group, asked.quarter)
    filters = (code for code in (asked.funder, asked.model, asked.agency) if code != "all")
    name = "-".join(("coverage", *(code for code in codes if code not in ("", "all")), *filters, release.id))
    return [
        Download(say("coverage.download.pdf"), f"{name}.pdf", "application/pdf", lambda: brief_pdf(view)),
        Download(say("coverage.download.xlsx"), f"{name}.xlsx", XLSX, lambda: coverage_xlsx(view)),
        Download(say("coverage.download.csv"), f"{name}.csv", CSV, lambda: csv_bytes(release, view.figures)),
        Download(
            say("coverage.download.geojson"),
            f"{name}.geojson",
            "application/geo+json",
            lambda: coverage_geojson(view),
        ),
    ]


def plan_files(view: PlanView, drawing: Drawing, name: str, found: Comparison | None) -> list[Download]:
    """A plan, place by place and as a spreadsheet; and the comparison with another where there is one."""
    release, title = view.release, f"plan-{view.scenario.code}-{view.release.id}"
    files = [
        Download(say("plan.download.csv"), f"{title}.csv", CSV, lambda: plan_csv(view, _finished(drawing))),
        Download(
            say("plan.download.xlsx"),
            f"{title}.xlsx",
            XLSX,
            lambda: plan_xlsx(view, _finished(drawing), name),
        ),
    ]
    if found is None:
        return files
    both = f"plans-{view.scenario.code}-{found.b.scenario.code}-{release.id}"
    return [
        *files,
        Download(say("plan.download.compare_csv"), f"{both}.csv", CSV, lambda: compare_csv(found)),
        Download(say("plan.download.compare_xlsx"), f"{both}.xlsx", XLSX, lambda: compare_xlsx(found)),
    ]


def _finished(drawing: Drawing) -> Sureness | None:
    """What all draws say; nothing while some are still to be made."""
    return drawing.sure if drawing.finished else None
