"""Signing in at a real provider, in a real browser: who comes in, as what, for how long, and who does not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from register import Actor, open_register
from tests.browser.looks import violations
from tests.browser.programs import app_running, free_port
from tests.browser.signing_in import (
    Person,
    Provider,
    at_the_provider,
    provider_running,
    sign_in,
    sign_out,
    user_cookie,
    visiting,
    who,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("patience")]
EXAMPLE = Path(__file__).resolve().parent.parent.parent / "datasets" / "voorbeeldgemeente.xlsx"

ANNA = Person("anna", "Anna de Raad", ("raad",))
FATIMA = Person("fatima", "Fatima Financien", ("financien",))
INGRID = Person("ingrid", "Ingrid Initiatief", ("initiatieven",))
OTTO = Person("otto", "Otto Overkant", ("financien", "beheer"), organisation="Onderland")
GERDA = Person("gerda", "Gerda Geen", ("tennisvereniging",))
NOOR = Person("noor", "Noor Nergens", ("raad",), organisation="")
PEOPLE = [ANNA, FATIMA, INGRID, OTTO, GERDA, NOOR]

SIGN_IN = "Meld u aan bij Buurtwaarde"
FIGURES = "Voorbeeldstad"
"""Stands in the bar of everybody who is let in, since the example is open; nobody else's page has it."""


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """One provider for every test."""
    with provider_running(tmp_path_factory.mktemp("provider"), PEOPLE) as found:
        yield found


