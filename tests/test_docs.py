"""The documents that can be checked: made from the declaration, and naming what exists."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _workbook_page():
    spec = importlib.util.spec_from_file_location("workbook_page", ROOT / "docs" / "workbook_page.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_about_the_workbook_is_made_from_the_declaration():
    assert (ROOT / "docs" / "workbook.md").read_text(encoding="utf-8") == _workbook_page().page()


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
