"""The map of the portfolio: objects as signs over outlines of neighbourhoods, with or without a background.

Without a server for the background the map is an ordinary chart on degrees, in the right proportion, that asks nothing
of anybody. With one it is plotly's tile map on an empty style of our own, so that nothing but its pictures is fetched.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import pandas as pd

from dashboard.charts.portfolio import QUADRANT_ROLES, dot_sizes, largest_value
from dashboard.charts.template import COLOURS, TEXT, ZERO_LINE, Figure, layout, safe
from dashboard.notation import number
from dashboard.wording import _

GROUP_ROLES = {
    **QUADRANT_ROLES,
    "not_drawn": ("book", "circle-open"),
    "building": ("total", "square"),
    "green": ("social", "circle"),
}
"""Colour and sign of each group of objects; the sign is for who does not see the colour."""
OWN, WHITE = "", "#FFFFFF"
CIRCLES = {
    "transfer": ((1.0, OWN),),
    "worth_its_book_value": ((1.0, TEXT["color"]), (0.75, OWN)),
    "little_of_both": ((1.0, OWN), (0.45, WHITE)),
    "sell": ((1.0, OWN), (0.8, WHITE), (0.4, OWN)),
    "not_drawn": ((1.0, OWN), (0.8, WHITE)),
    "building": ((1.0, OWN),),
    "green": ((1.0, OWN), (0.45, WHITE)),
}
"""The sign of each group on a tile map, which has circles alone: one upon another, each with its width and colour."""
HEIGHT = 620
USUAL_SIZE = (700, 480)
"""[pixels] Width and height for which the first look at a tile map is chosen; a wider screen shows a little more."""
WORLD = 512
"""[pixels] Width of the whole world at zoom 0."""
CLOSEST = 17
EMPTY_STYLE: dict[str, Any] = {
    "version": 8,
    "sources": {"nothing": {"type": "geojson", "data": {"type": "FeatureCollection", "features": []}}},
    "layers": [{"id": "nothing", "type": "background", "paint": {"background-opacity": 0}}],
}
"""A style without a single address: plotly's own styles are fetched from their makers. What is quite empty plotly
drops, and then it has no style at all."""
METRES_PER_DEGREE = math.pi / 180 * 6_371_008.8
"""[m] Of latitude, on a sphere with the earth's mean radius (IUGG)."""
MOST_LABELS = 24
TRIES = 15
"""Along either side: places that are looked at for the name of a neighbourhood."""
LETTER = 7
"""[pixels] How wide a letter of a name is at most on average, and half of how high."""
CLEAR = 3
"""[pixels] Between a name and what stands beside it; more is not better."""
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


@dataclass(frozen=True)
class Box:
    """What a sign or a name takes up: its middle, and half of its width and height [pixels]."""

    x: float
    y: float
    half_width: float
    half_height: float

    @property
    def corners(self) -> list[tuple[float, float]]:
        """Its four corners."""
        return [
            (self.x + side * self.half_width, self.y + end * self.half_height) for side in (-1, 1) for end in (-1, 1)
        ]

    def gap(self, other: Box) -> float:
        """How far another one is off [pixels]; below zero the two overlap."""
        across = abs(self.x - other.x) - self.half_width - other.half_width
        up = abs(self.y - other.y) - self.half_height - other.half_height
        return math.hypot(across, up) if min(across, up) > 0 else max(across, up)


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
            *_areas(shapes, role),
            *_signs("scatter", ("x", "y"), points, names, lambda symbol: {"symbol": symbol}),
            *_labels(shapes, points, extent),
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
            *_borders("scattermap", ("lon", "lat"), shapes),
            *_circles(points, names),
        ],
        "layout": layout(
            height=HEIGHT,
            dragmode="pan",
            hovermode="closest",
            legend={"itemsizing": "constant"},
            map={
                "style": EMPTY_STYLE,
                "center": {"lon": (extent.west + extent.east) / 2, "lat": (extent.south + extent.north) / 2},
                "zoom": _zoom(extent),
                "layers": [
                    {
                        "sourcetype": "raster",
                        "source": [url],
                        "sourceattribution": safe(attribution),
                        "below": "traces",
                    },
                    *_fills(shapes, role),
                ],
            },
        ),
    }


