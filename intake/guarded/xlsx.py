"""An xlsx workbook: unpacked within limits, cells by calamine, formulas and errors by their addresses.

A large one is scanned instead (`scan`), which takes a third of the time; where it is not as spreadsheet programs save
it, calamine reads it after all.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

import python_calamine

from .columns import Book, Fault, Listed, Words
from .limits import MAX_CELLS, MEGABYTE, UNPACKED_BYTES, RefusedError, check_size, tell
from .thinned import Unusual, merged_ranges

CHUNK_BYTES = MEGABYTE
SCANNED_FROM_BYTES = 2 * MEGABYTE
"""Of all sheets together; for less, making ready to scan takes longer than calamine."""
OVERLAP_BYTES = 64
UNCOMPUTED_FORMULA = "#FORMULE?"

WIDE_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-16-le", "utf-16-be"))
PREFIX_OF_ROOT = re.compile(rb"<[\w-]+:worksheet[\s>]")
STARTS_OF_ERRORS = (b't="e"', b"t='e'")
FORMULA_WITHOUT_RESULT = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v(?:\s[^>]*)?(?:/>|>\s*</v>))?\s*</c>")
STORED_VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]+)</v>")
ATTRIBUTE = re.compile(rb"([\w:]+)=[\"']([^\"']*)[\"']")
CELL_ADDRESS = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")

Codes = dict[tuple[int, int], str]


def read_xlsx(data: bytes) -> Book:
    """Every worksheet, hidden ones too."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = sum(entry.file_size for entry in archive.infolist() if is_sheet(entry))
        if sheets >= SCANNED_FROM_BYTES:
            from .scanned import read_scanned  # noqa: PLC0415 - with NumPy, which takes longer than a small workbook

            try:
                return read_scanned(archive)
            except (Unusual, UnicodeDecodeError):
                pass
    return read_parsed(data)


def read_parsed(data: bytes) -> Book:
    """Every worksheet as calamine reads it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = unpack(archive)
        tell(0.2)
        paths = sheet_paths(archive)
    book = python_calamine.load_workbook(io.BytesIO(data))
    # Calamine lets other threads work while it parses: formulas and errors are found in the meantime.
    with ThreadPoolExecutor(1) as searcher:
        special = {
            name: searcher.submit(_special_cells, parts[path.lower()])
            for name, path in paths.items()
            if path.lower() in parts
        }
        return cells(book, lambda name: special[name].result() if name in special else {})


def is_sheet(entry: zipfile.ZipInfo) -> bool:
    """Whether a part of the archive holds the cells of a sheet."""
    name = entry.filename.lower()
    return name.startswith("xl/worksheets/") and name.endswith(".xml")


def is_xml(entry: zipfile.ZipInfo) -> bool:
    """Whether a part of the archive is one that may be read."""
    return entry.filename.lower().endswith((".xml", ".rels", ".vml"))


class Room:
    """How much may still be unpacked, and how many cells may still come."""

    def __init__(self) -> None:
        self.bytes, self.cells = UNPACKED_BYTES, MAX_CELLS

    def count(self, cells: int) -> None:
        """Take room for these cells, also those that hold nothing but a style."""
        self.cells -= cells
        if self.cells < 0:
            raise RefusedError("file_too_heavy")

    def pieces(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """A part in pieces, so that a bomb is stopped on the way."""
        with archive.open(entry) as part:
            while piece := part.read(CHUNK_BYTES):
                self.bytes -= len(piece)
                if self.bytes < 0:
                    raise RefusedError("file_too_heavy")
                yield piece


def unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Unpack every XML part once within the limits; the sheets among them, by name in lower case.

    Cells are counted here, before anything is built from them.
    """
    sheets: dict[str, bytes] = {}
    room = Room()
    for entry in filter(is_xml, archive.infolist()):
        pieces: list[bytes] = []
        for piece in without_declarations(room.pieces(archive, entry)):
            room.count(piece.count(b"<c") + (0 if is_sheet(entry) else piece.count(b":c ")))
            if is_sheet(entry):
                pieces.append(piece)
        if is_sheet(entry):
            part = sheets[entry.filename.lower()] = b"".join(pieces)
            room.count(part.count(b":c ") if PREFIX_OF_ROOT.search(part, 0, 2_000) else 0)
    return sheets


def without_declarations(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces of a part in which no document type is declared.

    Office never writes such a declaration; it is how entity bombs are made, so it is refused.
    """
    tail = b""
    for piece in pieces:
        refuse_declarations(tail + piece if b"<" in tail else piece)
        tail = piece[-OVERLAP_BYTES:]
        yield piece


def refuse_declarations(text: bytes) -> None:
    """Refuse a document type declaration, also in text of two bytes a letter."""
    if (b"<!" in text and b"<!DOCTYPE" in text) or (
        b"\x00" in text[:64] and any(sign in text for sign in WIDE_DOCTYPES)
    ):
        raise RefusedError("file_suspect")


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
    is_unusual = part[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in part[:64] or b"<!" in part
    if is_unusual or PREFIX_OF_ROOT.search(part, 0, 2_000):
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
    parser.Parse(part, True)
    return special.found


def cells(book: python_calamine.CalamineWorkbook, special: Callable[[str], Codes]) -> Book:
    """Each worksheet within the limits on rows, columns and cells."""
    sheets = []
    room = MAX_CELLS
    for metadata in book.sheets_metadata:
        if metadata.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(metadata.name)
        codes = special(metadata.name)
        height = max([sheet.total_height, *(row for row, _ in codes)])
        width = max([sheet.total_width, *(column for _, column in codes)])
        room = check_size(metadata.name, height, width, room)
        tell(0.6)
        sheets.append(Listed(metadata.name, _columns(sheet, codes, height, width), merged_ranges(sheet)))
    return Book(sheets, Words())


def _columns(sheet: python_calamine.CalamineSheet, codes: Codes, height: int, width: int) -> list[list[Any]]:
    """The cells of a sheet from A1, in columns of this height."""
    columns = [
        [None if cell == "" else cell for cell in column] if "" in column else list(column)
        for column in zip(*sheet.to_python(skip_empty_area=False), strict=True)
    ]
    missing = height - len(columns[0]) if columns else 0
    for column in columns:
        column.extend([None] * missing)
    columns.extend([None] * height for _ in range(width - len(columns)))
    for (row_number, column_number), code in codes.items():
        columns[column_number - 1][row_number - 1] = Fault(code)
    return columns
