"""The screen's door: page, session, language, navigation."""

import streamlit as st

from dashboard import frame, state
from dashboard.page_language import declare_language
from dashboard.wording import _

frame.set_page()
state.start_session()
page = st.navigation(
    [
        st.Page(frame.START, title=_("Start"), icon=":material/home:", default=True),
        st.Page(frame.DATA, title=_("Data"), icon=":material/table_edit:", url_path="gegevens"),
        # Reached from Data: one way of bringing figures in, not a place of its own.
        st.Page(frame.REGISTER, title=_("Register"), url_path="register", visibility="hidden"),
        st.Page(frame.VALUE, title=_("Value"), icon=":material/balance:", url_path="waarde"),
        st.Page(frame.SCENARIOS, title=_("Scenarios"), icon=":material/alt_route:", url_path="scenarios"),
        st.Page(frame.INITIATIVES, title=_("Initiatives"), icon=":material/diversity_3:", url_path="initiatieven"),
        st.Page(frame.PORTFOLIO, title=_("Portfolio"), icon=":material/scatter_plot:", url_path="portefeuille"),
        st.Page(frame.ACCOUNT, title=_("Account"), icon=":material/fact_check:", url_path="verantwoording"),
    ],
    position="top",
)
state.arrive(page.url_path)
state.remember_in_url()
frame.top_bar()
declare_language()
page.run()
