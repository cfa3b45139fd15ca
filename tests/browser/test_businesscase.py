"""A group of neighbours makes its business case in a real browser, by clicking and typing, from an empty start.

Halfway the page is reloaded, the connection is lost, and the server is killed and started again: nothing is lost. What
comes out is downloaded, read on Gegevens without a mistake, and computed again by the command.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from dashboard.catalogue import read
from tests.browser.looks import WIDTHS, sticks_out, violations_in_both_schemes
from tests.browser.programs import ROOT, app_running, free_port

pytestmark = pytest.mark.browser
ENGLISH = {message.id for message in read("nl") if message.id and message.id != message.string}
QUESTIONS = (
    "wie",
    "plek",
    "prijs",
    "verbouwing",
    "activiteiten",
    "anders",
    "inkomsten",
    "kosten",
    "vrijwilligers",
    "gemeente",
    "geld",
    "duur",
    "bereik",
    "kracht",
)


PATIENCE = 60_000
MOST_STEPS = 110


class Server:
    """The app with a register of its own, which can be killed and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self.address = f"http://127.0.0.1:{self.port}"
        self._running = ExitStack()

    def start(self) -> None:
        environment = {"DATABASE_URL": f"sqlite:///{self.folder}/register.db"}
        self._running.enter_context(app_running(self.port, self.folder / "log.txt", environment=environment))

    def stop(self) -> None:
        self._running.close()
        self._running = ExitStack()


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Other tests may be running on the same machine."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("businesscase"))
    server.start()
    yield server
    server.stop()


NEWER = """version => [...document.querySelectorAll('[class*="st-key-bc_kept_"]')].some(
    element => Number(element.className.match(/bc_kept_([0-9]+)/)[1]) > version)"""


class Neighbour:
    """Somebody at the keyboard; counts what they do."""

    def __init__(self, page: Page) -> None:
        self.page, self.steps = page, 0

    def settled(self) -> None:
        """Nothing is being worked out."""
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")

    def kept(self) -> int:
        """How often the answers were kept, as the page tells it."""
        place = self.page.locator("[class*='st-key-bc_kept_']")
        if place.count() == 0:
            return 0
        return int(re.search(r"bc_kept_([0-9]+)", place.first.get_attribute("class"))[1])

    def wait_until_kept(self, before: int) -> None:
        """What was done is on the screen, and kept on the server."""
        self.page.wait_for_function(NEWER, arg=before, timeout=PATIENCE)
        self.settled()

    def press(self, what: Locator) -> None:
        before = self.kept()
        what.click()
        self.steps += 1
        self.wait_until_kept(before)

    def button(self, name: str) -> None:
        self.press(self.page.get_by_role("button", name=name, exact=True).first)

    def look(self, what: Locator) -> None:
        """Press what changes no answer."""
        what.click()
        self.steps += 1
        self.settled()

    def keys(self, label: str, text: str, within: Locator | None = None) -> Locator:
        """Type in a field, letter by letter."""
        field = (within or self.page).get_by_role("textbox", name=label)
        field.click()
        field.press_sequentially(text)
        return field

    def type(self, label: str, text: str, *, within: Locator | None = None) -> None:
        """Type in a field, and go on to the next with the tab key."""
        before = self.kept()
        self.keys(label, text, within).press("Tab")
        self.steps += 1
        self.wait_until_kept(before)

    def not_known(self, key: str) -> None:
        """Tick "Weet ik niet" beside a field."""
        self.press(self.page.locator(f"[class*='st-key-bc_{key}_not_known_'] label").first)

    def next(self, heading: str) -> None:
        self.button("Volgende")
        expect(self.page.get_by_role("heading", level=2, name=heading)).to_be_visible()

    def row(self, table: str, number: int) -> Locator:
        return self.page.locator(f".st-key-row_{table}_{number}")

    def field(self, label: str) -> Locator:
        return self.page.get_by_role("textbox", name=label)

    def tenth(self, column: str, number: str) -> Locator:
        pills = self.page.locator(f"[class*='st-key-bc_tasks_2_{column}_nl']")
        return pills.get_by_text(number, exact=True)


def _start(page: Page, address: str) -> Neighbour:
    page.set_default_timeout(PATIENCE)
    person = Neighbour(page)
    page.goto(address)
    person.look(page.get_by_role("button", name="Maak uw businesscase"))
    person.button("Begin met een leeg plan")
    expect(page.get_by_role("heading", level=2, name="Wie bent u, en wat wilt u?")).to_be_visible()
    expect(page).to_have_url(re.compile("concept="))
    return person


