"""Who is reached: people, savings and support by neighbourhood against a need indicator, and who is not reached.

Counts of people are for showing, so they pass through `shown_count` before they leave this module.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from valuation.arrays import Floats, figures, ratio
from valuation.case import Case


def shown_count(people: Floats, *, threshold: float) -> Floats:
    """[people] The counts that may be shown: those from the threshold on, and zero; NaN where suppressed."""
    return np.where((people > 0) & (people < threshold), np.nan, people)


def reach_by_initiative(case: Case) -> pd.DataFrame:
    """People reached per initiative and neighbourhood, small counts suppressed.

    Returns
    -------
    DataFrame
        `initiative_id`, `neighbourhood`, `people`, `people_in_need` (NaN where suppressed or not stated).
    """
    threshold = case.reference.number("suppression_threshold")
    table = case.reach[["initiative_id", "neighbourhood"]].copy()
    for column in ("people", "people_in_need"):
        table[column] = shown_count(figures(case.reach, column), threshold=threshold)
    return table.reset_index(drop=True)


def by_neighbourhood(case: Case, initiatives: pd.DataFrame) -> pd.DataFrame:
    """Reach, savings and support per neighbourhood, most need first.

    Savings and support stand with the neighbourhood that the initiative names; people with the neighbourhood where
    they live. Totals of people are sums of the counts that may be shown, so that no small count can be found by
    subtraction.

    Parameters
    ----------
    case : Case
    initiatives : DataFrame
        `Result.initiatives`.

    Returns
    -------
    DataFrame
        `neighbourhood`, `inhabitants`, `need_indicator`, `need_rank` (1 is most need; NaN without an indicator),
        `initiatives` (their number), `people`, `people_in_need`, `suppressed` (number of counts left out),
        `reach_share` (people / inhabitants), `avoided_cost_eur_per_year`, `municipal_cost_eur_per_year` (subsidy
        and facilitation), `municipal_cost_eur_per_inhabitant`.
    """
    reached = reach_by_initiative(case)
    counts = reached.groupby("neighbourhood")[["people", "people_in_need"]].sum(min_count=1)
    suppressed = reached["people"].isna().groupby(reached["neighbourhood"]).sum()
    money = (
        initiatives[["avoided_cost_eur_per_year", "municipal_cost_eur_per_year"]]
        .assign(neighbourhood=case.initiatives["neighbourhood"].to_numpy(object), initiatives=1)
        .dropna(subset="neighbourhood")
        .groupby("neighbourhood")
        .sum()
    )
    known = case.neighbourhoods.set_index("neighbourhood")
    names = pd.Index([*known.index, *_named(case).difference(known.index, sort=False)], name="neighbourhood")
    table = known[["inhabitants", "need_indicator"]].reindex(names)
    table["need_rank"] = _need_rank(case).reindex(names)
    table = table.join(money.reindex(names, fill_value=0.0)).join(counts.reindex(names))
    table["suppressed"] = suppressed.reindex(names, fill_value=0)
    table["reach_share"] = ratio(figures(table, "people"), figures(table, "inhabitants"))
    table["municipal_cost_eur_per_inhabitant"] = ratio(
        figures(table, "municipal_cost_eur_per_year"), figures(table, "inhabitants")
    )
    return table.sort_values("need_rank", na_position="last", kind="stable").reset_index()


def not_reached(case: Case, initiatives: pd.DataFrame) -> pd.DataFrame:
    """The neighbourhoods that no initiative reaches, as far as the workbook says, most need first.

    Returns
    -------
    DataFrame
        `neighbourhood`, `inhabitants`, `need_rank`. A neighbourhood with only suppressed counts is reached.
    """
    table = by_neighbourhood(case, initiatives)
    nobody = (table["people"].fillna(0.0) == 0) & (table["suppressed"] == 0)
    return table.loc[nobody, ["neighbourhood", "inhabitants", "need_rank"]].reset_index(drop=True)


def _named(case: Case) -> pd.Index:
    """Every neighbourhood that the workbook names, in order of appearance."""
    names = pd.concat([case.initiatives["neighbourhood"], case.reach["neighbourhood"]]).dropna()
    named: pd.Index = pd.Index(names.unique())
    return named


def _need_rank(case: Case) -> pd.Series[float]:
    """Rank of need per neighbourhood, 1 is most; read low or high as the sheet says."""
    table = case.neighbourhoods
    sign = np.where(table["need_reading"] == "high_is_need", -1.0, 1.0)
    ranks: pd.Series[float] = (table["need_indicator"] * sign).rank(method="min")
    return ranks.set_axis(table["neighbourhood"])
