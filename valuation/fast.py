"""The same sums, compiled: for jobs so big that it shows (extra `buurtwaarde[fast]`).

NumPy is the reference and needs nothing else; a test holds both equal. The functions that have a kernel here ask
`valuation.arrays.compiled` for this module, which is imported, and compiled by numba, at the first big job.
A kernel does the operations of its reference in the same order, without reassociation or fused multiply-add, so that
most results are equal to the last bit; what needs a logarithm, or adds lines up in another grouping, within 1e-12.

What numba keeps on disk is renewed when this file changes and not when another one does, so kernels take every figure
as an argument and import none.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

from valuation.arrays import Floats, Ints, Words32

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

LANES = 64
"""Flows or owners that are worked on side by side: their years fit the first cache."""
BLOCK = 256
"""Lines or draws that are worked on side by side."""
MOST_APART = 0.6
"""Two present values are close when their difference is no bigger a part of their sum: up to a factor of four."""


def _kernel(function: Kernel) -> Kernel:
    """Compiled when first called, and kept on disk; dividing by zero gives inf or NaN, as in NumPy."""
    return cast("Kernel", numba.njit(cache=True, error_model="numpy")(function))


@_kernel
def full_size(
    start_year: Ints,
    end_year: Ints,
    drop_off: Floats,
    real_growth: Floats,
    spans: Floats,
    discount: Floats,
    result: Floats,
) -> None:
    """`closed_form._full_size`; a row of `spans` is a first year, a last year and a rate."""
    last_discount = len(discount) - 1
    total, power = np.empty(BLOCK), np.empty(BLOCK)
    doubled, by_total = np.empty(BLOCK), np.empty(BLOCK)
    for first in range(0, len(result), BLOCK):
        # Parts that are counted from 0: with an index that is a sum, which might be negative, nothing is done side by
        # side.
        block = slice(first, min(first + BLOCK, len(result)))
        starts, ends, worth, count = start_year[block], end_year[block], result[block], block.stop - first
        drop, growth_rate = drop_off[block], real_growth[block]
        start, end, differs = int(starts[0]), int(ends[0]), 0
        for lane in range(count):
            differs |= (starts[lane] ^ start) | (ends[lane] ^ end)
            worth[lane] = 1.0 if (starts[lane] == 0) & (ends[lane] >= 0) else 0.0
        for span in range(len(spans)):
            since, until = int(spans[span, 0]), int(spans[span, 1])
            per_year = 1.0 / (1.0 + spans[span, 2])
            if differs != 0:
                for lane in range(count):
                    begin = max(int(starts[lane]), since)
                    terms = min(int(ends[lane]), until) - begin + 1
                    if terms > 0:
                        remaining, growth = 1.0 - drop[lane], 1.0 + growth_rate[lane]
                        course = _sum_of(remaining * growth * per_year, terms) * discount[min(begin, last_discount)]
                        course *= _power_of(remaining, begin - int(starts[lane]))
                        worth[lane] += course * _power_of(growth, begin - 1)
                continue
            begin = max(start, since)
            terms = min(end, until) - begin + 1
            if terms <= 0:
                continue
            for lane in range(count):
                power[lane] = (1.0 - drop[lane]) * (1.0 + growth_rate[lane]) * per_year
                total[lane], doubled[lane], by_total[lane] = 0.0, 1.0, 1.0
            left = terms
            while left > 0:
                if left & 1:
                    for lane in range(count):
                        total[lane] += by_total[lane] * doubled[lane]
                        by_total[lane] *= power[lane]
                left >>= 1
                if left > 0:
                    for lane in range(count):
                        doubled[lane] *= 1.0 + power[lane]
                        power[lane] *= power[lane]
            factor = discount[min(begin, last_discount)]
            if begin == start and begin == 1:
                for lane in range(count):
                    worth[lane] += total[lane] * factor
            else:
                for lane in range(count):
                    course = total[lane] * factor * _power_of(1.0 - drop[lane], begin - start)
                    worth[lane] += course * _power_of(1.0 + growth_rate[lane], begin - 1)


@_kernel
def _sum_of(ratio: float, terms: int) -> float:
    total, by_total, doubled, power = 0.0, 1.0, 1.0, ratio
    while terms > 0:
        if terms & 1:
            total += by_total * doubled
            by_total *= power
        doubled *= 1.0 + power
        power *= power
        terms >>= 1
    return total


@_kernel
def _power_of(base: float, exponent: int) -> float:
    result, power = 1.0, base
    while exponent > 0:
        if exponent & 1:
            result *= power
        power *= power
        exponent >>= 1
    return result


@_kernel
def yearly_totals(
    owner: Ints,
    amount: Floats,
    start_year: Ints,
    end_year: Ints,
    drop_off: Floats,
    real_growth: Floats,
    totals: Floats,
) -> None:
    """`closed_form.yearly_totals` for lines at full size; `totals` has a row per year and a column per owner."""
    years, count = totals.shape
    begin, order = _lines_by_owner(owner, count)
    sums = np.empty((years, LANES))
    value, ratio, remaining, growth = np.zeros(LANES), np.ones(LANES), np.ones(LANES), np.ones(LANES)
    start, end = np.ones(LANES, dtype=np.int64), np.full(LANES, years - 1)
    for first in range(0, count, LANES):
        lanes = min(LANES, count - first)
        value[:], start[:], end[:] = 0.0, 1, years - 1
        sums[:] = 0.0
        most = 0
        for lane in range(lanes):
            most = max(most, begin[first + lane + 1] - begin[first + lane])
        for place in range(most):  # the first line of every owner, then the second, …
            for lane in range(lanes):
                at = begin[first + lane] + place
                if at < begin[first + lane + 1]:
                    line = order[at]
                    value[lane], start[lane], end[lane] = amount[line], start_year[line], end_year[line]
                    remaining[lane], growth[lane] = 1.0 - drop_off[line], 1.0 + real_growth[line]
                else:
                    value[lane], start[lane], end[lane], remaining[lane], growth[lane] = 0.0, 1, years - 1, 1.0, 1.0
            latest, shortest, others = 0, years, 0
            for lane in range(LANES):
                ratio[lane] = remaining[lane] * growth[lane]
                latest, shortest = max(latest, end[lane]), min(shortest, end[lane])
                others |= start[lane] ^ 1
            latest, year = min(latest, years - 1), 0 if others == 0 else -1
            while year < latest:
                year += 1
                if others == 0 and year + 3 <= shortest:  # four years a pass: values stay in registers
                    year_1, year_2, year_3, year_4 = sums[year], sums[year + 1], sums[year + 2], sums[year + 3]
                    for lane in range(LANES):
                        of_2 = value[lane] * ratio[lane]
                        of_3 = of_2 * ratio[lane]
                        of_4 = of_3 * ratio[lane]
                        year_1[lane] += value[lane]
                        year_2[lane] += of_2
                        year_3[lane] += of_3
                        year_4[lane] += of_4
                        value[lane] = of_4 * ratio[lane]
                    year += 3
                    continue
                for lane in range(lanes):
                    started = year >= start[lane]
                    sums[year, lane] += value[lane] if started & (year <= end[lane]) else 0.0
                    if year > 0:
                        value[lane] *= ratio[lane] if started else growth[lane]
                    else:
                        value[lane] *= remaining[lane] if started else 1.0
        for year in range(years):
            totals[year, first : first + lanes] = sums[year, :lanes]


@_kernel
def _lines_by_owner(owner: Ints, count: int) -> tuple[Ints, Ints]:
    """Where each owner's lines begin in the second array, which names them; below 0 belongs to nobody."""
    begin = np.zeros(count + 1, dtype=np.int64)
    for line in range(len(owner)):
        if owner[line] >= 0:
            begin[owner[line] + 1] += 1
    begin = np.cumsum(begin)
    placed, order = begin[:-1].copy(), np.empty(begin[-1], dtype=np.int64)
    for line in range(len(owner)):
        if owner[line] >= 0:
            order[placed[owner[line]]] = line
            placed[owner[line]] += 1
    return begin, order


