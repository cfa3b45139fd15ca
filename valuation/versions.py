"""Which outcomes differ between two versions of a case, and by how much."""

from __future__ import annotations

import numpy as np
import pandas as pd

from valuation.appraisal import Result
from valuation.arrays import Floats, figures

ASSET_FIGURES = (
    "book_value_eur",
    "market_value_eur",
    "social_value_eur",
    "municipality_npv_at_zero_price_eur",
    "reservation_price_eur",
    "social_price_eur",
    "ceiling_price_eur",
    "book_result_eur",
)
INITIATIVE_FIGURES = (
    "municipal_net_saving_eur_per_year",
    "avoided_cost_eur_per_year",
    "npv_municipality_eur",
    "npv_society_eur",
)
ROUNDING = 1e-9
"""Relative difference below which two figures are the same: sums in another order differ in their last digits."""


def changed_figures(before: Result, after: Result) -> pd.DataFrame:
    """The outcomes that differ between two results.

    Returns
    -------
    DataFrame
        A row per object or initiative and figure that differs, the greatest difference first: `table` (`assets` or
        `initiatives`), `id`, `name`, `figure`, `before`, `after` and `difference` [EUR, or EUR per year]. NaN is a
        figure that is not defined, or an object or initiative that is not in that version.
    """
    parts = [
        _changed(before.assets, after.assets, "assets", "asset_id", ASSET_FIGURES),
        _changed(_named(before), _named(after), "initiatives", "initiative_id", INITIATIVE_FIGURES),
    ]
    table = pd.concat(parts, ignore_index=True)
    order = np.argsort(-np.nan_to_num(np.abs(figures(table, "difference")), nan=np.inf), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _named(result: Result) -> pd.DataFrame:
    return result.initiatives.assign(name=result.case.initiatives["name"].to_numpy(object))


def _changed(before: pd.DataFrame, after: pd.DataFrame, table: str, key: str, columns: tuple[str, ...]) -> pd.DataFrame:
    old, new = before.set_index(key), after.set_index(key)
    ids = list(dict.fromkeys([*new.index, *old.index]))
    rows = []
    for column in columns:
        was, now = _aligned(old, ids, column), _aligned(new, ids, column)
        for place in np.flatnonzero(~_same(was, now)):
            name = new["name"].get(ids[place], old["name"].get(ids[place]))
            rows.append((table, ids[place], name, column, was[place], now[place], now[place] - was[place]))
    return pd.DataFrame(rows, columns=["table", "id", "name", "figure", "before", "after", "difference"])


def _aligned(table: pd.DataFrame, ids: list[str], column: str) -> Floats:
    return table[column].reindex(ids).to_numpy(np.float64)


def _same(was: Floats, now: Floats) -> np.ndarray:
    return np.isclose(was, now, rtol=ROUNDING, atol=ROUNDING, equal_nan=True)
