"""The page Account without a browser: lines, assumptions, prices, terms, and checks that can fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import intake
from dashboard.state import Workbook
from intake import knowledge
from tests.intake.registers import sheet

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = "dashboard/app_pages/verantwoording.py"
EXAMPLE = ROOT / "datasets" / "voorbeeldgemeente.xlsx"
WORKBOOK = ROOT / "tests" / "cases" / "municipality.xlsx"
TABS = {
    "nl": ("Regels", "Uitgangspunten", "Prijzen", "Begrippen", "Controlesommen"),
    "en": ("Lines", "Assumptions", "Prices", "Terms", "Public checks"),
}


def _read(path: Path) -> Workbook:
    raw = intake.read_workbook(path.read_bytes(), path.name)
    return Workbook(raw, intake.build_case(raw, intake.load_reference()), path.name)


@pytest.fixture(scope="module")
def workbook() -> Workbook:
    return _read(WORKBOOK)


@pytest.fixture(scope="module")
def example() -> Workbook:
    return _read(EXAMPLE)


def visit(app: AppTest, workbook: Workbook, tab: int = 0, spoken: str = "nl", **url: str) -> AppTest:
    for parameter, value in {"taal": spoken, **url}.items():
        app.query_params[parameter] = value
    app.run()
    app.session_state["shown"] = app.session_state["in_use"] = workbook
    app.switch_page(PAGE).run()
    app.session_state[f"account_tabs_{spoken}"] = TABS[spoken][tab]
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.subheader, app.info, app.warning, app.caption, app.success, app.error)
    return "\n".join(element.value for kind in kinds for element in kind).replace("\u00a0", " ").replace("\\", "")


def shown(app: AppTest) -> str:
    """Every table as text."""
    return "\n".join(table.value.to_string() for table in app.table).replace("\u00a0", " ").replace("\\", "")


def test_what_was_not_filled_in_is_called_that(app: AppTest) -> None:
    """No fall-back cost and no price, which are no p.m.; a book value that was filled in and not computed."""
    rows = {
        "assumptions": [["key", "value"], ["municipality", "X"], ["base_year", 2026.0]],
        "assets": [
            ["asset_id", "name", "kind", "book_value_eur", "market_value_eur"],
            ["1", "Hal", "building", 5000.0, 9000.0],
        ],
        "initiatives": [
            ["initiative_id", "name", "asset_id", "operating_cost_eur_per_year", "duration_years"],
            ["I", "Club", "1", 0.0, 9.0],
        ],
        "effects": [["owner_id", "effect", "party", "quantity"], ["I", "ontmoeting", "residents", 3.0]],
    }
    raw = intake.RawWorkbook(tuple(sheet(cells, name) for name, cells in rows.items()))
    page = visit(app, Workbook(raw, intake.build_case(raw, intake.load_reference()), "x.xlsx"))
    amounts = {
        line: found for table in page.table for line, found in zip(*table.value.iloc[:, [0, 3]].T.values, strict=True)
    }
    assert amounts["Kosten als het object terugkomt"] == amounts["Betaalde prijs"] == "onbekend"
    assert amounts["ontmoeting"] == "p.m."
    assert "Boekwaarde **€ 5.000** op 1 januari 2026. Zij is ingevuld" in said(page)


@pytest.mark.parametrize("spoken", ["nl", "en"])
@pytest.mark.parametrize("tab", range(5))
def test_every_part_of_the_page_shows_in_both_languages(app, example, spoken, tab):
    visit(app, example, tab, spoken)
    assert tuple(label.label for label in app.tabs) == TABS[spoken]


def test_lines_lead_to_their_cells_and_add_up_to_the_totals(app, workbook):
    visit(app, workbook, object="0101")
    assert "Samen voor de samenleving: **€ 4.672.025**" in said(app)
    assert "Samen voor de samenleving: **€ 2.034.716**" in said(app)
    assert "Objecten R2" in shown(app)
    assert "van Gemeente naar Initiatief" in shown(app)
    assert "nan" not in shown(app).lower()
    assert "None" not in shown(app)


def test_a_transfer_says_who_pays_whom_whichever_way_the_line_runs(app, workbook):
    visit(app, workbook, object="0101")
    transfers = next(t.value for t in app.table if "Betaalde prijs" in t.value.to_string()).set_index("Regel")[
        "Van wie"
    ]
    assert transfers["Betaalde prijs"] == "van Initiatief naar Gemeente"
    assert transfers["Huur die de gemeente niet meer krijgt"] == "van Gemeente naar Overigen"
    assert transfers["Subsidie"] == "van Gemeente naar Initiatief"


def test_an_initiative_has_lines_of_its_own_and_a_link(app, workbook):
    visit(app, workbook, initiatief="I4")
    assert "Initiatieven" in shown(app)
    assert "Objecten" not in shown(app)
    assert app.query_params["initiatief"] == "I4"


def test_an_object_without_an_initiative_has_lines_but_no_social_value(app, workbook):
    visit(app, workbook, object="0103")
    assert "Zonder initiatief vormen deze geen maatschappelijke waarde." in said(app)


def test_a_reference_price_leads_to_its_source(app, example):
    visit(app, example, object="0101")
    assert "](https://" in shown(app)


def test_assumptions_say_whether_they_are_own_default_or_moved(app, example):
    visit(app, example, 1, disconto="3")
    rows = app.table[0].value.set_index("Uitgangspunt")
    assert rows.loc["Discontovoet", "Gebruikt"] == "3,00%"
    assert rows.loc["Discontovoet", "Herkomst"] == "verschoven op de pagina Waarde"
    assert rows.loc["Betaalmoment", "Herkomst"].startswith("standaard")
    assert rows.loc["Zichtperiode", "Herkomst"].startswith("Uitgangspunten ")


def test_prices_show_their_conversion_and_assumptions_are_labelled(app, example):
    visit(app, example, 2)
    table = app.table[0].value
    assert {"Eigen bedrag (€)", "Factor", "Soort cijfer", "Bron"} <= set(table.columns)
    assert (table["Soort cijfer"] == "**aanname**").any() == ("aanname" in said(app))


def test_terms_can_be_searched_in_words_or_by_their_name_in_files(app, workbook):
    visit(app, workbook, 3)
    app.text_input(key="term_search").set_value("omslagrente").run()
    assert "Omslagrente" in shown(app)
    app.text_input(key="term_search").set_value("book_value_eur").run()
    assert "Boekwaarde" in shown(app)
    app.text_input(key="term_search").set_value("geen-zulk-begrip").run()
    assert "0 begrippen gevonden" in said(app)
    assert not app.exception


def test_all_public_checks_come_out(app, workbook):
    visit(app, workbook, 4)
    count = len(knowledge.load_public_checks())
    assert f"Alle {count} voorbeelden komen uit." in said(app)
    assert shown(app).count("komt uit") == count


def test_a_public_check_that_does_not_come_out_is_shown_as_such(app, workbook, monkeypatch):
    checks = knowledge.load_public_checks()
    wrong = checks.assign(expected=checks["expected"].where(checks.index != 0, 0.5))
    monkeypatch.setattr(knowledge, "load_public_checks", lambda: wrong)
    visit(app, workbook, 4)
    assert f"1 van de {len(checks)} voorbeelden komen niet uit" in said(app)
    assert shown(app).count("komt niet uit") == 1
