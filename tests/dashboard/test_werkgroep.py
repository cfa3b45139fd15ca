"""Rounds of the working group with the real register: who may what, who sees what, and what the page says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import kept
from dashboard.charts.working_group import spread_chart, spread_in_words, weights_chart
from dashboard.wording import speaking
from dashboard.working_group.minutes import minutes_of
from dashboard.working_group.rounds import (
    change_round,
    decide,
    enters_for_others,
    hand_in,
    open_scores,
    own_sheet,
    rounds_of,
    seat_of,
    start_round,
)
from exports.documents import minutes
from intake.frameworks import framework_as_data
from register import LOCAL, Actor, Conflict, Forbidden, NotFound, Register, open_register
from tests.valuation.frameworks import WEIGHTS, small
from valuation.framework import Promise, authority_for
from valuation.scoring import Member, spread, weight_sensitivity
from valuation.working_group import Round, Sheet, Subject, decision_as_data

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "datasets" / "voorbeeldgemeente.xlsx"
PAGE = "dashboard/app_pages/werkgroep.py"

CHAIR = Actor("chair", "Voorzitter", "Dorp", frozenset({"finance"}))
ANNA = Actor("anna", "Anna", "Dorp", frozenset({"council"}))
BAS = Actor("bas", "Bas", "Dorp", frozenset({"council"}))
CAS = Actor("cas", "Cas", "Dorp", frozenset({"initiative"}))
DIA = Actor("dia", "Dia", "Dorp", frozenset({"initiative"}))
OUTSIDER = Actor("uit", "Uit", "Dorp", frozenset({"initiative"}))
OTHER_TOWN = Actor("stad", "Stad", "Stad", frozenset({"administrator"}))
MEMBERS = (
    Member("anna", "Anna", "council"),
    Member("bas", "Bas", "council"),
    Member("chair", "Voorzitter", "official"),
    Member("cas", "Cas", "initiative"),
    Member("dia", "Dia", "initiative", ("I-1",), "voorzitter van de stichting"),
)
MET = {"residents": "yes", "no_profit": "yes"}


@pytest.fixture(autouse=True)
def own_register(tmp_path, monkeypatch) -> Iterator[Register]:
    """A register of its own for each test, real and on disk."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'register.db'}")
    kept._opened.clear()
    made = open_register()
    yield made
    made.close()
    kept._opened.clear()


@pytest.fixture
def case_id(own_register) -> str:
    """A kept case of the chair's municipality."""
    return own_register.save_case(CHAIR, name="Dorp", workbook=b"werkmap", why="voor de werkgroep").case_id


def a_round(**changes) -> Round:
    parts = {
        "name": "12 mei",
        "department": "Welzijn",
        "municipality": "Dorp",
        "case_version": 1,
        "framework": framework_as_data(small()),
        "members": MEMBERS,
        "subjects": (Subject("I-1", "Tuin", "groen", "Noord", MET), Subject("I-2", "Hal", answers=MET)),
    }
    return Round(**{**parts, **changes})


def sheet(value, backing, plan) -> Sheet:
    return Sheet({"value": value, "backing": backing, "plan": plan}, {"value": "opmerking"})


@pytest.fixture
def started(own_register, case_id) -> str:
    """A round that was started."""
    return start_round(own_register, CHAIR, case_id, a_round())


def seen_by(register, actor, case_id):
    (found,) = rounds_of(register, actor, case_id)
    return found


def scored(register, actor, case_id, initiative, given):
    found = seen_by(register, actor, case_id)
    member = next(each for each in found.round.members if each.member_id == actor.user_id)
    _sheet, version = own_sheet(register, actor, found, initiative, member)
    hand_in(register, actor, found, initiative, member, given, version)


# ---- who may what ------------------------------------------------------------------------------


@pytest.mark.usefixtures("started")
def test_only_the_chair_starts_opens_and_decides(own_register, case_id):
    for actor in (ANNA, CAS):
        with pytest.raises(Forbidden):
            start_round(own_register, actor, case_id, a_round())
        with pytest.raises(Forbidden):
            open_scores(own_register, actor, seen_by(own_register, actor, case_id))
        with pytest.raises(Forbidden):
            decide(own_register, actor, seen_by(own_register, actor, case_id), "I-1", {"reasons": "x"})
        with pytest.raises(Forbidden):
            change_round(own_register, actor, seen_by(own_register, actor, case_id), a_round(), why="x")


