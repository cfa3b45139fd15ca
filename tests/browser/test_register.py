"""A register goes in as a finance officer has it: what only a browser shows."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import WIDTHS, sticks_out, violations_in_both_schemes
from tests.intake.registers import apeldoorn, as_csv, as_xlsx, venlo

pytestmark = pytest.mark.browser


def _bring(page: Page, server: str, data: bytes, name: str, folder: Path) -> None:
    (folder / name).write_bytes(data)
    page.goto(f"{server}/register")
    page.locator("input[type=file]").first.set_input_files(folder / name)


def test_from_data_to_objects_of_a_published_table(page: Page, server: str, tmp_path: Path):
    page.goto(f"{server}/gegevens")
    page.get_by_text("Lees uw eigen overzicht in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lees uw eigen overzicht in")
    (tmp_path / "staat.csv").write_bytes(as_csv(apeldoorn(), encoding="cp1252"))
    page.locator("input[type=file]").first.set_input_files(tmp_path / "staat.csv")
    expect(page.get_by_text("6 rijen die meetellen, 1 totaal dat niet meetelt")).to_be_visible()
    expect(page.get_by_text("Beantwoord eerst de vragen hierboven.").first).to_be_visible()
    page.get_by_text("De punt staat tussen duizendtallen").click()
    expect(page.get_by_text("in 6 van de 6 rijen")).to_be_visible()
    page.get_by_text("Ja, vermenigvuldig met 1.000: 47.879 → € 47.879.000").click()
    expect(page.get_by_role("radio", name="Ja, vermenigvuldig met 1.000: 47.879 → € 47.879.000")).to_be_checked()
    page.get_by_role("textbox", name="Gemeente").fill("Voorbeelddorp")
    expect(page.get_by_role("textbox", name="Basisjaar")).to_have_value("2020")
    page.get_by_text("Allemaal gebouwen").click()
    page.get_by_role("button", name="Maak objecten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw gegevens")
    # Only what the register does not say: the market value of six objects.
    expect(page.get_by_text("Nog 6 fouten te herstellen")).to_be_visible()
    expect(page.get_by_role("button", name="Objecten P2")).to_be_visible()


def test_the_file_comes_back_with_its_problems_marked(page: Page, server: str, tmp_path: Path):
    rows = venlo()
    rows[3][11] = 9999.0
    _bring(page, server, as_xlsx(rows), "venlo.xlsx", tmp_path)
    expect(page.get_by_text("in 2 van de 3 rijen")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download met de meldingen gemarkeerd").click()
    assert download.value.suggested_filename == "venlo-gemarkeerd.xlsx"
    download.value.save_as(tmp_path / "terug.xlsx")
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "terug.xlsx").read_bytes()))
    assert "sluiten niet" in book["Blad1"]["L4"].comment.text
    assert book["Problemen"].max_row > 1


def test_the_layout_is_recognised_the_next_time(page: Page, server: str, tmp_path: Path):
    _bring(page, server, as_xlsx(venlo()), "venlo.xlsx", tmp_path)
    page.get_by_text("Ja, vermenigvuldig met 1.000").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Bewaar deze indeling").click()
    download.value.save_as(tmp_path / "indeling.json")
    page.reload()
    page.get_by_text("Gebruik een indeling die u eerder bewaarde").click()
    page.locator("input[type=file]").nth(1).set_input_files(tmp_path / "indeling.json")
    expect(page.get_by_text("Deze indeling geldt voor tabellen met dezelfde kolomkoppen.")).to_be_visible()
    page.locator("input[type=file]").first.set_input_files(tmp_path / "venlo.xlsx")
    expect(page.get_by_text("De indeling is herkend van de vorige keer.")).to_be_visible()
    expect(page.get_by_role("radio", name="Ja, vermenigvuldig met 1.000")).to_be_checked()


def test_personal_data_is_refused(page: Page, server: str, tmp_path: Path):
    _bring(page, server, b"BSN;Bedrag\n111222333;10\n", "lijst.csv", tmp_path)
    expect(page.get_by_text("lijkt burgerservicenummers te bevatten")).to_be_visible()
    expect(page.get_by_text("111222333")).to_have_count(0)


def test_reading_a_large_file_can_be_stopped(page: Page, server: str, tmp_path: Path):
    rows = [["Nummer", "Omschrijving", "Boekwaarde"], *([str(n), f"Object {n}", float(n)] for n in range(150_000))]
    _bring(page, server, as_xlsx(rows), "groot.xlsx", tmp_path)
    page.get_by_role("button", name="Stop met lezen").click()
    expect(page.get_by_role("button", name="Stop met lezen")).to_have_count(0)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_role("heading", name="groot.xlsx")).to_have_count(0)


def test_nothing_sticks_out_and_axe_finds_nothing_serious(page: Page, server: str, tmp_path: Path):
    _bring(page, server, as_xlsx(apeldoorn()), "staat.xlsx", tmp_path)
    expect(page.get_by_text("Sluit het?")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    for width in WIDTHS:
        assert sticks_out(page, [width]) == {}
        assert violations_in_both_schemes(page) == {}, width
