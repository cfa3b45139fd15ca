"""The workbook as it is written: sheets, tables of one formula a column, names, looks and print layout."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from exports.workbook.formula import Formula, Range, Ref, Values
from valuation.case import Choice

NUMBER_FORMATS = {
    "amount": '"€" #,##0;[Red]-"€" #,##0',
    "price": '"€" #,##0.00;[Red]-"€" #,##0.00',
    "fraction": "0.00%",
    "factor": "0.000000",
    "degrees": "0.000000",
    "number": "#,##0.######",
    "years": "0.00",
    "integer": "0",
    "text": "@",
    "words": "General",
}
LOOKS: dict[str, dict[str, Any]] = {
    "input": {"bg_color": "#FFF2CC", "locked": False},
    "formula": {},
    "result": {"bg_color": "#E2EFDA"},
    "model": {"font_color": "#595959"},
}
COLOURS = {"input": "#FFC000", "result": "#548235", "reference": "#7F7F7F", "calculation": "#2F5597"}
WIDTHS = {
    "amount": 15,
    "price": 16,
    "fraction": 12,
    "factor": 12,
    "degrees": 12,
    "number": 12,
    "years": 12,
    "integer": 10,
}
TITLE_ROW, SUBTITLE_ROW, FIELD_ROW, HEADER_ROW, FIRST_ROW = range(5)
"""Rows of a table that we compute; the input sheets have their header in row 0, as in the upload workbook."""
LONGEST_HEADER_TEXT = 100
PAGE_WIDTH = 190
"""Characters that still read well across a landscape page."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Column(Formula):
    """A column of cells that stands in a sheet: as an operand it is the cell in the same row.

    Parameters
    ----------
    whole : Range
        All its cells, for sums and look-ups. For yearly cells: those of one year, moving with the year.
    across : Formula
        For yearly cells: all years of the same row.
    at_start : Ref
        Its first cell, or block of years.
    """

    whole: Range
    across: Formula
    at_start: Ref


class PlainWorksheet(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas are written as they are; XlsxWriter searches each for thirty functions, at great cost."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: FBT001
        if expand_future_functions:
            return str(super()._prepare_formula(formula, expand_future_functions))
        return formula.removeprefix("=")


class Book:
    """The workbook under construction.

    Parameters
    ----------
    language : {"nl", "en"}
    municipality : str
        For the page headers.
    on : date | None
        Date that is printed on every page and kept as the date of making.
    """

    def __init__(self, language: str, municipality: str, on: date | None) -> None:
        self.language = language
        self._buffer = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.workbook = Workbook(self._buffer, options)
        self.workbook.set_calc_mode("auto")
        # Without a date of its own XlsxWriter would read the clock, and no two files would be the same.
        made = datetime(on.year, on.month, on.day) if on else datetime(1980, 1, 1)  # noqa: DTZ001
        self.workbook.set_properties({"title": f"Buurtwaarde: {municipality}", "created": made})
        self._municipality = municipality[:LONGEST_HEADER_TEXT].replace("&", "&&")
        self._date = f"{on:%d-%m-%Y}" if on else ""
        self._sheets: dict[str, Worksheet] = {}
        self.style = cache(self._style)

    def text(self, nl: str, en: str) -> str:
        """One of two texts, in the language of the workbook."""
        return nl if self.language == "nl" else en

    def word(self, choices: Sequence[Choice], key: str) -> str:
        """The word that stands in a cell for one of the choices."""
        choice = next(choice for choice in choices if choice.key == key)
        return self.text(choice.nl, choice.en)

    def add_sheet(self, key: str, name: str, kind: str) -> None:
        """Add a sheet; sheets stand in the order in which they are added."""
        sheet = self.workbook.add_worksheet(name, PlainWorksheet)
        sheet.set_tab_color(COLOURS[kind])
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.75)
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&L{self._municipality}&C&A&R{self._date}")
        page, of = self.text("pagina", "page"), self.text("van", "of")
        sheet.set_footer(f"&LBuurtwaarde&R{page} &P {of} &N")
        allowed = {"format_columns": True, "format_rows": True, "autofilter": True}
        sheet.protect("", allowed)
        self._sheets[key] = sheet

    def sheet(self, key: str) -> Worksheet:
        """The sheet that was added under this key."""
        return self._sheets[key]

    def name(self, nl: str, en: str, ref: Ref) -> tuple[str]:
        """Give a cell or range a name; the name as the text of a formula."""
        name = self.text(nl, en)
        fixed = Ref(ref.sheet, ref.row, ref.column, ref.rows, ref.columns)
        self.workbook.define_name(name, f"={fixed.at(0, 0, '')}")
        return (name,)

    def _style(self, look: str, number: str = "words", **more: Any) -> Format:
        shape = {"valign": "top", "border": 1, "border_color": "#D9D9D9", "num_format": NUMBER_FORMATS[number]}
        if number == "integer":
            shape["align"] = "center"
        return self.workbook.add_format({**shape, **LOOKS[look], **more})

    @property
    def header_style(self) -> Format:
        """How the names of columns look."""
        look = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#1F3864", "font_color": "#FFFFFF"}
        return self.workbook.add_format({**look, "border": 1, "border_color": "#D9D9D9"})

    def heading(self, key: str, title: str, subtitle: str) -> None:
        """Title of a sheet, and one line that says what stands on it."""
        sheet = self.sheet(key)
        sheet.write_string(TITLE_ROW, 0, title, self.workbook.add_format({"bold": True, "font_size": 14}))
        sheet.write_string(SUBTITLE_ROW, 0, subtitle, self.workbook.add_format({"font_color": "#595959"}))

    def finished(self) -> bytes:
        """The file."""
        self.workbook.close()
        return self._buffer.getvalue()


