"""Forecast beside what came true: per item and year, in each view, and what it means for earning back (METHOD §7).

An item is what somebody can count after a year: euros received or spent, hours, the volume of a task, the quantity of
an effect. Prices are held at the forecast's, so that a difference says that more or less was done, not that prices
rose. What was not filled in is unknown, and never counts as nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from valuation.appraisal import Result
from valuation.arrays import Floats, figures, ratio
from valuation.key_figures import payback_years

View = Literal["society", "municipality", "initiative"]
VIEWS: tuple[View, ...] = ("society", "municipality", "initiative")

IN_EUROS = {
    "renovation": -1.0,
    "grants": 1.0,
    "new_user_income": 1.0,
    "other_income": 1.0,
    "subsidy": 1.0,
    "operating_cost": -1.0,
}
"""Items of an initiative's own row that are counted in euros, with their sign in the initiative's own till."""
IN_HOURS = ("facilitation", "volunteer_hours")
OTHER_SIDE = {"new_user_payments": "new_user_income", "vat_leak": "operating_cost"}
"""Lines that are another side of the same money as an item."""
UNITS = {"avoided_institutional_cost": "volume", "effect": "quantity"}
QUANTITY_COLUMNS = {"avoided_institutional_cost": "volume_per_year", "effect": "quantity"}


@dataclass(frozen=True)
class Forecast:
    """What one initiative is expected to do, item by item.

    Parameters
    ----------
    initiative_id : str
    base_year : int
        Calendar year of year 1; the transfer itself (year 0) is on its first day.
    items : DataFrame
        A row per item: `item` (its key, the same in every version of a workbook as long as kind and name are),
        `kind`, `label` (the user's own name, or None) and `unit` (`eur`, `hours`, `volume` or `quantity`).
    planned : array of shape (n_items, T + 1)
        [unit] What is expected in each year 0..T.
    value : mapping of view to array of shape (n_items, T + 1)
        [EUR per unit, signed] What a unit more means for society, for municipal cash and for the initiative's own
        till. NaN where nobody can price it.
    society_discount, municipal_discount : array of shape (T + 1,)
    break_even_share : float
        [fraction] Part of the municipal savings that must come true; NaN where there are none.
    """

    initiative_id: str
    base_year: int
    items: pd.DataFrame
    planned: Floats
    value: Mapping[View, Floats]
    society_discount: Floats
    municipal_discount: Floats
    break_even_share: float

    @property
    def years(self) -> int:
        """[year] T, the horizon."""
        return len(self.society_discount) - 1

    def calendar_year(self, year: int) -> int:
        """Calendar year of year t; the transfer (year 0) is on the first day of year 1."""
        return self.base_year + max(year - 1, 0)

    def flow(self, view: View, quantity: Floats) -> Floats:
        """[EUR] Undiscounted flow of the years 0..T for these quantities, one a year; what has no price is left out."""
        total: Floats = np.nan_to_num(quantity * self.value[view]).sum(axis=0)
        return total


def forecast_of(result: Result, initiative_id: str) -> Forecast:
    """The forecast of one initiative, taken from the lines that every other figure comes from.

    Parameters
    ----------
    result : Result
    initiative_id : str
        A `KeyError` where the case has no such initiative.
    """
    case, lines = result.case, result.lines
    position = int(pd.Index(case.initiatives["initiative_id"]).get_loc(initiative_id))
    members = _lines_of_items(result, position)
    names, leading = list(members), [of_item[0] for of_item in members.values()]
    kinds = [str(lines.kind[line]) for line in leading]
    quantity = np.array([_quantity(result, line) for line in leading], dtype=np.float64)
    years = np.arange(lines.horizon_years + 1)
    # Growth is of the price; take-up and drop-off are of the quantity.
    growth = (1.0 + lines.real_growth[leading])[:, None] ** np.maximum(years - 1, 0)[None, :]
    per_unit = {
        "society": _per_unit(result, members, quantity, lines.society * lines.direction),
        "municipality": _per_unit(result, members, quantity, lines.municipal),
        "initiative": np.array([IN_EUROS.get(kind, 0.0) for kind in kinds]),
    }
    return Forecast(
        initiative_id=initiative_id,
        base_year=case.assumptions.base_year,
        items=pd.DataFrame(
            {"item": names, "kind": kinds, "label": lines.label[leading], "unit": [_unit(kind) for kind in kinds]}
        ),
        planned=quantity[:, None] * lines.shape[leading] / growth,
        value={view: per_unit[view][:, None] * growth for view in VIEWS},
        society_discount=lines.society_discount,
        municipal_discount=lines.municipal_discount,
        break_even_share=float(result.initiatives["break_even_share"].iloc[position]),
    )


def _unit(kind: str) -> str:
    return "eur" if kind in IN_EUROS else "hours" if kind in IN_HOURS else UNITS[kind]


def _lines_of_items(result: Result, position: int) -> dict[str, list[int]]:
    """The lines of each item of one initiative, the one that is counted first."""
    lines = result.lines
    mine = [int(line) for line in np.flatnonzero(lines.initiative == position)]
    counted = [line for line in mine if lines.kind[line] not in OTHER_SIDE]
    members: dict[str, list[int]] = {}
    for line in counted:
        kind, label = lines.kind[line], lines.label[line]
        name = str(kind) if label is None else f"{kind}/{label}"
        twins = sum(known == name or known.startswith(f"{name}#") for known in members)
        members[f"{name}#{twins + 1}" if twins else name] = [line]
    for line in mine:
        if lines.kind[line] in OTHER_SIDE:
            members[OTHER_SIDE[lines.kind[line]]].append(line)
    return members


def _quantity(result: Result, line: int) -> float:
    """[unit] What the item counts at full take-up; for euros the amounts of its lines together."""
    case, lines = result.case, result.lines
    kind, row = lines.kind[line], lines.row[line]
    if kind in QUANTITY_COLUMNS:
        table = case.tasks if kind == "avoided_institutional_cost" else case.effects
        return _cell(table, row, QUANTITY_COLUMNS[kind])
    if kind in IN_HOURS:
        return _cell(case.initiatives, row, lines.column[line])
    # Of the running cost the line leaves the VAT out that goes to the state; who pays the bill pays both.
    vat_leak = _cell(case.initiatives, row, "vat_leak_eur_per_year") if kind == "operating_cost" else 0.0
    return float(lines.gross[line]) + vat_leak


def _cell(table: pd.DataFrame, row: int, column: str) -> float:
    return float(figures(table.loc[[row]], column)[0])


def _per_unit(result: Result, members: Mapping[str, list[int]], quantity: Floats, weight: Floats) -> Floats:
    """[EUR per unit, signed] What a unit of each item brings in one view, at the prices of year 1."""
    lines, assumptions = result.lines, result.case.assumptions
    priced = {"facilitation": assumptions.official_hourly_rate, "volunteer_hours": assumptions.volunteer_hour_value}
    values = np.zeros(len(members))
    for number, of_item in enumerate(members.values()):
        kind = str(lines.kind[of_item[0]])
        # Where nothing is planned a euro is still a euro and an hour an hour; a task has no price per unit then.
        without = priced.get(kind, 1.0 if kind in IN_EUROS else np.nan)
        for line in of_item:
            if weight[line] != 0.0:
                amount = lines.amount[line] / quantity[number] if quantity[number] != 0.0 else without
                values[number] += weight[line] * amount
    return values


@dataclass(frozen=True)
class Comparison:
    """What came true beside the forecast.

    Parameters
    ----------
    forecast : Forecast
    realised : array of shape (n_items, T + 1)
        [unit] What came true; NaN is not filled in.
    """

    forecast: Forecast
    realised: Floats

    @property
    def filled(self) -> list[int]:
        """Years of which something was filled in, in order."""
        return [int(year) for year in np.flatnonzero(~np.isnan(self.realised).all(axis=0))]

    def by_item(self, year: int) -> pd.DataFrame:
        """One year, a row per item.

        Returns
        -------
        DataFrame
            The items with `planned`, `realised`, `difference` [unit] and `came_true_share`, and per view
            `difference_<view>_eur`: what the difference means, signed (more is better). NaN is unknown.
        """
        planned, realised = self.forecast.planned[:, year], self.realised[:, year]
        table = self.forecast.items.assign(
            planned=planned,
            realised=realised,
            difference=realised - planned,
            came_true_share=ratio(realised, planned),
        )
        for view in VIEWS:
            table[f"difference_{view}_eur"] = (realised - planned) * self.forecast.value[view][:, year]
        return table

    def by_year(self, view: View) -> pd.DataFrame:
        """The years that were filled in, added up in one view.

        Returns
        -------
        DataFrame
            `year`, `calendar_year`, `planned_eur` and `realised_eur` of the items that were filled in (so that both
            are about the same), `difference_eur`, `cumulative_difference_eur`, and `unknown_items`: how many items
            of that year have a forecast and were not filled in.
        """
        known = ~np.isnan(self.realised)
        planned = self.forecast.flow(view, np.where(known, self.forecast.planned, 0.0))
        realised = self.forecast.flow(view, np.where(known, self.realised, 0.0))
        unknown = (~known & (self.forecast.planned != 0.0)).sum(axis=0)
        years = np.array(self.filled, dtype=np.int64)
        difference = (realised - planned)[years]
        return pd.DataFrame(
            {
                "year": years,
                "calendar_year": self.forecast.base_year + np.maximum(years - 1, 0),
                "planned_eur": planned[years],
                "realised_eur": realised[years],
                "difference_eur": difference,
                "cumulative_difference_eur": np.cumsum(difference),
                "unknown_items": unknown[years],
            }
        )

    @property
    def savings_came_true_share(self) -> float:
        """[fraction] Municipal savings of the tasks that came true, of what was expected in the same years.

        NaN where no task with municipal savings was filled in. Beside `Forecast.break_even_share` it says whether the
        municipality earns its own cost back.
        """
        tasks = (self.forecast.items["kind"] == "avoided_institutional_cost").to_numpy(bool)[:, None]
        counts = tasks & ~np.isnan(self.realised)
        planned = self.forecast.flow("municipality", np.where(counts, self.forecast.planned, 0.0)).sum()
        realised = self.forecast.flow("municipality", np.where(counts, self.realised, 0.0)).sum()
        return float(ratio(np.array([realised]), np.array([planned]))[0])

    def as_it_went(self) -> Floats:
        """[unit] What came true in what was filled in, and the forecast in all else; shape (n_items, T + 1)."""
        return np.where(np.isnan(self.realised), self.forecast.planned, self.realised)

    def if_it_goes_on(self) -> Floats:
        """[unit] What came true, and after the last year filled in the forecast times the part that came true so far.

        An item that was never filled in, or of which nothing was expected yet, keeps its forecast.
        """
        if not self.filled:
            return self.forecast.planned
        known = ~np.isnan(self.realised)
        planned = np.where(known, self.forecast.planned, 0.0).sum(axis=1)
        share = ratio(np.where(known, self.realised, 0.0).sum(axis=1), planned)
        later = np.arange(self.forecast.planned.shape[1]) > self.filled[-1]
        scaled = self.forecast.planned * np.where(np.isnan(share), 1.0, share)[:, None]
        return np.where(later[None, :], scaled, self.as_it_went())

    def _courses(self) -> dict[str, Floats]:
        return {
            "forecast": self.forecast.planned,
            "as_it_went": self.as_it_went(),
            "if_it_goes_on": self.if_it_goes_on(),
        }

    def cumulative_society(self) -> dict[str, list[float]]:
        """[EUR] Discounted society flow of each course of `outlook`, added up over the years 0..T."""
        return {
            name: np.cumsum(self.forecast.flow("society", quantity) * self.forecast.society_discount).tolist()
            for name, quantity in self._courses().items()
        }

    def outlook(self) -> pd.DataFrame:
        """What it means for earning back.

        Returns
        -------
        DataFrame
            A row for the `forecast`, for `as_it_went` and for `if_it_goes_on`: `npv_society_eur` and `payback_years`
            of the initiative's own society flow, and `npv_municipality_eur`, `payback_municipality_years` of its
            municipal cash (NaN: never earned back within the horizon).
        """
        rows = []
        for name, quantity in self._courses().items():
            society = self.forecast.flow("society", quantity) * self.forecast.society_discount
            municipal = self.forecast.flow("municipality", quantity) * self.forecast.municipal_discount
            rows.append(
                {
                    "course": name,
                    "npv_society_eur": society.sum(),
                    "payback_years": payback_years(society[None, :])[0],
                    "npv_municipality_eur": municipal.sum(),
                    "payback_municipality_years": payback_years(municipal[None, :])[0],
                }
            )
        return pd.DataFrame(rows)


def compare(forecast: Forecast, amounts: Mapping[int, Mapping[str, float | None]]) -> Comparison:
    """Put what came true beside the forecast.

    Parameters
    ----------
    forecast : Forecast
    amounts : mapping of year (0..T) to a mapping of item to amount
        [unit] In the unit of the item. Left out or None is unknown. Items that the forecast does not have (any more)
        and years beyond the horizon are left out: see `left_out`.
    """
    realised = np.full(forecast.planned.shape, np.nan)
    position = {item: number for number, item in enumerate(forecast.items["item"])}
    for year, of_year in amounts.items():
        for item, amount in of_year.items():
            if amount is not None and item in position and 0 <= year <= forecast.years:
                realised[position[item], year] = amount
    return Comparison(forecast, realised)


def left_out(forecast: Forecast, amounts: Mapping[int, Mapping[str, float | None]]) -> list[tuple[int, str]]:
    """Years and items that were filled in and have no place in this forecast, such as a task that was renamed."""
    known = set(forecast.items["item"])
    return [
        (year, item)
        for year, of_year in sorted(amounts.items())
        for item, amount in of_year.items()
        if amount is not None and (item not in known or not 0 <= year <= forecast.years)
    ]


def discount_on_market_value(result: Result, asset_id: str) -> float | None:
    """[EUR] What the proposed price is below the market value; None where there is no price or no discount."""
    row = result.asset(asset_id)
    discount = float(row["market_value_eur"]) - float(row["proposed_price_eur"])
    return discount if discount > 0 else None


def claw_back_schedule(discount_eur: float, *, term_years: int, base_year: int) -> pd.DataFrame:
    """What is to be paid back when the building is sold on or the use ends, declining by an equal part each year.

    Parameters
    ----------
    discount_eur : float
        [EUR] What the price was below the market value. A higher discount is more to pay back.
    term_years : int
        [year] After so many years nothing is due any more.
    base_year : int
        Calendar year of year 1.

    Returns
    -------
    DataFrame
        `year` 1..term, `calendar_year`, `share` (of the discount, during that year) and `due_eur`.
    """
    years = np.arange(1, term_years + 1)
    share = (term_years - years + 1) / term_years
    return pd.DataFrame(
        {"year": years, "calendar_year": base_year + years - 1, "share": share, "due_eur": share * discount_eur}
    )
