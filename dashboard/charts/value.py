"""The charts of the page Value: tables of `valuation.explain` in, figures out."""

from __future__ import annotations

import math

import pandas as pd

from dashboard.charts.price_line import (
    AROUND_PRICES,
    HOVER,
    LINE_OF_PRICES,
    price_amounts,
    price_signs,
    zone,
)
from dashboard.charts.template import (
    BESIDE,
    COLOURS,
    GRID,
    PAGE,
    TEXT,
    Figure,
    category_axis,
    euro_axis,
    layout,
    marker,
    markers,
    name_lines,
    percent_axis,
    upright,
    waterfall,
    with_room,
)
from dashboard.notation import amount, percent, short_amount, signed
from dashboard.terms import kind_name, party_name, rung_name, value_name
from dashboard.wording import _

ROLES = {
    "book_value_eur": "book",
    "market_value_eur": "market",
    "capitalised_rent_eur": "rent",
    "social_value_eur": "social",
    "discount_eur": "gap",
}
RUNG_ROLES = {
    "reservation_price_eur": "benefit",
    "reservation_price_against_sale_eur": "benefit",
    "proposed_price_eur": "price",
    "social_price_eur": "transfer",
    "book_value_eur": "book",
    "market_value_eur": "market",
    "ceiling_price_eur": "transfer",
}
RUNG_SYMBOLS = {
    "reservation_price_eur": "triangle-right",
    "reservation_price_against_sale_eur": "triangle-right-open",
    "proposed_price_eur": "star",
    "social_price_eur": "square",
    "book_value_eur": "circle-open",
    "market_value_eur": "circle",
    "ceiling_price_eur": "triangle-left",
}
ROW_HEIGHT = 38
NAME_WIDTH = 34


def four_values_chart(values: pd.DataFrame) -> Figure:
    """The four values of one object, and the discount, as bars that can be compared."""
    known = values[values["amount_eur"].notna()]
    amounts = known["amount_eur"].tolist()
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": [name_lines(value_name(value), NAME_WIDTH) for value in known["value"]],
                "x": amounts,
                "marker": markers([ROLES[value] for value in known["value"]]),
                "text": [short_amount(value) for value in amounts],
                "textposition": "outside",
                "textfont": TEXT,
                "cliponaxis": False,
                "customdata": [amount(value) for value in amounts],
                "hovertemplate": HOVER,
            }
        ],
        "layout": layout(
            height=90 + 44 * len(known),
            xaxis=euro_axis(_("Euros at once (present value)"), range=with_room(amounts, BESIDE), nticks=6),
            yaxis=category_axis(autorange="reversed"),
            showlegend=False,
        ),
    }


def bridge_chart(bridge: pd.DataFrame) -> Figure:
    """From book value to social value, line by line (`valuation.explain.bridge`)."""
    names = [kind_name(row.kind, row.label) for row in bridge.itertuples()]
    measures = {"book_value": "absolute", "social_value": "total"}
    values = bridge["value_eur"].tolist()
    return {
        "data": [
            {
                **waterfall(
                    [name_lines(name, NAME_WIDTH) for name in names],
                    values,
                    [measures.get(kind, "relative") for kind in bridge["kind"]],
                    [
                        short_amount(value) if kind in measures else signed(value, short_amount)
                        for kind, value in zip(bridge["kind"], values, strict=True)
                    ],
                ),
                "textfont": TEXT,
                "customdata": [amount(value) for value in values],
                "hovertemplate": HOVER,
            }
        ],
        "layout": layout(
            height=90 + ROW_HEIGHT * len(bridge),
            xaxis=euro_axis(
                _("Present value (€)"),
                range=around_zero(with_room(bridge["level_eur"].tolist(), BESIDE)),
                nticks=6,
            ),
            yaxis=category_axis(autorange="reversed"),
            showlegend=False,
        ),
    }


