"""Time and money (METHOD §1): discount factors by year, price index, reference prices, take-up by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from exports.workbook.book import Book, Column, Table
from exports.workbook.formula import (
    ADDED,
    NOT_AVAILABLE,
    UNDEFINED,
    Formula,
    Range,
    Ref,
    Values,
    and_,
    call,
    if_,
    index_in_row,
    is_number,
    lift,
    look_up,
    max_,
    min_,
    numbers,
    or_,
    sum_of,
    valued,
)
from exports.workbook.inputs import Inputs
from valuation.case import TIMINGS, Assumptions, Case
from valuation.discounting import Rate

MOST_STEPS = 8
"""Steps of a stepped rate that the workbook can read; more of them needs a new export."""
LEAST_TAKE_UP_STEPS = 10


@dataclass(frozen=True)
class View:
    """The discount factors of one view.

    Parameters
    ----------
    factors : Range
        By year, one row.
    factor : Formula
        The factor of the year of a yearly cell.
    terminal : Formula
        Factor of a value at the end of the horizon.
    annuity : Formula
        Sum of the factors of years 1..T.
    """

    factors: Range
    factor: Formula
    terminal: Formula
    annuity: Formula


@dataclass(frozen=True)
class Discounting:
    """Years and discount factors.

    Parameters
    ----------
    years : array
        The years 0..last that have a column.
    year : Formula
        The year of a yearly cell.
    society, municipality : View
    """

    years: Values
    year: Formula
    society: View
    municipality: View


@dataclass(frozen=True)
class Course:
    """What both views share: the year of a cell, the horizon, the timing, and whether the inputs fit the workbook."""

    year: Formula
    horizon: Formula
    part_left: Formula
    valid: Formula


def discounting(
    book: Book, assume: Mapping[str, Formula], assumptions: Assumptions, years: Values, valid: Formula
) -> Discounting:
    """Discount factors by year for both rates (METHOD §1).

    Parameters
    ----------
    valid : Formula
        Whether the inputs fit this workbook; where not, no factor is given, so no figure either.
    """
    book.heading(
        "discounting",
        book.text("Discontering", "Discounting"),
        book.text(
            "Wat een euro in elk jaar waard is op het moment van overdracht. Na de zichtperiode is de factor 0.",
            "What one euro in each year is worth at the transfer date. After the horizon the factor is 0.",
        ),
    )
    sheet = book.sheet("discounting")
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 14)
    sheet.set_column(2, 2 + len(years), 11)
    sheet.freeze_panes(4, 2)
    sheet.repeat_columns(0, 1)
    sheet.repeat_rows(3)
    sheet.fit_to_pages(2, 0)
    sheet.print_area(0, 0, 40, 2 + assumptions.horizon_years)

    label = book.text("Jaar", "Year")
    sheet.write_string(3, 0, label, book.header_style)
    sheet.write_blank(3, 1, None, book.header_style)
    for position, year in enumerate(years):
        sheet.write_number(3, 2 + position, year, book.header_style)
    year = Formula((Ref(sheet.name, 3, 2, right=True),), years[None, :])
    timing = assume["timing"]
    left = if_(timing.equals(book.word(TIMINGS, "end")), 0, if_(timing.equals(book.word(TIMINGS, "mid")), 0.5, 1))
    part_left = _cell(
        book,
        4,
        ("Deel van het eigen jaar dat nog niet voorbij is", "Part of the own year that is still to come"),
        left,
        ("Deel_jaar", "part_of_year"),
    )
    course = Course(year, assume["horizon_years"], part_left, valid)
    views = [
        _view(book, row, names, rate, steps, course)
        for row, names, rate, steps in (
            (6, ("maatschappij", "society"), assume["discount_rate"], assumptions.discount_rate),
            (
                16 + MOST_STEPS,
                ("gemeente", "municipality"),
                if_(
                    assume["municipal_discount_rate"].equals(""),
                    assume["discount_rate"],
                    assume["municipal_discount_rate"],
                ),
                assumptions.municipal_discount_rate,
            ),
        )
    ]
    return Discounting(years, year, *views)


def _cell(
    book: Book, row: int, label: tuple[str, str], formula: Formula, name: tuple[str, str], number: str = "factor"
) -> Formula:
    """Write one named cell in column B of the discounting sheet."""
    sheet = book.sheet("discounting")
    sheet.write_string(row, 0, book.text(*label))
    table = Table(book, "discounting", 1, first_row=row, first_column=1, with_header=False)
    cell = table.add("", "", formula, number, name=name)
    return Formula(cell.whole.parts, cell.value)


def _view(book: Book, top: int, names: tuple[str, str], rate: Formula, steps: Rate, course: Course) -> View:
    """The block of one view: its rate, its steps, and the rows of rates, growth and factors."""
    nl, en = names
    sheet = book.sheet("discounting")
    bold = book.workbook.add_format({"bold": True, "font_size": 12})
    sheet.write_string(top, 0, book.text(f"Kijk van de {nl}", f"View of {en}"), bold)
    rates = rate.value.astype(object)
    used = _cell(
        book,
        top + 1,
        ("Discontovoet zoals gebruikt", "Discount rate as used"),
        valued(rate, rates),
        (f"Discontovoet_{nl}", f"rate_of_{en}"),
        "fraction",
    )
    last_years, step_rates = _steps(book, top + 3, used, steps, names)
    year, horizon = course.year, course.horizon
    rows = iter(range(top + 4 + MOST_STEPS, top + 8 + MOST_STEPS))

    def row(label: tuple[str, str], formula: Formula, number: str, name: tuple[str, str] | None = None) -> Column:
        at = next(rows)
        sheet.write_string(at, 0, book.text(*label))
        table = Table(book, "discounting", 1, first_row=at, first_column=2, with_header=False)
        return table.add_years(formula, year.value[0], number, name=name)

    step = ("COUNTIF(", *last_years.parts, ',"<"&', *year.parts, ")+1")
    step_rate = Formula(("INDEX(", *step_rates.parts, ",", *step, ")"), _rate_of_year(steps, year.value, horizon.value))
    rate_of_year = if_(
        or_(year.equals(0), year > horizon),
        0,
        if_(is_number(used), used, if_(is_number(step_rate), step_rate, NOT_AVAILABLE)),
    )
    yearly = row(
        ("Discontovoet van het jaar", "Discount rate of the year"),
        valued(rate_of_year, numbers(rate_of_year.value)),
        "fraction",
    )
    before = Formula(
        (Ref(sheet.name, yearly.at_start.row + 1, 1, right=True),),
        np.concatenate([[1.0], np.cumprod(1.0 + yearly.value[0])[:-1]])[None, :],
    )
    growth = row(
        ("Product van 1 + discontovoet", "Product of 1 + discount rate"),
        if_(year.equals(0), 1, before * (1 + yearly)),
        "factor",
    )
    factor = row(
        ("Discontofactor", "Discount factor"),
        if_(
            course.valid.equals(0),
            NOT_AVAILABLE,
            if_(year.equals(0), 1, if_(year > horizon, 0, (1 + yearly) ** course.part_left / growth)),
        ),
        "factor",
        (f"Discontofactor_{nl}", f"discount_factor_{en}"),
    )
    terminal_text = if_(
        course.valid.equals(0), NOT_AVAILABLE, 1 / index_in_row(growth.across, horizon + 1, width=len(year.value[0]))
    )
    terminal = _cell(
        book,
        top + 2,
        ("Factor aan het eind van de zichtperiode", "Factor at the end of the horizon"),
        terminal_text,
        (f"Eindfactor_{nl}", f"terminal_factor_{en}"),
    )
    factors = book.text(f"Discontofactor_{nl}", f"discount_factor_{en}")
    annuity = _cell(
        book,
        next(rows),
        ("Som van de factoren van jaar 1 tot en met de zichtperiode", "Sum of the factors of year 1 to the horizon"),
        sum_of(Range((factors,), factor.value)) - 1,
        (f"Annuiteit_{nl}", f"annuity_{en}"),
    )
    of_year = Formula((Ref(sheet.name, factor.at_start.row, factor.at_start.column, right=True),), factor.value)
    return View(Range((factors,), factor.value), of_year, terminal, annuity)


def _rate_of_year(steps: Rate, year: Values, horizon: Values) -> Values:
    """The rate of each year by the steps; undefined for year 0 and for a rate without steps."""
    if not isinstance(steps, tuple):
        return np.full(year.shape, np.nan)
    rates = np.array([*(rate for _, rate in steps), np.nan])
    at = np.searchsorted([last for last, _ in steps], year)
    return np.where((year == 0) | (year > horizon), np.nan, rates[at])


def _steps(book: Book, top: int, rate: Formula, steps: Rate, names: tuple[str, str]) -> tuple[Range, Range]:
    """Read a stepped rate such as `0-30: 3,5%; 31-75: 3%`: last year and rate of each step."""
    nl, en = names
    sheet = book.sheet("discounting")
    for column, label in enumerate((("Stap", "Step"), ("Tekst", "Text"), ("Tot en met", "Up to"), ("Rente", "Rate"))):
        sheet.write_string(top, column, book.text(*label), book.header_style)
    known = list(steps) if isinstance(steps, tuple) else []
    if len(known) > MOST_STEPS:
        raise ValueError(f"a stepped rate of more than {MOST_STEPS} steps does not fit the workbook")
    table = Table(book, "discounting", MOST_STEPS, first_row=top + 1, with_header=False)
    number = table.add_values("", "", np.arange(1.0, MOST_STEPS + 1), "integer", look="formula", width=46)
    text = rate.value.item() if known else ""
    parts = [part.strip() for part in text.split(";")] + [""] * MOST_STEPS
    words = np.array(parts[:MOST_STEPS], dtype=object)[:, None]
    part = table.add("", "", if_(is_number(rate), "", valued(_part(rate, number), words)), "words", width=14)
    colon, dash = _find(":", part), _find("-", part)
    last = table.add(
        "",
        "",
        if_(part.equals(""), UNDEFINED, valued(_number(_middle(part, dash + 1, colon - dash - 1)), _padded(known, 0))),
        "integer",
        name=(f"Stap_jaar_{nl}", f"step_year_{en}"),
        width=11,
    )
    its_rate = table.add(
        "",
        "",
        if_(part.equals(""), UNDEFINED, valued(_number(_middle(part, colon + 1, lift(99))), _padded(known, 1))),
        "fraction",
        name=(f"Stap_rente_{nl}", f"step_rate_{en}"),
        width=11,
    )
    return last.whole, its_rate.whole


def _padded(steps: Sequence[tuple[int, float]], entry: int) -> Values:
    values = [float(step[entry]) for step in steps] + [np.nan] * MOST_STEPS
    return np.array(values[:MOST_STEPS])[:, None]


def _part(text: Formula, number: Formula) -> Formula:
    """The n-th part of a text with semicolons: every part is padded to the same length and cut out."""
    padded = ("SUBSTITUTE(", *text.parts, ',";",REPT(" ",99))')
    return Formula(("TRIM(MID(", *padded, ",(", *number.parts, "-1)*99+1,99))"), np.array([[np.nan]]))


def _find(sign: str, text: Formula) -> Formula:
    return call("FIND", [lift(sign), text], np.array([[np.nan]]))


def _middle(text: Formula, start: Formula, length: Formula) -> Formula:
    return call("MID", [text, start, length], np.array([[np.nan]]))


def _number(text: Formula) -> Formula:
    """A number or percentage with a decimal comma or point, whatever the language of the program."""
    plain = ("SUBSTITUTE(", *text.parts, ',",",".")')
    return Formula(("_xlfn.NUMBERVALUE(", *plain, ',".")'), np.array([[np.nan]]))


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
            "De teksten uit Taken en Effecten als stappen per jaar sinds de start; de laatste stap blijft gelden.",
            "The texts of tasks and effects as steps by year since the start; the last step holds.",
        ),
    )
    width = max([LEAST_TAKE_UP_STEPS, *(len(steps) for rows in lists for steps in rows)])
    first_row, read = 4, []
    for inputs, steps in zip(tables, lists, strict=True):
        with_header = first_row == 4
        table = Table(book, "take_up", inputs.count, first_row=first_row, with_header=with_header)
        what = "task" if "task" in inputs.columns else "effect"
        table.add("Taak of effect", "Task or effect", inputs[what], "words", width=32)
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
            (Ref(table.sheet.name, 3, table.next_column, right=True),), np.arange(1.0, width + 1)[None, :]
        )
        part = _part(text, position)
        parsed = valued(_number(Formula(part.parts, part.value)), values)
        step = if_(position > count, UNDEFINED, if_(is_number(text), text, if_(text.equals(""), 1, parsed)))
        block = table.add_years(valued(step, values), np.arange(1.0, width + 1), "fraction")
        if with_header:
            table.finish()
        read.append(TakeUp(count, block.across, width))
        first_row += inputs.count
    return read


@dataclass(frozen=True)
class Prices:
    """The reference prices in the price level of the case: codes and values of the rows that hold."""

    codes: Range
    values: Range

    def unit_price(self, inputs: Inputs, own: str) -> Formula:
        """The user's own figure, else the reference price of the code, else undefined (p.m.)."""
        code = inputs["price_key"]
        codes = np.where(np.isnan(inputs[own].value), code.value, "")
        looked_up = look_up(valued(if_(inputs[own].equals(""), code, inputs[own]), codes), self.codes, self.values)
        no_code = and_(inputs[own].equals(""), code.equals(""))
        nothing = valued(no_code, np.isnan(inputs[own].value) & (code.value == ""))
        from_code = if_(is_number(looked_up), looked_up, NOT_AVAILABLE)
        return if_(is_number(inputs[own]), inputs[own], if_(nothing, UNDEFINED, from_code))


