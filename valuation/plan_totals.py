"""What the rows of the sheets Exploitatie and Financiering add up to: the totals that the sheet Initiatieven holds."""

from __future__ import annotations

import pandas as pd

from valuation.case import INCOME_KINDS


def operating_totals(operations: pd.DataFrame) -> dict[str, float]:
    """Income, subsidy and cost of one initiative per year at full size, in prices of year 1 (METHOD §7 and §13).

    Parameters
    ----------
    operations : DataFrame
        Its rows of the sheet Exploitatie: `item_kind`, `quantity_per_year`, `unit_amount_eur`, `occupancy_share`,
        `start_year`.

    Returns
    -------
    dict
        [EUR per year] by column of the sheet Initiatieven. A cost of which nothing is known is left out: unknown is not
        zero. What falls once, before the start, is no yearly amount. The reserve for replacement and the VAT that
        cannot be reclaimed are part of the cost.
    """
    yearly = operations[operations["start_year"] > 0]
    amounts = yearly["quantity_per_year"] * yearly["unit_amount_eur"] * yearly["occupancy_share"]
    is_subsidy = yearly["item_kind"] == "subsidy"
    is_income = yearly["item_kind"].isin(INCOME_KINDS)
    totals = {
        "income_eur_per_year": float(amounts[is_income & ~is_subsidy].sum()),
        "subsidy_eur_per_year": float(amounts[is_subsidy].sum()),
        "vat_leak_eur_per_year": float(amounts[yearly["item_kind"] == "vat_leak"].sum()),
    }
    if (~is_income).any():
        totals["operating_cost_eur_per_year"] = float(amounts[~is_income].sum())
    return totals


def financing_totals(financing: pd.DataFrame) -> dict[str, float]:
    """Own money, gifts, and the terms of the largest loan of one initiative (METHOD §6).

    Parameters
    ----------
    financing : DataFrame
        Its rows of the sheet Financiering: `funding_kind`, `amount_eur`, `interest_rate`, `term_years`. A row with a
        term is a loan.

    Returns
    -------
    dict
        By column of the sheet Initiatieven; without a loan there is no loan rate or term. How large a loan can be
        follows from the surplus there, so the amount that was asked for does not come back in it.
    """
    is_loan = financing["term_years"].notna()
    given = financing[~is_loan]
    is_own = given["funding_kind"] == "own_funds"
    totals = {
        "own_funds_eur": float(given.loc[is_own, "amount_eur"].sum()),
        "grants_eur": float(given.loc[~is_own, "amount_eur"].sum()),
    }
    loans = financing[is_loan & financing["interest_rate"].notna()]
    if len(loans):
        largest = loans.sort_values("amount_eur", kind="stable").iloc[-1]
        totals |= {"loan_rate": float(largest["interest_rate"]), "loan_term_years": float(largest["term_years"])}
    return totals
