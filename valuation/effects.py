"""How a line runs through the years (METHOD §2): start, end, drop-off, growth and take-up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from valuation.arrays import Floats, Ints, compiled


def net_share(deadweight: Floats, displacement: Floats, attribution: Floats) -> Floats:
    """Part of the gross effect that the initiative may claim.

    Parameters
    ----------
    deadweight, displacement, attribution : array of shape (n,)
        [fraction] What would have happened anyway, what is lost elsewhere, and the credit that belongs to
        **others**. Each lowers the result.
    """
    kernels = compiled(len(deadweight))
    if kernels is not None:
        share = np.empty(len(deadweight))
        kernels.net_share(deadweight, displacement, attribution, share)
        return share
    share = 1.0 - deadweight
    share *= 1.0 - displacement
    share *= 1.0 - attribution
    return share


def last_year(start_year: Ints, duration_years: Floats, owner_last_year: Ints, horizon_years: int) -> Ints:
    """Last year in which a line runs: by its own duration, else its owner's last active year, never after T.

    Parameters
    ----------
    start_year : array of shape (n,)
        [year] First year; 0 is the transfer date.
    duration_years : array of shape (n,)
        [year] NaN where empty. A stated duration may outlast the owner's activity.
    owner_last_year : array of shape (n,)
        [year] Last active year of the owner.
    """
    stated = start_year + np.nan_to_num(duration_years, nan=0.0).astype(np.int64) - 1
    return np.minimum(np.where(np.isnan(duration_years), owner_last_year, stated), horizon_years)


def take_up_table(take_up: Sequence[tuple[float, ...]], horizon_years: int) -> Floats:
    """Take-up by year since the start, one row a line; the last value of each list holds.

    Returns
    -------
    array of shape (n, m)
        m is the length of the longest list, and never more than the horizon needs.
    """
    width = min(max((len(steps) for steps in take_up), default=1), horizon_years + 1)
    table = np.ones((len(take_up), width))
    for row, steps in enumerate(take_up):
        if steps != (1.0,):
            table[row] = [steps[min(year, len(steps) - 1)] for year in range(width)]
    return table


def yearly_shape(
    *,
    start_year: Ints,
    end_year: Ints,
    drop_off: Floats,
    real_growth: Floats,
    take_up: Sequence[tuple[float, ...]],
    horizon_years: int,
) -> Floats:
    """The part of a line's quoted amount that falls in each year.

    Parameters
    ----------
    start_year, end_year : array of shape (n,)
        [year] First and last year; a line whose end lies before its start never runs.
    drop_off : array of shape (n,)
        [1/year] Part that falls away each year from the second year on; higher lowers the result.
    real_growth : array of shape (n,)
        [1/year] Growth above inflation. The first year after the transfer is at quoted prices.
    take_up : sequence of tuples
        [fraction] Part of the full size in the first, second, ... year.
    horizon_years : int
        [year] T.

    Returns
    -------
    array of shape (n, T + 1)
        Columns are the years 0..T.
    """
    years = np.arange(horizon_years + 1)
    since_start = np.maximum(years - start_year[:, None], 0)
    runs = (years >= start_year[:, None]) & (years <= end_year[:, None])
    steps = take_up_table(take_up, horizon_years)
    size = np.take_along_axis(steps, np.minimum(since_start, steps.shape[1] - 1), axis=1)
    remaining = (1.0 - drop_off[:, None]) ** since_start
    grown = (1.0 + real_growth[:, None]) ** np.maximum(years - 1, 0)
    shape: Floats = np.where(runs, size * remaining * grown, 0.0)
    return shape
