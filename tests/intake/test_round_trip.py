"""Out and in again: the template, the workbook as it stands, and the editor give the same cells and the same case."""

from __future__ import annotations

import io
import math
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake import (
    RawSheet,
    RawWorkbook,
    load_reference,
    read_workbook,
    table_frame,
    template,
    with_table,
    write_workbook,
)
from intake.names import fold
from intake.template import EXAMPLES, template_workbook
from intake.workbook import Cell, CellError
from tests.intake.workbooks import built, municipality, small, with_cell, with_sheet, workbook
from valuation.case import ASSUMPTION_COLUMNS, ASSUMPTIONS, TABLES, Case

LANGUAGES = ("nl", "en")
# Characters that a cell can hold: no control characters, which XML has no place for.
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn"), exclude_characters="\ufeff"), max_size=30)
CELLS = st.one_of(
    st.none(),
    TEXTS.filter(lambda text: text != ""),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2200, 1, 1)),
    st.sampled_from([CellError("#N/A"), CellError("#DIV/0!"), CellError("#FORMULE?")]),
)


def again(raw: RawWorkbook) -> RawWorkbook:
    return read_workbook(write_workbook(raw), "opnieuw.xlsx")


def assert_same(first: Case | None, second: Case | None) -> None:
    assert first is not None
    assert second is not None
    assert first.assumptions == second.assumptions
    pd.testing.assert_frame_equal(first.assumption_ranges, second.assumption_ranges)
    for table in TABLES:
        if table is not ASSUMPTIONS:
            pd.testing.assert_frame_equal(getattr(first, table.key), getattr(second, table.key), check_exact=True)


def trimmed(sheet: RawSheet) -> tuple[tuple[Cell, ...], ...]:
    """The rows of a sheet without empty cells and rows at the end, which no file keeps."""
    rows = [list(row) for row in sheet.rows]
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return tuple(map(tuple, rows))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_as_it_is_makes_a_municipality_without_problems(language: str) -> None:
    intake = built(read_workbook(template(language), "sjabloon.xlsx"))
    assert intake.problems == ()
    assert intake.not_used == ()
    assert intake.case is not None
    assert {key: len(getattr(intake.case, key)) for key in EXAMPLES} == dict.fromkeys(EXAMPLES, 1)


def test_the_dutch_and_the_english_template_are_the_same_but_for_the_words() -> None:
    dutch, english = (built(template_workbook(language, load_reference())).case for language in LANGUAGES)
    assert dutch is not None
    assert english is not None
    for key in EXAMPLES:
        numbers = getattr(dutch, key).select_dtypes("number").columns
        pd.testing.assert_frame_equal(getattr(dutch, key)[numbers], getattr(english, key)[numbers])
        choices = [column.key for table in TABLES if table.key == key for column in table.columns if column.choices]
        pd.testing.assert_frame_equal(getattr(dutch, key)[choices], getattr(english, key)[choices])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_has_every_declared_sheet_column_and_assumption(language: str) -> None:
    raw = read_workbook(template(language), "sjabloon.xlsx")
    sheets = {sheet.name: sheet for sheet in raw.sheets}
    for table in TABLES:
        sheet = sheets[table.sheet_nl if language == "nl" else table.sheet_en]
        if table is ASSUMPTIONS:
            names = [column.header if language == "nl" else column.key for column in table.columns]
            assert [row[0] for row in sheet.rows[1:]] == names
            assert list(sheet.rows[0]) == [pair[0 if language == "nl" else 1] for pair in ASSUMPTION_COLUMNS.values()]
        else:
            assert list(sheet.rows[0]) == [
                column.header if language == "nl" else column.key for column in table.columns
            ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_helps_whoever_fills_it_in(language: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(language)))
    for table in TABLES:
        page = book[table.sheet_nl if language == "nl" else table.sheet_en]
        assert page.protection.sheet
        assert page.protection.password is None
        header, below = page["A1"], page["A3"]
        assert header.font.bold
        assert header.protection.locked
        assert not page.column_dimensions["A"].protection.locked
        assert not below.value or not below.protection.locked
        assert page.freeze_panes
        if table is ASSUMPTIONS:
            continue
        lists = {
            cells
            for rule in page.data_validations.dataValidation
            if rule.type == "list"
            for cells in str(rule.sqref).split()
        }
        for place, column in enumerate(table.columns, start=1):
            cell = page.cell(1, place)
            assert (cell.comment is not None) == bool(column.meaning_nl)
            if column.kind in {"choice", "yes_no"} or column.key == "price_key":
                assert any(cells.startswith(f"{cell.column_letter}2:") for cells in lists), column.key
            if column.kind == "identifier":
                assert page.column_dimensions[cell.column_letter].number_format == "@"


