"""The working tables of the store: counts and program facts, never people.

Times are UTC text in ISO 8601. ``first_year`` and ``last_year`` are inclusive. A quarter is ``YYYYQn``.
Text columns that belong to a key hold ``''`` where there is nothing to say; elsewhere that is NULL.
"""

from __future__ import annotations

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
from equity.store import columns as col

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

area = Table(
    "area",
    metadata,
    col.required("kind"),
    col.required("geoid"),
    col.required("name"),
    col.text("region"),
    PrimaryKeyConstraint("kind", "geoid"),
    col.area_kind("kind"),
)

area_part = Table(
    "area_part",
    metadata,
    col.required("whole_kind"),
    col.required("whole"),
    col.required("part_kind"),
    col.required("part"),
    Column("weight", Double, nullable=False),
    col.required("vintage"),
    col.text("weight_basis"),
    PrimaryKeyConstraint("whole_kind", "whole", "part_kind", "part", "vintage"),
    col.area_kind("whole_kind"),
    col.area_kind("part_kind"),
    CheckConstraint("weight >= 0 AND weight <= 1", name="weight"),
)

source = Table(
    "source",
    metadata,
    Column("id", Text, primary_key=True),
    col.required("kind"),
    col.text("publisher"),
    col.text("title"),
    col.text("vintage"),
    col.text("url"),
    col.text("licence"),
    col.required("basis"),
    col.text("sha256"),
    Column("rows_accepted", Integer),
    Column("rows_refused", Integer),
    col.text("loaded_at"),
    col.text("loaded_by"),
    col.text("note"),
    col.one_of("basis", codes.BASES),
)

vital_count = Table(
    "vital_count",
    metadata,
    *col.area(),
    *col.years(),
    col.required("group"),
    col.blank("scheme"),
    col.required("event"),
    col.blank("stratum"),
    Column("count", Integer, nullable=False),
    col.blank("death_basis"),
    col.blank("bound"),
    col.source(),
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
    col.area_kind(),
    col.group(),
    col.period(),
    col.one_of("scheme", codes.SCHEMES),
    col.one_of("event", codes.EVENTS),
    col.one_of("death_basis", codes.DEATH_BASES),
    col.one_of("bound", codes.BOUNDS),
    col.not_negative("count"),
)

published_estimate = Table(
    "published_estimate",
    metadata,
    *col.area(),
    *col.years(),
    col.required("group"),
    col.blank("scheme"),
    col.required("measure"),
    col.number("value"),
    col.number("low"),
    col.number("high"),
    col.number("numerator"),
    col.number("denominator"),
    col.required("status"),
    col.source(),
    col.text("note"),
    PrimaryKeyConstraint(
        "source_id", "area_kind", "area", "first_year", "last_year", "group", "scheme", "measure"
    ),
    col.area_kind(),
    col.group(),
    col.period(),
    col.one_of("scheme", codes.SCHEMES),
    col.one_of("status", codes.STATUSES),
)

context = Table(
    "context",
    metadata,
    *col.area(),
    *col.years(),
    col.required("group"),
    col.required("measure"),
    col.number("value"),
    col.number("low"),
    col.number("high"),
    col.source(),
    PrimaryKeyConstraint("source_id", "area_kind", "area", "first_year", "last_year", "group", "measure"),
    col.area_kind(),
    col.group(),
    col.period(),
)

agency = Table(
    "agency",
    metadata,
    Column("id", Text, primary_key=True),
    col.required("name"),
    col.text("county"),
    col.text("region"),
    col.number("latitude"),
    col.number("longitude"),
    col.source(),
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
    col.required("name"),
    col.required("model"),
    col.text("funder"),
    col.text("eligibility"),
    col.number("cost_per_slot"),
    col.source(),
    Index(None, "source_id"),
    Index(None, "agency_id"),
)

service_area = Table(
    "service_area",
    metadata,
    col.program(),
    col.required("zip"),
    col.source(),
    PrimaryKeyConstraint("source_id", "program_id", "zip"),
)

capacity = Table(
    "capacity",
    metadata,
    col.program(),
    col.required("quarter"),
    Column("slots", Integer, nullable=False),
    col.number("home_visitor_fte"),
    col.source(),
    PrimaryKeyConstraint("program_id", "quarter"),
    Index(None, "source_id"),
    col.quarter(),
    col.not_negative("slots"),
)

