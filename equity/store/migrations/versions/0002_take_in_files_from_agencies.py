"""Take in files from agencies: a source for every service fact, submissions, lower bounds.

Service facts had the source of their program. Nothing had been written to ``submission`` before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OLD_SCHEMES = ("", "nchs_single_nh", "nchs_bridged_nh", "mophims_any_hispanic", "demonstration")
_NEW_SCHEMES = (*_OLD_SCHEMES[:3], "nchs_single_any_hispanic", "nchs_bridged_any_hispanic", *_OLD_SCHEMES[3:])
_STATUSES = ("refused", "waiting", "accepted", "superseded", "withdrawn", "declined")
_FACTS = ("service_area", "capacity", "enrollment")


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("vital_count") as batch:
        batch.add_column(sa.Column("bound", sa.Text(), server_default="", nullable=False))
        batch.create_check_constraint("bound", _in("bound", ("", "at_least")))
    for table in ("vital_count", "published_estimate"):
        _schemes(table, _NEW_SCHEMES)
    for table in _FACTS:
        _own_source(table)
    op.drop_table("submission")
    _create_submissions()


def downgrade() -> None:
    """Undo the change. Rows that the older tables have no word for are left out."""
    op.drop_table("submission_part")
    op.drop_table("submission")
    op.create_table(
        "submission",
        *_texts("id"),
        *_texts("source_id", null=True),
        *_texts("received_at", "kind", "status", "report_json"),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"]),
    )
    for table in _FACTS:
        _programs_source(table)
    for table in ("vital_count", "published_estimate"):
        rows = sa.table(table, sa.column("scheme"))
        op.execute(sa.delete(rows).where(rows.c.scheme.in_(sorted({*_NEW_SCHEMES} - {*_OLD_SCHEMES}))))
        _schemes(table, _OLD_SCHEMES)
    counts = sa.table("vital_count", sa.column("bound"))
    op.execute(sa.delete(counts).where(counts.c.bound != ""))
    with op.batch_alter_table("vital_count") as batch:
        batch.drop_constraint("bound", type_="check")
        batch.drop_column("bound")


def _schemes(table: str, allowed: tuple[str, ...]) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint("scheme", type_="check")
        batch.create_check_constraint("scheme", _in("scheme", allowed))


def _own_source(table: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column("source_id", sa.Text(), nullable=True))
    facts = _facts(table)
    program = sa.table("program", sa.column("id"), sa.column("source_id"))
    owner = sa.select(program.c.source_id).where(program.c.id == facts.c.program_id).scalar_subquery()
    op.execute(sa.update(facts).values(source_id=owner))
    with op.batch_alter_table(table) as batch:
        batch.alter_column("source_id", existing_type=sa.Text(), nullable=False)
        batch.create_foreign_key(f"fk_{table}_source_id", "source", ["source_id"], ["id"])
        if table == "service_area":
            batch.drop_constraint(f"pk_{table}", type_="primary")
            batch.create_primary_key(f"pk_{table}", ["source_id", "program_id", "zip"])
        else:
            batch.create_index(f"ix_{table}_source_id", ["source_id"])


def _programs_source(table: str) -> None:
    """Give facts back to their program's source; a ZIP that two sources name stands once."""
    if table == "service_area":
        rows = _facts(table)
        other = rows.alias()
        same = (other.c.program_id == rows.c.program_id) & (other.c.zip == rows.c.zip)
        op.execute(sa.delete(rows).where(sa.exists().where(same, other.c.source_id < rows.c.source_id)))
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(f"fk_{table}_source_id", type_="foreignkey")
        if table == "service_area":
            batch.drop_constraint(f"pk_{table}", type_="primary")
            batch.create_primary_key(f"pk_{table}", ["program_id", "zip"])
        else:
            batch.drop_index(f"ix_{table}_source_id")
        batch.drop_column("source_id")


def _facts(table: str) -> sa.TableClause:
    return sa.table(table, *(sa.column(name) for name in ("program_id", "zip", "source_id")))


def _create_submissions() -> None:
    op.create_table(
        "submission",
        *_texts("id"),
        *_texts("source_id", null=True),
        *_texts("received_at", "received_from", "kind", "status", "file_name", "sha256"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("covers", sa.Text(), server_default="", nullable=False),
        *_texts("supersedes", null=True),
        *_texts("report_json"),
        *_texts("decided_at", "decided_by", "reason", null=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"]),
        sa.CheckConstraint(_in("status", _STATUSES), name="status"),
    )
    op.create_index("ix_submission_sha256", "submission", ["sha256"])
    op.create_index("ix_submission_covers", "submission", ["covers"])
    op.create_table(
        "submission_part",
        *_texts("submission_id", "name"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("submission_id", "name"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], ondelete="CASCADE"),
    )


def _texts(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=null) for name in names]


def _in(column: str, allowed: tuple[str, ...]) -> str:
    return f'"{column}" IN ({", ".join(repr(code) for code in allowed)})'
