"""Minutes of a meeting, or any other report of facts, sections and tables: the general way into a document.

Whoever calls this needs no knowledge of blocks and runs: plain text in, a document out. Text is never read as markup.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from exports.documents.model import (
    Block,
    Bullets,
    Column,
    Document,
    Facts,
    Fields,
    Heading,
    Notice,
    Paragraph,
    Row,
    Table,
    clean,
)
from exports.documents.words import user


@dataclass(frozen=True)
class Grid:
    """A table of plain text.

    Parameters
    ----------
    headers : sequence of str
    rows : sequence of sequences of str
        Figures come already written out (`exports.notation`); an empty text stays empty.
    alt : str
        What the table shows, for who cannot see it.
    caption : str
    amounts : collection of int
        Positions of the columns that are aligned to the right.
    widths : sequence of float
        Shares of the columns beside each other; none is all alike.
    last_is_total : bool
    """

    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    alt: str
    caption: str = ""
    amounts: frozenset[int] = frozenset()
    widths: Sequence[float] = ()
    last_is_total: bool = False


@dataclass(frozen=True)
class Section:
    """A chapter: its title, then paragraphs, a list, tables, and what is still open."""

    title: str
    paragraphs: Sequence[str] = ()
    bullets: Sequence[str] = ()
    tables: Sequence[Grid] = ()
    notices: Sequence[str] = ()


@dataclass(frozen=True)
class Minutes:
    """What the minutes say, as plain text.

    Parameters
    ----------
    title, heading, footer : str
        The title; what it is ("Verslag"), above the title; what stands at the foot of every page.
    language : {"nl", "en"}
    facts : sequence of (name, value)
        Such as the date, the place and who were there.
    sections : sequence of Section
    signatures : sequence of str
        Names of lines to sign on, at the end.
    date : date, optional
        In the file's properties.
    """

    title: str
    language: str = "nl"
    heading: str = ""
    facts: Sequence[tuple[str, str]] = ()
    sections: Sequence[Section] = ()
    signatures: Sequence[str] = ()
    footer: str = ""
    date: datetime.date | None = None


def report(content: Minutes) -> Document:
    """The minutes as a document: facts, sections, lines to sign on."""
    blocks: list[Block] = []
    if content.facts:
        blocks.append(Facts(tuple((clean(name), user(value)) for name, value in content.facts)))
    for section in content.sections:
        blocks += _section(section)
    if content.signatures:
        blocks.append(Fields(tuple(clean(name) for name in content.signatures)))
    return Document(
        title=clean(content.title),
        language=content.language,
        blocks=tuple(blocks),
        kind=clean(content.heading),
        footer=clean(content.footer),
        date=content.date,
    )


def _section(section: Section) -> list[Block]:
    blocks: list[Block] = [Heading(user(section.title))]
    blocks += [Paragraph(user(text)) for text in section.paragraphs]
    if section.bullets:
        blocks.append(Bullets(tuple(user(text) for text in section.bullets)))
    blocks += [_table(grid) for grid in section.tables]
    blocks += [Notice(user(text)) for text in section.notices]
    return blocks


def _table(grid: Grid) -> Table:
    widths = list(grid.widths) or [1.0] * len(grid.headers)
    columns = tuple(
        Column(clean(header), "right" if place in grid.amounts else "left", width)
        for place, (header, width) in enumerate(zip(grid.headers, widths, strict=True))
    )
    rows = tuple(
        Row(tuple(user(cell) for cell in row), total=grid.last_is_total and place == len(grid.rows) - 1)
        for place, row in enumerate(grid.rows)
    )
    return Table(columns, rows, clean(grid.alt), clean(grid.caption))
