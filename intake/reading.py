"""Bytes of an uploaded file to a `RawWorkbook`, or a refusal that says what to do.

The file is looked at from the outside here (size, first bytes, table of contents of the archive) and opened only
in a child process with limits on memory and time (`intake.guarded`), so that a hostile file ends that process and
never the server.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import time as clock
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from intake.grid import Grid, Words
from intake.workbook import EXCEL_ERRORS, Cell, CellError, RawSheet, RawWorkbook
from valuation.problems import Problem

MEGABYTE = 1024 * 1024
MAX_FILE_BYTES = 50 * MEGABYTE
MAX_UNPACKED_BYTES = 300 * MEGABYTE
MAX_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 10 * MEGABYTE
MAX_ENTRIES = 2_000
WALL_SECONDS = 20

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
OTHER_MAGIC = (
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"%PDF", "pdf"),
    (b"{\\rtf", "document"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
)
OTHER_ARCHIVES = (
    ("word/", "document"),
    ("ppt/", "presentation"),
    ("xl/workbook.bin", "xlsb"),
    ("content.xml", "opendocument"),
)
KINDS = {
    "picture": ("een afbeelding", "a picture"),
    "pdf": ("een pdf", "a PDF"),
    "document": ("een tekstdocument", "a text document"),
    "presentation": ("een presentatie", "a presentation"),
    "archive": ("een archief", "an archive"),
    "xlsb": ("een binaire Excel-werkmap (xlsb)", "a binary Excel workbook (xlsb)"),
    "opendocument": ("een OpenDocument-bestand", "an OpenDocument file"),
    "text": ("een tekst- of csv-bestand", "a text or CSV file"),
    "unknown": ("een onbekend soort bestand", "an unknown kind of file"),
}
CHILD_ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH")
"""All that the child gets to know: what an interpreter needs to start, no secrets."""
START_CHILD = "import sys; sys.path.append(sys.argv[1]); from guarded.child import main; main()"
"""The folder comes last on the path, so that nothing in it stands before the standard library."""
FOLDER = Path(__file__).resolve().parent
OPEN_DOCUMENT_SHEET = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
OLE_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le")
NOT_FOLLOWED = (
    (("xl/vbaproject.bin", "basic/", "scripts/"), "macros_ignored"),
    (("xl/externallinks/", "xl/connections.xml", "xl/querytables/"), "external_links_ignored"),
    (("xl/embeddings/", "xl/activex/", "object "), "embedded_ignored"),
)
"""Starts of names in the archive, and the warning that what stands there was left alone."""

Progress = Callable[[float], None]
"""Hears now and then how far the reading is, from 0 to 1. An exception that it raises stops the reading."""


class UnreadableFile(Exception):  # noqa: N818 - it describes the file, and is shown as a problem
    """The file cannot be read as a workbook; `problem` says why and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.rule)
        self.problem = problem


def read_workbook(data: bytes, filename: str, progress: Progress | None = None) -> RawWorkbook:
    """The cells of an uploaded workbook, exactly as they stand in the file.

    Parameters
    ----------
    data : bytes
        Content of the file.
    filename : str
        Its name, for messages; the content decides what it is.
    progress : callable, optional

    Raises
    ------
    UnreadableFile
        The file is empty, too large, damaged, encrypted, hostile, holds personal data, or is no xlsx workbook.
    """
    kind, warnings = inspect(data, filename)
    if kind == "xls":
        raise _refusal("file_old_excel", filename)
    if kind != "xlsx":
        raise _not_a_workbook("opendocument" if kind == "ods" else "text", filename)
    return _read(data, filename, kind, warnings, progress)


def read_table_file(data: bytes, filename: str, progress: Progress | None = None) -> RawWorkbook:
    """The cells of any file with tables: xlsx, xlsm, xls, ods, csv or tsv. A csv is a workbook of one sheet.

    Parameters and errors are those of `read_workbook`.
    """
    kind, warnings = inspect(data, filename)
    raw = _read(data, filename, kind, warnings, progress)
    if kind == "text" and _breaks_off(data, raw.sheets[0]):
        raw = replace(raw, problems=(*raw.problems, Problem("warning", "text_cut_off", value=filename)))
    return raw


