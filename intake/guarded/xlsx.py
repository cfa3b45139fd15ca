"""An xlsx workbook: unpacked within limits, cells by calamine, formulas and errors by their addresses."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

import python_calamine

from .limits import MAX_CELLS, MEGABYTE, UNPACKED_BYTES, RefusedError, check_size, tell

CHUNK_BYTES = 4 * MEGABYTE
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


Columns = list[Sequence[Any]]
"""The cells of a sheet, column by column, empty ones as None: all columns are equally long."""


def read_xlsx(data: bytes) -> list[tuple[str, Columns, list[list[int]]]]:
    """Name, columns and merged ranges of every worksheet, hidden ones too."""
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


def unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Unpack every XML part once within the limits; the sheets among them, by name in lower case.

    Office never writes a document type declaration; it is how entity bombs are made, so it is refused. Cells are
    counted here, also those that hold nothing but a style, before anything is built from them.
    """
    sheets: dict[str, bytes] = {}
    room, cells_left = UNPACKED_BYTES, MAX_CELLS
    for entry in archive.infolist():
        name = entry.filename.lower()
        if not name.endswith((".xml", ".rels", ".vml")):
            continue
        is_sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
        pieces: list[bytes] = []
        tail = b""
        for chunk in _chunks(archive, entry):
            room -= len(chunk)
            cells_left -= chunk.count(b"<c") + (0 if is_sheet else chunk.count(b":c "))
            if room < 0 or cells_left < 0:
                raise RefusedError("file_too_heavy")
            _refuse_declarations(tail + chunk if b"<" in tail else chunk)
            tail = chunk[-OVERLAP_BYTES:]
            if is_sheet:
                pieces.append(chunk)
        if is_sheet:
            part = sheets[name] = pieces[0] if len(pieces) == 1 else b"".join(pieces)
            cells_left -= part.count(b":c ") if PREFIX_OF_ROOT.search(part, 0, 2_000) else 0
            if cells_left < 0:
                raise RefusedError("file_too_heavy")
    return sheets


def _refuse_declarations(text: bytes) -> None:
    """Refuse a document type declaration, also in text of two bytes a letter."""
    if (b"<!" in text and b"<!DOCTYPE" in text) or (
        b"\x00" in text[:64] and any(sign in text for sign in WIDE_DOCTYPES)
    ):
        raise RefusedError("file_suspect")


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in pieces, so that a bomb is stopped on the way."""
    with archive.open(entry) as part:
        while chunk := part.read(CHUNK_BYTES):
            yield chunk


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


def cells(
    book: python_calamine.CalamineWorkbook, special: Callable[[str], Codes]
) -> list[tuple[str, Columns, list[list[int]]]]:
    """Name, columns and merged ranges of each worksheet, within the limits on rows, columns and cells."""
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
        sheets.append((metadata.name, _columns(sheet, codes, height, width), _merged(sheet)))
    return sheets


def _merged(sheet: python_calamine.CalamineSheet) -> list[list[int]]:
    """First row, first column, last row and last column of each merged range, counted from 0."""
    ranges = sheet.merged_cell_ranges or []
    return [[*first, *last] for first, last in ranges]


def _columns(sheet: python_calamine.CalamineSheet, codes: Codes, height: int, width: int) -> Columns:
    """The cells of a sheet from A1, in columns of this height."""
    columns: Columns = [
        [None if cell == "" else cell for cell in column] if "" in column else column
        for column in zip(*sheet.to_python(skip_empty_area=False), strict=True)
    ]
    missing = height - len(columns[0]) if columns else 0
    if missing:
        columns = [[*column, *[None] * missing] for column in columns]
    columns.extend([None] * height for _ in range(width - len(columns)))
    for (row_number, column_number), code in codes.items():
        column = columns[column_number - 1]
        if not isinstance(column, list):
            column = columns[column_number - 1] = list(column)
        column[row_number - 1] = {"error": code}
    return columns
