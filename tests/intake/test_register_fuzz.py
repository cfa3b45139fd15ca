"""Good files, spoiled at random: never a traceback, never a hang, and never another figure without a word about it."""

from __future__ import annotations

import io
import math
import random
import re
import time
import zipfile
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake import UnreadableFile, build_case, load_reference
from intake.asset_register import find_register_tables, read_register, suggest, to_workbook
from intake.marking import marked_file
from intake.reading import read_table_file
from intake.workbook import Cell, RawWorkbook
from tests.intake.registers import apeldoorn, as_csv, as_ods, as_xlsx, dutch, ods_figure, read_table, sheet, venlo
from valuation.problems import Problem

SECONDS = 5
ROWS = venlo()
GOOD: dict[str, Callable[[], bytes]] = {
    "staat.xlsx": lambda: as_xlsx(ROWS),
    "staat.csv": lambda: as_csv(apeldoorn()),
    "staat.ods": lambda: as_ods(
        [[ods_figure(c) if isinstance(c, float) else str(c or "") for c in row] for row in ROWS]
    ),
}
Figures = dict[tuple[str, int], float]


def look(raw: RawWorkbook) -> tuple[Figures, list[Problem]]:
    """All that happens to a file on the page, and the figures by role and row."""
    figures: Figures = {}
    problems: list[Problem] = []
    for table in find_register_tables(raw):
        reading = read_table(table)
        told = {question.column.position: "nl" for question in reading.questions}
        reading = read_register(
            table, type(reading.mapping)(reading.mapping.roles, reading.scale, told, reading.mapping.book_value)
        )
        problems += reading.problems
        for role, values in reading.figures.items():
            figures |= {(role, row): value for row, value in zip(reading.rows, values.tolist(), strict=True)}
        build_case(to_workbook([reading], filename="x", base_year=2026), load_reference())
    for problem in problems:
        assert problem.message("nl")
        assert problem.message("en")
    return figures, problems


def spoiled(data: bytes, seed: int) -> bytes:
    """Some bytes changed, left out or doubled; in an archive inside its parts, which are then packed again."""
    chance = random.Random(seed)  # noqa: S311 - which bytes to spoil is no secret
    if data[:2] == b"PK" and chance.random() < 0.8:
        return _repacked(data, lambda part: _spoil(part, chance), chance)
    return _spoil(data, chance)


def _spoil(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        if not changed:
            break
        place = chance.randrange(len(changed))
        what = chance.randrange(4)
        if what == 0:
            changed[place] = chance.randrange(256)
        elif what == 1:
            del changed[place : place + chance.randrange(1, 40)]
        elif what == 2:
            changed[place:place] = changed[place : place + chance.randrange(1, 40)]
        else:
            changed[place:place] = chance.choice((b"<", b'"', b";", b"\n", b"&", b"<f/>", b"\x00", b"9" * 30, b"</c>"))
    return bytes(changed)


def _repacked(data: bytes, change: Callable[[bytes], bytes], chance: random.Random) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        names = [name for name in old.namelist() if name.endswith((".xml", ".rels"))]
        chosen = chance.choice(names)
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == chosen else old.read(name))
    return file.getvalue()


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("name", GOOD)
def test_a_spoiled_file_is_read_or_refused_and_soon(name: str, seed: int) -> None:
    data = spoiled(GOOD[name](), seed)
    start = time.perf_counter()
    try:
        raw = read_table_file(data, name)
    except UnreadableFile as refused:
        said = refused.problem.message("nl")
    else:
        said = "read"
        look(raw)
        marks = [Problem("error", "required", each.name, "B2") for each in raw.sheets]
        try:
            marked_file(data, name, raw, marks)
        except UnreadableFile as refused:
            said = refused.problem.message("nl")
    assert said
    assert time.perf_counter() - start < SECONDS


FIGURE_IN_XML = re.compile(rb"<v>(\d[\d.]*)</v>")


@pytest.mark.parametrize("seed", range(40))
def test_an_archive_in_which_a_byte_was_changed_without_its_checksum_is_never_read_as_another_figure(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    data = bytearray(GOOD["staat.xlsx"]())
    expected, _problems = look(read_table_file(bytes(data), "staat.xlsx"))
    for _ in range(chance.choice((1, 2, 5))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    try:
        figures, problems = look(read_table_file(bytes(data), "staat.xlsx"))
    except UnreadableFile:
        return
    different = [key for key, value in figures.items() if expected.get(key, value) != value and value == value]  # noqa: PLR0124
    assert not different or problems


WORDS = [
    "Totaal", "Omschrijving", "Boekwaarde 31-12", "Boekwaarde 1-1", "Afschrijving", "x € 1.000", "1.234", "-",
    "p.m.", "a",
]  # fmt: skip
LETTERS = "0123456789.,-()€% xX'\u00a0\u2212"


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2), st.integers(1, 11), st.text(alphabet=LETTERS, min_size=1, max_size=12))
def test_a_cell_that_was_changed_shows_or_does_not_count(row: int, column: int, text: str) -> None:
    """Whatever is typed in one cell, every other figure stays what it was, or the sums say that something is off."""
    rows: list[list[Cell]] = [
        [*(dutch(cell) + ",00" if isinstance(cell, float) else cell for cell in line)] for line in ROWS
    ]
    expected, _none = look(RawWorkbook((sheet(ROWS),)))
    place = len(rows) - 4 + row
    rows[place][column] = text
    figures, problems = look(RawWorkbook((sheet(rows),)))
    for (role, number), value in figures.items():
        if number != place + 1:
            assert value == expected[role, number]
    others = Counter(number for _role, number in figures)
    assert set(others) == {4, 5, 6}
    unreadable = {key for key, value in figures.items() if math.isnan(value) and not math.isnan(expected[key])}
    # What cannot be read is named at its cell, unless it is empty; what reads as another figure stands in a table that
    # no longer adds up, or in a column that takes no part in that.
    assert not unreadable or problems or not text.strip(" \u00a0")


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.none(),
                st.floats(allow_nan=False, allow_infinity=False),
                st.booleans(),
                st.sampled_from(WORDS),
                st.text(max_size=6),
                st.dates(),
            ),
            min_size=1,
            max_size=7,
        ),
        max_size=12,
    )
)  # fmt: skip
def test_any_sheet_is_looked_at_without_a_traceback(rows: list[list[Cell]]) -> None:
    look(RawWorkbook((sheet(rows),)))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(range(3)), st.integers(0, 3), st.booleans())
def test_the_order_of_rows_and_empty_rows_between_change_no_figure(
    order: list[int],
    gap: int,
    with_total: bool,  # noqa: FBT001
) -> None:
    body = [ROWS[3 + place] for place in order]
    rows = [*ROWS[:3], *body[:gap], [], *body[gap:], *(ROWS[6:] if with_total else [])]
    (table,) = find_register_tables(RawWorkbook((sheet(rows),)))
    reading = read_register(table, suggest(table))
    (original,) = find_register_tables(RawWorkbook((sheet(ROWS),)))
    before = read_register(original, suggest(original))
    assert sorted(reading.figures["closing_book_value"]) == sorted(before.figures["closing_book_value"])
    assert [rule for rule in reading.problems if rule.rule != "total_differs"] == []
