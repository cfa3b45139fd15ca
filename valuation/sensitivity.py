"""What the outcome hangs on (METHOD §9): tornado, two-way grid, switching values, Sobol indices, value of information.

All of them ask the same model as the simulation, so a value that is put back into the case gives the stated outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize, special

from valuation.arrays import Floats
from valuation.response import SCALED_BY, Input, Model
from valuation.uncertainty import SEED, Simulation, uniform

BASE_POINTS, RESAMPLES, CONFIDENCE = 4096, 100, 0.95
BINS = 64
"""Groups of draws in which an input is taken to be known; see `value_of_information`."""
RATE_GRID = 201


def tornado(model: Model, outcome: str, owner_id: str) -> pd.DataFrame:
    """The outcome with each input at its low and at its high, all others at their central value.

    Returns
    -------
    DataFrame
        A row per input that moves the outcome, the widest swing first: `key`, `label`, `low`, `central`, `high` [unit
        of the input], `outcome_low`, `outcome_central`, `outcome_high` [EUR] at these values, `swing` [EUR]. Lines with
        one price code move together, each to its own low or high; the columns show the first.
    """
    owner = model.position(outcome, owner_id)
    inputs = model.touches(outcome, owner_id)
    points = model.central(2 * len(inputs) + 1)
    for number, chosen in enumerate(inputs):
        for row in model.rows_of(chosen):
            distribution = model.quantities[row].distribution
            points[row, 2 * number + 1 : 2 * number + 3] = distribution.low, distribution.high
    values = model.outcome(outcome, owner, points)
    central, low, high = np.full(len(inputs), values[0]), values[1::2], values[2::2]
    swing = np.maximum(np.maximum(low, central), high) - np.minimum(np.minimum(low, central), high)
    widest_first = np.argsort(-swing, kind="stable")
    described = [_described(inputs[number]) for number in widest_first]
    table = {name: [row[name] for row in described] for name in ("key", "label", "low", "central", "high")}
    outcomes = {"outcome_low": low, "outcome_central": central, "outcome_high": high, "swing": swing}
    return pd.DataFrame({**table, **{name: values[widest_first] for name, values in outcomes.items()}})


def _described(chosen: Input) -> dict[str, object]:
    distribution = chosen.quantities[0].distribution
    return {
        "key": chosen.key,
        "label": chosen.label,
        "low": distribution.low,
        "central": distribution.central,
        "high": distribution.high,
    }


def two_way(model: Model, outcome: str, owner_id: str, first: str, second: str, *, steps: int = 11) -> pd.DataFrame:
    """The outcome over a grid of two inputs, each in equal steps from its low to its high.

    Parameters
    ----------
    model : Model
    outcome, owner_id : str
    first, second : str
        Keys of two different inputs.
    steps : int
        Values per input.

    Returns
    -------
    DataFrame
        [EUR] Index: values of the first input; columns: values of the second.
    """
    rows_first, rows_second = model.rows_of(model.input(first)), model.rows_of(model.input(second))
    position = np.linspace(0.0, 1.0, steps)
    points = model.central(steps * steps)
    for rows, along in ((rows_first, np.repeat(position, steps)), (rows_second, np.tile(position, steps))):
        for row in rows:
            distribution = model.quantities[row].distribution
            points[row] = distribution.low * (1.0 - along) + distribution.high * along
    values = model.outcome(outcome, model.position(outcome, owner_id), points)
    return pd.DataFrame(
        values.reshape(steps, steps),
        index=pd.Index(points[rows_first[0], ::steps], name=first),
        columns=pd.Index(points[rows_second[0], :steps], name=second),
    )


def switching_values(model: Model, outcome: str, owner_id: str) -> pd.DataFrame:
    """For each input the value at which the outcome is exactly zero, all others at their central value.

    Returns
    -------
    DataFrame
        A row per input that moves the outcome: `key`, `label`, `low`, `central`, `high`, `switching_value` [unit of
        the input], `within_range` (between low and high) and `positive_above` (whether the outcome is above zero on
        the high side of it). NaN where there is no such value within the bounds that the column allows. Where lines
        with one price code have different values, all are multiplied alike, and the first is shown. A horizon is whole
        years: the nearest at which the sign is another.
    """
    owner = model.position(outcome, owner_id)
    rows = []
    for chosen in model.touches(outcome, owner_id):
        value, positive_above = _switching_value(model, outcome, owner, chosen)
        distribution = chosen.quantities[0].distribution
        within = distribution.low <= value <= distribution.high
        switch = {"switching_value": value, "within_range": within, "positive_above": positive_above}
        rows.append(_described(chosen) | switch)
    columns = ["key", "label", "low", "central", "high", "switching_value", "within_range", "positive_above"]
    return pd.DataFrame(rows, columns=columns)


def with_value(model: Model, chosen: Input, values: Floats) -> Floats:
    """Points at which an input takes these values (of its first quantity; others in proportion), all else central."""
    points = model.central(len(values))
    first = chosen.quantities[0].distribution.central
    for row in model.rows_of(chosen):
        central = model.quantities[row].distribution.central
        points[row] = values if central == first else values * (central / first if first else 1.0)
    return points


def _switching_value(model: Model, outcome: str, owner: int, chosen: Input) -> tuple[float, bool]:
    def at(values: Floats) -> Floats:
        return model.outcome(outcome, owner, with_value(model, chosen, values))

    quantity = chosen.quantities[0]
    low, high = quantity.declared.minimum, quantity.declared.maximum
    least, most = -np.inf if low is None else low, np.inf if high is None else high
    sensible = min(most, 2 * quantity.distribution.high)
    if quantity.table != "assumptions" or quantity.column in SCALED_BY:
        return _linear_switch(at, quantity.distribution.central, least, most)
    if quantity.declared.kind == "integer":
        return _whole_switch(at, quantity.distribution.central, least, sensible)
    return _switch_between(
        at,
        quantity.distribution.central,
        np.linspace(least, sensible if quantity.declared.kind == "amount" else most, RATE_GRID),
    )


def _linear_switch(at: Callable[[Floats], Floats], central: float, least: float, most: float) -> tuple[float, bool]:
    """Where a straight line crosses zero: from its values at zero and at the central value."""
    scale = central if central else 1.0
    start, end = at(np.array([0.0, scale]))
    if start == end:
        return np.nan, False
    value = -start / (end - start) * scale
    return (float(value), bool((end > start) == (scale > 0))) if least <= value <= most else (np.nan, False)


def _whole_switch(at: Callable[[Floats], Floats], central: float, least: float, most: float) -> tuple[float, bool]:
    """The nearest whole value at which the sign differs from that of the central value."""
    base = at(np.array([central]))[0] > 0
    for away in range(1, int(max(central - least, most - central)) + 1):
        for value in (central - away, central + away):
            if least <= value <= most and (at(np.array([value]))[0] > 0) != base:
                return value, bool((value > central) != base)
    return np.nan, False


def _switch_between(at: Callable[[Floats], Floats], central: float, grid: Floats) -> tuple[float, bool]:
    """The root nearest to the central value, of those that a fine grid separates."""
    values = at(grid)
    brackets = np.flatnonzero((values[:-1] > 0) != (values[1:] > 0))
    if len(brackets) == 0:
        return np.nan, False
    roots = [
        optimize.brentq(lambda value: float(at(np.array([value]))[0]), grid[left], grid[left + 1], xtol=1e-15)
        for left in brackets
    ]
    nearest = int(np.argmin(np.abs(np.array(roots) - central)))
    return float(roots[nearest]), bool(values[brackets[nearest] + 1] > 0)


def sobol_indices(
    model: Model,
    outcome: str,
    owner_id: str,
    *,
    base_points: int = BASE_POINTS,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Which part of the outcome's variance each input explains, alone and together with others.

    Parameters
    ----------
    model : Model
    outcome, owner_id : str
    base_points : int
        A power of two; the model is asked `base_points x (inputs + 2)` times.
    resamples : int
        Bootstrap samples for the confidence intervals.
    seed : int

    Returns
    -------
    DataFrame
        A row per input that moves the outcome: `key`, `label`, `first`, `total` [fraction of the variance], and
        `first_low`, `first_high`, `total_low`, `total_high`, their 95 % confidence bounds.
    """
    owner, inputs = model.position(outcome, owner_id), model.touches(outcome, owner_id)
    dimensions = 2 * len(inputs)

    first, second = list(model.central(base_points)), list(model.central(base_points))
    groups = [model.rows_of(chosen) for chosen in inputs]
    for number, rows in enumerate(groups):
        for row in rows:
            distribution = model.quantities[row].distribution
            first[row] = distribution.quantile(uniform(number, dimensions, base_points, seed))
            second[row] = distribution.quantile(uniform(len(inputs) + number, dimensions, base_points, seed))
    indices = variance_shares(
        lambda points: model.outcome(outcome, owner, points),
        first,
        second,
        groups,
        resamples=resamples,
        generator=np.random.default_rng(seed),
    )
    names = pd.DataFrame({"key": [each.key for each in inputs], "label": [each.label for each in inputs]})
    return pd.concat([names, indices], axis=1)


