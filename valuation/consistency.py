"""Consistency: the same framework and score band should give the same support, whoever asks (METHOD §14).

Everything here compares decisions that were taken. What the framework itself says is `valuation.framework.standing_of`,
a function of version, answers and results only, so that part cannot differ; what can differ is what people decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from valuation.appraisal import Result
from valuation.arrays import Floats
from valuation.comparison import comparison
from valuation.proposed_scores import figures_of

BELOW = "below"
"""Step of who gets no support of the ladder."""
WAYS = ("department", "theme", "neighbourhood")
"""Ways to look for differences."""
RATIOS = (
    "municipal_cost_eur_per_year",
    "municipal_net_saving_eur_per_year",
    "bcr",
    "cost_price_fraction",
    "break_even_share",
    "own_income_share",
)
"""Key figures that municipalities are put beside each other on."""


@dataclass(frozen=True)
class Decision:
    """A decision that was taken on one initiative, as far as consistency looks at it.

    Parameters
    ----------
    decision_id, initiative_id, name : str
    municipality : str
    framework_id : str
    framework_version : int
    outcome : float
        [points of the scale]
    ladder_step : str
        The step by the framework, or `below`.
    decided_step : str
        What was decided, or `below`.
    reason : str
        Why the decision is another one than the ladder's; empty where nobody said so.
    total_eur : float
        [EUR] Worth of the support over its whole duration; NaN when no amounts were decided.
    department, theme, neighbourhood : str | None
    """

    decision_id: str
    initiative_id: str
    name: str
    municipality: str
    framework_id: str
    framework_version: int
    outcome: float
    ladder_step: str
    decided_step: str
    reason: str = ""
    total_eur: float = float("nan")
    department: str | None = None
    theme: str | None = None
    neighbourhood: str | None = None


def decision_table(decisions: Sequence[Decision]) -> pd.DataFrame:
    """The decisions as a table, a row each, with `differs` (from the ladder) and `explained` (it says why)."""
    columns = list(Decision.__dataclass_fields__)
    table = pd.DataFrame([[getattr(each, name) for name in columns] for each in decisions], columns=columns)
    differs = table["decided_step"] != table["ladder_step"]
    return table.assign(differs=differs, explained=~differs | (table["reason"].str.strip() != ""))


def unexplained(table: pd.DataFrame) -> pd.DataFrame:
    """Decisions in the same score band under the same framework version that give different support, without a reason.

    The rule: a band is a framework version and a step of its ladder. Within one band every decision should be that
    step; a decision that is another one is explained when it says why. A band in which two decisions differ and at
    least one is not explained stands here, with all its decisions: who reads it sees both sides.

    Parameters
    ----------
    table : DataFrame
        `decision_table`.

    Returns
    -------
    DataFrame
        The rows of those bands, by framework, version, step and outcome; empty when all differences are explained.
    """
    band = ["framework_id", "framework_version", "ladder_step"]
    if table.empty:
        return table
    steps = table.groupby(band)["decided_step"].transform("nunique")
    unclear = (~table["explained"]).groupby([table[name] for name in band]).transform("any")
    return table[(steps > 1) & unclear].sort_values([*band, "outcome", "decision_id"], kind="stable")


def decided_twice(table: pd.DataFrame) -> pd.DataFrame:
    """The same initiative with the same step of the same version, decided on more than once with different support.

    Returns
    -------
    DataFrame
        The rows of those initiatives; empty when the same got the same.
    """
    same = ["municipality", "initiative_id", "framework_id", "framework_version", "ladder_step"]
    if table.empty:
        return table
    different = table.groupby(same)["decided_step"].transform("nunique") > 1
    return table[different].sort_values([*same, "decision_id"], kind="stable")


def by_way(table: pd.DataFrame, way: str) -> pd.DataFrame:
    """The decisions of each department, theme or neighbourhood.

    Parameters
    ----------
    table : DataFrame
        `decision_table`.
    way : str
        One of `WAYS`.

    Returns
    -------
    DataFrame
        `way` (None: not stated), `count`, `median_outcome` [points], `below_share` [fraction decided without support],
        `differs` and `unexplained` (numbers of decisions that are not the ladder's, and of those without a reason),
        `median_total_eur` (of decisions with amounts) and `amounts` (how many these are).
    """
    rows = []
    for name, part in table.groupby(table[way].fillna(""), sort=True):
        amounts = part["total_eur"].dropna()
        rows.append(
            {
                "way": name or None,
                "count": len(part),
                "median_outcome": float(part["outcome"].median()),
                "below_share": float((part["decided_step"] == BELOW).mean()),
                "differs": int(part["differs"].sum()),
                "unexplained": int((~part["explained"]).sum()),
                "median_total_eur": float(amounts.median()) if len(amounts) else np.nan,
                "amounts": len(amounts),
            }
        )
    columns = [
        "way", "count", "median_outcome", "below_share", "differs", "unexplained", "median_total_eur", "amounts",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def benchmark(results: Mapping[str, Result]) -> pd.DataFrame:
    """Key figures of initiatives by theme and municipality: the median, with how many initiatives know it.

    Medians, since one large initiative would carry a mean. No number of people is in it; costs per person reached only
    where that number may be shown, so nothing under the suppression threshold can be read from it.

    Parameters
    ----------
    results : dict of str to Result
        Municipality to its result.

    Returns
    -------
    DataFrame
        A row per theme (None: not stated) and municipality: `theme`, `municipality`, `count` (initiatives), and for
        each of `RATIOS` and `municipal_cost_eur_per_person` the median and `<figure>_count`, the number of initiatives
        that it rests on.
    """
    rows: list[dict[str, object]] = []
    for municipality, result in results.items():
        table = _figures(result)
        for theme, part in table.groupby(table["theme"].fillna(""), sort=True):
            rows.append(
                {"theme": theme or None, "municipality": municipality, "count": len(part)}
                | {name: value for figure in FIGURES for name, value in _median(figure, part[figure]).items()}
            )
    columns = ["theme", "municipality", "count", *(name for figure in FIGURES for name in (figure, f"{figure}_count"))]
    made = pd.DataFrame(rows, columns=columns)
    return made.sort_values(["theme", "municipality"], na_position="last", kind="stable").reset_index(drop=True)


FIGURES = (*RATIOS, "municipal_cost_eur_per_person")


def _figures(result: Result) -> pd.DataFrame:
    """What the benchmark compares, one row an initiative."""
    table, known = comparison(result), figures_of(result)
    people = known["people"].to_numpy(np.float64)
    cost = table["municipal_cost_eur_per_year"].to_numpy(np.float64)
    values: dict[str, Floats | pd.Series[float]] = {
        "municipal_cost_eur_per_year": cost,
        "municipal_net_saving_eur_per_year": table["municipal_net_saving_eur_per_year"],
        "bcr": known["bcr"],
        "cost_price_fraction": known["cost_price_fraction"],
        "break_even_share": known["break_even_share"],
        "own_income_share": known["own_income_share"],
        "municipal_cost_eur_per_person": np.where(people > 0, cost / np.where(people > 0, people, 1.0), np.nan),
    }
    return pd.DataFrame({"theme": table["theme"], **values})


def _median(figure: str, values: pd.Series[float]) -> dict[str, float]:
    known = values.dropna()
    return {figure: float(known.median()) if len(known) else np.nan, f"{figure}_count": len(known)}
