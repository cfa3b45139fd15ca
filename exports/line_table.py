"""The lines of cases as a file for very many objects: what `valuation.line_table` declares.

Only what the method adds up by object goes in. An initiative without a building or green space has no object, so its
lines stay out, and the case's own appraisal shows it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from valuation.appraisal import Result
from valuation.arrays import Flags, Floats, Words, figures, words
from valuation.case import ASSUMPTIONS, Case
from valuation.distributions import Distribution
from valuation.line_table import FORMAT, LINE_COLUMNS, METADATA, VERSION, terms_as_data
from valuation.lines import Lines, unit_prices
from valuation.messages import problem_text
from valuation.object_lines import FULL, Terms

PER_HOUR = {"facilitation": "official_hourly_rate", "volunteer_hours": "volunteer_hour_value"}
"""Kinds of line whose unit value is an assumption, the same for all of the case."""


_WORDS = pa.dictionary(pa.int16(), pa.string())
_TYPES = {
    **dict.fromkeys(("word", "take_up"), _WORDS),
    "identifier": pa.string(),
    "number": pa.float64(),
    "year": pa.int16(),
    "weight": pa.int8(),
    "flag": pa.bool_(),
}


def line_schema(number: pa.DataType) -> pa.Schema:
    """The columns of a file of lines and, for whoever reads along, the kind of each line.

    Parameters
    ----------
    number : DataType
        Of the objects' numbers.

    Returns
    -------
    Schema
        Only a column that may be empty allows for it: where each value is sure to be there, reading takes a fifth less.
    """
    columns = [
        pa.field(column.key, number if column.kind == "identifier" else _TYPES[column.kind], column.may_be_empty)
        for column in LINE_COLUMNS
    ]
    return pa.schema([*columns[:2], pa.field("kind", _WORDS, nullable=False), *columns[2:]])


class NoLineFile(Exception):  # noqa: N818 - nothing is wrong with the cases
    """Cases that do not make one file of lines.

    Parameters
    ----------
    rule : str
        Why not: `different_terms`, `same_municipality` or `no_objects`.
    parameters
        What the message names.
    """

    def __init__(self, rule: str, **parameters: str) -> None:
        super().__init__(rule, parameters)
        self.rule, self.parameters = rule, parameters

    def message(self, language: str = "nl") -> str:
        """Why there is no file, in Dutch (`nl`) or English (`en`)."""
        return problem_text(self.rule, language, self.parameters)


def terms_of(case: Case) -> Terms:
    """What the lines of a case have in common."""
    assumptions = case.assumptions
    return Terms(
        horizon_years=assumptions.horizon_years,
        timing=assumptions.timing,
        discount_rate=assumptions.discount_rate,
        municipal_discount_rate=assumptions.municipal_discount_rate,
        discount_rate_range=_range(case, "discount_rate"),
        municipal_discount_rate_range=_range(case, "municipal_discount_rate"),
    )


def _range(case: Case, key: str) -> Distribution | None:
    ranges = case.assumption_ranges
    if key not in ranges.index:
        return None
    found = ranges.loc[[key]]
    low, high = figures(found, "low")[0], figures(found, "high")[0]
    return Distribution(str(words(found, "distribution")[0]), low, float(getattr(case.assumptions, key)), high)


def line_file(results: Sequence[Result]) -> pa.Table:
    """The lines of all objects of some cases, in the order that the file asks for.

    Parameters
    ----------
    results : sequence of Result
        Of different municipalities.

    Raises
    ------
    NoLineFile
        When horizon, moment of payment, a rate or its range is not the same in all, when two are of one municipality,
        or when there is no object at all.
    """
    in_order = sorted(results, key=lambda result: result.case.assumptions.municipality)
    for one, other in pairwise(in_order):
        _check_together(one.case, other.case)
    with_objects = [result for result in in_order if len(result.case.assets)]
    if not with_objects:
        raise NoLineFile("no_objects", value=in_order[0].case.assumptions.municipality)
    table = pa.concat_tables([_lines_of(result) for result in with_objects])
    about = {"format": FORMAT, "version": VERSION, "synthetic": False, **terms_as_data(terms_of(in_order[0].case))}
    return table.replace_schema_metadata({METADATA: json.dumps(about)})


def _check_together(one: Case, other: Case) -> None:
    """Two cases, next to each other in the order of municipalities, may stand in one file."""
    names = {"one": one.assumptions.municipality, "other": other.assumptions.municipality}
    if names["one"] == names["other"]:
        raise NoLineFile("same_municipality", value=names["one"])
    common = terms_of(one)
    for key, value in vars(terms_of(other)).items():
        if value != getattr(common, key):
            header = ASSUMPTIONS.column(key.removesuffix("_range")).header
            raise NoLineFile("different_terms", value=header, **names)


def _lines_of(result: Result) -> pa.Table:
    """The lines of one case's objects, with a line for each book value."""
    case, lines = result.case, result.lines
    passes = np.append(result.links.has_initiative, True)[lines.asset]
    columns = {
        "asset": lines.asset,
        "kind": lines.kind,
        **_amounts(case, lines),
        "drop_off": lines.drop_off,
        "real_growth": lines.real_growth,
        "start_year": lines.start_year,
        "end_year": lines.end_year,
        "society": np.where(passes, lines.society * lines.direction, 0.0),
        "municipal": lines.municipal,
        "book": np.zeros(len(lines)),
        "at_terminal": lines.at_terminal,
        "take_up": [_in_percent(steps) for steps in lines.take_up],
    }
    book = pd.DataFrame(
        {
            "asset": np.arange(len(case.assets)),
            "kind": "book_value",
            "quantity": 1.0,
            "unit_value_eur": result.assets["book_value_eur"].to_numpy(),
            "book": 1.0,
        }
    )
    table = pd.concat([book, pd.DataFrame(columns)], ignore_index=True)
    weights = table[["society", "municipal", "book"]].fillna(0.0)
    runs = ~(table["start_year"] > table["end_year"])
    table = table[(table["asset"] >= 0) & (weights != 0.0).any(axis=1) & runs]
    number = words(case.assets, "asset_id").astype(str)[table["asset"].to_numpy(np.int64)]
    table = table.assign(municipality=case.assumptions.municipality, object=number)
    table = table.sort_values("object", kind="stable").fillna(_WITHOUT)
    schema = line_schema(pa.string())
    return pa.table([pa.array(table[each.name], type=each.type, from_pandas=True) for each in schema], schema)


