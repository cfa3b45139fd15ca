"""The results workbook computes what the model computes, before and after a change of its inputs."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import ironcalc
import openpyxl
import pandas as pd
import pytest
from hypothesis import given

from exports.as_json import result_object
from exports.workbook import results_workbook
from intake import build_case, load_reference, read_workbook
from tests.building import build_case as build
from tests.exports import office
from tests.valuation.whole_cases import Rows, case_of, whole_case_settings, whole_cases
from valuation.appraisal import appraise
from valuation.case import TABLES, Case
from valuation.discounting import Rate

CASES = Path(__file__).resolve().parent.parent / "cases"
NAMES = {
    "nl": ("Uitkomst objecten", "Uitkomst begroting", "Uitkomst initiatieven", "Uitkomst betalers", "Controle"),
    "en": ("Results assets", "Results budget", "Results initiatives", "Results payers", "Check"),
}
BOUNDS = {"nl": {"markt": "market", "aandeel": "share", "bodem": "floor"}, "en": {}}
STEPS: Rate = ((10, 0.035), (22, 0.03), (60, 0.0275))
ASSUMPTIONS = "Uitgangspunten"


def public_case() -> Case:
    content = (CASES / "municipality.xlsx").read_bytes()
    case = build_case(read_workbook(content, "municipality.xlsx"), load_reference()).case
    assert case is not None
    return case


def changed(case: Case, table: str, row: int, **values: Any) -> Case:
    """The same case with other values in one row, counted from 0."""
    frame = getattr(case, table).copy()
    for column, value in values.items():
        frame.at[frame.index[row], column] = value
    return replace(case, **{table: frame})


@dataclass(frozen=True)
class Change:
    """The same change in the workbook's cells and in the model."""

    cells: tuple[office.Edit, ...]
    case: Case
    language: str = "nl"


NAN = float("nan")


def other_rates_and_books(case: Case) -> Change:
    same = case.with_assumptions(
        discount_rate=0.04,
        municipal_discount_rate=STEPS,
        timing="mid",
        social_value_share=0.6,
        transfer_tax_rate=0.06,
        base_year=2028,
        price_floor=40_000.0,
    )
    same = changed(same, "assets", 0, book_value_eur=50_000.0, fallback_cost_eur=12_500.0, sale_restriction=True)
    same = changed(same, "assets", 1, write_down_eur=100_000.0, proposed_price_eur=NAN, terminal_value_eur=NAN)
    same = changed(same, "assets", 3, book_value_eur=NAN, proposed_price_eur=500_000.0)
    same = changed(
        same, "assets", 5, in_service_year=2020.0, residual_value_eur=200_000.0, maintenance_backlog_eur=5_000.0
    )
    cells = (
        (ASSUMPTIONS, "Discontovoet", "Waarde", 0.04),
        (ASSUMPTIONS, "Rekenrente gemeente", "Waarde", "0-10: 3,5%; 11-22: 3%; 23-60: 2,75%"),
        (ASSUMPTIONS, "Betaalmoment", "Waarde", "midden"),
        (ASSUMPTIONS, "Aandeel maatschappelijke waarde", "Waarde", 0.6),
        (ASSUMPTIONS, "Overdrachtsbelasting", "Waarde", 0.06),
        (ASSUMPTIONS, "Basisjaar", "Waarde", 2028),
        (ASSUMPTIONS, "Bodemprijs", "Waarde", 40_000),
        ("Objecten", "0101", "Boekwaarde (€)", 50_000),
        ("Objecten", "0101", "Terugvalkosten (€)", 12_500),
        ("Objecten", "0101", "Verkoopregulerend beding", "ja"),
        ("Objecten", "0102", "Afwaardering (€)", 100_000),
        ("Objecten", "0102", "Voorgestelde prijs (€)", None),
        ("Objecten", "0102", "Eindwaarde (€)", None),
        ("Objecten", "0103", "Boekwaarde (€)", None),
        ("Objecten", "0103", "Voorgestelde prijs (€)", 500_000),
        ("Objecten", "0105", "Jaar ingebruikname", 2020),
        ("Objecten", "0105", "Restwaarde (€)", 200_000),
        ("Objecten", "0105", "Achterstallig onderhoud (€)", 5_000),
    )
    return Change(cells, same)


