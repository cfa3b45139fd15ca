"""Each scores alone, nobody their own initiative, and all see all once the round is opened."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from register import Forbidden, NotFound, ScoreKey, score_key
from tests.register.people import ADMINISTRATOR, COUNCIL, FINANCE, FOREIGN, OWNER, STRANGER, person

SECOND = person("Daan", "council")
ROUND = "ronde 1/2026"


def _begin(register, case_id, **more):
    members = [
        {"user_id": one.user_id, "name": one.name, "initiatives": interests}
        for one, interests in ((COUNCIL, []), (SECOND, ["B2"]), (FINANCE, []), (OWNER, ["B1"]))
    ]
    register.append(
        FINANCE,
        case_id,
        kind="round",
        key=ROUND,
        payload={"members": members, "initiatives": ["B1", "B2"], **more},
        based_on=None,
        why="begin",
    )


def _score(register, actor, case_id, initiative, figure, based_on=None, as_user=None):
    key = score_key(ROUND, initiative, as_user or actor.user_id)
    return register.append(
        actor, case_id, kind="score", key=key, payload={"care": figure}, based_on=based_on, why="own judgement"
    )


def _open(register, case_id):
    register.append(FINANCE, case_id, kind="opened", key=ROUND, payload={}, based_on=None, why="all are in")


def _seen(register, actor, case_id):
    return {
        (ScoreKey.read(entry.key).user_id, entry.payload["care"]) for entry in register.entries(actor, case_id, "score")
    }


@pytest.fixture(params=["a case", "the organisation’s dossier"])
def place(request, register):
    """A round can stand in a case, and in the organisation's own dossier."""
    if request.param == "a case":
        return register.save_case(OWNER, name="Huis", workbook=b"1", why="x").case_id
    return None


def test_until_the_round_is_opened_each_sees_only_their_own(register, place):
    _begin(register, place)
    _score(register, COUNCIL, place, "B1", 4)
    _score(register, SECOND, place, "B1", 2)
    _score(register, OWNER, place, "B2", 5)
    assert _seen(register, COUNCIL, place) == {("carla", 4)}
    assert _seen(register, SECOND, place) == {("daan", 2)}
    assert _seen(register, OWNER, place) == {("olga", 5)}
    assert _seen(register, FINANCE, place) == _seen(register, ADMINISTRATOR, place) == set()
    for actor in (FINANCE, ADMINISTRATOR, COUNCIL):
        assert all(entry.by == actor.user_id for entry in register.history(actor, place) if entry.kind == "score")
        assert register.entries(actor, place, "score", score_key(ROUND, "B1", SECOND.user_id), latest=False) == []
    _open(register, place)
    everything = {("carla", 4), ("daan", 2), ("olga", 5)}
    for actor in (COUNCIL, SECOND, OWNER, FINANCE, ADMINISTRATOR):
        assert _seen(register, actor, place) == everything


def test_after_talking_a_score_is_revised_and_the_first_one_stays(register, place):
    _begin(register, place)
    _score(register, COUNCIL, place, "B1", 4)
    _open(register, place)
    _score(register, COUNCIL, place, "B1", 3, based_on=1)
    assert _seen(register, SECOND, place) == {("carla", 3)}
    both = register.entries(SECOND, place, "score", latest=False)
    assert [(entry.version, entry.payload["care"]) for entry in both] == [(1, 4), (2, 3)]


def test_nobody_scores_their_own_initiative(register, place):
    _begin(register, place)
    for actor, initiative in ((OWNER, "B1"), (SECOND, "B2")):
        with pytest.raises(Forbidden) as refused:
            _score(register, actor, place, initiative, 5)
        assert refused.value.reason == "own_initiative"
    assert register.handed_in(FINANCE, place, ROUND) == []


