"""Cells put in by row and column: nothing else in the workbook changes."""

from __future__ import annotations

import intake
from intake.editing import is_dutch, new_row, table_cells, with_cells, without_row
from intake.workbook import RawSheet, RawWorkbook

OBJECTS = RawSheet(
    "Objecten", (("Eigen kolom", "Objectnummer", "Naam"), ("mijn", "101", "Buurthuis"), (None, "102", "Park"))
)


def test_a_cell_is_put_in_and_the_rest_of_the_row_stays():
    raw = with_cells(RawWorkbook((OBJECTS,)), "assets", 3, {"name": "Groot park"})
    assert raw.sheets[0].rows == (OBJECTS.rows[0], OBJECTS.rows[1], (None, "102", "Groot park"))


def test_a_column_that_the_file_does_not_have_is_added_at_the_end():
    raw = with_cells(RawWorkbook((OBJECTS,)), "assets", 2, {"market_value_eur": 420_000.0})
    assert raw.sheets[0].rows[0][-1] == "Marktwaarde (€)"
    assert raw.sheets[0].rows[1] == ("mijn", "101", "Buurthuis", 420_000.0)
    assert raw.sheets[0].rows[2] == (None, "102", "Park", None)


def test_a_column_that_is_emptied_but_not_there_is_not_added():
    raw = with_cells(RawWorkbook((OBJECTS,)), "assets", 2, {"market_value_eur": None})
    assert raw.sheets[0].rows == OBJECTS.rows


def test_a_sheet_that_is_not_there_is_added_with_its_header_in_the_language_of_the_workbook():
    for sheet, name, header in (("Uitgangspunten", "Taken", "Taak"), ("assumptions", "tasks", "task")):
        raw = RawWorkbook((RawSheet(sheet, (("Sleutel", "Waarde"),)),))
        changed = with_cells(raw, "tasks", new_row(raw, "tasks"), {"task": "Dagbesteding"})
        assert changed.sheets[1].name == name
        assert changed.sheets[1].rows[0][1] == header
        assert table_cells(changed, "tasks") == {2: {"task": "Dagbesteding"}}


def test_rows_are_added_below_and_taken_out():
    raw = RawWorkbook((OBJECTS,))
    assert new_row(raw, "assets") == 4
    more = with_cells(raw, "assets", 4, {"asset_id": "103", "name": "Hal"})
    assert list(table_cells(more, "assets")) == [2, 3, 4]
    assert without_row(more, "assets", 2).sheets[0].rows[1:] == more.sheets[0].rows[2:]
    assert without_row(more, "assets", 1) == more
    assert without_row(more, "tasks", 2) == more


def test_an_empty_workbook_asks_only_for_what_has_to_be_filled_in():
    for language in ("nl", "en"):
        raw = intake.empty_workbook(language)
        assert is_dutch(raw) == (language == "nl")
        assert table_cells(raw, "assets") == {}
        problems = intake.build_case(raw, intake.load_reference()).problems
        assert {problem.rule for problem in problems} == {"required"}
        assert {problem.column for problem in problems} <= {"Gemeente", "Basisjaar", "municipality", "base_year"}
