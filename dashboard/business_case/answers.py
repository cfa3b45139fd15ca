"""What the questions of a business case read from the workbook, and put into it.

The workbook is the only place where an answer lives: every question reads its cells, and an answer is a cell that is
put in. What could not be read stays in its cell as it was typed, as it does in the editor. What somebody does not know
stands as a line in the row's note, so that a finance officer sees it too:

    [referentie] Bedrag per eenheid (€): school_opex_m2, gepubliceerd, prijspeil 2012
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

import intake
from dashboard.money import read_amount
from dashboard.wording import speaking
from intake.cells import LARGEST_NUMBER, CellMistake, parse_share_text, reader
from intake.editing import every_tables_cells, is_dutch, new_row, shown_cell, table_cells, with_cells, without_row
from intake.explanation import YES_NO
from intake.names import fold, is_empty
from intake.workbook import Cell, RawWorkbook
from valuation.case import ASSUMPTIONS, TABLES, Column
from valuation.plan_totals import financing_totals, operating_totals
from valuation.problems import Problem

TABLES_BY_KEY = {table.key: table for table in TABLES}
OWNER = {
    "initiatives": "initiative_id",
    "tasks": "initiative_id",
    "effects": "owner_id",
    "reach": "initiative_id",
    "qualities": "initiative_id",
    "operations": "initiative_id",
    "financing": "initiative_id",
}
"""In which column of a table the code of the initiative stands."""
MARK_WORDS = {
    "unknown": ("weet ik niet", "not known"),
    "reference": ("referentie", "reference"),
    "assumed": ("aanname", "assumption"),
    "none": ("niet van toepassing", "not applicable"),
}
MARK_LINE = re.compile(r"\[([^\]]+)\] ([^:]+?)(?:: (.*))?")
NUMBERS = frozenset({"amount", "number", "integer"})
NEW_INITIATIVE, NEW_ASSET = ("INITIATIEF", "INITIATIVE"), ("OBJECT", "ASSET")

MarkKind = Literal["unknown", "reference", "assumed", "none"]


@dataclass(frozen=True)
class Mark:
    """What was said about a cell besides a value: not known, a reference, an assumption, or not applicable."""

    kind: MarkKind
    text: str = ""


@dataclass(frozen=True)
class Spot:
    """One cell: which table, which row of its sheet, which column; of an assumption the row is that of its key."""

    table: str
    row: int
    column: str

    @property
    def name(self) -> str:
        """A name for keys of widgets."""
        return f"{self.table}_{self.row}_{self.column}"

    @property
    def declared(self) -> Column:
        """The declared column, or the assumption."""
        return TABLES_BY_KEY[self.table].column(self.column)


@dataclass(frozen=True)
class Answers:
    """The rows of one initiative in a workbook that may still have mistakes.

    Parameters
    ----------
    raw : RawWorkbook
    initiative_id : str
        Code of the initiative that the questions are about.
    """

    raw: RawWorkbook
    initiative_id: str
    tables: dict[str, dict[int, dict[str, Cell]]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def every_row(self, table: str) -> dict[int, dict[str, Cell]]:
        """All rows of a table, read once."""
        if not self.tables:
            self.tables.update(every_tables_cells(self.raw))
        return self.tables[table]

    @property
    def dutch(self) -> bool:
        """Whether the workbook has the Dutch names."""
        return is_dutch(self.raw)

    @property
    def asset_id(self) -> str | None:
        """Number of the object that the initiative takes over; none where it takes over nothing."""
        own = next(iter(self.rows("initiatives").values()), {})
        return None if is_empty(own.get("asset_id")) else code(own.get("asset_id"))

    def rows(self, table: str) -> dict[int, dict[str, Cell]]:
        """The rows of a table that are about this initiative, or about its object."""
        every = self.every_row(table)
        if table == ASSUMPTIONS.key:
            return every
        if table in {"assets", "price_terms"}:
            column, owner = "asset_id", self.asset_id
        else:
            column, owner = OWNER[table], self.initiative_id
        return {number: row for number, row in every.items() if owner is not None and code(row.get(column)) == owner}

    def spot(self, table: str, column: str, row: int | None = None) -> Spot | None:
        """Where this column stands in the initiative's row (or its object's); none where there is no such row."""
        if table == ASSUMPTIONS.key:
            return Spot(table, self._assumption_row(column), column)
        if row is None:
            row = next(iter(self.rows(table)), None)
        return None if row is None else Spot(table, row, column)

    def _assumption_row(self, key: str) -> int:
        names = {fold(name) for name in (key, ASSUMPTIONS.column(key).header)}
        for number, row in self.every_row(ASSUMPTIONS.key).items():
            if fold(row.get("key", "")) in names:
                return number
        return new_row(self.raw, ASSUMPTIONS.key)

    def cell(self, spot: Spot) -> Cell:
        """What stands in the cell."""
        row = self.every_row(spot.table).get(spot.row, {})
        return row.get("value" if spot.table == ASSUMPTIONS.key else spot.column)

    def text(self, spot: Spot, spoken: str) -> str:
        """The cell as text in the notation of this language, an amount in cents; empty where nothing stands."""
        cell = self.cell(spot)
        if isinstance(cell, float) and spot.declared.kind == "amount":
            cell = round(cell, 2)
        return "" if cell is None else shown_cell(cell, spot.declared.kind, spoken)

    def choice(self, spot: Spot) -> str | None:
        """The code's word for the choice in the cell; none where nothing that can be read stands."""
        cell = self.cell(spot)
        try:
            return None if cell is None else str(reader(spot.declared)(cell))
        except CellMistake:
            return None

    def number(self, spot: Spot) -> float | None:
        """The number in the cell; none where nothing that can be read stands."""
        cell = self.cell(spot)
        try:
            return None if cell is None else float(reader(spot.declared)(cell))
        except CellMistake:
            return None

    def mistake(self, spot: Spot) -> CellMistake | None:
        """What is wrong with the cell."""
        cell = self.cell(spot)
        try:
            if cell is not None:
                reader(spot.declared)(cell)
        except CellMistake as mistake:
            return mistake
        return None

    def mark(self, spot: Spot) -> Mark | None:
        """What was said about the cell besides a value."""
        return self._marks(spot)[0].get(spot.column)

    def own_note(self, table: str) -> str:
        """The note of the initiative's (or its object's) row, without the marks."""
        spot = self.spot(table, "note")
        return "" if spot is None else self._marks(spot)[1]

    def with_own_note(self, table: str, text: str) -> Answers:
        """The case with another note of one's own; the marks stay."""
        spot = self.spot(table, "note")
        if spot is None:
            return self
        return self._put(table, spot.row, {"note": self._note(self._marks(spot)[0], text, table)})

    def with_answer(self, spot: Spot, cell: Cell, mark: Mark | None = None) -> Answers:
        """The case with this cell, and with or without a mark on it."""
        marks, note = self._marks(spot)
        marks = {column: known for column, known in marks.items() if column != spot.column}
        if mark is not None:
            marks[spot.column] = mark
        known = self.every_row(spot.table).get(spot.row, {}).get("note")
        said = self._note(marks, note, spot.table)
        # A note of somebody's own stays the cell that it was.
        cells: dict[str, Cell] = {} if said == str(known or "").strip() else {"note": said or None}
        if spot.table == ASSUMPTIONS.key:
            declared = ASSUMPTIONS.column(spot.column)
            cells |= {"key": declared.header if self.dutch else declared.key, "value": cell}
        else:
            cells[spot.column] = cell
        return self._put(spot.table, spot.row, cells)

    def with_row(self, table: str, cells: Mapping[str, Cell]) -> tuple[Answers, int]:
        """The case with a new row of this initiative, and its row number."""
        number = new_row(self.raw, table)
        if table == "price_terms":
            cells = {"asset_id": self.asset_id, **cells}
        elif table != "assets":
            cells = {OWNER[table]: self.initiative_id, **cells}
        return self._put(table, number, cells), number

    def with_row_cells(self, table: str, row: int, cells: Mapping[str, Cell]) -> Answers:
        """The case with other cells in a row, without a word about marks."""
        return self._put(table, row, cells)

    def without_row(self, table: str, row: int) -> Answers:
        """The case without one row."""
        return Answers(without_row(self.raw, table, row), self.initiative_id)

    def with_place(self, kind: str | None) -> Answers:
        """The case with a building or green space of its own kind, or with nothing that is taken over."""
        spot = self.spot("initiatives", "asset_id")
        if spot is None:
            return self
        if kind is None:
            return self.with_answer(spot, None, Mark("none"))
        if self.asset_id is not None and self.rows("assets"):
            return self.with_answer(self.spot("assets", "kind"), self.word("assets", "kind", kind))
        number = self._new_code("assets", "asset_id", NEW_ASSET)
        linked = self.with_answer(spot, number)
        return linked.with_row("assets", {"asset_id": number, "kind": self.word("assets", "kind", kind)})[0]

    def linked_to(self, asset_id: str) -> Answers:
        """The case in which the initiative takes over an object that the workbook has already."""
        spot = self.spot("initiatives", "asset_id")
        return self if spot is None else self.with_answer(spot, asset_id)

    def word(self, table: str, column: str, key: str) -> str:
        """A choice as this workbook writes it."""
        choices = {choice.key: choice for choice in TABLES_BY_KEY[table].column(column).choices}
        return choices[key].nl if self.dutch else choices[key].key

    def yes_no(self, answer: bool) -> str:  # noqa: FBT001 - it is the answer itself
        """Yes or no as this workbook writes it."""
        return YES_NO["nl" if self.dutch else "en"][0 if answer else 1]

    def _put(self, table: str, row: int, cells: Mapping[str, Cell]) -> Answers:
        return Answers(with_cells(self.raw, table, row, cells), self.initiative_id)

    def _marks(self, spot: Spot) -> tuple[dict[str, Mark], str]:
        """Column to what was said about it, and the rest of the note, in the row of this cell."""
        note = self.every_row(spot.table).get(spot.row, {}).get("note")
        names = {fold(name): column.key for column in TABLES_BY_KEY[spot.table].columns for name in _names(column)}
        marks: dict[str, Mark] = {}
        rest = []
        for line in str(note or "").splitlines():
            match = MARK_LINE.fullmatch(line.strip())
            kind = match and next((kind for kind, words in MARK_WORDS.items() if match[1] in words), None)
            column = match and names.get(fold(match[2]))
            if kind and column:
                marks[column] = Mark(kind, match[3] or "")
            else:
                rest.append(line)
        return marks, "\n".join(rest).strip()

    def _note(self, marks: Mapping[str, Mark], text: str, table: str) -> str:
        lines = [text] if text else []
        for key, mark in marks.items():
            column = TABLES_BY_KEY[table].column(key)
            name = column.header if self.dutch else column.key
            said = MARK_WORDS[mark.kind][0 if self.dutch else 1]
            lines.append(f"[{said}] {name}" + (f": {mark.text}" if mark.text else ""))
        return "\n".join(lines)

    def _new_code(self, table: str, column: str, names: tuple[str, str]) -> str:
        return new_code(self.raw, table, column, names)