@_kernel
def net_share(deadweight: Floats, displacement: Floats, attribution: Floats, share: Floats) -> None:
    """`effects.net_share`."""
    for at in range(len(share)):
        share[at] = (1.0 - deadweight[at]) * (1.0 - displacement[at]) * (1.0 - attribution[at])


@_kernel
def payback(flows: Floats, noise_share: float, result: Floats) -> None:
    """`key_figures.payback_years`; `flows` has a row per year and a column per flow."""
    years, count = flows.shape
    total, size, before = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    after = np.empty(LANES)
    last = np.empty(LANES, dtype=np.int64)
    for first in range(0, count, LANES):
        lanes = min(LANES, count - first)
        size[:], total[:], before[:], after[:], last[:] = 0.0, 0.0, 0.0, 0.0, -1
        for year in range(years):
            amounts = flows[year, first : first + lanes]
            for lane in range(lanes):
                size[lane] += abs(amounts[lane])
        for year in range(years):
            amounts = flows[year, first : first + lanes]
            for lane in range(lanes):
                total[lane] += amounts[lane]
                below = total[lane] < -noise_share * size[lane]
                after[lane] = total[lane] if last[lane] == year - 1 else after[lane]
                before[lane] = total[lane] if below else before[lane]
                last[lane] = year if below else last[lane]
        for lane in range(lanes):
            rise = after[lane] - before[lane] if after[lane] > before[lane] else 1.0
            crossing = last[lane] + min(-before[lane] / rise, 1.0)
            never = math.nan if last[lane] == years - 1 else crossing
            result[first + lane] = 0.0 if last[lane] < 0 else never


