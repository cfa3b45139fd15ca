"""Decide: the points, the step, the support in money, who may decide on it, and why."""

from __future__ import annotations

import math
from dataclasses import replace

import streamlit as st

from dashboard import lasting, leaving
from dashboard.frame import plain
from dashboard.framework.self_test import show_standing
from dashboard.framework.words import (
    answer_name,
    decider_name,
    said,
    step_name,
    support_name,
    unmarked,
)
from dashboard.kept import could_not_keep
from dashboard.notation import amount, date, number
from dashboard.wording import _, n_
from dashboard.working_group.rounds import Kept, change_round, decide, is_chair
from register import Actor, Conflict, Entry, Register, RegisterError
from valuation.consistency import BELOW
from valuation.framework import Authority, Framework, Promise, authority_for, not_given
from valuation.working_group import Outcome, decision_as_data

ANSWERS = ("yes", "no", "unknown")


def show_kept_decision(kept: Kept, initiative: str) -> None:
    """What was decided, or that nothing was."""
    standing = kept.decisions.get(initiative)
    if standing is not None:
        show_decision(kept.framework, standing)
    elif kept.opened is None:
        st.info(_("Nothing can be decided before the scores are open."), icon=":material/visibility_off:")


def show_deciding(register: Register, actor: Actor, kept: Kept, initiative: str, hourly_rate_eur: float) -> None:
    """For the chair: the points, and the form of the decision."""
    if kept.opened is None:
        return
    decided = initiative in kept.decisions
    if not is_chair(actor):
        if not decided:
            st.info(_("There is no decision yet. The chair fills it in."), icon=":material/hourglass_empty:")
        return
    if decided:
        with st.expander(_("Change the decision"), key="decide_again"):
            _deciding(register, actor, kept, initiative, hourly_rate_eur)
    else:
        _deciding(register, actor, kept, initiative, hourly_rate_eur)


def _deciding(register: Register, actor: Actor, kept: Kept, initiative: str, hourly_rate_eur: float) -> None:
    outcome = kept.outcome(initiative)
    _points(register, actor, kept, initiative)
    if outcome.standing.state == "unknown":
        with st.container(border=True):
            show_standing(kept.framework, outcome.standing)
        st.info(_("Nothing can be decided while this is not known."), icon=":material/help:")
        return
    _form(register, actor, kept, initiative, outcome, hourly_rate_eur)


def show_decision(framework: Framework, entry: Entry) -> None:
    """A decision as it was kept."""
    data = entry.payload
    with st.container(border=True, key="decision_kept"):
        st.markdown(
            _(
                "**Decided: {step}** · {name}, {day}",
                step=step_name(framework, data["decided_step"]),
                name=plain(entry.by_name),
                day=date(entry.at.date()),
            )
            + (f" · {_('version {number}', number=number(entry.version))}" if entry.version > 1 else "")
        )
        lines = [
            _(
                "Framework {name}, version {version}; outcome {outcome}; step by the ladder: {step}.",
                name=said(framework.name),
                version=number(data["framework_version"]),
                outcome=number(data["outcome"], 2),
                step=step_name(framework, data["ladder_step"]),
            ),
            _("Support over the whole duration: {total}.", total=amount(data["total_eur"])),
            authority_sentence(Authority(data["decider"], tuple((who, why) for who, why in data["beyond"]))),
        ]
        for title, key in (
            (_("Why another step than the ladder’s"), "deviation"),
            (_("Reasons"), "reasons"),
            (_("Conditions"), "conditions"),
        ):
            if data.get(key):
                lines.append(f"**{title}:** {plain(data[key])}")
        st.markdown("\n\n".join(lines))


def authority_sentence(authority: Authority) -> str:
    """Who may decide, and why not a smaller mandate."""
    if not authority.passed:
        return _("This lies within the mandate of **{who}**.", who=decider_name(authority.decider))
    reasons = "; ".join(
        _("{who} may not, because of {why}", who=decider_name(who), why=_beyond(why)) for who, why in authority.passed
    )
    return _("This goes **to {who}** as advice: {reasons}.", who=decider_name(authority.decider), reasons=reasons)


def _beyond(why: str) -> str:
    if why == "total":
        return _("the total amount")
    if why == "guarantee":
        return _("the guarantee")
    return _("the kind of support ({kind})", kind=support_name(why).lower())


def _points(register: Register, actor: Actor, kept: Kept, initiative: str) -> None:
    """The knock-out points: what the chair filled in, and what is known by now."""
    subject = kept.round.subject(initiative)
    open_now = [point for point in kept.framework.knockouts if subject.answers.get(point.key) not in ("yes", "no")]
    label = n_("{count} point is not answered yet", "{count} points are not answered yet", len(open_now))
    with st.expander(label if open_now else _("Every point is answered"), expanded=bool(open_now), key="decide_points"):
        answers = {}
        for point in kept.framework.knockouts:
            before = subject.answers.get(point.key, "unknown")
            answers[point.key] = st.radio(
                said(point.question),
                ANSWERS,
                index=ANSWERS.index(before if before in ANSWERS else "unknown"),
                format_func=answer_name,
                horizontal=True,
                key=f"decide_{kept.round_id}_{initiative}_{point.key}_{kept.version}",
                help=_("Shown by: {evidence}", evidence=said(point.evidence)),
            )
        if answers != {key: subject.answers.get(key, "unknown") for key in answers} and st.button(
            _("Keep these answers"), key="decide_answers", icon=":material/save:"
        ):
            subjects = tuple(
                replace(each, answers=answers) if each.initiative_id == initiative else each
                for each in kept.round.subjects
            )
            try:
                change_round(
                    register, actor, kept, replace(kept.round, subjects=subjects), why=_("Points were answered")
                )
            except RegisterError as error:
                st.error(could_not_keep(error), icon=":material/block:")
                return
            st.rerun()


