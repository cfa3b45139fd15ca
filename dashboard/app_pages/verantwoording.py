"""Account: the lines, assumptions, prices and sources behind every figure, the terms, and the public checks."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import state, what_if
from dashboard.chosen import Subject, choose_subject, chosen_object
from dashboard.frame import VALUE, need_case, page_title, plain
from dashboard.labels import column_label
from dashboard.notation import MISSING, amount, number, year
from dashboard.show import csv_button, open_tabs, show_table
from dashboard.terms import basis_name, kind_name, party_name, view_meaning, view_name
from dashboard.used import default_source, default_words
from dashboard.wording import _, language, n_
from intake.knowledge import load_glossary, load_public_checks
from valuation.appraisal import Result
from valuation.case import ASSETS, ASSUMPTIONS, Case, Column
from valuation.explain import line_table, prices_used
from valuation.problems import ValuationError
from valuation.public_checks import evaluate

STYLE = """
<style>
[class*="st-key-lines_"] [data-testid="stTable"] { font-size: .92rem; }
[class*="st-key-lines_"] :is(td, th) { padding-left: .4rem !important; padding-right: .4rem !important; }
[class*="st-key-lines_"] :is(td, th):nth-child(n + 4):nth-child(-n + 7) { text-align: right !important; }
[class*="st-key-lines_"] :is(td, th):first-child { min-width: 9.5rem; }
</style>
"""
VIEWS = ("benefit", "cost", "transfer", "shown")
TERMS_SHOWN = 15
CAN_BE_EMPTY = frozenset({"fallback_cost", "price", "transfer_tax"})


def show_page(case: Case, subject: Subject) -> None:
    """The parts of the page; only the open one is made."""
    asset_id = subject.asset_id or chosen_object(case)
    show_what_if(case, asset_id)
    try:
        result = state.appraised(what_if.changed_case(case, asset_id))
    except ValuationError as error:
        st.error(error.message(language()), icon=":material/block:")
        return
    names = [_("Lines"), _("Assumptions"), _("Prices"), _("Terms"), _("Public checks")]
    tabs = open_tabs("account_tabs", names)
    sections = (
        lambda: show_lines(result, subject),
        lambda: show_assumptions(result.case),
        lambda: show_prices(result),
        show_terms,
        show_public_checks,
    )
    for tab, section in zip(tabs, sections, strict=True):
        if tab.open:
            with tab:
                section()
    what_if.remember_in_url(case, asset_id)


def show_what_if(case: Case, asset_id: str) -> None:
    """Say that figures were moved on the page Value, and offer the way back."""
    found = what_if.differences(case, asset_id)
    if found:
        st.warning(_("These are the figures with what was moved:") + " " + " · ".join(found), icon=":material/tune:")
        what_if.show_way_back(_("Back to the workbook"), asset_id)


def show_lines(result: Result, subject: Subject) -> None:
    """Every line of the object or initiative: what, whose, how much, when, where it stands and where it comes from."""
    st.subheader(_("Every euro is a line"), anchor=False)
    st.markdown(
        _(
            "Each total on the page Value is a sum of these lines. Present values are at the transfer, in prices of "
            "{year}; the budget is of {budget_year}, not discounted. The three views count different parts of the same "
            "line, and are never added up.",
            year=year(result.case.assumptions.price_year),
            budget_year=year(result.case.assumptions.base_year),
        )
    )
    lines = line_table(result, asset_id=subject.asset_id, initiative_id=subject.initiative_id)
    for view in VIEWS:
        part = lines[lines["view"] == view]
        if len(part):
            show_line_group(result, subject, view, part)
    csv_button(
        line_words(result, lines, linked=False), key="lines_csv", label=_("Download all lines with their sources (CSV)")
    )
    if subject.asset_id is not None:
        show_register(result, subject.asset_id)


def show_line_group(result: Result, subject: Subject, view: str, part: pd.DataFrame) -> None:
    """The lines that count in the same way, and what they add up to."""
    st.markdown(f"##### {view_name(view)}")
    st.markdown(view_meaning(view))
    with st.container(key=f"lines_{view}"):
        st.table(line_words(result, part, linked=True), hide_index=True, border="horizontal", alt=view_name(view))
    total = total_words(result, subject, view)
    if total:
        st.markdown(total)


def total_words(result: Result, subject: Subject, view: str) -> str:
    """The total that a group of lines makes up, as the other pages show it."""
    column = {"benefit": "social_benefits_eur", "cost": "social_costs_eur"}.get(view)
    if column is None:
        return ""
    if subject.asset_id is not None:
        total = float(result.asset(subject.asset_id)[column])
        if math.isnan(total):
            return _("Without an initiative these make up no social value.")
    else:
        rows = result.initiatives
        total = float(rows.loc[rows["initiative_id"] == subject.initiative_id, column].iloc[0])
    return _("Together for society: **{total}**", total=amount(total))


def line_words(result: Result, lines: pd.DataFrame, *, linked: bool) -> pd.DataFrame:
    """Lines in words and in the app's notation; `linked` for the screen, with links and with signs made harmless."""
    harmless = plain if linked else str
    budget = _("Budget {year} (€)", year=year(result.case.assumptions.base_year))
    amounts = [amount_words(row) for row in lines.itertuples()]
    return pd.DataFrame(
        {
            _("Line"): [harmless(kind_name(row.kind, row.label)) for row in lines.itertuples()],
            _("Whose"): [whose(row) for row in lines.itertuples()],
            _("Years"): [years_words(row.start_year, row.end_year) for row in lines.itertuples()],
            _("Amount (€ a year or at once)"): amounts,
            _("Society (€ present value)"): [number(value) for value in lines["social_value_eur"]],
            _("Municipality (€ present value)"): [number(value) for value in lines["municipality_npv_eur"]],
            budget: [number(value) for value in lines["budget_year_1_eur"]],
            _("From"): [origin(result, row, linked=linked) for row in lines.itertuples()],
        }
    )


