"""The tables that say which defaults filled empty cells, and what in a workbook was left aside."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

import intake
from dashboard.notation import MISSING, amount, number, percent, year
from dashboard.terms import basis_name
from dashboard.wording import _, language
from intake.knowledge import load_default_notes
from valuation.case import TABLES, Column

COLUMNS: dict[tuple[str, str], Column] = {
    (table.key, column.key): column for table in TABLES for column in table.columns
}


def defaults_table(defaults: pd.DataFrame) -> pd.DataFrame:
    """Which cells took a default, which, and where it comes from; in the words and notation of the session.

    Parameters
    ----------
    defaults : DataFrame
        `Intake.defaults_used`.
    """
    # The same default in many rows of one column is one line, with the cells that it filled.
    grouped = defaults.groupby(["table", "key"], sort=False, dropna=False)
    rows = []
    for (table, key), cells in grouped:
        first = cells.iloc[0]
        column = COLUMNS.get((table, key))
        places = [str(cell) for cell in cells["cell"] if cell is not None]
        source = first["source_nl" if language() == "nl" else "source_en"] or MISSING
        value = first["value"]
        # Where the default is not one figure, its words say what happens: "unknown", or how it is computed.
        in_words = value is None or value != value  # noqa: PLR0124 - NaN is not itself
        rows.append(
            {
                _("Sheet"): first["sheet"],
                _("Column"): first["column"],
                _("Cells"): span(places) if places else _("column not in the file"),
                _("Filled in"): source if in_words else default_words(value, column),
                _("Source"): _("what an empty cell means") if in_words else default_source(column, source),
            }
        )
    return pd.DataFrame(rows)


def default_source(column: Column | None, words: str) -> str:
    """Who says so: the publisher of a default, or that it is an assumption, with the note that goes with it.

    Parameters
    ----------
    column : Column, optional
        The declared column or assumption that took the default.
    words : str
        What the intake says of it: for a reference price its code is the last word.
    """
    reference, notes = intake.load_reference(), load_default_notes()
    code = words.rsplit(" ", 1)[-1]
    if column is not None and column.default_key in notes.index:
        note = notes.loc[column.default_key]
        basis, source_id, said = note["basis"], note["source_id"], note[f"note_{language()}"]
    elif reference.has_price(code):
        row = reference.unit_values.loc[reference.unit_values["key"] == code].iloc[-1]
        basis, source_id, said = row["basis"], row["source_id"], row[f"name_{language()}"]
    else:
        return words
    if basis == "assumption":
        return _("assumption: {note}", note=said)
    publisher = reference.sources.loc[reference.sources["source_id"] == source_id, "publisher"].iloc[0]
    return _("{publisher} ({basis}): {note}", publisher=publisher, basis=basis_name(basis), note=said)


def span(places: list[str]) -> str:
    """A list of cells in few words: `C4` or `C4 … C19 (12)`."""
    return places[0] if len(places) == 1 else f"{places[0]} … {places[-1]} ({len(places)})"


def default_words(value: Any, column: Column | None) -> str:
    """A default as a user reads it."""
    dutch = language() == "nl"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        words = {choice.key: choice.nl if dutch else choice.en for choice in (column.choices if column else ())}
        return words.get(value, value)
    if isinstance(value, tuple):
        return "; ".join(percent(share) for share in value)
    return _figure(float(value), column.kind if column else "number")


def _figure(value: float, kind: str) -> str:
    if kind == "amount":
        return amount(value, 0 if value.is_integer() else 2)
    if kind == "year":
        return year(value)
    if kind in {"fraction", "steps"}:
        return percent(value, 0 if (value * 100).is_integer() else 2)
    return number(value, 2)


def not_used_table(ignored: Iterable[intake.NotUsed]) -> pd.DataFrame:
    """What was kept but not used."""
    kinds = {"sheet": _("Sheet"), "column": _("Column"), "assumption": _("Assumption")}
    return pd.DataFrame(
        [
            {_("What"): kinds[part.what], _("Name"): part.name, _("Sheet"): part.sheet, _("Cell"): part.cell or MISSING}
            for part in ignored
        ]
    )
