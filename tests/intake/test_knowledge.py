"""The texts of datasets/ that people read are complete in both languages."""

from __future__ import annotations

import pytest

from intake import knowledge, load_reference
from intake.knowledge import load_checks, load_default_notes, load_glossary, load_public_checks
from valuation.reference import MissingFigureError


@pytest.mark.parametrize("load", [load_glossary, load_checks, load_default_notes, load_public_checks])
def test_no_text_is_empty(load):
    table = load()
    texts = [column for column in table.columns if column.endswith(("_nl", "_en"))]
    assert len(table) > 0
    assert (table[texts].map(str.strip) != "").all(axis=None)


def test_every_source_of_a_check_is_known():
    known = set(load_reference().sources["source_id"])
    assert set(load_checks()["source_id"]) <= known
    assert set(load_public_checks()["source"]) <= known


def test_a_missing_file_or_column_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(knowledge, "FOLDER", tmp_path)
    with pytest.raises(MissingFigureError, match=r"glossary\.csv is missing"):
        knowledge._read("glossary.csv", knowledge.GLOSSARY)
    (tmp_path / "glossary.csv").write_text("term_nl\nx\n")
    with pytest.raises(MissingFigureError, match="no column 'term_en'"):
        knowledge._read("glossary.csv", knowledge.GLOSSARY)
