"""What holds for every case, whatever its figures (DESIGN §7)."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.as_json import result_object, to_json
from tests.valuation.test_against_plain import differences
from tests.valuation.whole_cases import (
    Rows,
    amounts,
    case_of,
    effect_rows,
    or_empty,
    rates,
    whole_case_settings,
    whole_cases,
)
from valuation.appraisal import Result, appraise
from valuation.explain import line_table, party_table
from valuation.price import debt_capacity

PRICE_FIELDS = {"book_result_eur", "required_share", "de_minimis_aid_eur", "budget"}
SOCIETY_FIELDS = {
    "social_benefits_eur",
    "social_costs_eur",
    "volunteer_hours_cost_eur",
    "social_value_eur",
    "social_value_against_sale_eur",
    "bcr",
    "social_price_eur",
    "social_price_bound",
}
# §5-6: without an initiative nobody says what happens there; the others may be undefined for reasons of their own.
DEFINED_WITH_AN_INITIATIVE = {
    "social_benefits_eur",
    "social_costs_eur",
    "volunteer_hours_cost_eur",
    "social_value_eur",
    "social_value_against_sale_eur",
    "social_price_eur",
    "social_price_bound",
    "ceiling_price_eur",
    "zone_eur",
}
MAY_BE_UNDEFINED = {
    "remaining_life_years",
    "book_result_eur",
    "bcr",
    "required_share",
    "de_minimis_aid_eur",
    "one_off_total_eur",
    "cost_price_fraction",
    "break_even_share",
    "payback_years",
}


def figures(rows: Rows, **changes: Any) -> dict[str, Any]:
    """The JSON result, with objects and initiatives by their own number."""
    found = result_object(appraise(case_of(rows, **changes)), [])
    return {
        "assets": {row["asset_id"]: row for row in found["assets"]},
        "initiatives": {row["initiative_id"]: row for row in found["initiatives"]},
    }


def without(rows: dict[str, Any], fields: set[str]) -> dict[str, Any]:
    return {owner: {key: row[key] for key in row if key not in fields} for owner, row in rows.items()}


@st.composite
def shuffled(draw: st.DrawFn, rows: Rows) -> Rows:
    return {key: draw(st.permutations(rows[key])) if key != "assumptions" else rows[key] for key in rows}


@whole_case_settings
@given(whole_cases(), st.sampled_from(["end", "mid", "start"]))
def test_at_a_rate_of_zero_every_value_is_a_plain_sum(rows: Rows, timing: str) -> None:
    result = appraise(case_of(rows, discount_rate=0.0, municipal_discount_rate=0.0, timing=timing))
    lines = result.lines
    society = lines.yearly(lines.direction * lines.society).sum(axis=1)
    municipality = lines.yearly(lines.municipal).sum(axis=1)
    for position, asset in enumerate(result.assets.itertuples()):
        own = lines.asset == position
        assert asset.municipality_npv_at_zero_price_eur == pytest.approx(municipality[own].sum(), rel=1e-9, abs=1e-5)
        if asset.has_initiative:
            assert asset.social_value_eur == pytest.approx(society[own].sum(), rel=1e-9, abs=1e-5)


@whole_case_settings
@given(whole_cases())
def test_the_parties_add_up_to_society(rows: Rows) -> None:
    result = appraise(case_of(rows))
    for asset in result.assets.itertuples():
        table = party_table(result, asset.asset_id).set_index("party")
        parties, society = table.drop(index="society"), table.loc["society"]
        size = np.abs(table[["benefits_eur", "costs_eur", "transfers_eur"]].to_numpy()).sum()
        close = {"rel": 1e-9, "abs": 1e-9 * size + 1e-6}
        assert parties["net_eur"].sum() == pytest.approx(society["net_eur"], **close)
        assert parties["transfers_eur"].sum() == pytest.approx(0.0, **close)
        if asset.has_initiative:
            assert society["net_eur"] == pytest.approx(asset.social_value_eur, **close)
            assert society["benefits_eur"] == pytest.approx(asset.social_benefits_eur, **close)
            assert -society["costs_eur"] == pytest.approx(asset.social_costs_eur, **close)


@whole_case_settings
@given(whole_cases(), or_empty(amounts))
def test_the_price_paid_changes_nothing_but_what_is_about_the_price(rows: Rows, price: float | None) -> None:
    other = {**rows, "assets": [{**row, "proposed_price_eur": price} for row in rows["assets"]]}
    before, after = figures(rows), figures(other)
    assert without(before["assets"], PRICE_FIELDS) == without(after["assets"], PRICE_FIELDS)
    assert before["initiatives"] == after["initiatives"]
    for asset_id, row in before["assets"].items():
        recurring = [year["recurring_total_eur"] for year in row["budget"]]
        assert recurring == [year["recurring_total_eur"] for year in after["assets"][asset_id]["budget"]]


@whole_case_settings
@given(whole_cases(), st.data())
def test_the_order_of_the_rows_does_not_matter(rows: Rows, data: st.DataObject) -> None:
    found, expected = figures(data.draw(shuffled(rows))), figures(rows)
    # The first linked initiative in the sheet is the one that acquires: the one thing that its place decides.
    for table in (found, expected):
        table["assets"] = without(table["assets"], {"de_minimis_aid_eur"})
    assert differences(found, expected) == []


@whole_case_settings
@given(whole_cases(), st.data())
def test_only_the_place_of_the_first_linked_initiative_matters_for_aid(rows: Rows, data: st.DataObject) -> None:
    first: dict[str, Any] = {}
    for row in rows["initiatives"]:
        first.setdefault(row["asset_id"], row)
    others = [row for row in rows["initiatives"] if row not in first.values()]
    moved = {**rows, "initiatives": [*first.values(), *data.draw(st.permutations(others))]}
    found, expected = figures(moved), figures(rows)
    assert {key: row["de_minimis_aid_eur"] for key, row in found["assets"].items()} == {
        key: row["de_minimis_aid_eur"] for key, row in expected["assets"].items()
    }


@whole_case_settings
@given(whole_cases())
def test_an_object_alone_is_the_same_as_in_a_portfolio(rows: Rows) -> None:
    together = figures(rows)
    for asset in rows["assets"]:
        own = [row for row in rows["initiatives"] if row["asset_id"] == asset["asset_id"]]
        ids = {row["initiative_id"] for row in own}
        alone = figures(
            {
                "assumptions": rows["assumptions"],
                "assets": [asset],
                "initiatives": own,
                "tasks": [row for row in rows["tasks"] if row["initiative_id"] in ids],
                "effects": [row for row in rows["effects"] if row["owner_id"] in {*ids, asset["asset_id"]}],
            }
        )
        for table in alone:
            assert differences(alone[table], {key: together[table][key] for key in alone[table]}) == []


def _doubled(row: dict[str, Any]) -> dict[str, Any]:
    return {key: _twice(value) if "_eur" in key and value is not None else value for key, value in row.items()}


def _twice(value: Any) -> Any:
    return 2 * value


@whole_case_settings
@given(whole_cases())
def test_doubling_every_amount_doubles_every_amount(rows: Rows) -> None:
    double = {key: [_doubled(row) for row in rows[key]] for key in rows if key != "assumptions"}
    euros = ("price_floor", "official_hourly_rate", "volunteer_hour_value")
    changes = {key: 2 * rows["assumptions"][key] for key in euros}
    found = figures({**double, "assumptions": rows["assumptions"]}, **changes)
    once = figures(rows)

    def twice(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: twice(part, name) for name, part in value.items()}
        if isinstance(value, list):
            return [twice(part) for part in value]
        return 2 * value if "_eur" in key and value is not None else value

    assert differences(found, twice(once)) == []


@whole_case_settings
@given(whole_cases(), st.integers(1, 20))
def test_a_longer_horizon_never_changes_the_budget_of_the_first_year(rows: Rows, more: int) -> None:
    longer = rows["assumptions"]["horizon_years"] + more
    before, after = figures(rows)["assets"], figures(rows, horizon_years=longer)["assets"]
    for asset_id, row in before.items():
        assert differences(after[asset_id]["budget"][0], row["budget"][0]) == []


@whole_case_settings
@given(whole_cases(), st.lists(effect_rows, min_size=1, max_size=3), st.data())
def test_a_transfer_adds_nothing_to_society(rows: Rows, transfers: list[Any], data: st.DataObject) -> None:
    owners = [row["asset_id"] for row in rows["assets"]] + [row["initiative_id"] for row in rows["initiatives"]]
    moved = []
    for row in transfers:
        party, counterparty = row["parties"]
        plain = {key: value for key, value in row.items() if key not in ("parties", "is_transfer")}
        owner = data.draw(st.sampled_from(owners))
        moved.append({**plain, "owner_id": owner, "party": party, "counterparty": counterparty})
    before, after = figures(rows), figures({**rows, "effects": [*rows["effects"], *moved]})
    for asset_id, row in before["assets"].items():
        found = after["assets"][asset_id]
        assert differences({key: found[key] for key in SOCIETY_FIELDS}, {key: row[key] for key in SOCIETY_FIELDS}) == []
    for initiative_id, row in before["initiatives"].items():
        found = after["initiatives"][initiative_id]
        assert found["npv_society_eur"] == pytest.approx(row["npv_society_eur"], rel=1e-9, abs=1e-5)


@whole_case_settings
@given(whole_cases(), rates)
def test_the_library_gives_the_same_net_present_values(rows: Rows, rate: float) -> None:
    """`numpy_financial.npv` leaves year 0 as it is and discounts year 1 for a whole year: timing `end`."""
    result = appraise(case_of(rows, discount_rate=rate, municipal_discount_rate=rate, timing="end"))
    lines = result.lines
    society, municipality = lines.yearly(lines.direction * lines.society), lines.yearly(lines.municipal)
    for position, asset in enumerate(result.assets.itertuples()):
        own = lines.asset == position
        npv = npf.npv(rate, municipality[own].sum(axis=0))
        assert asset.municipality_npv_at_zero_price_eur == pytest.approx(npv, rel=1e-9, abs=1e-5)
        if asset.has_initiative:
            npv = npf.npv(rate, society[own].sum(axis=0))
            assert asset.social_value_eur == pytest.approx(npv, rel=1e-9, abs=1e-5)


@whole_case_settings
@given(whole_cases())
def test_the_library_gives_the_same_debt(rows: Rows) -> None:
    case = case_of(rows)
    result = appraise(case)
    for debt, found, row in zip(
        debt_capacity(case), result.initiatives.itertuples(), case.initiatives.itertuples(), strict=True
    ):
        service = max(0.0, found.operating_surplus_eur_per_year) / row.dscr
        term = 0.0 if math.isnan(row.loan_term_years) else row.loan_term_years
        expected = -npf.pv(row.loan_rate, term, service) if row.loan_rate else service * term
        assert debt == pytest.approx(expected, rel=1e-9, abs=1e-6)


@whole_case_settings
@given(whole_cases())
def test_the_lines_add_up_to_every_total(rows: Rows) -> None:
    result = appraise(case_of(rows))
    for asset in result.assets.itertuples():
        table = line_table(result, asset_id=asset.asset_id)
        _agrees(table["municipality_npv_eur"], asset.municipality_npv_at_zero_price_eur)
        if asset.has_initiative:
            _agrees(table["social_value_eur"], asset.social_value_eur)
            _agrees(table.loc[table["view"] == "benefit", "social_value_eur"], asset.social_benefits_eur)
            _agrees(-table.loc[table["view"] == "cost", "social_value_eur"], asset.social_costs_eur)
        year = result.budget[result.budget["asset_id"] == asset.asset_id].iloc[0]
        cash = year["recurring_total_eur"] - year["freed_depreciation_eur"] - year["freed_interest_eur"]
        _agrees(table["budget_year_1_eur"], cash)
    for initiative in result.initiatives.itertuples():
        table = line_table(result, initiative_id=initiative.initiative_id)
        _agrees(table["social_value_eur"], initiative.npv_society_eur)
        _agrees(table["municipality_npv_eur"], initiative.npv_municipality_eur)
    _initiatives_and_objects_add_up(result)


def _agrees(parts: Any, total: float) -> None:
    assert math.fsum(parts.dropna()) == pytest.approx(total, rel=1e-9, abs=1e-5)


def _initiatives_and_objects_add_up(result: Result) -> None:
    """The initiative part of an object is that of its initiatives, each at its own figure."""
    linked = result.case.initiatives["asset_id"].to_numpy(object)
    for asset in result.assets.itertuples():
        parts = result.initiatives.loc[linked == asset.asset_id, "npv_municipality_eur"]
        _agrees(parts, asset.municipality_npv_initiative_eur)


@whole_case_settings
@given(whole_cases())
def test_volunteer_hours_are_always_shown_and_counted_once_or_not_at_all(rows: Rows) -> None:
    counted, shown = figures(rows, count_volunteer_hours=True), figures(rows, count_volunteer_hours=False)
    for asset_id, row in counted["assets"].items():
        other = shown["assets"][asset_id]
        assert row["volunteer_hours_cost_eur"] == other["volunteer_hours_cost_eur"]
        if row["social_value_eur"] is not None:
            hours = other["social_value_eur"] - row["social_value_eur"]
            assert hours == pytest.approx(row["volunteer_hours_cost_eur"], rel=1e-9, abs=1e-5)
            assert row["social_benefits_eur"] == other["social_benefits_eur"]
        for field in ("municipality_npv_at_zero_price_eur", "ceiling_price_eur"):
            assert row[field] == other[field]


@whole_case_settings
@given(whole_cases())
def test_every_figure_that_the_method_defines_is_there(rows: Rows) -> None:
    found = result_object(appraise(case_of(rows)), [])
    has_initiative = {row["asset_id"] for row in rows["initiatives"]}
    for row in found["assets"]:
        empty = {key for key, value in row.items() if value is None}
        allowed = (
            MAY_BE_UNDEFINED if row["asset_id"] in has_initiative else MAY_BE_UNDEFINED | DEFINED_WITH_AN_INITIATIVE
        )
        assert empty <= allowed
        assert (row["social_value_eur"] is None) == (row["asset_id"] not in has_initiative)
        for number, year in enumerate(row["budget"]):
            nothing = {key for key, value in year.items() if value is None}
            unknown = (
                {"book_result_eur", "one_off_total_eur"} if number == 0 and row["book_result_eur"] is None else set()
            )
            assert nothing == unknown
    for row in found["initiatives"]:
        assert {key for key, value in row.items() if value is None} <= MAY_BE_UNDEFINED


@whole_case_settings
@given(whole_cases())
def test_the_json_has_no_nan_no_infinity_and_no_minus_zero(rows: Rows) -> None:
    result = appraise(case_of(rows))
    found = json.loads(to_json(result_object(result, result.problems)), parse_constant=pytest.fail)
    assert not [value for value in _numbers(found) if value == 0 and math.copysign(1.0, value) < 0]


def _numbers(value: Any) -> list[float]:
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return [number for part in parts for number in _numbers(part)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


@whole_case_settings
@given(whole_cases())
def test_an_object_without_an_initiative_is_worth_its_market_value_against_sale(rows: Rows) -> None:
    """Nobody takes it over, so handing it over for nothing is a sale without the proceeds."""
    bare = {**rows, "initiatives": [], "tasks": [], "effects": []}
    for row in figures(bare)["assets"].values():
        assert row["reservation_price_against_sale_eur"] == pytest.approx(row["market_value_eur"], rel=1e-9, abs=1e-5)
