"""The page Kader without a browser: read, test an initiative, change and keep versions, from a file and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import kept
from dashboard.framework.changing import place_name
from dashboard.framework.form import data_of, general_of, tables_of
from dashboard.framework.versions import keep_version, known_versions
from dashboard.framework.words import unmarked
from dashboard.wording import speaking
from intake.frameworks import framework_as_data, framework_from, load_frameworks, write_framework
from register import LOCAL, Actor, Conflict, Forbidden, Register, open_register
from tests.valuation.frameworks import small

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = "dashboard/app_pages/kader.py"
FIRST = load_frameworks()[0].framework_id
FINANCE = Actor("f", "Fenna", "Dorp", frozenset({"finance"}))
COUNCIL = Actor("c", "Cor", "Dorp", frozenset({"council"}))
OTHERS = Actor("o", "Otto", "Stad", frozenset({"administrator"}))


@pytest.fixture(autouse=True)
def own_register(tmp_path, monkeypatch) -> Iterator[Register]:
    """A register of its own for each test, real and on disk."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'register.db'}")
    kept._opened.clear()
    made = open_register()
    yield made
    made.close()
    kept._opened.clear()


def opened(app: AppTest, tab: str, spoken: str = "nl") -> AppTest:
    app.query_params["taal"] = spoken
    with speaking(spoken):  # the names of options are written by the test as well
        app.run()
        app.switch_page(PAGE)
        app.session_state[f"framework_tabs_{spoken}"] = tab
        app.run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    kinds = (app.title, app.subheader, app.markdown, app.error, app.info, app.success, app.warning, app.caption)
    return "\n".join(element.value for kind in kinds for element in kind).replace("\\", "")


# ---- the page -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoken", "tabs"),
    [
        ("nl", ("Het kader", "Toets een initiatief", "Versies", "Aanpassen")),
        ("en", ("The framework", "Test an initiative", "Versions", "Change")),
    ],
)
def test_every_tab_in_both_languages(app, spoken, tabs):
    for tab in tabs:
        opened(app, tab, spoken)
        assert app.title[0].value == tabs[0]


def test_what_is_our_own_proposal_says_so_and_what_is_published_has_its_address(app):
    shown = texts(opened(app, "Het kader"))
    assert "voorbeeld, hier niet vastgesteld" in shown
    assert "eigen voorstel van deze software" in shown
    cells = app.table[0].value.to_string()
    assert "harderwijk.nl" in cells


def test_a_test_of_an_initiative_says_what_is_missing_and_then_what_it_can_count_on(app):
    opened(app, "Toets een initiatief")
    assert "Er is nog niets te zeggen" in texts(app)
    for radio in app.radio:
        if "Voldoet" in str(radio.options):
            radio.set_value("yes")
    app.run()
    next(button for button in app.button if button.label == "Neem de voorgestelde scores over").click().run()
    assert not app.exception
    # The valuation proposes 5, 4, 3 and 4; the other three are 3: 0.45 + 0.75 + 0.8 + 0.45 + 0.4 + 0.45 + 0.3 = 3.6
    for box in app.selectbox:
        if box.value is None and "self_test" in str(box.key):
            box.set_value(3)
    app.run()
    shown = texts(app)
    assert "De uitkomst is **3,6** van de 5. Dat is trede **Steun voor een jaar**." in shown
    assert "Het kan rekenen op:" in shown


def test_a_point_that_is_not_met_ends_the_test(app):
    opened(app, "Toets een initiatief")
    next(radio for radio in app.radio if "winst of voordeel" in radio.label).set_value("no").run()
    assert "buiten het kader" in texts(app)


def test_a_test_that_was_kept_is_there_for_the_next_visit(app):
    opened(app, "Toets een initiatief")
    next(radio for radio in app.radio if "winst of voordeel" in radio.label).set_value("no").run()
    app.button(key="self_test_keep").click().run()
    assert "Alleen u ziet dit" in texts(app)
    again = opened(AppTest.from_file(str(ROOT / "app.py"), default_timeout=60), "Toets een initiatief")
    assert next(radio for radio in again.radio if "winst of voordeel" in radio.label).value == "no"


def test_a_name_that_is_emptied_is_named_and_what_was_typed_elsewhere_stays(app):
    opened(app, "Aanpassen")
    fields = {field.label: field for field in app.text_input}
    fields["Naam (NL)"].set_value("")
    fields["Naam (EN)"].set_value("Village framework").run()
    assert "Dit formulier, Naam › NL: hier moet iets staan" in texts(app)
    assert next(field for field in app.text_input if field.label == "Naam (EN)").value == "Village framework"
    # Also after a look at another page.
    app.switch_page("dashboard/app_pages/start.py").run()
    opened(app, "Aanpassen")
    assert next(field for field in app.text_input if field.label == "Naam (EN)").value == "Village framework"


def test_a_change_without_a_reason_is_not_kept_and_with_one_it_is_the_next_version(app, own_register):
    opened(app, "Aanpassen")
    next(field for field in app.text_input if field.label == "Naam (NL)").set_value("Kader van Dorp").run()
    assert not app.exception
    app.button(key="framework_keep_form").click().run()
    assert "Schrijf op waarom het verandert" in texts(app)
    app.text_input(key="framework_why_form").set_value("Raadsbesluit 12 mei").run()
    app.button(key="framework_keep_form").click().run()
    assert not app.exception
    versions = known_versions(own_register, LOCAL)[FIRST]
    assert [each.framework.version for each in versions] == [1, 2]
    assert [each.framework.name.nl for each in versions] == [load_frameworks()[0].name.nl, "Kader van Dorp"]
    assert versions[1].why == "Raadsbesluit 12 mei"


