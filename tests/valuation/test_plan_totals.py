"""The totals of the rows of Exploitatie and Financiering, against sums by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.case import COST_KINDS, INCOME_KINDS
from valuation.plan_totals import financing_totals, operating_totals

COLUMNS = ["item_kind", "quantity_per_year", "unit_amount_eur", "occupancy_share", "start_year"]
MONEY = ["funding_kind", "amount_eur", "interest_rate", "term_years"]
UNKNOWN = float("nan")


def test_income_subsidy_and_cost_by_hand():
    rows = pd.DataFrame(
        [
            ("hall_hire", 400.0, 45.0, 0.5, 1),  # 9 000
            ("tenants", 12.0, 850.0, 1.0, 2),  # 10 200, at full size although it begins in year 2
            ("subsidy", 1.0, 10_000.0, 1.0, 1),
            ("energy", 1.0, 6_000.0, 1.0, 1),
            ("vat_leak", 1.0, 1_500.0, 1.0, 1),
            ("replacement_reserve", 1.0, 2_000.0, 1.0, 1),
            ("other_cost", 1.0, 4_000.0, 1.0, 0),  # once, before the start: no yearly amount
        ],
        columns=COLUMNS,
    )
    assert operating_totals(rows) == {
        "income_eur_per_year": 19_200.0,
        "subsidy_eur_per_year": 10_000.0,
        "vat_leak_eur_per_year": 1_500.0,
        "operating_cost_eur_per_year": 9_500.0,
    }


def test_without_a_cost_the_cost_is_unknown_and_not_zero():
    rows = pd.DataFrame([("hall_hire", 1.0, 100.0, 1.0, 1)], columns=COLUMNS)
    assert "operating_cost_eur_per_year" not in operating_totals(rows)


@given(
    kinds=st.lists(st.sampled_from((*INCOME_KINDS, *COST_KINDS)), min_size=1, max_size=12),
    amount=st.floats(0, 1e6),
)
def test_every_row_lands_in_exactly_one_of_the_totals(kinds, amount):
    rows = pd.DataFrame([(kind, 1.0, amount, 1.0, 1) for kind in kinds], columns=COLUMNS)
    totals = operating_totals(rows)
    together = sum(totals.get(f"{name}_eur_per_year", 0.0) for name in ("income", "subsidy", "operating_cost"))
    assert together == pytest.approx(amount * len(kinds))


def test_own_money_gifts_and_the_terms_of_the_largest_loan():
    rows = pd.DataFrame(
        [
            ("own_funds", 20_000.0, UNKNOWN, UNKNOWN),
            ("grant", 60_000.0, UNKNOWN, UNKNOWN),
            ("crowdfunding", 5_000.0, UNKNOWN, UNKNOWN),
            ("municipal_loan", 30_000.0, 0.02, 10.0),
            ("bank_loan", 120_000.0, 0.045, 20.0),
        ],
        columns=MONEY,
    )
    assert financing_totals(rows) == {
        "own_funds_eur": 20_000.0,
        "grants_eur": 65_000.0,
        "loan_rate": 0.045,
        "loan_term_years": 20.0,
    }


def test_without_a_loan_there_are_no_terms_of_one():
    rows = pd.DataFrame([("own_funds", 20_000.0, UNKNOWN, UNKNOWN)], columns=MONEY)
    assert financing_totals(rows) == {"own_funds_eur": 20_000.0, "grants_eur": 0.0}
