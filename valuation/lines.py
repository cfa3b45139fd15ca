"""Every euro as a line (DESIGN §2): whose it is, for whom, in which years, and in which view it counts.

The three views are three weightings of the same lines, so table, chart, export and total cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from valuation.arrays import Flags, Floats, Ints, Words, figures, position_of, total_by, words
from valuation.case import Case
from valuation.closed_form import discounted_course, yearly_totals
from valuation.discounting import Rate, discount_factors, terminal_factor
from valuation.effects import last_year, net_share, yearly_shape
from valuation.problems import ValuationError


@dataclass(frozen=True)
class Activity:
    """Who is linked to what, and for how long (METHOD §4).

    Parameters
    ----------
    asset_of_initiative : array of shape (n_initiatives,)
        Position of the initiative's object in the assets table; -1 without one.
    initiative_years : array of shape (n_initiatives,)
        [year] `D_i = min(duration, T)`.
    asset_years : array of shape (n_assets,)
        [year] D, the longest `D_i` of the linked initiatives; T without one.
    has_initiative : array of shape (n_assets,) of bool
    first_initiative : array of shape (n_assets,)
        Position of the acquiring initiative, the first linked one in the sheet; -1 without one.
    """

    asset_of_initiative: Ints
    initiative_years: Ints
    asset_years: Ints
    has_initiative: Flags
    first_initiative: Ints


def activity(case: Case) -> Activity:
    """Links and active years of a case."""
    horizon = case.assumptions.horizon_years
    asset = position_of(case.initiatives["asset_id"], case.assets, "asset_id")
    years = np.minimum(case.initiatives["duration_years"].to_numpy(np.int64), horizon)
    longest = np.zeros(len(case.assets), dtype=np.int64)
    first = np.full(len(case.assets), -1, dtype=np.int64)
    linked = np.flatnonzero(asset >= 0)
    np.maximum.at(longest, asset[linked], years[linked])
    first[asset[linked[::-1]]] = linked[::-1]
    has_initiative = first >= 0
    return Activity(asset, years, np.where(has_initiative, longest, horizon), has_initiative, first)


@dataclass(frozen=True)
class Lines:
    """The lines of a case as a struct of arrays; every array has shape (n,).

    Parameters
    ----------
    kind : array of str
        What sort of line, such as `avoided_institutional_cost`.
    label : array
        The user's own name of the task or effect; `None` for lines that the kind names.
    table, column : array of str
        Where the line's amount stands: code names of the sheet and the column.
    row : array
        Row number in that sheet.
    asset, initiative : array of int
        Position of the object and of the initiative that the line belongs to; -1 for none. A line of an
        initiative with a building belongs to both.
    party, counterparty : array of str
        Who gains (direction 1) or bears (direction -1) it, and who has the opposite; "" without a counterparty.
    direction : array
        +1 benefit for `party`, -1 cost for `party`.
    society : array
        1 when the line enters social benefits or costs, 0 for transfers and lines that are only shown.
    parties : array
        1 when the line enters the table of who gains and who pays.
    municipal : array
        [fraction, signed] Part of the amount that is municipal cash: -1 for a cost, the cashable share for a
        benefit.
    gross, amount : array
        [EUR, or EUR per year] Quantity x unit value, before and after what the initiative may not claim; never
        signed. Both are NaN for a p.m. line.
    start_year, end_year, drop_off, real_growth, take_up
        The line's course (`valuation.effects.yearly_shape`).
    at_terminal : array of bool
        The amount stands at the end of year T, whatever the timing.
    """

    kind: Words
    label: Words
    table: Words
    column: Words
    row: Ints
    asset: Ints
    initiative: Ints
    party: Words
    counterparty: Words
    direction: Floats
    society: Floats
    parties: Floats
    municipal: Floats
    gross: Floats
    amount: Floats
    start_year: Ints
    end_year: Ints
    drop_off: Floats
    real_growth: Floats
    take_up: tuple[tuple[float, ...], ...]
    at_terminal: Flags
    horizon_years: int
    timing: str
    society_rate: Rate
    municipal_rate: Rate
    society_discount: Floats = field(repr=False)
    society_terminal: float
    municipal_discount: Floats = field(repr=False)
    municipal_terminal: float

    def __len__(self) -> int:
        return len(self.kind)

    @cached_property
    def shape(self) -> Floats:
        """Part of the amount that falls in each year 0..T; shape (n, T + 1)."""
        return yearly_shape(
            start_year=self.start_year,
            end_year=self.end_year,
            drop_off=self.drop_off,
            real_growth=self.real_growth,
            take_up=self.take_up,
            horizon_years=self.horizon_years,
        )

    @cached_property
    def counted(self) -> Floats:
        """[EUR per year] The amount, with 0 for what nobody can price (p.m.)."""
        return np.nan_to_num(self.amount, nan=0.0)

    @cached_property
    def society_factor(self) -> Floats:
        """Present value of each line per euro of its amount, at the society's rate."""
        return self._factor(self.society_rate, self.society_terminal)

    @cached_property
    def municipal_factor(self) -> Floats:
        """Present value of each line per euro of its amount, at the municipality's rate."""
        if self.municipal_rate == self.society_rate:
            return self.society_factor
        return self._factor(self.municipal_rate, self.municipal_terminal)

    def _factor(self, rate: Rate, terminal: float) -> Floats:
        yearly = discounted_course(
            start_year=self.start_year,
            end_year=self.end_year,
            drop_off=self.drop_off,
            real_growth=self.real_growth,
            take_up=self.take_up,
            rate=rate,
            horizon_years=self.horizon_years,
            timing=self.timing,
        )
        return np.where(self.at_terminal, terminal, yearly)

    @cached_property
    def present_value(self) -> Floats:
        """[EUR] Unsigned present value at the society's rate, one a line."""
        value: Floats = self.counted * self.society_factor
        return value

    @cached_property
    def municipal_present_value(self) -> Floats:
        """[EUR] Signed municipal cash at the municipality's rate, one a line."""
        value: Floats = self.counted * self.municipal * self.municipal_factor
        return value

    def yearly(self, weight: Floats) -> Floats:
        """[EUR] Undiscounted amounts by year, weighted; shape (n, T + 1)."""
        flows: Floats = (self.counted * weight)[:, None] * self.shape
        return flows

    def yearly_totals(self, owner: Ints, count: int, weight: Floats, last_year: int | None = None) -> Floats:
        """[EUR] Undiscounted amounts of the years 0..T, or up to an earlier one, weighted and added up by owner.

        Shape (count, years), a column a year.
        """
        last = self.horizon_years if last_year is None else min(last_year, self.horizon_years)
        return yearly_totals(
            owner=owner,
            count=count,
            amount=self.counted * weight,
            start_year=self.start_year,
            end_year=np.minimum(self.end_year, last),
            drop_off=self.drop_off,
            real_growth=self.real_growth,
            take_up=self.take_up,
            horizon_years=last,
        )


