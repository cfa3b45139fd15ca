"""The four shapes of uncertainty (METHOD §9): what lies between low and high, and how likely it is.

Every shape is drawn by its quantile function, so one uniform number gives one value and a higher number a higher
value. Uniform and triangular need only + - × ÷ and the square root, which every machine rounds alike. The other two
need functions whose last bit differs between machines; their values are rounded to a millionth of the range, far
below what is visible, so that the same seed gives the same digits there as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType

import numpy as np
from scipy import special

from valuation.arrays import Floats, compiled

PERT_WEIGHT = 4.0
"""The λ of METHOD §9: how much the most likely value weighs beside low and high."""
P5, P95 = 0.05, 0.95
"""What low and high mean for the lognormal shape."""
_NORMAL_RANGE = special.ndtri(P95) - special.ndtri(P5)
GRAIN = 2.0**-20
"""[fraction of the range] Rounding of values that need more than + - × ÷ and the square root: about a millionth."""
MANTISSA_BITS, CELL_BITS, OCTAVES = 52, 6, 11
CELLS = OCTAVES << CELL_BITS
"""Cells in each half of a table of quantiles: 64 for every halving of the distance to the nearest end. Nearer than
`2^-12` a value is worked out. The error is below a hundredth of the grain, which a test holds."""
NEAREST = 0.5 ** (OCTAVES + 1)

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

    def quantile(self, probability: Floats, kernels: ModuleType | None = None) -> Floats:
        """The value below which this part of the cases lies.

        Parameters
        ----------
        probability : array
            [fraction] Strictly between 0 and 1; any shape.
        kernels : module, optional
            The compiled kernels, for a few values of a big job; many values ask for them by themselves.
        """
        if probability.size <= VALUES_AT_A_TIME and (kernels is None or self.low == self.high):
            return self._quantile(probability)
        values = np.empty_like(probability)
        into, flat = values.reshape(-1), probability.reshape(-1)
        kernels = (kernels or compiled(len(flat))) if self.low < self.high else None
        if kernels is not None and self.shape == "triangular":
            kernels.triangular(flat, self.low, self.mode, self.high, into)
            return values
        if kernels is not None and self.shape in ("pert", "lognormal"):
            return self._by_kernel(kernels, flat, into).reshape(probability.shape)
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
        if self.shape in ("pert", "lognormal"):
            standard, scale, offset = self._standard()
            position = _from_table(probability, standard) * scale - offset
            return _to_grain(self.low, self.high - self.low, position)
        raise KeyError(self.shape)

    def _by_kernel(self, kernels: ModuleType, probability: Floats, values: Floats) -> Floats:
        standard, scale, offset = self._standard()
        near_end = np.empty(len(values), dtype=np.int64)
        cells = (MANTISSA_BITS - CELL_BITS, _FIRST_CELL, CELLS + 1, NEAREST)
        to_range = (scale / GRAIN, offset / GRAIN, self.low, (self.high - self.low) * GRAIN)
        count = kernels.from_table(probability, _table(*standard), cells, to_range, values, near_end)
        at = near_end[:count]
        if count:
            position = _from_end(probability[at], *standard) * scale - offset
            values[at] = _to_grain(self.low, self.high - self.low, position)
        return values

    def _standard(self) -> tuple[tuple[float, float], float, float]:
        """Parameters of the standard shape, and the scale and offset that make it a position in the range."""
        if self.shape == "pert":
            return self._pert_shape(), 1.0, 0.0
        centre, spread = self._log_scale()
        width = self.high - self.low
        return (spread, 0.0), float(np.exp(centre)) / width, self.low / width

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
        return float(logs.mean()), float((logs[1] - logs[0]) / _NORMAL_RANGE)


def _triangular_quantile(probability: Floats, low: float, mode: float, high: float) -> Floats:
    width = high - low
    rising = probability < (mode - low) / width
    square = np.where(rising, probability * (width * (mode - low)), (1.0 - probability) * (width * (high - mode)))
    root = np.sqrt(square)
    return np.where(rising, low + root, high - root)


def _to_grain(low: float, width: float, position: Floats) -> Floats:
    """The value at this position of the range (0 is low, 1 is high), rounded to the grain."""
    return low + (width * GRAIN) * np.rint(position / GRAIN)


def _from_table(probability: Floats, standard: tuple[float, float]) -> Floats:
    """Quantile of a standard shape by cubic interpolation: the exact one takes up to microseconds a value.

    A number's own bits say in which cell it lies: its exponent, and the first binary digits after it.
    """
    near = np.minimum(probability, 1.0 - probability)
    bits, is_lower = near.view(np.int64), (probability - 0.5).view(np.int64) >> _SIGN_BIT  # all ones, or none
    cell = bits >> (MANTISSA_BITS - CELL_BITS)
    cell -= _FIRST_CELL
    is_inside = bool(near.min() >= NEAREST) if near.size else True
    if not is_inside:
        np.maximum(cell, 0, out=cell)
    cell += CELLS + 1
    cell -= is_lower & (CELLS + 1)
    part = (bits & _REST) * _REST_UNIT
    table = _table(*standard)
    value: Floats = table[3].take(cell, mode="clip")
    for coefficient in (2, 1, 0):
        value *= part
        value += table[coefficient].take(cell, mode="clip")
    if not is_inside:
        at = np.nonzero(near < NEAREST)
        value[at] = _from_end(probability[at], *standard)
    return value


def _from_end(probability: Floats, first: float, second: float) -> Floats:
    """Quantile of a standard shape, worked out: for what lies too near an end for the table."""
    value, is_upper = np.empty_like(probability), probability >= 0.5
    value[~is_upper] = _exact(probability[~is_upper], first, second, upper=False)
    value[is_upper] = _exact(1.0 - probability[is_upper], first, second, upper=True)
    return value


_FIRST_CELL = int(np.float64(NEAREST).view(np.int64)) >> (MANTISSA_BITS - CELL_BITS)
_SIGN_BIT = 63
_REST = (1 << (MANTISSA_BITS - CELL_BITS)) - 1
_REST_UNIT = 0.5 ** (MANTISSA_BITS - CELL_BITS)


def _exact(near: Floats, first: float, second: float, *, upper: bool) -> Floats:
    """The quantile this near to the lower or the upper end: beta(first, second), or for second = 0 lognormal."""
    if second == 0.0:
        value: Floats = np.exp((-first if upper else first) * special.ndtri(near))
    else:
        value = 1.0 - special.betaincinv(second, first, near) if upper else special.betaincinv(first, second, near)
    return value


def _slope(near: Floats, value: Floats, first: float, second: float, *, upper: bool) -> Floats:
    """How fast that quantile rises (upper: falls) away from its end: one divided by the density."""
    if second == 0.0:
        normal = special.ndtri(near)
        log_density = -(normal**2) / 2 - np.log(np.sqrt(2 * np.pi) * first * value)
    else:
        log_density = (first - 1) * np.log(value) + (second - 1) * np.log1p(-value) - special.betaln(first, second)
    slope: Floats = np.exp(-log_density)
    return -slope if upper else slope


@lru_cache(maxsize=256)
def _table(first: float, second: float) -> Floats:
    """Cubic coefficients by cell, shape (4, 2 x (CELLS + 1)): the lower half, its end, the upper half, its end."""
    octave, within = np.divmod(np.arange(CELLS + 1), 1 << CELL_BITS)
    near = NEAREST * 2.0**octave * (1.0 + within / (1 << CELL_BITS))
    coefficients = np.zeros((4, 2, CELLS + 1))
    for upper in (False, True):
        value = _exact(near, first, second, upper=upper)
        slope, step = _slope(near, value, first, second, upper=upper), np.diff(near)
        rise, start, end = np.diff(value), slope[:-1] * step, slope[1:] * step
        half = coefficients[:, int(upper)]
        half[0], half[1, :-1] = value, start
        half[2, :-1], half[3, :-1] = 3 * rise - 2 * start - end, start + end - 2 * rise
    return coefficients.reshape(4, -1)
