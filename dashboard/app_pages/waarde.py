"""Value: what an object is worth in the books, on the market and to society, and which price suits both parties."""

from __future__ import annotations

import math
from typing import NamedTuple

import pandas as pd
import streamlit as st

from dashboard import state, what_if
from dashboard.answer import (
    about,
    answer,
    better_sold_answer,
    budget_answer,
    cards,
    largest_benefit,
    price_answer,
    proposal_answer,
    rent_answer,
    sale_answer,
    share_answer,
)
from dashboard.charts.value import (
    bridge_chart,
    budget_chart,
    four_values_chart,
    ladder_chart,
    parties_chart,
    required_share_chart,
)
from dashboard.chosen import choose_object
from dashboard.documents import show_brief
from dashboard.frame import ACCOUNT, CARDS, DATA, need_case, page_title, plain, show_cards
from dashboard.labels import quantity_unit
from dashboard.notation import amount, number, percent, year
from dashboard.show import open_tabs, show_chart, show_table
from dashboard.terms import (
    bound_text,
    kind_name,
    lever_text,
    party_name,
    rung_name,
    value_meaning,
    value_name,
)
from dashboard.wording import _, language
from intake.knowledge import load_checks
from valuation.appraisal import Result
from valuation.budget import ONE_OFF, RECURRING
from valuation.case import Case
from valuation.explain import (
    aid_check,
    bridge,
    budget_parts,
    fallback_in_budget,
    four_values,
    gap_levers,
    not_priced,
    party_table,
    price_ladder,
    problems_about,
    structural_deficits,
    volunteer_table,
    yearly_amount,
)
from valuation.problems import Problem, ValuationError

STYLE = f"""
{CARDS}
<style>
.st-key-answer p {{ font-size: 1.3rem; line-height: 1.5; max-width: 68rem; text-wrap: pretty; margin-bottom: .4rem; }}
</style>
"""
GENERAL_CHECKS = ("didam_1", "market_government", "vat_leak", "double_counting")


class View(NamedTuple):
    """One object as it stands on the screen now."""

    result: Result
    asset_id: str

    @property
    def asset(self) -> pd.Series:
        """Its figures."""
        return self.result.asset(self.asset_id)

    @property
    def has_initiative(self) -> bool:
        """Whether somebody wants to take it over."""
        return bool(self.asset["has_initiative"])

    @property
    def deficits(self) -> pd.DataFrame:
        """Its initiatives that fall short each year."""
        return structural_deficits(self.result, self.asset_id)

    @property
    def price_words(self) -> str:
        """Which prices suit both, and where the proposed one lies."""
        deficits = self.deficits
        return f"{price_answer(self.asset, deficits)} {proposal_answer(self.asset, deficits)}"

    @property
    def lead(self) -> tuple[str, ...]:
        """The answer, a sentence or two for each thing to know."""
        return answer(self.asset), self.price_words, sale_answer(self.asset), better_sold_answer(self.asset)


def show_page(case: Case, asset_id: str) -> None:
    """Everything below the choice of the object; a slider makes only this part again."""
    answer_place = st.container(key="answer")
    cards_place = st.container()
    show_levers(case, asset_id)
    try:
        view = View(state.appraised(what_if.changed_case(case, asset_id)), asset_id)
    except ValuationError as error:
        st.error(error.message(language()), icon=":material/block:")
        return
    with answer_place:
        st.markdown("  \n".join(filter(None, view.lead)))
    with cards_place:
        show_headlines(view)
        show_basis(view)
    show_brief(case, view.result, asset_id)
    show_tabs(view)
    what_if.remember_in_url(case, asset_id)


def show_headlines(view: View) -> None:
    """The headline figures, each in its own view."""
    found = cards(view.asset, view.deficits, hours_counted=view.result.case.assumptions.count_volunteer_hours)
    show_cards((card.view, card.name, card.figure, card.note) for card in found)


def show_basis(view: View) -> None:
    """Over which years, at which rate and in which prices the figures above stand."""
    assumptions = view.result.case.assumptions
    st.caption(
        _(
            "Book value and book result: as in the books on 1 January {base_year}. The other figures: worked out over "
            "{years} years, discounted at {rate}, in prices of {price_year}.",
            base_year=year(assumptions.base_year),
            years=assumptions.horizon_years,
            rate=what_if.rates_name(assumptions),
            price_year=year(assumptions.price_year),
        )
    )


