"""Comparing initiatives: every figure worked out by hand from a few plain ones."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from tests.building import build_case
from valuation.appraisal import Result, appraise
from valuation.comparison import (
    at_end,
    bases_of,
    claims,
    comparison,
    gains_by_payer,
    mixed_units,
    mixes_bases,
    not_priced_of,
    one_per_object,
    ranges,
    ranking,
    saving_steps,
    task_prices,
    totals,
)

NET = "municipal_net_saving_eur_per_year"
MUNICIPAL_HALF_DAY, NATIONAL_HALF_DAY = "wmo_group_medium_halfday_mun", "daycare_elderly_halfday_ref"

# 1,000 half-days of 50: 50,000. A fifth goes on anyway, half of the rest replaces care: 20,000 avoided, of which the
# municipality can cash 60%: 12,000. 100 days of 300 of long-term care: 30,000, a quarter avoided, cashable: 7,500.
# Subsidy 3,000 and 20 hours of 75 are 4,500; 12,000 less 4,500 is 7,500.
TASKS = (
    {
        "task": "dagbesteding",
        "unit": "dagdeel",
        "volume_per_year": 1000.0,
        "deadweight": 0.2,
        "substitution_share": 0.5,
        "cashable_share": 0.6,
        "institutional_unit_cost_eur": 50.0,
        "initiative_unit_cost_eur": 20.0,
        "low": 40.0,
        "high": 70.0,
    },
    {
        "task": "langer thuis",
        "unit": "dagen",
        "volume_per_year": 100.0,
        "substitution_share": 0.25,
        "institutional_unit_cost_eur": 300.0,
        "initiative_unit_cost_eur": 30.0,
        "payer": "long_term_care",
    },
)
INITIATIVE = {"subsidy_eur_per_year": 3000.0, "facilitation_hours_per_year": 20.0}


def result_of(**parts: object) -> Result:
    return appraise(build_case(**{"initiatives": [INITIATIVE], "tasks": TASKS, **parts}))


def row(table: pd.DataFrame, initiative_id: str = "I") -> pd.Series:
    return table[table["initiative_id"] == initiative_id].iloc[0]


def test_the_fall_from_gross_to_net_worked_out():
    steps = saving_steps(result_of(), "I").set_index("step")["value_eur"]
    assert steps.to_dict() == pytest.approx(
        {
            "gross": 80_000,
            "would_go_on": -10_000,
            "not_replaced": -42_500,
            "avoided": 27_500,
            "not_cashable": -8_000,
            "other_payers": -7_500,
            "municipal_cashable": 12_000,
            "subsidy": -3_000,
            "facilitation": -1_500,
            "municipal_net": 7_500,
        }
    )


def test_each_level_of_the_fall_is_the_sum_of_the_steps_before_it():
    steps = saving_steps(result_of(), "I")
    level = 0.0
    for step in steps.itertuples():
        if step.step in {"gross", "avoided", "municipal_cashable", "municipal_net"} and step.step != "gross":
            assert step.value_eur == pytest.approx(level)
        else:
            level += step.value_eur


def test_a_task_without_a_price_counts_for_nothing_in_the_fall():
    extra = {"task": "toezicht", "volume_per_year": 100.0}
    assert saving_steps(result_of(tasks=[*TASKS, extra]), "I").equals(saving_steps(result_of(), "I"))


def test_what_another_payer_saves_is_never_in_the_municipal_figures():
    gains = gains_by_payer(result_of(), "I").set_index("payer")
    assert gains.loc["municipality", "municipal_budget_eur_per_year"] == pytest.approx(12_000)
    assert gains.loc["long_term_care", "cashable_saving_eur_per_year"] == pytest.approx(7_500)
    assert gains.loc["long_term_care", "municipal_budget_eur_per_year"] == 0
    table = row(comparison(result_of()))
    assert table[NET] == pytest.approx(7_500)
    more = [TASKS[0], {**TASKS[1], "volume_per_year": 100_000.0}]
    assert row(comparison(result_of(tasks=more)))[NET] == pytest.approx(7_500)
    assert totals(result_of(tasks=more), ["I"])[NET] == pytest.approx(7_500)


def test_effects_stand_beside_the_savings_by_party():
    effects = [
        {"effect": "rust", "party": "health_insurer", "quantity": 10.0, "unit_value_eur": 100.0, "deadweight": 0.5},
        {"effect": "lawaai", "direction": "cost", "party": "residents", "unit_value_eur": 80.0},
        {"effect": "eenmalig", "party": "residents", "unit_value_eur": 999.0, "duration_years": 1},
        {"effect": "overdracht", "party": "state", "counterparty": "initiative", "unit_value_eur": 999.0},
    ]
    gains = gains_by_payer(result_of(effects=effects), "I").set_index("payer")
    assert gains["effects_eur_per_year"].to_dict() == pytest.approx(
        {"municipality": 0, "long_term_care": 0, "health_insurer": 500, "residents": -80}
    )
    assert gains.loc["health_insurer", "avoided_cost_eur_per_year"] == 0


def test_effects_of_the_object_count_for_its_initiative_but_not_those_of_another_in_it():
    parts = {
        "assets": [{}],
        "initiatives": [{**INITIATIVE, "asset_id": "1"}, {"initiative_id": "J", "asset_id": "1"}],
        "effects": [
            {"owner_id": "1", "unit_value_eur": 10.0},
            {"owner_id": "J", "unit_value_eur": 100.0},
        ],
    }
    gains = gains_by_payer(result_of(**parts), "I").set_index("payer")
    assert gains.loc["residents", "effects_eur_per_year"] == 10


def test_the_municipality_comes_first_and_then_who_saves_most():
    tasks = [{**TASKS[1], "payer": payer, "volume_per_year": n} for payer, n in (("state", 1.0), ("other", 9.0))]
    assert gains_by_payer(result_of(tasks=[*tasks, TASKS[0]]), "I")["payer"].tolist() == [
        "municipality",
        "other",
        "state",
    ]


def test_an_initiative_with_a_building_is_ranked_with_its_object():
    result = result_of(
        assets=[{"market_value_eur": 100_000.0, "operating_cost_eur_per_year": 5_000.0}],
        initiatives=[{**INITIATIVE, "asset_id": "1"}, {"initiative_id": "J"}],
    )
    own, other = row(comparison(result)), row(comparison(result), "J")
    assert own["ranked_with"] == "1"
    assert own["ranked_npv_society_eur"] == result.asset("1")["social_value_eur"]
    assert own["ranked_npv_municipality_eur"] == result.asset("1")["municipality_npv_at_zero_price_eur"]
    assert own["ranked_npv_society_eur"] != own["npv_society_eur"]
    assert pd.isna(other["ranked_with"])
    assert other["ranked_npv_society_eur"] == other["npv_society_eur"]


def test_two_initiatives_in_one_object_are_counted_with_it_once():
    result = result_of(
        assets=[{"operating_cost_eur_per_year": 5_000.0}],
        initiatives=[
            {**INITIATIVE, "asset_id": "1"},
            {"initiative_id": "J", "asset_id": "1", "name": "Tweede"},
            {"initiative_id": "K", "operating_cost_eur_per_year": 10.0},
        ],
    )
    sums = totals(result, ["I", "J", "K"])
    alone = row(comparison(result), "K")["npv_society_eur"]
    assert sums["ranked_npv_society_eur"] == pytest.approx(result.asset("1")["social_value_eur"] + alone)
    assert totals(result, ["J"])["ranked_npv_society_eur"] == pytest.approx(result.asset("1")["social_value_eur"])
    rows = one_per_object(comparison(result))
    assert rows["name"].tolist() == ["Initiatief + Tweede", "Initiatief"]


def test_what_a_ratio_covers_stands_beside_it():
    effects = [{"effect": "a", "unit_value_eur": 1.0}, {"effect": "b"}]
    found = row(comparison(result_of(effects=effects)))
    assert (found["tasks_counted"], found["effects_counted"], found["not_priced"]) == (2, 1, 1)
    assert found["deadweight_share"] == pytest.approx(10_000 / 80_000)
    assert found["replaced_share"] == pytest.approx(27_500 / 80_000)
    assert found["payers"] == "municipality; long_term_care"


def test_an_initiative_without_tasks_has_no_shares_and_no_payers():
    found = row(comparison(result_of(tasks=())))
    assert math.isnan(found["deadweight_share"])
    assert found["payers"] == ""


def test_the_band_is_the_figure_at_low_and_at_high_prices():
    band = row(ranges(result_of()))
    # 1,000 x 80% x 50% x 60% = 240 half-days that pay: at 40 it is 9,600, at 70 it is 16,800; less 4,500.
    assert (band[f"{NET}_low"], band[f"{NET}_high"]) == pytest.approx((5_100, 12_300))
    assert (band["break_even_share_low"], band["break_even_share_high"]) == pytest.approx(
        (4_500 / 16_800, 4_500 / 9_600)
    )
    assert band["uncertain"]


def test_a_row_with_only_one_end_is_certain_as_everywhere():
    band = row(ranges(result_of(tasks=[{**TASKS[0], "high": math.nan}, TASKS[1]])))
    assert band[f"{NET}_low"] == band[f"{NET}_high"] == pytest.approx(7_500)
    assert not band["uncertain"]


def test_what_nobody_can_price_stays_without_a_price_at_both_ends():
    case = build_case(initiatives=[INITIATIVE], tasks=TASKS, effects=[{"low": 1.0, "high": 9.0}])
    for favourable in (False, True):
        assert math.isnan(at_end(case, favourable=favourable).effects["unit_value_eur"].iloc[0])


@pytest.mark.parametrize(
    ("effect", "favourable_value"),
    [
        ({"direction": "benefit"}, 9.0),
        ({"direction": "cost"}, 1.0),
        ({"direction": "benefit", "counterparty": "municipality"}, 1.0),
        ({"direction": "benefit", "party": "municipality", "counterparty": "initiative"}, 9.0),
        ({"direction": "cost", "party": "initiative", "counterparty": "municipality"}, 9.0),
    ],
)
def test_which_end_is_favourable(effect, favourable_value):
    case = build_case(initiatives=[INITIATIVE], effects=[{"unit_value_eur": 5.0, "low": 1.0, "high": 9.0, **effect}])
    assert at_end(case, favourable=True).effects["unit_value_eur"].iloc[0] == favourable_value
    assert at_end(case, favourable=False).effects["unit_value_eur"].iloc[0] == 10.0 - favourable_value


def test_a_dearer_hour_of_an_official_lowers_the_net_saving():
    rates = pd.DataFrame(
        {"low": [50.0], "high": [100.0], "distribution": ["triangular"]}, index=["official_hourly_rate"]
    )
    case = replace(build_case(initiatives=[INITIATIVE], tasks=[TASKS[1]]), assumption_ranges=rates)
    band = row(ranges(appraise(case)))
    assert (band[f"{NET}_low"], band[f"{NET}_high"]) == pytest.approx((-5_000, -4_000))


def test_the_band_holds_the_figure_itself():
    result = result_of()
    table, bands = row(comparison(result)), row(ranges(result))
    for figure in (NET, "ranked_npv_society_eur", "ranked_npv_municipality_eur", "cost_price_fraction"):
        assert bands[f"{figure}_low"] <= table[figure] <= bands[f"{figure}_high"]


def test_ranking_says_whether_another_price_changes_the_order():
    table = pd.DataFrame(
        {"initiative_id": list("ABCD"), "name": list("ABCD"), NET: [10.0, 30.0, 12.0, -5.0], "break_even_share": 0.5}
    )
    bands = pd.DataFrame(
        {"initiative_id": list("ABCD"), f"{NET}_low": [5.0, 25.0, 12.0, -5.0], f"{NET}_high": [20.0, 40.0, 12.0, -5.0]}
    )
    ranks = ranking(table, bands).set_index("initiative_id")[["rank", "best_rank", "worst_rank"]]
    assert ranks.T.to_dict("list") == {"B": [1, 1, 1], "C": [2, 2, 3], "A": [3, 2, 3], "D": [4, 4, 4]}


def test_equal_savings_share_their_rank():
    result = result_of(initiatives=[INITIATIVE, {"initiative_id": "J"}, {"initiative_id": "K"}])
    assert ranking(comparison(result), ranges(result))["rank"].tolist() == [1, 2, 2]


def test_words_for_one_unit_are_one_group_and_different_units_never_are():
    tasks = [
        {**TASKS[0], "unit": "uur"},
        {**TASKS[0], "unit": "Uren"},
        {**TASKS[0], "unit": "dagdeel"},
        {**TASKS[0], "unit": "dag"},
        {**TASKS[0], "unit": "bak soep"},
        {**TASKS[0], "unit": None, "institutional_unit_cost_eur": None, "price_key": MUNICIPAL_HALF_DAY},
    ]
    groups = task_prices(result_of(tasks=tasks))["unit_group"].tolist()
    assert groups == ["uur", "uur", "dagdeel", "dag", "bak soep", "dagdeel"]


def test_a_task_without_both_prices_is_not_in_the_dumbbell():
    tasks = [TASKS[0], {**TASKS[1], "initiative_unit_cost_eur": None}]
    prices = task_prices(result_of(tasks=tasks), ["I"])
    assert prices["task"].tolist() == ["dagbesteding"]
    assert prices["fraction"].iloc[0] == pytest.approx(0.4)
    assert prices["price_base"].iloc[0] == "own"


@pytest.mark.parametrize(
    ("other", "mixed"),
    [
        ({"price_key": NATIONAL_HALF_DAY}, True),
        ({"price_key": "zvw_nursing_max_hour"}, True),
        ({"price_key": "wmo_group_light_halfday_mun"}, False),
        ({"price_key": NATIONAL_HALF_DAY, "institutional_unit_cost_eur": 80.0}, False),
        ({}, False),
    ],
)
def test_municipal_tariffs_and_national_prices_are_not_mixed_unseen(other, mixed):
    tasks = [{"price_key": MUNICIPAL_HALF_DAY}, {"initiative_id": "J", **other}]
    result = result_of(initiatives=[INITIATIVE, {"initiative_id": "J"}], tasks=tasks)
    assert mixes_bases(result, ["I", "J"]) is mixed
    assert not mixes_bases(result, ["I"])
    assert bases_of(result, ["I"])["price_base"].tolist() == ["municipal_tariff"]


def test_the_same_unit_of_the_same_payer_is_where_mixing_matters_most():
    national = {"price_key": NATIONAL_HALF_DAY, "unit": "dagdelen"}
    tasks = [{"price_key": MUNICIPAL_HALF_DAY, "unit": "dagdeel"}, {"initiative_id": "J", **national}]
    both = [INITIATIVE, {"initiative_id": "J"}]
    assert mixed_units(result_of(initiatives=both, tasks=tasks), ["I", "J"]) == ["dagdeel"]
    tasks[1]["payer"] = "long_term_care"
    assert mixed_units(result_of(initiatives=both, tasks=tasks), ["I", "J"]) == []


def test_the_sceptic_sees_what_was_taken_off():
    effects = [
        {
            "effect": "rust",
            "quantity": 10.0,
            "unit_value_eur": 100.0,
            "deadweight": 0.5,
            "displacement": 0.2,
            "attribution": 0.25,
            "evidence": "C",
        }
    ]
    rows = claims(result_of(effects=effects), "I").set_index("label")
    assert rows.loc["dagbesteding", ["gross_eur", "amount_eur"]].tolist() == pytest.approx([50_000, 20_000])
    assert rows.loc["rust", ["gross_eur", "amount_eur"]].tolist() == pytest.approx([1_000, 300])
    assert rows.loc["rust", "evidence"] == "C"
    assert math.isnan(rows.loc["rust", "substitution_share"])


def test_what_has_no_price_is_named_with_its_quantity_and_small_numbers_of_people_are_not():
    effects = [
        {"effect": "vogels", "quantity": 4.0, "unit": "broedpaar"},
        {"effect": "veel mensen", "quantity": 12.0, "unit": "personen"},
        {"effect": "weinig mensen", "quantity": 4.0, "unit": "Personen"},
    ]
    rows = not_priced_of(result_of(effects=effects), "I").set_index("label")["quantity"]
    assert rows["vogels"] == 4
    assert rows["veel mensen"] == 12
    assert math.isnan(rows["weinig mensen"])
