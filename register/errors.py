"""What can come in between, each with its own name, so that a screen can say what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from register.messages import text

if TYPE_CHECKING:
    from register.records import Entry


class RegisterError(Exception):
    """Something that the register does not do.

    Parameters
    ----------
    rule : str
        Key of its words in `register.messages`.
    **parameters : object
        What the words need.
    """

    def __init__(self, rule: str, **parameters: Any) -> None:
        self.rule, self.parameters = rule, parameters
        super().__init__(self.message("en"))

    def message(self, language: str = "nl") -> str:
        """What is the matter and what to do about it, in Dutch (`nl`) or English (`en`)."""
        return text(self.rule, language, self.parameters)


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
        super().__init__(reason)


class NotFound(RegisterError):  # noqa: N818 - a state of affairs, not a fault
    """It does not exist, as far as this person can tell: another organisation's cases do not exist."""

    def __init__(self) -> None:
        super().__init__("not_found")


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
        super().__init__("conflict", based_on=based_on or 0, latest=0 if latest is None else latest.version)


class RegisterUnavailable(RegisterError):  # noqa: N818 - a state of affairs, not a fault
    """The database cannot be reached or used now. Nothing was written.

    Parameters
    ----------
    reason : str
        `unreachable` (gone, refused, not allowed), `full` (no room on its disk), `busy` (others kept it occupied),
        `damaged` (no register), `newer` (made by a newer version of this software) or `driver` (the package for this
        database is missing).
    """

    def __init__(self, reason: str = "unreachable") -> None:
        self.reason = reason
        super().__init__(reason)


class ArchiveError(RegisterError):
    """A backup file that is not whole, or not one of ours. Nothing was written.

    Parameters
    ----------
    detail : str
        What was found, for whoever looks into it.
    """

    def __init__(self, detail: str) -> None:
        super().__init__("archive", detail=detail)


class NotEmpty(RegisterError):  # noqa: N818 - a state of affairs, not a fault
    """Restoring would replace what the register holds, and nobody said that it may."""

    def __init__(self) -> None:
        super().__init__("not_empty")
