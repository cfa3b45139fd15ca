"""What one visitor has of a register that is being read: the file, the tables in it, and what was answered so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import streamlit as st

import intake
from intake.asset_register import (
    Mapping,
    NotAProfile,
    Profile,
    RegisterReading,
    RegisterTable,
    find_register_tables,
    fingerprint,
    profile_of,
    read_profile,
    read_register,
    suggest,
)
from intake.reading import read_table_file
from valuation.problems import Problem

KEY = "own_register"
PROFILES = "register_profiles"
REFUSED = "register_refused"


@dataclass(frozen=True)
class OwnRegister:
    """A register that is being read.

    Parameters
    ----------
    data, filename
        The file, to give back with its problems marked.
    raw : RawWorkbook
    tables : tuple of RegisterTable
    mappings : dict
        Number of a table to what its columns hold, as answered so far.
    recognised : frozenset of int
        Tables whose layout was kept before.
    excluded : dict
        Number of a table to the rows that the user leaves out.
    version : int
        Goes up with every file, and is part of the keys of widgets.
    """

    data: bytes = field(repr=False)
    filename: str
    raw: intake.RawWorkbook = field(repr=False)
    tables: tuple[RegisterTable, ...]
    mappings: dict[int, Mapping]
    recognised: frozenset[int] = frozenset()
    excluded: dict[int, frozenset[int]] = field(default_factory=dict)
    version: int = 0

    def reading(self, number: int) -> RegisterReading:
        """The table as read by its mapping."""
        return _read(self, number)


def current() -> OwnRegister | None:
    """The register that is being read."""
    return st.session_state.get(KEY)


def refused() -> Problem | None:
    """Why the last file was not read."""
    return st.session_state.get(REFUSED)


def open_file(data: bytes, filename: str, progress: Callable[[float], None] | None = None) -> None:
    """Read a file with tables; one that cannot be read, or has none, is refused."""
    version = st.session_state.get("register_version", 0) + 1
    st.session_state["register_version"] = version
    st.session_state[KEY], st.session_state[REFUSED] = None, None
    try:
        raw = read_table_file(data, filename, progress)
    except intake.UnreadableFile as error:
        st.session_state[REFUSED] = error.problem
        return
    tables = find_register_tables(raw)
    if not tables:
        st.session_state[REFUSED] = Problem("error", "no_table_found", value=filename)
        return
    known = profiles()
    mappings = {number: suggest(table, known) for number, table in enumerate(tables)}
    prints = {profile.fingerprint for profile in known}
    recognised = frozenset(number for number, table in enumerate(tables) if fingerprint(table) in prints)
    st.session_state[KEY] = OwnRegister(data, filename, raw, tables, mappings, recognised, version=version)


def close() -> None:
    """Forget the file."""
    st.session_state[KEY] = None
    st.session_state[REFUSED] = None


def answer(number: int, mapping: Mapping) -> None:
    """Take what the user said about one table."""
    register = st.session_state[KEY]
    st.session_state[KEY] = replace(register, mappings={**register.mappings, number: mapping})


def with_the_same_headers(number: int) -> list[int]:
    """The other tables in the file with the headers of this one."""
    tables = st.session_state[KEY].tables
    headers = fingerprint(tables[number])
    return [other for other, table in enumerate(tables) if other != number and fingerprint(table) == headers]


def read_alike(number: int, others: list[int]) -> list[RegisterReading]:
    """Other tables with the same headers, by what was said of this one."""
    register = st.session_state[KEY]
    profile = profile_of(register.tables[number], register.mappings[number])
    mappings = {other: profile.mapping(register.tables[other]) for other in others}
    register = replace(register, mappings={**register.mappings, **mappings})
    st.session_state[KEY] = register
    return [register.reading(other) for other in others]


def leave_out(number: int, rows: frozenset[int]) -> None:
    """Take which rows the user leaves out."""
    register = st.session_state[KEY]
    st.session_state[KEY] = replace(register, excluded={**register.excluded, number: rows})


def profiles() -> list[Profile]:
    """The layouts that this visitor used or brought along."""
    return list(st.session_state.setdefault(PROFILES, {}).values())


def remember(number: int) -> Profile:
    """Keep the layout of a table, so that the same headers are recognised next time."""
    register = st.session_state[KEY]
    profile = profile_of(register.tables[number], register.mappings[number])
    st.session_state.setdefault(PROFILES, {})[profile.fingerprint] = profile
    return profile


def bring_profile(data: bytes, filename: str) -> Problem | None:
    """Take a layout from a file; what is wrong with it, if anything."""
    try:
        profile = read_profile(data)
    except NotAProfile:
        return Problem("error", "not_a_profile", value=filename)
    st.session_state.setdefault(PROFILES, {})[profile.fingerprint] = profile
    register = current()
    if register is not None:
        for number, table in enumerate(register.tables):
            if fingerprint(table) == profile.fingerprint:
                answer(number, profile.mapping(table))
                found = st.session_state[KEY]
                st.session_state[KEY] = replace(found, recognised=found.recognised | {number})
    return None


def _read(register: OwnRegister, number: int) -> RegisterReading:
    """The reading, made once for each set of answers."""
    mapping, excluded = register.mappings[number], register.excluded.get(number, frozenset())
    kept: dict[int, tuple[int, Mapping, frozenset[int], RegisterReading]]
    kept = st.session_state.setdefault("register_readings", {})
    known = kept.get(number)
    if known is not None and known[0] == register.version and known[1] == mapping and known[2] == excluded:
        return known[3]
    reading = read_register(register.tables[number], mapping, excluded)
    kept[number] = (register.version, mapping, excluded, reading)
    return reading
