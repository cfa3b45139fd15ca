"""The outcome of a plan: does it add up, and what closes the gap. Every figure comes from `valuation`."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.business_case import session
from dashboard.business_case.documents import show_documents
from dashboard.business_case.funding import show_funding
from dashboard.business_case.operating import show_operating
from dashboard.business_case.plans import is_known, plan
from dashboard.business_case.talks import show_talks
from dashboard.business_case.words import lever_amount, lever_name
from dashboard.frame import CARDS, show_cards
from dashboard.notation import MISSING, amount, percent, times, year
from dashboard.show import open_tabs
from dashboard.wording import _, language
from valuation.business_case import BusinessPlan
from valuation.case import Case
from valuation.problems import ValuationError

STYLE = f"""
{CARDS}
<style>
.st-key-plan_answer p {{ font-size: 1.25rem; line-height: 1.5; max-width: 68rem; text-wrap: pretty; margin-bottom: .4rem; }}
</style>
"""


def show_outcome() -> None:
    """The outcome in five tabs; where there is none yet, what is missing."""
    workbook, answers = state.shown(), session.answers()
    if workbook.case is None:
        st.header(_("There is no outcome yet"), anchor=False)
        st.markdown(_("Some answers are still needed first. The list says which, and leads you there."))
        st.button(
            _("To the open points"),
            key="bc_to_points",
            type="primary",
            icon=":material/arrow_forward:",
            icon_position="right",
            on_click=session.go,
            args=(session.OPEN_POINTS,),
        )
        return
    st.html(STYLE)
    try:
        found = plan(workbook.case, answers.initiative_id)
    except ValuationError as error:
        st.warning(error.message(language()), icon=":material/info:")
        return
    names = [_("At a glance"), _("Operations"), _("Financing"), _("Price talks"), _("Documents")]
    tabs = open_tabs("plan_tabs", names)
    shows = (_glance, show_operating, show_funding, show_talks, show_documents)
    for tab, show in zip(tabs, shows, strict=True):
        if tab.open:
            with tab:
                show(workbook.case, found)


def _glance(case: Case, found: BusinessPlan) -> None:
    """Does it add up, in three sentences; and what closes the gap."""
    with st.container(key="plan_answer"):
        for sentence in (_money_sentence(found), _years_sentence(found), _price_sentence(found)):
            st.markdown(sentence)
    _cards(found)
    if not found.has_rows:
        st.info(
            _(
                "This initiative has no items of its own yet: the plan stands on the totals of the "
                "sheet Initiatives. Answer the questions about income, costs and money for a plan "
                "that a bank can read."
            ),
            icon=":material/info:",
        )
    st.subheader(_("What closes the gap"), anchor=False)
    st.markdown(closing_words(found))
    _levers_in_words(found)
    st.caption(_nominal(case))


def _nominal(case: Case) -> str:
    return _(
        "Amounts are euros of the year itself, so with price rises; year 1 is {year}. The value to society and to the "
        "municipality stands on the page Value, in euros of today.",
        year=year(case.assumptions.base_year),
    )


def _money_sentence(found: BusinessPlan) -> str:
    """What the start costs, what there is, and what is missing."""
    if not is_known(found.gap_eur):
        return _(
            "The price is not known yet, so what the start costs is not known either. There is {sources} to start with.",
            sources=_bold(found.sources_eur),
        )
    parts = {"uses": _bold(found.uses_eur), "sources": _bold(found.sources_eur), "gap": _bold(abs(found.gap_eur))}
    if found.gap_eur > 0:
        return _("The start costs {uses}. There is {sources}, so {gap} is still **missing**.", **parts)
    return _("The start costs {uses}. There is {sources}: that is **enough**, with {gap} left to start with.", **parts)


def _years_sentence(found: BusinessPlan) -> str:
    """Whether it holds year after year."""
    first_full = found.dscr[found.dscr["year"] == found.full_year].iloc[0]
    left = float(first_full["result_after_debt_service_eur"])
    parts = {
        "year": year(first_full["calendar_year"]),
        "left": _bold(abs(left)),
        "norm": times(found.required_dscr),
        "ratio": f"**{times(found.lowest_dscr)}**",
    }
    if left < 0:
        return _("In {year}, once everything runs, {left} a year is **short** after interest and repayment.", **parts)
    if not is_known(found.lowest_dscr):
        return _("In {year}, once everything runs, {left} a year is left. There is no loan to repay.", **parts)
    if found.meets_required_dscr:
        return _(
            "In {year}, once everything runs, {left} a year is left after interest and repayment. "
            "That is enough for a bank: at least {ratio} times what has to be paid, where {norm} is "
            "asked.",
            **parts,
        )
    return _(
        "In {year}, once everything runs, {left} a year is left after interest and repayment. A bank "
        "finds it too little: at least {ratio} times what has to be paid, where {norm} is asked.",
        **parts,
    )


def _price_sentence(found: BusinessPlan) -> str:
    """The highest price, beside the one on the table."""
    if not found.is_buyer:
        return _("You buy nothing, so there is no price to carry.")
    if not is_known(found.affordable_price_eur):
        return _("Which price you can carry cannot be said yet.")
    highest = max(0.0, found.affordable_price_eur)
    parts = {"highest": _bold(highest), "price": _bold(found.price_eur)}
    if not is_known(found.price_eur):
        return _("You can carry a price of at most {highest}.", **parts)
    if found.affordable_price_eur < 0:
        return _(
            "You cannot carry any price yet: even for nothing money is short. The price on the table is {price}.",
            **parts,
        )
    if found.price_eur > found.affordable_price_eur:
        return _("You can carry a price of at most {highest}; the price on the table is {price}.", **parts)
    return _("You can carry a price of at most {highest}, and the price on the table is {price}: that fits.", **parts)


def closing_words(found: BusinessPlan) -> str:
    """The gap at the loans that the plan can really carry."""
    gap = found.gap_at_required_dscr_eur
    if not is_known(gap):
        return _("Without a price there is no gap to close yet.")
    if gap <= 0:
        return _(
            "There is no gap when you borrow as much as the plan can carry. Below you see what happens when something changes."
        )
    return _(
        "If you borrow as much as the plan can carry, {gap} is missing. Each of these by itself closes it:",
        gap=_bold(gap),
    )


def _levers_in_words(found: BusinessPlan) -> None:
    """Each lever with what would be needed; where it cannot close the gap, that."""
    if not is_known(found.gap_at_required_dscr_eur) or found.gap_at_required_dscr_eur <= 0:
        return
    lines = []
    for lever in found.levers.itertuples():
        if lever.lever == "price" and lever.needed < 0:
            lines.append(_("{lever}: even for nothing it does not close.", lever=f"**{lever_name(lever.lever)}**"))
            continue
        now, needed = lever_amount(lever.now, lever.unit), lever_amount(lever.needed, lever.unit)
        if needed == MISSING:
            lines.append(_("{lever}: cannot close it alone.", lever=f"**{lever_name(lever.lever)}**"))
        else:
            lines.append(
                _("{lever}: from {now} to {needed}.", lever=f"**{lever_name(lever.lever)}**", now=now, needed=needed)
            )
    st.markdown("\n".join(f"- {line}" for line in lines))


def _cards(found: BusinessPlan) -> None:
    """Four headline figures."""
    lowest = (
        year(found.dscr.loc[found.dscr["year"] == found.lowest_dscr_year, "calendar_year"].iloc[0])
        if found.lowest_dscr_year
        else MISSING
    )
    gap = found.gap_eur
    cards = [
        (
            _("Missing at the start") if gap > 0 else _("Left at the start"),
            amount(abs(gap)) if is_known(gap) else MISSING,
            _("What the start costs, less all money and loans.")
            if gap > 0
            else _("All money and loans, less what the start costs."),
        ),
        (
            _("Room to pay the bank (lowest DSCR)"),
            times(found.lowest_dscr) if is_known(found.lowest_dscr) else MISSING,
            _(
                "Euros left from the operations for each euro of interest and repayment, in {year}; a bank asks {norm}.",
                year=lowest,
                norm=times(found.required_dscr),
            )
            if is_known(found.lowest_dscr)
            else _("There is no loan to repay."),
        ),
        (
            _("Highest price you can carry"),
            amount(found.affordable_price_eur) if is_known(found.affordable_price_eur) else MISSING,
            _("Transfer tax is counted. Below zero: short even for nothing.")
            if found.is_buyer
            else _("You buy nothing."),
        ),
        (
            _("Hall hire needed to break even"),
            percent(found.break_even_occupancy_share) if is_known(found.break_even_occupancy_share) else MISSING,
            _occupancy_note(found),
        ),
    ]
    show_cards(cards)


def _occupancy_note(found: BusinessPlan) -> str:
    share = found.break_even_occupancy_share
    if not is_known(share):
        return _("There is no hall hire, or none is enough.")
    if share <= 0:
        return _("Even without hall hire it breaks even, once everything runs.")
    return _("Part of the hours or half-days that has to be let, once everything runs.")


def _bold(value: float) -> str:
    return f"**{amount(value)}**"
