"""Tab Test an initiative: whether it meets the points, where it would come out, and what it could count on.

It decides nothing. What was filled in stays for as long as the visit lasts, and can be kept by whoever keeps cases.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import lasting, leaving, state
from dashboard.framework.words import (
    answer_name,
    proposal_reason,
    said,
    standing_sentence,
    step_lines,
)
from dashboard.kept import could_not_keep
from dashboard.wording import _, language
from register import Actor, Conflict, Register, RegisterError, personal_key
from valuation.case import Case
from valuation.comparison import ranges
from valuation.framework import Criterion, Framework, Standing, standing_of
from valuation.problems import ValuationError
from valuation.proposed_scores import ProposedScore, proposed_scores

FILLED_IN = "framework_self_test"
"""Session key: what was filled in, by framework and initiative."""
ANSWERS = ("yes", "no", "unknown")
KEEPERS = {"finance", "initiative", "administrator"}


def show_self_test(framework: Framework, case: Case, register: Register | None, actor: Actor) -> None:
    """The choice of an initiative, the points, the criteria, and what follows."""
    names = dict(zip(case.initiatives["initiative_id"], case.initiatives["name"], strict=True))
    if not names:
        st.info(_("There are no initiatives in this workbook yet."), icon=":material/group_off:")
        return
    st.markdown(
        _(
            "Fill in what you know. Nothing is decided here: you see what the framework would say, and what is still "
            "missing."
        )
    )
    chosen = st.selectbox(
        _("Initiative"),
        list(names),
        format_func=lambda key: f"{names[key]} ({key})",
        key="self_test_initiative",
        persist_state="session",
    )
    filled = _filled_in(framework, chosen, register, actor)
    proposals = _proposals(framework, case, chosen)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _points(framework, chosen, filled)
        _scores(framework, chosen, filled, proposals)
    with right, st.container(border=True, key="self_test_outcome"):
        st.subheader(_("What the framework says"), anchor=False)
        show_standing(framework, standing_of(framework, filled["answers"], _known(filled)))
        _keep(framework, chosen, filled, register, actor)


def _filled_in(framework: Framework, initiative: str, register: Register | None, actor: Actor) -> dict[str, Any]:
    """What was filled in before: in this visit, or kept."""
    kept: dict[tuple[str, int, str], dict[str, Any]] = st.session_state.setdefault(FILLED_IN, {})
    place = (framework.framework_id, framework.version, initiative)
    if place not in kept:
        kept[place] = {"answers": {}, "scores": {}, **_kept_before(framework, initiative, register, actor)}
        kept[place]["kept"] = _told(kept[place])
    return kept[place]


def _told(filled: dict[str, Any]) -> tuple[dict[str, str], dict[str, float]]:
    """What somebody said, as far as it says something."""
    return {key: answer for key, answer in filled["answers"].items() if answer != "unknown"}, _known(filled)


def _kept_before(framework: Framework, initiative: str, register: Register | None, actor: Actor) -> dict[str, Any]:
    if register is None:
        return {}
    entries = register.entries(actor, None, "draft", _key(framework, initiative, actor))
    known = framework.weights
    if not entries:
        return {}
    payload = entries[-1].payload
    return {
        "answers": dict(payload["answers"]),
        "scores": {key: score for key, score in payload["scores"].items() if key in known},
        "version": entries[-1].version,
    }


def _known(filled: dict[str, Any]) -> dict[str, float]:
    """The scores that were filled in; what is not there is not known."""
    return {key: float(score) for key, score in filled["scores"].items() if score is not None}


def _key(framework: Framework, initiative: str, actor: Actor) -> str:
    return personal_key(actor, f"self_test/{framework.framework_id}/{framework.version}/{initiative}")


def _proposals(framework: Framework, case: Case, initiative: str) -> dict[str, ProposedScore]:
    try:
        result = state.appraised(case)
        return {each.criterion: each for each in proposed_scores(framework, result, initiative, ranges(result))}
    except ValuationError as error:
        st.warning(error.message(language()), icon=":material/block:")
        return {}


def _points(framework: Framework, initiative: str, filled: dict[str, Any]) -> None:
    st.subheader(_("Does it meet the points?"), anchor=False)
    for point in framework.knockouts:
        key = f"self_test_{framework.framework_id}_{framework.version}_{initiative}_{point.key}"
        st.session_state.setdefault(key, filled["answers"].get(point.key, "unknown"))
        filled["answers"][point.key] = st.radio(
            said(point.question),
            ANSWERS,
            format_func=answer_name,
            key=key,
            horizontal=True,
            help=_("Shown by: {evidence}", evidence=said(point.evidence)),
        )


def _scores(framework: Framework, initiative: str, filled: dict[str, Any], proposals: dict[str, ProposedScore]) -> None:
    st.subheader(_("How would it score?"), anchor=False)
    prefix = f"self_test_{framework.framework_id}_{framework.version}_{initiative}"
    if any(each.score is not None for each in proposals.values()):
        st.button(
            _("Use the proposed scores"),
            key=f"{prefix}_take_over",
            icon=":material/input:",
            on_click=_take_over,
            args=(prefix, proposals, filled),
            help=_("Only where you have not filled in a score yourself."),
        )
    for criterion in framework.criteria:
        with st.container(border=True):
            score = score_field(framework, criterion, f"{prefix}_{criterion.key}", filled["scores"].get(criterion.key))
            filled["scores"][criterion.key] = score
            if criterion.key in proposals and criterion.proposal is not None:
                st.caption(proposal_reason(proposals[criterion.key], criterion.proposal.better))


def score_field(framework: Framework, criterion: Criterion, key: str, before: int | None) -> int | None:
    """A field for one score, each with what it means; None is not known."""
    return lasting.select(
        f"**{said(criterion.name)}**: {said(criterion.question)}",
        [None, *framework.scores],
        name=lambda score: (
            _("Not known yet") if score is None else f"{score} – {criterion.anchors[score].in_language(language())}"
        ),
        key=key,
        default=before,
        placeholder=_("Not known yet"),
        help=_("Shown by: {evidence}", evidence=said(criterion.evidence)),
    )


def _take_over(prefix: str, proposals: dict[str, ProposedScore], filled: dict[str, Any]) -> None:
    for criterion, proposed in proposals.items():
        if proposed.score is not None and filled["scores"].get(criterion) is None:
            lasting.put(f"{prefix}_{criterion}", proposed.score)
            filled["scores"][criterion] = proposed.score


def show_standing(framework: Framework, standing: Standing) -> None:
    """What the framework says: the step, what it gives and not, and what is missing or holds back."""
    st.markdown(standing_sentence(framework, standing))
    points = {point.key: said(point.question) for point in framework.knockouts}
    if standing.failed:
        st.markdown(_("Not met:") + "\n" + "\n".join(f"- {points[key]}" for key in standing.failed))
        return
    if standing.step is not None:
        gives, withholds = step_lines(framework.step(standing.step))
        st.markdown(_("It can count on:") + "\n" + "\n".join(f"- {line}" for line in gives))
        if withholds:
            st.markdown(_("It cannot count on:") + "\n" + "\n".join(f"- {line}" for line in withholds))
    for key in standing.held_back_by:
        st.markdown(
            _(
                "The outcome is high enough for the next step, but that asks for more on **{criterion}**.",
                criterion=said(framework.criterion(key).name),
            )
        )
    if standing.unanswered:
        st.markdown(_("Still to be answered:") + "\n" + "\n".join(f"- {points[key]}" for key in standing.unanswered))
    if standing.without_result:
        names = [said(framework.criterion(key).name) for key in standing.without_result]
        st.markdown(_("Still without a score:") + "\n" + "\n".join(f"- {name}" for name in names))


def _keep(
    framework: Framework, initiative: str, filled: dict[str, Any], register: Register | None, actor: Actor
) -> None:
    """Keep this test as one's own draft."""
    if _told(filled) != filled["kept"]:
        leaving.ask("self_test")
    if register is None or not actor.roles & KEEPERS:
        return
    if not st.button(_("Keep this test"), key="self_test_keep", icon=":material/bookmark_add:"):
        return
    try:
        entry = register.append(
            actor,
            None,
            kind="draft",
            key=_key(framework, initiative, actor),
            payload={"answers": filled["answers"], "scores": filled["scores"], "initiative_id": initiative},
            based_on=filled.get("version"),
            why=_("Test of an initiative against the framework"),
        )
    except Conflict:
        st.error(
            _("This could not be kept: somebody, or you in another window, kept it in the meantime. Reload the page."),
            icon=":material/sync_problem:",
        )
        return
    except RegisterError as error:
        st.error(could_not_keep(error), icon=":material/block:")
        return
    filled["version"], filled["kept"] = entry.version, _told(filled)
    st.success(_("Kept. Only you see it."), icon=":material/check:")
