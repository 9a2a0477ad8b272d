"""What must hold between the rows of a quarterly report, and what is worth a second look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Final

from equity.intake.findings import quoted
from equity.intake.formats.households import COUNTS, Line, added
from equity.intake.formats.identity import Identity
from equity.intake.formats.service_rows import Rows
from equity.intake.schemas import cells
from equity.intake.schemas.quarters import before

#: A program and a quarter.
Key = tuple[str, str]
#: Percent of capacity above which a caseload is asked about.
MOST_FILLED: Final = 110
#: Points by which a capacity percentage may differ from the one worked out.
ROUNDING: Final = 1.0
#: Percent of households of unknown race above which figures by race are in doubt.
MOST_UNKNOWN: Final = 5
#: Rows that a sum is made of are named up to so many.
ROWS_NAMED: Final = 8
#: A change is asked about from so many households on, and above so many times the middle size of changes.
LEAST_JUMP: Final = 10
TIMES: Final = 3
#: Fewer other changes than this do not show what is usual; then a share of the last caseload decides.
LEAST_CHANGES: Final = 3
JUMP_SHARE: Final = 0.25


def by_program_and_quarter(lines: Iterable[Line]) -> dict[Key, list[Line]]:
    """Lines of the same program and quarter together, in the order of the file."""
    together: dict[Key, list[Line]] = defaultdict(list)
    for line in lines:
        together[line.program_id, line.quarter].append(line)
    return dict(together)


def refuse_repeated(rows: Rows, lines: list[Line]) -> list[Line]:
    """Refuse rows that count again what an earlier one counts; several kinds of *other* are no repeats."""
    seen: dict[tuple[str, ...], Line] = {}
    kept = []
    for line in lines:
        group = line.group_written if line.group == "other" else line.group
        # by the code as written: a PO-box ZIP code and the area it lies in are two rows
        key = (line.program_id, line.quarter, line.place, line.written, group)
        first = seen.setdefault(key, line)
        if first is line:
            kept.append(line)
        else:
            row = rows.row(first.label)
            rows.say(
                "error",
                line.label,
                "zip",
                f"the row repeats row {row}: same program, quarter, place and group",
                "one row for each",
                "Remove one of the two, or add them up.",
            )
    return kept


def place_counts(lines: list[Line], column: str) -> dict[str, int | None]:
    """The count of every place but the total: its row for all, or else the sum of its groups."""
    return {place: whole_of(own, column) for place, own in _by_place(lines).items()}


def whole_of(lines: list[Line], column: str) -> int | None:
    """The count of one place: its row for all, or else the sum of its groups."""
    return added(line.count(column) for line in _counted(lines))


def _by_place(lines: list[Line]) -> dict[str, list[Line]]:
    together: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.place != "total":
            together[line.written].append(line)
    return together


def _counted(lines: list[Line]) -> list[Line]:
    """The rows of one place that make up its count."""
    return [line for line in lines if line.group == "all"] or lines


def total_line(lines: list[Line]) -> Line | None:
    """The program's own row, for all families."""
    return next((line for line in lines if line.place == "total" and line.group == "all"), None)


def check_sums(rows: Rows, lines: list[Line]) -> None:
    """Groups must add up to their place, and places to the program's own row."""
    places: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        places[line.written].append(line)
    for own in places.values():
        every = [line for line in own if line.group == "all"]
        groups = [line for line in own if line.group != "all"]
        if every and groups:
            parts = {column: added(line.count(column) for line in groups) for column in COUNTS}
            _compare(
                rows, every[0], parts, {column: every[0].count(column) for column in COUNTS}, groups, "groups"
            )
    totals = places.get("", [])
    if totals and len(places) > 1:
        parts = {column: added(place_counts(lines, column).values()) for column in COUNTS}
        whole = {column: whole_of(totals, column) for column in COUNTS}
        inside = [line for own in _by_place(lines).values() for line in _counted(own)]
        _compare(rows, total_line(lines) or totals[0], parts, whole, inside, "ZIP codes")
        _check_groups(rows, totals, [line for line in lines if line.place != "total"])


def _check_groups(rows: Rows, totals: list[Line], parts: list[Line]) -> None:
    """Where every ZIP code is told by group, each group must add up to the program's own row of it."""
    if any(line.group == "all" for line in parts):
        return
    for group in dict.fromkeys(line.group for line in totals if line.group != "all"):
        own = [line for line in totals if line.group == group]
        inside = [line for line in parts if line.group == group]
        sums = {column: added(line.count(column) for line in inside) if inside else 0 for column in COUNTS}
        whole = {column: added(line.count(column) for line in own) for column in COUNTS}
        _compare(rows, own[0], sums, whole, inside, f"ZIP codes for the group {group}")


def _compare(
    rows: Rows,
    line: Line,
    parts: Mapping[str, int | None],
    whole: Mapping[str, int | None],
    inside: list[Line],
    of: str,
) -> None:
    """Tell of every count that is not the sum of its parts; of a caseload not where its parts are told of.

    ``inside`` are the rows that were added up, ``of`` says what of the row's they are.
    """
    told = False
    for column in COUNTS:
        own, added_up = whole[column], parts[column]
        if own is None or added_up is None or own == added_up or (told and column == "current_caseload"):
            continue
        told = True
        summed = f"{added_up:,}, the sum of its {of} ({_rows_named(rows, inside)})"
        mend = (
            "Correct the row or its parts; households of unknown place stand in a row with the word unknown."
        )
        rows.say("error", line.label, column, quoted(f"{own:,}"), summed, mend)