@_kernel
def internal_factors(flows: Floats, tolerance: float, most_steps: int, factors: Floats, changes: Ints) -> None:
    """`key_figures.internal_rates`: discount factor of each flow, and how often its sign changes (0 once, 1 never, 2).

    `flows` has a row per year and a column per flow. A factor is NaN where the steps did not settle.
    """
    years, count = flows.shape
    gains, losses = np.zeros((years, LANES)), np.zeros((years, LANES))
    sign, turns = np.empty(LANES, dtype=np.int64), np.empty(LANES, dtype=np.int64)
    factor, step, value, slope = np.ones(LANES), np.ones(LANES), np.ones(LANES), np.ones(LANES)
    gain, gain_year, apart = np.ones(LANES), np.ones(LANES), np.ones(LANES)
    for first in range(0, count, LANES):
        lanes = min(LANES, count - first)
        sign[:], turns[:] = 0, 0
        for year in range(years):
            amounts = flows[year, first : first + lanes]
            for lane in range(lanes):
                amount = amounts[lane]
                now = 1 if amount > 0 else (-1 if amount < 0 else sign[lane])
                turns[lane] += (now != sign[lane]) & (sign[lane] != 0)
                sign[lane] = now
        for lane in range(lanes):
            changes[first + lane] = 1 if turns[lane] == 0 else (0 if turns[lane] == 1 else 2)
        gain_first, gain_last, loss_first, loss_last = years, -1, years, -1
        for year in range(years):
            any_gain, any_loss, amounts = False, False, flows[year, first : first + lanes]
            gains_now, losses_now = gains[year], losses[year]
            for lane in range(lanes):
                amount = amounts[lane] if turns[lane] == 1 else 0.0
                gains_now[lane], losses_now[lane] = max(amount, 0.0), max(-amount, 0.0)
                any_gain |= amount > 0
                any_loss |= amount < 0
            if any_gain:
                gain_first, gain_last = min(gain_first, year), year
            if any_loss:
                loss_first, loss_last = min(loss_first, year), year
        if gain_last < 0:
            continue
        for lane in range(LANES):
            factor[lane], step[lane] = 1.0, 0.0
        for _ in range(most_steps):
            _value_and_year(gains, gain_first, gain_last, factor, value, slope)
            for lane in range(LANES):
                gain[lane], gain_year[lane] = value[lane], slope[lane]
            _value_and_year(losses, loss_first, loss_last, factor, value, slope)
            far = False
            for lane in range(LANES):
                apart[lane] = (gain[lane] - value[lane]) / (gain[lane] + value[lane])
                far |= abs(apart[lane]) > MOST_APART
            settled = True
            for lane in range(LANES):
                if far:
                    step[lane] = math.log(gain[lane] / value[lane]) / (gain_year[lane] - slope[lane])
                    factor[lane] *= math.exp(-step[lane])
                else:
                    # The logarithm as a series in `apart`, the exponential as a ratio: both are exact where the two
                    # present values meet, so the steps end at the same factor, and are done side by side.
                    square = apart[lane] * apart[lane]
                    log_ratio = 2.0 * apart[lane] * (1.0 + square * (1 / 3 + square * (1 / 5 + square * (1 / 7))))
                    step[lane] = log_ratio / (gain_year[lane] - slope[lane])
                    factor[lane] *= (2.0 - step[lane]) / (2.0 + step[lane])
                settled &= (turns[lane] != 1) | (abs(step[lane]) <= tolerance)
            if settled:
                break
        for lane in range(lanes):
            factors[first + lane] = factor[lane] if abs(step[lane]) <= tolerance else math.nan


