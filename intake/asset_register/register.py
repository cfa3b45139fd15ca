"""A register read by its mapping: its rows, its totals, what does not add up, and what has to be asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from intake.asset_register.layout import RegisterColumn, RegisterTable
from intake.asset_register.mapping import Mapping, suggested_scale
from intake.asset_register.notation import ReadColumn, read_column
from intake.asset_register.reconciling import (
    ROW_TOLERANCE,
    TOTAL_TOLERANCE,
    Figures,
    Flags,
    Reconciled,
    TotalCheck,
    capital_charge_differences,
    check_totals,
    reconcile,
)
from intake.asset_register.roles import IGNORE, ROLES
from intake.names import column_letter, is_empty
from intake.tables import shown
from intake.workbook import Cell, RawSheet, RawWorkbook
from valuation.case import ASSETS, ASSUMPTION_COLUMNS, ASSUMPTIONS, TABLES
from valuation.problems import Problem

YEAR, MONTH = r"(?P<year>(?:19|20)\d{2})", r"(?:0[1-9]|1[0-2])"
MONTH_IN_WORDS = r"(?:jan|feb|mrt|maa|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]*\.?"
DAYS_WITH_YEAR = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\d{{1,2}}[-/.]\d{{1,2}}[-/.]{YEAR}(?:[ T].*)?",
        rf"{YEAR}-{MONTH}(?:-\d{{2}}.*)?",
        rf"{YEAR}{MONTH}(?:0[1-9]|[12]\d|3[01])",
        rf"\d{{1,2}}[-/]{YEAR}",
        rf"(?:\d{{1,2}}[ -])?{MONTH_IN_WORDS}[ -]{YEAR}",
    )
)
NUMBER_OF_YEARS = re.compile(r"\s*(\d{1,3})\s?(?:jaar|jaren|jr|years?)\.?\s*", re.IGNORECASE)
NUMBER_BEFORE_NAME = re.compile(r"\s*((?=\S*\d)[\w./-]+)[\s:–-]+(\S.*)")
SCALED_DIGITS = 6
TEXT_FILE = "csv"
"""The name of the one sheet of a text file."""
DEDUCTED = ("third_party_contributions_eur",)
"""What is deducted from the cost, and has no sign of its own in the sheet Objecten."""
ROWS_OF_A_SUM = 2
"""A row that is the sum of at least this many rows above it may be a total without saying so."""


@dataclass(frozen=True)
class Question:
    """A column whose figures can be read in two ways, with some of them."""

    column: RegisterColumn
    examples: tuple[str, ...]


@dataclass(frozen=True)
class RegisterReading:
    """A register as read.

    Parameters
    ----------
    table, mapping
        What was read, and how.
    rows, totals, headings : list of int
        Row numbers of what counts, of totals and subtotals (kept out), and of texts without figures (left out).
    excluded : list of int
        Row numbers that the user left out.
    figures, total_figures : dict
        Role to the figures of those rows, in the scale of the sheet; NaN where there is none.
    columns : dict
        Role to its column as read: mistakes, notation, dashes.
    reconciled : Reconciled | None
        None where the register lacks the columns for it.
    total_reconciled : Reconciled | None
        The same for the totals.
    total_checks : list of TotalCheck
    problems : tuple of Problem
    questions : tuple of Question
        To be answered before anything is made of it.
    turned : frozenset of str
        Roles whose columns show what goes off as negative figures only, and are read as positive ones.
    """

    table: RegisterTable
    mapping: Mapping
    rows: list[int] = field(repr=False)
    totals: list[int] = field(repr=False)
    headings: list[int] = field(repr=False)
    excluded: list[int] = field(repr=False)
    figures: dict[str, Figures] = field(repr=False)
    total_figures: dict[str, Figures] = field(repr=False)
    columns: dict[str, ReadColumn] = field(repr=False)
    reconciled: Reconciled | None
    total_reconciled: Reconciled | None
    total_checks: list[TotalCheck]
    problems: tuple[Problem, ...] = field(repr=False)
    questions: tuple[Question, ...]
    turned: frozenset[str] = frozenset()

    @property
    def asks_scale(self) -> bool:
        """Whether the sheet names a scale that nobody confirmed yet."""
        return self.mapping.scale is None

    @property
    def scale(self) -> int:
        """What an amount is multiplied by to become euros; while it is asked, what the sheet says."""
        return suggested_scale(self.table) if self.mapping.scale is None else self.mapping.scale

    @property
    def is_ready(self) -> bool:
        """Whether objects can be made of it: nothing is asked any more."""
        return not self.asks_scale and not self.questions and bool(self.rows)

    def sum_eur(self, role: str) -> float:
        """Sum of a column over the rows that count, in euros."""
        return float(np.nansum(self.figures[role])) * self.scale


def read_register(table: RegisterTable, mapping: Mapping, excluded: Collection[int] = ()) -> RegisterReading:
    """Read the rows of a table by its mapping.

    Parameters
    ----------
    table : RegisterTable
    mapping : Mapping
    excluded : collection of int
        Row numbers that the user leaves out.
    """
    left_out = set(excluded)
    rows = [number for number in table.numbers("row") if number not in left_out]
    totals = table.numbers("total")
    wanted = {role: position for position, role in mapping.roles.items() if _is_figure(role)}
    numbers = sorted([*rows, *totals])
    is_total = np.isin(numbers, totals)
    columns = {
        role: read_column(table.column(position, numbers), mapping.notations.get(position))
        for role, position in wanted.items()
    }
    if table.scales and mapping.scale != 1:
        columns = {role: _in_one_scale(column, table, role, wanted[role]) for role, column in columns.items()}
    turned = frozenset(role for role in DEDUCTED if role in columns and _is_below_zero(columns[role].figures))
    columns.update({role: replace(columns[role], figures=0.0 - columns[role].figures) for role in turned})
    figures = {role: column.figures[~is_total] for role, column in columns.items()}
    total_figures = {role: column.figures[is_total] for role, column in columns.items()}
    reconciled = reconcile(figures)
    total_reconciled = _with_signs(total_figures, reconciled)
    amounts = [role for role in figures if ROLES[role].kind == "amount"]
    total_checks = check_totals(rows, totals, {r: figures[r] for r in amounts}, {r: total_figures[r] for r in amounts})
    reading = RegisterReading(
        table,
        mapping,
        rows,
        totals,
        table.numbers("heading"),
        sorted(left_out),
        figures,
        total_figures,
        columns,
        reconciled,
        total_reconciled,
        total_checks,
        (),
        _questions(table, mapping, columns),
        turned,
    )
    return _with_problems(reading, numbers)


def _is_figure(role: str) -> bool:
    return ROLES[role].kind == "amount" or role == "area_m2"


def _in_one_scale(column: ReadColumn, table: RegisterTable, role: str, position: int) -> ReadColumn:
    """A column of amounts whose header names a scale of its own, in that of the whole table."""
    if ROLES[role].kind != "amount":
        return column
    return replace(column, figures=column.figures * table.scales[position] / suggested_scale(table))


def _is_below_zero(figures: Figures) -> bool:
    """Whether there are figures below zero, and none above."""
    return bool((figures < 0).any() and not (figures > 0).any())


def _with_signs(figures: dict[str, Figures], of_rows: Reconciled | None) -> Reconciled | None:
    """The check of the totals, with the signs that the rows showed."""
    if of_rows is None or not len(figures["closing_book_value"]):
        return None
    signed = {role: -values if role in of_rows.as_negative else values for role, values in figures.items()}
    return reconcile(signed)


def _questions(table: RegisterTable, mapping: Mapping, columns: dict[str, ReadColumn]) -> tuple[Question, ...]:
    by_position = {column.position: column for column in table.columns}
    return tuple(
        Question(by_position[position], columns[role].examples)
        for position, role in mapping.roles.items()
        if role in columns and columns[role].is_ambiguous
    )


def _with_problems(reading: RegisterReading, numbers: list[int]) -> RegisterReading:
    problems = [
        *_cell_problems(reading, numbers),
        *_beside_the_table(reading.table),
        *_row_problems(reading),
        *_total_problems(reading),
    ]
    return RegisterReading(**{**reading.__dict__, "problems": tuple(problems)})


def _place(reading: RegisterReading, role: str, row: int | None = None) -> tuple[str, str, str]:
    """Sheet, cell and header of a role's column, in a row or at its header."""
    position = reading.mapping.position(role)
    column = next(column for column in reading.table.columns if column.position == position)
    return reading.table.sheet.name, f"{column.letter}{row or reading.table.header_rows.stop - 1}", column.name


