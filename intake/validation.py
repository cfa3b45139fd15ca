"""A raw workbook to a validated `Case`, or to all that is wrong with it at once.

The order is: sheets and columns, cell types and cell rules, rules within a row, rules between tables; later ones
look only at rows that passed the earlier ones, so that one mistake gives one message.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from intake.assumptions import ReadAssumptions, complete, ranges_table, read_assumptions
from intake.rules import cross_problems, row_problems
from intake.scenarios import resolve_scenarios
from intake.sheets import FoundTable, NotUsed, find_tables
from intake.tables import DefaultUsed, ReadTable, read_table
from intake.workbook import RawWorkbook
from valuation.case import ASSUMPTIONS, TABLES, Case
from valuation.problems import Problem
from valuation.reference import ReferenceData


@dataclass(frozen=True)
class Intake:
    """What came out of a workbook.

    Parameters
    ----------
    case : Case | None
        None exactly when there is an error among the problems.
    problems : tuple of Problem
        Errors first, each in the order of the sheets and their rows.
    defaults_used : DataFrame
        A row per empty cell that took a default: `table`, `sheet`, `cell`, `row`, `column` (header), `key`, `value`
        (None where it is computed), `source_nl`, `source_en`. Where the file does not have the column there is one
        row, without cell and row number.
    not_used : tuple of NotUsed
        Sheets, columns and assumptions that are kept but not used.
    """

    case: Case | None
    problems: tuple[Problem, ...]
    defaults_used: pd.DataFrame
    not_used: tuple[NotUsed, ...]


def build_case(raw: RawWorkbook, reference: ReferenceData) -> Intake:
    """Check a workbook and build the case from it.

    Parameters
    ----------
    raw : RawWorkbook
        From `intake.reading.read_workbook`.
    reference : ReferenceData
        From `intake.reference_data.load_reference`.
    """
    found, sheet_problems, not_used = find_tables(raw)
    read_keys = read_assumptions(found[ASSUMPTIONS.key])
    assumptions = complete(read_keys, reference) if found[ASSUMPTIONS.key].sheet else None
    tables = {key: read_table(table, reference) for key, table in found.items() if key != ASSUMPTIONS.key}

    problems = [*raw.problems, *sheet_problems]
    for table in found.values():
        problems.extend(table.problems)
        not_used.extend(table.not_used)
    not_used.extend(read_keys.not_used)
    problems.extend(read_keys.problems)
    for read in tables.values():
        problems.extend(read.problems)
        problems.extend(row_problems(read))
    problems.extend(cross_problems(tables, assumptions, reference))
    tables["scenarios"], scenario_problems = resolve_scenarios(tables, assumptions, reference)
    problems.extend(scenario_problems)
    problems = _in_order(problems, raw)

    case = None
    if assumptions is not None and not any(problem.level == "error" for problem in problems):
        case = Case(
            assumptions=assumptions,
            reference=reference,
            assumption_ranges=ranges_table(read_keys),
            cells=_cells(found, read_keys),
            **{key: read.values for key, read in tables.items()},
        )
    return Intake(case, tuple(problems), _defaults_used(read_keys, tables), tuple(not_used))


def _in_order(problems: list[Problem], raw: RawWorkbook) -> list[Problem]:
    """Errors first; then by sheet and row, as one walks through the file."""
    order = {sheet.name: position for position, sheet in enumerate(raw.sheets)}

    def place(problem: Problem) -> tuple[bool, int, int, int, str]:
        letters = (problem.cell or "").rstrip("0123456789")
        row = int((problem.cell or "")[len(letters) :] or 0)
        return problem.level != "error", order.get(problem.sheet or "", -1), row, len(letters), letters

    return sorted(problems, key=place)


def _cells(found: dict[str, FoundTable], assumptions: ReadAssumptions) -> dict[tuple[str, str], tuple[str, str]]:
    """Where each column and each assumption stands in the user's file."""
    cells = assumptions.cells()
    for table in TABLES:
        place = found[table.key]
        if table is ASSUMPTIONS or place.sheet is None:
            continue
        for key, column in place.columns.items():
            cells[table.key, key] = (place.sheet.name, column.letter)
    return cells


def _defaults_used(assumptions: ReadAssumptions, tables: dict[str, ReadTable]) -> pd.DataFrame:
    used = [*assumptions.defaults, *(default for read in tables.values() for default in read.defaults)]
    return pd.DataFrame(used, columns=list(DefaultUsed._fields), dtype=object)
