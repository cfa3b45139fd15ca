"""Backup of a whole register to one file, and back: also from one kind of database to the other."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command

from register.cases import Register
from register.database import HEAD, Database, has_loose_ends, known_revisions, migrate, newest_revision, to_json
from register.dossier_file import LONG_AGO, written_time
from register.errors import ArchiveError, NotEmpty
from register.tables import UtcTime, cases, entries, members, tombstones, workbooks

FORMAT = "buurtwaarde-register-1"
ORDER = (cases, workbooks, entries, members, tombstones)
"""The order in which rows are put back, so that what a row names is there already."""

TYPES: Mapping[str, sa.types.TypeEngine[Any]] = {
    "text": sa.Text(),
    "integer": sa.Integer(),
    "json": sa.JSON(),
    "time": UtcTime(),
    "bytes": sa.LargeBinary(),
}
MANIFEST = "manifest.json"
ROWS_AT_ONCE = 200


def backup(register: Register, file: Path) -> dict[str, int]:
    """Write everything of every organisation to a zip, as it is at one moment; how many rows of each table.

    Everything that is in the register is in the file, scores of rounds that are not opened included: keep it as well
    as the database itself. What breaks off halfway leaves half a file: the command writes it beside its place first.
    """
    counts: dict[str, int] = {}
    files: dict[str, str] = {}
    with register.database.reading() as connection, zipfile.ZipFile(file, "w") as archive:
        for table in ORDER:
            text = io.StringIO()
            counts[table.name] = 0
            for row in connection.execute(table.select().order_by(*table.primary_key.columns)):
                text.write(to_json(_written(archive, files, table, row)) + "\n")
                counts[table.name] += 1
            _add(archive, files, f"{table.name}.jsonl", text.getvalue().encode())
        manifest = {
            "format": FORMAT,
            "revision": newest_revision(),
            "order": [table.name for table in ORDER],
            "tables": {
                table.name: {column.name: _type_name(column.type) for column in table.columns} for table in ORDER
            },
            "rows": counts,
            "sha256": files,
        }
        _add(archive, {}, MANIFEST, to_json(manifest).encode())
    return counts


def restore(register: Register, file: Path, *, overwrite: bool = False) -> dict[str, int]:
    """Put a backup back, all of it or, whatever happens, nothing; how many rows of each table.

    The file is read and checked whole before anything is written. A backup of an older version of this software is
    brought to the newest tables on the way.

    Parameters
    ----------
    register : Register
    file : Path
    overwrite : bool
        Replace what the register holds now; without it only an empty register is filled.

    Raises
    ------
    ArchiveError
        The file is damaged, incomplete, or no backup of ours.
    NotEmpty
        The register holds something, and `overwrite` was not asked for.
    """
    with _opened(file) as archive:
        manifest = _checked(archive)
        if not overwrite and not _is_empty(register.database):
            raise NotEmpty
        register.database.create()
        with register.database.migrating() as connection:
            _keep_others_out(connection)
            if not overwrite and _holds_rows(connection):  # somebody was quicker
                raise NotEmpty
            migrate(connection, command.downgrade, "base")
            migrate(connection, command.upgrade, manifest["revision"])
            try:
                for table in manifest["order"]:
                    _insert(connection, archive, table, manifest["tables"][table])
            except sa.exc.IntegrityError as error:
                raise ArchiveError("rows that do not belong together") from error
            if has_loose_ends(connection):
                raise ArchiveError("rows that name what is not there")
            migrate(connection, command.upgrade, HEAD)
    return dict(manifest["rows"])


def _keep_others_out(connection: sa.Connection) -> None:
    """Nobody adds a row between looking and replacing; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(table.name for table in ORDER)
        connection.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")


def _is_empty(database: Database) -> bool:
    with database.reading() as connection:
        return not _holds_rows(connection)


def _holds_rows(connection: sa.Connection) -> bool:
    return any(connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() for table in ORDER)


def _insert(connection: sa.Connection, archive: zipfile.ZipFile, name: str, columns: Mapping[str, str]) -> None:
    """Put the rows of one table back; its columns are those of when the backup was made."""
    table = sa.table(name, *(sa.column(column, TYPES[kind]) for column, kind in columns.items()))
    batch: list[dict[str, Any]] = []
    for row in _rows(archive, name, columns):
        batch.append(row)
        if len(batch) == ROWS_AT_ONCE:
            connection.execute(table.insert(), batch)
            batch = []
    if batch:
        connection.execute(table.insert(), batch)


def _type_name(kind: sa.types.TypeEngine[Any]) -> str:
    return next(name for name, known in TYPES.items() if isinstance(kind, type(known)))


def _written(archive: zipfile.ZipFile, files: dict[str, str], table: sa.Table, row: sa.Row[Any]) -> dict[str, Any]:
    """One row as JSON; bytes become a file of their own, named after what is in it."""
    values = {}
    for column, value in zip(table.columns, row, strict=True):
        if isinstance(value, bytes):
            name = f"files/{hashlib.sha256(value).hexdigest()}"
            if name not in files:
                _add(archive, files, name, value)
            values[column.name] = name
        else:
            values[column.name] = written_time(value) if isinstance(value, datetime) else value
    return values


def _read(archive: zipfile.ZipFile, kind: str, value: Any) -> Any:
    """One value of a row, checked for its kind."""
    if value is None or kind == "json":
        return value
    if kind == "integer" and type(value) is int:
        return value
    if not isinstance(value, str) or kind == "integer":
        raise ArchiveError(f"{value!r} is no {kind}")
    if kind == "bytes":
        return archive.read(value)
    if kind == "time":
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    return value


def _rows(archive: zipfile.ZipFile, name: str, columns: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    with archive.open(f"{name}.jsonl") as lines:
        for line in lines:
            row = json.loads(line)
            if not isinstance(row, dict) or set(row) != set(columns):
                raise ArchiveError(f"{name}: a row with other columns")
            yield {column: _read(archive, kind, row[column]) for column, kind in columns.items()}


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """The archive; whatever is wrong with the file is an `ArchiveError`."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except OSError as error:
        raise ArchiveError(f"{file}: {error.strerror}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError, RuntimeError) as error:
        raise ArchiveError(f"{file}: {error}") from error


def _checked(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest, once every file in the archive turned out to be what it says."""
    manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ArchiveError("not a backup of a register")
    if manifest["revision"] not in known_revisions():
        raise ArchiveError("made by a newer version of this software")
    if set(manifest["sha256"]) != set(archive.namelist()) - {MANIFEST}:
        raise ArchiveError("files are missing")
    for name, expected in manifest["sha256"].items():
        if hashlib.sha256(archive.read(name)).hexdigest() != expected:
            raise ArchiveError(f"{name} is damaged")
    if set(manifest["order"]) != set(manifest["tables"]):
        raise ArchiveError("tables are missing")
    for table in manifest["order"]:
        count = sum(1 for _row in _rows(archive, table, manifest["tables"][table]))
        if count != manifest["rows"][table]:
            raise ArchiveError(f"{table} has {count} rows, expected {manifest['rows'][table]}")
    return manifest


def _add(archive: zipfile.ZipFile, files: dict[str, str], name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, LONG_AGO)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content)
    files[name] = hashlib.sha256(content).hexdigest()
