"""Declares the language of the page, and says Streamlit's own English words in Dutch.

Streamlit has no setting for either (streamlit #15726, #1353). The middleware sets the language of the first HTML; a
script in the page follows the switch, and replaces Streamlit's fixed texts and labels.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.wording import DEFAULT_LANGUAGE, LANGUAGE_KEY, LANGUAGES, language

FIXED_LANGUAGE = b'<html lang="en"'
SCRIPT = Path(__file__).with_name("page_language.js")


class PageLanguage:
    """ASGI middleware: `<html lang>` is the language of the URL (`?taal=en`), otherwise Dutch."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; in a page of HTML, set the language."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = f'<html lang="{_asked_for(scope)}"'.encode()
        is_html = False

        async def translated(message: Message) -> None:
            nonlocal is_html
            if message["type"] == "http.response.start":
                headers = [(name.lower(), value) for name, value in message["headers"]]
                is_html = any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers)
            elif is_html and message["type"] == "http.response.body":
                # `nl` and `en` are as long as each other, so the length in the headers stays right.
                message = {**message, "body": message.get("body", b"").replace(FIXED_LANGUAGE, declared, 1)}
            await send(message)

        await self.app(scope, receive, translated)


def _asked_for(scope: Scope) -> str:
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get(LANGUAGE_KEY, [DEFAULT_LANGUAGE])[-1]
    return asked if asked in LANGUAGES else DEFAULT_LANGUAGE


def declare_language() -> None:
    """Make the page in the browser say that it is in the language of the session."""
    with st.container(key="speech"):
        st.html(f"<script>{_script()}({json.dumps(language())})</script>", unsafe_allow_javascript=True)


@cache
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")
