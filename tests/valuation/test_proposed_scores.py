"""The score that the valuation proposes: from which figure, why, and never from a number that may not be shown."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import build_case
from tests.valuation.frameworks import criterion, small, step
from valuation.appraisal import appraise
from valuation.comparison import ranges
from valuation.framework import Proposal
from valuation.proposed_scores import FIGURES, figures_of, proposed_scores, score_for

BCR = Proposal("bcr", "higher", {2: 0.8, 3: 1.0, 4: 1.2, 5: 1.5})
SHARE = Proposal("break_even_share", "lower", {2: 1.5, 3: 1.0, 4: 0.7, 5: 0.4})


@pytest.mark.parametrize(
    ("proposal", "value", "score"),
    [
        (BCR, 0.0, 1), (BCR, 0.7999, 1), (BCR, 0.8, 2), (BCR, 1.0, 3), (BCR, 1.49, 4), (BCR, 1.5, 5), (BCR, 99.0, 5),
        (SHARE, 2.0, 1), (SHARE, 1.5, 2), (SHARE, 1.0, 3), (SHARE, 0.41, 4), (SHARE, 0.4, 5), (SHARE, 0.0, 5),
        (BCR, float("nan"), None),
    ],
)  # fmt: skip
def test_the_score_that_a_figure_leads_to(proposal, value, score):
    assert score_for(small(), proposal, value) == score


@given(st.floats(-10, 10), st.floats(-10, 10), st.sampled_from([BCR, SHARE]))
def test_a_better_figure_never_leads_to_a_lower_score(one, other, proposal):
    worse, better = sorted((one, other), reverse=proposal.better == "lower")
    assert score_for(small(), proposal, better) >= score_for(small(), proposal, worse)


@pytest.fixture(scope="module")
def result():
    """Avoided care of 10,000 a year and 100 hours of volunteers, against a running cost of 8,000, one year at 0 %."""
    case = build_case(
        initiatives=[
            {
                "initiative_id": "I",
                "duration_years": 1,
                "operating_cost_eur_per_year": 8_000.0,
                "income_eur_per_year": 6_000.0,
                "subsidy_eur_per_year": 1_000.0,
                "volunteer_hours_per_year": 100.0,
                "own_funds_eur": 30_000.0,
                "grants_eur": 20_000.0,
                "renovation_eur": 0.0,
            },
            {"initiative_id": "J", "renovation_eur": 80_000.0, "own_funds_eur": 20_000.0, "grants_eur": 20_000.0},
        ],
        tasks=[
            {
                "volume_per_year": 100.0,
                "unit": "uur",
                "institutional_unit_cost_eur": 100.0,
                "initiative_unit_cost_eur": 40.0,
                "low": 60.0,
                "high": 160.0,
            }
        ],
        discount_rate=0.0,
        municipal_discount_rate=0.0,
        volunteer_hour_value=20.0,
    )
    reach = pd.DataFrame(
        {
            "initiative_id": ["I", "I", "J"],
            "neighbourhood": ["Noord", "Zuid", "Noord"],
            "people": [60.0, 40.0, 5.0],
            "people_in_need": [20.0, 20.0, 2.0],
        },
        index=[2, 3, 4],
    )
    return appraise(replace(case, reach=reach))


def test_every_figure_by_hand(result):
    row = figures_of(result).set_index("initiative_id").loc["I"]
    # 10,000 of benefit against 8,000 of running cost and 2,000 of volunteer hours
    assert row["bcr"] == pytest.approx(1.0)
    assert row["social_value_eur"] == pytest.approx(0.0)
    assert row["municipal_net_saving_eur_per_year"] == pytest.approx(9_000.0)  # 10,000 less the subsidy
    assert row["break_even_share"] == pytest.approx(0.1)
    assert row["cost_price_fraction"] == pytest.approx(0.4)
    assert (row["people"], row["people_in_need"], row["need_share"]) == (100.0, 40.0, 0.4)
    assert row["volunteer_hours_per_year"] == 100.0
    assert math.isnan(row["own_money_share"])  # nothing is renovated
    assert row["own_income_share"] == pytest.approx(0.75)
    assert figures_of(result).set_index("initiative_id").loc["J", "own_money_share"] == pytest.approx(0.5)
    assert set(FIGURES) <= set(row.index)


def test_a_number_of_people_that_may_not_be_shown_proposes_nothing(result):
    framework = small(
        criteria=(criterion("value", 1.0, Proposal("people_in_need", "higher", {2: 1, 3: 2, 4: 3, 5: 4})),),
        ladder=(step("a", 2, {}),),
    )
    (hidden,) = proposed_scores(framework, result, "J")
    assert (hidden.score, math.isnan(hidden.value)) == (None, True)
    (shown,) = proposed_scores(framework, result, "I")
    assert (shown.value, shown.score) == (40.0, 5)


def test_the_reason_is_the_figure_its_threshold_and_the_next_one(result):
    framework = small(criteria=(criterion("value", 1.0, BCR),), ladder=(step("a", 2, {}),))
    (proposed,) = proposed_scores(framework, result, "I", ranges(result))
    assert (proposed.figure, proposed.score, proposed.threshold, proposed.next_threshold) == ("bcr", 3, 1.0, 1.2)
    assert proposed.value == pytest.approx(1.0)
    # At 60 an hour the benefit is 6,000 of 10,000; at 160 it is 16,000.
    assert (proposed.worst, proposed.best) == (1, 5)


def test_only_criteria_for_which_the_framework_names_a_figure(result):
    framework = small(criteria=(criterion("value", 0.5, BCR), criterion("backing", 0.5)), ladder=(step("a", 2, {}),))
    assert [each.criterion for each in proposed_scores(framework, result, "I")] == ["value"]


def test_without_a_band_there_is_no_worst_and_best(result):
    people = Proposal("people", "higher", {2: 10, 3: 50, 4: 100, 5: 500})
    framework = small(criteria=(criterion("value", 1.0, people),), ladder=(step("a", 2, {}),))
    (proposed,) = proposed_scores(framework, result, "I", ranges(result))
    assert (proposed.score, proposed.worst, proposed.best) == (4, None, None)
