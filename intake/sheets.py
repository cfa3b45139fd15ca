"""Which sheet and which columns of a workbook are meant, by their Dutch or English names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from intake import grid
from intake.explanation import HELP_SHEETS
from intake.names import column_letter, fold, is_empty, similar
from intake.workbook import Cell, RawSheet, RawWorkbook, Row
from valuation.case import ASSUMPTION_COLUMNS, ASSUMPTIONS, TABLES, Table
from valuation.problems import Problem


@dataclass(frozen=True)
class NotUsed:
    """Something in the workbook that is kept but not used.

    Parameters
    ----------
    what : {"sheet", "column", "assumption"}
    sheet : str
        Name of the sheet.
    name : str
        Name of the sheet, header of the column, or key of the assumption, as in the file.
    cell : str | None
        Where the name stands.
    """

    what: Literal["sheet", "column", "assumption"]
    sheet: str
    name: str
    cell: str | None = None


@dataclass(frozen=True)
class FoundColumn:
    """One column as it stands in the file: its letter, its header, and its place counted from 0."""

    letter: str
    header: str
    position: int


@dataclass(frozen=True)
class FoundTable:
    """Where a table stands: which sheet, which columns, and the rows below the header.

    Parameters
    ----------
    table : Table
    sheet : RawSheet | None
        None where the workbook does not have it.
    columns : dict
        Column key to its place in the file.
    header_row : int
        Row number of the header in the sheet.
    problems, not_used : list
        What was found on the way.
    """

    table: Table
    sheet: RawSheet | None
    position: int | None = None
    columns: dict[str, FoundColumn] = field(default_factory=dict)
    header_row: int = 1
    problems: list[Problem] = field(default_factory=list)
    not_used: list[NotUsed] = field(default_factory=list)

    @property
    def rows(self) -> Sequence[Row]:
        """The rows below the header."""
        return () if self.sheet is None else self.sheet.rows[self.header_row :]

    def column(self, key: str) -> grid.Column:
        """One column below the header; an empty one where the file does not have it."""
        found = self.columns.get(key)
        if found is None or self.sheet is None:
            return grid.Column.empty(len(self.rows))
        return self.sheet.grid.column(found.position)[self.header_row :]

    def cells(self, key: str) -> list[Cell]:
        """The cells of one column below the header, empty ones as None."""
        return [None if is_empty(cell) else cell for cell in self.column(key).cells()]

    def place(self, key: str, row: int) -> str | None:
        """Address of a cell, such as `C7`; None where the file does not have the column."""
        found = self.columns.get(key)
        return None if found is None else f"{found.letter}{row}"

    def problem(
        self,
        level: Literal["error", "warning"],
        rule: str,
        key: str,
        row: int,
        value: object = None,
        **parameters: object,
    ) -> Problem:
        """A problem at one cell of this table."""
        found = self.columns.get(key)
        return Problem(
            level,
            rule,
            sheet=self.sheet.name if self.sheet else self.table.sheet_nl,
            cell=self.place(key, row) or f"A{row}",
            column=found.header if found else self.table.column(key).header,
            value=value,
            parameters=parameters,
        )


def names_of_columns(table: Table) -> dict[str, tuple[str, str]]:
    """Column key to its Dutch and English header; the assumptions sheet has columns of its own."""
    if table is ASSUMPTIONS:
        return ASSUMPTION_COLUMNS
    return {column.key: (column.header, column.key) for column in table.columns}


def find_tables(raw: RawWorkbook) -> tuple[dict[str, FoundTable], list[Problem], list[NotUsed]]:
    """Every declared table in the workbook, with problems about sheets and the sheets that are not used."""
    problems: list[Problem] = []
    claimed: dict[int, str] = {}
    tables = {}
    for table in TABLES:
        position = _position(raw, table, problems)
        if position is not None:
            claimed[position] = table.key
            tables[table.key] = _find_columns(table, raw.sheets[position], position)
        else:
            tables[table.key] = FoundTable(table, None)
    spare = [sheet for position, sheet in enumerate(raw.sheets) if position not in claimed]
    problems.extend(_missing_sheets(tables, [sheet.name for sheet in spare]))
    ours = {fold(name) for name in HELP_SHEETS}
    not_used = [NotUsed("sheet", sheet.name, sheet.name) for sheet in spare if fold(sheet.name) not in ours]
    return tables, problems, not_used


def _names(table: Table) -> set[str]:
    return {fold(table.sheet_nl), fold(table.sheet_en), fold(table.key)}


def _position(raw: RawWorkbook, table: Table, problems: list[Problem]) -> int | None:
    positions = [
        position
        for position, sheet in enumerate(raw.sheets)
        if fold(sheet.name) in _names(table) and (not table.common_name or _has_its_columns(table, sheet, problems))
    ]
    for double in positions[1:]:
        parameters = {"first": raw.sheets[positions[0]].name}
        problems.append(Problem("error", "sheet_twice", sheet=raw.sheets[double].name, parameters=parameters))
    return positions[0] if positions else None


def _has_its_columns(table: Table, sheet: RawSheet, problems: list[Problem]) -> bool:
    """Whether a sheet with a common name is ours: it says whose each row is, and at least one thing more about it.

    A municipality's own sheet called Exploitatie is kept and not used. It gets a word when it seems meant for us.
    """
    names = names_of_columns(table)
    headers = {fold(str(name).rstrip("* ")) for name in _header(sheet)[1] if not is_empty(name)}
    required = [column.key for column in table.columns if column.required]
    present = [any(fold(name) in headers for name in (key, *names[key])) for key in required]
    if present[0] and sum(present) > 1:
        return True
    if any(present):
        columns = {
            f"columns_{language}": ", ".join(names[key][place] for key in required)
            for place, language in enumerate(("nl", "en"))
        }
        problems.append(Problem("warning", "sheet_not_recognised", sheet=sheet.name, parameters=columns))
    return False


def _header(sheet: RawSheet) -> tuple[int, Row]:
    """Row number and cells of a sheet's first filled row."""
    number = next((n for n, row in enumerate(sheet.rows, start=1) if not all(map(is_empty, row))), 1)
    return number, sheet.rows[number - 1] if sheet.rows else ()


