"""Care and welfare (METHOD §7): what an initiative saves, for whom, and when society has it back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from exports.workbook.book import Book, Column, Table
from exports.workbook.discounting import Discounting
from exports.workbook.formula import (
    ADDED,
    MULTIPLIED,
    UNDEFINED,
    Formula,
    Ref,
    Values,
    defined,
    if_,
    min_,
    sum_where,
    sumifs,
    valued,
)
from exports.workbook.inputs import Inputs
from exports.workbook.lines import Lines
from exports.workbook.links import Links
from exports.workbook.views import Results, ratio, society_totals
from valuation.case import PARTIES
from valuation.key_figures import payback_years


def payback(book: Book, links: Links, lines: Lines, time: Discounting, horizon: Formula) -> Column:
    """Payback of each initiative's own discounted society flow (METHOD §7).

    The last year in which the cumulative flow is below zero, and the part of the next year that it takes to come
    up; undefined if it never comes up, 0 if it is never below. Rounding noise is no loss.
    """
    book.heading(
        "payback",
        book.text("Terugverdientijd", "Payback"),
        book.text(
            "Verdisconteerde maatschappelijke stroom van elk initiatief per jaar, en opgeteld (METHODE §7).",
            "Discounted society flow of each initiative by year, and added up from year 0 (METHOD §7).",
        ),
    )
    table = Table(book, "payback", links.initiatives.code.value.shape[0])
    number = links.initiatives.number
    table.add("Initiatief", "Initiative", links.initiatives.code, "text", width=14)
    moment_at = table.next_column
    table.next_column += 3
    undiscounted = sum_where((lines.society, lines.years), (lines.initiative, number))
    flow = table.add_years(undiscounted * time.society.factor, time.years)
    cumulated = np.cumsum(flow.value, axis=1)
    cumulative = table.add_years(valued(_running_sum(flow), cumulated), time.years)
    table.next_column = moment_at

    steps = int(horizon.value.item()) + 1
    noise = table.add(
        "Afrondingsruis (€)",
        "Rounding noise (EUR)",
        Formula(
            ("(SUMIF(", *flow.across.parts, ',">0")-SUMIF(', *flow.across.parts, ',"<0"))*2.22E-16'),
            np.abs(flow.value).sum(axis=1, keepdims=True) * 2.22e-16,
            MULTIPLIED,
        ),
        "factor",
    )
    below = ("(", *cumulative.across.parts, "<-", *noise.parts, ")")
    until = ("(", *_years_row(time).parts, "<=", *horizon.parts, ")")
    last_below = table.add(
        "Laatste jaar onder nul",
        "Last year below zero",
        Formula(
            ("SUMPRODUCT(MAX(", *below, "*", *until, "*(", *_years_row(time).parts, "+1)))-1"),
            _last_below(cumulated[:, :steps], noise.value),
            ADDED,
        ),
        "integer",
    )
    before, after = (_entry(cumulative, last_below, shift) for shift in (1, 2))
    moment = table.add(
        "Terugverdientijd (jaar)",
        "Payback (years)",
        valued(
            if_(
                last_below < 0,
                0,
                if_(last_below.equals(horizon), UNDEFINED, last_below + min_(1, -before / (after - before))),
            ),
            payback_years(flow.value[:, :steps])[:, None],
        ),
        "years",
    )
    table.finish(frozen_columns=4, last_column=flow.at_start.column + steps - 1)
    return moment


def _running_sum(flow: Column) -> Formula:
    """Sum of a row of years from its first cell up to the one above which the sum stands."""
    start = flow.at_start
    first = Ref(start.sheet, start.row, start.column, down=True)
    return Formula(("SUM(", first, ":", *flow.parts, ")"), flow.value)


def _years_row(time: Discounting) -> Formula:
    """The row of years 0..last, for use beside a row of yearly cells."""
    (first,) = time.year.parts
    if isinstance(first, str):
        raise TypeError("the year of a yearly cell is a reference")
    row = Ref(first.sheet, first.row, first.column, columns=len(time.years))
    return Formula((row,), time.years[None, :])


def _last_below(cumulative: Values, noise: Values) -> Values:
    below = cumulative < -noise
    years = np.arange(cumulative.shape[1])
    last: Values = np.where(below, years, -1).max(axis=1, keepdims=True, initial=-1)
    return last.astype(float)


def _entry(cells: Column, last_below: Formula, shift: int) -> Formula:
    """The cumulative flow in the last year below zero, or in the year after it."""
    parts = ("INDEX(", *cells.across.parts, ",", *last_below.parts, f"+{shift})")
    return Formula(parts, np.full((1, 1), np.nan))


def savings_view(
    book: Book, assume: Mapping[str, Formula], initiatives: Inputs, links: Links, lines: Lines, moment: Column
) -> Results:
    """What each initiative saves and is worth (METHOD §7)."""
    book.heading(
        "savings",
        book.text("Besparing per initiatief", "Savings by initiative"),
        book.text(
            "Per jaar bij volle ingroei, en contante waarden (METHODE §7). Met een object is het cijfer van het object "
            "het cijfer om te tonen.",
            "Per year at full take-up, and present values (METHOD §7). With an object, the object's figure is the one "
            "to show.",
        ),
    )
    table = Table(book, "savings", initiatives.count)
    own, tasks = links.initiatives, links.tasks
    table.add("Initiatief", "Initiative", own.code, "text", width=14)
    by_owner = (tasks.owner.whole, own.number)
    municipality = book.word(PARTIES, "municipality")

    avoided = table.add(
        "Vermeden kosten (€ per jaar)", "Avoided cost (EUR per year)", sumifs(tasks.avoided.whole, by_owner)
    )
    cashable = table.add(
        "Verzilverbaar (€ per jaar)", "Cashable (EUR per year)", sumifs(tasks.cashable.whole, by_owner)
    )
    municipal = table.add(
        "Verzilverbaar voor de gemeente (€ per jaar)",
        "Cashable for the municipality (EUR per year)",
        sumifs(tasks.cashable.whole, by_owner, (tasks.payer.whole, municipality)),
    )
    facilitation = initiatives["facilitation_hours_per_year"] * assume["official_hourly_rate"]
    cost = table.add(
        "Kosten van de gemeente (€ per jaar)",
        "Municipal cost (EUR per year)",
        initiatives["subsidy_eur_per_year"] + facilitation,
    )
    net = table.add("Netto voor de gemeente (€ per jaar)", "Net for the municipality (EUR per year)", municipal - cost)
    at_initiative = table.add(
        "Aantal × kostprijs initiatief (€ per jaar)",
        "Volume × initiative unit cost (EUR per year)",
        if_(
            sumifs(tasks.lacks_either.whole, by_owner) > 0,
            UNDEFINED,
            sumifs(tasks.own_cost.whole, by_owner),
        ),
    )
    at_institution = table.add(
        "Aantal × kostprijs instelling (€ per jaar)",
        "Volume × institutional unit cost (EUR per year)",
        defined(at_initiative, sumifs(tasks.institutional_cost.whole, by_owner)),
    )
    fraction = table.add(
        "Fractie van de kostprijs",
        "Fraction of the cost price",
        ratio(at_initiative, at_institution),
        "fraction",
    )
    break_even = table.add(
        "Deel van de besparing dat moet uitkomen",
        "Break-even share",
        ratio(cost, municipal),
        "fraction",
    )
    npv_municipality = table.add(
        "Contante waarde gemeente (€)",
        "NPV municipality (EUR)",
        sumifs(lines.municipal_value, (lines.initiative, own.number)),
    )
    benefits, costs, _ = society_totals(book, lines, lines.initiative, own.number)
    benefit = table.add("Maatschappelijke baten (€)", "Social benefits (EUR)", benefits)
    social_cost = table.add("Maatschappelijke kosten (€)", "Social costs (EUR)", costs)
    npv_society = table.add("Contante waarde maatschappij (€)", "NPV society (EUR)", benefit - social_cost)
    benefit_cost_ratio = table.add(
        "Baten gedeeld door kosten", "Benefits divided by costs", ratio(benefit, social_cost), "number"
    )
    table.finish()
    return {
        "avoided_cost_eur_per_year": avoided,
        "cashable_saving_eur_per_year": cashable,
        "municipal_cashable_saving_eur_per_year": municipal,
        "municipal_cost_eur_per_year": cost,
        "municipal_net_saving_eur_per_year": net,
        "cost_price_fraction": fraction,
        "break_even_share": break_even,
        "npv_municipality_eur": npv_municipality,
        "npv_society_eur": npv_society,
        "bcr": benefit_cost_ratio,
        "payback_years": moment,
    }
