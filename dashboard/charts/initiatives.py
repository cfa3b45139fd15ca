"""The charts of the page Initiatives: tables of `valuation.comparison` and `fairness` in, figures out."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from dashboard.charts.template import (
    COLOURS,
    GRID,
    Figure,
    category_axis,
    euro_axis,
    layout,
    marker,
    name_lines,
    number_axis,
    percent_axis,
    safe,
    waterfall,
)
from dashboard.initiatives.words import MEASURES, Measure, measure_name, step_name
from dashboard.notation import WRITERS, amount, percent, short_amount
from dashboard.terms import party_name
from dashboard.wording import _

NAME_WIDTH = 40
ROW_HEIGHT = 36
LEVELS = {"gross": "absolute", "avoided": "total", "municipal_cashable": "total", "municipal_net": "total"}
SIDES = ("total", "cost", "social", "rent")
"""Colour and pattern of each initiative that stands beside others."""
BAND = "rgba(128,138,148,0.45)"
MOST_EUROS_WITH_CENTS = 1_000


def ranking_chart(rows: pd.DataFrame, key: str) -> Figure:
    """Initiatives from best to worst, each a dot with the band between low and high prices.

    Parameters
    ----------
    rows : DataFrame
        `name`, `value`, `low`, `high`, best first; low and high are equal, or NaN, without a band.
    key : str
        Which figure (`dashboard.initiatives.words.MEASURES`).
    """
    measure = MEASURES[key]
    names = _unique([name_lines(name, NAME_WIDTH) for name in rows["name"]])
    write = WRITERS["short_amount" if measure.writer == "amount" else measure.writer]
    band_x: list[float | None] = []
    band_y: list[str | None] = []
    for name, row in zip(names, rows.itertuples(), strict=True):
        if row.high > row.low:
            band_x += [row.low, row.high, None]
            band_y += [name, name, None]
    ends = [max(row.value, row.high if row.high > row.low else row.value) for row in rows.itertuples()]
    starts = [min(row.value, row.low if row.high > row.low else row.value) for row in rows.itertuples()]
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "name": _("between low and high prices"),
                "x": band_x,
                "y": band_y,
                "line": {"width": 9, "color": BAND},
                "hoverinfo": "skip",
                "showlegend": bool(band_x),
            },
            {
                "type": "scatter",
                "mode": "markers",
                "name": _("as in the workbook"),
                "x": rows["value"].tolist(),
                "y": names,
                "marker": {"size": 13, "color": COLOURS["total"], "line": {"width": 1.5, "color": "white"}},
                "cliponaxis": False,
                "hovertemplate": _hover(measure),
            },
            {
                "type": "scatter",
                "mode": "text",
                "x": [
                    end if value >= 0 else start for value, start, end in zip(rows["value"], starts, ends, strict=True)
                ],
                "y": names,
                "text": [f"  <b>{write(value)}</b>  " for value in rows["value"]],
                "textposition": ["middle right" if value >= 0 else "middle left" for value in rows["value"]],
                "cliponaxis": False,
                "hoverinfo": "skip",
                "showlegend": False,
            },
        ],
        "layout": layout(
            height=120 + ROW_HEIGHT * len(rows),
            xaxis=_axis(measure, measure_name(key), starts, ends),
            yaxis=category_axis(categoryorder="array", categoryarray=names[::-1], showgrid=True, gridcolor=GRID),
        ),
    }


def _axis(measure: Measure, title: str, starts: list[float], ends: list[float]) -> Figure:
    """The axis of a measure in its unit, with room for the text at the dots."""
    low, high = min(0.0, *starts), max(0.0, *ends)
    width = (high - low) or 1.0
    parts = {"range": [low - (0.2 if low < 0 else 0.04) * width, high + 0.2 * width], "nticks": 6}
    if measure.writer == "amount":
        return euro_axis(title, **parts)
    return (
        percent_axis(title, **parts) if measure.writer == "percent" else number_axis(title, tickformat=",.1f", **parts)
    )


def _hover(measure: Measure) -> str:
    shown = {"amount": "€ %{x:,.0f}", "percent": "%{x:.0%}"}.get(measure.writer, "%{x:,.2f}")
    return f"%{{y}}<br>{shown}<extra></extra>"


def steps_chart(steps: pd.DataFrame) -> Figure:
    """From the cost at an institution to what is left for the municipality (`comparison.saving_steps`)."""
    names = [step_name(step) for step in steps["step"]]
    values = steps["value_eur"].tolist()
    levels = [value for step, value in zip(steps["step"], values, strict=True) if step in LEVELS]
    below = min(0.0, *levels)
    width = (max(0.0, *levels) - below) or 1.0
    return {
        "data": [
            {
                **waterfall(
                    [
                        f"<b>{name_lines(name, NAME_WIDTH)}</b>" if step in LEVELS else name_lines(name, NAME_WIDTH)
                        for step, name in zip(steps["step"], names, strict=True)
                    ],
                    values,
                    [LEVELS.get(step, "relative") for step in steps["step"]],
                    [
                        f"<b>{short_amount(value)}</b>" if step in LEVELS else short_amount(value)
                        for step, value in zip(steps["step"], values, strict=True)
                    ],
                ),
                "hovertemplate": "%{y}<br>€ %{x:,.0f}<extra></extra>",
            }
        ],
        "layout": layout(
            height=90 + 36 * len(steps),
            xaxis=euro_axis(
                _("€ per year, at full size"),
                range=[below - 0.16 * width, max(0.0, *levels) + 0.2 * width],
                nticks=6,
            ),
            yaxis=category_axis(autorange="reversed"),
            showlegend=False,
        ),
    }


def payers_chart(rows: pd.DataFrame) -> Figure:
    """Payer × cashable, and other effects: what lands in the municipal budget has a colour of its own.

    Parameters
    ----------
    rows : DataFrame
        `comparison.gains_by_payer`.
    """
    names = [name_lines(party_name(payer), 24) for payer in rows["payer"]]
    parts = [
        (_("cashable, in the municipal budget"), rows["municipal_budget_eur_per_year"], "total"),
        (
            _("cashable, in another’s budget"),
            rows["cashable_saving_eur_per_year"].where(rows["payer"] != "municipality", 0.0),
            "transfer",
        ),
        (_("avoided, but not cashable"), rows["not_cashable_eur_per_year"], "market"),
        (_("other effects"), rows["effects_eur_per_year"], "benefit"),
    ]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "name": name,
                "y": names,
                "x": values.tolist(),
                "marker": marker(role),
                "hovertemplate": f"%{{y}}<br>{name}: € %{{x:,.0f}}<extra></extra>",
            }
            for name, values, role in parts
            if (values != 0).any()
        ],
        "layout": layout(
            height=150 + 44 * len(rows),
            barmode="relative",
            xaxis=euro_axis(_("€ per year, at full size"), nticks=6),
            yaxis=category_axis(autorange="reversed"),
        ),
    }


def prices_chart(rows: pd.DataFrame, unit_name: str, names: dict[str, str] | None = None) -> Figure:
    """Cost price at the institution and at the initiative of tasks in one unit: a dumbbell each.

    Parameters
    ----------
    rows : DataFrame
        Rows of `comparison.task_prices` with one `unit_group`.
    unit_name : str
        That unit, in the language of the page.
    names : dict, optional
        Names of the initiatives, where tasks of several stand together.
    """
    tasks = _unique(
        [
            name_lines(row.task if names is None else f"{row.task} – {names[row.initiative_id]}", 40)
            for row in rows.itertuples()
        ]
    )
    institution, initiative = rows["institutional_unit_cost_eur"].tolist(), rows["initiative_unit_cost_eur"].tolist()
    between_x = [x for pair in zip(initiative, institution, strict=True) for x in (*pair, None)]
    between_y = [y for task in tasks for y in (task, task, None)]
    highest = max([*institution, *initiative, 1.0])

    def dots(name: str, values: list[float], others: list[float], colour: str, symbol: str) -> Figure:
        return {
            "type": "scatter",
            "mode": "markers+text",
            "name": name,
            "x": values,
            "y": tasks,
            "text": [f"<b>{_price(value)}</b>" for value in values],
            "textposition": [
                "middle right" if value >= other else "middle left" for value, other in zip(values, others, strict=True)
            ],
            "cliponaxis": False,
            "marker": {"size": 14, "symbol": symbol, "color": COLOURS[colour]},
            "hovertemplate": f"%{{y}}<br>{name}: € %{{x:,.2f}}<extra></extra>",
        }

    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "x": between_x,
                "y": between_y,
                "line": {"width": 5, "color": BAND},
                "hoverinfo": "skip",
                "showlegend": False,
            },
            dots(_("initiative"), initiative, institution, "social", "diamond"),
            dots(_("institution"), institution, initiative, "book", "circle"),
        ],
        "layout": layout(
            height=130 + 42 * len(rows),
            xaxis=euro_axis(
                _("€ per {unit}", unit=safe(unit_name)),
                range=[-0.14 * highest, 1.18 * highest],
                nticks=6,
                zeroline=True,
            ),
            yaxis=category_axis(autorange="reversed", showgrid=True, gridcolor=GRID),
        ),
    }


def side_by_side_chart(rows: pd.DataFrame, names: list[str]) -> Figure:
    """A few initiatives on the same four yearly figures.

    Parameters
    ----------
    rows : DataFrame
        Rows of `comparison.comparison`, at most four.
    names : list of str
        Their names, in that order.
    """
    figures_shown = (
        ("avoided_cost_eur_per_year", _("Avoided cost, all payers")),
        ("municipal_cashable_saving_eur_per_year", _("Cashable for the municipality")),
        ("municipal_cost_eur_per_year", _("Cost to the municipality: subsidy and support")),
        ("municipal_net_saving_eur_per_year", _("Net saving of the municipality")),
    )
    amounts = [float(row[column]) for _i, row in rows.iterrows() for column, _name in figures_shown]
    low, high = min(0.0, *amounts), max(0.0, *amounts)
    width = (high - low) or 1.0
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "name": name_lines(name, 40),
                "y": [name_lines(label, 26) for _column, label in figures_shown],
                "x": [float(row[column]) for column, _label in figures_shown],
                "marker": marker(role),
                "text": [short_amount(row[column]) for column, _label in figures_shown],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": "%{y}<br>€ %{x:,.0f}<extra>%{fullData.name}</extra>",
            }
            for (_i, row), name, role in zip(rows.iterrows(), names, SIDES, strict=False)
        ],
        "layout": layout(
            height=170 + 4 * 30 * len(rows),
            barmode="group",
            bargap=0.25,
            xaxis=euro_axis(
                _("€ per year, at full size"),
                range=[low - (0.14 * width if low < 0 else 0), high + 0.16 * width],
                nticks=6,
            ),
            yaxis=category_axis(autorange="reversed"),
        ),
    }


def reach_chart(rows: pd.DataFrame, few: str) -> Figure:
    """Reach and support by neighbourhood, most need at the top.

    Parameters
    ----------
    rows : DataFrame
        `fairness.by_neighbourhood`, with known neighbourhoods only.
    few : str
        What stands for a number of people that is too small to show.
    """
    names = [
        name_lines(row.neighbourhood, 22)
        + ("" if math.isnan(row.need_rank) else f" <i>({_('need no. {rank}', rank=int(row.need_rank))})</i>")
        for row in rows.itertuples()
    ]
    shares = rows["reach_share"].tolist()
    support = rows["municipal_cost_eur_per_inhabitant"].tolist()
    common = {"type": "bar", "orientation": "h", "y": names, "textposition": "outside", "cliponaxis": False}
    return {
        "data": [
            {
                **common,
                "name": _("people reached, share of inhabitants"),
                "x": [0.0 if math.isnan(share) else share for share in shares],
                "text": [_reach_text(row, few) for row in rows.itertuples()],
                "marker": marker("social"),
                "hovertemplate": "%{y}<br>%{x:.0%}<extra></extra>",
            },
            {
                **common,
                "name": _("municipal support, per inhabitant"),
                "x": [0.0 if math.isnan(value) else value for value in support],
                "text": [amount(value, 2) for value in support],
                "marker": marker("price"),
                "xaxis": "x2",
                "hovertemplate": "%{y}<br>€ %{x:,.2f}<extra></extra>",
            },
        ],
        "layout": layout(
            height=170 + 40 * len(rows),
            xaxis=percent_axis(
                _("People reached (share of inhabitants)"), domain=[0, 0.47], range=[0, 1.5 * _top(shares)], nticks=5
            ),
            xaxis2=euro_axis(
                _("Subsidy and support (€ per inhabitant per year)"),
                domain=[0.55, 1],
                range=[0, 1.45 * _top(support)],
                nticks=4,
            ),
            yaxis=category_axis(autorange="reversed"),
            showlegend=False,
        ),
    }


def _reach_text(row: Any, few: str) -> str:
    if math.isnan(row.people):
        return few if row.suppressed else _("nobody stated")
    if math.isnan(row.reach_share):
        return "–"
    share = percent(row.reach_share)
    return _("at least {share}", share=share) if row.suppressed else share


def _top(values: list[float]) -> float:
    return max((value for value in values if not math.isnan(value)), default=0.0) or 1.0


def _price(value: float) -> str:
    """A price per unit: cents where they matter."""
    return amount(value, 2 if abs(value) < MOST_EUROS_WITH_CENTS else 0)


def _unique(names: list[str]) -> list[str]:
    """Names of a category axis: two of the same name would share one row."""
    seen: dict[str, int] = {}
    told_apart = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told_apart.append(name + "\u200b" * (seen[name] - 1))
    return told_apart
