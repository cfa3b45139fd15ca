"""What was chosen on the page Initiatives, kept in the session and in the URL: tab, initiatives, filters, order.

The session keeps every choice, since a tab that is not open has no widgets. A parameter that somebody typed or followed
in a URL wins over it: one that differs from what this page last saw there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import lasting
from dashboard.wording import _

TAB = "deel"
ONE = "initiatief"
PART = "onderdeel"
SEVERAL = "naast"
THEME = "thema"
PLACE = "buurt"
PAYER = "betaler"
ORDER = "volgorde"
TABLE = "tabel"
ALL = ""
"""A filter that lets everything through."""
KEPT = "initiatives_kept"
SEEN = "initiatives_seen"


def value(parameter: str, allowed: Iterable[str], default: str) -> str:
    """What is chosen for a parameter; the default where it is not, or no longer, among what is allowed."""
    _take_from_url(parameter)
    found = st.session_state[KEPT].get(parameter, default)
    return found if found in set(allowed) else default


def values(parameter: str, allowed: Sequence[str], default: Sequence[str]) -> list[str]:
    """Several things chosen for one parameter, in the order chosen; what is not allowed is left out."""
    _take_from_url(parameter)
    text = st.session_state[KEPT].get(parameter)
    if text is None:
        return list(default)
    return [one for one in dict.fromkeys(text.split(",")) if one in set(allowed)]


def _take_from_url(parameter: str) -> None:
    kept, seen = st.session_state.setdefault(KEPT, {}), st.session_state.setdefault(SEEN, {})
    asked = st.query_params.get(parameter)
    if asked is not None and asked != seen.get(parameter):
        kept[parameter] = seen[parameter] = asked


def keep(parameter: str, chosen: str) -> None:
    """Remember a choice; it goes into the URL at the end of the run."""
    st.session_state.setdefault(KEPT, {})[parameter] = chosen


def remember_in_url() -> None:
    """Write every choice into the URL. What is as it was at first stands there too, once it was chosen."""
    for parameter, chosen in st.session_state.get(KEPT, {}).items():
        st.session_state[SEEN][parameter] = chosen
        if chosen == ALL:
            if parameter in st.query_params:
                del st.query_params[parameter]
        elif st.query_params.get(parameter) != chosen:
            st.query_params[parameter] = chosen


def select(
    parameter: str, label: str, options: Sequence[str], default: str, *, name: Callable[[str], str], help_text: str = ""
) -> str:
    """A field to choose one thing, that remembers."""
    key = _key(parameter)
    lasting.follow(key, value(parameter, options, default))
    return lasting.select(
        label, options, name=name, key=key, default=default, taken=_taker(parameter), help=help_text or None
    )


def switch(parameter: str, label: str, options: Sequence[str], *, name: Callable[[str], str]) -> str:
    """Buttons of which one is on, that remember; the first is on to begin with."""
    key = _key(parameter)
    lasting.follow(key, value(parameter, options, options[0]))
    return lasting.switch(label, options, name=name, key=key, default=options[0], taken=_taker(parameter))


def several(
    parameter: str, label: str, options: Sequence[str], default: Sequence[str], *, most: int, name: Callable[[str], str]
) -> list[str]:
    """A field to choose a few things, that remembers."""
    key = _key(parameter)
    lasting.follow(key, values(parameter, options, default)[:most])
    return lasting.several(
        label,
        options,
        name=name,
        key=key,
        default=default,
        taken=lambda chosen: keep(parameter, ",".join(chosen)),
        max_selections=most,
        placeholder=_("Choose"),
    )


def tabs(labels: dict[str, str]) -> Sequence[DeltaGenerator]:
    """The tabs, of which the one that was chosen is open. Other words, in another language, are other tabs."""
    now = value(TAB, labels, next(iter(labels)))
    lasting.follow(_key(TAB), now)
    return lasting.tabs(labels, key=_key(TAB), default=now, taken=_taker(TAB))


def _key(parameter: str) -> str:
    return f"initiatives_{parameter}"


def _taker(parameter: str) -> Callable[[str], None]:
    return lambda chosen: keep(parameter, chosen)
