"""What the parts of a framework are called on the screen, and its figures and results in sentences."""

from __future__ import annotations

import math
import re

from dashboard.frame import plain
from dashboard.notation import amount, number, percent
from dashboard.wording import _, language
from valuation.framework import Framework, Standing, Step, Words
from valuation.proposed_scores import ProposedScore
from valuation.reference import ReferenceData

OWN_PROPOSAL = "own_framework"
"""Source of what is a proposal of this software, for a council to replace."""


def said(words: Words) -> str:
    """A text of the framework in the language of the page, with the signs of Markdown made harmless."""
    return plain(words.in_language(language()))


def unmarked(text: str) -> str:
    """A text for the screen without the signs of Markdown: for documents, where every sign is itself."""
    return re.sub(r"\\(.)|\*\*", lambda sign: sign[1] or "", text)


def group_name(group: str) -> str:
    """Who somebody sits in the working group for."""
    return {
        "council": _("Council member"),
        "official": _("Official"),
        "initiative": _("Initiative"),
        "resident": _("Resident"),
        "other": _("Other"),
    }[group]


def support_name(kind: str) -> str:
    """A kind of support."""
    return {
        "room": _("Room"),
        "permit_help": _("Help with permits"),
        "hours": _("Hours of officials"),
        "guarantee": _("Guarantee"),
        "subsidy": _("Subsidy"),
        "price": _("Lower price"),
    }[kind]


def decider_name(decider: str) -> str:
    """Who decides."""
    return {
        "working_group": _("the working group"),
        "executive": _("the municipal executive (college)"),
        "council": _("the council"),
    }[decider]


def result_rule(rule: str) -> str:
    """How scores of members become one."""
    return {"median": _("the median (the middle score)"), "mean": _("the mean")}[rule]


def answer_name(answer: str) -> str:
    """Whether a knock-out point is met."""
    return {"yes": _("Met"), "no": _("Not met"), "unknown": _("Not known yet")}[answer]


def figure_name(figure: str) -> str:
    """A figure of the valuation that a score is proposed from."""
    return {
        "bcr": _("benefits per euro of cost"),
        "social_value_eur": _("social value over all years"),
        "municipal_net_saving_eur_per_year": _("net saving of the municipality per year"),
        "break_even_share": _("part of the saving that must come true"),
        "cost_price_fraction": _("cost as a part of the institution’s cost price"),
        "people": _("people reached"),
        "people_in_need": _("people in great need reached"),
        "need_share": _("part of the people reached who are in great need"),
        "volunteer_hours_per_year": _("volunteer hours per year"),
        "own_money_share": _("part of the renovation covered by own money and funds"),
        "own_income_share": _("part of the yearly cost covered by own income"),
    }[figure]


def figure_text(figure: str, value: float) -> str:
    """A value of such a figure, in its unit."""
    if figure.endswith("_share") or figure == "cost_price_fraction":
        return percent(value)
    if "_eur" in figure:
        return amount(value)
    return number(value, 2 if figure == "bcr" else 0)


def proposal_reason(proposed: ProposedScore, better: str) -> str:
    """Why the valuation proposes this score, in a sentence or two."""
    name = figure_name(proposed.figure)
    if proposed.score is None:
        return _(
            "No proposal: “{figure}” is not known, or may not be shown because it is about too few people.", figure=name
        )
    parts = {
        "figure": name,
        "value": figure_text(proposed.figure, proposed.value),
        "score": number(proposed.score),
        "from": figure_text(proposed.figure, proposed.threshold),
        "next": figure_text(proposed.figure, proposed.next_threshold),
        "better_score": number(proposed.score + 1),
    }
    text = _("The valuation proposes {score}: “{figure}” is {value}.", **parts)
    if not math.isnan(proposed.threshold):
        text += " " + (
            _("From {from} on that is a {score}.", **parts)
            if better == "higher"
            else _("At {from} or less that is a {score}.", **parts)
        )
    if not math.isnan(proposed.next_threshold):
        text += " " + (
            _("For a {better_score} it has to be {next}.", **parts)
            if better == "higher"
            else _("For a {better_score} it has to be {next} or less.", **parts)
        )
    if proposed.worst is not None and proposed.worst != proposed.best:
        text += " " + _(
            "With unfavourable prices {worst}, with favourable prices {best}.",
            worst=number(proposed.worst),
            best=number(proposed.best),
        )
    return text


def standing_sentence(framework: Framework, standing: Standing) -> str:
    """What the framework says of an initiative, in a sentence."""
    outcome = f"**{number(standing.outcome, 2)}**"
    scale = number(framework.highest)
    if standing.state == "outside":
        return _("This is **outside the framework**: a point that every initiative must meet is not met.")
    if standing.state == "unknown":
        return _("**Nothing can be said yet**: not everything is answered or scored.")
    if standing.state == "below":
        return _(
            "The outcome is {outcome} of {scale}. That is **below the first step** of the ladder.",
            outcome=outcome,
            scale=scale,
        )
    return _(
        "The outcome is {outcome} of {scale}. That is step **{step}**.",
        outcome=outcome,
        scale=scale,
        step=said(framework.step(standing.step or "").name),
    )


def step_name(framework: Framework, key: str) -> str:
    """A step of the ladder by its key; `below` is no support."""
    known = {step.key: step for step in framework.ladder}
    return said(known[key].name) if key in known else _("No support by the ladder")


def step_lines(step: Step) -> tuple[list[str], list[str]]:
    """What a step gives, and what it does not, as lines of a list."""
    gives = [f"**{support_name(each.kind)}**: {said(each.what)}" for each in step.gives]
    withholds = [f"**{support_name(each.kind)}**: {said(each.what)}" for each in step.withholds]
    return gives, withholds


def criterion_name(framework: Framework, key: str) -> str:
    """What a criterion is called; its key where a version no longer has it."""
    known = framework.weights
    return framework.criterion(key).name.in_language(language()) if key in known else key


def agreement_word(level: str | None) -> str:
    """A level of agreement."""
    return {
        "none": _("hardly any agreement"),
        "weak": _("weak agreement"),
        "moderate": _("moderate agreement"),
        "strong": _("strong agreement"),
        None: _("agreement not defined"),
    }[level]


def source_text(source: str, reference: ReferenceData) -> str:
    """Where a part comes from: a publication with its address, words of the municipality, or our own proposal."""
    if not source:
        return _("no source stated")
    if source == OWN_PROPOSAL:
        return _("own proposal of this software, for your council to replace")
    known = reference.sources[reference.sources["source_id"] == source]
    if known.empty:
        return plain(source)
    row = known.iloc[0]
    name = f"{plain(row['publisher'])}, {plain(row['title'])}"
    return f"[{name}]({row['url']})" if row["url"] else name