def show_levers(case: Case, asset_id: str) -> None:
    """The figures that one may move, and how they differ from the workbook."""
    with st.container(border=True, key="levers"):
        rate, horizon, share, price = st.columns(4, gap="medium")
        note, field = st.columns([3, 1], gap="medium", vertical_alignment="top")
        with field:
            what_if.show_price_field(case, asset_id)
        with price:
            what_if.show_price_slider(case, asset_id)
        with rate:
            what_if.show_slider(what_if.DISCOUNT, case, _discount_help())
        with horizon:
            what_if.show_slider(what_if.HORIZON, case, _("The number of years after the transfer that count."))
        with share:
            what_if.show_slider(
                what_if.SHARE,
                case,
                _(
                    "How much of the social value the council lets count in the price. A political choice: there is no "
                    "scientific figure."
                ),
            )
        with note:
            show_differences(what_if.differences(case, asset_id), asset_id)


def show_differences(found: list[str], asset_id: str) -> None:
    """What differs from the workbook, and the way back."""
    if not found:
        st.markdown(":material/tune: " + _("All figures as in the workbook. Move a slider to see what happens."))
        return
    st.markdown(":material/tune: **" + _("What if:") + "** " + " · ".join(found))
    what_if.show_way_back(_("Back to the workbook"), asset_id)


def _discount_help() -> str:
    text = _("How much less a euro counts for each year that it comes later.")
    if what_if.municipal_rate_follows():
        return text
    return text + " " + _("The municipality’s own rate stays as in the workbook.")


def show_tabs(view: View) -> None:
    """The parts of the page; only the open one is made."""
    sections = [
        (_("In one picture"), show_values),
        (_("Society"), show_society),
        (_("Price"), show_price),
        (_("Books and budget"), show_budget),
        (_("Checks"), show_checks),
    ]
    tabs = open_tabs("value_tabs", [name for name, _section in sections])
    for tab, (_name, show_section) in zip(tabs, sections, strict=True):
        if tab.open:
            with tab:
                show_section(view)


def trace_link() -> None:
    """To the lines and sources behind the figures."""
    st.page_link(
        ACCOUNT,
        label=_("Every line and source of these figures"),
        icon=":material/fact_check:",
    )


def own_figures(view: View) -> str:
    """The source line of what comes from the workbook and the method."""
    return _(
        "workbook of {municipality}, computed by the method of Buurtwaarde",
        municipality=view.result.case.assumptions.municipality,
    )


def show_values(view: View) -> None:
    """Four values of one object, and the part of the social value that must come true."""
    st.subheader(_("What is it worth, and to whom?"), anchor=False)
    values = four_values(view.result, view.asset_id)
    known = values[values["amount_eur"].notna()]
    show_chart(
        four_values_chart(values),
        pd.DataFrame(
            {
                _("Value"): [value_name(value) for value in values["value"]],
                _("What it says"): [value_meaning(value) for value in values["value"]],
                _("Euros"): values["amount_eur"],
            }
        ),
        own_figures(view),
        _(
            "Bars of the values of this object: {values}.",
            values="; ".join(f"{value_name(row.value)} {amount(row.amount_eur)}" for row in known.itertuples()),
        ),
        "chart_values",
        columns={_("Euros"): "amount"},
    )
    if not view.has_initiative:
        no_initiative_note()
        return
    st.subheader(_("How much of it must come true?"), anchor=False)
    asset = view.asset
    st.markdown(share_answer(asset))
    share = float(asset["required_share"])
    if not math.isnan(share) and share > 0:
        show_chart(
            required_share_chart(share),
            pd.DataFrame(
                {
                    _("What"): [_("Market value"), _("Proposed price"), _("Social value")],
                    _("Euros"): [
                        asset["market_value_eur"],
                        asset["proposed_price_eur"],
                        asset["social_value_eur"],
                    ],
                }
            ),
            own_figures(view),
            _(
                "Bar of the social value, of which {share} must come true to justify the discount.",
                share=percent(share),
            ),
            "chart_share",
            columns={_("Euros"): "amount"},
        )
        st.caption(
            _(
                "The discount is the market value less the proposed price. It moves money from the municipality to "
                "the initiative; social value does not change by it."
            )
        )
    trace_link()


