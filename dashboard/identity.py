"""Who is there: the visitor of this session, as the provider signed it or as the one local user.

Never from the address of the page, and never from a header that a browser can set. Pages ask `actor()`; the register
decides with it what may be read and written. `visitor()` is asked again in every run, so a sign-in that has ended
counts no longer with the next thing that somebody does.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from dashboard import kept
from dashboard.sign_in import claims
from dashboard.sign_in.settings import (
    SECTIONS,
    THIS_MACHINE,
    BrokenError,
    Flaw,
    Settings,
    from_environment,
    read,
)
from register import LOCAL, Actor, Forbidden, RegisterUnavailable

PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip")
"""What a proxy adds: then the visitor is not at this machine. Whoever adds them by hand only shuts themselves out."""

EDITORS = frozenset({"finance", "initiative", "administrator"})
"""Roles with figures of their own; the register decides which cases they may keep."""

State = Literal["in", "out", "expired", "ended", "unknown", "no_role"]


class NotSignedInError(Exception):
    """Something was asked of a visitor who is not let in. Pages never see it: the door stops them before."""


@dataclass(frozen=True)
class Visitor:
    """Who is at the door.

    Parameters
    ----------
    state : str
        in: let in. out: not signed in. expired: signed in too long ago. ended: signed out, in this or another window.
        unknown: the provider does not say who or of which organisation. no_role: nobody gave them a role.
    actor : Actor or None
        None where it is not known who it is.
    until : float or None
        When the sign-in ends, in seconds since 1970; None for the local user, and for whoever is not signed in.
    """

    state: State
    actor: Actor | None = None
    until: float | None = None

    @property
    def local(self) -> bool:
        """Whether it is the one user of an app without sign-in."""
        return self.actor is LOCAL


def actor() -> Actor:
    """The visitor of this session.

    Raises
    ------
    NotSignedInError
        Nobody is let in.
    BrokenError
        Sign-in is configured and cannot be used, or somebody else than the local user can reach an app without it.
    """
    found = visitor()
    if found.state != "in" or found.actor is None:
        raise NotSignedInError(found.state)
    return found.actor


def may_edit() -> bool:
    """Whether this visitor brings figures in and changes them; a council member reads them."""
    return bool(actor().roles & EDITORS)


def demand_edit() -> None:
    """Go on only where this visitor may change figures; otherwise raise `Forbidden`, as the register does."""
    if not may_edit():
        raise Forbidden("role")


def visitor() -> Visitor:
    """Who is at the door now.

    Raises
    ------
    BrokenError
        As with `actor`.
    """
    settings = configured()
    if settings is None:
        _need_this_machine()
        return Visitor("in", LOCAL)
    if not st.user.get("is_logged_in"):
        return Visitor("out")
    signed: dict[str, Any] = dict(st.user.to_dict())
    who = claims.actor_of(signed, settings, _members)
    until = claims.until(signed, settings)
    if until <= time.time():
        return Visitor("expired", who, until)
    if _has_ended(claims.mark(signed)):
        return Visitor("ended", who, until)
    if who is None:
        return Visitor("unknown", None, until)
    return Visitor("in" if who.roles else "no_role", who, until)


def configured() -> Settings | None:
    """How sign-in is configured; None where it is not.

    Raises
    ------
    BrokenError
        It is configured, but cannot be used.
    """
    secrets = _secrets()
    from_variables = from_environment(os.environ)
    if from_variables is not None and any(secrets.get(name) != from_variables[name] for name in SECTIONS):
        # Only asgi.py hands the environment on; without it Streamlit would know of no sign-in.
        raise BrokenError([Flaw("other_door")])
    settings = read(secrets)
    if settings is not None and st.get_option("server.trustedUserHeaders"):
        raise BrokenError([Flaw("trusted_headers", "server.trustedUserHeaders")])
    return settings


def user_id() -> str:
    """By what the provider knows whoever signed in, whether they are let in or not; empty where it does not say."""
    settings = configured()
    return "" if settings is None else claims.user_id_of(st.user.to_dict(), settings)


def sign_out() -> None:
    """End this sign-in, here and where the provider has a place for it; in the user's other windows too.

    The browser loses its cookie; a copy of that cookie that somebody kept is refused for as long as it would count.
    """
    found = visitor()
    if found.until is not None:
        _end(claims.mark(st.user.to_dict()), found.until)
    st.logout()


def _secrets() -> dict[str, Any]:
    try:
        return st.secrets.to_dict()
    except StreamlitSecretNotFoundError:
        # There is no file, or it cannot be read: the second is no reason to go on without sign-in.
        if any(Path(path).exists() for path in st.get_option("secrets.files")):
            raise BrokenError([Flaw("unreadable", "secrets.toml")]) from None
        return {}


def _need_this_machine() -> None:
    """The local user may do everything, so nobody else may get here."""
    if st.get_option("server.address") not in THIS_MACHINE:
        raise BrokenError([Flaw("open_to_others", "server.address")])
    headers = st.context.headers
    host = headers.get("Host") or "localhost"
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if name.strip("[]") not in THIS_MACHINE or any(header in headers for header in PROXY_HEADERS):
        raise BrokenError([Flaw("open_to_others", name)])


def _members(user_id: str) -> tuple[str, frozenset[str]] | None:
    """Organisation and roles by the register's table of members."""
    try:
        found = kept.register().member(user_id)
    except RegisterUnavailable:
        raise BrokenError([Flaw("no_register")]) from None
    return None if found is None else (found.organisation, found.roles)


# Of the process rather than in Streamlit's cache, which every visitor's browser can have emptied.
_ended: dict[tuple[str, ...], float] = {}
_lock = threading.Lock()


def _end(mark: tuple[str, ...], until: float) -> None:
    with _lock:
        for past in [known for known, moment in _ended.items() if moment <= time.time()]:
            del _ended[past]
        _ended[mark] = until


def _has_ended(mark: tuple[str, ...]) -> bool:
    with _lock:
        return mark in _ended
