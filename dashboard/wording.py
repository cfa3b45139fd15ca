"""The words on the screen: English in the code, Dutch from the catalogue.

`_("Market value")` gives the words in the language of the session. A text that names something uses braces and
keywords, `_("Read as {amount}", amount=...)`, so that a translator can move the name. The catalogue is
`dashboard/locale/nl/LC_MESSAGES/buurtwaarde.po`; `python -m dashboard.catalogue` adds what is new to it.
English has no catalogue: the text in the code is the English text.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from streamlit.runtime.scriptrunner import get_script_run_ctx

LANGUAGES = ("nl", "en")
DEFAULT_LANGUAGE = "nl"
LANGUAGE_KEY = "taal"
"""Session key and URL parameter of the language switch: `?taal=en`."""

LOCALE_FOLDER = Path(__file__).parent / "locale"

_spoken: ContextVar[str | None] = ContextVar("language", default=None)


def catalogue_path(language: str) -> Path:
    """Where the translations into this language stand."""
    return LOCALE_FOLDER / language / "LC_MESSAGES" / "buurtwaarde.po"


def language() -> str:
    """The language to speak: `nl` or `en`.

    Inside `speaking(...)` that language; on the screen that of the session; elsewhere Dutch.
    """
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    if get_script_run_ctx(suppress_warning=True) is None:
        return DEFAULT_LANGUAGE
    # Before the switch is made in a session, for the names of the pages above it, the URL says it already.
    chosen = st.session_state.get(LANGUAGE_KEY) or st.query_params.get(LANGUAGE_KEY)
    return chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Speak this language for the time being: in tests, and in downloads that are made later."""
    token = _spoken.set(chosen)
    try:
        yield
    finally:
        _spoken.reset(token)


def _(message: str, **names: Any) -> str:
    """The message in the language of the session, with the names filled in.

    Parameters
    ----------
    message : str
        The English text, written out in the code, so that it can be collected for translation.
    **names : object
        What stands in the braces. Numbers come already written out (`dashboard.notation`).
    """
    return (_translation(language(), message) or message).format(**names)


def n_(singular: str, plural: str, count: int, **names: Any) -> str:
    """The message for one thing or for several; `{count}` is filled in.

    Dutch and English both have one form for exactly one and another for everything else.
    """
    forms = _translation(language(), singular) or (singular, plural)
    return forms[0 if count == 1 else 1].format(count=count, **names)


def _translation(chosen: str, message: str) -> Any:
    """The catalogue's text (or pair of plural forms); nothing where it has none, as in English."""
    catalogue = _catalogue(chosen)
    entry = None if catalogue is None else catalogue.get(message)
    if entry is None or entry.fuzzy:
        return None
    texts = entry.string if isinstance(entry.string, list | tuple) else (entry.string,)
    return entry.string if all(texts) else None


@cache
def _catalogue(chosen: str) -> Catalog | None:
    path = catalogue_path(chosen)
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=chosen)
