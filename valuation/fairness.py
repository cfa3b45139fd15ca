"""Who is reached: people, savings and support by neighbourhood against a need indicator, and who is not reached.

Counts of people are for showing, so they pass through `shown_count` before they leave this module.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from valuation.arrays import Floats, figures, ratio
from valuation.case import Case

MONEY = ["avoided_cost_eur_per_year", "municipal_net_saving_eur_per_year", "municipal_cost_eur_per_year"]


def shown_count(people: Floats, *, threshold: float) -> Floats:
    """[people] The counts that may be shown: those from the threshold on, and zero; NaN where suppressed."""
    return np.where((people > 0) & (people < threshold), np.nan, people)


def reach_by_initiative(case: Case) -> pd.DataFrame:
    """People reached per initiative and neighbourhood, small counts suppressed.

    People in great need are also left out where the others in the same row would be a small count, because that
    number could be found by subtraction.

    Returns
    -------
    DataFrame
        `initiative_id`, `neighbourhood`, `people`, `people_in_need` (NaN where suppressed or not stated), and
        `people_hidden`, `need_hidden`: whether that count was suppressed, by which it differs from not stated.
    """
    threshold = case.reference.number("suppression_threshold")
    people, need = figures(case.reach, "people"), figures(case.reach, "people_in_need")
    shown = shown_count(people, threshold=threshold)
    others = shown_count(people - need, threshold=threshold)
    shown_need = np.where(np.isnan(others) | np.isnan(shown), np.nan, shown_count(need, threshold=threshold))
    table = case.reach[["initiative_id", "neighbourhood"]].reset_index(drop=True)
    return table.assign(
        people=shown,
        people_in_need=shown_need,
        people_hidden=np.isnan(shown) & ~np.isnan(people),
        need_hidden=np.isnan(shown_need) & ~np.isnan(need),
    )


def shown_people(case: Case, initiative_id: str) -> float:
    """[people] Sum of an initiative's counts that may be shown; NaN where none may be, or none is stated."""
    rows = reach_by_initiative(case)
    return float(rows.loc[rows["initiative_id"] == initiative_id, "people"].sum(min_count=1))


def by_neighbourhood(case: Case, initiatives: pd.DataFrame) -> pd.DataFrame:
    """Reach, savings and support per neighbourhood, most need first.

    Savings and support stand with the neighbourhood that the initiative names; people with the neighbourhood where
    they live. Totals of people are sums of the counts that may be shown, so that no small count can be found by
    subtraction: with something suppressed they mean "at least". Who takes part in two initiatives counts twice.

    Parameters
    ----------
    case : Case
    initiatives : DataFrame
        `Result.initiatives`.

    Returns
    -------
    DataFrame
        `neighbourhood` (the last row is None where initiatives name none, so that amounts add up to all
        initiatives), `inhabitants`, `need_indicator`, `need_rank` (1 is most need; NaN without an indicator),
        `initiatives` (their number), `people`, `people_in_need`, `suppressed` (number of counts left out),
        `reach_share` (people / inhabitants), `avoided_cost_eur_per_year`, `municipal_net_saving_eur_per_year`,
        `municipal_cost_eur_per_year` (subsidy and facilitation), `municipal_cost_eur_per_inhabitant`.
    """
    threshold = case.reference.number("suppression_threshold")
    reached = reach_by_initiative(case)
    counts = reached.groupby("neighbourhood")[["people", "people_in_need"]].sum(min_count=1)
    suppressed = reached["people_hidden"].groupby(reached["neighbourhood"]).sum()
    money = (
        initiatives[MONEY]
        .assign(neighbourhood=case.initiatives["neighbourhood"].to_numpy(object), initiatives=1)
        .groupby("neighbourhood", dropna=False)
        .sum()
    )
    known = case.neighbourhoods.set_index("neighbourhood")
    others = _named(case).difference(known.index, sort=False)
    names = pd.Index([*known.index, *others], name="neighbourhood", dtype=object)
    table = known[["inhabitants", "need_indicator"]].reindex(names)
    table["inhabitants"] = shown_count(figures(table, "inhabitants"), threshold=threshold)
    table["need_rank"] = _need_rank(case).reindex(names)
    table = table.join(money.reindex(names, fill_value=0.0)).join(counts.reindex(names))
    table["suppressed"] = suppressed.reindex(names, fill_value=0).astype(int)
    table = table.sort_values("need_rank", na_position="last", kind="stable").reset_index()
    nowhere = money[money.index.isna()]
    if len(nowhere):
        table.loc[len(table)] = {"neighbourhood": None, "suppressed": 0, **nowhere.iloc[0].to_dict()}
    table["reach_share"] = ratio(figures(table, "people"), figures(table, "inhabitants"))
    table["municipal_cost_eur_per_inhabitant"] = ratio(
        figures(table, "municipal_cost_eur_per_year"), figures(table, "inhabitants")
    )
    return table


def not_reached(case: Case, initiatives: pd.DataFrame) -> pd.DataFrame:
    """The neighbourhoods that no initiative reaches, as far as the workbook says, most need first.

    Returns
    -------
    DataFrame
        `neighbourhood`, `inhabitants`, `need_rank`. A neighbourhood with only suppressed counts is reached.
    """
    table = by_neighbourhood(case, initiatives)
    nobody = (table["people"].fillna(0.0) == 0) & (table["suppressed"] == 0) & table["neighbourhood"].notna()
    return table.loc[nobody, ["neighbourhood", "inhabitants", "need_rank"]].reset_index(drop=True)


def by_need(case: Case, initiatives: pd.DataFrame) -> pd.DataFrame:
    """Reach and support in the half of the neighbourhoods with the most need, beside the other half.

    Returns
    -------
    DataFrame
        Two rows, `more_need` True and False: `neighbourhoods` (their number), `inhabitants`, `people`, `suppressed`
        (number of counts left out, so that there are at least so many people), `reach_share`,
        `municipal_cost_eur_per_year`, `municipal_cost_eur_per_inhabitant`. Only neighbourhoods with a need
        indicator and inhabitants; the middle one of an odd number is with most need. Empty with fewer than two.
    """
    table = by_neighbourhood(case, initiatives).dropna(subset=["need_rank", "inhabitants"])
    columns = ["inhabitants", "people", "suppressed", "municipal_cost_eur_per_year"]
    if len(table) < 2:
        return pd.DataFrame(columns=["more_need", "neighbourhoods", *columns, "reach_share"])
    more = np.arange(len(table)) < (len(table) + 1) // 2
    halves = table[columns].assign(neighbourhoods=1, more_need=more).groupby("more_need").sum()
    halves = halves.sort_index(ascending=False).reset_index()
    return halves.assign(
        reach_share=ratio(figures(halves, "people"), figures(halves, "inhabitants")),
        municipal_cost_eur_per_inhabitant=ratio(
            figures(halves, "municipal_cost_eur_per_year"), figures(halves, "inhabitants")
        ),
    )


def without_reach(case: Case) -> list[str]:
    """Numbers of the initiatives that do not say whom they reach, in sheet order."""
    stated = set(case.reach["initiative_id"])
    return [number for number in case.initiatives["initiative_id"] if number not in stated]


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