def test_the_price_list_of_the_template_is_that_of_the_drop_down_list() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template("nl")))
    (rule,) = [rule for rule in book["Taken"].data_validations.dataValidation if "Prijzen" in str(rule.formula1)]
    cells = [cell for (cell,) in book["Prijzen"][rule.formula1.partition("!")[2].replace("$", "")]]
    assert cells
    assert all(load_reference().has_price(cell.value) for cell in cells)


def test_dutch_and_english_names_give_the_same_case() -> None:
    dutch = municipality()
    english = RawWorkbook(tuple(_in_english(sheet) for sheet in dutch.sheets))
    assert english != dutch
    assert_same(built(dutch).case, built(english).case)


def _in_english(sheet: RawSheet) -> RawSheet:
    (table,) = [table for table in TABLES if table.sheet_nl == sheet.name]
    headers = {column.header: column.key for column in table.columns}
    headers |= {pair[0]: pair[1] for pair in ASSUMPTION_COLUMNS.values()} if table is ASSUMPTIONS else {}
    words = {choice.nl: choice.en for column in table.columns for choice in column.choices} | {"ja": "yes", "nee": "no"}
    header = tuple(f" {headers[str(name)].upper()} " for name in sheet.rows[0])
    keys = {column.header: column.key for column in ASSUMPTIONS.columns} if table is ASSUMPTIONS else {}
    rows = (
        tuple(keys.get(str(cell), words.get(str(cell), cell)) if isinstance(cell, str) else cell for cell in row)
        for row in sheet.rows[1:]
    )
    return RawSheet(table.sheet_en.upper(), (header, *rows))


def test_the_public_case_is_the_same_after_writing_and_reading() -> None:
    raw = municipality()
    assert again(raw).sheets == raw.sheets
    assert_same(built(raw).case, built(again(raw)).case)


def test_own_sheets_and_columns_are_kept_and_named_as_not_used() -> None:
    raw = with_cell(small(), "Objecten", "Beheerder", "=cmd|' /C calc'!A0")
    raw = RawWorkbook((RawSheet("Notities", (("=1+1", 3.0, date(2026, 1, 5)),)), *raw.sheets))
    read = again(raw)
    assert read.sheets == raw.sheets
    intake = built(read)
    assert intake.case is not None
    assert [(part.what, part.name, part.cell) for part in intake.not_used] == [
        ("sheet", "Notities", None),
        ("column", "Beheerder", "F1"),
    ]
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(raw)))
    assert [cell.data_type for row in book["Notities"].iter_rows() for cell in row] == ["s", "n", "d"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=6), st.sampled_from(["Objecten", "Anders"])
)
def test_any_cells_come_back_as_they_were(rows: list[list[Any]], name: str) -> None:
    raw = workbook(**{name: [tuple(row) for row in rows]})
    assert [trimmed(sheet) for sheet in again(raw).sheets] == [trimmed(sheet) for sheet in raw.sheets]


def test_times_and_names_that_excel_does_not_allow_do_no_harm() -> None:
    raw = RawWorkbook(
        (
            RawSheet("a/b:c" + "x" * 40, ((datetime(2026, 1, 5, 13, 5), time(13, 5), date(1850, 1, 1)),)),  # noqa: DTZ001
            RawSheet("", ((float("nan"), float("inf"), "\x07bel"),)),
        )
    )
    first, second = again(raw).sheets
    assert first.name == "a_b_c" + "x" * 26
    assert first.rows == ((datetime(2026, 1, 5, 13, 5), time(13, 5), "1850-01-01"),)  # noqa: DTZ001
    assert second.rows == ((CellError("#NUM!"), CellError("#NUM!"), "bel"),)


