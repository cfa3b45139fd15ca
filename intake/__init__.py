"""Cells in, a validated `Case` or a list of problems out: the only room that reads users' files."""

from intake.editing import table_frame, with_table
from intake.reading import UnreadableFile, read_workbook
from intake.reference_data import load_reference
from intake.sheets import NotUsed
from intake.template import empty_workbook, template
from intake.validation import Intake, build_case
from intake.workbook import Cell, CellError, RawSheet, RawWorkbook
from intake.writing import write_workbook

__all__ = [
    "Cell",
    "CellError",
    "Intake",
    "NotUsed",
    "RawSheet",
    "RawWorkbook",
    "UnreadableFile",
    "build_case",
    "empty_workbook",
    "load_reference",
    "read_workbook",
    "table_frame",
    "template",
    "with_table",
    "write_workbook",
]
