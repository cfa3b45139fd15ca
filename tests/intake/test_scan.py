"""A large workbook is scanned as bytes. Whatever it says, calamine says too; what it does not know, it leaves alone."""

from __future__ import annotations

import io
import itertools
import random
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from intake import UnreadableFile, read_workbook
from intake.guarded.columns import Book
from intake.guarded.limits import RefusedError
from intake.guarded.scanned import read_scanned
from intake.guarded.thinned import Unusual
from intake.guarded.xlsx import SCANNED_FROM_BYTES, read_parsed
from intake.reading import read_table_file
from intake.workbook import CellError
from tests.intake.workbooks import MAIN, MUNICIPALITY, XML, package, xlsx

FILES = [MUNICIPALITY, *sorted((Path(__file__).parents[2] / "datasets").glob("*.xlsx"))]
Said = list[tuple[str, list[list[object]], list[list[int]]]]


def said(book: Book) -> Said:
    """Name, columns and merged ranges of each sheet; a text without letters is nothing."""
    return [
        (
            sheet.name,
            [[None if cell == "" else cell for cell in sheet.cells(n, slice(None))] for n in range(sheet.width)],
            sheet.merged,
        )
        for sheet in book.sheets
    ]


def scanned(data: bytes) -> Said:
    """What the scan says."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return said(read_scanned(archive))


def parsed(data: bytes) -> Said:
    """What calamine says, and the search for formulas and errors beside it."""
    return said(read_parsed(data))


def assert_same(data: bytes) -> None:
    """Both say the same, types and signs of zeros included."""
    assert repr(scanned(data)) == repr(parsed(data))


def everything(*, from_1904: bool = False) -> bytes:
    """A workbook in which every kind of cell stands that Excel saves."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"date_1904": from_1904})
    day, clock, lasting, share, bold = (
        book.add_format(form)
        for form in (
            {"num_format": "dd-mm-yyyy"},
            {"num_format": "hh:mm"},
            {"num_format": "[hh]:mm:ss"},
            {"num_format": "0.00%"},
            {"bold": True},
        )
    )
    sheet = book.add_worksheet("een")
    sheet.write_row(0, 0, ["naam", "b & c", " d ", "e_x0041_", "€ ü", "x\ny", "a_b", "#N/B"])
    sheet.write_rich_string(0, 9, "gewoon ", bold, "vet", " weer")
    for row in range(1, 30):
        for column, figure in enumerate((row, row * 1234567.125, -row / 3, row * 1e17, row * 1e-7, 123456789 + row, 0)):
            sheet.write_number(row, column, figure)
        sheet.write_datetime(row, 7, date(2020, 1, row), day)
        sheet.write_datetime(row, 8, datetime.combine(date(2020, 1, row), time(12, 30)), day)
        sheet.write_number(row, 9, row / 48, clock)
        sheet.write_number(row, 10, row * 1.5, lasting)
        sheet.write_number(row, 11, row / 1000, share)
        sheet.write_boolean(row, 12, row % 2 == 0)
        sheet.write_formula(row, 13, f"=A{row + 1}*2", share, row * 2)
        sheet.write_formula(row, 14, '="a"', None, f"a{row} & <b>")
        sheet.write_formula(row, 15, "=1/0", None, "#DIV/0!")
        sheet.write_formula(row, 16, "=1", None, "")
        sheet.write_formula(row, 17, "=TRUE()", None, row % 2 == 1)
        sheet.write_blank(row, 18, None, bold)
        sheet.write_string(row, 19 + row, f"{row:06d}")
        sheet.write_string(row, 700 + row, f"ver {row}")
    sheet.merge_range(40, 1, 41, 3, "samen")
    book.add_worksheet("leeg")
    hidden = book.add_worksheet("verborgen")
    hidden.write(2, 2, 5)
    hidden.merge_range(5, 1, 6, 3, "x")
    hidden.hide()
    book.close()
    return file.getvalue()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_workbook_of_the_project_says_the_same(file: Path) -> None:
    assert_same(file.read_bytes())


@pytest.mark.parametrize("from_1904", [False, True])
def test_every_kind_of_cell_says_the_same(from_1904: bool) -> None:  # noqa: FBT001
    data = everything(from_1904=from_1904)
    assert_same(data)
    sheets = {name: columns for name, columns, _merged in scanned(data)}
    assert [column[0] for column in sheets["een"][:7]] == ["naam", "b & c", " d ", "e_x0041_", "€ ü", "x\ny", "a_b"]
    assert sheets["een"][7][1:3] == [date(2020, 1, 1), date(2020, 1, 2)]
    assert sheets["een"][8][1] == datetime.combine(date(2020, 1, 1), time(12, 30))
    assert sheets["een"][9][24] == time(12)
    assert sheets["verborgen"][2][2] == 5.0


