"""One cell, read strictly by its declared kind: a value, or a `CellMistake` that says what is wrong.

Nothing is guessed. A number that is typed as text is accepted in Dutch and in English notation, and refused where
the two differ.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intake import grid
from intake.names import fold, is_empty, similar
from intake.workbook import Cell, CellError
from valuation.case import Choice, Column

LARGEST_NUMBER = 1e15
FIRST_YEAR, LAST_YEAR = 1000, 3000

YES = frozenset({"ja", "j", "yes", "y", "true", "waar", "1"})
NO = frozenset({"nee", "n", "no", "false", "onwaar", "0"})

GROUPED_BY_DOT = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
GROUPED_BY_COMMA = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
GROUPED_BY_SPACE = re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?:[.,][0-9]+)?")
WITHOUT_GROUPS = re.compile(r"[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+")
ONE_GROUP = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
EURO = re.compile(r"€|\beuro\b|\beur\b", re.IGNORECASE)
NO_CENTS = re.compile(r"[.,]\s?-{1,2}$")
STEP = re.compile(r"([0-9]+)\s*(?:-|t/m|tot en met|to)\s*([0-9]+)\s*:\s*(.+)", re.IGNORECASE)
BOOKKEEPERS_MINUS = "-/-"
DASHES = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2010": "-", "\u2011": "-"})


class CellMistake(Exception):  # noqa: N818 - a user's mistake, told as data, not an error of ours
    """What is wrong with a cell: the rule's key in `valuation.messages` and what its text needs."""

    def __init__(self, rule: str, **parameters: Any) -> None:
        super().__init__(rule)
        self.rule = rule
        self.parameters = parameters


Reader = Callable[[Cell], Any]
Steps = tuple[tuple[int, float], ...]


def reader(column: Column) -> Reader:
    """The function that reads a filled cell of this column: returns its value or raises `CellMistake`."""
    read = READERS[column.kind]
    return lambda cell: read(cell, column)


def parse_amount_text(text: str, language: str | None = None) -> float:
    """A number that somebody typed, such as `2345,75`, `1.234,50` or `€ 1.234`.

    Parameters
    ----------
    text : str
    language : {"nl", "en"}, optional
        Decides what `1.234` and `1,234` are. Without a language such a text is ambiguous.

    Raises
    ------
    CellMistake
        `not_a_number`, or `ambiguous_number` with both readings.
    """
    money, negative, digits = _without_signs(text)
    if ONE_GROUP.fullmatch(digits):
        value = _one_group(digits, "nl" if money and "." in digits and language is None else language)
    else:
        value = _digits(digits)
    if not math.isfinite(value):
        raise CellMistake("number_too_large")
    return (-value if negative else value) + 0.0


def _without_signs(text: str) -> tuple[bool, bool, str]:
    """Whether it is money, whether it is negative, and the digits with their separators."""
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(DASHES).split()).replace(BOOKKEEPERS_MINUS, "-")
    money = EURO.search(plain) is not None
    plain = EURO.sub("", plain).strip()
    if NO_CENTS.search(plain):
        money, plain = True, NO_CENTS.sub("", plain)
    if plain.startswith("(") and plain.endswith(")"):
        return money, True, EURO.sub("", plain[1:-1]).strip()
    if plain.endswith("-"):
        return money, True, plain[:-1].strip()
    return money, plain.startswith("-"), plain[plain.startswith(("-", "+")) :].strip()


def _one_group(digits: str, language: str | None) -> float:
    """A text such as `1.234`, which is a thousand and more in one language and one and a bit in the other."""
    grouped = digits.replace(".", "").replace(",", "")
    decimal = digits.replace(",", ".")
    if language is None:
        raise CellMistake("ambiguous_number", grouped=grouped, decimal_nl=decimal.replace(".", ","), decimal_en=decimal)
    return float(grouped if ("." in digits) == (language == "nl") else decimal)


