"""How the outcomes respond to the inputs: the lines once more, with the uncertain figures left open.

A line's present value is linear in its unit value, so a case is compiled once into coefficients, and any number of
draws, swings or grid points is then a few multiplications and additions, always in the same order: the digits do not
depend on the machine or on how the work is divided. An uncertain discount rate is worked out per course of years, an
uncertain horizon per distinct number of years.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import Protocol

import numpy as np
import pandas as pd

from valuation.arrays import Flags, Floats, Ints, compiled, figures, words
from valuation.case import ASSUMPTIONS, EFFECTS, TASKS, Case, Column
from valuation.distributions import Distribution
from valuation.lines import Activity, Lines, activity, compile_lines, unit_prices
from valuation.price import ceiling_price, council_rule, financing_room

PRICED = {"tasks": "institutional_unit_cost_eur", "effects": "unit_value_eur"}
"""The column of each table whose range `low` and `high` give."""
NAMES = {"tasks": "task", "effects": "effect"}
SHARES = {
    "tasks": ("substitution_share", "deadweight"),
    "effects": ("deadweight", "displacement", "attribution"),
}
"""Columns that scale a line too: in proportion to the share, or to what the share leaves over."""
IN_PROPORTION = frozenset({*PRICED.values(), "substitution_share"})
SCALED_BY = {"official_hourly_rate": "facilitation", "volunteer_hour_value": "volunteer_hours"}
"""Assumptions that are the unit value of one kind of line."""

ASSET_OUTCOMES = (
    "social_value_eur",
    "municipality_npv_at_zero_price_eur",
    "municipality_result_eur",
    "reservation_price_eur",
    "ceiling_price_eur",
    "zone_eur",
    "social_price_eur",
)
"""What can be asked of an object. `municipality_result_eur` is the municipality's present value with the proposed
price received: not negative means no worse off than when it keeps the object."""
INITIATIVE_OUTCOMES = ("npv_society_eur", "npv_municipality_eur")


@dataclass(frozen=True)
class Quantity:
    """One figure of the case that is left open.

    Parameters
    ----------
    table, column : str
        Code names of where it stands; for an assumption the column is its key.
    rows : tuple of int
        Sheet rows that hold it; empty for an assumption.
    distribution : Distribution
        Its central value and its range, in the unit of the figure.
    follows : str | None
        Another assumption that takes the same value: the municipality's rate, where it equals the discount rate and
        has no range of its own.
    """

    table: str
    column: str
    rows: tuple[int, ...]
    distribution: Distribution
    follows: str | None = None

    @property
    def declared(self) -> Column:
        """The declaration of its column, with the bounds that its value may take."""
        return {"assumptions": ASSUMPTIONS, "tasks": TASKS, "effects": EFFECTS}[self.table].column(self.column)

    @property
    def scales_in_proportion(self) -> bool:
        """Whether its lines are proportional to it, or to one minus it."""
        return self.column in IN_PROPORTION or self.column in SCALED_BY

    def put_into(self, case: Case, value: float) -> Case:
        """The case with this value in the cells of the figure."""
        if self.table == "assumptions":
            changed: float = round(value) if self.declared.kind == "integer" else value
            return case.with_assumptions(**dict.fromkeys(filter(None, (self.column, self.follows)), changed))
        table: pd.DataFrame = getattr(case, self.table)
        column = table[self.column].where(~table.index.isin(self.rows), value)
        return replace(case, **{self.table: table.assign(**{self.column: column})})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Input:
    """What is uncertain as one thing: a single draw decides it.

    Parameters
    ----------
    key : str
        `price:<code>`, `<table>:<row>:<column>` or `assumptions:<key>`.
    label : str
        The user's own names of the lines, or the assumption's key.
    source_id : str | None
        Source of the reference price, for inputs that share one.
    quantities : tuple of Quantity
        Nearly always one. Lines with the same price code share one draw; where they state different ranges each line
        takes its own value at that draw.
    """

    key: str
    label: str
    source_id: str | None
    quantities: tuple[Quantity, ...]


def uncertain_inputs(case: Case) -> tuple[Input, ...]:
    """Everything in the case that has a low and a high: assumptions, tasks, effects, in the order of the sheets.

    A line without low and high is certain, even when the reference price that it takes has a range; a line that
    nobody can price stays p.m.
    """
    lines = [*_priced_lines(case, "tasks"), *_priced_lines(case, "effects")]
    return (*_assumption_inputs(case), *_gathered(case, lines))


def share_inputs(case: Case, tables: Sequence[str] = ("tasks", "effects")) -> tuple[Input, ...]:
    """The shares of every task and effect (0 to 1) as inputs, for questions such as "what if less is truly replaced".

    They have no distribution of their own, so they are no part of a simulation.
    """
    inputs = []
    for table in tables:
        rows: pd.DataFrame = getattr(case, table)
        for column in SHARES[table]:
            for row, label, value in zip(rows.index, rows[NAMES[table]], figures(rows, column), strict=True):
                quantity = Quantity(table, column, (int(row),), Distribution("uniform", 0.0, float(value), 1.0))
                inputs.append(Input(f"{table}:{row}:{column}", str(label), None, (quantity,)))
    return tuple(inputs)


def _assumption_inputs(case: Case) -> Iterator[Input]:
    table = case.assumption_ranges
    ranges = zip(
        figures(table, "low").tolist(), figures(table, "high").tolist(), words(table, "distribution"), strict=True
    )
    range_of = dict(zip(table.index, ranges, strict=True))
    for column in ASSUMPTIONS.columns:
        if column.key in range_of:
            low, high, shape = range_of[column.key]
            distribution = Distribution(str(shape), low, float(getattr(case.assumptions, column.key)), high)
            quantity = Quantity("assumptions", column.key, (), distribution, _follower(case, column.key))
            yield Input(f"assumptions:{column.key}", column.key, None, (quantity,))


def _follower(case: Case, key: str) -> str | None:
    """The municipality's rate is by default the discount rate: it follows where it is equal and has no own range."""
    other = "municipal_discount_rate"
    same = case.assumptions.municipal_discount_rate == case.assumptions.discount_rate
    return other if key == "discount_rate" and same and other not in case.assumption_ranges.index else None


