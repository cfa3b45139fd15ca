"""The operating forecast of an initiative: every income and cost item through the years (METHOD §13)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from valuation.arrays import Flags, Floats, Words, figures, words
from valuation.case import INCOME_KINDS, Case
from valuation.effects import yearly_shape
from valuation.lines import operating_cost

RESERVE = "replacement_reserve"
WEATHERED_KINDS = ("hall_hire", "catering", "activities")
"""Income that a dry year takes away."""
QUARTERS = 4
FIRST_QUARTER = ("insurance", "property_taxes")
LAST_QUARTER = ("funds",)
"""Bills come at the start of the year, gifts of funds are paid afterwards; all else is spread evenly."""


@dataclass(frozen=True)
class Items:
    """The items of one initiative; every array has one entry an item.

    Parameters
    ----------
    row : array
        Row number in the sheet; NaN for a total of the sheet Initiatieven.
    name : array of str or None
    kind : array of str
    full_size_eur : array
        [EUR per year] quantity x amount, in prices of year 1.
    occupancy : array
        [fraction] Part of the full size that is really let or sold.
    indexation : array
        [1/year] From year 2 on.
    start_year : array
        [year] 0 is once, on the transfer date.
    take_up : tuple of tuples
        [fraction]
    """

    row: Floats
    name: Words
    kind: Words
    full_size_eur: Floats
    occupancy: Floats
    indexation: Floats
    start_year: Floats
    take_up: tuple[tuple[float, ...], ...]

    @property
    def is_income(self) -> Flags:
        """Which items are income; the others are costs."""
        return np.isin(self.kind, INCOME_KINDS)

    @property
    def is_stated(self) -> bool:
        """Whether these are rows of the sheet rather than totals."""
        return not bool(np.isnan(self.row).all())

    def amounts(self, years: int) -> Floats:
        """[EUR] Amount of each item in the years 0..`years`, never negative; shape (n, years + 1)."""
        return self.occupancy[:, None] * self.full_amounts(years)

    def full_amounts(self, years: int) -> Floats:
        """[EUR] The same at full occupancy."""
        first = self.start_year.astype(np.int64)
        shape = yearly_shape(
            start_year=first,
            end_year=np.where(first == 0, 0, years),
            drop_off=np.zeros(len(first)),
            real_growth=self.indexation,
            take_up=self.take_up,
            horizon_years=years,
        )
        return self.full_size_eur[:, None] * shape

    def full_year(self) -> int:
        """[year] First year in which every yearly item has its full take-up."""
        return max(
            (int(first) + len(steps) - 1 for first, steps in zip(self.start_year, self.take_up, strict=True) if first),
            default=1,
        )

    def with_cost(self, amount_eur: float, indexation: float) -> Items:
        """The items with one more yearly cost."""
        return replace(
            self,
            row=np.append(self.row, np.nan),
            name=np.append(self.name, np.array([None], dtype=object)),
            kind=np.append(self.kind, np.array(["other_cost"], dtype=object)),
            full_size_eur=np.append(self.full_size_eur, amount_eur),
            occupancy=np.append(self.occupancy, 1.0),
            indexation=np.append(self.indexation, indexation),
            start_year=np.append(self.start_year, 1.0),
            take_up=(*self.take_up, (1.0,)),
        )


def items_of(case: Case, position: int) -> Items:
    """The items of one initiative: its rows of the sheet Exploitatie, or its totals where it has none.

    Parameters
    ----------
    case : Case
    position : int
        Of the initiative in its table.
    """
    name = case.initiatives["initiative_id"].iloc[position]
    rows = case.operations[case.operations["initiative_id"] == name]
    if rows.empty:
        return _totals(case, position)
    return Items(
        row=rows.index.to_numpy(np.float64),
        name=words(rows, "item"),
        kind=words(rows, "item_kind"),
        full_size_eur=figures(rows, "quantity_per_year") * figures(rows, "unit_amount_eur"),
        occupancy=figures(rows, "occupancy_share"),
        indexation=figures(rows, "indexation_rate"),
        start_year=figures(rows, "start_year"),
        take_up=tuple(rows["take_up"]),
    )


def _totals(case: Case, position: int) -> Items:
    """What the sheet Initiatieven says of income, subsidy and cost, as items that rise with the usual indexation."""
    row = case.initiatives.iloc[position]
    leak = float(row["vat_leak_eur_per_year"])
    amounts = {
        "other_income": float(row["income_eur_per_year"]),
        "subsidy": float(row["subsidy_eur_per_year"]),
        "other_cost": float(operating_cost(case)[position]) - leak,
        "vat_leak": leak,
    }
    count = len(amounts)
    return Items(
        row=np.full(count, np.nan),
        name=np.full(count, None, dtype=object),
        kind=np.array(list(amounts), dtype=object),
        full_size_eur=np.array(list(amounts.values())),
        occupancy=np.ones(count),
        indexation=np.full(count, case.reference.number("indexation_rate")),
        start_year=np.ones(count),
        take_up=((1.0,),) * count,
    )


def quarter_shares(kinds: Words) -> Floats:
    """Part of an item's year that falls in each quarter; shape (n, 4), every row adds up to one."""
    shares = np.full((len(kinds), QUARTERS), 1.0 / QUARTERS)
    shares[np.isin(kinds, FIRST_QUARTER)] = (1.0, 0.0, 0.0, 0.0)
    shares[np.isin(kinds, LAST_QUARTER)] = (0.0, 0.0, 0.0, 1.0)
    return shares


def without_weather(items: Items, amounts: Floats, year: int, drop: float) -> Floats:
    """The amounts with part of the income gone in one dry year.

    Parameters
    ----------
    items : Items
    amounts : array of shape (n, years + 1)
        [EUR]
    year : int
    drop : float
        [fraction] Of hall hire, catering and activities; of all own income where only the totals are known.
    """
    kinds = WEATHERED_KINDS if items.is_stated else ("other_income",)
    changed = amounts.copy()
    changed[np.isin(items.kind, kinds), year] *= 1.0 - drop
    return changed
