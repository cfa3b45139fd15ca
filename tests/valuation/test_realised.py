"""What came true beside the forecast. The figures are worked out by hand in the comments."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import build_case
from valuation.appraisal import appraise
from valuation.realised import (
    VIEWS,
    claw_back_schedule,
    compare,
    discount_on_market_value,
    forecast_of,
    left_out,
)

TASK = "avoided_institutional_cost/maaltijden"


def _result(**initiative):
    """Four years at 25 %: factors 0.80, 0.64, 0.512, 0.4096.

    1,000 meals x EUR 8 x (1 - 0.20) x 0.50 = EUR 3,200 a year for the payer, of which 50 % cashable = EUR 1,600: a meal
    more is EUR 3.20 for society and EUR 1.60 for the municipality. Take-up 50 % in year 1.
    """
    row = {
        "duration_years": 4,
        "renovation_eur": 4_000.0,
        "subsidy_eur_per_year": 1_000.0,
        "operating_cost_eur_per_year": 1_210.0,
        "vat_leak_eur_per_year": 210.0,
        "income_eur_per_year": 900.0,
        "new_user_income_eur_per_year": 400.0,
        "facilitation_hours_per_year": 10.0,
        **initiative,
    }
    case = build_case(
        initiatives=[row],
        tasks=[
            {
                "task": "maaltijden",
                "volume_per_year": 1_000.0,
                "institutional_unit_cost_eur": 8.0,
                "deadweight": 0.20,
                "substitution_share": 0.50,
                "cashable_share": 0.50,
                "take_up": [0.5, 1.0],
            }
        ],
        effects=[
            {"owner_id": "I", "effect": "ontmoeten", "quantity": 50.0, "unit_value_eur": 20.0, "attribution": 0.5},
            {"owner_id": "I", "effect": "onbekende prijs", "quantity": 3.0},
        ],
        discount_rate=0.25,
        municipal_discount_rate=0.25,
        horizon_years=4,
        official_hourly_rate=60.0,
    )
    return appraise(case)


@pytest.fixture(scope="module")
def forecast():
    return forecast_of(_result(), "I")


def _row(table, item):
    return table.set_index("item").loc[item]


def test_what_is_expected_of_each_item(forecast):
    planned = dict(zip(forecast.items["item"], forecast.planned.tolist(), strict=True))
    assert planned[TASK] == [0, 500, 1_000, 1_000, 1_000]
    assert planned["renovation"] == [4_000, 0, 0, 0, 0]
    assert planned["operating_cost"] == [0, 1_210, 1_210, 1_210, 1_210]
    assert planned["new_user_income"] == [0, 400, 400, 400, 400]
    assert planned["other_income"] == [0, 500, 500, 500, 500]
    assert planned["facilitation"] == [0, 10, 10, 10, 10]
    assert planned["effect/ontmoeten"] == [0, 50, 50, 50, 50]
    assert planned["effect/onbekende prijs"] == [0, 3, 3, 3, 3]
    units = dict(zip(forecast.items["item"], forecast.items["unit"], strict=True))
    assert (units[TASK], units["facilitation"], units["subsidy"]) == ("volume", "hours", "eur")
    assert units["effect/ontmoeten"] == "quantity"


def test_the_forecast_is_the_appraisals_own():
    result = _result()
    outlook = compare(forecast_of(result, "I"), {}).outlook()
    assert outlook["course"].tolist() == ["forecast", "as_it_went", "if_it_goes_on"]
    row = result.initiatives.iloc[0]
    for of_course in outlook.itertuples():
        assert of_course.npv_society_eur == pytest.approx(row["npv_society_eur"], rel=1e-12)
        assert of_course.npv_municipality_eur == pytest.approx(row["npv_municipality_eur"], rel=1e-12)


def test_one_year_item_by_item(forecast):
    """Year 2, in which 800 of 1,000 meals were cooked and the running cost was EUR 1,331 in place of EUR 1,210."""
    compared = compare(
        forecast,
        {2: {TASK: 800, "operating_cost": 1_331, "subsidy": 1_000, "facilitation": 15, "effect/ontmoeten": None}},
    )
    table = compared.by_item(2)
    meals = _row(table, TASK)
    assert (meals["planned"], meals["realised"], meals["difference"]) == (1_000, 800, -200)
    assert meals["came_true_share"] == pytest.approx(0.8)
    assert meals["difference_society_eur"] == pytest.approx(-200 * 3.20)
    assert meals["difference_municipality_eur"] == pytest.approx(-200 * 1.60)
    assert meals["difference_initiative_eur"] == 0
    cost = _row(table, "operating_cost")
    # EUR 121 more on the bill, of which 210/1,210 is VAT: a transfer to the state, and no cost to society.
    assert cost["difference_society_eur"] == pytest.approx(-121 * 1_000 / 1_210)
    assert cost["difference_initiative_eur"] == pytest.approx(-121)
    hours = _row(table, "facilitation")
    assert hours["difference_society_eur"] == hours["difference_municipality_eur"] == pytest.approx(-5 * 60)
    unknown = _row(table, "effect/ontmoeten")
    assert unknown["planned"] == 50
    assert unknown[["realised", "difference", "came_true_share", "difference_society_eur"]].isna().all()


def test_years_added_up_are_about_what_was_filled_in(forecast):
    """Society, meals and income of new users only: 500 and 1,000 meals expected at EUR 3.20, and EUR 400 a year.

    Year 1: expected 1,600 + 400 = 2,000, came true 400 x 3.20 + 400 = 1,680: -320.
    Year 2: only meals: expected 3,200, came true 1,100 x 3.20 = 3,520: +320.
    """
    compared = compare(forecast, {1: {TASK: 400, "new_user_income": 400}, 2: {TASK: 1_100}})
    table = compared.by_year("society")
    assert table["year"].tolist() == [1, 2]
    assert table["calendar_year"].tolist() == [2026, 2027]
    assert table["planned_eur"].tolist() == pytest.approx([2_000, 3_200])
    assert table["realised_eur"].tolist() == pytest.approx([1_680, 3_520])
    assert table["difference_eur"].tolist() == pytest.approx([-320, 320])
    assert table["cumulative_difference_eur"].tolist() == pytest.approx([-320, 0])
    # subsidy, other income, running cost, facilitation and two effects; in year 2 the new users' income too
    assert table["unknown_items"].tolist() == [6, 7]
    # In the initiative's till only the new users' EUR 400 was filled in, as expected.
    assert compared.by_year("initiative")["difference_eur"].tolist() == [0, 0]
    assert compared.by_year("municipality")["difference_eur"].tolist() == pytest.approx([-160, 160])


def test_the_part_of_the_savings_that_came_true_beside_what_must(forecast):
    """Municipality: 400 of 500 and 800 of 1,000 meals are 1,200 of 1,500: 80 %.

    Break-even: (1,000 subsidy + 10 x 60 facilitation) / (1,000 x 1.60) = 100 %.
    """
    compared = compare(forecast, {1: {TASK: 400}, 2: {TASK: 800}})
    assert compared.savings_came_true_share == pytest.approx(0.8)
    assert forecast.break_even_share == pytest.approx(1.0)
    assert math.isnan(compare(forecast, {1: {"subsidy": 1_000}}).savings_came_true_share)


def test_what_it_means_for_earning_back():
    """Only the renovation and the meals: -4,000; 1,600; 3,200; 3,200; 3,200 at 0.80, 0.64, 0.512, 0.4096.

    Forecast, discounted: -4,000 + 1,280 + 2,048 + 1,638.40 + 1,310.72; cumulative -4,000, -2,720, -672, 966.40: earned
    back after 2 + 672/1,638.40 = 2.41015625 years, NPV 2,277.12.
    Year 1: the renovation had cost 5,000 and 250 of 500 meals came true (50 %).
    As it went: -5,000 + 640 + 2,048 + 1,638.40 = -673.60; + 1,310.72 = 637.12: 3 + 673.60/1,310.72 = 3.51391601...
    If it goes on: half of all later meals: -5,000 + 640 + 1,024 + 819.20 + 655.36 = -1,861.44: never.
    """
    result = _result(
        subsidy_eur_per_year=0.0,
        operating_cost_eur_per_year=0.0,
        vat_leak_eur_per_year=0.0,
        income_eur_per_year=0.0,
        new_user_income_eur_per_year=0.0,
        facilitation_hours_per_year=0.0,
    )
    forecast = forecast_of(result, "I")
    meeting = {"effect/ontmoeten": 0}
    lost = dict.fromkeys(range(1, 5), meeting)  # leaves the other effect out of this sum
    without = compare(forecast, lost)
    plain = compare(forecast, {**lost, 0: {"renovation": 4_000}, 1: {**meeting, TASK: 500}}).outlook()
    assert plain["npv_society_eur"].iloc[1] == pytest.approx(2_277.12)
    assert plain["payback_years"].iloc[1] == pytest.approx(2.41015625)
    assert without.outlook()["npv_society_eur"].iloc[1] == pytest.approx(2_277.12)
    went = compare(forecast, {**lost, 0: {"renovation": 5_000}, 1: {**meeting, TASK: 250}}).outlook()
    assert went["npv_society_eur"].iloc[1] == pytest.approx(637.12)
    assert went["payback_years"].iloc[1] == pytest.approx(3 + 673.60 / 1_310.72)
    goes_on = compare(forecast, {0: {"renovation": 5_000}, 1: {**meeting, TASK: 250}}).outlook()
    assert goes_on["npv_society_eur"].iloc[2] == pytest.approx(-1_861.44)
    assert math.isnan(goes_on["payback_years"].iloc[2])


def test_what_is_not_filled_in_is_not_nothing(forecast):
    nothing = compare(forecast, {1: {TASK: None}})
    assert nothing.filled == []
    assert nothing.by_year("society").empty
    assert (nothing.as_it_went() == forecast.planned).all()
    assert (nothing.if_it_goes_on() == forecast.planned).all()
    zero = compare(forecast, {1: {TASK: 0}})
    assert zero.filled == [1]
    assert zero.by_year("society")["difference_eur"].tolist() == pytest.approx([-1_600])


def test_more_than_was_expected_where_nothing_was_expected():
    """A subsidy that nobody planned is municipal cash all the same; hours keep their price."""
    forecast = forecast_of(_result(subsidy_eur_per_year=0.0, facilitation_hours_per_year=0.0), "I")
    table = compare(forecast, {1: {"subsidy": 500, "facilitation": 2}}).by_item(1)
    assert _row(table, "subsidy")["difference_municipality_eur"] == -500
    assert _row(table, "subsidy")["difference_initiative_eur"] == 500
    assert _row(table, "facilitation")["difference_society_eur"] == -120
    assert math.isnan(_row(table, "subsidy")["came_true_share"])


def test_what_has_no_price_is_compared_in_its_own_unit(forecast):
    row = _row(compare(forecast, {1: {"effect/onbekende prijs": 2}}).by_item(1), "effect/onbekende prijs")
    assert row["difference"] == -1
    assert math.isnan(row["difference_society_eur"])


def test_growth_is_of_the_price_and_drop_off_of_the_quantity():
    """100 x EUR 10; each year 10 % fewer, at prices 5 % higher: 81 in year 3 at 11.025."""
    case = build_case(
        initiatives=[{"duration_years": 3}],
        effects=[
            {"owner_id": "I", "quantity": 100.0, "unit_value_eur": 10.0, "drop_off": 0.1, "real_growth": 0.05},
        ],
        horizon_years=3,
    )
    forecast = forecast_of(appraise(case), "I")
    at = forecast.items["item"].tolist().index("effect/effect")
    assert forecast.planned[at].tolist() == pytest.approx([0, 100, 90, 81])
    assert forecast.value["society"][at].tolist() == pytest.approx([10, 10, 10.5, 11.025])


def test_items_of_one_name_stay_apart():
    rows = [{"owner_id": "I", "effect": "rust", "unit_value_eur": value} for value in (10.0, 20.0)]
    forecast = forecast_of(appraise(build_case(initiatives=[{}], effects=rows)), "I")
    assert [item for item in forecast.items["item"] if item.startswith("effect")] == ["effect/rust", "effect/rust#2"]


def test_what_has_no_place_in_the_forecast_is_named_and_not_lost(forecast):
    amounts = {1: {TASK: 400, "effect/hernoemd": 3, "effect/leeg": None}, 9: {TASK: 1}}
    assert left_out(forecast, amounts) == [(1, "effect/hernoemd"), (9, TASK)]
    assert compare(forecast, amounts).filled == [1]


def test_an_unknown_initiative_is_an_error():
    with pytest.raises(KeyError):
        forecast_of(_result(), "nobody")


@given(factor=st.floats(0.0, 3.0), years=st.integers(1, 4))
def test_what_came_true_in_proportion_moves_every_view_in_proportion(factor, years):
    forecast = forecast_of(_result(), "I")
    amounts = {
        year: dict(zip(forecast.items["item"], forecast.planned[:, year] * factor, strict=True))
        for year in range(1, years + 1)
    }
    compared = compare(forecast, amounts)
    for view in VIEWS:
        table = compared.by_year(view)
        assert np.allclose(table["realised_eur"], factor * table["planned_eur"])
    assert compared.savings_came_true_share == pytest.approx(factor)


def test_a_claw_back_declines_by_an_equal_part_each_year():
    """EUR 100,000 below market value, due for ten years: 100 % in the first, 10 % in the tenth."""
    table = claw_back_schedule(100_000, term_years=10, base_year=2026)
    assert table["due_eur"].tolist() == pytest.approx([100_000 * (10 - year) / 10 for year in range(10)])
    assert (table["calendar_year"].iloc[0], table["calendar_year"].iloc[-1]) == (2026, 2035)
    assert claw_back_schedule(5_000, term_years=0, base_year=2026).empty


@pytest.mark.parametrize(
    ("price", "discount"), [(150_000.0, 100_000.0), (250_000.0, None), (300_000.0, None), (None, None)]
)
def test_the_discount_is_what_the_price_is_below_the_market_value(price, discount):
    case = build_case(assets=[{"market_value_eur": 250_000.0, "proposed_price_eur": price}])
    assert discount_on_market_value(appraise(case), "1") == discount


def test_courses_add_up_to_their_net_present_value(forecast):
    compared = compare(forecast, {1: {TASK: 400}, 2: {TASK: 700, "operating_cost": 1_300}})
    for name, values in compared.cumulative_society().items():
        row = compared.outlook().set_index("course").loc[name]
        assert values[-1] == pytest.approx(row["npv_society_eur"])
        assert len(values) == 5
