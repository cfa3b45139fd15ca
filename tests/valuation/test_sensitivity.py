"""What the outcome hangs on: values put back into the case, and functions and decisions whose answer is known."""

import numpy as np
import pytest

from tests.building import build_case
from tests.valuation.test_uncertainty import appraised, everything, owners
from valuation import response
from valuation.response import ASSET_OUTCOMES, response_model, share_inputs, uncertain_inputs
from valuation.sensitivity import (
    sobol_indices,
    switching_values,
    tornado,
    two_way,
    value_of_information,
    variance_shares,
)
from valuation.uncertainty import simulate, uniform

EXACT = {"rel": 1e-11, "abs": 1e-6}


@pytest.fixture(scope="module")
def case():
    return everything()


@pytest.fixture(scope="module")
def model(case):
    return response_model(case, [*uncertain_inputs(case), *share_inputs(case)])


@pytest.fixture(scope="module")
def uncertain(case):
    return response_model(case)


def put_back(case, chosen, end):
    """The case with an input at its low or its high, each of its lines at its own."""
    for quantity in chosen.quantities:
        case = quantity.put_into(case, getattr(quantity.distribution, end))
    return case


# ---- tornado and two-way -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "owner_id"),
    [("social_value_eur", "1"), ("zone_eur", "1"), ("social_price_eur", "1"), ("npv_municipality_eur", "A")],
)
def test_the_tornado_put_back_into_the_case_gives_the_stated_outcome(case, uncertain, outcome, owner_id):
    model = uncertain
    table = tornado(model, outcome, owner_id)
    assert len(table) >= 4
    for row in table.itertuples():
        chosen = model.input(row.key)
        assert row.outcome_central == pytest.approx(appraised(case, outcome, owner_id), **EXACT)
        for end in ("low", "high"):
            expected = appraised(put_back(case, chosen, end), outcome, owner_id)
            assert getattr(row, f"outcome_{end}") == pytest.approx(expected, **EXACT), (row.key, end)


def test_the_widest_swing_stands_first(model):
    swing = tornado(model, "social_value_eur", "1")["swing"]
    assert (swing.diff().dropna() <= 0).all()
    assert swing.iloc[0] > 0


def test_an_object_that_nothing_moves_has_an_empty_tornado(model):
    assert tornado(model, "social_value_eur", "3").empty


def test_the_two_way_grid_put_back_into_the_case_gives_the_stated_outcome(case, model):
    first, second = "effects:2:unit_value_eur", "assumptions:discount_rate"
    grid = two_way(model, "social_value_eur", "1", first, second, steps=3)
    for value in grid.index:
        for rate in grid.columns:
            both = (
                model.input(second).quantities[0].put_into(model.input(first).quantities[0].put_into(case, value), rate)
            )
            assert grid.loc[value, rate] == pytest.approx(appraised(both, "social_value_eur", "1"), **EXACT)


# ---- switching values ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "outcome", [name for name in ASSET_OUTCOMES if name not in ("social_price_eur", "reservation_price_eur")]
)
def test_the_switching_value_put_back_into_the_case_gives_zero(case, model, uncertain, outcome):
    model = model if outcome == "social_value_eur" else uncertain
    table = switching_values(model, outcome, "1").dropna(subset="switching_value")
    for row in table.itertuples():
        chosen = model.input(row.key)
        first = chosen.quantities[0].distribution.central
        scale = abs(appraised(case, outcome, "1"))
        changed = case
        for quantity in chosen.quantities:
            proportion = quantity.distribution.central / first if first else 1.0
            changed = quantity.put_into(changed, row.switching_value * proportion)
        found = appraised(changed, outcome, "1")
        if row.key == "assumptions:horizon_years":
            assert (found > 0) != (appraised(case, outcome, "1") > 0)
        else:
            assert found == pytest.approx(0.0, abs=1e-9 * scale), row.key


