"""A full round of the working group in the browser: six score alone, look, revise, decide, take the minutes along.

Without sign-in the one local user fills in for each member in turn. After a restart of the server all of it is there.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import docx
import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import sticks_out, violations
from tests.browser.programs import app_running, free_port

pytestmark = pytest.mark.browser

# Goals, reach, social value, better or cheaper, own contribution, backing, keeps going; None: "Dat weet ik niet".
MEMBERS = {
    "Anna de Boer": [4, 5, 4, 3, 4, 2, 3],
    "Bas Visser": [3, 5, 4, 3, 4, 1, 2],
    "Cas Mulder": [4, 4, 4, 3, 4, 5, 3],
    "Dia Smit": [4, 4, 5, 4, 4, 4, 3],
    "Eef Bakker": [3, 5, 3, 3, 5, 4, None],
    "Fin Jansen": [2, 3, 4, 3, 4, 3, 4],
}
# Medians: 3.5, 4.5, 4, 3, 4, 3.5 and, of the five who scored it, 3. Weights 15, 15, 20, 15, 10, 15, 10 %.
OUTCOME_FIRST = "3,68"  # 0.525 + 0.675 + 0.8 + 0.45 + 0.4 + 0.525 + 0.3 = 3.675
# Bas revises backing from 1 to 4: its median becomes 4, so 0.075 more.
OUTCOME_REVISED = "3,75"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[dict[str, object]]:
    """Where the register of this test stands, and the port of its server."""
    return {
        "port": free_port(),
        "log": tmp_path / "log.txt",
        "environment": {"DATABASE_URL": f"sqlite:///{tmp_path / 'register.db'}"},
    }


POINTS = 6
"""How many points the example framework has that an initiative must meet."""


def settled(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def shows_no_mistake(page: Page) -> None:
    expect(page.locator('[data-testid="stException"]')).to_have_count(0)


def start(page: Page) -> None:
    """Keep the example as a case, and start a round on one of its initiatives."""
    expect(page.get_by_role("heading", level=1, name="Werkgroep")).to_be_visible()
    page.get_by_role("button", name="Bewaar dit dossier").click()
    page.get_by_label("Naam van de ronde").fill("Werkgroep 12 mei")
    page.get_by_label("Afdeling die het inbrengt").fill("Welzijn")
    page.get_by_role("combobox", name="Initiatieven", exact=True).click()
    page.get_by_role("option", name=re.compile("Buurthuis De Linde")).click()
    page.keyboard.press("Escape")
    for position, name in enumerate(MEMBERS, start=1):
        label = "Naam" if position == 1 else f"Naam van lid {position}"
        page.get_by_label(label, exact=True).fill(name)
    page.get_by_text("Voldoet Buurthuis De Linde in zelfbeheer aan de punten?").click()
    points = page.get_by_role("radiogroup").filter(has_text="Nog onbekend")
    expect(points).to_have_count(POINTS)  # all of them are there before they are counted
    for point in points.all():
        point.get_by_text("Voldoet", exact=True).click()
        settled(page)
    page.get_by_role("button", name="Start de ronde").click()
    expect(page.get_by_text("0 van 6 leden hebben beoordeeld")).to_be_visible()


def score(page: Page, name: str, scores: list[int | None]) -> None:
    """Fill in one sheet; the radios stand in the order of the criteria."""
    expect(page.get_by_text(re.compile(f"Alleen {name} ziet dit"))).to_be_visible()
    settled(page)
    groups = page.get_by_role("radiogroup", name=re.compile("^Score voor"))
    expect(groups).to_have_count(len(scores))
    for group, given in zip(groups.all(), scores, strict=True):
        choice = group.get_by_role("radio").nth(5 if given is None else given - 1)
        choice.locator("xpath=ancestor::label").click()
    page.get_by_role("button", name="Bewaar deze scores").click()


SHOWS = {
    "1. Beoordelen": "Voor wie vult u in?",
    "2. Samen bekijken": re.compile("De scores zijn nog niet geopend|Hoe staat u erin"),
    "3. Besluit en verslag": re.compile("Elk punt is beantwoord|Wijzig het besluit"),
}
"""What stands on a part and on no other: the click alone says nothing of what is on the screen."""


def part(page: Page, name: str) -> None:
    page.get_by_role("radiogroup", name="Onderdeel").get_by_text(name).click()
    expect(page.get_by_text(SHOWS[name]).first).to_be_visible()
    for other, text in SHOWS.items():
        if other != name:
            expect(page.get_by_text(text)).to_have_count(0)
    settled(page)


def test_a_round_with_six_scorers_and_after_a_restart_everything_is_there(page: Page, place, tmp_path) -> None:
    with app_running(place["port"], place["log"], environment=place["environment"]) as address:
        page.goto(f"{address}/werkgroep")
        start(page)
        each_scores_alone(page)
        look_together(page)
        revise(page)
        decide(page)
    # The server is gone. Another one on the same register has it all.
    with app_running(place["port"], place["log"], environment=place["environment"]) as address:
        page.goto(f"{address}/werkgroep")
        everything_is_there(page, tmp_path)


def each_scores_alone(page: Page) -> None:
    for count, (name, scores) in enumerate(MEMBERS.items(), start=1):
        score(page, name, scores)
        expect(page.get_by_text(f"{count} van 6 leden hebben beoordeeld")).to_be_visible()
    shows_no_mistake(page)
    # Nobody's score is on the screen before the opening, but that of who is filled in for.
    part(page, "2. Samen bekijken")
    expect(page.get_by_text("De scores zijn nog niet geopend")).to_be_visible()
    part(page, "1. Beoordelen")


def look_together(page: Page) -> None:
    page.get_by_role("button", name="Open de scores").click()
    expect(
        page.get_by_text(f"De uitkomst is {OUTCOME_FIRST} van de 5. Dat is trede Steun voor een jaar")
    ).to_be_visible()
    expect(page.get_by_text("De scores liggen het verst uit elkaar op Draagvlak: van 1 tot 5")).to_be_visible()
    expect(page.get_by_text(re.compile("Kendalls W 0,37"))).to_be_visible()
    expect(page.locator('[class*="st-key-chart_spread"] svg.main-svg').first).to_be_visible()
    settled(page)
    assert violations(page) == []


def revise(page: Page) -> None:
    # After talking Bas thinks better of one score.
    part(page, "1. Beoordelen")
    page.get_by_role("combobox", name="Voor wie vult u in?").fill("Bas")
    page.get_by_role("option", name=re.compile("Bas Visser")).click()
    settled(page)
    backing = page.get_by_role("radiogroup", name="Score voor Draagvlak")
    expect(backing.get_by_role("radio").nth(0)).to_be_checked()
    backing.get_by_role("radio").nth(3).locator("xpath=ancestor::label").click()
    page.get_by_role("button", name="Bewaar de gewijzigde scores").click()
    expect(page.get_by_text("De scores van Bas Visser zijn bewaard")).to_be_visible()
    part(page, "2. Samen bekijken")
    page.get_by_text("Wat er na het openen veranderde").click()
    expect(
        page.get_by_text(f"Uitkomst toen de scores werden geopend: {OUTCOME_FIRST}; nu: {OUTCOME_REVISED}")
    ).to_be_visible()


def decide(page: Page) -> None:
    # Support beyond the mandate goes to the executive; the reasons have to be there.
    part(page, "3. Besluit en verslag")
    page.get_by_label("Aantal jaren").fill("3")
    page.get_by_label("Subsidie per jaar (€)").fill("12000")
    page.keyboard.press("Tab")
    expect(
        page.get_by_text("Alle steun samen: € 36.000 over de hele duur. Dit gaat als advies naar het college")
    ).to_be_visible()
    page.get_by_role("button", name="Bewaar het besluit").click()
    expect(page.get_by_text("Schrijf de redenen op.")).to_be_visible()
    expect(page.get_by_label("Subsidie per jaar (€)")).to_have_value("12000")
    page.get_by_label("Redenen").fill("De buurt steunt het, en het is de enige plek in de wijk.")
    page.keyboard.press("Tab")
    settled(page)
    page.get_by_role("button", name="Bewaar het besluit").click()
    expect(page.get_by_text("Besloten: Steun voor een jaar")).to_be_visible()
    settled(page)
    shows_no_mistake(page)


def everything_is_there(page: Page, folder: Path) -> None:
    expect(page.get_by_text("besloten", exact=True)).to_be_visible()
    expect(page.get_by_text(f"De uitkomst is {OUTCOME_REVISED} van de 5")).to_be_visible()
    part(page, "3. Besluit en verslag")
    expect(page.get_by_text("De buurt steunt het, en het is de enige plek in de wijk.").first).to_be_visible()
    minutes = minutes_in_both_files(page, folder)
    for text in minutes:
        for name in MEMBERS:
            assert name in text
        assert OUTCOME_REVISED in text
        assert "1 → 4" in text
        assert "enige plek in de wijk" in text
        assert "naar het college" in text
    page.get_by_role("tab", name="Gelijke behandeling").click()
    expect(page.get_by_text("Geen onverklaard verschil in 1 besluit.")).to_be_visible()
    expect(page.get_by_role("table").get_by_text("Welzijn")).to_be_visible()
    shows_no_mistake(page)


def minutes_in_both_files(page: Page, folder: Path) -> list[str]:
    """The text of the minutes as they are downloaded: of the PDF, and of the Word file."""
    texts = []
    for label, kind in (("Verslag (PDF)", "pdf"), ("Verslag (Word)", "docx")):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        assert download.value.suggested_filename == f"verslag-Werkgroep-12-mei-I-01.{kind}"
        file = folder / f"verslag.{kind}"
        download.value.save_as(file)
        content = file.read_bytes()
        text = pdf_text(content) if kind == "pdf" else word_text(content)
        texts.append(" ".join(text.split()))
    return texts


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def word_text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


@pytest.fixture(scope="module")
def reading_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server for tests that keep nothing."""
    folder = tmp_path_factory.mktemp("reading")
    environment = {"DATABASE_URL": f"sqlite:///{folder / 'register.db'}"}
    with app_running(free_port(), folder / "log.txt", environment=environment) as address:
        yield address


