"""A reload at every step: what was chosen comes back from the URL, and before work is lost the browser asks.

The business case has its own test: there every answer is kept at once.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.test_journeys import EXAMPLE
from tests.intake.registers import as_xlsx, venlo

pytestmark = pytest.mark.browser
CEILING = "Hoogste boekverlies in een jaar (€)"
UNSAVED = "[class*='st-key-unsaved_']"


@pytest.fixture
def asked(page: Page) -> list[str]:
    """What the browser asked before it left a page; everybody answers that they want to leave."""
    questions: list[str] = []

    def answer(dialog: Dialog) -> None:
        questions.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    return questions


def _settled(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def _reload(page: Page, asked: list[str]) -> bool:
    """Press F5; whether the browser asked first."""
    _settled(page)
    before = len(asked)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    _settled(page)
    return len(asked) > before


def _type(page: Page, label: str, text: str) -> None:
    field = page.get_by_role("textbox", name=label)
    field.fill(text)
    field.press("Enter")


def test_what_was_chosen_is_there_after_a_reload(page: Page, server: str, asked: list[str]):
    page.goto(f"{server}/waarde?gemeente=voorbeeld&taal=en")
    _type(page, "Exact price (€)", "12345")
    expect(page).to_have_url(re.compile("prijs=12345"))
    assert not _reload(page, asked)
    expect(page.get_by_role("textbox", name="Exact price (€)")).to_have_value("12345")
    expect(page.locator("html")).to_have_attribute("lang", "en")

    page.goto(f"{server}/portefeuille?gemeente=voorbeeld")
    page.get_by_role("tab", name="Wat past").click()
    _type(page, CEILING, "1234567")
    expect(page).to_have_url(re.compile("plafond-verlies=1234567"))
    assert not _reload(page, asked)
    page.get_by_role("tab", name="Wat past").click()
    expect(page.get_by_role("textbox", name=CEILING)).to_have_value("1234567")


def _own_workbook(page: Page, folder: Path) -> None:
    shutil.copy(EXAMPLE, folder / "mijn gemeente.xlsx")
    page.locator("input[type=file]").set_input_files(folder / "mijn gemeente.xlsx")
    expect(page.get_by_role("heading", name="mijn gemeente.xlsx")).to_be_visible()


def _cell_of_the_table(page: Page, folder: Path) -> None:
    del folder
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    table.click(position={"x": 200, "y": 55})
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name="Wijzigingen toepassen")).to_be_visible()


def _register(page: Page, folder: Path) -> None:
    (folder / "venlo.xlsx").write_bytes(as_xlsx(venlo()))
    page.locator("input[type=file]").first.set_input_files(folder / "venlo.xlsx")
    expect(page.get_by_role("heading", name="venlo.xlsx")).to_be_visible()


def _a_round(page: Page, folder: Path) -> None:
    del folder
    keep = page.get_by_role("button", name="Bewaar dit dossier")
    name = page.get_by_role("textbox", name="Naam van de ronde")
    expect(keep.or_(name)).to_be_visible()
    if keep.is_visible():  # the first on this server to come here
        keep.click()
    _type(page, "Naam van de ronde", "Ronde van mei")
    expect(page.locator(UNSAVED)).to_be_attached()


def _reason_in_a_form(page: Page, folder: Path) -> None:
    del folder
    page.get_by_text("Bewaar het als dossier").click()
    page.get_by_role("textbox", name="Waarom bewaart u het?").press_sequentially("Voor de raad")


def _framework(page: Page, folder: Path) -> None:
    del folder
    page.get_by_role("tab", name="Aanpassen").click()
    _type(page, "Geldig vanaf", "2027-01-01")
    expect(page.locator(UNSAVED)).to_be_attached()


def test_the_browser_asks_before_a_reload_loses_work(page: Page, server: str, asked: list[str], tmp_path: Path):
    steps: list[tuple[str, Callable[[Page, Path], None]]] = [
        ("gegevens", _own_workbook),
        ("gegevens", _cell_of_the_table),
        ("register", _register),
        ("werkgroep", _a_round),
        ("dossier", _reason_in_a_form),
        ("kader", _framework),
    ]
    for address, work in steps:
        page.goto(f"{server}/{address}?gemeente=voorbeeld")
        _settled(page)
        work(page, tmp_path)
        assert _reload(page, asked), work
    assert not _reload(page, asked)  # what was lost is not asked about again
