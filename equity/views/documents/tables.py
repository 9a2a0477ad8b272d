"""The one tidy table behind every exported file: a row a figure, each code followed by its words."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Any, Final

import pandas as pd

from equity.registry import measure
from equity.release.figure import FIGURE_COLUMNS, NUMBER_COLUMNS, Figure
from equity.release.load import Release
from equity.views.documents.wording import group_words, status_words
from equity.views.notes import beside, source_titles
from equity.words import say

#: Columns of an export, in order. ``value``, ``low`` and ``high`` are in ``unit``.
COLUMNS: Final = (
    "measure", "measure_name", "area_kind", "area", "area_name", "group", "group_name",
    "period", "first_year", "last_year", "value", "low", "high", "unit", "numerator", "denominator",
    "status", "status_words", "reason", "note", "basis", "basis_words", "method", "interval_method",
    "scheme", "scheme_words", "source", "source_title", "release", "policy",
)  # fmt: skip

#: Columns that hold numbers; all others hold text.
NUMBERS: Final = ("first_year", "last_year", "value", "low", "high", "numerator", "denominator")

#: A spreadsheet program may take text that begins so for a formula: also after blanks, which some cut off,
#: and in the wide signs of Asian keyboards.
_ACTIVE: Final = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")
#: Where a list is separated by semicolons or tabs, text after one is a cell of its own.
_ACTIVE_INSIDE: Final = re.compile(r"([;\t\r\n]\s*)(?=[=@＝＠]|[+\-＋－]\S)")

#: Digits kept of a value: more than any figure has, fewer than a computer's noise.
_DIGITS: Final = 10

Row = dict[str, Any]


def tidy(release: Release, figures: Iterable[Figure] | pd.DataFrame) -> list[Row]:
    """Figures as rows with the keys ``COLUMNS``; numbers are floats, ints or ``None``.

    ``figures`` may be a table with the columns of ``FIGURE_COLUMNS``. A figure that is not visible never
    carries a number, whatever it came with.
    """
    titles: dict[str, str] = {}
    rows = []
    for figure in as_list(figures):
        if figure.source not in titles:
            titles[figure.source] = "; ".join(source_titles(release, [figure]))
        rows.append(_row(release, figure, titles[figure.source]))
    return rows


def as_list(figures: Iterable[Figure] | pd.DataFrame) -> list[Figure]:
    """Figures from a table of figures, or as they are."""
    if not isinstance(figures, pd.DataFrame):
        return list(figures)
    columns = [figures[name].tolist() for name in FIGURE_COLUMNS]
    return [_figure(cells) for cells in zip(*columns, strict=True)]


def refuse_hidden_numbers(figures: Iterable[Figure]) -> None:
    """Stop where a figure that may not be seen still carries a number: no picture or page may draw it.

    Raises ``ValueError``. Releases empty such figures; this is the last door before a file leaves.
    """
    for figure in figures:
        if not figure.visible and any(getattr(figure, name) is not None for name in NUMBER_COLUMNS):
            raise ValueError(f"A hidden figure carries a number: {figure.measure}, {figure.area}.")


def _figure(cells: tuple[Any, ...]) -> Figure:
    known = (None if cell != cell else cell for cell in cells)  # NaN is not equal to itself
    values: dict[str, Any] = dict(zip(FIGURE_COLUMNS, known, strict=True))
    return Figure(**values)


def csv_bytes(release: Release, figures: Iterable[Figure] | pd.DataFrame) -> bytes:
    """The tidy table as CSV (RFC 4180), without comment lines.

    UTF-8 with a byte order mark, without which Excel reads dashes and accents wrongly. A text that
    a spreadsheet program could take for a formula begins with an apostrophe.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in tidy(release, figures):
        writer.writerow([_cell(name, row[name]) for name in COLUMNS])
    return buffer.getvalue().encode("utf-8-sig")


def _cell(column: str, value: Any) -> str:
    if column in NUMBERS:
        return "" if value is None else f"{value:.{_DIGITS}g}"
    return inert(value)


def inert(text: str) -> str:
    """Text that no spreadsheet program takes for a formula, wherever it cuts it into cells."""
    text = _ACTIVE_INSIDE.sub(r"\1'", text)
    return f"'{text}" if _ACTIVE.match(text) else text


def _row(release: Release, figure: Figure, source_title: str) -> Row:
    entry = measure(figure.measure)
    scaled = {name: _scaled(figure, name, entry.scale) for name in ("value", "low", "high")}
    counts = {name: _scaled(figure, name, 1) for name in ("numerator", "denominator")}
    return {
        # a text nobody gave (such as how race was recorded, for all babies) is an empty one
        **{name: getattr(figure, name) or "" for name in FIGURE_COLUMNS if name not in NUMBERS},
        **scaled,
        **counts,
        "first_year": int(figure.first_year),  # a table hands out its own kind of integers
        "last_year": int(figure.last_year),
        "measure_name": entry.name,
        "area_name": release.area_name(figure.area_kind, figure.area),
        "group_name": group_words(figure),
        "period": figure.period,
        "unit": entry.unit,
        "status_words": status_words(figure),
        "note": beside(release, figure),
        "basis_words": "" if figure.status == "missing" else say(f"figure.basis.{figure.basis}"),
        "interval_method": _interval_method(figure),
        "scheme_words": say(f"figure.scheme.{figure.scheme}") if figure.scheme else "",
        "source_title": source_title,
        "release": release.id,
        "policy": release.policy,
    }


def _scaled(figure: Figure, name: str, scale: float) -> float | None:
    value: float | None = getattr(figure, name)
    return None if value is None or not figure.visible else float(f"{value * scale:.{_DIGITS}g}")


def _interval_method(figure: Figure) -> str:
    if figure.low is None or not figure.visible:
        return ""
    if figure.method == "as printed":
        return say("document.interval_as_printed")
    return measure(figure.measure).interval
