"""The cells of a large sheet as spreadsheet programs save it, found in its bytes, thousands of rows at a time.

All tags of the rows and all attributes of the cells are looked at. Where anything else stands than what Excel,
LibreOffice and their peers write, the sheet is `Unusual`, and calamine reads it. Numbers are read here, and nothing
else: what a day, a truth value or an escaped text is, calamine says (`thinned`).

Eight bytes are one number to a processor. A word of eight bytes can start at any byte, so a word that is taken where
a cell begins tells its first eight letters at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Words = NDArray[np.uint64]
Booleans = NDArray[np.bool_]
Doubles = NDArray[np.float64]

COLUMN_BITS = 14
"""A place is the row, and in its lowest bits the column, both counted from 1."""
LONGEST_ROW = 16 * 1024 * 1024
LONGEST_ATTRIBUTES = 24
MOST_FORMATS = 500
START = re.compile(rb"<sheetData\s*/?>")
START_OF_ROWS, END_OF_ROW, END = b"<sheetData>", b"</row>", b"</sheetData>"
OTHER_ENCODING = re.compile(rb"""<\?xml[^>]*\sencoding=["'](?!utf-8["'])""", re.IGNORECASE)
AFTER_ROWS = b"<" + b" " * 31
"""Put after the rows: a tag that ends the last one, and room for the words that start near it."""

# What a tag is, by the two letters after its bracket.
ROW, EMPTY_ROW, END_ROW, CELL, EMPTY_CELL, END_CELL, FORMULA, END_FORMULA, VALUE, END_VALUE = range(1, 11)
TAG_OF = np.zeros(1 << 16, np.uint8)
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
}.items():
    TAG_OF[int.from_bytes(_letters, "little")] = _tag
MAY_FOLLOW = np.zeros(256, bool)
for _before, _after in {
    ROW: (CELL, EMPTY_CELL, END_ROW),
    EMPTY_ROW: (ROW, EMPTY_ROW),
    END_ROW: (ROW, EMPTY_ROW),
    CELL: (FORMULA, VALUE, END_CELL),
    EMPTY_CELL: (CELL, EMPTY_CELL, END_ROW),
    END_CELL: (CELL, EMPTY_CELL, END_ROW),
    FORMULA: (END_FORMULA, VALUE, END_CELL),
    END_FORMULA: (VALUE, END_CELL),
    VALUE: (END_VALUE,),
    END_VALUE: (END_CELL,),
}.items():
    for _tag in _after:
        MAY_FOLLOW[_before << 4 | _tag] = True


def _word(letters: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(letters, "little"))


FIRST_BYTES = np.array([_word(b"\xff" * count) for count in range(9)])
FIGURES = frozenset({b"n", b"s"})
"""Types of cells that hold figures: numbers, and places in the list of shared texts."""
ATTRIBUTES = re.compile(rb'"(?: s="\d{1,5}")?(?: t="([a-z]{1,3})")?>')
FIGURE = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?")
EXACT_DIGITS = 15
"""A figure of so many digits is a whole number divided by a power of ten, both exact as doubles: one rounding."""
TENS = 10.0 ** np.arange(9)


class Unusual(Exception):  # noqa: N818 - it describes the sheet
    """The sheet is not as spreadsheet programs save it; calamine is to read it."""


