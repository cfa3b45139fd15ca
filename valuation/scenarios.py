"""Scenarios (METHOD §12): the same case with other cells, and how its results then differ.

A scenario is a set of rows of the sheet Scenario's with one name. The rows are resolved when the workbook is read:
`value` has the type of the cell that it stands for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from valuation.appraisal import Result, appraise
from valuation.case import ASSUMPTIONS, TABLES, Case
from valuation.lines import unit_prices
from valuation.reference import ReferenceData
from valuation.response import PRICED

VOLUNTEER_PRICE = "volunteer_hour_replacement"
OWN_ID = {"assets": "asset_id", "initiatives": "initiative_id"}
NAMES = {
    "assets": "name",
    "initiatives": "name",
    "tasks": "task",
    "effects": "effect",
    "operations": "item",
    "financing": "source",
}
RESULTS = (
    "social_value_eur",
    "bcr",
    "municipality_result_eur",
    "reservation_price_eur",
    "ceiling_price_eur",
    "book_result_eur",
    "recurring_first_year_eur",
    "recurring_last_year_eur",
)
"""What is compared: society, municipality (with the proposed price received), and the accounts."""


def scenario_names(case: Case) -> tuple[str, ...]:
    """The scenarios of a case, in the order of the sheet."""
    return tuple(dict.fromkeys(case.scenarios["scenario"]))


def apply_scenario(case: Case, name: str) -> Case:
    """The case as it is in one scenario; a `KeyError` for an unknown name.

    The case itself and its reference figures are not changed. What an empty cell follows goes on following: the
    municipality's rate where it equals the discount rate, and the volunteer hour where it is the reference price.
    """
    return with_changes(case, _rows_of(case, name))


def with_changes(case: Case, rows: pd.DataFrame) -> Case:
    """The case with these resolved rows of the sheet Scenario's applied, the last of two on one cell winning."""
    changed = case
    for table in NAMES:
        some = rows[rows["sheet"] == table]
        if len(some):
            changed = replace(changed, **{table: _with_cells(table, getattr(case, table), some)})  # type: ignore[arg-type]
    prices = rows[rows["sheet"] == "prices"]
    reference = case.reference
    for key, value in zip(prices["key_or_row"], prices["value"], strict=True):
        reference = with_price(reference, str(key), float(value))
    own = rows[rows["sheet"] == "assumptions"]
    assumptions = {
        str(key): _typed(str(key), value) for key, value in zip(own["key_or_row"], own["value"], strict=True)
    }
    changed = replace(changed, reference=reference)
    changed = changed.with_assumptions(**{**_followers(case, reference, assumptions), **assumptions})
    return with_ranges_moved(case, changed)


def with_ranges_moved(before: Case, after: Case) -> Case:
    """The changed case, in which a figure that was changed takes its low and high along, in proportion.

    A range says how far off a figure may be; when a scenario changes only the figure, its old range would pull the
    draws back to what it was. A range that was changed itself stays, and one around zero cannot be scaled. An
    assumption that became a stepped rate has no range any more.
    """
    tables = {table: _scaled_ranges(before, after, table) for table in PRICED}
    ranges = after.assumption_ranges.copy()
    for key in ranges.index:
        was, now = getattr(before.assumptions, key), getattr(after.assumptions, key)
        if isinstance(now, tuple):
            ranges = ranges.drop(index=key)
        elif not isinstance(was, tuple) and was and now != was:
            own = (ranges[["low", "high"]].loc[key] == before.assumption_ranges[["low", "high"]].loc[key]).all()
            factor = now / was if own else 1.0
            ranges.loc[key, ["low", "high"]] = ranges[["low", "high"]].loc[key].to_numpy(np.float64) * factor
    return replace(after, assumption_ranges=ranges, **tables)  # type: ignore[arg-type]


def _scaled_ranges(before: Case, after: Case, table: str) -> pd.DataFrame:
    """The tasks or effects of the changed case with their low and high moved along."""
    old, new = getattr(before, table), getattr(after, table)
    was, now = unit_prices(before, old, PRICED[table]), unit_prices(after, new, PRICED[table])
    kept = (old["low"].eq(new["low"]) & old["high"].eq(new["high"])).to_numpy(dtype=bool)
    moved = kept & (was != 0.0) & (was != now)
    factor = np.where(moved, now / np.where(moved, was, 1.0), 1.0)
    scaled: pd.DataFrame = new.assign(low=new["low"] * factor, high=new["high"] * factor)
    return scaled


