"""Tab Operations: ten years of income and cost, the first two years by the quarter, and the balance sheet."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.business_case.words import item_name
from dashboard.charts.business_case import liquidity_chart, operations_chart, quarter_name
from dashboard.initiatives.view import cell
from dashboard.notation import amount, year
from dashboard.show import show_chart, show_table
from dashboard.wording import _
from valuation.business_case import BusinessPlan
from valuation.case import Case


def show_operating(case: Case, found: BusinessPlan) -> None:
    """Chart, table of ten years, items, quarters, balance."""
    statement, ratios = found.income_statement, found.dscr
    source = _source(case)
    st.subheader(_("Ten years: what comes in, what goes out, what is left"), anchor=False)
    st.plotly_chart(
        operations_chart(statement, ratios),
        key="chart_operations",
        config={"displayModeBar": False},
        alt=_(
            "Income and costs per year; in {first} {income} and {cost}, in {last} {last_income} and {last_cost}.",
            first=year(statement["calendar_year"].iloc[0]),
            income=amount(statement["income_eur"].iloc[0]),
            cost=amount(statement["operating_cost_eur"].iloc[0]),
            last=year(statement["calendar_year"].iloc[-1]),
            last_income=amount(statement["income_eur"].iloc[-1]),
            last_cost=amount(statement["operating_cost_eur"].iloc[-1]),
        ),
        width="stretch",
    )
    st.caption(_("Source: {source}", source=source))
    _ten_years(found)
    with st.expander(_("Every item, year by year"), icon=":material/table:", key="plan_items"):
        _items(found)
    st.subheader(_("The first two years, by the quarter"), anchor=False)
    st.markdown(_first_years(found))
    show_chart(
        liquidity_chart(found.liquidity),
        _liquidity_table(found),
        source,
        _(
            "What is in the till at the end of each quarter; lowest {amount}.",
            amount=amount(found.liquidity["closing_cash_eur"].min()),
        ),
        "chart_liquidity",
    )
    with st.expander(
        _("Balance sheet: what you have, what you owe, and your equity"),
        icon=":material/account_balance:",
        key="plan_balance",
    ):
        _balance(found)


def _source(case: Case) -> str:
    return _("your plan for {municipality}; euros of the year itself", municipality=case.assumptions.municipality)


def _ten_years(found: BusinessPlan) -> None:
    """Year by year: income, costs, capital charges, result, and what is left after repayment."""
    statement = found.income_statement.merge(found.dscr, on=["year", "calendar_year"])
    columns = {
        _("Income"): "income_eur",
        _("Running costs"): "operating_cost_eur",
        _("Depreciation"): "depreciation_eur",
        _("Interest"): "interest_eur",
        _("Result"): "result_eur",
        _("To the reserve"): "to_replacement_reserve_eur",
        _("Left after interest and repayment"): "result_after_debt_service_eur",
    }
    table = pd.DataFrame(
        {
            _("Year"): [year(value) for value in statement["calendar_year"]],
            **{name: statement[column] for name, column in columns.items()},
        }
    )
    show_table(
        table,
        key="plan_years_csv",
        alt=_("The forecast of ten years"),
        columns=dict.fromkeys(columns, "amount"),
    )


def _items(found: BusinessPlan) -> None:
    """A row per item, a column per year."""
    shown = found.operations
    if not shown.loc[shown["year"] == 0, "amount_eur"].any():
        shown = shown[shown["year"] > 0]
    rows = []
    # Items may have one name; a row of the sheet, or the kind of a total, makes one.
    for _key, item in shown.groupby(["row", "item_kind"], sort=False, dropna=False, observed=True):
        first = item.iloc[0]
        columns = [_("Start") if row.year == 0 else year(row.calendar_year) for row in item.itertuples()]
        rows.append(
            {
                _("Kind"): _("income") if first["is_income"] else _("cost"),
                _("Item"): cell(item_name(first["item"], first["item_kind"])),
                **dict(zip(columns, item["amount_eur"], strict=True)),
            }
        )
    table = pd.DataFrame(rows)
    show_table(
        table,
        key="plan_items_csv",
        alt=_("Every item, year by year"),
        columns=dict.fromkeys(table.columns[2:], "amount"),
    )


def _first_years(found: BusinessPlan) -> str:
    """Whether the till stays above zero."""
    lowest = (
        found.liquidity.loc[found.liquidity["closing_cash_eur"].idxmin()]
        if found.liquidity["closing_cash_eur"].notna().any()
        else None
    )
    if lowest is None:
        return _("What is in the till cannot be said while the price is not known.")
    parts = {
        "quarter": quarter_name(lowest["year"], lowest["quarter"]),
        "amount": f"**{amount(lowest['closing_cash_eur'])}**",
    }
    if lowest["closing_cash_eur"] < 0:
        return _(
            "In {quarter} the till stands at {amount}: money is **short** then. Arrange a buffer, or a later payment.",
            **parts,
        )
    return _("The till stays above zero; at its lowest it holds {amount}, at the end of {quarter}.", **parts)


def _liquidity_table(found: BusinessPlan) -> pd.DataFrame:
    rows = found.liquidity
    columns = {
        _("At the start"): "opening_cash_eur",
        _("Income"): "income_eur",
        _("Subsidy"): "subsidy_eur",
        _("Running costs"): "operating_cost_eur",
        _("Interest and repayment"): "debt_service_eur",
        _("At the end"): "closing_cash_eur",
    }
    quarters = [quarter_name(row.year, row.quarter) for row in rows.itertuples()]
    return pd.DataFrame(
        {
            _("Quarter"): quarters,
            **{name: [amount(value) for value in rows[column]] for name, column in columns.items()},
        }
    )


def _balance(found: BusinessPlan) -> None:
    rows = found.balance_sheet
    columns = {
        _("Building and renovation"): "fixed_assets_eur",
        _("In the till"): "cash_eur",
        _("Together"): "assets_eur",
        _("Loans"): "loans_eur",
        _("Price still to pay"): "deferred_price_eur",
        _("Reserve for replacement"): "replacement_reserve_eur",
        _("Equity"): "equity_eur",
    }
    first = [_("Start"), *(year(value) for value in rows["calendar_year"].iloc[1:])]
    table = pd.DataFrame({_("At the end of"): first, **{name: rows[column] for name, column in columns.items()}})
    show_table(
        table,
        key="plan_balance_csv",
        alt=_("The balance sheet at the end of each year"),
        columns=dict.fromkeys(columns, "amount"),
    )
    st.caption(_("What you have is each year exactly what you owe plus your reserve and equity."))
