"""The process that opens users' files: limits first, then calamine, cells out as JSON.

It runs by its path in an isolated interpreter, so it imports the standard library and calamine only. Whatever a
hostile file does here, it does to this process; the parent reads the return code. Nothing in a file is followed:
no external links, no embedded objects, no macros.

Standard input is the file, standard output one JSON object: `{"sheets": [[name, rows], ...]}` or
`{"refused": rule, "parameters": {...}}`. Dates, times and errors are objects with one key.
"""

from __future__ import annotations

import io
import json
import posixpath
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

import python_calamine

MEGABYTE = 1024 * 1024
MEMORY_BYTES = 2048 * MEGABYTE
CPU_SECONDS = 8
UNPACKED_BYTES = 300 * MEGABYTE
MAX_CELLS = 4_000_000
MAX_ROWS = 300_000
MAX_COLUMNS = 1_000
CHUNK_BYTES = 4 * MEGABYTE
OVERLAP_BYTES = 64

DOCTYPE = re.compile(
    b"|".join(re.escape("<!DOCTYPE".encode(encoding)) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
)
NEEDS_A_CLOSER_LOOK = re.compile(rb"<(?:\w+:)?f[ \t\r\n/>]|\bt=[\"']e[\"']")
CELL_ADDRESS = re.compile(r"([A-Za-z]+)(\d+)")
UNCOMPUTED_FORMULA = "#FORMULE?"


class RefusedError(Exception):
    """The file is not read; `rule` is the key of the message for the user."""

    def __init__(self, rule: str, **parameters: Any) -> None:
        super().__init__(rule)
        self.rule = rule
        self.parameters = parameters


def limit_resources() -> None:
    """No more memory and processor time than a workbook needs, and no files at all."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:  # Windows: the parent's timeout remains
        return
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (allowed, allowed))


def read(data: bytes) -> dict[str, Any]:
    """Every worksheet of an xlsx file, hidden ones too, or the reason why not."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            suspects = _scan(archive)
            paths = _sheet_paths(archive)
            special = {
                name: _special_cells(archive, suspects[path.lower()])
                for name, path in paths.items()
                if path.lower() in suspects
            }
        return {"sheets": _cells(data, special)}
    except RefusedError as refusal:
        return {"refused": refusal.rule, "parameters": refusal.parameters}
    except MemoryError:
        return {"refused": "file_too_heavy", "parameters": {}}
    except Exception:  # noqa: BLE001 - any other trouble in a file that somebody sent us means: not a readable workbook
        return {"refused": "file_damaged", "parameters": {}}


def _scan(archive: zipfile.ZipFile) -> dict[str, str]:
    """Unpack every XML part once within the limits; the parts with formulas or errors, by name in lower case.

    Office never writes a document type declaration; it is how entity bombs are made, so it is refused.
    """
    suspects: dict[str, str] = {}
    room = UNPACKED_BYTES
    cells = 0
    for entry in archive.infolist():
        if not entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        for chunk in _chunks(archive, entry):
            room -= len(chunk) - OVERLAP_BYTES
            if room < 0:
                raise RefusedError("file_too_heavy")
            cells += chunk.count(b"<c ")
            if cells > MAX_CELLS:
                raise RefusedError("file_too_heavy")
            if DOCTYPE.search(chunk):
                raise RefusedError("file_suspect")
            name = entry.filename.lower()
            if name not in suspects and NEEDS_A_CLOSER_LOOK.search(chunk):
                suspects[name] = entry.filename
    return suspects


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in pieces that overlap, so that nothing sought falls between two."""
    tail = b""
    with archive.open(entry) as part:
        while chunk := part.read(CHUNK_BYTES):
            yield tail + chunk
            tail = chunk[-OVERLAP_BYTES:]


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of each sheet to its part in the archive. `_scan` has refused entities before this."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {relation.get("Id"): str(relation.get("Target")) for relation in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    paths = {}
    for element in book.iter():
        if not element.tag.endswith("}sheet"):
            continue
        # The attribute's namespace differs between the two dialects of the format.
        relation_id = next((value for name, value in element.attrib.items() if name.endswith("}id")), None)
        if relation_id in targets:
            path = posixpath.normpath(posixpath.join("/xl", targets[relation_id])).lstrip("/")
            paths[str(element.get("name"))] = path
    return paths


class _SpecialCells:
    """Finds, in a stream of sheet XML, the errors and the formulas without a stored result."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, int], str] = {}
        self.row = 0
        self.column = 0
        self.kind = ""
        self.has_formula = False
        self.in_value = False
        self.value = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
        elif name == "c":
            self.row, self.column = _position(attributes.get("r"), self.row, self.column + 1)
            self.kind = attributes.get("t", "")
            self.has_formula = False
            self.value = ""
        elif name == "f":
            self.has_formula = True
        elif name == "v":
            self.in_value = True

    def text(self, text: str) -> None:
        if self.in_value:
            self.value += text

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "v":
            self.in_value = False
        elif name == "c":
            if self.kind == "e":
                self.found[self.row, self.column] = self.value or UNCOMPUTED_FORMULA
            elif self.has_formula and not self.value and self.kind not in ("str", "inlineStr"):
                self.found[self.row, self.column] = UNCOMPUTED_FORMULA


def _position(address: str | None, row: int, column: int) -> tuple[int, int]:
    """Row and column of a cell address such as `C7`; without an address, the place given."""
    match = CELL_ADDRESS.fullmatch(address or "")
    if match is None:
        return row, column
    number = 0
    for letter in match[1].upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), number


