"""What a framework says of an initiative, worked out by hand, and what makes one unsound."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.valuation.frameworks import WEIGHTS, criterion, knockout, small, step
from valuation.framework import (
    Mandate,
    Promise,
    Proposal,
    Support,
    Words,
    authority_for,
    differences,
    faults_in,
    outcome_of,
    standing_of,
)

MET = {"residents": "yes", "no_profit": "yes"}


def rules(framework):
    return {(fault.key, fault.rule) for fault in faults_in(framework)}


# ---- what an initiative can count on ------------------------------------------------------------


@pytest.mark.parametrize(
    ("results", "outcome", "state", "reached"),
    [
        # 0.5 x 4 + 0.3 x 3 + 0.2 x 5 = 3.9
        ({"value": 4, "backing": 3, "plan": 5}, 3.9, "step", "help"),
        # 2 + 0.9 + 1.0 + 0.5 x 0.2 = 4.0, on the threshold
        ({"value": 4.2, "backing": 3, "plan": 5}, 4.0, "step", "money"),
        # 0.5 x 5 + 0.3 x 5 + 0.2 x 2 = 4.4, but the plan asks for 3
        ({"value": 5, "backing": 5, "plan": 2}, 4.4, "step", "help"),
        # 0.5 x 5 + 0.3 x 1 + 0.2 x 5 = 3.8, but help asks for backing of 2
        ({"value": 5, "backing": 1, "plan": 5}, 3.8, "step", "room"),
        ({"value": 1, "backing": 1, "plan": 1}, 1.0, "below", None),
    ],
)
def test_the_step_by_hand(results, outcome, state, reached):
    standing = standing_of(small(), MET, results)
    assert standing.outcome == pytest.approx(outcome, abs=1e-12)
    assert (standing.state, standing.step) == (state, reached)


def test_what_holds_an_initiative_back_is_named():
    standing = standing_of(small(), MET, {"value": 5, "backing": 2, "plan": 2})  # 2.5 + 0.6 + 0.4 = 3.5
    assert (standing.step, standing.held_back_by) == ("help", ())
    standing = standing_of(small(), MET, {"value": 5, "backing": 5, "plan": 2})  # 4.4
    assert standing.held_back_by == ("plan",)


def test_a_point_that_is_not_met_ends_it_whatever_the_scores():
    standing = standing_of(small(), {**MET, "no_profit": "no"}, dict.fromkeys(WEIGHTS, 5.0))
    assert (standing.state, standing.step, standing.failed) == ("outside", None, ("no_profit",))


def test_what_is_not_known_yet_gives_no_step_and_is_named():
    unanswered = standing_of(small(), {"residents": "yes"}, dict.fromkeys(WEIGHTS, 5.0))
    assert (unanswered.state, unanswered.unanswered) == ("unknown", ("no_profit",))
    missing = standing_of(small(), MET, {"value": 5.0, "backing": float("nan")})
    assert (missing.state, missing.without_result) == ("unknown", ("backing", "plan"))
    assert math.isnan(missing.outcome)


scores = st.floats(1, 5)
all_results = st.fixed_dictionaries(dict.fromkeys(WEIGHTS, scores))
answers = st.fixed_dictionaries(dict.fromkeys(MET, st.sampled_from(["yes", "no", "unknown"])))


@given(answers, all_results, st.permutations(list(WEIGHTS)))
def test_the_same_initiative_twice_gives_the_same_support(answered, results, order):
    """Support is a function of framework, answers and results only: not of the order, the name or the moment."""
    again = {key: results[key] for key in order}
    first, second = (
        standing_of(small(), answered, results),
        standing_of(small(), dict(reversed(answered.items())), again),
    )
    assert (first.state, first.step, first.failed) == (second.state, second.step, second.failed)
    renamed = replace(small(), name=Words("Anders"), summary=Words("x"))
    assert standing_of(renamed, answered, results) == first


@given(all_results, st.sampled_from(list(WEIGHTS)), scores)
def test_a_better_score_never_gives_less_support(results, key, better):
    steps = ["below", "room", "help", "money"]
    before = standing_of(small(), MET, results)
    after = standing_of(small(), MET, {**results, key: max(results[key], better)})
    assert steps.index(after.step or "below") >= steps.index(before.step or "below")


@given(all_results)
def test_the_outcome_lies_between_the_lowest_and_the_highest_result(results):
    assert min(results.values()) - 1e-9 <= outcome_of(WEIGHTS, results) <= max(results.values()) + 1e-9


# ---- mandates -----------------------------------------------------------------------------------


def test_what_support_is_worth_by_hand():
    promise = Promise(
        years=3,
        subsidy_eur_per_year=2_000,
        hours_per_year=40,
        hourly_rate_eur=75,
        one_off_eur=500,
        price_discount_eur=0,
    )
    assert promise.total_eur == 3 * (2_000 + 3_000) + 500 == 15_500
    assert promise.kinds == ("hours", "subsidy")


@pytest.mark.parametrize(
    ("promise", "decider", "passed"),
    [
        (Promise(), "working_group", ()),
        (Promise(years=2, subsidy_eur_per_year=5_000), "working_group", ()),
        (Promise(years=2, subsidy_eur_per_year=5_000.01), "executive", (("working_group", "total"),)),
        (Promise(guarantee_eur=1), "executive", (("working_group", "guarantee"),)),
        (Promise(guarantee_eur=50_001), "council", (("working_group", "guarantee"), ("executive", "guarantee"))),
        (Promise(price_discount_eur=1), "council", (("working_group", "price"), ("executive", "price"))),
        (Promise(one_off_eur=100_001), "council", (("working_group", "total"), ("executive", "total"))),
    ],
)
def test_who_may_decide(promise, decider, passed):
    authority = authority_for(small(), promise)
    assert (authority.decider, authority.passed) == (decider, passed)


# ---- what makes a framework unsound --------------------------------------------------------------


def test_the_small_framework_is_sound():
    assert faults_in(small()) == []


def criteria(**weights):
    return tuple(criterion(key, weight) for key, weight in weights.items())


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"lowest": 5, "highest": 1}, ("scale", "framework_scale")),
        ({"version": 0}, ("version", "framework_too_low")),
        ({"knockouts": ()}, ("knockouts", "framework_none")),
        ({"criteria": ()}, ("criteria", "framework_none")),
        ({"ladder": ()}, ("ladder", "framework_none")),
        ({"mandate": ()}, ("mandate", "framework_none")),
        ({"knockouts": (knockout("a"), knockout("a"))}, ("knockouts[2].key", "framework_twice")),
        ({"criteria": criteria(value=0.5, backing=0.3, plan=0.1)}, ("criteria", "framework_weights")),
        ({"criteria": criteria(value=1.2, backing=-0.4, plan=0.2)}, ("criteria[1].weight", "framework_weight")),
        ({"highest": 6}, ("criteria[1].anchors.6", "framework_anchor")),
        ({"highest": 4}, ("criteria[1].anchors.5", "framework_outside_scale")),
        ({"ladder": (step("room", 7.0, {}, "room"),)}, ("ladder[1].from_outcome", "framework_outside_scale")),
        ({"ladder": (step("room", 2.0, {"no": 2}, "room"),)}, ("ladder[1].requires.no", "framework_no_criterion")),
        ({"ladder": (step("room", 2.0, {"plan": 9}, "room"),)}, ("ladder[1].requires.plan", "framework_outside_scale")),
        (
            {"ladder": (step("room", 3.0, {}, "room"), step("help", 3.0, {}, "room"))},
            ("ladder[2].from_outcome", "framework_ladder_order"),
        ),
        (
            {"ladder": (step("room", 2.0, {"plan": 3}, "room"), step("help", 3.0, {}, "room"))},
            ("ladder[2].requires.plan", "framework_ladder_requires"),
        ),
        (
            {"ladder": (step("room", 2.0, {}, "room", "hours"), step("help", 3.0, {}, "room"))},
            ("ladder[2].gives", "framework_ladder_gives"),
        ),
        (
            {"ladder": (replace(step("room", 2.0, {}, "room"), withholds=(Support("room", Words("x")),)),)},
            ("ladder[1].withholds", "framework_given_and_withheld"),
        ),
        ({"mandate": (Mandate("council"), Mandate("executive"))}, ("mandate[2].decider", "framework_mandate_order")),
        (
            {"mandate": (Mandate("executive", 100.0), Mandate("council", 50.0))},
            ("mandate[2].total_up_to_eur", "framework_mandate_limit"),
        ),
        (
            {"mandate": (Mandate("executive"), Mandate("council", None, 50.0))},
            ("mandate[2].guarantee_up_to_eur", "framework_mandate_limit"),
        ),
        (
            {"mandate": (Mandate("executive"), Mandate("council", never=("price",)))},
            ("mandate[2].never", "framework_mandate_never"),
        ),
        ({"mandate": (Mandate("working_group", 10.0),)}, ("mandate[1]", "framework_mandate_open")),
        ({"rules": replace(small().rules, quorum=0)}, ("working_group.quorum", "framework_too_low")),
        (
            {"rules": replace(small().rules, agreement={"weak": 0.5, "moderate": 0.5})},
            ("working_group.agreement", "framework_agreement"),
        ),
    ],
)
def test_an_unsound_part_is_named(changes, fault):
    assert fault in rules(small(**changes))


@pytest.mark.parametrize(
    ("better", "thresholds", "fault"),
    [
        ("higher", {2: 1.0, 3: 2.0, 4: 3.0}, ("from.5", "framework_threshold")),
        ("higher", {2: 1.0, 3: 3.0, 4: 2.0, 5: 4.0}, ("from", "framework_thresholds_rise")),
        ("lower", {2: 1.0, 3: 2.0, 4: 3.0, 5: 4.0}, ("from", "framework_thresholds_fall")),
        ("higher", {2: 1.0, 3: 2.0, 4: 3.0, 5: 4.0, 6: 5.0}, ("from.6", "framework_outside_scale")),
    ],
)
def test_an_unsound_proposal_is_named(better, thresholds, fault):
    framework = small(
        criteria=(criterion("value", 1.0, Proposal("bcr", better, thresholds)),), ladder=(step("a", 2, {}),)
    )
    key, rule = fault
    assert (f"criteria[1].proposal.{key}", rule) in rules(framework)


def test_every_fault_is_named_at_once():
    bad = small(knockouts=(), criteria=criteria(value=0.5), mandate=())
    assert len(faults_in(bad)) >= 5


# ---- versions ------------------------------------------------------------------------------------


def test_what_changed_between_versions_is_named_by_key_and_moving_is_no_change():
    before = {
        "version": 1,
        "criteria": [{"key": "a", "weight": 0.6, "anchors": {"1": {"nl": "laag"}}}, {"key": "b", "weight": 0.4}],
        "mandate": [{"decider": "council", "never": []}],
    }
    after = {
        "version": 2,
        "criteria": [{"key": "b", "weight": 0.4}, {"key": "a", "weight": 0.5, "anchors": {"1": {"nl": "laag"}}}],
        "mandate": [{"decider": "council", "never": ["price"]}],
    }
    found = {(each.key, str(each.before), str(each.after)) for each in differences(before, after)}
    assert found == {
        ("version", "1", "2"),
        ("criteria.a.weight", "0.6", "0.5"),
        ("mandate.council.never", "[]", "['price']"),
    }
    assert differences(before, before) == []
