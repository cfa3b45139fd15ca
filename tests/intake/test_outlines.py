"""Outlines of neighbourhoods: what is read of a GeoJSON file, and what is refused and why."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from intake import build_case, load_reference, read_workbook
from intake.outlines import MAX_OUTLINES_BYTES, Outlines, read_outlines
from intake.reading import UnreadableFile
from valuation.messages import OUTLINES
from valuation.positions import positions

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
SQUARE = [[5.0, 52.0], [5.1, 52.0], [5.1, 52.1], [5.0, 52.1], [5.0, 52.0]]
HOLE = [[5.04, 52.04], [5.06, 52.04], [5.06, 52.06], [5.04, 52.06], [5.04, 52.04]]


def feature(coordinates: Any, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def collection(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def read(data: bytes) -> Outlines:
    return read_outlines(data, "buurten.geojson")


def moved(ring: list[list[float]], east: float, north: float) -> list[list[float]]:
    return [[x + east, y + north] for x, y in ring]


def area_of(ring: Any) -> float:
    points = list(zip(*ring, strict=True))
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(points)) / 2


def test_areas_with_holes_and_parts_and_their_properties() -> None:
    found = read(
        collection(
            feature([SQUARE, HOLE], naam="Noord", code=1, date="x"),
            feature([[SQUARE[::-1]], [moved(SQUARE, 0.2, 0.0)]], "MultiPolygon", naam=" Zuid ", oppervlakte=2.5),
        )
    )
    assert [len(rings) for rings in found.areas] == [2, 2]
    # Whichever way round they were drawn: outer rings anticlockwise, a hole clockwise.
    outer, hole = found.areas[0]
    assert area_of(outer) == pytest.approx(0.01)
    assert area_of(hole) == pytest.approx(-0.0004)
    assert area_of(found.areas[1][0]) == pytest.approx(0.01)
    assert found.properties == {"naam": ("Noord", "Zuid"), "code": ("1", None), "date": ("x", None)}
    assert found.problems == ()


def test_one_property_only_is_still_a_property() -> None:
    assert read(collection(feature([SQUARE], date="2026"))).properties == {"date": ("2026",)}


def test_a_bom_and_heights_do_no_harm() -> None:
    found = read(b"\xef\xbb\xbf" + collection(feature([[[*point, 1.5] for point in SQUARE]], naam="A")))
    assert len(found.areas) == 1


def test_what_a_screen_cannot_show_is_left_out_and_the_shape_stays() -> None:
    round_area = [
        [5 + math.cos(a / 2e4 * math.tau) / 10, 52 + math.sin(a / 2e4 * math.tau) / 10] for a in range(20_000)
    ]
    (rings,) = read(collection(feature([[*round_area, round_area[0]]], naam="A"))).areas
    assert len(rings[0][0]) < 7_000
    assert area_of(rings[0]) == pytest.approx(math.pi / 100, rel=1e-4)
    assert rings[0][0][0] == rings[0][0][-1]


def test_what_is_no_area_is_left_out_and_named() -> None:
    found = read(collection(feature([SQUARE], naam="A"), feature([5.0, 52.0], "Point"), {"type": "Feature"}))
    assert len(found.areas) == 1
    assert [(problem.level, problem.rule, problem.value) for problem in found.problems] == [
        ("warning", "outlines_no_area", "Point"),
        ("warning", "outlines_no_area", "geometry"),
    ]
    assert found.problems[0].message("nl").startswith("1 keer staat in 'buurten.geojson'")


RD = [[[x, y] for x, y in ((155e3, 463e3), (156e3, 463e3), (156e3, 464e3), (155e3, 463e3))]]
CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
REFUSED = {
    "empty": (b"", "file_empty"),
    "no json": (b"buurt;naam\n1;Noord\n", "outlines_no_geojson"),
    "another encoding": (collection(feature([SQUARE])).decode().encode("utf-16"), "outlines_no_geojson"),
    "a list": (b"[1, 2]", "outlines_no_geojson"),
    "a bare geometry": (json.dumps({"type": "Polygon", "coordinates": [SQUARE]}).encode(), "outlines_no_geojson"),
    "no list of features": (b'{"type": "FeatureCollection", "features": {}}', "outlines_no_geojson"),
    "nested without end": (b"[" * 2_000_000, "outlines_no_geojson"),
    "nested inside": (b'{"type":"Feature","geometry":' + b"[" * 500_000, "outlines_no_geojson"),
    "a ring of two": (collection(feature([SQUARE[:2]])), "outlines_no_geojson"),
    "words for numbers": (collection(feature([[["5.0", "52.0"]] * 4])), "outlines_no_geojson"),
    "no numbers": (collection(feature([[[math.nan, math.inf]] * 4])), "outlines_no_geojson"),
    "a level too many": (collection(feature([[SQUARE]])), "outlines_no_geojson"),
    "a level too few": (collection(feature(SQUARE)), "outlines_no_geojson"),
    "no areas": (collection(feature([5.0, 52.0], "Point")), "outlines_without_areas"),
    "nothing": (collection(), "outlines_without_areas"),
    "metres": (collection(feature(RD)), "outlines_not_degrees"),
    "said to be metres": (collection(feature([SQUARE]), crs=CRS), "outlines_not_degrees"),
    "swapped": (collection(feature([[point[::-1] for point in SQUARE]])), "outlines_swapped"),
    "another country": (collection(feature([moved(SQUARE, 5.0, -6.0)])), "outlines_elsewhere"),
    "too many areas": (collection(*[feature([SQUARE])] * 1_001), "outlines_too_large"),
    "too many points": (collection(feature([SQUARE[:-1] * 125_001])), "outlines_too_large"),
    "too large": (b" " * (MAX_OUTLINES_BYTES + 1), "outlines_file_too_large"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    data, rule = REFUSED[name]
    with pytest.raises(UnreadableFile) as raised:
        read(data)
    assert raised.value.problem.rule == rule
    for language in ("nl", "en"):
        assert "{" not in raised.value.problem.message(language)


def test_every_message_about_outlines_was_shown() -> None:
    assert set(OUTLINES) - {rule for _, rule in REFUSED.values()} == {"outlines_no_area"}


def test_in_degrees_by_name_is_read() -> None:
    for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"):
        crs = {"type": "name", "properties": {"name": name}}
        assert read(collection(feature([SQUARE], naam="A"), crs=crs)).areas


def test_which_property_is_the_name() -> None:
    found = read(
        collection(
            feature([SQUARE], BU_CODE="BU1", statnaam="Gemeente", BU_NAAM="De Hoef", oud="Zuid"),
            feature([SQUARE], BU_CODE="BU2", statnaam="Gemeente", BU_NAAM="Zuid", oud="Noord"),
        )
    )
    assert found.likely_name(["de hoef", "Zuid"]) == "BU_NAAM"
    assert found.is_plain("BU_NAAM", ["de hoef", "Zuid"])
    # Both have one of these; the likelier word goes first, and somebody may say otherwise.
    assert found.likely_name(["Zuid"]) == "BU_NAAM"
    assert not found.is_plain("BU_NAAM", ["Zuid"])
    assert found.likely_name([]) == "BU_NAAM"
    assert read(collection(feature([SQUARE], maat=1.5))).likely_name(["Zuid"]) is None


def test_every_object_of_the_example_lies_in_its_neighbourhood() -> None:
    file = DATASETS / "voorbeeldgemeente_buurten.geojson"
    assert "Verzonnen" in file.read_text("utf-8")
    found = read_outlines(file.read_bytes(), file.name)
    workbook = DATASETS / "voorbeeldgemeente.xlsx"
    case = build_case(read_workbook(workbook.read_bytes(), workbook.name), load_reference()).case
    assert case is not None
    name = found.likely_name(list(case.neighbourhoods["neighbourhood"]))
    assert name == "buurtnaam"
    assert set(found.properties[name]) == set(case.neighbourhoods["neighbourhood"])
    places = positions(case.assets)
    assert places.notna().all(axis=None)
    for neighbourhood, x, y in zip(case.assets["neighbourhood"], places["longitude"], places["latitude"], strict=True):
        inside = [
            owner
            for owner, rings in zip(found.properties[name], found.areas, strict=True)
            if sum(crossings(ring, x, y) for ring in rings) % 2
        ]
        assert inside == [neighbourhood]


def crossings(ring: Any, x: float, y: float) -> int:
    """How often a line from this point eastward crosses the ring."""
    points = list(zip(*ring, strict=True))
    return sum(
        (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0) for (x0, y0), (x1, y1) in pairwise(points)
    )
