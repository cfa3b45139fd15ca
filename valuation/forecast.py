"""Result, cash and balance through the years, from items, loans and what is bought (METHOD §13).

Cash and equity are built up separately, so that a balance sheet that closes says something.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from valuation.arrays import Floats
from valuation.loans import Loan, Schedule, together
from valuation.operations import QUARTERS, RESERVE, Items, quarter_shares

FORECAST_YEARS = 10
LIQUIDITY_YEARS = 2
HALF_A_CENT = 0.005
"""Less than this is nothing: no payment, and no shortage."""


@dataclass(frozen=True)
class Deferred:
    """A part of the price that is paid later.

    Parameters
    ----------
    amount_eur : float
        In euros of the transfer date.
    year : int
        At whose end it is paid.
    indexation : float
        [1/year] By which the amount rises until then.
    """

    amount_eur: float
    year: int
    indexation: float

    def nominal_eur(self) -> float:
        """[EUR] What is paid, in euros of that year."""
        return self.amount_eur * (1.0 + self.indexation) ** self.year


@dataclass(frozen=True)
class Setup:
    """What a forecast starts from; amounts are nominal euros, NaN is unknown.

    Parameters
    ----------
    items : Items
    loans : tuple of Loan
    deferred : tuple of Deferred
    contributions_eur : float
        Own funds and gifts of year 0.
    price_eur, transfer_tax_eur, renovation_eur : float
    property_life_years, renovation_life_years : int | None
        None is not depreciated.
    """

    items: Items
    loans: tuple[Loan, ...]
    deferred: tuple[Deferred, ...]
    contributions_eur: float
    price_eur: float
    transfer_tax_eur: float
    renovation_eur: float
    property_life_years: int | None
    renovation_life_years: int | None

    @property
    def last_year(self) -> int:
        """Last year that anything is due to a financier, and at least the tenth."""
        ends = [loan.term_years for loan in self.loans] + [part.year for part in self.deferred]
        return max([FORECAST_YEARS, *ends])

    def with_loans(self, loans: tuple[Loan, ...]) -> Setup:
        """The same with other loans."""
        return replace(self, loans=loans)


@dataclass(frozen=True)
class Forecast:
    """The years 0..n of one setup; arrays have shape (n + 1,), positive unless named otherwise.

    Parameters
    ----------
    amounts : array of shape (n_items, n + 1)
    income, cost, reserve : array
        Cost is without the reserve for replacement.
    loans : Schedule
    deferred_paid, deferred_debt : array
        Payments, and what is still to be paid as indexed so far.
    depreciation_of_property, depreciation_of_renovation : array
    property_value, renovation_value : array
        At the end of the year.
    cash, reserve_balance, equity : array
        At the end of the year; cash may be below zero.
    quarterly : dict of arrays
        The first two years: `income`, `subsidy`, `cost`, `debt_service`, `closing_cash`.
    """

    amounts: Floats
    income: Floats
    cost: Floats
    reserve: Floats
    loans: Schedule
    deferred_paid: Floats
    deferred_debt: Floats
    depreciation_of_property: Floats
    depreciation_of_renovation: Floats
    property_value: Floats
    renovation_value: Floats
    cash: Floats
    reserve_balance: Floats
    equity: Floats
    quarterly: dict[str, Floats]

    @property
    def cfads(self) -> Floats:
        """[EUR] Cash flow available for debt service: income less cost and reserve."""
        return self.income - self.cost - self.reserve

    @property
    def debt_service(self) -> Floats:
        """[EUR] Interest, repayment and deferred payments; year 0 has none."""
        return self.loans.service + self.deferred_paid

    @property
    def interest(self) -> Floats:
        """[EUR] Interest on loans and the indexation of the deferred price."""
        accrued = np.diff(self.deferred_debt, prepend=self.deferred_debt[0]) + self.deferred_paid
        return self.loans.interest + accrued

    @property
    def depreciation(self) -> Floats:
        """[EUR] Of property and renovation together."""
        return self.depreciation_of_property + self.depreciation_of_renovation

    @property
    def result(self) -> Floats:
        """[EUR] Income less cost, depreciation and interest, before the reserve; year 0 is the start-up."""
        return self.income - self.cost - self.depreciation - self.interest

    @property
    def lowest_cash(self) -> float:
        """[EUR] Lowest cash at the end of a year of the forecast or a quarter of its first years."""
        yearly, quarterly = self.cash[: FORECAST_YEARS + 1], self.quarterly["closing_cash"]
        return float(min(yearly.min(), quarterly.min()))  # NaN where the price is not known


def forecast(setup: Setup, years: int, amounts: Floats | None = None) -> Forecast:
    """Result, cash and balance in the years 0..`years`.

    Parameters
    ----------
    setup : Setup
    years : int
    amounts : array of shape (n_items, years + 1), optional
        [EUR] The items' amounts, where they are not what the items say.
    """
    items = setup.items
    amounts = items.amounts(years) if amounts is None else amounts
    is_income, is_reserve = items.is_income, items.kind == RESERVE
    income = amounts[is_income].sum(axis=0)
    cost = amounts[~is_income & ~is_reserve].sum(axis=0)
    reserve = amounts[is_reserve].sum(axis=0)
    loans = together(setup.loans, years)
    paid, owed = deferred_course(setup.deferred, years)

    deferred_price = sum(part.amount_eur for part in setup.deferred)
    bought = setup.price_eur + setup.transfer_tax_eur
    of_property = depreciation(bought + deferred_price, setup.property_life_years, years)
    of_renovation = depreciation(setup.renovation_eur, setup.renovation_life_years, years)

    change = income - cost - loans.service - paid
    change[0] += setup.contributions_eur + sum(loan.amount_eur for loan in setup.loans) - bought - setup.renovation_eur
    accrued = np.diff(owed, prepend=owed[0]) + paid
    result = income - cost - of_property - of_renovation - loans.interest - accrued
    result[0] += setup.contributions_eur
    reserve_balance = np.cumsum(reserve)
    return Forecast(
        amounts=amounts,
        income=income,
        cost=cost,
        reserve=reserve,
        loans=loans,
        deferred_paid=paid,
        deferred_debt=owed,
        depreciation_of_property=of_property,
        depreciation_of_renovation=of_renovation,
        property_value=bought + deferred_price - np.cumsum(of_property),
        renovation_value=setup.renovation_eur - np.cumsum(of_renovation),
        cash=np.cumsum(change),
        reserve_balance=reserve_balance,
        equity=np.cumsum(result) - reserve_balance,
        quarterly=_quarters(items, amounts, loans, paid, opening=float(change[0])),
    )


def depreciation(amount: float, life_years: int | None, years: int) -> Floats:
    """[EUR] Linear depreciation in the years 0..`years`: equal parts from year 1 on, nothing without a life."""
    parts = np.zeros(years + 1) * amount
    if life_years is not None:
        parts[1 : life_years + 1] = amount / life_years
    return parts


def deferred_course(parts: tuple[Deferred, ...], years: int) -> tuple[Floats, Floats]:
    """[EUR] What is paid later in each year 0..`years`, and what is still owed at its end, indexed so far."""
    paid, owed = np.zeros(years + 1), np.zeros(years + 1)
    for part in parts:
        due = np.arange(years + 1)
        owed += np.where(due < part.year, part.amount_eur * (1.0 + part.indexation) ** due, 0.0)
        if part.year <= years:
            paid[part.year] += part.nominal_eur()
    return paid, owed


def _quarters(
    items: Items, amounts: Floats, loans: Schedule, deferred_paid: Floats, opening: float
) -> dict[str, Floats]:
    """Cash by quarter in the first years; each year adds up to that year of the forecast."""
    shares = quarter_shares(items.kind)
    first = slice(1, LIQUIDITY_YEARS + 1)
    by_quarter = (amounts[:, first, None] * shares[:, None, :]).reshape(len(shares), LIQUIDITY_YEARS * QUARTERS)
    is_subsidy = items.kind == "subsidy"
    income = by_quarter[items.is_income & ~is_subsidy].sum(axis=0)
    subsidy = by_quarter[is_subsidy].sum(axis=0)
    cost = by_quarter[~items.is_income & (items.kind != RESERVE)].sum(axis=0)
    service = np.repeat(loans.service[first] / QUARTERS, QUARTERS)
    service[QUARTERS - 1 :: QUARTERS] += deferred_paid[first]
    closing = opening + np.cumsum(income + subsidy - cost - service)
    return {"income": income, "subsidy": subsidy, "cost": cost, "debt_service": service, "closing_cash": closing}


def dscr(cfads: Floats, service: Floats) -> Floats:
    """Cash flow available for each euro of debt service; NaN in a year without any."""
    has_service = service > HALF_A_CENT
    ratio: Floats = np.where(has_service, cfads / np.where(has_service, service, 1.0), np.nan)
    return ratio


def lowest_dscr(cfads: Floats, service: Floats) -> tuple[float, int | None]:
    """The lowest DSCR and its year; NaN and None without debt service."""
    by_year = dscr(cfads, service)
    if np.isnan(by_year).all():
        return float("nan"), None
    year = int(np.nanargmin(by_year))
    return float(by_year[year]), year


def break_even_occupancy(items: Items, result: Forecast) -> Floats:
    """[fraction] Occupancy of all hall hire at which nothing is left after debt service, in each year.

    NaN without hall hire, and where even a full hall is not enough; 0 where the year closes without any hire.
    """
    halls = items.kind == "hall_hire"
    hired = result.amounts[halls].sum(axis=0)
    full = items.full_amounts(len(hired) - 1)[halls].sum(axis=0)
    missing = result.debt_service - (result.cfads - hired)
    some = full > HALF_A_CENT
    share = np.where(some, missing / np.where(some, full, 1.0), np.nan)
    found: Floats = np.where(share > 1.0, np.nan, np.maximum(share, 0.0))
    return found
