"""What the declared tables and columns are called on the screen: the Dutch header, or English words from the name."""

from __future__ import annotations

from dashboard.wording import _, language
from valuation.case import Choice, Column, Table

UNITS = (
    ("_eur_per_year", " (€ per year)"),
    ("_eur", " (€)"),
    ("_hours_per_year", " hours per year"),
    ("_per_year", " per year"),
    ("_m2", " (m²)"),
    ("_years", " (years)"),
    ("_m", " (m)"),
)
INITIALS = {"vat": "VAT", "dscr": "DSCR", "id": "ID", "rd": "RD"}


def column_label(column: Column) -> str:
    """The header as the user reads it: Dutch as in the workbook, English from the code name and its unit."""
    return column.header if language() == "nl" else english_name(column.key)


def english_name(key: str) -> str:
    """`market_value_eur` is Market value (€)."""
    for suffix, unit in UNITS:
        if key.endswith(suffix):
            key, tail = key.removesuffix(suffix), unit
            break
    else:
        tail = ""
    words = [INITIALS.get(word, word) for word in key.split("_")]
    return words[0][0].upper() + words[0][1:] + "".join(f" {word}" for word in words[1:]) + tail


def column_help(column: Column) -> str:
    """What the column means, which words it allows, and what an empty cell means."""
    dutch = language() == "nl"
    parts = [column.meaning_nl if dutch else column.meaning_en]
    if column.choices:
        parts.append(" / ".join(choice_label(choice) for choice in column.choices))
    default = column.default_text_nl if dutch else column.default_text_en
    if column.required:
        parts.append(_("Required."))
    elif default:
        parts.append(_("Empty: {default}.", default=default))
    return " ".join(parts)


def choice_label(choice: Choice) -> str:
    """One allowed word."""
    return choice.nl if language() == "nl" else choice.en


def quantity_unit(unit: str | None) -> str:
    """What a quantity is counted in, as one writes it."""
    return {None: "", "m2": "m²", "m3": "m³"}.get(unit, unit or "")


def sheet_label(table: Table) -> str:
    """The name of the sheet."""
    return table.sheet_nl if language() == "nl" else table.sheet_en.capitalize()
