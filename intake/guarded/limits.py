"""What a file may cost, and how a refusal is said."""

from __future__ import annotations

import json
import sys
from typing import Any

MEGABYTE = 1024 * 1024
MEMORY_BYTES = 2048 * MEGABYTE
CPU_SECONDS = 12
UNPACKED_BYTES = 300 * MEGABYTE
MAX_CELLS = 4_000_000
MAX_ROWS = 300_000
MAX_COLUMNS = 1_000


class RefusedError(Exception):
    """The file is not read; `rule` is the key of the message for the user."""

    def __init__(self, rule: str, **parameters: Any) -> None:
        super().__init__(rule)
        self.rule = rule
        self.parameters = parameters


def limit_resources() -> None:
    """No more memory and processor time than a workbook needs, and no files at all."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:  # Windows: the parent's timeout remains
        return
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (allowed, allowed))


def check_size(sheet_name: str, height: int, width: int, room: int) -> int:
    """The cells that may still come after a sheet of this size; a sheet that is too large is refused."""
    room -= height * width
    if room < 0 or height > MAX_ROWS or width > MAX_COLUMNS:
        raise RefusedError("sheet_too_large", sheet_name=sheet_name, rows=height, columns=width)
    return room


def tell(share: float) -> None:
    """How far the work is, for the parent: one line on standard error."""
    sys.stderr.write(json.dumps(round(share, 3)) + "\n")
    sys.stderr.flush()
