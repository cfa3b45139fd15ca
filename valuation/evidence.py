"""What the evidence grade of an effect may do to it (METHOD §9): give it a width, or correct it for optimism.

Both are choices that a user switches on, each by itself, so that caution is not counted twice: the widths lie evenly
around the value and leave its mean where it is; the correction lowers the value and adds no width. The factors in
`datasets/evidence_widths.csv` are assumptions.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from valuation.arrays import Floats, figures, words
from valuation.case import Case
from valuation.lines import unit_prices


def with_evidence_ranges(case: Case) -> Case:
    """The case in which an effect without low and high gets the width of its evidence grade, A sure to E a guess.

    What the user stated is kept; an effect without a grade or without a value stays certain.
    """
    effects = case.effects
    central = unit_prices(case, effects, "unit_value_eur")
    low, high = figures(effects, "low"), figures(effects, "high")
    stated = ~np.isnan(low) & ~np.isnan(high)
    return replace(
        case,
        effects=effects.assign(
            low=np.where(stated, low, central * _factor(case, "low_factor")),
            high=np.where(stated, high, central * _factor(case, "high_factor")),
        ),
    )


def corrected_for_optimism(case: Case) -> Case:
    """The case in which the values of benefits, with their low and high, are lowered by the factor of their grade."""
    effects, factor = case.effects, optimism_factor(case)
    values = unit_prices(case, effects, "unit_value_eur")
    corrected = np.where(factor == 1.0, figures(effects, "unit_value_eur"), values * factor)
    return replace(
        case,
        effects=effects.assign(unit_value_eur=corrected, low=effects["low"] * factor, high=effects["high"] * factor),
    )


def optimism_factor(case: Case) -> Floats:
    """[factor] What each effect's value is multiplied by; 1 for costs and without a grade. Shape (n_effects,)."""
    factor = np.nan_to_num(_factor(case, "optimism_factor"), nan=1.0)
    return np.where(case.effects["direction"] == "benefit", factor, 1.0)


def _factor(case: Case, column: str) -> Floats:
    """A factor of each effect's grade; NaN without a grade."""
    widths = case.reference.evidence_widths
    by_grade = dict(zip(widths["grade"], widths[column], strict=True))
    return np.array([by_grade.get(grade, np.nan) for grade in words(case.effects, "evidence")], dtype=np.float64)