def compile_lines(case: Case, links: Activity) -> Lines:
    """All lines of a case, in a fixed order: objects, initiatives, tasks, effects."""
    groups = [
        *_object_lines(case, links),
        *_initiative_lines(case, links),
        _task_lines(case, links),
        _effect_lines(case, links),
    ]
    assumptions = case.assumptions
    horizon = assumptions.horizon_years
    arrays: dict[str, Any] = _gathered(groups)
    arrays["take_up"] = tuple(arrays["take_up"].tolist())
    return Lines(
        **arrays,
        horizon_years=horizon,
        timing=assumptions.timing,
        society_rate=assumptions.discount_rate,
        municipal_rate=assumptions.municipal_discount_rate,
        society_discount=discount_factors(assumptions.discount_rate, horizon, assumptions.timing),
        society_terminal=terminal_factor(assumptions.discount_rate, horizon),
        municipal_discount=discount_factors(assumptions.municipal_discount_rate, horizon, assumptions.timing),
        municipal_terminal=terminal_factor(assumptions.municipal_discount_rate, horizon),
    )


def _group(kind: str, **columns: Any) -> dict[str, Any]:
    """One kind of line for every row of a table: an array or one value for all, where it is out of the ordinary."""
    return {"kind": kind, "gross": columns["amount"], **columns}


def _rows(table: pd.DataFrame) -> Ints:
    rows: Ints = table.index.to_numpy(np.int64)
    return rows


_ORDINARY: dict[str, Any] = {
    "label": None,
    "asset": -1,
    "initiative": -1,
    "counterparty": "",
    "society": 0.0,
    "parties": 1.0,
    "municipal": 0.0,
    "start_year": 1,
    "drop_off": 0.0,
    "real_growth": 0.0,
    "take_up": (1.0,),
    "at_terminal": False,
}
"""What a yearly line has in the columns that its kind does not fill."""
# A big portfolio is as fast as memory, so positions and years are no wider than they need: years end below 1,000.
_TYPES: dict[str, Any] = {
    **dict.fromkeys(("kind", "label", "table", "column", "party", "counterparty", "take_up"), object),
    **dict.fromkeys(("direction", "society", "parties", "municipal", "gross", "amount"), np.float64),
    **dict.fromkeys(("drop_off", "real_growth"), np.float64),
    **dict.fromkeys(("asset", "initiative"), np.int32),
    **dict.fromkeys(("start_year", "end_year"), np.int16),
    "row": np.int64,
    "at_terminal": np.bool_,
}