def prices(book: Book, case: Case, price_year: Formula, used: pd.Series) -> Prices:
    """Write price index and reference prices, converted to the price level of the case (METHOD §1).

    Parameters
    ----------
    used : Series
        Price code to the number of lines that use it.
    """
    index_names, index_years, index_values = _price_index(book, case)
    rows = case.reference.unit_values
    rows = rows[rows["unit"].str.startswith("EUR")]
    rows = rows.assign(used=rows["key"].map(used).fillna(0.0))
    rows = rows.sort_values(["key", "price_year", "valid_from"], kind="stable")
    rows = rows.assign(order=np.arange(1.0, len(rows) + 1))
    rows = rows.sort_values(["used", "order"], ascending=[False, True], kind="stable")
    book.heading(
        "prices",
        book.text("Referentieprijzen", "Reference prices"),
        book.text(
            "Omgerekend naar het prijspeil met de prijsindex. Van een code met meer jaren geldt de laatste tot en met "
            "het prijspeil.",
            "Converted to the price level with the price index. Of a code with several years the latest up to the "
            "price level holds.",
        ),
    )
    table = Table(book, "prices", len(rows))

    def fixed(nl: str, en: str, column: str, number: str, **more: object) -> Column:
        values = rows[column].astype(object).where(rows[column].notna(), None).to_numpy(object)
        return table.add_values(nl, en, values, number, look="formula", **more)

    code = fixed("Prijscode", "Price code", "key", "text", name=("Prijs_code", "price_code"), width=34)
    fixed("Naam", "Name", book.text("name_nl", "name_en"), "text", width=40)
    value = fixed("Waarde in eigen jaar (€)", "Value in own year (€)", "value", "price")
    fixed("Eenheid", "Unit", "unit", "text", width=16)
    own_year = fixed("Prijsjaar", "Price year", "price_year", "integer")
    its_index = fixed("Index", "Index", "index", "text", width=8)
    order = fixed("Volgorde", "Order", "order", "integer", name=("Prijs_volgorde", "price_order"))
    year = _filled_year(own_year, price_year)
    reached = table.add(
        "Telt voor dit prijspeil",
        "Reached at this price level",
        if_(year <= price_year, 1, 0),
        "integer",
        name=("Prijs_bereikt", "price_reached"),
    )
    key = rows["key"].to_numpy(object)
    holds = table.add(
        "Geldt",
        "Holds",
        if_(
            _count_if(key, code, (reached, "1")) > 0,
            if_(and_(reached.equals(1), _count_if(key, code, (reached, "1"), (order, '">"&')).equals(0)), 1, 0),
            if_(_count_if(key, code, (order, '"<"&')).equals(0), 1, 0),
        ),
        "integer",
    )
    conditions = (index_names, its_index), (index_years, year)
    at_level = (index_names, its_index), (index_years, price_year)
    factor = table.add(
        "Indexfactor",
        "Index factor",
        if_(
            _is_empty(its_index),
            1,
            if_(
                or_(_found(conditions).equals(0), _found(at_level).equals(0)),
                UNDEFINED,
                _index_of(index_values, at_level) / _index_of(index_values, conditions),
            ),
        ),
        "factor",
    )
    converted = table.add(
        "Waarde in prijspeil (€)",
        "Value at price level (€)",
        if_(is_number(factor), value * factor, UNDEFINED),
        "price",
        name=("Prijs_waarde", "price_value"),
    )
    holding = table.add(
        "Code die geldt",
        "Code that holds",
        if_(holds.equals(1), code, ""),
        "words",
        name=("Prijs_geldige_code", "price_valid_code"),
        width=34,
    )
    fixed("Soort prijs", "Price base", "price_base", "text", width=20)
    fixed("Zekerheid", "Basis", "basis", "text", width=12)
    fixed("Bron", "Source", "source_id", "text", width=24)
    fixed("Vindplaats", "Locator", "locator", "text", width=40)
    fixed("Gebruikt door regels", "Used by lines", "used", "integer")
    table.finish()
    return Prices(holding.whole, converted.whole)


