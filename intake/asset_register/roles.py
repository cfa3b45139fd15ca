"""What a column of an asset register can hold, and the words by which it is recognised.

The roles stand here, the words in `datasets/register_synonyms.csv`: another municipality's word is a line there.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from intake.reference_data import FOLDER
from valuation.case import ASSETS
from valuation.reference import MissingFigureError

SYNONYMS = "register_synonyms.csv"
IGNORE = "ignore"
BOOK_VALUE = "book_value"
"""A book value of which the header does not say whether it opens or closes the year; only while suggesting."""
LABEL = "label"
"""A word such as `Object`, over numbers or names; only while suggesting."""
ADDRESS = "address"
"""Where an object stands: its name where there is no other; only while suggesting."""


@dataclass(frozen=True)
class Role:
    """What a column can hold.

    Parameters
    ----------
    key, nl, en : str
        Name in code, and in words.
    kind : {"amount", "figure", "text"}
        An amount of money, to which the scale applies; another figure; or text as it stands.
    in_assets : bool
        It fills the column of the same key in the sheet Objecten.
    sign : int
        How it moves the book value over the year: 1 adds, -1 subtracts, 0 does not.
    """

    key: str
    nl: str
    en: str
    kind: Literal["amount", "figure", "text"] = "amount"
    in_assets: bool = False
    sign: int = 0


MOVEMENTS = (
    Role("opening_book_value", "Boekwaarde begin van het jaar", "Book value at the start of the year"),
    Role("reclassification", "Herrubricering (+)", "Reclassification (+)", sign=1),
    Role("additions", "Vermeerdering of investering (+)", "Additions or investments (+)", sign=1),
    Role("disposals", "Verkoop of vermindering (−)", "Sales or disposals (−)", sign=-1),
    Role("contributions", "Bijdragen van derden in het jaar (−)", "Third-party contributions in the year (−)", sign=-1),
    Role("depreciation", "Afschrijving (−)", "Depreciation (−)", sign=-1),
    Role("extra_depreciation", "Extra afschrijving (−)", "Extra depreciation (−)", sign=-1),
    Role("total_depreciation", "Totale afschrijving (−)", "Total depreciation (−)", sign=-1),
    Role("impairment", "Afwaardering in het jaar (−)", "Impairment in the year (−)", sign=-1),
    Role("repayment", "Aflossing (−)", "Repayment (−)", sign=-1),
    Role("closing_book_value", "Boekwaarde eind van het jaar", "Book value at the end of the year"),
    Role("of_which_extra", "Waarvan extra afschrijving", "Of which extra depreciation"),
    Role("interest", "Rente", "Interest"),
    Role("capital_charge", "Kapitaallasten", "Capital charges"),
    Role("cumulative_depreciation", "Cumulatieve afschrijving", "Accumulated depreciation"),
    Role("written_off", "Verwijderd na volledige afschrijving", "Removed after full depreciation"),
)
NOT_FROM_A_REGISTER = frozenset({"book_value_eur", "proposed_price_eur", "sale_restriction", "note", "write_down_eur"})
TEXT_KINDS = frozenset({"text", "identifier", "choice"})


def _of_assets() -> tuple[Role, ...]:
    return tuple(
        Role(
            column.key,
            column.header,
            column.key,
            "amount" if column.kind == "amount" else "text" if column.kind in TEXT_KINDS else "figure",
            in_assets=True,
        )
        for column in ASSETS.columns
        if column.key not in NOT_FROM_A_REGISTER
    )


ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        Role(IGNORE, "Niet gebruiken", "Do not use", "text"),
        Role("id_and_name", "Nummer en naam in één kolom", "Number and name in one column", "text"),
        *_of_assets(),
        *MOVEMENTS,
    )
}

DATE = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{2,4}))?\b")
DATE_IN_WORDS = re.compile(
    r"\b(\d{1,2}) (januari|december|january)(?: (\d{4}))?\b|\b(januari|january|december) (\d{1,2})(?:,? (\d{4}))?\b"
)
YEAR = re.compile(r"\b(19|20)\d{2}\b")
START_OF_YEAR = re.compile(r"\bprimo\b")
END_OF_YEAR = re.compile(r"\b(?:ultimo|per eind|eind|einde|year end|end of year)\b(?: (?P<year>(?:19|20)\d{2}))?")
BETWEEN_BRACKETS = re.compile(r"\([^()]*\)")
NO_WORD = re.compile(r"[^\w%²/]+")


@dataclass(frozen=True)
class HeaderDate:
    """The day that a header names: month 1 or 12 as a rule; the year where it says so."""

    month: int
    year: int | None


def words(header: str) -> str:
    """A header reduced to the words that say what is in the column: no dates, years, brackets and signs."""
    text = unicodedata.normalize("NFKC", header).casefold().replace("ë", "e").replace("ï", "i")
    text = text.replace("m²", "m2")
    text = BETWEEN_BRACKETS.sub(lambda match: " m2 " if "m2" in match[0] else " ", text)
    text = _scale_pattern().sub(" ", text)
    text = YEAR.sub(" ", DATE_IN_WORDS.sub(" ", DATE.sub(" ", text)))
    return " ".join(NO_WORD.sub(" ", text.replace("-\n", "")).split())


def header_date(header: str) -> HeaderDate | None:
    """The day in a header such as `Boekwaarde 31-12-2018` or `Stand per 1 januari`."""
    text = " ".join(unicodedata.normalize("NFKC", header).casefold().split())
    if (match := DATE.search(text)) is not None and 1 <= int(match[2]) <= 12:
        return HeaderDate(int(match[2]), _full_year(match[3]) or header_year(text))
    if (match := DATE_IN_WORDS.search(text)) is not None:
        month = 12 if (match[2] or match[4]) == "december" else 1
        return HeaderDate(month, _full_year(match[3] or match[6]) or header_year(text))
    if (match := END_OF_YEAR.search(text)) is not None:
        return HeaderDate(12, _full_year(match["year"]) or header_year(text))
    return HeaderDate(1, header_year(text)) if START_OF_YEAR.search(text) else None


def header_year(header: str) -> int | None:
    """The one year that a header names."""
    years = {int(match[0]) for match in YEAR.finditer(header)}
    return years.pop() if len(years) == 1 else None


def _full_year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) + 2000 if len(text) == 2 else int(text)


@dataclass(frozen=True)
class Synonyms:
    """The words of `datasets/register_synonyms.csv`.

    Parameters
    ----------
    columns : dict
        Words of a header to the role; `book_value` where a date has to decide, `label` and `address` where the other
        columns have to.
    totals, averages : frozenset of str
    """

    columns: dict[str, str]
    totals: frozenset[str]
    averages: frozenset[str]


@lru_cache(maxsize=1)
def load_synonyms() -> Synonyms:
    """Read the words.

    Raises
    ------
    MissingFigureError
        The file is missing, or names a role that does not exist.
    """
    rows = _rows()
    columns = {}
    for row in rows:
        if row["group"] == "column":
            if row["target"] not in {*ROLES, BOOK_VALUE, LABEL, ADDRESS}:
                raise MissingFigureError(f"datasets/{SYNONYMS}: no role '{row['target']}'")
            columns[_opening_or_closing(row["word"])] = row["target"]
    totals, averages = (
        frozenset(words(row["word"]) for row in rows if row["group"] == group) for group in ("total", "average")
    )
    return Synonyms(columns, totals, averages)


def _opening_or_closing(word: str) -> str:
    """A synonym's words; a day in it stays, since `boekwaarde 1-1` and `boekwaarde 31-12` differ in it alone."""
    day = header_date(word)
    return words(word) if day is None else f"{words(word)} @{day.month}"


