"""What working with the municipality costs: officials' hours, hours spent on procedures, and waiting (METHOD §7)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from valuation.appraisal import Result
from valuation.arrays import figures, total_by

MONTHS = 12.0


def facilitation_view(result: Result) -> pd.DataFrame:
    """The cost of support and of procedures for each initiative, as figures of their own; none enters a total again.

    Value lost per month of waiting is a twelfth of what the initiative's yearly lines are worth to society in a full
    year (benefits less costs, at quoted prices and full take-up, one-off amounts left out). With a building, the
    object's yearly lines count as well. It is negative when the initiative costs society more than it brings.

    Returns
    -------
    DataFrame
        A row per initiative: `initiative_id`, `facilitation_hours_per_year`, `facilitation_eur_per_year` (the
        official's hours), `procedure_hours_per_year`, `procedure_eur_per_year` (volunteers' hours, part of the
        volunteer hours and not added to them), `procedure_share` of the volunteer hours, `waiting_months`,
        `delay_eur_per_month`, `delay_eur`, and for the municipality alone `municipal_delay_eur_per_month`.
    """
    initiatives, assumptions = result.case.initiatives, result.case.assumptions
    hours = figures(initiatives, "facilitation_hours_per_year")
    procedures = figures(initiatives, "procedure_hours_per_year")
    volunteers = figures(initiatives, "volunteer_hours_per_year")
    waiting = figures(initiatives, "waiting_months")
    per_month = _yearly_social_value(result) / MONTHS
    return pd.DataFrame(
        {
            "initiative_id": initiatives["initiative_id"].to_numpy(object),
            "facilitation_hours_per_year": hours,
            "facilitation_eur_per_year": hours * assumptions.official_hourly_rate,
            "procedure_hours_per_year": procedures,
            "procedure_eur_per_year": procedures * assumptions.volunteer_hour_value,
            "procedure_share": np.where(volunteers > 0, procedures / np.where(volunteers > 0, volunteers, 1.0), np.nan),
            "waiting_months": waiting,
            "delay_eur_per_month": per_month,
            "delay_eur": per_month * waiting,
            "municipal_delay_eur_per_month": figures(result.initiatives, "municipal_net_saving_eur_per_year") / MONTHS,
        }
    )


def _yearly_social_value(result: Result) -> np.ndarray:
    """[EUR per year] Social value of a full year's lines of each initiative, with those of its object."""
    lines, links = result.lines, result.links
    yearly = lines.counted * lines.society * lines.direction * (lines.start_year >= 1) * (lines.kind != "fallback_cost")
    own = total_by(lines.initiative, yearly, len(result.case.initiatives))
    of_object = total_by(lines.asset, yearly, len(result.case.assets))
    at = links.asset_of_initiative
    return np.where(at >= 0, np.append(of_object, 0.0)[at], own)
