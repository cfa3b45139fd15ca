"""The colours of the dashboard, worked out: readable for everyone, in both themes.

Contrast is WCAG 2.2's own formula. Colour blindness is simulated with the matrices of Machado, Oliveira and Fernandes
(2009, severity 1.0, on linear RGB), and colours are compared by their distance in CIE L*a*b*, in which about 2 is just
visible side by side.
"""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

CONFIG = tomllib.loads((Path(__file__).resolve().parent.parent / ".streamlit" / "config.toml").read_text("utf-8"))
THEMES = CONFIG["theme"]
BACKGROUNDS = ("backgroundColor", "secondaryBackgroundColor")

SIGHT = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
CLEARLY_DIFFERENT = 14
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])


def linear(colour: str) -> NDArray[np.float64]:
    """Red, green and blue as amounts of light, from `#RRGGBB`."""
    values = np.frombuffer(bytes.fromhex(colour[1:]), dtype=np.uint8) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(colour: str, other: str) -> float:
    """WCAG's contrast ratio, from 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted(float(TO_XYZ[1] @ linear(c)) for c in (colour, other))
    return (lighter + 0.05) / (darker + 0.05)


def as_seen(colour: str, sight: str) -> NDArray[np.float64]:
    """The colour's place in CIE L*a*b* for somebody who sees this way."""
    xyz = TO_XYZ @ np.clip(SIGHT[sight] @ linear(colour), 0, 1) / WHITE
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_the_formulas_know_the_textbook_values() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert as_seen("#FF0000", "usual") == pytest.approx([53.2, 80.1, 67.2], abs=0.1)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("background", BACKGROUNDS)
def test_text_and_drawing_stand_out(theme: str, background: str) -> None:
    colours = THEMES[theme]
    for name, least in {"textColor": 7, "linkColor": 4.5, "primaryColor": 4.5, "borderColor": 3}.items():
        assert contrast(colours[name], colours[background]) >= least, name
    for colour in colours["chartCategoricalColors"]:
        assert contrast(colour, colours[background]) >= 3, colour


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", SIGHT)
def test_chart_colours_stay_apart(theme: str, sight: str) -> None:
    for one, other in combinations(THEMES[theme]["chartCategoricalColors"], 2):
        distance = float(np.linalg.norm(as_seen(one, sight) - as_seen(other, sight)))
        assert distance >= CLEARLY_DIFFERENT, (one, other)


def test_colours_that_are_known_to_be_confused_are_seen() -> None:
    """The measure can fail: an orange that deuteranopes take for ochre, and light grey on white."""
    distance = np.linalg.norm(as_seen("#C65A08", "deuteranopia") - as_seen("#958612", "deuteranopia"))
    assert distance < CLEARLY_DIFFERENT
    assert contrast("#AAAAAA", "#FFFFFF") < 3


def test_the_dashboard_keeps_to_this_machine_and_to_itself() -> None:
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert "http" not in (Path(__file__).resolve().parent.parent / ".streamlit" / "config.toml").read_text("utf-8")
