"""The directory as a spreadsheet: readable, in both languages, and harmless."""

from __future__ import annotations

import io

import openpyxl
import pytest

from exports.directory import directory_workbook
from tests.building import build_case

CASE = build_case(
    assets=[{"asset_id": "1", "name": "Schuur"}],
    initiatives=[
        {"initiative_id": "A", "name": "Moestuin", "theme": "zorg", "asset_id": "1", "stage": "running"},
        {"initiative_id": "B", "name": "=1+1", "theme": "zorg", "neighbourhood": "@Noord", "legal_form": "-stichting"},
        {"initiative_id": "C", "name": "https://voorbeeld.nl", "theme": "+sport"},
    ],
    tasks=[{"initiative_id": "A", "task": "koken"}, {"initiative_id": "B", "task": "Koken"}],
)


def sheets(language: str) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(directory_workbook(CASE, language)))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_the_list_and_who_does_something_alike():
    book = sheets("nl")
    assert list(book) == ["Vindplaats", "Wie doet iets vergelijkbaars"]
    header, first, *_rest = book["Vindplaats"]
    assert header == ("Initiatief", "Naam", "Thema", "Buurt", "Rechtsvorm", "Taken", "Stadium", "Gebouw of groen")
    assert first == ("A", "Moestuin", "zorg", None, None, "koken", "lopend", "Schuur")
    assert book["Wie doet iets vergelijkbaars"][1] == ("Moestuin", "=1+1", "koken", "ja", "nee")


def test_in_english_too():
    book = sheets("en")
    assert list(book) == ["Directory", "Who does something alike"]
    assert book["Directory"][0][:3] == ("Initiative", "Name", "Theme")
    assert book["Directory"][1][6] == "running"


@pytest.mark.parametrize("cell", ["B3", "D3", "E3", "C4", "B4"])
def test_what_looks_like_a_formula_or_an_address_stays_text(cell):
    book = openpyxl.load_workbook(io.BytesIO(directory_workbook(CASE)))
    found = book["Vindplaats"][cell]
    assert found.data_type == "s"
    assert found.hyperlink is None


def test_a_case_without_initiatives_gives_only_headers():
    book = openpyxl.load_workbook(io.BytesIO(directory_workbook(build_case())))
    assert [sheet.max_row for sheet in book] == [1, 1]
