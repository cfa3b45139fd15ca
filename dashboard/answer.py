"""The answer in a few plain sentences, and the figures that stand beside it: a row of `Result.assets` in, words out."""

from __future__ import annotations

import math
from typing import NamedTuple

import pandas as pd

from dashboard.frame import plain
from dashboard.notation import about, amount, percent, year
from dashboard.wording import _
from valuation import verdict


def answer(asset: pd.Series) -> str:
    """What the books say and what the transfer is worth, in one or two sentences."""
    book = _bold(asset["book_value_eur"])
    if not asset["has_initiative"]:
        return _(
            "The books say {book}, a buyer would pay {market}. What it could be worth to society is not known yet: "
            "no initiative in the workbook wants to take it over.",
            book=book,
            market=_bold(asset["market_value_eur"]),
        )
    social = float(asset["social_value_eur"])
    if social >= 0:
        return _(
            "The books say {book}; to society the transfer is worth {social}, compared with keeping it.",
            book=book,
            social=_bold(social),
        )
    return _(
        "The books say {book}; for society the transfer costs {social} more than it brings, compared with keeping it.",
        book=book,
        social=_bold(abs(social)),
    )


def price_answer(asset: pd.Series, deficits: pd.DataFrame) -> str:
    """Between which prices both parties come out, or how far apart they are.

    Parameters
    ----------
    asset : Series
        A row of `Result.assets`.
    deficits : DataFrame
        `valuation.explain.structural_deficits`: where there is one, no price suits the initiative.
    """
    sentences = [
        _(
            "{name} is {deficit} short each year, a structural deficit: as the plan stands it cannot "
            "carry this, whatever the price.",
            name=plain(row.name),
            deficit=_bold(row.deficit_eur_per_year),
        )
        for row in deficits.itertuples()
    ]
    if asset["has_initiative"] and not verdict.has_room(asset):
        return " ".join([_room(asset), *sentences])
    if not asset["has_initiative"] or sentences:
        return " ".join([_municipality(float(asset["reservation_price_eur"])), *sentences])
    return _room(asset)


def _municipality(reservation: float) -> str:
    """From which price on the municipality is no worse off, where nobody's other bound stands beside it."""
    if reservation < 0:
        return _(
            "Even for nothing the municipality is {gain} better off than when it keeps it, if all savings come true.",
            gain=_bold(-reservation),
        )
    return _(
        "Compared with keeping it, the municipality is no worse off from a price of {reservation}, if all savings "
        "come true.",
        reservation=_bold(reservation),
    )


def _room(asset: pd.Series) -> str:
    """Which prices suit both, or how far apart they are. A price below zero is money that the municipality adds."""
    reservation, ceiling = float(asset["reservation_price_eur"]), float(asset["ceiling_price_eur"])
    amounts = {
        "low": _bold(reservation),
        "high": _bold(ceiling),
        "short": _bold(-ceiling),
        "gain": _bold(-reservation),
        "gap": _bold(abs(asset["zone_eur"])),
    }
    match verdict.room(asset):
        case "between":
            return _(
                "Compared with keeping it, every price between {low} and {high} suits both, if all savings come true.",
                **amounts,
            )
        case "from_nothing":
            return _(
                "Every price up to {high} suits both: even for nothing the municipality is {gain} better off than when "
                "it keeps it, if all savings come true.",
                **amounts,
            )
        case "money_added":
            return _(
                "Even when it gets it for nothing the initiative is {short} short. The municipality could add that: up "
                "to {gain} it is no worse off than when it keeps it, if all savings come true.",
                **amounts,
            )
        case "gap":
            return _(
                "No price suits both: the municipality needs at least {low}, the initiative can carry at most {high}. "
                "The gap is {gap}.",
                **amounts,
            )
        case "gap_money_added":
            return _(
                "No price suits both: even when it gets it for nothing the initiative is {short} short, and the "
                "municipality can add at most {gain}. The gap is {gap}.",
                **amounts,
            )
        case "gap_short_at_nothing":
            return _(
                "No price suits both: the municipality needs at least {low}, and the initiative is {short} short even "
                "when it gets it for nothing. The gap is {gap}.",
                **amounts,
            )


def proposal_answer(asset: pd.Series, deficits: pd.DataFrame) -> str:
    """Where the proposed price lies, and whether a discount is needed at all. Parameters as in `price_answer`."""
    if not asset["has_initiative"]:
        return ""
    price = _bold(asset["proposed_price_eur"])
    match verdict.proposal(asset):
        case "neither":
            return _("The proposed price of {price} suits neither.", price=price)
        case "too_high":
            return _("The proposed price of {price} is more than the initiative can carry.", price=price)
        case "too_low":
            return _(
                "At the proposed price of {price} the municipality is worse off than when it keeps it.", price=price
            )
        case "none":
            within = _("No price has been proposed yet.")
        case "within":
            within = "" if len(deficits) else _("The proposed price of {price} lies within it.", price=price)
    return " ".join(filter(None, (within, _no_discount(asset, deficits))))


def _no_discount(asset: pd.Series, deficits: pd.DataFrame) -> str:
    """A discount is needed only where the ceiling lies below the market value (METHOD §10)."""
    market = float(asset["market_value_eur"])
    can_carry_it = asset["ceiling_price_eur"] >= market and deficits.empty
    if not can_carry_it or asset["proposed_price_eur"] >= market:
        return ""
    return _("The initiative can carry the market value of {market}: it needs no discount.", market=_bold(market))


