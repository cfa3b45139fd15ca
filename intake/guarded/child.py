"""The process that opens users' files: limits first, then the work, and the answer as JSON.

Whatever a hostile file does here, it does to this process; the parent reads the return code. Nothing in a file is
followed: no external links, no embedded objects, no macros.

Standard input is one line of JSON that says what is asked, then the file. Standard output is one line of JSON, then,
where a file is made, that file. Lines on standard error say how far the work is.

- `{"task": "cells", "kind": "xlsx" | "xls" | "ods" | "text"}` gives
  `{"sheets": [[name, height, columns, merged], ...]}`. A column is a list of cells, in which dates, times and errors
  are objects with one key. Where it holds figures or days only below its header, it is an object with the cells before
  them; they stand in the file that follows, as doubles.
- `{"task": "mark", "sheets": {...}, "list": {...}}` gives the workbook with problems marked (`marks`).
- Either may give `{"refused": rule, "parameters": {...}}`.
"""

from __future__ import annotations

import gc
import json
import sys
from array import array
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from types import NoneType
from typing import Any

from .delimited import read_text
from .limits import RefusedError, limit_resources, tell
from .marks import mark
from .opendocument import read_ods
from .personal import refuse_personal_data
from .xls import read_xls
from .xlsx import Columns, read_xlsx

Sheets = list[tuple[str, Columns, list[list[int]]]]
READERS: dict[str, Callable[[bytes], Sheets]] = {
    "xlsx": read_xlsx,
    "xls": read_xls,
    "ods": read_ods,
    "text": read_text,
}
FEW = 40
"""A column is sent as doubles when that many figures follow each other after its header."""


def answer(request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """What is asked, or why it is refused."""
    try:
        if request["task"] == "mark":
            return {"marked": True}, mark(data, request["sheets"], request["list"])
        sheets = READERS[request["kind"]](data)
        tell(0.7)
        refuse_personal_data([(name, columns) for name, columns, _merged in sheets])
        return _packed(sheets)
    except RefusedError as refusal:
        return {"refused": refusal.rule, "parameters": refusal.parameters}, b""
    except MemoryError:
        return {"refused": "file_too_heavy", "parameters": {}}, b""
    except Exception:  # noqa: BLE001 - any other trouble in a file that somebody sent us means: not readable
        return {"refused": "file_damaged", "parameters": {}}, b""


def _packed(sheets: Sheets) -> tuple[dict[str, Any], bytes]:
    """The sheets as they are sent: columns of figures or days as doubles, and all else as lists."""
    figures: list[array[float]] = []
    packed = []
    for name, columns, merged in sheets:
        sent: list[Any] = []
        for column in columns:
            start, kind = _start_of_one_kind(column)
            if kind is None:
                sent.append(column)
                continue
            empty = float("nan")
            if kind is date:
                below = [empty if cell is None else cell.toordinal() for cell in column[start:]]
            else:
                below = [empty if cell is None else cell for cell in column[start:]]
            figures.append(array("d", below))
            sent.append({"head": column[:start], "kind": kind.__name__})
        packed.append((name, len(columns[0]) if columns else 0, sent, merged))
    return {"sheets": packed}, b"".join(column.tobytes() for column in figures)


def _start_of_one_kind(column: Sequence[Any]) -> tuple[int, type[float] | type[date] | None]:
    """From which cell on a column holds nothing but numbers, or days, and which; None where that is not worth it."""
    kinds = list(map(type, column))
    for kind in (float, date):
        start = next((n for n in range(min(FEW, len(kinds)), 0, -1) if kinds[n - 1] not in {kind, NoneType}), 0)
        if len(kinds) - start >= FEW and set(kinds[start:]) <= {kind, NoneType}:
            return start, kind
    return 0, None


def _encode(cell: object) -> dict[str, str]:
    """What JSON has no word for, as an object with one key."""
    if isinstance(cell, datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    if isinstance(cell, time):
        return {"time": cell.isoformat()}
    if isinstance(cell, timedelta):
        return {"text": str(cell)}
    raise TypeError(f"no JSON for {type(cell).__name__}")


def main() -> None:
    """Answer one request."""
    limit_resources()
    gc.disable()  # one answer, and then it is over
    request = json.loads(sys.stdin.buffer.readline())
    said, file = answer(request, sys.stdin.buffer.read())
    line = json.dumps(said, default=_encode, separators=(",", ":"))
    tell(0.8)
    sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.write(file)
    sys.stdout.buffer.flush()
