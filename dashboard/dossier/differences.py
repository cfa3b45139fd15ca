"""Which cells differ between two versions of a workbook: row by row, wherever a row stands in its sheet."""

from __future__ import annotations

import math
from collections import Counter

import pandas as pd

import intake
from dashboard.notation import MISSING
from dashboard.wording import _, language
from intake.cells import CellMistake, parse_amount_text
from valuation.case import TABLES, Table

COLUMNS = ["sheet", "row", "column", "before", "after"]
IDENTITY = {
    "assumptions": ("key",),
    "assets": ("asset_id",),
    "initiatives": ("initiative_id",),
    "qualities": ("initiative_id", "quality"),
    "scenarios": ("scenario", "sheet", "key_or_row", "column"),
    "alternatives": ("asset_id", "alternative"),
}
"""What tells a row from the others; in a table that is not here: the texts that must be filled in."""


def changed_cells(before: intake.RawWorkbook, after: intake.RawWorkbook) -> pd.DataFrame:
    """Every cell that differs, and every row that came or went.

    Returns
    -------
    DataFrame
        `sheet`, `row` (the names that identify it), `column`, `before` and `after`, in the words and notation of the
        session. A row that came has nothing before, one that went nothing after.
    """
    found = [change for table in TABLES for change in _of_table(table, before, after)]
    return pd.DataFrame(found, columns=COLUMNS)


def _of_table(table: Table, before: intake.RawWorkbook, after: intake.RawWorkbook) -> list[tuple[str, ...]]:
    dutch = language() == "nl"
    sheet = table.sheet_nl if dutch else table.sheet_en
    old, new = _by_identity(table, before), _by_identity(table, after)
    headers = {column.key: column.header if dutch else column.key for column in table.columns}
    changes = []
    for identity in dict.fromkeys([*new, *old]):
        was, now = old.get(identity), new.get(identity)
        name = _row_name(identity, now or was or {})
        if was is None or now is None:
            text = _("new row") if was is None else _("row taken away")
            changes.append((sheet, name, MISSING, MISSING if was is None else text, text if was is None else MISSING))
            continue
        changes += [
            (sheet, name, headers.get(key, key), was.get(key) or MISSING, now.get(key) or MISSING)
            for key in dict.fromkeys([*now, *was])
            if not _same(was.get(key) or "", now.get(key) or "")
        ]
    return changes


def _same(was: str, now: str) -> bool:
    """Whether two cells say the same; a spreadsheet that saves a file keeps fifteen digits of a number."""
    if was == now:
        return True
    try:
        one, other = (parse_amount_text(text, language()) for text in (was, now))
    except CellMistake:
        return False
    return math.isclose(one, other, rel_tol=1e-14)


def _row_name(identity: tuple, row: dict[str, str]) -> str:
    """What a user calls this row."""
    words = [part for part in identity[:-1] if part]
    if row.get("name") and row["name"] not in words:
        words.append(row["name"])
    return " · ".join(words) + (f" ({identity[-1]})" if identity[-1] > 1 else "")


def _by_identity(table: Table, raw: intake.RawWorkbook) -> dict[tuple, dict[str, str]]:
    """The rows of a table by the names in them that must be filled in; the same names twice get a number."""
    frame = intake.table_frame(raw, table.key, language())
    required = [column.key for column in table.columns if column.required and column.kind in ("identifier", "text")]
    names = [name for name in IDENTITY.get(table.key, required) if name in frame.columns] or list(frame.columns[:1])
    seen: Counter[tuple] = Counter()
    rows = {}
    for row in frame.to_dict("records"):
        identity = tuple(row[name] or "" for name in names)
        seen[identity] += 1
        rows[(*identity, seen[identity])] = row
    return rows