def no_initiative_note() -> None:
    """Why an object without an initiative has no social value, and what to do."""
    st.info(
        _(
            "No initiative in the workbook is linked to this object, so nobody says what would happen there. Social "
            "value, the price by the council’s rule and the room for negotiation are therefore left open: unknown, "
            "not zero. What the books, the market and the municipality’s purse say does stand here."
        ),
        icon=":material/group_off:",
    )
    st.page_link(DATA, label=_("Add an initiative to the data"), icon=":material/table_edit:")


def show_society(view: View) -> None:
    """Society: the bridge, with and without volunteer hours, who gains and who pays, and what nobody can price."""
    if not view.has_initiative:
        st.subheader(_("What does society gain?"), anchor=False)
        no_initiative_note()
        return
    st.subheader(_("From book value to social value"), anchor=False)
    st.markdown(
        _(
            "Counted: what everyone together gains and loses, against keeping it. Not counted: price, rent, subsidy, "
            "loans, taxes and the book result, since what one pays another gets."
        )
    )
    steps = bridge(view.result, view.asset_id)
    names = [kind_name(row.kind, row.label) for row in steps.itertuples()]
    stated = _(
        "Steps from a book value of {book} to a social value of {social}.",
        book=amount(view.asset["book_value_eur"]),
        social=amount(view.asset["social_value_eur"]),
    )
    show_chart(
        bridge_chart(steps),
        pd.DataFrame({_("Step"): [plain(name) for name in names], _("Present value (€)"): steps["value_eur"]}),
        own_figures(view),
        f"{stated} {largest_benefit(steps, names)}".strip(),
        "chart_bridge",
        columns={_("Present value (€)"): "amount"},
    )
    show_not_priced(view)
    show_hours(view)
    show_parties(view)
    trace_link()


def show_not_priced(view: View) -> None:
    """What nobody can price, with its physical quantity."""
    rows = not_priced(view.result, view.asset_id)
    if rows.empty:
        return
    st.markdown("**" + _("Also there, but without a price (p.m.)") + "**")
    st.markdown(
        "\n".join(
            f"- {plain(row.label)}: {number(row.quantity, 1)} {plain(quantity_unit(row.unit))}"
            for row in rows.itertuples()
        )
        + "\n\n"
        + _(
            "These count for nothing in the totals because nobody has a price for them; that does not make them "
            "worthless."
        )
    )


def show_hours(view: View) -> None:
    """Social value with and without volunteer hours, against keeping and against sale."""
    st.subheader(_("With or without volunteer hours, keeping or selling"), anchor=False)
    rows = volunteer_table(view.result, view.asset_id)
    named = {True: _("Volunteer hours count as a cost"), False: _("Volunteer hours do not count")}
    used = _("(used on this page)")
    show_table(
        pd.DataFrame(
            {
                _("Social value"): [
                    f"{named[row.hours_counted]} {used}" if row.is_headline else named[row.hours_counted]
                    for row in rows.itertuples()
                ],
                _("against keeping it (€)"): rows["against_keeping_eur"],
                _("against selling it (€)"): rows["against_sale_eur"],
            }
        ),
        key="table_hours",
        alt=_("Social value with and without volunteer hours, against keeping and against selling"),
        columns={_("against keeping it (€)"): "amount", _("against selling it (€)"): "amount"},
    )
    st.markdown(against_sale_words(float(view.asset["social_value_of_sale_eur"])))
    st.caption(
        _(
            "The hours of volunteers are worth {hours} over all years.",
            hours=amount(view.asset["volunteer_hours_cost_eur"]),
        )
    )


def against_sale_words(of_sale: float) -> str:
    """Why the comparison with selling comes out so much lower (METHOD §5)."""
    return _(
        "Against selling, {of_sale} is taken off: after a sale, too, the municipality no longer pays the running cost "
        "and major maintenance, and the market value stands for what a buyer would do with it. What users lose when "
        "the place closes counts only as far as somebody filled it in as an effect.",
        of_sale=f"**{amount(of_sale)}**",
    )


