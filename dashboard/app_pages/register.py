"""Register: read an overview from the municipality's own administration, and make objects of its rows."""

from __future__ import annotations

import math
from dataclasses import replace
from string import ascii_uppercase

import pandas as pd
import streamlit as st

from dashboard import identity, own_register, state
from dashboard.frame import DATA, go_to, page_title, plain, replaced_notice
from dashboard.marked import marked_button
from dashboard.notation import amount, number
from dashboard.own_register import OwnRegister
from dashboard.problem_list import level_badge, problem_table
from dashboard.show import csv_button, show_table
from dashboard.upload import reading as reading_bar
from dashboard.wording import _, language, n_
from intake.asset_register import (
    IGNORE,
    ROLES,
    Mapping,
    RegisterReading,
    RegisterTable,
    not_used,
    profile_of,
    suggested_base_year,
    suggested_scale,
    to_workbook,
)

EXAMPLES = 3
PROBLEMS_SHOWN = 6
ROWS_SHOWN = 12
COLUMNS_SHOWN = 30
ROWS_TO_CHOOSE = 500


def upload() -> None:
    """A field for the file, and what happens with it."""
    st.session_state.setdefault("register_uploads", 0)
    file = st.file_uploader(
        _("Register or annual accounts’ table (.xlsx, .xlsm, .xls, .ods, .csv)"),
        key=f"register_upload_{st.session_state['register_uploads']}",
        max_upload_size=state.MAX_UPLOAD_MB,
        help=_(
            "At most {megabytes} MB. Macros, links and embedded objects are never followed. A file with personal data "
            "is refused.",
            megabytes=state.MAX_UPLOAD_MB,
        ),
    )
    if file is not None:
        with reading_bar(file.name, _forget_upload) as progress:
            own_register.open_file(file.getvalue(), file.name, progress)
        _forget_upload()
        st.rerun()
    refused = own_register.refused()
    if refused is not None:
        st.error(refused.message(language()), icon=":material/error:")


def _forget_upload() -> None:
    st.session_state["register_uploads"] += 1


def bring_layout() -> None:
    """A layout that was kept in a file."""
    with st.expander(_("Use a layout that you saved before"), icon=":material/upload_file:", key="layout_field"):
        file = st.file_uploader(
            _("Layout (.json)"), key=f"layout_{st.session_state['register_uploads']}", max_upload_size=1
        )
        if file is not None and file.file_id != st.session_state.get("layout_seen"):
            st.session_state["layout_seen"] = file.file_id
            problem = own_register.bring_profile(file.getvalue(), file.name)
            st.session_state["layout_problem"] = problem
            st.rerun()
        if file is not None:
            problem = st.session_state.get("layout_problem")
            if problem is None:
                st.success(_("This layout is used for tables with the same headers."), icon=":material/check_circle:")
            else:
                st.error(problem.message(language()), icon=":material/error:")


def choose_table(register: OwnRegister) -> int:
    """Which of the tables in the file."""
    if len(register.tables) == 1:
        return 0
    return st.selectbox(
        n_("{count} table found; read", "{count} tables found; read", len(register.tables)),
        range(len(register.tables)),
        format_func=lambda which: _table_name(register.tables[which]),
        key=f"register_table_{register.version}",
    )


def _table_name(table: RegisterTable) -> str:
    title = next((text for text in table.titles if len(text) < 60), "")
    rows = n_("{count} row", "{count} rows", len(table.numbers("row")))
    return " · ".join(part for part in (table.sheet.name, table.range_name, title, rows) if part)


def what_was_found(register: OwnRegister, which: int, reading: RegisterReading) -> None:
    """The table in a sentence."""
    table = reading.table
    st.header(plain(register.filename), anchor=False)
    parts = [n_("{count} row that counts", "{count} rows that count", len(reading.rows))]
    if reading.totals:
        parts.append(n_("{count} total kept out", "{count} totals kept out", len(reading.totals)))
    if reading.headings:
        parts.append(n_("{count} line of text left out", "{count} lines of text left out", len(reading.headings)))
    where = _("Sheet {sheet}, {range}", sheet=table.sheet.name, range=table.range_name)
    st.markdown(f"{plain(where)}: {', '.join(parts)}.")
    for warning in register.raw.problems:
        st.info(warning.message(language()), icon=":material/link_off:")
    if which in register.recognised:
        st.success(_("The layout was recognised from last time."), icon=":material/history:")


