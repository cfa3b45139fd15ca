"""Which case an object is: from figures to a verdict, by hand from METHOD §10."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from valuation import verdict

UNKNOWN = math.nan


def asset(**figures: float | bool) -> pd.Series:
    """A row of `Result.assets`: there is room between 100 and 300, and 200 is proposed for what the market pays 400."""
    given: dict[str, float | bool] = {
        "has_initiative": True,
        "reservation_price_eur": 100.0,
        "reservation_price_against_sale_eur": 250.0,
        "ceiling_price_eur": 300.0,
        "proposed_price_eur": 200.0,
        "market_value_eur": 400.0,
        "social_value_eur": 1_000.0,
        "social_value_against_sale_eur": 600.0,
        "required_share": 0.2,
    }
    assert figures.keys() <= given.keys()
    return pd.Series({**given, **figures}, dtype=object)


@pytest.mark.parametrize(
    ("reservation", "ceiling", "room"),
    [
        (100, 300, "between"),
        (300, 300, "between"),  # one price suits both
        (0, 300, "between"),
        (-1, 300, "from_nothing"),
        (-1, 0, "from_nothing"),
        (-50, -20, "money_added"),  # 20 short, and the municipality can add 50
        (-50, -50, "money_added"),
        (301, 300, "gap"),
        (1, 0, "gap"),
        (-20, -50, "gap_money_added"),  # 50 short, and it can add no more than 20
        (0, -50, "gap_short_at_nothing"),
        (10, -50, "gap_short_at_nothing"),
    ],
)
def test_room_between_the_parties(reservation: float, ceiling: float, room: str):
    row = asset(reservation_price_eur=reservation, ceiling_price_eur=ceiling)
    assert verdict.room(row) == room
    assert verdict.has_room(row) is (reservation <= ceiling)


def test_without_an_initiative_there_is_no_room_and_nothing_to_lose_beside_a_sale():
    nobody = asset(
        has_initiative=False, ceiling_price_eur=UNKNOWN, social_value_eur=UNKNOWN, social_value_against_sale_eur=-1.0
    )
    assert not verdict.has_room(nobody)
    assert not verdict.has_no_room_against_sale(nobody)
    assert not verdict.is_better_sold(nobody)


@pytest.mark.parametrize(
    ("reservation", "against_sale", "gone"),
    [(100, 300, False), (100, 301, True), (301, 500, False)],  # the last has no room that could be gone
)
def test_room_that_a_sale_takes_away(reservation: float, against_sale: float, gone: bool):  # noqa: FBT001
    row = asset(reservation_price_eur=reservation, reservation_price_against_sale_eur=against_sale)
    assert verdict.has_no_room_against_sale(row) is gone


@pytest.mark.parametrize(
    ("social", "against_sale", "better"),
    [(1_000, 0, False), (1_000, -1, True), (0, -1, True), (-1, -2, False), (1_000, UNKNOWN, False)],
)
def test_society_that_gains_more_by_a_sale(social: float, against_sale: float, better: bool):  # noqa: FBT001
    row = asset(social_value_eur=social, social_value_against_sale_eur=against_sale)
    assert verdict.is_better_sold(row) is better


@pytest.mark.parametrize(
    ("reservation", "ceiling", "price", "place"),
    [
        (100, 300, UNKNOWN, "none"),
        (100, 300, 100, "within"),
        (100, 300, 300, "within"),
        (100, 300, 99, "too_low"),
        (100, 300, 301, "too_high"),
        (300, 100, 200, "neither"),
        (300, 100, 300, "too_high"),  # the municipality is no worse off
        (300, 100, 100, "too_low"),  # the initiative can carry it
    ],
)
def test_place_of_the_proposed_price(reservation: float, ceiling: float, price: float, place: str):
    row = asset(reservation_price_eur=reservation, ceiling_price_eur=ceiling, proposed_price_eur=price)
    assert verdict.proposal(row) == place


@pytest.mark.parametrize(
    ("price", "share", "needed"),
    [
        (UNKNOWN, UNKNOWN, "no_price"),
        (399, UNKNOWN, "no_value"),
        (400, UNKNOWN, "no_discount"),  # so nothing has to be justified, whatever the social value is
        (400, 0, "no_discount"),
        (200, 0.2, "part"),
        (200, 1, "part"),
        (200, 1.01, "more_than_all"),
    ],
)
def test_share_of_the_social_value_that_must_come_true(price: float, share: float, needed: str):
    assert verdict.share_needed(asset(proposed_price_eur=price, required_share=share)) == needed
