"""The brief for funders: one Letter page as a tagged PDF (PDF/UA-1), from the same view as the page."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from equity.release.places_served import PlaceService
from equity.views.charts.curve import follow_sentences
from equity.views.coverage import Coverage, rank_text, with_range
from equity.views.documents.about import release_sentence
from equity.views.documents.legible import legible
from equity.views.documents.style import ACCENT, FONTS, QUIET, RULE
from equity.views.documents.tables import refuse_hidden_numbers
from equity.views.documents.two_way_picture import two_way_svg
from equity.views.format import value_text
from equity.views.notes import source_titles
from equity.words import language, say

_TEMPLATE: Final = Path(__file__).with_name("brief.typ")
ROWS: Final = 10


def brief_pdf(view: Coverage) -> bytes:
    """The brief as PDF bytes; the same view gives the same bytes.

    The template (``brief.typ``) holds the layout and no words or numbers; both come as JSON beside it.
    """
    import typst

    refuse_hidden_numbers(view.figures)
    files: Any = {  # typst takes files by name, which its type stubs do not know
        "main.typ": _template(),
        "data.json": json.dumps(legible(brief_data(view)), ensure_ascii=False, allow_nan=False).encode(),
        "map.svg": legible(two_way_svg(view.map)),
    }
    return typst.compile(
        files, font_paths=[FONTS], ignore_system_fonts=True, format="pdf", pdf_standards=["ua-1"]
    )


def brief_data(view: Coverage) -> dict[str, Any]:
    """Every word and number of the brief."""
    made = dt.datetime.fromisoformat(view.release.created_at)
    level = say(f"map.level.{view.asked.level}")
    return {
        "meta": {
            "title": view.finding,
            "author": say("ui.site.title"),
            "about": say("coverage.brief.about"),
            "lang": language(),
            "kicker": say("coverage.brief.kicker", region=view.region_name, when=view.when),
            "date": {"year": made.year, "month": made.month, "day": made.day},
        },
        "look": {"accent": ACCENT, "quiet": QUIET, "rule": RULE},
        "notice": view.notice,
        "map": {"heading": say("coverage.brief.map"), "alt": view.map.alt, "said": view.map.sentence},
        "table": {
            "heading": say("coverage.brief.table", level=level),
            "columns": _columns(view),
            "rows": [_row(view, place) for place in view.places[:ROWS]],
            "note": say("coverage.brief.table_note", ties=view.ties),
        },
        "follow": {"heading": say("coverage.brief.follow"), "said": _follow(view)},
        "method": {"heading": say("coverage.brief.method"), "said": _method(view)},
        "footer": f"{say('ui.site.title')}. {release_sentence(view.release)}",
        "marked": say("coverage.brief.marked") if view.notice else "",
    }


def _columns(view: Coverage) -> list[str]:
    names = ["place", "rank", "gap", "need", "slots", "per_100", "reached"]
    if view.by_group:
        names = ["place", "rank", "gap_group", "need", "families", "reached"]
    return [say(f"coverage.brief.column.{name}") for name in names]


def _row(view: Coverage, place: PlaceService) -> list[str]:
    start = [place.name, rank_text(place), with_range(place.gap), with_range(place.need)]
    if view.by_group:
        return [*start, value_text(place.caseload), with_range(place.coverage)]
    middle = [value_text(place.slots), with_range(place.slot_coverage)]
    return [*start, *middle, with_range(place.coverage)]


def _follow(view: Coverage) -> str:
    if view.by_group:
        return say("coverage.follow.none_group")
    said = dict.fromkeys(text for found in view.follow for text in follow_sentences(found))
    return " ".join(said) or say("coverage.follow.none", place=view.region_name)


def _method(view: Coverage) -> str:
    sources = say("coverage.brief.sources", sources="; ".join(source_titles(view.release, view.figures)))
    return " ".join(part for part in (view.rule_text, view.scope, view.unserved, sources) if part)


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()
