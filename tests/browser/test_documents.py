"""A document as a visitor gets it: pressed for on the page, made then, and read from the file that was saved."""

from __future__ import annotations

import io

import docx
import pytest

from tests.exports.pages import page_texts

pytestmark = pytest.mark.browser
PATIENCE = 120_000
"""[ms] The first page of a server that has just started, on a machine that is busy with other tests."""


def saved(page, name: str) -> bytes:
    """The file behind a button."""
    with page.expect_download(timeout=PATIENCE) as download:
        page.get_by_role("button", name=name, exact=True).click()
    return download.value.path().read_bytes()


def test_the_brief_of_a_moved_price_as_pdf_and_word(page, server):
    page.goto(f"{server}/waarde?gemeente=voorbeeld&taal=nl&object=0101&prijs=300000")
    page.get_by_role("button", name="Raadsbrief (PDF)").wait_for(timeout=PATIENCE)
    first, _second = page_texts(saved(page, "Raadsbrief (PDF)"))
    assert "Voorgestelde prijs: € 300.000 (werkmap: € 240.000)" in first
    word = docx.Document(io.BytesIO(saved(page, "Raadsbrief (Word)")))
    assert any("€ 300.000 (werkmap" in paragraph.text.replace("\u00a0", " ") for paragraph in word.paragraphs)


def test_the_documents_of_an_initiative(page, server):
    page.goto(f"{server}/initiatieven?gemeente=voorbeeld&taal=en&deel=een&initiatief=I-01")
    page.get_by_role("button", name="Business case (PDF)").wait_for(timeout=PATIENCE)
    assert "Business case: Buurthuis De Linde" in page_texts(saved(page, "Business case (PDF)"))[0]
    assert "Right-to-challenge application" in page_texts(saved(page, "Right to challenge (PDF)"))[0]
