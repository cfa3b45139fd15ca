"""What a document is made of: a few kinds of blocks, the same for every document and every file format.

Text is a row of runs, so that a figure can stand in bold and what users typed is never read as markup.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Align = Literal["left", "right"]


class Run(NamedTuple):
    """A piece of text in one style."""

    text: str
    bold: bool = False


Text = tuple[Run, ...]


def strong(text: str) -> Run:
    """Text that stands out."""
    return Run(text, bold=True)


def plain(text: Text) -> str:
    """The text without its style."""
    return "".join(run.text for run in text)


def clean(text: str) -> str:
    """Users' text as it can stand in a line: white space as one space, and no characters that are not for reading.

    Control characters do not exist in the files that we write, and marks that turn the direction of writing would
    turn our own words around as well. Letters of every script, accents and pictures stay, and so do spaces at which
    no line may end, such as that in an amount.
    """
    readable = "".join(
        " " if unicodedata.category(character) in {"Cc", "Zl", "Zp"} else character
        for character in text
        if unicodedata.category(character) not in {"Cs", "Co", "Cn"} and character not in DIRECTION_MARKS
    )
    return re.sub(rf"[^\S{FIXED_SPACES}]+", " ", readable).strip()


FIXED_SPACES = "\u00a0\u202f"
DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def shortened(text: str, most: int) -> str:
    """The text in at most so many characters, cut between words where that is possible and marked with an ellipsis."""
    cleaned = clean(text)
    if len(cleaned) <= most:
        return cleaned
    kept = cleaned[: most - 1]
    at_word = kept.rpartition(" ")[0] if cleaned[most - 1] != " " else kept
    return (at_word if len(at_word) > most / 2 else kept).rstrip(" ,;:") + "…"


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (a chapter) to 3."""

    text: Text
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `lead` is larger (an answer), `small` smaller (a source line)."""

    text: Text
    style: Literal["body", "lead", "small"] = "body"


@dataclass(frozen=True)
class Bullets:
    """A list, with numbers where the order matters."""

    items: tuple[Text, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Notice:
    """Something that must not be missed, such as an open point; never by colour alone."""

    text: Text


@dataclass(frozen=True)
class KeyFigure:
    """One figure that people remember: what it is, how much, and what it says."""

    name: str
    figure: str
    note: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """A row of key figures."""

    items: tuple[KeyFigure, ...]
    alt: str


@dataclass(frozen=True)
class Facts:
    """What it is about, as name and value."""

    rows: tuple[tuple[str, Text], ...]


@dataclass(frozen=True)
class Column:
    """A column of a table; `width` is its share beside the others."""

    header: str
    align: Align = "left"
    width: float = 1.0


@dataclass(frozen=True)
class Row:
    """A row of a table, with the style of a total where it is one."""

    cells: tuple[Text, ...]
    total: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a header row that is repeated on every page; `alt` says what it shows."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    alt: str
    caption: str = ""


@dataclass(frozen=True)
class Segment:
    """A part of a bar: which series of the legend, from where to where."""

    series: int
    start: float
    end: float


@dataclass(frozen=True)
class Band:
    """From low to high, with where it stands in between."""

    low: float
    high: float


@dataclass(frozen=True)
class ChartRow:
    """One line of a chart: bars, a band or a point on the common axis, and the figure in words at its end."""

    label: str
    figure: str
    segments: tuple[Segment, ...] = ()
    band: Band | None = None
    point: float | None = None
    bold: bool = False


@dataclass(frozen=True)
class Chart:
    """Rows on one axis of amounts.

    Parameters
    ----------
    title : str
        With the unit of the axis.
    alt : str
        The message and its main figures, for who cannot see it.
    rows : tuple of ChartRow
    ticks : tuple
        Values on the axis with how they are written, from low to high; the axis runs from the first to the last.
    legend : tuple of str
        Names of the series.
    zone : tuple, optional
        From where to where the axis is shaded.
    zone_text : str
        What the shade means.
    """

    title: str
    alt: str
    rows: tuple[ChartRow, ...]
    ticks: tuple[tuple[float, str], ...]
    legend: tuple[str, ...] = ()
    zone: tuple[float, float] | None = None
    zone_text: str = ""


@dataclass(frozen=True)
class Fields:
    """Empty lines to fill in by hand or in Word: names of what belongs there."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class PageBreak:
    """What follows starts on a new page."""


Block = Heading | Paragraph | Bullets | Notice | KeyFigures | Facts | Table | Chart | Fields | PageBreak


def introduces(block: Block, after: Block | None) -> bool:
    """Whether a paragraph belongs to the list or table that follows, so that no page ends between the two."""
    return isinstance(block, Paragraph) and isinstance(after, Bullets | Table)


@dataclass(frozen=True)
class Document:
    """A document, whatever file it becomes.

    Parameters
    ----------
    title : str
        Also the title in the file's properties.
    language : {"nl", "en"}
    blocks : tuple of Block
    kind : str
        What it is ("Raadsbrief"), above the title.
    footer : str
        At the foot of every page, beside the page number.
    compact : bool
        Smaller type and margins, for a document of few pages.
    date : date, optional
        In the file's properties; documents do not read the clock.
    """

    title: str
    language: str
    blocks: tuple[Block, ...] = field(default=())
    kind: str = ""
    footer: str = ""
    compact: bool = False
    date: datetime.date | None = None
