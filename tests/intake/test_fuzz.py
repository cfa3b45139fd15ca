"""Spoiled workbooks and spoiled files: always a case or problems with a message, never a traceback."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake import Cell, CellError, RawSheet, RawWorkbook, UnreadableFile, read_workbook, table_frame
from tests.intake.workbooks import MUNICIPALITY, built, municipality
from valuation.case import TABLES

PUBLIC = municipality()
ODD_TEXTS = (
    "1.234",
    "2,25",
    "50%; x",
    "0-10: 3%; 12-20: 3%",
    "0-99999999999999999999: 3%",
    "0101",
    "I1",
    "gemeente",
    "gp_consult_ref",
    "wellby_uk",
    "-",
    "€",
    "{value}",
    "{",
    "%s",
    "=1+1",
    "\x00",
    "9" * 400,
    "1e400%",
)
ODD_CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(ODD_TEXTS),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.just(date(1, 1, 1)),
    st.just(CellError("#FORMULE?")),
)
CHANGES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 14), st.integers(0, 25), ODD_CELLS), max_size=6)


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(CHANGES)
def test_any_change_of_cells_gives_a_case_or_errors_with_a_message(
    changes: list[tuple[int, int, int, Cell]],
) -> None:
    raw = PUBLIC
    for sheet, row, column, value in changes:
        rows = [list(cells) for cells in raw.sheets[sheet].rows]
        cells = rows[row % len(rows)]
        cells[column % len(cells)] = value
        raw = raw.with_sheet(sheet, RawSheet(raw.sheets[sheet].name, tuple(map(tuple, rows))))
    intake = built(raw)
    assert (intake.case is None) == any(problem.level == "error" for problem in intake.problems)
    for problem in intake.problems:
        assert problem.message("nl")
        assert problem.message("en")
    for table in TABLES:
        table_frame(raw, table.key)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PUBLIC.sheets), max_size=6), st.integers(0, 3))
def test_any_choice_of_sheets_and_rows_gives_a_case_or_errors(sheets: list[RawSheet], rows: int) -> None:
    intake = built(RawWorkbook(tuple(RawSheet(sheet.name, sheet.rows[:rows]) for sheet in sheets)))
    for problem in intake.problems:
        assert problem.message("nl")


@pytest.mark.parametrize("seed", range(40))
def test_a_file_with_spoiled_bytes_reads_or_is_refused(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - which bytes to spoil is no secret
    data = bytearray(MUNICIPALITY.read_bytes())
    for _ in range(chance.choice((1, 3, 30))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    if chance.random() < 0.3:
        del data[chance.randrange(len(data)) :]
    try:
        raw = read_workbook(bytes(data), "bedorven.xlsx")
    except UnreadableFile:
        return
    built(raw)
