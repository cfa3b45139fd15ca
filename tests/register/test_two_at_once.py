"""Two people who build on the same version: exactly one is first, and the other is told, and loses nothing."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from register import Conflict
from register.records import WORKBOOK
from tests.register.people import ADMINISTRATOR, FINANCE, person

WRITERS = 6
WRITER = Path(__file__).with_name("one_writer.py")


def _history_is_whole(register, case_id):
    seen = register.history(ADMINISTRATOR, case_id)
    assert [entry.number for entry in seen] == list(range(1, len(seen) + 1))
    assert [entry.at for entry in seen] == sorted(entry.at for entry in seen)
    versions = [entry.version for entry in seen if entry.kind == WORKBOOK]
    assert versions == list(range(1, len(versions) + 1))
    return seen


def test_of_six_who_build_on_version_1_one_is_first(register):
    """Each of the others sees whose version stands, and can keep theirs after it."""
    case_id = register.save_case(FINANCE, name="Huis", workbook=b"start", why="first").case_id
    together = Barrier(WRITERS)

    def write(number):
        actor = person(f"Writer{number}", "finance")
        mine = f"of {number}".encode()
        together.wait()
        try:
            register.save_case(actor, case_id=case_id, name="Huis", workbook=mine, based_on=1, why="mine")
        except Conflict as conflict:
            return conflict.latest.version, conflict.latest.by, conflict.based_on
        return None

    with ThreadPoolExecutor(WRITERS) as threads:
        outcomes = list(threads.map(write, range(WRITERS)))
    assert outcomes.count(None) == 1
    winner = f"writer{outcomes.index(None)}"
    assert [outcome for outcome in outcomes if outcome] == [(2, winner, 1)] * (WRITERS - 1)
    assert [entry.by for entry in _history_is_whole(register, case_id)] == [FINANCE.user_id, winner]
    for number, outcome in enumerate(outcomes):
        if outcome is not None:
            latest = register.case(FINANCE, case_id).version
            register.save_case(
                FINANCE,
                case_id=case_id,
                name="Huis",
                workbook=f"of {number}".encode(),
                based_on=latest,
                why="after all",
            )
    assert len(_history_is_whole(register, case_id)) == 1 + WRITERS
    kept = {register.case(FINANCE, case_id, version).workbook for version in range(1, WRITERS + 2)}
    assert kept == {b"start", *(f"of {number}".encode() for number in range(WRITERS))}


def test_six_who_add_different_things_at_once_all_succeed(register):
    case_id = register.save_case(FINANCE, name="Huis", workbook=b"start", why="first").case_id
    together = Barrier(WRITERS)

    def write(number):
        together.wait()
        for version in range(3):
            register.append(
                FINANCE,
                case_id,
                kind="decision",
                key=str(number),
                payload={"n": version},
                based_on=version or None,
                why="x",
            )

    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(write, range(WRITERS)))
    assert len(_history_is_whole(register, case_id)) == 1 + 3 * WRITERS


def test_two_processes_that_build_on_the_same_version(url, register):
    """Twenty rounds: in each, two processes add the next version of one thing at the same moment."""
    case_id = register.save_case(FINANCE, name="Huis", workbook=b"start", why="first").case_id
    command = [sys.executable, str(WRITER), url, case_id]
    writers = [
        subprocess.Popen([*command, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for name in "AB"
    ]
    try:
        for writer in writers:
            assert writer.stdout.readline() == "ready\n"
        for version in range(20):
            for writer in writers:
                writer.stdin.write(f"{version}\n")
                writer.stdin.flush()
            answers = [writer.stdout.readline().split() for writer in writers]
            assert sorted(answer[0] for answer in answers) == ["conflict", "written"], answers
            winner = "AB"[[answer[0] for answer in answers].index("written")]
            assert next(answer for answer in answers if answer[0] == "conflict")[1:] == [str(version + 1), winner]
    finally:
        for writer in writers:
            writer.communicate(timeout=60)
    assert len(_history_is_whole(register, case_id)) == 21


@pytest.mark.parametrize("based_on", [None, 2, 7])
def test_a_version_that_is_not_the_latest_is_no_ground_to_build_on(register, based_on):
    case_id = register.save_case(FINANCE, name="Huis", workbook=b"start", why="first").case_id
    with pytest.raises(Conflict) as conflict:
        register.save_case(FINANCE, case_id=case_id, name="Huis", workbook=b"x", based_on=based_on, why="x")
    assert conflict.value.latest.version == 1
    with pytest.raises(Conflict) as conflict:
        register.append(FINANCE, case_id, kind="review", key="1", payload={}, based_on=1, why="x")
    assert conflict.value.latest is None
    assert len(register.history(FINANCE, case_id)) == 1
