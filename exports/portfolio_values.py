"""What very many objects are worth, as tables for a parquet file: a row an object, and a row a municipality."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from valuation.arrays import Floats, Ints
from valuation.line_table import METADATA
from valuation.messages import problem_text
from valuation.object_draws import SUMMARY, Certainty
from valuation.object_lines import ObjectValues
from valuation.uncertainty import summary

VERSION = 1
COUNTRY = "NL"
MOST_ROWS = 2**20 - 1
"""Rows of a sheet below its header."""
SUMMED = (
    "book_value_eur",
    "social_benefits_eur",
    "social_costs_eur",
    "social_value_eur",
    "municipality_npv_at_zero_price_eur",
)
"""Columns of an object that are added up for its municipality."""


class TooManyObjects(Exception):  # noqa: N818 - nothing is wrong with them
    """More objects than a sheet has rows."""

    def __init__(self, objects: int) -> None:
        super().__init__(objects)
        self.objects = objects

    def message(self, language: str = "nl") -> str:
        """What to do, in Dutch (`nl`) or English (`en`)."""
        return problem_text("too_many_objects", language, {"value": self.objects, "most": MOST_ROWS})


def object_table(
    municipalities: Sequence[str],
    municipality: Ints,
    number: np.ndarray,
    values: ObjectValues,
    certainty: Certainty | None = None,
) -> pa.Table:
    """Some objects, a row each, in their order.

    Parameters
    ----------
    municipalities : sequence of str
    municipality : array of shape (n,)
        Position in that sequence.
    number : array of shape (n,)
    values : ObjectValues
    certainty : Certainty, optional

    Returns
    -------
    Table
        Figures under the names of WORKBOOK.md; a figure that is not defined is null. With draws also `social_value_…`
        and `municipality_npv_…` for the mean and the quantiles, and the two probabilities.
    """
    social = values.social_value
    columns: dict[str, Any] = {
        "municipality": pa.DictionaryArray.from_arrays(municipality.astype(np.int32), list(municipalities)),
        "object": pa.array(number),
        "book_value_eur": values.book,
        "social_benefits_eur": _defined(values.benefits, social),
        "social_costs_eur": _defined(values.costs, social),
        "social_value_eur": _defined(social, social),
        "bcr": pa.array(values.benefit_cost_ratio, from_pandas=True),
        "municipality_npv_at_zero_price_eur": values.municipality,
        "unpriced_lines": values.unpriced,
    }
    if certainty is not None:
        for name in SUMMARY:
            columns[f"social_value_{name}_eur"] = _defined(certainty.social_value[name], social)
        for name in SUMMARY:
            columns[f"municipality_npv_{name}_eur"] = certainty.municipality[name]
        columns["probability_social_value_positive"] = _defined(certainty.probability_positive, social)
        columns["probability_municipality_not_worse_off"] = certainty.probability_not_worse_off
    return pa.table(columns)


def _defined(values: Floats, where: Floats) -> pa.Array:
    return pa.array(np.where(np.isnan(where), np.nan, values), from_pandas=True)


def with_note(table: pa.Table, note: Mapping[str, Any]) -> pa.Table:
    """The table with what it says about itself."""
    return table.replace_schema_metadata({METADATA: json.dumps({"version": VERSION, **note})})


def municipality_table(sums: Mapping[str, Mapping[str, float]], draws: Mapping[str, Floats]) -> pa.Table:
    """The municipalities, a row each, and last the country (`NL`).

    Parameters
    ----------
    sums : mapping
        Of each municipality `objects` and the columns `SUMMED`.
    draws : mapping of str to array of shape (2, draws)
        [EUR] Social value and municipal result of each municipality in every draw; empty without draws.

    Returns
    -------
    Table
        With draws also the mean and quantiles of both sums: what objects share moves them together, so these are not
        the sums of the objects' own.
    """
    names = [*sums, COUNTRY]
    columns: dict[str, Any] = {"municipality": names}
    for column in ("objects", *SUMMED):
        own = [each[column] for each in sums.values()]
        columns[column] = [*own, math.fsum(own)]
    columns["objects"] = [int(count) for count in columns["objects"]]
    if draws:
        of_all = [*(draws[name] for name in sums), np.sum([draws[name] for name in sums], axis=0)]
        for view, outcome in enumerate(("social_value", "municipality_npv")):
            figures = [summary(each[view]) for each in of_all]
            for name in SUMMARY:
                columns[f"{outcome}_{name}_eur"] = [each[name] for each in figures]
    return pa.table(columns)


def beside(out: Path) -> Path:
    """Where the municipalities of a file of objects stand."""
    return out.with_name(f"{out.stem}.municipalities{out.suffix}")


def read_values(out: Path) -> tuple[pa.Table, pa.Table]:
    """The objects and the municipalities that a run has written."""
    return pq.read_table(out), pq.read_table(beside(out))


def values_workbook(objects: pa.Table, municipalities: pa.Table, language: str) -> bytes:
    """Both tables as a workbook, for whoever has no program for parquet.

    Parameters
    ----------
    objects, municipalities : Table
        As `object_table` and `municipality_table`.
    language : {"nl", "en"}
        Of the names of the sheets; columns have the names of WORKBOOK.md.

    Raises
    ------
    TooManyObjects
        For one sheet.
    """
    if len(objects) > MOST_ROWS:
        raise TooManyObjects(len(objects))
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)
    bold = book.add_format({"bold": True})
    names = ("Objecten", "Gemeenten") if language == "nl" else ("Objects", "Municipalities")
    for name, table in zip(names, (objects, municipalities), strict=True):
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 2)
        for column, header in enumerate(table.column_names):
            sheet.write_string(0, column, header, bold)
            sheet.set_column(column, column, max(12, len(header) + 1))
            sheet.write_column(1, column, table[header].to_pylist())
    book.close()
    return content.getvalue()
