"""What working with the municipality costs, worked out by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from tests.building import build_case
from valuation.appraisal import appraise
from valuation.facilitation import facilitation_view

INITIATIVE = {
    "subsidy_eur_per_year": 600.0,
    "facilitation_hours_per_year": 40.0,
    "volunteer_hours_per_year": 500.0,
    "procedure_hours_per_year": 50.0,
    "operating_cost_eur_per_year": 4_000.0,
    "waiting_months": 3.0,
    "renovation_eur": 90_000.0,
}
TASK = {"volume_per_year": 1_000.0, "institutional_unit_cost_eur": 31.0, "cashable_share": 0.5}


def facilitation(**parts: object) -> pd.Series:
    return facilitation_view(appraise(build_case(**{"initiatives": [INITIATIVE], "tasks": [TASK], **parts}))).iloc[0]


def test_support_and_procedures_are_figures_of_their_own():
    row = facilitation()
    assert row["facilitation_eur_per_year"] == 40 * 75
    assert row["procedure_eur_per_year"] == 50 * 20
    assert row["procedure_share"] == 0.1


def test_a_month_of_waiting_is_a_twelfth_of_a_full_year():
    # 31,000 avoided less 4,000 running cost, 3,000 support and 10,000 volunteer hours is 14,000 a year.
    row = facilitation()
    assert row["delay_eur_per_month"] == pytest.approx(14_000 / 12)
    assert row["delay_eur"] == pytest.approx(3_500)
    assert row["municipal_delay_eur_per_month"] == pytest.approx((15_500 - 3_600) / 12)


def test_procedures_are_part_of_the_volunteer_hours_and_never_added_to_them():
    without = facilitation(initiatives=[{**INITIATIVE, "procedure_hours_per_year": 0.0}])
    assert facilitation()["delay_eur_per_month"] == without["delay_eur_per_month"]
    before, after = (
        appraise(build_case(initiatives=[{**INITIATIVE, "procedure_hours_per_year": hours}], tasks=[TASK])).initiatives
        for hours in (0.0, 50.0)
    )
    pd.testing.assert_frame_equal(before, after)


def test_waiting_postpones_what_happens_once_and_does_not_lose_it():
    once = [
        {"unit_value_eur": 5_000.0, "duration_years": 1},
        {"unit_value_eur": 5_000.0, "start_year": 0, "duration_years": 1},
    ]
    assert facilitation(effects=once)["delay_eur_per_month"] == facilitation()["delay_eur_per_month"]
    yearly = [{"unit_value_eur": 1_200.0}]
    assert facilitation(effects=yearly)["delay_eur_per_month"] == pytest.approx((14_000 + 1_200) / 12)


def test_an_effect_that_never_starts_within_the_horizon_is_not_lost_by_waiting():
    late = [{"unit_value_eur": 1_200.0, "start_year": 40, "duration_years": 10}]
    assert facilitation(effects=late)["delay_eur_per_month"] == facilitation()["delay_eur_per_month"]


def test_an_initiative_of_one_year_loses_its_year():
    row = facilitation(initiatives=[{**INITIATIVE, "duration_years": 1}])
    assert row["delay_eur_per_month"] == pytest.approx(14_000 / 12)


def test_with_a_building_the_object_waits_as_a_whole():
    row = facilitation(
        assets=[{"operating_cost_eur_per_year": 2_400.0, "fallback_cost_eur": 9_999.0}],
        initiatives=[{**INITIATIVE, "asset_id": "1", "duration_years": 10}],
    )
    assert row["delay_eur_per_month"] == pytest.approx((14_000 + 2_400) / 12)


def test_when_a_year_costs_more_than_it_brings_waiting_loses_nothing():
    assert facilitation(tasks=())["delay_eur_per_month"] < 0


def test_without_volunteer_hours_there_is_no_share():
    row = facilitation(initiatives=[{**INITIATIVE, "volunteer_hours_per_year": 0.0, "procedure_hours_per_year": 0.0}])
    assert math.isnan(row["procedure_share"])
