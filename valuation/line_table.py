"""The file in which very many objects travel: a table of lines, declared once.

What a column means is what `valuation.object_lines` says of it. From this one declaration come the check of a file that
is read, the columns of one that is written, and `docs/portfolio-files.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from valuation.case import ASSUMPTIONS
from valuation.discounting import Rate
from valuation.distributions import Distribution
from valuation.object_lines import Terms

FORMAT, VERSION = "lines", 1
METADATA = b"buurtwaarde"
"""Key of the file's own metadata that holds, as JSON, what all lines have in common."""
SHAPES = ("triangular", "pert", "uniform", "lognormal")

Kind = Literal["identifier", "word", "number", "year", "weight", "flag", "take_up"]


@dataclass(frozen=True)
class LineColumn:
    """One column.

    Parameters
    ----------
    key : str
    kind : {"identifier", "word", "number", "year", "weight", "flag", "take_up"}
        `identifier` is a whole number or text, `weight` is -1, 0 or 1, `take_up` a list such as `50%; 80%; 100%`.
    meaning_nl, meaning_en : str
    default : float | None
        What a column that is not there, or a flag that is empty, means; None for a column that has to be there.
    least, most : float | None
        Bounds that a value may equal.
    may_be_empty : bool
    for_draws : bool
        Only read when draws are asked for.
    """

    key: str
    kind: Kind
    meaning_nl: str
    meaning_en: str
    default: float | None = None
    least: float | None = None
    most: float | None = None
    may_be_empty: bool = False
    for_draws: bool = False


def _share(key: str, meaning_nl: str, meaning_en: str, least: float = 0.0) -> LineColumn:
    return LineColumn(key, "number", meaning_nl, meaning_en, default=0.0, least=least, most=1.0)


LINE_COLUMNS = (
    LineColumn(
        "municipality",
        "word",
        "Gemeente, met haar CBS-code (GM0363) of naam.",
        "Municipality, by its code of Statistics Netherlands (GM0363) or its name.",
    ),
    LineColumn(
        "object",
        "identifier",
        "Nummer van het object. Regels van één object staan bij elkaar, objecten op volgorde van gemeente en nummer.",
        "Number of the object. Lines of one object stand together, objects in order of municipality and number.",
    ),
    LineColumn(
        "quantity",
        "number",
        "Hoeveelheid, per jaar of eenmalig.",
        "Quantity, a year or once.",
        least=0.0,
    ),
    LineColumn(
        "unit_value_eur",
        "number",
        "Waarde van één eenheid [EUR]. Leeg is p.m.: niemand kan het prijzen.",
        "Value of one unit [EUR]. Empty is p.m.: nobody can price it.",
        may_be_empty=True,
    ),
    LineColumn(
        "low_eur",
        "number",
        "Lage waarde van één eenheid [EUR]; leeg is zeker.",
        "Low value of one unit [EUR]; empty is certain.",
        default=float("nan"),
        may_be_empty=True,
        for_draws=True,
    ),
    LineColumn(
        "high_eur",
        "number",
        "Hoge waarde van één eenheid [EUR]; leeg is zeker.",
        "High value of one unit [EUR]; empty is certain.",
        default=float("nan"),
        may_be_empty=True,
        for_draws=True,
    ),
    LineColumn(
        "distribution",
        "word",
        "Verdeling tussen laag en hoog: triangular, pert, uniform of lognormal. Leeg is triangular.",
        "Distribution between low and high: triangular, pert, uniform or lognormal. Empty is triangular.",
        default=0.0,
        may_be_empty=True,
        for_draws=True,
    ),
    LineColumn(
        "price",
        "word",
        "Prijscode: regels met dezelfde code delen één trekking, in het hele land.",
        "Price code: lines with the same code share one draw, in the whole country.",
        default=0.0,
        may_be_empty=True,
        for_draws=True,
    ),
    _share("deadweight", "Deel dat ook zonder gebeurt.", "Part that happens anyway."),
    _share("displacement", "Deel dat elders verdwijnt.", "Part that disappears elsewhere."),
    _share("attribution", "Deel dat aan anderen te danken is.", "Part of the credit that belongs to others."),
    _share("drop_off", "Deel dat elk jaar wegvalt.", "Part that falls away each year."),
    _share("real_growth", "Groei boven inflatie per jaar.", "Growth above inflation a year.", least=-1.0),
    LineColumn(
        "start_year",
        "year",
        "Eerste jaar; 0 is de overdracht.",
        "First year; 0 is the transfer.",
        default=1.0,
        least=0.0,
    ),
    LineColumn("end_year", "year", "Laatste jaar.", "Last year.", least=0.0),
    LineColumn(
        "society",
        "weight",
        "1 maatschappelijke baat, -1 maatschappelijke last, 0 geen van beide.",
        "1 social benefit, -1 social cost, 0 neither.",
    ),
    LineColumn(
        "municipal",
        "number",
        "Deel dat geld van de gemeente is, met teken.",
        "Part that is municipal cash, signed.",
        least=-1.0,
        most=1.0,
    ),
    LineColumn(
        "book",
        "weight",
        "1 op de regel met de boekwaarde, anders 0.",
        "1 on the line with the book value, else 0.",
        default=0.0,
        least=0.0,
    ),
    LineColumn(
        "at_terminal",
        "flag",
        "Staat aan het einde van het laatste jaar.",
        "Stands at the end of the last year.",
        default=0.0,
    ),
    LineColumn(
        "take_up",
        "take_up",
        "Ingroei, zoals 50%; 80%; 100%. Leeg is 100%.",
        "Take-up, such as 50%; 80%; 100%. Empty is 100%.",
        default=0.0,
        may_be_empty=True,
    ),
)  # fmt: skip


