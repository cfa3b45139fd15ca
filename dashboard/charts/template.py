"""What all charts share: colours, axes with their units, separators of the app's language.

A figure is a plain dictionary `{"data": [...], "layout": layout(...)}`: plotly's own classes cost a hundred times
more, and a slider redraws the chart at each step. Text takes the font and colour of the page, light or dark.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from dashboard.notation import separators
from dashboard.wording import language

Figure = dict[str, Any]

# Streamlit puts the colours of the theme in the place of these numbers, for the light or the dark page as it is shown
# (`chartCategoricalColors` in .streamlit/config.toml, whose contrast and order tests/test_theme.py works out). A bar
# has a pattern of its own as well, for who sees no colours and for a printer that has none.
BLUE, RUST, GREEN, PURPLE, OLIVE, DARK = (f"#00000{place}" for place in range(1, 7))
PAGE = "#000038"
"""Takes the colour of the page itself, light or dark."""
TEXT = {"size": 14, "color": "#000037"}
"""Text in a chart: takes the darkest grey of a light page and the lightest of a dark one, to be read from the back of
a council chamber. Streamlit's own chart text is fainter, so each part has to say it."""
COLOURS = {
    "book": DARK,
    "market": RUST,
    "rent": PURPLE,
    "social": GREEN,
    "benefit": GREEN,
    "cost": RUST,
    "transfer": PURPLE,
    "total": BLUE,
    "price": BLUE,
    "gap": OLIVE,
}
PATTERNS = {
    "book": "",
    "market": "/",
    "rent": "x",
    "social": ".",
    "benefit": "",
    "cost": "/",
    "transfer": ".",
    "total": "",
    "price": "\\",
    "gap": "x",
}
CONFIG: Figure = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}
GRID = "rgba(128,138,148,0.28)"
ZERO_LINE = "rgba(128,138,148,0.9)"
ABOVE, BESIDE = 0.15, 0.2
"""The part of an axis that the figures above standing bars take, and those beside lying ones."""


def layout(*, height: int = 360, **parts: Any) -> Figure:
    """The layout of every chart; `parts` are plotly's own (`xaxis=euro_axis(...)`) and win."""
    return {
        "separators": separators(),
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": TEXT,
        "height": height,
        "margin": {"l": 8, "r": 16, "t": 16, "b": 8},
        "hoverlabel": {"align": "left"},
        "dragmode": False,
        "bargap": 0.35,
        **parts,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": TEXT, **parts.get("legend", {})},
    }


def euro_axis(title: str, **parts: Any) -> Figure:
    """An axis of euros; the title says of what.

    Dutch writes the sign as everywhere else in the app, € −5.000. Plotly cannot write the English −€5,000, so there the
    title alone says that these are euros.
    """
    return number_axis(title, **{"tickprefix": "€ " if language() == "nl" else "", **parts})


def percent_axis(title: str, **parts: Any) -> Figure:
    """An axis of fractions, written as percentages."""
    return number_axis(title, **{"tickformat": ".0%", **parts})


def number_axis(title: str, **parts: Any) -> Figure:
    """An axis of numbers; the title says which, and in what unit."""
    return {
        "title": {"text": title, "font": TEXT},
        "tickfont": TEXT,
        "tickformat": ",.0f",
        "gridcolor": GRID,
        "zeroline": True,
        "zerolinecolor": ZERO_LINE,
        "automargin": True,
        "fixedrange": True,
        **parts,
    }


def year_axis(title: str, **parts: Any) -> Figure:
    """An axis of years, without a separator in 2026."""
    return number_axis(title, **{"tickformat": "d", "dtick": 1, "showgrid": False, "zeroline": False, **parts})


def category_axis(**parts: Any) -> Figure:
    """An axis of names; the names say what they are."""
    title = {"title": {"font": TEXT, **parts["title"]}} if "title" in parts else {}
    return {
        "type": "category",
        "automargin": True,
        "fixedrange": True,
        "showgrid": False,
        "tickfont": TEXT,
        **parts,
        **title,
    }


def marker(role: str) -> Figure:
    """Colour and pattern of a bar with this role (a key of `COLOURS`)."""
    return {
        "color": COLOURS[role],
        "pattern": {"shape": PATTERNS[role], "fillmode": "overlay", "fgcolor": PAGE, "size": 8, "solidity": 0.2},
    }


def markers(roles: Sequence[str]) -> Figure:
    """One marker of a bar trace in which each bar has its own colour and pattern."""
    each = [marker(role) for role in roles]
    return {
        "color": [one["color"] for one in each],
        "pattern": {**each[0]["pattern"], "shape": [one["pattern"]["shape"] for one in each]},
    }


def waterfall(names: Sequence[str], values: Sequence[float], measures: Sequence[str], texts: Sequence[str]) -> Figure:
    """Steps from one level to another: what adds in the colour of benefits, what takes off in that of costs.

    Parameters
    ----------
    names, values, texts : sequence
        What each step or level is called, its size, and what stands beside it.
    measures : sequence of {"absolute", "relative", "total"}
    """
    return {
        "type": "waterfall",
        "orientation": "h",
        "y": names,
        "x": values,
        "measure": measures,
        "text": texts,
        "textposition": "outside",
        "cliponaxis": False,
        "increasing": {"marker": {"color": COLOURS["benefit"]}},
        "decreasing": {"marker": {"color": COLOURS["cost"]}},
        "totals": {"marker": {"color": COLOURS["total"]}},
        "connector": {"line": {"width": 1, "color": GRID}},
    }


def upright(at: float, *, top: float = 1, **look: Any) -> Figure:
    """A line up from the foot of a chart at a place on its axis; `look` is plotly’s (`width`, `dash`, `color`)."""
    return {"type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": top, "line": look}


def level(at: float, **look: Any) -> Figure:
    """A line across the whole chart at a height on its axis; `look` as that of `upright`."""
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at, "line": look}


def with_room(values: Sequence[float], part: float) -> list[float]:
    """A range of an axis that includes zero and leaves part of its width free for the figures at the bars."""
    known = [value for value in values if not math.isnan(value)]
    low, high = min([0.0, *known]), max([0.0, *known])
    width = (high - low) or 1.0
    return [low - part * width * (low < 0), high + part * width]


def safe(text: str) -> str:
    """A user's text, with the signs that Plotly would take for markup replaced by ones that look alike."""
    return text.replace("<", "‹").replace(">", "›")


def name_lines(name: str, width: int) -> str:
    """A long name over more lines, so that it leaves room for the figures."""
    return "<br>".join(wrap(safe(name), width)) or safe(name)