def _cell_problems(reading: RegisterReading, numbers: list[int]) -> list[Problem]:
    """Cells that hold no figure where one belongs, and cells whose figure is not known."""
    problems: list[Problem] = []
    for position, role in reading.mapping.roles.items():
        column = reading.columns.get(role)
        if column is None:
            continue
        for index, mistake in column.mistakes:
            cell = reading.table.sheet.rows[numbers[index] - 1][position]
            place = _place(reading, role, numbers[index])
            problems.append(Problem("error", mistake.rule, *place, shown(cell), mistake.parameters))
        problems.extend(
            Problem("warning", "figure_unknown", *_place(reading, role, numbers[index]), shown(cell))
            for index in column.unknown
            for cell in [reading.table.sheet.rows[numbers[index] - 1][position]]
        )
    return problems


def _beside_the_table(table: RegisterTable) -> list[Problem]:
    """Figures to the right of the last column: a line of a text file that was cut into too many cells."""
    last = max((column.position for column in table.columns if column.header), default=0)
    if table.sheet.name != TEXT_FILE or last + 1 >= len(table.sheet.rows[0]):
        return []
    rows = enumerate(table.sheet.rows[table.first_row - 1 : table.last_row], start=table.first_row)
    return [
        Problem(
            "error", "cell_beside_table", table.sheet.name, f"{column_letter(last + 2)}{number}", value=row[last + 1]
        )
        for number, row in rows
        if not is_empty(row[last + 1])
    ]