class Table:
    """A table on a sheet: rows of the same sort, every column one formula.

    Parameters
    ----------
    book : Book
    key : str
        Of its sheet.
    count : int
        Number of rows.
    look : str
        How its cells look (`LOOKS`).
    first_row, first_column : int
        Where its first cell stands, counted from 0.
    with_header : bool
        A table that goes on below another one has no header of its own.
    """

    def __init__(
        self,
        book: Book,
        key: str,
        count: int,
        *,
        look: str = "formula",
        first_row: int = FIRST_ROW,
        first_column: int = 0,
        with_header: bool = True,
    ) -> None:
        self.book, self.count, self.look = book, count, look
        self.sheet = book.sheet(key)
        self.first_row, self.next_column = first_row, first_column
        self.with_header = with_header
        self._header_style = book.header_style
        self._widths: dict[int, float] = {}
        self._header_lines = 1

    def add(
        self,
        nl: str,
        en: str,
        formula: Formula,
        number: str = "amount",
        *,
        name: tuple[str, str] | None = None,
        field: str | None = None,
        width: float | None = None,
    ) -> Column:
        """Write a column of formulas.

        Parameters
        ----------
        nl, en : str
            Header, with the unit.
        formula : Formula
            The rule; the same in every row.
        number : str
            How its figures look (`NUMBER_FORMATS`).
        name : tuple of str, optional
            Name of the whole column, in Dutch and English.
        field : str, optional
            Name in the JSON, written above the header.
        """
        column, self.next_column = self.next_column, self.next_column + 1
        self._head(column, self.book.text(nl, en), field, WIDTHS.get(number, 24) if width is None else width)
        self._write(column, formula, number, years=1)
        return self._column(column, formula.value, 1, name)

    def add_values(self, nl: str, en: str, values: Values, number: str, **more: Any) -> Column:
        """Write a column of fixed values; `look`, `name` and `width` as elsewhere."""
        look, name, width = more.get("look", self.look), more.get("name"), more.get("width")
        column, self.next_column = self.next_column, self.next_column + 1
        self._head(column, self.book.text(nl, en), None, WIDTHS.get(number, 24) if width is None else width)
        style = self.book.style(look, number)
        for row, value in enumerate(values):
            write_value(self.sheet, self.first_row + row, column, value, style)
        return self._column(column, values.reshape(-1, 1), 1, name)

    def add_years(
        self, formula: Formula, years: Values, number: str = "amount", *, name: tuple[str, str] | None = None
    ) -> Column:
        """Write a block of formulas, a column for each year."""
        column, self.next_column = self.next_column, self.next_column + len(years)
        if self.with_header:
            for position, year in enumerate(years):
                self.sheet.write_number(self.first_row - 1, column + position, year, self._header_style)
            self._set_width(column, len(years), WIDTHS[number])
        self._write(column, formula, number, years=len(years))
        return self._column(column, formula.value, len(years), name)

    def finish(self, *, frozen_columns: int = 1, last_row: int | None = None, last_column: int | None = None) -> None:
        """Keep header and first columns in sight and on every printed page; a wide table is several pages wide.

        Parameters
        ----------
        frozen_columns : int
            Columns that say which row it is.
        last_row, last_column : int, optional
            Where printing stops, counted from 0, for a table that goes on below or has years beyond the horizon.
        """
        last_row = self.first_row + max(self.count, 1) - 1 if last_row is None else last_row
        last_column = self.next_column - 1 if last_column is None else last_column
        self.sheet.freeze_panes(self.first_row, frozen_columns)
        self.sheet.repeat_rows(self.first_row - 1)
        self.sheet.repeat_columns(0, frozen_columns - 1)
        self.sheet.print_area(0, 0, last_row, last_column)
        repeated = sum(self._widths.get(column, 0) for column in range(frozen_columns))
        width = sum(self._widths.get(column, 0) for column in range(frozen_columns, last_column + 1))
        pages = -(-width // (PAGE_WIDTH - repeated))
        self.sheet.fit_to_pages(max(1, int(pages)), 0)
        self.sheet.set_row(self.first_row - 1, 4 + 15 * self._header_lines)

    def _head(self, column: int, text: str, field: str | None, width: float) -> None:
        if not self.with_header:
            return
        self.sheet.write_string(self.first_row - 1, column, text, self._header_style)
        self._set_width(column, 1, width)
        self._header_lines = max(self._header_lines, int(-(-len(text) * 1.35 // width)))
        if field is not None:
            small = self.book.workbook.add_format({"font_size": 8, "font_color": "#7F7F7F"})
            self.sheet.write_string(self.first_row - 2, column, field, small)

    def _set_width(self, column: int, count: int, width: float) -> None:
        self.sheet.set_column(column, column + count - 1, width)
        self._widths.update(dict.fromkeys(range(column, column + count), width))

    def _write(self, column: int, formula: Formula, number: str, *, years: int) -> None:
        style = self.book.style(self.look, number)
        values = np.broadcast_to(formula.value, (self.count, years)).tolist()
        name, write, rule = self.sheet.name, self.sheet.write_formula, formula.seen_from(self.sheet.name)
        for row in range(self.count):
            for year in range(years):
                text = rule.at(row, year, name)
                write(self.first_row + row, column + year, text, style, cached(values[row][year]))

    def _column(self, column: int, value: Values, years: int, name: tuple[str, str] | None) -> Column:
        sheet, first, rows = self.sheet.name, self.first_row, max(self.count, 1)
        moving = years > 1
        values = np.array(np.broadcast_to(value, (self.count, years)))
        # An empty table still has a range: its first row, which is empty.
        kept = values if self.count else np.full((1, years), np.nan)
        whole_ref = Ref(sheet, first, column, rows=rows, right=moving)
        block = Ref(sheet, first, column, rows=rows, columns=years)
        whole: tuple[str | Ref, ...] = (whole_ref,)
        if name is not None:
            named = self.book.name(*name, block)
            whole = whole if moving else named
        return Column(
            parts=(Ref(sheet, first, column, down=True, right=moving),),
            value=values,
            whole=Range(whole, kept),
            across=Formula((Ref(sheet, first, column, columns=years, down=True),), values),
            at_start=block,
        )


def stacked(book: Book, columns: Sequence[Column], name: tuple[str, str] | None = None) -> Range:
    """The range of columns that stand below each other without a gap."""
    first = columns[0].at_start
    block = Ref(first.sheet, first.row, first.column, sum(len(column.value) for column in columns), first.columns)
    types = object if any(column.value.dtype == object for column in columns) else float
    values = np.concatenate([column.value.astype(types) for column in columns])
    parts: tuple[str | Ref, ...] = (block,) if name is None else book.name(*name, block)
    return Range(parts, values)


def cached(value: Any) -> float | int | str:
    """The stored outcome of a formula: what a program shows before it has calculated."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        return int(value)
    number = float(value)
    return "" if np.isnan(number) else number + 0.0


def write_value(sheet: Worksheet, row: int, column: int, value: Any, style: Format | None) -> None:
    """Write a value by its type: text always as text, unknown as an empty cell."""
    if value is None or value == "" or pd.isna(value):
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, float(value), style)
