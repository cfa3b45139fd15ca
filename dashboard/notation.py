"""How amounts, shares, numbers and dates are written, in the app's own language.

Never the browser's language: a Dutch page in an English browser still says € 1.234,56. How each is written stands in
`exports.notation`, so that documents say the same.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

import pandas as pd
from babel import dates, numbers

from dashboard.wording import language
from exports.notation import LOCALES, MISSING, Notation

__all__ = ["MISSING"]

NOTATIONS = {spoken: Notation(spoken) for spoken in LOCALES}
CLOCK = dates.get_timezone("Europe/Amsterdam")
JOINER = "\u2060"
"""Not seen: keeps a sign and the euro sign after it on one line. A browser breaks the English −€45,000 after −."""


def locale() -> str:
    """Babel's name of the session's language."""
    return LOCALES[language()]


def amount(value: float | None, decimals: int = 0) -> str:
    """Euros in full: € 1.234.567."""
    return _on_one_line(NOTATIONS[language()].amount(value, decimals))


def short_amount(value: float | None) -> str:
    """Euros in few digits, for charts and headlines: € 1,25 mln., € 450.000, € 75."""
    return _on_one_line(NOTATIONS[language()].short_amount(value))


def signed(value: float, write: Callable[[float], str] = amount) -> str:
    """What is added, with a plus, or taken off; `write` says in how many digits."""
    text = write(value)
    return f"+{JOINER}{text}" if text != MISSING and value > 0 else text


def about(value: float) -> str:
    """An amount as one says it: € 2,61 mln, € 813.000, € 9.250. The tables have it in full."""
    return _on_one_line(NOTATIONS[language()].about(value))


def _on_one_line(text: str) -> str:
    return text.replace("\u2212€", f"\u2212{JOINER}€")


def percent(share: float | None, decimals: int = 0) -> str:
    """A fraction as a percentage: 0.0225 with two decimals is 2,25%."""
    return NOTATIONS[language()].percent(share, decimals)


def number(value: float | None, decimals: int = 0) -> str:
    """A number with the language's separators; at most this many decimals, and no zeros at the end."""
    return NOTATIONS[language()].number(value, decimals)


def times(value: float | None) -> str:
    """A ratio such as a DSCR, always with two decimals, rounded down: 1,30."""
    return NOTATIONS[language()].ratio(value)


def year(value: float | None) -> str:
    """A year, without a separator: 2026."""
    return NOTATIONS[language()].year(value)


def date(value: datetime.date | None) -> str:
    """A day in words: 23 november 2026."""
    return NOTATIONS[language()].date(value)


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
    "times": times,
    "year": year,
}


def written(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """The frame with these columns as text; `columns` says how each is written (a key of `WRITERS`)."""
    texts = {name: [WRITERS[how](value) for value in frame[name]] for name, how in columns.items()}
    return frame.assign(**{name: pd.Series(text, index=frame.index, dtype="object") for name, text in texts.items()})


def separators() -> str:
    """Decimal and thousands separator for plotly's `layout.separators`."""
    return numbers.get_decimal_symbol(locale()) + numbers.get_group_symbol(locale())
