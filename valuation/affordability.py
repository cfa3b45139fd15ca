"""What an initiative can pay: the gap, the affordable price, and what each lever must become (METHOD §6, §13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from valuation.arrays import Floats
from valuation.forecast import HALF_A_CENT, Setup, deferred_course
from valuation.loans import Loan, together

LONGEST_EXTENSION_YEARS = 60
HIGHEST_RATE = 0.5
STEPS = {
    "price": -10_000.0,
    "own_money": 10_000.0,
    "income": 1_000.0,
    "subsidy": 1_000.0,
    "loan_term": 5.0,
    "interest_rate": -0.005,
}
"""Units that show what a lever does; no advice."""
UNITS = {
    "price": "EUR",
    "own_money": "EUR",
    "income": "EUR_per_year",
    "subsidy": "EUR_per_year",
    "loan_term": "years",
    "interest_rate": "fraction",
}
FLOATING_POINT = 1e-9


def meets(dscr: float, required_dscr: float) -> bool:
    """Whether a DSCR is as high as a bank asks; what only a computer's arithmetic is short counts as reached."""
    return dscr >= required_dscr - FLOATING_POINT


@dataclass(frozen=True)
class Position:
    """What the gap depends on; every lever changes one part of it.

    Parameters
    ----------
    needed_eur : float
        Price, transfer tax, renovation and start-up.
    own_money_eur : float
        All sources that are no loan.
    loans : tuple of Loan
        They grow and shrink together.
    cfads : callable
        Of a number of years: [EUR] cash flow available for debt service in the years 0..n.
    deferred : callable
        Of a number of years: [EUR] deferred payments in the years 0..n.
    required_dscr : float
    indexation : float
        [1/year] Of extra income or subsidy.
    """

    needed_eur: float
    own_money_eur: float
    loans: tuple[Loan, ...]
    cfads: Callable[[int], Floats]
    deferred: Callable[[int], Floats]
    required_dscr: float
    indexation: float

    @property
    def loans_eur(self) -> float:
        """[EUR] All loans together."""
        return sum(loan.amount_eur for loan in self.loans)

    @property
    def last_year(self) -> int:
        """Year in which the last loan is repaid."""
        return max((loan.term_years for loan in self.loans), default=1)

    def most_borrowed_eur(self) -> float:
        """[EUR] The loans at the size that the operations carry at the required DSCR; 0 where they carry none."""
        years = self.last_year
        service = together(self.loans, years).service
        due = service > HALF_A_CENT
        if not due.any():
            return self.loans_eur
        room = self.cfads(years) / self.required_dscr - self.deferred(years)
        return float(np.maximum(0.0, (room[due] / service[due]).min())) * self.loans_eur

    def gap_eur(self) -> float:
        """[EUR] What is missing when the loans have that size; below zero there is money left."""
        return self.needed_eur - self.own_money_eur - self.most_borrowed_eur()

    def extra_income_eur(self) -> float:
        """[EUR per year, prices of year 1] Extra yearly income that closes the gap; negative: what can be missed.

        NaN without a loan, since income of later years does not pay a price today.
        """
        years = self.last_year
        service = together(self.loans, years).service
        due = service > HALF_A_CENT
        if not due.any():
            return float("nan")
        growth = (1.0 + self.indexation) ** (np.arange(years + 1) - 1.0)
        scale = np.maximum(0.0, self.needed_eur - self.own_money_eur) / self.loans_eur
        short = (scale * service + self.deferred(years)) * self.required_dscr - self.cfads(years)
        return float((short[due] / growth[due]).max())

    def with_extra_income(self, amount_eur: float) -> Position:
        """The same with so much more income a year."""

        def cfads(years: int) -> Floats:
            extra = amount_eur * (1.0 + self.indexation) ** (np.arange(years + 1) - 1.0)
            extra[0] = 0.0
            return self.cfads(years) + extra

        return replace(self, cfads=cfads)

    def with_longer_term(self, years: int) -> Position:
        """The same with all loans repaid over so many more years."""
        return replace(self, loans=tuple(loan.with_longer_term(years) for loan in self.loans))

    def with_rate_shift(self, points: float) -> Position:
        """The same with all interest rates moved."""
        return replace(self, loans=tuple(loan.with_rate_shift(points) for loan in self.loans))

    def average_rate(self) -> float:
        """[1/year] Interest rate of the loans, weighted by their size; NaN without loans."""
        total = self.loans_eur
        return sum(loan.rate * loan.amount_eur for loan in self.loans) / total if total > HALF_A_CENT else float("nan")


