"""How sure an outcome is (METHOD §9): the same case, valued at many draws of its uncertain figures.

Draws are the points of a scrambled Sobol sequence, spread more evenly than random numbers: the quantiles need about a
quarter of the draws. Same input and seed, same digits, however the work is divided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy import special
from scipy.stats import qmc

from valuation.arrays import Floats, Words32, compiled, words
from valuation.case import Case
from valuation.response import INITIATIVE_OUTCOMES, Input, Model, response_model

DRAWS, SEED = 32_768, 1
"""What a report uses when nothing else is asked: P10, P50 and P90 are then within 0.5 % of P90 - P10."""
MOST_DRAWS, MOST_SEED = 2**20, 2**32 - 1
QUANTILES = {"p5": 0.05, "p10": 0.10, "p50": 0.50, "p90": 0.90, "p95": 0.95}
MOST_TOGETHER, MOST_VALUES_TOGETHER = 32, 2**22
"""Most inputs, and values of them, in one Sobol sequence; each further one is paired with it at random (Latin
supercube)."""
BITS = 30
KEPT_VALUES = 2**24
"""Draws that are kept, in values: 128 MB."""
DRAWS_AT_A_TIME = 2**16
"""What fits the processor's cache together with its intermediate results, and is still worth the compiled kernels."""


@dataclass(frozen=True)
class Simulation:
    """What came out of a simulation.

    Parameters
    ----------
    model : Model
        The case with its inputs left open.
    draws : Draws
        The value of every input in every draw.
    assets : DataFrame
        A row per object in sheet order: `asset_id`; `mean`, `p5`, `p10`, `p50`, `p90`, `p95` of the social value
        [EUR]; `probability_social_value_positive`, `probability_municipality_not_worse_off` (at the proposed price:
        at or above the reservation price), `probability_zone` (reservation price at or below the ceiling). NaN where
        the figure itself is undefined.
    initiatives : DataFrame
        A row per initiative: `initiative_id`; the same figures of its net present value to society;
        `probability_npv_society_positive`, `probability_npv_municipality_positive` (both strictly above zero).
    """

    model: Model
    draws: Draws
    assets: pd.DataFrame
    initiatives: pd.DataFrame

    def outcome(self, name: str, owner_id: str) -> Floats:
        """One outcome of one object or initiative in every draw; names as in `valuation.response`."""
        return self.draws.outcome(name, self.model.position(name, owner_id))


def simulate(
    case: Case,
    draws: int = DRAWS,
    seed: int = SEED,
    *,
    inputs: Sequence[Input] | None = None,
    source_correlation: float = 0.0,
) -> Simulation:
    """Value a case at many draws of its uncertain figures.

    Parameters
    ----------
    case : Case
    draws : int
        Rounded up to a power of two, for which the points are evenly spread.
    seed : int
        Not negative. Another seed gives another, equally good, set of points.
    inputs : sequence of Input, optional
        By default everything with a low and a high.
    source_correlation : float
        [fraction] Rank correlation (normal copula) between inputs whose reference prices come from the same source:
        an error in a source moves all its prices. 0, the method's choice, is none.
    """
    model = response_model(case, inputs)
    points = draw(model, draws, seed, source_correlation=source_correlation)
    asset_ids, initiative_ids = words(case.assets, "asset_id"), words(case.initiatives, "initiative_id")
    assets = pd.DataFrame([_asset_figures(points, at) for at in range(len(asset_ids))], columns=_ASSET_COLUMNS)
    initiatives = pd.DataFrame(
        [_initiative_figures(points, at) for at in range(len(initiative_ids))], columns=_INITIATIVE_COLUMNS
    )
    assets.insert(0, "asset_id", asset_ids)
    initiatives.insert(0, "initiative_id", initiative_ids)
    return Simulation(model, points, assets, initiatives)


_ASSET_COLUMNS = [
    "mean",
    *QUANTILES,
    "probability_social_value_positive",
    "probability_municipality_not_worse_off",
    "probability_zone",
]
_INITIATIVE_COLUMNS = [
    "mean",
    *QUANTILES,
    "probability_npv_society_positive",
    "probability_npv_municipality_positive",
]


def _asset_figures(points: Draws, asset: int) -> dict[str, float]:
    found = points.outcomes(["social_value_eur", "municipality_result_eur", "zone_eur"], asset)
    return {
        **summary(found["social_value_eur"]),
        "probability_social_value_positive": probability(found["social_value_eur"], above=True),
        "probability_municipality_not_worse_off": probability(found["municipality_result_eur"], above=False),
        "probability_zone": probability(found["zone_eur"], above=False),
    }


def _initiative_figures(points: Draws, initiative: int) -> dict[str, float]:
    found = points.outcomes(INITIATIVE_OUTCOMES, initiative)
    return {
        **summary(found["npv_society_eur"]),
        "probability_npv_society_positive": probability(found["npv_society_eur"], above=True),
        "probability_npv_municipality_positive": probability(found["npv_municipality_eur"], above=True),
    }