def _form(
    register: Register, actor: Actor, kept: Kept, initiative: str, outcome: Outcome, hourly_rate_eur: float
) -> None:
    framework, standing = kept.framework, outcome.standing
    by_ladder = standing.step or BELOW
    st.subheader(_("The decision"), anchor=False)
    with st.container(border=True, key="decide_standing"):
        show_standing(framework, standing)
    place = f"decide_{kept.round_id}_{initiative}"
    steps = [BELOW, *(step.key for step in framework.ladder)]
    chosen = lasting.select(
        _("Support that is decided on"),
        steps,
        name=lambda key: unmarked(step_name(framework, key)) + (f" ({_('by the ladder')})" if key == by_ladder else ""),
        # Another outcome, another beginning: what was chosen under the old one does not count for it.
        key=f"{place}_step_{by_ladder}",
        default=by_ladder,
    )
    deviation = ""
    if chosen != by_ladder:
        deviation = st.text_area(
            _("Why another step than the ladder’s?"),
            key=f"{place}_deviation",
            help=_("Without a reason it counts as an unexplained difference with others in the same position."),
        )
    promise = _promise(place, hourly_rate_eur)
    authority = authority_for(framework, promise)
    step = None if chosen == BELOW else framework.step(chosen)
    beyond = not_given(step, promise)
    with st.container(border=True, key="decide_mandate"):
        st.markdown(
            _("All support together: **{total}** over the whole duration.", total=amount(promise.total_eur))
            + " "
            + authority_sentence(authority)
        )
        if beyond:
            st.warning(
                _(
                    "This step does not give: {kinds}. Take it out, or choose another step and say why.",
                    kinds=", ".join(support_name(kind).lower() for kind in beyond),
                ),
                icon=":material/warning:",
            )
    reasons = st.text_area(_("Reasons"), key=f"{place}_reasons")
    conditions = st.text_area(
        _("Conditions"), key=f"{place}_conditions", placeholder=_("For instance: an account every year, before 1 May")
    )
    words = {"reasons": reasons, "conditions": conditions, "deviation": deviation}
    again = initiative in kept.decisions
    known = kept.decisions[initiative].payload if again else {}
    if any(text.strip() != known.get(name, "") for name, text in words.items()):
        leaving.ask("decision")
    if not st.button(
        _("Keep the changed decision") if again else _("Keep the decision"),
        type="primary",
        key="decide_keep",
        icon=":material/gavel:",
    ):
        return
    mistakes = []
    if not reasons.strip():
        mistakes.append(_("Write down the reasons."))
    if chosen != by_ladder and not deviation.strip():
        mistakes.append(_("Say why it is another step than the ladder’s."))
    if beyond and not deviation.strip():
        mistakes.append(_("The amounts hold support that this step does not give."))
    if mistakes:
        st.error(
            _("This is not kept yet. What you filled in stays here.")
            + "\n"
            + "\n".join(f"- {mistake}" for mistake in mistakes),
            icon=":material/edit_note:",
        )
        return
    payload = decision_as_data(
        kept.round,
        initiative,
        outcome,
        decided_step=chosen,
        promise=promise,
        authority=authority,
        words=words,
    )
    try:
        decide(register, actor, kept, initiative, payload)
    except Conflict:
        st.error(
            _("Somebody else kept a decision in the meantime. What you filled in stays here. Look at theirs first."),
            icon=":material/sync_problem:",
        )
        return
    except RegisterError as error:
        st.error(could_not_keep(error), icon=":material/block:")
        return
    st.rerun()


def _promise(place: str, hourly_rate_eur: float) -> Promise:
    """The support in money; empty is none."""
    st.markdown(f"**{_('How much is it?')}** " + _("Leave empty what is not given."))

    def field(column: st.delta_generator.DeltaGenerator, label: str, name: str) -> float:
        value = column.number_input(label, min_value=0.0, value=None, step=100.0, format="%.0f", key=f"{place}_{name}")
        return 0.0 if value is None or math.isnan(value) else float(value)

    first, second, third = st.columns(3)
    years = first.number_input(_("Number of years"), min_value=1, value=1, step=1, key=f"{place}_years")
    subsidy = field(second, _("Subsidy per year (€)"), "subsidy")
    hours = field(third, _("Hours of officials per year"), "hours")
    one_off = field(first, _("One-off contribution (€)"), "one_off")
    discount = field(second, _("Discount on the price (€)"), "discount")
    guarantee = field(third, _("Guarantee (€)"), "guarantee")
    st.caption(_("An hour of an official counts as {rate}, as in the workbook.", rate=amount(hourly_rate_eur, 2)))
    return Promise(int(years), subsidy, hours, hourly_rate_eur, one_off, discount, guarantee)
