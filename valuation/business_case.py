"""The business case of an initiative as a bank and a fund read it: ten years of operations, financing and balance.

All amounts are nominal euros (METHOD §1: a bank's view), year 0 is 1 January of the base year. What the sheets
Exploitatie and Financiering leave open is taken from the totals on the sheet Initiatieven. The conventions stand in
docs/method.md and decision record 0010.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from valuation.affordability import STEPS, Position, level_position, levers_of, meets, position_of_setup
from valuation.arrays import Flags, Floats, figures
from valuation.case import Case
from valuation.forecast import (
    FORECAST_YEARS,
    LIQUIDITY_YEARS,
    Deferred,
    Forecast,
    Setup,
    break_even_occupancy,
    dscr,
    forecast,
    lowest_dscr,
)
from valuation.lines import Activity, activity, transfer_tax
from valuation.loans import Loan, schedule
from valuation.operations import QUARTERS, items_of
from valuation.plan_stress import stress_of
from valuation.price import ceiling_price, debt_capacity, operating_surplus


@dataclass(frozen=True)
class BusinessPlan:
    """The business case of one initiative; amounts are nominal euros, NaN is unknown.

    >>> plan = plan_of(case, "I1")                          # at the proposed price
    >>> plan_of(case, "I1", price_eur=plan.affordable_price_eur).gap_eur

    Parameters
    ----------
    initiative_id : str
    asset_id : str | None
        Object that the initiative takes over; None without one.
    is_buyer : bool
        Whether this initiative pays the price: the first one that is linked to the object.
    has_rows : bool
        Whether the sheets Exploitatie or Financiering have a row for it; if not, all comes from its totals.
    price_eur : float
        Price in this plan: given, or the proposed price; 0 for an initiative that buys nothing, NaN where unknown.
    operations : DataFrame
        A row per item and year 0..10: `row` (of the sheet; NaN for a total of Initiatieven), `item` (None for such a
        total), `item_kind`, `is_income`, `year`, `calendar_year`, `amount_eur` (never negative).
    income_statement : DataFrame
        A row per year 1..10: `year`, `calendar_year`, `income_eur`, `operating_cost_eur` (without the reserve),
        `result_before_capital_charges_eur`, `depreciation_eur`, `interest_eur`, `result_eur`,
        `to_replacement_reserve_eur`, `to_equity_eur`. Costs are positive.
    cash_flow : DataFrame
        A row per year 0..10: `year`, `calendar_year`, `opening_cash_eur`, `income_eur`, `operating_cost_eur`,
        `purchase_eur` (price and transfer tax), `renovation_eur`, `start_up_eur`, `contributions_eur` (own funds and
        gifts), `loans_drawn_eur`, `interest_eur`, `repayment_eur`, `deferred_payment_eur`, `change_eur`,
        `closing_cash_eur`. What leaves the till is negative; cash below zero is a shortage that nobody pays yet.
    balance_sheet : DataFrame
        A row per year 0..10, at its end: `year`, `calendar_year`, `property_eur`, `renovation_eur`,
        `fixed_assets_eur`, `cash_eur`, `assets_eur`, `loans_eur`, `deferred_price_eur`, `replacement_reserve_eur`,
        `equity_eur`, `liabilities_and_equity_eur`.
    liquidity : DataFrame
        A row per quarter of years 1 and 2: `year`, `quarter`, `opening_cash_eur`, `income_eur` (without subsidy),
        `subsidy_eur`, `operating_cost_eur`, `debt_service_eur`, `change_eur`, `closing_cash_eur`; signed as cash_flow.
    loans : DataFrame
        A row per loan and year 1..term: `loan` (position in `sources`), `source`, `year`, `calendar_year`,
        `opening_eur`, `interest_eur`, `repayment_eur`, `debt_service_eur`, `closing_eur`, `guaranteed_eur` (of the
        closing debt).
    sources : DataFrame
        `row` (NaN where it comes from Initiatieven), `source` (None there), `funding_kind` (a key of FUNDING_KINDS, or
        `other_initiatives`), `amount_eur`, `is_loan`, `interest_rate`, `term_years`, `interest_only_years`,
        `repayment`, `guaranteed_share`.
    uses : DataFrame
        `use` (`purchase_price`, `transfer_tax`, `renovation`, `start_up`), `amount_eur`.
    dscr : DataFrame
        A row per year 1..10, or until the last loan is repaid: `year`, `calendar_year`, `cfads_eur` (income - cost -
        reserve), `debt_service_eur`,
        `dscr` (NaN without debt service), `result_after_debt_service_eur`, `break_even_occupancy_share`.
    levers : DataFrame
        `lever` (`price`, `own_money`, `income`, `subsidy`, `loan_term`, `interest_rate`), `unit` (`EUR`,
        `EUR_per_year`, `years`, `fraction`), `now`, `needed` (what closes the gap; NaN where it cannot), `step`,
        `gap_effect_eur` (of one step on `gap_at_required_dscr_eur`; negative closes).
    stress : DataFrame
        `stress` (`base`, `dry_year`, `interest_up`, `half_the_volunteers`), `size` (of the blow, as in the datasets),
        `year` (of the worst outcome), `result_eur` (lowest result after debt service), `lowest_cash_eur`,
        `lowest_dscr`, `holds` (cash never below zero; None where unknown), `meets_dscr`.
    uses_eur, sources_eur, gap_eur : float
        [EUR] Gap is uses less sources: above zero is what is still missing, below zero is money to start with.
    gap_at_required_dscr_eur : float
        [EUR] The gap if the loans are as large as the operations can carry at the required DSCR.
    required_dscr, lowest_dscr : float
    lowest_dscr_year : int | None
    affordable_price_eur : float
        [EUR] Highest price: the lower of the two next ones.
    price_sources_cover_eur, price_dscr_allows_eur : float
        [EUR] Price at which the sources cover the uses; price at which the lowest DSCR is the required one.
    break_even_occupancy_share : float
        [fraction] Of the hall hire, in the first full year; NaN where no occupancy brings the result to zero.
    full_year : int
        First year in which take-up is complete and every loan is being repaid (at most 10).
    lowest_cash_eur : float
        [EUR] Lowest cash at the end of a quarter or year.
    """

    initiative_id: str
    asset_id: str | None
    is_buyer: bool
    has_rows: bool
    price_eur: float
    operations: pd.DataFrame
    income_statement: pd.DataFrame
    cash_flow: pd.DataFrame
    balance_sheet: pd.DataFrame
    liquidity: pd.DataFrame
    loans: pd.DataFrame
    sources: pd.DataFrame
    uses: pd.DataFrame
    dscr: pd.DataFrame
    levers: pd.DataFrame
    stress: pd.DataFrame
    uses_eur: float
    sources_eur: float
    gap_eur: float
    gap_at_required_dscr_eur: float
    required_dscr: float
    lowest_dscr: float
    lowest_dscr_year: int | None
    affordable_price_eur: float
    price_sources_cover_eur: float
    price_dscr_allows_eur: float
    break_even_occupancy_share: float
    full_year: int
    lowest_cash_eur: float

    @property
    def meets_required_dscr(self) -> bool:
        """Whether the DSCR is in every year what a bank asks; not so where it is not known."""
        return meets(self.lowest_dscr, self.required_dscr)


@dataclass(frozen=True)
class _Purchase:
    """Who buys what: position of the initiative and its object, and what the price brings along.

    Parameters
    ----------
    position, asset : int
        Positions in the case's tables; asset is -1 without one.
    is_buyer : bool
    price_eur, transfer_tax_eur : float
        0 for an initiative that buys nothing.
    deferred : tuple of Deferred
    """

    position: int
    asset: int
    is_buyer: bool
    price_eur: float
    transfer_tax_eur: float
    deferred: tuple[Deferred, ...]


def plan_of(case: Case, initiative_id: str, *, price_eur: float | None = None) -> BusinessPlan:
    """The business case of one initiative (METHOD §13).

    Parameters
    ----------
    case : Case
    initiative_id : str
        A `KeyError` for an unknown code.
    price_eur : float, optional
        [EUR] Price of the object; without one the proposed price. Ignored for an initiative that buys nothing.

    Raises
    ------
    ValuationError
        Where it needs the yearly cost of the sheet Initiatieven and that is not known.

    Notes
    -----
    Dutch: businesscase, met exploitatie, financiering, balans en liquiditeit.
    """
    position = int(pd.Index(case.initiatives["initiative_id"]).get_loc(initiative_id))
    links = activity(case)
    purchase = _purchase(case, links, position, price_eur)
    rows = case.financing[case.financing["initiative_id"] == initiative_id]
    row = case.initiatives.iloc[position]
    items = items_of(case, position)
    renovation, start_up = float(row["renovation_eur"]), _start_up_eur(items.amounts(0)[:, 0], items.is_income)
    needed = purchase.price_eur + purchase.transfer_tax_eur + renovation + start_up
    sources = _stated_sources(rows) if len(rows) else _derived_sources(case, links, purchase, needed)
    setup = Setup(
        items=items,
        loans=tuple(_loan(source) for _, source in sources[sources["is_loan"].to_numpy(bool)].iterrows()),
        deferred=purchase.deferred,
        contributions_eur=float(sources.loc[~sources["is_loan"].to_numpy(bool), "amount_eur"].sum()),
        price_eur=purchase.price_eur,
        transfer_tax_eur=purchase.transfer_tax_eur,
        renovation_eur=renovation,
        **_lives(case, purchase.asset),
    )
    required = float(row["dscr"])
    now = (
        position_of_setup(setup, needed, required, case.reference.number("indexation_rate"))
        if len(rows)
        else _position_by_totals(case, position, needed, setup.contributions_eur)
    )
    prices = _affordable_prices(case, purchase, now, setup, renovation + start_up, stated=bool(len(rows)))
    outcome = forecast(setup, setup.last_year)
    ratio, ratio_year = lowest_dscr(outcome.cfads, outcome.debt_service)
    full_year = min(FORECAST_YEARS, max([items.full_year(), *(loan.interest_only_years + 1 for loan in setup.loans)]))
    occupancy = break_even_occupancy(items, outcome)
    base = case.assumptions.base_year
    borrowed = sum(loan.amount_eur for loan in setup.loans)
    return BusinessPlan(
        initiative_id=initiative_id,
        asset_id=row["asset_id"],
        is_buyer=purchase.is_buyer,
        has_rows=items.is_stated or len(rows) > 0,
        price_eur=purchase.price_eur,
        operations=_operations(setup, outcome, base),
        income_statement=_income_statement(outcome, base),
        cash_flow=_cash_flow(setup, outcome, base),
        balance_sheet=_balance_sheet(outcome, base),
        liquidity=_liquidity(outcome),
        loans=_loans(sources, setup, base),
        sources=sources,
        uses=pd.DataFrame(
            {
                "use": ["purchase_price", "transfer_tax", "renovation", "start_up"],
                "amount_eur": [purchase.price_eur, purchase.transfer_tax_eur, renovation, start_up],
            }
        ),
        dscr=_dscr(outcome, occupancy, base),
        levers=_levers(case, purchase, now, setup, prices),
        stress=stress_of(
            setup,
            required_dscr=required,
            volunteer_hours=float(row["volunteer_hours_per_year"]),
            price_year=case.assumptions.price_year,
            reference=case.reference,
        ),
        uses_eur=needed,
        sources_eur=setup.contributions_eur + borrowed,
        gap_eur=needed - setup.contributions_eur - borrowed,
        gap_at_required_dscr_eur=now.gap_eur(),
        required_dscr=required,
        lowest_dscr=ratio,
        lowest_dscr_year=ratio_year,
        affordable_price_eur=prices["affordable"],
        price_sources_cover_eur=prices["sources"],
        price_dscr_allows_eur=prices["dscr"],
        break_even_occupancy_share=float(occupancy[full_year]),
        full_year=full_year,
        lowest_cash_eur=outcome.lowest_cash,
    )


def initiatives_with_rows(case: Case) -> set[str]:
    """Codes of the initiatives that the sheets Exploitatie or Financiering say something about."""
    return {*case.operations["initiative_id"], *case.financing["initiative_id"]}


def _purchase(case: Case, links: Activity, position: int, price_eur: float | None) -> _Purchase:
    asset = int(links.asset_of_initiative[position])
    if asset < 0 or links.first_initiative[asset] != position:
        return _Purchase(position, asset, is_buyer=False, price_eur=0.0, transfer_tax_eur=0.0, deferred=())
    row = case.assets.iloc[asset]
    price = float(row["proposed_price_eur"]) if price_eur is None else price_eur
    terms = case.price_terms
    later = terms[(terms["asset_id"] == row["asset_id"]) & (terms["arrangement"] == "deferred_payment")]
    deferred = tuple(
        Deferred(float(amount), int(year), float(rate))
        for amount, year, rate in zip(later["amount_eur"], later["year"], later["indexation_rate"], strict=True)
    )
    return _Purchase(position, asset, True, price, _tax_on_price(case, asset, price), deferred)


def _tax_on_price(case: Case, asset: int, price_eur: float) -> float:
    """[EUR] Transfer tax on a price of one object."""
    return float(transfer_tax(case, np.full(len(case.assets), price_eur))[asset])


def _start_up_eur(amounts: Floats, is_income: Flags) -> float:
    """[EUR] What must be paid before the first year, less what comes in then."""
    return float(amounts[~is_income].sum() - amounts[is_income].sum())


def _lives(case: Case, asset: int) -> dict[str, int | None]:
    """[year] Over how many years the purchase and the renovation are depreciated."""
    is_green = asset >= 0 and case.assets["kind"].iloc[asset] == "green"
    life = case.reference.life_years
    return {
        "property_life_years": None if is_green else life("life_building"),
        "renovation_life_years": life("life_green" if is_green else "life_renovation"),
    }


def _stated_sources(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the sheet Financiering as sources."""
    return pd.DataFrame(
        {
            "row": rows.index.to_numpy(np.float64),
            "source": rows["source"].to_numpy(object),
            "funding_kind": rows["funding_kind"].to_numpy(object),
            "amount_eur": figures(rows, "amount_eur"),
            "is_loan": rows["term_years"].notna().to_numpy(),
            "interest_rate": figures(rows, "interest_rate"),
            "term_years": figures(rows, "term_years"),
            "interest_only_years": figures(rows, "interest_only_years"),
            "repayment": rows["repayment"].to_numpy(object),
            "guaranteed_share": figures(rows, "guaranteed_share"),
        }
    )


