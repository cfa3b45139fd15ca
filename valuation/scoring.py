"""The working group (werkgroep): scores of members, how far they lie apart, and the result (METHOD §14).

Scores are a table with a row per member and criterion; a score that was not given is NaN, which is not zero: it takes
part in nothing, and where too few members scored there is no result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from valuation.arrays import Floats
from valuation.framework import Framework, GroupRules, highest_step, outcome_of

GROUPS = ("council", "official", "initiative", "resident", "other")
"""Who sits in a working group: council members, officials, initiatives, residents, others."""
COLUMNS = ["member_id", "group", "criterion", "score"]


@dataclass(frozen=True)
class Member:
    """A member of the working group.

    Parameters
    ----------
    member_id, name : str
    group : str
        One of `GROUPS`.
    initiatives : tuple of str
        The initiatives that are their own, or that they have another interest in: they never score these.
    interest : str
        What that interest is.
    """

    member_id: str
    name: str
    group: str
    initiatives: tuple[str, ...] = ()
    interest: str = ""

    def may_score(self, initiative_id: str) -> bool:
        """Nobody scores their own initiative, nor one that they have an interest in."""
        return initiative_id not in self.initiatives


def score_table(
    framework: Framework, members: Sequence[Member], given: Mapping[str, Mapping[str, float | None]], initiative_id: str
) -> pd.DataFrame:
    """The scores of everyone who may score this initiative, a row per member and criterion.

    Parameters
    ----------
    framework : Framework
    members : sequence of Member
    given : dict of str to dict
        Member to criterion to score; None, or absent, is not scored.
    initiative_id : str
        Members who may not score it are left out, whatever they gave.

    Returns
    -------
    DataFrame
        `member_id`, `group`, `criterion`, `score`.
    """
    rows = [
        (member.member_id, member.group, criterion, _score(given.get(member.member_id, {}).get(criterion)))
        for member in members
        if member.may_score(initiative_id)
        for criterion in framework.weights
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"score": np.float64})


def _score(value: float | None) -> float:
    return float("nan") if value is None else float(value)


RULES: dict[str, Callable[[Floats], float]] = {
    "median": lambda scores: float(np.median(scores)),
    "mean": lambda scores: float(np.mean(scores)),
}
"""How scores become one; the framework says which."""


def results_of(framework: Framework, scores: pd.DataFrame) -> dict[str, float]:
    """[points] Criterion to the group's result; NaN where fewer scored than the framework asks for.

    Parameters
    ----------
    framework : Framework
    scores : DataFrame
        As `score_table`.
    """
    rule = RULES[framework.rules.result]
    return {
        key: rule(rows["score"].to_numpy()) if _enough(framework.rules, rows) else float("nan")
        for key, rows in _by_criterion(framework, scores)
    }


def _by_criterion(framework: Framework, scores: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    given = scores.dropna(subset=["score"])
    return [(key, given[given["criterion"] == key]) for key in framework.weights]


def _enough(rules: GroupRules, rows: pd.DataFrame) -> bool:
    return len(rows) >= rules.quorum and rows["group"].nunique() >= rules.least_groups


def spread(framework: Framework, scores: pd.DataFrame) -> pd.DataFrame:
    """How the members scored each criterion, and how far they lie apart.

    Returns
    -------
    DataFrame
        A row per criterion in the order of the framework: `criterion`, `count` (who scored), `missing` (who could
        have and did not), `lowest`, `highest`, `median`, `mean`, `result` (by the framework's rule, NaN without a
        quorum), `distance` (mean distance of the scores to their median, in points: 0 is everyone alike), and
        `group_gap` (highest less lowest median of the groups; NaN with one group).
    """
    results = results_of(framework, scores)
    able = scores.groupby("criterion")["member_id"].size()
    rows = []
    for key, given in _by_criterion(framework, scores):
        values = given["score"].to_numpy()
        rows.append(
            {
                "criterion": key,
                "count": len(values),
                "missing": int(able.get(key, 0)) - len(values),
                **_summary(values),
                "result": results[key],
                "distance": float(np.abs(values - np.median(values)).mean()) if len(values) else np.nan,
                "group_gap": _group_gap(given),
            }
        )
    return pd.DataFrame(rows)


def _summary(values: Floats) -> dict[str, float]:
    measures: dict[str, Callable[[Floats], Any]] = {
        "lowest": np.min,
        "highest": np.max,
        "median": np.median,
        "mean": np.mean,
    }
    return {name: float(measure(values)) if len(values) else np.nan for name, measure in measures.items()}


def _group_gap(given: pd.DataFrame) -> float:
    medians = given.groupby("group")["score"].median()
    return float(medians.max() - medians.min()) if len(medians) > 1 else np.nan


def by_group(framework: Framework, scores: pd.DataFrame) -> pd.DataFrame:
    """The scores per criterion and group of members.

    Returns
    -------
    DataFrame
        `criterion`, `group`, `count`, `lowest`, `highest`, `median`, `mean`; groups that scored, in the order of
        `GROUPS`.
    """
    rows = [
        {"criterion": key, "group": group, "count": len(values), **_summary(values)}
        for key, given in _by_criterion(framework, scores)
        for group in GROUPS
        if len(values := given.loc[given["group"] == group, "score"].to_numpy())
    ]
    return pd.DataFrame(rows, columns=["criterion", "group", "count", "lowest", "highest", "median", "mean"])


def most_divided(table: pd.DataFrame) -> str | None:
    """The criterion on which members lie furthest apart; None where all agree or nobody scored.

    Parameters
    ----------
    table : DataFrame
        `spread`. Furthest is the largest `distance`, then the largest difference between highest and lowest.
    """
    apart = table[table["distance"] > 0]
    if apart.empty:
        return None
    order = apart.assign(span=apart["highest"] - apart["lowest"]).sort_values(
        ["distance", "span"], ascending=False, kind="stable"
    )
    return str(order["criterion"].iloc[0])


@dataclass(frozen=True)
class Agreement:
    """Kendall's W: whether members put things in the same order.

    Parameters
    ----------
    w : float
        [fraction] 1: everyone puts them in the same order; 0: no common order. NaN where it is not defined.
    judges, items : int
        Members who scored everything, and the number of things they put in order.
    reason : str | None
        Why W is not defined: `judges` (fewer than two), `items` (fewer than two), `ties` (each member scored
        everything alike).
    """

    w: float
    judges: int
    items: int
    reason: str | None = None


def kendalls_w(scores: Floats) -> Agreement:
    """Kendall's coefficient of concordance W, corrected for ties.

    `W = 12 S / (m² (n³ − n) − m Σ T)`: S is the sum of squared deviations of the rank sums from their mean, m the
    judges, n the items, and T the sum of `t³ − t` over the groups of t equal ranks of one judge (Kendall and Babington
    Smith 1939; Siegel 1956, chapter 9). W looks at order, not at height: two members of whom one always scores a point
    higher agree fully.

    Parameters
    ----------
    scores : array of shape (judges, items)
        A judge with an unknown score (NaN) is left out.
    """
    complete = scores[~np.isnan(scores).any(axis=1)] if scores.size else scores.reshape(0, scores.shape[-1])
    judges, items = complete.shape
    for reason, count in (("judges", judges), ("items", items)):
        if count < 2:
            return Agreement(float("nan"), judges, items, reason)
    ranks = rankdata(complete, axis=1)
    ties = sum(float((counts**3 - counts).sum()) for counts in (np.unique(row, return_counts=True)[1] for row in ranks))
    sums = ranks.sum(axis=0)
    deviation = float(((sums - sums.mean()) ** 2).sum())
    most = judges**2 * (items**3 - items) - judges * ties
    if most <= 0:
        return Agreement(float("nan"), judges, items, "ties")
    return Agreement(12 * deviation / most, judges, items)


def agreement_on_criteria(framework: Framework, scores: pd.DataFrame) -> Agreement:
    """Whether members find the same criteria strong and weak: W over the criteria of one initiative."""
    wide = scores.pivot_table(index="member_id", columns="criterion", values="score", dropna=False)
    return kendalls_w(wide.reindex(columns=list(framework.weights)).to_numpy(np.float64))


def agreement_on_initiatives(framework: Framework, tables: Mapping[str, pd.DataFrame]) -> Agreement:
    """Whether members put several initiatives in the same order: W over their weighted totals.

    Parameters
    ----------
    framework : Framework
        All initiatives are scored under this version.
    tables : dict of str to DataFrame
        Initiative to its scores, as `score_table`. Members who did not score all of them completely are left out.
    """
    totals = pd.DataFrame({name: member_outcomes(framework, scores) for name, scores in tables.items()})
    return kendalls_w(totals.to_numpy(np.float64))


def member_outcomes(framework: Framework, scores: pd.DataFrame) -> pd.Series[float]:
    """[points] The weighted total of each member; NaN while one of the criteria has no score."""
    wide = scores.pivot_table(index="member_id", columns="criterion", values="score", dropna=False)
    weights = pd.Series(framework.weights)
    totals: pd.Series[float] = (wide.reindex(columns=weights.index) * weights).sum(axis=1, skipna=False)
    return totals


def agreement_level(rules: GroupRules, w: float) -> str | None:
    """The word for a W: `none`, or the highest level (`weak`, `moderate`, `strong`) that it reaches; None without W."""
    if isnan(w):
        return None
    reached = [word for word, least in rules.agreement.items() if w >= least]
    return reached[-1] if reached else "none"


@dataclass(frozen=True)
class Bounds:
    """Where the outcome can still end while scores are missing.

    Parameters
    ----------
    lowest, highest : float
        [points] Outcome with every criterion without a result at the lowest and at the highest score.
    lowest_step, highest_step : str | None
        The step of the ladder there; None is below the first.
    """

    lowest: float
    highest: float
    lowest_step: str | None
    highest_step: str | None


def bounds_of(framework: Framework, results: Mapping[str, float]) -> Bounds:
    """What missing results can still change: unknown is neither zero nor left out."""
    ends = []
    for end in (framework.lowest, framework.highest):
        filled = {key: float(end) if isnan(value) else value for key, value in results.items()}
        outcome = outcome_of(framework.weights, filled)
        step = highest_step(framework, outcome, filled)
        ends.append((outcome, None if step is None else step.key))
    (low, low_step), (high, high_step) = ends
    return Bounds(low, high, low_step, high_step)


def weight_sensitivity(framework: Framework, results: Mapping[str, float]) -> pd.DataFrame:
    """What another weight of one criterion does to the outcome and to the step, the others keeping their proportions.

    The outcome is linear in the weight, so the weights at which the step changes are found exactly.

    Parameters
    ----------
    framework : Framework
    results : dict of str to float
        [points] All criteria; with one unknown there is no outcome and the table is empty.

    Returns
    -------
    DataFrame
        A row per criterion: `criterion`, `weight`, `outcome_at_0`, `outcome_at_1` [points], and `lower`, `upper`
        [fraction]: the weights between which the step stays what it is (0 and 1: it never changes).
    """
    if any(isnan(results.get(key, float("nan"))) for key in framework.weights):
        return pd.DataFrame(columns=["criterion", "weight", "outcome_at_0", "outcome_at_1", "lower", "upper"])
    now = _step_key(framework, framework.weights, results)
    rows = []
    for key, weight in framework.weights.items():
        ends = [outcome_of(reweighted(framework.weights, key, end), results) for end in (0.0, 1.0)]
        crossings = _crossings(framework, ends)
        inside = [
            (low, high)
            for low, high in zip([0.0, *crossings], [*crossings, 1.0], strict=True)
            if low <= weight <= high
            and _step_key(framework, reweighted(framework.weights, key, (low + high) / 2), results) == now
        ]
        lower = min((low for low, _high in inside), default=weight)
        upper = max((high for _low, high in inside), default=weight)
        rows.append((key, weight, *ends, lower, upper))
    return pd.DataFrame(rows, columns=["criterion", "weight", "outcome_at_0", "outcome_at_1", "lower", "upper"])


def _step_key(framework: Framework, weights: Mapping[str, float], results: Mapping[str, float]) -> str | None:
    step = highest_step(framework, outcome_of(weights, results), results)
    return None if step is None else step.key


def _crossings(framework: Framework, ends: Sequence[float]) -> list[float]:
    """[fraction] Weights between 0 and 1 at which the outcome passes the threshold of a step."""
    at_0, at_1 = ends
    if at_0 == at_1:
        return []
    weights = ((step.from_outcome - at_0) / (at_1 - at_0) for step in framework.ladder)
    return sorted(weight for weight in weights if 0 < weight < 1)


def reweighted(weights: Mapping[str, float], key: str, weight: float) -> dict[str, float]:
    """[fraction] One criterion at this weight, the others in their own proportions making up the rest.

    A single criterion keeps its weight of 1.
    """
    others = sum(value for name, value in weights.items() if name != key)
    if others == 0:
        return dict(weights)
    return {name: weight if name == key else value * (1 - weight) / others for name, value in weights.items()}


def order_flips(framework: Framework, first: Mapping[str, float], second: Mapping[str, float]) -> pd.DataFrame:
    """The weight of each criterion at which two initiatives change places, the other weights keeping their proportions.

    Returns
    -------
    DataFrame
        `criterion`, `weight`, and `flips_at` [fraction]: NaN where no weight between 0 and 1 makes them change places.
    """
    rows = []
    for key, weight in framework.weights.items():
        gaps = [
            outcome_of(weights, first) - outcome_of(weights, second)
            for weights in (reweighted(framework.weights, key, end) for end in (0.0, 1.0))
        ]
        at_0, at_1 = gaps
        flips = at_0 / (at_0 - at_1) if at_0 * at_1 < 0 else float("nan")
        rows.append((key, weight, flips))
    return pd.DataFrame(rows, columns=["criterion", "weight", "flips_at"])


def ranking_of(framework: Framework, results: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Initiatives by outcome, best first.

    Parameters
    ----------
    framework : Framework
    results : dict of str to dict
        Initiative to criterion to result.

    Returns
    -------
    DataFrame
        `initiative_id`, `outcome` [points], `rank` (equal outcomes share a rank; NaN without an outcome, which
        stands last).
    """
    outcomes = pd.Series(
        {name: outcome_of(framework.weights, each) for name, each in results.items()}, dtype=np.float64
    )
    table = pd.DataFrame({"initiative_id": outcomes.index, "outcome": outcomes.to_numpy()})
    # Weights that are typed as decimals leave a difference in the last digit that is no difference between initiatives.
    table["rank"] = table["outcome"].round(9).rank(ascending=False, method="min")
    return table.sort_values(["rank", "initiative_id"], na_position="last", kind="stable").reset_index(drop=True)


