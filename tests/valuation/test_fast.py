"""The compiled kernels against NumPy, the reference: to the last bit where the order of the work is the same."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.building import build_case
from valuation import arrays, fast
from valuation.arrays import total_by
from valuation.closed_form import discounted_course, yearly_totals
from valuation.distributions import Distribution
from valuation.effects import net_share
from valuation.key_figures import internal_rates, payback_years
from valuation.response import present_value_at
from valuation.uncertainty import simulate, uniform

ROOT = Path(__file__).resolve().parents[2]
COUNT = 3_000
STEPS = ((5, 0.035), (9, 0.03), (75, 0.025))


@pytest.fixture
def both(monkeypatch):
    """The result of a call by NumPy, and by the kernels."""

    def call(function, *arguments, **named):
        monkeypatch.setattr(arrays, "BIG_JOB", 2**62)
        by_numpy = function(*arguments, **named)
        monkeypatch.setattr(arrays, "BIG_JOB", 0)
        return by_numpy, function(*arguments, **named)

    return call


def course(horizon, *, same):
    draw = np.random.default_rng(horizon)
    start, end = (
        (np.ones(COUNT, np.int64), np.full(COUNT, horizon)) if same else draw.integers(0, horizon + 9, (2, COUNT))
    )
    return {
        "start_year": start,
        "end_year": np.minimum(end, horizon),
        "drop_off": draw.choice([0.0, 0.1, 0.5, 1.0], COUNT),
        "real_growth": draw.uniform(-0.5, 0.5, COUNT),
        "take_up": (),
        "horizon_years": horizon,
    }


@pytest.mark.parametrize("rate", [0.0225, 0.0, STEPS])
@pytest.mark.parametrize("timing", ["end", "mid"])
@pytest.mark.parametrize("same", [True, False])
@pytest.mark.parametrize("horizon", [1, 7, 40])
def test_present_values_are_equal_to_the_last_bit(both, rate, timing, same, horizon):
    by_numpy, compiled = both(discounted_course, **course(horizon, same=same), rate=rate, timing=timing)
    np.testing.assert_array_equal(compiled, by_numpy)


@pytest.mark.parametrize("take_up", [(), [(1.0,)] * COUNT, [(0.5, 1.0)] * COUNT])
@pytest.mark.parametrize("same", [True, False])
def test_years_added_up_by_owner_are_equal_to_the_last_bit(both, same, take_up):
    draw = np.random.default_rng(1)
    lines = {**course(40, same=same), "take_up": take_up}
    by_numpy, compiled = both(
        yearly_totals, owner=draw.integers(-1, 200, COUNT), count=200, amount=draw.uniform(-9, 9, COUNT), **lines
    )
    np.testing.assert_array_equal(compiled, by_numpy)


def test_totals_by_owner_are_equal_to_the_last_bit(both):
    draw = np.random.default_rng(1)
    by_numpy, compiled = both(total_by, draw.integers(-1, 50, COUNT), draw.uniform(-9, 9, COUNT), 60)
    np.testing.assert_array_equal(compiled, by_numpy)


@pytest.mark.parametrize("codes", [np.array([3]), np.array([1, 1, 2, 2, 2, 1]), np.zeros(6, np.int16)])
@pytest.mark.parametrize("kind", [np.int64, np.str_])
def test_changes_are_found_where_either_value_is_another(both, codes, kind):
    keys = np.array([7, 7, 7, 8, 8, 8])[: len(codes)].astype(kind)
    pairs = list(zip(codes.tolist(), keys.tolist(), strict=True))
    expected = [at for at in range(1, len(pairs)) if pairs[at] != pairs[at - 1]]
    for found in both(arrays.changes, codes, keys):
        assert found.tolist() == expected


def test_net_shares_are_equal_to_the_last_bit(both):
    by_numpy, compiled = both(net_share, *np.random.default_rng(1).uniform(0, 1, (3, COUNT)))
    np.testing.assert_array_equal(compiled, by_numpy)


@pytest.mark.parametrize("same", [True, False])
def test_narrow_numbers_give_the_same_digits(both, same):
    lines = course(40, same=same)
    narrow = {**lines, **{name: lines[name].astype(np.int16) for name in ("start_year", "end_year")}}
    expected = discounted_course(**lines, rate=STEPS)
    for found in both(discounted_course, **narrow, rate=STEPS):
        np.testing.assert_array_equal(found, expected)
    draw = np.random.default_rng(1)
    owner, amount = draw.integers(-1, 200, COUNT), draw.uniform(-9, 9, COUNT)
    expected = yearly_totals(owner=owner, count=200, amount=amount, **lines)
    for found in both(yearly_totals, owner=owner.astype(np.int32), count=200, amount=amount, **narrow):
        np.testing.assert_array_equal(found, expected)


def flows_of_every_kind():
    draw = np.random.default_rng(2)
    flows = draw.uniform(-1, 10, (COUNT, 41)) * draw.choice([0.0, 1.0], (COUNT, 41))
    flows[:, 0] = -draw.uniform(5, 150, COUNT)
    flows[::2] = np.abs(flows[::2]) * np.where(np.arange(41) < draw.integers(1, 40, COUNT)[::2, None], -1, 1)
    flows[0], flows[1], flows[2, 1:] = 0.0, 1.0, 0.0
    return np.vstack(
        [flows, np.eye(1, 41, 40) * 1e300 - np.eye(1, 41) * 1e-300, -np.eye(1, 41) + np.eye(1, 41, 1) * 1e9]
    )


@pytest.mark.parametrize("order", ["C", "F"])
def test_payback_and_rates_are_equal(both, order):
    flows = np.array(flows_of_every_kind(), order=order)
    by_numpy, compiled = both(payback_years, flows)
    np.testing.assert_allclose(compiled, by_numpy, rtol=1e-12)
    (rates, reasons), (compiled_rates, compiled_reasons) = both(internal_rates, flows)
    np.testing.assert_allclose(1.0 + compiled_rates, 1.0 + rates, rtol=1e-12)
    assert compiled_reasons.tolist() == reasons.tolist()
    assert {None, "no_sign_change", "several_sign_changes"} <= set(reasons)


@pytest.mark.parametrize("shape", ["triangular", "uniform", "pert", "lognormal"])
def test_draws_are_equal_to_the_last_bit(both, shape):
    points = np.concatenate([(np.random.default_rng(1).permutation(2**15) + 0.5) / 2**15, [0.5, 1e-9, 1 - 1e-9]])
    for bounds in ((30.0, 60.0, 120.0), (5.0, 5.0, 9.0), (2.0, 7.0, 7.0), (4.0, 4.0, 4.0)):
        by_numpy, compiled = both(Distribution(shape, *bounds).quantile, points)
        np.testing.assert_array_equal(compiled, by_numpy)


@pytest.mark.parametrize("count", [1, 2, 256, 2**14])
def test_points_are_equal_to_the_last_bit(both, count):
    for number in (0, 3, 31, 35):
        by_numpy, compiled = both(uniform, number, 40, count, 7)
        np.testing.assert_array_equal(compiled, by_numpy)
        last_half = slice(count // 2, count)
        np.testing.assert_array_equal(both(uniform, number, 40, count, 7, last_half)[1], by_numpy[last_half])


@pytest.mark.parametrize("timing", ["end", "mid"])
@pytest.mark.parametrize("years", [0, 1, 4, 5, 40])
def test_a_course_at_many_rates_is_equal_to_the_last_bit(both, timing, years):
    amounts = np.where(np.arange(41) <= years, np.linspace(1.0, 3.0, 41), 0.0)
    rate = np.random.default_rng(1).uniform(0.0, 0.1, COUNT)
    by_numpy, compiled = both(present_value_at, rate, amounts, timing=timing)
    np.testing.assert_array_equal(compiled, by_numpy)


def test_a_simulation_has_the_same_digits_either_way(both):
    effects = [
        {"owner_id": "1", "effect": shape, "unit_value_eur": 60.0, "low": 30.0, "high": 120.0, "distribution": shape}
        for shape in ("triangular", "uniform", "pert", "lognormal")
    ]
    case = build_case(assets=[{}], initiatives=[{"asset_id": "1"}], effects=effects)
    rates = pd.DataFrame({"low": [0.01], "high": [0.04], "distribution": ["triangular"]}, index=["discount_rate"])
    by_numpy, compiled = both(simulate, replace(case, assumption_ranges=rates), 4096, 3)
    pd.testing.assert_frame_equal(by_numpy.assets, compiled.assets, check_exact=True)
    pd.testing.assert_frame_equal(by_numpy.initiatives, compiled.initiatives, check_exact=True)


def test_a_small_job_does_not_ask_for_the_kernels():
    assert arrays.compiled(2**15) is None
    assert arrays.compiled(2**15 + 1) is fast


PROGRAM = """
import sys; sys.path.insert(0, {root!r})
if {missing}: sys.modules["numba"] = None
import cli, numpy as np
from valuation.arrays import total_by
assert "numba" not in sys.modules or {missing}
print(total_by(np.zeros(50_000, np.int64), np.ones(50_000), 1), "valuation.fast" in sys.modules)
"""


@pytest.mark.parametrize("missing", [True, False])
def test_numba_is_imported_at_the_first_big_job_and_may_be_missing(missing):
    program = PROGRAM.format(root=str(ROOT), missing=missing)
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[50000.]", str(not missing)]
