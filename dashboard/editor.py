"""Editing the sheets in place.

What was typed is never lost: not by a mistake, and not by going to another sheet, page or language.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

import intake
from dashboard import identity, leaving, state
from dashboard.labels import column_help, column_label, english_name, sheet_label
from dashboard.places import Place, places
from dashboard.wording import _, language, n_
from intake.editing import shown_cell, typed_cell
from intake.names import fold
from valuation.case import ASSUMPTION_COLUMNS, ASSUMPTIONS, TABLES
from valuation.problems import Problem

TABLES_BY_KEY = {table.key: table for table in TABLES}
SHEET_KEY = "sheet_in_editor"
ROW, PROBLEM = "_row", "_problem"


def go_to_cell(place: Place, problem: Problem) -> None:
    """Open the editor at this cell."""
    st.session_state[SHEET_KEY] = place.table
    st.session_state["focus"] = (state.version(), place, problem)


def edit_sheets(workbook: state.Workbook) -> None:
    """The sheets of the workbook, one at a time, as tables that can be changed."""
    may_edit = identity.may_edit()
    st.subheader(_("Change figures") if may_edit else _("The figures"), anchor=False)
    if not may_edit:
        st.caption(_("With your role you read the figures. Finance officers and initiatives change them."))
    if st.session_state.get(SHEET_KEY) not in TABLES_BY_KEY:
        st.session_state[SHEET_KEY] = "assets"
    marked = _messages(workbook)
    key = st.segmented_control(
        _("Sheet"),
        list(TABLES_BY_KEY),
        format_func=lambda name: _sheet_with_count(name, marked),
        key=SHEET_KEY,
        required=True,
        persist_state="session",
    )
    focus = focused(workbook)
    if not may_edit:
        _read(workbook, key, marked.get(key, {}), focus[0] if focus and focus[0].table == key else None)
        return
    _edit(workbook, key, marked.get(key, {}), focus[0] if focus and focus[0].table == key else None)


def _sheet_with_count(key: str, marked: dict[str, dict[int, list[str]]]) -> str:
    count = sum(len(columns) for columns in marked.get(key, {}).values())
    return sheet_label(TABLES_BY_KEY[key]) + (f" ({count})" if count else "")


def _messages(workbook: state.Workbook) -> dict[str, dict[int, list[str]]]:
    """Table to row to the columns with a message."""
    marked: dict[str, dict[int, list[str]]] = {}
    for place in places(workbook.raw, state.problems(workbook)):
        if place is not None:
            marked.setdefault(place.table, {}).setdefault(place.row, []).append(place.column)
    return marked


def focused(workbook: state.Workbook) -> tuple[Place, Problem] | None:
    """The problem that was chosen, as long as the workbook has not changed since."""
    version, place, problem = st.session_state.get("focus") or (None, None, None)
    return (place, problem) if version == state.version() and problem in state.problems(workbook) else None


def repair(workbook: state.Workbook, place: Place) -> None:
    """One cell by itself: what stands there now, in a field for what it has to be."""
    frame = _frame(workbook, place.table)
    with st.container(border=True, key="repair"):
        field, button = st.columns([3, 2], vertical_alignment="bottom")
        typed = field.text_input(
            cell_label(place.table, place.column),
            value=frame.at[place.row, place.column] or "",
            key=f"repair_{state.version()}_{place.cell}",
            help=cell_help(place.table, place.column),
        )
        if button.button(_("Put this in the cell"), type="primary", key="repair_apply"):
            # Edits in the table below that are not applied yet go along.
            changed = _pending(workbook, place.table)
            changed = frame if changed is None else changed
            changed.loc[place.row, place.column] = typed
            state.change(intake.with_table(workbook.raw, place.table, changed, language()))
            st.rerun()


def cell_label(table: str, column: str) -> str:
    """What a column is called on the screen."""
    if table == ASSUMPTIONS.key:
        dutch = ASSUMPTION_COLUMNS[column][0]
        return dutch if language() == "nl" else english_name(column)
    return column_label(TABLES_BY_KEY[table].column(column))


def cell_help(table: str, column: str) -> str | None:
    """What a column means."""
    return None if table == ASSUMPTIONS.key else column_help(TABLES_BY_KEY[table].column(column))


def _read(workbook: state.Workbook, key: str, marked: dict[int, list[str]], focus: Place | None) -> None:
    """The sheet as a table that nobody can type in."""
    frame = _frame(workbook, key)
    st.dataframe(
        _with_marks(frame, key, marked),
        hide_index=True,
        column_config=_column_config(key, frame, focus),
        column_order=_column_order(frame, focus),
        alt=_("Sheet {sheet}", sheet=sheet_label(TABLES_BY_KEY[key])),
    )


def _edit(workbook: state.Workbook, key: str, marked: dict[int, list[str]], focus: Place | None) -> None:
    """The sheet as a table, and a button that puts the changes in the workbook."""
    original = _frame(workbook, key)
    only_marked = bool(marked) and st.toggle(
        n_("Only the row with a message", "Only the {count} rows with a message", len(marked)),
        value=focus is not None,
        key=f"only_marked_{state.version()}_{key}_{focus}",
    )
    current = _pending(workbook, key)
    base = _mounted(key, only_marked, original if current is None else current)
    shown = base[base.index.isin(marked)] if only_marked else base
    edited = st.data_editor(
        _with_marks(shown, key, marked),
        key=f"editor_{st.session_state['editor_mount'][-1]}",
        hide_index=True,
        num_rows="fixed" if only_marked else "dynamic",
        column_config=_column_config(key, shown, focus),
        column_order=_column_order(shown, focus),
        disabled=[ROW, PROBLEM],
        placeholder="",
        alt=_("Sheet {sheet}, to be changed", sheet=sheet_label(TABLES_BY_KEY[key])),
    )
    changed = _merged(base, shown, edited)
    if changed.fillna("").equals(original.fillna("")):
        st.session_state["drafts"].pop(key, None)
    else:
        st.session_state["drafts"][key] = (language(), changed)
        leaving.ask("table")
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(_("Apply the changes"), type="primary", key="apply", icon=":material/check:"):
                state.change(intake.with_table(workbook.raw, key, changed, language()))
                st.rerun()
            st.button(_("Undo these changes"), key="undo", icon=":material/undo:", on_click=_forget, args=(key,))
            st.caption(_("Changes count after you apply them."))


def _frame(workbook: state.Workbook, key: str, spoken: str | None = None) -> pd.DataFrame:
    """The sheet's cells as text, by row number; made once for each state of the workbook."""
    if st.session_state.get("frames_of") != state.version():
        st.session_state["frames_of"] = state.version()
        st.session_state["frames"], st.session_state["drafts"] = {}, {}
    frames: dict[tuple[str, str], pd.DataFrame] = st.session_state["frames"]
    place = (key, spoken or language())
    if place not in frames:
        frames[place] = intake.table_frame(workbook.raw, *place)
    return frames[place].copy()


