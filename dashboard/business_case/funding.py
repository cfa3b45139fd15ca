"""Tab Financing: where the money comes from and goes to, the loans, what a bank looks at, levers and stress."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.business_case.plans import is_known, plan
from dashboard.business_case.words import (
    funding_name,
    lever_amount,
    lever_name,
    stress_meaning,
    stress_name,
    use_name,
)
from dashboard.charts.business_case import dscr_chart
from dashboard.frame import plain
from dashboard.initiatives.view import cell
from dashboard.notation import MISSING, amount, number, percent, times, year
from dashboard.show import show_chart, show_table
from dashboard.wording import _, language, n_
from valuation.business_case import BusinessPlan
from valuation.case import Case
from valuation.explain import price_steps


def show_funding(case: Case, found: BusinessPlan) -> None:
    """Sources and uses, loans, DSCR, the price that can be carried, levers, stress."""
    uses, sources = st.columns(2, gap="medium")
    with uses:
        st.subheader(_("What the start costs"), anchor=False)
        _uses(found)
    with sources:
        st.subheader(_("Where the money comes from"), anchor=False)
        _sources(found)
    st.markdown(_gap_words(found))
    _ratio(case, found)
    _loans(found)
    _price(case, found)
    _levers(found)
    _stress(found)


def _uses(found: BusinessPlan) -> None:
    rows = found.uses[(found.uses["amount_eur"] != 0) | found.uses["amount_eur"].isna()]
    table = pd.DataFrame(
        {
            _("What for"): [*(use_name(use) for use in rows["use"]), _("Together")],
            _("Amount"): [*(amount(value) for value in rows["amount_eur"]), amount(found.uses_eur)],
        }
    )
    show_table(table, key="plan_uses_csv", alt=_("What the start costs"))


def _sources(found: BusinessPlan) -> None:
    rows = found.sources[found.sources["amount_eur"] != 0]
    names = [cell(funding_name(row.source, row.funding_kind)) for row in rows.itertuples()]
    kinds = [_("loan") if is_loan else _("own or gift") for is_loan in rows["is_loan"]]
    table = pd.DataFrame(
        {
            _("From"): [*names, _("Together")],
            _("Kind"): [*kinds, ""],
            _("Amount"): [*(amount(value) for value in rows["amount_eur"]), amount(found.sources_eur)],
        }
    )
    show_table(table, key="plan_sources_csv", alt=_("Where the money comes from"))


def _gap_words(found: BusinessPlan) -> str:
    if not is_known(found.gap_eur):
        return _("The price is not known, so neither is the gap.")
    if found.gap_eur > 0:
        return _("Still missing: {gap}.", gap=f"**{amount(found.gap_eur)}**")
    return _("Left to start with: {gap}.", gap=f"**{amount(abs(found.gap_eur))}**")


def _ratio(case: Case, found: BusinessPlan) -> None:
    """DSCR per year beside the norm of the bank."""
    st.subheader(_("What a bank looks at: can you pay the loan, every year?"), anchor=False)
    known = found.dscr[found.dscr["dscr"].notna()]
    if known.empty:
        st.markdown(_("There is no loan, so there is nothing to repay."))
        return
    st.markdown(
        _(
            "For every euro of interest and repayment a bank wants {norm} euro left from the operations: that is the DSCR. "
            "At its lowest it is {ratio}, in {year}.",
            norm=times(found.required_dscr),
            ratio=f"**{times(found.lowest_dscr)}**",
            year=year(known.loc[known["year"] == found.lowest_dscr_year, "calendar_year"].iloc[0])
            if found.lowest_dscr_year in set(known["year"])
            else MISSING,
        )
    )
    table = pd.DataFrame(
        {
            _("Year"): [year(value) for value in known["calendar_year"]],
            _("Left from operations"): known["cfads_eur"],
            _("Interest and repayment"): known["debt_service_eur"],
            "DSCR": known["dscr"],
            _("Hall hire needed to break even"): known["break_even_occupancy_share"],
        }
    )
    show_chart(
        dscr_chart(found.dscr, found.required_dscr),
        table,
        _("your plan for {municipality}; euros of the year itself", municipality=case.assumptions.municipality),
        _(
            "DSCR per year; lowest {ratio}, norm {norm}.",
            ratio=times(found.lowest_dscr),
            norm=times(found.required_dscr),
        ),
        "chart_dscr",
        columns={
            _("Left from operations"): "amount",
            _("Interest and repayment"): "amount",
            "DSCR": "times",
            _("Hall hire needed to break even"): "percent",
        },
    )


def _loans(found: BusinessPlan) -> None:
    """The schedule of each loan."""
    loans = found.sources[found.sources["is_loan"].astype(bool)]
    if loans.empty or found.loans.empty:
        return
    with st.expander(
        n_("The schedule of {count} loan", "The schedules of {count} loans", len(loans)),
        icon=":material/calendar_month:",
        key="plan_loans",
    ):
        numbers = list(dict.fromkeys(found.loans["loan"]))
        names = {
            loan: funding_name(found.sources.iloc[int(loan)]["source"], found.sources.iloc[int(loan)]["funding_kind"])
            for loan in numbers
        }
        chosen = (
            numbers[0]
            if len(numbers) == 1
            else st.selectbox(_("Loan"), numbers, format_func=names.__getitem__, key=f"plan_loan_{language()}")
        )
        row = found.sources.iloc[int(chosen)]
        st.markdown(
            _(
                "{name}: {amount} at {rate} over {years} years, of which {free} without repayment. Guaranteed by the "
                "municipality: {guaranteed}.",
                name=f"**{plain(names[chosen])}**",
                amount=amount(row["amount_eur"]),
                rate=percent(row["interest_rate"], 2),
                years=number(row["term_years"]),
                free=number(row["interest_only_years"]),
                guaranteed=percent(row["guaranteed_share"]),
            )
        )
        schedule = found.loans[found.loans["loan"] == chosen]
        columns = {
            _("At the start of the year"): "opening_eur",
            _("Interest"): "interest_eur",
            _("Repayment"): "repayment_eur",
            _("Together"): "debt_service_eur",
            _("Left to repay"): "closing_eur",
            _("Of which guaranteed"): "guaranteed_eur",
        }
        table = pd.DataFrame(
            {
                _("Year"): [year(value) for value in schedule["calendar_year"]],
                **{name: schedule[column] for name, column in columns.items()},
            }
        )
        show_table(table, key="plan_loan_csv", alt=_("Schedule of a loan"), columns=dict.fromkeys(columns, "amount"))


def _price(case: Case, found: BusinessPlan) -> None:
    """What another price does to the gap, and the highest that can be carried."""
    if not found.is_buyer:
        return
    st.subheader(_("Which price can you carry?"), anchor=False)
    st.markdown(
        _(
            "The money covers a price of {by_sources}. What the plan can repay allows {by_dscr}. The lower of the two is the "
            "highest price that you can carry: {price}.",
            by_sources=_or_missing(found.price_sources_cover_eur),
            by_dscr=_or_missing(found.price_dscr_allows_eur),
            price=f"**{_or_missing(found.affordable_price_eur)}**",
        )
    )
    price = price_slider(case, found, "plan_price", _("What if the price were …"))
    if price is None:
        return
    other = plan(case, found.initiative_id, price)
    if other.gap_eur > 0:
        st.markdown(
            _(
                "At a price of {price}, {gap} is missing.",
                price=f"**{amount(price)}**",
                gap=f"**{amount(other.gap_eur)}**",
            )
        )
    else:
        st.markdown(
            _(
                "At a price of {price}, {gap} is left to start with.",
                price=f"**{amount(price)}**",
                gap=f"**{amount(abs(other.gap_eur))}**",
            )
        )


def price_slider(case: Case, found: BusinessPlan, key: str, label: str) -> float | None:
    """A price from nothing to the market value; begins at the one on the table."""
    steps = sorted({*price_steps(case, found.asset_id), *([found.price_eur] if is_known(found.price_eur) else [])})
    place = f"{key}_{found.asset_id}_{language()}"
    begins = found.price_eur if is_known(found.price_eur) else steps[len(steps) // 2]
    if len(steps) == 1:
        return steps[0]
    if st.session_state.get(place) not in steps:
        st.session_state[place] = (
            st.session_state.get(f"{key}_kept") if st.session_state.get(f"{key}_kept") in steps else begins
        )
    chosen = st.select_slider(label, steps, key=place, format_func=amount)
    st.session_state[f"{key}_kept"] = chosen
    return chosen


def _or_missing(value: float) -> str:
    return amount(value) if is_known(value) else MISSING


def _levers(found: BusinessPlan) -> None:
    """What each lever is now, what would close the gap, and what one step does."""
    st.subheader(_("What you can change, and what it does"), anchor=False)
    rows = found.levers
    chosen = st.segmented_control(
        _("What do you change?"),
        list(rows["lever"]),
        format_func=lever_name,
        default=rows["lever"].iloc[0],
        key=f"plan_lever_{language()}",
        required=True,
    )
    lever = rows[rows["lever"] == chosen].iloc[0]
    effect, unit = float(lever["gap_effect_eur"]), lever["unit"]
    if is_known(effect):
        words = {
            "step": f"**{lever_amount(abs(lever['step']), unit)}**",
            "effect": f"**{amount(abs(effect))}**",
        }
        step = _("lower") if lever["step"] < 0 else _("more")
        st.markdown(
            _("One step of {step} {direction} makes the gap {effect} smaller.", direction=step, **words)
            if effect <= 0
            else _("One step of {step} {direction} makes the gap {effect} larger.", direction=step, **words)
        )
    table = pd.DataFrame(
        {
            _("What you can change"): [lever_name(row.lever) for row in rows.itertuples()],
            _("Now"): [lever_amount(row.now, row.unit) for row in rows.itertuples()],
            _("Closes the gap by itself at"): [lever_amount(row.needed, row.unit) for row in rows.itertuples()],
            _("One step"): [lever_amount(row.step, row.unit) for row in rows.itertuples()],
            _("What that step does to the gap"): [amount(row.gap_effect_eur) for row in rows.itertuples()],
        }
    )
    show_table(table, key="plan_levers_csv", alt=_("What each lever does to the gap"))
    st.caption(
        _(
            "The gap here is what is missing when the loans are as large as the plan can carry: {gap} (below zero nothing "
            "is missing). A guarantee of the municipality works through a lower interest rate: fill in the rate that "
            "the lender offers with it.",
            gap=_or_missing(found.gap_at_required_dscr_eur),
        )
    )


def _stress(found: BusinessPlan) -> None:
    """What the plan can bear."""
    st.subheader(_("What if it goes less well?"), anchor=False)
    rows = found.stress
    table = pd.DataFrame(
        {
            _("What if"): [stress_name(row.stress) for row in rows.itertuples()],
            _("What happens"): [stress_meaning(row.stress, row.size) for row in rows.itertuples()],
            _("Lowest result after repayment"): [_or_missing(row.result_eur) for row in rows.itertuples()],
            _("Lowest in the till"): [_or_missing(row.lowest_cash_eur) for row in rows.itertuples()],
            _("Lowest DSCR"): [times(row.lowest_dscr) for row in rows.itertuples()],
            _("Does it hold?"): [_holds(row.holds, row.meets_dscr) for row in rows.itertuples()],
        }
    )
    show_table(table, key="plan_stress_csv", alt=_("What the plan can bear"))
    st.caption(
        _(
            "It holds when the till never runs empty. DSCR: euros left from the operations for each euro of interest "
            "and repayment; below 1 that year does not pay them by itself, and the till makes up for it."
        )
    )
    st.caption(_("The sizes of these blows are assumptions, kept with the reference figures; nobody publishes them."))


def _holds(holds: object, meets: object) -> str:
    if holds is None or holds != holds:  # noqa: PLR0124 - NaN is not itself
        return _("unknown")
    if not holds:
        return _("No: the till runs empty")
    return _("Yes") if meets is None or meets else _("The till stays above zero, but it is below the bank’s norm")
