"""The user's own file back: marked at the cells in question, and nowhere else changed."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment

from intake import UnreadableFile, build_case, load_reference, read_workbook
from intake.marking import marked_file, marked_name, plain_workbook
from intake.reading import read_table_file
from intake.workbook import RawWorkbook
from tests.intake.registers import as_csv, as_ods, as_xlsx, read_file, venlo
from tests.intake.workbooks import MAIN, XML, package
from valuation.problems import Problem

LOGO = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff03"
    "000006000557bfabd40000000049454e44ae426082"
)


def rich_workbook() -> bytes:
    """A workbook with all that a library would lose: a chart, a picture, conditional formats, lists, names."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    money = book.add_format({"num_format": "#,##0.00", "bold": True, "bg_color": "#EEEEEE"})
    sheet = book.add_worksheet("Register")
    sheet.write_row(0, 0, ["Nummer", "Omschrijving", "Boekwaarde"])
    sheet.write_row(1, 0, ["01", "Buurthuis"])
    sheet.write_number(1, 2, 1234.5, money)
    sheet.write_formula(2, 2, "=C2*2", money, 2469)
    sheet.write_comment("A2", "Van mij")
    sheet.set_row(5, None, money)
    sheet.set_column(6, 7, 20, money)
    sheet.conditional_format("C2:C9", {"type": "data_bar"})
    sheet.data_validation("B2:B9", {"validate": "list", "source": ["a", "b"]})
    sheet.add_table("E1:F3")
    sheet.insert_image("H2", "logo.png", {"image_data": io.BytesIO(LOGO)})
    sheet.protect()
    other = book.add_worksheet("Grafiek & meer")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Register!$C$2:$C$3"})
    other.insert_chart("B2", chart)
    other.write("A1", "niets mis")
    book.define_name("Boekwaarden", "=Register!$C$2:$C$3")
    book.close()
    return file.getvalue()


RICH = rich_workbook()
PROBLEMS = [
    Problem("error", "required", "Register", "B2", "Omschrijving"),
    Problem("warning", "required", "Register", "A2", "Nummer"),
    Problem("error", "required", "Register", "C2", "Boekwaarde"),
    Problem("error", "required", "Register", "D2", "Leeg"),
    Problem("error", "required", "Register", "B6", "Rij met opmaak"),
    Problem("error", "required", "Register", "G40", "Ver weg"),
    Problem("warning", "required", "Register", "C2", "Boekwaarde"),
    Problem("error", "nothing_to_value"),
]


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def marked(data: bytes, problems: list[Problem] = PROBLEMS, name: str = "mijn.xlsx") -> bytes:
    return marked_file(data, name, read_table_file(data, name), problems)


def test_cells_get_a_colour_and_a_comment_and_a_sheet_lists_them() -> None:
    book = openpyxl.load_workbook(io.BytesIO(marked(RICH)))
    page = book["Register"]
    colours = {cell: page[cell].fill.fgColor.rgb for cell in ("B2", "A2", "C2", "D2", "B6", "G40", "C3")}
    red, yellow = "FFFFC7CE", "FFFFEB9C"
    assert colours == {"B2": red, "A2": yellow, "C2": red, "D2": red, "B6": red, "G40": red, "C3": "FFEEEEEE"}
    assert page["C2"].comment.text.count("Blad Register, cel C2") == 2
    assert page["C2"].number_format == "#,##0.00"
    assert page["C2"].font.bold
    assert page["G40"].number_format == "#,##0.00"
    assert page["A2"].comment.text.startswith("Van mij")
    assert "cel A2" in page["A2"].comment.text
    listing = book["Problemen"]
    assert [cell.value for cell in listing[1]] == ["Soort", "Blad", "Cel", "Kolom", "Melding"]
    assert listing.max_row == 1 + len(PROBLEMS)
    assert listing["C2"].hyperlink.location == "'Register'!B2"
    assert listing["E9"].value == PROBLEMS[-1].message("nl")


def test_everything_else_is_byte_for_byte_what_it_was() -> None:
    before, after = parts(RICH), parts(marked(RICH))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "xl/worksheets/sheet1.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
    }
    assert {name for name in after if name not in before} == {"xl/worksheets/buurtwaarde1.xml"}