def ladder_chart(ladder: pd.DataFrame, *, reservation_eur: float, ceiling_eur: float, deficit: bool = False) -> Figure:
    """The prices of one object on one line, with the room between the two parties, or the gap.

    Parameters
    ----------
    ladder : DataFrame
        `valuation.explain.price_ladder`.
    reservation_eur, ceiling_eur : float
        [EUR] The room runs from the one to the other; a ceiling below the reservation price is a gap. NaN: neither.
    deficit : bool
        The initiative falls short each year: the room is there on paper only.
    """
    prices = ladder["price_eur"].tolist()
    names = [name_lines(rung_name(rung), NAME_WIDTH) for rung in ladder["rung"]]
    is_gap = ceiling_eur < reservation_eur
    is_room = not is_gap and not deficit
    name = _("Room for both") if is_room else _("Gap") if is_gap else _("Room on paper only")
    roles, symbols = [RUNG_ROLES[rung] for rung in ladder["rung"]], [RUNG_SYMBOLS[rung] for rung in ladder["rung"]]
    return {
        "data": [price_signs(prices, names, roles, symbols)],
        "layout": layout(
            height=110 + 46 * len(ladder),
            xaxis=euro_axis(_("Price (€)"), range=with_room(prices, AROUND_PRICES), domain=LINE_OF_PRICES, nticks=7),
            yaxis=category_axis(categoryorder="array", categoryarray=names, showgrid=True, gridcolor=GRID),
            showlegend=False,
            margin={"l": 8, "r": 16, "t": 36, "b": 8},
            annotations=price_amounts(prices, names),
            **zone(reservation_eur, ceiling_eur, name, is_room=is_room),
        ),
    }


def required_share_chart(required_share: float) -> Figure:
    """Which part of the social value must come true to justify the discount; above 1 not even all of it does."""
    within = min(required_share, 1.0)
    bar = {
        "type": "bar",
        "orientation": "h",
        "y": [""],
        "textposition": "inside",
        "insidetextanchor": "middle",
    }
    parts = [
        {
            **bar,
            "x": [within],
            "name": _("must come true"),
            "marker": marker("price"),
            "text": [f"<b>{percent(required_share)}</b>"] if required_share <= 1.0 else None,
            "textfont": {"color": PAGE},
            "textposition": "none" if within < 0.08 else "inside",
            "hovertemplate": f"{_('must come true')}: {percent(required_share)}<extra></extra>",
        },
        {
            **bar,
            "x": [1.0 - within],
            "name": _("may fall short"),
            "marker": {"color": "rgba(128,138,148,0.25)", "line": {"width": 1, "color": GRID}},
            "hovertemplate": f"{_('may fall short')}: {percent(1.0 - within)}<extra></extra>",
        },
    ]
    if required_share > 1.0:
        parts[1] = {
            **bar,
            "x": [required_share - 1.0],
            "name": _("more than the whole social value"),
            "marker": marker("cost"),
            "hovertemplate": f"{percent(required_share)}<extra></extra>",
        }
    return {
        "data": parts,
        "layout": layout(
            height=150,
            barmode="stack",
            bargap=0.2,
            xaxis=percent_axis(_("Part of the social value (%)"), range=[0, max(1.0, required_share)], nticks=6),
            margin={"l": 24, "r": 28, "t": 16, "b": 8},  # room for the first and last share under the ends of the bar
            yaxis=category_axis(showticklabels=False),
            legend={"orientation": "h", "x": 0, "y": 1.05, "yanchor": "bottom", "traceorder": "normal"},
        ),
    }


def parties_chart(parties: pd.DataFrame) -> Figure:
    """Who gains and who pays: benefits, costs and transfers of each party, and the net of it (`party_table`)."""
    names = [name_lines(party_name(party), 20) for party in parties["party"]]
    series = (
        ("benefits_eur", "benefit", _("Benefits")),
        ("costs_eur", "cost", _("Costs")),
        ("transfers_eur", "transfer", _("Transfers")),
    )
    bars = [
        {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "y": names,
            "x": parties[column].tolist(),
            "marker": marker(role),
            "customdata": [amount(value) for value in parties[column]],
            "hovertemplate": f"%{{y}}<br>{name}: %{{customdata}}<extra></extra>",
        }
        for column, role, name in series
    ]
    net = {
        "type": "scatter",
        "mode": "markers",
        "name": _("Net"),
        "y": names,
        "x": parties["net_eur"].tolist(),
        "marker": {
            "symbol": "diamond",
            "size": 13,
            "color": COLOURS["book"],
            "line": {"width": 1.5, "color": "rgba(255,255,255,0.9)"},
        },
        "customdata": [amount(value) for value in parties["net_eur"]],
        "hovertemplate": f"%{{y}}<br>{_('Net')}: %{{customdata}}<extra></extra>",
    }
    return {
        "data": [*bars, net],
        "layout": layout(
            height=120 + 44 * len(parties),
            barmode="relative",
            xaxis=euro_axis(_("Present value (€)"), nticks=6),
            yaxis=category_axis(autorange="reversed"),
            legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
        ),
    }


