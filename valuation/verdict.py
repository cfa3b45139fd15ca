"""What the figures of one object come to: which case it is, in the terms of METHOD §10; the words are made elsewhere.

Screen and documents say it in sentences of their own. What they distinguish stands here, so both say the same.
A row of `Result.assets` goes in.
"""

from __future__ import annotations

import math
from typing import Literal

import pandas as pd

Room = Literal["between", "from_nothing", "money_added", "gap", "gap_money_added", "gap_short_at_nothing"]
Proposal = Literal["none", "neither", "too_high", "too_low", "within"]
Share = Literal["no_price", "no_discount", "no_value", "more_than_all", "part"]


def room(asset: pd.Series) -> Room:
    """Which prices suit both parties, compared with keeping the object; for an object with an initiative.

    Returns
    -------
    str
        `between`: those from the reservation price to the ceiling price. `from_nothing`: every price up to the
        ceiling, since the municipality gains even when it asks nothing. `money_added`: none, but the municipality can
        add what the initiative is short, and still gain. The others have no room: `gap`; `gap_money_added`, where the
        municipality can add something and it is not enough; `gap_short_at_nothing`, where the municipality needs money
        and the initiative is short even when it pays nothing.
    """
    reservation, ceiling = float(asset["reservation_price_eur"]), float(asset["ceiling_price_eur"])
    if ceiling < reservation:
        if reservation < 0:
            return "gap_money_added"
        return "gap_short_at_nothing" if ceiling < 0 else "gap"
    if ceiling < 0:
        return "money_added"
    return "from_nothing" if reservation < 0 else "between"


def has_room(asset: pd.Series) -> bool:
    """Whether some price suits both parties, compared with keeping the object."""
    return bool(asset["has_initiative"]) and not room(asset).startswith("gap")


def has_no_room_against_sale(asset: pd.Series) -> bool:
    """Whether the room that there is against keeping the object is gone beside selling it on the market."""
    return has_room(asset) and bool(asset["reservation_price_against_sale_eur"] > asset["ceiling_price_eur"])


def is_better_sold(asset: pd.Series) -> bool:
    """Whether society gains when the object is transferred and not kept, but would gain more if it were sold."""
    gains = bool(asset["has_initiative"]) and bool(asset["social_value_eur"] >= 0)
    return gains and bool(asset["social_value_against_sale_eur"] < 0)


def proposal(asset: pd.Series) -> Proposal:
    """Where the proposed price lies: above the ceiling price is too high, below the reservation price too low."""
    price = float(asset["proposed_price_eur"])
    if math.isnan(price):
        return "none"
    too_high, too_low = price > asset["ceiling_price_eur"], price < asset["reservation_price_eur"]
    if too_high:
        return "neither" if too_low else "too_high"
    return "too_low" if too_low else "within"


def share_needed(asset: pd.Series) -> Share:
    """Which part of the social value must come true to justify the discount.

    Returns
    -------
    str
        `no_price`: none is proposed. `no_discount`: the price is not below the market value. `no_value`: the social
        value is not above zero. `more_than_all`: the whole would not do. `part`: the required share.
    """
    price, share = float(asset["proposed_price_eur"]), float(asset["required_share"])
    if math.isnan(price):
        return "no_price"
    if price >= asset["market_value_eur"]:
        return "no_discount"
    if math.isnan(share):
        return "no_value"
    return "more_than_all" if share > 1 else "part"
