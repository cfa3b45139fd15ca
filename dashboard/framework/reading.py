"""Tab The framework: everything that stands in it, in words that a resident understands."""

from __future__ import annotations

import html

import pandas as pd
import streamlit as st

from dashboard.framework.versions import Version
from dashboard.framework.words import (
    OWN_PROPOSAL,
    decider_name,
    figure_name,
    figure_text,
    result_rule,
    said,
    source_text,
    step_lines,
    support_name,
)
from dashboard.notation import amount, date, number, percent
from dashboard.show import show_table
from dashboard.wording import _, language, n_
from intake import load_reference
from intake.frameworks import write_framework
from valuation.framework import Criterion, Framework, Mandate, Step


def show_framework(version: Version) -> None:
    """The framework from its definition to who decides."""
    framework = version.framework
    st.markdown(_badges(version))
    if framework.summary.nl:
        st.markdown(said(framework.summary))
    if framework.sources.get("weights") == OWN_PROPOSAL:
        st.info(
            _(
                "The weights, thresholds and amounts are a proposal of this software. Your council sets its own; what "
                "was decided keeps the version that it was decided under."
            ),
            icon=":material/gavel:",
        )
    st.subheader(_("What is a residents’ initiative here?"), anchor=False)
    st.markdown(said(framework.definition))
    _knockouts(framework)
    _criteria(framework)
    _ladder(framework)
    _deciding(framework)
    st.download_button(
        _("Download this framework (TOML)"),
        data=lambda: write_framework(framework),
        file_name=f"kader-{framework.framework_id}-v{framework.version}.toml",
        mime="application/toml",
        key="framework_toml",
        icon=":material/download:",
        on_click="ignore",
    )


def _badges(version: Version) -> str:
    framework = version.framework
    number_text = _("version {number}", number=number(framework.version))
    since = _("valid from {day}", day=date(framework.valid_from))
    example = "" if version.kept else f" :orange-badge[{_('example, not adopted here')}]"
    return f":gray-badge[{number_text}] :gray-badge[{since}]{example}"


def _knockouts(framework: Framework) -> None:
    st.subheader(_("What every initiative must meet"), anchor=False)
    st.markdown(_("An initiative that does not meet one of these points is not scored."))
    reference = load_reference()
    show_table(
        pd.DataFrame(
            [
                {
                    _("Point"): said(point.question),
                    _("Shown by"): said(point.evidence),
                    _("Comes from"): source_text(point.source, reference),
                }
                for point in framework.knockouts
            ]
        ),
        key="framework_knockouts_csv",
        alt=_("The points that every initiative must meet"),
    )


def _criteria(framework: Framework) -> None:
    st.subheader(_("What an initiative is scored on"), anchor=False)
    st.markdown(
        _(
            "Every criterion gets a score from {lowest} to {highest}. The weight says how much it counts.",
            lowest=number(framework.lowest),
            highest=number(framework.highest),
        )
    )
    bars = "".join(_weight_bar(criterion, framework) for criterion in framework.criteria)
    st.html(f'<div class="bw-weights" role="list">{bars}</div>')
    for criterion in framework.criteria:
        label = f"{said(criterion.name)} · {percent(criterion.weight)}"
        with st.expander(label, key=f"criterion_{criterion.key}"):
            _one_criterion(framework, criterion)


def _weight_bar(criterion: Criterion, framework: Framework) -> str:
    largest = max(framework.weights.values())
    width = 100 * criterion.weight / largest
    name = html.escape(criterion.name.in_language(language()))
    return (
        f'<div role="listitem"><span>{name}</span>'
        f'<i aria-hidden="true"><b style="width:{width:.0f}%"></b></i><span>{percent(criterion.weight)}</span></div>'
    )


