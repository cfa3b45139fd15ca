"""The choice of transfers: against trying every choice, and cases that can be followed by hand."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import build_case
from valuation.appraisal import appraise
from valuation.problems import ValuationError
from valuation.programme import Transfers, best_programme, transfers_of


def transfers(value: Any, loss: Any, subsidy: Any) -> Transfers:
    """Objects that are all candidates, one row an object and one column a year."""
    names = [str(number) for number in range(len(value))]
    table = pd.DataFrame({"asset_id": names, "name": names, "why_not": pd.Series([None] * len(value), dtype=object)})
    return Transfers(table, 2026, *(np.array(rows, dtype=float) for rows in (value, loss, subsidy)))


def fits(of: Transfers, years: tuple[int, ...], loss_ceiling: float, subsidy_ceiling: float) -> bool:
    """Plainly, year by year: does what was started by then fit? A year of -1 is never."""
    for year in range(of.value_eur.shape[1]):
        loss = sum(of.book_loss_eur[o, year] for o, start in enumerate(years) if start == year)
        subsidy = sum(of.subsidy_eur[o, year - start] for o, start in enumerate(years) if 0 <= start <= year)
        if loss > loss_ceiling + 0.001 or subsidy > subsidy_ceiling + 0.001:
            return False
    return True


def worth(of: Transfers, years: tuple[int, ...]) -> float:
    return sum(of.value_eur[o, start] for o, start in enumerate(years) if start >= 0)


whole = st.integers(0, 9).map(float)


@st.composite
def small_portfolios(draw: st.DrawFn) -> tuple[Transfers, float, float]:
    count, years = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    rows = st.lists(st.lists(whole, min_size=years, max_size=years), min_size=count, max_size=count)
    return transfers(draw(rows), draw(rows), draw(rows)), draw(whole), draw(whole)


@given(small_portfolios())
def test_no_other_choice_is_worth_more(drawn: tuple[Transfers, float, float]) -> None:
    of, loss_ceiling, subsidy_ceiling = drawn
    count, years = of.value_eur.shape
    every = [
        choice for choice in product(range(-1, years), repeat=count) if fits(of, choice, loss_ceiling, subsidy_ceiling)
    ]
    found = best_programme(of, book_loss_ceiling_eur=loss_ceiling, subsidy_ceiling_eur=subsidy_ceiling)
    assert found.value_eur == pytest.approx(max(worth(of, choice) for choice in every))
    at = dict(zip(found.chosen["asset_id"], found.chosen["year"] - 2026, strict=True))
    taken = tuple(int(at.get(str(number), -1)) for number in range(count))
    assert fits(of, taken, loss_ceiling, subsidy_ceiling)
    assert worth(of, taken) == pytest.approx(found.value_eur)
    for missed in found.missed.itertuples():
        with_it = [worth(of, choice) for choice in every if choice[int(missed.asset_id)] >= 0]
        if with_it:
            assert missed.exchange_eur == pytest.approx(found.value_eur - max(with_it))
        else:
            assert math.isnan(missed.exchange_eur)


@given(small_portfolios())
def test_the_extra_room_lets_the_object_in_and_less_does_not(drawn: tuple[Transfers, float, float]) -> None:
    of, loss_ceiling, subsidy_ceiling = drawn
    found = best_programme(of, book_loss_ceiling_eur=loss_ceiling, subsidy_ceiling_eur=subsidy_ceiling)
    at = dict(zip(found.chosen["asset_id"], found.chosen["year"] - 2026, strict=True))
    for missed in found.missed.itertuples():
        choice = [int(at.get(str(number), -1)) for number in range(len(of.table))]
        choice[int(missed.asset_id)] = missed.year - 2026
        room = (loss_ceiling + missed.extra_book_loss_eur, subsidy_ceiling + missed.extra_subsidy_eur)
        assert fits(of, tuple(choice), *room)
        if missed.extra_book_loss_eur > 0:
            assert not fits(of, tuple(choice), room[0] - 1.0, room[1])
        if missed.extra_subsidy_eur > 0:
            assert not fits(of, tuple(choice), room[0], room[1] - 1.0)


@st.composite
def own_choices(draw: st.DrawFn) -> tuple[Transfers, float, float, set[str], set[str]]:
    of, loss_ceiling, subsidy_ceiling = draw(small_portfolios())
    wishes = draw(st.lists(st.sampled_from(["free", "in", "out"]), min_size=len(of.table), max_size=len(of.table)))
    held, kept_out = ({str(o) for o, wish in enumerate(wishes) if wish == word} for word in ("in", "out"))
    return of, loss_ceiling, subsidy_ceiling, held, kept_out


@given(own_choices())
def test_the_best_choice_with_what_is_held_in_and_kept_out(
    drawn: tuple[Transfers, float, float, set[str], set[str]],
) -> None:
    of, loss_ceiling, subsidy_ceiling, held, kept_out = drawn
    count, years = of.value_eur.shape
    ceilings = {"book_loss_ceiling_eur": loss_ceiling, "subsidy_ceiling_eur": subsidy_ceiling}
    fitting = [
        choice for choice in product(range(-1, years), repeat=count) if fits(of, choice, loss_ceiling, subsidy_ceiling)
    ]
    allowed = [
        choice
        for choice in fitting
        if all(choice[int(o)] >= 0 for o in held) and all(choice[int(o)] < 0 for o in kept_out)
    ]
    if not allowed:
        with pytest.raises(ValuationError) as raised:
            best_programme(of, **ceilings, required=held, excluded=kept_out)
        assert raised.value.rule == "required_does_not_fit"
        more = raised.value.parameters
        room = (loss_ceiling + more["extra_book_loss_eur"], subsidy_ceiling + more["extra_subsidy_eur"])
        orders = [tuple(choice.get(str(o), -1) for o in range(count)) for choice in years_of(held, years)]
        assert any(fits(of, order, *room) for order in orders)
        # No smaller sum of extra room would do: amounts are whole here, so each order needs a whole sum.
        needed = min(needs(of, order, loss_ceiling, subsidy_ceiling) for order in orders)
        assert sum(more.values()) == pytest.approx(needed, abs=0.01)
        return
    found = best_programme(of, **ceilings, required=held, excluded=kept_out)
    best = max(worth(of, choice) for choice in allowed)
    assert found.value_eur == pytest.approx(best)
    assert found.own_choice_cost_eur == pytest.approx(max(worth(of, choice) for choice in fitting) - best)
    assert held <= set(found.chosen["asset_id"])
    assert set(found.chosen["asset_id"][found.chosen["required"]]) == held
    assert not kept_out & (set(found.chosen["asset_id"]) | set(found.missed["asset_id"]))
    for missed in found.missed.itertuples():
        with_it = [worth(of, choice) for choice in allowed if choice[int(missed.asset_id)] >= 0]
        expected = best - max(with_it) if with_it else math.nan
        assert missed.exchange_eur == pytest.approx(expected, nan_ok=True)


def years_of(held: set[str], years: int) -> list[dict[str, int]]:
    """Every order in which the objects that are held in can pass."""
    return [dict(zip(sorted(held), choice, strict=True)) for choice in product(range(years), repeat=len(held))]


def needs(of: Transfers, order: tuple[int, ...], loss_ceiling: float, subsidy_ceiling: float) -> float:
    """How much both ceilings together have to rise for this order of years."""
    years = range(of.value_eur.shape[1])
    loss = max(sum(of.book_loss_eur[o, y] for o, start in enumerate(order) if start == y) for y in years)
    subsidy = max(sum(of.subsidy_eur[o, y - start] for o, start in enumerate(order) if 0 <= start <= y) for y in years)
    return max(0.0, loss - loss_ceiling) + max(0.0, subsidy - subsidy_ceiling)


def test_an_object_that_costs_society_can_be_held_in_and_an_unknown_one_cannot() -> None:
    of = transfers(value=[[50.0], [-20.0], [40.0]], loss=[[10.0], [10.0], [10.0]], subsidy=[[0.0]] * 3)
    of.table["why_not"] = [None, "no_gain", "no_price"]
    ceilings = {"book_loss_ceiling_eur": 20.0, "subsidy_ceiling_eur": 0.0}
    found = best_programme(of, **ceilings, required={"1"})
    assert found.value_eur == pytest.approx(30.0)
    assert found.own_choice_cost_eur == pytest.approx(20.0)
    with pytest.raises(ValuationError, match=r"2\.$"):
        best_programme(of, **ceilings, required={"2"})


def test_of_very_many_transfers_it_is_said_how_much_more_there_could_be() -> None:
    # A hundred transfers, four years: nobody can look at all 5 ** 100 choices.
    made_up = np.random.default_rng(1)
    of = transfers(
        value=made_up.lognormal(12.0, 1.0, (100, 1)) / 1.0225 ** np.arange(4),
        loss=np.maximum(0.0, made_up.normal(1e5, 1e5, (100, 1))) * np.linspace(1.0, 0.9, 4),
        subsidy=made_up.uniform(0.0, 3e4, (100, 1)) * np.ones(4),
    )
    room = {
        "book_loss_ceiling_eur": of.book_loss_eur[:, 0].sum() / 8,
        "subsidy_ceiling_eur": of.subsidy_eur[:, 0].sum() / 4,
    }
    found = best_programme(of, **room)
    assert 0.0 < found.could_be_more_eur < 0.01 * found.value_eur
    assert not found.missed["exchange_known"].any()
    at = dict(zip(found.chosen["asset_id"], found.chosen["year"] - 2026, strict=True))
    assert fits(of, tuple(int(at.get(str(o), -1)) for o in range(100)), *room.values())
    # The bound holds: a choice of another make stays below it. By value for what it takes, each as early as it fits.
    takes = of.book_loss_eur[:, 0] / room["book_loss_ceiling_eur"]
    takes = takes + of.subsidy_eur[:, 0] / room["subsidy_ceiling_eur"]
    choice = [-1] * 100
    for o in np.argsort(-of.value_eur[:, 0] / takes):
        for year in range(4):
            attempt = [*choice[:o], year, *choice[o + 1 :]]
            if fits(of, tuple(attempt), *room.values()):
                choice = attempt
                break
    assert worth(of, tuple(choice)) <= found.value_eur + found.could_be_more_eur


def test_a_small_portfolio_by_hand() -> None:
    # Ceiling 100 a year. A (value 50, loss 80) and B (value 40, loss 60) do not fit in one year; B waits, for waiting
    # costs B 4 and A 5. C costs nothing and comes at once; D (loss 150) never fits and misses by 50.
    of = transfers(
        value=[[50, 45], [40, 36], [10, 9], [60, 54]],
        loss=[[80, 80], [60, 60], [0, 0], [150, 150]],
        subsidy=[[0, 0]] * 4,
    )
    found = best_programme(of, book_loss_ceiling_eur=100.0, subsidy_ceiling_eur=0.0)
    assert found.chosen[["asset_id", "year"]].to_numpy().tolist() == [["0", 2026], ["2", 2026], ["1", 2027]]
    assert found.value_eur == pytest.approx(96.0)
    assert found.by_year["book_loss_eur"].tolist() == [80.0, 60.0]
    (missed,) = found.missed.to_dict("records")
    assert missed["asset_id"] == "3"
    # In 2027 60 is taken: 60 + 150 − 100 = 110, less than 80 + 150 − 100 = 130 in 2026.
    assert (missed["year"], missed["extra_book_loss_eur"], missed["extra_subsidy_eur"]) == (2027, 110.0, 0.0)
    assert math.isnan(missed["exchange_eur"])


def test_what_an_object_brings_and_costs_each_year() -> None:
    # Book value 1,000, 10 years left: 1,000, 900, 800, 700. Price 600, transaction cost 50: loss 450, 350, 250, 150.
    # Social value: 100 a year for 3 years, without discounting, less the transaction cost and the initiative's cost of
    # 20 a year. The initiative takes 30 a year for 3 years.
    case = build_case(
        assets=[
            {
                "asset_id": "A",
                "market_value_eur": 900.0,
                "book_value_eur": None,
                "acquisition_cost_eur": 2_000.0,
                "in_service_year": 2015,
                "useful_life_years": 20,
                "depreciation_method": "linear",
                "proposed_price_eur": 600.0,
                "transaction_cost_eur": 50.0,
            },
            {"asset_id": "B", "market_value_eur": 900.0, "book_value_eur": 10.0},
            {"asset_id": "C", "market_value_eur": 900.0, "book_value_eur": 10.0},
        ],
        initiatives=[
            {
                "initiative_id": "I",
                "asset_id": "A",
                "duration_years": 3,
                "operating_cost_eur_per_year": 20.0,
                "subsidy_eur_per_year": 30.0,
            },
            {"initiative_id": "J", "asset_id": "C", "duration_years": 3},
        ],
        effects=[{"owner_id": "I", "effect": "ontmoeting", "quantity": 1.0, "unit_value_eur": 100.0}],
        discount_rate=0.0,
        horizon_years=10,
    )
    of = transfers_of(appraise(case))
    assert of.table["why_not"].tolist() == [None, "no_initiative", "no_price"]
    assert of.book_loss_eur[0] == pytest.approx([450.0, 350.0, 250.0, 150.0])
    assert of.subsidy_eur[0] == pytest.approx([30.0, 30.0, 30.0, 0.0])
    assert of.value_eur[0] == pytest.approx([3 * 100.0 - 3 * 20.0 - 50.0] * 4)


def test_waiting_costs_the_social_discount_rate() -> None:
    case = build_case(
        assets=[{"asset_id": "A", "market_value_eur": 900.0, "book_value_eur": 10.0, "proposed_price_eur": 1.0}],
        initiatives=[{"initiative_id": "I", "asset_id": "A"}],
        effects=[{"owner_id": "I", "effect": "ontmoeting", "quantity": 1.0, "unit_value_eur": 100.0, "start_year": 0}],
        discount_rate=0.25,
    )
    value = transfers_of(appraise(case)).value_eur[0]
    assert value / value[0] == pytest.approx([1.0, 1 / 1.25, 1 / 1.25**2, 1 / 1.25**3])


def test_a_year_that_a_stepped_rate_does_not_reach_is_no_choice() -> None:
    initiative = {"asset_id": "1", "new_user_income_eur_per_year": 1_000.0, "income_eur_per_year": 1_000.0}
    case = build_case(assets=[{"proposed_price_eur": 0.0}], initiatives=[initiative]).with_assumptions(
        horizon_years=2, discount_rate=((1, 0.03), (2, 0.02))
    )
    offered = transfers_of(appraise(case))
    # Years 0, 1 and 2 have a factor: 1, 1/1.03 and 1/(1.03 x 1.02).
    assert offered.value_eur[0] / offered.value_eur[0, 0] == pytest.approx([1.0, 1 / 1.03, 1 / (1.03 * 1.02)])


def test_without_candidates_nothing_is_chosen() -> None:
    case = build_case(assets=[{"asset_id": "A", "market_value_eur": 900.0, "book_value_eur": 10.0}])
    found = best_programme(transfers_of(appraise(case)), book_loss_ceiling_eur=1_000.0, subsidy_ceiling_eur=1_000.0)
    assert found.chosen.empty
    assert found.missed.empty
    assert found.value_eur == 0.0


def test_a_ceiling_below_zero_has_no_meaning() -> None:
    with pytest.raises(ValuationError) as raised:
        best_programme(transfers([[1.0]], [[0.0]], [[0.0]]), book_loss_ceiling_eur=-1.0, subsidy_ceiling_eur=0.0)
    assert "€" not in raised.value.message("nl")
