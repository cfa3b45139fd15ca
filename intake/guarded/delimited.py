"""A text file with a separator (csv, tsv): every cell stays the text that it is."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import zip_longest

from .columns import Book, Listed, Words
from .limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, RefusedError, tell

SEPARATORS = ";\t,|"
LINES_TO_JUDGE = 200
LONGEST_CELL = 100_000
SHEET_NAME = "csv"
NOT_IN_WINDOWS_1252 = frozenset("\x81\x8d\x8f\x90\x9d")


def read_text(data: bytes) -> Book:
    """The one table of the file as a sheet, from A1; a `sep=` line is no row, as in Excel."""
    text = decoded(data)
    tell(0.2)
    lines = text.splitlines()
    announced = announced_separator(lines[0]) if lines else None
    separator = announced or likely_separator(text)
    rows = _rows(text, separator)[0 if announced is None else 1 :]
    height, width = len(rows), max(map(len, rows), default=0)
    if height > MAX_ROWS or width > MAX_COLUMNS or height * width > MAX_CELLS:
        raise RefusedError("sheet_too_large", sheet_name=SHEET_NAME, rows=height, columns=width)
    columns = [[cell or None for cell in column] for column in zip_longest(*rows)]
    return Book([Listed(SHEET_NAME, columns, [])], Words())


def decoded(data: bytes) -> str:
    """The text: UTF-8 with or without a byte order mark, UTF-16 with one, and otherwise windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    if "\x00" in text or NOT_IN_WINDOWS_1252 & set(text) or "\ufffd" in text:
        raise RefusedError("text_unreadable")
    return text


def announced_separator(line: str) -> str | None:
    """The separator of a first line such as `sep=;`, which Excel understands."""
    plain = line.strip().strip('"').lower()
    return plain[4:5] or "\t" if plain.startswith("sep=") and len(plain) <= 5 else None


def likely_separator(text: str) -> str:
    """The separator that cuts most of the first lines into the same number of cells, more than one."""
    start = "\n".join(text.splitlines()[:LINES_TO_JUDGE])
    best, best_score = ";", (0, 0)
    for separator in SEPARATORS:
        try:
            widths = Counter(len(row) for row in csv.reader(io.StringIO(start), delimiter=separator) if len(row) > 1)
        except csv.Error:
            continue
        # The lines that agree count first: a decimal comma cuts some lines, a separator cuts all.
        score = max(((lines, width) for width, lines in widths.items()), default=(0, 0))
        if score > best_score:
            best, best_score = separator, score
    return best


def _rows(text: str, separator: str) -> list[list[str]]:
    """The cells by row, one row a line; a cell with line breaks in it, in quotes, is one cell."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        rule = "text_cell_too_long" if "field larger" in str(error) else "text_quotes"
        raise RefusedError(rule, line=str(reader.line_num)) from None
