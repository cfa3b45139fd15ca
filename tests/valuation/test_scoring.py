"""Results, spread, agreement and sensitivity, each against a published example or a sum on paper."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.valuation.frameworks import WEIGHTS, criterion, small, step
from valuation.framework import GroupRules, standing_of
from valuation.scoring import (
    Member,
    agreement_level,
    agreement_on_criteria,
    agreement_on_initiatives,
    any_weights,
    bounds_of,
    by_group,
    kendalls_w,
    member_outcomes,
    most_divided,
    order_flips,
    ranking_of,
    results_of,
    reweighted,
    score_table,
    spread,
    weight_sensitivity,
)

NAN = float("nan")
MEMBERS = [
    Member("a", "Anna", "council"),
    Member("b", "Bas", "council"),
    Member("c", "Cas", "official"),
    Member("d", "Dia", "official"),
    Member("e", "Eef", "initiative", ("I-1",)),
    Member("f", "Fin", "initiative"),
]
# Value, backing, plan. Eef sits in for her own initiative and may not score it.
GIVEN = {
    "a": {"value": 4, "backing": 2, "plan": 3},
    "b": {"value": 5, "backing": 1, "plan": None},
    "c": {"value": 4, "backing": 5, "plan": 3},
    "d": {"value": 2, "backing": 5},
    "e": {"value": 5, "backing": 5, "plan": 5},
    "f": {"value": 3, "backing": 4, "plan": 3},
}


def table(given=GIVEN, members=MEMBERS, framework=None):
    return score_table(framework or small(), members, given, "I-1")


# ---- scores and results ------------------------------------------------------------------------


def test_nobody_scores_their_own_initiative():
    assert set(table()["member_id"]) == {"a", "b", "c", "d", "f"}
    other = score_table(small(), MEMBERS, GIVEN, "I-2")
    assert set(other["member_id"]) == {"a", "b", "c", "d", "e", "f"}


def test_the_result_by_median_and_by_mean():
    # value: 2 3 4 4 5; backing: 1 2 4 5 5; plan: 3 3 3
    assert results_of(small(), table()) == {"value": 4.0, "backing": 4.0, "plan": 3.0}
    mean = small(rules=GroupRules("mean", 3, 2, {"weak": 0.3}))
    assert results_of(mean, table()) == pytest.approx({"value": 18 / 5, "backing": 17 / 5, "plan": 3.0})


@pytest.mark.parametrize(("quorum", "groups", "plan"), [(3, 2, 3.0), (4, 2, NAN), (3, 4, NAN)])
def test_too_few_scores_give_no_result(quorum, groups, plan):
    rules = GroupRules("median", quorum, groups, {"weak": 0.3})
    result = results_of(small(rules=rules), table())["plan"]
    assert result == plan or (math.isnan(result) and math.isnan(plan))


def test_a_score_that_was_not_given_is_not_zero():
    without = {**GIVEN, "a": {**GIVEN["a"], "value": None}}
    assert results_of(small(), table(without))["value"] == 3.5  # of 2 3 4 5
    nobody = results_of(small(), table({}))
    assert all(map(math.isnan, nobody.values()))


def test_the_spread_by_hand():
    rows = spread(small(), table()).set_index("criterion")
    assert rows.loc["value", ["count", "missing", "lowest", "highest", "median"]].tolist() == [5, 0, 2, 5, 4]
    assert rows.loc["plan", ["count", "missing"]].tolist() == [3, 2]
    # value around 4: 2 1 0 0 1; backing around 4: 3 2 0 1 1; plan: all 3
    assert rows["distance"].to_dict() == pytest.approx({"value": 4 / 5, "backing": 7 / 5, "plan": 0.0})
    # backing: council 1.5, officials 5, initiatives 4
    assert rows.loc["backing", "group_gap"] == 3.5
    assert most_divided(spread(small(), table())) == "backing"


def test_the_scores_of_each_group():
    rows = by_group(small(), table()).set_index(["criterion", "group"])
    assert rows.loc[("backing", "council"), ["count", "lowest", "highest", "median"]].tolist() == [2, 1, 2, 1.5]
    assert rows.loc[("plan", "council"), "count"] == 1
    assert ("plan", "resident") not in rows.index


def test_nobody_is_divided_when_everybody_says_the_same_or_nothing():
    same = {member.member_id: dict.fromkeys(WEIGHTS, 3) for member in MEMBERS}
    assert most_divided(spread(small(), table(same))) is None
    assert most_divided(spread(small(), table({}))) is None


# ---- agreement ----------------------------------------------------------------------------------

# Siegel (1956), table 9.7: three executives rank six applicants; W = .16.
SIEGEL = np.array([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]], dtype=float)
# Kendall (1948), also Siegel (1956), with ties: W = .828 corrected for ties, .796 without.
KENDALL = np.array(
    [
        [1, 4.5, 2, 4.5, 3, 7.5, 6, 9, 7.5, 10],
        [2.5, 1, 2.5, 4.5, 4.5, 8, 9, 6.5, 10, 6.5],
        [2, 1, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10],
    ]
)


def plain_w(rows):
    """Kendall's W in plain Python from average Spearman correlation: W = (1 + (m − 1) r̄) / m, ties included."""

    def ranks(row):
        return [sum(other < value for other in row) + (sum(other == value for other in row) + 1) / 2 for value in row]

    def correlation(x, y):
        n, mean = len(x), (len(x) + 1) / 2
        top = sum((a - mean) * (b - mean) for a, b in zip(x, y, strict=True))
        spread_x, spread_y = (sum((a - mean) ** 2 for a in each) for each in (x, y))
        assert n > 1
        return top / math.sqrt(spread_x * spread_y)

    ranked = [ranks(row) for row in rows]
    pairs = [correlation(x, y) for x, y in itertools.combinations(ranked, 2)]
    return (1 + (len(rows) - 1) * sum(pairs) / len(pairs)) / len(rows)


