"""Workbooks as a controller handles them: recalculated by LibreOffice, changed in a cell, read by their sheets."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine
from openpyxl.worksheet.worksheet import Worksheet

FIELD_ROW, FIRST_ROW = 2, 4  # counted from 0: where the fields' names stand, and the first figures
RECALCULATE_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""

Sheets = dict[str, list[list[Any]]]
Edit = tuple[str, Any, str, Any]
"""Sheet, text in column A, header and value, as a user types it; the n-th row with that text is `(text, n)`. Without a
text the header is the address of any cell, and the value may be a function of what stands there."""


def recalculate(soffice: str, books: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Let LibreOffice load, recalculate and save all workbooks in one run, with a fresh profile of its own."""
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE_ALWAYS)
    files = []
    for name, content in books.items():
        files.append(folder / f"{name}.xlsx")
        files[-1].write_bytes(content)
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            out,
            *files,
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return {name: (out / f"{name}.xlsx").read_bytes() for name in books}


def sheets_of(book: bytes) -> Sheets:
    """All cells by sheet; an empty cell and an empty text are both '', an error is its text such as `#N/A`."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        has_errors = any(b't="e"' in archive.read(name) for name in archive.namelist() if "worksheets/" in name)
    if has_errors:  # calamine reads an error as an empty cell
        workbook = openpyxl.load_workbook(io.BytesIO(book), data_only=True)
        return {
            sheet.title: [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]
            for sheet in workbook
        }
    found = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book))
    return {name: found.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in found.sheet_names}


def editions(book: bytes, edits: Mapping[str, Sequence[Edit]]) -> dict[str, bytes]:
    """The workbook with other values in cells, one edition a name; what one edition changes is as before in the next.

    openpyxl keeps no outcomes of formulas, so whoever shows these files has to calculate.
    """
    workbook = openpyxl.load_workbook(io.BytesIO(book))
    done = {}
    for name, changes in edits.items():
        before = []
        for sheet, owner, header, value in changes:
            cell = workbook[sheet][header] if owner is None else _input_cell(workbook[sheet], owner, header)
            before.append((cell, cell.value))
            cell.value = value(cell.value) if callable(value) else value
        content = io.BytesIO()
        workbook.save(content)
        done[name] = content.getvalue()
        for cell, value in reversed(before):
            cell.value = value
    return done


def _input_cell(sheet: Worksheet, owner: Any, header: str) -> Any:
    text, nth = owner if isinstance(owner, tuple) else (owner, 1)
    rows = [row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value == text]
    column = next(cell.column for cell in sheet[1] if cell.value == header)
    cell = sheet.cell(rows[nth - 1], column)
    assert not cell.protection.locked, f"{sheet.title} {cell.coordinate} is locked"
    return cell


def without_outcomes(book: bytes) -> bytes:
    """The same file in which every stored outcome of a formula is 0: right figures must have been calculated."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename.startswith("xl/worksheets/"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1<v>0</v>", content)
                content = re.sub(rb'( t="str")(?=><f>)', b"", content)
            new.writestr(item, content)
    return changed.getvalue()


def results_in(sheets: Sheets, names: Sequence[str]) -> dict[str, Any]:
    """The results as they stand in the workbook, shaped as the JSON object; the names are those of four sheets."""
    assets, budget, initiatives, payers = (rows_with_fields(sheets[name]) for name in names)
    return {
        "assets": [
            asset | {"budget": [_without(year, "asset_id") for year in budget if year["asset_id"] == asset["asset_id"]]}
            for asset in assets
        ],
        "initiatives": [
            initiative | {"by_payer": _by_payer(_without(row, "initiative_id"))}
            for initiative, row in zip(initiatives, payers, strict=True)
        ],
    }


def rows_with_fields(sheet: list[list[Any]]) -> list[dict[str, Any]]:
    fields = sheet[FIELD_ROW]
    rows = [row for row in sheet[FIRST_ROW:] if any(cell != "" for cell in row)]
    return [
        {field: None if cell == "" else cell for field, cell in zip(fields, row, strict=True) if field} for row in rows
    ]


def _without(row: dict[str, Any], key: str) -> dict[str, Any]:
    return {field: value for field, value in row.items() if field != key}


def _by_payer(row: dict[str, Any]) -> dict[str, dict[str, Any]]:
    payers: dict[str, dict[str, Any]] = {}
    for name, value in row.items():
        if value is not None:
            payer, field = name.split(".")
            payers.setdefault(payer, {})[field] = value
    return payers


def differences(found: Any, wanted: Any, place: str = "") -> list[str]:
    """Every figure that differs by more than a millionth, with its place; a missing figure differs too."""
    if isinstance(wanted, dict):
        if not isinstance(found, dict) or found.keys() != wanted.keys():
            return [f"{place}: {found} instead of {wanted}"]
        return [text for key in wanted for text in differences(found[key], wanted[key], f"{place}.{key}")]
    if isinstance(wanted, list):
        if not isinstance(found, list) or len(found) != len(wanted):
            return [f"{place}: {len(found)} instead of {len(wanted)} rows"]
        return [
            text
            for number, pair in enumerate(zip(found, wanted, strict=True))
            for text in differences(*pair, f"{place}[{number}]")
        ]
    numbers = [isinstance(value, int | float) for value in (found, wanted)]
    # A sum of euros that cancels out leaves rounding noise, far below a cent.
    same = abs(found - wanted) <= max(1e-6 * abs(wanted), 1e-6) if all(numbers) else found == wanted
    return [] if same else [f"{place}: {found!r} instead of {wanted!r}"]