def test_a_new_user_finishes_a_case_and_nothing_is_lost_on_the_way(page: Page, own_server: Server, tmp_path: Path):
    person = _start(page, own_server.address)
    _who_and_where(person)
    _price_with_a_reload_halfway(person)
    _renovation_while_the_server_is_killed(person, own_server)
    _activities_while_the_connection_is_lost(person)
    _income_and_costs(person)
    _money_and_people(person)
    person.look(page.get_by_role("button", name="Naar de open punten"))
    expect(page.get_by_text("Er is genoeg om uw plan uit te rekenen.")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("Aannames om te vervangen"))).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("Referenties om te vervangen"))).to_be_visible()
    person.look(page.get_by_role("button", name="Naar de uitkomst"))
    expect(page.locator(".st-key-plan_answer").get_by_text("Het begin kost")).to_be_visible()
    # An evening: every press of a button, choice and field, the questions that were answered twice included.
    assert person.steps <= MOST_STEPS, person.steps

    figures = _prices_on_screen(page, person)
    workbook = tmp_path / "plan.xlsx"
    person.look(page.get_by_role("tab", name="Documenten"))
    expect(page.get_by_role("button", name="Werkmap downloaden")).to_be_visible()
    person.settled()
    with page.expect_download() as download:
        page.get_by_role("button", name="Werkmap downloaden").click()
    download.value.save_as(workbook)
    _is_marked(workbook)
    _is_read_without_a_mistake(page, own_server.address, workbook)
    _is_computed_the_same(workbook, figures)


def _who_and_where(person: Neighbour) -> None:
    person.type("Naam van uw groep", "Stichting De Brink")
    person.type("Gemeente", "Eemstad")
    person.type("In welk jaar wilt u beginnen?", "2027")
    person.not_known("initiatives_2_legal_form")
    person.type("Waar gaat het over, in een paar woorden?", "ontmoeting en zorg")
    person.type("Wat wilt u, in twee of drie zinnen?", "Wij willen het buurthuis openhouden.")
    expect(person.page.get_by_role("heading", level=1)).to_have_text("Businesscase van Stichting De Brink")
    person.next("Om welk gebouw of groen gaat het?")
    person.press(person.page.get_by_text("Een gebouw", exact=True))
    person.type("Naam van het gebouw of groen", "Buurthuis De Brink")
    person.type("In welke buurt werkt u?", "De Akkers")
    person.type("Hoe groot is het? (m²)", "420")


def _price_with_a_reload_halfway(person: Neighbour) -> None:
    """The answers, the mistake as it was typed, and the question are there after the reload."""
    page = person.page
    market, now = "Wat zou een koper op de markt betalen? (€)", "Wat kost het de gemeente per jaar? (€)"
    person.next("Wat vraagt de gemeente ervoor, en wat kost het nu?")
    person.type("Welke prijs ligt op tafel? (€)", "100.000")
    expect(page.get_by_text("Gelezen als €\u00a0100.000")).to_be_visible()
    person.type(market, "320000")
    person.not_known("assets_2_book_value_eur")
    expect(page.get_by_text("Aanname.")).to_be_visible()
    person.type(now, "veel")
    expect(page.get_by_text("Dit is geen bedrag.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", level=2, name="Wat vraagt de gemeente ervoor")).to_be_visible()
    expect(person.field(market)).to_have_value("320.000")
    expect(person.field(now)).to_have_value("veel")
    expect(page.get_by_text("Aanname.")).to_be_visible()
    person.settled()
    person.field(now).fill("")
    person.type(now, "38.000")
    person.type("En voor groot onderhoud per jaar? (€)", "12.000")


def _renovation_while_the_server_is_killed(person: Neighbour, own_server: Server) -> None:
    """The server ends while somebody types, and comes back on the same port."""
    page = person.page
    person.next("Wat moet eraan gebeuren voordat u kunt beginnen?")
    person.type("Wat kost de verbouwing, alles bij elkaar? (€)", "40.000")
    overdue = "Welk onderhoud is achterstallig"
    before = person.kept()
    field = person.keys(overdue, "25.000")
    own_server.stop()
    app = page.get_by_test_id("stApp")
    expect(app).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    own_server.start()
    expect(app).to_have_attribute("data-test-connection-state", "CONNECTED")
    # What was typed is still in the field, and all that had been answered is there.
    field.press("Tab")
    person.wait_until_kept(before)
    expect(page.get_by_text("Gelezen als €\u00a025.000")).to_be_visible()
    expect(person.field("Wat kost de verbouwing, alles bij elkaar? (€)")).to_have_value("40.000")
    expect(page.get_by_role("heading", level=1)).to_have_text("Businesscase van Stichting De Brink")


