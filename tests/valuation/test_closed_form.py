"""The sum by doubling and the yearly table are one definition: held against each other, and against exact fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuation.closed_form import discounted_course, geometric_sum, whole_power, yearly_totals
from valuation.discounting import discount_factors
from valuation.effects import yearly_shape

STEPS = ((5, 0.035), (9, 0.03), (75, 0.025))
CUTS = ((30, 0.03), (31, 0.02), (75, 0.01))


def lines(count, horizon, seed):
    draw = np.random.default_rng(seed)
    return {
        "start_year": draw.integers(0, 9, count),
        "end_year": np.minimum(draw.integers(0, 60, count), horizon),
        "drop_off": draw.choice([0.0, 0.1, 0.5, 1.0], count),
        "real_growth": draw.uniform(-0.5, 0.5, count),
        "take_up": [
            (1.0,) if draw.uniform() < 0.5 else tuple(draw.uniform(0, 1, draw.integers(1, 6))) for _ in range(count)
        ],
        "horizon_years": horizon,
    }


@pytest.mark.parametrize("rate", [0.0225, 0.0, STEPS, CUTS])
@pytest.mark.parametrize("timing", ["end", "mid", "start"])
@pytest.mark.parametrize("horizon", [1, 7, 40, 75])
def test_every_line_equals_its_yearly_table(rate, timing, horizon):
    course = lines(400, horizon, seed=horizon)
    expected = yearly_shape(**course) @ discount_factors(rate, horizon, timing)
    found = discounted_course(**course, rate=rate, timing=timing)
    assert found == pytest.approx(expected, rel=1e-12, abs=0)


@given(
    start=st.integers(0, 12),
    end=st.integers(-1, 30),
    drop_off=st.floats(0, 1),
    real_growth=st.floats(-0.5, 0.5),
    take_up=st.lists(st.floats(0, 1), min_size=1, max_size=5),
    rate=st.floats(0, 0.5),
)
def test_any_line_equals_its_yearly_table(start, end, drop_off, real_growth, take_up, rate):
    course = {
        "start_year": np.array([start]),
        "end_year": np.array([end]),
        "drop_off": np.array([drop_off]),
        "real_growth": np.array([real_growth]),
        "take_up": [tuple(take_up)],
        "horizon_years": 30,
    }
    expected = yearly_shape(**course) @ discount_factors(rate, 30)
    # What a line misses before its last step is taken off again, so the rounding is that of the line at full size.
    at_full_size = yearly_shape(**{**course, "take_up": [(1.0,)]}) @ discount_factors(rate, 30)
    rounding = 1e-12 * float(at_full_size[0]) + 1e-300
    assert discounted_course(**course, rate=rate) == pytest.approx(expected, rel=1e-12, abs=rounding)


def test_more_lines_than_are_done_at_a_time(monkeypatch):
    course = lines(100, 20, seed=1)
    whole = discounted_course(**course, rate=0.02)
    monkeypatch.setattr("valuation.closed_form.LINES_AT_A_TIME", 7)
    assert (discounted_course(**course, rate=0.02) == whole).all()


@pytest.mark.parametrize("terms", [0, 1, 2, 7, 40, 60])
def test_doubling_is_within_four_roundings_of_the_exact_sum(terms):
    ratio = np.array([0.0, 0.5, 0.9, 0.999999, 1.0, 1.0000001, 1.02])
    exact = [float(sum(Fraction(value) ** power for power in range(terms))) for value in ratio]
    assert geometric_sum(ratio, terms) == pytest.approx(exact, rel=4e-15)
    assert geometric_sum(ratio, np.full(len(ratio), terms)) == pytest.approx(exact, rel=4e-15)


def test_no_terms_are_nothing():
    assert (geometric_sum(np.array([0.5, 1.0]), np.array([-3, 0])) == 0).all()


def test_whole_powers():
    base = np.array([0.0, 1.0, 0.7, 1.1])
    assert whole_power(base, np.array([0, 5, 13, 40])) == pytest.approx([1, 1, 0.7**13, 1.1**40], rel=1e-14)


@pytest.mark.parametrize("at_a_time", [40_000, 30])
@pytest.mark.parametrize("horizon", [1, 7, 40])
def test_yearly_totals_are_the_yearly_table_added_up(horizon, at_a_time, monkeypatch):
    monkeypatch.setattr("valuation.closed_form.LINES_AT_A_TIME", at_a_time)
    course = lines(400, horizon, seed=horizon)
    draw = np.random.default_rng(9)
    owner, amount = draw.integers(-1, 12, 400), draw.uniform(-100, 100, 400)
    expected = np.zeros((12, horizon + 1))
    np.add.at(expected, owner[owner >= 0], (amount[:, None] * yearly_shape(**course))[owner >= 0])
    found = yearly_totals(owner=owner, count=12, amount=amount, **course)
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-14 * np.abs(expected).max())
