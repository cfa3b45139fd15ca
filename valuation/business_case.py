"""The business case of an initiative as a bank and a fund read it: ten years of operations, financing and balance.

All amounts are nominal euros (METHOD §1: a bank's view), year 0 is 1 January of the base year. What the sheets
Exploitatie and Financiering leave open is taken from the totals on the sheet Initiatieven. The conventions stand in
docs/method.md and decision record 0010.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


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
        A row per year 1..10: `year`, `calendar_year`, `cfads_eur` (income - cost - reserve), `debt_service_eur`,
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
