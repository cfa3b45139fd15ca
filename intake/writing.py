"""A workbook back to a file: the same cells, with the look of the template.

Users' text is always written as text, also when it starts with `=`, and numbers keep every digit.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from intake.explanation import EXAMPLE_IDS, HELP_SHEETS, PRICE_SHEETS, note_of, words_of
from intake.names import column_letter, fold, is_empty
from intake.sheets import FoundTable, find_tables
from intake.workbook import Cell, CellError, RawSheet, RawWorkbook, Row
from valuation.case import ASSUMPTION_COLUMNS, ASSUMPTIONS, UNCERTAINTY, Column

LAST_COLUMN = 16_384
LAST_ROW = 1_048_576
FIRST_EXCEL_YEAR = 1900
FORBIDDEN_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
LONGEST_SHEET_NAME = 31
LONGEST_TEXT = 32_767

FORMATS = {
    "amount": '"€" #,##0.00;[Red]-"€" #,##0.00',
    "number": "#,##0.##",
    "fraction": "0.00%",
    "degrees": "0.000000",
    "steps": "0.00%",
    "integer": "0",
    "year": "0",
    "text": "@",
    "identifier": "@",
    "take_up": "@",
    "cell": "General",
}
WIDTHS = {"text": 28, "identifier": 16, "amount": 17, "take_up": 20, "choice": 16}
USUAL_WIDTH = 13
ASSUMPTION_WIDTHS = {"key": 34, "value": 24, "note": 90}
HEADER_HEIGHT = 48
WIDEST = 110
FONT = "Calibri"
INK, REQUIRED_INK, PALE, GREY = "1F3A4D", "8A3B12", "FFFFFF", "6B7280"


def write_workbook(raw: RawWorkbook) -> bytes:
    """The workbook as it stands, as an xlsx file.

    The declared sheets get the look of the template: locked headers with an explanation, drop-down lists and number
    formats. Other sheets and columns are kept as values. Reading the file gives the same cells.
    """
    book = Workbook()
    book.remove(book.active)
    for style in _styles():
        book.add_named_style(style)
    found_by_position = {found.position: found for found in find_tables(raw)[0].values() if found.sheet is not None}
    for position, sheet in enumerate(raw.sheets):
        page = book.create_sheet(_sheet_name(sheet.name))
        found = found_by_position.get(position)
        if found is not None:
            _write_table(page, sheet, found, _price_list(raw))
        elif fold(sheet.name) in map(fold, HELP_SHEETS):
            _write_help(page, sheet)
        else:
            _write_cells(page, sheet, 0)
    if not book.sheetnames:
        book.create_sheet("Blad1")
    return _as_file(book)


def _as_file(book: Workbook) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        _InMemory(book, archive).save()
    return file.getvalue()


class _InMemory(ExcelWriter):  # type: ignore[misc]  # openpyxl declares no types
    """Writes a workbook without the temporary files of `Workbook.save`: figures of users never touch the disk."""

    def write_worksheet(self, page: Worksheet) -> None:
        """Add one sheet to the archive, as `ExcelWriter` does."""
        page._drawing = SpreadsheetDrawing()
        content = io.BytesIO()
        writer = WorksheetWriter(page, content)
        writer.write()
        page._rels = writer._rels
        self._archive.writestr(page.path.removeprefix("/"), content.getvalue())
        self.manifest.append(page)


def _styles() -> list[NamedStyle]:
    """The looks that cells can have, one for each kind and the header's."""
    thin = Side(style="thin", color=PALE)
    header = {
        "alignment": Alignment(wrap_text=True, vertical="top"),
        "border": Border(left=thin, right=thin),
        "font": Font(name=FONT, size=11, bold=True, color=PALE),
    }
    styles = [
        NamedStyle("bw_header", fill=PatternFill("solid", fgColor=INK), **header),
        NamedStyle("bw_required", fill=PatternFill("solid", fgColor=REQUIRED_INK), **header),
        NamedStyle("bw_help", font=Font(name=FONT, size=11)),
        NamedStyle("bw_help_header", font=Font(name=FONT, size=11, bold=True)),
    ]
    for name, font in (("", Font(name=FONT, size=11)), ("_example", Font(name=FONT, size=11, italic=True, color=GREY))):
        for kind in (*FORMATS, "choice", "yes_no", "other"):
            style = NamedStyle(f"bw_{kind}{name}", font=font, protection=Protection(locked=False))
            style.number_format = FORMATS.get(kind, "General")
            styles.append(style)
    return styles


def _sheet_name(name: str) -> str:
    """A name that Excel accepts for a sheet."""
    return FORBIDDEN_IN_SHEET_NAMES.sub("_", name)[:LONGEST_SHEET_NAME] or "_"


def _write_cells(page: Worksheet, sheet: RawSheet, first_row: int) -> None:
    """The cells of a sheet from a row on, as they are."""
    for number, row in enumerate(sheet.rows[first_row:], start=first_row + 1):
        for position, value in enumerate(row, start=1):
            if value is not None:
                put(page.cell(number, position), value)