def _digits(digits: str) -> float:
    """Digits with separators that can mean one thing only."""
    if GROUPED_BY_SPACE.fullmatch(digits):
        digits = digits.replace(" ", "")
    elif GROUPED_BY_DOT.fullmatch(digits):
        digits = digits.replace(".", "")
    elif GROUPED_BY_COMMA.fullmatch(digits):
        digits = digits.replace(",", "")
    elif not WITHOUT_GROUPS.fullmatch(digits):
        raise CellMistake("not_a_number")
    return float(digits.replace(",", "."))


def parse_share_text(text: str) -> float:
    """A fraction or percentage as text; groups of thousands do not occur in it."""
    plain = text.strip()
    percent = plain.endswith("%")
    _, negative, digits = _without_signs(plain.removesuffix("%").rstrip())
    if not WITHOUT_GROUPS.fullmatch(digits):
        raise CellMistake("not_a_share")
    # Moving the decimal point in the text keeps 2,25% the same number as 0.0225.
    value = float(digits.replace(",", ".") + ("e-2" if percent else ""))
    return (-value if negative else value) + 0.0


def parse_degrees_text(text: str) -> float:
    """Degrees as text, with a decimal comma or point."""
    _, negative, digits = _without_signs(text.strip().rstrip("°").rstrip())
    if not WITHOUT_GROUPS.fullmatch(digits):
        raise CellMistake("not_degrees")
    value = float(digits.replace(",", "."))
    return (-value if negative else value) + 0.0


def _number(cell: Cell, parse: Callable[[str], float]) -> float:
    """The number in a cell, whatever its bounds."""
    if type(cell) is float or type(cell) is int:
        value = float(cell)
    elif isinstance(cell, str):
        value = parse(cell)
    elif isinstance(cell, CellError):
        raise _error(cell)
    elif isinstance(cell, date | time):
        raise CellMistake("date_not_number")
    else:
        raise CellMistake("not_a_number")
    if not abs(value) <= LARGEST_NUMBER:
        raise CellMistake("number_too_large")
    return value


def _error(cell: CellError) -> CellMistake:
    return CellMistake("formula_without_result" if cell.is_uncomputed else "excel_error", code=cell.code)


def _within_bounds(value: float, minimum: float | None, maximum: float | None) -> float:
    if minimum is not None and value < minimum:
        raise CellMistake("negative") if minimum == 0 else CellMistake("below_minimum", minimum=minimum)
    if maximum is not None and value > maximum:
        raise CellMistake("above_maximum", maximum=maximum)
    return value


def _share_within_bounds(value: float, minimum: float | None, maximum: float | None) -> float:
    """A share within its bounds; one that is a hundred times too large is probably a percentage."""
    too_low = minimum is not None and value < minimum
    too_high = maximum is not None and value > maximum
    if not (too_low or too_high):
        return value
    percentage_fits = (minimum is None or value / 100 >= minimum) and (maximum is None or value / 100 <= maximum)
    if abs(value) >= 1 and percentage_fits:
        raise CellMistake("percent_forgotten", percent=value, as_percent=value * 100, **_both(value / 100))
    if too_low and minimum == 0:
        raise CellMistake("negative")
    low, high = (None if bound is None else bound * 100 for bound in (minimum, maximum))
    raise CellMistake("share_out_of_bounds", minimum=low, maximum=high)


def _both(value: float) -> dict[str, str]:
    text = f"{value:.6g}"
    return {"fraction_nl": text.replace(".", ","), "fraction_en": text}


def read_text(cell: Cell, column: Column) -> str:  # noqa: ARG001 - all readers are called alike
    """Text as typed, without spaces around it; a number or date becomes its text."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, CellError):
        raise _error(cell)
    return _text(cell)


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def read_identifier(cell: Cell, column: Column) -> str:
    """A code as text: 0.10 stays 0.10 when it is text, the number 101 becomes `101`."""
    if isinstance(cell, date | time):
        raise CellMistake("identifier_became_date")
    return read_text(cell, column)


def read_amount(cell: Cell, column: Column) -> float:
    """A number within the column's bounds."""
    return _within_bounds(_number(cell, parse_amount_text), column.minimum, column.maximum)


