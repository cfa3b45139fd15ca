"""What was filled in for empty cells, in words that a finance officer can check."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.labels import column_help, column_label, english_name
from dashboard.used import COLUMNS, default_source, default_words, defaults_table, span
from dashboard.wording import speaking
from valuation.case import TABLES


@pytest.mark.parametrize(
    ("place", "value", "dutch"),
    [
        (("assets", "write_down_eur"), 0.0, "€\u00a00"),
        (("effects", "deadweight"), 0.0, "0%"),
        (("assumptions", "discount_rate"), 0.0225, "2,25%"),
        (("effects", "start_year"), 1, "1"),
        (("assumptions", "price_year"), 2026.0, "2026"),
        (("effects", "direction"), "benefit", "baat"),
        (("assets", "sale_restriction"), False, "nee"),
        (("tasks", "take_up"), (0.5, 1.0), "50%; 100%"),
    ],
)
def test_a_default_is_written_as_its_column_is_read(place, value, dutch):
    assert default_words(value, COLUMNS[place]) == dutch


def test_the_same_default_in_many_rows_is_one_line():
    row = {"table": "assets", "sheet": "Objecten", "column": "Afwaardering (€)", "key": "write_down_eur", "value": 0.0}
    source = {"source_nl": "leeg betekent deze waarde", "source_en": "empty means this value"}
    table = defaults_table(pd.DataFrame([{**row, **source, "cell": f"I{n}", "row": n} for n in (2, 3, 7)]))
    assert table["Cellen"].tolist() == ["I2 … I7 (3)"]


@pytest.mark.parametrize(
    ("key", "words", "dutch"),
    [
        ("timing", "datasets/assumption_defaults.csv, timing", "aanname: Bedragen vallen aan het einde van elk jaar."),
        ("discount_rate", "datasets/assumption_defaults.csv, discount_rate", "Rijkswaterstaat"),
        ("volunteer_hour_value", "referentieprijs volunteer_hour_replacement", "Zorginstituut"),
    ],
)
def test_the_source_of_a_default_is_who_said_it_and_no_file_of_ours(key, words, dutch):
    source = default_source(COLUMNS["assumptions", key], words)
    assert source.startswith(dutch)
    assert "datasets/" not in source


def test_one_cell_is_named_by_itself():
    assert span(["C4"]) == "C4"


def test_a_default_without_a_figure_says_what_happens():
    row = {"table": "assets", "sheet": "Objecten", "column": "Voorgestelde prijs (€)", "key": "proposed_price_eur"}
    words = {"value": None, "source_nl": "onbekend", "source_en": "unknown", "cell": "Y7", "row": 7}
    table = defaults_table(pd.DataFrame([{**row, **words}]))
    assert table["Ingevuld"].tolist() == ["onbekend"]


@pytest.mark.parametrize("spoken", ["nl", "en"])
def test_every_column_has_a_label_and_an_explanation(spoken):
    with speaking(spoken):
        for table in TABLES:
            labels = [column_label(column) for column in table.columns]
            assert len(set(labels)) == len(labels)
            assert all(column_help(column) for column in table.columns)


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("market_value_eur", "Market value (€)"),
        ("rent_income_eur_per_year", "Rent income (€ per year)"),
        ("area_m2", "Area (m²)"),
        ("dscr", "DSCR"),
        ("vat_leak_eur_per_year", "VAT leak (€ per year)"),
    ],
)
def test_english_labels_are_words(key, label):
    assert english_name(key) == label
