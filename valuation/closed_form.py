"""What one euro of a line is worth now, without writing out its years.

A line's course is geometric, so the sum of its discounted years is found by doubling: `S(2m) = S(m) (1 + k^m)` and
`S(m + 1) = 1 + k S(m)`. That is some twenty additions and multiplications in place of a column per year, has no special
case at k = 1, and gives the same digits on every machine. The yearly table of `valuation.effects` is the readable
definition; a test holds that both agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from valuation.arrays import Floats, Ints, compiled
from valuation.discounting import Rate, discount_factors

LINES_AT_A_TIME = 10_000
"""What fits the processor's cache together with its intermediate results."""


def discounted_course(
    *,
    start_year: Ints,
    end_year: Ints,
    drop_off: Floats,
    real_growth: Floats,
    take_up: Sequence[tuple[float, ...]],
    rate: Rate,
    horizon_years: int,
    timing: str = "end",
) -> Floats:
    """Present value of each line per euro of its quoted amount.

    Parameters
    ----------
    start_year, end_year, drop_off, real_growth, take_up
        The line's course, as in `valuation.effects.yearly_shape`; shape (n,). `end_year` is at most T.
    rate : Rate
        [1/year] Real rate, or steps of it; higher makes the result lower.
    horizon_years : int
        [year] T.
    timing : {"end", "mid", "start"}
        When in the year amounts fall.

    Returns
    -------
    array of shape (n,)
        [EUR per EUR a year] `yearly_shape(...) @ discount_factors(...)`, up to rounding.
    """
    discount = discount_factors(rate, horizon_years, timing)
    spans = list(spans_of(rate, horizon_years))
    result = np.empty(len(start_year))
    kernels = compiled(len(result))
    if kernels is not None:
        steps = np.array(spans, dtype=np.float64).reshape(-1, 3)
        kernels.full_size(start_year, end_year, drop_off, real_growth, steps, discount, result)
        return _with_take_up(result, take_up, start_year, end_year, drop_off, real_growth, discount)
    for first in range(0, len(result), LINES_AT_A_TIME):
        some = slice(first, first + LINES_AT_A_TIME)
        course = (start_year[some], end_year[some], drop_off[some], real_growth[some])
        result[some] = _full_size(*course, spans, discount)
    return _with_take_up(result, take_up, start_year, end_year, drop_off, real_growth, discount)


def yearly_totals(  # noqa: PLR0913 - the course of a line is five columns
    *,
    owner: Ints,
    count: int,
    amount: Floats,
    start_year: Ints,
    end_year: Ints,
    drop_off: Floats,
    real_growth: Floats,
    take_up: Sequence[tuple[float, ...]],
    horizon_years: int,
) -> Floats:
    """Undiscounted amounts by year, added up by owner, without a table with a row per line.

    Parameters
    ----------
    owner : array of shape (n,)
        Position of each line's owner; below 0 belongs to nobody.
    count : int
        Number of owners.
    amount : array of shape (n,)
        [EUR per year] Signed and weighted.
    start_year, end_year, drop_off, real_growth, take_up, horizon_years
        The line's course, as in `valuation.effects.yearly_shape`.

    Returns
    -------
    array of shape (count, T + 1)
        [EUR per year] Columns are the years 0..T.
    """
    totals = np.zeros((horizon_years + 1, count))
    kernels = None if any(steps != (1.0,) for steps in take_up) else compiled(len(owner))
    if kernels is not None:
        kernels.yearly_totals(owner, amount, start_year, end_year, drop_off, real_growth, totals)
        return totals.T
    at = np.flatnonzero((owner >= 0) & (amount != 0.0))
    for first in range(0, len(at), LINES_AT_A_TIME):
        some = at[first : first + LINES_AT_A_TIME]
        steps = [take_up[line] for line in some] if len(take_up) else []
        lowest, highest = int(owner[some].min()), int(owner[some].max()) + 1
        flows = _year_by_year(amount[some], start_year[some], end_year[some], drop_off[some], real_growth[some], steps)
        whose, width = owner[some] - lowest, highest - lowest
        for year, flow in enumerate(flows):
            if flow is not None and year <= horizon_years:
                totals[year, lowest:highest] += np.bincount(whose, flow, minlength=width)
    return totals.T


def _year_by_year(
    amount: Floats,
    start_year: Ints,
    end_year: Ints,
    drop_off: Floats,
    real_growth: Floats,
    take_up: list[tuple[float, ...]],
) -> Iterator[Floats | None]:
    """The amounts of each year from 0 on, each from the year before; None where no line runs."""
    first_start, last_start = int(np.min(start_year)), int(np.max(start_year))
    first_end, last_end = int(np.min(end_year)), int(np.max(end_year))
    remaining, growth = 1.0 - drop_off, 1.0 + real_growth
    ratio = remaining * growth
    ramps = any(steps != (1.0,) for steps in take_up)
    value = amount.copy()
    for year in range(last_end + 1):
        all_started = year >= last_start
        if year < first_start:
            yield None
        elif all_started and year <= first_end:
            yield value * _step_in_year(take_up, year - start_year) if ramps else value
        else:
            runs = year <= end_year if all_started else (year >= start_year) & (year <= end_year)
            flow = np.where(runs, value, 0.0)
            yield flow * _step_in_year(take_up, year - start_year) if ramps else flow
        if all_started and year > 0:
            value = value * ratio
        else:
            started = year >= start_year
            value = value * (np.where(started, ratio, growth) if year > 0 else np.where(started, remaining, 1.0))


