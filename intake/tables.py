"""A found table to columns of typed values: cell types and cell rules, every mistake with its place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from intake import grid
from intake.cells import CellMistake, read_cells
from intake.names import is_empty, similar
from intake.sheets import FoundTable
from intake.workbook import Cell, CellError
from valuation.case import Column
from valuation.problems import Problem
from valuation.reference import ReferenceData

PRICE_COLUMN = "price_key"
ONLY_WITH_A_RANGE = frozenset({"distribution"})


class DefaultUsed(NamedTuple):
    """A cell that took its default; a row of `Intake.defaults_used`."""

    table: str
    sheet: str
    cell: str | None
    row: int | None
    column: str
    key: str
    value: Any
    source_nl: str
    source_en: str


@dataclass(frozen=True)
class ReadTable:
    """A table after its cells were read.

    Parameters
    ----------
    found : FoundTable
        Where it stands in the file.
    values : DataFrame
        A row per filled sheet row, indexed by row number; the declared columns, defaults filled in.
    filled : DataFrame
        The same shape: whether somebody filled the cell.
    passed : Series of bool
        Whether all cells of the row were read.
    problems : list of Problem
    defaults : list of DefaultUsed
    price_places : dict
        Row number to the column in which its price code stands, where that is the place of an amount.
    """

    found: FoundTable
    values: pd.DataFrame
    filled: pd.DataFrame
    passed: pd.Series[bool]
    problems: list[Problem]
    defaults: list[DefaultUsed]
    price_places: dict[int, str]

    @property
    def sound(self) -> pd.DataFrame:
        """The rows of which all cells were read."""
        return self.values[self.passed]


def read_table(found: FoundTable, reference: ReferenceData) -> ReadTable:
    """Read every declared column of a table; rows without any value are skipped."""
    columns = found.table.columns
    cells = {column.key: found.column(column.key) for column in columns}
    keep = np.flatnonzero(np.logical_or.reduce([~column.is_blank for column in cells.values()]))
    rows = pd.Index(keep + found.header_row + 1)
    cells = {key: column[keep] for key, column in cells.items()}
    price_places = _move_price_codes(found, cells, reference)
    filled = pd.DataFrame({key: ~column.is_blank for key, column in cells.items()}, index=rows)

    problems: list[Problem] = []
    defaults: list[DefaultUsed] = []
    values = {}
    passed = np.ones(len(filled), dtype=bool)
    for column in columns:
        read = read_cells(column, cells[column.key])
        is_filled = filled[column.key].to_numpy()
        for position, mistake in read.mistakes:
            passed[position] = False
            problems.append(
                _problem(found, column, filled.index[position], cells[column.key].cell(position), mistake, reference)
            )
        if column.required:
            passed &= is_filled
        if column.required and column.key in found.columns:
            problems.extend(
                found.problem("error", "required", column.key, int(row)) for row in filled.index[~is_filled]
            )
        values[column.key] = _series(column, read.values, filled.index, reference)
        defaults.extend(_defaults(found, column, filled.index[~is_filled], reference))
        problems.extend(_lost_zeros(found, column, filled.index, cells[column.key]))
    return ReadTable(
        found,
        pd.DataFrame(values, index=filled.index),
        filled,
        pd.Series(passed, index=filled.index, dtype=bool),
        problems,
        defaults,
        {int(rows[position]): key for position, key in price_places.items()},
    )


def _move_price_codes(found: FoundTable, cells: dict[str, grid.Column], reference: ReferenceData) -> dict[int, str]:
    """A price code that stands in the place of an amount goes to the price column of its row.

    Returns the positions at which that happened, with the column where the code stands in the file.
    """
    known = set(reference.unit_values["key"])
    moved = {}
    for column in found.table.columns:
        if not column.or_price:
            continue
        amounts, codes = cells[column.key].cells(), cells[PRICE_COLUMN].cells()
        for position, cell in enumerate(amounts):
            code = cell.strip() if isinstance(cell, str) else None
            if code in known and (codes[position] == code or is_empty(codes[position])):
                codes[position], amounts[position] = code, None
                moved[position] = column.key
        cells[column.key], cells[PRICE_COLUMN] = grid.Column.of(amounts), grid.Column.of(codes)
    return moved


def _problem(
    found: FoundTable, column: Column, row: int, cell: Cell, mistake: CellMistake, reference: ReferenceData
) -> Problem:
    """The mistake at its place; where a price code is allowed, the text says so."""
    rule, parameters = mistake.rule, mistake.parameters
    if column.or_price and rule == "not_a_number":
        known = list(reference.unit_values["key"])
        if cell in known:
            rule = "price_conflict"
        else:
            meant = similar(cell, known)
            rule = "not_a_number_or_price" if meant is None else "not_a_number_or_price_similar"
            parameters = {"suggestion": meant}
    return found.problem("error", rule, column.key, int(row), shown(cell), **parameters)


def shown(cell: Cell) -> object:
    """A cell as a message shows it."""
    if isinstance(cell, CellError):
        return cell.code
    is_plain = isinstance(cell, str) or (isinstance(cell, int | float) and math.isfinite(cell))
    return cell if is_plain else str(cell)


def default_of(column: Column, reference: ReferenceData) -> float | str | bool | None:
    """What an empty cell of this column means, where that is a fixed value."""
    return reference.default(column.default_key) if column.default_key else column.default


def _series(
    column: Column, values: list[Any] | NDArray[np.float64], index: pd.Index[int], reference: ReferenceData
) -> pd.Series[Any]:
    """The column as the case wants it, defaults filled in."""
    default: Any = (1.0,) if column.kind == "take_up" else default_of(column, reference)
    if isinstance(values, np.ndarray):
        filled = values if default is None else np.where(np.isnan(values), default, values)
        return pd.Series(filled, index=index, dtype="float64")
    if default is not None:
        values = [default if value is None else value for value in values]
    if column.kind == "yes_no":
        return pd.Series(values, index=index, dtype=bool)
    series = pd.Series(index=index, dtype=object)
    series[:] = np.fromiter(values, dtype=object, count=len(values))
    return series


def _defaults(found: FoundTable, column: Column, rows: pd.Index[int], reference: ReferenceData) -> list[DefaultUsed]:
    """The cells of this column that took its default; one entry without a cell where the file has no such column."""
    default = default_of(column, reference)
    if column.key in ONLY_WITH_A_RANGE or not (default is not None or column.default_text_nl) or not len(rows):
        return []
    sheet = found.sheet.name if found.sheet else found.table.sheet_nl
    sources = source_of_default(column)
    place = found.columns.get(column.key)
    if place is None:
        return [DefaultUsed(found.table.key, sheet, None, None, column.header, column.key, default, *sources)]
    return [
        DefaultUsed(found.table.key, sheet, f"{place.letter}{row}", row, place.header, column.key, default, *sources)
        for row in rows.tolist()
    ]


def source_of_default(column: Column) -> tuple[str, str]:
    """Where a default comes from, in Dutch and English."""
    if column.default_key:
        text = f"datasets/assumption_defaults.csv, {column.default_key}"
        return text, text
    if column.default_text_nl:
        return column.default_text_nl, column.default_text_en
    return "leeg betekent deze waarde", "empty means this value"


def _lost_zeros(found: FoundTable, column: Column, index: pd.Index[int], cells: grid.Column) -> list[Problem]:
    """Codes typed as a number such as 0.1, which may have been 0.10."""
    if column.kind != "identifier":
        return []
    figures = zip(index[cells.is_figure], cells.figures[cells.is_figure].tolist(), strict=True)
    return [
        found.problem("warning", "number_lost_zero", column.key, int(row), str(figure), longer=f"{figure}0")
        for row, figure in figures
        if not figure.is_integer() and len(str(figure).partition(".")[2]) == 1
    ]
