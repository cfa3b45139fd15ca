"""What the register hands out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

WORKBOOK = "workbook"
"""Kind of the entry that says that a version of the workbook was kept."""


@dataclass(frozen=True)
class Entry:
    """One thing that somebody added, never changed afterwards.

    Parameters
    ----------
    case_id : str | None
        The case; `None` is the organisation's own dossier.
    kind, key : str
        What it is (`decision`, `score`, ...) and of which thing; versions count per kind and key.
    version : int
        1 for the first; each next one replaces the former as the latest and leaves it standing.
    payload : mapping
        What was added, as JSON.
    by, by_name : str
        Who.
    at : datetime
        When, in UTC; never before the entry before it in the same case.
    why : str
        The reason that was given.
    number : int
        Place in the history of the case: 1, 2, 3, ... without gaps.
    """

    case_id: str | None
    kind: str
    key: str
    version: int
    payload: Mapping[str, Any]
    by: str
    by_name: str
    at: datetime
    why: str
    number: int


@dataclass(frozen=True)
class CaseHead:
    """A kept case as it stands in a list: its latest version, without the workbook.

    Parameters
    ----------
    owner, owner_name : str
        Who kept it first.
    version, at, by, by_name, why
        Of the latest version.
    initiatives : tuple of str
        The initiatives that the case is about, as the one who kept it said.
    """

    case_id: str
    name: str
    organisation: str
    owner: str
    owner_name: str
    version: int
    at: datetime
    by: str
    by_name: str
    why: str
    initiatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseVersion:
    """One version of a kept case, with its workbook as it was handed in, to the byte."""

    case_id: str
    version: int
    name: str
    workbook: bytes = field(repr=False)
    by: str
    by_name: str
    at: datetime
    why: str
    initiatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Member:
    """Which organisation and roles somebody has, for sign-in by a table. No roles: withdrawn."""

    user_id: str
    name: str
    organisation: str
    roles: frozenset[str]
    version: int
    at: datetime
    by: str
    why: str


@dataclass(frozen=True)
class Tombstone:
    """All that is left of a deleted case: who deleted it, when, and on which ground of a closed list."""

    case_id: str
    by: str
    at: datetime
    reason: str