def test_published_examples_of_kendalls_w():
    assert kendalls_w(SIEGEL).w == pytest.approx(0.16, abs=0.005)
    assert kendalls_w(SIEGEL).w == pytest.approx(25.5 / 157.5)
    assert kendalls_w(KENDALL).w == pytest.approx(0.828, abs=0.0005)
    # By hand: S = 591, m = 3, n = 10, tied pairs and threes make Σ(t³ − t) = 12 + 18 + 84 = 114.
    assert kendalls_w(KENDALL).w == pytest.approx(12 * 591 / (9 * 990 - 3 * 114))


def test_w_equals_the_mean_rank_correlation_way_where_no_judge_ties():
    """With ties the two differ, as the correction is on the whole; without they are one figure."""
    assert kendalls_w(SIEGEL).w == pytest.approx(plain_w(SIEGEL.tolist()))


@given(st.lists(st.permutations(range(5)), min_size=2, max_size=7))
def test_w_without_ties_is_the_same_worked_out_another_way(rows):
    assert kendalls_w(np.array(rows, dtype=float)).w == pytest.approx(plain_w(rows), abs=1e-9)


@given(st.lists(st.lists(st.integers(1, 5), min_size=4, max_size=4), min_size=2, max_size=8))
def test_w_lies_between_0_and_1_and_looks_at_order_only(rows):
    found = kendalls_w(np.array(rows, dtype=float))
    if found.reason is None:
        assert -1e-12 <= found.w <= 1 + 1e-12
        higher = [[2 * value + judge for value in row] for judge, row in enumerate(rows)]
        assert kendalls_w(np.array(higher, dtype=float)).w == pytest.approx(found.w)
    else:
        assert found.reason == "ties"
        assert all(len(set(row)) == 1 for row in rows)


def test_full_agreement_and_full_disagreement():
    assert kendalls_w(np.array([[1, 2, 3], [1, 2, 3], [2, 4, 5]], dtype=float)).w == 1.0
    assert kendalls_w(np.array([[1, 2, 3], [3, 2, 1]], dtype=float)).w == 0.0


@pytest.mark.parametrize(
    ("scores", "reason"),
    [
        ([[1, 2, 3]], "judges"),
        ([[1, 2, NAN], [1, NAN, 3]], "judges"),
        ([[1], [2]], "items"),
        ([[3, 3, 3], [4, 4, 4]], "ties"),
    ],
)
def test_w_is_undefined_with_its_reason(scores, reason):
    found = kendalls_w(np.array(scores, dtype=float))
    assert math.isnan(found.w)
    assert found.reason == reason
    assert agreement_level(small().rules, found.w) is None


