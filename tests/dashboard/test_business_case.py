"""The page Business case, without a browser: questions, errors in every kind of answer, what is kept, the outcome."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

import intake
from dashboard import kept
from dashboard.business_case import drafts
from dashboard.business_case.answers import Answers, empty_answers, with_totals
from intake.editing import with_cells
from intake.workbook import CellError
from register import Actor, open_register
from register.actors import LOCAL
from tests.full_disk import full_disk
from valuation.business_case import plan_of

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = "dashboard/app_pages/businesscase.py"


@pytest.fixture(autouse=True)
def own_register(tmp_path, monkeypatch) -> Iterator[None]:
    """A register of this test alone."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/register.db")
    kept._opened.clear()
    yield
    kept._opened.clear()


@pytest.fixture
def page(app: AppTest) -> AppTest:
    """A fresh visitor on the page."""
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


@pytest.fixture
def started(page: AppTest) -> AppTest:
    """A visitor with an empty plan at the first question."""
    return _ok(page.button(key="bc_start_empty").click().run())


def _ok(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    return app


def _texts(app: AppTest) -> str:
    kinds = ("markdown", "caption", "error", "warning", "info", "success", "title", "header", "subheader")
    return "\n".join(str(element.value) for kind in kinds for element in getattr(app, kind))


def _go(app: AppTest, question: str) -> AppTest:
    return _ok(app.button(key=f"bc_jump_{question}").click().run())


def _field(app: AppTest, kind: str, key: str):
    """The field of this cell; its name ends in a number that goes up when its cell is changed elsewhere."""
    (found,) = (each for each in getattr(app, kind) if re.fullmatch(rf"bc_{key}_[0-9]+", str(each.key)))
    return found


def _typed_in(app: AppTest, key: str) -> str:
    return _field(app, "text_input", key).value


def _not_known(app: AppTest, key: str):
    return _field(app, "checkbox", f"{key}_not_known")


def _open_part(app: AppTest, part: str) -> AppTest:
    (switch,) = (each for each in app.segmented_control if str(each.key).startswith("bc_part_"))
    return _ok(switch.set_value(part).run())


def _type(app: AppTest, key: str, text: str) -> AppTest:
    return _ok(_field(app, "text_input", key).set_value(text).run())


def _plan(app: AppTest) -> Answers:
    return app.session_state["business_case_answers"]


def _cell(app: AppTest, table: str, column: str, row: int | None = None) -> object:
    plan = _plan(app)
    return plan.cell(plan.spot(table, column, row))


def _finished() -> Answers:
    """A plan with everything that is needed, put in as cells."""
    plan = empty_answers("nl").with_place("building")
    answers = (
        ("initiatives", "name", "Stichting De Brink"),
        ("initiatives", "renovation_eur", 60_000.0),
        ("initiatives", "volunteer_hours_per_year", 1_200.0),
        ("initiatives", "duration_years", 20.0),
        ("assumptions", "municipality", "Eemstad"),
        ("assumptions", "base_year", 2027.0),
        ("assets", "name", "Buurthuis De Brink"),
        ("assets", "market_value_eur", 320_000.0),
        ("assets", "book_value_eur", 180_000.0),
        ("assets", "proposed_price_eur", 100_000.0),
    )
    for table, column, cell in answers:
        plan = plan.with_answer(plan.spot(table, column), cell)
    rows = (
        (
            "operations",
            {"item": "Zaal", "item_kind": "zaalverhuur", "quantity_per_year": 500.0, "unit_amount_eur": 60.0},
        ),
        ("operations", {"item": "Opvang", "item_kind": "vaste huurders", "unit_amount_eur": 24_000.0}),
        ("operations", {"item": "Energie", "item_kind": "energie", "unit_amount_eur": 18_000.0}),
        ("financing", {"source": "Wij", "funding_kind": "eigen middelen", "amount_eur": 50_000.0}),
        (
            "financing",
            {
                "source": "Bank",
                "funding_kind": "banklening",
                "amount_eur": 150_000.0,
                "interest_rate": 0.045,
                "term_years": 20.0,
            },
        ),
    )
    for table, cells in rows:
        plan = plan.with_row(table, cells)[0]
    return with_totals(plan)


def _upload(page: AppTest, plan: Answers, name: str = "mijn-plan.xlsx") -> AppTest:
    field = page.file_uploader[0]
    return _ok(field.set_value((name, intake.write_workbook(plan.raw), "application/octet-stream")).run())


def test_the_door_of_an_initiative_on_start_leads_here(app):
    app.run()
    _ok(app.button(key="go_residents").click().run())
    assert app.session_state["page"] == "businesscase"
    assert app.button(key="bc_start_empty").label == "Begin met een leeg plan"


def test_an_empty_plan_begins_at_the_first_of_fourteen_questions(started):
    assert "Wie bent u, en wat wilt u?" in _texts(started)
    assert started.query_params["concept"]
    assert started.query_params["vraag"] == "wie"
    jumps = [button for button in started.button if str(button.key).startswith("bc_jump_")]
    assert len(jumps) == 14


def test_next_back_jump_and_skip(started):
    _ok(started.button(key="bc_next").click().run())
    assert "Om welk gebouw of groen gaat het?" in _texts(started)
    _ok(started.button(key="bc_skip").click().run())
    assert started.query_params["vraag"] == "prijs"
    assert "U neemt geen gebouw of groen over" in _texts(started)
    _ok(started.button(key="bc_back").click().run())
    assert started.query_params["vraag"] == "plek"
    _go(started, "kracht")
    _ok(started.button(key="bc_next").click().run())
    assert "Wat staat er nog open?" in _texts(started)


def test_an_answer_stands_in_the_workbook_and_beside_the_question(started):
    _type(started, "initiatives_2_name", "Stichting De Brink")
    assert _cell(started, "initiatives", "name") == "Stichting De Brink"
    assert started.title[0].value == "Businesscase van Stichting De Brink"
    assert "Stichting De Brink" in [caption.value for caption in started.caption]
    started.switch_page("dashboard/app_pages/gegevens.py").run()
    assert "businesscase\\.xlsx" in _texts(started)
    assert started.session_state["shown"].raw is _plan(started).raw


def test_what_is_typed_just_before_a_button_is_pressed_is_kept(started):
    _field(started, "text_input", "initiatives_2_name").set_value("Net op tijd")
    _ok(started.button(key="bc_next").click().run())
    assert _cell(started, "initiatives", "name") == "Net op tijd"


@pytest.mark.parametrize(
    ("question", "key", "typed", "says"),
    [
        ("wie", "assumptions_3_base_year", "volgend jaar", "geen jaartal"),
        ("verbouwing", "initiatives_2_renovation_eur", "veel", "geen bedrag"),
        ("verbouwing", "initiatives_2_renovation_eur", "-500", "negatief"),
        ("verbouwing", "initiatives_2_renovation_eur", "1,234", "op twee manieren"),
        ("verbouwing", "initiatives_2_renovation_eur", "9" * 20, "geen bedrag"),
        ("vrijwilligers", "initiatives_2_volunteer_hours_per_year", "twaalf", "geen getal"),
        ("duur", "initiatives_2_duration_years", "20,5", "geen heel getal"),
        ("duur", "initiatives_2_duration_years", "0", "te laag"),
    ],
)
def test_a_mistake_is_explained_and_what_was_typed_stays(started, question, key, typed, says):
    _go(started, question)
    _type(started, key, typed)
    assert says in "\n".join(error.value for error in started.error)
    assert _typed_in(started, key) == typed
    _ok(started.button(key="bc_next").click().run())
    _go(started, question)
    assert _typed_in(started, key) == typed
    assert says in "\n".join(error.value for error in started.error)
    good = "2027" if key.endswith("base_year") else "12"
    _type(started, key, good)
    assert not started.error


@pytest.mark.parametrize(("typed", "says"), [("veel", "geen percentage"), ("150", "van 0% tot 50%")])
def test_a_wrong_percentage_is_explained(started, typed, says):
    _go(started, "geld")
    _ok(started.button(key="bc_add_financing_bank_loan").click().run())
    _type(started, "financing_2_interest_rate", typed)
    assert says in "\n".join(error.value for error in started.error)
    assert _typed_in(started, "financing_2_interest_rate") in {typed, f"{typed}%"}


def test_an_amount_is_read_back_in_the_notation_of_the_page(started):
    _go(started, "verbouwing")
    _type(started, "initiatives_2_renovation_eur", "60000,50")
    assert "Gelezen als €\u00a060.000,50" in [caption.value for caption in started.caption]
    assert _cell(started, "initiatives", "renovation_eur") == 60_000.5
    _ok(started.segmented_control(key="taal").set_value("en").run())
    assert _typed_in(started, "initiatives_2_renovation_eur") == "60,000.5"
    assert "Read as €60,000.50" in [caption.value for caption in started.caption]
    assert _cell(started, "initiatives", "renovation_eur") == 60_000.5


def test_not_known_with_a_reference_marks_the_cell_and_the_screen(started):
    _go(started, "plek")
    _ok(started.radio[0].set_value("building").run())
    _type(started, "assets_2_area_m2", "420")
    _go(started, "kosten")
    _ok(started.button(key="bc_add_operations_named_building").click().run())
    _ok(_not_known(started, "operations_2_unit_amount_eur").check().run())
    note = _cell(started, "operations", "note", 2)
    assert note.startswith("[referentie] Bedrag per eenheid (€): school_opex_m2")
    assert _cell(started, "operations", "quantity_per_year", 2) == 420.0
    assert any("Referentie" in info.value and "420" in info.value for info in started.info)
    assert _field(started, "text_input", "operations_2_unit_amount_eur").disabled
    _ok(_not_known(started, "operations_2_unit_amount_eur").uncheck().run())
    assert _cell(started, "operations", "unit_amount_eur", 2) is None
    assert _cell(started, "operations", "quantity_per_year", 2) is None
    assert _cell(started, "operations", "note", 2) is None


def test_not_known_without_a_reference_is_an_open_point_and_typing_takes_it_away(started):
    _go(started, "verbouwing")
    _ok(_not_known(started, "initiatives_2_renovation_eur").check().run())
    assert _cell(started, "initiatives", "renovation_eur") is None
    assert _cell(started, "initiatives", "note") == "[weet ik niet] Verbouwing (€): nog na te vragen"
    assert any("aannemer" in warning.value for warning in started.warning)
    _type(started, "initiatives_2_renovation_eur", "5000")
    assert not _not_known(started, "initiatives_2_renovation_eur").value
    assert _cell(started, "initiatives", "note") is None


def test_rows_are_added_filled_in_and_removed_without_mixing_them_up(started):
    _go(started, "inkomsten")
    for kind in ("catering", "funds"):
        _ok(started.button(key=f"bc_add_operations_{kind}").click().run())
    _type(started, "operations_2_unit_amount_eur", "18000")
    _type(started, "operations_3_unit_amount_eur", "5000")
    assert _cell(started, "initiatives", "income_eur_per_year") == 23_000.0
    _ok(started.button(key="bc_remove_operations_2").click().run())
    assert _typed_in(started, "operations_2_unit_amount_eur") == "5.000"
    assert _cell(started, "initiatives", "income_eur_per_year") == 5_000.0
    _ok(started.button(key="bc_remove_operations_2").click().run())
    assert _cell(started, "initiatives", "income_eur_per_year") is None


def test_care_that_is_replaced_brings_its_price_unit_and_payer(started):
    _go(started, "activiteiten")
    _ok(started.button(key="bc_add_tasks_task").click().run())
    _ok(started.selectbox[0].set_value("daycare_elderly_halfday_ref").run())
    row = _plan(started).rows("tasks")[2]
    assert (row["price_key"], row["unit"], row["payer"]) == ("daycare_elderly_halfday_ref", "dagdeel", "gemeente")
    _ok(started.selectbox[0].set_value("other").run())
    assert "price_key" not in _plan(started).rows("tasks")[2]
    _type(started, "tasks_2_institutional_unit_cost_eur", "92,50")
    _go(started, "anders")
    _ok(_field(started, "button_group", "tasks_2_deadweight_nl").set_value(0.1).run())
    _ok(_not_known(started, "tasks_2_substitution_share").check().run())
    assert _plan(started).rows("tasks")[2]["deadweight"] == 0.1
    assert _plan(started).rows("tasks")[2]["substitution_share"] == 0.0
    assert any("voorzichtig" in warning.value for warning in started.warning)


def test_a_reload_brings_back_every_answer_and_the_question(started):
    _go(started, "verbouwing")
    _type(started, "initiatives_2_renovation_eur", "60000")
    _type(started, "initiatives_2_renovation_eur", "veel te veel")
    again = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key in ("concept", "vraag", "deel"):
        again.query_params[key] = started.query_params[key]
    again.switch_page(PAGE)
    _ok(again.run())
    assert _typed_in(again, "initiatives_2_renovation_eur") == "veel te veel"
    assert again.query_params["concept"] == started.query_params["concept"]
    _type(again, "initiatives_2_renovation_eur", "61000")
    found = drafts.resume(again.query_params["concept"])
    assert found is not None
    assert found[1].cell(found[1].spot("initiatives", "renovation_eur")) == 61_000.0


def test_a_draft_is_of_its_maker_alone(started):
    token = started.query_params["concept"]
    register = open_register()
    key = f"local/businesscase/{token}"
    assert register.entries(LOCAL, None, kind="draft", key=key)
    colleague = Actor("other", "Ander", "local", frozenset({"initiative", "finance", "administrator"}))
    assert register.entries(colleague, None, kind="draft", key=key) == []


def test_an_unknown_draft_in_the_url_shows_how_to_begin():
    again = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    again.query_params["concept"] = "geraden"
    again.switch_page(PAGE)
    _ok(again.run())
    assert again.button(key="bc_start_empty").label == "Begin met een leeg plan"


def test_a_second_window_with_the_same_draft_becomes_a_draft_of_its_own(started):
    token = started.query_params["concept"]
    draft, plan, place = drafts.resume(token)
    one = plan.with_answer(plan.spot("initiatives", "name"), "Eerste venster")
    other = plan.with_answer(plan.spot("initiatives", "name"), "Tweede venster")
    drafts.save(draft, one, place)
    copied = drafts.save(draft, other, place)
    assert copied.token != token
    assert drafts.resume(token)[1].rows("initiatives")[2]["name"] == "Eerste venster"
    assert drafts.resume(copied.token)[1].rows("initiatives")[2]["name"] == "Tweede venster"


def test_a_draft_gives_back_every_kind_of_cell():
    plan = _finished()
    moment = datetime.datetime(2026, 5, 1, 12, 30)  # noqa: DTZ001 - a cell has no zone
    odd = {"theme": "zorg\nen meer", "legal_form": datetime.date(2026, 5, 1)}
    odd |= {"neighbourhood": moment, "stage": CellError("#DEEL/0!"), "subsidy_eur_per_year": True}
    changed = Answers(with_cells(plan.raw, "initiatives", 2, odd), plan.initiative_id)
    draft = drafts.save(drafts.begin(plan.raw, "plan.xlsx"), changed, {})
    assert draft.problem == ""
    found = drafts.resume(draft.token)
    assert [sheet.rows for sheet in found[1].raw.sheets] == [sheet.rows for sheet in changed.raw.sheets]


def test_where_the_register_cannot_be_used_the_page_says_so_and_nothing_typed_is_lost(page, tmp_path, monkeypatch):
    (tmp_path / "damaged.db").write_bytes(b"this is no database" * 100)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/damaged.db")
    kept._opened.clear()
    _ok(page.button(key="bc_start_empty").click().run())
    _type(page, "initiatives_2_name", "De Brink")
    assert _cell(page, "initiatives", "name") == "De Brink"
    assert any("Download uw werkmap" in warning.value for warning in page.warning)
    assert "concept" not in page.query_params


def test_on_a_full_disk_the_answers_stay_and_are_kept_once_there_is_room(page):
    kept.register().database.create()
    with full_disk():
        _ok(page.button(key="bc_start_empty").click().run())
        _type(page, "initiatives_2_name", "De Brink")
        assert any("Download uw werkmap" in warning.value for warning in page.warning)
        assert _cell(page, "initiatives", "name") == "De Brink"
    _type(page, "initiatives_2_name", "De Brink en omstreken")
    assert not any("Download uw werkmap" in warning.value for warning in page.warning)
    found = drafts.resume(page.query_params["concept"])
    assert found is not None
    assert found[1].cell(found[1].spot("initiatives", "name")) == "De Brink en omstreken"


def test_a_downloaded_workbook_goes_on_where_it_stopped(page):
    plan = empty_answers("nl")
    plan = plan.with_answer(plan.spot("initiatives", "name"), "De Brink")
    _upload(page, plan)
    assert page.title[0].value == "Businesscase van De Brink"
    _open_part(page, "open-punten")
    assert "Naam van uw groep" not in _texts(page)
    assert "Voor hoeveel jaar maakt u dit plan?" in _texts(page)


def test_the_open_workbook_offers_its_initiatives_and_a_new_one(page):
    chosen = next(box for box in page.selectbox if box.label == "Initiatief")
    case = page.session_state["in_use"].case
    with_rows = {*case.operations["initiative_id"], *case.financing["initiative_id"]}
    without = case.initiatives[~case.initiatives["initiative_id"].isin(with_rows)].iloc[0]
    name = without["name"]
    _ok(chosen.set_value(without["initiative_id"]).run())
    _ok(page.button(key="bc_open_outcome").click().run())
    assert page.title[0].value == f"Businesscase van {name}"
    assert "In één oogopslag" in [tab.label for tab in page.tabs]
    assert "totalen van het blad Initiatieven" in _texts(page)
    _ok(page.button(key="bc_close").click().run())
    chosen = next(box for box in page.selectbox if box.label == "Initiatief")
    _ok(chosen.set_value("").run())
    _ok(page.button(key="bc_open_plan").click().run())
    assert page.title[0].value == "Uw businesscase"
    assert len(_plan(page).every_row("initiatives")) == 20


def test_the_outcome_says_what_valuation_says(page):
    plan = _finished()
    _upload(page, plan)
    _open_part(page, "uitkomst")
    case = intake.build_case(plan.raw, intake.load_reference()).case
    found = plan_of(case, plan.initiative_id)
    text = _texts(page).replace("\u00a0", " ")
    dutch = "€ {:,.0f}".format
    assert dutch(found.uses_eur).replace(",", ".") in text
    assert dutch(found.sources_eur).replace(",", ".") in text
    for number, words in enumerate(
        ("Tien jaar: wat erin komt", "Waar een bank op let", "Vanaf welke prijs, en tot welke?", "Bewaar als dossier"),
        1,
    ):
        page.session_state["plan_tabs_nl"] = [tab.label for tab in page.tabs][number]
        _ok(page.run())
        labels = " ".join(button.label for button in page.button)
        assert words in _texts(page) + labels


def test_an_arrangement_about_the_price_is_added_and_valued(page):
    _upload(page, _finished())
    _open_part(page, "uitkomst")
    page.session_state["plan_tabs_nl"] = "Prijsgesprek"
    _ok(page.run())
    _ok(page.button(key="bc_add_price_terms_review").click().run())
    assert "Herijking en terugvordering" in _texts(page)
    assert _plan(page).rows("price_terms")[2]["arrangement"] == "herijking"


def test_the_case_is_kept_for_the_municipality_when_the_group_says_so(page):
    _upload(page, _finished())
    _open_part(page, "uitkomst")
    page.session_state["plan_tabs_nl"] = "Documenten"
    _ok(page.run())
    register = open_register()
    assert register.cases(LOCAL) == []
    _ok(page.button(key="bc_keep_case").click().run())
    (head,) = register.cases(LOCAL)
    assert (head.name, head.initiatives) == ("Stichting De Brink", ("INITIATIEF-1",))
    book = openpyxl.load_workbook(io.BytesIO(register.case(LOCAL, head.case_id).workbook))
    assert book["Initiatieven"]["B2"].value == "Stichting De Brink"
    _open_part(page, "vragen")
    _type(page, "initiatives_2_name", "Stichting De Nieuwe Brink")
    _open_part(page, "uitkomst")
    _ok(page.button(key="bc_keep_case").click().run())
    (head,) = register.cases(LOCAL)
    assert (head.name, head.version) == ("Stichting De Nieuwe Brink", 2)


def test_without_enough_answers_there_is_no_outcome_but_a_way_to_what_is_missing(started):
    _open_part(started, "uitkomst")
    assert "Er is nog geen uitkomst" in _texts(started)
    _ok(started.button(key="bc_to_points").click().run())
    _ok(started.button(key="bc_point_needed_wie").click().run())
    assert "Wie bent u, en wat wilt u?" in _texts(started)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_question_and_every_part_opens_in_both_languages(started, language):
    _ok(started.segmented_control(key="taal").set_value(language).run())
    _go(started, "plek")
    _ok(started.radio[0].set_value("green").run())
    for question in ("wie", "plek", "prijs", "verbouwing", "activiteiten", "inkomsten", "kosten", "geld", "bereik"):
        _go(started, question)
        adds = [button.key for button in started.button if str(button.key).startswith("bc_add_")]
        for key in adds:
            _ok(started.button(key=key).click().run())
    for question in ("anders", "gemeente", "vrijwilligers", "duur", "kracht"):
        _go(started, question)
    _open_part(started, "open-punten")
    assert len(started.error) == 1


def test_a_price_of_the_workbook_goes_by_its_name_and_so_much_a_week_is_no_amount_a_year(page):
    """The example: light day care at a municipal tariff, and a bar that takes 340 euros in each of 52 weeks."""
    _ok(page.button(key="bc_open_plan").click().run())
    care = next(field for field in _go(page, "activiteiten").selectbox if "anders krijgen" in field.label)
    assert care.value == "wmo_group_light_halfday_mun"
    assert any(option.startswith("Wmo begeleiding groep/dagbesteding licht: €") for option in care.options)
    income = _go(page, "inkomsten").text_input
    bar = next(place for place, field in enumerate(income) if field.value == "340")
    assert [field.label for field in income[bar : bar + 2]] == [
        "Bedrag per eenheid (€)",
        "Hoeveel eenheden per jaar? (weken, kWh, m²)",
    ]
    assert income[bar + 1].value == "52"


def test_each_item_of_a_plan_stands_once_in_the_table_of_years(page):
    """The community centre of the example: seven sources of income and twelve costs on its sheet of operations."""
    _ok(page.button(key="bc_open_outcome").click().run())
    page.session_state["plan_tabs_nl"] = next(tab.label for tab in page.tabs if tab.label == "Exploitatie")
    _ok(page.run())
    (items,) = [table.value for table in page.table if "Post" in table.value]
    assert items["Soort"].tolist() == ["inkomsten"] * 7 + ["kosten"] * 12
    assert items["Post"].is_unique
    assert not items.isin(["–"]).any().any()


def test_beside_the_questions_a_choice_is_in_the_language_of_the_page(page):
    _ok(page.button(key="bc_open_plan").click().run())
    assert "eigen kracht" in _texts(page)
    _ok(page.segmented_control(key="taal").set_value("en").run())
    assert "own strength" in _texts(page)
    assert "eigen kracht" not in _texts(page)


def test_an_amount_with_many_decimals_is_shown_in_cents(page):
    """Major maintenance of the example is 15,000 euros over 720 m², which no number of decimals says exactly."""
    _ok(page.button(key="bc_open_plan").click().run())
    shown = [field.value for field in _go(page, "kosten").text_input]
    assert "20,83" in shown
    assert [text for text in shown if text.startswith("20,833")] == []