def read_fraction(cell: Cell, column: Column) -> float:
    """A share or rate as a fraction of one; text may be a percentage."""
    return _share_within_bounds(_number(cell, parse_share_text), column.minimum, column.maximum)


def read_degrees(cell: Cell, column: Column) -> float:
    """Degrees; groups of thousands do not occur in them, so `52.091` is as clear as `52,091`."""
    return _within_bounds(_number(cell, parse_degrees_text), column.minimum, column.maximum)


def read_integer(cell: Cell, column: Column) -> float:
    """A whole number within the column's bounds."""
    value = _number(cell, parse_amount_text)
    if not value.is_integer():
        raise CellMistake("not_whole")
    return _within_bounds(value, column.minimum, column.maximum)


def read_year(cell: Cell, column: Column) -> float:
    """A calendar year."""
    if isinstance(cell, date):
        raise CellMistake("date_not_year")
    if isinstance(cell, str) and not re.fullmatch(r"\s*-?[0-9]+\s*", cell):
        raise CellMistake("not_a_year", first=str(FIRST_YEAR), last=str(LAST_YEAR))
    value = _number(cell, float)
    first = FIRST_YEAR if column.minimum is None else int(column.minimum)
    last = LAST_YEAR if column.maximum is None else int(column.maximum)
    if not (value.is_integer() and first <= value <= last):
        raise CellMistake("not_a_year", first=str(first), last=str(last))
    return value


def read_yes_no(cell: Cell, column: Column) -> bool:  # noqa: ARG001 - all readers are called alike
    """Yes or no, in words, as a truth value, or as 1 and 0."""
    if isinstance(cell, CellError):
        raise _error(cell)
    word = fold(_text(cell)) if cell is not None else ""
    if word in YES:
        return True
    if word in NO:
        return False
    raise CellMistake("not_yes_no")


def read_choice(cell: Cell, column: Column) -> str:
    """The code's word for one of the column's choices."""
    if isinstance(cell, CellError):
        raise _error(cell)
    word = fold(cell if isinstance(cell, str) else _text(cell))
    for choice in column.choices:
        if word in _words(choice):
            return choice.key
    allowed = {
        "allowed_nl": ", ".join(choice.nl for choice in column.choices),
        "allowed_en": ", ".join(choice.en for choice in column.choices),
    }
    meant = similar(_text(cell), [name for choice in column.choices for name in (choice.nl, choice.en)])
    if meant is None:
        raise CellMistake("not_a_choice", **allowed)
    raise CellMistake("not_a_choice_similar", suggestion=meant, **allowed)


def _words(choice: Choice) -> set[str]:
    return {fold(word) for word in (choice.key, choice.nl, choice.en, *choice.also)}


def read_take_up(cell: Cell, column: Column) -> tuple[float, ...]:  # noqa: ARG001 - all readers are called alike
    """Shares of the full size in successive years, such as `50%; 80%; 100%`; a number is a list of one."""
    if not isinstance(cell, str):
        return (_share_within_bounds(_number(cell, parse_share_text), 0.0, 1.0),)
    parts = [part for part in re.split(r"[;\n]", re.sub(r"%\s*,", "%;", cell)) if part.strip()]
    try:
        shares = tuple(parse_share_text(part) for part in parts)
    except CellMistake:
        raise CellMistake("take_up_unreadable") from None
    if not shares:
        raise CellMistake("take_up_unreadable")
    return tuple(_share_within_bounds(share, 0.0, 1.0) for share in shares)


def read_steps(cell: Cell, column: Column) -> float | Steps:
    """A rate, or a stepped rate such as `0-30: 3,5%; 31-75: 3%` as `((30, 0.035), (75, 0.03))`."""
    if not (isinstance(cell, str) and ":" in cell):
        return read_fraction(cell, column)
    steps: list[tuple[int, float]] = []
    for part in re.split(r"[;\n]", cell.translate(DASHES)):
        if part.strip():
            steps.append(_step(part.strip(), steps[-1][0] + 1 if steps else None, column))
    return tuple(steps)


