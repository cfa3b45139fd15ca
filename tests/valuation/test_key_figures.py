"""Key figures of any flow (METHOD §8, and the payback of §7); the worked cases have the figures by hand."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from valuation.key_figures import (
    cost_covering_rent,
    internal_rate_of_return,
    internal_rates,
    payback_years,
    social_return_on_investment,
)
from valuation.problems import ValuationError

euros = st.integers(0, 1_000_000).map(float)
flows = st.lists(st.integers(-1_000, 1_000).map(float), min_size=1, max_size=12)


def plain_payback(flow: list[float]) -> float | None:
    """METHOD §7, one year at a time."""
    running, moment = 0.0, 0.0
    for year, amount in enumerate(flow):
        before, running = running, running + amount
        if running < 0:
            moment = math.inf
        elif before < 0:
            moment = year - 1 + -before / amount
    return None if math.isinf(moment) else moment


@given(flows)
def test_payback_is_the_last_time_that_the_running_total_comes_back_to_zero(flow: list[float]) -> None:
    found = payback_years(np.array([flow]))[0]
    assert (None if math.isnan(found) else found) == pytest.approx(plain_payback(flow))


@given(st.lists(flows, min_size=1, max_size=5))
def test_many_paybacks_at_once_are_each_of_them_apart(many: list[list[float]]) -> None:
    longest = max(map(len, many))
    table = np.array([flow + [0.0] * (longest - len(flow)) for flow in many])
    apart = [payback_years(row[None, :])[0] for row in table]
    np.testing.assert_array_equal(payback_years(table), apart)


def test_rounding_is_not_a_loss() -> None:
    """0.1 + 0.2 - 0.3 is not quite zero in binary."""
    assert payback_years(np.array([[-0.3, 0.1, 0.2, 0.0]]))[0] == pytest.approx(2.0)
    assert payback_years(np.array([[0.1, 0.2, -0.3, 0.0]]))[0] == 0.0


@given(st.integers(100, 1_000_000).map(float), st.lists(euros, min_size=1, max_size=40))
def test_one_change_of_sign_gives_the_rate_at_which_the_flow_is_worth_nothing(
    investment: float, returns: list[float]
) -> None:
    assume(sum(returns) >= 0.05 * investment)
    flow = np.array([-investment, *returns])
    found = internal_rate_of_return(flow)
    assert found.reason is None
    assert found.rate is not None
    assert npf.npv(found.rate, flow) == pytest.approx(0.0, abs=1e-8 * np.abs(flow).sum())
    assert (found.rate > 0) == (sum(returns) > investment) or found.rate == pytest.approx(0.0, abs=1e-6)


@given(flows.map(np.array))
def test_any_other_number_of_changes_gives_no_rate_but_a_reason(flow: np.ndarray) -> None:
    signs = [amount > 0 for amount in flow if amount]
    changes = sum(first != second for first, second in pairwise(signs))
    assume(changes != 1)
    found = internal_rate_of_return(flow)
    assert found.rate is None
    assert found.reason == ("no_sign_change" if changes == 0 else "several_sign_changes")


@given(st.lists(flows, min_size=1, max_size=5))
def test_many_rates_at_once_are_each_of_them_apart(many: list[list[float]]) -> None:
    longest = max(map(len, many))
    table = np.array([flow + [0.0] * (longest - len(flow)) for flow in many])
    found, reasons = internal_rates(table)
    apart = [internal_rate_of_return(row) for row in table]
    assert list(reasons) == [one.reason for one in apart]
    expected = [math.nan if one.rate is None else one.rate for one in apart]
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@given(euros, euros, euros, st.floats(0.001, 0.2), st.floats(0.0, 0.1), st.integers(1, 50))
def test_the_cost_covering_rent_covers_the_cost(
    investment: float, running: float, residual: float, rate: float, index: float, years: int
) -> None:
    rent = cost_covering_rent(
        investment_eur=investment,
        running_eur_per_year=running,
        residual_eur=residual,
        rate=rate,
        index=index,
        years=years,
    )
    growth = (1 + index) ** np.arange(years)
    received = npf.npv(rate, np.concatenate(([0.0], rent * growth)))
    spent = npf.npv(rate, np.concatenate(([investment], running * growth)))
    left = residual / (1 + rate) ** years
    assert received == pytest.approx(spent - left, rel=1e-9, abs=1e-4)


def test_the_published_cost_covering_rent() -> None:
    rent = cost_covering_rent(
        investment_eur=1_000_000, running_eur_per_year=0, residual_eur=0, rate=0.04, index=0.02, years=40
    )
    assert round(rent, 2) == 37_030.90


@pytest.mark.parametrize("inputs", [0.0, -1.0])
def test_without_inputs_there_is_no_return_on_them(inputs: float) -> None:
    with pytest.raises(ValuationError) as error:
        social_return_on_investment(100.0, inputs)
    assert "SROI" in error.value.message("nl")
    assert "SROI" in error.value.message("en")