def _gathered(groups: list[dict[str, Any]]) -> dict[str, Any]:
    """The groups one after another, an array a column."""
    ends = np.cumsum([len(group["row"]) for group in groups]).tolist()
    arrays: dict[str, np.ndarray] = {}
    for name, dtype in _TYPES.items():
        column = arrays[name] = np.empty(ends[-1], dtype=dtype)
        if name in _ORDINARY:
            column.fill(_ORDINARY[name])
    for group, first, end in zip(groups, [0, *ends], ends, strict=False):
        for name, value in group.items():
            arrays[name][first:end] = value
    return arrays


def covered_backlog(case: Case, links: Activity) -> Floats:
    """[EUR] The part of each object's maintenance backlog that its initiatives' renovations cover."""
    renovation = total_by(links.asset_of_initiative, figures(case.initiatives, "renovation_eur"), len(case.assets))
    return np.minimum(figures(case.assets, "maintenance_backlog_eur"), renovation)


def terminal_value(assets: pd.DataFrame) -> Floats:
    """[EUR] Value of the kept object at the end of year T: filled in, or market value plus backlog (it is repaired)."""
    stated = figures(assets, "terminal_value_eur")
    repaired = figures(assets, "market_value_eur") + figures(assets, "maintenance_backlog_eur")
    return np.where(np.isnan(stated), repaired, stated)


def transfer_tax(case: Case, price_eur: Floats) -> Floats:
    """[EUR] Transfer tax at a price of each object: on the value, or on the price where a public restriction holds."""
    market = figures(case.assets, "market_value_eur")
    base = np.where(case.assets["sale_restriction"].to_numpy(bool), price_eur, np.maximum(price_eur, market))
    tax: Floats = case.assumptions.transfer_tax_rate * base
    return tax


def _object_lines(case: Case, links: Activity) -> list[dict[str, Any]]:
    """What the transfer itself changes for each object (METHOD §4-5)."""
    assets = case.assets
    horizon = case.assumptions.horizon_years
    taken_over = links.has_initiative
    everyone = {
        "row": _rows(assets),
        "asset": np.arange(len(assets)),
        "table": "assets",
        "end_year": links.asset_years,
    }
    at_transfer = {**everyone, "start_year": 0, "end_year": 0}
    backlog = figures(assets, "maintenance_backlog_eur")
    covered = covered_backlog(case, links)
    after = links.asset_years + 1

    def amount(column: str) -> dict[str, Any]:
        return {"amount": figures(assets, column), "column": column}

    saved = {"party": "municipality", "direction": 1.0, "municipal": 1.0, "society": 1.0}
    spent = {"party": "municipality", "direction": -1.0, "municipal": -1.0, "society": 1.0}
    to_municipality = {"party": "municipality", "direction": 1.0}
    from_municipality = {"party": "municipality", "direction": -1.0}
    proposed = figures(assets, "proposed_price_eur")
    price = np.where(taken_over, proposed, 0.0)
    tax = np.where(taken_over, transfer_tax(case, proposed), 0.0)
    return [
        _group("backlog_avoided", **at_transfer, **saved, amount=covered, column="maintenance_backlog_eur"),
        _group(
            "backlog_passed_on",
            **at_transfer,
            **{**saved, "society": 0.0},
            amount=backlog - covered,
            column="maintenance_backlog_eur",
            counterparty="initiative",
        ),
        _group("transaction_cost", **at_transfer, **spent, **amount("transaction_cost_eur")),
        _group("operating_cost_avoided", **everyone, **saved, **amount("operating_cost_eur_per_year")),
        _group("major_maintenance_avoided", **everyone, **saved, **amount("major_maintenance_eur_per_year")),
        _group(
            "rent_lost",
            **everyone,
            **from_municipality,
            **amount("rent_income_eur_per_year"),
            municipal=-1.0,
            counterparty="other",
        ),
        _group(
            "fallback_cost",
            **{**everyone, "start_year": after, "end_year": np.where(after <= horizon, after, 0)},
            **spent,
            **amount("fallback_cost_eur"),
        ),
        _group(
            "terminal_value",
            **{**everyone, "start_year": horizon, "end_year": horizon},
            **from_municipality,
            amount=terminal_value(assets),
            column="terminal_value_eur",
            municipal=-1.0,
            counterparty="initiative",
            at_terminal=True,
        ),
        _group(
            "price",
            **at_transfer,
            **to_municipality,
            amount=price,
            column="proposed_price_eur",
            counterparty="initiative",
        ),
        _group(
            "transfer_tax",
            **at_transfer,
            party="state",
            direction=1.0,
            amount=tax,
            column="proposed_price_eur",
            counterparty="initiative",
        ),
    ]


