"""The sheets with results, field by field as in the JSON, and the sheet that compares them with the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from exports.workbook.book import FIRST_ROW, HEADER_ROW, Book, Column, Table, cached
from exports.workbook.formula import (
    NOT_AVAILABLE,
    UNDEFINED,
    Formula,
    Ref,
    Values,
    abs_,
    and_,
    call,
    countifs,
    defined,
    if_,
    index,
    index_in_block,
    is_number,
    max_,
    sum_where_in_column,
    sumifs,
    valued,
    zero_if_text,
)
from exports.workbook.inputs import Inputs
from exports.workbook.lines import KINDS, Lines
from exports.workbook.links import Links
from exports.workbook.views import Accounts, Results
from valuation.case import PARTIES

TOLERANCE = 1e-6
BOUNDS = {"market": ("markt", "market"), "share": ("aandeel", "share"), "floor": ("bodem", "floor")}

ASSET_LABELS = {
    "book_value_eur": ("Boekwaarde (€)", "Book value (EUR)"),
    "depreciation_eur": ("Afschrijving jaar 1 (€)", "Depreciation year 1 (EUR)"),
    "interest_eur": ("Rente jaar 1 (€)", "Interest year 1 (EUR)"),
    "capital_charge_eur": ("Kapitaallasten jaar 1 (€)", "Capital charge year 1 (EUR)"),
    "remaining_life_years": ("Resterende termijn (jaar)", "Remaining life (years)"),
    "book_result_eur": ("Boekresultaat (€)", "Book result (EUR)"),
    "market_value_eur": ("Marktwaarde (€)", "Market value (EUR)"),
    "social_benefits_eur": ("Maatschappelijke baten (€)", "Social benefits (EUR)"),
    "social_costs_eur": ("Maatschappelijke kosten (€)", "Social costs (EUR)"),
    "volunteer_hours_cost_eur": ("Kosten vrijwilligersuren (€)", "Volunteer hours' cost (EUR)"),
    "social_value_eur": ("Maatschappelijke waarde (€)", "Social value (EUR)"),
    "social_value_against_sale_eur": (
        "Maatschappelijke waarde tegenover verkopen (€)",
        "Social value against selling (EUR)",
    ),
    "bcr": ("Baten gedeeld door kosten", "Benefits divided by costs"),
    "municipality_npv_object_eur": ("Gemeente: deel van het object (€)", "Municipality: object part (EUR)"),
    "municipality_npv_initiative_eur": (
        "Gemeente: deel van de initiatieven (€)",
        "Municipality: initiatives' part (EUR)",
    ),
    "municipality_npv_at_zero_price_eur": ("Gemeente: bij prijs nul (€)", "Municipality: at zero price (EUR)"),
    "reservation_price_eur": (
        "Reserveringsprijs tegenover houden (€)",
        "Reservation price against keeping (EUR)",
    ),
    "reservation_price_against_sale_eur": (
        "Reserveringsprijs tegenover verkopen (€)",
        "Reservation price against selling (EUR)",
    ),
    "social_price_eur": ("Rekenprijs volgens raadsregel (€)", "Price by the council's rule (EUR)"),
    "social_price_bound": ("Grens die geldt", "Bound that holds"),
    "ceiling_price_eur": ("Hoogste prijs die de initiatieven dragen (€)", "Ceiling price (EUR)"),
    "zone_eur": ("Onderhandelingsruimte (€)", "Bargaining zone (EUR)"),
    "required_share": (
        "Deel van de maatschappelijke waarde dat moet uitkomen",
        "Required share of the social value",
    ),
    "de_minimis_aid_eur": ("De-minimissteun, signaal (€)", "De minimis aid, a signal (EUR)"),
}
BUDGET_LABELS = {
    "freed_depreciation_eur": ("Vrijval afschrijving (€)", "Freed depreciation (EUR)"),
    "freed_interest_eur": ("Vrijval rente (€)", "Freed interest (EUR)"),
    "freed_operating_eur": ("Vrijval exploitatie en onderhoud (€)", "Freed operating cost and maintenance (EUR)"),
    "lost_rent_eur": ("Gemiste huur (€)", "Lost rent (EUR)"),
    "cashable_savings_eur": ("Verzilverbare besparing (€)", "Cashable savings (EUR)"),
    "municipal_effects_eur": ("Effecten bij de gemeente (€)", "Municipal effects (EUR)"),
    "subsidy_eur": ("Subsidie (€)", "Subsidy (EUR)"),
    "facilitation_eur": ("Begeleiding (€)", "Facilitation (EUR)"),
    "recurring_total_eur": ("Structureel totaal (€)", "Recurring total (EUR)"),
    "book_result_eur": ("Boekresultaat (€)", "Book result (EUR)"),
    "provision_release_eur": ("Vrijval voorziening (€)", "Release of the provision (EUR)"),
    "municipal_effects_one_off_eur": ("Eenmalige effecten (€)", "One-off effects (EUR)"),
    "one_off_total_eur": ("Incidenteel totaal (€)", "One-off total (EUR)"),
}
INITIATIVE_LABELS = {
    "avoided_cost_eur_per_year": ("Vermeden kosten (€ per jaar)", "Avoided cost (EUR per year)"),
    "cashable_saving_eur_per_year": ("Verzilverbaar (€ per jaar)", "Cashable (EUR per year)"),
    "municipal_cashable_saving_eur_per_year": (
        "Verzilverbaar voor de gemeente (€ per jaar)",
        "Cashable for the municipality (EUR per year)",
    ),
    "municipal_cost_eur_per_year": ("Kosten van de gemeente (€ per jaar)", "Municipal cost (EUR per year)"),
    "municipal_net_saving_eur_per_year": (
        "Netto voor de gemeente (€ per jaar)",
        "Net for the municipality (EUR per year)",
    ),
    "cost_price_fraction": ("Fractie van de kostprijs", "Fraction of the cost price"),
    "break_even_share": ("Deel van de besparing dat moet uitkomen", "Break-even share"),
    "npv_municipality_eur": ("Contante waarde gemeente (€)", "NPV municipality (EUR)"),
    "npv_society_eur": ("Contante waarde maatschappij (€)", "NPV society (EUR)"),
    "bcr": ("Baten gedeeld door kosten", "Benefits divided by costs"),
    "payback_years": ("Terugverdientijd (jaar)", "Payback (years)"),
}
PAYER_LABELS = {
    "avoided_cost_eur_per_year": ("vermeden (€ per jaar)", "avoided (EUR per year)"),
    "cashable_saving_eur_per_year": ("verzilverbaar (€ per jaar)", "cashable (EUR per year)"),
}


def number_of(field: str) -> str:
    """How a field's figures look."""
    if field == "social_price_bound":
        return "words"
    if field == "remaining_life_years":
        return "integer"
    if field == "payback_years":
        return "years"
    if field.endswith(("_share", "_fraction")):
        return "fraction"
    return "number" if field == "bcr" else "amount"