def _derived_sources(case: Case, links: Activity, purchase: _Purchase, needed: float) -> pd.DataFrame:
    """Sources by the sheet Initiatieven: own funds, grants, other initiatives, and a loan of what is missing."""
    row = case.initiatives.iloc[purchase.position]
    others = _room_of_others(case, links, purchase)
    kinds = {"own_funds": float(row["own_funds_eur"]), "grant": float(row["grants_eur"])}
    if others is not None:
        kinds["other_initiatives"] = others
    own = sum(kinds.values())
    has_loan = bool(row["loan_term_years"] > 0)
    if has_loan:
        missing = float(np.clip(needed - own, 0.0, debt_capacity(case)[purchase.position]))
        if missing != 0.0:  # unknown is kept
            kinds["bank_loan"] = missing
    count = len(kinds)
    is_loan = np.array([kind == "bank_loan" for kind in kinds])
    unknown = np.full(count, np.nan)
    return pd.DataFrame(
        {
            "row": unknown,
            "source": np.full(count, None, dtype=object),
            "funding_kind": np.array(list(kinds), dtype=object),
            "amount_eur": np.array(list(kinds.values())),
            "is_loan": is_loan,
            "interest_rate": np.where(is_loan, np.nan_to_num(row["loan_rate"]), np.nan),
            "term_years": np.where(is_loan, row["loan_term_years"], np.nan),
            "interest_only_years": np.zeros(count),
            "repayment": np.full(count, "annuity", dtype=object),
            "guaranteed_share": np.zeros(count),
        }
    )


