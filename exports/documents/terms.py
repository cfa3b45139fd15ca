"""What parties, prices, budget lines and alternatives are called in a document; the same words as on the screen."""

from __future__ import annotations

from exports.documents.words import Words
from valuation.case import FORMS

Pair = tuple[str, str]

PARTY_NAMES: dict[str, Pair] = {
    "municipality": ("Gemeente", "Municipality"),
    "state": ("Rijk", "State"),
    "health_insurer": ("Zorgverzekeraar (Zvw)", "Health insurer (Zvw)"),
    "long_term_care": ("Langdurige zorg (Wlz)", "Long-term care (Wlz)"),
    "residents": ("Bewoners", "Residents"),
    "initiative": ("Initiatief", "Initiative"),
    "housing_association": ("Woningcorporatie", "Housing association"),
    "water_board": ("Waterschap", "Water board"),
    "other": ("Overigen", "Others"),
}
RUNG_NAMES: dict[str, Pair] = {
    "reservation_price_eur": (
        "Gemeente niet slechter af dan bij houden, vanaf",
        "Municipality no worse off than keeping, from",
    ),
    "reservation_price_against_sale_eur": (
        "Gemeente niet slechter af dan bij verkopen, vanaf",
        "Municipality no worse off than selling, from",
    ),
    "proposed_price_eur": ("Voorgestelde prijs", "Proposed price"),
    "social_price_eur": ("Prijs volgens de raadsregel", "Price by the council’s rule"),
    "book_value_eur": ("Boekwaarde", "Book value"),
    "market_value_eur": ("Marktwaarde", "Market value"),
    "ceiling_price_eur": ("Hoogste prijs die het initiatief kan dragen", "Highest price that the initiative can carry"),
}
VALUE_NAMES: dict[str, Pair] = {
    "book_value_eur": ("Boekwaarde", "Book value"),
    "market_value_eur": ("Marktwaarde", "Market value"),
    "capitalised_rent_eur": ("Kostprijsdekkende huur, alle jaren samen", "Cost-covering rent, all years together"),
    "social_value_eur": ("Maatschappelijke waarde", "Social value"),
}
VALUE_MEANINGS: dict[str, Pair] = {
    "book_value_eur": ("wat nog niet is afgeschreven", "what has not been depreciated yet"),
    "market_value_eur": ("wat een koper nu zou betalen", "what a buyer would pay now"),
    "capitalised_rent_eur": (
        "wat een huurder zou moeten betalen om de gemeente uit de kosten te laten komen",
        "what a tenant would have to pay for the municipality to break even",
    ),
    "social_value_eur": ("wat iedereen samen wint bij de overdracht", "what everyone together gains by the transfer"),
}
BUDGET_NAMES: dict[str, Pair] = {
    "freed_depreciation_eur": ("Vrijgevallen afschrijving", "Freed depreciation"),
    "freed_interest_eur": ("Vrijgevallen rente (verschuift)", "Freed interest (shifted)"),
    "freed_operating_eur": ("Vrijgevallen exploitatie en groot onderhoud", "Freed running cost and major maintenance"),
    "lost_rent_eur": ("Gemiste huur", "Lost rent"),
    "cashable_savings_eur": (
        "Besparing op taken die uit de begroting gaat",
        "Savings on tasks that leave the budget",
    ),
    "municipal_effects_eur": ("Andere effecten voor de gemeente", "Other effects for the municipality"),
    "subsidy_eur": ("Subsidie", "Subsidy"),
    "facilitation_eur": ("Begeleiding door ambtenaren", "Support by officials"),
    "recurring_total_eur": ("Jaarlijks totaal", "Yearly total"),
    "book_result_eur": ("Boekresultaat", "Book result"),
    "provision_release_eur": ("Vrijval van de voorziening", "Release of the maintenance provision"),
    "municipal_effects_one_off_eur": ("Andere effecten, eenmalig", "Other effects, one-off"),
    "one_off_total_eur": ("Eenmalig totaal", "One-off total"),
}
BOUNDS: dict[str, Pair] = {
    "market": (
        "De marktwaarde geldt: er gaat niets af voor maatschappelijke waarde.",
        "The market value holds: nothing is deducted for social value.",
    ),
    "share": (
        "Dat is de marktwaarde min het deel van de maatschappelijke waarde dat de raad laat meetellen.",
        "That is the market value less the part of the social value that the council lets count.",
    ),
    "floor": (
        "De bodemprijs geldt: zonder bodem kwam de regel lager uit.",
        "The price floor holds: without it the rule would come out lower.",
    ),
}


def name_of(words: Words, names: dict[str, Pair], key: str) -> str:
    """One of the names above in the document's language."""
    return words.say(*names[key])


def form_name(words: Words, form: str) -> str:
    """What an alternative is called."""
    if form == "keep":
        return words.say("houden (referentie)", "keep it (reference)")
    choice = next(choice for choice in FORMS if choice.key == form)
    return words.say(choice.nl, choice.en)


def in_sentence(words: Words, party: str) -> str:
    """A party as it stands within a sentence."""
    name = name_of(words, PARTY_NAMES, party)
    return name if party == "state" else name[0].lower() + name[1:]
