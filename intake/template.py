"""The template: every sheet of the declaration, explained, with a small worked example to replace."""

from __future__ import annotations

from intake.explanation import HELP_SHEETS, PRICE_SHEETS, default_words, kind_of, meaning_of, words_of
from intake.reference_data import load_reference
from intake.tables import default_of
from intake.workbook import Cell, RawSheet, RawWorkbook, Row
from intake.writing import write_workbook
from valuation.case import ASSUMPTION_COLUMNS, ASSUMPTIONS, TABLES, Table
from valuation.reference import ReferenceData

Example = dict[str, tuple[Cell, Cell]]
"""Column key to what stands in the example row, in Dutch and in English."""

ASSET = ("VOORBEELD-1", "EXAMPLE-1")
INITIATIVE = ("VOORBEELD-A", "EXAMPLE-A")
EXAMPLES: dict[str, Example] = {
    "assets": {
        "asset_id": ASSET,
        "name": ("Voorbeeld: buurthuis", "Example: community centre"),
        "kind": ("gebouw", "building"),
        "neighbourhood": ("Noord", "North"),
        "area_m2": (450.0, 450.0),
        "task_field": ("6.1", "6.1"),
        "acquisition_cost_eur": (900_000.0, 900_000.0),
        "land_book_value_eur": (60_000.0, 60_000.0),
        "in_service_year": (2005.0, 2005.0),
        "useful_life_years": (40.0, 40.0),
        "depreciation_method": ("lineair", "linear"),
        "market_value_eur": (420_000.0, 420_000.0),
        "operating_cost_eur_per_year": (38_000.0, 38_000.0),
        "major_maintenance_eur_per_year": (12_000.0, 12_000.0),
        "rent_income_eur_per_year": (15_000.0, 15_000.0),
        "maintenance_backlog_eur": (50_000.0, 50_000.0),
        "fallback_cost_eur": (10_000.0, 10_000.0),
        "proposed_price_eur": (250_000.0, 250_000.0),
        "sale_restriction": ("ja", "yes"),
        "latitude": (52.0907, 52.0907),
        "longitude": (5.1214, 5.1214),
        "note": ("Voorbeeldrij: vervang hem door uw eigen object", "Example row: replace it by your own"),
    },
    "initiatives": {
        "initiative_id": INITIATIVE,
        "name": ("Voorbeeld: buurtbeheer Noord", "Example: residents of North"),
        "legal_form": ("stichting", "foundation"),
        "theme": ("welzijn", "welfare"),
        "neighbourhood": ("Noord", "North"),
        "asset_id": ASSET,
        "subsidy_eur_per_year": (10_000.0, 10_000.0),
        "facilitation_hours_per_year": (80.0, 80.0),
        "volunteer_hours_per_year": (1_200.0, 1_200.0),
        "income_eur_per_year": (60_000.0, 60_000.0),
        "new_user_income_eur_per_year": (12_000.0, 12_000.0),
        "operating_cost_eur_per_year": (55_000.0, 55_000.0),
        "renovation_eur": (60_000.0, 60_000.0),
        "own_funds_eur": (20_000.0, 20_000.0),
        "grants_eur": (250_000.0, 250_000.0),
        "loan_rate": (0.04, 0.04),
        "loan_term_years": (20.0, 20.0),
        "duration_years": (20.0, 20.0),
        "note": ("Voorbeeldrij", "Example row"),
    },
    "tasks": {
        "initiative_id": INITIATIVE,
        "task": ("Dagbesteding ouderen", "Day care for older people"),
        "price_key": ("daycare_elderly_halfday_ref", "daycare_elderly_halfday_ref"),
        "unit": ("dagdeel", "half-day"),
        "volume_per_year": (1_500.0, 1_500.0),
        "deadweight": (0.1, 0.1),
        "substitution_share": (0.4, 0.4),
        "cashable_share": (0.5, 0.5),
        "initiative_unit_cost_eur": (12.5, 12.5),
        "payer": ("gemeente", "municipality"),
        "take_up": ("50%; 80%; 100%", "50%; 80%; 100%"),
        "note": ("Voorbeeldrij", "Example row"),
    },
    "effects": {
        "owner_id": ASSET,
        "effect": ("Ontmoeting in de buurt", "Meeting in the neighbourhood"),
        "direction": ("baat", "benefit"),
        "party": ("bewoners", "residents"),
        "quantity": (300.0, 300.0),
        "unit": ("personen", "persons"),
        "unit_value_eur": (60.0, 60.0),
        "deadweight": (0.25, 0.25),
        "drop_off": (0.05, 0.05),
        "evidence": ("D", "D"),
        "note": ("Voorbeeldrij met een voorbeeldcijfer", "Example row with an example figure"),
    },
}
MUNICIPALITY = ("Voorbeeldgemeente", "Example municipality")

