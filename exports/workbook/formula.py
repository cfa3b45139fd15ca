"""Spreadsheet formulas that know their own outcome: write the rule once, get the text and the value.

A `Formula` holds the text of a formula for a whole block of cells (the same rule in every row, and for yearly
blocks in every column) together with the values that these cells take. Operators and the functions below build
both at once, so the value that is stored beside a formula in the file comes from that very formula.

Undefined is the empty text `""` in a cell and NaN in a value. A cell that may be undefined is never used in
arithmetic without a test, because a spreadsheet reads an empty cell as zero and an empty text as an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]

COMPARED, JOINED, ADDED, MULTIPLIED, RAISED, ATOM = range(6)
"""How tightly a formula holds together: what is weaker than its surroundings gets brackets."""


@dataclass(frozen=True)
class Ref:
    """A cell or a range as it stands in a formula.

    Parameters
    ----------
    sheet : str
        Name of its sheet.
    row, column : int
        Counted from 0.
    rows, columns : int
        Size; 1 x 1 is a single cell.
    down, right : bool
        Whether it moves along with the row and the column of the cell that holds the formula.
    """

    sheet: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    down: bool = False
    right: bool = False

    @property
    def is_fixed(self) -> bool:
        """Whether it is the same in every cell."""
        return not (self.down or self.right)

    def at(self, row: int, column: int, sheet: str) -> str:
        """The address, seen from cell (row, column) of the block of formulas on `sheet`."""
        top = self.row + (row if self.down else 0)
        left = self.column + (column if self.right else 0)
        address = self._cell(top, left)
        if self.rows > 1 or self.columns > 1:
            address += ":" + self._cell(top + self.rows - 1, left + self.columns - 1)
        return address if sheet == self.sheet else f"{quoted_sheet(self.sheet)}!{address}"

    def _cell(self, row: int, column: int) -> str:
        return f"{'' if self.right else '$'}{letters(column)}{'' if self.down else '$'}{row + 1}"


@cache
def letters(column: int) -> str:
    """The letters of a column counted from 0."""
    text = ""
    number = column + 1
    while number > 0:
        number, remainder = divmod(number - 1, 26)
        text = chr(ord("A") + remainder) + text
    return text


@cache
def quoted_sheet(name: str) -> str:
    """A sheet's name as a formula wants it."""
    return name if name.isidentifier() and name.isascii() else "'" + name.replace("'", "''") + "'"


@dataclass(frozen=True, eq=False)
class Formula:
    """A rule for a block of cells, and what it gives.

    Parameters
    ----------
    parts : tuple of str and Ref
        The text, with references that move with the cell.
    value : array of shape (rows, columns)
        A dimension of 1 stands for all rows or columns.
    strength : int
        How tightly the text holds together.
    may_be_empty : bool
        An input cell: empty counts as zero in arithmetic, but some functions would skip it.
    """

    parts: tuple[str | Ref, ...]
    value: Values
    strength: int = ATOM
    may_be_empty: bool = False

    def at(self, row: int, column: int, sheet: str) -> str:
        """The formula of one cell of the block, with its equals sign."""
        return "=" + "".join(part if isinstance(part, str) else part.at(row, column, sheet) for part in self.parts)

    def seen_from(self, sheet: str) -> Formula:
        """The same formula with everything that does not move written out, for the many cells of a block."""
        parts: list[str | Ref] = [""]
        for part in self.parts:
            text = part if isinstance(part, str) else part.at(0, 0, sheet) if part.is_fixed else None
            if text is None or not isinstance(parts[-1], str):
                parts.append(part if text is None else text)
            else:
                parts[-1] += text
        return replace(self, parts=tuple(parts))

    def within(self, strength: int) -> tuple[str | Ref, ...]:
        """The text as a part of something that holds this tightly."""
        return self.parts if self.strength >= strength else ("(", *self.parts, ")")

    def __add__(self, other: Operand) -> Formula:
        return _binary(self, "+", other, ADDED, np.add)

    def __radd__(self, other: Operand) -> Formula:
        return lift(other) + self

    def __sub__(self, other: Operand) -> Formula:
        return _binary(self, "-", other, ADDED, np.subtract)

    def __rsub__(self, other: Operand) -> Formula:
        return lift(other) - self

    def __mul__(self, other: Operand) -> Formula:
        return _binary(self, "*", other, MULTIPLIED, np.multiply)

    def __rmul__(self, other: Operand) -> Formula:
        return lift(other) * self

    def __truediv__(self, other: Operand) -> Formula:
        return _binary(self, "/", other, MULTIPLIED, np.divide)

    def __rtruediv__(self, other: Operand) -> Formula:
        return lift(other) / self

    def __pow__(self, other: Operand) -> Formula:
        exponent = lift(other)
        parts = (*self.within(ATOM), "^", *exponent.within(ATOM))
        with np.errstate(all="ignore"):
            value = np.power(self.value.astype(float), exponent.value.astype(float))
        return Formula(parts, value, RAISED)

    def __neg__(self) -> Formula:
        # A minus sign binds tighter than a power in a spreadsheet, so it always gets brackets of its own.
        return Formula(("-", *self.within(ATOM)), -self.value.astype(float), ADDED)

    def __lt__(self, other: Operand) -> Formula:
        return _binary(self, "<", other, COMPARED, np.less)

    def __le__(self, other: Operand) -> Formula:
        return _binary(self, "<=", other, COMPARED, np.less_equal)

    def __gt__(self, other: Operand) -> Formula:
        return _binary(self, ">", other, COMPARED, np.greater)

    def __ge__(self, other: Operand) -> Formula:
        return _binary(self, ">=", other, COMPARED, np.greater_equal)

    def equals(self, other: Operand) -> Formula:
        """The test `=`: an operator of its own, because Python's `==` has to answer with a truth value."""
        return _binary(self, "=", other, COMPARED, np.equal)

    def differs(self, other: Operand) -> Formula:
        """The test `<>`."""
        return _binary(self, "<>", other, COMPARED, np.not_equal)


