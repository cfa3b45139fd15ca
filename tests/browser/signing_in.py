"""People who sign in: the real provider, the app that trusts it, and the steps in a browser."""

from __future__ import annotations

import json
import re
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.programs import ROOT, free_port, program_running


@dataclass(frozen=True)
class Person:
    """Somebody at the provider: the groups are the provider's own names for roles."""

    user_name: str
    name: str
    groups: tuple[str, ...] = ()
    organisation: str = "Bovenland"
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))


@dataclass(frozen=True)
class Provider:
    """The provider and the app that may send people to it."""

    address: str
    app_port: int
    client_id: str
    client_secret: str
    scheme: str = "http"

    @property
    def app(self) -> str:
        """Where the app is."""
        return f"{self.scheme}://127.0.0.1:{self.app_port}"

    def variables(self, **changed: str | None) -> dict[str, str]:
        """The environment that switches sign-in on; `None` leaves a setting out."""
        given = {
            "METADATA_URL": f"{self.address}/.well-known/openid-configuration",
            "CLIENT_ID": self.client_id,
            "CLIENT_SECRET": self.client_secret,
            "REDIRECT_URI": f"{self.app}/oauth2callback",
            "COOKIE_SECRET": secrets.token_hex(32),
            "SCOPE": "openid profile email groups",
            "ORGANISATION_CLAIM": "locale",
            "ROLES_CLAIM": "groups",
            "ROLE_COUNCIL": "raad",
            "ROLE_FINANCE": "financien",
            "ROLE_INITIATIVE": "initiatieven",
            "ROLE_ADMINISTRATOR": "beheer",
            **changed,
        }
        return {f"BUURTWAARDE_SIGN_IN_{name}": value for name, value in given.items() if value is not None}

    def file(self) -> str:
        """The same settings as a file of secrets, with the names that this provider uses."""
        given = {name.removeprefix("BUURTWAARDE_SIGN_IN_"): value for name, value in self.variables().items()}
        return (
            "[auth]\n"
            f"server_metadata_url = '{given['METADATA_URL']}'\n"
            f"client_id = '{given['CLIENT_ID']}'\n"
            f"client_secret = '{given['CLIENT_SECRET']}'\n"
            f"redirect_uri = '{given['REDIRECT_URI']}'\n"
            f"cookie_secret = '{given['COOKIE_SECRET']}'\n"
            f"client_kwargs = {{ scope = '{given['SCOPE']}' }}\n"
            "[sign_in]\n"
            "organisation_claim = 'locale'\n"
            "roles_claim = 'groups'\n"
            "session_minutes = 60\n"
            "[sign_in.role_names]\n"
            "council = ['raad', 'griffie']\n"
            "finance = ['financien']\n"
        )


@contextmanager
def provider_running(folder: Path, people: Sequence[Person], scheme: str = "http") -> Iterator[Provider]:
    """A provider with these people, and a free port for the app that trusts it."""
    port = free_port()
    found = Provider(f"http://127.0.0.1:{port}", free_port(), "buurtwaarde", secrets.token_urlsafe(24), scheme)
    client = {
        "client_id": found.client_id,
        "client_secret": found.client_secret,
        "redirect_uri": f"{found.app}/oauth2callback",
    }
    described = folder / "people.json"
    described.write_text(json.dumps({"client": client, "people": [asdict(person) for person in people]}), "utf-8")
    command = [sys.executable, str(ROOT / "tests" / "oidc_provider.py"), str(port), str(described)]
    with program_running(command, port, folder / "provider.txt"):
        yield found


@contextmanager
def visiting(browser: Browser) -> Iterator[Page]:
    """A browser of one's own, without anybody's cookies; afterwards no script in it failed."""
    # A certificate that a test made for itself is nobody's but its own.
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="nl-NL", ignore_https_errors=True)
    page = context.new_page()
    page.set_default_timeout(20_000)
    failures: list[str] = []
    elsewhere: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("request", lambda request: elsewhere.append(request.url) if _is_elsewhere(request.url) else None)
    try:
        yield page
    finally:
        context.close()
    assert failures == []
    assert elsewhere == []


def _is_elsewhere(url: str) -> bool:
    return url.startswith("http") and re.match("https?://127.0.0.1:", url) is None


def sign_in(page: Page, address: str, person: Person) -> None:
    """Go to an address of the app and sign in on the way, in Dutch or in English."""
    page.goto(address)
    page.get_by_role("button", name=re.compile("^.*(Aanmelden|Sign in)$")).click()
    at_the_provider(page, person.user_name, person.password)
    expect(page.get_by_test_id("stPopoverButton").filter(has_text=person.name)).to_be_visible()


def at_the_provider(page: Page, user_name: str, password: str) -> None:
    """Fill the provider's own forms: the name, and on its next page the password, where it does not know one yet."""
    page.locator("input[name=login]").fill(user_name)
    page.locator("button[type=submit]").first.click()
    asked = page.locator("input[name=password]")
    expect(asked.or_(page.get_by_test_id("stApp"))).to_be_visible()
    if asked.is_visible():
        asked.fill(password)
        page.locator("button[type=submit]").first.click()


def who(page: Page, person: Person) -> str:
    """What the bar says of whoever is signed in."""
    page.get_by_test_id("stPopoverButton").filter(has_text=person.name).click()
    text = page.get_by_test_id("stPopoverBody").inner_text()
    page.keyboard.press("Escape")
    return re.sub(r"\s+", " ", text)


def sign_out(page: Page, person: Person) -> None:
    """Use the button in the bar."""
    page.get_by_test_id("stPopoverButton").filter(has_text=person.name).click()
    page.get_by_role("button", name="Afmelden").click()


def user_cookie(context: BrowserContext) -> str:
    """The signed cookie that says who this browser's user is; empty where there is none."""
    return next((each["value"] for each in context.cookies() if each["name"] == "_streamlit_user"), "")
