"""The cells of a large sheet as spreadsheet programs save it, found in its bytes, thousands of rows at a time.

All tags of the rows and all attributes of the cells are looked at. Where anything else stands than what Excel,
LibreOffice and their peers write, the sheet is `Unusual`, and calamine reads it. Numbers are read here, and nothing
else: what a day, a truth value or an escaped text is, calamine says (`thinned`).

Eight bytes are one number to a processor, and such a word can start at any byte: the word where a cell begins tells its
first eight letters at once, for all cells in one step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .thinned import Unusual

Integers = NDArray[np.int64]
Words = NDArray[np.uint64]
Booleans = NDArray[np.bool_]
Doubles = NDArray[np.float64]

COLUMN_BITS = 14
"""A place is the row and, in its lowest bits, the column, both counted from 1."""
LONGEST_ROW = 16 * 1024 * 1024
LONGEST_ATTRIBUTES = 24
MOST_FORMATS = 500
START = re.compile(rb"<sheetData\s*/?>")
START_OF_ROWS, END_OF_ROW, END = b"<sheetData>", b"</row>", b"</sheetData>"
OTHER_ENCODING = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*\sencoding=["'](?!utf-8["'])""", re.IGNORECASE)
AFTER_ROWS = b"<" + b" " * 31
"""Put after the rows: a bracket that ends the last tag, and room for the words that start near it."""

ROW, EMPTY_ROW, END_ROW, CELL, EMPTY_CELL, END_CELL, FORMULA, END_FORMULA, VALUE, END_VALUE = range(1, 11)
INLINE, END_INLINE, TEXT, END_TEXT = range(11, 15)
TAG_OF = np.zeros(1 << 16, np.uint8)
"""What a tag is, by the two letters after its bracket."""
for _letters, _tag in {
    b"ro": ROW,
    b"/r": END_ROW,
    b"c ": CELL,
    b"/c": END_CELL,
    b"f>": FORMULA,
    b"f ": FORMULA,
    b"f/": FORMULA,
    b"/f": END_FORMULA,
    b"v>": VALUE,
    b"/v": END_VALUE,
    b"is": INLINE,
    b"/i": END_INLINE,
    b"t>": TEXT,
    b"t ": TEXT,
    b"/t": END_TEXT,
}.items():
    TAG_OF[int.from_bytes(_letters, "little")] = _tag
MAY_FOLLOW = np.zeros(256, bool)
"""Whether one tag may follow another, by both."""
for _before, _after in {
    ROW: (CELL, EMPTY_CELL, END_ROW),
    EMPTY_ROW: (ROW, EMPTY_ROW),
    END_ROW: (ROW, EMPTY_ROW),
    CELL: (FORMULA, VALUE, INLINE, END_CELL),
    EMPTY_CELL: (CELL, EMPTY_CELL, END_ROW),
    END_CELL: (CELL, EMPTY_CELL, END_ROW),
    FORMULA: (END_FORMULA, VALUE, END_CELL),
    END_FORMULA: (VALUE, END_CELL),
    VALUE: (END_VALUE,),
    END_VALUE: (END_CELL,),
    INLINE: (TEXT,),
    TEXT: (END_TEXT,),
    END_TEXT: (END_INLINE,),
    END_INLINE: (END_CELL,),
}.items():
    for _tag in _after:
        MAY_FOLLOW[_before << 4 | _tag] = True
SPELLED = {END_ROW: b"</row>", END_CELL: b"</c>", END_FORMULA: b"</f>", END_VALUE: b"</v></c>"} | {
    INLINE: b"<is>",
    END_INLINE: b"</is>",
    END_TEXT: b"</t>",
}
"""How tags without attributes are spelled in full."""


def _word(letters: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(letters, "little"))


FIRST_BYTES = np.array([_word(b"\xff" * count) for count in range(9)])
ATTRIBUTES = re.compile(rb'"(?: s="\d{1,5}")?(?: t="([a-z]{1,3}|inlineStr)")?>')
FIGURES = frozenset({b"n", b"s"})
"""Types of cells that hold figures: numbers, and places in the list of shared texts."""
FIGURE = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?")
EXACT_DIGITS = 15
"""A figure of so many digits is a whole number divided by a power of ten, both exact as doubles: rounded once."""
TENS = 10.0 ** np.arange(9)


@dataclass(frozen=True)
class Found:
    """The cells with a value or a formula, in the order in which they stand.

    `formats` are the numbers of their attributes (`Scanner.formats`). A plain figure stands in `figures`. What any
    other cell holds stands in `texts`, by its position here, as it is in the file; None where there is only a formula.
    """

    places: Integers
    formats: NDArray[np.int16]
    figures: Doubles
    has_formula: Booleans
    texts: dict[int, bytes | None]


