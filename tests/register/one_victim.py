"""A process that writes, and stops in the middle of it to be killed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import register.archive
import register.cases
from register import Actor, open_register, restore

# Not from tests.register.people: a process of its own does not find the tests.
ADMINISTRATOR = Actor("aya", "Aya", "Kerkdam", frozenset({"administrator"}))


def stop_here(words: str) -> NoReturn:
    print(words, flush=True)  # noqa: T201
    sys.stdin.read()  # until the end
    raise SystemExit("nobody killed me")


def main(what: str, url: str, argument: str) -> None:
    kept = open_register(url)
    if what in ("first_case", "next_version"):
        register.cases.add = lambda *_: stop_here("the workbook is written, the entry is not")
        known = {"case_id": argument, "based_on": 1} if what == "next_version" else {}
        kept.save_case(ADMINISTRATOR, name="Half", workbook=b"half-written" * 100_000, why="half", **known)
    elif what == "deletion":
        delete = register.cases.cases.delete
        register.cases.cases.delete = lambda: (stop_here("the entries are gone, the case is not"), delete())[1]
        kept.delete_case(ADMINISTRATOR, argument, "request")
    else:
        register.archive._insert = lambda *_: stop_here("the old rows are gone, the new ones are not in")
        restore(kept, Path(argument), overwrite=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
