"""The commands `lines` and `portfolio`, as a user calls them."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import cli

ROOT = Path(__file__).resolve().parents[2]
PUBLIC_CASE = ROOT / "tests" / "cases" / "municipality.xlsx"


@pytest.fixture
def lines(tmp_path):
    path = tmp_path / "lines.parquet"
    assert cli.main(["lines", str(PUBLIC_CASE), "--out", str(path)]) == 0
    return path


def test_a_workbook_gives_the_same_figures_as_its_lines(lines, tmp_path, capsys):
    capsys.readouterr()
    assert cli.main(["portfolio", str(lines), "--out", str(tmp_path / "a.parquet")]) == 0
    assert "objecten gewaardeerd" in capsys.readouterr().out
    assert cli.main(["--taal", "en", "portfolio", str(PUBLIC_CASE), "--out", str(tmp_path / "b.parquet")]) == 0
    assert "objects valued" in capsys.readouterr().out
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "a.parquet"), pd.read_parquet(tmp_path / "b.parquet"))


def test_the_result_may_be_a_workbook(lines, tmp_path):
    out = tmp_path / "values.xlsx"
    assert cli.main(["portfolio", str(lines), "--draws", "1024", "--out", str(out)]) == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["Objecten", "Gemeenten"]
    header, *rows = book["Objecten"].values
    found = pd.DataFrame(rows, columns=header)
    assert cli.main(["portfolio", str(lines), "--draws", "1024", "--out", str(tmp_path / "v.parquet")]) == 0
    expected = pd.read_parquet(tmp_path / "v.parquet").astype({"municipality": str})
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "lines.parquet", "v.municipalities.parquet", "v.parquet", "values.xlsx"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        ("nothing.parquet", 2, "nothing.parquet: No such file or directory"),
        ("nothing.xlsx", 2, "nothing.xlsx: No such file or directory"),
        ("text.parquet", 1, "is geen parquet"),
        ("text.xlsx", 2, "geen Excel-werkmap"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, capsys, source, code, words):
    (tmp_path / "text.parquet").write_text("object;waarde")
    (tmp_path / "text.xlsx").write_bytes(b"%PDF-1.7 no workbook")
    assert cli.main(["portfolio", str(tmp_path / source), "--out", str(tmp_path / "values.parquet")]) == code
    assert words in capsys.readouterr().err
    assert not (tmp_path / "values.parquet").exists()


def test_a_folder_that_is_not_there_is_named(lines, tmp_path, capsys):
    assert cli.main(["portfolio", str(lines), "--out", str(tmp_path / "no" / "values.parquet")]) == 2
    assert str(tmp_path / "no" / "values.parquet") in capsys.readouterr().err


@pytest.mark.parametrize("name", ["values.csv", "values"])
def test_another_kind_of_result_is_refused(lines, name):
    with pytest.raises(SystemExit) as ended:
        cli.main(["portfolio", str(lines), "--out", name])
    assert ended.value.code == 2


@pytest.fixture
def without_objects(tmp_path):
    """A workbook of a municipality that has nothing to transfer yet; horizon and rates are those of the public case."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    rows = {
        "assumptions": [
            ["key", "value"],
            ["municipality", "Leeg"],
            ["base_year", 2026],
            ["horizon_years", 25],
            ["municipal_discount_rate", 0.03],
        ],
        "assets": [["asset_id", "name", "kind", "market_value_eur", "book_value_eur"]],
    }
    for name, cells in rows.items():
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(row)
    path = tmp_path / "empty.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("command", ["lines", "portfolio"])
def test_a_workbook_without_objects_has_no_lines(without_objects, tmp_path, capsys, command):
    out = tmp_path / "out.parquet"
    assert cli.main([command, str(without_objects), "--out", str(out)]) == 1
    assert "geen objecten" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["empty.xlsx"]


def test_a_workbook_without_objects_may_stand_among_others(lines, without_objects, tmp_path):
    both = tmp_path / "both.parquet"
    assert cli.main(["lines", str(without_objects), str(PUBLIC_CASE), "--out", str(both)]) == 0
    pd.testing.assert_frame_equal(pd.read_parquet(both), pd.read_parquet(lines))


def test_two_workbooks_of_one_municipality_are_refused(tmp_path, capsys):
    out = tmp_path / "lines.parquet"
    assert cli.main(["lines", str(PUBLIC_CASE), str(PUBLIC_CASE), "--out", str(out)]) == 1
    assert "Testgemeente" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("source", "out"),
    [
        ("lines.parquet", "lines.parquet"),
        ("values.municipalities.parquet", "values.parquet"),
        ("case.xlsx", "case.xlsx"),
        ("lines.parquet", "link.parquet"),
    ],
)
def test_no_result_is_written_over_what_it_comes_from(lines, tmp_path, capsys, source, out):
    (tmp_path / "link.parquet").symlink_to(lines)
    read = tmp_path / source
    if not read.exists():
        read.write_bytes((PUBLIC_CASE if read.suffix == ".xlsx" else lines).read_bytes())
    before = read.read_bytes()
    assert cli.main(["portfolio", str(read), "--out", str(tmp_path / out)]) == 2
    assert source in capsys.readouterr().err
    assert read.read_bytes() == before


WAITS_IN_ITS_FOLDER = """
import sys, time
from pathlib import Path
from batch import working_folder
with working_folder(Path(sys.argv[1])) as folder:
    (folder / "lines.parquet").write_bytes(b"rows")
    print(folder, flush=True)
    time.sleep(600)
"""


def test_what_a_killed_run_left_goes_with_the_next_one_and_that_of_a_living_one_stays(lines, tmp_path):
    one = [sys.executable, "-c", WAITS_IN_ITS_FOLDER, tmp_path]
    with (
        subprocess.Popen(one, cwd=ROOT, stdout=subprocess.PIPE, text=True) as killed,
        subprocess.Popen(one, cwd=ROOT, stdout=subprocess.PIPE, text=True) as living,
    ):
        left, used = (Path(process.stdout.readline().strip()) for process in (killed, living))
        killed.kill()
        killed.wait()
        assert left.exists()
        assert cli.main(["portfolio", str(lines), "--out", str(tmp_path / "values.xlsx")]) == 0
        assert not left.exists()
        assert (used / "lines.parquet").read_bytes() == b"rows"
        living.kill()
    assert cli.main(["portfolio", str(lines), "--out", str(tmp_path / "values.xlsx")]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lines.parquet", "values.xlsx"]


def test_a_full_disk_is_said_and_the_earlier_result_stays(tmp_path):
    """The kernel refuses to write more than 40 kB to a file, as a full disk does."""
    lines, out = tmp_path / "country.parquet", tmp_path / "values.parquet"
    maker = [sys.executable, ROOT / "datasets" / "synthetic_country.py", "--objects", "3000", "--out", lines]
    subprocess.run(maker, check=True, cwd=ROOT, capture_output=True)
    out.write_bytes(b"the earlier result")
    command = [sys.executable, "-c", "import cli, sys; sys.exit(cli.main())", "portfolio", lines, "--out", out]

    def run(**options):
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **options)

    full = run(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)))
    assert full.returncode == 2
    assert str(out) in full.stderr
    assert "Traceback" not in full.stderr
    assert out.read_bytes() == b"the earlier result"
    assert run().returncode == 0
    assert len(pd.read_parquet(out)) == 3000
