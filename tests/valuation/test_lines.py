"""What a line may not leave open."""

from __future__ import annotations

import pytest

from tests.building import build_case
from valuation.appraisal import appraise
from valuation.problems import ValuationError

UNKNOWN = float("nan")
TASKS = [{"volume_per_year": 10.0, "initiative_unit_cost_eur": 30.0}, {"volume_per_year": 5.0}]


def _case(tasks: list[dict[str, float]]):
    return build_case(
        assets=[{"market_value_eur": 100_000.0}],
        initiatives=[{"asset_id": "1", "initiative_id": "I-9", "operating_cost_eur_per_year": UNKNOWN}],
        tasks=[{"initiative_id": "I-9", **task} for task in tasks],
    )


@pytest.mark.parametrize("tasks", [[], TASKS, TASKS[1:]], ids=["no task", "one of two known", "none known"])
def test_a_running_cost_that_is_not_known_is_no_zero(tasks):
    with pytest.raises(ValuationError) as raised:
        appraise(_case(tasks))
    assert raised.value.rule == "no_running_cost"
    assert "I-9" in raised.value.message("nl")
    assert "I-9" in raised.value.message("en")


def test_unit_costs_of_all_tasks_stand_in_for_it():
    result = appraise(_case(TASKS[:1]))
    assert result.initiatives["operating_surplus_eur_per_year"].tolist() == [-300.0]