@dataclass(frozen=True)
class _PricedLine:
    table: str
    row: int
    label: str
    price_key: str | None
    distribution: Distribution


def _priced_lines(case: Case, table: str) -> Iterator[_PricedLine]:
    rows: pd.DataFrame = getattr(case, table)
    central = unit_prices(case, rows, PRICED[table])
    low, high = figures(rows, "low"), figures(rows, "high")
    row_of, shape = rows.index.to_numpy(np.int64), words(rows, "distribution")
    label, price_key = words(rows, NAMES[table]), words(rows, "price_key")
    for at in np.flatnonzero(~np.isnan(low + central + high)):
        distribution = Distribution(str(shape[at]), float(low[at]), float(central[at]), float(high[at]))
        yield _PricedLine(table, int(row_of[at]), str(label[at]), price_key[at], distribution)


def _gathered(case: Case, lines: Iterable[_PricedLine]) -> Iterator[Input]:
    """Lines with the same price code become one input, with a quantity per table and distribution."""
    groups: dict[str, list[_PricedLine]] = {}
    for line in lines:
        own = f"{line.table}:{line.row}:{PRICED[line.table]}"
        groups.setdefault(own if line.price_key is None else f"price:{line.price_key}", []).append(line)
    for key, group in groups.items():
        rows: dict[tuple[str, Distribution], list[int]] = {}
        for line in group:
            rows.setdefault((line.table, line.distribution), []).append(line.row)
        quantities = tuple(
            Quantity(table, PRICED[table], tuple(at), distribution) for (table, distribution), at in rows.items()
        )
        yield Input(key, ", ".join(dict.fromkeys(line.label for line in group)), _source(case, group[0]), quantities)


def _source(case: Case, line: _PricedLine) -> str | None:
    if line.price_key is None:
        return None
    return case.reference.price(line.price_key, case.assumptions.price_year).source_id


class Points(Protocol):
    """The value of each quantity at each of n points: a matrix of shape (quantities, n), or drawn when asked for."""

    def __getitem__(self, quantity: int, /) -> Floats: ...


@dataclass(frozen=True)
class _Terms:
    """A sum over lines, by owner: coefficient x open factors x discounted course, one entry a term.

    Parameters
    ----------
    first : array of shape (n_owners + 1,)
        Where each owner's terms begin.
    coefficient : array
        [EUR] Present value with every open factor at 1; [EUR per year] where the course is open.
    factors : list of tuple of int
        Quantities that the term is multiplied by.
    course : array of int
        Row of `courses`; -1 where the coefficient is a present value already.
    """

    first: Ints
    coefficient: Floats
    factors: list[tuple[int, ...]]
    course: Ints


