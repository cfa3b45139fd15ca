"""Alternatives for an object: cases worked out by hand, and what must hold between them for every object."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from intake import build_case as read_case
from intake import load_reference, read_workbook
from tests.building import build_case
from tests.valuation.test_worked_cases import case_of, read, same
from valuation.alternatives import alternatives, alternatives_table, terms_of
from valuation.appraisal import Result, appraise
from valuation.case import ALTERNATIVES, FORMS, Case, empty_table

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted((ROOT / "tests" / "cases" / "alternatives").glob("*.toml"))
OWNERS_ALIKE = ("sale", "lease", "ground_lease", "loan_for_use")


def with_terms(case: Case, asset_id: str, form: str, **values: Any) -> Case:
    """The case with one row in the sheet Alternatieven."""
    row = {"asset_id": asset_id, "alternative": form, **values}
    table = pd.DataFrame([{column.key: row.get(column.key) for column in ALTERNATIVES.columns}], index=[2])
    return replace(case, alternatives=table.astype(empty_table(ALTERNATIVES).dtypes.to_dict()))


def figures_of(case: Case, asset_id: str) -> pd.DataFrame:
    return alternatives_table(alternatives(case, asset_id)).set_index("alternative")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_alternative_is_what_was_worked_out_by_hand(path: Path) -> None:
    worked = read(path)
    terms = dict(worked["alternative"])
    form = terms.pop("alternative")
    found = figures_of(with_terms(case_of(worked), "A", form, **terms), "A").loc[form]
    assert worked["working"].strip()
    wrong = {
        key: found[key]
        for key, expected in worked["expected"].items()
        if not same(None if found[key] != found[key] else found[key], expected)
    }
    assert not wrong


def test_every_form_has_a_worked_case() -> None:
    worked = {read(path)["alternative"]["alternative"] for path in CASES}
    assert worked | {"sale"} == {form.key for form in FORMS}


@pytest.fixture(scope="module", params=["datasets/voorbeeldgemeente.xlsx", "tests/cases/municipality.xlsx"])
def result(request: pytest.FixtureRequest) -> Result:
    path = ROOT / request.param
    case = read_case(read_workbook(path.read_bytes(), path.name), load_reference()).case
    assert case is not None
    return appraise(replace(case, alternatives=empty_table(ALTERNATIVES)))


def test_transfer_by_sale_and_selling_are_the_results_that_are_there_already(result: Result) -> None:
    for asset_id in result.case.assets["asset_id"]:
        asset, found = result.asset(asset_id), figures_of(result.case, asset_id)
        sell = found.loc["sell"]
        assert sell["municipality_npv_eur"] == pytest.approx(asset["npv_of_sale_eur"])
        if not asset["has_initiative"]:
            assert list(found.index) == ["keep", "sell"]
            continue
        assert sell["social_value_eur"] == pytest.approx(asset["social_value_of_sale_eur"])
        sale = found.loc["sale"]
        for key in ("social_benefits_eur", "social_costs_eur", "social_value_eur", "bcr", "book_result_eur"):
            assert sale[key] == pytest.approx(asset[key], nan_ok=True), (asset_id, key)
        assert sale["break_even_payment_eur"] == pytest.approx(asset["reservation_price_eur"])
        assert sale["affordable_payment_eur"] == pytest.approx(asset["ceiling_price_eur"])
        budget = result.budget[result.budget["asset_id"] == asset_id]
        assert sale["recurring_first_year_eur"] == pytest.approx(budget["recurring_total_eur"].iloc[0])
        assert sale["one_off_total_eur"] == pytest.approx(budget["one_off_total_eur"].iloc[0], nan_ok=True)


def test_who_owns_it_does_not_change_the_social_value(result: Result) -> None:
    for asset_id in result.case.assets.loc[result.assets["has_initiative"].to_numpy(), "asset_id"]:
        values = figures_of(result.case, asset_id).loc[list(OWNERS_ALIKE), "social_value_eur"]
        assert values.to_numpy() == pytest.approx(values.iloc[0])


def test_keeping_changes_nothing(result: Result) -> None:
    asset_id = result.case.assets["asset_id"].iloc[0]
    keep = figures_of(result.case, asset_id).loc["keep"]
    assert keep["book_value_left_eur"] == pytest.approx(result.asset(asset_id)["book_value_eur"])
    assert (
        keep[["social_value_eur", "municipality_npv_eur", "recurring_first_year_eur", "one_off_total_eur"]].eq(0).all()
    )


def test_at_the_break_even_payment_the_municipality_is_as_well_off_as_when_it_keeps_the_object(result: Result) -> None:
    asset_id = result.case.assets.loc[result.assets["has_initiative"].to_numpy(), "asset_id"].iloc[0]
    known: dict[str, dict[str, float]] = {"lease": {}, "ground_lease": {"premium_eur": 50_000.0, "land_value_eur": 9e4}}
    for form, values in known.items():
        rent = figures_of(with_terms(result.case, asset_id, form, **values), asset_id).at[
            form, "break_even_payment_eur"
        ]
        paid = with_terms(result.case, asset_id, form, **values, payment_eur_per_year=rent)
        assert figures_of(paid, asset_id).at[form, "municipality_npv_eur"] == pytest.approx(0.0, abs=1e-6)


def test_the_parties_together_have_the_social_value(result: Result) -> None:
    case = result.case
    for asset_id in case.assets.loc[result.assets["has_initiative"].to_numpy(), "asset_id"]:
        for one in alternatives(case, asset_id):
            if one.terms.missing:
                continue
            assert one.by_party()["net_eur"].sum() == pytest.approx(one.figures["social_value_eur"], abs=1e-4)


def test_nothing_that_is_missing_is_taken_as_zero(result: Result) -> None:
    asset_id = result.case.assets.loc[result.assets["has_initiative"].to_numpy(), "asset_id"].iloc[0]
    found = figures_of(result.case, asset_id)
    assert (
        found.loc["other_operator", "missing"]
        == "operator_subsidy_eur_per_year operator_cost_eur_per_year effect_share"
    )
    assert math.isnan(found.at["other_operator", "social_value_eur"])
    assert math.isnan(found.at["ground_lease", "municipality_npv_without_payment_eur"])
    assert math.isnan(found.at["ground_lease", "one_off_total_eur"])
    assert found.at["ground_lease", "missing"] == "payment_eur_per_year premium_eur land_value_eur"


def test_a_sale_without_a_proposed_price_says_so() -> None:
    case = build_case(assets=[{"asset_id": "A"}], initiatives=[{"initiative_id": "I", "asset_id": "A"}])
    found = figures_of(case, "A").loc["sale"]
    assert found["missing"] == "proposed_price_eur"
    assert math.isnan(found["municipality_npv_eur"])
    assert found["break_even_payment_eur"] == pytest.approx(0.0)


def test_who_must_borrow_without_a_loan_can_carry_no_rent() -> None:
    initiative = {"initiative_id": "I", "asset_id": "A", "renovation_eur": 100.0}
    case = build_case(assets=[{"asset_id": "A"}], initiatives=[initiative])
    assert np.isnan(figures_of(case, "A").at["lease", "affordable_payment_eur"])


def test_a_filled_in_row_wins_over_the_defaults() -> None:
    case = build_case(assets=[{"asset_id": "A", "transaction_cost_eur": 9.0}])
    before = terms_of(case, "A", "lease")
    assert (before.is_stated, before.maintained_by_municipality) == (False, True)
    assert before.assumed == ("transaction_cost_eur", "major_maintenance_by")
    after = terms_of(
        with_terms(case, "A", "lease", major_maintenance_by="user", transaction_cost_eur=3.0), "A", "lease"
    )
    assert (after.is_stated, after.maintained_by_municipality, after.assumed) == (True, False, ())
    assert after.values["transaction_cost_eur"] == 3.0