def _names(column: Column) -> tuple[str, str]:
    return column.header, column.key


def code(cell: Cell) -> str | None:
    """A code as text, as the intake reads it: the number 101 is `101`."""
    if is_empty(cell):
        return None
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def new_code(raw: RawWorkbook, table: str, column: str, names: tuple[str, str]) -> str:
    """A code that no row of the objects or the initiatives has yet."""
    taken = {code(row.get("asset_id")) for row in table_cells(raw, "assets").values()}
    taken |= {code(row.get("initiative_id")) for row in table_cells(raw, "initiatives").values()}
    taken |= {code(row.get(column)) for row in table_cells(raw, table).values()}
    name = names[0 if is_dutch(raw) else 1]
    return next(f"{name}-{number}" for number in range(1, len(taken) + 2) if f"{name}-{number}" not in taken)


def new_answers(raw: RawWorkbook) -> Answers:
    """A new initiative in a workbook, with nothing but its code."""
    number = new_code(raw, "initiatives", "initiative_id", NEW_INITIATIVE)
    return Answers(raw, number).with_row("initiatives", {})[0]


def empty_answers(spoken: str) -> Answers:
    """A new initiative in an empty workbook."""
    return new_answers(intake.empty_workbook(spoken))


def initiatives_in(raw: RawWorkbook) -> dict[str, str]:
    """Code of each initiative in a workbook to its name, or to its code where it has no name yet."""
    found = {}
    for row in table_cells(raw, "initiatives").values():
        number = code(row.get("initiative_id"))
        if number is not None:
            found[number] = str(row.get("name") or number)
    return found


