"""How sign-in is configured: read once a run from Streamlit's secrets, and checked before anybody is let in.

There are three answers: no sign-in (nothing is configured), sign-in as configured, and broken. What is broken is never
taken for "nothing is configured": then everybody would come in as the local user.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from register import ROLES

PREFIX = "BUURTWAARDE_SIGN_IN_"
"""Environment variables that configure sign-in begin with this."""

VARIABLES = {
    "METADATA_URL": ("auth", "server_metadata_url"),
    "CLIENT_ID": ("auth", "client_id"),
    "CLIENT_SECRET": ("auth", "client_secret"),
    "REDIRECT_URI": ("auth", "redirect_uri"),
    "COOKIE_SECRET": ("auth", "cookie_secret"),
    "SCOPE": ("auth", "client_kwargs", "scope"),
    "ORGANISATION": ("sign_in", "organisation"),
    "ORGANISATION_CLAIM": ("sign_in", "organisation_claim"),
    "USER_CLAIM": ("sign_in", "user_claim"),
    "ROLES_CLAIM": ("sign_in", "roles_claim"),
    "SESSION_MINUTES": ("sign_in", "session_minutes"),
    "ROLE_COUNCIL": ("sign_in", "role_names", "council"),
    "ROLE_FINANCE": ("sign_in", "role_names", "finance"),
    "ROLE_INITIATIVE": ("sign_in", "role_names", "initiative"),
    "ROLE_ADMINISTRATOR": ("sign_in", "role_names", "administrator"),
}
"""Each variable, and the secret that it stands for."""

NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
SECTIONS = ("auth", "sign_in")
KEYS = {"organisation", "organisation_claim", "user_claim", "roles_claim", "session_minutes", "role_names"}
CALLBACK = "/oauth2callback"
SHORTEST_COOKIE_SECRET = 32
"""Whoever guesses the secret can write a cookie that says they are somebody else; 32 signs cannot be tried out."""

THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Flaw:
    """Why sign-in cannot be used: a rule (its words are in `door`) and what it is about; never a secret's value."""

    rule: str
    about: str = ""


class BrokenError(Exception):
    """Sign-in is configured, but cannot be used.

    Parameters
    ----------
    flaws : sequence of Flaw
        All that is wrong.
    """

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__("; ".join(f"{flaw.rule} {flaw.about}".strip() for flaw in flaws))
        self.flaws = tuple(flaws)


@dataclass(frozen=True)
class Settings:
    """Sign-in as configured.

    Parameters
    ----------
    metadata_url : str
        Where the provider says what it has (`.../.well-known/openid-configuration`).
    client_id : str
        What the provider calls this app: only what it signed for this app counts.
    organisation : str
        The organisation of everyone who signs in; empty where `organisation_claim` or the table of members says it.
    organisation_claim : str
        The claim that names the organisation; empty where all are of one, or the table of members says it.
    user_claim : str
        The claim that is the same for one person for ever.
    roles_claim : str
        The claim with roles or groups, `a.b` for a claim inside a claim; empty: the register's table of members.
    role_names : mapping
        What the provider calls each of our roles; it may have several names for one.
    session_seconds : int or None
        How long one stays signed in; None: as long as the ID token is valid.
    """

    metadata_url: str
    client_id: str
    organisation: str
    organisation_claim: str
    user_claim: str
    roles_claim: str
    role_names: Mapping[str, tuple[str, ...]]
    session_seconds: int | None


def from_environment(variables: Mapping[str, str]) -> dict[str, Any] | None:
    """The secrets that the environment gives; None where it gives none.

    Either all settings stand in the environment or all in the file: the two are not mixed.
    """
    given = {name.removeprefix(PREFIX): value for name, value in variables.items() if name.startswith(PREFIX)}
    if not given:
        return None
    # Both sections, so that neither is taken from a file.
    secrets: dict[str, Any] = {section: {} for section in SECTIONS}
    for name, value in given.items():
        # A name that we do not know is kept too: `read` refuses it, and does not leave out what somebody meant.
        *sections, key = VARIABLES.get(name, ("sign_in", name.lower()))
        place = secrets
        for section in sections:
            place = place.setdefault(section, {})
        place[key] = value
    return secrets


