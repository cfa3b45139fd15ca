"""From what is claimed to what counts (METHOD §12): the bridge from gross to net benefits of one object."""

from __future__ import annotations

import numpy as np
import pandas as pd

from valuation.appraisal import Result
from valuation.arrays import Floats

STEPS = ("gross", "deadweight", "not_replaced", "displacement", "attribution", "net")
"""Claimed; would have happened anyway; does not replace care; lost elsewhere; due to others; what counts."""


def gross_to_net(result: Result, asset_id: str) -> pd.DataFrame:
    """Present value of the claimed benefits of one object, and what is taken off before they count.

    Parameters
    ----------
    result : Result
    asset_id : str

    Returns
    -------
    DataFrame
        `step` (a name of `STEPS`), `value_eur` (`gross` and `net` are levels, the rest negative or zero) and
        `share` (of gross; NaN where nothing is claimed). Tasks and benefit lines without counterparty; lines that
        nobody can price are left out. `net` is what these lines bring into the social benefits.
    """
    lines, case = result.lines, result.case
    position = result.asset_position(asset_id)
    measured = np.isin(lines.table, ["tasks", "effects"]) & ~np.isnan(lines.amount)
    at = np.flatnonzero((lines.asset == position) & measured & (lines.society > 0) & (lines.direction > 0))
    gross = lines.gross[at] * lines.society_factor[at]
    reduced: dict[str, Floats] = {
        step: np.array([_share(case, str(lines.table[line]), int(lines.row[line]), step) for line in at])
        for step in STEPS[1:-1]
    }
    left = gross
    values = {"gross": float(gross.sum())}
    for step, share in reduced.items():
        values[step] = -float((left * share).sum())
        left = left * (1.0 - share)
    values["net"] = float(left.sum())
    table = pd.DataFrame({"step": list(values), "value_eur": list(values.values())})
    return table.assign(share=table["value_eur"] / (values["gross"] or np.nan))


def _share(case: object, table: str, row: int, step: str) -> float:
    """[fraction] What one step takes off a line."""
    source = getattr(case, table).loc[row]
    if step == "not_replaced":
        return 1.0 - float(source["substitution_share"]) if table == "tasks" else 0.0
    return float(source[step]) if step in source.index else 0.0
