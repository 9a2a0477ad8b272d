"""The files each page offers: named by what they hold and by their release, made on the click."""

from __future__ import annotations

from equity.ui.show import Download
from equity.views.documents.geo_files import map_geojson
from equity.views.documents.map_picture import map_png
from equity.views.documents.pdf import profile_pdf
from equity.views.documents.spreadsheet import profile_xlsx
from equity.views.documents.tables import csv_bytes
from equity.views.place_map import PlaceMap
from equity.views.profile import Profile
from equity.words import say

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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


def profile_files(profile: Profile, name: str) -> list[Download]:
    """The profile to print, as a spreadsheet and as plain figures."""
    return [
        Download(say("profile.download_pdf"), f"{name}.pdf", "application/pdf", lambda: profile_pdf(profile)),
        Download(say("profile.download_xlsx"), f"{name}.xlsx", XLSX, lambda: profile_xlsx(profile)),
        Download(
            say("profile.download_csv"),
            f"{name}.csv",
            CSV,
            lambda: csv_bytes(profile.release, profile.figures()),
        ),
    ]