def _activities_while_the_connection_is_lost(person: Neighbour) -> None:
    """What was typed meanwhile arrives when the connection is back."""
    page = person.page
    person.next("Wat gaat u er doen, en voor wie?")
    person.button("Hulp of zorg")
    task = person.row("tasks", 2)
    person.type("Wat gaat u doen?", "Dagbesteding", within=task)
    task.get_by_role("combobox").click()
    person.press(page.get_by_role("option", name=re.compile("Dagbesteding ouderen")))
    expect(task.get_by_text("Bron:")).to_be_visible()
    person.type("Hoeveel per jaar, als u goed op gang bent?", "1.500", within=task)
    person.button("Ontmoeting, sport, cultuur, groen")
    meeting = person.row("effects", 2)
    person.type("Wat gaat u doen?", "Samen eten", within=meeting)
    person.type("Hoeveel mensen doen er per jaar mee?", "300", within=meeting)
    before = person.kept()
    page.context.set_offline(True)
    person.keys("Waarin telt u?", "personen", meeting).press("Tab")
    page.context.set_offline(False)
    person.wait_until_kept(before)
    person.next("Wat zou er zonder u gebeuren?")
    person.button("Terug")
    expect(meeting.get_by_role("textbox", name="Waarin telt u?")).to_have_value("personen")
    person.next("Wat zou er zonder u gebeuren?")
    person.press(person.tenth("deadweight", "1"))
    person.press(person.tenth("substitution_share", "4"))
    person.not_known("tasks_2_cashable_share")
    expect(page.get_by_text("voorzichtig met 0 van de 10")).to_be_visible()


def _income_and_costs(person: Neighbour) -> None:
    person.next("Welk geld komt er elk jaar binnen?")
    person.button("Zaalverhuur")
    hall = person.row("operations", 2)
    person.type("Hoeveel dagdelen per jaar", "400", within=hall)
    person.type("Wat vraagt u per dagdeel? (€)", "60", within=hall)
    person.type("Welk deel daarvan denkt u te verhuren? (%)", "60", within=hall)
    expect(hall.get_by_text("Gelezen als 60%")).to_be_visible()
    person.button("Vaste huurders")
    tenant = person.row("operations", 3)
    person.type("Hoeveel maanden per jaar?", "12", within=tenant)
    person.type("Huur per maand (€)", "2.400", within=tenant)
    person.button("Bar en keuken")
    person.type("Bedrag per jaar (€)", "24.000", within=person.row("operations", 4))
    person.next("Wat kost het elk jaar?")
    person.button("Energie, schoonmaak, klein onderhoud en heffingen samen")
    person.not_known("operations_5_unit_amount_eur")
    expect(person.page.get_by_text("Gerekend voor 420 m².")).to_be_visible()
    person.button("Inkoop voor bar en keuken")
    person.type("Bedrag per jaar (€)", "11.000", within=person.row("operations", 6))
    person.button("Verzekering")
    person.type("Bedrag per jaar (€)", "2.500", within=person.row("operations", 7))


def _money_and_people(person: Neighbour) -> None:
    person.next("Hoeveel uren geven vrijwilligers?")
    person.type("Uren van vrijwilligers per jaar, alles bij elkaar", "1.200")
    person.next("Wat vraagt u van de gemeente, naast de prijs?")
    person.type("Hoeveel uren van ambtenaren hebt u per jaar nodig?", "80")
    person.next("Waar komt het geld voor het begin vandaan?")
    person.button("Eigen geld")
    person.type("Bedrag (€)", "20.000", within=person.row("financing", 2))
    person.button("Een lening van een bank")
    loan = person.row("financing", 3)
    person.type("Bedrag (€)", "140.000", within=loan)
    person.type("Rente per jaar (%)", "4,5", within=loan)
    person.type("In hoeveel jaar betaalt u het terug?", "20", within=loan)
    person.next("Hoelang gaat u door, en wat als het stopt?")
    person.type("Voor hoeveel jaar maakt u dit plan?", "20")
    person.not_known("assets_2_fallback_cost_eur")
    person.next("Wie bereikt u?")
    person.button("Een buurt")
    person.type("Buurt waar ze wonen", "De Akkers")
    person.type("Hoeveel mensen per jaar, ieder één keer geteld?", "300")
    person.next("Waar bent u goed in?")


def _prices_on_screen(page: Page, person: Neighbour) -> dict[str, str]:
    """The prices of the talks, as the table below the chart writes them."""
    person.look(page.get_by_role("tab", name="Prijsgesprek"))
    page.get_by_text("De cijfers bij deze grafiek").first.click()
    rows = page.locator(".st-key-chart_zone_table").get_by_role("row")
    expect(rows.first).to_be_visible()
    cells = [row.get_by_role("cell").all_inner_texts() for row in rows.all()]
    return {row[0]: row[1].replace("\u00a0", " ") for row in cells if len(row) > 1}


