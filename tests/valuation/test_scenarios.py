"""Scenarios: rows of a workbook to another case, everything that can be wrong in them, and how the results differ."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from intake import RawSheet, RawWorkbook, load_reference, read_workbook, write_workbook
from intake.validation import Intake
from tests.building import build_case
from tests.intake.workbooks import built, municipality, small, with_row
from valuation.appraisal import appraise
from valuation.case import Case
from valuation.gross_to_net import gross_to_net
from valuation.scenarios import (
    apply_scenario,
    beside,
    differences,
    of_one_asset,
    outcomes,
    scenario_names,
    stopping_after,
    variants,
    with_changes,
    with_price,
    with_ranges_moved,
)
from valuation.spread import histogram, nearest_first

HEADER = ("Scenario", "Blad", "Sleutel of regel", "Kolom", "Waarde", "Toelichting")


def with_scenarios(*rows: tuple[Any, ...], raw: RawWorkbook | None = None) -> RawWorkbook:
    """A workbook with these rows of the sheet Scenario's."""
    filled = tuple((*row, *[None] * (len(HEADER) - len(row))) for row in rows)
    raw = small() if raw is None else raw
    return RawWorkbook((*raw.sheets, RawSheet("Scenario's", (HEADER, *filled))))


def case_with(*rows: tuple[Any, ...]) -> Case:
    intake = built(with_scenarios(*rows))
    assert [problem.message("nl") for problem in intake.problems] == []
    assert intake.case is not None
    return intake.case


def test_each_value_is_read_as_its_own_column_is_read() -> None:
    case = case_with(
        ("hoog", "Uitgangspunten", "Discontovoet", None, "0-10: 3%; 11-30: 2,5%"),
        ("hoog", "Uitgangspunten", "zichtperiode", None, 20.0),
        ("hoog", "Uitgangspunten", "timing", None, "midden"),
        ("hoog", "Uitgangspunten", "Vrijwilligersuren meetellen", None, "nee"),
        ("hoog", "Prijzen", "daycare_elderly_halfday_ref", None, "€ 80,50"),
        ("hoog", "Objecten", "0101", "Marktwaarde (€)", 1.125),
        ("hoog", "Initiatieven", "I1", "Duur (jaar)", 5.0),
        ("hoog", "Taken", 2.0, "Vervangingsaandeel", "25%"),
        ("hoog", "Taken", "Dagbesteding", "Ingroei", "50%; 100%"),
        ("hoog", "effects", "2", "quantity", 3.0),
    )
    assert scenario_names(case) == ("hoog",)
    high = apply_scenario(case, "hoog")
    assert high.assumptions.discount_rate == ((10, 0.03), (30, 0.025))
    assert high.assumptions.horizon_years == 20
    assert type(high.assumptions.horizon_years) is int
    assert (high.assumptions.timing, high.assumptions.count_volunteer_hours) == ("mid", False)
    assert high.reference.price("daycare_elderly_halfday_ref", 2025).value == 80.5
    assert high.assets["market_value_eur"].tolist() == [1.125]
    assert high.initiatives["duration_years"].tolist() == [5.0]
    assert high.tasks[["substitution_share", "take_up"]].to_numpy().tolist() == [[0.25, (0.5, 1.0)]]
    assert high.effects["quantity"].tolist() == [3.0]
    for table in ("assets", "initiatives", "tasks", "effects"):
        pd.testing.assert_series_equal(getattr(high, table).dtypes, getattr(case, table).dtypes)
    appraise(high)


def test_the_case_and_its_reference_figures_stay_as_they_were() -> None:
    case = case_with(
        ("laag", "Prijzen", "daycare_elderly_halfday_ref", None, 1.0), ("laag", "Taken", "2", "Verzilverbaar", 0.0)
    )
    before = case.tasks.copy(deep=True), case.reference.unit_values.copy(deep=True)
    apply_scenario(case, "laag")
    pd.testing.assert_frame_equal(case.tasks, before[0])
    pd.testing.assert_frame_equal(case.reference.unit_values, before[1])
    assert load_reference().price("daycare_elderly_halfday_ref", 2025).value > 1.0


