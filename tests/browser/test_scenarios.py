"""The council member's question on a tablet: fewer people, a higher rate, how sure, and the same from a link."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looks import sticks_out, violations

pytestmark = pytest.mark.browser
TABLET = {"width": 820, "height": 1180}
PARTS = ("scenarios", "alternatieven", "zekerheid", "waarvan", "uitzoeken", "netto")


def settled(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def shows_no_mistake(page: Page) -> None:
    expect(page.locator('[data-testid="stException"]')).to_have_count(0)
    expect(page.locator('[role="dialog"]')).to_have_count(0)


def fits(page: Page) -> bool:
    return page.get_by_test_id("stMain").evaluate("element => element.scrollWidth <= element.clientWidth")


def test_the_question_of_the_council_is_answered_and_shared(page: Page, server: str, browser: Browser) -> None:
    page.set_viewport_size(TABLET)
    page.goto(f"{server}/scenarios?gemeente=voorbeeld&object=0102")
    expect(page.get_by_role("heading", level=1, name="En wat als?")).to_be_visible()
    answer = page.locator(".st-key-answer")
    expect(answer).to_contain_text("Voor de samenleving is de overdracht")

    page.get_by_role("combobox", name="Scenario").click()
    page.get_by_role("option", name="minder deelnemers, hogere rente").click()
    expect(answer).to_contain_text("minder dan in de werkmap")
    expect(page).to_have_url(re.compile("scenario=minder-deelnemers-hogere-rente"))
    expect(page.locator(".st-key-chart_scenarios svg.main-svg").first).to_be_visible()

    # "We only count a quarter of it": a slider by keyboard, on top of the scenario.
    slider = page.get_by_role("slider", name="Discontovoet")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".st-key-levers")).to_contain_text("Wat als:")
    expect(page).to_have_url(re.compile("disconto="))

    page.get_by_role("tab", name="Hoe zeker is het?").click()
    expect(page.locator(".st-key-sentences").first).to_contain_text("van de 100 gevallen")
    expect(page).to_have_url(re.compile("deel=zekerheid"))
    settled(page)
    assert fits(page)
    shows_no_mistake(page)

    # Everyone at the table opens the same.
    page.get_by_role("button", name="Deel wat u ziet").click()
    link = page.locator("code").filter(has_text="/scenarios?").inner_text()
    assert link.startswith(f"{server}/scenarios?v=1&")
    assert len(link) < 250
    seen, sure = answer.inner_text(), page.locator(".st-key-sentences").first.inner_text()
    other = browser.new_context(viewport={"width": 1280, "height": 900}, locale="nl-NL").new_page()
    other.goto(link)
    expect(other.locator(".st-key-sentences").first).to_contain_text("van de 100 gevallen")
    settled(other)
    assert other.locator(".st-key-answer").inner_text() == seen
    assert other.locator(".st-key-sentences").first.inner_text() == sure
    expect(other.locator('[data-testid="stAlert"]')).to_have_count(0)
    other.context.close()


def test_a_link_of_other_figures_opens_and_says_so(page: Page, server: str) -> None:
    page.goto(f"{server}/scenarios?v=1&gemeente=voorbeeld&object=0102&scenario=vroeger&stand=000000")
    expect(page.get_by_role("alert")).to_contain_text("De cijfers van de gemeente zijn veranderd")
    expect(page.get_by_role("alert")).to_contain_text("vroeger")
    expect(page.locator(".st-key-answer")).to_contain_text("Voor de samenleving")
    shows_no_mistake(page)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_fits_and_has_no_serious_violation(page: Page, server: str, part: str) -> None:
    page.goto(f"{server}/scenarios?gemeente=voorbeeld&object=0102&scenario=laag&deel={part}")
    expect(page.get_by_role("tabpanel").get_by_role("heading").first).to_be_visible()
    settled(page)
    shows_no_mistake(page)
    assert sticks_out(page) == {}
    page.set_viewport_size({"width": 820, "height": 1600})
    assert violations(page) == []