def test_a_workbook_of_openpyxl_says_the_same() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Naam", "Bedrag", "Dag", None, "Formule"])
    for row in range(2, 40):
        sheet.append([f"Gebouw {row} & meer ", row * 1.1, date(2020, 1, 1 + row % 28), None, f"=B{row}*2"])
    file = io.BytesIO()
    book.save(file)
    assert_same(file.getvalue())


@pytest.mark.office
def test_a_workbook_saved_by_libreoffice_says_the_same(soffice: str, tmp_path: Path) -> None:
    (tmp_path / "een.xlsx").write_bytes(everything())
    (tmp_path / "uit").mkdir()
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", "uit", "een.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    assert_same((tmp_path / "uit" / "een.xlsx").read_bytes())


def one_row(*values: str) -> bytes:
    """A row of cells with these stored values."""
    cells = "".join(f'<c r="{chr(65 + n)}7"><v>{value}</v></c>' for n, value in enumerate(values))
    return xlsx(f'<row r="7">{cells}</row>')


FIGURES = (
    "0", "7", "00012", "12345678", "123456789", "1234567890", "99999999.99999999", "12345678.25", "123456789.5",
    "1.5", "0.1", "0.30000000000000004", "8195.7999999999993", "4.35", "1e5", "1E-7", "-0", "-3.75", ".5", "5.", "+5",
    "1e999", "4503599627370497.5", "179769313486231570000000", "2.2250738585072014E-308", "0.000001", "123456.12345678",
)  # fmt: skip


@pytest.mark.parametrize("text", FIGURES)
def test_a_figure_is_the_nearest_double(text: str) -> None:
    ((_name, columns, _merged),) = scanned(one_row("1", text, "3"))
    assert repr(columns[1][-1]) == repr(float(text))
    assert_same(one_row("1", text, "3"))


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20), st.integers(0, 17))
def test_any_figure_is_the_nearest_double(figures: list[float], digits: int) -> None:
    texts = [repr(figure) if digits > 15 else f"{figure:.{digits}f}"[:60].rstrip(".") for figure in figures]
    ((_name, columns, _merged),) = scanned(one_row(*texts))
    assert [repr(column[-1]) for column in columns] == [repr(float(text)) for text in texts]


@given(st.decimals(-(10**9), 10**9, places=2))
def test_any_amount_is_the_nearest_double(amount: object) -> None:
    ((_name, columns, _merged),) = scanned(one_row(str(amount)))
    assert columns[0][-1] == float(str(amount))


SAME = {
    "styled empty cells far away": '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row><row r="9"/>',
    "a cell that holds nothing": '<row r="1"><c r="A1"><v>1</v></c><c r="B1"></c><c r="C1"><v></v></c></row>',
    "a formula without result": '<row r="1"><c r="A1"><f>1+1</f></c><c r="C1"><f>1+1</f><v></v></c></row>',
    "a shared formula": '<row r="2"><c r="B2"><f t="shared" si="0"/><v>2</v></c><c r="C2"><f si="0"/></c></row>',
    "an error": '<row r="1"><c r="B1" t="e"><v>#N/A</v></c><c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>',
    "texts in their cells": '<row r="1"><c r="A1" t="inlineStr"><is><t>a_b &amp; c</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t xml:space="preserve"> d </t></is></c>'
    '<c r="C1" t="inlineStr"><is><t>0.10</t></is></c></row>',
    "a day in words": '<row r="1"><c r="A1" t="d"><v>2020-01-31</v></c></row>',
    "a type that says number": '<row r="1"><c r="A1" t="n"><v>12.5</v></c></row>',
    "a text of a formula that looks like a figure": '<row r="1"><c r="A1" t="str"><f>B1</f><v>0012</v></c></row>',
    "rows that are left out": '<row r="3"><c r="B3"><v>1</v></c></row><row r="12"><c r="A12"><v>2</v></c></row>',
    "attributes of a row": '<row r="1" spans="1:2" ht="15" customHeight="1"><c r="A1"><v>1</v></c></row>',
    "lines between rows": '\n<row r="1"><c r="A1"><v>1</v></c></row>\n  <row r="2"><c r="A2"><v>2</v></c></row>\n',
    "nothing": "",
    "empty rows only": '<row r="1"/><row r="2"></row>',
    "columns of two and three letters": '<row r="1">'
    + "".join(f'<c r="{letters}1"><v>{n}</v></c>' for n, letters in enumerate(("Z", "AA", "AZ", "ZZ", "AAA", "ALL")))
    + "</row>",
}
UNUSUAL = {
    "no addresses": "<row><c><v>1</v></c></row>",
    "another row's address": '<row r="1"><c r="A7"><v>1</v></c></row>',
    "an address with more digits": '<row r="1"><c r="A12"><v>1</v></c></row>',
    "small letters": '<row r="1"><c r="a1"><v>1</v></c></row>',
    "a place twice": '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
    "rows in another order": '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
    "attributes in another order": '<row r="1"><c s="0" r="A1"><v>1</v></c></row>',
    "an attribute that is not known": '<row r="1"><c r="A1" cm="1"><v>1</v></c></row>',
    "a comment": '<row r="1"><!-- <c r="A1"><v>1</v></c> --><c r="A1"><v>2</v></c></row>',
    "a letter in its place as a number": '<row r="1"><c r="A1"><v>&#49;5</v></c></row>',
    "a word where a figure belongs": '<row r="1"><c r="A1"><v>abc</v></c></row>',
    "spaces around a figure": '<row r="1"><c r="A1"><v> 5 </v></c></row>',
    "no figure": '<row r="1"><c r="A1"><v>nan</v></c></row>',
    "a shared text that is not there": '<row r="1"><c r="A1" t="s"><v>5</v></c></row>',
    "an attribute of a value": '<row r="1"><c r="A1"><v xml:space="preserve">1</v></c></row>',
    "a row that is not closed": '<row r="1"><c r="A1"><v>1</v></c>',
    "a value that is not closed": '<row r="1"><c r="A1"><v>1</c></row>',
    "a closing tag that is cut": '<row r="1"><c r="A1"><v>1</v></c<c r="B1"><v>1</v></c></row>',
    "something else": '<row r="1"><c r="A1"><v>1</v></c><x/></row>',
    "rows twice": '<row r="1"/></sheetData><sheetData><row r="2"><c r="A2"><v>1</v></c></row>',
}