def if_input_fits(book: Book, figure: Formula) -> Formula:
    """The figure, or an error where the workbook does not cover the inputs, so that none is silently incomplete."""
    return if_(input_fits(book).equals(0), NOT_AVAILABLE, figure)


def input_fits(book: Book) -> Formula:
    """The named cell that says whether the inputs fit the formulas."""
    return Formula((book.text("Invoer_past", "input_fits"),), np.array([[1.0]]))


def asset_results(book: Book, assets: Inputs, links: Links, results: Results) -> Results:
    """One row an object with every field of the JSON."""
    book.heading(
        "asset_results",
        book.text("Uitkomsten per object", "Results by asset"),
        book.text(
            "Drie kijken die niet worden opgeteld: boekhouding, maatschappij, gemeente. Leeg is niet bepaald.",
            "Three views that are not added up: accounts, society, municipality. Empty is undefined.",
        ),
    )
    table = Table(book, "asset_results", assets.count, look="result")
    table.add("Object", "Asset", links.objects.code, "text", field="asset_id", width=14)
    table.add("Naam", "Name", assets["name"], "words", width=40)
    return _written(table, ASSET_LABELS, results)


def initiative_results(book: Book, initiatives: Inputs, links: Links, results: Results) -> Results:
    """One row an initiative with every field of the JSON."""
    book.heading(
        "initiative_results",
        book.text("Uitkomsten per initiatief", "Results by initiative"),
        book.text(
            "Bij een initiatief met een object geldt het cijfer van het object; dit cijfer is om mee te lezen.",
            "For an initiative with an asset the asset's figure counts; this one is for reading along.",
        ),
    )
    table = _initiatives_table(book, "initiative_results", initiatives, links)
    return _written(table, INITIATIVE_LABELS, results)


