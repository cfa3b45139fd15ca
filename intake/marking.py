"""The user's own file back, with every problem marked at its cell.

An xlsx file is changed at those cells only (`intake.guarded.marks`): a colour, a comment, and one sheet more, with the
list. Of a csv, ods or xls file, which cannot hold that, the cells are put in a new xlsx file as they were read.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import PurePath
from xml.sax.saxutils import escape, quoteattr

from intake.guarded.marks import CONTENT, MAIN, NOT_IN_XML, RELATIONS, TRANSITIONAL, XML
from intake.names import column_letter
from intake.reading import ask_child, inspect
from intake.workbook import Cell, CellError, RawSheet, RawWorkbook
from valuation.problems import Problem

LIST_NAME = {"nl": "Problemen", "en": "Problems"}
LIST_HEADER = {
    "nl": ["Soort", "Blad", "Cel", "Kolom", "Melding"],
    "en": ["Kind", "Sheet", "Cell", "Column", "Message"],
}
LEVELS = {"nl": {"error": "Fout", "warning": "Let op"}, "en": {"error": "Mistake", "warning": "Note"}}
WIDTHS = (10, 22, 10, 30, 110)
FIRST_DAY = date(1899, 12, 30)
FIRST_DAY_EXCEL_KNOWS = date(1900, 3, 1)
DAY_STYLE, MOMENT_STYLE, TIME_STYLE = 1, 2, 3
STYLES = (
    f'{XML}<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
    + "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for number in (0, 14, 22, 21)
    )
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def marked_file(
    data: bytes, filename: str, raw: RawWorkbook, problems: Iterable[Problem], language: str = "nl"
) -> bytes:
    """The file with its problems marked.

    Parameters
    ----------
    data : bytes
        The file as it was uploaded.
    filename : str
    raw : RawWorkbook
        The cells that were read from it.
    problems : iterable of Problem
    language : {"nl", "en"}
        Of comments and list.

    Raises
    ------
    UnreadableFile
        The file cannot be marked.
    """
    kind, _warnings = inspect(data, filename)
    if kind != "xlsx":
        data = plain_workbook(raw)
    found = list(problems)
    sheets: dict[str, list[tuple[str, str, str]]] = {}
    for problem in found:
        if problem.sheet is not None and problem.cell is not None:
            said = f"{LEVELS[language][problem.level]}: {problem.message(language)}"
            sheets.setdefault(problem.sheet, []).append((problem.cell, problem.level, said))
    listing = {"name": LIST_NAME[language], "rows": _list_rows(found, language), "widths": WIDTHS}
    _answer, file = ask_child({"task": "mark", "sheets": sheets, "list": listing}, data, filename)
    return file


def marked_name(filename: str, language: str = "nl") -> str:
    """A name for the marked file: an xlsm stays one, anything else becomes an xlsx."""
    path = PurePath(filename)
    word = "gemarkeerd" if language == "nl" else "marked"
    return f"{path.stem}-{word}{'.xlsm' if path.suffix.lower() == '.xlsm' else '.xlsx'}"


def _list_rows(problems: list[Problem], language: str) -> list[list[str]]:
    return [
        LIST_HEADER[language],
        *(
            [
                LEVELS[language][problem.level],
                problem.sheet or "",
                problem.cell or "",
                problem.column or "",
                problem.message(language),
            ]
            for problem in problems
        ),
    ]


def plain_workbook(raw: RawWorkbook) -> bytes:
    """The cells as an xlsx file without any look: text as text, figures as figures."""
    parts = {
        "xl/styles.xml": STYLES,
        "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{TRANSITIONAL}"><sheets>'
        + "".join(
            f'<sheet name={quoteattr(sheet.name)} sheetId="{number}" r:id="rId{number}"/>'
            for number, sheet in enumerate(raw.sheets, start=1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{RELATIONS}">'
        + "".join(
            f'<Relationship Id="rId{number}" Type="{TRANSITIONAL}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number in range(1, len(raw.sheets) + 1)
        )
        + f'<Relationship Id="rId0" Type="{TRANSITIONAL}/styles" Target="styles.xml"/></Relationships>',
        "_rels/.rels": f'{XML}<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
        f'Type="{TRANSITIONAL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "[Content_Types].xml": _content_types(len(raw.sheets)),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        for number, sheet in enumerate(raw.sheets, start=1):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", "".join(_sheet_xml(sheet)))
    return file.getvalue()


def _content_types(sheets: int) -> str:
    overrides = {
        "xl/workbook.xml": f"{CONTENT}.sheet.main+xml",
        "xl/styles.xml": f"{CONTENT}.styles+xml",
        **{f"xl/worksheets/sheet{number}.xml": f"{CONTENT}.worksheet+xml" for number in range(1, sheets + 1)},
    }
    return (
        f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
        + "</Types>"
    )


def _sheet_xml(sheet: RawSheet) -> Iterator[str]:
    yield f'{XML}<worksheet xmlns="{MAIN}"><sheetData>'
    letters = [column_letter(position + 1) for position in range(max(map(len, sheet.rows), default=0))]
    for number, row in enumerate(sheet.rows, start=1):
        yield f'<row r="{number}">'
        for letter, cell in zip(letters, row, strict=False):
            if cell is not None:
                yield _cell_xml(f"{letter}{number}", cell)
        yield "</row>"
    yield "</sheetData></worksheet>"


def _cell_xml(address: str, cell: Cell) -> str:
    if isinstance(cell, bool):
        return f'<c r="{address}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{address}"><v>{cell!r}</v></c>'
    if isinstance(cell, date | time) and (serial := _serial(cell)) is not None:
        style = TIME_STYLE if isinstance(cell, time) else MOMENT_STYLE if isinstance(cell, datetime) else DAY_STYLE
        return f'<c r="{address}" s="{style}"><v>{serial!r}</v></c>'
    text = cell.code if isinstance(cell, CellError) else cell if isinstance(cell, str) else str(cell)
    return f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{escape(NOT_IN_XML.sub("", text))}</t></is></c>'


def _serial(moment: date | time) -> float | None:
    """A day or time as Excel counts it; None for a day before its calendar."""
    if isinstance(moment, time):
        return (moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6) / 86_400
    day = moment.date() if isinstance(moment, datetime) else moment
    if day < FIRST_DAY_EXCEL_KNOWS:
        return None
    days = float((day - FIRST_DAY).days)
    return days + (_serial(moment.time()) or 0.0) if isinstance(moment, datetime) else days
