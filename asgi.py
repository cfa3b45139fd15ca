"""The app as it is served to others: `streamlit run asgi.py`.

With the language of the page in its HTML, sign-in from the environment, and all imports done before the first visitor.

Streamlit always writes `<html lang="en">`; a screen reader would then read Dutch with English sounds. `app.py` alone
runs too, and mends the language once the page is there.
"""

import os
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard.page_language import PageLanguage
from dashboard.ready import ready
from dashboard.sign_in.settings import from_environment
from dashboard.sign_in.way_back import WayBack

app = st.App(
    Path(__file__).with_name("app.py"),
    secrets=from_environment(os.environ),
    lifespan=ready,
    middleware=[Middleware(WayBack), Middleware(PageLanguage)],
)
