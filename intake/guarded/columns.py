"""The cells of a sheet, column by column, and how they are sent to the server.

Figures go as doubles. Everything else goes once for each different cell, in one list for the whole workbook, and a
column says by its number which of them stands where.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
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

    def add(self, texts: list[str]) -> int:
        """Take in many texts one after the other; the number of the first."""
        first = len(self.cells)
        self.cells.extend(texts)
        return first

    def sent(self) -> dict[str, Any]:
        """All of them in order; days apart, as their numbers and their ordinals, since there may be many."""
        days = [number for number, cell in enumerate(self.cells) if type(cell) is date]
        ordinals = [self.cells[number].toordinal() for number in days]
        cells = list(self.cells)
        for number in days:
            cells[number] = None
        return {"words": cells, "days": [days, ordinals]}


class Column(Protocol):
    """One column of a sheet, from its first row on."""

    def __len__(self) -> int: ...

    def __getitem__(self, rows: slice, /) -> list[Any]: ...

    def packed(self, words: Words) -> tuple[bytes, bytes]:
        """The numbers of its cells, in four bytes each, and its figures as doubles."""


class Cells(list[Any]):
    """A column as a list of its cells."""

    def packed(self, words: Words) -> tuple[bytes, bytes]:
        """The numbers of its cells, in four bytes each, and its figures as doubles."""
        numbers = array("i", map(words.number, self))
        figures = array("d", [cell if type(cell) is float else 0.0 for cell in self])
        return numbers.tobytes(), figures.tobytes()


class Sheet(NamedTuple):
    """A sheet: its name, its columns, all equally long, and the first and last row and column of each merged range."""

    name: str
    columns: list[Column]
    merged: list[list[int]]


class Book(NamedTuple):
    """A workbook: its sheets, and the words in them as far as they have a number yet."""

    sheets: list[Sheet]
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