def amount_words(row: Any) -> str:
    """The amount of a line; what nobody can price is p.m., what nobody filled in is unknown and counts for nothing."""
    if not math.isnan(row.amount_eur):
        return number(row.amount_eur)
    return _("unknown") if row.kind in CAN_BE_EMPTY else _("p.m.")


def whose(row: Any) -> str:
    """Who gains or bears a line; of a transfer, from whom to whom."""
    if not row.counterparty:
        return party_name(row.party)
    payer, receiver = row.counterparty, row.party
    if row.present_value_eur < 0:
        payer, receiver = receiver, payer
    return _("{payer} to {receiver}", payer=party_name(payer), receiver=party_name(receiver))


def years_words(first: int, last: int) -> str:
    """In which years a line runs."""
    if last == 0:
        return _("at transfer")
    return number(first) if first == last else f"{number(first)}–{number(last)}"


def origin(result: Result, row: Any, *, linked: bool) -> str:
    """The cell in the workbook, and the source where a reference price was used."""
    place = " ".join(part for part in (row.sheet, row.cell) if part)
    if not row.price_key:
        return place or MISSING
    if linked:
        return f"{place}, {source_words(result.case, row.source_id)}"
    return f"{place}, {row.price_key}, {source_text(result.case, row.source_id)}"


def source_words(case: Case, source_id: str, *, titled: bool = False) -> str:
    """Publisher of a source, with its title where that is wanted, as a link where it has an address."""
    source = source_of(case, source_id)
    name = f"{source['publisher']}: {source['title']}" if titled else source["publisher"]
    return f"[{plain(name)}]({source['url']})" if source["url"] else plain(name)


def source_text(case: Case, source_id: str) -> str:
    """Publisher, title and address of a source, for a file."""
    source = source_of(case, source_id)
    return f"{source['publisher']}: {source['title']} {source['url']}".strip()


def source_of(case: Case, source_id: str) -> pd.Series:
    """The row of a source."""
    rows = case.reference.sources
    return rows.loc[rows["source_id"] == source_id].iloc[0]


def show_register(result: Result, asset_id: str) -> None:
    """The books of an object: which cells the book value comes from, and what they give."""
    st.markdown(f"##### {_('In the books')}")
    asset = result.asset(asset_id)
    computed = asset["computed_book_value_eur"]
    sentences = [
        _(
            "Book value **{book}** on 1 January {year}.",
            book=amount(asset["book_value_eur"]),
            year=year(result.case.assumptions.base_year),
        ),
        _("It was filled in; cost, year and life to compute it from were not.")
        if math.isnan(computed)
        else _("Computed from the register: {computed}.", computed=amount(computed)),
        _(
            "Capital charge in the first year {charge}: depreciation {depreciation} and interest {interest}.",
            charge=amount(asset["capital_charge_eur"]),
            depreciation=amount(asset["depreciation_eur"]),
            interest=amount(asset["interest_eur"]),
        ),
    ]
    st.markdown(" ".join(sentences))
    row = result.case.assets.loc[result.case.assets["asset_id"] == asset_id].iloc[0]
    with st.expander(
        _("What the workbook says of this object"), icon=":material/table:", on_change="rerun", key="register"
    ) as open_register:
        if not open_register.open:
            return
        show_table(
            pd.DataFrame(
                [
                    {
                        _("Figure"): column_label(column),
                        _("Value"): plain(cell_words(row[column.key], column)),
                        _("Cell"): cell_of(result.case, ASSETS.key, column.key, int(row.name)),
                    }
                    for column in ASSETS.columns
                ]
            ),
            key="table_register",
            alt=_("What the workbook says of this object"),
        )


