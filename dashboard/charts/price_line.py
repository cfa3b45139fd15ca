"""Prices of one object on one line, and the room between the two parties: on the pages Value and Business case."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dashboard.charts.template import COLOURS, TEXT, Figure
from dashboard.notation import amount, short_amount

HOVER = "%{y}<br>%{customdata}<extra></extra>"
LINE_OF_PRICES = [0, 0.83]
"""The part of the width that the line takes; the amounts stand beside it."""
AROUND_PRICES = 0.06
ZONE_FILL = "rgba(18,156,102,0.20)"
GAP_FILL = "rgba(150,137,16,0.22)"


def price_signs(prices: Sequence[float], names: Sequence[str], roles: Sequence[str], symbols: Sequence[str]) -> Figure:
    """The sign of each price on its own row."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": prices,
        "y": names,
        "cliponaxis": False,
        "marker": {
            "size": 16,
            "line": {"width": 2},
            "color": [COLOURS[role] for role in roles],
            "symbol": symbols,
        },
        "customdata": [amount(price) for price in prices],
        "hovertemplate": HOVER,
    }


def price_amounts(prices: Sequence[float], names: Sequence[str]) -> list[Figure]:
    """The amount at the end of each row."""
    return [
        {
            "x": 1,
            "xref": "paper",
            "xanchor": "right",
            "y": name,
            "showarrow": False,
            "text": f"<b>{short_amount(price)}</b>",
            "font": TEXT,
        }
        for name, price in zip(names, prices, strict=True)
    ]


def zone(reservation_eur: float, ceiling_eur: float, name: str, *, is_room: bool) -> Figure:
    """Part of a layout: the room from the one price to the other, or the gap; nothing where one is not known."""
    if math.isnan(reservation_eur) or math.isnan(ceiling_eur):
        return {}
    shape = {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": reservation_eur,
        "x1": ceiling_eur,
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "fillcolor": ZONE_FILL if is_room else GAP_FILL,
        "line": {
            "width": 2,
            "dash": "solid" if is_room else "dot",
            "color": COLOURS["benefit" if is_room else "gap"],
        },
        "label": {"text": name, "textposition": "top center", "yanchor": "bottom", "font": TEXT},
    }
    return {"shapes": [shape]}
