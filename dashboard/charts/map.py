"""The map of the portfolio: objects as signs over outlines of neighbourhoods, with or without a background.

Without a server for the background the map is an ordinary chart on degrees, in the right proportion, that asks nothing
of anybody. With one it is plotly's tile map on an empty style of our own, so that nothing but its pictures is fetched.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pandas as pd

from dashboard.charts.portfolio import LARGEST_DOT, QUADRANT_ROLES, SMALLEST_DOT
from dashboard.charts.template import COLOURS, TEXT, ZERO_LINE, layout, safe
from dashboard.notation import number
from dashboard.wording import _

Figure = dict[str, Any]
GROUP_ROLES = {
    **QUADRANT_ROLES,
    "not_drawn": ("book", "circle-open"),
    "building": ("total", "square"),
    "green": ("social", "circle"),
}
"""Colour and sign of each group of objects; the sign is for who does not see the colour."""
HEIGHT = 560
USUAL_WIDTH = 760
"""[pixels] Width for which the first look at a tile map is chosen; on a wider screen it shows a little more."""
WORLD = 512
"""[pixels] Width of the whole world at zoom 0."""
CLOSEST = 17
METRES_PER_DEGREE = math.pi / 180 * 6_371_008.8
"""[m] Of latitude, on a sphere with the earth's mean radius (IUGG)."""
MOST_LABELS = 24
FAINTEST, FULLEST = 0.1, 0.6


@dataclass(frozen=True)
class Shape:
    """One neighbourhood on the map.

    Parameters
    ----------
    name : str
    rings : sequence of (longitudes, latitudes)
    value : float | None
        [EUR] By which it is coloured; None where it is not.
    text : str
        What is said of it.
    """

    name: str
    rings: Sequence[tuple[Sequence[float], Sequence[float]]]
    value: float | None = None
    text: str = ""


@dataclass(frozen=True)
class Extent:
    """The part of the earth that is shown, in degrees."""

    west: float
    east: float
    south: float
    north: float

    @property
    def narrowing(self) -> float:
        """How much shorter a degree of longitude is than one of latitude, here."""
        return math.cos(math.radians((self.south + self.north) / 2))


def extent_of(points: pd.DataFrame, shapes: Sequence[Shape]) -> Extent:
    """Where these objects and neighbourhoods lie, with some room around."""
    x = [*points["longitude"], *chain.from_iterable(ring[0] for shape in shapes for ring in shape.rings)]
    y = [*points["latitude"], *chain.from_iterable(ring[1] for shape in shapes for ring in shape.rings)]
    room = max(0.05 * max(max(x) - min(x), max(y) - min(y)), 0.001)
    return Extent(min(x) - room, max(x) + room, min(y) - room, max(y) + room)


def plain_map(
    points: pd.DataFrame, shapes: Sequence[Shape], names: dict[str, str], role: str | None, extent: Extent
) -> Figure:
    """The map without a background.

    Parameters
    ----------
    points : DataFrame
        `latitude`, `longitude`, `market_value_eur`, `group` (a key of `names`) and `text`, of the objects to draw.
    shapes : sequence of Shape
    names : dict
        Group to what it is called.
    role : str | None
        Colour of the neighbourhoods' values; None where they are not coloured.
    extent : Extent
    """
    hidden = {"visible": False, "fixedrange": True}
    return {
        "data": [
            *_areas("scatter", ("x", "y"), shapes, role),
            *_labels(shapes),
            *_signs("scatter", ("x", "y"), points, names, lambda symbol: {"symbol": symbol}),
        ],
        "layout": layout(
            height=HEIGHT,
            xaxis={**hidden, "range": [extent.west, extent.east]},
            yaxis={
                **hidden,
                "range": [extent.south, extent.north],
                "scaleanchor": "x",
                "scaleratio": 1 / extent.narrowing,
            },
            hovermode="closest",
            legend={"itemsizing": "constant"},
            **_scale_bar(extent),
        ),
    }


def tile_map(
    points: pd.DataFrame,
    shapes: Sequence[Shape],
    names: dict[str, str],
    role: str | None,
    extent: Extent,
    tiles: tuple[str, str],
) -> Figure:
    """The map on the pictures of a server; parameters as of `plain_map`.

    Parameters
    ----------
    tiles : tuple of str
        Address of a picture with {z}, {x} and {y}, and whose map it is.
    """
    url, attribution = tiles
    return {
        "data": [
            *_areas("scattermap", ("lon", "lat"), shapes, role),
            # Other signs than a circle would need pictures from a server.
            *_signs("scattermap", ("lon", "lat"), points, names, lambda _symbol: {}),
        ],
        "layout": layout(
            height=HEIGHT,
            dragmode="pan",
            hovermode="closest",
            legend={"itemsizing": "constant"},
            map={
                # A style of our own without a single address: plotly's own styles are fetched from their makers.
                "style": {"version": 8, "sources": {}, "layers": []},
                "center": {"lon": (extent.west + extent.east) / 2, "lat": (extent.south + extent.north) / 2},
                "zoom": _zoom(extent),
                "layers": [
                    {
                        "sourcetype": "raster",
                        "source": [url],
                        "sourceattribution": safe(attribution),
                        "below": "traces",
                    }
                ],
            },
        ),
    }