def show_parties(view: View) -> None:
    """Who gains and who pays."""
    st.subheader(_("Who gains, and who pays?"), anchor=False)
    rows = party_table(view.result, view.asset_id)
    st.markdown(
        _(
            "Transfers move money from one party to another and add up to nothing for society as a whole. The "
            "price is one of them."
        )
    )
    columns = {
        "benefits_eur": _("Benefits (€)"),
        "costs_eur": _("Costs (€)"),
        "transfers_eur": _("Transfers (€)"),
        "net_eur": _("Net (€)"),
    }
    show_chart(
        parties_chart(rows),
        rows.assign(party=[party_name(party) for party in rows["party"]]).rename(
            columns={"party": _("Party"), **columns}
        ),
        own_figures(view),
        _(
            "Bars of benefits, costs and transfers by party. Net: {parties}.",
            parties="; ".join(f"{party_name(row.party)} {amount(row.net_eur)}" for row in rows.itertuples()),
        ),
        "chart_parties",
        columns=dict.fromkeys(columns.values(), "amount"),
    )


def show_price(view: View) -> None:
    """The price ladder, the room or the gap, and the council's rule."""
    st.subheader(_("Which price suits both?"), anchor=False)
    asset = view.asset
    st.markdown(" ".join(filter(None, (view.price_words, sale_answer(asset)))))
    ladder = price_ladder(view.result, view.asset_id)
    show_chart(
        ladder_chart(
            ladder,
            reservation_eur=float(asset["reservation_price_eur"]),
            ceiling_eur=float(asset["ceiling_price_eur"]),
            deficit=len(view.deficits) > 0,
        ),
        pd.DataFrame({_("Price"): [rung_name(rung) for rung in ladder["rung"]], _("Euros"): ladder["price_eur"]}),
        own_figures(view),
        _(
            "Prices from low to high: {prices}.",
            prices="; ".join(f"{rung_name(row.rung)} {amount(row.price_eur)}" for row in ladder.itertuples()),
        ),
        "chart_ladder",
        columns={_("Euros"): "amount"},
    )
    if not view.has_initiative:
        no_initiative_note()
    show_levers_of_gap(view)
    if view.has_initiative:
        st.markdown(
            "**"
            + _("Price by the council’s rule: {price}.", price=amount(asset["social_price_eur"]))
            + "** "
            + bound_text(asset["social_price_bound"])
            + " "
            + _("It is a rule, not an appraisal and no basis for state aid.")
        )
    st.markdown(
        _(
            "Counted for the municipality: only its own cash, and savings only as far as they really leave its budget; "
            "as if all of them come true. It is a lower limit to think with, never a bid. Not counted: what others "
            "gain, the book value and the capital charges. The municipality’s purse over all years, price left out: "
            "{npv} (the object {of_object}, the initiative {of_initiative}).",
            npv=amount(asset["municipality_npv_at_zero_price_eur"]),
            of_object=amount(asset["municipality_npv_object_eur"]),
            of_initiative=amount(asset["municipality_npv_initiative_eur"]),
        )
    )
    trace_link()


def show_levers_of_gap(view: View) -> None:
    """Where no price suits both: what would close the gap, each on its own."""
    rows = gap_levers(view.result, view.asset_id)
    if rows.empty:
        return
    st.markdown(
        "**" + _("What would close the gap of {gap}, each on its own:", gap=about(abs(view.asset["zone_eur"]))) + "**"
    )
    known = rows[rows["amount_eur"].notna() | (rows["lever"] == "sale_restriction")]
    st.markdown(
        "\n".join(
            "- "
            + lever_text(row.lever, about(row.closes_eur if row.lever == "sale_restriction" else row.amount_eur))
            + "."
            for row in known.itertuples()
        )
    )