def cell_words(value: Any, column: Column) -> str:
    """A figure of the workbook in the app's notation."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is not itself
        return MISSING
    return default_words(bool(value) if column.kind == "yes_no" else value, column)


def cell_of(case: Case, table: str, column: str, row: int) -> str:
    """Sheet and cell of a figure."""
    sheet, letter = case.cells.get((table, column), (None, None))
    return f"{sheet} {letter}{row}" if letter else _("column not in the file")


def show_assumptions(case: Case) -> None:
    """Which assumptions were used, which of them are defaults, and where those come from."""
    st.subheader(_("Assumptions as used"), anchor=False)
    st.markdown(_("A default is used where the workbook leaves an assumption open. You can always fill in your own."))
    show_table(
        pd.DataFrame([assumption_row(case, column) for column in ASSUMPTIONS.columns]),
        key="table_assumptions",
        alt=_("Assumptions as used"),
    )


def assumption_row(case: Case, column: Column) -> dict[str, str]:
    """One assumption: what was used, between which bounds it is uncertain, and where it comes from."""
    value = getattr(case.assumptions, column.key)
    words = what_if.rate_name(value) if column.kind == "steps" else cell_words(value, column)
    ranges = case.assumption_ranges
    low, high = (
        cell_words(ranges.loc[column.key, bound], column) if column.key in ranges.index else MISSING
        for bound in ("low", "high")
    )
    return {
        _("Assumption"): column_label(column),
        _("Used"): plain(words),
        _("Low"): low,
        _("High"): high,
        _("From"): plain(assumption_origin(case, column)),
    }


def assumption_origin(case: Case, column: Column) -> str:
    """The user's cell, a slider, or the default with its source."""
    if getattr(case.assumptions, column.key) != getattr(state.case().assumptions, column.key):
        return _("moved on the page Value")
    defaults = state.in_use().intake.defaults_used
    used = defaults[(defaults["table"] == ASSUMPTIONS.key) & (defaults["key"] == column.key)]
    if len(used):
        source = used.iloc[0]["source_nl" if language() == "nl" else "source_en"] or MISSING
        return _("default: {source}", source=default_source(column, source))
    sheet, cell = case.cells.get((ASSUMPTIONS.key, column.key), (None, None))
    return " ".join(part for part in (sheet, cell) if part) or MISSING


def show_prices(result: Result) -> None:
    """The reference prices that were used, and how each was brought to the price year."""
    st.subheader(_("Reference prices as used"), anchor=False)
    rows = prices_used(result)
    if rows.empty:
        st.info(
            _("This workbook uses no reference prices: all amounts are the municipality’s own."), icon=":material/info:"
        )
        return
    price_year = result.case.assumptions.price_year
    st.markdown(
        _(
            "All prices of this workbook, whichever object was chosen. A price of another year is converted with a "
            "price index: own amount × factor = amount in prices of {year}.",
            year=year(price_year),
        )
    )
    if (rows["basis"] == "assumption").any():
        st.warning(
            _("Prices marked as assumption are not published figures. Replace them by your own if you can."),
            icon=":material/lightbulb:",
        )
    name = f"name_{language()}"
    st.table(
        pd.DataFrame(
            {
                _("Price"): [f"{plain(row[name])}  \n`{row['price_key']}`" for _place, row in rows.iterrows()],
                _("Own amount (€)"): [
                    f"{amount(row.own_value_eur, 2)} ({year(row.own_year)})" for row in rows.itertuples()
                ],
                _("Factor"): [number(factor, 4) for factor in rows["factor"]],
                _("In prices of {year} (€)", year=year(price_year)): [amount(value, 2) for value in rows["value_eur"]],
                _("Unit"): [unit_words(result.case, unit) for unit in rows["unit"]],
                _("Basis"): [
                    f"**{basis_name(basis)}**" if basis == "assumption" else basis_name(basis)
                    for basis in rows["basis"]
                ],
                _("Source"): [source_words(result.case, source) for source in rows["source_id"]],
                _("Lines"): [number(count) for count in rows["used_by"]],
            }
        ),
        hide_index=True,
        border="horizontal",
        alt=_("Reference prices as used"),
    )
    st.markdown("**" + _("Sources in full") + "**")
    st.markdown(
        "\n".join(f"- {source_words(result.case, source, titled=True)}" for source in rows["source_id"].unique())
    )


