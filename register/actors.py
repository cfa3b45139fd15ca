"""Who asks something of the register."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("council", "finance", "initiative", "administrator")
"""council: reads all cases of its organisation and scores; finance: also keeps cases and decides; initiative: its own
cases only; administrator: everything of the organisation, export and deletion too."""


@dataclass(frozen=True)
class Actor:
    """A person, as the register knows them.

    Parameters
    ----------
    user_id : str
        What stays the same when the name changes: the subject of the sign-in.
    name : str
        As it stands beside what this person adds.
    organisation : str
        The municipality. Nothing of another organisation exists for this person.
    roles : frozenset of str
        Some of `ROLES`; more roles may do what each of them may. Without a role one may do nothing.
    """

    user_id: str
    name: str
    organisation: str
    roles: frozenset[str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "roles", frozenset(self.roles))
        unknown = self.roles - set(ROLES)
        if unknown:
            raise ValueError(f"unknown roles: {', '.join(sorted(unknown))}")
        if not (self.user_id and self.organisation):
            raise ValueError("an actor has a user id and an organisation")
        for text in (self.user_id, self.name, self.organisation):
            writable(text)


def writable(text: str) -> str:
    """A text that every database can keep; others are refused rather than changed."""
    if "\0" in text:
        raise ValueError("a text holds no NUL")
    text.encode()  # half a character raises here, and not in the database
    return text


LOCAL = Actor("local", "Lokale gebruiker", "local", frozenset(ROLES))
"""Without sign-in there is one user, on this machine, who may do everything."""
