"""The budget (METHOD §3): four years against keeping the object, recurring and one-off apart, never netted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from valuation.arrays import Floats, figures, words
from valuation.book_value import BookValue, depreciation_by_year
from valuation.case import Case
from valuation.lines import Lines

RECURRING = (
    "freed_depreciation_eur",
    "freed_interest_eur",
    "freed_operating_eur",
    "lost_rent_eur",
    "cashable_savings_eur",
    "municipal_effects_eur",
    "subsidy_eur",
    "facilitation_eur",
    "recurring_total_eur",
)
ONE_OFF = (
    "book_result_eur",
    "provision_release_eur",
    "municipal_effects_one_off_eur",
    "one_off_total_eur",
)
"""The two halves of the budget, each with its total last; never netted."""


def accounts_view(case: Case, book: BookValue) -> pd.DataFrame:
    """What the books say of each object on 1 January of the base year, one row an object.

    Returns
    -------
    DataFrame
        `book_value_eur`, `depreciation_eur` and `interest_eur` of year 1, `capital_charge_eur`,
        `remaining_life_years` (NaN without a useful life), `book_result_eur` (NaN without a proposed price).
    """
    rate = case.assumptions.internal_interest_rate
    depreciation, _ = depreciation_by_year(book, internal_interest_rate=rate, years=1)
    interest = rate * book.total
    assets = case.assets
    received = (assets["proposed_price_eur"] - assets["transaction_cost_eur"]).to_numpy(np.float64)
    return pd.DataFrame(
        {
            "book_value_eur": book.total,
            "building_book_value_eur": book.building,
            "computed_book_value_eur": book.computed,
            "depreciation_eur": depreciation[:, 0],
            "interest_eur": interest,
            "capital_charge_eur": depreciation[:, 0] + interest,
            "remaining_life_years": book.remaining_life_years,
            "book_result_eur": received - book.total,
        }
    )


def budget_view(case: Case, lines: Lines, book: BookValue) -> pd.DataFrame:
    """The budget effect in the coming years, one row an object and year; gains positive, losses and costs negative.

    Returns
    -------
    DataFrame
        Columns of WORKBOOK.md's `budget`, with `asset_id`. `one_off_total_eur` of year 1 is NaN without a proposed
        price. Amounts of the registers are nominal, the others in prices of the price year.
    """
    assumptions, assets = case.assumptions, case.assets
    years = int(case.reference.number("budget_years"))
    rate = assumptions.internal_interest_rate
    depreciation, opening = depreciation_by_year(book, internal_interest_rate=rate, years=years)

    def cash(*kinds: str) -> Floats:
        """Municipal cash of these kinds of line in years 1..4, by object."""
        return _cash_by_year(lines, np.isin(lines.kind, kinds), len(assets), years)[:, 1:]

    effects = _cash_by_year(lines, lines.kind == "effect", len(assets), years)
    first_year_only = np.eye(1, years)
    accounts = accounts_view(case, book)
    columns = {
        "freed_depreciation_eur": depreciation,
        "freed_interest_eur": rate * opening,
        "freed_operating_eur": cash("operating_cost_avoided", "major_maintenance_avoided"),
        "lost_rent_eur": cash("rent_lost"),
        "cashable_savings_eur": cash("avoided_institutional_cost"),
        "municipal_effects_eur": effects[:, 1:],
        "subsidy_eur": cash("subsidy"),
        "facilitation_eur": cash("facilitation"),
    }
    columns["recurring_total_eur"] = np.sum(list(columns.values()), axis=0)
    in_first_year = {
        "book_result_eur": figures(accounts, "book_result_eur"),
        "provision_release_eur": figures(assets, "maintenance_provision_eur"),
        "municipal_effects_one_off_eur": effects[:, 0],
    }
    in_first_year["one_off_total_eur"] = np.sum(list(in_first_year.values()), axis=0)
    for name, amount in in_first_year.items():
        columns[name] = np.where(first_year_only == 1.0, amount[:, None], 0.0)
    year = np.arange(assumptions.base_year, assumptions.base_year + years)
    return pd.DataFrame(
        {
            "asset_id": np.repeat(words(assets, "asset_id"), years),
            "year": np.tile(year, len(assets)),
            **{name: values.ravel() for name, values in columns.items()},
        }
    )


def _cash_by_year(lines: Lines, chosen: np.ndarray, count: int, years: int) -> Floats:
    """[EUR] Undiscounted municipal cash of the chosen lines in years 0..`years`, by object; 0 after the horizon."""
    totals = lines.yearly_totals(np.where(chosen, lines.asset, -1), count, lines.municipal, last_year=years)
    return np.pad(totals, ((0, 0), (0, years + 1 - totals.shape[1])))
