"""What the valuation proposes as a score, with its reason (METHOD §14): a figure is proposed and never fixed.

A framework says which figure belongs to which criterion and from which value which score holds. People may score
otherwise; what the valuation said stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isnan

import numpy as np
import pandas as pd

from valuation.appraisal import Result
from valuation.arrays import figures, ratio
from valuation.comparison import comparison
from valuation.fairness import reach_by_initiative
from valuation.framework import Framework, Proposal
from valuation.lines import operating_cost

NAN = float("nan")


@dataclass(frozen=True)
class ProposedScore:
    """What the valuation proposes for one criterion.

    Parameters
    ----------
    criterion, figure : str
    value : float
        The figure itself, in its unit; NaN when it is not known.
    score : int | None
        The proposed score; None when the figure is not known.
    threshold : float
        From which value this score holds; NaN for the lowest score.
    next_threshold : float
        From which value one score better would hold; NaN for the best score.
    worst, best : int | None
        Scores when every uncertain price is at its unfavourable or its favourable end; None without a band.
    """

    criterion: str
    figure: str
    value: float
    score: int | None
    threshold: float = NAN
    next_threshold: float = NAN
    worst: int | None = None
    best: int | None = None


def figures_of(result: Result) -> pd.DataFrame:
    """The figures that a framework can propose a score from, one row an initiative.

    Returns
    -------
    DataFrame
        `initiative_id` and a column for each of `FIGURES`; NaN is not known. Numbers of people that may not be shown
        are not known either: a score would give them away.
    """
    table = comparison(result)
    columns = {name: read(result, table) for name, read in FIGURES.items()}
    return pd.DataFrame({"initiative_id": table["initiative_id"], **columns})


def proposed_scores(
    framework: Framework, result: Result, initiative_id: str, bands: pd.DataFrame | None = None
) -> list[ProposedScore]:
    """The scores that the valuation proposes for one initiative, in the order of the criteria.

    Parameters
    ----------
    framework : Framework
    result : Result
    initiative_id : str
    bands : DataFrame, optional
        `valuation.comparison.ranges`, for the scores at low and high prices.

    Returns
    -------
    list of ProposedScore
        Only criteria for which the framework names a figure.
    """
    table = figures_of(result)
    row = table[table["initiative_id"] == initiative_id].iloc[0]
    band = None if bands is None else bands[bands["initiative_id"] == initiative_id].iloc[0]
    return [
        _proposed(framework, criterion.key, criterion.proposal, row, band)
        for criterion in framework.criteria
        if criterion.proposal is not None
    ]


def score_for(framework: Framework, proposal: Proposal, value: float) -> int | None:
    """The score that a figure leads to; None when it is not known. A better figure never leads to a lower score."""
    if isnan(value):
        return None
    reached = [score for score, threshold in proposal.thresholds.items() if _meets(proposal, value, threshold)]
    return max([framework.lowest, *reached])


def _meets(proposal: Proposal, value: float, threshold: float) -> bool:
    return value >= threshold if proposal.better == "higher" else value <= threshold


def _proposed(
    framework: Framework,
    criterion: str,
    proposal: Proposal,
    row: pd.Series[float],
    band: pd.Series[float] | None,
) -> ProposedScore:
    value = float(row[proposal.figure])
    score = score_for(framework, proposal, value)
    if score is None:
        return ProposedScore(criterion, proposal.figure, value, None)
    column = BANDED.get(proposal.figure)
    ends: list[int] = []
    if band is not None and column is not None:
        scores = (score_for(framework, proposal, float(band[f"{column}_{end}"])) for end in ("low", "high"))
        ends = [each for each in scores if each is not None]
    return ProposedScore(
        criterion,
        proposal.figure,
        value,
        score,
        threshold=proposal.thresholds.get(score, NAN),
        next_threshold=proposal.thresholds.get(score + 1, NAN),
        worst=min(ends) if ends else None,
        best=max(ends) if ends else None,
    )


def _people(column: str) -> Callable[[Result, pd.DataFrame], np.ndarray]:
    """People reached who may be shown; not known as soon as one neighbourhood's number may not."""

    def read(result: Result, table: pd.DataFrame) -> np.ndarray:
        reached = reach_by_initiative(result.case)
        sums = reached.groupby("initiative_id")[column].agg(lambda counts: counts.sum(skipna=False))
        return sums.reindex(table["initiative_id"]).to_numpy(np.float64)

    return read


def _own_money(result: Result, _table: pd.DataFrame) -> np.ndarray:
    """[fraction] Own funds and grants as a share of the renovation; not known where nothing is renovated."""
    own = figures(result.case.initiatives, "own_funds_eur") + figures(result.case.initiatives, "grants_eur")
    return ratio(own, figures(result.case.initiatives, "renovation_eur"))


def _own_income(result: Result, _table: pd.DataFrame) -> np.ndarray:
    """[fraction] Own income, without the municipal subsidy, as a share of the yearly running cost."""
    return ratio(figures(result.case.initiatives, "income_eur_per_year"), operating_cost(result.case))


def _need_share(result: Result, table: pd.DataFrame) -> np.ndarray:
    """[fraction] Of the people reached, the part in great need."""
    return ratio(_people("people_in_need")(result, table), _people("people")(result, table))


def _column(name: str) -> Callable[[Result, pd.DataFrame], np.ndarray]:
    return lambda _result, table: figures(table, name)


FIGURES: dict[str, Callable[[Result, pd.DataFrame], np.ndarray]] = {
    "bcr": _column("ranked_bcr"),
    "social_value_eur": _column("ranked_npv_society_eur"),
    "municipal_net_saving_eur_per_year": _column("municipal_net_saving_eur_per_year"),
    "break_even_share": _column("break_even_share"),
    "cost_price_fraction": _column("cost_price_fraction"),
    "people": _people("people"),
    "people_in_need": _people("people_in_need"),
    "need_share": _need_share,
    "volunteer_hours_per_year": lambda result, _table: figures(result.case.initiatives, "volunteer_hours_per_year"),
    "own_money_share": _own_money,
    "own_income_share": _own_income,
}
"""Figure to how it is read from a result. Values of an initiative with a building are its object's (METHOD §7)."""

BANDED = {
    "bcr": "ranked_bcr",
    "social_value_eur": "ranked_npv_society_eur",
    "municipal_net_saving_eur_per_year": "municipal_net_saving_eur_per_year",
    "break_even_share": "break_even_share",
    "cost_price_fraction": "cost_price_fraction",
}
"""Figures that `valuation.comparison.ranges` gives a low and a high of."""
