"""Internal rates of many flows at once: one rule for whether there is one, and the same rate as the plain library."""

import numpy as np
import numpy_financial as npf
import pytest

from valuation.key_figures import internal_rate_of_return, internal_rates


def flows(count, years, seed):
    draw = np.random.default_rng(seed)
    amounts = draw.uniform(1.0, 10.0, (count, years + 1))
    turns = draw.integers(1, max(2, years // 4), count)
    amounts[np.arange(years + 1) < turns[:, None]] *= -draw.uniform(1, 3)
    return amounts * draw.choice([-1.0, 1.0], count)[:, None]


@pytest.mark.parametrize("years", [1, 5, 40])
def test_the_rate_is_that_of_the_plain_library(years):
    many = flows(200, years, years)
    rates, reasons = internal_rates(many)
    assert set(reasons) == {None}
    assert rates == pytest.approx([npf.irr(flow) for flow in many], rel=1e-9, abs=1e-11)


def test_one_flow_at_a_time_is_the_same(monkeypatch):
    many = flows(50, 20, 3)
    together, _ = internal_rates(many)
    monkeypatch.setattr("valuation.key_figures.FLOWS_AT_A_TIME", 7)
    assert internal_rates(many)[0] == pytest.approx(together, rel=1e-13)
    assert [internal_rate_of_return(flow).rate for flow in many] == pytest.approx(together, rel=1e-13)


@pytest.mark.parametrize("years", [1, 5, 40, 150])
def test_powers_for_few_flows_and_horners_rule_for_many_agree(years, monkeypatch):
    some = flows(32, years, 4)
    by_powers, reasons = internal_rates(some)
    monkeypatch.setattr("valuation.key_figures.FEW_FLOWS", 0)
    by_horner, reasons_by_horner = internal_rates(some)
    assert 1.0 + by_powers == pytest.approx(1.0 + by_horner, rel=1e-12)
    assert reasons.tolist() == reasons_by_horner.tolist()


def test_the_rule_is_exactly_one_change_of_sign():
    rates, reasons = internal_rates(
        np.array(
            [
                [-100.0, 0.0, 121.0, 0.0],
                [100.0, 0.0, -121.0, 0.0],
                [0.0, -50.0, -50.0, 0.0],
                [0.0, 0.0, 0.0, 0.0],
                [-100.0, 230.0, -132.0, 0.0],  # zero at 10 % and at 20 %
                [0.0, -50.0, 0.0, 25.0],
            ]
        )
    )
    assert rates == pytest.approx([0.1, 0.1, np.nan, np.nan, np.nan, np.sqrt(0.5) - 1], nan_ok=True)
    assert reasons.tolist() == [None, None, "no_sign_change", "no_sign_change", "several_sign_changes", None]


def test_rates_far_from_ordinary_are_found():
    flow = np.zeros((4, 151))
    flow[:, 0] = -1.0
    flow[0, 150], flow[1, 1], flow[2, 150], flow[3, 1] = 1e-9, 1e9, 1e9, 1e-9
    rates, reasons = internal_rates(flow)
    assert rates == pytest.approx([1e-9 ** (1 / 150) - 1, 1e9 - 1, 1e9 ** (1 / 150) - 1, 1e-9 - 1], rel=1e-9)
    assert set(reasons) == {None}


def test_a_rate_beyond_what_numbers_hold_is_not_found():
    rates, reasons = internal_rates(np.array([[-1e-300, 1e300], [-1e300, 1e-300]]))
    assert np.isnan(rates).all()
    assert reasons.tolist() == ["not_found", "not_found"]