def budget_chart(parts: pd.DataFrame, *, last_depreciation_year: float) -> Figure:
    """The budget of the coming years: recurring by year on the left, one-off on the right, each on its own axis.

    Parameters
    ----------
    parts : DataFrame
        `valuation.explain.budget_parts`.
    last_depreciation_year : float
        The last year with freed depreciation; NaN when there is none.
    """
    years = [str(year) for year in parts["year"]]
    series = (
        ("freed_depreciation_eur", "book", _("Freed depreciation")),
        ("freed_interest_eur", "rent", _("Interest (shifted to other objects)")),
        ("other_recurring_eur", "benefit", _("Other yearly, on balance")),
    )
    bars: list[Figure] = [
        {
            "type": "bar",
            "name": name,
            "x": years,
            "y": parts[column].tolist(),
            "marker": marker(role),
            "customdata": [amount(value) for value in parts[column]],
            "hovertemplate": f"%{{x}}<br>{name}: %{{customdata}}<extra></extra>",
        }
        for column, role, name in series
    ]
    total = {
        "type": "scatter",
        "mode": "markers+text",
        "name": _("Yearly total"),
        "x": years,
        "y": parts["recurring_total_eur"].tolist(),
        "text": [f"<b>{short_amount(value)}</b>" for value in parts["recurring_total_eur"]],
        "textposition": "top center",
        "textfont": TEXT,
        "cliponaxis": False,
        "marker": {
            "symbol": "diamond",
            "size": 12,
            "color": COLOURS["total"],
            "line": {"width": 1.5, "color": "white"},
        },
        "customdata": [amount(value) for value in parts["recurring_total_eur"]],
        "hovertemplate": f"%{{x}}<br>{_('Yearly total')}: %{{customdata}}<extra></extra>",
    }
    one_off = float(parts["one_off_total_eur"].iloc[0])
    once = {
        "type": "bar",
        "name": _("One-off"),
        "x": [years[0]],
        "y": [None if math.isnan(one_off) else one_off],
        "xaxis": "x2",
        "yaxis": "y2",
        "marker": marker("market"),
        "text": [f"<b>{short_amount(one_off)}</b>"],
        "textposition": "outside",
        "textfont": TEXT,
        "cliponaxis": False,
        "width": 0.5,
        "customdata": [amount(one_off)],
        "hovertemplate": f"%{{x}}<br>{_('One-off')}: %{{customdata}}<extra></extra>",
    }
    figure: Figure = {
        "data": [*bars, total, once],
        "layout": layout(
            height=430,
            barmode="relative",
            xaxis=category_axis(domain=[0, 0.62], title={"text": _("Budget year")}),
            yaxis=euro_axis(_("Yearly (€ per year)"), nticks=6),
            xaxis2=category_axis(domain=[0.78, 1], title={"text": _("One-off")}),
            yaxis2=euro_axis(
                _("One-off (€)"),
                anchor="x2",
                nticks=6,
                range=with_room([one_off], BESIDE),
                showticklabels=not math.isnan(one_off),
                showgrid=not math.isnan(one_off),
            ),
            legend={"orientation": "h", "x": 0, "y": 1.12, "yanchor": "bottom", "traceorder": "normal"},
        ),
    }
    if math.isnan(one_off):
        figure["layout"]["annotations"] = [
            {"xref": "x2 domain", "x": 0.5, "yref": "y2 domain", "y": 0.5, "text": _("unknown"), "font": TEXT}
            | {"showarrow": False}
        ]
    return _with_end_of_depreciation(figure, years, last_depreciation_year)


def _with_end_of_depreciation(figure: Figure, years: list[str], last_year: float) -> Figure:
    """Mark where the freed depreciation ends: a line between two years, or how far beyond the picture it lies."""
    if math.isnan(last_year):
        return figure
    end = str(int(last_year))
    note = {"showarrow": False, "font": TEXT, "yref": "paper", "y": 1.03, "yanchor": "bottom"}
    if end in years:
        at = years.index(end) + 0.5
        figure["layout"]["shapes"] = [upright(at, width=2, dash="dash", color=COLOURS["cost"])]
        text = _("freed depreciation ends after {year}", year=end)
        place: Figure = {"x": at, "xref": "x", "xanchor": "right" if at > len(years) / 2 else "left"}
    else:
        text = _("freed depreciation until {year} →", year=end)
        place = {"x": 0.62, "xref": "paper", "xanchor": "right"}
    figure["layout"].setdefault("annotations", []).append({**note, **place, "text": text})
    return figure


def around_zero(span: list[float]) -> list[float]:
    """Also room below zero, for the text at a step that goes down to it."""
    return [min(span[0], -0.2 * span[1]), span[1]]