def _room_of_others(case: Case, links: Activity, purchase: _Purchase) -> float | None:
    """[EUR] What the object's other initiatives have left for its purchase (METHOD §6); None without any."""
    linked = (links.asset_of_initiative == purchase.asset) & (purchase.asset >= 0)
    linked[purchase.position] = False
    if not purchase.is_buyer or not linked.any():
        return None
    initiatives = case.initiatives
    own = (initiatives["own_funds_eur"] + initiatives["grants_eur"] - initiatives["renovation_eur"]).to_numpy(
        np.float64
    )
    return float((own + debt_capacity(case))[linked].sum())


def _loan(source: pd.Series[Any]) -> Loan:
    return Loan(
        amount_eur=float(source["amount_eur"]),
        rate=float(source["interest_rate"]),
        term_years=int(source["term_years"]),
        interest_only_years=int(source["interest_only_years"]),
        repayment=str(source["repayment"]),
    )


def _position_by_totals(case: Case, position: int, needed: float, own_money: float) -> Position:
    """The gap's position by METHOD §6, for an initiative without rows on the sheet Financiering."""
    row = case.initiatives.iloc[position]
    loan = Loan(1.0, float(np.nan_to_num(row["loan_rate"])), max(1, int(np.nan_to_num(row["loan_term_years"]))))
    level = level_position(
        needed_eur=needed,
        own_money_eur=own_money,
        surplus_eur=float(operating_surplus(case)[position]),
        loan=loan,
        required_dscr=float(row["dscr"]),
    )
    return level if row["loan_term_years"] > 0 else replace(level, loans=())


