"""The three views of all transfers together, year by year."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from dashboard.charts.portfolio import year_names, years_chart
from dashboard.notation import amount
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
            _("In the books: what comes back every year"),
            _("Recurring effect on the budget (€)"),
            "book",
        ),
        ("municipality_eur", _("For the municipality’s purse"), _("Municipal cash (€), price left out"), "total"),
        ("society_eur", _("For society"), _("Benefits less costs (€)"), "social"),
    )
    for column, heading, title, role in shown:
        st.subheader(heading, anchor=False)
        rows = views[views[column].notna()]
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
    st.caption(
        _(
            "The last bar of the municipality’s purse holds what the objects would be worth at the end if it kept "
            "them: that is lost with a transfer."
        )
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
