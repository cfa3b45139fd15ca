"""The disk is full while the command writes: one clear line, no half a file, and what was there stays.

The system itself refuses, as on a full disk: a limit on the size of a file needs no administrator, and `/dev/full` is a
disk that is always full.
"""

from __future__ import annotations

import errno
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import cli
from exports.whole_file import NotWrittenError, whole_file
from register import open_register
from tests.register.people import FINANCE

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = str(ROOT / "datasets" / "voorbeeldgemeente.xlsx")
COMMANDS = {
    "json": ["value", EXAMPLE, "--json"],
    "xlsx": ["value", EXAMPLE, "--xlsx"],
    "pdf": ["brief", EXAMPLE, "--asset", "0101", "--out"],
    "docx": ["application", EXAMPLE, "--initiative", "I-01", "--out"],
    "plan.pdf": ["plan", EXAMPLE, "--initiative", "I-01", "--out"],
    "template.xlsx": ["template"],
    "zip": ["backup"],
}
WORDS = {
    "nl": "{place} is niet geschreven: het bestand is groter dan hier mag.\n",
    "en": "{place} was not written: the file is larger than is allowed here.\n",
}
BEFORE = b"what was there before"
ROOM, ROOM_FOR_A_DATABASE = 4_096, 65_536
"""Bytes; a database needs some to be read at all."""


@pytest.fixture
def no_room(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """From when the command begins to write, no file can be larger than this many bytes."""

    def fill(size: int) -> None:
        @contextmanager
        def cramped(place: Path) -> Iterator[Path]:
            before = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
            try:
                with whole_file(place) as file:
                    yield file
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, before)

        monkeypatch.setattr(cli, "whole_file", cramped)
        # Python would cut off what it keeps of modules too.
        monkeypatch.setattr(sys, "dont_write_bytecode", True)

    return fill


@pytest.fixture
def large_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A register that does not fit into what room there is."""
    url = f"sqlite:///{tmp_path}/register.db"
    monkeypatch.setenv("DATABASE_URL", url)
    register = open_register(url)
    register.save_case(FINANCE, name="Huis", workbook=os.urandom(3 * ROOM_FOR_A_DATABASE), why="eerste")
    register.close()


@pytest.mark.usefixtures("large_register")
@pytest.mark.parametrize("there_before", [False, True])
@pytest.mark.parametrize("kind", COMMANDS)
def test_a_full_disk_leaves_no_half_a_file(tmp_path, capsys, no_room, kind, there_before):
    folder = tmp_path / "out"
    folder.mkdir()
    place = folder / f"result.{kind}"
    if there_before:
        place.write_bytes(BEFORE)
    language = "en" if there_before else "nl"
    no_room(ROOM_FOR_A_DATABASE if kind == "zip" else ROOM)
    ended = cli.main(["--language", language, *COMMANDS[kind], str(place)])
    assert ended == (1 if kind == "zip" else 2)
    assert capsys.readouterr().err.endswith(WORDS[language].format(place=place))
    assert [path.name for path in folder.iterdir()] == ([place.name] if there_before else [])
    assert not there_before or place.read_bytes() == BEFORE


@pytest.mark.parametrize("arguments", [["prices"], ["value", EXAMPLE, "--json", "-"]])
def test_a_full_disk_behind_standard_output_is_said_in_one_line(arguments):
    command = [sys.executable, str(ROOT / "cli.py"), *arguments]
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert run.returncode == 2
    said = [line for line in run.stderr.splitlines() if not line.startswith("Let op:")]
    assert said == ["De uitvoer is niet geschreven: de schijf is vol."]


def test_a_disk_that_is_really_full_is_called_so():
    with pytest.raises(NotWrittenError) as refused, whole_file(Path("/dev/full")) as file:
        file.write_bytes(b"x")
    assert refused.value.error.errno == errno.ENOSPC
    assert refused.value.message("nl") == "/dev/full is niet geschreven: de schijf is vol."


def test_what_breaks_off_for_another_reason_leaves_nothing_either(tmp_path):
    with pytest.raises(KeyError), whole_file(tmp_path / "file.txt") as file:
        file.write_bytes(b"half" + {}["the other half"])
    assert list(tmp_path.iterdir()) == []


def test_a_file_keeps_its_rights_and_a_link_stays_a_link(tmp_path):
    kept, link = tmp_path / "kept.txt", tmp_path / "link.txt"
    kept.write_bytes(BEFORE)
    kept.chmod(0o640)
    link.symlink_to(kept)
    with whole_file(link) as file:
        file.write_bytes(b"new")
        assert kept.read_bytes() == BEFORE
    assert kept.read_bytes() == b"new"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640
    assert link.is_symlink()


def test_what_is_no_file_is_written_to_and_stays_what_it_is(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with whole_file(pipe) as place:
            place.write_bytes(b"through the pipe")
        assert os.read(reader, 100) == b"through the pipe"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_a_reason_that_we_do_not_know_is_said_as_the_system_says_it():
    assert NotWrittenError("x", OSError(errno.ELOOP, "Too many levels")).message("en") == (
        "x was not written: Too many levels."
    )
