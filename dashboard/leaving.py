"""Before a reload, or closing the page, loses work that only this session has, the browser asks.

Streamlit begins anew with every reload. Choices stand in the URL, and what was kept in the register; the rest is here.
Why it is not kept on the server unasked: docs/decisions/0018-reload.md.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitAPIException

from dashboard import own_register, state
from dashboard.business_case import session as business_case

SCRIPT = Path(__file__).with_name("leaving.js")


def watch() -> None:
    """Let the browser ask, on every page, as long as something would be lost."""
    with st.container(key="leaving"):
        st.html(f"<script>{_script()}</script>", unsafe_allow_javascript=True)
    if own_register.current() is not None or (state.unsaved() and not business_case.is_kept()):
        ask("work")


def ask(what: str) -> None:
    """Let the browser ask: the page has something typed that is not kept yet.

    Parameters
    ----------
    what : str
        A name for it, once on a page.
    """
    st.container(key=f"unsaved_{what}").html("<span hidden></span>")


def hold_typed() -> None:
    """Keep what was typed in fields that cannot be shown now, as long as a register is away for instance.

    Streamlit forgets the text of a field that a run does not show.
    """
    for key, value in list(st.session_state.items()):
        if value is None or (isinstance(value, str | int | float) and not isinstance(value, bool)):
            with suppress(StreamlitAPIException):  # shown in this run after all
                st.session_state[key] = value
    ask("typed")


@cache
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")