@dataclass(frozen=True)
class _Compiled:
    """The terms of a case at one horizon."""

    terms: dict[str, _Terms]
    courses: Floats
    at_terminal: Flags


@dataclass
class Model:
    """A case with its inputs left open.

    Parameters
    ----------
    case : Case
    inputs : tuple of Input
    quantities : tuple of Quantity
        Those of all inputs in order; the rows of `Points`.
    """

    case: Case
    inputs: tuple[Input, ...]
    quantities: tuple[Quantity, ...]
    links: Activity
    _compiled: dict[int, _Compiled] = field(default_factory=dict, repr=False)
    _known: dict[int, tuple[Floats, dict[tuple[int, int], Floats]]] = field(default_factory=dict, repr=False)

    @cached_property
    def _room(self) -> Floats:
        return financing_room(self.case, self.links)

    def central(self, points: int = 1) -> Floats:
        """Every quantity at its central value; shape (quantities, points)."""
        values = np.array([quantity.distribution.central for quantity in self.quantities])
        return np.tile(values[:, None], (1, points))

    def rows_of(self, chosen: Input) -> range:
        """Rows of `Points` that belong to an input."""
        return self._rows[chosen.key]

    @cached_property
    def _rows(self) -> dict[str, range]:
        ends = accumulate(len(chosen.quantities) for chosen in self.inputs)
        return {
            chosen.key: range(end - len(chosen.quantities), end) for chosen, end in zip(self.inputs, ends, strict=True)
        }

    @cached_property
    def input_of_row(self) -> list[int]:
        """For each row of `Points` the number of the input that it belongs to."""
        return [number for number, chosen in enumerate(self.inputs) for _ in chosen.quantities]

    def input(self, key: str) -> Input:
        """The input with this key; a `KeyError` for an unknown one."""
        return {chosen.key: chosen for chosen in self.inputs}[key]

    def touches(self, outcome: str, owner_id: str) -> list[Input]:
        """The inputs that can move this outcome of this owner, in order; none where the outcome is undefined."""
        at = self.position(outcome, owner_id)
        if np.isnan(self.outcome(outcome, at, self.central())).any():
            return []
        views = _VIEWS[outcome]
        open_rows = {
            row
            for view in views
            for compiled in [self._at_horizon(self.case.assumptions.horizon_years)]
            for term in range(*compiled.terms[view].first[at : at + 2])
            for row in compiled.terms[view].factors[term]
        }
        assumptions = {
            "social_value_share": outcome == "social_price_eur",
            "price_floor": outcome == "social_price_eur",
            "transfer_tax_rate": outcome in ("ceiling_price_eur", "zone_eur"),
            "discount_rate": any(view.startswith("society") for view in views),
            "municipal_discount_rate": any(view.startswith("municipal") for view in views),
            "horizon_years": bool(views),
        }
        for row, quantity in enumerate(self.quantities):
            if any(assumptions.get(key or "", False) for key in (quantity.column, quantity.follows)):
                open_rows.add(row)
        return [chosen for chosen in self.inputs if open_rows & set(self.rows_of(chosen))]

    def position(self, outcome: str, owner_id: str) -> int:
        """Position of an object or an initiative in its table; which of both follows from the outcome."""
        of_asset = outcome in ASSET_OUTCOMES
        owners = self.case.assets["asset_id"] if of_asset else self.case.initiatives["initiative_id"]
        return int(pd.Index(owners).get_loc(owner_id))

    def outcome(self, name: str, owner: int, points: Points) -> Floats:
        """One outcome of one owner at every point.

        Parameters
        ----------
        name : str
            One of `ASSET_OUTCOMES` or `INITIATIVE_OUTCOMES`, defined as in the appraisal.
        owner : int
            Position of the object or the initiative.
        points : Points
            A value per quantity and point, such as `central()` with some rows changed.

        Returns
        -------
        array of shape (n,)
            [EUR] NaN where the outcome is not defined.
        """
        if name in INITIATIVE_OUTCOMES:
            return self._sum(_VIEWS[name][0], owner, points)
        if name in _OF_THE_INITIATIVES and not self.links.has_initiative[owner]:
            return np.full(self._count(points), np.nan)
        return {
            "social_value_eur": self._social_value,
            "municipality_npv_at_zero_price_eur": self._at_zero_price,
            "municipality_result_eur": self._municipality_result,
            "reservation_price_eur": lambda *at: -self._at_zero_price(*at),
            "ceiling_price_eur": self._ceiling,
            "zone_eur": lambda *at: self._ceiling(*at) + self._at_zero_price(*at),
            "social_price_eur": self._social_price,
        }[name](owner, points)

    def _count(self, points: Points) -> int:
        return len(points[0]) if self.quantities else 1

    def _social_value(self, owner: int, points: Points) -> Floats:
        return self._sum("society_asset", owner, points)

    def _at_zero_price(self, owner: int, points: Points) -> Floats:
        return self._sum("municipal_asset", owner, points)

    def _municipality_result(self, owner: int, points: Points) -> Floats:
        return self._at_zero_price(owner, points) + float(figures(self.case.assets, "proposed_price_eur")[owner])

    def _assumption(self, key: str, points: Points) -> Floats | float:
        row = self._row_of_assumption(key)
        return float(getattr(self.case.assumptions, key)) if row is None else points[row]

    def _row_of_assumption(self, key: str) -> int | None:
        for row, quantity in enumerate(self.quantities):
            if quantity.table == "assumptions" and key in (quantity.column, quantity.follows):
                return row
        return None

    def _ceiling(self, owner: int, points: Points) -> Floats:
        tax = np.asarray(self._assumption("transfer_tax_rate", points))
        one = replace(self.case, assets=self.case.assets.iloc[[owner]]).with_assumptions(transfer_tax_rate=tax)
        return np.broadcast_to(ceiling_price(one, self._room[[owner]]), (self._count(points),))

    def _social_price(self, owner: int, points: Points) -> Floats:
        market = figures(self.case.assets, "market_value_eur")[[owner]]
        share, floor = self._assumption("social_value_share", points), self._assumption("price_floor", points)
        social_value = self._social_value(owner, points)
        price, _ = council_rule(market, social_value, share=share, floor=floor)  # type: ignore[arg-type]
        return price

    def _sum(self, view: str, owner: int, points: Points) -> Floats:
        """The sum of one owner's terms; each distinct horizon with the lines of that horizon."""
        row = self._row_of_assumption("horizon_years")
        if row is None:
            return self._at_one_horizon(self.case.assumptions.horizon_years, view, owner, points, self._count(points))
        horizons = np.rint(points[row]).astype(np.int64)
        total = np.empty(len(horizons))
        for horizon in np.unique(horizons):
            at = np.flatnonzero(horizons == horizon)
            some = _Chosen(points, at)
            total[at] = self._at_one_horizon(int(horizon), view, owner, some, len(at))
        return total

    def _at_one_horizon(self, horizon: int, view: str, owner: int, points: Points, count: int) -> Floats:
        compiled = self._at_horizon(horizon)
        terms = compiled.terms[view]
        rate_row = self._row_of_assumption(_RATES[view.partition("_")[0]])
        total, by_course = np.full(count, 0.0), np.full(count, 0.0)  # reused memory, which `zeros` is not
        last = terms.first[owner + 1]
        for term in range(terms.first[owner], last):
            factors = [self._factor(factor, points) for factor in terms.factors[term]]
            course = int(terms.course[term])
            if course < 0 or rate_row is None:
                _add_product(total, float(terms.coefficient[term]), factors)
                continue
            _add_product(by_course, float(terms.coefficient[term]), factors)
            if term + 1 == last or terms.course[term + 1] != course:
                by_course *= self._discounted(horizon, course, rate_row, points[rate_row])
                total += by_course
                by_course[:] = 0.0
        return total

    def _discounted(self, horizon: int, course: int, rate_row: int, rate: Floats) -> Floats:
        """Present value of a course at many rates; kept as long as the same draws of the rate are asked for."""
        known_rate, known = self._known.get(rate_row, (None, {}))
        if known_rate is not rate or len(known) * len(rate) > KEPT_VALUES:
            known = {}
            self._known[rate_row] = rate, known
        if (horizon, course) not in known:
            compiled = self._at_horizon(horizon)
            timing = "end" if compiled.at_terminal[course] else self.case.assumptions.timing
            known[horizon, course] = present_value_at(rate, compiled.courses[course], timing=timing)
        return known[horizon, course]

    def _factor(self, quantity: int, points: Points) -> Floats:
        value = points[quantity]
        return value if self.quantities[quantity].scales_in_proportion else 1.0 - value

    def _at_horizon(self, horizon: int) -> _Compiled:
        if horizon not in self._compiled:
            case = _neutral(self.case, self.quantities).with_assumptions(horizon_years=horizon)
            self._compiled[horizon] = _compile(
                case,
                compile_lines(case, activity(case)),
                self.quantities,
                {view: self._row_of_assumption(key) is not None for view, key in _RATES.items()},
            )
        return self._compiled[horizon]