def _is_marked(workbook: Path) -> None:
    """A finance officer sees in the workbook what the group did not know."""
    book = openpyxl.load_workbook(workbook)
    notes = {
        name: [str(row[-1].value) for row in book[name].iter_rows(min_row=2) if row[-1].value]
        for name in ("Objecten", "Initiatieven", "Exploitatie")
    }
    assert "[aanname] Boekwaarde (€): voorlopig gelijk aan de marktwaarde" in "\n".join(notes["Objecten"])
    assert "[weet ik niet] Rechtsvorm" in "\n".join(notes["Initiatieven"])
    assert "[referentie] Bedrag per eenheid (€): school_opex_m2" in "\n".join(notes["Exploitatie"])


def _is_read_without_a_mistake(page: Page, address: str, workbook: Path) -> None:
    page.goto(f"{address}/gegevens")
    page.locator("input[type=file]").set_input_files(workbook)
    expect(page.get_by_text("Deze werkmap heeft geen fouten.")).to_be_visible()
    expect(page.get_by_text("Eemstad").first).to_be_visible()


def _is_computed_the_same(workbook: Path, on_screen: dict[str, str]) -> None:
    """The command gives the figures that were on the screen."""
    command = [sys.executable, "-m", "cli", "value", str(workbook), "--json", "-"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    asset = json.loads(done.stdout)["assets"][0]
    expected = {
        "Gemeente niet slechter af, vanaf": asset["reservation_price_eur"],
        "Prijs op tafel": 100_000.0,
        "Hoogste prijs die u kunt dragen": asset["ceiling_price_eur"],
        "Marktwaarde": 320_000.0,
        "Prijs volgens de raadsregel": asset["social_price_eur"],
    }
    for name, value in expected.items():
        shown = f"{abs(value):,.0f}".replace(",", ".")
        assert on_screen[name] == f"€ {'−' if value < -0.5 else ''}{shown}", name


def test_a_guessed_address_opens_nothing(page: Page, own_server: Server):
    page.goto(f"{own_server.address}/businesscase?concept=geraden-naam")
    expect(page.get_by_role("button", name="Begin met een leeg plan")).to_be_visible()


def test_no_serious_violation_on_any_question(browser: Browser, own_server: Server):
    context = browser.new_context(viewport={"width": 1280, "height": 1600})
    page = context.new_page()
    person = _start(page, own_server.address)
    found: dict[str, dict[str, list[str]]] = {}
    for question in QUESTIONS:
        person.press(page.locator(f".st-key-bc_jump_{question} button:visible").first)
        if question == "plek":
            person.press(page.get_by_text("Een gebouw", exact=True))
        for add in page.locator("[class*='st-key-bc_add_'] button:visible").all()[:1]:
            person.press(add)
        if question == "verbouwing":
            person.type("Wat kost de verbouwing, alles bij elkaar? (€)", "veel")
        found[question] = violations_in_both_schemes(page)
    person.look(page.get_by_text("Open punten", exact=True))
    expect(page.get_by_role("heading", name="Wat staat er nog open?")).to_be_visible()
    found["open"] = violations_in_both_schemes(page)
    assert found == {place: {} for place in found}
    context.close()


def test_nothing_sticks_out_and_no_english_is_left_on_any_question(browser: Browser, own_server: Server):
    context = browser.new_context(viewport={"width": WIDTHS[-1], "height": 1200})
    page = context.new_page()
    person = _start(page, own_server.address)
    main = page.get_by_test_id("stMain")
    for question in QUESTIONS:
        page.set_viewport_size({"width": WIDTHS[-1], "height": 1200})
        person.press(page.locator(f".st-key-bc_jump_{question} button:visible").first)
        if question == "plek":
            person.press(page.get_by_text("Groen", exact=True))
        for add in page.locator("[class*='st-key-bc_add_'] button:visible").all()[:1]:
            person.press(add)
        for width in WIDTHS:
            assert sticks_out(page, [width]) == {}, question
            assert set(main.inner_text().splitlines()) & ENGLISH == set(), (question, width)
    context.close()


def test_no_serious_violation_in_the_outcome(browser: Browser, own_server: Server):
    context = browser.new_context(viewport={"width": 1280, "height": 1600})
    page = context.new_page()
    page.set_default_timeout(20_000)
    person = Neighbour(page)
    page.goto(f"{own_server.address}/businesscase?gemeente=voorbeeld")
    person.look(page.get_by_role("button", name="Bekijk de uitkomst"))
    found: dict[str, dict[str, list[str]]] = {}
    for name in ("In één oogopslag", "Exploitatie", "Financiering", "Prijsgesprek", "Documenten"):
        person.look(page.get_by_role("tab", name=name))
        expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
        person.settled()
        for chart in page.get_by_test_id("stPlotlyChart").all():
            expect(chart.locator(".main-svg").first).to_be_attached()
        found[name] = violations_in_both_schemes(page)
        assert set(page.get_by_test_id("stMain").inner_text().splitlines()) & ENGLISH == set(), name
    assert found == {place: {} for place in found}
    context.close()
