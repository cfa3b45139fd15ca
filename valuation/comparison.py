"""Comparing initiatives (METHOD §7): what to rank by, how sure it is, and what may not be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from valuation.appraisal import Result, appraise
from valuation.arrays import Flags, Floats, Ints, figures, position_of, ratio, rows_of, total_by, words
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
    "ranked_npv_municipality_eur",
    "ranked_npv_society_eur",
    "ranked_bcr",
)
"""Figures of an initiative that depend on uncertain unit values."""

TOP = 3
"""How many initiatives the ranking question asks for."""


def comparison(result: Result) -> pd.DataFrame:
    """The initiatives side by side, with the figures to show and rank.

    An initiative with a building is shown and ranked with its object: `ranked_npv_society_eur`, `ranked_bcr` and
    `ranked_npv_municipality_eur` are then the object's, and `ranked_with` is its number (METHOD §7). What is saved
    per year is the initiative's own.

    Returns
    -------
    DataFrame
        `Result.initiatives` with `name`, `theme`, `neighbourhood`, `duration_years`, the three ranked figures and
        `ranked_with` (None without a building), `deadweight_share` (of all institutional cost, the part that would
        have gone on anyway), `replaced_share` (the part that is avoided), `payers` (joined by "; "), and what the
        ranked figures cover: `tasks_counted`, `effects_counted` and `not_priced` (p.m.), numbers of lines.
    """
    case, at = result.case, result.links.asset_of_initiative
    rows = case.initiatives[["name", "theme", "neighbourhood", "duration_years"]].reset_index(drop=True)
    table = pd.concat([result.initiatives, rows], axis=1)
    with_object = at >= 0
    for ranked, own, of_object in (
        ("ranked_npv_society_eur", "npv_society_eur", "social_value_eur"),
        ("ranked_bcr", "bcr", "bcr"),
        ("ranked_npv_municipality_eur", "npv_municipality_eur", "municipality_npv_at_zero_price_eur"),
    ):
        of_objects = np.append(figures(result.assets, of_object), np.nan)[at]
        table[ranked] = np.where(with_object, of_objects, figures(table, own))
    asset_ids = np.array([*case.assets["asset_id"], None], dtype=object)
    payers: dict[str, dict[str, None]] = {number: {} for number in table["initiative_id"]}
    for number, payer in zip(result.tasks["initiative_id"], result.tasks["payer"], strict=True):
        payers[number][payer] = None
    gross = figures(result.tasks, "volume_per_year") * figures(result.tasks, "institutional_unit_cost_eur")
    owner = position_of(result.tasks["initiative_id"], table, "initiative_id")
    gross_total = total_by(owner, np.nan_to_num(gross), len(table))
    anyway = total_by(owner, np.nan_to_num(gross * figures(result.tasks, "deadweight")), len(table))
    return table.assign(
        ranked_with=asset_ids[at],
        payers=["; ".join(names) for names in payers.values()],
        deadweight_share=ratio(anyway, gross_total),
        replaced_share=ratio(figures(table, "avoided_cost_eur_per_year"), gross_total),
        **_scope(result),
    )


def _scope(result: Result) -> dict[str, Ints]:
    """What the ranked figures cover: lines of the object, or of the initiative without one; shape (n_initiatives,)."""
    lines, at = result.lines, result.links.asset_of_initiative
    priced = ~np.isnan(lines.amount)
    wanted = {
        "tasks_counted": (lines.kind == "avoided_institutional_cost") & priced,
        "effects_counted": (lines.kind == "effect") & priced & (lines.society > 0),
        "not_priced": ~priced & np.isin(lines.table, ["tasks", "effects"]),
    }
    scope = {}
    for name, chosen in wanted.items():
        own = total_by(lines.initiative, chosen.astype(np.float64), len(at))
        of_object = np.append(total_by(lines.asset, chosen.astype(np.float64), len(result.case.assets)), 0.0)[at]
        scope[name] = np.where(at >= 0, of_object, own).astype(np.int64)
    return scope


def totals(result: Result, initiative_ids: Sequence[str]) -> pd.Series[float]:
    """The figures of several initiatives together; an object in which several of them are stands in it once.

    Returns
    -------
    Series
        The yearly sums `avoided_cost_eur_per_year`, `cashable_saving_eur_per_year`,
        `municipal_cashable_saving_eur_per_year`, `municipal_cost_eur_per_year`, `municipal_net_saving_eur_per_year`,
        and the present values `ranked_npv_municipality_eur` and `ranked_npv_society_eur`. An object's present value
        is that of all its initiatives, chosen or not.
    """
    table = comparison(result)
    chosen = table[table["initiative_id"].isin(initiative_ids)]
    yearly = [
        "avoided_cost_eur_per_year",
        "cashable_saving_eur_per_year",
        "municipal_cashable_saving_eur_per_year",
        "municipal_cost_eur_per_year",
        "municipal_net_saving_eur_per_year",
    ]
    once = chosen[chosen["ranked_with"].isna() | ~chosen["ranked_with"].duplicated()]
    present = ["ranked_npv_municipality_eur", "ranked_npv_society_eur"]
    sums: pd.Series[float] = pd.concat([chosen[yearly].sum(), once[present].sum()])
    return sums


def one_per_object(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `comparison`, with initiatives in one object as one row: its ranked figures would else stand twice.

    Returns
    -------
    DataFrame
        Index as the first row of each; `name` is the names joined by " + ".
    """
    unit = table["ranked_with"].where(table["ranked_with"].notna(), "\0" + table["initiative_id"])
    names = table["name"].groupby(unit).transform(" + ".join)
    return table.assign(name=names).loc[~unit.duplicated()]