def read_typed(text: str, column: Column, spoken: str) -> Cell:
    """What a typed text is as a cell.

    A number is read in the language of the page. What is no number, or can be read in two ways, stays the text that it
    is, for the question and for every other page to say what is wrong with it.
    """
    plain = text.strip()
    if not plain:
        return None
    try:
        if column.kind in NUMBERS:
            with speaking(spoken):
                number = read_amount(plain, spoken)
            # A number that no cell can hold with all its digits stays the text that was typed.
            return plain if number is not None and abs(number) > LARGEST_NUMBER else number
        if column.kind == "year":
            return float(plain) if plain.isdigit() else plain
        if column.kind in {"fraction", "steps"}:
            # Whoever types 4,5 in a field for a percentage means 4,5 %.
            return parse_share_text(plain if "%" in plain else f"{plain}%")
    except CellMistake:
        pass
    return plain


def problem_at(case: Answers, spot: Spot, mistake: CellMistake) -> Problem:
    """The mistake as a problem, for its words."""
    return Problem("error", mistake.rule, value=case.cell(spot), parameters=mistake.parameters)


def with_totals(answers: Answers) -> Answers:
    """The answers with the totals on the sheet Initiatieven that the rows of Exploitatie and Financiering add up to.

    Only where the initiative has such rows, and only of rows that can be read; a total that nobody can work out yet
    stays as it is.
    """
    totals: dict[str, float] = {}
    for table, add_up in (("operations", operating_totals), ("financing", financing_totals)):
        if answers.rows(table):
            totals |= add_up(_readable(answers, table))
    own = next(iter(answers.rows("initiatives")), None)
    if own is None or not totals:
        return answers
    known = answers.rows("initiatives")[own]
    changed = {column: total for column, total in totals.items() if known.get(column) != total}
    # A new initiative does not get a zero in every column of which nothing was said.
    changed = {column: total for column, total in changed.items() if total or known.get(column) is not None}
    return answers.with_row_cells("initiatives", own, changed) if changed else answers


