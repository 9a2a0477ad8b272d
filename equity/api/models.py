"""The shapes of answers, as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from equity.release.figure import AREA_KINDS, BASES, GROUPS, STATUSES

_NUMBER = "empty where the figure may not be seen, or has none"


class Shape(BaseModel):
    """An answer: these members and no others."""

    model_config = ConfigDict(extra="forbid")


class FigureRow(Shape):
    """A figure: a measure for a place, a group and a period. Codes stand beside their words."""

    measure: str = Field(description="Code of the measure; /measures has its definition.")
    measure_name: str
    area_kind: str = Field(json_schema_extra={"enum": list(AREA_KINDS)})
    area: str = Field(description="Code of the place: ZIP code, county FIPS code, or our own for the rest.")
    area_name: str
    group: str = Field(description="Whose babies or families.", json_schema_extra={"enum": list(GROUPS)})
    group_name: str
    period: str = Field(description="A year, or the first and last year of a span.", examples=["2017-2023"])
    first_year: int
    last_year: int
    value: float | None = Field(description=f"The figure in 'unit'; {_NUMBER}.")
    low: float | None = Field(description=f"Lower end of the likely range, in 'unit'; {_NUMBER}.")
    high: float | None = Field(description=f"Upper end of the likely range, in 'unit'; {_NUMBER}.")
    unit: str
    numerator: float | None = Field(description=f"Count above the line; {_NUMBER}.")
    denominator: float | None = Field(description=f"Count below the line; {_NUMBER}.")
    status: str = Field(
        description="'shown', 'unstable' (shown with care), or why there is no value.",
        json_schema_extra={"enum": list(STATUSES)},
    )
    status_words: str
    reason: str = Field(description="Code of why a figure is hidden or marked; empty where it is neither.")
    note: str = Field(description="The reason in a sentence.")
    basis: str = Field(
        description="How the number came about; 'demonstration' is made up and no finding.",
        json_schema_extra={"enum": list(BASES)},
    )
    basis_words: str
    method: str
    interval_method: str
    scheme: str = Field(description="How race was recorded.")
    scheme_words: str
    source: str = Field(description="Codes of sources, separated by ';'; /sources has them.")
    source_title: str
    release: str
    policy: str


class Links(Shape):
    """Where to go on; addresses on this server."""

    self: str
    next: str | None = Field(default=None, description="The next page; missing on the last one.")


class ReleaseLinks(Shape):
    """Addresses on this server."""

    self: str
    figures: str


class ReleaseShort(Shape):
    """A release: all figures as they were published together. It never changes."""

    id: str = Field(description="Sixteen hexadecimal digits made from the content.")
    policy: str = Field(description="Under which rules for small numbers it was made.")
    published: str = Field(description="When it was made: UTC, ISO 8601.")
    current: bool = Field(description="True for the one that pages show now.")
    figures: int = Field(description="How many figures it holds.")
    cite: str = Field(description="How to name it where its figures are used.")
    links: ReleaseLinks


class Releases(Shape):
    """The releases that may be read, the newest first."""

    releases: list[ReleaseShort]


class ReleaseFull(ReleaseShort):
    """A release with its rules and what it has figures of."""

    rules: str = Field(description="What is hidden and what is marked.")
    thresholds: dict[str, Any] = Field(description="The same rules as numbers.")
    counts: dict[str, int] = Field(description="Figures by basis and status, such as 'reported/shown'.")
    boundaries: str = Field(description="Where the shapes of places come from.")
    notice: str = Field(description="Says that figures are made up, where some are.")
    measures: list[str]
    periods: list[str]
    area_kinds: list[str]
    groups: list[str]


class FiguresPage(Shape):
    """Figures of one release, in the order of measure, place, group and period."""

    release: str
    cite: str
    notice: str = Field(description="Says that figures on this page are made up, where some are; else empty.")
    total: int = Field(description="Figures the query has on all pages.")
    figures: list[FigureRow]
    links: Links


class Feature(Shape):
    """A place with one of its figures."""

    type: Literal["Feature"]
    id: str
    geometry: dict[str, Any] | None = Field(
        description="Shape in WGS 84; empty where the release draws none, as for regions and states."
    )
    properties: FigureRow


class FeatureCollection(Shape):
    """GeoJSON (RFC 7946) of one measure and one period."""

    type: Literal["FeatureCollection"]
    release: str
    cite: str
    boundaries: str
    notice: str
    total: int
    links: Links
    features: list[Feature]


class MeasureEntry(Shape):
    """A measure: what it means, and when it misleads."""

    id: str
    name: str
    definition: str
    unit: str
    decimals: int
    direction: Literal["lower", "higher", "neutral"] = Field(description="Which way is better.")
    numerator: str
    denominator: str
    interval: str = Field(description="How the likely range is made.")
    misleads: str
    defined_by: str
    next_review: str


class Measures(Shape):
    """Every measure there is; a release need not hold figures of all."""

    measures: list[MeasureEntry]


class Area(Shape):
    """A place."""

    kind: str = Field(json_schema_extra={"enum": list(AREA_KINDS)})
    area: str
    name: str
    region: str = Field(description="The region it lies in; empty for none.")


class Areas(Shape):
    """The places the current release has."""

    release: str
    areas: list[Area]


class Source(Shape):
    """Where figures come from."""

    id: str
    basis: str
    publisher: str
    title: str
    vintage: str
    url: str
    licence: str
    note: str


class Sources(Shape):
    """The sources of the current release."""

    release: str
    sources: list[Source]


class FoundIn(Shape):
    """One thing the reader of a file found. Its texts may hold words of the file: show them as plain text."""

    level: Literal["error", "warning", "note"]
    sheet: str
    row: int = Field(description="As a spreadsheet counts, from 1; 0 for the whole sheet.")
    column: str
    found: str
    expected: str
    mend: str = Field(description="What the sender can do.")


class SubmissionShort(Shape):
    """A file that was handed in."""

    id: str
    received: str = Field(description="UTC, ISO 8601.")
    status: Literal["refused", "waiting", "accepted", "superseded", "withdrawn", "declined"]
    kind: str
    file_name: str = Field(description="The name as it is kept: letters, digits and . _ - alone.")
    sha256: str
    size: int = Field(description="Bytes.")
    link: str


class SubmissionFull(SubmissionShort):
    """A file that was handed in, with what its reader found and what a steward decided."""

    title: str = Field(description="What the file was taken for.")
    rows_read: int
    rows_refused: int
    rows: dict[str, int] = Field(description="Rows it would bring, by table.")
    findings: list[FoundIn]
    more_findings: int = Field(description="Findings beyond those listed.")
    decided: str | None = Field(
        description="When a steward decided, or cleared a refused file off the list; UTC, ISO 8601."
    )
    reason: str | None = Field(description="Why, where a steward wrote it.")


class Submissions(Shape):
    """An agency's own submissions, newest first."""

    total: int
    submissions: list[SubmissionShort]
    links: Links


class Fault(Shape):
    """One thing that is wrong with a request."""

    where: str
    message: str


class Problem(BaseModel):
    """An error as RFC 9457 has it."""

    type: str = Field(description="Address of what is said about errors of this kind.")
    title: str
    status: int
    detail: str = Field(description="What was wrong with this request, and what to do.")
    errors: list[Fault] | None = Field(default=None, description="What is wrong with which parameter.")
    submission: str | None = Field(default=None, description="Under which id a refused file is kept.")
    findings: list[FoundIn] | None = Field(default=None, description="What is wrong with a refused file.")
    more_findings: int | None = None


class ProblemKind(Shape):
    """A kind of problem."""

    kind: str
    title: str
    status: int
    meaning: str


class ProblemKinds(Shape):
    """Every kind of problem this API answers with."""

    problems: list[ProblemKind]


class Start(Shape):
    """Where to begin."""

    title: str
    links: dict[str, str]
