"""How amounts, shares, numbers and dates are written in a language: on the screen and in documents alike.

One place, so that a figure is rounded and written the same wherever somebody reads it.
"""

from __future__ import annotations

import datetime
import math
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

import pandas as pd
from babel import dates, numbers
from babel.core import Locale

LOCALES = {"nl": "nl_NL", "en": "en_GB"}
SHORT_WORDS = {
    "nl_NL": {1e6: "\u00a0mln.", 1e9: "\u00a0mld."},
    "en_GB": {1e6: "\u00a0m", 1e9: "\u00a0bn"},
}
MISSING = "–"
"""What stands for a value that is not known. Unknown is not zero."""
DIGITS = 15
"""Digits of a figure that mean something; what comes after them is how a computer writes fractions."""
ROUND_FROM = 10_000
"""[EUR] From here on an amount in a sentence is rounded to thousands."""


class Notation:
    """Writes figures in one language.

    Parameters
    ----------
    language : {"nl", "en"}
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = LOCALES[language]

    def amount(self, value: float | None, decimals: int = 0) -> str:
        """Euros in full: € 1.234.567."""
        return MISSING if unknown(value) else _amount(float(value), decimals, self.locale)  # type: ignore[arg-type]

    def short_amount(self, value: float | None) -> str:
        """Euros in few digits, for charts and headlines: € 1,25 mln., € 450.000, € 75."""
        if value is None or unknown(value):
            return MISSING
        return _short_amount(float(value), self.locale) if abs(value) >= 1_000_000 else self.amount(value)

    def about(self, value: float) -> str:
        """Euros as one says them: € 2,61 mln, € 813.000, € 9.250."""
        small = math.isnan(value) or abs(value) < ROUND_FROM
        return self.amount(value) if small else self.short_amount(half_up(value, -3)).removesuffix(".")

    def percent(self, share: float | None, decimals: int = 0) -> str:
        """A fraction as a percentage: 0.0225 with two decimals is 2,25%."""
        return MISSING if unknown(share) else _percent(float(share), decimals, self.locale)  # type: ignore[arg-type]

    def number(self, value: float | None, decimals: int = 0) -> str:
        """A number with the language's separators; at most this many decimals, and no zeros at the end."""
        return MISSING if unknown(value) else _number(float(value), decimals, self.locale)  # type: ignore[arg-type]

    def ratio(self, value: float | None, decimals: int = 2) -> str:
        """A ratio such as a DSCR, with zeros at the end. Rounded down: what misses a norm of 1,20 is never "1,20"."""
        return MISSING if unknown(value) else _ratio(float(value), decimals, self.locale)  # type: ignore[arg-type]

    def year(self, value: float | None) -> str:
        """A year, without a separator: 2026."""
        return MISSING if unknown(value) else f"{int(value)}"  # type: ignore[arg-type]

    def date(self, value: datetime.date | None) -> str:
        """A day in words: 23 november 2026."""
        return MISSING if value is None else dates.format_date(value, "long", locale=self.locale)


def unknown(value: Any) -> bool:
    """Whether there is no figure."""
    return value is None or value is pd.NA or math.isnan(value)


def half_up(value: float, decimals: int) -> float:
    """Rounded as people and spreadsheets do: 0.5 away from zero. Python's own `round` makes 834000 of 834500.

    Of fifteen digits, as a spreadsheet: 26,000 x 3.50 x 0.45 x 0.85 is 34,807.50 and not 34,807.499999999996.
    """
    return _rounded(value, decimals, ROUND_HALF_UP)


def _rounded(value: float, decimals: int, way: str) -> float:
    step = Decimal(1).scaleb(-decimals)
    return float(Decimal(f"{float(value):.{DIGITS}g}").quantize(step, way)) + 0.0


@lru_cache(maxsize=8)
def babel_pattern(locale: str) -> str:
    """The language's pattern for euros, such as `¤ #,##0.00;¤ -#,##0.00`."""
    return str(Locale.parse(locale).currency_formats["standard"].pattern)


@lru_cache(maxsize=50_000)
def _amount(value: float, decimals: int, locale: str) -> str:
    # Babel's own pattern of the language, with as many decimals as asked for; -0 euros is 0 euros.
    rounded = half_up(value, decimals)
    pattern = numbers.parse_pattern(babel_pattern(locale))
    pattern.frac_prec = (decimals, decimals)
    return str(pattern.apply(rounded, locale, currency="EUR", currency_digits=False)).replace("-", "\u2212")


def _short_amount(value: float, locale: str) -> str:
    # Babel's compact form puts the sign elsewhere than its full form, and drops a decimal of zero.
    words = SHORT_WORDS[locale]
    scale = 1e9 if abs(value) >= 1e9 else 1e6
    return _amount(value / scale, 2 if abs(value) < 10 * scale else 1, locale) + words[scale]


@lru_cache(maxsize=50_000)
def _percent(share: float, decimals: int, locale: str) -> str:
    pattern = "#,##0." + "0" * decimals + "%" if decimals else "#,##0%"
    return numbers.format_percent(half_up(share, decimals + 2), format=pattern, locale=locale).replace("-", "\u2212")


@lru_cache(maxsize=50_000)
def _number(value: float, decimals: int, locale: str) -> str:
    pattern = "#,##0." + "#" * decimals if decimals else "#,##0"
    return numbers.format_decimal(half_up(value, decimals), format=pattern, locale=locale).replace("-", "\u2212")


@lru_cache(maxsize=10_000)
def _ratio(value: float, decimals: int, locale: str) -> str:
    pattern = "#,##0." + "0" * decimals
    return numbers.format_decimal(_rounded(value, decimals, ROUND_FLOOR), format=pattern, locale=locale).replace(
        "-", "\u2212"
    )