def _readable(answers: Answers, table: str) -> pd.DataFrame:
    """The rows of a table of which every number and choice can be read, with the defaults of what is empty."""
    columns = [
        column for column in TABLES_BY_KEY[table].columns if column.kind not in {"text", "identifier", "take_up"}
    ]
    read = []
    for row in answers.rows(table):
        spots = [Spot(table, row, column.key) for column in columns]
        if all(answers.mistake(spot) is None for spot in spots):
            read.append([_value(answers, spot) for spot in spots])
    frame = pd.DataFrame(read, columns=[column.key for column in columns])
    needed = [column.key for column in columns if column.required]
    return frame.dropna(subset=needed)


def _value(answers: Answers, spot: Spot) -> object:
    column, cell = spot.declared, answers.cell(spot)
    if cell is not None:
        return reader(column)(cell)
    return float("nan") if column.default is None and column.kind != "choice" else column.default


def without_last_totals(before: Answers, after: Answers, table: str) -> Answers:
    """The answers without totals of which the last row has just been removed: nothing is known any more."""
    add_up = {"operations": operating_totals, "financing": financing_totals}.get(table)
    if add_up is None or not before.rows(table):
        return after
    gone = set(add_up(_readable(before, table)))
    if after.rows(table):
        # Without a cost row there is no total cost, without a loan no terms of one.
        gone -= set(add_up(_readable(after, table)))
    own = next(iter(after.rows("initiatives")), None)
    return after if own is None or not gone else after.with_row_cells("initiatives", own, dict.fromkeys(gone))
