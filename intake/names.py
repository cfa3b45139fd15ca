"""Names as people type them: compared without capitals, accents and spaces, and suggested when nearly right."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from intake.workbook import Cell

SIMILAR_ENOUGH = 0.75
LONGEST_NAME = 80
MOST_NAMES = 2_000
"""Beyond these a suggestion takes longer than it helps."""


def fold(name: object) -> str:
    """A name without capitals, accents, spaces, hyphens and underscores, for comparison."""
    text = unicodedata.normalize("NFKD", str(name)).casefold()
    return "".join(
        letter for letter in text if not (letter.isspace() or letter in "-_" or unicodedata.combining(letter))
    )


def similar(name: object, names: Iterable[str]) -> str | None:
    """The name that was probably meant, or None where nothing comes near."""
    candidates = tuple(names)
    text = str(name)
    if len(text) > LONGEST_NAME or len(candidates) > MOST_NAMES:
        return None
    return _similar(text, candidates)


@lru_cache(maxsize=4096)
def _similar(name: str, names: tuple[str, ...]) -> str | None:
    by_fold = {fold(candidate).lstrip("0"): candidate for candidate in names}
    matches = difflib.get_close_matches(fold(name).lstrip("0"), by_fold, n=1, cutoff=SIMILAR_ENOUGH)
    return by_fold[matches[0]] if matches else None


def is_empty(cell: Cell) -> bool:
    """Whether nobody wrote anything in this cell: no value, or only spaces."""
    return cell is None or (type(cell) is str and not cell.strip())


def column_letter(number: int) -> str:
    """The letters of the n-th column of a sheet, 1 being A."""
    letters = ""
    while number > 0:
        number, remainder = divmod(number - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return letters