@pytest.fixture(scope="module")
def app(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app that trusts it, configured by the environment, with a register of its own."""
    folder = tmp_path_factory.mktemp("app")
    environment = provider.variables() | {"DATABASE_URL": f"sqlite:///{folder / 'register.db'}"}
    with app_running(provider.app_port, folder / "log.txt", environment=environment) as address:
        yield address


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    """A browser with nobody's cookies."""
    with visiting(browser) as page:
        yield page


def heading(page: Page, text: str) -> None:
    """This page, and nothing left of another: of a page that goes, pieces stay until the next is whole."""
    expect(page.get_by_role("heading", level=1)).to_have_text([text])


def received(page: Page) -> list[bytes]:
    """Everything that the server sends this page from now on."""
    frames: list[bytes] = []

    def keep(payload: str | bytes) -> None:
        frames.append(payload.encode() if isinstance(payload, str) else payload)

    page.on("websocket", lambda socket: socket.on("framereceived", keep))
    return frames


def own_workbook(path: Path, municipality: str) -> Path:
    """The example as a workbook of somebody's own, with this name in it."""
    book = openpyxl.load_workbook(EXAMPLE)
    assert book["Uitgangspunten"]["B2"].value == FIGURES
    book["Uitgangspunten"]["B2"] = municipality
    book.save(path)
    return path


def test_nobody_sees_a_figure_before_signing_in(visitor: Page, app: str):
    frames = received(visitor)
    for address in ("/", "/waarde?gemeente=voorbeeld", "/gegevens", "/verantwoording?object=0101"):
        visitor.goto(app + address)
        heading(visitor, SIGN_IN)
        expect(visitor.get_by_test_id("stTopNavLink")).to_have_count(0)
    assert frames
    assert not any(FIGURES.encode() in frame for frame in frames)


@pytest.mark.parametrize(
    ("person", "role"), [(ANNA, "raadslid"), (FATIMA, "financieel medewerker"), (INGRID, "bewonersinitiatief")]
)
def test_one_comes_in_as_what_the_provider_says(visitor: Page, app: str, person: Person, role: str):
    sign_in(visitor, f"{app}/waarde?gemeente=voorbeeld&object=0102", person)
    # Back at the page that was asked for, and not at the first one.
    heading(visitor, "Wat is het waard?")
    expect(visitor).to_have_url(re.compile(r"/waarde\?.*object=0102"))
    told = who(visitor, person)
    assert f"{person.name} Bovenland {role}" in told
    assert f"Aanmeldnaam: {person.user_name}" in told
    assert re.search(r"aangemeld tot \d\d:\d\d uur", told)


def test_several_roles_are_all_named(visitor: Page, app: str):
    sign_in(visitor, app, OTTO)
    assert "Onderland financieel medewerker, beheerder" in who(visitor, OTTO)


def test_a_wrong_password_lets_nobody_in(visitor: Page, app: str):
    visitor.goto(app)
    visitor.get_by_role("button", name="Aanmelden").click()
    at_the_provider(visitor, ANNA.user_name, "not her password")
    expect(visitor.locator("input[name=password]")).to_be_visible()
    assert not visitor.url.startswith(app)
    visitor.goto(app)
    heading(visitor, SIGN_IN)
    assert user_cookie(visitor.context) == ""


def test_without_a_role_one_sees_an_explanation_and_nothing_else(visitor: Page, app: str):
    frames = received(visitor)
    visitor.goto(f"{app}/waarde")
    visitor.get_by_role("button", name="Aanmelden").click()
    at_the_provider(visitor, GERDA.user_name, GERDA.password)
    heading(visitor, "U hebt nog geen rol")
    expect(visitor.get_by_text("Gerda Geen")).to_be_visible()
    expect(visitor.get_by_test_id("stCode")).to_have_text("gerda")
    expect(visitor.get_by_test_id("stTopNavLink")).to_have_count(0)
    for page in ("gegevens", "initiatieven", "verantwoording"):
        visitor.goto(f"{app}/{page}?gemeente=voorbeeld")
        heading(visitor, "U hebt nog geen rol")
    assert not any(FIGURES.encode() in frame for frame in frames)
    visitor.get_by_role("button", name="Afmelden").click()
    heading(visitor, SIGN_IN)


def test_of_no_organisation_one_sees_nothing(visitor: Page, app: str):
    visitor.goto(app)
    visitor.get_by_role("button", name="Aanmelden").click()
    at_the_provider(visitor, NOOR.user_name, NOOR.password)
    heading(visitor, "Wij weten niet wie u bent")
    expect(visitor.get_by_test_id("stTopNavLink")).to_have_count(0)


def test_a_council_member_reads_the_figures_and_changes_none(visitor: Page, app: str):
    sign_in(visitor, f"{app}/gegevens?gemeente=voorbeeld", ANNA)
    expect(visitor.get_by_role("heading", name="De cijfers")).to_be_visible()
    expect(visitor.get_by_text("Met uw rol leest u de cijfers.")).to_be_visible()
    expect(visitor.get_by_test_id("stDataFrame")).to_be_visible()
    expect(visitor.get_by_role("heading", name="Cijfers wijzigen")).to_have_count(0)
    expect(visitor.get_by_text("Lees uw eigen overzicht in")).to_have_count(0)
    visitor.goto(f"{app}/register")
    expect(visitor.get_by_text("Met uw rol leest u de cijfers.")).to_be_visible()
    expect(visitor.locator("input[type=file]")).to_have_count(0)


def test_signing_out_ends_it_here_there_and_in_every_window(browser: Browser, visitor: Page, app: str):
    sign_in(visitor, app, FATIMA)
    other_window = visitor.context.new_page()
    other_window.goto(f"{app}/gegevens?gemeente=voorbeeld")
    heading(other_window, "Uw gegevens")
    stolen = visitor.context.cookies()
    sign_out(visitor, FATIMA)
    heading(visitor, SIGN_IN)
    expect(visitor.get_by_text("U bent afgemeld.")).to_be_visible()
    assert user_cookie(visitor.context) == ""
    # What the browser still has of the page before.
    visitor.go_back()
    heading(visitor, SIGN_IN)
    expect(visitor.get_by_text(FIGURES)).to_have_count(0)
    # The window that was still open, with the next thing that one does in it.
    other_window.get_by_role("radio", name="en", exact=True).click()
    heading(other_window, "Sign in to Buurtwaarde")
    expect(other_window.get_by_text("You are signed out.")).to_be_visible()
    # A copy of the cookie from before.
    with visiting(browser) as thief:
        thief.context.add_cookies([each for each in stolen if each["name"].startswith("_streamlit_user")])
        frames = received(thief)
        thief.goto(f"{app}/waarde?gemeente=voorbeeld")
        heading(thief, SIGN_IN)
        assert not any(FIGURES.encode() in frame for frame in frames)
    # At the provider too: it asks for the password again.
    visitor.get_by_role("button", name="Aanmelden").click()
    expect(visitor.locator("input[name=login], input[name=password]").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 820])
