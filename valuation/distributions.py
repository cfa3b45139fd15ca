"""The four shapes of uncertainty (METHOD §9): what lies between low and high, and how likely it is.

Every shape is drawn by its quantile function, so one uniform number gives one value and a higher number a higher
value. Uniform and triangular need only + - × ÷ and the square root, which every machine rounds alike. The other two
need functions whose last bit differs between machines; their values are rounded to a millionth of the range, far
below what is visible, so that the same seed gives the same digits there as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special

from valuation.arrays import Floats

PERT_WEIGHT = 4.0
"""The λ of METHOD §9: how much the most likely value weighs beside low and high."""
P5, P95 = 0.05, 0.95
"""What low and high mean for the lognormal shape."""
GRAIN = 2.0**-20
"""[fraction of the range] Rounding of values that need more than + - × ÷ and the square root: about a millionth."""
TABLE_STEPS = 512
"""Steps in each half of a PERT table; the error is below 1e-9 of the range, which a test holds."""

VALUES_AT_A_TIME = 8_192
"""What fits the processor's cache together with its intermediate results."""


@dataclass(frozen=True)
class Distribution:
    """What a figure can be.

    Parameters
    ----------
    shape : {"triangular", "pert", "uniform", "lognormal"}
    low, high : float
        [unit of the figure] The bounds; for `lognormal` the values that lie below 5 % and above 95 % of cases.
    central : float
        [unit of the figure] The value that the appraisal uses. It is the most likely value of `triangular` and
        `pert`, there moved to the nearest bound when it lies outside them; the other two do not use it.
    """

    shape: str
    low: float
    central: float
    high: float

    @property
    def mode(self) -> float:
        """Most likely value of the triangular and PERT shapes."""
        return min(max(self.central, self.low), self.high)

    def quantile(self, probability: Floats) -> Floats:
        """The value below which this part of the cases lies.

        Parameters
        ----------
        probability : array
            [fraction] Strictly between 0 and 1; any shape.
        """
        if probability.size <= VALUES_AT_A_TIME:
            return self._quantile(probability)
        values = np.empty_like(probability)
        into, flat = values.reshape(-1), probability.reshape(-1)
        for first in range(0, len(flat), VALUES_AT_A_TIME):
            some = slice(first, first + VALUES_AT_A_TIME)
            into[some] = self._quantile(flat[some])
        return values

    def _quantile(self, probability: Floats) -> Floats:
        if self.low == self.high:
            return np.full_like(probability, self.low)
        if self.shape == "triangular":
            return _triangular_quantile(probability, self.low, self.mode, self.high)
        if self.shape == "uniform":
            return self.low + (self.high - self.low) * probability
        if self.shape == "pert":
            alpha, beta = self._pert_shape()
            return _to_grain(self.low, self.high - self.low, _beta_quantile(probability, alpha, beta))
        if self.shape == "lognormal":
            centre, spread = self._log_scale()
            width = self.high - self.low
            return _to_grain(self.low, width, (np.exp(centre + spread * special.ndtri(probability)) - self.low) / width)
        raise KeyError(self.shape)

    def mean(self) -> float:
        """Expected value, by formula."""
        low, high = self.low, self.high
        if self.shape == "triangular":
            return (low + self.mode + high) / 3
        if self.shape == "pert":
            return (low + PERT_WEIGHT * self.mode + high) / (2 + PERT_WEIGHT)
        if self.shape == "lognormal":
            centre, spread = self._log_scale()
            return float(np.exp(centre + spread**2 / 2))
        return (low + high) / 2

    def variance(self) -> float:
        """Variance, by formula."""
        low, high, mode = self.low, self.high, self.mode
        width = high - low
        if self.shape == "triangular":
            return (width**2 - (mode - low) * (high - mode)) / 18
        if self.shape == "pert":
            return (self.mean() - low) * (high - self.mean()) / (3 + PERT_WEIGHT)
        if self.shape == "lognormal":
            spread = self._log_scale()[1]
            return float(np.expm1(spread**2) * self.mean() ** 2)
        return width**2 / 12

    def _pert_shape(self) -> tuple[float, float]:
        width = self.high - self.low
        return 1 + PERT_WEIGHT * (self.mode - self.low) / width, 1 + PERT_WEIGHT * (self.high - self.mode) / width

    def _log_scale(self) -> tuple[float, float]:
        """Mean and standard deviation of the logarithm; the median is the root of low x high."""
        logs = np.log([self.low, self.high])
        return float(logs.mean()), float((logs[1] - logs[0]) / (special.ndtri(P95) - special.ndtri(P5)))


def _triangular_quantile(probability: Floats, low: float, mode: float, high: float) -> Floats:
    width = high - low
    rising = probability < (mode - low) / width
    square = np.where(rising, probability * (width * (mode - low)), (1.0 - probability) * (width * (high - mode)))
    root = np.sqrt(square)
    return np.where(rising, low + root, high - root)


def _to_grain(low: float, width: float, position: Floats) -> Floats:
    """The value at this position of the range (0 is low, 1 is high), rounded to the grain."""
    return low + (width * GRAIN) * np.rint(position / GRAIN)


def _beta_quantile(probability: Floats, alpha: float, beta: float) -> Floats:
    """Quantile of the beta distribution on 0..1 by interpolation: the exact one takes microseconds a value.

    Near 0 the quantile is a smooth function of `p^(1/alpha)`, near 1 of `(1 - p)^(1/beta)`; each half has a table of
    equal steps in that variable, with cubic interpolation.
    """
    flat = probability.ravel()
    lower, upper = np.flatnonzero(flat <= 0.5), np.flatnonzero(flat > 0.5)
    value = np.empty_like(flat)
    value[lower] = _interpolate(flat[lower] ** (1 / alpha), _beta_table(alpha, beta))
    value[upper] = 1.0 - _interpolate((1.0 - flat[upper]) ** (1 / beta), _beta_table(beta, alpha))
    return value.reshape(probability.shape)


@lru_cache(maxsize=256)
def _beta_table(alpha: float, beta: float) -> tuple[float, Floats]:
    """Step, and cubic coefficients by step, of the lower half's quantile as a function of `p^(1/alpha)`."""
    root = np.linspace(0.0, 0.5 ** (1 / alpha), TABLE_STEPS + 1)
    value = special.betaincinv(alpha, beta, root**alpha)
    step = root[1]
    # d value / d root = (d p / d root) / density; at 0 both vanish, and their ratio is (alpha B(alpha, beta))^(1/alpha)
    slope = np.empty_like(value)
    slope[0] = (alpha * special.beta(alpha, beta)) ** (1 / alpha)
    inner = value[1:]
    log_density = (alpha - 1) * np.log(inner) + (beta - 1) * np.log1p(-inner) - special.betaln(alpha, beta)
    slope[1:] = alpha * root[1:] ** (alpha - 1) / np.exp(log_density)
    rise, start, end = np.diff(value), slope[:-1] * step, slope[1:] * step
    return float(step), np.stack([value[:-1], start, 3 * rise - 2 * start - end, start + end - 2 * rise])


def _interpolate(root: Floats, table: tuple[float, Floats]) -> Floats:
    step, coefficients = table
    scaled = root / step
    cell = np.minimum(scaled.astype(np.int64), TABLE_STEPS - 1)
    part = scaled - cell
    constant, linear, square, cube = (row[cell] for row in coefficients)
    interpolated: Floats = constant + part * (linear + part * (square + part * cube))
    return interpolated
