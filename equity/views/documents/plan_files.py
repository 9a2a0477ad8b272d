"""A plan, and two plans side by side, as CSV and spreadsheet: no formula, no link, every text inert."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
from xlsxwriter import Workbook

from equity.release.planning import Sureness
from equity.views.documents.about import release_rows, release_sentence
from equity.views.documents.frame_csv import frame_csv
from equity.views.documents.spreadsheet import describe, header_row, printable
from equity.views.documents.tables import inert
from equity.views.notes import source_titles, why
from equity.views.plan import PlanView
from equity.views.plan_compare import Comparison
from equity.views.plan_tables import gains_table, groups_table, programs_table
from equity.views.plan_words import short_name
from equity.words import say

Cell = str | float | None
Row = dict[str, Cell]

_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
#: Digits kept of a value.
_DIGITS: Final = 10


def plan_rows(view: PlanView, sure: Sureness | None) -> list[Row]:
    """Every place of the wish with its numbers; places whose need is hidden carry none."""
    found = [_row(view, place, sure) for place in range(len(view.rows))]
    for figure in view.figures:
        if figure.status == "suppressed":
            name = view.release.area_name("zip", figure.area)
            words = {
                say("plan.file.code"): figure.area,
                say("plan.table.place"): name,
                say("table.note"): why(view.release, figure),
                say("about.fact.id"): view.release.id,
            }
            found.append({**dict.fromkeys(found[0] if found else words), **words})
    return found


def _row(view: PlanView, place: int, sure: Sureness | None) -> Row:
    row, question = view.rows[place], view.question
    before, after = row.gap(), row.gap(row.added)
    heading = {key: say(f"plan.table.{key}") for key in ("before", "after", "need")}
    low, high = (
        (lambda name: say("plan.file.low", name=name)),
        (lambda name: say("plan.file.high", name=name)),
    )
    reason = say("figure.reason.no_program") if row.area in question.bare else ""
    return {
        say("plan.file.code"): row.area,
        say("plan.table.place"): row.name,
        say("plan.table.county"): row.county,
        say("plan.table.region"): view.release.area_name("region", row.region),
        say("plan.table.added"): None if view.answer.plan is None else row.added,
        say("plan.table.split"): row.split,
        say("plan.table.now"): row.slots,
        heading["need"]: _digits(row.need.value),
        low(heading["need"]): _digits(row.need.low),
        high(heading["need"]): _digits(row.need.high),
        heading["before"]: _digits(before[0]),
        heading["after"]: _digits(after[0]),
        low(heading["after"]): _digits(after[1]),
        high(heading["after"]): _digits(after[2]),
        say("plan.table.reached"): _digits(row.reached),
        say("plan.file.top"): None if sure is None or not sure.draws else _digits(float(sure.top[place])),
        say("plan.file.basis"): say(f"figure.basis.{row.need.basis}"),
        say("table.note"): reason,
        say("about.fact.id"): view.release.id,
    }


def plan_csv(view: PlanView, sure: Sureness | None) -> bytes:
    """The places of a plan as UTF-8 CSV with a byte order mark, one row each."""
    rows = plan_rows(view, sure)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    if rows:
        writer.writerow(rows[0])
    for row in rows:
        writer.writerow(
            ["" if x is None else inert(x) if isinstance(x, str) else f"{x:g}" for x in row.values()]
        )
    return buffer.getvalue().encode("utf-8-sig")


def plan_xlsx(view: PlanView, sure: Sureness | None, name: str) -> bytes:
    """Places, programs, who gains, and notes, a sheet each."""
    buffer = io.BytesIO()
    with Workbook(buffer, _OPTIONS) as book:
        describe(book, view.release, say("plan.file.title", name=short_name(view.scenario, name)))
        _sheet(book, "places", plan_rows(view, sure))
        _sheet(book, "programs", _texts(programs_table(view)))
        _sheet(book, "gains", _texts(gains_table(view)))
        _notes(book, [short_name(view.scenario, name), *notes(view, sure)])
    return buffer.getvalue()


def compare_csv(found: Comparison) -> bytes:
    """Two plans place by place."""
    return frame_csv(found.places, found.a.release)


def compare_xlsx(found: Comparison) -> bytes:
    """Two plans: in short, place by place, and the notes of each."""
    buffer = io.BytesIO()
    with Workbook(buffer, _OPTIONS) as book:
        describe(book, found.a.release, found.sentence)
        _sheet(book, "compare", _texts(found.summary))
        _sheet(book, "places", _texts(found.places))
        lines = [found.sentence]
        for label, view in zip(found.labels, (found.a, found.b), strict=True):
            lines += [label, *notes(view, None)]
        _notes(book, list(dict.fromkeys(lines)))
    return buffer.getvalue()


def notes(view: PlanView, sure: Sureness | None) -> list[str]:
    """What a file says of its plan: the wish, the answer, how sure, what was left out, from what."""
    sources = "; ".join(source_titles(view.release, [*view.question.need, *view.question.slots]))
    groups = groups_table(view)
    lines = [
        view.notice,
        view.wish,
        say(f"plan.goal_note.{view.scenario.goal}"),
        *view.refused,
        *((view.lead, *view.results) if view.answer.plan is not None else ()),
        view.sure_text(sure) if sure is not None and view.answer.plan is not None else "",
        *("; ".join(f"{name}: {cell}" for name, cell in row.items()) for row in groups.to_dict("records")),
        say("plan.section.groups_note") if len(groups) else "",
        *view.left_out,
        say("plan.method.text"),
        say("plan.section.evidence_lead"),
        say("plan.file.link", code=view.scenario.code),
        say("view.source_line", source=sources),
        release_sentence(view.release),
        *(f"{name}: {text}" for name, text in release_rows(view.release)),
    ]
    return [line for line in lines if line]


def _texts(frame: pd.DataFrame) -> list[Row]:
    rows: list[dict[Any, Any]] = frame.to_dict("records")
    return [{str(name): str(cell) for name, cell in row.items()} for row in rows]


def _sheet(book: Workbook, name: str, rows: Sequence[Row]) -> None:
    sheet = book.add_worksheet(say(f"plan.file.{name}"))
    headings = list(rows[0]) if rows else [say("table.note")]
    header_row(book, sheet, 0, [inert(heading) for heading in headings], [_width(h, rows) for h in headings])
    sheet.set_row(0, 48)
    text = book.add_format({"text_wrap": True, "valign": "top"})
    count = book.add_format({"num_format": "#,##0.##", "valign": "top"})
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row.values()):
            if isinstance(value, str):
                sheet.write_string(number, column, inert(value), text)
            elif value is not None:
                sheet.write_number(number, column, value, count)
    sheet.freeze_panes(1, 1)
    printable(sheet, 0)


def _notes(book: Workbook, lines: Sequence[str]) -> None:
    sheet = book.add_worksheet(say("plan.file.notes"))
    sheet.set_column(0, 0, 110)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, inert(line), wrapped)
    printable(sheet, None)


def _width(heading: str, rows: Sequence[Row]) -> int:
    longest = max((len(str(row[heading] or "")) for row in rows), default=0)
    return min(max(12, longest + 2), 50)


def _digits(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")