def test_what_is_not_changed_gives_the_same_result() -> None:
    case = case_with(("zelfde", "Objecten", "0101", "Marktwaarde (€)", 200_000.0))
    same = apply_scenario(case, "zelfde")
    pd.testing.assert_frame_equal(appraise(same).assets, appraise(case).assets)
    assert not differences(case, "zelfde")["is_different"].any()


def test_a_scenario_is_the_workbook_with_those_cells() -> None:
    """What a scenario gives is what one would get by typing the same in the sheets."""
    case = case_with(
        ("s", "Taken", "2", "Kostprijs instelling (€)", 55.0),
        ("s", "Effecten", "ontmoeting", "Zonder initiatief", 0.5),
        ("s", "Uitgangspunten", "Discontovoet", None, 0.04),
    )
    raw = small()
    typed = {("Uitgangspunten", 5): ("Discontovoet", 0.04)}
    sheets = []
    for sheet in raw.sheets:
        rows = [list(row) for row in sheet.rows]
        if sheet.name == "Taken":
            rows[1][5] = 55.0
        if sheet.name == "Effecten":
            rows[0].append("Zonder initiatief")
            rows[1].append(0.5)
        if sheet.name == "Uitgangspunten":
            rows.append(list(typed["Uitgangspunten", 5]))
        sheets.append(RawSheet(sheet.name, tuple(map(tuple, rows))))
    by_hand = built(RawWorkbook(tuple(sheets))).case
    assert by_hand is not None
    pd.testing.assert_frame_equal(appraise(apply_scenario(case, "s")).assets, appraise(by_hand).assets)


def test_what_an_empty_cell_follows_goes_on_following() -> None:
    case = case_with(
        ("rente", "Uitgangspunten", "Discontovoet", None, 0.04),
        ("uur", "Prijzen", "volunteer_hour_replacement", None, 11.0),
        ("eigen", "Prijzen", "volunteer_hour_replacement", None, 11.0),
        ("eigen", "Uitgangspunten", "Waarde vrijwilligersuur", None, 9.0),
    )
    assert apply_scenario(case, "rente").assumptions.municipal_discount_rate == 0.04
    assert apply_scenario(case, "uur").assumptions.volunteer_hour_value == 11.0
    assert apply_scenario(case, "eigen").assumptions.volunteer_hour_value == 9.0
    own = case.with_assumptions(municipal_discount_rate=0.03, volunteer_hour_value=15.0)
    assert apply_scenario(own, "rente").assumptions.municipal_discount_rate == 0.03
    assert apply_scenario(own, "uur").assumptions.volunteer_hour_value == 15.0


def test_an_unknown_scenario_is_our_own_mistake() -> None:
    with pytest.raises(KeyError):
        apply_scenario(case_with(("a", "Objecten", "0101", "Marktwaarde (€)", 1.0)), "b")


