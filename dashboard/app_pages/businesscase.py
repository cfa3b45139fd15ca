"""Business case: a plan in about twelve questions, and what comes out of it."""

import streamlit as st

from dashboard import identity
from dashboard.business_case import begin, outcome, session, steps
from dashboard.frame import page_title
from dashboard.wording import _

may_edit = identity.may_edit()
if session.answers() is None:
    page_title(
        _("Business case"),
        _("A plan that a bank, a fund and the municipality take seriously: made in an evening, without an accountant."),
    )
    if may_edit:
        begin.show_begin()
    else:
        begin.show_reading()
    st.stop()
steps.show_title()
session.remember_in_url()
names = {
    session.ASKING: _("The questions"),
    session.OPEN_POINTS: _("Open points"),
    session.OUTCOME: _("The outcome"),
}
if not may_edit:
    # Whoever reads the figures sees what comes of a plan; the questions are for whoever may answer them.
    names = {session.OUTCOME: names[session.OUTCOME]}
    session.go(session.OUTCOME)
steps.show_parts(names)
{
    session.ASKING: steps.show_questions,
    session.OPEN_POINTS: steps.show_open_points,
    session.OUTCOME: outcome.show_outcome,
}[session.part()]()
