"""Where an object lies: from degrees (WGS84), or from the coordinates of the Dutch national grid (RD New).

Positions are for the map only; no amount depends on them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from valuation.arrays import Floats, figures

LATITUDES, LONGITUDES = (50.7, 53.8), (3.1, 7.3)
"""[degrees] The European Netherlands with its waters up to twelve miles: EPSG extent 1275 (50.75 to 53.70 north, 3.20
to 7.22 east), each side moved outward to a whole tenth, since the country itself reaches 7.2278 east."""
RD_X, RD_Y = (0.0, 280_000.0), (300_000.0, 625_000.0)
"""[m] The same country in RD New (Kadaster): the two never overlap, so that a swapped pair is always seen."""

# F.H. Schreutelkamp and G.L. Strang van Hees, Benaderingsformules voor de transformatie tussen RD- en
# WGS84-kaartcoördinaten, Geodesia 43 (2001), pp. 64-69: within 25 cm everywhere in the country on land.
AMERSFOORT_RD = (155_000.0, 463_000.0)
AMERSFOORT = (52.15517440, 5.38720621)
HUNDRED_KM = 100_000.0
SECONDS = 3600.0
NORTHWARD = (
    (0, 1, 3235.65389),
    (2, 0, -32.58297),
    (0, 2, -0.24750),
    (2, 1, -0.84978),
    (0, 3, -0.06550),
    (2, 2, -0.01709),
    (1, 0, -0.00738),
    (4, 0, 0.00530),
    (2, 3, -0.00039),
    (4, 1, 0.00033),
    (1, 1, -0.00012),
)
EASTWARD = (
    (1, 0, 5260.52916),
    (1, 1, 105.94684),
    (1, 2, 2.45656),
    (3, 0, -0.81885),
    (1, 3, 0.05594),
    (3, 1, -0.05607),
    (0, 1, 0.01199),
    (3, 2, -0.00256),
    (1, 4, 0.00128),
    (0, 2, 0.00022),
    (2, 0, -0.00022),
    (5, 0, 0.00026),
)
"""Powers of x and y, in hundreds of kilometres from Amersfoort, and the seconds of arc that they add."""


def degrees_of_rd(x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
    """Latitude and longitude of coordinates in RD New.

    Parameters
    ----------
    x_m, y_m : array
        [m] x goes up eastward, y northward.

    Returns
    -------
    latitude, longitude : array
        [degrees] WGS84, within 25 cm on land in the European Netherlands; outside it the formula does not hold.
    """
    x, y = (x_m - AMERSFOORT_RD[0]) / HUNDRED_KM, (y_m - AMERSFOORT_RD[1]) / HUNDRED_KM
    north, east = (
        np.sum([seconds * x**power_x * y**power_y for power_x, power_y, seconds in terms], axis=0)
        for terms in (NORTHWARD, EASTWARD)
    )
    return AMERSFOORT[0] + north / SECONDS, AMERSFOORT[1] + east / SECONDS


def positions(assets: pd.DataFrame) -> pd.DataFrame:
    """Where each object lies, a row an object in sheet order.

    Parameters
    ----------
    assets : DataFrame
        The objects of a case. Degrees count where both are there, and otherwise the coordinates in metres.

    Returns
    -------
    DataFrame
        `latitude` and `longitude` in degrees (WGS84); NaN where the workbook does not say where the object lies.
    """
    north, east = degrees_of_rd(figures(assets, "rd_x_m"), figures(assets, "rd_y_m"))
    latitude, longitude = figures(assets, "latitude"), figures(assets, "longitude")
    in_degrees = ~np.isnan(latitude + longitude)
    return pd.DataFrame(
        {"latitude": np.where(in_degrees, latitude, north), "longitude": np.where(in_degrees, longitude, east)}
    )
