"""Discount factors by year for both rates (METHOD §1), from the inputs: rate, steps, horizon and timing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from exports.workbook.book import Book, Column, Table
from exports.workbook.formula import (
    NOT_AVAILABLE,
    UNDEFINED,
    Formula,
    Range,
    Ref,
    Values,
    call,
    if_,
    index_in_row,
    is_number,
    lift,
    numbers,
    or_,
    sum_of,
    valued,
)
from exports.workbook.take_up import number_in, part_of
from valuation.case import TIMINGS, Assumptions
from valuation.discounting import Rate

LEAST_STEPS = 8
"""Steps of a stepped rate that the workbook can read, at the least; more of them needs a new export."""


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
    """What both views share.

    Parameters
    ----------
    year, horizon : Formula
        The year of a yearly cell, and T.
    part_left : Formula
        Part of the own year that is still to come when the amounts fall.
    valid : Formula
        Whether the inputs fit the workbook.
    steps : int
        Rows for the steps of a rate.
    """

    year: Formula
    horizon: Formula
    part_left: Formula
    valid: Formula
    steps: int


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
    stepped = (assumptions.discount_rate, assumptions.municipal_discount_rate)
    steps = max([LEAST_STEPS, *(len(rate) for rate in stepped if isinstance(rate, tuple))])
    course = Course(year, assume["horizon_years"], part_left, valid, steps)
    views = [
        _view(book, row, names, rate, used, course)
        for row, names, rate, used in (
            (6, ("maatschappij", "society"), assume["discount_rate"], assumptions.discount_rate),
            (
                16 + steps,
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
    last_years, step_rates = _steps(book, top + 3, used, steps, names, course.steps)
    year, horizon = course.year, course.horizon
    rows = iter(range(top + 4 + course.steps, top + 8 + course.steps))

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


def _steps(book: Book, top: int, rate: Formula, steps: Rate, names: tuple[str, str], count: int) -> tuple[Range, Range]:
    """Read a stepped rate such as `0-30: 3,5%; 31-75: 3%`: last year and rate of each step."""
    nl, en = names
    sheet = book.sheet("discounting")
    for column, label in enumerate((("Stap", "Step"), ("Tekst", "Text"), ("Tot en met", "Up to"), ("Rente", "Rate"))):
        sheet.write_string(top, column, book.text(*label), book.header_style)
    known = list(steps) if isinstance(steps, tuple) else []
    table = Table(book, "discounting", count, first_row=top + 1, with_header=False)
    number = table.add_values("", "", np.arange(1.0, count + 1), "integer", look="formula", width=46)
    text = rate.value.item() if known else ""
    parts = [part.strip() for part in text.split(";")] + [""] * count
    words = np.array(parts[:count], dtype=object)[:, None]
    part = table.add("", "", if_(is_number(rate), "", valued(part_of(rate, number), words)), "words", width=14)
    colon, dash = _find(":", part), _find("-", part)
    last = table.add(
        "",
        "",
        if_(
            part.equals(""),
            UNDEFINED,
            valued(number_in(_middle(part, dash + 1, colon - dash - 1)), _padded(known, 0, count)),
        ),
        "integer",
        name=(f"Stap_jaar_{nl}", f"step_year_{en}"),
        width=11,
    )
    its_rate = table.add(
        "",
        "",
        if_(
            part.equals(""), UNDEFINED, valued(number_in(_middle(part, colon + 1, lift(99))), _padded(known, 1, count))
        ),
        "fraction",
        name=(f"Stap_rente_{nl}", f"step_rate_{en}"),
        width=11,
    )
    return last.whole, its_rate.whole


def _padded(steps: Sequence[tuple[int, float]], entry: int, count: int) -> Values:
    values = [float(step[entry]) for step in steps] + [np.nan] * count
    return np.array(values[:count])[:, None]


def _find(sign: str, text: Formula) -> Formula:
    return call("FIND", [lift(sign), text], np.array([[np.nan]]))


def _middle(text: Formula, start: Formula, length: Formula) -> Formula:
    return call("MID", [text, start, length], np.array([[np.nan]]))
