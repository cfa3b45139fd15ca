"""The database of the register: where it is, how it is opened, and what its failures are called."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.pool import NullPool, StaticPool

from register.errors import RegisterUnavailable
from register.tables import metadata

HEAD = "head"
DEFAULT_FILE = Path(__file__).resolve().parent.parent / "data" / "register.db"
"""Beside the code, where git does not look (.gitignore)."""

BUSY_MILLISECONDS = 10_000
CONNECT_SECONDS = 5
MIGRATIONS_LOCK = 5_190_210
"""Number of the lock under which one process at a time brings a PostgreSQL database to the newest version."""
FULL = {"SQLITE_FULL", "53100"}
"""How SQLite and PostgreSQL call a full disk."""

_WRITES = "buurtwaarde_writes"


def to_json(value: Any) -> str:
    """The one way in which payloads are written, so that the same payload is the same text everywhere."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


class Database:
    """One SQLite file or one PostgreSQL database.

    Parameters
    ----------
    url : str | None
        `sqlite:///FILE` or `postgresql://…`; `None` reads `DATABASE_URL` and otherwise takes `data/register.db`.

    Raises
    ------
    RegisterUnavailable
        Where it cannot be reached, or is not a register that this version knows.
    """

    def __init__(self, url: str | None = None) -> None:
        self._url = _complete(url or os.environ.get("DATABASE_URL") or f"sqlite:///{DEFAULT_FILE}")
        self._first_write = Lock()
        self._ready = False
        with _named_failures():
            self._engine = _engine(self._url)
            self._writing = self._engine.execution_options(**{_WRITES: True})
        if self.file is None or self.file.exists():
            self._bring_to_head()

    @property
    def file(self) -> Path | None:
        """The SQLite file; nothing for PostgreSQL."""
        if self._url.get_backend_name() != "sqlite":
            return None
        return Path(self._url.database or "")

    @property
    def place(self) -> str:
        """Where the register is, for an administrator, without password."""
        return self._url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Let go of every connection; using it again opens new ones."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection that sees one moment of the register.

        A file that nothing was written to yet is not made by looking at it.
        """
        engine = self._engine if self._ready or self._found() else _empty()
        options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
        with _named_failures(), engine.execution_options(**options).begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction: all of it is kept, or, whatever happens, nothing."""
        self.create()
        with _named_failures(), self._writing.begin() as connection:
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[sa.Connection]:
        """A transaction for `migrate`: one process at a time, and the whole way or none of it.

        SQLite rebuilds tables to change them, which its foreign keys would stand in the way of; they are looked at
        afterwards.
        """
        with _named_failures(), self._writing.connect() as connection:
            if self.file is not None:
                _outside_transaction(connection, "PRAGMA foreign_keys=OFF")
            with connection.begin():
                if self.file is None:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATIONS_LOCK)))
                yield connection
                if has_loose_ends(connection):
                    raise RegisterUnavailable("damaged")

    def _found(self) -> bool:
        """Whether somebody else made the file in the meantime; then it is brought to the newest version here too."""
        if self.file is not None and self.file.exists():
            self._bring_to_head()
        return self._ready

    def create(self) -> None:
        """Make the file, where there is none yet and never was one."""
        with self._first_write:
            if self._ready or self._found():
                return
            try:
                if self.file is not None:
                    self.file.parent.mkdir(parents=True, exist_ok=True)
                    self.file.touch(mode=0o600)
            except OSError as error:
                raise RegisterUnavailable("unreachable") from error
            self._bring_to_head()

    def _bring_to_head(self) -> None:
        try:
            with self.migrating() as connection:
                migrate(connection, command.upgrade, HEAD)
        except BaseException:
            self.close()
            raise
        self._ready = True


def migrate(connection: sa.Connection, step: Callable[[Config, str], None], revision: str) -> None:
    """Take the schema up (`alembic.command.upgrade`) or down (`downgrade`) within a transaction of `migrating`."""
    config = _migrations()
    config.attributes["connection"] = connection
    step(config, revision)


def has_loose_ends(connection: sa.Connection) -> bool:
    """Whether a row names one that is not there; only SQLite can come to that, and only within `migrating`."""
    return connection.dialect.name == "sqlite" and bool(connection.exec_driver_sql("PRAGMA foreign_key_check").first())


def newest_revision() -> str:
    """The version of the tables that this software works with."""
    return next(iter(known_revisions()))


def known_revisions() -> list[str]:
    """Every version of the tables that there has been, the newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_migrations()).walk_revisions()]


def _migrations() -> Config:
    config = Config()
    # A percent sign in a path would be read as the beginning of a placeholder.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def _complete(url: str) -> sa.URL:
    """The address with the driver that we use; hosting companies still write `postgres://`."""
    made = sa.make_url(url)
    if made.drivername in ("postgres", "postgresql"):
        made = made.set(drivername="postgresql+psycopg")
    if made.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError(f"DATABASE_URL: {made.get_backend_name()} is not supported; use postgresql:// or sqlite:///")
    return made


def _engine(url: sa.URL) -> sa.Engine:
    if url.get_backend_name() == "postgresql":
        try:
            return sa.create_engine(
                url,
                pool_pre_ping=True,
                json_serializer=to_json,
                connect_args={"connect_timeout": CONNECT_SECONDS},
            )
        except ModuleNotFoundError as error:
            raise RegisterUnavailable("driver") from error
    # Every transaction opens the file anew and never makes one (mode=rw): a file that was moved away is noticed, and
    # not written to in vain.
    file = Path(url.database or "").resolve()
    engine = sa.create_engine(
        f"sqlite:///{file.as_uri()}?mode=rw&uri=true", poolclass=NullPool, json_serializer=to_json
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _empty() -> sa.Engine:
    """A register with nothing in it, for who looks before anything was kept."""
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver would begin transactions by itself, and too late; `_begin_sqlite` does.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "foreign_keys=ON",
        # What is deleted is overwritten in the file too.
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    # A writer takes its turn before it reads what it builds on, so that nobody comes in between.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _outside_transaction(connection: sa.Connection, statement: str) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute(statement)


def _why_refused(error: sa.exc.DBAPIError | sa.exc.TimeoutError) -> str:
    """The name of what a database says when it does not do what is asked."""
    own = getattr(error, "orig", None)
    if FULL & {getattr(own, "sqlite_errorname", None), getattr(own, "sqlstate", None)}:
        return "full"
    return "busy" if "locked" in str(error) or "lock timeout" in str(error) else "unreachable"


@contextmanager
def _named_failures() -> Iterator[None]:
    """Say in our own words that the database is gone; what breaks a rule of ours stays what it is."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
        raise RegisterUnavailable(_why_refused(error)) from error
    except sa.exc.DatabaseError as error:
        if error.connection_invalidated:
            raise RegisterUnavailable("unreachable") from error
        if type(error) is sa.exc.DatabaseError:  # SQLite: no database, or a broken one
            raise RegisterUnavailable("damaged") from error
        raise
    except CommandError as error:
        # The only thing that alembic does not find is a version that this software does not have.
        raise RegisterUnavailable("newer") from error
