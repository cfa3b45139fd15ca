"""The explanations add up to the figures that they explain, and the levers do what they say."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from intake import build_case as read_case
from intake import load_reference, read_workbook
from tests.building import build_case
from valuation.appraisal import Result, appraise
from valuation.explain import (
    aid_check,
    bridge,
    budget_parts,
    four_values,
    gap_levers,
    line_table,
    not_priced,
    party_table,
    price_ladder,
    price_steps,
    prices_used,
    problems_about,
    volunteer_table,
    yearly_amount,
)

WORKBOOK = Path(__file__).resolve().parent.parent / "cases" / "municipality.xlsx"


@pytest.fixture(scope="module")
def result() -> Result:
    case = read_case(read_workbook(WORKBOOK.read_bytes(), WORKBOOK.name), load_reference()).case
    assert case is not None
    return appraise(case)


def _taken_over(result: Result) -> list[str]:
    return result.assets.loc[result.assets["has_initiative"], "asset_id"].tolist()


def test_the_lines_add_up_to_social_value_and_to_the_municipality_of_every_object(result):
    for asset_id in _taken_over(result):
        lines, asset = line_table(result, asset_id=asset_id), result.asset(asset_id)
        assert lines["social_value_eur"].sum() == pytest.approx(asset["social_value_eur"])
        assert lines["municipality_npv_eur"].sum() == pytest.approx(asset["municipality_npv_at_zero_price_eur"])


def test_the_lines_and_the_freed_capital_charges_add_up_to_the_first_budget_year(result):
    for asset_id in result.assets["asset_id"]:
        budget = result.budget[result.budget["asset_id"] == asset_id].iloc[0]
        lines = line_table(result, asset_id=asset_id)["budget_year_1_eur"].sum()
        charges = budget["freed_depreciation_eur"] + budget["freed_interest_eur"]
        assert lines + charges == pytest.approx(budget["recurring_total_eur"])


def test_a_line_without_a_price_code_has_none_beside_lines_that_have_one():
    case = build_case(
        assets=[{}],
        initiatives=[{"asset_id": "1", "income_eur_per_year": 10.0}],
        effects=[{"price_key": "volunteer_hour_replacement", "unit": "uur"}],
    )
    lines = line_table(appraise(case), asset_id="1").set_index("kind")
    assert lines.loc["other_income", "price_key"] is None
    assert lines.loc["effect", "price_key"] == "volunteer_hour_replacement"


def test_the_bridge_walks_from_book_value_to_social_value(result):
    for asset_id in _taken_over(result):
        steps, asset = bridge(result, asset_id), result.asset(asset_id)
        assert steps["value_eur"].iloc[0] == asset["book_value_eur"]
        assert steps["level_eur"].iloc[1] == pytest.approx(0.0)
        assert steps["level_eur"].iloc[-1] == pytest.approx(asset["social_value_eur"])
        assert steps["value_eur"].iloc[-1] == asset["social_value_eur"]


def test_four_values_are_the_results_and_the_discount_only_where_there_is_one(result):
    values = four_values(result, "0101").set_index("value")["amount_eur"]
    assert values["social_value_eur"] == result.asset("0101")["social_value_eur"]
    assert values["discount_eur"] == 720_000 - 250_000
    # 0104 is sold above its market value; 0103 has no proposed price and no initiative.
    assert "discount_eur" not in four_values(result, "0104")["value"].tolist()
    unknown = four_values(result, "0103").set_index("value")["amount_eur"]
    assert "discount_eur" not in unknown.index
    assert math.isnan(unknown["social_value_eur"])


def test_volunteer_hours_are_the_difference_between_the_two_rows(result):
    rows, asset = volunteer_table(result, "0101"), result.asset("0101")
    for column in ("against_keeping_eur", "against_sale_eur"):
        assert rows[column][1] - rows[column][0] == pytest.approx(asset["volunteer_hours_cost_eur"])
    headline = rows[rows["is_headline"]].iloc[0]
    assert headline["against_keeping_eur"] == pytest.approx(asset["social_value_eur"])
    assert headline["against_sale_eur"] == pytest.approx(asset["social_value_against_sale_eur"])


def test_parties_add_up_to_society_and_their_transfers_to_nothing(result):
    for asset_id in _taken_over(result):
        parties = party_table(result, asset_id).set_index("party")
        assert parties.loc["society", "net_eur"] == pytest.approx(result.asset(asset_id)["social_value_eur"])
        assert parties.loc["society", "transfers_eur"] == 0.0
        assert parties.index[-1] == "society"


def test_budget_parts_keep_recurring_and_one_off_apart(result):
    parts = budget_parts(result, "0101")
    assert len(parts) == 4
    names = ["freed_depreciation_eur", "freed_interest_eur", "other_recurring_eur"]
    assert parts[names].sum(axis=1).to_numpy() == pytest.approx(parts["recurring_total_eur"].to_numpy())
    assert parts["one_off_total_eur"].iloc[0] == -358_000 + 60_000


GAP = {
    "assets": [{"market_value_eur": 200_000.0, "book_value_eur": 50_000.0, "rent_income_eur_per_year": 9_000.0}],
    "initiatives": [
        {
            "asset_id": "1",
            "income_eur_per_year": 12_000.0,
            "operating_cost_eur_per_year": 8_000.0,
            "own_funds_eur": 30_000.0,
            "loan_rate": 0.04,
            "loan_term_years": 20.0,
        }
    ],
}


def _gap(**more) -> Result:
    assets = [{**GAP["assets"][0], **more.get("asset", {})}]
    initiatives = [{**GAP["initiatives"][0], **more.get("initiative", {})}]
    return appraise(build_case(assets=assets, initiatives=initiatives, tasks=more.get("tasks", [])))


@pytest.mark.parametrize("restricted", [False, True])
def test_each_lever_closes_the_gap_on_its_own(restricted):
    asset = {"sale_restriction": restricted}
    before = _gap(asset=asset)
    levers = gap_levers(before, "1").set_index("lever")["amount_eur"]
    gap = -before.asset("1")["zone_eur"]
    assert gap > 0
    assert levers["contribution"] == gap

    funds = _gap(asset=asset, initiative={"own_funds_eur": 30_000.0 + levers["funds"]})
    assert funds.asset("1")["zone_eur"] == pytest.approx(0.0, abs=1e-6)

    income = _gap(asset=asset, initiative={"income_eur_per_year": 12_000.0 + levers["yearly_result"]})
    assert income.asset("1")["zone_eur"] == pytest.approx(0.0, abs=1e-6)

    task = {"volume_per_year": 1.0, "institutional_unit_cost_eur": levers["cashable_savings"]}
    saved = _gap(asset=asset, tasks=[task])
    assert saved.asset("1")["zone_eur"] == pytest.approx(0.0, abs=1e-6)


def test_more_own_money_closes_a_gap_below_zero_too():
    # Tax 10.4% of 500,000 = 52,000. With 10,000 of own money the initiative is 42,000 short; the municipality gains the
    # backlog of 8,000 and can add that. The gap is 34,000, and 44,000 of own money pays the tax but for those 8,000.
    asset = {
        "market_value_eur": 500_000.0,
        "rent_income_eur_per_year": 0.0,
        "maintenance_backlog_eur": 8_000.0,
        "terminal_value_eur": 0.0,
    }
    own = {"income_eur_per_year": 0.0, "operating_cost_eur_per_year": 0.0, "own_funds_eur": 10_000.0}
    before = _gap(asset=asset, initiative=own)
    assert before.asset("1")["zone_eur"] == pytest.approx(-34_000.0)
    levers = gap_levers(before, "1").set_index("lever")["amount_eur"]
    assert levers["funds"] == pytest.approx(34_000.0)
    after = _gap(asset=asset, initiative={**own, "own_funds_eur": 44_000.0})
    assert after.asset("1")["zone_eur"] == pytest.approx(0.0, abs=1e-6)


def test_a_restriction_on_resale_closes_the_part_that_it_says():
    before, after = _gap(), _gap(asset={"sale_restriction": True})
    closes = gap_levers(before, "1").set_index("lever")["closes_eur"]["sale_restriction"]
    assert after.asset("1")["zone_eur"] - before.asset("1")["zone_eur"] == pytest.approx(closes)
    assert "sale_restriction" not in gap_levers(after, "1")["lever"].tolist()


def test_no_levers_without_a_gap_or_without_an_initiative(result):
    assert gap_levers(result, "0101").empty
    assert gap_levers(result, "0103").empty


def test_without_a_loan_a_better_yearly_result_is_no_lever():
    levers = gap_levers(_gap(initiative={"loan_term_years": float("nan")}), "1").set_index("lever")["amount_eur"]
    assert math.isnan(levers["yearly_result"])


def test_aid_stands_beside_both_ceilings(result):
    aid = aid_check(result, "0101").set_index("key")
    assert aid.loc["general", ["ceiling_eur", "signal"]].tolist() == [300_000, "above"]
    assert aid.loc["sgei", ["ceiling_eur", "signal"]].tolist() == [750_000, "below"]
    assert aid.loc["general", "aid_eur"] == 470_000 + 3 * 30_000
    assert aid_check(result, "0103")["signal"].tolist() == ["unknown", "unknown"]


def test_close_to_the_ceiling_is_a_signal_of_its_own():
    near = appraise(
        build_case(assets=[{"market_value_eur": 270_000.0, "proposed_price_eur": 0.0}], initiatives=[{"asset_id": "1"}])
    )
    assert aid_check(near, "1").set_index("key").loc["general", "signal"] == "near"


def test_yearly_amount_of_a_kind(result):
    assert yearly_amount(result, "0101", "vat_leak") == 7_800
    assert yearly_amount(result, "0103", "vat_leak") == 0


def test_what_has_no_price_keeps_its_quantity_and_an_unknown_price_paid_is_none_of_it():
    case = build_case(
        assets=[{"proposed_price_eur": None}],
        initiatives=[{"asset_id": "1"}],
        effects=[{"effect": "vleermuizen", "quantity": 12.0, "unit": "nesten"}],
        tasks=[{"task": "praatje", "volume_per_year": 40.0, "unit": "uur"}],
    )
    rows = not_priced(appraise(case), "1").set_index("label")
    assert rows.loc["vleermuizen", ["quantity", "unit", "owner_id"]].tolist() == [12.0, "nesten", "I"]
    assert rows.loc["praatje", ["quantity", "unit", "owner_id"]].tolist() == [40.0, "uur", "I"]
    assert len(rows) == 2


def test_prices_used_say_what_they_were_and_what_they_became():
    case = build_case(
        assets=[{}],
        initiatives=[{"asset_id": "1"}],
        effects=[{"price_key": "volunteer_hour_replacement", "unit": "uur"}],
    )
    price = prices_used(appraise(case)).iloc[0]
    assert price["own_value_eur"] * price["factor"] == pytest.approx(price["value_eur"])
    assert price["own_value_eur"] == case.reference.price("volunteer_hour_replacement", price["own_year"]).value


@pytest.mark.parametrize("market", [0.0, 1.0, 95_000.0, 720_000.0, 1_650_000.0])
def test_price_steps_run_from_nothing_to_the_market_value(market):
    steps = price_steps(build_case(assets=[{"market_value_eur": market}]), "1")
    assert steps[0] == 0.0
    assert steps[-1] == market
    assert len(steps) <= 21
    assert list(steps) == sorted(set(steps))


def test_problems_go_to_their_own_object(result):
    rules = {a: {p.rule for p in problems_about(result, a, result.problems)} for a in result.assets["asset_id"]}
    assert "de_minimis_signal" in rules["0101"]
    assert "de_minimis_signal" not in rules["0105"]
    # The row of the object says whose it is where the message names no owner.
    assert "book_values_differ" in rules["0103"]
    assert all("book_values_differ" not in rules[a] for a in rules if a != "0103")


def test_the_ladder_leaves_out_what_is_not_known(result):
    ladder = price_ladder(result, "0103")
    assert "proposed_price_eur" not in ladder["rung"].tolist()
    assert ladder["price_eur"].is_monotonic_increasing
    assert not ladder["price_eur"].isna().any()


def test_tables_are_new_each_time(result):
    first = party_table(result, "0101")
    first.loc[:, "net_eur"] = np.nan
    pd.testing.assert_series_equal(
        party_table(result, "0101")["net_eur"], party_table(result, "0101")["net_eur"], check_exact=True
    )
    assert not party_table(result, "0101")["net_eur"].isna().any()
