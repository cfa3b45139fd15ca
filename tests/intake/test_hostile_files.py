"""Files that are no workbook, or mean harm: each ends in a clear message, quickly, and the server goes on."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import pytest

from intake import UnreadableFile, read_workbook
from intake.reading import MAX_FILE_BYTES
from intake.workbook import CellError
from tests.intake.workbooks import MUNICIPALITY, XML, package, xlsx

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000
ENTITIES = (
    '<!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
ONE_CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'
CELL = '<c t="n"><v>1</v></c>'


def _zip(names: list[str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


def _encrypted_entry() -> bytes:
    """A package whose entries say that they are encrypted."""
    data = bytearray(package({}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := data.find(signature, place + 1)) >= 0:
            struct.pack_into("<H", data, place + offset, struct.unpack_from("<H", data, place + offset)[0] | 1)
    return bytes(data)


def _lying_bomb() -> bytes:
    """A part of 400 MB that says in the table of contents that it is small."""
    data = bytearray(xlsx("<row/>" + " " * 400_000_000))
    place = data.rfind(b"xl/worksheets/sheet1.xml") - 46
    struct.pack_into("<I", data, place + 24, 1_000)
    return bytes(data)


FILES = {
    "empty": (lambda: b"", "file_empty"),
    "too large": (lambda: b"PK\x03\x04" + b"\x00" * MAX_FILE_BYTES, "file_too_large"),
    "picture": (lambda: PNG, "file_other_kind"),
    "photo": (lambda: b"\xff\xd8\xff\xe0" + b"\x00" * 40, "file_other_kind"),
    "web picture": (lambda: b"RIFF\x10\x00\x00\x00WEBPVP8 ", "file_other_kind"),
    "pdf": (lambda: b"%PDF-1.7\n", "file_other_kind"),
    "csv": (lambda: b"Objectnummer;Naam\n0101;Buurthuis\n", "file_other_kind"),
    "noise": (lambda: bytes(range(256)) * 8, "file_other_kind"),
    "old Excel": (lambda: OLE + "Workbook".encode("utf-16-le"), "file_old_excel"),
    "password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "file_encrypted"),
    "encrypted zip": (_encrypted_entry, "file_encrypted"),
    "Word": (lambda: _zip(["[Content_Types].xml", "word/document.xml"]), "file_other_kind"),
    "PowerPoint": (lambda: _zip(["[Content_Types].xml", "ppt/presentation.xml"]), "file_other_kind"),
    "OpenDocument": (lambda: _zip(["mimetype", "content.xml"]), "file_other_kind"),
    "binary workbook": (lambda: _zip(["[Content_Types].xml", "xl/workbook.bin"]), "file_other_kind"),
    "some zip": (lambda: _zip(["readme.txt"]), "file_other_kind"),
    "truncated": (lambda: MUNICIPALITY.read_bytes()[:5000], "file_damaged"),
    "only the start of a zip": (lambda: b"PK\x03\x04", "file_damaged"),
    "no relations": (lambda: _zip(["xl/workbook.xml"]), "file_damaged"),
    "broken XML": (lambda: package({"xl/workbook.xml": "<workbook><sheets>"}), "file_damaged"),
    "many entries": (
        lambda: package({f"xl/media/{number}.xml": "<a/>" for number in range(2_100)}),
        "file_too_heavy",
    ),
    "bomb": (lambda: xlsx("<row/>" + " " * 320_000_000), "file_too_heavy"),
    "bomb below the size limit": (lambda: xlsx("<row/>" + " " * 250_000_000), "file_too_heavy"),
    "more cells than a workbook needs": (
        lambda: xlsx("".join(f'<row r="{row}">{CELL * 900}</row>' for row in range(1, 4_600))),
        "file_too_heavy",
    ),
    "bomb that lies": (_lying_bomb, "file_damaged"),
    "entities": (lambda: xlsx(ONE_CELL.replace(">1<", ">&i;<"), prologue=ENTITIES), "file_suspect"),
    "entities in UTF-16": (
        lambda: package(
            {"xl/worksheets/sheet1.xml": f"{XML.replace('UTF-8', 'UTF-16')}{ENTITIES}<worksheet/>".encode("utf-16")}
        ),
        "file_suspect",
    ),
    "entities in the list of sheets": (
        lambda: package({"xl/workbook.xml": f"{XML}{ENTITIES}<workbook>&i;</workbook>"}),
        "file_suspect",
    ),
    "far cell": (
        lambda: xlsx(ONE_CELL + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "file_too_heavy",
    ),
    "far formula": (
        lambda: xlsx(ONE_CELL + '<row r="1048576"><c r="XFD1048576"><f>1+1</f></c></row>'),
        "sheet_too_large",
    ),
    "too many columns": (lambda: xlsx('<row r="1"><c r="XFD1"><v>1</v></c></row>'), "sheet_too_large"),
    "too many rows": (lambda: xlsx(ONE_CELL + '<row r="900000"><c r="A900000"><v>1</v></c></row>'), "sheet_too_large"),
}


@pytest.mark.parametrize("name", FILES)
def test_the_file_is_refused_with_a_clear_message_and_soon(name: str) -> None:
    make, rule = FILES[name]
    data = make()
    start = time.perf_counter()
    with pytest.raises(UnreadableFile) as refused:
        read_workbook(data, "gemeente.xlsx")
    seconds = time.perf_counter() - start
    problem = refused.value.problem
    assert (problem.rule, problem.level) == (rule, "error")
    for language in ("nl", "en"):
        assert "gemeente.xlsx" in problem.message(language)
        assert "{" not in problem.message(language)
    assert seconds < 10


def test_after_a_hostile_file_a_good_one_still_reads() -> None:
    with pytest.raises(UnreadableFile):
        read_workbook(FILES["far cell"][0](), "kwaad.xlsx")
    assert len(read_workbook(MUNICIPALITY.read_bytes(), "goed.xlsx").sheets) == 5


def test_styled_empty_columns_to_the_far_right_are_no_cells() -> None:
    data = xlsx('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row>')
    (sheet,) = read_workbook(data, "opmaak.xlsx").sheets
    assert sheet.rows == ((1.0,),)


def test_macros_are_not_run_and_that_is_said() -> None:
    raw = read_workbook(package({"xl/vbaProject.bin": b"\x00"}), "macro.xlsm")
    assert [problem.rule for problem in raw.problems] == ["macros_ignored"]


def test_external_links_are_not_followed() -> None:
    link = '<externalLink xmlns="x" xmlns:r="y"><externalBook r:id="rId1"/></externalLink>'
    raw = read_workbook(package({"xl/externalLinks/externalLink1.xml": link}), "link.xlsx")
    assert [sheet.name for sheet in raw.sheets] == ["Objecten"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="A1"><f>1+1</f></c>', CellError("#FORMULE?")),
        ('<c r="A1"><f>1+1</f><v></v></c>', CellError("#FORMULE?")),
        ('<c r="A1"><f>1+1</f><v /></c>', CellError("#FORMULE?")),
        ('<c><f t="shared" si="0"/></c>', CellError("#FORMULE?")),
        ('<c r="A1"><f>1+1</f><v>2</v></c>', 2.0),
        ('<c r="A1" t="str"><f>""</f><v></v></c>', None),
        ('<c r="A1" t="str"><f>"a"</f><v>a</v></c>', "a"),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', CellError("#DIV/0!")),
        ('<c r="A1" t="e"><v>#N/A</v></c>', CellError("#N/A")),
        ('<c r="A1" t="inlineStr"><is><t>#REF!</t></is></c>', CellError("#REF!")),
        ('<c r="A1" t="inlineStr"><is><t>0.10</t></is></c>', "0.10"),
        ('<c r="A1" t="inlineStr"><is><t xml:space="preserve"> =1+1</t></is></c>', " =1+1"),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1"><v>0.1</v></c>', 0.1),
    ],
)
def test_a_cell_keeps_its_type(cell: str, expected: object) -> None:
    (sheet,) = read_workbook(xlsx(f'<row r="1">{cell}<c r="B1"><v>1</v></c></row>'), "cel.xlsx").sheets
    assert sheet.rows[0][0] == expected
    assert type(sheet.rows[0][0]) is type(expected)


def test_a_formula_without_result_is_found_under_a_prefix_and_beyond_the_filled_cells() -> None:
    rows = '<x:row r="3"><x:c r="C3"><x:f>1+1</x:f></x:c></x:row>'
    sheet = f'{XML}<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    (read,) = read_workbook(package({"xl/worksheets/sheet1.xml": sheet}), "cel.xlsx").sheets
    assert read.rows[2] == (None, None, CellError("#FORMULE?"))