def put(cell: SheetCell, value: Cell) -> None:
    """Write one value: text as text, errors as errors, numbers with all their digits."""
    if isinstance(value, CellError):
        cell.value = value.code
        if value.code not in ERROR_CODES:
            cell.data_type = "s"
    elif isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_TEXT]
        cell.data_type = "s"
    elif isinstance(value, float):
        _put_number(cell, value)
    elif isinstance(value, datetime | date) and value.year < FIRST_EXCEL_YEAR:
        cell.value = value.isoformat()
    else:
        cell.value = value
        if isinstance(value, date | time):
            cell.number_format = _date_format(value)


def _date_format(value: date | time) -> str:
    if isinstance(value, datetime):
        return "dd-mm-yyyy hh:mm:ss"
    return "dd-mm-yyyy" if isinstance(value, date) else "hh:mm:ss"


def _put_number(cell: SheetCell, value: float) -> None:
    """A number; openpyxl writes sixteen digits, so a longer one goes in as its text with a number's type."""
    if value - value != 0:  # infinite or not a number: no cell of Excel can hold it
        cell.value = "#NUM!"
        return
    cell.value = value
    if float(f"{value:.16g}") != value:
        cell.value = repr(value)
        cell.data_type = "n"


def _write_table(page: Worksheet, sheet: RawSheet, found: FoundTable, prices: str | None) -> None:
    """A declared sheet: what stands in it, and the look and help of the template."""
    columns = {place.position: _declared(found, key) for key, place in found.columns.items()}
    language = _language(found)
    for position, column in columns.items():
        letter = column_letter(position + 1)
        _style_column(page, letter, column.kind)
        page.column_dimensions[letter].width = _width(found, column)
        if found.table is not ASSUMPTIONS:
            _offer(page, column, f"{letter}{found.header_row + 1}:{letter}{LAST_ROW}", language, prices)
    _unlock_the_rest(page, columns)
    for number, row in enumerate(sheet.rows, start=1):
        if number == found.header_row:
            _write_header(page, row, found, columns, language)
        else:
            _write_row(page, number, row, found, columns)
    if found.table is ASSUMPTIONS:
        _offer_assumptions(page, sheet, found, language)
    _protect(page)
    page.freeze_panes = f"{'B' if found.table is ASSUMPTIONS else 'C'}{found.header_row + 1}"


def _width(found: FoundTable, column: Column) -> int:
    """How wide a column is, in characters."""
    usual = WIDTHS.get(column.kind, USUAL_WIDTH)
    return ASSUMPTION_WIDTHS.get(column.key, usual) if found.table is ASSUMPTIONS else usual


def _declared(found: FoundTable, key: str) -> Column:
    """The declaration of a column; the assumptions sheet has a few of its own."""
    if found.table is not ASSUMPTIONS:
        return found.table.column(key)
    for column in UNCERTAINTY:
        if column.key == key == "distribution":
            return column
    header, _ = ASSUMPTION_COLUMNS[key]
    return Column(key, header, "text" if key in {"key", "note"} else "number", "", "", required=key in {"key", "value"})


def _language(found: FoundTable) -> str:
    """The language of a sheet: that of its name."""
    return "nl" if found.sheet is not None and fold(found.sheet.name) == fold(found.table.sheet_nl) else "en"


def _unlock_the_rest(page: Worksheet, columns: dict[int, Column]) -> None:
    """Columns of one's own stay free to fill in, and rows can be deleted."""
    last = max(columns, default=-1) + 1
    for position in range(last):
        if position not in columns:
            _style_column(page, column_letter(position + 1), "other")
    rest = column_letter(last + 1)
    _style_column(page, rest, "other")
    page.column_dimensions[rest].min, page.column_dimensions[rest].max = last + 1, LAST_COLUMN


def _style_column(page: Worksheet, letter: str, kind: str) -> None:
    """The look of cells that are still empty: free to fill in, in the format of their kind."""
    page.column_dimensions[letter].protection = Protection(locked=False)
    page.column_dimensions[letter].number_format = FORMATS.get(kind, "General")


def _write_header(page: Worksheet, row: Row, found: FoundTable, columns: dict[int, Column], language: str) -> None:
    page.row_dimensions[found.header_row].height = HEADER_HEIGHT
    for position, value in enumerate(row):
        if is_empty(value):
            continue
        cell = page.cell(found.header_row, position + 1)
        column = columns.get(position)
        cell.style = "bw_required" if column is not None and column.required else "bw_header"
        put(cell, value)
        if column is not None and (text := note_of(column, language)):
            cell.comment = Comment(text, "Buurtwaarde", width=320, height=150)


