"""Time and money (METHOD §1): discount factors and present values."""

from __future__ import annotations

import numpy as np

from valuation.arrays import Floats
from valuation.problems import ValuationError

Rate = float | tuple[tuple[int, float], ...]
"""A yearly real rate as a fraction, or steps `(last_year, rate)` in which each rate holds up to its last year."""


def yearly_rates(rate: Rate, horizon_years: int) -> Floats:
    """The rate of each year 1..T.

    Parameters
    ----------
    rate : Rate
        [1/year] One rate, or steps in ascending order.
    horizon_years : int
        [year] T; a year beyond the last step is a `ValuationError`.

    Returns
    -------
    array of shape (T,)
    """
    if not isinstance(rate, tuple):
        return np.full(horizon_years, rate, dtype=np.float64)
    last_years = np.array([last_year for last_year, _ in rate])
    if horizon_years > last_years[-1]:
        raise ValuationError("horizon_beyond_rate", last_year=int(last_years[-1]), horizon=horizon_years)
    rates = np.array([step for _, step in rate], dtype=np.float64)
    return rates[np.searchsorted(last_years, np.arange(1, horizon_years + 1))]


def discount_factors(rate: Rate, horizon_years: int, timing: str = "end") -> Floats:
    """What one euro in each year 0..T is worth at the transfer date.

    Parameters
    ----------
    rate : Rate
        [1/year] Real rate; higher makes later euros worth less.
    horizon_years : int
        [year] T.
    timing : {"end", "mid", "start"}
        When in the year amounts fall. Year 0 is the transfer date itself, whatever the timing.

    Returns
    -------
    array of shape (T + 1,)
        `d(0) = 1`; stepped rates multiply year by year, and `mid` and `start` take half or all of the year's own
        rate off again.

    Notes
    -----
    METHOD §1; checked in §11 against the Green Book's published steps.
    """
    growth = 1.0 + yearly_rates(rate, horizon_years)
    part_of_own_year_left = {"end": 0.0, "mid": 0.5, "start": 1.0}[timing]
    return np.concatenate(([1.0], growth**part_of_own_year_left / np.cumprod(growth)))


def terminal_factor(rate: Rate, horizon_years: int) -> float:
    """What one euro at the end of year T is worth at the transfer date, whatever the timing of yearly amounts."""
    return float(discount_factors(rate, horizon_years, "end")[-1])


def annuity_factor(rate: Rate, years: int, timing: str = "end") -> float:
    """Present value of one euro a year in years 1..`years`."""
    return float(discount_factors(rate, years, timing)[1:].sum())
