"""Initiatives: what each saves, for whom, what that rests on, who is reached, and who does something alike."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.frame import need_case, page_title
from dashboard.initiatives import kept
from dashboard.initiatives.beside import show_beside
from dashboard.initiatives.compare import show_compare
from dashboard.initiatives.find import show_directory
from dashboard.initiatives.one import show_one
from dashboard.initiatives.reached import show_reached
from dashboard.initiatives.view import View
from dashboard.wording import _, language
from valuation.case import Case
from valuation.problems import ValuationError

STYLE = """
<style>
.st-key-initiatives_answer p { font-size: 1.3rem; line-height: 1.5; max-width: 58rem; margin-bottom: .2rem;
  text-wrap: pretty; }
[class*="st-key-initiatives_naast"] [data-tag] {
  background: transparent; border: 1px solid rgba(128,138,148,.7); color: inherit; }
[class*="st-key-initiatives_naast"] [data-tag] * { color: inherit; }
.bw-cards { display: grid; gap: .75rem; margin: .25rem 0 .5rem; grid-template-columns: repeat(4, 1fr); }
@media (max-width: 1000px) { .bw-cards { grid-template-columns: repeat(2, 1fr); } }
@media (max-width: 480px) { .bw-cards { grid-template-columns: 1fr; } }
.bw-cards section { border: 1px solid rgba(128,138,148,.45); border-radius: .5rem; padding: .7rem .9rem .8rem; }
.bw-cards h3 { font-size: .95rem; font-weight: 600; margin: 0; padding: 0 0 .35rem; }
.bw-cards p { margin: 0; line-height: 1.4; }
.bw-cards .bw-figure { font-size: 1.7rem; font-weight: 600; line-height: 1.3; white-space: nowrap; }
.bw-cards .bw-note { font-size: .9rem; padding-top: .3rem; }
</style>
"""


def show_page(case: Case) -> None:
    """The tabs; only the open one is made."""
    labels = {
        "vergelijken": _("Compare"),
        "een": _("One initiative"),
        "naast": _("Side by side"),
        "bereik": _("Who is reached"),
        "vindplaats": _("Directory"),
    }
    sections = dict(zip(labels, (show_compare, show_one, show_beside, show_reached, show_directory), strict=True))
    try:
        view = View(state.appraised(case))
    except ValuationError as error:
        st.error(error.message(language()), icon=":material/block:")
        return
    for tab, part in zip(kept.tabs(labels), labels, strict=True):
        if tab.open:
            with tab:
                sections[part](view)
    kept.remember_in_url()


st.html(STYLE)
page_title(
    _("Initiatives"),
    _(
        "What residents’ initiatives save, whose money that is, and what must be true for it. Also "
        "for those who do not believe it yet."
    ),
)
opened = need_case()
if opened.initiatives.empty:
    st.info(_("There are no initiatives in this workbook yet."), icon=":material/group_off:")
else:
    show_page(opened)
