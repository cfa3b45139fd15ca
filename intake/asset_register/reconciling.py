"""Does the register add up: each row over the year, and the totals over the rows.

Opening book value + additions − disposals − contributions − depreciation = closing book value, with one unit of the
displayed scale to spare for rounding, and two for totals. A column that shows what goes off as a negative figure is
recognised by which of the two makes the rows add up; a negative figure in a column of positive ones keeps its sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray

from intake.asset_register.roles import ROLES

ROW_TOLERANCE = 1.0
TOTAL_TOLERANCE = 2.0
ROUNDING = 1e-6
MOVEMENTS = tuple(role.key for role in ROLES.values() if role.sign)
GOING_OFF = tuple(role.key for role in ROLES.values() if role.sign < 0)
MOST_SIGNS = 5

Figures = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Reconciled:
    """Whether the rows add up.

    Parameters
    ----------
    differences : ndarray
        Closing minus what the row comes to, in the displayed scale; NaN for a row that could not be checked.
    as_negative : frozenset of str
        Roles whose columns show what goes off as negative figures.
    used : tuple of str
        The movements that took part.
    """

    differences: Figures
    as_negative: frozenset[str] = frozenset()
    used: tuple[str, ...] = ()

    @property
    def checked(self) -> NDArray[np.bool_]:
        """The rows that could be checked."""
        return ~np.isnan(self.differences)

    def within(self, tolerance: float) -> NDArray[np.bool_]:
        """The checked rows that add up."""
        return self.checked & (np.abs(np.nan_to_num(self.differences)) <= tolerance + ROUNDING)


def reconcile(columns: Mapping[str, Figures]) -> Reconciled | None:
    """Check every row; None where the register lacks what is needed for that.

    Parameters
    ----------
    columns : mapping
        Role to its figures; NaN where a cell is empty, which is no movement.
    """
    used = _movements(columns)
    if "opening_book_value" not in columns or "closing_book_value" not in columns or not used:
        return None
    opening, closing = columns["opening_book_value"], columns["closing_book_value"]
    moves = {role: np.nan_to_num(columns[role]) * ROLES[role].sign for role in used}
    flippable = [role for role in used if role in GOING_OFF and _is_mostly_negative(columns[role])][:MOST_SIGNS]
    possible = int(np.count_nonzero(~np.isnan(closing - opening)))
    best: tuple[int, int, frozenset[str], Figures] = (-1, 0, frozenset(), np.array([]))
    for choice in product((False, True), repeat=len(flippable)):
        flipped = frozenset(role for role, is_flipped in zip(flippable, choice, strict=True) if is_flipped)
        end = opening + sum(
            (-move if role in flipped else move for role, move in moves.items()), np.zeros(len(opening))
        )
        differences = np.asarray(closing - end, dtype=np.float64)
        matches = int(np.count_nonzero(np.abs(differences) <= ROW_TOLERANCE + ROUNDING))
        if (matches, -len(flipped)) > best[:2]:
            best = matches, -len(flipped), flipped, differences
        if matches == possible:
            break
    return Reconciled(best[3], best[2], tuple(used))


def _is_mostly_negative(figures: Figures) -> bool:
    return bool(np.count_nonzero(figures < 0) > np.count_nonzero(figures > 0))


def _movements(columns: Mapping[str, Figures]) -> list[str]:
    """The movements that are there; total depreciation counts for its parts."""
    parts = {"depreciation", "extra_depreciation"} if "total_depreciation" in columns else set()
    return [role for role in MOVEMENTS if role in columns and role not in parts]


def capital_charge_differences(columns: Mapping[str, Figures]) -> Figures | None:
    """Capital charges minus depreciation and interest, per row; None where a column is missing."""
    depreciation = columns.get("total_depreciation", columns.get("depreciation"))
    if depreciation is None or "interest" not in columns or "capital_charge" not in columns:
        return None
    together = np.abs(np.nan_to_num(depreciation)) + np.nan_to_num(columns["interest"])
    return np.asarray(columns["capital_charge"] - together, dtype=np.float64)


@dataclass(frozen=True)
class TotalCheck:
    """One total or subtotal row, and whether it is the sum of the rows it stands for.

    Parameters
    ----------
    row : int
        Its row number.
    differences : dict
        Role to total minus sum, in the displayed scale, for the columns that differ by more than the tolerance.
    of : {"section", "all", "subtotals"}
        What it was compared with.
    """

    row: int
    differences: dict[str, float] = field(default_factory=dict)
    of: str = "all"

    @property
    def agrees(self) -> bool:
        """Whether it is the sum."""
        return not self.differences


def check_totals(
    rows: list[int],
    totals: list[int],
    columns: Mapping[str, Figures],
    total_columns: Mapping[str, Figures],
) -> list[TotalCheck]:
    """Compare each total with the rows since the previous total, all rows, and the subtotals; the best counts.

    Parameters
    ----------
    rows, totals : list of int
        Row numbers of the rows that count and of the totals.
    columns, total_columns : mapping
        Role to the figures of those rows.
    """
    numbers = np.array(rows)
    checks: list[TotalCheck] = []
    section_start = 0
    subtotals: list[int] = []
    for index, total in enumerate(totals):
        section = (numbers > section_start) & (numbers < total)
        before = numbers < total
        if not before.any():  # a total above its rows
            before = section = np.ones(len(numbers), dtype=bool)
        candidates = {
            "section": {role: _sum(values[section]) for role, values in columns.items()},
            "all": {role: _sum(values[before]) for role, values in columns.items()},
        }
        if len(subtotals) > 1:
            candidates["subtotals"] = {role: _sum(values[subtotals]) for role, values in total_columns.items()}
        found = {
            of: TotalCheck(total, _differences(sums, {r: v[index] for r, v in total_columns.items()}), of)
            for of, sums in candidates.items()
        }
        best = min(
            found.values(), key=lambda check: (len(check.differences), sum(map(abs, check.differences.values())))
        )
        checks.append(best)
        if best.of == "section" or not best.agrees:
            subtotals.append(index)
        section_start = total
    return checks


def _sum(values: Figures) -> float:
    return float(np.nansum(values))


def _differences(sums: Mapping[str, float], total: Mapping[str, float]) -> dict[str, float]:
    """Total minus sum for the columns in which the total has a figure that differs."""
    differences = {role: float(total[role] - sums[role]) for role in sums if not np.isnan(total[role])}
    return {role: value for role, value in differences.items() if abs(value) > TOTAL_TOLERANCE + ROUNDING}
