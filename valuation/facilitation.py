"""What working with the municipality costs: officials' hours, hours spent on procedures, and waiting (METHOD §7)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from valuation.appraisal import Result
from valuation.arrays import Floats, figures, ratio, total_by

MONTHS = 12.0


def facilitation_view(result: Result) -> pd.DataFrame:
    """The cost of support and of procedures for each initiative, as figures of their own; none enters a total again.

    Value lost per month of waiting is a twelfth of what the initiative's yearly lines are worth to society in a full
    year: benefits less costs, at quoted prices and full take-up. One-off amounts and effects of a single year are left
    out, since waiting postpones them and does not lose them. With a building, the yearly lines of the object and of
    everyone in it count, since the object waits as a whole. It is negative when a year costs society more than it
    brings.

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
    waiting = figures(initiatives, "waiting_months")
    per_month = yearly_social_value(result) / MONTHS
    return pd.DataFrame(
        {
            "initiative_id": initiatives["initiative_id"].to_numpy(object),
            "facilitation_hours_per_year": hours,
            "facilitation_eur_per_year": hours * assumptions.official_hourly_rate,
            "procedure_hours_per_year": procedures,
            "procedure_eur_per_year": procedures * assumptions.volunteer_hour_value,
            "procedure_share": ratio(procedures, figures(initiatives, "volunteer_hours_per_year")),
            "waiting_months": waiting,
            "delay_eur_per_month": per_month,
            "delay_eur": per_month * waiting,
            "municipal_delay_eur_per_month": figures(result.initiatives, "municipal_net_saving_eur_per_year") / MONTHS,
        }
    )


def yearly_social_value(result: Result) -> Floats:
    """[EUR per year] Social value of a full year's lines of each initiative, with its object; shape (n_initiatives,).

    A line that never runs within the horizon counts for nothing; neither does the cost of a fall-back.
    """
    lines, links = result.lines, result.links
    only_year = np.append(links.initiative_years, 0)[lines.initiative] == 1
    runs = (lines.start_year >= 1) & ((lines.end_year > lines.start_year) | (only_year & (lines.end_year == 1)))
    yearly = lines.counted * lines.society * lines.direction * runs * (lines.kind != "fallback_cost")
    own = total_by(lines.initiative, yearly, len(result.case.initiatives))
    of_object = np.append(total_by(lines.asset, yearly, len(result.case.assets)), 0.0)
    at = links.asset_of_initiative
    return np.where(at >= 0, of_object[at], own)
