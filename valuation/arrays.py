"""Columns of figures: their types, taking them out of a table, and adding them up by owner."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]
Words = NDArray[np.object_]
Words32 = NDArray[np.uint32]
Words64 = NDArray[np.uint64]
Flags = NDArray[np.bool_]

BIG_JOB = 2**15
"""More figures than this at a time are worth the compiled kernels: the draws of a report are not."""


def compiled(count: int) -> ModuleType | None:
    """The kernels of `valuation.fast` for a job of so many figures; None for a small job, or without numba."""
    return _kernels() if count > BIG_JOB else None


@cache
def _kernels() -> ModuleType | None:
    try:
        from valuation import fast  # noqa: PLC0415 - numba takes a third of a second to import
    except (ImportError, RuntimeError):  # RuntimeError: there is no folder in which numba can keep what it compiled
        return None
    return fast


def figures(table: pd.DataFrame, column: str) -> Floats:
    """A column of numbers as an array; unknown is NaN."""
    return table[column].to_numpy(np.float64)


def words(table: pd.DataFrame, column: str) -> Words:
    """A column of text as an array; empty is None."""
    values: Words = table[column].to_numpy(object)
    return values


def position_of(owners: pd.Series, table: pd.DataFrame, column: str) -> Ints:
    """Position in `table` of each owner named; -1 for one that is not there."""
    position = {name: at for at, name in enumerate(words(table, column))}
    return np.array([position.get(owner, -1) for owner in owners.to_numpy(object)], dtype=np.int64)


def total_by(codes: Ints, values: Floats, size: int) -> Floats:
    """Sum of the values of each code 0..size-1; codes below 0 belong to nobody."""
    kernels = compiled(len(codes))
    if kernels is not None:
        sums = np.zeros(size)
        kernels.total_by(codes, values, sums)
        return sums
    return np.bincount(codes + 1, weights=values, minlength=size + 1)[1:].astype(np.float64)


def changes(codes: Ints, keys: NDArray[Any]) -> Ints:
    """The places where code or key (numbers or text) is not that of the place before; the first one is left out."""
    kernels = compiled(len(codes))
    if kernels is not None and keys.dtype.kind in "iu":
        places = np.empty(len(codes), dtype=np.int64)
        return places[: kernels.changes(codes, keys, places)]
    return np.flatnonzero((codes[1:] != codes[:-1]) | (keys[1:] != keys[:-1])) + 1


def ratio(above: Floats, below: Floats) -> Floats:
    """`above / below`, NaN where there is nothing below the line."""
    defined = below != 0
    return np.where(defined, above / np.where(defined, below, 1.0), np.nan)


def rows_of(table: pd.DataFrame, chosen: Flags | None = None) -> list[dict[str, Any]]:
    """The rows of a table as dictionaries, with the row number of the sheet under `row`; for the few that are named."""
    at = np.arange(len(table)) if chosen is None else np.flatnonzero(chosen)
    columns = [table[column].to_numpy(object)[at] for column in table.columns]
    rows = zip(table.index[at], *columns, strict=True)
    return [dict(zip(("row", *table.columns), values, strict=True)) for values in rows] if len(at) else []