def shorter_with_volunteer_hours(case: Case) -> Change:
    same = case.with_assumptions(
        horizon_years=3, count_volunteer_hours=True, volunteer_hour_value=25.5, internal_interest_rate=0.0
    )
    cells = (
        (ASSUMPTIONS, "Zichtperiode", "Waarde", 3),
        (ASSUMPTIONS, "Vrijwilligersuren meetellen", "Waarde", "ja"),
        (ASSUMPTIONS, "Waarde vrijwilligersuur", "Waarde", 25.5),
        (ASSUMPTIONS, "Omslagrente", "Waarde", 0),
    )
    return Change(cells, same)


def longer_by_steps(case: Case) -> Change:
    same = case.with_assumptions(horizon_years=58, timing="start", discount_rate=((30, 0.035), (75, 0.03)))
    cells = (
        (ASSUMPTIONS, "Zichtperiode", "Waarde", 58),
        (ASSUMPTIONS, "Betaalmoment", "Waarde", "begin"),
        (ASSUMPTIONS, "Discontovoet", "Waarde", "0-30: 3.5%; 31-75: 0.03"),
    )
    return Change(cells, same)


def other_initiatives(case: Case) -> Change:
    same = changed(case, "initiatives", 3, duration_years=31.0, operating_cost_eur_per_year=90_000.0)
    same = changed(same, "initiatives", 1, asset_id="0103", loan_term_years=25.0)
    same = changed(same, "initiatives", 6, operating_cost_eur_per_year=30_000.0)
    same = changed(same, "tasks", 1, take_up=(0.25, 0.5, 0.75, 0.875), deadweight=0.4)
    same = changed(same, "tasks", 2, take_up=(0.8,), payer="health_insurer")
    same = changed(same, "tasks", 5, institutional_unit_cost_eur=NAN, price_key="guidance_hour_ref")
    same = changed(same, "effects", 0, drop_off=1.0, start_year=3.0, direction="cost")
    same = changed(same, "effects", 6, counterparty="municipality", owner_id="I4", take_up=(0.1, 1.0))
    same = changed(same, "effects", 7, unit_value_eur=NAN, duration_years=400.0)
    cells = (
        ("Initiatieven", "I1", "Duur (jaar)", 31),
        ("Initiatieven", "I1", "Kosten per jaar (€)", 90_000),
        ("Initiatieven", "I5", "Objectnummer", "0103"),
        ("Initiatieven", "I5", "Looptijd lening (jaar)", 25),
        ("Initiatieven", "I4", "Kosten per jaar (€)", 30_000),
        ("Taken", "I1", "Ingroei", "25%; 50%; 75%;87,5%"),
        ("Taken", "I1", "Zonder initiatief", 0.4),
        ("Taken", ("I1", 2), "Ingroei", 0.8),
        ("Taken", ("I1", 2), "Betaler", "zvw"),
        ("Taken", "I4", "Kostprijs instelling (€)", None),
        ("Taken", "I4", "Prijscode", "guidance_hour_ref"),
        ("Effecten", "0101", "Uitdoving", 1),
        ("Effecten", "0101", "Startjaar", 3),
        ("Effecten", "0101", "Richting", "last"),
        ("Effecten", ("G-7", 2), "Waarde per eenheid (€)", None),
        ("Effecten", ("G-7", 2), "Duur (jaar)", 400),
        ("Effecten", "G-7", "Tegenpartij", "gemeente"),
        ("Effecten", "G-7", "Ingroei", "10%;100%"),
        ("Effecten", "G-7", "Eigenaar", "I4"),
    )
    return Change(cells, same)


def english_case(case: Case) -> Case:
    """Stepped rates from the start, prices by their code, long lists, and a horizon beyond year 60."""
    priced = case.with_assumptions(
        discount_rate=((30, 0.035), (75, 0.03)),
        municipal_discount_rate=tuple((5 * step, 0.04 / step) for step in range(1, 14)),
        horizon_years=65,
        price_year=2024,
    )
    priced = changed(priced, "effects", 4, unit_value_eur=float("nan"), price_key="min_wage_hour")
    return changed(
        priced,
        "tasks",
        2,
        institutional_unit_cost_eur=float("nan"),
        price_key="guidance_hour_ref",
        take_up=tuple(year / 26 for year in range(1, 27)),
    )


