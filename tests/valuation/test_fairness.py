"""Who is reached, and that no small number of people can be seen or worked out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import build_case
from valuation.appraisal import appraise
from valuation.case import NEIGHBOURHOODS, REACH, Case, Table
from valuation.fairness import (
    by_need,
    by_neighbourhood,
    not_reached,
    reach_by_initiative,
    shown_count,
    shown_people,
    without_reach,
)


def rows_of(table: Table, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """A table of the case; what a row does not say has the declared default."""
    frame = pd.DataFrame(
        [{column.key: row.get(column.key, column.default) for column in table.columns} for row in rows]
    )
    numbers = [column.key for column in table.columns if column.kind == "number"]
    return frame.astype(dict.fromkeys(numbers, float)).set_index(pd.RangeIndex(2, 2 + len(frame)))


def town(reach: Iterable[Mapping[str, Any]], *, reading: str = "low_is_need") -> Case:
    """Three neighbourhoods, of which Noord needs most, and two initiatives of which J names no neighbourhood."""
    case = build_case(
        initiatives=[
            {"initiative_id": "I", "neighbourhood": "Noord", "subsidy_eur_per_year": 2_000.0},
            {"initiative_id": "J", "neighbourhood": None, "subsidy_eur_per_year": 500.0},
        ],
        tasks=[{"volume_per_year": 10.0, "institutional_unit_cost_eur": 70.0}],
    )
    places = [
        {"neighbourhood": "Zuid", "inhabitants": 2_000.0, "need_indicator": 0.4, "need_reading": reading},
        {"neighbourhood": "Noord", "inhabitants": 1_000.0, "need_indicator": -0.3, "need_reading": reading},
        {"neighbourhood": "Buiten", "inhabitants": 400.0, "need_indicator": 0.1, "need_reading": reading},
    ]
    return replace(case, neighbourhoods=rows_of(NEIGHBOURHOODS, places), reach=rows_of(REACH, reach))


def shown(case: Case) -> pd.DataFrame:
    return by_neighbourhood(case, appraise(case).initiatives)


REACHED = (
    {"initiative_id": "I", "neighbourhood": "Noord", "people": 120.0, "people_in_need": 60.0},
    {"initiative_id": "I", "neighbourhood": "Zuid", "people": 9.0, "people_in_need": 2.0},
    {"initiative_id": "J", "neighbourhood": "Zuid", "people": 40.0},
)


def test_most_need_comes_first_however_the_indicator_reads():
    assert shown(town(REACHED))["neighbourhood"].tolist()[:3] == ["Noord", "Buiten", "Zuid"]
    assert shown(town(REACHED, reading="high_is_need"))["neighbourhood"].tolist()[:3] == ["Zuid", "Buiten", "Noord"]


def test_small_counts_are_left_out_and_their_sum_says_so():
    table = shown(town(REACHED)).set_index("neighbourhood")
    assert table.loc["Zuid", "people"] == 40
    assert table.loc["Zuid", "suppressed"] == 1
    assert table.loc["Zuid", "reach_share"] == pytest.approx(0.02)
    assert table.loc["Noord", "people"] == 120
    assert table.loc["Noord", "suppressed"] == 0


def test_money_stands_with_the_neighbourhood_of_the_initiative_and_adds_up():
    case = town(REACHED)
    table, initiatives = shown(case), appraise(case).initiatives
    assert table["municipal_cost_eur_per_year"].sum() == initiatives["municipal_cost_eur_per_year"].sum() == 2_500
    assert table["avoided_cost_eur_per_year"].sum() == initiatives["avoided_cost_eur_per_year"].sum() == 700
    assert pd.isna(table["neighbourhood"].iloc[-1])
    assert table["municipal_cost_eur_per_year"].iloc[-1] == 500
    assert table.set_index("neighbourhood").loc["Noord", "municipal_cost_eur_per_inhabitant"] == 2


def test_who_is_not_reached_is_said_and_a_small_count_is_reached():
    case = town([{"initiative_id": "I", "neighbourhood": "Zuid", "people": 3.0}])
    assert not_reached(case, appraise(case).initiatives)["neighbourhood"].tolist() == ["Noord", "Buiten"]
    nobody = town([{"initiative_id": "I", "neighbourhood": "Noord", "people": 0.0}])
    assert not_reached(nobody, appraise(nobody).initiatives)["neighbourhood"].tolist() == ["Noord", "Buiten", "Zuid"]


def test_a_neighbourhood_that_only_the_reach_names_is_shown_too():
    case = town([{"initiative_id": "I", "neighbourhood": "Elders", "people": 50.0}])
    table = shown(case).set_index("neighbourhood")
    assert table.loc["Elders", "people"] == 50
    assert math.isnan(table.loc["Elders", "need_rank"])


def test_the_half_with_most_need_beside_the_other_half():
    case = town(REACHED)
    more, less = by_need(case, appraise(case).initiatives).to_dict("records")
    assert more["more_need"]
    assert (more["neighbourhoods"], more["inhabitants"], more["people"]) == (2, 1_400, 120)
    assert more["municipal_cost_eur_per_inhabitant"] == pytest.approx(2_000 / 1_400)
    assert less["reach_share"] == pytest.approx(0.02)
    empty = replace(case, neighbourhoods=case.neighbourhoods.iloc[:1])
    assert by_need(empty, appraise(empty).initiatives).empty


def test_who_says_nothing_of_reach_is_named():
    assert without_reach(town(REACHED[:2])) == ["J"]
    assert shown_people(town(REACHED), "I") == 120
    assert math.isnan(shown_people(town(REACHED[:2]), "J"))


def test_without_the_sheets_there_is_nothing_to_show_and_nothing_fails():
    case = build_case(initiatives=[{}])
    assert reach_by_initiative(case).empty
    assert shown(case)["neighbourhood"].isna().all()
    assert not_reached(case, appraise(case).initiatives).empty


def test_counts_from_the_threshold_on_and_zero_may_be_shown():
    counts = shown_count(np.array([0.0, 1.0, 9.0, 10.0, 250.0]), threshold=10)
    assert np.array_equal(counts, [0, np.nan, np.nan, 10, 250], equal_nan=True)


def test_great_need_is_hidden_where_the_others_are_few():
    row = reach_by_initiative(
        town([{"initiative_id": "I", "neighbourhood": "Noord", "people": 30.0, "people_in_need": 28.0}])
    ).iloc[0]
    assert row["people"] == 30
    assert row["need_hidden"]
    assert math.isnan(row["people_in_need"])


@given(people=st.integers(0, 60), in_need=st.integers(0, 60))
def test_no_small_number_is_shown_nor_found_by_subtraction(people: int, in_need: int):
    in_need = min(people, in_need)
    reach = {"initiative_id": "I", "neighbourhood": "Noord", "people": float(people), "people_in_need": float(in_need)}
    row = reach_by_initiative(town([reach])).iloc[0]
    visible = [row["people"], row["people_in_need"], row["people"] - row["people_in_need"]]
    assert all(math.isnan(count) or count == 0 or count >= 10 for count in visible)