def _write_row(page: Worksheet, number: int, row: Row, found: FoundTable, columns: dict[int, Column]) -> None:
    """The cells of one row, in the look of their columns; example rows are grey and slanted."""
    example = "_example" if any(isinstance(cell, str) and cell.startswith(EXAMPLE_IDS) for cell in row) else ""
    kinds: dict[int, str] = {position: column.kind for position, column in columns.items()}
    if found.table is ASSUMPTIONS:
        kinds = {**kinds, **_kinds_of_assumption(row, found)}
    for position, value in enumerate(row):
        kind = kinds.get(position, "other")
        if value is None and found.table is not ASSUMPTIONS:
            continue
        cell = page.cell(number, position + 1)
        cell.style = f"bw_{kind}{example}"
        if value is not None:
            put(cell, value)


def _assumption_of(row: Row, found: FoundTable) -> Column | None:
    """Which assumption a row of the assumptions sheet is about."""
    place = found.columns.get("key")
    key = None if place is None or place.position >= len(row) else row[place.position]
    names = {fold(name): column for column in ASSUMPTIONS.columns for name in (column.key, column.header)}
    return None if key is None else names.get(fold(key))


def _kinds_of_assumption(row: Row, found: FoundTable) -> dict[int, str]:
    """The assumption decides how its value, low and high look."""
    column = _assumption_of(row, found)
    if column is None:
        return {}
    return {found.columns[key].position: column.kind for key in ("value", "low", "high") if key in found.columns}


def _offer_assumptions(page: Worksheet, sheet: RawSheet, found: FoundTable, language: str) -> None:
    """Drop-down lists for the values that have one, and for the shapes of uncertainty."""
    value = found.columns.get("value")
    for number, row in enumerate(sheet.rows[found.header_row :], start=found.header_row + 1):
        column = _assumption_of(row, found)
        if column is not None and value is not None:
            _offer(page, column, f"{value.letter}{number}", language, None)
    if "distribution" in found.columns:
        letter = found.columns["distribution"].letter
        _offer(
            page, _declared(found, "distribution"), f"{letter}{found.header_row + 1}:{letter}{LAST_ROW}", language, None
        )


def _offer(page: Worksheet, column: Column, cells: str, language: str, prices: str | None) -> None:
    """What Excel offers and refuses in these cells while somebody types."""
    validation = _validation(column, language, prices)
    if validation is not None:
        validation.add(cells)
        page.add_data_validation(validation)


def _validation(column: Column, language: str, prices: str | None) -> DataValidation | None:
    words = words_of(column, language)
    if words:
        return _refusing(DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True), ", ".join(words))
    if column.key == "price_key" and prices is not None:
        return DataValidation("list", formula1=prices, allow_blank=True, showErrorMessage=False)
    bounded = column.minimum is not None and column.maximum is not None
    if column.kind in {"fraction", "integer"} and bounded:
        kind = "decimal" if column.kind == "fraction" else "whole"
        low, high = column.minimum, column.maximum
        shown = f"{low:.0%} – {high:.0%}" if column.kind == "fraction" else f"{low:g} – {high:g}"
        return _refusing(
            DataValidation(kind, operator="between", formula1=f"{low:g}", formula2=f"{high:g}", allow_blank=True), shown
        )
    return None


def _refusing(validation: DataValidation, allowed: str) -> DataValidation:
    validation.showErrorMessage = True
    validation.errorTitle = "Buurtwaarde"
    validation.error = allowed[:225]
    return validation


def _price_list(raw: RawWorkbook) -> str | None:
    """Where the price codes stand in the workbook, for the drop-down lists."""
    for sheet in raw.sheets:
        if fold(sheet.name) in map(fold, PRICE_SHEETS) and len(sheet.rows) > 1:
            name = _sheet_name(sheet.name).replace("'", "''")
            return f"'{name}'!$A$2:$A${len(sheet.rows)}"
    return None


def _write_help(page: Worksheet, sheet: RawSheet) -> None:
    """A sheet that explains: columns as wide as their text, the title and the header of its table in bold."""
    _write_cells(page, sheet, 0)
    header = next((n for n, row in enumerate(sheet.rows, start=1) if len(row) > 1 and not is_empty(row[1])), 1)
    for number, row in enumerate(page.iter_rows(), start=1):
        for cell in row:
            cell.style = "bw_help_header" if number in {1, header} else "bw_help"
    for position, texts in enumerate(zip(*sheet.rows[header - 1 :], strict=True), start=1):
        longest = max(len(str(text)) for text in texts)
        page.column_dimensions[column_letter(position)].width = min(longest + 2, WIDEST)
    page.freeze_panes = f"A{header + 1}"


def _protect(page: Worksheet) -> None:
    """Headers are locked, without a password; everything else that a user does in a table stays possible."""
    protection = page.protection
    protection.sheet = True
    protection.formatCells = False
    protection.formatColumns = False
    protection.formatRows = False
    protection.insertRows = False
    protection.insertColumns = False
    protection.deleteRows = False
    protection.sort = False
    protection.autoFilter = False