@dataclass(frozen=True)
class Found:
    """The cells with a value or a formula, in the order in which they stand.

    `formats` are the numbers of their attributes. Where the value is plain it stands in `figures`, and otherwise, as
    its bytes, in `texts`, by the number of the cell.
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
        """The cells of a sheet that comes in pieces, and what stands before and after its rows.

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
        return _joined(found), b"".join((head, rest, piece, *pieces))

    def _rows(self, text: bytes, count: Callable[[int], None]) -> Found:
        """The cells of whole rows."""
        letters = np.frombuffer(text, np.uint8)
        words = np.ndarray((len(text) - 7,), "<u8", text, strides=(1,))
        pairs = np.ndarray((len(text) - 2,), "<u2", text, offset=1, strides=(1,))
        begins = np.flatnonzero(letters == ord("<"))
        tags = TAG_OF[pairs[begins[:-1]]]

        rows = np.flatnonzero(tags == ROW)
        tags[rows[letters[begins[rows + 1] - 2] == ord("/")]] = EMPTY_ROW
        cells = np.flatnonzero(tags == CELL)
        count(len(cells))
        is_empty = letters[begins[cells + 1] - 2] == ord("/")
        tags[cells[is_empty]] = EMPTY_CELL
        cells = cells[~is_empty] if is_empty.any() else cells
        values, formulas = np.flatnonzero(tags == VALUE), np.flatnonzero(tags == FORMULA)
        _check(tags, begins, letters, words)

        numbers, widths = _row_numbers(words, begins[rows])
        row_of = np.repeat(np.arange(len(rows)), np.diff(np.searchsorted(cells, [*rows, len(tags)])))
        columns, digits = _columns(letters, words, begins[cells])
        width = widths[row_of]
        # The digits of a cell's address, with the quote after them, are those of its row.
        if ((words[digits] ^ words[begins[rows] + 8][row_of]) & FIRST_BYTES[width + 1]).any():
            raise Unusual
        formats = self._formats_of(text, words, digits + width, begins[cells + 1])
        places = numbers[row_of] << COLUMN_BITS | columns

        starts, ends = np.zeros_like(places), np.zeros_like(places)
        has_formula = np.zeros(len(cells), bool)
        # A cell has one value at most, so as many values as cells means one each.
        owners = slice(None) if len(values) == len(cells) else np.searchsorted(cells, values) - 1
        starts[owners], ends[owners] = begins[values] + len("<v>"), begins[values + 1]
        has_formula[np.searchsorted(cells, formulas) - 1] = True
        figures, is_plain = _figures(text, words, starts, ends)
        is_plain &= np.array([kind in FIGURES for _attributes, kind in self.formats])[formats]
        texts = {
            cell: text[starts[cell] : ends[cell]] if starts[cell] else None
            for cell in np.flatnonzero(~is_plain & (has_formula | (starts > 0))).tolist()
        }
        return _with_content(Found(places, formats, figures, has_formula, texts), is_plain)

    def _formats_of(self, text: bytes, words: Words, starts: Integers, ends: Integers) -> NDArray[np.int16]:
        """The number of each cell's attributes; few of them differ."""
        lengths = ends - starts
        longest = int(lengths.max(initial=0))
        if longest > LONGEST_ATTRIBUTES:
            raise Unusual
        parts = [words[starts + at] & FIRST_BYTES[np.clip(lengths - at, 0, 8)] for at in range(0, longest, 8)]
        formats = np.zeros(len(starts), np.int16)
        left = np.arange(len(starts))
        while len(left):
            first = left[0]
            is_same = np.logical_and.reduce([part[left] == part[first] for part in parts])
            formats[left[is_same]] = self._format(text[starts[first] : ends[first]])
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


def _check(tags: NDArray[np.uint8], begins: Integers, letters: NDArray[np.uint8], words: Words) -> None:
    """Whether the tags follow each other as they should, and are closed."""
    if tags[0] not in {ROW, EMPTY_ROW} or tags[-1] not in {END_ROW, EMPTY_ROW}:
        raise Unusual
    if not MAY_FOLLOW[tags[:-1] << 4 | tags[1:]].all():
        raise Unusual
    formulas = np.flatnonzero(tags == FORMULA)
    ends_itself = begins[formulas[tags[formulas + 1] != END_FORMULA] + 1]
    rows = begins[np.flatnonzero((tags == ROW) | (tags == EMPTY_ROW)) + 1]
    is_closed = (
        (letters[rows - 1] == ord(">")).all()
        and (letters[ends_itself - 1] == ord(">")).all()
        and (letters[ends_itself - 2] == ord("/")).all()
        and _are(words, begins, tags == END_ROW, b"</row>")
        and _are(words, begins, tags == END_FORMULA, b"</f>")
        and _are(words, begins, tags == END_VALUE, b"</v></c>")
    )
    alone = np.flatnonzero(tags[1:] == END_CELL)
    alone = alone[tags[alone] != END_VALUE] + 1
    if not (is_closed and ((words[begins[alone]] & FIRST_BYTES[4]) == _word(b"</c>")).all()):
        raise Unusual


def _are(words: Words, begins: Integers, chosen: Booleans, letters: bytes) -> bool:
    """Whether these letters stand where each of the chosen tags begins."""
    found = words[begins[np.flatnonzero(chosen)]] & FIRST_BYTES[len(letters)]
    return bool((found == _word(letters)).all())


def _row_numbers(words: Words, begins: Integers) -> tuple[Integers, Integers]:
    """The number of each row, and how many digits it has."""
    digits = words[begins + len('<row r="')]
    widths = _first(digits, b'"')
    numbers, are_digits = _whole(digits, widths)
    if (words[begins] != _word(b'<row r="')).any() or not (are_digits & (numbers > 0) & (widths < 8)).all():
        raise Unusual
    return numbers.astype(np.int64), widths


def _columns(letters: NDArray[np.uint8], words: Words, begins: Integers) -> tuple[Integers, Integers]:
    """The number of each cell's column, and where the digits of its address begin."""
    start = words[begins]
    if ((start & FIRST_BYTES[6]) != _word(b'<c r="')).any():
        raise Unusual
    before_a = ord("A") - 1
    columns = (start >> np.uint64(48) & np.uint64(255)).astype(np.int64) - before_a
    second = (start >> np.uint64(56)).astype(np.int64) - before_a
    digits = begins + len('<c r="A')
    if columns.min(initial=1) < 1:
        raise Unusual
    more, following = np.flatnonzero(second > 0), second[second > 0]
    while len(more):
        if following.max() > 26:
            raise Unusual
        columns[more] = columns[more] * 26 + following
        digits[more] += 1
        following = letters[digits[more]].astype(np.int64) - before_a
        more, following = more[following > 0], following[following > 0]
    if columns.max(initial=1) >> COLUMN_BITS:
        raise Unusual
    return columns, digits


