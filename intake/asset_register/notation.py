"""The figures of one column: the column decides its own notation, and where it cannot, the user is asked.

`1.234` is a thousand and more in a Dutch file and one and a bit in an English one. One cell cannot say which, but
the cells around it often can: `1.234,50` in the same column settles it. Nothing is settled by other columns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

import numpy as np

from intake.cells import LARGEST_NUMBER, CellMistake
from intake.grid import Column, Figures
from intake.workbook import Cell, CellError

Notation = Literal["nl", "en"]

SPACES = re.compile(r"\s+")
CURRENCY = re.compile(r"€|\beuro\b|\beur\b", re.IGNORECASE)
NIL = re.compile(r"-{1,3}")
UNKNOWN = frozenset({"pm", "p.m.", "p.m", "n.v.t.", "nvt", "n.b.", "nb", "n/a", "n.v.t", "onbekend", "unknown", "?"})
NO_CENTS = re.compile(r"([.,])\s?[-=]{1,2}$")
SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
DASHES = str.maketrans(dict.fromkeys("\u2212\u2013\u2014\u2010\u2011\ufe63\uff0d", "-"))
QUOTES = str.maketrans("", "", "'’`")
# What digits with separators can be. Groups of three after a first group that does not start with zero.
PLAIN = re.compile(r"\d+")
GROUPED_BY_SPACE = re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:(?P<decimal>[.,])\d+)?")
ONE_GROUP = re.compile(r"[1-9]\d{0,2}([.,])\d{3}")
GROUPS = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})+")
GROUPS_AND_DECIMALS = re.compile(
    r"[1-9]\d{0,2}(?P<group>[.,])\d{3}(?:(?P=group)\d{3})*(?!(?P=group))(?P<decimal>[.,])\d*"
)
DECIMALS = re.compile(r"(?=[.,]?\d)\d*(?P<decimal>[.,])\d*")
SHARE_DIGITS = 12
CELLS_FOR_EXAMPLES, EXAMPLES = 50, 3


@dataclass(frozen=True)
class ReadColumn:
    """One column of figures after reading.

    Parameters
    ----------
    figures : ndarray
        Numbers as they stand, before the scale; NaN where a cell is empty, unknown or mistaken.
    mistakes : list of (position, CellMistake)
    notation : {"nl", "en"} | None
        What the column decided on, or was told; None where it did not need to.
    is_ambiguous : bool
        There are cells that mean two things and nothing in the column says which: their values are None.
    examples : tuple of str
        Some of those cells.
    nil : int
        Number of cells with a dash, which were read as zero.
    unknown : list of int
        Positions of cells such as `p.m.`, which were read as not known.
    """

    figures: Figures
    mistakes: list[tuple[int, CellMistake]]
    notation: Notation | None = None
    is_ambiguous: bool = False
    examples: tuple[str, ...] = ()
    nil: int = 0
    unknown: tuple[int, ...] = ()

    @property
    def values(self) -> list[float | None]:
        """The figures, None where there is none."""
        return [None if figure != figure else figure for figure in self.figures.tolist()]  # noqa: PLR0124 - NaN


@dataclass(frozen=True)
class _Figure:
    """A text as a figure, under each notation: None where the text is no figure in it."""

    nl: float | None
    en: float | None

    @property
    def is_doubtful(self) -> bool:
        """Whether the notation decides what it is."""
        return self.nl != self.en


DASH = _Figure(0.0, 0.0)
NOT_KNOWN = _Figure(None, None)
Seen = float | _Figure | CellMistake | None


def read_column(cells: Column | Sequence[Cell], told: Notation | None = None, *, percent: bool = False) -> ReadColumn:
    """Read the figures of one column.

    Parameters
    ----------
    cells : Column or sequence of cells
        As they stand in the file.
    told : {"nl", "en"}, optional
        The user's answer where the column was ambiguous; the column's own evidence goes before it.
    percent : bool
        It is a column of percentages, where a percent sign belongs; elsewhere one is a mistake.
    """
    column = cells if isinstance(cells, Column) else Column.of(cells)
    figures, mistakes = _typed_figures(column)
    # The same text is looked at once, since columns can be long.
    different, which = column.different()
    seen = [_look(cell, percent=percent) for cell in different]
    notation = _notation(seen, np.bincount(which).tolist(), told)
    values = [_decided(each, notation) for each in seen]
    is_figure = np.array([isinstance(value, float) for value in values], bool)[which]
    figures[is_figure] = np.array([value if isinstance(value, float) else np.nan for value in values])[which[is_figure]]

    def where(of_each: list[bool]) -> list[int]:
        return np.flatnonzero(np.array(of_each, bool)[which]).tolist()

    mistakes += [(place, values[which[place]]) for place in where([isinstance(value, CellMistake) for value in values])]
    doubtful = where([isinstance(value, _Figure) for value in values])
    return ReadColumn(
        figures,
        sorted(mistakes, key=lambda mistake: mistake[0]),
        notation,
        bool(doubtful),
        _examples(column, doubtful),
        len(where([each is DASH for each in seen])),
        tuple(where([each is NOT_KNOWN for each in seen])),
    )


def _decided(seen: Seen, notation: Notation | None) -> Seen:
    """What a cell is in a column of this notation; the figure itself where the notation is not known and decides."""
    if not isinstance(seen, _Figure) or (seen.is_doubtful and notation is None):
        return seen
    value = seen.en if notation == "en" else seen.nl
    return CellMistake("other_notation") if value is None and seen is not NOT_KNOWN else value


def _typed_figures(cells: Column) -> tuple[Figures, list[tuple[int, CellMistake]]]:
    """The cells that are typed as figures, NaN for all others; and those that no figure in a register can be."""
    figures = np.where(cells.is_figure, cells.figures + 0.0, np.nan)
    beyond = np.flatnonzero(cells.is_figure & ~(np.abs(figures) <= LARGEST_NUMBER))
    figures[beyond] = np.nan
    return figures, [(position, CellMistake("number_too_large")) for position in beyond.tolist()]


def _look(cell: Cell, *, percent: bool) -> Seen:
    """A cell that is not typed as a figure, by itself."""
    if cell is None:
        return None
    return _text(cell, percent=percent) if isinstance(cell, str) else _typed(cell)


def _examples(cells: Column, positions: list[int]) -> tuple[str, ...]:
    """Some of the different texts at these positions."""
    texts = cells[positions[:CELLS_FOR_EXAMPLES]].cells()
    return tuple(dict.fromkeys(str(text).strip() for text in texts))[:EXAMPLES]


def _notation(seen: list[Seen], counts: list[int], told: Notation | None) -> Notation | None:
    """What the figures that can be read in one way only say; where they contradict each other, most of them."""
    figures = [(each, count) for each, count in zip(seen, counts, strict=True) if isinstance(each, _Figure)]
    if not any(figure.is_doubtful for figure, _count in figures):
        return None
    only_nl = sum(count for figure, count in figures if figure.en is None and figure is not NOT_KNOWN)
    only_en = sum(count for figure, count in figures if figure.nl is None and figure is not NOT_KNOWN)
    if only_nl or only_en:
        return "nl" if only_nl >= only_en else "en"
    return told


def _typed(cell: Cell) -> float | CellMistake:
    """A cell that is no text."""
    if isinstance(cell, CellError):
        return CellMistake("formula_without_result" if cell.is_uncomputed else "excel_error", code=cell.code)
    if isinstance(cell, date | time):
        return CellMistake("date_not_number")
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return CellMistake("not_a_number")
    return _within_reach(float(cell) + 0.0)


def _within_reach(figure: float) -> float | CellMistake:
    return figure if abs(figure) <= LARGEST_NUMBER else CellMistake("number_too_large")


def _text(text: str, *, percent: bool) -> Seen:
    """A text as a figure, a dash, something that is not known, or what is wrong with it."""
    whole = SPACES.sub(" ", unicodedata.normalize("NFKC", text).translate(DASHES)).strip()
    plain = CURRENCY.sub("", whole).strip()
    if not whole:
        return None
    if whole.casefold() in UNKNOWN:
        return NOT_KNOWN
    if NIL.fullmatch(plain):
        return DASH
    if SCIENTIFIC.fullmatch(plain):
        return CellMistake("scientific_number")
    if plain.endswith("%") and not percent:
        return CellMistake("percent_in_amount")
    return _signed(plain, is_money=plain != whole)


def _signed(plain: str, *, is_money: bool) -> _Figure | CellMistake:
    """Digits with a sign, brackets or a percent sign around them."""
    is_negative, digits, has_no_cents = _sign(plain.rstrip("% "))
    figure = _figures(digits.translate(QUOTES), is_money=is_money or has_no_cents)
    if figure is None:
        return CellMistake("not_a_number")
    if any(value is not None and abs(value) > LARGEST_NUMBER for value in figure):
        return CellMistake("number_too_large")
    nl, en = (None if value is None else (-value if is_negative else value) + 0.0 for value in figure)
    if plain.endswith("%"):
        nl, en = (None if value is None else round(value / 100, SHARE_DIGITS) for value in (nl, en))
    return _Figure(nl, en)


def _sign(plain: str) -> tuple[bool, str, bool]:
    """Whether it is negative, the digits with their separators, and whether it is written as `1.234,-`."""
    has_no_cents = NO_CENTS.search(plain) is not None
    plain = NO_CENTS.sub("", plain).strip()
    if plain.startswith("(") and plain.endswith(")"):
        return True, plain[1:-1].strip(), has_no_cents
    if plain.endswith("-"):
        return True, plain[:-1].strip(), has_no_cents
    if plain.startswith(("-", "+")):
        return plain[0] == "-", plain[1:].strip(), has_no_cents
    return False, plain, has_no_cents


def _figures(digits: str, *, is_money: bool) -> tuple[float | None, float | None] | None:
    """The digits as a Dutch and as an English figure; None where they are no figure at all."""
    if PLAIN.fullmatch(digits):
        return float(digits), float(digits)
    if (match := ONE_GROUP.fullmatch(digits)) is not None:
        grouped = float(digits.replace(match[1], ""))
        # No amount of money has three decimals.
        decimal = None if is_money else float(digits.replace(",", "."))
        return (grouped, decimal) if match[1] == "." else (decimal, grouped)
    if (match := GROUPS.fullmatch(digits)) is not None:
        grouped = float(digits.replace(match[1], ""))
        return (grouped, None) if match[1] == "." else (None, grouped)
    for pattern, grouping in ((GROUPED_BY_SPACE, " "), (GROUPS_AND_DECIMALS, None), (DECIMALS, "")):
        if (match := pattern.fullmatch(digits)) is not None:
            between = match["group"] if grouping is None else grouping
            return _one_notation(digits.replace(between, "") if between else digits, match["decimal"])
    return None


def _one_notation(digits: str, decimal_sign: str | None) -> tuple[float | None, float | None]:
    """A figure without groups, as Dutch or as English, whichever its decimal sign is."""
    value = float(digits.replace(",", "."))
    if decimal_sign is None:
        return value, value
    return (value, None) if decimal_sign == "," else (None, value)
