"""Where the objects lie: a map over outlines of neighbourhoods that one brings along, and the figures in a table."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import lasting, state
from dashboard.charts.map import Shape, extent_of, plain_map, tile_map
from dashboard.charts.template import safe
from dashboard.frame import plain
from dashboard.labels import sheet_label
from dashboard.notation import MISSING, short_amount
from dashboard.portfolio import outlines
from dashboard.portfolio.neighbourhoods import totals_table
from dashboard.portfolio.tiles import BadTilesError, Tiles, configured
from dashboard.portfolio.words import AMOUNTS, listed, quadrant_names, source
from dashboard.show import show_chart, show_table
from dashboard.wording import _, language, n_
from intake.names import fold
from intake.outlines import Outlines
from valuation.appraisal import Result
from valuation.case import ASSETS
from valuation.portfolio import own_quadrants, portfolio_table, totals_by
from valuation.positions import positions

QUADRANT, KIND = "quadrant", "kind"
NOT_DRAWN = "not_drawn"
NO_COLOUR = "none"
TOTALS = {
    "social_value_eur": "social",
    "book_value_eur": "book",
    "maintenance_backlog_eur": "gap",
}
"""Totals by which neighbourhoods can be coloured, and their colour."""
EVERYWHERE = ""


def show_map(result: Result) -> None:
    """The map with its choices, its table, and the field for outlines."""
    table = _objects(result)
    placed = table[table["latitude"].notna()]
    # The field stands below the map and is made before it, so that the map has at once what is chosen there.
    above = st.container()
    _outlines_field(result)
    with above:
        _show_map(result, table, placed, _shapes(result))


def _show_map(result: Result, table: pd.DataFrame, placed: pd.DataFrame, shapes: dict[str, Shape]) -> None:
    if placed.empty and not shapes:
        st.info(
            _(
                "No object says where it lies yet. Fill in latitude and longitude (or RD x and y) on the sheet "
                "{sheet}, or add outlines of neighbourhoods below.",
                sheet=sheet_label(ASSETS),
            ),
            icon=":material/location_off:",
        )
    else:
        _draw(result, placed, shapes)
    absent = table[table["latitude"].isna()]
    if not absent.empty and not placed.empty:
        st.caption(_("Not on the map, since the workbook does not say where it lies: {names}.", names=listed(absent)))


def _objects(result: Result) -> pd.DataFrame:
    """Every object with its figures, where it lies, and in which part of the picture it stands."""
    table = portfolio_table(result)
    return table.join(positions(result.case.assets)).assign(
        quadrant=own_quadrants(table).astype(object).where(lambda quadrant: quadrant.notna(), NOT_DRAWN)
    )


def group_names(by: str) -> dict[str, str]:
    """What the groups of objects are called."""
    if by == KIND:
        return {"building": _("Buildings"), "green": _("Green spaces")}
    return {**quadrant_names(), NOT_DRAWN: _("without an area or an initiative")}


def total_names() -> dict[str, str]:
    """What neighbourhoods can be coloured by."""
    return {
        NO_COLOUR: _("nothing"),
        "social_value_eur": _("Social value"),
        "book_value_eur": _("Book value"),
        "maintenance_backlog_eur": _("Overdue maintenance"),
    }


def _draw(result: Result, placed: pd.DataFrame, shapes: dict[str, Shape]) -> None:
    st.subheader(_("Where do the objects lie, and which need attention first?"), anchor=False)
    by, coloured, where = _choices(shapes)
    names = group_names(by)
    drawn = placed.assign(group=placed[by], text=[_hover(row, names[row[by]]) for row in placed.to_dict("records")])
    role = TOTALS.get(coloured)
    totals = _totals(result, coloured)
    coloured_shapes = [
        Shape(shape.name, shape.rings, totals.get(key), f"{shape.name}: {short_amount(totals.get(key))}")
        for key, shape in shapes.items()
    ]
    seen = [shape for key, shape in shapes.items() if where in (EVERYWHERE, key)]
    inside = drawn if where == EVERYWHERE else drawn[drawn["neighbourhood"].map(fold, na_action="ignore") == where]
    extent = extent_of(inside, seen)
    tiles = _tiles()
    figure = (
        plain_map(drawn, coloured_shapes, names, role, extent)
        if tiles is None
        else tile_map(drawn, coloured_shapes, names, role, extent, (tiles.url, tiles.attribution))
    )
    show_chart(
        figure,
        _readable(placed, by, names),
        source(result),
        _alt(drawn, shapes, names),
        key=f"portfolio_map_{by}_{coloured}_{fold(where)}",
        columns=dict.fromkeys((_("Market value"), _("Book value"), _("Social value")), AMOUNTS),
    )
    if role is not None:
        with st.expander(_("The totals of the neighbourhoods"), icon=":material/table:", key="portfolio_map_totals"):
            of_all = totals_table(totals_by(result, "neighbourhood"))
            show_table(
                of_all,
                key="portfolio_map_totals_csv",
                alt=_("Totals of each neighbourhood"),
                columns=dict.fromkeys(of_all.columns[3:], AMOUNTS),
            )
    st.caption(
        _("The area of a sign is the market value.")
        + (
            " "
            + _(
                "The part of the picture is that of the tab “In one picture”: book value and social value per m², "
                "beside the other buildings or green spaces."
            )
            if by == QUADRANT
            else ""
        )
        + (
            " " + _("The fuller the colour of a neighbourhood, the higher its total; a loss has the colour of costs.")
            if role is not None
            else ""
        )
    )
    if tiles is not None:
        st.caption(
            _(
                "Background: {attribution}. Your browser fetches it from {host}.",
                attribution=plain(tiles.attribution),
                host=plain(tiles.host),
            )
        )


def _choices(shapes: dict[str, Shape]) -> tuple[str, str, str]:
    """By what objects are grouped, by what neighbourhoods are coloured, and which one is looked at."""
    left, middle, right = st.columns([2, 2, 2], gap="medium")
    with left:
        by = lasting.select(
            _("Colour of the objects"),
            [QUADRANT, KIND],
            name=lambda choice: {QUADRANT: _("Part of the picture"), KIND: _("Building or green")}[choice],
            key="portfolio_map_by",
            default=QUADRANT,
        )
    names = total_names()
    coloured, where = NO_COLOUR, EVERYWHERE
    if shapes:
        with middle:
            coloured = lasting.select(
                _("Colour of the neighbourhoods"),
                list(names),
                name=lambda choice: names[choice],
                key="portfolio_map_coloured",
                default=NO_COLOUR,
            )
        with right:
            where = lasting.select(
                _("Look at"),
                [EVERYWHERE, *shapes],
                name=lambda key: shapes[key].name if key else _("the whole municipality"),
                key="portfolio_map_where",
                default=EVERYWHERE,
                renamed=hash(tuple(shapes)),
            )
    return by, coloured, where


def _tiles() -> Tiles | None:
    """The server for the background, where there is one and this visitor wants it."""
    try:
        tiles = configured()
        if tiles is not None and not st.toggle(_("Background"), value=True, key="portfolio_tiles"):
            return None
        return tiles
    except BadTilesError as error:
        st.warning(
            _("The background of the map is not set up right: look at {variable}.", variable=f"`{error}`"),
            icon=":material/wallpaper:",
        )
        return None


def _totals(result: Result, column: str) -> dict[str, float]:
    """The total of each neighbourhood, by its folded name; without those of which it is not known."""
    if column not in TOTALS:
        return {}
    groups = totals_by(result, "neighbourhood").dropna(subset=["neighbourhood", column])
    return dict(zip(groups["neighbourhood"].map(fold), groups[column].astype(float), strict=True))


def _hover(row: dict[str, object], group: str) -> str:
    lines = (
        (_("Market value"), short_amount(row["market_value_eur"])),
        (_("Book value"), short_amount(row["book_value_eur"])),
        (_("Social value"), short_amount(row["social_value_eur"])),
    )
    return f"<b>{safe(str(row['name']))}</b><br>{group}<br>" + "<br>".join(f"{label}: {text}" for label, text in lines)


def _alt(drawn: pd.DataFrame, shapes: dict[str, Shape], names: dict[str, str]) -> str:
    groups = "; ".join(
        f"{name}: {', '.join(drawn['name'][drawn['group'] == group])}"
        for group, name in names.items()
        if (drawn["group"] == group).any()
    )
    objects = n_("Map with {count} object", "Map with {count} objects", len(drawn))
    areas = n_("{count} neighbourhood", "{count} neighbourhoods", len(shapes))
    return f"{objects}, {areas}. {groups}"


def _readable(rows: pd.DataFrame, by: str, names: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Number"): rows["asset_id"],
            _("Name"): rows["name"],
            _("Neighbourhood"): [MISSING if pd.isna(name) else name for name in rows["neighbourhood"]],
            _("Part of the picture") if by == QUADRANT else _("Kind"): [names[group] for group in rows[by]],
            _("Market value"): rows["market_value_eur"],
            _("Book value"): rows["book_value_eur"],
            _("Social value"): rows["social_value_eur"],
        }
    )


def _neighbourhoods(result: Result) -> list[str]:
    """The neighbourhoods that the workbook names, of objects and on the sheet of neighbourhoods."""
    case = result.case
    names = pd.concat([case.assets["neighbourhood"], case.neighbourhoods["neighbourhood"]]).dropna()
    return list(dict.fromkeys(names))


def _name_property(found: Outlines, result: Result) -> str | None:
    """Which property is the name: what this visitor said, or else what is likely."""
    said = lasting.choice_of("portfolio_outlines_name")
    return said if said in found.properties else found.likely_name(_neighbourhoods(result))


def _shapes(result: Result) -> dict[str, Shape]:
    """The neighbourhoods on the map, by their folded names; parts with one name are one neighbourhood."""
    found = outlines.in_use()
    if found is None:
        return {}
    name = _name_property(found, result)
    texts = found.properties[name] if name else (None,) * len(found.areas)
    shapes: dict[str, Shape] = {}
    for number, (text, rings) in enumerate(zip(texts, found.areas, strict=True), 1):
        shown = text or _("area {number}", number=number)
        before = shapes.get(fold(shown))
        shapes[fold(shown)] = Shape(shown, rings if before is None else (*before.rings, *rings))
    return shapes


def _outlines_field(result: Result) -> None:
    """Bring outlines along, say which property is the name, and see what matches."""
    found, refused = outlines.in_use(), outlines.refusal()
    with st.expander(
        _("Outlines of neighbourhoods (GeoJSON)"),
        icon=":material/polyline:",
        expanded=found is None or refused is not None,
        key="portfolio_outlines",
    ):
        st.session_state.setdefault("outline_uploads", 0)
        file = st.file_uploader(
            _("Borders of neighbourhoods as GeoJSON, in degrees (WGS 84)"),
            key=f"outlines_{st.session_state['outline_uploads']}",
            max_upload_size=state.MAX_UPLOAD_MB,
            help=_(
                "At most {megabytes} MB, areas only. Statistics Netherlands and your own GIS have them. The file stays "
                "here only as long as you use it.",
                megabytes=state.MAX_UPLOAD_MB,
            ),
        )
        if file is not None:
            outlines.open_file(file.getvalue(), file.name)
            st.session_state["outline_uploads"] += 1
            st.rerun()
        if refused is not None:
            st.error(refused.message(language()), icon=":material/error:")
        if found is not None:
            _show_match(found, result)
        if outlines.own() is not None:
            st.button(_("Take these outlines away"), on_click=outlines.remove, icon=":material/close:")


def _show_match(found: Outlines, result: Result) -> None:
    """Which file it is, which property has the names, and which neighbourhoods are not in it."""
    names = _neighbourhoods(result)
    areas = n_("{count} area", "{count} areas", len(found.areas))
    st.markdown(_("On the map: {file}, {areas}.", file=f"**{plain(found.filename)}**", areas=areas))
    if outlines.own() is None:
        st.caption(_("These outlines are made up, as the example municipality is."))
    for problem in found.problems:
        st.warning(problem.message(language()), icon=":material/warning:")
    likely = found.likely_name(names)
    if likely is None:
        st.warning(_("The areas in this file have no names, so no totals belong to them."), icon=":material/warning:")
        return
    if len(found.properties) > 1 and not (found.is_plain(likely, names) and _name_property(found, result) == likely):
        lasting.select(
            _("Which property is the name of the neighbourhood?"),
            list(found.properties),
            name=str,
            key="portfolio_outlines_name",
            default=likely,
            renamed=found.filename,
        )
    on_map = {fold(text) for text in found.properties[_name_property(found, result) or likely] if text}
    without = [name for name in names if fold(name) not in on_map]
    if without:
        st.warning(
            _("Without an outline: {names}. Is it spelt otherwise in the file?", names=", ".join(map(plain, without))),
            icon=":material/wrong_location:",
        )
    elif names:
        st.caption(_("Every neighbourhood of the workbook has an outline."))
