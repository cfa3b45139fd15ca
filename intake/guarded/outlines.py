"""The outlines of neighbourhoods from a GeoJSON file: areas only, in degrees, and no finer than a screen shows."""

from __future__ import annotations

import json
import math
from typing import Any

from .limits import RefusedError, tell

MAX_AREAS = 1_000
MAX_POINTS = 500_000
MAX_PROPERTIES = 60
LONGEST_TEXT = 200
MOST_DEGREES = (180.0, 90.0)
SCREEN = 2_000
"""Points of one outline lie at least this part of the whole map apart: closer, a screen cannot tell them apart."""
SHAPES = ("Polygon", "MultiPolygon")
IN_DEGREES = ("4326", "4258", "CRS84")
"""Signs of degrees in the name of a system that older files give: WGS84, or ETRS89, which is as good here."""

Point = tuple[float, float]
Ring = list[Point]


def read_outlines(data: bytes) -> dict[str, Any]:
    """The areas of the file.

    Returns
    -------
    dict
        `areas`: for each area its rings, each the longitudes and the latitudes of its points; outer rings run
        anticlockwise and holes clockwise. `properties`: names of properties with their text for each area, None where
        it has none. `left_out`: kinds of things that are no areas, and how many there are of each. All of them lists:
        an object of one key would be taken for a cell.
    """
    content = _parsed(data)
    features = _features(content)
    areas: list[list[Ring]] = []
    properties: list[Any] = []
    left_out: dict[str, int] = {}
    points = 0
    for feature in features:
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if not isinstance(geometry, dict) or kind not in SHAPES:
            name = kind if isinstance(kind, str) else "geometry"
            left_out[name[:LONGEST_TEXT]] = left_out.get(name[:LONGEST_TEXT], 0) + 1
            continue
        parts = geometry.get("coordinates")
        rings = _rings([parts] if kind == "Polygon" else parts)
        points += sum(map(len, rings))
        if points > MAX_POINTS or len(areas) == MAX_AREAS:
            raise RefusedError("outlines_too_large", areas=MAX_AREAS, points=MAX_POINTS)
        areas.append(rings)
        properties.append(feature.get("properties"))
    if not areas:
        raise RefusedError("outlines_without_areas")
    tell(0.5)
    closest = _extent(areas) / SCREEN
    return {
        "areas": [[tuple(zip(*_thinned(ring, closest), strict=True)) for ring in rings] for rings in areas],
        "properties": list(_texts(properties).items()),
        "left_out": list(left_out.items()),
    }


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise RefusedError("outlines_no_geojson") from error


def _features(content: Any) -> list[Any]:
    """The things in the file, after a look at what it says of itself."""
    if not isinstance(content, dict) or content.get("type") not in {"FeatureCollection", "Feature"}:
        raise RefusedError("outlines_no_geojson")
    system = json.dumps(content.get("crs") or "")
    if content.get("crs") and not any(sign in system for sign in IN_DEGREES):
        raise RefusedError("outlines_not_degrees")
    features = [content] if content["type"] == "Feature" else content.get("features")
    if not isinstance(features, list):
        raise RefusedError("outlines_no_geojson")
    return features


def _rings(parts: Any) -> list[Ring]:
    """All rings of an area: of each part the outer one and then its holes."""
    if not isinstance(parts, list):
        raise RefusedError("outlines_no_geojson")
    rings = []
    for part in parts:
        if not isinstance(part, list) or not part:
            raise RefusedError("outlines_no_geojson")
        rings += [
            _turned([_point(each) for each in _of_ring(ring)], is_outer=place == 0) for place, ring in enumerate(part)
        ]
    return rings


def _of_ring(ring: Any) -> list[Any]:
    if not isinstance(ring, list) or len(ring) < 4:
        raise RefusedError("outlines_no_geojson")
    return ring


def _point(position: Any) -> Point:
    if not isinstance(position, list) or len(position) < 2:
        raise RefusedError("outlines_no_geojson")
    for value in position[:2]:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise RefusedError("outlines_no_geojson")
    longitude, latitude = float(position[0]), float(position[1])
    if abs(longitude) > MOST_DEGREES[0] or abs(latitude) > MOST_DEGREES[1]:
        raise RefusedError("outlines_not_degrees")
    return longitude, latitude


def _turned(ring: Ring, *, is_outer: bool) -> Ring:
    """The ring anticlockwise when it is an outer one and clockwise when it is a hole, as RFC 7946 has it."""
    twice_area = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True))
    return ring if (twice_area > 0) == is_outer else ring[::-1]


def _extent(areas: list[list[Ring]]) -> float:
    """The longer side of the whole map, in degrees."""
    points = [point for rings in areas for ring in rings for point in ring]
    longitudes, latitudes = zip(*points, strict=True)
    extent: float = max(max(longitudes) - min(longitudes), max(latitudes) - min(latitudes))
    return extent


def _thinned(ring: Ring, closest: float) -> Ring:
    """The ring without points that lie too close to the one before; its ends stay."""
    kept = [ring[0]]
    for point in ring[1:-1]:
        if max(abs(point[0] - kept[-1][0]), abs(point[1] - kept[-1][1])) >= closest:
            kept.append(point)
    return [*kept, ring[-1]]


def _texts(properties: list[Any]) -> dict[str, list[str | None]]:
    """The properties with a text or a whole number for at least one area."""
    given = [each if isinstance(each, dict) else {} for each in properties]
    names = list(dict.fromkeys(name for each in given for name in each))[:MAX_PROPERTIES]
    texts = {name[:LONGEST_TEXT]: [_text(each.get(name)) for each in given] for name in names}
    return {name: values for name, values in texts.items() if any(values)}


def _text(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip()[:LONGEST_TEXT] or None