def sale_answer(asset: pd.Series) -> str:
    """Where there is room against keeping but none against selling: what the municipality then needs."""
    if not verdict.has_no_room_against_sale(asset):
        return ""
    return _(
        "Compared with selling it on the market now, the municipality needs at least {sale}: more than the initiative "
        "can carry.",
        sale=_bold(asset["reservation_price_against_sale_eur"]),
    )


def better_sold_answer(asset: pd.Series) -> str:
    """Where society gains against keeping but loses against selling: nobody should have to look for that."""
    if not verdict.is_better_sold(asset):
        return ""
    return _(
        "To society the transfer brings {less} less than selling it; what users lose at a sale counts only as far as "
        "it is filled in.",
        less=_bold(-asset["social_value_against_sale_eur"]),
    )


def budget_answer(parts: pd.DataFrame) -> str:
    """What comes back every year, and what comes once: the answer to what it would cost."""
    first, last = parts.iloc[0], parts.iloc[-1]
    every_year = _(
        "Against keeping it the budget changes by {first} in {first_year} and by {last} in {last_year}, yearly; above "
        "zero it is better off.",
        first=f"**{amount(first.recurring_total_eur)}**",
        first_year=year(first.year),
        last=f"**{amount(last.recurring_total_eur)}**",
        last_year=year(last.year),
    )
    if math.isnan(first.one_off_total_eur):
        return every_year + " " + _("What comes once is not known without a proposed price.")
    once = _("Once, at the proposed price: {amount}.", amount=f"**{amount(first.one_off_total_eur)}**")
    return f"{every_year} {once}"


def _bold(value: float) -> str:
    return f"**{about(value)}**"


class Card(NamedTuple):
    """One headline figure: in which view, what it is, the figure, and what counts in it."""

    view: str
    name: str
    figure: str
    note: str


def cards(asset: pd.Series, deficits: pd.DataFrame, *, hours_counted: bool) -> list[Card]:
    """The headline figures, each in its own view. `deficits` as in `price_answer`."""
    return [
        _books(asset),
        _purse(asset),
        *(
            [_initiative(asset, deficits), _society(asset, hours_counted=hours_counted)]
            if asset["has_initiative"]
            else []
        ),
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
    reservation = float(asset["reservation_price_eur"])
    against_keeping = (
        _("Against keeping it, if all savings come true: below zero says that it is better off even for nothing.")
        if reservation < 0
        else _("Against keeping it, if all savings come true.")
    )
    against_sale = _("Against selling it: from {amount}.", amount=about(asset["reservation_price_against_sale_eur"]))
    return Card(
        _("For the municipality’s purse"),
        _("No worse off from"),
        about(reservation),
        f"{against_keeping} {against_sale}",
    )


def _initiative(asset: pd.Series, deficits: pd.DataFrame) -> Card:
    note = (
        _("From own money, grants and a loan, after the renovation and the transfer tax.")
        if deficits.empty
        else _("Once, from own money and grants. It cannot carry the yearly deficit: see above.")
    )
    return Card(_("For the initiative"), _("Can carry at most"), about(asset["ceiling_price_eur"]), note)


def _society(asset: pd.Series, *, hours_counted: bool) -> Card:
    parts = {"benefits": about(asset["social_benefits_eur"]), "costs": about(asset["social_costs_eur"])}
    note = (
        _("Benefits {benefits}, costs {costs}, volunteer hours included.", **parts)
        if hours_counted
        else _("Benefits {benefits}, costs {costs}, volunteer hours not included.", **parts)
    )
    against_sale = _("Against selling it: {amount}.", amount=about(asset["social_value_against_sale_eur"]))
    return Card(_("For society"), _("Social value"), about(asset["social_value_eur"]), f"{note} {against_sale}")


def share_answer(asset: pd.Series) -> str:
    """Which part of the social value must come true to justify the discount."""
    share = f"**{percent(float(asset['required_share']))}**"
    match verdict.share_needed(asset):
        case "no_price":
            return _("Without a proposed price there is no discount to justify.")
        case "no_value":
            return _("The social value is not above zero, so it cannot justify a discount.")
        case "no_discount":
            return _("The proposed price is not below the market value: there is no discount to justify.")
        case "more_than_all":
            return _(
                "Even if the whole social value comes true, it is less than the discount: {share} of it would be "
                "needed.",
                share=share,
            )
        case "part":
            return _("{share} of the social value must come true to justify the discount.", share=share)


def rent_answer(rent: float, gap: float) -> str:
    """The cost-covering rent beside the rent now; `gap` is how much higher it is [EUR per year]."""
    if gap < 0:
        return _(
            "the cost-covering rent is {rent} a year, {gap} less than the rent now.",
            rent=amount(rent),
            gap=amount(-gap),
        )
    return _(
        "the cost-covering rent is {rent} a year, {gap} more than the rent now.",
        rent=amount(rent),
        gap=amount(gap),
    )


def largest_benefit(steps: pd.DataFrame, names: list[str]) -> str:
    """Which benefit of the bridge is the largest; nothing where there is none."""
    first = steps.iloc[2]
    is_benefit = first["kind"] != "social_value" and first["value_eur"] > 0
    return _("The largest benefit is {largest}.", largest=names[2]) if is_benefit else ""
