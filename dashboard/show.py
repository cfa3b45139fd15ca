"""How pages show things: a chart with its table and source, a table that can be taken along."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.charts.template import CONFIG
from dashboard.notation import JOINER, number, written
from dashboard.wording import _, language, speaking

TAB = "deel"
"""URL parameter of the open tab."""
LONGEST_PLACE = 3
MOST_ROWS = 100
SIGNED_NUMBER = re.compile(r"[+-]\d[\d.,]*%?")


def open_tabs(key: str, names: list[str]) -> list[Any]:
    """Tabs of which only the open one has to be made (`tab.open`).

    The same one is open in the other language, after a visit to another page, and after a reload: its place stands in
    the URL. With the place and not the name, since a name is in one language.
    """
    widget, place = f"{key}_{language()}", f"{key}_open"
    if widget not in st.session_state:
        last = st.session_state.get(place, _place_in_url())
        st.session_state[widget] = names[last if last < len(names) else 0]
    tabs = list(st.tabs(names, key=widget, on_change="rerun"))
    st.session_state[place] = next((number for number, tab in enumerate(tabs) if tab.open), 0)
    _keep_place_in_url(st.session_state[place])
    return tabs


def _place_in_url() -> int:
    """Which tab the URL asks for, counted from nought; the first where it asks for none."""
    asked = st.query_params.get(TAB, "")
    return max(int(asked) - 1, 0) if asked.isdecimal() and len(asked) < LONGEST_PLACE else 0


def _keep_place_in_url(place: int) -> None:
    """Any other tab than the first stands in the URL, counted from one."""
    if place == 0:
        st.query_params.pop(TAB, None)
    elif st.query_params.get(TAB) != str(place + 1):
        st.query_params[TAB] = str(place + 1)


def show_chart(
    figure: dict[str, Any],
    table: pd.DataFrame,
    source: str,
    alt: str,
    key: str,
    *,
    columns: Mapping[str, str] | None = None,
) -> None:
    """A chart, with the figures behind it as a table and the line that says where they come from.

    Parameters
    ----------
    figure : dict or Figure
        `{"data": ..., "layout": dashboard.charts.template.layout(...)}`.
    table : DataFrame
        The same figures, one row per bar or point; column names are the headers that the user reads.
    source : str
        Where the figures come from, in a sentence.
    alt : str
        What the chart shows, for who cannot see it: the message with its main figures.
    key : str
        Name of this chart on the page; stays the same from run to run.
    columns : mapping, optional
        Column to the way its figures are written: a key of `dashboard.notation.WRITERS`.
    """
    st.plotly_chart(figure, key=key, config=CONFIG, alt=alt, width="stretch")
    with st.expander(_("The figures in this chart"), icon=":material/table:", key=f"{key}_table"):
        show_table(table, key=f"{key}_csv", alt=alt, columns=columns)
    st.caption(_("Source: {source}", source=source))


def show_table(table: pd.DataFrame, key: str, alt: str, *, columns: Mapping[str, str] | None = None) -> None:
    """A table in the app's notation, that a screen reader can read and that can be downloaded.

    A browser takes seconds for thousands of rows: of a long table the first stand on screen, and all in the download.
    Parameters are those of `show_chart`.
    """
    formats = columns or {}
    st.table(written(table.head(MOST_ROWS), formats), hide_index=True, border="horizontal", alt=alt)
    if len(table) > MOST_ROWS:
        st.caption(
            _(
                "The first {shown} of {count} rows; the download has them all.",
                shown=number(MOST_ROWS),
                count=number(len(table)),
            )
        )
    csv_button(lambda: written(table, formats), key=key, label=_("Download this table (CSV)"))


def csv_button(table: pd.DataFrame | Callable[[], pd.DataFrame], key: str, label: str) -> None:
    """A button that gives the table, as it stands, as a file for a spreadsheet; a long one is made when asked for."""
    spoken = language()
    st.download_button(
        label,
        data=lambda: _csv_of(table, spoken),
        file_name=f"buurtwaarde-{key.removesuffix('_csv').replace('_', '-')}.csv",
        mime="text/csv",
        key=key,
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


def _csv_of(table: pd.DataFrame | Callable[[], pd.DataFrame], spoken: str) -> bytes:
    with speaking(spoken):
        return csv_bytes(table() if callable(table) else table, spoken)


def csv_bytes(table: pd.DataFrame, spoken: str) -> bytes:
    """The table as a file that a spreadsheet in this language opens as it is, and never runs.

    Text that a spreadsheet would take for a formula gets an apostrophe in front; a negative number does not.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";" if spoken == "nl" else ",")
    writer.writerow([_harmless(str(name)) for name in table.columns])
    writer.writerows(
        [_harmless("" if cell is None else str(cell).replace(JOINER, "")) for cell in row]
        for row in table.itertuples(index=False)
    )
    return file.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    signed_number = SIGNED_NUMBER.fullmatch(text) is not None
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) and not signed_number else text