@pytest.mark.usefixtures("started")
def test_a_member_from_an_initiative_reads_the_case_from_the_start_on_and_others_do_not(own_register, case_id):
    assert own_register.case(CAS, case_id).workbook == b"werkmap"
    assert seen_by(own_register, CAS, case_id).round.name == "12 mei"
    with pytest.raises(Forbidden):
        rounds_of(own_register, OUTSIDER, case_id)
    with pytest.raises(NotFound):
        rounds_of(own_register, OTHER_TOWN, case_id)


@pytest.mark.usefixtures("started")
def test_nobody_scores_their_own_initiative_nor_for_another(own_register, case_id):
    with pytest.raises(Forbidden):
        scored(own_register, DIA, case_id, "I-1", sheet(5, 5, 5))
    scored(own_register, DIA, case_id, "I-2", sheet(5, 5, 5))
    found = seen_by(own_register, ANNA, case_id)
    with pytest.raises(Forbidden):
        hand_in(own_register, ANNA, found, "I-2", MEMBERS[1], sheet(1, 1, 1), 0)


@pytest.mark.usefixtures("started")
def test_each_sees_only_their_own_score_until_the_opening(own_register, case_id):
    scored(own_register, ANNA, case_id, "I-1", sheet(4, 3, 5))
    scored(own_register, BAS, case_id, "I-1", sheet(2, 1, 2))
    for actor, own in ((ANNA, {"anna"}), (BAS, {"bas"}), (CHAIR, set()), (CAS, set())):
        assert set(seen_by(own_register, actor, case_id).last.get("I-1", {})) == own
    # How many scored is known, and by whom, without a score.
    assert sorted(seen_by(own_register, CHAIR, case_id).handed_in["I-1"]) == ["anna", "bas"]
    open_scores(own_register, CHAIR, seen_by(own_register, CHAIR, case_id))
    for actor in (ANNA, BAS, CHAIR, CAS, DIA):
        assert set(seen_by(own_register, actor, case_id).last["I-1"]) == {"anna", "bas"}


@pytest.mark.usefixtures("started")
def test_a_revision_stands_beside_the_first_score(own_register, case_id):
    scored(own_register, ANNA, case_id, "I-1", sheet(4, 3, 5))
    scored(own_register, ANNA, case_id, "I-1", sheet(4, 4, 5))  # before the opening: her own change of mind
    open_scores(own_register, CHAIR, seen_by(own_register, CHAIR, case_id))
    scored(own_register, ANNA, case_id, "I-1", sheet(2, 4, 5))
    found = seen_by(own_register, BAS, case_id)
    assert found.first["I-1"]["anna"].scores == {"value": 4, "backing": 4, "plan": 5}
    assert found.last["I-1"]["anna"].scores == {"value": 2, "backing": 4, "plan": 5}


@pytest.mark.usefixtures("started")
def test_the_same_sheet_in_two_windows_is_a_conflict_and_overwrites_nothing(own_register, case_id):
    found = seen_by(own_register, ANNA, case_id)
    hand_in(own_register, ANNA, found, "I-1", MEMBERS[0], sheet(4, 3, 5), 0)
    with pytest.raises(Conflict):
        hand_in(own_register, ANNA, found, "I-1", MEMBERS[0], sheet(1, 1, 1), 0)
    assert own_sheet(own_register, ANNA, found, "I-1", MEMBERS[0])[0].scores["value"] == 4


@pytest.mark.usefixtures("started")
def test_two_rounds_of_one_case_do_not_mix(own_register, case_id):
    scored(own_register, ANNA, case_id, "I-1", sheet(4, 3, 5))
    start_round(own_register, CHAIR, case_id, a_round(name="13 mei"))
    later, earlier = rounds_of(own_register, CHAIR, case_id)
    assert (later.round.name, earlier.round.name) == ("13 mei", "12 mei")
    assert later.handed_in == {"I-1": [], "I-2": []}
    assert earlier.handed_in["I-1"] == ["anna"]


@pytest.mark.usefixtures("started")
def test_a_round_keeps_its_framework_and_the_answers_that_came_later(own_register, case_id):
    found = seen_by(own_register, CHAIR, case_id)
    subjects = (replace(found.round.subjects[0], answers={**MET, "no_profit": "no"}), found.round.subjects[1])
    change_round(own_register, CHAIR, found, replace(found.round, subjects=subjects), why="Statuten gelezen")
    again = seen_by(own_register, ANNA, case_id)
    assert again.framework == small()
    assert again.outcome("I-1").standing.state == "outside"
    assert again.version == 2


