"""Portfolio: every object in one picture and on the map, what fits within the ceilings, and what they are together."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.frame import VALUE, go_to, need_case, page_title
from dashboard.portfolio.neighbourhoods import show_neighbourhoods
from dashboard.portfolio.on_map import show_map
from dashboard.portfolio.picture import show_picture
from dashboard.portfolio.programme import show_programme
from dashboard.portfolio.taking_along import show_downloads
from dashboard.portfolio.years import show_years
from dashboard.show import open_tabs
from dashboard.wording import _, language
from valuation.appraisal import Result
from valuation.problems import ValuationError


def show_page(result: Result) -> None:
    """The tabs; only the open one is made."""
    sections = [
        (_("In one picture"), show_picture),
        (_("On the map"), show_map),
        (_("What fits"), show_programme),
        (_("Year by year"), show_years),
        (_("By neighbourhood"), show_neighbourhoods),
    ]
    tabs = open_tabs("portfolio_tabs", [name for name, _section in sections])
    # Which tab came on screen when: what was in the browser of a tab is gone after another one.
    opened_now = next((number for number, tab in enumerate(tabs) if tab.open), 0)
    last = st.session_state.get("portfolio_shown", (None, 0))
    st.session_state["portfolio_shown"] = last if last[0] == opened_now else (opened_now, last[1] + 1)
    for tab, (_name, section) in zip(tabs, sections, strict=True):
        if tab.open:
            with tab:
                section(result)


page_title(
    _("The whole portfolio"),
    _(
        "Every building and green space at once: where to look first, what fits within the budget, and what it adds "
        "up to."
    ),
)
opened = need_case()
try:
    everything = state.appraised(opened)
except ValuationError as error:
    st.error(error.message(language()), icon=":material/block:")
    st.stop()
show_page(everything)
with st.container(horizontal=True):
    show_downloads(everything)
    if st.button(_("Look at one object"), key="to_value", icon=":material/balance:", type="tertiary"):
        go_to(VALUE)
