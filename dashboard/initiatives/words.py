"""What the figures, steps, bases and payers of the page Initiatives are called."""

from __future__ import annotations

from typing import NamedTuple

from dashboard.terms import party_name
from dashboard.wording import _

NET = "municipal_net_saving_eur_per_year"


class Measure(NamedTuple):
    """A figure by which initiatives can be ranked.

    Parameters
    ----------
    column : str
        In `valuation.comparison.comparison`.
    writer : str
        Key of `dashboard.notation.WRITERS`.
    lowest_first : bool
        A lower figure is better.
    of_object : bool
        An initiative with a building is ranked with its object.
    """

    column: str
    writer: str
    lowest_first: bool = False
    of_object: bool = False


MEASURES = {
    "netto": Measure(NET, "amount"),
    "verzilverbaar": Measure("municipal_cashable_saving_eur_per_year", "amount"),
    "vermeden": Measure("avoided_cost_eur_per_year", "amount"),
    "kostprijs": Measure("cost_price_fraction", "percent", lowest_first=True),
    "moet-waar": Measure("break_even_share", "percent", lowest_first=True),
    "gemeente": Measure("ranked_npv_municipality_eur", "amount", of_object=True),
    "samenleving": Measure("ranked_npv_society_eur", "amount", of_object=True),
    "verhouding": Measure("ranked_bcr", "number_2", of_object=True),
}
"""URL word to figure; the first answers the ranking question."""


def measure_name(key: str) -> str:
    """A figure to rank by, with its unit: also the title of the axis."""
    return {
        "netto": _("Net saving of the municipality (€ per year)"),
        "verzilverbaar": _("Cashable saving of the municipality (€ per year)"),
        "vermeden": _("Avoided cost, all payers (€ per year)"),
        "kostprijs": _("Cost at the initiative, as a share of the cost price at an institution"),
        "moet-waar": _("Part of the assumed saving that must come true"),
        "gemeente": _("Municipality’s purse over all years (€, present value)"),
        "samenleving": _("Social value over all years (€, present value)"),
        "verhouding": _("Benefits for each euro of cost (society)"),
    }[key]


def measure_meaning(key: str) -> str:
    """What is counted in a figure, and what is not."""
    return {
        "netto": _(
            "Counted: care that really costs the municipality less, less subsidy and the hours of officials, per year "
            "at full size. Not counted: savings of other payers, savings that do not leave the budget, the building, "
            "and what residents gain."
        ),
        "verzilverbaar": _(
            "Counted: care that really costs the municipality less, per year at full size. Not counted: what the "
            "municipality spends on the initiative, and savings of other payers."
        ),
        "vermeden": _(
            "Counted: institutional care that is not needed, whoever pays for it and whether that payer can really "
            "spend less or not, per year at full size. Not counted: what the initiative itself costs."
        ),
        "kostprijs": _(
            "Counted: the cost of the same volume at the initiative and at an institution, task by task. Not counted: "
            "hours of volunteers, the subsidy, and whether the care is really replaced. Lower is cheaper."
        ),
        "moet-waar": _(
            "The part of the assumed cashable saving that must come true for the municipality to get back its subsidy "
            "and hours. Lower is safer; above 100% the municipality pays on balance, even if all of it comes true. "
            "Without a cashable saving there is no such figure."
        ),
        "gemeente": _(
            "Counted: all cash of the municipality against keeping the building or green, the price left out; an "
            "initiative with a building is counted with it. Not counted: savings of other payers. Not a budget figure."
        ),
        "samenleving": _(
            "Counted: what everyone together gains and loses, volunteer hours included where the workbook says so; an "
            "initiative with a building is counted with it. Not counted: price, rent, subsidy, and what has no price."
        ),
        "verhouding": _(
            "All benefits divided by all costs of society; an initiative with a building is counted with it. Below 1 "
            "the costs are higher. A ratio says nothing about size, and differs with what was counted: compare only "
            "what covers the same."
        ),
    }[key]


def step_name(step: str) -> str:
    """A step of the fall from gross cost to net saving."""
    return {
        "gross": _("Cost of this volume at an institution"),
        "would_go_on": _("Would have gone on anyway"),
        "not_replaced": _("Does not replace care"),
        "avoided": _("Avoided cost, all payers"),
        "not_cashable": _("Cannot be cashed by the payer"),
        "other_payers": _("Lands with other payers"),
        "municipal_cashable": _("Cashable for the municipality"),
        "subsidy": _("Subsidy"),
        "facilitation": _("Support by officials"),
        "municipal_net": _("Net saving of the municipality"),
    }[step]


def step_meaning(step: str) -> str:
    """Why a step is taken."""
    return {
        "gross": _("number of units × cost price at an institution"),
        "would_go_on": _("what would have happened without the initiative"),
        "not_replaced": _("useful, but nobody needs less institutional care by it"),
        "avoided": _("care that is really not needed"),
        "not_cashable": _("contracts, staff and buildings that go on"),
        "other_payers": _("saved by an insurer, the state or another, not by the municipality"),
        "municipal_cashable": _("what the municipal budget can really spend less"),
        "subsidy": _("what the municipality pays the initiative"),
        "facilitation": _("hours of officials × their hourly rate"),
        "municipal_net": _("what is left each year at full size"),
    }[step]


def base_name(base: str) -> str:
    """What an institutional price rests on."""
    return {
        "own": _("own figure of the workbook"),
        "none": _("no price (p.m.)"),
        "municipal_tariff": _("municipal tariff"),
        "national_reference": _("national reference price"),
        "national_maximum_tariff": _("national maximum tariff"),
        "other": _("other"),
    }[base]


def lands_with(payer: str) -> str:
    """In whose budget a saving lands, in words."""
    if payer == "municipality":
        return _("This advantage lands in the municipal budget, as far as it can be cashed.")
    return {
        "state": _("This advantage lands with the state, not in the municipal budget."),
        "health_insurer": _("This advantage lands with the health insurer, not in the municipal budget."),
        "long_term_care": _("This advantage lands with long-term care (Wlz), not in the municipal budget."),
        "residents": _("This advantage lands with residents, not in the municipal budget."),
        "initiative": _("This advantage lands with the initiative, not in the municipal budget."),
        "housing_association": _("This advantage lands with the housing association, not in the municipal budget."),
        "water_board": _("This advantage lands with the water board, not in the municipal budget."),
        "other": _("This advantage lands with others, not in the municipal budget."),
    }[payer]


def score_name(score: int) -> str:
    """The anchor of a score from 1 to 5."""
    return {
        1: _("hardly"),
        2: _("a little"),
        3: _("clearly"),
        4: _("strong"),
        5: _("very strong"),
    }[score]


def payers_named(payers: str) -> list[str]:
    """The payers of an initiative in words."""
    return [party_name(payer) for payer in payers.split("; ") if payer]