def decided(register, case_id, step="help", deviation=""):
    found = seen_by(register, CHAIR, case_id)
    promise = Promise(years=2, subsidy_eur_per_year=6_000)
    outcome = found.outcome("I-1")
    words = {"reasons": "omdat", "conditions": "elk jaar verslag", "deviation": deviation}
    payload = decision_as_data(
        found.round,
        "I-1",
        outcome,
        decided_step=step,
        promise=promise,
        authority=authority_for(small(), promise),
        words=words,
    )
    decide(register, CHAIR, found, "I-1", payload)


@pytest.fixture
def opened(own_register, case_id, started) -> str:
    """A round in which three scored, that was opened."""
    scored(own_register, ANNA, case_id, "I-1", sheet(4, 3, 5))
    scored(own_register, CHAIR, case_id, "I-1", sheet(5, 2, 4))
    scored(own_register, CAS, case_id, "I-1", sheet(3, 4, 5))
    open_scores(own_register, CHAIR, seen_by(own_register, CHAIR, case_id))
    return started


@pytest.mark.usefixtures("opened")
def test_a_decision_is_seen_by_the_members_and_a_second_one_is_its_next_version(own_register, case_id):
    decided(own_register, case_id)
    decided(own_register, case_id, "room", "geen budget")
    found = seen_by(own_register, CAS, case_id)
    assert found.decisions["I-1"].version == 2
    assert found.decisions["I-1"].payload["decided_step"] == "room"
    assert found.decisions["I-1"].payload["outcome"] == pytest.approx(3.9)  # 4, 3 and 5 by their weights


@pytest.mark.usefixtures("opened")
def test_deleting_the_case_takes_round_scores_and_decision_along(own_register, case_id):
    decided(own_register, case_id)
    boss = Actor("b", "B", "Dorp", frozenset({"administrator"}))
    assert b"omdat" in b"".join(_files(own_register.export_case(boss, case_id)))
    own_register.delete_case(boss, case_id, "request")
    with pytest.raises(NotFound):
        rounds_of(own_register, CHAIR, case_id)


def _files(content: bytes) -> list[bytes]:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def test_without_sign_in_one_fills_in_for_each_and_that_is_kept(own_register):
    case = own_register.save_case(LOCAL, name="Dorp", workbook=b"x", why="x").case_id
    start_round(own_register, LOCAL, case, a_round())
    found = seen_by(own_register, LOCAL, case)
    assert enters_for_others(LOCAL)
    assert not enters_for_others(CHAIR)
    assert seat_of(LOCAL, MEMBERS[0]).user_id == "anna"
    hand_in(own_register, LOCAL, found, "I-1", MEMBERS[0], replace(sheet(4, 3, 5), entered_by=LOCAL.name), 0)
    assert seen_by(own_register, LOCAL, case).last == {}
    open_scores(own_register, LOCAL, seen_by(own_register, LOCAL, case))
    (entry,) = own_register.entries(LOCAL, case, "score")
    assert (entry.by, entry.by_name, entry.payload["entered_by"]) == ("anna", "Anna", LOCAL.name)


# ---- minutes and charts --------------------------------------------------------------------------


@pytest.mark.parametrize("spoken", ["nl", "en"])
@pytest.mark.usefixtures("opened")
def test_the_minutes_hold_who_scored_what_and_what_was_decided(own_register, case_id, spoken):
    decided(own_register, case_id, "room", "geen budget")
    with speaking(spoken):
        content = minutes_of(seen_by(own_register, CHAIR, case_id), "I-1")
    text = str(content)
    for part in (
        "Tuin",
        "Anna",
        "voorzitter van de stichting",
        "omdat",
        "elk jaar verslag",
        "geen budget",
        "opmerking",
    ):
        assert part in text
    assert ("beoordeelde niet" if spoken == "nl" else "did not score") in text
    assert "**" not in text
    for kind in ("pdf", "docx"):
        assert len(minutes(content, kind)) > 5_000


@pytest.mark.usefixtures("opened")
def test_minutes_before_a_decision_say_so(own_register, case_id):
    with speaking("nl"):
        assert "Er is nog geen besluit." in str(minutes_of(seen_by(own_register, CHAIR, case_id), "I-1"))