def _add_product(total: Floats, coefficient: float, factors: Sequence[Floats]) -> None:
    """Add coefficient x factors to the total."""
    kernels = compiled(len(total)) if len(factors) == 1 else None
    if kernels is not None:
        kernels.add_product(coefficient, factors[0], total)
        return
    product: Floats | float = coefficient
    for factor in factors:
        product = product * factor
    total += product


RATES_AT_A_TIME = 8_192
"""What fits the processor's cache together with its intermediate results."""
KEPT_VALUES = 2**23
"""Discounted courses that are kept, in values: 64 MB."""
_OF_THE_INITIATIVES = ("social_value_eur", "ceiling_price_eur", "zone_eur", "social_price_eur")
_RATES = {"society": "discount_rate", "municipal": "municipal_discount_rate"}
_VIEWS = {
    "social_value_eur": ("society_asset",),
    "social_price_eur": ("society_asset",),
    "ceiling_price_eur": (),
    "zone_eur": ("municipal_asset",),
    "municipality_npv_at_zero_price_eur": ("municipal_asset",),
    "municipality_result_eur": ("municipal_asset",),
    "reservation_price_eur": ("municipal_asset",),
    "npv_society_eur": ("society_initiative",),
    "npv_municipality_eur": ("municipal_initiative",),
}