def _zoom(extent: Extent) -> float:
    """The zoom at which all of it is seen."""
    across = USUAL_SIZE[0] * 360 / (WORLD * (extent.east - extent.west))
    up = USUAL_SIZE[1] * 360 * extent.narrowing / (WORLD * (extent.north - extent.south))
    return min(math.log2(min(across, up)), CLOSEST)


def _strengths(shapes: Sequence[Shape], role: str | None) -> list[tuple[Shape, str, float]]:
    """The neighbourhoods with a value, the colour of each, and how full it is: the higher, the fuller."""
    if role is None:
        return []
    known = [(shape, shape.value) for shape in shapes if shape.value is not None]
    largest = max((abs(value) for _shape, value in known), default=0.0) or 1.0
    return [
        (shape, COLOURS[role if value >= 0 else "cost"], FAINTEST + (FULLEST - FAINTEST) * abs(value) / largest)
        for shape, value in known
    ]


def _areas(shapes: Sequence[Shape], role: str | None) -> list[Figure]:
    """Each neighbourhood with a value filled, and the outline of all."""
    filled = [
        {
            "type": "scatter",
            "mode": "lines",
            **_path(("x", "y"), [shape]),
            "fill": "toself",
            "fillcolor": colour,
            "opacity": strength,
            "line": {"width": 0, "color": colour},
            "hoverinfo": "text",
            "hoveron": "fills",
            "text": safe(shape.text),
            "showlegend": False,
        }
        for shape, colour, strength in _strengths(shapes, role)
    ]
    return [*filled, *_borders("scatter", ("x", "y"), shapes)]


def _fills(shapes: Sequence[Shape], role: str | None) -> list[Figure]:
    """The same as layers of a tile map, on which a trace cannot be half seen through."""
    return [
        {
            "sourcetype": "geojson",
            "source": {
                "type": "Feature",
                "properties": {},
                "geometry": {"type": "MultiPolygon", "coordinates": _polygons(shape)},
            },
            "type": "fill",
            "color": colour,
            "opacity": strength,
            "below": "traces",
        }
        for shape, colour, strength in _strengths(shapes, role)
    ]


def _polygons(shape: Shape) -> list[list[list[list[float]]]]:
    """The rings as polygons: a ring that runs clockwise is a hole in the one before."""
    polygons: list[list[list[list[float]]]] = []
    for ring in shape.rings:
        points = [list(point) for point in zip(*ring, strict=True)]
        twice_area = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(points))
        if twice_area < 0 and polygons:
            polygons[-1].append(points)
        else:
            polygons.append([points])
    return polygons


def _borders(kind: str, axes: tuple[str, str], shapes: Sequence[Shape]) -> list[Figure]:
    """The outline of all neighbourhoods."""
    if not shapes:
        return []
    line = {"width": 1.5, "color": ZERO_LINE}
    return [
        {
            "type": kind,
            "mode": "lines",
            **_path(axes, shapes),
            "line": line,
            "hoverinfo": "skip",
            "showlegend": False,
        }
    ]


def _path(axes: tuple[str, str], shapes: Sequence[Shape]) -> Figure:
    """All rings one after another, with a gap between each two."""
    rings = [ring for shape in shapes for ring in shape.rings]
    return {
        axis: list(chain.from_iterable([*ring[place], None] for ring in rings))[:-1] for place, axis in enumerate(axes)
    }


def _labels(shapes: Sequence[Shape], points: pd.DataFrame, extent: Extent) -> list[Figure]:
    """The names of the neighbourhoods, where there are few enough to read them, and out of the way of the signs."""
    if not shapes or len(shapes) > MOST_LABELS:
        return []
    right, up = _pixels_per_degree(extent)
    in_the_way = [
        Box(x * right, y * up, size / 2, size / 2)
        for x, y, size in zip(
            points["longitude"],
            points["latitude"],
            dot_sizes(points["market_value_eur"], largest_value(points)),
            strict=True,
        )
    ]
    places = []
    for shape in shapes:
        longitudes, latitudes = max(shape.rings, key=lambda ring: len(ring[0]))
        outline = ([x * right for x in longitudes], [y * up for y in latitudes])
        name = _free_place(outline, len(shape.name) * LETTER / 2, in_the_way)
        in_the_way.append(name)
        places.append((name.x / right, name.y / up))
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


