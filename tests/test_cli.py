"""The command, as a user calls it: what it prints, what it writes, and with which exit code it ends."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import cli

CASES = Path(__file__).parent / "cases"
PUBLIC_CASE = CASES / "municipality.xlsx"


def differences(got, want, place=""):
    """Every field of `want` that `got` does not have, to 1e-9 relative."""
    if isinstance(want, dict):
        for key, value in want.items():
            yield from [f"{place}.{key} missing"] if key not in got else differences(got[key], value, f"{place}.{key}")
    elif isinstance(want, list):
        if len(got) != len(want):
            yield f"{place}: {len(got)} rows, expected {len(want)}"
        for number, pair in enumerate(zip(got, want, strict=False)):
            yield from differences(*pair, f"{place}[{number}]")
    elif want is None or isinstance(want, bool | str):
        if got != want:
            yield f"{place}: {got!r}, expected {want!r}"
    elif not isinstance(got, int | float) or not math.isclose(got, want, rel_tol=1e-9, abs_tol=1e-6):
        yield f"{place}: {got!r}, expected {want!r}"


def changed(path: Path, **cells: object) -> Path:
    """A copy of the public case with other cells, such as `Objecten__C2`."""
    book = openpyxl.load_workbook(PUBLIC_CASE)
    for place, value in cells.items():
        sheet, cell = place.split("__")
        book[sheet][cell] = value
    book.save(path)
    return path


def test_the_public_case_in_every_field(capsys):
    assert cli.main(["value", str(PUBLIC_CASE), "--json", "-"]) == 0
    got = json.loads(capsys.readouterr().out)
    assert list(differences(got, json.loads((CASES / "municipality.json").read_text()))) == []


def test_the_comparison_itself_can_fail(capsys):
    cli.main(["value", str(PUBLIC_CASE), "--json", "-"])
    got = json.loads(capsys.readouterr().out)
    want = json.loads((CASES / "municipality.json").read_text())
    want["assets"][1]["budget"][2]["freed_interest_eur"] *= 1 + 1e-8
    assert len(list(differences(got, want))) == 1


def test_the_installed_command_writes_json_and_tells_the_warnings(tmp_path):
    target = tmp_path / "result.json"
    command = [Path(sys.executable).parent / "buurtwaarde", "value", PUBLIC_CASE, "--json", target]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "")
    assert "Let op: Blad Objecten, cel O5" in run.stderr
    content = json.loads(target.read_text(encoding="utf-8"))
    assert [problem["level"] for problem in content["problems"]] == ["warning"] * len(content["problems"])
    assert {"cell": "O5", "column": "Boekwaarde (€)"}.items() <= content["problems"][0].items()


def test_results_can_be_a_workbook(tmp_path):
    target = tmp_path / "result.xlsx"
    assert cli.main(["value", str(PUBLIC_CASE), "--xlsx", str(target)]) == 0
    assert "Controle" in openpyxl.load_workbook(target).sheetnames


@pytest.mark.parametrize("option", ["--xlsx", "--json"])
def test_the_workbook_is_not_written_over_by_its_results(tmp_path, capsys, option):
    book = tmp_path / "ours.xlsx"
    book.write_bytes(PUBLIC_CASE.read_bytes())
    assert cli.main(["value", str(book), option, str(book)]) == 2
    assert "ours.xlsx is het bestand dat gelezen wordt" in capsys.readouterr().err
    assert book.read_bytes() == PUBLIC_CASE.read_bytes()


def test_errors_end_with_1_all_of_them_and_no_results(tmp_path, capsys):
    broken = changed(tmp_path / "broken.xlsx", Taken__D3="twaalf", Initiatieven__T5=-2, Objecten__C3="kasteel")
    assert cli.main(["value", str(broken), "--json", "-"]) == 1
    printed = capsys.readouterr()
    content = json.loads(printed.out)
    assert set(content) == {"problems"}
    errors = [(p["sheet"], p["cell"]) for p in content["problems"] if p["level"] == "error"]
    assert errors == [("Objecten", "C3"), ("Initiatieven", "T5"), ("Taken", "D3")]
    assert printed.err.count("Fout:") == 3


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(60), b"PK\x03\x04half a zip", b"Gemeente;Basisjaar\n"]
)
def test_what_is_no_workbook_ends_with_2(tmp_path, capsys, content):
    file = tmp_path / "picture.xlsx"
    file.write_bytes(content)
    assert cli.main(["value", str(file), "--json", "-"]) == 2
    printed = capsys.readouterr()
    assert printed.err
    assert "Traceback" not in printed.err
    assert json.loads(printed.out)["problems"][0]["level"] == "error"


def test_a_missing_file_and_a_wrong_call_end_with_2(tmp_path, capsys):
    assert cli.main(["value", str(tmp_path / "nothing.xlsx")]) == 2
    assert cli.main(["value", str(tmp_path)]) == 2
    for arguments in ([], ["value"], ["weigh"], ["value", str(PUBLIC_CASE), "--colour"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_place_that_cannot_be_written_ends_with_2(tmp_path, capsys):
    assert cli.main(["value", str(PUBLIC_CASE), "--json", str(tmp_path / "no" / "folder.json")]) == 2
    assert "folder.json" in capsys.readouterr().err


def test_the_template_goes_straight_back_in(tmp_path, capsys):
    for language in ("nl", "en"):
        file = tmp_path / f"{language}.xlsx"
        assert cli.main(["--language", language, "template", str(file)]) == 0
        assert cli.main(["--language", language, "value", str(file), "--json", str(tmp_path / "out.json")]) == 0
        assert "Traceback" not in capsys.readouterr().err


def test_prices_can_be_searched_in_both_languages(capsys):
    assert cli.main(["prices", "dagbesteding", "licht"]) == 0
    assert capsys.readouterr().out.startswith("wmo_group_light_halfday_mun\t")
    assert cli.main(["--language", "en", "prices", "volunteer", "replacement"]) == 0
    key, value, unit, *_ = capsys.readouterr().out.split("\t")
    assert (key, unit) == ("volunteer_hour_replacement", "EUR/hour")
    assert float(value) == pytest.approx(18.80 * 134.52 / 121.45, rel=1e-5)
    assert cli.main(["prices", "nietsvandatalles"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("command", "subject"),
    [("brief", ("--asset", "0101")), ("application", ("--initiative", "I-01")), ("plan", ("--initiative", "I-01"))],
)
@pytest.mark.parametrize(("suffix", "magic"), [(".pdf", b"%PDF-"), (".docx", b"PK")])
def test_a_document_is_written(tmp_path, command, subject, suffix, magic):
    example = CASES.parent.parent / "datasets" / "voorbeeldgemeente.xlsx"
    out = tmp_path / f"document{suffix}"
    assert cli.main([command, str(example), *subject, "--out", str(out), "--date", "2026-11-24"]) == 0
    assert out.read_bytes().startswith(magic)


def test_a_document_about_nobody_says_what_is_missing(tmp_path, capsys):
    out = tmp_path / "brief.pdf"
    assert cli.main(["--language", "en", "brief", str(PUBLIC_CASE), "--asset", "9999", "--out", str(out)]) == 2
    assert "'9999' is not in the workbook" in capsys.readouterr().err
    assert not out.exists()


def test_no_document_of_a_workbook_with_errors(tmp_path, capsys):
    wrong = changed(tmp_path / "wrong.xlsx", Objecten__A2=None)
    assert cli.main(["brief", str(wrong), "--asset", "0101", "--out", str(tmp_path / "brief.pdf")]) == 1
    assert "Fout:" in capsys.readouterr().err
    assert not (tmp_path / "brief.pdf").exists()


@pytest.mark.parametrize("arguments", [["--out", "brief.txt"], ["--out", "brief.pdf", "--date", "morgen"]])
def test_a_document_called_wrongly_ends_with_two(arguments):
    with pytest.raises(SystemExit) as ended:
        cli.main(["brief", str(PUBLIC_CASE), "--asset", "0101", *arguments])
    assert ended.value.code == 2


def test_a_document_of_no_workbook_ends_with_two(tmp_path, capsys):
    assert cli.main(["plan", str(tmp_path / "gone.xlsx"), "--initiative", "I-01", "--out", "x.pdf"]) == 2
    not_one = tmp_path / "text.xlsx"
    not_one.write_text("geen werkmap")
    assert cli.main(["plan", str(not_one), "--initiative", "I-01", "--out", "x.pdf"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_document_that_cannot_be_written_ends_with_two(tmp_path, capsys):
    example = CASES.parent.parent / "datasets" / "voorbeeldgemeente.xlsx"
    out = tmp_path / "no-folder" / "brief.pdf"
    assert cli.main(["brief", str(example), "--asset", "0101", "--out", str(out)]) == 2
    assert "no-folder" in capsys.readouterr().err
