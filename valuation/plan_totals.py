"""What the rows of the sheets Exploitatie and Financiering add up to: the totals that the sheet Initiatieven holds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from valuation.arrays import Flags, Words, words
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
    parts = parts_of_items(words(yearly, "item_kind"))
    totals = {column: float(amounts[chosen].sum()) for column, chosen in parts.items()}
    if not parts["operating_cost_eur_per_year"].any():
        del totals["operating_cost_eur_per_year"]
    return totals


def parts_of_items(kinds: Words) -> dict[str, Flags]:
    """Which items each total of the sheet Initiatieven adds up, by their kinds; VAT and the reserve are costs too."""
    is_income, is_subsidy = np.isin(kinds, INCOME_KINDS), kinds == "subsidy"
    return {
        "subsidy_eur_per_year": is_subsidy,
        "income_eur_per_year": is_income & ~is_subsidy,
        "operating_cost_eur_per_year": ~is_income,
        "vat_leak_eur_per_year": kinds == "vat_leak",
    }


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
