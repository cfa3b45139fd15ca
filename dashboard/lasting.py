"""A field to choose from whose choice lasts: in the other language, on another page, and when an option is renamed.

Streamlit keeps the text of the chosen option in the browser and shows it even when that option is written otherwise by
now. So the field is made anew when its words change, and the choice is kept apart from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

from dashboard.wording import language

CHOICES, TIMES = "lasting_choices", "lasting_times"

Choice = TypeVar("Choice")


def select(
    label: str,
    options: Sequence[Choice],
    *,
    name: Callable[[Choice], str],
    key: str,
    default: Choice,
    renamed: object = "",
    **more: Any,
) -> Choice:
    """A field to choose one thing.

    Parameters
    ----------
    label : str
    options : sequence
    name : callable
        What an option is called, in the language of the page.
    key : str
    default : object
        The choice to begin with, and when an earlier choice is not among the options any more.
    renamed : object
        Changes when an option is called otherwise.
    **more : object
        For `st.selectbox`.
    """
    choices = st.session_state.setdefault(CHOICES, {})
    times = st.session_state.setdefault(TIMES, {}).get(key, 0)
    widget = f"{key}_{language()}_{renamed}_{times}"
    if choices.get(key, default) not in options:
        choices.pop(key, None)
    # Where it begins is said with the field, and not put into the session: when a run is cut short by the next one, the
    # browser would answer with the first option, for it never heard of another.
    begins = list(options).index(choices.get(key, default))
    chosen: Choice = st.selectbox(label, options, index=begins, format_func=name, key=widget, **more)
    choices[key] = chosen
    return chosen


def put(key: str, choice: object) -> None:
    """Choose something from the code; the field shows it in the next run."""
    st.session_state.setdefault(CHOICES, {})[key] = choice
    times = st.session_state.setdefault(TIMES, {})
    times[key] = times.get(key, 0) + 1


def choice_of(key: str) -> Any:
    """What is chosen; nothing where nobody chose yet."""
    return st.session_state.get(CHOICES, {}).get(key)
