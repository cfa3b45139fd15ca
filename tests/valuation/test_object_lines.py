"""Values of very many objects: METHOD in plain loops, the same digits in any company, and one object of one line."""

from dataclasses import fields, replace

import numpy as np
import pytest

from tests.valuation.object_rows import TERMS, plain_values, some_lines
from valuation import arrays
from valuation.object_lines import FULL, ObjectLines, ObjectValues, Terms, in_parts, object_values

STEPPED = ((10, 0.035), (25, 0.03), (60, 0.025))
ALL_TERMS = [
    TERMS,
    replace(TERMS, municipal_discount_rate=0.04),
    replace(TERMS, timing="mid", discount_rate=STEPPED),
    replace(TERMS, timing="start", municipal_discount_rate=STEPPED),
]


@pytest.fixture(params=["numpy", "kernels"])
def way(request, monkeypatch):
    """By NumPy, and by the kernels."""
    monkeypatch.setattr(arrays, "BIG_JOB", 2**62 if request.param == "numpy" else 0)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("terms", ALL_TERMS)
def test_every_object_is_worth_what_the_method_says(terms):
    lines = some_lines(60)
    found = object_values(lines, terms)
    for at in range(len(lines)):
        for name, expected in plain_values(lines, terms, at).items():
            assert getattr(found, name)[at] == pytest.approx(expected, rel=1e-11, abs=1e-8), (at, name)


@pytest.mark.parametrize("terms", ALL_TERMS)
def test_the_kernels_give_the_digits_of_numpy(terms, monkeypatch):
    lines = some_lines(900, seed=2)
    monkeypatch.setattr(arrays, "BIG_JOB", 2**62)
    by_numpy = object_values(lines, terms)
    monkeypatch.setattr(arrays, "BIG_JOB", 0)
    compiled = object_values(lines, terms)
    for each in fields(ObjectValues):
        np.testing.assert_array_equal(getattr(compiled, each.name), getattr(by_numpy, each.name))


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("most_lines", [1, 7, 100])
def test_an_object_has_the_same_digits_beside_any_others(most_lines):
    lines = some_lines(120, seed=3)
    whole = object_values(lines, TERMS)
    parts = [object_values(part, TERMS) for part in in_parts(lines, most_lines)]
    assert sum(len(part.book) for part in parts) == 120
    for each in fields(ObjectValues):
        np.testing.assert_array_equal(
            np.concatenate([getattr(part, each.name) for part in parts]), getattr(whole, each.name)
        )


def one_line(**columns):
    alone = {name: np.array([value]) for name, value in columns.items()}
    rest = dict.fromkeys(
        ("deadweight", "displacement", "attribution", "drop_off", "real_growth", "municipal"), np.zeros(1)
    )
    weights = {"society": np.ones(1, np.int8), "book": np.zeros(1, np.int8), "at_terminal": np.zeros(1, np.bool_)}
    return ObjectLines(first=np.array([0, 1]), identity=np.array([1], np.uint64), **{**rest, **weights, **alone})


@pytest.mark.usefixtures("way")
def test_a_thousand_a_year_for_twenty_years_is_the_public_annuity():
    # METHOD §11: the annuity at 2.25 % over 20 years is 15.963712.
    lines = one_line(
        quantity=10.0,
        unit_value=100.0,
        start_year=np.int16(1),
        end_year=np.int16(20),
        municipal=0.25,
        society=np.int8(-1),
    )
    found = object_values(lines, Terms(20, "end", 0.0225, 0.0225))
    assert found.costs[0] == pytest.approx(15963.712, abs=1e-3)
    assert found.social_value[0] == -found.costs[0]
    assert found.municipality[0] == pytest.approx(0.25 * 15963.712, abs=1e-3)
    assert found.benefits[0] == 0.0
    assert found.benefit_cost_ratio[0] == 0.0


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(("side", "benefits", "costs"), [(1, -1000.0, 0.0), (-1, 0.0, -1000.0)])
def test_a_negative_amount_stays_on_the_side_that_it_was_given(side, benefits, costs):
    """METHOD §5: benefits and costs are what the lines say, so a correction makes its own side smaller."""
    lines = one_line(
        quantity=10.0, unit_value=-100.0, start_year=np.int16(0), end_year=np.int16(0), society=np.int8(side)
    )
    found = object_values(lines, Terms(20, "end", 0.0225, 0.0225))
    assert (found.benefits[0], found.costs[0], found.social_value[0]) == (benefits, costs, -1000.0 * side)


@pytest.mark.usefixtures("way")
def test_what_nobody_prices_is_counted_and_is_not_zero_value():
    lines = one_line(quantity=3.0, unit_value=np.nan, start_year=np.int16(1), end_year=np.int16(9))
    found = object_values(lines, TERMS)
    assert found.unpriced.tolist() == [1]
    assert found.social_value.tolist() == [0.0]
    assert np.isnan(found.benefit_cost_ratio[0])


@pytest.mark.usefixtures("way")
def test_without_a_social_line_there_is_no_social_value():
    lines = one_line(quantity=3.0, unit_value=1.0, start_year=np.int16(0), end_year=np.int16(0), society=np.int8(0))
    assert np.isnan(object_values(lines, TERMS).social_value[0])


def test_parts_hold_whole_objects_and_at_least_one():
    lines = replace(some_lines(9, seed=4), take_ups=(FULL, (0.5,), (0.2,)))
    parts = list(in_parts(lines, 10))
    assert [len(part.quantity) for part in parts] == [int(part.first[-1]) for part in parts]
    assert all(int(part.first[0]) == 0 for part in parts)
    assert sum(map(len, parts)) == len(lines)
    assert all(len(part) == 1 or len(part.quantity) <= 10 for part in parts)
