"""The answer in a few plain sentences, and the figures that stand beside it: a row of `Result.assets` in, words out."""

from __future__ import annotations

import math
from typing import NamedTuple

import pandas as pd

from dashboard.notation import amount, percent, short_amount
from dashboard.wording import _

ROUND_FROM = 10_000


def about(value: float) -> str:
    """An amount as one says it: € 2,6 mln., € 813.000, € 9.250. The tables have it in full."""
    small = math.isnan(value) or abs(value) < ROUND_FROM
    return amount(value) if small else short_amount(round(value, -3)).removesuffix(".")


def answer(asset: pd.Series) -> str:
    """What the books say and what the transfer is worth, in one or two sentences."""
    book = f"**{about(asset['book_value_eur'])}**"
    if not asset["has_initiative"]:
        return _(
            "The books say {book}, a buyer would pay {market}. What it could be worth to society is not known yet: "
            "no initiative in the workbook wants to take it over.",
            book=book,
            market=f"**{about(asset['market_value_eur'])}**",
        )
    social = float(asset["social_value_eur"])
    if social >= 0:
        return _(
            "The books say {book}; to society the transfer is worth {social}.",
            book=book,
            social=f"**{about(social)}**",
        )
    return _(
        "The books say {book}; for society the transfer costs {social} more than it brings.",
        book=book,
        social=f"**{about(abs(social))}**",
    )


def price_answer(asset: pd.Series) -> str:
    """Between which prices both parties come out, or how far apart they are."""
    reservation, ceiling = float(asset["reservation_price_eur"]), float(asset["ceiling_price_eur"])
    if not asset["has_initiative"]:
        return _(
            "Against keeping it, the municipality is no worse off from a price of {reservation}.",
            reservation=f"**{about(reservation)}**",
        )
    low, high = f"**{about(reservation)}**", f"**{about(ceiling)}**"
    if ceiling < reservation:
        return _(
            "No price suits both: the municipality needs at least {low}, the initiative can carry at most {high}. "
            "The gap is {gap}.",
            low=low,
            high=high,
            gap=f"**{about(abs(asset['zone_eur']))}**",
        )
    if reservation < 0:
        return _(
            "Between {low} and {high} a transfer suits both parties; below zero the municipality would pay.",
            low=low,
            high=high,
        )
    return _("Between {low} and {high} a transfer suits both parties.", low=low, high=high)


def proposal_answer(asset: pd.Series) -> str:
    """Where the proposed price lies."""
    price = float(asset["proposed_price_eur"])
    if not asset["has_initiative"]:
        return ""
    if math.isnan(price):
        return _("No price has been proposed yet.")
    words = f"**{about(price)}**"
    if price > asset["ceiling_price_eur"] and price < asset["reservation_price_eur"]:
        return _("The proposed price of {price} suits neither.", price=words)
    if price > asset["ceiling_price_eur"]:
        return _("The proposed price of {price} is more than the initiative can carry.", price=words)
    if price < asset["reservation_price_eur"]:
        return _(
            "At the proposed price of {price} the municipality is worse off than when it keeps it.",
            price=words,
        )
    return _("The proposed price of {price} lies within it.", price=words)


class Card(NamedTuple):
    """One headline figure: in which view, what it is, the figure, and what counts in it."""

    view: str
    name: str
    figure: str
    note: str


def cards(asset: pd.Series, *, hours_counted: bool) -> list[Card]:
    """The headline figures, each in its own view."""
    return [
        _books(asset),
        _purse(asset),
        *([_initiative(asset), _society(asset, hours_counted=hours_counted)] if asset["has_initiative"] else []),
    ]


def _books(asset: pd.Series) -> Card:
    result = float(asset["book_result_eur"])
    note = _("No book result without a proposed price.")
    if result < 0:
        note = _("One-off book loss at the proposed price: {amount}.", amount=about(abs(result)))
    elif result >= 0:
        note = _("One-off book gain at the proposed price: {amount}.", amount=about(result))
    return Card(_("In the books"), _("Book value"), about(asset["book_value_eur"]), note)


def _purse(asset: pd.Series) -> Card:
    note = _(
        "Against keeping it, if all savings come true. Against selling it: from {amount}.",
        amount=about(asset["reservation_price_against_sale_eur"]),
    )
    return Card(
        _("For the municipality’s purse"),
        _("No worse off from"),
        about(asset["reservation_price_eur"]),
        note,
    )


def _initiative(asset: pd.Series) -> Card:
    note = _("From own money, grants and a loan, after the renovation and the transfer tax.")
    return Card(_("For the initiative"), _("Can carry at most"), about(asset["ceiling_price_eur"]), note)


def _society(asset: pd.Series, *, hours_counted: bool) -> Card:
    parts = {"benefits": about(asset["social_benefits_eur"]), "costs": about(asset["social_costs_eur"])}
    note = (
        _("Benefits {benefits}, costs {costs}, volunteer hours included. The price does not count.", **parts)
        if hours_counted
        else _(
            "Benefits {benefits}, costs {costs}, volunteer hours not included. The price does not count.",
            **parts,
        )
    )
    return Card(_("For society"), _("Social value"), about(asset["social_value_eur"]), note)


def share_answer(asset: pd.Series) -> str:
    """Which part of the social value must come true to justify the discount."""
    share, price = float(asset["required_share"]), float(asset["proposed_price_eur"])
    if math.isnan(price):
        return _("Without a proposed price there is no discount to justify.")
    if math.isnan(share):
        return _("The social value is not above zero, so it cannot justify a discount.")
    if share == 0:
        return _("The proposed price is not below the market value: there is no discount to justify.")
    if share > 1:
        return _(
            "Even if the whole social value comes true, it is less than the discount: {share} of it would be needed.",
            share=f"**{percent(share)}**",
        )
    return _("{share} of the social value must come true to justify the discount.", share=f"**{percent(share)}**")
