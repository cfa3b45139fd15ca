"""An xlsx workbook: unpacked within limits, cells by calamine, formulas and errors by their addresses."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

import python_calamine

from .limits import MAX_CELLS, MEGABYTE, UNPACKED_BYTES, RefusedError, check_size, tell

CHUNK_BYTES = 4 * MEGABYTE
OVERLAP_BYTES = 64
UNCOMPUTED_FORMULA = "#FORMULE?"

DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
SIGNS_OF_FORMULAS_AND_ERRORS = (b"<f", b":f", b't="e"', b"t='e'", b"t =")
UNUSUAL_XML = (b"<!--", b"<![CDATA[", b":c ", b":c>", b"t =", b"r =", b"<?xml-")
STARTS_OF_ERRORS = (b't="e"', b"t='e'")
FORMULA_WITHOUT_RESULT = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v(?:\s[^>]*)?(?:/>|>\s*</v>))?\s*</c>")
STORED_VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]+)</v>")
ATTRIBUTE = re.compile(rb"([\w:]+)=[\"']([^\"']*)[\"']")
CELL_ADDRESS = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")

Codes = dict[tuple[int, int], str]


def read_xlsx(data: bytes) -> list[tuple[str, list[list[Any]], list[list[int]]]]:
    """Name, rows and merged ranges of every worksheet, hidden ones too."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        suspects = unpack(archive)
        tell(0.2)
        paths = sheet_paths(archive)
        special = {
            name: _special_cells(archive.read(suspects[path.lower()]))
            for name, path in paths.items()
            if path.lower() in suspects
        }
    tell(0.35)
    return cells(python_calamine.load_workbook(io.BytesIO(data)), special)


def unpack(archive: zipfile.ZipFile) -> dict[str, str]:
    """Unpack every XML part once within the limits; the parts with formulas or errors, by name in lower case.

    Office never writes a document type declaration; it is how entity bombs are made, so it is refused. Cells are
    counted here, also those that hold nothing but a style, before anything is built from them.
    """
    suspects: dict[str, str] = {}
    room, cells_left = UNPACKED_BYTES, MAX_CELLS
    for entry in archive.infolist():
        if not entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        for chunk in _chunks(archive, entry):
            room -= len(chunk) - OVERLAP_BYTES
            cells_left -= chunk.count(b"<c ") + chunk.count(b"<c>") + chunk.count(b":c ")
            if room < 0 or cells_left < 0:
                raise RefusedError("file_too_heavy")
            if any(sign in chunk for sign in DOCTYPES):
                raise RefusedError("file_suspect")
            name = entry.filename.lower()
            if name not in suspects and any(sign in chunk for sign in SIGNS_OF_FORMULAS_AND_ERRORS):
                suspects[name] = entry.filename
    return suspects


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in pieces that overlap, so that nothing sought falls between two."""
    tail = b""
    with archive.open(entry) as part:
        while chunk := part.read(CHUNK_BYTES):
            yield tail + chunk
            tail = chunk[-OVERLAP_BYTES:]


def sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of each sheet to its part in the archive. `unpack` has refused entities before this."""
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


def _special_cells(part: bytes) -> Codes:
    """Row and column of each error and each formula without a result, with its code.

    Sheets as Excel and its peers write them are searched as bytes, which is many times faster; anything unusual is
    read element by element.
    """
    if part[:2] in {b"\xff\xfe", b"\xfe\xff"} or any(sign in part for sign in UNUSUAL_XML):
        return _by_element(part)
    found: Codes = {}
    for place in _places(part):
        start = max(part.rfind(b"<c ", 0, place), part.rfind(b"<c>", 0, place))
        attributes = dict(ATTRIBUTE.findall(part[start : part.find(b">", start)]))
        address = CELL_ADDRESS.fullmatch(attributes.get(b"r", b"").decode("ascii", "replace"))
        if address is None:
            return _by_element(part)
        value = STORED_VALUE.search(part, start, part.find(b"</c>", start))
        position = int(address[2]), column_number(address[1])
        if attributes.get(b"t") == b"e":
            found[position] = value[1].decode("utf-8", "replace") if value else UNCOMPUTED_FORMULA
        elif value is None and attributes.get(b"t") not in {b"str", b"inlineStr"}:
            found[position] = UNCOMPUTED_FORMULA
    return found


def _places(part: bytes) -> Iterator[int]:
    """Where an error, or a formula that seems to have no result, stands in the part."""
    for match in FORMULA_WITHOUT_RESULT.finditer(part):
        yield match.start()
    for sign in STARTS_OF_ERRORS:
        place = part.find(sign)
        while place >= 0:
            yield place
            place = part.find(sign, place + 1)


def column_number(letters: str) -> int:
    """The number of a column, A being 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class _SpecialCells:
    """Finds, in a stream of sheet XML, the errors and the formulas without a stored result."""

    def __init__(self) -> None:
        self.found: Codes = {}
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
    return (row, column) if match is None else (int(match[2]), column_number(match[1]))


def _by_element(part: bytes) -> Codes:
    special = _SpecialCells()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = special.start
    parser.EndElementHandler = special.end
    parser.CharacterDataHandler = special.text
    parser.Parse(part, True)  # noqa: FBT003 - expat's own way of saying that this is all
    return special.found


def cells(
    book: python_calamine.CalamineWorkbook, special: dict[str, Codes]
) -> list[tuple[str, list[list[Any]], list[list[int]]]]:
    """Name, rows and merged ranges of each worksheet, within the limits on rows, columns and cells."""
    sheets = []
    room = MAX_CELLS
    for metadata in book.sheets_metadata:
        if metadata.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(metadata.name)
        codes = special.get(metadata.name, {})
        height = max([sheet.total_height, *(row for row, _ in codes)])
        width = max([sheet.total_width, *(column for _, column in codes)])
        room = check_size(metadata.name, height, width, room)
        sheets.append((metadata.name, _rows(sheet, codes, height, width), _merged(sheet)))
    return sheets


def _merged(sheet: python_calamine.CalamineSheet) -> list[list[int]]:
    """First row, first column, last row and last column of each merged range, counted from 0."""
    ranges = sheet.merged_cell_ranges or []
    return [[*first, *last] for first, last in ranges]


def _rows(sheet: python_calamine.CalamineSheet, codes: Codes, height: int, width: int) -> list[list[Any]]:
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
