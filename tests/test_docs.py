"""The documents that can be checked: made from the declaration, and naming what exists."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _maker(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["workbook", "portfolio_files"])
def test_a_page_about_columns_is_made_from_the_declaration(name):
    made = _maker(f"{name}_page")
    assert made.PAGE.read_text(encoding="utf-8") == made.page()


def test_links_and_files_that_the_documents_name_exist():
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        text = document.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (document.parent / target).exists(), f"{document.relative_to(ROOT)} links to {target}"


def test_the_table_of_where_to_change_names_real_places():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("## Where do I change")[1].split("## More")[0]
    for place in re.findall(r"`([\w./*]+(?:/|\.\w+))`", table):
        assert list(ROOT.glob(place.rstrip("/"))), place
