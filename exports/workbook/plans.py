"""The business cases (METHOD §13) with live formulas: items, loans, financing, and ten years of result and balance.

`Plan reeksen` holds the yearly series of each plan, `Plan per jaar` sets them below each other as a bank reads them.
Quarters, levers and stress are not repeated here; they stand on screen and in the JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from exports.workbook.book import FIELD_ROW, FIRST_ROW, HEADER_ROW, Book, Column, Table, stacked
from exports.workbook.formula import (
    NOT_AVAILABLE,
    UNDEFINED,
    Formula,
    Range,
    Ref,
    Values,
    and_,
    call,
    countifs,
    defined,
    if_,
    index,
    index_in_block,
    is_filled,
    lift,
    max_,
    min_,
    numbers,
    or_,
    position_of,
    sum_where,
    sumifs,
    valued,
    zero_if_text,
)
from exports.workbook.inputs import Inputs
from exports.workbook.links import Links
from exports.workbook.results import Figure, cell_of, if_input_fits
from exports.workbook.take_up import TakeUp
from exports.workbook.views import highest_price
from valuation.business_case import initiatives_with_rows
from valuation.case import INCOME_KINDS, ITEM_KINDS, Case
from valuation.forecast import FORECAST_YEARS, HALF_A_CENT
from valuation.loans import ALMOST_FREE
from valuation.operations import RESERVE

LEAST_LAST_YEAR = 60
TOTALS = ("other_income", "subsidy", "other_cost", "vat_leak")
"""Items of an initiative without rows, from its totals."""
YEARS = np.arange(FORECAST_YEARS + 1.0)

SCALARS = {
    "uses_eur": ("Nodig (€)", "Uses (EUR)"),
    "sources_eur": ("Bronnen (€)", "Sources (EUR)"),
    "gap_eur": ("Gat (€)", "Gap (EUR)"),
    "gap_at_required_dscr_eur": ("Gat bij de gevraagde DSCR (€)", "Gap at the required DSCR (EUR)"),
    "lowest_dscr": ("Laagste DSCR", "Lowest DSCR"),
    "affordable_price_eur": ("Hoogste betaalbare prijs (€)", "Affordable price (EUR)"),
    "price_sources_cover_eur": ("Prijs die de bronnen dekken (€)", "Price that the sources cover (EUR)"),
    "price_dscr_allows_eur": ("Prijs die de DSCR toelaat (€)", "Price that the DSCR allows (EUR)"),
}
YEARLY = {
    "income_eur": ("Inkomsten (€)", "Income (EUR)"),
    "operating_cost_eur": ("Kosten (€)", "Operating cost (EUR)"),
    "to_replacement_reserve_eur": ("Naar reserve vervanging (€)", "To replacement reserve (EUR)"),
    "depreciation_eur": ("Afschrijving (€)", "Depreciation (EUR)"),
    "interest_eur": ("Rente (€)", "Interest (EUR)"),
    "result_eur": ("Resultaat (€)", "Result (EUR)"),
    "change_eur": ("Mutatie kas (€)", "Change in cash (EUR)"),
    "cash_eur": ("Kas (€)", "Cash (EUR)"),
    "fixed_assets_eur": ("Vaste activa (€)", "Fixed assets (EUR)"),
    "assets_eur": ("Activa (€)", "Assets (EUR)"),
    "loans_eur": ("Leningen (€)", "Loans (EUR)"),
    "deferred_price_eur": ("Uitgestelde prijs (€)", "Deferred price (EUR)"),
    "replacement_reserve_eur": ("Reserve vervanging (€)", "Replacement reserve (EUR)"),
    "equity_eur": ("Eigen vermogen (€)", "Equity (EUR)"),
    "liabilities_and_equity_eur": ("Passiva (€)", "Liabilities and equity (EUR)"),
    "dscr": ("DSCR", "DSCR"),
}
"""Columns of the sheet with a row for each plan and year, by the name of the figure in the JSON."""


@dataclass(frozen=True)
class Plans:
    """What the check compares and what the inputs must fit.

    Parameters
    ----------
    scalars, yearly : dict
        Figure to its cells; yearly has a row for each plan and year 0..10.
    loan_rows : dict
        `interest_eur`, `repayment_eur` and `closing_eur` to their blocks, a row a loan.
    loans_of : list of lists
        For each plan the rows of its loans in these blocks.
    conditions : tuple of Formula
        What must hold for the formulas to cover the inputs.
    """

    scalars: dict[str, Column]
    yearly: dict[str, Column]
    loan_rows: dict[str, Column]
    loans_of: list[list[int]]
    conditions: tuple[Formula, ...]


@dataclass(frozen=True)
class _ItemColumns:
    """The columns of a table of items."""

    owner: Column
    income: Column
    cost: Column
    reserve: Column
    amounts: Column


@dataclass(frozen=True)
class _Items:
    """The items of all plans as ranges: whose, what they count for, and their amounts by year."""

    owner: Range
    income: Range
    cost: Range
    reserve: Range
    at_start: Range
    years: Range


@dataclass(frozen=True)
class _Deferred:
    """Later payments by object: what is paid in a year and what is still owed."""

    asset: Range
    paid: Range
    owed: Range


def planned_initiatives(case: Case) -> list[int]:
    """Positions of the initiatives that have a business case of their own."""
    planned = initiatives_with_rows(case)
    return [row for row, name in enumerate(case.initiatives["initiative_id"]) if name in planned]


def last_plan_year(case: Case) -> int:
    """Last year that has a column: until every loan and deferred payment of the case is paid."""
    terms = [case.financing["term_years"], case.initiatives["loan_term_years"], case.price_terms["year"]]
    return int(max([LEAST_LAST_YEAR, *(column.max() for column in terms if column.notna().any())]))


def business_plans(
    book: Book,
    case: Case,
    assume: Mapping[str, Formula],
    inputs: Mapping[str, Inputs],
    links: Links,
    take_up: TakeUp,
    room: tuple[Column, Column],
) -> Plans:
    """Write the sheets of the business cases.

    Parameters
    ----------
    room : tuple of Column
        Debt capacity of each initiative, and its room for the purchase (METHOD §6).
    """
    years = np.arange(last_plan_year(case) + 1.0)
    positions = planned_initiatives(case)
    items = _items(book, case, inputs, links, take_up, positions, years)
    deferred = _deferred(book, inputs["price_terms"], links, years) if inputs["price_terms"].count else None
    financing = _Financing(book, case, assume, inputs, links, items, positions, room)
    loans = _loans(book, case, inputs, links, financing, positions, years)
    series = _series(book, financing, items, deferred, loans, years)
    financing.finish(loans, series)
    yearly = _per_year(book, financing, series)
    return Plans(
        scalars=financing.scalars,
        yearly=yearly,
        loan_rows={key: loans.blocks[key] for key in ("interest_eur", "repayment_eur", "closing_eur")},
        loans_of=loans.rows_of_plan,
        conditions=(loans.longest <= float(years[-1]),),
    )


def _year_of(table: Table, years: Values) -> Formula:
    """The year above the block that is written next."""
    return Formula((Ref(table.sheet.name, HEADER_ROW, table.next_column, right=True),), years[None, :])


def _block(table: Table, nl: str, en: str, formula: Formula, years: Values, number: str = "amount") -> Column:
    """A block of years with a name above it."""
    table.sheet.write_string(FIELD_ROW, table.next_column, table.book.text(nl, en))
    return table.add_years(formula, years, number)


def _moving(columns: Sequence[Column]) -> Range:
    """The blocks of years of tables below each other, one year at a time, moving with the year of the cell."""
    first = columns[0].at_start
    values = np.concatenate([numbers(column.value) for column in columns])
    return Range((Ref(first.sheet, first.row, first.column, len(values), right=True),), values)


def _whole_block(column: Column) -> Range:
    """All years and rows of a block."""
    return Range((column.at_start,), column.value)


def _items(
    book: Book,
    case: Case,
    inputs: Mapping[str, Inputs],
    links: Links,
    take_up: TakeUp,
    positions: Sequence[int],
    years: Values,
) -> _Items:
    """Every item of every plan, with its amount in each year; totals of Initiatieven where a plan has no rows."""
    book.heading(
        "plan_items",
        book.text("Posten van de businesscases", "Items of the business cases"),
        book.text(
            "Aantal × bedrag × bezetting × ingroei × indexering per jaar (METHODE §13); kosten zijn positief.",
            "Quantity × amount × occupancy × take-up × indexation by year (METHOD §13); costs are positive.",
        ),
    )
    named = set(case.operations["initiative_id"])
    without = [row for row in positions if case.initiatives["initiative_id"].iloc[row] not in named]
    usual = case.reference.number("indexation_rate")
    above = _stated_items(book, inputs["operations"], links, take_up, usual, years, below=len(without) * len(TOTALS))
    below = _items_by_totals(book, inputs, links, without, usual, years)
    both = [above, below]
    amounts = _moving([part.amounts for part in both])
    (block,) = amounts.parts
    if isinstance(block, str):
        raise TypeError("the block of years is a reference")
    return _Items(
        owner=stacked(book, [part.owner for part in both]),
        income=stacked(book, [part.income for part in both]),
        cost=stacked(book, [part.cost for part in both]),
        reserve=stacked(book, [part.reserve for part in both]),
        at_start=Range((Ref(block.sheet, block.row, block.column, block.rows),), amounts.value[:, :1]),
        years=amounts,
    )


def _stated_items(
    book: Book, rows: Inputs, links: Links, take_up: TakeUp, usual: float, years: Values, *, below: int
) -> _ItemColumns:
    """The rows of the sheet Exploitatie; so many rows of totals come below them."""
    own = links.initiatives
    table = Table(book, "plan_items", rows.count)
    position = position_of(rows["initiative_id"], own.code.whole, own.number.whole)
    owner = table.add("Initiatief nr", "Initiative no", if_(position > 0, position, NOT_AVAILABLE), "integer")
    table.add("Post", "Item", rows["item"], "words", width=32)
    income = table.add(
        "Inkomsten", "Income", if_(or_(*(rows.says("item_kind", kind) for kind in INCOME_KINDS)), 1, 0), "integer"
    )
    reserve = table.add("Reservering", "Reserve", if_(rows.says("item_kind", RESERVE), 1, 0), "integer")
    cost = table.add("Kosten", "Cost", 1 - income - reserve, "integer")
    size = table.add(
        "Volle omvang (€ per jaar)",
        "Full size (EUR per year)",
        rows.or_default("quantity_per_year", 1) * rows["unit_amount_eur"] * rows.or_default("occupancy_share", 1),
    )
    year = _year_of(table, years)
    start = rows.or_default("start_year", 1)
    grown = (1 + rows.or_default("indexation_rate", usual)) ** max_(year - 1, 0)
    yearly = size * take_up.in_year(year, start) * grown
    runs = or_(and_(start.equals(0), year.equals(0)), and_(start > 0, year >= start))
    amounts = _block(table, "Bedrag per jaar (€)", "Amount by year (EUR)", if_(runs, yearly, 0), years)
    table.finish(
        frozen_columns=2,
        last_row=table.first_row + rows.count + below - 1,
        last_column=amounts.at_start.column + FORECAST_YEARS,
    )
    return _ItemColumns(owner, income, cost, reserve, amounts)


def _items_by_totals(
    book: Book, inputs: Mapping[str, Inputs], links: Links, without: Sequence[int], usual: float, years: Values
) -> _ItemColumns:
    """Four items for each plan without rows of its own, from its totals on the sheet Initiatieven."""
    stated, initiatives = inputs["operations"].count, inputs["initiatives"]
    table = Table(book, "plan_items", len(without) * len(TOTALS), first_row=FIRST_ROW + stated)
    table.with_header = stated == 0
    kinds = np.array([book.word(ITEM_KINDS, kind) for kind in TOTALS] * len(without), dtype=object)
    owner = table.add_values(
        "Initiatief nr",
        "Initiative no",
        np.repeat(np.array(without, float) + 1, len(TOTALS)),
        "integer",
        look="formula",
    )
    kind = table.add_values("Post", "Item", kinds, "words", look="formula", width=32)

    def is_kind(key: str) -> Formula:
        return kind.equals(book.word(ITEM_KINDS, key))

    def of(column: Column) -> Formula:
        return index(column.whole, owner)

    income = table.add("Inkomsten", "Income", if_(or_(is_kind("other_income"), is_kind("subsidy")), 1, 0), "integer")
    reserve = table.add("Reservering", "Reserve", lift(0), "integer")
    cost = table.add("Kosten", "Cost", 1 - income - reserve, "integer")
    leak = of(initiatives["vat_leak_eur_per_year"])
    size = table.add(
        "Volle omvang (€ per jaar)",
        "Full size (EUR per year)",
        if_(
            is_kind("other_income"),
            of(initiatives["income_eur_per_year"]),
            if_(
                is_kind("subsidy"),
                of(initiatives["subsidy_eur_per_year"]),
                if_(is_kind("vat_leak"), leak, of(links.initiatives.running_cost) - leak),
            ),
        ),
    )
    year = _year_of(table, years)
    grown = (1 + lift(usual)) ** max_(year - 1, 0)
    amounts = _block(table, "Bedrag per jaar (€)", "Amount by year (EUR)", if_(year > 0, size * grown, 0), years)
    return _ItemColumns(owner, income, cost, reserve, amounts)


def _deferred(book: Book, terms: Inputs, links: Links, years: Values) -> _Deferred:
    """What is paid later of a price, and what is still owed, as indexed so far."""
    book.heading(
        "plan_deferred",
        book.text("Uitgestelde betalingen", "Deferred payments"),
        book.text(
            "Een schuld tot en met het jaar vóór de betaling, met de afgesproken indexering (METHODE §13).",
            "A debt until the year before it is paid, with the agreed indexation (METHOD §13).",
        ),
    )
    table = Table(book, "plan_deferred", terms.count)
    objects = links.objects
    position = position_of(terms["asset_id"], objects.code.whole, objects.number.whole)
    asset = table.add("Object nr", "Asset no", if_(position > 0, position, NOT_AVAILABLE), "integer")
    table.add("Afspraak", "Arrangement", terms["arrangement"], "words", width=30)
    amount = table.add(
        "Bedrag nu (€)",
        "Amount now (EUR)",
        if_(terms.says("arrangement", "deferred_payment"), terms["amount_eur"] + 0, 0),
    )
    due, grows = terms["year"], 1 + terms["indexation_rate"]
    year = _year_of(table, years)
    is_paid = and_(amount > 0, year.equals(due))
    paid = _block(table, "Betaald (€)", "Paid (EUR)", if_(is_paid, amount * grows**year, 0), years)
    year = _year_of(table, years)
    is_owed = and_(amount > 0, year < due)
    owed = _block(table, "Nog te betalen (€)", "Still owed (EUR)", if_(is_owed, amount * grows**year, 0), years)
    table.finish(frozen_columns=2)
    return _Deferred(asset.whole, paid.whole, owed.whole)


class _Financing:
    """The sheet with a row for each plan: uses, sources, gap and affordable price."""

    def __init__(
        self,
        book: Book,
        case: Case,
        assume: Mapping[str, Formula],
        inputs: Mapping[str, Inputs],
        links: Links,
        items: _Items,
        positions: Sequence[int],
        room: tuple[Column, Column],
    ) -> None:
        book.heading(
            "plan_financing",
            book.text("Financiering van de businesscases", "Financing of the business cases"),
            book.text(
                "Wat nodig is, wat er is, en welke prijs te betalen is (METHODE §13). Leeg is onbekend.",
                "What is needed, what there is, and which price can be paid (METHOD §13). Empty is unknown.",
            ),
        )
        assets, initiatives = inputs["assets"], inputs["initiatives"]
        self.book, self.assume, self.count = book, assume, len(positions)
        self.table = table = Table(book, "plan_financing", self.count)
        own, objects = links.initiatives, links.objects
        numbers_of = np.array(positions, float) + 1
        self.number = number = table.add_values(
            "Initiatief nr", "Initiative no", numbers_of, "integer", look="formula", width=8
        )
        self.code = table.add(
            "Initiatief", "Initiative", index(own.code.whole, number), "text", field="initiative_id", width=14
        )
        self.asset = asset = table.add("Object nr", "Asset no", index(own.asset.whole, number), "integer")
        first = index(objects.first_initiative.whole, asset)
        self.buyer = buyer = table.add(
            "Koopt het object", "Buys the object", if_(asset > 0, if_(first.equals(number), 1, 0), 0), "integer"
        )
        proposed = index(assets["proposed_price_eur"].whole, asset)
        self.price = price = table.add(
            "Prijs (€)",
            "Price (EUR)",
            if_(buyer.equals(1), if_(is_filled(proposed), proposed, UNDEFINED), 0),
        )
        self.market = table.add(
            "Marktwaarde (€)", "Market value (EUR)", if_(asset > 0, index(assets["market_value_eur"].whole, asset), 0)
        )
        restricted = index(assets["sale_restriction"].whole, asset).equals(book.text("ja", "yes"))
        self.on_price = table.add(
            "Belasting over de prijs", "Tax on the price", if_(asset > 0, if_(restricted, 1, 0), 0), "integer"
        )
        base = if_(self.on_price.equals(1), price, max_(price, self.market))
        self.tax = table.add(
            "Overdrachtsbelasting (€)",
            "Transfer tax (EUR)",
            defined(price, if_(buyer.equals(1), assume["transfer_tax_rate"] * base, 0)),
            width=20,
        )
        self.renovation = table.add(
            "Verbouwing (€)", "Renovation (EUR)", index(initiatives["renovation_eur"].whole, number) + 0
        )
        mine = (items.owner, number)
        self.start_up = table.add(
            "Aanloop (€)",
            "Start-up (EUR)",
            sumifs(items.at_start, mine, (items.income, 0)) - sumifs(items.at_start, mine, (items.income, 1)),
        )
        self.uses = table.add(
            *SCALARS["uses_eur"],
            if_input_fits(book, defined(price, price + self.tax + self.renovation + self.start_up)),
            field="uses_eur",
        )
        stated = [
            float((case.financing["initiative_id"] == case.initiatives["initiative_id"].iloc[row]).any())
            for row in positions
        ]
        self.stated = table.add_values(
            "Bronnen ingevuld", "Sources stated", np.array(stated), "integer", look="formula", width=10
        )
        self.required = table.add(
            "Gevraagde DSCR",
            "Required DSCR",
            _or_else(index(initiatives["dscr"].whole, number), case.reference.number("dscr")),
            "number",
        )
        self.capacity = table.add(
            "Leenruimte volgens §6 (€)", "Debt capacity by §6 (EUR)", index(room[0].whole, number)
        )
        others = sumifs(room[1].whole, (own.asset.whole, asset)) - index(room[1].whole, number)
        self.own_by_totals = table.add(
            "Eigen geld en fondsen volgens Initiatieven (€)",
            "Own money and grants by initiatives (EUR)",
            index(initiatives["own_funds_eur"].whole, number)
            + index(initiatives["grants_eur"].whole, number)
            + if_(buyer.equals(1), others, 0),
        )
        kind = case.assets["kind"].to_numpy(object)
        of_asset = links.initiatives.asset.value[positions, 0].astype(int) - 1
        green = [at >= 0 and kind[at] == "green" for at in of_asset]
        life = case.reference.life_years
        lives = [0.0 if is_green else float(life("life_building")) for is_green in green]
        self.life = table.add_values(
            "Afschrijving aankoop (jaar)",
            "Depreciation of the purchase (years)",
            np.array(lives),
            "integer",
            look="formula",
        )
        lives = [float(life("life_green" if is_green else "life_renovation")) for is_green in green]
        self.renovation_life = table.add_values(
            "Afschrijving verbouwing (jaar)",
            "Depreciation of the renovation (years)",
            np.array(lives),
            "integer",
            look="formula",
        )
        self.scalars: dict[str, Column] = {"uses_eur": self.uses}

    def finish(self, loans: _Loans, series: dict[str, Column]) -> None:
        """The columns that need the loans: sources, gap, DSCR and affordable price."""
        table = self.table
        self.own = table.add("Eigen geld (€)", "Own money (EUR)", self.own_money(loans))
        self.known = self.add_loans_known(table)
        self.borrowed = table.add(
            "Leningen (€)",
            "Loans (EUR)",
            if_(self.known.equals(1), sumifs(loans.amount, (loans.owner, self.number)), UNDEFINED),
        )
        ratio = series["ratio"]
        most = if_(
            self.stated.equals(1),
            if_(_count(ratio).equals(0), self.borrowed, max_(0, _lowest(ratio)) * self.borrowed),
            self.capacity,
        )
        self.most = table.add("Leningen die te dragen zijn (€)", "Loans that can be carried (EUR)", most)
        sources = defined(self.borrowed, self.own + self.borrowed)
        self._add("sources_eur", sources)
        known = and_(is_filled(self.uses), is_filled(self.scalars["sources_eur"]))
        self._add("gap_eur", if_(known, self.uses - self.scalars["sources_eur"], UNDEFINED))
        self._add("gap_at_required_dscr_eur", defined(self.uses, self.uses - self.own - self.most))
        dscr = series["dscr"]
        self._add("lowest_dscr", if_(_count(dscr).equals(0), UNDEFINED, _lowest(dscr)), "number")
        other = self.renovation + self.start_up
        room = table.add(
            "Ruimte met deze bronnen (€)",
            "Room with these sources (EUR)",
            self.own + if_(self.stated.equals(1), zero_if_text(self.borrowed), self.most) - other,
        )
        room_at_dscr = table.add(
            "Ruimte bij de gevraagde DSCR (€)", "Room at the required DSCR (EUR)", self.own + self.most - other
        )
        by_sources, by_dscr = self._price(room), self._price(room_at_dscr)
        has_loan = countifs((loans.owner, self.number), (loans.is_loan, 1)) > 0
        buys = self.buyer.equals(1)
        self._add("price_sources_cover_eur", if_(buys, by_sources, UNDEFINED))
        self._add("price_dscr_allows_eur", if_(and_(buys, has_loan), by_dscr, UNDEFINED))
        self._add("affordable_price_eur", if_(buys, min_(by_sources, by_dscr), UNDEFINED))
        table.finish(frozen_columns=2)

    def add_loans_known(self, table: Table) -> Column:
        """Whether the size of the loans is known: they are stated, or follow from what is needed."""
        return table.add(
            "Leningen bekend", "Loans known", if_(or_(self.stated.equals(1), is_filled(self.uses)), 1, 0), "integer"
        )

    def own_money(self, loans: _Loans) -> Formula:
        """Sources that are no loan."""
        if loans.contributions is None:
            return self.own_by_totals + 0
        stated = sumifs(loans.contributions[1], (loans.contributions[0], self.number))
        return if_(self.stated.equals(1), stated, self.own_by_totals)

    def _add(self, field: str, formula: Formula, number: str = "amount") -> None:
        self.scalars[field] = self.table.add(*SCALARS[field], if_input_fits(self.book, formula), number, field=field)

    def _price(self, room: Formula) -> Formula:
        return highest_price(room, self.assume["transfer_tax_rate"], self.market, self.on_price.equals(1))


def _or_else(cell: Formula, default: float) -> Formula:
    return if_(is_filled(cell), cell, default)


def _count(block: Column) -> Formula:
    """How many years of a row have a figure."""
    found = (~np.isnan(numbers(block.value))).sum(axis=1, keepdims=True).astype(float)
    return Formula(("COUNTIF(", *block.across.parts, ',">-1E+300")'), found)


def _lowest(block: Column) -> Formula:
    """The lowest figure of a row of years."""
    values = numbers(block.value)
    some = ~np.isnan(values).all(axis=1, keepdims=True)
    lowest = np.where(some, np.nanmin(np.where(some, values, 0.0), axis=1, keepdims=True), 0.0)
    return Formula(("MIN(", *block.across.parts, ")"), lowest)


@dataclass(frozen=True)
class _Loans:
    """The loans of all plans as ranges and blocks.

    Parameters
    ----------
    contributions : tuple of Range | None
        Owner and amount of the sources that are no loan; None without rows.
    rows_of_plan : list of lists
        For each plan the rows of its loans, counted from 0.
    """

    owner: Range
    is_loan: Range
    amount: Range
    contributions: tuple[Range, Range] | None
    blocks: dict[str, Column]
    moving: dict[str, Range]
    rows_of_plan: list[list[int]]
    longest: Formula


def _loans(
    book: Book,
    case: Case,
    inputs: Mapping[str, Inputs],
    links: Links,
    financing: _Financing,
    positions: Sequence[int],
    years: Values,
) -> _Loans:
    """Every source of the sheet Financiering, and for a plan without sources the loan that fills the gap."""
    book.heading(
        "plan_loans",
        book.text("Leningen van de businesscases", "Loans of the business cases"),
        book.text(
            "Aflossing, schuld en rente per jaar; rente en aflossing vallen aan het eind van het jaar (METHODE §13).",
            "Repayment, debt and interest by year; interest and repayment fall at the end of the year (METHOD §13).",
        ),
    )
    rows, initiatives = inputs["financing"], inputs["initiatives"]
    own = links.initiatives
    known = set(case.financing["initiative_id"])
    names = case.initiatives["initiative_id"].to_numpy(object)
    without = [place for place, row in enumerate(positions) if names[row] not in known]
    # A plan without stated sources has one row more: the loan of METHOD §6. One rule serves both kinds of row.
    table = Table(book, "plan_loans", rows.count)
    position = position_of(rows["initiative_id"], own.code.whole, own.number.whole)
    term = rows["term_years"]
    number = table.add("Initiatief nr", "Initiative no", if_(position > 0, position, NOT_AVAILABLE), "integer")
    table.add("Bron", "Source", rows["source"], "words", width=28)
    stated = _loan_columns(
        table,
        number,
        _Terms(
            is_loan=if_(is_filled(term), 1, 0),
            amount=if_(is_filled(term), rows["amount_eur"] + 0, 0),
            rate=_or_else(rows["interest_rate"], 0),
            years=_or_else(term, 1),
            interest_only=if_(is_filled(term), rows["interest_only_years"] + 0, 0),
            is_linear=rows.says("repayment", "linear"),
        ),
        years,
    )
    gifts = table.add("Geen lening (€)", "No loan (EUR)", if_(is_filled(term), 0, rows["amount_eur"] + 0))
    table.finish(frozen_columns=2, last_row=table.first_row + rows.count + len(without) - 1)

    below = Table(book, "plan_loans", len(without), first_row=table.first_row + rows.count)
    below.with_header = rows.count == 0
    at = np.array(without, float) + 1
    place = below.add_values(
        "Initiatief nr", "Initiative no", np.array([positions[row] + 1.0 for row in without]), "integer", look="formula"
    )
    below.add_values(
        "Bron",
        "Source",
        np.array([book.text("lening volgens §6", "loan by §6")] * len(without), dtype=object),
        "words",
        look="formula",
    )
    plan = call("MATCH", [place, financing.number.whole, lift(0)], at[:, None])
    uses, money = index(financing.uses.whole, plan), index(financing.own_by_totals.whole, plan)
    stated_term = index(initiatives["loan_term_years"].whole, place)
    has_term = and_(is_filled(stated_term), zero_if_text(stated_term) > 0)
    missing = if_(is_filled(uses), max_(0, min_(uses - money, index(financing.capacity.whole, plan))), 0)
    derived = _loan_columns(
        below,
        place,
        _Terms(
            is_loan=if_(has_term, 1, 0),
            amount=if_(has_term, missing, 0),
            rate=_or_else(index(initiatives["loan_rate"].whole, place), 0),
            years=if_(has_term, stated_term, 1),
            interest_only=lift(0),
            is_linear=lift(1).equals(0),
        ),
        years,
    )
    both = [stated, derived]
    filled = [part for part, count in zip(both, (rows.count, len(without)), strict=True) if count]
    blocks = ("repayment_eur", "closing_eur", "interest_eur")
    whole = {key: [part[key] for part in both] for key in ("number", "is_loan", "amount")}
    loan_rows = np.concatenate([part["is_loan"].value[:, 0] for part in both])
    owners = np.concatenate([part["number"].value[:, 0] for part in both])
    longest = np.concatenate([numbers(part["term"].value) for part in filled])
    return _Loans(
        owner=stacked(book, whole["number"]),
        is_loan=stacked(book, whole["is_loan"]),
        amount=stacked(book, whole["amount"]),
        contributions=(stated["number"].whole, gifts.whole) if rows.count else None,
        blocks={key: _joined([part[key] for part in both]) for key in blocks},
        moving={key: _moving([part[key] for part in both]) for key in blocks},
        rows_of_plan=[
            [row for row in range(len(owners)) if owners[row] == number + 1 and loan_rows[row] == 1]
            for number in positions
        ],
        longest=call("MAX", [stacked(book, [part["term"] for part in both])], longest.max(keepdims=True).reshape(1, 1)),
    )


def _joined(columns: Sequence[Column]) -> Column:
    """Blocks below each other as one, for the cell of a row and year."""
    first = columns[0]
    values = np.concatenate([numbers(column.value) for column in columns])
    start = Ref(first.at_start.sheet, first.at_start.row, first.at_start.column, len(values), values.shape[1])
    return Column(first.parts, values, whole=first.whole, across=first.across, at_start=start)


@dataclass(frozen=True)
class _Terms:
    """What decides how the loan of a row is paid off."""

    is_loan: Formula
    amount: Formula
    rate: Formula
    years: Formula
    interest_only: Formula
    is_linear: Formula


def _loan_columns(table: Table, number: Column, terms: _Terms, years: Values) -> dict[str, Column]:
    """The terms of each loan and its repayment, debt and interest by year."""
    found = {"number": number}
    found["is_loan"] = table.add("Lening", "Loan", terms.is_loan, "integer")
    found["amount"] = owed = table.add("Lening (€)", "Loan (EUR)", terms.amount)
    interest_rate = table.add("Rente", "Interest", terms.rate, "fraction")
    found["term"] = last = table.add("Looptijd (jaar)", "Term (years)", terms.years, "integer")
    free = table.add("Aflossingsvrij (jaar)", "Interest only (years)", terms.interest_only, "integer", width=14)
    level = table.add(
        "Gelijke aflossing",
        "Equal repayments",
        if_(or_(terms.is_linear, interest_rate <= ALMOST_FREE), 1, 0),
        "integer",
    )
    year = _year_of(table, years)
    repaid_in, grown = last - free, 1 + interest_rate
    annuity = owed * interest_rate / (grown**repaid_in - 1) * grown ** (year - free - 1)
    part = if_(level.equals(1), owed / repaid_in, annuity)
    paid_off = if_(and_(year > free, year <= last), part, 0)
    repayment = _block(table, "Aflossing (€)", "Repayment (EUR)", if_input_fits(table.book, paid_off), years)
    start = repayment.at_start
    begin = Ref(start.sheet, start.row, start.column, down=True)
    paid = Formula(("SUM(", begin, ":", *repayment.parts, ")"), np.cumsum(numbers(repayment.value), axis=1))
    year = _year_of(table, years)
    left = if_(year >= last, 0, owed - paid)  # what floating point leaves of the last euro is nothing
    closing = _block(table, "Schuld eind jaar (€)", "Debt at year end (EUR)", if_input_fits(table.book, left), years)
    year = _year_of(table, years)
    interest = _block(
        table,
        "Rente (€)",
        "Interest (EUR)",
        if_(year.equals(0), 0, interest_rate * (closing + repayment)),
        years,
    )
    return {**found, "repayment_eur": repayment, "closing_eur": closing, "interest_eur": interest}


def _series(
    book: Book,
    financing: _Financing,
    items: _Items,
    deferred: _Deferred | None,
    loans: _Loans,
    years: Values,
) -> dict[str, Column]:
    """The yearly series of each plan, one row a plan."""
    book.heading(
        "plan_series",
        book.text("Reeksen van de businesscases", "Series of the business cases"),
        book.text(
            "Elke reeks per jaar; de jaren staan boven de kolommen. De DSCR loopt tot de laatste lening is afgelost.",
            "Every series by year; the years stand above the columns. The DSCR runs until the last loan is repaid.",
        ),
    )
    table = Table(book, "plan_series", financing.count)
    number = table.add("Initiatief nr", "Initiative no", financing.number, "integer")
    asset = table.add("Object nr", "Asset no", if_(financing.buyer.equals(1), financing.asset, 0), "integer")
    required = table.add("Gevraagde DSCR", "Required DSCR", financing.required, "number")
    known = financing.add_loans_known(table)
    found: dict[str, Column] = {}

    def add(key: str, nl: str, en: str, formula: Formula, style: str = "amount") -> None:
        found[key] = _block(table, nl, en, formula, years, style)

    mine = (items.owner, number)
    add("income", "Inkomsten (€)", "Income (EUR)", sum_where((items.income, items.years), mine))
    add("cost", "Kosten (€)", "Operating cost (EUR)", sum_where((items.cost, items.years), mine))
    add("reserve", "Reservering (€)", "Reserve (EUR)", sum_where((items.reserve, items.years), mine))
    add(
        "cfads",
        "Kasstroom voor de schuld (€)",
        "Cash flow for debt service (EUR)",
        found["income"] - found["cost"] - found["reserve"],
    )

    def of_loans(key: str) -> Formula:
        return if_(known.equals(1), sum_where((loans.moving[key],), (loans.owner, number)), UNDEFINED)

    add("interest", "Rente (€)", "Interest (EUR)", of_loans("interest_eur"))
    add("repayment", "Aflossing (€)", "Repayment (EUR)", of_loans("repayment_eur"))
    add("debt", "Schuld (€)", "Debt (EUR)", of_loans("closing_eur"))

    def later(key: str) -> Formula:
        if deferred is None:
            return lift(0)
        return sum_where((deferred.paid if key == "paid" else deferred.owed,), (deferred.asset, asset))

    add("paid", "Later betaald (€)", "Deferred payment (EUR)", later("paid"))
    add("owed", "Nog te betalen (€)", "Still owed (EUR)", later("owed"))
    on_loans = found["interest"] + found["repayment"]
    service = if_(known.equals(1), on_loans + found["paid"], UNDEFINED)
    add("service", "Rente en aflossing samen (€)", "Debt service (EUR)", service)
    due = found["service"]
    has_service = if_(is_filled(due), if_(due > HALF_A_CENT, found["cfads"] / due, UNDEFINED), UNDEFINED)
    add("dscr", "DSCR", "DSCR", has_service, "number")
    growth = if_(
        known.equals(1),
        if_(on_loans > HALF_A_CENT, (found["cfads"] / required - found["paid"]) / on_loans, UNDEFINED),
        UNDEFINED,
    )
    add("ratio", "Hoeveel keer de leningen", "How many times the loans", growth, "number")
    table.finish(frozen_columns=2)
    return found


class _PerYear:
    """The sheet with a row for each plan and year, under construction."""

    def __init__(self, book: Book, financing: _Financing, series: dict[str, Column]) -> None:
        book.heading(
            "plan_years",
            book.text("Businesscases per jaar", "Business cases by year"),
            book.text(
                "Nominale euro's; jaar 0 is de overdracht. Activa en passiva zijn gelijk; kas onder nul is een tekort "
                "(METHODE §13).",
                "Nominal euros; year 0 is the transfer. Assets equal liabilities and equity; cash below zero is a "
                "shortage (METHOD §13).",
            ),
        )
        self.book, self.financing, self.blocks = book, financing, series
        self.table = Table(book, "plan_years", financing.count * len(YEARS), look="result")
        plans = np.repeat(np.arange(1.0, financing.count + 1), len(YEARS))
        self.plan = self.table.add_values("Plan nr", "Plan no", plans, "integer", look="formula", width=8)
        self.table.add("Initiatief", "Initiative", index(financing.code.whole, self.plan), "text", width=14)
        years = np.tile(YEARS, financing.count)
        self.year = self.table.add_values("Jaar nr", "Year no", years, "integer", look="formula", width=8)
        self.table.add(
            "Jaar", "Year", financing.assume["base_year"] + max_(self.year - 1, 0), "integer", field="calendar_year"
        )
        self.found: dict[str, Column] = {}

    def add(self, field: str, formula: Formula, style: str = "amount") -> Column:
        """Write a column of results."""
        column = self.table.add(*YEARLY[field], if_input_fits(self.book, formula), style, field=field)
        self.found[field] = column
        return column

    def of(self, column: Column) -> Formula:
        """The plan's own figure."""
        return index(column.whole, self.plan)

    def series(self, key: str, year: Formula | None = None) -> Formula:
        """The figure of a series in a year; without one the year of the row."""
        return index_in_block(_whole_block(self.blocks[key]), self.plan, (self.year if year is None else year) + 1)

    def depreciated(self, bought: Column) -> tuple[tuple[Formula, Formula], ...]:
        """The purchase and the renovation, each with the years over which it is written off."""
        plans = self.financing
        return (bought, self.of(plans.life)), (self.of(plans.renovation), self.of(plans.renovation_life))

    def running(self, change: Column, complete: Formula | None = None) -> Formula:
        """The sum of a column within its plan, by the cell above."""
        table = self.table
        above = Formula(
            (Ref(table.sheet.name, table.first_row - 1, table.next_column, down=True),), np.full((1, 1), np.nan)
        )
        total = if_(self.year.equals(0), change, above + change)
        text = total if complete is None else if_(complete, total, UNDEFINED)
        by_plan = numbers(change.value).reshape(-1, len(YEARS))
        return valued(text, np.cumsum(by_plan, axis=1).reshape(-1, 1))


