"""What "I do not know" fills in, and where that comes from: a reference price of `datasets/`, or nothing at all."""

from __future__ import annotations

from dataclasses import dataclass

import intake
from dashboard.business_case.answers import Answers, Mark, Spot
from dashboard.business_case.questions import REPLACED_CARE, Unknown
from dashboard.labels import quantity_unit
from dashboard.notation import amount
from dashboard.terms import basis_name
from dashboard.wording import _, language, speaking
from exports.notation import half_up
from intake.workbook import Cell
from valuation.reference import MissingFigureError, Price

CENTS = 2


@dataclass(frozen=True)
class FilledIn:
    """What goes into the row, and the mark on the cell.

    Parameters
    ----------
    cells : dict
        Column to cell; empty where nothing is known.
    mark : Mark
    """

    cells: dict[str, Cell]
    mark: Mark


def filled_in(answers: Answers, spot: Spot, unknown: Unknown) -> FilledIn:
    """What "I do not know" puts in a cell: a reference, an assumption that is called one, or nothing."""
    # The note is part of the workbook, so it is in the workbook's language and not in that of the page.
    spoken = "nl" if answers.dutch else "en"
    if unknown.price_key and (not unknown.area or area(answers) is not None):
        price = price_of(answers, unknown.price_key)
        if price is not None:
            cells: dict[str, Cell] = {spot.column: half_up(price.value, CENTS)}
            if unknown.area:
                cells["quantity_per_year"] = area(answers)
            with speaking(spoken):
                return FilledIn(cells, Mark("reference", f"{price.key}, {origin(price)}"))
    if unknown.same_as:
        known = answers.spot(spot.table, unknown.same_as, spot.row)
        value = None if known is None else answers.number(known)
        if value is not None:
            with speaking(spoken):
                return FilledIn({spot.column: value}, Mark("assumed", _("for now equal to the market value")))
    if unknown.value is not None:
        with speaking(spoken):
            return FilledIn({spot.column: unknown.value}, Mark("assumed", _("cautious, to be asked")))
    with speaking(spoken):
        return FilledIn({spot.column: None}, Mark("unknown", _("to be asked")))


def area(answers: Answers) -> float | None:
    """The floor or site area of the object; none where it is not known."""
    spot = answers.spot("assets", "area_m2")
    return None if spot is None else answers.number(spot)


def price_year(answers: Answers) -> int:
    """The price year of the case: as filled in, or the latest year of the index."""
    reference = intake.load_reference()
    spot = answers.spot("assumptions", "price_year")
    year = None if spot is None else answers.number(spot)
    return reference.latest_price_year() if year is None else int(year)


def price_of(answers: Answers, key: str) -> Price | None:
    """A reference price in the prices of the case; none where the index does not know its year."""
    try:
        return intake.load_reference().price(key, price_year(answers))
    except MissingFigureError:
        return None


def origin(price: Price) -> str:
    """Who says so, how sure it is and of which year, in few words."""
    sources = intake.load_reference().sources
    publisher = sources.loc[sources["source_id"] == price.source_id, "publisher"].iloc[0]
    return _(
        "{publisher}, {basis}, prices of {year}",
        publisher=publisher,
        basis=basis_name(price.basis),
        year=price.own_year,
    )


def price_words(price: Price) -> str:
    """A reference price in a sentence: its name, what it is per unit now, and its source."""
    dutch = language() == "nl"
    return _(
        "{name}: {amount} per {unit}, in prices of the plan. Source: {origin}.",
        name=price.name_nl if dutch else price.name_en,
        amount=amount(half_up(price.value, CENTS), CENTS),
        unit=unit_of(price),
        origin=origin(price),
    )


def unit_of(price: Price) -> str:
    """What the price is per, as one says it."""
    units = intake.load_reference().units.set_index("unit")
    if price.unit not in units.index:
        return price.unit
    name = str(units.at[price.unit, "name_nl" if language() == "nl" else "name_en"])
    for start in ("euro per ", "euros per "):
        name = name.removeprefix(start)
    return name


def quantity_word(price: Price) -> str:
    """The unit as the sheet Taken writes it: `uur`, `dagdeel`."""
    units = intake.load_reference().units.set_index("unit")
    return quantity_unit(str(units.at[price.unit, "quantity_unit"]))


def payer_of(key: str) -> str:
    """Who pays for this care: the first that the source names."""
    rows = intake.load_reference().unit_values
    return str(rows.loc[rows["key"] == key, "payer"].iloc[-1]).split("|")[0]


def care_name(answers: Answers, key: str) -> str | None:
    """What care with this price code is called, with its price; none where there is no such price."""
    price = price_of(answers, key)
    if price is None:
        return None
    return _(
        "{name}: {amount} per {unit}",
        name=price.name_nl if language() == "nl" else price.name_en,
        amount=amount(half_up(price.value, CENTS), CENTS),
        unit=unit_of(price),
    )


def replaced_care(answers: Answers) -> dict[str, str]:
    """Price code of the care that can be chosen, to its name with its price."""
    names = {key: care_name(answers, key) for key in REPLACED_CARE}
    return {key: name for key, name in names.items() if name is not None}
