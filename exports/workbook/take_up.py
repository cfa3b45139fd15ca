"""Take-up by year (METHOD §2), read from the texts in the input cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from exports.workbook.book import FIRST_ROW, HEADER_ROW, Book, Column, Table
from exports.workbook.formula import (
    ADDED,
    UNDEFINED,
    Formula,
    Ref,
    if_,
    index_in_row,
    is_number,
    max_,
    min_,
    or_,
    valued,
)
from exports.workbook.inputs import Inputs

LEAST_TAKE_UP_STEPS = 10


@dataclass(frozen=True)
class TakeUp:
    """Take-up (ingroei) of the rows of one table.

    Parameters
    ----------
    count : Column
        Number of steps.
    steps : Formula
        The steps, one a column.
    width : int
    """

    count: Column
    steps: Formula
    width: int

    def in_year(self, year: Formula, start: Formula) -> Formula:
        """Part of the full size in a year; the last step holds."""
        since = min_(self.count, max_(year - start, 0) + 1)
        return index_in_row(self.steps, since, width=self.width)


def take_up(book: Book, tables: Sequence[Inputs], lists: Sequence[Sequence[tuple[float, ...]]]) -> list[TakeUp]:
    """Read the take-up texts such as `50%; 80%; 100%` into steps (METHOD §2); empty is 100 %."""
    book.heading(
        "take_up",
        book.text("Ingroei", "Take-up"),
        book.text(
            "De teksten uit Taken, Effecten en Exploitatie als stappen per jaar sinds de start; de laatste stap blijft "
            "gelden.",
            "The texts of tasks, effects and operations as steps by year since the start; the last step holds.",
        ),
    )
    width = max([LEAST_TAKE_UP_STEPS, *(len(steps) for rows in lists for steps in rows)])
    first_row, read = FIRST_ROW, []
    for inputs, steps in zip(tables, lists, strict=True):
        with_header = first_row == FIRST_ROW
        table = Table(book, "take_up", inputs.count, first_row=first_row, with_header=with_header)
        what = next(name for name in ("task", "effect", "item") if name in inputs.columns)
        table.add("Taak, effect of post", "Task, effect or item", inputs[what], "words", width=32)
        text = inputs["take_up"]
        counted = np.array([[float(len(row))] for row in steps]).reshape(-1, 1)
        semicolons = Formula(("LEN(", *text.parts, ")-LEN(SUBSTITUTE(", *text.parts, ',";",""))+1'), counted, ADDED)
        count = table.add(
            "Aantal stappen", "Number of steps", if_(or_(is_number(text), text.equals("")), 1, semicolons), "integer"
        )
        values = np.full((inputs.count, width), np.nan)
        for row, shares in enumerate(steps):
            values[row, : len(shares)] = shares
        position = Formula(
            (Ref(table.sheet.name, HEADER_ROW, table.next_column, right=True),), np.arange(1.0, width + 1)[None, :]
        )
        parsed = valued(number_in(part_of(text, position)), values)
        step = if_(position > count, UNDEFINED, if_(is_number(text), text, if_(text.equals(""), 1, parsed)))
        block = table.add_years(valued(step, values), np.arange(1.0, width + 1), "fraction")
        if with_header:
            table.finish()
        read.append(TakeUp(count, block.across, width))
        first_row += inputs.count
    return read


def part_of(text: Formula, number: Formula) -> Formula:
    """The n-th part of a text with semicolons: the parts are pushed apart by the text's own length and cut out."""
    length = ("LEN(", *text.parts, ")")
    apart = ("SUBSTITUTE(", *text.parts, ',";",REPT(" ",', *length, "))")
    return Formula(
        ("TRIM(MID(", *apart, ",(", *number.parts, "-1)*", *length, "+1,", *length, "))"), np.array([[np.nan]])
    )


def number_in(text: Formula) -> Formula:
    """A number or percentage with a decimal comma or point, whatever the language of the program."""
    plain = ("SUBSTITUTE(", *text.parts, ',",",".")')
    return Formula(("_xlfn.NUMBERVALUE(", *plain, ',".")'), np.array([[np.nan]]))
