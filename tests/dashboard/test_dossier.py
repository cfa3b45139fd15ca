"""The page Dossier without a browser: keeping, opening, comparing, adding, and what is refused."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import intake
from dashboard.dossier.differences import changed_cells
from dashboard.dossier.words import content_rows
from dashboard.notation import moment
from dashboard.wording import speaking
from intake.frameworks import framework_as_data, load_frameworks
from register import LOCAL, Actor, open_register
from tests.dashboard.conftest import ROOT
from tests.full_disk import full_disk

DOSSIER = "dashboard/app_pages/dossier.py"
FRITS = Actor("frits", "Frits", LOCAL.organisation, frozenset({"finance"}))
PARTS = ["Versies", "Besluiten en herijking", "Wat uitkwam", "Geschiedenis", "Toegang en export"]


def visit(app: AppTest, part: int | None = None) -> AppTest:
    """Come to the page; with the part of the case that is asked for open."""
    if "shown" not in app.session_state:
        app.run()
        app.switch_page(DOSSIER)
    if part is not None:
        app.session_state["dossier_part_nl"] = PARTS[part]
        app.session_state["dossier_part_open"] = part
    app.run()
    assert not app.exception
    return app


def field(app: AppTest, label: str):
    found = [one for one in (*app.text_input, *app.text_area) if one.label.startswith(label)]
    assert found, [one.label for one in app.text_input]
    return found[0]


def choice(app: AppTest, label: str):
    (found,) = [one for one in app.selectbox if one.label == label]
    return found


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [one for one in app.button if one.label == label]
    button.click().run()
    assert not app.exception
    return app


def keep(app: AppTest, why: str = "Eerste doorrekening", name: str | None = None, button: str = "Bewaar") -> AppTest:
    field(app, "Waarom bewaart u het?").set_value(why)
    if name is not None:
        field(app, "Naam van het dossier").set_value(name)
    return press(app, button)


def said(app: AppTest) -> str:
    return " ".join(one.value for one in (*app.success, *app.warning, *app.error, *app.info))


def texts(app: AppTest) -> str:
    return " ".join(one.value for one in (*app.markdown, *app.caption, *app.header, *app.subheader))


def change(app: AppTest, value: float) -> None:
    """Another market value of the first object, as the page Data changes it."""
    raw = app.session_state["shown"].raw
    frame = intake.table_frame(raw, "assets")
    frame.loc[frame.index[0], "market_value_eur"] = str(value)
    with_change = intake.with_table(raw, "assets", frame)
    app.session_state["shown"] = _as_changed(app, with_change)
    app.session_state["in_use"] = app.session_state["shown"]


def _as_changed(app: AppTest, raw: intake.RawWorkbook):
    from dataclasses import replace

    shown = app.session_state["shown"]
    return replace(shown, raw=raw, intake=intake.build_case(raw, intake.load_reference()), edited=True, source=None)


@pytest.fixture
def register(own_register: str):
    opened = open_register(own_register)
    yield opened
    opened.close()


@pytest.fixture
def kept(register, example_bytes: bytes) -> str:
    """The example as Frits kept it."""
    return register.save_case(FRITS, name="De Linde", workbook=example_bytes, why="Eerste versie").case_id


def test_the_example_is_kept_as_a_case_and_known_again(app: AppTest, register, example_bytes: bytes):
    visit(app)
    assert "Er is nog niets bewaard" in said(app)
    keep(app)
    assert "Bewaard als versie 1 van Voorbeeldstad." in said(app)
    (head,) = register.cases(LOCAL)
    assert register.case(LOCAL, head.case_id).workbook == example_bytes
    assert len(head.initiatives) == 19
    known_as = app.session_state["shown"].kept
    assert (known_as.case_id, known_as.version) == (head.case_id, 1)
    assert app.query_params["gemeente"] == f"dossier-{head.case_id}.1"
    assert not [one for one in app.button if one.label.startswith("Bewaar")]


def test_a_name_and_a_reason_are_asked_for(app: AppTest, register):
    visit(app)
    keep(app, why="  ")
    assert "Vul een naam in en waarom" in said(app)
    assert register.cases(LOCAL) == []


def test_a_link_opens_a_kept_version_after_a_restart(kept: str):
    """A new visitor, who has nothing but the address."""
    fresh = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    fresh.query_params["gemeente"] = f"dossier-{kept}.1"
    fresh.run()
    assert not fresh.exception
    workbook = fresh.session_state["shown"]
    assert (workbook.kept.case_id, workbook.kept.name, workbook.edited) == (kept, "De Linde", False)
    assert workbook.case.assumptions.municipality == "Voorbeeldstad"


@pytest.mark.parametrize(
    "word", ["dossier-nothing.1", "dossier-", "dossier-a.b", "dossier-x.99999999999", "dossier-..1"]
)
def test_a_link_that_names_nothing_opens_the_example(word: str):
    fresh = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    fresh.query_params["gemeente"] = word
    fresh.run()
    assert not fresh.exception
    assert fresh.session_state["shown"].example
    assert fresh.session_state["shown"].kept is None


def test_a_changed_workbook_becomes_the_next_version(app: AppTest, register, kept: str):
    visit(app, 0)
    press(app, "Open deze versie")
    assert "Versie 1 van De Linde staat open." in said(app)
    change(app, 123456)
    visit(app)
    assert "daarna op het scherm gewijzigd" in texts(app)
    keep(app, why="Nieuwe taxatie", button="Bewaar als versie 2")
    assert [entry.why for entry in register.history(LOCAL, kept)] == ["Eerste versie", "Nieuwe taxatie"]
    case = intake.build_case(
        intake.read_workbook(register.case(LOCAL, kept).workbook, "x.xlsx"), intake.load_reference()
    ).case
    assert case.assets["market_value_eur"].iloc[0] == 123456


def _collide(app: AppTest, register, kept: str, changed_workbook) -> AppTest:
    """Two people build on version 1; Frits is first."""
    visit(app, 0)
    press(app, "Open deze versie")
    change(app, 123456)
    theirs = changed_workbook(Objecten={"P3": 999_000})
    register.save_case(FRITS, case_id=kept, name="De Linde", workbook=theirs, based_on=1, why="Andere huur")
    visit(app)
    return keep(app, why="Nieuwe taxatie", button="Bewaar als versie 2")


def test_when_somebody_else_was_first_both_are_shown_and_nothing_is_lost(app, register, kept, changed_workbook):
    _collide(app, register, kept, changed_workbook)
    assert "Frits bewaarde versie 2 op" in said(app)
    assert "“Andere huur”" in said(app)
    assert "gaat uit van versie 1" in said(app)
    assert [entry.version for entry in register.history(LOCAL, kept)] == [1, 2]
    cells = next(table.value for table in app.table if "Uw versie" in table.value.columns)
    assert set(cells["Uw versie"]) >= {"123.456"}
    assert set(cells["Versie 2 van Frits"]) >= {"999.000"}
    assert len(cells) == 2
    assert app.session_state["shown"].edited


def test_ones_own_version_is_kept_after_all(app, register, kept, changed_workbook):
    _collide(app, register, kept, changed_workbook)
    press(app, "Bewaar mijn versie als versie 3")
    assert [(entry.version, entry.by_name, entry.why) for entry in register.history(LOCAL, kept)] == [
        (1, "Frits", "Eerste versie"),
        (2, "Frits", "Andere huur"),
        (3, LOCAL.name, "Nieuwe taxatie"),
    ]
    assert app.session_state["shown"].kept.version == 3


def test_ones_own_version_is_dropped(app, register, kept, changed_workbook):
    _collide(app, register, kept, changed_workbook)
    press(app, "Laat mijn versie vallen, open versie 2")
    assert app.session_state["shown"].kept.version == 2
    assert not app.session_state["shown"].edited
    assert len(register.history(LOCAL, kept)) == 2


def test_while_one_looks_at_a_collision_a_third_one_can_be_first(app, register, kept, changed_workbook):
    _collide(app, register, kept, changed_workbook)
    register.save_case(FRITS, case_id=kept, name="De Linde", workbook=changed_workbook(), based_on=2, why="Nog iets")
    press(app, "Bewaar mijn versie als versie 3")
    assert "Frits bewaarde versie 3 op" in said(app)
    press(app, "Bewaar mijn versie als versie 4")
    assert app.session_state["shown"].kept.version == 4


def test_an_upload_can_become_the_next_version(app: AppTest, register, kept: str):
    visit(app)
    change(app, 5)
    visit(app)
    names = choice(app, "Bewaar het als")
    names.set_value(kept)
    keep(app, name="De Linde")
    assert [entry.version for entry in register.history(LOCAL, kept)] == [1, 2]


def test_a_workbook_with_mistakes_is_kept_and_opened_as_it_is(app: AppTest):
    visit(app)
    change(app, "veel")
    visit(app)
    assert "Er staan nog fouten in" in texts(app)
    keep(app, name="Met fouten")
    visit(app, 2)
    assert "In versie 1 staan fouten" in said(app)
    visit(app, 0)
    press(app, "Open deze versie")
    assert app.session_state["shown"].case is None


def test_two_versions_beside_each_other(app: AppTest, register, kept: str, changed_workbook):
    changed = changed_workbook(Objecten={"P3": 515_000})
    register.save_case(FRITS, case_id=kept, name="De Linde", workbook=changed, based_on=1, why="Taxatie")
    visit(app, 0)
    cells, figures = [table.value for table in app.table][1:3]
    assert cells[["Blad", "Kolom", "Versie 1", "Versie 2"]].values.tolist() == [
        ["Objecten", "Marktwaarde (€)", "690.000", "515.000"]
    ]
    market = figures[figures["Uitkomst"] == "Marktwaarde (€)"]
    assert market[["Versie 1", "Versie 2", "Verschil"]].values.tolist() == [
        ["€\xa0690.000", "€\xa0515.000", "€\xa0−175.000"]
    ]
    choice(app, "Van versie").set_value(2).run()
    assert "Kies twee verschillende versies." in texts(app)


def test_a_review_is_planned_and_held(app: AppTest, register, kept: str):
    visit(app, 1)
    field(app, "Waarom dan?").set_value("Afgesproken bij de overdracht")
    press(app, "Plan")
    (planned,) = register.entries(LOCAL, kept, "review")
    assert planned.payload == {"outcome": "planned"}
    assert planned.key.endswith("-01-01")
    assert "Volgende herijking" in texts(app)
    (outcome,) = [one for one in app.radio if one.label == "Uitkomst"]
    outcome.set_value("adjust")
    field(app, "Redenen").set_value("Minder deelnemers dan verwacht")
    (submit,) = [one for one in app.button if one.label == "Leg vast" and "hold_review" in one.form_id]
    submit.click().run()
    assert not app.exception
    assert [entry.payload["outcome"] for entry in register.entries(LOCAL, kept, "review")] == ["adjust"]
    assert "Er is geen herijking gepland" in texts(app)


def test_a_claw_back_is_kept_with_its_schedule(app: AppTest, register, kept: str):
    visit(app, 1)
    field(app, "Korting op de prijs").set_value("90.000").run()
    field(app, "Waarom? Bij welk besluit").set_value("Raadsbesluit")
    (button,) = [one for one in app.button if one.key == "keep_claw_back"]
    button.click().run()
    (entry,) = register.entries(LOCAL, kept, "claw_back")
    assert (entry.payload["discount_eur"], entry.payload["term_years"]) == (90_000, 10)
    schedule = next(table.value for table in app.table if "Terug te betalen" in table.value.columns)
    assert schedule["Terug te betalen"].tolist()[:2] == ["€\xa090.000", "€\xa081.000"]


def test_decisions_of_other_pages_are_shown_with_all_that_they_say(app: AppTest, register, kept: str):
    register.append(
        FRITS,
        kept,
        kind="decision",
        key="raad",
        payload={"outcome": "ja", "discount_eur": 85000, "conditions": ["herijking", "openstelling"]},
        based_on=None,
        why="Raadsbesluit 12 maart",
    )
    visit(app, 1)
    assert "Raadsbesluit 12 maart" in texts(app)
    rows = next(table.value for table in app.table if "Inhoud" in table.value.columns)
    assert rows.values.tolist() == [
        ["Uitkomst", "Ja"],
        ["Voorwaarden", "herijking, openstelling"],
        ["Korting op de prijs", "€\xa085.000"],
    ]


def test_a_decision_of_the_working_group_speaks_the_words_of_its_framework(app: AppTest, register, kept: str):
    framework = load_frameworks()[0]
    step = framework.ladder[0]
    for kind, key, payload in (
        ("round", "r", {"name": "Voorjaar", "members": [], "framework": framework_as_data(framework)}),
        (
            "decision",
            "r/I-01",
            {"name": "De Linde", "decided_step": step.key, "decider": "council", "results": {"a": {"b": 1}}},
        ),
    ):
        register.append(FRITS, kept, kind=kind, key=key, payload=payload, based_on=None, why="Werkgroep")
    visit(app, 1)
    tables = [table.value for table in app.table if "Inhoud" in table.value.columns]
    assert tables[0].values.tolist() == [
        ["Naam", "De Linde"],
        ["Besloten", step.name.in_language("nl")],
        ["Wie beslist", "de raad"],
    ]
    assert tables[1].values.tolist() == [["Uitkomsten › A › B", "1"]]
    assert "1 andere toevoeging: rondes, scores, concepten" in [one.label for one in app.expander]


def _fill_in(app: AppTest) -> AppTest:
    visit(app, 2)
    field(app, "Subsidie (€)").set_value("14.000,50")
    field(app, "Vrijwilligersuren (uren)").set_value("")
    field(app, "Vermeden zorg: dagbesteding licht").set_value("600")
    field(app, "Waar komen de cijfers vandaan?").set_value("Jaarverslag")
    return press(app, "Voeg dit jaar toe")


def test_what_came_true_is_added_and_put_beside_the_forecast(app: AppTest, register, kept: str):
    _fill_in(app)
    (entry,) = register.entries(LOCAL, kept, "realisation")
    assert entry.key == "I-01/1"
    assert entry.payload["amounts"]["subsidy"] == 14_000.5
    assert entry.payload["amounts"]["volunteer_hours"] is None
    assert entry.payload["amounts"]["avoided_institutional_cost/dagbesteding licht"] == 600
    assert "2026 is toegevoegd." in said(app)
    items = next(table.value for table in app.table if "Post" in table.value.columns).set_index("Post")
    assert items.loc["Subsidie (€)", "Uitgekomen"] == "14.001 (93%)"
    assert items.loc["Vrijwilligersuren (uren)", "Uitgekomen"] == "–"
    assert "Van de besparing die de gemeente tot nu toe verwachtte" in texts(app)


def test_what_is_no_number_stays_in_its_field(app: AppTest, register, kept: str):
    visit(app, 2)
    field(app, "Subsidie (€)").set_value("veel")
    field(app, "Waar komen de cijfers vandaan?").set_value("Jaarverslag")
    press(app, "Voeg dit jaar toe")
    assert "Dit is geen getal" in said(app)
    assert field(app, "Subsidie (€)").value == "veel"
    assert register.entries(LOCAL, kept, "realisation") == []


def test_two_people_who_fill_in_the_same_year(app: AppTest, register, kept: str):
    """The second one is told who was first, keeps what was typed, and can add it after that."""
    visit(app, 2)
    theirs = {"initiative_id": "I-01", "year": 1, "calendar_year": 2026, "amounts": {"subsidy": 1.0}}
    register.append(
        FRITS, kept, kind="realisation", key="I-01/1", payload=theirs, based_on=None, why="Van de boekhouding"
    )
    field(app, "Subsidie (€)").set_value("14000")
    field(app, "Waar komen de cijfers vandaan?").set_value("Jaarverslag")
    press(app, "Voeg dit jaar toe")
    assert "Frits voegde versie 1 toe op" in said(app)
    assert "“Van de boekhouding”" in said(app)
    assert field(app, "Subsidie (€)").value == "14000"
    assert len(register.entries(LOCAL, kept, "realisation", latest=False)) == 1
    press(app, "Voeg dit jaar toe")
    entries = register.entries(LOCAL, kept, "realisation", latest=False)
    assert [entry.payload["amounts"]["subsidy"] for entry in entries] == [1.0, 14_000]


def test_two_people_who_record_the_same_review(app: AppTest, register, kept: str):
    day = "2031-01-01"
    register.append(FRITS, kept, kind="review", key=day, payload={"outcome": "planned"}, based_on=None, why="x")
    visit(app, 1)
    register.append(FRITS, kept, kind="review", key=day, payload={"outcome": "end"}, based_on=1, why="Gestopt")
    (outcome,) = [one for one in app.radio if one.label == "Uitkomst"]
    outcome.set_value("continue")
    field(app, "Redenen").set_value("Loopt goed")
    (submit,) = [one for one in app.button if "hold_review" in one.form_id]
    submit.click().run()
    assert "“Gestopt”" in said(app)
    assert field(app, "Redenen").value == "Loopt goed"
    (submit,) = [one for one in app.button if "hold_review" in one.form_id]
    submit.click().run()
    assert [entry.payload["outcome"] for entry in register.entries(LOCAL, kept, "review", latest=False)] == [
        "planned",
        "end",
        "continue",
    ]


def test_the_history_says_who_what_and_why(app: AppTest, register, kept: str):
    register.append(FRITS, kept, kind="review", key="2031-01-01", payload={}, based_on=None, why="Over vijf jaar")
    visit(app, 3)
    (table,) = [table.value for table in app.table]
    assert table[["Nr.", "Wie", "Wat", "Waarom"]].values.tolist() == [
        ["2", "Frits", "Herijking 1 januari 2031, versie 1", "Over vijf jaar"],
        ["1", "Frits", "Werkmap, versie 1", "Eerste versie"],
    ]


def test_access_is_given_and_taken(app: AppTest, register, kept: str):
    visit(app, 4)
    field(app, "Wie").set_value("olga@example.nl")
    field(app, "Waarom?").set_value("Zij voert het uit")
    press(app, "Leg vast")
    olga = Actor("olga@example.nl", "Olga", LOCAL.organisation, frozenset({"initiative"}))
    assert [head.case_id for head in register.cases(olga)] == [kept]
    assert "olga@example.nl" in next(table.value for table in app.table)["Wie"].tolist()


@pytest.mark.usefixtures("kept")
def test_a_case_is_deleted_only_by_typing_its_name(app: AppTest, register):
    visit(app, 0)
    press(app, "Open deze versie")
    visit(app, 4)
    field(app, "Typ ter bevestiging").set_value("De linde")
    press(app, "Verwijder voorgoed")
    assert "Dat is niet de naam van dit dossier" in said(app)
    assert len(register.cases(LOCAL)) == 1
    field(app, "Typ ter bevestiging").set_value("De Linde")
    press(app, "Verwijder voorgoed")
    assert "Het dossier is verwijderd." in said(app)
    assert register.cases(LOCAL) == []
    assert app.session_state["shown"].kept is None
    assert app.session_state["shown"].edited
    assert [stone.reason for stone in register.tombstones(LOCAL)] == ["request"]


def test_without_a_register_the_page_says_so_and_the_rest_goes_on(app: AppTest, monkeypatch, tmp_path: Path):
    (tmp_path / "broken.db").write_bytes(b"no database" * 500)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/broken.db")
    visit(app)
    assert "beschadigd" in said(app)
    assert app.session_state["shown"].example
    app.switch_page("dashboard/app_pages/waarde.py").run()
    assert not app.exception


@pytest.mark.usefixtures("kept")
def test_a_register_that_is_moved_away_while_one_works(app: AppTest, register):
    visit(app)
    file = register.database.file
    field(app, "Naam van het dossier").set_value("De Linde opnieuw")
    field(app, "Waarom bewaart u het?").set_value("Doorrekening van juni")
    file.rename(file.with_suffix(".away"))
    press(app, "Bewaar")
    assert "niet bereikbaar" in said(app)
    file.with_suffix(".away").rename(file)
    visit(app)
    assert "De Linde" in texts(app)
    assert field(app, "Naam van het dossier").value == "De Linde opnieuw"
    assert field(app, "Waarom bewaart u het?").value == "Doorrekening van juni"


def test_on_a_full_disk_nothing_typed_is_lost_and_keeping_again_works(app: AppTest, register):
    register.database.create()
    visit(app)
    with full_disk():
        keep(app, why="Doorrekening van juni", name="De Linde opnieuw")
        assert "De schijf van het register is vol. Er is niets geschreven." in said(app)
        assert register.cases(FRITS) == []
        assert field(app, "Waarom bewaart u het?").value == "Doorrekening van juni"
        assert field(app, "Naam van het dossier").value == "De Linde opnieuw"
        assert app.session_state["shown"].example
    press(app, "Bewaar")
    assert [head.name for head in register.cases(FRITS)] == ["De Linde opnieuw"]


def _raw(content: bytes) -> intake.RawWorkbook:
    return intake.read_workbook(content, "x.xlsx")


def test_rows_that_moved_are_no_difference(example_bytes: bytes):
    book = openpyxl.load_workbook(io.BytesIO(example_bytes))
    sheet = book["Taken"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for number, row in enumerate(reversed(rows), start=2):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
    file = io.BytesIO()
    book.save(file)
    with speaking("nl"):
        assert changed_cells(_raw(example_bytes), _raw(file.getvalue())).empty


def test_rows_that_came_and_went_are_named(example_bytes: bytes):
    book = openpyxl.load_workbook(io.BytesIO(example_bytes))
    book["Objecten"]["A2"] = "nieuw"
    file = io.BytesIO()
    book.save(file)
    with speaking("nl"):
        found = changed_cells(_raw(example_bytes), _raw(file.getvalue()))
    assert found["before"].tolist() == ["–", "rij weggehaald"]
    assert found["after"].tolist() == ["nieuwe rij", "–"]
    assert found["row"].iloc[0].startswith("nieuw · ")


def test_any_content_is_shown_in_words():
    payload = {
        "price_eur": 1234.5,
        "social_value_share": 0.25,
        "year": 2031,
        "linked": True,
        "nothing": None,
        "plain": ["a", 2],
        "nested": {"term_years": 5, "rows": [{"x": 1}, "y"]},
        "empty": [],
    }
    with speaking("en"):
        assert content_rows(payload) == [
            ("Price", "€1,235"),
            ("Social value", "25.0%"),
            ("Year", "2031"),
            ("May see it", "yes"),
            ("Nothing", "–"),
            ("Plain", "a, 2"),
            ("Nested › Term in years", "5"),
            ("Nested › Rows 1 › X", "1"),
            ("Nested › Rows 2", "y"),
            ("Empty", "–"),
        ]


def test_moments_are_by_the_clock_in_the_netherlands():
    winter, summer = pd.Timestamp("2026-01-15T13:03:00Z"), pd.Timestamp("2026-07-15T13:03:00Z")
    with speaking("nl"):
        assert moment(winter.to_pydatetime()) == "15 januari 2026 om 14:03"
        assert moment(summer.to_pydatetime()) == "15 juli 2026 om 15:03"
    with speaking("en"):
        assert moment(winter.to_pydatetime()) == "15 January 2026 at 14:03"
        assert moment(None) == "–"