def _row_problems(reading: RegisterReading) -> list[Problem]:
    """Rows that do not add up over the year, and rows that look like a total."""
    problems: list[Problem] = []
    if reading.reconciled is not None:
        wrong = reading.reconciled.checked & ~reading.reconciled.within(ROW_TOLERANCE)
        for index in np.flatnonzero(wrong):
            difference = float(reading.reconciled.differences[index]) * reading.scale
            place = _place(reading, "closing_book_value", reading.rows[int(index)])
            value = float(reading.figures["closing_book_value"][index])
            problems.append(Problem("warning", "row_does_not_add_up", *place, value, {"difference": difference}))
    differences = capital_charge_differences(reading.figures)
    if differences is not None:
        for index in np.flatnonzero(np.abs(np.nan_to_num(differences)) > ROW_TOLERANCE + 1e-6):
            place = _place(reading, "capital_charge", reading.rows[int(index)])
            value = float(reading.figures["capital_charge"][index])
            parameters = {"difference": float(differences[index]) * reading.scale}
            problems.append(Problem("warning", "capital_charge_differs", *place, value, parameters))
    problems.extend(
        Problem("warning", "row_looks_like_total", *_place(reading, role, reading.rows[index]), value)
        for index, role, value in _unnamed_totals(reading)
    )
    problems.extend(_without_label(reading))
    return problems


def _unnamed_totals(reading: RegisterReading) -> list[tuple[int, str, float]]:
    """Rows that equal the sum of the rows above them since the last total, or below them, in two columns or more."""
    roles = _amounts_of(reading)
    if len(roles) < 2 or len(reading.rows) <= ROWS_OF_A_SUM:
        return []
    amounts = np.array([np.nan_to_num(reading.figures[role]) for role in roles])
    has_two = (np.abs(amounts) > TOTAL_TOLERANCE).sum(axis=0) >= 2
    found = np.flatnonzero(has_two & (_sums_of_rows_above(reading, amounts) | _sums_of_rows_below(amounts)))
    role = "closing_book_value" if "closing_book_value" in roles else roles[0]
    return [(int(index), role, float(reading.figures[role][index])) for index in found]


def _amounts_of(reading: RegisterReading) -> list[str]:
    return [role for role in reading.figures if ROLES[role].kind == "amount" and role != "capital_charge"]


def _sums_of_rows_above(reading: RegisterReading, amounts: Figures) -> Flags:
    """Which rows are, in all columns, the sum of two or more rows above them, since the last total."""
    section = np.searchsorted(np.array(reading.totals), np.array(reading.rows))
    starts = np.searchsorted(section, section)
    running = np.cumsum(amounts, axis=1) - amounts
    before = running - running[:, starts]
    agrees = (np.abs(amounts - before) <= TOTAL_TOLERANCE).all(axis=0)
    return np.asarray(agrees & (np.arange(len(section)) - starts >= ROWS_OF_A_SUM))