def test_agreement_on_the_criteria_leaves_out_who_did_not_score_them_all():
    found = agreement_on_criteria(small(), table())
    assert (found.judges, found.items) == (3, 3)  # a, c and f
    # ranks of value, backing, plan: a 3 1 2, c 2 3 1, f 1.5 3 1.5 (ties: 2³ − 2 = 6)
    # rank sums 6.5, 7, 4.5 around 6: S = 0.25 + 1 + 2.25 = 3.5
    assert found.w == pytest.approx(12 * 3.5 / (9 * 24 - 3 * 6))


@pytest.mark.parametrize(
    ("w", "word"), [(0.0, "none"), (0.29, "none"), (0.3, "weak"), (0.69, "moderate"), (1.0, "strong")]
)
def test_the_word_for_agreement(w, word):
    assert agreement_level(small().rules, w) == word


def test_agreement_on_the_order_of_initiatives():
    low = {key: dict.fromkeys(WEIGHTS, 2) for key in "acf"}
    high = {key: dict.fromkeys(WEIGHTS, 5) for key in "acf"}
    found = agreement_on_initiatives(small(), {"x": table(low), "y": table(high)})
    assert (found.w, found.judges, found.items) == (1.0, 3, 2)


def test_the_total_of_each_member():
    totals = member_outcomes(small(), table())
    assert totals["a"] == pytest.approx(0.5 * 4 + 0.3 * 2 + 0.2 * 3)
    assert math.isnan(totals["b"])


# ---- sensitivity --------------------------------------------------------------------------------

RESULTS = {"value": 4.0, "backing": 3.0, "plan": 5.0}  # outcome 3.9: help
MET = {"residents": "yes", "no_profit": "yes"}


def test_another_weight_of_one_criterion_by_hand():
    rows = weight_sensitivity(small(), RESULTS).set_index("criterion")
    # Without value: (0.3 x 3 + 0.2 x 5) / 0.5 = 3.8; all value: 4. 4.0 (money) is reached only at a weight of 1.
    assert rows.loc["value", ["outcome_at_0", "outcome_at_1"]].tolist() == pytest.approx([3.8, 4.0])
    assert rows.loc["value", ["lower", "upper"]].tolist() == pytest.approx([0.0, 1.0])
    # Without plan: (0.5 x 4 + 0.3 x 3) / 0.8 = 3.625; all plan: 5. It reaches 4 at 0.375 / 1.375.
    assert rows.loc["plan", ["outcome_at_0", "outcome_at_1"]].tolist() == pytest.approx([3.625, 5.0])
    assert rows.loc["plan", ["lower", "upper"]].tolist() == pytest.approx([0.0, 0.375 / 1.375])
    # Without backing: (0.5 x 4 + 0.2 x 5) / 0.7 = 30/7; all backing: 3. It drops below 4 at (2/7) / (9/7).
    assert rows.loc["backing", ["lower", "upper"]].tolist() == pytest.approx([2 / 9, 1.0])


def test_with_something_unknown_there_is_no_sensitivity():
    assert weight_sensitivity(small(), {**RESULTS, "plan": NAN}).empty


results = st.fixed_dictionaries(dict.fromkeys(WEIGHTS, st.integers(1, 5).map(float)))


@given(results, st.sampled_from(list(WEIGHTS)), st.floats(0.01, 0.99))
def test_between_the_two_weights_the_step_is_what_it_is(found, key, part):
    row = weight_sensitivity(small(), found).set_index("criterion").loc[key]
    inside = row["lower"] + part * (row["upper"] - row["lower"])
    weights = reweighted(WEIGHTS, key, inside)
    other = small(criteria=tuple(criterion(name, weight) for name, weight in weights.items()))
    assert sum(weights.values()) == pytest.approx(1.0)
    assert standing_of(other, MET, found).step == standing_of(small(), MET, found).step
    assert row["lower"] - 1e-9 <= WEIGHTS[key] <= row["upper"] + 1e-9


