"""Coverage as files: places and programs as a spreadsheet, places as shapes with their figures."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from equity.registry import measure
from equity.release.figure import Figure
from equity.release.places_served import PlaceService
from equity.views.bivariate import EMPHASIS
from equity.views.coverage import Coverage
from equity.views.documents.about import release_rows, release_sentence
from equity.views.documents.map_picture import features
from equity.views.documents.spreadsheet import describe, header_row, printable
from equity.views.documents.tables import inert, refuse_hidden_numbers
from equity.views.documents.wording import status_words
from equity.views.notes import source_titles, why
from equity.views.programs import Program, marks_text, use_text
from equity.views.selecting import ALL_REGIONS
from equity.words import say

Cell = str | float | None

#: Digits kept of a value.
_DIGITS: Final = 10


def coverage_xlsx(view: Coverage) -> bytes:
    """Places, programs and notes, a sheet each. No cell holds a formula or a link."""
    refuse_hidden_numbers(view.figures)
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, options) as book:
        describe(book, view.release, view.finding)
        _sheet(book, "places", [_place_row(view, place) for place in view.places])
        _sheet(book, "programs", [_program_row(program) for program in view.programs])
        _notes(book, view)
    return buffer.getvalue()


def coverage_geojson(view: Coverage) -> bytes:
    """One feature a place, with all its figures, its ranks and its step on the map (RFC 7946)."""
    refuse_hidden_numbers(view.figures)
    shapes = {s["properties"]["geoid"]: s["geometry"] for s in features(view.release, view.asked.level)}
    document = {
        "type": "FeatureCollection",
        "release": release_sentence(view.release),
        "boundaries": str(view.release.manifest["boundaries"]),
        "notice": view.notice,
        "need": view.rule_text,
        "slots": view.scope,
        "features": [
            {
                "type": "Feature",
                "id": place.area,
                "geometry": shapes.get(place.area),
                "properties": _properties(view, place),
            }
            for place in view.places
        ],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _properties(view: Coverage, place: PlaceService) -> dict[str, Cell | bool]:
    first, last = place.ranks or (None, None)
    found: dict[str, Cell | bool] = {
        "area": place.area,
        "name": place.name,
        "region": place.region,
        "rank_from": first,
        "rank_to": last,
        "much_need_little_service": view.map.mark(place) == EMPHASIS,
        "slots_split_by": view.asked.rule,
    }
    for figure in _shown(view, place):
        found |= {
            figure.measure: _scaled(figure, figure.value),
            f"{figure.measure}_low": _scaled(figure, figure.low),
            f"{figure.measure}_high": _scaled(figure, figure.high),
            f"{figure.measure}_status": figure.status,
            f"{figure.measure}_basis": figure.basis,
            f"{figure.measure}_note": why(view.release, figure),
        }
    return found


def _shown(view: Coverage, place: PlaceService) -> list[Figure]:
    """The figures of a place in the order of the page."""
    if view.by_group:
        return [place.gap, place.need, place.caseload, place.coverage]
    return [place.gap, place.need, place.slots, place.slot_coverage, place.caseload, place.coverage]


def _scaled(figure: Figure, value: float | None) -> float | None:
    if value is None or not figure.visible:
        return None
    return float(f"{value * measure(figure.measure).scale:.{_DIGITS}g}")


def _place_row(view: Coverage, place: PlaceService) -> dict[str, Cell]:
    first, last = place.ranks or (None, None)
    row: dict[str, Cell] = {
        say("coverage.xlsx.place"): place.name,
        say("coverage.xlsx.rank_first"): first,
        say("coverage.xlsx.rank_last"): last,
    }
    for figure in _shown(view, place):
        entry = measure(figure.measure)
        row[f"{entry.name} ({entry.unit})"] = _scaled(figure, figure.value)
        if figure.measure not in ("slots", "caseload"):
            row[say("coverage.xlsx.low", name=entry.name)] = _scaled(figure, figure.low)
            row[say("coverage.xlsx.high", name=entry.name)] = _scaled(figure, figure.high)
        row[say("coverage.xlsx.status", name=entry.name)] = status_words(figure)
    emphasised = view.map.mark(place) == EMPHASIS
    row |= {
        say("coverage.xlsx.emphasis"): say(f"coverage.xlsx.{'yes' if emphasised else 'no'}"),
        say("coverage.xlsx.basis"): say(f"figure.basis.{place.gap.basis}"),
        say("table.note"): " ".join(dict.fromkeys(why(view.release, f) for f in _shown(view, place))).strip(),
        say("coverage.xlsx.region"): view.release.area_name("region", place.region),
        say("coverage.xlsx.code"): place.area,
    }
    return row


def _program_row(program: Program) -> dict[str, Cell]:
    return {
        say("coverage.column.program"): program.name,
        say("coverage.column.agency"): program.agency,
        say("coverage.column.model"): program.model,
        say("coverage.column.funder"): program.funder,
        say("coverage.column.slots"): program.slots,
        say("coverage.column.families"): program.caseload,
        say("coverage.column.use"): use_text(program),
        say("coverage.xlsx.cost"): program.cost,
        say("coverage.column.marks"): marks_text(program),
        say("table.basis"): say(f"figure.basis.{program.basis}"),
        say("coverage.xlsx.program_code"): program.id,
    }


def _sheet(book: Workbook, name: str, rows: Sequence[dict[str, Cell]]) -> None:
    sheet = book.add_worksheet(say(f"coverage.sheet.{name}"))
    headings = list(rows[0]) if rows else [say("table.note")]
    header_row(book, sheet, 0, headings, [_width(heading, rows) for heading in headings])
    sheet.set_row(0, 48)
    text = book.add_format({"text_wrap": True, "valign": "top"})
    count = book.add_format({"num_format": "#,##0.##", "valign": "top"})
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row.values()):
            _write(sheet, (number, column), value, text, count)
    sheet.freeze_panes(1, 1)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(headings) - 1)
    printable(sheet, 0)


def _write(sheet: Worksheet, cell: tuple[int, int], value: Cell, text: Format, count: Format) -> None:
    if value is None:
        sheet.write_blank(*cell, None, text)
    elif isinstance(value, str):
        sheet.write_string(*cell, inert(value), text)
    else:
        sheet.write_number(*cell, value, count)


def _width(heading: str, rows: Sequence[dict[str, Cell]]) -> int:
    longest = max((len(str(row[heading] or "")) for row in rows), default=0)
    return min(max(12, longest + 2), 50)


def _notes(book: Workbook, view: Coverage) -> None:
    sheet = book.add_worksheet(say("coverage.sheet.notes"))
    sheet.set_column(0, 0, 110)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for number, line in enumerate(notes(view)):
        sheet.write_string(number, 0, inert(line), wrapped)
    printable(sheet, None)


def notes(view: Coverage) -> list[str]:
    """What a file of this view says of itself: what was asked, by which rules, from which release."""
    region = (
        view.region_name
        if view.asked.region == ALL_REGIONS
        else view.release.area_name("region", view.asked.region)
    )
    level = say(f"coverage.levels.{view.asked.level}")
    sources = "; ".join(source_titles(view.release, view.figures))
    lines = [
        view.finding,
        view.notice,
        say("coverage.notes.region", level=level, region=region),
        say("coverage.notes.need", name=view.need.name, rule=view.rule_text),
        say("coverage.notes.scope", scope=view.scope),
        view.ties,
        view.unserved,
        say("coverage.notes.ranks"),
        say("coverage.notes.hidden"),
        say("view.source_line", source=sources),
        release_sentence(view.release),
    ]
    lines += [f"{name}: {text}" for name, text in release_rows(view.release)]
    return [line for line in lines if line]
