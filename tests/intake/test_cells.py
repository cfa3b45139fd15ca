"""One cell at a time: what is read, and what is refused, by kind."""

from __future__ import annotations

import contextlib
import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.cells import CellMistake, parse_amount_text, reader
from intake.workbook import Cell
from valuation.case import ASSETS, ASSUMPTIONS, EFFECTS, INITIATIVES, TASKS, Column

AMOUNT = ASSETS.column("market_value_eur")
SHARE = TASKS.column("cashable_share")
GROWTH = EFFECTS.column("real_growth")
YEARS = INITIATIVES.column("duration_years")
TAKE_UP = TASKS.column("take_up")
STEPS = ASSUMPTIONS.column("discount_rate")
YES_NO = ASSETS.column("sale_restriction")
CODE = ASSETS.column("task_field")
METHOD = ASSETS.column("depreciation_method")
PARTY = EFFECTS.column("party")
EVIDENCE = EFFECTS.column("evidence")
LATITUDE = ASSETS.column("latitude")
IN_SERVICE = ASSETS.column("in_service_year")


def read(column: Column, cell: Cell) -> Any:
    return reader(column)(cell)


@pytest.mark.parametrize("text", ["52.091", "52,091", " 52,091° ", "+52.091"])
def test_degrees_have_no_thousands(text: str) -> None:
    assert read(LATITUDE, text) == 52.091


@pytest.mark.parametrize("text", ["52 5 28", "N52.1", "1.052.091", "52°5'28\""])
def test_what_are_no_decimal_degrees(text: str) -> None:
    with pytest.raises(CellMistake) as raised:
        read(LATITUDE, text)
    assert raised.value.rule == "not_degrees"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", 1234),
        ("2345,75", 2345.75),
        ("2345.75", 2345.75),
        ("1.234,56", 1234.56),
        ("1,234.56", 1234.56),
        ("1.234.567", 1234567),
        ("1,234,567.5", 1234567.5),
        ("1.234.567,125", 1234567.125),
        ("€ 1.234", 1234),
        ("€1.234,-", 1234),
        ("€ 100,--", 100),
        ("EUR 12,50", 12.5),
        ("12,50 euro", 12.5),
        ("1 234,5", 1234.5),
        ("1\u00a0234\u00a0567", 1234567),
        ("1\u202f234,5", 1234.5),
        ("\u00a0 12 \u2009", 12),
        ("0,123", 0.123),
        ("0.125", 0.125),
        ("1234.567", 1234.567),
        (",5", 0.5),
        ("+5", 5),
        ("-1.234,50", -1234.5),
        ("\u22125", -5),
        ("\u20135", -5),
        ("5.916,00-", -5916),
        ("(1.234,50)", -1234.5),
        ("(€ 12)", -12),
        ("€ -12,5", -12.5),
        ("- € 12,5", -12.5),
        ("-/- 1.234,50", -1234.5),
        ("1.234,50 -/-", -1234.5),
        ("€ -/- 1.234.567", -1234567),
        ("\u2013/\u2013 12", -12),
        ("-0", 0),
    ],
)
def test_a_number_that_can_mean_one_thing_is_read(text: str, value: float) -> None:
    assert parse_amount_text(text) == value
    for language in ("nl", "en"):
        if text not in {"€ 1.234", "€1.234,-"}:
            assert parse_amount_text(text, language) == value


def test_nothing_is_minus_zero() -> None:
    assert math.copysign(1, parse_amount_text("-0")) == 1
    assert math.copysign(1, read(SHARE, "-0%")) == 1


@pytest.mark.parametrize(
    ("text", "dutch", "english"),
    [
        ("1.234", 1234, 1.234),
        ("1,234", 1.234, 1234),
        ("-12.345", -12345, -12.345),
        ("(999,000)", -999, -999000),
    ],
)
def test_a_doubtful_number_is_refused_unless_the_language_is_known(text: str, dutch: float, english: float) -> None:
    with pytest.raises(CellMistake) as mistake:
        parse_amount_text(text)
    assert mistake.value.rule == "ambiguous_number"
    assert parse_amount_text(text, "nl") == dutch
    assert parse_amount_text(text, "en") == english


@pytest.mark.parametrize(
    "text",
    ["", "-", "€", "twaalf", "1e5", "nan", "inf", "--5", "-5-", "1.2.3", "12.34,5", "1,23,456", "1.234.56", "12-5",
     "0x10", "5%", "1 2", "1 23", "(5", "5)", "٣٤", "1.234,56.7", ".", ",", "+-3"],
)  # fmt: skip
@pytest.mark.parametrize("language", [None, "nl", "en"])
def test_what_is_no_number_is_refused(text: str, language: str | None) -> None:
    with pytest.raises(CellMistake) as mistake:
        parse_amount_text(text, language)
    assert mistake.value.rule == "not_a_number"