@pytest.mark.parametrize("name", SAME)
def test_cells_as_programs_save_them_say_the_same(name: str) -> None:
    assert_same(xlsx(SAME[name]))


@pytest.mark.parametrize("name", UNUSUAL)
def test_what_no_program_saves_is_left_alone(name: str) -> None:
    with pytest.raises(Unusual):
        scanned(xlsx(UNUSUAL[name]))


@pytest.mark.parametrize(
    "sheet",
    [
        f'{XML}<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"/></x:sheetData></x:worksheet>',
        f'<?xml version="1.0" encoding="ISO-8859-1"?><worksheet xmlns="{MAIN}"><sheetData/></worksheet>',
        f'{XML}<worksheet xmlns="{MAIN}"><sheetData></sheetData><mergeCells></worksheet>',
    ],
)
def test_a_sheet_that_is_written_otherwise_is_left_alone(sheet: str) -> None:
    with pytest.raises(Unusual):
        scanned(package({"xl/worksheets/sheet1.xml": sheet}))


def test_too_many_cells_and_too_many_rows_are_refused_while_scanning() -> None:
    empty = '<c r="A{row}" s="1"/>' * 900
    many = "".join(f'<row r="{row}">{empty.format(row=row)}</row>' for row in range(1, 4_600))
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="900000"><c r="A900000"><v>1</v></c></row>'
    for rows, rule in ((many, "file_too_heavy"), (far, "sheet_too_large")):
        with pytest.raises(RefusedError) as refused:
            scanned(xlsx(rows))
        assert refused.value.rule == rule


def test_a_text_that_stands_in_no_cell_is_not_sent_along() -> None:
    shared = f'{XML}<sst xmlns="{MAIN}"><si><t>weg</t></si><si><t>hier</t></si></sst>'
    cell = '<row r="1"><c r="A1" t="s"><v>1</v></c></row>'
    sheet = f'{XML}<worksheet xmlns="{MAIN}"><sheetData>{cell}</sheetData></worksheet>'
    data = package({"xl/sharedStrings.xml": shared, "xl/worksheets/sheet1.xml": sheet})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert read_scanned(archive).words.cells == [None, None, "hier"]


SPOILS = (
    b"<", b'"', b"\n", b"&amp;", b"<f/>", b"99999", b"</c>", b".", b"-", b"e5", b" ", b"<v>", b"/>", b">", b"0",
    b'<c r="A1"/>', b"<!-- -->", b't="s"', b' s="3"', b"_x0041_", b"\r", b'<row r="3"/>',
)  # fmt: skip
PARTS = ("xl/worksheets/sheet1.xml",) * 4 + ("xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet3.xml")