@pytest.mark.parametrize(
    ("row", "rule", "cell"),
    [
        (("s", "Objecten", "0101", "Marktwaarde (€)", "veel"), "not_a_number", "E2"),
        (("s", "Objecten", "0101", "Marktwaarde (€)", "1.125"), "ambiguous_number", "E2"),
        (("s", "Objecten", "0101", "Marktwaarde (€)", -5.0), "negative", "E2"),
        (("s", "Objecten", "0101", "Marktwaarde (€)", None), "required", "E2"),
        (("s", "Taken", "2", "Vervangingsaandeel", 40.0), "percent_forgotten", "E2"),
        (("s", "Taken", "2", "Betaler", "buurman"), "not_a_choice", "E2"),
        (("s", "Objecten", "0101", "Marktwarde (€)", 5.0), "scenario_column_similar", "D2"),
        (("s", "Objecten", "0101", "Kleur", 5.0), "scenario_column", "D2"),
        (("s", "Objecten", "0101", None, 5.0), "scenario_column_missing", "D2"),
        (("s", "Objecten", "0101", "Objectnummer", "9"), "scenario_fixed", "D2"),
        (("s", "Uitgangspunten", "Prijspeil", None, 2024.0), "scenario_fixed", "C2"),
        (("s", "Uitgangspunten", "Diskontovoet", None, 0.02), "scenario_assumption", "C2"),
        (("s", "Initiatieven", "I-1", "Duur (jaar)", 5.0), "scenario_row_similar", "C2"),
        (("s", "Objecten", "zwembad", "Marktwaarde (€)", 5.0), "scenario_row", "C2"),
        (("s", "Taken", "3", "Verzilverbaar", 0.1), "scenario_line", "C2"),
        (("s", "Blaadjes", "3", "Verzilverbaar", 0.1), "not_a_choice", "B2"),
        (("s", "Prijzen", "geen_prijs", None, 5.0), "unknown_price", "C2"),
        (("s", "Uitgangspunten", "Discontovoet", None, "0-10: 3%"), "horizon_beyond_steps", "E2"),
        (("s", "Initiatieven", "I1", "Waarvan nieuwe gebruikers (€)", 500.0), "new_users_above_income", "E2"),
        ((None, "Objecten", "0101", "Marktwaarde (€)", 5.0), "required", "A2"),
    ],
)
def test_a_mistake_in_a_scenario_is_said_at_its_own_cell(row: tuple[Any, ...], rule: str, cell: str) -> None:
    intake = built(with_scenarios(row))
    errors = [problem for problem in intake.problems if problem.level == "error"]
    assert [(problem.rule, problem.sheet, problem.cell) for problem in errors] == [(rule, "Scenario's", cell)]
    assert intake.case is None
    for language in ("nl", "en"):
        assert errors[0].message(language)


def test_the_same_cell_twice_and_a_name_that_is_not_unique_are_mistakes() -> None:
    twice = built(
        with_scenarios(
            ("s", "Objecten", "0101", "Marktwaarde (€)", 5.0), ("S", "assets", "0101", "market_value_eur", 6.0)
        )
    )
    assert [(problem.rule, problem.parameters["first"]) for problem in twice.problems] == [("scenario_twice", "C2")]
    raw = with_row(small(), "Taken")
    named = built(with_scenarios(("s", "Taken", "dagbesteding", "Verzilverbaar", 0.2), raw=raw))
    assert [problem.rule for problem in named.problems] == ["scenario_line_twice"]


def test_the_sheet_survives_writing_and_reading() -> None:
    raw = with_scenarios(
        ("s", "Taken", "2", "Ingroei", "50%; 100%"), ("s", "Objecten", "0101", "Marktwaarde (€)", 1.125)
    )
    again = read_workbook(write_workbook(raw), "x.xlsx")
    assert again.sheets == raw.sheets
    first, second = built(raw).case, built(again).case
    assert first is not None
    assert second is not None
    pd.testing.assert_frame_equal(first.scenarios, second.scenarios)


def public(*rows: tuple[Any, ...]) -> Intake:
    return built(with_scenarios(*rows, raw=municipality()))


def test_differences_say_what_it_was_and_what_it_becomes() -> None:
    case = public(
        ("mix", "Uitgangspunten", "Zichtperiode", None, 10.0),
        ("mix", "Prijzen", "daycare_elderly_halfday_ref", None, 60.0),
        ("mix", "Objecten", "0101", "Voorgestelde prijs (€)", 1.0),
    ).case
    assert case is not None
    found = differences(case, "mix")
    assert found["sheet"].tolist() == ["assumptions", "prices", "assets"]
    assert found["kind"].tolist() == ["integer", "amount", "amount"]
    assert found["before"].tolist()[0] == 25
    assert found["after"].tolist() == [10.0, 60.0, 1.0]
    assert found["is_different"].all()
    assert found["owner"].tolist()[2] == case.assets["name"].iloc[0]