@_kernel
def _value_and_year(amounts: Floats, first: int, last: int, factor: Floats, value: Floats, year_of: Floats) -> None:
    """Present value at these discount factors, and the mean year of its euros, by Horner's rule."""
    for lane in range(LANES):
        value[lane], year_of[lane] = amounts[last, lane], 0.0
    year = last - 1
    while year >= first + 3:  # four years a pass: values stay in registers
        of_4, of_3, of_2, of_1 = amounts[year], amounts[year - 1], amounts[year - 2], amounts[year - 3]
        for lane in range(LANES):
            at, worth, slope = factor[lane], value[lane], year_of[lane]
            slope, worth = slope * at + worth, worth * at + of_4[lane]
            slope, worth = slope * at + worth, worth * at + of_3[lane]
            slope, worth = slope * at + worth, worth * at + of_2[lane]
            year_of[lane], value[lane] = slope * at + worth, worth * at + of_1[lane]
        year -= 4
    while year >= first:
        of_1 = amounts[year]
        for lane in range(LANES):
            year_of[lane] = year_of[lane] * factor[lane] + value[lane]
            value[lane] = value[lane] * factor[lane] + of_1[lane]
        year -= 1
    for lane in range(LANES):
        year_of[lane] = first + factor[lane] * year_of[lane] / value[lane]
    for _ in range(first):
        for lane in range(LANES):
            value[lane] *= factor[lane]


@_kernel
def triangular(probability: Floats, low: float, mode: float, high: float, values: Floats) -> None:
    """`distributions._triangular_quantile`."""
    width = high - low
    split, rising, falling = (mode - low) / width, width * (mode - low), width * (high - mode)
    for at in range(len(values)):
        is_rising = probability[at] < split
        root = math.sqrt(probability[at] * rising if is_rising else (1.0 - probability[at]) * falling)
        values[at] = low + root if is_rising else high - root