def test_a_switching_value_by_hand():
    # 10 units in each of two years at 0 %, against 500 of costs in each: the value must be 50.
    case = build_case(
        assets=[{}],
        initiatives=[{"asset_id": "1", "operating_cost_eur_per_year": 500.0}],
        effects=[{"quantity": 10.0, "unit_value_eur": 80.0, "low": 60.0, "high": 90.0, "deadweight": 0.0}],
        horizon_years=2,
        discount_rate=0.0,
        municipal_discount_rate=0.0,
    )
    model = response_model(case, [*uncertain_inputs(case), *share_inputs(case)])
    table = switching_values(model, "social_value_eur", "1").set_index("key")
    value = table.loc["effects:2:unit_value_eur"]
    assert value["switching_value"] == pytest.approx(50.0, rel=1e-14)
    assert value["positive_above"]
    assert not value["within_range"]
    share = table.loc["effects:2:deadweight"]
    assert share["switching_value"] == pytest.approx(0.375, rel=1e-14)  # 800 x (1 - 0.375) = 500
    assert not share["positive_above"]
    assert share["within_range"]


def test_no_switching_value_where_the_column_does_not_allow_it():
    case = build_case(
        assets=[{}],
        initiatives=[{"asset_id": "1", "renovation_eur": 0.0}],
        effects=[
            {"effect": "veel", "quantity": 10.0, "unit_value_eur": 80.0},
            {"effect": "weinig", "quantity": 1.0, "unit_value_eur": 8.0, "low": 0.0, "high": 9.0},
        ],
    )
    table = switching_values(response_model(case), "social_value_eur", "1")
    assert np.isnan(table["switching_value"]).all(), "it would have to be below zero"
    assert not table["within_range"].any()


def test_a_discount_rate_with_two_switches_gives_the_nearest():
    # costs, then benefits, then costs again: zero at 5 % and at 20 %
    flow = np.polynomial.polynomial.polyfromroots([1 / 1.05, 1 / 1.2])
    case = build_case(
        assets=[{}],
        initiatives=[{"asset_id": "1"}],
        effects=[
            {
                "effect": str(year),
                "start_year": year,
                "duration_years": 1,
                "direction": "benefit" if amount > 0 else "cost",
                "unit_value_eur": abs(amount) * 1e6,
            }
            for year, amount in enumerate(flow)
        ],
        discount_rate=0.06,
        municipal_discount_rate=0.06,
    )
    case = response.replace(
        case,
        assumption_ranges=response.pd.DataFrame(
            {"low": [0.0], "high": [0.5], "distribution": ["uniform"]}, index=["discount_rate"]
        ),
    )
    table = switching_values(response_model(case), "social_value_eur", "1")
    assert table.loc[0, "switching_value"] == pytest.approx(0.05, abs=1e-12)
    far = response_model(case.with_assumptions(discount_rate=0.19, municipal_discount_rate=0.19))
    assert switching_values(far, "social_value_eur", "1").loc[0, "switching_value"] == pytest.approx(0.2, abs=1e-12)


# ---- Sobol indices -------------------------------------------------------------------------------


def shares_of(function, inputs, points=2**14, resamples=100):
    pairs = [uniform(number, 2 * inputs, points, seed=5) for number in range(2 * inputs)]
    groups, generator = [[number] for number in range(inputs)], np.random.default_rng(5)
    return variance_shares(
        lambda each: function(np.array(each)),
        pairs[:inputs],
        pairs[inputs:],
        groups,
        resamples=resamples,
        generator=generator,
    )


def test_sobol_indices_of_the_ishigami_function():
    a, b = 7.0, 0.1

    def ishigami(p):
        x = np.pi * (2 * p - 1)
        return np.sin(x[0]) + a * np.sin(x[1]) ** 2 + b * x[2] ** 4 * np.sin(x[0])

    first = 0.5 * (1 + b * np.pi**4 / 5) ** 2
    second = a**2 / 8
    interaction = b**2 * np.pi**8 * 8 / 225
    variance = first + second + interaction
    found = shares_of(ishigami, 3)
    assert found["first"].to_numpy() == pytest.approx(np.array([first, second, 0]) / variance, abs=0.005)
    total = np.array([first + interaction, second, interaction]) / variance
    assert found["total"].to_numpy() == pytest.approx(total, abs=0.005)
    assert (found["total_low"] < total).all()
    assert (total < found["total_high"]).all()


