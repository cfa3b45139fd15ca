"""The framework (bestuurlijk kader): what a citizens' initiative is, what it is tested on, and what it can count on.

A framework is data, written by a municipality (`datasets/frameworks/*.toml` holds two examples) and read by `intake`.
This module says what it consists of, what makes it sound, and what follows from it: support is a function of the
framework, the knock-out answers and the results per criterion, and of nothing else. So the same initiative with the
same results gets the same support, whoever opens the file.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import isclose, isnan
from typing import Any, Literal

Answer = Literal["yes", "no", "unknown"]

SUPPORT_KINDS = ("room", "permit_help", "hours", "guarantee", "subsidy", "price")
"""What can be given: space to act, help with permits, hours of officials, a guarantee, subsidy, a lower price."""
DECIDERS = ("working_group", "executive", "council")
"""Who decides, from the smallest mandate to the largest: working group, college of mayor and aldermen, council."""
RESULT_RULES = ("median", "mean")
BETTER = ("higher", "lower")
TOLERANCE = 1e-6
"""Weights are typed as decimals, so their sum may be off by rounding."""


@dataclass(frozen=True)
class Words:
    """A text in Dutch, and in English where somebody wrote that too."""

    nl: str
    en: str = ""

    def in_language(self, language: str) -> str:
        """The text in this language; the Dutch one where there is no English."""
        return self.en if language == "en" and self.en else self.nl


@dataclass(frozen=True)
class Knockout:
    """A point that an initiative has to meet before it is scored at all.

    Parameters
    ----------
    key : str
    question : Words
        What is asked; "yes" is good.
    evidence : Words
        What shows it.
    source : str
        A `source_id` of `datasets/sources.csv`, or the decision that it comes from, in words.
    """

    key: str
    question: Words
    evidence: Words
    source: str = ""


@dataclass(frozen=True)
class Proposal:
    """How the valuation proposes a score: never more than a proposal, shown with its reason.

    Parameters
    ----------
    figure : str
        A key of `valuation.proposed_scores.FIGURES`.
    better : {"higher", "lower"}
        Which way the figure improves.
    thresholds : dict of int to float
        Score to the value from which it holds (`higher`: at least; `lower`: at most), in the figure's own unit. The
        lowest score has none: it holds below all others.
    source : str
    """

    figure: str
    better: str
    thresholds: Mapping[int, float]
    source: str = ""


@dataclass(frozen=True)
class Criterion:
    """What an initiative is scored on.

    Parameters
    ----------
    key : str
    name, question : Words
    weight : float
        [fraction] Part in the outcome; a higher one makes this criterion count for more. All weights add up to 1.
    anchors : dict of int to Words
        What each score of the scale means.
    evidence : Words
        What is asked to show it.
    source : str
    proposal : Proposal | None
    """

    key: str
    name: Words
    question: Words
    weight: float
    anchors: Mapping[int, Words]
    evidence: Words
    source: str = ""
    proposal: Proposal | None = None


@dataclass(frozen=True)
class Support:
    """One thing that can, or cannot, be counted on.

    Parameters
    ----------
    kind : str
        One of `SUPPORT_KINDS`.
    what : Words
    """

    kind: str
    what: Words


@dataclass(frozen=True)
class Step:
    """A step of the support ladder.

    Parameters
    ----------
    key : str
    name : Words
    from_outcome : float
        [points of the scale] The weighted outcome from which the step holds.
    requires : dict of str to float
        Criterion to the least result that the step asks of it, besides the outcome.
    gives, withholds : tuple of Support
        What the initiative can count on, and what it cannot.
    """

    key: str
    name: Words
    from_outcome: float
    requires: Mapping[str, float]
    gives: tuple[Support, ...]
    withholds: tuple[Support, ...] = ()


@dataclass(frozen=True)
class Mandate:
    """Up to where somebody decides alone.

    Parameters
    ----------
    decider : str
        One of `DECIDERS`.
    total_up_to_eur : float | None
        [EUR] Worth of all support together over its whole duration, guarantees left out; None is no limit.
    guarantee_up_to_eur : float | None
        [EUR] Guarantees, which are money only when things go wrong; None is no limit.
    never : tuple of str
        Support that this one never decides on, whatever the amount.
    """

    decider: str
    total_up_to_eur: float | None = None
    guarantee_up_to_eur: float | None = None
    never: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupRules:
    """How a working group comes to a result.

    Parameters
    ----------
    result : {"median", "mean"}
        How the scores of one criterion become one.
    quorum : int
        How many members must have scored a criterion before it has a result.
    least_groups : int
        From how many groups (council, officials, initiatives, …) these must come.
    agreement : dict of str to float
        Word (`weak`, `moderate`, `strong`) to the Kendall's W from which it is used.
    """

    result: str
    quorum: int
    least_groups: int
    agreement: Mapping[str, float]


@dataclass(frozen=True)
class Framework:
    """A municipality's framework for citizens' initiatives, in one version.

    Parameters
    ----------
    framework_id : str
    version : int
        From 1; a decision keeps the version that it was taken under.
    valid_from : date
    name, summary, definition : Words
        `definition` says what a citizens' initiative is here.
    lowest, highest : int
        [points] The scale of every criterion.
    sources : dict of str to str
        Part (`definition`, `weights`, `anchors`, `ladder`, `mandate`, `agreement`) to where it comes from.
    """

    framework_id: str
    version: int
    valid_from: datetime.date
    name: Words
    summary: Words
    definition: Words
    lowest: int
    highest: int
    rules: GroupRules
    knockouts: tuple[Knockout, ...]
    criteria: tuple[Criterion, ...]
    ladder: tuple[Step, ...]
    mandate: tuple[Mandate, ...]
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def scores(self) -> range:
        """Every score of the scale, lowest first."""
        return range(self.lowest, self.highest + 1)

    @property
    def weights(self) -> dict[str, float]:
        """[fraction] Criterion to weight, in the order of the framework."""
        return {criterion.key: criterion.weight for criterion in self.criteria}

    def criterion(self, key: str) -> Criterion:
        """The criterion with this key.

        Raises
        ------
        KeyError
        """
        return {criterion.key: criterion for criterion in self.criteria}[key]

    def step(self, key: str) -> Step:
        """The step of the ladder with this key.

        Raises
        ------
        KeyError
        """
        return {step.key: step for step in self.ladder}[key]


@dataclass(frozen=True)
class Fault:
    """What makes a framework unsound: at which key, which rule (`valuation.messages`), and what its text needs."""

    key: str
    rule: str
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """What a framework says of one initiative.

    Parameters
    ----------
    state : {"step", "below", "outside", "unknown"}
        A step of the ladder holds; the outcome is below the first step; a knock-out point is not met; or something is
        not known yet that decides it.
    step : str | None
        The step that holds.
    outcome : float
        [points of the scale] Weighted outcome; NaN while a criterion has no result.
    failed, unanswered : tuple of str
        Knock-out points that are not met, and that are not known yet.
    without_result : tuple of str
        Criteria without a result.
    held_back_by : tuple of str
        Criteria whose result is below what the next step asks, while the outcome is high enough for it.
    """

    state: Literal["step", "below", "outside", "unknown"]
    step: str | None
    outcome: float
    failed: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    without_result: tuple[str, ...] = ()
    held_back_by: tuple[str, ...] = ()


def outcome_of(weights: Mapping[str, float], results: Mapping[str, float]) -> float:
    """[points of the scale] Weighted sum of the results; NaN while one of the criteria has no result.

    Parameters
    ----------
    weights : dict of str to float
        [fraction] Criterion to weight; together 1.
    results : dict of str to float
        [points] Criterion to result; absent or NaN is unknown, and unknown is not zero.
    """
    return sum(weight * results.get(key, float("nan")) for key, weight in weights.items())


def standing_of(framework: Framework, answers: Mapping[str, Answer | str], results: Mapping[str, float]) -> Standing:
    """What an initiative can count on: a function of the framework, the knock-out answers and the results only.

    Parameters
    ----------
    framework : Framework
    answers : dict of str to {"yes", "no", "unknown"}
        Knock-out point to answer; absent is unknown.
    results : dict of str to float
        [points] Criterion to result; absent or NaN is unknown.
    """
    failed = tuple(point.key for point in framework.knockouts if answers.get(point.key) == "no")
    unanswered = tuple(
        point.key for point in framework.knockouts if answers.get(point.key, "unknown") not in ("yes", "no")
    )
    missing = tuple(key for key in framework.weights if isnan(results.get(key, float("nan"))))
    outcome = outcome_of(framework.weights, results)
    known = {"failed": failed, "unanswered": unanswered, "without_result": missing}
    if failed:
        return Standing("outside", None, outcome, **known)
    if unanswered or missing:
        return Standing("unknown", None, outcome, **known)
    step = highest_step(framework, outcome, results)
    held_back = _held_back_by(framework, step, outcome, results)
    state: Literal["step", "below"] = "below" if step is None else "step"
    return Standing(state, None if step is None else step.key, outcome, held_back_by=held_back)


def highest_step(framework: Framework, outcome: float, results: Mapping[str, float]) -> Step | None:
    """The highest step whose outcome and requirements are met; None below the first.

    An outcome that equals the threshold meets it, also when adding up the weights left a rounding error.
    """
    met = [step for step in framework.ladder if _reaches(outcome, step.from_outcome) and not _short(step, results)]
    return met[-1] if met else None


def _reaches(value: float, threshold: float) -> bool:
    return value >= threshold or isclose(value, threshold, abs_tol=TOLERANCE)


def _short(step: Step, results: Mapping[str, float]) -> tuple[str, ...]:
    """The criteria whose result is below what this step requires."""
    return tuple(key for key, least in step.requires.items() if not _reaches(results.get(key, float("nan")), least))


def _held_back_by(
    framework: Framework, step: Step | None, outcome: float, results: Mapping[str, float]
) -> tuple[str, ...]:
    """Criteria that keep the initiative off the next step although its outcome is high enough."""
    position = -1 if step is None else [each.key for each in framework.ladder].index(step.key)
    above = framework.ladder[position + 1 : position + 2]
    return tuple(key for each in above if _reaches(outcome, each.from_outcome) for key in _short(each, results))


@dataclass(frozen=True)
class Promise:
    """The support that is decided on, in money.

    Parameters
    ----------
    subsidy_eur_per_year, hours_per_year : float
        [EUR/year], [hours/year] over `years`.
    years : int
    hourly_rate_eur : float
        [EUR/hour] Of an official.
    one_off_eur : float
        [EUR] A one-off contribution.
    price_discount_eur : float
        [EUR] Market value less the price.
    guarantee_eur : float
        [EUR] What the municipality stands surety for.
    """

    years: int = 1
    subsidy_eur_per_year: float = 0.0
    hours_per_year: float = 0.0
    hourly_rate_eur: float = 0.0
    one_off_eur: float = 0.0
    price_discount_eur: float = 0.0
    guarantee_eur: float = 0.0

    @property
    def total_eur(self) -> float:
        """[EUR] All support over its whole duration, not discounted; guarantees left out."""
        per_year = self.subsidy_eur_per_year + self.hours_per_year * self.hourly_rate_eur
        return self.years * per_year + self.one_off_eur + self.price_discount_eur

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of support that cost something here, of `SUPPORT_KINDS`."""
        amounts = {
            "hours": self.hours_per_year,
            "guarantee": self.guarantee_eur,
            "subsidy": self.subsidy_eur_per_year + self.one_off_eur,
            "price": self.price_discount_eur,
        }
        return tuple(kind for kind in SUPPORT_KINDS if amounts.get(kind, 0.0) > 0)