def ask_scale(register: OwnRegister, which: int, reading: RegisterReading) -> None:
    """Whether what the sheet says about thousands holds."""
    table, mapping = reading.table, reading.mapping
    factor = suggested_scale(table)
    if factor == 1:
        return
    hint = next(hint for hint in table.hints if hint.factor == factor)
    labels = {scale: _scale_example(reading, scale) for scale in (factor, 1)}
    chosen = st.radio(
        _("Cell {cell} says: “{text}”. Is that so?", cell=hint.cell, text=hint.text),
        [factor, 1],
        format_func=labels.__getitem__,
        index=None if mapping.scale is None else [factor, 1].index(mapping.scale),
        # Streamlit remembers the words of an answer, so other words are another question.
        key=f"scale_{register.version}_{which}_{labels[factor]}",
    )
    if chosen is not None and chosen != mapping.scale:
        own_register.answer(which, replace(mapping, scale=chosen))
        st.rerun()


def _scale_example(reading: RegisterReading, scale: int) -> str:
    if reading.table.scales:
        return _("No, the amounts are in euros") if scale == 1 else _("Yes, each column by what its own header says")
    figures = reading.figures.get(reading.mapping.book_value, ())
    first = next((float(figure) for figure in figures if not math.isnan(figure) and figure), None)
    words = _("No, the amounts are in euros") if scale == 1 else _("Yes, multiply by {factor}", factor=number(scale))
    return words if first is None else f"{words}: {number(first, 2)} → {amount(first * scale)}"


def ask_notation(register: OwnRegister, which: int, reading: RegisterReading) -> None:
    """What a point or comma means in columns that do not say so themselves."""
    asked = [question.column.position for question in reading.questions]
    told = dict(reading.mapping.notations)
    if not asked and not told:
        return
    example = next((text for question in reading.questions for text in question.examples), None)
    by_position = {column.position: column.name for column in reading.table.columns}
    columns = ", ".join(by_position[position] for position in {**dict.fromkeys(asked), **told})
    current = next(iter(told.values()), None) if not asked else None
    labels = {
        "nl": _("The point is between thousands: 1.234 is one thousand two hundred and thirty-four"),
        "en": _("The point is a decimal point: 1.234 is a little more than one"),
    }
    chosen = st.radio(
        _("“{example}” can be read in two ways. What is meant?", example=example)
        if example
        else _("What does the point mean?"),
        ["nl", "en"],
        format_func=labels.__getitem__,
        index=None if current is None else ["nl", "en"].index(current),
        key=f"notation_{register.version}_{which}",
        help=_("It is about: {columns}", columns=columns),
    )
    answers = dict.fromkeys((*asked, *told), chosen)
    if chosen is not None and answers != told:
        own_register.answer(which, replace(reading.mapping, notations=answers))
        st.rerun()


def role_name(key: str) -> str:
    """A role in the words of the session."""
    return ROLES[key].nl if language() == "nl" else _english(ROLES[key].en)


def _english(key: str) -> str:
    return key if " " in key else key.removesuffix("_eur").replace("_", " ").capitalize()


