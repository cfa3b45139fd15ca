"""The database refuses to change or delete what was added; a case goes as a whole, and leaves a tombstone."""

import sqlalchemy as sa
from alembic import op

from register.migrations import guards

revision = "0002"
down_revision = "0001"

WITH_CASE = ("entries", "cases")


def upgrade() -> None:
    """Make the tombstones, and the triggers that look at them."""
    op.create_table(
        "tombstones",
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("by_id", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("organisation", "case_id", name="pk_tombstones"),
    )
    if guards.on_postgresql():
        op.execute(guards.POSTGRESQL_FUNCTION)
    for table in (*WITH_CASE, "workbooks", "tombstones"):
        guards.refuse_update(table)
    for table in WITH_CASE:
        guards.refuse_delete_while_case_stands(table)
    # A workbook that an entry names is held by the foreign key, so that one only goes after its case.
    guards.refuse_delete("tombstones")


def downgrade() -> None:
    """Back to tables that can be changed."""
    guards.allow_delete("tombstones")
    for table in WITH_CASE:
        guards.allow_delete(table)
    for table in (*WITH_CASE, "workbooks", "tombstones"):
        guards.allow_update(table)
    if guards.on_postgresql():
        op.execute("DROP FUNCTION buurtwaarde_refuse()")
    op.drop_table("tombstones")
