"""Tab Directory (vindplaats): which initiatives there are, who does something alike, and the list to take along."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.initiatives import kept
from dashboard.initiatives.compare import filtered, theme_and_place
from dashboard.initiatives.view import View, cell
from dashboard.labels import choice_label
from dashboard.show import show_table
from dashboard.wording import _, language, n_
from exports.directory import directory_workbook
from valuation.case import STAGES
from valuation.directory import alike, directory

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_directory(view: View) -> None:
    """The list with its filters, the download, and who does something alike."""
    st.subheader(_("Which initiatives are there?"), anchor=False)
    theme_and_place(view, *st.columns(2, gap="medium"))
    numbers = filtered(view, with_payer=False)["initiative_id"]
    table = directory(view.case)
    chosen = table[table["initiative_id"].isin(numbers)]
    st.markdown(n_("{count} initiative", "{count} initiatives", len(chosen)))
    if not chosen.empty:
        _list(view, chosen)
    spoken = language()
    st.download_button(
        _("Download the directory (spreadsheet)"),
        data=lambda: directory_workbook(view.case, language=spoken),
        file_name="vindplaats.xlsx" if spoken == "nl" else "directory.xlsx",
        mime=XLSX,
        key="download_directory",
        icon=":material/download:",
        on_click="ignore",
    )
    _alike(view)


def _list(view: View, chosen: pd.DataFrame) -> None:
    stages = {stage.key: choice_label(stage) for stage in STAGES}
    show_table(
        pd.DataFrame(
            {
                _("Initiative"): [cell(name) for name in chosen["name"]],
                _("Theme"): [cell(theme) for theme in chosen["theme"]],
                _("Tasks"): [cell(tasks or "–") for tasks in chosen["tasks"]],
                _("Neighbourhood"): [cell(place) for place in chosen["neighbourhood"]],
                _("Legal form"): [cell(form) for form in chosen["legal_form"]],
                _("Stage"): [stages.get(stage, "–") for stage in chosen["stage"]],
                _("Building or green"): [
                    cell(view.objects[number]) if isinstance(number, str) else "–" for number in chosen["asset_id"]
                ],
            }
        ),
        key="table_directory",
        alt=_("The initiatives with theme, tasks, neighbourhood, legal form and stage"),
    )


def _alike(view: View) -> None:
    st.subheader(_("Who does something similar?"), anchor=False)
    one = kept.select(kept.ONE, _("Initiative"), list(view.names), next(iter(view.names)), name=view.label)
    rows = alike(view.case, one)
    if rows.empty:
        st.info(
            _("No other initiative shares a task, the theme or the neighbourhood with this one."),
            icon=":material/search_off:",
        )
        return
    show_table(
        pd.DataFrame(
            {
                _("Initiative"): [cell(name) for name in rows["name"]],
                _("What they share"): [_shared(row) for row in rows.itertuples()],
            }
        ),
        key="table_alike",
        alt=_("Initiatives that do something similar, most in common first"),
    )


def _shared(row: object) -> str:
    """What two initiatives have in common, in words."""
    parts = []
    if row.shared_tasks:
        parts.append(_("tasks: {tasks}", tasks=cell(row.shared_tasks)))
    if row.same_theme:
        parts.append(_("the theme"))
    if row.same_neighbourhood:
        parts.append(_("the neighbourhood"))
    return "; ".join(parts)
