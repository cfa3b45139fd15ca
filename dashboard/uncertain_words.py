"""Uncertain figures in words: what they are called, how they are written, and when the outcome turns."""

from __future__ import annotations

import math

import pandas as pd

from dashboard.labels import english_name
from dashboard.notation import amount, number, percent, year
from dashboard.wording import _, language
from valuation.case import ASSUMPTIONS, FORMS
from valuation.response import Input

SHARES = ("substitution_share", "deadweight", "displacement", "attribution")
ROUND_FROM = 0.02


def assumption_name(key: str) -> str:
    """What an assumption is called."""
    return ASSUMPTIONS.column(key).header if language() == "nl" else english_name(key)


def input_name(chosen: Input) -> str:
    """What an uncertain figure is called, with what it is of."""
    column = chosen.quantities[0].column
    if chosen.quantities[0].table == "assumptions":
        return assumption_name(column)
    return {
        "institutional_unit_cost_eur": _("{line}: cost at an institution", line=chosen.label),
        "unit_value_eur": _("{line}: value of one", line=chosen.label),
        "substitution_share": _("{line}: part that truly replaces care", line=chosen.label),
        "deadweight": _("{line}: would have happened anyway", line=chosen.label),
        "displacement": _("{line}: lost elsewhere", line=chosen.label),
        "attribution": _("{line}: due to others", line=chosen.label),
    }[column]


def input_value(chosen: Input, value: float) -> str:
    """A value of an uncertain figure in its own unit."""
    declared = chosen.quantities[0].declared
    return figure(value, declared.kind)


def figure(value: object, kind: str) -> str:
    """A figure of the workbook as its kind is written."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        steps = [step[1] if isinstance(step, tuple) else step for step in value]
        return "; ".join(percent(step, 2) for step in steps)
    return _("unknown") if value is None else _number(float(value), kind)


def _number(value: float, kind: str) -> str:
    if math.isnan(value):
        return _("unknown")
    if kind in {"fraction", "steps"}:
        return percent(value, _decimals(value * 100))
    if kind == "amount":
        return amount(value, 2 if abs(value) < 1000 and round(value, 2) != round(value) else 0)
    return year(value) if kind == "year" else number(value, 2)


def _decimals(value: float) -> int:
    return next((places for places in (0, 1, 2) if abs(value - round(value, places)) < 0.005), 2)


def switch_sentence(chosen: Input, value: float, *, positive_above: bool, positive_now: bool) -> str:
    """At which value of one figure the outcome turns, all others staying as they are."""
    column = chosen.quantities[0].column
    names = {
        "line": chosen.label,
        "value": f"**{_turning_value(chosen, value)}**",
        "now": input_value(chosen, chosen.quantities[0].distribution.central),
        "figure": f"“{input_name(chosen)}”",
        "tail": _("does the social value turn negative") if positive_now else _("does the social value turn positive"),
    }
    turns_below = positive_above == positive_now
    if column == "substitution_share":
        text = (
            _("Only when less than {value} of “{line}” truly replaces care (now {now}) {tail}.", **names)
            if turns_below
            else _("Only when more than {value} of “{line}” truly replaces care (now {now}) {tail}.", **names)
        )
    elif column == "deadweight":
        text = (
            _("Only when less than {value} of “{line}” would have happened anyway (now {now}) {tail}.", **names)
            if turns_below
            else _("Only when more than {value} of “{line}” would have happened anyway (now {now}) {tail}.", **names)
        )
    elif chosen.quantities[0].declared.kind == "integer":
        text = (
            _("Only when {figure} is {value} or less (now {now}) {tail}.", **names)
            if turns_below
            else _("Only when {figure} is {value} or more (now {now}) {tail}.", **names)
        )
    else:
        text = (
            _("Only when {figure} is below {value} (now {now}) {tail}.", **names)
            if turns_below
            else _("Only when {figure} is above {value} (now {now}) {tail}.", **names)
        )
    return text


def _turning_value(chosen: Input, value: float) -> str:
    """A share without more digits than one can say."""
    if chosen.quantities[0].column in SHARES:
        return percent(value, 0 if ROUND_FROM < value < 1.0 - ROUND_FROM else 1)
    return input_value(chosen, value)


def out_of_hundred(probability: float) -> str:
    """A probability as a number of cases; never sure where it is not."""
    count = round(probability * 100)
    if count == 100 and probability < 1:
        return _("more than 99 out of 100 cases")
    if count == 0 and probability > 0:
        return _("fewer than 1 out of 100 cases")
    return _("{count} out of 100 cases", count=f"**{count}**")


def scenario_sentences(asset: pd.Series) -> list[str]:
    """The probability statements of one object, in words (a row of `Simulation.assets`)."""
    found = []
    if not math.isnan(asset["probability_social_value_positive"]):
        cases = out_of_hundred(asset["probability_social_value_positive"])
        found.append(_("In {cases} society gains by the transfer.", cases=cases))
    if not math.isnan(asset["probability_municipality_not_worse_off"]):
        cases = out_of_hundred(asset["probability_municipality_not_worse_off"])
        found.append(
            _("In {cases} the municipality is no worse off at the proposed price than when it keeps it.", cases=cases)
        )
    if not math.isnan(asset["probability_zone"]):
        cases = out_of_hundred(asset["probability_zone"])
        found.append(_("In {cases} there is a price that suits both parties.", cases=cases))
    return found


def form_name(form: str) -> str:
    """What an alternative is called."""
    if form == "keep":
        return _("keep it (reference)")
    choice = next(choice for choice in FORMS if choice.key == form)
    return choice.nl if language() == "nl" else choice.en


def missing_name(key: str, columns: dict[str, str]) -> str:
    """What a figure that nobody filled in is called."""
    return _("Proposed price") if key == "proposed_price_eur" else columns[key]


def per_words(per: str) -> str:
    """For which period a payment is."""
    return {"once": _("once"), "year": _("a year"), "": ""}[per]


def step_name(step: str) -> str:
    """A step from gross to net (`valuation.gross_to_net.STEPS`)."""
    return {
        "gross": _("Claimed benefits (gross)"),
        "deadweight": _("Would have happened anyway"),
        "not_replaced": _("Does not truly replace care"),
        "displacement": _("Lost elsewhere"),
        "attribution": _("Due to others"),
        "net": _("What counts (net)"),
    }[step]
