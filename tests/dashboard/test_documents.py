"""The documents that the pages offer: made when asked for, with what is on screen, and with a name that is safe."""

from __future__ import annotations

import datetime

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.documents import application_offers, brief_offers, file_part, plan_offers
from dashboard.wording import speaking
from tests.exports.document_cases import example
from tests.exports.pages import page_texts, text_of
from valuation.appraisal import Result, appraise

WORTH, INITIATIVES = "dashboard/app_pages/waarde.py", "dashboard/app_pages/initiatieven.py"
DAY = datetime.date(2026, 11, 24)


@pytest.fixture(scope="module")
def result() -> Result:
    return example()


def visit(app: AppTest, page: str, spoken: str = "nl", **url: str) -> AppTest:
    """The example on one page."""
    for parameter, value in {"taal": spoken, "gemeente": "voorbeeld"}.items():
        app.query_params[parameter] = value
    app.run()
    app.switch_page(page)
    for parameter, value in url.items():
        app.query_params[parameter] = value
    app.run()
    assert not app.exception
    return app


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.get("download_button")]


@pytest.mark.parametrize(("spoken", "wanted"), [("nl", "Raadsbrief (PDF)"), ("en", "Council brief (Word)")])
def test_the_page_value_offers_the_brief(app, spoken, wanted):
    assert wanted in labels(visit(app, WORTH, spoken))


def test_an_object_without_an_initiative_has_a_brief_too(app):
    assert "Raadsbrief (Word)" in labels(visit(app, WORTH, object="0106"))


def test_the_page_of_one_initiative_offers_its_documents(app):
    offered = labels(visit(app, INITIATIVES, deel="een"))
    for wanted in ("Uitdaagrecht (Word)", "Uitdaagrecht (PDF)", "Businesscase (Word)", "Businesscase (PDF)"):
        assert wanted in offered


def test_an_offer_makes_the_file_of_its_label_when_it_is_taken(result):
    with speaking("nl"):
        made = [*application_offers(result, "I-01", DAY), *plan_offers(result, "I-01", DAY)]
        offers = {offer.key: offer for offer in made}
    assert {key: offer.file_name for key, offer in offers.items()} == {
        "application_docx": "uitdaagrecht-I-01.docx",
        "application_pdf": "uitdaagrecht-I-01.pdf",
        "plan_docx": "businesscase-I-01.docx",
        "plan_pdf": "businesscase-I-01.pdf",
    }
    # Taken later, outside the page: the language of the page still holds.
    assert "Aanvraag uitdaagrecht" in text_of(offers["application_pdf"].make())
    assert "Businesscase" in text_of(offers["plan_pdf"].make())
    assert offers["plan_docx"].make().startswith(b"PK")
    assert offers["application_docx"].make().startswith(b"PK")


@pytest.mark.parametrize(
    ("number", "part"),
    [("0101", "0101"), ("G-02", "G-02"), ("../../etc", "etc"), ("a b/c", "a-b-c"), ("???", "1"), ("x" * 200, "x" * 60)],
)
def test_a_number_becomes_a_safe_name_of_a_file(number, part):
    assert file_part(number) == part


def test_a_brief_of_moved_figures_says_so_and_has_them(result):
    moved = appraise(result.case.with_asset("0101", proposed_price_eur=300_000.0))
    remark = "Voorgestelde prijs: € 300.000 (werkmap: € 240.000)"
    with speaking("nl"):
        offers = brief_offers(result.case, moved, "0101", problems=(), remarks=[remark], date=DAY)
    pages = page_texts(next(offer for offer in offers if offer.kind == "pdf").make())
    assert len(pages) == 2
    assert remark in pages[0]
    assert "De voorgestelde prijs van € 300.000 is meer dan het initiatief kan dragen" in pages[0]
    assert "24 november 2026" in pages[0]
