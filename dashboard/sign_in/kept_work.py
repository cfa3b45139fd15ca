"""What somebody was working on when their sign-in ended, kept for an hour until the same person is back.

In the memory of this process, under who it is of: nobody else is ever given it. One piece of work a person.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

from register import Actor

KEPT_SECONDS = 3600
AT_MOST = 50
"""People whose work is kept at the same time; of more, the longest ago goes."""

_Owner = tuple[str, str]
_work: dict[_Owner, tuple[float, Mapping[str, Any]]] = {}
_lock = threading.Lock()


def put(actor: Actor, work: Mapping[str, Any]) -> None:
    """Keep this; what was kept of the same person before goes."""
    with _lock:
        _drop_old()
        _work.pop(_owner(actor), None)
        _work[_owner(actor)] = (time.monotonic(), dict(work))
        while len(_work) > AT_MOST:
            del _work[next(iter(_work))]


def take(actor: Actor) -> Mapping[str, Any]:
    """What was kept of this person, once; empty where nothing was."""
    with _lock:
        _drop_old()
        return _work.pop(_owner(actor), (0.0, {}))[1]


def _owner(actor: Actor) -> _Owner:
    return (actor.organisation, actor.user_id)


def _drop_old() -> None:
    for owner in [owner for owner, (since, _) in _work.items() if time.monotonic() - since > KEPT_SECONDS]:
        del _work[owner]
