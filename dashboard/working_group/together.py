"""Look together: every score, where members lie apart, what changed after talking, and what hangs on the weights."""

from __future__ import annotations

import math
from itertools import pairwise

import pandas as pd
import streamlit as st

from dashboard.charts.working_group import spread_chart, spread_in_words, weights_chart
from dashboard.frame import plain
from dashboard.framework.self_test import show_standing
from dashboard.framework.words import agreement_word, criterion_name, group_name, result_rule, said, step_name
from dashboard.notation import MISSING, number, percent
from dashboard.show import show_chart, show_table
from dashboard.wording import _
from dashboard.working_group.rounds import Kept
from valuation.framework import Framework
from valuation.scoring import (
    Agreement,
    agreement_level,
    agreement_on_initiatives,
    any_weights,
    bounds_of,
    by_group,
    most_divided,
    order_flips,
    ranking_of,
    spread,
    weight_sensitivity,
)
from valuation.working_group import Outcome, revisions

DRAWS, SEED = 4_096, 1
"""Enough to read a share to the percent; the same every time."""


def show_together(kept: Kept, initiative: str) -> None:
    """The scores of one initiative, seen by everyone."""
    if kept.opened is None:
        st.info(_("The scores are not open yet. Each member scores alone first."), icon=":material/visibility_off:")
        return
    outcome = kept.outcome(initiative)
    framework = kept.framework
    table = spread(framework, outcome.scores)
    if table["count"].sum() == 0:
        st.info(_("Nobody has scored this initiative yet."), icon=":material/hourglass_empty:")
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader(_("Where do you stand?"), anchor=False)
        st.markdown("\n\n".join(score_sentences(framework, outcome)))
        if most_divided(table) is not None:
            st.markdown(f":material/forum: {_('Talk first about where you lie furthest apart.')}")
    with right, st.container(border=True, key="together_outcome"):
        show_standing(framework, outcome.standing)
        _bounds(framework, outcome)
    _spread(kept, framework, outcome, table, initiative)
    _groups(framework, outcome)
    _remarks(kept, initiative)
    _revised(kept, initiative)
    _weights(framework, outcome)
    if len(kept.round.subjects) > 1:
        _ranking(kept)


def score_sentences(framework: Framework, outcome: Outcome) -> list[str]:
    """What stands out in the scores, in words: where members lie apart, and whether they agree."""
    table = spread(framework, outcome.scores)
    rule = result_rule(framework.rules.result)
    sentences = [_("The result of a criterion is {rule} of the scores.", rule=rule)]
    divided = most_divided(table)
    if divided is None:
        sentences.append(_("Everyone gave the same scores."))
    else:
        row = table[table["criterion"] == divided].iloc[0]
        sentences.append(
            _(
                "The scores lie furthest apart on **{criterion}**: from {lowest} to {highest}.",
                criterion=plain(criterion_name(framework, divided)),
                lowest=number(row["lowest"]),
                highest=number(row["highest"]),
            )
        )
        gaps = table.dropna(subset=["group_gap"])
        wide = gaps[gaps["group_gap"] >= 1].sort_values("group_gap", ascending=False, kind="stable")
        if not wide.empty:
            row = wide.iloc[0]
            sentences.append(
                _(
                    "Between the groups the gap is widest on **{criterion}**: their middle scores differ by {gap}.",
                    criterion=plain(criterion_name(framework, row["criterion"])),
                    gap=number(row["group_gap"], 1),
                )
            )
    sentences.append(agreement_sentence(framework, outcome.agreement))
    short = table[table["missing"] > 0]
    if not short.empty:
        names = ", ".join(plain(criterion_name(framework, key)) for key in short["criterion"])
        sentences.append(
            _("Not everyone scored: {criteria}. Those who did not are not counted as zero.", criteria=names)
        )
    return sentences


def agreement_sentence(framework: Framework, agreement: Agreement) -> str:
    """Kendall's W in words."""
    if agreement.reason is not None:
        why = {
            "judges": _("fewer than two members scored every criterion"),
            "items": _("there is one criterion"),
            "ties": _("each member gave every criterion the same score"),
        }[agreement.reason]
        return _("Whether the members agree on the order cannot be said: {why}.", why=why)
    level = agreement_level(framework.rules, agreement.w)
    return _(
        "There is **{level}** on which criteria are strong and which are weak (Kendall’s W {w}, where"
        " 1 is the same order for everyone and 0 is no common order; {count} members scored "
        "everything). W says nothing about how high the scores are.",
        level=agreement_word(level),
        w=number(agreement.w, 2),
        count=number(agreement.judges),
    )


