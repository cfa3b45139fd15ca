"""Rounds of the working group as they stand in the register, and what is added to them.

A round belongs to a kept case, so that it is exported and deleted with it. The register decides who may add what, and
who sees which score; nothing here is a rule of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dashboard.wording import _
from intake.frameworks import framework_from
from register import LOCAL, Actor, Entry, Register, score_key
from valuation.framework import Framework
from valuation.scoring import Member
from valuation.working_group import (
    Outcome,
    Round,
    Sheet,
    outcome_in,
    round_as_data,
    round_from,
    sheet_as_data,
    sheet_from,
)

CHAIRS = {"finance", "administrator"}


@dataclass(frozen=True)
class Kept:
    """A round with everything of it that this person may see.

    Parameters
    ----------
    round_id, case_id : str
    round : Round
    framework : Framework
        As it stood when the round was started.
    version : int
        Of the round's entry.
    started, opened : datetime or None
    started_by : str
    handed_in : dict of str to list of str
        Initiative to the members who handed in a sheet.
    first, last : dict of str to dict
        Initiative to member to sheet: before the round was opened, and as it stands now. Before the opening only
        one's own.
    versions : dict
        (initiative, member) to the version of the sheet that stands.
    decisions : dict of str to Entry
        Initiative to its decision.
    """

    round_id: str
    case_id: str
    round: Round
    framework: Framework
    version: int
    started: datetime
    started_by: str
    opened: datetime | None
    handed_in: Mapping[str, list[str]]
    first: Mapping[str, dict[str, Sheet]] = field(default_factory=dict)
    last: Mapping[str, dict[str, Sheet]] = field(default_factory=dict)
    versions: Mapping[tuple[str, str], int] = field(default_factory=dict)
    decisions: Mapping[str, Entry] = field(default_factory=dict)

    def outcome(self, initiative_id: str) -> Outcome:
        """Where an initiative stands, by the sheets that may be seen."""
        return outcome_in(self.framework, self.round, initiative_id, self.last.get(initiative_id, {}))

    def before_talking(self, initiative_id: str) -> Outcome:
        """Where it stood when the round was opened."""
        return outcome_in(self.framework, self.round, initiative_id, self.first.get(initiative_id, {}))


def is_chair(actor: Actor) -> bool:
    """Whether this person starts, opens and decides; the register enforces it."""
    return bool(actor.roles & CHAIRS)


def enters_for_others(actor: Actor) -> bool:
    """Without sign-in one person types in for every member in turn."""
    return actor == LOCAL


def seat_of(actor: Actor, member: Member) -> Actor:
    """The member as the register knows them, when the one local user types in for them."""
    return Actor(member.member_id, member.name, actor.organisation, frozenset({"council"}))


def rounds_of(register: Register, actor: Actor, case_id: str) -> list[Kept]:
    """The rounds of a case, the last started first."""
    entries = register.history(actor, case_id)
    started: dict[str, Entry] = {}
    for entry in entries:
        if entry.kind == "round":
            started[entry.key] = entry
    first_of = {entry.key: entry for entry in reversed(entries) if entry.kind == "round"}
    found = [
        _kept(register, actor, case_id, entry, first_of[key], entries) for key, entry in reversed(list(started.items()))
    ]
    return sorted(found, key=lambda each: each.started, reverse=True)


def _kept(register: Register, actor: Actor, case_id: str, entry: Entry, first: Entry, entries: Iterable[Entry]) -> Kept:
    one = round_from(entry.payload)
    opened = next((each for each in entries if each.kind == "opened" and each.key == entry.key), None)
    before: dict[str, dict[str, Sheet]] = {}
    now: dict[str, dict[str, Sheet]] = {}
    versions: dict[tuple[str, str], int] = {}
    for each in entries:
        if each.kind != "score":
            continue
        place = _place(one, entry.key, each.key)
        if place is None:
            continue
        initiative, member = place
        sheet = sheet_from(each.payload)
        now.setdefault(initiative, {})[member] = sheet
        versions[place] = each.version
        if opened is None or each.number < opened.number:
            before.setdefault(initiative, {})[member] = sheet
    return Kept(
        entry.key,
        case_id,
        one,
        framework_from(one.framework, entry.key),
        entry.version,
        first.at,
        first.by_name,
        None if opened is None else opened.at,
        _handed_in(register, actor, case_id, entry.key, one),
        before,
        now,
        versions,
        _decisions(entries, entry.key),
    )


def _place(one: Round, round_id: str, key: str) -> tuple[str, str] | None:
    """Which initiative and member a score is of; nothing when it is of another round."""
    for subject in one.subjects:
        for member in one.members:
            if key == score_key(round_id, subject.initiative_id, member.member_id):
                return subject.initiative_id, member.member_id
    return None


def _handed_in(register: Register, actor: Actor, case_id: str, round_id: str, one: Round) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {subject.initiative_id: [] for subject in one.subjects}
    if not _knows_progress(actor, one):
        return found
    for key in register.handed_in(actor, case_id, round_id):
        found.setdefault(key.initiative_id, []).append(key.user_id)
    return found


def knows_progress(actor: Actor, kept: Kept) -> bool:
    """Whether this person may know how many scored: the chair, and who sits in the round."""
    return _knows_progress(actor, kept.round)


def _knows_progress(actor: Actor, one: Round) -> bool:
    return is_chair(actor) or any(member.member_id == actor.user_id for member in one.members)


def decision_key(round_id: str, initiative_id: str) -> str:
    """Key of the decision on one initiative of a round."""
    return f"{round_id}/{initiative_id}"


def _decisions(entries: Iterable[Entry], round_id: str) -> dict[str, Entry]:
    start = decision_key(round_id, "")
    return {
        each.key.removeprefix(start): each for each in entries if each.kind == "decision" and each.key.startswith(start)
    }


def own_sheet(
    register: Register, actor: Actor, kept: Kept, initiative: str, member: Member
) -> tuple[Sheet | None, int]:
    """The sheet that a member handed in, and its version; nothing and 0 before the first."""
    who = seat_of(actor, member) if enters_for_others(actor) else actor
    entries = register.entries(who, kept.case_id, "score", score_key(kept.round_id, initiative, member.member_id))
    return (sheet_from(entries[-1].payload), entries[-1].version) if entries else (None, 0)


def start_round(register: Register, actor: Actor, case_id: str, one: Round) -> str:
    """Start a round, and let the members from initiatives read the case that they score."""
    round_id = uuid.uuid4().hex[:12]
    if not enters_for_others(actor):
        for member in one.members:
            if member.group in ("initiative", "resident", "other"):
                _let_read(register, actor, case_id, member, one.name)
    register.append(
        actor,
        case_id,
        kind="round",
        key=round_id,
        payload=round_as_data(one),
        based_on=None,
        why=_("Round of the working group: {name}", name=one.name),
    )
    return round_id


def _let_read(register: Register, actor: Actor, case_id: str, member: Member, name: str) -> None:
    entries = register.entries(actor, case_id, "member", member.member_id)
    if entries and entries[-1].payload.get("linked"):
        return
    register.append(
        actor,
        case_id,
        kind="member",
        key=member.member_id,
        payload={"linked": True, "name": member.name},
        based_on=entries[-1].version if entries else None,
        why=_("Sits in the working group: {name}", name=name),
    )


def change_round(register: Register, actor: Actor, kept: Kept, one: Round, *, why: str) -> None:
    """Keep a round with other answers, beside how it was."""
    register.append(
        actor,
        kept.case_id,
        kind="round",
        key=kept.round_id,
        payload=round_as_data(one),
        based_on=kept.version,
        why=why,
    )


def hand_in(
    register: Register, actor: Actor, kept: Kept, initiative: str, member: Member, sheet: Sheet, based_on: int
) -> None:
    """Keep a member's sheet: the first, or a revision beside it."""
    who = seat_of(actor, member) if enters_for_others(actor) else actor
    why = _("Revised after the scores were opened") if kept.opened else _("Scored alone")
    register.append(
        who,
        kept.case_id,
        kind="score",
        key=score_key(kept.round_id, initiative, member.member_id),
        payload=sheet_as_data(sheet),
        based_on=based_on or None,
        why=why,
    )


def open_scores(register: Register, actor: Actor, kept: Kept) -> None:
    """From here on everyone in the round sees all scores."""
    register.append(
        actor,
        kept.case_id,
        kind="opened",
        key=kept.round_id,
        payload={"handed_in": {name: list(members) for name, members in kept.handed_in.items()}},
        based_on=None,
        why=_("The scores were opened"),
    )


def decide(register: Register, actor: Actor, kept: Kept, initiative: str, payload: Mapping[str, Any]) -> None:
    """Keep a decision, or the next version of it."""
    standing = kept.decisions.get(initiative)
    register.append(
        actor,
        kept.case_id,
        kind="decision",
        key=decision_key(kept.round_id, initiative),
        payload=payload,
        based_on=None if standing is None else standing.version,
        why=str(payload["reasons"]) or _("Decision of the working group"),
    )
