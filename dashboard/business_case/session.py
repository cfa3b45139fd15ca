"""The plan that this visitor is filling in: its answers live in the open workbook, and every answer is kept at once."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import state
from dashboard.business_case import drafts
from dashboard.business_case.answers import Answers, initiatives_in, with_totals
from dashboard.chosen import INITIATIVE
from dashboard.wording import language
from intake.workbook import RawWorkbook

PLAN = "business_case_initiative"
FILE = "business_case_file"
QUESTION = "vraag"
PART = "deel"
ASKING, OPEN_POINTS, OUTCOME = "vragen", "open-punten", "uitkomst"
PARTS = (ASKING, OPEN_POINTS, OUTCOME)
FIRST = "wie"
KEPT = "business_case_kept"
"""Session key: the cells of which the register has every answer."""
NAMES = {"nl": "businesscase.xlsx", "en": "business-case.xlsx"}


def answers() -> Answers | None:
    """The answers of the plan in the open workbook; none before one was chosen, or when another workbook was opened."""
    workbook, chosen = state.shown(), st.session_state.get(PLAN)
    if workbook is None or chosen is None or st.session_state.get(FILE) != workbook.filename:
        return None
    known = st.session_state.get("business_case_answers")
    if known is None or known.raw is not workbook.raw or known.initiative_id != chosen:
        if chosen not in initiatives_in(workbook.raw):
            return None
        known = Answers(workbook.raw, chosen)
        st.session_state["business_case_answers"] = known
    return known


def begin(raw: RawWorkbook, plan: Answers, filename: str, *, example: bool = False) -> None:
    """Open a plan: a new one, or one that a workbook has already.

    Parameters
    ----------
    raw : RawWorkbook
        The workbook that the plan begins with, kept once.
    plan : Answers
        The same, with the initiative that the questions are about.
    filename : str
    example : bool
        It is the example municipality that is open already; nothing of it is kept before something is changed.
    """
    if state.shown() is None or plan.raw is not state.shown().raw:
        state.open_cells(plan.raw, filename)
    st.session_state[PLAN], st.session_state[FILE] = plan.initiative_id, filename
    st.session_state[PART], st.session_state[QUESTION] = ASKING, FIRST
    drafts.take(drafts.begin(raw, filename))
    if not example:
        keep()


def resume() -> None:
    """Open the draft that the URL names, when nothing of it is open in this session."""
    token = st.query_params.get(drafts.PARAMETER)
    if token is None or answers() is not None or st.session_state.get("business_case_tried") == token:
        return
    st.session_state["business_case_tried"] = token
    found = drafts.resume(token)
    if found is None:
        return
    draft, plan, place = found
    state.open_cells(plan.raw, draft.filename)
    st.session_state[PLAN], st.session_state[FILE] = plan.initiative_id, draft.filename
    # What the URL says of where one was is newer than what was kept with the last answer.
    for key in (PART, QUESTION):
        st.session_state[key] = st.query_params.get(key) or place.get(key, "")
    drafts.take(draft)
    st.session_state[KEPT] = state.shown().raw


def open_draft(token: str) -> None:
    """Go on with one of one's own drafts."""
    close()
    st.query_params[drafts.PARAMETER] = token
    st.session_state.pop("business_case_tried", None)
    for key in (PART, QUESTION):
        st.query_params.pop(key, None)
    resume()


def close() -> None:
    """Leave the plan; it stays in the open workbook."""
    for key in (PLAN, FILE, "business_case_answers"):
        st.session_state.pop(key, None)
    for key in (PART, QUESTION):
        st.session_state.pop(key, None)
        st.query_params.pop(key, None)
    st.query_params.pop(INITIATIVE, None)
    drafts.take(None)


def change(plan: Answers) -> None:
    """Take changed answers, with the totals that follow from them, and keep them at once."""
    plan = with_totals(plan)
    state.change(plan.raw)
    st.session_state["business_case_answers"] = plan
    keep()


def keep() -> None:
    """Keep the answers as they stand, with where one is."""
    draft, plan = drafts.current(), answers()
    if draft is not None and plan is not None:
        saved = st.session_state["business_case_draft"] = drafts.save(draft, plan, place())
        if not saved.problem:
            st.session_state[KEPT] = plan.raw


def is_kept() -> bool:
    """Whether the open workbook is a plan of which the register has every answer."""
    workbook = state.shown()
    return workbook is not None and st.session_state.get(KEPT) is workbook.raw


def place() -> Mapping[str, str]:
    """Which part of the page and which question one is at."""
    return {PART: part(), QUESTION: question()}


def part() -> str:
    """Which part of the page is open."""
    chosen = st.session_state.get(PART)
    return chosen if chosen in PARTS else ASKING


def question() -> str:
    """Which question is open."""
    return st.session_state.get(QUESTION) or FIRST


def go(to_part: str, to_question: str | None = None) -> None:
    """Go to a part of the page, and to a question."""
    st.session_state[PART] = to_part
    if to_question is not None:
        st.session_state[QUESTION] = to_question


def remember_in_url() -> None:
    """Keep in the URL where one is, so that a reload comes back there."""
    draft = drafts.current()
    if draft is not None:
        drafts.take(draft)
    for key, value in place().items():
        if st.query_params.get(key) != value:
            st.query_params[key] = value


def download_name() -> str:
    """What the workbook is called as a file."""
    name = state.shown().filename
    return name if name.endswith(".xlsx") else f"{name}.xlsx"


def new_filename() -> str:
    """What a new workbook is called."""
    return NAMES[language()]
