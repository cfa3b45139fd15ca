"""The page Portfolio without a browser: what it says first, what fits, and what is never hidden."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import intake
from dashboard.charts.portfolio import ceilings_chart, quadrants_chart
from dashboard.portfolio.taking_along import Terms, portfolio_sheets
from dashboard.portfolio.words import listed, named
from dashboard.portfolio.years import purse_words, society_words
from dashboard.state import Workbook
from dashboard.wording import speaking
from exports.portfolio import Sheet
from tests.building import build_case
from valuation.appraisal import Result, appraise
from valuation.portfolio import QUADRANTS

PAGE = "dashboard/app_pages/portefeuille.py"
TABS = ["In één beeld", "Op de kaart", "Wat past", "Jaar voor jaar", "Per buurt"]


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
    assert "De samenleving wint er per saldo niet bij; daarom niet gekozen: Villa Parkzicht" in said(page)
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


def test_what_is_held_in_and_kept_out_is_kept_and_costs_what_it_costs(portfolio: AppTest) -> None:
    # Ticks as a visitor left them: the pool (which just missed) in, the community centre (which costs nothing) out.
    portfolio.session_state["portfolio_wishes"] = {"0105": "held", "0101": "kept_out"}
    page = opened(portfolio, "Wat past")
    assert "Erin door uw eigen keuze: **Openluchtbad De Golfslag**." in said(page)
    assert "Eruit door uw eigen keuze: **Buurthuis De Linde**." in said(page)
    assert "Die keuze kost €" in said(page)
    page = opened(page, "Per buurt")
    page = opened(page.switch_page("dashboard/app_pages/waarde.py").run().switch_page(PAGE).run(), "Wat past")
    assert page.session_state["portfolio_wishes"] == {"0105": "held", "0101": "kept_out"}
    assert "Erin door uw eigen keuze: **Openluchtbad De Golfslag**." in said(page)


def test_what_does_not_fit_together_says_how_much_more_room_it_takes(portfolio: AppTest) -> None:
    portfolio.session_state["portfolio_wishes"] = {"0105": "held"}
    page = opened(portfolio, "Wat past")
    page = page.text_input(key="portfolio_subsidy_ceiling_text").set_value("10.000").run()
    # The pool asks 85,000 a year.
    (message,) = (error.value for error in page.error)
    assert "past samen niet binnen de plafonds" in message
    assert "€ 75.000 voor subsidie" in message
    assert "passen binnen de plafonds; samen" not in said(page)


def test_an_object_without_a_gain_can_be_held_in_by_hand(portfolio: AppTest) -> None:
    portfolio.session_state["portfolio_wishes"] = {"0107": "held"}
    assert "Erin door uw eigen keuze: **Villa Parkzicht**." in said(opened(portfolio, "Wat past"))


def test_a_wish_about_an_object_that_is_not_known_any_more_is_dropped(portfolio: AppTest) -> None:
    portfolio.session_state["portfolio_wishes"] = {"0112": "held", "weg": "kept_out"}
    page = opened(portfolio, "Wat past")
    assert not page.error
    assert page.session_state["portfolio_wishes"] == {}


def exported(result: Result, terms: Terms, spoken: str = "nl") -> dict[str, Sheet]:
    with speaking(spoken):
        return {sheet.name: sheet for sheet in portfolio_sheets(result, terms)}


@pytest.fixture(scope="module")
def result(example_bytes: bytes) -> Result:
    case = intake.build_case(intake.read_workbook(example_bytes, "voorbeeld.xlsx"), intake.load_reference()).case
    assert case is not None
    return appraise(case)


def test_the_file_has_every_object_the_programme_and_the_totals(result: Result) -> None:
    ceilings = {"portfolio_loss_ceiling": 0.0, "portfolio_subsidy_ceiling": 1_000_000.0}
    sheets = exported(result, Terms(ceilings, kept_out=frozenset({"0111"})))
    assert list(sheets) == ["Objecten", "Programma", "Buurten", "Jaren", "Toelichting"]
    objects = sheets["Objecten"].table.set_index("Nummer")
    assert len(objects) == len(result.case.assets)
    assert objects.at["0101", "Jaar in het programma"] == 2026
    assert objects.at["0111", "Eigen keuze"] == "Eruit"
    assert pd.isna(objects.at["0111", "Jaar in het programma"])
    assert objects.at["0107", "Waarom niet te kiezen"] == "de samenleving wint er per saldo niet bij"
    assert objects.at["0101", "Breedtegraad"] == pytest.approx(52.5627)
    assert objects.at["0101", "Deel van het beeld"].startswith("laag in de boeken, hoog")
    programme = sheets["Programma"].table.set_index("Nummer")["Programma"]
    assert programme["0101"] == "in het programma"
    assert programme["0111"] == "eruit gehouden"
    assert (programme == "net niet").sum() == 12
    buurten = sheets["Buurten"].table
    assert buurten["Boekwaarde"].sum() == pytest.approx(result.assets["book_value_eur"].sum())
    years = sheets["Jaren"].table
    assert years["Moment"].iloc[0] == "overdracht"
    assert years["Programma: subsidie (€ per jaar)"].dropna().tolist() == pytest.approx([15_000.0] * 4)


def test_a_file_without_ceilings_or_with_what_does_not_fit_says_so(result: Result) -> None:
    empty = exported(result, Terms({"portfolio_loss_ceiling": None}), "en")
    assert "No programme" in empty["Notes"].table["Subject"].tolist()
    assert empty["Programme"].table.empty
    assert empty["Objects"].table["Year in the programme"].isna().all()
    nothing = {"portfolio_loss_ceiling": 0.0, "portfolio_subsidy_ceiling": 0.0}
    unfitting = exported(result, Terms(nothing, held=frozenset({"0105"})))["Toelichting"].table
    assert "past samen niet" in unfitting.set_index("Onderwerp").iloc[-1, 0]
    # The first guess stands in a field that nobody has seen yet.
    assert not exported(result, Terms({}))["Programma"].table.empty


def test_the_one_off_effect_is_not_made_up(portfolio: AppTest) -> None:
    assert "Het eenmalige effect op de begroting is niet bekend" in said(opened(portfolio, "Jaar voor jaar"))


def test_the_open_part_stands_in_the_url_and_a_link_opens_it_again(app: AppTest) -> None:
    page = opened(app.run().switch_page(PAGE).run(), "Jaar voor jaar")
    assert page.query_params["deel"] == "4"
    page = opened(page, "In één beeld")
    assert "deel" not in page.query_params


@pytest.mark.parametrize(("asked", "open_part"), [("4", 3), ("6", 0), ("0", 0), ("-1", 0), ("drie", 0), ("²", 0)])
def test_a_link_opens_its_part_and_one_that_is_not_there_the_first(app: AppTest, asked: str, open_part: int) -> None:
    app.query_params["deel"] = asked
    page = app.run().switch_page(PAGE)
    page.query_params["deel"] = asked
    page = page.run()
    assert not page.exception
    assert page.session_state["portfolio_tabs_nl"] == TABS[open_part]


def test_year_by_year_says_what_each_picture_shows() -> None:
    yearly = pd.Series([-900.0, 100.0, 300.0, -5_000.0])
    with speaking("en"):
        purse, society = purse_words(yearly), society_words(yearly)
    # The last year of the purse holds more than that year, so it is no part of the range.
    assert "At the transfer **−\u2060€900**, after that **€100** to **€300** a year" in purse
    assert "The last bar (−\u2060€5,000)" in purse
    assert "after that **−\u2060€5,000** to **€300** a year" in society


def test_of_one_year_only_the_transfer_and_the_end_are_told() -> None:
    with speaking("en"):
        purse = purse_words(pd.Series([-900.0, -5_000.0]))
    assert purse.startswith(
        "At the transfer **−\u2060€900**, against keeping the objects. The last bar (−\u2060€5,000)"
    )


def test_where_the_first_ceilings_come_from_is_said(portfolio: AppTest) -> None:
    assert "is elk plafond de helft van wat al deze overdrachten samen" in said(opened(portfolio, "Wat past"))


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


def test_of_very_many_objects_the_first_are_named_and_the_others_counted() -> None:
    rows = pd.DataFrame({"name": [f"Hal {number}" for number in range(31)]})
    with speaking("nl"):
        assert listed(rows.head(30)) == ", ".join(f"Hal {number}" for number in range(30))
        assert listed(rows) == ", ".join(f"Hal {number}" for number in range(12)) + " en nog 19"
        assert named(rows).endswith("**Hal 11** en nog 19")


def test_numbers_that_would_cover_each_other_are_left_out_of_the_picture() -> None:
    row = {
        "asset_id": "A", "name": "Hal", "quadrant": "transfer", "book_value_eur_per_m2": 1.0,
        "social_value_eur_per_m2": 2.0, "market_value_eur": 100.0,
    }  # fmt: skip
    names = dict.fromkeys(QUADRANTS, "deel")
    with speaking("nl"):
        (few,) = quadrants_chart(pd.DataFrame([row] * 60), 1.0, 2.0, names)["data"]
        (many,) = quadrants_chart(pd.DataFrame([row] * 61), 1.0, 2.0, names)["data"]
    assert (few["mode"], many["mode"]) == ("markers+text", "markers")
    assert max(many["marker"]["size"]) < max(few["marker"]["size"])


def test_a_ceiling_is_in_the_picture_even_when_nothing_is_spent() -> None:
    with speaking("nl"):
        figure = ceilings_chart(
            pd.DataFrame({"year": [2026], "book_loss_eur": [0.0]}), "book_loss_eur", 500.0, "Boekverlies"
        )
    assert figure["layout"]["yaxis"]["range"][1] > 500.0
    assert "plafond €" in figure["layout"]["annotations"][0]["text"]