def mixed_units(result: Result, initiative_ids: Sequence[str]) -> list[str]:
    """Units in which tasks of one payer have both a municipal tariff and a national price: one thing, two measures."""
    tasks = result.case.tasks
    tasks = tasks[tasks["initiative_id"].isin(initiative_ids)]
    bases, known = price_bases(result.case), unit_words(result.case)
    found: dict[tuple[str, str], set[str]] = {}
    for row, unit, key, payer in zip(tasks.index, tasks["unit"], tasks["price_key"], tasks["payer"], strict=True):
        group = _unit_group(known, unit, None if key is None else _price_unit(result.case, key))
        found.setdefault((group, payer), set()).add(bases[int(row)])
    return list(dict.fromkeys(unit for (unit, _payer), of_unit in found.items() if _mixed(of_unit)))


def ranking(table: pd.DataFrame, bands: pd.DataFrame) -> pd.DataFrame:
    """Who saves the municipality most per year, and whether another price would change the order.

    Parameters
    ----------
    table : DataFrame
        `comparison`, or some of its rows.
    bands : DataFrame
        `ranges` of the same result.

    Returns
    -------
    DataFrame
        Highest net saving first: `initiative_id`, `name`, `municipal_net_saving_eur_per_year`, `low_eur`, `high_eur`,
        `break_even_share`, `rank`, and the `best_rank` and `worst_rank` that it can have when each initiative may
        be anywhere within its band.
    """
    figure = "municipal_net_saving_eur_per_year"
    columns = ["initiative_id", "name", figure, "break_even_share"]
    ends = bands[["initiative_id", f"{figure}_low", f"{figure}_high"]].set_axis(
        ["initiative_id", "low_eur", "high_eur"], axis=1
    )
    rows = table[columns].merge(ends, on="initiative_id", how="left")
    rows = rows.sort_values(figure, ascending=False, kind="stable").reset_index(drop=True)
    low, high = figures(rows, "low_eur"), figures(rows, "high_eur")
    surely_above = (low[None, :] > high[:, None]).sum(axis=1)
    maybe_above = (high[None, :] > low[:, None]).sum(axis=1) - (high > low)
    return rows.assign(
        rank=rows[figure].rank(ascending=False, method="min").astype(int),
        best_rank=surely_above + 1,
        worst_rank=maybe_above + 1,
    )


