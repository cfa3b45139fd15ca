"""Which object or initiative is looked at: the same on every page, and kept in the URL."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from dashboard import lasting, state
from dashboard.wording import _
from valuation.case import Case

KEY = "chosen_object"
WIDGET = "object_selector"
INITIATIVE = "initiatief"
"""URL parameter of the initiative on the page Account."""
INITIATIVE_KEY = "chosen_initiative"
SUBJECT_WIDGET = "subject_selector"


def choose_object(case: Case) -> str:
    """The choice of an object by its name; the number of the chosen one."""
    names = dict(zip(case.assets["asset_id"], case.assets["name"], strict=True))
    now = chosen_object(case)
    lasting.follow(WIDGET, now)
    found = lasting.select(
        _("Building or green space"),
        list(names),
        name=lambda number: f"{names[number]} ({number})",
        key=WIDGET,
        default=now,
        renamed=state.version(),
        taken=_take,
        width=460,
    )
    keep(found)
    return found


def chosen_object(case: Case) -> str:
    """The object that was chosen before, or is in the URL; otherwise the first with an initiative, or the first."""
    numbers = case.assets["asset_id"].tolist()
    for asked in (st.session_state.get(KEY), st.query_params.get(state.ASSET)):
        if asked in numbers:
            return asked
    taken_over = case.initiatives["asset_id"].dropna()
    return next((number for number in numbers if number in set(taken_over)), numbers[0])


def keep(asset_id: str) -> None:
    """Remember the choice, in the session and in the URL."""
    st.session_state[KEY] = asset_id
    if st.query_params.get(state.ASSET) != asset_id:
        st.query_params[state.ASSET] = asset_id


def _take(asset_id: str) -> None:
    st.session_state[KEY] = asset_id


class Subject(NamedTuple):
    """What the account is about: an object with its initiatives, or one initiative."""

    asset_id: str | None
    initiative_id: str | None


def choose_subject(case: Case) -> Subject:
    """The choice of an object or an initiative, by name."""
    objects = dict(zip(case.assets["asset_id"], case.assets["name"], strict=True))
    initiatives = dict(zip(case.initiatives["initiative_id"], case.initiatives["name"], strict=True))
    options = [*(Subject(number, None) for number in objects), *(Subject(None, code) for code in initiatives)]
    now = Subject(chosen_object(case), None)
    asked = st.session_state.get(INITIATIVE_KEY, st.query_params.get(INITIATIVE))
    if asked in initiatives:
        now = Subject(None, asked)

    def name(subject: Subject) -> str:
        if subject.initiative_id is None:
            return f"{objects[subject.asset_id]} ({subject.asset_id})"
        code = subject.initiative_id
        return _("Initiative: {name}", name=f"{initiatives[code]} ({code})")

    lasting.follow(SUBJECT_WIDGET, now)
    found = lasting.select(
        _("Object or initiative"),
        options,
        name=name,
        key=SUBJECT_WIDGET,
        default=now,
        renamed=state.version(),
        taken=_take_subject,
        width=460,
    )
    _remember_subject(case, found)
    return found


def _take_subject(chosen: Subject) -> None:
    st.session_state[INITIATIVE_KEY] = chosen.initiative_id
    if chosen.asset_id is not None:
        st.session_state[KEY] = chosen.asset_id


def _remember_subject(case: Case, subject: Subject) -> None:
    keep(chosen_object(case))
    st.session_state[INITIATIVE_KEY] = subject.initiative_id
    if subject.initiative_id is None:
        st.query_params.pop(INITIATIVE, None)
    elif st.query_params.get(INITIATIVE) != subject.initiative_id:
        st.query_params[INITIATIVE] = subject.initiative_id
