"""Loans: interest and repayment year by year, with an interest-only start (METHOD §13)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy_financial as npf

from valuation.arrays import Floats

ALMOST_FREE = 1e-9
"""[1/year] Below this rate the formula of the annuity has no digits left, and a linear loan is the same to the cent."""


@dataclass(frozen=True)
class Loan:
    """The terms of one loan.

    Parameters
    ----------
    amount_eur : float
    rate : float
        [1/year] Nominal.
    term_years : int
        The interest-only years included.
    interest_only_years : int
        Below the term.
    repayment : {"linear", "annuity"}
    """

    amount_eur: float
    rate: float
    term_years: int
    interest_only_years: int = 0
    repayment: str = "annuity"

    def with_rate_shift(self, points: float) -> Loan:
        """The same loan at another rate, never below zero."""
        return replace(self, rate=max(0.0, self.rate + points))

    def with_longer_term(self, years: int) -> Loan:
        """The same loan repaid over so many more years."""
        return replace(self, term_years=self.term_years + years)


@dataclass(frozen=True)
class Schedule:
    """Interest, repayment and debt in the years 0..n; the payments fall at the end of the year."""

    interest: Floats
    repayment: Floats
    closing: Floats

    @property
    def service(self) -> Floats:
        """[EUR] Interest and repayment together."""
        return self.interest + self.repayment


def schedule(loan: Loan, years: int) -> Schedule:
    """How a loan is paid off.

    Parameters
    ----------
    loan : Loan
    years : int
        [year] Last year of the answer; may be before or after the end of the loan.

    Notes
    -----
    An annuity by `numpy_financial.ppmt`; at a rate of zero an annuity is linear. Interest is on the debt at the start
    of the year.
    """
    repaid_in = loan.term_years - loan.interest_only_years
    repayment = np.zeros(max(years, loan.term_years) + 1)
    if loan.repayment == "annuity" and loan.rate > ALMOST_FREE:
        parts = npf.ppmt(loan.rate, np.arange(1, repaid_in + 1), repaid_in, -loan.amount_eur)
    else:
        parts = np.full(repaid_in, loan.amount_eur / repaid_in)
    repayment[loan.interest_only_years + 1 : loan.term_years + 1] = parts
    closing = loan.amount_eur - np.cumsum(repayment)
    closing[loan.term_years :] = 0.0 * loan.amount_eur  # what floating point leaves of the last euro; unknown stays so
    interest = np.append(0.0, loan.rate * closing[:-1])
    last = years + 1
    return Schedule(interest[:last], repayment[:last], closing[:last])


def together(loans: tuple[Loan, ...], years: int) -> Schedule:
    """All loans as one: the sums of their schedules."""
    plans = [schedule(loan, years) for loan in loans]
    zero = np.zeros(years + 1)
    return Schedule(
        interest=sum((plan.interest for plan in plans), zero),
        repayment=sum((plan.repayment for plan in plans), zero),
        closing=sum((plan.closing for plan in plans), zero),
    )
