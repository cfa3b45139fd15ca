"""The charts of the page Value, without a browser: their figures are the results, and every axis has its unit."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from dashboard.charts.value import (
    bridge_chart,
    budget_chart,
    four_values_chart,
    ladder_chart,
    parties_chart,
    required_share_chart,
)
from dashboard.wording import speaking
from intake import build_case, load_reference, read_workbook
from valuation.appraisal import Result, appraise
from valuation.explain import bridge, budget_parts, four_values, party_table, price_ladder

WORKBOOK = Path(__file__).resolve().parent.parent / "cases" / "municipality.xlsx"
BUILDING = "0101"


@pytest.fixture(scope="module")
def result() -> Result:
    case = build_case(read_workbook(WORKBOOK.read_bytes(), WORKBOOK.name), load_reference()).case
    assert case is not None
    return appraise(case)


def _ladder(result: Result, asset_id: str) -> dict:
    asset = result.asset(asset_id)
    return ladder_chart(
        price_ladder(result, asset_id),
        reservation_eur=asset["reservation_price_eur"],
        ceiling_eur=asset["ceiling_price_eur"],
    )


def _figures(result: Result) -> dict[str, dict]:
    asset = result.asset(BUILDING)
    return {
        "values": four_values_chart(four_values(result, BUILDING)),
        "bridge": bridge_chart(bridge(result, BUILDING)),
        "ladder": _ladder(result, BUILDING),
        "share": required_share_chart(asset["required_share"]),
        "parties": parties_chart(party_table(result, BUILDING)),
        "budget": budget_chart(budget_parts(result, BUILDING), last_depreciation_year=asset["last_depreciation_year"]),
    }


@pytest.mark.parametrize("spoken", ["nl", "en"])
def test_every_axis_of_numbers_says_its_unit_and_figures_have_the_separators_of_the_language(result, spoken):
    with speaking(spoken):
        figures = _figures(result)
    for name, figure in figures.items():
        axes = [axis for key, axis in figure["layout"].items() if key.startswith(("xaxis", "yaxis"))]
        numbers = [axis for axis in axes if axis.get("type") != "category"]
        assert numbers, name
        for axis in numbers:
            assert (
                axis["title"]["text"].count("€")
                or axis["title"]["text"].startswith("Euro")
                or "%" in axis["title"]["text"]
            )
        assert figure["layout"]["separators"] == (",." if spoken == "nl" else ".,"), name


def test_bars_have_the_values_of_the_result(result):
    asset = result.asset(BUILDING)
    bars = four_values_chart(four_values(result, BUILDING))["data"][0]["x"]
    assert bars[:4] == [
        asset["book_value_eur"],
        asset["market_value_eur"],
        asset["capitalised_rent_eur"],
        asset["social_value_eur"],
    ]


def test_a_value_that_is_not_known_has_no_bar(result):
    chart = four_values_chart(four_values(result, "0103"))
    assert len(chart["data"][0]["x"]) == 3
    assert not any(map(math.isnan, chart["data"][0]["x"]))


def test_the_bridge_opens_at_book_value_and_ends_at_social_value(result):
    trace = bridge_chart(bridge(result, BUILDING))["data"][0]
    assert trace["measure"][0] == "absolute"
    assert trace["x"][0] == result.asset(BUILDING)["book_value_eur"]
    assert trace["measure"][-1] == "total"
    assert sum(trace["x"][:-1]) == pytest.approx(result.asset(BUILDING)["social_value_eur"])
    assert len(set(trace["y"])) == len(trace["y"]), "two steps with one name would fall on top of each other"


def test_the_ladder_shades_the_room_between_the_parties(result):
    asset, shape = result.asset(BUILDING), _ladder(result, BUILDING)["layout"]["shapes"][0]
    assert (shape["x0"], shape["x1"]) == (asset["reservation_price_eur"], asset["ceiling_price_eur"])
    with speaking("nl"):
        assert _ladder(result, BUILDING)["layout"]["shapes"][0]["label"]["text"] == "Ruimte voor beide"


def test_the_ladder_names_a_gap(result):
    with speaking("nl"):
        figure = ladder_chart(price_ladder(result, BUILDING), reservation_eur=500.0, ceiling_eur=100.0)
    assert figure["layout"]["shapes"][0]["label"]["text"] == "Kloof"


def test_the_ladder_has_neither_without_an_initiative(result):
    assert "shapes" not in _ladder(result, "0103")["layout"]


@pytest.mark.parametrize(("share", "shown"), [(0.18, [0.18, 0.82]), (1.0, [1.0, 0.0]), (1.4, [1.0, 0.4])])
def test_the_required_share_fills_the_bar_or_runs_beyond_it(share, shown):
    figure = required_share_chart(share)
    assert [part["x"][0] for part in figure["data"]] == pytest.approx(shown)
    assert figure["layout"]["xaxis"]["range"][1] >= share


def test_party_bars_and_net_are_the_table(result):
    table = party_table(result, BUILDING)
    benefits, costs, transfers, net = parties_chart(table)["data"]
    assert benefits["x"] == table["benefits_eur"].tolist()
    assert costs["x"] == table["costs_eur"].tolist()
    assert transfers["x"] == table["transfers_eur"].tolist()
    assert net["x"] == table["net_eur"].tolist()


def test_recurring_and_one_off_have_axes_of_their_own(result):
    figure = budget_chart(budget_parts(result, BUILDING), last_depreciation_year=2043.0)
    once = [trace for trace in figure["data"] if trace.get("yaxis") == "y2"]
    assert len(once) == 1
    assert once[0]["y"] == [-298_000.0]
    assert all("yaxis" not in trace for trace in figure["data"] if trace is not once[0])


def test_the_end_of_freed_depreciation_is_marked(result):
    parts = budget_parts(result, BUILDING)
    within = budget_chart(parts, last_depreciation_year=2027.0)["layout"]
    assert within["shapes"][0]["x0"] == 1.5
    assert "2027" in within["annotations"][0]["text"]
    beyond = budget_chart(parts, last_depreciation_year=2043.0)["layout"]
    assert "shapes" not in beyond
    assert "2043" in beyond["annotations"][0]["text"]
    assert "annotations" not in budget_chart(parts, last_depreciation_year=math.nan)["layout"]


def test_an_unknown_one_off_total_is_no_bar_of_zero(result):
    once = budget_chart(budget_parts(result, "0103"), last_depreciation_year=math.nan)["data"][-1]
    assert once["y"] == [None]
