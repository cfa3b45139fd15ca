"""The directory of initiatives (vindplaats): who does something alike, so that initiatives find each other."""

from __future__ import annotations

import pandas as pd

from valuation.arrays import rows_of, words
from valuation.case import Case

COLUMNS = ("initiative_id", "name", "theme", "neighbourhood", "legal_form", "stage", "asset_id")
ALIKE = ("initiative_id", "name", "shared_tasks", "same_theme", "same_neighbourhood", "in_common")


def directory(case: Case) -> pd.DataFrame:
    """Every initiative with what others look for.

    Returns
    -------
    DataFrame
        `COLUMNS` and `tasks`: the names of its tasks, joined by "; ".
    """
    tasks: dict[str, dict[str, None]] = {number: {} for number in case.initiatives["initiative_id"]}
    for number, task in zip(case.tasks["initiative_id"], case.tasks["task"], strict=True):
        tasks[number][task] = None
    table = case.initiatives[list(COLUMNS)].reset_index(drop=True)
    return table.assign(tasks=["; ".join(names) for names in tasks.values()])


def alike(case: Case, initiative_id: str) -> pd.DataFrame:
    """Other initiatives that share a task, the theme or the neighbourhood, most in common first.

    Tasks are shared when they have the same name (case and spaces do not matter) or the same price code.

    Returns
    -------
    DataFrame
        `ALIKE`: `shared_tasks` is this initiative's own names joined by "; ", `same_theme` and `same_neighbourhood`
        are bool, `in_common` is the number of things shared.
    """
    own_tasks = _tasks_of(case, initiative_id)
    own = rows_of(case.initiatives, words(case.initiatives, "initiative_id") == initiative_id)[0]
    signs = _signs(case)
    rows = []
    for other in rows_of(case.initiatives):
        if other["initiative_id"] == initiative_id:
            continue
        theirs = signs.get(other["initiative_id"], frozenset())
        shared = [name for name, sign in own_tasks.items() if sign & theirs]
        same_theme = _same(own["theme"], other["theme"])
        same_place = _same(own["neighbourhood"], other["neighbourhood"])
        rows.append(
            {
                "initiative_id": other["initiative_id"],
                "name": other["name"],
                "shared_tasks": "; ".join(shared),
                "same_theme": same_theme,
                "same_neighbourhood": same_place,
                "in_common": len(shared) + same_theme + same_place,
            }
        )
    table = pd.DataFrame(rows, columns=list(ALIKE))
    found = table[table["in_common"] > 0].sort_values("in_common", ascending=False, kind="stable")
    return found.reset_index(drop=True)


def _tasks_of(case: Case, initiative_id: str) -> dict[str, frozenset[str]]:
    """An initiative's tasks by their names, each with what it can be recognised by."""
    tasks = case.tasks[case.tasks["initiative_id"] == initiative_id]
    return {name: _sign(name, key) for name, key in zip(tasks["task"], tasks["price_key"], strict=True)}


def _signs(case: Case) -> dict[str, frozenset[str]]:
    """What the tasks of each initiative can be recognised by."""
    signs: dict[str, frozenset[str]] = {}
    tasks = case.tasks
    for number, name, key in zip(tasks["initiative_id"], tasks["task"], tasks["price_key"], strict=True):
        signs[number] = signs.get(number, frozenset()) | _sign(name, key)
    return signs


def _sign(name: str, price_key: str | None) -> frozenset[str]:
    """A task's name the way people compare it, and its price code; the two never look alike."""
    folded = "name " + " ".join(name.casefold().split())
    return frozenset({folded} if price_key is None else {folded, f"price {price_key}"})


def _same(own: str | None, other: str | None) -> bool:
    return own is not None and other is not None and own.strip().casefold() == other.strip().casefold()
