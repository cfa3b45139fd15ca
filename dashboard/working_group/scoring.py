"""Score: each member alone, with the proposal of the valuation beside it, and how many have scored."""

from __future__ import annotations

import streamlit as st

from dashboard import lasting
from dashboard.frame import plain
from dashboard.framework.words import group_name, proposal_reason, said
from dashboard.kept import could_not_keep
from dashboard.notation import number
from dashboard.wording import _, language, n_
from dashboard.working_group.rounds import (
    Kept,
    enters_for_others,
    hand_in,
    is_chair,
    knows_progress,
    open_scores,
    own_sheet,
    rounds_of,
)
from register import Actor, Conflict, Register, RegisterError
from valuation.framework import Criterion
from valuation.proposed_scores import ProposedScore
from valuation.scoring import Member
from valuation.working_group import Sheet, who_still

FRESH_EVERY = "10s"
SAID = "working_group_said"
"""Session key: what was just kept, to say on the next run."""


def show_scoring(register: Register, actor: Actor, kept: Kept, initiative: str) -> None:
    """Progress, the sheet of a member, and opening the scores."""
    _said()
    _progress(register, actor, kept, initiative)
    member = _whose(actor, kept, initiative)
    if member is not None:
        _sheet(register, actor, kept, initiative, member)
    if is_chair(actor) and kept.opened is None:
        _open(register, actor, kept)


def _said() -> None:
    text = st.session_state.pop(SAID, None)
    if text:
        st.success(text, icon=":material/check:")


def _progress(register: Register, actor: Actor, kept: Kept, initiative: str) -> None:
    """How many have scored, without a score; by itself up to date where members use devices of their own."""
    if not knows_progress(actor, kept):
        return
    every = None if enters_for_others(actor) or kept.opened else FRESH_EVERY

    @st.fragment(run_every=every)
    def progress() -> None:
        now = next((each for each in rounds_of(register, actor, kept.case_id) if each.round_id == kept.round_id), kept)
        scorers = now.round.scorers(initiative)
        waiting = who_still(now.round, initiative, now.handed_in.get(initiative, []))
        done = len(scorers) - len(waiting)
        st.progress(
            done / len(scorers) if scorers else 0.0,
            text=n_(
                "{done} of {count} member has scored", "{done} of {count} members have scored", len(scorers), done=done
            ),
        )
        if waiting and kept.opened is None:
            names = ", ".join(plain(member.name) for member in waiting)
            st.caption(_("Still to score: {names}.", names=names))
        if now.opened is not None and kept.opened is None:
            st.rerun()
        if every is not None:
            st.button(_("Refresh"), key="working_group_refresh", icon=":material/refresh:", type="tertiary")

    progress()
    kept_out = [member for member in kept.round.members if not member.may_score(initiative)]
    for member in kept_out:
        st.caption(
            _(
                "{name} does not score this initiative, because of an interest in it{interest}.",
                name=plain(member.name),
                interest=f" ({plain(member.interest)})" if member.interest else "",
            )
        )


def _whose(actor: Actor, kept: Kept, initiative: str) -> Member | None:
    """The member whose sheet is on the screen."""
    scorers = kept.round.scorers(initiative)
    if not enters_for_others(actor):
        mine = next((member for member in scorers if member.member_id == actor.user_id), None)
        if mine is None:
            seat = any(member.member_id == actor.user_id for member in kept.round.members)
            st.info(
                _("You do not score this initiative: you have an interest in it.")
                if seat
                else _("You are not a member of this round, so you do not score."),
                icon=":material/visibility:",
            )
        return mine
    if not scorers:
        return None
    done = kept.handed_in.get(initiative, [])
    names = {member.member_id: member for member in scorers}
    waiting = [member_id for member_id in names if member_id not in done]
    chosen = lasting.select(
        _("For whom do you fill in?"),
        list(names),
        name=lambda each: (
            f"{names[each].name} ({group_name(names[each].group)})" + (f" · {_('scored')}" if each in done else "")
        ),
        key=f"score_for_{kept.round_id}_{initiative}",
        default=waiting[0] if waiting else scorers[0].member_id,
        renamed=len(done),
    )
    return names[chosen]


