"""Who is there, asked by the pages: whoever is not let in gets no answer, whatever asks."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from register import LOCAL, ROLES
from tests.dashboard.test_sign_in import AUTH, OURS

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted((ROOT / "dashboard" / "app_pages").glob("*.py"))
GOOD = {"auth": dict(AUTH), "sign_in": dict(OURS)}


def configured(app: AppTest, secrets: dict) -> AppTest:
    for name, section in secrets.items():
        app.secrets[name] = section
    return app


def asking(what: str) -> None:
    import streamlit as st

    from dashboard import identity, state
    from dashboard.sign_in.settings import BrokenError

    asked = {
        "who": identity.actor,
        "edit": identity.demand_edit,
        "change": lambda: state.change(None),
        "make": lambda: state.open_cells(None, "register.xlsx"),
    }
    try:
        st.session_state["found"] = asked[what]()
    except (identity.NotSignedInError, BrokenError) as refused:
        st.session_state["refused"] = (type(refused).__name__, str(refused))


ASKED = ["who", "edit", "change", "make"]


def test_without_sign_in_there_is_one_user_who_may_do_everything():
    app = AppTest.from_function(asking, args=("who",)).run()
    assert app.session_state["found"] is LOCAL
    assert LOCAL.roles == set(ROLES)


@pytest.mark.parametrize("what", ASKED)
def test_nobody_is_somebody_before_signing_in(what: str):
    app = configured(AppTest.from_function(asking, args=(what,)), GOOD).run()
    assert app.session_state["refused"] == ("NotSignedInError", "out")


@pytest.mark.parametrize("what", ASKED)
def test_broken_settings_make_nobody_the_local_user(what: str):
    app = configured(AppTest.from_function(asking, args=(what,)), {"auth": {**AUTH, "cookie_secret": "short"}}).run()
    assert app.session_state["refused"] == ("BrokenError", "short_secret auth.cookie_secret")
    assert "found" not in app.session_state


def test_the_door_shows_nothing_of_the_pages_behind_it():
    app = configured(AppTest.from_file(str(ROOT / "app.py"), default_timeout=60), GOOD)
    app.query_params["gemeente"] = "voorbeeld"
    app.run()
    assert not app.exception
    assert [title.value for title in app.title] == ["Meld u aan bij Buurtwaarde"]
    assert [button.label for button in app.button] == ["Aanmelden"]
    assert "Voorbeeldstad" not in "".join(each.value for each in app.markdown)
    assert not [key for key in ("shown", "in_use", "results") if key in app.session_state]


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_no_page_can_be_reached_around_the_door(page: Path):
    app = configured(AppTest.from_file(str(ROOT / "app.py"), default_timeout=60), GOOD).run()
    app.switch_page(str(page.relative_to(ROOT))).run()
    assert not app.exception
    assert [title.value for title in app.title] == ["Meld u aan bij Buurtwaarde"]