def variance_shares(
    ask: Callable[[list[Floats]], Floats],
    first: list[Floats],
    second: list[Floats],
    groups: Sequence[Sequence[int]],
    *,
    resamples: int,
    generator: np.random.Generator,
) -> pd.DataFrame:
    """First-order and total Sobol indices of any function of independent inputs.

    Parameters
    ----------
    ask : function
        From a list of arrays of shape (n,), one per quantity, to the outcome at the n points.
    first, second : list of arrays of shape (n,)
        Two independent sets of points.
    groups : sequence of sequences of int
        The quantities of each input; what moves together is one input.
    resamples : int
    generator : numpy Generator
        For the bootstrap.

    Notes
    -----
    First order by Saltelli et al. (2010), total by Jansen (1999), both from the second set's values with one input
    replaced. The bounds are normal, with the standard deviation over the resamples, which are drawn with the points.
    A constant outcome has indices of 0.
    """
    inputs, count = len(groups), len(first[0])
    at_first, at_second = ask(first), ask(second)
    swapped = np.empty((inputs, count))
    for number, rows in enumerate(groups):
        swapped[number] = ask([second[row] if row in rows else values for row, values in enumerate(first)])
    centre = (at_first.mean() + at_second.mean()) / 2
    at_first, at_second, swapped = at_first - centre, at_second - centre, swapped - centre
    moments = np.vstack(
        [
            at_second * (swapped - at_first),
            (at_first - swapped) ** 2 / 2,
            at_first + at_second,
            at_first**2 + at_second**2,
        ]
    )
    weights = np.ones((resamples + 1, count))
    for resample in range(1, resamples + 1):
        weights[resample] = np.bincount(generator.integers(count, size=count, dtype=np.int32), minlength=count)
    sums = weights @ moments.T / count
    variance = sums[:, -1] / 2 - (sums[:, -2] / 2) ** 2
    shares = sums[:, :-2] / np.where(variance > 0, variance, 1.0)[:, None] * (variance > 0)[:, None]
    spread = shares[1:].std(axis=0, ddof=1) if resamples > 1 else np.full(2 * inputs, np.nan)
    half = float(special.ndtri((1 + CONFIDENCE) / 2)) * spread
    table: dict[str, Floats] = {}
    for name, some in (("first", slice(0, inputs)), ("total", slice(inputs, 2 * inputs))):
        table[name] = shares[0, some]
        table[f"{name}_low"], table[f"{name}_high"] = shares[0, some] - half[some], shares[0, some] + half[some]
    return pd.DataFrame(table)