MISFITS: dict[str, tuple[office.Edit, ...]] = {
    "too long": ((ASSUMPTIONS, "Zichtperiode", "Waarde", 61),),
    # A row below the last one, where no formula looks.
    "extra row": (("Effecten", None, "A14", "I1"), ("Effecten", None, "B14", "nog een effect")),
}
CORRUPTION: tuple[office.Edit, ...] = (("Boekwaarde", None, "H5", lambda formula: f"{formula}+1"),)


@pytest.fixture(scope="module")
def case() -> Case:
    return public_case()


@pytest.fixture(scope="module")
def book(case: Case) -> bytes:
    return results_workbook(appraise(case), on=date(2026, 11, 23))


@pytest.fixture(scope="module")
def changes(case: Case) -> dict[str, Change]:
    english = english_case(case)
    tasks_gone = replace(case, tasks=case.tasks.iloc[:0], initiatives=case.initiatives.iloc[:0])
    tasks_gone = replace(tasks_gone, effects=case.effects[case.effects["owner_id"].isin(case.assets["asset_id"])])
    return {
        "as exported": Change((), case),
        "english": Change(
            (("assumptions", "discount_rate", "value", "0-20: 3%; 21-70: 2.5%"),),
            english.with_assumptions(discount_rate=((20, 0.03), (70, 0.025))),
            "en",
        ),
        "without initiatives": Change((), tasks_gone),
        "sparse": Change((), sparse_case()),
        "rates and books": other_rates_and_books(case),
        "shorter": shorter_with_volunteer_hours(case),
        "longer": longer_by_steps(case),
        "initiatives": other_initiatives(case),
    }


@pytest.fixture(scope="module")
def recalculated(
    soffice: str, case: Case, book: bytes, changes: dict[str, Change], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, office.Sheets]:
    """Every workbook after one run of LibreOffice."""
    edits = {name: change.cells for name, change in changes.items() if change.cells and change.language == "nl"}
    books = office.editions(book, {**edits, **MISFITS, "corrupted": CORRUPTION})
    english = results_workbook(appraise(english_case(case)), "en")
    books |= office.editions(english, {"english": changes["english"].cells})
    books["as exported"] = office.without_outcomes(book)
    for name in ("without initiatives", "sparse"):
        books[name] = office.without_outcomes(results_workbook(appraise(changes[name].case)))
    done = office.recalculate(soffice, books, tmp_path_factory.mktemp("office"))
    return {name: office.sheets_of(content) for name, content in done.items()}


def sparse_case() -> Case:
    """Nearly all cells empty: an empty cell must count as zero also where a function would skip it."""
    return build(
        assets=[{"asset_id": "A", "market_value_eur": 0.0}, {"asset_id": "B", "book_value_eur": 100.0}],
        initiatives=[
            {"initiative_id": "I", "asset_id": "A", "renovation_eur": 512.0, "own_funds_eur": 9_000.0},
            {"initiative_id": "J", "operating_cost_eur_per_year": 10.0},
        ],
        effects=[{"owner_id": "A", "unit_value_eur": None}, {"owner_id": "J", "unit_value_eur": 7.5}],
        horizon_years=2,
        price_floor=0.0,
    )


def corrupted(book: bytes) -> bytes:
    return office.editions(book, {"corrupted": CORRUPTION})["corrupted"]


def compare(sheets: office.Sheets, case: Case, language: str = "nl") -> list[str]:
    """Every figure of the JSON that the workbook does not give."""
    wanted = result_object(appraise(case), ())
    for asset in wanted["assets"]:
        word = {en: nl for nl, en in BOUNDS[language].items()}
        asset["social_price_bound"] = word.get(asset["social_price_bound"], asset["social_price_bound"])
    found = office.results_in(sheets, NAMES[language][:4])
    return office.differences(found, {key: wanted[key] for key in ("assets", "initiatives")})


@pytest.mark.office
@pytest.mark.parametrize(
    "name",
    ["as exported", "rates and books", "shorter", "longer", "initiatives", "english", "without initiatives", "sparse"],
)
def test_the_workbook_gives_every_figure_of_the_json(
    name: str, recalculated: dict[str, office.Sheets], changes: dict[str, Change]
) -> None:
    change = changes[name]
    assert compare(recalculated[name], change.case, change.language) == []


