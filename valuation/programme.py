"""Which transfers fit within the council's ceilings, and what just missed (a choice by whole objects, exact).

An object is transferred in one of the coming budget years or not at all. What a year may cost is limited twice: the
loss on book value that it takes, and the subsidy that is paid in it. Within those ceilings the programme has the
highest social value there is; no other choice of objects and years is worth more. With very many transfers the search
ends earlier, and the programme says how much more another choice could be worth at most. The council may hold objects
in or keep them out: then the programme is the best one with those.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from valuation.appraisal import Result
from valuation.arrays import Floats, Ints, figures, total_by
from valuation.book_value import depreciation_by_year
from valuation.discounting import discount_factors
from valuation.problems import ValuationError

SOLVED, IMPOSSIBLE = 0, 2
"""How `scipy.optimize.milp` ended."""
NOT_KNOWN = frozenset({"no_initiative", "no_price"})
"""Why a transfer cannot be chosen even by hand: what it would bring or cost is not known."""
MOST_NODES, MOST_NODES_FOR_EXCHANGE = 500, 100
"""How far the solver looks before it says how much more another choice could bring at most. Some sixty transfers are
solved to the end within it, and a count gives the same answer on every machine, which a time would not."""
MOST_EXCHANGES = 12
"""Of so many that did not fit, the most valuable, it is worked out what it costs to hold them in."""
WHOLE_EURO = 0.005
"""[EUR] Ceilings are kept to the cent; the solver works with ordinary numbers."""


@dataclass(frozen=True)
class Transfers:
    """What each object would bring and cost as a transfer in each of the coming years.

    Parameters
    ----------
    table : DataFrame
        A row per object in sheet order: `asset_id`, `name`, `social_value_eur` (NaN without an initiative),
        `proposed_price_eur` and `why_not`: None for a candidate, `no_initiative`, `no_price` (nobody knows the loss on
        book value) or `no_gain` (the social value is not above zero).
    base_year : int
    value_eur : array of shape (n, years)
        [EUR] Social value when the object passes in that year, at the start of year 1: a transfer that comes later is
        worth less by the social discount rate.
    book_loss_eur : array of shape (n, years)
        [EUR] Loss on book value in that year, transaction cost included; 0 with a gain. The book value goes down with
        the register's depreciation.
    subsidy_eur : array of shape (n, years)
        [EUR] Municipal subsidy in the first, second, ... year after the transfer, of all linked initiatives.
    """

    table: pd.DataFrame
    base_year: int
    value_eur: Floats
    book_loss_eur: Floats
    subsidy_eur: Floats

    @property
    def candidates(self) -> Ints:
        """Positions of the objects that the choice picks from by itself."""
        return np.flatnonzero(self.table["why_not"].isna().to_numpy())

    @property
    def known(self) -> Ints:
        """Positions of the objects that somebody may hold in the programme: also those without a gain for society."""
        return np.flatnonzero(~self.table["why_not"].isin(NOT_KNOWN).to_numpy())

    def positions_of(self, asset_ids: Collection[str]) -> frozenset[int]:
        """Positions of these objects."""
        return frozenset(np.flatnonzero(self.table["asset_id"].isin(list(asset_ids)).to_numpy()).tolist())


@dataclass(frozen=True)
class Programme:
    """The best choice within the ceilings.

    Parameters
    ----------
    chosen : DataFrame
        `asset_id`, `name`, `year`, `value_eur`, `book_loss_eur` (of that year), `subsidy_eur_per_year` (in the first
        year) and `required` (it was held in), by year and then in sheet order.
    missed : DataFrame
        The candidates that did not fit, the most valuable first, without those that were kept out: `asset_id`, `name`,
        `value_eur` (in the first year), `year`
        (in which least more room is needed), `extra_book_loss_eur` and `extra_subsidy_eur` (how much higher the
        ceilings have to be to add it to the programme) and `exchange_eur` (what the programme loses when it must hold
        this object within the same ceilings; NaN when that is impossible), with `exchange_known`: whether that was
        worked out.
    by_year : DataFrame
        `year`, `book_loss_eur`, `subsidy_eur`: what the programme takes of the ceilings.
    value_eur : float
        [EUR] Social value of the programme at the start of year 1.
    could_be_more_eur : float
        [EUR] How much more another choice could be worth at most; 0 when it is certain that none is.
    own_choice_cost_eur : float
        [EUR] How much less that is than without objects held in or kept out; 0 where there are none.
    """

    chosen: pd.DataFrame
    missed: pd.DataFrame
    by_year: pd.DataFrame
    value_eur: float
    could_be_more_eur: float
    own_choice_cost_eur: float


@dataclass(frozen=True)
class _Solution:
    """Year (0, 1, ...) in which each object passes, -1 for never; and how much more there could be at most, in EUR."""

    year_of: Ints
    could_be_more_eur: float


@dataclass(frozen=True)
class _Terms:
    """Within which the choice is made: the ceilings, and the positions that are held in and kept out."""

    room: tuple[float, float]
    required: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()


def transfers_of(result: Result) -> Transfers:
    """What every object would bring and cost in each of the coming budget years.

    Parameters
    ----------
    result : Result

    Notes
    -----
    Social value is that of §5, taken over as it is for a later year: the same effects, as many years, later. The book
    value follows §3. A year beyond the last step of a stepped rate is left out: what it is worth now is not known.
    """
    case, links = result.case, result.links
    assumptions = case.assumptions
    rate, years = assumptions.discount_rate, int(case.reference.number("budget_years"))
    if isinstance(rate, tuple):
        years = min(years, rate[-1][0] + 1)
    _, opening = depreciation_by_year(
        result.book, internal_interest_rate=assumptions.internal_interest_rate, years=years
    )
    received = figures(case.assets, "proposed_price_eur") - figures(case.assets, "transaction_cost_eur")
    table = result.assets[["asset_id", "name", "social_value_eur", "proposed_price_eur"]].copy()
    value = figures(table, "social_value_eur")
    why_not = pd.Series([None] * len(table), index=table.index, dtype=object)
    why_not[~(value > 0.0)] = "no_gain"
    why_not[np.isnan(received)] = "no_price"
    why_not[~links.has_initiative] = "no_initiative"
    table["why_not"] = why_not
    later = discount_factors(rate, max(years - 1, 1))[:years]
    active = np.arange(years) < links.initiative_years[:, None]
    yearly = figures(case.initiatives, "subsidy_eur_per_year")[:, None] * active
    subsidy = np.column_stack([total_by(links.asset_of_initiative, column, len(table)) for column in yearly.T])
    return Transfers(
        table=table,
        base_year=assumptions.base_year,
        value_eur=value[:, None] * later,
        book_loss_eur=np.maximum(0.0, opening - received[:, None]),
        subsidy_eur=subsidy,
    )


def best_programme(
    transfers: Transfers,
    *,
    book_loss_ceiling_eur: float,
    subsidy_ceiling_eur: float,
    required: Collection[str] = (),
    excluded: Collection[str] = (),
) -> Programme:
    """The transfers that together bring most within what each year may cost.

    Parameters
    ----------
    transfers : Transfers
    book_loss_ceiling_eur : float
        [EUR per year] Highest loss on book value in any one year; higher lets more in.
    subsidy_ceiling_eur : float
        [EUR per year] Highest subsidy in any one year, over all transfers of the programme that run by then.

    required : collection of str
        Numbers of objects that the programme has to hold, in whichever year; also ones without a gain for society.
    excluded : collection of str
        Numbers of objects that it may not hold.

    Raises
    ------
    ValuationError
        For a ceiling below zero; when what is required does not fit in any order of years; when it is not known what
        a required object costs.

    Notes
    -----
    A whole-number programme (`scipy.optimize.milp`), solved to the end: one variable per candidate and year.
    """
    if min(book_loss_ceiling_eur, subsidy_ceiling_eur) < 0.0:
        raise ValuationError("ceiling_below_zero")
    room = (book_loss_ceiling_eur, subsidy_ceiling_eur)
    terms = _Terms(room, transfers.positions_of(required), transfers.positions_of(excluded))
    unknown = terms.required - set(transfers.known.tolist())
    if unknown:
        raise ValuationError("required_not_known", names=", ".join(transfers.table["name"].iloc[sorted(unknown)]))
    solution = _solve(transfers, terms, MOST_NODES)
    if solution is None:
        raise ValuationError("required_does_not_fit", **_more_room(transfers, terms))
    year_of = solution.year_of
    value = _value(transfers, year_of)
    free = _solve(transfers, _Terms(room), MOST_NODES) if terms.required or terms.excluded else solution
    spent = _spent(transfers, year_of)
    chosen = np.flatnonzero(year_of >= 0)
    chosen = chosen[np.lexsort((chosen, year_of[chosen]))]
    at = year_of[chosen]
    return Programme(
        chosen=transfers.table.iloc[chosen][["asset_id", "name"]]
        .reset_index(drop=True)
        .assign(
            year=transfers.base_year + at,
            value_eur=transfers.value_eur[chosen, at],
            book_loss_eur=transfers.book_loss_eur[chosen, at],
            subsidy_eur_per_year=transfers.subsidy_eur[chosen, 0],
            required=np.isin(chosen, sorted(terms.required)),
        ),
        missed=_missed(transfers, terms, solution, value),
        by_year=pd.DataFrame(
            {
                "year": transfers.base_year + np.arange(spent.shape[1]),
                "book_loss_eur": spent[0],
                "subsidy_eur": spent[1],
            }
        ),
        value_eur=value,
        could_be_more_eur=solution.could_be_more_eur,
        own_choice_cost_eur=0.0 if free is None else max(0.0, _value(transfers, free.year_of) - value),
    )


def _takes(transfers: Transfers, positions: Ints) -> tuple[Floats, Floats]:
    """What each object that starts in each year takes of the loss and of the subsidy of every year.

    Two arrays of shape (years, objects x years).
    """
    years = transfers.value_eur.shape[1]
    loss, subsidy = transfers.book_loss_eur[positions], transfers.subsidy_eur[positions]
    takes_loss = np.zeros((years, len(positions), years))
    takes_subsidy = np.zeros((years, len(positions), years))
    for start in range(years):
        takes_loss[start, :, start] = loss[:, start]
        takes_subsidy[start:, :, start] = subsidy[:, : years - start].T
    return takes_loss.reshape(years, -1), takes_subsidy.reshape(years, -1)


def _solve(transfers: Transfers, terms: _Terms, most_nodes: int) -> _Solution | None:
    """The best choice that is found within so many nodes; None when what is required does not fit."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - only who asks for it waits for it

    choosable = np.array(sorted((terms.required | set(transfers.candidates.tolist())) - terms.excluded), dtype=np.int64)
    count, years = len(choosable), transfers.value_eur.shape[1]
    year_of = np.full(len(transfers.table), -1, dtype=np.int64)
    if count == 0:
        return _Solution(year_of, 0.0)
    takes_loss, takes_subsidy = _takes(transfers, choosable)
    once = np.repeat(np.eye(count), years, axis=1)
    at_least = np.isin(choosable, sorted(terms.required)).astype(np.float64)
    limited: dict[str, float] = {"mip_rel_gap": 0.0, "node_limit": most_nodes}
    # What is required may be hard to place at all; then it is looked for to the end.
    for options in (limited, {"mip_rel_gap": 0.0}):
        solution = milp(
            -transfers.value_eur[choosable].ravel(),
            integrality=np.ones(count * years),
            bounds=Bounds(0.0, 1.0),
            constraints=[
                LinearConstraint(once, at_least, np.ones(count)),
                LinearConstraint(takes_loss, -np.inf, terms.room[0] + WHOLE_EURO),
                LinearConstraint(takes_subsidy, -np.inf, terms.room[1] + WHOLE_EURO),
            ],
            options=options,
        )
        if solution.x is not None:
            taken = solution.x.reshape(count, years) > 0.5
            year_of[choosable] = np.where(taken.any(axis=1), taken.argmax(axis=1), -1)
            more = 0.0 if solution.status == SOLVED else -solution.mip_dual_bound - _value(transfers, year_of)
            return _Solution(year_of, max(0.0, float(more)))
        if solution.status == IMPOSSIBLE:
            break
    return None