def task_prices(result: Result, initiative_ids: Sequence[str] | None = None) -> pd.DataFrame:
    """Cost price at the institution and at the initiative, per task with both; the dumbbell's two ends.

    Returns
    -------
    DataFrame
        `initiative_id`, `task`, `unit` (as the workbook says), `unit_group` (`hours` and `hour` are one unit, a
        half-day and a day are not; prices of different groups are never put on one axis),
        `institutional_unit_cost_eur`, `initiative_unit_cost_eur`, `fraction`, `price_base` (`own`, or that of its
        price code), in sheet order.
    """
    tasks = result.tasks
    if initiative_ids is not None:
        tasks = tasks[tasks["initiative_id"].isin(initiative_ids)]
    both = tasks["institutional_unit_cost_eur"].notna() & tasks["initiative_unit_cost_eur"].notna()
    table = tasks.loc[
        both, ["initiative_id", "task", "unit", "price_key", "institutional_unit_cost_eur", "initiative_unit_cost_eur"]
    ]
    bases = price_bases(result.case)
    known = unit_words(result.case)
    return (
        table.assign(
            unit_group=[
                _unit_group(known, unit, None if key is None else _price_unit(result.case, key))
                for unit, key in zip(table["unit"], table["price_key"], strict=True)
            ],
            fraction=ratio(figures(table, "initiative_unit_cost_eur"), figures(table, "institutional_unit_cost_eur")),
            price_base=[bases[row] for row in table.index],
        )
        .drop(columns="price_key")
        .reset_index(drop=True)
    )


def unit_words(case: Case) -> dict[str, str]:
    """Each word for a unit, folded, to the one name of that unit (`datasets/units.csv`): `uren` is `uur`."""
    units = case.reference.units
    known: dict[str, str] = {}
    for name, synonyms in zip(units["quantity_unit"], units["synonyms"], strict=True):
        for word in (str(name), *str(synonyms).split("|")):
            if word:
                known.setdefault(_folded(word), str(name))
    return known


def _unit_group(known: dict[str, str], unit: str | None, price_unit: str | None) -> str:
    """One name of a task's unit: by its own word, else by its price, else the word itself."""
    if unit is not None:
        return known.get(_folded(unit), unit.strip())
    return price_unit or ""


def _price_unit(case: Case, key: str) -> str:
    """The quantity that a reference price is per: `uur` for EUR/hour."""
    units = case.reference.units
    unit = case.reference.price(key, case.assumptions.price_year).unit
    found = units.loc[units["unit"] == unit, "quantity_unit"]
    return str(found.iloc[0]) if len(found) else unit


def _folded(word: str) -> str:
    return " ".join(word.casefold().split())


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


def bases_of(result: Result, initiative_ids: Sequence[str]) -> pd.DataFrame:
    """What each institutional price rests on: `initiative_id`, `task` and `price_base`, in sheet order."""
    tasks = result.case.tasks
    chosen = tasks.loc[tasks["initiative_id"].isin(initiative_ids), ["initiative_id", "task"]]
    bases = price_bases(result.case)
    return chosen.assign(price_base=[bases[int(row)] for row in chosen.index]).reset_index(drop=True)


def mixes_bases(result: Result, initiative_ids: Sequence[str]) -> bool:
    """Whether a comparison of these initiatives mixes municipal tariffs with national reference prices (METHOD §10)."""
    return _mixed(set(bases_of(result, initiative_ids)["price_base"]))


def _mixed(bases: set[str]) -> bool:
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
    return pd.DataFrame({"step": list(steps), "value_eur": [value + 0.0 for value in steps.values()]})