@dataclass(frozen=True)
class _Chosen:
    """Some of the points."""

    points: Points
    at: Ints

    def __getitem__(self, quantity: int, /) -> Floats:
        return self.points[quantity][self.at]


def response_model(case: Case, inputs: Sequence[Input] | None = None) -> Model:
    """The case with its inputs left open.

    Parameters
    ----------
    case : Case
    inputs : sequence of Input, optional
        By default `uncertain_inputs(case)`.
    """
    chosen = uncertain_inputs(case) if inputs is None else tuple(inputs)
    links = activity(case)
    quantities = tuple(quantity for each in chosen for quantity in each.quantities)
    return Model(case, chosen, quantities, links)


def present_value_at(rate: Floats, course: Floats, *, timing: str) -> Floats:
    """Present value of one course of years at many rates.

    Parameters
    ----------
    rate : array of shape (n,)
        [1/year]
    course : array of shape (T + 1,)
        [EUR per year] Years 0..T.
    timing : {"end", "mid", "start"}
        As in `discount_factors`, to which this is equal.

    Returns
    -------
    array of shape (n,)
        By Horner's rule: the years are folded in from the last to the first, with + and × only.
    """
    years = np.flatnonzero(course[1:]) + 1
    if len(years) == 0:
        return np.full_like(rate, course[0])
    kernels = compiled(len(rate)) if timing == "end" else None
    if kernels is not None:
        value = np.empty(len(rate))
        kernels.present_value_at(rate, course, int(years[-1]), value)
        value += course[0]
        return value
    if len(rate) > RATES_AT_A_TIME:
        starts = range(0, len(rate), RATES_AT_A_TIME)
        parts = [present_value_at(rate[at : at + RATES_AT_A_TIME], course, timing=timing) for at in starts]
        return np.concatenate(parts)
    growth = 1.0 + rate
    factor = 1.0 / growth
    last = int(years[-1])
    value = course[last] * factor
    for year in range(last - 1, 0, -1):
        value += course[year]
        value *= factor
    if timing != "end":
        value *= np.sqrt(growth) if timing == "mid" else growth
    present_value: Floats = course[0] + value
    return present_value


