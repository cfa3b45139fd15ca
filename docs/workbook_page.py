"""Write docs/workbook.md from the declared tables; a test holds that it is up to date."""

from pathlib import Path

from valuation.case import ASSUMPTION_COLUMNS, ASSUMPTIONS, TABLES, Column, Table

PAGE = Path(__file__).parent / "workbook.md"
INTRODUCTION = """\
# The workbook

Made by `python docs/workbook_page.py` from the declaration in `valuation/case.py`; do not edit by hand.

One workbook (`.xlsx`) holds one municipality. Sheets and columns may have their Dutch or their English name; upper and
lower case and spaces around names do not matter. A column marked * is required; an empty cell elsewhere takes the
default, and a default that was used is shown. Extra sheets and columns are kept and listed as not used. Amounts are
euros, rates and shares are fractions in the cell (shown as a percentage), codes are text (0.10 is not 0.1).
"""
KINDS = {
    "text": "text",
    "identifier": "code (text)",
    "amount": "amount in euros",
    "number": "number",
    "fraction": "rate or share",
    "degrees": "degrees",
    "integer": "whole number",
    "year": "year",
    "choice": "choice",
    "yes_no": "ja / nee",
    "take_up": "list of shares",
    "steps": "rate, or rates in steps",
    "cell": "as the cell that it is about",
}


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *(_section(table) for table in TABLES)])


def _section(table: Table) -> str:
    lines = [f"## Sheet `{table.sheet_nl}` (`{table.sheet_en}`): a row is {table.row_en}", ""]
    if table is ASSUMPTIONS:
        headers = ", ".join(f"`{dutch}` (`{english}`)" for dutch, english in ASSUMPTION_COLUMNS.values())
        lines += [f"Columns: {headers}. `Laag`, `Hoog` and `Verdeling` make an assumption uncertain.", ""]
    lines += ["| Header | Code name | Kind | Default | Meaning |", "|---|---|---|---|---|"]
    lines += [
        f"| {column.header}{' *' if column.required else ''} | `{column.key}` | {_kind(column)} | {_default(column)} "
        f"| {column.meaning_en} |"
        for column in table.columns
    ]
    return "\n".join([*lines, ""])


def _kind(column: Column) -> str:
    if column.choices:
        return ", ".join(f"{choice.nl} / {choice.key}" for choice in column.choices)
    return KINDS[column.kind] + (" or price code" if column.or_price else "")


def _default(column: Column) -> str:
    if column.default_key:
        return f"`{column.default_key}` in `datasets/assumption_defaults.csv`"
    if column.default_text_en:
        return column.default_text_en
    if column.default is None:
        return ""
    if isinstance(column.default, bool):
        return "ja" if column.default else "nee"
    return column.default if isinstance(column.default, str) else f"{column.default:g}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
