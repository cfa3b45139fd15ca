"""The published examples come out, and a wrong one does not."""

from __future__ import annotations

import pytest

from intake.knowledge import load_public_checks
from valuation.public_checks import FORMULAS, evaluate

CHECKS = load_public_checks()


@pytest.mark.parametrize("key", CHECKS["key"])
def test_every_published_example_comes_out(key):
    row = evaluate(CHECKS[CHECKS["key"] == key]).iloc[0]
    assert row["passed"], f"computed {row['computed']}, published {row['expected']}"


def test_every_example_fails_once_its_published_figure_is_another():
    wrong = CHECKS.assign(expected=CHECKS["expected"] + 2 * CHECKS["tolerance"])
    assert not evaluate(wrong)["passed"].any()


def test_every_example_fails_once_its_rate_is_another():
    def other(parameters: dict) -> dict:
        if "steps" in parameters:
            return {**parameters, "steps": [{**step, "rate": step["rate"] + 0.001} for step in parameters["steps"]]}
        return {**parameters, "rate": parameters["rate"] + 0.001}

    assert not evaluate(CHECKS.assign(parameters=CHECKS["parameters"].map(other)))["passed"].any()


def test_every_formula_is_checked_and_an_unknown_one_is_our_own_mistake():
    assert set(CHECKS["formula"]) == set(FORMULAS)
    with pytest.raises(KeyError):
        evaluate(CHECKS.head(1).assign(formula="magic"))
