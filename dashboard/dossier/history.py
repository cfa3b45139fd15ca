"""Everything that happened in a case, and what entries say that bring content of their own."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from dashboard.dossier.words import content_rows, kind_name
from dashboard.frame import plain
from dashboard.notation import moment
from dashboard.show import csv_button, show_table
from dashboard.wording import _, n_
from register import Entry

ROWS_SHOWN = 25


def show_history(entries: list[Entry]) -> None:
    """Who added what, when and why; the last first."""
    st.markdown(
        n_(
            "{count} addition, numbered without gaps. Nothing is ever changed or taken out.",
            "{count} additions, numbered without gaps. Nothing is ever changed or taken out.",
            len(entries),
        )
    )
    table = pd.DataFrame(
        {
            _("No."): [str(entry.number) for entry in entries],
            _("When"): [moment(entry.at) for entry in entries],
            _("Who"): [entry.by_name for entry in entries],
            _("What"): [_what(entry) for entry in entries],
            _("Why"): [entry.why for entry in entries],
        }
    ).iloc[::-1]
    if len(table) <= ROWS_SHOWN:
        show_table(table, key="history_csv", alt=_("The history of this case"))
        return
    st.table(table.head(ROWS_SHOWN), hide_index=True, border="horizontal", alt=_("The history of this case"))
    st.caption(n_("And {count} earlier one.", "And {count} earlier ones.", len(table) - ROWS_SHOWN))
    csv_button(table, key="history_csv", label=_("Download the whole history (CSV)"))


def _what(entry: Entry) -> str:
    parts = [kind_name(entry.kind), entry.key if entry.kind != "score" else ""]
    words = " ".join(part for part in parts if part)
    return _("{what}, version {version}", what=words, version=entry.version)


def show_entries(entries: Iterable[Entry]) -> None:
    """Entries with their content, each as a card."""
    for entry in entries:
        with st.container(border=True):
            heading = f"{kind_name(entry.kind)} {entry.payload.get('name') or entry.key}".strip()
            st.markdown(f"**{plain(heading)}**")
            st.caption(
                _(
                    "{name}, {when}, version {version}: “{why}”",
                    name=plain(entry.by_name),
                    when=moment(entry.at),
                    version=entry.version,
                    why=plain(entry.why),
                )
            )
            rows = content_rows(entry.payload)
            if rows:
                st.table(
                    pd.DataFrame(rows, columns=[_("What"), _("Says")]),
                    hide_index=True,
                    border="horizontal",
                    alt=plain(heading),
                )
