"""The answer in three sentences: what it is worth, which price suits both, and what must come true.

A row of `Result.assets` in, words out; the same distinctions as the page Value makes.
"""

from __future__ import annotations

import math

import pandas as pd

from exports.documents.model import Run, Text, shortened, strong
from exports.documents.words import Parts, Words

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
    against_sale = float(asset["social_value_against_sale_eur"])
    if not against_sale < 0:
        return ()
    return words.text(
        ", maar {less} minder dan verkopen (wat gebruikers dan verliezen telt mee voor zover ingevuld)",
        ", but {less} less than selling it (what users then lose counts as far as filled in)",
        less=_bold(words, -against_sale),
    )


def price_sentence(words: Words, asset: pd.Series, deficits: pd.DataFrame) -> Text:
    """Between which prices both parties come out, or how far apart they are."""
    reservation, ceiling = float(asset["reservation_price_eur"]), float(asset["ceiling_price_eur"])
    if len(deficits):
        return _deficit(words, asset, deficits)
    if not asset["has_initiative"]:
        return _municipality(words, reservation)
    if ceiling < reservation:
        return _gap(words, asset)
    return (*_zone(words, reservation, ceiling), *_against_sale(words, asset), Run("."))


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


def _zone(words: Words, reservation: float, ceiling: float) -> Text:
    """The room between both bounds, without the full stop. A price below zero is money that the municipality adds."""
    parts: Parts = {
        "low": _bold(words, reservation),
        "high": _bold(words, ceiling),
        "short": _bold(words, -ceiling),
        "gain": _bold(words, -reservation),
    }
    if ceiling < 0:
        return words.text(
            "Ook als het initiatief niets betaalt, komt het {short} tekort; de gemeente kan tot {gain} bijleggen en is "
            "dan niet slechter af dan wanneer zij het houdt, als alle besparingen uitkomen",
            "Even when it gets it for nothing the initiative is {short} short; the municipality could add up to {gain} "
            "and then be no worse off than when it keeps it, if all savings come true",
            **parts,
        )
    if reservation < 0:
        return words.text(
            "Elke prijs tot {high} past voor beide partijen: zelfs bij een prijs van nul is de gemeente {gain} beter af "
            "dan wanneer zij het houdt, als alle besparingen uitkomen",
            "Every price up to {high} suits both: even for nothing the municipality is {gain} better off than when it "
            "keeps it, if all savings come true",
            **parts,
        )
    return words.text(
        "Vergeleken met houden past elke prijs tussen {low} en {high} voor beide partijen, als alle besparingen "
        "uitkomen",
        "Compared with keeping it, every price between {low} and {high} suits both, if all savings come true",
        **parts,
    )


def _against_sale(words: Words, asset: pd.Series) -> Text:
    """Where there is room against keeping but none against selling: what the municipality then needs."""
    sale = float(asset["reservation_price_against_sale_eur"])
    if sale <= float(asset["ceiling_price_eur"]):
        return ()
    return words.text(
        "; vergeleken met verkopen op de markt heeft zij minstens {sale} nodig, meer dan het initiatief kan dragen",
        "; compared with selling it on the market it needs at least {sale}, more than the initiative can carry",
        sale=_bold(words, sale),
    )


