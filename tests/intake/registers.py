"""Registers for tests: the published tables as their municipalities laid them out, and files of every kind."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl

from intake.asset_register import Mapping, RegisterReading, RegisterTable, find_register_tables, read_register, suggest
from intake.reading import read_table_file
from intake.workbook import Cell, RawSheet, RawWorkbook

PUBLISHED = Path(__file__).parent.parent / "cases" / "published_asset_tables.csv"
APELDOORN, LINGEWAARD = "Apeldoorn jaarverslag 2019", "Lingewaard jaarverslag 2022 (cijfers 2021)"
APELDOORN_HEADER = (
    "Balans nr.", "Omschrijving", "Boekwaarde 31-12-2018", "Boekwaarde 01-01-2019", "Vermeerdering",
    "Bijdragen van derden", "Verkoop van activa", "Afschrijving 2019", "Extra afschrijving", "Totaal afschrijving",
    "Boekwaarde 31-12-2019", "Rente 2019", "Totaal kapitaallasten",
)  # fmt: skip
LINGEWAARD_HEADER = (
    "Activum", "Cumulatieve investering", "Cumulatieve afschrijving", "Verwijderd na volledige afschrijving",
    "Boekwaarde 01-01", "Vermeerderingen", "Verminderingen", "Bijdragen derden", "Afschrijving", "Boekwaarde 31-12",
)  # fmt: skip
VENLO_HEADER = (
    "Groeps- en objectnummer en omschrijving", "Oorspronkelijk bedrag", "Herrubricering", "Investeringen",
    "Desinvesteringen", "Boekwaarde 31-12-2018", "Afschrijving", "Waarvan extra", "Aflossing", "Rente",
    "Kapitaallasten", "Boekwaarde 31-12-2018",
)  # fmt: skip


def published(source: str) -> list[dict[str, float | str]]:
    """The rows that one municipality published."""
    with PUBLISHED.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["bron"] == source]
    texts = {"bron", "eenheid", "omschrijving"}
    return [{key: value if key in texts else float(value or "nan") for key, value in row.items()} for row in rows]


def apeldoorn() -> list[list[Cell]]:
    """The table as the municipality laid it out, in thousands, figures as figures."""
    rows: list[list[Cell]] = [["Staat van investeringen en kapitaallasten"], ["(bedragen x € 1.000)"], []]
    rows.append(list(APELDOORN_HEADER))
    for number, row in enumerate(published(APELDOORN), start=1):
        is_total = row["omschrijving"] == "Totaal"
        rows.append(
            [
                None if is_total else f"A{number}",
                row["omschrijving"],
                row["boekwaarde_begin"],
                row["boekwaarde_begin"],
                row["vermeerdering"],
                row["bijdragen_derden"],
                row["vermindering_verkoop"],
                row["afschrijving"],
                0.0,
                row["afschrijving"],
                row["boekwaarde_eind"],
                row["rente"],
                row["kapitaallasten"],
            ]
        )
    return rows


def lingewaard() -> list[list[Cell]]:
    """The table as laid out, in euros; the columns that are not in the source stay empty."""
    rows: list[list[Cell]] = [["Overzicht van vaste activa 2021"], ["bedragen in euro's"], list(LINGEWAARD_HEADER)]
    rows.extend(
        [
            row["omschrijving"],
            None,
            None,
            None,
            row["boekwaarde_begin"],
            row["vermeerdering"],
            row["vermindering_verkoop"],
            row["bijdragen_derden"],
            row["afschrijving"],
            row["boekwaarde_eind"],
        ]
        for row in published(LINGEWAARD)
    )
    return rows


def venlo() -> list[list[Cell]]:
    """The published table's layout, with its double header. Its figures are not in our source: these are made up."""
    made_up = [
        ("7010 Voorbeeldgebouwen", 9000, 0, 400, 0, 5000, 300, 0, 0, 70, 370, 5100),
        ("7020 Voorbeeldgronden", 3000, -200, 0, 150, 2000, 0, 0, 0, 28, 28, 1650),
        ("7030 Voorbeeldleningen", 1000, 200, 0, 0, 600, 0, 0, 50, 8, 8, 750),
    ]
    total = ["Totaal", *(float(sum(row[place] for row in made_up)) for place in range(1, 12))]
    rows = [[row[0], *map(float, row[1:])] for row in made_up]
    return [
        ["Bijlage VII Staat van vaste activa (voorbeeldcijfers)"],
        ["Bedragen x € 1.000"],
        [*VENLO_HEADER],
        *rows,
        total,
    ]


