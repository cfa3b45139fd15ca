"""Who somebody is, by what the provider signed about them; the register's members where it says nothing of roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dashboard.sign_in.settings import Settings, words
from register import Actor

Members = Callable[[str], tuple[str, frozenset[str]] | None]
"""Organisation and roles of a user by the register's table; None for whoever does not stand in it."""


def actor_of(claims: Mapping[str, Any], settings: Settings, members: Members) -> Actor | None:
    """Who has these claims; None where it is not known who, or of which organisation.

    Somebody whom nobody gave a role is known, and has no roles: the register refuses them everything.
    """
    user_id = user_id_of(claims, settings)
    if not user_id:
        return None
    organisation = settings.organisation or _text(claims, settings.organisation_claim)
    if settings.roles_claim:
        given = set(words(_claim(claims, settings.roles_claim)))
        roles = frozenset(role for role, names in settings.role_names.items() if given & set(names))
    else:
        its_organisation, roles = members(user_id) or (organisation, frozenset())
        if organisation not in {"", its_organisation}:
            # A member of another organisation than the one whose provider signed.
            return None
        organisation = its_organisation
    if not organisation:
        return None
    name = next(filter(None, (_text(claims, claim) for claim in ("name", "preferred_username", "email"))), user_id)
    return Actor(user_id=user_id, name=name, organisation=organisation, roles=roles)


def user_id_of(claims: Mapping[str, Any], settings: Settings) -> str:
    """By what this person is known; empty where the provider does not say, doubts it, or said it to another app."""
    given = claims.get("aud")
    audience = given if isinstance(given, list) else [given]
    if settings.client_id not in audience or (settings.user_claim == "email" and claims.get("email_verified") is False):
        return ""
    return _text(claims, settings.user_claim)


def until(claims: Mapping[str, Any], settings: Settings) -> float:
    """Until when somebody is signed in, in seconds since 1970; 0 where the provider does not say when it began.

    A length of our own counts from when the provider signed; without one, its ID token says when it ends.
    """
    if settings.session_seconds is None:
        return _moment(claims.get("exp"))
    began = _moment(claims.get("iat"))
    return began + settings.session_seconds if began else 0.0


def mark(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """What tells one sign-in from another, of the same person too: the nonce is new every time."""
    return tuple(str(claims.get(claim, "")) for claim in ("iss", "sub", "iat", "nonce"))


def _claim(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by its name; otherwise by a path with dots, as for Keycloak's `realm_access.roles`."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _text(claims: Mapping[str, Any], path: str) -> str:
    found = _claim(claims, path) if path else None
    return found.strip() if isinstance(found, str) else ""


def _moment(given: object) -> float:
    return float(given) if isinstance(given, int | float) and not isinstance(given, bool) else 0.0
