"""Charts of the working group: every score as a dot, and what another weight would do."""

from __future__ import annotations

from textwrap import wrap

import pandas as pd

from dashboard.charts.template import COLOURS, GRID, TEXT, category_axis, layout, number_axis, percent_axis
from dashboard.framework.words import criterion_name, group_name
from dashboard.notation import number, percent
from dashboard.wording import _
from valuation.framework import Framework
from valuation.scoring import GROUPS

Figure = dict[str, object]
LOOKS = {
    "council": ("total", "circle"),
    "official": ("book", "square"),
    "initiative": ("social", "diamond"),
    "resident": ("market", "triangle-up"),
    "other": ("rent", "cross"),
}
"""Colour and shape of each group: never colour alone."""
LANE, APART = 0.23, 0.15
"""Between the lanes of two groups, in rows; between dots of one group with the same score, in points."""
RANGE = "rgba(128,138,148,0.35)"


def spread_chart(framework: Framework, scores: pd.DataFrame, table: pd.DataFrame) -> Figure:
    """Each member's score of each criterion as a dot, with the result as a line through it.

    Parameters
    ----------
    framework : Framework
    scores : DataFrame
        `valuation.scoring.score_table`.
    table : DataFrame
        `valuation.scoring.spread`.
    """
    order = list(framework.weights)
    height = {key: len(order) - 1 - position for position, key in enumerate(order)}
    given = scores.dropna(subset=["score"]).copy()
    # Each group has a lane of its own in the row, so that no dot hides another one.
    present = [group for group in GROUPS if (given["group"] == group).any()]
    lanes = {group: ((len(present) - 1) / 2 - place) * LANE for place, group in enumerate(present)}
    same = given.groupby(["criterion", "group", "score"])
    beside = same.cumcount() - (same["score"].transform("size") - 1) / 2
    given["x"] = given["score"] + beside * APART
    given["y"] = given["criterion"].map(height) + given["group"].map(lanes)
    ranges = table.dropna(subset=["lowest"])
    lines_x = [x for row in ranges.itertuples() for x in (row.lowest, row.highest, None)]
    lines_y = [y for row in ranges.itertuples() for y in (height[row.criterion], height[row.criterion], None)]
    results = table.dropna(subset=["result"])
    data: list[dict[str, object]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": lines_x,
            "y": lines_y,
            "line": {"width": 10, "color": RANGE},
            "name": _("from lowest to highest"),
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": results["result"].tolist(),
            "y": [height[key] for key in results["criterion"]],
            "name": _("result of the group"),
            "marker": {
                "symbol": "line-ns",
                "size": 34,
                "line": {"width": 4, "color": COLOURS["gap"]},
            },
            "hovertemplate": "%{x:.2f}<extra>" + _("result of the group") + "</extra>",
        },
    ]
    for group in present:
        rows = given[given["group"] == group]
        colour, symbol = LOOKS[group]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": rows["x"].tolist(),
                "customdata": rows["score"].tolist(),
                "y": rows["y"].tolist(),
                "name": group_name(group),
                "marker": {
                    "size": 13,
                    "symbol": symbol,
                    "color": COLOURS[colour],
                    "line": {"width": 1, "color": "white"},
                },
                "hovertemplate": "%{customdata:.0f}<extra>" + group_name(group) + "</extra>",
            }
        )
    names = [_lines(criterion_name(framework, key)) for key in order]
    return {
        "data": data,
        "layout": layout(
            height=150 + 66 * len(order),
            xaxis=number_axis(
                _("Score"),
                range=[framework.lowest - 0.4, framework.highest + 0.4],
                tickmode="array",
                tickvals=list(framework.scores),
                zeroline=False,
            ),
            yaxis={
                "tickmode": "array",
                "tickvals": [height[key] for key in order],
                "ticktext": names,
                "range": [-0.6, len(order) - 0.4],
                "tickfont": TEXT,
                "automargin": True,
                "fixedrange": True,
                "showgrid": True,
                "gridcolor": GRID,
                "zeroline": False,
            },
        ),
    }


def spread_in_words(framework: Framework, table: pd.DataFrame) -> str:
    """The same for whoever cannot see it."""
    parts = [
        _(
            "{criterion}: from {lowest} to {highest}, result {result}",
            criterion=criterion_name(framework, row.criterion),
            lowest=number(row.lowest),
            highest=number(row.highest),
            result=number(row.result, 2),
        )
        for row in table.itertuples()
        if row.count
    ]
    return _("Scores of the members by criterion. {criteria}.", criteria="; ".join(parts))


def weights_chart(framework: Framework, table: pd.DataFrame) -> Figure:
    """Between which weights of each criterion the step stays what it is.

    Parameters
    ----------
    framework : Framework
    table : DataFrame
        `valuation.scoring.weight_sensitivity`.
    """
    names = [_lines(criterion_name(framework, key)) for key in table["criterion"]]
    bars_x = [x for row in table.itertuples() for x in (row.lower, row.upper, None)]
    bars_y = [name for name in names for name in (name, name, None)]
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "x": bars_x,
                "y": bars_y,
                "line": {"width": 12, "color": RANGE},
                "name": _("the step stays the same"),
                "hoverinfo": "skip",
            },
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": table["weight"].tolist(),
                "y": names,
                "name": _("weight in the framework"),
                "text": [f"  {percent(weight)}" for weight in table["weight"]],
                "textposition": "middle right",
                "textfont": TEXT,
                "cliponaxis": False,
                "marker": {"size": 13, "symbol": "diamond", "color": COLOURS["total"]},
                "hovertemplate": "%{y}<br>%{x:.0%}<extra></extra>",
            },
        ],
        "layout": layout(
            height=140 + 40 * len(names),
            xaxis=percent_axis(_("Weight of the criterion; the others keep their proportions"), range=[-0.02, 1.05]),
            yaxis=category_axis(autorange="reversed", showgrid=True, gridcolor=GRID),
        ),
    }


def _lines(name: str, width: int = 24) -> str:
    safe = name.replace("<", "‹").replace(">", "›")
    return "<br>".join(wrap(safe, width)) or safe