def _is_empty(cell: Column) -> Formula:
    return valued(cell.equals(""), np.array([[value in {None, ""}] for value in cell.value[:, 0]]))


def _filled_year(own_year: Column, price_year: Formula) -> Formula:
    """A price without a year of its own is one of the price level."""
    numbers = np.array([[np.nan if value is None else float(value)] for value in own_year.value[:, 0]])
    return if_(valued(own_year.equals(""), np.isnan(numbers)), price_year, valued(own_year, numbers))


def _count_if(key: Values, code: Column, *tests: tuple[Column, str]) -> Formula:
    """`COUNTIFS` of the rows with the same code that pass the tests: a fixed value, or above or below one's own."""
    parts: list[str | Ref] = ["COUNTIFS(", *code.whole.parts, ",", *code.parts]
    chosen = key[None, :] == key[:, None]
    for column, test in tests:
        own = column.value[:, 0].astype(float)
        if test == "1":
            parts.extend((",", *column.whole.parts, ",1"))
            chosen = chosen & (own[None, :] == 1.0)
        else:
            parts.extend((",", *column.whole.parts, ",", test, *column.parts))
            chosen = chosen & (own[None, :] > own[:, None] if ">" in test else own[None, :] < own[:, None])
    return Formula((*parts, ")"), chosen.sum(axis=1, keepdims=True).astype(float))