@dataclass
class Scanner:
    """Finds the cells of the sheets of one workbook.

    `formats` are the attributes after the address, as they stand with the bracket, and the type that they name.
    """

    formats: list[tuple[bytes, bytes]] = field(default_factory=list)
    _numbers: dict[bytes, int] = field(default_factory=dict)

    def sheet(self, pieces: Iterator[bytes], count: Callable[[int], None]) -> tuple[Found, bytes]:
        """The cells of a sheet that comes in pieces, and the sheet without its rows.

        `count` hears how many cells there are, empty ones too, before anything is made of them.
        """
        first = next(pieces, b"")
        begin = START.search(first)
        if begin is None or OTHER_ENCODING.match(first):
            raise Unusual
        head, piece = first[: begin.start()], first[begin.end() :]
        found: list[Found] = []
        rest = b"" if begin[0] == START_OF_ROWS else END
        while END not in rest:
            end = piece.rfind(END_OF_ROW) + len(END_OF_ROW)
            if end >= len(END_OF_ROW):
                found.append(self._rows(b"".join((rest, memoryview(piece)[:end], AFTER_ROWS)), count))
                rest = piece[end:]
            else:
                rest += piece
            piece = next(pieces, b"")
            if END not in rest and (not piece or len(rest) > LONGEST_ROW):
                raise Unusual
        rows, _, rest = rest.partition(END)
        if rows.strip():
            found.append(self._rows(rows + AFTER_ROWS, count))
        rest = b"".join((rest, piece, *pieces))
        if START.search(rest):
            raise Unusual
        return _joined(found), head + START_OF_ROWS + END + rest

    def _rows(self, text: bytes, count: Callable[[int], None]) -> Found:
        """The cells of whole rows, which end with `AFTER_ROWS`."""
        rows = _Rows(text)
        count(int(np.count_nonzero((rows.tags == CELL) | (rows.tags == EMPTY_CELL))))
        rows.check()
        places, attributes = rows.places()
        formats = self._formats_of(rows, attributes, rows.begins[rows.cells + 1])
        starts, ends = rows.contents()
        has_formula = rows.have(FORMULA)
        figures, is_plain = _figures(rows, starts, ends)
        is_plain &= np.array([kind in FIGURES for _attributes, kind in self.formats], bool)[formats]
        is_text = ~is_plain & (has_formula | (starts > 0))
        is_kept = is_plain | is_text
        cells = np.flatnonzero(is_text)
        positions = np.cumsum(is_kept)[cells] - 1
        texts = {
            position: text[start:end] if start else None
            for position, start, end in zip(
                *map(np.ndarray.tolist, (positions, starts[cells], ends[cells])), strict=True
            )
        }
        if is_kept.all():
            return Found(places, formats, figures, has_formula, texts)
        return Found(places[is_kept], formats[is_kept], figures[is_kept], has_formula[is_kept], texts)

    def _formats_of(self, rows: _Rows, starts: Integers, ends: Integers) -> NDArray[np.int16]:
        """The number of each cell's attributes; few of them differ."""
        lengths = ends - starts
        longest = int(lengths.max(initial=0))
        if longest > LONGEST_ATTRIBUTES:
            raise Unusual
        parts = [rows.words[starts + at] & FIRST_BYTES[np.clip(lengths - at, 0, 8)] for at in range(0, longest, 8)]
        formats = np.zeros(len(starts), np.int16)
        left = np.arange(len(starts))
        while len(left):
            first = left[0]
            is_same = np.logical_and.reduce([part[left] == part[first] for part in parts])
            formats[left[is_same]] = self._format(rows.text[starts[first] : ends[first]])
            left = left[~is_same]
        return formats

    def _format(self, attributes: bytes) -> int:
        if attributes not in self._numbers:
            match = ATTRIBUTES.fullmatch(attributes)
            if match is None or len(self.formats) == MOST_FORMATS:
                raise Unusual
            self._numbers[attributes] = len(self.formats)
            self.formats.append((attributes, match[1] or b"n"))
        return self._numbers[attributes]