@dataclass(frozen=True)
class ValueOfInformation:
    """What it is worth to know more before deciding.

    Parameters
    ----------
    decision : {"transfer", "keep"}
        What is best now: to transfer when the mean outcome is above zero, else to keep the object (outcome zero).
    evpi_eur : float
        [EUR] Expected value of perfect information: what knowing everything beforehand would bring on average.
    inputs : DataFrame
        A row per input, the most valuable first: `key`, `label`, `evppi_eur` (of knowing this input alone), and
        `noise_eur`: what the same computation finds for an input that says nothing. A value near or below the noise
        is no value.
    """

    decision: str
    evpi_eur: float
    inputs: pd.DataFrame


def value_of_information(
    simulation: Simulation, outcome: str, owner_id: str, *, bins: int = BINS
) -> ValueOfInformation:
    """What to find out first, for the choice between transferring an object and keeping it.

    Parameters
    ----------
    simulation : Simulation
    outcome : str
        Whose outcome decides: `social_value_eur`, or `municipality_result_eur` at the proposed price.
    owner_id : str
    bins : int
        To know an input is to know in which of so many equally likely groups it lies; the outcome's mean within a
        group then decides.

    Notes
    -----
    Taking the better of two options in each group turns chance differences into value, so the figures are a little too
    high; more draws and fewer bins make it less. `noise_eur` shows how much.
    """
    values, points = simulation.outcome(outcome, owner_id), simulation.draws
    mean = float(values.mean())
    now = max(0.0, mean)
    shuffled = values[np.random.default_rng(points.seed).permutation(len(values))]
    noise = _known_by_group(shuffled, bins) - now
    inputs = simulation.model.touches(outcome, owner_id)
    numbers = [simulation.model.inputs.index(chosen) for chosen in inputs]
    found = [_known_by_group(values[np.argsort(points.probability(number))], bins) - now for number in numbers]
    table = pd.DataFrame(
        {
            "key": [each.key for each in inputs],
            "label": [each.label for each in inputs],
            "evppi_eur": np.maximum(np.array(found, dtype=np.float64), 0.0),
            "noise_eur": max(noise, 0.0),
        }
    )
    return ValueOfInformation(
        decision="transfer" if mean > 0 else "keep",
        evpi_eur=max(float(np.maximum(values, 0.0).mean()) - now, 0.0),
        inputs=table.sort_values("evppi_eur", ascending=False, kind="stable", ignore_index=True),
    )


def _known_by_group(values: Floats, bins: int) -> float:
    """Mean outcome when the better option is chosen in each group of draws."""
    means = np.array([group.mean() for group in np.array_split(values, bins)])
    sizes = np.array([len(group) for group in np.array_split(values, bins)])
    return float((np.maximum(means, 0.0) * sizes).sum() / len(values))
