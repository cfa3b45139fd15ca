"""Kept cases, scores, decisions and reviews: everything is added, nothing is overwritten.

`open_register()` gives the `Register`; every function of it wants to know who asks (`Actor`) and enforces what that
person may do. Who may what stands in `register.rights`, what the tables are in `register.tables`.
"""

from register.actors import LOCAL, ROLES, Actor
from register.archive import backup, restore
from register.cases import DELETION_REASONS, Register, open_register
from register.errors import (
    ArchiveError,
    Conflict,
    Forbidden,
    NotEmpty,
    NotFound,
    RegisterError,
    RegisterUnavailable,
)
from register.records import CaseHead, CaseVersion, Entry, Member, Tombstone
from register.rights import ScoreKey, may_append, may_save, personal_key, score_key

__all__ = [
    "DELETION_REASONS",
    "LOCAL",
    "ROLES",
    "Actor",
    "ArchiveError",
    "CaseHead",
    "CaseVersion",
    "Conflict",
    "Entry",
    "Forbidden",
    "Member",
    "NotEmpty",
    "NotFound",
    "Register",
    "RegisterError",
    "RegisterUnavailable",
    "ScoreKey",
    "Tombstone",
    "backup",
    "may_append",
    "may_save",
    "open_register",
    "personal_key",
    "restore",
    "score_key",
]
