"""A round of the working group with six scorers, each signed in on a device of their own.

Scored alone, opened, revised, decided, minuted; then the server is started again and everything is there. What the
server sends each of them is kept: before the opening nobody was sent another's score or remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Page, expect

from intake.frameworks import load_frameworks
from register import Actor, Forbidden, NotFound, Register, open_register
from tests.browser.programs import app_running
from tests.browser.signing_in import Person, Provider, provider_running, sign_in, visiting

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("patience")]

FRAMEWORK = load_frameworks()[0]
CRITERIA = len(FRAMEWORK.criteria)
ORGANISATION = "Bovenland"
CHIEF = Actor("chief", "Beheer", ORGANISATION, frozenset({"administrator"}))

ANNA, BRAM = Person("anna", "Anna Achterberg"), Person("bram", "Bram Boonstra")
FATIMA, FRITS = Person("fatima", "Fatima Faber"), Person("frits", "Frits Fokkema")
INGRID, IVO = Person("ingrid", "Ingrid Idema"), Person("ivo", "Ivo Imhof")
PIET = Person("piet", "Piet Pijlman")
OTTO = Person("otto", "Otto Overkant")
ROLES = {
    ANNA: "council",
    BRAM: "council",
    FATIMA: "finance",
    FRITS: "finance",
    INGRID: "initiative",
    IVO: "initiative",
    PIET: "initiative",
}
SCORERS = [ANNA, BRAM, FATIMA, FRITS, INGRID, IVO]
CHAIR = FATIMA
SCORES = {ANNA: 5, BRAM: 4, FATIMA: 3, FRITS: 3, INGRID: 5, IVO: 2}
"""Everyone gives every criterion one score, so that who gave it can be seen."""

REASONS = "Wij beslissen dit omdat de buurt er zelf om vroeg"


def remark_of(person: Person) -> str:
    """A remark that stands nowhere but on this person's sheet."""
    return f"opmerking-van-{person.user_name}-zelf"


@dataclass
class Seat:
    """One person at their own device, with all that the server sent it."""

    person: Person
    page: Page
    received: list[bytes] = field(default_factory=list)

    def was_sent(self, text: str) -> bool:
        """Whether the server sent this text, in a message or in a page."""
        return any(text.encode() in message for message in self.received)


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """Everybody is known to the provider; what they may do, the register's table of members says."""
    with provider_running(tmp_path_factory.mktemp("provider"), [*ROLES, OTTO]) as found:
        yield found