def test_a_workbook_without_sheets_can_be_written() -> None:
    assert again(RawWorkbook(())).sheets


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.floats(0, 1e9),
    st.floats(0, 1),
    st.integers(1, 100),
    st.lists(st.floats(0, 1), min_size=1, max_size=4),
    st.sampled_from(["ja", "nee"]),
)
def test_a_filled_template_gives_the_same_case_after_writing(
    amount: float, share: float, years: int, take_up: list[float], restriction: str
) -> None:
    raw = template_workbook("nl", load_reference())
    for sheet, column, value in (
        ("Objecten", "Marktwaarde (€)", amount),
        ("Objecten", "Verkoopregulerend beding", restriction),
        ("Taken", "Verzilverbaar", share),
        ("Taken", "Ingroei", "; ".join(f"{part!r}" for part in take_up if "e" not in repr(part)) or None),
        ("Initiatieven", "Duur (jaar)", float(years)),
    ):
        raw = with_cell(raw, sheet, column, value)
    assert_same(built(raw).case, built(again(raw)).case)


# In the editor


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", [table.key for table in TABLES])
def test_a_table_that_is_not_changed_changes_nothing(table: str, language: str) -> None:
    raw = RawWorkbook((*municipality().sheets, RawSheet("Kladblok", (("x",),))))
    assert with_table(raw, table, table_frame(raw, table, language), language) == raw


@pytest.mark.parametrize(
    ("language", "typed", "amount"),
    [
        ("nl", "2345,75", 2345.75),
        ("nl", "1.234,50", 1234.5),
        ("nl", "1.234", 1234.0),
        ("en", "1,234", 1234.0),
        ("en", "1.234", 1.234),
        ("nl", "€ 12", 12.0),
        ("nl", "twaalf", "twaalf"),
        ("nl", "=1+1", "=1+1"),
        ("nl", " ", None),
        ("nl", float("nan"), None),
    ],
)
def test_a_typed_amount_is_read_in_the_language_of_the_page(language: str, typed: object, amount: Cell) -> None:
    raw = small()
    frame = table_frame(raw, "assets", language)
    frame.loc[2, "market_value_eur"] = typed
    assert with_table(raw, "assets", frame, language).sheets[1].rows[1][4] == amount


@pytest.mark.parametrize(
    ("table", "column", "language", "cell", "shown"),
    [
        ("assets", "Marktwaarde (€)", "nl", 1234567.5, "1.234.567,5"),
        ("assets", "Marktwaarde (€)", "en", 1234567.5, "1,234,567.5"),
        ("assets", "Marktwaarde (€)", "nl", 0.1 + 0.2, "0,30000000000000004"),
        ("assets", "Marktwaarde (€)", "nl", "1.234", "1.234"),
        ("assets", "Marktwaarde (€)", "nl", CellError("#REF!"), "#REF!"),
        ("assets", "Verkoopregulerend beding", "nl", True, "ja"),
        ("assets", "Verkoopregulerend beding", "en", False, "no"),
        ("assets", "Taakveld", "nl", 0.1, "0.1"),
        ("assets", "Jaar ingebruikname", "nl", 1998.0, "1998"),
        ("initiatives", "Leenrente", "nl", 0.0225, "2,25%"),
        ("initiatives", "Leenrente", "en", 0.07, "7%"),
        ("tasks", "Ingroei", "nl", 0.5, "50%"),
        ("assets", "Naam", "nl", date(2026, 1, 5), "2026-01-05"),
        ("assets", "Marktwaarde (€)", "nl", float("inf"), "inf"),
    ],
)
def test_a_cell_is_shown_with_every_digit_in_the_notation_of_the_page(
    table: str, column: str, language: str, cell: Cell, shown: str
) -> None:
    (sheet,) = [declared.sheet_nl for declared in TABLES if declared.key == table]
    raw = with_cell(small(), sheet, column, cell)
    (key,) = [c.key for declared in TABLES if declared.key == table for c in declared.columns if c.header == column]
    frame = table_frame(raw, table, language)
    assert frame.loc[2, key] == shown
    assert with_table(raw, table, frame, language) == raw


def test_a_rate_typed_without_percent_sign_is_kept_for_validation_to_explain() -> None:
    raw = municipality()
    frame = table_frame(raw, "assumptions")
    (row,) = frame.index[frame["key"] == "Discontovoet"]
    frame.loc[row, "value"] = "2,25"
    (problem,) = built(with_table(raw, "assumptions", frame)).problems
    assert (problem.rule, problem.cell) == ("percent_forgotten", f"B{row}")


