"""The answer in three sentences: what it is worth, which price suits both, and what must come true.

A row of `Result.assets` in, words out; the same distinctions as the page Value makes.
"""

from __future__ import annotations

import pandas as pd

from exports.documents.model import Run, Text, shortened, strong
from exports.documents.words import Parts, Words
from valuation import verdict

MOST_OF_A_NAME = 70


def three_sentences(words: Words, asset: pd.Series, deficits: pd.DataFrame) -> tuple[Text, Text, Text]:
    """The answer for one object.

    Parameters
    ----------
    words : Words
    asset : Series
        A row of `Result.assets`.
    deficits : DataFrame
        `valuation.explain.structural_deficits`: where there is one, no price suits the initiative.
    """
    return value_sentence(words, asset), price_sentence(words, asset, deficits), proof_sentence(words, asset, deficits)


def value_sentence(words: Words, asset: pd.Series) -> Text:
    """What the books say, and what the transfer is worth to society, against keeping and where selling brings more."""
    book = _bold(words, asset["book_value_eur"])
    if not asset["has_initiative"]:
        return words.text(
            "De boeken zeggen {book} en een koper zou {market} betalen; wat het voor de samenleving waard kan zijn, is "
            "niet bekend, want geen initiatief in de werkmap wil het overnemen.",
            "The books say {book} and a buyer would pay {market}; what it could be worth to society is not known, since "
            "no initiative in the workbook wants to take it over.",
            book=book,
            market=_bold(words, asset["market_value_eur"]),
        )
    social = float(asset["social_value_eur"])
    if social >= 0:
        against_keeping = words.text(
            "De boeken zeggen {book}; voor de samenleving is de overdracht {social} waard, vergeleken met houden",
            "The books say {book}; to society the transfer is worth {social}, compared with keeping it",
            book=book,
            social=_bold(words, social),
        )
        return (*against_keeping, *_better_sold(words, asset), Run("."))
    return words.text(
        "De boeken zeggen {book}; vergeleken met houden kost de overdracht de samenleving {social} meer dan hij "
        "oplevert.",
        "The books say {book}; for society the transfer costs {social} more than it brings, compared with keeping it.",
        book=book,
        social=_bold(words, -social),
    )


def _better_sold(words: Words, asset: pd.Series) -> Text:
    """Where society gains against keeping but loses against selling: nobody should have to look for that."""
    if not verdict.is_better_sold(asset):
        return ()
    return words.text(
        ", maar {less} minder dan verkopen (wat gebruikers dan verliezen telt mee voor zover ingevuld)",
        ", but {less} less than selling it (what users then lose counts as far as filled in)",
        less=_bold(words, -asset["social_value_against_sale_eur"]),
    )


def price_sentence(words: Words, asset: pd.Series, deficits: pd.DataFrame) -> Text:
    """Between which prices both parties come out, or how far apart they are."""
    if len(deficits):
        return _deficit(words, asset, deficits)
    if not asset["has_initiative"]:
        return _municipality(words, float(asset["reservation_price_eur"]))
    return (*_room(words, asset), *_against_sale(words, asset), Run("."))


def _deficit(words: Words, asset: pd.Series, deficits: pd.DataFrame) -> Text:
    first, others = deficits.iloc[0], len(deficits) - 1
    more = (
        words.plain(" (en {count} andere ook)", " (and so do {count} others)", count=words.number(others))
        if others
        else ""
    )
    reservation = float(asset["reservation_price_eur"])
    plan = words.text(
        "Zoals het plan er nu ligt komt {name} elk jaar {deficit} tekort{more} en kan het dit niet dragen, welke prijs "
        "het ook betaalt; ",
        "As the plan stands {name} falls {deficit} short each year{more} and cannot carry this, whatever the price; ",
        name=shortened(str(first["name"]), MOST_OF_A_NAME),
        deficit=_bold(words, first["deficit_eur_per_year"]),
        more=more,
    )
    purse = (
        words.text(
            "de gemeente is zelfs bij een prijs van nul {gain} beter af dan wanneer zij het houdt, als alle besparingen "
            "uitkomen.",
            "even for nothing the municipality is {gain} better off than when it keeps it, if all savings come true.",
            gain=_bold(words, -reservation),
        )
        if reservation < 0
        else words.text(
            "de gemeente is niet slechter af vanaf {low}, als alle besparingen uitkomen.",
            "the municipality is no worse off from {low}, if all savings come true.",
            low=_bold(words, reservation),
        )
    )
    return (*plan, *purse)


def _municipality(words: Words, reservation: float) -> Text:
    if reservation < 0:
        return words.text(
            "Zelfs bij een prijs van nul is de gemeente {gain} beter af dan wanneer zij het houdt, als alle besparingen "
            "uitkomen.",
            "Even for nothing the municipality is {gain} better off than when it keeps it, if all savings come true.",
            gain=_bold(words, -reservation),
        )
    return words.text(
        "Vergeleken met houden is de gemeente niet slechter af vanaf een prijs van {low}, als alle besparingen uitkomen.",
        "Compared with keeping it, the municipality is no worse off from a price of {low}, if all savings come true.",
        low=_bold(words, reservation),
    )


def _room(words: Words, asset: pd.Series) -> Text:
    """Which prices suit both, or how far apart they are, without the full stop.

    A price below zero is money that the municipality adds.
    """
    reservation, ceiling = float(asset["reservation_price_eur"]), float(asset["ceiling_price_eur"])
    parts: Parts = {
        "low": _bold(words, reservation),
        "high": _bold(words, ceiling),
        "short": _bold(words, -ceiling),
        "gain": _bold(words, -reservation),
        "gap": _bold(words, -float(asset["zone_eur"])),
    }
    nl, en = _ROOM[verdict.room(asset)]
    return words.text(nl, en, **parts)


