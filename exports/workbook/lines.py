"""Every euro as a line (METHOD §2, §4, §5): whose it is, in which years, and in which view it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from exports.workbook.book import FIRST_ROW, Book, Column, Table, stacked
from exports.workbook.discounting import Discounting
from exports.workbook.formula import (
    NOT_AVAILABLE,
    UNDEFINED,
    Formula,
    Operand,
    Range,
    Ref,
    and_,
    as_text,
    defined,
    if_,
    index,
    is_filled,
    lift,
    max_,
    min_,
    position_of,
    sumproduct,
    zero_if_text,
)
from exports.workbook.inputs import Inputs
from exports.workbook.links import Links
from exports.workbook.prices import Prices
from exports.workbook.take_up import TakeUp
from valuation.case import PARTIES

KINDS = {
    "backlog_avoided": ("achterstand opgelost", "backlog avoided"),
    "backlog_passed_on": ("achterstand mee over", "backlog passed on"),
    "transaction_cost": ("transactiekosten", "transaction cost"),
    "operating_cost_avoided": ("vermeden exploitatielasten", "operating cost avoided"),
    "major_maintenance_avoided": ("vermeden groot onderhoud", "major maintenance avoided"),
    "rent_lost": ("gemiste huur", "rent lost"),
    "fallback_cost": ("terugvalkosten", "fall-back cost"),
    "terminal_value": ("eindwaarde", "terminal value"),
    "price": ("koopprijs", "price"),
    "transfer_tax": ("overdrachtsbelasting", "transfer tax"),
    "new_user_payments": ("betalingen nieuwe gebruikers", "new users' payments"),
    "new_user_income": ("inkomsten nieuwe gebruikers", "income from new users"),
    "other_income": ("overige inkomsten", "other income"),
    "subsidy": ("subsidie", "subsidy"),
    "facilitation": ("begeleiding door ambtenaren", "facilitation"),
    "operating_cost": ("kosten initiatief zonder btw-lek", "initiative's cost less VAT leak"),
    "vat_leak": ("niet-verrekenbare btw", "VAT leak"),
    "renovation": ("verbouwing", "renovation"),
    "grants": ("fondsen", "grants"),
    "volunteer_hours": ("vrijwilligersuren", "volunteer hours"),
    "avoided_institutional_cost": ("vermeden kosten instelling", "avoided institutional cost"),
    "effect": ("effect", "effect"),
}
"""Kinds of line, as in `valuation.lines`, in Dutch and English."""


@dataclass(frozen=True)
class Lines:
    """The columns of all lines together, as ranges to add up.

    Parameters
    ----------
    society : Range
        +1 for a social benefit, -1 for a social cost, 0 for what does not count there.
    municipal : Range
        [fraction, signed] Part of the amount that is municipal cash.
    society_value, municipal_value : Range
        [EUR] Present values: unsigned at the society's rate, signed at the municipality's.
    years : Range
        [EUR] Unsigned amounts, a column a year; one year at a time, moving with the year of the cell.
    all_years : Range
        The same as one block.
    """

    kind: Range
    asset: Range
    initiative: Range
    society: Range
    municipal: Range
    society_value: Range
    municipal_value: Range
    years: Range
    all_years: Range


@dataclass(frozen=True)
class Line:
    """One kind of line for every row of a table. What is not said is the ordinary case of a yearly line.

    Parameters
    ----------
    amount : Formula
        [EUR, or EUR per year] Not signed; undefined for p.m.
    party, counterparty : Formula | str
        A party's code name, or a cell with a party.
    society, municipal : Formula | float
        Weights in the two views (`Lines`).
    take_up, drop_off, growth : optional
        The course of an effect; without them the amount is the same in every year.
    at_terminal : bool
        The amount stands at the end of the horizon, whatever the timing.
    """

    kind: str
    amount: Formula
    party: Operand
    counterparty: Operand = ""
    label: Formula | None = None
    unit_price: Formula | None = None
    society: Operand = 0
    municipal: Operand = 0
    start: Operand = 1
    end: Operand | None = None
    take_up: TakeUp | None = None
    drop_off: Operand = 0
    growth: Operand = 0
    at_terminal: bool = False


@dataclass(frozen=True)
class Block:
    """The lines of one table: who owns them, and the lines themselves."""

    inputs: Inputs
    owner: Column
    asset: Formula
    initiative: Formula
    end: Formula
    lines: tuple[Line, ...]


def all_lines(
    book: Book,
    assume: Mapping[str, Formula],
    inputs: Mapping[str, Inputs],
    links: Links,
    courses: tuple[TakeUp, TakeUp],
    prices: Prices,
    time: Discounting,
) -> Lines:
    """Write every line of the case, in the order of `valuation.lines`: objects, initiatives, tasks, effects."""
    book.heading(
        "lines",
        book.text("Regels", "Lines"),
        book.text(
            "Elke euro als regel (METHODE §2). Bedrag zonder teken; Maatschappij en Gemeente zeggen of en hoe de "
            "regel in die kijk telt. Een leeg bedrag is p.m.",
            "Every euro as a line (METHOD §2). Amounts without sign; Society and Municipality say whether and how "
            "the line counts in that view. An empty amount is p.m.",
        ),
    )
    task_course, effect_course = courses
    blocks = (
        _object_lines(assume, inputs["assets"], links),
        _initiative_lines(book, assume, inputs["initiatives"], links),
        _task_lines(book, inputs["tasks"], links, task_course),
        _effect_lines(book, assume, inputs["effects"], links, effect_course, prices),
    )
    written: list[dict[str, Column]] = []
    row = FIRST_ROW
    last_row = FIRST_ROW + sum(block.inputs.count * len(block.lines) for block in blocks) - 1
    for block in blocks:
        for line in block.lines if block.inputs.count else ():
            table = Table(book, "lines", block.inputs.count, first_row=row, with_header=row == FIRST_ROW)
            columns = _write(table, block, line, time)
            written.append(columns)
            if row == FIRST_ROW:
                last_column = columns["years"].at_start.column + int(assume["horizon_years"].value.item())
                table.finish(frozen_columns=3, last_row=last_row, last_column=last_column)
            row += block.inputs.count

    def whole(key: str, nl: str, en: str) -> Range:
        return stacked(book, [columns[key] for columns in written], (nl, en))

    by_year = whole("years", "Regel_jaren", "line_years")
    first = written[0]["years"].at_start
    return Lines(
        kind=whole("kind", "Regel_soort", "line_kind"),
        asset=whole("asset", "Regel_object", "line_asset"),
        initiative=whole("initiative", "Regel_initiatief", "line_initiative"),
        society=whole("society", "Regel_maatschappij", "line_society"),
        municipal=whole("municipal", "Regel_gemeente", "line_municipal"),
        society_value=whole("society_value", "Regel_CW_maatschappij", "line_PV_society"),
        municipal_value=whole("municipal_value", "Regel_CW_gemeente", "line_PV_municipality"),
        years=Range((Ref(first.sheet, first.row, first.column, rows=len(by_year.value), right=True),), by_year.value),
        all_years=by_year,
    )


def _write(table: Table, block: Block, line: Line, time: Discounting) -> dict[str, Column]:
    """Write one kind of line for all rows of its table; the columns are the same for every kind."""
    book = table.book
    columns: dict[str, Column] = {}

    def add(key: str, nl: str, en: str, formula: Operand, number: str, width: float | None = None) -> Column:
        columns[key] = table.add(nl, en, lift(formula), number, width=width)
        return columns[key]

    add("owner", "Eigenaar", "Owner", block.owner, "text", 14)
    add("kind", "Soort regel", "Kind of line", book.text(*KINDS[line.kind]), "words", 28)
    add("label", "Taak of effect", "Task or effect", line.label or "", "words", 26)
    add("asset", "Object nr", "Object no", block.asset, "integer", 8)
    add("initiative", "Initiatief nr", "Initiative no", block.initiative, "integer", 9)
    add("party", "Partij", "Party", _party(book, line.party), "words", 13)
    add("counterparty", "Tegenpartij", "Counterparty", _party(book, line.counterparty), "words", 13)
    add("society", "Maatschappij", "Society", line.society, "integer", 13)
    add("municipal", "Gemeente", "Municipality", line.municipal, "number", 11)
    add("unit_price", "Prijs per eenheid (€)", "Price per unit (EUR)", line.unit_price or UNDEFINED, "price")
    amount = add("amount", "Bedrag (€ of € per jaar)", "Amount (EUR or EUR per year)", line.amount, "amount")
    start = add("start", "Eerste jaar", "First year", line.start, "integer", 8)
    end = add("end", "Laatste jaar", "Last year", block.end if line.end is None else line.end, "integer", 8)
    add("drop_off", "Uitdoving", "Drop-off", line.drop_off, "fraction", 10)
    add("growth", "Reële groei", "Real growth", line.growth, "fraction", 10)
    # The present values stand before the years that they add up, where one sees them; they are written after them.
    values_at, table.next_column = table.next_column, table.next_column + 2

    year = time.year
    runs = and_(year >= start, year <= end)
    per_year = zero_if_text(amount)
    if line.take_up is not None:
        per_year = per_year * line.take_up.in_year(year, start)
    if isinstance(line.drop_off, Formula):
        remaining = if_(year.equals(start), 1, (1 - columns["drop_off"]) ** (year - start))
        per_year = per_year * remaining * (1 + columns["growth"]) ** max_(year - 1, 0)
    years = columns["years"] = table.add_years(if_(runs, per_year, 0), time.years)
    after, table.next_column = table.next_column, values_at

    society, municipality = time.society, time.municipality
    if line.at_terminal:
        at_society, at_municipality = per_year * society.terminal, per_year * municipality.terminal
    else:
        at_society = sumproduct(years.across, society.factors)
        at_municipality = sumproduct(years.across, municipality.factors)
    add("society_value", "Contante waarde maatschappij (€)", "Present value society (EUR)", at_society, "amount")
    signed = columns["municipal"] * at_municipality
    add(
        "municipal_value",
        "Contante waarde gemeente, met teken (€)",
        "Present value municipality, signed (EUR)",
        signed,
        "amount",
    )
    table.next_column = after
    return columns


def _party(book: Book, party: Operand) -> Operand:
    if isinstance(party, str) and party:
        return book.word(PARTIES, party)
    return party


def _object_lines(assume: Mapping[str, Formula], assets: Inputs, links: Links) -> Block:
    """What the transfer itself changes for each object (METHOD §4-5)."""
    objects, horizon = links.objects, assume["horizon_years"]
    after = objects.years + 1
    market, price = assets["market_value_eur"], assets["proposed_price_eur"]
    restricted = assets.says_yes("sale_restriction")
    taken_over = objects.has_initiative.equals(1)
    taxed = if_(restricted, price, max_(price, market))
    return Block(
        inputs=assets,
        owner=assets["asset_id"],
        asset=objects.number,
        initiative=lift(0),
        end=objects.years,
        lines=(
            _saved("backlog_avoided", objects.covered_backlog, start=0, end=0),
            Line(
                "backlog_passed_on",
                assets["maintenance_backlog_eur"] - objects.covered_backlog,
                "municipality",
                "initiative",
                municipal=1,
                start=0,
                end=0,
            ),
            _spent("transaction_cost", assets["transaction_cost_eur"], start=0, end=0),
            _saved("operating_cost_avoided", assets["operating_cost_eur_per_year"]),
            _saved("major_maintenance_avoided", assets["major_maintenance_eur_per_year"]),
            Line("rent_lost", assets["rent_income_eur_per_year"], "municipality", "other", municipal=-1),
            _spent(
                "fallback_cost",
                zero_if_text(assets["fallback_cost_eur"]),
                start=after,
                end=if_(after <= horizon, after, 0),
            ),
            Line(
                "terminal_value",
                objects.terminal_value,
                "municipality",
                "initiative",
                municipal=-1,
                start=horizon,
                end=horizon,
                at_terminal=True,
            ),
            Line(
                "price",
                if_(taken_over, defined(price, price), 0),
                "municipality",
                "initiative",
                start=0,
                end=0,
            ),
            Line(
                "transfer_tax",
                if_(taken_over, defined(price, assume["transfer_tax_rate"] * taxed), 0),
                "state",
                "initiative",
                start=0,
                end=0,
            ),
        ),
    )


def _saved(kind: str, amount: Formula, start: Operand = 1, end: Operand | None = None) -> Line:
    """A cost that the municipality, and with it society, no longer has."""
    return Line(kind, amount, "municipality", society=1, municipal=1, start=start, end=end)


def _spent(kind: str, amount: Formula, start: Operand = 1, end: Operand | None = None) -> Line:
    """A cost of the municipality, and so of society."""
    return Line(kind, amount, "municipality", society=-1, municipal=-1, start=start, end=end)


def _initiative_lines(book: Book, assume: Mapping[str, Formula], initiatives: Inputs, links: Links) -> Block:
    """What an initiative earns, costs and asks each year (METHOD §4-5)."""
    own = links.initiatives
    new_users, vat_leak = initiatives["new_user_income_eur_per_year"], initiatives["vat_leak_eur_per_year"]
    counted = assume["count_volunteer_hours"].equals(book.text("ja", "yes"))
    facilitation = initiatives["facilitation_hours_per_year"] * assume["official_hourly_rate"]
    hours = initiatives["volunteer_hours_per_year"] * assume["volunteer_hour_value"]
    return Block(
        inputs=initiatives,
        owner=initiatives["initiative_id"],
        asset=own.asset,
        initiative=own.number,
        end=own.years,
        lines=(
            Line("new_user_payments", new_users, "residents", society=1),
            Line("new_user_income", new_users, "initiative", "residents"),
            Line("other_income", initiatives["income_eur_per_year"] - new_users, "initiative", "other"),
            Line("subsidy", initiatives["subsidy_eur_per_year"], "initiative", "municipality", municipal=-1),
            Line("facilitation", facilitation, "municipality", society=-1, municipal=-1),
            Line("operating_cost", own.running_cost - vat_leak, "initiative", society=-1),
            Line("vat_leak", vat_leak, "state", "initiative"),
            Line("renovation", initiatives["renovation_eur"], "initiative", society=-1, start=0, end=0),
            Line("grants", initiatives["grants_eur"], "initiative", "other", start=0, end=0),
            Line("volunteer_hours", hours, "residents", society=if_(counted, -1, 0)),
        ),
    )


def _task_lines(book: Book, tasks: Inputs, links: Links, course: TakeUp) -> Block:
    """Institutional cost that a task avoids: a benefit for its payer, cashable or not (METHOD §5, §7)."""
    own, owner = links.tasks, links.tasks.owner
    is_municipal = tasks["payer"].equals(book.word(PARTIES, "municipality"))
    line = Line(
        "avoided_institutional_cost",
        own.avoided,
        tasks["payer"],
        label=tasks["task"],
        unit_price=own.unit_price,
        society=1,
        municipal=if_(is_municipal, tasks["cashable_share"], 0),
        take_up=course,
    )
    return Block(
        inputs=tasks,
        owner=tasks["initiative_id"],
        asset=index(links.initiatives.asset.whole, owner),
        initiative=owner,
        end=index(links.initiatives.years.whole, owner),
        lines=(line,),
    )


def _effect_lines(
    book: Book, assume: Mapping[str, Formula], effects: Inputs, links: Links, course: TakeUp, prices: Prices
) -> Block:
    """The effect lines (METHOD §2); the deductions follow each other, so they multiply."""
    objects, initiatives = links.objects, links.initiatives
    owner = effects["owner_id"]
    initiative = position_of(owner, initiatives.code.whole, initiatives.number.whole)
    own_object = position_of(owner, objects.code.whole, objects.number.whole)
    of_initiative = initiative > 0
    asset = if_(
        of_initiative,
        index(initiatives.asset.whole, initiative),
        if_(own_object > 0, own_object, NOT_AVAILABLE),
    )
    owner_end = if_(of_initiative, index(initiatives.years.whole, initiative), index(objects.years.whole, own_object))
    start = effects.or_default("start_year", 1)
    duration = effects["duration_years"]
    end = min_(if_(is_filled(duration), start + duration - 1, owner_end), assume["horizon_years"])

    direction = if_(effects.says("direction", "cost"), -1, 1)
    party, counterparty = effects["party"], effects["counterparty"]
    municipality = book.word(PARTIES, "municipality")
    own_part = if_(counterparty.differs(""), direction, if_(direction > 0, effects["cashable_share"], lift(-1)))
    municipal = if_(party.equals(municipality), own_part, if_(counterparty.equals(municipality), -direction, 0))
    price = prices.unit_price(effects, "unit_value_eur")
    claimed = (1 - effects["deadweight"]) * (1 - effects["displacement"]) * (1 - effects["attribution"])
    line = Line(
        "effect",
        if_(is_filled(price), effects["quantity"] * price * claimed, UNDEFINED),
        party,
        as_text(counterparty),
        label=effects["effect"],
        unit_price=price,
        society=if_(counterparty.equals(""), direction, 0),
        municipal=municipal,
        start=start,
        end=end,
        take_up=course,
        drop_off=effects["drop_off"],
        growth=effects["real_growth"],
    )
    return Block(effects, owner, asset, initiative, end, (line,))
