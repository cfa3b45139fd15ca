"""The tables, as the newest migration leaves them.

Everything is added and nothing is changed: the database itself refuses UPDATE and DELETE (migration 0002). The one way
in which rows go is the deletion of a whole case, and a case can be deleted only once its tombstone stands.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

OWN_DOSSIER = ""
"""The case id under which an organisation's own dossier stands: frameworks, and rounds over several cases."""


class UtcTime(sa.types.TypeDecorator[datetime]):
    """A moment in UTC. PostgreSQL keeps the zone; SQLite has none, so there it is left off and put back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Into the database."""
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Out of the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _text(name: str, *more: Any, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, *more, nullable=options.pop("nullable", False), **options)


cases = sa.Table(
    "cases",
    metadata,
    _text("organisation", primary_key=True),
    _text("case_id", primary_key=True),
    _text("owner_id"),
    _text("owner_name"),
    sa.Column("created_at", UtcTime, nullable=False),
)

workbooks = sa.Table(
    "workbooks",
    metadata,
    _text("organisation", primary_key=True),
    _text("sha256", primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

entries = sa.Table(
    "entries",
    metadata,
    _text("organisation", primary_key=True),
    _text("case_id", primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    _text("kind"),
    _text("key"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    _text("by_id"),
    _text("by_name"),
    sa.Column("at", UtcTime, nullable=False),
    _text("why"),
    _text("workbook_sha256", nullable=True),
    sa.ForeignKeyConstraint(["organisation", "case_id"], ["cases.organisation", "cases.case_id"]),
    sa.ForeignKeyConstraint(["organisation", "workbook_sha256"], ["workbooks.organisation", "workbooks.sha256"]),
    # Two people who build on the same version would both write the next one: here only one of them can.
    sa.UniqueConstraint("organisation", "case_id", "kind", "key", "version", name="uq_entries_version"),
    sa.CheckConstraint("version >= 1 AND number >= 1", name="counts_from_one"),
)

members = sa.Table(
    "members",
    metadata,
    _text("user_id", primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    _text("organisation"),
    _text("name"),
    # The roles with a space between them; none is withdrawn.
    _text("roles"),
    _text("by_id"),
    sa.Column("at", UtcTime, nullable=False),
    _text("why"),
)

tombstones = sa.Table(
    "tombstones",
    metadata,
    _text("organisation", primary_key=True),
    _text("case_id", primary_key=True),
    _text("by_id"),
    sa.Column("at", UtcTime, nullable=False),
    _text("reason"),
)