@pytest.mark.parametrize("spoken", ["nl", "en"])
def test_the_framework_fits_and_has_no_serious_violation(page: Page, reading_server: str, spoken: str) -> None:
    page.goto(f"{reading_server}/kader?taal={spoken}")
    tabs = {
        "nl": ("Het kader", "Toets een initiatief", "Versies", "Aanpassen"),
        "en": ("The framework", "Test an initiative", "Versions", "Change"),
    }[spoken]
    for name in tabs:
        page.get_by_role("tab", name=name).click()
        settled(page)
        shows_no_mistake(page)
        assert sticks_out(page) == {}
        page.set_viewport_size({"width": 820, "height": 1400})
        assert violations(page) == []


def test_a_changed_framework_is_the_next_version_and_the_example_stays_the_first(page: Page, place) -> None:
    with app_running(place["port"], place["log"], environment=place["environment"]) as address:
        page.goto(f"{address}/kader")
        page.get_by_role("tab", name="Aanpassen").click()
        name = page.get_by_label("Naam (NL)")
        name.fill("")
        name.press("Tab")
        # A mistake is named, and what was typed stays.
        expect(page.get_by_text("Dit is nog geen kader dat u kunt gebruiken")).to_be_visible()
        name.fill("Kader van Voorbeeldstad")
        name.press("Tab")
        page.get_by_role("spinbutton", name="Scores nodig voor een uitkomst").fill("4")
        page.keyboard.press("Tab")
        expect(page.get_by_role("table").get_by_text("Kader van Voorbeeldstad")).to_be_visible()
        page.get_by_role("button", name="Bewaar als volgende versie").click()
        expect(page.get_by_text("Schrijf op waarom het verandert")).to_be_visible()
        page.get_by_label("Waarom deze wijziging?").fill("Besluit van de raad")
        page.keyboard.press("Tab")
        settled(page)
        page.get_by_role("button", name="Bewaar als volgende versie").click()
        expect(page.get_by_role("combobox", name="Kader")).to_have_value(re.compile("Kader van Voorbeeldstad"))
        page.get_by_role("tab", name="Versies").click()
        table = page.get_by_role("table").first
        expect(table.get_by_role("row")).to_have_count(3)
        expect(table).to_contain_text("Besluit van de raad")
        expect(page.get_by_role("table").nth(1)).to_contain_text("Kader van Voorbeeldstad")
        shows_no_mistake(page)
