"""Uncertain outcomes: the open model against the appraisal itself, draws against formulas, digits against division."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import qmc

from exports.as_json import result_object, to_json
from tests.building import build_case
from valuation import response, uncertainty
from valuation.appraisal import appraise
from valuation.case import ASSUMPTIONS
from valuation.distributions import Distribution
from valuation.evidence import corrected_for_optimism, optimism_factor, with_evidence_ranges
from valuation.response import ASSET_OUTCOMES, INITIATIVE_OUTCOMES, response_model, share_inputs, uncertain_inputs
from valuation.uncertainty import draw, power_of_two, simulate, summary, uniform

ROOT = Path(__file__).resolve().parents[2]
PRICE = "volunteer_hour_replacement"
ORDER = [column.key for column in ASSUMPTIONS.columns]
RANGES = {
    "discount_rate": (0.01, 0.04, "triangular"),
    "horizon_years": (22.0, 31.0, "uniform"),
    "official_hourly_rate": (60.0, 100.0, "pert"),
    "volunteer_hour_value": (10.0, 30.0, "triangular"),
    "transfer_tax_rate": (0.02, 0.12, "uniform"),
    "social_value_share": (0.0, 0.6, "triangular"),
    "price_floor": (0.0, 50_000.0, "triangular"),
    "internal_interest_rate": (0.0, 0.03, "triangular"),
}


def with_ranges(case, ranges):
    table = pd.DataFrame.from_dict(ranges, orient="index", columns=["low", "high", "distribution"])
    return response.replace(case, assumption_ranges=table)


def everything(ranges=RANGES, **assumptions):
    """Two objects with initiatives, one without; every kind of line and every kind of input."""
    case = build_case(
        assets=[
            {
                "asset_id": "1",
                "market_value_eur": 300_000.0,
                "operating_cost_eur_per_year": 20_000.0,
                "maintenance_backlog_eur": 40_000.0,
                "rent_income_eur_per_year": 5_000.0,
                "fallback_cost_eur": 10_000.0,
                "proposed_price_eur": 90_000.0,
            },
            {"asset_id": "2", "market_value_eur": 100_000.0, "major_maintenance_eur_per_year": 3_000.0},
            {"asset_id": "3", "market_value_eur": 50_000.0, "proposed_price_eur": 50_000.0},
        ],
        initiatives=[
            {
                "initiative_id": "A",
                "asset_id": "1",
                "duration_years": 20,
                "operating_cost_eur_per_year": 60_000.0,
                "income_eur_per_year": 70_000.0,
                "facilitation_hours_per_year": 120.0,
                "volunteer_hours_per_year": 900.0,
                "subsidy_eur_per_year": 8_000.0,
                "renovation_eur": 30_000.0,
                "grants_eur": 60_000.0,
                "loan_rate": 0.03,
                "loan_term_years": 15.0,
            },
            {"initiative_id": "B", "asset_id": "2", "duration_years": 99, "facilitation_hours_per_year": 10.0},
            {"initiative_id": "C", "duration_years": 10},
        ],
        tasks=[
            {
                "initiative_id": "A",
                "task": "dagbesteding",
                "price_key": PRICE,
                "volume_per_year": 2_000.0,
                "deadweight": 0.2,
                "substitution_share": 0.5,
                "cashable_share": 0.4,
                "low": 10.0,
                "high": 40.0,
                "take_up": (0.5, 0.8, 1.0),
            },
            {
                "initiative_id": "C",
                "task": "huisbezoek",
                "price_key": PRICE,
                "volume_per_year": 100.0,
                "low": 12.0,
                "high": 30.0,
                "distribution": "uniform",
            },
            {"initiative_id": "C", "task": "zonder marge", "price_key": PRICE, "volume_per_year": 50.0},
        ],
        effects=[
            {
                "owner_id": "1",
                "effect": "groen",
                "quantity": 50.0,
                "unit_value_eur": 100.0,
                "low": 50.0,
                "high": 300.0,
                "drop_off": 0.05,
                "start_year": 0,
                "evidence": "B",
            },
            {
                "owner_id": "A",
                "effect": "overlast",
                "direction": "cost",
                "quantity": 10.0,
                "unit_value_eur": 200.0,
                "low": 100.0,
                "high": 900.0,
                "distribution": "lognormal",
                "displacement": 0.1,
                "attribution": 0.2,
            },
            {"owner_id": "B", "effect": "p.m.", "low": 5.0, "high": 9.0, "evidence": "C"},
            {
                "owner_id": "B",
                "effect": "schatting",
                "unit_value_eur": 400.0,
                "quantity": 10.0,
                "real_growth": 0.01,
                "party": "municipality",
                "cashable_share": 0.5,
                "evidence": "E",
            },
        ],
        **assumptions,
    )
    return with_ranges(case, ranges)


@pytest.fixture(scope="module")
def case():
    return everything()


def appraised(case, name, owner_id):
    """The same outcome from the appraisal, by the definition in METHOD."""
    result = appraise(case)
    if name in INITIATIVE_OUTCOMES:
        return result.initiatives.set_index("initiative_id").loc[owner_id, name]
    asset = result.asset(owner_id)
    if name == "municipality_result_eur":
        return asset["municipality_npv_at_zero_price_eur"] + asset["proposed_price_eur"]
    return asset[name]


def owners(case):
    for name in ASSET_OUTCOMES:
        yield from ((name, owner_id) for owner_id in case.assets["asset_id"])
    for name in INITIATIVE_OUTCOMES:
        yield from ((name, owner_id) for owner_id in case.initiatives["initiative_id"])


# ---- inputs --------------------------------------------------------------------------------------


def test_lines_with_one_price_code_are_one_input(case):
    inputs = {each.key: each for each in uncertain_inputs(case)}
    assert list(inputs) == [
        *(f"assumptions:{key}" for key in ORDER if key in RANGES),
        f"price:{PRICE}",
        "effects:2:unit_value_eur",
        "effects:3:unit_value_eur",
    ]
    shared = inputs[f"price:{PRICE}"]
    assert [quantity.rows for quantity in shared.quantities] == [(2,), (3,)]
    assert shared.label == "dagbesteding, huisbezoek"


def test_a_line_without_low_and_high_is_certain_though_its_price_has_a_range(case):
    rows = {row for each in uncertain_inputs(case) for q in each.quantities if q.table == "tasks" for row in q.rows}
    assert rows == {2, 3}
    assert not np.isnan(case.reference.price(PRICE, 2025).low)


def test_a_line_that_nobody_can_price_stays_pm(case):
    assert "effects:4:unit_value_eur" not in {each.key for each in uncertain_inputs(case)}


def test_lines_with_one_price_code_move_together_each_within_its_own_range(case):
    points = draw(response_model(case), 1024)
    first, second = (row for row, quantity in enumerate(points.model.quantities) if quantity.table == "tasks")
    assert (np.argsort(points[first]) == np.argsort(points[second])).all()
    assert points[second].min() >= 12
    assert points[second].max() <= 30


def test_the_municipal_rate_follows_the_discount_rate_when_it_is_the_same(case):
    by_key = {quantity.column: quantity for each in uncertain_inputs(case) for quantity in each.quantities}
    assert by_key["discount_rate"].follows == "municipal_discount_rate"
    other = everything(municipal_discount_rate=0.03)
    by_key = {quantity.column: quantity for each in uncertain_inputs(other) for quantity in each.quantities}
    assert by_key["discount_rate"].follows is None


# ---- the model is the appraisal ------------------------------------------------------------------


@pytest.mark.parametrize("timing", ["end", "mid", "start"])
def test_at_the_central_values_the_model_is_the_appraisal(timing):
    case = everything(timing=timing)
    model = response_model(case, [*uncertain_inputs(case), *share_inputs(case)])
    for name, owner_id in owners(case):
        found = model.outcome(name, model.position(name, owner_id), model.central())[0]
        assert found == pytest.approx(appraised(case, name, owner_id), rel=1e-12, abs=1e-7, nan_ok=True), name


@pytest.mark.parametrize("municipal_discount_rate", [0.0225, 0.03])
def test_every_draw_put_back_into_the_case_gives_the_outcome_of_that_draw(municipal_discount_rate):
    case = everything(municipal_discount_rate=municipal_discount_rate)
    points = draw(response_model(case), 512)
    for number in (0, 3, 57, 511):
        drawn = case
        for row, quantity in enumerate(points.model.quantities):
            drawn = quantity.put_into(drawn, float(points[row][number]))
        result = appraise(drawn)
        for name, owner_id in owners(case):
            if name == "municipality_result_eur":
                continue
            found = points.model.outcome(name, points.model.position(name, owner_id), points)[number]
            table = result.assets if name in ASSET_OUTCOMES else result.initiatives
            expected = table[name].iloc[points.model.position(name, owner_id)]
            assert found == pytest.approx(expected, rel=1e-11, abs=1e-6, nan_ok=True), (name, owner_id)


def test_stepped_rates_are_certain_and_counted():
    case = everything(
        {"official_hourly_rate": (60.0, 100.0, "pert")},
        discount_rate=((10, 0.035), (75, 0.03)),
        municipal_discount_rate=((75, 0.02),),
    )
    model = response_model(case)
    for name in ("social_value_eur", "reservation_price_eur"):
        assert model.outcome(name, 0, model.central())[0] == pytest.approx(appraised(case, name, "1"), rel=1e-12)


def test_only_what_can_move_an_outcome_touches_it(case):
    model = response_model(case)
    touching = {each.key for each in model.touches("social_value_eur", "2")}
    assert touching == {"assumptions:discount_rate", "assumptions:horizon_years", "assumptions:official_hourly_rate"}
    assert {each.key for each in model.touches("ceiling_price_eur", "2")} == {"assumptions:transfer_tax_rate"}
    for name, owner_id in owners(case):
        at = model.position(name, owner_id)
        base = model.outcome(name, at, model.central())[0]
        for chosen in set(model.inputs) - set(model.touches(name, owner_id)):
            points = model.central()
            points[model.rows_of(chosen)] *= 1.3
            assert model.outcome(name, at, points)[0] == base or np.isnan(base), (name, owner_id, chosen.key)


# ---- the draws -----------------------------------------------------------------------------------


def linear_case(shapes=("triangular", "pert", "uniform", "lognormal")):
    """One initiative with an effect of each shape: the outcome is linear, so its variance is known."""
    return build_case(
        assets=[{"proposed_price_eur": 0.0}],
        initiatives=[{"asset_id": "1", "operating_cost_eur_per_year": 100.0}],
        effects=[
            {
                "effect": shape,
                "quantity": number + 1.0,
                "unit_value_eur": 30.0,
                "low": 10.0,
                "high": 80.0,
                "distribution": shape,
            }
            for number, shape in enumerate(shapes)
        ],
    )


def test_a_linear_case_has_the_mean_and_variance_of_the_formula():
    case = linear_case()
    model = response_model(case)
    annuity = appraise(case).lines.society_discount[1:].sum()
    shapes = [quantity.distribution for quantity in model.quantities]
    mean = annuity * (sum((n + 1) * each.mean() for n, each in enumerate(shapes)) - 100)
    variance = annuity**2 * sum((n + 1) ** 2 * each.variance() for n, each in enumerate(shapes))
    values = simulate(case).outcome("social_value_eur", "1")
    assert values.mean() == pytest.approx(mean, abs=1e-4 * variance**0.5)
    assert values.var() == pytest.approx(variance, rel=2e-3)


def test_draws_that_are_shared_add_up_and_others_do_not():
    rows = [{"effect": str(n), "unit_value_eur": 30.0, "low": 0.0, "high": 60.0} for n in range(2)]
    apart = build_case(assets=[{}], initiatives=[{"asset_id": "1"}], effects=rows)
    shared = build_case(
        assets=[{}], initiatives=[{"asset_id": "1"}], effects=[row | {"price_key": PRICE} for row in rows]
    )
    alone, together = (simulate(case, 4096).outcome("social_value_eur", "1").var() for case in (apart, shared))
    assert together == pytest.approx(2 * alone, rel=5e-3)


def test_inputs_of_one_source_can_be_correlated():
    keys = ["wmo_group_light_halfday_mun", "wmo_guidance_basic_hour_mun"]
    rows = [{"effect": key, "price_key": key, "unit_value_eur": 30.0, "low": 0.0, "high": 60.0} for key in keys]
    case = build_case(assets=[{}], initiatives=[{"asset_id": "1"}], effects=rows)
    model = response_model(case)
    assert model.inputs[0].source_id == model.inputs[1].source_id
    for correlation in (0.0, 0.6, 1.0):
        points = draw(model, 8192, source_correlation=correlation)
        assert np.corrcoef(points.probability(0), points.probability(1))[0, 1] == pytest.approx(
            6 / np.pi * np.arcsin(correlation / 2), abs=0.02
        )
        assert np.sort(points.probability(0)).mean() == pytest.approx(0.5, abs=2e-3)


@pytest.mark.parametrize(("asked", "used"), [(1, 1), (2, 2), (1000, 1024), (32_768, 32_768), (32_769, 65_536)])
def test_draws_are_rounded_up_to_a_power_of_two(asked, used):
    assert power_of_two(asked) == used


def test_points_are_even_and_never_at_the_ends():
    for number in (0, 5, 40):
        points = np.sort(uniform(number, 41, 1024, seed=7))
        assert (np.floor(points * 1024) == np.arange(1024)).all(), "one point in every cell"
        assert points[0] > 0
        assert points[-1] < 1


def test_pairs_of_points_are_even_in_every_box_of_their_size():
    first, second = (uniform(number, 8, 1024, seed=7) for number in (0, 1))
    for split in range(11):  # a box is 2^-split wide and 2^(split - 10) high: exactly one point in each
        column, row = np.floor(first * 2**split), np.floor(second * 2 ** (10 - split))
        assert len(set(zip(column, row, strict=True))) == 1024


def test_direction_numbers_are_those_of_the_published_sequence():
    numbers = uncertainty._direction_numbers(5, 10)
    points = np.zeros((5, 1024), dtype=np.uint32)
    for step in range(10):
        points[:, 1 << step : 2 << step] = points[:, : 1 << step] ^ numbers[step][:, None]
    published = qmc.Sobol(5, scramble=False, bits=30).random(1024)
    assert set(map(tuple, points.T * 0.5**30)) == set(map(tuple, published))


def test_inputs_of_different_sequences_are_independent():
    points = np.array([uniform(number, 40, 4096, seed=7) for number in (0, 1, 32, 33)])
    assert np.abs(np.corrcoef(points) - np.eye(4)).max() < 0.05


def test_too_many_draws_are_refused(case):
    with pytest.raises(ValueError, match="no more than"):
        draw(response_model(case), uncertainty.MOST_DRAWS + 1)


def test_quantiles_at_the_default_are_within_half_a_percent_of_the_band():
    case = linear_case()
    reference = np.quantile(simulate(case, 2**19, seed=999).outcome("social_value_eur", "1"), [0.1, 0.5, 0.9])
    errors = []
    for seed in range(40):
        found = simulate(case, seed=seed).assets.loc[0, ["p10", "p50", "p90"]].to_numpy(float)
        errors.append(np.abs(found - reference).max() / (reference[2] - reference[0]))
    assert np.quantile(errors, 0.95) < 0.005


# ---- figures and probabilities -------------------------------------------------------------------


def test_figures_of_every_object_and_initiative(case):
    found = simulate(case, 2048)
    for position, asset_id in enumerate(case.assets["asset_id"]):
        row = found.assets.iloc[position]
        assert row["asset_id"] == asset_id
        value = found.outcome("social_value_eur", asset_id)
        municipality = found.outcome("municipality_result_eur", asset_id)
        if asset_id == "3":
            assert np.isnan(row["mean"])
            assert np.isnan(row["probability_zone"])
        else:
            assert row["mean"] == pytest.approx(value.mean())
            assert row["p90"] == np.quantile(value, 0.9)
            assert row["probability_social_value_positive"] == (value > 0).mean()
        if asset_id == "2":
            assert np.isnan(row["probability_municipality_not_worse_off"]), "no price, no answer"
        else:
            assert row["probability_municipality_not_worse_off"] == (municipality >= 0).mean()
    for position, initiative_id in enumerate(case.initiatives["initiative_id"]):
        row = found.initiatives.iloc[position]
        assert (
            row["probability_npv_municipality_positive"]
            == (found.outcome("npv_municipality_eur", initiative_id) > 0).mean()
        )
        assert row["probability_npv_society_positive"] == (found.outcome("npv_society_eur", initiative_id) > 0).mean()


def test_without_uncertainty_every_figure_is_the_outcome_itself():
    case = everything({}).with_assumptions(horizon_years=20)
    certain = response.replace(
        case, tasks=case.tasks.assign(low=np.nan, high=np.nan), effects=case.effects.assign(low=np.nan, high=np.nan)
    )
    found, result = simulate(certain, 64), appraise(certain)
    assert set(found.assets.loc[0, ["mean", "p5", "p50", "p95"]]) == {found.assets.loc[0, "mean"]}
    assert found.assets["mean"].to_numpy() == pytest.approx(result.assets["social_value_eur"].to_numpy(), nan_ok=True)


def test_exactly_nothing_is_not_positive_but_no_loss():
    nothing = np.zeros(8)
    assert uncertainty.probability(nothing, above=True) == 0.0
    assert uncertainty.probability(nothing, above=False) == 1.0
    assert summary(nothing) == dict.fromkeys(("mean", "p5", "p10", "p50", "p90", "p95"), 0.0)


def test_the_json_has_the_uncertainty_only_when_it_is_asked_for(case):
    result = appraise(case)
    assert "uncertainty" not in result_object(result, [])["assets"][0]
    content = json.loads(to_json(result_object(result, [], simulation=simulate(case, 100, 5))))
    assert content["simulation"] == {"draws": 128, "seed": 5}
    assert list(content["assets"][0]["uncertainty"]) == [
        "social_value_eur",
        "probability_social_value_positive",
        "probability_municipality_not_worse_off",
        "probability_zone",
    ]
    assert list(content["assets"][0]["uncertainty"]["social_value_eur"]) == ["mean", "p5", "p10", "p50", "p90", "p95"]
    assert set(content["assets"][2]["uncertainty"]["social_value_eur"].values()) == {None}
    assert list(content["initiatives"][0]["uncertainty"]) == [
        "npv_society_eur",
        "probability_npv_society_positive",
        "probability_npv_municipality_positive",
    ]


# ---- the same digits -----------------------------------------------------------------------------


def test_another_division_of_the_work_gives_the_same_digits(case, monkeypatch):
    whole = simulate(case, 2048, 3)
    monkeypatch.setattr(uncertainty, "KEPT_VALUES", 2048)  # every column is drawn again each time
    monkeypatch.setattr(response, "KEPT_VALUES", 1)
    monkeypatch.setattr(uncertainty, "DRAWS_AT_A_TIME", 256)
    monkeypatch.setattr(response, "RATES_AT_A_TIME", 100)
    monkeypatch.setattr("valuation.distributions.VALUES_AT_A_TIME", 77)
    monkeypatch.setattr("valuation.closed_form.LINES_AT_A_TIME", 3)
    uncertainty._sobol_block.cache_clear()
    divided = simulate(case, 2048, 3)
    pd.testing.assert_frame_equal(whole.assets, divided.assets, check_exact=True)
    pd.testing.assert_frame_equal(whole.initiatives, divided.initiatives, check_exact=True)


@pytest.mark.parametrize("dimensions", [8, 40])
def test_a_part_of_the_draws_is_that_part_of_all_draws(dimensions):
    for number in range(0, dimensions, 5):
        whole = uniform(number, dimensions, 1024, seed=7)
        parts = [uniform(number, dimensions, 1024, 7, slice(first, first + 64)) for first in range(0, 1024, 64)]
        assert (np.concatenate(parts) == whole).all()


@pytest.mark.parametrize("count", [2, 3, 64, 1000])
def test_quantiles_are_those_of_numpy(count):
    values = np.random.default_rng(count).normal(size=count)
    found, expected = summary(values), np.quantile(values, [0.05, 0.1, 0.5, 0.9, 0.95])
    assert [found[name] for name in ("p5", "p10", "p50", "p90", "p95")] == expected.tolist()


def test_one_owner_at_a_time_gives_the_same_digits(case):
    whole = simulate(case, 512)
    for name, owner_id in [*owners(case)][::4]:
        alone = draw(response_model(case), 512)
        outcome = alone.model.outcome(name, alone.model.position(name, owner_id), alone)
        assert np.array_equal(outcome, whole.outcome(name, owner_id), equal_nan=True)


PROGRAM = """
import sys; sys.path.insert(0, {root!r})
from tests.valuation.test_uncertainty import everything
from valuation.uncertainty import simulate
found = simulate(everything(timing="mid"), 1024, 11)
for table in (found.assets, found.initiatives):
    for row in table.itertuples(index=False):
        print(*(value.hex() if isinstance(value, float) else value for value in row))
