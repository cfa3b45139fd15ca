"""The charts of the page Portfolio: tables of `valuation.portfolio` and `valuation.programme` in, figures out."""

from __future__ import annotations

import math

import pandas as pd

from dashboard.charts.template import (
    COLOURS,
    ZERO_LINE,
    Figure,
    category_axis,
    euro_axis,
    layout,
    level,
    marker,
    safe,
    upright,
)
from dashboard.notation import amount, short_amount
from dashboard.wording import _

QUADRANT_ROLES = {
    "transfer": ("social", "circle"),
    "worth_its_book_value": ("total", "diamond"),
    "little_of_both": ("gap", "square"),
    "sell": ("cost", "x"),
}
"""Colour and sign of each part of the picture; the sign is for who does not see the colour."""
LARGEST_DOT = 46
SMALLEST_DOT = 12
SMALLEST_SHARE = 0.4
MOST_LABELS = 60
"""Of more dots than this the numbers would cover each other; they are smaller, and say who they are when touched."""


def largest_value(objects: pd.DataFrame) -> float:
    """[EUR] The market value that has the largest dot."""
    return max(float(objects["market_value_eur"].max()), 1.0) if len(objects) else 1.0


def dot_sizes(values_eur: pd.Series, largest_eur: float) -> list[float]:
    """[pixels] How wide the dots of these market values are: the area is the value."""
    return [max(SMALLEST_DOT, LARGEST_DOT * math.sqrt(value / largest_eur)) for value in values_eur]


def quadrants_chart(table: pd.DataFrame, book_border: float, social_border: float, names: dict[str, str]) -> Figure:
    """Objects by book value and social value per square metre; the area of a dot is the market value.

    Parameters
    ----------
    table : DataFrame
        `valuation.portfolio.portfolio_table` with `quadrant`, of objects that have both figures.
    book_border, social_border : float
        [EUR per m2] Where the picture is divided.
    names : dict
        Key of a part of the picture to what it is called.
    """
    largest = largest_value(table)
    has_labels = len(table) <= MOST_LABELS
    smaller = 1.0 if has_labels else max(math.sqrt(MOST_LABELS / len(table)), SMALLEST_SHARE)
    data = []
    for quadrant, (role, symbol) in QUADRANT_ROLES.items():
        rows = table[table["quadrant"] == quadrant]
        if rows.empty:
            continue
        sizes = [smaller * size for size in dot_sizes(rows["market_value_eur"], largest)]
        data.append(
            {
                "type": "scatter",
                "mode": "markers+text" if has_labels else "markers",
                "name": names[quadrant],
                "x": rows["book_value_eur_per_m2"].tolist(),
                "y": rows["social_value_eur_per_m2"].tolist(),
                "text": rows["asset_id"].tolist(),
                "textposition": "top center",
                "customdata": [
                    [
                        safe(row.name),
                        amount(row.book_value_eur_per_m2),
                        amount(row.social_value_eur_per_m2),
                        short_amount(row.market_value_eur),
                    ]
                    for row in rows.itertuples(index=False)
                ],
                "hovertemplate": "<b>%{customdata[0]}</b><br>"
                + "<br>".join(
                    f"{label}: %{{customdata[{place}]}}"
                    for place, label in enumerate(
                        (_("Book value per m²"), _("Social value per m²"), _("Market value")), 1
                    )
                )
                + "<extra></extra>",
                "marker": {
                    "size": sizes,
                    "symbol": symbol,
                    "color": COLOURS[role],
                    "opacity": 0.85,
                    "line": {"width": 1, "color": "white"},
                },
                "cliponaxis": False,
            }
        )
    border: Figure = {"width": 1.5, "dash": "dash", "color": ZERO_LINE}
    return {
        "data": data,
        "layout": layout(
            height=520,
            xaxis=euro_axis(_("Book value (€ per m²)"), range=_span(table["book_value_eur_per_m2"])),
            yaxis=euro_axis(_("Social value (€ per m²)"), range=_span(table["social_value_eur_per_m2"])),
            shapes=[upright(book_border, **border), level(social_border, **border)],
            legend={"itemsizing": "constant"},
        ),
    }


def ceilings_chart(by_year: pd.DataFrame, column: str, ceiling_eur: float, title: str) -> Figure:
    """What the programme takes of a ceiling in each year.

    Parameters
    ----------
    by_year : DataFrame
        `Programme.by_year`.
    column : str
        `book_loss_eur` or `subsidy_eur`.
    ceiling_eur : float
        [EUR per year]
    title : str
        What the axis is about.
    """
    years = [str(year) for year in by_year["year"]]
    top = max(ceiling_eur, float(by_year[column].max()), 1.0)
    return {
        "data": [
            {
                "type": "bar",
                "x": years,
                "y": by_year[column].tolist(),
                "text": [short_amount(value) for value in by_year[column]],
                "textposition": "outside",
                "textfont": {"size": 13},
                "constraintext": "none",
                "cliponaxis": False,
                "marker": marker("cost" if column == "book_loss_eur" else "transfer"),
                "hovertemplate": "%{x}: %{text}<extra></extra>",
                "showlegend": False,
            }
        ],
        "layout": layout(
            height=300,
            xaxis=category_axis(),
            yaxis=euro_axis(title, range=[0, 1.3 * top], nticks=5),
            shapes=[level(ceiling_eur, width=2, color=COLOURS["total"])],
            annotations=[
                {
                    "xref": "paper",
                    "x": 1,
                    "xanchor": "right",
                    "y": ceiling_eur,
                    "yanchor": "bottom",
                    "yshift": 16,  # above the figures of the years that reach the ceiling
                    "showarrow": False,
                    "text": _("ceiling {amount}", amount=amount(ceiling_eur)),
                    "font": {"size": 14, "color": COLOURS["total"]},
                }
            ],
        ),
    }


def years_chart(views: pd.DataFrame, column: str, title: str, role: str) -> Figure:
    """One view over the years, all transfers together.

    Parameters
    ----------
    views : DataFrame
        `valuation.portfolio.yearly_views`, the years in which this view is known.
    column : str
    title : str
        What the axis is about.
    role : str
        Colour and pattern (`dashboard.charts.template.COLOURS`).
    """
    return {
        "data": [
            {
                "type": "bar",
                "x": year_names(views),
                "y": views[column].tolist(),
                "customdata": [amount(value) for value in views[column]],
                "marker": marker(role),
                "hovertemplate": "%{x}: %{customdata}<extra></extra>",
                "showlegend": False,
            }
        ],
        "layout": layout(height=300, xaxis=category_axis(nticks=12, tickangle=0), yaxis=euro_axis(title, nticks=6)),
    }


def year_names(views: pd.DataFrame) -> list[str]:
    """The transfer itself, and then the years."""
    return [_("transfer") if t == 0 else str(year) for t, year in zip(views["t"], views["year"], strict=True)]


def _span(values: pd.Series) -> list[float]:
    """An axis with zero in it, and room for dots and words at its ends."""
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    width = (high - low) or 1.0
    return [low - (0.16 if low < 0 else 0.05) * width, high + 0.18 * width]