def test_a_file_with_mistakes_is_named_and_a_good_one_is_kept(app, own_register):
    opened(app, "Aanpassen")
    app.file_uploader[0].upload("kader.toml", b'id = "dorp"\nversion = 1\n')
    app.run()
    assert "kader.toml, name: hier moet iets staan" in texts(app)
    app.file_uploader[0].upload("klein.toml", write_framework(small()))
    app.run()
    assert "Dit is een nieuw kader" in texts(app)
    app.text_input(key="framework_why_file").set_value("Overgenomen van de buren").run()
    app.button(key="framework_keep_file").click().run()
    assert not app.exception
    assert known_versions(own_register, LOCAL)["small"][0].framework == small()


# ---- versions and rights, with the real register -------------------------------------------------


def test_a_decision_to_change_an_example_keeps_the_example_as_the_first_version(own_register):
    example = load_frameworks()[0]
    known = known_versions(own_register, FINANCE)
    made = keep_version(own_register, FINANCE, example, why="Vastgesteld", known=known[FIRST])
    assert made.version == 2
    history = [entry.payload["version"] for entry in own_register.history(FINANCE, None)]
    assert history == [1, 2]


def test_a_council_member_reads_versions_and_keeps_none(own_register):
    keep_version(own_register, FINANCE, small(), why="Nieuw", known=[])
    assert "small" in known_versions(own_register, COUNCIL)
    with pytest.raises(Forbidden):
        keep_version(own_register, COUNCIL, small(), why="x", known=known_versions(own_register, COUNCIL)["small"])


def test_another_municipality_sees_only_the_examples(own_register):
    keep_version(own_register, FINANCE, small(), why="Nieuw", known=[])
    assert set(known_versions(own_register, OTHERS)) == {each.framework_id for each in load_frameworks()}


def test_two_who_change_the_same_version_do_not_overwrite_each_other(own_register):
    keep_version(own_register, FINANCE, small(), why="Nieuw", known=[])
    both_saw = known_versions(own_register, FINANCE)["small"]
    keep_version(own_register, FINANCE, small(), why="De eerste", known=both_saw)
    with pytest.raises(Conflict):
        keep_version(own_register, FINANCE, small(), why="De tweede", known=both_saw)


def test_without_a_register_the_examples_can_be_read():
    assert set(known_versions(None, COUNCIL)) == {each.framework_id for each in load_frameworks()}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("criteria[2].weight", "Criterium 2 › Gewicht"),
        ("criteria.backing.anchors.3.nl", "Criterium › backing › Betekenis van score › 3 › NL"),
        ("working_group.quorum", "Werkgroep › Scores nodig voor een uitkomst"),
    ],
)
def test_a_place_is_called_as_the_form_calls_it(key, words):
    with speaking("nl"):
        assert place_name(key) == words


# ---- the form -----------------------------------------------------------------------------------


@pytest.mark.parametrize("framework", [*load_frameworks(), small()], ids=lambda each: each.framework_id)
def test_a_framework_goes_through_the_form_and_comes_back_the_same(framework):
    data = framework_as_data(framework)
    assert framework_from(data_of(general_of(data), tables_of(data)), "form") == framework


def test_a_row_of_something_that_there_is_not_is_kept_so_that_it_is_reported():
    data = framework_as_data(small())
    tables = tables_of(data)
    tables["anchors"].loc[len(tables["anchors"])] = ["nieuw", 1.0, "tekst", ""]
    tables["requires"].loc[len(tables["requires"])] = ["weg", "plan", 2.0]
    back = data_of(general_of(data), tables)
    assert {"nieuw"} == {each["key"] for each in back["criteria"]} - set(small().weights)
    assert {"weg"} == {each["key"] for each in back["ladder"]} - {step.key for step in small().ladder}


def test_a_code_or_score_that_stands_twice_is_reported_and_nothing_is_lost():
    data = framework_as_data(small())
    tables = tables_of(data)
    tables["criteria"].loc[len(tables["criteria"])] = tables["criteria"].loc[0]
    tables["anchors"].loc[len(tables["anchors"])] = ["value", 1.0, "nog een", ""]
    back = data_of(general_of(data), tables)
    assert [each["key"] for each in back["criteria"]].count("value") == 2
    assert "1 (2)" in back["criteria"][0]["anchors"]


def test_an_empty_row_is_no_row():
    data = framework_as_data(small())
    tables = tables_of(data)
    for name, frame in tables.items():
        empty = frame.iloc[:1].astype(object).map(lambda _value: None)
        tables[name] = pd.concat([frame.astype(object), empty], ignore_index=True)
    assert framework_from(data_of(general_of(data), tables), "form") == small()


@pytest.mark.parametrize(
    ("marked", "text"),
    [("**vet** en \\*ster\\*", "vet en *ster*"), ("a\\\\b", "a\\b"), ("gewoon", "gewoon"), ("\\*\\*x", "**x")],
)
def test_words_for_documents_have_no_signs_of_markdown(marked, text):
    assert unmarked(marked) == text


@pytest.mark.parametrize(("spoken", "tab", "shown"), [("nl", "Aanpassen", False), ("en", "Change", True)])
def test_the_form_begins_with_the_texts_of_the_language_of_the_page(app, spoken, tab, shown):
    assert opened(app, tab, spoken).toggle(key="framework_english").value is shown
