"""Both databases: a SQLite file, and a real PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from register import Register, open_register

DATABASES = ("sqlite", "postgresql")
_numbers = itertools.count(1)


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