def _pending(workbook: state.Workbook, key: str) -> pd.DataFrame | None:
    """What was typed in this sheet and not applied yet, in the notation of the language of now."""
    original = _frame(workbook, key)
    typed_in, frame = st.session_state["drafts"].get(key, (None, None))
    if frame is None or typed_in == language():
        return None if frame is None else frame.copy()
    translated = frame.copy()
    before = _frame(workbook, key, typed_in)
    for row in frame.index:
        for column in frame.columns:
            text = frame.at[row, column]
            if row in before.index and text == before.at[row, column]:
                translated.at[row, column] = original.at[row, column]
            elif text is not None:
                kind = _kind(key, column, frame.loc[row])
                cell = typed_cell(text, kind, typed_in)
                translated.at[row, column] = None if cell is None else shown_cell(cell, kind, language())
    return translated


def _kind(key: str, column: str, row: pd.Series) -> str:
    """How a cell is read; in the assumptions the key of the row decides."""
    if key != ASSUMPTIONS.key:
        return TABLES_BY_KEY[key].column(column).kind
    kinds = {fold(name): declared.kind for declared in ASSUMPTIONS.columns for name in (declared.key, declared.header)}
    return kinds.get(fold(row["key"]), "text") if column in {"value", "low", "high"} else "text"


