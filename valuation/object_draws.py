"""How sure the outcomes of very many objects are (METHOD §9), each valued at the same number of draws.

What a draw of an object is follows from the seed, the object's own number and the place of the line among its lines,
and from nothing else: the digits are the same however the objects are divided over parts, processes or machines. What
objects share (the discount rate, a reference price) has one draw for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import ModuleType

import numpy as np

from valuation.arrays import Flags, Floats, Ints, Words32, Words64, compiled
from valuation.distributions import Distribution
from valuation.effects import net_share, yearly_shape
from valuation.object_lines import CERTAIN, ObjectLines, Terms, factors, in_parts
from valuation.response import present_value_at
from valuation.uncertainty import BITS, QUANTILES, probability, sobol_points, summary

LEAST_DRAWS = 2**10
"""With fewer the draws of two objects may resemble each other."""
TOGETHER = 32
"""Inputs of one object that are points of one Sobol sequence; each further group is paired with it at random."""
VALUES_AT_A_TIME = 2**24
"""Discounted courses that are held at a time, in values: 128 MB."""
VALUES_OF_AN_OBJECT = 12
"""About how many values a draw of an object takes; whether that is worth the compiled kernels follows from it."""
SUMMARY = ("mean", *QUANTILES)
SURE, TRIANGULAR, UNIFORM, BY_TABLE, SHARED = range(5)
_SHAPES = {CERTAIN: SURE, "triangular": TRIANGULAR, "uniform": UNIFORM, "pert": BY_TABLE, "lognormal": BY_TABLE}
_DISCOUNT_RATE, _MUNICIPAL_RATE = 1, 2
"""Numbers of what is drawn once for all; reference prices have higher ones."""
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_ODD = tuple(np.uint32(odd) for odd in (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F))
"""Multipliers that spread a bit over the higher ones; four rounds, and the order of one object says nothing of that of
another, which a test holds."""
_OWN, _SHARED = np.uint64(2**32), np.uint64(2**33)


@dataclass(frozen=True)
class Certainty:
    """How sure the outcomes are; n objects.

    Parameters
    ----------
    social_value, municipality : dict of str to array of shape (n,)
        [EUR] `mean`, `p5`, `p10`, `p50`, `p90`, `p95`.
    probability_positive : array of shape (n,)
        Part of the draws with a social value above zero.
    probability_not_worse_off : array of shape (n,)
        Part of the draws in which the municipality's result, at a price of zero, is not below zero.
    """

    social_value: dict[str, Floats]
    municipality: dict[str, Floats]
    probability_positive: Floats
    probability_not_worse_off: Floats


@dataclass(frozen=True)
class ObjectDraws:
    """The draws that every object is valued at.

    Parameters
    ----------
    terms : Terms
    count : int
        Number of draws, a power of two.
    seed : int
    """

    terms: Terms
    count: int
    seed: int
    _courses: dict[tuple[object, ...], Floats] = field(default_factory=dict, repr=False)
    _prices: dict[int, Ints] = field(default_factory=dict, repr=False)
    _values: dict[tuple[int, Distribution], Floats] = field(default_factory=dict, repr=False)

    def outcomes(self, lines: ObjectLines) -> Iterator[tuple[Floats, Floats]]:
        """Social value and municipal result of each object in every draw, object by object.

        The arrays are used again for the next object: copy what has to stay.
        """
        for part in in_parts(lines, max(VALUES_AT_A_TIME // self.count, 1)):
            yield from self._outcomes(part)

    def certainty(self, lines: ObjectLines, group: Ints, totals: Floats) -> Certainty:
        """Figures of each object; the draws themselves are added up by group.

        Parameters
        ----------
        lines : ObjectLines
        group : array of shape (n,)
            Which of the totals each object belongs to.
        totals : array of shape (groups, 2, count)
            [EUR] Social value and municipal result of each group in every draw; the objects' are added to it.
        """
        social, municipal, chances = [], [], []
        for at, (society, municipality) in zip(group.tolist(), self.outcomes(lines), strict=True):
            totals[at, 0] += society
            totals[at, 1] += municipality
            social.append(summary(society))
            municipal.append(summary(municipality))
            chances.append((probability(society, above=True), probability(municipality, above=False)))
        positive, not_worse_off = np.array(chances).reshape(-1, 2).T
        return Certainty(_columns(social), _columns(municipal), positive, not_worse_off)

    def _outcomes(self, lines: ObjectLines) -> Iterator[tuple[Floats, Floats]]:
        inputs = self._inputs(lines)
        kernels = self._kernels
        columns = (inputs.shape, inputs.low, inputs.mode, inputs.high, inputs.number, inputs.key, inputs.shift)
        society, municipality = np.empty((2, self.count))
        for at in range(len(lines)):
            some = slice(int(lines.first[at]), int(lines.first[at + 1]))
            is_by_table = inputs.shape[some] == BY_TABLE
            by_table = some.start + np.flatnonzero(is_by_table)
            if kernels is None:
                society[:], municipality[:] = 0.0, 0.0
                for line in [*(some.start + np.flatnonzero(~is_by_table)).tolist(), *by_table.tolist()]:
                    self._add(inputs, line, self._value(inputs, line), society, municipality)
            else:
                kernels.object_draws(
                    tuple(column[some] for column in columns),
                    (inputs.shared_row[some], inputs.course[some]),
                    (inputs.society[some], inputs.municipal[some]),
                    (self._points, inputs.shared),
                    (inputs.society_courses, inputs.municipal_courses),
                    BITS,
                    (society, municipality),
                )
                for line, near in zip(by_table.tolist(), self._drawn(kernels, inputs, by_table), strict=True):
                    value = inputs.distributions[line].quantile(near, kernels)
                    self._add(inputs, line, value, society, municipality)
            yield society, municipality

    def _add(self, inputs: _Inputs, line: int, value: Floats | float, society: Floats, municipality: Floats) -> None:
        """Add one line of an object to its outcomes."""
        kernels = self._kernels
        for total, weight, courses in (
            (society, inputs.society[line], inputs.society_courses),
            (municipality, inputs.municipal[line], inputs.municipal_courses),
        ):
            if weight == 0.0:
                continue
            worth = courses[inputs.course[line]] if courses.size else None
            if kernels is None:
                np.add(total, weight * value * (1.0 if worth is None else worth), out=total)
            elif worth is None:
                kernels.add_product(weight, value, total)
            else:
                kernels.add_worth(weight, value, worth, total)

    def _value(self, inputs: _Inputs, line: int) -> Floats | float:
        """The unit value of one line in every draw, in the order of its object."""
        if inputs.shape[line] == SURE:
            return float(inputs.low[line])
        if inputs.shape[line] == SHARED:
            shared: Floats = inputs.shared[inputs.shared_row[line]]
            return shared
        points = self._points[inputs.number[line]][_order(self.count, inputs.key[line])]
        return inputs.distributions[line].quantile(_to_unit(points ^ inputs.shift[line]))

    def _drawn(self, kernels: ModuleType, inputs: _Inputs, some: Ints) -> Floats:
        """The draws of some lines as numbers between 0 and 1, a row each, in the order of their object."""
        drawn = np.empty((len(some), self.count))
        kernels.drawn(self._points, (inputs.number[some], inputs.key[some], inputs.shift[some]), BITS, drawn)
        return drawn

    def _inputs(self, lines: ObjectLines) -> _Inputs:
        """What is uncertain in these lines, and what a euro of it weighs in each outcome."""
        if lines.low is None or lines.high is None or lines.distribution is None or lines.price is None:
            raise ValueError("the lines were read without their ranges")
        amount = net_share(lines.deadweight, lines.displacement, lines.attribution) * lines.quantity
        priced = ~np.isnan(lines.unit_value)
        value = np.where(priced, lines.unit_value, 0.0)
        shapes = np.array([_SHAPES[name] for name in lines.distributions], dtype=np.int8)[lines.distribution]
        has_range = priced & (shapes != SURE)
        is_open = has_range & (lines.low < lines.high)
        fixed = np.where(has_range & (lines.low == lines.high), lines.low, value)
        low, high = np.where(is_open, lines.low, fixed), np.where(is_open, lines.high, fixed)
        is_shared = is_open & (lines.price > 0)
        number = _number_within(lines, is_open & ~is_shared)
        course, society_courses, municipal_courses = self._courses_of(lines)
        society, municipal = amount * lines.society, amount * lines.municipal
        if not society_courses.size:
            society *= factors(lines, self.terms.discount_rate, self.terms)
        if not municipal_courses.size:
            municipal *= factors(lines, self.terms.municipal_discount_rate, self.terms)
        identity = lines.identity[lines.owner]
        distributions = {
            line: Distribution(
                lines.distributions[lines.distribution[line]], float(low[line]), float(value[line]), float(high[line])
            )
            for line in np.flatnonzero(
                is_open if self._kernels is None else is_shared | (is_open & (shapes == BY_TABLE))
            ).tolist()
        }
        shared_row, shared = self._shared(lines.price, np.flatnonzero(is_shared), distributions)
        return _Inputs(
            shape=np.where(is_shared, SHARED, np.where(is_open, shapes, SURE)).astype(np.int8),
            low=low,
            mode=np.clip(value, low, high),
            high=high,
            number=number % TOGETHER,
            key=_mixed(identity, (number // TOGETHER).astype(np.uint64), self.seed),
            shift=_shift(_mixed(identity, number.astype(np.uint64) + _OWN, self.seed)),
            shared_row=shared_row,
            shared=shared,
            distributions=distributions,
            course=course,
            society=society,
            municipal=municipal,
            society_courses=society_courses,
            municipal_courses=municipal_courses,
        )

    @cached_property
    def _kernels(self) -> ModuleType | None:
        return compiled(self.count * VALUES_OF_AN_OBJECT)

    @cached_property
    def _points(self) -> Ints:
        return sobol_points(TOGETHER, self.count, self.seed).astype(np.int32)

    def _shared(self, price: Words64, at: Ints, distributions: dict[int, Distribution]) -> tuple[Ints, Floats]:
        """For each line which row of the shared values it takes, and these values: one row a price and range."""
        wanted = [(int(price[line]), distributions[line]) for line in at.tolist()]
        rows = {each: row for row, each in enumerate(dict.fromkeys(wanted))}
        values = np.empty((len(rows), self.count))
        for each, row in rows.items():
            if each not in self._values:
                while len(self._values) * self.count >= VALUES_AT_A_TIME:
                    self._values.pop(next(iter(self._values)))
                self._values[each] = each[1].quantile(_to_unit(self._of_all(each[0])))
            values[row] = self._values[each]
        row_of = np.full(len(price), -1, dtype=np.int32)
        row_of[at] = [rows[each] for each in wanted]
        return row_of, values

    def _of_all(self, key: int) -> Ints:
        """The draws of what all objects share, by its number."""
        if key not in self._prices:
            number = np.array([key], dtype=np.uint64)
            order = _order(self.count, _mixed(number, _SHARED, self.seed)[0])
            shift = _shift(_mixed(number, _SHARED + _OWN, self.seed))[0]
            self._prices[key] = self._points[0][order] ^ shift
        return self._prices[key]

    @cached_property
    def _rates(self) -> tuple[Floats | None, Floats | None]:
        """The draws of society's and the municipality's rate; None where it is certain."""
        terms = self.terms

        def draws(chosen: Distribution | None, key: int) -> Floats | None:
            return None if chosen is None else chosen.quantile(_to_unit(self._of_all(key)))

        society = draws(terms.discount_rate_range, _DISCOUNT_RATE)
        own = draws(terms.municipal_discount_rate_range, _MUNICIPAL_RATE)
        return society, society if terms.is_one_rate else own

    def _courses_of(self, lines: ObjectLines) -> tuple[Ints, Floats, Floats]:
        """For each line which course it runs, and what a euro of it is worth in each draw, where a rate is open."""
        none = np.empty((0, 0))
        if all(rate is None for rate in self._rates):
            return np.zeros(len(lines.quantity), dtype=np.int32), none, none
        take_up = np.zeros(len(lines.quantity), dtype=np.int8) if lines.take_up is None else lines.take_up
        table = np.rec.fromarrays(
            [lines.start_year, lines.end_year, lines.drop_off, lines.real_growth, take_up, lines.at_terminal]
        )
        different, course = np.unique(table, return_inverse=True)
        each = [(*row[:4], lines.take_ups[row[4]], row[5]) for row in different.tolist()]
        society, municipal = (
            none if rate is None else np.array([self._discounted(which, rate, *one) for one in each])
            for which, rate in enumerate(self._rates)
        )
        return course.astype(np.int32), society, society if self.terms.is_one_rate else municipal

    def _discounted(
        self,
        which: int,
        rate: Floats,
        start_year: int,
        end_year: int,
        drop_off: float,
        real_growth: float,
        take_up: tuple[float, ...],
        at_terminal: bool,  # noqa: FBT001 - a column of the line
    ) -> Floats:
        key = (which, start_year, end_year, drop_off, real_growth, take_up, at_terminal)
        if key not in self._courses:
            while len(self._courses) * self.count >= VALUES_AT_A_TIME:
                self._courses.pop(next(iter(self._courses)))
            horizon = self.terms.horizon_years
            if at_terminal:
                course, timing = np.append(np.zeros(horizon), 1.0), "end"
            else:
                timing = self.terms.timing
                course = yearly_shape(
                    start_year=np.array([start_year]),
                    end_year=np.array([end_year]),
                    drop_off=np.array([drop_off]),
                    real_growth=np.array([real_growth]),
                    take_up=[take_up],
                    horizon_years=horizon,
                )[0]
            self._courses[key] = present_value_at(rate, course, timing=timing)
        return self._courses[key]


@dataclass(frozen=True)
class _Inputs:
    """The lines of some objects as inputs of a simulation; every array has an entry a line.

    Parameters
    ----------
    shape : array of int
        `SURE`, `TRIANGULAR`, `UNIFORM`, `BY_TABLE` or `SHARED`.
    low, mode, high : array
        [EUR] Of the unit value; a sure one stands in all three.
    number, key, shift : array
        Which Sobol input a line is, in which order its object goes through the points, and what is added to them.
    shared_row : array of int
        Row of `shared` for a line that shares its draws; -1 for its own.
    shared : array of shape (rows, count)
        [EUR] Unit values in each draw, of what several lines share.
    distributions : dict
        The ranges that are drawn outside the kernels, by line.
    course : array of int
        Row of the courses.
    society, municipal : array
        What a euro of unit value weighs in the outcome, discounted unless the courses are.
    society_courses, municipal_courses : array of shape (courses, count)
        Empty where the rate is certain.
    """

    shape: Ints
    low: Floats
    mode: Floats
    high: Floats
    number: Ints
    key: Words64
    shift: Ints
    shared_row: Ints
    shared: Floats
    distributions: dict[int, Distribution]
    course: Ints
    society: Floats
    municipal: Floats
    society_courses: Floats
    municipal_courses: Floats


def _number_within(lines: ObjectLines, chosen: Flags) -> Ints:
    """For each chosen line how many chosen ones of the same object stand before it; 0 for the others."""
    before: Ints = np.cumsum(chosen) - chosen
    numbers: Ints = np.where(chosen, before - np.repeat(before[lines.first[:-1]], np.diff(lines.first)), 0)
    return numbers.astype(np.int32)


def _mixed(identity: Words64, number: Words64 | np.uint64, seed: int) -> Words64:
    """64 bits that follow from the object, the number and the seed, each bit from all of theirs (SplitMix64)."""
    with np.errstate(over="ignore"):
        bits = identity + _GOLDEN * (number + np.uint64(1))
        for value in (np.uint64(seed), np.uint64(0)):
            bits = bits + _GOLDEN * (value + np.uint64(1))
            bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            bits = bits ^ (bits >> np.uint64(31))
    return bits


def _shift(bits: Words64) -> Ints:
    return (bits >> np.uint64(64 - BITS)).astype(np.int32)


@lru_cache(maxsize=4)
def _order(count: int, key: np.uint64) -> Words32:
    """In which order an object goes through the points: every point once, another order for every key."""
    mask, half = np.uint32(count - 1), np.uint32(max((count - 1).bit_length() + 1, 2) // 2)
    bits, order = int(key), np.arange(count, dtype=np.uint32)
    for step, odd in enumerate(_ODD):
        order ^= np.uint32(bits >> 16 * step & 0xFFFFFFFF) & mask
        order *= odd
        order &= mask
        order ^= order >> half
    order.flags.writeable = False
    return order


def _to_unit(bits: Ints) -> Floats:
    """As numbers between 0 and 1: the middle of a cell, so never 0 or 1."""
    return bits.astype(np.float64) * 0.5**BITS + 0.5 ** (BITS + 1)


def _columns(rows: list[dict[str, float]]) -> dict[str, Floats]:
    return {name: np.array([row[name] for row in rows]) for name in SUMMARY}
