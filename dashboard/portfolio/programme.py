"""Which transfers fit within the ceilings, with what somebody holds in or keeps out, and what just missed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.charts.portfolio import ceilings_chart
from dashboard.money import money_input
from dashboard.notation import MISSING, amount, short_amount
from dashboard.portfolio.words import AMOUNTS, listed, named, source
from dashboard.show import show_chart, show_table
from dashboard.wording import _, language, n_
from valuation.appraisal import Result
from valuation.problems import ValuationError
from valuation.programme import Programme, Transfers, best_programme, transfers_of

LOSS_CEILING, SUBSIDY_CEILING = "portfolio_loss_ceiling", "portfolio_subsidy_ceiling"
WISHES = "portfolio_wishes"
"""Session key: number of an object to whether it is held in or kept out."""
HELD, KEPT_OUT = "held", "kept_out"


def wished(wish: str) -> frozenset[str]:
    """The objects that this visitor holds in (`HELD`) or keeps out (`KEPT_OUT`)."""
    wishes: dict[str, str] = st.session_state.get(WISHES, {})
    return frozenset(asset_id for asset_id, its_wish in wishes.items() if its_wish == wish)


def typed_ceilings() -> dict[str, float | None]:
    """The ceilings that stand in the fields, by session key; one that nobody has seen yet is not there."""
    return {key: st.session_state[key] for key in (LOSS_CEILING, SUBSIDY_CEILING) if key in st.session_state}


def ceilings_of(transfers: Transfers, typed: Mapping[str, float | None]) -> tuple[float, float] | None:
    """The ceilings for book loss and subsidy, the first guess where nothing was typed; None while one is empty."""
    guesses = {LOSS_CEILING: transfers.book_loss_eur, SUBSIDY_CEILING: transfers.subsidy_eur}
    loss, subsidy = (
        typed.get(key, _first_guess(float(amounts[transfers.candidates, 0].sum()))) for key, amounts in guesses.items()
    )
    return None if loss is None or subsidy is None else (loss, subsidy)


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
            LOSS_CEILING,
            value=_first_guess(float(transfers.book_loss_eur[transfers.candidates, 0].sum())),
            explanation=_("One-off, in the year in which the object passes. A gain on another object is not set off."),
            lowest=0.0,
            parameter="plafond-verlies",
        )
    with subsidy:
        subsidy_ceiling = money_input(
            _("Highest subsidy in a year (€)"),
            SUBSIDY_CEILING,
            value=_first_guess(float(transfers.subsidy_eur[transfers.candidates, 0].sum())),
            explanation=_("Recurring: of all objects of the programme that have passed by then."),
            lowest=0.0,
            parameter="plafond-subsidie",
        )
    if loss_ceiling is None or subsidy_ceiling is None:
        st.info(_("Fill in both ceilings. Type 0 if nothing may be spent."), icon=":material/edit:")
        return
    st.caption(
        _(
            "Until you type your own, each ceiling is half of what all these transfers would take together in the "
            "first year: a place to begin, and not a norm."
        )
    )
    _choose(transfers)
    try:
        programme = _chosen(result, transfers, loss_ceiling, subsidy_ceiling)
    except ValuationError as error:
        st.error(error.message(language()), icon=":material/block:")
        _say_no_candidates(transfers)
        return
    _say_programme(transfers, programme)
    _show_chosen(programme)
    _show_missed(programme)
    _show_ceilings(result, programme, loss_ceiling, subsidy_ceiling)
    _say_no_candidates(transfers)


def _chosen(result: Result, transfers: Transfers, loss_ceiling: float, subsidy_ceiling: float) -> Programme:
    """The best programme with these ceilings and this visitor's own choice; the last one is kept."""
    terms = (loss_ceiling, subsidy_ceiling, wished(HELD), wished(KEPT_OUT))
    known: tuple[Result, Any, Programme] | None = st.session_state.get("portfolio_programme")
    if known is not None and known[0] is result and known[1] == terms:
        return known[2]
    with st.spinner(_("Looking for the best choice …")):
        programme = best_programme(
            transfers,
            book_loss_ceiling_eur=loss_ceiling,
            subsidy_ceiling_eur=subsidy_ceiling,
            required=terms[2],
            excluded=terms[3],
        )
    st.session_state["portfolio_programme"] = (result, terms, programme)
    return programme


def _choose(transfers: Transfers) -> None:
    """A table in which one ticks what has to be in the programme, and what may not."""
    rows = transfers.table.iloc[transfers.known]
    wishes: dict[str, str] = st.session_state.setdefault(WISHES, {})
    with st.expander(
        _("Choose yourself: what is in for certain, and what is not"),
        icon=":material/checklist:",
        expanded=bool(wishes),
        key="portfolio_choose",
    ):
        st.caption(
            _(
                "Tick “In” for what the council wants in any case and “Out” for what it does not want. The programme "
                "is then the best one with that choice."
            )
        )
        key, base = _mounted(rows, wishes)
        edited = st.data_editor(
            base,
            key=key,
            hide_index=True,
            disabled=list(base.columns[2:]),
            column_config={name: st.column_config.CheckboxColumn(width="small") for name in base.columns[:2]},
            alt=_("Objects to hold in the programme or to keep out"),
        )
        held, out = (edited[name].to_numpy(bool) for name in edited.columns[:2])
        if (held & out).any():
            st.warning(
                _("Ticked both, so neither counts: {names}.", names=listed(rows[held & out])), icon=":material/warning:"
            )
        ids = rows["asset_id"].to_numpy()
        st.session_state[WISHES] = {
            **dict.fromkeys(ids[held & ~out].tolist(), HELD),
            **dict.fromkeys(ids[out & ~held].tolist(), KEPT_OUT),
        }


