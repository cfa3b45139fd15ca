"""No serious or critical violation of WCAG 2.2 AA that axe can see, on any page, light and dark."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dashboard.catalogue import read

pytestmark = pytest.mark.browser
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
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


def violations(page: Page) -> list[str]:
    """What axe finds serious or critical, with the elements."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
    return [
        f"{violation['id']}: {[node['html'][:200] for node in violation['nodes'][:3]]}"
        for violation in found
        if violation["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_serious_violation(browser: Browser, server: str, address: str, scheme: str):
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 1600})
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{server}/{address}?gemeente=voorbeeld")
    expect(page.get_by_text("voorbeeldcijfers").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    # Everything has been drawn once the server has nothing more to send.
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_violation_where_there_are_mistakes(browser: Browser, server: str, scheme: str, tmp_path: Path):
    workbook = openpyxl.load_workbook(EXAMPLE)
    workbook["Objecten"]["C3"] = "schip"
    workbook.save(tmp_path / "fout.xlsx")
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 1600})
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


@pytest.mark.parametrize("width", [1440, 820, 360])
@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_sticks_out_and_no_english_is_left(browser: Browser, server: str, address: str, width: int):
    context = browser.new_context(viewport={"width": width, "height": 1200})
    page = context.new_page()
    page.goto(f"{server}/{address}?gemeente=voorbeeld")
    expect(page.get_by_text("voorbeeldcijfers").first).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") == 0
    assert set(main.inner_text().splitlines()) & ENGLISH == set()
    context.close()


def test_axe_would_notice(browser: Browser):
    page = browser.new_page()
    page.set_content("<html lang='nl'><title>t</title><main><img src='x'><button></button></main></html>")
    assert len(violations(page)) == 2
    page.close()