def show_budget(view: View) -> None:
    """The books and the budget of four years: recurring and one-off apart."""
    st.subheader(_("What changes in the budget?"), anchor=False)
    asset, assumptions = view.asset, view.result.case.assumptions
    parts = budget_parts(view.result, view.asset_id)
    rows = view.result.budget[view.result.budget["asset_id"] == view.asset_id]
    one_off = float(parts["one_off_total_eur"].iloc[0])
    st.markdown(budget_answer(parts))
    st.markdown(" ".join(filter(None, (end_of_charges(view), fallback_words(view)))))
    show_chart(
        budget_chart(parts, last_depreciation_year=float(asset["last_depreciation_year"])),
        budget_table(rows, RECURRING),
        own_figures(view),
        _(
            "Recurring effect by year: {years}. One-off: {one_off}.",
            years="; ".join(f"{row.year} {amount(row.recurring_total_eur)}" for row in parts.itertuples()),
            one_off=_("unknown") if math.isnan(one_off) else amount(one_off),
        ),
        "chart_budget",
        columns={year(value): "amount" for value in rows["year"]},
    )
    st.markdown("**" + _("One-off, in {year}", year=year(assumptions.base_year)) + "**")
    show_table(
        budget_table(rows.head(1), ONE_OFF),
        key="table_one_off",
        alt=_("One-off budget effects in the year of the transfer"),
        columns={year(assumptions.base_year): "amount"},
    )
    st.markdown(
        _(
            "Gains are positive, losses and costs negative, against keeping it. Yearly and one-off are never added up. "
            "Not counted: savings that do not leave the budget, and what other parties gain."
        )
    )
    if asset["capital_charge_eur"] > 0:
        interest_note(view)
    trace_link()


def interest_note(view: View) -> None:
    """Freed interest is shifted, not saved (METHOD §3)."""
    asset, assumptions = view.asset, view.result.case.assumptions
    st.info(
        _(
            "Interest: with an internal interest rate of {rate}, the interest on this object is shifted to what the "
            "municipality keeps. It is really saved only if the municipality’s debt falls. So {interest} of the freed "
            "capital charge of {charge} in {year} is freed for this object, but not by itself for the municipality.",
            rate=percent(assumptions.internal_interest_rate, 2),
            interest=amount(asset["interest_eur"]),
            charge=amount(asset["capital_charge_eur"]),
            year=year(assumptions.base_year),
        ),
        icon=":material/swap_horiz:",
    )


def fallback_words(view: View) -> str:
    """The cost of coming back where that falls within the years of the budget, since no budget line has it."""
    found = fallback_in_budget(view.result, view.asset_id)
    if found is None:
        return ""
    back, cost = found
    if math.isnan(cost):
        return _(
            "In {year} the object comes back to the municipality. What that costs is not filled in (fall-back cost).",
            year=year(back),
        )
    return _(
        "In {year} the object comes back to the municipality. That costs {amount} in that year, which is not in the "
        "amounts below.",
        year=year(back),
        amount=f"**{amount(cost)}**",
    )


def end_of_charges(view: View) -> str:
    """Until when the freed capital charges last, in words."""
    last = float(view.asset["last_depreciation_year"])
    if math.isnan(last):
        return _("There is nothing left to depreciate, so no depreciation is freed.")
    return _(
        "The freed depreciation lasts **until and including {year}**: then it would have ended anyway. Do not extend "
        "it beyond that year.",
        year=year(last),
    )