def test_sobol_indices_of_the_g_function():
    a = np.array([0.0, 1.0, 4.5, 9.0, 99.0])
    partial = 1 / (3 * (1 + a) ** 2)
    variance = np.prod(1 + partial) - 1
    found = shares_of(lambda p: np.prod((np.abs(4 * p - 2) + a[:, None]) / (1 + a[:, None]), axis=0), 5)
    assert found["first"].to_numpy() == pytest.approx(partial / variance, abs=0.005)
    total = partial * np.prod(1 + partial) / (1 + partial) / variance
    assert found["total"].to_numpy() == pytest.approx(total, abs=0.005)


def test_sobol_indices_of_a_constant_are_nothing():
    assert (shares_of(lambda p: np.full(p.shape[1], 3.0), 2, 64) == 0).all(axis=None)


def test_sobol_indices_of_a_linear_case_are_its_shares_of_the_variance():
    values = [1.0, 2.0, 4.0]
    case = build_case(
        assets=[{}],
        initiatives=[{"asset_id": "1"}],
        effects=[{"effect": str(v), "quantity": v, "unit_value_eur": 5.0, "low": 0.0, "high": 10.0} for v in values],
    )
    found = sobol_indices(response_model(case), "social_value_eur", "1")
    expected = np.square(values) / np.square(values).sum()
    assert found["first"].to_numpy() == pytest.approx(expected, abs=0.01)
    assert found["total"].to_numpy() == pytest.approx(expected, abs=0.01)
    assert found["key"].tolist() == [f"effects:{row}:unit_value_eur" for row in (2, 3, 4)]


# ---- value of information ------------------------------------------------------------------------


def gamble(renovation):
    """One euro in year 1 at 0 %, worth U uniform between 0 and 100, for a renovation of this amount."""
    return build_case(
        assets=[{}],
        initiatives=[{"asset_id": "1", "renovation_eur": renovation}],
        effects=[
            {"effect": "onzeker", "unit_value_eur": 50.0, "low": 0.0, "high": 100.0, "distribution": "uniform"},
            {"effect": "ruis", "unit_value_eur": 1.0, "low": 0.999, "high": 1.001},
        ],
        horizon_years=1,
        discount_rate=0.0,
        municipal_discount_rate=0.0,
    )


@pytest.mark.parametrize(
    ("renovation", "decision", "evpi"),
    [
        (61.0, "keep", 8.0),  # value U - 60: the mean of max(0, U - 60) is 40²/200 = 8, and now 0
        (31.0, "transfer", 4.5),  # value U - 30: 70²/200 = 24.5, and now 20
        (1.0, "transfer", 0.0),  # value U: never below zero, so nothing to learn
    ],
)
def test_value_of_information_by_hand(renovation, decision, evpi):
    found = value_of_information(simulate(gamble(renovation)), "social_value_eur", "1")
    assert found.decision == decision
    assert found.evpi_eur == pytest.approx(evpi, abs=2e-3)
    by_key = found.inputs.set_index("key")
    assert by_key.loc["effects:2:unit_value_eur", "evppi_eur"] == pytest.approx(evpi, abs=0.02)
    assert by_key.loc["effects:3:unit_value_eur", "evppi_eur"] <= by_key["noise_eur"].iloc[0] + 0.05
    assert found.inputs["evppi_eur"].max() <= found.evpi_eur + 1e-9


def test_near_the_tipping_point_the_noise_shows_itself():
    found = value_of_information(simulate(gamble(51.0), 4096), "social_value_eur", "1")
    noise = found.inputs["noise_eur"].iloc[0]
    assert 0 < noise < found.evpi_eur
    assert found.inputs.set_index("key").loc["effects:3:unit_value_eur", "evppi_eur"] < 2 * noise


def test_every_outcome_can_be_asked_about(case):
    model = response_model(case)
    for name, owner_id in owners(case):
        tornado(model, name, owner_id)
        switching_values(model, name, owner_id)
