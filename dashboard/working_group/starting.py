"""Start a round: on which initiatives, under which framework, who sits in it, and whether the points are met."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from dashboard import lasting, leaving
from dashboard.frame import plain
from dashboard.framework.versions import Version
from dashboard.framework.words import answer_name, group_name, proposal_reason, said
from dashboard.kept import could_not_keep
from dashboard.notation import number
from dashboard.wording import _, language
from dashboard.working_group.rounds import enters_for_others, start_round
from intake.frameworks import framework_as_data
from register import Actor, CaseHead, Register, RegisterError
from valuation.appraisal import Result
from valuation.comparison import ranges
from valuation.framework import Framework
from valuation.proposed_scores import ProposedScore, proposed_scores
from valuation.scoring import GROUPS, Member
from valuation.working_group import Round, Subject

ROUND = "working_group_round"
ANSWERS = ("yes", "no", "unknown")
ROLE_GROUPS = {"council": "council", "finance": "official", "administrator": "official", "initiative": "initiative"}
SEATS = ("council", "council", "official", "official", "initiative", "initiative")


def show_start(
    register: Register, actor: Actor, head: CaseHead, result: Result, frameworks: Mapping[str, list[Version]]
) -> None:
    """The form of a new round. Nothing is kept before it is started."""
    initiatives = dict(zip(result.case.initiatives["initiative_id"], result.case.initiatives["name"], strict=True))
    left, right = st.columns(2)
    name = left.text_input(
        _("Name of the round"), key="start_name", placeholder=_("For instance: working group of 12 May")
    )
    department = right.text_input(
        _("Department that brings it in"), key="start_department", placeholder=_("For instance: Welfare")
    )
    chosen = left.multiselect(
        _("Initiatives"),
        list(initiatives),
        format_func=lambda key: f"{initiatives[key]} ({key})",
        key="start_initiatives",
        placeholder=_("Choose one or more"),
    )
    with right:
        framework_id = lasting.select(
            _("Framework"),
            list(frameworks),
            name=lambda key: _version_name(frameworks[key][-1]),
            key="start_framework",
            default=next(iter(frameworks)),
        )
    framework = frameworks[framework_id][-1].framework
    members = _members(register, actor, initiatives)
    answers = {key: _answers(framework, key, initiatives[key]) for key in chosen}
    proposals = _proposals(framework, result, chosen, initiatives)
    if name or department or chosen:
        leaving.ask("round")
    if not st.button(_("Start the round"), type="primary", key="start_button", icon=":material/play_arrow:"):
        return
    mistakes = _mistakes(name, chosen, members, actor)
    if mistakes:
        st.error(
            _("The round cannot start yet. What you filled in stays here.")
            + "\n"
            + "\n".join(f"- {mistake}" for mistake in mistakes),
            icon=":material/edit_note:",
        )
        return
    one = Round(
        name=name.strip(),
        department=department.strip() or None,
        municipality=result.case.assumptions.municipality,
        case_version=head.version,
        framework=framework_as_data(framework),
        members=tuple(members),
        subjects=tuple(_subject(result, key, answers[key], proposals[key]) for key in chosen),
    )
    try:
        made = start_round(register, actor, head.case_id, one)
    except RegisterError as error:
        st.error(could_not_keep(error), icon=":material/block:")
        return
    lasting.put(ROUND, made)
    st.rerun()


def _version_name(version: Version) -> str:
    framework = version.framework
    return _(
        "{name}, version {number}",
        name=framework.name.in_language(language()),
        number=number(framework.version),
    ) + ("" if version.kept else f" ({_('example')})")


def _members(register: Register, actor: Actor, initiatives: Mapping[str, str]) -> list[Member]:
    """The table of members: a row each."""
    st.subheader(_("Who sits in it?"), anchor=False)
    local = enters_for_others(actor)
    if local:
        st.markdown(
            _(
                "Without sign-in you fill in the scores for each member in turn, as the chair; that is kept with the "
                "scores. Members who have an interest in an initiative do not score it."
            )
        )
    else:
        st.markdown(
            _(
                "Each member signs in and scores on their own device. Members who have an interest in an initiative do "
                "not score it. Members from initiatives, residents and others can read this case from then on."
            )
        )
    rows: list[Seat] = st.session_state.setdefault("start_seats", _first_seats(register, actor, local=local))
    taken: set[str] = set()
    members = []
    for position, seat in enumerate(rows):
        member = _seat(position, seat, initiatives, taken, local=local)
        if member is not None:
            members.append(member)
    st.button(
        _("One more member"),
        key="start_more",
        icon=":material/person_add:",
        on_click=lambda: rows.append(Seat("", "council", "")),
        type="tertiary",
    )
    return members


class Seat(NamedTuple):
    """With what the fields of one member begin."""

    name: str
    group: str
    user_id: str


def _first_seats(register: Register, actor: Actor, *, local: bool) -> list[Seat]:
    """Where the list begins: whom the register knows, or six empty seats."""
    if local:
        return [Seat("", group, "") for group in SEATS]
    known = [
        Seat(member.name, _group_of(member.roles), member.user_id) for member in register.members(actor) if member.roles
    ]
    if actor.user_id not in {seat.user_id for seat in known}:
        known.insert(0, Seat(actor.name, "official", actor.user_id))
    return known + [Seat("", "council", "")] * max(0, len(SEATS) - len(known))


def _seat(position: int, seat: Seat, initiatives: Mapping[str, str], taken: set[str], *, local: bool) -> Member | None:
    """The fields of one member; nothing where there is no name."""
    columns = iter(st.columns(4 if local else 5))
    first = position == 0
    shown = "visible" if first else "collapsed"
    number_text = number(position + 1)
    name = (
        next(columns)
        .text_input(
            _("Name") if first else _("Name of member {number}", number=number_text),
            value=seat.name,
            key=f"start_name_{position}",
            label_visibility=shown,
            placeholder=_("Name of member {number}", number=number_text),
        )
        .strip()
    )
    given = ""
    if not local:
        given = (
            next(columns)
            .text_input(
                _("Sign-in name") if first else _("Sign-in name of member {number}", number=number_text),
                value=seat.user_id,
                key=f"start_user_{position}",
                label_visibility=shown,
                placeholder=_("Sign-in name"),
                help=_("By what the sign-in knows them. They find it on this page.") if first else None,
            )
            .strip()
        )
    with next(columns):
        group = lasting.select(
            _("Group") if first else _("Group of member {number}", number=number_text),
            GROUPS,
            name=group_name,
            key=f"start_group_{position}",
            default=seat.group,
            label_visibility=shown,
        )
    own = next(columns).multiselect(
        _("Own initiatives") if first else _("Own initiatives of member {number}", number=number_text),
        list(initiatives),
        format_func=lambda key: f"{key} {initiatives[key]}",
        key=f"start_own_{position}",
        label_visibility=shown,
        placeholder=_("None"),
        help=_("Initiatives that they belong to or have another interest in.") if first else None,
    )
    interest = next(columns).text_input(
        _("Which interest") if first else _("Interest of member {number}", number=number_text),
        key=f"start_interest_{position}",
        label_visibility=shown,
        placeholder=_("For instance: board member"),
    )
    if not name:
        return None
    member_id = _local_id(name, taken) if local else given
    taken.add(member_id)
    return Member(member_id, name, group, tuple(own), interest.strip())


def _group_of(roles: frozenset[str]) -> str:
    return next((group for role, group in ROLE_GROUPS.items() if role in roles), "other")


def _local_id(name: str, taken: set[str]) -> str:
    """A name of one's own for a member without a sign-in."""
    plain_name = "".join(
        letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter)
    )
    base = re.sub(r"[^a-z0-9]+", "-", plain_name).strip("-") or "lid"
    candidate, count = f"lid-{base}", 1
    while candidate in taken:
        count += 1
        candidate = f"lid-{base}-{count}"
    return candidate


