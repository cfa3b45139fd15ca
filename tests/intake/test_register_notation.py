"""The figures of a column: it decides its own notation, and is asked about where it cannot."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.asset_register.notation import read_column
from intake.workbook import CellError

NBSP, THIN, NARROW = "\u00a0", "\u2009", "\u202f"


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("1.234,56", 1234.56),
        ("1,234.56", 1234.56),
        ("1.234.567", 1_234_567),
        ("1,234,567", 1_234_567),
        ("€ 1.234", 1234),
        ("€ 1,234", 1234),
        ("EUR 12", 12),
        ("1.234,-", 1234),
        ("€ 12,--", 12),
        ("€ 75.000,=", 75_000),
        ("12,==", 12),
        ("5916-", -5916),
        ("5.916,50-", -5916.5),
        ("(1.234,00)", -1234),
        ("(12)", -12),
        ("−12", -12),
        ("–12", -12),
        ("- 12", -12),
        ("-€ 12,50", -12.5),
        ("€ -12,50", -12.5),
        ("+12", 12),
        ("-", 0),
        ("€ -", 0),
        ("–", 0),
        ("--", 0),
        (f"1{NBSP}234,50", 1234.5),
        (f"1{THIN}234", 1234),
        (f"€{NARROW}1{NARROW}234{NARROW}567,89", 1_234_567.89),
        ("1 234.5", 1234.5),
        ("1'234.50", 1234.5),
        ("0,5", 0.5),
        ("0.5", 0.5),
        (",5", 0.5),
        ("0,123", 0.123),
        ("1234,567", 1234.567),
        ("１２３", 123),
    ],
)
def test_one_text_is_one_figure(text: str, figure: float) -> None:
    read = read_column([text])
    assert (read.values, read.mistakes, read.is_ambiguous) == ([figure], [], False)


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("twaalf", "not_a_number"),
        ("1.23.456", "not_a_number"),
        ("1,2,3", "not_a_number"),
        ("12 a", "not_a_number"),
        ("€", "not_a_number"),
        ("1.234.56", "not_a_number"),
        ("12%", "percent_in_amount"),
        ("1,23E+06", "scientific_number"),
        ("1e6", "scientific_number"),
        ("9" * 20, "number_too_large"),
        (1e20, "number_too_large"),
        (True, "not_a_number"),
        (date(2025, 1, 6), "date_not_number"),
        (CellError("#N/A"), "excel_error"),
        (CellError("#FORMULE?"), "formula_without_result"),
    ],
)
def test_what_is_no_figure_is_a_mistake_and_never_zero(cell: object, rule: str) -> None:
    read = read_column([cell, 5.0])
    assert read.values == [None, 5.0]
    assert [(position, mistake.rule) for position, mistake in read.mistakes] == [(0, rule)]


def test_a_column_settles_its_own_doubts() -> None:
    assert read_column(["1.234", "12,50"]).values == [1234, 12.5]
    assert read_column(["1.234", "12.50"]).values == [1.234, 12.5]
    assert read_column(["1,234", "1,234,567"]).values == [1234, 1_234_567]
    assert read_column(["5.916-", "1.234.567"]).values == [-5916, 1_234_567]
    assert read_column(["1.234", "€ 5.678"]).values == [1234, 5678]


def test_a_column_that_cannot_is_asked_and_reads_nothing_until_then() -> None:
    read = read_column(["1.234", "5", None, "2.000"])
    assert read.is_ambiguous
    assert read.examples == ("1.234", "2.000")
    assert read.values == [None, 5, None, None]
    assert read_column(["1.234", "5"], "nl").values == [1234, 5]
    assert read_column(["1.234", "5"], "en").values == [1.234, 5]
    # The column's own evidence goes before an answer that contradicts it.
    assert read_column(["1.234", "12,50"], "en").values == [1234, 12.5]


def test_another_notation_in_the_column_is_a_mistake_at_its_cell() -> None:
    read = read_column(["1.234,50", "12,25", "3.5"])
    assert read.values == [1234.5, 12.25, None]
    assert [(position, mistake.rule) for position, mistake in read.mistakes] == [(2, "other_notation")]


def test_typed_figures_say_nothing_about_texts_beside_them() -> None:
    assert read_column([1234.5, "1.234"]).is_ambiguous


def test_dashes_and_unknown_are_told_apart() -> None:
    read = read_column(["-", "p.m.", "n.v.t.", 3.0, " "])
    assert read.values == [0, None, None, 3, None]
    assert (read.nil, read.unknown) == (1, (1, 2))


def test_percentages_belong_in_columns_of_percentages() -> None:
    assert read_column(["2,242%", "1,5 %"], percent=True).values == [0.02242, 0.015]


def written(figure: float, notation: str) -> str:
    text = f"{figure:,.2f}"
    return text if notation == "en" else text.translate(str.maketrans(",.", ".,"))


@given(st.lists(st.integers(-(10**11), 10**11), min_size=1), st.sampled_from(["nl", "en"]))
def test_figures_with_cents_come_back_as_they_were_written(cents: list[int], notation: str) -> None:
    figures = [cent / 100 for cent in cents]
    assert read_column([written(figure, notation) for figure in figures]).values == figures


@given(st.lists(st.text(alphabet="0123456789.,-()€ %x", max_size=10), max_size=8))
def test_any_text_is_a_figure_a_mistake_a_question_or_unknown(texts: list[str]) -> None:
    read = read_column(list(texts))
    mistaken = {position for position, _mistake in read.mistakes}
    for position, (text, value) in enumerate(zip(texts, read.values, strict=True)):
        assert value is None or position not in mistaken
        if value is None and text.strip() and position not in mistaken:
            assert read.is_ambiguous or position in read.unknown
