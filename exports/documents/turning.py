"""At which value of one figure the social value turns, in a sentence."""

from __future__ import annotations

import math

from exports.documents.model import Text, shortened, strong
from exports.documents.words import Parts, Words
from valuation.case import ASSUMPTIONS
from valuation.response import Input

SHARES = ("substitution_share", "deadweight", "displacement", "attribution")
NEARLY = 0.02
"""Shares this close to none or all are written with a decimal."""


def turning_sentence(
    words: Words, chosen: Input, value: float, *, positive_above: bool, positive_now: bool, most: int
) -> Text:
    """When the social value turns, all other figures staying as they are.

    Parameters
    ----------
    words : Words
    chosen : Input
    value : float
        At which it turns [unit of the input].
    positive_above, positive_now : bool
        Whether the social value is positive above it, and as things stand.
    most : int
        Characters of the line's own name.
    """
    column = chosen.quantities[0].column
    below = positive_above == positive_now
    parts: Parts = {
        "line": shortened(chosen.label, most),
        "value": strong(_turning_value(words, chosen, value)),
        "now": input_value(words, chosen, chosen.quantities[0].distribution.central),
        "than": words.say("minder dan", "less than") if below else words.say("meer dan", "more than"),
        "side": words.say("lager is dan", "is below") if below else words.say("hoger is dan", "is above"),
        "or": words.say("of minder", "or less") if below else words.say("of meer", "or more"),
        "tail": words.say("wordt de maatschappelijke waarde negatief", "does the social value turn negative")
        if positive_now
        else words.say("wordt de maatschappelijke waarde positief", "does the social value turn positive"),
    }
    if column == "substitution_share":
        return words.text(
            "Pas als {than} {value} van “{line}” echt zorg vervangt (nu {now}), {tail}.",
            "Only when {than} {value} of “{line}” truly replaces care (now {now}) {tail}.",
            **parts,
        )
    if column == "deadweight":
        return words.text(
            "Pas als {than} {value} van “{line}” toch al was gebeurd (nu {now}), {tail}.",
            "Only when {than} {value} of “{line}” would have happened anyway (now {now}) {tail}.",
            **parts,
        )
    if chosen.quantities[0].declared.kind == "integer":
        return words.text(
            "Pas als “{figure}” {value} {or} is (nu {now}), {tail}.",
            "Only when “{figure}” is {value} {or} (now {now}) {tail}.",
            figure=_figure_name(words, chosen, most),
            **parts,
        )
    return words.text(
        "Pas als “{figure}” {side} {value} (nu {now}), {tail}.",
        "Only when “{figure}” {side} {value} (now {now}) {tail}.",
        figure=_figure_name(words, chosen, most),
        **parts,
    )


def _figure_name(words: Words, chosen: Input, most: int) -> str:
    """What an uncertain figure is called, with what it is of."""
    quantity = chosen.quantities[0]
    if quantity.table == "assumptions":
        english = quantity.column.replace("_", " ")
        return words.say(ASSUMPTIONS.column(quantity.column).header, english[0].upper() + english[1:])
    what = {
        "institutional_unit_cost_eur": ("kosten bij een instelling", "cost at an institution"),
        "unit_value_eur": ("waarde per eenheid", "value of one"),
        "displacement": ("gaat elders verloren", "lost elsewhere"),
        "attribution": ("komt door anderen", "due to others"),
    }[quantity.column]
    return f"{shortened(chosen.label, most)}: {words.say(*what)}"


def input_value(words: Words, chosen: Input, value: float) -> str:
    """A value of an uncertain figure in its own unit."""
    kind = chosen.quantities[0].declared.kind
    if math.isnan(value):
        return words.say("onbekend", "unknown")
    if kind in {"fraction", "steps"}:
        percentage = value * 100
        return words.percent(
            value, next((places for places in (0, 1, 2) if abs(percentage - round(percentage, places)) < 0.005), 2)
        )
    if kind == "amount":
        return words.amount(value, 2 if abs(value) < 1000 and value != round(value) else 0)
    return words.year(value) if kind == "year" else words.number(value, 2)


def _turning_value(words: Words, chosen: Input, value: float) -> str:
    """A share without more digits than one can say."""
    if chosen.quantities[0].column in SHARES:
        return words.percent(value, 0 if NEARLY < value < 1.0 - NEARLY else 1)
    return input_value(words, chosen, value)
