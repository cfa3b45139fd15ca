"""The process that opens users' files: limits first, then the work, and the answer as JSON.

Whatever a hostile file does here, it does to this process; the parent reads the return code. Nothing in a file is
followed: no external links, no embedded objects, no macros.

Standard input is one line of JSON that says what is asked, then the file. Standard output is one line of JSON, then,
where a file is made, that file. Lines on standard error say how far the work is.

- `{"task": "cells", "kind": "xlsx" | "xls" | "ods" | "text"}` gives `{"sheets": [[name, height, width, merged], ...],
  "words": [...], "days": [...]}`, and then, row by row, the figures of all cells as doubles and after them the
  numbers of all cells in four bytes each (`columns`). Times and errors are objects with one key.
- `{"task": "mark", "sheets": {...}, "list": {...}}` gives the workbook with problems marked (`marks`).
- `{"task": "outlines"}` gives the areas of a GeoJSON file (`outlines`).
- Each may give `{"refused": rule, "parameters": {...}}`.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable
from typing import Any

from .columns import Book, as_json
from .delimited import read_text
from .limits import RefusedError, limit_resources, tell
from .marks import mark
from .opendocument import read_ods
from .outlines import read_outlines
from .personal import refuse_personal_data
from .xls import read_xls
from .xlsx import read_xlsx

READERS: dict[str, Callable[[bytes], Book]] = {
    "xlsx": read_xlsx,
    "xls": read_xls,
    "ods": read_ods,
    "text": read_text,
}


def answer(request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """What is asked, and the file in pieces; or why it is refused."""
    try:
        if request["task"] == "mark":
            return {"marked": True}, [mark(data, request["sheets"], request["list"])]
        if request["task"] == "outlines":
            return read_outlines(data), []
        book = READERS[request["kind"]](data)
        tell(0.7)
        refuse_personal_data(book.sheets)
        return _packed(book)
    except RefusedError as refusal:
        return {"refused": refusal.rule, "parameters": refusal.parameters}, []
    except MemoryError:
        return {"refused": "file_too_heavy", "parameters": {}}, []
    except Exception:  # noqa: BLE001 - any other trouble in a file that somebody sent us means: not readable
        return {"refused": "file_damaged", "parameters": {}}, []


def _packed(book: Book) -> tuple[dict[str, Any], list[bytes]]:
    """The workbook as it is sent."""
    sizes = [(sheet.name, sheet.height, sheet.width, sheet.merged) for sheet in book.sheets]
    packed = [sheet.packed(book.words) for sheet in book.sheets]
    pieces = [figures for _numbers, figures in packed] + [numbers for numbers, _figures in packed]
    return {"sheets": sizes, **book.words.sent()}, pieces


def main() -> None:
    """Answer one request."""
    limit_resources()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # each thread takes address space, of which there is little
    gc.disable()  # one answer, and then it is over
    request = json.loads(sys.stdin.buffer.readline())
    said, file = answer(request, sys.stdin.buffer.read())
    line = json.dumps(said, default=as_json, separators=(",", ":"))
    tell(0.8)
    sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.writelines(file)
    sys.stdout.buffer.flush()
