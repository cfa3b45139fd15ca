"""The assumptions sheet: one key and one value a row, each read by its own declaration."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from intake.cells import CellMistake, reader
from intake.names import fold, similar
from intake.sheets import FoundTable, NotUsed
from intake.tables import DefaultUsed, default_of, shown, source_of_default
from intake.workbook import Cell
from valuation.case import ASSUMPTIONS, UNCERTAINTY, Assumptions, Column
from valuation.problems import Problem
from valuation.reference import MissingFigureError, ReferenceData

VOLUNTEER_PRICE = "volunteer_hour_replacement"
KINDS_WITH_RANGE = frozenset({"amount", "number", "fraction", "integer", "steps"})
DISTRIBUTION = next(column for column in UNCERTAINTY if column.key == "distribution")


@dataclass
class ReadAssumptions:
    """The assumptions after their cells were read.

    Parameters
    ----------
    found : FoundTable
    values : dict
        Assumption key to its value, typed; only what was filled in and read.
    rows : dict
        Assumption key to its row in the sheet.
    ranges : dict
        Assumption key to low, high and distribution.
    defaults : list of DefaultUsed
        Cells that took a default.
    """

    found: FoundTable
    values: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    ranges: dict[str, tuple[float, float, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    not_used: list[NotUsed] = field(default_factory=list)
    defaults: list[DefaultUsed] = field(default_factory=list)

    def problem(self, rule: str, key: str, value: object = None, **parameters: object) -> Problem:
        """An error about one assumption, at its value where the sheet has it."""
        sheet = self.found.sheet.name if self.found.sheet else None
        column = ASSUMPTIONS.column(key).header
        cell = self.found.place("value", self.rows[key]) if key in self.rows else None
        return Problem("error", rule, sheet, cell, column, value, parameters)

    def cells(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Where each assumption stands, for messages."""
        sheet = self.found.sheet.name if self.found.sheet else ""
        return {
            (ASSUMPTIONS.key, key): (sheet, place)
            for key, row in self.rows.items()
            if (place := self.found.place("value", row)) is not None
        }


def read_assumptions(found: FoundTable) -> ReadAssumptions:
    """Read the rows of the assumptions sheet; what is empty waits for `complete`."""
    read = ReadAssumptions(found)
    if not {"key", "value"} <= found.columns.keys():
        return read
    names = {fold(name): column for column in ASSUMPTIONS.columns for name in (column.key, column.header)}
    columns = zip(*(found.cells(key) for key in ("key", "value", "low", "high", "distribution")), strict=True)
    for row, (key, value, low, high, distribution) in enumerate(columns, start=found.header_row + 1):
        if key is None:
            if value is not None:
                read.problems.append(_at(found, "assumption_without_key", "key", row, value))
            continue
        column = names.get(fold(key))
        if column is None:
            _unknown(read, key, row)
        elif column.key in read.rows:
            first = found.place("key", read.rows[column.key])
            read.problems.append(_at(found, "assumption_twice", "key", row, key, first=first))
        else:
            read.rows[column.key] = row
            _read_value(read, column, row, value)
            _read_range(read, column, row, low, high, distribution)
    return read


def _at(found: FoundTable, rule: str, key: str, row: int, value: Cell, **parameters: object) -> Problem:
    sheet = found.sheet.name if found.sheet else None
    return Problem("error", rule, sheet, found.place(key, row), found.columns[key].header, shown(value), parameters)


def _unknown(read: ReadAssumptions, key: Cell, row: int) -> None:
    """An unknown key is kept and not used; one that is nearly right is pointed out."""
    found = read.found
    sheet = found.sheet.name if found.sheet else ""
    read.not_used.append(NotUsed("assumption", sheet, str(key), found.place("key", row)))
    meant = similar(key, [name for column in ASSUMPTIONS.columns for name in (column.header, column.key)])
    if meant is not None:
        problem = _at(found, "assumption_similar", "key", row, key, suggestion=meant)
        read.problems.append(replace(problem, level="warning"))


def _read_value(read: ReadAssumptions, column: Column, row: int, value: Cell) -> None:
    if value is None:
        return
    try:
        read.values[column.key] = reader(column)(value)
    except CellMistake as mistake:
        read.values[column.key] = None
        read.problems.append(_at(read.found, mistake.rule, "value", row, value, **mistake.parameters))


