"""What a business case can bear: a dry year, dearer loans, half the volunteers (METHOD §13)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from valuation.affordability import meets
from valuation.forecast import FORECAST_YEARS, HALF_A_CENT, Forecast, Setup, forecast, lowest_dscr
from valuation.operations import without_weather
from valuation.reference import MissingFigureError, ReferenceData

PAID_HOUR = "volunteer_hour_replacement"


def stress_of(
    setup: Setup, *, required_dscr: float, volunteer_hours: float, price_year: int, reference: ReferenceData
) -> pd.DataFrame:
    """The plan as it is and under each blow by itself, one row each.

    Parameters
    ----------
    setup : Setup
    required_dscr : float
    volunteer_hours : float
        [hour per year]
    price_year : int
        In whose prices the items stand.
    reference : ReferenceData
        Holds the size of each blow and the price of a paid hour.
    """
    years = setup.last_year
    shock, loss = reference.number("interest_shock"), reference.number("volunteer_loss")
    dearer = setup.with_loans(tuple(loan.with_rate_shift(shock) for loan in setup.loans))
    paid_eur = volunteer_hours * loss * _paid_hour_eur(reference, price_year)
    with_staff = replace(setup, items=setup.items.with_cost(paid_eur, reference.number("indexation_rate")))
    drop = reference.number("dry_year_income_drop")
    return pd.DataFrame(
        [
            _row("base", 0.0, forecast(setup, years), required_dscr),
            _driest(setup, drop, required_dscr),
            _row("interest_up", shock, forecast(dearer, years), required_dscr),
            _row("half_the_volunteers", loss, forecast(with_staff, years), required_dscr),
        ]
    )


def _paid_hour_eur(reference: ReferenceData, price_year: int) -> float:
    """[EUR per hour] Reference price of paid work; NaN in a price year that the index does not have."""
    try:
        return reference.price(PAID_HOUR, price_year).value
    except MissingFigureError:
        return float("nan")


def _driest(setup: Setup, drop: float, required_dscr: float) -> dict[str, Any]:
    """The dry year in the year that it hurts most: lowest cash, and where that is unknown lowest result."""
    years = setup.last_year
    amounts = setup.items.amounts(years)
    outcomes = []
    for year in range(1, FORECAST_YEARS + 1):
        dry = forecast(setup, years, without_weather(setup.items, amounts, year, drop))
        outcomes.append(_row("dry_year", drop, dry, required_dscr) | {"year": year})
    worst = min(outcomes, key=lambda row: (np.nan_to_num(row["lowest_cash_eur"]), row["result_eur"]))
    return worst if worst["result_eur"] == worst["result_eur"] else worst | {"year": None}  # NaN is not itself


def _row(stress: str, size: float, outcome: Forecast, required_dscr: float) -> dict[str, Any]:
    """The worst of one outcome."""
    after = (outcome.cfads - outcome.debt_service)[1 : FORECAST_YEARS + 1]
    ratio, _ = lowest_dscr(outcome.cfads, outcome.debt_service)
    cash = outcome.lowest_cash
    return {
        "stress": stress,
        "size": size,
        "year": None if np.isnan(after).any() else int(after.argmin()) + 1,
        "result_eur": float(after.min()),
        "lowest_cash_eur": cash,
        "lowest_dscr": ratio,
        "holds": None if np.isnan(cash) else cash >= -HALF_A_CENT,
        "meets_dscr": None if np.isnan(ratio) else meets(ratio, required_dscr),
    }