def gains_by_payer(result: Result, initiative_id: str) -> pd.DataFrame:
    """What each payer gains by an initiative in a full year: avoided care, what of it is cashable, and other effects.

    Only what is the municipality's own enters the municipal view; the rest lands in another's budget ("wrong pocket").

    Returns
    -------
    DataFrame
        `payer`, `avoided_cost_eur_per_year`, `cashable_saving_eur_per_year`, `not_cashable_eur_per_year`,
        `effects_eur_per_year` (benefits less costs of the initiative's effect lines and its object's, in a year in
        which all of them run, after deductions; transfers and one-off effects left out) and
        `municipal_budget_eur_per_year` (the part of the care that returns in the municipal budget: zero for every
        other payer). The municipality first, then by avoided cost.
    """
    of_tasks = result.savings_by_payer
    savings = of_tasks[of_tasks["initiative_id"] == initiative_id].set_index("payer").drop(columns="initiative_id")
    lines = result.lines
    effects = pd.Series(
        np.where(
            _lines_of(result, initiative_id) & (lines.kind == "effect") & _recurs(result),
            lines.counted * lines.society * lines.direction,
            0.0,
        )
    )
    by_party = effects[effects != 0].groupby(pd.Series(lines.party)).sum()
    payers = pd.Index([*savings.index, *by_party.index.difference(savings.index, sort=False)], name="payer")
    table = savings.reindex(payers, fill_value=0.0)
    table = table.assign(effects_eur_per_year=by_party.reindex(payers, fill_value=0.0))
    municipal = table.index == "municipality"
    table = table.assign(
        not_cashable_eur_per_year=table["avoided_cost_eur_per_year"] - table["cashable_saving_eur_per_year"],
        municipal_budget_eur_per_year=table["cashable_saving_eur_per_year"].where(municipal, 0.0),
        first=municipal,
    )
    table = table.sort_values(["first", "avoided_cost_eur_per_year"], ascending=False, kind="stable")
    return table.drop(columns="first").reset_index()


def _lines_of(result: Result, initiative_id: str) -> Flags:
    """The lines of an initiative, and those of its object that are nobody else's."""
    lines = result.lines
    position = int(pd.Index(result.case.initiatives["initiative_id"]).get_loc(initiative_id))
    at = int(result.links.asset_of_initiative[position])
    of_object = (lines.asset == at) & (lines.initiative < 0) & (at >= 0)
    chosen: Flags = (lines.initiative == position) | of_object
    return chosen


def _recurs(result: Result) -> Flags:
    """Lines that run in more than one year, so that a yearly amount can be named."""
    lines = result.lines
    recurs: Flags = (lines.start_year >= 1) & (lines.end_year > lines.start_year)
    return recurs


def claims(result: Result, initiative_id: str) -> pd.DataFrame:
    """Every task and effect with what was taken off before it counts: the sceptic's table.

    Returns
    -------
    DataFrame
        A row per task or effect of the initiative, and per effect of its object that is nobody else's: `label`,
        `table` (`tasks` or `effects`), `party` (who gains or bears it), `direction`, `gross_eur` and `amount_eur`
        (a year, before and after; NaN for p.m.), `deadweight` (would have happened anyway), `substitution_share`
        (tasks: the part of the rest that replaces care), `displacement` (lost elsewhere), `attribution` (credit of
        others), `evidence` and `note`.
    """
    lines, case = result.lines, result.case
    rows = []
    for line in np.flatnonzero(_lines_of(result, initiative_id) & np.isin(lines.table, ["tasks", "effects"])):
        table = str(lines.table[line])
        source = getattr(case, table).loc[int(lines.row[line])]
        rows.append(
            {
                "label": lines.label[line],
                "table": table,
                "party": lines.party[line],
                "direction": float(lines.direction[line]),
                "gross_eur": float(lines.gross[line]),
                "amount_eur": float(lines.amount[line]),
                **{
                    name: float(source.get(name, np.nan))
                    for name in ("deadweight", "substitution_share", "displacement", "attribution")
                },
                "evidence": source.get("evidence"),
                "note": source["note"],
            }
        )
    return pd.DataFrame(
        rows,
        columns=[
            "label",
            "table",
            "party",
            "direction",
            "gross_eur",
            "amount_eur",
            "deadweight",
            "substitution_share",
            "displacement",
            "attribution",
            "evidence",
            "note",
        ],
    )