def _affordable_prices(
    case: Case, purchase: _Purchase, now: Position, setup: Setup, other_uses: float, *, stated: bool
) -> dict[str, float]:
    """[EUR] Price that the sources cover, that the DSCR allows, and the lower of the two; NaN for who buys nothing."""
    if not purchase.is_buyer:
        return dict.fromkeys(("sources", "dscr", "affordable"), float("nan"))

    def price(loans: float) -> float:
        rooms = np.full(len(case.assets), setup.contributions_eur + loans - other_uses)
        return float(ceiling_price(case, rooms)[purchase.asset])

    by_dscr = price(now.most_borrowed_eur())
    by_sources = price(sum(loan.amount_eur for loan in setup.loans)) if stated else by_dscr
    return {
        "sources": by_sources,
        "dscr": by_dscr if now.loans else float("nan"),
        "affordable": min(by_sources, by_dscr),
    }


def _levers(case: Case, purchase: _Purchase, now: Position, setup: Setup, prices: dict[str, float]) -> pd.DataFrame:
    items = setup.items
    yearly = items.full_size_eur * items.occupancy * (items.start_year > 0)
    is_subsidy = items.kind == "subsidy"
    saved_tax = float("nan")
    if purchase.is_buyer:
        price_a_step_on = purchase.price_eur + STEPS["price"]
        saved_tax = purchase.transfer_tax_eur - _tax_on_price(case, purchase.asset, price_a_step_on)
    return levers_of(
        now,
        price_eur=purchase.price_eur if purchase.is_buyer else float("nan"),
        affordable_eur=prices["sources" if np.isnan(prices["dscr"]) else "dscr"],
        tax_of_step_eur=saved_tax,
        income_eur=float(yearly[items.is_income & ~is_subsidy].sum()),
        subsidy_eur=float(yearly[is_subsidy].sum()),
    )


