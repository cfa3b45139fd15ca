"""The four shapes of uncertainty against what is known of them by formula."""

import numpy as np
import pytest
from scipy import integrate, special, stats

from valuation.distributions import GRAIN, Distribution

EVENLY = (np.arange(2**16) + 0.5) / 2**16
SHAPES = ("triangular", "pert", "uniform", "lognormal")
RANGES = [(10.0, 30.0, 80.0), (0.5, 0.5, 2.0), (1.0, 4.0, 4.0), (100.0, 250.0, 1430.0)]


def reference(distribution):
    """The same distribution as SciPy has it."""
    low, mode, high = distribution.low, distribution.mode, distribution.high
    width = high - low
    if distribution.shape == "triangular":
        return stats.triang((mode - low) / width, low, width)
    if distribution.shape == "uniform":
        return stats.uniform(low, width)
    if distribution.shape == "pert":
        return stats.beta(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, low, width)
    centre, spread = np.log(low * high) / 2, np.log(high / low) / (2 * special.ndtri(0.95))
    return stats.lognorm(spread, scale=np.exp(centre))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("bounds", RANGES)
def test_quantiles_are_those_of_the_distribution(shape, bounds):
    distribution = Distribution(shape, *bounds)
    probability = np.concatenate([EVENLY[:: 2**8], 10.0 ** -np.arange(1, 9), 1 - 10.0 ** -np.arange(1, 9)])
    expected = reference(distribution).ppf(probability)
    width = distribution.high - distribution.low
    assert distribution.quantile(probability) == pytest.approx(expected, rel=1e-12, abs=0.51 * GRAIN * width)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("bounds", RANGES)
def test_mean_and_variance_are_those_of_the_distribution(shape, bounds):
    distribution = Distribution(shape, *bounds)
    assert distribution.mean() == pytest.approx(reference(distribution).mean(), rel=1e-12)
    assert distribution.variance() == pytest.approx(reference(distribution).var(), rel=1e-11)


@pytest.mark.parametrize("shape", SHAPES)
def test_draws_have_the_mean_and_the_variance(shape):
    distribution = Distribution(shape, 10.0, 30.0, 80.0)
    values = distribution.quantile(EVENLY)
    assert values.mean() == pytest.approx(distribution.mean(), rel=1e-4)
    assert values.var() == pytest.approx(distribution.variance(), rel=2e-3)


def test_pert_by_hand():
    # mean (a + 4m + b) / 6; variance (mean - a)(b - mean) / 7
    distribution = Distribution("pert", 2.0, 5.0, 14.0)
    assert distribution.mean() == pytest.approx(6.0)
    assert distribution.variance() == pytest.approx(4.0 * 8.0 / 7.0)


def test_low_and_high_of_a_lognormal_are_its_5_and_95_percent():
    distribution = Distribution("lognormal", 20.0, 35.0, 80.0)
    values = distribution.quantile(np.array([0.05, 0.5, 0.95]))
    assert values == pytest.approx([20.0, 40.0, 80.0], abs=GRAIN * 60)  # the median is the root of low x high


def test_other_shapes_stay_within_low_and_high():
    for shape in SHAPES[:3]:
        values = Distribution(shape, -3.0, 1.0, 2.0).quantile(np.array([2.0**-31, 0.5, 1 - 2.0**-31]))
        assert values.min() >= -3.0
        assert values.max() <= 2.0


@pytest.mark.parametrize("shape", ["triangular", "pert"])
def test_a_most_likely_value_outside_the_range_is_its_nearest_bound(shape):
    outside, at_bound = Distribution(shape, 10.0, 99.0, 20.0), Distribution(shape, 10.0, 20.0, 20.0)
    assert (outside.quantile(EVENLY) == at_bound.quantile(EVENLY)).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_equal_low_and_high_is_one_value(shape):
    assert (Distribution(shape, 7.0, 9.0, 7.0).quantile(EVENLY) == 7.0).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_a_higher_draw_is_never_a_lower_value(shape):
    assert (np.diff(Distribution(shape, 10.0, 12.0, 80.0).quantile(EVENLY)) >= 0).all()


def test_an_unknown_shape_is_our_own_mistake():
    with pytest.raises(KeyError):
        Distribution("normal", 1.0, 2.0, 3.0).quantile(EVENLY)


def test_mean_of_a_quantile_function_is_its_integral():
    distribution = Distribution("triangular", 1.0, 2.0, 7.0)
    area, _ = integrate.quad(lambda p: float(distribution.quantile(np.array([p]))[0]), 0, 1)
    assert area == pytest.approx(distribution.mean(), rel=1e-6)