def test_the_door_and_the_bar_can_be_used_by_everybody(browser: Browser, app: str, scheme: str, width: int):
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(app)
    heading(page, SIGN_IN)
    assert violations(page) == []
    sign_in(page, app, FATIMA)
    bar = page.get_by_test_id("stPopoverButton").filter(has_text=FATIMA.name)
    box = bar.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    bar.click()
    expect(page.get_by_role("button", name="Afmelden")).to_be_visible()
    assert violations(page) == []
    context.close()


def test_nobody_comes_in_with_a_cookie_of_their_own(browser: Browser, visitor: Page, app: str):
    sign_in(visitor, app, ANNA)
    good = next(each for each in visitor.context.cookies() if each["name"] == "_streamlit_user")
    payload, moment, signature = good["value"].rsplit(".", 2)
    flipped = "A" if signature[0] != "A" else "B"
    claims = json.dumps(
        {"origin": app, "is_logged_in": True, "sub": "otto", "aud": "buurtwaarde", "groups": ["beheer"]}
    )
    forged = [
        f"{payload}.{moment}.{flipped}{signature[1:]}",
        f"{payload[:-4]}AAAA.{moment}.{signature}",
        f"{payload}.AAAAAA.{signature}",
        payload,
        claims.encode().hex(),
        "",
    ]
    for value in forged:
        with visiting(browser) as page:
            frames = received(page)
            page.context.add_cookies([{**good, "value": value}])
            page.goto(f"{app}/waarde?gemeente=voorbeeld")
            heading(page, SIGN_IN)
            assert not any(FIGURES.encode() in frame for frame in frames), value


def test_an_address_or_a_header_makes_nobody_somebody(browser: Browser, app: str):
    claimed = {"X-Forwarded-User": "otto", "X-Remote-User": "otto", "X-Streamlit-User": "otto", "Remote-User": "otto"}
    context = browser.new_context(extra_http_headers=claimed)
    page = context.new_page()
    page.goto(f"{app}/waarde?user=otto&sub=otto&rol=beheer&aanmelden=gelukt&is_logged_in=true")
    heading(page, SIGN_IN)
    context.close()


def test_a_way_back_counts_once_and_only_where_it_began(browser: Browser, visitor: Page, app: str):
    callbacks: list[str] = []
    visitor.on("request", lambda request: callbacks.append(request.url) if "/oauth2callback?" in request.url else None)
    sign_in(visitor, app, ANNA)
    assert len(callbacks) == 1
    state = parse_qs(urlsplit(callbacks[0]).query)["state"][0]
    # Again in the same browser: the state was used up, and the sign-in that there was goes on.
    visitor.goto(callbacks[0])
    expect(visitor).not_to_have_url(re.compile("oauth2callback"))
    for address in (
        callbacks[0],
        f"{app}/oauth2callback?code=made-up&state={state}",
        f"{app}/oauth2callback?code=x&state=y",
    ):
        with visiting(browser) as page:
            page.goto(address)
            heading(page, SIGN_IN)
            expect(page.get_by_text("Aanmelden is niet gelukt.")).to_be_visible()
            assert user_cookie(page.context) == ""


def test_a_code_of_somebody_else_is_refused(browser: Browser, app: str):
    """Whoever slips their own code into another's sign-in gets nowhere: the state is of one browser."""
    with visiting(browser) as thief:
        starts: list[str] = []
        thief.on("request", lambda request: starts.append(request.url) if "/auth/login?" in request.url else None)
        sign_in(thief, app, OTTO)
        # Once more by hand, up to the code and no further. The provider knows the thief, so it asks nothing.
        asked = thief.context.request.get(starts[0], max_redirects=0).headers["location"]
        asked = asked.replace("&prompt=select_account", "")
        unused = thief.context.request.get(asked, max_redirects=0).headers["location"]
        assert "/oauth2callback?code=" in unused
    with visiting(browser) as victim:
        victim.goto(app)
        victim.get_by_role("button", name="Aanmelden").click()
        expect(victim.locator("input[name=login]")).to_be_visible()
        victim.goto(unused)
        heading(victim, SIGN_IN)
        expect(victim.get_by_text("Aanmelden is niet gelukt.")).to_be_visible()
        assert user_cookie(victim.context) == ""