def edit_mapping(register: OwnRegister, which: int, reading: RegisterReading) -> None:
    """What each column holds, as a table to correct."""
    table, mapping = reading.table, reading.mapping
    certain = {
        "profile": _("as last time"),
        "exact": _("from the header"),
        "similar": _("probably"),
        "none": _("choose"),
    }
    names = {role_name(key): key for key in ROLES}
    sample = table.numbers("row")[:EXAMPLES]
    frame = pd.DataFrame(
        [
            {
                "column": f"{column.letter} · {column.name}",
                "role": role_name(mapping.roles[column.position]),
                "why": certain[mapping.certainty.get(column.position, "none")]
                if mapping.roles[column.position] != IGNORE or mapping.certainty.get(column.position) == "none"
                else "",
                "examples": " | ".join(_shown(cell) for cell in table.cells(column.position, sample)),
            }
            for column in table.columns
        ]
    )
    edits = st.session_state.get("register_edits", 0)
    edited = st.data_editor(
        frame,
        key=f"mapping_{register.version}_{which}_{edits}",
        hide_index=True,
        height="content" if len(frame) <= COLUMNS_SHOWN else "auto",
        disabled=["column", "why", "examples"],
        column_config={
            "column": st.column_config.TextColumn(_("Column in your file"), width="medium"),
            "role": st.column_config.SelectboxColumn(
                _("What it holds"), options=list(names), required=True, width="medium"
            ),
            "why": st.column_config.TextColumn(_("How sure"), width="small"),
            "examples": st.column_config.TextColumn(_("First cells"), width="medium"),
        },
        alt=_("What each column of your file holds, to be changed"),
    )
    chosen = {column.position: names[role] for column, role in zip(table.columns, edited["role"], strict=True)}
    changed = mapping
    for position, role in chosen.items():
        if role != mapping.roles[position]:
            changed = changed.with_role(position, role)
            changed = replace(changed, certainty={**changed.certainty, position: "profile"})
    if changed.roles != mapping.roles:
        st.session_state["register_edits"] = edits + 1
        own_register.answer(which, changed)
        st.rerun()
    left = [column.name for column in not_used(reading) if column.header]
    if left:
        st.caption(_("Not used: {columns}.", columns=plain(", ".join(left))))


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.15g}".replace(".", "," if language() == "nl" else ".")  # of a year or a number no thousands
    return str(cell)


def what_adds_up(register: OwnRegister, which: int, reading: RegisterReading) -> None:
    """Whether rows and totals agree, and the cells that need a look."""
    st.subheader(_("Does it add up?"), anchor=False)
    if reading.questions:
        st.info(_("First answer the questions above."), icon=":material/help:")
        return
    lines = []
    reconciled = reading.reconciled
    if reconciled is None:
        lines.append(
            _("The rows cannot be checked: that takes a book value at both ends of the year and the movements between.")
        )
    else:
        checked, agreed = int(reconciled.checked.sum()), int(reconciled.within(1.0).sum())
        lines.append(
            _(
                "Start of the year + additions − what goes off = end of the year in {agreed} of {checked} rows, "
                "within one unit of the figures as shown.",
                agreed=number(agreed),
                checked=number(checked),
            )
        )
    as_negative = reading.turned | (frozenset() if reconciled is None else reconciled.as_negative)
    lines += [
        _("“{column}” shows what goes off as negative figures.", column=role_name(role)) for role in sorted(as_negative)
    ]
    for check in reading.total_checks:
        if check.agrees:
            lines.append(_("The total in row {row} is the sum of its rows.", row=check.row))
        else:
            lines.append(_("The total in row {row} differs from the sum of its rows; see below.", row=check.row))
    nil = sum(column.nil for column in reading.columns.values())
    if nil:
        lines.append(n_("{count} dash was read as zero.", "{count} dashes were read as zero.", nil))
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    show_problems(register, reading)
    choose_rows(register, which, reading)


def show_problems(register: OwnRegister, reading: RegisterReading) -> None:
    """What needs a look, and the file with all of it marked."""
    if not reading.problems:
        return
    for problem in reading.problems[:PROBLEMS_SHOWN]:
        badge, text = st.columns([1, 7], vertical_alignment="center")
        badge.markdown(level_badge(problem.level))
        text.markdown(plain(problem.message(language())))
    more = len(reading.problems) - PROBLEMS_SHOWN
    if more > 0:
        st.caption(n_("And {count} more.", "And {count} more.", more))
    with st.container(horizontal=True):
        marked_button(register.data, register.filename, register.raw, reading.problems)
        csv_button(problem_table(reading.problems), key="register_problems_csv", label=_("Download this list (CSV)"))