def _breaks_off(data: bytes, sheet: RawSheet) -> bool:
    """Whether a text ends in the middle of a row, as it does when only part of a file came over."""
    if data.rstrip(b"\x00").endswith((b"\n", b"\r")) or len(sheet.rows) < 2:
        return False
    before, last = sheet.rows[-2], sheet.rows[-1]
    return before[-1] is not None and last[-1] is None and sum(cell is not None for cell in last) > 1


def _read(
    data: bytes, filename: str, kind: str, warnings: tuple[Problem, ...], progress: Progress | None
) -> RawWorkbook:
    answer, file = ask_child({"task": "cells", "kind": kind}, data, filename, progress)
    words = _words(answer)
    cells = sum(height * width for _name, height, width, _merged in answer["sheets"])
    figures, numbers = np.frombuffer(file, np.float64, cells), np.frombuffer(file, np.int32, cells, 8 * cells)
    sheets = []
    end = 0
    for name, height, width, merged in answer["sheets"]:
        start, end = end, end + height * width
        own = slice(start, end)
        rows = Grid(numbers[own].reshape(height, width), figures[own].reshape(height, width), words)
        sheets.append(RawSheet(name, rows, tuple(map(tuple, merged))))
    if progress is not None:
        progress(0.95)
    return RawWorkbook(tuple(sheets), warnings)


def _words(answer: dict[str, Any]) -> Words:
    """The cells that are no figures, with texts such as `#N/A` seen as the errors that they are."""
    words: list[Cell] = answer["words"]
    for number, ordinal in zip(*answer["days"], strict=True):
        words[number] = date.fromordinal(ordinal)
    if not EXCEL_ERRORS.isdisjoint([cell for cell in words if type(cell) is str]):
        words = [CellError(cell) if type(cell) is str and cell in EXCEL_ERRORS else cell for cell in words]
    return Words(words)