def read(secrets: Mapping[str, Any]) -> Settings | None:
    """The settings in these secrets; None where sign-in is not configured.

    Raises
    ------
    BrokenError
        It is configured, and something is wrong with it.
    """
    misspelt = [key for key in secrets if key not in SECTIONS and key.casefold().replace("-", "_") in SECTIONS]
    if not misspelt and not any(section in secrets for section in SECTIONS):
        return None
    flaws = [Flaw("misspelt", key) for key in misspelt]
    sections = []
    for name in SECTIONS:
        section = secrets.get(name, {})
        if not isinstance(section, Mapping):
            flaws.append(Flaw("no_section", name))
            section = {}
        sections.append(section)
    auth, ours = sections
    flaws += [*_flaws_of_provider(auth), *_flaws_of_ours(ours)]
    if flaws:
        raise BrokenError(flaws)
    return Settings(
        metadata_url=auth["server_metadata_url"],
        client_id=auth["client_id"],
        organisation=ours.get("organisation", "").strip(),
        organisation_claim=ours.get("organisation_claim", ""),
        user_claim=ours.get("user_claim", "sub"),
        roles_claim=ours.get("roles_claim", ""),
        role_names=_role_names(ours.get("role_names", {})),
        session_seconds=round(float(ours["session_minutes"]) * 60) if "session_minutes" in ours else None,
    )


def _flaws_of_provider(auth: Mapping[str, Any]) -> list[Flaw]:
    flaws = [
        Flaw("missing", f"auth.{key}") for key in NEEDED if not (isinstance(auth.get(key), str) and auth[key].strip())
    ]
    missing = {flaw.about for flaw in flaws}
    if "auth.cookie_secret" not in missing and len(auth["cookie_secret"]) < SHORTEST_COOKIE_SECRET:
        flaws.append(Flaw("short_secret", "auth.cookie_secret"))
    addresses = [key for key in ("redirect_uri", "server_metadata_url") if f"auth.{key}" not in missing]
    flaws += [Flaw("not_encrypted", f"auth.{key}") for key in addresses if not is_safe_address(auth[key])]
    if "auth.redirect_uri" not in missing and not auth["redirect_uri"].endswith(CALLBACK):
        flaws.append(Flaw("no_callback", "auth.redirect_uri"))
    return flaws


def _flaws_of_ours(ours: Mapping[str, Any]) -> list[Flaw]:
    flaws = [Flaw("unknown", f"sign_in.{key}") for key in ours if key not in KEYS]
    texts = KEYS - {"session_minutes", "role_names"}
    flaws += [Flaw("no_text", f"sign_in.{key}") for key in texts & set(ours) if not isinstance(ours[key], str)]
    if ours.get("roles_claim") and not ours.get("organisation") and not ours.get("organisation_claim"):
        flaws.append(Flaw("missing", "sign_in.organisation"))
    if ours.get("organisation") and ours.get("organisation_claim"):
        flaws.append(Flaw("either", "sign_in.organisation, sign_in.organisation_claim"))
    if "session_minutes" in ours and not _is_length(ours["session_minutes"]):
        flaws.append(Flaw("no_length", "sign_in.session_minutes"))
    names = ours.get("role_names", {})
    if not isinstance(names, Mapping):
        return [*flaws, Flaw("no_section", "sign_in.role_names")]
    if names and not ours.get("roles_claim"):
        flaws.append(Flaw("missing", "sign_in.roles_claim"))
    return flaws + [Flaw("unknown", f"sign_in.role_names.{role}") for role in names if role not in ROLES]


def is_safe_address(address: str) -> bool:
    """Whether passwords and tokens may travel to this address: encrypted, or without leaving this machine."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in THIS_MACHINE)
    )


def _is_length(given: object) -> bool:
    try:
        minutes = float(str(given))
    except ValueError:
        return False
    return 0 < minutes <= 60 * 24


def _role_names(given: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The provider's names for each role. Where none are given, it uses ours."""
    return {role: words(names) for role, names in given.items()} or {role: (role,) for role in ROLES}


def words(given: object) -> tuple[str, ...]:
    """A list of words, or one text with commas between them; anything else has none."""
    listed = given.split(",") if isinstance(given, str) else given if isinstance(given, list | tuple) else ()
    return tuple(word.strip() for word in listed if isinstance(word, str) and word.strip())