Operand: TypeAlias = Formula | float | str


@dataclass(frozen=True, eq=False)
class Range:
    """A range of cells as the argument of a function that adds up or looks up.

    Parameters
    ----------
    parts : tuple
        A name of the workbook, or a reference.
    value : array of shape (rows, columns)
    """

    parts: tuple[str | Ref, ...]
    value: Values


def lift(operand: Operand) -> Formula:
    """A number or text as a formula."""
    if isinstance(operand, Formula):
        return operand
    if isinstance(operand, str):
        return Formula(('"' + operand.replace('"', '""') + '"',), np.array([[operand]], dtype=object))
    text = repr(int(operand)) if float(operand).is_integer() else repr(operand)
    return Formula((text,), np.array([[float(operand)]]), ATOM if operand >= 0 else ADDED)


UNDEFINED = Formula(('""',), np.array([[np.nan]]))
"""No outcome: an empty text in the workbook, null in the JSON."""
NOT_AVAILABLE = Formula(("NA()",), np.array([[np.nan]]))
"""An input that is missing or does not fit: shown as an error in every figure that depends on it, never as zero."""


def _binary(left: Formula, sign: str, right: Operand, strength: int, compute: Any) -> Formula:
    other = lift(right)
    # a-(b-c) and a/(b*c) need the brackets on the right; so do tests of tests.
    stricter = sign in "-/" or strength == COMPARED
    parts = (*left.within(strength), sign, *other.within(strength + 1 if stricter else strength))
    with np.errstate(all="ignore"):
        value = compute(left.value, other.value)
    return Formula(parts, value, strength)


def call(name: str, arguments: Sequence[Formula | Range], value: Values) -> Formula:
    """A function of the spreadsheet with the value that it gives."""
    parts: list[str | Ref] = [name, "("]
    for position, argument in enumerate(arguments):
        if position:
            parts.append(",")
        parts.extend(argument.parts)
    return Formula((*parts, ")"), value)


def if_(condition: Formula, yes: Operand, no: Operand) -> Formula:
    """`IF`: one or the other."""
    first, second = lift(yes), lift(no)
    return call("IF", [condition, first, second], np.where(condition.value, first.value, second.value))


def and_(*conditions: Formula) -> Formula:
    """`AND`: all of them hold."""
    value = np.array([[True]])
    for condition in conditions:
        value = np.logical_and(value, condition.value)
    return call("AND", conditions, value)


def or_(*conditions: Formula) -> Formula:
    """`OR`: one of them holds."""
    value = np.array([[False]])
    for condition in conditions:
        value = np.logical_or(value, condition.value)
    return call("OR", conditions, value)


def max_(first: Operand, second: Operand) -> Formula:
    """`MAX` of two numbers; empty is zero."""
    one, other = _never_empty(first), _never_empty(second)
    return call("MAX", [one, other], np.maximum(one.value, other.value))


def min_(first: Operand, second: Operand) -> Formula:
    """`MIN` of two numbers; empty is zero."""
    one, other = _never_empty(first), _never_empty(second)
    return call("MIN", [one, other], np.minimum(one.value, other.value))


