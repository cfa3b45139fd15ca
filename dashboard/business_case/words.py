"""The words of the plan's tables: what an item, a source, a lever or a stress test is called."""

from __future__ import annotations

from dashboard.labels import choice_label
from dashboard.notation import MISSING, amount, number, percent
from dashboard.wording import _, n_
from valuation.case import ARRANGEMENTS, FUNDING_KINDS, ITEM_KINDS

ITEM_NAMES = {choice.key: choice for choice in ITEM_KINDS}
FUNDING_NAMES = {choice.key: choice for choice in FUNDING_KINDS}
ARRANGEMENT_NAMES = {choice.key: choice for choice in ARRANGEMENTS}


def item_name(item: object, kind: str) -> str:
    """An item of the operating forecast: its own name, or that of its kind."""
    return str(item) if isinstance(item, str) and item else _capital(choice_label(ITEM_NAMES[kind]))


def funding_name(source: object, kind: str) -> str:
    """A source of money: its own name, or that of its kind."""
    if isinstance(source, str) and source:
        return source
    if kind == "other_initiatives":
        return _("The other initiatives in this object")
    return _capital(choice_label(FUNDING_NAMES[kind]))


def arrangement_name(arrangement: str) -> str:
    """An arrangement about the price."""
    return _capital(choice_label(ARRANGEMENT_NAMES[arrangement]))


def use_name(use: str) -> str:
    """What money is used for at the start."""
    return {
        "purchase_price": _("Price of the object"),
        "transfer_tax": _("Transfer tax"),
        "renovation": _("Renovation"),
        "start_up": _("Start-up cost"),
    }[use]


def lever_name(lever: str) -> str:
    """Something that can change the gap."""
    return {
        "price": _("The price"),
        "own_money": _("Own money and gifts"),
        "income": _("Income per year"),
        "subsidy": _("Subsidy per year"),
        "loan_term": _("Term of the loans"),
        "interest_rate": _("Interest on the loans"),
    }[lever]


def lever_amount(value: float, unit: str) -> str:
    """The size of a lever, in its own unit."""
    if value != value:  # noqa: PLR0124 - NaN is not itself
        return MISSING
    if unit == "years":
        return (
            n_("{count} year", "{count} years", int(value))
            if float(value).is_integer()
            else _("{count} years", count=number(value, 1))
        )
    return percent(value, 2) if unit == "fraction" else amount(value)


def stress_name(stress: str) -> str:
    """A test of what the plan can bear."""
    return {
        "base": _("As planned"),
        "dry_year": _("A bad year"),
        "interest_up": _("Higher interest"),
        "half_the_volunteers": _("Half the volunteers"),
    }[stress]


def stress_meaning(stress: str, size: float) -> str:
    """What happens in that test."""
    return {
        "base": _("Nothing out of the ordinary."),
        "dry_year": _(
            "In one year {share} less from hall hire, bar and activities; the worst year is shown.", share=percent(size)
        ),
        "interest_up": _("{points} percentage points more interest on all loans.", points=number(size * 100, 1)),
        "half_the_volunteers": _("{share} of the volunteer hours has to be paid.", share=percent(size)),
    }[stress]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
