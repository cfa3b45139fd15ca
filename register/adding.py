"""One addition to a case: after what it builds on, numbered, and only in a form that every database can keep."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from register.actors import Actor, writable
from register.database import to_json
from register.errors import Conflict
from register.records import Entry
from register.tables import OWN_DOSSIER, entries

NUL_IN_JSON = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True)
class Addition:
    """What somebody wants to add.

    Parameters
    ----------
    kind, key : str
    payload : mapping
    based_on : int | None
        The version that it follows; `None` for the first.
    why : str
    sha256 : str | None
        The workbook that it brings.
    """

    kind: str
    key: str
    payload: Mapping[str, Any]
    based_on: int | None
    why: str
    sha256: str | None = None

    def __post_init__(self) -> None:
        if not (self.kind and self.why.strip()):
            raise ValueError("an entry has a kind and a reason")
        for text in (self.kind, self.key, self.why):
            writable(text)
        object.__setattr__(self, "payload", plain_json(self.payload))


def add(connection: sa.Connection, actor: Actor, case_id: str | None, new: Addition, moment: datetime) -> Entry:
    """Add an entry to a case that the caller has locked, unless another version stands where it would come.

    Parameters
    ----------
    connection : Connection
    actor : Actor
    case_id : str | None
        `None` is the organisation's own dossier.
    new : Addition
    moment : datetime
        Now. A clock that was set back does not turn the history around: the entry is never before the last one.

    Raises
    ------
    Conflict
    """
    standing = latest(connection, actor, case_id, new.kind, new.key)
    if (0 if standing is None else standing.version) != (new.based_on or 0):
        raise Conflict(standing, new.based_on)
    last = connection.execute(
        sa.select(entries.c.number, entries.c.at)
        .where(of_case(actor, case_id))
        .order_by(entries.c.number.desc())
        .limit(1)
    ).first()
    entry = Entry(
        case_id=case_id,
        kind=new.kind,
        key=new.key,
        version=(new.based_on or 0) + 1,
        payload=new.payload,
        by=actor.user_id,
        by_name=actor.name,
        at=moment if last is None else max(moment, last.at),
        why=new.why.strip(),
        number=1 if last is None else last.number + 1,
    )
    try:
        connection.execute(
            entries.insert().values(
                organisation=actor.organisation,
                case_id=case_id or OWN_DOSSIER,
                number=entry.number,
                kind=entry.kind,
                key=entry.key,
                version=entry.version,
                payload=entry.payload,
                by_id=entry.by,
                by_name=entry.by_name,
                at=entry.at,
                why=entry.why,
                workbook_sha256=new.sha256,
            )
        )
    except sa.exc.IntegrityError as error:
        raise Conflict(standing, new.based_on) from error
    return entry


def latest(connection: sa.Connection, actor: Actor, case_id: str | None, kind: str, key: str) -> Entry | None:
    """The version of something that stands now."""
    query = (
        entries.select()
        .where(of_case(actor, case_id), entries.c.kind == kind, entries.c.key == key)
        .order_by(entries.c.version.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else entry_of(row)


def of_case(actor: Actor, case_id: str | None) -> sa.ColumnElement[bool]:
    """The entries of one case of the actor's organisation."""
    return (entries.c.organisation == actor.organisation) & (entries.c.case_id == (case_id or OWN_DOSSIER))


def insert_once(connection: sa.Connection, table: sa.Table, **values: Any) -> None:
    """Add a row, unless it is there already."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(table).values(**values).on_conflict_do_nothing())


def plain_json(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload as it will be read back."""
    text = to_json(payload)
    if NUL_IN_JSON.search(text):
        raise ValueError("a text holds no NUL")
    text.encode()
    read: dict[str, Any] = json.loads(text)
    return read


def entry_of(row: sa.Row[Any]) -> Entry:
    """A row of the table as an entry."""
    return Entry(
        row.case_id or None,
        row.kind,
        row.key,
        row.version,
        row.payload,
        row.by_id,
        row.by_name,
        row.at,
        row.why,
        row.number,
    )
