"""An upload that breaks off halfway, over a line that is really cut: it is said, and nothing that was there is lost."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cut_line import line_to
from tests.browser.test_journeys import EXAMPLE

pytestmark = pytest.mark.browser
COMES_THROUGH = 300_000


def _files_without_a_name(server: str) -> list[str]:
    """Temporary files that the server holds; what is uploaded is in one until all of it is there."""
    port = f"--server.port\0{urlsplit(server).port}\0".encode()
    held = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it is over by now
            if port in (process / "cmdline").read_bytes():
                held += [target for file in (process / "fd").iterdir() if (target := _target(file))]
    assert held
    return [name for name in held if name.endswith("(deleted)")]


def _target(file: Path) -> str:
    """What an open file is; nothing where it was closed in the meantime."""
    with suppress(OSError):
        return str(file.readlink())
    return ""


def test_an_upload_that_is_cut_off_loses_nothing_and_the_next_one_works(page: Page, server: str, tmp_path: Path):
    own, large, next_one = (tmp_path / f"{name}.xlsx" for name in ("mijn gemeente", "groot", "nieuw"))
    for file in (own, next_one):
        shutil.copy(EXAMPLE, file)
    large.write_bytes(os.urandom(5_000_000))
    uploader, field = page.get_by_test_id("stFileUploader"), page.locator("input[type=file]")
    with line_to(server) as line:
        page.goto(f"{line.address}/gegevens")
        field.set_input_files(own)
        expect(page.get_by_role("heading", name="mijn gemeente.xlsx")).to_be_visible()
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        table = page.get_by_test_id("stDataFrame").first
        table.scroll_into_view_if_needed()
        table.click(position={"x": 200, "y": 55})
        page.keyboard.press("Delete")
        expect(page.get_by_role("button", name="Wijzigingen toepassen")).to_be_visible()

        line.cut_after = COMES_THROUGH
        field.set_input_files(large)
        expect(uploader).to_contain_text("De verbinding viel weg. Wat open was, is nog open. Kies het bestand opnieuw.")
        assert line.cuts
        box = uploader.get_by_role("alert").bounding_box()  # Streamlit says it to screen readers alone
        assert box is not None
        assert box["width"] > 100
        page.get_by_role("radio", name="en", exact=True).click()
        expect(uploader).to_contain_text("The connection was lost. What was open is still open.")
        expect(page.get_by_role("heading", name="mijn gemeente.xlsx")).to_be_visible()
        expect(page.get_by_role("button", name="Apply the changes")).to_be_visible()

        line.cut_after = None
        field.set_input_files(next_one)
        expect(page.get_by_role("heading", name="nieuw.xlsx")).to_be_visible()
    deadline = time.monotonic() + 10
    while (left := _files_without_a_name(server)) and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    assert left == []