def terms_as_data(terms: Terms) -> dict[str, Any]:
    """What all lines have in common, as data for JSON: `assumptions` and `ranges`."""
    ranges = {
        "discount_rate": terms.discount_rate_range,
        "municipal_discount_rate": terms.municipal_discount_rate_range,
    }
    return {
        "assumptions": {
            "horizon_years": terms.horizon_years,
            "timing": terms.timing,
            "discount_rate": terms.discount_rate,
            "municipal_discount_rate": terms.municipal_discount_rate,
        },
        "ranges": {
            key: {"low": found.low, "high": found.high, "distribution": found.shape}
            for key, found in ranges.items()
            if found is not None
        },
    }


def terms_from_data(data: dict[str, Any]) -> Terms:
    """The terms of such data.

    Raises
    ------
    ValueError
        With the key that is missing or out of bounds.
    """
    assumptions, ranges = _part(data, "assumptions"), data.get("ranges", {})
    horizon = assumptions.get("horizon_years")
    if not isinstance(horizon, int) or not 1 <= horizon <= int(ASSUMPTIONS.column("horizon_years").maximum or 0):
        raise ValueError("horizon_years")
    if assumptions.get("timing", "end") not in ("end", "mid", "start"):
        raise ValueError("timing")
    if "discount_rate" not in assumptions:
        raise ValueError("discount_rate")
    society = _rate(assumptions["discount_rate"], "discount_rate", horizon)
    own = assumptions.get("municipal_discount_rate", assumptions["discount_rate"])
    municipal = _rate(own, "municipal_discount_rate", horizon)
    return Terms(
        horizon_years=horizon,
        timing=assumptions.get("timing", "end"),
        discount_rate=society,
        municipal_discount_rate=municipal,
        discount_rate_range=_range(ranges, society, "discount_rate"),
        municipal_discount_rate_range=_range(ranges, municipal, "municipal_discount_rate"),
    )


def _part(data: dict[str, Any], key: str) -> dict[str, Any]:
    part = data.get(key)
    if not isinstance(part, dict):
        raise ValueError(key)
    return part


def _rate(value: Any, key: str, horizon_years: int) -> Rate:
    if isinstance(value, int | float) and -1.0 < value < 1.0:
        return float(value)
    try:
        steps = tuple((int(year), float(rate)) for year, rate in value)
    except (TypeError, ValueError):
        raise ValueError(key) from None
    years = [year for year, _ in steps]
    if (
        not steps
        or years != sorted(set(years))
        or years[-1] < horizon_years
        or any(abs(rate) >= 1 for _, rate in steps)
    ):
        raise ValueError(key)
    return steps


def _range(ranges: dict[str, Any], central: Rate, key: str) -> Distribution | None:
    if key not in ranges:
        return None
    try:
        found = ranges[key]
        low, high, shape = float(found["low"]), float(found["high"]), found.get("distribution", SHAPES[0])
    except (TypeError, KeyError, ValueError, AttributeError):
        raise ValueError(f"ranges: {key}") from None
    if not -1.0 < low <= high < 1.0 or shape not in SHAPES or isinstance(central, tuple):
        raise ValueError(f"ranges: {key}")
    return Distribution(shape, low, central, high)