def not_given(step: Step | None, promise: Promise) -> tuple[str, ...]:
    """The kinds of support in a promise that the step does not give; below the first step that is all of them."""
    given = set() if step is None else {support.kind for support in step.gives}
    return tuple(kind for kind in promise.kinds if kind not in given)


@dataclass(frozen=True)
class Authority:
    """Who may decide, and why the smaller mandates may not.

    Parameters
    ----------
    decider : str
        One of `DECIDERS`.
    passed : tuple of (decider, reason)
        Each smaller mandate with why it does not reach: `total`, `guarantee`, or a kind of support.
    """

    decider: str
    passed: tuple[tuple[str, str], ...] = ()


def authority_for(framework: Framework, promise: Promise) -> Authority:
    """The first in line whose mandate reaches this support.

    A framework that is sound (`faults_in`) ends with somebody without limits, so there always is one.
    """
    passed: list[tuple[str, str]] = []
    for mandate in framework.mandate:
        reason = next(_beyond(mandate, promise), None)
        if reason is None:
            return Authority(mandate.decider, tuple(passed))
        passed.append((mandate.decider, reason))
    return Authority(DECIDERS[-1], tuple(passed))


def _beyond(mandate: Mandate, promise: Promise) -> Iterator[str]:
    """Why this mandate does not reach; nothing where it does."""
    yield from (kind for kind in promise.kinds if kind in mandate.never)
    if mandate.total_up_to_eur is not None and promise.total_eur > mandate.total_up_to_eur:
        yield "total"
    if mandate.guarantee_up_to_eur is not None and promise.guarantee_eur > mandate.guarantee_up_to_eur:
        yield "guarantee"