def with_price(reference: ReferenceData, key: str, value: float) -> ReferenceData:
    """Reference figures with another price for one code.

    Parameters
    ----------
    reference : ReferenceData
        Stays as it is.
    key : str
    value : float
        [EUR per unit] In prices of the case's price year: it is not converted again.
    """
    table = reference.unit_values
    first = table[table["key"] == key].iloc[[0]]
    row = first.assign(value=value, low=np.nan, high=np.nan, index="", basis="assumption", price_year=None)
    row = row.astype(table.dtypes.to_dict())
    changed = replace(reference, unit_values=pd.concat([table[table["key"] != key], row]))
    # The other prices are what they were, so they need not be looked up again.
    known = dict(reference.found_prices)
    changed.found_prices.update({asked: price for asked, price in known.items() if asked[0] != key})
    return changed


def _rows_of(case: Case, name: str) -> pd.DataFrame:
    rows = case.scenarios[case.scenarios["scenario"] == name]
    if rows.empty:
        raise KeyError(name)
    return rows


def _typed(key: str, value: Any) -> Any:
    """An assumption as `Assumptions` holds it: years and numbers of years are whole."""
    return int(value) if ASSUMPTIONS.column(key).kind in {"year", "integer"} else value


def _followers(case: Case, reference: ReferenceData, changes: dict[str, Any]) -> dict[str, Any]:
    """The assumptions that follow something else, where that changes."""
    now = case.assumptions
    found: dict[str, Any] = {}
    if "discount_rate" in changes and now.municipal_discount_rate == now.discount_rate:
        found["municipal_discount_rate"] = changes["discount_rate"]
    year = changes.get("price_year", now.price_year)
    if case.reference.has_price(VOLUNTEER_PRICE):
        before = case.reference.price(VOLUNTEER_PRICE, now.price_year).value
        if now.volunteer_hour_value == before:
            found["volunteer_hour_value"] = reference.price(VOLUNTEER_PRICE, year).value
    return found


def position_of_row(table: str, frame: pd.DataFrame, key_or_row: str) -> int:
    """Position of the row that a scenario names, by number of the object or initiative, or by row number."""
    own = OWN_ID.get(table)
    if own is None:
        return int(np.flatnonzero(frame.index == int(key_or_row))[0])
    return int(np.flatnonzero(frame[own] == key_or_row)[0])