def _mounted(rows: pd.DataFrame, wishes: dict[str, str]) -> tuple[str, pd.DataFrame]:
    """The key of the table and what stood in it when it came on screen.

    While it is on screen the browser has the ticks, and what it began with must not change. After another tab, page,
    language or workbook it begins anew, with the ticks as they were left.
    """
    place = (state.version(), st.session_state.get("visit"), language(), st.session_state.get("portfolio_shown"))
    mount: tuple[Any, int, pd.DataFrame] | None = st.session_state.get("portfolio_mount")
    if mount is None or mount[0] != place:
        ids = rows["asset_id"]
        base = pd.DataFrame(
            {
                _("In"): [wishes.get(asset_id) == HELD for asset_id in ids],
                _("Out"): [wishes.get(asset_id) == KEPT_OUT for asset_id in ids],
                _("Object"): rows["name"].to_numpy(),
                _("Social value"): [amount(value) for value in rows["social_value_eur"]],
                _("Proposed price"): [amount(value) for value in rows["proposed_price_eur"]],
            }
        )
        mount = (place, 1 if mount is None else mount[1] + 1, base)
        st.session_state["portfolio_mount"] = mount
    return f"portfolio_choice_{mount[1]}", mount[2]


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
            + (
                _("No other choice of objects and years brings more.")
                if programme.could_be_more_eur < 1.0
                else _(
                    "With so many transfers not every choice was looked at; another one brings at most {amount} more.",
                    amount=amount(programme.could_be_more_eur),
                )
            )
        )
    held = programme.chosen[programme.chosen["required"]]
    kept_out = transfers.table[transfers.table["asset_id"].isin(wished(KEPT_OUT))]
    sentences = [
        _("In by your own choice: {names}.", names=named(held)) if len(held) else "",
        _("Out by your own choice: {names}.", names=named(kept_out)) if len(kept_out) else "",
        _("That choice costs {amount} of social value.", amount=amount(programme.own_choice_cost_eur))
        if programme.own_choice_cost_eur > 0
        else "",
    ]
    if any(sentences):
        st.markdown(" ".join(filter(None, sentences)))


def _show_chosen(programme: Programme) -> None:
    if programme.chosen.empty:
        return
    rows = programme.chosen
    table = pd.DataFrame(
        {
            _("Year"): rows["year"].map(str),
            _("Object"): rows["name"],
            _("Own choice"): [_("yes") if held else MISSING for held in rows["required"]],
            _("Social value"): rows["value_eur"],
            _("Loss on book value"): rows["book_loss_eur"],
            _("Subsidy per year"): rows["subsidy_eur_per_year"],
        }
    )
    if not rows["required"].any():
        table = table.drop(columns=_("Own choice"))
    show_table(
        table,
        key="portfolio_chosen_csv",
        alt=_("Transfers that fit within the ceilings"),
        columns=dict.fromkeys(table.columns[-3:], AMOUNTS),
    )
    st.caption(
        _(
            "Social value: present value over all years that count, against keeping the object; a later transfer "
            "counts for less. The loss on book value is taken once, in that year; the subsidy comes back every year."
        )
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
            _("Loss for society if it takes another’s place"): [
                amount(exchange) if known else _("not worked out")
                for exchange, known in zip(rows["exchange_eur"], rows["exchange_known"], strict=True)
            ],
        }
    )
    show_table(
        table,
        key="portfolio_missed_csv",
        alt=_("Transfers that do not fit, and how much more room each needs"),
        columns=dict.fromkeys([table.columns[1], *table.columns[3:5]], AMOUNTS),
    )
    st.caption(
        _(
            "More room: how much higher the ceiling has to be to add this object to the programme above. A dash in the "
            "last column: it does not fit, whatever makes room for it."
        )
    )


def _show_ceilings(result: Result, programme: Programme, loss_ceiling: float, subsidy_ceiling: float) -> None:
    st.subheader(_("How much of each ceiling does it take, year by year?"), anchor=False)
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
        st.caption(_("Society does not gain on balance, so these are not chosen: {names}.", names=listed(no_gain)))
    if not no_price.empty:
        st.caption(
            _("Without a proposed price nobody knows the loss on book value of: {names}.", names=listed(no_price))
        )
    if not no_initiative.empty:
        st.caption(_("No initiative is linked to: {names}.", names=listed(no_initiative)))
