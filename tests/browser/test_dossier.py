"""Kept cases in a real browser: over a restart of the server, with two people at once, and for who cannot see."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from register import LOCAL, Actor, Register, open_register
from tests.browser.looks import WIDTHS, sticks_out, violations_in_both_schemes
from tests.browser.programs import app_running, free_port

pytestmark = pytest.mark.browser
EXAMPLE = Path(__file__).resolve().parent.parent.parent / "datasets" / "voorbeeldgemeente.xlsx"
SLOW = 30_000
FRITS = Actor("frits", "Frits de Boer", LOCAL.organisation, frozenset({"finance"}))
PARTS = ["Versies", "Besluiten en herijking", "Wat uitkwam", "Geschiedenis", "Toegang en export"]


def _url(folder: Path) -> str:
    return f"sqlite:///{folder}/register.db"


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    opened = open_register(_url(tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[str]:
    """The app with an empty register of this test's own."""
    with app_running(free_port(), tmp_path / "log.txt", environment={"DATABASE_URL": _url(tmp_path)}) as address:
        yield address


def settled(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def keep(page: Page, why: str, button: str = "Bewaar", name: str | None = None) -> None:
    page.get_by_role("textbox", name="Waarom bewaart u het?").fill(why)
    if name is not None:
        page.get_by_role("textbox", name="Naam van het dossier").fill(name)
    page.get_by_role("button", name=button, exact=True).click()


def test_all_is_there_after_a_restart_of_the_server(browser: Browser, register: Register, tmp_path: Path):
    environment = {"DATABASE_URL": _url(tmp_path)}
    with app_running(free_port(), tmp_path / "log.txt", environment=environment) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.set_default_timeout(SLOW)
        page.goto(f"{address}/dossier?gemeente=voorbeeld")
        expect(page.get_by_text("Er is nog niets bewaard.")).to_be_visible()
        keep(page, "Eerste doorrekening", name="Buurthuis De Linde")
        expect(page.get_by_text("Bewaard als versie 1 van Buurthuis De Linde.")).to_be_visible()
        page.get_by_role("tab", name="Besluiten en herijking").click()
        page.get_by_text("Plan een herijking").click()
        page.get_by_role("textbox", name="Waarom dan?").fill("Afgesproken bij de overdracht")
        page.get_by_role("button", name="Plan", exact=True).click()
        expect(page.get_by_text("De herijking is gepland.")).to_be_visible()
        page.get_by_role("tab", name="Wat uitkwam").click()
        page.get_by_role("textbox", name="Subsidie (€)").fill("14.000")
        page.get_by_role("textbox", name="Waar komen de cijfers vandaan?").fill("Jaarverslag 2026")
        page.get_by_role("button", name="Voeg dit jaar toe").click()
        expect(page.get_by_text("2026 is toegevoegd.")).to_be_visible()
        link = page.url.removeprefix(address)
        page.close()
    (head,) = register.cases(LOCAL)
    assert (head.name, head.version) == ("Buurthuis De Linde", 1)
    assert register.case(LOCAL, head.case_id).workbook == EXAMPLE.read_bytes()
    with app_running(free_port(), tmp_path / "log.txt", environment=environment) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.set_default_timeout(SLOW)
        page.goto(address + link)
        expect(page.get_by_text("Buurthuis De Linde, versie 1, zoals die is bewaard.")).to_be_visible()
        page.get_by_role("tab", name="Geschiedenis").click()
        for words in ("Eerste doorrekening", "Afgesproken bij de overdracht", "Jaarverslag 2026"):
            expect(page.get_by_role("cell", name=words)).to_be_visible()
        page.get_by_role("tab", name="Wat uitkwam").click()
        expect(page.get_by_role("cell", name="14.000 (93%)", exact=True)).to_be_visible()
        page.close()


def test_two_people_keep_at_once_and_nothing_is_lost(browser: Browser, page: Page, register: Register, own_server: str):
    case_id = register.save_case(FRITS, name="De Linde", workbook=EXAMPLE.read_bytes(), why="Eerste").case_id
    other = browser.new_page()
    other.set_default_timeout(SLOW)
    for row, one in ((1, page), (2, other)):
        one.goto(f"{own_server}/gegevens?gemeente=dossier-{case_id}.1")
        expect(one.get_by_role("heading", level=1)).to_have_text("Uw gegevens")
        _change_a_cell(one, row)
        one.get_by_role("navigation").get_by_role("link", name="Dossier").click()
        expect(one.get_by_text("daarna op het scherm gewijzigd")).to_be_visible()
    keep(other, "Mijn taxatie", "Bewaar als versie 2")
    expect(other.get_by_text("Bewaard als versie 2 van De Linde.")).to_be_visible()
    keep(page, "Andere huur", "Bewaar als versie 2")
    expect(page.get_by_role("heading", name="Iemand anders was u voor")).to_be_visible()
    expect(page.get_by_text("Uw versie gaat uit van versie 1")).to_be_visible()
    expect(page.get_by_text("2 cellen of rijen verschillen.").first).to_be_visible()
    page.get_by_role("button", name="Bewaar mijn versie als versie 3").click()
    expect(page.get_by_text("Bewaard als versie 3 van De Linde.")).to_be_visible()
    assert [entry.why for entry in register.history(LOCAL, case_id)] == ["Eerste", "Mijn taxatie", "Andere huur"]
    other.close()


def _change_a_cell(page: Page, row: int) -> None:
    """Empty the name of an object in the table, and apply it: also a workbook with a mistake can be kept."""
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    table.click(position={"x": 200, "y": 20 + 35 * row})
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Wijzigingen toepassen").click()
    expect(page.get_by_text("Nog 1 fout te herstellen")).to_be_visible()


def test_the_whole_case_is_taken_along_and_deleted(page: Page, register: Register, own_server: str, tmp_path: Path):
    case_id = register.save_case(FRITS, name="De Linde", workbook=EXAMPLE.read_bytes(), why="Eerste").case_id
    page.goto(f"{own_server}/dossier?gemeente=voorbeeld&zaak={case_id}")
    page.get_by_role("tab", name="Toegang en export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download het hele dossier (zip)").click()
    download.value.save_as(tmp_path / "dossier.zip")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "dossier.zip").read_bytes())) as archive:
        assert archive.read("werkmappen/werkmap-versie-1.xlsx") == EXAMPLE.read_bytes()
        assert json.loads(archive.read("entries.jsonl").splitlines()[0])["why"] == "Eerste"
    page.get_by_text("Verwijder dit dossier").click()
    page.get_by_role("textbox", name="Typ ter bevestiging").fill("De Linde")
    page.get_by_role("textbox", name="Typ ter bevestiging").press("Enter")
    page.get_by_role("button", name="Verwijder voorgoed").click()
    expect(page.get_by_text("Het dossier is verwijderd.")).to_be_visible()
    expect(page.get_by_text("Er is nog niets bewaard.")).to_be_visible()
    assert register.cases(LOCAL) == []


