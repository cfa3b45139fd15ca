"""Keep the open workbook: as a new case, or as the next version of one, also when somebody else was first."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard import kept, state
from dashboard.dossier.versions import show_difference_from_open
from dashboard.dossier.view import say, who_was_first
from dashboard.frame import DATA, go_to, plain
from dashboard.notation import moment
from dashboard.wording import _, language, n_
from register import Actor, CaseHead, Conflict, Entry, Register, RegisterError, RegisterUnavailable, may_save

CHOSEN = "dossier_chosen"
CONFLICT = "dossier_conflict"
NEW = ""


@dataclass(frozen=True)
class Collision:
    """What could not be kept since somebody else was first; the workbook itself is still the open one."""

    case_id: str
    name: str
    why: str
    based_on: int
    latest: Entry


def show_keeping(register: Register, actor: Actor, heads: list[CaseHead]) -> None:
    """What is open, whether it is kept, and the way to keep it."""
    workbook = state.shown()
    if workbook is None:
        return
    with st.container(border=True, key="dossier_keep"):
        collision = st.session_state.get(CONFLICT)
        if collision is not None and workbook.kept is not None and collision.case_id == workbook.kept.case_id:
            _show_collision(register, actor, workbook, collision)
            return
        _show_open(workbook, heads)
        if not may_save(actor):
            st.caption(_("You can read this. The municipality’s finance officers keep the figures."))
        elif workbook.safe and heads and workbook.kept is None:
            with st.expander(_("Keep it as a case"), icon=":material/inventory_2:", key="keep_example"):
                _ask(register, actor, workbook, heads)
        elif workbook.kept is None or workbook.edited:
            _ask(register, actor, workbook, heads)


def _show_open(workbook: state.Workbook, heads: list[CaseHead]) -> None:
    """The open workbook in a sentence."""
    st.subheader(_("What is open now"), anchor=False)
    known_as = workbook.kept
    if known_as is None:
        st.markdown(
            _("**{file}** is not kept yet: whoever closes this page loses it.", file=plain(workbook.filename))
            if not workbook.example
            else _("**The example municipality**, with made-up figures. It can be kept to try things out.")
        )
        return
    name = plain(known_as.name)
    if workbook.edited:
        st.markdown(_("**{name}**, version {version}, changed on screen since.", name=name, version=known_as.version))
    else:
        st.markdown(_("**{name}**, version {version}, as it was kept.", name=name, version=known_as.version))
    newer = next((head for head in heads if head.case_id == known_as.case_id and head.version > known_as.version), None)
    if newer is not None:
        st.info(
            _(
                "There is a newer version: {name} kept version {version} on {when} (“{why}”).",
                name=plain(newer.by_name),
                version=newer.version,
                when=moment(newer.at),
                why=plain(newer.why),
            ),
            icon=":material/update:",
        )


def _ask(register: Register, actor: Actor, workbook: state.Workbook, heads: list[CaseHead]) -> None:
    """The form: as what, under which name, and why."""
    known_as = workbook.kept
    mistakes = workbook.case is None
    # What was the latest version when this visitor began to look, not what it is by the time they press the button.
    seen = st.session_state.setdefault(f"keep_seen_{state.version()}", {})
    for head in heads:
        seen.setdefault(head.case_id, head.version)
    if mistakes:
        st.caption(_("It still has mistakes. It can be kept as it is; there are no results until they are mended."))
    with st.form("keep_workbook", border=False):
        target = NEW if known_as is None else known_as.case_id
        left, right = st.columns(2, gap="medium")
        if known_as is None and heads:
            names = {NEW: _("a new case")} | {
                head.case_id: _(
                    "the next version of {name} (now version {version})", name=head.name, version=head.version
                )
                for head in heads
            }
            target = right.selectbox(_("Keep it as"), list(names), format_func=names.__getitem__, key="keep_target")
        name = left.text_input(
            _("Name of the case"),
            value=_proposed_name(workbook),
            max_chars=120,
            key=f"keep_name_{state.version()}",
            help=_("A name of the place or the plan. Do not use names of persons."),
        )
        why = st.text_input(
            _("Why is it kept? What changed?"),
            max_chars=300,
            key=f"keep_why_{state.version()}",
            placeholder=_("For example: rent adapted to the new contract"),
        )
        label = _("Keep") if known_as is None else _("Keep as version {version}", version=known_as.version + 1)
        if st.form_submit_button(label, type="primary", icon=":material/inventory_2:"):
            based_on = known_as.version if known_as is not None else seen.get(target)
            if not (name.strip() and why.strip()):
                st.error(_("Fill in a name and why: later readers have only your words."), icon=":material/edit:")
            else:
                _save(register, actor, workbook, target or None, name, why, based_on)


def _proposed_name(workbook: state.Workbook) -> str:
    if workbook.kept is not None:
        return workbook.kept.name
    if workbook.case is not None:
        return workbook.case.assumptions.municipality
    return workbook.filename.rpartition(".")[0] or workbook.filename


def _save(
    register: Register,
    actor: Actor,
    workbook: state.Workbook,
    case_id: str | None,
    name: str,
    why: str,
    based_on: int | None,
) -> None:
    """Keep it; when somebody else was first, remember what was asked."""
    initiatives = () if workbook.case is None else tuple(workbook.case.initiatives["initiative_id"])
    try:
        version = register.save_case(
            actor,
            case_id=case_id,
            name=name,
            workbook=workbook.content,
            initiatives=initiatives,
            based_on=based_on,
            why=why,
        )
    except Conflict as conflict:
        if conflict.latest is None or case_id is None:
            raise
        if workbook.kept is None:
            st.session_state[f"keep_seen_{state.version()}"][case_id] = conflict.latest.version
            st.warning(who_was_first(conflict), icon=":material/group:")
            return
        st.session_state[CONFLICT] = Collision(case_id, name, why, based_on or 0, conflict.latest)
        st.rerun()
    except RegisterUnavailable as error:
        kept.unavailable_notice(error)
        return
    except RegisterError as error:
        st.error(error.message(language()), icon=":material/lock:")
        return
    state.now_kept(version)
    st.session_state.pop(CONFLICT, None)
    st.session_state[CHOSEN] = version.case_id
    say(_("Kept as version {version} of {name}.", version=version.version, name=plain(version.name)))
    st.rerun()


def _show_collision(register: Register, actor: Actor, workbook: state.Workbook, collision: Collision) -> None:
    """Two versions on the same ground: what the other one did, and the three ways on."""
    latest = collision.latest
    st.subheader(_("Somebody else was first"), anchor=False)
    st.warning(
        _(
            "{name} kept version {latest} on {when} (“{why}”). Yours is based on version {yours}. Both are still "
            "there: theirs in the register, yours here on screen.",
            name=plain(latest.by_name),
            latest=latest.version,
            when=moment(latest.at),
            why=plain(latest.why),
            yours=collision.based_on,
        ),
        icon=":material/group:",
    )
    theirs = register.case(actor, collision.case_id, latest.version)
    show_difference_from_open(theirs, workbook)
    with st.container(horizontal=True):
        if st.button(
            _("Keep mine as version {version}", version=latest.version + 1),
            key="collision_keep",
            type="primary",
            icon=":material/inventory_2:",
        ):
            _save(register, actor, workbook, collision.case_id, collision.name, collision.why, latest.version)
        if st.button(_("Drop mine, open version {version}", version=latest.version), key="collision_drop"):
            st.session_state.pop(CONFLICT, None)
            state.open_kept(theirs)
            st.rerun()
        st.download_button(
            _("Download mine"),
            data=workbook.content,
            file_name=f"{collision.name}.xlsx",
            key="collision_download",
            icon=":material/download:",
            on_click="ignore",
        )
    st.caption(_("Keeping yours replaces theirs as the latest version; theirs stays in the history."))


def show_list(heads: list[CaseHead]) -> CaseHead | None:
    """Which case to look at; the one that was chosen, else the one that is open, else the last changed."""
    if not heads:
        return None
    by_id = {head.case_id: head for head in heads}
    workbook = state.shown()
    opened = None if workbook is None or workbook.kept is None else workbook.kept.case_id
    asked_for = st.query_params.get("zaak")
    wanted = next((one for one in (st.session_state.get(CHOSEN), asked_for, opened) if one in by_id), heads[0].case_id)
    if st.session_state.get(CHOSEN) != wanted:
        st.session_state[CHOSEN] = wanted
    st.subheader(n_("{count} kept case", "{count} kept cases", len(heads)), anchor=False)
    st.selectbox(
        _("Case"),
        list(by_id),
        key=CHOSEN,
        format_func=lambda case_id: _(
            "{name} · version {version} · {when}",
            name=by_id[case_id].name,
            version=by_id[case_id].version,
            when=moment(by_id[case_id].at),
        ),
    )
    st.query_params["zaak"] = st.session_state[CHOSEN]
    return by_id[st.session_state[CHOSEN]]


def show_nothing_kept() -> None:
    """Before anything was kept."""
    st.info(
        _("Nothing has been kept yet. Keep what is open above, or bring in a workbook first."),
        icon=":material/inventory_2:",
    )
    if st.button(_("To Data"), key="dossier_to_data", icon=":material/arrow_forward:", icon_position="right"):
        go_to(DATA)