def choose_rows(register: OwnRegister, which: int, reading: RegisterReading) -> None:
    """The rows that become objects; some can be left out. Of very many those that were pointed out are offered."""
    numbers = reading.table.numbers("row")
    if len(numbers) <= 1:
        return
    excluded = set(reading.excluded)
    if len(numbers) > ROWS_TO_CHOOSE:
        pointed_out = {int(problem.cell.lstrip(ascii_uppercase)) for problem in reading.problems if problem.cell}
        numbers = [number for number in numbers if number in pointed_out | excluded]
    label = _label_of(reading)
    names = [None] * len(numbers) if label is None else reading.table.cells(label, numbers)
    words = {
        number: " · ".join(filter(None, (str(number), _shown(name))))
        for number, name in zip(numbers, names, strict=True)
    }
    chosen = st.multiselect(
        _("Leave out rows that are no object"),
        numbers,
        default=sorted(excluded.intersection(numbers)),
        format_func=words.__getitem__,
        key=f"leave_out_{register.version}_{which}_{label}",
        placeholder=_("Choose rows"),
        help=_("Of more than {count} rows, those with a remark can be chosen.", count=number(ROWS_TO_CHOOSE)),
    )
    if set(chosen) != excluded:
        own_register.leave_out(which, frozenset(chosen))
        st.rerun()


def _label_of(reading: RegisterReading) -> int | None:
    """The column by which a row is known."""
    places = (reading.mapping.position(role) for role in ("name", "id_and_name", "asset_id"))
    return next((place for place in places if place is not None), None)


def see_rows(reading: RegisterReading) -> None:
    """The first rows as they will be read, in euros."""
    roles = [role for role in reading.figures if ROLES[role].kind == "amount" and ROLES[role].sign == 0][:4]
    label = _label_of(reading)
    first = slice(0, ROWS_SHOWN)
    rows = reading.rows[first]
    columns: dict[str, list[object]] = {_("Row"): [str(row) for row in rows]}
    if label is not None:
        columns[_("Name")] = [str(cell or "") for cell in reading.table.cells(label, rows)]
    for role in roles:
        columns[role_name(role)] = [
            None if math.isnan(figure) else figure * reading.scale for figure in reading.figures[role][first].tolist()
        ]
    with st.expander(_("See the rows as they were read, in euros"), icon=":material/table_rows:", key="rows_read"):
        show_table(
            pd.DataFrame(columns, dtype=object),
            key="register_rows_csv",
            alt=_("The first rows of the register in euros"),
            columns={role_name(role): "amount" for role in roles},
        )


def make_objects(register: OwnRegister, which: int, reading: RegisterReading) -> None:
    """What is still needed for a workbook, and the button that makes it."""
    st.subheader(_("Make objects of the rows"), anchor=False)
    if not reading.is_ready:
        st.info(_("First answer the questions above."), icon=":material/help:")
        return
    mapping = choose_book_value(register, which, reading)
    left, right = st.columns(2)
    municipality = left.text_input(_("Municipality"), key=f"register_municipality_{register.version}")
    suggested = suggested_base_year(reading.table, mapping)
    year = right.text_input(
        _("Base year"),
        value=str(suggested or ""),
        key=f"register_year_{register.version}_{which}_{mapping.book_value}",
        help=_("The year of the transfer; the book value is that on 1 January of this year."),
    )
    kinds = {None: _("I fill that in per object"), "gebouw": _("All buildings"), "groen": _("All green spaces")}
    kind = None
    if mapping.position("kind") is None:
        kind = st.radio(
            _("Are these buildings or green spaces?"),
            list(kinds),
            format_func=kinds.__getitem__,
            key=f"register_kind_{register.version}",
            horizontal=True,
        )
    readings = [reading, *choose_alike(register, which)]
    st.markdown(
        _(
            "What the register does not say, such as the market value and the yearly cost, stays empty. The next page "
            "asks for it, cell by cell; nothing is guessed."
        )
    )
    if replaced_notice():
        st.caption(replaced_notice())
    with st.container(horizontal=True):
        if st.button(_("Make objects"), type="primary", key="make_objects", icon=":material/arrow_forward:"):
            own_register.remember(which)
            base_year = int(year) if year.strip().isdigit() else None
            raw = to_workbook(
                readings,
                filename=register.filename,
                municipality=municipality.strip() or None,
                base_year=base_year,
                kind=kind,
            )
            state.open_cells(raw, f"{register.filename.rpartition('.')[0] or register.filename}-objecten.xlsx")
            own_register.close()
            go_to(DATA)
        st.download_button(
            _("Save this layout for next time"),
            data=profile_of(reading.table, reading.mapping).to_json(),
            file_name="buurtwaarde-indeling.json",
            mime="application/json",
            key="save_layout",
            icon=":material/save:",
            on_click="ignore",
            help=_("A small file with the headers and what they hold, without figures."),
        )


