"""The three views, the price and the savings (METHOD §3-7), each on a sheet of its own: they are never mixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from exports.workbook.book import Book, Column, Table
from exports.workbook.discounting import Discounting
from exports.workbook.formula import (
    UNDEFINED,
    Formula,
    Operand,
    Range,
    Ref,
    and_,
    call,
    defined,
    if_,
    index,
    is_filled,
    max_,
    min_,
    or_,
    sumifs,
)
from exports.workbook.inputs import Inputs
from exports.workbook.lines import KINDS, Lines
from exports.workbook.links import Links

Results = dict[str, Column]
"""Name in the JSON to the cells that hold it, one row an object or initiative."""


@dataclass(frozen=True)
class Accounts:
    """Results of the books, and what the budget needs: depreciation and opening book value by year."""

    results: Results
    depreciation: Range
    opening: Range


def book_values(book: Book, assume: Mapping[str, Formula], assets: Inputs, links: Links, years: int) -> Accounts:
    """Book value, capital charge and book result (METHOD §3)."""
    book.heading(
        "book_value",
        book.text("Boekwaarde", "Book value"),
        book.text(
            "De boeken op 1 januari van het basisjaar (METHODE §3). Een ingevulde boekwaarde gaat voor.",
            "What the books say on 1 January of the base year (METHOD §3). A filled-in book value wins.",
        ),
    )
    table = Table(book, "book_value", assets.count)
    table.add("Object", "Asset", links.objects.code, "text", width=14)
    rate = assume["internal_interest_rate"]
    life, residual = assets["useful_life_years"], assets["residual_value_eur"]
    is_none, is_linear, is_annuity = (
        assets.says("depreciation_method", method) for method in ("none", "linear", "annuity")
    )

    cost = table.add(
        "Aanschafwaarde min bijdragen (€)",
        "Acquisition cost less contributions (EUR)",
        assets["acquisition_cost_eur"] - assets["third_party_contributions_eur"],
    )
    passed = table.add(
        "Verstreken jaren",
        "Years passed",
        if_(
            and_(is_filled(life), is_filled(assets["in_service_year"])),
            max_(0, min_(assume["base_year"] - (assets["in_service_year"] + 1), life)),
            UNDEFINED,
        ),
        "integer",
    )
    annuity = table.add(
        "Annuïteit van de aanschafwaarde (€)",
        "Annuity of the acquisition cost (EUR)",
        if_(and_(is_annuity, rate > 0, is_filled(passed)), _annuity(cost, residual, rate, life), UNDEFINED),
    )
    grown = (1 + rate) ** passed
    undepreciated = table.add(
        "Nog niet afgeschreven (€)",
        "Not yet depreciated (EUR)",
        if_(
            is_none,
            cost,
            if_(
                and_(or_(is_linear, is_annuity), is_filled(passed)),
                if_(
                    is_filled(annuity),
                    cost * grown - annuity * (grown - 1) / rate,
                    cost - (cost - residual) * passed / life,
                ),
                UNDEFINED,
            ),
        ),
    )
    computed_building = table.add(
        "Gebouw, berekend (€)",
        "Building, computed (EUR)",
        defined(undepreciated, max_(0, undepreciated - assets["write_down_eur"])),
    )
    land, filled_in = assets["land_book_value_eur"], assets["book_value_eur"]
    building = table.add(
        "Gebouw zoals gebruikt (€)",
        "Building as used (EUR)",
        if_(is_filled(filled_in), max_(0, filled_in - land), computed_building),
    )
    total = table.add(
        "Boekwaarde (€)",
        "Book value (EUR)",
        if_(is_filled(filled_in), filled_in, defined(computed_building, computed_building + land)),
    )
    remaining = table.add(
        "Resterende termijn (jaar)", "Remaining life (years)", defined(passed, life - passed), "integer"
    )
    depreciates = table.add(
        "Schrijft af",
        "Depreciates",
        if_(and_(is_filled(remaining), or_(is_linear, is_annuity)), if_(remaining > 0, 1, 0), 0),
        "integer",
    )
    payment = table.add(
        "Annuïteit over de resterende termijn (€)",
        "Annuity over the remaining life (EUR)",
        if_(
            and_(depreciates.equals(1), is_annuity, rate > 0),
            _annuity(building, residual, rate, remaining),
            UNDEFINED,
        ),
    )

    opening: Formula = building
    openings, depreciations = [], []
    for year in range(1, years + 1):
        wanted = if_(is_filled(payment), payment - rate * opening, (building - residual) / remaining)
        most = max_(0, opening - residual)
        running = and_(depreciates.equals(1), remaining >= year)
        depreciation = table.add(
            f"Afschrijving jaar {year} (€)",
            f"Depreciation year {year} (EUR)",
            if_(running, max_(0, min_(wanted, most)), 0),
        )
        openings.append(
            table.add(
                f"Boekwaarde 1 januari jaar {year}, met grond (€)",
                f"Book value 1 January year {year}, with land (EUR)",
                opening + max_(total - building, 0),
            )
        )
        depreciations.append(depreciation)
        if year < years:
            opening = table.add(
                f"Gebouw 1 januari jaar {year + 1} (€)",
                f"Building 1 January year {year + 1} (EUR)",
                opening - depreciation,
            )

    interest = table.add("Rente jaar 1 (€)", "Interest year 1 (EUR)", rate * total)
    charge = table.add("Kapitaallasten jaar 1 (€)", "Capital charge year 1 (EUR)", depreciations[0] + interest)
    price = assets["proposed_price_eur"]
    book_result = table.add(
        "Boekresultaat (€)", "Book result (EUR)", defined(price, price - assets["transaction_cost_eur"] - total)
    )
    by_year = _side_by_side(table, {"Afschrijving": ("Depreciation", depreciations), "Opening": ("Opening", openings)})
    table.finish(frozen_columns=1)
    return Accounts(
        {
            "book_value_eur": total,
            "depreciation_eur": depreciations[0],
            "interest_eur": interest,
            "capital_charge_eur": charge,
            "remaining_life_years": remaining,
            "book_result_eur": book_result,
        },
        by_year["Afschrijving"],
        by_year["Opening"],
    )


def _annuity(amount: Formula, residual: Formula, rate: Formula, years: Formula) -> Formula:
    """Yearly sum of interest and depreciation that brings the amount to the residual value."""
    shrink = (1 + rate) ** -years
    return (amount - residual * shrink) * rate / (1 - shrink)


def _side_by_side(table: Table, blocks: Mapping[str, tuple[str, list[Column]]]) -> dict[str, Range]:
    """Repeat columns next to each other, so that the budget can look up a year."""
    ranges = {}
    for nl, (en, columns) in blocks.items():
        repeated = [
            table.add(f"{nl} per jaar: {year}", f"{en} by year: {year}", column)
            for year, column in enumerate(columns, start=1)
        ]
        first = repeated[0].at_start
        block = Ref(first.sheet, first.row, first.column, rows=first.rows, columns=len(columns))
        values = np.hstack([column.whole.value for column in repeated])
        name = table.book.name(f"{nl}_per_jaar", f"{en.lower()}_by_year", block)
        ranges[nl] = Range(name, values)
    return ranges


def municipality_view(book: Book, assets: Inputs, links: Links, lines: Lines, time: Discounting) -> Results:
    """From which price on the municipality is no worse off (METHOD §4): municipal cash, price left out."""
    book.heading(
        "municipality",
        book.text("Kijk van de gemeente: kasstroom", "The municipality's view: cash"),
        book.text(
            "Vanaf welke prijs is de gemeente niet slechter af (METHODE §4)? Alleen geld van de gemeente, tegen haar "
            "rekenrente; als alle besparingen uitkomen.",
            "From which price on is the municipality no worse off (METHOD §4)? Municipal cash only, at its own rate; "
            "if all savings come true.",
        ),
    )
    table = Table(book, "municipality", assets.count)
    number = links.objects.number
    table.add("Object", "Asset", links.objects.code, "text", width=14)
    own, of_initiative = (lines.asset, number), (lines.initiative, ">0")
    of_object = table.add(
        "Deel van het object (€)",
        "Object part (EUR)",
        sumifs(lines.municipal_value, own, (lines.initiative, 0)),
    )
    of_initiatives = table.add(
        "Deel van de initiatieven (€)", "Initiatives' part (EUR)", sumifs(lines.municipal_value, own, of_initiative)
    )
    at_zero = table.add("Bij prijs nul (€)", "At zero price (EUR)", of_object + of_initiatives)
    reservation = table.add(
        "Reserveringsprijs tegenover houden (€)", "Reservation price against keeping (EUR)", -at_zero
    )
    saved = assets["operating_cost_eur_per_year"] + assets["major_maintenance_eur_per_year"]
    yearly = table.add(
        "Bij verkoop vermeden per jaar (€)",
        "Avoided per year when sold (EUR)",
        saved - assets["rent_income_eur_per_year"],
    )
    of_sale = table.add(
        "Verkopen op de markt (€)",
        "Selling on the market (EUR)",
        _proceeds(assets)
        + yearly * time.municipality.annuity
        - links.objects.terminal_value * time.municipality.terminal,
    )
    against_sale = table.add(
        "Reserveringsprijs tegenover verkopen (€)", "Reservation price against selling (EUR)", of_sale - at_zero
    )
    table.finish()
    return {
        "municipality_npv_object_eur": of_object,
        "municipality_npv_initiative_eur": of_initiatives,
        "municipality_npv_at_zero_price_eur": at_zero,
        "reservation_price_eur": reservation,
        "reservation_price_against_sale_eur": against_sale,
    }


def _proceeds(assets: Inputs) -> Formula:
    """What selling now brings at once."""
    return assets["market_value_eur"] - assets["transaction_cost_eur"] + assets["maintenance_backlog_eur"]


def society_view(book: Book, assets: Inputs, links: Links, lines: Lines, time: Discounting) -> Results:
    """Social value of each object with its initiatives (METHOD §5), undefined without an initiative."""
    book.heading(
        "society",
        book.text("Maatschappelijke kijk", "Society's view"),
        book.text(
            "Wat de overdracht voor iedereen samen waard is tegenover houden (METHODE §5). Overdrachten vallen weg; de "
            "prijs verandert de maatschappelijke waarde niet.",
            "What the transfer is worth to everyone together, against keeping (METHOD §5). Transfers cancel out; the "
            "price never changes social value.",
        ),
    )
    table = Table(book, "society", assets.count)
    number = links.objects.number
    table.add("Object", "Asset", links.objects.code, "text", width=14)

    def known(outcome: Operand) -> Formula:
        return if_(links.objects.has_initiative.equals(1), outcome, UNDEFINED)

    benefits, costs, hours = society_totals(book, lines, lines.asset, number)
    benefit = table.add("Maatschappelijke baten (€)", "Social benefits (EUR)", known(benefits))
    cost = table.add("Maatschappelijke kosten (€)", "Social costs (EUR)", known(costs))
    volunteer_hours = table.add("Kosten vrijwilligersuren (€)", "Volunteer hours' cost (EUR)", known(hours))
    value = table.add("Maatschappelijke waarde (€)", "Social value (EUR)", defined(benefit, benefit - cost))
    saved = assets["operating_cost_eur_per_year"] + assets["major_maintenance_eur_per_year"]
    of_sale = table.add(
        "Maatschappelijke waarde van verkopen (€)",
        "Social value of selling (EUR)",
        known(_proceeds(assets) + saved * time.society.annuity),
    )
    against_sale = table.add(
        "Maatschappelijke waarde tegenover verkopen (€)",
        "Social value against selling (EUR)",
        defined(value, value - of_sale),
    )
    benefit_cost_ratio = table.add(
        "Baten gedeeld door kosten", "Benefits divided by costs", ratio(benefit, cost), "number"
    )
    table.finish()
    return {
        "social_benefits_eur": benefit,
        "social_costs_eur": cost,
        "volunteer_hours_cost_eur": volunteer_hours,
        "social_value_eur": value,
        "social_value_against_sale_eur": against_sale,
        "bcr": benefit_cost_ratio,
    }


def society_totals(book: Book, lines: Lines, owners: Range, number: Formula) -> tuple[Formula, Formula, Formula]:
    """Present value of social benefits, social costs and volunteer hours of one owner."""
    value, hours = lines.society_value, book.text(*KINDS["volunteer_hours"])
    return (
        sumifs(value, (owners, number), (lines.society, 1)),
        sumifs(value, (owners, number), (lines.society, -1)),
        sumifs(value, (owners, number), (lines.kind, hours)),
    )


def ratio(above: Formula, below: Formula) -> Formula:
    """Above divided by below; undefined where there is nothing below the line."""
    return if_(is_filled(below), if_(below.equals(0), UNDEFINED, above / below), UNDEFINED)


def price_view(
    book: Book,
    assume: Mapping[str, Formula],
    assets: Inputs,
    initiatives: Inputs,
    links: Links,
    views: Results,
    aid_years: Formula,
    room_of: Column,
) -> Results:
    """The council's rule, the ceiling price, the zone and the aid signal (METHOD §6).

    Parameters
    ----------
    views : dict
        The results of the municipality's and of society's view.
    room_of : Column
        What each initiative has left for the purchase.
    """
    book.heading(
        "price",
        book.text("Prijs", "Price"),
        book.text(
            "Rekenprijs volgens raadsregel, hoogste prijs die de initiatieven dragen en onderhandelingsruimte "
            "(METHODE §6). Geen taxatie en geen juridisch advies.",
            "Price by the council's rule, highest price that the initiatives can carry and bargaining zone "
            "(METHOD §6). No appraisal, no legal advice.",
        ),
    )
    table = Table(book, "price", assets.count)
    objects = links.objects
    table.add("Object", "Asset", objects.code, "text", width=14)
    has = objects.has_initiative.equals(1)
    market, proposed, value = assets["market_value_eur"], assets["proposed_price_eur"], views["social_value_eur"]

    table.add("Marktwaarde (€)", "Market value (EUR)", market)
    discounted = table.add(
        "Marktwaarde min meetellende waarde (€)",
        "Market value less counted value (EUR)",
        defined(value, market - assume["social_value_share"] * max_(0, value)),
    )
    rule = table.add(
        "Rekenprijs volgens raadsregel (€)",
        "Price by the council's rule (EUR)",
        defined(discounted, max_(assume["price_floor"], min_(market, discounted))),
    )
    bound = table.add(
        "Grens die geldt",
        "Bound that holds",
        defined(
            discounted,
            if_(
                rule > discounted,
                book.text("bodem", "floor"),
                if_(discounted >= market, book.text("markt", "market"), book.text("aandeel", "share")),
            ),
        ),
        "words",
        width=11,
    )
    tax = assume["transfer_tax_rate"]
    room = table.add(
        "Ruimte van de initiatieven (€)",
        "Room of the initiatives (EUR)",
        if_(has, sumifs(room_of.whole, (links.initiatives.asset.whole, objects.number)), UNDEFINED),
    )
    is_restricted = assets.says_yes("sale_restriction")
    ceiling = table.add(
        "Hoogste prijs die de initiatieven dragen (€)",
        "Ceiling price (EUR)",
        defined(room, highest_price(room, tax, market, is_restricted)),
    )
    zone = table.add(
        "Onderhandelingsruimte (€)",
        "Bargaining zone (EUR)",
        defined(ceiling, ceiling - views["reservation_price_eur"]),
    )
    discount = table.add("Korting (€)", "Discount (EUR)", defined(proposed, max_(0, market - proposed)))
    required = table.add(
        "Deel van de maatschappelijke waarde dat moet uitkomen",
        "Required share of the social value",
        if_(and_(is_filled(discount), is_filled(value)), if_(value > 0, discount / value, UNDEFINED), UNDEFINED),
        "fraction",
    )
    subsidy = index(initiatives["subsidy_eur_per_year"].whole, objects.first_initiative)
    aid = table.add(
        "De-minimissteun (€)",
        "De minimis aid (EUR)",
        if_(and_(is_filled(discount), has), discount + aid_years * subsidy, UNDEFINED),
    )
    table.finish()
    return {
        "social_price_eur": rule,
        "social_price_bound": bound,
        "ceiling_price_eur": ceiling,
        "zone_eur": zone,
        "required_share": required,
        "de_minimis_aid_eur": aid,
    }


def highest_price(room: Formula, tax: Formula, market: Formula, is_restricted: Formula) -> Formula:
    """Highest price for this much room, transfer tax paid: on the market value, or on the price where that is more.

    A public restriction makes the price itself the base (METHOD §6).
    """
    taxed_on_price = room / (1 + tax)
    on_price = or_(is_restricted, taxed_on_price >= market)
    return if_(room <= 0, room, if_(on_price, taxed_on_price, room - tax * market))


def debt_view(book: Book, initiatives: Inputs, links: Links) -> tuple[Column, Column]:
    """What each initiative can borrow, and what it then has left for the purchase after its renovation."""
    book.heading(
        "debt_capacity",
        book.text("Financiering van de initiatieven", "The initiatives' financing"),
        book.text(
            "Lening uit het jaarlijkse overschot (METHODE §6), nominaal en dus voorzichtig.",
            "Loan from the yearly surplus (METHOD §6), nominal and therefore cautious.",
        ),
    )
    table = Table(book, "debt_capacity", initiatives.count)
    table.add("Initiatief", "Initiative", links.initiatives.code, "text", width=14)
    surplus = table.add(
        "Overschot (€ per jaar)",
        "Surplus (EUR per year)",
        initiatives["income_eur_per_year"] + initiatives["subsidy_eur_per_year"] - links.initiatives.running_cost,
    )
    service = table.add(
        "Ruimte voor rente en aflossing (€ per jaar)",
        "Room for debt service (EUR per year)",
        max_(0, surplus) / initiatives.or_default("dscr", 1),
    )
    debt = table.add(
        "Lening (€)", "Loan (EUR)", _loan(initiatives["loan_rate"], initiatives["loan_term_years"], service)
    )
    room = table.add(
        "Ruimte voor de aankoop (€)",
        "Room for the purchase (EUR)",
        initiatives["own_funds_eur"] + initiatives["grants_eur"] + debt - initiatives["renovation_eur"],
    )
    table.finish()
    return debt, room


def _loan(rate: Formula, term: Formula, service: Formula) -> Formula:
    """Present value of the debt service; no loan without a term."""
    interest, years = np.nan_to_num(rate.value), np.nan_to_num(term.value)
    with np.errstate(all="ignore"):
        factor = np.where(interest == 0, years, (1 - (1 + interest) ** -years) / interest)
    loan = call("PV", [rate, term, -service], service.value * factor)
    return if_(is_filled(term), loan, 0)
