"""Scenarios and alternatives beside each other, each in the three views."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from dashboard import what_if
from dashboard.charts.scenarios import panels_chart
from dashboard.frame import DATA, plain
from dashboard.labels import column_label, sheet_label
from dashboard.notation import amount, signed
from dashboard.scenarios.view import (
    READY_MADE,
    STOPS,
    View,
    option_name,
    options,
    scenario_case,
    source,
    stop_slug,
)
from dashboard.show import show_chart, show_table
from dashboard.uncertain_words import assumption_name, figure, form_name, missing_name, per_words
from dashboard.wording import _, language, n_
from valuation.alternatives import alternatives, alternatives_table
from valuation.case import ALTERNATIVES, SCENARIO_SHEETS, TABLES
from valuation.scenarios import (
    RESULTS,
    Variant,
    beside,
    differences,
    outcome,
    outcomes,
    scenario_names,
    variants,
)

FIXED = "scenarios_fixed"
"""Session key: the rows of a comparison that belong to one workbook and object."""


def compared(view: View, *, ready_made: bool) -> pd.DataFrame:
    """The results of the workbook and, after it, of what is on screen; with everything that is ready-made between."""
    fixed = _of_workbook(view)
    rows = fixed if ready_made else fixed[:1]
    moved = what_if.differences(scenario_case(view.workbook, view.asset_id, view.scenario), view.asset_id)
    if moved if ready_made else view.case is not view.workbook:
        rows = [*rows, outcome(Variant("now", "", view.case), view.result)]
    return beside(rows)


def _of_workbook(view: View) -> list[dict[str, Any]]:
    """The rows of the workbook and of all that is ready-made: no slider changes them, so they are worked out once."""
    known = st.session_state.get(FIXED)
    if known is None or known[0] is not view.workbook or known[1] != view.asset_id:
        chosen = variants(view.workbook, view.asset_id, stops_after=READY_MADE)
        known = st.session_state[FIXED] = (view.workbook, view.asset_id, outcomes(chosen, view.asset_id))
    return known[2]


def variant_name(kind: str, name: str) -> str:
    """What a row of the comparison is called."""
    if kind == "base":
        return _("As in the workbook")
    if kind == "now":
        return _("With your sliders")
    return option_name(stop_slug(int(name)), options_of_years()) if kind == "stops" else name


def options_of_years() -> dict[str, str]:
    """The ready-made what-ifs."""
    return {stop_slug(years): str(years) for years in STOPS}


def marked_difference(value: float) -> str:
    """A difference to the workbook, marked by its direction."""
    if math.isnan(value):
        return "–"
    if abs(value) < 0.5:
        return "="
    return ("▲" if value > 0 else "▼") + f"\u00a0{signed(value)}"


def show_scenarios(view: View) -> None:
    """The scenarios in three views, and what is different in the chosen one."""
    st.subheader(_("What if it turns out differently?"), anchor=False)
    table = compared(view, ready_made=True)
    names = [variant_name(row.kind, row.name) for row in table.itertuples(index=False)]
    columns = (
        ("social_value_eur", _("Society: social value (€)")),
        ("municipality_result_eur", _("Municipality: at the proposed price (€)")),
        ("recurring_first_year_eur", _("Books: recurring, first year (€)")),
    )
    shown = pd.DataFrame({_("Scenario"): [plain(name) for name in names]})
    for key, title in columns:
        shown[title] = [_("unknown") if math.isnan(value) else amount(value) for value in table[key]]
        difference = [marked_difference(value) for value in table[f"{key}_difference"]]
        shown[_("{view}, difference", view=title.partition(":")[0])] = [_("base"), *difference[1:]]
    now = option_name(view.scenario, options(view.workbook))
    show_chart(
        panels_chart(
            names,
            [
                ("social", _("Society:<br>social value (€)"), table["social_value_eur"].tolist()),
                ("price", _("Municipality: at the<br>proposed price (€)"), table["municipality_result_eur"].tolist()),
                ("book", _("Books: recurring,<br>first year (€ per year)"), table["recurring_first_year_eur"].tolist()),
            ],
            marked=names.index(now) if now in names else -1,
        ),
        pd.DataFrame(
            {_("Scenario"): [plain(name) for name in names], **{result_name(key): table[key] for key in RESULTS}}
        ),
        source(view),
        _(
            "Bars of the social value by scenario: {values}.",
            values="; ".join(
                f"{name} {amount(value)}" for name, value in zip(names, table["social_value_eur"], strict=True)
            ),
        ),
        "chart_scenarios",
        columns={result_name(key): "times" if key == "bcr" else "amount" for key in RESULTS},
    )
    st.caption(
        _(
            "▲ and ▼: more or less than in the workbook. The three views answer different questions and are never "
            "added "
            "up. Municipality: present value against keeping it, with the proposed price received."
        )
    )
    show_table(shown, key="table_scenarios", alt=_("Scenarios with their differences from the workbook"))
    show_changes(view)


def result_name(key: str) -> str:
    """What a result of the comparison is called (`valuation.scenarios.RESULTS`)."""
    return {
        "social_value_eur": _("Social value (€)"),
        "bcr": _("Benefits over costs"),
        "municipality_result_eur": _("Municipality: at the proposed price (€)"),
        "reservation_price_eur": _("Municipality no worse off from (€)"),
        "ceiling_price_eur": _("Initiative can carry at most (€)"),
        "book_result_eur": _("Book result (€)"),
        "recurring_first_year_eur": _("Recurring, first year (€)"),
        "recurring_last_year_eur": _("Recurring, fourth year (€)"),
    }[key]


def show_changes(view: View) -> None:
    """The cells that are different in the chosen scenario."""
    named = options(view.workbook)
    if view.scenario is None:
        if scenario_names(view.workbook):
            st.markdown(_("Choose a scenario above to see which figures are different in it."))
        else:
            st.info(
                _("The workbook has no scenarios yet. Add rows to the sheet Scenarios: a name, a cell, another value."),
                icon=":material/add_notes:",
            )
            st.page_link(DATA, label=_("To the data"), icon=":material/table_edit:")
        return
    st.subheader(_("What is different in “{name}”?", name=plain(option_name(view.scenario, named))), anchor=False)
    if view.scenario in map(stop_slug, STOPS):
        st.markdown(
            _(
                "The initiatives of this object stop after {years} years. Their benefits and costs "
                "end, everything goes back to the municipality, and a year later comes the fall-back "
                "cost of the workbook. Where the workbook has none it is counted as zero, with a "
                "warning on the page Value.",
                years=named[view.scenario],
            )
        )
        return
    every = differences(view.workbook, named[view.scenario])
    rows = differences(view.workbook, named[view.scenario], view.asset_id)
    if rows.empty:
        st.markdown(_("Nothing that concerns this object."))
    else:
        show_table(
            pd.DataFrame(
                {
                    _("Sheet"): [sheet_name(row.sheet) for row in rows.itertuples()],
                    _("What"): [plain(cell_name(row)) for row in rows.itertuples()],
                    _("In the workbook"): [figure(row.before, row.kind) for row in rows.itertuples()],
                    _("In this scenario"): [
                        f"**{plain(figure(row.after, row.kind))}**" if row.is_different else _("the same")
                        for row in rows.itertuples()
                    ],
                }
            ),
            key="table_changes",
            alt=_("The figures that are different in this scenario"),
        )
    others = len(every) - len(rows)
    if others:
        st.caption(
            n_(
                "{count} more figure is different, of other objects.",
                "{count} more figures are different, of other objects.",
                others,
            )
        )


def sheet_name(key: str) -> str:
    """The sheet of a change."""
    choice = next(choice for choice in SCENARIO_SHEETS if choice.key == key)
    return choice.nl if language() == "nl" else choice.en.capitalize()


def cell_name(row: NamedTuple) -> str:
    """What a changed cell is about."""
    if row.sheet == "assumptions":
        return assumption_name(row.column)
    if row.sheet == "prices":
        return f"{row.owner} ({row.key_or_row})"
    table = next(table for table in TABLES if table.key == row.sheet)
    return f"{row.owner}: {column_label(table.column(row.column))}"


def show_alternatives(view: View) -> None:
    """Every alternative in the three views, against keeping the object."""
    st.subheader(_("Compared with what?"), anchor=False)
    st.markdown(
        _(
            "Each alternative stands beside keeping the object under current policy. Who owns it hardly changes what "
            "it "
            "is worth to society; it does change the books and the municipality’s purse."
        )
        + " "
        + _(
            "Close and sell: the market value stands for what a buyer does with it. What users lose when it closes is "
            "not counted here."
        )
    )
    table = alternatives_table(alternatives(view.case, view.asset_id))
    names = [form_name(form) for form in table["alternative"]]
    titles = {
        "social_value_eur": _("Society: social value (€)"),
        "municipality_npv_eur": _("Municipality: present value (€)"),
        "recurring_first_year_eur": _("Books: recurring, first year (€)"),
        "one_off_total_eur": _("Books: one-off (€)"),
        "book_result_eur": _("Of which book result (€)"),
        "book_value_left_eur": _("Book value that stays (€)"),
    }
    shown = pd.DataFrame({_("Alternative"): names, **_amounts(table, titles)})
    show_chart(
        panels_chart(
            names,
            [
                ("social", _("Society:<br>social value (€)"), table["social_value_eur"].tolist()),
                ("price", _("Municipality:<br>present value (€)"), table["municipality_npv_eur"].tolist()),
                ("book", _("Books: recurring,<br>first year (€ per year)"), table["recurring_first_year_eur"].tolist()),
            ],
        ),
        pd.DataFrame(
            {
                _("Alternative"): names,
                _("Social benefits (€)"): table["social_benefits_eur"],
                _("Social costs (€)"): table["social_costs_eur"],
                _("Municipality without the payment (€)"): table["municipality_npv_without_payment_eur"],
                _("Recurring, fourth year (€)"): table["recurring_last_year_eur"],
            }
        ),
        source(view),
        _(
            "Bars of the social value by alternative: {values}.",
            values="; ".join(
                f"{name} {amount(value)}" for name, value in zip(names, table["social_value_eur"], strict=True)
            ),
        ),
        "chart_alternatives",
        columns=dict.fromkeys(
            (
                _("Social benefits (€)"),
                _("Social costs (€)"),
                _("Municipality without the payment (€)"),
                _("Recurring, fourth year (€)"),
            ),
            "amount",
        ),
    )
    show_table(shown, key="table_alternatives", alt=_("The alternatives in the three views"))
    if view.has_initiative:
        show_payments(table, names)
        show_missing(table, names)
    else:
        st.info(
            _("Without an initiative there is only keeping or selling: nobody says what else would happen there."),
            icon=":material/group_off:",
        )


def _amounts(table: pd.DataFrame, titles: dict[str, str]) -> dict[str, list[str]]:
    return {
        title: [_("unknown") if math.isnan(value) else amount(value) for value in table[key]]
        for key, title in titles.items()
    }


def show_payments(table: pd.DataFrame, names: list[str]) -> None:
    """What is paid, what the municipality needs, and what the initiative can carry."""
    st.subheader(_("Which payment suits both?"), anchor=False)
    paid = table["payment_per"].isin(["once", "year"]) & (table["alternative"] != "sell")
    rows = table[paid]
    per = [per_words(word) for word in rows["payment_per"]]

    def written(key: str) -> list[str]:
        return [
            _("unknown") if math.isnan(value) else f"{amount(value)} {word}"
            for value, word in zip(rows[key], per, strict=True)
        ]

    show_table(
        pd.DataFrame(
            {
                _("Alternative"): [name for name, chosen in zip(names, paid, strict=True) if chosen],
                _("Filled in"): written("payment_eur"),
                _("Municipality no worse off from"): written("break_even_payment_eur"),
                _("Initiative can carry at most"): written("affordable_payment_eur"),
            }
        ),
        key="table_payments",
        alt=_("Payments of the alternatives"),
    )
    st.caption(
        _(
            "A price is paid once, a rent or ground rent every year that the initiative goes on. "
            "Below zero the municipality may pay and still be no worse off; an initiative that can "
            "carry less than zero needs more income first."
        )
    )


def show_missing(table: pd.DataFrame, names: list[str]) -> None:
    """What nobody has filled in yet, and which defaults were taken."""
    columns = {column.key: column_label(column) for column in ALTERNATIVES.columns}
    missing = [
        f"- {name}: " + ", ".join(missing_name(key, columns).lower() for key in row.missing.split())
        for name, row in zip(names, table.itertuples(), strict=True)
        if row.missing
    ]
    if missing:
        st.markdown(
            ":material/help: **" + _("Not known yet, so what depends on it stays open (unknown is not zero)") + "**"
        )
        st.markdown("\n".join(missing))
        st.page_link(
            DATA,
            label=_("Fill it in on the sheet {sheet}", sheet=sheet_label(ALTERNATIVES)),
            icon=":material/table_edit:",
        )
    assumed = [
        f"- {name}: " + "; ".join(_assumed(key) for key in row.assumed.split())
        for name, row in zip(names, table.itertuples(), strict=True)
        if row.assumed
    ]
    with st.expander(_("Which defaults were taken"), icon=":material/rule:", key="assumed_terms"):
        st.markdown("\n".join(assumed) or _("None: everything was filled in."))


def _assumed(key: str) -> str:
    column = ALTERNATIVES.column(key)
    default = column.default_text_nl if language() == "nl" else column.default_text_en
    return f"{column_label(column).lower()}: {default}"
