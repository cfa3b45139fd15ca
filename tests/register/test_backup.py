"""Backup and restore: the same register on the other kind of database, or nothing at all."""

from __future__ import annotations

import hashlib
import json
import zipfile

import pytest
from alembic import command

from register import ArchiveError, Conflict, NotEmpty, Register, backup, restore
from register.database import Database, migrate
from tests.register.people import ADMINISTRATOR, COUNCIL, FINANCE, FOREIGN, OWNER

TABLES = {"cases", "workbooks", "entries", "members", "tombstones"}


def _fill(register: Register) -> str:
    """Two organisations, awkward texts and figures, binary workbooks, a deleted case and members."""
    case_id = register.save_case(
        OWNER,
        name="’t Dörpshuis “De Brug” 🏡",
        workbook=bytes(range(256)) * 40,
        why="Eerste\nversie; «ja»",
        initiatives=["B1"],
    ).case_id
    register.save_case(FINANCE, case_id=case_id, name="De Brug", workbook=b"PK\x03\x04 two", based_on=1, why="huur")
    payload = {
        "amounts": {"subsidy": 0.1 + 0.2, "hours": 10**15, "none": None, "yes": True},
        "list": [1, [2.5]],
        "é": "\\u0000",
    }
    register.append(
        FINANCE, case_id, kind="realisation", key="B1/1", payload=payload, based_on=None, why="jaarrekening"
    )
    register.append(FINANCE, case_id, kind="realisation", key="B1/1", payload={}, based_on=1, why="verbeterd")
    register.append(FINANCE, None, kind="framework", key="kader", payload={"v": 1}, based_on=None, why="raad")
    register.save_case(FOREIGN, name="Elders", workbook=b"elsewhere", why="eerste")
    gone = register.save_case(FINANCE, name="Weg", workbook=b"gone", why="eerste").case_id
    register.delete_case(ADMINISTRATOR, gone, "request")
    register.set_member(ADMINISTRATOR, "u@example.nl", name="U", roles={"council", "finance"}, why="nieuw")
    register.set_member(ADMINISTRATOR, "u@example.nl", name="U", roles=(), why="weg")
    return case_id


def _parts(file):
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_from_sqlite_to_postgresql_and_back_to_the_byte(new_url, opened, tmp_path):
    first = opened(new_url("sqlite"))
    case_id = _fill(first)
    exported = first.export_case(ADMINISTRATOR, case_id)
    counts = backup(first, tmp_path / "1.zip")
    assert counts == {"cases": 3, "workbooks": 3, "entries": 6, "members": 2, "tombstones": 1}

    second = opened(new_url("postgresql"))
    assert restore(second, tmp_path / "1.zip") == counts
    assert second.export_case(ADMINISTRATOR, case_id) == exported
    assert backup(second, tmp_path / "2.zip") == counts

    third = opened(new_url("sqlite"))
    restore(third, tmp_path / "2.zip")
    assert third.export_case(ADMINISTRATOR, case_id) == exported
    backup(third, tmp_path / "3.zip")
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes() == (tmp_path / "3.zip").read_bytes()
    for register in (second, third):
        assert register.history(ADMINISTRATOR, case_id) == first.history(ADMINISTRATOR, case_id)
        assert register.tombstones(ADMINISTRATOR) == first.tombstones(ADMINISTRATOR)
        assert register.members(ADMINISTRATOR) == first.members(ADMINISTRATOR)
        assert register.cases(FOREIGN) == first.cases(FOREIGN)


def test_a_restored_register_goes_on_where_the_other_one_was(register, new_url, opened, tmp_path):
    other = opened(new_url("sqlite"))
    case_id = _fill(other)
    backup(other, tmp_path / "backup.zip")
    restore(register, tmp_path / "backup.zip")
    with pytest.raises(Conflict):
        register.save_case(FINANCE, case_id=case_id, name="x", workbook=b"x", based_on=1, why="x")
    register.save_case(FINANCE, case_id=case_id, name="x", workbook=b"x", based_on=2, why="x")
    assert [entry.number for entry in register.history(FINANCE, case_id)] == [1, 2, 3, 4, 5]


def test_a_register_that_holds_something_is_only_replaced_when_somebody_says_so(register, new_url, opened, tmp_path):
    other = opened(new_url("sqlite"))
    case_id = _fill(other)
    backup(other, tmp_path / "backup.zip")
    mine = register.save_case(FINANCE, name="Van mij", workbook=b"mine", why="eerste").case_id
    with pytest.raises(NotEmpty):
        restore(register, tmp_path / "backup.zip")
    assert [head.case_id for head in register.cases(FINANCE)] == [mine]
    restore(register, tmp_path / "backup.zip", overwrite=True)
    assert [head.case_id for head in register.cases(COUNCIL)] == [case_id]


@pytest.mark.parametrize("only", ["tombstone", "member"])
def test_a_register_with_no_cases_is_not_always_empty(register, new_url, opened, tmp_path, only):
    backup(opened(new_url("sqlite")), tmp_path / "nothing.zip")
    if only == "member":
        register.set_member(ADMINISTRATOR, "u", name="U", roles={"council"}, why="x")
    else:
        case_id = register.save_case(FINANCE, name="x", workbook=b"x", why="x").case_id
        register.delete_case(ADMINISTRATOR, case_id, "request")
    with pytest.raises(NotEmpty):
        restore(register, tmp_path / "nothing.zip")


