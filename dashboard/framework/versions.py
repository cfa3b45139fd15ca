"""The frameworks that this organisation knows: its own in every version, and the examples that it may start from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from intake.frameworks import UnsoundFramework, framework_as_data, framework_from, load_frameworks
from register import Actor, Entry, Register
from valuation.framework import Framework

KIND = "framework"


@dataclass(frozen=True)
class Version:
    """One version of a framework.

    Parameters
    ----------
    framework : Framework
    kept : bool
        It stands in the register; otherwise it is an example.
    by_name, why : str
    at : datetime or None
    """

    framework: Framework
    kept: bool
    by_name: str = ""
    at: datetime | None = None
    why: str = ""


def known_versions(register: Register | None, actor: Actor) -> dict[str, list[Version]]:
    """Framework to its versions, oldest first: the organisation's own, then the examples that it did not take over.

    Without a register there are only the examples.
    """
    kept: dict[str, list[Version]] = {}
    entries = [] if register is None else register.entries(actor, None, KIND, latest=False)
    for entry in entries:
        version = _version(entry)
        if version is not None:
            kept.setdefault(version.framework.framework_id, []).append(version)
    examples = {each.framework_id: [Version(each, kept=False)] for each in load_frameworks()}
    return {**kept, **{key: versions for key, versions in examples.items() if key not in kept}}


def _version(entry: Entry) -> Version | None:
    """An entry as a version; nothing where an earlier version of this software wrote something else."""
    try:
        framework = framework_from(entry.payload, entry.key)
    except UnsoundFramework:
        return None
    return Version(framework, True, entry.by_name, entry.at, entry.why)


def keep_version(
    register: Register, actor: Actor, framework: Framework, *, why: str, known: list[Version]
) -> Framework:
    """Keep a framework as the next version, and give it back with its number.

    An example that is changed is kept as it was first, so that the history begins where it came from.

    Parameters
    ----------
    register : Register
    actor : Actor
    framework : Framework
    why : str
    known : list of Version
        The versions that it follows; empty for a new framework.

    Raises
    ------
    RegisterError
        As `Register.append`; a `Conflict` where somebody else kept a version in the meantime.
    """
    standing = [version for version in known if version.kept]
    if known and not standing:
        _append(register, actor, replace(known[-1].framework, version=1), 0, why=_taken_over(known[-1].framework))
        based_on = 1
    else:
        based_on = standing[-1].framework.version if standing else 0
    made = replace(framework, version=based_on + 1)
    _append(register, actor, made, based_on, why=why)
    return made


def _append(register: Register, actor: Actor, framework: Framework, based_on: int, *, why: str) -> None:
    register.append(
        actor,
        None,
        kind=KIND,
        key=framework.framework_id,
        payload=framework_as_data(framework),
        based_on=based_on or None,
        why=why,
    )


def _taken_over(framework: Framework) -> str:
    return f"{framework.name.nl} ({framework.framework_id})"
