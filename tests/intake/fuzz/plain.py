"""The figures of a reading, and the same figures read from the rows by other and plainer means.

The plain reading knows only files whose headings stand as the publisher or the template writes them. It
returns ``None`` where they do not, or where a cell it needs is no plain number: then nothing can be said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

from equity.intake.findings import Reading

#: What a figure is of, and its number, or numbers.
Figures = dict[tuple[str, ...], Any]
_GRAMS: Final = "Infant Birth Weight 12"


def figures_of(reading: Reading) -> Figures:
    """Every figure a reading would put into the store."""
    found: Figures = {}
    for name, table in reading.tables.items():
        for row in table.astype(object).where(table.notna(), None).to_dict("records"):
            numbers = tuple(_number(row[column]) for column in _NUMBERS[name] if column in row)
            key = tuple(str(value) for column, value in row.items() if column not in _NUMBERS[name])
            assert (name, *key) not in found, f"{name} holds {key} twice"
            found[name, *key] = numbers
    return found


_NUMBERS: Final = {
    "vital_count": ("count",),
    "published_estimate": ("value", "low", "high", "numerator", "denominator"),
    "context": ("value", "low", "high"),
    "agency": ("latitude", "longitude"),
    "program": ("cost_per_slot",),
    "service_area": (),
    "capacity": ("slots", "home_visitor_fte"),
    "enrollment": ("new", "continuing", "exits"),
}


def totals(figures: Figures, kind: str) -> Figures:
    """The figures that the plain reading makes too, under its keys."""
    return _TOTALS[kind](figures)


def plain(kind: str, rows: list[list[str]]) -> Figures | None:
    """The totals of the rows, read again; ``None`` where this reader does not understand them."""
    try:
        return _PLAIN[kind](rows)
    except (ValueError, IndexError, KeyError, StopIteration):
        return None


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _whole(text: str) -> int:
    digits = text.strip().replace(",", "")
    if not (digits.isascii() and digits.isdecimal()):
        raise ValueError(text)
    return int(digits)


def _start(rows: list[list[str]], *names: str) -> tuple[int, dict[str, int]]:
    """The first row below the headings, and where each of them stands, once."""
    at = next(at for at, row in enumerate(rows) if all(row.count(name) == 1 for name in names))
    return at + 1, {name: rows[at].index(name) for name in names}


def _wonder(rows: list[list[str]]) -> Figures:
    by_county = any("County of Residence Code" in row for row in rows)
    place = "County of Residence Code" if by_county else "Race"
    start, at = _start(rows, "Notes", place, "Year Code", "Births")
    found: Figures = defaultdict(int)
    for row in rows[start:]:
        if row and row[0] == "---":
            break
        if not any(row) or row[at["Notes"]] == "Total":
            continue
        where, year = row[at[place]], row[at["Year Code"]]
        if not year.isdecimal():
            raise ValueError(year)
        if by_county and where in ("29510", "29189"):
            found[where, year, "all"] += _whole(row[at["Births"]])
        elif not by_county:
            group = (
                "black" if where.startswith("Black") else "white" if where.startswith("White") else "other"
            )
            found["us", year, group] += _whole(row[at["Births"]])
    return dict(found)


def _wonder_totals(figures: Figures) -> Figures:
    found: Figures = {}
    for key, (number,) in figures.items():
        _, _, area, first, last, group, _, event, *_ = key
        if event == "births" and first == last:
            found[area, first, group] = number
    return found


def _rankings(rows: list[list[str]]) -> Figures:
    """Infant deaths, births and rate of files of one measure; the value of gathered releases."""
    if any("v129_rawvalue" in row for row in rows):
        names = ("v129_rawvalue", "v129_numerator", "v129_denominator")
    else:
        raise KeyError("only the file of all groups is read again")
    start, at = _start(rows, "statecode", "countycode", *names)
    found: Figures = {}
    for row in rows[start:]:
        code = row[at["statecode"]] + row[at["countycode"]]
        place = {"00000": "us", "29000": "29"}.get(code, code if code in _COUNTIES else "")
        if place and row[at[names[0]]]:
            if (place,) in found:
                raise ValueError("a place that stands twice")
            found[(place,)] = tuple(float(row[at[name]]) for name in names)
    return found


_COUNTIES: Final = ("29510", "29189", "29069", "29133", "29143", "29155", "29201", "29207")


def _rankings_totals(figures: Figures) -> Figures:
    return {(key[2],): (n[0], n[3], n[4]) for key, n in figures.items()
            if key[0] == "published_estimate" and key[5] == "all" and n[0] is not None}  # fmt: skip


def _vital(rows: list[list[str]]) -> Figures:
    ours = ("ZIP code", "Year", "Race", "Births", "Infant deaths")
    template = ("Area", "Year or years", "Race or ethnicity", "Births", "Infant deaths")
    names = ours if any("ZIP code" in row for row in rows) else template
    start, at = _start(rows, *names)
    found: Figures = {}
    for row in rows[start:]:
        if not any(row):
            continue
        area, years, race, *counts = (row[at[name]] for name in names)
        area = "29510" if area == "St. Louis City" else area
        for event, text in zip(("births", "infant_deaths"), counts, strict=True):
            if text == "*":
                continue
            key = (
                area,
                years.replace("–", "-"),
                "".join(filter(str.isalpha, race.casefold())) or "all",
                event,
            )
            if key in found:
                raise ValueError("a row that stands twice")
            found[key] = _whole(text)
    return found


def _vital_totals(figures: Figures) -> Figures:
    found: Figures = {}
    for key, numbers in figures.items():
        if key[0] == "vital_count":
            _, _, area, first, last, group, _, event, *_ = key
            years = first if first == last else f"{first}-{last}"
            if event in ("births", "infant_deaths"):
                found[area, years, group, event] = numbers[0]
    return found


def _context(rows: list[list[str]]) -> Figures:
    start, at = _start(rows, "zip", "population", "median_household_income", "data_year")
    found: Figures = {}
    for row in rows[start:]:
        place = row[at["zip"]]
        for name, measure in (("population", "population"), ("median_household_income", "median_income")):
            if row[at[name]]:
                if (place, measure) in found:
                    raise ValueError("a place that stands twice")
                found[place, measure] = float(row[at[name]])
    return found


def _context_totals(figures: Figures) -> Figures:
    return {(key[2], key[6]): numbers[0] for key, numbers in figures.items()
            if key[0] == "context" and key[6] in ("population", "median_income")}  # fmt: skip


def _quarterly(rows: list[list[str]]) -> Figures:
    names = ("Program", "Quarter", "ZIP code", "Race or ethnicity", "New households", "Continuing households",
             "Maximum service capacity")  # fmt: skip
    start, at = _start(rows, *names)
    found: Figures = defaultdict(int)
    for row in rows[start:]:
        _, quarter, place, group, new, continuing, slots = (row[at[name]] for name in names)
        if not place:
            found["slots", quarter] += _whole(slots)
        elif place != "unknown":
            found[quarter, place, group.casefold() or "all", "new"] += _whole(new)
            found[quarter, place, group.casefold() or "all", "continuing"] += _whole(continuing)
    return dict(found)


def _quarterly_totals(figures: Figures) -> Figures:
    found: Figures = defaultdict(int)
    for key, numbers in figures.items():
        if key[0] == "capacity":
            found["slots", key[2]] += numbers[0]
        elif key[0] == "enrollment":
            _, _, place, group, quarter = key
            found[quarter, place, group, "new"] += numbers[0]
            found[quarter, place, group, "continuing"] += numbers[1]
    return dict(found)


def _roster(rows: list[list[str]]) -> Figures:
    start, at = _start(rows, "Program", "Slots", "Quarter", "Cost per slot")
    found: Figures = {}
    for row in rows[start:]:
        if ("slots", row[at["Program"]]) in found:
            raise ValueError("a program that stands twice")
        found["slots", row[at["Program"]]] = _whole(row[at["Slots"]])
        found["cost", row[at["Program"]]] = float(row[at["Cost per slot"]])
    return found


def _roster_totals(figures: Figures) -> Figures:
    names = {key[1]: key[3] for key in figures if key[0] == "program"}
    found: Figures = {}
    for key, numbers in figures.items():
        if key[0] == "program":
            found["cost", key[3]] = numbers[0]
        elif key[0] == "capacity":
            found["slots", names[key[1]]] = numbers[0]
    return found


_PLAIN: Final[dict[str, Callable[[list[list[str]]], Figures]]] = {
    "wonder": _wonder,
    "rankings": _rankings,
    "vital_extract": _vital,
    "context": _context,
    "quarterly": _quarterly,
    "roster": _roster,
}
_TOTALS: Final[dict[str, Callable[[Figures], Figures]]] = {
    "wonder": _wonder_totals,
    "rankings": _rankings_totals,
    "vital_extract": _vital_totals,
    "context": _context_totals,
    "quarterly": _quarterly_totals,
    "roster": _roster_totals,
}
