"""A disk that has no room for the register, until there is some again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa


@contextmanager
def full_disk() -> Iterator[None]:
    """No SQLite file can grow: the engine's own limit, which ends as a full disk does (`SQLITE_FULL`)."""

    def limit(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA max_page_count=1")  # as many as there are already

    sa.event.listen(sa.Engine, "connect", limit)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "connect", limit)
