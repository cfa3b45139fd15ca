"""Small pictures beside each other, all on one scale: a row of bars, or a cloud of dots, for each neighbourhood.

They are HTML and no Plotly: sixty of them cost nothing, they fall over fewer columns on a narrow screen by themselves,
and their figures are text that can be read aloud and searched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

STYLE = """
<style>
.bw-small { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); gap: 1.1rem 1.4rem;
  margin: .4rem 0 .8rem; }
.bw-small > div { border-top: 2px solid rgba(128,138,148,.55); padding-top: .35rem; min-width: 0; }
.bw-small strong { display: block; overflow-wrap: anywhere; }
.bw-small small { display: block; font-size: .875rem; margin-bottom: .3rem; }
.bw-small .bar { display: grid; grid-template-columns: 1fr auto; gap: 0 .5rem; font-size: .875rem; }
.bw-small .bar b { font-weight: 400; font-variant-numeric: tabular-nums; }
.bw-small .bar i { grid-column: 1 / -1; position: relative; display: block; height: .7rem; margin-bottom: .3rem;
  background: rgba(128,138,148,.16); }
.bw-small .bar i u { position: absolute; top: 0; bottom: 0; }
.bw-small .zero { width: 0; border-left: 1px solid currentColor; }
.bw-small .cloud { position: relative; height: 9rem; margin: .2rem .3rem 0; background: rgba(128,138,148,.1);
  border-left: 1px solid; border-bottom: 1px solid; }
.bw-small .cloud u { position: absolute; border: 0 dashed rgba(128,138,148,.9); }
.bw-small .cloud i { position: absolute; width: .8rem; height: .8rem; margin: 0 0 -.4rem -.4rem; border-radius: 50%;
  box-shadow: 0 0 0 1px light-dark(#FFFFFF, #11181F); }
.bw-small .book { background: light-dark(#22282F, #7F8B97); }
.bw-small .market { background: repeating-linear-gradient(135deg, light-dark(#A33B00, #DB6A2B) 0 4px,
  light-dark(#C97A4E, #F0A77C) 4px 6px); }
.bw-small .social { background: light-dark(#129C66, #8FF0C4); }
.bw-small .backlog { background: repeating-linear-gradient(45deg, light-dark(#968910, #F5D94A) 0 3px,
  light-dark(#C9BF62, #A8952F) 3px 5px); }
</style>
"""
"""The colours are those of the theme (`chartCategoricalColors` in .streamlit/config.toml)."""


@dataclass(frozen=True)
class Bar:
    """One bar: its figure, that figure as text, what it is called, and its look (`book`, `market`, ...)."""

    value: float | None
    text: str
    label: str
    look: str


@dataclass(frozen=True)
class Dot:
    """One object in a cloud: its two figures and what is said of it."""

    x: float
    y: float
    text: str


def bars_html(cards: Sequence[tuple[str, str, Sequence[Bar]]]) -> str:
    """A card for each group, with its bars; all on the scale that holds every figure and zero.

    Parameters
    ----------
    cards : sequence of (name, line under it, bars)
    """
    values = [0.0, *(bar.value for _name, _line, bars in cards for bar in bars if bar.value is not None)]
    low, high = min(values), max(values)
    width = (high - low) or 1.0

    def bar_html(bar: Bar) -> str:
        value = bar.value or 0.0
        start, end = sorted(((value - low) / width, -low / width))
        return (
            f'<div class="bar"><span>{escape(bar.label)}</span><b>{escape(bar.text)}</b><i aria-hidden="true">'
            f'<u class="{bar.look}" style="left:{start:.2%};right:{1 - end:.2%}"></u>'
            f'<u class="zero" style="left:{-low / width:.2%}"></u></i></div>'
        )

    return _grid([(name, line, "".join(map(bar_html, bars))) for name, line, bars in cards])


def clouds_html(cards: Sequence[tuple[str, str, Sequence[Dot]]], borders: tuple[float, float]) -> str:
    """A card for each group, with a dot for each object; all on the same two axes.

    Parameters
    ----------
    cards : sequence of (name, line under it, dots)
    borders : tuple of float
        Where the two dashed lines run.
    """
    dots = [dot for _name, _line, its_dots in cards for dot in its_dots]
    across, up = _Scale([borders[0], *(dot.x for dot in dots)]), _Scale([borders[1], *(dot.y for dot in dots)])
    lines = (
        f'<u style="left:{across(borders[0]):.2%};top:0;bottom:0;border-left-width:1px"></u>'
        f'<u style="bottom:{up(borders[1]):.2%};left:0;right:0;border-bottom-width:1px"></u>'
    )

    def cloud(line: str, its_dots: Sequence[Dot]) -> str:
        said = escape("; ".join(dot.text for dot in its_dots) or line, quote=True)
        marks = "".join(
            f'<i class="social" title="{escape(dot.text, quote=True)}" '
            f'style="left:{across(dot.x):.2%};bottom:{up(dot.y):.2%}"></i>'
            for dot in its_dots
        )
        return f'<div class="cloud" role="img" aria-label="{said}">{lines}{marks}</div>'

    return _grid([(name, line, cloud(line, its_dots)) for name, line, its_dots in cards])


class _Scale:
    """Where a figure stands between the edges of a picture, from 0 to 1; zero is in it, and there is room around."""

    def __init__(self, values: Sequence[float]) -> None:
        low, high = min(0.0, *values), max(0.0, *values)
        room = 0.08 * ((high - low) or 1.0)
        self.low, self.width = low - room, high - low + 2 * room

    def __call__(self, value: float) -> float:
        return (value - self.low) / self.width


def _grid(cards: Sequence[tuple[str, str, str]]) -> str:
    inside = "".join(
        f'<div role="listitem"><strong>{escape(name)}</strong><small>{escape(line)}</small>{picture}</div>'
        for name, line, picture in cards
    )
    return f'<div class="bw-small" role="list">{inside}</div>'