@pytest.fixture(scope="module")
def full_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with a case in which there is something of everything."""
    folder = tmp_path_factory.mktemp("dossier")
    register = open_register(_url(folder))
    case_id = register.save_case(FRITS, name="De Linde", workbook=EXAMPLE.read_bytes(), why="Eerste").case_id
    register.save_case(
        FRITS, case_id=case_id, name="De Linde", workbook=EXAMPLE.read_bytes(), based_on=1, why="Nog eens"
    )
    for kind, key, payload in (
        ("decision", "raad", {"outcome": "ja", "reasons": "Bereikt de wijk", "discount_eur": 85_000}),
        ("review", "2031-01-01", {"outcome": "planned"}),
        ("claw_back", "De Linde", {"discount_eur": 85_000.0, "term_years": 10, "base_year": 2026}),
        (
            "realisation",
            "I-01/1",
            {
                "initiative_id": "I-01",
                "year": 1,
                "calendar_year": 2026,
                "amounts": {"subsidy": 14_000, "avoided_institutional_cost/dagbesteding licht": 600},
            },
        ),
    ):
        register.append(FRITS, case_id, kind=kind, key=key, payload=payload, based_on=None, why="Vastgelegd")
    register.close()
    with app_running(free_port(), folder / "log.txt", environment={"DATABASE_URL": _url(folder)}) as address:
        yield f"{address}/dossier?gemeente=voorbeeld&zaak={case_id}"


def test_nothing_sticks_out_and_axe_finds_nothing_serious(page: Page, full_server: str):
    page.goto(full_server)
    for part in PARTS:
        page.set_viewport_size({"width": WIDTHS[0], "height": 1400})
        page.get_by_role("tab", name=part).click()
        expect(page.get_by_role("tab", name=part)).to_have_attribute("aria-selected", "true")
        settled(page)
        for width in WIDTHS:
            assert sticks_out(page, [width]) == {}, part
            assert violations_in_both_schemes(page) == {}, (part, width)
