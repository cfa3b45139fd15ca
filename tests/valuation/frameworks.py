"""A small framework that can be worked out on paper."""

from __future__ import annotations

import datetime
from typing import Any

from valuation.framework import (
    Criterion,
    Framework,
    GroupRules,
    Knockout,
    Mandate,
    Proposal,
    Step,
    Support,
    Words,
)

WEIGHTS = {"value": 0.5, "backing": 0.3, "plan": 0.2}


def small(**changes: Any) -> Framework:
    """Three criteria on a scale of 1 to 5, two knock-out points, three steps, three deciders."""
    parts: dict[str, Any] = {
        "framework_id": "small",
        "version": 1,
        "valid_from": datetime.date(2026, 1, 1),
        "name": Words("Klein", "Small"),
        "summary": Words(""),
        "definition": Words("Een initiatief van bewoners.", "An initiative of residents."),
        "lowest": 1,
        "highest": 5,
        "rules": GroupRules("median", 3, 2, {"weak": 0.3, "moderate": 0.5, "strong": 0.7}),
        "knockouts": (knockout("residents"), knockout("no_profit")),
        "criteria": tuple(criterion(key, weight) for key, weight in WEIGHTS.items()),
        "ladder": (
            step("room", 2.0, {}, "room"),
            step("help", 3.0, {"backing": 2.0}, "room", "hours"),
            step("money", 4.0, {"backing": 3.0, "plan": 3.0}, "room", "hours", "subsidy", "price"),
        ),
        "mandate": (
            Mandate("working_group", 10_000.0, 0.0, ("guarantee", "price")),
            Mandate("executive", 100_000.0, 50_000.0, ("price",)),
            Mandate("council"),
        ),
        "sources": {},
    }
    return Framework(**{**parts, **changes})


def knockout(key: str) -> Knockout:
    return Knockout(key, Words(f"{key}?"), Words("bewijs"), "own_framework")


def criterion(key: str, weight: float, proposal: Proposal | None = None) -> Criterion:
    anchors = {score: Words(f"{key} {score}") for score in range(1, 6)}
    return Criterion(key, Words(key), Words(f"{key}?"), weight, anchors, Words("bewijs"), "own_framework", proposal)


def step(key: str, from_outcome: float, requires: dict[str, float], *gives: str) -> Step:
    return Step(key, Words(key), from_outcome, requires, tuple(Support(kind, Words(kind)) for kind in gives))
