"""The problems of a workbook as a table; each leads to its cell."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import identity, state
from dashboard.editor import focused, go_to_cell, repair
from dashboard.frame import plain
from dashboard.notation import MISSING, number
from dashboard.places import Place, places
from dashboard.show import csv_button
from dashboard.wording import _, language, n_
from valuation.problems import Problem

SHOWN_AT_ONCE = 10
SHOWN_AT_MOST = 200
"""More messages than anybody reads on a screen; the rest is in the list to download."""
WIDTHS = [0.9, 2.1, 4.8]


def show_problems(workbook: state.Workbook) -> None:
    """All problems, errors first; a button at each leads to the cell."""
    every = state.problems(workbook)
    problems = every[:SHOWN_AT_MOST]
    st.subheader(_("What to look at"), anchor=False)
    if len(every) > len(problems):
        st.markdown(
            _(
                "These are the first {shown} of {count} messages. The list to download has all of them. Often one "
                "mistake, such as a shifted column, gives many messages: mend that first.",
                shown=number(len(problems)),
                count=number(len(every)),
            )
        )
    first = _page(len(problems)) * SHOWN_AT_ONCE
    found = places(workbook.raw, problems)
    chosen = focused(workbook)
    with st.container(key="problems", gap="xsmall"):
        for column, heading in zip(
            st.columns(WIDTHS), (_("Kind"), _("Place"), _("What is wrong, and what to do")), strict=True
        ):
            column.markdown(f"**{heading}**")
        for place in range(first, min(first + SHOWN_AT_ONCE, len(problems))):
            _show_problem(place, problems[place], found[place])
            if chosen is not None and chosen[1] == problems[place] and identity.may_edit():
                repair(workbook, chosen[0])
    csv_button(lambda: problem_table(every), key="problems_csv", label=_("Download this list (CSV)"))


def _page(count: int) -> int:
    """Which part of a long list is shown."""
    pages = -(-count // SHOWN_AT_ONCE)
    if pages <= 1:
        return 0
    names = [f"{page * SHOWN_AT_ONCE + 1}–{min((page + 1) * SHOWN_AT_ONCE, count)}" for page in range(pages)]
    chosen = st.selectbox(
        n_("{count} message; show", "{count} messages; show", count),
        range(pages),
        format_func=lambda page: names[page],
        key=f"problem_page_{state.version()}",
        width=220,
    )
    return chosen or 0


def _show_problem(position: int, problem: Problem, place: Place | None) -> None:
    level, where, text = st.columns(WIDTHS, gap="small", vertical_alignment="center")
    level.markdown(level_badge(problem.level))
    name = " ".join(part for part in (problem.sheet, problem.cell) if part)
    if place is None:
        where.markdown(plain(name) or _("Workbook"))
    else:
        where.button(
            name,
            key=f"problem_{state.version()}_{position}",
            icon=":material/edit:",
            on_click=go_to_cell,
            args=(place, problem),
            width="stretch",
        )
    text.markdown(plain(problem.message(language())))


def level_badge(level: str) -> str:
    """Mistake or point to look at, in words and not in colour alone."""
    return (
        f":red-badge[:material/error: {_('Mistake')}]"
        if level == "error"
        else f":orange-badge[:material/info: {_('Note')}]"
    )


def problem_table(problems: tuple[Problem, ...]) -> pd.DataFrame:
    """The same list as a table, to take along."""
    return pd.DataFrame(
        [
            {
                _("Kind"): _("Mistake") if problem.level == "error" else _("Note"),
                _("Sheet"): problem.sheet or MISSING,
                _("Cell"): problem.cell or MISSING,
                _("Column"): problem.column or MISSING,
                _("What is wrong, and what to do"): problem.message(language()),
            }
            for problem in problems
        ]
    )
