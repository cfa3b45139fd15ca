"""Bad workbooks, one mistake each: the rule, the place, and a message in both languages that says what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from intake import RawSheet, RawWorkbook
from intake.workbook import Cell, CellError
from tests.intake.test_hostile_files import FILES
from tests.intake.workbooks import built, small, with_cell, with_row, with_sheet, without_column, workbook
from valuation.messages import MESSAGES, READING

Make = Callable[[], RawWorkbook]


def cell(sheet: str, column: str, value: Cell) -> Make:
    return lambda: with_cell(small(), sheet, column, value)


def cells(sheet: str, **values: Cell) -> Make:
    """Several cells of the first row; `_` in a header stands for a space, and units are left out."""
    names = {
        "book": "Boekwaarde (€)",
        "cost": "Aanschafwaarde (€)",
        "contributions": "Bijdragen derden (€)",
        "residual": "Restwaarde (€)",
        "write_down": "Afwaardering (€)",
        "year": "Jaar ingebruikname",
        "method": "Afschrijvingsmethode",
        "life": "Afschrijvingstermijn (jaar)",
        "latitude": "Breedtegraad",
        "longitude": "Lengtegraad",
        "rd_x": "RD x (m)",
        "rd_y": "RD y (m)",
        "income": "Inkomsten per jaar (€)",
        "new_users": "Waarvan nieuwe gebruikers (€)",
        "running": "Kosten per jaar (€)",
        "vat": "Waarvan niet-verrekenbare btw (€)",
        "term": "Looptijd lening (jaar)",
        "rate": "Leenrente",
        "unit_cost": "Kostprijs initiatief (€)",
        "own": "Kostprijs instelling (€)",
        "price": "Prijscode",
        "unit": "Eenheid",
        "low": "Laag",
        "high": "Hoog",
        "shape": "Verdeling",
        "people": "Aantal mensen",
        "value": "Waarde per eenheid (€)",
        "procedures": "Waarvan uren aan procedures",
    }

    def make() -> RawWorkbook:
        raw = small()
        for name, value in values.items():
            raw = with_cell(raw, sheet, names[name], value)
        return raw

    return make


def without_sheet(*names: str) -> Make:
    return lambda: RawWorkbook(tuple(sheet for sheet in small().sheets if sheet.name not in names))


def renamed(sheet: str, name: str) -> Make:
    def make() -> RawWorkbook:
        raw = small()
        position = [page.name for page in raw.sheets].index(sheet)
        return raw.with_sheet(position, type(raw.sheets[0])(name, raw.sheets[position].rows))

    return make


def assumption(key: str, *values: Cell) -> Make:
    """An assumption with value, low, high and distribution."""

    def make() -> RawWorkbook:
        rows: list[tuple[Cell, ...]] = [("Sleutel", "Waarde", "Laag", "Hoog", "Verdeling")]
        kept = [row for row in small().sheets[0].rows[1:] if row[0] != key]
        raw = workbook(Uitgangspunten=[*rows, *kept, (key, *values)])
        return RawWorkbook((*raw.sheets, *small().sheets[1:]))

    return make


def appended(sheet: str, *row: Cell) -> Make:
    return lambda: with_sheet(small(), sheet, lambda rows: rows.append(list(row)))


ASSUMED, ASSET, INITIATIVE, TASK, EFFECT = "Uitgangspunten", "Objecten", "Initiatieven", "Taken", "Effecten"
REACH = ("Initiatief", "Buurt", "Aantal mensen", "Waarvan met grote behoefte")
DAY_CARE = "daycare_elderly_halfday_ref"

ERRORS: dict[str, tuple[Make, str, str | None, str | None]] = {
    # Places on the map
    "degrees in words": (cells(ASSET, latitude="52 graden", longitude=5.1), "not_degrees", ASSET, "F2"),
    "latitude and longitude swapped": (cells(ASSET, latitude=5.1, longitude=52.1), "position_swapped", ASSET, "F2"),
    "x and y swapped": (cells(ASSET, rd_x=463_000.0, rd_y=155_000.0), "position_swapped", ASSET, "F2"),
    "metres for degrees": (
        cells(ASSET, latitude=155_000.0, longitude=463_000.0),
        "position_in_metres",
        ASSET,
        "F2",
    ),
    "north of the country": (cells(ASSET, latitude=54.0, longitude=5.1), "position_outside", ASSET, "F2"),
    "east of the country": (cells(ASSET, latitude=52.0, longitude=7.4), "position_outside", ASSET, "G2"),
    "kilometres for metres": (cells(ASSET, rd_x=155.0, rd_y=463.0), "position_outside", ASSET, "G2"),
    "no longitude": (cells(ASSET, latitude=52.1, longitude=None), "position_half", ASSET, "G2"),
    "no x": (cells(ASSET, rd_x=None, rd_y=463_000.0), "position_half", ASSET, "F2"),
    # Sheets and columns
    "no assumptions": (without_sheet(ASSUMED), "sheet_missing", None, None),
    "objects under another name": (renamed(ASSET, "Panden"), "sheet_missing", None, None),
    "assumptions misspelt": (renamed(ASSUMED, "Uitgangspunt"), "sheet_similar", "Uitgangspunt", None),
    "nothing to value": (without_sheet(ASSET, INITIATIVE, TASK, EFFECT), "nothing_to_value", None, None),
    "the only objects misspelt": (
        lambda: RawWorkbook((small().sheets[0], renamed(ASSET, "Object")().sheets[1])),
        "sheet_similar",
        "Object",
        None,
    ),
    "a sheet in both languages": (
        lambda: RawWorkbook((*small().sheets, renamed(ASSET, "assets")().sheets[1])),
        "sheet_twice",
        "assets",
        None,
    ),
    "no column for the name": (lambda: without_column(small(), ASSET, "Naam"), "column_missing", ASSET, None),
    "a required column misspelt": (
        lambda: with_sheet(small(), ASSET, lambda rows: rows[0].__setitem__(4, "Marktwaarde")),
        "column_similar",
        ASSET,
        "E1",
    ),
    "a column twice": (
        cell(ASSET, " MARKET_VALUE_EUR", 5.0),
        "column_twice",
        ASSET,
        "F1",
    ),
    # Assumptions
    "no municipality": (
        lambda: with_sheet(small(), ASSUMED, lambda rows: rows.pop(1)),
        "assumption_missing",
        ASSUMED,
        None,
    ),
    "municipality empty": (cell(ASSUMED, "Gemeente", None), "required", ASSUMED, "B2"),
    "an assumption twice": (appended(ASSUMED, "basisjaar ", 2027.0), "assumption_twice", ASSUMED, "A5"),
    "a value without key": (appended(ASSUMED, None, 3.0), "assumption_without_key", ASSUMED, "A5"),
    "rate typed as 2,25": (cell(ASSUMED, "Discontovoet", 2.25), "percent_forgotten", ASSUMED, "B5"),
    "rate typed as text 2,25": (cell(ASSUMED, "Discontovoet", "2,25"), "percent_forgotten", ASSUMED, "B5"),
    "a step typed as 3,5": (cell(ASSUMED, "Discontovoet", "0-30: 3,5; 31-75: 3"), "percent_forgotten", ASSUMED, "B5"),
    "share typed as 30": (cell(ASSUMED, "Aandeel maatschappelijke waarde", 30.0), "percent_forgotten", ASSUMED, "B5"),
    "rate of 60 %": (cell(ASSUMED, "Omslagrente", 0.6), "share_out_of_bounds", ASSUMED, "B5"),
    "negative rate": (cell(ASSUMED, "Discontovoet", -0.02), "negative", ASSUMED, "B5"),
    "steps with a gap": (cell(ASSUMED, "Discontovoet", "0-30: 3,5%; 32-75: 3%"), "steps_gap", ASSUMED, "B5"),
    "steps that start late": (cell(ASSUMED, "Discontovoet", "2-30: 3,5%"), "steps_gap", ASSUMED, "B5"),
    "steps that go back": (cell(ASSUMED, "Discontovoet", "0-30: 3,5%; 31-20: 3%"), "steps_gap", ASSUMED, "B5"),
    "steps in words": (cell(ASSUMED, "Discontovoet", "eerst: 3%"), "steps_unreadable", ASSUMED, "B5"),
    "horizon beyond the steps": (cell(ASSUMED, "Discontovoet", "0-20: 3%"), "horizon_beyond_steps", ASSUMED, "B5"),
    "horizon of a half year": (cell(ASSUMED, "Zichtperiode", 30.5), "not_whole", ASSUMED, "B5"),
    "horizon of nothing": (cell(ASSUMED, "Zichtperiode", 0.0), "below_minimum", ASSUMED, "B5"),
    "horizon of a thousand years": (cell(ASSUMED, "Zichtperiode", 1000.0), "above_maximum", ASSUMED, "B5"),
    "base year in the Middle Ages": (cell(ASSUMED, "Basisjaar", 1204.0), "not_a_year", ASSUMED, "B3"),
    "base year with a point": (cell(ASSUMED, "Basisjaar", "2.026"), "not_a_year", ASSUMED, "B3"),
    "base year as a date": (cell(ASSUMED, "Basisjaar", date(2026, 1, 1)), "date_not_year", ASSUMED, "B3"),
    "volunteers maybe": (cell(ASSUMED, "Vrijwilligersuren meetellen", "misschien"), "not_yes_no", ASSUMED, "B5"),
    "paid whenever": (cell(ASSUMED, "Betaalmoment", "ooit"), "not_a_choice", ASSUMED, "B5"),
    "price year beyond the index": (cell(ASSUMED, "Prijspeil", 2090.0), "price_year_missing", ASSUMED, "B4"),
    "a range of a word": (assumption("Betaalmoment", "eind", 1.0, 2.0), "range_not_possible", ASSUMED, "C5"),
    "a range of steps": (assumption("Discontovoet", "0-99: 3%", 0.01, 0.04), "range_of_steps", ASSUMED, "C5"),
    "half a range": (assumption("Bodemprijs", 1.0, None, 2.0), "range_incomplete", ASSUMED, "C5"),
    "a range upside down": (assumption("Bodemprijs", 1.0, 5.0, 2.0), "low_above_high", ASSUMED, "C5"),
    "a range with a wrong rate": (assumption("Discontovoet", 0.02, 1.5, 0.03), "percent_forgotten", ASSUMED, "C5"),
    "a lognormal range from zero": (
        assumption("Bodemprijs", 1.0, 0.0, 2.0, "lognormaal"),
        "lognormal_not_positive",
        ASSUMED,
        "C5",
    ),
    # One cell
    "text for a number": (cell(ASSET, "Marktwaarde (€)", "twaalf"), "not_a_number", ASSET, "E2"),
    "a truth for a number": (cell(ASSET, "Marktwaarde (€)", True), "not_a_number", ASSET, "E2"),
    "doubtful text": (cell(ASSET, "Marktwaarde (€)", "1.234"), "ambiguous_number", ASSET, "E2"),
    "doubtful English text": (cell(ASSET, "Marktwaarde (€)", "1,234"), "ambiguous_number", ASSET, "E2"),
    "a dash": (cell(ASSET, "Marktwaarde (€)", "-"), "not_a_number", ASSET, "E2"),
    "a date for an amount": (cell(ASSET, "Marktwaarde (€)", date(2026, 1, 5)), "date_not_number", ASSET, "E2"),
    "negative market value": (cell(ASSET, "Marktwaarde (€)", -5.0), "negative", ASSET, "E2"),
    "not a number at all": (cell(ASSET, "Marktwaarde (€)", float("nan")), "number_too_large", ASSET, "E2"),
    "infinite": (cell(ASSET, "Marktwaarde (€)", float("inf")), "number_too_large", ASSET, "E2"),
    "too large to be true": (cell(ASSET, "Marktwaarde (€)", 1e20), "number_too_large", ASSET, "E2"),
    "an Excel error": (cell(ASSET, "Marktwaarde (€)", CellError("#REF!")), "excel_error", ASSET, "E2"),
    "an Excel error in a name": (cell(ASSET, "Naam", CellError("#N/A")), "excel_error", ASSET, "B2"),
    "a formula without result": (
        cell(ASSET, "Marktwaarde (€)", CellError("#FORMULE?")),
        "formula_without_result",
        ASSET,
        "E2",
    ),
    "a formula without result in an optional cell": (
        cell(ASSET, "Buurt", CellError("#FORMULE?")),
        "formula_without_result",
        ASSET,
        "F2",
    ),
    "no market value": (cell(ASSET, "Marktwaarde (€)", None), "required", ASSET, "E2"),
    "only spaces": (cell(ASSET, "Naam", " \u00a0 "), "required", ASSET, "B2"),
    "number became a date": (cell(ASSET, "Objectnummer", date(2026, 1, 6)), "identifier_became_date", ASSET, "A2"),
    "kind unknown": (cell(ASSET, "Soort", "schip"), "not_a_choice", ASSET, "C2"),
    "kind misspelt": (cell(ASSET, "Soort", "gebouww"), "not_a_choice_similar", ASSET, "C2"),
    "unknown party": (cell(EFFECT, "Partij", "provincie"), "not_a_choice", EFFECT, "C2"),
    "unknown payer": (cell(TASK, "Betaler", "verzekering"), "not_a_choice", TASK, "G2"),
    "negative term": (cells(INITIATIVE, term=-5.0, rate=0.03), "negative", INITIATIVE, "F2"),
    "share above one": (cell(TASK, "Verzilverbaar", 50.0), "percent_forgotten", TASK, "E2"),
    "share in words": (cell(TASK, "Verzilverbaar", "de helft"), "not_a_share", TASK, "E2"),
    "take-up in words": (cell(TASK, "Ingroei", "langzaam"), "take_up_unreadable", TASK, "H2"),
    "take-up of separators only": (cell(TASK, "Ingroei", ";"), "take_up_unreadable", TASK, "H2"),
    "take-up without percent signs": (cell(TASK, "Ingroei", "50; 80; 100"), "percent_forgotten", TASK, "H2"),
    "duration as text": (cell(INITIATIVE, "Duur (jaar)", "lang"), "not_a_number", INITIATIVE, "E2"),
    "start before the transfer": (cell(EFFECT, "Startjaar", -1.0), "negative", EFFECT, "F2"),
    # One row
    "no book value": (cells(ASSET, book=None), "book_value_incomplete", ASSET, "D2"),
    "no useful life": (
        cells(ASSET, book=None, cost=5e5, year=2000.0, method="lineair"),
        "book_value_incomplete",
        ASSET,
        "D2",
    ),
    "contributions above cost": (
        cells(ASSET, cost=5e5, contributions=6e5),
        "contributions_above_cost",
        ASSET,
        "G2",
    ),
    "residual above cost": (cells(ASSET, cost=5e5, residual=6e5), "residual_above_cost", ASSET, "G2"),
    "write-down above cost": (cells(ASSET, cost=5e5, write_down=6e5), "write_down_above_cost", ASSET, "G2"),
    "new users above income": (cells(INITIATIVE, new_users=5.0), "new_users_above_income", INITIATIVE, "F2"),
    "VAT above cost": (cells(INITIATIVE, vat=20_000.0), "vat_above_cost", INITIATIVE, "F2"),
    "VAT above the cost of the tasks": (
        lambda: with_cell(cells(INITIATIVE, running=None, vat=1e6)(), TASK, "Kostprijs initiatief (€)", 5.0),
        "vat_above_cost",
        INITIATIVE,
        "F2",
    ),
    "loan without rate": (cells(INITIATIVE, term=10.0), "loan_without_rate", INITIATIVE, "A2"),
    "no running cost": (cells(INITIATIVE, running=None), "no_running_cost", INITIATIVE, "D2"),
    "counterparty is party": (cell(EFFECT, "Tegenpartij", "bewoners"), "counterparty_is_party", EFFECT, "F2"),
    "only low": (cells(EFFECT, low=5.0), "range_incomplete", EFFECT, "A2"),
    "only high": (cells(TASK, high=5.0), "range_incomplete", TASK, "A2"),
    "low above high": (cells(EFFECT, low=50.0, high=5.0), "low_above_high", EFFECT, "F2"),
    "lognormal from zero": (
        cells(EFFECT, low=0.0, high=50.0, shape="lognormaal"),
        "lognormal_not_positive",
        EFFECT,
        "F2",
    ),
    "more hours on procedures than volunteers give": (
        cells(INITIATIVE, procedures=10.0),
        "procedures_above_volunteers",
        INITIATIVE,
        "F2",
    ),
    # Between tables
    "duplicate object": (lambda: with_row(small(), ASSET), "double_id", ASSET, "A3"),
    "duplicate initiative": (lambda: with_row(small(), INITIATIVE), "double_id", INITIATIVE, "A3"),
    "an initiative with the number of an object": (
        lambda: with_row(small(), INITIATIVE, c0="0101"),
        "id_of_both",
        INITIATIVE,
        "A3",
    ),
    "unknown object": (cell(INITIATIVE, "Objectnummer", "Z9"), "unknown_asset", INITIATIVE, "C2"),
    "object that lost its zero": (cell(INITIATIVE, "Objectnummer", 101.0), "unknown_asset_similar", INITIATIVE, "C2"),
    "unknown initiative": (cell(TASK, "Initiatief", "Buurtbus"), "unknown_initiative", TASK, "A2"),
    "unknown initiative, nearly right": (cell(TASK, "Initiatief", "I1a"), "unknown_initiative_similar", TASK, "A2"),
    "unknown owner": (cell(EFFECT, "Eigenaar", "niemand"), "unknown_owner", EFFECT, "A2"),
    "unknown owner, nearly right": (cell(EFFECT, "Eigenaar", "i 1"), "unknown_owner_similar", EFFECT, "A2"),
    "no number and no price": (cells(TASK, own="duur"), "not_a_number_or_price", TASK, "F2"),
    "price misspelt in an amount": (cells(TASK, own=f"{DAY_CARE}s"), "not_a_number_or_price_similar", TASK, "F2"),
    "unknown price": (cells(TASK, own=None, price="qqq"), "unknown_price", TASK, "H2"),
    "price misspelt": (cells(TASK, own=None, price=f"{DAY_CARE}s"), "unknown_price_similar", TASK, "H2"),
    "two prices": (cells(TASK, own=DAY_CARE, price="gp_consult_ref"), "price_conflict", TASK, "F2"),
    "price of another unit": (cells(TASK, own=DAY_CARE, unit="uur"), "price_unit_differs", TASK, "H2"),
    "price that is no amount": (cells(TASK, own="discount_rate_standard"), "price_not_euros", TASK, "F2"),
    "price in pounds": (cells(EFFECT, value="wellby_uk"), "price_not_euros", EFFECT, "E2"),
    "price beyond the index": (
        lambda: with_cell(
            with_cell(cells(TASK, own=None, price=DAY_CARE)(), ASSUMED, "Prijspeil", 2090.0),
            ASSUMED,
            "Waarde vrijwilligersuur",
            15.0,
        ),
        "price_without_year",
        TASK,
        "H2",
    ),
}
NEIGHBOURHOODS = ("Buurt", "Inwoners")
ERRORS |= {
    "a neighbourhood twice": (
        lambda: RawWorkbook(
            (*small().sheets, *workbook(Buurten=[NEIGHBOURHOODS, ("Noord", 5.0), ("noord ", 6.0)]).sheets)
        ),
        "double_neighbourhood",
        "Buurten",
        "A3",
    ),
    "more people in need than people": (
        lambda: RawWorkbook((*small().sheets, *workbook(Bereik=[REACH, ("I1", "Noord", 5.0, 6.0)]).sheets)),
        "people_in_need_above_people",
        "Bereik",
        "D2",
    ),
}

SCENARIO_HEADER = ("Scenario", "Blad", "Sleutel of regel", "Kolom", "Waarde")
ALTERNATIVE_HEADER = ("Objectnummer", "Alternatief", "Huur of canon per jaar (€)")
SCENARIO, ALTERNATIVE = "Scenario's", "Alternatieven"


def scenario(*rows: tuple[Cell, ...], raw: Make = small) -> Make:
    """A workbook with these rows of the sheet Scenario's."""
    return lambda: RawWorkbook((*raw().sheets, *workbook(**{SCENARIO: [SCENARIO_HEADER, *rows]}).sheets))


