"""How one begins: empty, with the open workbook, with a workbook that one downloaded, or with a draft that was kept."""

from __future__ import annotations

import streamlit as st

import intake
from dashboard import state
from dashboard.business_case import drafts, session
from dashboard.business_case.answers import Answers, empty_answers, initiatives_in, new_answers
from dashboard.frame import plain
from dashboard.notation import date
from dashboard.upload import refusal_notice, upload_field
from dashboard.wording import _, language
from intake.workbook import RawWorkbook

WAITING = "business_case_waiting"
"""Session key: a workbook was handed in here, and it is not decided yet which plan in it."""


def show_begin() -> None:
    """The ways to begin."""
    refusal_notice()
    workbook = state.shown()
    if st.session_state.pop(WAITING, False) and workbook is not None:
        names = initiatives_in(workbook.raw)
        if len(names) == 1:
            _open_plan(workbook.raw, next(iter(names)), workbook.filename)
            st.rerun()
        st.session_state[WAITING] = False
    new, going_on = st.columns(2, gap="medium")
    with new, st.container(border=True, height="stretch"):
        st.subheader(_("A new plan"), anchor=False)
        st.markdown(
            _(
                "Fourteen questions, an evening’s work. You can skip, come back and change "
                "everything. If you do not know something, say so: then we give a figure with its "
                "source, or it becomes an open point."
            )
        )
        st.space("stretch")
        st.button(
            _("Start with an empty plan"),
            key="bc_start_empty",
            type="primary",
            icon=":material/arrow_forward:",
            icon_position="right",
            on_click=_start_empty,
            width="stretch",
        )
    with going_on, st.container(border=True, height="stretch"):
        st.subheader(_("Go on with a workbook"), anchor=False)
        st.markdown(_("Upload the workbook that you downloaded here. You go on where you stopped."))
        if upload_field():
            st.session_state[WAITING] = state.refusal() is None
            st.rerun()
    _kept()
    if workbook is not None:
        _from_open(workbook)


def show_reading() -> None:
    """For whoever reads the figures and does not change them: the outcome of a plan in the open workbook."""
    st.caption(_("With your role you read the figures. Finance officers and initiatives change them."))
    workbook = state.shown()
    names = {} if workbook is None else initiatives_in(workbook.raw)
    if not names or workbook.case is None:
        st.info(_("No plan is open. Open a workbook or a kept case with an initiative in it first."))
        return
    chosen = st.selectbox(
        _("Initiative"), list(names), format_func=names.__getitem__, key=f"bc_read_{state.version()}", width=460
    )
    if st.button(_("See the outcome"), key="bc_open_outcome", icon=":material/insights:"):
        _choose(workbook, chosen, session.OUTCOME)


def _start_empty() -> None:
    plan = empty_answers(language())
    session.begin(intake.empty_workbook(language()), plan, session.new_filename())


def _open_plan(raw: RawWorkbook, initiative_id: str, filename: str, *, example: bool = False) -> None:
    session.begin(raw, Answers(raw, initiative_id), filename, example=example)


def _kept() -> None:
    """The visitor's own drafts on the server."""
    found = drafts.own_drafts()
    if not found:
        return
    with st.container(border=True, key="own_drafts"):
        st.subheader(_("Your plans that are kept here"), anchor=False)
        for token, name, at in found[:10]:
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.markdown(f"**{plain(name)}** · {date(at.date())}")
                st.button(_("Go on"), key=f"bc_draft_{token}", on_click=session.open_draft, args=(token,))


def _from_open(workbook: state.Workbook) -> None:
    """An initiative of the open workbook, or a new one in it."""
    names = initiatives_in(workbook.raw)
    with st.container(border=True, key="from_open"):
        st.subheader(_("With the open workbook"), anchor=False)
        st.markdown(
            _(
                "{file} is open. Fill in the plan of one of its initiatives, or look at the outcome.",
                file=f"**{plain(workbook.filename)}**",
            )
        )
        chosen = st.selectbox(
            _("Initiative"),
            [*names, ""],
            format_func=lambda number: names.get(number, _("A new initiative in this workbook")),
            key=f"bc_choose_{state.version()}_{language()}",
            width=460,
        )
        with st.container(horizontal=True):
            if st.button(_("Fill in its plan"), key="bc_open_plan"):
                _choose(workbook, chosen, session.ASKING)
            if (
                chosen
                and workbook.case is not None
                and st.button(_("See the outcome"), key="bc_open_outcome", icon=":material/insights:")
            ):
                _choose(workbook, chosen, session.OUTCOME)


def _choose(workbook: state.Workbook, initiative_id: str, part: str) -> None:
    if initiative_id:
        _open_plan(workbook.raw, initiative_id, workbook.filename, example=True)
        session.go(part)
    else:
        session.begin(workbook.raw, new_answers(workbook.raw), workbook.filename)
    st.rerun()