def _with_cells(table: str, frame: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """A table with these cells changed; the types of its columns stay."""
    columns: dict[str, list[Any]] = {}
    for key, column, value in zip(rows["key_or_row"], rows["column"], rows["value"], strict=True):
        cells = columns.setdefault(str(column), frame[column].tolist())
        cells[position_of_row(table, frame, str(key))] = value
    return frame.assign(**{column: _series(cells, frame[column]) for column, cells in columns.items()})


def _series(cells: list[Any], like: pd.Series[Any]) -> pd.Series[Any]:
    if like.dtype != object:
        return pd.Series(cells, index=like.index, dtype=like.dtype)
    return pd.Series(np.fromiter(cells, dtype=object, count=len(cells)), index=like.index, dtype=object)


def differences(case: Case, name: str, asset_id: str | None = None) -> pd.DataFrame:
    """What is different in a scenario, cell by cell.

    Parameters
    ----------
    case : Case
    name : str
    asset_id : str, optional
        Only what concerns this object: assumptions, the prices that its lines take, and its own rows.

    Returns
    -------
    DataFrame
        `sheet` (a key of `SCENARIO_SHEETS`), `key_or_row`, `column` (code name; for an assumption its key, for a price
        `value`), `owner` (the user's own name of the row, the price or the assumption), `kind` (how the value is to be
        written), `before`, `after`, `is_different`.
    """
    rows = _rows_of(case, name)
    if asset_id is not None:
        rows = rows[_concerns(of_one_asset(case, asset_id), rows)]
    cells = zip(rows["sheet"], rows["key_or_row"], rows["column"], rows["value"], strict=True)
    found = [_difference(case, *row) for row in cells]
    return pd.DataFrame(
        found, columns=["sheet", "key_or_row", "column", "owner", "kind", "before", "after", "is_different"]
    )


def _concerns(one: Case, rows: pd.DataFrame) -> list[bool]:
    """Whether each row changes something of one object."""
    own = {
        "assets": set(one.assets["asset_id"]),
        "initiatives": set(one.initiatives["initiative_id"]),
        "tasks": set(map(str, one.tasks.index)),
        "effects": set(map(str, one.effects.index)),
        "operations": set(map(str, one.operations.index)),
        "financing": set(map(str, one.financing.index)),
        "prices": {*one.tasks["price_key"], *one.effects["price_key"], VOLUNTEER_PRICE},
    }
    return [
        sheet == "assumptions" or key in own[sheet]
        for sheet, key in zip(rows["sheet"], rows["key_or_row"], strict=True)
    ]


def _difference(case: Case, sheet: str, key: str, column: str | None, after: Any) -> dict[str, Any]:
    if sheet == "prices":
        price = case.reference.price(key, case.assumptions.price_year)
        column, owner, kind, before = "value", price.name_nl, "amount", price.value
    elif sheet == "assumptions":
        column, owner, kind = key, key, ASSUMPTIONS.column(key).kind
        before = getattr(case.assumptions, key)
    else:
        table: pd.DataFrame = getattr(case, sheet)
        declared = next(each for each in TABLES if each.key == sheet)
        row = table.iloc[position_of_row(sheet, table, key)]
        owner, kind, before = row[NAMES[sheet]], declared.column(str(column)).kind, row[str(column)]
    return {
        "sheet": sheet,
        "key_or_row": key,
        "column": column,
        "owner": owner,
        "kind": kind,
        "before": before,
        "after": after,
        "is_different": bool(before != after),
    }


def stopping_after(case: Case, asset_id: str, years: int) -> Case:
    """The case in which the initiatives of one object stop after so many years, with the fall-back cost after it.

    Parameters
    ----------
    case : Case
    asset_id : str
    years : int
        [year] The longest duration that they then have. An effect with a stated duration goes on as stated.
    """
    linked = case.initiatives["asset_id"] == asset_id
    duration = case.initiatives["duration_years"]
    shorter = duration.where(~linked, duration.clip(upper=float(years)))
    return replace(case, initiatives=case.initiatives.assign(duration_years=shorter))


def of_one_asset(case: Case, asset_id: str) -> Case:
    """The case of one object and what is linked to it: its figures are the same, and quicker to compute."""
    initiatives = case.initiatives[case.initiatives["asset_id"] == asset_id]
    codes = set(initiatives["initiative_id"])
    return replace(
        case,
        assets=case.assets[case.assets["asset_id"] == asset_id],
        initiatives=initiatives,
        tasks=case.tasks[case.tasks["initiative_id"].isin(codes)],
        effects=case.effects[case.effects["owner_id"].isin({asset_id, *codes})],
        scenarios=case.scenarios.iloc[:0],
        operations=case.operations[case.operations["initiative_id"].isin(codes)],
        financing=case.financing[case.financing["initiative_id"].isin(codes)],
        price_terms=case.price_terms[case.price_terms["asset_id"] == asset_id],
    )


@dataclass(frozen=True)
class Variant:
    """One column of a comparison.

    Parameters
    ----------
    kind : {"base", "scenario", "stops"}
        The case as it is, a scenario of the sheet, or initiatives that stop early.
    name : str
        Name of the scenario, or the number of years; empty for the base.
    case : Case
    """

    kind: str
    name: str
    case: Case


def variants(case: Case, asset_id: str, *, stops_after: int | None = None) -> tuple[Variant, ...]:
    """The case as it is, every scenario of the sheet, and, when asked, initiatives that stop after some years."""
    found = [Variant("base", "", case)]
    found += [Variant("scenario", name, apply_scenario(case, name)) for name in scenario_names(case)]
    if stops_after is not None:
        found.append(Variant("stops", str(stops_after), stopping_after(case, asset_id, stops_after)))
    return tuple(found)


def outcomes(chosen: tuple[Variant, ...], asset_id: str) -> list[dict[str, Any]]:
    """The results of one object in each variant: rows of `outcome`."""
    return [outcome(one, appraise(of_one_asset(one.case, asset_id))) for one in chosen]


def outcome(variant: Variant, result: Result) -> dict[str, Any]:
    """The results of one variant: `kind`, `name`, and the columns of `RESULTS`.

    Parameters
    ----------
    variant : Variant
    result : Result
        Of the variant's case, of one object (`of_one_asset`).
    """
    return {"kind": variant.kind, "name": variant.name, **_figures(result)}


def beside(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Results beside each other, and how they differ from the first.

    Parameters
    ----------
    rows : list of dict
        As `outcome` gives them.

    Returns
    -------
    DataFrame
        A row a variant: `kind`, `name`, the columns of `RESULTS`, and for each of them `…_difference` (NaN where
        either is undefined). `municipality_result_eur` is the municipality's present value with the proposed price
        received; the recurring budget is that of the first and of the last year that is stated.
    """
    table = pd.DataFrame(rows, columns=["kind", "name", *RESULTS])
    return table.assign(**{f"{key}_difference": table[key] - table[key].iloc[0] for key in RESULTS})


def _figures(result: Result) -> dict[str, float]:
    asset = result.assets.iloc[0]
    recurring = result.budget["recurring_total_eur"]
    return {
        "social_value_eur": float(asset["social_value_eur"]),
        "bcr": float(asset["bcr"]),
        "municipality_result_eur": float(asset["municipality_npv_at_zero_price_eur"] + asset["proposed_price_eur"]),
        "reservation_price_eur": float(asset["reservation_price_eur"]),
        "ceiling_price_eur": float(asset["ceiling_price_eur"]),
        "book_result_eur": float(asset["book_result_eur"]),
        "recurring_first_year_eur": float(recurring.iloc[0]),
        "recurring_last_year_eur": float(recurring.iloc[-1]),
    }
