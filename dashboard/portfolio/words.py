"""What the tabs of the page Portfolio have in common: names, sources, and lists of objects."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from dashboard.frame import plain
from dashboard.wording import _, n_
from valuation.appraisal import Result
from valuation.portfolio import QUADRANTS

AMOUNTS = "amount"
MOST_NAMES, NAMES_OF_MANY = 30, 12


def source(result: Result) -> str:
    """The source line of what comes from the workbook and the method."""
    return _(
        "workbook of {municipality}, computed by the method of Buurtwaarde",
        municipality=result.case.assumptions.municipality,
    )


def quadrant_names() -> dict[str, str]:
    """What each part of the picture is called."""
    names = (
        _("low in the books, high for society: transfer comes first"),
        _("high in both: transfer, but it costs the books something"),
        _("low in both: no hurry"),
        _("high in the books, low for society: selling is worth a look"),
    )
    return dict(zip(QUADRANTS, names, strict=True))


def listed(rows: pd.DataFrame) -> str:
    """The names of these objects."""
    return shortened([plain(name) for name in rows["name"]])


def named(rows: pd.DataFrame) -> str:
    """The names of these objects, to be noticed in a sentence."""
    return shortened([f"**{plain(name)}**" for name in rows["name"]])


def shortened(names: Sequence[str]) -> str:
    """The names after each other; of very many the first, and how many more there are."""
    if len(names) <= MOST_NAMES:
        return ", ".join(names)
    more = len(names) - NAMES_OF_MANY
    first = ", ".join(names[:NAMES_OF_MANY])
    return n_("{names} and {count} more", "{names} and {count} more", more, names=first)
