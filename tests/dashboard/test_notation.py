"""Figures are written in the app's language, whatever the browser speaks."""

from __future__ import annotations

import datetime
import math

import pandas as pd
import pytest

from dashboard.notation import (
    MISSING,
    about,
    amount,
    date,
    number,
    percent,
    separators,
    short_amount,
    signed,
    times,
    written,
    year,
)
from dashboard.wording import speaking

SPACE = "\u00a0"
MINUS = "\u2212"
JOINER = "\u2060"
"""Unicode's word joiner: between the two signs a browser may not end the line."""


@pytest.mark.parametrize(
    ("write", "value", "dutch", "english"),
    [
        (amount, 1234567.4, f"€{SPACE}1.234.567", "€1,234,567"),
        (amount, -45000, f"€{SPACE}{MINUS}45.000", f"{MINUS}{JOINER}€45,000"),
        (amount, -0.3, f"€{SPACE}0", "€0"),
        # 26,000 visits x 3.50 x 45% x 85% = 34,807.50, which a computer writes as 34807.49999999999 or 34807.5.
        (amount, 26_000 * 3.5 * (1 - 0.55) * (1 - 0.15), f"€{SPACE}34.808", "€34,808"),
        (lambda value: amount(value, 2), 2345.75, f"€{SPACE}2.345,75", "€2,345.75"),
        (short_amount, 1234567, f"€{SPACE}1,23{SPACE}mln.", f"€1.23{SPACE}m"),
        (short_amount, 450000, f"€{SPACE}450.000", "€450,000"),
        (short_amount, -2000000, f"€{SPACE}{MINUS}2,00{SPACE}mln.", f"{MINUS}{JOINER}€2.00{SPACE}m"),
        (about, -828400, f"€{SPACE}{MINUS}828.000", f"{MINUS}{JOINER}€828,000"),
        (signed, 895315, f"+{JOINER}€{SPACE}895.315", f"+{JOINER}€895,315"),
        (signed, -12000, f"€{SPACE}{MINUS}12.000", f"{MINUS}{JOINER}€12,000"),
        (signed, 0, f"€{SPACE}0", "€0"),
        (
            lambda value: signed(value, short_amount),
            1234567,
            f"+{JOINER}€{SPACE}1,23{SPACE}mln.",
            f"+{JOINER}€1.23{SPACE}m",
        ),
        (percent, 0.25, "25%", "25%"),
        (lambda value: percent(value, 2), 0.0225, "2,25%", "2.25%"),
        (number, 18500, "18.500", "18,500"),
        (lambda value: number(value, 2), 1234.5, "1.234,5", "1,234.5"),
        (times, 1.3, "1,30", "1.30"),
        (times, 1.2 - 1e-16, "1,20", "1.20"),
        (times, 1.199, "1,19", "1.19"),  # which a bank that asks 1,20 does not give
        (times, -0.001, f"{MINUS}0,01", f"{MINUS}0.01"),
        (year, 2026.0, "2026", "2026"),
        (date, datetime.date(2026, 11, 23), "23 november 2026", "23 November 2026"),
    ],
)
def test_notation_follows_the_language(write, value, dutch, english):
    with speaking("nl"):
        assert write(value) == dutch
    with speaking("en"):
        assert write(value) == english


@pytest.mark.parametrize("write", [amount, short_amount, signed, percent, number, times, year])
@pytest.mark.parametrize("value", [None, math.nan, pd.NA])
def test_unknown_is_not_zero(write, value):
    assert write(value) == MISSING


def test_charts_get_the_separators_of_the_language():
    with speaking("nl"):
        assert separators() == ",."
    with speaking("en"):
        assert separators() == ".,"


def test_a_table_is_written_without_touching_the_original():
    frame = pd.DataFrame({"wat": ["a", "b"], "euro": [1000.0, math.nan]})
    text = written(frame, {"euro": "amount"})
    assert list(text["euro"]) == [f"€{SPACE}1.000", MISSING]
    assert frame["euro"].iloc[0] == 1000.0
