"""A process that adds the next version of one thing each time that it is told on which version to build."""

from __future__ import annotations

import sys

from register import Actor, Conflict, open_register


def main(url: str, case_id: str, name: str) -> None:
    register = open_register(url)
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        try:
            register.append(
                Actor(name, name, "Kerkdam", frozenset({"finance"})),
                case_id,
                kind="decision",
                key="one",
                payload={"of": name},
                based_on=int(line) or None,
                why="because",
            )
        except Conflict as conflict:
            print("conflict", conflict.latest.version, conflict.latest.by_name, flush=True)  # noqa: T201
        else:
            print("written", flush=True)  # noqa: T201
    register.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
