"""Decisions of a case, when it comes back for review, and what is to be paid back when it ends early."""

from __future__ import annotations

import datetime

import pandas as pd
import streamlit as st

from dashboard.dossier.history import day_of, show_entries
from dashboard.dossier.view import Dossier, attempt, say
from dashboard.dossier.words import outcome_name
from dashboard.frame import plain
from dashboard.framework.words import decider_name, step_name
from dashboard.money import money_input
from dashboard.notation import amount, date, percent
from dashboard.show import show_table
from dashboard.wording import _, language, n_
from intake.frameworks import UnsoundFramework, framework_from
from register import Entry, may_append
from valuation.appraisal import Result
from valuation.consistency import BELOW
from valuation.realised import claw_back_schedule, discount_on_market_value

REVIEW_YEARS = 5
MOST_TERM_YEARS = 30
OUTCOMES = ("continue", "adjust", "end")
DECIDED = ("decision", "minutes")
BESIDE = ("round", "opened", "score", "scenario", "framework", "draft")


def show_decisions(dossier: Dossier, latest: list[Entry], result: Result | None) -> None:
    """What was decided, when it comes back, and the claw-back."""
    st.subheader(_("Decisions"), anchor=False)
    decided = _of_kinds(latest, DECIDED)
    if decided:
        show_entries(decided, _names(latest))
    else:
        st.markdown(_("No decision was kept yet. The working group’s decisions come here with their reasons."))
    beside = _of_kinds(latest, BESIDE)
    if beside:
        label = n_(
            "{count} other addition: rounds, scores, drafts",
            "{count} other additions: rounds, scores, drafts",
            len(beside),
        )
        with st.expander(label, icon=":material/folder_open:", key="beside_decisions"):
            show_entries(beside)
    _show_reviews(dossier, [entry for entry in latest if entry.kind == "review"], result)
    _show_claw_back(dossier, [entry for entry in latest if entry.kind == "claw_back"], result)


def _of_kinds(latest: list[Entry], kinds: tuple[str, ...]) -> list[Entry]:
    """The entries of these kinds, kind by kind, the last first."""
    found = [entry for entry in latest if entry.kind in kinds]
    return sorted(found, key=lambda entry: (kinds.index(entry.kind), -entry.number))


def _names(latest: list[Entry]) -> dict[str, str]:
    """What steps of the ladder and deciders are called, for decisions of the working group."""
    names: dict[str, str] = {}
    for entry in latest:
        if entry.kind == "round" and "framework" in entry.payload:
            try:
                framework = framework_from(entry.payload["framework"], entry.key)
            except UnsoundFramework:
                continue
            names |= {step.key: step.name.in_language(language()) for step in framework.ladder}
            names |= {BELOW: step_name(framework, BELOW)}
    return names | {decider: decider_name(decider) for decider in ("working_group", "executive", "council")}


def _show_reviews(dossier: Dossier, reviews: list[Entry], result: Result | None) -> None:
    st.subheader(_("Reviews"), anchor=False)
    planned = sorted((entry for entry in reviews if _outcome(entry) == "planned"), key=lambda entry: entry.key)
    if planned:
        st.markdown(_("Next review: **{day}**.", day=date(day_of(planned[0].key))))
    else:
        st.markdown(_("No review is planned. A usual choice is five years after the transfer."))
    if reviews:
        show_table(
            pd.DataFrame(
                {
                    _("Date"): [date(day_of(entry.key)) for entry in sorted(reviews, key=lambda one: one.key)],
                    _("Outcome"): [outcome_name(_outcome(entry)) for entry in sorted(reviews, key=lambda one: one.key)],
                    _("Who"): [entry.by_name for entry in sorted(reviews, key=lambda one: one.key)],
                    _("Why"): [entry.why for entry in sorted(reviews, key=lambda one: one.key)],
                }
            ),
            key="reviews_csv",
            alt=_("The reviews of this case"),
        )
    if not may_append(dossier.actor, "review"):
        return
    with st.expander(_("Plan a review"), icon=":material/event:", key="plan_review"), st.form("plan_review_form"):
        proposed = datetime.date((result.case.assumptions.base_year if result else 2026) + REVIEW_YEARS, 1, 1)
        day = st.date_input(_("Date"), value=proposed, format="DD-MM-YYYY", key="review_day")
        why = st.text_input(_("Why then?"), max_chars=300, key="review_why")
        if st.form_submit_button(_("Plan it")) and _has_reason(why):
            known = next((entry for entry in reviews if entry.key == day.isoformat()), None)
            _add(dossier, "review", day.isoformat(), {"outcome": "planned"}, known, why, _("The review is planned."))
    # The one that this visitor began with, also when somebody else records it meanwhile: what is typed stays.
    seen = f"review_{dossier.case_id}"
    if st.session_state.get(seen) is None:
        st.session_state[seen] = planned[0] if planned else None
    if st.session_state[seen] is not None:
        _hold_review(dossier, st.session_state[seen], seen)