@pytest.mark.office
def test_a_change_changes_figures(
    recalculated: dict[str, office.Sheets], changes: dict[str, Change], case: Case
) -> None:
    for name in set(changes) - {"as exported"}:
        language = changes[name].language
        assert compare(recalculated[name], case, language), name


@pytest.mark.office
def test_a_corrupted_formula_is_noticed(recalculated: dict[str, office.Sheets], case: Case) -> None:
    found = compare(recalculated["corrupted"], case)
    assert any("book_value_eur" in difference for difference in found)
    total, equal, different = control_counts(recalculated["corrupted"], "nl")
    assert (total - equal, different) == (different, len(found))


@pytest.mark.office
@pytest.mark.parametrize("name", ["too long", "extra row"])
def test_what_does_not_fit_gives_errors_and_never_a_wrong_figure(
    name: str, recalculated: dict[str, office.Sheets]
) -> None:
    sheets = recalculated[name]
    results = [row for title in NAMES["nl"][:4] for row in sheets[title][office.FIRST_ROW :]]
    shown = {cell for row in results for cell in row if isinstance(cell, int | float)}
    assert shown <= {1, 2, 3, 4, 5, 6, *range(2026, 2030)}, "numbers of objects and years are all that is left"
    assert any("#N/A" in row for row in results)
    total, equal, different = control_counts(sheets, "nl")
    assert (equal, different) == (0, total)


@pytest.mark.office
@pytest.mark.parametrize("name", ["as exported", "without initiatives"])
def test_the_control_sheet_finds_everything_equal(name: str, recalculated: dict[str, office.Sheets]) -> None:
    total, equal, different = control_counts(recalculated[name], "nl")
    assert (equal, different) == (total, 0)
    assert total > 400 or name == "without initiatives"


def control_counts(sheets: office.Sheets, language: str) -> tuple[int, int, int]:
    rows = sheets[NAMES[language][4]]
    total, equal, different = (int(rows[row][2]) for row in (3, 4, 5))
    return total, equal, different


@pytest.mark.office
def test_every_stored_outcome_is_what_the_formula_gives(recalculated: dict[str, office.Sheets], book: bytes) -> None:
    stored = office.sheets_of(book)
    for name, rows in recalculated["as exported"].items():
        pairs = zip(stored[name], rows, strict=False)
        found = [
            (name, number, a, b)
            for number, (mine, theirs) in enumerate(pairs, start=1)
            for a, b in zip(mine, theirs, strict=False)
            if office.differences(a, b)
        ]
        assert found == []


def test_another_spreadsheet_program_agrees(book: bytes, tmp_path: Path) -> None:
    """IronCalc is quick and needs no installation, so this runs where LibreOffice does not."""
    for content, differing in ((office.without_outcomes(book), False), (corrupted(book), True)):
        file = tmp_path / f"{differing}.xlsx"
        file.write_bytes(content)
        model = ironcalc.load_from_xlsx(str(file), "en", "UTC", "en")
        model.evaluate()
        position = openpyxl.load_workbook(file, read_only=True).sheetnames.index("Controle")
        total, equal, different = (int(model.get_formatted_cell_value(position, row, 3)) for row in (4, 5, 6))
        assert (equal + different, different > 0) == (total, differing)
        assert total > 400


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_workbook_can_be_handed_in_again(case: Case, language: str) -> None:
    original = case if language == "nl" else english_case(case)
    content = results_workbook(appraise(original), language)
    intake = build_case(read_workbook(content, "results.xlsx"), load_reference())
    assert [problem for problem in intake.problems if problem.level == "error"] == []
    assert intake.case is not None
    assert intake.case.assumptions == original.assumptions
    for table in TABLES[1:]:
        again, first = getattr(intake.case, table.key), getattr(original, table.key)
        pd.testing.assert_frame_equal(again.reset_index(drop=True), first.reset_index(drop=True))


@whole_case_settings
@given(rows=whole_cases())
def test_any_case_gives_the_figures_of_the_model(rows: Rows) -> None:
    """By the outcomes that are stored with the formulas; LibreOffice shows above that they are the formulas' own."""
    case = case_of(rows)
    sheets = office.sheets_of(results_workbook(appraise(case)))
    assert compare(sheets, case) == []
    total, equal, different = control_counts(sheets, "nl")
    assert (equal, different) == (total, 0)


