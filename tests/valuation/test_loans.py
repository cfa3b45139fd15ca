"""Loan schedules against schedules worked out by hand and against numpy_financial."""

from __future__ import annotations

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.loans import Loan, schedule, together


def test_a_linear_loan_by_hand() -> None:
    """100,000 at 5 % in four years: 25,000 each year, interest on what is left."""
    plan = schedule(Loan(100_000.0, 0.05, 4, repayment="linear"), 4)
    assert plan.repayment.tolist() == [0.0, 25_000.0, 25_000.0, 25_000.0, 25_000.0]
    assert plan.interest == pytest.approx([0.0, 5_000.0, 3_750.0, 2_500.0, 1_250.0])
    assert plan.closing == pytest.approx([100_000.0, 75_000.0, 50_000.0, 25_000.0, 0.0])


def test_an_annuity_by_hand() -> None:
    """1,000 at 10 % in two years: 1,000 / (1/1.1 + 1/1.21) = 576.190476 a year; 100.00 and 52.380952 of it interest."""
    plan = schedule(Loan(1_000.0, 0.10, 2), 2)
    assert plan.service == pytest.approx([0.0, 576.190476, 576.190476], abs=1e-6)
    assert plan.interest == pytest.approx([0.0, 100.0, 52.380952], abs=1e-6)
    assert plan.closing == pytest.approx([1_000.0, 523.809524, 0.0], abs=1e-6)


def test_an_interest_only_start_by_hand() -> None:
    """90,000 at 4 %, two years interest only, then three linear repayments; interest until then is 3,600 a year."""
    plan = schedule(Loan(90_000.0, 0.04, 5, 2, "linear"), 7)
    assert plan.repayment.tolist() == [0.0, 0.0, 0.0, 30_000.0, 30_000.0, 30_000.0, 0.0, 0.0]
    assert plan.interest == pytest.approx([0.0, 3_600.0, 3_600.0, 3_600.0, 2_400.0, 1_200.0, 0.0, 0.0])
    assert plan.closing == pytest.approx([90_000.0, 90_000.0, 90_000.0, 60_000.0, 30_000.0, 0.0, 0.0, 0.0])


def test_an_annuity_after_an_interest_only_start_is_that_of_the_years_left() -> None:
    plan = schedule(Loan(250_000.0, 0.042, 20, 3), 20)
    payment = -npf.pmt(0.042, 17, 250_000.0)
    assert plan.service[1:4] == pytest.approx([10_500.0] * 3)
    assert plan.service[4:] == pytest.approx([payment] * 17)
    assert plan.interest[4:] == pytest.approx(-npf.ipmt(0.042, np.arange(1, 18), 17, 250_000.0))


@pytest.mark.parametrize("repayment", ["linear", "annuity"])
def test_a_free_loan_is_repaid_in_equal_parts(repayment: str) -> None:
    plan = schedule(Loan(12_000.0, 0.0, 6, 2, repayment), 6)
    assert plan.repayment.tolist() == [0.0, 0.0, 0.0, 3_000.0, 3_000.0, 3_000.0, 3_000.0]
    assert not plan.interest.any()


def test_the_answer_may_stop_before_the_loan_does() -> None:
    loan = Loan(100_000.0, 0.03, 30)
    assert schedule(loan, 10).closing == pytest.approx(schedule(loan, 30).closing[:11])


def test_loans_together_are_their_sums() -> None:
    first, second = Loan(100_000.0, 0.03, 5, repayment="linear"), Loan(50_000.0, 0.05, 10, 2)
    both = together((first, second), 10)
    assert both.service == pytest.approx(schedule(first, 10).service + schedule(second, 10).service)
    assert both.closing[0] == 150_000.0
    assert together((), 3).service.tolist() == [0.0] * 4


loans = st.builds(
    lambda amount, rate, term, free, kind: Loan(amount, rate, term, min(free, term - 1), kind),
    st.floats(1.0, 1e7),
    st.floats(0.0, 0.2),
    st.integers(1, 50),
    st.integers(0, 10),
    st.sampled_from(["linear", "annuity"]),
)


@given(loans)
def test_a_loan_is_repaid_once_and_costs_its_rate(loan: Loan) -> None:
    """Repayments add up to the loan, and all payments discounted at its own rate are worth what was lent."""
    plan = schedule(loan, loan.term_years)
    assert plan.repayment.sum() == pytest.approx(loan.amount_eur)
    assert (plan.repayment >= 0).all()
    assert (np.diff(plan.closing) <= 0).all()
    discounted = plan.service / (1.0 + loan.rate) ** np.arange(loan.term_years + 1)
    assert discounted.sum() == pytest.approx(loan.amount_eur)