def test_in_the_sheet_itself_only_the_marked_cells_differ() -> None:
    name = "xl/worksheets/sheet1.xml"
    before, after = parts(RICH)[name].decode(), parts(marked(RICH))[name].decode()
    cell = re.compile(r"<c [^>]*?/>|<c [^>]*?>.*?</c>")
    cells_before, cells_after = set(cell.findall(before)), set(cell.findall(after))
    touched = {re.search(r'r="(\w+)"', text)[1] for text in cells_after - cells_before}
    assert touched == {"B2", "A2", "C2", "D2", "B6", "G40"}
    for text in cells_before - cells_after:
        address = re.search(r'r="(\w+)"', text)[1]
        (same,) = [other for other in cells_after if f'r="{address}"' in other]
        assert re.sub(r' s="\d+"', "", same) == re.sub(r' s="\d+"', "", text)
    around = re.compile(r"<sheetData>.*</sheetData>", re.DOTALL)
    assert around.sub("", before) == around.sub("", after)
    styles_before, styles_after = (parts(data)["xl/styles.xml"] for data in (RICH, marked(RICH)))
    old = re.search(rb"<cellXfs[^>]*>(.*)</cellXfs>", styles_before)[1]
    assert old in styles_after


def test_the_marked_file_reads_as_the_same_cells() -> None:
    again = read_table_file(marked(RICH), "mijn.xlsx")
    before = read_table_file(RICH, "mijn.xlsx")
    filled = [[cell for cell in row if cell is not None] for row in again.sheets[0].rows]
    assert [row for row in filled if row] == [
        [c for c in row if c is not None] for row in before.sheets[0].rows if any(row)
    ]
    assert again.sheets[1] == before.sheets[1]


def test_marking_twice_gives_two_lists_and_one_comment_a_cell() -> None:
    twice = marked(marked(RICH))
    book = openpyxl.load_workbook(io.BytesIO(twice))
    assert book.sheetnames[-2:] == ["Problemen", "Problemen 2"]
    comments = parts(twice)["xl/comments1.xml"]
    assert len(re.findall(rb'ref="B2"', comments)) == 1


def test_the_problems_of_a_workbook_with_mistakes_lead_back_to_their_cells() -> None:
    book = openpyxl.load_workbook(Path(__file__).parents[2] / "datasets" / "voorbeeldgemeente.xlsx")
    book["Objecten"]["C3"] = "schip"
    book["Objecten"]["P4"] = None
    file = io.BytesIO()
    book.save(file)
    raw = read_workbook(file.getvalue(), "mijn.xlsx")
    problems = [problem for problem in build_case(raw, load_reference()).problems if problem.level == "error"]
    page = openpyxl.load_workbook(io.BytesIO(marked_file(file.getvalue(), "mijn.xlsx", raw, problems)))["Objecten"]
    assert {problem.cell for problem in problems} == {"C3", "P4"}
    for problem in problems:
        assert problem.message("nl") in page[problem.cell].comment.text


def _odd(inside: str, prefix: str = "") -> str:
    colon = f"{prefix}:" if prefix else ""
    declared = f"xmlns:{prefix}" if prefix else "xmlns"
    return f'{XML}<{colon}worksheet {declared}="{MAIN}">{inside}</{colon}worksheet>'


ODD_SHEETS = {
    "no rows": _odd("<sheetData/>"),
    "an empty row": _odd('<sheetData><row r="2" spans="1:3"/></sheetData>'),
    "a prefix": _odd('<x:sheetData><x:row r="2"><x:c r="A2"><x:v>1</x:v></x:c></x:row></x:sheetData>', "x"),
    "no addresses": _odd("<sheetData><row><c><v>1</v></c></row><row><c><v>2</v></c><c><v>3</v></c></row></sheetData>"),
    "a comment in it": _odd('<!-- <c r="B2"> --><sheetData><row r="2"><c r="A2"><v>1</v></c></row></sheetData>'),
}


