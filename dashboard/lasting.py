"""A field to choose from whose choice lasts: in the other language, on another page, and when an option is renamed.

Streamlit keeps the text of the chosen option in the browser and shows it even when that option is written otherwise by
now. So the field is made anew when its words change, and the choice is kept apart from it.

The code never writes into a field that is on the screen: when a run is cut short by the next one, the browser, which
never heard of what was written, would answer with its own. What the code chooses (`put`, `follow`) begins a new field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.wording import language

CHOICES, TIMES, FIELDS = "lasting_choices", "lasting_times", "lasting_fields"

Choice = TypeVar("Choice")


def select(
    label: str,
    options: Sequence[Choice],
    *,
    name: Callable[[Choice], str],
    key: str,
    default: Choice,
    renamed: object = "",
    taken: Callable[[Choice], None] | None = None,
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
    taken : callable, optional
        Hears what the visitor chooses, before anything of the page is made.
    **more : object
        For `st.selectbox`.
    """
    begins = list(options).index(_begins(key, options, default))
    field = partial(st.selectbox, label, options, index=begins, format_func=name, **more)
    chosen: Choice = _chosen(field, key, taken, renamed)
    return chosen


def switch(
    label: str,
    options: Sequence[Choice],
    *,
    name: Callable[[Choice], str],
    key: str,
    default: Choice,
    taken: Callable[[Choice], None] | None = None,
) -> Choice:
    """Buttons of which one is on; the parameters are those of `select`."""
    begins = _begins(key, options, default)
    field = partial(st.segmented_control, label, options, default=begins, required=True, format_func=name)
    chosen: Choice = _chosen(field, key, taken)
    return chosen


def several(
    label: str,
    options: Sequence[Choice],
    *,
    name: Callable[[Choice], str],
    key: str,
    default: Sequence[Choice],
    taken: Callable[[list[Choice]], None] | None = None,
    **more: Any,
) -> list[Choice]:
    """A field to choose a few things; the parameters are those of `select`, and more is for `st.multiselect`."""
    begins = [one for one in _choices().get(key, default) if one in options]
    field = partial(st.multiselect, label, options, default=begins, format_func=name, **more)
    chosen: list[Choice] = _chosen(field, key, taken)
    return chosen


def tabs(
    labels: Mapping[Choice, str], *, key: str, default: Choice, taken: Callable[[Choice], None] | None = None
) -> Sequence[DeltaGenerator]:
    """Tabs of which one is open; `labels` says what each is called in the language of the page.

    The parameters are those of `select`.
    """
    begins, field = _begins(key, list(labels), default), _widget(key)

    def take() -> None:
        opened = st.session_state.get(field)
        chosen = [choice for choice, label in labels.items() if label == opened]
        if chosen and _is_there(key, field):
            _heard(key, chosen[0], taken)

    return st.tabs(list(labels.values()), default=labels[begins], key=field, on_change=take)


def put(key: str, choice: object) -> None:
    """Choose something from the code; the field shows it in the next run."""
    _choices()[key] = choice
    times = st.session_state.setdefault(TIMES, {})
    times[key] = times.get(key, 0) + 1
    st.session_state.setdefault(FIELDS, {}).pop(key, None)


def follow(key: str, choice: object) -> None:
    """Let a field that comes next show this choice, which was made elsewhere: in the URL, or on another page."""
    if key not in _choices():
        _choices()[key] = choice
    elif _choices()[key] != choice:
        put(key, choice)


def choice_of(key: str) -> Any:
    """What is chosen; nothing where nobody chose yet."""
    return _choices().get(key)


def _choices() -> dict[str, Any]:
    return st.session_state.setdefault(CHOICES, {})


def _begins(key: str, options: Sequence[Choice], default: Choice) -> Choice:
    """The choice that the field begins with: the last one, as long as it is there."""
    if _choices().get(key, default) not in options:
        del _choices()[key]
    begins: Choice = _choices().get(key, default)
    return begins


def _chosen(field: Callable[..., Any], key: str, taken: Callable[[Any], None] | None, renamed: object = "") -> Any:
    """Make the field as it is now, and keep what is chosen in it."""
    widget = _widget(key, renamed)
    chosen = _choices()[key] = field(key=widget, on_change=_take, args=(key, widget, taken))
    return chosen


def _widget(key: str, renamed: object = "") -> str:
    """Streamlit's key of the field as it is now."""
    field = f"{key}_{language()}_{renamed}_{st.session_state.get(TIMES, {}).get(key, 0)}"
    st.session_state.setdefault(FIELDS, {})[key] = field
    return field


def _take(key: str, field: str, taken: Callable[[Any], None] | None) -> None:
    if _is_there(key, field):
        _heard(key, st.session_state[field], taken)


def _is_there(key: str, field: str) -> bool:
    """Whether this is the field as it is now; an answer from one that is not there any more comes too late."""
    return st.session_state[FIELDS].get(key) == field and field in st.session_state


def _heard(key: str, chosen: Any, taken: Callable[[Any], None] | None) -> None:
    """Remember what the visitor chose in the field itself."""
    _choices()[key] = chosen
    if taken is not None:
        taken(chosen)