def test_rows_can_be_deleted_and_added_and_own_columns_stay_with_their_rows() -> None:
    raw = with_sheet(
        with_cell(municipality(), "Objecten", "Beheerder", "Jan", row=4),
        "Objecten",
        lambda rows: rows.insert(4, [None] * len(rows[0])),
    )
    frame = table_frame(raw, "assets")
    assert list(frame.index) == [2, 3, 4, 6, 7, 8]
    frame = frame.drop(index=3)
    frame.loc[9, ["asset_id", "name", "market_value_eur"]] = ["0199", "Nieuw", "1.500,5"]
    (sheet,) = [sheet for sheet in with_table(raw, "assets", frame).sheets if sheet.name == "Objecten"]
    ids = [row[0] for row in sheet.rows]
    assert ids == ["Objectnummer", "0101", "G-7", None, "0103", "0104", "0105", "0199"]
    place = sheet.rows[0].index("Beheerder")
    assert [row[place] for row in sheet.rows[1:]] == [None, "Jan", None, None, None, None, None]
    assert 1500.5 in sheet.rows[-1]


def test_a_column_that_the_file_did_not_have_is_added_when_it_is_filled_in() -> None:
    raw = small()
    frame = table_frame(raw, "initiatives")
    frame.loc[2, "subsidy_eur_per_year"] = "2.500"
    changed = with_table(raw, "initiatives", frame)
    assert changed.sheets[2].rows[0][-1] == "Subsidie per jaar (€)"
    assert changed.sheets[2].rows[1][-1] == 2500.0
    case = built(changed).case
    assert case is not None
    assert list(case.initiatives["subsidy_eur_per_year"]) == [2500.0]


def test_a_sheet_of_ours_is_added_beside_an_own_sheet_of_that_name() -> None:
    own = RawSheet("Exploitatie", (("Jaar", "Lasten"), (2026.0, 5.0)))
    raw = RawWorkbook((*small().sheets, own))
    frame = table_frame(raw, "operations")
    frame.loc[0, ["initiative_id", "item", "item_kind", "unit_amount_eur", "take_up"]] = [
        "I1",
        "Zaal",
        "zaalverhuur",
        "1.250",
        "50%; 100%",
    ]
    again_read = again(with_table(raw, "operations", frame))
    assert own in again_read.sheets
    case = built(again_read).case
    assert case is not None
    (row,) = case.operations.to_dict("records")
    assert (row["unit_amount_eur"], row["take_up"], row["occupancy_share"]) == (1250.0, (0.5, 1.0), 1.0)


def test_a_sheet_that_the_file_did_not_have_is_added_when_it_is_filled_in() -> None:
    raw = RawWorkbook(tuple(sheet for sheet in small().sheets if sheet.name != "Effecten"))
    frame = table_frame(raw, "effects")
    assert frame.empty
    frame.loc[0, ["owner_id", "effect", "party", "quantity", "unit_value_eur"]] = [
        "0101",
        "rust",
        "bewoners",
        "3",
        "4,5",
    ]
    case = built(with_table(raw, "effects", frame)).case
    assert case is not None
    assert list(case.effects["unit_value_eur"]) == [4.5]
    assert with_table(raw, "effects", frame.iloc[:0]) == raw


@settings(max_examples=60)
@given(st.floats(0, 1e12), st.sampled_from(LANGUAGES))
def test_an_amount_that_is_shown_and_typed_again_is_the_same_number(amount: float, language: str) -> None:
    raw = with_cell(small(), "Objecten", "Marktwaarde (€)", amount)
    frame = table_frame(raw, "assets", language)
    frame.loc[2, "market_value_eur"] = f"{frame.loc[2, 'market_value_eur']} "
    read = with_table(raw, "assets", frame, language).sheets[1].rows[1][4]
    assert isinstance(read, float)
    assert math.isclose(read, amount, rel_tol=0, abs_tol=0)


def test_names_are_compared_without_capitals_spaces_and_accents() -> None:
    assert fold(" Reële  groei ") == fold("REELEGROEI")
    assert fold("oppervlakte (m²)") == fold("Oppervlakte(m2)")
