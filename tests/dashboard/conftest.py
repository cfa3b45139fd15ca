"""The app without a browser, and workbooks to hand in."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "datasets" / "voorbeeldgemeente.xlsx"


@pytest.fixture(autouse=True)
def own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A register of this test's own, so that none is made beside the code; its address."""
    url = f"sqlite:///{tmp_path}/register.db"
    monkeypatch.setenv("DATABASE_URL", url)
    return url


@pytest.fixture
def app() -> AppTest:
    """A fresh visitor on the start page."""
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


def lasting(app: AppTest, key: str) -> Selectbox:
    """The field of `dashboard.lasting` with this key; its own key in Streamlit also has what it is made anew for."""
    (found,) = [field for field in app.selectbox if (field.key or "").startswith(f"{key}_")]
    return found


@pytest.fixture(scope="session")
def example_bytes() -> bytes:
    """The example municipality."""
    return EXAMPLE.read_bytes()


@pytest.fixture
def changed_workbook(example_bytes: bytes) -> Callable[..., bytes]:
    """The example with other cells: `changed_workbook(Taken={"E2": "twaalf"})`."""

    def change(**sheets: dict[str, Any]) -> bytes:
        workbook = openpyxl.load_workbook(io.BytesIO(example_bytes))
        for name, cells in sheets.items():
            sheet = workbook[name] if name in workbook.sheetnames else workbook.create_sheet(name)
            for cell, value in cells.items():
                sheet[cell] = value
        file = io.BytesIO()
        workbook.save(file)
        return file.getvalue()

    return change
