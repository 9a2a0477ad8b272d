"""Which figures a reader asks for, in which form; and where they lie in a release."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import numpy as np
import pandas as pd
from fastapi import Path, Request
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from equity.api.library import Shelf
from equity.api.problems import ProblemError
from equity.registry import measures
from equity.release.figure import AREA_KINDS, BASES, GROUPS, STATUSES

Form = Literal["json", "csv", "geojson"]
MEDIA: Final[dict[Form, str]] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
}
#: Figures on a page where nothing is said, and at most.
USUAL, MOST = 200, 2000
_MANY: Final = 20


def _among(allowed: tuple[str, ...], told: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"must be one of {told}")
        return value

    return AfterValidator(check)


def _codes(allowed: tuple[str, ...]) -> Any:
    return Field(json_schema_extra={"enum": list(allowed)})


MEASURES: Final = tuple(measures())
Measure = Annotated[str, _among(MEASURES, "those that /measures lists"), _codes(MEASURES)]
AreaKind = Annotated[str, _among(AREA_KINDS, ", ".join(AREA_KINDS)), _codes(AREA_KINDS)]
Group = Annotated[str, _among(GROUPS, ", ".join(GROUPS)), _codes(GROUPS)]
Basis = Annotated[str, _among(BASES, ", ".join(BASES)), _codes(BASES)]
Status = Annotated[str, _among(STATUSES, ", ".join(STATUSES)), _codes(STATUSES)]
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,40}$")]
Period = Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{4})?$")]
ReleaseId = Annotated[
    str,
    Path(
        pattern="^(current|[0-9a-f]{16})$", description="Id of a release, or 'current'.", examples=["current"]
    ),
]
Cursor = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,200}$")]


class Filters(BaseModel):
    """Figures that fit all of the filters; one that is repeated fits any of its values."""

    model_config = ConfigDict(extra="forbid")

    measure: list[Measure] = Field([], max_length=_MANY, description="Codes of measures.",
                                   examples=[["infant_mortality"]])  # fmt: skip
    area_kind: list[AreaKind] = Field([], max_length=_MANY, description="Kinds of place.",
                                      examples=[["county"]])  # fmt: skip
    area: list[Code] = Field([], max_length=_MANY, description="Codes of places.", examples=[["29510"]])
    group: list[Group] = Field([], max_length=_MANY, description="Groups of babies or families.",
                               examples=[["all", "black", "white"]])  # fmt: skip
    period: list[Period] = Field([], max_length=_MANY, description="Years, or spans of years as they stand.",
                                 examples=[["2017-2023"]])  # fmt: skip
    region: list[Code] = Field([], max_length=_MANY, description="Regions: places in them, and themselves.",
                               examples=[["stl"]])  # fmt: skip
    basis: list[Basis] = Field([], max_length=_MANY, description="How the numbers came about.",
                               examples=[["reported"]])  # fmt: skip
    status: list[Status] = Field([], max_length=_MANY, description="Whether they may be seen.",
                                 examples=[["shown"]])  # fmt: skip
    format: Form | None = Field(None, description="The form of the answer; it goes before 'Accept'.",
                                examples=["json"])  # fmt: skip
    limit: int = Field(USUAL, ge=1, le=MOST, description="Figures on a page.", examples=[USUAL])
    cursor: Cursor | None = Field(None, description="Where to go on, as 'links.next' has it.")

    def chosen(self) -> list[tuple[str, str]]:
        """The filters as pairs, in one order, whatever order they were written in."""
        return [(name, value) for name in FILTERS for value in sorted(set(getattr(self, name)))]


FILTERS: Final = ("measure", "area_kind", "area", "group", "period", "region", "basis", "status")


def find(shelf: Shelf, filters: Filters) -> NDArray[np.intp]:
    """Where in the release's table of figures those lie that fit, in its order."""
    table = shelf.release.figures
    fits = np.ones(len(table), dtype=bool)
    for name in ("measure", "area_kind", "area", "group", "basis", "status"):
        if wanted := getattr(filters, name):
            fits &= _any_of(table[name].array, wanted)
    if filters.region:
        fits &= _any_of(shelf.regions, filters.region)
    if filters.period:
        fits &= _in_periods(table, filters.period)
    return np.flatnonzero(fits)


def _any_of(column: Any, wanted: list[str]) -> NDArray[np.bool_]:
    """Where a categorical column has one of the values; comparing its codes takes microseconds."""
    codes = column.categories.get_indexer(sorted(set(wanted)))
    return np.isin(column.codes, codes[codes >= 0])


def _in_periods(table: pd.DataFrame, periods: list[str]) -> NDArray[np.bool_]:
    first, last = table["first_year"].to_numpy(), table["last_year"].to_numpy()
    fits = np.zeros(len(table), dtype=bool)
    for period in periods:
        start, _, end = period.partition("-")
        fits |= (first == int(start)) & (last == int(end or start))
    return fits


def form_of(request: Request, asked: Form | None) -> Form:
    """The form of the answer: as asked for by name, else the one the reader accepts best.

    Raises :class:`ProblemError` (406) where none of ours will do.
    """
    if asked is not None:
        return asked
    ranges = _accepted(request.headers.get("accept") or "*/*")
    weighed = [(_weight(MEDIA[form].partition(";")[0], ranges), form) for form in MEDIA]
    best = max(weighed, key=lambda found: found[0])
    if best[0] <= 0:
        raise ProblemError(
            "not-acceptable", "Figures come as application/json, text/csv or application/geo+json."
        )
    return best[1]


def _accepted(header: str) -> dict[str, float]:
    """Media ranges of an ``Accept`` header with their weights; what cannot be read is left out."""
    found = {}
    for item in header.split(","):
        kind, *options = (part.strip().lower() for part in item.split(";"))
        weights = [option[2:] for option in options if option.startswith("q=")]
        try:
            weight = float(weights[0]) if weights else 1.0
        except ValueError:
            continue
        if 0 <= weight <= 1:
            found[kind] = weight
    return found


def _weight(media: str, ranges: dict[str, float]) -> float:
    wider = (media, f"{media.partition('/')[0]}/*", "*/*")
    return next((ranges[name] for name in wider if name in ranges), 0.0)
