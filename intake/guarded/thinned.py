"""A workbook thinned to a few cells, so that calamine says what they are: days, truth values, escaped texts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import python_calamine

MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
START_OF_SHEET = b'<worksheet xmlns="' + MAIN + b'"><sheetData>'
KEPT = frozenset(
    {"[content_types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
)
SHARED_TEXTS = "xl/sharedStrings.xml"
MERGED = re.compile(rb"<mergeCells\b.*?</mergeCells>", re.DOTALL)


class Unusual(Exception):  # noqa: N818 - it describes the workbook
    """The workbook is not as spreadsheet programs save it; calamine is to read all of it."""


@dataclass(frozen=True)
class Thinned:
    """What stays of a workbook: its list of sheets, its formats, and the parts of its sheets by their names."""

    parts: Mapping[str, bytes]
    paths: Mapping[str, str]

    def understood(self, cells: Sequence[bytes], texts: Iterable[bytes] = ()) -> list[Any]:
        """What these cells are: each is what follows its address, up to its end.

        `texts` are entries for the list of shared texts, to which the cells may refer.
        """
        if not cells:
            return []
        rows = [b'<row r="%d"><c r="A%d%b</c></row>' % (row, row, cell) for row, cell in enumerate(cells, start=1)]
        name, path = next(iter(self.paths.items()))
        shared = b'<sst xmlns="' + MAIN + b'">' + b"".join(texts) + b"</sst>"
        try:
            book = self._book({path: b"".join(rows)}, {}, shared)
            found = [row[0] for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        except python_calamine.CalamineError as error:
            raise Unusual from error
        return found + [""] * (len(cells) - len(found))

    def merged(self, without_rows: Mapping[str, bytes]) -> dict[str, list[list[int]]]:
        """The merged ranges of each sheet, by its name; from the sheets without their rows, by their paths."""
        ranges = {path: b"".join(MERGED.findall(part)) for path, part in without_rows.items()}
        if not any(ranges.values()):
            return {}
        try:
            book = self._book({}, ranges, b"")
            return {name: merged_ranges(book.get_sheet_by_name(name)) for name in self.paths}
        except python_calamine.CalamineError as error:
            raise Unusual from error

    def _book(
        self, rows: Mapping[str, bytes], ranges: Mapping[str, bytes], shared: bytes
    ) -> python_calamine.CalamineWorkbook:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name, part in self.parts.items():
                archive.writestr(name, part)
            if shared:
                archive.writestr(SHARED_TEXTS, shared)
            for path in self.paths.values():
                rest = b"</sheetData>" + ranges.get(path, b"") + b"</worksheet>"
                archive.writestr(path, START_OF_SHEET + rows.get(path, b"") + rest)
        file.seek(0)
        return python_calamine.load_workbook(file)


def merged_ranges(sheet: python_calamine.CalamineSheet) -> list[list[int]]:
    """First row, first column, last row and last column of each merged range, counted from 0."""
    return [[*first, *last] for first, last in sheet.merged_cell_ranges or []]
