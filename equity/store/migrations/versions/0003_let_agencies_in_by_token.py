"""Let agencies hand files in over HTTP: tokens, of which only a hash is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NEEDED = ("id", "secret_sha256", "sender", "scopes", "created_at", "created_by", "expires_at")
_OPEN = ("revoked_at", "last_used_at")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "api_token",
        *(sa.Column(name, sa.Text(), nullable=name in _OPEN) for name in (*_NEEDED, *_OPEN)),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    """Undo the change; tokens are forgotten, what was handed in with them stays."""
    op.drop_table("api_token")
