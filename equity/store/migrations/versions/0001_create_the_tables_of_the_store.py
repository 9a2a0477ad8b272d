"""Create the tables of the store.

Written out, not taken from ``schema.py``: what this revision made stays the same when the schema goes on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KINDS = ("zip", "zip_group", "county", "region", "state", "nation")
_GROUPS = ("all", "black", "white", "hispanic", "other", "unknown")
_BASES = ("reported", "estimated", "allocated", "demonstration")
_STATUSES = ("shown", "unstable", "suppressed", "missing", "not_applicable")
_SCHEMES = ("", "nchs_single_nh", "nchs_bridged_nh", "mophims_any_hispanic", "demonstration")
_EVENTS = (
    "births", "infant_deaths", "neonatal", "postneonatal",
    "preterm", "low_birthweight", "very_low_birthweight", "fetal_deaths",
)  # fmt: skip
_QUARTER = "length(quarter) = 6 AND quarter LIKE '____Q_' AND substr(quarter, 6, 1) IN ('1', '2', '3', '4')"
_PERIOD = "first_year <= last_year"
_VITAL_KEY = (
    "source_id", "area_kind", "event", "stratum", "area",
    "first_year", "last_year", "group", "scheme", "death_basis",
)  # fmt: skip


def upgrade() -> None:
    """Apply the change."""
    _create_areas()
    _create_sources()
    _create_facts()
    _create_services()
    _create_service_facts()
    _create_targets()
    _create_releases()


def _texts(*names: str, null: bool = False) -> list[Any]:
    return [sa.Column(name, sa.Text(), nullable=null) for name in names]


def _blanks(*names: str) -> list[Any]:
    return [sa.Column(name, sa.Text(), server_default="", nullable=False) for name in names]


def _wholes(*names: str, null: bool = False) -> list[Any]:
    return [sa.Column(name, sa.Integer(), nullable=null) for name in names]


def _numbers(*names: str) -> list[Any]:
    return [sa.Column(name, sa.Double(), nullable=True) for name in names]


def _place_and_time() -> list[Any]:
    return [
        *_texts("area_kind", "area", "group"),
        *_wholes("first_year", "last_year"),
        _one_of("area_kind", _KINDS),
        _one_of("group", _GROUPS),
        sa.CheckConstraint(_PERIOD, name="period"),
    ]


def _one_of(column: str, allowed: Iterable[str]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{code}'" for code in allowed)
    return sa.CheckConstraint(f'"{column}" IN ({listed})', name=column)


def _source(null: bool = False) -> list[Any]:
    return [*_texts("source_id", null=null), sa.ForeignKeyConstraint(["source_id"], ["source.id"])]


def _program() -> list[Any]:
    return [
        *_texts("program_id"),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], ondelete="CASCADE"),
    ]


def _id() -> list[Any]:
    return [*_texts("id"), sa.PrimaryKeyConstraint("id")]


def _create_areas() -> None:
    op.create_table(
        "area",
        *_texts("kind", "geoid", "name"),
        *_texts("region", null=True),
        sa.PrimaryKeyConstraint("kind", "geoid"),
        _one_of("kind", _KINDS),
    )
    op.create_table(
        "area_part",
        *_texts("whole_kind", "whole", "part_kind", "part", "vintage"),
        sa.Column("weight", sa.Double(), nullable=False),
        *_texts("weight_basis", null=True),
        sa.PrimaryKeyConstraint("whole_kind", "whole", "part_kind", "part", "vintage"),
        _one_of("whole_kind", _KINDS),
        _one_of("part_kind", _KINDS),
        sa.CheckConstraint("weight >= 0 AND weight <= 1", name="weight"),
    )


def _create_sources() -> None:
    op.create_table(
        "source",
        *_id(),
        *_texts("kind", "basis"),
        *_texts("publisher", "title", "vintage", "url", "licence", "sha256", null=True),
        *_wholes("rows_accepted", "rows_refused", null=True),
        *_texts("loaded_at", "loaded_by", "note", null=True),
        _one_of("basis", _BASES),
    )
    op.create_table(
        "submission",
        *_id(),
        *_source(null=True),
        *_texts("received_at", "kind", "status", "report_json"),
    )


def _create_facts() -> None:
    op.create_table(
        "vital_count",
        *_place_and_time(),
        *_texts("event"),
        *_blanks("scheme", "stratum", "death_basis"),
        *_wholes("count"),
        *_source(),
        sa.PrimaryKeyConstraint(*_VITAL_KEY),
        _one_of("scheme", _SCHEMES),
        _one_of("event", _EVENTS),
        _one_of("death_basis", ("", "period", "cohort")),
        sa.CheckConstraint('"count" >= 0', name="not_negative"),
    )
    key = ("source_id", "area_kind", "area", "first_year", "last_year", "group")
    op.create_table(
        "published_estimate",
        *_place_and_time(),
        *_blanks("scheme"),
        *_texts("measure", "status"),
        *_numbers("value", "low", "high", "numerator", "denominator"),
        *_source(),
        *_texts("note", null=True),
        sa.PrimaryKeyConstraint(*key, "scheme", "measure"),
        _one_of("scheme", _SCHEMES),
        _one_of("status", _STATUSES),
    )
    op.create_table(
        "context",
        *_place_and_time(),
        *_texts("measure"),
        *_numbers("value", "low", "high"),
        *_source(),
        sa.PrimaryKeyConstraint(*key, "measure"),
    )


def _create_services() -> None:
    op.create_table(
        "agency",
        *_id(),
        *_texts("name"),
        *_texts("county", "region", null=True),
        *_numbers("latitude", "longitude"),
        *_source(),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="position"),
    )
    op.create_index("ix_agency_source_id", "agency", ["source_id"])
    op.create_table(
        "program",
        *_id(),
        *_texts("agency_id", "name", "model"),
        *_texts("funder", "eligibility", null=True),
        *_numbers("cost_per_slot"),
        *_source(),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], initially="DEFERRED", deferrable=True),
    )
    op.create_index("ix_program_source_id", "program", ["source_id"])
    op.create_index("ix_program_agency_id", "program", ["agency_id"])


def _create_service_facts() -> None:
    op.create_table("service_area", *_program(), *_texts("zip"), sa.PrimaryKeyConstraint("program_id", "zip"))
    op.create_table(
        "capacity",
        *_program(),
        *_texts("quarter"),
        *_wholes("slots"),
        *_numbers("home_visitor_fte"),
        sa.PrimaryKeyConstraint("program_id", "quarter"),
        sa.CheckConstraint(_QUARTER, name="quarter"),
        sa.CheckConstraint('"slots" >= 0', name="not_negative"),
    )
    op.create_table(
        "enrollment",
        *_program(),
        *_texts("zip", "group", "quarter"),
        *_wholes("new", "continuing"),
        *_wholes("exits", null=True),
        sa.PrimaryKeyConstraint("program_id", "zip", "group", "quarter"),
        _one_of("group", _GROUPS),
        sa.CheckConstraint(_QUARTER, name="quarter"),
        sa.CheckConstraint('"new" >= 0 AND "continuing" >= 0', name="not_negative"),
    )
    op.create_table(
        "program_evidence",
        *_texts("model", null=True),
        *_texts("measure"),
        *_texts("place", null=True),
        *_wholes("first_year", "last_year", null=True),
        *_numbers("value", "low", "high"),
        *_texts("unit", "note", null=True),
        *_source(),
        sa.CheckConstraint(_PERIOD, name="period"),
    )
    op.create_index("ix_program_evidence_source_id", "program_evidence", ["source_id"])


def _create_targets() -> None:
    op.create_table(
        "target",
        *_id(),
        *_texts("initiative", "title", "area_kind", "area", "measure"),
        *_texts("kind", "groups", null=True),
        *_wholes("baseline_first_year", "baseline_last_year", "due_year", null=True),
        *_numbers("baseline_value", "relative_change", "target_value"),
        sa.Column("baseline_stated", sa.Boolean(), nullable=True),
        *_source(),
        *_texts("note", null=True),
        _one_of("area_kind", _KINDS),
        sa.CheckConstraint("baseline_first_year <= baseline_last_year", name="baseline"),
    )


def _create_releases() -> None:
    op.create_table(
        "release",
        *_id(),
        *_texts("policy", "created_at", "created_by", "manifest_json"),
        *_texts("parent", null=True),
        *_wholes("figure_count"),
        sa.ForeignKeyConstraint(["parent"], ["release.id"]),
        sa.CheckConstraint('"figure_count" >= 0', name="not_negative"),
    )
    op.create_table(
        "release_part",
        *_texts("release_id", "name", "content_type"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("release_id", "name"),
    )
    op.create_table(
        "current_release",
        *_texts("policy", "release_id"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"]),
        sa.PrimaryKeyConstraint("policy"),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        *_texts("at", "actor", "action", "subject", "detail_json"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_event_at", "audit_event", ["at"])
