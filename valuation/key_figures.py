"""Key figures of any flow (METHOD §8, and payback of §7)."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np
from scipy import optimize

from valuation.arrays import Flags, Floats, Ints, Words, compiled
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
    noise_share = float(np.finfo(np.float64).eps)
    kernels = compiled(discounted_flows.size)
    if kernels is not None:
        found = np.empty(len(discounted_flows))
        kernels.payback(discounted_flows.T, noise_share, found)
        return found
    cumulative = np.cumsum(discounted_flows, axis=1)
    noise = np.abs(discounted_flows).sum(axis=1, keepdims=True) * noise_share
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


REASONS = np.array([None, "no_sign_change", "several_sign_changes", "not_found"], dtype=object)
FLOWS_AT_A_TIME, FEW_FLOWS = 2_000, 32
MOST_STEPS = 30


def internal_rate_of_return(flow: Floats) -> InternalRate:
    """The rate at which the flow's present value is zero, by the rule of `internal_rates`.

    Parameters
    ----------
    flow : array of shape (T + 1,)
        [EUR] Year 0 first.
    """
    rates, reasons = internal_rates(np.asarray(flow, dtype=np.float64)[None, :])
    return InternalRate(None if reasons[0] else float(rates[0]), reasons[0])


def internal_rates(flows: Floats) -> tuple[Floats, Words]:
    """The internal rate of return of many flows at once.

    Parameters
    ----------
    flows : array of shape (n, T + 1)
        [EUR] Years 0..T; years without an amount do not count as a change of sign.

    Returns
    -------
    rates : array of shape (n,)
        [1/year] NaN where there is none.
    reasons : array of shape (n,)
        None, or why there is no rate: `no_sign_change`, `several_sign_changes`, or `not_found` for a rate beyond
        what numbers can hold.

    Notes
    -----
    One rule: a flow that changes sign exactly once has exactly one rate above -100 % (Descartes' rule of signs, for
    the factor `1 / (1 + rate)`), and only such a flow is given a rate. With P and N the present values of the amounts
    of either sign, `log P - log N` rises steadily with the logarithm of that factor and is nearly straight, so
    Newton's method finds its zero in a few steps.
    """
    kernels = compiled(flows.size)
    if kernels is not None:
        rates, reasons = _rates_by_kernel(kernels, flows)
    else:
        reasons = _sign_changes(flows)
        rates = np.full(len(flows), np.nan)
        defined = np.flatnonzero(reasons == 0)
        for first in range(0, len(defined), FLOWS_AT_A_TIME):
            some = defined[first : first + FLOWS_AT_A_TIME]
            rates[some] = _rates_of_one_change(np.ascontiguousarray(flows[some].T))
    defined = np.flatnonzero(reasons == 0)
    reasons[defined[~np.isfinite(rates[defined])]] = 3
    rates[reasons > 0] = np.nan
    return rates, REASONS[reasons]


def _sign_changes(flows: Floats) -> Ints:
    """Whether each flow changes sign exactly once (0), never (1) or more often (2)."""
    gains, losses = flows > 0, flows < 0
    changes = np.where(_first_after_last(gains, losses), 0, 2)
    others = np.flatnonzero(changes)
    changes[others] = np.where(_first_after_last(losses[others], gains[others]), 0, 2)
    neither = ~(gains.any(axis=1) & losses.any(axis=1))
    changes[neither] = 1
    return changes


def _first_after_last(later: Flags, earlier: Flags) -> Flags:
    """Whether the first year of one kind comes after the last year of the other; both must occur."""
    last_year = later.shape[1] - 1
    after: Flags = later.argmax(axis=1) > last_year - earlier[:, ::-1].argmax(axis=1)
    return after


def _rates_of_one_change(flows: Floats) -> Floats:
    """The rates of flows that change sign once; years are rows, flows columns."""
    gains, losses = np.maximum(flows, 0.0), np.maximum(-flows, 0.0)
    years_of_gain, years_of_loss = _years(gains), _years(losses)
    factor = np.ones(flows.shape[1])
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for _ in range(MOST_STEPS):
            gain, gain_year = _present_value_and_year(gains, years_of_gain, factor)
            loss, loss_year = _present_value_and_year(losses, years_of_loss, factor)
            step = np.log(gain / loss) / (gain_year - loss_year)
            factor *= np.exp(-step)
            if not (np.abs(step) > STEP_TOLERANCE).any():
                break
        return _settled(flows, factor, ~(np.abs(step) <= STEP_TOLERANCE))


def _settled(flows: Floats, factor: Floats, unsettled: Flags) -> Floats:
    """The rates that belong to these factors; those that Newton's steps did not settle are looked for otherwise."""
    for flow in np.flatnonzero(unsettled):
        factor[flow] = _factor_by_bisection(flows[:, flow])
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        rates: Floats = 1.0 / factor - 1.0
        return np.where(rates > -1.0, rates, np.nan)


def _rates_by_kernel(kernels: ModuleType, flows: Floats) -> tuple[Floats, Ints]:
    """The rates, and whether each flow changes sign exactly once, of a big job: the same steps, compiled."""
    factor, changes = np.empty(len(flows)), np.empty(len(flows), dtype=np.int64)
    kernels.internal_factors(flows.T, STEP_TOLERANCE, MOST_STEPS, factor, changes)
    return _settled(flows.T, factor, (changes == 0) & np.isnan(factor)), changes


STEP_TOLERANCE = 1e-8
"""A step so small leaves an error of its square, below what numbers can hold."""


def _years(amounts: Floats) -> tuple[int, int]:
    """First and last year in which any flow has an amount."""
    years = np.flatnonzero(amounts.any(axis=1))
    return int(years[0]), int(years[-1])


def _present_value_and_year(amounts: Floats, years: tuple[int, int], factor: Floats) -> tuple[Floats, Floats | float]:
    """Present value at these discount factors, and the mean year of its euros.

    By Horner's rule, which takes fewest operations a flow, or for a few flows by powers, which take fewest calls.
    """
    first, last = years
    value = amounts[last].copy()
    if first == last:
        return value * factor**first, float(first)
    if len(factor) <= FEW_FLOWS:
        years_on = np.arange(last - first + 1.0)[:, None]
        worth = amounts[first : last + 1] * factor**years_on
        value = worth.sum(axis=0)
        return value * factor**first, first + (years_on * worth).sum(axis=0) / value
    slope = np.zeros(len(factor))
    for year in range(last - 1, first - 1, -1):
        slope *= factor
        slope += value
        value *= factor
        value += amounts[year]
    return value * factor**first, first + factor * slope / value


def _factor_by_bisection(flow: Floats) -> float:
    """The factor of one flow that changes sign once, in logarithms, for rates where Newton's steps do not settle."""
    years = np.flatnonzero(flow)
    logs, signs = np.log(np.abs(flow[years])), np.sign(flow[years])

    def balance(log_factor: float) -> float:
        present = logs + years * log_factor
        later, earlier = present[signs == signs[-1]], present[signs == signs[0]]
        return float(np.logaddexp.reduce(later) - np.logaddexp.reduce(earlier))

    bound = 1500.0
    if balance(-bound) > 0 or balance(bound) < 0:
        return np.nan
    return float(np.exp(optimize.brentq(balance, -bound, bound, xtol=1e-14)))


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