def _forget(key: str) -> None:
    st.session_state["drafts"].pop(key, None)
    st.session_state["editor_mount"] = None


def _mounted(key: str, only_marked: bool, frame: pd.DataFrame) -> pd.DataFrame:  # noqa: FBT001 - what is shown
    """The table that the editor on screen started from.

    It stays the same object as long as that editor stays on screen, since a new one would drop what is being typed. A
    fresh editor (another sheet, page or selection of rows) starts from what was typed before.
    """
    place = (state.version(), key, only_marked, st.session_state.get("visit"), language())
    mount = st.session_state.get("editor_mount")
    if mount is None or mount[0] != place:
        st.session_state["editors"] = st.session_state.get("editors", 0) + 1
        mount = (place, frame, st.session_state["editors"])
        st.session_state["editor_mount"] = mount
    return mount[1]


def _with_marks(frame: pd.DataFrame, key: str, marked: dict[int, list[str]]) -> pd.DataFrame:
    """The table with its row numbers, and the columns that have a message."""
    messages = [", ".join(cell_label(key, column) for column in marked.get(row, ())) for row in frame.index]
    shown = frame.reset_index(drop=True)
    shown.insert(0, ROW, [str(row) for row in frame.index])
    shown.insert(1, PROBLEM, [f"⚠ {text}" if text else "" for text in messages])
    return shown


def _merged(base: pd.DataFrame, shown: pd.DataFrame, edited: pd.DataFrame) -> pd.DataFrame:
    """The whole table with what was changed in the rows on screen; new rows come last."""
    cells = edited.drop(columns=[ROW, PROBLEM])
    kept = pd.to_numeric(edited[ROW], errors="coerce")
    last = max([0, *base.index])
    numbers, new = [], 0
    for row in kept:
        new += pd.isna(row)
        numbers.append(last + new if pd.isna(row) else int(row))
    cells.index = pd.Index(numbers, name=base.index.name, dtype=base.index.dtype)
    elsewhere = base[~base.index.isin(shown.index)]
    together = pd.concat([elsewhere, cells]).sort_index() if len(elsewhere) else cells
    return together.astype("object").where(together.notna(), None)


def _column_order(frame: pd.DataFrame, focus: Place | None) -> list[str]:
    """Row number and message first; then the row's name, and the column of the chosen problem."""
    names = list(frame.columns)
    first = [_name_of_row(names), *([focus.column] if focus is not None and focus.column in names else [])]
    return [ROW, PROBLEM, *dict.fromkeys([*first, *names])]


def _name_of_row(columns: list[str]) -> str:
    """The column that says what a row is: after the number or code comes the name; an assumption has its key."""
    return "key" if "key" in columns else columns[min(1, len(columns) - 1)]


def _column_config(key: str, frame: pd.DataFrame, focus: Place | None) -> dict[str, Any]:
    text = st.column_config.TextColumn
    config: dict[str, Any] = {
        ROW: text(_("Row"), width="small", pinned=True, help=_("Row number in the workbook")),
        PROBLEM: text(_("Message about"), pinned=True) if focus else None,
    }
    named = _name_of_row(list(frame.columns))
    for name in frame.columns:
        label = cell_label(key, name)
        pointed = focus is not None and focus.column == name
        config[name] = text(
            f"⚠ {label}" if pointed else label, help=cell_help(key, name), pinned=name == named or pointed
        )
    return config