def _answers(framework: Framework, initiative: str, name: str) -> dict[str, str]:
    """Whether the points are met, for one initiative."""
    answers = {}
    with st.expander(_("Does {name} meet the points?", name=plain(name)), key=f"start_points_{initiative}"):
        for point in framework.knockouts:
            answers[point.key] = st.radio(
                said(point.question),
                ANSWERS,
                index=2,
                format_func=answer_name,
                horizontal=True,
                key=f"start_{framework.framework_id}_{initiative}_{point.key}",
                help=_("Shown by: {evidence}", evidence=said(point.evidence)),
            )
        st.caption(_("What is not known yet can be answered later; without it nothing can be decided."))
    return answers


def _proposals(
    framework: Framework, result: Result, chosen: list[str], names: Mapping[str, str]
) -> dict[str, list[ProposedScore]]:
    """What the valuation proposes, shown before the round starts."""
    if not chosen:
        return {}
    bands = ranges(result)
    found = {key: proposed_scores(framework, result, key, bands) for key in chosen}
    with st.expander(_("Scores that the valuation proposes"), key="start_proposals"):
        for key, proposals in found.items():
            st.markdown(f"**{plain(names[key])}**")
            lines = []
            for each in proposals:
                criterion = framework.criterion(each.criterion)
                better = criterion.proposal.better if criterion.proposal else "higher"
                lines.append(f"- {said(criterion.name)}: {plain(proposal_reason(each, better))}")
            st.markdown("\n".join(lines))
    return found


def _subject(result: Result, key: str, answers: dict[str, str], proposals: list[ProposedScore]) -> Subject:
    rows = result.case.initiatives
    row = rows[rows["initiative_id"] == key].iloc[0]
    texts = {name: row[name] if isinstance(row[name], str) else None for name in ("theme", "neighbourhood")}
    return Subject(key, str(row["name"]), texts["theme"], texts["neighbourhood"], answers, tuple(proposals))


def _mistakes(name: str, chosen: list[str], members: list[Member], actor: Actor) -> list[str]:
    """What is missing, all at once."""
    mistakes = []
    if not name.strip():
        mistakes.append(_("Give the round a name."))
    if not chosen:
        mistakes.append(_("Choose at least one initiative."))
    if len(members) < 2:
        mistakes.append(_("Fill in the names of at least two members."))
    if not enters_for_others(actor):
        mistakes += [
            _("{name} has no sign-in name yet.", name=plain(member.name)) for member in members if not member.member_id
        ]
        ids = [member.member_id for member in members if member.member_id]
        if len(set(ids)) < len(ids):
            mistakes.append(_("Two members have the same sign-in name."))
    for key in chosen:
        if members and not any(member.may_score(key) for member in members):
            mistakes.append(_("Nobody may score {initiative}: everyone has an interest in it.", initiative=plain(key)))
    return mistakes
