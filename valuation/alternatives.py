"""Alternatives for an object (METHOD §12), each against keeping it: variants of the same lines, not a second engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy_financial as npf
import pandas as pd

from valuation.arrays import Flags, Floats, figures
from valuation.book_value import BookValue, book_values
from valuation.budget import budget_view
from valuation.case import FORMS, USED_BY_FORMS, Case
from valuation.lines import Lines, activity, compile_lines
from valuation.price import ceiling_price, financing_room, operating_surplus
from valuation.scenarios import of_one_asset
from valuation.social_value import by_party, society_totals

KEEP = "keep"
SELL, SALE, LEASE, GROUND_LEASE, LOAN, OPERATOR = (form.key for form in FORMS)
STAYS_OURS = frozenset({LEASE, LOAN, OPERATOR})
"""Forms under which the municipality goes on owning land and building."""
PAYS_YEARLY = frozenset({LEASE, GROUND_LEASE})
CAN_BE_MISSING = tuple(column for column in USED_BY_FORMS if column != "major_maintenance_by")
CENTRAL = ("social_benefits_eur", "social_costs_eur", "social_value_eur", "bcr")
NEEDED_BY_SOCIETY = frozenset({"operator_cost_eur_per_year", "effect_share"})
PAYMENTS = frozenset({"payment_eur_per_year", "proposed_price_eur"})


@dataclass(frozen=True)
class Terms:
    """What is agreed under one alternative; NaN is unknown.

    Parameters
    ----------
    form : str
        A key of `FORMS`, or `keep`.
    values : mapping
        Column of the sheet Alternatieven to its figure [its unit].
    maintained_by_municipality : bool
    is_stated : bool
        Whether the sheet has a row for it.
    missing : tuple of str
        Columns that the form needs and nobody filled in; `proposed_price_eur` for a sale.
    assumed : tuple of str
        Columns that took their default.
    """

    form: str
    values: Mapping[str, float]
    maintained_by_municipality: bool
    is_stated: bool
    missing: tuple[str, ...]
    assumed: tuple[str, ...]


@dataclass(frozen=True)
class Alternative:
    """One alternative for one object, valued.

    Parameters
    ----------
    terms : Terms
    lines : Lines
        The lines of the object under it; empty for keeping.
    figures : dict
        The columns of `alternatives_table`.
    """

    terms: Terms
    lines: Lines | None
    figures: dict[str, Any]

    def by_party(self) -> pd.DataFrame:
        """Who gains and who pays under it (`valuation.social_value.by_party`)."""
        if self.lines is None:
            return pd.DataFrame(columns=["benefits_eur", "costs_eur", "transfers_eur", "net_eur"])
        return by_party(self.lines, self.lines.asset, 0)


def terms_of(case: Case, asset_id: str, form: str) -> Terms:
    """What the sheets say of one alternative: its row where there is one, and the labelled defaults.

    A loan for use has no payment; another operator pays none. The municipality keeps the major maintenance, except
    under a sale or a ground lease.
    """
    rows = case.alternatives
    rows = rows[(rows["asset_id"] == asset_id) & (rows["alternative"] == form)]
    asset = case.assets[case.assets["asset_id"] == asset_id].iloc[0]
    row: dict[Any, Any] = rows.iloc[0].to_dict() if len(rows) else {}
    values = {column: float(row.get(column, np.nan)) for column in (*CAN_BE_MISSING, "transaction_cost_eur")}
    assumed = []
    if np.isnan(values["transaction_cost_eur"]):
        values["transaction_cost_eur"] = float(asset["transaction_cost_eur"])
        assumed.append("transaction_cost_eur")
    if form in {LOAN, OPERATOR}:
        values["payment_eur_per_year"] = 0.0
    keeper = row.get("major_maintenance_by")
    if keeper is None:
        keeper = "municipality" if form in STAYS_OURS else "user"
        if form in USED_BY_FORMS["major_maintenance_by"]:
            assumed.append("major_maintenance_by")
    missing = [column for column in CAN_BE_MISSING if form in USED_BY_FORMS[column] and np.isnan(values[column])]
    if form == SALE and np.isnan(asset["proposed_price_eur"]):
        missing.append("proposed_price_eur")
    return Terms(form, values, keeper == "municipality", len(rows) > 0, tuple(missing), tuple(assumed))


def alternatives(case: Case, asset_id: str) -> tuple[Alternative, ...]:
    """Every alternative for one object, to keep it first; only to keep or to sell it without an initiative."""
    one = of_one_asset(case, asset_id)
    forms = [form.key for form in FORMS] if len(one.initiatives) else [SELL]
    return (_keep(one), *(_valued(one, terms_of(case, asset_id, form)) for form in forms))


def alternatives_table(found: tuple[Alternative, ...]) -> pd.DataFrame:
    """The alternatives side by side.

    Returns
    -------
    DataFrame
        A row an alternative; NaN is unknown or undefined:

        - `alternative`, `is_stated`;
        - society: `social_benefits_eur`, `social_costs_eur`, `social_value_eur`, `bcr`;
        - municipality: `municipality_npv_eur` (with every payment), `municipality_npv_without_payment_eur`,
          `payment_eur` (as filled in), `break_even_payment_eur` (at which it is no worse off than when it keeps the
          object), `affordable_payment_eur` (what the initiatives can carry), and `payment_per`: `once`, `year` or "";
        - accounts: `book_value_left_eur`, `book_result_eur`, `recurring_first_year_eur`, `recurring_last_year_eur`,
          `one_off_total_eur`;
        - `missing`, `assumed`: columns of the sheet, separated by spaces.
    """
    return pd.DataFrame([one.figures for one in found])


def _keep(case: Case) -> Alternative:
    """The reference: nothing changes, so every difference is zero."""
    terms = Terms(KEEP, {}, maintained_by_municipality=True, is_stated=True, missing=(), assumed=())
    book = _book(case)
    zeros = dict.fromkeys(_FIGURES, 0.0) | dict.fromkeys(
        ("bcr", "payment_eur", "break_even_payment_eur", "affordable_payment_eur"), np.nan
    )
    return Alternative(terms, None, _described(terms) | zeros | {"book_value_left_eur": float(book.total[0])})


_FIGURES = (
    *CENTRAL,
    "municipality_npv_eur",
    "municipality_npv_without_payment_eur",
    "payment_eur",
    "break_even_payment_eur",
    "affordable_payment_eur",
    "book_value_left_eur",
    "book_result_eur",
    "recurring_first_year_eur",
    "recurring_last_year_eur",
    "one_off_total_eur",
)


def _described(terms: Terms) -> dict[str, Any]:
    per = "once" if terms.form in {SALE, SELL} else "year" if terms.form in PAYS_YEARLY else ""
    return {
        "alternative": terms.form,
        "is_stated": terms.is_stated,
        "payment_per": per,
        "missing": " ".join(terms.missing),
        "assumed": " ".join(terms.assumed),
    }


def _valued(case: Case, terms: Terms) -> Alternative:
    """One alternative in the three views."""
    variant = _variant(case, terms)
    links = activity(variant)
    lines = _lines(variant, compile_lines(variant, links), terms, years=int(links.asset_years[0]))
    found = {
        **_described(terms),
        **_society(lines, terms),
        **_municipality(variant, lines, terms, years=int(links.asset_years[0])),
        **_accounts(variant, lines, terms),
    }
    return Alternative(terms, lines, found)


def _variant(case: Case, terms: Terms) -> Case:
    """The case with the cells that are different under an alternative."""
    cost = terms.values["transaction_cost_eur"]
    asset_id = str(case.assets["asset_id"].iloc[0])
    if terms.form == SELL:
        market = float(case.assets["market_value_eur"].iloc[0])
        sold = case.with_asset(asset_id, proposed_price_eur=market, transaction_cost_eur=cost)
        empty = (case.initiatives.iloc[:0], case.tasks.iloc[:0], case.effects.iloc[:0])
        return replace(sold, initiatives=empty[0], tasks=empty[1], effects=empty[2])
    variant = case.with_asset(asset_id, transaction_cost_eur=cost)
    if terms.form == GROUND_LEASE:
        return variant.with_asset(asset_id, proposed_price_eur=terms.values["premium_eur"])
    if terms.form in STAYS_OURS:
        variant = variant.with_asset(asset_id, proposed_price_eur=0.0, maintenance_provision_eur=0.0)
    return _operated(variant, terms) if terms.form == OPERATOR else variant


def _operated(case: Case, terms: Terms) -> Case:
    """Another operator in the place of the initiatives: his cost and subsidy, and his share of what they do."""
    share = terms.values["effect_share"]
    cost = np.nan_to_num(terms.values["operator_cost_eur_per_year"], nan=0.0)  # unknown: `_society` leaves it open
    first = np.arange(len(case.initiatives)) == 0
    nothing = dict.fromkeys(
        (
            "facilitation_hours_per_year",
            "volunteer_hours_per_year",
            "vat_leak_eur_per_year",
            "renovation_eur",
            "grants_eur",
            "own_funds_eur",
            "income_eur_per_year",
        ),
        0.0,
    )
    initiatives = case.initiatives.assign(
        **nothing,
        new_user_income_eur_per_year=case.initiatives["new_user_income_eur_per_year"] * share,
        subsidy_eur_per_year=np.where(first, terms.values["operator_subsidy_eur_per_year"], 0.0),
        operating_cost_eur_per_year=np.where(first, cost, 0.0),
    )
    initiatives = initiatives.assign(income_eur_per_year=initiatives["new_user_income_eur_per_year"])
    tasks = case.tasks.assign(volume_per_year=case.tasks["volume_per_year"] * share)
    effects = case.effects.assign(quantity=case.effects["quantity"] * share)
    return replace(case, initiatives=initiatives, tasks=tasks, effects=effects)


def _lines(case: Case, lines: Lines, terms: Terms, *, years: int) -> Lines:
    """The lines of the object under an alternative (the table of METHOD §12)."""
    if terms.form == SALE:
        return lines
    if terms.form == SELL:
        passed_on = lines.kind == "backlog_passed_on"
        lines = replace(
            lines,
            society=np.where(passed_on, 1.0, lines.society),
            counterparty=np.where(
                passed_on, "", np.where(lines.counterparty == "initiative", "other", lines.counterparty)
            ),
        )
        market = figures(case.assets, "market_value_eur")
        lines = _with_amount(lines, lines.kind == "price", market)
        return _with_line(
            lines, "alternative_use", "other", "", market[0], municipal=0.0, society=1.0, first=0, last=0,
            column="market_value_eur", table="assets",
        )  # fmt: skip
    maintenance = figures(case.assets, "major_maintenance_eur_per_year")[0]
    is_ours = terms.form in STAYS_OURS
    at_end = lines.kind == "terminal_value"
    end_value = 0.0 if is_ours else lines.amount[at_end] - terms.values["land_value_eur"]
    lines = _with_amount(lines, at_end, end_value)
    lines = _with_amount(lines, lines.kind == "transfer_tax", 0.0 if is_ours else np.nan)
    if is_ours and terms.maintained_by_municipality:
        lines = _with_amount(lines, lines.kind == "backlog_passed_on", 0.0)
    if terms.maintained_by_municipality:
        lines = _with_line(
            lines, "maintenance_kept", "municipality", "initiative", maintenance, direction=-1.0, municipal=-1.0,
            first=1, last=years, column="major_maintenance_eur_per_year", table="assets",
        )  # fmt: skip
    return _with_line(
        lines, "canon" if terms.form == GROUND_LEASE else "rent", "municipality", "initiative",
        terms.values["payment_eur_per_year"], municipal=1.0, first=1, last=years, column="payment_eur_per_year",
        table="alternatives",
    )  # fmt: skip


def _with_amount(lines: Lines, chosen: Flags, amount: Floats | float) -> Lines:
    """The lines with another amount for the chosen ones."""
    new = lines.amount.copy()
    new[chosen] = amount
    gross = lines.gross.copy()
    gross[chosen] = amount
    return replace(lines, amount=new, gross=gross)


def _with_line(
    lines: Lines, kind: str, party: str, counterparty: str, amount: float, *, first: int, last: int, **more: Any
) -> Lines:
    """The lines of one object and a further one of it, with the same amount in years `first`..`last`."""
    new = {
        "kind": kind,
        "label": None,
        "table": more["table"],
        "column": more["column"],
        "row": lines.row[0],
        "asset": 0,
        "initiative": -1,
        "party": party,
        "counterparty": counterparty,
        "direction": more.get("direction", 1.0),
        "society": more.get("society", 0.0),
        "parties": 1.0,
        "municipal": more["municipal"],
        "gross": amount,
        "amount": amount,
        "start_year": first,
        "end_year": last,
        "drop_off": 0.0,
        "real_growth": 0.0,
        "at_terminal": False,
    }
    arrays: dict[str, Any] = {
        each.name: np.append(getattr(lines, each.name), np.array([new[each.name]], getattr(lines, each.name).dtype))
        for each in fields(lines)
        if each.name in new
    }
    return replace(lines, **arrays, take_up=(*lines.take_up, (1.0,)))


def _society(lines: Lines, terms: Terms) -> dict[str, float]:
    totals = society_totals(lines, lines.asset, 1).iloc[0]
    known = not NEEDED_BY_SOCIETY & set(terms.missing)
    return {key: float(totals[key]) if known else np.nan for key in CENTRAL}


def _municipality(case: Case, lines: Lines, terms: Terms, *, years: int) -> dict[str, float]:
    """Municipal cash with and without the payment, and the payment at which it is no worse off."""
    is_payment = np.isin(lines.kind, ["rent", "canon"])
    without = float(lines.municipal_present_value[~is_payment].sum())
    annuity = float(lines.municipal_discount[1 : years + 1].sum())
    once = float(figures(case.assets, "proposed_price_eur")[0])
    if set(terms.missing) - PAYMENTS - {"operator_cost_eur_per_year"}:
        without = np.nan
    elif terms.form == GROUND_LEASE:
        without += once
    yearly = terms.values["payment_eur_per_year"]
    if terms.form in {SALE, SELL}:
        payment, total, break_even = once, without + once, -without
        affordable = (
            float(ceiling_price(case, financing_room(case, activity(case)))[0]) if terms.form == SALE else np.nan
        )
    elif terms.form in PAYS_YEARLY:
        payment, total, break_even = yearly, without + yearly * annuity, -without / annuity
        affordable = _affordable(case, terms)
    else:
        payment, total, break_even, affordable = np.nan, without, np.nan, np.nan
    return {
        "municipality_npv_eur": total,
        "municipality_npv_without_payment_eur": without,
        "payment_eur": payment,
        "break_even_payment_eur": break_even,
        "affordable_payment_eur": affordable,
    }


def _affordable(case: Case, terms: Terms) -> float:
    """[EUR per year] Rent or canon that the initiatives can carry beside the loan for their renovation.

    Their surplus, plus the maintenance that the municipality keeps, less the debt service times the DSCR. The price of
    the building is financed by the first initiative. NaN where something must be borrowed without a loan.
    """
    initiatives = case.initiatives
    premium = terms.values["premium_eur"] if terms.form == GROUND_LEASE else 0.0
    to_pay = figures(initiatives, "renovation_eur").copy()
    to_pay[0] += premium
    own = figures(initiatives, "own_funds_eur") + figures(initiatives, "grants_eur")
    borrowed = np.maximum(0.0, to_pay - own)
    term = figures(initiatives, "loan_term_years")
    rate = np.nan_to_num(figures(initiatives, "loan_rate"), nan=0.0)
    can_borrow = np.nan_to_num(term, nan=0.0) > 0
    repayment = [
        0.0 if amount == 0.0 else float(-npf.pmt(interest, years, amount)) if possible else np.nan
        for amount, interest, years, possible in zip(borrowed, rate, term, can_borrow, strict=True)
    ]
    kept = float(figures(case.assets, "major_maintenance_eur_per_year")[0]) if terms.maintained_by_municipality else 0.0
    service = figures(initiatives, "dscr") * np.array(repayment)
    return float(operating_surplus(case).sum() + kept - service.sum())


def _book(case: Case) -> BookValue:
    assumptions = case.assumptions
    return book_values(
        case.assets, base_year=assumptions.base_year, internal_interest_rate=assumptions.internal_interest_rate
    )


def _accounts(case: Case, lines: Lines, terms: Terms) -> dict[str, float]:
    """Book value that stays, and the budget: the register's own course for what leaves the books."""
    book = _book(case)
    nothing = np.zeros(1)
    stays, leaves = 0.0, book
    if terms.form in STAYS_OURS:
        stays, leaves = float(book.total[0]), replace(book, building=nothing, land=nothing, total=nothing)
    elif terms.form == GROUND_LEASE:
        stays = float(book.total[0] - book.building[0])
        leaves = replace(book, land=nothing, total=book.building)
    budget = budget_view(case, lines, leaves)
    more = np.isin(lines.kind, ["rent", "canon", "maintenance_kept"])
    years = len(budget)
    yearly = np.zeros(years)
    flows = (lines.amount * lines.municipal)[more, None] * lines.shape[more, 1 : years + 1]
    yearly[: flows.shape[1]] = flows.sum(axis=0)
    recurring = budget["recurring_total_eur"].to_numpy(np.float64) + yearly
    if {"operator_subsidy_eur_per_year", "effect_share"} & set(terms.missing):
        recurring = np.full(years, np.nan)
    known = "effect_share" not in terms.missing
    return {
        "book_value_left_eur": stays,
        "book_result_eur": 0.0 if terms.form in STAYS_OURS else float(budget["book_result_eur"].iloc[0]),
        "recurring_first_year_eur": float(recurring[0]),
        "recurring_last_year_eur": float(recurring[-1]),
        "one_off_total_eur": float(budget["one_off_total_eur"].iloc[0]) if known else np.nan,
    }
