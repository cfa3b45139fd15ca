"""The input sheets, laid out as the upload workbook: the results file can be handed in again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from exports.workbook.book import Book, Column, Table, write_value
from exports.workbook.formula import Formula, Operand, Range, Ref, Values, if_, is_filled
from valuation.case import ASSUMPTION_COLUMNS, ASSUMPTIONS, DISTRIBUTIONS, Case
from valuation.case import Column as Declared
from valuation.case import Table as DeclaredTable

NUMBER_OF_KIND = {
    "amount": "amount",
    "fraction": "fraction",
    "steps": "fraction",
    "degrees": "degrees",
    "integer": "integer",
    "year": "integer",
    "number": "number",
    "text": "text",
    "identifier": "text",
    "take_up": "text",
    "choice": "words",
    "yes_no": "words",
    "cell": "words",
}
TEXT_KINDS = frozenset({"text", "identifier", "take_up", "choice", "yes_no", "cell"})
PRICE_SUFFIXES = ("unit_cost_eur", "unit_value_eur", "hourly_rate", "hour_value")
WIDE = frozenset({"name", "task", "effect", "note", "description"})


@dataclass(frozen=True)
class Inputs:
    """The cells of one input sheet.

    Parameters
    ----------
    count : int
        Number of rows.
    columns : dict
        Column key to its cells.
    declared : Table
    book : Book
    """

    count: int
    columns: dict[str, Column]
    declared: DeclaredTable
    book: Book

    def __getitem__(self, key: str) -> Column:
        return self.columns[key]

    def says(self, key: str, choice: str) -> Formula:
        """Whether the cell holds this choice."""
        return self[key].equals(self.book.word(self.declared.column(key).choices, choice))

    def says_yes(self, key: str) -> Formula:
        """Whether the cell says yes."""
        return self[key].equals(self.book.text("ja", "yes"))

    def or_default(self, key: str, default: Operand) -> Formula:
        """The figure, or what an empty cell means."""
        return if_(is_filled(self[key]), self[key], default)


def assumption_cells(book: Book, case: Case, last_year: int) -> dict[str, Formula]:
    """Write the assumptions, each value in a named cell; assumption key to its name."""
    sheet = book.sheet(ASSUMPTIONS.key)
    for column, (key, width) in enumerate(zip(ASSUMPTION_COLUMNS, (34, 34, 96, 12, 12, 14), strict=True)):
        sheet.write_string(0, column, book.text(*ASSUMPTION_COLUMNS[key]), book.header_style)
        sheet.set_column(column, column, width)
    cells = {}
    for row, declared in enumerate(ASSUMPTIONS.columns, start=1):
        value = getattr(case.assumptions, declared.key)
        shown = cell_value(declared, value, book)
        number = _number_format(declared)
        sheet.write_string(row, 0, book.text(declared.header, declared.key), book.style("formula"))
        write_value(sheet, row, 1, shown, book.style("input", number, align="left"))
        sheet.write_string(row, 2, book.text(declared.meaning_nl, declared.meaning_en), book.style("formula"))
        _write_range(book, case, declared, row)
        limit = last_year if declared.key == "horizon_years" else declared.maximum
        _validate(book, sheet, declared, (row, 1, row, 1), maximum=limit)
        known = shown if shown is not None else np.nan
        cells[declared.key] = Formula(
            book.name(declared.header.replace(" ", "_"), declared.key, Ref(sheet.name, row, 1)),
            np.array([[known]], dtype=object if isinstance(known, str) else float),
            may_be_empty=True,
        )
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    return cells


def _write_range(book: Book, case: Case, declared: Declared, row: int) -> None:
    """Low, high and distribution of an uncertain assumption: kept for a next upload, not used here."""
    sheet = book.sheet(ASSUMPTIONS.key)
    number = _number_format(declared)
    uncertain = declared.key in case.assumption_ranges.index
    for column, key in enumerate(("low", "high", "distribution"), start=3):
        value = case.assumption_ranges.at[declared.key, key] if uncertain else None
        if key == "distribution":
            word = None if value is None else book.word(DISTRIBUTIONS, str(value))
            write_value(sheet, row, column, word, book.style("input"))
        else:
            write_value(sheet, row, column, value, book.style("input", number))


def input_table(book: Book, declared: DeclaredTable, rows: pd.DataFrame) -> Inputs:
    """Write one input sheet."""
    table = Table(book, declared.key, len(rows), look="input", first_row=1)
    columns = {}
    for column in declared.columns:
        values = np.array([cell_value(column, value, book) for value in rows[column.key]], dtype=object)
        if column.key == "distribution":  # a shape without a range says nothing
            has_range = (rows["low"].notna() | rows["high"].notna()).tolist()
            values = np.array(
                [shape if wide else None for shape, wide in zip(values, has_range, strict=True)], dtype=object
            )
        if column.key == "acquisition_cost_eur":
            # Without a book value the register's figures must be complete, also where this one is zero.
            computed = rows["book_value_eur"].isna().tolist()
            values = np.array(
                [0.0 if value is None and needed else value for value, needed in zip(values, computed, strict=True)],
                dtype=object,
            )
        width = 40 if column.key in WIDE else None if column.kind not in TEXT_KINDS else 15
        place = table.next_column
        written = table.add_values(column.header, column.key, values, _number_format(column), width=width)
        columns[column.key] = _as_read(written, column, values)
        if len(rows):
            _validate(book, table.sheet, column, (1, place, len(rows), place), maximum=column.maximum)
    table.finish(frozen_columns=2)
    return Inputs(len(rows), columns, declared, book)


def _as_read(written: Column, declared: Declared, values: Values) -> Column:
    """The cells as a formula reads them: an empty text is "", an empty amount that means zero is 0."""
    if declared.kind in TEXT_KINDS:
        read = np.array([["" if value is None else value] for value in values], dtype=object)
    else:
        empty = 0.0 if declared.default == 0.0 else np.nan
        read = np.array([[empty if value is None else value] for value in values], dtype=float)
    read = read.reshape(-1, 1)
    whole = Range(written.whole.parts, read if len(read) else written.whole.value)
    return replace(written, value=read, whole=whole, may_be_empty=declared.kind not in TEXT_KINDS)


def _number_format(declared: Declared) -> str:
    if declared.key.endswith(PRICE_SUFFIXES):
        return "price"
    return NUMBER_OF_KIND[declared.kind]


def cell_value(declared: Declared, value: Any, book: Book) -> float | str | None:
    """A value of the case as the user writes it in a cell; empty where an empty cell means the same."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    write = WRITERS.get(declared.kind)
    if write is not None:
        return write(declared, value, book)
    if isinstance(value, tuple):
        return steps_text(value, book)
    return None if value == 0.0 and declared.default == 0.0 else float(value)