def test_the_weight_at_which_two_initiatives_change_places_by_hand():
    first, second = {"value": 5.0, "backing": 2.0, "plan": 3.0}, {"value": 3.0, "backing": 4.0, "plan": 3.0}
    rows = order_flips(small(), first, second).set_index("criterion")
    # value: at 0 the gap is (0.3 x −2) / 0.5 = −1.2, at 1 it is 2: they change at 1.2 / 3.2
    assert rows.loc["value", "flips_at"] == pytest.approx(1.2 / 3.2)
    # backing: at 0 the gap is (0.5 x 2) / 0.7, at 1 it is −2
    assert rows.loc["backing", "flips_at"] == pytest.approx((1 / 0.7) / (1 / 0.7 + 2))
    # plan: at 0 the gap is (0.5 x 2 − 0.3 x 2) / 0.8 = 0.5, at 1 it is 0: they never change
    assert math.isnan(rows.loc["plan", "flips_at"])


@given(results, results)
def test_where_they_change_places_their_outcomes_are_equal(first, second):
    for row in order_flips(small(), first, second).itertuples():
        if not math.isnan(row.flips_at):
            weights = reweighted(WEIGHTS, row.criterion, row.flips_at)
            gap = sum(weight * (first[key] - second[key]) for key, weight in weights.items())
            assert gap == pytest.approx(0.0, abs=1e-9)


def test_the_ranking_keeps_who_has_no_outcome_and_ties():
    table = ranking_of(
        small(), {"x": RESULTS, "y": {**RESULTS, "plan": NAN}, "z": RESULTS, "top": dict.fromkeys(WEIGHTS, 5)}
    )
    assert table["initiative_id"].tolist() == ["top", "x", "z", "y"]
    assert table["rank"].tolist()[:3] == [1, 2, 2]
    assert math.isnan(table["rank"].iloc[3])


def test_any_weights_with_a_seed_says_the_same_twice_and_is_right_where_it_can_be_worked_out():
    # x is 5 on value and 1 on the rest; y the other way round. x wins where the weight of value is above 1/2.
    # Three weights, each as likely: the chance of that is (1/2)² = 1/4.
    x, y = {"value": 5.0, "backing": 1.0, "plan": 1.0}, {"value": 1.0, "backing": 5.0, "plan": 5.0}
    first = any_weights(small(), {"x": x, "y": y}, draws=20_000, seed=1)
    again = any_weights(small(), {"x": x, "y": y}, draws=20_000, seed=1)
    pd.testing.assert_frame_equal(first, again)
    shares = first.set_index("initiative_id")["first_share"]
    assert shares["x"] == pytest.approx(0.25, abs=0.01)
    assert shares["y"] == pytest.approx(0.75, abs=0.01)
    # x is at help (3) under its own weights only if 1 + 4 w lies in [3, 4): but backing of 1 bars help altogether.
    steps = first.set_index("initiative_id")["same_step_share"]
    # x stays at room where 1 + 4 w ≥ 2: the weight of value is at least 1/4; the chance is (3/4)².
    assert steps["x"] == pytest.approx(9 / 16, abs=0.01)


def test_initiatives_with_something_unknown_take_no_part_in_any_weights():
    table = any_weights(small(), {"x": RESULTS, "y": {**RESULTS, "plan": NAN}}, draws=10, seed=1)
    assert table["initiative_id"].tolist() == ["x"]
    assert any_weights(small(), {}, draws=10, seed=1).empty


def test_the_same_score_on_everything_does_not_depend_on_weights():
    table = any_weights(small(), {"x": dict.fromkeys(WEIGHTS, 3.0)}, draws=500, seed=3).iloc[0]
    assert table[["lowest", "median", "highest"]].tolist() == pytest.approx([3.0, 3.0, 3.0])
    assert table["same_step_share"] == 1.0


def test_what_missing_results_can_still_change():
    bounds = bounds_of(small(), {"value": 5.0, "backing": 4.0, "plan": NAN})
    assert (bounds.lowest, bounds.highest) == pytest.approx((3.9, 4.7))  # 2.5 + 1.2 + 0.2 x 1 or x 5
    assert (bounds.lowest_step, bounds.highest_step) == ("help", "money")


def test_a_framework_of_one_criterion_has_no_other_weight():
    one = small(criteria=(criterion("value", 1.0),), ladder=(step("a", 2, {}),))
    row = weight_sensitivity(one, {"value": 3.0}).iloc[0]
    assert (row["outcome_at_0"], row["outcome_at_1"], row["lower"], row["upper"]) == (3.0, 3.0, 0.0, 1.0)
