"""The portfolio in one picture: worked out by hand, and equal to the sums of its objects."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import intake
from tests.building import build_case
from valuation.appraisal import Result, appraise
from valuation.portfolio import borders, portfolio_table, quadrants, totals_by, yearly_views

EXAMPLE = Path(__file__).resolve().parents[2] / "datasets" / "voorbeeldgemeente.xlsx"


@pytest.fixture(scope="module")
def example() -> Result:
    read = intake.build_case(intake.read_workbook(EXAMPLE.read_bytes(), EXAMPLE.name), intake.load_reference())
    assert read.case is not None
    return appraise(read.case)


def points(*pairs: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["book_value_eur_per_m2", "social_value_eur_per_m2"])


def test_the_four_parts_of_the_picture() -> None:
    table = points((10.0, 90.0), (90.0, 90.0), (10.0, 10.0), (90.0, 10.0), (50.0, 50.0), (math.nan, 50.0))
    assert borders(table) == (50.0, 50.0)
    expected = ["transfer", "worth_its_book_value", "little_of_both", "sell", "worth_its_book_value", None]
    assert quadrants(table, 50.0, 50.0).tolist() == expected


def test_without_a_gain_for_society_nothing_is_advised_for_transfer() -> None:
    # Both lose; the median is a loss too, and the smaller loss lies above it.
    table = points((10.0, -1.0), (90.0, -9.0))
    assert quadrants(table, *borders(table)).tolist() == ["little_of_both", "sell"]


def test_a_picture_without_points_has_no_borders() -> None:
    assert all(math.isnan(border) for border in borders(points((math.nan, 1.0))))


def test_value_per_square_metre_and_the_backlog_that_turns_it() -> None:
    # 20 years' worth of nothing: benefits are the backlog of 100, of which the renovation covers 60, costs the
    # renovation of 60 and transaction cost of 10: -10. With an effect of 30 in year 0: 20, of which 60 is the backlog.
    asset = {"market_value_eur": 500.0, "book_value_eur": 400.0, "area_m2": 40.0, "maintenance_backlog_eur": 100.0}
    case = build_case(
        assets=[
            {**asset, "asset_id": "A", "transaction_cost_eur": 10.0},
            {**asset, "asset_id": "B", "area_m2": None},
        ],
        initiatives=[{"initiative_id": "I", "asset_id": "A", "renovation_eur": 60.0}],
        effects=[{"owner_id": "A", "quantity": 1.0, "unit_value_eur": 30.0, "start_year": 0, "duration_years": 1}],
    )
    table = portfolio_table(appraise(case))
    assert table["social_value_eur"].iloc[0] == pytest.approx(20.0)
    assert table["social_value_eur_per_m2"].iloc[0] == pytest.approx(0.5)
    assert table["book_value_eur_per_m2"].iloc[0] == pytest.approx(10.0)
    assert table["backlog_turns_it"].tolist() == [True, False]
    assert table[["book_value_eur_per_m2", "social_value_eur_per_m2"]].iloc[1].isna().all()


def test_the_years_add_up_to_the_objects_and_initiatives(example: Result) -> None:
    views = yearly_views(example)
    passing = example.links.has_initiative
    alone = example.links.asset_of_initiative < 0
    lines = example.lines
    # The value at the end of the horizon is discounted apart; here the rate is the same and amounts fall at year's end.
    society = float(views["society_eur"] @ lines.society_discount)
    municipality = float(views["municipality_eur"] @ lines.municipal_discount)
    own = example.initiatives[alone]
    assert society == pytest.approx(
        example.assets["social_value_eur"][passing].sum() + own["npv_society_eur"].sum(), rel=1e-12
    )
    assert municipality == pytest.approx(
        example.assets["municipality_npv_at_zero_price_eur"][passing].sum() + own["npv_municipality_eur"].sum(),
        rel=1e-12,
    )


def test_the_accounts_are_those_of_the_budget_and_unknown_stays_unknown(example: Result) -> None:
    views = yearly_views(example).set_index("t")
    passing = set(example.assets["asset_id"][example.links.has_initiative])
    budget = example.budget[example.budget["asset_id"].isin(passing)]
    second = budget[budget["year"] == example.case.assumptions.base_year + 1]
    assert views.loc[2, "year"] == example.case.assumptions.base_year + 1
    assert views.loc[2, "accounts_recurring_eur"] == pytest.approx(second["recurring_total_eur"].sum())
    assert math.isnan(views.loc[1, "accounts_one_off_eur"])  # one object has no proposed price
    assert views.loc[[0, 5], "accounts_recurring_eur"].isna().all()


def test_a_horizon_of_two_years_leaves_the_budget_its_four(example: Result) -> None:
    views = yearly_views(appraise(example.case.with_assumptions(horizon_years=2))).set_index("t")
    assert views.index.tolist() == [0, 1, 2, 3, 4]
    assert views["year"].tolist() == [2026, 2026, 2027, 2028, 2029]
    assert views["accounts_recurring_eur"].notna().tolist() == [False, True, True, True, True]
    assert views["society_eur"].notna().tolist() == [True, True, True, False, False]


def test_groups_add_up_to_the_whole(example: Result) -> None:
    table = portfolio_table(example)
    for column in ("neighbourhood", "kind"):
        groups = totals_by(example, column)
        assert groups["objects"].sum() == len(table)
        for amount in ("book_value_eur", "market_value_eur", "social_value_eur", "maintenance_backlog_eur"):
            assert np.nansum(groups[amount]) == pytest.approx(np.nansum(table[amount]))


def test_a_group_without_any_initiative_has_no_social_value() -> None:
    case = build_case(assets=[{"asset_id": "A", "neighbourhood": "Zuid", "book_value_eur": 5.0}])
    (group,) = totals_by(appraise(case), "neighbourhood").to_dict("records")
    assert (group["objects"], group["with_initiative"]) == (1, 0)
    assert math.isnan(group["social_value_eur"])
