"""Reference prices at the price level of the case (METHOD §1), with the index and the source."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from exports.workbook.book import Book, Column, Table
from exports.workbook.formula import (
    NOT_AVAILABLE,
    UNDEFINED,
    Formula,
    Range,
    Ref,
    Values,
    and_,
    call,
    if_,
    is_number,
    look_up,
    or_,
    valued,
)
from exports.workbook.inputs import Inputs
from valuation.case import Case


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
