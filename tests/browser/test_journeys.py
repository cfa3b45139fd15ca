"""The first visits: what only a browser shows."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
EXAMPLE = Path(__file__).resolve().parent.parent.parent / "datasets" / "voorbeeldgemeente.xlsx"


def _go(page: Page, name: str) -> None:
    page.get_by_test_id("stTopNavLink").filter(has_text=name).click()


def test_from_start_to_the_example_and_its_figures(page: Page, server: str):
    page.goto(server)
    expect(page.get_by_role("heading", level=1)).to_have_text("Wat is het de buurt waard?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Open de voorbeeldgemeente").click()
    expect(page).to_have_url(re.compile(r"/waarde\?.*gemeente=voorbeeld"))
    _go(page, "Gegevens")
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw gegevens")
    expect(page.get_by_text("Deze werkmap heeft geen fouten.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"gemeente=voorbeeld"))


def test_the_language_follows_the_switch_and_the_url(page: Page, server: str):
    response = page.goto(f"{server}/?gemeente=voorbeeld")
    assert '<html lang="nl"' in response.text()
    page.get_by_role("radio", name="en", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is it worth to the neighbourhood?")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(re.compile("taal=en"))
    _go(page, "Data")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your figures")
    expect(page).to_have_url(re.compile("taal=en&gemeente=voorbeeld|gemeente=voorbeeld&taal=en"))
    assert '<html lang="en"' in page.reload().text()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your figures")
    expect(page.get_by_text("This workbook has no mistakes.")).to_be_visible()
    page.get_by_role("radio", name="nl", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw gegevens")
    expect(page.locator("html")).to_have_attribute("lang", "nl")


def test_on_a_tablet_the_pages_of_each_of_the_three_users_stand_beside_each_other(page: Page, server: str):
    page.set_viewport_size({"width": 820, "height": 1180})
    page.goto(f"{server}/waarde?gemeente=voorbeeld")
    pages = page.get_by_role("navigation", name="Pagina's")
    council, finance, initiative = ("Waarde", "Portefeuille"), ("Gegevens", "Verantwoording"), ("Businesscase",)
    for name in council + finance + initiative:
        expect(pages.get_by_role("link", name=name)).to_be_in_viewport()


@pytest.mark.parametrize("address", ["gegevens", "waarde", "verantwoording"])
def test_a_link_to_a_page_opens_it_without_a_dialog(page: Page, server: str, address: str):
    page.goto(f"{server}/{address}?gemeente=voorbeeld")
    expect(page.get_by_test_id("stMarkdownContainer").filter(has_text="voorbeeldcijfers").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_streamlits_own_words_are_dutch_on_a_dutch_page(page: Page, server: str):
    page.goto(server)
    uploader = page.get_by_test_id("stFileUploader")
    expect(uploader).to_contain_text("Bestand kiezen")
    expect(uploader).to_contain_text("Hoogstens 20 MB per bestand")
    page.get_by_role("radio", name="en", exact=True).click()
    expect(uploader).to_contain_text("Upload")
    expect(uploader).not_to_contain_text("Bestand kiezen")


def test_a_mistake_is_found_and_mended_on_screen(page: Page, server: str, tmp_path: Path):
    workbook = openpyxl.load_workbook(EXAMPLE)
    workbook["Objecten"]["C3"] = "schip"
    workbook.save(tmp_path / "mijn gemeente.xlsx")
    page.goto(f"{server}/gegevens?gemeente=voorbeeld")
    page.locator("input[type=file]").set_input_files(tmp_path / "mijn gemeente.xlsx")
    expect(page.get_by_text("Nog 1 fout te herstellen")).to_be_visible()
    expect(page.get_by_text("Tot dan komen alle cijfers uit voorbeeldgemeente.xlsx.")).to_be_visible()
    page.get_by_role("button", name="Objecten C3").click()
    field = page.get_by_role("textbox", name="Soort")
    expect(field).to_have_value("schip")
    field.fill("gebouw")
    page.get_by_role("button", name="Zet dit in de cel").click()
    expect(page.get_by_text("Deze werkmap heeft geen fouten.")).to_be_visible()


def test_an_amount_typed_the_dutch_way_is_read_as_such(page: Page, server: str):
    page.goto(f"{server}/waarde?gemeente=voorbeeld")
    field = page.get_by_role("textbox", name="Precieze prijs (€)")
    field.fill("2345,75")
    field.press("Enter")
    expect(page.get_by_text("Gelezen als €\u00a02.345,75")).to_be_visible()
    field.fill("veel")
    field.press("Enter")
    expect(page.get_by_text("Dit is geen bedrag")).to_be_visible()
    expect(field).to_have_value("veel")


def test_a_file_that_is_too_large_is_refused_in_dutch(page: Page, server: str, tmp_path: Path):
    large = tmp_path / "groot.xlsx"
    large.write_bytes(bytes(21 * 1024 * 1024))
    page.goto(f"{server}/gegevens?gemeente=voorbeeld")
    page.locator("input[type=file]").set_input_files(large)
    expect(page.get_by_text("Dit bestand is te groot. Het mag hoogstens 20 MB zijn.")).to_be_visible()


def test_a_change_in_the_table_counts_once_it_is_applied(page: Page, server: str):
    page.goto(f"{server}/gegevens?gemeente=voorbeeld")
    # The table is made anew while the page is still being made, and forgets which cell was clicked.
    expect(page.get_by_text("voorbeeldcijfers").first).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    table.click(position={"x": 200, "y": 55})
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Wijzigingen toepassen").click()
    expect(page.get_by_text("Nog 1 fout te herstellen")).to_be_visible()
    expect(page.get_by_role("button", name="Objecten B2")).to_be_visible()
    expect(page.get_by_text("19 objecten")).to_be_visible()


def test_a_picture_is_refused_and_the_example_stays(page: Page, server: str, tmp_path: Path):
    picture = tmp_path / "foto.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    page.goto(f"{server}/gegevens?gemeente=voorbeeld")
    page.locator("input[type=file]").set_input_files(picture)
    expect(page.get_by_text("Er is niets verloren")).to_be_visible()
    expect(page.get_by_text("Deze werkmap heeft geen fouten.")).to_be_visible()


def test_after_a_reload_an_own_workbook_is_gone_and_the_page_says_so(page: Page, server: str):
    page.goto(f"{server}/gegevens")
    page.locator("input[type=file]").set_input_files(EXAMPLE)
    expect(page).to_have_url(re.compile("gemeente=eigen"))
    page.reload()
    expect(page.get_by_text("Upload uw werkmap opnieuw")).to_be_visible()


def test_the_workbook_can_be_taken_along(page: Page, server: str, tmp_path: Path):
    page.goto(f"{server}/gegevens?gemeente=voorbeeld")
    with page.expect_download() as download:
        page.get_by_role("button", name="Werkmap downloaden").click()
    assert download.value.suggested_filename == "voorbeeldgemeente.xlsx"
    download.value.save_as(tmp_path / "mee.xlsx")
    assert set(openpyxl.load_workbook(tmp_path / "mee.xlsx").sheetnames) >= {"Objecten", "Taken"}
