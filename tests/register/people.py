"""Who is who in the tests of the register."""

from __future__ import annotations

from register import Actor

HOME, ELSEWHERE = "Kerkdam", "Waterdorp"


def person(name: str, *roles: str, organisation: str = HOME) -> Actor:
    return Actor(name.lower(), name, organisation, frozenset(roles))


COUNCIL = person("Carla", "council")
FINANCE = person("Frits", "finance")
ADMINISTRATOR = person("Aya", "administrator")
OWNER = person("Olga", "initiative")
LINKED = person("Linda", "initiative")
STRANGER = person("Sem", "initiative")
NOBODY = person("Nina")
FOREIGN = person("Wim", "administrator", "finance", "council", "initiative", organisation=ELSEWHERE)
