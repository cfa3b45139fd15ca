"""The whole portfolio as a file to take along: objects, programme, neighbourhoods and years, in xlsx or csv.

The figures are values, ready to sort and add up; the workbook with live formulas is `exports.workbook`.
"""

from __future__ import annotations

import csv
import io
import math
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import xlsxwriter

from exports.notation import Notation

FORMATS = {
    "amount": '"€" #,##0;[Red]-"€" #,##0',
    "number": "#,##0.##",
    "degrees": "0.000000",
    "year": "0",
}
WIDTHS = {"text": 28, "amount": 18}
USUAL_WIDTH = 13
LONGEST_TEXT = 32_767
SIGNED_NUMBER = re.compile(r"[+-]?\d[\d.,]*")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
DECIMALS = {"amount": 2, "number": 6, "degrees": 6}


@dataclass(frozen=True)
class Sheet:
    """One table of the file.

    Parameters
    ----------
    name : str
        Of the sheet, and of the csv file.
    table : DataFrame
        Column names are the headers.
    kinds : dict
        Header to how its figures are written (`amount`, `number`, `degrees`, `year`); the others are text.
    """

    name: str
    table: pd.DataFrame
    kinds: dict[str, str]


def portfolio_workbook(sheets: Sequence[Sheet]) -> bytes:
    """The tables as an xlsx file of a sheet each.

    Text is always text: what starts with = + - or @ is never a formula, and an address is no link.
    """
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        header = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        looks = {kind: workbook.add_format({"num_format": number}) for kind, number in FORMATS.items()}
        for sheet in sheets:
            page = workbook.add_worksheet(sheet.name)
            for place, name in enumerate(sheet.table.columns):
                kind = sheet.kinds.get(name, "text")
                page.set_column(place, place, WIDTHS.get(kind, USUAL_WIDTH), looks.get(kind))
                page.write_string(0, place, name, header)
                for row, cell in enumerate(sheet.table[name], start=1):
                    _write(page, row, place, cell, kind, looks.get(kind))
            page.freeze_panes(1, 0)
            if len(sheet.table):
                page.autofilter(0, 0, len(sheet.table), len(sheet.table.columns) - 1)
    return file.getvalue()


def _write(page: Any, row: int, place: int, cell: Any, kind: str, look: Any) -> None:
    if _is_empty(cell):
        return
    if kind == "text":
        page.write_string(row, place, str(cell)[:LONGEST_TEXT])
    else:
        page.write_number(row, place, float(cell), look)


def portfolio_csv(sheets: Sequence[Sheet], language: str = "nl") -> bytes:
    """The tables as a zip of a csv file each, as a spreadsheet in this language opens it.

    Dutch has a semicolon between fields and a decimal comma, without a sign for thousands, so that every figure can be
    added up. Text that a spreadsheet would take for a formula gets an apostrophe in front; a negative number does not.
    """
    notation = Notation(language)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in sheets:
            archive.writestr(f"{sheet.name}.csv", _csv(sheet, notation).encode("utf-8-sig"))
    return file.getvalue()


def _csv(sheet: Sheet, notation: Notation) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";" if notation.language == "nl" else ",")
    writer.writerow(map(_harmless, sheet.table.columns))
    columns = [
        [_csv_cell(cell, sheet.kinds.get(name, "text"), notation) for cell in sheet.table[name]]
        for name in sheet.table.columns
    ]
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue()


def _csv_cell(cell: Any, kind: str, notation: Notation) -> str:
    if _is_empty(cell):
        return ""
    if kind == "text":
        return _harmless(str(cell))
    if kind == "year":
        return notation.year(cell)
    plain = f"{float(cell):.{DECIMALS[kind]}f}".rstrip("0").rstrip(".")
    plain = "0" if plain == "-0" else plain
    return plain.replace(".", ",") if notation.language == "nl" else plain


def _harmless(text: str) -> str:
    signed_number = SIGNED_NUMBER.fullmatch(text) is not None
    return "'" + text if text.startswith(FORMULA_SIGNS) and not signed_number else text


def _is_empty(cell: Any) -> bool:
    return cell is None or cell is pd.NA or (isinstance(cell, float) and math.isnan(cell))