def _neutral(case: Case, quantities: Sequence[Quantity]) -> Case:
    """The case with every open factor at 1, so that a line's amount is its coefficient."""
    cells: dict[tuple[str, str], list[int]] = {}
    for quantity in quantities:
        if quantity.table != "assumptions":
            cells.setdefault((quantity.table, quantity.column), []).extend(quantity.rows)
        elif quantity.column in SCALED_BY:
            case = quantity.put_into(case, 1.0)
    for (table, column), rows in cells.items():
        neutral = 1.0 if column in IN_PROPORTION else 0.0
        case = Quantity(table, column, tuple(rows), Distribution("uniform", neutral, neutral, neutral)).put_into(
            case, neutral
        )
    return case


def _compile(case: Case, lines: Lines, quantities: Sequence[Quantity], open_rate: dict[str, bool]) -> _Compiled:
    factors = _factors_by_line(lines, quantities)
    combinations = {combination: code for code, combination in enumerate(dict.fromkeys(factors))}
    codes = np.array([combinations[combination] for combination in factors], dtype=np.int64)
    courses, course_of_line, at_terminal = _courses(lines, any(open_rate.values()))
    weights = {"society": lines.society * lines.direction, "municipal": lines.municipal}
    discounted = {"society": lines.society_factor, "municipal": lines.municipal_factor}
    owners = {"asset": (lines.asset, len(case.assets)), "initiative": (lines.initiative, len(case.initiatives))}
    terms = {
        f"{view}_{owner}": _terms(
            owner=codes_of_owner,
            count=count,
            combination=codes,
            combinations=list(combinations),
            amount=lines.counted * weights[view] * (1.0 if open_rate[view] else discounted[view]),
            course=course_of_line if open_rate[view] else np.full(len(lines), -1),
        )
        for view in weights
        for owner, (codes_of_owner, count) in owners.items()
    }
    return _Compiled(terms, courses, at_terminal)


def _factors_by_line(lines: Lines, quantities: Sequence[Quantity]) -> list[tuple[int, ...]]:
    """The quantities that each line's amount is multiplied by."""
    of_kind: dict[str, list[int]] = {}
    of_cell: dict[tuple[str, int], list[int]] = {}
    for line, (kind, table, row) in enumerate(zip(lines.kind, lines.table, lines.row.tolist(), strict=True)):
        of_kind.setdefault(kind, []).append(line)
        of_cell.setdefault((table, row), []).append(line)
    factors: list[tuple[int, ...]] = [()] * len(lines)
    for number, quantity in enumerate(quantities):
        if quantity.table == "assumptions":
            touched = of_kind.get(SCALED_BY.get(quantity.column, ""), [])
        else:
            touched = [line for row in quantity.rows for line in of_cell.get((quantity.table, row), [])]
        for line in touched:
            factors[line] = (*factors[line], number)
    return factors


def _courses(lines: Lines, is_needed: bool) -> tuple[Floats, Ints, Flags]:  # noqa: FBT001 - an early way out
    """The distinct courses of years, with for each line which one it has, and which of them end at the terminal."""
    if not is_needed:
        return np.zeros((0, 0)), np.full(len(lines), -1), np.zeros(0, dtype=bool)
    marked = np.column_stack([lines.at_terminal, lines.shape])
    distinct, course = np.unique(marked, axis=0, return_inverse=True)
    return np.ascontiguousarray(distinct[:, 1:]), course.ravel().astype(np.int64), distinct[:, 0] == 1.0


def _terms(
    *, owner: Ints, count: int, combination: Ints, combinations: list[tuple[int, ...]], amount: Floats, course: Ints
) -> _Terms:
    """Lines of one owner with the same factors and the same course are one term."""
    belongs = np.flatnonzero((owner >= 0) & (amount != 0.0))
    courses = int(course.max(initial=-1)) + 2
    key = (owner[belongs] * courses + course[belongs] + 1) * len(combinations) + combination[belongs]
    distinct, term = np.unique(key, return_inverse=True)
    owner_and_course, combination_of_term = np.divmod(distinct, max(len(combinations), 1))
    owner_of_term, course_of_term = np.divmod(owner_and_course, courses)
    return _Terms(
        first=np.searchsorted(owner_of_term, np.arange(count + 1)),
        coefficient=np.bincount(term, weights=amount[belongs], minlength=len(distinct)).astype(np.float64),
        factors=[combinations[code] for code in combination_of_term],
        course=course_of_term - 1,
    )
