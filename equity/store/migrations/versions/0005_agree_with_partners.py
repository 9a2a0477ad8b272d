"""Agree with partners on what they may see; look events up by what they are about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NEEDED = ("id", "party", "areas", "purpose", "until", "created_at", "created_by")
_OPEN = ("ended_at", "ended_by")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "agreement",
        *(sa.Column(name, sa.Text(), nullable=name in _OPEN) for name in (*_NEEDED, *_OPEN)),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_event_subject", "audit_event", ["subject"])


def downgrade() -> None:
    """Undo the change; agreements are forgotten, what was recorded of them stays."""
    op.drop_index("ix_audit_event_subject", "audit_event")
    op.drop_table("agreement")
