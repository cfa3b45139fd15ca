"""No serious or critical violation of WCAG 2.2 AA that axe can see, on any page, light and dark."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.catalogue import read
from tests.browser.looks import WIDTHS, sticks_out, violations, violations_in_both_schemes

pytestmark = pytest.mark.browser
EXAMPLE = Path(__file__).resolve().parent.parent.parent / "datasets" / "voorbeeldgemeente.xlsx"
# The English of every text that is different in Dutch, and what Streamlit itself says.
ENGLISH = {message.id for message in read("nl") if message.id and message.id != message.string}
ENGLISH |= {"Upload", "20MB per file", "Choose an option", "Choose options", "Page not found", "No results"}
ADDRESSES = [
    "",
    "gegevens",
    "waarde",
    "scenarios",
    "initiatieven",
    "businesscase",
    "portefeuille",
    "verantwoording",
    "kader",
    "werkgroep",
    "dossier",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_fits_has_no_serious_violation_and_no_english(page: Page, server: str, address: str):
    page.set_viewport_size({"width": 1280, "height": 1600})
    page.goto(f"{server}/{address}?gemeente=voorbeeld")
    expect(page.get_by_text("voorbeeldcijfers").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    # Everything has been drawn once the server has nothing more to send.
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    assert violations_in_both_schemes(page) == {}
    for width in WIDTHS:
        assert sticks_out(page, [width]) == {}
        assert set(page.get_by_test_id("stMain").inner_text().splitlines()) & ENGLISH == set(), width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_violation_where_there_are_mistakes(browser: Browser, server: str, scheme: str, tmp_path: Path):
    workbook = openpyxl.load_workbook(EXAMPLE)
    workbook["Objecten"]["C3"] = "schip"
    workbook.save(tmp_path / "fout.xlsx")
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 1600})  # from the beginning
    page = context.new_page()
    page.goto(f"{server}/gegevens?gemeente=voorbeeld")
    page.locator("input[type=file]").set_input_files(tmp_path / "fout.xlsx")
    page.get_by_role("button", name="Objecten C3").click()
    expect(page.get_by_role("textbox", name="Soort")).to_be_visible()
    page.get_by_text("standaardwaarden gebruikt").click()
    expect(page.get_by_role("table").first).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    assert violations(page) == []
    context.close()


def test_what_does_not_fit_is_seen(page: Page, server: str):
    page.goto(f"{server}/?gemeente=voorbeeld")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_test_id("stMain").evaluate(
        "main => main.append(Object.assign(document.createElement('div'), {style: 'min-width: 1000px; height: 1px'}))"
    )
    assert list(sticks_out(page, [1440, 820])) == [820]


def test_axe_would_notice(browser: Browser):
    page = browser.new_page()
    page.set_content("<html lang='nl'><title>t</title><main><img src='x'><button></button></main></html>")
    assert len(violations(page)) == 2
    page.close()