def _initiatives_table(book: Book, key: str, initiatives: Inputs, links: Links) -> Table:
    """A table of results with a row an initiative, by code and name."""
    table = Table(book, key, initiatives.count, look="result")
    table.add("Initiatief", "Initiative", links.initiatives.code, "text", field="initiative_id", width=14)
    table.add("Naam", "Name", initiatives["name"], "words", width=40)
    return table


def _written(table: Table, labels: Mapping[str, tuple[str, str]], results: Results) -> Results:
    """Write a column for each field, and finish the table."""
    written = {
        field: table.add(nl, en, if_input_fits(table.book, results[field]), number_of(field), field=field)
        for field, (nl, en) in labels.items()
    }
    table.finish(frozen_columns=2)
    return written


def payer_results(book: Book, initiatives: Inputs, links: Links) -> Results:
    """Savings by payer, one row an initiative; empty where no task has this payer."""
    book.heading(
        "payer_results",
        book.text("Besparing per betaler", "Savings by payer"),
        book.text(
            "Wie heeft de besparing, per jaar bij volle ingroei? Die van een ander telt niet bij de gemeente.",
            "Who has the saving, per year at full take-up. Another payer's saving never counts for the municipality.",
        ),
    )
    table = _initiatives_table(book, "payer_results", initiatives, links)
    tasks, number = links.tasks, links.initiatives.number
    written = {}
    for field, (nl, en) in PAYER_LABELS.items():
        saved = tasks.avoided if field == "avoided_cost_eur_per_year" else tasks.cashable
        for payer in PARTIES:
            word = book.text(payer.nl, payer.en)
            conditions = (tasks.owner.whole, number), (tasks.payer.whole, word)
            written[f"{payer.key}.{field}"] = table.add(
                f"{payer.nl}: {nl}",
                f"{payer.en}: {en}",
                if_input_fits(book, if_(countifs(*conditions) > 0, sumifs(saved.whole, *conditions), UNDEFINED)),
                field=f"{payer.key}.{field}",
            )
    table.finish(frozen_columns=2)
    return written


def budget_results(
    book: Book,
    assume: Mapping[str, Formula],
    assets: Inputs,
    links: Links,
    lines: Lines,
    accounts: Accounts,
    years: int,
) -> Results:
    """Four budget years of each object against keeping it; recurring and one-off are never netted (METHOD §3)."""
    book.heading(
        "budget_results",
        book.text("Begroting", "Budget"),
        book.text(
            "Vier jaar tegenover houden: structureel en incidenteel apart, nooit gesaldeerd (METHODE §3). Voordeel is "
            "positief.",
            "Four years against keeping: recurring and one-off apart, never netted (METHOD §3). Gains are positive.",
        ),
    )
    table = Table(book, "budget_results", assets.count * years, look="result")
    rows = np.repeat(np.arange(1.0, assets.count + 1), years)
    number = table.add_values("Object nr", "Asset no", rows, "integer", look="formula", width=8)
    table.add("Object", "Asset", index(links.objects.code.whole, number), "text", field="asset_id", width=14)
    since = table.add_values(
        "Jaar nr", "Year no", np.tile(np.arange(1.0, years + 1), assets.count), "integer", look="formula", width=8
    )
    year = table.add("Jaar", "Year", assume["base_year"] + since - 1, "integer", field="year")

    def cash(*kinds: str, at: Formula = since + 1) -> Formula:
        """Municipal cash of these kinds of line in a year; position 1 of the years is year 0."""
        by_kind = [
            sum_where_in_column(
                lines.municipal, lines.all_years, at, (lines.asset, number), (lines.kind, book.text(*KINDS[kind]))
            )
            for kind in kinds
        ]
        return _sum(by_kind)

    def in_first_year(amount: Formula) -> Formula:
        return if_(since.equals(1), amount, 0)

    interest = assume["internal_interest_rate"] * index_in_block(accounts.opening, number, since)
    recurring = {
        "freed_depreciation_eur": index_in_block(accounts.depreciation, number, since),
        "freed_interest_eur": interest,
        "freed_operating_eur": cash("operating_cost_avoided", "major_maintenance_avoided"),
        "lost_rent_eur": cash("rent_lost"),
        "cashable_savings_eur": cash("avoided_institutional_cost"),
        "municipal_effects_eur": cash("effect"),
        "subsidy_eur": cash("subsidy"),
        "facilitation_eur": cash("facilitation"),
    }
    one_off = {
        "book_result_eur": in_first_year(index(accounts.results["book_result_eur"].whole, number)),
        "provision_release_eur": in_first_year(index(assets["maintenance_provision_eur"].whole, number)),
        "municipal_effects_one_off_eur": in_first_year(cash("effect", at=since)),
    }
    written: Results = {"year": year}

    def add(field: str, formula: Formula) -> None:
        written[field] = table.add(*BUDGET_LABELS[field], if_input_fits(book, formula), field=field)

    for field, formula in recurring.items():
        add(field, formula)
    add("recurring_total_eur", _sum([written[field] for field in recurring]))
    for field, formula in one_off.items():
        add(field, formula)
    add("one_off_total_eur", defined(written["book_result_eur"], _sum([written[field] for field in one_off])))
    table.finish(frozen_columns=4)
    return written


