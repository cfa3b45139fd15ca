"""The price (METHOD §6): the council's rule, the price that initiatives can carry, the zone, and the aid signal."""

from __future__ import annotations

import numpy as np
import numpy_financial as npf
import pandas as pd

from valuation.arrays import Floats, figures, total_by
from valuation.case import Case
from valuation.lines import Activity, operating_cost


def price_view(case: Case, links: Activity, municipality: pd.DataFrame, society: pd.DataFrame) -> pd.DataFrame:
    """Prices of each object, one row an object.

    Parameters
    ----------
    case : Case
    links : Activity
    municipality, society : DataFrame
        The two other views, one row an object.

    Returns
    -------
    DataFrame
        `social_price_eur`, `social_price_bound`, `room_eur`, `ceiling_price_eur`, `zone_eur`, `required_share`,
        `de_minimis_aid_eur`; NaN (and no bound) for an object without an initiative.
    """
    market = figures(case.assets, "market_value_eur")
    proposed = figures(case.assets, "proposed_price_eur")
    social_value = figures(society, "social_value_eur")
    rule, bound = council_rule(
        market, social_value, share=case.assumptions.social_value_share, floor=case.assumptions.price_floor
    )
    room = financing_room(case, links)
    ceiling = np.where(links.has_initiative, ceiling_price(case, room), np.nan)
    return pd.DataFrame(
        {
            "social_price_eur": rule,
            "social_price_bound": bound,
            "room_eur": np.where(links.has_initiative, room, np.nan),
            "ceiling_price_eur": ceiling,
            "zone_eur": ceiling - figures(municipality, "reservation_price_eur"),
            "required_share": required_share(market, proposed, social_value),
            "de_minimis_aid_eur": de_minimis_aid(case, links, market, proposed),
        }
    )


def council_rule(market: Floats, social_value: Floats, *, share: float, floor: float) -> tuple[Floats, np.ndarray]:
    """Price by the council's rule: `max(floor, min(M, M - share x max(0, social value)))`.

    Parameters
    ----------
    market, social_value : array of shape (n,)
        [EUR]
    share : float
        [fraction] Share of the social value that the council lets count; higher lowers the price.
    floor : float
        [EUR] Lowest price.

    Returns
    -------
    price : array
        [EUR] NaN where the social value is unknown.
    bound : array of str or None
        Which bound holds: `market`, `share` or `floor`.
    """
    discounted = market - share * np.maximum(0.0, social_value)
    price = np.maximum(floor, np.minimum(market, discounted))
    bound = np.where(price > discounted, "floor", np.where(discounted >= market, "market", "share")).astype(object)
    bound[np.isnan(social_value)] = None
    return price, bound


def required_share(market: Floats, proposed: Floats, social_value: Floats) -> Floats:
    """Part of the social value that must come true to justify the discount.

    NaN without a proposed price or without a positive social value; 0 without a discount; above 1 even the whole
    social value is less than the discount.
    """
    discount = np.maximum(0.0, market - proposed)
    return np.where(social_value > 0, discount / np.where(social_value > 0, social_value, 1.0), np.nan)


def operating_surplus(case: Case) -> Floats:
    """[EUR per year] Cash flow available for debt service (cfads) of each initiative: income + subsidy - cost."""
    income = figures(case.initiatives, "income_eur_per_year") + figures(case.initiatives, "subsidy_eur_per_year")
    return income - operating_cost(case)


def debt_capacity(case: Case) -> Floats:
    """[EUR] Loan that each initiative's yearly surplus can serve; nominal terms, so cautious.

    The present value of surplus / DSCR over the loan's term at the loan's rate; 0 without a surplus or a term.
    """
    initiatives = case.initiatives
    term = initiatives["loan_term_years"].fillna(0.0).to_numpy(np.float64)
    rate = initiatives["loan_rate"].fillna(0.0).to_numpy(np.float64)
    service = np.maximum(0.0, operating_surplus(case)) / figures(initiatives, "dscr")
    with np.errstate(invalid="ignore", divide="ignore"):  # npf also divides by a rate of zero, and drops the result
        debt: Floats = np.asarray(npf.pv(rate, term, -service), dtype=np.float64) + 0.0
    return debt


def financing_room(case: Case, links: Activity) -> Floats:
    """[EUR] What the linked initiatives have left for the purchase after their renovation; shape (n_assets,)."""
    initiatives = case.initiatives
    own = (initiatives["own_funds_eur"] + initiatives["grants_eur"] - initiatives["renovation_eur"]).to_numpy(
        np.float64
    )
    return total_by(links.asset_of_initiative, own + debt_capacity(case), len(case.assets))


def ceiling_price(case: Case, room: Floats) -> Floats:
    """[EUR] Highest price that the initiatives can carry, transfer tax paid.

    The tax is levied on the value, or on the price where a public restriction on resale holds or the price reaches
    the market value. Without room there is nothing to tax.
    """
    tax = case.assumptions.transfer_tax_rate
    market = figures(case.assets, "market_value_eur")
    taxed_on_price = room / (1.0 + tax)
    on_price = case.assets["sale_restriction"].to_numpy(bool) | (taxed_on_price >= market)
    return np.where(room <= 0, room, np.where(on_price, taxed_on_price, room - tax * market))


def de_minimis_aid(case: Case, links: Activity, market: Floats, proposed: Floats) -> Floats:
    """[EUR] Advantage of the acquiring initiative over the period of the de minimis rule. A signal, no legal advice.

    The discount plus that period's subsidy, per undertaking whatever its duration; NaN without a proposed price.
    """
    years = float(case.reference.de_minimis["period_years"].max())
    subsidy = np.append(figures(case.initiatives, "subsidy_eur_per_year"), np.nan)
    return np.maximum(0.0, market - proposed) + years * subsidy[links.first_initiative]
