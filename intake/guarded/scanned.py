"""A large xlsx workbook, its sheets scanned as bytes (`scan`): what was found becomes columns.

Figures are there already. A text is looked up among the shared texts; whatever has to be understood is asked of
calamine, each different cell once.
"""

from __future__ import annotations

import re
import zipfile
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from .columns import EMPTY, FIGURE, Book, Fault, Words
from .limits import MAX_CELLS, check_size, tell
from .scan import COLUMN_BITS, FIGURES, OTHER_ENCODING, Found, Scanner
from .thinned import KEPT, SHARED_TEXTS, Thinned, Unusual
from .xlsx import UNCOMPUTED_FORMULA, Room, is_sheet, is_xml, refuse_declarations, sheet_paths, without_declarations

Numbers = NDArray[np.int32]

PIECES_AHEAD = 4
FIRST_SHARE, LAST_SHARE = 0.05, 0.6
PLAIN_TEXT = re.compile(r'<si><t(?: xml:space="preserve")?>([^\s<&_](?:[^<&\r_]*[^\s<&_])?)</t></si>')
"""A shared text in which nothing is escaped, and without space around it."""
SHARED_TEXT = re.compile(r"<si\s*/>|<si>.*?</si>", re.DOTALL)
INLINE_TEXT = re.compile(rb'<t(?: xml:space="preserve")?>([^\s<&_](?:[^<&\r_]*[^\s<&_])?)</t>')
TEXTS = frozenset({b"str", b"inlineStr"})
PROBE = b"1.5"
"""A figure by which a format shows whether figures in it are days or times."""


def read_scanned(archive: zipfile.ZipFile) -> Book:
    """Every worksheet, hidden ones too.

    Raises
    ------
    Unusual
        Something is not as spreadsheet programs save it.
    """
    room = Room()
    parts = {}
    for entry in archive.infolist():
        if is_xml(entry) and not is_sheet(entry):
            part = b"".join(without_declarations(room.pieces(archive, entry)))
            if entry.filename.lower() in KEPT or entry.filename == SHARED_TEXTS:
                parts[entry.filename] = part
    paths = sheet_paths(archive)
    entries = {entry.filename: entry for entry in archive.infolist() if is_sheet(entry)}
    if not paths or not set(paths.values()) <= set(entries):
        raise Unusual
    scanner, found, without_rows = Scanner(), {}, {}
    progress = _Progress(sum(entries[path].file_size for path in paths.values()))
    for name, path in paths.items():
        pieces = progress.told(_ahead(room.pieces(archive, entries[path])))
        found[name], without_rows[path] = scanner.sheet(pieces, room.count)
        _check(without_rows[path])
    shared = parts.pop(SHARED_TEXTS, b"")
    thinned = Thinned(parts, paths)
    cells = _Cells(scanner, thinned, shared)
    merged = thinned.merged(without_rows)
    sheets = [cells.sheet(name, of_sheet, merged.get(name, [])) for name, of_sheet in found.items()]
    _forget_unused(sheets, cells.words)
    return Book(sheets, cells.words)


def _check(around: bytes) -> None:
    """Whether what stands around the rows, or around the shared texts, is sound."""
    refuse_declarations(around)
    try:
        expat.ParserCreate().Parse(around, True)
    except expat.ExpatError as error:
        raise Unusual from error