def _bounds(framework: Framework, outcome: Outcome) -> None:
    """What missing results can still change."""
    if not outcome.standing.without_result or outcome.standing.failed:
        return
    bounds = bounds_of(framework, outcome.results)
    st.caption(
        _(
            "With the lowest scores where a result is missing it would be {low} ({low_step}), with the highest {high} "
            "({high_step}).",
            low=number(bounds.lowest, 2),
            low_step=step_name(framework, bounds.lowest_step or "below"),
            high=number(bounds.highest, 2),
            high_step=step_name(framework, bounds.highest_step or "below"),
        )
    )


def _spread(kept: Kept, framework: Framework, outcome: Outcome, table: pd.DataFrame, initiative: str) -> None:
    figures = pd.DataFrame(
        {
            _("Criterion"): [criterion_name(framework, key) for key in table["criterion"]],
            _("Scored by"): table["count"],
            _("Not scored by"): table["missing"],
            _("Lowest"): table["lowest"],
            _("Highest"): table["highest"],
            _("Median"): table["median"],
            _("Mean"): table["mean"],
            _("Result"): table["result"],
            _("Mean distance to the middle"): table["distance"],
        }
    )
    written = dict.fromkeys((_("Scored by"), _("Not scored by"), _("Lowest"), _("Highest")), "number") | dict.fromkeys(
        (_("Median"), _("Mean"), _("Result"), _("Mean distance to the middle")), "number_2"
    )
    show_chart(
        spread_chart(framework, outcome.scores, table),
        figures,
        _("scores of the members of this round"),
        spread_in_words(framework, table),
        f"chart_spread_{kept.round_id}_{initiative}",
        columns=written,
    )


def _groups(framework: Framework, outcome: Outcome) -> None:
    """The middle score of each group by criterion."""
    rows = by_group(framework, outcome.scores)
    groups = list(dict.fromkeys(rows["group"]))
    if len(groups) < 2:
        return
    with st.expander(_("By group"), key="together_groups"):
        wide = rows.pivot_table(index="criterion", columns="group", values="median").reindex(list(framework.weights))
        table = pd.DataFrame(
            {
                _("Criterion"): [criterion_name(framework, key) for key in wide.index],
                **{group_name(group): wide[group].to_numpy() for group in groups},
            }
        )
        st.markdown(_("The middle score of each group:"))
        show_table(
            table,
            key="together_groups_csv",
            alt=_("Middle score by criterion and group"),
            columns={group_name(group): "number_2" for group in groups},
        )


def _remarks(kept: Kept, initiative: str) -> None:
    names = {member.member_id: member for member in kept.round.members}
    sheets = kept.last.get(initiative, {})
    lines = [
        f"- **{plain(criterion_name(kept.framework, key))}**, {plain(names[who].name)} "
        f"({group_name(names[who].group)}): {plain(sheet.remarks[key])}"
        for key in kept.framework.weights
        for who, sheet in sheets.items()
        if who in names and sheet.remarks.get(key)
    ]
    if lines:
        with st.expander(_("Remarks ({count})", count=len(lines)), expanded=True, key="together_remarks"):
            st.markdown("\n".join(lines))


def _revised(kept: Kept, initiative: str) -> None:
    """What changed after the members saw each other's scores."""
    table = revisions(kept.first.get(initiative, {}), kept.last.get(initiative, {}))
    late = [member for member in kept.last.get(initiative, {}) if member not in kept.first.get(initiative, {})]
    names = {member.member_id: member.name for member in kept.round.members}
    if table.empty and not late:
        st.caption(_("Nobody revised a score since the opening. Revising is done under Score."))
        return
    with st.expander(_("What changed after the opening"), key="together_revised"):
        if not table.empty:
            show_table(
                pd.DataFrame(
                    {
                        _("Member"): [plain(names[who]) for who in table["member_id"]],
                        _("Criterion"): [criterion_name(kept.framework, key) for key in table["criterion"]],
                        _("First"): [_score(value) for value in table["before"]],
                        _("Now"): [_score(value) for value in table["after"]],
                    }
                ),
                key="together_revised_csv",
                alt=_("Scores that changed after the opening"),
            )
        if late:
            st.markdown(_("Scored after the opening: {names}.", names=", ".join(plain(names[who]) for who in late)))
        before = kept.before_talking(initiative).standing.outcome
        now = kept.outcome(initiative).standing.outcome
        st.markdown(
            _("Outcome when the scores were opened: {before}; now: {now}.", before=_points(before), now=_points(now))
        )


def _score(value: object) -> str:
    return MISSING if value is None else str(value)


def _points(value: float) -> str:
    return MISSING if math.isnan(value) else number(value, 2)


