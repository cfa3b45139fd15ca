"""A round as it is kept: through JSON and back, and what it comes to."""

from __future__ import annotations

import json
import math

import pytest

from intake.frameworks import framework_as_data
from tests.valuation.frameworks import WEIGHTS, small
from valuation.consistency import decision_table, unexplained
from valuation.framework import Promise, authority_for
from valuation.proposed_scores import ProposedScore
from valuation.scoring import Member
from valuation.working_group import (
    Round,
    Sheet,
    Subject,
    decision_as_data,
    decisions_from,
    outcome_in,
    revisions,
    round_as_data,
    round_from,
    sheet_as_data,
    sheet_from,
    who_still,
)

MET = {"residents": "yes", "no_profit": "yes"}
MEMBERS = (
    Member("a", "Anna", "council"),
    Member("b", "Bas", "official"),
    Member("c", "Cas", "official"),
    Member("d", "Dia", "initiative", ("I-1",), "voorzitter van de stichting"),
)
PROPOSED = (
    ProposedScore("value", "bcr", 1.3, 4, 1.2, 1.5, 3, 5),
    ProposedScore("backing", "people", float("nan"), None),
)


def a_round(**changes):
    parts = {
        "name": "Werkgroep 12 mei",
        "department": "Groen",
        "municipality": "Dorp",
        "case_version": 3,
        "framework": framework_as_data(small()),
        "members": MEMBERS,
        "subjects": (Subject("I-1", "Tuin", "groen", "Noord", MET, PROPOSED), Subject("I-2", "Hal")),
    }
    return Round(**{**parts, **changes})


def sheet(value, backing, plan):
    return Sheet({"value": value, "backing": backing, "plan": plan}, {"value": " goed ", "plan": ""}, "")


SHEETS = {"a": sheet(4, 3, 5), "b": sheet(5, 2, None), "c": sheet(3, 4, 5), "d": sheet(5, 5, 5)}


def test_a_round_goes_through_json_and_back():
    data = json.loads(json.dumps(round_as_data(a_round()), allow_nan=False))
    again = round_from(data)
    assert again.members == MEMBERS
    assert again.subject("I-1").proposals[0] == PROPOSED[0]
    unknown = again.subject("I-1").proposals[1]
    assert (unknown.score, math.isnan(unknown.value), math.isnan(unknown.threshold)) == (None, True, True)
    assert round_as_data(again) == data


def test_the_register_finds_members_and_initiatives_where_it_looks_for_them():
    data = round_as_data(a_round())
    assert data["initiatives"] == ["I-1", "I-2"]
    assert data["members"][3]["user_id"] == "d"
    assert data["members"][3]["initiatives"] == ["I-1"]


def test_a_sheet_goes_through_json_and_back_without_empty_remarks():
    data = json.loads(json.dumps(sheet_as_data(SHEETS["b"])))
    assert data["remarks"] == {"value": "goed"}
    assert sheet_from(data).scores == {"value": 5, "backing": 2, "plan": None}


def test_the_outcome_by_hand():
    found = outcome_in(small(), a_round(), "I-1", SHEETS)
    # Dia's own initiative does not count. value 3 4 5, backing 2 3 4, plan 5 5: below the quorum of 3.
    assert found.results["value"] == 4
    assert found.results["backing"] == 3
    assert math.isnan(found.results["plan"])
    assert (found.standing.state, found.standing.without_result) == ("unknown", ("plan",))
    complete = outcome_in(small(), a_round(), "I-1", {**SHEETS, "b": sheet(5, 2, 4)})
    assert complete.standing.outcome == pytest.approx(0.5 * 4 + 0.3 * 3 + 0.2 * 5)
    assert complete.standing.step == "help"


def test_who_may_score_and_who_still_has_to():
    assert [member.member_id for member in a_round().scorers("I-1")] == ["a", "b", "c"]
    assert [member.member_id for member in who_still(a_round(), "I-1", ["a"])] == ["b", "c"]
    assert [member.member_id for member in who_still(a_round(), "I-2", [])] == ["a", "b", "c", "d"]


def test_what_changed_after_the_members_saw_each_other():
    table = revisions(SHEETS, {**SHEETS, "b": sheet(5, 3, 4), "e": sheet(1, 1, 1)})
    assert table.to_numpy().tolist() == [["b", "backing", 2, 3], ["b", "plan", None, 4]]
    assert revisions(SHEETS, SHEETS).empty


def test_a_decision_keeps_everything_it_rests_on():
    one = a_round()
    found = outcome_in(small(), one, "I-1", {**SHEETS, "b": sheet(5, 2, 4)})
    promise = Promise(years=2, subsidy_eur_per_year=6_000)
    data = decision_as_data(
        one,
        "I-1",
        found,
        decided_step="room",
        promise=promise,
        authority=authority_for(small(), promise),
        words={"reasons": " r ", "conditions": "c", "deviation": ""},
    )
    json.dumps(data, allow_nan=False)
    assert (data["framework_id"], data["framework_version"]) == ("small", 1)
    assert (data["ladder_step"], data["decided_step"], data["total_eur"]) == ("help", "room", 12_000.0)
    assert (data["decider"], data["beyond"]) == ("executive", [["working_group", "total"]])
    assert (data["reasons"], data["results"]["value"]) == ("r", 4.0)


def test_decisions_are_compared_as_they_were_kept():
    one = a_round(framework={**framework_as_data(small()), "version": 7})
    found = outcome_in(small(), one, "I-2", {key: sheet(4, 3, 5) for key in "abcd"})
    authority = authority_for(small(), Promise())
    kept = [
        (
            f"r/{number}",
            decision_as_data(one, "I-2", found, decided_step=each, promise=Promise(), authority=authority, words={}),
        )
        for number, each in enumerate(["help", "room"])
    ]
    # I-2 has no answers to the knock-out points, so the ladder gave nothing yet.
    decisions = decisions_from([*kept, ("other", {"note": "a decision of another kind"})])
    assert [decision.framework_version for decision in decisions] == [7, 7]
    assert {decision.ladder_step for decision in decisions} == {"below"}
    assert len(unexplained(decision_table(decisions))) == 2
    assert set(WEIGHTS) == set(kept[0][1]["results"])
