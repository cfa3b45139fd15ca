"""Draws of very many objects: against formulas, the same in any company, and one object not moved by another's."""

from dataclasses import replace

import numpy as np
import pytest

from tests.valuation.object_rows import TERMS, plain_factor, some_lines
from tests.valuation.test_object_lines import one_line
from valuation import arrays
from valuation.distributions import Distribution
from valuation.object_draws import LEAST_DRAWS, ObjectDraws
from valuation.object_lines import in_parts

UNCERTAIN_RATE = replace(TERMS, discount_rate_range=Distribution("triangular", 0.01, 0.0225, 0.04))
OWN_RATE = replace(UNCERTAIN_RATE, municipal_discount_rate_range=Distribution("uniform", 0.0, 0.0225, 0.05))
ALL_TERMS = [TERMS, UNCERTAIN_RATE, OWN_RATE, replace(UNCERTAIN_RATE, timing="mid")]


def all_outcomes(lines, terms, draws=LEAST_DRAWS, seed=1):
    found = [np.array(each) for each in ObjectDraws(terms, draws, seed).outcomes(lines)]
    return np.array(found)


@pytest.fixture(params=["numpy", "kernels"])
def way(request, monkeypatch):
    monkeypatch.setattr(arrays, "BIG_JOB", 2**62 if request.param == "numpy" else 0)


@pytest.mark.parametrize("terms", ALL_TERMS)
def test_the_kernels_give_the_digits_of_numpy(terms, monkeypatch):
    lines = some_lines(25)
    monkeypatch.setattr(arrays, "BIG_JOB", 2**62)
    by_numpy = all_outcomes(lines, terms)
    monkeypatch.setattr(arrays, "BIG_JOB", 0)
    np.testing.assert_array_equal(all_outcomes(lines, terms), by_numpy)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("most_lines", [1, 40])
def test_an_object_has_the_same_draws_beside_any_others(most_lines):
    lines = some_lines(25, seed=5)
    whole = all_outcomes(lines, UNCERTAIN_RATE)
    parts = [all_outcomes(part, UNCERTAIN_RATE) for part in in_parts(lines, most_lines)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_another_seed_gives_other_draws():
    lines = some_lines(5)
    assert not np.array_equal(all_outcomes(lines, TERMS), all_outcomes(lines, TERMS, seed=2))


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("terms", ALL_TERMS)
def test_every_draw_is_a_value_that_the_ranges_allow(terms):
    """Without uncertainty in the lines the draws follow the rate only: its extremes bound them, line by line."""
    lines = some_lines(12, seed=6, distribution=np.zeros(len(some_lines(12, seed=6).quantity), np.int8))
    found = all_outcomes(lines, terms)
    rates = (0.01, 0.04) if terms.discount_rate_range else (0.0225, 0.0225)
    for at in range(len(lines)):
        low = high = 0.0
        for line in range(int(lines.first[at]), int(lines.first[at + 1])):
            amount = lines.quantity[line] * np.nan_to_num(lines.unit_value[line])
            amount *= (1 - lines.deadweight[line]) * (1 - lines.displacement[line]) * (1 - lines.attribution[line])
            ends = [amount * lines.society[line] * plain_factor(lines, line, rate, terms) for rate in rates]
            low, high = low + min(ends), high + max(ends)
        assert found[at, 0].min() >= low - 1e-6
        assert found[at, 0].max() <= high + 1e-6


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("shape", "mean", "variance"),
    [
        # Triangular 2, 5, 11: mean (2+5+11)/3, variance (a²+b²+c²-ab-ac-bc)/18.
        ("triangular", 6.0, (4 + 25 + 121 - 10 - 22 - 55) / 18),
        # Uniform 2..11.
        ("uniform", 6.5, 81 / 12),
        # PERT 2, 5, 11 with λ = 4: mean (2+4·5+11)/6, variance (m-a)(b-m)/7.
        ("pert", 5.5, 3.5 * 5.5 / 7),
    ],
)
def test_mean_and_spread_are_those_of_the_shape(shape, mean, variance):
    lines = replace(
        one_line(quantity=1.0, unit_value=5.0, start_year=np.int16(0), end_year=np.int16(0), municipal=-2.0),
        low=np.array([2.0]),
        high=np.array([11.0]),
        distribution=np.ones(1, np.int8),
        distributions=("", shape),
        price=np.zeros(1, np.uint64),
    )
    society, municipality = all_outcomes(lines, TERMS, draws=8192)[0]
    assert society.mean() == pytest.approx(mean, rel=1e-5)
    assert society.var() == pytest.approx(variance, rel=2e-3)
    np.testing.assert_allclose(municipality, -2.0 * society, rtol=1e-12)


