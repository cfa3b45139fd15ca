"""Registers as municipalities lay them out: found, mapped, in the right scale, and adding up."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from intake import build_case, load_reference
from intake.asset_register import (
    IGNORE,
    RegisterReading,
    find_register_tables,
    read_register,
    suggest,
    suggested_base_year,
    to_workbook,
)
from intake.asset_register.roles import words
from intake.reading import read_table_file
from intake.workbook import Cell, RawWorkbook
from tests.intake.registers import (
    APELDOORN,
    LINGEWAARD,
    apeldoorn,
    as_csv,
    as_ods,
    as_xlsx,
    lingewaard,
    ods_figure,
    published,
    read,
    read_file,
    read_table,
    rules,
    sheet,
    tables_of,
    venlo,
)

SMALL: list[list[Cell]] = [
    ["Nummer", "Omschrijving", "Boekwaarde 1-1", "Vermeerderingen", "Afschrijving", "Boekwaarde 31-12"],
    ["01", "Buurthuis", 1000.0, 200.0, 100.0, 1100.0],
    ["02", "Gymzaal", 500.0, 0.0, 50.0, 450.0],
]
FILES = {
    "xlsx": lambda rows: (as_xlsx(rows), "staat.xlsx"),
    "csv, semicolon": lambda rows: (as_csv(rows), "staat.csv"),
    "csv, windows-1252": lambda rows: (as_csv(rows, encoding="cp1252"), "staat.csv"),
    "csv, byte order mark": lambda rows: (as_csv(rows, encoding="utf-8-sig"), "staat.csv"),
    "csv, UTF-16": lambda rows: (as_csv(rows, encoding="utf-16"), "staat.csv"),
    "tsv": lambda rows: (as_csv(rows, "\t"), "staat.tsv"),
    "csv, comma": lambda rows: (as_csv(rows, ","), "staat.csv"),
    "csv, sep=": lambda rows: (b"sep=|\r\n" + as_csv(rows, "|"), "staat.csv"),
}


def answered(reading: RegisterReading) -> RegisterReading:
    """The same reading after the user said that points are between thousands."""
    told = {question.column.position: "nl" for question in reading.questions}
    return read_register(reading.table, replace(reading.mapping, notations=told)) if told else reading


def differences(reading: RegisterReading) -> np.ndarray:
    assert reading.reconciled is not None
    return reading.reconciled.differences


@pytest.mark.parametrize("kind", FILES)
def test_the_table_of_apeldoorn_goes_in_and_adds_up(kind: str) -> None:
    reading = answered(read_file(*FILES[kind](apeldoorn())))
    rows = published(APELDOORN)
    assert [hint.factor for hint in reading.table.hints] == [1000]
    assert reading.table.titles[0] == "Staat van investeringen en kapitaallasten"
    assert (len(reading.rows), len(reading.totals)) == (len(rows) - 1, 1)
    assert np.abs(differences(reading)).max() <= 1
    assert reading.total_reconciled is not None
    assert np.abs(reading.total_reconciled.differences).max() <= 2
    assert reading.figures["closing_book_value"].tolist() == [row["boekwaarde_eind"] for row in rows[:-1]]
    assert reading.figures["capital_charge"].tolist() == [row["kapitaallasten"] for row in rows[:-1]]
    assert not [rule for rule, _cell in rules(reading) if rule not in {"total_differs"}]


def test_the_total_of_apeldoorn_says_that_the_source_left_out_a_row() -> None:
    reading = read(apeldoorn())
    (check,) = reading.total_checks
    # One row of the published table is not in our source: leased land, without depreciation.
    missing = check.differences
    assert missing["opening_book_value"] - missing["disposals"] == missing["closing_book_value"] == 23_704
    assert "depreciation" not in missing
    assert [problem.parameters["difference"] for problem in reading.problems][:1] == [
        missing["opening_book_value"] * 1000
    ]


def test_the_table_of_lingewaard_adds_up_only_with_the_sign_of_its_contributions() -> None:
    reading = read(lingewaard())
    rows = published(LINGEWAARD)
    assert [hint.factor for hint in reading.table.hints] == [1]
    assert reading.figures["contributions"].tolist() == [0, -801_721]
    assert reading.reconciled is not None
    assert reading.reconciled.as_negative == frozenset()
    assert np.abs(differences(reading)).max() <= 1
    assert reading.figures["closing_book_value"].tolist() == [row["boekwaarde_eind"] for row in rows]
    assert rules(reading) == []


def test_the_first_of_the_two_headers_of_venlo_is_the_opening_value() -> None:
    reading = read(venlo())
    names = {column.name: reading.mapping.roles[column.position] for column in reading.table.columns}
    assert names["Boekwaarde 31-12-2018 (1)"] == "opening_book_value"
    assert names["Boekwaarde 31-12-2018 (2)"] == "closing_book_value"
    assert names["Groeps- en objectnummer en omschrijving"] == "id_and_name"
    assert names["Waarvan extra"] == "of_which_extra"
    assert differences(reading).tolist() == [0, 0, 0]
    assert [check.agrees for check in reading.total_checks] == [True]
    assert rules(reading) == []
    rows = to_workbook([reading], filename="venlo.xlsx").sheets[1].rows
    assert [row[:2] for row in rows[1:3]] == [("7010", "Voorbeeldgebouwen"), ("7020", "Voorbeeldgronden")]


def test_signs_of_columns_that_show_what_goes_off_as_negative_are_seen() -> None:
    rows = [[*row[:4], -row[4], *row[5:]] if isinstance(row[4], float) else row for row in SMALL]
    reading = read(rows)
    assert reading.reconciled is not None
    assert reading.reconciled.as_negative == {"depreciation"}
    assert differences(reading).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("contributions", "expected", "is_turned"),
    [
        (["100.000,00-", "0,00"], [100_000, 0], True),
        (["-5", ""], [5, None], True),
        (["-5", "7"], [-5, 7], False),
        (["5", "7"], [5, 7], False),
    ],
)
def test_contributions_on_the_cost_that_are_all_shown_as_negative_are_turned(
    contributions: list[str], expected: list[float | None], *, is_turned: bool
) -> None:
    header: list[Cell] = ["Nr", "Naam", "Bijdragen van derden", "Boekwaarde"]
    reading = read([header, *([str(n), "Hal", text, 9.0] for n, text in enumerate(contributions))])
    rows = to_workbook([reading], filename="x.csv").sheets[1].rows
    assert [row[7] for row in rows[1:]] == expected
    assert ("third_party_contributions_eur" in reading.turned) is is_turned


def test_an_object_gets_its_figures_in_euros_and_what_is_missing_is_asked() -> None:
    reading = read(apeldoorn())
    raw = to_workbook(
        [reading],
        filename="apeldoorn.xlsx",
        municipality="Voorbeeld",
        base_year=suggested_base_year(reading.table, reading.mapping),
    )
    intake = build_case(raw, load_reference())
    assert [row[14] for row in raw.sheets[1].rows[1:]] == [
        row["boekwaarde_eind"] * 1000 for row in published(APELDOORN)[:-1]
    ]
    assert raw.sheets[0].rows[2][1] == 2020
    # Market value and kind, for each of the six; nothing else is wrong, and nothing was made up.
    assert {(problem.rule, problem.column) for problem in intake.problems} == {
        ("required", "Soort"),
        ("required", "Marktwaarde (€)"),
    }
    assert len(intake.problems) == 12


def test_after_what_is_missing_was_filled_in_there_is_a_case() -> None:
    raw = to_workbook([read(SMALL)], filename="x.csv", municipality="Voorbeeld", base_year=2026, kind="gebouw")
    rows = [list(row) for row in raw.sheets[1].rows]
    for row in rows[1:]:
        row[15] = 2000.0
    case = build_case(raw.with_sheet(1, sheet(rows, "Objecten")), load_reference()).case
    assert case is not None
    assert case.assets["book_value_eur"].tolist() == [1100, 450]
    assert case.assets["asset_id"].tolist() == ["01", "02"]


@pytest.mark.parametrize(
    ("rows", "header_rows", "names"),
    [
        ([["Titel 2025"], [], *SMALL], range(3, 4), None),
        ([["a"], ["b"], ["c"], [], ["(x € 1.000)"], *SMALL], range(6, 7), None),
        (
            [
                ["Nummer", "Omschrijving", "Boekwaarde", "Vermeerde-\nringen", "Afschrijving", "Boekwaarde"],
                [None, None, "1-1", None, "2025", "31-12"],
                *SMALL[1:],
            ],
            range(1, 3),
            ["Nummer", "Omschrijving", "Boekwaarde 1-1", "Vermeerderingen", "Afschrijving 2025", "Boekwaarde 31-12"],
        ),
        ([SMALL[0], ["", "", "€", "€", "€", "€"], *SMALL[1:]], range(1, 3), None),
        ([[*SMALL[0], None, None, " "], *([*row, None, "", " "] for row in SMALL[1:])], range(1, 2), None),
        ([[None, *row] for row in SMALL], range(1, 2), None),
    ],
    ids=["title", "many titles", "wrapped", "units", "trailing empty columns", "starts in column B"],
)
def test_the_header_is_found(rows: list[list[Cell]], header_rows: range, names: list[str] | None) -> None:
    (table,) = tables_of(rows)
    assert table.header_rows == header_rows
    assert len(table.columns) == 6
    if names is not None:
        assert [column.header for column in table.columns] == names
    assert differences(read(rows)).tolist() == [0, 0]


def test_words_below_merged_headings_are_no_table_of_their_own() -> None:
    rows: list[list[Cell]] = [
        ["Activum", None, "Boekwaarde", None, "Afschrijving", None],
        ["Nummer", "Omschrijving", "1-1-2024", "31-12-2024", "Termijn", "Bedrag"],
        ["101", "Sporthal", 100000.0, 90000.0, 20.0, 10000.0],
        ["102", "Brug", 5000.0, 4000.0, 5.0, 1000.0],
    ]
    (table,) = find_register_tables(
        read_table_file(as_xlsx(rows, merged=["A1:B1", "C1:D1", "E1:F1"]), "staat.xlsx"),
    )
    assert table.range_name == "A1:F4"
    assert [column.name for column in table.columns[2:4]] == ["Boekwaarde 1-1-2024", "Boekwaarde 31-12-2024"]
    assert list(suggest(table).roles.values()) == [
        "asset_id",
        "name",
        "opening_book_value",
        "closing_book_value",
        "useful_life_years",
        "depreciation",
    ]
    assert differences(read_table(table)).tolist() == [0, 0]


def test_a_column_without_anything_under_a_merged_heading_does_not_part_the_header() -> None:
    rows: list[list[Cell]] = [
        ["Nummer", "Omschrijving", "Aanschaf", None, None, "Boekwaarde", None, None, "Afschrijving", None, "Rente"],
        [
            None,
            None,
            "aanschafwaarde",
            None,
            "subsidies",
            "1-1-2024",
            None,
            "31-12-2024",
            "2024",
            "termijn (jaar)",
            "percentage",
        ],
        ["101", "Sporthal", 400000.0, None, 0.0, 100000.0, None, 90000.0, 10000.0, 20.0, 0.02],
        ["102", "Brug", 50000.0, None, 0.0, 5000.0, None, 4000.0, 1000.0, 5.0, 0.02],
    ]
    merged = ["A1:A2", "B1:B2", "C1:E1", "F1:H1", "I1:J1"]
    (table,) = find_register_tables(read_table_file(as_xlsx(rows, merged=merged), "staat.xlsx"))
    assert table.range_name == "A1:K4"
    reading = read_table(table)
    assert reading.figures["opening_book_value"].tolist() == [100000, 5000]
    assert reading.figures["closing_book_value"].tolist() == [90000, 4000]
    assert differences(reading).tolist() == [0, 0]


def test_an_empty_column_between_number_and_name_parts_nothing() -> None:
    rows: list[list[Cell]] = [
        ["Nummer", None, "Omschrijving", None, "Boekwaarde 31-12-2024"],
        ["01", None, "Buurthuis", None, 1100.0],
        ["02", None, "Gymzaal", None, 450.0],
    ]
    (table,) = tables_of(rows)
    assert table.range_name == "A1:E3"
    assert list(suggest(table).roles.values()) == ["asset_id", "name", "closing_book_value"]


def test_a_merged_heading_counts_for_all_its_columns() -> None:
    rows = [
        ["Staat van activa", None, None, None, None, None],
        [None, None, "Boekwaarde", None, "Mutaties", None],
        ["Nummer", "Omschrijving", "1-1-2025", "31-12-2025", "Vermeerderingen", "Afschrijving"],
        ["01", "Buurthuis", 1000.0, 1100.0, 200.0, 100.0],
    ]
    data = as_xlsx(rows, merged=["A1:F1", "C2:D2", "E2:F2"])
    reading = read_file(data, "staat.xlsx")
    assert [column.header for column in reading.table.columns][2:] == [
        "Boekwaarde 1-1-2025",
        "Boekwaarde 31-12-2025",
        "Mutaties Vermeerderingen",
        "Mutaties Afschrijving",
    ]
    assert differences(reading).tolist() == [0]


def test_totals_and_subtotals_are_kept_out_and_used_as_a_check() -> None:
    rows = [
        SMALL[0],
        ["Gebouwen"],
        *SMALL[1:],
        [None, "Subtotaal gebouwen", 1500.0, 200.0, 150.0, 1550.0],
        ["Terreinen"],
        ["03", "Park", 100.0, 0.0, 0.0, 100.0],
        ["04", "Plein", 300.0, 0.0, 0.0, 300.0],
        [None, "Subtotaal terreinen", 400.0, 0.0, 0.0, 400.0],
        [],
        [None, "Totaal", 1900.0, 200.0, 150.0, 1950.0],
        ["Bron: administratie"],
    ]
    reading = read(rows)
    assert (len(reading.rows), len(reading.totals), len(reading.headings)) == (4, 3, 3)
    assert [(check.agrees, check.of) for check in reading.total_checks] == [
        (True, "section"),
        (True, "section"),
        (True, "all"),
    ]
    rows[8][2] = 500.0
    wrong = read(rows)
    assert ("total_differs", "C9") in rules(wrong)


def test_a_total_above_its_rows_is_a_total() -> None:
    reading = read([SMALL[0], [None, "Totaal", 1500.0, 200.0, 150.0, 1550.0], *SMALL[1:]])
    assert [check.agrees for check in reading.total_checks] == [True]


def test_a_sum_that_is_not_called_a_total_is_pointed_out_and_can_be_left_out() -> None:
    rows = [*SMALL, [None, "Gebouwen samen", 1500.0, 200.0, 150.0, 1550.0]]
    reading = read(rows)
    assert rules(reading) == [("row_looks_like_total", "F4")]
    again = read_register(reading.table, reading.mapping, excluded=[4])
    assert rules(again) == []
    assert len(again.rows) == 2


GROUPS_FIRST: list[list[Cell]] = [
    ["Code", "Omschrijving", "Aanschafwaarde", "Boekwaarde 31-12-2025"],
    ["1", "Gebouwen", 3000.0, 1150.0],
    ["1.1", "Brandweerkazerne", 2000.0, 800.0],
    ["1.2", "Gemeentewerf", 1000.0, 350.0],
    ["2", "Groen", 500.0, 100.0],
    ["2.1", "Begraafplaats", 400.0, 90.0],
    ["2.2", "Park", 100.0, 10.0],
]


def test_a_sum_above_its_rows_is_pointed_out() -> None:
    assert rules(read(GROUPS_FIRST)) == [("row_looks_like_total", "D2"), ("row_looks_like_total", "D5")]


def test_rows_that_only_happen_to_hold_the_same_figures_are_no_sum() -> None:
    rows = [*GROUPS_FIRST[:1], *GROUPS_FIRST[2:4], ["1.3", "Loods", 1500.0, 75.0], *GROUPS_FIRST[5:]]
    assert rules(read(rows)) == []
    below_zero = [*GROUPS_FIRST, ["3", "Correctie", -100.0, -5.0]]
    assert rules(read(below_zero)) == [("row_looks_like_total", "D2"), ("row_looks_like_total", "D5")]


def test_amounts_without_number_and_name_are_pointed_out() -> None:
    rows = [*GROUPS_FIRST[:1], *GROUPS_FIRST[2:4], [None, " ", 3500.0, 1250.0], [None, "Loods", 5.0, 1.0]]
    assert rules(read(rows)) == [("row_without_label", "D4")]


@pytest.mark.parametrize("label", ["Som", "Som gebouwen", "Totaal", "Totaal gebouwen", "TOTALEN:"])
@pytest.mark.parametrize("place", [0, 1, 4])
def test_a_total_is_one_wherever_its_name_stands(label: str, place: int) -> None:
    rows: list[list[Cell]] = [
        ["Nr", "Locatie", "Kostenplaats", "Wijk", "Omschrijving", "Boekwaarde"],
        ["1", "Laan", "K1", "Oost", "Buurthuis", 100.0],
        ["2", "Plein", "K2", "West", "Gymzaal", 50.0],
        [*[None] * 5, 150.0],
    ]
    rows[3][place] = label
    reading = read(rows)
    assert (reading.rows, reading.totals) == ([2, 3], [4])


def test_an_average_is_no_object() -> None:
    reading = read([*SMALL, [None, "Gemiddeld", 750.0, 100.0, 75.0, 775.0], ["Gemiddelde", None, 1.0, 1.0, 1.0, 1.0]])
    assert (reading.rows, reading.totals, reading.headings) == ([2, 3], [], [4, 5])
    assert rules(reading) == []


TWO_SCALES: list[list[Cell]] = [
    ["Activum", "Aanschafwaarde (x € 1 mln)", "Boekwaarde (x € 1.000)", "Restwaarde"],
    ["Stadhuis", 45.2, 32500.0, 100000.0],
    ["Theater", 22.75, 18100.0, 0.0],
]


def test_columns_that_name_different_scales_are_read_each_in_its_own() -> None:
    (table,) = tables_of(TWO_SCALES)
    assert suggest(table).scale is None
    reading = read_table(table)
    (_header, first, _second) = to_workbook([reading], filename="x.xlsx").sheets[1].rows
    assert (first[6], first[12], first[14]) == (45_200_000.0, 100_000.0, 32_500_000.0)
    assert reading.sum_eur("closing_book_value") == 50_600_000.0


def test_who_says_that_the_scales_do_not_hold_gets_the_figures_as_they_stand() -> None:
    (table,) = tables_of(TWO_SCALES)
    reading = read_register(table, replace(suggest(table), scale=1))
    assert [reading.sum_eur(role) for role in ("acquisition_cost_eur", "closing_book_value")] == [67.95, 50_600.0]


def test_the_scale_of_a_column_that_is_not_used_is_not_that_of_the_others() -> None:
    (table,) = tables_of([["Nr", "Naam", "WOZ (x € 1.000)", "Boekwaarde (€)"], ["1", "Hal", 250.0, 90000.0]])
    reading = read_table(table)
    assert reading.sum_eur("closing_book_value") == 90_000.0


def test_several_tables_on_a_sheet_and_on_several_sheets() -> None:
    other = [
        ["Activum", "Boekwaarde 1-1-2024", "Afschrijving 2024", "Boekwaarde 31-12-2024"],
        ["Loods", 10.0, 1.0, 9.0],
    ]
    below = tables_of([["Eerste"], *SMALL, [], ["Tweede", None], *other])
    assert [table.range_name for table in below] == ["A2:F4", "A7:D8"]
    assert [table.titles for table in below] == [("Eerste",), ("Tweede",)]
    beside = tables_of([[*a, None, *b] for a, b in zip(SMALL[:2], other, strict=True)])
    assert [table.range_name for table in beside] == ["A1:F2", "H1:K2"]
    two = find_register_tables(RawWorkbook((sheet(SMALL, "Een"), sheet([["niets"]], "Leeg"), sheet(other, "Twee"))))
    assert [table.sheet.name for table in two] == ["Een", "Twee"]


def test_a_header_on_every_page_is_one_table_and_a_new_title_is_another() -> None:
    pages = [*SMALL, SMALL[0], ["03", "Park", 100.0, 0.0, 0.0, 100.0]]
    assert [len(table.numbers("row")) for table in tables_of(pages)] == [3]
    titled = [*SMALL, ["Jaar 2024"], SMALL[0], ["03", "Park", 100.0, 0.0, 0.0, 100.0]]
    assert [len(table.numbers("row")) for table in tables_of(titled)] == [2, 1]


def test_a_table_without_any_known_word_is_found_and_nothing_is_mapped() -> None:
    (table,) = tables_of([["foo", "bar"], ["a", 5000.0]])
    assert set(suggest(table).roles.values()) == {IGNORE}


def test_codes_stay_text_and_are_not_made_figures() -> None:
    rows = [
        ["Objectnummer", "Omschrijving", "Taakveld", "Boekwaarde"],
        ["0010", "Park", "0.10", "1.000,00"],
        ["6.711", "Hal", "6.711", "2,5"],
    ]
    raw = to_workbook([read_file(as_csv(rows), "x.csv")], filename="x.csv")
    assert [(row[0], row[5], row[14]) for row in raw.sheets[1].rows[1:]] == [
        ("0010", "0.10", 1000.0),
        ("6.711", "6.711", 2.5),
    ]


def test_a_day_of_taking_into_service_becomes_its_year() -> None:
    rows = [
        ["Nummer", "Naam", "Datum ingebruikname", "Boekwaarde"],
        ["1", "Hal", "01-05-2004", 5000.0],
        ["2", "Zaal", 1999.0, 4000.0],
    ]
    raw = to_workbook([read(rows)], filename="x.csv")
    assert [row[10] for row in raw.sheets[1].rows[1:]] == [2004, 1999.0]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1 juli 1998", 1998), ("juli 2004", 2004), ("1 Mrt. 2004", 2004), ("07-2004", 2004), ("7/2004", 2004),
        ("2004-07", 2004), ("20040701", 2004), ("1-1-1985 00:00:00", 1985), ("2004-07-01T00:00:00", 2004),
        ("1-7-98", "1-7-98"), ("2010/2011", "2010/2011"), ("nota 2004", "nota 2004"), ("20041301", "20041301"),
    ],
)  # fmt: skip
def test_a_day_in_words_or_a_month_is_its_year_and_what_is_neither_stays(text: str, year: Cell) -> None:
    rows: list[list[Cell]] = [["Nummer", "Naam", "Datum ingebruikname", "Boekwaarde"], ["1", "Hal", text, 5000.0]]
    assert to_workbook([read(rows)], filename="x.csv").sheets[1].rows[1][10] == year


@pytest.mark.parametrize(
    ("text", "years"), [("40 jaar", 40.0), ("25 jr", 25.0), ("25jr.", 25.0), ("10 years", 10.0), ("ca. 40", "ca. 40")]
)
def test_a_life_may_name_its_unit(text: str, years: Cell) -> None:
    rows: list[list[Cell]] = [["Nummer", "Naam", "Termijn", "Boekwaarde"], ["1", "Hal", text, 5000.0]]
    assert to_workbook([read(rows)], filename="x.csv").sheets[1].rows[1][11] == years


def test_an_ods_is_read_with_its_formulas_and_errors() -> None:
    header = ["Nummer", "Omschrijving", "Boekwaarde 1-1", "Afschrijving", "Boekwaarde 31-12"]
    error = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
    )
    bare = '<table:table-cell table:formula="of:=[.C2]-[.D2]"/>'
    rows = [
        header,
        ["1", "Hal", ods_figure(100), ods_figure(10), bare],
        ["2", "Zaal", ods_figure(100), error, ods_figure(90)],
    ]
    reading = read_file(as_ods(rows), "staat.ods")
    assert rules(reading)[:2] == [("excel_error", "D3"), ("formula_without_result", "E2")]


@pytest.mark.office
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_files_of_other_programs_give_the_same_figures(kind: str, soffice: str, tmp_path: Path) -> None:
    (tmp_path / "staat.xlsx").write_bytes(as_xlsx(apeldoorn(), merged=["A1:M1"]))
    command = [
        soffice,
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        kind,
        "--outdir",
    ]
    subprocess.run(
        [*command, str(tmp_path), str(tmp_path / "staat.xlsx")], check=True, capture_output=True, timeout=120
    )
    reading = read_file((tmp_path / f"staat.{kind}").read_bytes(), f"staat.{kind}")
    expected = read(apeldoorn())
    for role, figures in expected.figures.items():
        np.testing.assert_array_equal(reading.figures[role], figures)
    assert np.abs(differences(reading)).max() <= 1


@pytest.mark.parametrize(
    ("header", "plain"),
    [
        ("Boekwaarde\n31-12-2018", "boekwaarde"),
        ("Boekwaarde (x € 1.000)", "boekwaarde"),
        ("Oppervlakte (m²)", "oppervlakte m2"),
        ("Afschrijving 2019", "afschrijving"),
    ],
)
def test_days_years_and_scales_are_no_words(header: str, plain: str) -> None:
    assert words(header) == plain


def test_reading_tells_how_far_it_is_and_can_be_stopped() -> None:
    heard: list[float] = []
    read_table_file(as_xlsx(SMALL), "staat.xlsx", heard.append)
    assert heard
    assert heard == sorted(heard)
    assert 0 <= heard[0] <= heard[-1] <= 1

    def stop(_share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        read_table_file(as_xlsx([*SMALL, *([["x", "y", 1.0, 0.0, 0.0, 1.0]] * 20_000)]), "staat.xlsx", stop)