def _years(base_year: int, first: int, last: int) -> dict[str, Any]:
    """Year of the plan, and the calendar year; year 0 is 1 January of the base year, year 1 is the base year itself."""
    years = np.arange(first, last + 1)
    return {"year": years, "calendar_year": base_year + np.maximum(years - 1, 0)}


def _operations(setup: Setup, outcome: Forecast, base_year: int) -> pd.DataFrame:
    items, years = setup.items, np.arange(FORECAST_YEARS + 1)
    count, width = len(items.kind), len(years)
    return pd.DataFrame(
        {
            "row": np.repeat(items.row, width),
            "item": np.repeat(items.name, width),
            "item_kind": np.repeat(items.kind, width),
            "is_income": np.repeat(items.is_income, width),
            "year": np.tile(years, count),
            "calendar_year": np.tile(base_year + np.maximum(years - 1, 0), count),
            "amount_eur": outcome.amounts[:, :width].ravel(),
        }
    )


def _income_statement(outcome: Forecast, base_year: int) -> pd.DataFrame:
    some = slice(1, FORECAST_YEARS + 1)
    return pd.DataFrame(
        {
            **_years(base_year, 1, FORECAST_YEARS),
            "income_eur": outcome.income[some],
            "operating_cost_eur": outcome.cost[some],
            "result_before_capital_charges_eur": (outcome.income - outcome.cost)[some],
            "depreciation_eur": outcome.depreciation[some],
            "interest_eur": outcome.interest[some],
            "result_eur": outcome.result[some],
            "to_replacement_reserve_eur": outcome.reserve[some],
            "to_equity_eur": (outcome.result - outcome.reserve)[some],
        }
    )


def _cash_flow(setup: Setup, outcome: Forecast, base_year: int) -> pd.DataFrame:
    some = slice(0, FORECAST_YEARS + 1)
    later = np.ones(FORECAST_YEARS + 1)
    later[0] = 0.0
    at_start = 1.0 - later
    borrowed = sum(loan.amount_eur for loan in setup.loans)
    closing = outcome.cash[some]
    opening = np.append(0.0, closing[:-1])
    return pd.DataFrame(
        {
            **_years(base_year, 0, FORECAST_YEARS),
            "opening_cash_eur": opening,
            "income_eur": outcome.income[some] * later,
            "operating_cost_eur": -outcome.cost[some] * later + 0.0,
            "purchase_eur": _at_start(-setup.price_eur - setup.transfer_tax_eur),
            "renovation_eur": -setup.renovation_eur * at_start + 0.0,
            "start_up_eur": (outcome.income - outcome.cost)[some] * at_start,
            "contributions_eur": _at_start(setup.contributions_eur),
            "loans_drawn_eur": _at_start(borrowed),
            "interest_eur": -outcome.loans.interest[some] + 0.0,
            "repayment_eur": -outcome.loans.repayment[some] + 0.0,
            "deferred_payment_eur": -outcome.deferred_paid[some] + 0.0,
            "change_eur": closing - opening,
            "closing_cash_eur": closing,
        }
    )


