"""A table of the workbook as text on screen, and what was typed there back into the workbook.

A cell that was not changed keeps exactly what it held. A number that was typed is read in the language of the
page, so that `1.234` is never doubtful there; all else stays as typed, for validation to judge. Whoever knows already
what a cell has to hold, such as the questions of a business case, puts cells in by row and column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from intake.cells import CellMistake, parse_amount_text, parse_degrees_text, parse_share_text
from intake.explanation import YES_NO
from intake.names import fold, is_empty
from intake.sheets import FoundTable, find_tables, names_of_columns
from intake.workbook import Cell, CellError, RawSheet, RawWorkbook, Row
from valuation.case import ASSUMPTIONS

PERCENT_KINDS = frozenset({"fraction", "steps", "take_up"})
GROUPED_KINDS = frozenset({"amount", "number"})
TYPED_AS_NUMBER = frozenset({"amount", "number", "integer", "year"})


def table_frame(raw: RawWorkbook, table_key: str, language: str = "nl") -> pd.DataFrame:
    """The filled rows of one table as text in the page's notation.

    Returns
    -------
    DataFrame
        A row per sheet row, indexed by row number; a column per declared column, by its key, also where the file
        does not have it. Text, or None where a cell is empty. Columns of the user's own are not shown.
    """
    found = find_tables(raw)[0][table_key]
    keys = list(names_of_columns(found.table))
    rows = {
        number: [_shown(row, found, key, language) for key in keys]
        for number, row in enumerate(found.rows, start=found.header_row + 1)
    }
    filled = {number: texts for number, texts in rows.items() if any(text is not None for text in texts)}
    frame = pd.DataFrame(list(filled.values()), columns=keys, dtype=object)
    frame.index = pd.Index(list(filled), dtype="int64")
    return frame


def with_table(raw: RawWorkbook, table_key: str, frame: pd.DataFrame, language: str = "nl") -> RawWorkbook:
    """The workbook with the rows of one table as they were typed.

    Parameters
    ----------
    raw : RawWorkbook
    table_key : str
    frame : DataFrame
        As from `table_frame`, changed: rows that are no longer there are deleted from the sheet, rows with a new
        number are added at the end. The user's own columns stay with their rows.
    language : {"nl", "en"}
        The notation in which numbers were typed.
    """
    found = find_tables(raw)[0][table_key]
    if found.sheet is None:
        return _with_new_sheet(raw, found, frame, language)
    before = _by_number(table_frame(raw, table_key, language))
    typed = _by_number(frame)
    found, sheet = _with_missing_columns(found, found.sheet, frame)
    header = sheet.rows[found.header_row - 1] if sheet.rows else ()
    rows: list[Row] = []
    for number, row in enumerate(found.rows, start=found.header_row + 1):
        if number in typed:
            rows.append(_changed(row, found, before.get(number, {}), typed[number], language))
        elif number not in before:
            rows.append(row)
    there = range(found.header_row + 1, found.header_row + 1 + len(found.rows))
    new = (texts for number, texts in typed.items() if number not in there)
    rows.extend(_changed((None,) * len(header), found, {}, texts, language) for texts in new)
    top = sheet.rows[: found.header_row - 1]
    return raw.with_sheet(_position(raw, found), RawSheet(sheet.name, _rectangle((*top, header, *rows))))


def table_cells(raw: RawWorkbook, table_key: str) -> dict[int, dict[str, Cell]]:
    """The filled rows of one table as they stand: row number to column key to cell, empty cells left out."""
    return _cells(find_tables(raw)[0][table_key])


def every_tables_cells(raw: RawWorkbook) -> dict[str, dict[int, dict[str, Cell]]]:
    """The same of every table, by its key."""
    return {key: _cells(found) for key, found in find_tables(raw)[0].items()}


def _cells(found: FoundTable) -> dict[int, dict[str, Cell]]:
    rows = {
        number: {
            key: row[place.position]
            for key, place in found.columns.items()
            if place.position < len(row) and not is_empty(row[place.position])
        }
        for number, row in enumerate(found.rows, start=found.header_row + 1)
    }
    return {number: cells for number, cells in rows.items() if cells}


def new_row(raw: RawWorkbook, table_key: str) -> int:
    """The number that a new row of this table gets: the first below everything in its sheet."""
    found = find_tables(raw)[0][table_key]
    return found.header_row + len(found.rows) + 1


def with_cells(raw: RawWorkbook, table_key: str, row: int, cells: Mapping[str, Cell]) -> RawWorkbook:
    """The workbook with these cells in one row of a table; everything else stays as it is.

    Parameters
    ----------
    raw : RawWorkbook
    table_key : str
    row : int
        Row number in the sheet; one past the last row adds rows.
    cells : mapping
        Column key to what the cell has to hold; None empties it. A sheet or column that the workbook does not have is
        added where something has to stand in it.
    """
    found = find_tables(raw)[0][table_key]
    if found.sheet is None:
        if all(is_empty(cell) for cell in cells.values()):
            return raw
        return with_cells(_with_header(raw, found), table_key, row, cells)
    filled = pd.DataFrame({key: [cell] for key, cell in cells.items() if not is_empty(cell)}, dtype=object)
    found, sheet = _with_missing_columns(found, found.sheet, filled)
    width = max((len(line) for line in sheet.rows), default=0)
    rows = list(sheet.rows) + [(None,) * width] * (row - len(sheet.rows))
    line = list(rows[row - 1])
    for key, cell in cells.items():
        if key in found.columns:
            line[found.columns[key].position] = cell
    rows[row - 1] = tuple(line)
    return raw.with_sheet(_position(raw, found), RawSheet(sheet.name, tuple(rows)))


def without_row(raw: RawWorkbook, table_key: str, row: int) -> RawWorkbook:
    """The workbook without one row of a table; the rows below it move up."""
    found = find_tables(raw)[0][table_key]
    if found.sheet is None or not found.header_row < row <= len(found.sheet.rows):
        return raw
    rows = found.sheet.rows
    return raw.with_sheet(_position(raw, found), RawSheet(found.sheet.name, (*rows[: row - 1], *rows[row:])))


def is_dutch(raw: RawWorkbook) -> bool:
    """Whether a workbook has the Dutch names; one without the sheet of assumptions gets them."""
    return all(fold(sheet.name) != fold(ASSUMPTIONS.sheet_en) for sheet in raw.sheets)


def _by_number(frame: pd.DataFrame) -> dict[int, dict[str, str | None]]:
    """Row number to column key to text; None where nothing was typed."""
    keys = [str(key) for key in frame.columns]
    columns = [[None if _is_blank(text) else str(text) for text in frame[key]] for key in frame.columns]
    return {
        int(number): dict(zip(keys, texts, strict=True))
        for number, texts in zip(frame.index, zip(*columns, strict=True), strict=True)
    }


def _position(raw: RawWorkbook, found: FoundTable) -> int:
    return len(raw.sheets) if found.position is None else found.position


def _with_new_sheet(raw: RawWorkbook, found: FoundTable, frame: pd.DataFrame, language: str) -> RawWorkbook:
    """A declared sheet that the workbook did not have, at the end."""
    if frame.empty:
        return raw
    moved = frame.set_axis(range(2, len(frame) + 2))
    return with_table(_with_header(raw, found), found.table.key, moved, language)


def _with_header(raw: RawWorkbook, found: FoundTable) -> RawWorkbook:
    """The workbook with the header of a sheet that it did not have, in the language of its other sheets."""
    dutch = is_dutch(raw)
    name = found.table.sheet_nl if dutch else found.table.sheet_en
    # An own sheet may have this name already; names are read without underscores, and no file has a name twice.
    while any(sheet.name.casefold() == name.casefold() for sheet in raw.sheets):
        name += "_"
    header = tuple(pair[0 if dutch else 1] for pair in names_of_columns(found.table).values())
    return raw.with_sheet(len(raw.sheets), RawSheet(name, (header,)))


def _with_missing_columns(found: FoundTable, sheet: RawSheet, frame: pd.DataFrame) -> tuple[FoundTable, RawSheet]:
    """The sheet with a header for each column that was filled in but that the file did not have."""
    names = names_of_columns(found.table)
    language = 0 if fold(sheet.name) == fold(found.table.sheet_nl) else 1
    added = [
        pair[language]
        for key, pair in names.items()
        if key not in found.columns and key in frame and not all(map(_is_blank, frame[key]))
    ]
    if not added:
        return found, sheet
    header = sheet.rows[found.header_row - 1] if sheet.rows else ()
    top, below = sheet.rows[: found.header_row - 1], sheet.rows[found.header_row :]
    extended = RawSheet(sheet.name, _rectangle((*top, (*header, *added), *below)))
    again = find_tables(RawWorkbook((extended,)))[0][found.table.key]
    return replace(again, position=found.position), extended


def _rectangle(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows, all as long as the longest."""
    width = max((len(row) for row in rows), default=0)
    return tuple(row + (None,) * (width - len(row)) for row in rows)


