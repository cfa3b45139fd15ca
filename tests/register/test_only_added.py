"""The database itself refuses to change or delete what was added, whoever asks and with whatever program."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from register.records import WORKBOOK
from register.tables import cases, entries, members, tombstones, workbooks
from tests.register.people import ADMINISTRATOR, FINANCE

TABLES = {table.name: table for table in (cases, entries, members, tombstones, workbooks)}


@pytest.fixture
def filled(register):
    kept = register.save_case(FINANCE, name="Dorpshuis", workbook=b"one", why="first")
    gone = register.save_case(FINANCE, name="Park", workbook=b"two", why="first")
    register.append(FINANCE, kept.case_id, kind="decision", key="1", payload={"yes": True}, based_on=None, why="raad")
    register.set_member(ADMINISTRATOR, "u", name="U", roles={"council"}, why="new")
    register.delete_case(ADMINISTRATOR, gone.case_id, "mistake")
    return register


def _rows(register, table):
    with register.database.reading() as connection:
        return connection.execute(table.select().order_by(*table.primary_key.columns)).all()


@pytest.mark.parametrize("name", TABLES)
def test_no_row_can_be_changed(filled, name):
    before = _rows(filled, TABLES[name])
    assert before
    column = next(
        column for column in TABLES[name].columns if column.name in ("owner_name", "content", "why", "reason")
    )
    with pytest.raises(sa.exc.DatabaseError, match="the register only adds"), filled.database.writing() as connection:
        connection.execute(TABLES[name].update().values({column: b"x" if name == "workbooks" else "other"}))
    assert _rows(filled, TABLES[name]) == before


@pytest.mark.parametrize("name", [name for name in TABLES if name != "workbooks"])
def test_no_row_can_be_deleted_while_its_case_stands(filled, name):
    before = _rows(filled, TABLES[name])
    with pytest.raises(sa.exc.DatabaseError, match="the register only adds"), filled.database.writing() as connection:
        connection.execute(TABLES[name].delete())
    assert _rows(filled, TABLES[name]) == before


def test_a_workbook_that_a_version_names_cannot_be_deleted(filled):
    with pytest.raises(sa.exc.IntegrityError), filled.database.writing() as connection:
        connection.execute(workbooks.delete())
    assert len(_rows(filled, workbooks)) == 1


@pytest.mark.parametrize("name", [name for name in TABLES if name != "workbooks"])
def test_postgresql_does_not_empty_a_table_either(filled, name):
    if filled.database.file is not None:
        return  # SQLite has no TRUNCATE
    with pytest.raises(sa.exc.DatabaseError, match="the register only adds"), filled.database.writing() as connection:
        connection.exec_driver_sql(f"TRUNCATE {name} CASCADE")


def test_a_second_entry_of_the_same_version_does_not_fit(filled):
    """The lock of last resort: what writes without this software cannot make two versions 1 either."""
    first = next(row for row in _rows(filled, entries) if row.kind == WORKBOOK)
    with pytest.raises(sa.exc.IntegrityError), filled.database.writing() as connection:
        connection.execute(entries.insert().values({**first._mapping, "number": 99}))


def test_a_deleted_case_leaves_who_and_when_and_nothing_else(filled):
    (stone,) = filled.tombstones(ADMINISTRATOR)
    assert (stone.by, stone.reason) == (ADMINISTRATOR.user_id, "mistake")
    everything = repr([_rows(filled, table) for table in TABLES.values()])
    assert "Park" not in everything
    assert "two" not in everything
    assert stone.case_id in everything


def test_deleting_a_case_keeps_a_workbook_that_another_case_has_too(register):
    one = register.save_case(FINANCE, name="One", workbook=b"same", why="first")
    two = register.save_case(FINANCE, name="Two", workbook=b"same", why="first")
    register.delete_case(ADMINISTRATOR, one.case_id, "request")
    assert register.case(FINANCE, two.case_id).workbook == b"same"
    register.delete_case(ADMINISTRATOR, two.case_id, "request")
    assert _rows(register, workbooks) == []


def test_nothing_of_a_deleted_case_is_left_in_the_file(register):
    """On SQLite, where the file is ours: what is deleted is overwritten in it, also after the file was used again."""
    if register.database.file is None:
        return
    secret = b"personal figures of somebody " * 2000
    kept = register.save_case(FINANCE, name="Geheim initiatief", workbook=secret, why="first")
    files = [register.database.file, register.database.file.with_name(register.database.file.name + "-wal")]
    assert any(secret[:500] in file.read_bytes() for file in files if file.exists())
    register.delete_case(ADMINISTRATOR, kept.case_id, "request")
    left = b"".join(file.read_bytes() for file in files if file.exists())
    assert b"personal figures" not in left
    assert b"Geheim initiatief" not in left
