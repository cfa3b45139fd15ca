"""Every neighbourhood in a small picture of its own, all on one scale."""

from __future__ import annotations

import re

import pandas as pd
import streamlit as st

from dashboard.charts.small_multiples import STYLE, Bar, Dot, bars_html, clouds_html
from dashboard.notation import amount, short_amount
from dashboard.portfolio.words import AMOUNTS, listed, source
from dashboard.show import show_table
from dashboard.wording import _, n_
from valuation.appraisal import Result
from valuation.portfolio import borders, portfolio_table, totals_by

TOTALS, BUILDINGS, GREEN = "totals", "building", "green"


def show_neighbourhoods(result: Result) -> None:
    """The choice of what the small pictures show, and a picture of each neighbourhood."""
    groups = totals_by(result, "neighbourhood")
    order = sorted(range(len(groups)), key=lambda row: _in_order(name_of(groups["neighbourhood"].iloc[row])))
    groups = groups.iloc[order].reset_index(drop=True)
    shown = st.segmented_control(
        _("What to show"),
        [TOTALS, BUILDINGS, GREEN],
        default=TOTALS,
        required=True,
        key="portfolio_small",
        format_func=lambda choice: {
            TOTALS: _("Totals"),
            BUILDINGS: _("Buildings per m²"),
            GREEN: _("Green spaces per m²"),
        }[choice],
    )
    st.subheader(_("What stands where, and what is it worth?"), anchor=False)
    st.html(STYLE)
    if shown == TOTALS:
        _show_totals(result, groups)
    else:
        _show_clouds(result, groups, shown)


def name_of(neighbourhood: object) -> str:
    """A neighbourhood as it is shown; objects without one stand under their own heading."""
    return _("Without a neighbourhood") if pd.isna(neighbourhood) else str(neighbourhood)


def _in_order(name: str) -> list[tuple[int, str]]:
    """By which neighbourhoods are sorted: Buurt 2 comes before Buurt 10."""
    parts = re.split(r"(\d+)", name.casefold())
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


def totals_table(groups: pd.DataFrame) -> pd.DataFrame:
    """`valuation.portfolio.totals_by` neighbourhood under the headers that the user reads."""
    return pd.DataFrame(
        {
            _("Neighbourhood"): [name_of(name) for name in groups["neighbourhood"]],
            _("Objects"): groups["objects"],
            _("With an initiative"): groups["with_initiative"],
            _("Book value"): groups["book_value_eur"],
            _("Market value"): groups["market_value_eur"],
            _("Overdue maintenance"): groups["maintenance_backlog_eur"],
            _("Social value"): groups["social_value_eur"],
        }
    )


def _show_totals(result: Result, groups: pd.DataFrame) -> None:
    looks = (
        ("book_value_eur", _("Book value"), "book"),
        ("market_value_eur", _("Market value"), "market"),
        ("maintenance_backlog_eur", _("Overdue maintenance"), "backlog"),
        ("social_value_eur", _("Social value"), "social"),
    )
    cards = []
    for row in groups.to_dict("records"):
        bars = [
            Bar(None if pd.isna(row[column]) else row[column], short_amount(row[column]), label, look)
            for column, label, look in looks
        ]
        objects = n_("{count} object", "{count} objects", row["objects"])
        with_initiative = _("{count} with an initiative", count=row["with_initiative"])
        cards.append((name_of(row["neighbourhood"]), f"{objects}, {with_initiative}", bars))
    st.caption(
        _(
            "All bars are on one scale, in euros at once. The social value is the present value over all years that "
            "count, against keeping the objects, of those with an initiative; of the others nobody knows it yet."
        )
    )
    st.html(bars_html(cards))
    table = totals_table(groups)
    with st.expander(_("The figures in this chart"), icon=":material/table:", key="portfolio_groups_table"):
        show_table(
            table,
            key="portfolio_groups_csv",
            alt=_("Totals of each neighbourhood"),
            columns={**dict.fromkeys(table.columns[1:3], "number"), **dict.fromkeys(table.columns[3:], AMOUNTS)},
        )
    st.caption(_("Source: {source}", source=source(result)))


def _show_clouds(result: Result, groups: pd.DataFrame, kind: str) -> None:
    table = portfolio_table(result)
    table = table[table["kind"] == kind]
    drawn = table[table["book_value_eur_per_m2"].notna() & table["social_value_eur_per_m2"].notna()]
    if drawn.empty:
        st.info(
            _("No object here has an area and an initiative, so there is nothing to draw yet."),
            icon=":material/scatter_plot:",
        )
        return
    cards = []
    for neighbourhood in groups["neighbourhood"]:
        own = drawn["neighbourhood"].isna() if pd.isna(neighbourhood) else drawn["neighbourhood"] == neighbourhood
        dots = [
            Dot(
                row.book_value_eur_per_m2,
                row.social_value_eur_per_m2,
                _(
                    "{name}: book value {book}, social value {social} per m²",
                    name=row.name,
                    book=amount(row.book_value_eur_per_m2),
                    social=amount(row.social_value_eur_per_m2),
                ),
            )
            for row in drawn[own].itertuples(index=False)
        ]
        line = n_("{count} object", "{count} objects", len(dots)) if dots else _("no object with both figures")
        cards.append((name_of(neighbourhood), line, dots))
    book_border, social_border = borders(table)
    st.caption(
        _(
            "To the right: more book value per m². Upward: more social value per m². All pictures have the same two "
            "axes; the dashed lines are the medians of the whole portfolio, {book} and {social}.",
            book=amount(book_border),
            social=amount(social_border),
        )
    )
    st.html(clouds_html(cards, (book_border, social_border)))
    shown = pd.DataFrame(
        {
            _("Neighbourhood"): [name_of(name) for name in drawn["neighbourhood"]],
            _("Object"): drawn["name"],
            _("Book value per m²"): drawn["book_value_eur_per_m2"],
            _("Social value per m²"): drawn["social_value_eur_per_m2"],
        }
    )
    with st.expander(_("The figures in this chart"), icon=":material/table:", key="portfolio_clouds_table"):
        show_table(
            shown,
            key="portfolio_clouds_csv",
            alt=_("Objects of each neighbourhood by book value and social value per m²"),
            columns=dict.fromkeys(shown.columns[2:], AMOUNTS),
        )
    missing = table[~table.index.isin(drawn.index)]
    if not missing.empty:
        st.caption(_("Not in a picture, without an area or an initiative: {names}.", names=listed(missing)))
    st.caption(_("Source: {source}", source=source(result)))