def alternative(*rows: tuple[Cell, ...]) -> Make:
    return lambda: RawWorkbook((*small().sheets, *workbook(**{ALTERNATIVE: [ALTERNATIVE_HEADER, *rows]}).sheets))


OPERATIONS, FINANCING, PRICE_TERMS = "Exploitatie", "Financiering", "Prijsafspraken"
PLAN_HEADERS = {
    OPERATIONS: ("Initiatief", "Post", "Soort", "Bedrag per eenheid (€)", "Bezetting"),
    FINANCING: (
        "Initiatief",
        "Bron",
        "Soort",
        "Bedrag (€)",
        "Rente",
        "Looptijd (jaar)",
        "Aflossingsvrij (jaar)",
        "Aflossing",
        "Garantie gemeente",
    ),
    PRICE_TERMS: ("Objectnummer", "Afspraak", "Jaar", "Bedrag (€)", "Aandeel"),
}


def plan(sheet: str, *rows: tuple[Cell, ...]) -> Make:
    """A workbook with these rows of one of the sheets of the business case."""
    return lambda: RawWorkbook((*small().sheets, *workbook(**{sheet: [PLAN_HEADERS[sheet], *rows]}).sheets))


MARKET = "Marktwaarde (€)"
ERRORS |= {
    "scenario of no assumption": (
        scenario(("s", ASSUMED, "Rente", None, 0.1)),
        "scenario_assumption",
        SCENARIO,
        "C2",
    ),
    "scenario without a column": (
        scenario(("s", ASSET, "0101", None, 5.0)),
        "scenario_column_missing",
        SCENARIO,
        "D2",
    ),
    "scenario of no column": (scenario(("s", ASSET, "0101", "Kleur", 5.0)), "scenario_column", SCENARIO, "D2"),
    "scenario of a column nearly right": (
        scenario(("s", ASSET, "0101", "Marktwarde (€)", 5.0)),
        "scenario_column_similar",
        SCENARIO,
        "D2",
    ),
    "scenario of a code": (scenario(("s", ASSET, "0101", "Objectnummer", "9")), "scenario_fixed", SCENARIO, "D2"),
    "scenario of no object": (scenario(("s", ASSET, "zwembad", MARKET, 5.0)), "scenario_row", SCENARIO, "C2"),
    "scenario of an object nearly right": (
        scenario(("s", INITIATIVE, "I-1", "Duur (jaar)", 5.0)),
        "scenario_row_similar",
        SCENARIO,
        "C2",
    ),
    "scenario of an empty row": (scenario(("s", TASK, "9", "Verzilverbaar", 0.1)), "scenario_line", SCENARIO, "C2"),
    "scenario of a name that occurs twice": (
        scenario(("s", TASK, "dagbesteding", "Verzilverbaar", 0.1), raw=lambda: with_row(small(), TASK)),
        "scenario_line_twice",
        SCENARIO,
        "C2",
    ),
    "scenario that changes a cell twice": (
        scenario(("s", ASSET, "0101", MARKET, 5.0), ("s", ASSET, "0101", MARKET, 6.0)),
        "scenario_twice",
        SCENARIO,
        "C3",
    ),
    "an item of an unknown initiative": (
        plan(OPERATIONS, ("I9999", "zaal", "zaalverhuur", 10.0)),
        "unknown_initiative",
        OPERATIONS,
        "A2",
    ),
    "an item of no kind": (
        plan(OPERATIONS, ("I1", "zaal", "zaalverhur", 10.0)),
        "not_a_choice_similar",
        OPERATIONS,
        "C2",
    ),
    "an item without an amount": (plan(OPERATIONS, ("I1", "zaal", "zaalverhuur")), "required", OPERATIONS, "D2"),
    "an item taken off twice": (
        plan(OPERATIONS, ("I1", "schoonmaak", "schoonmaak", -10.0)),
        "negative",
        OPERATIONS,
        "D2",
    ),
    "an occupancy above one": (
        plan(OPERATIONS, ("I1", "zaal", "zaalverhuur", 10.0, 1.2)),
        "percent_forgotten",
        OPERATIONS,
        "E2",
    ),
    "money of an unknown initiative": (
        plan(FINANCING, ("I9999", "bank", "fonds", 10.0)),
        "unknown_initiative",
        FINANCING,
        "A2",
    ),
    "a bank loan without a term": (
        plan(FINANCING, ("I1", "bank", "banklening", 10.0, 0.04)),
        "loan_without_term",
        FINANCING,
        "F2",
    ),
    "a source of money without a rate": (
        plan(FINANCING, ("I1", "buren", "crowdfunding", 10.0, None, 5.0)),
        "loan_without_rate",
        FINANCING,
        "E2",
    ),
    "a loan that is never repaid": (
        plan(FINANCING, ("I1", "bank", "banklening", 10.0, 0.04, 10.0, 10.0)),
        "interest_only_whole_term",
        FINANCING,
        "G2",
    ),
    "a guarantee above the whole loan": (
        plan(FINANCING, ("I1", "bank", "banklening", 10.0, 0.04, 10.0, 0.0, "lineair", 80.0)),
        "percent_forgotten",
        FINANCING,
        "I2",
    ),
    "an arrangement about an unknown object": (
        plan(PRICE_TERMS, ("9999", "herijking")),
        "unknown_asset",
        PRICE_TERMS,
        "A2",
    ),
    "a later payment without a year": (
        plan(PRICE_TERMS, ("0101", "uitgestelde betaling", None, 5.0)),
        "deferred_without_year",
        PRICE_TERMS,
        "C2",
    ),
    "a later payment without an amount": (
        plan(PRICE_TERMS, ("0101", "uitgestelde betaling", 5.0)),
        "deferred_without_amount",
        PRICE_TERMS,
        "D2",
    ),
    "a share of the profit without a share": (
        plan(PRICE_TERMS, ("0101", "winstdeling bij doorverkoop", 5.0, 300_000.0)),
        "profit_without_share",
        PRICE_TERMS,
        "E2",
    ),
    "a resale without a price": (
        plan(PRICE_TERMS, ("0101", "winstdeling", 5.0, None, 0.5)),
        "arrangement_half",
        PRICE_TERMS,
        "D2",
    ),
    "a buy-back without a year": (
        plan(PRICE_TERMS, ("0101", "terugkooprecht", None, 5.0)),
        "arrangement_half",
        PRICE_TERMS,
        "C2",
    ),
    "a payment after the last step of the rate": (
        lambda: with_cell(
            with_cell(plan(PRICE_TERMS, ("0101", "uitgestelde betaling", 40.0, 5.0))(), ASSUMED, "Zichtperiode", 30.0),
            ASSUMED,
            "Discontovoet",
            "0-30: 3%",
        ),
        "year_beyond_steps",
        PRICE_TERMS,
        "C2",
    ),
    "two reviews": (
        plan(PRICE_TERMS, ("0101", "herijking", 5.0), ("0101", "herijking", 4.0)),
        "double_review",
        PRICE_TERMS,
        "B3",
    ),
    "an alternative twice": (
        alternative(("0101", "verhuur", 5.0), ("0101", "huur", 6.0)),
        "double_alternative",
        ALTERNATIVE,
        "B3",
    ),
}

