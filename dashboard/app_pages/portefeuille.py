"""Portfolio: every object in one picture, which transfers fit within the ceilings, and what they are together."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.charts.portfolio import ceilings_chart, groups_chart, quadrants_chart, year_names, years_chart
from dashboard.frame import VALUE, go_to, need_case, page_title, plain
from dashboard.money import money_input
from dashboard.notation import MISSING, amount, short_amount
from dashboard.show import csv_button, open_tabs, show_chart, show_table
from dashboard.wording import _, language, n_
from valuation.appraisal import Result
from valuation.portfolio import QUADRANTS, borders, portfolio_table, quadrants, totals_by, yearly_views
from valuation.problems import ValuationError
from valuation.programme import Programme, Transfers, best_programme, transfers_of

AMOUNTS = "amount"


def show_page(result: Result) -> None:
    """The tabs; only the open one is made."""
    sections = [
        (_("In one picture"), show_picture),
        (_("What fits"), show_programme),
        (_("Year by year"), show_years),
        (_("By neighbourhood"), show_neighbourhoods),
    ]
    tabs = open_tabs("portfolio_tabs", [name for name, _section in sections])
    for tab, (_name, section) in zip(tabs, sections, strict=True):
        if tab.open:
            with tab:
                section(result)


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
            _("Look first at: {names}. They weigh little in the books and mean much to society.", names=_named(first))
        )
    if not last.empty:
        st.markdown(
            _("Ask what selling brings for: {names}. Much in the books, little for society.", names=_named(last))
        )
    turning = drawn[drawn["backlog_turns_it"]]
    if not turning.empty:
        st.markdown(
            _(
                "Only worth it because the initiative solves the overdue maintenance: {names}. Check that renovation.",
                names=_named(turning),
            )
        )


def _named(rows: pd.DataFrame) -> str:
    return ", ".join(f"**{plain(name)}**" for name in rows["name"])


def _quadrant_counts(drawn: pd.DataFrame) -> str:
    names = quadrant_names()
    return "; ".join(
        f"{names[quadrant]}: {', '.join(drawn['name'][drawn['quadrant'] == quadrant])}"
        for quadrant in QUADRANTS
        if (drawn["quadrant"] == quadrant).any()
    )


def _say_left_out(rows: pd.DataFrame) -> None:
    """What is not in the picture, and why: an object that is missing is not worth nothing."""
    no_area = rows[rows["book_value_eur_per_m2"].isna()]
    no_initiative = rows[rows["social_value_eur"].isna() & rows["book_value_eur_per_m2"].notna()]
    if not no_initiative.empty:
        st.caption(
            _("Not in the picture, since no initiative says what happens there: {names}.", names=_listed(no_initiative))
        )
    if not no_area.empty:
        st.caption(_("Not in the picture, since the area is not known: {names}.", names=_listed(no_area)))


def _listed(rows: pd.DataFrame) -> str:
    return ", ".join(plain(name) for name in rows["name"])


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


def show_programme(result: Result) -> None:
    """The ceilings, the best choice within them, and what just missed."""
    transfers = transfers_of(result)
    st.subheader(_("Which transfers fit within what a year may cost?"), anchor=False)
    if not len(transfers.candidates):
        st.info(_("No object has an initiative, a proposed price and a social value above zero."))
        _say_no_candidates(transfers)
        return
    loss, subsidy = st.columns(2, gap="medium")
    with loss:
        loss_ceiling = money_input(
            _("Highest loss on book value in a year (€)"),
            "portfolio_loss_ceiling",
            value=_first_guess(float(transfers.book_loss_eur[transfers.candidates, 0].sum())),
            explanation=_("One-off, in the year in which the object passes. A gain on another object is not set off."),
            lowest=0.0,
            parameter="plafond-verlies",
        )
    with subsidy:
        subsidy_ceiling = money_input(
            _("Highest subsidy in a year (€)"),
            "portfolio_subsidy_ceiling",
            value=_first_guess(float(transfers.subsidy_eur[transfers.candidates, 0].sum())),
            explanation=_("Recurring: of all objects of the programme that have passed by then."),
            lowest=0.0,
            parameter="plafond-subsidie",
        )
    if loss_ceiling is None or subsidy_ceiling is None:
        st.info(_("Fill in both ceilings. Type 0 if nothing may be spent."), icon=":material/edit:")
        return
    programme = best_programme(transfers, book_loss_ceiling_eur=loss_ceiling, subsidy_ceiling_eur=subsidy_ceiling)
    _say_programme(transfers, programme)
    _show_chosen(programme)
    _show_missed(programme)
    _show_ceilings(result, programme, loss_ceiling, subsidy_ceiling)
    _say_no_candidates(transfers)


def _first_guess(everything_eur: float) -> float:
    """Ceilings to begin with: half of what everything at once would take, in whole thousands."""
    return 1_000.0 * math.ceil(everything_eur / 2_000.0)


def _say_programme(transfers: Transfers, programme: Programme) -> None:
    chosen, possible = len(programme.chosen), len(transfers.candidates)
    with st.container(key="lead_programme"):
        st.markdown(
            n_(
                "**{count}** of {possible} transfers fits within the ceilings; together worth **{value}** to society.",
                "**{count}** of {possible} transfers fit within the ceilings; together worth **{value}** to society.",
                chosen,
                possible=possible,
                value=short_amount(programme.value_eur),
            )
            + " "
            + _("No other choice of objects and years brings more.")
        )


def _show_chosen(programme: Programme) -> None:
    if programme.chosen.empty:
        return
    rows = programme.chosen
    table = pd.DataFrame(
        {
            _("Year"): rows["year"].map(str),
            _("Object"): rows["name"],
            _("Social value"): rows["value_eur"],
            _("Loss on book value"): rows["book_loss_eur"],
            _("Subsidy per year"): rows["subsidy_eur_per_year"],
        }
    )
    show_table(
        table,
        key="portfolio_chosen_csv",
        alt=_("Transfers that fit within the ceilings"),
        columns=dict.fromkeys(table.columns[2:], AMOUNTS),
    )


def _show_missed(programme: Programme) -> None:
    """What was left out, and what it takes to let it in."""
    if programme.missed.empty:
        st.success(_("Every transfer with a gain for society fits."), icon=":material/check_circle:")
        return
    st.subheader(_("What just missed?"), anchor=False)
    rows = programme.missed
    table = pd.DataFrame(
        {
            _("Object"): rows["name"],
            _("Social value"): rows["value_eur"],
            _("Best year"): rows["year"].map(str),
            _("More room needed for book losses"): rows["extra_book_loss_eur"],
            _("More room needed for subsidy"): rows["extra_subsidy_eur"],
            _("Loss for society if it takes another’s place"): rows["exchange_eur"],
        }
    )
    show_table(
        table,
        key="portfolio_missed_csv",
        alt=_("Transfers that do not fit, and how much more room each needs"),
        columns=dict.fromkeys([*table.columns[1:2], *table.columns[3:]], AMOUNTS),
    )
    st.caption(
        _(
            "More room: how much higher the ceiling has to be to add this object to the programme above. A dash in the "
            "last column: it does not fit, whatever makes room for it."
        )
    )


def _show_ceilings(result: Result, programme: Programme, loss_ceiling: float, subsidy_ceiling: float) -> None:
    loss, subsidy = st.columns(2, gap="medium")
    for place, column, ceiling, title in (
        (loss, "book_loss_eur", loss_ceiling, _("Loss on book value (€)")),
        (subsidy, "subsidy_eur", subsidy_ceiling, _("Subsidy (€ per year)")),
    ):
        taken = programme.by_year[["year", column]]
        table = pd.DataFrame({_("Year"): taken["year"].map(str), title: taken[column]})
        alt = title + ": " + "; ".join(f"{row.year} {amount(row[2])}" for row in taken.itertuples())
        with place:
            show_chart(
                ceilings_chart(programme.by_year, column, ceiling, title),
                table,
                source(result),
                alt,
                key=f"portfolio_{column}",
                columns={title: AMOUNTS},
            )


def _say_no_candidates(transfers: Transfers) -> None:
    """What could not be chosen at all, and why."""
    why_not = transfers.table["why_not"]
    no_gain, no_price, no_initiative = (
        transfers.table[why_not == reason] for reason in ("no_gain", "no_price", "no_initiative")
    )
    if not no_gain.empty:
        st.caption(_("Society loses on balance, so these are not chosen: {names}.", names=_listed(no_gain)))
    if not no_price.empty:
        st.caption(
            _("Without a proposed price nobody knows the loss on book value of: {names}.", names=_listed(no_price))
        )
    if not no_initiative.empty:
        st.caption(_("No initiative is linked to: {names}.", names=_listed(no_initiative)))


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


def show_neighbourhoods(result: Result) -> None:
    """Book and social value of each neighbourhood, on one scale."""
    groups = totals_by(result, "neighbourhood")
    names = [MISSING if pd.isna(name) else name for name in groups["neighbourhood"]]
    table = pd.DataFrame(
        {
            _("Neighbourhood"): names,
            _("Objects"): groups["objects"],
            _("With an initiative"): groups["with_initiative"],
            _("Book value"): groups["book_value_eur"],
            _("Market value"): groups["market_value_eur"],
            _("Overdue maintenance"): groups["maintenance_backlog_eur"],
            _("Social value"): groups["social_value_eur"],
        }
    )
    amounts = dict.fromkeys(table.columns[3:], AMOUNTS)
    alt = "; ".join(
        _(
            "{name}: book value {book}, social value {social}",
            name=name,
            book=short_amount(book),
            social=short_amount(social),
        )
        for name, book, social in zip(names, groups["book_value_eur"], groups["social_value_eur"], strict=True)
    )
    show_chart(groups_chart(groups, names), table, source(result), alt, key="portfolio_groups", columns=amounts)
    st.caption(_("The social value is that of the objects with an initiative; of the others nobody knows it yet."))


page_title(
    _("The whole portfolio"),
    _(
        "Every building and green space at once: where to look first, what fits within the budget, and what it adds "
        "up to."
    ),
)
opened = need_case()
try:
    everything = state.appraised(opened)
except ValuationError as error:
    st.error(error.message(language()), icon=":material/block:")
    st.stop()
show_page(everything)
with st.container(horizontal=True):
    csv_button(lambda: portfolio_table(everything), key="portfolio_all", label=_("Download all objects (CSV)"))
    if st.button(_("Look at one object"), key="to_value", icon=":material/balance:", type="tertiary"):
        go_to(VALUE)
