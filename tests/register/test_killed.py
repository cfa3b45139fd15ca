"""A process that is killed between two writes leaves nothing half-written, and the next one just goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from register import backup
from register.tables import cases, entries, tombstones, workbooks
from tests.register.people import ADMINISTRATOR, FINANCE

VICTIM = Path(__file__).with_name("one_victim.py")


def _kill_within(what, *arguments):
    """Start a process that stops in the middle of a transaction, and kill it there (SIGKILL: no goodbyes)."""
    victim = subprocess.Popen(
        [sys.executable, str(VICTIM), what, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    said = victim.stdout.readline()
    victim.kill()
    victim.communicate(timeout=60)
    assert victim.returncode == -9
    return said


def _count(register, table):
    with register.database.reading() as connection:
        return len(connection.execute(table.select()).all())


@pytest.mark.parametrize("what", ["first_case", "next_version"])
def test_killed_between_the_workbook_and_its_entry(url, opened, what):
    before = opened(url)
    kept = before.save_case(FINANCE, name="Huis", workbook=b"start", why="first")
    assert _kill_within(what, url, kept.case_id) == "the workbook is written, the entry is not\n"
    after = opened(url)
    assert (_count(after, cases), _count(after, workbooks), _count(after, entries)) == (1, 1, 1)
    assert after.case(FINANCE, kept.case_id).workbook == b"start"
    after.save_case(FINANCE, case_id=kept.case_id, name="Huis", workbook=b"next", based_on=1, why="again")
    assert [entry.number for entry in after.history(FINANCE, kept.case_id)] == [1, 2]


def test_killed_in_the_very_first_write(url, opened):
    assert _kill_within("first_case", url, "none") == "the workbook is written, the entry is not\n"
    register = opened(url)
    assert register.cases(FINANCE) == []
    assert _count(register, workbooks) == 0
    register.save_case(FINANCE, name="Huis", workbook=b"start", why="first")


def test_killed_halfway_through_a_deletion(url, opened):
    register = opened(url)
    kept = register.save_case(FINANCE, name="Huis", workbook=b"start", why="first")
    assert _kill_within("deletion", url, kept.case_id) == "the entries are gone, the case is not\n"
    again = opened(url)
    assert again.case(FINANCE, kept.case_id).workbook == b"start"
    assert _count(again, tombstones) == 0
    again.delete_case(ADMINISTRATOR, kept.case_id, "request")


def test_killed_halfway_through_restoring(url, opened, new_url, tmp_path):
    other = opened(new_url("sqlite"))
    other.save_case(FINANCE, name="Uit de reservekopie", workbook=b"backup", why="first")
    backup(other, tmp_path / "backup.zip")
    register = opened(url)
    kept = register.save_case(FINANCE, name="Huis", workbook=b"start", why="first")
    assert _kill_within("restoring", url, tmp_path / "backup.zip") == "the old rows are gone, the new ones are not in\n"
    again = opened(url)
    assert [head.name for head in again.cases(FINANCE)] == ["Huis"]
    assert again.case(FINANCE, kept.case_id).workbook == b"start"
