"""Cases that are hard on documents: long names, one and twenty tasks, text that looks like markup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from intake import build_case as read_case
from intake import load_reference, read_workbook
from tests.building import build_case
from valuation.appraisal import Result, appraise

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "datasets" / "voorbeeldgemeente.xlsx"
LONG_NAME = ("Stichting tot Behoud en Beheer van het Voormalige Badhuis aan de Oude Haven en Omstreken, " * 4)[
    :300
].strip()
ONE_WORD = ("Wijkwerkplaatsvereniging" * 13)[:300]
HOSTILE = (
    '#let x = 1; #panic("stop") *vet* _schuin_ `code` $x^2$ @ref <label> [x](y) // ** \\ "aanhaling" {naam} {0} %s '
    "<b>html</b> =SOM(A1) & ]]> é ü ß €"
)


def example() -> Result:
    """The example municipality."""
    intake = read_case(read_workbook(EXAMPLE.read_bytes(), EXAMPLE.name), load_reference())
    assert intake.case is not None
    return appraise(intake.case)


def building(
    *, name: str = "Buurthuis", initiative: str = "Stichting Buurthuis", tasks: int = 1, **more: Any
) -> Result:
    """One building with one initiative that takes over so many tasks."""
    return appraise(
        build_case(
            assets=[
                {
                    "asset_id": "A-1",
                    "name": name,
                    "market_value_eur": 400_000.0,
                    "book_value_eur": 120_000.0,
                    "useful_life_years": 40.0,
                    "in_service_year": 1990.0,
                    "acquisition_cost_eur": 600_000.0,
                    "depreciation_method": "linear",
                    "operating_cost_eur_per_year": 20_000.0,
                    "major_maintenance_eur_per_year": 12_000.0,
                    "rent_income_eur_per_year": 5_000.0,
                    "maintenance_provision_eur": 9_000.0,
                    "proposed_price_eur": 150_000.0,
                    "neighbourhood": more.get("neighbourhood"),
                }
            ],
            initiatives=[
                {
                    "initiative_id": "I",
                    "name": initiative,
                    "asset_id": "A-1",
                    "subsidy_eur_per_year": 8_000.0,
                    "operating_cost_eur_per_year": 40_000.0,
                    "income_eur_per_year": 55_000.0,
                    "own_funds_eur": 60_000.0,
                    "volunteer_hours_per_year": 900.0,
                    "duration_years": 30,
                    "legal_form": more.get("legal_form"),
                }
            ],
            tasks=[
                {
                    "initiative_id": "I",
                    "task": more.get("task", f"taak nummer {number}"),
                    "volume_per_year": 100.0 * number,
                    "unit": "uur",
                    "substitution_share": 0.5,
                    "deadweight": 0.2,
                    "cashable_share": 0.6,
                    "institutional_unit_cost_eur": 40.0,
                    "initiative_unit_cost_eur": 15.0,
                    "low": 30.0,
                    "high": 55.0,
                    "distribution": "triangular",
                    "payer": "municipality",
                }
                for number in range(1, tasks + 1)
            ],
            effects=[
                {
                    "owner_id": "I",
                    "effect": more.get("effect", "bezoek"),
                    "quantity": 5_000.0,
                    "unit_value_eur": 6.0,
                    "deadweight": 0.3,
                    "displacement": 0.1,
                }
            ],
            municipality=more.get("municipality", "Testgemeente"),
        )
    )


def planned(*, name: str = "Stichting Buurthuis", item: str = "zaal", source: str = "Rabobank") -> Result:
    """A building with items, two loans and arrangements about its price."""
    own = {"initiative_id": "I"}
    return appraise(
        build_case(
            assets=[{"asset_id": "A-1", "name": name, "market_value_eur": 300_000.0, "proposed_price_eur": 200_000.0}],
            initiatives=[
                {
                    "initiative_id": "I",
                    "name": name,
                    "asset_id": "A-1",
                    "renovation_eur": 50_000.0,
                    "volunteer_hours_per_year": 400.0,
                    "loan_rate": 0.04,
                    "duration_years": 30,
                }
            ],
            operations=[
                {**own, "item": item, "item_kind": "hall_hire", "quantity_per_year": 1_200.0, "unit_amount_eur": 60.0,
                 "occupancy_share": 0.6, "take_up": (0.5, 0.8, 1.0)},
                {**own, "item": "aanloop", "item_kind": "other_cost", "unit_amount_eur": 5_000.0, "start_year": 0},
                {**own, "item": "beheerder", "item_kind": "management", "unit_amount_eur": 14_000.0},
                {**own, "item": "sparen", "item_kind": "replacement_reserve", "unit_amount_eur": 2_000.0},
            ],
            financing=[
                {**own, "source": "spaarpot", "funding_kind": "own_funds", "amount_eur": 60_000.0},
                {**own, "source": source, "funding_kind": "bank_loan", "amount_eur": 150_000.0, "interest_rate": 0.04,
                 "term_years": 15.0, "interest_only_years": 2.0, "guaranteed_share": 0.5},
                {**own, "source": "gemeente", "funding_kind": "municipal_loan", "amount_eur": 50_000.0,
                 "interest_rate": 0.02, "term_years": 30.0, "repayment": "linear"},
            ],
            price_terms=[
                {"asset_id": "A-1", "arrangement": "deferred_payment", "year": 5.0, "amount_eur": 20_000.0},
                {"asset_id": "A-1", "arrangement": "profit_share", "share": 0.5},
                {"asset_id": "A-1", "arrangement": "review", "year": 5.0},
            ],
        )
    )  # fmt: skip
