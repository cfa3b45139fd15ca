"""The texts of `datasets/` that people read: glossary, legal checks, and the published examples we compute again."""

from __future__ import annotations

import csv
import json
from functools import lru_cache

import pandas as pd

from intake.reference_data import FOLDER
from valuation.reference import MissingFigureError

GLOSSARY = ("term_nl", "term_en", "code_name", "unit", "definition_nl", "definition_en")
DEFAULT_NOTES = ("key", "basis", "source_id", "note_nl", "note_en")
CHECKS = ("key", "title_nl", "title_en", "what_nl", "what_en", "todo_nl", "todo_en", "source_id")
PUBLIC_CHECKS = ("key", "description_nl", "description_en", "formula", "parameters", "expected", "tolerance", "source")


@lru_cache(maxsize=1)
def load_glossary() -> pd.DataFrame:
    """`datasets/glossary.csv`, every cell as text."""
    return _read("glossary.csv", GLOSSARY)


@lru_cache(maxsize=1)
def load_default_notes() -> pd.DataFrame:
    """`datasets/assumption_defaults.csv`: why each default is what it is, every cell as text; indexed by `key`."""
    return _read("assumption_defaults.csv", DEFAULT_NOTES).set_index("key")


@lru_cache(maxsize=1)
def load_checks() -> pd.DataFrame:
    """`datasets/checks.csv`: what to look at before a decision, every cell as text; indexed by `key`."""
    return _read("checks.csv", CHECKS).set_index("key")


@lru_cache(maxsize=1)
def load_public_checks() -> pd.DataFrame:
    """`datasets/public_checks.csv`, with `parameters` as a dictionary and `expected` and `tolerance` as numbers."""
    table = _read("public_checks.csv", PUBLIC_CHECKS)
    return table.assign(
        parameters=[json.loads(text) for text in table["parameters"]],
        expected=table["expected"].astype("float64"),
        tolerance=table["tolerance"].astype("float64"),
    )


def _read(name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """A file of `datasets/` as text; a missing file or column is an error that names it."""
    file = FOLDER / name
    if not file.is_file():
        raise MissingFigureError(f"datasets/{name} is missing")
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, strict=True))
    missing = [column for column in columns if not rows or column not in rows[0]]
    if missing:
        raise MissingFigureError(f"datasets/{name} has no column '{missing[0]}', or no rows")
    return pd.DataFrame(rows, dtype=object)
