"""Where the tables stand on a sheet: headers below title rows, their columns, and what each row is.

Nothing is understood of the figures here. A header is a row without amounts in which the words of a register occur
(`roles`), or, where none occurs, the first row of texts that has figures below it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from intake.asset_register.roles import LABEL, HeaderDate, header_date, is_average, is_total, role_of, scale_in, words
from intake.grid import EMPTY, Column, Numbers, Words
from intake.names import column_letter, is_empty
from intake.workbook import Cell, CellError, RawSheet, RawWorkbook, Row

Integers = NDArray[np.int64]
RowKind = Literal["row", "total", "heading", "header", "empty"]

TITLE_ROWS = 30
HEADER_ROWS_AT_MOST = 4
ROWS_TO_SEE_FIGURES = 4
LABEL_COLUMNS = 3
TEXTS_AT_A_TIME = 1_000
LONGEST_HEADER = 120
FIRST_YEAR, LAST_YEAR = 1900, 2100
FIGURE = re.compile(r"[€(+\-\u2212\s]*\d[\d.,'\s\u00a0\u202f\u2009]*[%)\-\u2212€\s]*")
YEAR_TEXT = re.compile(r"(19|20)\d{2}")
DAY_TEXT = re.compile(r"\d{1,2}[-/.]\d{1,2}([-/.]\d{2,4})?")
TELLING = ("tota", "telling", "som", "gemiddel", "average")
"""Most labels have none of these, say neither total nor average, and need no closer look."""
UNIT = re.compile(r"€|euro|eur|%|m2|m²|jaar|jr|\(?x\s?€?\s?1[.,]?0{3}\)?", re.IGNORECASE)


@dataclass(frozen=True)
class RegisterColumn:
    """One column of a found table.

    Parameters
    ----------
    position : int
        Place in the sheet, counted from 0.
    header : str
        The header as it stands, wrapped and merged parts joined; empty where there is none.
    twin : int
        1, 2, … among columns with the same header; 0 where the header occurs once.
    day : HeaderDate | None
        The day that the header names.
    last_part : str
        What stands in the lowest of its rows, without the heading that it shares with other columns.
    """

    position: int
    header: str
    twin: int = 0
    day: HeaderDate | None = None
    last_part: str = ""

    @property
    def letter(self) -> str:
        """Its letters in the sheet."""
        return column_letter(self.position + 1)

    @property
    def name(self) -> str:
        """The header, with its number where there are several alike, and the letter where there is none."""
        if not self.header:
            return f"({self.letter})"
        return f"{self.header} ({self.twin})" if self.twin else self.header


@dataclass(frozen=True)
class ScaleHint:
    """Words on the sheet that say in which unit the amounts stand, such as `(bedragen x € 1.000)`.

    Those in a header have the position of their column.
    """

    factor: int
    text: str
    cell: str
    position: int | None = None


@dataclass(frozen=True)
class RegisterTable:
    """A table as it stands on a sheet.

    Parameters
    ----------
    sheet : RawSheet
    header_rows : range
        Row numbers of the header, 1 being the first of the sheet.
    last_row : int
        Row number of the last row that belongs to it.
    columns : tuple of RegisterColumn
        Those with a header or with figures; empty ones at the end are left out.
    titles : tuple of str
        Texts above the header.
    hints : tuple of ScaleHint
    kinds : list of RowKind
        What each row below the header is, `header_rows.stop` being the first.
    """

    sheet: RawSheet = field(repr=False)
    header_rows: range
    last_row: int
    columns: tuple[RegisterColumn, ...]
    titles: tuple[str, ...] = ()
    hints: tuple[ScaleHint, ...] = ()
    kinds: list[RowKind] = field(default_factory=list, repr=False)

    @property
    def first_row(self) -> int:
        """Row number of the first row below the header."""
        return self.header_rows.stop

    def numbers(self, *kinds: RowKind) -> list[int]:
        """The row numbers of all rows of these kinds."""
        return [number for number, kind in enumerate(self.kinds, start=self.first_row) if kind in kinds]

    def column(self, position: int, numbers: Sequence[int] | Integers) -> Column:
        """One column in these rows."""
        return self.sheet.grid.column(position)[np.asarray(numbers, dtype=np.int64) - 1]

    def cells(self, position: int, numbers: Sequence[int]) -> list[Cell]:
        """The cells of one column in these rows, empty ones as None."""
        return [None if is_empty(cell) else cell for cell in self.column(position, numbers).cells()]

    @property
    def scales(self) -> dict[int, int]:
        """Position of a column to the factor of its amounts, where not all headers and titles name the same one."""
        own = {hint.position: hint.factor for hint in self.hints if hint.position is not None}
        above = max((hint.factor for hint in self.hints if hint.position is None), default=None)
        if len({*own.values(), above} - {None}) < 2:
            return {}
        return {column.position: own.get(column.position, above or 1) for column in self.columns}

    @property
    def range_name(self) -> str:
        """Its place on the sheet, such as `A4:M12`."""
        return f"{self.columns[0].letter}{self.header_rows.start}:{self.columns[-1].letter}{self.last_row}"


def find_register_tables(raw: RawWorkbook) -> tuple[RegisterTable, ...]:
    """Every table in the workbook, in the order of sheets and rows."""
    return tuple(table for sheet in raw.sheets for table in _tables_of(sheet))


def _tables_of(sheet: RawSheet) -> list[RegisterTable]:
    tables: list[RegisterTable] = []
    floor = 0
    groups = _groups(sheet)
    for index, (first, last, end) in enumerate(groups):
        is_last = index + 1 == len(groups)
        for columns in _side_by_side(sheet, first, last, end):
            table = _table(sheet, range(first, last + 1), end, columns, floor, is_last=is_last)
            if table is not None:
                tables.append(table)
        floor = tables[-1].last_row if tables else floor
    return tables


def _groups(sheet: RawSheet) -> list[tuple[int, int, int]]:
    """First and last row of each header, and the last row before the next one.

    The same header again, with no text in between, is that of a next page and no next table.
    """
    groups: list[tuple[int, int, int]] = []
    starts = _headers(sheet)
    if not starts:
        return []
    ends = [*(first - 1 for first, _last in starts[1:]), len(sheet.rows)]
    for (first, last), end in zip(starts, ends, strict=True):
        if groups and _is_next_page(sheet, groups[-1], first, last):
            groups[-1] = (*groups[-1][:2], end)
        else:
            groups.append((first, last, end))
    return groups


def _is_next_page(sheet: RawSheet, group: tuple[int, int, int], first: int, last: int) -> bool:
    rows = sheet.rows
    if tuple(rows[group[0] - 1 : group[1]]) != tuple(rows[first - 1 : last]):
        return False
    before = next((row for row in reversed(rows[group[1] : first - 1]) if _filled(row)), ())
    return any(map(_is_amount, before))


def _headers(sheet: RawSheet) -> list[tuple[int, int]]:
    """First and last row number of every header on the sheet."""
    found: list[tuple[int, int]] = []
    grid = sheet.grid
    # Most rows of a long table hold an amount, and so are no header.
    is_year = (grid.figures >= FIRST_YEAR) & (grid.figures <= LAST_YEAR)
    for number in (np.flatnonzero(~(grid.is_figure & ~is_year).any(axis=1)) + 1).tolist():
        floor = found[-1][1] if found else 0
        if number > floor and _is_header(sheet.rows[number - 1]):
            found.append(_grown(sheet, number, floor))
    return found or _header_without_known_words(sheet)


def _is_header(row: Row) -> bool:
    """Whether the words of a register stand in this row, and no amounts."""
    texts: list[str] = []
    for cell in row:
        if cell is None:
            continue
        kind = type(cell)
        if isinstance(cell, str):
            texts.append(cell)
        elif (kind is float or kind is int) and not FIRST_YEAR <= cell <= LAST_YEAR:  # type: ignore[operator]
            return False
    if len(texts) < 2 or any(_is_amount(text) for text in texts):
        return False
    known = {role_of(text) for text in texts if len(text) <= LONGEST_HEADER} - {None}
    return len(known) >= 2


def _is_amount(cell: Cell) -> bool:
    """Whether the cell holds a figure that is no year and no day."""
    if isinstance(cell, bool):
        return False
    if isinstance(cell, int | float):
        return not FIRST_YEAR <= cell <= LAST_YEAR
    if not isinstance(cell, str):
        return False
    plain = cell.strip()
    if not plain or not any(sign.isdigit() for sign in plain):
        return False
    if YEAR_TEXT.fullmatch(plain) or DAY_TEXT.fullmatch(plain) or UNIT.fullmatch(plain):
        return False
    return FIGURE.fullmatch(plain) is not None


def _header_without_known_words(sheet: RawSheet) -> list[tuple[int, int]]:
    """The first row of texts with figures right below it, where no word is known."""
    for number, row in enumerate(sheet.rows[:TITLE_ROWS], start=1):
        texts = sum(type(cell) is str and not is_empty(cell) for cell in row)
        if texts < 2 or any(map(_is_amount, row)):
            continue
        below = sheet.rows[number : number + ROWS_TO_SEE_FIGURES]
        if any(_is_amount(cell) for next_row in below for cell in next_row):
            return [(number, number)]
    return []


def _grown(sheet: RawSheet, number: int, floor: int) -> tuple[int, int]:
    """The header with the rows above and below it that belong to it: merged and wrapped headers."""
    first = last = number
    while first - 1 > floor and last - first + 1 < HEADER_ROWS_AT_MOST and _belongs_above(sheet, first - 1, last):
        first -= 1
    while last < len(sheet.rows) and last - first + 1 < HEADER_ROWS_AT_MOST and _belongs_below(sheet, first, last + 1):
        last += 1
    return first, last


def _filled(row: Row) -> list[int]:
    return [position for position, cell in enumerate(row) if not is_empty(cell)]


def _no_header_part(row: Row) -> bool:
    return any(_is_amount(cell) or isinstance(cell, CellError | bool) for cell in row)


def _belongs_above(sheet: RawSheet, above: int, last: int) -> bool:
    """Whether a row stands above the header as part of it: several headings, or one over some of the columns."""
    row = sheet.rows[above - 1]
    filled = _filled(row)
    width = len(_filled(sheet.rows[last - 1]))
    if not filled or _no_header_part(row) or any(len(str(row[position])) > LONGEST_HEADER for position in filled):
        return False
    spans = [
        last_column - first_column + 1 for top, first_column, bottom, last_column in sheet.merged if top == above - 1
    ]
    if spans:
        return max(spans) <= 0.6 * width and (len(filled) >= 2 or len(spans) >= 1)
    return len(filled) >= 2 and _known(sheet, above, last) > _known(sheet, above + 1, last)


def _belongs_below(sheet: RawSheet, first: int, below: int) -> bool:
    """Whether a row stands below the header as part of it: units, days, or the rest of wrapped words."""
    row = sheet.rows[below - 1]
    filled = _filled(row)
    if not filled or _no_header_part(row) or any(len(str(row[position])) > LONGEST_HEADER for position in filled):
        return False
    plain = [str(row[position]).strip() for position in filled]
    if all(
        UNIT.fullmatch(text) or scale_in(text) or YEAR_TEXT.fullmatch(text) or DAY_TEXT.fullmatch(text)
        for text in plain
    ):
        return True
    if any(isinstance(row[position], date) for position in filled) and len(filled) < 2:
        return False
    if _fills_the_merged(sheet, below - 1, filled):
        return True
    return _known(sheet, first, below) > _known(sheet, first, below - 1)


def _fills_the_merged(sheet: RawSheet, above: int, filled: list[int]) -> bool:
    """Whether a heading in the row above stands over several columns, and each of these has its own words here.

    A column in which nothing stands at all needs none.
    """
    spans = [set(range(left, right + 1)) for top, left, bottom, right in sheet.merged if top == bottom == above - 1]
    wide = [span for span in spans if len(span) > 1]
    used = {at for at in set().union(*wide) if not sheet.grid.column(at)[above:].is_blank.all()}
    return bool(used) and used <= set(filled)


def _known(sheet: RawSheet, first: int, last: int) -> int:
    """How many columns say something known when these rows are the header; exact words count double."""
    found = (role_of(text) for text in _texts(sheet, first, last))
    return sum(2 if known[1] else 1 for known in found if known is not None)


def _texts(sheet: RawSheet, first: int, last: int) -> list[str]:
    """The header of each column: the parts in these rows joined, merged parts over all their columns."""
    rows = [list(sheet.rows[number - 1]) for number in range(first, last + 1)]
    for top, left, bottom, right in sheet.merged:
        if not first - 1 <= top <= last - 1:
            continue
        for number in range(top, min(bottom, last - 1) + 1):
            for position in range(left, min(right, len(rows[0]) - 1) + 1):
                if number > top and position == left:
                    continue
                if number == top:
                    rows[number - first + 1][position] = rows[top - first + 1][left]
    if not sheet.merged:
        _spread(rows)
    return [_joined([row[position] for row in rows]) for position in range(len(rows[0]))]


def _spread(rows: list[list[Cell]]) -> None:
    """Let a heading count for the empty columns on its right, where that makes known words of those below it."""
    for upper, lower in pairwise(rows):
        heading: Cell = None
        for position, cell in enumerate(upper):
            if not is_empty(cell):
                heading = cell
            elif heading is not None and not is_empty(lower[position]):
                together, alone = role_of(_joined([heading, lower[position]])), role_of(_joined([lower[position]]))
                if together is not None and together[1] and alone is None:
                    upper[position] = heading


def _joined(parts: Sequence[Cell]) -> str:
    texts = [_header_text(part) for part in parts if not is_empty(part)]
    return " ".join(dict.fromkeys(text for text in texts if text))


def _header_text(part: Cell) -> str:
    if isinstance(part, date):
        return f"{part.day:02d}-{part.month:02d}-{part.year}"
    if isinstance(part, float) and part.is_integer():
        return str(int(part))
    # A word that was cut at the end of a line is one word again.
    return " ".join(re.sub(r"(?<=\w)-[ \t]*\r?\n\s*(?=[a-z])", "", str(part)).split())


def _side_by_side(sheet: RawSheet, first: int, last: int, end: int) -> list[list[int]]:
    """The columns of each table under these header rows; an empty column may stand between two tables."""
    is_used = np.logical_or.reduce(~sheet.grid[first - 1 : end].is_blank, axis=0)
    groups: list[list[int]] = [[]]
    for position, used in enumerate(is_used.tolist()):
        if used:
            groups[-1].append(position)
        elif groups[-1]:
            groups.append([])
    groups = [group for group in groups if group]
    roles = [known and known[0] for known in map(role_of, _texts(sheet, first, last))]
    tables: list[list[int]] = []
    for group in groups:
        here = {roles[position] for position in group}
        left = {roles[position] for position in tables[-1]} if tables else set()
        # Where only a number stands on the left, its name may stand here.
        is_next = bool(here & LABELS and left & LABELS) and (not left <= LABELS or bool(here & left))
        if is_next or not tables:
            tables.append(list(group))
        else:
            tables[-1].extend(group)
    return tables


LABELS = frozenset({"name", "asset_id", "id_and_name", LABEL})


def _table(
    sheet: RawSheet, header_rows: range, end: int, positions: list[int], floor: int, *, is_last: bool
) -> RegisterTable | None:
    """The table under a header: its columns, its rows, and what is said above it."""
    texts = _texts(sheet, header_rows.start, header_rows.stop - 1)
    names = [texts[position] for position in positions]
    columns = tuple(
        RegisterColumn(
            position,
            texts[position],
            names[: index + 1].count(texts[position]) if texts[position] and names.count(texts[position]) > 1 else 0,
            header_date(texts[position]),
            _last_part(sheet, header_rows, position),
        )
        for index, position in enumerate(positions)
    )
    kinds = _kinds(sheet, header_rows, end, positions)
    if not is_last:
        # Texts right above the next header are its title, not rows of this table.
        while kinds and kinds[-1] in {"heading", "empty"}:
            kinds.pop()
    while kinds and kinds[-1] == "empty":
        kinds.pop()
    if not any(kind in {"row", "total"} for kind in kinds):
        return None
    above = sheet.rows[floor : header_rows.start - 1][-TITLE_ROWS:]
    first_above = header_rows.start - len(above)
    titles = [
        (str(cell).strip(), f"{column_letter(place + 1)}{number}", None)
        for number, row in enumerate(above, start=first_above)
        for place, cell in enumerate(row)
        if type(cell) is str and cell.strip()
    ]
    heads = [(column.header, f"{column.letter}{header_rows.start}", column.position) for column in columns]
    hints = [
        ScaleHint(factor, text, cell, position)
        for text, cell, position in (*titles, *heads)
        if (factor := scale_in(text)) is not None
    ]
    return RegisterTable(
        sheet,
        header_rows,
        header_rows.stop - 1 + len(kinds),
        columns,
        tuple(text for text, *_place in titles),
        tuple(hints),
        kinds,
    )


def _last_part(sheet: RawSheet, header_rows: range, position: int) -> str:
    parts = (sheet.rows[number - 1][position] for number in reversed(header_rows))
    return next((_joined([part]) for part in parts if not is_empty(part)), "")


def _kinds(sheet: RawSheet, header_rows: range, end: int, positions: list[int]) -> list[RowKind]:
    """What each row below the header is."""
    header = sheet.rows[header_rows.start - 1 : header_rows.stop - 1]
    first, last = positions[0], positions[-1] + 1
    below = sheet.grid[header_rows.stop - 1 : end]
    is_blank = np.logical_and.reduce(below.is_blank[:, first:last], axis=1)
    has_figure = np.logical_or.reduce(below.is_figure[:, first:last], axis=1)
    kinds: NDArray[np.object_] = np.where(is_blank, "empty", "row").astype(object)
    for place in np.flatnonzero(~is_blank & ~has_figure).tolist():
        row = below[place]
        if any(map(_is_amount, row[first:last])):
            has_figure[place] = True
        else:
            kinds[place] = "header" if row in header else _without_figures(row[first:last])
    texts = _texts(sheet, header_rows.start, header_rows.stop - 1)
    named = [position for position in positions if (known := role_of(texts[position])) and known[0] in LABELS]
    labels = below.numbers[:, sorted({*positions[:LABEL_COLUMNS], *named})]
    telling = _telling(below.words, labels)
    for kind, says in (("total", is_total), ("heading", is_average)):
        said = [number for number, text in telling if says(text)]
        if said:
            kinds[has_figure & np.isin(labels, said).any(axis=1)] = kind
    return cast("list[RowKind]", kinds.tolist())


def _telling(words: Words, labels: Numbers) -> list[tuple[int, str]]:
    """Those of these labels that may say that a row is a total or an average, with their numbers."""
    is_label = np.zeros(len(words.cells), bool)
    is_label[np.maximum(labels, EMPTY)] = True
    texts = [(n, text) for n in np.flatnonzero(is_label).tolist() if type(text := words.cells[n]) is str]
    found: list[tuple[int, str]] = []
    for start in range(0, len(texts), TEXTS_AT_A_TIME):
        block = texts[start : start + TEXTS_AT_A_TIME]
        if _may_tell("\n".join([text for _number, text in block])):
            found += [(number, text) for number, text in block if _may_tell(text)]
    return found


def _may_tell(text: str) -> bool:
    lowered = text.lower()
    return any(part in lowered for part in TELLING)


def _without_figures(cells: Sequence[Cell]) -> RowKind:
    """A row without figures is a heading or a note, unless more than one of its cells is filled."""
    filled = [cell for cell in cells if not is_empty(cell)]
    return (
        "row"
        if len(filled) >= 2 and not any(words(str(cell)) in {"bron", "toelichting"} for cell in filled)
        else "heading"
    )
