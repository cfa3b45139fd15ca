"""Users' mistakes and warnings as data: what is wrong, where, and what to do about it.

Nothing here raises for what a user typed: validation returns `Problem`s, all of them at once. The texts stand in
`valuation.messages`, in Dutch and English, one per rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from valuation.case import TABLES, Case
from valuation.messages import problem_text

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One thing that the user should know about one place in the workbook.

    Parameters
    ----------
    level : {"error", "warning"}
        An error means that there are no results; a warning stands beside them.
    rule : str
        Key of the message in `valuation.messages`.
    sheet, cell, column : str | None
        Name of the sheet as in the user's file, cell such as `C7`, and the column's header as in the file.
    value : object
        What the user wrote, for the message.
    parameters : dict
        What the message needs besides the place and the value.
    """

    level: Level
    rule: str
    sheet: str | None = None
    cell: str | None = None
    column: str | None = None
    value: Any = None
    parameters: dict[str, Any] = field(default_factory=dict)

    def message(self, language: str = "nl") -> str:
        """One sentence that says where, what, and what to do, in Dutch (`nl`) or English (`en`)."""
        return problem_text(
            self.rule,
            language,
            {"sheet": self.sheet, "cell": self.cell, "column": self.column, "value": self.value, **self.parameters},
        )


class ValuationError(Exception):
    """The method does not apply to this input.

    Parameters
    ----------
    rule : str
        Key in `valuation.messages`; the exception's own text is the Dutch one.
    parameters
        What the message needs.
    """

    def __init__(self, rule: str, **parameters: Any) -> None:
        self.rule, self.parameters = rule, parameters
        super().__init__(self.message())

    def message(self, language: str = "nl") -> str:
        """Why there is no figure, in Dutch (`nl`) or English (`en`)."""
        return problem_text(self.rule, language, self.parameters)


def warning(case: Case, rule: str, table: str, column: str, row: int | None = None, **parameters: Any) -> Problem:
    """A warning about one cell of a case, with its place in the user's file when the case knows it.

    Where the sheet does not have the column, the place is that of the row's first column, which says whose it is.

    Parameters
    ----------
    case : Case
    rule : str
        Key in `valuation.messages`.
    table, column : str
        Code names of the table and column (for the assumptions: the assumption's key).
    row : int, optional
        Row number in the sheet (the index of the case's tables).
    """
    declared = {declaration.key: declaration for declaration in TABLES}[table]
    first = declared.columns[0].key
    if row is not None and (table, column) not in case.cells and (table, first) in case.cells:
        column = first
    sheet, place = case.cells.get((table, column), (None, None))
    cell = place if row is None or place is None else f"{place}{row}"
    in_english = sheet is not None and sheet.strip().casefold() == declared.sheet_en
    header = column if in_english else declared.column(column).header
    return Problem("warning", rule, sheet=sheet, cell=cell, column=header, parameters=parameters)
