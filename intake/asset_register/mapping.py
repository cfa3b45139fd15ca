"""Which column of a register holds what: suggested, corrected by the user, and remembered.

A mapping is kept as a profile: a small JSON file with headers and roles, without figures. It is recognised next time
by the fingerprint of the headers, in which years do not count.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from intake.asset_register.layout import RegisterColumn, RegisterTable
from intake.asset_register.notation import Notation
from intake.asset_register.roles import ADDRESS, BOOK_VALUE, IGNORE, LABEL, ROLES, header_year, role_of, words

PROFILE_VERSION = 1
LARGEST_PROFILE = 100_000
SCALES = (1, 1_000, 1_000_000)
FIRST_CELLS = 20
LAST_YEAR = 9999
CODE = re.compile(r"(?=\S*\d)\S+")
Certainty = Literal["profile", "exact", "similar", "none"]


@dataclass(frozen=True)
class Mapping:
    """What the columns of one table hold, and how its figures are read.

    Parameters
    ----------
    roles : dict
        Position of a column to the key of its role; `ignore` for one that is not used.
    scale : int | None
        What an amount is multiplied by to become euros; None as long as the user has not confirmed what the sheet says.
    notations : dict
        Position of a column to the notation that the user gave where the column did not say.
    book_value : {"closing_book_value", "opening_book_value"}
        Which of the two becomes the book value of the object.
    certainty : dict
        Position to where the suggestion comes from; for the screen.
    """

    roles: dict[int, str]
    scale: int | None = 1
    notations: dict[int, Notation] = field(default_factory=dict)
    book_value: str = "closing_book_value"
    certainty: dict[int, Certainty] = field(default_factory=dict, compare=False)

    def position(self, role: str) -> int | None:
        """The column with this role."""
        return next((position for position, its_role in self.roles.items() if its_role == role), None)

    def with_role(self, position: int, role: str) -> Mapping:
        """The mapping with another role for one column; the column that had that role is not used any more."""
        roles = {
            other: IGNORE if its_role == role and other != position else its_role
            for other, its_role in self.roles.items()
        }
        return replace(self, roles={**roles, position: role})


def suggest(table: RegisterTable, profiles: Iterable[Profile] = ()) -> Mapping:
    """The likely mapping of a table: that of a profile with the same headers, and otherwise from the words."""
    for profile in profiles:
        if profile.fingerprint == fingerprint(table):
            return profile.mapping(table)
    roles: dict[int, str] = {}
    certainty: dict[int, Certainty] = {}
    for column in table.columns:
        known = _role_in(column)
        roles[column.position] = IGNORE if known is None else known[0]
        certainty[column.position] = "none" if known is None else "exact" if known[1] else "similar"
    _settle_labels(table, roles)
    _settle_book_values(table.columns, roles)
    _settle_contributions(roles)
    _settle_doubles(table.columns, roles, certainty)
    has_closing = "closing_book_value" in roles.values()
    return Mapping(
        roles,
        scale=None if suggested_scale(table) != 1 else 1,
        book_value="closing_book_value" if has_closing else "opening_book_value",
        certainty=certainty,
    )


def _role_in(column: RegisterColumn) -> tuple[str, bool] | None:
    """What a header says as a whole; or else, below a shared heading, what its own words say."""
    whole = role_of(column.header)
    if whole is not None and whole[1]:
        return whole
    alone = role_of(column.last_part)
    if alone is not None and (whole is None or alone[1]):
        return alone[0], False
    return whole


def suggested_scale(table: RegisterTable) -> int:
    """What the words on the sheet say that an amount is multiplied by; 1 where they say nothing."""
    return max((hint.factor for hint in table.hints), default=1)


def _settle_labels(table: RegisterTable, roles: dict[int, str]) -> None:
    """Which of the columns over objects and addresses is the number, and which the name.

    Beside a name, `Object` is the number. Without one it is the name itself, unless numbers stand in it and the address
    can be the name.
    """
    labels = [position for position, role in roles.items() if role == LABEL]
    addresses = [position for position, role in roles.items() if role == ADDRESS]
    has_name = not {"name", "id_and_name"}.isdisjoint(roles.values())
    if not has_name and addresses and (not labels or _holds_numbers(table, labels[0])):
        roles[addresses[0]], has_name = "name", True
    if not has_name and labels:
        roles[labels.pop(0)] = "name"
    if labels and "asset_id" not in roles.values():
        roles[labels.pop(0)] = "asset_id"
    for position, role in roles.items():
        if role in {LABEL, ADDRESS}:
            roles[position] = IGNORE


def _holds_numbers(table: RegisterTable, position: int) -> bool:
    """Whether the first cells of a column are numbers or codes, such as `6.711` or `P-12`."""
    cells = [cell for cell in table.cells(position, table.numbers("row")[:FIRST_CELLS]) if cell is not None]
    return all(CODE.fullmatch(str(cell).strip()) for cell in cells)


def _settle_book_values(columns: tuple[RegisterColumn, ...], roles: dict[int, str]) -> None:
    """Which book value opens the year and which closes it.

    The latest day closes it. Of the others 1 January opens it, or else the latest; where a header occurs twice, as in
    one published table, the first opens the year and the last closes it.
    """
    kinds = {BOOK_VALUE, "opening_book_value", "closing_book_value"}
    found = [column for column in columns if roles[column.position] in kinds]
    if not found:
        return
    original = {column.position: roles[column.position] for column in found}
    for column in found:
        roles[column.position] = IGNORE
    if len(found) == 1:
        only = found[0].position
        roles[only] = "closing_book_value" if original[only] == BOOK_VALUE else original[only]
        return

    def year(column: RegisterColumn) -> int:
        of_day = column.day.year if column.day is not None else None
        closes = original[column.position] == "closing_book_value"  # such as `Eindsaldo`, which needs no year
        return of_day or header_year(column.header) or (LAST_YEAR if closes else 0)

    def moment(column: RegisterColumn) -> tuple[int, int, int, int]:
        month = 0 if column.day is None else column.day.month
        return year(column), month, original[column.position] == "closing_book_value", column.position

    def opens(column: RegisterColumn) -> bool:
        of_january = column.day is not None and column.day.month == 1
        return of_january or original[column.position] == "opening_book_value"

    closing = max(found, key=moment)
    others = [column for column in found if column is not closing]
    first_of_january = [column for column in others if opens(column)]
    opening = max(first_of_january, key=moment) if first_of_january else max(others, key=year)
    roles[closing.position], roles[opening.position] = "closing_book_value", "opening_book_value"


def _settle_contributions(roles: dict[int, str]) -> None:
    """Without a book value at both ends of the year, contributions are those deducted from the cost."""
    if "opening_book_value" in roles.values() and "closing_book_value" in roles.values():
        return
    for position, role in roles.items():
        if role == "contributions":
            roles[position] = "third_party_contributions_eur"


def _settle_doubles(
    columns: tuple[RegisterColumn, ...], roles: dict[int, str], certainty: dict[int, Certainty]
) -> None:
    """A role is for one column: an exact word goes before a similar one, and then the first column."""
    taken: dict[str, int] = {}
    order = sorted(columns, key=lambda column: (certainty[column.position] != "exact", column.position))
    for column in order:
        role = roles[column.position]
        if role == IGNORE:
            continue
        if role in taken:
            roles[column.position] = IGNORE
        taken.setdefault(role, column.position)


def fingerprint(table: RegisterTable) -> str:
    """The headers of a table in short, in which years, days and capitals do not count."""
    heads = [f"{words(column.header)}|{column.day.month if column.day else ''}" for column in table.columns]
    return hashlib.sha256("\n".join(heads).encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Profile:
    """A mapping that was kept: which headers, and what they hold. No figures, no names of people or places.

    Parameters
    ----------
    fingerprint : str
    columns : tuple of (header, role, notation)
        In the order of the table.
    scale : int
    suggested_scale : int
        What the sheet said; when it says something else next time, the scale is asked again.
    book_value : str
    """

    fingerprint: str
    columns: tuple[tuple[str, str, Notation | None], ...]
    scale: int
    suggested_scale: int
    book_value: str

    def mapping(self, table: RegisterTable) -> Mapping:
        """The mapping for a table with the same headers."""
        positions = [column.position for column in table.columns]
        pairs = list(zip(positions, self.columns, strict=True))
        return Mapping(
            {position: role for position, (_header, role, _notation) in pairs},
            self.scale if suggested_scale(table) == self.suggested_scale else None,
            {position: notation for position, (_header, _role, notation) in pairs if notation is not None},
            self.book_value,
            dict.fromkeys(positions, "profile"),
        )

    def to_json(self) -> str:
        """The profile as the text of a file."""
        return json.dumps(
            {
                "buurtwaarde_register_profile": PROFILE_VERSION,
                "fingerprint": self.fingerprint,
                "columns": [
                    {"header": header, "role": role, "notation": notation} for header, role, notation in self.columns
                ],
                "scale": self.scale,
                "suggested_scale": self.suggested_scale,
                "book_value": self.book_value,
            },
            ensure_ascii=False,
            indent=1,
        )


def profile_of(table: RegisterTable, mapping: Mapping) -> Profile:
    """The mapping as a profile, to keep."""
    return Profile(
        fingerprint(table),
        tuple(
            (column.header, mapping.roles.get(column.position, IGNORE), mapping.notations.get(column.position))
            for column in table.columns
        ),
        mapping.scale or 1,
        suggested_scale(table),
        mapping.book_value,
    )


class NotAProfile(Exception):  # noqa: N818 - it describes the file, and is shown as a problem
    """The file is no profile that was downloaded here."""


def read_profile(data: bytes) -> Profile:
    """A profile from its file.

    Raises
    ------
    NotAProfile
        The file is something else, or was changed into something that cannot be.
    """
    if len(data) > LARGEST_PROFILE:
        raise NotAProfile
    try:
        content: Any = json.loads(data.decode("utf-8-sig"))
        profile = Profile(
            _text(content["fingerprint"]),
            tuple(
                (_text(column["header"]), _one_of(column["role"], ROLES), _notation(column["notation"]))
                for column in content["columns"]
            ),
            _one_of(content["scale"], SCALES),
            _one_of(content["suggested_scale"], SCALES),
            _one_of(content["book_value"], ("opening_book_value", "closing_book_value")),
        )
        if content["buurtwaarde_register_profile"] != PROFILE_VERSION:
            raise NotAProfile
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotAProfile from error
    return profile


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _one_of(value: Any, allowed: Iterable[Any]) -> Any:
    if isinstance(value, bool) or value not in allowed:
        raise ValueError
    return value


def _notation(value: Any) -> Notation | None:
    return None if value is None else cast("Notation", _one_of(value, ("nl", "en")))