def _sum(cells: Sequence[Formula]) -> Formula:
    total: Formula = cells[0]
    for cell in cells[1:]:
        total = total + cell
    return total


@dataclass(frozen=True)
class Figure:
    """One figure to compare: whose, which, where the workbook computes it, and what the model says."""

    owner: str
    label: str
    cell: Formula
    model: float | str | None


def figures(book: Book, content: Mapping[str, Any], sheets: Mapping[str, Results], budget_years: int) -> list[Figure]:
    """Every figure of the JSON beside its cell.

    Parameters
    ----------
    content : mapping
        The JSON object of the same result (`exports.as_json`).
    sheets : mapping
        `assets`, `budget`, `initiatives` and `payers` to the cells by field.
    """
    found = []
    for row, asset in enumerate(content["assets"]):
        owner = asset["asset_id"]
        for field, label in ASSET_LABELS.items():
            model = asset[field]
            if field == "social_price_bound" and model is not None:
                model = book.text(*BOUNDS[model])
            found.append(Figure(owner, book.text(*label), cell_of(sheets["assets"][field], row), model))
        for position, year in enumerate(asset["budget"]):
            at = row * budget_years + position
            for field, label in BUDGET_LABELS.items():
                text = f"{book.text(*label)} {year['year']}"
                found.append(Figure(owner, text, cell_of(sheets["budget"][field], at), year[field]))
    for row, initiative in enumerate(content["initiatives"]):
        owner = initiative["initiative_id"]
        for field, label in INITIATIVE_LABELS.items():
            found.append(
                Figure(owner, book.text(*label), cell_of(sheets["initiatives"][field], row), initiative[field])
            )
        for payer in PARTIES:
            for field, model in initiative["by_payer"].get(payer.key, {}).items():
                text = f"{book.text(payer.nl, payer.en)}: {book.text(*PAYER_LABELS[field])}"
                found.append(Figure(owner, text, cell_of(sheets["payers"][f"{payer.key}.{field}"], row), model))
    return found


def cell_of(column: Column, row: int, year: int = 0) -> Formula:
    """One cell of a column, or of a block of years."""
    first = column.at_start
    value = column.value[row : row + 1, year : year + 1]
    return Formula((Ref(first.sheet, first.row + row, first.column + year),), value)