def position_of_setup(setup: Setup, needed_eur: float, required_dscr: float, indexation: float) -> Position:
    """The gap's position of a plan whose loans are stated."""

    def cfads(years: int) -> Floats:
        amounts = setup.items.amounts(years)
        signs = np.where(setup.items.is_income, 1.0, -1.0)
        total: Floats = signs @ amounts
        return total

    return Position(
        needed_eur=needed_eur,
        own_money_eur=setup.contributions_eur,
        loans=setup.loans,
        cfads=cfads,
        deferred=lambda years: deferred_course(setup.deferred, years)[0],
        required_dscr=required_dscr,
        indexation=indexation,
    )


def level_position(
    *, needed_eur: float, own_money_eur: float, surplus_eur: float, loan: Loan, required_dscr: float
) -> Position:
    """The gap's position by METHOD §6: a level yearly surplus and one annuity loan."""
    return Position(
        needed_eur=needed_eur,
        own_money_eur=own_money_eur,
        loans=(loan,),
        cfads=lambda years: np.full(years + 1, surplus_eur),
        deferred=lambda years: np.zeros(years + 1),
        required_dscr=required_dscr,
        indexation=0.0,
    )


def levers_of(
    now: Position,
    *,
    price_eur: float,
    affordable_eur: float,
    tax_of_step_eur: float,
    income_eur: float,
    subsidy_eur: float,
) -> pd.DataFrame:
    """What each lever is now, what closes the gap, and what one step of it does (METHOD §13).

    Parameters
    ----------
    now : Position
    price_eur, affordable_eur : float
        [EUR] Price in the plan, and the price that closes the gap.
    tax_of_step_eur : float
        [EUR] Transfer tax that one step of the price saves.
    income_eur, subsidy_eur : float
        [EUR per year] At full size, in prices of year 1.
    """
    gap, extra = now.gap_eur(), now.extra_income_eur()
    has_loans = now.loans_eur > HALF_A_CENT
    term = float(now.last_year) if has_loans else float("nan")
    rows = {
        "price": (price_eur, affordable_eur, STEPS["price"] - tax_of_step_eur),
        "own_money": (now.own_money_eur, _at_least_zero(now.own_money_eur + gap), -STEPS["own_money"]),
        "income": (
            income_eur,
            _at_least_zero(income_eur + extra),
            now.with_extra_income(STEPS["income"]).gap_eur() - gap,
        ),
        "subsidy": (
            subsidy_eur,
            _at_least_zero(subsidy_eur + extra),
            now.with_extra_income(STEPS["subsidy"]).gap_eur() - gap,
        ),
        "loan_term": (
            term,
            _shortest_term(now),
            now.with_longer_term(int(STEPS["loan_term"])).gap_eur() - gap if has_loans else float("nan"),
        ),
        "interest_rate": (
            now.average_rate(),
            _highest_rate(now),
            now.with_rate_shift(STEPS["interest_rate"]).gap_eur() - gap if has_loans else float("nan"),
        ),
    }
    return pd.DataFrame(
        [
            {
                "lever": lever,
                "unit": UNITS[lever],
                "now": value,
                "needed": needed,
                "step": STEPS[lever],
                "gap_effect_eur": effect,
            }
            for lever, (value, needed, effect) in rows.items()
        ]
    )


def _at_least_zero(amount: float) -> float:
    """A lever that can be missed altogether; unknown stays so."""
    return float(np.maximum(0.0, amount))


def _shortest_term(now: Position) -> float:
    """[year] Term of the longest loan that closes the gap, all loans extended alike; NaN where no term does."""
    if not now.loans_eur > HALF_A_CENT or np.isnan(now.needed_eur):
        return float("nan")
    for more in range(LONGEST_EXTENSION_YEARS + 1):
        longer = now.with_longer_term(more)
        if longer.gap_eur() <= 0:
            return float(longer.last_year)
    return float("nan")


def _highest_rate(now: Position) -> float:
    """[1/year] Average rate at which the gap is just closed, all rates moved alike; NaN where no rate does."""
    if not now.loans_eur > HALF_A_CENT or np.isnan(now.needed_eur):
        return float("nan")

    def gap(points: float) -> float:
        return now.with_rate_shift(points).gap_eur()

    lowest, highest = -max(loan.rate for loan in now.loans), HIGHEST_RATE
    if gap(lowest) > 0 or gap(highest) < 0:
        return float("nan")
    points = float(brentq(gap, lowest, highest, xtol=1e-9))
    return now.with_rate_shift(points).average_rate()
