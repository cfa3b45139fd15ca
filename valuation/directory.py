"""The directory of initiatives (vindplaats): who does something alike, so that initiatives find each other."""

from __future__ import annotations

import pandas as pd

from valuation.arrays import rows_of, words
from valuation.case import Case

COLUMNS = ("initiative_id", "name", "theme", "neighbourhood", "legal_form", "stage", "asset_id")


def directory(case: Case) -> pd.DataFrame:
    """Every initiative with what others look for.

    Returns
    -------
    DataFrame
        `COLUMNS` and `tasks`: the names of its tasks, joined by "; ".
    """
    tasks = case.tasks.groupby("initiative_id", sort=False)["task"].agg("; ".join)
    table = case.initiatives[list(COLUMNS)].reset_index(drop=True)
    return table.assign(tasks=table["initiative_id"].map(tasks).fillna(""))


def alike(case: Case, initiative_id: str) -> pd.DataFrame:
    """Other initiatives that share a task, the theme or the neighbourhood, most in common first.

    Returns
    -------
    DataFrame
        `initiative_id`, `name`, `shared_tasks` (joined by "; "), `same_theme`, `same_neighbourhood` (bool) and
        `in_common` (number of things shared).
    """
    own_tasks = _tasks_of(case, initiative_id)
    own = rows_of(case.initiatives, words(case.initiatives, "initiative_id") == initiative_id)[0]
    rows = []
    for other in rows_of(case.initiatives):
        if other["initiative_id"] == initiative_id:
            continue
        shared = sorted(own_tasks & _tasks_of(case, other["initiative_id"]))
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
    columns = ["initiative_id", "name", "shared_tasks", "same_theme", "same_neighbourhood", "in_common"]
    table = pd.DataFrame(rows, columns=columns)
    found = table[table["in_common"] > 0].sort_values("in_common", ascending=False, kind="stable")
    return found.reset_index(drop=True)


def _tasks_of(case: Case, initiative_id: str) -> set[str]:
    """Names of an initiative's tasks, the way people compare them: case and spaces do not matter."""
    names = case.tasks.loc[case.tasks["initiative_id"] == initiative_id, "task"]
    return {" ".join(name.casefold().split()) for name in names}


def _same(own: str | None, other: str | None) -> bool:
    return own is not None and other is not None and own.strip().casefold() == other.strip().casefold()
