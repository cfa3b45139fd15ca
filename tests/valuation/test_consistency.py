"""Decisions beside each other: which differences are unexplained, and what municipalities can learn from each other."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import intake
from valuation.appraisal import appraise
from valuation.consistency import (
    FIGURES,
    Decision,
    benchmark,
    by_way,
    decided_twice,
    decision_table,
    unexplained,
)

BASE = Decision("1", "I-1", "Tuin", "Dorp", "small", 1, 3.4, "help", "help", department="Groen", theme="groen")


def decided(number, **changes):
    return dataclasses.replace(BASE, decision_id=str(number), **{"initiative_id": f"I-{number}", **changes})


def ids(table):
    return set(table["decision_id"])


def test_the_same_band_with_the_same_support_is_no_difference():
    table = decision_table([decided(1), decided(2, outcome=3.9, department="Zorg")])
    assert unexplained(table).empty
    assert table["explained"].all()


def test_another_support_in_the_same_band_without_a_reason_is_shown_with_both_sides():
    table = decision_table(
        [decided(1), decided(2, decided_step="room"), decided(3, ladder_step="room", decided_step="room")]
    )
    assert ids(unexplained(table)) == {"1", "2"}


def test_a_reason_explains_it():
    table = decision_table([decided(1), decided(2, decided_step="room", reason="Er is dit jaar geen budget.")])
    assert unexplained(table).empty
    assert table["differs"].tolist() == [False, True]
    blank = decision_table([decided(1), decided(2, decided_step="room", reason="  ")])
    assert ids(unexplained(blank)) == {"1", "2"}


def test_another_version_or_framework_is_another_band():
    other = decided(2, decided_step="room", ladder_step="room", framework_version=2)
    assert unexplained(decision_table([decided(1), other])).empty
    everyone_lower = [decided(1, decided_step="room"), decided(2, decided_step="room", framework_version=2)]
    assert unexplained(decision_table(everyone_lower)).empty  # one decision a band: nothing to compare with


def test_the_same_initiative_twice_with_other_support():
    twice = [decided(1), decided(2, initiative_id="I-1", decided_step="money", reason="Nieuw college")]
    assert ids(decided_twice(decision_table(twice))) == {"1", "2"}
    assert decided_twice(decision_table([decided(1), decided(2, initiative_id="I-1")])).empty


def test_departments_beside_each_other_by_hand():
    table = decision_table(
        [
            decided(1, outcome=3.0, total_eur=1_000.0),
            decided(2, outcome=4.0, decided_step="below", total_eur=5_000.0),
            decided(3, outcome=3.2, department=None),
        ]
    )
    rows = by_way(table, "department").set_index("way")
    assert rows.loc["Groen"].to_dict() == {
        "count": 2,
        "median_outcome": 3.5,
        "below_share": 0.5,
        "differs": 1,
        "unexplained": 1,
        "median_total_eur": 3_000.0,
        "amounts": 2,
    }
    assert rows.index.isna().sum() == 1
    assert np.isnan(rows[rows.index.isna()]["median_total_eur"].iloc[0])


def test_nothing_decided_yet_is_an_empty_table_and_no_error():
    table = decision_table([])
    assert unexplained(table).empty
    assert decided_twice(table).empty
    assert by_way(table, "theme").empty


@pytest.fixture(scope="module")
def example():
    file = Path(__file__).resolve().parents[2] / "datasets" / "voorbeeldgemeente.xlsx"
    raw = intake.read_workbook(file.read_bytes(), file.name)
    return appraise(intake.build_case(raw, intake.load_reference()).case)


def test_the_benchmark_puts_medians_by_theme_beside_each_other(example):
    table = benchmark({"Beek": example, "Aa": example})
    assert table["municipality"].tolist()[:2] == ["Aa", "Beek"]
    green = table[(table["theme"] == "groen") & (table["municipality"] == "Aa")].iloc[0]
    own = example.initiatives[(example.case.initiatives["theme"] == "groen").to_numpy()]
    assert green["count"] == len(own) == 2
    assert green["municipal_cost_eur_per_year"] == pytest.approx(own["municipal_cost_eur_per_year"].median())
    assert green["municipal_cost_eur_per_year_count"] == 2
    assert table[table["municipality"] == "Aa"]["count"].sum() == len(example.initiatives)


def test_the_benchmark_says_how_many_initiatives_know_a_figure_and_shows_no_small_number_of_people(example):
    table = benchmark({"Aa": example})
    people = example.case.reach
    threshold = example.case.reference.number("suppression_threshold")
    small = set(people.loc[(people["people"] > 0) & (people["people"] < threshold), "initiative_id"])
    assert small, "the example has a number of people that is too small to show"
    themes = example.case.initiatives.set_index("initiative_id")["theme"]
    reached = set(people["initiative_id"])
    for row in table.itertuples():
        able = [number for number in themes.index[themes == row.theme] if number in reached - small]
        assert row.municipal_cost_eur_per_person_count == len(able)
    assert set(FIGURES) <= set(table.columns)
    assert "people" not in table.columns


def test_a_municipality_without_initiatives_has_no_rows():
    assert isinstance(benchmark({}), pd.DataFrame)
    assert benchmark({}).empty
