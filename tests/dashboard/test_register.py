"""The page Register without a browser: what is asked, what is remembered, and what comes of it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.wording import speaking
from intake.asset_register import ROLES
from tests.intake.registers import apeldoorn, as_csv, as_xlsx, venlo

REGISTER = "dashboard/app_pages/register.py"


def _opened(app: AppTest, name: str, content: bytes) -> AppTest:
    app.run()
    app.switch_page(REGISTER).run()
    app.file_uploader[0].upload(name, content)
    app.run()
    assert not app.exception
    return app


def _radio(app: AppTest, words: str):
    (found,) = [radio for radio in app.radio if words in radio.label]
    return found


def test_nothing_is_made_before_the_questions_are_answered(app: AppTest):
    _opened(app, "staat.csv", as_csv(apeldoorn()))
    assert not [button for button in app.button if button.key == "make_objects"]
    _radio(app, "twee manieren").set_value("nl").run()
    assert not [button for button in app.button if button.key == "make_objects"]
    _radio(app, "Klopt dat?").set_value(1000).run()
    assert not app.exception
    app.button(key="make_objects").click().run()
    assert not app.exception
    raw = app.session_state["shown"].raw
    assert raw.sheets[1].rows[1][14] == 47_879_000
    assert app.session_state["own_register"] is None


def test_a_layout_that_was_used_is_recognised_in_the_same_visit(app: AppTest):
    _opened(app, "venlo.xlsx", as_xlsx(venlo()))
    _radio(app, "Klopt dat?").set_value(1000).run()
    app.button(key="make_objects").click().run()
    _opened(app, "venlo.xlsx", as_xlsx(venlo()))
    assert [success.value for success in app.success if "herkend" in success.value]
    assert app.session_state["own_register"].mappings[0].scale == 1000


def _sheets(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


HEADER = ["Pand", "Adres", "Boekwaarde per 31-12-2025"]
STREETS = {
    "Dorpsstraat": [["Vastgoed"], HEADER, ["P1", "Dorpsstraat 1", 220000], ["Totaal", None, 220000]],
    "Kerkplein": [HEADER, ["P1", "Kerkplein 3", 540000], ["P4", "Kerkplein 9", 15000], [None, "samen", "p.m."]],
    "Totalen": [["Straat", "Boekwaarde"], ["Dorpsstraat", 220000], ["Kerkplein", 555000]],
}


def test_tables_with_the_same_headers_become_objects_together_when_asked(app: AppTest):
    """A sheet for every street: the sheet with sums has other headers, and stays out."""
    _opened(app, "panden.xlsx", _sheets(**STREETS))
    (together,) = [box for box in app.checkbox if box.key.startswith("together")]
    assert together.value is False
    together.check().run()
    assert not app.exception
    assert "Kerkplein\\: 3 rijen, €\xa0555\\.000, 1 opmerking" in [caption.value for caption in app.caption]
    app.button(key="make_objects").click().run()
    assert not app.exception
    rows = app.session_state["shown"].raw.sheets[1].rows[1:]
    assert [(row[0], row[1], row[14]) for row in rows] == [
        ("P1", "Dorpsstraat 1", 220_000), ("P1", "Kerkplein 3", 540_000), ("P4", "Kerkplein 9", 15_000),
        (None, "samen", "p.m."),
    ]  # fmt: skip


def test_who_makes_objects_again_is_told_that_the_open_ones_are_closed(app: AppTest):
    _opened(app, "panden.xlsx", _sheets(**STREETS))
    assert not [caption for caption in app.caption if "Hiermee sluit u" in caption.value]
    app.button(key="make_objects").click().run()
    _opened(app, "groen.xlsx", _sheets(**STREETS))
    assert [caption for caption in app.caption if "Hiermee sluit u panden" in caption.value]


def test_the_first_cells_are_shown_as_they_stand(app: AppTest):
    rows = [["Nr", "Naam", "Bouwjaar", "Boekwaarde"], [100201.0, "Hal", 1974.0, 610000.5]]
    _opened(app, "staat.xlsx", as_xlsx(rows))
    shown = app.dataframe[0].value
    assert shown["examples"].tolist() == ["100201", "Hal", "1974", "610000,5"]


def test_a_row_can_be_left_out_of_a_table_that_begins_with_its_names(app: AppTest):
    rows = [
        ["Activum", "Aanschafwaarde", "Boekwaarde"],
        ["Hal", 9000.0, 500.0],
        ["Zaal", 1.0, 400.0],
        ["Al", 9001.0, 900.0],
    ]
    _opened(app, "staat.xlsx", as_xlsx(rows))
    (leave_out,) = app.multiselect
    assert leave_out.options == ["2 · Hal", "3 · Zaal", "4 · Al"]
    leave_out.select("4 · Al").run()
    assert app.session_state["own_register"].excluded == {0: frozenset({4})}


def test_of_very_many_rows_those_that_were_pointed_out_can_be_left_out(app: AppTest):
    rows = [["Nr", "Naam", "Boekwaarde"], *([str(n), f"Hal {n}", 1000.0 + n] for n in range(600)), [None, None, 5.0]]
    _opened(app, "staat.xlsx", as_xlsx(rows))
    (leave_out,) = app.multiselect
    assert leave_out.options == ["602"]
    leave_out.select("602").run()
    assert not app.exception
    assert app.session_state["own_register"].excluded == {0: frozenset({602})}


def test_a_file_that_is_refused_leaves_what_is_open(app: AppTest):
    _opened(app, "venlo.xlsx", as_xlsx(venlo()))
    app.file_uploader[0].upload("lijst.csv", b"BSN;Bedrag\n111222333;10\n")
    app.run()
    assert not app.exception
    assert "burgerservicenummers" in app.error[0].value
    assert app.session_state["own_register"] is None


@pytest.mark.parametrize("spoken", ["nl", "en"])
def test_every_role_has_a_name_of_its_own_in_both_languages(spoken: str):
    with speaking(spoken):
        names = [role.nl if spoken == "nl" else role.en for role in ROLES.values()]
    assert len(set(names)) == len(names)
