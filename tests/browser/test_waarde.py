"""The council member's journey on a tablet: an object, a slider by keyboard, figures that change, a link to share."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
TABLET = {"width": 820, "height": 1180}


@pytest.fixture
def tablet(page: Page, server: str) -> Page:
    """A visitor with a tablet on the start page."""
    page.set_viewport_size(TABLET)
    page.goto(server)
    return page


def _answer(page: Page) -> str:
    return page.locator(".st-key-answer").inner_text()


def _shows_no_mistake(page: Page) -> None:
    expect(page.locator('[data-testid="stException"]')).to_have_count(0)
    expect(page.locator('[role="dialog"]')).to_have_count(0)


def _fits(page: Page) -> bool:
    """Nothing runs off the side of the screen."""
    return page.evaluate(
        """() => { const main = document.querySelector('[data-testid="stMain"]');
                   return main.scrollWidth <= main.clientWidth; }"""
    )


def test_a_council_member_finds_the_answer_moves_a_slider_and_shares_what_is_seen(tablet, browser):
    tablet.locator(".st-key-open_example button").click()
    expect(tablet.get_by_role("heading", level=1, name="Wat is het waard?")).to_be_visible()
    chart = tablet.locator(".st-key-chart_values svg.main-svg").first
    expect(chart).to_be_visible()

    # Another object, chosen by its name.
    first = tablet.locator(".st-key-answer").text_content()
    tablet.get_by_role("combobox", name="Gebouw of groen").click()
    tablet.get_by_role("option", name=re.compile("Stadsboerderij")).click()
    expect(tablet).to_have_url(re.compile("object=0102"))
    expect(tablet.locator(".st-key-answer")).not_to_have_text(first)
    expect(tablet.locator(".st-key-answer")).to_contain_text("voor de samenleving")

    # The discount rate, by keyboard: words and chart change at once, and the URL keeps it.
    before, drawn = _answer(tablet), chart.inner_html()
    slider = tablet.get_by_role("slider", name="Discontovoet")
    slider.focus()
    for _press in range(4):
        tablet.keyboard.press("ArrowRight")
    expect(tablet.locator(".st-key-levers")).to_contain_text("Wat als:")
    expect(tablet.locator(".st-key-levers")).to_contain_text("3,25%")
    expect(tablet).to_have_url(re.compile(r"disconto=3\.25"))
    expect(tablet.locator(".st-key-answer")).not_to_have_text(before)
    tablet.wait_for_function(
        "before => document.querySelector('.st-key-chart_values svg.main-svg').innerHTML !== before", arg=drawn
    )
    expect(slider).to_be_focused()
    assert _fits(tablet)
    _shows_no_mistake(tablet)

    # Who opens the link sees the same.
    seen, whole, link = _answer(tablet), tablet.locator(".st-key-answer").text_content(), tablet.url
    other = browser.new_context(viewport={"width": 1280, "height": 900}, locale="nl-NL").new_page()
    other.goto(link)
    expect(other.locator(".st-key-answer")).to_have_text(whole)  # drawn in parts: wait for all of it
    assert _answer(other) == seen
    other.context.close()

    # Back to the workbook's figures.
    tablet.get_by_role("button", name="Terug naar de werkmap").click()
    expect(tablet.locator(".st-key-levers")).to_contain_text("Alles staat zoals in de werkmap")
    expect(tablet).not_to_have_url(re.compile("disconto"))
    expect(tablet.locator(".st-key-answer")).not_to_have_text(whole)
    assert _answer(tablet) == before


def test_every_part_fits_the_tablet_and_leads_to_the_lines(tablet):
    tablet.locator(".st-key-open_example button").click()
    for name in ("Samenleving", "Prijs", "Boeken en begroting", "Controles", "In één beeld"):
        tab = tablet.get_by_role("tab", name=name, exact=True)
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        expect(tablet.get_by_role("tabpanel").get_by_role("heading").first).to_be_visible()
        assert _fits(tablet), name
        _shows_no_mistake(tablet)
    tablet.get_by_role("link", name="Elke regel en bron van deze cijfers").click()
    expect(tablet.get_by_role("heading", level=1, name="Waar komen de cijfers vandaan?")).to_be_visible()
    expect(tablet.get_by_role("table").first).to_contain_text("Objecten")
    _shows_no_mistake(tablet)


def test_a_price_typed_the_dutch_way_moves_the_slider_and_never_the_social_value(tablet):
    tablet.locator(".st-key-open_example button").click()
    social = tablet.locator(".bw-cards section").nth(3).locator(".bw-figure")
    before = social.inner_text()
    field = tablet.get_by_label("Precieze prijs (€)")
    field.fill("12.345,50")
    field.press("Enter")
    expect(tablet.locator(".st-key-levers")).to_contain_text("Gelezen als € 12.345,50")
    expect(tablet).to_have_url(re.compile(r"prijs=12345\.50"))
    expect(tablet.locator(".st-key-answer")).to_contain_text("€ 12.000")
    expect(social).to_have_text(before)
