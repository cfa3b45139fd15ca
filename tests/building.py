"""Cases from a few plain figures, for tests of the computation: declared defaults fill in the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from intake import load_reference
from valuation.case import (
    ASSETS,
    EFFECTS,
    FINANCING,
    INITIATIVES,
    OPERATIONS,
    PRICE_TERMS,
    TASKS,
    Assumptions,
    Case,
    Column,
    Table,
)

Rows = Iterable[Mapping[str, Any]]
NUMBERS = ("amount", "number", "fraction", "degrees", "integer", "year")
ASSUMED = Assumptions(
    municipality="Testgemeente",
    base_year=2026,
    price_year=2025,
    discount_rate=0.0225,
    municipal_discount_rate=0.0225,
    horizon_years=30,
    timing="end",
    internal_interest_rate=0.01,
    social_value_share=0.25,
    price_floor=1.0,
    official_hourly_rate=75.0,
    transfer_tax_rate=0.104,
    count_volunteer_hours=True,
    volunteer_hour_value=20.0,
)
FILLED = {
    "assets": {"asset_id": "1", "name": "Object", "kind": "building", "market_value_eur": 0.0, "book_value_eur": 0.0},
    "initiatives": {
        "initiative_id": "I",
        "name": "Initiatief",
        "duration_years": 30,
        "operating_cost_eur_per_year": 0.0,
        "dscr": 1.2,
    },
    "tasks": {
        "initiative_id": "I",
        "task": "taak",
        "volume_per_year": 0.0,
        "substitution_share": 1.0,
        "cashable_share": 1.0,
        "payer": "municipality",
    },
    "effects": {"owner_id": "I", "effect": "effect", "party": "residents", "quantity": 1.0},
    "operations": {"initiative_id": "I", "item": "post", "indexation_rate": 0.0},
    "financing": {"initiative_id": "I", "source": "bron"},
    "price_terms": {"asset_id": "1"},
}


def build_case(
    *,
    assets: Rows = (),
    initiatives: Rows = (),
    tasks: Rows = (),
    effects: Rows = (),
    operations: Rows = (),
    financing: Rows = (),
    price_terms: Rows = (),
    **assumptions: Any,
) -> Case:
    """A case of these rows; what a row does not say has the declared default."""
    return Case(
        assumptions=Assumptions(**{**vars(ASSUMED), **assumptions}),
        assets=_frame(ASSETS, assets),
        initiatives=_frame(INITIATIVES, initiatives),
        tasks=_frame(TASKS, tasks),
        effects=_frame(EFFECTS, effects),
        operations=_frame(OPERATIONS, operations),
        financing=_frame(FINANCING, financing),
        price_terms=_frame(PRICE_TERMS, price_terms),
        reference=load_reference(),
    )


def _frame(table: Table, rows: Rows) -> pd.DataFrame:
    filled = [{**FILLED[table.key], **row} for row in rows]
    columns = {
        column.key: _values(column, [row.get(column.key, column.default) for row in filled]) for column in table.columns
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(2, 2 + len(filled)))


def _values(column: Column, values: list[Any]) -> pd.Series:
    index = pd.RangeIndex(2, 2 + len(values))
    if column.kind == "yes_no":
        return pd.Series([bool(value) for value in values], index=index, dtype=bool)
    if column.kind == "take_up":
        return pd.Series([tuple(value) if value else (1.0,) for value in values], index=index, dtype=object)
    if column.kind in NUMBERS:
        return pd.Series(values, index=index, dtype=float)
    return pd.Series(values, index=index, dtype=object)