def test_when_the_time_is_up_one_signs_in_again_and_the_work_is_there(
    browser: Browser, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
):
    workbook = own_workbook(tmp_path / "bovenland.xlsx", "Bovenland-eigen")
    with ExitStack() as running:
        provider = running.enter_context(provider_running(tmp_path_factory.mktemp("provider"), [FATIMA, OTTO]))
        environment = provider.variables(SESSION_MINUTES="0.4") | {
            "DATABASE_URL": f"sqlite:///{tmp_path / 'register.db'}"
        }
        app = running.enter_context(app_running(provider.app_port, tmp_path / "log.txt", environment=environment))
        page = running.enter_context(visiting(browser))
        sign_in(page, app, FATIMA)
        page.locator("input[type=file]").set_input_files(workbook)
        expect(page.get_by_text("Bovenland-eigen").first).to_be_visible()
        expect(page.get_by_text(re.compile(r"U wordt om \d\d:\d\d uur afgemeld."))).to_be_visible()
        # Nobody touches the page: it goes by itself when the 24 seconds are over.
        expect(page.get_by_text("Uw aanmelding is verlopen.")).to_be_visible(timeout=60_000)
        expect(page.get_by_text("Waar u mee bezig was, blijft een uur bewaard.")).to_be_visible()
        expect(page.get_by_text("Bovenland-eigen")).to_have_count(0)
        # A cookie from before its end is no way around it.
        page.reload()
        expect(page.get_by_text("Uw aanmelding is verlopen.")).to_be_visible()
        with visiting(browser) as other:
            sign_in(other, app, OTTO)
            expect(other.get_by_text(FIGURES).first).to_be_visible()
            expect(other.get_by_text("Bovenland-eigen")).to_have_count(0)
        page.get_by_role("button", name="Aanmelden").click()
        at_the_provider(page, FATIMA.user_name, FATIMA.password)
        expect(page.get_by_text("Uw werk staat weer open zoals u het achterliet.")).to_be_visible()
        expect(page.get_by_text("Bovenland-eigen").first).to_be_visible()


def test_roles_of_the_table_count_from_the_next_thing_that_one_does(
    browser: Browser, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
):
    url = f"sqlite:///{tmp_path / 'register.db'}"
    chief = Actor("chief", "Beheer", "Bovenland", frozenset({"administrator"}))
    with ExitStack() as running:
        provider = running.enter_context(provider_running(tmp_path_factory.mktemp("provider"), [ANNA]))
        none = dict.fromkeys(("ROLES_CLAIM", "ROLE_COUNCIL", "ROLE_FINANCE", "ROLE_INITIATIVE", "ROLE_ADMINISTRATOR"))
        environment = provider.variables(ORGANISATION_CLAIM=None, **none) | {"DATABASE_URL": url}
        app = running.enter_context(app_running(provider.app_port, tmp_path / "log.txt", environment=environment))
        page = running.enter_context(visiting(browser))
        page.goto(app)
        page.get_by_role("button", name="Aanmelden").click()
        at_the_provider(page, ANNA.user_name, ANNA.password)
        heading(page, "Wij weten niet wie u bent")
        expect(page.get_by_test_id("stCode")).to_have_text("anna")
        register = open_register(url)
        register.set_member(chief, "anna", name="Anna de Raad", roles={"council"}, why="raadslid sinds maart")
        page.reload()
        heading(page, "Wat is het de buurt waard?")
        assert "Bovenland raadslid" in who(page, ANNA)
        register.set_member(chief, "anna", name="Anna de Raad", roles=(), why="uit de raad")
        page.get_by_test_id("stTopNavLink").filter(has_text="Waarde").click()
        heading(page, "U hebt nog geen rol")
        register.close()


@pytest.mark.parametrize(
    ("secrets", "told"),
    [
        ("[auth]\nclient_id = 'x'\n", "De instelling auth.client_secret ontbreekt."),
        ("[auth\nclient_id = ", "Het bestand secrets.toml kan niet worden gelezen."),
        ("[Auth]\nclient_id = 'x'\n", "Het onderdeel Auth is niet bekend."),
    ],
)
def test_settings_that_are_wrong_let_nobody_in(visitor: Page, tmp_path: Path, secrets: str, told: str):
    (tmp_path / "secrets.toml").write_text(secrets, encoding="utf-8")
    frames = received(visitor)
    with app_running(free_port(), tmp_path / "log.txt", f"--secrets.files={tmp_path / 'secrets.toml'}") as app:
        visitor.goto(f"{app}/waarde?gemeente=voorbeeld")
        heading(visitor, "Buurtwaarde is nu dicht")
        expect(visitor.get_by_text(told)).to_be_visible()
        expect(visitor.get_by_test_id("stTopNavLink")).to_have_count(0)
    assert not any(FIGURES.encode() in frame for frame in frames)


