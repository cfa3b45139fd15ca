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
from exports.workbook.plans import Plans, business_plans, plan_figures, planned_initiatives
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
from exports.workbook.sheets import PLAN_SHEETS, SHEETS
from exports.workbook.take_up import take_up
from exports.workbook.views import book_values, debt_view, municipality_view, price_view, society_view
from valuation.appraisal import Result
from valuation.case import ASSUMPTIONS, TABLES, Case

__all__ = ["results_workbook"]

LEAST_LAST_YEAR = 60
"""Years up to which there are columns, so that the horizon can be changed; a longer horizon has its own."""
PLAN_INPUTS = ("operations", "financing", "price_terms")
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
    with_plans = bool(planned_initiatives(case))
    sheets = (*SHEETS, *PLAN_SHEETS) if with_plans else SHEETS
    for key, nl, en, kind, _, _ in sheets:
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
    courses = take_up(
        book,
        (tasks, effects, inputs["operations"]),
        [table["take_up"].tolist() for table in (case.tasks, case.effects, case.operations)],
    )
    owners = links(book, assume, assets, initiatives, tasks, reference)
    lines = all_lines(book, assume, inputs, owners, (courses[0], courses[1]), reference, time)

    accounts = book_values(book, assume, assets, owners, budget_years)
    municipality = municipality_view(book, assets, owners, lines, time)
    society = society_view(book, assets, owners, lines, time)
    room = debt_view(book, initiatives, owners)
    price = price_view(
        book, assume, assets, initiatives, owners, {**municipality, **society}, norms(book, case), room[1]
    )
    moment = payback(book, owners, lines, time, assume["horizon_years"])
    savings = savings_view(book, assume, initiatives, owners, lines, moment)

    views = {**accounts.results, **municipality, **society, **price, "market_value_eur": assets["market_value_eur"]}
    written = {
        "assets": asset_results(book, assets, owners, views),
        "budget": budget_results(book, assume, assets, owners, lines, accounts, budget_years),
        "initiatives": initiative_results(book, initiatives, owners, savings),
        "payers": payer_results(book, initiatives, owners),
    }
    plans = business_plans(book, case, assume, inputs, owners, courses[2], room) if with_plans else None
    content: dict[str, Any] = result_object(result, ())
    control(
        book,
        [*figures(book, content, written, budget_years), *(plan_figures(book, content, plans) if plans else ())],
        _input_fits(book, inputs, assume["horizon_years"], last_year, plans),
    )
    charts(book, assets, initiatives, written, budget_years)
    sources(book, case)
    contents = [(book.text(nl, en), what_nl, what_en) for _, nl, en, _, what_nl, what_en in sheets]
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


def _input_fits(
    book: Book, inputs: dict[str, Inputs], horizon: Formula, last_year: int, plans: Plans | None
) -> Formula:
    """1 when the inputs fit the formulas: rows as at the export, no horizon or loan beyond the last year."""
    conditions = [horizon <= last_year, *(plans.conditions if plans else ())]
    counted = ("assets", "initiatives", "tasks", "effects", *(PLAN_INPUTS if plans else ()))
    for key in counted:
        sheet = book.sheet(key).name
        column = Ref(sheet, 0, 0, rows=1_048_576)
        conditions.append(Formula(("COUNTA(", column, f")={inputs[key].count + 1}"), np.array([[True]]), 0))
    return if_(and_(*conditions), 1, 0)