def faults_in(framework: Framework) -> list[Fault]:
    """Everything that makes a framework unsound, all at once; empty when it can be used."""
    return [
        *_scale_faults(framework),
        *_twice(framework),
        *_criteria_faults(framework),
        *_ladder_faults(framework),
        *_mandate_faults(framework),
        *_rule_faults(framework.rules),
    ]


def _scale_faults(framework: Framework) -> Iterator[Fault]:
    if framework.lowest >= framework.highest:
        yield Fault("scale", "framework_scale", {"lowest": str(framework.lowest), "highest": str(framework.highest)})
    if framework.version < 1:
        yield Fault("version", "framework_too_low", {"value": str(framework.version), "minimum": "1"})
    if not framework.knockouts:
        yield Fault("knockouts", "framework_none")
    if not framework.criteria:
        yield Fault("criteria", "framework_none")
    if not framework.ladder:
        yield Fault("ladder", "framework_none")


def _twice(framework: Framework) -> Iterator[Fault]:
    """Keys hold scores and decisions to their criterion, so each stands once."""
    for part in ("knockouts", "criteria", "ladder"):
        keys = [each.key for each in getattr(framework, part)]
        for position, key in enumerate(keys, start=1):
            if key in keys[: position - 1]:
                yield Fault(f"{part}[{position}].key", "framework_twice", {"value": key})