def test_only_who_sits_in_the_round_scores_and_only_what_it_is_about(register, place):
    _begin(register, place)
    outsider = person("Otto", "council")
    for actor, initiative in ((outsider, "B1"), (ADMINISTRATOR, "B1"), (COUNCIL, "B3")):
        with pytest.raises(Forbidden) as refused:
            _score(register, actor, place, initiative, 5)
        assert refused.value.reason == "not_a_member"


def test_nobody_scores_for_somebody_else(register, place):
    _begin(register, place)
    with pytest.raises(Forbidden) as refused:
        _score(register, FINANCE, place, "B1", 5, as_user=COUNCIL.user_id)
    assert refused.value.reason == "not_your_key"


def test_there_is_no_scoring_before_the_round_is_there(register, place):
    with pytest.raises(Forbidden):
        _score(register, COUNCIL, place, "B1", 5)
    with pytest.raises(ValueError, match="not a score's key"):
        register.append(COUNCIL, place, kind="score", key="anything", payload={}, based_on=None, why="x")


def test_the_round_as_it_stands_now_counts(register, place):
    """An interest that comes to light later keeps its owner from revising."""
    _begin(register, place)
    _score(register, COUNCIL, place, "B1", 5)
    members = [{"user_id": COUNCIL.user_id, "initiatives": ["B1"]}]
    register.append(
        FINANCE, place, kind="round", key=ROUND, payload={"members": members}, based_on=1, why="interest reported"
    )
    with pytest.raises(Forbidden) as refused:
        _score(register, COUNCIL, place, "B1", 4, based_on=1)
    assert refused.value.reason == "own_initiative"


def test_whoever_leads_sees_who_handed_in_and_not_what(register, place):
    _begin(register, place)
    _score(register, COUNCIL, place, "B1", 4)
    handed_in = [ScoreKey(ROUND, "B1", COUNCIL.user_id)]
    for actor in (FINANCE, ADMINISTRATOR, COUNCIL, OWNER):
        assert register.handed_in(actor, place, ROUND) == handed_in
    with pytest.raises(Forbidden):
        register.handed_in(person("Otto", "council"), place, ROUND)
    with pytest.raises(NotFound):
        register.handed_in(FINANCE, place, "another round")


def test_an_initiative_sees_the_organisations_rounds_only_where_it_sits_in(register):
    _begin(register, None)
    _score(register, COUNCIL, None, "B1", 4)
    _open(register, None)
    assert {entry.kind for entry in register.history(OWNER, None)} == {"round", "opened", "score"}
    assert register.history(STRANGER, None) == []
    assert register.history(FOREIGN, None) == []


def test_the_export_before_the_round_is_opened_holds_no_scores(register):
    case_id = register.save_case(FINANCE, name="Huis", workbook=b"1", why="x").case_id
    _begin(register, case_id)
    _score(register, COUNCIL, case_id, "B1", 4)

    def exported():
        with zipfile.ZipFile(io.BytesIO(register.export_case(ADMINISTRATOR, case_id))) as archive:
            return [json.loads(line)["kind"] for line in archive.read("entries.jsonl").splitlines()]

    assert exported() == ["workbook", "round"]
    _open(register, case_id)
    assert exported() == ["workbook", "round", "score", "opened"]


@pytest.mark.parametrize("parts", [("a/b", "c d", "é%"), ("1", "2", "3"), ("", "x", "y")])
def test_a_score_key_comes_apart_as_it_was_put_together(parts):
    if all(parts):
        assert ScoreKey.read(score_key(*parts)) == ScoreKey(*parts)
    else:
        with pytest.raises(ValueError, match="not a score's key"):
            ScoreKey.read(score_key(*parts))


def test_an_opened_round_opens_no_other(register):
    case_id = register.save_case(FINANCE, name="Huis", workbook=b"1", why="x").case_id
    _begin(register, case_id)
    _score(register, COUNCIL, case_id, "B1", 4)
    register.append(FINANCE, case_id, kind="opened", key="ronde 1", payload={}, based_on=None, why="another")
    assert _seen(register, SECOND, case_id) == set()
