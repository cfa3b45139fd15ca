"""The page Scenario's without a browser: every part in both languages, the words, and the link that is shared."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import intake
from dashboard import share
from dashboard.charts.scenarios import density_chart, heat_chart, panels_chart, tornado_chart
from dashboard.scenarios.compared import marked_difference
from dashboard.scenarios.view import options
from dashboard.state import Workbook
from dashboard.uncertain_words import figure, out_of_hundred, switch_sentence
from dashboard.wording import speaking
from exports.documents.model import plain
from exports.documents.turning import turning_sentence
from exports.documents.words import Words
from tests.dashboard.conftest import lasting
from valuation.case import Case
from valuation.distributions import Distribution
from valuation.response import Input, Quantity, response_model
from valuation.scenarios import of_one_asset
from valuation.sensitivity import tornado, two_way
from valuation.spread import histogram
from valuation.uncertainty import simulate

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = "dashboard/app_pages/scenarios.py"
TABS = {
    "nl": (
        "Scenario's",
        "Alternatieven",
        "Hoe zeker is het?",
        "Waar hangt het van af?",
        "Wat eerst uitzoeken",
        "Van bruto naar netto",
    ),
    "en": (
        "Scenarios",
        "Alternatives",
        "How sure is it?",
        "What does it depend on?",
        "What to find out first",
        "From gross to net",
    ),
}


def read(path: Path) -> Workbook:
    raw = intake.read_workbook(path.read_bytes(), path.name)
    return Workbook(raw, intake.build_case(raw, intake.load_reference()), path.name)


@pytest.fixture(scope="module")
def example() -> Workbook:
    return read(ROOT / "datasets" / "voorbeeldgemeente.xlsx")


@pytest.fixture(scope="module")
def public() -> Workbook:
    """The test municipality, which has no scenarios and no alternatives."""
    return read(ROOT / "tests" / "cases" / "municipality.xlsx")


@pytest.fixture(scope="module")
def case(example: Workbook) -> Case:
    assert example.case is not None
    return example.case


def visit(app: AppTest, workbook: Workbook, spoken: str = "nl", **url: str) -> AppTest:
    for parameter, value in {"taal": spoken, **url}.items():
        app.query_params[parameter] = value
    app.run()
    app.session_state["shown"] = app.session_state["in_use"] = workbook
    app.switch_page(PAGE)
    for parameter, value in url.items():
        app.query_params[parameter] = value
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.subheader, app.info, app.warning, app.caption, app.success, app.error)
    text = "\n".join(element.value for kind in kinds for element in kind)
    return text.replace("\u00a0", " ").replace("\\", "")


def answer(app: AppTest) -> str:
    return next(element.value for element in app.markdown if element.value.startswith("Voor de samenleving"))


def open_tab(app: AppTest, name: str, spoken: str = "nl") -> AppTest:
    app.session_state[f"scenario_tabs_{spoken}"] = name
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("spoken", ["nl", "en"])
@pytest.mark.parametrize("asset_id", ["0102", "0106", "G-01"])
def test_every_part_of_the_page_shows_in_both_languages(app, example, spoken, asset_id):
    visit(app, example, spoken, object=asset_id)
    for name in TABS[spoken]:
        open_tab(app, name, spoken)
    assert tuple(tab.label for tab in app.tabs) == TABS[spoken]


def test_every_part_shows_without_scenarios_and_alternatives(app, public):
    visit(app, public, object="0101")
    assert "De werkmap heeft nog geen scenario's" in said(app)
    for name in TABS["nl"]:
        open_tab(app, name)
    open_tab(app, "Alternatieven")
    assert "huur of canon per jaar (€)" in said(app)


def test_a_scenario_changes_the_answer_and_says_what_is_different(app, example):
    visit(app, example, object="0102")
    assert "dan in de werkmap" not in answer(app)
    lasting(app, "scenario_selector").select("laag").run()
    assert not app.exception
    assert "minder dan in de werkmap" in answer(app)
    assert "Wat is er anders in “laag”?" in said(app)
    assert app.query_params["scenario"] in ("laag", ["laag"])
    lasting(app, "scenario_selector").select("midden").run()
    assert "dan in de werkmap" not in answer(app)


def test_the_ready_made_what_if_and_the_sliders_go_together(app, example):
    visit(app, example, object="0101", scenario="stopt-na-5")
    assert "minder dan in de werkmap" in answer(app)
    assert "stoppen na 5 jaar" in said(app)
    app.select_slider(key="slider_disconto").set_value("4").run()
    assert not app.exception
    assert "Wat als:" in said(app)
    assert "Met uw schuiven" in str([table.value.to_numpy().tolist() for table in app.table])
    app.button(key="reset_what_if").click().run()
    assert "Wat als:" not in said(app)


def test_the_probabilities_stand_in_words(app, example):
    visit(app, example, object="0102", deel="zekerheid")
    assert "van de 100 gevallen" in said(app)
    assert "in 8 van de 10 gevallen tussen" in said(app)
    open_tab(app, "Waar hangt het van af?")
    assert "Pas als" in said(app)


def test_a_link_opens_object_scenario_and_part(app, example):
    visit(app, example, object="0102", scenario="hoog", deel="netto", v="1")
    assert lasting(app, "scenario_selector").value == "hoog"
    assert app.session_state["scenario_tabs_nl"] == "Van bruto naar netto"
    assert not app.warning


def test_an_unknown_link_opens_and_says_what_has_changed(app, example):
    visit(app, example, object="9999", scenario="weg", deel="oud", v="7", stand="abc123", disconto="veel", x="1")
    text = said(app)
    for part in (
        "nieuwere versie",
        "cijfers van de gemeente zijn veranderd",
        "Object 9999",
        "scenario “weg”",
        "deel van de pagina",
        "disconto",
        "niet bekend en telt niet mee: x",
    ):
        assert part in text, part


def test_an_old_link_without_a_version_simply_opens(case):
    assert share.notices({"object": "0101", "disconto": "3"}, case, {}, (), "abc") == []


def test_a_link_is_short_has_its_version_and_only_what_we_know():
    parameters = {"gemeente": "voorbeeld", "object": "0102", "scenario": "laag", "taal": "nl", "vreemd": "1", "v": "9"}
    found = share.link("https://voorbeeld.example/scenarios?oud=1", parameters, "abc123")
    assert found == "https://voorbeeld.example/scenarios?v=1&gemeente=voorbeeld&object=0102&scenario=laag&stand=abc123"
    assert len(found) < 150
    assert "taal=en" in share.link("https://v.example/", {"taal": "en"}, "a")


def test_the_print_of_the_figures_changes_with_a_figure(example):
    raw = example.raw
    sheet = raw.sheets[2]
    rows = [list(row) for row in sheet.rows]
    rows[1][1] = "Ander gebouw"
    other = raw.with_sheet(2, intake.RawSheet(sheet.name, tuple(map(tuple, rows))))
    assert share.print_of(raw) == share.print_of(raw)
    assert share.print_of(raw) != share.print_of(other)


def test_names_become_short_words_that_differ():
    assert share.slug("Minder deelnemers, hogere rénte!") == "minder-deelnemers-hogere-rente"
    assert share.slugs(["A b", "a-b", "?"]) == {"a-b": "A b", "a-b-2": "a-b", "x": "?"}


def test_the_scenarios_of_the_workbook_come_first(case):
    assert list(options(case)) == [
        "laag",
        "midden",
        "hoog",
        "minder-deelnemers-hogere-rente",
        "initiatief-stopt-na-5-jaar",
        "stopt-na-2",
        "stopt-na-5",
        "stopt-na-10",
    ]


# Words


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.834, "**83** van de 100 gevallen"),
        (1.0, "**100** van"),
        (0.999, "meer dan 99 van"),
        (0.001, "minder dan 1 van"),
    ],
)
def test_a_probability_is_never_surer_than_it_is(probability, words):
    with speaking("nl"):
        assert words in out_of_hundred(probability)


def test_a_switching_value_is_a_sentence():
    quantity = Quantity("tasks", "substitution_share", (2,), Distribution("uniform", 0.0, 0.55, 1.0))
    chosen = Input("tasks:2:substitution_share", "dagbesteding", None, (quantity,))
    with speaking("nl"):
        sentence = switch_sentence(chosen, 0.41, positive_above=True, positive_now=True)
    assert sentence == (
        "Pas als minder dan **41%** van “dagbesteding” echt zorg vervangt (nu 55%), wordt de maatschappelijke waarde "
        "negatief."
    )
    with speaking("en"):
        assert "more than" in switch_sentence(chosen, 0.41, positive_above=True, positive_now=False)


def test_the_years_at_which_it_turns_are_whole():
    # With 4 years it is negative already, with 5 it is not: "below 4" would be a year off.
    horizon = Quantity("assumptions", "horizon_years", (), Distribution("uniform", 5.0, 30.0, 40.0))
    chosen = Input("assumptions:horizon_years", "horizon_years", None, (horizon,))
    with speaking("en"):
        less = switch_sentence(chosen, 4.0, positive_above=True, positive_now=True)
        more = switch_sentence(chosen, 4.0, positive_above=True, positive_now=False)
    assert "is **4** or less (now 30) does the social value turn negative" in less
    assert "is **4** or more (now 30) does the social value turn positive" in more
    printed = turning_sentence(Words("nl"), chosen, 4.0, positive_above=True, positive_now=True, most=60)
    assert plain(printed) == "Pas als “Zichtperiode” 4 of minder is (nu 30), wordt de maatschappelijke waarde negatief."


def test_when_it_turns_is_said_of_the_value_corrected_for_optimism(app, example):
    # Without the correction the park is worth 11,463; with it −23,201, so only a turn to the good is left.
    page = visit(app, example, object="G-02")
    page = open_tab(page, "Waar hangt het van af?")
    assert "wordt de maatschappelijke waarde negatief" in said(page)
    page.session_state["optimism"] = True
    page.run()
    assert "Met de correctie voor optimisme is de maatschappelijke waarde **€ −23.000**." in said(page)
    assert "wordt de maatschappelijke waarde positief" in said(page)
    assert "wordt de maatschappelijke waarde negatief" not in said(page)


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (0.0225, "steps", "2,25%"),
        (((10, 0.03), (30, 0.025)), "steps", "3,00%; 2,50%"),
        ((0.5, 1.0), "take_up", "50,00%; 100,00%"),
        (1234.0, "amount", "€ 1.234"),
        (12.5, "amount", "€ 12,50"),
        (2026.0, "year", "2026"),
        (True, "yes_no", "ja"),
        (None, "amount", "onbekend"),
        (float("nan"), "amount", "onbekend"),
        ("mid", "choice", "mid"),
    ],
)
def test_a_figure_is_written_as_its_kind(value, kind, words):
    with speaking("nl"):
        assert figure(value, kind).replace("\u00a0", " ") == words


def test_a_difference_has_its_direction():
    with speaking("nl"):
        assert marked_difference(0.2) == "="
        assert marked_difference(float("nan")) == "–"
        assert marked_difference(10.0).startswith("▲")
        assert marked_difference(-10.0).startswith("▼")


# Charts


def test_the_charts_show_every_row_and_say_what_is_unknown(case):
    one = of_one_asset(case, "0102")
    model = response_model(one)
    inputs = {chosen.key: chosen for chosen in model.inputs}
    with speaking("nl"):
        panels = panels_chart(["a", "b"], [("social", "€", [1.0, float("nan")]), ("price", "€", [-1.0, 2.0])], marked=1)
        assert panels["data"][0]["text"][1] == "onbekend"
        assert panels["data"][0]["y"] == ["a", "<b>b</b>"]
        table = tornado(model, "social_value_eur", "0102")
        bars = tornado_chart(table, inputs)["data"]
        assert all(len(bar["x"]) == len(table) for bar in bars)
        first, second = table["key"].iloc[:2]
        grid = two_way(model, "social_value_eur", "0102", first, second, steps=5)
        heat = heat_chart(grid, inputs[first], inputs[second])["data"][0]
        assert len(heat["z"]) == 5
        assert heat["colorbar"]["tickprefix"] == "€ "
        simulation = simulate(one, 256)
        bars = histogram(simulation.outcome("social_value_eur", "0102"))
        chart = density_chart(bars, simulation.assets.iloc[0], central=1.0)
        assert len(chart["data"][0]["x"]) == len(bars)
    with speaking("en"):  # where plotly would write € −1,000,000
        assert heat_chart(grid, inputs[first], inputs[second])["data"][0]["colorbar"]["tickprefix"] == ""


def test_an_amount_between_two_others_has_cents_only_where_it_has_any():
    with speaking("en"):
        written = [figure(value, "amount") for value in (7.999999999999999, 7.5, 8.0)]
    assert written == ["€8", "€7.50", "€8"]
