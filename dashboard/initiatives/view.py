"""What every tab of the page Initiatives works with: the results, the bands, and how things are called and shown."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import pandas as pd
import streamlit as st

from dashboard.frame import plain
from dashboard.notation import amount, number
from dashboard.what_if import rates_name
from dashboard.wording import _, language, n_
from valuation.appraisal import Result
from valuation.case import Case
from valuation.comparison import comparison, ranges

BANDS = "initiatives_bands"
MARKDOWN = {sign: f"\\{sign}" for sign in "\\`*_[]<>$~|"}


class Computed(NamedTuple):
    """The tables that belong to one result."""

    result: Result
    table: pd.DataFrame
    bands: pd.DataFrame


class View:
    """The initiatives as they stand on the screen now.

    Parameters
    ----------
    result : Result
    """

    def __init__(self, result: Result) -> None:
        self.result = result
        self.case: Case = result.case

    @cached_property
    def _computed(self) -> Computed:
        known: Computed | None = st.session_state.get(BANDS)
        if known is None or known.result is not self.result:
            known = Computed(self.result, comparison(self.result), ranges(self.result))
            st.session_state[BANDS] = known
        return known

    @property
    def table(self) -> pd.DataFrame:
        """`valuation.comparison.comparison`."""
        return self._computed.table

    @property
    def bands(self) -> pd.DataFrame:
        """`valuation.comparison.ranges`."""
        return self._computed.bands

    @cached_property
    def names(self) -> dict[str, str]:
        """Number of an initiative to its name."""
        return dict(zip(self.case.initiatives["initiative_id"], self.case.initiatives["name"], strict=True))

    @cached_property
    def objects(self) -> dict[str, str]:
        """Number of an object to its name."""
        return dict(zip(self.case.assets["asset_id"], self.case.assets["name"], strict=True))

    def row(self, initiative_id: str) -> pd.Series:
        """The figures of one initiative."""
        return self.table[self.table["initiative_id"] == initiative_id].iloc[0]

    def band(self, initiative_id: str, figure: str) -> tuple[float, float]:
        """Low and high of one figure of one initiative."""
        row = self.bands[self.bands["initiative_id"] == initiative_id].iloc[0]
        return float(row[f"{figure}_low"]), float(row[f"{figure}_high"])

    def label(self, initiative_id: str) -> str:
        """An initiative in a list to choose from."""
        return f"{self.names[initiative_id]} ({initiative_id})"

    def source(self) -> str:
        """The source line of what comes from the workbook and the method."""
        return _(
            "workbook of {municipality}, computed by the method of Buurtwaarde",
            municipality=self.case.assumptions.municipality,
        )

    def years_note(self) -> str:
        """What the amounts over all years rest on."""
        return _(
            "Over all years: present values over {years} years at a discount rate of {rate}, as in the workbook.",
            years=number(self.case.assumptions.horizon_years),
            rate=rates_name(self.case.assumptions),
        )


def cell(text: object) -> str:
    """A user's text in a table: only the signs that would make it something else are made harmless."""
    words = "–" if text is None or (isinstance(text, float) and pd.isna(text)) else str(text)
    return "".join(MARKDOWN.get(sign, sign) for sign in words).replace("http", "http\u200b")


def bold(text: object) -> str:
    """A name that stands out in a sentence."""
    return f"**{plain(text)}**"


def between(low: float, high: float) -> str:
    """A band in words; nothing where low and high are the same."""
    return _("between {low} and {high}", low=amount(low), high=amount(high)) if high > low else ""


def people(case: Case, count: float, *, hidden: bool) -> str:
    """A number of people as it may be shown."""
    return few(case) if hidden else number(count)


def few(case: Case) -> str:
    """What stands for a number of people that is too small to show."""
    return _("fewer than {threshold}", threshold=number(case.reference.number("suppression_threshold")))


def suppression_note(case: Case) -> str:
    """Why some numbers of people are not shown."""
    return _(
        "Numbers of people below {threshold} are not shown, nor a number from which such a small number could be found "
        "by subtraction.",
        threshold=number(case.reference.number("suppression_threshold")),
    )


def scope(row: pd.Series, objects: dict[str, str]) -> str:
    """What a ratio covers, in a few words."""
    parts = [
        n_("{count} task", "{count} tasks", int(row["tasks_counted"])),
        n_("{count} effect", "{count} effects", int(row["effects_counted"])),
    ]
    if row["not_priced"]:
        parts.append(n_("{count} without a price (p.m.)", "{count} without a price (p.m.)", int(row["not_priced"])))
    if isinstance(row["ranked_with"], str):
        parts.append(_("with {object}", object=objects[row["ranked_with"]]))
    return ", ".join(parts)


def prices_in_words(case: Case, unit_group: str, rows: pd.DataFrame) -> str:
    """The chart of cost prices of one unit, for whoever cannot see it; rows as in `comparison.task_prices`."""
    tasks = (
        _(
            "{task} {there} at an institution, {here} here",
            task=row.task,
            there=amount(row.institutional_unit_cost_eur, 2),
            here=amount(row.initiative_unit_cost_eur, 2),
        )
        for row in rows.itertuples()
    )
    return _("Cost per {unit}: {tasks}.", unit=unit_name(case, unit_group), tasks="; ".join(tasks))


def unit_name(case: Case, unit: str) -> str:
    """A unit in the language of the page: `dagdeel` is half-day. A unit that we do not know stays as it was written."""
    if language() == "nl":
        return unit
    units = case.reference.units
    known = units.loc[(units["quantity_unit"] == unit) & units["unit"].str.startswith("EUR/"), "name_en"]
    return str(known.iloc[0]).removeprefix("euros per ") if len(known) else unit


def listed(names: list[str]) -> str:
    """Names in a sentence: a, b and c."""
    if len(names) < 2:
        return "".join(names)
    return _("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])
