"""The charts of the page Business case: tables of a `BusinessPlan` or `PriceTalks` in, figures out."""

from __future__ import annotations

import math

import pandas as pd

from dashboard.charts.price_line import AROUND_PRICES, LINE_OF_PRICES, price_amounts, price_signs, zone
from dashboard.charts.template import (
    ABOVE,
    COLOURS,
    TEXT,
    Figure,
    category_axis,
    euro_axis,
    layout,
    level,
    marker,
    markers,
    number_axis,
    with_room,
)
from dashboard.notation import amount, short_amount, times
from dashboard.terms import price_mark_name
from dashboard.wording import _
from valuation.affordability import meets

MARK_ROLES = {
    "reservation": "benefit",
    "social": "transfer",
    "proposed": "price",
    "ceiling": "transfer",
    "market": "market",
}
MARK_SYMBOLS = {
    "reservation": "triangle-right",
    "social": "square",
    "proposed": "star",
    "ceiling": "triangle-left",
    "market": "circle",
}
ASKED = "asked"
"""The price of the slider, beside the marks of the talks."""


def operations_chart(statement: pd.DataFrame, ratios: pd.DataFrame) -> Figure:
    """Income and cost of each year as bars beside each other, and what is left after interest and repayment.

    Parameters
    ----------
    statement, ratios : DataFrame
        `BusinessPlan.income_statement` and `BusinessPlan.dscr`.
    """
    years = [str(int(year)) for year in statement["calendar_year"]]
    series = (
        ("income_eur", "benefit", _("Income")),
        ("operating_cost_eur", "cost", _("Running costs")),
    )
    bars = [
        {
            "type": "bar",
            "name": name,
            "x": years,
            "y": statement[column].tolist(),
            "marker": marker(role),
            "customdata": [amount(value) for value in statement[column]],
            "hovertemplate": f"%{{x}}<br>{name}: %{{customdata}}<extra></extra>",
        }
        for column, role, name in series
    ]
    left = ratios["result_after_debt_service_eur"].tolist()
    name = _("Left after interest and repayment")
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": years,
        "y": left,
        "line": {"width": 3, "color": COLOURS["total"]},
        "marker": {"size": 9, "symbol": "diamond", "color": COLOURS["total"]},
        "customdata": [amount(value) for value in left],
        "hovertemplate": f"%{{x}}<br>{name}: %{{customdata}}<extra></extra>",
    }
    return {
        "data": [*bars, line],
        "layout": layout(
            height=400,
            barmode="group",
            xaxis=category_axis(title={"text": _("Year")}),
            yaxis=euro_axis(_("Euros of that year (€)"), nticks=7),
        ),
    }


def liquidity_chart(liquidity: pd.DataFrame) -> Figure:
    """What is in the till at the end of each quarter of the first two years."""
    names = [quarter_name(row.year, row.quarter) for row in liquidity.itertuples()]
    values = liquidity["closing_cash_eur"].tolist()
    return {
        "data": [
            {
                "type": "bar",
                "x": names,
                "y": values,
                "marker": markers(["cost" if value < 0 else "benefit" for value in values]),
                "text": [short_amount(value) for value in values],
                "textposition": "outside",
                "textfont": TEXT,
                "cliponaxis": False,
                "customdata": [amount(value) for value in values],
                "hovertemplate": "%{x}: %{customdata}<extra></extra>",
            }
        ],
        "layout": layout(
            height=340,
            xaxis=category_axis(title={"text": _("Quarter")}),
            yaxis=euro_axis(_("In the till (€)"), nticks=6, range=with_room(values, ABOVE)),
            showlegend=False,
        ),
    }


def quarter_name(year: float, quarter: float) -> str:
    """A quarter in short: year 1, Q2."""
    return _("Y{year} Q{quarter}", year=int(year), quarter=int(quarter))