def inspect(data: bytes, filename: str) -> tuple[str, tuple[Problem, ...]]:
    """Look from the outside, cheapest first.

    Returns
    -------
    kind : {"xlsx", "xls", "ods", "text"}
    warnings : tuple of Problem
        What is in the file and will not be followed.
    """
    if not data:
        raise _refusal("file_empty", filename)
    if len(data) > MAX_FILE_BYTES:
        raise _refusal("file_too_large", filename, size=len(data) / MEGABYTE, limit=MAX_FILE_BYTES // MEGABYTE)
    if data.startswith(OLE_MAGIC):
        if ENCRYPTED_STREAM in data:
            raise _refusal("file_encrypted", filename)
        return "xls", (Problem("warning", "macros_ignored", value=filename),) if OLE_MACROS in data else ()
    if data.startswith(ZIP_MAGIC):
        names = _inspect_archive(data, filename)
        warnings = tuple(
            Problem("warning", rule, value=filename)
            for starts, rule in NOT_FOLLOWED
            if any(name.startswith(starts) for name in names)
        )
        return "xlsx" if "xl/workbook.xml" in names else "ods", warnings
    kind = _kind_of(data)
    if kind != "text":
        raise _not_a_workbook(kind, filename)
    return "text", ()


def _kind_of(data: bytes) -> str:
    """What a file that is no archive seems to be."""
    for magic, kind in OTHER_MAGIC:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "picture"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    return "unknown" if b"\x00" in data[:4096] else "text"


def _inspect_archive(data: bytes, filename: str) -> set[str]:
    """The table of contents of the archive: whether it is a workbook of a sane size."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except Exception as error:  # zipfile raises many kinds on a damaged table of contents
        raise _refusal("file_damaged", filename) from error
    if len(entries) > MAX_ENTRIES:
        raise _refusal("file_too_heavy", filename)
    unpacked = sum(entry.file_size for entry in entries)
    ratio = unpacked / max(len(data), 1)
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > RATIO_COUNTS_FROM_BYTES and ratio > MAX_RATIO):
        raise _refusal("file_too_heavy", filename)
    names = {entry.filename.lower() for entry in entries}
    is_sheets = "content.xml" in names and OPEN_DOCUMENT_SHEET in data[:200]
    if "xl/workbook.xml" not in names and not is_sheets:
        for start, kind in OTHER_ARCHIVES:
            if any(name.startswith(start) for name in names):
                raise _not_a_workbook(kind, filename)
        raise _not_a_workbook("archive", filename)
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refusal("file_encrypted", filename)
    return names


def ask_child(
    request: dict[str, Any], data: bytes, filename: str, progress: Progress | None = None
) -> tuple[dict[str, Any], bytes]:
    """What the child process says about a file, and the file that it made; its death is an answer too.

    Raises
    ------
    UnreadableFile
        The file was refused, or was too much for the child.
    """
    child = subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-c", START_CHILD, str(FOLDER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={name: os.environ[name] for name in CHILD_ENVIRONMENT if name in os.environ},
    )
    talk = _Talk(child, json.dumps(request).encode() + b"\n", data)
    try:
        deadline = clock.monotonic() + WALL_SECONDS
        while not talk.is_over(0.1):
            if clock.monotonic() > deadline:
                raise _refusal("file_too_heavy", filename)
            if progress is not None:
                progress(talk.share)
    finally:
        # Also where the caller has had enough: nothing goes on working on a file that nobody waits for.
        child.kill()
        talk.finish()
    if child.returncode != 0:
        raise _refusal("file_too_heavy", filename)
    line, _, file = talk.said.partition(b"\n")
    answer: dict[str, Any] = json.loads(line, object_hook=_decode)
    if "refused" in answer:
        raise _refusal(str(answer["refused"]), filename, **answer["parameters"])
    return answer, file


class _Talk:
    """Feeds the child and hears it out, each pipe in a thread of its own, so that none of them ever blocks."""

    def __init__(self, child: subprocess.Popen[bytes], *parts: bytes) -> None:
        self.child, self.parts = child, parts
        # Popen makes the three, since that was asked of it.
        self.question, self.answer, self.progress = (
            cast("IO[bytes]", pipe) for pipe in (child.stdin, child.stdout, child.stderr)
        )
        self.said = b""
        self.share = 0.0
        self.threads = [threading.Thread(target=work, daemon=True) for work in (self._feed, self._hear, self._follow)]
        for thread in self.threads:
            thread.start()

    def _feed(self) -> None:
        with suppress(OSError):  # the child may be gone; its return code says the rest
            for part in self.parts:
                self.question.write(part)
            self.question.close()

    def _hear(self) -> None:
        self.said = self.answer.read()

    def _follow(self) -> None:
        for line in self.progress:
            with suppress(ValueError):  # an interpreter that is dying says other things here
                self.share = max(self.share, float(line))

    def is_over(self, seconds: float) -> bool:
        """Whether all was heard, after waiting at most this long."""
        self.threads[1].join(seconds)
        if self.threads[1].is_alive():
            return False
        try:
            self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def finish(self) -> None:
        """Leave nothing behind."""
        self.child.wait()
        for thread in self.threads:
            thread.join()
        for pipe in (self.question, self.answer, self.progress):
            with suppress(OSError):
                pipe.close()


def _decode(value: dict[str, Any]) -> Any:
    """The child's one-key objects back to cells; other objects as they are."""
    if len(value) == 1:
        ((key, content),) = value.items()
        match key:
            case "error":
                return CellError(content)
            case "date":
                return date.fromisoformat(content)
            case "datetime":
                return datetime.fromisoformat(content)
            case "time":
                return time.fromisoformat(content)
            case "text":
                return content
    return value


def _refusal(rule: str, filename: str, **parameters: Any) -> UnreadableFile:
    return UnreadableFile(Problem("error", rule, value=filename, parameters=parameters))


def _not_a_workbook(kind: str, filename: str) -> UnreadableFile:
    nl, en = KINDS[kind]
    return _refusal("file_other_kind", filename, kind_nl=nl, kind_en=en)
