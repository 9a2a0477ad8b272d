"""What is asked of a cell, by what its column holds: a test, what belongs there, what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from equity.intake.schemas import cells
from equity.intake.schemas.column import Column, Holds
from equity.intake.schemas.quarters import quarter_of
from equity.intake.sheet import plain

LONGEST_NAME: Final = 120
LONGEST_TEXT: Final = 500


@dataclass(frozen=True, slots=True)
class Rule:
    """``holds(column, text)`` is true where a cell is right; ``expected`` and ``mend`` are of the column.

    Rules but ``filled`` are not asked of empty cells.
    """

    key: str
    holds: Callable[[Column, str], bool]
    expected: Callable[[Column], str]
    mend: Callable[[Column], str]


def rules_of(column: Column) -> tuple[Rule, ...]:
    """The rules of a column, in the order in which they are told; a cell is told of one."""
    filled = (_FILLED,) if column.needed == "always" else ()
    bounded = (_BOUNDS,) if column.low is not None or column.high is not None else ()
    listed = (_CHOICE,) if column.closed else ()
    return (*filled, *_BY_CONTENT[column.holds], *bounded, *listed)


def _within(column: Column, text: str) -> bool:
    value = cells.number(text)
    if value is None:  # told by another rule
        return True
    return (column.low is None or value >= column.low) and (column.high is None or value <= column.high)


def _write(column: Column) -> str:
    return column.write


def _example(column: Column) -> str:
    return f"Write it as {column.example}."


_FILLED: Final = Rule(
    "filled", lambda _, text: bool(text), lambda column: column.title.lower(), lambda column: column.write
)
_BOUNDS: Final = Rule("bounds", _within, lambda column: f"a number {column.allowed()}", _write)
_CHOICE: Final = Rule(
    "choice",
    lambda column, text: plain(text) in map(plain, column.choices),
    lambda column: f"one of {column.allowed()}",
    lambda _: "Choose one of these.",
)
_NO_CONTROL: Final = Rule(
    "control",
    lambda _, text: not cells.has_control(text),
    lambda _: "text without unseen control characters",
    lambda _: "Type the text again by hand.",
)
_INERT: Final = Rule(
    "formula",
    lambda _, text: not cells.is_active(text),
    lambda _: "text that does not begin with =, +, - or @",
    lambda _: "Take away the first sign: a spreadsheet program would run the cell as a formula.",
)
_NO_ANGLES: Final = Rule(
    "angles",
    lambda _, text: not cells.has_markup(text, angles=True),
    lambda _: "a name without < and >",
    lambda _: "Write the name alone.",
)
_NO_TAGS: Final = Rule(
    "tags",
    lambda _, text: not cells.has_markup(text, angles=False),
    lambda _: "text without the code of a web page",
    lambda _: "Write plain words.",
)


def _short(most: int) -> Rule:
    return Rule(
        "long",
        lambda _, text: len(text) <= most,
        lambda _: f"at most {most} characters",
        lambda _: "Shorten it.",
    )


_NAME: Final = (_NO_CONTROL, _INERT, _NO_ANGLES, _short(LONGEST_NAME))
_BY_CONTENT: Final[dict[Holds, tuple[Rule, ...]]] = {
    "name": _NAME,
    "county": _NAME,
    "area": _NAME,
    "text": (_NO_CONTROL, _INERT, _NO_TAGS, _short(LONGEST_TEXT)),
    "zip": (
        Rule(
            "zip",
            lambda _, text: (
                cells.is_all(text)
                or plain(text) in cells.UNKNOWN_PLACE
                or bool(cells.ZIP_SHAPE.fullmatch(text))
            ),
            lambda _: "one ZIP code of five digits",
            lambda _: (
                "Give every ZIP code a row of its own; leave the cell empty for the program's own total."
            ),
        ),
    ),
    "zips": (
        Rule(
            "zips",
            lambda _, text: all(cells.ZIP_SHAPE.fullmatch(part) for part in cells.split_zips(text)),
            lambda _: "ZIP codes of five digits, with commas between them",
            lambda _: "List every ZIP code; a range is not understood.",
        ),
    ),
    "quarter": (
        Rule(
            "quarter",
            lambda _, text: bool(quarter_of(text)),
            lambda _: "a calendar quarter such as 2023Q1",
            lambda _: (
                "Write the year and the quarter; turn quarters of a fiscal year into calendar quarters."
            ),
        ),
    ),
    "period": (_NO_CONTROL, _INERT, _NO_ANGLES, _short(LONGEST_NAME)),
    "group": (
        Rule(
            "group",
            lambda _, text: bool(cells.group_of(text)),
            lambda column: f"one of {column.allowed()}",
            lambda _: "Choose one of these; leave the cell empty for all families together.",
        ),
    ),
    "whole": (
        Rule(
            "whole",
            lambda _, text: cells.whole(text) is not None,
            lambda _: "a whole number, 0 or more",
            lambda _: "Write digits only; where nothing is known leave the cell empty.",
        ),
    ),
    "count": (
        Rule(
            "count",
            lambda _, text: cells.whole(text) is not None or cells.is_hidden(text),
            lambda _: "a whole number, 0 or more, or a mark such as * or <10 where it is hidden",
            lambda _: "Write digits only.",
        ),
    ),
    "number": (
        Rule(
            "number",
            lambda _, text: cells.number(text) is not None,
            lambda _: "a number with a point for decimals",
            _example,
        ),
    ),
    "percent": (
        Rule(
            "percent",
            lambda _, text: bool(cells.percents(text)),
            lambda _: "a percent",
            _example,
        ),
    ),
}
