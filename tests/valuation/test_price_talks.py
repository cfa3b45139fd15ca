"""Talks about a price (METHOD §13), against figures worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import build_case
from valuation.appraisal import Result, appraise
from valuation.price_talks import price_talks_of

RATE, INFLATION, LOAN_RATE = 0.03, 0.02, 0.04


def result_of(*terms: dict[str, Any], asset: Any = None, initiative: Any = None, financing: Any = ()) -> Result:
    """Market 300,000, proposed 200,000; the municipality saves 10,000 a year, the initiative has 250,000."""
    place = {
        "market_value_eur": 300_000.0,
        "proposed_price_eur": 200_000.0,
        "operating_cost_eur_per_year": 10_000.0,
        "terminal_value_eur": 300_000.0,
        "sale_restriction": True,
    }
    group = {
        "asset_id": "1",
        "own_funds_eur": 330_000.0,
        "renovation_eur": 50_000.0,
        "duration_years": 20,
        "loan_rate": LOAN_RATE,
        "loan_term_years": 10.0,
    }
    case = build_case(
        assets=[{**place, **(asset or {})}],
        initiatives=[{**group, **(initiative or {})}],
        financing=financing,
        price_terms=terms,
        discount_rate=RATE,
        municipal_discount_rate=RATE,
        horizon_years=20,
    )
    return appraise(case)


def test_the_two_limits_by_hand() -> None:
    """Ceiling: 280,000 / 1.104. Reservation: 300,000 / 1.03^20 less 10,000 a year for twenty years at 3 %."""
    talks = price_talks_of(result_of(), "1")
    reservation = 300_000.0 / 1.03**20 - 10_000.0 * (1 - 1.03**-20) / 0.03
    assert talks.reservation_price_eur == pytest.approx(reservation)
    assert talks.ceiling_price_eur == pytest.approx(280_000.0 / 1.104)
    assert talks.municipality_gain_eur == pytest.approx(200_000.0 - reservation)
    assert talks.initiative_gain_eur == pytest.approx(280_000.0 / 1.104 - 200_000.0)
    assert talks.municipality_gain_eur + talks.initiative_gain_eur == pytest.approx(talks.zone_eur)


def test_marks_stand_in_order_and_split_the_same_zone() -> None:
    marks = price_talks_of(result_of(), "1").marks
    assert marks["price_eur"].is_monotonic_increasing
    assert set(marks["mark"]) == {"reservation", "social", "proposed", "ceiling", "market"}
    together = marks["municipality_gain_eur"] + marks["initiative_gain_eur"]
    assert together.to_numpy() == pytest.approx(marks["together_eur"].to_numpy())


def test_another_price_moves_a_euro_from_one_side_to_the_other() -> None:
    result = result_of()
    first, second = price_talks_of(result, "1"), price_talks_of(result, "1", price_eur=210_000.0)
    assert second.municipality_gain_eur - first.municipality_gain_eur == pytest.approx(10_000.0)
    assert second.initiative_gain_eur - first.initiative_gain_eur == pytest.approx(-10_000.0)


def test_a_later_payment_by_hand() -> None:
    """30,000 in year 5: real 30,000 / 1.02^5, at 3 % 1.03^-5; it costs the initiative 30,000 / 1.04^5."""
    later = {"arrangement": "deferred_payment", "year": 5, "amount_eur": 30_000.0}
    talks = price_talks_of(result_of(later), "1")
    (row,) = talks.arrangements.to_dict("records")
    assert row["nominal_eur"] == 30_000.0
    assert row["real_eur"] == pytest.approx(30_000.0 / 1.02**5)
    assert row["municipality_pv_eur"] == pytest.approx(30_000.0 / 1.02**5 / 1.03**5)
    assert row["initiative_pv_eur"] == pytest.approx(-30_000.0 / 1.04**5)
    assert row["is_certain"]
    assert talks.effective_price_eur == pytest.approx(200_000.0 + 30_000.0 / 1.02**5 / 1.03**5)
    assert talks.initiative_gain_eur == pytest.approx(280_000.0 / 1.104 - 200_000.0 - 30_000.0 / 1.04**5)


def test_a_payment_indexed_with_inflation_is_level_in_real_euros() -> None:
    later = {"arrangement": "deferred_payment", "year": 8, "amount_eur": 10_000.0, "indexation_rate": INFLATION}
    (row,) = price_talks_of(result_of(later), "1").arrangements.to_dict("records")
    assert row["real_eur"] == pytest.approx(10_000.0)
    assert row["municipality_pv_eur"] == pytest.approx(10_000.0 / 1.03**8)


def test_the_initiative_discounts_at_the_average_rate_of_its_own_loans() -> None:
    """100,000 at 5 % and 300,000 at 1 %: 2 %."""
    loans = [
        {"funding_kind": "bank_loan", "amount_eur": 100_000.0, "interest_rate": 0.05, "term_years": 10},
        {"funding_kind": "municipal_loan", "amount_eur": 300_000.0, "interest_rate": 0.01, "term_years": 10},
        {"funding_kind": "grant", "amount_eur": 500_000.0},
    ]
    later = {"arrangement": "deferred_payment", "year": 2, "amount_eur": 10_404.0}
    (row,) = price_talks_of(result_of(later, financing=loans), "1").arrangements.to_dict("records")
    assert row["initiative_pv_eur"] == pytest.approx(-10_000.0)


def test_without_a_loan_rate_the_cost_of_paying_later_is_unknown_and_not_zero() -> None:
    later = {"arrangement": "deferred_payment", "year": 2, "amount_eur": 10_000.0}
    talks = price_talks_of(result_of(later, initiative={"loan_rate": None, "loan_term_years": None}), "1")
    assert np.isnan(talks.initiative_gain_eur)
    assert not np.isnan(talks.municipality_gain_eur)


def test_a_share_of_the_profit_in_a_stated_scenario_by_hand() -> None:
    """Resold for 400,000 in year 10; paid 200,000 and 20,000 later, renovated for 50,000: half of 130,000."""
    later = {"arrangement": "deferred_payment", "year": 3, "amount_eur": 20_000.0}
    sold = {"arrangement": "profit_share", "year": 10, "amount_eur": 400_000.0, "share": 0.5}
    talks = price_talks_of(result_of(later, sold), "1")
    row = talks.arrangements.iloc[1]
    assert row["nominal_eur"] == pytest.approx(65_000.0)
    assert row["municipality_pv_eur"] == pytest.approx(65_000.0 / 1.02**10 / 1.03**10)
    assert not row["is_certain"]
    assert talks.effective_price_eur == pytest.approx(200_000.0 + 20_000.0 / 1.02**3 / 1.03**3)


def test_a_resale_at_a_loss_pays_nothing() -> None:
    sold = {"arrangement": "profit_share", "year": 10, "amount_eur": 210_000.0, "share": 0.5}
    row = price_talks_of(result_of(sold), "1").arrangements.iloc[0]
    assert row["municipality_pv_eur"] == 0.0
    assert row["initiative_pv_eur"] == 0.0


def test_a_right_to_buy_back_is_worth_what_it_saves_and_never_less_than_nothing() -> None:
    """In year 10 today's 300,000 is 300,000 x 1.02^10; bought back for 250,000."""
    cheap = {"arrangement": "buy_back", "year": 10, "amount_eur": 250_000.0}
    dear = {"arrangement": "buy_back", "year": 10, "amount_eur": 900_000.0}
    first, second = price_talks_of(result_of(cheap, dear), "1").arrangements.to_dict("records")
    saved = 300_000.0 * 1.02**10 - 250_000.0
    assert first["municipality_pv_eur"] == pytest.approx(saved / 1.02**10 / 1.03**10)
    assert first["initiative_pv_eur"] == pytest.approx(-saved / 1.04**10)
    assert second["municipality_pv_eur"] == 0.0