def _per_year(book: Book, financing: _Financing, series: dict[str, Column]) -> dict[str, Column]:
    """Result, cash and balance of each plan, a row a year."""
    sheet = _PerYear(book, financing, series)
    of, add, at_start = sheet.of, sheet.add, sheet.year.equals(0)
    price = of(financing.price)
    bought = sheet.table.add(
        "Aankoop (€)",
        "Purchase (EUR)",
        if_(is_filled(price), price + of(financing.tax) + sheet.series("owed", lift(0)), UNDEFINED),
    )
    income, cost = (
        add("income_eur", sheet.series("income")),
        add("operating_cost_eur", sheet.series("cost")),
    )
    reserve = add("to_replacement_reserve_eur", sheet.series("reserve"))
    depreciation = add("depreciation_eur", if_(is_filled(bought), _depreciation(sheet, bought), UNDEFINED))
    before = sheet.series("owed", max_(sheet.year - 1, 0))
    accrued = if_(at_start, 0, sheet.series("owed") + sheet.series("paid") - before)
    on_loans = sheet.series("interest")
    interest = add("interest_eur", if_(is_filled(on_loans), on_loans + accrued, UNDEFINED))
    complete = and_(is_filled(bought), is_filled(interest))
    result = add("result_eur", if_(complete, income - cost - depreciation - interest, UNDEFINED))

    spent = price + of(financing.tax) + of(financing.renovation)
    started = if_(at_start, of(financing.own) + of(financing.borrowed) - spent, 0)
    paid = sheet.series("repayment") + sheet.series("paid") + on_loans
    change = add("change_eur", if_(complete, income - cost - paid + started, UNDEFINED))
    cash = add("cash_eur", sheet.running(change, complete))
    fixed = add("fixed_assets_eur", if_(is_filled(bought), _left(sheet, bought), UNDEFINED))
    add("assets_eur", if_(complete, fixed + cash, UNDEFINED))
    debts = add("loans_eur", sheet.series("debt")) + add("deferred_price_eur", sheet.series("owed"))
    set_aside = add("replacement_reserve_eur", sheet.running(reserve))
    kept = sheet.table.add(
        "Naar eigen vermogen (€)",
        "To equity (EUR)",
        if_(complete, result - reserve + if_(at_start, of(financing.own), 0), UNDEFINED),
    )
    equity = add("equity_eur", sheet.running(kept, complete))
    add("liabilities_and_equity_eur", if_(complete, debts + set_aside + equity, UNDEFINED))
    add("dscr", sheet.series("dscr"), "number")
    sheet.table.finish(frozen_columns=4)
    return sheet.found


