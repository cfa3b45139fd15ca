"""An OpenDocument spreadsheet (ods), as LibreOffice writes it."""

from __future__ import annotations

import io
import re
import zipfile
from xml.parsers import expat

import python_calamine

from .columns import Book
from .limits import RefusedError, tell
from .xlsx import UNCOMPUTED_FORMULA, Codes, cells, unpack

FORMULA_CELL = re.compile(rb"<table:table-cell[^>]*table:formula=[^>]*>")
ERROR_CELL = b'calcext:value-type="error"'


def read_ods(data: bytes) -> Book:
    """Every sheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpack(archive)
        if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read(
            "META-INF/manifest.xml"
        ):
            raise RefusedError("file_encrypted")
        content = archive.read("content.xml")
    tell(0.2)
    suspect = ERROR_CELL in content or any(b"value-type" not in cell for cell in FORMULA_CELL.findall(content))
    special = _special_cells(content) if suspect else {}
    tell(0.35)
    return cells(python_calamine.load_workbook(io.BytesIO(data)), lambda name: special.get(name, {}))


class _SpecialCells:
    """Finds the errors and the formulas without a stored result, with repeated rows and cells counted."""

    def __init__(self) -> None:
        self.found: dict[str, Codes] = {}
        self.sheet = ""
        self.row = self.column = 0
        self.row_repeats = 1
        self.cell: tuple[int, int] | None = None
        self.text_parts: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self.sheet = attributes.get("table:name", "")
            self.row = 0
        elif tag == "table:table-row":
            self.row_repeats = int(attributes.get("table:number-rows-repeated", "1"))
            self.column = 0
        elif tag in {"table:table-cell", "table:covered-table-cell"}:
            is_error = attributes.get("calcext:value-type") == "error"
            without_result = "table:formula" in attributes and "office:value-type" not in attributes
            if is_error or without_result:
                self.cell = self.row + 1, self.column + 1
                self.text_parts = []
            self.column += int(attributes.get("table:number-columns-repeated", "1"))

    def characters(self, text: str) -> None:
        if self.cell is not None:
            self.text_parts.append(text)

    def end(self, tag: str) -> None:
        if tag == "table:table-row":
            self.row += self.row_repeats
        elif tag in {"table:table-cell", "table:covered-table-cell"} and self.cell is not None:
            text = "".join(self.text_parts).strip()
            code = text if text.startswith("#") else UNCOMPUTED_FORMULA
            if code != UNCOMPUTED_FORMULA or not text:
                self.found.setdefault(self.sheet, {})[self.cell] = code
            self.cell = None


def _special_cells(content: bytes) -> dict[str, Codes]:
    """Row and column of each error and each formula without a result, with its code, by sheet."""
    special = _SpecialCells()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = special.start
    parser.EndElementHandler = special.end
    parser.CharacterDataHandler = special.characters
    parser.Parse(content, True)
    return special.found