def _criteria_faults(framework: Framework) -> Iterator[Fault]:
    total = sum(framework.weights.values()) if framework.criteria else 1.0
    for position, criterion in enumerate(framework.criteria, start=1):
        place = f"criteria[{position}]"
        if not 0 < criterion.weight <= 1:
            yield Fault(f"{place}.weight", "framework_weight", {"value": criterion.weight})
        for score in framework.scores:
            if score not in criterion.anchors or not criterion.anchors[score].nl:
                yield Fault(f"{place}.anchors.{score}", "framework_anchor", {"score": str(score)})
        for score in criterion.anchors:
            if score not in framework.scores:
                yield _outside(framework, f"{place}.anchors.{score}", score)
        if criterion.proposal is not None:
            yield from _proposal_faults(framework, criterion.proposal, f"{place}.proposal")
    if len({criterion.key for criterion in framework.criteria}) == len(framework.criteria) and not isclose(
        total, 1.0, abs_tol=TOLERANCE
    ):
        yield Fault("criteria", "framework_weights", {"total": 100 * total})


def _outside(framework: Framework, key: str, value: float) -> Fault:
    scale = {"lowest": str(framework.lowest), "highest": str(framework.highest)}
    return Fault(key, "framework_outside_scale", {"value": value, **scale})


def _proposal_faults(framework: Framework, proposal: Proposal, place: str) -> Iterator[Fault]:
    """Each score but the lowest has a threshold, and a better score asks for a better figure."""
    for score in proposal.thresholds:
        if score not in framework.scores:
            yield _outside(framework, f"{place}.from.{score}", score)
    for score in framework.scores[1:]:
        if score not in proposal.thresholds:
            yield Fault(f"{place}.from.{score}", "framework_threshold", {"score": str(score)})
    steps = [proposal.thresholds[score] for score in framework.scores if score in proposal.thresholds]
    rising = all(first < second for first, second in pairwise(steps))
    falling = all(first > second for first, second in pairwise(steps))
    if not (rising if proposal.better == "higher" else falling):
        rule = "framework_thresholds_rise" if proposal.better == "higher" else "framework_thresholds_fall"
        yield Fault(f"{place}.from", rule)


