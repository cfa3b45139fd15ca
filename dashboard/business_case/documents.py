"""Tab Documents: what the group takes along, and the case as the municipality keeps it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

import intake
from dashboard import identity, kept, state
from dashboard.business_case import drafts, session
from dashboard.business_case.plans import result
from dashboard.documents import show_application, show_brief, show_plan
from dashboard.marked import EXCEL
from dashboard.wording import _
from register import Conflict
from valuation.business_case import BusinessPlan
from valuation.case import Case
from valuation.problems import ValuationError

HANDED_OVER = "business_case_handed_over"


def show_documents(case: Case, found: BusinessPlan) -> None:
    """Business case, application, council brief, workbook; and handing the case over."""
    st.markdown(
        _("Made when you press a button, from the same figures as this page. Open points stand in them as such.")
    )
    try:
        results = result(case)
    except ValuationError:
        results = None
    if results is not None:
        for show in _shown(case, found, results):
            with st.container(border=True):
                show()
    # Made when somebody presses the button, outside this run: there is no session to ask then.
    raw = session.answers().raw
    with st.container(border=True):
        st.markdown(_("Everything as a workbook, for a finance officer: the same case opens on the page Data."))
        st.download_button(
            _("Download the workbook"),
            data=lambda: intake.write_workbook(raw),
            file_name=session.download_name(),
            mime=EXCEL,
            key="bc_workbook",
            icon=":material/download:",
            on_click="ignore",
        )
    _hand_over(found)


def _shown(case: Case, found: BusinessPlan, results: object) -> list[Callable[[], None]]:
    shown: list[Callable[[], None]] = [
        lambda: show_plan(results, found.initiative_id),
        lambda: show_application(results, found.initiative_id),
    ]
    if found.asset_id is not None:
        shown.append(lambda: show_brief(case, results, found.asset_id))
    return shown


def _hand_over(found: BusinessPlan) -> None:
    """Keep the case where the municipality sees it; until then it is a draft of one's own."""
    draft = drafts.current()
    if draft is None or draft.version == 0:
        return
    with st.container(border=True, key="bc_hand_over"):
        st.markdown(
            _("Ready? Then keep it as a case. From then on the municipality’s finance officers and council see it.")
        )
        handed = st.session_state.get(HANDED_OVER)
        if handed is not None and handed[:2] == (draft.token, state.version()):
            st.success(_("Kept as a case. The municipality sees it now."), icon=":material/check_circle:")
            return
        st.button(
            _("Keep as a case"), key="bc_keep_case", icon=":material/inventory_2:", on_click=_keep_case, args=(found,)
        )
        if st.session_state.get("business_case_refused"):
            st.error(_("It could not be kept as a case. Your answers are still here."), icon=":material/error:")


def _keep_case(found: BusinessPlan) -> None:
    plan, draft = session.answers(), drafts.current()
    own = next(iter(plan.rows("initiatives").values()), {})
    handed = st.session_state.get(HANDED_OVER)
    # The same plan again is the next version of its case.
    known = handed[2] if handed is not None and handed[0] == draft.token else None
    try:
        saved = kept.register().save_case(
            identity.actor(),
            case_id=None if known is None else known.case_id,
            based_on=None if known is None else known.version,
            name=str(own.get("name") or found.initiative_id),
            workbook=intake.write_workbook(plan.raw),
            initiatives=(found.initiative_id,),
            why=_("Filled in with the questions of the business case"),
        )
    except (Conflict, *drafts.UNREADABLE):
        st.session_state["business_case_refused"] = True
        return
    st.session_state["business_case_refused"] = False
    st.session_state[HANDED_OVER] = (draft.token, state.version(), saved)