def control(book: Book, found: list[Figure], fits: Formula) -> None:
    """Compare each figure of the workbook with the one of the model, and count what differs.

    Parameters
    ----------
    fits : Formula
        The rule behind `input_fits`, which stands on this sheet.
    """
    book.heading(
        "control",
        book.text("Controle", "Check"),
        book.text(
            "Rekent de werkmap hetzelfde uit als het model? Na een wijziging van de invoer laat Verschil zien wat die "
            "wijziging doet: het model rekende met de invoer van de export.",
            "Does the workbook compute the same as the model? After a change of input the difference shows what the "
            "change does: the model used the input of the export.",
        ),
    )
    first_row = FIRST_ROW + 5
    table = Table(book, "control", len(found), first_row=first_row)
    table.add_values("Van", "Of", np.array([figure.owner for figure in found], dtype=object), "text", width=14)
    labels = np.array([figure.label for figure in found], dtype=object)
    table.add_values("Cijfer", "Figure", labels, "text", width=56)
    own = _listed(table, book.text("Uitkomst werkmap", "Outcome of the workbook"), [figure.cell for figure in found])
    models = np.array([figure.model for figure in found], dtype=object)
    model = table.add_values("Uitkomst model", "Outcome of the model", models, "number", look="model", width=18)
    difference = table.add("Verschil", "Difference", _difference(own, model), "number", width=14)
    allowed = TOLERANCE * max_(1, abs_(valued(zero_if_text(model), _as_numbers(models)[:, None])))
    close = if_(is_number(difference), if_(abs_(difference) <= allowed, "OK", _differs(book)), _differs(book))
    status = table.add("Status", "Status", close, "words", width=12)
    table.finish(frozen_columns=2)

    sheet, small = table.sheet, book.style("formula", "integer")
    bold = book.workbook.add_format({"bold": True})
    ok = status.whole.parts
    count = float((status.value == "OK").sum())
    total = float(len(found))
    rows = (
        (("Aantal cijfers", "Number of figures"), ("ROWS(", *ok, ")"), total),
        (("Gelijk aan het model", "Equal to the model"), ("COUNTIF(", *ok, ',"OK")'), count),
        (("Verschillend", "Different"), ("ROWS(", *ok, ")-COUNTIF(", *ok, ',"OK")'), total - count),
    )
    for row, (label, parts, value) in enumerate(rows, start=HEADER_ROW):
        sheet.write_string(row, 0, book.text(*label), bold)
        formula = Formula(parts, np.array([[value]]))
        sheet.write_formula(row, 2, formula.at(0, 0, sheet.name), small, value)
    question = book.text("Past de invoer in deze werkmap? (1 = ja)", "Does the input fit this workbook? (1 = yes)")
    sheet.write_string(HEADER_ROW + 3, 0, question, bold)
    sheet.write_formula(HEADER_ROW + 3, 2, fits.at(0, 0, sheet.name), small, 1)
    book.name("Invoer_past", "input_fits", Ref(sheet.name, HEADER_ROW + 3, 2))
    red = book.workbook.add_format({"bg_color": "#F8CBAD"})
    green = book.workbook.add_format({"bg_color": "#C6E0B4"})
    last = max(first_row, first_row + len(found) - 1)
    place = status.at_start.column
    sheet.conditional_format(
        first_row, place, last, place, {"type": "cell", "criteria": "==", "value": '"OK"', "format": green}
    )
    sheet.conditional_format(
        first_row, place, last, place, {"type": "cell", "criteria": "!=", "value": '"OK"', "format": red}
    )
    sheet.autofilter(first_row - 1, 0, last, place)


def _differs(book: Book) -> str:
    return book.text("verschil", "differs")


def _listed(table: Table, header: str, cells: list[Formula]) -> Column:
    """A column in which every cell refers to another place."""
    values = np.array([cell.value[0, 0] for cell in cells], dtype=object)
    column = table.add_values(header, header, values, "number", look="formula", width=18)
    style = table.book.style("formula", "number")
    for row, cell in enumerate(cells):
        text = cell.at(0, 0, table.sheet.name)
        table.sheet.write_formula(table.first_row + row, column.at_start.column, text, style, cached(cell.value[0, 0]))
    return column


def _difference(own: Column, model: Column) -> Formula:
    """The workbook's figure less the model's; for words and undefined figures 0 when they are the same, else 1."""
    numbers = _as_numbers(own.value[:, 0], np.nan) - _as_numbers(model.value[:, 0], np.nan)
    both = ~np.isnan(numbers)
    mine, theirs = ([_as_compared(value) for value in column.value[:, 0]] for column in (own, model))
    same = np.where(np.array(mine, dtype=object) == np.array(theirs, dtype=object), 0.0, 1.0)
    compared = if_(call("EXACT", [own, model], np.ones((1, 1), bool)), 0, 1)
    text = if_(and_(is_number(own), is_number(model)), _minus(own, model), compared)
    return valued(text, np.where(both, numbers, same)[:, None])


def _minus(own: Column, model: Column) -> Formula:
    """The difference as text; its value is known where it is used."""
    return Formula((*own.parts, "-", *model.parts), np.full((1, 1), np.nan))


def _as_compared(value: Any) -> str:
    """A value as EXACT compares it."""
    return value if isinstance(value, str) else "" if pd.isna(value) else str(value)


def _as_numbers(values: Values, other: float = 0.0) -> Values:
    return np.array(
        [value if isinstance(value, int | float) and not np.isnan(value) else other for value in values.ravel()]
    )
