"""The charts of the business case, without a browser: their figures are the plan's, and every axis has its unit."""

from __future__ import annotations

import math

import pytest

import intake
from dashboard.business_case.words import item_name, lever_amount, lever_name, stress_meaning, stress_name, use_name
from dashboard.charts.business_case import clawback_chart, dscr_chart, liquidity_chart, operations_chart, zone_chart
from dashboard.terms import price_mark_name
from dashboard.wording import speaking
from valuation.appraisal import appraise
from valuation.business_case import BusinessPlan, plan_of
from valuation.case import Case
from valuation.price_talks import PriceTalks, price_talks_of

EXAMPLE = intake.reference_data.FOLDER / "voorbeeldgemeente.xlsx"


@pytest.fixture(scope="module")
def case() -> Case:
    found = intake.build_case(intake.read_workbook(EXAMPLE.read_bytes(), EXAMPLE.name), intake.load_reference()).case
    assert found is not None
    return found


@pytest.fixture(scope="module")
def plan(case) -> BusinessPlan:
    """The plan of an initiative of the example that has rows of its own and buys something."""
    plans = [plan_of(case, code) for code in case.initiatives["initiative_id"]]
    return next(found for found in plans if found.has_rows and found.is_buyer)


@pytest.fixture(scope="module")
def talks(case, plan) -> PriceTalks:
    return price_talks_of(appraise(case), plan.asset_id)


def _zone(talks: PriceTalks, price: float) -> dict:
    return zone_chart(
        talks.marks,
        reservation_eur=talks.reservation_price_eur,
        ceiling_eur=talks.ceiling_price_eur,
        price_eur=price,
    )


@pytest.mark.parametrize("spoken", ["nl", "en"])
def test_every_axis_of_numbers_says_its_unit_in_both_languages(plan, talks, spoken):
    with speaking(spoken):
        figures = [
            operations_chart(plan.income_statement, plan.dscr),
            liquidity_chart(plan.liquidity),
            dscr_chart(plan.dscr, plan.required_dscr),
            _zone(talks, 100_000.0),
        ]
    for figure in figures:
        axes = [axis for name, axis in figure["layout"].items() if name.startswith(("xaxis", "yaxis"))]
        titles = [axis["title"]["text"] for axis in axes if axis.get("type") != "category"]
        assert titles
        assert all("€" in title or "DSCR" in title for title in titles)
        assert figure["layout"]["separators"] == (",." if spoken == "nl" else ".,")


def test_the_bars_are_the_figures_of_the_plan(plan):
    income, cost, left = operations_chart(plan.income_statement, plan.dscr)["data"]
    assert income["y"] == plan.income_statement["income_eur"].tolist()
    assert cost["y"] == plan.income_statement["operating_cost_eur"].tolist()
    assert len(left["x"]) == len(income["x"]) == 10
    assert liquidity_chart(plan.liquidity)["data"][0]["y"] == plan.liquidity["closing_cash_eur"].tolist()
    ratios = plan.dscr["dscr"].dropna()
    assert dscr_chart(plan.dscr, plan.required_dscr)["data"][0]["y"] == ratios.tolist()
    assert dscr_chart(plan.dscr, plan.required_dscr)["layout"]["shapes"][0]["y0"] == plan.required_dscr


def test_the_zone_runs_from_one_limit_to_the_other_and_has_the_price_of_the_slider(talks):
    figure = _zone(talks, 123_456.0)
    (shape,) = figure["layout"]["shapes"]
    assert (shape["x0"], shape["x1"]) == (talks.reservation_price_eur, talks.ceiling_price_eur)
    assert figure["data"][0]["x"][-1] == 123_456.0
    assert len(_zone(talks, math.nan)["data"][0]["x"]) == len(figure["data"][0]["x"]) - 1


def test_an_unknown_limit_draws_no_zone(talks):
    figure = zone_chart(talks.marks, reservation_eur=math.nan, ceiling_eur=1.0, price_eur=math.nan)
    assert "shapes" not in figure["layout"]


def test_a_claw_back_names_its_years_and_begins_at_the_start():
    import pandas as pd

    review = pd.DataFrame(
        {
            "year": [0, 1, 2],
            "calendar_year": [2027, 2027, 2028],
            "is_review": [False, False, True],
            "clawback_eur": [100.0, 50.0, 0.0],
        }
    )
    with speaking("en"):
        bar = clawback_chart(review)["data"][0]
    assert bar["x"] == ["Start", "2027", "2028"]
    assert bar["customdata"][2] == "€0 · review"


@pytest.mark.parametrize("spoken", ["nl", "en"])
def test_everything_that_valuation_names_has_words(plan, talks, spoken):
    with speaking(spoken):
        names = [use_name(use) for use in plan.uses["use"]]
        names += [lever_name(lever) for lever in plan.levers["lever"]]
        names += [lever_amount(row.needed, row.unit) for row in plan.levers.itertuples()]
        names += [stress_name(row.stress) for row in plan.stress.itertuples()]
        names += [stress_meaning(row.stress, row.size) for row in plan.stress.itertuples()]
        names += [price_mark_name(mark) for mark in talks.marks["mark"]]
        names += [item_name(row.item, row.item_kind) for row in plan.operations.itertuples()]
    assert all(names)
