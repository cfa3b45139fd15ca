"""Talks about a price: what each side gains or gives up between the two limits, and what arrangements are worth."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


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