def _never_empty(operand: Operand) -> Formula:
    """`MAX` and `MIN` skip an empty cell instead of taking it for zero."""
    formula = lift(operand)
    return call("N", [formula], formula.value) if formula.may_be_empty else formula


def abs_(number: Formula) -> Formula:
    """`ABS`."""
    return call("ABS", [number], np.abs(number.value.astype(float)))


def is_number(cell: Formula) -> Formula:
    """`ISNUMBER`: filled in and a number."""
    return call("ISNUMBER", [cell], _numeric(cell.value))


def zero_if_text(cell: Formula) -> Formula:
    """`N`: the number, or 0 for a text such as the empty one of an undefined cell."""
    return call("N", [cell], np.where(_numeric(cell.value), cell.value, 0.0).astype(float))


def _numeric(values: Values) -> Values:
    if values.dtype != object:
        missing: Values = np.isnan(values.astype(float))
        return ~missing
    known = [isinstance(value, int | float) and not np.isnan(value) for value in values.ravel()]
    return np.array(known, dtype=bool).reshape(values.shape)


def is_filled(cell: Formula) -> Formula:
    """Neither empty nor undefined. An error in the cell stays an error, where `ISNUMBER` would hide it."""
    return Formula((*cell.within(COMPARED + 1), '<>""'), _numeric(cell.value), COMPARED)


def defined(cell: Formula, outcome: Operand) -> Formula:
    """The outcome where the cell holds a figure, undefined where it does not."""
    return if_(is_filled(cell), outcome, UNDEFINED)


def numbers(values: Values) -> Values:
    """Values as numbers; text is NaN, as a spreadsheet leaves it out of a sum."""
    if values.dtype != object:
        return values.astype(float)
    return np.where(_numeric(values), values, np.nan).astype(float)


def sumifs(amounts: Range, *conditions: tuple[Range, Operand]) -> Formula:
    """`SUMIFS` over rows; conditions are numbers or words of our own, never what a user typed.

    (A spreadsheet reads wildcards and numbers in a condition that is text: `0101` would also find `101`.)
    """
    arguments: list[Formula | Range] = [amounts]
    tests = []
    for column, wanted in conditions:
        arguments.extend((column, lift(wanted)))
        tests.append(_meets(column.value[:, 0], lift(wanted)))
    chosen = np.logical_and.reduce(np.broadcast_arrays(*tests)).astype(float)
    return call("SUMIFS", arguments, chosen @ np.nan_to_num(numbers(amounts.value)))


def countifs(*conditions: tuple[Range, Operand]) -> Formula:
    """`COUNTIFS` over rows; conditions as for `sumifs`."""
    arguments: list[Formula | Range] = []
    tests = []
    for column, wanted in conditions:
        arguments.extend((column, lift(wanted)))
        tests.append(_meets(column.value[:, 0], lift(wanted)))
    chosen = np.logical_and.reduce(np.broadcast_arrays(*tests))
    return call("COUNTIFS", arguments, chosen.sum(axis=1, keepdims=True).astype(float))


def count_where(column: Range, wanted: Operand) -> Formula:
    """`COUNTIF` of a number or a word of our own."""
    matches = _meets(column.value[:, 0], lift(wanted))
    return call("COUNTIF", [column, lift(wanted)], matches.sum(axis=1, keepdims=True).astype(float))


def as_text(cell: Formula) -> Formula:
    """The cell as text: a reference to an empty cell would give 0."""
    return Formula((*cell.within(ADDED), '&""'), cell.value, JOINED)


def _meets(column: Values, wanted: Formula) -> Values:
    """Which entries meet a condition; shape (rows of the condition, length of the column)."""
    condition = wanted.value
    if condition.size == 1 and isinstance(condition.item(), str) and condition.item().startswith(">"):
        limit = float(condition.item()[1:])
        return np.greater(numbers(column), limit, where=_numeric(column), out=np.zeros(len(column), bool))[None, :]
    return np.equal(column[None, :], condition)


def sum_where(amounts: Sequence[Range], *conditions: tuple[Range, Operand]) -> Formula:
    """`SUMPRODUCT` of the amounts of the rows that meet all conditions; several amounts are multiplied."""
    text: list[str | Ref] = ["SUMPRODUCT("]
    tests = []
    for column, wanted in conditions:
        text.extend(("(", *column.parts, "=", *lift(wanted).within(ADDED), ")*"))
        tests.append(_meets(column.value[:, 0], lift(wanted)))
    chosen = np.logical_and.reduce(np.broadcast_arrays(*tests)).astype(float)
    product = np.ones((1, 1))
    for position, amount in enumerate(amounts):
        text.extend(("*", *amount.parts) if position else amount.parts)
        product = product * amount.value.astype(float)
    return Formula((*text, ")"), chosen @ product)


