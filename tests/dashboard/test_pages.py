"""Every page in both languages, without a browser: what a visitor opens, loses, keeps and mends."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parent.parent.parent

PAGES = {
    "dashboard/app_pages/start.py": ("Wat is het de buurt waard?", "What is it worth to the neighbourhood?"),
    "dashboard/app_pages/gegevens.py": ("Uw gegevens", "Your figures"),
    "dashboard/app_pages/waarde.py": None,
    "dashboard/app_pages/scenarios.py": ("En wat als?", "What if?"),
    "dashboard/app_pages/verantwoording.py": None,
}
DATA = "dashboard/app_pages/gegevens.py"
START = "dashboard/app_pages/start.py"


def _open_example(app: AppTest) -> AppTest:
    app.run()
    app.button(key="open_example").click().run()
    assert not app.exception
    return app


def _upload(app: AppTest, name: str, content: bytes) -> AppTest:
    if app.session_state["page"] != "gegevens":
        app.switch_page(DATA).run()
    app.file_uploader[0].upload(name, content)
    app.run()
    assert not app.exception
    return app


def _texts(app: AppTest) -> str:
    kinds = (
        app.title,
        app.header,
        app.subheader,
        app.markdown,
        app.error,
        app.info,
        app.success,
        app.warning,
        app.caption,
    )
    return "\n".join(element.value for kind in kinds for element in kind).replace("\\", "")


@pytest.mark.parametrize("spoken", [0, 1], ids=["nl", "en"])
@pytest.mark.parametrize("with_data", [True, False], ids=["example", "empty"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_in_both_languages(app, page, with_data, spoken):
    app.query_params["taal"] = ("nl", "en")[spoken]
    if not with_data:
        app.query_params["gemeente"] = "eigen"  # a reload, after which somebody's own file is not there any more
    app.run()
    app.switch_page(page).run()
    assert not app.exception
    if PAGES[page]:
        assert app.title[0].value == PAGES[page][spoken]
    if not with_data and "start" not in page and "gegevens" not in page:
        assert (
            app.button(key="need_example").label
            == ("Open de voorbeeldgemeente", "Open the example municipality")[spoken]
        )


def test_a_fresh_visit_has_the_example_open_and_says_so(app):
    app.run()
    assert app.session_state["in_use"].example
    assert "voorbeeldcijfers" in _texts(app)


def test_what_the_computation_found_stands_on_the_page_of_the_figures(app):
    app.run()
    app.switch_page(DATA).run()
    assert not app.exception
    assert "structureel tekort" in _texts(app)


def test_thousands_of_messages_are_counted_but_not_all_shown(app, example_bytes):
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(example_bytes))
    for row in range(100, 400):
        book["Effecten"].cell(row, 1, f"weg-{row}")
    file = io.BytesIO()
    book.save(file)
    _upload(app.run(), "lang.xlsx", file.getvalue())
    count = len(app.session_state["shown"].intake.problems)
    assert count > 1000
    assert f"de eerste 200 van {count:,} meldingen".replace(",", ".") in _texts(app)


def test_the_example_opens_with_one_click_and_a_reload_brings_it_back(app):
    _open_example(app)
    assert app.session_state["page"] == "waarde"
    assert app.query_params["gemeente"] == "voorbeeld"
    again = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    again.query_params["gemeente"] = "voorbeeld"
    again.run()
    assert again.session_state["in_use"].example


def test_visitors_do_not_share_their_workbooks(app, changed_workbook):
    _upload(_open_example(app), "eigen.xlsx", changed_workbook())
    other = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert other.session_state["in_use"].example


def test_data_survives_pages_and_language(app):
    _open_example(app)
    opened = app.session_state["in_use"]
    for page in (*PAGES, START):
        app.switch_page(page).run()
        assert app.session_state["in_use"] is opened
    app.segmented_control(key="taal").set_value("en").run()
    assert not app.exception
    assert app.session_state["in_use"] is opened
    assert app.title[0].value == "What is it worth to the neighbourhood?"


def test_an_upload_is_read_once(app, changed_workbook, monkeypatch):
    import intake

    count = []
    read = intake.read_workbook
    monkeypatch.setattr(intake, "read_workbook", lambda *file: count.append(1) or read(*file))
    _upload(app.run(), "eigen.xlsx", changed_workbook())
    app.switch_page(START).run()
    app.switch_page(DATA).run()
    assert len(count) == 1
    assert app.query_params["gemeente"] == "eigen"


def test_a_picture_is_refused_and_the_data_stays(app):
    _open_example(app)
    opened = app.session_state["in_use"]
    _upload(app, "foto.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(64))
    assert len(app.error) == 1
    assert "afbeelding" in app.error[0].value
    assert "voorbeeldgemeente.xlsx" in app.info[0].value
    assert app.session_state["in_use"] is opened
    assert app.session_state["shown"] is opened


def test_a_workbook_with_mistakes_is_shown_while_the_last_good_one_stays_in_use(app, changed_workbook):
    _open_example(app)
    opened = app.session_state["in_use"]
    _upload(app, "fout.xlsx", changed_workbook(Objecten={"C3": "schip"}, Notities={"A1": "eigen blad"}))
    assert app.session_state["in_use"] is opened
    assert "voorbeeldgemeente.xlsx" in _texts(app)
    assert "schip" in _texts(app)
    app.switch_page("dashboard/app_pages/waarde.py").run()
    assert not app.exception
    app.switch_page(DATA).run()
    app.button(key="discard").click().run()
    assert app.session_state["shown"] is opened


def test_a_message_leads_to_its_cell_and_the_cell_can_be_mended_there(app, changed_workbook):
    _upload(app.run(), "fout.xlsx", changed_workbook(Objecten={"C3": "schip"}))
    assert app.session_state["in_use"].example
    button = next(button for button in app.button if button.label == "Objecten C3")
    button.click().run()
    assert app.segmented_control(key="sheet_in_editor").value == "assets"
    (field,) = app.text_input
    assert field.value == "schip"
    assert field.label == "Soort"
    field.set_value("gebouw").run()
    app.button(key="repair_apply").click().run()
    assert not app.exception
    assert app.session_state["in_use"].filename == "fout.xlsx"
    assert "geen fouten" in app.success[0].value


def test_a_mistake_typed_in_the_editor_keeps_what_was_typed(app, changed_workbook):
    _upload(app.run(), "eigen.xlsx", changed_workbook())
    key = f"editor_{app.session_state['editor_mount'][-1]}"
    app.session_state[key] = {"edited_rows": {0: {"market_value_eur": "veel"}}, "added_rows": [], "deleted_rows": []}
    app.run()
    app.button(key="apply").click().run()
    assert not app.exception
    assert "veel" in _texts(app)
    assert app.session_state["shown"].case is None
    assert app.session_state["in_use"].case is not None
    assert app.data_editor[0].value["market_value_eur"].iloc[0] == "veel"


def test_what_was_typed_survives_another_sheet_and_another_page(app, changed_workbook):
    _upload(app.run(), "eigen.xlsx", changed_workbook())
    key = f"editor_{app.session_state['editor_mount'][-1]}"
    app.session_state[key] = {"edited_rows": {0: {"name": "Nieuw"}}, "added_rows": [], "deleted_rows": []}
    app.run()
    app.segmented_control(key="sheet_in_editor").set_value("tasks").run()
    app.segmented_control(key="sheet_in_editor").set_value("assets").run()
    assert app.data_editor[0].value["name"].iloc[0] == "Nieuw"
    app.switch_page(START).run()
    app.switch_page(DATA).run()
    assert app.data_editor[0].value["name"].iloc[0] == "Nieuw"
    app.button(key="apply").click().run()
    assert app.session_state["in_use"].case.assets["name"].iloc[0] == "Nieuw"


def test_after_a_reload_the_page_says_that_an_own_workbook_is_gone(app):
    app.query_params["gemeente"] = "eigen"
    app.run()
    assert "Upload uw werkmap opnieuw" in app.warning[0].value


def test_defaults_and_unused_parts_are_told(app, changed_workbook):
    _upload(app.run(), "eigen.xlsx", changed_workbook(Notities={"A1": "eigen blad"}))
    labels = [expander.label for expander in app.expander]
    assert any("standaardwaarden gebruikt" in label for label in labels)
    assert "1 onderdeel niet gebruikt" in labels
    assert any("Notities" in table.value.to_string() for table in app.table)
