"""The page Register without a browser: what is asked, what is remembered, and what comes of it."""

from __future__ import annotations

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