def greatest_where(amounts: Range, column: Range, wanted: Formula) -> Formula:
    """The greatest amount of the rows that match, 0 where none does (`MAXIFS` is younger than some Excels)."""
    parts = ("SUMPRODUCT(MAX((", *column.parts, "=", *wanted.parts, ")*", *amounts.parts, "))")
    matches = _meets(column.value[:, 0], wanted)
    return Formula(parts, (matches * np.nan_to_num(amounts.value[:, 0])[None, :]).max(axis=1, keepdims=True))


def position_of(name: Formula, names: Range, positions: Range) -> Formula:
    """Position of a user's code in a list of codes, letter for letter (0101 is not 101); 0 where it is not there."""
    parts = ("SUMPRODUCT(EXACT(", *names.parts, ",", *name.parts, ")*", *positions.parts, ")")
    matches = np.logical_and(names.value[:, 0][None, :] == name.value, name.value != "")
    return Formula(parts, matches @ np.nan_to_num(positions.value.astype(float)))


def first_position(number: Formula, column: Range) -> Formula:
    """`MATCH`: position of the first row that holds this number."""
    matches = column.value[:, 0][None, :] == number.value
    value = np.where(matches.any(axis=1), matches.argmax(axis=1) + 1, np.nan).astype(float)[:, None]
    return call("MATCH", [number, column, lift(0)], value)


def look_up(code: Formula, codes: Range, outcomes: Range) -> Formula:
    """The outcome beside a code of our own, such as a price code; an error where it is not there."""
    known = {key: outcome for key, outcome in zip(codes.value[:, 0], outcomes.value[:, 0], strict=True) if key}
    value = np.array([[known.get(key, np.nan)] for key in code.value[:, 0]]).reshape(-1, 1)
    return index(outcomes, call("MATCH", [code, codes, lift(0)], np.ones((1, 1))), value=value)


def index(column: Range, row: Formula, *, value: Values | None = None) -> Formula:
    """`INDEX`: the entry at a position counted from 1."""
    if value is None:
        value = column.value[_positions(row, len(column.value)), 0]
    return call("INDEX", [column, row], value)


def index_in_row(cells: Formula, column: Formula, *, width: int) -> Formula:
    """The entry at a position, counted from 1, in the cells of the same row."""
    spread = cells.value if len(cells.value) == len(column.value) else np.repeat(cells.value, len(column.value), 0)
    value = np.take_along_axis(spread, _positions(column, width), axis=1)
    return call("INDEX", [cells, column], value)


def index_in_block(block: Range, row: Formula, column: Formula) -> Formula:
    """The entry at a row and column of a block, both counted from 1."""
    rows, columns = block.value.shape
    value = block.value[_positions(row, rows), _positions(column, columns)]
    return call("INDEX", [block, row, column], value)


def sum_where_in_column(weights: Range, block: Range, column: Formula, *conditions: tuple[Range, Operand]) -> Formula:
    """`SUMPRODUCT` of weights and one column of a block, counted from 1, over the rows that meet all conditions."""
    chosen_column = Range(call("INDEX", [block, lift(0), column], np.ones((1, 1))).parts, block.value)
    by_column = sum_where((weights, chosen_column), *conditions)
    position = _positions(column, block.value.shape[1])
    return replace(by_column, value=np.take_along_axis(by_column.value, position, axis=1))


def _positions(position: Formula, count: int) -> Values:
    """Positions from 0; those of branches that are not taken are kept within the range."""
    positions = np.nan_to_num(numbers(position.value)).astype(int) - 1
    within: Values = np.clip(positions, 0, count - 1)
    return within


def sum_of(amounts: Range) -> Formula:
    """`SUM` of all cells of a range."""
    return call("SUM", [amounts], np.nansum(numbers(amounts.value), keepdims=True).reshape(1, 1))


def sumproduct(cells: Formula, factors: Range) -> Formula:
    """Sum of the row's cells times the factors of their years."""
    value = (cells.value * factors.value).sum(axis=1, keepdims=True)
    return call("SUMPRODUCT", [cells, factors], value)


def valued(text: Formula, value: Values) -> Formula:
    """The same text with an outcome that was computed beside it, for rules that refer to their own earlier cells."""
    return replace(text, value=value)
