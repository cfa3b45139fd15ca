"""Who may see and add what. The one place that says so; `register.cases` asks it before every reading and writing.

Within the organisation somebody is told that they may not; of another organisation nothing exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from register.actors import Actor
from register.errors import Forbidden

FRAMEWORK, ROUND, OPENED, SCORE, DRAFT, SCENARIO, MEMBER = (
    "framework",
    "round",
    "opened",
    "score",
    "draft",
    "scenario",
    "member",
)

STAFF = frozenset({"finance", "administrator"})
"""Who keeps cases, decides, and says who may see what."""
READERS = STAFF | {"council"}
"""Who reads every case of the organisation."""
SAVERS = STAFF | {"initiative"}
"""Who keeps workbooks; an initiative only its own."""
ADMINISTRATOR = frozenset({"administrator"})

APPENDS: Mapping[str, frozenset[str]] = {
    SCORE: READERS | SAVERS,  # and a member of the round, for no initiative of their own
    DRAFT: SAVERS,
    SCENARIO: SAVERS,
}
"""Roles that may add entries of a kind. Every other kind (framework, round, opened, decision, review, realisation,
member, claw_back, minutes and what may come) is for `STAFF`."""


@dataclass(frozen=True)
class ScoreKey:
    """What a score is about: the round, the initiative and whose score it is."""

    round_id: str
    initiative_id: str
    user_id: str

    @classmethod
    def read(cls, key: str) -> ScoreKey:
        """Take a key apart; a `ValueError` where it is not made by `score_key`."""
        parts = key.split("/")
        if len(parts) != 3 or not all(parts):
            raise ValueError(f"not a score's key: {key!r}")
        return cls(*map(unquote, parts))


def score_key(round_id: str, initiative_id: str, user_id: str) -> str:
    """Key of the entry with one person's score of one initiative in one round."""
    return "/".join(quote(part, safe="") for part in (round_id, initiative_id, user_id))


def personal_key(actor: Actor, name: str) -> str:
    """Key of something of one's own in the organisation's dossier, such as a draft that is not a case yet."""
    return f"{quote(actor.user_id, safe='')}/{name}"


def demand_role(actor: Actor, roles: frozenset[str]) -> None:
    """Go on only with one of these roles."""
    if not actor.roles & roles:
        raise Forbidden("role")


def reads_all(actor: Actor) -> bool:
    """Whether every case of the organisation is open to this person."""
    return bool(actor.roles & READERS)


def may_append(actor: Actor, kind: str) -> bool:
    """Whether this person's roles allow entries of this kind somewhere: what a screen has to offer them."""
    return bool(actor.roles & APPENDS.get(kind, STAFF))


def may_save(actor: Actor) -> bool:
    """Whether this person's roles allow keeping workbooks."""
    return bool(actor.roles & SAVERS)


def demand_append(actor: Actor, kind: str, key: str, *, own_dossier: bool) -> None:
    """Go on only when this person may add an entry of this kind; whose case it is, is another question.

    In the organisation's own dossier a draft is somebody's own, under their own key.
    """
    demand_role(actor, APPENDS.get(kind, STAFF))
    if own_dossier and kind == DRAFT and not key.startswith(personal_key(actor, "")):
        raise Forbidden("not_your_key")


def demand_scorer(actor: Actor, key: str, round_payload: Mapping[str, Any] | None) -> None:
    """Go on only when this is the actor's own score, in a round they sit in, of an initiative not their own.

    Parameters
    ----------
    actor : Actor
    key : str
        Made by `score_key`.
    round_payload : mapping | None
        The round as it stands: `{"members": [{"user_id": …, "initiatives": […]}, …], "initiatives": […]}`, of which
        `initiatives` of a member are those that they have an interest in, and those of the round what it scores (left
        out: any). `None` where there is no such round.
    """
    parts = ScoreKey.read(key)
    if parts.user_id != actor.user_id:
        raise Forbidden("not_your_key")
    seat = _seat(actor, round_payload or {})
    scored = (round_payload or {}).get("initiatives")
    if seat is None or (scored is not None and parts.initiative_id not in scored):
        raise Forbidden("not_a_member")
    if parts.initiative_id in seat.get("initiatives", ()):
        raise Forbidden("own_initiative")


def sits_in(actor: Actor, round_payload: Mapping[str, Any]) -> bool:
    """Whether this person is one of the scorers of a round."""
    return _seat(actor, round_payload) is not None


def _seat(actor: Actor, round_payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
    seats: Iterable[Mapping[str, Any]] = round_payload.get("members", ())
    return next((seat for seat in seats if seat.get("user_id") == actor.user_id), None)


def sees_entry(
    actor: Actor, kind: str, key: str, by: str, *, own_dossier: bool, rounds: Mapping[str, Any], opened: frozenset[str]
) -> bool:
    """Whether somebody who may see the dossier may see this entry in it.

    Parameters
    ----------
    actor : Actor
    kind, key, by : str
        Of the entry.
    own_dossier : bool
        It stands in the organisation's own dossier: an initiative sees the frameworks there, and the rounds that it
        sits in.
    rounds : mapping
        Payload of every round in the dossier, by its key.
    opened : frozenset of str
        Keys of the rounds that were opened: until then each scores alone, and sees only their own.
    """
    if kind == SCORE:
        round_id = ScoreKey.read(key).round_id
        if by == actor.user_id:
            return True
        return round_id in opened and (reads_all(actor) or not own_dossier or sits_in(actor, rounds.get(round_id, {})))
    if not own_dossier:
        return True
    if kind == DRAFT:
        return by == actor.user_id
    if reads_all(actor) or kind == FRAMEWORK:
        return True
    return kind in (ROUND, OPENED) and sits_in(actor, rounds.get(key, {}))
