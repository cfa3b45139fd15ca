"""A round of the working group as it is kept: who sits in it, on what, under which framework, and what was decided.

The register keeps plain data. This module says how a round, a score sheet and a decision look as data, and makes them
into what `scoring` and `consistency` compute with. What was proposed, answered and decided is kept as it stood then:
a later version of the framework or of the figures changes nothing of an earlier round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import isfinite, isnan
from typing import Any

import pandas as pd

from valuation.consistency import BELOW, Decision
from valuation.framework import Authority, Framework, Promise, Standing, standing_of
from valuation.proposed_scores import ProposedScore
from valuation.scoring import Agreement, Member, agreement_on_criteria, results_of, score_table


@dataclass(frozen=True)
class Subject:
    """An initiative as a round looks at it.

    Parameters
    ----------
    initiative_id, name : str
    theme, neighbourhood : str | None
    answers : dict of str to {"yes", "no", "unknown"}
        Knock-out point to answer.
    proposals : tuple of ProposedScore
        What the valuation proposed when the round was started.
    """

    initiative_id: str
    name: str
    theme: str | None = None
    neighbourhood: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    proposals: tuple[ProposedScore, ...] = ()


@dataclass(frozen=True)
class Round:
    """A round of the working group.

    Parameters
    ----------
    name : str
    department : str | None
        The department that brings it in.
    municipality : str
    case_version : int
        Version of the kept case whose figures were proposed.
    framework : dict
        The framework's data as it stood (`intake.frameworks.framework_as_data`).
    members : tuple of Member
    subjects : tuple of Subject
    """

    name: str
    department: str | None
    municipality: str
    case_version: int
    framework: Mapping[str, Any]
    members: tuple[Member, ...]
    subjects: tuple[Subject, ...]

    def subject(self, initiative_id: str) -> Subject:
        """The initiative with this number.

        Raises
        ------
        KeyError
        """
        return {each.initiative_id: each for each in self.subjects}[initiative_id]

    def scorers(self, initiative_id: str) -> tuple[Member, ...]:
        """The members who may score this initiative."""
        return tuple(member for member in self.members if member.may_score(initiative_id))


def round_as_data(one: Round) -> dict[str, Any]:
    """The round as data; `members` and `initiatives` are what the register checks a scorer against."""
    return {
        "name": one.name,
        "department": one.department,
        "municipality": one.municipality,
        "case_version": one.case_version,
        "framework": dict(one.framework),
        "members": [
            {
                "user_id": member.member_id,
                "name": member.name,
                "group": member.group,
                "initiatives": list(member.initiatives),
                "interest": member.interest,
            }
            for member in one.members
        ],
        "initiatives": [subject.initiative_id for subject in one.subjects],
        "subjects": [
            {
                "initiative_id": subject.initiative_id,
                "name": subject.name,
                "theme": subject.theme,
                "neighbourhood": subject.neighbourhood,
                "answers": dict(subject.answers),
                "proposals": [_without_nan(asdict(proposal)) for proposal in subject.proposals],
            }
            for subject in one.subjects
        ],
    }


def round_from(data: Mapping[str, Any]) -> Round:
    """The round in data as `round_as_data` gives it."""
    return Round(
        name=data["name"],
        department=data["department"],
        municipality=data["municipality"],
        case_version=data["case_version"],
        framework=data["framework"],
        members=tuple(
            Member(
                member["user_id"],
                member["name"],
                member["group"],
                tuple(member["initiatives"]),
                member.get("interest", ""),
            )
            for member in data["members"]
        ),
        subjects=tuple(
            Subject(
                subject["initiative_id"],
                subject["name"],
                subject["theme"],
                subject["neighbourhood"],
                subject["answers"],
                tuple(_proposal(proposal) for proposal in subject["proposals"]),
            )
            for subject in data["subjects"]
        ),
    )


def _without_nan(data: Mapping[str, Any]) -> dict[str, Any]:
    """JSON has no NaN: unknown is null."""
    return {key: None if isinstance(value, float) and not isfinite(value) else value for key, value in data.items()}


def _proposal(data: Mapping[str, Any]) -> ProposedScore:
    unknown = {name: float("nan") for name in ("value", "threshold", "next_threshold") if data.get(name) is None}
    return ProposedScore(**{**data, **unknown})


@dataclass(frozen=True)
class Sheet:
    """What one member gave one initiative.

    Parameters
    ----------
    scores : dict of str to int or None
        Criterion to score; None is "I do not know".
    remarks : dict of str to str
        Criterion to what they wrote beside it.
    entered_by : str
        Who typed it in for them; empty when they did so themselves.
    """

    scores: Mapping[str, int | None]
    remarks: Mapping[str, str] = field(default_factory=dict)
    entered_by: str = ""


def sheet_as_data(sheet: Sheet) -> dict[str, Any]:
    """The sheet as data; remarks that are empty are left out."""
    return {
        "scores": dict(sheet.scores),
        "remarks": {key: text.strip() for key, text in sheet.remarks.items() if text.strip()},
        "entered_by": sheet.entered_by,
    }


def sheet_from(data: Mapping[str, Any]) -> Sheet:
    """The sheet in data as `sheet_as_data` gives it."""
    return Sheet(data["scores"], data.get("remarks", {}), data.get("entered_by", ""))


@dataclass(frozen=True)
class Outcome:
    """Where one initiative stands in a round.

    Parameters
    ----------
    scores : DataFrame
        As `valuation.scoring.score_table`.
    results : dict of str to float
        [points] Criterion to the group's result; NaN is none.
    standing : Standing
    agreement : Agreement
    """

    scores: pd.DataFrame
    results: Mapping[str, float]
    standing: Standing
    agreement: Agreement


def outcome_in(framework: Framework, one: Round, initiative_id: str, sheets: Mapping[str, Sheet]) -> Outcome:
    """Results, standing and agreement on one initiative.

    Parameters
    ----------
    framework : Framework
        Read from the round's own data.
    one : Round
    initiative_id : str
    sheets : dict of str to Sheet
        Member to sheet; of members who may not score the initiative nothing counts.
    """
    given = {member_id: sheet.scores for member_id, sheet in sheets.items()}
    scores = score_table(framework, one.members, given, initiative_id)
    results = results_of(framework, scores)
    standing = standing_of(framework, one.subject(initiative_id).answers, results)
    return Outcome(scores, results, standing, agreement_on_criteria(framework, scores))


def revisions(first: Mapping[str, Sheet], last: Mapping[str, Sheet]) -> pd.DataFrame:
    """The scores that changed after the members saw each other's.

    Returns
    -------
    DataFrame
        `member_id`, `criterion`, `before`, `after` (None: not scored).
    """
    rows = [
        (member, criterion, before.scores.get(criterion), sheet.scores.get(criterion))
        for member, sheet in last.items()
        if (before := first.get(member)) is not None
        for criterion in sheet.scores
        if before.scores.get(criterion) != sheet.scores.get(criterion)
    ]
    return pd.DataFrame(rows, columns=["member_id", "criterion", "before", "after"], dtype=object)


def decision_as_data(
    one: Round,
    initiative_id: str,
    outcome: Outcome,
    *,
    decided_step: str,
    promise: Promise,
    authority: Authority,
    words: Mapping[str, str],
) -> dict[str, Any]:
    """A decision as data, with everything that it rests on as it stood then.

    Parameters
    ----------
    one : Round
    initiative_id : str
    outcome : Outcome
    decided_step : str
        A step of the ladder, or `below` for no support.
    promise : Promise
    authority : Authority
        Who may decide on this.
    words : dict of str to str
        `reasons`, `conditions`, and `deviation`: why it is another step than the ladder's.
    """
    subject, framework = one.subject(initiative_id), one.framework
    return {
        "initiative_id": initiative_id,
        "name": subject.name,
        "municipality": one.municipality,
        "department": one.department,
        "theme": subject.theme,
        "neighbourhood": subject.neighbourhood,
        "framework_id": framework["id"],
        "framework_version": framework["version"],
        "answers": dict(subject.answers),
        "results": _without_nan(outcome.results),
        "outcome": None if isnan(outcome.standing.outcome) else outcome.standing.outcome,
        "state": outcome.standing.state,
        "ladder_step": outcome.standing.step or BELOW,
        "decided_step": decided_step,
        "promise": asdict(promise),
        "total_eur": promise.total_eur,
        "decider": authority.decider,
        "beyond": [list(each) for each in authority.passed],
        "agreement": None if isnan(outcome.agreement.w) else outcome.agreement.w,
        "reasons": words.get("reasons", "").strip(),
        "conditions": words.get("conditions", "").strip(),
        "deviation": words.get("deviation", "").strip(),
    }


def decisions_from(kept: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Decision]:
    """Kept decisions as what `valuation.consistency` compares.

    Parameters
    ----------
    kept : iterable of (str, dict)
        Key of the entry, and data as `decision_as_data`. Other data under this kind is left out.
    """
    return [_decision(key, data) for key, data in kept if "ladder_step" in data and "decided_step" in data]


def _decision(key: str, data: Mapping[str, Any]) -> Decision:
    outcome = data.get("outcome")
    return Decision(
        decision_id=key,
        initiative_id=data["initiative_id"],
        name=data["name"],
        municipality=data["municipality"],
        framework_id=data["framework_id"],
        framework_version=data["framework_version"],
        outcome=float("nan") if outcome is None else float(outcome),
        ladder_step=data["ladder_step"],
        decided_step=data["decided_step"],
        reason=data.get("deviation", ""),
        total_eur=float(data.get("total_eur", float("nan"))),
        department=data.get("department"),
        theme=data.get("theme"),
        neighbourhood=data.get("neighbourhood"),
    )


def who_still(one: Round, initiative_id: str, handed_in: Sequence[str]) -> tuple[Member, ...]:
    """The members who may score this initiative and did not hand anything in yet."""
    return tuple(member for member in one.scorers(initiative_id) if member.member_id not in handed_in)