def _at_start(amount: float) -> Floats:
    """An amount of year 0 as a column, also where it is not known; never -0."""
    column = np.zeros(FORECAST_YEARS + 1)
    column[0] = amount + 0.0
    return column


def _balance_sheet(outcome: Forecast, base_year: int) -> pd.DataFrame:
    some = slice(0, FORECAST_YEARS + 1)
    fixed = (outcome.property_value + outcome.renovation_value)[some]
    debt = outcome.loans.closing[some]
    owed, reserve, equity = outcome.deferred_debt[some], outcome.reserve_balance[some], outcome.equity[some]
    return pd.DataFrame(
        {
            **_years(base_year, 0, FORECAST_YEARS),
            "property_eur": outcome.property_value[some],
            "renovation_eur": outcome.renovation_value[some],
            "fixed_assets_eur": fixed,
            "cash_eur": outcome.cash[some],
            "assets_eur": fixed + outcome.cash[some],
            "loans_eur": debt,
            "deferred_price_eur": owed,
            "replacement_reserve_eur": reserve,
            "equity_eur": equity,
            "liabilities_and_equity_eur": debt + owed + reserve + equity,
        }
    )


def _liquidity(outcome: Forecast) -> pd.DataFrame:
    quarterly = outcome.quarterly
    closing = quarterly["closing_cash"]
    opening = np.append(outcome.cash[0], closing[:-1])
    return pd.DataFrame(
        {
            "year": np.repeat(np.arange(1, LIQUIDITY_YEARS + 1), QUARTERS),
            "quarter": np.tile(np.arange(1, QUARTERS + 1), LIQUIDITY_YEARS),
            "opening_cash_eur": opening,
            "income_eur": quarterly["income"],
            "subsidy_eur": quarterly["subsidy"],
            "operating_cost_eur": -quarterly["cost"] + 0.0,
            "debt_service_eur": -quarterly["debt_service"] + 0.0,
            "change_eur": closing - opening,
            "closing_cash_eur": closing,
        }
    )


def _loans(sources: pd.DataFrame, setup: Setup, base_year: int) -> pd.DataFrame:
    """The schedule of each loan until it is repaid."""
    positions = np.flatnonzero(sources["is_loan"].to_numpy(bool))
    tables = [_one_loan(sources, int(at), loan, base_year) for at, loan in zip(positions, setup.loans, strict=True)]
    empty = _one_loan(sources, 0, Loan(0.0, 0.0, 1), base_year).iloc[:0]
    return pd.concat(tables, ignore_index=True) if tables else empty


def _one_loan(sources: pd.DataFrame, position: int, loan: Loan, base_year: int) -> pd.DataFrame:
    plan, term = schedule(loan, loan.term_years), loan.term_years
    return pd.DataFrame(
        {
            "loan": position,
            "source": sources["source"].iloc[position],
            **_years(base_year, 1, term),
            "opening_eur": plan.closing[:-1],
            "interest_eur": plan.interest[1:],
            "repayment_eur": plan.repayment[1:],
            "debt_service_eur": plan.service[1:],
            "closing_eur": plan.closing[1:],
            "guaranteed_eur": plan.closing[1:] * sources["guaranteed_share"].iloc[position],
        }
    )


def _dscr(outcome: Forecast, occupancy: Floats, base_year: int) -> pd.DataFrame:
    last = len(outcome.cash) - 1
    service = outcome.debt_service
    return pd.DataFrame(
        {
            **_years(base_year, 1, last),
            "cfads_eur": outcome.cfads[1:],
            "debt_service_eur": service[1:],
            "dscr": dscr(outcome.cfads, service)[1:],
            "result_after_debt_service_eur": (outcome.cfads - service)[1:],
            "break_even_occupancy_share": occupancy[1:],
        }
    )