def test_results_stand_beside_the_base_with_their_differences() -> None:
    case = public(("lager", "Taken", "2", "Vervangingsaandeel", 0.1)).case
    assert case is not None
    asset_id = "0101"
    table = beside(outcomes(variants(case, asset_id, stops_after=5), asset_id))
    assert table["kind"].tolist() == ["base", "scenario", "stops"]
    assert table["name"].tolist() == ["", "lager", "5"]
    whole = appraise(case).asset(asset_id)
    assert table.at[0, "social_value_eur"] == pytest.approx(whole["social_value_eur"])
    assert table.at[0, "municipality_result_eur"] == pytest.approx(
        whole["municipality_npv_at_zero_price_eur"] + whole["proposed_price_eur"]
    )
    scenario = appraise(apply_scenario(case, "lager")).asset(asset_id)
    assert table.at[1, "social_value_eur_difference"] == pytest.approx(
        scenario["social_value_eur"] - whole["social_value_eur"]
    )
    assert table.filter(like="_difference").iloc[0].fillna(0.0).eq(0.0).all()


def test_one_object_alone_has_the_same_figures() -> None:
    case = built(municipality()).case
    assert case is not None
    whole = appraise(case)
    for asset_id in case.assets["asset_id"]:
        alone = appraise(of_one_asset(case, asset_id)).assets.iloc[0].fillna("-")
        pd.testing.assert_series_equal(alone, whole.asset(asset_id).fillna("-"), check_names=False)


def test_an_initiative_that_stops_early_falls_back_in_the_next_year() -> None:
    case = build_case(
        assets=[{"asset_id": "A", "fallback_cost_eur": 50.0, "operating_cost_eur_per_year": 10.0}],
        initiatives=[
            {"initiative_id": "I", "asset_id": "A", "duration_years": 20},
            {"initiative_id": "J", "asset_id": "B"},
        ],
        discount_rate=0.0,
        municipal_discount_rate=0.0,
    )
    stopped = stopping_after(case, "A", 5)
    assert stopped.initiatives["duration_years"].tolist() == [5.0, 30.0]
    assert stopping_after(case, "A", 40).initiatives["duration_years"].tolist() == [20.0, 30.0]
    asset = appraise(stopped).asset("A")
    assert asset["active_years"] == 5
    assert asset["social_value_eur"] == pytest.approx(5 * 10 - 50)


def test_a_changed_price_is_in_the_prices_of_the_case() -> None:
    reference = load_reference()
    changed = with_price(reference, "daycare_elderly_halfday_ref", 12.5)
    for year in (2022, 2025):
        assert changed.price("daycare_elderly_halfday_ref", year).value == 12.5
    pd.testing.assert_series_equal(changed.unit_values.dtypes, reference.unit_values.dtypes)
    assert (
        changed.price("daycare_elderly_halfday_ref", 2025).unit
        == reference.price("daycare_elderly_halfday_ref", 2025).unit
    )


def test_a_figure_takes_its_range_along_in_proportion() -> None:
    task = {"volume_per_year": 1.0, "institutional_unit_cost_eur": 100.0, "low": 80.0, "high": 150.0}
    case = build_case(
        assets=[{"asset_id": "A"}],
        initiatives=[{"initiative_id": "I", "asset_id": "A"}],
        tasks=[task, {**task, "institutional_unit_cost_eur": None, "price_key": "daycare_elderly_halfday_ref"}],
        effects=[{"unit_value_eur": 0.0, "low": 0.0, "high": 5.0}],
    )
    ranges = pd.DataFrame({"low": [0.01], "high": [0.04], "distribution": "pert"}, index=["discount_rate"])
    case = replace(case, assumption_ranges=ranges)
    rows = pd.DataFrame(
        [
            ("tasks", "2", "institutional_unit_cost_eur", 50.0),
            ("assumptions", "discount_rate", None, 0.045),
            ("effects", "2", "unit_value_eur", 3.0),
        ],
        columns=["sheet", "key_or_row", "column", "value"],
    )
    changed = with_changes(case, rows)
    assert changed.tasks[["low", "high"]].to_numpy().tolist() == [[40.0, 75.0], [80.0, 150.0]]
    assert changed.effects[["low", "high"]].to_numpy().tolist() == [[0.0, 5.0]]
    assert changed.assumption_ranges.loc["discount_rate", ["low", "high"]].tolist() == pytest.approx([0.02, 0.08])
    price = case.reference.price("daycare_elderly_halfday_ref", 2025).value
    dearer = replace(case, reference=with_price(case.reference, "daycare_elderly_halfday_ref", price * 2))
    assert with_ranges_moved(case, dearer).tasks["high"].tolist() == pytest.approx([150.0, 300.0])
    stepped = case.with_assumptions(discount_rate=((30, 0.02),))
    assert with_ranges_moved(case, stepped).assumption_ranges.empty
    own = replace(case, tasks=case.tasks.assign(institutional_unit_cost_eur=[50.0, np.nan], low=[45.0, 80.0]))
    assert with_ranges_moved(case, own).tasks["low"].tolist() == [45.0, 80.0]


