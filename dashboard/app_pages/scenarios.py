"""Scenario's: what if, compared with what, how sure is it, and what to find out first."""

from __future__ import annotations

import math

import streamlit as st

from dashboard import share, what_if
from dashboard.answer import about
from dashboard.chosen import choose_object
from dashboard.frame import VALUE, need_case, page_title
from dashboard.scenarios.certainty import show_certainty, show_drivers, show_information, show_net
from dashboard.scenarios.compared import compared, show_alternatives, show_scenarios
from dashboard.scenarios.view import View, choose_scenario, options, scenario_case
from dashboard.wording import _, language
from valuation.case import Case
from valuation.problems import ValuationError

STYLE = """
<style>
.st-key-answer p { font-size: 1.3rem; line-height: 1.5; max-width: 60rem; text-wrap: pretty; margin-bottom: .4rem; }
.st-key-sentences p, .st-key-sentences li { font-size: 1.1rem; line-height: 1.55; max-width: 56rem; }
</style>
"""
# How a link names the parts of the page, in their order.
PARTS = ("scenarios", "alternatieven", "zekerheid", "waarvan", "uitzoeken", "netto")


def show_page(case: Case, asset_id: str) -> None:
    """Everything below the choice of the object; a slider makes only this part again."""
    answer_place = st.container(key="answer")
    slug = show_levers(case, asset_id)
    scenario = scenario_case(case, asset_id, slug)
    view = View(case, what_if.changed_case(scenario, asset_id), asset_id, slug)
    try:
        with answer_place:
            st.markdown(answer(view))
        show_tabs(view)
    except ValuationError as error:
        st.error(error.message(language()), icon=":material/block:")
    what_if.remember_in_url(case, asset_id)
    share.remember(**{share.SCENARIO: slug})
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.page_link(VALUE, label=_("All figures of this object in the workbook"), icon=":material/balance:")
        share.show_link()


def show_levers(case: Case, asset_id: str) -> str | None:
    """The scenario and the figures that one may move, and how they differ from the workbook."""
    with st.container(border=True, key="levers"):
        chosen, note = st.columns([2, 3], gap="medium", vertical_alignment="bottom")
        with chosen:
            slug = choose_scenario(case)
        scenario = scenario_case(case, asset_id, slug)
        rate, horizon, part, price = st.columns(4, gap="medium")
        with rate:
            what_if.show_slider(
                what_if.DISCOUNT, scenario, _("How much less a euro counts for each year that it comes later.")
            )
        with horizon:
            what_if.show_slider(what_if.HORIZON, scenario, _("The number of years after the transfer that count."))
        with part:
            what_if.show_slider(
                what_if.SHARE,
                scenario,
                _(
                    "How much of the social value the council lets count in the price. A political choice: there is no "
                    "scientific figure."
                ),
            )
        with price:
            what_if.show_price_slider(scenario, asset_id)
        with note:
            show_moved(what_if.differences(scenario, asset_id), asset_id)
    return slug


def show_moved(found: list[str], asset_id: str) -> None:
    """What was moved by hand, and the way back."""
    if not found:
        st.markdown(":material/tune: " + _("Choose a scenario, or move a slider: the answer follows at once."))
        return
    with st.container(horizontal=True, vertical_alignment="center", key="moved"):
        st.markdown(":material/tune: **" + _("What if:") + "** " + " · ".join(found))
        what_if.show_way_back(_("Reset the sliders"), asset_id)


def answer(view: View) -> str:
    """What it is worth now, and how that differs from the workbook."""
    table = compared(view, ready_made=False)
    now = table.iloc[-1]
    if not view.has_initiative:
        return _(
            "No initiative in the workbook wants to take this object over, so there is no social value to vary. What "
            "it "
            "means to keep or to sell it does stand here."
        )
    social, difference = float(now["social_value_eur"]), float(now["social_value_eur_difference"])
    words = {"social": f"**{about(social)}**", "difference": f"**{about(abs(difference))}**"}
    if len(table) == 1 or difference == 0:
        text = _("To society the transfer is worth {social}.", **words)
    elif difference < 0:
        text = _("To society the transfer is then worth {social}: {difference} less than in the workbook.", **words)
    else:
        text = _("To society the transfer is then worth {social}: {difference} more than in the workbook.", **words)
    result = float(now["municipality_result_eur"])
    if math.isnan(result):
        return (
            text
            + " "
            + _(
                "The municipality is no worse off from a price of {price}.",
                price=f"**{about(float(now['reservation_price_eur']))}**",
            )
        )
    if result < 0:
        return (
            text
            + " "
            + _(
                "At the proposed price the municipality is {amount} worse off than when it keeps it.",
                amount=f"**{about(abs(result))}**",
            )
        )
    return (
        text
        + " "
        + _(
            "At the proposed price the municipality is {amount} better off than when it keeps it.",
            amount=f"**{about(result)}**",
        )
    )


def show_tabs(view: View) -> None:
    """The parts of the page; only the open one is made."""
    sections = [
        (_("Scenarios"), show_scenarios),
        (_("Alternatives"), show_alternatives),
        (_("How sure is it?"), show_certainty),
        (_("What does it depend on?"), show_drivers),
        (_("What to find out first"), show_information),
        (_("From gross to net"), show_net),
    ]
    names = [name for name, _section in sections]
    key = f"scenario_tabs_{language()}"
    if key not in st.session_state:
        asked = st.session_state.get("scenario_part", st.query_params.get(share.PART))
        st.session_state[key] = names[PARTS.index(asked)] if asked in PARTS else names[0]
    tabs = st.tabs(names, key=key, on_change="rerun")
    for tab, slug, (_name, show_section) in zip(tabs, PARTS, sections, strict=True):
        if tab.open:
            st.session_state["scenario_part"] = slug
            share.remember(**{share.PART: None if slug == PARTS[0] else slug})
            with tab:
                show_section(view)


page_title(
    _("What if?"), _("Choose an object and a scenario; see what changes, how sure it is, and what to find out first.")
)
workbook_case = need_case()
st.html(STYLE)
share.arrived(workbook_case, options(workbook_case), PARTS)
share.show_notices()
chosen = choose_object(workbook_case)
what_if.start(chosen)
st.fragment(show_page)(workbook_case, chosen)