def _sums_of_rows_below(amounts: Figures) -> Flags:
    """Which rows are, in all columns, the sum of two or more rows right below them.

    Looked for where the first column says that the sum ends; with amounts below zero it says that at several places,
    of which one is looked at.
    """
    running = np.cumsum(amounts, axis=1)
    ends = np.searchsorted(np.maximum.accumulate(running[0]), running[0] + amounts[0] - TOTAL_TOLERANCE)
    inside = np.minimum(ends, amounts.shape[1] - 1)
    agrees = (np.abs(running[:, inside] - running - amounts) <= TOTAL_TOLERANCE).all(axis=0)
    return np.asarray(agrees & (inside - np.arange(amounts.shape[1]) >= ROWS_OF_A_SUM))


def _without_label(reading: RegisterReading) -> list[Problem]:
    """Rows with amounts in which every column over numbers and names is empty."""
    places = [reading.mapping.position(role) for role in ("asset_id", "name", "id_and_name")]
    is_blank = [reading.table.column(place, reading.rows).is_blank for place in places if place is not None]
    if not is_blank:
        return []
    bare = np.flatnonzero(np.logical_and.reduce(is_blank)).tolist()
    found = ((index, role) for index in bare if (role := _with_amount(reading, index)) is not None)
    return [
        Problem(
            "warning",
            "row_without_label",
            *_place(reading, role, reading.rows[index]),
            float(reading.figures[role][index]),
        )
        for index, role in found
    ]


def _with_amount(reading: RegisterReading, index: int) -> str | None:
    """A column of amounts in which this row has one, a book value before others."""
    roles = sorted(_amounts_of(reading), key=lambda role: role != "closing_book_value")
    return next((role for role in roles if np.nan_to_num(reading.figures[role][index])), None)


def _total_problems(reading: RegisterReading) -> list[Problem]:
    """Totals that are not the sum of their rows, or do not add up over the year."""
    problems = [
        Problem(
            "warning",
            "total_differs",
            *_place(reading, role, check.row),
            float(reading.total_figures[role][reading.totals.index(check.row)]),
            {"difference": difference * reading.scale},
        )
        for check in reading.total_checks
        for role, difference in check.differences.items()
    ]
    if reading.total_reconciled is not None:
        wrong = reading.total_reconciled.checked & ~reading.total_reconciled.within(TOTAL_TOLERANCE)
        for index in np.flatnonzero(wrong):
            place = _place(reading, "closing_book_value", reading.totals[int(index)])
            value = float(reading.total_figures["closing_book_value"][index])
            parameters = {"difference": float(reading.total_reconciled.differences[index]) * reading.scale}
            problems.append(Problem("warning", "row_does_not_add_up", *place, value, parameters))
    return problems


def suggested_base_year(table: RegisterTable, mapping: Mapping) -> int | None:
    """The base year that goes with the chosen book value: the year after the one it closes, or the one it opens."""
    position = mapping.position(mapping.book_value)
    column = next((column for column in table.columns if column.position == position), None)
    if column is not None and column.day is not None and column.day.year is not None:
        return column.day.year + (column.day.month == 12)
    years = {int(year) for title in table.titles for year in re.findall(r"\b(?:19|20)\d{2}\b", title)}
    if len(years) != 1:
        return None
    return years.pop() + (mapping.book_value == "closing_book_value")


def to_workbook(
    readings: Sequence[RegisterReading],
    *,
    filename: str,
    municipality: str | None = None,
    base_year: int | None = None,
    kind: str | None = None,
    number_rows: bool = True,
) -> RawWorkbook:
    """The rows of one or more registers as the sheet Objecten of a new workbook.

    What the register does not have stays empty, and is asked for by the usual validation. A cell that holds no figure
    where one belongs goes along as it stands, so that it is told about at its place.

    Parameters
    ----------
    readings : sequence of RegisterReading
        Each ready (`is_ready`).
    filename : str
        For the note that says where each object comes from.
    municipality, base_year
        For the assumptions; empty when not known yet.
    kind : str, optional
        What all objects are, if the user says so: `gebouw` or `groen`.
    number_rows : bool
        Where there is no column with numbers, the row number is the object's number.
    """
    assets = [row for reading in readings for row in _asset_rows(reading, filename, kind, number_rows=number_rows)]
    sheets = []
    for table in TABLES:
        if table is ASSUMPTIONS:
            sheets.append(RawSheet(table.sheet_nl, _assumption_rows(municipality, base_year)))
        else:
            header = tuple(column.header for column in table.columns)
            sheets.append(RawSheet(table.sheet_nl, (header, *(assets if table is ASSETS else ()))))
    return RawWorkbook(tuple(sheets))


