"""Time and money (METHOD §1), checked against the published figures of §11."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.reference_data import FOLDER
from tests.building import build_case
from valuation.appraisal import appraise
from valuation.discounting import annuity_factor, discount_factors, terminal_factor
from valuation.problems import ValuationError
from valuation.public_checks import evaluate
from valuation.reference import MissingFigureError

GREEN_BOOK = ((30, 0.035), (75, 0.03), (125, 0.025))
COSTS = [10, 20, 30, 30, 20, 10, 5, 5, 5, 5]
BENEFITS = [0, 0, 5, 10, 30, 40, 40, 40, 40, 25]

rates = st.floats(0.0, 0.5)
timings = st.sampled_from(["end", "mid", "start"])


@pytest.mark.parametrize(
    ("year", "published"), [(1, 0.977995), (10, 0.80051), (20, 0.640816), (30, 0.51298), (50, 0.328726)]
)
def test_factors_at_the_dutch_standard_rate(year: int, published: float) -> None:
    assert discount_factors(0.0225, 50)[year] == pytest.approx(published, abs=6e-7)


@pytest.mark.parametrize(("years", "published"), [(10, 8.866216), (20, 15.963712), (30, 21.64533), (40, 26.193522)])
def test_annuities_at_the_dutch_standard_rate(years: int, published: float) -> None:
    assert annuity_factor(0.0225, years) == pytest.approx(published, abs=6e-7)


@pytest.mark.parametrize(
    ("year", "published"),
    [(30, 0.3563), (31, 0.3459), (50, 0.1973), (75, 0.0942), (76, 0.0919), (100, 0.0508), (125, 0.0274)],
)
def test_the_steps_of_the_green_book(year: int, published: float) -> None:
    assert discount_factors(GREEN_BOOK, 125)[year] == pytest.approx(published, abs=5e-5)


def test_the_example_of_omb_circular_a_94() -> None:
    factors = discount_factors(0.07, 10)[1:]
    assert round(float(factors @ COSTS), 2) == 106.40
    assert round(float(factors @ BENEFITS), 2) == 142.41
    assert round(float(factors @ BENEFITS) - float(factors @ COSTS), 2) == 36.01


def test_every_published_check_that_the_product_shows_holds() -> None:
    checks = pd.read_csv(FOLDER / "public_checks.csv")
    checked = evaluate(checks.assign(parameters=checks["parameters"].map(json.loads)))
    assert checked.loc[~checked["passed"], "key"].tolist() == []
    assert len(checked) == 20


def test_a_published_figure_that_is_one_digit_off_is_seen() -> None:
    checks = pd.read_csv(FOLDER / "public_checks.csv")
    checked = evaluate(
        checks.assign(
            parameters=checks["parameters"].map(json.loads), expected=checks["expected"] + 2.1 * checks["tolerance"]
        )
    )
    assert not checked["passed"].any()


@given(rates, st.integers(1, 80))
def test_mid_lies_half_a_year_and_start_a_whole_year_before_the_end(rate: float, horizon: int) -> None:
    end, mid, start = (discount_factors(rate, horizon, timing)[1:] for timing in ("end", "mid", "start"))
    np.testing.assert_allclose(mid, end * (1 + rate) ** 0.5, rtol=1e-12)
    np.testing.assert_allclose(start, end * (1 + rate), rtol=1e-12)


@given(rates, rates, st.integers(1, 40), timings)
def test_a_step_counts_at_its_own_rate(first: float, second: float, horizon: int, timing: str) -> None:
    """The last year half or wholly off is the last year's own, also in the first year of a new step."""
    stepped = discount_factors(((5, first), (40, second)), horizon, timing)
    part = {"end": 1.0, "mid": 0.5, "start": 0.0}[timing]
    for year in range(1, horizon + 1):
        before = min(year - 1, 5), max(year - 6, 0)
        own = second if year > 5 else first
        expected = (1 + first) ** -before[0] * (1 + second) ** -before[1] * (1 + own) ** -part
        assert stepped[year] == pytest.approx(expected, rel=1e-12)


@given(rates, st.integers(1, 60), timings)
def test_steps_of_one_rate_are_that_rate(rate: float, horizon: int, timing: str) -> None:
    stepped = discount_factors(((7, rate), (30, rate), (60, rate)), horizon, timing)
    np.testing.assert_allclose(stepped, discount_factors(rate, horizon, timing), rtol=1e-12)


@given(rates, st.integers(1, 60), timings)
def test_year_zero_is_the_transfer_date_and_later_is_never_worth_more(rate: float, horizon: int, timing: str) -> None:
    factors = discount_factors(rate, horizon, timing)
    assert factors.shape == (horizon + 1,)
    assert factors[0] == 1.0
    assert (np.diff(factors) <= 1e-15).all()


@given(rates, st.integers(1, 60))
def test_the_end_of_the_horizon_has_no_timing(rate: float, horizon: int) -> None:
    assert terminal_factor(rate, horizon) == pytest.approx((1 + rate) ** -horizon, rel=1e-12)


def test_at_a_rate_of_zero_every_year_counts_in_full() -> None:
    assert discount_factors(0.0, 5, "mid").tolist() == [1.0] * 6


@pytest.mark.parametrize("key", ["discount_rate", "municipal_discount_rate"])
def test_a_year_beyond_the_last_step_is_an_error(key: str) -> None:
    case = build_case(assets=[{}], horizon_years=31, **{key: ((30, 0.035),)})
    with pytest.raises(ValuationError) as error:
        appraise(case)
    for language in ("nl", "en"):
        assert "30" in error.value.message(language)
        assert "31" in error.value.message(language)
    appraise(build_case(assets=[{}], horizon_years=30, **{key: ((30, 0.035),)}))


@pytest.mark.parametrize("year", [2026, 1990])
def test_a_year_that_the_index_does_not_have_is_an_error(year: int) -> None:
    task = {"price_key": "guidance_hour_ref", "volume_per_year": 10.0}
    case = build_case(initiatives=[{}], tasks=[task], price_year=year)
    with pytest.raises(MissingFigureError, match=rf"price_index\.csv .*{year}"):
        appraise(case)
