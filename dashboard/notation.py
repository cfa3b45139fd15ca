"""How amounts, shares, numbers and dates are written, in the app's own language.

Never the browser's language: a Dutch page in an English browser still says € 1.234,56.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

import pandas as pd
from babel import dates, numbers

from dashboard.wording import language

LOCALES = {"nl": "nl_NL", "en": "en_GB"}
SHORT_WORDS = {
    "nl_NL": {1e6: "\u00a0mln.", 1e9: "\u00a0mld."},
    "en_GB": {1e6: "\u00a0m", 1e9: "\u00a0bn"},
}
CLOCK = dates.get_timezone("Europe/Amsterdam")
MISSING = "–"
"""What stands for a value that is not known. Unknown is not zero."""


def locale() -> str:
    """Babel's name of the session's language."""
    return LOCALES[language()]


def amount(value: float | None, decimals: int = 0) -> str:
    """Euros in full: € 1.234.567."""
    return MISSING if _unknown(value) else _amount(float(value), decimals, locale())


def short_amount(value: float | None) -> str:
    """Euros in few digits, for charts and headlines: € 1,25 mln., € 450.000, € 75."""
    if _unknown(value):
        return MISSING
    return _short_amount(float(value), locale()) if abs(value) >= 1_000_000 else _amount(float(value), 0, locale())


def percent(share: float | None, decimals: int = 0) -> str:
    """A fraction as a percentage: 0.0225 with two decimals is 2,25%."""
    return MISSING if _unknown(share) else _percent(float(share), decimals, locale())


def number(value: float | None, decimals: int = 0) -> str:
    """A number with the language's separators; at most this many decimals, and no zeros at the end."""
    return MISSING if _unknown(value) else _number(float(value), decimals, locale())


def year(value: float | None) -> str:
    """A year, without a separator: 2026."""
    return MISSING if _unknown(value) else f"{int(value)}"


def date(value: datetime.date | None) -> str:
    """A day in words: 23 november 2026."""
    return MISSING if value is None else dates.format_date(value, "long", locale=locale())


def moment(value: datetime.datetime | None) -> str:
    """A moment in words, by the clock in the Netherlands: 23 november 2026 om 14:03."""
    if value is None:
        return MISSING
    at = {"nl": "'om'", "en": "'at'"}[language()]
    return dates.format_datetime(value, f"d MMMM y {at} HH:mm", tzinfo=CLOCK, locale=locale())


WRITERS = {
    "amount": amount,
    "amount_cents": lambda value: amount(value, 2),
    "short_amount": short_amount,
    "percent": percent,
    "percent_2": lambda value: percent(value, 2),
    "number": number,
    "number_2": lambda value: number(value, 2),
    "year": year,
}


def written(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """The frame with these columns as text; `columns` says how each is written (a key of `WRITERS`)."""
    texts = {name: [WRITERS[how](value) for value in frame[name]] for name, how in columns.items()}
    return frame.assign(**{name: pd.Series(text, index=frame.index, dtype="object") for name, text in texts.items()})


def separators() -> str:
    """Decimal and thousands separator for plotly's `layout.separators`."""
    return numbers.get_decimal_symbol(locale()) + numbers.get_group_symbol(locale())


def _unknown(value: Any) -> bool:
    return value is None or value is pd.NA or math.isnan(value)


@lru_cache(maxsize=50_000)
def _amount(value: float, decimals: int, chosen: str) -> str:
    # Babel's own pattern of the language, with as many decimals as asked for; -0 euros is 0 euros.
    rounded = half_up(value, decimals)
    pattern = numbers.parse_pattern(babel_pattern(chosen))
    pattern.frac_prec = (decimals, decimals)
    return pattern.apply(rounded, chosen, currency="EUR", currency_digits=False).replace("-", "\u2212")


@lru_cache(maxsize=8)
def babel_pattern(chosen: str) -> str:
    """The language's pattern for euros, such as `¤ #,##0.00;¤ -#,##0.00`."""
    return numbers.Locale.parse(chosen).currency_formats["standard"].pattern


def _short_amount(value: float, chosen: str) -> str:
    # Babel's compact form puts the sign elsewhere than its full form, and drops a decimal of zero.
    words = SHORT_WORDS[chosen]
    scale = 1e9 if abs(value) >= 1e9 else 1e6
    return _amount(value / scale, 2 if abs(value) < 10 * scale else 1, chosen) + words[scale]


def half_up(value: float, decimals: int) -> float:
    """Rounded as people and spreadsheets do: 0.5 away from zero. Python's own `round` makes 834000 of 834500."""
    step = Decimal(1).scaleb(-decimals)
    return float(Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP)) + 0.0


@lru_cache(maxsize=50_000)
def _percent(share: float, decimals: int, chosen: str) -> str:
    pattern = "#,##0." + "0" * decimals + "%" if decimals else "#,##0%"
    return numbers.format_percent(half_up(share, decimals + 2), format=pattern, locale=chosen).replace("-", "\u2212")


@lru_cache(maxsize=50_000)
def _number(value: float, decimals: int, chosen: str) -> str:
    pattern = "#,##0." + "#" * decimals if decimals else "#,##0"
    return numbers.format_decimal(half_up(value, decimals), format=pattern, locale=chosen).replace("-", "\u2212")