DANGEROUS = (
    '=HYPERLINK("http://x.nl")',
    "+31 6 12345678",
    "-1 kamer",
    "@SUM(A1)",
    "=1+1",
    "https://voorbeeld.nl",
    "{=A1}",
)


def test_text_of_users_is_never_a_formula(case: Case) -> None:
    frame = case.assets.assign(name=list(DANGEROUS[:6]), neighbourhood=DANGEROUS[6])
    stated = case.initiatives["operating_cost_eur_per_year"].fillna(0.0)  # the tasks go to another initiative
    initiatives = case.initiatives.assign(
        initiative_id=[*DANGEROUS[:6], "I4"], asset_id=None, operating_cost_eur_per_year=stated
    )
    tasks = case.tasks.assign(initiative_id=DANGEROUS[0], task=DANGEROUS[4])
    effects = case.effects.assign(owner_id=DANGEROUS[1], effect=DANGEROUS[3], real_growth=-0.01)
    hostile = replace(case, assets=frame, initiatives=initiatives, tasks=tasks, effects=effects)
    hostile = hostile.with_assumptions(municipality="=1+1 & Z")
    workbook = openpyxl.load_workbook(io.BytesIO(results_workbook(appraise(hostile))))
    texts = 0
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value in DANGEROUS or cell.value == "=1+1 & Z":
                    assert cell.data_type == "s", (sheet.title, cell.coordinate)
                    assert cell.hyperlink is None
                    texts += 1
    assert texts > 30
    growth = workbook["Effecten"]["P2"]
    assert workbook["Effecten"]["P1"].value == "Reële groei"
    assert (growth.value, growth.data_type) == (-0.01, "n")


def test_sheets_are_protected_without_password_and_inputs_are_open(book: bytes) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(book))
    for sheet in workbook:
        assert sheet.protection.sheet, sheet.title
        assert not sheet.protection.password, sheet.title
        for row in sheet.iter_rows():
            assert all(cell.protection.locked for cell in row if cell.data_type == "f"), sheet.title
    assert not workbook["Objecten"]["P2"].protection.locked
    assert workbook["Objecten"]["P1"].protection.locked


def test_names_lead_to_the_assumptions(book: bytes) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(book))
    for name, value in (("Discontovoet", 0.0225), ("Zichtperiode", 25), ("Betaalmoment", "eind")):
        sheet, cell = workbook.defined_names[name].attr_text.split("!")
        assert workbook[sheet.strip("'")][cell.replace("$", "")].value == value


def test_pages_are_ready_to_print(book: bytes) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(book))
    for sheet in workbook:
        assert sheet.page_setup.orientation == "landscape", sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
        assert (sheet.oddHeader.left.text, sheet.oddHeader.right.text) == ("Testgemeente", "23-11-2026")
    assert workbook["Regels"].print_title_rows == "$4:$4"


def test_charts_are_native_and_say_what_they_show(book: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
        chart_files = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
        charts = [archive.read(name).decode() for name in chart_files]
    assert len(charts) == len(re.findall(r'descr="[^"]{40,}"', drawing)) == 4
    assert all("€" in chart for chart in charts)


KNOWN_TO_BOTH = set(
    re.findall(
        "[A-Z]+",
        """ABS AND COUNTA COUNTIF COUNTIFS EXACT FIND IF INDEX ISNUMBER LEN MATCH MAX MID MIN N NA NUMBERVALUE OR PV
        REPT ROWS SUBSTITUTE SUM SUMIF SUMIFS SUMPRODUCT TRIM""",
    )
)


def test_only_functions_that_excel_and_libreoffice_both_know(book: bytes) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(book))
    formulas = {cell.value for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}
    used = {name for formula in formulas for name in re.findall(r"([A-Z]+)\(", re.sub('"[^"]*"', "", str(formula)))}
    assert used <= KNOWN_TO_BOTH


def test_the_same_result_gives_the_same_file(case: Case, book: bytes) -> None:
    assert results_workbook(appraise(case), on=date(2026, 11, 23)) == book
