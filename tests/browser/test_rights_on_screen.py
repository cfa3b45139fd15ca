"""What each role sees and can do in the browser, also by typing an address; the register is asked what was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from register import Actor, CaseVersion, Register, open_register
from tests.browser.programs import app_running
from tests.browser.signing_in import Person, provider_running, sign_in, visiting

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("patience")]
EXAMPLE = Path(__file__).resolve().parent.parent.parent / "datasets" / "voorbeeldgemeente.xlsx"

ANNA = Person("anna", "Anna de Raad", ("raad",))
FATIMA = Person("fatima", "Fatima Financien", ("financien",))
INGRID = Person("ingrid", "Ingrid Initiatief", ("initiatieven",))
IVO = Person("ivo", "Ivo Imhof", ("initiatieven",))
OTTO = Person("otto", "Otto Overkant", ("financien", "beheer"), organisation="Onderland")
MARK = "Zegelring"
"""Stands in the workbook of Ingrid's case and nowhere else, not even in the case's name."""
NAME = "Plan van de Zegge"


@dataclass
class Stage:
    """The app, its register, and the case that Ingrid keeps."""

    app: str
    register: Register
    case: CaseVersion


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One case of one initiative of Bovenland."""
    folder = tmp_path_factory.mktemp("rights")
    url = f"sqlite:///{folder / 'register.db'}"
    book = openpyxl.load_workbook(EXAMPLE)
    book["Uitgangspunten"]["B2"] = f"{MARK}-stad"
    book.save(folder / "plan.xlsx")
    register = open_register(url)
    ingrid = Actor(INGRID.user_name, INGRID.name, INGRID.organisation, frozenset({"initiative"}))
    case = register.save_case(ingrid, name=NAME, workbook=(folder / "plan.xlsx").read_bytes(), why="ons plan")
    with provider_running(folder, [ANNA, FATIMA, INGRID, IVO, OTTO]) as provider:
        environment = provider.variables() | {"DATABASE_URL": url}
        with app_running(provider.app_port, folder / "log.txt", environment=environment) as address:
            yield Stage(address, register, case)
    register.close()


def addresses(stage: Stage) -> list[str]:
    """Every way to name the case in an address."""
    word = f"dossier-{stage.case.case_id}.{stage.case.version}"
    return [
        f"{stage.app}/gegevens?gemeente={word}",
        f"{stage.app}/waarde?gemeente={word}",
        f"{stage.app}/verantwoording?gemeente={word}",
        f"{stage.app}/dossier?gemeente={word}",
        f"{stage.app}/dossier?zaak={stage.case.case_id}",
        f"{stage.app}/werkgroep?zaak={stage.case.case_id}",
    ]


def listening(page: Page) -> list[bytes]:
    """Everything that the server sends this page from now on."""
    got: list[bytes] = []

    def keep(payload: str | bytes) -> None:
        got.append(payload.encode() if isinstance(payload, str) else payload)

    page.on("websocket", lambda socket: socket.on("framereceived", keep))
    return got


def settled(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


@pytest.mark.parametrize("person", [INGRID, ANNA, FATIMA], ids=lambda person: person.user_name)
def test_who_may_read_a_case_opens_it_by_its_address(browser: Browser, stage: Stage, person: Person):
    with visiting(browser) as page:
        sign_in(page, addresses(stage)[1], person)
        expect(page.get_by_text(f"{MARK}-stad").first).to_be_visible()


@pytest.mark.parametrize("person", [IVO, OTTO], ids=lambda person: person.user_name)
def test_who_may_not_read_a_case_sees_nothing_of_it_by_any_address(browser: Browser, stage: Stage, person: Person):
    before = stage.register.history(
        Actor("chief", "Beheer", "Bovenland", frozenset({"administrator"})), stage.case.case_id
    )
    with visiting(browser) as page:
        got = listening(page)
        sign_in(page, f"{stage.app}/dossier", person)
        settled(page)
        for address in addresses(stage):
            page.goto(address)
            settled(page)
        assert len(got) > 20
        for text in (MARK, NAME, INGRID.name):
            assert not any(text.encode() in message for message in got), text
    after = stage.register.history(
        Actor("chief", "Beheer", "Bovenland", frozenset({"administrator"})), stage.case.case_id
    )
    assert after == before


def test_a_council_member_reads_a_case_and_has_no_way_to_change_it(browser: Browser, stage: Stage):
    chief = Actor("chief", "Beheer", "Bovenland", frozenset({"administrator"}))
    before = stage.register.history(chief, stage.case.case_id)
    word = f"dossier-{stage.case.case_id}.{stage.case.version}"
    with visiting(browser) as page:
        sign_in(page, f"{stage.app}/dossier?gemeente={word}", ANNA)
        settled(page)
        expect(page.get_by_text("U leest mee.").first).to_be_visible()
        expect(page.get_by_test_id("stFormSubmitButton")).to_have_count(0)
        page.goto(f"{stage.app}/gegevens?gemeente={word}")
        settled(page)
        expect(page.get_by_text(f"{MARK}-stad").first).to_be_visible()
        expect(page.get_by_text("Met uw rol leest u de cijfers.")).to_be_visible()
        expect(page.get_by_role("button", name="Wijzigingen toepassen")).to_have_count(0)
    assert stage.register.history(chief, stage.case.case_id) == before
    assert len(stage.register.cases(chief)) == 1


def test_a_council_member_reads_what_comes_of_a_plan_and_answers_nothing(browser: Browser, stage: Stage):
    with visiting(browser) as page:
        sign_in(page, f"{stage.app}/businesscase?gemeente=voorbeeld&deel=vragen&concept=geraden", ANNA)
        settled(page)
        expect(page.get_by_role("button", name="Begin met een leeg plan")).to_have_count(0)
        expect(page.locator("input[type=file]")).to_have_count(0)
        page.get_by_role("button", name="Bekijk de uitkomst").click()
        expect(page.get_by_text("Wat het tekort sluit")).to_be_visible()
        expect(page.get_by_text("De vragen", exact=True)).to_have_count(0)


def test_an_initiative_finds_its_own_case_and_no_other(browser: Browser, stage: Stage):
    for person, count in ((INGRID, 1), (IVO, 0)):
        with visiting(browser) as page:
            sign_in(page, f"{stage.app}/dossier", person)
            settled(page)
            expect(page.get_by_role("heading", name=NAME)).to_have_count(count)