def _ladder_faults(framework: Framework) -> Iterator[Fault]:
    """A higher step asks for more, and gives at least what the step below it gives."""
    known = set(framework.weights)
    for position, step in enumerate(framework.ladder, start=1):
        place = f"ladder[{position}]"
        if not framework.lowest <= step.from_outcome <= framework.highest:
            yield _outside(framework, f"{place}.from_outcome", step.from_outcome)
        for key, least in step.requires.items():
            if key not in known:
                yield Fault(f"{place}.requires.{key}", "framework_no_criterion", {"value": key})
            elif not framework.lowest <= least <= framework.highest:
                yield _outside(framework, f"{place}.requires.{key}", least)
        given = {support.kind for support in step.gives}
        for support in step.withholds:
            if support.kind in given:
                yield Fault(f"{place}.withholds", "framework_given_and_withheld", {"value": support.kind})
    for position, (below, above) in enumerate(pairwise(framework.ladder), start=2):
        yield from _looser(below, above, f"ladder[{position}]")


def _looser(below: Step, above: Step, place: str) -> Iterator[Fault]:
    if above.from_outcome <= below.from_outcome:
        yield Fault(
            f"{place}.from_outcome",
            "framework_ladder_order",
            {"value": above.from_outcome, "below": below.from_outcome},
        )
    for key, least in below.requires.items():
        if above.requires.get(key, float("-inf")) < least:
            yield Fault(f"{place}.requires.{key}", "framework_ladder_requires", {"value": key, "least": least})
    given = {support.kind for support in above.gives}
    for support in below.gives:
        if support.kind not in given:
            yield Fault(f"{place}.gives", "framework_ladder_gives", {"value": support.kind})


def _mandate_faults(framework: Framework) -> Iterator[Fault]:
    """Mandates grow, and somebody can decide on everything."""
    if not framework.mandate:
        yield Fault("mandate", "framework_none")
        return
    for position, (smaller, larger) in enumerate(pairwise(framework.mandate), start=2):
        place = f"mandate[{position}]"
        if DECIDERS.index(larger.decider) <= DECIDERS.index(smaller.decider):
            yield Fault(f"{place}.decider", "framework_mandate_order", {"value": larger.decider})
        for limit in ("total_up_to_eur", "guarantee_up_to_eur"):
            low, high = getattr(smaller, limit), getattr(larger, limit)
            if high is not None and (low is None or high < low):
                yield Fault(f"{place}.{limit}", "framework_mandate_limit", {"value": high})
        for kind in larger.never:
            if kind not in smaller.never:
                yield Fault(f"{place}.never", "framework_mandate_never", {"value": kind})
    last = framework.mandate[-1]
    if last.never or last.total_up_to_eur is not None or last.guarantee_up_to_eur is not None:
        yield Fault(f"mandate[{len(framework.mandate)}]", "framework_mandate_open")


def _rule_faults(rules: GroupRules) -> Iterator[Fault]:
    for name in ("quorum", "least_groups"):
        if getattr(rules, name) < 1:
            yield Fault(
                f"working_group.{name}", "framework_too_low", {"value": str(getattr(rules, name)), "minimum": "1"}
            )
    levels = list(rules.agreement.values())
    if any(not 0 < level <= 1 for level in levels) or any(low >= high for low, high in pairwise(levels)):
        yield Fault("working_group.agreement", "framework_agreement")


@dataclass(frozen=True)
class Difference:
    """One thing that differs between two versions.

    Parameters
    ----------
    key : str
        Where, as in the file: `criteria.support.weight`.
    before, after : object
        None where it was not there, or is not there any more.
    """

    key: str
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What changed between two versions of a framework, as data (`intake.frameworks.framework_as_data`).

    Lists of things with a key (criteria, knock-out points, steps) are compared by that key, so that moving one is no
    change; mandates by who decides, supports by kind.
    """
    old, new = _flat(before), _flat(after)
    keys = list(dict.fromkeys((*old, *new)))
    return [Difference(key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)]


def _flat(data: Any, place: str = "") -> dict[str, Any]:
    """Nested data as one table of key to value."""
    if isinstance(data, Mapping):
        parts = ((str(key), value) for key, value in data.items())
    elif isinstance(data, list) and data and all(isinstance(each, Mapping) for each in data):
        parts = ((_name(each, number), each) for number, each in enumerate(data, start=1))
    else:
        return {place: data}
    flat: dict[str, Any] = {}
    for name, value in parts:
        flat |= _flat(value, f"{place}.{name}" if place else name)
    return flat


def _name(part: Mapping[str, Any], number: int) -> str:
    return str(next((part[name] for name in ("key", "decider", "kind") if name in part), number))