WARNINGS: dict[str, tuple[Make, str, str | None, str | None]] = {
    "a place in degrees and in metres": (
        cells(ASSET, latitude=52.1, longitude=5.1, rd_x=136_000.0, rd_y=455_000.0),
        "position_twice",
        ASSET,
        "H2",
    ),
    "rent of a loan for use": (
        alternative(("0101", "bruikleen", 5.0)),
        "not_with_alternative",
        ALTERNATIVE,
        "C2",
    ),
    "the rate of a gift": (
        plan(FINANCING, ("I1", "fonds", "fonds", 10.0, 0.04)),
        "only_for_loan",
        FINANCING,
        "E2",
    ),
    "the share of a later payment": (
        plan(PRICE_TERMS, ("0101", "uitgestelde betaling", 5.0, 5.0, 0.5)),
        "not_with_arrangement",
        PRICE_TERMS,
        "E2",
    ),
    "a sheet with one of our columns": (
        lambda: RawWorkbook((*small().sheets, *workbook(Exploitatie=[("Post", "2026"), ("zaal", 5.0)]).sheets)),
        "sheet_not_recognised",
        OPERATIONS,
        None,
    ),
    "an optional sheet misspelt": (renamed(TASK, "Takenn"), "sheet_similar", "Takenn", None),
    "an optional column misspelt": (cell(INITIATIVE, "Subsidie per jaar", 5.0), "column_similar", INITIATIVE, "F1"),
    "an assumption misspelt": (cell(ASSUMED, "Discontovoett", 0.03), "assumption_similar", ASSUMED, "A5"),
    "a code as a number": (cell(ASSET, "Taakveld", 0.1), "number_lost_zero", ASSET, "F2"),
    "in service after the base year": (cells(ASSET, year=2030.0), "in_service_after_base_year", ASSET, "F2"),
    "unknown unit": (cells(TASK, own=DAY_CARE, unit="emmer"), "unknown_unit", TASK, "H2"),
    "value outside its range": (cells(EFFECT, low=50.0, high=90.0), "central_outside_range", EFFECT, "E2"),
    "price outside its range": (
        lambda: with_cell(with_cell(cells(TASK, own=DAY_CARE)(), TASK, "Laag", 1.0), TASK, "Hoog", 2.0),
        "central_outside_range",
        TASK,
        "F2",
    ),
    "assumption outside its range": (
        assumption("Bodemprijs", 1.0, 2.0, 3.0),
        "central_outside_range",
        ASSUMED,
        "B5",
    ),
    "an example left": (
        lambda: with_row(with_cell(small(), ASSET, "Objectnummer", "0101"), ASSET, c0="VOORBEELD-1"),
        "example_left",
        ASSET,
        "A3",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_one_mistake_gives_one_error_at_its_place(name: str) -> None:
    make, rule, sheet, place = ERRORS[name]
    intake = built(make())
    assert intake.case is None
    errors = [problem for problem in intake.problems if problem.level == "error"]
    assert [(error.rule, error.sheet, error.cell) for error in errors] == [(rule, sheet, place)]
    assert_readable(errors[0].message("nl"), errors[0].message("en"))


@pytest.mark.parametrize("name", WARNINGS)
def test_what_is_doubtful_gives_a_warning_and_a_case(name: str) -> None:
    make, rule, sheet, place = WARNINGS[name]
    intake = built(make())
    assert intake.case is not None
    assert [(w.level, w.rule, w.sheet, w.cell) for w in intake.problems] == [("warning", rule, sheet, place)]
    assert_readable(intake.problems[0].message("nl"), intake.problems[0].message("en"))


def assert_readable(dutch: str, english: str) -> None:
    assert dutch != english
    for text in (dutch, english):
        assert "None" not in text
        assert "nan" not in text.split()
        assert "{" not in text


def test_the_small_workbook_has_no_problem() -> None:
    assert built(small()).problems == ()


def test_all_mistakes_are_reported_at_once_and_in_the_order_of_the_file() -> None:
    raw = with_cell(small(), EFFECT, "Partij", "provincie")
    raw = with_cell(raw, ASSET, "Marktwaarde (€)", "twaalf")
    raw = with_cell(raw, ASSUMED, "Discontovoet", 2.25)
    raw = with_cell(raw, INITIATIVE, "Objectnummer", "Z9")
    rules = [problem.rule for problem in built(raw).problems]
    assert rules == ["percent_forgotten", "not_a_number", "unknown_asset", "not_a_choice"]


def test_one_mistake_in_a_row_does_not_make_others_of_it() -> None:
    """An unreadable number leaves the object known to its initiative and silent about its book value."""
    raw = with_cell(cells(ASSET, book="veel")(), ASSET, "Jaar ingebruikname", "ooit")
    assert [problem.rule for problem in built(raw).problems] == ["not_a_number", "not_a_year"]


def test_the_message_says_where_and_what_to_do() -> None:
    raw = with_sheet(small(), TASK, lambda rows: rows[1].__setitem__(2, "twaalf"))
    (problem,) = built(raw).problems
    assert problem.message("nl") == (
        "Blad Taken, cel C2, kolom Aantal per jaar: 'twaalf' is geen getal. Vul een getal in, bijvoorbeeld 12."
    )
    assert problem.message("en") == (
        "Sheet Taken, cell C2, column Aantal per jaar: 'twaalf' is not a number. Fill in a number, for instance 12."
    )


def test_a_forgotten_percent_sign_is_explained_in_the_notation_of_the_language() -> None:
    (problem,) = built(with_cell(small(), ASSUMED, "Discontovoet", 2.25)).problems
    assert problem.message("nl").endswith(
        "'2,25' betekent hier 225 %. Bedoelt u 2,25 %? Typ dan 2,25% met het procentteken, of 0,0225."
    )
    assert problem.message("en").endswith(
        "'2.25' means 225 % here. Do you mean 2.25 %? Then type 2.25% with the percent sign, or 0.0225."
    )


def test_an_own_sheet_with_a_common_name_is_kept_and_not_used() -> None:
    own = workbook(Exploitatie=[("Jaar", "Lasten"), (2026.0, 5.0)], financing=[("Jaar",)], Operations=[("a",)])
    intake = built(RawWorkbook((*small().sheets, *own.sheets)))
    assert intake.problems == ()
    assert intake.case is not None
    assert len(intake.case.operations) == len(intake.case.financing) == 0
    assert [part.name for part in intake.not_used] == ["Exploitatie", "financing", "Operations"]


def test_the_sheets_of_a_business_case_stand_beside_an_own_sheet_of_that_name() -> None:
    ours = plan(OPERATIONS, ("I1", "zaal", "zaalverhuur", 10.0))()
    intake = built(RawWorkbook((RawSheet("operations", (("a",),)), *ours.sheets)))
    assert intake.problems == ()
    assert intake.case is not None
    assert intake.case.operations["item_kind"].tolist() == ["hall_hire"]
    assert intake.case.operations["indexation_rate"].tolist() == [0.02]


def test_every_message_of_intake_is_shown_by_one_of_these_workbooks() -> None:
    shown = {rule for _, rule, *_ in (*ERRORS.values(), *WARNINGS.values(), *FILES.values())} | {"macros_ignored"}
    assert set(READING) - shown == set()
    assert shown <= set(MESSAGES)
