"""The charts of the page Scenario's: tables of `valuation` in, figures out."""

from __future__ import annotations

import math

import pandas as pd

from dashboard.charts.template import (
    BESIDE,
    COLOURS,
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
from dashboard.charts.value import NAME_WIDTH, ROW_HEIGHT, around_zero
from dashboard.notation import separators, short_amount, signed
from dashboard.uncertain_words import input_name, input_value, step_name
from dashboard.wording import _, language
from valuation.response import Input

NAME = 26
BAND = "rgba(128,138,148,0.18)"


def panels_chart(names: list[str], panels: list[tuple[str, str, list[float]]], *, marked: int = -1) -> Figure:
    """Views side by side, each with its own axis: a row a scenario or alternative.

    Parameters
    ----------
    names : list of str
    panels : list of (role, title, values)
        Colour, title of the axis with its unit, and a value for each name; NaN is unknown.
    marked : int
        Which row is looked at now; its name is in bold.
    """
    labels = [name_lines(name, NAME) for name in names]
    labels = [f"<b>{label}</b>" if place == marked else label for place, label in enumerate(labels)]
    data: list[Figure] = []
    axes: Figure = {}
    width = 1.0 / len(panels)
    for place, (role, title, values) in enumerate(panels):
        suffix = "" if place == 0 else str(place + 1)
        unknown = [math.isnan(value) for value in values]
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": labels,
                "x": [0.0 if missing else value for value, missing in zip(values, unknown, strict=True)],
                "xaxis": f"x{suffix}",
                "marker": marker(role),
                "text": [
                    _("unknown") if missing else short_amount(value)
                    for value, missing in zip(values, unknown, strict=True)
                ],
                "textposition": "outside",
                "textfont": TEXT,
                "cliponaxis": False,
                "hovertemplate": "%{y}<br>%{text}<extra></extra>",
            }
        )
        known = [value for value in values if not math.isnan(value)] or [0.0]
        axes[f"xaxis{suffix}"] = euro_axis(
            title,
            range=_wide(known),
            nticks=3,
            domain=[place * width + 0.02 * (place > 0), (place + 1) * width - 0.02],
            showticklabels=False,
        )
    return {
        "data": data,
        "layout": layout(
            height=110 + 46 * len(names),
            **axes,
            yaxis=category_axis(autorange="reversed"),
            showlegend=False,
            margin={"l": 8, "r": 8, "t": 8, "b": 8},
        ),
    }


def _wide(values: list[float]) -> list[float]:
    """A range with zero in it and much room for the text at both ends."""
    low, high = min(0.0, *values), max(0.0, *values)
    width = (high - low) or 1.0
    return [low - 0.72 * width * (low < 0), high + 0.72 * width * (high > 0 or low == 0)]


def density_chart(bars: pd.DataFrame, summary: pd.Series, *, central: float) -> Figure:
    """How the social value is spread: classes of draws, the middle eight of ten shaded, and the workbook's value.

    Parameters
    ----------
    bars : DataFrame
        `valuation.spread.histogram`.
    summary : Series
        A row of `Simulation.assets`.
    central : float
        [EUR] The value without uncertainty.
    """
    shares = bars["share"].tolist()
    top = max(shares)
    lines = [
        ("dash", COLOURS["book"], central, _("without uncertainty")),
        ("solid", COLOURS["total"], float(summary["p50"]), _("middle")),
    ]
    return {
        "data": [
            {
                "type": "bar",
                "x": bars["middle_eur"].tolist(),
                "y": shares,
                "width": [row.to_eur - row.from_eur for row in bars.itertuples()] if len(bars) > 1 else None,
                "marker": {
                    **markers(["cost" if row.to_eur <= 0 else "benefit" for row in bars.itertuples()]),
                    "line": {"width": 0},
                },
                "customdata": [[short_amount(row.from_eur), short_amount(row.to_eur)] for row in bars.itertuples()],
                "hovertemplate": "%{customdata[0]} – %{customdata[1]}<br>%{y:.1%}<extra></extra>",
            }
        ],
        "layout": layout(
            height=360,
            bargap=0.03,
            xaxis=euro_axis(_("Social value (€, present value)"), nticks=7),
            yaxis=percent_axis(_("Part of the cases (%)"), rangemode="tozero", range=[0, top * 1.22], nticks=5),
            showlegend=False,
            shapes=[
                {
                    "type": "rect",
                    "xref": "x",
                    "yref": "paper",
                    "x0": float(summary["p10"]),
                    "x1": float(summary["p90"]),
                    "y0": 0,
                    "y1": 1,
                    "layer": "below",
                    "fillcolor": BAND,
                    "line": {"width": 0},
                },
                *(upright(at, top=0.9, width=2, dash=dash, color=colour) for dash, colour, at, _name in lines),
            ],
            annotations=[
                {
                    "x": at,
                    "xref": "x",
                    "y": 1.0 - 0.09 * place,
                    "yref": "paper",
                    "xanchor": "left" if place else "right",
                    "yanchor": "top",
                    "showarrow": False,
                    "text": f"{name}: {short_amount(at)}",
                    "font": TEXT,
                }
                for place, (_dash, _colour, at, name) in enumerate(lines)
            ],
        ),
    }