def summary(values: Floats) -> dict[str, float]:
    """Mean and quantiles of one outcome over its draws (linear between the two nearest draws); NaN when undefined."""
    if np.isnan(values[0]):
        return dict.fromkeys(("mean", *QUANTILES), float("nan"))
    ascending = np.sort(values)
    if ascending[0] == ascending[-1]:
        return dict.fromkeys(("mean", *QUANTILES), float(values[0]))
    quantiles = zip(QUANTILES, _quantiles(ascending, np.array(list(QUANTILES.values()))).tolist(), strict=True)
    return {"mean": float(values.mean()), **dict(quantiles)}


def _quantiles(ascending: Floats, shares: Floats) -> Floats:
    """`np.quantile` of values that are in order already, which it would go through once more."""
    position = shares * (len(ascending) - 1)
    below = np.minimum(position.astype(np.int64), len(ascending) - 2)
    part, low, high = position - below, ascending[below], ascending[below + 1]
    quantiles: Floats = np.where(part < 0.5, low + (high - low) * part, high - (high - low) * (1.0 - part))
    return quantiles


def probability(values: Floats, *, above: bool) -> float:
    """Part of the draws above zero, or at or above it; NaN when the outcome is undefined."""
    if np.isnan(values[0]):
        return float("nan")
    holds = values > 0 if above else values >= 0
    return int(holds.sum()) / len(values)


@dataclass(frozen=True)
class Draws:
    """The value of each quantity in each draw, worked out when it is asked for, so that memory stays bounded.

    Parameters
    ----------
    model : Model
    count : int
        Number of draws, a power of two.
    seed : int
    source_correlation : float
    """

    model: Model
    count: int
    seed: int
    source_correlation: float = 0.0
    _kept: dict[int, Floats] = field(default_factory=dict, repr=False)

    def __getitem__(self, quantity: int, /) -> Floats:
        return self._whole()[quantity]

    def _whole(self) -> _Part:
        return _Part(self, slice(0, self.count), self._kept)

    def _parts(self, *, keep: bool) -> Iterator[_Part]:
        if self.count <= DRAWS_AT_A_TIME:
            yield self._whole()
        else:
            for first in range(0, self.count, DRAWS_AT_A_TIME):
                yield _Part(self, slice(first, first + DRAWS_AT_A_TIME), {}, keep)

    def outcome(self, name: str, owner: int) -> Floats:
        """One outcome of one object or initiative, by its position, in every draw; names as in `valuation.response`."""
        return self.outcomes([name], owner)[name]

    def outcomes(self, names: Sequence[str], owner: int) -> dict[str, Floats]:
        """Several outcomes of one object or initiative, for which the same draws are worked out once."""
        found = {name: np.empty(self.count) for name in names}
        for some in self._parts(keep=len(names) > 1):
            for name in names:
                found[name][some.part] = self.model.outcome(name, owner, some)
        return found

    def values(self, quantity: int, part: slice) -> Floats:
        """The value of one quantity in some of the draws."""
        return self.model.quantities[quantity].distribution.quantile(
            self.probability(self.model.input_of_row[quantity], part)
        )

    def probability(self, number: int, part: slice | None = None) -> Floats:
        """The draws of an input as numbers between 0 and 1: the part of the cases that lies below each."""
        inputs = self.model.inputs
        sources = list(dict.fromkeys(each.source_id for each in inputs if each.source_id is not None))
        is_correlated = self.source_correlation != 0.0
        dimensions = len(inputs) + (len(sources) if is_correlated else 0)
        own = uniform(number, dimensions, self.count, self.seed, part)
        source = inputs[number].source_id
        if source is None or not is_correlated:
            return own
        common = uniform(len(inputs) + sources.index(source), dimensions, self.count, self.seed, part)
        share = self.source_correlation
        mixed = np.sqrt(share) * special.ndtri(common) + np.sqrt(1.0 - share) * special.ndtri(own)
        probability: Floats = special.ndtr(mixed)
        return probability


@dataclass(frozen=True)
class _Part:
    """Some of the draws, as points of the model.

    Values are kept for the next outcome that asks for them. Without one only those of assumptions are, such as the rate
    that each course needs: what is written and not read again drives the rest out of the processor's cache.
    """

    draws: Draws
    part: slice
    kept: dict[int, Floats]
    keep: bool = True

    def __getitem__(self, quantity: int, /) -> Floats:
        if quantity in self.kept:
            return self.kept[quantity]
        values = self.draws.values(quantity, self.part)
        if self.keep or self.draws.model.quantities[quantity].table == "assumptions":
            while len(self.kept) * len(values) >= KEPT_VALUES:
                self.kept.pop(next(iter(self.kept)))
            self.kept[quantity] = values
        return values


def draw(model: Model, draws: int = DRAWS, seed: int = SEED, *, source_correlation: float = 0.0) -> Draws:
    """The draws of a model; see `simulate`."""
    if draws > MOST_DRAWS:
        raise ValueError(f"{draws} draws: no more than {MOST_DRAWS}")
    return Draws(model, power_of_two(draws), seed, source_correlation)


def power_of_two(draws: int) -> int:
    """The number of draws that is used: the next power of two."""
    return int(1 << max(draws - 1, 0).bit_length())


