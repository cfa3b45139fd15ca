"""The cells of a sheet, column by column, and how they are sent to the server.

Figures go as doubles. Everything else goes once for each different cell, in one list for the whole workbook, and a
column says by its number which of them stands where.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any, NamedTuple, Protocol

EMPTY, FIGURE = 0, -1
"""Numbers of cells: one without anything in it, and a figure, which stands among the doubles."""


@dataclass(frozen=True)
class Fault:
    """A cell without a usable value: an error, or a formula without a stored result."""

    code: str


class Words:
    """The different cells that are no figures, each with its number."""

    def __init__(self) -> None:
        self.cells: list[Any] = [None]
        self._numbers: dict[Any, int] = {None: EMPTY, "": EMPTY}

    def number(self, cell: Any) -> int:
        """The number of a cell."""
        if type(cell) is float:
            return FIGURE
        key = (type(cell), cell) if isinstance(cell, int) else cell  # since True equals 1
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.cells)
            self.cells.append(cell)
        return number

    def add(self, cells: list[Any]) -> int:
        """Take in many different cells one after the other; the number of the first."""
        first = len(self.cells)
        self.cells.extend(cells)
        return first

    def forget(self, number: int) -> None:
        """Leave out a cell that stands nowhere."""
        self.cells[number] = None

    def sent(self) -> dict[str, Any]:
        """All of them in order; days apart, as their numbers and their ordinals, since there may be many."""
        cells = list(self.cells)
        days = [number for number, cell in enumerate(cells) if type(cell) is date]
        ordinals = [cells[number].toordinal() for number in days]
        for number in days:
            cells[number] = None
        return {"words": cells, "days": [days, ordinals]}


class Sheet(Protocol):
    """A worksheet. `merged` are first and last row and column of each merged range, counted from 0."""

    name: str
    merged: list[list[int]]

    @property
    def height(self) -> int:
        """How many rows it has."""

    @property
    def width(self) -> int:
        """How many columns it has."""

    def cells(self, position: int, rows: slice) -> list[Any]:
        """Some cells of one column."""

    def packed(self, words: Words) -> tuple[bytes, bytes]:
        """Row after row the numbers of its cells, in four bytes each, and its figures as doubles."""


@dataclass
class Listed:
    """A worksheet as lists of the cells of each column, all equally long."""

    name: str
    columns: list[list[Any]]
    merged: list[list[int]]

    @property
    def height(self) -> int:
        """How many rows it has."""
        return len(self.columns[0]) if self.columns else 0

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.columns)

    def cells(self, position: int, rows: slice) -> list[Any]:
        """Some cells of one column."""
        return self.columns[position][rows]

    def packed(self, words: Words) -> tuple[bytes, bytes]:
        """Row after row the numbers of its cells, in four bytes each, and its figures as doubles."""
        cells = list(chain.from_iterable(zip(*self.columns, strict=True)))
        figures = array("d", [cell if type(cell) is float else 0.0 for cell in cells])
        return array("i", map(words.number, cells)).tobytes(), figures.tobytes()


class Book(NamedTuple):
    """A workbook: its sheets, and the words in them as far as they have a number yet."""

    sheets: Sequence[Sheet]
    words: Words


def as_json(cell: object) -> dict[str, str]:
    """What JSON has no word for, as an object with one key."""
    if isinstance(cell, Fault):
        return {"error": cell.code}
    if isinstance(cell, datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, time):
        return {"time": cell.isoformat()}
    if isinstance(cell, timedelta):
        return {"text": str(cell)}
    raise TypeError(f"no JSON for {type(cell).__name__}")