def not_priced_of(result: Result, initiative_id: str) -> pd.DataFrame:
    """What nobody can price (p.m.) of an initiative and its object, with its physical quantity: unknown is not zero.

    Returns
    -------
    DataFrame
        `label`, `quantity` (a year, before deductions; NaN for a number of people too small to show), `unit`, `table`.
    """
    lines, case = result.lines, result.case
    quantity = {"tasks": "volume_per_year", "effects": "quantity"}
    threshold = case.reference.number("suppression_threshold")
    people = _people_units(case)
    rows = []
    for line in np.flatnonzero(_lines_of(result, initiative_id) & np.isnan(lines.amount)):
        table = str(lines.table[line])
        if table not in quantity:
            continue
        source = getattr(case, table).loc[int(lines.row[line])]
        count = float(source[quantity[table]])
        too_small = _folded(source["unit"] or "") in people and 0 < count < threshold
        rows.append(
            {
                "label": lines.label[line],
                "quantity": np.nan if too_small else count,
                "unit": source["unit"],
                "table": table,
            }
        )
    return pd.DataFrame(rows, columns=["label", "quantity", "unit", "table"])


def _people_units(case: Case) -> set[str]:
    """The words for units that are people."""
    units = case.reference.units
    people = units[units["dimension"].eq("person_time") | units["quantity_unit"].eq("inwoner")]
    return {
        _folded(word)
        for name, synonyms in zip(people["quantity_unit"], people["synonyms"], strict=True)
        for word in (str(name), *str(synonyms).split("|"))
    }


def ranges(result: Result) -> pd.DataFrame:
    """Each initiative's figures when every uncertain price is at its unfavourable or its favourable end.

    Both ends are extreme, since all values move together: a band that the outcome stays within as far as prices are
    concerned, not a probability. Shares (deadweight, replaced, cashable) have no low and high, so what must be true
    of them stands apart, as the break-even share.

    Returns
    -------
    DataFrame
        `initiative_id`, then for each of `RANGED` `<figure>_low` and `<figure>_high` (low is the lower figure), and
        `uncertain`: whether anything of the initiative, its object included, has a low and a high.
    """
    unfavourable = comparison(appraise(at_end(result.case, favourable=False)))
    favourable = comparison(appraise(at_end(result.case, favourable=True)))
    ends = {"initiative_id": result.initiatives["initiative_id"]}
    for figure in RANGED:
        both = np.stack([figures(unfavourable, figure), figures(favourable, figure)])
        ends[f"{figure}_low"], ends[f"{figure}_high"] = both.min(axis=0), both.max(axis=0)
    table = pd.DataFrame(ends)
    moves = np.zeros(len(table), dtype=bool)
    for figure in RANGED:
        moves |= figures(table, f"{figure}_high") > figures(table, f"{figure}_low")
    return table.assign(uncertain=moves)


def at_end(case: Case, *, favourable: bool) -> Case:
    """The case with every uncertain price at one end: benefits high and costs low when favourable, or reversed.

    A row is uncertain when it has a low and a high, as everywhere (METHOD §9); one that nobody can price stays p.m.
    A transfer is favourable as the municipality sees it, since it changes nothing for society. Of the assumptions, the
    two that are prices follow: the official's hourly rate and the value of a volunteer hour.
    """
    effects = case.effects
    benefit = (effects["direction"] == "benefit").to_numpy()
    against = (effects["counterparty"] == "municipality").to_numpy()
    gains = benefit != against
    high = _ends(case, effects, "unit_value_eur", end="high")
    low = _ends(case, effects, "unit_value_eur", end="low")
    tasks = _ends(case, case.tasks, "institutional_unit_cost_eur", end="high" if favourable else "low")
    costs = case.assumption_ranges.reindex(["official_hourly_rate", "volunteer_hour_value"])
    stated = costs["low" if favourable else "high"].dropna().astype(float).to_dict()
    return replace(
        case.with_assumptions(**{str(key): value for key, value in stated.items()}),
        tasks=case.tasks.assign(institutional_unit_cost_eur=tasks),
        effects=effects.assign(unit_value_eur=np.where(gains == favourable, high, low)),
    )


def _ends(case: Case, rows: pd.DataFrame, own_column: str, *, end: str) -> Floats:
    """[EUR per unit] The low or high end of each row's unit value; its central value without both, NaN for p.m."""
    central = unit_prices(case, rows, own_column)
    certain = np.isnan(figures(rows, "low")) | np.isnan(figures(rows, "high")) | np.isnan(central)
    return np.where(certain, central, figures(rows, end))
