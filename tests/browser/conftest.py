"""The real server and a real browser, for what only a browser shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.programs import app_running, free_port

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app as users get it, on a free port of this machine; its address."""
    folder = tmp_path_factory.mktemp("server")
    own_register = {"DATABASE_URL": f"sqlite:///{folder}/register.db"}
    with app_running(free_port(), folder / "log.txt", environment=own_register) as address:
        yield address


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for all journeys."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh visitor with an English browser, which must not decide how a Dutch page writes its figures.

    Afterwards: nothing was asked of another server, and no script in the page failed.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(20_000)
    elsewhere: list[str] = []
    failures: list[str] = []
    page.on("request", lambda request: _note_if_elsewhere(request.url, elsewhere))
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    context.close()
    assert elsewhere == []
    assert failures == []


@pytest.fixture(autouse=True)
def patience() -> None:
    """Wait long before something counts as missing: browser, servers and provider share a small machine."""
    expect.set_options(timeout=30_000)


def _note_if_elsewhere(url: str, elsewhere: list[str]) -> None:
    if url.startswith("http") and not url.startswith("http://127.0.0.1:"):
        elsewhere.append(url)