class _Rows:
    """The bytes of whole rows, and the tags in them. `cells` are the tags that begin a cell that is not empty."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.letters = np.frombuffer(self.text, np.uint8)
        self.words = np.ndarray((len(self.text) - 7,), "<u8", self.text, strides=(1,))
        pairs = np.ndarray((len(self.text) - 2,), "<u2", self.text, offset=1, strides=(1,))
        self.begins = np.flatnonzero(self.letters == ord("<"))
        self.tags = TAG_OF[pairs[self.begins[:-1]]]
        self.rows, self.cells = self._with_end(ROW), self._with_end(CELL)

    def _with_end(self, tag: int) -> Integers:
        """The tags of a kind that are not closed at once; those that are become the next kind."""
        chosen = np.flatnonzero(self.tags == tag)
        is_closed = self.letters[self.begins[chosen + 1] - 2] == ord("/")
        self.tags[chosen[is_closed]] = tag + 1
        return chosen[~is_closed] if is_closed.any() else chosen

    def check(self) -> None:
        """Whether the tags follow each other as they should and are spelled in full."""
        tags, begins = self.tags, self.begins
        if not len(tags) or tags[0] not in {ROW, EMPTY_ROW} or tags[-1] not in {END_ROW, EMPTY_ROW}:
            raise Unusual
        if not MAY_FOLLOW[tags[:-1] << 4 | tags[1:]].all():
            raise Unusual
        is_closed = self.letters[begins[self.rows + 1] - 1] == ord(">")
        formulas = np.flatnonzero(tags == FORMULA)
        alone = begins[formulas[tags[formulas + 1] != END_FORMULA] + 1]
        is_closed_at_once = self.words[alone - 2] & FIRST_BYTES[2] == _word(b"/>")
        if not (is_closed.all() and is_closed_at_once.all()):
            raise Unusual
        for tag, letters in SPELLED.items():
            is_chosen = tags == tag
            if tag == END_CELL:  # most of them were seen with the end of the value before them
                is_chosen[1:] &= tags[:-1] != END_VALUE
            found = self.words[begins[np.flatnonzero(is_chosen)]] & FIRST_BYTES[len(letters)]
            if (found != _word(letters)).any():
                raise Unusual

    def places(self) -> tuple[Integers, Integers]:
        """The place of each cell by its address, and where its other attributes start: at the quote after it."""
        begins = self.begins[self.rows]
        row_numbers, widths = self._row_numbers(begins)
        counts = np.diff(np.append(np.searchsorted(self.cells, self.rows), len(self.cells)))
        row_of = np.repeat(np.arange(len(self.rows)), counts)
        columns, digits = self._columns(self.begins[self.cells])
        width = widths[row_of]
        # The digits of a cell's address, with the quote after them, are those of its row.
        of_row = self.words[begins + len('<row r="')][row_of]
        if ((self.words[digits] ^ of_row) & FIRST_BYTES[width + 1]).any():
            raise Unusual
        return row_numbers[row_of] << COLUMN_BITS | columns, digits + width

    def _row_numbers(self, begins: Integers) -> tuple[Integers, Integers]:
        """The number of each row, and how many digits it has."""
        digits = self.words[begins + len('<row r="')]
        widths = _first(digits, b'"')
        numbers, are_digits = _whole(digits, widths)
        is_right = are_digits & (numbers > 0) & (widths < 8) & (self.words[begins] == _word(b'<row r="'))
        if not is_right.all():
            raise Unusual
        return numbers.astype(np.int64), widths

    def _columns(self, begins: Integers) -> tuple[Integers, Integers]:
        """The number of each cell's column, and where the digits of its address begin."""
        start = self.words[begins]
        if ((start & FIRST_BYTES[6]) != _word(b'<c r="')).any():
            raise Unusual
        before_a = ord("A") - 1
        columns = (start >> np.uint64(48) & np.uint64(255)).astype(np.int64) - before_a
        following = (start >> np.uint64(56)).astype(np.int64) - before_a
        digits = begins + len('<c r="A')
        if columns.min(initial=1) < 1 or columns.max(initial=1) > 26:
            raise Unusual
        more, following = np.flatnonzero(following > 0), following[following > 0]
        while len(more):
            columns[more] = columns[more] * 26 + following
            if following.max() > 26 or columns[more].max() >> COLUMN_BITS:
                raise Unusual
            digits[more] += 1
            following = self.letters[digits[more]].astype(np.int64) - before_a
            more, following = more[following > 0], following[following > 0]
        return columns, digits

    def contents(self) -> tuple[Integers, Integers]:
        """Where the content of each cell starts and ends; both 0 where it has none."""
        starts, ends = np.zeros(len(self.cells), np.int64), np.zeros(len(self.cells), np.int64)
        for tag, tags_to_end in ((VALUE, 1), (INLINE, 3)):
            chosen = np.flatnonzero(self.tags == tag)
            # No cell has two values, so as many values as cells means one each.
            of_cells = slice(None) if len(chosen) == len(starts) else np.searchsorted(self.cells, chosen) - 1
            starts[of_cells] = self.begins[chosen] + (len("<v>") if tag == VALUE else len("<is>"))
            ends[of_cells] = self.begins[chosen + tags_to_end]
        return starts, ends

    def have(self, tag: int) -> Booleans:
        """Which cells have a tag of this kind."""
        found = np.zeros(len(self.cells), bool)
        found[np.searchsorted(self.cells, np.flatnonzero(self.tags == tag)) - 1] = True
        return found


