"""Every migration up and down, with data in the tables, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from register import RegisterUnavailable, open_register
from register.database import Database, known_revisions, migrate
from register.tables import UtcTime, metadata
from tests.register.people import ADMINISTRATOR

MOMENT = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
# What each migration brings, as rows that somebody could have had in it.
ROWS = {
    "0001": {
        "cases": {
            "organisation": "Kerkdam",
            "case_id": "c1",
            "owner_id": "o",
            "owner_name": "Olga",
            "created_at": MOMENT,
        },
        "workbooks": {"organisation": "Kerkdam", "sha256": "ab", "content": b"\x00\xff\x01"},
        "entries": {
            "organisation": "Kerkdam",
            "case_id": "c1",
            "number": 1,
            "kind": "workbook",
            "key": "",
            "version": 1,
            "payload": {"name": "’t Dorpshuis", "initiatives": ["B1"], "share": 0.1},
            "by_id": "o",
            "by_name": "Olga",
            "at": MOMENT,
            "why": "Eerste versie — «goed»",
            "workbook_sha256": "ab",
        },
    },
    "0002": {
        "tombstones": {
            "organisation": "Kerkdam",
            "case_id": "gone",
            "by_id": "a",
            "at": MOMENT,
            "reason": "request",
        }
    },
    "0003": {
        "members": {
            "user_id": "o",
            "version": 1,
            "organisation": "Kerkdam",
            "name": "Olga",
            "roles": "council finance",
            "by_id": "a",
            "at": MOMENT,
            "why": "begin",
        }
    },
}


def _table(name: str, row: dict[str, object]) -> sa.TableClause:
    kinds = {datetime: UtcTime(), bytes: sa.LargeBinary(), dict: sa.JSON(), int: sa.Integer(), str: sa.Text()}
    return sa.table(name, *(sa.column(column, kinds[type(value)]) for column, value in row.items()))


def _held(connection: sa.Connection, revisions: list[str]) -> dict[str, list[dict[str, object]]]:
    wanted = {name: row for revision in revisions for name, row in ROWS[revision].items()}
    return {
        name: [dict(found._mapping) for found in connection.execute(_table(name, row).select())]
        for name, row in wanted.items()
    }


def _expected(revisions: list[str]) -> dict[str, list[dict[str, object]]]:
    return {name: [row] for revision in revisions for name, row in ROWS[revision].items()}


def _names(connection: sa.Connection) -> set[str]:
    return set(sa.inspect(connection).get_table_names()) - {"alembic_version"}


def _at_base(url: str) -> Database:
    database = Database(url)
    database.create()
    with database.migrating() as connection:
        migrate(connection, command.downgrade, "base")
        assert _names(connection) == set()
    return database


def test_every_migration_has_rows_here():
    """A new migration that brings a table and no rows would go untried."""
    assert sorted(ROWS) == sorted(known_revisions())


def test_all_the_way_up_and_down_with_rows_in_the_tables(url):
    database = _at_base(url)
    upwards = sorted(known_revisions())
    for place, revision in enumerate(upwards):
        with database.migrating() as connection:
            migrate(connection, command.upgrade, revision)
            assert _held(connection, upwards[:place]) == _expected(upwards[:place])
            for name, row in ROWS[revision].items():
                connection.execute(_table(name, row).insert().values(row))
    with database.migrating() as connection:
        assert _held(connection, upwards) == _expected(upwards)
    for place in range(len(upwards) - 1, -1, -1):
        with database.migrating() as connection:
            migrate(connection, command.downgrade, "-1")
            assert _held(connection, upwards[:place]) == _expected(upwards[:place])
            assert _names(connection) == set(_expected(upwards[:place]))
    with database.migrating() as connection:
        if connection.dialect.name == "postgresql":
            left = connection.exec_driver_sql("SELECT proname FROM pg_proc WHERE proname ~ '^buurtwaarde'").all()
            assert left == []
    database.close()


def test_an_older_register_is_brought_to_the_newest_tables_when_it_is_opened(url, opened):
    database = _at_base(url)
    with database.migrating() as connection:
        migrate(connection, command.upgrade, "0001")
        for name, row in ROWS["0001"].items():
            connection.execute(_table(name, row).insert().values(row))
    database.close()
    register = opened(url)
    (head,) = register.cases(ADMINISTRATOR)
    assert (head.name, head.version, head.at) == ("’t Dorpshuis", 1, MOMENT)
    assert register.case(ADMINISTRATOR, "c1").workbook == b"\x00\xff\x01"


def test_the_migrations_make_what_the_tables_say(url):
    database = Database(url)
    database.create()
    with database.migrating() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_a_migration_that_fails_halfway_leaves_the_old_version(url, monkeypatch):
    database = _at_base(url)
    with database.migrating() as connection:
        migrate(connection, command.upgrade, "0001")
    monkeypatch.setattr(
        "register.migrations.guards.refuse_delete", lambda table: (_ for _ in ()).throw(RuntimeError(table))
    )
    with pytest.raises(RuntimeError, match="tombstones"), database.migrating() as connection:
        migrate(connection, command.upgrade, "head")
    with database.migrating() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == "0001"
        assert _names(connection) == set(ROWS["0001"])
    database.close()


def test_a_register_of_a_newer_version_is_not_touched(url):
    database = Database(url)
    database.create()
    with database.migrating() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    with pytest.raises(RegisterUnavailable) as refused:
        open_register(url)
    assert refused.value.reason == "newer"