def test_a_file_of_secrets_does_the_same_as_the_environment(
    visitor: Page, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
):
    secrets = tmp_path / "secrets.toml"
    with provider_running(tmp_path_factory.mktemp("provider"), [ANNA]) as provider:
        secrets.write_text(provider.file(), encoding="utf-8")
        with app_running(provider.app_port, tmp_path / "log.txt", f"--secrets.files={secrets}", door="app.py") as app:
            sign_in(visitor, app, ANNA)
            assert "Bovenland raadslid" in who(visitor, ANNA)


@pytest.mark.parametrize("trouble", ["gone", "no secret", "no provider"])
def test_a_provider_that_fails_lets_nobody_in(
    visitor: Page, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, trouble: str
):
    with provider_running(tmp_path_factory.mktemp("provider"), [ANNA]) as provider:
        changed = {
            "gone": {"METADATA_URL": f"http://127.0.0.1:{free_port()}/.well-known/openid-configuration"},
            "no provider": {"METADATA_URL": f"{provider.address}/about"},
            "no secret": {"CLIENT_SECRET": "not the secret"},
        }[trouble]
        with app_running(provider.app_port, tmp_path / "log.txt", environment=provider.variables(**changed)) as app:
            visitor.goto(f"{app}/waarde?gemeente=voorbeeld")
            heading(visitor, SIGN_IN)
            visitor.get_by_role("button", name="Aanmelden").click()
            if trouble == "no secret":
                at_the_provider(visitor, ANNA.user_name, ANNA.password)
                expect(visitor.get_by_text("Aanmelden is niet gelukt.")).to_be_visible()
            else:
                expect(visitor.get_by_text("De dienst waarmee u zich aanmeldt, antwoordt niet.")).to_be_visible()
            heading(visitor, SIGN_IN)
            assert user_cookie(visitor.context) == ""


def test_variables_without_the_door_that_reads_them_let_nobody_in(visitor: Page, provider: Provider, tmp_path: Path):
    with app_running(free_port(), tmp_path / "log.txt", environment=provider.variables(), door="app.py") as app:
        visitor.goto(app)
        heading(visitor, "Buurtwaarde is nu dicht")
        expect(visitor.get_by_text("Start het programma dan met asgi.py.")).to_be_visible()


def test_a_header_that_says_who_one_is_is_not_believed(visitor: Page, provider: Provider, tmp_path: Path):
    options = '--server.trustedUserHeaders={"X-User":"sub"}'
    environment = provider.variables()
    with app_running(free_port(), tmp_path / "log.txt", options, environment=environment) as app:
        visitor.goto(app)
        heading(visitor, "Buurtwaarde is nu dicht")


def test_without_sign_in_only_this_machine_comes_in(browser: Browser, server: str, tmp_path: Path):
    with visiting(browser) as page:
        page.goto(server)
        heading(page, "Wat is het de buurt waard?")
        expect(page.get_by_test_id("stPopoverButton").filter(has_text="gebruiker")).to_have_count(0)
    # Through a proxy somebody else may sit behind the screen.
    context = browser.new_context(extra_http_headers={"X-Forwarded-For": "192.0.2.7"})
    page = context.new_page()
    page.goto(f"{server}/waarde?gemeente=voorbeeld")
    heading(page, "Buurtwaarde is nu dicht")
    context.close()
    with (
        app_running(free_port(), tmp_path / "log.txt", "--server.address=0.0.0.0") as open_to_all,
        visiting(browser) as page,
    ):
        page.goto(open_to_all)
        heading(page, "Buurtwaarde is nu dicht")


def test_a_name_that_was_made_to_point_here_opens_nothing(browser: Browser, server: str, chromium: str):
    """A page elsewhere can have its own name lead to this machine (DNS rebinding); then the name is wrong."""
    flags = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP elsewhere.example 127.0.0.1"]
    rebound = browser.browser_type.launch(executable_path=chromium, args=flags)
    page = rebound.new_page()
    page.goto(server.replace("127.0.0.1", "elsewhere.example"))
    heading(page, "Buurtwaarde is nu dicht")
    rebound.close()
