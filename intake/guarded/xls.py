"""A workbook of Excel 97-2003 (xls). Its formulas always have a stored result."""

from __future__ import annotations

import io

import python_calamine

from .columns import Book
from .limits import RefusedError
from .xlsx import cells


def read_xls(data: bytes) -> Book:
    """Every worksheet."""
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
    except python_calamine.PasswordError:
        raise RefusedError("file_encrypted") from None
    return cells(book, lambda _name: {})