def _gap(words: Words, asset: pd.Series) -> Text:
    reservation, ceiling = float(asset["reservation_price_eur"]), float(asset["ceiling_price_eur"])
    parts: Parts = {
        "low": _bold(words, reservation),
        "high": _bold(words, ceiling),
        "short": _bold(words, -ceiling),
        "gain": _bold(words, -reservation),
        "gap": _bold(words, -float(asset["zone_eur"])),
    }
    if reservation < 0:
        return words.text(
            "Geen prijs past voor beide: ook als het initiatief niets betaalt, komt het {short} tekort, en de gemeente "
            "kan hoogstens {gain} bijleggen, een kloof van {gap}.",
            "No price suits both: even when it gets it for nothing the initiative is {short} short, and the "
            "municipality can add at most {gain}, a gap of {gap}.",
            **parts,
        )
    if ceiling < 0:
        return words.text(
            "Geen prijs past voor beide: de gemeente heeft minstens {low} nodig en het initiatief komt {short} tekort, "
            "ook als het niets betaalt, een kloof van {gap}.",
            "No price suits both: the municipality needs at least {low} and the initiative is {short} short even when "
            "it gets it for nothing, a gap of {gap}.",
            **parts,
        )
    return words.text(
        "Geen prijs past voor beide: de gemeente heeft minstens {low} nodig en het initiatief kan hoogstens {high} "
        "dragen, een kloof van {gap}.",
        "No price suits both: the municipality needs at least {low} and the initiative can carry at most {high}, a gap "
        "of {gap}.",
        **parts,
    )


def proof_sentence(words: Words, asset: pd.Series, deficits: pd.DataFrame) -> Text:
    """Where the proposed price lies, and which part of the social value must come true to justify the discount."""
    price = float(asset["proposed_price_eur"])
    if not asset["has_initiative"]:
        return words.text(
            "Er is daarom nog geen voorstel om over te besluiten: onbekend is niet nul.",
            "So there is no proposal to decide on yet: unknown is not zero.",
        )
    if math.isnan(price):
        return words.text(
            "Er is nog geen prijs voorgesteld, dus ook geen korting om te rechtvaardigen.",
            "No price has been proposed yet, so there is no discount to justify either.",
        )
    return (*_place_of_price(words, asset, price, deficits), Run("; "), *_share(words, asset))


def _place_of_price(words: Words, asset: pd.Series, price: float, deficits: pd.DataFrame) -> Text:
    too_high, too_low = price > asset["ceiling_price_eur"], price < asset["reservation_price_eur"]
    if too_high and too_low:
        pair = (
            "De voorgestelde prijs van {price} past voor geen van beide",
            "The proposed price of {price} suits neither",
        )
    elif too_high:
        pair = (
            "De voorgestelde prijs van {price} is meer dan het initiatief kan dragen",
            "The proposed price of {price} is more than the initiative can carry",
        )
    elif too_low:
        pair = (
            "Bij de voorgestelde prijs van {price} is de gemeente slechter af dan wanneer zij het houdt",
            "At the proposed price of {price} the municipality is worse off than when it keeps it",
        )
    elif len(deficits):
        pair = ("De voorgestelde prijs is {price}", "The proposed price is {price}")
    else:
        pair = (
            "De voorgestelde prijs van {price} past, vergeleken met houden, voor beide partijen",
            "The proposed price of {price} suits both parties, compared with keeping it",
        )
    return words.text(*pair, price=_bold(words, price))


def _share(words: Words, asset: pd.Series) -> Text:
    share = float(asset["required_share"])
    if asset["proposed_price_eur"] >= asset["market_value_eur"]:
        return words.text(
            "die prijs ligt niet onder de marktwaarde, dus er is geen korting om te rechtvaardigen.",
            "that is not below the market value, so there is no discount to justify.",
        )
    if math.isnan(share):
        return words.text(
            "de maatschappelijke waarde is niet groter dan nul en kan dus geen korting rechtvaardigen.",
            "the social value is not above zero, so it cannot justify a discount.",
        )
    if share > 1:
        return words.text(
            "ook als de hele maatschappelijke waarde waar wordt, is die kleiner dan de korting (er zou {share} van nodig "
            "zijn).",
            "even if the whole social value comes true, it is less than the discount ({share} of it would be needed).",
            share=strong(words.percent(share)),
        )
    return words.text(
        "{share} van de maatschappelijke waarde moet waar worden om de korting te rechtvaardigen.",
        "{share} of the social value must come true to justify the discount.",
        share=strong(words.percent(share)),
    )


def _bold(words: Words, value: float) -> Run:
    return strong(words.about(float(value)))
