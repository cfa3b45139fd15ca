"""The charts of the page Dossier: forecast beside what came true."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.charts.template import (
    ABOVE,
    COLOURS,
    TEXT,
    Figure,
    category_axis,
    euro_axis,
    layout,
    marker,
    with_room,
    year_axis,
)
from dashboard.notation import amount, short_amount
from dashboard.wording import _

DASHES = ("solid", "dot", "dash")
ROLES = ("book", "total", "benefit")


def years_chart(years: list[str], planned: list[float], realised: list[float]) -> Figure:
    """Two bars a year: what was expected and what came true [EUR per year]."""
    bars = ((_("Forecast"), "book", planned), (_("Came true"), "benefit", realised))
    return {
        "data": [
            {
                "type": "bar",
                "name": name,
                "x": years,
                "y": values,
                "marker": marker(role),
                "text": [short_amount(value) for value in values],
                "textposition": "outside",
                "textfont": TEXT,
                "cliponaxis": False,
                "hovertemplate": "%{x}: %{text}<extra>" + name + "</extra>",
            }
            for name, role, values in bars
        ],
        "layout": layout(
            height=360,
            barmode="group",
            xaxis=category_axis(),
            yaxis=euro_axis(_("€ per year"), range=with_room([*planned, *realised], ABOVE)),
            margin={"l": 8, "r": 8, "t": 40, "b": 8},
        ),
    }


def course_chart(base_year: int, courses: Mapping[str, list[float]]) -> Figure:
    """Lines of present value added up from the transfer, one a course [EUR]."""
    data = []
    for (name, values), role, dash in zip(courses.items(), ROLES, DASHES, strict=True):
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": name,
                "x": [base_year + year - 1 for year in range(len(values))],
                "y": values,
                "line": {"color": COLOURS[role], "dash": dash, "width": 3},
                "text": [amount(value) for value in values],
                "hovertemplate": "%{x}: %{text}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": layout(
            height=400,
            xaxis=year_axis(_("End of the year"), dtick=5),
            yaxis=euro_axis(_("€, present value added up")),
            margin={"l": 8, "r": 8, "t": 70, "b": 8},
        ),
    }
