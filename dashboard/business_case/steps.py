"""Walking through the questions: one a screen, with what has been filled in beside it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

import intake
from dashboard import state
from dashboard.business_case import drafts, points, session
from dashboard.business_case.answers import Answers, without_last_totals
from dashboard.business_case.fields import ask
from dashboard.business_case.questions import Field, Question, RowKind, Rows, questions
from dashboard.frame import plain
from dashboard.labels import choice_label
from dashboard.marked import EXCEL
from dashboard.notation import amount, number, percent
from dashboard.wording import _, language, n_

STATUS_ICONS = {"done": "check_circle", "open": "error", "empty": "radio_button_unchecked"}
LONGEST_ANSWER = 42
MOST_SHOWN = 3


STYLE = """
<style>
/* What was filled in stays in sight beside a long question. */
@media (min-width: 640px) {
  .st-key-filled_in { position: sticky; top: 4.25rem; max-height: calc(100vh - 5.5rem); overflow-y: auto; }
}
.st-key-filled_in [class*="st-key-jump_"] button { min-height: 1.9rem; padding: .1rem .5rem; }
.st-key-filled_in [class*="st-key-jump_"] [data-testid="stCaptionContainer"] { padding-left: 2.1rem; }
.st-key-filled_in { gap: .5rem; }
/* An answer counts when one goes on to the next, so nobody has to be told, in English, to press Enter. */
[data-testid="InputInstructions"] { display: none; }
</style>
"""


def show_title() -> None:
    """Whose plan it is."""
    name = session.answers().rows("initiatives")
    own = next(iter(name.values()), {}).get("name")
    st.title(_("Business case of {name}", name=plain(own)) if own else _("Your business case"), anchor=False)


def show_parts(names: dict[str, str]) -> None:
    """The parts of the page: questions, open points, outcome; and the way to another plan."""
    st.html(STYLE)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        # A switch of its own for each part: one that is written into can come back with what it was before.
        key = f"bc_part_{language()}_{session.part()}"
        st.segmented_control(
            _("Part of this page"),
            list(names),
            default=session.part(),
            format_func=names.__getitem__,
            key=key,
            required=True,
            label_visibility="collapsed",
            on_change=lambda: session.go(st.session_state[key]),
        )
        st.button(
            _("Another plan"), key="bc_close", type="tertiary", icon=":material/folder_open:", on_click=session.close
        )


def show_questions() -> None:
    """The open question, and beside it what has been filled in."""
    asked = questions()
    place = next((number for number, each in enumerate(asked) if each.key == session.question()), 0)
    asking, beside = st.columns([8, 4], gap="large")
    with asking:
        _question(asked, place)
    with beside:
        show_filled_in(asked, asked[place].key)


def _question(asked: tuple[Question, ...], place: int) -> None:
    question = asked[place]
    st.progress(
        (place + 1) / len(asked),
        text=_("Question {number} of {count}", number=place + 1, count=len(asked)),
    )
    st.header(question.title, anchor=False)
    st.markdown(f"**{_('Why we ask:')}** {question.why}")
    if question.example:
        st.markdown(f":material/lightbulb: **{_('For example:')}** {question.example}")
    with st.container(key=f"question_{question.key}", gap="medium"):
        asked_something = False
        for part in question.parts:
            if isinstance(part, Field):
                asked_something = _asks(part) or asked_something
                ask(part)
            else:
                asked_something = True
                show_rows(part)
        if not asked_something:
            st.info(_("You take over no building or green space, so there is nothing to answer here."))
    _walk(asked, place)


def _asks(field: Field) -> bool:
    plan = session.answers()
    return (field.shown is None or field.shown(plan, None)) and plan.spot(field.table, field.column) is not None


def _walk(asked: tuple[Question, ...], place: int) -> None:
    """Back, on, and skip."""
    st.space("small")
    untouched = points.status(session.answers(), asked[place]) == "empty"
    with st.container(horizontal=True, vertical_alignment="center"):
        if place > 0:
            st.button(
                _("Back"),
                key="bc_back",
                icon=":material/arrow_back:",
                on_click=_go,
                args=(session.ASKING, asked[place - 1].key),
            )
        last = place == len(asked) - 1
        target = (session.OPEN_POINTS, None) if last else (session.ASKING, asked[place + 1].key)
        st.button(
            _("To the open points") if last else _("Next"),
            key="bc_next",
            type="primary",
            icon=":material/arrow_forward:",
            icon_position="right",
            on_click=_go,
            args=target,
        )
        if untouched:
            st.button(_("Skip this question"), key="bc_skip", type="tertiary", on_click=_go, args=target)


def _go(part: str, question: str | None) -> None:
    session.go(part, question)
    session.keep()


def show_rows(part: Rows) -> None:
    """A list of rows: each with its fields, and buttons that add one."""
    plan = session.answers()
    rows = part.rows(plan)
    if part.heading:
        st.subheader(part.heading, anchor=False)
    if not rows and not _show_total(plan, part) and part.empty:
        st.caption(part.empty)
    for row, kind in rows.items():
        _row(part, row, kind)
    if not part.fixed:
        _add(part)


def _show_total(plan: Answers, part: Rows) -> bool:
    """The total that the workbook has without rows; says whether there is one."""
    spot = plan.spot("initiatives", part.total) if part.total else None
    value = None if spot is None else plan.number(spot)
    if not value:
        return False
    st.info(
        _(
            "The workbook has one total: {amount} a year. It counts as long as you add nothing here; your items take its "
            "place.",
            amount=f"**{amount(value)}**",
        ),
        icon=":material/functions:",
    )
    return True


def _row(part: Rows, row: int, kind: RowKind) -> None:
    plan = session.answers()
    with st.container(border=True, key=f"row_{part.table}_{row}"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            name = points.row_name(plan, part, row)
            st.markdown(
                f"**{plain(kind.label if len(part.kinds) > 1 or part.fixed is False else name)}**"
                if not part.fixed
                else f"**{plain(name)}**"
            )
            if not part.fixed:
                st.button(
                    _("Remove"),
                    key=f"bc_remove_{part.table}_{row}",
                    icon=":material/delete:",
                    type="tertiary",
                    on_click=_remove,
                    args=(part.table, row),
                )
        if kind.why:
            st.caption(kind.why)
        for field in kind.fields:
            ask(field, row)


def _add(part: Rows) -> None:
    """Buttons that add a row of each kind."""
    if part.add:
        st.markdown(f"**{part.add}**")
    with st.container(horizontal=True, gap="small"):
        for kind in part.kinds:
            st.button(
                kind.label,
                key=f"bc_add_{part.table}_{kind.key}",
                icon=":material/add:",
                help=kind.why or None,
                on_click=_add_row,
                args=(part.table, kind),
            )


def _add_row(table: str, kind: RowKind) -> None:
    plan = session.answers()
    cells = {column: plan.word(table, column, key) for column, key in kind.preset.items()}
    if kind.named:
        cells[kind.named] = kind.label
    session.change(plan.with_row(table, cells)[0])


def _remove(table: str, row: int) -> None:
    session.change(without_last_totals(session.answers(), session.answers().without_row(table, row), table))


def show_filled_in(asked: tuple[Question, ...], current: str) -> None:
    """Every question with what was answered; a click goes there. And whether it is kept."""
    plan = session.answers()
    with st.container(border=True, key="filled_in"):
        st.subheader(_("What you have filled in"), anchor=False)
        show_kept()
        for number_of, question in enumerate(asked, start=1):
            status = points.status(plan, question)
            with st.container(gap=None, key=f"jump_{question.key}"):
                st.button(
                    f"{number_of}. {question.short}",
                    key=f"bc_jump_{question.key}",
                    icon=f":material/{STATUS_ICONS[status]}:",
                    type="secondary" if question.key == current else "tertiary",
                    help=_status_words(status),
                    on_click=_go,
                    args=(session.ASKING, question.key),
                )
                said = answered(plan, question)
                if said:
                    st.caption(plain(said))


def _status_words(status: str) -> str:
    return {
        "done": _("Answered"),
        "open": _("Something is still open"),
        "empty": _("Not answered yet"),
    }[status]


def answered(plan: Answers, question: Question) -> str:
    """The answers of a question in one short line."""
    said: list[str] = []
    for part in question.parts:
        if isinstance(part, Rows):
            said += [_row_in_short(plan, part, row) for row in part.rows(plan)]
        elif part.shown is None or part.shown(plan, None):
            text = _short(plan, part)
            if text:
                said.append(text)
    more = f" +{len(said) - MOST_SHOWN}" if len(said) > MOST_SHOWN else ""
    return " · ".join(said[:MOST_SHOWN]) + more


def _row_in_short(plan: Answers, part: Rows, row: int) -> str:
    """A row by its name, with its amount where it is one."""
    name = points.row_name(plan, part, row)
    spot = plan.spot(part.table, "amount_eur", row) if part.table == "financing" else None
    value = None if spot is None else plan.number(spot)
    return name if value is None else f"{name} {amount(value)}"


def _short(plan: Answers, field: Field) -> str:
    """One answer as one reads it."""
    spot = plan.spot(field.table, field.column)
    if spot is None or field.column in {"note", "asset_id"}:
        return ""
    cell, kind = plan.cell(spot), spot.declared.kind
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        writers: dict[str, Callable[[float], str]] = {
            "amount": amount,
            "fraction": percent,
            "number": lambda n: number(n, 1),
        }
        return writers.get(kind, lambda value: f"{value:g}")(cell)
    if kind == "choice":
        names = {choice.key: choice_label(choice) for choice in spot.declared.choices}
        return names.get(plan.choice(spot) or "", "")
    text = str(cell or "")
    return text if len(text) <= LONGEST_ANSWER else text[: LONGEST_ANSWER - 1] + "…"


def show_kept() -> None:
    """Whether the answers are kept, and the workbook to take along."""
    draft, plan = drafts.current(), session.answers()
    if draft is None or draft.version == 0 or draft.problem:
        reason = (
            _("Your role may look, but not keep a plan here.")
            if draft is not None and draft.problem == "role"
            else _("The server cannot keep your answers now.")
        )
        if draft is not None and (draft.problem or draft.version):
            st.warning(
                reason + " " + _("Download your workbook before you leave; with it you go on where you stopped."),
                icon=":material/cloud_off:",
            )
    else:
        # Every version has a name of its own, so that whoever looks at the page can tell that the last answer is kept.
        with st.container(key=f"bc_kept_{draft.version}"):
            st.caption(
                ":material/cloud_done: "
                + _("Kept after every answer. Only you see it; the address of this page brings you back.")
            )
    st.download_button(
        _("Download what you have"),
        data=lambda: intake.write_workbook(plan.raw),
        file_name=session.download_name(),
        mime=EXCEL,
        key="bc_download",
        icon=":material/download:",
        on_click="ignore",
        help=_("A workbook. Upload it on this page later and go on where you stopped."),
    )


def show_open_points() -> None:
    """What is still open, in four groups."""
    asked = questions()
    plan = session.answers()
    found = points.points(plan, asked)
    names = {question.key: question.short for question in asked}
    st.header(_("What is still open?"), anchor=False)
    blocking = [point for point in found if point.level in points.BLOCKING]
    if blocking:
        st.error(
            n_(
                "{count} answer is still needed before there is an outcome.",
                "{count} answers are still needed before there is an outcome.",
                len(blocking),
            ),
            icon=":material/error:",
        )
    elif state.shown().case is None:
        _elsewhere()
    else:
        st.success(_("There is enough to work out your plan."), icon=":material/check_circle:")
    groups = (
        (_("Needed first"), points.BLOCKING),
        (_("To be asked"), frozenset({"unknown"})),
        (_("Assumptions to replace"), frozenset({"assumed"})),
        (_("References to replace by your own figures"), frozenset({"reference"})),
    )
    for heading, levels in groups:
        of_group = [point for point in found if point.level in levels]
        if of_group:
            st.subheader(f"{heading} ({len(of_group)})", anchor=False)
            _point_list(of_group, names)
    if not found:
        st.markdown(_("Nothing is open. Everything comes from you."))
    if state.shown().case is not None:
        st.button(
            _("To the outcome"),
            key="bc_to_outcome",
            type="primary",
            icon=":material/arrow_forward:",
            icon_position="right",
            on_click=_go,
            args=(session.OUTCOME, None),
        )


def _point_list(found: list[points.Point], names: dict[str, str]) -> None:
    """The points of each question in one frame, with a button that goes there."""
    for question in dict.fromkeys(point.question for point in found):
        of_question = [point for point in found if point.question == question]
        level = of_question[0].level
        with st.container(border=True, key=f"points_{level}_{question}"):
            text, go = st.columns([7, 3], vertical_alignment="center")
            lines = [
                f"**{plain(point.label)}**" + (f"  \n{plain(point.says)}" if point.says else "")
                for point in of_question
            ]
            text.markdown("\n\n".join(lines))
            go.button(
                _("Go to: {question}", question=names[question]),
                key=f"bc_point_{level}_{question}",
                on_click=_go,
                args=(session.ASKING, question),
                width="stretch",
            )


def _elsewhere() -> None:
    """Mistakes in the workbook that no question asks about."""
    wrong = [problem for problem in state.problems(state.shown()) if problem.level == "error"]
    st.error(
        _("Something in the workbook is not right yet. Mend it on the page Data:")
        + "\n"
        + "\n".join(f"- {plain(problem.message(language()))}" for problem in wrong[:5]),
        icon=":material/error:",
    )