@contextmanager
def app_of(provider: Provider, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """The app; started twice with the same settings, on the same port and register."""
    with app_running(provider.app_port, folder / "log.txt", environment=environment) as address:
        yield address


def seated(browser: Browser, stack: ExitStack, person: Person) -> Seat:
    """A device of one's own."""
    seat = Seat(person, stack.enter_context(visiting(browser)))

    def keep(payload: str | bytes) -> None:
        seat.received.append(payload.encode() if isinstance(payload, str) else payload)

    seat.page.on("websocket", lambda socket: socket.on("framereceived", keep))
    return seat


def settled(page: Page) -> None:
    """Until the server has nothing more to send."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def open_round(page: Page, app: str) -> None:
    """The page of the working group; there is one case and one round."""
    page.goto(f"{app}/werkgroep?taal=en")
    expect(page.get_by_role("heading", level=1)).to_have_text(["Working group"])
    settled(page)


def part(page: Page, name: str) -> None:
    """A part of the round."""
    page.get_by_role("radio", name=name).click()
    settled(page)


def keep_case_and_start(page: Page) -> None:
    """The chair keeps the example as a case, and starts a round on its first initiative with the six members."""
    page.get_by_role("button", name="Keep this case").click()
    expect(page.get_by_label("Name of the round")).to_be_visible()
    page.get_by_label("Name of the round").fill("Round of six")
    page.get_by_label("Name of the round").press("Tab")
    chosen = page.get_by_role("combobox", name="Initiatives", exact=True)
    chosen.click()
    page.get_by_role("option").filter(has_text="Buurthuis De Linde").click()
    page.keyboard.press("Escape")
    # Everyone but Piet, whom the register knows too, sits in it.
    names = page.get_by_label(re.compile("^Name( of member [0-9]+)?$"))
    for position in range(names.count()):
        if names.nth(position).input_value() == PIET.name:
            names.nth(position).fill("")
            names.nth(position).press("Tab")
    settled(page)
    page.get_by_text(re.compile("^Does .* meet the points")).click()
    points = page.get_by_test_id("stExpander").filter(has_text="meet the points").get_by_role("radiogroup")
    expect(points).to_have_count(len(FRAMEWORK.knockouts))
    for position in range(len(FRAMEWORK.knockouts)):
        points.nth(position).locator("label").first.click()
    settled(page)
    page.get_by_role("button", name="Start the round").click()
    expect(page.get_by_role("button", name="Open the scores")).to_be_visible()


def score(page: Page, person: Person) -> None:
    """Fill in one's own sheet and keep it."""
    form = page.get_by_test_id("stForm")
    groups = form.get_by_role("radiogroup")
    expect(groups).to_have_count(CRITERIA)
    for position in range(CRITERIA):
        groups.nth(position).locator("label").filter(has_text=re.compile(f"^{SCORES[person]} ")).click()
    form.get_by_role("textbox").first.fill(remark_of(person))
    form.get_by_role("button", name="Keep these scores").click()
    expect(page.get_by_text(f"The scores of {person.name} are kept.")).to_be_visible()


def test_six_people_score_open_revise_decide_and_find_it_all_again(
    browser: Browser, provider: Provider, tmp_path: Path
):
    url = f"sqlite:///{tmp_path / 'register.db'}"
    register = open_register(url)
    for person, role in ROLES.items():
        register.set_member(CHIEF, person.user_name, name=person.name, roles={role}, why="for the test")
    elsewhere = Actor("chief", "Beheer", "Onderland", frozenset({"administrator"}))
    register.set_member(elsewhere, OTTO.user_name, name=OTTO.name, roles={"finance"}, why="for the test")
    none = dict.fromkeys(("ROLES_CLAIM", "ROLE_COUNCIL", "ROLE_FINANCE", "ROLE_INITIATIVE", "ROLE_ADMINISTRATOR"))
    environment = provider.variables(ORGANISATION_CLAIM=None, **none) | {"DATABASE_URL": url}
    with ExitStack() as stack:
        seats = {person: seated(browser, stack, person) for person in SCORERS}
        chair = seats[CHAIR].page
        with app_of(provider, tmp_path, environment) as app:
            for person, seat in seats.items():
                sign_in(seat.page, f"{app}/werkgroep?taal=en", person)
            keep_case_and_start(chair)
            for person in SCORERS:
                open_round(seats[person].page, app)
                score(seats[person].page, person)
            for seat in seats.values():
                open_round(seat.page, app)
                expect(seat.page.get_by_text("6 of 6 members have scored")).to_be_visible()
            nobody_saw_another(seats)
            the_register_keeps_them_apart(register)
            outsiders_see_nothing(browser, app)
            chair.get_by_role("button", name="Open the scores").click()
            expect(chair.get_by_text(remark_of(IVO))).to_be_visible()
            everybody_sees_everything(seats, app)
            revise(seats[ANNA].page, app)
            decide(chair, app)
        # The server is gone; another one starts on what was kept.
        with app_of(provider, tmp_path, environment) as app:
            for person, seat in seats.items():
                open_round(seat.page, app)
                part(seat.page, "3. Decide and minutes")
                expect(seat.page.get_by_text(REASONS).first).to_be_visible()
                if person in (CHAIR, IVO):
                    told = minutes_say(seat.page)
                    for text in (REASONS, *(other.name for other in SCORERS), *(remark_of(other) for other in SCORERS)):
                        assert text in told
                part(seat.page, "2. Look together")
                for other in SCORERS:
                    expect(seat.page.get_by_text(remark_of(other))).to_be_visible()
    register.close()


def nobody_saw_another(seats: dict[Person, Seat]) -> None:
    """Of what the server sent, each has one's own remark and nobody else's; the chair too."""
    for person, seat in seats.items():
        assert seat.was_sent(remark_of(person))
        for other in SCORERS:
            assert other is person or not seat.was_sent(remark_of(other)), (person.name, other.name)


def the_register_keeps_them_apart(register: Register) -> None:
    """The same, asked of the register itself."""
    case = register.cases(CHIEF)[0]
    for person in SCORERS:
        actor = Actor(person.user_name, person.name, ORGANISATION, frozenset({ROLES[person]}))
        assert {entry.by for entry in register.entries(actor, case.case_id, "score")} == {person.user_name}
    assert register.entries(CHIEF, case.case_id, "score") == []
    with pytest.raises(Forbidden):
        register.history(Actor(PIET.user_name, PIET.name, ORGANISATION, frozenset({"initiative"})), case.case_id)
    with pytest.raises(NotFound):
        register.history(Actor(OTTO.user_name, OTTO.name, "Onderland", frozenset({"finance"})), case.case_id)


def outsiders_see_nothing(browser: Browser, app: str) -> None:
    """An initiative that has no seat, and an official of another municipality."""
    for person in (PIET, OTTO):
        with ExitStack() as stack:
            seat = seated(browser, stack, person)
            sign_in(seat.page, f"{app}/werkgroep?taal=en", person)
            expect(seat.page.get_by_text("There is no kept case here yet.")).to_be_visible()
            settled(seat.page)
            assert not seat.was_sent("Round of six")
            assert not any(seat.was_sent(remark_of(other)) for other in SCORERS)


def everybody_sees_everything(seats: dict[Person, Seat], app: str) -> None:
    """After the opening every remark is there for every member."""
    for seat in seats.values():
        open_round(seat.page, app)
        for other in SCORERS:
            expect(seat.page.get_by_text(remark_of(other))).to_be_visible()


def revise(page: Page, app: str) -> None:
    """Anna goes from 5 to 4 on the first criterion."""
    open_round(page, app)
    part(page, "1. Score")
    form = page.get_by_test_id("stForm")
    form.get_by_role("radiogroup").first.locator("label").filter(has_text=re.compile("^4 ")).click()
    form.get_by_role("button", name="Keep the changed scores").click()
    expect(page.get_by_text(f"The scores of {ANNA.name} are kept.")).to_be_visible()
    part(page, "2. Look together")
    page.get_by_text("What changed after the opening").click()
    expect(page.get_by_role("row").filter(has_text=ANNA.name)).to_contain_text("5")


def decide(page: Page, app: str) -> None:
    """The chair decides by the ladder, with reasons."""
    open_round(page, app)
    part(page, "3. Decide and minutes")
    page.get_by_label("Reasons").fill(REASONS)
    page.get_by_label("Reasons").press("Tab")
    settled(page)
    page.get_by_role("button", name="Keep the decision").click()
    expect(page.get_by_text(re.compile("^Decided: "))).to_be_visible()


def minutes_say(page: Page) -> str:
    """The minutes as a document to edit, as plain text."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Minutes (Word)").click()
    book = docx.Document(download.value.path())
    cells = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in book.paragraphs), *cells])