def dscr_chart(ratios: pd.DataFrame, required: float) -> Figure:
    """How many times the money that is left covers interest and repayment, with the line that a bank wants."""
    known = ratios[ratios["dscr"].notna()]
    years = [str(int(year)) for year in known["calendar_year"]]
    values = known["dscr"].tolist()
    norm = _("The bank’s norm: {ratio}", ratio=times(required))
    return {
        "data": [
            {
                "type": "bar",
                "x": years,
                "y": values,
                "marker": markers(["benefit" if meets(value, required) else "cost" for value in values]),
                "text": [times(value) for value in values],
                "textposition": "outside",
                "textfont": TEXT,
                "cliponaxis": False,
                "hovertemplate": "%{x}: %{text}<extra></extra>",
            }
        ],
        "layout": layout(
            height=360,
            xaxis=category_axis(title={"text": _("Year")}),
            yaxis=number_axis(
                _("DSCR: times interest and repayment"),
                tickformat=".1f",
                range=with_room([*values, required], ABOVE),
                nticks=6,
            ),
            showlegend=False,
            margin={"l": 8, "r": 16, "t": 36, "b": 8},
            shapes=[level(required, width=3, dash="dash", color=COLOURS["total"])],
            annotations=[
                {
                    "xref": "paper",
                    "x": 1,
                    "xanchor": "right",
                    "yref": "paper",
                    "y": 1.02,
                    "yanchor": "bottom",
                    "showarrow": False,
                    "text": f"- - -  {norm}",
                    "font": TEXT,
                }
            ],
        ),
    }


def zone_chart(marks: pd.DataFrame, *, reservation_eur: float, ceiling_eur: float, price_eur: float) -> Figure:
    """Both sides' limits on one axis of prices, with the price that is asked about.

    Parameters
    ----------
    marks : DataFrame
        `PriceTalks.marks`.
    reservation_eur, ceiling_eur : float
        [EUR] The room runs from the one to the other; a ceiling below the reservation price is a gap.
    price_eur : float
        [EUR] The price of the slider; NaN where it is not known.
    """
    known = marks[marks["price_eur"].notna()]
    prices = known["price_eur"].tolist()
    names = [price_mark_name(mark) for mark in known["mark"]]
    roles, symbols = [MARK_ROLES[mark] for mark in known["mark"]], [MARK_SYMBOLS[mark] for mark in known["mark"]]
    if not math.isnan(price_eur):
        prices, names = [*prices, price_eur], [*names, price_mark_name(ASKED)]
        roles, symbols = [*roles, "total"], [*symbols, "diamond"]
    is_gap = ceiling_eur < reservation_eur
    return {
        "data": [price_signs(prices, names, roles, symbols)],
        "layout": layout(
            height=110 + 44 * len(names),
            xaxis=euro_axis(_("Price (€)"), range=with_room(prices, AROUND_PRICES), domain=LINE_OF_PRICES, nticks=6),
            yaxis=category_axis(categoryorder="array", categoryarray=names, showgrid=True),
            showlegend=False,
            margin={"l": 8, "r": 16, "t": 36, "b": 8},
            annotations=price_amounts(prices, names),
            **zone(reservation_eur, ceiling_eur, _("Gap") if is_gap else _("Room for both"), is_room=not is_gap),
        ),
    }


def clawback_chart(review: pd.DataFrame) -> Figure:
    """What can still be clawed back at the end of each year, with the years of a review marked."""
    years = review_years(review)
    values = review["clawback_eur"].tolist()
    return {
        "data": [
            {
                "type": "bar",
                "x": years,
                "y": values,
                "marker": markers(["price" if is_review else "transfer" for is_review in review["is_review"]]),
                "customdata": [
                    f"{amount(value)}" + (f" · {_('review')}" if is_review else "")
                    for value, is_review in zip(values, review["is_review"], strict=True)
                ],
                "hovertemplate": "%{x}: %{customdata}<extra></extra>",
            }
        ],
        "layout": layout(
            height=320,
            xaxis=category_axis(title={"text": _("At the end of")}),
            yaxis=euro_axis(_("Still to be clawed back (€)"), nticks=6, range=with_room(values, ABOVE)),
            showlegend=False,
        ),
    }


def review_years(review: pd.DataFrame) -> list[str]:
    """The years of a claw-back schedule; year 0 is the transfer itself."""
    return [
        _("Start") if year == 0 else str(int(calendar_year))
        for year, calendar_year in zip(review["year"], review["calendar_year"], strict=True)
    ]