@pytest.mark.parametrize("text", ["35%%", "35 % %", "%", "%35"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(CellMistake) as mistake:
        read(SHARE, text)
    assert mistake.value.rule == "not_a_share"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_an_amount_in_dutch_or_english_notation_reads_as_itself(amount: Any) -> None:
    english = f"{amount:,.2f}"
    dutch = english.translate(str.maketrans(",.", ".,"))
    for text in (english, dutch, f"€ {dutch}", f"{amount}".replace(".", ",")):
        assert parse_amount_text(text) == float(amount) + 0.0


@given(st.text(max_size=20))
def test_any_text_is_a_finite_number_or_a_mistake(text: str) -> None:
    for language in (None, "nl", "en"):
        with contextlib.suppress(CellMistake):
            assert math.isfinite(parse_amount_text(text, language))


READ: list[tuple[Column, Cell, Any]] = [
    (AMOUNT, 12, 12.0),
    (AMOUNT, 12.5, 12.5),
    (SHARE, 0.5, 0.5),
    (SHARE, "50%", 0.5),
    (SHARE, "2,25%", 0.0225),
    (SHARE, "2.25 %", 0.0225),
    (SHARE, "12,345%", 0.12345),
    (SHARE, "0,5", 0.5),
    (SHARE, 1, 1.0),
    (SHARE, 0, 0.0),
    (GROWTH, "-1,5%", -0.015),
    (GROWTH, "\u22121,5 %", -0.015),
    (YEARS, 2.0, 2.0),
    (YEARS, "25", 25.0),
    (IN_SERVICE, "1998", 1998.0),
    (IN_SERVICE, 1250.0, 1250.0),
    (TAKE_UP, "50%; 80%; 100%", (0.5, 0.8, 1.0)),
    (TAKE_UP, "12,5%; 100%", (0.125, 1.0)),
    (TAKE_UP, "50%, 80%, 100%", (0.5, 0.8, 1.0)),
    (TAKE_UP, "0,5;1;", (0.5, 1.0)),
    (TAKE_UP, "50%\n100%", (0.5, 1.0)),
    (TAKE_UP, 0.5, (0.5,)),
    (TAKE_UP, "0%; 50%", (0.0, 0.5)),
    (STEPS, 0.0225, 0.0225),
    (STEPS, "2,25%", 0.0225),
    (STEPS, "0-30: 3,5%; 31-75: 3%", ((30, 0.035), (75, 0.03))),
    (STEPS, "0-30: 3.5%; 31-75: 3.0%", ((30, 0.035), (75, 0.03))),
    (STEPS, "1 – 30 : 0,035 ;31 t/m 75:3 %;", ((30, 0.035), (75, 0.03))),
    (YES_NO, "Ja", True),
    (YES_NO, " NEE ", False),
    (YES_NO, "yes", True),
    (YES_NO, "ONWAAR", False),
    (YES_NO, True, True),
    (YES_NO, 0.0, False),
    (YES_NO, 1, True),
    (CODE, "0.10", "0.10"),
    (CODE, " 6.711 ", "6.711"),
    (CODE, 101.0, "101"),
    (CODE, 0.1, "0.1"),
    (METHOD, "Annuitair", "annuity"),
    (METHOD, "ANNUÏTAIR ", "annuity"),
    (METHOD, "linear", "linear"),
    (PARTY, "Health Insurer", "health_insurer"),
    (PARTY, "health_insurer", "health_insurer"),
    (PARTY, "zorgverzekeraar", "health_insurer"),
    (EVIDENCE, "a", "A"),
    (ASSETS.column("name"), 12.0, "12"),
    (ASSETS.column("name"), date(2026, 1, 5), "2026-01-05"),
]


@pytest.mark.parametrize(("column", "cell", "value"), READ, ids=[f"{c.key}-{v!r}" for c, v, _ in READ])
def test_a_cell_is_read_by_its_kind(column: Column, cell: Cell, value: Any) -> None:
    assert read(column, cell) == value
    assert type(read(column, cell)) is type(value)


def test_a_percentage_as_text_is_the_same_number_as_its_fraction() -> None:
    for hundredths in range(10_001):
        assert read(SHARE, f"{hundredths // 100},{hundredths % 100:02d}%") == float(f"{hundredths / 10_000:.4f}")


def test_a_forgotten_percent_sign_is_named_with_what_was_meant() -> None:
    with pytest.raises(CellMistake) as mistake:
        read(STEPS, 2.25)
    assert mistake.value.parameters == {
        "percent": 2.25,
        "as_percent": 225.0,
        "fraction_nl": "0,0225",
        "fraction_en": "0.0225",
    }


def test_both_readings_of_a_doubtful_number_are_named() -> None:
    with pytest.raises(CellMistake) as mistake:
        read(AMOUNT, "1.234")
    assert mistake.value.parameters == {"grouped": "1234", "decimal_nl": "1,234", "decimal_en": "1.234"}
