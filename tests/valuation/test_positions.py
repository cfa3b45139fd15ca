"""Where objects lie: the published points of the national grid, and which of two ways of saying it counts."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.building import build_case
from valuation.positions import LATITUDES, LONGITUDES, RD_X, RD_Y, degrees_of_rd, positions

# The two checks that the authors of the formula publish, and its origin: RD x and y in metres, latitude and longitude.
PUBLISHED = {
    "Westertoren, Amsterdam": (120_700.723, 487_525.501, 52.37453253, 4.88352559),
    "Martinitoren, Groningen": (233_883.131, 582_065.167, 53.21938317, 6.56820053),
    "Onze-Lieve-Vrouwetoren, Amersfoort": (155_000.0, 463_000.0, 52.15517440, 5.38720621),
}
QUARTER_METRE = 0.25 / 111_195.0 / math.cos(math.radians(53.3))
"""[degrees] The accuracy that the authors state, taken at the longitude, where a degree is shortest."""


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_point_of_the_national_grid(name: str) -> None:
    x, y, latitude, longitude = PUBLISHED[name]
    found = degrees_of_rd(np.array([x]), np.array([y]))
    assert found[0] == pytest.approx([latitude], abs=QUARTER_METRE)
    assert found[1] == pytest.approx([longitude], abs=QUARTER_METRE)


def test_degrees_count_before_metres_and_a_place_may_be_unknown() -> None:
    amersfoort = {"rd_x_m": 155_000.0, "rd_y_m": 463_000.0}
    case = build_case(
        assets=[
            {"asset_id": "A", "latitude": 52.0, "longitude": 5.0, **amersfoort},
            {"asset_id": "B", **amersfoort},
            {"asset_id": "C"},
        ]
    )
    found = positions(case.assets)
    assert found.iloc[0].tolist() == [52.0, 5.0]
    assert found.iloc[1].tolist() == pytest.approx([52.15517440, 5.38720621])
    assert found.iloc[2].isna().all()


def test_a_swapped_pair_is_never_taken_for_a_right_one() -> None:
    assert LONGITUDES[1] < LATITUDES[0]
    assert RD_X[1] < RD_Y[0]
    # The corners of the country: the island Rottumerplaat's coast, Bad Nieuweschans, Eijsden and Cadzand.
    for latitude, longitude in ((53.56, 6.48), (53.18, 7.227), (50.751, 5.69), (51.37, 3.36)):
        assert LATITUDES[0] < latitude < LATITUDES[1]
        assert LONGITUDES[0] < longitude < LONGITUDES[1]