def _step_in_year(take_up: list[tuple[float, ...]], since_start: Ints) -> Floats:
    since = np.maximum(since_start, 0).tolist()
    return np.array([steps[min(year, len(steps) - 1)] for steps, year in zip(take_up, since, strict=True)])


def geometric_sum(ratio: Floats, terms: Ints | int) -> Floats:
    """`1 + ratio + ratio² + …` of this many terms, by doubling.

    Parameters
    ----------
    ratio : array of shape (n,)
    terms : int or array of shape (n,)
        How many terms; none when 0 or less.
    """
    if isinstance(terms, int | np.integer):
        return _equal_length_sum(ratio, int(terms))
    total, by_total, doubled, power = np.zeros(len(ratio)), np.ones(len(ratio)), np.ones(len(ratio)), ratio.copy()
    part = np.empty(len(ratio))
    left = np.maximum(terms, 0)
    longest = int(left.max(initial=0))
    for step in range(longest.bit_length()):
        odd = (left >> step & 1) == 1
        total += np.multiply(np.multiply(by_total, doubled, out=part), odd, out=part)
        by_total *= np.where(odd, power, 1.0)
        doubled *= np.add(power, 1.0, out=part)
        power *= power
    return total


def _equal_length_sum(ratio: Floats, terms: int) -> Floats:
    """The same additions and multiplications for all: the digits do not depend on what a line stands beside."""
    total, by_total, doubled, power = np.zeros(len(ratio)), np.ones(len(ratio)), np.ones(len(ratio)), ratio.copy()
    part = np.empty(len(ratio))
    left = max(terms, 0)
    while left:
        if left & 1:
            total += np.multiply(by_total, doubled, out=part)
            by_total *= power
        left >>= 1
        if left:
            doubled *= np.add(power, 1.0, out=part)
            power *= power
    return total


def whole_power(base: Floats, exponent: Ints | int) -> Floats:
    """`base` to a whole power of 0 or more, by repeated multiplication: the same digits on every machine."""
    result, power = np.ones(len(base)), base.copy()
    left = np.broadcast_to(np.asarray(exponent, dtype=np.int64), base.shape)
    while left.any():
        np.multiply(result, power, out=result, where=(left & 1) == 1)
        power *= power
        left = left >> 1
    return result


def spans_of(rate: Rate, horizon_years: int) -> Iterator[tuple[int, int, float]]:
    """First year, last year and rate of each step within the horizon."""
    first = 1
    for last, step in rate if isinstance(rate, tuple) else ((horizon_years, rate),):
        if first <= horizon_years:
            yield first, min(last, horizon_years), step
        first = last + 1


def _one_value(values: Ints) -> Ints | int:
    """The value that all lines have in common, which saves work on every line, or the values."""
    return int(values[0]) if len(values) and (values == values[0]).all() else values


def _full_size(
    start_year: Ints,
    end_year: Ints,
    drop_off: Floats,
    real_growth: Floats,
    spans: list[tuple[int, int, float]],
    discount: Floats,
) -> Floats:
    """The course at full size from its first year on, summed span by span of one rate."""
    start, end = _one_value(start_year), _one_value(end_year)
    remaining, growth = 1.0 - drop_off, 1.0 + real_growth
    yearly = remaining * growth
    result = np.where((start_year == 0) & (end_year >= 0), 1.0, 0.0) if np.any(start == 0) else None
    for first, last, rate in spans:
        begin = np.maximum(start, first)
        terms = np.minimum(end, last) - begin + 1
        if (terms <= 0).all():
            continue
        begin = np.minimum(begin, len(discount) - 1)
        course = geometric_sum(yearly * (1.0 / (1.0 + rate)), terms)
        course *= discount[begin]
        for base, years in ((remaining, begin - start), (growth, begin - 1)):
            later = np.flatnonzero(np.broadcast_to(years > 0, course.shape))
            course[later] *= whole_power(base[later], np.broadcast_to(years, course.shape)[later])
        result = course if result is None else result + course
    return np.zeros(len(start_year)) if result is None else result


def _with_take_up(
    result: Floats,
    take_up: Sequence[tuple[float, ...]],
    start_year: Ints,
    end_year: Ints,
    drop_off: Floats,
    real_growth: Floats,
    discount: Floats,
) -> Floats:
    """The course with its take-up: the last step throughout, corrected in the few years before it is reached."""
    at = np.array([line for line, steps in enumerate(take_up) if steps != (1.0,)], dtype=np.int64)
    if len(at) == 0:
        return result
    steps = [take_up[line] for line in at]
    last_step = np.array([each[-1] for each in steps])
    result[at] *= last_step
    for since_start in range(max(map(len, steps)) - 1):
        year = start_year[at] + since_start
        missing = np.array([each[min(since_start, len(each) - 1)] for each in steps]) - last_step
        runs = (year <= end_year[at]) & (missing != 0.0)
        some = at[runs]
        full = whole_power(1.0 - drop_off[some], since_start)
        full *= whole_power(1.0 + real_growth[some], np.maximum(year[runs] - 1, 0))
        result[some] += missing[runs] * full * discount[year[runs]]
    return result