@pytest.mark.parametrize("name", ODD_SHEETS)
def test_sheets_that_are_written_otherwise_are_marked_too(name: str) -> None:
    data = package({"xl/worksheets/sheet1.xml": ODD_SHEETS[name]})
    problems = [Problem("error", "required", "Objecten", cell) for cell in ("A2", "B2", "C3")]
    page = openpyxl.load_workbook(io.BytesIO(marked(data, problems)))["Objecten"]
    assert {cell: page[cell].fill.fgColor.rgb for cell in ("A2", "B2", "C3")} == dict.fromkeys(
        ("A2", "B2", "C3"), "FFFFC7CE"
    )
    assert all(page[cell].comment is not None for cell in ("A2", "B2", "C3"))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (as_csv(venlo()), "venlo.csv"),
        (as_ods([["Nummer", "Omschrijving", "Boekwaarde"], ["1", "=SOM(A1)", "x"]]), "venlo.ods"),
    ],
)
def test_of_a_file_that_cannot_hold_marks_the_cells_come_in_a_new_one(data: bytes, name: str) -> None:
    raw = read_table_file(data, name)
    file = marked_file(data, name, raw, [Problem("error", "required", raw.sheets[0].name, "B2")], "en")
    again = read_table_file(file, "x.xlsx")
    assert again.sheets[0].rows == raw.sheets[0].rows
    assert again.sheets[1].name == "Problems"
    assert marked_name(name, "en") == "venlo-marked.xlsx"


def test_a_register_with_a_row_that_does_not_add_up_is_marked_there() -> None:
    rows = venlo()
    rows[3][11] = 9999.0
    data = as_xlsx(rows)
    reading = read_file(data, "venlo.xlsx")
    page = openpyxl.load_workbook(io.BytesIO(marked(data, list(reading.problems))))["Blad1"]
    assert "4.899.000" in page["L4"].comment.text


def test_text_that_begins_like_a_formula_stays_text() -> None:
    data = as_csv([["Nummer", "Omschrijving", "Boekwaarde"], ["=1+1", "@som", "-5"]])
    raw = read_table_file(data, "x.csv")
    page = openpyxl.load_workbook(io.BytesIO(plain_workbook(raw))).active
    assert [cell.data_type for cell in page[2]] == ["s", "s", "s"]
    problem = Problem("error", "not_a_number", raw.sheets[0].name, "A2", "=HYPERLINK()", '=cmd|"/c"!A1')
    listing = openpyxl.load_workbook(io.BytesIO(marked_file(data, "x.csv", raw, [problem])))["Problemen"]
    assert {cell.data_type for row in listing.iter_rows() for cell in row} == {"s"}


def test_xlsm_stays_xlsm_with_its_macros() -> None:
    data = package({"xl/vbaProject.bin": b"\x00macro"})
    assert parts(marked(data, [Problem("error", "required", "Objecten", "A1")]))["xl/vbaProject.bin"] == b"\x00macro"
    assert marked_name("Boek.XLSM") == "Boek-gemarkeerd.xlsm"


def test_a_file_that_cannot_be_marked_is_refused() -> None:
    with pytest.raises(UnreadableFile):
        marked_file(package({"xl/workbook.xml": "<workbook>"}), "x.xlsx", RawWorkbook(()), [])


def test_an_own_comment_keeps_its_looks() -> None:
    book = openpyxl.Workbook()
    book.active["B2"] = 1
    book.active["B2"].comment = Comment("Mijn opmerking", "Ik")
    file = io.BytesIO()
    book.save(file)
    page = openpyxl.load_workbook(
        io.BytesIO(marked(file.getvalue(), [Problem("error", "required", "Sheet", "B2")]))
    ).active
    assert page["B2"].comment.text.startswith("Mijn opmerking")
    assert page["B2"].comment.author == "Ik"


@pytest.mark.office
def test_libreoffice_opens_it_and_keeps_formulas_and_figures(soffice: str, tmp_path: Path) -> None:
    (tmp_path / "gemarkeerd.xlsx").write_bytes(marked(RICH))
    command = [
        soffice,
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        "ods",
        "--outdir",
    ]
    subprocess.run(
        [*command, str(tmp_path), str(tmp_path / "gemarkeerd.xlsx")], check=True, capture_output=True, timeout=120
    )
    raw = read_table_file((tmp_path / "gemarkeerd.ods").read_bytes(), "gemarkeerd.ods")
    assert [sheet.name for sheet in raw.sheets] == ["Register", "Grafiek & meer", "Problemen"]
    assert (raw.sheets[0].rows[1][2], raw.sheets[0].rows[2][2]) == (1234.5, 2469.0)