def _zoom(extent: Extent) -> float:
    """The zoom at which all of it is seen."""
    across = USUAL_WIDTH * 360 / (WORLD * (extent.east - extent.west))
    up = HEIGHT * 360 * extent.narrowing / (WORLD * (extent.north - extent.south))
    return min(math.log2(min(across, up)), CLOSEST)


def _areas(kind: str, axes: tuple[str, str], shapes: Sequence[Shape], role: str | None) -> list[Figure]:
    """Each neighbourhood with a value filled, the fuller the higher; and the outline of all."""
    if not shapes:
        return []
    largest = max((abs(shape.value) for shape in shapes if shape.value is not None), default=0.0) or 1.0
    filled = [
        {
            "type": kind,
            "mode": "lines",
            **_path(axes, [shape]),
            "fill": "toself",
            "fillcolor": COLOURS[role if shape.value >= 0 else "cost"],
            "opacity": FAINTEST + (FULLEST - FAINTEST) * abs(shape.value) / largest,
            "line": {"width": 0, "color": ZERO_LINE},
            "hoverinfo": "text",
            "text": safe(shape.text),
            **({"hoveron": "fills"} if kind == "scatter" else {}),
            "showlegend": False,
        }
        for shape in shapes
        if role is not None and shape.value is not None
    ]
    line = {"width": 1.5, "color": ZERO_LINE}
    outline = {"type": kind, "mode": "lines", **_path(axes, shapes), "line": line, "hoverinfo": "skip"}
    return [*filled, {**outline, "showlegend": False}]


def _path(axes: tuple[str, str], shapes: Sequence[Shape]) -> Figure:
    """All rings one after another, with a gap between each two."""
    rings = [ring for shape in shapes for ring in shape.rings]
    return {
        axis: list(chain.from_iterable([*ring[place], None] for ring in rings))[:-1] for place, axis in enumerate(axes)
    }


def _labels(shapes: Sequence[Shape]) -> list[Figure]:
    """The names of the neighbourhoods, where there are few enough to read them."""
    if not shapes or len(shapes) > MOST_LABELS:
        return []
    places = [_middle(max(shape.rings, key=lambda ring: len(ring[0]))) for shape in shapes]
    return [
        {
            "type": "scatter",
            "mode": "text",
            "x": [x for x, _y in places],
            "y": [y for _x, y in places],
            "text": [safe(shape.name) for shape in shapes],
            "textfont": TEXT,
            "hoverinfo": "skip",
            "showlegend": False,
        }
    ]


def _middle(ring: tuple[Sequence[float], Sequence[float]]) -> tuple[float, float]:
    return (min(ring[0]) + max(ring[0])) / 2, (min(ring[1]) + max(ring[1])) / 2


def _signs(kind: str, axes: tuple[str, str], points: pd.DataFrame, names: dict[str, str], sign: Any) -> list[Figure]:
    """The objects, a trace for each group; the area of a sign is the market value."""
    largest = max(float(points["market_value_eur"].max()), 1.0) if len(points) else 1.0
    traces = []
    for group, name in names.items():
        rows = points[points["group"] == group]
        if rows.empty:
            continue
        role, symbol = GROUP_ROLES[group]
        traces.append(
            {
                "type": kind,
                "mode": "markers",
                "name": name,
                axes[0]: rows["longitude"].tolist(),
                axes[1]: rows["latitude"].tolist(),
                "text": rows["text"].tolist(),
                "hovertemplate": "%{text}<extra></extra>",
                "marker": {
                    "size": [
                        max(SMALLEST_DOT, LARGEST_DOT * math.sqrt(value / largest))
                        for value in rows["market_value_eur"]
                    ],
                    "color": COLOURS[role],
                    "opacity": 0.85,
                    **({"line": {"width": 1.5, "color": "white"}} if kind == "scatter" else {}),
                    **sign(symbol),
                },
            }
        )
    return traces


def _scale_bar(extent: Extent) -> Figure:
    """A line of a round number of metres in the corner, and what it stands for."""
    degree_m = METRES_PER_DEGREE * extent.narrowing
    most = (extent.east - extent.west) * degree_m / 5
    step = 10.0 ** math.floor(math.log10(most))
    length_m = step * max(times for times in (1, 2, 5) if times * step <= most)
    start, end = extent.west, extent.west + length_m / degree_m
    text = (
        _("{length} km", length=number(length_m / 1000, 1))
        if length_m >= 1000
        else _("{length} m", length=number(length_m))
    )
    at = {"x0": start, "x1": end, "y0": extent.south, "y1": extent.south}
    return {
        "shapes": [{"type": "line", **at, "line": {"width": 3, "color": TEXT["color"]}}],
        "annotations": [
            {
                "x": (start + end) / 2,
                "y": extent.south,
                "yanchor": "bottom",
                "yshift": 3,
                "text": text,
                "showarrow": False,
                "font": TEXT,
            }
        ],
    }
