"""The process that opens users' files: limits first, then the work, and the answer as JSON.

Whatever a hostile file does here, it does to this process; the parent reads the return code. Nothing in a file is
followed: no external links, no embedded objects, no macros.

Standard input is one line of JSON that says what is asked, then the file. Standard output is one line of JSON, then,
where a file is made, that file. Lines on standard error say how far the work is.

- `{"task": "cells", "kind": "xlsx" | "xls" | "ods" | "text"}` gives `{"sheets": [[name, rows, merged], ...]}`; dates,
  times and errors are objects with one key.
- `{"task": "mark", "sheets": {...}, "list": {...}}` gives the workbook with problems marked (`marks`).
- Either may give `{"refused": rule, "parameters": {...}}`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from .delimited import read_text
from .limits import RefusedError, limit_resources, tell
from .marks import mark
from .opendocument import read_ods
from .personal import refuse_personal_data
from .xls import read_xls
from .xlsx import read_xlsx

Sheets = list[tuple[str, list[list[Any]], list[list[int]]]]
READERS: dict[str, Callable[[bytes], Sheets]] = {
    "xlsx": read_xlsx,
    "xls": read_xls,
    "ods": read_ods,
    "text": read_text,
}


def answer(request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """What is asked, or why it is refused."""
    try:
        if request["task"] == "mark":
            return {"marked": True}, mark(data, request["sheets"], request["list"])
        sheets = READERS[request["kind"]](data)
        tell(0.7)
        refuse_personal_data([(name, rows) for name, rows, _merged in sheets])
        tell(0.75)
        return {"sheets": sheets}, b""
    except RefusedError as refusal:
        return {"refused": refusal.rule, "parameters": refusal.parameters}, b""
    except MemoryError:
        return {"refused": "file_too_heavy", "parameters": {}}, b""
    except Exception:  # noqa: BLE001 - any other trouble in a file that somebody sent us means: not readable
        return {"refused": "file_damaged", "parameters": {}}, b""


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
    request = json.loads(sys.stdin.buffer.readline())
    said, file = answer(request, sys.stdin.buffer.read())
    line = json.dumps(said, default=_encode, separators=(",", ":"))
    tell(0.8)
    sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.write(file)
    sys.stdout.buffer.flush()