def unit_words(case: Case, unit: str) -> str:
    """The name of a unit."""
    units = case.reference.units
    found = units.loc[units["unit"] == unit, f"name_{language()}"]
    return plain(found.iloc[0]) if len(found) else plain(unit)


def show_terms() -> None:
    """The glossary, which can be searched."""
    st.subheader(_("What the terms mean"), anchor=False)
    asked = st.text_input(_("Search the terms"), key="term_search", icon=":material/search:").strip().lower()
    terms, spoken = load_glossary(), language()
    text = terms["term_nl"] + " " + terms["term_en"] + " " + terms["code_name"] + " " + terms[f"definition_{spoken}"]
    found = terms[text.str.lower().str.contains(asked, regex=False)]
    st.caption(n_("{count} term found", "{count} terms found", len(found)))
    if found.empty:
        return
    parts = [span_words(found, start) for start in range(0, len(found), TERMS_SHOWN)]
    first = 0
    if len(parts) > 1:
        part = st.selectbox(_("Show"), parts, key=f"term_part_{asked}_{spoken}", width=460)
        first = parts.index(part or parts[0]) * TERMS_SHOWN
    shown = found.iloc[first : first + TERMS_SHOWN]
    st.table(
        pd.DataFrame(
            {
                _("Term"): [f"**{plain(term)}**" for term in shown[f"term_{spoken}"]],
                _("Meaning"): [plain(text) for text in shown[f"definition_{spoken}"]],
                _("Name in files"): [f"`{name}`" for name in shown["code_name"]],
            }
        ),
        hide_index=True,
        border="horizontal",
        alt=_("What the terms mean"),
    )


def span_words(found: pd.DataFrame, start: int) -> str:
    """Which terms stand on a part of the list."""
    terms = found[f"term_{language()}"].iloc[start : start + TERMS_SHOWN]
    return f"{terms.iloc[0]} … {terms.iloc[-1]}"


def show_public_checks() -> None:
    """Published examples, computed again now with the functions behind every figure."""
    st.subheader(_("Does the arithmetic hold?"), anchor=False)
    st.markdown(
        _(
            "Examples with a known outcome, nearly all published by others, computed again at this moment by the same "
            "functions that every figure here comes from. The difference may be no more than the rounding of the known "
            "outcome."
        )
    )
    rows = evaluate(load_public_checks())
    failed = int((~rows["passed"]).sum())
    if failed:
        st.error(
            _(
                "{failed} of {count} examples do not agree. Do not use the figures before this is solved.",
                failed=failed,
                count=len(rows),
            ),
            icon=":material/error:",
        )
    else:
        st.success(_("All {count} examples agree.", count=len(rows)), icon=":material/check_circle:")
    case = state.case()
    st.table(
        pd.DataFrame(
            {
                _("Example"): [plain(text) for text in rows[f"description_{language()}"]],
                _("Published"): [number(value, 6) for value in rows["expected"]],
                _("Computed"): [number(value, 6) for value in rows["computed"]],
                _("Difference"): [number(value, 8) for value in rows["difference"]],
                _("At most"): [number(value, 6) for value in rows["tolerance"]],
                _("Outcome"): [
                    f":green-badge[:material/check: {_('agrees')}]"
                    if passed
                    else f":red-badge[:material/close: {_('does not agree')}]"
                    for passed in rows["passed"]
                ],
                _("Source"): [source_words(case, source) for source in rows["source"]],
            }
        ),
        hide_index=True,
        border="horizontal",
        alt=_("Published examples, computed again"),
    )


page_title(_("Where do the figures come from?"), _("Every figure with its lines and sources."))
workbook_case = need_case()
st.html(STYLE)
choice, back = st.columns([3, 1], vertical_alignment="bottom")
with choice:
    chosen = choose_subject(workbook_case)
with back:
    st.page_link(VALUE, label=_("To the page Value"), icon=":material/balance:")
what_if.start(chosen_object(workbook_case))
st.fragment(show_page)(workbook_case, chosen)
