"""The accounts' view of an object (METHOD §3): book value, depreciation, interest, remaining life."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from valuation.arrays import Floats, Words, words


@dataclass(frozen=True)
class BookValue:
    """Book values on 1 January of the base year; every array has shape (n,), one entry an object.

    Parameters
    ----------
    building, land, total : array
        [EUR] `total` is the book value that counts: filled in, or computed.
    computed : array
        [EUR] From the register's figures; NaN where these are not complete.
    remaining_life_years : array
        [year] NaN without a useful life.
    residual : array
        [EUR] Stays in the books after the last depreciation, land apart.
    method : array of str
    """

    building: Floats
    land: Floats
    total: Floats
    computed: Floats
    remaining_life_years: Floats
    residual: Floats
    method: Words


def annuity_payment(amount: Floats, residual: Floats, rate: float, years: Floats) -> Floats:
    """Yearly sum of interest and depreciation that brings `amount` to `residual` in `years`.

    Parameters
    ----------
    amount, residual : array of shape (n,)
        [EUR]
    rate : float
        [1/year] Internal interest rate (omslagrente); at 0 the payment is linear depreciation.
    years : array of shape (n,)
        [year] Must be above 0.
    """
    if rate == 0.0:
        return (amount - residual) / years
    shrink = (1.0 + rate) ** -years
    return (amount - residual * shrink) * rate / (1.0 - shrink)


def book_values(assets: pd.DataFrame, *, base_year: int, internal_interest_rate: float) -> BookValue:
    """Book value of every object on 1 January of `base_year` (METHOD §3).

    Parameters
    ----------
    assets : DataFrame
        The declared assets table.
    base_year : int
        Year of the transfer. Depreciation starts the year after taking into service.
    internal_interest_rate : float
        [1/year] Used by the annuity method only.

    Notes
    -----
    A filled-in book value is the total, land included, and wins over the computed one; below the land value it
    leaves a building value of 0. Land is never depreciated.
    """
    number = {column: assets[column].to_numpy(np.float64) for column in assets.select_dtypes("number").columns}
    life, residual = number["useful_life_years"], number["residual_value_eur"]
    cost = number["acquisition_cost_eur"] - number["third_party_contributions_eur"]
    method = words(assets, "depreciation_method")
    years_passed = np.clip(base_year - (number["in_service_year"] + 1), 0, life)

    building = _undepreciated(cost, residual, years_passed, life, internal_interest_rate, method)
    building = np.maximum(0.0, building - number["write_down_eur"])
    land, filled_in = number["land_book_value_eur"], number["book_value_eur"]
    computed = building + land
    is_filled_in = ~np.isnan(filled_in)
    return BookValue(
        building=np.where(is_filled_in, np.maximum(0.0, filled_in - land), building),
        land=land,
        total=np.where(is_filled_in, filled_in, computed),
        computed=computed,
        remaining_life_years=life - years_passed,
        residual=residual,
        method=method,
    )


def _undepreciated(
    cost: Floats, residual: Floats, years_passed: Floats, life: Floats, rate: float, method: Words
) -> Floats:
    """What is left of the cost after `years_passed` years; NaN where year, life or method are unknown."""
    value = np.full(len(cost), np.nan)
    none = method == "none"
    value[none] = cost[none]
    linear = (method == "linear") | ((method == "annuity") & (rate == 0.0))
    value[linear] = (cost - (cost - residual) * years_passed / life)[linear]
    annuity = (method == "annuity") & (rate != 0.0)
    if annuity.any():
        grown = (1.0 + rate) ** years_passed
        paid = annuity_payment(cost, residual, rate, life) * (grown - 1.0) / rate
        value[annuity] = (cost * grown - paid)[annuity]
    return value


def depreciation_by_year(book: BookValue, *, internal_interest_rate: float, years: int) -> tuple[Floats, Floats]:
    """Depreciation and opening book value in each of the coming years, as the register goes on (METHOD §3).

    Parameters
    ----------
    book : BookValue
    internal_interest_rate : float
        [1/year]
    years : int
        How many years, from the base year on.

    Returns
    -------
    depreciation, opening : array of shape (n, years)
        [EUR] `opening` includes the land. Depreciation is never negative and ends with the remaining life.
    """
    left = np.nan_to_num(book.remaining_life_years, nan=0.0)
    depreciates = (left > 0) & ((book.method == "linear") | (book.method == "annuity"))
    years_left = np.where(depreciates, left, 1.0)
    linear = (book.building - book.residual) / years_left
    payment = annuity_payment(book.building, book.residual, internal_interest_rate, years_left)

    depreciation = np.zeros((len(left), years))
    opening = np.zeros((len(left), years))
    building = book.building.copy()
    for year in range(years):
        opening[:, year] = building + np.maximum(book.total - book.building, 0.0)
        wanted = np.where(book.method == "annuity", payment - internal_interest_rate * building, linear)
        most = np.maximum(0.0, building - book.residual)
        depreciation[:, year] = np.where(depreciates & (year < left), np.clip(wanted, 0.0, most), 0.0)
        building = building - depreciation[:, year]
    return depreciation, opening