def test_the_classes_of_a_picture_have_all_draws_and_a_border_at_zero() -> None:
    values = np.linspace(-3.0, 11.0, 1000)
    table = histogram(values)
    assert table["share"].sum() == pytest.approx(1.0)
    assert np.isclose(table["from_eur"], 0.0, atol=1e-9).any()
    assert table.loc[table["to_eur"] <= 1e-9, "share"].sum() == pytest.approx((values < 0).mean())
    assert histogram(np.full(4, 7.0)).to_numpy().tolist() == [[7.0, 7.0, 7.0, 1.0]]
    assert histogram(np.array([np.nan, 1.0])).empty


def test_the_nearest_switch_comes_first() -> None:
    table = pd.DataFrame(
        {
            "key": ["far", "share", "near", "never"],
            "central": [10.0, 0.5, 100.0, 1.0],
            "switching_value": [20.0, 0.1, 90.0, math.nan],
        }
    )
    assert nearest_first(table, ("share",))["key"].tolist() == ["near", "share", "far"]


# From gross to net


def test_gross_to_net_by_hand() -> None:
    """Two years at 0 %. A task of 10 x 100: a fifth would go on anyway, of the rest half replaces care: 400 a year.
    An effect of 1000: a tenth anyway (900), a third elsewhere (600), a quarter due to others (450). Gross 4000."""
    case = build_case(
        assets=[{"asset_id": "A"}],
        initiatives=[{"initiative_id": "I", "asset_id": "A", "duration_years": 2}],
        tasks=[
            {
                "volume_per_year": 10.0,
                "institutional_unit_cost_eur": 100.0,
                "deadweight": 0.2,
                "substitution_share": 0.5,
            }
        ],
        effects=[
            {"unit_value_eur": 1000.0, "deadweight": 0.1, "displacement": 1 / 3, "attribution": 0.25},
            {"unit_value_eur": 70.0, "direction": "cost"},
            {"unit_value_eur": 70.0, "counterparty": "other"},
            {"unit_value_eur": None},
        ],
        discount_rate=0.0,
        municipal_discount_rate=0.0,
        horizon_years=2,
    )
    found = gross_to_net(appraise(case), "A").set_index("step")["value_eur"]
    expected = {
        "gross": 4000.0,
        "deadweight": -2 * (200 + 100),
        "not_replaced": -2 * 400,
        "displacement": -2 * 300,
        "attribution": -2 * 150,
        "net": 2 * (400 + 450),
    }
    assert found.to_dict() == pytest.approx(expected)


def test_net_is_what_the_lines_bring_into_the_social_benefits() -> None:
    case = built(municipality()).case
    assert case is not None
    result = appraise(case)
    for asset_id in case.assets["asset_id"]:
        table = gross_to_net(result, asset_id)
        lines = result.lines
        counts = (lines.asset == result.asset_position(asset_id)) & np.isin(lines.table, ["tasks", "effects"])
        counts &= (lines.society > 0) & (lines.direction > 0)
        assert table["value_eur"].iloc[-1] == pytest.approx(lines.present_value[counts].sum())
        assert table["value_eur"].iloc[:-1].sum() == pytest.approx(table["value_eur"].iloc[-1])


def test_nothing_claimed_has_no_shares() -> None:
    case = build_case(assets=[{"asset_id": "A"}])
    table = gross_to_net(appraise(replace(case)), "A")
    assert table["value_eur"].tolist() == [0.0] * 6
    assert all(math.isnan(share) for share in table["share"])
