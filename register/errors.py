"""What can come in between, each with its own name, so that a screen can say what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from register.records import Entry


class RegisterError(Exception):
    """Something that the register does not do."""


class Forbidden(RegisterError):  # noqa: N818 - a state of affairs, not a fault
    """The actor may not see or do this within their own organisation.

    Parameters
    ----------
    reason : str
        Why, as a word for the screen to translate: `role`, `not_yours`, `not_a_member`, `own_initiative`,
        `not_your_key`.
    """

    def __init__(self, reason: str = "role") -> None:
        self.reason = reason
        super().__init__(f"not allowed ({reason})")


class NotFound(RegisterError):  # noqa: N818 - a state of affairs, not a fault
    """It does not exist, as far as this person can tell: another organisation's cases do not exist."""

    def __init__(self) -> None:
        super().__init__("there is no such thing in this organisation's register")


class Conflict(RegisterError):  # noqa: N818 - a state of affairs, not a fault
    """Somebody else added a version in the meantime. Nothing was written, and nothing of what is asked is lost.

    Parameters
    ----------
    latest : Entry | None
        The version that stands now, with who made it and when; nothing where what one built on was never there.
    based_on : int | None
        The version that the refused change was based on.
    """

    def __init__(self, latest: Entry | None, based_on: int | None) -> None:
        self.latest, self.based_on = latest, based_on
        stands = "none" if latest is None else latest.version
        super().__init__(f"based on version {based_on or 0}, but the latest is {stands}")


class RegisterUnavailable(RegisterError):  # noqa: N818 - a state of affairs, not a fault
    """The database cannot be reached or used now. Nothing was written.

    Parameters
    ----------
    reason : str
        `unreachable` (gone, refused, full, not allowed), `busy` (others kept it occupied), `damaged` (no register),
        `newer` (made by a newer version of this software) or `driver` (the package for this database is missing).
    """

    def __init__(self, reason: str = "unreachable") -> None:
        self.reason = reason
        super().__init__(f"the register cannot be used now ({reason})")


class ArchiveError(RegisterError):
    """A backup file that is not whole, or not one of ours. Nothing was written."""


class NotEmpty(RegisterError):  # noqa: N818 - a state of affairs, not a fault
    """Restoring would replace what the register holds, and nobody said that it may."""

    def __init__(self) -> None:
        super().__init__("the register is not empty")