def _figures(text: bytes, words: Words, starts: Integers, ends: Integers) -> tuple[Doubles, Booleans]:
    """The figure between each two places, and whether there is one."""
    lengths = ends - starts
    whole, is_plain = _whole(words[starts], np.minimum(lengths, 8))
    is_plain &= (lengths > 0) & (lengths <= 8)
    figures = whole.astype(np.float64)
    rest = np.flatnonzero(~is_plain & (lengths > 0))
    if len(rest):
        figures[rest], is_plain[rest] = _decimals(text, words, starts[rest], ends[rest])
    return figures, is_plain


def _decimals(text: bytes, words: Words, starts: Integers, ends: Integers) -> tuple[Doubles, Booleans]:
    """The same for figures with a sign, a decimal point, or more digits."""
    is_negative = (words[starts] & np.uint64(255)) == ord("-")
    begins = starts + is_negative
    whole_widths = np.minimum(_first(words[begins], b"."), ends - begins)
    after = np.minimum(begins + whole_widths + 1, ends)
    widths = ends - after
    is_plain = (whole_widths > 0) & (widths <= 8) & (whole_widths + widths <= EXACT_DIGITS)
    is_plain &= (widths > 0) | (begins + whole_widths == ends)
    widths = np.minimum(widths, 8)
    whole, is_whole = _whole(words[begins], whole_widths)
    parts, are_parts = _whole(words[after], widths)
    figures = (whole * TENS[widths] + parts) / TENS[widths]
    figures[is_negative] *= -1
    is_plain &= is_whole & are_parts
    for place in np.flatnonzero(~is_plain).tolist():
        if FIGURE.fullmatch(text, starts[place], ends[place]):
            figures[place], is_plain[place] = float(text[starts[place] : ends[place]]), True
    return figures, is_plain


def _first(words: Words, letter: bytes) -> Integers:
    """How many letters stand before this one in each word; 8 where it is not in it."""
    others = words ^ _word(letter * 8)
    # The highest bit of each byte that is zero, and of none below the first.
    found = (others - _word(b"\x01" * 8)) & ~others & _word(b"\x80" * 8)
    below = (found & -found) - np.uint64(1)
    return (np.bitwise_count(below) >> 3).astype(np.int64)


def _whole(words: Words, widths: Integers) -> tuple[Words, Booleans]:
    """The whole number that the first letters of each word are, and whether all of them are digits.

    The digits are moved to the end of the word, and then added two by two, four by four and eight by eight.
    """
    half = ((8 - widths) << 2).astype(np.uint64)  # a shift by all 64 bits at once does nothing
    digits = (words ^ _word(b"0" * 8)) << half << half
    are_digits = ((digits + _word(b"\x76" * 8)) | digits) & _word(b"\x80" * 8) == 0
    pairs = digits * np.uint64(10) + (digits >> np.uint64(8))
    mask = np.uint64(0x000000FF_000000FF)
    upper = (pairs & mask) * np.uint64(100 + (1_000_000 << 32))
    lower = (pairs >> np.uint64(16) & mask) * np.uint64(1 + (10_000 << 32))
    return (upper + lower) >> np.uint64(32), are_digits


def _with_content(found: Found, is_plain: Booleans) -> Found:
    """Without the cells that hold nothing."""
    keep = is_plain.copy()
    keep[list(found.texts)] = True
    if keep.all():
        return found
    numbers = np.cumsum(keep) - 1
    texts = {int(numbers[place]): text for place, text in found.texts.items()}
    return Found(found.places[keep], found.formats[keep], found.figures[keep], found.has_formula[keep], texts)


def _joined(found: list[Found]) -> Found:
    """The cells of a sheet, each in its own place; a place that comes twice or too early is unusual."""
    texts: dict[int, bytes | None] = {}
    before = 0
    for part in found:
        texts.update((before + place, text) for place, text in part.texts.items())
        before += len(part.places)
    empty = Found(np.zeros(0, np.int64), np.zeros(0, np.int16), np.zeros(0), np.zeros(0, bool), {})
    arrays = zip(*((f.places, f.formats, f.figures, f.has_formula) for f in (empty, *found)), strict=True)
    places, formats, figures, has_formula = map(np.concatenate, arrays)
    if (np.diff(places) <= 0).any():
        raise Unusual
    return Found(places, formats, figures, has_formula, texts)
