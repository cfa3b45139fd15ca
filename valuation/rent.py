"""The cost-covering rent of an object: what a tenant would have to pay so that the municipality breaks even."""

from __future__ import annotations

import numpy as np
import pandas as pd

from valuation.arrays import figures
from valuation.book_value import BookValue, depreciation_by_year
from valuation.case import Case
from valuation.discounting import discount_factors, terminal_factor


def rent_view(case: Case, book: BookValue) -> pd.DataFrame:
    """Cost-covering rent (kostprijsdekkende huur) of each object and its value over the horizon.

    The municipality lets the object over the horizon at a rent that rises with inflation, so that in real euros the
    rent is level. It must recover the book value and the maintenance backlog, the yearly operating cost and major
    maintenance, less what stands in the books at the end of the horizon (METHOD §8, decision record 0004).

    Returns
    -------
    DataFrame
        `cost_covering_rent_eur_per_year` in the first year, `hidden_subsidy_eur_per_year` (that rent less the rent
        that the municipality receives now) and `capitalised_rent_eur` (its present value over the horizon).
    """
    assumptions, assets = case.assumptions, case.assets
    horizon, rate = assumptions.horizon_years, assumptions.municipal_discount_rate
    depreciation, opening = depreciation_by_year(
        book, internal_interest_rate=assumptions.internal_interest_rate, years=horizon
    )
    left_in_books = opening[:, -1] - depreciation[:, -1]
    investment = book.total + figures(assets, "maintenance_backlog_eur")
    running = (assets["operating_cost_eur_per_year"] + assets["major_maintenance_eur_per_year"]).to_numpy(np.float64)
    annuity = discount_factors(rate, horizon, assumptions.timing)[1:].sum()
    rent = (investment - left_in_books * terminal_factor(rate, horizon)) / annuity + running
    return pd.DataFrame(
        {
            "cost_covering_rent_eur_per_year": rent,
            "hidden_subsidy_eur_per_year": rent - figures(assets, "rent_income_eur_per_year"),
            "capitalised_rent_eur": rent * annuity,
        }
    )