def operating_cost(case: Case) -> Floats:
    """[EUR per year] Whole running cost of each initiative, the building included; shape (n_initiatives,).

    Filled in, or where empty the volume x initiative unit cost of its tasks (METHOD §5); where a task has no unit cost
    either, a `ValuationError`: an unknown cost is not 0.
    """
    position = position_of(case.tasks["initiative_id"], case.initiatives, "initiative_id")
    by_task = figures(case.tasks, "volume_per_year") * figures(case.tasks, "initiative_unit_cost_eur")
    from_tasks = total_by(position, by_task, len(case.initiatives))
    has_tasks = np.isin(np.arange(len(case.initiatives)), position)
    stated = figures(case.initiatives, "operating_cost_eur_per_year")
    cost = np.where(np.isnan(stated), np.where(has_tasks, from_tasks, np.nan), stated)
    if np.isnan(cost).any():
        name = case.initiatives["initiative_id"].iloc[int(np.flatnonzero(np.isnan(cost))[0])]
        raise ValuationError("no_running_cost", name=name)
    return cost


def _initiative_lines(case: Case, links: Activity) -> list[dict[str, Any]]:
    """What an initiative earns, costs and asks each year (METHOD §4-5)."""
    initiatives = case.initiatives
    assumptions = case.assumptions
    yearly = {
        "row": _rows(initiatives),
        "initiative": np.arange(len(initiatives)),
        "asset": links.asset_of_initiative,
        "table": "initiatives",
        "end_year": links.initiative_years,
    }
    at_transfer = {**yearly, "start_year": 0, "end_year": 0}
    new_users = figures(initiatives, "new_user_income_eur_per_year")
    vat_leak = figures(initiatives, "vat_leak_eur_per_year")
    counts_hours = 1.0 if assumptions.count_volunteer_hours else 0.0

    def line(kind: str, course: dict[str, Any], party: str, direction: float, **more: Any) -> dict[str, Any]:
        return _group(kind, **course, party=party, direction=direction, **more)

    return [
        line(
            "new_user_payments",
            yearly,
            "residents",
            1.0,
            society=1.0,
            amount=new_users,
            column="new_user_income_eur_per_year",
        ),
        line(
            "new_user_income",
            yearly,
            "initiative",
            1.0,
            counterparty="residents",
            amount=new_users,
            column="new_user_income_eur_per_year",
        ),
        line(
            "other_income",
            yearly,
            "initiative",
            1.0,
            counterparty="other",
            amount=figures(initiatives, "income_eur_per_year") - new_users,
            column="income_eur_per_year",
        ),
        line(
            "subsidy",
            yearly,
            "initiative",
            1.0,
            counterparty="municipality",
            municipal=-1.0,
            amount=figures(initiatives, "subsidy_eur_per_year"),
            column="subsidy_eur_per_year",
        ),
        line(
            "facilitation",
            yearly,
            "municipality",
            -1.0,
            society=1.0,
            municipal=-1.0,
            amount=figures(initiatives, "facilitation_hours_per_year") * assumptions.official_hourly_rate,
            column="facilitation_hours_per_year",
        ),
        line(
            "operating_cost",
            yearly,
            "initiative",
            -1.0,
            society=1.0,
            amount=operating_cost(case) - vat_leak,
            column="operating_cost_eur_per_year",
        ),
        line(
            "vat_leak",
            yearly,
            "state",
            1.0,
            counterparty="initiative",
            amount=vat_leak,
            column="vat_leak_eur_per_year",
        ),
        line(
            "renovation",
            at_transfer,
            "initiative",
            -1.0,
            society=1.0,
            amount=figures(initiatives, "renovation_eur"),
            column="renovation_eur",
        ),
        line(
            "grants",
            at_transfer,
            "initiative",
            1.0,
            counterparty="other",
            amount=figures(initiatives, "grants_eur"),
            column="grants_eur",
        ),
        line(
            "volunteer_hours",
            yearly,
            "residents",
            -1.0,
            society=counts_hours,
            parties=counts_hours,
            amount=figures(initiatives, "volunteer_hours_per_year") * assumptions.volunteer_hour_value,
            column="volunteer_hours_per_year",
        ),
    ]