INTRODUCTION = {
    "nl": (
        "Uitleg bij dit sjabloon",
        "1. Vul eerst het blad Uitgangspunten in. Donkerrode kolommen zijn verplicht. Leeg is de standaardwaarde.",
        "2. Vervang de grijze voorbeeldrijen (VOORBEELD-...) door uw eigen objecten, initiatieven, taken en effecten.",
        "3. Bladen die u niet gebruikt laat u leeg. Eigen bladen en kolommen mogen blijven staan; ze tellen niet mee.",
        "4. Typ bedragen als getal en percentages met het procentteken. De kopregels zijn vergrendeld.",
        "5. Codes zoals 0.10 zijn tekst. De kolommen voor codes staan al op Tekst.",
    ),
    "en": (
        "About this template",
        "1. Fill in the sheet assumptions first. Dark red columns are required; an empty cell takes the default.",
        "2. Replace the grey example rows (EXAMPLE-...) by your own assets, initiatives, tasks and effects.",
        "3. Leave sheets that you do not use empty. Sheets and columns of your own may stay; they do not count.",
        "4. Type amounts as numbers and percentages with the percent sign. The headers are locked.",
        "5. Codes such as 0.10 are text. The columns for codes are set to Text already.",
    ),
}
EXPLANATION_HEADER = {
    "nl": ("Blad", "Kolom", "Betekenis", "Soort", "Verplicht", "Als u niets invult", "Kies uit"),
    "en": ("Sheet", "Column", "Meaning", "Kind", "Required", "If you leave it empty", "Choose from"),
}
PRICES_HEADER = {
    "nl": ("Prijscode", "Naam", "Waarde in euro", "Eenheid", "Prijspeil van de bron", "Hoe zeker", "Bron"),
    "en": ("Price code", "Name", "Value in euros", "Unit", "Price year of the source", "How sure", "Source"),
}


def template(language: str = "nl") -> bytes:
    """An xlsx file to fill in, in Dutch (`nl`) or English (`en`).

    It holds an explanation, every declared sheet with a worked example row, and the list of price codes. Uploaded
    as it is, it is a small municipality without errors.
    """
    return write_workbook(template_workbook(language, load_reference()))


def template_workbook(language: str, reference: ReferenceData) -> RawWorkbook:
    """The cells of the template."""
    tables = [_sheet(table, language, reference) for table in TABLES]
    return RawWorkbook(
        (_explanation(language, reference), *tables, _prices(language, reference)),
    )


def empty_workbook(language: str = "nl") -> RawWorkbook:
    """The sheets of the template without its examples, to fill in on screen.

    What the template fills in as an example (the municipality and the base year) is empty here.
    """
    filled = template_workbook(language, load_reference())
    headers = {table.sheet_nl if language == "nl" else table.sheet_en for table in TABLES if table is not ASSUMPTIONS}
    sheets = [RawSheet(sheet.name, sheet.rows[:1]) if sheet.name in headers else sheet for sheet in filled.sheets]
    without = [
        RawSheet(
            sheet.name, tuple((row[0], None, *row[2:]) if number else row for number, row in enumerate(sheet.rows))
        )
        if sheet.name in {ASSUMPTIONS.sheet_nl, ASSUMPTIONS.sheet_en}
        else sheet
        for sheet in sheets
    ]
    return RawWorkbook(tuple(without))


def _pick(language: str) -> int:
    return 0 if language == "nl" else 1


def _sheet(table: Table, language: str, reference: ReferenceData) -> RawSheet:
    name = table.sheet_nl if language == "nl" else table.sheet_en
    if table is ASSUMPTIONS:
        return RawSheet(name, _assumption_rows(language, reference))
    header = tuple(column.header if language == "nl" else column.key for column in table.columns)
    example = EXAMPLES.get(table.key)
    if example is None:
        return RawSheet(name, (header,))
    row = tuple(example.get(column.key, (None, None))[_pick(language)] for column in table.columns)
    return RawSheet(name, (header, row))


def _assumption_rows(language: str, reference: ReferenceData) -> tuple[Row, ...]:
    """A row per assumption, with what it means; only what has no default is filled in."""
    keys = ("key", "value", "note", "low", "high", "distribution")
    filled: dict[str, Cell] = {
        "municipality": MUNICIPALITY[_pick(language)],
        "base_year": float(reference.latest_price_year() + 1),
    }
    rows: list[Row] = [tuple(ASSUMPTION_COLUMNS[key][_pick(language)] for key in keys)]
    for column in ASSUMPTIONS.columns:
        name = column.header if language == "nl" else column.key
        default = default_words(column, default_of(column, reference), language)
        empty = f" {'Leeg' if language == 'nl' else 'Empty'}: {default}." if default else ""
        rows.append((name, filled.get(column.key), meaning_of(column, language) + empty, None, None, None))
    return tuple(rows)


def _explanation(language: str, reference: ReferenceData) -> RawSheet:
    """How to fill in the template, and what every column means."""
    rows: list[Row] = [(line, *[None] * 6) for line in INTRODUCTION[language]]
    rows += [(None,) * 7, EXPLANATION_HEADER[language]]
    for table in TABLES:
        sheet = table.sheet_nl if language == "nl" else table.sheet_en
        for column in table.columns:
            rows.append(
                (
                    sheet,
                    column.header if language == "nl" else column.key,
                    meaning_of(column, language),
                    kind_of(column, language),
                    {"nl": "ja", "en": "yes"}[language] if column.required else None,
                    default_words(column, default_of(column, reference), language) or None,
                    ", ".join(words_of(column, language)) or None,
                )
            )
    return RawSheet(HELP_SHEETS[_pick(language)], tuple(rows))


def _prices(language: str, reference: ReferenceData) -> RawSheet:
    """The price codes in euros, in the prices of the latest year."""
    year = reference.latest_price_year()
    rows: list[Row] = [PRICES_HEADER[language]]
    for key in dict.fromkeys(reference.unit_values["key"]):
        price = reference.price(key, year)
        if price.unit == "EUR" or price.unit.startswith("EUR/"):
            name = price.name_nl if language == "nl" else price.name_en
            value = round(price.value, 2)
            rows.append((key, name, value, price.unit, float(price.own_year), price.basis, price.source_id))
    return RawSheet(PRICE_SHEETS[_pick(language)], tuple(rows))
