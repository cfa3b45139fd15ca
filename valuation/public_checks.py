"""Published examples (METHOD §11), computed again with the functions that every figure of this product comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from valuation.discounting import Rate, annuity_factor, discount_factors
from valuation.key_figures import cost_covering_rent

Parameters = Mapping[str, Any]


def evaluate(checks: pd.DataFrame) -> pd.DataFrame:
    """Compute every published example and compare it with the published figure.

    Parameters
    ----------
    checks : DataFrame
        `formula` (a name of `FORMULAS`; an unknown one is a `KeyError`), `parameters` (a mapping), `expected` and
        `tolerance` (half a unit of the last published digit, or as the file says).

    Returns
    -------
    DataFrame
        The same rows with `computed`, `difference` (computed less expected) and `passed`.
    """
    computed = [
        FORMULAS[formula](parameters)
        for formula, parameters in zip(checks["formula"], checks["parameters"], strict=True)
    ]
    difference = np.asarray(computed) - checks["expected"].to_numpy(np.float64)
    # A published figure is rounded: at exactly half a digit off, rounding of the last bit may not decide.
    allowed = checks["tolerance"].to_numpy(np.float64) * (1.0 + np.sqrt(np.finfo(np.float64).eps))
    return checks.assign(computed=computed, difference=difference, passed=np.abs(difference) <= allowed)


def _discount_factor(parameters: Parameters) -> float:
    year = int(parameters["year"])
    return float(discount_factors(_rate(parameters), year)[year])


def _annuity_factor(parameters: Parameters) -> float:
    return annuity_factor(_rate(parameters), int(parameters["years"]))


def _rate(parameters: Parameters) -> Rate:
    """One rate, or the steps of a stepped one."""
    if "steps" in parameters:
        return tuple((int(step["to"]), float(step["rate"])) for step in parameters["steps"])
    return float(parameters["rate"])


def _present_value(parameters: Parameters) -> float:
    return _discounted(parameters, np.asarray(parameters["flows"], dtype=np.float64))


def _net_present_value(parameters: Parameters) -> float:
    benefits, costs = (np.asarray(parameters[name], dtype=np.float64) for name in ("benefits", "costs"))
    return _discounted(parameters, benefits - costs)


def _discounted(parameters: Parameters, flows: np.ndarray) -> float:
    first = int(parameters["first_year"])
    factors = discount_factors(_rate(parameters), first + len(flows) - 1)
    return float(flows @ factors[first:])


def _cost_covering_rent(parameters: Parameters) -> float:
    return cost_covering_rent(
        investment_eur=float(parameters["investment_eur"]),
        running_eur_per_year=float(parameters["running_cost_eur_per_year"]),
        residual_eur=float(parameters["residual_value_eur"]),
        rate=float(parameters["rate"]),
        index=float(parameters["index_rate"]),
        years=int(parameters["years"]),
    )


FORMULAS: dict[str, Callable[[Parameters], float]] = {
    "discount_factor": _discount_factor,
    "stepped_discount_factor": _discount_factor,
    "annuity_factor": _annuity_factor,
    "present_value": _present_value,
    "net_present_value": _net_present_value,
    "cost_covering_rent": _cost_covering_rent,
}
"""The formulas that a check can name."""