_ROOM: dict[verdict.Room, tuple[str, str]] = {
    "between": (
        "Vergeleken met houden past elke prijs tussen {low} en {high} voor beide partijen, als alle besparingen "
        "uitkomen",
        "Compared with keeping it, every price between {low} and {high} suits both, if all savings come true",
    ),
    "from_nothing": (
        "Elke prijs tot {high} past voor beide partijen: zelfs bij een prijs van nul is de gemeente {gain} beter af "
        "dan wanneer zij het houdt, als alle besparingen uitkomen",
        "Every price up to {high} suits both: even for nothing the municipality is {gain} better off than when it "
        "keeps it, if all savings come true",
    ),
    "money_added": (
        "Ook als het initiatief niets betaalt, komt het {short} tekort; de gemeente kan tot {gain} bijleggen en is "
        "dan niet slechter af dan wanneer zij het houdt, als alle besparingen uitkomen",
        "Even when it gets it for nothing the initiative is {short} short; the municipality could add up to {gain} "
        "and then be no worse off than when it keeps it, if all savings come true",
    ),
    "gap": (
        "Geen prijs past voor beide: de gemeente heeft minstens {low} nodig en het initiatief kan hoogstens {high} "
        "dragen, een kloof van {gap}",
        "No price suits both: the municipality needs at least {low} and the initiative can carry at most {high}, a gap "
        "of {gap}",
    ),
    "gap_money_added": (
        "Geen prijs past voor beide: ook als het initiatief niets betaalt, komt het {short} tekort, en de gemeente "
        "kan hoogstens {gain} bijleggen, een kloof van {gap}",
        "No price suits both: even when it gets it for nothing the initiative is {short} short, and the municipality "
        "can add at most {gain}, a gap of {gap}",
    ),
    "gap_short_at_nothing": (
        "Geen prijs past voor beide: de gemeente heeft minstens {low} nodig en het initiatief komt {short} tekort, "
        "ook als het niets betaalt, een kloof van {gap}",
        "No price suits both: the municipality needs at least {low} and the initiative is {short} short even when it "
        "gets it for nothing, a gap of {gap}",
    ),
}


def _against_sale(words: Words, asset: pd.Series) -> Text:
    """Where there is room against keeping but none against selling: what the municipality then needs."""
    if not verdict.has_no_room_against_sale(asset):
        return ()
    return words.text(
        "; vergeleken met verkopen op de markt heeft zij minstens {sale} nodig, meer dan het initiatief kan dragen",
        "; compared with selling it on the market it needs at least {sale}, more than the initiative can carry",
        sale=_bold(words, asset["reservation_price_against_sale_eur"]),
    )


def proof_sentence(words: Words, asset: pd.Series, deficits: pd.DataFrame) -> Text:
    """Where the proposed price lies, and which part of the social value must come true to justify the discount."""
    if not asset["has_initiative"]:
        return words.text(
            "Er is daarom nog geen voorstel om over te besluiten: onbekend is niet nul.",
            "So there is no proposal to decide on yet: unknown is not zero.",
        )
    place = verdict.proposal(asset)
    if place == "none":
        return words.text(
            "Er is nog geen prijs voorgesteld, dus ook geen korting om te rechtvaardigen.",
            "No price has been proposed yet, so there is no discount to justify either.",
        )
    pair = _PRICE_ONLY if place == "within" and len(deficits) else _PROPOSAL[place]
    share = strong(words.percent(float(asset["required_share"])))
    return (
        *words.text(*pair, price=_bold(words, asset["proposed_price_eur"])),
        Run("; "),
        *words.text(*_SHARE[verdict.share_needed(asset)], share=share),
    )


_PRICE_ONLY = ("De voorgestelde prijs is {price}", "The proposed price is {price}")
_PROPOSAL: dict[verdict.Proposal, tuple[str, str]] = {
    "neither": (
        "De voorgestelde prijs van {price} past voor geen van beide",
        "The proposed price of {price} suits neither",
    ),
    "too_high": (
        "De voorgestelde prijs van {price} is meer dan het initiatief kan dragen",
        "The proposed price of {price} is more than the initiative can carry",
    ),
    "too_low": (
        "Bij de voorgestelde prijs van {price} is de gemeente slechter af dan wanneer zij het houdt",
        "At the proposed price of {price} the municipality is worse off than when it keeps it",
    ),
    "within": (
        "De voorgestelde prijs van {price} past, vergeleken met houden, voor beide partijen",
        "The proposed price of {price} suits both parties, compared with keeping it",
    ),
}
_SHARE: dict[verdict.Share, tuple[str, str]] = {
    "no_value": (
        "de maatschappelijke waarde is niet groter dan nul en kan dus geen korting rechtvaardigen.",
        "the social value is not above zero, so it cannot justify a discount.",
    ),
    "no_discount": (
        "die prijs ligt niet onder de marktwaarde, dus er is geen korting om te rechtvaardigen.",
        "that is not below the market value, so there is no discount to justify.",
    ),
    "more_than_all": (
        "ook als de hele maatschappelijke waarde waar wordt, is die kleiner dan de korting (er zou {share} van nodig "
        "zijn).",
        "even if the whole social value comes true, it is less than the discount ({share} of it would be needed).",
    ),
    "part": (
        "{share} van de maatschappelijke waarde moet waar worden om de korting te rechtvaardigen.",
        "{share} of the social value must come true to justify the discount.",
    ),
}


def _bold(words: Words, value: float) -> Run:
    return strong(words.about(float(value)))