@_kernel
def from_table(
    probability: Floats,
    table: Floats,
    cells: tuple[int, int, int, float],
    to_range: tuple[float, float, float, float, float, float],
    values: Floats,
    near_end: Ints,
) -> int:
    """`distributions._from_table`, rounded to the grain; says which are too near an end for the table."""
    shift, first_cell, count_of_cells, nearest_in_table = cells
    scale, offset, unit, low, grain, grain_width = to_range
    rest, rest_unit = (1 << shift) - 1, 0.5**shift
    near, found = np.empty(BLOCK), 0
    bits = near.view(np.int64)
    for first in range(0, len(values), BLOCK):
        count = min(BLOCK, len(values) - first)
        nearest = 1.0
        for lane in range(count):
            near[lane] = min(probability[first + lane], 1.0 - probability[first + lane])
            nearest = min(nearest, near[lane])
        for lane in range(count):
            half = count_of_cells if probability[first + lane] >= 0.5 else 0
            cell = max((bits[lane] >> shift) - first_cell, 0) + half
            part = (bits[lane] & rest) * rest_unit
            value = table[0, cell] + part * (table[1, cell] + part * (table[2, cell] + part * table[3, cell]))
            position = (value * scale - offset) / unit
            values[first + lane] = low + grain_width * np.rint(position / grain)
        if nearest < nearest_in_table:
            for lane in range(count):
                if near[lane] < nearest_in_table:
                    near_end[found] = first + lane
                    found += 1
    return found


@_kernel
def present_value_at(rate: Floats, course: Floats, last: int, values: Floats) -> None:
    """`response.present_value_at` of years 1 to `last`, at the end of each year."""
    factor, value = np.empty(BLOCK), np.empty(BLOCK)
    for first in range(0, len(values), BLOCK):
        count = min(BLOCK, len(values) - first)
        for lane in range(count):
            factor[lane] = 1.0 / (1.0 + rate[first + lane])
            value[lane] = course[last] * factor[lane]
        year = last - 1
        while year >= 4:  # four years a pass: the values stay in the processor's registers
            of_4, of_3, of_2, of_1 = course[year], course[year - 1], course[year - 2], course[year - 3]
            for lane in range(count):
                worth = (value[lane] + of_4) * factor[lane]
                worth = (worth + of_3) * factor[lane]
                worth = (worth + of_2) * factor[lane]
                value[lane] = (worth + of_1) * factor[lane]
            year -= 4
        while year >= 1:
            of_1 = course[year]
            for lane in range(count):
                value[lane] = (value[lane] + of_1) * factor[lane]
            year -= 1
        for lane in range(count):
            values[first + lane] = value[lane]


@_kernel
def add_product(coefficient: float, factor: Floats, total: Floats) -> None:
    """`response._add_product` with one factor."""
    for at in range(len(total)):
        total[at] += coefficient * factor[at]


@_kernel
def sobol_row(directions: Words32, shift: int, start: int, bits: int, points: Floats) -> None:
    """`uncertainty._sobol_row` as numbers between 0 and 1: an input's direction numbers, one a step, and its shift."""
    low_steps = 9
    while 1 << low_steps > len(points):
        low_steps -= 1
    size = 1 << low_steps
    low = np.zeros(size, dtype=np.int32)
    grain, half_grain = 0.5**bits, 0.5 ** (bits + 1)
    for step in range(low_steps):
        for at in range(1 << step):
            low[(1 << step) + at] = low[at] ^ np.int32(directions[step])
    for first in range(0, len(points), size):
        base, left, step = np.int32(shift), (start + first) >> low_steps, low_steps
        while left:
            if left & 1:
                base ^= np.int32(directions[step])
            left >>= 1
            step += 1
        block = points[first : first + size]
        for at in range(size):
            block[at] = np.float64(low[at] ^ base) * grain + half_grain


@_kernel
def total_by(codes: Ints, values: Floats, sums: Floats) -> None:
    """`arrays.total_by`."""
    owner, total = -1, 0.0
    for at in range(len(codes)):
        if codes[at] != owner:  # lines of one owner mostly stand together: their sum stays in a register
            if owner >= 0:
                sums[owner] = total
            owner = int(codes[at])
            total = sums[owner] if owner >= 0 else 0.0
        total += values[at]
    if owner >= 0:
        sums[owner] = total
