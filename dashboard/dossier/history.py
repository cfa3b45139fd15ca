"""Everything that happened in a case, and what entries say that bring content of their own."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.dossier.words import kind_name, main_and_rest
from dashboard.frame import plain
from dashboard.notation import date, moment
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
    words = " ".join(part for part in (kind_name(entry.kind), thing_name(entry)) if part)
    return _("{what}, version {version}", what=words, version=entry.version)


def thing_name(entry: Entry) -> str:
    """Of which thing an entry is, as people say it."""
    content = entry.payload
    if entry.kind == "realisation" and "calendar_year" in content:
        return f"{content.get('initiative_id')}, {content['calendar_year']}"
    if entry.kind == "review":
        return date(day_of(entry.key)) if day_of(entry.key) else entry.key
    if entry.kind == "score":
        return ""
    return str(content.get("name") or entry.key) if entry.kind != "workbook" else ""


def day_of(text: str) -> datetime.date | None:
    """The day that a text begins with; none where it is no day."""
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError:
        return None


def show_entries(entries: Iterable[Entry], names: Mapping[str, str] | None = None) -> None:
    """Entries with their content, each as a card; `names` are what words of the code are called on the screen."""
    for entry in entries:
        with st.container(border=True):
            heading = f"{kind_name(entry.kind)} {thing_name(entry)}".strip()
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
            main, rest = main_and_rest(_with_names(entry.payload, names or {}))
            if main:
                _content_table(main, plain(heading))
            if rest:
                with st.expander(_("Everything that was recorded with it"), key=f"content_{entry.number}"):
                    _content_table(rest, plain(heading))


def _with_names(payload: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {key: names.get(value, value) if isinstance(value, str) else value for key, value in payload.items()}


def _content_table(rows: list[tuple[str, str]], alt: str) -> None:
    st.table(pd.DataFrame(rows, columns=[_("What"), _("Says")]), hide_index=True, border="horizontal", alt=alt)
