"""Tab Price talks: the room between both sides, what each gives up at a price, and arrangements about paying later."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import identity
from dashboard.business_case.funding import price_slider
from dashboard.business_case.plans import is_known, talks
from dashboard.business_case.steps import show_rows
from dashboard.business_case.terms_of_price import price_terms
from dashboard.business_case.words import arrangement_name
from dashboard.charts.business_case import clawback_chart, review_years, zone_chart
from dashboard.notation import MISSING, amount, percent, year
from dashboard.show import show_chart, show_table
from dashboard.terms import price_mark_name
from dashboard.wording import _
from valuation.business_case import BusinessPlan
from valuation.case import Case
from valuation.price_talks import PriceTalks


def show_talks(case: Case, found: BusinessPlan) -> None:
    """The zone with a slider, both sides, arrangements, and the review."""
    if found.asset_id is None:
        st.info(
            _("You take over no building or green space, so there is no price to talk about."), icon=":material/info:"
        )
        return
    st.subheader(_("From which price on, and up to which?"), anchor=False)
    price = price_slider(case, found, "talks_price", _("Price"))
    now = talks(case, found.asset_id, price)
    st.markdown(_zone_words(now))
    st.markdown(_own_limit_words(found))
    _sides(now)
    show_chart(
        zone_chart(
            now.marks,
            reservation_eur=now.reservation_price_eur,
            ceiling_eur=now.ceiling_price_eur,
            price_eur=now.price_eur,
        ),
        _marks_table(now),
        _("the results of {municipality}; euros of today", municipality=case.assumptions.municipality),
        _zone_alt(now),
        "chart_zone",
    )
    _arrangements(now)
    _review(now)


def _zone_words(now: PriceTalks) -> str:
    if not (is_known(now.reservation_price_eur) and is_known(now.ceiling_price_eur)):
        return _("The room cannot be worked out yet.")
    parts = {
        "reservation": f"**{amount(now.reservation_price_eur)}**",
        "ceiling": f"**{amount(now.ceiling_price_eur)}**",
        "zone": f"**{amount(abs(now.zone_eur))}**",
    }
    if now.zone_eur >= 0:
        return _(
            "From {reservation} on the municipality is no worse off than keeping it, if all savings come true. You can carry "
            "up to {ceiling}. Between these two there is room of {zone}.",
            **parts,
        )
    return _(
        "From {reservation} on the municipality is no worse off than keeping it. You can carry up to {ceiling}. That "
        "leaves a gap of {zone}: no price suits both as it stands.",
        **parts,
    )


def _own_limit_words(found: BusinessPlan) -> str:
    """Why the plan's own highest price can be another one than the end of the room."""
    if not is_known(found.affordable_price_eur):
        return ""
    return _(
        "That limit counts with the operations at full size and with as much borrowed as they can carry. With the loans and "
        "the first years as you filled them in, you can carry {price}.",
        price=f"**{amount(max(0.0, found.affordable_price_eur))}**",
    )


def _sides(now: PriceTalks) -> None:
    """What each side gains or gives up at this price, all certain arrangements counted."""
    yours, theirs = st.columns(2, gap="medium")
    with theirs, st.container(border=True, height="stretch"):
        st.markdown(f"**{_('The municipality')}**")
        _gain(
            now.municipality_gain_eur,
            better=_("better than its limit"),
            worse=_("beyond its limit: it gives this up"),
        )
        st.caption(_("The price, less the lowest price at which it is no worse off."))
    with yours, st.container(border=True, height="stretch"):
        st.markdown(f"**{_('You')}**")
        _gain(
            now.initiative_gain_eur, better=_("better than your limit"), worse=_("beyond your limit: you give this up")
        )
        st.caption(_("The highest price that you can carry, less the price."))


