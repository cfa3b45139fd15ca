"""Two organisations in one process: nothing of the one reaches the other, whatever is opened, kept or downloaded."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.programs import app_running
from tests.browser.signing_in import Person, provider_running, sign_in, visiting

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("patience")]
EXAMPLE = Path(__file__).resolve().parent.parent.parent / "datasets" / "voorbeeldgemeente.xlsx"

FATIMA = Person("fatima", "Fatima Financien", ("financien",))
OTTO = Person("otto", "Otto Overkant", ("financien", "beheer"), organisation="Onderland")
MARK = "Zegelring"
"""Stands in Bovenland's workbook and nowhere else: in the municipality's name, an object and a file name."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """One app for both organisations, and its log."""
    folder = tmp_path_factory.mktemp("app")
    with provider_running(folder, [FATIMA, OTTO]) as provider:
        environment = provider.variables() | {"DATABASE_URL": f"sqlite:///{folder / 'register.db'}"}
        with app_running(provider.app_port, folder / "log.txt", environment=environment) as address:
            yield address, folder / "log.txt"


def sealed_workbook(folder: Path) -> Path:
    """Bovenland's own workbook."""
    book = openpyxl.load_workbook(EXAMPLE)
    book["Uitgangspunten"]["B2"] = f"{MARK}-stad"
    book["Objecten"]["B2"] = f"{MARK}-huis"
    path = folder / f"{MARK}.xlsx"
    book.save(path)
    return path


def everything_received(page: Page) -> list[bytes]:
    """What the server sends this browser: messages, pages and files."""
    got: list[bytes] = []

    def keep(payload: str | bytes) -> None:
        got.append(payload.encode() if isinstance(payload, str) else payload)

    page.on("websocket", lambda socket: socket.on("framereceived", keep))
    return got


def texts_of(file: bytes) -> bytes:
    """The contents of a file, those of an archive unpacked."""
    if not zipfile.is_zipfile(io.BytesIO(file)):
        return file
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def pages_of(page: Page, address: str) -> None:
    """Open every page of the menu, so that each has computed its own."""
    for name in ("gegevens", "waarde", "scenarios", "initiatieven", "verantwoording"):
        page.goto(f"{address}/{name}?gemeente=eigen")
        expect(page.get_by_role("heading", level=1)).to_have_count(1)


def menu(page: Page, name: str) -> None:
    """To another page of the same session."""
    link = page.get_by_test_id("stTopNavLink").filter(has_text=name)
    link.click()


def test_nothing_of_one_organisation_reaches_the_other(browser: Browser, running: tuple[str, Path], tmp_path: Path):
    app, log = running
    with visiting(browser) as hers, visiting(browser) as his:
        seen_by_her, seen_by_him = everything_received(hers), everything_received(his)
        sign_in(hers, app, FATIMA)
        sign_in(his, app, OTTO)
        hers.locator("input[type=file]").set_input_files(sealed_workbook(tmp_path))
        expect(hers.get_by_text(f"{MARK}-stad").first).to_be_visible()
        # Both walk through the same pages in turn, so that whatever is kept in between is asked for by both.
        for name, heading in (
            ("Waarde", "Wat is het waard?"),
            ("Gegevens", "Uw gegevens"),
            ("Start", "Wat is het de buurt waard?"),
        ):
            for page in (hers, his):
                menu(page, name)
                expect(page.get_by_role("heading", level=1)).to_have_text([heading])
        menu(hers, "Waarde")
        expect(hers).to_have_url(re.compile("gemeente=eigen"))
        shared = hers.url
        # A link of hers shows him that it is somebody's own, and none of it.
        his.goto(shared)
        expect(his.get_by_text("Nog geen gegevens geopend").first).to_be_visible()
        menu(hers, "Gegevens")
        with hers.expect_download() as download:
            hers.get_by_role("button", name="Werkmap downloaden zoals hij nu is").click()
        assert MARK.encode() in texts_of(Path(download.value.path()).read_bytes())
        his.goto(f"{app}/gegevens?gemeente=voorbeeld")
        with his.expect_download() as download:
            his.get_by_role("button", name="Werkmap downloaden zoals hij nu is").click()
        assert MARK.encode() not in texts_of(Path(download.value.path()).read_bytes())
        pages_of(his, app)
    assert any(MARK.encode() in message for message in seen_by_her)
    assert len(seen_by_him) > 20
    assert not any(MARK.encode() in message for message in seen_by_him)
    assert MARK not in log.read_text(encoding="utf-8")


RESUME = """
([number, wanted]) => new Promise((done) => {
    // Streamlit's own page hands the number over as the third sub-protocol, beside the token against forgery.
    const token = document.cookie.match(/_streamlit_xsrf=([^;]+)/)[1].replaceAll('"', "");
    const socket = new WebSocket("ws://" + location.host + "/_stcore/stream", ["streamlit", token, number]);
    socket.binaryType = "arraybuffer";
    let text = "";
    socket.onmessage = (message) => {
        text += new TextDecoder().decode(message.data);
        if (wanted.some((word) => text.includes(word))) { socket.close(); done(text); }
    };
    socket.onopen = () => socket.send(new Uint8Array([90, 0]));
    socket.onclose = () => done(text);
})
"""
"""Take up the session with this number, ask for its page, and give what comes until one of the words is in it. The two
bytes are Streamlit's message "run", without anything more."""


def test_a_session_of_another_cannot_be_taken_over(browser: Browser, running: tuple[str, Path], tmp_path: Path):
    """Somebody who learns the number of another's session, from a log or over a shoulder, gets one of their own."""
    app, _ = running
    with visiting(browser) as hers, visiting(browser) as his:
        numbers: list[str] = []
        pattern = re.compile(r"/_stcore/upload_file/([0-9a-f-]{36})/")
        hers.on("request", lambda request: numbers.extend(pattern.findall(request.url)))
        sign_in(hers, app, FATIMA)
        hers.locator("input[type=file]").set_input_files(sealed_workbook(tmp_path))
        expect(hers.get_by_text(f"{MARK}-stad").first).to_be_visible()
        sign_in(his, app, OTTO)
        words = ["Voorbeeldstad", MARK]
        his_answer = his.evaluate(RESUME, [numbers[0], words])
        assert "Voorbeeldstad" in his_answer
        assert MARK not in his_answer
        # In a window of her own the same number does give her session: it is the person that decides.
        other_window = hers.context.new_page()
        other_window.goto(f"{app}/oauth2callback-is-not-this")
        assert MARK in other_window.evaluate(RESUME, [numbers[0], words])