def _pixels_per_degree(extent: Extent) -> tuple[float, float]:
    """How many pixels a degree is across and up, where the picture has the usual size."""
    width, height = USUAL_SIZE
    up = min(height / (extent.north - extent.south), width / ((extent.east - extent.west) * extent.narrowing))
    return up * extent.narrowing, up


def _free_place(outline: Sequence[Sequence[float]], half_width: float, in_the_way: Sequence[Box]) -> Box:
    """Where a name stands within an outline: clear of signs and of other names, and then as far inside as can be.

    Parameters
    ----------
    outline : (x, y)
        [pixels]
    half_width : float
        [pixels] Of the name.
    in_the_way : sequence of Box
    """
    west, east, south, north = min(outline[0]), max(outline[0]), min(outline[1]), max(outline[1])
    tries = [
        Box(
            west + (east - west) * column / (TRIES + 1),
            south + (north - south) * row / (TRIES + 1),
            half_width,
            LETTER,
        )
        for column in range(1, TRIES + 1)
        for row in range(1, TRIES + 1)
    ]

    def room(name: Box) -> tuple[float, int, float]:
        clear = min((name.gap(other) for other in in_the_way), default=math.inf)
        border = min(math.dist((name.x, name.y), corner) for corner in zip(*outline, strict=True))
        return min(clear, CLEAR), sum(_is_inside(corner, outline) for corner in name.corners), min(clear, border)

    inside = [name for name in tries if _is_inside((name.x, name.y), outline)]
    return max(inside, key=room, default=Box((west + east) / 2, (south + north) / 2, half_width, LETTER))


def _is_inside(place: tuple[float, float], ring: Sequence[Sequence[float]]) -> bool:
    """Whether a line eastward crosses the outline an odd number of times."""
    x, y = place
    return (
        sum(
            (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0)
            for (x0, y0), (x1, y1) in pairwise(zip(*ring, strict=True))
        )
        % 2
        == 1
    )


def _signs(kind: str, axes: tuple[str, str], points: pd.DataFrame, names: dict[str, str], sign: Any) -> list[Figure]:
    """The objects, a trace for each group; the area of a sign is the market value."""
    largest = largest_value(points)
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
                    "size": dot_sizes(rows["market_value_eur"], largest),
                    "color": COLOURS[role],
                    "opacity": 0.85,
                    **({"line": {"width": 1.5, "color": "white"}} if kind == "scatter" else {}),
                    **sign(symbol),
                },
            }
        )
    return traces


def _circles(points: pd.DataFrame, names: dict[str, str]) -> list[Figure]:
    """The objects on a tile map: signs made of circles, since any other would need a picture from a server."""
    looks = {
        "worth_its_book_value": _("dark edge"),
        "little_of_both": _("white middle"),
        "green": _("white middle"),
        "sell": _("white ring"),
        "not_drawn": _("open"),
    }
    told = {group: f"{name} ({looks[group]})" if group in looks else name for group, name in names.items()}
    return [
        circle
        for group, name in told.items()
        for trace in _signs("scattermap", ("lon", "lat"), points, {group: name}, lambda _symbol: {})
        for circle in _one_upon_another(trace, group)
    ]


def _one_upon_another(trace: Figure, group: str) -> list[Figure]:
    """The circles of a group; one of them speaks for all, in the legend and under the mouse."""
    marker, circles = trace["marker"], CIRCLES[group]
    speaks = next(place for place, (_width, colour) in enumerate(circles) if colour == OWN)
    return [
        {
            **trace,
            "legendgroup": group,
            "marker": {
                "size": [width * size for size in marker["size"]],
                "color": colour or marker["color"],
                "opacity": marker["opacity"] if len(circles) == 1 else 1,
            },
            **({} if place == speaks else {"showlegend": False, "hoverinfo": "skip"}),
        }
        for place, (width, colour) in enumerate(circles)
    ]


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
