"""What must be guarded (METHOD §10 and the warnings of §3-6): each warning when it should, and not when it should not.

Every pair below differs in the one thing that the warning is about. Taking a guard out makes its first test fail.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.building import build_case
from valuation.appraisal import appraise
from valuation.case import Case
from valuation.problems import Problem

MUNICIPAL_HOUR, NATIONAL_HOUR = "wmo_guidance_basic_hour_mun", "guidance_hour_ref"
ASSUMED_PRICE = "co2_price"


def warnings_of(case: Case) -> list[Problem]:
    problems = list(appraise(case).problems)
    for problem in problems:  # every text can be filled in
        assert problem.level == "warning"
        assert problem.message("nl") != problem.message("en")
    return problems


def rules_of(case: Case) -> set[str]:
    return {problem.rule for problem in warnings_of(case)}


def only(case: Case, rule: str) -> Problem:
    """The one problem of this rule."""
    (problem,) = [problem for problem in warnings_of(case) if problem.rule == rule]
    return problem


def register(**changes: Any) -> Case:
    """A building of which the register says 800,000."""
    figures = {
        "acquisition_cost_eur": 1_000_000.0,
        "residual_value_eur": 200_000.0,
        "in_service_year": 2015,
        "useful_life_years": 40,
        "depreciation_method": "linear",
    }
    return build_case(assets=[{**figures, **changes}])


def taken_over(*, asset: Any = None, effects: Any = (), tasks: Any = (), **initiative: Any) -> Case:
    """An object with one initiative, ten years."""
    return build_case(
        assets=[{"terminal_value_eur": 0.0, **(asset or {})}],
        initiatives=[{"asset_id": "1", "duration_years": 10, **initiative}],
        effects=effects,
        tasks=tasks,
        horizon_years=10,
        discount_rate=0.0,
        municipal_discount_rate=0.0,
        social_value_share=0.5,
        transfer_tax_rate=0.0,
    )


def two_effects(first: str, second: str, *, other_party: str = "municipality", **second_row: Any) -> Case:
    rows = [
        {"effect": "eerste", "topic": first, "unit_value_eur": 1.0},
        {"effect": "tweede", "topic": second, "unit_value_eur": 1.0, "party": other_party, **second_row},
    ]
    return build_case(initiatives=[{}, {"initiative_id": "J"}], effects=rows)


def worth(amount: float) -> dict[str, Any]:
    """An effect of this value, once."""
    return {"owner_id": "1", "unit_value_eur": amount, "duration_years": 1}


# One initiative, tasks with the prices named; an own figure where there is no name.
def priced(*keys: str | None, own: float | None = None, split: bool = False) -> Case:
    ids = ["I", "J"] if split else ["I", "I"]
    rows = [
        {"initiative_id": ids[n], "price_key": key, "institutional_unit_cost_eur": own, "volume_per_year": 10.0}
        for n, key in enumerate(keys)
    ]
    return build_case(initiatives=[{}, {"initiative_id": "J"}], tasks=rows)


def volunteers(*, hours_count: bool, topic: str = "vrijwilligerswerk", hours: float = 100.0) -> Case:
    return build_case(
        initiatives=[{"volunteer_hours_per_year": hours}],
        effects=[{"effect": "inzet", "topic": topic, "unit_value_eur": 1.0}],
        count_volunteer_hours=hours_count,
    )


# rule, a case that must warn, cases that must not
GUARDS: dict[str, tuple[str, Case, list[Case]]] = {
    "filled-in book value far from the register's": (
        "book_values_differ",
        register(book_value_eur=700_000.0),
        [register(book_value_eur=None), register(book_value_eur=800_000.0), build_case(assets=[{}])],
    ),
    "filled-in book value just over half a percent off": (
        "book_values_differ",
        register(book_value_eur=795_990.0),
        [register(book_value_eur=796_010.0)],
    ),
    "filled-in book value of a small object": (
        "book_values_differ",
        register(acquisition_cost_eur=100.0, residual_value_eur=0.0, book_value_eur=76.5),
        [register(acquisition_cost_eur=100.0, residual_value_eur=0.0, book_value_eur=75.9)],
    ),
    "the initiative stops before the horizon": (
        "fallback_missing",
        taken_over(duration_years=9),
        [taken_over(), taken_over(duration_years=9, asset={"fallback_cost_eur": 1.0}), build_case(assets=[{}])],
    ),
    "the renovation leaves part of the backlog": (
        "backlog_not_covered",
        taken_over(asset={"maintenance_backlog_eur": 1_000.0}, renovation_eur=999.0),
        [
            taken_over(asset={"maintenance_backlog_eur": 1_000.0}, renovation_eur=1_000.0),
            taken_over(),
            build_case(assets=[{"maintenance_backlog_eur": 1_000.0}]),
        ],
    ),
    # market value 1,000, social value 800: the rule gives 600; the municipality needs 0
    "the initiative cannot carry the price of the rule": (
        "share_outside_zone",
        taken_over(asset={"market_value_eur": 1_000.0}, effects=[worth(800.0)], own_funds_eur=599.0),
        [taken_over(asset={"market_value_eur": 1_000.0}, effects=[worth(800.0)], own_funds_eur=601.0)],
    ),
    # the municipality gives up an end value of 700 or 500
    "the municipality needs more than the price of the rule": (
        "share_outside_zone",
        taken_over(
            asset={"market_value_eur": 1_000.0, "terminal_value_eur": 700.0},
            effects=[worth(800.0)],
            own_funds_eur=2_000.0,
        ),
        [
            taken_over(
                asset={"market_value_eur": 1_000.0, "terminal_value_eur": 500.0},
                effects=[worth(800.0)],
                own_funds_eur=2_000.0,
            ),
            build_case(assets=[{"market_value_eur": 1_000.0, "terminal_value_eur": 2_000.0}]),
        ],
    ),
    "an advantage near the de minimis ceiling": (
        "de_minimis_signal",
        taken_over(asset={"market_value_eur": 400_000.0, "proposed_price_eur": 120_000.0}),
        [
            taken_over(asset={"market_value_eur": 400_000.0, "proposed_price_eur": 300_000.0}),
            taken_over(asset={"market_value_eur": 400_000.0}),
            build_case(assets=[{"market_value_eur": 400_000.0, "proposed_price_eur": 1.0}]),
        ],
    ),
    "an advantage that is all subsidy": (
        "de_minimis_signal",
        taken_over(asset={"proposed_price_eur": 0.0}, subsidy_eur_per_year=100_001.0),
        [taken_over(asset={"proposed_price_eur": 0.0}, subsidy_eur_per_year=10_000.0)],
    ),
    "income and subsidy below the cost": (
        "structural_deficit",
        build_case(
            initiatives=[
                {"income_eur_per_year": 60.0, "subsidy_eur_per_year": 39.0, "operating_cost_eur_per_year": 100.0}
            ]
        ),
        [
            build_case(
                initiatives=[
                    {"income_eur_per_year": 60.0, "subsidy_eur_per_year": 40.0, "operating_cost_eur_per_year": 100.0}
                ]
            )
        ],
    ),
    "a deficit where the cost comes from the tasks": (
        "structural_deficit",
        build_case(
            initiatives=[{"operating_cost_eur_per_year": None}],
            tasks=[{"volume_per_year": 1.0, "initiative_unit_cost_eur": 2.0, "institutional_unit_cost_eur": 1.0}],
        ),
        [
            build_case(
                initiatives=[{"operating_cost_eur_per_year": None, "income_eur_per_year": 2.0}],
                tasks=[{"volume_per_year": 1.0, "initiative_unit_cost_eur": 2.0, "institutional_unit_cost_eur": 1.0}],
            )
        ],
    ),
    "benefits of an object above three times its costs": (
        "high_ratio",
        taken_over(asset={"transaction_cost_eur": 100.0}, effects=[worth(301.0)]),
        [
            taken_over(asset={"transaction_cost_eur": 100.0}, effects=[worth(300.0)]),
            taken_over(effects=[worth(300.0)]),
        ],
    ),
    "benefits of an initiative above three times its costs": (
        "high_ratio",
        build_case(initiatives=[{"operating_cost_eur_per_year": 1.0}], effects=[{"unit_value_eur": 3.1}]),
        [build_case(initiatives=[{"operating_cost_eur_per_year": 1.0}], effects=[{"unit_value_eur": 2.9}])],
    ),
    "a municipal tariff beside a national price": (
        "mixed_price_bases",
        priced(MUNICIPAL_HOUR, NATIONAL_HOUR),
        [
            priced(MUNICIPAL_HOUR, MUNICIPAL_HOUR),
            priced(NATIONAL_HOUR, NATIONAL_HOUR),
            priced(MUNICIPAL_HOUR, NATIONAL_HOUR, own=40.0),
            priced(MUNICIPAL_HOUR, NATIONAL_HOUR, split=True),
        ],
    ),
    "an effect that nobody can price": (
        "effect_not_priced",
        build_case(initiatives=[{}], effects=[{}]),
        [
            build_case(initiatives=[{}], effects=[{"unit_value_eur": 0.0}]),
            build_case(initiatives=[{}], effects=[{"price_key": NATIONAL_HOUR}]),
        ],
    ),
    "an effect that starts after the last year": (
        "effect_never_counts",
        taken_over(effects=[{"owner_id": "I", "unit_value_eur": 1.0, "start_year": 11}]),
        [
            taken_over(effects=[{"owner_id": "I", "unit_value_eur": 1.0, "start_year": 10}]),
            taken_over(effects=[{"owner_id": "I", "unit_value_eur": 1.0, "start_year": 0, "duration_years": 1}]),
        ],
    ),
    "an effect that starts when its initiative has stopped": (
        "effect_never_counts",
        taken_over(effects=[{"owner_id": "I", "unit_value_eur": 1.0, "start_year": 6}], duration_years=5),
        [
            taken_over(effects=[{"owner_id": "I", "unit_value_eur": 1.0, "start_year": 5}], duration_years=5),
            taken_over(
                effects=[{"owner_id": "I", "unit_value_eur": 1.0, "start_year": 6, "duration_years": 1}],
                duration_years=5,
            ),
        ],
    ),
    "a task without institutional cost": (
        "task_not_priced",
        priced(None),
        [priced(None, own=0.0), priced(NATIONAL_HOUR)],
    ),
    "a price that is an assumption": (
        "assumption_price",
        build_case(initiatives=[{}], effects=[{"price_key": ASSUMED_PRICE}]),
        [
            build_case(initiatives=[{}], effects=[{"price_key": NATIONAL_HOUR}]),
            build_case(initiatives=[{}], effects=[{"price_key": ASSUMED_PRICE, "unit_value_eur": 50.0}]),
        ],
    ),
    "house price and recreation": (
        "double_counting",
        two_effects("huizenprijs", "recreatie"),
        [
            two_effects("huizenprijs", "eenzaamheid"),
            two_effects("huizenprijs", "recreatie", owner_id="J"),
            two_effects("huizenprijs", "recreatie", direction="cost"),
        ],
    ),
    "house price and view": ("double_counting", two_effects("uitzicht", "house_price"), [two_effects("uitzicht", "")]),
    "house price and air": (
        "double_counting",
        two_effects("luchtkwaliteit", "WOZ"),
        [two_effects("luchtkwaliteit", "recreatie")],
    ),
    "house price and health": (
        "double_counting",
        two_effects("gezondheid", "house price"),
        [two_effects("gezondheid", "lucht")],
    ),
    "loneliness and wellbeing": (
        "double_counting",
        two_effects("Eenzaamheid", " welzijn "),
        [two_effects("Eenzaamheid", "recreatie")],
    ),
    "one topic twice for one party": (
        "double_counting",
        two_effects("recreatie", "wandelen", other_party="residents"),
        [two_effects("recreatie", "wandelen", other_party="municipality")],
    ),
    "an effect of the object and one of its initiative": (
        "double_counting",
        taken_over(
            effects=[
                {"owner_id": "1", "topic": "huizenprijs", "unit_value_eur": 1.0},
                {"owner_id": "I", "topic": "recreatie", "unit_value_eur": 1.0},
            ]
        ),
        [taken_over(effects=[{"owner_id": "1", "topic": "huizenprijs", "unit_value_eur": 1.0}])],
    ),
    "the value of volunteers without the cost of their hours": (
        "volunteer_value_without_cost",
        volunteers(hours_count=False),
        [volunteers(hours_count=True), volunteers(hours_count=False, topic="recreatie")],
    ),
    "the value of volunteers whose hours nobody filled in": (
        "volunteer_value_without_cost",
        volunteers(hours_count=True, hours=0.0),
        [volunteers(hours_count=True, hours=1.0), volunteers(hours_count=True, hours=0.0, topic="recreatie")],
    ),
    "tonnes stored and tonnes a year": (
        "stock_and_flow",
        two_effects("CO2-opslag", "CO2-vastlegging"),
        [
            two_effects("CO2-opslag", "koolstofvoorraad", other_party="residents"),
            two_effects("CO2-vastlegging", "CO2-reductie", other_party="residents"),
        ],
    ),
}


def test_a_warning_about_a_column_that_the_sheet_does_not_have_names_the_row_by_its_number() -> None:
    case = taken_over(duration_years=9)
    row = int(case.assets.index[0])
    known = {("assets", "asset_id"): ("Objecten", "A"), ("assets", "fallback_cost_eur"): ("Objecten", "X")}
    whole = only(replace(case, cells=known), "fallback_missing")
    assert (whole.cell, whole.column) == (f"X{row}", "Terugvalkosten (€)")
    without = {key: place for key, place in known.items() if key[1] == "asset_id"}
    found = only(replace(case, cells=without), "fallback_missing")
    assert (found.sheet, found.cell, found.column) == ("Objecten", f"A{row}", "Objectnummer")


@pytest.mark.parametrize(("rule", "case", "others"), GUARDS.values(), ids=GUARDS)
def test_the_guard_warns_when_it_should_and_not_otherwise(rule: str, case: Case, others: list[Case]) -> None:
    assert rule in rules_of(case)
    for number, other in enumerate(others):
        assert rule not in rules_of(other), f"case {number} that is fine"


def test_a_plain_case_has_no_warnings() -> None:
    case = taken_over(
        asset={"market_value_eur": 1_000.0, "book_value_eur": 900.0, "proposed_price_eur": 800.0},
        effects=[{"owner_id": "I", "unit_value_eur": 100.0, "topic": "recreatie"}],
        income_eur_per_year=100.0,
        operating_cost_eur_per_year=90.0,
        own_funds_eur=1_000.0,
    )
    assert warnings_of(case) == []


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    ("case", "rule"),
    [
        (two_effects("huizenprijs", "recreatie"), "double_counting"),
        (two_effects("CO2-opslag", "CO2-vastlegging"), "stock_and_flow"),
    ],
)
def test_double_counting_names_both_lines(case: Case, rule: str, language: str) -> None:
    text = only(case, rule).message(language)
    assert "'eerste'" in text
    assert "'tweede'" in text


@pytest.mark.parametrize("topics", [("CO2-opslag", "CO2-vastlegging"), ("CO2-vastlegging", "CO2-opslag")])
def test_the_stock_is_called_the_stock_wherever_it_stands(topics: tuple[str, str]) -> None:
    stock = "eerste" if topics[0] == "CO2-opslag" else "tweede"
    problem = only(two_effects(*topics), "stock_and_flow")
    assert f"'{stock}' (voorraad)" in problem.message("nl")
    assert f"'{stock}' (a stock)" in problem.message("en")


def test_the_book_value_warning_says_both_figures() -> None:
    problem = only(register(book_value_eur=700_000.0), "book_values_differ")
    assert "700.000" in problem.message("nl")
    assert "800.000" in problem.message("nl")
    assert "700,000" in problem.message("en")
    assert "800,000" in problem.message("en")


def test_a_line_without_price_keeps_its_physical_quantity() -> None:
    effect = {"effect": "biodiversiteit", "quantity": 1_250.0, "unit": "m2"}
    text = only(build_case(initiatives=[{}], effects=[effect]), "effect_not_priced").message("nl")
    assert "biodiversiteit" in text
    assert "1.250 m2" in text
    assert "p.m." in text


def test_the_aid_signal_says_that_it_is_no_legal_advice() -> None:
    case = taken_over(asset={"market_value_eur": 400_000.0, "proposed_price_eur": 1.0})
    problem = only(case, "de_minimis_signal")
    assert "Geen juridisch advies" in problem.message("nl")
    assert "No legal advice" in problem.message("en")


def test_a_warning_points_at_the_cell_in_the_users_file() -> None:
    case = replace(
        register(book_value_eur=700_000.0),
        cells={("assets", "book_value_eur"): ("Objecten", "O")},
    )
    problem = only(case, "book_values_differ")
    assert (problem.sheet, problem.cell, problem.column) == ("Objecten", "O2", "Boekwaarde (€)")
    assert problem.message("nl").startswith("Blad Objecten, cel O2, kolom Boekwaarde (€): ")


# Wrong pocket: what another payer saves never enters the municipal view.

MUNICIPAL = (
    "municipality_npv_object_eur",
    "municipality_npv_initiative_eur",
    "municipality_npv_at_zero_price_eur",
    "reservation_price_eur",
    "reservation_price_against_sale_eur",
)


def saves(payer: str, cashable: float = 1.0) -> Case:
    return taken_over(
        tasks=[
            {
                "payer": payer,
                "volume_per_year": 10.0,
                "institutional_unit_cost_eur": 100.0,
                "cashable_share": cashable,
            }
        ],
        effects=[{"party": payer, "unit_value_eur": 500.0, "cashable_share": cashable}],
        subsidy_eur_per_year=300.0,
    )


@pytest.mark.parametrize("payer", ["state", "health_insurer", "long_term_care", "residents", "housing_association"])
def test_the_saving_of_another_payer_never_enters_the_municipal_view(payer: str) -> None:
    result = appraise(saves(payer))
    nothing = appraise(taken_over(subsidy_eur_per_year=300.0))
    for column in MUNICIPAL:
        assert result.assets[column].tolist() == nothing.assets[column].tolist()
    initiative = result.initiatives.iloc[0]
    assert initiative["municipal_cashable_saving_eur_per_year"] == 0.0
    assert initiative["municipal_net_saving_eur_per_year"] == -300.0
    assert initiative["npv_municipality_eur"] == -3_000.0
    budget = result.budget
    assert (budget["cashable_savings_eur"] == 0.0).all()
    assert (budget["municipal_effects_eur"] == 0.0).all()
    # It is shown beside it, and it counts for society.
    (saving,) = result.savings_by_payer.to_dict("records")
    assert (saving["payer"], saving["cashable_saving_eur_per_year"]) == (payer, 1_000.0)
    assert result.assets["social_value_eur"].tolist() == [15_000.0]


def test_the_municipalitys_own_saving_enters_as_far_as_it_is_cashable() -> None:
    result = appraise(saves("municipality", cashable=0.5))
    assert result.assets["municipality_npv_initiative_eur"].tolist() == [10 * (500.0 + 250.0 - 300.0)]
    assert (result.budget["cashable_savings_eur"] == 500.0).all()


# Two bases: VAT.


def test_the_vat_leak_moves_money_between_initiative_and_state_and_lowers_the_social_cost() -> None:
    with_leak = appraise(taken_over(operating_cost_eur_per_year=1_210.0, vat_leak_eur_per_year=210.0))
    lines = with_leak.lines
    (leak,) = (lines.kind == "vat_leak").nonzero()[0]
    assert (lines.party[leak], lines.counterparty[leak], lines.society[leak]) == ("state", "initiative", 0.0)
    assert lines.present_value[leak] == 2_100.0
    assert with_leak.assets["social_costs_eur"].tolist() == [10_000.0]


def planned(*rows: dict[str, Any], money: Any = (), **initiative: Any) -> Case:
    """An initiative of 30,000 income, 4,000 subsidy and 20,000 cost of which 1,000 VAT, with rows that say it again."""
    totals = {
        "income_eur_per_year": 30_000.0,
        "subsidy_eur_per_year": 4_000.0,
        "operating_cost_eur_per_year": 20_000.0,
        "vat_leak_eur_per_year": 1_000.0,
        "own_funds_eur": 5_000.0,
        "grants_eur": 9_000.0,
    }
    usual = (
        {"item_kind": "hall_hire", "quantity_per_year": 1_000.0, "unit_amount_eur": 50.0, "occupancy_share": 0.6},
        {"item_kind": "subsidy", "unit_amount_eur": 4_000.0, "take_up": (0.5, 1.0)},
        {"item_kind": "energy", "unit_amount_eur": 19_000.0},
        {"item_kind": "vat_leak", "unit_amount_eur": 1_000.0},
        {"item_kind": "other_cost", "unit_amount_eur": 7_500.0, "start_year": 0},
    )
    return build_case(initiatives=[{**totals, **initiative}], operations=rows or usual, financing=money)


def test_a_plan_that_adds_up_to_its_totals_is_silent() -> None:
    money = (
        {"funding_kind": "own_funds", "amount_eur": 5_000.0},
        {"funding_kind": "grant", "amount_eur": 6_000.0},
        {"funding_kind": "crowdfunding", "amount_eur": 3_000.0},
        {"funding_kind": "bank_loan", "amount_eur": 50_000.0, "interest_rate": 0.04, "term_years": 10},
    )
    assert "plan_differs" not in rules_of(planned(money=money))
    assert "plan_differs" not in rules_of(planned(income_eur_per_year=30_149.0))


@pytest.mark.parametrize(
    ("column", "amount", "by_rows"),
    [
        ("income_eur_per_year", 30_151.0, 30_000.0),
        ("subsidy_eur_per_year", 0.0, 4_000.0),
        ("operating_cost_eur_per_year", 25_000.0, 20_000.0),
        ("vat_leak_eur_per_year", 2_000.0, 1_000.0),
    ],
)
def test_a_plan_that_adds_up_to_something_else_warns_with_both(column: str, amount: float, by_rows: float) -> None:
    problem = only(planned(**{column: amount}), "plan_differs")
    assert (problem.parameters["by_rows"], problem.parameters["stated"]) == (by_rows, amount)
    assert "Exploitatie" in problem.message("nl")


def test_money_that_adds_up_to_something_else_warns_with_both() -> None:
    money = ({"funding_kind": "own_funds", "amount_eur": 5_000.0}, {"funding_kind": "grant", "amount_eur": 12_000.0})
    problem = only(planned(money=money), "plan_differs")
    assert (problem.parameters["by_rows"], problem.parameters["stated"]) == (12_000.0, 9_000.0)
    assert "Financiering" in problem.message("nl")