def sheet(rows: Sequence[Sequence[Cell]], name: str = "Blad1", merged: tuple[tuple[int, ...], ...] = ()) -> RawSheet:
    """Rows as a sheet."""
    width = max(map(len, rows), default=0)
    return RawSheet(name, tuple((*row, *[None] * (width - len(row))) for row in rows), merged)


def tables_of(rows: Sequence[Sequence[Cell]], **given: object) -> tuple[RegisterTable, ...]:
    """The tables on a sheet of these rows."""
    return find_register_tables(RawWorkbook((sheet(rows, **given),)))


def read(rows: Sequence[Sequence[Cell]], **given: object) -> RegisterReading:
    """The one table on a sheet, read by what is suggested; the scale that the sheet says is confirmed."""
    (table,) = tables_of(rows, **given)
    return read_table(table)


def read_table(table: RegisterTable, mapping: Mapping | None = None) -> RegisterReading:
    """A table as read, with what the sheet says about the scale confirmed."""
    chosen = mapping or suggest(table)
    factor = max((hint.factor for hint in table.hints), default=1)
    return read_register(table, Mapping(chosen.roles, factor, chosen.notations, chosen.book_value))


def read_file(data: bytes, name: str) -> RegisterReading:
    """The first table in a file, read."""
    return read_table(find_register_tables(read_table_file(data, name))[0])


def rules(reading: RegisterReading) -> list[tuple[str, str | None]]:
    """Rule and cell of each problem."""
    return [(problem.rule, problem.cell) for problem in reading.problems]


def as_csv(rows: Sequence[Sequence[Cell]], separator: str = ";", encoding: str = "utf-8") -> bytes:
    """Rows as a text file, each cell as it is written in Dutch."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator).writerows([["" if c is None else dutch(c) for c in row] for row in rows])
    return file.getvalue().encode(encoding)


def dutch(cell: Cell) -> str:
    """A cell as a Dutch program writes it: 1.234,50."""
    if not isinstance(cell, float):
        return str(cell)
    text = f"{cell:,.0f}" if cell.is_integer() else f"{cell:,.2f}"
    return text.translate(str.maketrans(",.", ".,"))


def as_xlsx(rows: Sequence[Sequence[Cell]], name: str = "Blad1", merged: Sequence[str] = ()) -> bytes:
    """Rows as a workbook of one sheet."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = name
    for row in rows:
        page.append(list(row))
    for cells in merged:
        page.merge_cells(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_ods(rows: Sequence[Sequence[str]], extra: dict[str, str] | None = None) -> bytes:
    """Rows as an OpenDocument sheet; each text is the XML of a cell, or the text in it."""
    cells = "".join(
        "<table:table-row>"
        + "".join(text if text.startswith("<") else _ods_text(text) for text in row)
        + "</table:table-row>"
        for row in rows
    )
    names = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    }
    declared = " ".join(f'xmlns:{name}="{uri}"' for name, uri in names.items())
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {declared} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Blad1">{cells}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        for name, text in {"META-INF/manifest.xml": manifest, **(extra or {})}.items():
            archive.writestr(name, text)
    return file.getvalue()


def _ods_text(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'


def ods_figure(figure: float) -> str:
    """A figure as the XML of a cell."""
    inside = f"<text:p>{figure}</text:p>"
    return f'<table:table-cell office:value-type="float" office:value="{figure}">{inside}</table:table-cell>'
