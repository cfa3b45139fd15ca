"""Tab Who is reached: reach, savings and support by neighbourhood against need, and who is not reached."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from dashboard.charts.initiatives import reach_chart
from dashboard.frame import plain
from dashboard.initiatives.view import View, cell, few, listed, people, suppression_note
from dashboard.notation import MISSING, amount, number, percent
from dashboard.show import show_chart, show_table
from dashboard.wording import _, n_
from valuation.fairness import by_need, by_neighbourhood, not_reached, reach_by_initiative, without_reach


def show_reached(view: View) -> None:
    """The plain statement first, then the chart and the tables."""
    table = by_neighbourhood(view.case, view.result.initiatives)
    known = table[table["neighbourhood"].notna()]
    st.subheader(_("Who is reached, and who is not?"), anchor=False)
    if view.case.reach.empty:
        st.info(
            _(
                "The workbook does not say yet whom the initiatives reach. Fill in the sheets "
                "Neighbourhoods and Reach to see it here. Until then it is unknown, not nobody."
            ),
            icon=":material/group_off:",
        )
    else:
        _statement(view)
    if known.empty:
        return
    _chart(view, known)
    _table(table)
    if not view.case.reach.empty:
        _by_initiative(view)


def _statement(view: View) -> None:
    missed = not_reached(view.case, view.result.initiatives)
    with st.container(key="initiatives_answer"):
        if missed.empty:
            st.markdown(_("Every neighbourhood in the workbook is reached by at least one initiative."))
        else:
            st.markdown(
                n_(
                    "No initiative reaches anyone in {names}, as far as the workbook says.",
                    "No initiative reaches anyone in these neighbourhoods, as far as the workbook says: {names}.",
                    len(missed),
                    names=listed([f"**{plain(row.neighbourhood)}**{_in_brackets(row)}" for row in missed.itertuples()]),
                )
            )
    halves = by_need(view.case, view.result.initiatives)
    if len(halves) == 2:
        more, less = (row for _i, row in halves.iterrows())
        st.markdown(
            _(
                "In the half of the neighbourhoods with the most need, initiatives reach {more} of the inhabitants "
                "and get {more_support} of support per inhabitant a year; in the other half {less} and "
                "{less_support}.",
                more=f"**{_share(more)}**",
                more_support=f"**{amount(more['municipal_cost_eur_per_inhabitant'], 2)}**",
                less=f"**{_share(less)}**",
                less_support=f"**{amount(less['municipal_cost_eur_per_inhabitant'], 2)}**",
            )
        )
    silent = without_reach(view.case)
    if silent:
        st.markdown(
            n_(
                "{count} initiative does not say whom it reaches: {names}.",
                "{count} initiatives do not say whom they reach: {names}.",
                len(silent),
                names=listed([plain(view.names[number_]) for number_ in silent]),
            )
        )


def _share(half: pd.Series) -> str:
    """Which part of the inhabitants is reached; at least, where small numbers are not shown."""
    share = percent(half["reach_share"])
    return _("at least {share}", share=share) if half["suppressed"] else share


def _in_brackets(row: object) -> str:
    """Need and inhabitants behind the name of a neighbourhood."""
    facts = []
    if not math.isnan(row.need_rank):
        facts.append(_("need no. {rank}", rank=int(row.need_rank)))
    if not math.isnan(row.inhabitants):
        facts.append(_("{count} inhabitants", count=number(row.inhabitants)))
    return f" ({', '.join(facts)})" if facts else ""


def _chart(view: View, known: pd.DataFrame) -> None:
    show_chart(
        reach_chart(known, few(view.case)),
        pd.DataFrame(
            {
                _("Neighbourhood"): [cell(name) for name in known["neighbourhood"]],
                _("Need (1 is most)"): known["need_rank"].to_numpy(),
                _("Inhabitants"): known["inhabitants"].to_numpy(),
                _("People reached"): [_people(view, row) for row in known.itertuples()],
                _("Share of inhabitants"): known["reach_share"].to_numpy(),
                _("Support per inhabitant (€ per year)"): known["municipal_cost_eur_per_inhabitant"].to_numpy(),
            }
        ),
        view.source(),
        _(
            "Neighbourhoods from most to least need, with the share of inhabitants reached: {names}.",
            names="; ".join(f"{row.neighbourhood} {percent(row.reach_share)}" for row in known.itertuples()),
        ),
        "chart_reach",
        columns={
            _("Need (1 is most)"): "number",
            _("Inhabitants"): "number",
            _("Share of inhabitants"): "percent",
            _("Support per inhabitant (€ per year)"): "amount_cents",
        },
    )
    st.caption(
        suppression_note(view.case)
        + " "
        + _(
            "With “at least”, such small numbers are left out of the sum. Whoever takes part in two "
            "initiatives counts twice. Need is the rank of the indicator in the workbook; it says "
            "something about the neighbourhood, not about each person in it."
        )
    )


def _people(view: View, row: object) -> str:
    if math.isnan(row.people):
        return people(view.case, row.people, hidden=bool(row.suppressed))
    return _("at least {share}", share=number(row.people)) if row.suppressed else number(row.people)


def _table(table: pd.DataFrame) -> None:
    st.subheader(_("Savings and support by neighbourhood"), anchor=False)
    euros = {
        _("Avoided cost, all payers (€ per year)"): "avoided_cost_eur_per_year",
        _("Net saving of the municipality (€ per year)"): "municipal_net_saving_eur_per_year",
        _("Subsidy and support (€ per year)"): "municipal_cost_eur_per_year",
    }
    show_table(
        pd.DataFrame(
            {
                _("Neighbourhood"): [
                    cell(name) if isinstance(name, str) else _("not stated") for name in table["neighbourhood"]
                ],
                _("Need indicator (scale of the workbook)"): table["need_indicator"].to_numpy(),
                _("Initiatives"): table["initiatives"].to_numpy(),
                **{name: table[column].to_numpy() for name, column in euros.items()},
            }
        ),
        key="table_neighbourhoods",
        alt=_("Initiatives, avoided cost, net saving and support by neighbourhood"),
        columns={
            _("Need indicator (scale of the workbook)"): "number_2",
            _("Initiatives"): "number",
            **dict.fromkeys(euros, "amount"),
        },
    )
    st.caption(
        _(
            "Money stands with the neighbourhood where the initiative works, people with the one where they live. "
            "Counted: care that is avoided, and subsidy and support. Not counted: buildings, and effects on "
            "residents."
        )
    )


def _by_initiative(view: View) -> None:
    st.subheader(_("Which initiative reaches whom?"), anchor=False)
    rows = reach_by_initiative(view.case)
    show_table(
        pd.DataFrame(
            {
                _("Initiative"): [cell(view.names[number_]) for number_ in rows["initiative_id"]],
                _("Neighbourhood"): [cell(name) for name in rows["neighbourhood"]],
                _("People reached per year"): [
                    people(view.case, row.people, hidden=row.people_hidden) for row in rows.itertuples()
                ],
                _("Of whom in great need"): [
                    _("not shown") if row.need_hidden else (number(row.people_in_need) or MISSING)
                    for row in rows.itertuples()
                ],
            }
        ),
        key="table_reach",
        alt=_("People reached by initiative and neighbourhood, small numbers left out"),
    )