def test_a_backup_of_a_register_that_was_never_used(new_url, opened, tmp_path):
    never = opened(new_url("sqlite"))
    assert set(backup(never, tmp_path / "nothing.zip").values()) == {0}
    assert not never.database.file.exists()
    into = opened(new_url("sqlite"))
    assert set(restore(into, tmp_path / "nothing.zip").values()) == {0}
    assert into.cases(FINANCE) == []


def _without(name):
    def change(parts):
        del parts[name]

    return change


def _manifest(**changes):
    def change(parts):
        manifest = json.loads(parts["manifest.json"])
        for key, value in changes.items():
            manifest[key] = value(manifest[key]) if callable(value) else value
        parts["manifest.json"] = json.dumps(manifest).encode()

    return change


def _flip(parts):
    name = next(name for name in parts if name.startswith("files/"))
    parts[name] = bytes([parts[name][0] ^ 1]) + parts[name][1:]


def _row(**changes):
    """An entry that was tampered with, and the sum of its file adapted to it."""

    def change(parts):
        lines = parts["entries.jsonl"].splitlines()
        at = next(number for number, line in enumerate(lines) if b'"initiatives":["B1"]' in line)
        lines[at] = json.dumps({**json.loads(lines[at]), **changes}).encode()
        parts["entries.jsonl"] = b"\n".join(lines) + b"\n"
        digest = hashlib.sha256(parts["entries.jsonl"]).hexdigest()
        _manifest(sha256=lambda sums: {**sums, "entries.jsonl": digest})(parts)

    return change


DAMAGE = {
    "a file is missing": _without("entries.jsonl"),
    "no manifest": _without("manifest.json"),
    "a byte fell over": _flip,
    "a table less": _manifest(order=["cases"]),
    "another count": _manifest(rows=lambda rows: {**rows, "entries": 7}),
    "something else": _manifest(format="another program"),
    "made later": _manifest(revision="9999"),
    "not an object": lambda parts: parts.update({"manifest.json": b"[]"}),
    "no JSON": lambda parts: parts.update({"manifest.json": b"{"}),
    "text for a number": _row(number="one"),
    "no moment": _row(at="yesterday"),
    "a column more": _row(extra="x"),
    "a case that is not there": _row(case_id="other"),
    "a workbook that is not there": _row(workbook_sha256="0" * 64),
    "the same version twice": _row(version=2, kind="realisation", key="B1/1"),
    "version zero": _row(version=0),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_file_that_is_not_whole_changes_nothing(register, new_url, opened, tmp_path, damage):
    other = opened(new_url("sqlite"))
    _fill(other)
    backup(other, tmp_path / "backup.zip")
    parts = _parts(tmp_path / "backup.zip")
    DAMAGE[damage](parts)
    with zipfile.ZipFile(tmp_path / "damaged.zip", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    mine = register.save_case(FINANCE, name="Van mij", workbook=b"mine", why="eerste").case_id
    with pytest.raises(ArchiveError):
        restore(register, tmp_path / "damaged.zip", overwrite=True)
    assert [head.case_id for head in register.cases(FINANCE)] == [mine]
    assert register.case(FINANCE, mine).workbook == b"mine"


@pytest.mark.parametrize("content", [b"", b"no zip", None])
def test_a_file_that_is_no_archive(register, tmp_path, content):
    if content is not None:
        (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(ArchiveError):
        restore(register, tmp_path / "x.zip")


def test_a_file_that_was_cut_off(register, tmp_path):
    register.save_case(FINANCE, name="x", workbook=b"x" * 5_000, why="x")
    backup(register, tmp_path / "backup.zip")
    whole = (tmp_path / "backup.zip").read_bytes()
    for part in (0.1, 0.5, 0.9, 0.999):
        (tmp_path / "cut.zip").write_bytes(whole[: int(len(whole) * part)])
        with pytest.raises(ArchiveError):
            restore(register, tmp_path / "cut.zip", overwrite=True)


def test_a_backup_of_an_older_version_is_brought_to_the_newest_tables(url, opened, new_url, tmp_path):
    """An archive as the software wrote it when there were no members and tombstones yet."""
    other = opened(new_url("sqlite"))
    case_id = other.save_case(FINANCE, name="Oud", workbook=b"old", why="eerste").case_id
    backup(other, tmp_path / "new.zip")
    parts = _parts(tmp_path / "new.zip")
    old = ("cases", "workbooks", "entries")
    manifest = json.loads(parts["manifest.json"])
    manifest |= {"revision": "0001", "order": list(old)}
    for key in ("tables", "rows"):
        manifest[key] = {table: manifest[key][table] for table in old}
    for table in TABLES - set(old):
        del parts[f"{table}.jsonl"], manifest["sha256"][f"{table}.jsonl"]
    parts["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    register = opened(url)
    restore(register, tmp_path / "old.zip")
    assert register.case(FINANCE, case_id).workbook == b"old"
    register.set_member(ADMINISTRATOR, "u", name="U", roles={"council"}, why="x")
    register.delete_case(ADMINISTRATOR, case_id, "request")


def test_restoring_into_an_older_register_that_nobody_opened_since(url, opened, new_url, tmp_path):
    other = opened(new_url("sqlite"))
    case_id = _fill(other)
    backup(other, tmp_path / "backup.zip")
    database = Database(url)
    database.create()
    with database.migrating() as connection:
        migrate(connection, command.downgrade, "base")
    database.close()
    register = opened(url)
    restore(register, tmp_path / "backup.zip")
    assert register.case(FINANCE, case_id).version == 2
