"""Fields whose choice lasts: nothing that the code chose is undone by an answer that was on its way."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

PAGE = """
import streamlit as st
from dashboard import lasting

st.button("code", on_click=lasting.put, args=("place", {chosen}))
st.session_state.setdefault("elsewhere", {first})
lasting.follow("followed", st.session_state["elsewhere"])
heard = st.session_state.setdefault("heard", [])
options = ["a", "b", "c"]
one = lasting.{kind}("One", options, name=str.upper, key="place", default={first}, taken=heard.append)
two = lasting.{kind}("Two", options, name=str.upper, key="followed", default={first})
st.text(f"{{one}} {{two}}")
"""
KINDS = {
    "select": ("'a'", "'b'"),
    "switch": ("'a'", "'b'"),
    "several": "['a'] ['a', 'b']".replace("] [", "]|[").split("|"),
}
FIELDS = {"select": "selectbox", "switch": "segmented_control", "several": "multiselect"}


@pytest.fixture(params=KINDS)
def page(request: pytest.FixtureRequest) -> AppTest:
    first, chosen = KINDS[request.param]
    app = AppTest.from_string(PAGE.format(kind=request.param, first=first, chosen=chosen), default_timeout=30)
    app.session_state["kind"] = request.param
    return app.run()


def _field(app: AppTest, place: int):
    return getattr(app, FIELDS[app.session_state["kind"]])[place]


def _choices(app: AppTest) -> str:
    assert not app.exception
    return app.text[0].value


def _as(app: AppTest, choice: str):
    return [choice] if app.session_state["kind"] == "several" else choice


def _as_the_browser_knows_it(app: AppTest):
    """The fields with their values as of now; a browser that did not hear of the next run answers with these."""
    for place in (0, 1):
        _field(app, place).set_value(_field(app, place).value)
    return app._tree


def test_what_the_visitor_chooses_is_heard_and_stays(page: AppTest):
    _field(page, 0).set_value(_as(page, "c")).run()
    assert _choices(page) == f"{_as(page, 'c')} {_as(page, 'a')}"
    assert page.session_state["heard"] == [_as(page, "c")]
    page.run()
    assert _choices(page).startswith(str(_as(page, "c")))


def test_an_answer_that_was_on_its_way_does_not_undo_what_the_code_chose(page: AppTest):
    browser = _as_the_browser_knows_it(page)
    page.button[0].click().run()
    chosen = _choices(page)
    assert "b" in chosen
    page._tree = browser
    page.button[0].set_value(False).run()
    assert _choices(page) == chosen


def test_a_choice_made_elsewhere_is_followed_and_not_undone_either(page: AppTest):
    browser = _as_the_browser_knows_it(page)
    page.session_state["elsewhere"] = _as(page, "c")
    page.run()
    chosen = _choices(page)
    assert chosen.endswith(str(_as(page, "c")))
    page._tree = browser
    page.run()
    assert _choices(page) == chosen