def any_weights(
    framework: Framework, results: Mapping[str, Mapping[str, float]], *, draws: int, seed: int
) -> pd.DataFrame:
    """How much step and rank owe to the weights: over all weights that add up to 1, each as likely (Dirichlet).

    Parameters
    ----------
    framework : Framework
    results : dict of str to dict
        Initiative to criterion to result; initiatives with an unknown result are left out.
    draws, seed : int
        Same draws and seed, same figures.

    Returns
    -------
    DataFrame
        A row per initiative: `initiative_id`, `lowest`, `median`, `highest` [points], `first_share` [fraction of the
        draws in which it comes first, or shares the first place], `same_step_share` [fraction in which the step is
        the one under the framework's own weights].
    """
    known = {name: [each.get(key, float("nan")) for key in framework.weights] for name, each in results.items()}
    known = {name: values for name, values in known.items() if not any(map(isnan, values))}
    columns = ["initiative_id", "lowest", "median", "highest", "first_share", "same_step_share"]
    if not known:
        return pd.DataFrame(columns=columns)
    points = np.array(list(known.values()))
    weights = np.random.default_rng(seed).dirichlet(np.ones(points.shape[1]), size=draws)
    outcomes = weights @ points.T
    first = np.isclose(outcomes, outcomes.max(axis=1, keepdims=True))
    rows: list[dict[str, Any]] = []
    for position, (name, values) in enumerate(known.items()):
        result = dict(zip(framework.weights, values, strict=True))
        own = outcomes[:, position]
        steps = _steps_at(framework, result, own)
        now = _steps_at(framework, result, np.array([outcome_of(framework.weights, result)]))
        rows.append(
            {
                "initiative_id": name,
                "lowest": float(own.min()),
                "median": float(np.median(own)),
                "highest": float(own.max()),
                "first_share": float(first[:, position].mean()),
                "same_step_share": float((steps == now[0]).mean()),
            }
        )
    return pd.DataFrame(rows, columns=columns)


def _steps_at(framework: Framework, results: Mapping[str, float], outcomes: Floats) -> Floats:
    """Position in the ladder at each outcome (0 is below the first step), the criteria's own results given."""
    # A step that a criterion's result bars is out of reach whatever the weights.
    open_steps = [highest_step(framework, step.from_outcome, results) for step in framework.ladder]
    reached = np.zeros(len(outcomes))
    for position, (step, best) in enumerate(zip(framework.ladder, open_steps, strict=True), start=1):
        if best is not None and best.key == step.key:
            reached = np.where(outcomes >= step.from_outcome - 1e-6, position, reached)
    return reached
