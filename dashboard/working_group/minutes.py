"""The minutes of a round on one initiative: everything that was scored, said and decided, as PDF or Word."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from dashboard.documents import file_part
from dashboard.framework.words import (
    answer_name,
    criterion_name,
    group_name,
    proposal_reason,
    step_lines,
    step_name,
    unmarked,
)
from dashboard.notation import MISSING, amount, date, number, percent
from dashboard.wording import _, language, speaking
from dashboard.working_group.deciding import authority_sentence
from dashboard.working_group.rounds import Kept
from dashboard.working_group.together import DRAWS, SEED, score_sentences
from exports.documents import MIME_TYPES, Grid, Kind, Minutes, Section, minutes
from valuation.framework import Authority
from valuation.scoring import any_weights, spread
from valuation.working_group import Outcome

MOST_CRITERIA = 12
"""More columns than these do not fit on a page; the members' own scores are then left to the screen."""


def show_minutes(kept: Kept, initiative: str) -> None:
    """Buttons that make the minutes when somebody presses one."""
    if kept.opened is None:
        return
    spoken = language()

    def make(kind: Kind) -> bytes:
        with speaking(spoken):
            return minutes(minutes_of(kept, initiative), kind)

    st.subheader(_("Minutes"), anchor=False)
    with st.container(horizontal=True, key="working_group_minutes"):
        for kind, label in (("pdf", _("Minutes (PDF)")), ("docx", _("Minutes (Word)"))):
            st.download_button(
                label,
                data=lambda kind=kind: make(kind),
                file_name=f"{_('minutes')}-{file_part(kept.round.name)}-{file_part(initiative)}.{kind}",
                mime=MIME_TYPES[kind],
                key=f"minutes_{kind}",
                icon=":material/picture_as_pdf:" if kind == "pdf" else ":material/edit_document:",
                on_click="ignore",
            )


def minutes_of(kept: Kept, initiative: str) -> Minutes:
    """What the minutes say, in the language that is spoken."""
    subject = kept.round.subject(initiative)
    outcome = kept.outcome(initiative)
    sections = [
        _points(kept, initiative),
        _scores(kept, outcome),
        _members(kept, initiative),
        _talk(kept, initiative, outcome),
        _proposals(kept, initiative),
        _decision(kept, initiative),
    ]
    return Minutes(
        title=subject.name,
        language=language(),
        heading=_("Minutes of the working group"),
        facts=_facts(kept, initiative),
        sections=[section for section in sections if section is not None],
        signatures=(_("Chair"), _("Secretary"), _("Date")),
        footer=_("Made with Buurtwaarde from what was kept in the register."),
        date=None if kept.opened is None else kept.opened.date(),
    )


def _facts(kept: Kept, initiative: str) -> list[tuple[str, str]]:
    one = kept.round
    return [
        (_("Round"), one.name),
        (_("Municipality"), one.municipality),
        (_("Initiative"), f"{one.subject(initiative).name} ({initiative})"),
        (_("Department"), one.department or MISSING),
        (
            _("Framework"),
            _(
                "{name}, version {number}",
                name=kept.framework.name.in_language(language()),
                number=number(kept.framework.version),
            ),
        ),
        (_("Started"), _("{day}, by {name}", day=date(kept.started.date()), name=kept.started_by)),
        (_("Scores opened"), MISSING if kept.opened is None else date(kept.opened.date())),
        (_("Figures"), _("version {number} of the kept case", number=number(one.case_version))),
    ]


def _points(kept: Kept, initiative: str) -> Section:
    answers = kept.round.subject(initiative).answers
    return Section(
        _("What every initiative must meet"),
        tables=(
            Grid(
                (_("Point"), _("Answer")),
                [
                    (point.question.in_language(language()), answer_name(_known_answer(answers.get(point.key))))
                    for point in kept.framework.knockouts
                ],
                _("The points that every initiative must meet"),
                widths=(4.0, 1.0),
            ),
        ),
    )


def _known_answer(answer: str | None) -> str:
    return answer if answer in ("yes", "no") else "unknown"


def _scores(kept: Kept, outcome: Outcome) -> Section:
    framework = kept.framework
    rows = [
        (
            str(position),
            criterion_name(framework, row.criterion),
            percent(framework.weights[row.criterion]),
            number(row.count),
            number(row.lowest),
            number(row.highest),
            number(row.result, 2),
        )
        for position, row in enumerate(spread(framework, outcome.scores).itertuples(), start=1)
    ]
    total = ("", _("Outcome"), "", "", "", "", number(outcome.standing.outcome, 2))
    return Section(
        _("Scores"),
        tables=(
            Grid(
                ("", _("Criterion"), _("Weight"), _("Scored by"), _("Lowest"), _("Highest"), _("Result")),
                [*rows, total],
                _("Scores of the members by criterion"),
                amounts=frozenset({2, 3, 4, 5, 6}),
                widths=(0.4, 3.4, 0.9, 1.2, 0.9, 0.9, 1.0),
                last_is_total=True,
            ),
        ),
    )