def _sheet(register: Register, actor: Actor, kept: Kept, initiative: str, member: Member) -> None:
    """The form with every criterion; kept as a whole."""
    before, version = own_sheet(register, actor, kept, initiative, member)
    subject = kept.round.subject(initiative)
    proposals = {each.criterion: each for each in subject.proposals}
    place = f"sheet_{kept.round_id}_{initiative}_{member.member_id}_{version}"
    typed = f"typed_{kept.round_id}_{initiative}_{member.member_id}"
    if typed in st.session_state:
        before = st.session_state[typed]
        st.warning(
            _(
                "These scores were changed in another window while you filled them in. What you filled in stands "
                "below: keep it again, and it takes the place of the other."
            ),
            icon=":material/sync_problem:",
        )
    if kept.opened is None:
        st.markdown(
            _("Only {name} sees this until the chair opens the scores.", name=f"**{plain(member.name)}**")
            if enters_for_others(actor)
            else _("Only you see your scores until the chair opens them.")
        )
    else:
        st.markdown(_("The scores are open. A change is kept as a revision beside the first."))
    scores: dict[str, int | None] = {}
    remarks: dict[str, str] = {}
    with st.form(place, border=False):
        for criterion in kept.framework.criteria:
            with st.container(border=True):
                scores[criterion.key], remarks[criterion.key] = _criterion(
                    kept, criterion, proposals.get(criterion.key), before, place
                )
        pressed = st.form_submit_button(
            _("Keep these scores") if version == 0 else _("Keep the changed scores"),
            type="primary",
            icon=":material/save:",
            key=f"{place}_keep",
        )
    if not pressed:
        return
    sheet = Sheet(scores, remarks, actor.name if enters_for_others(actor) else "")
    try:
        hand_in(register, actor, kept, initiative, member, sheet, version)
    except Conflict:
        st.session_state[typed] = sheet
        st.rerun()
    except RegisterError as error:
        st.error(could_not_keep(error), icon=":material/block:")
        return
    st.session_state.pop(typed, None)
    missing = sum(score is None for score in scores.values())
    st.session_state[SAID] = (
        _("The scores of {name} are kept.", name=plain(member.name))
        + " "
        + (n_("{count} criterion is left open.", "{count} criteria are left open.", missing) if missing else "")
    )
    after = [each for each in who_still(kept.round, initiative, kept.handed_in[initiative]) if each != member]
    if kept.opened is None and after:
        lasting.put(f"score_for_{kept.round_id}_{initiative}", after[0].member_id)
    st.rerun()


def _criterion(
    kept: Kept, criterion: Criterion, proposed: ProposedScore | None, before: Sheet | None, place: str
) -> tuple[int | None, str]:
    """One criterion: what is asked, the scores with what they mean, the proposal, and room for a remark."""
    st.markdown(f"**{said(criterion.name)}** · {said(criterion.question)}")
    if proposed is not None and criterion.proposal is not None:
        st.caption(f":material/calculate: {plain(proposal_reason(proposed, criterion.proposal.better))}")
    options: list[int | None] = [*kept.framework.scores, None]
    known = None if before is None else before.scores.get(criterion.key)
    index = options.index(known) if before is not None else None
    score = st.radio(
        _("Score for {criterion}", criterion=criterion.name.in_language(language())),
        options,
        index=index,
        format_func=lambda each: (
            _("I do not know")
            if each is None
            else f"**{number(each)}** {plain(criterion.anchors[each].in_language(language()))}"
        ),
        key=f"{place}_{criterion.key}",
        label_visibility="collapsed",
    )
    remark = st.text_input(
        _("Remark (others see it with your score)"),
        value="" if before is None else before.remarks.get(criterion.key, ""),
        key=f"{place}_{criterion.key}_remark",
    )
    return score, remark


def _open(register: Register, actor: Actor, kept: Kept) -> None:
    """Open the scores of the round: for all its initiatives at once, and for good."""
    with st.container(border=True, key="working_group_open"):
        st.markdown(f"**{_('Open the scores')}**")
        waiting = {
            subject.initiative_id: who_still(kept.round, subject.initiative_id, kept.handed_in[subject.initiative_id])
            for subject in kept.round.subjects
        }
        late = [
            f"{plain(kept.round.subject(key).name)}: {', '.join(plain(member.name) for member in members)}"
            for key, members in waiting.items()
            if members
        ]
        if late:
            st.warning(
                _("Not everyone has scored yet. Whoever scores after the opening has seen the others’ scores first.")
                + "\n"
                + "\n".join(f"- {line}" for line in late),
                icon=":material/hourglass_top:",
            )
        st.caption(_("From then on every member sees all scores. This cannot be undone."))
        if not st.button(
            _("Open the scores"), key="working_group_open_button", type="secondary" if late else "primary",
            icon=":material/visibility:",
        ):  # fmt: skip
            return
        try:
            open_scores(register, actor, kept)
        except RegisterError as error:
            st.error(could_not_keep(error), icon=":material/block:")
            return
        st.session_state["working_group_go_to"] = "together"
        st.rerun()