def _step(part: str, expected: int | None, column: Column) -> tuple[int, float]:
    """Last year and rate of one step; `expected` is the year in which it has to start."""
    match = STEP.fullmatch(part)
    if match is None:
        raise CellMistake("steps_unreadable", part=part)
    first, last = int(match[1]), int(match[2])
    starts_right = first in {0, 1} if expected is None else first == expected
    if not starts_right or last < first or last < 1:
        raise CellMistake("steps_gap", part=part, expected="0" if expected is None else str(expected))
    try:
        return last, read_fraction(match[3], column)
    except CellMistake as mistake:
        raise mistake if mistake.rule == "percent_forgotten" else CellMistake("steps_unreadable", part=part) from None


def read_as_it_is(cell: Cell, column: Column) -> Cell:  # noqa: ARG001 - all readers are called alike
    """A cell that another column's declaration reads later (`intake.scenarios`)."""
    if isinstance(cell, CellError):
        raise _error(cell)
    return cell.strip() if isinstance(cell, str) else cell


READERS: dict[str, Callable[[Cell, Column], Any]] = {
    "text": read_text,
    "identifier": read_identifier,
    "amount": read_amount,
    "number": read_amount,
    "fraction": read_fraction,
    "degrees": read_degrees,
    "integer": read_integer,
    "year": read_year,
    "choice": read_choice,
    "yes_no": read_yes_no,
    "take_up": read_take_up,
    "steps": read_steps,
    "cell": read_as_it_is,
}
NUMERIC_KINDS = frozenset({"amount", "number", "fraction", "degrees", "integer", "year"})


@dataclass(frozen=True)
class ReadCells:
    """The cells of one column: their values, and the mistakes by position.

    The values of a numeric kind are doubles, NaN where a cell is empty or mistaken; others are a list, with None there.
    """

    values: list[Any] | NDArray[np.float64]
    mistakes: list[tuple[int, CellMistake]]


def read_cells(column: Column, cells: grid.Column) -> ReadCells:
    """Read a whole column; an empty cell stays empty.

    Columns can be long: what occurs more than once is read once, and an amount within the bounds needs no second look.
    """
    is_plain = _plain_amounts(column, cells)
    different, which = cells.different()
    others = np.flatnonzero(cells.is_figure & ~is_plain)
    figures, which_figure = np.unique(cells.figures[others], return_inverse=True)
    which[others] = len(different) + which_figure
    read = reader(column)
    found = [_attempt(read, cell) for cell in (*different, *figures.tolist())]
    is_mistake = np.array([isinstance(value, CellMistake) for value in found], bool)
    mistakes = [(place, found[which[place]]) for place in np.flatnonzero(is_mistake[which]).tolist()]
    found = [None if isinstance(value, CellMistake) else value for value in found]
    if column.kind not in NUMERIC_KINDS:
        return ReadCells([found[each] for each in which.tolist()], mistakes)
    values = np.array(found, dtype=float)[which]  # None becomes NaN
    values[is_plain] = cells.figures[is_plain]
    return ReadCells(values, mistakes)


def _plain_amounts(column: Column, cells: grid.Column) -> NDArray[np.bool_]:
    """Where a number stands that is within the bounds of a column of amounts."""
    if column.kind not in {"amount", "number", "degrees"}:
        return np.zeros(len(cells), bool)
    least = -LARGEST_NUMBER if column.minimum is None else column.minimum
    most = LARGEST_NUMBER if column.maximum is None else column.maximum
    return cells.is_figure & (cells.figures >= least) & (cells.figures <= most)


def _attempt(read: Reader, cell: Cell) -> Any:
    """The value of a cell, or the mistake in it."""
    if is_empty(cell):
        return None
    try:
        return read(cell)
    except CellMistake as mistake:
        return mistake