def spoiled(data: bytes, seed: int) -> bytes:
    """The workbook with a few bytes of one of its parts changed, left out, doubled or put in."""
    chance = random.Random(seed)  # noqa: S311 - which bytes to spoil is no secret
    name = chance.choice(PARTS)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {each: bytearray(archive.read(each)) for each in archive.namelist()}
    part = parts[name]
    for _ in range(chance.choice((1, 1, 2))):
        place, what = chance.randrange(len(part)), chance.randrange(4)
        if what == 0:
            part[place] = chance.randrange(32, 127)
        elif what == 1:
            del part[place : place + chance.randrange(1, 12)]
        elif what == 2:
            part[place:place] = part[place : place + chance.randrange(1, 40)]
        else:
            part[place:place] = chance.choice(SPOILS)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for each, content in parts.items():
            archive.writestr(each, bytes(content))
    return file.getvalue()


def outcome(read: Callable[[bytes], Said], data: bytes) -> str | None:
    """What a reading says; None where it does not read the file."""
    try:
        return repr(read(data))
    except Exception:  # noqa: BLE001 - calamine has several, and a spoiled archive more
        return None


@pytest.fixture(scope="module")
def good() -> bytes:
    """The workbook to spoil."""
    return everything()


@pytest.mark.parametrize("block", range(8))
def test_a_spoiled_workbook_never_says_something_else(good: bytes, block: int) -> None:
    read = 0
    for seed in range(block * 40, block * 40 + 40):
        data = spoiled(good, seed)
        by_scan = outcome(scanned, data)
        by_calamine = outcome(parsed, data)
        read += by_scan is not None
        assert None in {by_scan, by_calamine} or by_scan == by_calamine, seed
    assert read


ROWS = 40_000


def register(header: str, start: float) -> bytes:
    """A workbook that is large enough to be scanned."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("register")
    sheet.write_row(0, 0, ["Nummer", "Omschrijving", header, "Formule"])
    for row in range(1, ROWS + 1):
        sheet.write_row(row, 0, [f"{row:05d}", f"Gebouw {row % 90}", start + row])
        sheet.write_formula(row, 3, f"=C{row + 1}", None, "" if row == 777 else row)
    book.close()
    return file.getvalue()


@pytest.fixture(scope="module")
def large() -> bytes:
    """A workbook that is large enough to be scanned."""
    return register("Boekwaarde", 0.25)


def with_sheet(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with its sheet changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part) if name == "xl/worksheets/sheet1.xml" else part)
    return file.getvalue()


def test_a_large_workbook_comes_through_the_process_with_progress(large: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(large)) as archive:
        assert archive.getinfo("xl/worksheets/sheet1.xml").file_size > SCANNED_FROM_BYTES
    shares: list[float] = []
    (sheet,) = read_table_file(large, "groot.xlsx", shares.append).sheets
    assert len(sheet.rows) == ROWS + 1
    assert sheet.rows[0] == ("Nummer", "Omschrijving", "Boekwaarde", "Formule")
    assert sheet.rows[777] == ("00777", "Gebouw 57", 777.25, CellError("#FORMULE?"))
    assert sheet.rows[ROWS] == (f"{ROWS}", f"Gebouw {ROWS % 90}", ROWS + 0.25, float(ROWS))
    assert shares == sorted(shares)
    assert shares[-1] == 0.95
    assert repr(tuple(itertools.islice(sheet.rows, 3))) == repr(tuple(sheet.rows[:3]))


def test_a_large_workbook_that_is_unusual_is_read_all_the_same(large: bytes) -> None:
    odd = with_sheet(large, lambda part: part.replace(b'<row r="5"', b'<!-- hier --><row r="5"'))
    assert read_workbook(odd, "groot.xlsx") == read_workbook(large, "groot.xlsx")


def test_a_large_workbook_with_entities_or_personal_data_is_refused(large: bytes) -> None:
    entities = b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'
    before = with_sheet(large, lambda part: part.replace(b"<worksheet", entities, 1))
    inside = with_sheet(large, lambda part: part.replace(b'<row r="9"', b'<!DOCTYPE a><row r="9"'))
    numbers = register("BSN", 111_222_000)  # one in eleven of these can be such a number
    for data, rule in ((before, "file_suspect"), (inside, "file_suspect"), (numbers, "personal_bsn")):
        with pytest.raises(UnreadableFile) as refused:
            read_workbook(data, "groot.xlsx")
        assert refused.value.problem.rule == rule


def test_whoever_stops_a_large_workbook_is_not_kept_waiting(large: bytes) -> None:
    class StoppedError(Exception):
        pass

    def stop(_share: float) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        read_table_file(large, "groot.xlsx", stop)
