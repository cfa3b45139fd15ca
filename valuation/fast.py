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
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from valuation.arrays import Flags, Floats, Ints, Words32, Words64

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

LANES = 64
"""Flows or owners that are worked on side by side: their years fit the first cache."""
BLOCK = 256
"""Lines or draws that are worked on side by side."""
FEW_DOUBLINGS, MOST_DOUBLINGS = 6, 10
FEW_YEARS = 2**FEW_DOUBLINGS - 1
"""Years end below 1,000, so ten doublings are enough for all."""
SURE, TRIANGULAR, UNIFORM, BY_TABLE, SHARED = 0, 1, 2, 3, 4
"""As in `object_draws`, with the multipliers that follow."""
ODD_1, ODD_2, ODD_3, ODD_4 = (np.uint32(odd) for odd in (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F))
LOW_BITS = np.uint64(0xFFFFFFFF)
UNPRICED = 2**32
"""A line without a price in a count of lines: more than there are other lines."""
MOST_APART = 0.6
"""Two present values are close when their difference is no bigger a part of their sum: up to a factor of four."""


def _kernel(function: Kernel) -> Kernel:
    """Compiled when first called, and kept on disk; dividing by zero gives inf or NaN, as in NumPy; others may run."""
    return cast("Kernel", numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def _prefetch(_context: Any, array: Any, at: Any) -> Any:
    """The instruction that asks for the memory in which a value stands, as numba wants it: its types and its code."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer(), number, number, number])
        ask = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")  # type: ignore[no-untyped-call]
        place = builder.bitcast(builder.gep(data, [arguments[1]]), kind.args[0])
        builder.call(ask, [place, number(0), number(3), number(1)])  # to read, into every cache, as data
        return context.get_dummy_value()

    return types.void(array, at), code


_fetch = cast("Callable[[Floats, int], None]", intrinsic(_prefetch))
"""Ask for the value of an array at a place within it, without waiting for it."""


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
    total, begin, terms = np.empty(BLOCK), np.empty(BLOCK, dtype=np.int32), np.empty(BLOCK, dtype=np.int32)
    for first in range(0, len(result), BLOCK):
        # Parts that are counted from 0: with an index that is a sum, which might be negative, nothing is done side by
        # side.
        some = slice(first, min(first + BLOCK, len(result)))
        lines = start_year[some], end_year[some], drop_off[some], real_growth[some]
        _courses(lines, spans, discount, (total, begin, terms), result[some])


@_kernel
def _courses(
    lines: tuple[Ints, Ints, Floats, Floats],
    spans: Floats,
    discount: Floats,
    room: tuple[Floats, Ints, Ints],
    worth: Floats,
) -> None:
    """`closed_form._full_size` of up to `BLOCK` lines; `room` is for what it needs on the way."""
    start_year, end_year, drop_off, real_growth = lines
    total, begin, terms = room
    count, last_discount, none, one = len(worth), len(discount) - 1, np.int32(0), np.int32(1)
    start, end, differs = start_year[0], end_year[0], 0
    for lane in range(count):
        differs |= (start_year[lane] ^ start) | (end_year[lane] ^ end)
        worth[lane] = 1.0 if (start_year[lane] == 0) & (end_year[lane] >= 0) else 0.0
    for span in range(len(spans)):
        since, until = np.int32(spans[span, 0]), np.int32(spans[span, 1])
        per_year, changes_before = 1.0 / (1.0 + spans[span, 2]), True
        # How many doublings is a constant in each loop, so that it is written out, and eight lines are done at once.
        if differs == 0 and end <= FEW_YEARS:
            years = max(min(np.int32(end), until) - max(np.int32(start), since) + one, none)
            for lane in range(count):
                begin[lane] = max(np.int32(start), since)
                total[lane] = _doubled(
                    (1.0 - drop_off[lane]) * (1.0 + real_growth[lane]) * per_year, years, FEW_DOUBLINGS
                )
            starts_later = (max(np.int32(start), since) ^ np.int32(start)) | (max(np.int32(start), since) ^ one)
        else:
            longest, starts_later, changes_before = none, none, False
            for lane in range(count):
                begin[lane] = max(np.int32(start_year[lane]), since)
                terms[lane] = max(min(np.int32(end_year[lane]), until) - begin[lane] + one, none)
                longest = max(longest, terms[lane])
                later = (begin[lane] ^ np.int32(start_year[lane])) | (begin[lane] ^ one)
                later = later if terms[lane] > none else none
                starts_later |= later
                changes_before |= (later != none) & ((drop_off[lane] != 0.0) | (real_growth[lane] != 0.0))
            if longest <= FEW_YEARS:
                for lane in range(count):
                    total[lane] = _doubled(
                        (1.0 - drop_off[lane]) * (1.0 + real_growth[lane]) * per_year, terms[lane], FEW_DOUBLINGS
                    )
            else:
                for lane in range(count):
                    total[lane] = _doubled(
                        (1.0 - drop_off[lane]) * (1.0 + real_growth[lane]) * per_year, terms[lane], MOST_DOUBLINGS
                    )
        if starts_later == 0:
            factor = discount[min(1, last_discount)]
            for lane in range(count):
                worth[lane] += total[lane] * factor
        elif not changes_before:
            for lane in range(count):
                worth[lane] += total[lane] * discount[np.uint64(min(begin[lane], last_discount))]
        else:
            for lane in range(count):
                course = total[lane] * discount[min(begin[lane], last_discount)]
                if begin[lane] != start_year[lane]:
                    course *= _power_of(1.0 - drop_off[lane], begin[lane] - int(start_year[lane]))
                if begin[lane] > 1:
                    course *= _power_of(1.0 + real_growth[lane], begin[lane] - 1)
                worth[lane] += course


@_kernel
def object_values(  # noqa: PLR0915 - one pass over the lines
    first_line: Ints,
    amounts: tuple[Floats, Floats, Floats, Floats, Floats],
    courses: tuple[Ints, Ints, Floats, Floats],
    weights: tuple[Floats, Floats, Floats, Flags],
    rates: tuple[Floats, Floats, float, Floats, Floats, float, bool],
    with_take_up: tuple[Ints, Floats, Floats],
    sums: Floats,
    counts: Ints,
) -> None:
    """`object_lines._object_values`; the lines at `with_take_up[0]` take the factors that stand beside it."""
    quantity, unit_value, deadweight, displacement, attribution = amounts
    start_year, end_year, drop_off, real_growth = courses
    society, municipal, book, at_terminal = weights
    spans, discount, terminal, municipal_spans, municipal_discount, municipal_terminal, is_one_rate = rates
    take_up_at, take_up_society, take_up_municipal = with_take_up
    room = np.empty(BLOCK), np.empty(BLOCK, dtype=np.int32), np.empty(BLOCK, dtype=np.int32)
    worth, at_municipality = np.empty(BLOCK), np.empty(BLOCK)
    benefit, cost, cash, booked = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    tally = np.empty(BLOCK, dtype=np.int64)
    count, owner, following = len(quantity), 0, 0
    benefits, costs, own_cash, in_books, tallied = 0.0, 0.0, 0.0, 0.0, 0
    for first in range(0, count, BLOCK):
        some = slice(first, min(first + BLOCK, count))
        lanes = some.stop - first
        lines = start_year[some], end_year[some], drop_off[some], real_growth[some]
        _courses(lines, spans, discount, room, worth[:lanes])
        other = worth
        if not is_one_rate:
            _courses(lines, municipal_spans, municipal_discount, room, at_municipality[:lanes])
            other = at_municipality
        while following < len(take_up_at) and take_up_at[following] < some.stop:
            lane = take_up_at[following] - first
            worth[lane], other[lane] = take_up_society[following], take_up_municipal[following]
            following += 1
        pieces, prices, anyway = quantity[some], unit_value[some], deadweight[some]
        elsewhere, others = displacement[some], attribution[some]
        sides, is_cash, is_book, is_last = society[some], municipal[some], book[some], at_terminal[some]
        for lane in range(lanes):
            share = (1.0 - anyway[lane]) * (1.0 - elsewhere[lane]) * (1.0 - others[lane])
            amount = share * pieces[lane] * prices[lane]
            is_unpriced = math.isnan(amount)
            amount = 0.0 if is_unpriced else amount
            value = amount * (terminal if is_last[lane] else worth[lane]) * sides[lane]
            benefit[lane], cost[lane] = value if sides[lane] > 0 else 0.0, -value if sides[lane] < 0 else 0.0
            cash[lane] = amount * (municipal_terminal if is_last[lane] else other[lane]) * is_cash[lane]
            booked[lane] = amount * is_book[lane]
            tally[lane] = is_unpriced * UNPRICED + (sides[lane] != 0)  # two counts in one number: one sum for both
        lane = 0
        while lane < lanes:
            end = min(first_line[owner + 1] - first, lanes)
            soon = first + lane + BLOCK  # there are more columns than the processor sees coming by itself
            if soon < count:
                _fetch(quantity, soon)
                _fetch(unit_value, soon)
                _fetch(deadweight, soon)
                _fetch(displacement, soon)
                _fetch(attribution, soon)
                _fetch(drop_off, soon)
                _fetch(real_growth, soon)
                _fetch(municipal, soon)
            while lane < end:
                benefits += benefit[lane]
                costs += cost[lane]
                own_cash += cash[lane]
                in_books += booked[lane]
                tallied += tally[lane]
                lane += 1
            if first + lane == first_line[owner + 1]:
                sums[0, owner], sums[1, owner], sums[2, owner], sums[3, owner] = benefits, costs, own_cash, in_books
                counts[0, owner], counts[1, owner] = tallied // UNPRICED, tallied % UNPRICED
                benefits, costs, own_cash, in_books, tallied = 0.0, 0.0, 0.0, 0.0, 0
                owner += 1


@_kernel
def object_draws(
    inputs: tuple[Ints, Floats, Floats, Floats, Ints, Words64, Ints],
    places: tuple[Ints, Ints],
    weights: tuple[Floats, Floats],
    points: tuple[Ints, Floats],
    courses: tuple[Floats, Floats],
    bits: int,
    outcomes: tuple[Floats, Floats],
) -> None:
    """`object_draws.ObjectDraws._add` for every line of one object but those whose quantiles stand in a table."""
    shape, low, mode, high, number, key, shift = inputs
    shared_row, course = places
    own, shared = points
    count = len(outcomes[0])
    grain, half_grain = 0.5**bits, 0.5 ** (bits + 1)
    order, near, value = np.empty(BLOCK, dtype=np.int64), np.empty(BLOCK), np.empty(BLOCK)
    for first in range(0, count, BLOCK):
        some = slice(first, min(first + BLOCK, count))
        lanes = some.stop - first
        society, municipality = outcomes[0][some], outcomes[1][some]
        society[:], municipality[:] = 0.0, 0.0
        ordered_by, is_ordered = np.uint64(0), False
        for line in range(len(shape)):
            if shape[line] == BY_TABLE:
                continue
            if shape[line] == SURE:
                for lane in range(lanes):
                    value[lane] = low[line]
            elif shape[line] == SHARED:
                drawn = shared[shared_row[line]][some]
                for lane in range(lanes):
                    value[lane] = drawn[lane]
            else:
                if not is_ordered or key[line] != ordered_by:
                    _order(first, count, key[line], order[:lanes])
                    ordered_by, is_ordered = key[line], True
                row, added = own[number[line]], shift[line]
                for lane in range(lanes):
                    near[lane] = (row[order[lane]] ^ added) * grain + half_grain
                if shape[line] == TRIANGULAR:
                    triangular(near[:lanes], low[line], mode[line], high[line], value)
                else:
                    least, width = low[line], high[line] - low[line]
                    for lane in range(lanes):
                        value[lane] = least + width * near[lane]
            for view in range(2):
                weight, total = weights[view][line], society if view == 0 else municipality
                if weight == 0.0:
                    continue
                if courses[view].size == 0:
                    for lane in range(lanes):
                        total[lane] += weight * value[lane]
                else:
                    worth = courses[view][course[line]][some]
                    for lane in range(lanes):
                        total[lane] += weight * value[lane] * worth[lane]


@_kernel
def add_worth(weight: float, value: Floats, worth: Floats, total: Floats) -> None:
    """Add what each value is worth to the total."""
    for lane in range(len(total)):
        total[lane] += weight * value[lane] * worth[lane]


@_kernel
def drawn(points: Ints, inputs: tuple[Ints, Words64, Ints], bits: int, numbers: Floats) -> None:
    """`object_draws._to_unit` of the points of some inputs of an object, a row each, in the order of the object."""
    number, key, shift = inputs
    count, order = numbers.shape[1], np.empty(BLOCK, dtype=np.int64)
    grain, half_grain = 0.5**bits, 0.5 ** (bits + 1)
    for first in range(0, count, BLOCK):
        lanes = min(BLOCK, count - first)
        for line in range(len(number)):
            if line == 0 or key[line] != key[line - 1]:
                _order(first, count, key[line], order[:lanes])
            row, added, some = points[number[line]], shift[line], numbers[line, first : first + lanes]
            for lane in range(lanes):
                some[lane] = (row[order[lane]] ^ added) * grain + half_grain


@_kernel
def _order(first: int, count: int, key: np.uint64, order: Ints) -> None:
    """`object_draws._order` from the draw `first` on."""
    mask, bits = np.uint32(count - 1), 0
    while count - 1 >> bits:
        bits += 1
    half = np.uint32(max(bits + 1, 2) // 2)
    key_1, key_2 = np.uint32(key & LOW_BITS) & mask, np.uint32((key >> np.uint64(16)) & LOW_BITS) & mask
    key_3 = np.uint32((key >> np.uint64(32)) & LOW_BITS) & mask
    key_4 = np.uint32(key >> np.uint64(48)) & mask
    for lane in range(len(order)):
        at = np.uint32((np.uint32(first + lane) ^ key_1) * ODD_1) & mask
        at ^= at >> half
        at = np.uint32((at ^ key_2) * ODD_2) & mask
        at ^= at >> half
        at = np.uint32((at ^ key_3) * ODD_3) & mask
        at ^= at >> half
        at = np.uint32((at ^ key_4) * ODD_4) & mask
        at ^= at >> half
        order[lane] = at


@_kernel
def _doubled(ratio: float, terms: int | np.int32, doublings: int) -> float:
    """`closed_form.geometric_sum`."""
    total, by_total, doubled, power = 0.0, 1.0, 1.0, ratio
    for step in range(doublings):
        odd = (terms >> step) & 1
        total += by_total * doubled if odd else 0.0
        by_total *= power if odd else 1.0
        doubled *= 1.0 + power
        power *= power
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
def changes(codes: Ints, keys: Ints, places: Ints) -> int:
    """`arrays.changes`; says how many there are."""
    found = 0
    for at in range(1, len(codes)):
        places[found] = at  # the next one takes its place where nothing changes
        found += (codes[at] != codes[at - 1]) | (keys[at] != keys[at - 1])
    return found


@_kernel
def copied_within(values: Floats, least: float, most: float, may_be_empty: bool, copy: Floats) -> bool:  # noqa: FBT001
    """Copy them, and say whether all lie within bounds, or are NaN where they may be empty."""
    right = True
    for at in range(len(values)):
        value = values[at]
        copy[at] = value
        right &= (value >= least) & (value <= most) | (may_be_empty & math.isnan(value))
    return right


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
    to_range: tuple[float, float, float, float],
    values: Floats,
    near_end: Ints,
) -> int:
    """`distributions._from_table`, rounded to the grain; says which are too near an end for the table."""
    shift, first_cell, count_of_cells, nearest_in_table = cells
    scale, offset, low, grain_width = to_range
    constant, linear, square, cube = table[0], table[1], table[2], table[3]
    rest, rest_unit = (1 << shift) - 1, 0.5**shift
    near, found = np.empty(BLOCK), 0
    bits = near.view(np.int64)
    for first in range(0, len(values), BLOCK):
        count = min(BLOCK, len(values) - first)
        given, placed = probability[first : first + count], values[first : first + count]
        nearest = 1.0
        for lane in range(count):
            near[lane] = min(given[lane], 1.0 - given[lane])
            nearest = min(nearest, near[lane])
        for lane in range(count):
            half = count_of_cells if given[lane] >= 0.5 else 0
            cell = np.uint64(max((bits[lane] >> shift) - first_cell, 0) + half)  # no look whether it is negative
            part = (bits[lane] & rest) * rest_unit
            value = constant[cell] + part * (linear[cell] + part * (square[cell] + part * cube[cell]))
            placed[lane] = low + grain_width * np.rint(value * scale - offset)
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
