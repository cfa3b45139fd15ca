"""Columns that look like personal data are refused here, so that they never reach the server itself.

Two kinds: citizen service numbers (BSN: nine digits that pass the eleven test), and names of people with dates of
birth. One nine-digit figure in eleven passes that test by chance, so it takes several different ones, nearly all
valid, or a header that says what they are. Nothing of the content is in the refusal, only where it stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from .columns import Sheet
from .limits import RefusedError

CELLS_LOOKED_AT = 5_000
"""Of each column, spread over its length."""
HEADER_ROWS = 40
ENOUGH_NUMBERS = 5
NEARLY_ALL = 0.9
ENOUGH_PEOPLE = 3
MOST = 0.5
OLDEST = 1900

WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
NINE_DIGITS = re.compile(r"(?<!\d)(?<!\d[.,])(?:\d{9}|\d{4}[. ]\d{2}[. ]\d{3}|\d{3}[. ]\d{3}[. ]\d{3})(?!\d|[.,]\d)")
SAYS_BSN = re.compile(r"\b(bsn|burgerservice\s?nummer|sofi\s?-?nummer|citizen service number)\b", re.IGNORECASE)
SAYS_BIRTH = re.compile(
    r"geboorte\s?-?(datum|dag|dt)|\bgeb\.?\s?-?(datum|dat\b|dd\b)|\bgeboren\b|date of birth|birth\s?date|\bdob\b",
    re.IGNORECASE,
)
SAYS_PERSON = re.compile(
    r"achternaam|voornaam|voorletters|roepnaam|tussenvoegsel|cli[eë]nt|bewoner|deelnemer|inwoner|contactpersoon|"
    r"vrijwilliger|first name|last name|surname|participant|resident|client",
    re.IGNORECASE,
)
SAYS_NAME = re.compile(r"\bnaam\b|\bname\b", re.IGNORECASE)
SAYS_OTHER_DATE = re.compile(
    r"gebruik|aanschaf|aankoop|bouw|oplever|taxatie|waarde|peil|boek|factuur|contract|huur|start|begin|eind|looptijd|"
    r"mutatie|wijzig|investering|service|purchase|acqui|built|valuation|lease|end\b",
    re.IGNORECASE,
)
LOOKS_LIKE_PERSON = re.compile(
    r"(?:(?:dhr|mevr|mw|hr|de heer|mevrouw|mr|mrs|ms)\.?\s+\S.*"  # mevr. De Vries
    r"|(?:[A-Z]\.\s?){1,5}(?:(?:van|de|der|den|ten|ter|te|el|la)\s+|\(\w+\)\s*)*[A-Z][\w'’-]+.*"  # J.A. van der Berg
    r"|[A-Z][\w'’-]+(?:\s[\w'’-]+)?,\s*(?:[A-Z]\.?\s?){1,5}(?:(?:van|de|der|den|ten|ter|te)\s*)*)"  # Berg, J.A. van der
)
FIRST_NAMES = frozenset(
    """
    jan piet kees henk willem johan hans peter paul mark tom tim bas daan sem lucas levi finn noah luuk jesse lars thijs
    maria anna johanna elisabeth wilhelmina ans els ria truus marieke sanne lisa emma julia mila tess sophie zoë sara
    nora eva lotte fleur anouk ingrid monique linda esther marja mohamed mohammed ahmed ali fatima yasmin hassan omar
    """.split()  # noqa: SIM905
)
TYPED_DATE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})|(\d{4})-(\d{2})-(\d{2})(?:T.*)?")


def refuse_personal_data(sheets: Sequence[Sheet]) -> None:
    """Refuse a file of which a sheet seems to hold personal data."""
    for sheet in sheets:
        columns = [_Column(position, sheet) for position in range(sheet.width)]
        for column in columns:
            if column.is_bsn():
                raise RefusedError("personal_bsn", sheet_name=sheet.name, letter=_letters(column.position + 1))
        births = [column for column in columns if column.is_birth_date()]
        people = [column for column in columns if column.is_person()]
        dates = [column for column in columns if column.is_dates()] if people else []
        pair = (births and [column for column in columns if column.is_name()]) or (people and dates)
        if pair:
            place = births[0] if births else people[0]
            raise RefusedError("personal_birth", sheet_name=sheet.name, letter=_letters(place.position + 1))


class _Column:
    """One column of a sheet: what may be its header, and a spread of its filled cells."""

    def __init__(self, position: int, sheet: Sheet) -> None:
        self.position = position
        top = sheet.cells(position, slice(HEADER_ROWS))
        step = max(1, sheet.height // CELLS_LOOKED_AT)
        looked_at = [*top, *sheet.cells(position, slice(HEADER_ROWS, None, step))]
        self.cells = [cell for cell in looked_at if cell is not None]
        self.texts = [cell for cell in self.cells if type(cell) is str]
        self.first = self.texts[0] if self.texts else ""
        self.header = " | ".join(cell for cell in top if type(cell) is str and len(cell) < 60)

    def is_bsn(self) -> bool:
        numbers = self._nine_digits()
        distinct = set(numbers)
        valid = [number for number in numbers if passes_eleven_test(number)]
        if SAYS_BSN.search(self.header) and valid:
            return True
        # Amounts are many things, but not nearly all valid; and a column of numbers is not only these by chance.
        return len(distinct) >= ENOUGH_NUMBERS and len(valid) >= NEARLY_ALL * len(numbers)

    def _nine_digits(self) -> list[str]:
        """The numbers of nine digits, a leading zero that a spreadsheet took away put back."""
        figures = (cell for cell in self.cells if type(cell) in {int, float} and 10_000_000 <= cell <= 999_999_999)
        typed = [f"{int(figure):09d}" for figure in figures if float(figure).is_integer()]
        written = [
            re.sub(r"\D", "", match[0]) for text in self._with_nine_digits() if (match := NINE_DIGITS.search(text))
        ]
        return typed + written

    def _with_nine_digits(self) -> list[str]:
        """The texts, if there are nine digits in one of them: most columns are passed at once."""
        return self.texts if NINE_DIGITS.search("\n".join(self.texts)) else []

    def is_birth_date(self) -> bool:
        return SAYS_BIRTH.search(self.header) is not None and any(_is_day(cell) for cell in self.cells)

    def is_dates(self) -> bool:
        if SAYS_OTHER_DATE.search(self.header):
            return False
        days = sum(map(_is_day, self.cells))
        return days >= ENOUGH_PEOPLE and days >= MOST * (len(self.cells) - 1)

    def is_name(self) -> bool:
        return bool(SAYS_PERSON.search(self.header) or SAYS_NAME.search(self.header)) or self.is_person()

    def is_person(self) -> bool:
        people = sum(count for text, count in Counter(self.texts).items() if _is_person(text))
        says = SAYS_PERSON.search(self.first) is not None  # a name such as "Bewonersgroep" further down says nothing
        return (people >= ENOUGH_PEOPLE and people >= MOST * (len(self.texts) - 1)) or (
            says and len(self.texts) > ENOUGH_PEOPLE
        )


def passes_eleven_test(digits: str) -> bool:
    """Whether nine digits can be a citizen service number."""
    weighted = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True))
    return weighted % 11 == 0 and digits.strip("0") != ""


def _is_day(cell: object) -> bool:
    """Whether the cell is a day in the lifetime of somebody."""
    if isinstance(cell, date):
        return cell.year >= OLDEST
    match = TYPED_DATE.fullmatch(cell.strip()) if type(cell) is str and len(cell) < 30 else None
    return match is not None and int(match[3] or match[4]) >= OLDEST


def _is_person(text: str) -> bool:
    plain = text.strip()
    if not 3 < len(plain) < 60:
        return False
    first, _, rest = plain.partition(" ")
    return LOOKS_LIKE_PERSON.fullmatch(plain) is not None or (bool(rest) and first.casefold() in FIRST_NAMES)


def _letters(number: int) -> str:
    letters = ""
    while number > 0:
        number, remainder = divmod(number - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return letters