@pytest.mark.usefixtures("opened")
def test_every_score_is_a_dot_in_the_colour_and_shape_of_its_group(own_register, case_id):
    scores = seen_by(own_register, CHAIR, case_id).outcome("I-1").scores
    figure = spread_chart(small(), scores, spread(small(), scores))
    dots = [trace for trace in figure["data"] if "customdata" in trace]
    assert sum(len(trace["customdata"]) for trace in dots) == 9
    assert len({trace["marker"]["symbol"] for trace in dots}) == len({trace["marker"]["color"] for trace in dots}) == 3
    places = [(x, y) for trace in dots for x, y in zip(trace["x"], trace["y"], strict=True)]
    assert len(set(places)) == 9, "no dot hides another one"
    assert "value" in spread_in_words(small(), spread(small(), scores))


@pytest.mark.usefixtures("opened")
def test_the_weights_are_drawn_with_where_the_step_holds(own_register, case_id):
    results = seen_by(own_register, CHAIR, case_id).outcome("I-1").results
    figure = weights_chart(small(), weight_sensitivity(small(), results))
    assert figure["data"][1]["x"] == list(WEIGHTS.values())


# ---- the page -----------------------------------------------------------------------------------


def shown(app: AppTest, spoken: str = "nl") -> AppTest:
    app.query_params["taal"] = spoken
    with speaking(spoken):
        app.run()
        app.switch_page(PAGE).run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    kinds = (app.title, app.subheader, app.markdown, app.error, app.info, app.success, app.warning, app.caption)
    return "\n".join(element.value for kind in kinds for element in kind).replace("\\", "")


@pytest.mark.parametrize(("spoken", "title"), [("nl", "Werkgroep"), ("en", "Working group")])
def test_without_a_kept_case_the_page_says_how_to_begin(app, spoken, title):
    shown(app, spoken)
    assert app.title[0].value == title
    assert (
        app.button(key="working_group_keep_button").label
        == {"nl": "Bewaar dit dossier", "en": "Keep this case"}[spoken]
    )


def test_a_start_without_what_is_needed_names_it_all_and_keeps_what_was_filled_in(app):
    shown(app)
    app.button(key="working_group_keep_button").click().run()
    app.text_input(key="start_name_0").set_value("Anna")
    app.button(key="start_button").click().run()
    assert not app.exception
    said = texts(app)
    assert "Geef de ronde een naam." in said
    assert "Kies ten minste één initiatief." in said
    assert "Vul de namen van ten minste twee leden in." in said
    assert app.text_input(key="start_name_0").value == "Anna"


def test_scores_typed_while_the_register_is_away_are_there_when_it_is_back(app, own_register):
    case = own_register.save_case(LOCAL, name="Dorp", workbook=EXAMPLE.read_bytes(), why="x").case_id
    round_id = start_round(own_register, LOCAL, case, a_round())
    place = f"sheet_{round_id}_I-1_anna_0"
    shown(app)
    app.radio(key=f"{place}_value").set_value(4)
    app.text_input(key=f"{place}_value_remark").set_value("Veel geleerd")
    file = own_register.database.file
    file.rename(file.with_suffix(".away"))
    app.button(key=f"{place}_keep").click().run()
    assert not app.exception
    assert "niet bereikbaar" in texts(app)
    file.with_suffix(".away").rename(file)
    app.run()
    assert not app.exception
    assert app.radio(key=f"{place}_value").value == 4
    assert app.text_input(key=f"{place}_value_remark").value == "Veel geleerd"
    app.button(key=f"{place}_keep").click().run()
    kept_now, version = own_sheet(own_register, LOCAL, seen_by(own_register, LOCAL, case), "I-1", MEMBERS[0])
    assert (kept_now.scores["value"], kept_now.remarks["value"], version) == (4, "Veel geleerd", 1)


def test_two_members_of_one_name_are_two_members(app, own_register):
    shown(app)
    app.button(key="working_group_keep_button").click().run()
    app.text_input(key="start_name").set_value("12 mei")
    app.multiselect(key="start_initiatives").set_value(["I-01", "I-12"])
    for position in range(3):
        app.text_input(key=f"start_name_{position}").set_value("Jan Jansen")
    app.run()
    app.multiselect(key="start_own_2").set_value(["I-01"]).run()
    app.button(key="start_button").click().run()
    assert not app.exception
    (head,) = own_register.cases(LOCAL)
    (found,) = rounds_of(own_register, LOCAL, head.case_id)
    assert [member.member_id for member in found.round.members] == [
        "lid-jan-jansen",
        "lid-jan-jansen-2",
        "lid-jan-jansen-3",
    ]
    assert [len(found.round.scorers(key)) for key in ("I-01", "I-12")] == [2, 3]
    # The proposals of the valuation are kept as they were.
    proposed = {each.criterion: each.score for each in found.round.subject("I-01").proposals}
    assert proposed == {"reach": 5, "social_contribution": 4, "better_or_cheaper": 3, "own_contribution": 4}
    assert "0 van 2 leden hebben beoordeeld" in next(element.text for element in app.get("progress"))