def _more_room(transfers: Transfers, terms: _Terms) -> dict[str, float]:
    """[EUR per year] The least extra room, of both ceilings together, in which what is required fits."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - only who asks for it waits for it

    required = np.array(sorted(terms.required), dtype=np.int64)
    count, years = len(required), transfers.value_eur.shape[1]
    takes_loss, takes_subsidy = _takes(transfers, required)
    # Two more unknowns, after the choices: how much is added to the one and to the other ceiling.
    once = np.hstack([np.repeat(np.eye(count), years, axis=1), np.zeros((count, 2))])
    solution = milp(
        np.append(np.zeros(count * years), [1.0, 1.0]),
        integrality=np.append(np.ones(count * years), [0.0, 0.0]),
        bounds=Bounds(0.0, np.append(np.ones(count * years), [np.inf, np.inf])),
        constraints=[
            LinearConstraint(once, 1.0, 1.0),
            LinearConstraint(np.hstack([takes_loss, np.tile([-1.0, 0.0], (years, 1))]), -np.inf, terms.room[0]),
            LinearConstraint(np.hstack([takes_subsidy, np.tile([0.0, -1.0], (years, 1))]), -np.inf, terms.room[1]),
        ],
        options={"mip_rel_gap": 0.0},
    )
    return dict(zip(("extra_book_loss_eur", "extra_subsidy_eur"), solution.x[-2:].tolist(), strict=True))


def _value(transfers: Transfers, year_of: Ints) -> float:
    """[EUR] Social value of a programme."""
    chosen = np.flatnonzero(year_of >= 0)
    return float(transfers.value_eur[chosen, year_of[chosen]].sum())


def _spent(transfers: Transfers, year_of: Ints) -> Floats:
    """[EUR] Loss on book value and subsidy in each year; shape (2, years)."""
    spent = np.zeros((2, transfers.value_eur.shape[1]))
    for position in np.flatnonzero(year_of >= 0):
        start = year_of[position]
        spent[0, start] += transfers.book_loss_eur[position, start]
        spent[1, start:] += transfers.subsidy_eur[position, : spent.shape[1] - start]
    return spent


def _missed(transfers: Transfers, terms: _Terms, solution: _Solution, value: float) -> pd.DataFrame:
    """The candidates that did not fit, and what it takes to let each in."""
    spent = _spent(transfers, solution.year_of)
    left_out = transfers.candidates[solution.year_of[transfers.candidates] < 0]
    left_out = left_out[~np.isin(left_out, sorted(terms.excluded))]
    order = left_out[np.argsort(-transfers.value_eur[left_out, 0], kind="stable")]
    rows = []
    for place, position in enumerate(order.tolist()):
        year, extra_loss, extra_subsidy = _room_needed(transfers, terms.room, spent, position)
        exchange = np.nan
        known = place < MOST_EXCHANGES and solution.could_be_more_eur == 0.0
        if known:
            held = _solve(transfers, replace(terms, required=terms.required | {position}), MOST_NODES_FOR_EXCHANGE)
            known = held is None or held.could_be_more_eur == 0.0
            exchange = value - _value(transfers, held.year_of) if held is not None and known else np.nan
        rows.append(
            {
                **transfers.table.iloc[position][["asset_id", "name"]],
                "value_eur": transfers.value_eur[position, 0],
                "year": transfers.base_year + year,
                "extra_book_loss_eur": extra_loss,
                "extra_subsidy_eur": extra_subsidy,
                "exchange_eur": exchange,
                "exchange_known": known,
            }
        )
    columns = ["asset_id", "name", "value_eur", "year", "extra_book_loss_eur", "extra_subsidy_eur", "exchange_eur"]
    return pd.DataFrame(rows, columns=[*columns, "exchange_known"])


def _room_needed(
    transfers: Transfers, room: tuple[float, float], spent: Floats, position: int
) -> tuple[int, float, float]:
    """The year in which an object needs least more room beside the programme, and how much of each ceiling."""
    years = spent.shape[1]
    needs = []
    for start in range(years):
        loss = spent[0, start] + transfers.book_loss_eur[position, start] - room[0]
        subsidy = spent[1, start:] + transfers.subsidy_eur[position, : years - start] - room[1]
        needs.append((start, max(0.0, float(loss)), max(0.0, float(subsidy.max()))))
    return min(needs, key=lambda need: need[1] + need[2])
