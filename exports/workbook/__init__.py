"""A result as a workbook with live formulas, which a controller can recompute and audit.

Every result of WORKBOOK.md is a formula on the inputs. The modules follow the method: `discounting` and `prices` (§1),
`take_up` (§2), `links` (§4, §7), `lines` (§2, §4-5), `views` (§3-6), `savings` (§7), `results` (the contract and the
comparison with the model). `formula` holds the small language in which the rules are written; `book` puts them in
cells.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from exports.as_json import result_object
from exports.workbook.book import Book
from exports.workbook.discounting import discounting
from exports.workbook.explanation import charts, explanation, norms, sources
from exports.workbook.formula import Formula, Ref, and_, if_
from exports.workbook.inputs import Inputs, assumption_cells, input_table
from exports.workbook.lines import all_lines
from exports.workbook.links import links
from exports.workbook.prices import prices
from exports.workbook.results import (
    asset_results,
    budget_results,
    control,
    figures,
    initiative_results,
    input_fits,
    payer_results,
)
from exports.workbook.savings import payback, savings_view
from exports.workbook.sheets import SHEETS
from exports.workbook.take_up import take_up
from exports.workbook.views import book_values, municipality_view, price_view, society_view
from valuation.appraisal import Result
from valuation.case import ASSUMPTIONS, TABLES, Case

__all__ = ["results_workbook"]

LEAST_LAST_YEAR = 60
"""Years up to which there are columns, so that the horizon can be changed; a longer horizon has its own."""
MANY_LINES = 3000
"""From this many lines on there are columns up to the horizon only, to keep the file usable."""


def results_workbook(result: Result, language: str = "nl", *, on: date | None = None) -> bytes:
    """The result as an xlsx file with live formulas from the inputs to every result.

    Parameters
    ----------
    result : Result
    language : {"nl", "en"}
        Of sheets, headers, names and words in cells. The input sheets can be read in again in both.
    on : date, optional
        Date for the page headers and the file's properties. Without one the pages show none: exports do not read
        the clock, and the same result gives the same file.

    Returns
    -------
    bytes
        Every formula carries its outcome, so that a program shows the figures before it has calculated.
    """
    case = result.case
    budget_years = int(case.reference.number("budget_years"))
    book = Book(language, case.assumptions.municipality, on)
    for key, nl, en, kind, _, _ in SHEETS:
        book.add_sheet(key, book.text(nl, en), kind)
    years = np.arange(_last_year(result, budget_years) + 1.0)
    last_year = int(years[-1])

    assume = assumption_cells(book, case, last_year)
    inputs = {
        table.key: input_table(book, table, getattr(case, table.key)) for table in TABLES if table is not ASSUMPTIONS
    }
    assets, initiatives, tasks, effects = (inputs[key] for key in ("assets", "initiatives", "tasks", "effects"))
    time = discounting(book, assume, case.assumptions, years, input_fits(book))
    reference = prices(book, case, assume["price_year"], _price_codes(case))
    courses = take_up(book, (tasks, effects), (case.tasks["take_up"].tolist(), case.effects["take_up"].tolist()))
    owners = links(book, assume, assets, initiatives, tasks, reference)
    lines = all_lines(book, assume, inputs, owners, (courses[0], courses[1]), reference, time)

    accounts = book_values(book, assume, assets, owners, budget_years)
    municipality = municipality_view(book, assets, owners, lines, time)
    society = society_view(book, assets, owners, lines, time)
    price = price_view(book, assume, assets, initiatives, owners, municipality, society, norms(book, case))
    moment = payback(book, owners, lines, time, assume["horizon_years"])
    savings = savings_view(book, assume, initiatives, owners, lines, moment)

    views = {**accounts.results, **municipality, **society, **price, "market_value_eur": assets["market_value_eur"]}
    written = {
        "assets": asset_results(book, assets, owners, views),
        "budget": budget_results(book, assume, assets, owners, lines, accounts, budget_years),
        "initiatives": initiative_results(book, initiatives, owners, savings),
        "payers": payer_results(book, initiatives, owners),
    }
    content: dict[str, Any] = result_object(result, ())
    control(
        book,
        figures(book, content, written, budget_years),
        _input_fits(book, inputs, assume["horizon_years"], last_year),
    )
    charts(book, assets, initiatives, written, budget_years)
    sources(book, case)
    contents = [(book.text(nl, en), what_nl, what_en) for _, nl, en, _, what_nl, what_en in SHEETS]
    explanation(book, case, contents, last_year, courses[0].width)
    return book.finished()


def _last_year(result: Result, budget_years: int) -> int:
    """Last year that has a column."""
    horizon = max(result.case.assumptions.horizon_years, budget_years)
    return horizon if len(result.lines) > MANY_LINES else max(horizon, LEAST_LAST_YEAR)


def _price_codes(case: Case) -> pd.Series:
    """How many tasks and effects take each reference price."""
    tasks = case.tasks.loc[case.tasks["institutional_unit_cost_eur"].isna(), "price_key"]
    effects = case.effects.loc[case.effects["unit_value_eur"].isna(), "price_key"]
    counts: pd.Series = pd.concat([tasks, effects]).dropna().value_counts()
    return counts


def _input_fits(book: Book, inputs: dict[str, Inputs], horizon: Formula, last_year: int) -> Formula:
    """1 when the inputs fit the formulas: as many rows as at the export, and no horizon beyond the last year."""
    conditions = [horizon <= last_year]
    for key in ("assets", "initiatives", "tasks", "effects"):
        sheet = book.sheet(key).name
        column = Ref(sheet, 0, 0, rows=1_048_576)
        conditions.append(Formula(("COUNTA(", column, f")={inputs[key].count + 1}"), np.array([[True]]), 0))
    return if_(and_(*conditions), 1, 0)
