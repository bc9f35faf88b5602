"""The first tables with versions: made, or made of what versions before left."""

from __future__ import annotations

from alembic import op

from analytics.inbox.migrations.baseline import adopt

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of the baseline of whatever is there."""
    adopt(op.get_bind())