def budget_table(rows: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Budget lines as rows, years as columns."""
    labels = budget_names()
    years = [year(value) for value in rows["year"]]
    return pd.DataFrame(
        [{_("Budget line"): labels[name], **dict(zip(years, rows[name], strict=True))} for name in names]
    )


def budget_names() -> dict[str, str]:
    """What the budget lines are called."""
    return {
        "freed_depreciation_eur": _("Freed depreciation"),
        "freed_interest_eur": _("Freed interest (shifted, see below)"),
        "freed_operating_eur": _("Freed running cost and major maintenance"),
        "lost_rent_eur": _("Lost rent"),
        "cashable_savings_eur": _("Savings on tasks, as far as they leave the budget"),
        "municipal_effects_eur": _("Other effects for the municipality"),
        "subsidy_eur": _("Subsidy"),
        "facilitation_eur": _("Support by officials"),
        "recurring_total_eur": _("Yearly total"),
        "book_result_eur": _("Book result"),
        "provision_release_eur": _("Release of the maintenance provision"),
        "municipal_effects_one_off_eur": _("Other effects for the municipality, one-off"),
        "one_off_total_eur": _("One-off total"),
    }


def show_checks(view: View) -> None:
    """State aid, Didam, Wet Markt en Overheid, VAT and double counting: what to do; and the warnings of this object."""
    st.subheader(_("What to check before the decision"), anchor=False)
    st.markdown("**" + _("Signals, no legal advice.") + "**")
    show_warnings(view)
    show_aid(view)
    texts = load_checks()
    for pair in zip(GENERAL_CHECKS[::2], GENERAL_CHECKS[1::2], strict=True):
        for place, key in zip(st.columns(2, gap="small"), pair, strict=True):
            with place, st.container(border=True, height="stretch"):
                show_check(texts.loc[key], check_figure(view, key))
    others = [key for key in texts.index if key not in (*GENERAL_CHECKS, "state_aid", "de_minimis", "sgei_de_minimis")]
    with st.expander(_("More to check"), icon=":material/checklist:", key="more_checks", on_change="rerun") as more:
        if more.open:
            for key in others:
                show_check(texts.loc[key], "")


def show_check(text: pd.Series, figure: str) -> None:
    """One check: what it is, this object's figure, and what to do."""
    spoken = language()
    parts = [f"##### {text[f'title_{spoken}']}", text[f"what_{spoken}"]]
    if figure:
        parts.append(f"**{_('Here:')}** {figure}")
    parts.append(f"**{_('What to do:')}** {text[f'todo_{spoken}']}")
    st.markdown("\n\n".join(parts))


def check_figure(view: View, key: str) -> str:
    """What the figures of this object say about a check."""
    if key == "market_government":
        return rent_answer(
            float(view.asset["cost_covering_rent_eur_per_year"]), float(view.asset["hidden_subsidy_eur_per_year"])
        )
    if key == "vat_leak" and view.has_initiative:
        leak = yearly_amount(view.result, view.asset_id, "vat_leak")
        return (
            _("the initiatives cannot reclaim {leak} a year.", leak=amount(leak))
            if leak
            else _("no VAT has been filled in that the initiatives cannot reclaim. Is that right?")
        )
    if key == "double_counting":
        rules = {"double_counting", "stock_and_flow", "volunteer_value_without_cost"}
        count = sum(problem.rule in rules for problem in warnings_of(view))
        return (
            _("{count} signals, among the points above.", count=count)
            if count
            else _("no two effects about the same thing were found.")
        )
    return ""


def warnings_of(view: View) -> tuple[Problem, ...]:
    """What the reading of the workbook and the computation say about this object and its initiatives."""
    every = (*state.in_use().intake.problems, *view.result.problems)
    return problems_about(view.result, view.asset_id, every)


def show_warnings(view: View) -> None:
    """The points that the computation found for this object and its initiatives."""
    found = warnings_of(view)
    if not found:
        st.success(_("The computation found no points for this object and its initiatives."), icon=":material/check:")
        return
    with st.container(border=True, key="warnings"):
        st.markdown("**" + _("Points that the computation found for this object and its initiatives") + "**")
        st.markdown("\n".join(f"- {plain(problem.message(language()))}" for problem in found))
        st.page_link(DATA, label=_("To the data"), icon=":material/table_edit:")


def show_aid(view: View) -> None:
    """The advantage beside both ceilings."""
    rows = aid_check(view.result, view.asset_id)
    texts, spoken = load_checks(), language()
    words = {
        "above": _("above the ceiling"),
        "near": _("close to the ceiling"),
        "below": _("below the ceiling"),
        "unknown": _("unknown: no proposed price, or no initiative"),
    }
    names = {
        "general": _("General de minimis"),
        "sgei": _("Services of general interest (DAEB), only with an entrustment"),
    }
    with st.container(border=True):
        show_check(texts.loc["state_aid"], "")
        show_table(
            pd.DataFrame(
                {
                    _("Ceiling"): [names[key] for key in rows["key"]],
                    _("Ceiling (€ in three years)"): rows["ceiling_eur"],
                    _("Advantage here (€)"): rows["aid_eur"],
                    _("Signal"): [words[signal] for signal in rows["signal"]],
                }
            ),
            key="table_aid",
            alt=_("Advantage at the proposed price beside the de minimis ceilings"),
            columns={_("Ceiling (€ in three years)"): "amount", _("Advantage here (€)"): "amount"},
        )
        st.caption(
            _(
                "Advantage: the discount plus three years of subsidy to the initiative that acquires it. Other aid "
                "to it counts as well and is not known here."
            )
            + " "
            + texts.loc["de_minimis"][f"what_{spoken}"]
        )


page_title(_("What is it worth?"), _("Choose a building or green space; the answer stands below it."))
workbook_case = need_case()
st.html(STYLE)
chosen = choose_object(workbook_case)
what_if.start(chosen)
st.fragment(show_page)(workbook_case, chosen)