enrollment = Table(
    "enrollment",
    metadata,
    col.program(),
    col.required("zip"),
    col.required("group"),
    col.required("quarter"),
    Column("new", Integer, nullable=False),
    Column("continuing", Integer, nullable=False),
    Column("exits", Integer),
    col.source(),
    PrimaryKeyConstraint("program_id", "zip", "group", "quarter"),
    Index(None, "source_id"),
    col.group(),
    col.quarter(),
    col.not_negative("new", "continuing"),
)

program_evidence = Table(
    "program_evidence",
    metadata,
    col.text("model"),
    col.required("measure"),
    col.text("place"),
    Column("first_year", Integer),
    Column("last_year", Integer),
    col.number("value"),
    col.number("low"),
    col.number("high"),
    col.text("unit"),
    col.source(),
    col.text("note"),
    Index(None, "source_id"),
    col.period(),
)

target = Table(
    "target",
    metadata,
    Column("id", Text, primary_key=True),
    col.required("initiative"),
    col.required("title"),
    *col.area(),
    col.required("measure"),
    col.text("kind"),
    col.text("groups"),
    Column("baseline_first_year", Integer),
    Column("baseline_last_year", Integer),
    col.number("baseline_value"),
    col.number("relative_change"),
    col.number("target_value"),
    Column("due_year", Integer),
    Column("baseline_stated", Boolean),
    col.source(),
    col.text("note"),
    col.area_kind(),
    CheckConstraint("baseline_first_year <= baseline_last_year", name="baseline"),
)

submission = Table(
    "submission",
    metadata,
    Column("id", Text, primary_key=True),
    col.source(nullable=True),
    col.required("received_at"),
    col.required("received_from"),
    col.required("kind"),
    col.required("status"),
    col.required("file_name"),
    col.required("sha256"),
    Column("size", Integer, nullable=False),
    # what is reported: of two accepted files with the same text the later takes the earlier one's place
    col.blank("covers"),
    col.text("supersedes"),
    col.required("report_json"),
    col.text("decided_at"),
    col.text("decided_by"),
    col.text("reason"),
    col.one_of("status", codes.SUBMISSION_STATUSES),
    Index(None, "sha256"),
    Index(None, "covers"),
)

submission_part = Table(
    "submission_part",
    metadata,
    Column("submission_id", Text, ForeignKey("submission.id", ondelete="CASCADE"), nullable=False),
    col.required("name"),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("submission_id", "name"),
)

api_token = Table(
    "api_token",
    metadata,
    Column("id", Text, primary_key=True),
    # of 256 random bits: nobody can guess what it was made from, so that no slow hash is needed
    col.required("secret_sha256"),
    # the name under which files handed in with it are kept
    col.required("sender"),
    # codes, separated by spaces
    col.required("scopes"),
    col.required("created_at"),
    col.required("created_by"),
    col.required("expires_at"),
    col.text("revoked_at"),
    col.text("last_used_at"),
)

agreement = Table(
    "agreement",
    metadata,
    Column("id", Text, primary_key=True),
    # the organization as the sign-in of its people names it
    col.required("party"),
    # codes, separated by spaces
    col.required("areas"),
    col.required("purpose"),
    # the last day it is good for, as text that sorts
    col.required("until"),
    col.required("created_at"),
    col.required("created_by"),
    col.text("ended_at"),
    col.text("ended_by"),
)

release = Table(
    "release",
    metadata,
    Column("id", Text, primary_key=True),
    col.required("policy"),
    Column("parent", Text, ForeignKey("release.id")),
    col.required("created_at"),
    col.required("created_by"),
    col.required("manifest_json"),
    Column("figure_count", Integer, nullable=False),
    col.not_negative("figure_count"),
)

release_part = Table(
    "release_part",
    metadata,
    Column("release_id", Text, ForeignKey("release.id", ondelete="CASCADE"), nullable=False),
    col.required("name"),
    col.required("content_type"),
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
    col.required("at"),
    col.required("actor"),
    col.required("action"),
    col.required("subject"),
    col.required("detail_json"),
    Index(None, "at"),
    Index(None, "subject"),
)