def _read_range(read: ReadAssumptions, column: Column, row: int, low: Cell, high: Cell, distribution: Cell) -> None:
    """Low, high and distribution of an uncertain assumption."""
    if low is None and high is None:
        return
    if column.kind not in KINDS_WITH_RANGE:
        key, value = ("low", low) if low is not None else ("high", high)
        read.problems.append(_at(read.found, "range_not_possible", key, row, value))
        return
    if low is None or high is None:
        missing, other = ("low", high) if low is None else ("high", low)
        read.problems.append(
            _at(read.found, "range_incomplete", missing if missing in read.found.columns else "key", row, other)
        )
        return
    single = replace(column, kind="fraction") if column.kind == "steps" else column
    parsed: list[Any] = []
    for key, kind, cell in (("low", single, low), ("high", single, high), ("distribution", DISTRIBUTION, distribution)):
        try:
            parsed.append(DISTRIBUTION.default if cell is None else reader(kind)(cell))
        except CellMistake as mistake:
            read.problems.append(_at(read.found, mistake.rule, key, row, cell, **mistake.parameters))
    if len(parsed) == 3:
        _keep_range(read, column, row, *parsed)


def _keep_range(read: ReadAssumptions, column: Column, row: int, low: float, high: float, shape: str) -> None:
    value = read.values.get(column.key)
    if isinstance(value, tuple):
        read.problems.append(_at(read.found, "range_of_steps", "low", row, low))
    elif low > high:
        read.problems.append(_at(read.found, "low_above_high", "low", row, low, high=high))
    elif shape == "lognormal" and low <= 0:
        read.problems.append(_at(read.found, "lognormal_not_positive", "low", row, low))
    else:
        read.ranges[column.key] = (low, high, shape)


def complete(read: ReadAssumptions, reference: ReferenceData) -> Assumptions | None:
    """Fill in the defaults and check the assumptions against each other; None where one of them is wrong."""
    values = dict(read.values)
    for column in ASSUMPTIONS.columns:
        if column.key in values:
            continue
        if column.required:
            read.problems.append(
                read.problem(
                    "required" if column.key in read.rows else "assumption_missing",
                    column.key,
                    name_nl=column.header,
                    name_en=column.key,
                )
            )
            values[column.key] = None
        else:
            values[column.key] = _default(read, column, values, reference)
            read.defaults.append(_default_used(read, column, values[column.key]))
    _check_steps(read, values)
    _check_ranges(read, values)
    if any(value is None for value in values.values()):
        return None
    for key in ("base_year", "price_year", "horizon_years"):
        values[key] = int(values[key])
    return Assumptions(**values)


def _default(read: ReadAssumptions, column: Column, values: dict[str, Any], reference: ReferenceData) -> Any:
    """The default of one assumption; None, with a problem, where it cannot be had."""
    if column.key == "price_year":
        return reference.latest_price_year()
    if column.key == "municipal_discount_rate":
        return values["discount_rate"]
    if column.key == "volunteer_hour_value":
        return _volunteer_hour_value(read, values["price_year"], reference)
    return default_of(column, reference)


def _volunteer_hour_value(read: ReadAssumptions, price_year: float | None, reference: ReferenceData) -> float | None:
    if price_year is None:
        return None
    try:
        return reference.price(VOLUNTEER_PRICE, int(price_year)).value
    except MissingFigureError:
        read.problems.append(
            read.problem(
                "price_year_missing",
                "price_year",
                str(int(price_year)),
                price_key=VOLUNTEER_PRICE,
                latest=str(reference.latest_price_year()),
            )
        )
        return None


def _default_used(read: ReadAssumptions, column: Column, value: Any) -> DefaultUsed:
    row = read.rows.get(column.key)
    return DefaultUsed(
        table=ASSUMPTIONS.key,
        sheet=read.found.sheet.name if read.found.sheet else ASSUMPTIONS.sheet_nl,
        cell=None if row is None else read.found.place("value", row),
        row=row,
        column=column.header,
        key=column.key,
        value=value,
        source_nl=source_of_default(column)[0],
        source_en=source_of_default(column)[1],
    )


def _check_steps(read: ReadAssumptions, values: dict[str, Any]) -> None:
    """A stepped rate has to reach the horizon."""
    horizon = values.get("horizon_years")
    for key in ("discount_rate", "municipal_discount_rate"):
        steps = values.get(key)
        if horizon is None or not isinstance(steps, tuple) or key not in read.values:
            continue
        last = steps[-1][0]
        if horizon > last:
            read.problems.append(read.problem("horizon_beyond_steps", key, last=str(last), horizon=str(int(horizon))))


def _check_ranges(read: ReadAssumptions, values: dict[str, Any]) -> None:
    """A central value outside its own range is pointed out."""
    for key, (low, high, _) in read.ranges.items():
        value = values.get(key)
        if isinstance(value, float) and not low <= value <= high:
            problem = read.problem("central_outside_range", key, value, low=low, high=high)
            read.problems.append(replace(problem, level="warning"))


def ranges_table(read: ReadAssumptions) -> pd.DataFrame:
    """The uncertain assumptions: `low`, `high` and `distribution` by assumption key."""
    table = pd.DataFrame.from_dict(read.ranges, orient="index", columns=["low", "high", "distribution"])
    return table.astype({"low": "float64", "high": "float64", "distribution": object})