def _gain(value: float, *, better: str, worse: str) -> None:
    """An amount, and on which side of the limit it is."""
    if not is_known(value):
        st.markdown(MISSING)
        return
    st.markdown(f"### {amount(abs(value))}")
    st.markdown(better if value >= 0 else worse)


def _zone_alt(now: PriceTalks) -> str:
    return _(
        "Prices on one axis: {prices}.",
        prices="; ".join(f"{price_mark_name(row.mark)} {amount(row.price_eur)}" for row in now.marks.itertuples()),
    )


def _marks_table(now: PriceTalks) -> pd.DataFrame:
    marks = now.marks
    return pd.DataFrame(
        {
            _("Price"): [price_mark_name(mark) for mark in marks["mark"]],
            _("Amount"): [amount(value) for value in marks["price_eur"]],
            _("The municipality gains"): [amount(value) for value in marks["municipality_gain_eur"]],
            _("You gain"): [amount(value) for value in marks["initiative_gain_eur"]],
        }
    )


def _arrangements(now: PriceTalks) -> None:
    """Paying later, sharing a profit, a buy-back right: what they are worth now; and a place to add them."""
    st.subheader(_("Paying later, and other arrangements"), anchor=False)
    # A review has a part of its own below; it is no payment.
    rows = now.arrangements[now.arrangements["arrangement"] != "review"]
    if rows.empty:
        st.markdown(
            _("Nothing was agreed beside the price. Add what you talk about: you see at once what it is worth.")
        )
    else:
        table = pd.DataFrame(
            {
                _("Arrangement"): [arrangement_name(row.arrangement) for row in rows.itertuples()],
                _("After years"): [year(row.year) for row in rows.itertuples()],
                _("Amount then"): [_or_pm(row.nominal_eur, is_pm=row.is_pm) for row in rows.itertuples()],
                _("Worth to the municipality now"): [
                    _or_pm(row.municipality_pv_eur, is_pm=row.is_pm) for row in rows.itertuples()
                ],
                _("Costs you now"): [_or_pm(row.initiative_pv_eur, is_pm=row.is_pm) for row in rows.itertuples()],
                _("Certain?"): [
                    _("agreed") if row.is_certain else _("only if it happens") for row in rows.itertuples()
                ],
            }
        )
        show_table(table, key="talks_arrangements_csv", alt=_("What each arrangement is worth"))
        st.markdown(
            _(
                "Counted with what was agreed for certain, the price is worth {price} to the municipality. Inflation of "
                "{inflation} a year was counted.",
                price=f"**{amount(now.effective_price_eur)}**",
                inflation=percent(now.inflation_rate, 1),
            )
        )
    if not identity.may_edit():
        return
    with st.expander(_("Add or change an arrangement"), icon=":material/handshake:", key="talks_edit"):
        show_rows(price_terms())


def _or_pm(value: float, *, is_pm: bool) -> str:
    return _("p.m.") if is_pm else amount(value)


def _review(now: PriceTalks) -> None:
    """The years of review, and what can be clawed back until when."""
    if now.review.empty:
        return
    st.subheader(_("Review and claw-back"), anchor=False)
    reviews = ", ".join(year(value) for value in now.review.loc[now.review["is_review"].astype(bool), "calendar_year"])
    st.markdown(
        _(
            "Every few years both sides look whether the promises were kept ({years}). If not, part of the discount has to "
            "be paid back; that part gets smaller each year.",
            years=reviews or MISSING,
        )
    )
    table = pd.DataFrame(
        {
            _("At the end of"): review_years(now.review),
            _("Review?"): [_("yes") if is_review else "" for is_review in now.review["is_review"]],
            _("Still to be clawed back"): now.review["clawback_eur"],
        }
    )
    show_chart(
        clawback_chart(now.review),
        table,
        _("the sheet Price terms"),
        _("What can still be clawed back; at first {amount}.", amount=amount(now.review["clawback_eur"].iloc[0])),
        "chart_clawback",
        columns={_("Still to be clawed back"): "amount"},
    )