def _rows_named(rows: Rows, lines: list[Line]) -> str:
    """The rows of lines as a spreadsheet counts them: ``rows 3, 4 and 5``; of many the first."""
    numbers = [str(rows.row(line.label)) for line in lines]
    if not numbers:
        return "no row"
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    if len(numbers) > ROWS_NAMED:
        return f"rows {', '.join(numbers[:ROWS_NAMED])} and {len(numbers) - ROWS_NAMED} more"
    return f"rows {', '.join(numbers[:-1])} and {numbers[-1]}"


def check_capacity(rows: Rows, line: Line) -> None:
    """The capacity percentage is caseload over capacity; a caseload far above capacity is asked about."""
    capacity = cells.whole(rows.cells[line.label]["maximum_service_capacity"])
    written = rows.cells[line.label]["capacity_percentage"]
    if not capacity or line.caseload is None:
        if capacity == 0 and line.caseload:
            _too_many(rows, line, capacity)
        return
    share = 100 * line.caseload / capacity
    meant = cells.percents(written)
    if meant and all(abs(percent - share) > ROUNDING for percent in meant):
        rows.say("error", line.label, "capacity_percentage", quoted(written),
                 f"{share:.1f}, for {line.caseload} households of {capacity} places",
                 "Correct it or leave it empty: it is worked out here.")  # fmt: skip
    if share > MOST_FILLED:
        _too_many(rows, line, capacity)


def _too_many(rows: Rows, line: Line, capacity: int) -> None:
    rows.say("warning", line.label, "current_caseload",
             f"{line.caseload} households, {capacity} places",
             f"no more than {MOST_FILLED} percent of the maximum service capacity",
             "Check both; where they are right say why.")  # fmt: skip


def check_unknown_race(rows: Rows, lines: list[Line]) -> None:
    """Ask about a large share of households of unknown race, of the rows that give groups."""
    own = [line for line in lines if line.place == "total" and line.group != "all"]
    groups = own or [line for line in lines if line.place != "total" and line.group != "all"]
    everyone = sum(line.caseload or 0 for line in groups)
    unknown = [line for line in groups if line.group == "unknown"]
    count = sum(line.caseload or 0 for line in unknown)
    if unknown and 100 * count > MOST_UNKNOWN * everyone:
        rows.say(
            "warning",
            unknown[0].label,
            "group",
            f"{count} of {everyone} households are of unknown race ({100 * count / everyone:.0f} percent)",
            f"no more than {MOST_UNKNOWN} percent",
            "Figures by race leave them out; ask for what is missing.",
        )


@dataclass(frozen=True, slots=True)
class Caseload:
    """The households of a program in a quarter, those of known ZIP codes among them, and a row's label."""

    count: int
    placed: int
    label: int


def check_jumps(
    rows: Rows,
    caseloads: Mapping[Key, Caseload],
    earlier: Mapping[Key, int],
    meant: dict[int, Identity],
) -> None:
    """Ask about caseloads that changed far more from the quarter before than is usual.

    ``caseloads`` are of this file; ``earlier`` those the store has, of known ZIP codes alone, where the file
    does not tell of the same quarter. A change is usual up to three times the median size of the other
    changes: what large programs gain and lose all the time is no news, and one wild quarter among the
    others does not make the next look tame.
    """
    pairs = {key: pair for key in {**earlier, **caseloads} if (pair := _pair(key, caseloads, earlier))}
    changes = {key: now - last for key, (now, last) in pairs.items()}
    for key, caseload in caseloads.items():
        if key not in changes or abs(changes[key]) < LEAST_JUMP:
            continue
        now, last = pairs[key]
        rule = _broken_rule(key, changes, last)
        if rule:
            program, quarter = key
            stored = "" if (program, before(quarter)) in caseloads else ", as accepted from an earlier file"
            rows.say(
                "warning",
                caseload.label,
                "current_caseload",
                f"{quoted(meant[caseload.label].program)} has {now} households in {quarter} "
                f"after {last} in {before(quarter)}{stored}",
                rule,
                "Check both quarters; where they are right say why.",
            )


def _pair(key: Key, caseloads: Mapping[Key, Caseload], earlier: Mapping[Key, int]) -> tuple[int, int] | None:
    """Households of a quarter and the one before, both counted alike; ``None`` where one is not known."""
    last = (key[0], before(key[1]))
    if key in caseloads and last in caseloads:
        return caseloads[key].count, caseloads[last].count
    now, then = (caseloads[one].placed if one in caseloads else earlier.get(one) for one in (key, last))
    return None if now is None or then is None else (now, then)


def _broken_rule(key: Key, changes: Mapping[Key, int], last: int) -> str:
    """The rule a change breaks, in words; ``''`` where it breaks none."""
    change = changes[key]
    own = [value for other, value in changes.items() if other != key and other[0] == key[0]]
    others = [value for other, value in changes.items() if other != key]
    usual = own if len(own) >= LEAST_CHANGES else others
    if len(usual) < LEAST_CHANGES:
        if abs(change) <= JUMP_SHARE * last:
            return ""
        return (
            f"a change of less than {LEAST_JUMP} households or at most {JUMP_SHARE:.0%} of the quarter before"
        )
    middle = median(abs(value) for value in usual)
    if abs(change) <= TIMES * middle:
        return ""
    whose = "this program" if usual is own else "all programs"
    return (
        f"a change of less than {LEAST_JUMP} households, or of at most {TIMES} times {middle:g}, "
        f"which is the middle size of the other changes of {whose}"
    )