def _amounts(case: Case, lines: Lines) -> dict[str, Any]:
    """Quantity, unit value, its range and what may not be claimed, one a line; what has no price by unit is one.

    Only an effect or a task can be p.m.; an amount that is not filled in counts as 0, and a warning says so.
    """
    count = len(lines)
    found: dict[str, Any] = {
        "quantity": np.ones(count),
        "unit_value_eur": lines.counted.copy(),
        **{key: np.full(count, np.nan) for key in ("low_eur", "high_eur")},
        **{key: np.full(count, None, dtype=object) for key in ("distribution", "price")},
        **{key: np.zeros(count) for key in ("deadweight", "displacement", "attribution")},
    }
    of_tasks, of_effects = lines.table == "tasks", lines.table == "effects"
    _priced(
        found, of_tasks, case.tasks, "volume_per_year", unit_prices(case, case.tasks, "institutional_unit_cost_eur")
    )
    found["deadweight"][of_tasks] = figures(case.tasks, "deadweight")
    found["attribution"][of_tasks] = 1.0 - figures(case.tasks, "substitution_share")
    _priced(found, of_effects, case.effects, "quantity", unit_prices(case, case.effects, "unit_value_eur"))
    for share in ("deadweight", "displacement", "attribution"):
        found[share][of_effects] = figures(case.effects, share)
    for kind, key in PER_HOUR.items():
        chosen, drawn = lines.kind == kind, _range(case, key)
        price = float(getattr(case.assumptions, key))
        if drawn is not None and price != 0.0:
            found["quantity"][chosen] = lines.amount[chosen] / price
            found["unit_value_eur"][chosen] = price
            found["low_eur"][chosen], found["high_eur"][chosen] = drawn.low, drawn.high
            found["distribution"][chosen] = drawn.shape
            found["price"][chosen] = f"assumptions:{key}"
    return found


def _priced(found: dict[str, Any], chosen: np.ndarray, rows: pd.DataFrame, quantity: str, price: Floats) -> None:
    """The lines of a table with prices by unit, which are in the order of its rows."""
    found["quantity"][chosen] = figures(rows, quantity)
    found["unit_value_eur"][chosen] = price
    low, high = figures(rows, "low"), figures(rows, "high")
    has_range = ~np.isnan(low + high + price)
    found["low_eur"][chosen] = np.where(has_range, low, np.nan)
    found["high_eur"][chosen] = np.where(has_range, high, np.nan)
    found["distribution"][chosen] = _if(has_range, words(rows, "distribution"))
    found["price"][chosen] = _if(has_range, words(rows, "price_key"))


def _if(chosen: Flags, values: Words) -> Words:
    return np.array(
        [value if is_chosen else None for is_chosen, value in zip(chosen, values, strict=True)], dtype=object
    )


def _in_percent(steps: tuple[float, ...]) -> str | None:
    return None if steps == FULL else "; ".join(f"{100 * step!r}%" for step in steps)


_WITHOUT = {
    **dict.fromkeys(("deadweight", "displacement", "attribution", "drop_off", "real_growth"), 0.0),
    **dict.fromkeys(("start_year", "end_year", "society", "municipal", "book"), 0),
    "at_terminal": False,
}
"""What a line of the book value has in the other columns."""