def tornado_chart(table: pd.DataFrame, inputs: dict[str, Input]) -> Figure:
    """The outcome with each input at its low and at its high, the widest swing on top (`valuation.sensitivity`)."""
    names = [name_lines(input_name(inputs[key]), NAME + 8) for key in table["key"]]
    central = float(table["outcome_central"].iloc[0])
    bars = []
    for side, role, label in (("low", "cost", _("at its low value")), ("high", "benefit", _("at its high value"))):
        outcomes = table[f"outcome_{side}"].tolist()
        bars.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": label,
                "y": names,
                "base": central,
                "x": [outcome - central for outcome in outcomes],
                "marker": marker(role),
                "text": [input_value(inputs[key], value) for key, value in zip(table["key"], table[side], strict=True)],
                "textposition": "outside",
                "textfont": TEXT,
                "cliponaxis": False,
                "customdata": [short_amount(outcome) for outcome in outcomes],
                "hovertemplate": f"%{{y}}<br>{label} (%{{text}}): %{{customdata}}<extra></extra>",
            }
        )
    ends = [central, *table["outcome_low"], *table["outcome_high"]]
    width = (max(ends) - min(ends)) or 1.0
    return {
        "data": bars,
        "layout": layout(
            height=130 + 50 * len(table),
            barmode="overlay",
            xaxis=euro_axis(
                _("Social value (€, present value)"),
                range=[min(ends) - 0.16 * width, max(ends) + 0.16 * width],
                nticks=6,
            ),
            yaxis=category_axis(autorange="reversed"),
            legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
            shapes=[upright(central, width=2, color=COLOURS["book"])],
        ),
    }


def heat_chart(grid: pd.DataFrame, first: Input, second: Input) -> Figure:
    """The social value over two figures at once; the amounts stand in the cells (`valuation.sensitivity.two_way`)."""
    across = [input_value(second, float(value)) for value in grid.columns]
    down = [input_value(first, float(value)) for value in grid.index]
    values = grid.to_numpy()
    most = float(abs(values).max()) or 1.0
    return {
        "data": [
            {
                "type": "heatmap",
                "x": list(range(len(across))),
                "y": list(range(len(down))),
                "z": values.tolist(),
                "zmin": -most,
                "zmax": most,
                "colorscale": [[0, "#E39B6E"], [0.5, "#F6F4EF"], [1, "#6FC3A0"]],
                "text": [[_in_cell(value) for value in row] for row in values.tolist()],
                "texttemplate": "%{text}",
                "textfont": {"size": 13, "color": "#101418"},
                "xgap": 2,
                "ygap": 2,
                "colorbar": {
                    "title": {"text": _("Social value (€)"), "side": "right", "font": TEXT},
                    "tickprefix": "€ " if language() == "nl" else "",
                    "tickformat": ",.0f",
                    "tickfont": TEXT,
                    "nticks": 5,
                    "thickness": 14,
                },
                "hovertemplate": "%{text}<extra></extra>",
            }
        ],
        "layout": layout(
            height=420,
            separators=separators(),
            xaxis={
                **category_axis(type="linear", title={"text": input_name(second)}),
                "tickvals": list(range(len(across))),
                "ticktext": across,
                "zeroline": False,
            },
            yaxis={
                **category_axis(type="linear", title={"text": name_lines(input_name(first), 36)}),
                "tickvals": list(range(len(down))),
                "ticktext": down,
                "zeroline": False,
            },
            showlegend=False,
        ),
    }


def _in_cell(value: float) -> str:
    """An amount short enough for a cell: thousands without the euro sign."""
    return short_amount(round(value, -3)).replace("€", "").replace("\u00a0", " ").strip()


def information_chart(table: pd.DataFrame, inputs: dict[str, Input]) -> Figure:
    """What it would be worth to know each figure for sure before deciding (`ValueOfInformation.inputs`)."""
    names = [name_lines(input_name(inputs[key]), NAME + 6) for key in table["key"]]
    worth = table["evppi_eur"].tolist()
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "x": worth,
                "marker": marker("total"),
                "text": [short_amount(value) for value in worth],
                "textposition": "outside",
                "textfont": TEXT,
                "cliponaxis": False,
                "hovertemplate": "%{y}<br>%{text}<extra></extra>",
            }
        ],
        "layout": layout(
            height=110 + 50 * len(table),
            xaxis=euro_axis(_("Worth to know beforehand (€)"), range=with_room(worth, BESIDE), nticks=6),
            yaxis=category_axis(autorange="reversed"),
            showlegend=False,
        ),
    }


def gross_to_net_chart(steps: pd.DataFrame) -> Figure:
    """From claimed to counted benefits (`valuation.gross_to_net.gross_to_net`)."""
    measures = {"gross": "absolute", "net": "total"}
    values = steps["value_eur"].tolist()
    return {
        "data": [
            {
                **waterfall(
                    [name_lines(step_name(step), NAME_WIDTH) for step in steps["step"]],
                    values,
                    [measures.get(step, "relative") for step in steps["step"]],
                    [
                        short_amount(value) if step in measures else signed(value, short_amount)
                        for step, value in zip(steps["step"], values, strict=True)
                    ],
                ),
                "textfont": TEXT,
                "hovertemplate": "%{y}<br>%{text}<extra></extra>",
            }
        ],
        "layout": layout(
            height=110 + ROW_HEIGHT * len(steps),
            xaxis=euro_axis(_("Present value (€)"), range=around_zero(with_room([max(values)], BESIDE)), nticks=6),
            yaxis=category_axis(autorange="reversed"),
            showlegend=False,
        ),
    }
