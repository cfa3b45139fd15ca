"""Bytes of an uploaded file to a `RawWorkbook`, or a refusal that says what to do.

The file is looked at from the outside here (size, first bytes, table of contents of the archive) and opened only
in a child process with limits on memory and time (`intake.child`), so that a hostile file ends that process and
never the server.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from intake.workbook import EXCEL_ERRORS, CellError, RawSheet, RawWorkbook, Row
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
CHILD = Path(__file__).with_name("child.py")


class UnreadableFile(Exception):  # noqa: N818 - it describes the file, and is shown as a problem
    """The file cannot be read as a workbook; `problem` says why and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.rule)
        self.problem = problem


def read_workbook(data: bytes, filename: str) -> RawWorkbook:
    """The cells of an uploaded workbook, exactly as they stand in the file.

    Parameters
    ----------
    data : bytes
        Content of the file.
    filename : str
        Its name, for messages; the content decides what it is.

    Raises
    ------
    UnreadableFile
        The file is empty, too large, damaged, encrypted, hostile, or no xlsx workbook.
    """
    entries = _inspect(data, filename)
    answer = _ask_child(data, filename)
    if "refused" in answer:
        raise _refusal(str(answer["refused"]), filename, **answer["parameters"])
    warnings = (Problem("warning", "macros_ignored", value=filename),) if "xl/vbaproject.bin" in entries else ()
    return RawWorkbook(tuple(RawSheet(name, tuple(map(_row, rows))) for name, rows in answer["sheets"]), warnings)


def _inspect(data: bytes, filename: str) -> set[str]:
    """Look from the outside, cheapest first; the names in the archive, in lower case."""
    if not data:
        raise _refusal("file_empty", filename)
    if len(data) > MAX_FILE_BYTES:
        raise _refusal("file_too_large", filename, size=len(data) / MEGABYTE, limit=MAX_FILE_BYTES // MEGABYTE)
    if data.startswith(OLE_MAGIC):
        raise _refusal("file_encrypted" if ENCRYPTED_STREAM in data else "file_old_excel", filename)
    if not data.startswith(ZIP_MAGIC):
        raise _not_a_workbook(_kind_of(data), filename)
    return _inspect_archive(data, filename)


def _kind_of(data: bytes) -> str:
    """What a file that is no archive seems to be."""
    for magic, kind in OTHER_MAGIC:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "picture"
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
    if "xl/workbook.xml" not in names:
        for start, kind in OTHER_ARCHIVES:
            if any(name.startswith(start) for name in names):
                raise _not_a_workbook(kind, filename)
        raise _not_a_workbook("archive", filename)
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refusal("file_encrypted", filename)
    return names


def _ask_child(data: bytes, filename: str) -> dict[str, Any]:
    """What the child process says about the file; its death is an answer too."""
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-X", "utf8", str(CHILD)],
            input=data,
            capture_output=True,
            timeout=WALL_SECONDS,
            env={name: os.environ[name] for name in CHILD_ENVIRONMENT if name in os.environ},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _refusal("file_too_heavy", filename) from error
    if child.returncode != 0:
        raise _refusal("file_too_heavy", filename)
    answer: dict[str, Any] = json.loads(child.stdout, object_hook=_decode)
    return answer


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


def _row(cells: list[Any]) -> Row:
    """A row as a tuple, with texts such as `#N/A` seen as the errors that they are."""
    return tuple(
        CellError(cell.strip()) if isinstance(cell, str) and cell[:1] == "#" and cell.strip() in EXCEL_ERRORS else cell
        for cell in cells
    )


def _refusal(rule: str, filename: str, **parameters: Any) -> UnreadableFile:
    return UnreadableFile(Problem("error", rule, value=filename, parameters=parameters))


def _not_a_workbook(kind: str, filename: str) -> UnreadableFile:
    nl, en = KINDS[kind]
    return _refusal("file_other_kind", filename, kind_nl=nl, kind_en=en)
