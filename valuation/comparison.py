"""Comparing initiatives (METHOD §7): what to rank by, how sure it is, and what may not be compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from valuation.appraisal import Result, appraise
from valuation.arrays import Floats, figures, ratio, rows_of, total_by, words
from valuation.case import Case
from valuation.lines import unit_prices

RANGED = (
    "avoided_cost_eur_per_year",
    "cashable_saving_eur_per_year",
    "municipal_cashable_saving_eur_per_year",
    "municipal_net_saving_eur_per_year",
    "break_even_share",
    "cost_price_fraction",
    "npv_municipality_eur",
    "npv_society_eur",
)
"""Figures of an initiative that depend on uncertain unit values."""


def comparison(result: Result) -> pd.DataFrame:
    """The initiatives side by side, with the figures to show and rank.

    An initiative with a building is shown and ranked with its object: `ranked_npv_society_eur`, `ranked_bcr` and
    `ranked_npv_municipality_eur` are then the object's, and `ranked_with` is its number (METHOD §7).

    Returns
    -------
    DataFrame
        `Result.initiatives` with `name`, `theme`, `neighbourhood`, `duration_years`, the three ranked figures and
        `ranked_with` (None without a building), `deadweight_share` (of all avoided cost, the part that would have
        gone on anyway), `replaced_share`, and `payers` (joined by "; ").
    """
    case = result.case
    rows = case.initiatives[["name", "theme", "neighbourhood", "duration_years"]].reset_index(drop=True)
    table = pd.concat([result.initiatives, rows], axis=1)
    at = result.links.asset_of_initiative
    with_object = at >= 0
    for ranked, own, of_object in (
        ("ranked_npv_society_eur", "npv_society_eur", "social_value_eur"),
        ("ranked_bcr", "bcr", "bcr"),
        ("ranked_npv_municipality_eur", "npv_municipality_eur", "municipality_npv_at_zero_price_eur"),
    ):
        of_objects = np.append(figures(result.assets, of_object), np.nan)[at]
        table[ranked] = np.where(with_object, of_objects, figures(table, own))
    asset_ids = np.array([*case.assets["asset_id"], None], dtype=object)
    payers = result.tasks.groupby("initiative_id", sort=False)["payer"].agg(
        lambda names: "; ".join(dict.fromkeys(names))
    )
    gross = figures(result.tasks, "volume_per_year") * figures(result.tasks, "institutional_unit_cost_eur")
    owner = pd.Index(table["initiative_id"]).get_indexer(pd.Index(result.tasks["initiative_id"]))
    gross_total = total_by(owner, np.nan_to_num(gross), len(table))
    anyway = total_by(owner, np.nan_to_num(gross * figures(result.tasks, "deadweight")), len(table))
    return table.assign(
        ranked_with=asset_ids[at],
        payers=table["initiative_id"].map(payers).fillna(""),
        deadweight_share=ratio(anyway, gross_total),
        replaced_share=ratio(figures(table, "avoided_cost_eur_per_year"), gross_total),
    )


def task_prices(result: Result, initiative_ids: list[str] | None = None) -> pd.DataFrame:
    """Cost price at the institution and at the initiative, per task with both; the dumbbell's two ends.

    Returns
    -------
    DataFrame
        `initiative_id`, `task`, `unit`, `institutional_unit_cost_eur`, `initiative_unit_cost_eur`, `fraction`,
        `price_base` (`own`, or that of its price code), in sheet order.
    """
    tasks = result.tasks
    if initiative_ids is not None:
        tasks = tasks[tasks["initiative_id"].isin(initiative_ids)]
    both = tasks["institutional_unit_cost_eur"].notna() & tasks["initiative_unit_cost_eur"].notna()
    table = tasks.loc[
        both, ["initiative_id", "task", "unit", "institutional_unit_cost_eur", "initiative_unit_cost_eur"]
    ]
    bases = price_bases(result.case)
    return table.assign(
        fraction=table["initiative_unit_cost_eur"] / table["institutional_unit_cost_eur"],
        price_base=[bases[row] for row in table.index],
    ).reset_index(drop=True)


def price_bases(case: Case) -> dict[int, str]:
    """What each task's institutional unit cost rests on, by row: `own`, `none`, or the base of its price code."""
    bases = {}
    for row, key, own in zip(
        case.tasks.index, case.tasks["price_key"], case.tasks["institutional_unit_cost_eur"], strict=True
    ):
        if not np.isnan(own):
            bases[int(row)] = "own"
        elif key is None:
            bases[int(row)] = "none"
        else:
            bases[int(row)] = case.reference.price(key, case.assumptions.price_year).price_base
    return bases