def _ahead(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, of which the next ones are unpacked in the meantime."""
    with ThreadPoolExecutor(1) as unpacker:
        waiting = deque(unpacker.submit(next, pieces, b"") for _ in range(PIECES_AHEAD))
        while piece := waiting.popleft().result():
            waiting.append(unpacker.submit(next, pieces, b""))
            yield piece


class _Progress:
    """Tells how much of all sheets has been scanned."""

    def __init__(self, total: int) -> None:
        self.done, self.total = 0, total

    def told(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            tell(FIRST_SHARE + (LAST_SHARE - FIRST_SHARE) * min(self.done / self.total, 1.0))
            yield piece
            self.done += len(piece)


@dataclass
class Scanned:
    """A worksheet as the numbers of its cells and its figures, by row and column."""

    name: str
    numbers: Numbers
    figures: NDArray[np.float64]
    words: Words
    merged: list[list[int]]

    @property
    def height(self) -> int:
        """How many rows it has."""
        return len(self.numbers)

    @property
    def width(self) -> int:
        """How many columns it has."""
        return int(self.numbers.shape[1])

    def cells(self, position: int, rows: slice) -> list[Any]:
        """Some cells of one column."""
        words, columns = self.words.cells, (self.numbers[rows, position], self.figures[rows, position])
        pairs = zip(*(column.tolist() for column in columns), strict=True)
        return [figure if number == FIGURE else words[number] for number, figure in pairs]

    def packed(self, _words: Words) -> tuple[bytes, bytes]:
        """Row after row the numbers of its cells, in four bytes each, and its figures as doubles."""
        return self.numbers.tobytes(), self.figures.tobytes()


def _forget_unused(sheets: list[Scanned], words: Words) -> None:
    """A shared text that stands in no cell stays behind."""
    is_used = np.zeros(len(words.cells), bool)
    for sheet in sheets:
        is_used[np.maximum(sheet.numbers, EMPTY)] = True
    for number in np.flatnonzero(~is_used).tolist():
        words.forget(number)


class _Cells:
    """The cells that were found, as columns in which everything but figures is a number of `words`."""

    def __init__(self, scanner: Scanner, thinned: Thinned, shared: bytes) -> None:
        self.formats, self.thinned, self.words = scanner.formats, thinned, Words()
        self.room = MAX_CELLS
        self.is_text = np.array([kind == b"s" for _attributes, kind in self.formats], bool)
        self.is_figure = np.array([kind == b"n" for _attributes, kind in self.formats], bool)
        # A figure can be a day or a time by its format.
        asked = np.flatnonzero(self.is_figure).tolist()
        shown = thinned.understood([self._cell(number, PROBE) for number in asked])
        self.days = [number for number, cell in zip(asked, shown, strict=True) if type(cell) is not float]
        self.text_numbers = self._shared_texts(shared)

    def _cell(self, number: int, text: bytes) -> bytes:
        attributes, kind = self.formats[number]
        tag = b"is" if kind == b"inlineStr" else b"v"
        return b"%b<%b>%b</%b>" % (attributes, tag, text, tag)

    def _shared_texts(self, shared: bytes) -> Numbers:
        """The number of each shared text."""
        if OTHER_ENCODING.match(shared):
            raise Unusual
        part = shared.decode("utf-8")
        if shared:
            _check((part[: part.find("<si>")] + part[part.rfind("</si>") + len("</si>") :]).encode())
        texts: list[str] = PLAIN_TEXT.findall(part)
        if len(texts) != part.count("<si"):
            texts = self._escaped_texts(part)
        first = self.words.add(texts)
        numbers = np.arange(first, first + len(texts), dtype=np.int32)
        numbers[[number for number, text in enumerate(texts) if not text]] = EMPTY
        return numbers

    def _escaped_texts(self, part: str) -> list[str]:
        """The shared texts where not all of them are plain."""
        entries = SHARED_TEXT.findall(part)
        if len(entries) != part.count("<si"):
            raise Unusual
        plain = list(map(PLAIN_TEXT.fullmatch, entries))
        escaped = [entry.encode() for entry, match in zip(entries, plain, strict=True) if match is None]
        cells = [b'" t="s"><v>%d</v>' % number for number in range(len(escaped))]
        understood = iter(self.thinned.understood(cells, escaped))
        return [next(understood) if match is None else match[1] for match in plain]

    def sheet(self, name: str, found: Found, merged: list[list[int]]) -> Scanned:
        """One sheet, from its first row and column on."""
        numbers = np.full(len(found.places), FIGURE, np.int32)
        is_text = self.is_text[found.formats]
        places = found.figures[is_text]
        if not ((places >= 0) & (places < len(self.text_numbers)) & (places == np.floor(places))).all():
            raise Unusual
        numbers[is_text] = self.text_numbers[places.astype(np.int64)]
        for number in self.days:
            self._understand_days(number, found, numbers)
        keep = self._understand_texts(found, numbers)
        rows, columns = found.places[keep] >> COLUMN_BITS, found.places[keep] & ((1 << COLUMN_BITS) - 1)
        height, width = int(rows.max(initial=0)), int(columns.max(initial=0))
        self.room = check_size(name, height, width, self.room)
        all_numbers, all_figures = np.zeros((height, width), np.int32), np.zeros((height, width))
        cells = rows  # as places in the sheet, row after row
        cells *= width
        cells += columns
        cells -= width + 1
        all_numbers.reshape(-1)[cells], all_figures.reshape(-1)[cells] = numbers[keep], found.figures[keep]
        return Scanned(name, all_numbers, all_figures, self.words, merged)

    def _understand_days(self, number: int, found: Found, numbers: Numbers) -> None:
        """The days and times of one format, each different one once."""
        cells = np.flatnonzero(found.formats == number)
        cells = cells[~np.isin(cells, list(found.texts))] if found.texts else cells
        different, which = np.unique(found.figures[cells], return_inverse=True)
        attributes, _kind = self.formats[number]
        days = self.thinned.understood([b"%b<v>%a</v>" % (attributes, day) for day in different.tolist()])
        if "" in days:
            raise Unusual
        first = self.words.add(days)
        of_days = np.arange(first, first + len(days), dtype=np.int32)
        of_days[[type(day) is float for day in days]] = FIGURE
        numbers[cells] = of_days[which]

    def _understand_texts(self, found: Found, numbers: Numbers) -> slice | NDArray[np.bool_]:
        """Everything that is no plain figure, each different one once; says which cells hold something."""
        if not found.texts:
            return slice(None)
        keep = np.ones(len(numbers), bool)
        asked: dict[bytes, list[int]] = {}
        for cell, text in found.texts.items():
            number = int(found.formats[cell])
            kind = self.formats[number][1]
            if kind == b"e" or (not text and found.has_formula[cell] and kind not in TEXTS):
                code = text.decode("utf-8", "replace") if text else UNCOMPUTED_FORMULA
                numbers[cell] = self.words.number(Fault(code))
            elif not text and (kind == b"n" or text is None):
                keep[cell] = False
            elif kind in FIGURES:
                raise Unusual
            elif kind == b"inlineStr" and (match := INLINE_TEXT.fullmatch(text)) is not None:
                numbers[cell] = self.words.number(match[1].decode("utf-8"))
            else:
                asked.setdefault(self._cell(number, text), []).append(cell)
        answers = self.thinned.understood(list(asked))
        for number, cells in zip(self._numbers(answers).tolist(), asked.values(), strict=True):
            numbers[cells] = number
        return keep

    def _numbers(self, answers: list[Any]) -> Numbers:
        return np.array([self.words.number(answer) for answer in answers], np.int32)