def test_equal_treatment_without_decisions_says_so(app, own_register):
    own_register.save_case(LOCAL, name="Dorp", workbook=EXAMPLE.read_bytes(), why="x")
    app.query_params["taal"] = "nl"
    app.run()
    app.switch_page(PAGE)
    app.session_state["working_group_tabs_nl"] = "Gelijke behandeling"
    app.run()
    assert not app.exception
    assert "Er is nog niets besloten" in texts(app)


def decided_case(register: Register, town: str, step: str, deviation: str = "") -> None:
    """A kept case with a round on one initiative, whose outcome is 3 (help), decided on with this step."""
    case = register.save_case(LOCAL, name="zaak", workbook=town.encode(), why="x").case_id
    with speaking("nl"):
        start_round(
            register, LOCAL, case, a_round(municipality=town, subjects=(Subject("I-2", "Hal", "groen", "Noord", MET),))
        )
        for member in MEMBERS[:3]:
            (found,) = rounds_of(register, LOCAL, case)
            hand_in(register, LOCAL, found, "I-2", member, sheet(3, 3, 3), 0)
        open_scores(register, LOCAL, seen_by(register, LOCAL, case))
        found = seen_by(register, LOCAL, case)
        outcome = found.outcome("I-2")
        words = {"reasons": "r", "conditions": "", "deviation": deviation}
        authority = authority_for(small(), Promise())
        payload = decision_as_data(
            found.round, "I-2", outcome, decided_step=step, promise=Promise(), authority=authority, words=words
        )
        decide(register, LOCAL, found, "I-2", payload)


def equality(app: AppTest) -> AppTest:
    app.query_params["taal"] = "nl"
    with speaking("nl"):
        app.run()
        app.switch_page(PAGE)
        app.session_state["working_group_tabs_nl"] = "Gelijke behandeling"
        app.run()
    assert not app.exception
    return app


def test_other_support_at_the_same_step_without_a_reason_is_shown_with_both_sides(app, own_register):
    decided_case(own_register, "Dorp", "help")
    decided_case(own_register, "Stad", "room")
    equality(app)
    assert "2 besluiten om naar te kijken" in texts(app)
    reasons = app.table[0].value["Reden"].tolist()
    assert sorted(reasons) == ["niet vermeld", "volgt de ladder"]


def test_other_support_with_a_reason_is_explained(app, own_register):
    decided_case(own_register, "Dorp", "help")
    decided_case(own_register, "Stad", "room", "Dit jaar is er geen geld.")
    assert "Geen onverklaard verschil in 2 besluiten." in texts(equality(app))


def test_municipalities_stand_side_by_side_with_how_many_initiatives(app, own_register, changed_workbook):
    for name in ("Voorbeeldstad", "Buurdorp"):
        book = changed_workbook(Uitgangspunten={municipality_cell(): name})
        own_register.save_case(LOCAL, name=name, workbook=book, why="x")
    equality(app)
    app.toggle(key="equality_compare").set_value(True).run()
    assert not app.exception
    table = app.table[-1].value.set_index("Thema")
    assert list(table.columns) == ["Buurdorp", "Voorbeeldstad"]
    # The example has three initiatives of this theme.
    assert table.loc["ontmoeting", "Buurdorp"].endswith("(3)")


def municipality_cell() -> str:
    """Where the example says its name."""
    import openpyxl

    sheet_of_assumptions = openpyxl.load_workbook(EXAMPLE, read_only=True)["Uitgangspunten"]
    return next(
        cell.coordinate for row in sheet_of_assumptions.iter_rows() for cell in row if cell.value == "Voorbeeldstad"
    )


def test_the_same_initiative_decided_on_twice_with_other_support_is_shown_also_with_a_reason(app, own_register):
    decided_case(own_register, "Dorp", "help")
    decided_case(own_register, "Dorp", "room", "Dit jaar is er geen geld.")
    shown_texts = texts(equality(app))
    assert "Hetzelfde initiatief, twee keer besloten, met andere steun" in shown_texts
    assert "Geen onverklaard verschil" not in shown_texts
