"""The three views of all transfers together, year by year."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from dashboard.charts.portfolio import year_names, years_chart
from dashboard.notation import amount, short_amount
from dashboard.portfolio.words import AMOUNTS, source
from dashboard.show import show_chart
from dashboard.wording import _
from valuation.appraisal import Result
from valuation.portfolio import yearly_views


def show_years(result: Result) -> None:
    """The three views of all transfers together, each with its own picture and money."""
    views = yearly_views(result)
    st.markdown(
        _(
            "All transfers with an initiative together, and the initiatives without a building. Three views, each in "
            "its own money: they are never added up."
        )
    )
    shown = (
        (
            "accounts_recurring_eur",
            _("In the books: what changes in the budget every year?"),
            _("Recurring effect on the budget (€)"),
            "book",
            books_words,
        ),
        (
            "municipality_eur",
            _("For the municipality’s purse: what comes in, and what goes out?"),
            _("Municipal cash (€), price left out"),
            "total",
            purse_words,
        ),
        (
            "society_eur",
            _("For society: what does it bring, and what does it cost?"),
            _("Benefits less costs (€)"),
            "social",
            society_words,
        ),
    )
    for column, heading, title, role, words in shown:
        st.subheader(heading, anchor=False)
        rows = views[views[column].notna()]
        st.markdown(words(rows[column]))
        table = pd.DataFrame({_("Year"): year_names(rows), title: rows[column]})
        show_chart(
            years_chart(rows, column, title, role),
            table,
            source(result),
            f"{title}: "
            + "; ".join(f"{name} {amount(value)}" for name, value in zip(*table.to_dict("list").values(), strict=True)),
            key=f"portfolio_{column}",
            columns={title: AMOUNTS},
        )
    one_off = views.loc[views["t"] == 1, "accounts_one_off_eur"].iloc[0]
    if math.isnan(one_off):
        st.caption(_("The one-off effect on the budget is not known: not every object has a proposed price."))
    else:
        st.caption(_("One-off effect on the budget in the first year: {amount}.", amount=amount(one_off)))
    st.caption(
        _(
            "The books stand in euros of each year, the other two in prices of {year}, not discounted.",
            year=result.case.assumptions.price_year,
        )
    )


def books_words(yearly: pd.Series) -> str:
    """Between which amounts the budget changes in each of its years."""
    return _(
        "Against keeping the objects the budget changes by {low} to {high} a year; above zero it is better off.",
        low=_bold(yearly.min()),
        high=_bold(yearly.max()),
    )


def purse_words(yearly: pd.Series) -> str:
    """The transfer, the years, and what the last bar holds beside its own year."""
    now, between = _bold(yearly.iloc[0]), yearly.iloc[1:-1]
    began = (
        _("At the transfer {now}, against keeping the objects.", now=now)
        if between.empty
        else _(
            "At the transfer {now}, after that {low} to {high} a year, against keeping the objects.",
            now=now,
            low=_bold(between.min()),
            high=_bold(between.max()),
        )
    )
    ended = _(
        "The last bar ({last}) also holds what the objects would be worth at the end if the municipality kept them: a "
        "transfer gives that up.",
        last=short_amount(yearly.iloc[-1]),
    )
    return f"{began} {ended}"


def society_words(yearly: pd.Series) -> str:
    """The transfer, and the years after it."""
    return _(
        "At the transfer {now}, after that {low} to {high} a year, against keeping the objects.",
        now=_bold(yearly.iloc[0]),
        low=_bold(yearly.iloc[1:].min()),
        high=_bold(yearly.iloc[1:].max()),
    )


def _bold(value: float) -> str:
    return f"**{short_amount(value)}**"