Conditions = tuple[tuple[Range, Formula], ...]


def _found(conditions: Conditions) -> Formula:
    arguments = [argument for pair in conditions for argument in pair]
    return call("COUNTIFS", arguments, _matches(conditions).sum(axis=1, keepdims=True).astype(float))


def _index_of(amounts: Range, conditions: Conditions) -> Formula:
    arguments = [amounts, *(argument for pair in conditions for argument in pair)]
    return call("SUMIFS", arguments, _matches(conditions) @ amounts.value.astype(float))


def _matches(conditions: Conditions) -> Values:
    tests = [column.value[:, 0][None, :] == wanted.value for column, wanted in conditions]
    matches: Values = np.logical_and.reduce(np.broadcast_arrays(*tests))
    return matches


def _price_index(book: Book, case: Case) -> tuple[Range, Range, Range]:
    rows = case.reference.price_index
    book.heading(
        "price_index",
        book.text("Prijsindex", "Price index"),
        book.text("Waarmee prijzen van een ander jaar worden omgerekend.", "Which converts prices of another year."),
    )
    table = Table(book, "price_index", len(rows))
    columns = [
        table.add_values(nl, en, rows[column].to_numpy(object), number, look="formula", name=name)
        for nl, en, column, number, name in (
            ("Index", "Index", "index", "text", ("Index_naam", "index_name")),
            ("Jaar", "Year", "year", "integer", ("Index_jaar", "index_year")),
            ("Waarde", "Value", "value", "price", ("Index_waarde", "index_value")),
        )
    ]
    for nl, en, key in (("Bron", "Source", "source_id"), ("Toelichting", "Note", "note")):
        if key in rows:
            table.add_values(nl, en, rows[key].to_numpy(object), "text", look="formula", width=60)
    table.finish()
    return columns[0].whole, columns[1].whole, columns[2].whole
