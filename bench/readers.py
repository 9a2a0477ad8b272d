"""Every reader of files handed in, on a large file of its format, against pandas on the same file.

pandas reads with ``read_csv``, ``read_excel`` or ``read_fwf`` and sums by place: no cell is checked, nothing
is said of it, and codes are told to be text beforehand. Both sides come to the same totals and take turns;
each is also run once in a process of its own for its memory.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from bench.plain import records as plain_records
from bench.record_files import nation_2015
from bench.row import Row
from bench.subject import Subject, opened
from bench.timing import in_turns, median
from equity.config import ROOT
from equity.intake.csvfile import read_csv
from equity.intake.formats import read_upload
from equity.intake.geography import BOUNDARIES
from equity.intake.known import Known, load_known
from equity.intake.records.read import aggregate_records
from equity.intake.schemas import SCHEMAS
from equity.intake.upload import open_path

#: Rows of a file, about; a share of the nation's year of records.
ROWS: Final = 50_000
SHARE: Final = 20
TIMES: Final = 3
GROUPS: Final = ("All", "Black", "White", "Hispanic", "Other", "Unknown")
#: Runs one side and prints the most memory its process ever held, in MB (10^6 bytes).
_PEAK: Final = """
import sys
from pathlib import Path
from bench.readers import CASES, alone
alone(CASES[sys.argv[1]], Path(sys.argv[2]), sys.argv[3])
status = Path("/proc/self/status").read_text().splitlines()
print(next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024 / 1e6)
"""
Line = list[Any]
#: A total of a file by place, or by program.
Totals = dict[str, int]


@dataclass(frozen=True)
class Case:
    """A format: how a file of it is made, which total is compared, and how pandas comes to it."""

    name: str
    suffix: str
    make: Callable[[Path, int], int]
    ours: Callable[[Path, Known], Totals]
    plain: Callable[[Path], Totals]


def readers(subject: Subject) -> list[Row]:
    """Seconds and peak memory of every reader."""
    known = load_known(subject.engine)
    rows = []
    with tempfile.TemporaryDirectory(prefix="equity-bench-") as folder:
        for case in CASES.values():
            path = Path(folder) / f"file{case.suffix}"
            count = case.make(path, SHARE if case.suffix == "" else ROWS)
            check(case, path, known)
            times, others = in_turns(
                lambda: case.ours(path, known),  # noqa: B023 - run before the next turn
                lambda: case.plain(path),  # noqa: B023
                TIMES,
                case.name,
                warm_up=False,
            )
            rates = {
                "runs": TIMES,
                "rows": count,
                "rows_per_second": round(count / median(times)),
                "plain_rows_per_second": round(count / median(others)),
            }
            rows.append(Row(f"reader: {case.name}", median(times), median(others), "s", detail=rates))
            held, other = (peak(case, path, subject.home, plain) for plain in (False, True))
            rows.append(Row(f"memory: {case.name}", held, other, "MB", detail={"rows": count}))
            path.unlink()
    return rows


def check(case: Case, path: Path, known: Known) -> None:
    """Both sides come to the same totals of every place, or there is nothing to compare."""
    ours, plain = case.ours(path, known), case.plain(path)
    both = ours.keys() & plain.keys()
    unlike = [(place, ours[place], plain[place]) for place in sorted(both) if ours[place] != plain[place]]
    if unlike or not both:
        raise RuntimeError(f"{case.name}: {unlike[:3] or 'no place on both sides'} (place, ours, plain).")


def peak(case: Case, path: Path, home: Path, plain: bool) -> float:
    """The most memory that a process held which read the file, in MB."""
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, case.name, str(path), "" if plain else str(home)],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return float(done.stdout)


def alone(case: Case, path: Path, home: str) -> None:
    """One side in a process of its own: ours with the store in ``home``, the plain one where it is ``''``."""
    if not home:
        case.plain(path)
        return
    with opened(Path(home)) as subject:
        case.ours(path, load_known(subject.engine))


def _write(path: Path, lines: Iterator[Line], separator: str = ",") -> int:
    """Write the lines; returns how many stand below the heading."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        number = -1
        for number, line in enumerate(lines):  # noqa: B007 - the last number is wanted
            writer.writerow(line)
    return number


def _tables(path: Path, known: Known) -> dict[str, pd.DataFrame]:
    """What is read of a file that can be accepted, opened and recognised first."""
    reading = read_upload(open_path(path), known)
    if not reading.acceptable:
        raise RuntimeError(f"{path.name} is refused: {reading.of('error')[0].sentence()}")
    return reading.tables


# ---- CDC WONDER ------------------------------------------------------------------------------------------
_WEIGHTS: Final = ("499 grams or less", *(f"{at} - {at + 499} grams" for at in range(500, 5_000, 500)),
                   "5000 - 8165 grams", "Unknown or Not Stated")  # fmt: skip
