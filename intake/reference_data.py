"""The figures of `datasets/`, read once: as text first, then typed, so that nothing is guessed.

A missing file, column or figure is an error that names the file, never a default.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import pandas as pd

from valuation.reference import MissingFigureError, ReferenceData

FOLDER = Path(__file__).resolve().parent.parent / "datasets"
YES_NO = {"yes": True, "no": False, "true": True, "false": False}

UNIT_VALUES = (
    "key",
    "name_nl",
    "name_en",
    "value",
    "low",
    "high",
    "unit",
    "price_year",
    "index",
    "valid_from",
    "payer",
    "price_base",
    "basis",
    "source_id",
    "locator",
    "note",
)
PRICE_INDEX = ("index", "year", "value")
DEFAULTS = ("key", "value", "unit")
UNITS = ("unit", "quantity_unit", "name_nl", "name_en", "dimension", "synonyms")
SOURCES = ("source_id", "publisher", "title", "edition_year", "url", "accessed", "licence")
DE_MINIMIS = ("key", "ceiling_eur", "valid_from", "valid_to", "source_id")
EVIDENCE_FACTORS = ("low_factor", "high_factor", "optimism_factor")
EVIDENCE_WIDTHS = ("grade", *EVIDENCE_FACTORS)
DEPRECIATION_TERMS = ("key", "name_nl", "name_en", "years", "source_id")
DOUBLE_COUNTING = ("group", "topic", "synonyms", "name_nl", "name_en")


@lru_cache(maxsize=1)
def load_reference() -> ReferenceData:
    """Read the reference figures of `datasets/`.

    Raises
    ------
    MissingFigureError
        A file, a column or a figure is missing or is no number; the message names the file and the line.
    """
    return read_reference(FOLDER)


def read_reference(folder: Path) -> ReferenceData:
    """The reference figures in the files of a folder, with the columns of their files."""
    return ReferenceData(
        unit_values=_unit_values(folder),
        price_index=_typed(_read(folder / "price_index.csv", PRICE_INDEX), folder, "price_index.csv").astype(
            {"year": "int64"}
        ),
        defaults=_defaults(folder / "assumption_defaults.csv"),
        units=_read(folder / "units.csv", UNITS),
        sources=_read(folder / "sources.csv", SOURCES),
        de_minimis=_numbers(_read(folder / "de_minimis.csv", DE_MINIMIS), ("ceiling_eur",), folder / "de_minimis.csv"),
        double_counting=_read(folder / "double_counting.csv", DOUBLE_COUNTING),
        evidence_widths=_numbers(
            _read(folder / "evidence_widths.csv", EVIDENCE_WIDTHS), EVIDENCE_FACTORS, folder / "evidence_widths.csv"
        ),
        depreciation_terms=_numbers(
            _read(folder / "depreciation_terms.csv", DEPRECIATION_TERMS), ("years",), folder / "depreciation_terms.csv"
        ),
    )


def _read(file: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    """A file as text, every cell as it stands."""
    if not file.is_file():
        raise MissingFigureError(f"datasets/{file.name} is missing")
    with file.open(encoding="utf-8", newline="") as lines:
        header, *rows = list(csv.reader(lines)) or [[]]
    missing = [column for column in columns if column not in header]
    if missing:
        raise MissingFigureError(f"datasets/{file.name} has no column '{missing[0]}'")
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise MissingFigureError(f"datasets/{file.name}, line {number}, has {len(row)} cells, not {len(header)}")
    if not rows:
        raise MissingFigureError(f"datasets/{file.name} has no rows")
    return pd.DataFrame(rows, columns=header, dtype=object)


def _numbers(
    table: pd.DataFrame, columns: tuple[str, ...], file: Path, *, optional: tuple[str, ...] = ()
) -> pd.DataFrame:
    """The table with these columns as numbers; NaN only where an optional cell is empty."""
    return table.assign(
        **{
            column: [
                _number(text, column, place, file, column in optional)
                for place, text in enumerate(table[column], start=2)
            ]
            for column in columns
        }
    ).astype(dict.fromkeys(columns, "float64"))


def _number(text: str, column: str, line: int, file: Path, is_optional: bool) -> float:  # noqa: FBT001
    if text == "" and is_optional:
        return float("nan")
    try:
        return float(text)
    except ValueError:
        raise MissingFigureError(f"datasets/{file.name}, line {line}: '{text}' in '{column}' is no number") from None


def _unit_values(folder: Path) -> pd.DataFrame:
    file = folder / "unit_values.csv"
    table = _numbers(
        _read(file, UNIT_VALUES), ("value", "low", "high", "price_year"), file, optional=("low", "high", "price_year")
    )
    return table.assign(price_year=table["price_year"].astype("Int64"))


def _typed(table: pd.DataFrame, folder: Path, name: str) -> pd.DataFrame:
    return _numbers(table, ("year", "value"), folder / name)


def _defaults(file: Path) -> dict[str, float | str | bool]:
    """Each default as a number, a truth value or a word."""
    table = _read(file, DEFAULTS)
    return {key: _value(text) for key, text in zip(table["key"], table["value"], strict=True)}


def _value(text: str) -> float | str | bool:
    if text in YES_NO:
        return YES_NO[text]
    try:
        return float(text)
    except ValueError:
        return text
