"""The figures of `datasets/`: read as they stand, and missed out loud."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from intake import load_reference
from intake.reference_data import FOLDER, read_reference
from valuation.reference import MissingFigureError

FILES = (
    "unit_values.csv",
    "price_index.csv",
    "assumption_defaults.csv",
    "units.csv",
    "sources.csv",
    "de_minimis.csv",
    "double_counting.csv",
    "evidence_widths.csv",
    "depreciation_terms.csv",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(FOLDER / name, tmp_path / name)
    return tmp_path


def test_the_figures_are_read_once_and_typed() -> None:
    reference = load_reference()
    assert load_reference() is reference
    assert reference.unit_values["value"].dtype == "float64"
    assert str(reference.unit_values["price_year"].dtype) == "Int64"
    assert reference.price_index["year"].dtype == "int64"
    assert reference.default("count_volunteer_hours") is True
    assert reference.default("timing") == "end"
    assert reference.default("discount_rate") == 0.0225


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(MissingFigureError, match=f"datasets/{name} is missing"):
        read_reference(folder)


@pytest.mark.parametrize("name", FILES)
def test_an_empty_file_is_named(folder: Path, name: str) -> None:
    (folder / name).write_text("", encoding="utf-8")
    with pytest.raises(MissingFigureError, match=f"datasets/{name} has no column"):
        read_reference(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_file_without_rows_is_named(folder: Path, name: str) -> None:
    header = (folder / name).read_text(encoding="utf-8").splitlines()[0]
    (folder / name).write_text(f"{header}\n", encoding="utf-8")
    with pytest.raises(MissingFigureError, match=f"datasets/{name} has no rows"):
        read_reference(folder)


def test_a_figure_that_is_no_number_is_named_with_its_line(folder: Path) -> None:
    file = folder / "price_index.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace("96.02", "n.b.")
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(MissingFigureError, match=r"price_index\.csv, line 2: 'n\.b\.' in 'value'"):
        read_reference(folder)


def test_a_row_with_a_cell_too_many_is_named_with_its_line(folder: Path) -> None:
    file = folder / "units.csv"
    file.write_text(file.read_text(encoding="utf-8") + "EUR/x,x,x,x,x,x,x\n", encoding="utf-8")
    with pytest.raises(MissingFigureError, match=r"units\.csv, line \d+, has 7 cells, not 6"):
        read_reference(folder)
