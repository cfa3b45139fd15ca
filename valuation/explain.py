"""How a figure comes about: the lines behind it, the bridge from book value to social value, the price ladder."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy_financial as npf
import pandas as pd

from valuation.appraisal import Result
from valuation.arrays import rows_of
from valuation.case import PARTIES, Case
from valuation.lines import at_reference_price
from valuation.price import ceiling_price
from valuation.problems import Problem
from valuation.social_value import by_party

LADDER = (
    "reservation_price_eur",
    "reservation_price_against_sale_eur",
    "proposed_price_eur",
    "social_price_eur",
    "book_value_eur",
    "market_value_eur",
    "ceiling_price_eur",
)
"""The rungs of the price ladder, by their column in `Result.assets`."""


def line_table(result: Result, *, asset_id: str | None = None, initiative_id: str | None = None) -> pd.DataFrame:
    """Every line behind the figures of one object or one initiative, traced to its cell and its price.

    Parameters
    ----------
    result : Result
    asset_id, initiative_id : str, optional
        One of both. An object's lines include those of its initiatives. Neither: all lines.

    Returns
    -------
    DataFrame
        `kind`, `label`, `owner_id`, `view` (`benefit`, `cost`, `transfer` or `shown`), `party`, `counterparty`,
        `gross_eur`, `amount_eur` (after deductions; NaN for p.m.), `start_year`, `end_year`,
        `present_value_eur` (signed for the party, at the society's rate), `social_value_eur` (the part that enters
        social value), `municipality_npv_eur`, `budget_year_1_eur` (the municipality's recurring cash in the first
        year, undiscounted), and where it stands: `sheet`, `cell`, `price_key`, `source_id`. Lines of zero are left
        out; p.m. lines stay.
    """
    case, lines = result.case, result.lines
    chosen = (lines.amount != 0) & (lines.end_year >= lines.start_year)
    if asset_id is not None:
        chosen &= lines.asset == result.asset_position(asset_id)
    if initiative_id is not None:
        chosen &= lines.initiative == int(pd.Index(case.initiatives["initiative_id"]).get_loc(initiative_id))
    at = np.flatnonzero(chosen)

    in_society, transfer = lines.society[at] > 0, lines.counterparty[at] != ""
    gain = lines.direction[at] > 0
    view = np.where(in_society, np.where(gain, "benefit", "cost"), np.where(transfer, "transfer", "shown"))
    asset_ids = np.array([*case.assets["asset_id"], None], dtype=object)
    initiative_ids = np.array([*case.initiatives["initiative_id"], None], dtype=object)
    of_initiative = lines.initiative[at] >= 0
    signed = lines.present_value[at] * lines.direction[at]
    places = [
        case.cells.get((table, column), (None, None))
        for table, column in zip(lines.table[at], lines.column[at], strict=True)
    ]
    price_keys = _price_keys(result)
    keys = [price_keys.get((table, row)) for table, row in zip(lines.table[at], lines.row[at], strict=True)]
    year = case.assumptions.price_year
    origin: dict[str, list[str | None]] = {
        "sheet": [sheet for sheet, _ in places],
        "cell": [f"{letter}{row}" if letter else None for (_, letter), row in zip(places, lines.row[at], strict=True)],
        "price_key": keys,
        "source_id": [None if key is None else case.reference.price(key, year).source_id for key in keys],
    }
    return pd.DataFrame(
        {
            "kind": lines.kind[at],
            "label": lines.label[at],
            "owner_id": np.where(of_initiative, initiative_ids[lines.initiative[at]], asset_ids[lines.asset[at]]),
            "view": view,
            "party": lines.party[at],
            "counterparty": lines.counterparty[at],
            "gross_eur": lines.gross[at],
            "amount_eur": lines.amount[at],
            "start_year": lines.start_year[at],
            "end_year": lines.end_year[at],
            "present_value_eur": np.where(np.isnan(lines.amount[at]), np.nan, signed),
            "social_value_eur": np.where(np.isnan(lines.amount[at]), np.nan, signed * lines.society[at] + 0.0),
            "municipality_npv_eur": np.where(np.isnan(lines.amount[at]), np.nan, lines.municipal_present_value[at]),
            "budget_year_1_eur": np.where(np.isnan(lines.amount[at]), np.nan, _first_year_budget(result)[at]),
            **{name: pd.Series(values, dtype=object) for name, values in origin.items()},
        }
    )


def _first_year_budget(result: Result) -> np.ndarray:
    """[EUR] Recurring municipal cash of each line in year 1; a value at the end of the horizon is no budget."""
    lines = result.lines
    recurring = np.where(lines.at_terminal, 0.0, lines.shape[:, 1])
    cash: np.ndarray = lines.counted * lines.municipal * recurring + 0.0
    return cash


def _price_keys(result: Result) -> dict[tuple[str, int], str]:
    """Which rows take a reference price: `(table, row)` to the price code."""
    keys: dict[tuple[str, int], str] = {}
    for table, own in (("tasks", "institutional_unit_cost_eur"), ("effects", "unit_value_eur")):
        rows: pd.DataFrame = getattr(result.case, table)
        keys.update({(table, row["row"]): row["price_key"] for row in rows_of(at_reference_price(rows, own))})
    return keys


def bridge(result: Result, asset_id: str) -> pd.DataFrame:
    """From what the books say to what the transfer is worth to society, line by line.

    The book value is a past outlay: it opens the bridge and is taken out at once, since nothing that is decided now
    changes it. Then every benefit and cost of the lines follows.

    Returns
    -------
    DataFrame
        `kind`, `label`, `value_eur` (signed), in order: `book_value` (a level), `book_value_out` (minus the same),
        the benefits, the costs, and `social_value` (a level: the sum of all steps); `level_eur` is where one stands
        after each step.
    """
    asset = result.asset(asset_id)
    table = line_table(result, asset_id=asset_id)
    table = table[table["view"].isin(["benefit", "cost"]) & table["social_value_eur"].notna()]
    table = table.assign(label=table["label"].where(table["label"].notna(), ""))
    steps = table.groupby(["kind", "label", "view"], sort=False)["social_value_eur"].sum().reset_index(name="value_eur")
    steps = steps.sort_values(["view", "value_eur"], ascending=[True, False], kind="stable")
    book = float(asset["book_value_eur"])
    ends = pd.DataFrame(
        {
            "kind": ["book_value", "book_value_out", "social_value"],
            "label": "",
            "value_eur": [book, -book, float(asset["social_value_eur"])],
        }
    )
    rows = pd.concat([ends.iloc[:2], steps[["kind", "label", "value_eur"]], ends.iloc[2:]], ignore_index=True)
    moved = rows["value_eur"].where(rows["kind"] != "social_value", 0.0)
    return rows.assign(level_eur=moved.cumsum())


def price_ladder(result: Result, asset_id: str) -> pd.DataFrame:
    """The prices of one object from low to high: `rung` (a name of `LADDER`) and `price_eur`; unknown ones left out."""
    asset = result.asset(asset_id)
    prices = pd.DataFrame({"rung": LADDER, "price_eur": [float(asset[rung]) for rung in LADDER]})
    return prices.dropna().sort_values("price_eur", kind="stable").reset_index(drop=True)


def prices_used(result: Result) -> pd.DataFrame:
    """Every reference price that the case uses, with what it was, what it became, and its source.

    Returns
    -------
    DataFrame
        `price_key`, `name_nl`, `name_en`, `own_year`, `own_value_eur` (in the prices of that year), `factor`,
        `value_eur` (in the case's price year: the product of both), `unit`, `price_base`, `basis`, `source_id`,
        `used_by` (number of lines).
    """
    used = pd.Series(list(_price_keys(result).values()), dtype=object).value_counts(sort=False)
    year = result.case.assumptions.price_year
    rows = []
    for key, count in used.items():
        price = result.case.reference.price(str(key), year)
        rows.append(
            {
                "price_key": key,
                "name_nl": price.name_nl,
                "name_en": price.name_en,
                "own_year": price.own_year,
                "own_value_eur": price.value / price.factor,
                "factor": price.factor,
                "value_eur": price.value,
                "unit": price.unit,
                "price_base": price.price_base,
                "basis": price.basis,
                "source_id": price.source_id,
                "used_by": count,
            }
        )
    columns = [
        "price_key",
        "name_nl",
        "name_en",
        "own_year",
        "own_value_eur",
        "factor",
        "value_eur",
        "unit",
        "price_base",
        "basis",
        "source_id",
        "used_by",
    ]
    return pd.DataFrame(rows, columns=columns)


FOUR_VALUES = ("book_value_eur", "market_value_eur", "capitalised_rent_eur", "social_value_eur")
"""What one object is worth, by whom one asks: the names in `Result.assets`."""


def four_values(result: Result, asset_id: str) -> pd.DataFrame:
    """Book, market, capitalised cost-covering rent and social value, and the discount that is asked for.

    Returns
    -------
    DataFrame
        `value` (a name of `FOUR_VALUES`, and last `discount_eur`: market value less proposed price, only where there
        is such a discount) and `amount_eur`; NaN where unknown.
    """
    asset = result.asset(asset_id)
    rows = {name: float(asset[name]) for name in FOUR_VALUES}
    discount = float(asset["market_value_eur"] - asset["proposed_price_eur"])
    if discount > 0:
        rows["discount_eur"] = discount
    return pd.DataFrame({"value": list(rows), "amount_eur": list(rows.values())})


def volunteer_table(result: Result, asset_id: str) -> pd.DataFrame:
    """Social value with and without volunteer hours as a cost, against keeping the object and against selling it.

    Returns
    -------
    DataFrame
        `hours_counted` (bool), `against_keeping_eur`, `against_sale_eur`, and `is_headline`: the row that the other
        figures use. NaN for an object without an initiative.
    """
    asset = result.asset(asset_id)
    keeping = [float(asset["social_value_with_hours_eur"]), float(asset["social_value_without_hours_eur"])]
    of_sale = float(asset["social_value_of_sale_eur"])
    counted = result.case.assumptions.count_volunteer_hours
    return pd.DataFrame(
        {
            "hours_counted": [True, False],
            "against_keeping_eur": keeping,
            "against_sale_eur": [value - of_sale for value in keeping],
            "is_headline": [counted, not counted],
        }
    )


def party_table(result: Result, asset_id: str) -> pd.DataFrame:
    """Who gains and who pays, in the order in which parties are declared, and society as the sum of all.

    Returns
    -------
    DataFrame
        `party`, `benefits_eur`, `costs_eur`, `transfers_eur`, `net_eur`; the last row is `society`, whose transfers
        are zero and whose net is the social value.
    """
    table = by_party(result.lines, result.lines.asset, result.asset_position(asset_id))
    table = table.reindex([choice.key for choice in PARTIES if choice.key in table.index])
    society = table.sum().where(lambda total: total.abs() > _noise(table), 0.0)
    table.loc["society"] = society
    return table.rename_axis("party").reset_index()


def _noise(table: pd.DataFrame) -> float:
    """[EUR] What a sum of these amounts can be off by rounding alone."""
    return float(table.abs().to_numpy().sum()) * float(np.finfo(np.float64).eps)


def budget_parts(result: Result, asset_id: str) -> pd.DataFrame:
    """The recurring budget of one object: freed depreciation, freed interest, and the balance of the rest.

    Returns
    -------
    DataFrame
        `year`, `freed_depreciation_eur`, `freed_interest_eur`, `other_recurring_eur`, `recurring_total_eur`,
        `one_off_total_eur`. Recurring and one-off are never added up.
    """
    rows = result.budget[result.budget["asset_id"] == asset_id]
    charges = rows["freed_depreciation_eur"] + rows["freed_interest_eur"]
    columns = ["year", "freed_depreciation_eur", "freed_interest_eur"]
    totals = ["recurring_total_eur", "one_off_total_eur"]
    parts = rows[columns].assign(other_recurring_eur=rows["recurring_total_eur"] - charges)
    return pd.concat([parts, rows[totals]], axis=1).reset_index(drop=True)


def gap_levers(result: Result, asset_id: str) -> pd.DataFrame:
    """What would close the gap between reservation price and ceiling price, each on its own.

    Returns
    -------
    DataFrame
        `lever`, `amount_eur`, `per` (`once` or `year`) and `closes_eur` (how much of the gap it closes). Empty where
        there is no gap. The levers:

        - `funds`: more own money or grants of the initiatives, or a cheaper renovation.
        - `yearly_result`: more income or lower cost a year, of the first linked initiative with a loan; a loan then
          pays the rest. NaN without such an initiative. More subsidy does not help: it raises the reservation price.
        - `cashable_savings`: municipal savings a year that come true on top, as long as the initiatives are active.
        - `sale_restriction`: a public restriction on resale, by which the transfer tax is levied on the price.
        - `contribution`: the council knowingly accepts so much less than the reservation price.

    Notes
    -----
    METHOD §6. One-off amounts are solved from the rule of the transfer tax; the loan is that of `debt_capacity`.
    """
    asset = result.asset(asset_id)
    gap = -float(asset["zone_eur"])
    columns = ["lever", "amount_eur", "per", "closes_eur"]
    if not gap > 0:
        return pd.DataFrame(columns=columns)
    extra = _room_for(result, asset_id, float(asset["reservation_price_eur"])) - float(asset["room_eur"])
    active = int(asset["active_years"])
    yearly = float(result.lines.municipal_discount[1 : active + 1].sum())
    rows: list[tuple[str, float, str, float]] = [
        ("funds", extra, "once", gap),
        ("yearly_result", _surplus_for(result, asset_id, extra), "year", gap),
        ("cashable_savings", gap / yearly, "year", gap),
        ("contribution", gap, "once", gap),
    ]
    restricted = result.case.with_asset(asset_id, sale_restriction=True)
    room = result.assets["room_eur"].fillna(0.0).to_numpy(np.float64)
    rise = float(ceiling_price(restricted, room)[result.asset_position(asset_id)]) - float(asset["ceiling_price_eur"])
    if rise > 0:
        rows.insert(3, ("sale_restriction", np.nan, "once", min(rise, gap)))
    return pd.DataFrame(rows, columns=columns)


def _room_for(result: Result, asset_id: str, price: float) -> float:
    """[EUR] Financing room at which the initiatives can just carry this price, transfer tax paid.

    More room than now: with no room there is no tax either, but that is no way out for who has some.
    """
    tax = result.case.assumptions.transfer_tax_rate
    asset = result.case.assets.iloc[result.asset_position(asset_id)]
    if price <= 0 and result.asset(asset_id)["room_eur"] <= 0:
        return price
    taxed_on_price = bool(asset["sale_restriction"]) or price >= asset["market_value_eur"]
    return float(price * (1.0 + tax)) if taxed_on_price else float(price + tax * asset["market_value_eur"])


def _surplus_for(result: Result, asset_id: str, extra: float) -> float:
    """[EUR per year] More surplus with which the first linked initiative with a loan can borrow `extra` more."""
    initiatives = result.case.initiatives
    with_loan = (initiatives["asset_id"] == asset_id) & (initiatives["loan_term_years"] > 0)
    if not with_loan.any():
        return float("nan")
    position = int(np.flatnonzero(with_loan)[0])
    loan, known = initiatives.iloc[position], result.initiatives.iloc[position]
    annuity = float(npf.pv(np.nan_to_num(float(loan["loan_rate"])), float(loan["loan_term_years"]), -1.0))
    needed = (float(known["debt_capacity_eur"]) + extra) * float(loan["dscr"]) / annuity
    return needed - float(known["operating_surplus_eur_per_year"])


def structural_deficits(result: Result, asset_id: str) -> pd.DataFrame:
    """The initiatives of an object that fall short each year, so that no price makes their plan hold.

    Returns
    -------
    DataFrame
        `name` and `deficit_eur_per_year` (above zero): cost less income and subsidy. Empty where all of them come out.
    """
    initiatives = result.case.initiatives
    surplus = result.initiatives["operating_surplus_eur_per_year"].to_numpy(np.float64)
    short = (initiatives["asset_id"] == asset_id).to_numpy(bool) & (surplus < 0)
    return pd.DataFrame(
        {"name": initiatives["name"].to_numpy()[short], "deficit_eur_per_year": -surplus[short]},
    )


def fallback_in_budget(result: Result, asset_id: str) -> tuple[int, float] | None:
    """The budget year in which the object comes back, and what that costs; none outside the years of the budget.

    The cost is no part of the budget lines (METHOD §3); NaN where it is not filled in.
    """
    asset = result.asset(asset_id)
    years = result.budget.loc[result.budget["asset_id"] == asset_id, "year"].to_numpy()
    active = int(asset["active_years"])
    if not asset["has_initiative"] or active >= min(len(years), result.case.assumptions.horizon_years):
        return None
    return int(years[active]), float(result.case.assets["fallback_cost_eur"].iloc[result.asset_position(asset_id)])


def aid_check(result: Result, asset_id: str) -> pd.DataFrame:
    """The aid signal of one object beside each de minimis ceiling. A signal, no legal advice.

    Returns
    -------
    DataFrame
        `key`, `ceiling_eur`, `period_years`, `aid_eur`, `ceiling_share` (aid / ceiling), `signal`: `above`, `near`
        (above the share at which a warning is given), `below` or `unknown`; `source_id`.
    """
    aid = float(result.asset(asset_id)["de_minimis_aid_eur"])
    near = result.case.reference.number("de_minimis_warning_share")
    table = result.case.reference.de_minimis
    table = table[["key", "ceiling_eur", "period_years", "source_id"]].assign(
        aid_eur=aid, ceiling_share=aid / table["ceiling_eur"]
    )
    share = table["ceiling_share"]
    signal = np.select([share.isna(), share > 1.0, share > near], ["unknown", "above", "near"], "below")
    return table.assign(signal=signal)


def yearly_amount(result: Result, asset_id: str, kind: str) -> float:
    """[EUR per year] Sum of an object's yearly lines of one kind, such as `vat_leak`, in its first year."""
    lines = result.lines
    chosen = (lines.asset == result.asset_position(asset_id)) & (lines.kind == kind)
    return float(lines.counted[chosen].sum())


def not_priced(result: Result, asset_id: str) -> pd.DataFrame:
    """What nobody can price (p.m.), with its physical quantity: unknown is not zero.

    Returns
    -------
    DataFrame
        `label`, `owner_id`, `quantity` (a year, before deductions), `unit`, `sheet`, `cell`.
    """
    lines, case = result.lines, result.case
    quantity = {"tasks": "volume_per_year", "effects": "quantity"}
    measured = np.isin(lines.table, list(quantity))
    at = np.flatnonzero((lines.asset == result.asset_position(asset_id)) & measured & np.isnan(lines.amount))
    rows = []
    for line in at:
        table, row = str(lines.table[line]), int(lines.row[line])
        source = getattr(case, table).loc[row]
        sheet, letter = case.cells.get((table, quantity[table]), (None, None))
        rows.append(
            {
                "label": lines.label[line],
                "owner_id": source["owner_id" if table == "effects" else "initiative_id"],
                "quantity": float(source[quantity[table]]),
                "unit": source["unit"],
                "sheet": sheet,
                "cell": f"{letter}{row}" if letter else None,
            }
        )
    return pd.DataFrame(rows, columns=["label", "owner_id", "quantity", "unit", "sheet", "cell"])


def price_steps(case: Case, asset_id: str, *, count: int = 20) -> tuple[float, ...]:
    """Round prices from nothing to the market value, for a slider: at most `count` + 1 and the market value itself.

    Parameters
    ----------
    case : Case
    asset_id : str
    count : int
        The step is the smallest 1, 2 or 5 times a power of ten that makes at most so many.
    """
    market = float(case.assets.loc[case.assets["asset_id"] == asset_id, "market_value_eur"].iloc[0])
    if market <= 0:
        return (0.0,)
    power = 10.0 ** np.floor(np.log10(market / count))
    step = next(size * power for size in (1.0, 2.0, 5.0, 10.0) if size * power * count >= market)
    return (*(float(price) for price in np.arange(0.0, market, step)), market)


def problems_about(result: Result, asset_id: str, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems that are about one object or its initiatives: by their owner, or by the row that they stand in."""
    case = result.case
    linked = case.initiatives["asset_id"] == asset_id
    owners = {asset_id, *case.initiatives.loc[linked, "initiative_id"]}
    rows = {
        (case.cells.get((table, owner), (None, None))[0], int(row))
        for table, owner in OWNER_COLUMNS.items()
        for row in getattr(case, table).index[getattr(case, table)[owner].isin(owners)]
    }
    return tuple(
        problem
        for problem in problems
        if problem.parameters.get("owner") in owners
        or ("owner" not in problem.parameters and (problem.sheet, _row_of(problem)) in rows)
    )


OWNER_COLUMNS = {
    "assets": "asset_id",
    "initiatives": "initiative_id",
    "tasks": "initiative_id",
    "effects": "owner_id",
}
"""In which column of each sheet it says whose the row is."""


def _row_of(problem: Problem) -> int:
    return int("".join(filter(str.isdigit, problem.cell or "")) or 0)
