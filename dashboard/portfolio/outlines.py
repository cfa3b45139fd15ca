"""The outlines of neighbourhoods that this visitor put on the map, for as long as the session lasts.

A file that cannot be read changes nothing: the outlines that were there stay.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import state
from intake import UnreadableFile
from intake.outlines import Outlines, read_outlines
from valuation.problems import Problem

KEY, REFUSED = "outlines", "outlines_refused"
EXAMPLE = Path(__file__).resolve().parents[2] / "datasets" / "voorbeeldgemeente_buurten.geojson"


def open_file(data: bytes, filename: str) -> None:
    """Read a file, and use its outlines when they can be read."""
    try:
        st.session_state[KEY] = read_outlines(data, filename)
        st.session_state[REFUSED] = None
    except UnreadableFile as error:
        st.session_state[REFUSED] = error.problem


def remove() -> None:
    """Take this visitor's outlines off the map."""
    st.session_state[KEY] = st.session_state[REFUSED] = None


def own() -> Outlines | None:
    """The outlines that this visitor brought."""
    found: Outlines | None = st.session_state.get(KEY)
    return found


def in_use() -> Outlines | None:
    """The visitor's own outlines, and otherwise those of the example while that is open."""
    workbook = state.in_use()
    return own() or (_example() if workbook is not None and workbook.example else None)


def refusal() -> Problem | None:
    """Why the last file was not used."""
    found: Problem | None = st.session_state.get(REFUSED)
    return found


@st.cache_resource(max_entries=1, show_spinner=False)
def _example() -> Outlines:
    return read_outlines(EXAMPLE.read_bytes(), EXAMPLE.name)