def _one_criterion(framework: Framework, criterion: Criterion) -> None:
    st.markdown(f"**{said(criterion.question)}**")
    st.markdown("\n".join(f"- **{score}** {said(criterion.anchors[score])}" for score in framework.scores))
    st.markdown(_("Shown by: {evidence}", evidence=said(criterion.evidence)))
    proposal = criterion.proposal
    if proposal is not None:
        levels = ", ".join(
            _("{score} from {value}", score=number(score), value=figure_text(proposal.figure, value))
            if proposal.better == "higher"
            else _("{score} at {value} or less", score=number(score), value=figure_text(proposal.figure, value))
            for score, value in sorted(proposal.thresholds.items())
        )
        st.markdown(
            _(
                "The valuation proposes a score from “{figure}”: {levels}. It is a proposal: people decide.",
                figure=figure_name(proposal.figure),
                levels=levels,
            )
        )
    st.caption(_("Comes from: {source}", source=source_text(criterion.source, load_reference())))


def _ladder(framework: Framework) -> None:
    st.subheader(_("What an initiative can count on"), anchor=False)
    st.markdown(
        _(
            "The outcome is the weighted score. It leads to a step; a higher step gives at least what the step below "
            "it gives. Below the first step there is no support of this ladder."
        )
    )
    for step in reversed(framework.ladder):
        with st.container(border=True, key=f"step_{step.key}"):
            _one_step(framework, step)
    st.caption(_("Comes from: {source}", source=source_text(framework.sources.get("ladder", ""), load_reference())))


def _one_step(framework: Framework, step: Step) -> None:
    asked = "; ".join(
        _("at least {least} on {criterion}", least=number(least, 2), criterion=said(framework.criterion(key).name))
        for key, least in step.requires.items()
    )
    start = _("from {outcome}", outcome=number(step.from_outcome, 2))
    st.markdown(f"**{said(step.name)}** · {start}" + (f" · {asked}" if asked else ""))
    gives, withholds = step_lines(step)
    left, right = st.columns(2)
    left.markdown(_("Can count on:") + "\n" + "\n".join(f"- {line}" for line in gives))
    if withholds:
        right.markdown(_("Cannot count on:") + "\n" + "\n".join(f"- {line}" for line in withholds))


def _deciding(framework: Framework) -> None:
    rules = framework.rules
    st.subheader(_("Who decides, and how"), anchor=False)
    parts = [
        _(
            "Each member of the working group scores alone. Then all see each other’s scores, talk, and may revise. "
            "The result of a criterion is {rule} of the scores.",
            rule=result_rule(rules.result),
        ),
        n_(
            "A criterion has a result when {count} member has scored it",
            "A criterion has a result when {count} members have scored it",
            rules.quorum,
        )
        + n_(", from {count} group.", ", from {count} different groups.", rules.least_groups),
        _("Nobody scores their own initiative."),
        *(mandate_sentence(mandate) for mandate in framework.mandate),
    ]
    st.markdown("\n".join(f"- {part}" for part in parts))
    st.caption(_("Comes from: {source}", source=source_text(framework.sources.get("mandate", ""), load_reference())))


def mandate_sentence(mandate: Mandate) -> str:
    """Up to where somebody decides alone, in a sentence."""
    who = decider_name(mandate.decider)
    who = who[:1].upper() + who[1:]
    if mandate.total_up_to_eur is None and mandate.guarantee_up_to_eur is None and not mandate.never:
        return _("{who} decides on everything else.", who=f"**{who}**")
    limits = []
    if mandate.total_up_to_eur is not None:
        limits.append(_("support of at most {amount} in total", amount=amount(mandate.total_up_to_eur)))
    if mandate.guarantee_up_to_eur:
        limits.append(_("guarantees of at most {amount}", amount=amount(mandate.guarantee_up_to_eur)))
    text = _("{who} decides on {limits}", who=f"**{who}**", limits=_(" and ").join(limits) or _("everything"))
    if mandate.never:
        kinds = ", ".join(support_name(kind).lower() for kind in mandate.never)
        text += _(", but never on: {kinds}", kinds=kinds)
    return text + "."
