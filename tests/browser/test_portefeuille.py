"""The page Portfolio in a browser: outlines and ticks that stay, and a map that asks nothing of another server."""

from __future__ import annotations

import io
import json
import struct
import threading
import zipfile
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import FLAGS
from tests.browser.programs import app_running, free_port
from tests.browser.test_accessibility import violations

pytestmark = pytest.mark.browser
SOFTWARE_3D = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def area(name: str, east: float) -> dict[str, object]:
    ring = [[5.2 + east, 52.5], [5.24 + east, 52.5], [5.24 + east, 52.6], [5.2 + east, 52.6], [5.2 + east, 52.5]]
    return {
        "type": "Feature",
        "properties": {"naam": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_outlines_and_the_map_are_there_for_keyboard_and_reader(page: Page, server: str, tmp_path: Path) -> None:
    good, rd = tmp_path / "buurten.geojson", tmp_path / "rd.geojson"
    good.write_text(json.dumps({"type": "FeatureCollection", "features": [area("Molenwijk", 0.0), area("Oost", 0.04)]}))
    rd.write_text(good.read_text().replace("52.", "463000."))
    page.goto(f"{server}/portefeuille?gemeente=voorbeeld")
    open_tab(page, "Op de kaart")
    # What the map shows is said, and each object can be read in the table.
    expect(page.get_by_role("figure", name="Kaart met 19 objecten, 7 buurten").first).to_be_visible()
    page.get_by_text("Omtrekken van buurten (GeoJSON)").click()
    upload = page.locator("input[type=file]")
    upload.set_input_files(good)
    expect(page.get_by_text("buurten.geojson, 2 gebieden")).to_be_visible()
    expect(page.get_by_text("Zonder omtrek: Lindenbuurt")).to_be_visible()
    # The field that had the file makes way for an empty one.
    expect(upload).to_have_count(1)
    upload.set_input_files(rd)
    expect(page.get_by_text("EPSG:4326")).to_be_visible()
    page.get_by_text("De cijfers bij deze grafiek").first.click()
    expect(page.get_by_role("table").get_by_text("Watertoren").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Waarde", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name="Portefeuille").click()
    expect(page.get_by_role("figure", name="Kaart met 19 objecten, 2 buurten").first).to_be_visible()


def test_a_tick_by_keyboard_counts_and_stays(page: Page, server: str) -> None:
    page.goto(f"{server}/portefeuille?gemeente=voorbeeld")
    open_tab(page, "Wat past")
    page.get_by_text("Zelf kiezen: wat er zeker in zit, en wat niet").click()
    grid = page.get_by_test_id("stDataFrame").first
    expect(grid).to_be_visible()
    # The first row is the community centre, its second column "Out".
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 20, box["y"] + 52)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_text("Eruit door uw eigen keuze: Buurthuis De Linde.")).to_be_visible()
    open_tab(page, "Per buurt")
    expect(page.get_by_role("listitem").filter(has_text="Achterhout").first).to_be_visible()
    page.get_by_text("Gebouwen per m²", exact=True).click()
    expect(page.get_by_role("img", name="Villa Parkzicht")).to_be_visible()
    assert violations(page) == []
    open_tab(page, "Wat past")
    expect(page.get_by_text("Eruit door uw eigen keuze: Buurthuis De Linde.")).to_be_visible()
    assert violations(page) == []


def test_the_whole_portfolio_can_be_taken_along(page: Page, server: str) -> None:
    page.goto(f"{server}/portefeuille?gemeente=voorbeeld")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download de portefeuille (Excel)").click()
    assert saved.value.suggested_filename == "buurtwaarde-portefeuille.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(saved.value.path().read_bytes()))
    assert book.sheetnames == ["Objecten", "Programma", "Buurten", "Jaren", "Toelichting"]
    assert book["Objecten"].max_row == 20
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download de portefeuille (CSV, gezipt)").click()
    with zipfile.ZipFile(saved.value.path()) as archive:
        assert archive.namelist() == [f"{name}.csv" for name in book.sheetnames]


def grey_picture() -> bytes:
    """A tile: a grey square as PNG."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = (b"\0" + b"\xcc" * 256) * 256
    header = struct.pack(">IIBBBBB", 256, 256, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture
def tile_server() -> Iterator[tuple[str, list[str]]]:
    """A server of map pictures, and what was asked of it."""
    asked: list[str] = []
    picture = grey_picture()

    class Tiles(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(picture)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_with_a_tile_server_that_one_is_asked_and_named_and_no_other(
    browser: Browser, chromium: str, tmp_path: Path, tile_server: tuple[str, list[str]]
) -> None:
    tiles, asked = tile_server
    settings = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/register.db",
        "BUURTWAARDE_TILES_URL": tiles + "/{z}/{x}/{y}.png",
        "BUURTWAARDE_TILES_ATTRIBUTION": "© Kaartmaker",
    }
    with app_running(free_port(), tmp_path / "log.txt", environment=settings) as address:
        hosts, failures = look_at_map(browser, chromium, address)
    assert hosts == {address, tiles}
    assert failures == []
    assert asked
    assert all(path.count("/") == 3 for path in asked)


def look_at_map(browser: Browser, chromium: str, address: str) -> tuple[set[str], list[str]]:
    """Which servers the page asked for anything, and which scripts failed."""
    # A map of tiles is drawn in three dimensions, for which this machine needs no graphics card.
    drawing = browser.browser_type.launch(executable_path=chromium, args=[*FLAGS, *SOFTWARE_3D])
    page = drawing.new_page(viewport={"width": 1280, "height": 1000})
    hosts: set[str] = set()
    failures: list[str] = []
    page.on(
        "request", lambda request: request.url.startswith("http") and hosts.add("/".join(request.url.split("/")[:3]))
    )
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"{address}/portefeuille?gemeente=voorbeeld")
    with page.expect_response(lambda response: response.url.endswith(".png") and response.status == 200):
        open_tab(page, "Op de kaart")
    # Once on the map itself, and once below it with the server that is asked.
    expect(page.locator(".maplibregl-ctrl-attrib").get_by_text("© Kaartmaker")).to_be_visible()
    expect(page.get_by_text("Uw browser haalt die op bij 127.0.0.1")).to_be_visible()
    page.get_by_text("Achtergrond", exact=True).click()
    expect(page.locator(".maplibregl-ctrl-attrib")).to_have_count(0)
    drawing.close()
    return hosts, failures
