"""The page Initiatives without a browser: the ranking, whose pocket, what may not be mixed, and who is reached."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import intake
from dashboard.charts.initiatives import ranking_chart
from dashboard.initiatives.words import MEASURES, measure_name
from dashboard.state import Workbook
from dashboard.wording import speaking
from exports.documents.challenge import challenge
from exports.documents.words import Words
from tests.building import build_case
from tests.dashboard.conftest import lasting
from tests.exports.pages import texts_in
from valuation.appraisal import appraise
from valuation.case import NEIGHBOURHOODS, QUALITIES, REACH, Case, Table

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = "dashboard/app_pages/initiatieven.py"
START = "dashboard/app_pages/start.py"
EXAMPLE = ROOT / "datasets" / "voorbeeldgemeente.xlsx"
TABS = ("vergelijken", "een", "naast", "bereik", "vindplaats")
PARTS = ("geld", "scepticus", "naast-geld")

# Zorgkring saves the municipality 1,000 x 20 = 20,000 less 5,000 of subsidy, and long-term care 40,000 as well.
# Eettafel saves 9,000 less 1,000; Koor saves nothing and costs 700. Tweede stands in the object of Zorgkring.
INITIATIVES = (
    {
        "initiative_id": "A",
        "name": "Zorgkring",
        "theme": "zorg",
        "neighbourhood": "Noord",
        "asset_id": "1",
        "subsidy_eur_per_year": 5_000.0,
        "procedure_hours_per_year": 40.0,
        "volunteer_hours_per_year": 400.0,
        "waiting_months": 6.0,
    },
    {"initiative_id": "B", "name": "Eettafel", "theme": "welzijn", "subsidy_eur_per_year": 1_000.0},
    {"initiative_id": "C", "name": "Koor", "theme": "cultuur", "neighbourhood": "Zuid", "subsidy_eur_per_year": 700.0},
    {"initiative_id": "D", "name": "Tweede *ster*", "theme": "zorg", "asset_id": "1"},
)
HOUR = {"unit": "uur", "initiative_unit_cost_eur": 5.0}
TASKS = (
    {"initiative_id": "A", "task": "hulp", "volume_per_year": 1_000.0, "institutional_unit_cost_eur": 20.0, **HOUR}
    | {"low": 15.0, "high": 25.0},
    {"initiative_id": "A", "task": "langer thuis", "unit": "dag", "volume_per_year": 200.0, "payer": "long_term_care"}
    | {"institutional_unit_cost_eur": 200.0, "initiative_unit_cost_eur": 9.0},
    {"initiative_id": "B", "task": "maaltijd", "unit": "maaltijd", "volume_per_year": 900.0}
    | {"institutional_unit_cost_eur": 10.0, "initiative_unit_cost_eur": 6.0},
)
EFFECTS = (
    {"owner_id": "A", "effect": "vogels", "quantity": 14.0, "unit": "broedpaar"},
    {"owner_id": "A", "effect": "minder eenzaam", "party": "health_insurer", "unit_value_eur": 4_000.0},
)
REACHED = (
    {"initiative_id": "A", "neighbourhood": "Noord", "people": 123.0, "people_in_need": 61.0},
    {"initiative_id": "A", "neighbourhood": "Zuid", "people": 7.0},
)
PLACES = (
    {"neighbourhood": "Noord", "inhabitants": 1_000.0, "need_indicator": -0.3},
    {"neighbourhood": "Zuid", "inhabitants": 900.0, "need_indicator": 0.1},
    {"neighbourhood": "Vergeten Hoek", "inhabitants": 500.0, "need_indicator": 0.5},
)


def rows_of(table: Table, rows: tuple[dict[str, Any], ...]) -> pd.DataFrame:
    frame = pd.DataFrame(
        [{column.key: row.get(column.key, column.default) for column in table.columns} for row in rows]
    )
    numbers = [column.key for column in table.columns if column.kind in {"number", "integer"}]
    return frame.astype(dict.fromkeys(numbers, float)).set_index(pd.RangeIndex(2, 2 + len(frame)))


def town(**parts: Any) -> Case:
    known = {"assets": [{"name": "De Schuur", "market_value_eur": 1.0}], "effects": EFFECTS}
    case = build_case(**{"initiatives": INITIATIVES, "tasks": TASKS, **known, **parts})
    qualities = ({"initiative_id": "A", "quality": "own_strength", "score": 4, "description": "Zij doen het zelf"},)
    return dataclasses.replace(
        case,
        neighbourhoods=rows_of(NEIGHBOURHOODS, PLACES),
        reach=rows_of(REACH, REACHED),
        qualities=rows_of(QUALITIES, qualities),
    )


@pytest.fixture(scope="module")
def example() -> Workbook:
    raw = intake.read_workbook(EXAMPLE.read_bytes(), EXAMPLE.name)
    return Workbook(raw, intake.build_case(raw, intake.load_reference()), EXAMPLE.name)


@pytest.fixture
def visit(app: AppTest, example: Workbook):
    """The page with this case open, in this language, at this URL."""

    def go(case: Case | None = None, spoken: str = "nl", **url: str) -> AppTest:
        app.query_params["taal"] = spoken
        app.run()
        shown = (
            example
            if case is None
            else dataclasses.replace(example, intake=dataclasses.replace(example.intake, case=case))
        )
        app.session_state["shown"] = app.session_state["in_use"] = shown
        app.switch_page(PAGE)
        for parameter, value in url.items():
            app.query_params[parameter] = value
        app.run()
        assert not app.exception
        return app

    return go


def said(app: AppTest) -> str:
    kinds = (app.title, app.subheader, app.markdown, app.info, app.warning, app.caption)
    cards = [element.proto.body for element in app.get("html")]
    texts = [element.value for kind in kinds for element in kind]
    return "\n".join([*texts, *cards]).replace("\u00a0", " ").replace("\\", "")


def tables(app: AppTest) -> str:
    return "\n".join(table.value.to_csv(sep="|") for table in app.table).replace("\u00a0", " ").replace("\\", "")


@pytest.mark.parametrize("spoken", ["nl", "en"])
@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("case", [None, "town"], ids=["example", "town"])
def test_every_tab_in_both_languages(visit, case, tab, spoken):
    app = visit(town() if case else None, spoken, deel=tab)
    assert app.title[0].value == {"nl": "Initiatieven", "en": "Initiatives"}[spoken]
    assert app.subheader
    assert app.query_params["deel"] == tab


@pytest.mark.parametrize("order", MEASURES)
@pytest.mark.parametrize("tabel", ["per-jaar", "verhoudingen", "alle-jaren"])
def test_every_order_and_every_table(visit, order, tabel):
    app = visit(town(), volgorde=order, tabel=tabel)
    assert lasting(app, "initiatives_volgorde").value == order
    assert "Meegeteld" in said(app) or order in {"moet-waar", "verhouding"}


def test_the_ranking_question_is_answered_in_words(visit):
    text = said(visit(town()))
    assert "**Zorgkring** (€ 15.000) en **Eettafel** (€ 8.000) besparen de gemeente elk jaar het meest" in text
    assert "Zorgkring: tussen € 10.000 en € 20.000 per jaar bij lage en hoge prijzen" in text
    assert "moet 25% waar worden om quitte te spelen" in text
    assert "Eettafel: geen prijs heeft een laag en een hoog, dus het lijkt zekerder dan het is" in text
    assert "geen ander initiatief bij deze 2" in text


def test_where_nobody_saves_money_the_page_says_so(visit):
    text = said(visit(town(), thema="cultuur"))
    assert "Geen van deze initiatieven bespaart de gemeente per saldo geld" in text


def test_filters_and_an_empty_choice(visit):
    assert "Zorgkring" in tables(visit(town(), thema="zorg", betaler="long_term_care"))
    app = visit(town(), thema="zorg", betaler="long_term_care", buurt="Zuid")
    assert "Geen initiatief past bij deze filters" in said(app)
    lasting(app, "initiatives_buurt").set_value("").run()
    assert "Zorgkring" in tables(app)
    assert "buurt" not in app.query_params
    assert app.query_params["thema"] == "zorg"


@pytest.mark.parametrize("volume", [200.0, 20_000.0])
def test_wrong_pocket_the_saving_of_another_payer_is_in_no_municipal_figure(visit, volume):
    tasks = [TASKS[0], {**TASKS[1], "volume_per_year": volume}, TASKS[2]]
    app = visit(town(tasks=tasks))
    assert "de gemeente kan echt € 29.000 per jaar besparen en geeft € 6.700 uit" in said(app)
    assert "per saldo **€ 22.300**" in said(app)
    assert "**Zorgkring** (€ 15.000)" in said(app)
    one = said(visit(town(tasks=tasks), deel="een", initiatief="A"))
    assert "De gemeente kan daarvan **€ 20.000** echt besparen" in one
    assert "houdt zij **€ 15.000** per jaar over" in one


def test_whose_pocket_it_is_stands_there_in_words(visit):
    text = said(visit(town(), deel="een", initiatief="A"))
    assert "**Langdurige zorg (Wlz)**: voor € 40.000 per jaar is zorg niet nodig" in text
    assert "Dit voordeel landt bij de langdurige zorg (Wlz), niet in de gemeentebegroting." in text
    assert "**Zorgverzekeraar (Zvw)**: Andere effecten leveren € 4.000 per jaar op." in text
    assert "Dit voordeel landt bij de zorgverzekeraar, niet in de gemeentebegroting." in text


def test_double_counting_an_object_with_two_initiatives_stands_in_the_chart_once(visit):
    app = visit(town(), volgorde="samenleving", tabel="alle-jaren")
    chart, whole = app.table[0].value, app.table[1].value
    assert chart["Initiatief"].tolist().count("Zorgkring + Tweede \\*ster\\*") == 1
    assert len(chart) == 3
    counted_with = dict(zip(whole["Initiatief"], whole["Geteld met"], strict=True))
    assert counted_with["Zorgkring"] == "De Schuur"
    assert counted_with["Koor"] == "–"
    assert "twee initiatieven in één object hebben dezelfde" in said(app)


def test_double_counting_effects_of_one_group_are_a_warning_with_the_initiative(visit):
    twice = [
        {"owner_id": "A", "effect": "minder eenzaamheid", "topic": "eenzaamheid", "unit_value_eur": 10.0},
        {"owner_id": "A", "effect": "meer welzijn", "topic": "welzijn", "unit_value_eur": 10.0},
    ]
    warned = visit(town(effects=twice), deel="een", initiatief="A", onderdeel="scepticus").warning
    assert any("meer welzijn" in warning.value for warning in warned)
    calm = visit(town(effects=twice[:1]), deel="een", initiatief="A", onderdeel="scepticus").warning
    assert not any("eenzaamheid" in warning.value for warning in calm)


@pytest.mark.parametrize(("price", "warnings"), [("guidance_hour_ref", 2), ("wmo_guidance_plus_hour_mun", 0)])
def test_mixed_bases_are_a_warning_where_initiatives_stand_side_by_side(visit, price, warnings):
    tasks = [
        {"initiative_id": "A", "price_key": "wmo_guidance_basic_hour_mun", **HOUR},
        {"initiative_id": "B", "price_key": price, **HOUR},
    ]
    app = visit(town(tasks=tasks), deel="naast", naast="A,B")
    assert len(app.warning) == warnings
    assert ("door elkaar" in said(app)) == bool(warnings)
    alone = visit(town(tasks=tasks), deel="naast", naast="A,C")
    assert not alone.warning


def test_units_are_never_on_one_axis(visit):
    app = visit(town(), deel="een", initiatief="A")
    units = [chart.proto.spec for chart in app.get("plotly_chart") if "per uur" in chart.proto.spec]
    assert len(units) == 1
    assert "langer thuis" not in units[0]


@pytest.mark.parametrize(("spoken", "unit"), [("nl", "|uur|"), ("en", "|hour|")])
def test_a_unit_is_in_the_language_of_the_page_in_chart_and_table_alike(visit, spoken, unit):
    assert unit in tables(visit(town(), spoken, deel="een", initiatief="A"))


def test_small_numbers_of_people_are_shown_nowhere(visit):
    for tab, part in (("bereik", ""), ("een", "scepticus"), ("naast", "")):
        app = visit(town(), deel=tab, onderdeel=part, initiatief="A", naast="A,B")
        everything = said(app) + tables(app)
        assert "|7\n" not in everything
        assert "130" not in everything  # 123 and 7 together
    assert "minder dan 10" in tables(visit(town(), deel="bereik"))


def test_who_is_not_reached_is_said_plainly(visit):
    text = said(visit(town(), deel="bereik"))
    assert "Geen initiatief bereikt iemand in **Vergeten Hoek** (behoefte nr. 3, 500 inwoners)" in text
    assert "3 initiatieven zeggen niet wie zij bereiken: Eettafel, Koor en Tweede *ster*." in text
    # 123 of 1,900 people; the 7 in Zuid are too few to show, so there are more.
    assert "bereiken initiatieven **minstens 6%** van de inwoners" in text
    assert "in de andere helft **0%**" in text


def test_without_reach_it_is_unknown_and_not_nobody(visit):
    case = dataclasses.replace(town(), reach=rows_of(REACH, REACHED).iloc[:0])
    assert "Tot dan is het onbekend, niet niemand." in said(visit(case, deel="bereik"))
    assert "Dat is onbekend, niet niemand." in said(visit(case, deel="een", initiatief="A", onderdeel="scepticus"))


def test_the_sceptic_gets_the_deductions_and_the_questions(visit):
    app = visit(town(), deel="een", initiatief="A", onderdeel="scepticus")
    assert "Was hiervan echt niets toch al gebeurd? hulp; langer thuis" in said(app)
    assert "Op grond waarvan? Niet ingevuld bij: vogels; minder eenzaam" in said(app)
    assert app.table[0].value["Telt mee (€ per jaar)"].tolist()[0].replace("\u00a0", " ") == "€ 20.000"


def test_besides_money_has_scores_quantities_and_lines_of_their_own(visit):
    app = visit(town(), deel="een", initiatief="A", onderdeel="naast-geld")
    text = said(app) + tables(app)
    assert "●●●●○ 4 sterk" in text
    assert "Zij doen het zelf" in text
    assert "vogels: 14 broedpaar" in text
    assert "40 uur per jaar" in text
    assert "€ 800 per jaar" in text
    assert "6 maanden gewacht" in text
    assert "wordt er nooit bij opgeteld" in text


def test_an_initiative_without_care_is_told_so(visit):
    assert "heeft geen taak die zorg van een instelling vervangt" in said(visit(town(), deel="een", initiatief="C"))


def test_care_without_a_price_is_not_said_to_save_nothing(visit):
    unpriced = {"initiative_id": "C", "task": "zingen op recept", "volume_per_year": 50.0}
    case = town(tasks=(*TASKS, unpriced))
    text = said(visit(case, deel="een", initiatief="C"))
    assert "heeft taken zonder prijs (p.m.), dus wat het aan zorg bespaart, is niet bekend" in text
    assert "geen taak" not in text
    application = " ".join(texts_in(challenge(Words("nl"), appraise(case), "C")))
    assert "Wat het aan zorg bespaart, is niet bekend: een taak heeft geen prijs (p.m.)." in application


def test_the_url_brings_tab_initiative_and_filters_back(visit):
    app = visit(town(), deel="een", initiatief="B", onderdeel="scepticus", thema="zorg")
    assert lasting(app, "initiatives_initiatief").value == "B"
    lasting(app, "initiatives_initiatief").set_value("C").run()
    assert app.query_params["initiatief"] == "C"
    assert app.query_params["thema"] == "zorg"
    app.switch_page(START).run()
    app.switch_page(PAGE).run()
    assert lasting(app, "initiatives_initiatief").value == "C"
    assert app.query_params["deel"] == "een"


def test_the_language_keeps_the_tab_and_the_choice(visit):
    app = visit(town(), deel="een", initiatief="B")
    app.segmented_control(key="taal").set_value("en").run()
    assert not app.exception
    assert lasting(app, "initiatives_initiatief").value == "B"
    assert "**Eettafel** makes **€9,000** of care a year unnecessary" in said(app)


@pytest.mark.parametrize(
    "url", [{"deel": "nergens"}, {"initiatief": "X"}, {"naast": "X,,A"}, {"thema": "<b>"}, {"volgorde": "?"}]
)
def test_nonsense_in_the_url_does_no_harm(visit, url):
    for tab in TABS:
        visit(town(), **{"deel": tab, **url})


def test_a_button_leads_from_the_ranking_to_the_initiative(visit):
    app = visit(town())
    app.button(key="look_B").click().run()
    assert app.query_params["deel"] == "een"
    assert app.query_params["initiatief"] == "B"
    assert "**Eettafel** maakt **€ 9.000**" in said(app)


def test_fewer_than_two_side_by_side_asks_for_more(visit):
    assert "Kies minstens twee" in said(visit(town(), deel="naast", naast="A"))


def test_who_does_something_alike(visit):
    app = visit(town(), deel="vindplaats", initiatief="A")
    assert app.table[1].value.to_numpy().tolist() == [["Tweede \\*ster\\*", "het thema"]]
    assert "Geen ander initiatief" in said(visit(town(), deel="vindplaats", initiatief="C"))


def test_a_workbook_without_initiatives(visit):
    case = build_case(assets=[{}])
    assert "nog geen initiatieven" in said(visit(case))


@pytest.mark.parametrize("key", MEASURES)
def test_every_chart_of_the_ranking_has_its_unit_and_the_separators_of_the_language(key):
    rows = pd.DataFrame({"name": ["a", "a"], "value": [1.5, -2.0], "low": [1.0, -2.0], "high": [2.0, -2.0]})
    with speaking("nl"):
        drawn = ranking_chart(rows, key)
        axis = drawn["layout"]["xaxis"]
        assert axis["title"]["text"] == measure_name(key)
    assert drawn["layout"]["separators"] == ",."
    assert axis["tickformat"].startswith(",") or axis["tickformat"].endswith("%")
    assert len(set(drawn["data"][1]["y"])) == 2  # two of the same name are two rows