def _take_up_text(_: Declared, shares: tuple[float, ...], book: Book) -> str | None:
    return None if shares == (1.0,) else "; ".join(share_text(share, book) for share in shares)


WRITERS: dict[str, Callable[[Declared, Any, Book], str | None]] = {
    "text": lambda _, value, __: str(value),
    "identifier": lambda _, value, __: str(value),
    "choice": lambda declared, value, book: book.word(declared.choices, value),
    "yes_no": lambda _, value, book: book.text("ja", "yes") if value else book.text("nee", "no"),
    "take_up": _take_up_text,
}
"""How the kinds that are text stand in a cell."""


def steps_text(steps: tuple[tuple[int, float], ...], book: Book) -> str:
    """A stepped rate as people write it."""
    firsts = [0, *(last + 1 for last, _ in steps[:-1])]
    return "; ".join(
        f"{first}-{last}: {share_text(rate, book)}" for first, (last, rate) in zip(firsts, steps, strict=True)
    )


def share_text(share: float, book: Book) -> str:
    """A share as a percentage; as a bare number where a percentage would not give back the same share."""
    percent = f"{share * 100:.6g}"
    text = f"{percent}%" if "e" not in percent and float(f"{percent}e-2") == share else repr(share)
    return text.replace(".", ",") if book.language == "nl" else text


def _validate(
    book: Book, sheet: Any, declared: Declared, cells: tuple[int, int, int, int], maximum: float | None
) -> None:
    """Let the program refuse what the intake would refuse."""
    options: dict[str, Any]
    if declared.kind == "choice":
        options = {"validate": "list", "source": [book.text(choice.nl, choice.en) for choice in declared.choices]}
    elif declared.kind == "yes_no":
        options = {"validate": "list", "source": [book.text("ja", "yes"), book.text("nee", "no")]}
    elif declared.kind in {"amount", "number", "fraction", "degrees", "integer", "year"} and not declared.or_price:
        whole = declared.kind in {"integer", "year"}
        low = declared.minimum if declared.minimum is not None else -1e15
        high = maximum if maximum is not None else 1e15
        if whole:
            low, high = max(low, 0), min(high, 3000)
        options = {"validate": "integer" if whole else "decimal", "criteria": "between", "minimum": low}
        options["maximum"] = high
    else:
        return
    meaning = book.text(declared.meaning_nl, declared.meaning_en)
    sheet.data_validation(*cells, {**options, "error_message": meaning[:255]})