def _members(kept: Kept, initiative: str) -> Section:
    """Who sat in it, and what each scored: the first score, and the revised one beside it."""
    framework = kept.framework
    first, last = kept.first.get(initiative, {}), kept.last.get(initiative, {})
    bullets = []
    for member in kept.round.members:
        text = f"{member.name} ({group_name(member.group)})"
        if not member.may_score(initiative):
            text += (
                ": " + _("did not score, because of an interest") + (f" ({member.interest})" if member.interest else "")
            )
        elif member.member_id not in last:
            text += ": " + _("did not score")
        bullets.append(text)
    tables = []
    if len(framework.criteria) <= MOST_CRITERIA and last:
        rows = [
            (
                member.name,
                *(
                    _change(
                        first.get(member.member_id, last[member.member_id]).scores.get(key),
                        last[member.member_id].scores.get(key),
                    )
                    for key in framework.weights
                ),
            )
            for member in kept.round.members
            if member.member_id in last and member.may_score(initiative)
        ]
        tables.append(
            Grid(
                (_("Member"), *(str(position) for position in range(1, len(framework.criteria) + 1))),
                rows,
                _("The score of each member by criterion; after an arrow the revised score"),
                caption=_("Numbers as in the table above; an arrow is a revision after the scores were opened."),
                amounts=frozenset(range(1, len(framework.criteria) + 1)),
                widths=(3.0, *(1.0 for _criterion in framework.criteria)),
            )
        )
    return Section(_("Members"), bullets=bullets, tables=tables)


def _change(before: int | None, after: int | None) -> str:
    texts = [MISSING if score is None else str(score) for score in (before, after)]
    return texts[1] if texts[0] == texts[1] else " → ".join(texts)


def _talk(kept: Kept, initiative: str, outcome: Outcome) -> Section:
    framework = kept.framework
    paragraphs = [unmarked(text) for text in score_sentences(framework, outcome)]
    if not math.isnan(outcome.standing.outcome):
        shares = any_weights(framework, {"this": outcome.results}, draws=DRAWS, seed=SEED).iloc[0]
        paragraphs.append(
            _(
                "Over all possible weights the outcome lies between {low} and {high}, and in {share} of them the step "
                "is the same.",
                low=number(shares["lowest"], 2),
                high=number(shares["highest"], 2),
                share=percent(shares["same_step_share"]),
            )
        )
    names = {member.member_id: member.name for member in kept.round.members}
    remarks = [
        f"{criterion_name(framework, key)}, {names[who]}: {sheet.remarks[key]}"
        for key in framework.weights
        for who, sheet in kept.last.get(initiative, {}).items()
        if who in names and sheet.remarks.get(key)
    ]
    return Section(_("Where the members stood"), paragraphs=paragraphs, bullets=remarks)


def _proposals(kept: Kept, initiative: str) -> Section | None:
    lines: list[str] = []
    for each in kept.round.subject(initiative).proposals:
        proposal = kept.framework.criterion(each.criterion).proposal
        if proposal is not None:
            reason = proposal_reason(each, proposal.better)
            lines.append(f"{criterion_name(kept.framework, each.criterion)}: {reason}")
    return Section(_("Scores that the valuation proposed"), bullets=lines) if lines else None


def _decision(kept: Kept, initiative: str) -> Section:
    entry = kept.decisions.get(initiative)
    if entry is None:
        return Section(_("Decision"), notices=(_("There is no decision yet."),))
    data, framework = entry.payload, kept.framework
    authority = Authority(data["decider"], tuple((who, why) for who, why in data["beyond"]))
    paragraphs = [
        _("Decided: {step}.", step=unmarked(step_name(framework, data["decided_step"]))),
        _(
            "By the ladder, with an outcome of {outcome}: {step}.",
            outcome=number(data["outcome"], 2),
            step=unmarked(step_name(framework, data["ladder_step"])),
        ),
        *_named(
            [
                (_("Why another step than the ladder’s"), data.get("deviation")),
                (_("Reasons"), data.get("reasons")),
                (_("Conditions"), data.get("conditions")),
            ]
        ),
        unmarked(authority_sentence(authority)),
    ]
    steps = {step.key: step for step in framework.ladder}
    gives = step_lines(steps[data["decided_step"]])[0] if data["decided_step"] in steps else []
    return Section(
        _("Decision"),
        paragraphs=paragraphs,
        bullets=[unmarked(line) for line in gives],
        tables=(_support(data["promise"], data["total_eur"]),),
    )


def _named(parts: Sequence[tuple[str, str | None]]) -> list[str]:
    return [f"{title}: {text}" for title, text in parts if text]


def _support(promise: dict[str, float], total_eur: float) -> Grid:
    rows = [
        (_("Number of years"), number(promise["years"])),
        (_("Subsidy per year (€)"), amount(promise["subsidy_eur_per_year"])),
        (_("Hours of officials per year"), number(promise["hours_per_year"])),
        (_("One-off contribution (€)"), amount(promise["one_off_eur"])),
        (_("Discount on the price (€)"), amount(promise["price_discount_eur"])),
        (_("Guarantee (€)"), amount(promise["guarantee_eur"])),
        (_("All support over the whole duration, without the guarantee"), amount(total_eur)),
    ]
    return Grid(
        (_("Support"), _("How much")),
        rows,
        _("The support that was decided on"),
        amounts=frozenset({1}),
        widths=(3.0, 1.2),
        last_is_total=True,
    )
