"""The charts of documents: tables of the valuation in, rows on an axis out."""

from __future__ import annotations

import math
from collections.abc import Sequence

from exports.documents.model import Band, Chart, ChartRow, Segment
from exports.documents.terms import RUNG_NAMES, name_of
from exports.documents.words import Words
from valuation.appraisal import Result
from valuation.explain import budget_parts, price_ladder

TICKS = 4
"""Most steps on an axis."""


def ladder_chart(words: Words, result: Result, asset_id: str, *, has_deficit: bool) -> Chart:
    """The prices of one object from low to high, with the room in which both parties come out.

    Parameters
    ----------
    words : Words
    result : Result
    asset_id : str
    has_deficit : bool
        An initiative falls short each year: no price suits it, so there is no room to show.
    """
    asset, ladder = result.asset(asset_id), price_ladder(result, asset_id)
    rows = tuple(
        ChartRow(
            name_of(words, RUNG_NAMES, rung),
            words.amount(price),
            point=price,
            bold=rung == "proposed_price_eur",
        )
        for rung, price in zip(ladder["rung"], ladder["price_eur"], strict=True)
    )
    low, high = float(asset["reservation_price_eur"]), float(asset["ceiling_price_eur"])
    fits = high >= low and not has_deficit
    prices = "; ".join(f"{row.label} {row.figure}" for row in rows)
    return Chart(
        title=words.say("Prijsladder (€, eenmalig)", "Price ladder (€, once)"),
        alt=words.plain("Prijzen van laag naar hoog: {prices}.", "Prices from low to high: {prices}.", prices=prices),
        rows=rows,
        ticks=ticks_of(words, ladder["price_eur"].tolist()),
        zone=(low, high) if fits else None,
        zone_text=words.say("past voor beide partijen", "suits both parties") if fits else "",
    )


def budget_chart(words: Words, result: Result, asset_id: str) -> Chart:
    """What changes each year in the budget: freed depreciation, freed interest and the balance of the rest."""
    parts = budget_parts(result, asset_id)
    series = ("freed_depreciation_eur", "freed_interest_eur", "other_recurring_eur")
    rows = tuple(
        ChartRow(words.year(year), words.amount(total), segments=_stacked(values))
        for year, total, *values in parts[["year", "recurring_total_eur", *series]].itertuples(index=False)
    )
    ends = [end for row in rows for part in row.segments for end in (part.start, part.end)]
    return Chart(
        title=words.say("Begroting, elk jaar (€)", "Budget, each year (€)"),
        alt=words.plain(
            "Jaarlijks effect op de begroting: {years}.",
            "Yearly effect on the budget: {years}.",
            years="; ".join(f"{row.label} {row.figure}" for row in rows),
        ),
        rows=rows,
        ticks=ticks_of(words, ends),
        legend=(
            words.say("afschrijving", "depreciation"),
            words.say("rente (verschuift)", "interest (shifted)"),
            words.say("saldo van de rest", "balance of the rest"),
        ),
    )


def band_chart(words: Words, title: str, rows: Sequence[tuple[str, float, float, float]]) -> Chart:
    """Figures with how far they can be off.

    Parameters
    ----------
    words : Words
    title : str
        With the unit.
    rows : sequence
        Label, low, central and high [EUR]. Without a range, low and high are the central value.
    """
    made = tuple(
        ChartRow(
            label,
            words.amount(central),
            band=Band(low, high) if high > low else None,
            point=central,
            bold=number == len(rows) - 1,
        )
        for number, (label, low, central, high) in enumerate(rows)
    )
    described = "; ".join(
        f"{label} {words.amount(central)}"
        + (f" ({words.amount(low)} {words.say('tot', 'to')} {words.amount(high)})" if high > low else "")
        for label, low, central, high in rows
    )
    return Chart(title, f"{title}: {described}.", made, ticks_of(words, [end for row in rows for end in row[1:]]))


def bar_chart(words: Words, title: str, bars: Sequence[tuple[str, float]]) -> Chart:
    """One bar a row, such as an amount of each year; `bars` holds label and amount [EUR], NaN is unknown."""
    rows = tuple(
        ChartRow(label, words.amount(value), segments=() if math.isnan(value) else _stacked([value]))
        for label, value in bars
    )
    described = "; ".join(f"{row.label} {row.figure}" for row in rows)
    return Chart(title, f"{title}: {described}.", rows, ticks_of(words, [value for _, value in bars]))


def _stacked(values: Sequence[float]) -> tuple[Segment, ...]:
    """Parts one after the other, gains to the right of zero and losses to the left."""
    gains = losses = 0.0
    parts = []
    for series, value in enumerate(values):
        start = gains if value > 0 else losses
        if value:
            parts.append(Segment(series, start, start + value))
        if value > 0:
            gains += value
        else:
            losses += value
    return tuple(parts)


def ticks_of(words: Words, values: Sequence[float]) -> tuple[tuple[float, str], ...]:
    """Round values from below the lowest to above the highest, zero among them."""
    known = [value for value in values if not math.isnan(value)]
    low, high = min([0.0, *known]), max([0.0, *known])
    if low == high:
        high = 1.0
    step = round_step((high - low) / TICKS)
    first, last = math.floor(low / step), math.ceil(high / step)
    return tuple((number * step, _tick_text(words, number * step)) for number in range(first, last + 1))


def _tick_text(words: Words, value: float) -> str:
    """Millions in short; smaller amounts in full."""
    return (
        words.short_amount(value) if abs(value) >= 1_000_000 else words.amount(value, 0 if value == int(value) else 1)
    )


def round_step(least: float) -> float:
    """The smallest 1, 2 or 5 times a power of ten that is at least so much."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(size * power for size in (1.0, 2.0, 5.0, 10.0) if size * power >= least * (1 - 1e-12))
