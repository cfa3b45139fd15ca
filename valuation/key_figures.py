"""Key figures of any flow (METHOD §8, and payback of §7)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy_financial as npf

from valuation.arrays import Floats
from valuation.problems import ValuationError


def payback_years(discounted_flows: Floats) -> Floats:
    """First moment at which the cumulative discounted flow reaches zero and stays there.

    Parameters
    ----------
    discounted_flows : array of shape (n, T + 1)
        [EUR] Years 0..T.

    Returns
    -------
    array of shape (n,)
        [year] Interpolated within the year, on the axis t whatever the timing; NaN if never; 0 if it never falls
        below zero. Rounding noise of a flow that sums to nothing is not a loss.
    """
    cumulative = np.cumsum(discounted_flows, axis=1)
    noise = np.abs(discounted_flows).sum(axis=1, keepdims=True) * np.finfo(np.float64).eps
    below = cumulative < -noise
    last = cumulative.shape[1] - 1
    last_below = np.where(below.any(axis=1), last - np.argmax(below[:, ::-1], axis=1), -1)
    rows = np.arange(len(cumulative))
    before = cumulative[rows, np.clip(last_below, 0, last)]
    after = cumulative[rows, np.clip(last_below + 1, 0, last)]
    rise = np.where(after > before, after - before, 1.0)
    crossing = last_below + np.minimum(-before / rise, 1.0)
    return np.where(last_below < 0, 0.0, np.where(last_below == last, np.nan, crossing))


@dataclass(frozen=True)
class InternalRate:
    """An internal rate of return, or the reason why there is none.

    Parameters
    ----------
    rate : float | None
        [1/year]
    reason : {None, "no_sign_change", "several_sign_changes", "not_found"}
    """

    rate: float | None
    reason: str | None = None


def internal_rate_of_return(flow: Floats) -> InternalRate:
    """The rate at which the flow's present value is zero, only when the flow changes sign exactly once.

    Parameters
    ----------
    flow : array of shape (T + 1,)
        [EUR] Year 0 first.

    Notes
    -----
    The root of `numpy_financial.irr` is accepted only when the present value at it is zero, because the library
    returns a wrong root for some flows (its issues 28 and 44).
    """
    signs = np.sign(flow[flow != 0])
    changes = int((signs[1:] != signs[:-1]).sum())
    if changes != 1:
        return InternalRate(None, "no_sign_change" if changes == 0 else "several_sign_changes")
    rate = float(npf.irr(flow))
    scale = float(np.abs(flow).sum())
    if not np.isfinite(rate) or abs(float(npf.npv(rate, flow))) > 1e-9 * scale:
        return InternalRate(None, "not_found")
    return InternalRate(rate)


def social_return_on_investment(benefits_eur: float, inputs_eur: float) -> float:
    """SROI ratio: present value of the benefits / present value of the inputs."""
    if inputs_eur <= 0:
        raise ValuationError("no_inputs")
    return benefits_eur / inputs_eur


def cost_covering_rent(
    *, investment_eur: float, running_eur_per_year: float, residual_eur: float, rate: float, index: float, years: int
) -> float:
    """First-year cost-covering rent (kostprijsdekkende huur).

    Parameters
    ----------
    investment_eur : float
        [EUR] At the start; higher raises the rent.
    running_eur_per_year : float
        [EUR per year] Running cost in the first year, indexed like the rent.
    residual_eur : float
        [EUR] Value at the end of the last year; higher lowers the rent.
    rate, index : float
        [1/year] Discount rate, and the yearly rise of rent and running cost.
    years : int
        [year] Rent falls at the end of each year.

    Returns
    -------
    float
        [EUR per year] The rent of year 1 whose present value equals that of investment and running cost less the
        residual.

    Notes
    -----
    METHOD §8. Check (§11): 1,000,000 at 4 %, indexed 2 %, 40 years gives 37,030.90.
    """
    year = np.arange(1, years + 1)
    indexed_annuity = float((((1.0 + index) ** (year - 1)) / (1.0 + rate) ** year).sum())
    residual_now = residual_eur / (1.0 + rate) ** years
    return (investment_eur - residual_now) / indexed_annuity + running_eur_per_year