def _assumption_rows(municipality: str | None, base_year: int | None) -> tuple[tuple[Cell, ...], ...]:
    known: dict[str, Cell] = {"municipality": municipality, "base_year": base_year}
    header: tuple[Cell, ...] = tuple(pair[0] for pair in ASSUMPTION_COLUMNS.values())
    empty = (None,) * (len(header) - 2)
    return header, *((column.header, known.get(column.key), *empty) for column in ASSUMPTIONS.columns)


def _asset_rows(
    reading: RegisterReading, filename: str, kind: str | None, *, number_rows: bool
) -> list[tuple[Cell, ...]]:
    numbers = reading.rows
    columns: dict[str, list[Cell]] = {}
    for position, role in reading.mapping.roles.items():
        if role == IGNORE:
            continue
        cells = reading.table.cells(position, numbers)
        if role == "id_and_name":
            columns["asset_id"], columns["name"] = _split(cells)
        elif role == reading.mapping.book_value:
            columns["book_value_eur"] = _amounts(reading, role, cells)
        elif ROLES[role].in_assets:
            columns[role] = _asset_cells(reading, role, cells)
    if "asset_id" not in columns and number_rows:
        columns["asset_id"] = [f"{reading.table.sheet.name} {number}" for number in numbers]
    if "kind" not in columns and kind is not None:
        columns["kind"] = [kind] * len(numbers)
    columns["note"] = [f"{filename}, {reading.table.sheet.name}, rij {number}" for number in numbers]
    empty: list[Cell] = [None] * len(numbers)
    return list(zip(*(columns.get(column.key, empty) for column in ASSETS.columns), strict=True))


def _asset_cells(reading: RegisterReading, role: str, cells: list[Cell]) -> list[Cell]:
    if ROLES[role].kind == "amount":
        return _amounts(reading, role, cells)
    if role == "area_m2":
        return _figures(reading.figures[role], cells, 1)
    plain = {"in_service_year": _year, "useful_life_years": _number_of_years}.get(role)
    return cells if plain is None else [plain(cell) for cell in cells]


def _amounts(reading: RegisterReading, role: str, cells: list[Cell]) -> list[Cell]:
    return _figures(reading.figures[role], cells, reading.scale)


def _figures(values: Figures, cells: list[Cell], scale: int) -> list[Cell]:
    """Each figure times the scale; the cell itself where it is no figure."""
    return [
        _kept(cell) if value != value else value if scale == 1 else round(value * scale, SCALED_DIGITS)  # noqa: PLR0124
        for value, cell in zip(values.tolist(), cells, strict=True)
    ]


def _kept(cell: Cell) -> Cell:
    return None if is_empty(cell) else cell


def _year(cell: Cell) -> Cell:
    """The year of a day or a month; anything else as it stands."""
    if isinstance(cell, date):
        return cell.year
    text = cell.strip() if isinstance(cell, str) else ""
    found = next((match for pattern in DAYS_WITH_YEAR if (match := pattern.fullmatch(text)) is not None), None)
    return cell if found is None else int(found["year"])


def _number_of_years(cell: Cell) -> Cell:
    """The figure of `40 jaar`; anything else as it stands."""
    match = NUMBER_OF_YEARS.fullmatch(cell) if isinstance(cell, str) else None
    return cell if match is None else float(match[1])


def _split(cells: list[Cell]) -> tuple[list[Cell], list[Cell]]:
    """Number and name from one cell, such as `7010 Bedrijfsgebouwen`; a cell without a number is a name."""
    ids: list[Cell] = []
    names: list[Cell] = []
    for cell in cells:
        match = NUMBER_BEFORE_NAME.fullmatch(cell) if isinstance(cell, str) else None
        ids.append(match[1] if match is not None else None)
        names.append(match[2] if match is not None else cell)
    return ids, names


def not_used(reading: RegisterReading) -> list[RegisterColumn]:
    """The columns that nothing is made of."""
    roles: dict[int, Any] = reading.mapping.roles
    return [column for column in reading.table.columns if roles.get(column.position, IGNORE) == IGNORE]