def _special_cells(archive: zipfile.ZipFile, path: str) -> dict[tuple[int, int], str]:
    """Row and column of each error and each formula without a result, with its code."""
    cells = _SpecialCells()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = cells.start
    parser.EndElementHandler = cells.end
    parser.CharacterDataHandler = cells.text
    with archive.open(path) as part:
        parser.ParseFile(part)
    return cells.found


def _cells(data: bytes, special: dict[str, dict[tuple[int, int], str]]) -> list[tuple[str, list[list[Any]]]]:
    """Name and rows of each worksheet, within the limits on rows, columns and cells."""
    book = python_calamine.load_workbook(io.BytesIO(data))
    sheets = []
    room = MAX_CELLS
    for metadata in book.sheets_metadata:
        if metadata.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(metadata.name)
        codes = special.get(metadata.name, {})
        height = max([sheet.total_height, *(row for row, _ in codes)])
        width = max([sheet.total_width, *(column for _, column in codes)])
        room -= height * width
        if room < 0 or height > MAX_ROWS or width > MAX_COLUMNS:
            raise RefusedError("sheet_too_large", sheet_name=metadata.name, rows=height, columns=width)
        sheets.append((metadata.name, _rows(sheet, codes, height, width)))
    return sheets


def _rows(
    sheet: python_calamine.CalamineSheet, codes: dict[tuple[int, int], str], height: int, width: int
) -> list[list[Any]]:
    """The cells of a sheet from A1, empty ones as None, in a rectangle of this height and width."""
    rows: list[list[Any]] = [
        [None if cell == "" else cell for cell in row] for row in sheet.to_python(skip_empty_area=False)
    ]
    for row in rows:
        row.extend([None] * (width - len(row)))
    rows.extend([None] * width for _ in range(height - len(rows)))
    for (row_number, column_number), code in codes.items():
        rows[row_number - 1][column_number - 1] = {"error": code}
    return rows


def _encode(cell: object) -> dict[str, str]:
    """What JSON has no word for, as an object with one key."""
    if isinstance(cell, datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    if isinstance(cell, time):
        return {"time": cell.isoformat()}
    if isinstance(cell, timedelta):
        return {"text": str(cell)}
    raise TypeError(f"no JSON for {type(cell).__name__}")


def main() -> None:
    """Read a workbook from standard input and write its cells to standard output."""
    limit_resources()
    answer = read(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(answer, default=_encode, separators=(",", ":")))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
