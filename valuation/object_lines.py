"""Objects by the million: the lines of very many objects as columns, and what each object is worth (METHOD §2, §4, §5).

A case knows words, warnings and a budget; this knows only the lines. It is the same sum over the same lines, for a
portfolio that does not fit in tables: what it gives for the lines of a case is what `appraise` gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np

from valuation.arrays import Flags, Floats, Ints, Words64, compiled, ratio, total_by
from valuation.closed_form import LINES_AT_A_TIME, discounted_course, spans_of
from valuation.discounting import Rate, discount_factors, terminal_factor
from valuation.distributions import Distribution
from valuation.effects import net_share

FULL = (1.0,)
"""The take-up of a line that is at full size from its first year."""
CERTAIN = ""
"""The distribution of a line without a range."""


@dataclass(frozen=True)
class Terms:
    """What all objects have in common.

    Parameters
    ----------
    horizon_years : int
        [year] T.
    timing : {"end", "mid", "start"}
    discount_rate, municipal_discount_rate : Rate
        [1/year] Real rates of society and of the municipality; higher makes later years worth less.
    discount_rate_range, municipal_discount_rate_range : Distribution | None
        How uncertain each is. Without a range of its own, a municipal rate that equals society's moves along with it.
    """

    horizon_years: int
    timing: str
    discount_rate: Rate
    municipal_discount_rate: Rate
    discount_rate_range: Distribution | None = None
    municipal_discount_rate_range: Distribution | None = None

    @property
    def is_one_rate(self) -> bool:
        """Whether one present value serves society and municipality."""
        same = self.municipal_discount_rate == self.discount_rate
        return same and self.municipal_discount_rate_range is None


@dataclass(frozen=True)
class ObjectLines:
    """The lines of so many whole objects; n objects, m lines, those of one object beside each other.

    Parameters
    ----------
    first : array of shape (n + 1,)
        Where each object's lines begin; every object has one line or more.
    identity : array of shape (n,)
        A number that belongs to the object, whatever stands beside it: its own draws follow from it.
    quantity, unit_value : array of shape (m,)
        The amount is their product. NaN unit values are p.m.: counted apart, not as 0.
    deadweight, displacement, attribution, drop_off, real_growth : array of shape (m,)
        [fraction] As in METHOD §2.
    start_year, end_year : array of shape (m,)
        [year] First and last year, 0 to T.
    society : array of shape (m,)
        +1 social benefit, -1 social cost, 0 neither.
    municipal : array of shape (m,)
        [fraction, signed] Part that is municipal cash.
    book : array of shape (m,)
        1 on the line that says what the object is worth in the books (undiscounted), else 0.
    at_terminal : array of shape (m,) of bool
        The amount stands at the end of year T, whatever the timing.
    take_up : array of shape (m,), or None
        Position in `take_ups`; None when every line is at full size throughout.
    take_ups : sequence of tuple
        [fraction] Part of the full size in the first, second, … year.
    low, high : array of shape (m,), or None
        [EUR] Range of the unit value; NaN without one. None when nobody asked for draws.
    distribution : array of shape (m,), or None
        Position in `distributions`.
    distributions : sequence of str
        Shapes, as in `valuation.distributions`; `CERTAIN` for none.
    price : array of shape (m,), or None
        Number of the reference price; lines with the same number, of whichever object, share one draw. 0 has its own.
    """

    first: Ints
    identity: Words64
    quantity: Floats
    unit_value: Floats
    deadweight: Floats
    displacement: Floats
    attribution: Floats
    drop_off: Floats
    real_growth: Floats
    start_year: Ints
    end_year: Ints
    society: Floats
    municipal: Floats
    book: Floats
    at_terminal: Flags
    take_up: Ints | None = None
    take_ups: Sequence[tuple[float, ...]] = (FULL,)
    low: Floats | None = None
    high: Floats | None = None
    distribution: Ints | None = None
    distributions: Sequence[str] = (CERTAIN,)
    price: Words64 | None = None

    def __len__(self) -> int:
        return len(self.first) - 1

    @property
    def owner(self) -> Ints:
        """Position of each line's object."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.first))

    def some(self, begin: int, end: int) -> ObjectLines:
        """The objects from `begin` up to `end`."""
        lines = slice(int(self.first[begin]), int(self.first[end]))
        columns = {
            field.name: getattr(self, field.name)[lines]
            for field in fields(self)
            if field.name not in _OF_OBJECTS and isinstance(getattr(self, field.name), np.ndarray)
        }
        return replace(
            self, first=self.first[begin : end + 1] - lines.start, identity=self.identity[begin:end], **columns
        )


_OF_OBJECTS = ("first", "identity")


@dataclass(frozen=True)
class ObjectValues:
    """What each object is worth in the three views; every array has shape (n,).

    Parameters
    ----------
    benefits, costs : array
        [EUR] Present values to society; a line is on the side that it was given, also when its amount is negative.
    municipality : array
        [EUR] Municipal cash at its own rate, price left out.
    book : array
        [EUR] Book value.
    unpriced : array of int
        Lines that nobody can price (p.m.).
    social_lines : array of int
        Lines that count for society; without one nobody says what happens, and there is no social value.
    """

    benefits: Floats
    costs: Floats
    municipality: Floats
    book: Floats
    unpriced: Ints
    social_lines: Ints

    @property
    def social_value(self) -> Floats:
        """[EUR] Benefits less costs; NaN for an object without social lines."""
        return np.where(self.social_lines > 0, self.benefits - self.costs, np.nan)

    @property
    def benefit_cost_ratio(self) -> Floats:
        """Benefits per euro of costs; NaN without costs."""
        return ratio(self.benefits, self.costs)