def _figures(rows: _Rows, starts: Integers, ends: Integers) -> tuple[Doubles, Booleans]:
    """The figure between each two places, and whether there is one."""
    lengths = ends - starts
    whole, is_plain = _whole(rows.words[starts], np.minimum(lengths, 8))
    is_plain &= (lengths > 0) & (lengths <= 8)
    figures = whole.astype(np.float64)
    rest = np.flatnonzero(~is_plain & (lengths > 0))
    if len(rest):
        figures[rest], is_plain[rest] = _decimals(rows, starts[rest], ends[rest])
    return figures, is_plain


def _decimals(rows: _Rows, starts: Integers, ends: Integers) -> tuple[Doubles, Booleans]:
    """The same for figures with a sign, a decimal point, or more digits."""
    is_negative = rows.letters[starts] == ord("-")
    begins = starts + is_negative
    whole_widths = np.minimum(_first(rows.words[begins], b"."), ends - begins)
    points = begins + whole_widths
    widths = np.maximum(ends - points - 1, 0)
    is_plain = (points == ends) | ((rows.letters[points] == ord(".")) & (widths > 0))
    is_plain &= (whole_widths > 0) & (widths <= 8) & (whole_widths + widths <= EXACT_DIGITS)
    widths = np.minimum(widths, 8)
    whole, is_whole = _whole(rows.words[begins], whole_widths)
    parts, are_parts = _whole(rows.words[points + 1], widths)
    figures = (whole * TENS[widths] + parts) / TENS[widths]
    figures[is_negative] *= -1
    is_plain &= is_whole & are_parts
    for place in np.flatnonzero(~is_plain).tolist():
        if FIGURE.fullmatch(rows.text, starts[place], ends[place]):
            figures[place], is_plain[place] = float(rows.text[starts[place] : ends[place]]), True
    return figures, is_plain


def _first(words: Words, letter: bytes) -> Integers:
    """How many letters stand before this one in each word; 8 where it is not in it."""
    others = words ^ _word(letter * 8)
    # The highest bit of the first byte that is zero, and perhaps of bytes after it.
    found = (others - _word(b"\x01" * 8)) & ~others & _word(b"\x80" * 8)
    below = (found & -found) - np.uint64(1)
    return (np.bitwise_count(below) >> 3).astype(np.int64)


def _whole(words: Words, widths: Integers) -> tuple[Words, Booleans]:
    """The whole number that the first letters of each word are, and whether all of them are digits.

    The digits are moved to the end of the word, and then added two by two, four by four and eight by eight.
    """
    half = ((8 - widths) << 2).astype(np.uint64)  # shifted twice, since a shift by all 64 bits does nothing
    digits = (words ^ _word(b"0" * 8)) << half << half
    are_digits = ((digits + _word(b"\x76" * 8)) | digits) & _word(b"\x80" * 8) == 0
    pairs = digits * np.uint64(10) + (digits >> np.uint64(8))
    mask = np.uint64(0x000000FF_000000FF)
    upper = (pairs & mask) * np.uint64(100 + (1_000_000 << 32))
    lower = (pairs >> np.uint64(16) & mask) * np.uint64(1 + (10_000 << 32))
    return (upper + lower) >> np.uint64(32), are_digits


def _joined(found: list[Found]) -> Found:
    """The cells of a sheet, each in its own place; a place that comes twice or too early is unusual."""
    texts: dict[int, bytes | None] = {}
    before = 0
    for part in found:
        texts.update((before + position, text) for position, text in part.texts.items())
        before += len(part.places)
    empty = Found(np.zeros(0, np.int64), np.zeros(0, np.int16), np.zeros(0), np.zeros(0, bool), {})
    arrays = zip(
        *((part.places, part.formats, part.figures, part.has_formula) for part in (empty, *found)), strict=True
    )
    places, formats, figures, has_formula = map(np.concatenate, arrays)
    if (np.diff(places) <= 0).any():
        raise Unusual
    return Found(places, formats, figures, has_formula, texts)
