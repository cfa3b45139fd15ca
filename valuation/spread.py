"""How the draws of one outcome are spread, for a picture of it (METHOD §9)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from valuation.arrays import Floats

BARS = 48


def histogram(values: Floats, *, bars: int = BARS) -> pd.DataFrame:
    """The draws of an outcome in classes of equal width, such that zero is a border where it lies among them.

    Parameters
    ----------
    values : array of shape (n,)
        [EUR] One outcome in every draw.
    bars : int
        About how many classes.

    Returns
    -------
    DataFrame
        `from_eur`, `to_eur`, `middle_eur`, `share` (part of the draws; they sum to one). One class for an outcome that
        is certain; no rows for one that is undefined.
    """
    columns = ["from_eur", "to_eur", "middle_eur", "share"]
    if np.isnan(values).any():
        return pd.DataFrame(columns=columns)
    low, high = float(values.min()), float(values.max())
    if low == high:
        return pd.DataFrame([[low, high, low, 1.0]], columns=columns)
    width = (high - low) / bars
    first = np.floor(low / width) * width
    borders = first + width * np.arange(int(np.floor((high - first) / width)) + 2)
    counts, _ = np.histogram(values, bins=borders)
    table = pd.DataFrame(
        {"from_eur": borders[:-1], "to_eur": borders[1:], "middle_eur": (borders[:-1] + borders[1:]) / 2}
    )
    return table.assign(share=counts / len(values))


def nearest_first(table: pd.DataFrame, shares: tuple[str, ...]) -> pd.DataFrame:
    """Switching values with the nearest first: those that need the smallest change to turn the outcome.

    Parameters
    ----------
    table : DataFrame
        `valuation.sensitivity.switching_values`; rows without a switching value are left out.
    shares : tuple of str
        Keys of inputs that are shares of one: their distance counts as it is, that of others in proportion.
    """
    turning = table[table["switching_value"].notna()]
    away = (turning["switching_value"] - turning["central"]).abs()
    relative = away / turning["central"].abs().where(turning["central"] != 0.0, 1.0)
    order = away.where(turning["key"].isin(shares), relative)
    return turning.assign(away=order).sort_values("away", kind="stable").drop(columns="away")
