"""The kept case that a round is about: choose one, or keep the workbook that is open."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

import streamlit as st

import intake
from dashboard import lasting, state
from dashboard.frame import plain
from dashboard.kept import could_not_keep
from dashboard.notation import date
from dashboard.wording import _
from register import Actor, CaseHead, Register, RegisterError
from valuation.appraisal import Result, appraise
from valuation.problems import ValuationError

CHOSEN = "working_group_case"
READ = "working_group_results"
KEEPERS = {"finance", "administrator"}
MOST_RESULTS = 8


def choose_case(heads: list[CaseHead]) -> CaseHead:
    """The kept case to work on, of these."""
    known = {head.case_id: head for head in heads}
    open_now = state.in_use()
    kept_now = None if open_now is None or open_now.kept is None else open_now.kept.case_id
    chosen = lasting.select(
        _("Case"),
        list(known),
        name=lambda key: _(
            "{name} (version {version}, {day})",
            name=known[key].name,
            version=known[key].version,
            day=date(known[key].at.date()),
        ),
        key=CHOSEN,
        default=kept_now if kept_now in known else heads[0].case_id,
        renamed=sum(head.version for head in heads),
    )
    return known[chosen]


def keep_open(register: Register, actor: Actor) -> None:
    """Keep the workbook that is open on screen as a case."""
    workbook = state.in_use()
    if workbook is None or workbook.case is None or not actor.roles & KEEPERS:
        return
    with st.container(border=True, key="working_group_keep"):
        st.markdown(f"**{_('Keep the workbook that is open as a case')}**")
        name = st.text_input(
            _("Name of the case"), value=workbook.case.assumptions.municipality, key="working_group_keep_name"
        )
        why = st.text_input(_("What for?"), value=_("For the working group"), key="working_group_keep_why")
        if not st.button(_("Keep this case"), key="working_group_keep_button", icon=":material/save:", type="primary"):
            return
        if not (name.strip() and why.strip()):
            st.error(_("Fill in a name and what it is kept for."), icon=":material/edit_note:")
            return
        try:
            made = register.save_case(
                actor,
                name=name,
                workbook=workbook.content,
                why=why,
                initiatives=list(workbook.case.initiatives["initiative_id"]),
            )
        except RegisterError as error:
            st.error(could_not_keep(error), icon=":material/block:")
            return
        if state.shown() is workbook:
            state.now_kept(made)
        lasting.put(CHOSEN, made.case_id)
        st.rerun()


def result_of(register: Register, actor: Actor, head: CaseHead, version: int | None = None) -> Result | None:
    """The results of a kept case; nothing, with the reason on screen, where it has none.

    Read once per visitor for each of the last few: the register is asked every time whether this person may.
    """
    case = register.case(actor, head.case_id, version)
    name = hashlib.sha256(case.workbook).hexdigest()
    known: OrderedDict[str, Result] = st.session_state.setdefault(READ, OrderedDict())
    if name not in known:
        try:
            read = intake.build_case(intake.read_workbook(case.workbook, f"{case.name}.xlsx"), intake.load_reference())
            if read.case is None:
                st.warning(_("The workbook of {name} has mistakes, so there are no figures.", name=plain(case.name)))
                return None
            known[name] = appraise(read.case)
        except (intake.UnreadableFile, ValuationError):
            st.warning(_("There are no figures of {name}: its workbook cannot be computed.", name=plain(case.name)))
            return None
        while len(known) > MOST_RESULTS:
            known.popitem(last=False)
    return known[name]
