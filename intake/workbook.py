"""A workbook as it stands in the user's file: sheets of plain cells, before anything is understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property

from intake.grid import Grid
from valuation.problems import Problem

UNCOMPUTED_FORMULA = "#FORMULE?"
"""Code of a cell that holds a formula without a stored result."""
EXCEL_ERRORS = frozenset(
    {
        "#NULL!",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#N/A",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#CONNECT!",
        "#UNKNOWN!",
        "#BUSY!",
        # The same as a Dutch Excel shows them, for text that was copied from one.
        "#LEEG!",
        "#DEEL/0!",
        "#WAARDE!",
        "#VERW!",
        "#NAAM?",
        "#GETAL!",
        "#N/B",
        UNCOMPUTED_FORMULA,
    }
)


@dataclass(frozen=True)
class CellError:
    """A cell without a usable value: an Excel error, or a formula whose result is not stored in the file."""

    code: str

    @property
    def is_uncomputed(self) -> bool:
        """Whether the cell holds a formula that nobody has calculated yet."""
        return self.code == UNCOMPUTED_FORMULA


Cell = str | int | float | bool | date | datetime | time | CellError | None
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class RawSheet:
    """One sheet: its name and its rows, row 1 of the sheet first. All rows are equally long.

    `merged` are the ranges of merged cells: first row, first column, last row and last column, counted from 0.
    """

    name: str
    rows: Sequence[Row]
    merged: tuple[tuple[int, int, int, int], ...] = field(default=(), compare=False, repr=False)

    @cached_property
    def grid(self) -> Grid:
        """The rows, with their figures column by column."""
        return self.rows if isinstance(self.rows, Grid) else Grid.of(self.rows)


@dataclass(frozen=True)
class RawWorkbook:
    """A workbook as read: its sheets in order, and what is to be said about the file itself.

    Parameters
    ----------
    sheets : tuple of RawSheet
    problems : tuple of Problem
        Warnings about the file as a whole, such as macros that were not run.
    """

    sheets: tuple[RawSheet, ...]
    problems: tuple[Problem, ...] = ()

    def with_sheet(self, position: int, sheet: RawSheet) -> RawWorkbook:
        """The same workbook with another sheet at one position; a position past the end adds the sheet."""
        return replace(self, sheets=(*self.sheets[:position], sheet, *self.sheets[position + 1 :]))
