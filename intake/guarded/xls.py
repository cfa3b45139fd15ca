"""A workbook of Excel 97-2003 (xls). Its formulas always have a stored result."""

from __future__ import annotations

import io

import python_calamine

from .limits import RefusedError
from .xlsx import Columns, cells


def read_xls(data: bytes) -> list[tuple[str, Columns, list[list[int]]]]:
    """Name, columns and merged ranges of every worksheet."""
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
    except python_calamine.PasswordError:
        raise RefusedError("file_encrypted") from None
    return cells(book, lambda _name: {})