_WONDER: Final = ("Notes", "County of Residence", "County of Residence Code", "Year", "Year Code",
                  "Infant Birth Weight 12", "Infant Birth Weight 12 Code", "Births")  # fmt: skip


def _wonder_lines(count: int) -> Iterator[Line]:
    yield list(_WONDER)
    years = range(2016, 2025)
    for place in range(count // (len(years) * len(_WEIGHTS))):
        code = ("29510", "29189")[place] if place < 2 else f"{1_001 + 2 * place:05d}"
        label = ("St. Louis city, MO", "St. Louis County, MO")[place] if place < 2 else f"Place {place}, OH"
        for year in years:
            for at, weight in enumerate(_WEIGHTS, 1):
                yield ["", label, code, year, year, weight, f"{at:02d}", 10 + (place * at + year) % 997]


def _wonder(path: Path, count: int) -> int:
    written = _write(path, _wonder_lines(count), "\t")
    with path.open("a", encoding="utf-8") as file:
        file.write('"---"\n"Dataset: Natality, 2016-2024 expanded"\n"Show Suppressed: True"\n"---"\n')
    return written


def _wonder_book(path: Path, count: int) -> int:
    from xlsxwriter import Workbook

    with Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        at = 0
        for at, line in enumerate(_wonder_lines(count)):
            sheet.write_row(at, 0, line)
    return at


def _births(path: Path, known: Known) -> Totals:
    table = _tables(path, known)["vital_count"]
    return _ints(table[table["event"].eq("births") & table["group"].eq("all")].groupby("area")["count"].sum())


def _plain_wonder(path: Path) -> Totals:
    if path.suffix == ".xlsx":
        table = pd.read_excel(path, dtype={"County of Residence Code": "str"})
    else:
        table = pd.read_csv(path, sep="\t", dtype={"County of Residence Code": "str"})
        table = table[table["Births"].notna()]
    return _ints(table.groupby("County of Residence Code")["Births"].sum())


# ---- County Health Rankings ------------------------------------------------------------------------------
_OWN: Final = ("29510", "29189", "29201")


def _rankings(path: Path, count: int) -> int:
    def lines() -> Iterator[Line]:
        parts = ("denominator", "numerator", "rawvalue", "cilow", "cihigh")
        yield ["statecode", "countycode", *(f"v129_{part}" for part in parts)]
        yield ["00", "000", 25_936_466, 144_923, 1_000 * 144_923 / 25_936_466, "", ""]
        codes = [*_OWN, *(code for code in (f"{30_000 + at}" for at in range(count)))]
        for place, code in enumerate(codes[: count - 1]):
            deaths, births = 10 + place % 400, 4_000 + place % 9_000
            yield [code[:2], code[2:], births, deaths, 1_000 * deaths / births, "", ""]

    return _write(path, lines())


def _deaths(path: Path, known: Known) -> Totals:
    table = _tables(path, known)["published_estimate"]
    return _ints(table.groupby("area")["numerator"].sum())


def _plain_rankings(path: Path) -> Totals:
    table = pd.read_csv(path, dtype={"statecode": "str", "countycode": "str"})
    return _ints(table.groupby(table["statecode"] + table["countycode"])["v129_numerator"].sum())


# ---- Extracts of vital records ---------------------------------------------------------------------------
def _vital(path: Path, count: int) -> int:
    def lines() -> Iterator[Line]:
        yield ["ZIP code", "Year", "Race", "Births", "Infant deaths"]
        years = range(2010, 2024)
        boxes = set(read_csv(BOUNDARIES / "zip_alias.csv", ("zip", "zcta")).text["zip"])
        areas = [place for place in range(63_000, 64_000) if str(place) not in boxes]
        for place in areas[: count // (len(years) * len(GROUPS))]:
            for year in years:
                births = [300 + (place + year + 7 * at) % 90 for at in range(4)] + [20]
                deaths = [number // 60 for number in births]
                # Hispanic mothers stand in every race
                all_births, all_deaths = sum(births) - births[2], sum(deaths) - deaths[2]
                numbers = zip((all_births, *births), (all_deaths, *deaths), strict=True)
                for group, pair in zip(GROUPS, numbers, strict=True):
                    yield [place, year, group, *pair]

    return _write(path, lines())


def _plain_vital(path: Path) -> Totals:
    table = pd.read_csv(path, dtype={"ZIP code": "str"})
    return _ints(table[table["Race"].eq("All")].groupby("ZIP code")["Births"].sum())


# ---- Context tables --------------------------------------------------------------------------------------
def _context(path: Path, count: int) -> int:
    def lines() -> Iterator[Line]:
        yield ["zip", "year", "population", "pct_below_poverty", "median_household_income"]
        for place in range(count):
            poverty = (place % 500) / 10 + 1
            yield [f"{(63_000 + place) % 100_000:05d}", 2022, 500 + place % 30_000, poverty, 30_000 + place]

    return _write(path, lines())


def _people(path: Path, known: Known) -> Totals:
    table = _tables(path, known)["context"]
    return _ints(table[table["measure"].eq("population")].groupby("area")["value"].sum())


def _plain_context(path: Path) -> Totals:
    return _ints(pd.read_csv(path, dtype={"zip": "str"}).groupby("zip")["population"].sum())


# ---- Reports of programs ---------------------------------------------------------------------------------
def _headings(kind: str) -> dict[str, str]:
    return {column.name: column.title for column in SCHEMAS[kind].columns}


def _report(path: Path, kind: str, rows: Iterator[dict[str, Any]]) -> int:
    names = _headings(kind)
    lines = ([row.get(name, "") for name in names] for row in rows)
    return _write(path, (line for part in ([list(names.values())], lines) for line in part))


def _quarterly(path: Path, count: int) -> int:
    def rows() -> Iterator[dict[str, Any]]:
        quarters = [f"{year}Q{quarter}" for year in range(2019, 2024) for quarter in (1, 2, 3, 4)]
        for program in range(count // (len(quarters) * 5)):
            one = {"agency": f"Agency {program // 3}", "program": f"Program {program}"}
            for quarter in quarters:
                sizes = [(2 + (program + at) % 4, 10 + (program * at) % 9) for at in range(4)]
                new, rest = (sum(size[part] for size in sizes) for part in (0, 1))
                yield {**one, "quarter": quarter, "model": "Parents as Teachers", "new_households": new,
                       "continuing_households": rest, "current_caseload": new + rest, "exits": 1,
                       "maximum_service_capacity": 90, "home_visitor_fte": 4.5}  # fmt: skip
                for (fresh, kept), place in zip(sizes, (63_106, 63_107, 63_113, 63_120), strict=True):
                    yield {**one, "quarter": quarter, "zip": place, "group": "all", "new_households": fresh,
                           "continuing_households": kept, "current_caseload": fresh + kept}  # fmt: skip

    return _report(path, "quarterly", rows())


def _slots(path: Path, known: Known) -> Totals:
    tables = _tables(path, known)
    names = tables["program"].set_index("id")["name"]
    return _ints(tables["capacity"].groupby(tables["capacity"]["program_id"].map(names))["slots"].sum())


def _plain_quarterly(path: Path) -> Totals:
    names = _headings("quarterly")
    table = pd.read_csv(path, dtype={names["zip"]: "str"})
    own = table[table[names["zip"]].isna()]
    return _ints(own.groupby(names["program"])[names["maximum_service_capacity"]].sum())


def _roster(path: Path, count: int) -> int:
    def rows() -> Iterator[dict[str, Any]]:
        for at in range(count // 25):
            one = {"agency": f"Agency {at // 3}", "program": f"Program {at}", "quarter": "2023Q4",
                   "model": "Healthy Families America", "slots": 20 + at % 60,
                   "county": "St. Louis City"}  # fmt: skip
            for place in range(25):
                yield {**one, "zips": 63_101 + place}

    return _report(path, "roster", rows())


def _plain_roster(path: Path) -> Totals:
    names = _headings("roster")
    table = pd.read_csv(path, dtype={names["zips"]: "str"})
    return _ints(table.groupby(names["program"])[names["slots"]].first())


# ---- Record-level files ----------------------------------------------------------------------------------
def _records(path: Path, share: int) -> int:
    return nation_2015(path, share).records


def _counted(path: Path, _: Known) -> Totals:
    counts = aggregate_records(path).counts
    rows = counts[["group", "event", "count"]].to_numpy().tolist()
    return {f"{group} {event}": int(number) for group, event, number in rows}


def _plain_counted(path: Path) -> Totals:
    found = plain_records.count(path)
    return {f"{group} {event}": n for group, row in found.items() for event, n in row.items()}


def _ints(sums: Any) -> Totals:
    return {str(place): int(number) for place, number in sums.items()}


CASES: Final = {
    case.name: case
    for case in (
        Case("CDC WONDER, text", ".txt", _wonder, _births, _plain_wonder),
        Case("CDC WONDER, workbook", ".xlsx", _wonder_book, _births, _plain_wonder),
        Case("County Health Rankings", ".csv", _rankings, _deaths, _plain_rankings),
        Case("extract of vital records", ".csv", _vital, _births, _plain_vital),
        Case("table about places", ".csv", _context, _people, _plain_context),
        Case("quarterly report", ".csv", _quarterly, _slots, _plain_quarterly),
        Case("roster", ".csv", _roster, _slots, _plain_roster),
        Case("record-level file", "", _records, _counted, _plain_counted),
    )
}
