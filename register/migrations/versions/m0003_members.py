"""Members: which organisation and roles somebody has, for sign-in by a table."""

import sqlalchemy as sa
from alembic import op

from register.migrations import guards

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table, to which only is added."""
    op.create_table(
        "members",
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("by_id", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "version", name="pk_members"),
    )
    guards.refuse_update("members")
    guards.refuse_delete("members")


def downgrade() -> None:
    """Drop it, with all that it holds."""
    guards.allow_delete("members")
    guards.allow_update("members")
    op.drop_table("members")
