"""The map and the small pictures without a browser: what is drawn, what is fetched, and what an upload changes."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.charts.map import GROUP_ROLES, MOST_LABELS, Extent, Shape, extent_of, plain_map, tile_map
from dashboard.charts.small_multiples import Bar, Dot, bars_html, clouds_html
from dashboard.charts.template import COLOURS
from dashboard.portfolio.on_map import group_names
from dashboard.portfolio.tiles import ATTRIBUTION, URL, BadTilesError, Tiles, configured
from dashboard.wording import speaking
from tests.dashboard.test_portefeuille import PAGE, opened, said

SQUARE = ((5.0, 5.2, 5.2, 5.0, 5.0), (52.0, 52.0, 52.1, 52.1, 52.0))
HOLE = ((5.05, 5.05, 5.1, 5.1, 5.05), (52.02, 52.05, 52.05, 52.02, 52.02))
POINTS = pd.DataFrame(
    {
        "longitude": [5.1, 5.15],
        "latitude": [52.05, 52.06],
        "market_value_eur": [400.0, 100.0],
        "group": ["building", "green"],
        "text": ["<b>A</b>", "<b>B</b>"],
    }
)
NAMES = {"building": "Gebouwen", "green": "Groen"}


def drawn(shapes: list[Shape], role: str | None = None) -> Any:
    with speaking("nl"):
        return plain_map(POINTS, shapes, NAMES, role, extent_of(POINTS, shapes))


def test_a_kilometre_is_as_long_up_as_across() -> None:
    figure = drawn([Shape("Noord", [SQUARE])])
    axes = figure["layout"]
    # At 52.05° north a degree of longitude is cos(52.05°) = 0.6150 of one of latitude.
    assert axes["yaxis"]["scaleanchor"] == "x"
    assert axes["yaxis"]["scaleratio"] == pytest.approx(1 / 0.6150, rel=1e-3)
    west, east = axes["xaxis"]["range"]
    south, north = axes["yaxis"]["range"]
    assert west < 5.0
    assert east > 5.2
    assert south < 52.0
    assert north > 52.1


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    figure = drawn([Shape("Noord", [SQUARE])])
    (bar,) = figure["layout"]["shapes"]
    (text,) = figure["layout"]["annotations"]
    # 0.22 degrees wide is 15 km here; a fifth is 3 km, of which 2 km is the round number.
    assert text["text"] == "2 km"
    assert (bar["x1"] - bar["x0"]) * 111.195 * 0.6150 == pytest.approx(2.0, rel=1e-3)


def test_one_object_alone_makes_a_map_too() -> None:
    extent = extent_of(POINTS.iloc[:1], [])
    assert extent.east - extent.west == pytest.approx(0.002)


def test_the_area_of_a_sign_is_the_market_value_and_every_group_has_its_own_sign() -> None:
    signs = [trace for trace in drawn([])["data"] if trace["mode"] == "markers"]
    assert [trace["name"] for trace in signs] == ["Gebouwen", "Groen"]
    first, second = (trace["marker"]["size"][0] for trace in signs)
    assert (first / second) ** 2 == pytest.approx(4.0)
    assert len({trace["marker"]["symbol"] for trace in signs}) == 2


def test_the_fuller_the_colour_the_higher_the_total_and_a_loss_has_another() -> None:
    shapes = [Shape("A", [SQUARE], 100.0, "a"), Shape("B", [SQUARE], 50.0, "b"), Shape("C", [SQUARE], -100.0, "c")]
    filled = [trace for trace in drawn([*shapes, Shape("D", [SQUARE])], "social")["data"] if "fill" in trace]
    assert [trace["opacity"] for trace in filled] == pytest.approx([0.6, 0.35, 0.6])
    assert filled[0]["fillcolor"] == filled[1]["fillcolor"] != filled[2]["fillcolor"]
    assert not any("fill" in trace for trace in drawn(shapes)["data"])


def test_the_names_stand_inside_and_out_of_the_way_and_many_are_left_out() -> None:
    (label,) = (trace for trace in drawn([Shape("<b>Noord</b>", [SQUARE])])["data"] if trace["mode"] == "text")
    assert label["text"] == ["‹b›Noord‹/b›"]
    assert 5.0 < label["x"][0] < 5.2
    assert 52.0 < label["y"][0] < 52.1
    assert math.dist((label["x"][0], label["y"][0]), (5.1, 52.05)) > 0.02
    many = [Shape(str(number), [SQUARE]) for number in range(MOST_LABELS + 1)]
    assert not [trace for trace in drawn(many)["data"] if trace["mode"] == "text"]


def test_rings_are_drawn_apart() -> None:
    (outline,) = (trace for trace in drawn([Shape("A", [SQUARE, HOLE])])["data"] if trace["mode"] == "lines")
    assert outline["x"] == [*SQUARE[0], None, *HOLE[0]]


def test_only_the_tile_server_is_named_in_the_tile_map() -> None:
    tiles = ("https://kaart.gemeente.example/{z}/{x}/{y}.png", "© Kaart <b>maker</b>")
    with speaking("nl"):
        shapes = [Shape("A", [SQUARE, HOLE], 5.0)]
        figure = tile_map(POINTS, shapes, NAMES, "social", Extent(5.0, 5.2, 52.0, 52.1), tiles)
    assert re.findall(r"[a-z]+://[^/\"]*", json.dumps(figure)) == ["https://kaart.gemeente.example"]
    raster, fill = figure["layout"]["map"]["layers"]
    assert raster["sourceattribution"] == "© Kaart ‹b›maker‹/b›"
    # The hole belongs to the area around it.
    assert [len(polygon) for polygon in fill["source"]["geometry"]["coordinates"]] == [2]
    # Across 700 x 360 / (512 x 0.2) = 2461, up 480 x 360 x 0.6147 / (512 x 0.1) = 2075; log2 of the lower is 11.02.
    assert figure["layout"]["map"]["zoom"] == pytest.approx(11.02, abs=0.01)


def test_on_a_tile_map_the_sign_and_the_legend_tell_groups_apart_without_colour() -> None:
    names = {group: group for group in GROUP_ROLES}
    points = pd.concat([POINTS.iloc[:1].assign(group=group) for group in names])
    with speaking("en"):
        figure = tile_map(points, [], names, None, extent_of(points, []), ("https://k.example/{z}/{x}/{y}.png", "K"))
    signs: dict[str, list[tuple[float, str]]] = {}
    for trace in figure["data"]:
        own = trace["marker"]["color"] == COLOURS[GROUP_ROLES[trace["legendgroup"]][0]]
        colour = "own" if own else trace["marker"]["color"]
        signs.setdefault(trace["legendgroup"], []).append((trace["marker"]["size"][0], colour))
    quadrants = [tuple(signs[group]) for group in group_names("quadrant")]
    assert len(set(quadrants)) == 5
    assert signs["building"] != signs["green"]
    told = [trace["name"] for trace in figure["data"] if trace.get("showlegend", True)]
    assert told == [
        "transfer",
        "worth_its_book_value (dark edge)",
        "little_of_both (white middle)",
        "sell (white ring)",
        "not_drawn (open)",
        "building",
        "green (white middle)",
    ]


def test_a_tile_server_needs_an_address_with_places_and_a_name() -> None:
    good = {URL: " https://kaart.example/{z}/{x}/{y}.png ", ATTRIBUTION: "© Maker"}
    assert configured({}) is None
    assert configured({ATTRIBUTION: "© Maker"}) is None
    assert configured(good) == Tiles("https://kaart.example/{z}/{x}/{y}.png", "© Maker")
    assert configured(good).host == "kaart.example"
    for url in (
        "kaart.example/{z}/{x}/{y}",
        "https://kaart.example/{z}/{x}",
        "javascript://a/{z}/{x}/{y}",
        "https:///",
    ):
        with pytest.raises(BadTilesError, match=URL):
            configured({**good, URL: url})
    with pytest.raises(BadTilesError, match=ATTRIBUTION):
        configured({URL: good[URL]})


@pytest.mark.parametrize("count", [2, 12, 60])
def test_small_pictures_of_few_and_of_many_neighbourhoods_have_one_scale(count: int) -> None:
    cards = [
        (f"Buurt {number}", "1 object", [Bar(10.0 * number, "€", "Boek", "book"), Bar(None, "–", "Sociaal", "social")])
        for number in range(1, count)
    ]
    html = bars_html([*cards, ("Laatste", "1 object", [Bar(-10.0, "€", "Boek", "book")])])
    assert html.count('role="listitem"') == count
    # From −10 to 10 x (count − 1): zero lies at 1 / count of every bar.
    zero = f"{1 / count:.2%}"
    assert set(re.findall(r'class="zero" style="left:([\d.]+%)', html)) == {zero}
    assert f'class="book" style="left:{zero};right:0.00%"' in html
    assert f'class="book" style="left:0.00%;right:{1 - 1 / count:.2%}"' in html


def test_clouds_share_their_axes_and_are_read_aloud() -> None:
    one, other = Dot(0.0, 0.0, "A: niets"), Dot(100.0, 50.0, 'B: "veel"')
    html = clouds_html([("Noord", "", [one]), ("Zuid", "", [other, one]), ("Oost", "geen", [])], (50.0, 25.0))
    places = re.findall(r"<i [^>]*left:([\d.]+)%;bottom:([\d.]+)%", html)
    assert places[0] == places[2]
    assert places[1] != places[0]
    assert 'aria-label="B: &quot;veel&quot;; A: niets"' in html
    assert html.count("border-left-width") == 3
    assert 'aria-label="geen"' in html


def test_names_of_neighbourhoods_are_no_markup() -> None:
    html = bars_html([("<script>", "<i>", [Bar(1.0, "<u>", "<b>", "book")])])
    assert not re.search(r"<(script|b>1|i>|u>)", html)


GEOJSON = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": f"BU{number}", "naam": name},
                "geometry": {"type": "Polygon", "coordinates": [[*zip(*SQUARE, strict=True)]]},
            }
            for number, name in enumerate(("Molenwijk", "lindenbuurt", "Elders"))
        ],
    }
).encode()


@pytest.fixture
def on_map(app: AppTest) -> AppTest:
    return opened(app.run().switch_page(PAGE).run(), "Op de kaart")


def test_the_example_has_outlines_that_are_said_to_be_made_up(on_map: AppTest) -> None:
    assert not on_map.exception
    assert "Deze omtrekken zijn verzonnen" in said(on_map)
    assert "Elke buurt van de werkmap heeft een omtrek" in said(on_map)


def test_outlines_survive_a_mistake_and_another_page(on_map: AppTest) -> None:
    page = on_map.file_uploader[0].upload("buurten.geojson", GEOJSON).run()
    assert "**buurten\\.geojson**, 3 gebieden" in said(page)
    missing = [warning.value for warning in page.warning]
    assert len(missing) == 1
    assert missing[0].startswith("Zonder omtrek: Achterhout, Stationsbuurt")
    page = page.file_uploader[0].upload("rd.geojson", GEOJSON.replace(b"52.0", b"463000.0")).run()
    assert any("WGS 84 (EPSG:4326)" in error.value for error in page.error)
    assert "**buurten\\.geojson**, 3 gebieden" in said(page)
    page = opened(page.switch_page("dashboard/app_pages/waarde.py").run().switch_page(PAGE).run(), "Op de kaart")
    assert "**buurten\\.geojson**, 3 gebieden" in said(page)
    page = next(button for button in page.button if button.label == "Haal deze omtrekken weg").click().run()
    assert "Deze omtrekken zijn verzonnen" in said(page)


def test_who_says_which_property_is_the_name_is_heard(on_map: AppTest) -> None:
    both = GEOJSON.replace(b'"code": "BU0"', b'"code": "Binnenstad"').replace(b'"code": "BU1"', b'"code": "Achterhout"')
    page = on_map.file_uploader[0].upload("buurten.geojson", both).run()
    field = next(field for field in page.selectbox if field.label.startswith("Welke eigenschap"))
    assert field.value == "naam"
    page = field.set_value("code").run()
    assert page.warning[0].value.startswith("Zonder omtrek: Lindenbuurt, Molenwijk, Stationsbuurt, Noorderkwartier")
    # And the map above the field has them in the same moment.
    where = next(field for field in page.selectbox if field.label == "Kijk naar")
    assert where.options == ["de hele gemeente", "Binnenstad", "Achterhout", "BU2"]


def test_the_address_of_a_tile_server_that_cannot_be_is_said(on_map: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL, "https://kaart.example/")
    page = on_map.run()
    assert any(URL in warning.value for warning in page.warning)


def test_without_places_and_outlines_the_page_says_how_to_get_a_map(app: AppTest, changed_workbook: Any) -> None:
    cells = {f"{column}{row}": None for row in range(2, 21) for column in ("AA", "AB")}
    page = app.run().switch_page("dashboard/app_pages/gegevens.py").run()
    page = page.file_uploader[0].upload("eigen.xlsx", changed_workbook(Objecten=cells)).run()
    page = opened(page.switch_page(PAGE).run(), "Op de kaart")
    assert "Van geen object staat er nog waar het ligt" in said(page)


def test_every_group_of_objects_has_a_name() -> None:
    with speaking("en"):
        assert set(group_names("kind")) == {"building", "green"}
        assert len(set(group_names("quadrant").values())) == 5


def test_outlines_outlive_an_expired_sign_in_with_the_example_open(monkeypatch: pytest.MonkeyPatch) -> None:
    session: dict[str, Any] = {"shown": None, "outlines": None}
    monkeypatch.setattr(state.st, "session_state", session)
    assert state.unsaved() == {}
    session["outlines"] = "omtrekken"
    assert state.unsaved() == {"shown": None, "outlines": "omtrekken"}


def test_on_the_map_of_the_example_no_name_touches_a_sign_or_another_name(on_map: AppTest) -> None:
    """Where the map is 480 pixels high, with letters of 7 pixels wide and 14 high."""
    (chart,) = on_map.get("plotly_chart")
    figure = json.loads(chart.proto.spec)
    south, north = figure["layout"]["yaxis"]["range"]
    up = 480 / (north - south)
    right = up / figure["layout"]["yaxis"]["scaleratio"]
    (names,) = [trace for trace in figure["data"] if trace["mode"] == "text"]
    boxes = {
        text: (x * right, y * up, len(text) * 3.5, 7.0)
        for text, x, y in zip(names["text"], names["x"], names["y"], strict=True)
    }
    assert len(boxes) == 7
    for trace in figure["data"]:
        if trace["mode"] == "markers":
            for number, (x, y, size) in enumerate(zip(trace["x"], trace["y"], trace["marker"]["size"], strict=True)):
                boxes[f"{trace['name']} {number}"] = (x * right, y * up, size / 2, size / 2)
    touching = [
        (name, other)
        for name in names["text"]
        for other in boxes
        if other != name
        and abs(boxes[name][0] - boxes[other][0]) < boxes[name][2] + boxes[other][2]
        and abs(boxes[name][1] - boxes[other][1]) < boxes[name][3] + boxes[other][3]
    ]
    assert touching == []
