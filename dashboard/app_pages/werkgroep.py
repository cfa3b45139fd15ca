"""Working group: start a round, score alone, look together, revise, decide, minutes; and equal treatment."""

from __future__ import annotations

import streamlit as st

from dashboard import identity, lasting, leaving
from dashboard.frame import page_title, plain
from dashboard.framework.versions import known_versions
from dashboard.framework.words import said
from dashboard.kept import register_or_notice, unavailable_notice
from dashboard.notation import date
from dashboard.show import open_tabs
from dashboard.wording import _, language
from dashboard.working_group.deciding import show_deciding, show_kept_decision
from dashboard.working_group.equality import show_equality
from dashboard.working_group.kept_cases import choose_case, keep_open, result_of
from dashboard.working_group.minutes import show_minutes
from dashboard.working_group.rounds import Kept, enters_for_others, is_chair, rounds_of
from dashboard.working_group.scoring import show_scoring
from dashboard.working_group.starting import ROUND, show_start
from dashboard.working_group.together import show_together
from register import Actor, CaseHead, NotFound, Register, RegisterError, RegisterUnavailable

NEW = "new"
PARTS = ("score", "together", "decide")


def show_page() -> None:
    """The rounds, and equal treatment."""
    actor = identity.actor()
    register = register_or_notice()
    if register is None:
        return
    if not enters_for_others(actor):
        st.caption(_("Your sign-in name, for whoever starts a round: {name}", name=f"`{actor.user_id}`"))
    names = [_("Rounds"), _("Equal treatment")]
    rounds, equality = open_tabs("working_group_tabs", names)
    if rounds.open:
        with rounds:
            show_rounds(register, actor)
    if equality.open:
        with equality:
            show_equality(register, actor, known_versions(register, actor))


def show_rounds(register: Register, actor: Actor) -> None:
    """The case, the round, and its parts."""
    heads = register.cases(actor)
    if not heads:
        st.info(
            _("A round belongs to a case that is kept. There is no kept case here yet."), icon=":material/inventory_2:"
        )
        keep_open(register, actor)
        return
    left, right = st.columns(2)
    with left:
        head = choose_case(heads)
    found = {kept.round_id: kept for kept in rounds_of(register, actor, head.case_id)}
    options = [*found, NEW] if is_chair(actor) else list(found)
    if not options:
        st.info(_("There is no round for this case yet. The chair starts one."), icon=":material/hourglass_empty:")
        return
    with right:
        chosen = lasting.select(
            _("Round"),
            options,
            name=lambda key: (
                _("Start a new round") if key == NEW else f"{found[key].round.name} · {date(found[key].started.date())}"
            ),
            key=ROUND,
            default=options[0],
        )
    if chosen == NEW:
        result = result_of(register, actor, head)
        if result is not None:
            show_start(register, actor, head, result, known_versions(register, actor))
        with st.expander(_("Is it about another workbook? Open it, and keep it as a case first"), key="other_case"):
            keep_open(register, actor)
        return
    show_round(register, actor, head, found[chosen])


def stage(kept: Kept) -> str:
    """How far a round is."""
    if len(kept.decisions) == len(kept.round.subjects):
        return _("decided")
    if kept.decisions:
        return _("partly decided")
    return _("scores open") if kept.opened else _("scoring")


def show_round(register: Register, actor: Actor, head: CaseHead, kept: Kept) -> None:
    """One round: its initiative, and the part that is at hand."""
    subjects = {subject.initiative_id: subject.name for subject in kept.round.subjects}
    initiative = next(iter(subjects))
    if len(subjects) > 1:
        initiative = st.selectbox(
            _("Initiative"),
            list(subjects),
            format_func=lambda key: f"{subjects[key]} ({key})",
            key=f"round_initiative_{kept.round_id}",
        )
    st.markdown(f"### {plain(subjects[initiative])} :gray-badge[{stage(kept)}]")
    st.caption(
        _(
            "Started by {name} under {framework}, version {version}.",
            name=plain(kept.started_by),
            framework=said(kept.framework.name),
            version=kept.framework.version,
        )
    )
    names = {"score": _("1. Score"), "together": _("2. Look together"), "decide": _("3. Decide and minutes")}
    key = f"round_part_{kept.round_id}"
    asked = st.session_state.pop("working_group_go_to", None)
    if asked or key not in st.session_state:
        st.session_state[key] = asked or ("score" if kept.opened is None else "together")
    part = st.segmented_control(_("Part"), PARTS, format_func=names.__getitem__, key=key, required=True)
    if part == "score":
        show_scoring(register, actor, kept, initiative)
    elif part == "together":
        show_together(kept, initiative)
    else:
        show_kept_decision(kept, initiative)
        if kept.decisions.get(initiative) is not None:
            show_minutes(kept, initiative)
        result = result_of(register, actor, head, kept.round.case_version)
        if result is not None:  # what an hour of an official costs stands in the workbook
            show_deciding(register, actor, kept, initiative, result.case.assumptions.official_hourly_rate)
        if kept.decisions.get(initiative) is None:
            show_minutes(kept, initiative)


page_title(
    _("Working group"),
    _(
        "Council members, officials and initiatives score an initiative on the same points: each alone first, then "
        "together. What is decided, and why, is kept."
    ),
)
try:
    show_page()
except NotFound:
    st.error(_("This case is not there any more."), icon=":material/search_off:")
except RegisterUnavailable as error:
    unavailable_notice(error)
    leaving.hold_typed()
except RegisterError as error:
    st.error(
        _("The register does not allow this ({reason}).", reason=plain(error.message(language()))),
        icon=":material/block:",
    )
