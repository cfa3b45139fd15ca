"""The page Initiatives in a real browser: two questions answered in under six clicks, and nobody left out."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

import intake
from dashboard.notation import amount
from dashboard.wording import speaking
from tests.browser.looks import sticks_out, violations_in_both_schemes
from valuation.appraisal import Result, appraise
from valuation.comparison import comparison, gains_by_payer, ranges, ranking

pytestmark = pytest.mark.browser
EXAMPLE = Path(__file__).resolve().parent.parent.parent / "datasets" / "voorbeeldgemeente.xlsx"
NET = "municipal_net_saving_eur_per_year"
MOST_CLICKS = 5
TABS = ["vergelijken", "een&onderdeel=geld", "een&onderdeel=scepticus", "een&onderdeel=naast-geld", "naast", "bereik"]


@pytest.fixture(scope="module")
def result() -> Result:
    """What the example says, read as the page reads it."""
    raw = intake.read_workbook(EXAMPLE.read_bytes(), EXAMPLE.name)
    case = intake.build_case(raw, intake.load_reference()).case
    assert case is not None
    return appraise(case)


class Visitor:
    """Somebody who clicks, and how often."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1
        drawn(self.page)


def drawn(page: Page) -> None:
    """Wait until the server has nothing more to send."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


@pytest.fixture
def visitor(page: Page, server: str) -> Visitor:
    """A council member on the start page, with the example open."""
    page.goto(f"{server}/?gemeente=voorbeeld")
    expect(page.get_by_text("voorbeeldcijfers").first).to_be_visible()
    return Visitor(page)


def euros(value: float) -> re.Pattern[str]:
    """An amount as it stands on the page, whatever sort of space it has."""
    with speaking("nl"):
        return re.compile(re.escape(amount(value)).replace("\u00a0", r"\s").replace("\\\u00a0", r"\s"))


def open_page(visitor: Visitor) -> None:
    visitor.click(visitor.page.get_by_test_id("stTopNavLink").filter(has_text="Initiatieven"))
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Initiatieven")


def test_which_three_initiatives_save_the_municipality_most_and_how_sure_is_that(visitor: Visitor, result: Result):
    open_page(visitor)
    page = visitor.page
    answer = page.locator(".st-key-initiatives_answer")
    top = ranking(comparison(result), ranges(result)).head(3)
    for row in top.itertuples():
        expect(answer).to_contain_text(row.name)
        expect(answer).to_contain_text(euros(getattr(row, NET)))
        sure = page.get_by_role("listitem").filter(has_text=row.name).first
        expect(sure).to_contain_text(euros(row.low_eur))
        expect(sure).to_contain_text(euros(row.high_eur))
        expect(sure).to_contain_text("waar worden om quitte te spelen")
    expect(answer).to_contain_text("besparen de gemeente elk jaar het meest")
    expect(page.get_by_text("Met andere prijzen binnen de bandbreedte")).to_be_visible()
    assert visitor.clicks <= MOST_CLICKS


def test_what_does_the_insurer_gain_from_this_one(visitor: Visitor, result: Result):
    one = next(
        number
        for number in result.case.initiatives["initiative_id"]
        if "health_insurer" in gains_by_payer(result, number).query("avoided_cost_eur_per_year > 0")["payer"].tolist()
    )
    gain = gains_by_payer(result, one).set_index("payer").loc["health_insurer"]
    name = result.case.initiatives.set_index("initiative_id").loc[one, "name"]
    open_page(visitor)
    page = visitor.page
    visitor.click(page.get_by_role("tab", name="Eén initiatief"))
    visitor.click(page.get_by_role("combobox", name="Initiatief"))
    visitor.click(page.get_by_role("option", name=f"{name} ({one})"))
    line = page.get_by_role("listitem").filter(has_text="Zorgverzekeraar (Zvw)").first
    expect(line).to_contain_text(euros(gain["avoided_cost_eur_per_year"]))
    expect(line).to_contain_text(euros(gain["cashable_saving_eur_per_year"]))
    expect(line).to_contain_text("Dit voordeel landt bij de zorgverzekeraar, niet in de gemeentebegroting.")
    assert visitor.clicks <= MOST_CLICKS


def test_wrong_pocket_the_total_on_the_page_is_the_municipalitys_own(visitor: Visitor, result: Result):
    open_page(visitor)
    together = visitor.page.get_by_text("initiatieven samen").locator("..")
    own = result.initiatives["municipal_cashable_saving_eur_per_year"].sum()
    all_payers = result.initiatives["cashable_saving_eur_per_year"].sum()
    assert all_payers > own
    expect(together).to_contain_text(euros(own))
    expect(together).to_contain_text(euros(result.initiatives[NET].sum()))
    expect(together).to_contain_text(euros(all_payers - own))
    expect(together).not_to_contain_text(euros(all_payers))


def test_a_link_brings_tab_initiative_and_filters_back(page: Page, server: str, result: Result):
    number, name = result.case.initiatives.iloc[2][["initiative_id", "name"]]
    theme = result.case.initiatives["theme"].iloc[0]
    page.goto(f"{server}/initiatieven?gemeente=voorbeeld&deel=een&initiatief={number}&thema={theme}")
    drawn(page)
    expect(page.get_by_role("tab", name="Eén initiatief")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".st-key-initiatives_answer")).to_contain_text(name)
    page.get_by_role("tab", name="Vergelijken").click()
    expect(page.get_by_role("combobox", name="Thema")).to_have_value(theme)
    expect(page).to_have_url(re.compile("deel=vergelijken"))
    page.get_by_role("radio", name="en", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Initiatives")
    expect(page.get_by_role("tab", name="Compare")).to_have_attribute("aria-selected", "true")
    page.reload()
    drawn(page)
    expect(page.get_by_role("combobox", name="Theme")).to_have_value(theme)


def test_the_directory_can_be_taken_along(page: Page, server: str, result: Result):
    page.goto(f"{server}/initiatieven?gemeente=voorbeeld&deel=vindplaats")
    drawn(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Vindplaats downloaden").click()
    assert download.value.suggested_filename == "vindplaats.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert book["Vindplaats"].max_row == 1 + len(result.case.initiatives)


@pytest.mark.parametrize("tab", [*TABS, "vindplaats"])
def test_every_tab_fits_and_has_no_serious_violation(page: Page, server: str, tab: str):
    page.set_viewport_size({"width": 1280, "height": 1600})
    page.goto(f"{server}/initiatieven?gemeente=voorbeeld&deel={tab}")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("heading", level=3).first).to_be_visible()
    drawn(page)
    assert violations_in_both_schemes(page) == {}
    assert sticks_out(page, [820, 360]) == {}
