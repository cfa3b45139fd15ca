"""The cells of a sheet as they come from a file: rows for who reads them, columns of figures for who counts them.

A register of a hundred thousand rows has two million cells. As objects they take ten times the memory and the time of
the figures themselves, so a row is made only when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from intake.workbook import Cell, Row

EMPTY, FIGURE = 0, -1
"""Numbers of cells: one without anything in it, and a figure. All others are places in the list of words."""

ROWS_AT_A_TIME = 1_000

Figures = NDArray[np.float64]
Numbers = NDArray[np.int32]
Booleans = NDArray[np.bool_]


class Words:
    """The different cells of a workbook that are no figures: texts, days, truth values, errors, and the empty cell."""

    def __init__(self, cells: list[Cell]) -> None:
        self.cells = cells

    @cached_property
    def is_blank(self) -> Booleans:
        """By number of a cell: whether nobody wrote anything in it, or only spaces. The last one is for figures."""
        blank = [cell is None or (type(cell) is str and (not cell or cell.isspace())) for cell in self.cells]
        return np.array([*blank, False])


@dataclass(frozen=True)
class Column:
    """Some cells of one column.

    Parameters
    ----------
    numbers : ndarray
        What each cell is: `EMPTY`, `FIGURE`, or its place among the words.
    figures : ndarray
        The figures, where a cell is one.
    words : Words
    """

    numbers: Numbers
    figures: Figures
    words: Words

    @classmethod
    def of(cls, cells: Iterable[Cell]) -> Column:
        """A column of these cells."""
        count = _Counting()
        return cls(*count.column(list(cells)), Words(count.cells))

    @classmethod
    def empty(cls, count: int) -> Column:
        """A column of so many empty cells."""
        return cls(np.full(count, EMPTY, np.int32), np.zeros(count), Words([None]))

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, rows: slice | Sequence[int] | NDArray[Any]) -> Column:
        return Column(self.numbers[rows], self.figures[rows], self.words)

    @property
    def is_figure(self) -> Booleans:
        """Where a figure stands."""
        return np.equal(self.numbers, FIGURE)

    @property
    def is_blank(self) -> Booleans:
        """Where nobody wrote anything, or only spaces."""
        return np.asarray(self.words.is_blank[self.numbers])

    def cell(self, position: int) -> Cell:
        """One of the cells."""
        return self[position : position + 1].cells()[0]

    def cells(self) -> list[Cell]:
        """The cells as they are."""
        cells, pairs = self.words.cells, zip(self.numbers.tolist(), self.figures.tolist(), strict=True)
        return [figure if number == FIGURE else cells[number] for number, figure in pairs]

    def different(self) -> tuple[list[Cell], NDArray[np.intp]]:
        """The different cells, a figure counting as empty, and which of them stands at each position."""
        numbers, which = np.unique(self.numbers, return_inverse=True)
        cells = [None if number == FIGURE else self.words.cells[number] for number in numbers.tolist()]
        return cells, which


class Grid(Sequence["Row"]):
    """The rows of a sheet, all equally long.

    Parameters
    ----------
    numbers, figures : ndarray
        As in `Column`, a row of the sheet in a row.
    words : Words
    """

    def __init__(self, numbers: Numbers, figures: Figures, words: Words) -> None:
        self.numbers, self.figures, self.words = numbers, figures, words

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Grid:
        """A grid of these rows."""
        count = _Counting()
        columns = [count.column(column) for column in zip(*rows, strict=True)]
        shape = len(rows), len(columns)
        numbers, figures = np.empty(shape, np.int32, order="F"), np.empty(shape, order="F")
        for position, column in enumerate(columns):
            numbers[:, position], figures[:, position] = column
        return cls(numbers, figures, Words(count.cells))

    @property
    def width(self) -> int:
        """How many columns it has."""
        return int(self.numbers.shape[1])

    def column(self, position: int) -> Column:
        """One column of all rows."""
        return Column(self.numbers[:, position], self.figures[:, position], self.words)

    @property
    def is_figure(self) -> Booleans:
        """Where figures stand, by row and column."""
        return np.equal(self.numbers, FIGURE)

    @property
    def is_blank(self) -> Booleans:
        """Where nobody wrote anything, or only spaces, by row and column."""
        return np.asarray(self.words.is_blank[self.numbers])

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, rows: int) -> Row: ...
    @overload
    def __getitem__(self, rows: slice) -> Grid: ...
    def __getitem__(self, rows: int | slice) -> Row | Grid:
        if isinstance(rows, slice):
            return Grid(self.numbers[rows], self.figures[rows], self.words)
        return tuple(Column(self.numbers[rows], self.figures[rows], self.words).cells())

    def __iter__(self) -> Iterator[Row]:
        for start in range(0, len(self), ROWS_AT_A_TIME):
            rows = self[start : start + ROWS_AT_A_TIME]
            columns = [rows.column(position).cells() for position in range(self.width)]
            yield from zip(*columns, strict=True) if columns else [()] * len(rows)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Grid | tuple):
            return len(self) == len(other) and tuple(self) == tuple(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


class _Counting:
    """Gives each different cell that is no figure its number."""

    def __init__(self) -> None:
        self.cells: list[Cell] = [None]
        self.numbers: dict[object, int] = {None: EMPTY}

    def column(self, cells: Sequence[Cell]) -> tuple[Numbers, Figures]:
        figures = np.array([cell if type(cell) is float else 0.0 for cell in cells], dtype=float)
        return np.fromiter(map(self.number, cells), np.int32, len(cells)), figures

    def number(self, cell: Cell) -> int:
        if type(cell) is float:
            return FIGURE
        key = (type(cell), cell) if isinstance(cell, int) else cell  # since True equals 1
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.cells)
            self.cells.append(cell)
        return number
