"""The plan and the price talks that a page shows: worked out by valuation, once for each of the last few asked for."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from dashboard import state
from valuation.appraisal import Result
from valuation.business_case import BusinessPlan, plan_of
from valuation.case import Case
from valuation.price_talks import PriceTalks, price_talks_of

KEPT = "business_case_plans"
MOST_KEPT = 8


def plan(case: Case, initiative_id: str, price_eur: float | None = None) -> BusinessPlan:
    """The business case of an initiative; without a price at the proposed one."""
    return _known(("plan", initiative_id, price_eur), case, lambda: plan_of(case, initiative_id, price_eur=price_eur))


def talks(case: Case, asset_id: str, price_eur: float | None = None) -> PriceTalks:
    """The price talks about an object; without a price around the proposed one."""
    return _known(
        ("talks", asset_id, price_eur), case, lambda: price_talks_of(result(case), asset_id, price_eur=price_eur)
    )


def result(case: Case) -> Result:
    """The results of the case."""
    return state.appraised(case)


def is_known(value: float) -> bool:
    """Whether there is a figure at all: unknown is not zero."""
    return not math.isnan(value)


def _known(key: tuple[Any, ...], case: Case, work_out: Any) -> Any:
    kept: list[tuple[tuple[Any, ...], Case, Any]] = st.session_state.get(KEPT, [])
    for its_key, its_case, found in kept:
        if its_key == key and its_case is case:
            return found
    found = work_out()
    st.session_state[KEPT] = [(key, case, found), *kept][:MOST_KEPT]
    return found
