"""A file of lines (parquet) as whole objects, a part at a time: memory does not grow with the file.

What stands in it is declared in `valuation.line_table`. Every value is checked while it is read; a file that breaks a
rule gives `UnusableLines` with what is wrong and in which row. Only the command reads such files, from a disk that its
user can read anyway, so this happens in the process itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from intake.cells import CellMistake, read_take_up
from valuation.arrays import Ints, Words64, changes, compiled
from valuation.case import EFFECTS
from valuation.line_table import FORMAT, LINE_COLUMNS, METADATA, SHAPES, VERSION, LineColumn, terms_from_data
from valuation.object_lines import CERTAIN, FULL, ObjectLines, Terms
from valuation.problems import Problem

ROWS_AT_A_TIME, FEW_ROWS = 60_000, 2**10
"""More than a small job (`arrays.BIG_JOB`), yet mostly in the processor's cache when it has been decoded, and three of
the pages that Arrow writes: what ends within a page is copied once more. And what the rest of one object fits in."""
MOST_PROBLEMS = 20
_FIRST_PRICE = np.uint64(2**63)
"""Numbers of reference prices start here; those of what else is shared, and 0 for none, lie below."""


class UnusableLines(Exception):  # noqa: N818 - it is a refusal with problems, not a mistake of ours
    """A file of lines that cannot be used, with what is wrong."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True)
class SomeObjects:
    """Whole objects, in the order of the file; n objects.

    Parameters
    ----------
    municipalities : list of str
    municipality : array of shape (n,)
        Position in that list.
    number : array of shape (n,)
        What the file calls each object: whole numbers or text.
    lines : ObjectLines
    """

    municipalities: list[str]
    municipality: Ints
    number: np.ndarray
    lines: ObjectLines