def _hold_review(dossier: Dossier, entry: Entry, seen: str) -> None:
    """The form for the outcome of a review."""
    with (
        st.expander(_("Record the outcome of a review"), icon=":material/fact_check:", key="hold_review"),
        st.form("hold_review_form"),
    ):
        st.markdown(_("The review of {day}", day=date(day_of(entry.key))))
        outcome = st.radio(_("Outcome"), OUTCOMES, format_func=outcome_name, key="review_outcome", index=None)
        why = st.text_area(_("Reasons"), max_chars=1000, key="review_reasons")
        if not st.form_submit_button(_("Record it")):
            return
        if outcome is None:
            st.error(_("Choose an outcome."), icon=":material/edit:")
        elif _has_reason(why):
            said = _("The outcome is recorded.")
            _add(dossier, "review", entry.key, {"outcome": outcome}, entry, why, said, seen)


def _show_claw_back(dossier: Dossier, kept: list[Entry], result: Result | None) -> None:
    st.subheader(_("Claw-back"), anchor=False)
    st.markdown(
        _(
            "What the initiative pays back when it sells on or stops: the discount on the price, less each year by an "
            "equal part. It is an agreement in the deed; this page only remembers it."
        )
    )
    for entry in kept:
        content = entry.payload
        table = claw_back_schedule(
            content["discount_eur"], term_years=content["term_years"], base_year=content["base_year"]
        )
        st.markdown(
            _(
                "**{name}**: {amount} over {years} years.",
                name=plain(entry.key),
                amount=amount(content["discount_eur"]),
                years=content["term_years"],
            )
        )
        show_table(
            pd.DataFrame(
                {
                    _("Year"): [str(year) for year in table["calendar_year"]],
                    _("Share of the discount"): [percent(share) for share in table["share"]],
                    _("To be paid back"): [amount(due) for due in table["due_eur"]],
                }
            ),
            key=f"claw_back_{entry.number}_csv",
            alt=_("What is to be paid back, by year"),
        )
    if not may_append(dossier.actor, "claw_back") or result is None:
        return
    with st.expander(_("Keep a claw-back"), icon=":material/undo:", key="claw_back"):
        names = dict(zip(result.assets["asset_id"], result.assets["name"], strict=True))
        asset_id = st.selectbox(_("Object"), list(names), format_func=names.__getitem__, key="claw_back_object")
        below_market = discount_on_market_value(result, asset_id)
        discount = money_input(
            _("Discount on the price (€)"),
            f"claw_back_amount_{dossier.case_id}_{asset_id}",
            value=below_market,
            lowest=0,
        )
        if below_market is not None:
            st.caption(_("Market value less proposed price: {amount}.", amount=amount(below_market)))
        term = st.slider(_("Term in years"), 1, MOST_TERM_YEARS, 10, key="claw_back_term")
        why = st.text_input(_("Why? Which decision is it part of?"), max_chars=300, key="claw_back_why")
        if st.button(_("Keep it"), key="keep_claw_back"):
            if discount is None:
                st.error(_("Fill in the discount."), icon=":material/edit:")
            elif _has_reason(why):
                known = next((entry for entry in kept if entry.key == names[asset_id]), None)
                payload = {
                    "discount_eur": discount,
                    "term_years": term,
                    "base_year": result.case.assumptions.base_year,
                    "asset_id": asset_id,
                }
                _add(dossier, "claw_back", names[asset_id], payload, known, why, _("The claw-back is kept."))


def _outcome(entry: Entry) -> str:
    return str(entry.payload.get("outcome", "planned"))


def _has_reason(why: str) -> bool:
    if why.strip():
        return True
    st.error(_("Fill in why: later readers have only your words."), icon=":material/edit:")
    return False


def _add(
    dossier: Dossier,
    kind: str,
    key: str,
    payload: dict[str, object],
    known: Entry | None,
    why: str,
    said: str,
    seen: str | None = None,
) -> None:
    """Add it after what was known, and say so; `seen` is the session key that holds what a form began with."""

    def act() -> None:
        dossier.register.append(
            dossier.actor,
            dossier.case_id,
            kind=kind,
            key=key,
            payload=payload,
            based_on=None if known is None else known.version,
            why=why,
        )

    def came_between(latest: Entry | None) -> None:
        if seen is not None:
            st.session_state[seen] = latest

    if attempt(act, came_between):
        if seen is not None:
            del st.session_state[seen]
        say(said)
        st.rerun()


def next_review(entries: list[Entry]) -> str | None:
    """The day of the first review that is planned, in words."""
    days = sorted(entry.key for entry in entries if entry.kind == "review" and _outcome(entry) == "planned")
    return date(day_of(days[0])) if days else None


def tally(entries: list[Entry]) -> str:
    """How much there is, in a few words."""
    decisions = sum(entry.kind == "decision" for entry in entries)
    return n_("{count} decision", "{count} decisions", decisions)