def at_reference_price(rows: pd.DataFrame, own: str) -> pd.DataFrame:
    """The rows that take a reference price, because they have a price code and no figure of their own."""
    return rows[rows[own].isna() & rows["price_key"].notna()]


def unit_prices(case: Case, table: pd.DataFrame, own_column: str) -> Floats:
    """[EUR per unit] The user's own figure, else the reference price in the case's price year, else NaN (p.m.)."""
    own = table[own_column].to_numpy(np.float64).copy()
    keys = table["price_key"].to_numpy(object)
    at = np.flatnonzero(np.isnan(own) & (keys != None))  # noqa: E711 - element by element
    prices = {key: case.reference.price(key, case.assumptions.price_year).value for key in dict.fromkeys(keys[at])}
    own[at] = [prices[key] for key in keys[at]]
    return own


def _task_lines(case: Case, links: Activity) -> dict[str, Any]:
    """Institutional cost that a task avoids: a benefit for its payer, cashable or not (METHOD §5, §7)."""
    tasks = case.tasks
    initiative = position_of(tasks["initiative_id"], case.initiatives, "initiative_id")
    gross = figures(tasks, "volume_per_year") * unit_prices(case, tasks, "institutional_unit_cost_eur")
    replaced = (1.0 - figures(tasks, "deadweight")) * figures(tasks, "substitution_share")
    payer = words(tasks, "payer")
    return _group(
        "avoided_institutional_cost",
        row=_rows(tasks),
        label=words(tasks, "task"),
        table="tasks",
        column="institutional_unit_cost_eur",
        initiative=initiative,
        asset=links.asset_of_initiative[initiative],
        party=payer,
        direction=1.0,
        society=1.0,
        municipal=np.where(payer == "municipality", figures(tasks, "cashable_share"), 0.0),
        gross=gross,
        amount=gross * replaced,
        end_year=links.initiative_years[initiative],
        take_up=words(tasks, "take_up"),
    )


def _effect_lines(case: Case, links: Activity) -> dict[str, Any]:
    """The effect lines (METHOD §2)."""
    effects = case.effects
    asset_owner = position_of(effects["owner_id"], case.assets, "asset_id")
    initiative = position_of(effects["owner_id"], case.initiatives, "initiative_id")
    owned_by_initiative = initiative >= 0
    owner_last_year = np.zeros(len(effects), dtype=np.int64)
    owner_last_year[owned_by_initiative] = links.initiative_years[initiative[owned_by_initiative]]
    owner_last_year[~owned_by_initiative] = links.asset_years[asset_owner[~owned_by_initiative]]
    asset = asset_owner.copy()
    asset[owned_by_initiative] = links.asset_of_initiative[initiative[owned_by_initiative]]

    start_year = effects["start_year"].to_numpy(np.int64)
    gross = figures(effects, "quantity") * unit_prices(case, effects, "unit_value_eur")
    claimed = net_share(*(figures(effects, column) for column in ("deadweight", "displacement", "attribution")))
    direction = np.where(words(effects, "direction") == "benefit", 1.0, -1.0)
    party = words(effects, "party")
    counterparty = np.array([other or "" for other in words(effects, "counterparty")], dtype=object)
    is_transfer = counterparty != ""
    return _group(
        "effect",
        row=_rows(effects),
        label=words(effects, "effect"),
        table="effects",
        column="unit_value_eur",
        asset=asset,
        initiative=initiative,
        party=party,
        counterparty=counterparty,
        direction=direction,
        society=np.where(is_transfer, 0.0, 1.0),
        municipal=_municipal_part(party, counterparty, direction, figures(effects, "cashable_share")),
        gross=gross,
        amount=gross * claimed,
        start_year=start_year,
        end_year=last_year(
            start_year, figures(effects, "duration_years"), owner_last_year, case.assumptions.horizon_years
        ),
        drop_off=figures(effects, "drop_off"),
        real_growth=figures(effects, "real_growth"),
        take_up=words(effects, "take_up"),
    )


def _municipal_part(party: Words, counterparty: Words, direction: Floats, cashable_share: Floats) -> Floats:
    """Signed part of an effect that is municipal cash: benefits as far as cashable, costs and transfers in full."""
    benefit_or_cost = np.where(direction > 0, cashable_share, -1.0)
    own = np.where(counterparty != "", direction, benefit_or_cost)
    return np.where(party == "municipality", own, np.where(counterparty == "municipality", -direction, 0.0))
