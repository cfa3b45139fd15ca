"""An amount typed the Dutch way is never misread."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.money import read_amount, typed_amount
from intake.cells import CellMistake


@pytest.mark.parametrize(
    ("text", "spoken", "euros"),
    [
        ("2345,75", "nl", 2345.75),
        ("1.234,50", "nl", 1234.5),
        ("1.234", "nl", 1234),
        ("€ 1.234.567", "nl", 1234567),
        ("450000", "nl", 450000),
        ("-12,50", "nl", -12.5),
        ("1,234.50", "en", 1234.5),
        ("1,234", "en", 1234),
        ("2345.75", "en", 2345.75),
        ("  ", "nl", None),
    ],
)
def test_amounts_are_read_as_the_language_writes_them(text, spoken, euros):
    assert read_amount(text, spoken) == euros


@pytest.mark.parametrize("text", ["twaalf", "1.23.4", "12,34,5", "1.234,5.6", "=1+1", "€"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(CellMistake):
        read_amount(text, "nl")


@pytest.mark.parametrize(
    ("text", "spoken"), [("1,234", "nl"), ("€ 1,000", "nl"), ("1.234", "en"), ("€ 1.000", "en"), ("-1.234", "en")]
)
def test_a_thousand_in_the_other_language_is_never_read_as_one_and_a_bit(text, spoken):
    with pytest.raises(CellMistake):
        read_amount(text, spoken)


@pytest.mark.parametrize("spoken", ["nl", "en"])
@pytest.mark.parametrize("euros", [0.0, 1.0, 2345.75, 1234.0, 1234567.5, -12.5, None])
def test_what_the_field_shows_is_read_back_as_the_same_amount(euros, spoken):
    assert read_amount(typed_amount(euros, spoken), spoken) == euros


def _page(start: float | None = 1000.0, lowest: float = 0.0) -> None:
    import streamlit as st

    from dashboard.frame import choose_language
    from dashboard.money import money_input

    choose_language()
    st.write("result", money_input("Prijs", "price", value=start, lowest=lowest))


def test_the_reading_is_shown_back():
    page = AppTest.from_function(_page).run()
    page.text_input[0].set_value("2345,75").run()
    assert page.session_state["price"] == 2345.75
    assert page.caption[0].value == "Gelezen als €\u00a02.345,75"


def test_a_mistake_keeps_the_text_and_the_last_good_amount():
    page = AppTest.from_function(_page).run()
    page.text_input[0].set_value("twaalf").run()
    assert page.text_input[0].value == "twaalf"
    assert page.session_state["price"] == 1000.0
    assert "Dit is geen bedrag" in page.error[0].value
    assert "1.000" in page.error[0].value


@pytest.mark.parametrize(
    ("typed", "told"), [("-5", "niet lager zijn dan €\u00a00"), ("1,234", "op twee manieren"), ("abc", "geen bedrag")]
)
def test_what_is_refused_says_why_and_which_amount_is_used(typed, told):
    page = AppTest.from_function(_page).run()
    page.text_input[0].set_value(typed).run()
    assert told in page.error[0].value
    assert "Zolang telt €\u00a01.000." in page.error[0].value
    assert page.session_state["price"] == 1000.0


def test_another_language_writes_the_same_amount_in_its_own_way():
    page = AppTest.from_function(_page).run()
    page.text_input[0].set_value("1.234").run()
    page.segmented_control[0].set_value("en").run()
    assert page.session_state["price"] == 1234.0
    assert page.text_input[0].value == "1234"
    assert page.caption[0].value == "Read as €1,234"


def test_an_empty_field_is_unknown_and_not_zero():
    page = AppTest.from_function(_page).run()
    page.text_input[0].set_value("").run()
    assert page.session_state["price"] is None