def object_values(lines: ObjectLines, terms: Terms) -> ObjectValues:
    """What each object is worth.

    Parameters
    ----------
    lines : ObjectLines
    terms : Terms

    Notes
    -----
    An object's figures depend on its own lines only, to the last digit: it makes no difference beside which others it
    is valued, nor whether the kernels do it.
    """
    kernels = compiled(len(lines.quantity))
    if kernels is None:
        return _together([_object_values(some, terms) for some in in_parts(lines, LINES_AT_A_TIME)])
    society = _spans_and_factors(terms.discount_rate, terms)
    municipal = society if terms.is_one_rate else _spans_and_factors(terms.municipal_discount_rate, terms)
    sums, counts = np.empty((4, len(lines))), np.empty((2, len(lines)), dtype=np.int64)
    kernels.object_values(
        lines.first,
        (lines.quantity, lines.unit_value, lines.deadweight, lines.displacement, lines.attribution),
        (lines.start_year, lines.end_year, lines.drop_off, lines.real_growth),
        (lines.society, lines.municipal, lines.book, lines.at_terminal),
        (*society, *municipal, terms.is_one_rate),
        _with_take_up(lines, terms),
        sums,
        counts,
    )
    return ObjectValues(*sums, *counts)


def in_parts(lines: ObjectLines, most_lines: int) -> Iterator[ObjectLines]:
    """Whole objects, of about so many lines together; an object with more is a part of its own."""
    begin = 0
    while begin < len(lines):
        end = int(np.searchsorted(lines.first, lines.first[begin] + most_lines, side="right")) - 1
        end = max(end, begin + 1)
        yield lines.some(begin, end)
        begin = end


def _together(parts: list[ObjectValues]) -> ObjectValues:
    return ObjectValues(
        *(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(ObjectValues))
    )


@lru_cache(maxsize=16)
def _spans_and_factors(rate: Rate, terms: Terms) -> tuple[Floats, Floats, float]:
    """A rate as the kernels take it: its steps, the factor of each year, and that of the end of the last."""
    spans = np.array(list(spans_of(rate, terms.horizon_years)), dtype=np.float64).reshape(-1, 3)
    yearly = discount_factors(rate, terms.horizon_years, terms.timing)
    return spans, yearly, terminal_factor(rate, terms.horizon_years)


def _with_take_up(lines: ObjectLines, terms: Terms) -> tuple[Ints, Floats, Floats]:
    """The lines that are not at full size from their first year on: where they stand, and their factors."""
    if lines.take_up is None:
        return np.empty(0, dtype=np.int64), np.empty(0), np.empty(0)
    at = np.flatnonzero(lines.take_up != lines.take_ups.index(FULL))
    society = factors(lines, terms.discount_rate, terms, at)
    municipal = society if terms.is_one_rate else factors(lines, terms.municipal_discount_rate, terms, at)
    return at, society, municipal


def _object_values(lines: ObjectLines, terms: Terms) -> ObjectValues:
    """The same by NumPy, the reference."""
    owner, count = lines.owner, len(lines)
    amount = net_share(lines.deadweight, lines.displacement, lines.attribution)
    amount *= lines.quantity
    amount *= lines.unit_value
    unpriced = np.isnan(amount)
    amount[unpriced] = 0.0
    society_factor = factors(lines, terms.discount_rate, terms)
    municipal_factor = society_factor if terms.is_one_rate else factors(lines, terms.municipal_discount_rate, terms)
    value = amount * society_factor
    value *= lines.society
    return ObjectValues(
        benefits=total_by(owner, np.where(lines.society > 0, value, 0.0), count),
        costs=total_by(owner, np.where(lines.society < 0, -value, 0.0), count),
        municipality=total_by(owner, amount * municipal_factor * lines.municipal, count),
        book=total_by(owner, amount * lines.book, count),
        unpriced=total_by(owner, unpriced.astype(np.float64), count).astype(np.int64),
        social_lines=total_by(owner, (lines.society != 0).astype(np.float64), count).astype(np.int64),
    )


def factors(lines: ObjectLines, rate: Rate, terms: Terms, at: Ints | None = None) -> Floats:
    """[EUR per EUR] Present value of each line, or of the lines at these places, per euro of its amount."""
    some: slice | Ints = slice(None) if at is None else at
    steps = () if lines.take_up is None else [lines.take_ups[code] for code in lines.take_up[some].tolist()]
    yearly = discounted_course(
        start_year=lines.start_year[some],
        end_year=lines.end_year[some],
        drop_off=lines.drop_off[some],
        real_growth=lines.real_growth[some],
        take_up=steps,
        rate=rate,
        horizon_years=terms.horizon_years,
        timing=terms.timing,
    )
    return np.where(lines.at_terminal[some], terminal_factor(rate, terms.horizon_years), yearly)