def uniform(number: int, dimensions: int, count: int, seed: int, part: slice | None = None) -> Floats:
    """One uniform number per draw for one of so many dimensions, strictly between 0 and 1.

    Shape (count,), or only a part of the draws: equal parts, whose length is a power of two.
    """
    part = slice(0, count) if part is None else part
    together = min(MOST_TOGETHER, MOST_VALUES_TOGETHER // count)
    block, within = divmod(number, together)
    beside = min(together, dimensions - block * together)
    size = part.stop - part.start
    kernels = compiled(size) if block == 0 else None
    if block > 0 or (kernels is None and size == count):
        points: Floats = _sobol_block(block, beside, count, seed)[within, part]
        return points
    directions, shifts = _kept_scrambled(beside, count.bit_length() - 1, seed)
    values = np.empty(size)
    if kernels is not None:
        kernels.sobol_row(directions[within], shifts[within], part.start, BITS, values)
    else:
        _to_unit(_sobol_row(directions[within], shifts[within], part.start, size), values)
    return values


@lru_cache(maxsize=8)
def _kept_scrambled(dimensions: int, steps: int, seed: int) -> tuple[Words32, Words32]:
    directions, shifts, _ = _scrambled(0, dimensions, steps, seed)
    return np.ascontiguousarray(directions.T), shifts


def sobol_points(dimensions: int, count: int, seed: int) -> Words32:
    """Scrambled Sobol points as whole numbers of `BITS` bits, an input a row; shape (dimensions, count)."""
    directions, shifts, _ = _scrambled(0, dimensions, count.bit_length() - 1, seed)
    return np.stack([_sobol_row(directions[:, row], shift, 0, count) for row, shift in enumerate(shifts)])


def _scrambled(block: int, dimensions: int, steps: int, seed: int) -> tuple[Words32, Words32, np.random.Generator]:
    """Mixed direction numbers, a random shift per input, and the generator, for what comes next."""
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, block])))
    directions = _mixed(_direction_numbers(dimensions, steps), generator)
    return directions, generator.integers(2**BITS, size=dimensions, dtype=np.uint32), generator


@lru_cache(maxsize=8)
def _sobol_block(block: int, dimensions: int, count: int, seed: int) -> Floats:
    """Scrambled Sobol points for one block of inputs, an input a row; read only.

    The generator is made from seed and block. The scrambling is Matoušek's: each digit is mixed with the digits before
    it (a random triangular matrix of bits), and a random shift is added. Points are made by doubling: with a further
    direction number, the second half is the first half with that number added digit by digit. From the second block on
    the order of the points is shuffled, because the blocks are the same sequence.
    """
    directions, shifts, generator = _scrambled(block, dimensions, count.bit_length() - 1, seed)
    order = generator.permutation(count) if block > 0 else slice(None)
    points = np.empty((dimensions, count))
    for row, shift in enumerate(shifts):
        _to_unit(_sobol_row(directions[:, row], shift, 0, count)[order], points[row])
    points.flags.writeable = False
    return points


def _sobol_row(directions: Words32, shift: np.uint32, first: int, count: int) -> Words32:
    """So many of one input's points from the first of these on, as whole numbers."""
    numbers = np.empty(count, dtype=np.uint32)
    steps = [step for step in range(len(directions)) if first >> step & 1]
    numbers[0] = np.bitwise_xor.reduce(directions[steps], initial=shift)
    for step in range(count.bit_length() - 1):
        half = 1 << step
        np.bitwise_xor(numbers[:half], directions[step], out=numbers[half : 2 * half])
    return numbers


def _to_unit(numbers: Words32, points: Floats) -> None:
    """As numbers between 0 and 1: the middle of a cell, so never 0, where a lognormal value has no logarithm."""
    np.multiply(numbers, 0.5**BITS, out=points)
    points += 0.5 ** (BITS + 1)


def _mixed(directions: Words32, generator: np.random.Generator) -> Words32:
    """The direction numbers with each binary digit mixed, at random, with the more significant ones."""
    mixed = np.zeros_like(directions)
    for digit in range(BITS - 1, -1, -1):
        itself = np.uint32(1 << digit)
        before = generator.integers(2**BITS, size=directions.shape[1], dtype=np.uint32) & ~np.uint32((2 << digit) - 1)
        odd = np.bitwise_count(directions & (before | itself)) & 1
        mixed |= odd.astype(np.uint32) << np.uint32(digit)
    return mixed


@lru_cache(maxsize=64)
def _direction_numbers(dimensions: int, steps: int) -> Words32:
    """Joe and Kuo's direction numbers as SciPy has them; shape (steps, dimensions).

    Point `2^(k + 1) - 1` of the sequence in Gray code is the direction number k itself.
    """
    engine = qmc.Sobol(dimensions, scramble=False, bits=BITS)
    numbers = np.zeros((steps, dimensions), dtype=np.uint32)
    passed = 0
    for step in range(steps):
        engine.fast_forward((2 << step) - 1 - passed)
        numbers[step] = engine.random(1)[0] * 2.0**BITS
        passed = 2 << step
    return numbers