def _missing_sheets(tables: Mapping[str, FoundTable], spare: list[str]) -> list[Problem]:
    """Errors for the sheets that must be there, and warnings for names that are nearly right."""
    missing = [found.table for found in tables.values() if found.sheet is None]
    nothing_to_value = tables["assets"].sheet is None and tables["initiatives"].sheet is None
    problems: list[Problem] = []
    for table in missing:
        names = {"name_nl": table.sheet_nl, "name_en": table.sheet_en}
        others = [name for name in spare if not (table.common_name and fold(name) in _names(table))]
        suggestion = next((s for s in (similar(n, others) for n in (table.sheet_nl, table.sheet_en)) if s), None)
        required = table is ASSUMPTIONS or (nothing_to_value and suggestion and table.key in {"assets", "initiatives"})
        if suggestion is not None:
            problems.append(
                Problem("error" if required else "warning", "sheet_similar", sheet=suggestion, parameters=names)
            )
        elif required:
            problems.append(Problem("error", "sheet_missing", parameters=names))
    if nothing_to_value and not any(
        problem.level == "error" and problem.parameters["name_en"] != "assumptions" for problem in problems
    ):
        problems.append(Problem("error", "nothing_to_value"))
    return problems


def _find_columns(table: Table, sheet: RawSheet, position: int) -> FoundTable:
    """The declared columns under the sheet's first filled row."""
    header_row, headers = _header(sheet)
    found = FoundTable(table, sheet, position, {}, header_row)
    names = names_of_columns(table)
    keys = {fold(name): key for key, pair in names.items() for name in (key, *pair)}
    for place, header in enumerate(headers):
        if is_empty(header):
            continue
        column = FoundColumn(column_letter(place + 1), str(header).strip(), place)
        key = keys.get(fold(column.header.rstrip("* ")))
        if key is None:
            found.not_used.append(NotUsed("column", sheet.name, column.header, f"{column.letter}{header_row}"))
        elif key in found.columns:
            found.problems.append(
                _header_problem(found, "error", "column_twice", column, first=found.columns[key].letter)
            )
        else:
            found.columns[key] = column
    found.problems.extend(_missing_columns(found, names))
    return found


def _header_problem(
    found: FoundTable, level: Literal["error", "warning"], rule: str, column: FoundColumn, **parameters: object
) -> Problem:
    name = found.sheet.name if found.sheet else None
    cell = f"{column.letter}{found.header_row}"
    return Problem(level, rule, name, cell, column.header, column.header, parameters)


def _missing_columns(found: FoundTable, names: Mapping[str, tuple[str, str]]) -> list[Problem]:
    """Errors for required columns, and a word about headers that are nearly right."""
    required = {"key", "value"} if found.table is ASSUMPTIONS else {c.key for c in found.table.columns if c.required}
    spare = {entry.name: entry for entry in found.not_used}
    sheet = found.sheet.name if found.sheet else None
    problems: list[Problem] = []
    for key, (name_nl, name_en) in names.items():
        if key in found.columns:
            continue
        parameters = {"name_nl": name_nl, "name_en": name_en}
        meant = similar(name_nl, spare) or similar(name_en, spare)
        level: Literal["error", "warning"] = "error" if key in required else "warning"
        if meant is not None:
            problems.append(Problem(level, "column_similar", sheet, spare[meant].cell, meant, meant, parameters))
        elif key in required:
            problems.append(Problem("error", "column_missing", sheet, None, None, None, parameters))
    return problems
