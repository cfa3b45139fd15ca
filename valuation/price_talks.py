"""Talks about a price: what each side gains or gives up between the two limits, and what arrangements are worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from valuation.appraisal import Result
from valuation.case import Case
from valuation.discounting import terminal_factor


@dataclass(frozen=True)
class PriceTalks:
    """The talks about the price of one object; real euros of the price year unless named nominal, NaN is unknown.

    >>> talks = price_talks_of(appraise(case), "0101")      # around the proposed price
    >>> price_talks_of(result, "0101", price_eur=200_000.0).municipality_gain_eur

    Parameters
    ----------
    asset_id : str
    price_eur : float
        Price paid on transfer: given, or the proposed price.
    reservation_price_eur, ceiling_price_eur, zone_eur, market_value_eur : float
        [EUR] METHOD §4 and §6.
    marks : DataFrame
        The prices on the ladder, lowest first: `mark` (`reservation`, `social`, `proposed`, `ceiling`, `market`),
        `price_eur`, `municipality_gain_eur` (price less reservation), `initiative_gain_eur` (ceiling less price),
        `together_eur` (the zone, whatever the price).
    municipality_gain_eur, initiative_gain_eur : float
        [EUR] At the price with all arrangements that have a value; below zero the side gives up more than its limit.
    arrangements : DataFrame
        A row per row of the sheet: `row`, `arrangement`, `year`, `nominal_eur` (in euros of that year), `real_eur`,
        `municipality_pv_eur` (what it is worth to the municipality), `initiative_pv_eur` (what it costs the
        initiative, as a negative amount), `is_certain` (a payment that was agreed; the others hold only in the stated
        scenario), `is_pm` (without a stated year and amount there is no value).
    effective_price_eur : float
        [EUR] Price on transfer plus the certain later payments at their present value for the municipality.
    inflation_rate : float
        [1/year] With which nominal amounts were converted.
    review : DataFrame
        A row per year 0..last: `year`, `calendar_year`, `is_review`, `clawback_eur` (nominal; still to be clawed back
        at the end of that year). Empty without a row `review`.
    """

    asset_id: str
    price_eur: float
    reservation_price_eur: float
    ceiling_price_eur: float
    zone_eur: float
    market_value_eur: float
    marks: pd.DataFrame
    municipality_gain_eur: float
    initiative_gain_eur: float
    arrangements: pd.DataFrame
    effective_price_eur: float
    inflation_rate: float
    review: pd.DataFrame


@dataclass(frozen=True)
class _Terms:
    """What arrangements are valued with.

    Parameters
    ----------
    case : Case
    inflation : float
        [1/year]
    loan_rate : float
        [1/year] Nominal, of the initiative; NaN where there is no loan.
    market_eur, price_eur, deferred_eur, renovation_eur : float
        [EUR] Deferred: all agreed later payments, in euros of the transfer date.
    """

    case: Case
    inflation: float
    loan_rate: float
    market_eur: float
    price_eur: float
    deferred_eur: float
    renovation_eur: float

    def municipality_pv_eur(self, nominal_eur: float, year: int) -> float:
        """[EUR] A nominal amount at the end of a year, in real euros of now at the municipality's rate."""
        real = nominal_eur / (1.0 + self.inflation) ** year
        return real * float(terminal_factor(self.case.assumptions.municipal_discount_rate, year))

    def initiative_pv_eur(self, nominal_eur: float, year: int) -> float:
        """[EUR] What paying that amount costs the initiative: what it would have to borrow for it now."""
        return nominal_eur / (1.0 + self.loan_rate) ** year


def price_talks_of(result: Result, asset_id: str, *, price_eur: float | None = None) -> PriceTalks:
    """The talks about the price of one object (METHOD §13).

    Parameters
    ----------
    result : Result
    asset_id : str
        A `KeyError` for an unknown number.
    price_eur : float, optional
        [EUR] Price that is paid on transfer; without one the proposed price.

    Notes
    -----
    Dutch: onderhandelingsruimte en prijsafspraken.
    """
    case, figures = result.case, result.asset(asset_id)
    price = float(figures["proposed_price_eur"]) if price_eur is None else price_eur
    rows = case.price_terms[case.price_terms["asset_id"] == asset_id]
    terms = _terms(result, asset_id, rows, price)
    arrangements = _arrangements(terms, rows)
    certain = arrangements[arrangements["is_certain"].to_numpy(bool)]
    reservation, ceiling = float(figures["reservation_price_eur"]), float(figures["ceiling_price_eur"])
    effective = price + float(certain["municipality_pv_eur"].sum())
    return PriceTalks(
        asset_id=asset_id,
        price_eur=price,
        reservation_price_eur=reservation,
        ceiling_price_eur=ceiling,
        zone_eur=ceiling - reservation,
        market_value_eur=terms.market_eur,
        marks=_marks(figures, price, reservation, ceiling),
        municipality_gain_eur=effective - reservation,
        initiative_gain_eur=ceiling - price + float(certain["initiative_pv_eur"].sum(skipna=False)),
        arrangements=arrangements,
        effective_price_eur=effective,
        inflation_rate=terms.inflation,
        review=_review(result, asset_id, rows, terms),
    )


def _terms(result: Result, asset_id: str, rows: pd.DataFrame, price_eur: float) -> _Terms:
    case = result.case
    buyer = int(result.links.first_initiative[result.asset_position(asset_id)])
    deferred = rows.loc[rows["arrangement"] == "deferred_payment", "amount_eur"]
    return _Terms(
        case=case,
        inflation=case.reference.number("inflation_rate"),
        loan_rate=_loan_rate(case, buyer),
        market_eur=float(result.asset(asset_id)["market_value_eur"]),
        price_eur=price_eur,
        deferred_eur=float(deferred.sum()),
        renovation_eur=float(case.initiatives["renovation_eur"].iloc[buyer]) if buyer >= 0 else 0.0,
    )


