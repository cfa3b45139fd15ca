"""Care and welfare (METHOD §7): what an initiative saves, for whom, and for what fraction of the cost price."""

from __future__ import annotations

import numpy as np
import pandas as pd

from valuation.arrays import Floats, Ints, figures, position_of, ratio, total_by, words
from valuation.case import Case
from valuation.key_figures import payback_years
from valuation.lines import Lines, unit_prices
from valuation.social_value import society_totals


def task_savings(case: Case) -> pd.DataFrame:
    """What each task avoids per year at full take-up, one row a task in sheet order.

    Returns
    -------
    DataFrame
        `initiative_id`, `task`, `payer`, `unit`, `volume_per_year`, `institutional_unit_cost_eur` (own or reference,
        NaN for p.m.), `initiative_unit_cost_eur`, `replaced_volume` (units that truly replace institutional care),
        `avoided_cost_eur_per_year`, `cashable_saving_eur_per_year`.
    """
    tasks = case.tasks
    unit_cost = unit_prices(case, tasks, "institutional_unit_cost_eur")
    replaced = tasks["volume_per_year"] * (1.0 - tasks["deadweight"]) * tasks["substitution_share"]
    avoided = replaced * unit_cost
    columns = ["initiative_id", "task", "payer", "unit", "price_key", "volume_per_year", "initiative_unit_cost_eur"]
    return tasks[[*columns, "deadweight", "substitution_share", "cashable_share"]].assign(
        institutional_unit_cost_eur=unit_cost,
        replaced_volume=replaced,
        avoided_cost_eur_per_year=avoided,
        cashable_saving_eur_per_year=avoided * tasks["cashable_share"],
    )


def savings_by_payer(savings: pd.DataFrame) -> pd.DataFrame:
    """Yearly savings of each initiative by payer: `initiative_id`, `payer`, and the two savings columns."""
    columns = ["avoided_cost_eur_per_year", "cashable_saving_eur_per_year"]
    return savings.groupby(["initiative_id", "payer"], sort=False)[columns].sum().reset_index()


def initiatives_view(case: Case, lines: Lines, savings: pd.DataFrame) -> pd.DataFrame:
    """Key figures of each initiative, one row an initiative in sheet order (METHOD §7).

    Returns
    -------
    DataFrame
        Columns as in WORKBOOK.md, plus `has_asset`: for an initiative with a building the object's figures are the
        ones to rank.
    """
    initiatives = case.initiatives
    count = len(initiatives)
    owner = position_of(savings["initiative_id"], initiatives, "initiative_id")
    avoided = savings["avoided_cost_eur_per_year"].fillna(0.0).to_numpy(np.float64)
    cashable = savings["cashable_saving_eur_per_year"].fillna(0.0).to_numpy(np.float64)
    municipal = total_by(np.where(savings["payer"] == "municipality", owner, -1), cashable, count)
    facilitation = figures(initiatives, "facilitation_hours_per_year") * case.assumptions.official_hourly_rate
    cost = figures(initiatives, "subsidy_eur_per_year") + facilitation
    society = society_totals(lines, lines.initiative, count)
    return pd.DataFrame(
        {
            "initiative_id": words(initiatives, "initiative_id"),
            "avoided_cost_eur_per_year": total_by(owner, avoided, count),
            "cashable_saving_eur_per_year": total_by(owner, cashable, count),
            "municipal_cashable_saving_eur_per_year": municipal,
            "municipal_cost_eur_per_year": cost,
            "municipal_net_saving_eur_per_year": municipal - cost,
            "cost_price_fraction": _cost_price_fraction(savings, owner, count),
            "break_even_share": ratio(cost, municipal),
            "npv_municipality_eur": total_by(lines.initiative, lines.municipal_present_value, count),
            "npv_society_eur": society["social_value_eur"],
            "social_benefits_eur": society["social_benefits_eur"],
            "social_costs_eur": society["social_costs_eur"],
            "volunteer_hours_cost_eur": society["volunteer_hours_cost_eur"],
            "bcr": society["bcr"],
            "payback_years": _payback(lines, count),
            "has_asset": initiatives["asset_id"].notna().to_numpy(),
        }
    )


def _cost_price_fraction(savings: pd.DataFrame, owner: Ints, count: int) -> Floats:
    """Cost at the initiative / cost at the institution for the same volume; NaN when a task lacks either."""
    volume = figures(savings, "volume_per_year")
    at_initiative = total_by(owner, volume * figures(savings, "initiative_unit_cost_eur"), count)
    at_institution = total_by(owner, volume * figures(savings, "institutional_unit_cost_eur"), count)
    return ratio(at_initiative, at_institution)


def _payback(lines: Lines, count: int) -> Floats:
    """Payback of each initiative's own discounted society flow."""
    flows = lines.yearly_totals(lines.initiative, count, lines.society * lines.direction)
    return payback_years(flows * lines.society_discount)
