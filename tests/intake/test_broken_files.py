"""Every broken file of `broken/files.toml` gets the message that stands there, at its cell, and soon."""

from __future__ import annotations

import io
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from intake import UnreadableFile, build_case, load_reference, read_workbook
from intake.asset_register import find_register_tables, read_register, suggest, to_workbook
from intake.reading import read_table_file
from tests.intake.registers import apeldoorn, as_ods, as_xlsx
from tests.intake.workbooks import package
from valuation.messages import REGISTERS
from valuation.problems import Problem

FILES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "broken" / "files.toml").read_text("utf-8"))[
    "file"
]
ELSEWHERE = {"not_a_profile", "text_cell_too_long"}
SECONDS = 5


def content(entry: Mapping[str, Any]) -> bytes:
    """The file of an entry."""
    if "text" in entry:
        return str(entry["text"]).encode(entry.get("encoding", "utf-8"))
    if "hex" in entry:
        return bytes.fromhex(entry["hex"])
    if "parts" in entry:
        return package(entry["parts"])
    return _workbook(entry["sheets"] if "sheets" in entry else {"Blad1": entry["rows"]})


def _workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def problems_of(entry: Mapping[str, Any]) -> tuple[list[Problem], list[str]]:
    """All problems of a file, and what is asked about it."""
    data, name = content(entry), entry["file"]
    way = "workbook" if "sheets" in entry else entry.get("as", "register")
    try:
        if way == "workbook":
            return list(build_case(read_workbook(data, name), load_reference()).problems), []
        raw = read_table_file(data, name)
    except UnreadableFile as refused:
        return [refused.problem], []
    tables = find_register_tables(raw)
    if not tables:
        return [Problem("error", "no_table_found", value=name)], []
    reading = read_register(tables[0], suggest(tables[0]))
    asked = [question.column.header for question in reading.questions] + ["scale"] * reading.asks_scale
    if way == "objects":
        reading = replace(reading, mapping=replace(reading.mapping, scale=reading.scale))
        objects = to_workbook([reading], filename=name, municipality="Voorbeeld", base_year=2026)
        return list(build_case(objects, load_reference()).problems), asked
    return [*raw.problems, *reading.problems], asked


@pytest.mark.parametrize("entry", FILES, ids=[entry["name"] for entry in FILES])
def test_a_broken_file_gets_its_message(entry: dict[str, Any]) -> None:
    content(entry)
    start = time.perf_counter()
    problems, asked = problems_of(entry)
    assert time.perf_counter() - start < SECONDS
    assert asked == entry.get("asks", [])
    if "rule" in entry:
        assert (entry["rule"], entry.get("cell")) in [(problem.rule, problem.cell) for problem in problems]
    else:
        assert problems == []
    for problem in problems:
        for language in ("nl", "en"):
            assert problem.message(language)
            assert "{" not in problem.message(language)


def test_there_are_at_least_sixty_with_names_of_their_own() -> None:
    assert len(FILES) >= 60
    assert len({entry["name"] for entry in FILES}) == len(FILES)


def test_every_message_about_registers_is_shown_by_one_of_them() -> None:
    assert set(REGISTERS) - {entry.get("rule") for entry in FILES} == ELSEWHERE


def test_a_cell_without_an_end_is_refused() -> None:
    data = b'Nummer;Omschrijving;Boekwaarde\n1;"' + b"x" * 200_000
    with pytest.raises(UnreadableFile) as refused:
        read_table_file(data, "lang.csv")
    assert refused.value.problem.rule == "text_cell_too_long"
    assert "{" not in refused.value.problem.message("nl")


@pytest.mark.parametrize("columns", [16_384, 2_000])
def test_columns_of_nothing_but_style_are_counted_before_anything_is_built(columns: int) -> None:
    cells = "".join('<c s="1"/>' for _ in range(columns))
    rows = f"<row>{cells}</row>" * (5_000_000 // columns)
    data = package({"xl/worksheets/sheet1.xml": f'<worksheet xmlns="x"><sheetData>{rows}</sheetData></worksheet>'})
    start = time.perf_counter()
    with pytest.raises(UnreadableFile) as refused:
        read_table_file(data, "opmaak.xlsx")
    assert refused.value.problem.rule == "file_too_heavy"
    assert time.perf_counter() - start < SECONDS


@pytest.mark.parametrize("part", [0.3, 0.5, 0.8])
@pytest.mark.parametrize(("make", "name"), [(as_xlsx, "staat.xlsx"), (as_ods, "staat.ods")])
def test_part_of_a_file_is_never_taken_for_the_whole(make, name, part):
    rows = apeldoorn() if make is as_xlsx else [["Nummer", "Naam"], ["1", "Huis"]]
    whole = make(rows)
    with pytest.raises(UnreadableFile) as refused:
        read_table_file(whole[: int(len(whole) * part)], name)
    assert refused.value.problem.rule == "file_damaged"


@pytest.mark.parametrize("newline", ["\n", ""])
def test_a_whole_text_is_not_said_to_be_cut_off(newline):
    text = "Nummer;Omschrijving;Boekwaarde\n1;Buurthuis;1000\n2;Sporthal;2000\nBron: jaarrekening" + newline
    assert read_table_file(text.encode(), "staat.csv").problems == ()
    short = "Nummer;Omschrijving;Boekwaarde\n1;Buurthuis;1000\nTotaal;1000\n"
    assert read_table_file(short.encode(), "staat.csv").problems == ()
