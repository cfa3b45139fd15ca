"""The page Value without a browser: the answer, the sliders, the URL, and an object without an initiative."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import intake
from dashboard.answer import better_sold_answer, budget_answer, largest_benefit, rent_answer, share_answer
from dashboard.state import Workbook
from dashboard.wording import speaking
from tests.dashboard.conftest import lasting

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = "dashboard/app_pages/waarde.py"
ACCOUNT = "dashboard/app_pages/verantwoording.py"
START = "dashboard/app_pages/start.py"
WORKBOOK = ROOT / "tests" / "cases" / "municipality.xlsx"
WITHOUT_INITIATIVE = "0103"
TABS = {
    "nl": ("In één beeld", "Samenleving", "Prijs", "Boeken en begroting", "Controles"),
    "en": ("In one picture", "Society", "Price", "Books and budget", "Checks"),
}


@pytest.fixture(scope="module")
def workbook() -> Workbook:
    """The test municipality, whose figures do not change when the example does."""
    raw = intake.read_workbook(WORKBOOK.read_bytes(), WORKBOOK.name)
    return Workbook(raw, intake.build_case(raw, intake.load_reference()), WORKBOOK.name)


def visit(app: AppTest, workbook: Workbook, spoken: str = "nl", **url: str) -> AppTest:
    """The page with this workbook open."""
    for parameter, value in {"taal": spoken, **url}.items():
        app.query_params[parameter] = value
    app.run()
    app.session_state["shown"] = app.session_state["in_use"] = workbook
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.subheader, app.info, app.warning, app.caption, app.success, app.error)
    return "\n".join(element.value for kind in kinds for element in kind).replace("\u00a0", " ").replace("\\", "")


def cards(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html") if "bw-card" in element.proto.body)


def open_tab(app: AppTest, name: str, spoken: str = "nl") -> AppTest:
    app.session_state[f"value_tabs_{spoken}"] = name
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("spoken", ["nl", "en"])
@pytest.mark.parametrize("asset_id", ["0101", WITHOUT_INITIATIVE, "0104", "G-7"])
def test_every_part_of_the_page_shows_in_both_languages(app, workbook, spoken, asset_id):
    visit(app, workbook, spoken, object=asset_id)
    for name in TABS[spoken]:
        open_tab(app, name, spoken)
    assert tuple(tab.label for tab in app.tabs) == TABS[spoken]


def test_the_answer_stands_there_without_a_click(app, workbook):
    visit(app, workbook, object="0101")
    answer = said(app)
    assert "De boeken zeggen **€ 590.000**; voor de samenleving is de overdracht **€ 2,64 mln** waard" in answer
    assert "Elke prijs tot **€ 145.000** past voor beide partijen: zelfs bij een prijs van nul" in answer
    assert "is de gemeente **€ 813.000** beter af dan wanneer zij het houdt, als alle besparingen uitkomen" in answer
    assert "De voorgestelde prijs van **€ 250.000** is meer dan het initiatief kan dragen." in answer
    assert "**18%** van de maatschappelijke waarde moet waar worden om de korting te rechtvaardigen." in answer


def test_a_slider_acts_at_once_and_stands_in_the_url(app, workbook):
    visit(app, workbook, object="0101")
    app.select_slider(key="slider_disconto").set_value("4").run()
    assert "de overdracht **€ 2,22 mln** waard" in said(app)
    assert "Discontovoet: 4% (werkmap: 2,25%)" in said(app)
    assert app.query_params["disconto"] == "4"
    app.select_slider(key="slider_zicht").set_value("10").run()
    assert "de overdracht **€ 2,22 mln** waard" not in said(app)
    assert app.query_params["zicht"] == "10"


def test_the_share_moves_the_rule_and_not_the_social_value(app, workbook):
    open_tab(visit(app, workbook, object="0102"), "Prijs")
    assert "Prijs volgens de raadsregel: € 143.302" in said(app)
    app.select_slider(key="slider_aandeel").set_value("0").run()
    assert "Prijs volgens de raadsregel: € 310.000" in said(app)
    assert "de overdracht **€ 556.000** waard" in said(app)


@pytest.mark.parametrize(("typed", "understood"), [("2345,75", 2345.75), ("1.234,50", 1234.5), ("", None)])
def test_a_price_typed_the_dutch_way_is_read_so_and_changes_no_social_value(app, workbook, typed, understood):
    visit(app, workbook, object="0101")
    app.text_input(key="price_0101_text").set_value(typed).run()
    assert app.session_state["price_0101"] == understood
    assert "de overdracht **€ 2,64 mln** waard" in said(app)
    assert app.query_params["prijs"] == ("onbekend" if understood is None else f"{understood:.2f}")


def test_the_price_slider_and_the_price_field_follow_each_other(app, workbook):
    visit(app, workbook, object="0101")
    slider = "slider_prijs_0101"
    app.select_slider(key=slider).set_value("100000.0").run()
    assert app.text_input(key="price_0101_text").value == "100000"
    assert "De voorgestelde prijs van **€ 100.000** valt daarbinnen." in said(app)
    app.text_input(key="price_0101_text").set_value("123456").run()
    assert app.select_slider(key=slider).value == "123456.0"


def test_a_price_belongs_to_its_own_object(app, workbook):
    visit(app, workbook, object="0101", prijs="100000")
    assert "prijs van **€ 100.000**" in said(app)
    lasting(app, "object_selector").set_value("0102").run()
    assert "Wat als:" not in said(app)
    assert "prijs" not in app.query_params
    lasting(app, "object_selector").set_value("0101").run()
    assert "prijs van **€ 100.000**" in said(app)


def test_back_to_the_workbook(app, workbook):
    visit(app, workbook, object="0101", disconto="4", zicht="10", aandeel="50", prijs="100000")
    assert "Wat als:" in said(app)
    app.button(key="reset_what_if").click().run()
    assert "Wat als:" not in said(app)
    assert "De boeken zeggen **€ 590.000**; voor de samenleving is de overdracht **€ 2,64 mln** waard" in said(app)
    assert not {"disconto", "zicht", "aandeel", "prijs"} & set(app.query_params)
    assert app.text_input(key="price_0101_text").value == "250000"


def test_a_shared_link_opens_the_same_view(app, workbook):
    visit(app, workbook, object="0102", disconto="3.3", zicht="17", aandeel="12.5", prijs="2345.75")
    assert lasting(app, "object_selector").value == "0102"
    assert app.select_slider(key="slider_disconto").value == "3.3"
    assert app.select_slider(key="slider_zicht").value == "17"
    assert app.select_slider(key="slider_aandeel").value == "12.5"
    assert app.text_input(key="price_0102_text").value == "2345,75"


@pytest.mark.parametrize("nonsense", ["", "abc", "-1", "1e99", "nan", "2,25"])
def test_nonsense_in_the_url_is_the_workbook(app, workbook, nonsense):
    visit(app, workbook, object="9999", disconto=nonsense, zicht=nonsense, aandeel=nonsense, prijs="-5")
    assert "Alles staat zoals in de werkmap" in said(app)
    assert lasting(app, "object_selector").value == "0101"


def test_state_survives_another_page_and_a_switch_of_language(app, workbook):
    visit(app, workbook, object="0102")
    app.select_slider(key="slider_disconto").set_value("3").run()
    app.switch_page(ACCOUNT).run()
    assert "Discontovoet: 3% (werkmap: 2,25%)" in said(app)
    app.switch_page(PAGE).run()
    assert lasting(app, "object_selector").value == "0102"
    assert app.select_slider(key="slider_disconto").value == "3"
    app.session_state["taal"] = "en"
    app.run()
    assert "Discount rate: 3% (workbook: 2.25%)" in said(app)


def test_an_object_without_an_initiative_is_unknown_and_not_zero(app, workbook):
    visit(app, workbook, object=WITHOUT_INITIATIVE)
    assert "geen initiatief in de werkmap wil het overnemen" in said(app)
    assert "onbekend, niet nul" in said(app)
    assert "Maatschappelijke waarde" not in cards(app)
    open_tab(app, "Prijs")
    assert "Vergeleken met houden is de gemeente niet slechter af vanaf een prijs van **€ 228.000**" in said(app)
    open_tab(app, "Boeken en begroting")
    assert "tot en met 2038" in said(app)


def test_views_have_sections_of_their_own_that_say_what_counts(app, workbook):
    visit(app, workbook, object="0101")
    assert all(view in cards(app) for view in ("In de boeken", "Voor de kas van de gemeente", "Voor de samenleving"))
    assert "Telt niet mee: prijs, huur, subsidie" in said(open_tab(app, "Samenleving"))
    assert "Telt niet mee: wat anderen winnen" in said(open_tab(app, "Prijs"))
    budget = said(open_tab(app, "Boeken en begroting"))
    assert "Jaarlijks en eenmalig worden nooit opgeteld" in budget
    assert "Zij is pas echt bespaard als de schuld van de gemeente daalt" in budget


def test_checks_say_what_to_do_and_name_the_points_of_this_object(app, workbook):
    checks = said(open_tab(visit(app, workbook, object="0101"), "Controles"))
    for title in ("Staatssteun", "Didam", "Wet Markt en Overheid", "Btw-lek", "Dubbeltelling"):
        assert title in checks
    assert checks.count("Wat te doen:") >= 5
    assert "geen juridisch advies" in checks
    assert "object 0101" in checks
    assert "0105" not in checks


def test_another_workbook_forgets_what_was_moved(app, workbook):
    visit(app, workbook, object="0101", disconto="4")
    other = Workbook(workbook.raw, workbook.intake, "andere.xlsx")
    app.session_state["shown"] = app.session_state["in_use"] = other
    app.run()
    assert "Alles staat zoals in de werkmap" in said(app)


def test_an_initiative_with_a_deficit_is_never_said_to_suit(app, workbook):
    visit(app, workbook, object="G-7")
    text = said(app)
    assert "komt elk jaar **€ 2.400** tekort, een structureel tekort" in text
    assert "Elke prijs tot" not in text
    assert "valt daarbinnen" not in text


def test_against_selling_stands_beside_it_with_the_reason(app, workbook):
    visit(app, workbook, object="0101")
    assert "Vergeleken met verkopen op de markt heeft de gemeente minstens **€ 512.000** nodig" in said(app)
    assert "Wat gebruikers verliezen als de plek sluit" in said(open_tab(app, "Samenleving"))


@pytest.mark.parametrize(("asset_id", "told"), [("0105", True), ("0101", False)])
def test_what_coming_back_costs_is_said_where_it_falls_within_the_budget_years(app, workbook, asset_id, told):
    visit(app, workbook, object=asset_id)
    text = said(open_tab(app, "Boeken en begroting"))
    assert ("In 2028 komt het object terug bij de gemeente. Dat kost in dat jaar **€ 12.000**" in text) == told


def test_the_open_part_stays_open_in_the_other_language(app, workbook):
    open_tab(visit(app, workbook, object="0101"), "Prijs")
    app.segmented_control(key="taal").set_value("en").run()
    assert [tab.label for tab in app.tabs] == list(TABS["en"])
    assert app.session_state["value_tabs_en"] == "Price"
    assert "Price by the council’s rule" in said(app)


def test_a_stepped_rate_stands_on_the_page_with_its_steps(app):
    sheet = openpyxl.load_workbook(WORKBOOK)
    for row in sheet["Uitgangspunten"].iter_rows(min_row=2):
        if row[0].value == "Discontovoet":
            row[1].value = "0-10: 3,5%; 11-30: 3%"
    file = io.BytesIO()
    sheet.save(file)
    raw = intake.read_workbook(file.getvalue(), WORKBOOK.name)
    stepped = Workbook(raw, intake.build_case(raw, intake.load_reference()), WORKBOOK.name)
    text = said(visit(app, stepped, object="0101"))
    assert "tegen een disconto van 0–10: 3,50%; 11–30: 3,00% (kas van de gemeente: 3,00%)" in text


def test_the_municipality_s_own_rate_is_named_where_it_is_another(app, workbook):
    assert "tegen een disconto van 2,25% (kas van de gemeente: 3,00%)" in said(visit(app, workbook, object="0101"))


@pytest.mark.parametrize(("gap", "told"), [(-57_000.0, "€57,000 less than"), (1_000.0, "€1,000 more than")])
def test_the_cost_covering_rent_is_more_or_less_than_the_rent_now(gap, told):
    with speaking("en"):
        assert rent_answer(3_000.0, gap) == f"the cost-covering rent is €3,000 a year, {told} the rent now."


@pytest.mark.parametrize(
    ("share", "price", "told"),
    [
        (float("nan"), 1.0, "there is no discount to justify."),
        (0.0, 900.0, "there is no discount to justify."),
        (float("nan"), 0.0, "so it cannot justify a discount."),
        (5.62, 0.0, "**562%** of it would be needed."),
    ],
)
def test_what_must_come_true_is_asked_of_a_discount_only(share, price, told):
    asset = pd.Series({"required_share": share, "proposed_price_eur": price, "market_value_eur": 1.0})
    with speaking("en"):
        assert share_answer(asset).endswith(told)


@pytest.mark.parametrize(
    ("kinds", "values", "told"),
    [
        (["renovation"], [-900.0], ""),
        ([], [], ""),
        (["subsidised", "renovation"], [500.0, -900.0], "The largest benefit is Meeting."),
    ],
)
def test_only_a_benefit_is_called_the_largest_benefit(kinds, values, told):
    ends = ["book_value", "book_value_out"]
    steps = pd.DataFrame({"kind": [*ends, *kinds, "social_value"], "value_eur": [1.0, -1.0, *values, sum(values)]})
    with speaking("en"):
        assert largest_benefit(steps, ["Book value", "Left out", "Meeting", *kinds]) == told


def test_over_which_years_and_in_which_prices_is_said(app, workbook):
    text = said(visit(app, workbook, spoken="en", object="0101", zicht="20"))
    assert "worked out over 20 years, discounted at" in text
    assert "Book value and book result: as in the books on 1 January 2026." in text


@pytest.mark.parametrize(
    ("kept", "sold", "told"), [(800.0, -300.0, True), (800.0, 300.0, False), (-800.0, -900.0, False)]
)
def test_that_selling_brings_society_more_is_said_at_once(kept, sold, told):
    asset = pd.Series({"has_initiative": True, "social_value_eur": kept, "social_value_against_sale_eur": sold})
    with speaking("en"):
        text = better_sold_answer(asset)
    assert ("the transfer brings **€300** less than selling it" in text) == told
    assert bool(text) == told


@pytest.mark.parametrize(
    ("one_off", "once"),
    [(-500.0, "Once, at the proposed price: **−\u2060€500**."), (float("nan"), "is not known without")],
)
def test_what_it_costs_every_year_and_once_is_said(one_off, once):
    parts = pd.DataFrame(
        {"year": [2026, 2029], "recurring_total_eur": [-1_200.0, 40.0], "one_off_total_eur": [one_off, one_off]}
    )
    with speaking("en"):
        text = budget_answer(parts)
    assert "by **−\u2060€1,200** in 2026 and by **€40** in 2029" in text
    assert once in text
