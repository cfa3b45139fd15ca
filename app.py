"""The screen's door: who is there, page, session, language, navigation."""

import streamlit as st

from dashboard import frame, leaving, state
from dashboard.business_case import session as business_case
from dashboard.page_language import declare_language
from dashboard.sign_in import door
from dashboard.wording import _

frame.set_page()
visitor = door.visitor()
page = st.navigation(
    # Without icons and in one list: so all of them fit beside each other, and on a telephone they are a proper list.
    # A tablet has room for the first eight (the rest under "3 more"): there stands what each of the three users needs.
    [
        st.Page(frame.START, title=_("Start"), default=True),
        st.Page(frame.DATA, title=_("Data"), url_path="gegevens"),
        # Reached from Data: one way of bringing figures in, not a place of its own.
        st.Page(frame.REGISTER, title=_("Register"), url_path="register", visibility="hidden"),
        st.Page(frame.VALUE, title=_("Value"), url_path="waarde"),
        st.Page(frame.SCENARIOS, title=_("Scenarios"), url_path="scenarios"),
        st.Page(frame.PORTFOLIO, title=_("Portfolio"), url_path="portefeuille"),
        st.Page(frame.INITIATIVES, title=_("Initiatives"), url_path="initiatieven"),
        st.Page(frame.BUSINESS_CASE, title=_("Business case"), url_path="businesscase"),
        st.Page(frame.ACCOUNT, title=_("Sources"), url_path="verantwoording"),
        st.Page(frame.DOSSIER, title=_("Dossier"), url_path="dossier"),
        st.Page(frame.FRAMEWORK, title=_("Framework"), url_path="kader"),
        st.Page(frame.WORKING_GROUP, title=_("Working group"), url_path="werkgroep"),
    ],
    position="top" if door.is_in(visitor) else "hidden",
)
if not door.is_in(visitor):
    door.keep_work(visitor)
    door.show(visitor)
    declare_language()
    st.stop()
state.start_session()
door.give_back(visitor)
business_case.resume()
state.arrive(page.url_path)
state.remember_in_url()
frame.top_bar(lambda: door.who_is_here(visitor))
declare_language()
door.given_back_notice()
leaving.watch()
page.run()