def _weights(framework: Framework, outcome: Outcome) -> None:
    """Whether another weight would lead to another step."""
    table = weight_sensitivity(framework, outcome.results)
    if table.empty:
        return
    st.subheader(_("Does it depend on the weights?"), anchor=False)
    shares = any_weights(framework, {"this": outcome.results}, draws=DRAWS, seed=SEED).iloc[0]
    loose = table[(table["lower"] > 0) | (table["upper"] < 1)]
    step = step_name(framework, outcome.standing.step or "below")
    if loose.empty:
        st.markdown(_("No: whatever the weight of one criterion, the step stays **{step}**.", step=step))
    else:
        parts = "\n".join(
            "- "
            + _(
                "**{criterion}** weighs {weight}; the step is the same from {lower} to {upper}.",
                criterion=plain(criterion_name(framework, row.criterion)),
                weight=percent(row.weight),
                lower=percent(row.lower),
                upper=percent(row.upper),
            )
            for row in loose.itertuples()
        )
        st.markdown(_("The step stays **{step}** as long as:", step=step) + "\n" + parts)
    st.markdown(
        _(
            "Over all possible weights the outcome lies between {low} and {high}, and in {share} of them the step is "
            "the same.",
            low=number(shares["lowest"], 2),
            high=number(shares["highest"], 2),
            share=percent(shares["same_step_share"]),
        )
    )
    show_chart(
        weights_chart(framework, table),
        pd.DataFrame(
            {
                _("Criterion"): [criterion_name(framework, key) for key in table["criterion"]],
                _("Weight"): table["weight"],
                _("Same step from"): table["lower"],
                _("to"): table["upper"],
                _("Outcome without this criterion"): table["outcome_at_0"],
                _("Outcome on this criterion alone"): table["outcome_at_1"],
            }
        ),
        _("scores of the members of this round and the weights of the framework"),
        _(
            "For each criterion the weights between which the step stays the same. {criteria}.",
            criteria="; ".join(
                _(
                    "{criterion} from {lower} to {upper}",
                    criterion=criterion_name(framework, row.criterion),
                    lower=percent(row.lower),
                    upper=percent(row.upper),
                )
                for row in table.itertuples()
            ),
        ),
        "chart_weights",
        columns={
            _("Weight"): "percent",
            _("Same step from"): "percent",
            _("to"): "percent",
            _("Outcome without this criterion"): "number_2",
            _("Outcome on this criterion alone"): "number_2",
        },
    )


def _ranking(kept: Kept) -> None:
    """The initiatives of this round in order, and what would turn it round."""
    framework = kept.framework
    outcomes = {subject.initiative_id: kept.outcome(subject.initiative_id) for subject in kept.round.subjects}
    results = {key: each.results for key, each in outcomes.items()}
    table = ranking_of(framework, results)
    names = {subject.initiative_id: subject.name for subject in kept.round.subjects}
    chances = any_weights(framework, results, draws=DRAWS, seed=SEED).set_index("initiative_id")
    st.subheader(_("The initiatives of this round in order"), anchor=False)
    show_table(
        pd.DataFrame(
            {
                _("Place"): [MISSING if math.isnan(rank) else str(int(rank)) for rank in table["rank"]],
                _("Initiative"): [plain(names[key]) for key in table["initiative_id"]],
                _("Outcome"): [_points(value) for value in table["outcome"]],
                _("First, over all possible weights"): [
                    percent(chances["first_share"].get(key)) for key in table["initiative_id"]
                ],
            }
        ),
        key="together_ranking_csv",
        alt=_("The initiatives of this round by outcome"),
    )
    agreement = agreement_on_initiatives(framework, {key: each.scores for key, each in outcomes.items()})
    if agreement.reason is None:
        st.markdown(
            _(
                "There is **{level}** on the order of the initiatives (Kendall’s W {w}, {count} members).",
                level=agreement_word(agreement_level(framework.rules, agreement.w)),
                w=number(agreement.w, 2),
                count=number(agreement.judges),
            )
        )
    known = table.dropna(subset=["outcome"])["initiative_id"].tolist()
    rank = dict(zip(table["initiative_id"], table["rank"], strict=True))
    lines = [
        "- "
        + _(
            "{first} and {second} change places when **{criterion}** weighs {flip} in place of {weight}.",
            first=plain(names[first]),
            second=plain(names[second]),
            criterion=said(framework.criterion(row.criterion).name),
            flip=percent(row.flips_at),
            weight=percent(row.weight),
        )
        for first, second in pairwise(known)
        if rank[first] != rank[second]
        for row in order_flips(framework, results[first], results[second]).itertuples()
        if not math.isnan(row.flips_at)
    ]
    if lines:
        st.markdown("\n".join(lines))
    elif len({rank[key] for key in known}) > 1:
        st.markdown(_("No weight of a single criterion changes this order."))
