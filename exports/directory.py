"""The directory of initiatives as a spreadsheet: a list to sort and filter, and who does something alike."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import xlsxwriter

from valuation.case import INITIATIVES, STAGES, Case
from valuation.directory import alike, directory

Columns = Mapping[str, Sequence[Any]]
"""Code name of each column to its header and its cells."""

TEXTS = {
    "nl": {
        "directory": "Vindplaats",
        "alike": "Wie doet iets vergelijkbaars",
        "tasks": "Taken",
        "object": "Gebouw of groen",
        "other": "Vergelijkbaar initiatief",
        "shared_tasks": "Zelfde taken",
        "same_theme": "Zelfde thema",
        "same_neighbourhood": "Zelfde buurt",
        "yes": "ja",
        "no": "nee",
    },
    "en": {
        "directory": "Directory",
        "alike": "Who does something alike",
        "tasks": "Tasks",
        "object": "Building or green",
        "other": "Initiative alike",
        "shared_tasks": "Same tasks",
        "same_theme": "Same theme",
        "same_neighbourhood": "Same neighbourhood",
        "yes": "yes",
        "no": "no",
    },
}
ENGLISH = {
    "initiative_id": "Initiative",
    "name": "Name",
    "theme": "Theme",
    "neighbourhood": "Neighbourhood",
    "legal_form": "Legal form",
    "stage": "Stage",
}
WIDTHS = {"name": 40, "tasks": 48, "object": 32, "other": 40, "shared_tasks": 40}


def directory_workbook(case: Case, language: str = "nl") -> bytes:
    """The directory as an xlsx file of two sheets. It has no amounts and no numbers of people.

    Parameters
    ----------
    case : Case
    language : {"nl", "en"}
        Of the headers and the stages; what users wrote stays as it is.

    Returns
    -------
    bytes
        Text that starts with = + - or @ is text, never a formula, and an address is no link.
    """
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        text = TEXTS[language]
        _write(workbook, text["directory"], _list(case, language))
        _write(workbook, text["alike"], _pairs(case, language))
    return file.getvalue()


def _list(case: Case, language: str) -> Columns:
    """The columns of the first sheet."""
    table = directory(case)
    objects = dict(zip(case.assets["asset_id"], case.assets["name"], strict=True))
    stages = {stage.key: getattr(stage, language) for stage in STAGES}
    columns = {name: [_header(name, language), *table[name]] for name in ENGLISH if name != "stage"}
    columns["tasks"] = [TEXTS[language]["tasks"], *table["tasks"]]
    columns["stage"] = [_header("stage", language), *(stages.get(stage) for stage in table["stage"])]
    columns["object"] = [TEXTS[language]["object"], *(objects.get(number) for number in table["asset_id"])]
    return columns


def _pairs(case: Case, language: str) -> Columns:
    """The columns of the second sheet: every two initiatives that share something, once from either side."""
    text = TEXTS[language]
    tables = [
        alike(case, number).assign(of=name)
        for number, name in zip(case.initiatives["initiative_id"], case.initiatives["name"], strict=True)
    ]
    rows = pd.concat(tables) if tables else pd.DataFrame()
    if rows.empty:
        rows = pd.DataFrame(columns=["of", "name", "shared_tasks", "same_theme", "same_neighbourhood"])
    return {
        "name": [_header("name", language), *rows["of"]],
        "other": [text["other"], *rows["name"]],
        "shared_tasks": [text["shared_tasks"], *rows["shared_tasks"]],
        **{
            name: [text[name], *(text["yes"] if same else text["no"] for same in rows[name])]
            for name in ("same_theme", "same_neighbourhood")
        },
    }


def _header(column: str, language: str) -> str:
    return INITIATIVES.column(column).header if language == "nl" else ENGLISH[column]


def _write(workbook: Any, name: str, columns: Columns) -> None:
    """One sheet: a header that stays in view, filters, and every cell as text."""
    sheet = workbook.add_worksheet(name)
    bold, plain = (
        workbook.add_format({"bold": True, "bottom": 1}),
        workbook.add_format({"text_wrap": True, "valign": "top"}),
    )
    last = 0
    for place, (column, cells) in enumerate(columns.items()):
        sheet.set_column(place, place, WIDTHS.get(column, 20))
        sheet.write_string(0, place, cells[0], bold)
        for row, cell in enumerate(cells[1:], start=1):
            if isinstance(cell, str) and cell:
                sheet.write_string(row, place, cell, plain)
        last = len(cells) - 1
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(columns) - 1)