@lru_cache(maxsize=1)
def _rows() -> list[dict[str, str]]:
    file = FOLDER / SYNONYMS
    if not file.is_file():
        raise MissingFigureError(f"datasets/{SYNONYMS} is missing")
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


@lru_cache(maxsize=1)
def _scales() -> tuple[tuple[str, int], ...]:
    """The words of a scale with its factor, longest words first."""
    found = [(_plain(row["word"]), int(row["target"])) for row in _rows() if row["group"] == "scale"]
    return tuple(sorted(found, key=lambda scale: -len(scale[0])))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("×", "x").replace("’", "'").split())


@lru_cache(maxsize=1)
def _scale_pattern() -> re.Pattern[str]:
    """Any of the scale's words; longest first, with free spaces, and no digits right after."""
    parts = (re.escape(word).replace(r"\ ", r"\s*") for word, _factor in _scales())
    return re.compile(r"(?<![\w.])(?:bedragen\s+)?(?:" + "|".join(parts) + r")(?![\w.,]*\d)(?!\w)")


def scale_in(text: str) -> int | None:
    """The factor that a text such as `(bedragen x € 1.000)` names; None where it names none."""
    found = [re.sub(r"\s+", "", match[0]).removeprefix("bedragen") for match in _scale_pattern().finditer(_plain(text))]
    # "Bedragen in € x 1.000" names euros and thousands; the thousands say the most.
    return max(
        (factor for word, factor in _scales() if word.replace(" ", "").removeprefix("bedragen") in found), default=None
    )


def role_of(header: str) -> tuple[str, bool] | None:
    """The role that a header names, and whether it says so exactly; None where no word is known.

    Where the words are more than a synonym, the longest synonym in them counts, if it is most of them.
    """
    synonyms = load_synonyms().columns
    plain = words(header)
    if not plain:
        return None
    day = header_date(header)
    if day is not None and f"{plain} @{day.month}" in synonyms:
        return synonyms[f"{plain} @{day.month}"], True
    if plain in synonyms:
        return synonyms[plain], True
    inside = [word for word in synonyms if "@" not in word and len(word) > 3 and f" {word} " in f" {plain} "]
    best = max(inside, key=len, default="")
    return (synonyms[best], False) if best and len(best) >= 0.6 * len(plain) else None


def is_total(label: str) -> bool:
    """Whether a label such as `Totaal` or `Subtotaal gebouwen` is that of a sum."""
    return _begins_or_ends(label, load_synonyms().totals)


def is_average(label: str) -> bool:
    """Whether a label such as `Gemiddeld per object` is that of an average, which is no object and no sum."""
    return _begins_or_ends(label, load_synonyms().averages)


def _begins_or_ends(label: str, known: frozenset[str]) -> bool:
    plain = words(label)
    return bool(plain) and not known.isdisjoint({plain, plain.split()[0], plain.split()[-1]})