@dataclass(frozen=True)
class LineFile:
    """A file of lines whose columns and metadata are in order; its rows are checked as they are read.

    Parameters
    ----------
    path : Path
    terms : Terms
    columns : tuple of LineColumn
        The declared columns that are wanted.
    there : frozenset of str
        The columns that the file has, without those that are empty from top to bottom; another one has its default
        throughout.
    row_groups : array of shape (groups + 1,)
        Row with which each group of rows begins; a group without rows is left out.
    group_numbers : tuple of int
        What the file calls each of these groups.
    is_synthetic : bool
        No figure in it belongs to a real object.
    """

    path: Path
    terms: Terms
    columns: tuple[LineColumn, ...]
    there: frozenset[str]
    row_groups: Ints
    group_numbers: tuple[int, ...]
    is_synthetic: bool

    @property
    def rows(self) -> int:
        """Number of lines."""
        return int(self.row_groups[-1])

    def objects(self, start: int = 0, stop: int | None = None) -> Iterator[SomeObjects]:
        """The objects whose first row lies from `start` up to `stop`.

        Raises
        ------
        UnusableLines
            At the first rows that break a rule.
        """
        stop = self.rows if stop is None else stop
        for rows, begins, wrong in self._stretches(start, stop):
            if wrong:
                raise UnusableLines(wrong)
            mine = begins[(begins >= start - rows.first_row) & (begins < stop - rows.first_row)]
            if len(mine):
                others = begins[begins >= stop - rows.first_row]
                end = int(others[0]) if len(others) else len(rows)
                yield rows.some(int(mine[0]), end).as_objects(mine - mine[0])

    def problems(self) -> list[Problem]:
        """What is wrong in the whole file, up to so many problems: the first row of every stretch and rule."""
        found: list[Problem] = []
        for _rows, _begins, wrong in self._stretches(0, self.rows):
            found += wrong
            if len(found) >= MOST_PROBLEMS:
                break
        return found[:MOST_PROBLEMS]

    def _stretches(self, start: int, stop: int) -> Iterator[tuple[_Rows, Ints, list[Problem]]]:
        """The rows in stretches, from the group of `start` until an object that begins at `stop` or later.

        With each: where objects begin, and what is wrong. The last object of a stretch may go on in the next one, so
        it is handed on and comes whole with that; only what a group begins with may belong to an object before it.
        """
        reader = _Reader(self.path.name, self.columns, self.terms.horizon_years)
        group = int(np.searchsorted(self.row_groups, start, side="right")) - 1
        next_row = int(self.row_groups[group])
        texts = [c.key for c in self.columns if c.kind in ("word", "take_up") and c.key in self.there]
        names = [column.key for column in self.columns if column.key in self.there]
        with pq.ParquetFile(self.path, read_dictionary=texts, page_checksum_verification=True) as file:
            before = self._last_object(file, group - 1) if group > 0 and self._goes_on(file, group) else None
            last: _Rows | None = None
            for batch in self._readable(self._batches(file, names, group, stop)):
                rows, wrong = reader.rows(batch, next_row, last)
                next_row += len(batch)
                begins, wrong = (_NO_ROWS, wrong) if wrong else reader.begins(rows, before)
                if wrong:
                    yield rows, _NO_ROWS, wrong
                    before = last = None
                    continue
                end = len(rows)  # where nothing begins, all of it belongs to an object of an earlier part
                if len(begins):
                    end = int(begins[-1])
                    yield rows.some(0, end), begins[:-1], []
                    before, last = None, rows.some(end, len(rows))
                if rows.first_row + end >= stop:
                    return
            if last is not None:
                yield last, _FIRST_ROW, []

    def _readable(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The same, until the file turns out to be damaged."""
        try:
            yield from batches
        except (pa.ArrowException, OSError) as error:
            _raise_if_of_disk(error)
            raise UnusableLines([_problem("lines_damaged", self.path.name)]) from None

    def _batches(self, file: pq.ParquetFile, names: list[str], group: int, stop: int) -> Iterator[pa.RecordBatch]:
        """The rows of the groups that begin before `stop`, and then, for the last object, a few at a time."""
        for rest in range(group, len(self.row_groups) - 1):
            is_needed = self.row_groups[rest] < stop
            if not is_needed and not self._goes_on(file, rest):
                break
            at_a_time = ROWS_AT_A_TIME if is_needed else FEW_ROWS
            number = self.group_numbers[rest]
            yield from file.iter_batches(at_a_time, row_groups=[number], columns=names, use_threads=False)

    def _goes_on(self, file: pq.ParquetFile, group: int) -> bool:
        """Whether an object may go on in this group of rows, as far as the file itself knows.

        It does not where all its numbers are higher than those of the group before. Numbers may begin again in another
        municipality, so nothing else follows from them.
        """
        before, here = (self._of_objects(file, each) for each in (group - 1, group))
        known = all(each is not None and each.has_min_max for each in (before, here))
        return not known or bool(before.max >= here.min)

    def _of_objects(self, file: pq.ParquetFile, group: int) -> Any:
        """What the file knows of a group's numbers; a column may have columns of its own, which it counts as well."""
        found = file.metadata.row_group(self.group_numbers[group])
        columns = (found.column(at) for at in range(found.num_columns))
        return next(column.statistics for column in columns if column.path_in_schema == "object")

    def _last_object(self, file: pq.ParquetFile, group: int) -> _Key:
        """The object of a group's last row."""
        rows = file.read_row_group(self.group_numbers[group], columns=["municipality", "object"])
        return rows.column("municipality")[-1].as_py(), rows.column("object")[-1].as_py()


_Key = tuple[str, int | str]
"""Municipality and number of an object."""


@dataclass(frozen=True)
class _Rows:
    """A stretch of rows as columns, and the words that stand in them as numbers.

    A municipality's number counts in its own stretch only.
    """

    first_row: int
    columns: dict[str, np.ndarray]
    municipalities: list[str]
    take_ups: list[tuple[float, ...]]

    def __len__(self) -> int:
        return len(self.columns["object"])

    def some(self, begin: int, end: int) -> _Rows:
        columns = {key: values[begin:end] for key, values in self.columns.items()}
        return replace(self, first_row=self.first_row + begin, columns=columns)

    def key_of(self, row: int) -> _Key:
        number = self.columns["object"][row]
        return self.municipalities[self.columns["municipality"][row]], number

    def as_objects(self, begins: Ints) -> SomeObjects:
        """These rows as the objects that begin in those places."""
        columns = self.columns
        municipality, number = columns["municipality"][begins], columns["object"][begins]
        identity = np.zeros(len(begins), dtype=np.uint64)
        if "price" in columns:
            identity = _identity(self.municipalities, municipality, number)
        take_up = columns.get("take_up", _NOTHING)
        return SomeObjects(
            municipalities=self.municipalities,
            municipality=municipality,
            number=number,
            lines=ObjectLines(
                first=np.append(begins, len(self)),
                identity=identity,
                quantity=columns["quantity"],
                unit_value=columns["unit_value_eur"],
                **{key: columns[key] for key in _AS_THEY_ARE},
                take_up=take_up if take_up.any() else None,
                take_ups=tuple(self.take_ups),
                low=columns.get("low_eur"),
                high=columns.get("high_eur"),
                distribution=columns.get("distribution"),
                distributions=(CERTAIN, *SHAPES),
                price=columns.get("price"),
            ),
        )


_AS_THEY_ARE = (
    *("deadweight", "displacement", "attribution", "drop_off", "real_growth", "start_year", "end_year"),
    *("society", "municipal", "book", "at_terminal"),
)
_TYPES = {"number": np.float64, "year": np.int16, "weight": np.int8, "flag": np.bool_}


def open_line_file(path: Path, *, with_draws: bool = False) -> LineFile:
    """A file of lines, ready to be read.

    Parameters
    ----------
    path : Path
    with_draws : bool
        Also read what is uncertain.

    Raises
    ------
    UnusableLines
        When it is no parquet, lacks a column or says nothing usable about itself.
    OSError
        When there is no such file, or it may not be read.
    """
    name = path.name
    with path.open("rb"):
        pass  # a file that is not there, or may not be read, says so itself
    try:
        with pq.ParquetFile(path) as file:
            schema, metadata = file.schema_arrow, file.metadata
            groups = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
    except (pa.ArrowException, OSError) as error:
        _raise_if_of_disk(error)
        raise UnusableLines([_problem("lines_no_parquet", name)]) from None
    problems = _wrong_columns(schema, name)
    if not sum(groups):
        problems.append(_problem("lines_empty_file", name))
    about, wrong = _about(metadata.metadata, name)
    problems += wrong
    if problems or about is None:
        raise UnusableLines(problems)
    return LineFile(
        path=path,
        terms=terms_from_data(about),
        columns=tuple(column for column in LINE_COLUMNS if with_draws or not column.for_draws),
        there=frozenset(field.name for field in schema if not pa.types.is_null(field.type)),
        row_groups=np.cumsum([0, *filter(None, groups)]),
        group_numbers=tuple(number for number, count in enumerate(groups) if count),
        is_synthetic=bool(about.get("synthetic", False)),
    )


def _about(metadata: dict[bytes, bytes] | None, name: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    """What the file says about itself; not every program says it of the columns as well."""
    try:
        about = json.loads((metadata or {})[METADATA])
    except (KeyError, ValueError):
        return None, [_problem("lines_no_metadata", name)]
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        return None, [_problem("lines_no_metadata", name)]
    if about.get("version") != VERSION:
        return None, [_problem("lines_version", name, version=str(about.get("version")), known=VERSION)]
    try:
        terms_from_data(about)
    except ValueError as error:
        return None, [_problem("lines_terms", name, key=str(error))]
    return about, []


def _wrong_columns(schema: pa.Schema, name: str) -> list[Problem]:
    problems = []
    for column in LINE_COLUMNS:
        at = schema.get_field_index(column.key)
        if at < 0 and column.default is None:
            problems.append(_problem("lines_column_missing", name, column=column.key))
        elif at >= 0 and not _fits(schema.field(at).type, column):
            found = str(schema.field(at).type)
            problems.append(_problem("lines_column_type", name, column=column.key, found=found))
    return problems


def _fits(found: pa.DataType, column: LineColumn) -> bool:
    """Whether a column of the file has a type that its declaration can be read from."""
    if pa.types.is_null(found):
        return column.may_be_empty and column.default is not None
    value = found.value_type if pa.types.is_dictionary(found) else found
    is_text = pa.types.is_string(value) or pa.types.is_large_string(value)
    is_whole, is_number = pa.types.is_integer(found), pa.types.is_integer(found) or pa.types.is_floating(found)
    fits = {
        "word": is_text,
        "take_up": is_text,
        "identifier": is_text or is_whole,
        "flag": pa.types.is_boolean(found) or is_whole,
    }
    return bool(fits.get(column.kind, is_number))


@dataclass
class _Reader:
    """Turns what the file holds into columns; the same word is the same number in every stretch."""

    name: str
    columns: tuple[LineColumn, ...]
    horizon_years: int
    take_ups: dict[tuple[float, ...], int] = field(default_factory=lambda: {FULL: 0})
    tables: dict[str, tuple[pa.Array, np.ndarray, np.ndarray]] = field(default_factory=dict)
    municipalities: list[str] = field(default_factory=list)

    def rows(self, batch: pa.RecordBatch, first_row: int, last: _Rows | None = None) -> tuple[_Rows, list[Problem]]:
        """One stretch as columns, and what is wrong in it: the first row of every rule and column.

        The rows of the `last` object so far, which were in order, come before it.
        """
        problems: list[Problem] = []
        found: dict[str, np.ndarray] = {}
        more, there = 0 if last is None else len(last), dict(zip(batch.schema.names, batch.columns, strict=True))
        for column in self.columns:
            if column.key not in there:
                if column.kind != "take_up":  # which needs none: full size throughout
                    found[column.key] = _absent(column.key, more + len(batch))
                continue
            cells, before = there[column.key], _NOTHING if last is None else last.columns[column.key]
            found[column.key], rule, wrong = self._column(cells, column, before)
            if rule is not None and wrong.any():
                problems.append(self._problem(rule, column, first_row, cells, int(np.flatnonzero(wrong)[0])))
        if "low_eur" in found and not problems:
            has_range = ~np.isnan(found["low_eur"])
            of_shape = np.maximum(found["distribution"], 1)
            found["distribution"] = np.where(has_range, of_shape, 0).astype(np.int8)
            wrong = _wrong_range(found)
            if wrong.any():
                at = int(np.flatnonzero(wrong)[0]) - more
                problems.append(_problem("lines_range", self.name, row=first_row + at + 1))
        names = self.municipalities
        if last is not None:
            place = last.key_of(0)[0]
            names = names if place in names else [*names, place]
            found["municipality"][:more] = names.index(place)
        return _Rows(first_row - more, found, names, list(self.take_ups)), problems

    def begins(self, rows: _Rows, before: _Key | None) -> tuple[Ints, list[Problem]]:
        """Where objects begin, and the first one that is not later in the order than the object before it."""
        municipality, number = rows.columns["municipality"], rows.columns["object"]
        begins = changes(municipality, number)
        if before is None or rows.key_of(0) != before:
            begins = np.concatenate([_FIRST_ROW, begins])
        numbers, places = number[begins], municipality[begins]
        if before is not None and len(begins) and begins[0] == 0 and not _follows(rows.key_of(0), before):
            return begins, [self._out_of_order(rows, 0)]
        for at in np.flatnonzero((places[1:] != places[:-1]) | (numbers[1:] < numbers[:-1])):
            row = int(begins[at + 1])
            if not _follows(rows.key_of(row), rows.key_of(row - 1)):
                return begins, [self._out_of_order(rows, row)]
        return begins, []

    def _out_of_order(self, rows: _Rows, at: int) -> Problem:
        place, number = rows.key_of(at)
        return _problem("lines_order", self.name, row=rows.first_row + at + 1, municipality=place, value=str(number))

    def _column(
        self, cells: pa.Array, column: LineColumn, before: np.ndarray
    ) -> tuple[np.ndarray, str | None, np.ndarray]:
        """The column as numbers, after those before it; the rule that may be broken, and where it is."""
        empty = cells.is_null().to_numpy(zero_copy_only=False) if cells.null_count else None
        if column.kind in ("word", "take_up"):
            codes, rule, wrong = self._words(cells, column, empty)
            return _after(before, codes), rule, wrong
        if empty is not None and not column.may_be_empty:
            return _absent(column.key, len(cells)), "lines_empty", empty
        values = _flags(cells) if pa.types.is_boolean(cells.type) else cells.to_numpy(zero_copy_only=False)
        if values.dtype == np.float16:  # which the kernels do not know
            values = values.astype(np.float64)
        if column.kind == "identifier":
            return _after(before, values if values.dtype != object else values.astype(str)), None, _NOWHERE
        return self._numbers(values, column, before)

    def _numbers(
        self, values: np.ndarray, column: LineColumn, before: np.ndarray
    ) -> tuple[np.ndarray, str | None, np.ndarray]:
        """The same of a column of numbers."""
        least, most = self._bounds(column)
        joined: np.ndarray = np.empty(len(before) + len(values), dtype=_TYPES[column.kind])
        joined[: len(before)] = before
        own = joined[len(before) :]
        may_be_broken = column.kind in ("year", "weight") and values.dtype.kind == "f"
        kernels = None if may_be_broken else compiled(len(values))
        if kernels is not None and kernels.copied_within(values, least, most, column.may_be_empty, own):
            return joined, None, _NOWHERE
        right = _within(values, least, most, may_be_empty=column.may_be_empty)
        if right is None and may_be_broken and not (values == np.rint(values)).all():
            right = values == np.rint(values)
        if right is not None:
            return joined, "lines_value", ~right
        own[:] = values
        return joined, None, _NOWHERE

    def _bounds(self, column: LineColumn) -> tuple[float, float]:
        """Any number lies within the widest, but an infinite one does not."""
        if column.kind == "weight":
            return -1.0 if column.least is None else column.least, 1.0
        least, most = column.least, self.horizon_years if column.kind == "year" else column.most
        return -_HIGHEST if least is None else least, _HIGHEST if most is None else most

    def _words(
        self, cells: pa.Array, column: LineColumn, empty: np.ndarray | None
    ) -> tuple[np.ndarray, str | None, np.ndarray]:
        """A column of words, of which every different one is looked at once."""
        if not pa.types.is_dictionary(cells.type):
            cells = cells.dictionary_encode()
        table, is_known = self._table(cells.dictionary, column)
        blank = len(table) - 1
        codes = (cells.indices if empty is None else cells.indices.fill_null(blank)).to_numpy()
        if is_known[: blank + int(empty is not None)].all():
            is_place = column.key == "municipality"
            return codes.astype(np.int32, copy=False) if is_place else table.take(codes), None, _NOWHERE
        return table[codes], "lines_empty" if is_known[:blank].all() else "lines_word", ~is_known[codes]

    def _table(self, words: pa.Array, column: LineColumn) -> tuple[np.ndarray, np.ndarray]:
        """The number of each word, and last of none at all, and which are known; stretches often have the same ones."""
        if column.key not in self.tables or not self.tables[column.key][0].equals(words):
            numbers = [self._number(word, column) for word in words.to_pylist()]
            numbers.append(0 if column.may_be_empty else None)
            table = np.array([number or 0 for number in numbers], dtype=_WORD_TYPES[column.key])
            self.tables[column.key] = words, table, np.array([number is not None for number in numbers])
            if column.key == "municipality":
                self.municipalities = words.to_pylist()
        return self.tables[column.key][1:]

    def _number(self, word: str, column: LineColumn) -> int | None:
        """The number that a word is written as; None for a word that the column does not know."""
        if column.key == "municipality":
            return 0  # any word will do, and it is not looked up
        if column.key == "price":
            return int(pd.util.hash_array(np.array([word], dtype=object))[0] | _FIRST_PRICE)
        if column.key == "distribution":
            return SHAPES.index(word) + 1 if word in SHAPES else None
        try:
            take_up = read_take_up(word, EFFECTS.column("take_up"))
        except CellMistake:
            return None
        return self.take_ups.setdefault(take_up, len(self.take_ups))

    def _problem(self, rule: str, column: LineColumn, first_row: int, cells: pa.Array, at: int) -> Problem:
        most = self.horizon_years if column.kind == "year" else column.most
        return _problem(
            rule,
            self.name,
            row=first_row + at + 1,
            column=column.key,
            value=_shown(cells[at].as_py()),
            least="-" if column.least is None else column.least,
            most="-" if most is None else most,
        )


_NOWHERE = np.zeros(0, dtype=np.bool_)
_NOTHING = np.zeros(0, dtype=np.int8)
_NO_ROWS, _FIRST_ROW = np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64)
_WORD_TYPES = {"municipality": np.int32, "distribution": np.int8, "price": np.uint64, "take_up": np.int32}
_HIGHEST = np.finfo(np.float64).max


def _after(before: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.concatenate([before, values]) if len(before) else values


def _flags(cells: pa.Array) -> np.ndarray:
    """A column of flags without an empty one, of which Arrow keeps eight in a byte; eight times as fast as its own."""
    bits = np.frombuffer(cells.buffers()[1], dtype=np.uint8)
    return np.unpackbits(bits, count=cells.offset + len(cells), bitorder="little")[cells.offset :].view(np.bool_)


def _follows(key: _Key, before: _Key) -> bool:
    place, number = key
    return place > before[0] or (place == before[0] and bool(number > before[1]))  # type: ignore[operator]


def _within(values: np.ndarray, least: float, most: float, *, may_be_empty: bool) -> np.ndarray | None:
    """Which values lie within bounds and are numbers; None when all do, which is the rule."""
    if least == 0.0 and values.dtype == np.float64:
        # Read as whole numbers, floats from 0 up keep their order; what is negative, infinite or NaN lies above them.
        if values.view(np.uint64).max() <= np.float64(most).view(np.uint64):
            return None
    elif values.min() >= least and values.max() <= most:  # neither with a NaN
        return None
    right: np.ndarray = (values >= least) & (values <= most)
    if may_be_empty:
        right |= np.isnan(values)
    return None if right.all() else right


@lru_cache(maxsize=64)
def _absent(key: str, count: int) -> np.ndarray:
    """A column that the file lacks; read only, for it is used again."""
    column = next(column for column in LINE_COLUMNS if column.key == key)
    kind = _WORD_TYPES.get(column.key) or _TYPES.get(column.kind, np.int64)
    default = 0 if column.default is None or column.kind == "word" else column.default
    values: np.ndarray = np.full(count, default, dtype=kind)
    values.flags.writeable = False
    return values


def _wrong_range(found: dict[str, np.ndarray]) -> np.ndarray:
    """Where a range is none: one bound only, the wrong way round, or lognormal without being above zero."""
    low, high = found["low_eur"], found["high_eur"]
    is_lognormal = found["distribution"] == 1 + SHAPES.index("lognormal")
    wrong: np.ndarray = (np.isnan(low) != np.isnan(high)) | (low > high) | (is_lognormal & ~(low > 0))
    return wrong


def _identity(municipalities: list[str], municipality: Ints, number: np.ndarray) -> Words64:
    """A number for each object that follows from its municipality and its own number only."""
    of_place = pd.util.hash_array(np.array(municipalities, dtype=object))[municipality]
    own = pd.util.hash_array(number if number.dtype.kind in "iu" else number.astype(object))
    with np.errstate(over="ignore"):
        identity: Words64 = of_place * np.uint64(31) + own
    return identity


def _raise_if_of_disk(error: Exception) -> None:
    """The disk's own errors have a number; what Arrow cannot make sense of is an error of the file."""
    if isinstance(error, OSError) and error.errno is not None:
        raise error


def _shown(value: Any) -> Any:
    return str(value) if isinstance(value, float) and not np.isfinite(value) else value


def _problem(rule: str, name: str, **parameters: Any) -> Problem:
    value = parameters.pop("value", None)
    return Problem("error", rule, value=value, parameters={"file": name, **parameters})
