"""The rows of the sheet Scenario's: which cell each is about, and its value, read as that cell is read.

A row points at a cell of another sheet, so it can be read only when the other sheets were. What is wrong is said at
the scenario's own cell: a value that does not fit its column, and a scenario that breaks a rule of the row that it
changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from intake.cells import CellMistake, reader
from intake.names import fold, similar
from intake.rules import MOST_SUGGESTIONS, ROW_RULES
from intake.tables import ReadTable, shown
from valuation.case import ASSUMPTIONS, TABLES, Assumptions, Column, Table
from valuation.problems import Problem
from valuation.reference import MissingFigureError, ReferenceData

PRICE = Column("value", "Waarde", "amount", "", "", minimum=0.0)
"""How a price in a scenario is read: as an amount of euros."""
FIXED_KINDS = frozenset({"identifier", "degrees"})
FIXED_KEYS = frozenset({"price_year", "note", "rd_x_m", "rd_y_m"})
"""What holds a row together, or every amount: it cannot differ in a scenario."""
TABLES_BY_KEY = {table.key: table for table in TABLES}
OWN_ID = {"assets": "asset_id", "initiatives": "initiative_id"}
NAMES = {"tasks": "task", "effects": "effect", "operations": "item", "financing": "source"}


@dataclass(frozen=True)
class _Target:
    """The cell that a row is about: its column, and the row number in the other sheet where it has one."""

    key_or_row: str
    column: Column
    table: str | None = None
    row: int | None = None


class _Mistake(Exception):  # noqa: N818 - a user's mistake, told as data
    """What is wrong, in which column of the row, and what the text needs."""

    def __init__(self, rule: str, column: str, **parameters: Any) -> None:
        super().__init__(rule)
        self.rule, self.column, self.parameters = rule, column, parameters


def resolve_scenarios(
    tables: dict[str, ReadTable], assumptions: Assumptions | None, reference: ReferenceData
) -> tuple[ReadTable, list[Problem]]:
    """The scenarios with the key, column and typed value of the cell that each row is about, and what is wrong.

    Parameters
    ----------
    tables : dict
        All tables after their cells were read.
    assumptions : Assumptions | None
    reference : ReferenceData
    """
    read = tables["scenarios"]
    values = read.values.astype({"key_or_row": object, "column": object, "value": object})
    problems: list[Problem] = []
    seen: dict[tuple[str, str, str, str], int] = {}
    targets: dict[int, _Target] = {}
    for row in read.sound.index:
        cells = read.sound.loc[row]
        try:
            target = _target(cells, tables, reference)
            where = (fold(cells["scenario"]), cells["sheet"], target.key_or_row, target.column.key)
            if where in seen:
                raise _Mistake("scenario_twice", "key_or_row", first=read.found.place("key_or_row", seen[where]))
            seen[where] = int(row)
            value = _value(target, cells["value"])
            _check_assumption(target, value, assumptions, reference)
        except _Mistake as mistake:
            problems.append(
                read.found.problem(
                    "error", mistake.rule, mistake.column, int(row), shown(cells[mistake.column]), **mistake.parameters
                )
            )
            continue
        targets[int(row)] = target
        values.at[row, "key_or_row"] = target.key_or_row
        values.at[row, "column"] = None if target.table is None else target.column.key
        values.at[row, "value"] = value
    resolved = replace(read, values=values)
    return resolved, [*problems, *_broken_rows(resolved, targets, tables)]


def _target(cells: pd.Series[Any], tables: dict[str, ReadTable], reference: ReferenceData) -> _Target:
    sheet, key = str(cells["sheet"]), str(cells["key_or_row"])
    if sheet == "assumptions":
        return _assumption(key)
    if sheet == "prices":
        return _price(key, reference)
    table = TABLES_BY_KEY[sheet]
    column = _column(table, cells["column"])
    row, canonical = _row(tables[sheet], table, key)
    return _Target(canonical, column, sheet, row)


def _assumption(key: str) -> _Target:
    names = {fold(name): column for column in ASSUMPTIONS.columns for name in (column.key, column.header)}
    column = names.get(fold(key))
    if column is None:
        meant = similar(key, [name for each in ASSUMPTIONS.columns for name in (each.header, each.key)])
        raise _Mistake("scenario_assumption", "key_or_row", suggestion=meant or "Discontovoet")
    _refuse_fixed(column, "key_or_row")
    return _Target(column.key, column)


def _price(key: str, reference: ReferenceData) -> _Target:
    if not reference.has_price(key):
        meant = similar(key, list(dict.fromkeys(reference.unit_values["key"])))
        rule = "unknown_price" if meant is None else "unknown_price_similar"
        raise _Mistake(rule, "key_or_row", suggestion=meant)
    unit = str(reference.price(key, reference.latest_price_year()).unit)
    if unit != "EUR" and not unit.startswith("EUR/"):
        raise _Mistake("price_not_euros", "key_or_row", unit=unit)
    return _Target(key, PRICE)


def _column(table: Table, name: object) -> Column:
    if name is None:
        raise _Mistake("scenario_column_missing", "column", sheet_nl=table.sheet_nl, sheet_en=table.sheet_en)
    names = {fold(each): column for column in table.columns for each in (column.key, column.header)}
    column = names.get(fold(str(name).rstrip("* ")))
    if column is None:
        meant = similar(name, [each for column in table.columns for each in (column.header, column.key)])
        rule = "scenario_column" if meant is None else "scenario_column_similar"
        raise _Mistake(rule, "column", sheet_nl=table.sheet_nl, sheet_en=table.sheet_en, suggestion=meant)
    _refuse_fixed(column, "column")
    return column


def _refuse_fixed(column: Column, place: str) -> None:
    if column.kind in FIXED_KINDS or column.key in FIXED_KEYS:
        raise _Mistake("scenario_fixed", place, header_nl=column.header, header_en=column.key)


def _row(read: ReadTable, table: Table, key: str) -> tuple[int, str]:
    """The row that is meant, and how the case names it: its number or code, or its row number."""
    words = {"sheet_nl": table.sheet_nl, "sheet_en": table.sheet_en}
    own = OWN_ID.get(table.key)
    if own is not None:
        rows = read.values.index[(read.values[own] == key).to_numpy(dtype=bool)]
        if len(rows) == 0:
            known = [name for name in read.values[own] if name is not None]
            meant = similar(key, known[:MOST_SUGGESTIONS])
            raise _Mistake(
                "scenario_row" if meant is None else "scenario_row_similar", "key_or_row", suggestion=meant, **words
            )
        return int(rows[0]), key
    if key.isdigit() and int(key) in read.values.index:
        return int(key), str(int(key))
    named = [name is not None and fold(name) == fold(key) for name in read.values[NAMES[table.key]]]
    rows = read.values.index[np.array(named, dtype=bool)]
    if len(rows) != 1:
        raise _Mistake("scenario_line" if len(rows) == 0 else "scenario_line_twice", "key_or_row", **words)
    return int(rows[0]), str(int(rows[0]))


def _value(target: _Target, cell: Any) -> Any:
    """The value, read by the declaration of its own column."""
    try:
        return reader(target.column)(cell)
    except CellMistake as mistake:
        raise _Mistake(mistake.rule, "value", **mistake.parameters) from None


def _check_assumption(target: _Target, value: Any, assumptions: Assumptions | None, reference: ReferenceData) -> None:
    """A stepped rate has to reach the horizon, also the other way round; a price needs its index year."""
    if assumptions is None:
        return
    key = target.key_or_row
    if target.column is PRICE:
        try:
            reference.price(key, assumptions.price_year)
        except MissingFigureError:
            year, latest = str(assumptions.price_year), str(reference.latest_price_year())
            raise _Mistake("price_without_year", "key_or_row", year=year, latest=latest) from None
    if target.table is not None:
        return
    horizon = int(value) if key == "horizon_years" else assumptions.horizon_years
    rates = {name: getattr(assumptions, name) for name in ("discount_rate", "municipal_discount_rate")}
    if key in rates:
        rates = {key: value}
    elif key != "horizon_years":
        return
    for steps in rates.values():
        if isinstance(steps, tuple) and horizon > steps[-1][0]:
            raise _Mistake("horizon_beyond_steps", "value", last=str(steps[-1][0]), horizon=str(horizon))


def _broken_rows(read: ReadTable, targets: dict[int, _Target], tables: dict[str, ReadTable]) -> list[Problem]:
    """The rules within a row, for each row that a scenario changes: what it breaks that was whole before."""
    problems: list[Problem] = []
    changes: dict[tuple[str, str], list[int]] = {}
    for row, target in targets.items():
        if target.table is not None:
            changes.setdefault((fold(read.values.at[row, "scenario"]), target.table), []).append(row)
    for (_, table), rows in changes.items():
        other = tables[table]
        before, filled = other.sound, other.filled[other.passed]
        after, filled_after = before.copy(), filled.copy()
        for row in rows:
            target = targets[row]
            if target.row in after.index:
                after = _put(after, target, read.values.at[row, "value"])
                filled_after.at[target.row, target.column.key] = True
        for rule in ROW_RULES.get(table, ()):
            was = rule.breaks(before, filled).to_numpy(dtype=bool)
            broken = set(before.index[rule.breaks(after, filled_after).to_numpy(dtype=bool) & ~was])
            problems.extend(
                read.found.problem(
                    rule.level,
                    rule.rule,
                    "value",
                    row,
                    read.values.at[row, "value"],
                    **{name: after.at[targets[row].row, name] for name in rule.others},
                )
                for row in rows
                if targets[row].row in broken and targets[row].column.key in {rule.column, *rule.others}
            )
    return problems


def _put(table: pd.DataFrame, target: _Target, value: Any) -> pd.DataFrame:
    """A table with one cell changed; a list of shares stays one cell."""
    column = target.column.key
    cells = table[column].tolist()
    cells[int(np.flatnonzero(table.index == target.row)[0])] = value
    dtype = table[column].dtype
    whole = np.fromiter(cells, dtype=object, count=len(cells))
    return table.assign(**{column: pd.Series(whole, index=table.index, dtype=dtype)})
