"""Takes the pictures of every page: `make screenshots`. Starts the app itself, on a free port of this machine."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
WIDTHS = (1440, 820)
TALLEST = 6000
# Name of the picture, address, language, widths, colours.
PICTURES = (
    ("start", "", "nl", WIDTHS, "light"),
    ("gegevens", "gegevens", "nl", WIDTHS, "light"),
    ("register", "register", "nl", WIDTHS, "light"),
    ("waarde", "waarde", "nl", WIDTHS, "light"),
    ("scenarios", "scenarios", "nl", WIDTHS, "light"),
    ("initiatieven", "initiatieven", "nl", WIDTHS, "light"),
    ("businesscase", "businesscase", "nl", WIDTHS, "light"),
    ("businesscase-uitkomst", "businesscase", "nl", WIDTHS, "light"),
    ("businesscase-en", "businesscase", "en", (1440,), "light"),
    ("portefeuille", "portefeuille", "nl", WIDTHS, "light"),
    ("verantwoording", "verantwoording", "nl", WIDTHS, "light"),
    ("kader", "kader", "nl", WIDTHS, "light"),
    ("dossier", "dossier", "nl", WIDTHS, "light"),
    ("start-en", "", "en", (1440,), "light"),
    ("waarde-en", "waarde", "en", (1440,), "light"),
    ("waarde-donker", "waarde", "nl", (1440,), "dark"),
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@contextmanager
def server() -> Iterator[str]:
    """The app, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "asgi.py", "--server.port", str(port)]
    # What a picture keeps goes with it, and not into the register of whoever takes it.
    folder = tempfile.TemporaryDirectory()
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder.name}/register.db"}
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, env=environment)
    try:
        for _attempt in range(600):
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
        folder.cleanup()


def settle(page: Page) -> None:
    """Wait until everything is drawn."""
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=30_000)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=30_000)
    for chart in page.get_by_test_id("stPlotlyChart").all():
        expect(chart.locator(".main-svg").first).to_be_attached(timeout=30_000)


def _open_plan(page: Page) -> None:
    """The first question of an empty plan."""
    page.get_by_role("button", name=re.compile("leeg plan|empty plan")).click()
    expect(page.get_by_role("heading", level=2)).to_be_visible(timeout=30_000)


def _open_outcome(page: Page) -> None:
    """The outcome of the first initiative of the example."""
    page.get_by_role("button", name=re.compile("Bekijk de uitkomst|See the outcome")).click()
    expect(page.get_by_role("tab").first).to_be_visible(timeout=30_000)


# What has to be pressed before the picture is taken.
FIRST = {"businesscase": _open_plan, "businesscase-en": _open_plan, "businesscase-uitkomst": _open_outcome}


def take(browser: Browser, address: str, width: int, scheme: str, path: Path) -> None:
    """One picture, as high as the page is."""
    context = browser.new_context(viewport={"width": width, "height": 1000}, color_scheme=scheme, locale="nl-NL")
    page = context.new_page()
    page.goto(address)
    settle(page)
    if (press := FIRST.get(path.stem.removesuffix(f"-{width}"))) is not None:
        press(page)
        settle(page)
    height = page.get_by_test_id("stMain").evaluate("element => element.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(TALLEST, max(700, height))})
    settle(page)
    page.screenshot(path=path, animations="disabled")
    context.close()
    # Few colours stand on a page; a palette makes the file a third.
    with Image.open(path) as picture:
        smaller = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    smaller.save(path, optimize=True)
    print(path.relative_to(ROOT))


def main() -> None:
    """Take the pictures whose name contains the word on the command line, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="?", default="", help="take only the pictures with this in their name")
    only = parser.parse_args().only
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is not installed: see tests/system-packages")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for name, page, language, widths, scheme in PICTURES:
            for width in widths if only in name else ():
                url = f"{address}/{page}?gemeente=voorbeeld" + ("&taal=en" if language == "en" else "")
                take(browser, url, width, scheme, FOLDER / f"{name}-{width}.png")
        browser.close()


if __name__ == "__main__":
    main()
