"""Budget rows and levers of the example, worked out with pencil and paper from its cells (METHOD §3, §4 and §6).

Every expectation is a number, with how it comes about beside it; none of it was computed by our code. Rate 2.25%, 30
years, internal interest rate 1.2%, an official's hour at 78, transfer tax 10.4%, base year 2026. The tariffs of 2023
become prices of 2025 by the index, x 134.52 / 126.06: 35.76 becomes 38.16 a half-day, 55.80 becomes 59.54 an hour.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from intake import build_case, load_reference, read_workbook
from valuation.appraisal import Result, appraise
from valuation.explain import gap_levers

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "datasets" / "voorbeeldgemeente.xlsx"
CENT = 0.005


@pytest.fixture(scope="module")
def result() -> Result:
    case = build_case(read_workbook(EXAMPLE.read_bytes(), EXAMPLE.name), load_reference()).case
    assert case is not None
    return appraise(case)


def rows(result: Result, asset_id: str, name: str) -> list[float]:
    """One budget line of one object, in its four years."""
    of_object: list[float] = result.budget.loc[result.budget["asset_id"] == asset_id, name].tolist()
    return of_object


# 0101, linear: 610,000 / 40 = 15,250 a year, 37 years gone by, so 45,750 is left in 2026 and the last year is 2028.
#   Interest on what each year opens with, land of 60,000 included: 105,750, 90,500, 75,250 and 60,000, x 1.2%.
#   Tasks at full size: 1,800 x 85% x 50% x 38.159886 x 60% = 17,515.39; 520 x 80% x 35% x 59.544788 x 50% = 4,334.86.
#   Take-up 50%, 80%, 100% and 60%, 100%. The transferred property tax of 1,450 is the municipality's in full.
# 0105, annuity: C = 2,400,000 - 200,000, N = 40, k = 16, 1.012^16 = 1.2102865, 1.012^-40 = 0.6205539.
#   A = 2,200,000 x 1.2% / (1 - 0.6205539) = 69,575.10 a year; the building is 2,200,000 x 1.2102865 - A x 0.2102865 /
#   1.2% = 1,443,404.89 and with land of 240,000 1,683,404.89. The first depreciation is A less 1.2% of the building,
#   17,320.86; each next one is 1.2% more. Interest is 1.2% of what a year opens with: it falls by 1.2% of depreciation.
# G-02, green that comes back after 15 years: 125,000 / 20 = 6,250, 6 years gone by, 87,500 is left.
#   The decoupled pavement is of year 1 alone: 450 m2 x 70% x 80% x 58.486957 x 50% cashable = 7,369.36.
BUDGET = {
    "0101": {
        "freed_depreciation_eur": [15_250.0, 15_250.0, 15_250.0, 0.0],
        "freed_interest_eur": [1_269.0, 1_086.0, 903.0, 720.0],
        "freed_operating_eur": [53_000.0] * 4,  # 34,000 + 19,000
        "lost_rent_eur": [-9_000.0] * 4,
        "cashable_savings_eur": [11_358.61, 18_347.17, 21_850.25, 21_850.25],
        "municipal_effects_eur": [1_450.0] * 4,
        "subsidy_eur": [-15_000.0] * 4,
        "facilitation_eur": [-4_680.0] * 4,  # 60 hours
        "recurring_total_eur": [53_647.61, 60_453.17, 63_773.25, 48_340.25],
        "book_result_eur": [122_250.0, 0.0, 0.0, 0.0],  # 240,000 - 12,000 - 105,750
        "provision_release_eur": [45_000.0, 0.0, 0.0, 0.0],
        "one_off_total_eur": [167_250.0, 0.0, 0.0, 0.0],
    },
    "0105": {
        "freed_depreciation_eur": [52_254.24, 52_881.29, 53_515.86, 54_158.05],
        "freed_interest_eur": [20_200.86, 19_573.81, 18_939.23, 18_297.04],
        "freed_operating_eur": [233_000.0] * 4,  # 185,000 + 48,000
        "lost_rent_eur": [-42_000.0] * 4,
        "cashable_savings_eur": [3_348.0, 5_580.0, 5_580.0, 5_580.0],  # 60 x 60% x 50% x 620 x 50%, take-up 60%; 100%
        "municipal_effects_eur": [0.0] * 4,
        "subsidy_eur": [-85_000.0] * 4,
        "facilitation_eur": [-8_580.0] * 4,  # 110 hours
        "recurring_total_eur": [173_223.10, 175_455.10, 175_455.10, 175_455.10],
        "book_result_eur": [-1_708_403.89, 0.0, 0.0, 0.0],  # 1 - 25,000 - 1,683,404.89
        "provision_release_eur": [90_000.0, 0.0, 0.0, 0.0],
        "one_off_total_eur": [-1_618_403.89, 0.0, 0.0, 0.0],
    },
    "G-02": {
        "freed_depreciation_eur": [6_250.0] * 4,
        "freed_interest_eur": [1_050.0, 975.0, 900.0, 825.0],
        "freed_operating_eur": [4_400.0] * 4,  # 2,900 + 1,500
        "lost_rent_eur": [0.0] * 4,
        "cashable_savings_eur": [0.0] * 4,
        "municipal_effects_eur": [7_369.36, 0.0, 0.0, 0.0],
        "subsidy_eur": [-3_500.0] * 4,
        "facilitation_eur": [-1_950.0] * 4,  # 25 hours
        "recurring_total_eur": [13_619.36, 6_175.0, 6_100.0, 6_025.0],
        "book_result_eur": [-89_999.0, 0.0, 0.0, 0.0],  # 1 - 2,500 - 87,500
        "provision_release_eur": [0.0] * 4,
        "one_off_total_eur": [-89_999.0, 0.0, 0.0, 0.0],
    },
}


@pytest.mark.parametrize("asset_id", BUDGET)
def test_budget_rows(result, asset_id):
    for name, expected in BUDGET[asset_id].items():
        assert rows(result, asset_id, name) == pytest.approx(expected, abs=CENT), name


def test_without_a_price_the_book_result_is_unknown_and_nothing_else(result):
    # 0112: depreciated since 2019, so only 1.2% of the land of 38,000 is freed; nobody proposed a price.
    assert rows(result, "0112", "freed_interest_eur") == pytest.approx([456.0] * 4)
    assert rows(result, "0112", "provision_release_eur")[0] == 12_000.0
    assert rows(result, "0112", "one_off_total_eur")[0] != rows(result, "0112", "one_off_total_eur")[0]


# 0107, thirty years: annuity factor 21.645330, last factor 0.512980.
#   Object: 70,000 - 16,000 + (19,000 + 16,000 - 24,000) x 21.645330 - (980,000 + 70,000) x 0.512980 = -246,530.45.
#   Initiative: care 500 x 70% x 30% x 38.159886 x 40% = 1,602.72 a year, half in the first year (1/1.0225), less 9,000
#   subsidy and 3,120 support: (1,602.72 - 12,120) x 21.645330 - 801.36 / 1.0225 = -228,433.82.
#   It needs 474,964.28. Surplus 66,000 + 9,000 - 71,000 = 4,000; loan 4,000 / 1.25 x 12.676283 (4.8%, 20 years) =
#   40,564.11; room 160,000 + 20,000 - 95,000 + 40,564.11 = 125,564.11; tax on 980,000 is 101,920, left 23,644.11.
#   The gap is 451,320.17. Savings: / 21.645330. A loan of so much more: x 1.25 / 12.676283 a year.
#   With a clause on resale the tax is on the price: 125,564.11 / 1.104 = 113,735.61, 90,091.50 more.
# G-02, restricted, no loan, fifteen years: annuity factor 12.612166.
#   Object: -2,500 + 4,400 x 12.612166 + 7,369.36 / 1.0225 - 15,000 / 1.0225^16 - 12,000 x 0.512980 = 43,537.98.
#   Initiative: -(3,500 + 1,950) x 12.612166 = -68,736.30. It needs 25,198.33; room 6,000 + 26,000 - 28,000 = 4,000,
#   / 1.104 = 3,623.19. The gap is 21,575.14; own money pays the tax on it too: x 1.104. Savings: / 12.612166.
LEVERS = {
    "0107": {
        "funds": 451_320.17,
        "yearly_result": 44_504.39,
        "cashable_savings": 20_850.69,
        "contribution": 451_320.17,
    },
    "G-02": {"funds": 23_818.95, "cashable_savings": 1_710.66, "contribution": 21_575.14},
}


@pytest.mark.parametrize("asset_id", LEVERS)
def test_levers(result, asset_id):
    levers = gap_levers(result, asset_id).set_index("lever")
    amounts = levers["amount_eur"].dropna()
    assert amounts.to_dict() == pytest.approx(LEVERS[asset_id], abs=CENT)
    assert levers.loc["contribution", "closes_eur"] == pytest.approx(LEVERS[asset_id]["contribution"], abs=CENT)


def test_a_clause_on_resale_is_a_lever_where_there_is_none_yet(result):
    assert gap_levers(result, "0107").set_index("lever").loc["sale_restriction", "closes_eur"] == pytest.approx(
        90_091.50, abs=CENT
    )
    assert "sale_restriction" not in gap_levers(result, "G-02")["lever"].tolist()


def test_what_must_come_true(result):
    # I-01: subsidy 15,000 and support 4,680 of a cashable saving of 17,515.39 + 4,334.86.
    initiatives = result.initiatives.set_index("initiative_id")
    assert initiatives.loc["I-01", "break_even_share"] == pytest.approx(0.900676, abs=5e-7)
    # G-02: a discount of 11,999 on a social value of 11,463.42: more than all of it.
    assert result.asset("G-02")["required_share"] == pytest.approx(1.046721, abs=5e-7)
