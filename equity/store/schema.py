"""The working tables of the store: counts and program facts, never people.

Times are UTC text in ISO 8601. ``first_year`` and ``last_year`` are inclusive. A quarter is ``YYYYQn``.
Text columns that belong to a key hold ``''`` where there is nothing to say; elsewhere that is NULL.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from equity.store import codes

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _required(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _blank(name: str) -> Column[str]:
    """Part of a key, so never NULL: ``''`` where there is nothing to say."""
    return Column(name, Text, nullable=False, server_default="")


def _text(name: str) -> Column[str]:
    return Column(name, Text)


def _number(name: str) -> Column[float]:
    return Column(name, Double)


def _source(nullable: bool = False) -> Column[str]:
    return Column("source_id", Text, ForeignKey("source.id"), nullable=nullable)


def _program() -> Column[str]:
    return Column("program_id", Text, ForeignKey("program.id", ondelete="CASCADE"), nullable=False)


def _area() -> tuple[Column[str], Column[str]]:
    return _required("area_kind"), _required("area")


def _years() -> tuple[Column[int], Column[int]]:
    return Column("first_year", Integer, nullable=False), Column("last_year", Integer, nullable=False)


def _one_of(column: str, allowed: Iterable[str]) -> CheckConstraint:
    listed = ", ".join(f"'{code}'" for code in allowed)
    return CheckConstraint(f'"{column}" IN ({listed})', name=column)


def _area_kind(column: str = "area_kind") -> CheckConstraint:
    return _one_of(column, codes.AREA_KINDS)


def _group() -> CheckConstraint:
    return _one_of("group", codes.GROUPS)


def _period() -> CheckConstraint:
    return CheckConstraint("first_year <= last_year", name="period")


def _not_negative(*columns: str) -> CheckConstraint:
    return CheckConstraint(" AND ".join(f'"{name}" >= 0' for name in columns), name="not_negative")


def _quarter() -> CheckConstraint:
    shape = "length(quarter) = 6 AND quarter LIKE '____Q_' AND substr(quarter, 6, 1) IN ('1', '2', '3', '4')"
    return CheckConstraint(shape, name="quarter")


area = Table(
    "area",
    metadata,
    _required("kind"),
    _required("geoid"),
    _required("name"),
    _text("region"),
    PrimaryKeyConstraint("kind", "geoid"),
    _area_kind("kind"),
)

area_part = Table(
    "area_part",
    metadata,
    _required("whole_kind"),
    _required("whole"),
    _required("part_kind"),
    _required("part"),
    Column("weight", Double, nullable=False),
    _required("vintage"),
    _text("weight_basis"),
    PrimaryKeyConstraint("whole_kind", "whole", "part_kind", "part", "vintage"),
    _area_kind("whole_kind"),
    _area_kind("part_kind"),
    CheckConstraint("weight >= 0 AND weight <= 1", name="weight"),
)

source = Table(
    "source",
    metadata,
    Column("id", Text, primary_key=True),
    _required("kind"),
    _text("publisher"),
    _text("title"),
    _text("vintage"),
    _text("url"),
    _text("licence"),
    _required("basis"),
    _text("sha256"),
    Column("rows_accepted", Integer),
    Column("rows_refused", Integer),
    _text("loaded_at"),
    _text("loaded_by"),
    _text("note"),
    _one_of("basis", codes.BASES),
)

vital_count = Table(
    "vital_count",
    metadata,
    *_area(),
    *_years(),
    _required("group"),
    _blank("scheme"),
    _required("event"),
    _blank("stratum"),
    Column("count", Integer, nullable=False),
    _blank("death_basis"),
    _source(),
    PrimaryKeyConstraint(
        "source_id",
        "area_kind",
        "event",
        "stratum",
        "area",
        "first_year",
        "last_year",
        "group",
        "scheme",
        "death_basis",
    ),
    _area_kind(),
    _group(),
    _period(),
    _one_of("scheme", codes.SCHEMES),
    _one_of("event", codes.EVENTS),
    _one_of("death_basis", codes.DEATH_BASES),
    _not_negative("count"),
)

published_estimate = Table(
    "published_estimate",
    metadata,
    *_area(),
    *_years(),
    _required("group"),
    _blank("scheme"),
    _required("measure"),
    _number("value"),
    _number("low"),
    _number("high"),
    _number("numerator"),
    _number("denominator"),
    _required("status"),
    _source(),
    _text("note"),
    PrimaryKeyConstraint(
        "source_id", "area_kind", "area", "first_year", "last_year", "group", "scheme", "measure"
    ),
    _area_kind(),
    _group(),
    _period(),
    _one_of("scheme", codes.SCHEMES),
    _one_of("status", codes.STATUSES),
)

context = Table(
    "context",
    metadata,
    *_area(),
    *_years(),
    _required("group"),
    _required("measure"),
    _number("value"),
    _number("low"),
    _number("high"),
    _source(),
    PrimaryKeyConstraint("source_id", "area_kind", "area", "first_year", "last_year", "group", "measure"),
    _area_kind(),
    _group(),
    _period(),
)

agency = Table(
    "agency",
    metadata,
    Column("id", Text, primary_key=True),
    _required("name"),
    _text("county"),
    _text("region"),
    _number("latitude"),
    _number("longitude"),
    _source(),
    CheckConstraint(
        "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180",
        name="position",
    ),
    Index(None, "source_id"),
)

program = Table(
    "program",
    metadata,
    Column("id", Text, primary_key=True),
    # Deferred: a source that owns agencies can be replaced while other sources' programs point at them.
    Column(
        "agency_id",
        Text,
        ForeignKey("agency.id", deferrable=True, initially="DEFERRED"),
        nullable=False,
    ),
    _required("name"),
    _required("model"),
    _text("funder"),
    _text("eligibility"),
    _number("cost_per_slot"),
    _source(),
    Index(None, "source_id"),
    Index(None, "agency_id"),
)

service_area = Table(
    "service_area",
    metadata,
    _program(),
    _required("zip"),
    PrimaryKeyConstraint("program_id", "zip"),
)

capacity = Table(
    "capacity",
    metadata,
    _program(),
    _required("quarter"),
    Column("slots", Integer, nullable=False),
    _number("home_visitor_fte"),
    PrimaryKeyConstraint("program_id", "quarter"),
    _quarter(),
    _not_negative("slots"),
)

enrollment = Table(
    "enrollment",
    metadata,
    _program(),
    _required("zip"),
    _required("group"),
    _required("quarter"),
    Column("new", Integer, nullable=False),
    Column("continuing", Integer, nullable=False),
    Column("exits", Integer),
    PrimaryKeyConstraint("program_id", "zip", "group", "quarter"),
    _group(),
    _quarter(),
    _not_negative("new", "continuing"),
)

program_evidence = Table(
    "program_evidence",
    metadata,
    _text("model"),
    _required("measure"),
    _text("place"),
    Column("first_year", Integer),
    Column("last_year", Integer),
    _number("value"),
    _number("low"),
    _number("high"),
    _text("unit"),
    _source(),
    _text("note"),
    Index(None, "source_id"),
    _period(),
)

target = Table(
    "target",
    metadata,
    Column("id", Text, primary_key=True),
    _required("initiative"),
    _required("title"),
    *_area(),
    _required("measure"),
    _text("kind"),
    _text("groups"),
    Column("baseline_first_year", Integer),
    Column("baseline_last_year", Integer),
    _number("baseline_value"),
    _number("relative_change"),
    _number("target_value"),
    Column("due_year", Integer),
    Column("baseline_stated", Boolean),
    _source(),
    _text("note"),
    _area_kind(),
    CheckConstraint("baseline_first_year <= baseline_last_year", name="baseline"),
)

submission = Table(
    "submission",
    metadata,
    Column("id", Text, primary_key=True),
    _source(nullable=True),
    _required("received_at"),
    _required("kind"),
    _required("status"),
    _required("report_json"),
)

release = Table(
    "release",
    metadata,
    Column("id", Text, primary_key=True),
    _required("policy"),
    Column("parent", Text, ForeignKey("release.id")),
    _required("created_at"),
    _required("created_by"),
    _required("manifest_json"),
    Column("figure_count", Integer, nullable=False),
    _not_negative("figure_count"),
)

release_part = Table(
    "release_part",
    metadata,
    Column("release_id", Text, ForeignKey("release.id", ondelete="CASCADE"), nullable=False),
    _required("name"),
    _required("content_type"),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("release_id", "name"),
)

current_release = Table(
    "current_release",
    metadata,
    Column("policy", Text, primary_key=True),
    Column("release_id", Text, ForeignKey("release.id"), nullable=False),
)

audit_event = Table(
    "audit_event",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _required("at"),
    _required("actor"),
    _required("action"),
    _required("subject"),
    _required("detail_json"),
    Index(None, "at"),
)
