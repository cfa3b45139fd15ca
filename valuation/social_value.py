"""Society's view (METHOD §5): benefits and costs of all parties together; transfers cancel out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from valuation.arrays import Floats, Ints, figures, ratio, total_by
from valuation.case import Case
from valuation.lines import Activity, Lines
from valuation.transfer import sale_proceeds


def society_totals(lines: Lines, owner: Ints, count: int) -> pd.DataFrame:
    """Present values of social benefits and costs by owner.

    Parameters
    ----------
    lines : Lines
    owner : array of shape (n,)
        Position of the object (`lines.asset`) or of the initiative (`lines.initiative`).
    count : int
        Number of owners.

    Returns
    -------
    DataFrame
        `social_benefits_eur`, `social_costs_eur`, `social_value_eur`, `volunteer_hours_cost_eur` (always computed,
        part of the costs only when they count) and `bcr` (NaN without costs).
    """
    value = lines.present_value * lines.society
    benefits = total_by(np.where(lines.direction > 0, owner, -1), value, count)
    costs = total_by(np.where(lines.direction < 0, owner, -1), value, count)
    hours = total_by(np.where(lines.kind == "volunteer_hours", owner, -1), lines.present_value, count)
    return pd.DataFrame(
        {
            "social_benefits_eur": benefits,
            "social_costs_eur": costs,
            "volunteer_hours_cost_eur": hours,
            "social_value_eur": benefits - costs,
            "bcr": ratio(benefits, costs),
        }
    )


def society_view(case: Case, lines: Lines, links: Activity) -> pd.DataFrame:
    """Social value of each object with its initiatives, against keeping it and against selling it.

    Returns
    -------
    DataFrame
        The columns of `society_totals`, `social_value_of_sale_eur`, `social_value_against_sale_eur`, the social
        value with and without volunteer hours, and `running_ratio`: (benefits - running costs) / investment. All
        NaN for an object without an initiative: nobody says what happens there.
    """
    count = len(case.assets)
    table = society_totals(lines, lines.asset, count)
    of_sale = social_value_of_sale(case, lines)
    counted = case.assumptions.count_volunteer_hours
    without_hours = table["social_value_eur"] + (table["volunteer_hours_cost_eur"] if counted else 0.0)
    one_off = lines.society * (lines.end_year == 0) * (lines.direction < 0)
    investment = total_by(lines.asset, lines.present_value * one_off, count)
    running = table["social_costs_eur"].to_numpy() - investment
    table = table.assign(
        social_value_of_sale_eur=of_sale,
        social_value_against_sale_eur=table["social_value_eur"] - of_sale,
        social_value_without_hours_eur=without_hours,
        social_value_with_hours_eur=without_hours - table["volunteer_hours_cost_eur"],
        running_ratio=ratio(table["social_benefits_eur"].to_numpy() - running, investment),
    )
    table.loc[~links.has_initiative] = np.nan
    return table


def social_value_of_sale(case: Case, lines: Lines) -> Floats:
    """[EUR] Social value of selling now, against keeping: the market value stands for the alternative use."""
    assets = case.assets
    years = lines.society_discount[1:].sum()
    saved = figures(assets, "operating_cost_eur_per_year") + figures(assets, "major_maintenance_eur_per_year")
    value: Floats = sale_proceeds(assets) + saved * years
    return value


def by_party(lines: Lines, owner: Ints, position: int) -> pd.DataFrame:
    """Who gains and who pays: present values of one owner's lines by party.

    Parameters
    ----------
    lines : Lines
    owner : array of shape (n,)
        `lines.asset` or `lines.initiative`.
    position : int
        Which owner.

    Returns
    -------
    DataFrame
        Index: party. Columns `benefits_eur` (plus), `costs_eur` (minus), `transfers_eur` (signed; these sum to zero
        over the parties) and `net_eur`. The net column sums to the social value.
    """
    chosen = (owner == position) & (lines.parties > 0)
    signed = (lines.present_value * lines.direction)[chosen]
    party, counterparty = lines.party[chosen], lines.counterparty[chosen]
    in_society = lines.society[chosen] > 0
    transfer = ~in_society
    rows = pd.concat(
        [
            pd.DataFrame({"party": party, "column": "benefits_eur", "value": signed})[in_society & (signed >= 0)],
            pd.DataFrame({"party": party, "column": "costs_eur", "value": signed})[in_society & (signed < 0)],
            pd.DataFrame({"party": party, "column": "transfers_eur", "value": signed})[transfer],
            pd.DataFrame({"party": counterparty, "column": "transfers_eur", "value": -signed})[transfer],
        ]
    )
    table: pd.DataFrame = rows.pivot_table(
        index="party", columns="column", values="value", aggfunc="sum", fill_value=0.0
    )
    table = table.reindex(columns=["benefits_eur", "costs_eur", "transfers_eur"], fill_value=0.0)
    table = table[(table != 0.0).any(axis=1)]
    table.columns.name = None
    table["net_eur"] = table.sum(axis=1)
    return table