@pytest.mark.usefixtures("way")
def test_a_line_that_nobody_can_price_stays_unpriced_in_every_draw():
    """Also where somebody filled in a range for it."""
    lines = replace(
        one_line(quantity=1.0, unit_value=np.nan, start_year=np.int16(0), end_year=np.int16(0), municipal=1.0),
        low=np.array([2.0]),
        high=np.array([11.0]),
        distribution=np.ones(1, np.int8),
        distributions=("", "triangular"),
        price=np.zeros(1, np.uint64),
    )
    assert not all_outcomes(lines, TERMS).any()


def test_own_draws_of_two_objects_have_nothing_to_do_with_each_other():
    """Of 300 objects with one uniform line each, no two go together more than independent draws would."""
    lines = replace(
        some_lines(300, seed=7),
        first=np.arange(301),
        **{name: np.zeros(300) for name in ("deadweight", "displacement", "attribution", "drop_off", "real_growth")},
        **dict.fromkeys(("quantity", "unit_value", "high"), np.ones(300)),
        low=np.zeros(300),
        municipal=np.zeros(300),
        start_year=np.zeros(300, np.int16),
        end_year=np.zeros(300, np.int16),
        society=np.ones(300, np.int8),
        book=np.zeros(300, np.int8),
        at_terminal=np.zeros(300, np.bool_),
        take_up=None,
        distribution=np.full(300, 3, np.int8),
        price=np.zeros(300, np.uint64),
    )
    found = all_outcomes(lines, TERMS)[:, 0]
    together = np.corrcoef(found)[np.triu_indices(300, 1)] * np.sqrt(LEAST_DRAWS)
    assert together.std() == pytest.approx(1.0, abs=0.03)
    # Of 44,850 independent pairs one in two lists has a pair beyond 4.4; beyond 6 is one in millions.
    assert np.abs(together).max() < 6.0
    assert found.sum(axis=0).var() == pytest.approx(300 / 12, rel=0.15)


def test_a_shared_price_moves_all_its_objects_together():
    lines = some_lines(6, seed=8)
    shared = replace(
        lines,
        price=np.full(len(lines.price), 2**63 + 9, np.uint64),
        distribution=np.ones(len(lines.price), np.int8),
        low=np.full(len(lines.price), 1.0),
        high=np.full(len(lines.price), 3.0),
        unit_value=np.full(len(lines.price), 2.0),
    )
    found = all_outcomes(shared, TERMS)[:, 0]
    moved = found[found.std(axis=1) > 1e-9]
    assert len(moved) > 3
    np.testing.assert_allclose(np.abs(np.corrcoef(moved)), 1.0, atol=1e-9)


def test_the_figures_are_those_of_the_draws():
    lines = some_lines(20, seed=9)
    draws, group = ObjectDraws(UNCERTAIN_RATE, 2048, 3), np.arange(20) % 4
    totals = np.zeros((4, 2, 2048))
    found = draws.certainty(lines, group, totals)
    outcomes = all_outcomes(lines, UNCERTAIN_RATE, 2048, 3)
    for view, figures in enumerate((found.social_value, found.municipality)):
        np.testing.assert_allclose(figures["mean"], outcomes[:, view].mean(axis=1), rtol=1e-9)
        for name, share in {"p5": 0.05, "p10": 0.1, "p50": 0.5, "p90": 0.9, "p95": 0.95}.items():
            np.testing.assert_allclose(figures[name], np.quantile(outcomes[:, view], share, axis=1), rtol=1e-9)
    np.testing.assert_array_equal(found.probability_positive, (outcomes[:, 0] > 0).mean(axis=1))
    np.testing.assert_array_equal(found.probability_not_worse_off, (outcomes[:, 1] >= 0).mean(axis=1))
    for at in range(4):
        np.testing.assert_allclose(totals[at], outcomes[group == at].sum(axis=0), rtol=1e-12)