def _loan_rate(case: Case, buyer: int) -> float:
    """[1/year] Rate at which the buyer borrows: the average of its stated loans, else that of Initiatieven; or NaN."""
    if buyer < 0:
        return float("nan")
    row = case.initiatives.iloc[buyer]
    loans = case.financing[
        (case.financing["initiative_id"] == row["initiative_id"]) & case.financing["term_years"].notna()
    ]
    total = float(loans["amount_eur"].sum())
    if total > 0:
        return float((loans["interest_rate"] * loans["amount_eur"]).sum()) / total
    return float(row["loan_rate"])


def _marks(figures: pd.Series[Any], price: float, reservation: float, ceiling: float) -> pd.DataFrame:
    """The prices on the ladder with what each side has at that price, lowest first; unknown prices are left out."""
    prices = {
        "reservation": reservation,
        "social": float(figures["social_price_eur"]),
        "proposed": price,
        "ceiling": ceiling,
        "market": float(figures["market_value_eur"]),
    }
    marks = pd.DataFrame({"mark": list(prices), "price_eur": list(prices.values())})
    marks = marks[marks["price_eur"].notna()].sort_values("price_eur", kind="stable", ignore_index=True)
    return marks.assign(
        municipality_gain_eur=marks["price_eur"] - reservation,
        initiative_gain_eur=ceiling - marks["price_eur"],
        together_eur=ceiling - reservation,
    )


def _arrangements(terms: _Terms, rows: pd.DataFrame) -> pd.DataFrame:
    """Each row of the sheet with its value to both sides; what has no year or amount is p.m."""
    columns = ("arrangement", "year", "amount_eur", "share", "indexation_rate")
    valued = [
        _arrangement(terms, int(row), *cells)
        for row, cells in zip(rows.index, zip(*(rows[column] for column in columns), strict=True), strict=True)
    ]
    names = (
        "row",
        "arrangement",
        "year",
        "nominal_eur",
        "real_eur",
        "municipality_pv_eur",
        "initiative_pv_eur",
        "is_certain",
        "is_pm",
    )
    return pd.DataFrame(valued, columns=list(names))


def _arrangement(
    terms: _Terms, row: int, arrangement: str, year: float, amount: float, share: float, indexation: float
) -> dict[str, Any]:
    is_pm = arrangement == "review" or np.isnan(year) or np.isnan(amount)
    nominal = worth = float("nan")
    if not is_pm:
        stated = amount * (1.0 + indexation) ** int(year)
        nominal, worth = _payment(terms, arrangement, stated, share, int(year))
    at = 0 if is_pm else int(year)
    return {
        "row": row,
        "arrangement": arrangement,
        "year": year,
        "nominal_eur": nominal,
        "real_eur": nominal / (1.0 + terms.inflation) ** at,
        "municipality_pv_eur": terms.municipality_pv_eur(worth, at) if not is_pm else float("nan"),
        "initiative_pv_eur": -terms.initiative_pv_eur(worth, at) + 0.0 if not is_pm else float("nan"),
        "is_certain": arrangement == "deferred_payment",
        "is_pm": is_pm,
    }


def _payment(terms: _Terms, arrangement: str, stated_eur: float, share: float, year: int) -> tuple[float, float]:
    """[EUR of that year] What is paid, and what that is worth to the municipality.

    Of a resale the municipality is paid its share of the profit: resale price less what the buyer paid and renovated,
    never below zero. It uses its right to buy back only where the object is worth more than the buy-back price; what
    it is then worth is today's market value in euros of that year.
    """
    if arrangement == "profit_share":
        profit = stated_eur - terms.price_eur - terms.deferred_eur - terms.renovation_eur
        paid = share * float(np.maximum(0.0, profit))
        return paid, paid
    if arrangement == "buy_back":
        worth = terms.market_eur * (1.0 + terms.inflation) ** year
        return stated_eur, max(0.0, worth - stated_eur)
    return stated_eur, stated_eur


def _review(result: Result, asset_id: str, rows: pd.DataFrame, terms: _Terms) -> pd.DataFrame:
    """The years of review and what can still be clawed back at the end of each year; empty without that agreement."""
    columns = ("year", "calendar_year", "is_review", "clawback_eur")
    agreed = rows[rows["arrangement"] == "review"]
    if agreed.empty:
        return pd.DataFrame({column: [] for column in columns})
    row = agreed.iloc[0]
    last = int(result.links.asset_years[result.asset_position(asset_id)])
    interval = row["year"] if row["year"] == row["year"] else terms.case.reference.number("review_interval_years")
    discount = float(np.maximum(0.0, terms.market_eur - terms.price_eur))
    amount = row["amount_eur"] if row["amount_eur"] == row["amount_eur"] else discount
    lapses = row["share"] if row["share"] == row["share"] else 1.0 / last
    years = np.arange(last + 1)
    left = np.maximum(0.0, 1.0 - lapses * years)
    left[np.abs(left) < 1e-12] = 0.0  # what floating point leaves of the last part
    return pd.DataFrame(
        {
            "year": years,
            "calendar_year": terms.case.assumptions.base_year + np.maximum(years - 1, 0),
            "is_review": (years > 0) & (years % int(interval) == 0),
            "clawback_eur": amount * left,
        }
    )
