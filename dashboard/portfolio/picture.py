"""Every object by its book and social value per square metre, and where to look first."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.charts.portfolio import quadrants_chart
from dashboard.notation import MISSING, amount
from dashboard.portfolio.words import AMOUNTS, listed, named, quadrant_names, shortened, source
from dashboard.show import show_chart
from dashboard.wording import _
from valuation.appraisal import Result
from valuation.portfolio import QUADRANTS, borders, portfolio_table, quadrants


def show_picture(result: Result) -> None:
    """Buildings and green, each by book and social value per square metre."""
    table = portfolio_table(result)
    kind = st.segmented_control(
        _("What to show"),
        ["building", "green"],
        default="building" if (table["kind"] == "building").any() else "green",
        required=True,
        key="portfolio_kind",
        format_func=lambda chosen: {"building": _("Buildings"), "green": _("Green spaces")}[chosen],
        help=_("A square metre of park is not a square metre of floor, so they are two pictures."),
    )
    rows = table[table["kind"] == kind].reset_index(drop=True)
    book_border, social_border = borders(rows)
    rows["quadrant"] = quadrants(rows, book_border, social_border)
    drawn = rows[rows["quadrant"].notna()]
    names = quadrant_names()
    if drawn.empty:
        st.info(
            _("No object here has an area and an initiative, so there is nothing to draw yet."),
            icon=":material/scatter_plot:",
        )
    else:
        _say_quadrants(drawn)
        show_chart(
            quadrants_chart(drawn, book_border, social_border, names),
            _readable(rows, names),
            source(result),
            _("Objects by book value and social value per square metre. ") + _quadrant_counts(drawn),
            key=f"portfolio_picture_{kind}",
            columns=_amounts_of(rows, names),
        )
        st.caption(
            _(
                "The dashed lines are the medians of these objects: {book} of book value and {social} of social value "
                "per m². The area of a sign is the market value. The picture helps to choose what to look at first; "
                "it decides nothing.",
                book=amount(book_border),
                social=amount(social_border),
            )
        )
    _say_left_out(rows)


def _say_quadrants(drawn: pd.DataFrame) -> None:
    first = drawn[drawn["quadrant"] == "transfer"].sort_values("social_value_eur_per_m2", ascending=False)
    last = drawn[drawn["quadrant"] == "sell"]
    if not first.empty:
        st.markdown(
            _(
                "Look first at: {names}. Per m² they weigh little in the books and mean much to "
                "society, compared with the others here.",
                names=named(first),
            )
        )
    if not last.empty:
        st.markdown(
            _(
                "Ask what selling would bring: {names}. Per m² they weigh much in the books and mean "
                "little to society, compared with the others here.",
                names=named(last),
            )
        )
    turning = drawn[drawn["backlog_turns_it"]]
    if not turning.empty:
        st.markdown(
            _(
                "Only worth it because the initiative solves the overdue maintenance: {names}. Check that renovation.",
                names=named(turning),
            )
        )


def _quadrant_counts(drawn: pd.DataFrame) -> str:
    names = quadrant_names()
    return "; ".join(
        f"{names[quadrant]}: {shortened(list(drawn['name'][drawn['quadrant'] == quadrant]))}"
        for quadrant in QUADRANTS
        if (drawn["quadrant"] == quadrant).any()
    )


def _say_left_out(rows: pd.DataFrame) -> None:
    """What is not in the picture, and why: an object that is missing is not worth nothing."""
    no_area = rows[rows["book_value_eur_per_m2"].isna()]
    no_initiative = rows[rows["social_value_eur"].isna() & rows["book_value_eur_per_m2"].notna()]
    if not no_initiative.empty:
        st.caption(
            _("Not in the picture, since no initiative says what happens there: {names}.", names=listed(no_initiative))
        )
    if not no_area.empty:
        st.caption(_("Not in the picture, since the area is not known: {names}.", names=listed(no_area)))


def _readable(rows: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Number"): rows["asset_id"],
            _("Name"): rows["name"],
            _("Part of the picture"): [names.get(quadrant, MISSING) for quadrant in rows["quadrant"]],
            _("Book value per m²"): rows["book_value_eur_per_m2"],
            _("Social value per m²"): rows["social_value_eur_per_m2"],
            _("Market value"): rows["market_value_eur"],
            _("Overdue maintenance"): rows["maintenance_backlog_eur"],
        }
    )


def _amounts_of(rows: pd.DataFrame, names: dict[str, str]) -> dict[str, str]:
    return dict.fromkeys(_readable(rows, names).columns[3:], AMOUNTS)