def _changed(
    row: Row, found: FoundTable, shown: dict[str, str | None], typed: dict[str, str | None], language: str
) -> Row:
    """A row with what was typed in it; cells whose text is the same keep their value."""
    cells = list(row)
    kinds = _kinds(found, typed)
    for key, place in found.columns.items():
        if key in typed and typed[key] != shown.get(key):
            cells[place.position] = typed_cell(typed[key], kinds[key], language)
    return tuple(cells)


def _is_blank(text: object) -> bool:
    return text is None or text != text or not str(text).strip()  # noqa: PLR0124 - NaN is not itself


def _kinds(found: FoundTable, typed: dict[str, str | None]) -> dict[str, str]:
    """Column key to how its cell is read; in the assumptions the key of the row decides."""
    if found.table is not ASSUMPTIONS:
        return {column.key: column.kind for column in found.table.columns}
    return _kinds_of_assumption(typed.get("key"))


def _kinds_of_assumption(key: Cell) -> dict[str, str]:
    names = {fold(name): column for column in ASSUMPTIONS.columns for name in (column.key, column.header)}
    column = None if key is None else names.get(fold(key))
    kind = "text" if column is None else column.kind
    return {"key": "text", "value": kind, "note": "text", "low": kind, "high": kind, "distribution": "choice"}


