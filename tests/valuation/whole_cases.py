"""Strategies for whole cases: rows as a user would type them, in every combination that the method allows."""

from __future__ import annotations

from typing import Any

import hypothesis
from hypothesis import HealthCheck
from hypothesis import strategies as st

from tests.building import build_case
from valuation.case import Case

Rows = dict[str, Any]

_unlikely_to_matter = [HealthCheck.too_slow, HealthCheck.data_too_large]  # a whole case is a large example
_asked = hypothesis.settings.default.max_examples

# A property about anything takes fewer examples than the profile asks, for each example values a whole municipality.
# The comparison with the plain loops takes more of them: it looks at every figure. The profile `explore` goes on.
whole_case_settings = hypothesis.settings(max_examples=max(10, _asked // 10), suppress_health_check=_unlikely_to_matter)
every_figure_settings = hypothesis.settings(
    max_examples=max(60, _asked // 2), suppress_health_check=_unlikely_to_matter
)

PARTIES = ["municipality", "state", "health_insurer", "residents", "initiative"]
amounts = st.one_of(st.just(0.0), st.integers(1, 200_000).map(float))
small_amounts = st.one_of(st.just(0.0), st.integers(1, 5_000).map(float))
counts = st.integers(0, 400).map(float)
shares = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.8, 1.0])
rates = st.sampled_from([0.0, 0.0225, 0.04, 0.25])
stepped_rates = st.tuples(rates, rates).map(lambda pair: ((4, pair[0]), (60, pair[1])))
take_ups = st.sampled_from([(), (0.5, 0.8, 1.0), (0.0, 1.0), (0.25,)])


def or_empty(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


assumptions = st.fixed_dictionaries(
    {
        "base_year": st.integers(2024, 2030),
        "discount_rate": st.one_of(rates, stepped_rates),
        "municipal_discount_rate": st.one_of(rates, stepped_rates),
        "horizon_years": st.integers(1, 12),
        "timing": st.sampled_from(["end", "mid", "start"]),
        "internal_interest_rate": st.sampled_from([0.0, 0.0124, 0.1]),
        "social_value_share": st.sampled_from([0.0, 0.25, 1.0]),
        "price_floor": st.sampled_from([0.0, 1.5, 20_000.5]),
        "official_hourly_rate": st.sampled_from([0.0, 82.5]),
        "transfer_tax_rate": st.sampled_from([0.0, 0.104]),
        "count_volunteer_hours": st.booleans(),
        "volunteer_hour_value": st.sampled_from([0.0, 20.82]),
    }
)
registers = st.one_of(
    st.fixed_dictionaries({"book_value_eur": amounts}),
    st.fixed_dictionaries(
        {
            "book_value_eur": or_empty(amounts),
            "acquisition_cost_eur": st.integers(200_000, 900_000).map(float),
            "third_party_contributions_eur": amounts,
            "write_down_eur": amounts,
            "in_service_year": st.integers(1980, 2026),
            "useful_life_years": st.integers(1, 50),
            "residual_value_eur": small_amounts,
            "depreciation_method": st.sampled_from(["linear", "annuity"]),
        }
    ),
    st.fixed_dictionaries(
        {
            "book_value_eur": st.none(),
            "acquisition_cost_eur": amounts,
            "in_service_year": st.just(2001),
            "depreciation_method": st.just("none"),
        }
    ),
)
asset_rows = st.builds(
    lambda register, others: {**others, **register},
    registers,
    st.fixed_dictionaries(
        {
            "land_book_value_eur": amounts,
            "market_value_eur": amounts,
            "terminal_value_eur": or_empty(amounts),
            "operating_cost_eur_per_year": small_amounts,
            "major_maintenance_eur_per_year": small_amounts,
            "rent_income_eur_per_year": small_amounts,
            "maintenance_backlog_eur": amounts,
            "maintenance_provision_eur": small_amounts,
            "transaction_cost_eur": small_amounts,
            "fallback_cost_eur": amounts,
            "proposed_price_eur": or_empty(amounts),
            "sale_restriction": st.booleans(),
        }
    ),
)
initiative_rows = st.fixed_dictionaries(
    {
        "duration_years": st.integers(1, 15),
        "subsidy_eur_per_year": small_amounts,
        "facilitation_hours_per_year": counts,
        "volunteer_hours_per_year": counts,
        "income_eur_per_year": st.integers(5_000, 20_000).map(float),
        "new_user_income_eur_per_year": small_amounts,
        "operating_cost_eur_per_year": st.integers(5_000, 20_000).map(float),
        "vat_leak_eur_per_year": small_amounts,
        "renovation_eur": amounts,
        "own_funds_eur": amounts,
        "grants_eur": amounts,
        "loan_rate": rates,
        "loan_term_years": or_empty(st.integers(1, 30)),
        "dscr": st.sampled_from([1.0, 1.2, 1.5]),
    }
)
task_rows = st.fixed_dictionaries(
    {
        "volume_per_year": counts,
        "deadweight": shares,
        "substitution_share": shares,
        "cashable_share": shares,
        "institutional_unit_cost_eur": or_empty(st.sampled_from([0.0, 40.0, 83.29])),
        "initiative_unit_cost_eur": or_empty(st.sampled_from([0.0, 12.5])),
        "payer": st.sampled_from(PARTIES[:3]),
        "take_up": take_ups,
    }
)
effect_rows = st.fixed_dictionaries(
    {
        "direction": st.sampled_from(["benefit", "cost"]),
        "parties": st.permutations(PARTIES).map(lambda order: order[:2]),
        "is_transfer": st.booleans(),
        "quantity": counts,
        "unit_value_eur": or_empty(st.sampled_from([1.0, 30.5, 500.0])),
        "deadweight": shares,
        "displacement": shares,
        "attribution": shares,
        "drop_off": shares,
        "start_year": st.integers(0, 5),
        "duration_years": or_empty(st.integers(1, 15)),
        "real_growth": st.sampled_from([0.0, 0.01, -0.02]),
        "take_up": take_ups,
        "cashable_share": shares,
    }
)


def _effect(row: Rows, owner: str) -> Rows:
    party, other = row["parties"]
    plain = {key: value for key, value in row.items() if key not in ("parties", "is_transfer")}
    return {**plain, "owner_id": owner, "party": party, "counterparty": other if row["is_transfer"] else None}


@st.composite
def whole_cases(draw: st.DrawFn) -> Rows:
    """What `build_case` needs: assumptions and the rows of the four tables."""
    assets = [{**row, "asset_id": f"A{n}"} for n, row in enumerate(draw(st.lists(asset_rows, min_size=1, max_size=3)))]
    asset_ids = [row["asset_id"] for row in assets]
    initiatives = []
    for number, row in enumerate(draw(st.lists(initiative_rows, max_size=4))):
        owner = draw(st.sampled_from([*asset_ids, *asset_ids, None]))
        initiatives.append({**row, "initiative_id": f"I{number}", "asset_id": owner})
    ids = [row["initiative_id"] for row in initiatives]
    tasks = []
    if ids:
        owners = st.sampled_from(ids)
        tasks = [{**row, "initiative_id": draw(owners)} for row in draw(st.lists(task_rows, max_size=4))]
    owners = st.sampled_from([*asset_ids, *ids])
    effects = [_effect(row, draw(owners)) for row in draw(st.lists(effect_rows, max_size=5))]
    for initiative in initiatives:  # an empty cost is allowed where the tasks say what they cost
        own = [task for task in tasks if task["initiative_id"] == initiative["initiative_id"]]
        if own and all(task["initiative_unit_cost_eur"] is not None for task in own) and draw(st.booleans()):
            initiative["operating_cost_eur_per_year"] = None
    return {
        "assumptions": draw(assumptions),
        "assets": assets,
        "initiatives": initiatives,
        "tasks": tasks,
        "effects": effects,
    }


def case_of(rows: Rows, **changes: Any) -> Case:
    """The case of these rows; assumptions may be changed by name."""
    tables = {key: value for key, value in rows.items() if key != "assumptions"}
    return build_case(**tables, **{**rows["assumptions"], **changes})
