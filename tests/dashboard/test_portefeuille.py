"""The page Portfolio without a browser: what it says first, what fits, and what is never hidden."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts.portfolio import ceilings_chart, quadrants_chart
from dashboard.state import Workbook
from dashboard.wording import speaking
from tests.building import build_case
from valuation.portfolio import QUADRANTS

PAGE = "dashboard/app_pages/portefeuille.py"
TABS = ["In één beeld", "Wat past", "Jaar voor jaar", "Per buurt"]


@pytest.fixture
def portfolio(app: AppTest) -> AppTest:
    return app.run().switch_page(PAGE).run()


def opened(app: AppTest, tab: str) -> AppTest:
    app.session_state["portfolio_tabs_open"] = TABS.index(tab)
    app.session_state["portfolio_tabs_nl"] = tab
    return app.run()


def said(app: AppTest) -> str:
    return "\n".join(element.value for kind in ("markdown", "caption", "info", "error") for element in app.get(kind))


@pytest.mark.parametrize("tab", TABS)
def test_every_part_opens(portfolio: AppTest, tab: str) -> None:
    page = opened(portfolio, tab)
    assert not page.exception
    assert not page.error


def test_it_says_where_to_look_first_and_what_is_left_out(portfolio: AppTest) -> None:
    text = said(portfolio)
    assert "Kijk het eerst naar: **Peuterspeelzaal" in text
    assert "Niet in het beeld, omdat geen initiatief zegt wat er gebeurt: Bibliotheekfiliaal Molenwijk" in text


def test_ceilings_decide_what_fits(portfolio: AppTest) -> None:
    page = opened(portfolio, "Wat past")
    loss, subsidy = (field for field in page.text_input if field.label.startswith("Hoogste"))
    page = loss.set_value("0").run()
    page = page.text_input(key="portfolio_subsidy_ceiling_text").set_value("1.000.000,00").run()
    # Without any loss: the community centre at once (price 240,000 less 12,000 of cost, book value 105,750), and the
    # depot from 2028 on: its loss of 24,000 has been written off by 19,500 a year by then.
    assert "**2** van de 14 overdrachten passen binnen de plafonds" in said(page)
    assert "Zonder voorgestelde prijs weet niemand het boekverlies van: Peuterspeelzaal" in said(page)
    assert "De samenleving verliest per saldo; daarom niet gekozen: Villa Parkzicht" in said(page)
    assert subsidy.label == "Hoogste subsidie in een jaar (€)"


def test_what_is_no_amount_stays_and_the_last_good_one_counts(portfolio: AppTest) -> None:
    page = opened(portfolio, "Wat past")
    before = said(page)
    page = page.text_input(key="portfolio_loss_ceiling_text").set_value("veel").run()
    assert page.text_input(key="portfolio_loss_ceiling_text").value == "veel"
    assert any("Dit is geen bedrag" in error.value for error in page.error)
    assert [line for line in before.splitlines() if "overdrachten" in line] == [
        line for line in said(page).splitlines() if "overdrachten" in line
    ]


def test_the_one_off_effect_is_not_made_up(portfolio: AppTest) -> None:
    assert "Het eenmalige effect op de begroting is niet bekend" in said(opened(portfolio, "Jaar voor jaar"))


def test_english(app: AppTest) -> None:
    app.query_params["taal"] = "en"
    page = app.run().switch_page(PAGE).run()
    assert page.title[0].value == "The whole portfolio"
    assert "Look first at:" in said(page)


def test_a_workbook_without_initiatives_says_what_is_missing(app: AppTest) -> None:
    case = build_case(assets=[{"asset_id": "A", "name": "De Schuur", "area_m2": 100.0, "book_value_eur": 5.0}])
    page = app.run()
    example: Workbook = page.session_state["in_use"]
    changed = replace(example, intake=replace(example.intake, case=case, problems=()), example=False, edited=True)
    page.session_state["in_use"] = page.session_state["shown"] = changed
    page.session_state["results"] = []
    page = page.switch_page(PAGE).run()
    assert not page.exception
    assert "Geen object hier heeft een oppervlakte én een initiatief" in said(page)
    assert "Geen initiatief hoort bij: De Schuur" in said(opened(page, "Wat past"))


def test_names_of_users_are_no_markup() -> None:
    row = {
        "asset_id": "A",
        "name": "<b>De Schuur</b>",
        "market_value_eur": 0.0,
        "book_value_eur_per_m2": 1.0,
        "social_value_eur_per_m2": 2.0,
        "quadrant": "transfer",
    }
    with speaking("nl"):
        figure = quadrants_chart(pd.DataFrame([row]), 1.0, 2.0, dict.fromkeys(QUADRANTS, "deel"))
    assert figure["data"][0]["customdata"][0][0] == "‹b›De Schuur‹/b›"
    assert figure["data"][0]["marker"]["size"] == [12]


def test_a_ceiling_is_in_the_picture_even_when_nothing_is_spent() -> None:
    with speaking("nl"):
        figure = ceilings_chart(
            pd.DataFrame({"year": [2026], "book_loss_eur": [0.0]}), "book_loss_eur", 500.0, "Boekverlies"
        )
    assert figure["layout"]["yaxis"]["range"][1] > 500.0
    assert "plafond €" in figure["layout"]["annotations"][0]["text"]