def _shown(row: Row, found: FoundTable, key: str, language: str) -> str | None:
    """One cell of a row as text."""
    place = found.columns.get(key)
    if place is None or place.position >= len(row) or is_empty(row[place.position]):
        return None
    if found.table is ASSUMPTIONS:
        name = found.columns.get("key")
        kind = _kinds_of_assumption(row[name.position] if name else None)[key]
    else:
        kind = found.table.column(key).kind
    return shown_cell(row[place.position], kind, language)


def shown_cell(cell: Cell, kind: str, language: str) -> str:
    """A filled cell as text in the notation of the language; every digit is kept."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, CellError):
        return cell.code
    if isinstance(cell, bool):
        return YES_NO[language][0 if cell else 1]
    if isinstance(cell, int | float):
        return _number_text(cell, kind, language)
    return cell.isoformat() if cell is not None else ""


def _number_text(number: float, kind: str, language: str) -> str:
    exact = Decimal(repr(number))
    if not exact.is_finite():
        return str(number)
    if kind in PERCENT_KINDS:
        return _in_notation(exact * 100, "", language) + "%"
    if kind == "identifier":
        return f"{exact.normalize():f}"
    return _in_notation(exact, "," if kind in GROUPED_KINDS else "", language)


def _in_notation(number: Decimal, grouping: str, language: str) -> str:
    text = f"{number.normalize():{grouping}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "nl" else text


def typed_cell(text: str | None, kind: str, language: str) -> Cell:
    """What a typed text is as a cell: a number where one belongs and stands, otherwise the text itself."""
    if text is None:
        return None
    try:
        if kind in TYPED_AS_NUMBER:
            return parse_amount_text(text, language)
        if kind in {"fraction", "steps"}:
            return parse_share_text(text)
        if kind == "degrees":
            return parse_degrees_text(text)
    except CellMistake:
        pass
    return text.strip()