def test_what_nobody_stated_stays_pm() -> None:
    rows = price_talks_of(
        result_of(
            {"arrangement": "profit_share", "share": 0.5}, {"arrangement": "buy_back"}, {"arrangement": "review"}
        ),
        "1",
    ).arrangements
    assert rows["is_pm"].all()
    assert rows[["nominal_eur", "municipality_pv_eur", "initiative_pv_eur"]].isna().all(axis=None)


def test_the_claw_back_falls_in_equal_parts_with_a_review_every_five_years() -> None:
    """The discount is 100,000 and the initiative stays twenty years: 5,000 lapses each year."""
    review = price_talks_of(result_of({"arrangement": "review"}), "1").review
    assert review["clawback_eur"].tolist() == pytest.approx([100_000.0 - 5_000.0 * year for year in range(21)])
    assert review.loc[review["is_review"], "year"].tolist() == [5, 10, 15, 20]
    assert review["calendar_year"].tolist()[:3] == [2026, 2026, 2027]


def test_a_stated_claw_back_lapses_by_its_own_share() -> None:
    stated = {"arrangement": "review", "year": 4, "amount_eur": 80_000.0, "share": 0.125}
    review = price_talks_of(result_of(stated), "1").review
    assert review["clawback_eur"].tolist()[:10] == pytest.approx([max(0.0, 80_000.0 - 10_000.0 * n) for n in range(10)])
    assert review.loc[review["is_review"], "year"].tolist() == [4, 8, 12, 16, 20]


def test_without_an_agreement_there_is_no_review() -> None:
    assert price_talks_of(result_of(), "1").review.empty


def test_an_unknown_price_leaves_gains_open_and_limits_known() -> None:
    talks = price_talks_of(result_of({"arrangement": "review"}, asset={"proposed_price_eur": None}), "1")
    assert np.isnan(talks.municipality_gain_eur)
    assert not np.isnan(talks.zone_eur)
    assert "proposed" not in set(talks.marks["mark"])
    assert talks.review["clawback_eur"].isna().all()


def test_an_object_that_nobody_takes_over_has_no_ceiling() -> None:
    case = build_case(assets=[{"market_value_eur": 1.0}], initiatives=[])
    talks = price_talks_of(appraise(case), "1")
    assert np.isnan(talks.ceiling_price_eur)
    with pytest.raises(KeyError):
        price_talks_of(appraise(case), "2")


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.integers(1, 20), st.floats(-0.05, 0.1))
def test_a_side_gains_only_what_the_other_gives_up_but_for_time(
    price: float, amount: float, year: int, indexation: float
) -> None:
    """Together they have the zone, and what a later payment is worth more to one than it costs the other."""
    later = {"arrangement": "deferred_payment", "year": year, "amount_eur": amount, "indexation_rate": indexation}
    talks = price_talks_of(result_of(later), "1", price_eur=price)
    nominal = amount * (1 + indexation) ** year
    time = nominal / (1 + INFLATION) ** year / (1 + RATE) ** year - nominal / (1 + LOAN_RATE) ** year
    together = talks.municipality_gain_eur + talks.initiative_gain_eur
    assert together == pytest.approx(talks.zone_eur + time, abs=1e-6)
