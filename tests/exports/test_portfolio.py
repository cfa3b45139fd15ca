"""The portfolio as a file: figures that can be added up, text that is never run, and nothing for what is not known."""

from __future__ import annotations

import csv
import io
import math
import zipfile

import openpyxl
import pandas as pd
import pytest

from exports.portfolio import Sheet, portfolio_csv, portfolio_workbook

HOSTILE = ["=1+1", "+31 6", "-@x", "@SUM(A1)", "\tx", "https://a.example", "-12,50"]
SHEETS = [
    Sheet(
        "Objecten",
        pd.DataFrame(
            {
                "Naam": HOSTILE,
                "Boekwaarde": [1234.5, -2.0, math.nan, 0.0, -0.0, 1e6, 0.004],
                "Breedtegraad": [52.0907, *[math.nan] * 6],
                "Jaar": [2026.0, *[math.nan] * 6],
                "Reden": [None] * 7,
            }
        ),
        {"Boekwaarde": "amount", "Breedtegraad": "degrees", "Jaar": "year"},
    ),
    Sheet("Leeg", pd.DataFrame({"Naam": []}), {}),
]


def test_in_a_workbook_text_is_text_and_figures_are_figures() -> None:
    book = openpyxl.load_workbook(io.BytesIO(portfolio_workbook(SHEETS)))
    assert book.sheetnames == ["Objecten", "Leeg"]
    page = book["Objecten"]
    assert [(cell.value, cell.data_type) for cell in page["A"][1:]] == [(text, "s") for text in HOSTILE]
    assert [cell.hyperlink for cell in page["A"]] == [None] * 8
    assert [cell.value for cell in page["B"][1:]] == [1234.5, -2, None, 0, 0, 1_000_000, 0.004]
    assert "€" in page["B2"].number_format
    assert (page["C2"].value, page["C2"].number_format) == (52.0907, "0.000000")
    assert (page["D2"].value, page["D2"].number_format) == (2026, "0")
    assert page.freeze_panes == "A2"


def tables(content: bytes, delimiter: str) -> dict[str, list[list[str]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    return {name: list(csv.reader(io.StringIO(text), delimiter=delimiter)) for name, text in texts.items()}


@pytest.mark.parametrize(("language", "delimiter", "mark"), [("nl", ";", ","), ("en", ",", ".")])
def test_in_csv_figures_are_as_the_language_types_them(language: str, delimiter: str, mark: str) -> None:
    found = tables(portfolio_csv(SHEETS, language), delimiter)
    assert list(found) == ["Objecten.csv", "Leeg.csv"]
    header, *rows = found["Objecten.csv"]
    assert header == ["Naam", "Boekwaarde", "Breedtegraad", "Jaar", "Reden"]
    assert rows[0][1:] == [f"1234{mark}5", f"52{mark}0907", "2026", ""]
    assert [row[1] for row in rows[1:]] == ["-2", "", "0", "0", "1000000", "0"]
    assert found["Leeg.csv"] == [["Naam"]]


def test_in_csv_no_text_is_run_by_a_spreadsheet() -> None:
    rows = tables(portfolio_csv(SHEETS), ";")["Objecten.csv"][1:]
    assert [row[0] for row in rows] == ["'=1+1", "'+31 6", "'-@x", "'@SUM(A1)", "'\tx", "https://a.example", "-12,50"]
