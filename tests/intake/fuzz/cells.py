"""Ways of spoiling the cells of a table: hostile texts, other numbers, headings and rows out of place.

Each takes rows and a source of chance and gives new rows; the rows it was given stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

Rows = list[list[str]]
Spoil = Callable[[Rows, Random], Rows]

#: Texts nobody would want to run, follow, open or see drawn.
HOSTILE: Final = (
    "=cmd|'/C calc'!A0", "@SUM(1+1)*cmd|'/C calc'!A0", "+1+1", "-1+1", "=1+1",
    '=HYPERLINK("http://x.invalid","y")', '=WEBSERVICE("http://x.invalid/")',
    "=IMPORTXML(\"http://x.invalid\",\"//a\")", "\t=1+1", "'=1", "<script>alert(1)</script>",
    '<img src="http://x.invalid/a.png" onerror=alert(1)>', "<b>12</b>", "&lt;b&gt;",
    "![x](http://x.invalid/a.png)", "[x](javascript:alert(1))", "$\\frac{1}{0}$", ":material/bolt:",
    "../../etc/passwd", "..\\..\\x", "\\\\server\\share\\x", "C:\\x\\y.csv", "file:///etc/passwd",
    "/dev/zero", "{{7*7}}", "${HOME}", "%s%n", "'; DROP TABLE area; --", '" OR 1=1', "\x7f", "\x85",
    "\u2028", "\u202e12", "\u200b", "\ufeff", "\ufffe", "\uffff", "_x0000_", "_x0008_", "\x00", "\x08",
    "\x1b[2J", "e\u0301" * 20, "\U0001f476", "A" * 9_999, "A" * 40_000, '"' * 7, "a\nb\nc", "\r",
    "-" * 300,
)  # fmt: skip
#: Numbers as people, programs and enemies write them.
NUMBERS: Final = (
    "-1", "-0", "0", "1e308", "1e309", "1E3", "9" * 9, "9" * 12, "9" * 30, "2147483648", "NaN", "nan",
    "Infinity", "-inf", "1,234", "1.234,5", "1 234", "1\u00a0234", "1'234", "12,34", "1,2345", "12.5",
    "12.0", "12.", ".5", "1/2", "0x1F", "0b1", "１２", "١٢", "²", "½", "Ⅻ", "〇", "twelve", "about 12", "12?",
    "12*", "~12", "12 - 14", "<5", "≤9", "*", "Suppressed", "Unreliable", "Not Applicable", "1_000",
    "00012", "+12", "(12)", "12%", "$12", "#REF!", "#DIV/0!", "TRUE", "2023-01-05", "1-Feb", "",
)  # fmt: skip


def any_cell(rows: Rows, chance: Random) -> Rows:
    """A hostile text in a cell, or around what stood there."""
    row, column = _cell(rows, chance)
    text = chance.choice(HOSTILE)
    return _put(rows, row, column, chance.choice((text, text + rows[row][column], rows[row][column] + text)))


def number(rows: Rows, chance: Random) -> Rows:
    """Another number, or what is none, in a cell that holds one."""
    row, column = _cell(rows, chance, lambda text: text.replace(",", "").replace(".", "").isdecimal())
    return _put(rows, row, column, chance.choice(NUMBERS))


def digit(rows: Rows, chance: Random) -> Rows:
    """One digit of a number changed: what the file then says is what must be read."""
    row, column = _cell(rows, chance, str.isdecimal)
    text = rows[row][column]
    if not text:
        return rows
    at = chance.randrange(len(text))
    return _put(rows, row, column, text[:at] + chance.choice("0123456789") + text[at + 1 :])


def heading(rows: Rows, chance: Random) -> Rows:
    """A heading renamed, doubled, emptied, exchanged with its neighbour, or spoilt."""
    row = _heading_row(rows)
    column = chance.randrange(len(rows[row]))
    other = chance.randrange(len(rows[row]))
    texts = (
        rows[row][other],
        "",
        rows[row][column] + " (new)",
        "Births",
        "Deaths",
        "Total",
        chance.choice(HOSTILE),
    )
    return _put(rows, row, column, chance.choice(texts))


def exchange_headings(rows: Rows, chance: Random) -> Rows:
    """Two headings exchanged, their columns left where they are."""
    row = _heading_row(rows)
    one, other = (chance.randrange(len(rows[row])) for _ in range(2))
    return _put(_put(rows, row, one, rows[row][other]), row, other, rows[row][one])


def no_heading(rows: Rows, chance: Random) -> Rows:
    """The row of headings gone, or down among the data."""
    row = _heading_row(rows)
    rest = [*rows[:row], *rows[row + 1 :]]
    if chance.random() < 0.5:
        rest.insert(chance.randrange(len(rest) + 1), list(rows[row]))
    return rest


def merged(rows: Rows, chance: Random) -> Rows:
    """Cells as merging leaves them: the text in the first, the others empty, down or across."""
    row, column = _cell(rows, chance)
    made = [list(cells) for cells in rows]
    for step in range(1, chance.randrange(2, 6)):
        if chance.random() < 0.5 and row + step < len(made) and column < len(made[row + step]):
            made[row + step][column] = ""
        elif column + step < len(made[row]):
            made[row][column + step] = ""
    return made


def repeat(rows: Rows, chance: Random) -> Rows:
    """A row or a run of rows that stands twice."""
    at, size = chance.randrange(len(rows)), chance.choice((1, 1, 2, 10, 200))
    to = chance.randrange(len(rows) + 1)
    return [*rows[:to], *[list(row) for row in rows[at : at + size]], *rows[to:]]


def drop(rows: Rows, chance: Random) -> Rows:
    """A row or a run of rows gone: the headings, data or the lines below."""
    at, size = chance.randrange(len(rows)), chance.choice((1, 1, 2, 10, 200))
    return [*rows[:at], *rows[at + size :]]


def shift(rows: Rows, chance: Random) -> Rows:
    """A row whose cells moved to the right or the left."""
    at = chance.randrange(len(rows))
    moved = ["", *rows[at]] if chance.random() < 0.5 else rows[at][1:]
    return [*rows[:at], moved, *rows[at + 1 :]]


def swap(rows: Rows, chance: Random) -> Rows:
    """Two rows exchanged, headings and the lines below among them."""
    made = list(rows)
    one, other = chance.randrange(len(rows)), chance.randrange(len(rows))
    made[one], made[other] = made[other], made[one]
    return made


def wide(rows: Rows, chance: Random) -> Rows:
    """A row of very many cells."""
    at = chance.randrange(len(rows))
    return [*rows[:at], [*rows[at], *["7"] * chance.choice((50, 1_400, 1_600, 20_000))], *rows[at + 1 :]]


def total_row(rows: Rows, chance: Random) -> Rows:
    """A row that says it is a total."""
    row = list(rows[chance.randrange(len(rows))])
    if row:
        row[0 if chance.random() < 0.7 else -1] = chance.choice(
            ("Total", "Grand total", "Sum", "All", "TOTAL:")
        )
    at = chance.randrange(len(rows) + 1)
    return [*rows[:at], row, *rows[at:]]


SPOILS: Final[tuple[Spoil, ...]] = (
    any_cell, number, number, digit, digit, heading, exchange_headings, no_heading, merged, repeat, drop,
    shift, swap, wide, total_row,
)  # fmt: skip


def _heading_row(rows: Rows) -> int:
    return max(range(min(len(rows), 4)), key=lambda at: sum(map(bool, rows[at]))) if len(rows) > 0 else 0


def _cell(rows: Rows, chance: Random, wanted: Callable[[str], bool] = bool) -> tuple[int, int]:
    """A cell with such a text, if one is soon found."""
    row = column = 0
    for _ in range(30):
        row = chance.randrange(len(rows))
        if rows[row]:
            column = chance.randrange(len(rows[row]))
            if wanted(rows[row][column]):
                break
    return row, min(column, max(len(rows[row]) - 1, 0))


def _put(rows: Rows, row: int, column: int, text: str) -> Rows:
    made = [list(cells) for cells in rows]
    made[row].extend([""] * (column + 1 - len(made[row])))
    made[row][column] = text
    return made