"""


def digits(**environment):
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(root=str(ROOT))],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


def test_a_processor_without_vector_instructions_gives_the_same_digits():
    # NumPy then takes its plain loops and OpenBLAS its oldest kernels, as on another machine.
    plain = {"NPY_DISABLE_CPU_FEATURES": features(), "OPENBLAS_CORETYPE": "Prescott", "OMP_NUM_THREADS": "1"}
    assert digits() == digits(**plain)


def features():
    """The processor features that NumPy can be told to leave alone here."""
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return " ".join(found)


def test_another_seed_gives_other_digits(case):
    assert (simulate(case, 256, 1).assets["p50"] != simulate(case, 256, 2).assets["p50"]).any()


# ---- evidence and optimism -----------------------------------------------------------------------


def test_an_evidence_grade_gives_a_width_only_where_none_is_stated(case):
    wide = with_evidence_ranges(case).effects
    assert wide["low"].tolist() == pytest.approx([50.0, 100.0, 5.0, 400.0 * 0.25])
    assert wide["high"].tolist() == pytest.approx([300.0, 900.0, 9.0, 400.0 * 1.75])
    assert "effects:5:unit_value_eur" in {each.key for each in uncertain_inputs(with_evidence_ranges(case))}


def test_a_width_leaves_the_mean_where_it_is():
    case = with_evidence_ranges(
        build_case(
            assets=[{}],
            initiatives=[{"asset_id": "1"}],
            effects=[{"unit_value_eur": 100.0, "quantity": 10.0, "evidence": "D"}],
        )
    )
    assert simulate(case).assets.loc[0, "mean"] == pytest.approx(
        appraise(case).asset("1")["social_value_eur"], rel=1e-5
    )


def test_the_correction_for_optimism_lowers_benefits_and_adds_no_width(case):
    corrected = corrected_for_optimism(case)
    assert optimism_factor(case).tolist() == [0.95, 1.0, 0.9, 0.65]
    assert corrected.effects["unit_value_eur"].tolist() == pytest.approx([95.0, 200.0, np.nan, 260.0], nan_ok=True)
    assert corrected.effects["low"].tolist() == pytest.approx([47.5, 100.0, 4.5, np.nan], nan_ok=True)
    assert len(uncertain_inputs(corrected)) == len(uncertain_inputs(case))


def test_a_distribution_is_a_value_that_can_be_compared():
    assert Distribution("pert", 1.0, 2.0, 3.0) == Distribution("pert", 1.0, 2.0, 3.0)


# ---- the command ---------------------------------------------------------------------------------

WORKBOOK = ROOT / "tests" / "cases" / "municipality.xlsx"


def command(*arguments):
    program = [sys.executable, "-m", "cli", "value", str(WORKBOOK), *arguments]
    return subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_command_adds_the_uncertainty_and_says_how_it_was_drawn():
    first, again = (command("--json", "-", "--draws", "1000", "--seed", "4") for _ in range(2))
    assert first.returncode == 0
    assert first.stdout == again.stdout, "same workbook and seed, same digits"
    content = json.loads(first.stdout)
    assert content["simulation"] == {"draws": 1024, "seed": 4}
    assert all("uncertainty" in row for row in (*content["assets"], *content["initiatives"]))


@pytest.mark.parametrize(
    "arguments", [("--draws", "0"), ("--draws", "many"), ("--draws", "1e9"), ("--draws", "8", "--seed", "-1")]
)
def test_the_command_refuses_what_is_no_number_of_draws(arguments):
    refused = command(*arguments)
    assert refused.returncode == 2
    assert "whole number" in refused.stderr or "expected one argument" in refused.stderr
    assert "Traceback" not in refused.stderr
