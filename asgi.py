"""The app with the language of the page in its HTML: `streamlit run asgi.py`.

Streamlit always writes `<html lang="en">`; a screen reader would then read Dutch with English sounds. `app.py` alone
runs too, and mends the language once the page is there.
"""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard.page_language import PageLanguage

app = st.App(Path(__file__).with_name("app.py"), middleware=[Middleware(PageLanguage)])