def mixes_bases(result: Result, initiative_ids: list[str]) -> bool:
    """Whether a comparison of these initiatives mixes municipal tariffs with national reference prices (METHOD §10)."""
    chosen = result.case.tasks.index[result.case.tasks["initiative_id"].isin(initiative_ids)]
    bases = {price_bases(result.case)[int(row)] for row in chosen}
    return "municipal_tariff" in bases and any(base.startswith("national") for base in bases)


def saving_steps(result: Result, initiative_id: str) -> pd.DataFrame:
    """The fall from gross cost at the institution to the municipality's net saving, per year at full take-up.

    Returns
    -------
    DataFrame
        `step` and `value_eur` (signed): `gross` (a level), `would_go_on` (deadweight), `not_replaced`,
        `avoided` (a level), `not_cashable`, `other_payers`, `municipal_cashable` (a level), `subsidy`,
        `facilitation`, `municipal_net` (a level).
    """
    case = result.case
    tasks = result.tasks[result.tasks["initiative_id"] == initiative_id]
    chosen = words(case.initiatives, "initiative_id") == initiative_id
    own, figure = rows_of(case.initiatives, chosen)[0], rows_of(result.initiatives, chosen)[0]
    gross = (tasks["volume_per_year"] * tasks["institutional_unit_cost_eur"]).fillna(0.0)
    anyway = gross * tasks["deadweight"]
    avoided = figure["avoided_cost_eur_per_year"]
    cashable = figure["cashable_saving_eur_per_year"]
    municipal = figure["municipal_cashable_saving_eur_per_year"]
    steps = {
        "gross": float(gross.sum()),
        "would_go_on": -float(anyway.sum()),
        "not_replaced": avoided - float(gross.sum() - anyway.sum()),
        "avoided": avoided,
        "not_cashable": cashable - avoided,
        "other_payers": municipal - cashable,
        "municipal_cashable": municipal,
        "subsidy": -own["subsidy_eur_per_year"],
        "facilitation": -own["facilitation_hours_per_year"] * case.assumptions.official_hourly_rate,
        "municipal_net": figure["municipal_net_saving_eur_per_year"],
    }
    return pd.DataFrame({"step": list(steps), "value_eur": list(steps.values())})


def ranges(result: Result) -> pd.DataFrame:
    """Each initiative's figures when every uncertain unit value is at its unfavourable or its favourable end.

    Both ends are extreme, since all values move together: a band that the outcome stays within, not a probability.

    Returns
    -------
    DataFrame
        `initiative_id`, then for each of `RANGED` `<figure>_low` and `<figure>_high` (low is the lower figure), and
        `uncertain`: whether anything of the initiative, its object included, has a low and a high.
    """
    unfavourable = appraise(at_end(result.case, favourable=False)).initiatives
    favourable = appraise(at_end(result.case, favourable=True)).initiatives
    table = pd.DataFrame({"initiative_id": result.initiatives["initiative_id"]})
    for figure in RANGED:
        both = np.stack([figures(unfavourable, figure), figures(favourable, figure)])
        table[f"{figure}_low"], table[f"{figure}_high"] = both.min(axis=0), both.max(axis=0)
    table["uncertain"] = table["npv_society_eur_high"] > table["npv_society_eur_low"]
    return table


def at_end(case: Case, *, favourable: bool) -> Case:
    """The case with every uncertain unit value at one end: benefits high and costs low when favourable, or reversed."""
    tasks = _at_end(case.tasks, unit_prices(case, case.tasks, "institutional_unit_cost_eur"), high=favourable)
    benefit = (case.effects["direction"] == "benefit").to_numpy()
    values = unit_prices(case, case.effects, "unit_value_eur")
    high = _at_end(case.effects, values, high=True)
    low = _at_end(case.effects, values, high=False)
    effects = np.where(benefit == favourable, high, low)
    return replace(
        case,
        tasks=case.tasks.assign(institutional_unit_cost_eur=tasks),
        effects=case.effects.assign(unit_value_eur=effects),
    )


def _at_end(rows: pd.DataFrame, central: Floats, *, high: bool) -> Floats:
    """[EUR per unit] The stated end of each row's unit value, or its central value without one."""
    end = figures(rows, "high" if high else "low")
    return np.where(np.isnan(end), central, end)