def _depreciation(sheet: _PerYear, bought: Column) -> Formula:
    """What is written off in a year: equal parts of the purchase and of the renovation, over their lives."""
    parts: Formula = lift(0)
    for amount, life in sheet.depreciated(bought):
        over = or_(sheet.year.equals(0), sheet.year > life)
        parts = parts + if_(over, 0, amount / max_(life, 1))
    return parts


def _left(sheet: _PerYear, bought: Column) -> Formula:
    """What is left of the purchase and the renovation at the end of a year."""
    parts: Formula = lift(0)
    for amount, life in sheet.depreciated(bought):
        parts = parts + amount * (1 - min_(sheet.year, life) / max_(life, 1))
    return parts


def plan_figures(book: Book, content: Mapping[str, Any], plans: Plans) -> list[Figure]:
    """Every figure of the business cases in the JSON beside its cell."""
    found = []
    for row, plan in enumerate(content.get("business_plans", ())):
        owner = plan["initiative_id"]
        for field, label in SCALARS.items():
            found.append(Figure(owner, book.text(*label), cell_of(plans.scalars[field], row), plan[field]))
        by_year = _by_year(plan)
        for (field, year), model in by_year.items():
            text = f"{book.text(*YEARLY[field])} {book.text('jaar', 'year')} {year}"
            found.append(Figure(owner, text, cell_of(plans.yearly[field], row * len(YEARS) + year), model))
        positions = dict(zip(dict.fromkeys(line["loan"] for line in plan["loans"]), plans.loans_of[row], strict=False))
        for line in plan["loans"]:
            if line["opening_eur"] is None:  # a loan of unknown size: its row is kept at zero, so that sums can be made
                continue
            for field, block in plans.loan_rows.items():
                text = f"{line['source'] or ''} {field} {book.text('jaar', 'year')} {line['year']}".strip()
                cell = cell_of(block, positions[line["loan"]], line["year"])
                found.append(Figure(owner, text, cell, line[field]))
    return found


def _by_year(plan: Mapping[str, Any]) -> dict[tuple[str, int], float | None]:
    """The yearly figures of a plan, by field and year."""
    found: dict[tuple[str, int], float | None] = {}
    for table in ("income_statement", "balance_sheet", "dscr"):
        for line in plan[table]:
            if line["year"] <= FORECAST_YEARS:
                found |= {(field, line["year"]): line[field] for field in YEARLY if field in line}
    return found | {("change_eur", line["year"]): line["change_eur"] for line in plan["cash_flow"]}
