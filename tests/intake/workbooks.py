"""Workbooks for tests, as cells and as files: a good one to spoil, and hostile ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from intake import Intake, RawSheet, RawWorkbook, build_case, load_reference, read_workbook
from intake.workbook import Cell, Row

MUNICIPALITY = Path(__file__).parent.parent / "cases" / "municipality.xlsx"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT = "http://schemas.openxmlformats.org/package/2006/content-types"


def municipality() -> RawWorkbook:
    """The public case as cells."""
    return read_workbook(MUNICIPALITY.read_bytes(), MUNICIPALITY.name)


def built(raw: RawWorkbook) -> Intake:
    """What intake makes of these cells."""
    return build_case(raw, load_reference())


def small() -> RawWorkbook:
    """One municipality, object, initiative, task and effect without a problem."""
    return workbook(
        Uitgangspunten=[("Sleutel", "Waarde"), ("Gemeente", "Proefdorp"), ("Basisjaar", 2026.0), ("Prijspeil", 2025.0)],
        Objecten=[
            ("Objectnummer", "Naam", "Soort", "Boekwaarde (€)", "Marktwaarde (€)"),
            ("0101", "Buurthuis", "gebouw", 100_000.0, 200_000.0),
        ],
        Initiatieven=[
            ("Initiatief", "Naam", "Objectnummer", "Kosten per jaar (€)", "Duur (jaar)"),
            ("I1", "Buurtbeheer", "0101", 10_000.0, 20.0),
        ],
        Taken=[
            (
                "Initiatief",
                "Taak",
                "Aantal per jaar",
                "Vervangingsaandeel",
                "Verzilverbaar",
                "Kostprijs instelling (€)",
                "Betaler",
            ),
            ("I1", "dagbesteding", 100.0, 0.5, 0.5, 40.0, "gemeente"),
        ],
        Effecten=[
            ("Eigenaar", "Effect", "Partij", "Aantal", "Waarde per eenheid (€)"),
            ("0101", "ontmoeting", "bewoners", 10.0, 25.0),
        ],
    )


def workbook(**sheets: list[Row]) -> RawWorkbook:
    """A workbook from rows by sheet name."""
    return RawWorkbook(tuple(RawSheet(name, _rectangle(rows)) for name, rows in sheets.items()))


def _rectangle(rows: list[Row]) -> tuple[Row, ...]:
    width = max(map(len, rows), default=0)
    return tuple(tuple(row) + (None,) * (width - len(row)) for row in rows)


def with_sheet(raw: RawWorkbook, name: str, change: Callable[[list[list[Cell]]], object]) -> RawWorkbook:
    """The workbook with one sheet changed in place by a function on its rows."""
    position = [sheet.name for sheet in raw.sheets].index(name)
    rows = [list(row) for row in raw.sheets[position].rows]
    change(rows)
    return raw.with_sheet(position, RawSheet(name, _rectangle([tuple(row) for row in rows])))


def with_cell(raw: RawWorkbook, sheet: str, column: str, value: Cell, row: int = 2) -> RawWorkbook:
    """The workbook with one cell filled in, under a header that is added where it is not there."""

    def change(rows: list[list[Cell]]) -> None:
        if sheet == "Uitgangspunten":
            keys = [line[0] for line in rows]
            if column not in keys:
                rows.append([column, None])
            rows[[line[0] for line in rows].index(column)][1] = value
            return
        if column not in rows[0]:
            for number, line in enumerate(rows):
                line.append(None if number else column)
        rows[row - 1][rows[0].index(column)] = value

    return with_sheet(raw, sheet, change)


def with_row(raw: RawWorkbook, sheet: str, **cells: Cell) -> RawWorkbook:
    """The workbook with the sheet's first row once more, with these cells changed (by position, as `c0=`)."""

    def change(rows: list[list[Cell]]) -> None:
        row = list(rows[1])
        for name, value in cells.items():
            row[int(name[1:])] = value
        rows.append(row)

    return with_sheet(raw, sheet, change)


def without_column(raw: RawWorkbook, sheet: str, column: str) -> RawWorkbook:
    """The workbook without one column."""

    def change(rows: list[list[Cell]]) -> None:
        place = rows[0].index(column)
        for row in rows:
            del row[place]

    return with_sheet(raw, sheet, change)


def xlsx(sheet_data: str, *, prologue: str = "", compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An xlsx file with one sheet, from the XML of its rows."""
    sheet = f'{XML}{prologue}<worksheet xmlns="{MAIN}"><sheetData>{sheet_data}</sheetData></worksheet>'
    return package({"xl/worksheets/sheet1.xml": sheet}, compression=compression)


def package(parts: dict[str, str | bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A minimal xlsx package; parts with these names replace or join the usual ones."""
    sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    main_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    usual = {
        "[Content_Types].xml": f'{XML}<Types xmlns="{CONTENT}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main_type}"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{sheet_type}"/></Types>',
        "_rels/.rels": f'{XML}<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        '<sheets><sheet name="Objecten" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{XML}<worksheet xmlns="{MAIN}"><sheetData/></worksheet>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in {**usual, **parts}.items():
            archive.writestr(name, content)
    return file.getvalue()
