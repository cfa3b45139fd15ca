"""From a problem's cell to its place in the tables: which sheet, which row, which column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import intake
from intake.sheets import find_tables
from valuation.problems import Problem


@dataclass(frozen=True)
class Place:
    """One cell below the header of one of the declared tables.

    Parameters
    ----------
    table : str
        Key of the declared table.
    row : int
        Row number in the sheet.
    column : str
        Key of the declared column; in the assumptions `value`, `low`, ….
    cell : str
        As the user's file names it, such as `F12`.
    """

    table: str
    row: int
    column: str
    cell: str


def places(raw: intake.RawWorkbook, problems: Iterable[Problem]) -> list[Place | None]:
    """Where each problem stands; None for one about a whole sheet, a header, or a sheet that is not declared."""
    found, _problems, _not_used = find_tables(raw)
    by_sheet = {table.sheet.name: (key, table) for key, table in found.items() if table.sheet is not None}
    return [_place(problem, by_sheet) for problem in problems]


def _place(problem: Problem, by_sheet: dict) -> Place | None:
    match = re.fullmatch(r"([A-Z]+)([0-9]+)", problem.cell or "")
    if match is None or problem.sheet not in by_sheet:
        return None
    key, table = by_sheet[problem.sheet]
    letters = {column.letter: name for name, column in table.columns.items()}
    row = int(match[2])
    if row <= table.header_row or match[1] not in letters:
        return None
    return Place(key, row, letters[match[1]], problem.cell)