def choose_alike(register: OwnRegister, which: int) -> list[RegisterReading]:
    """Other tables with the same headers, such as a sheet for every street, that are read along when asked."""
    others = own_register.with_the_same_headers(which)
    if not others:
        return []
    words = n_(
        "Also make objects of the other table with the same headers",
        "Also make objects of the {count} other tables with the same headers",
        len(others),
    )
    if not st.checkbox(words, key=f"together_{register.version}_{which}"):
        return []
    readings = own_register.read_alike(which, others)
    st.caption("  \n".join(plain(_in_short(reading)) for reading in readings))
    ready = [reading for reading in readings if reading.is_ready]
    if len(ready) < len(readings):
        st.warning(
            _("A table with an open question stays out: choose it at the top and answer it."), icon=":material/help:"
        )
    return ready


def _in_short(reading: RegisterReading) -> str:
    """A table with its rows, what they add up to, and how much in it needs a look."""
    name = reading.table.sheet.name
    parts = [n_("{count} row", "{count} rows", len(reading.rows))]
    if reading.mapping.book_value in reading.figures:
        parts.append(amount(reading.sum_eur(reading.mapping.book_value)))
    if reading.problems:
        parts.append(n_("{count} remark", "{count} remarks", len(reading.problems)))
    return f"{name}: {', '.join(parts)}"


def choose_book_value(register: OwnRegister, which: int, reading: RegisterReading) -> Mapping:
    """Which of the two book values is that of the object."""
    mapping = reading.mapping
    both = [role for role in ("closing_book_value", "opening_book_value") if mapping.position(role) is not None]
    if not both:
        st.warning(_("No column was chosen as book value; the objects get none."), icon=":material/info:")
        return mapping
    if mapping.book_value not in both:
        mapping = replace(mapping, book_value=both[0])
        own_register.answer(which, mapping)
        st.rerun()
    if len(both) == 1:
        return mapping
    names = {column.position: column.name for column in reading.table.columns}
    labels = {role: f"{names[mapping.position(role)]}: {amount(reading.sum_eur(role))}" for role in both}
    chosen = st.radio(
        _("Book value of the object"),
        both,
        format_func=labels.__getitem__,
        index=both.index(mapping.book_value),
        key=f"book_value_{register.version}_{which}_{'_'.join(labels.values())}",
    )
    if chosen != mapping.book_value:
        own_register.answer(which, replace(mapping, book_value=chosen))
        st.rerun()
    return mapping


page_title(
    _("Read your own register"),
    _(
        "Upload the asset register or the annual accounts’ table as you have it. We suggest what each"
        " column holds, check whether it adds up, and make objects of the rows."
    ),
)
if not identity.may_edit():
    st.info(
        _("With your role you read the figures. Finance officers and initiatives change them."), icon=":material/lock:"
    )
    st.stop()
upload()
bring_layout()
found = own_register.current()
if found is None:
    st.page_link(DATA, label=_("Back to your figures"), icon=":material/arrow_back:")
    st.stop()
table_number = choose_table(found)
as_read = found.reading(table_number)
what_was_found(found, table_number, as_read)
ask_scale(found, table_number, as_read)
ask_notation(found, table_number, as_read)
st.subheader(_("What each column holds"), anchor=False)
edit_mapping(found, table_number, as_read)
what_adds_up(found, table_number, as_read)
see_rows(as_read)
make_objects(found, table_number, as_read)
