"""The business cases in the results workbook compute what the model computes, before and after a change of inputs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings

from exports.as_json import plan_object, result_object
from exports.workbook import results_workbook
from exports.workbook.plans import SCALARS, YEARLY
from tests.building import build_case
from tests.exports import office
from tests.exports.test_workbook import control_counts
from tests.valuation.test_business_case import CASES
from valuation.appraisal import appraise
from valuation.business_case import initiatives_with_rows, plan_of
from valuation.case import Case

SHEETS = {"nl": ("Plan financiering", "Plan per jaar"), "en": ("Plan financing", "Plan by year")}
OPERATIONS, FINANCING, TERMS = "Exploitatie", "Financiering", "Prijsafspraken"


def town() -> Case:
    """A building with rows of all three sheets, green space with money only, and a price that is not known."""
    return build_case(
        assets=[
            {"asset_id": "A", "market_value_eur": 300_000.0, "proposed_price_eur": 200_000.0, "sale_restriction": True},
            {"asset_id": "B", "kind": "green", "market_value_eur": 90_000.0, "proposed_price_eur": 60_000.0},
            {"asset_id": "C", "market_value_eur": 150_000.0, "proposed_price_eur": None},
        ],
        initiatives=[
            {"initiative_id": "I", "asset_id": "A", "renovation_eur": 50_000.0, "volunteer_hours_per_year": 100.0},
            {"initiative_id": "J", "asset_id": "A", "own_funds_eur": 8_000.0, "renovation_eur": 3_000.0},
            {
                "initiative_id": "K",
                "asset_id": "B",
                "income_eur_per_year": 30_000.0,
                "subsidy_eur_per_year": 2_000.0,
                "operating_cost_eur_per_year": 22_000.0,
                "vat_leak_eur_per_year": 1_500.0,
                "renovation_eur": 12_000.0,
            },
            {
                "initiative_id": "L",
                "asset_id": "C",
                "income_eur_per_year": 25_000.0,
                "operating_cost_eur_per_year": 15_000.0,
                "own_funds_eur": 40_000.0,
                "grants_eur": 10_000.0,
                "loan_rate": 0.05,
                "loan_term_years": 15.0,
            },
            {"initiative_id": "M", "own_funds_eur": 5_000.0, "loan_rate": 0.0, "loan_term_years": 4.0},
        ],
        operations=[
            {
                "initiative_id": "I",
                "item": "zaal",
                "item_kind": "hall_hire",
                "quantity_per_year": 1_000.0,
                "unit_amount_eur": 60.0,
                "occupancy_share": 0.7,
                "indexation_rate": 0.03,
                "take_up": (0.5, 0.8, 1.0),
            },
            {"initiative_id": "I", "item": "s", "item_kind": "subsidy", "unit_amount_eur": 9_000.0, "start_year": 2},
            {"initiative_id": "I", "item": "b", "item_kind": "management", "unit_amount_eur": 18_000.0},
            {"initiative_id": "I", "item": "r", "item_kind": "replacement_reserve", "unit_amount_eur": 2_000.0},
            {"initiative_id": "I", "item": "n", "item_kind": "other_cost", "unit_amount_eur": 6_000.0, "start_year": 0},
            {"initiative_id": "L", "item": "kantine", "item_kind": "catering", "unit_amount_eur": 20_000.0},
            {"initiative_id": "M", "item": "duofietsen", "item_kind": "purchases", "unit_amount_eur": 4_000.0},
        ],
        financing=[
            {"initiative_id": "I", "funding_kind": "grant", "amount_eur": 90_000.0},
            {
                "initiative_id": "I",
                "funding_kind": "bank_loan",
                "amount_eur": 150_000.0,
                "interest_rate": 0.04,
                "term_years": 20,
                "interest_only_years": 2,
                "repayment": "annuity",
                "guaranteed_share": 0.5,
            },
            {
                "initiative_id": "I",
                "funding_kind": "municipal_loan",
                "amount_eur": 30_000.0,
                "interest_rate": 0.0,
                "term_years": 6,
                "repayment": "annuity",
            },
            {
                "initiative_id": "K",
                "funding_kind": "crowdfunding",
                "amount_eur": 70_000.0,
                "interest_rate": 0.03,
                "term_years": 12,
                "repayment": "linear",
            },
        ],
        price_terms=[
            {
                "asset_id": "A",
                "arrangement": "deferred_payment",
                "year": 4,
                "amount_eur": 9_000.0,
                "indexation_rate": 0.02,
            },
            {"asset_id": "A", "arrangement": "review", "year": 5, "amount_eur": 1.0},
            {"asset_id": "B", "arrangement": "deferred_payment", "year": 30, "amount_eur": 2_500.0},
        ],
        horizon_years=20,
    )


def with_cell(case: Case, table: str, row: int, **values: Any) -> Case:
    frame = getattr(case, table).copy()
    for column, value in values.items():
        frame.at[frame.index[row], column] = value
    return replace(case, **{table: frame})


def money_changed() -> tuple[Case, tuple[office.Edit, ...]]:
    case = with_cell(town(), "financing", 1, interest_rate=0.055, interest_only_years=0.0, repayment="linear")
    case = with_cell(case, "financing", 2, term_years=10.0, interest_rate=0.01)
    case = with_cell(case, "financing", 3, term_years=None, interest_rate=None)
    case = with_cell(case, "price_terms", 0, year=6.0, amount_eur=12_000.0, indexation_rate=0.0)
    case = with_cell(case, "assets", 2, proposed_price_eur=120_000.0)
    case = with_cell(case, "assets", 0, proposed_price_eur=310_000.0, sale_restriction=False)
    edits = (
        (FINANCING, ("I", 2), "Rente", 0.055),
        (FINANCING, ("I", 2), "Aflossingsvrij (jaar)", 0),
        (FINANCING, ("I", 2), "Aflossing", "lineair"),
        (FINANCING, ("I", 3), "Looptijd (jaar)", 10),
        (FINANCING, ("I", 3), "Rente", 0.01),
        (FINANCING, "K", "Looptijd (jaar)", None),
        (FINANCING, "K", "Rente", None),
        (TERMS, "A", "Jaar", 6),
        (TERMS, "A", "Bedrag (€)", 12_000),
        (TERMS, "A", "Jaarlijkse indexering", None),
        ("Objecten", "C", "Voorgestelde prijs (€)", 120_000),
        ("Objecten", "A", "Voorgestelde prijs (€)", 310_000),
        ("Objecten", "A", "Verkoopregulerend beding", "nee"),
    )
    return case, edits


def items_changed() -> tuple[Case, tuple[office.Edit, ...]]:
    case = with_cell(
        town(), "operations", 0, unit_amount_eur=75.0, occupancy_share=0.4, take_up=(0.25,), indexation_rate=-0.01
    )
    case = with_cell(case, "operations", 1, item_kind="energy", start_year=5.0)
    case = with_cell(case, "operations", 4, start_year=1.0)
    case = with_cell(case, "operations", 5, initiative_id="I", quantity_per_year=2.0)
    case = with_cell(case, "initiatives", 2, income_eur_per_year=45_000.0, dscr=1.5)
    case = with_cell(case, "initiatives", 0, renovation_eur=65_000.0)
    case = with_cell(case, "assets", 0, proposed_price_eur=None)
    edits = (
        (OPERATIONS, "I", "Bedrag per eenheid (€)", 75),
        (OPERATIONS, "I", "Bezetting", 0.4),
        (OPERATIONS, "I", "Ingroei", "25%"),
        (OPERATIONS, "I", "Indexering", -0.01),
        (OPERATIONS, ("I", 2), "Soort", "energie"),
        (OPERATIONS, ("I", 2), "Startjaar", 5),
        (OPERATIONS, ("I", 5), "Startjaar", 1),
        (OPERATIONS, "L", "Aantal per jaar", 2),
        (OPERATIONS, "L", "Initiatief", "I"),
        ("Initiatieven", "K", "Inkomsten per jaar (€)", 45_000),
        ("Initiatieven", "K", "DSCR", 1.5),
        ("Initiatieven", "I", "Verbouwing (€)", 65_000),
        ("Objecten", "A", "Voorgestelde prijs (€)", None),
    )
    # L keeps its place in the workbook, as a plan without items.
    return case, edits


@pytest.fixture(scope="module")
def recalculated(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, office.Sheets]:
    book = results_workbook(appraise(town()))
    books = office.editions(
        book,
        {
            "money": money_changed()[1],
            "items": items_changed()[1],
            "too long": ((FINANCING, ("I", 2), "Looptijd (jaar)", 61),),
        },
    )
    books["as exported"] = office.without_outcomes(book)
    books["english"] = office.without_outcomes(results_workbook(appraise(town()), "en"))
    done = office.recalculate(soffice, books, tmp_path_factory.mktemp("office"))
    return {name: office.sheets_of(content) for name, content in done.items()}


def found_in(sheets: office.Sheets, language: str = "nl") -> dict[str, dict[str, Any]]:
    """The figures of each plan as they stand in the workbook: by name, and by name and year."""
    financing, years = (office.rows_with_fields(sheets[name]) for name in SHEETS[language])
    plans = {row.pop("initiative_id"): row for row in financing}
    for place, name in enumerate(plans):
        for year, row in enumerate(years[place * 11 : place * 11 + 11]):
            plans[name] |= {f"{field} {year}": row[field] for field in YEARLY}
    return plans


def wanted_of(case: Case, name: str) -> dict[str, Any]:
    plan = plan_object(plan_of(case, name))
    wanted = {field: plan[field] for field in SCALARS}
    for table in ("income_statement", "balance_sheet", "cash_flow", "dscr"):
        for row in plan[table]:
            fields = [field for field in YEARLY if field in row and row["year"] <= 10]
            # The cash flow has income, cost and interest with a sign of its own.
            fields = ["change_eur"] if table == "cash_flow" else fields
            wanted |= {f"{field} {row['year']}": row[field] for field in fields}
    return wanted


def differences(sheets: office.Sheets, case: Case, language: str = "nl") -> list[str]:
    found = found_in(sheets, language)
    planned = initiatives_with_rows(case) & set(found)
    return [
        text
        for name in sorted(planned)
        for wanted in [wanted_of(case, name)]
        for text in office.differences({key: found[name][key] for key in wanted}, wanted, name)
    ]


@pytest.mark.office
@pytest.mark.parametrize("name", ["as exported", "english", "money", "items"])
def test_the_workbook_gives_every_figure_of_the_plans(name: str, recalculated: dict[str, office.Sheets]) -> None:
    cases = {"money": money_changed()[0], "items": items_changed()[0]}
    assert differences(recalculated[name], cases.get(name, town()), "en" if name == "english" else "nl") == []


@pytest.mark.office
@pytest.mark.parametrize("name", ["money", "items"])
def test_a_change_changes_the_plans(name: str, recalculated: dict[str, office.Sheets]) -> None:
    assert differences(recalculated[name], town())


@pytest.mark.office
def test_the_control_sheet_finds_the_plans_equal(recalculated: dict[str, office.Sheets]) -> None:
    total, equal, different = control_counts(recalculated["as exported"], "nl")
    assert (equal, different) == (total, 0)
    loan_rows = len(plan_of(town(), "I").loans) + len(plan_of(town(), "K").loans)
    assert total > 3 * loan_rows + 4 * 11 * len(YEARLY)


@pytest.mark.office
def test_a_loan_beyond_the_last_year_gives_errors_and_never_a_wrong_figure(
    recalculated: dict[str, office.Sheets],
) -> None:
    found = found_in(recalculated["too long"])
    assert {row["lowest_dscr"] for row in found.values()} == {"#N/A"}
    total, equal, different = control_counts(recalculated["too long"], "nl")
    assert (equal, different) == (0, total)


@pytest.mark.office
def test_the_balance_closes_in_the_workbook(recalculated: dict[str, office.Sheets]) -> None:
    for name in ("as exported", "money", "items"):
        for plan in found_in(recalculated[name]).values():
            for year in range(11):
                assets, others = plan[f"assets_eur {year}"], plan[f"liabilities_and_equity_eur {year}"]
                assert assets == others if assets is None else assets == pytest.approx(others, abs=1e-6)


def test_a_workbook_without_business_cases_has_no_sheets_for_them() -> None:
    case = replace(town(), operations=town().operations.iloc[:0], financing=town().financing.iloc[:0])
    content = result_object(appraise(case), ())
    assert "business_plans" not in content
    assert "price_talks" in content
    sheets = office.sheets_of(results_workbook(appraise(case)))
    assert not [name for name in sheets if name.startswith("Plan")]


@settings(max_examples=10, phases=[Phase.explicit, Phase.generate])
@given(CASES)
def test_any_plan_gives_the_figures_of_the_model(case: Case) -> None:
    """By the outcomes that are stored with the formulas; LibreOffice shows above that they are the formulas' own."""
    total, equal, different = control_counts(office.sheets_of(results_workbook(appraise(case))), "nl")
    assert (equal, different) == (total, 0)


def test_the_json_holds_the_plan_and_its_tables() -> None:
    content = result_object(appraise(town()), ())
    assert [plan["initiative_id"] for plan in content["business_plans"]] == ["I", "K", "L", "M"]
    first = content["business_plans"][0]
    assert [row["year"] for row in first["balance_sheet"]] == list(range(11))
    assert len(first["liquidity"]) == 8
    assert first["sources"][1]["term_years"] == 20
    assert pd.DataFrame(first["loans"]).groupby("loan")["year"].max().tolist() == [20, 6]
    assert [talks["asset_id"] for talks in content["price_talks"]] == ["A", "B"]
