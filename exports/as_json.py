"""A result as the JSON object of the command: names and nulls exactly as WORKBOOK.md says."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from valuation.appraisal import Result
from valuation.budget import ONE_OFF, RECURRING
from valuation.business_case import BusinessPlan, initiatives_with_rows, plan_of
from valuation.case import Assumptions
from valuation.price_talks import PriceTalks, price_talks_of
from valuation.problems import Problem
from valuation.uncertainty import Simulation

ASSET_FIELDS = (
    "asset_id",
    "book_value_eur",
    "depreciation_eur",
    "interest_eur",
    "capital_charge_eur",
    "remaining_life_years",
    "book_result_eur",
    "market_value_eur",
    "social_benefits_eur",
    "social_costs_eur",
    "volunteer_hours_cost_eur",
    "social_value_eur",
    "social_value_against_sale_eur",
    "bcr",
    "municipality_npv_object_eur",
    "municipality_npv_initiative_eur",
    "municipality_npv_at_zero_price_eur",
    "reservation_price_eur",
    "reservation_price_against_sale_eur",
    "social_price_eur",
    "social_price_bound",
    "ceiling_price_eur",
    "zone_eur",
    "required_share",
    "de_minimis_aid_eur",
)
BUDGET_FIELDS = ("year", *RECURRING, *ONE_OFF)
INITIATIVE_FIELDS = (
    "initiative_id",
    "avoided_cost_eur_per_year",
    "cashable_saving_eur_per_year",
    "municipal_cashable_saving_eur_per_year",
    "municipal_cost_eur_per_year",
    "municipal_net_saving_eur_per_year",
    "cost_price_fraction",
    "break_even_share",
    "npv_municipality_eur",
    "npv_society_eur",
    "bcr",
    "payback_years",
)
SPREAD_FIELDS = ("mean", "p5", "p10", "p50", "p90", "p95")
ASSET_PROBABILITIES = (
    "probability_social_value_positive",
    "probability_municipality_not_worse_off",
    "probability_zone",
)
INITIATIVE_PROBABILITIES = ("probability_npv_society_positive", "probability_npv_municipality_positive")
WHOLE_FIELDS = frozenset({"row", "year", "term_years", "interest_only_years"})
PAYER_FIELDS = ("avoided_cost_eur_per_year", "cashable_saving_eur_per_year")


def result_object(
    result: Result, problems: Iterable[Problem], language: str = "nl", simulation: Simulation | None = None
) -> dict[str, Any]:
    """The JSON object of a result, full precision.

    Parameters
    ----------
    result : Result
    problems : iterable of Problem
        What intake and valuation found, in the order to show.
    language : {"nl", "en"}
        Of the messages.
    simulation : Simulation, optional
        How sure the outcomes are: `uncertainty` of each object and initiative, and the draws and seed that were used.
    """
    content = _deterministic(result, problems, language)
    if simulation is None:
        return content
    for asset, row in zip(content["assets"], _rows(simulation.assets), strict=True):
        asset["uncertainty"] = {"social_value_eur": _fields(row, SPREAD_FIELDS), **_fields(row, ASSET_PROBABILITIES)}
    for initiative, row in zip(content["initiatives"], _rows(simulation.initiatives), strict=True):
        initiative["uncertainty"] = {
            "npv_society_eur": _fields(row, SPREAD_FIELDS),
            **_fields(row, INITIATIVE_PROBABILITIES),
        }
    return content | {"simulation": {"draws": simulation.draws.count, "seed": simulation.draws.seed}}


def _deterministic(result: Result, problems: Iterable[Problem], language: str) -> dict[str, Any]:
    budget = _rows_by(result.budget, "asset_id")
    payers = _rows_by(result.savings_by_payer, "initiative_id")
    return {
        "assumptions": assumptions_object(result.case.assumptions),
        "assets": [
            _fields(row, ASSET_FIELDS) | {"budget": [_fields(year, BUDGET_FIELDS) for year in budget[row["asset_id"]]]}
            for row in _rows(result.assets)
        ],
        "initiatives": [
            _fields(row, INITIATIVE_FIELDS)
            | {
                "by_payer": {
                    payer["payer"]: _fields(payer, PAYER_FIELDS) for payer in payers.get(row["initiative_id"], [])
                }
            }
            for row in _rows(result.initiatives)
        ],
        **_plans(result),
        "problems": [problem_object(problem, language) for problem in problems],
    }


def _plans(result: Result) -> dict[str, Any]:
    """The business cases and price talks, where the sheets for them have rows; otherwise nothing is added."""
    case = result.case
    planned, agreed = initiatives_with_rows(case), set(case.price_terms["asset_id"])
    owners = [name for name in case.initiatives["initiative_id"] if name in planned]
    talks = [name for name in case.assets["asset_id"] if name in agreed]
    found: dict[str, Any] = {}
    if owners:
        found["business_plans"] = [plan_object(plan_of(case, name)) for name in owners]
    if talks:
        found["price_talks"] = [plan_object(price_talks_of(result, name)) for name in talks]
    return found


def plan_object(plan: BusinessPlan | PriceTalks) -> dict[str, Any]:
    """A business case or price talks: every figure under its own name, a table as a list of rows."""
    return {
        name: [{key: _whole(key, _plain(cell)) for key, cell in row.items()} for row in _rows(value)]
        if isinstance(value, pd.DataFrame)
        else _plain(value)
        for name, value in vars(plan).items()
    }


def _whole(key: str, value: Any) -> Any:
    """Rows of a sheet and numbers of years are whole, also where a table keeps them beside an unknown one."""
    return int(value) if key in WHOLE_FIELDS and value is not None else value


def assumptions_object(assumptions: Assumptions) -> dict[str, Any]:
    """Every assumption as used; a stepped rate as its text."""
    return {
        key: rate_text(value) if isinstance(value, tuple) else _plain(value) for key, value in vars(assumptions).items()
    }


def rate_text(steps: tuple[tuple[int, float], ...]) -> str:
    """A stepped rate as people write it: `0-30: 3.5%; 31-75: 3%`."""
    first_years = [0, *(last_year + 1 for last_year, _ in steps[:-1])]
    return "; ".join(
        f"{first}-{last}: {_percent(rate)}%" for first, (last, rate) in zip(first_years, steps, strict=True)
    )


def _percent(rate: float) -> str:
    return f"{rate * 100:.10g}"


def problem_object(problem: Problem, language: str = "nl") -> dict[str, Any]:
    """One problem with its place and its message."""
    return {
        "level": problem.level,
        "sheet": problem.sheet,
        "cell": problem.cell,
        "column": problem.column,
        "value": _plain(problem.value),
        "rule": problem.rule,
        "message": problem.message(language),
    }


def to_json(content: dict[str, Any]) -> str:
    """The object as text; a number that is not finite is our own mistake and raises."""
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return table.to_dict("records")  # type: ignore[return-value]


def _rows_by(table: pd.DataFrame, owner: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of each owner. A table apart for every one of them would take most of the time."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(table):
        found.setdefault(row[owner], []).append(row)
    return found


def _fields(row: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: _plain(row[field]) for field in fields}


def _plain(value: Any) -> Any:
    """A JSON value: whole years as integers, undefined as null, never NaN and never -0."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return None if math.isnan(value) else value + 0.0
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)
