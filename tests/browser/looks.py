"""How a page looks: whether it fits, in every width, and what axe finds in it, in light and in dark.

A page is opened once and then looked at in every way: it follows the window and the preference of the system by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 24, 31)"}
WIDTHS = (1440, 820, 360)
TOO_WIDE = """async (patience) => {
  const main = document.querySelector('[data-testid="stMain"]');
  const until = performance.now() + patience;
  let pixels;
  do {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    pixels = main.scrollWidth - main.clientWidth;
  } while (pixels && performance.now() < until);
  return pixels;
}"""
SOON = 3_000
"""Milliseconds within which charts have followed the window."""


def violations(page: Page) -> list[str]:
    """What axe finds serious or critical, with the elements."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
    return [
        f"{violation['id']}: {[node['html'][:200] for node in violation['nodes'][:3]]}"
        for violation in found
        if violation["impact"] in {"serious", "critical"}
    ]


def in_both_schemes(page: Page) -> Iterator[str]:
    """Light, and then dark; the page has turned when this says so."""
    for scheme, background in BACKGROUNDS.items():
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", background)
        yield scheme


def violations_in_both_schemes(page: Page) -> dict[str, list[str]]:
    """What axe finds, by scheme; only the schemes in which it finds something."""
    found = {scheme: violations(page) for scheme in in_both_schemes(page)}
    return {scheme: each for scheme, each in found.items() if each}


def sticks_out(page: Page, widths: Sequence[int] = WIDTHS) -> dict[int, int]:
    """By how many pixels the page is wider than the window; only the widths in which it is."""
    found = {}
    for width in widths:
        page.set_viewport_size({"width": width, "height": 1200})
        found[width] = page.evaluate(TOO_WIDE, SOON)
    return {width: pixels for width, pixels in found.items() if pixels}
