"""Cases, workbooks and entries."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the three tables that hold a case."""
    op.create_table(
        "cases",
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("owner_id", sa.Text, nullable=False),
        sa.Column("owner_name", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "case_id", name="pk_cases"),
    )
    op.create_table(
        "workbooks",
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("organisation", "sha256", name="pk_workbooks"),
    )
    op.create_table(
        "entries",
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("by_id", sa.Text, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("workbook_sha256", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("organisation", "case_id", "number", name="pk_entries"),
        sa.ForeignKeyConstraint(
            ["organisation", "case_id"], ["cases.organisation", "cases.case_id"], name="fk_entries_cases"
        ),
        sa.ForeignKeyConstraint(
            ["organisation", "workbook_sha256"],
            ["workbooks.organisation", "workbooks.sha256"],
            name="fk_entries_workbooks",
        ),
        sa.UniqueConstraint("organisation", "case_id", "kind", "key", "version", name="uq_entries_version"),
        sa.CheckConstraint("version >= 1 AND number >= 1", name="ck_entries_counts_from_one"),
    )


def downgrade() -> None:
    """Drop them, with all that they hold."""
    for table in ("entries", "workbooks", "cases"):
        op.drop_table(table)
