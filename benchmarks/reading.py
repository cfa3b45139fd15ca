"""How fast a large asset register is read, beside `pandas.read_excel` with openpyxl in the same run.

Makes a workbook of 100,000 rows and 20 columns as a spreadsheet program saves it (shared texts, number formats, days,
a column of formulas with results, one without), and reads it in fresh processes:

- pandas: `pandas.read_excel(engine="openpyxl")`, which reads values and does nothing else;
- register: the guarded reading, the search for tables, the suggested columns, every figure read with its cell address,
  formulas without a result named, rows and totals checked;
- workbook: the same number of rows as the sheet Objecten, validated into a case.

    python benchmarks/reading.py [--rows 100000] [--repeats 3] [--json FILE]

Prints seconds, processor seconds of all processes together (each the best of the repeats: processor time says more on a
machine that others use too) and the largest memory of all processes together. Target: the register at least eight times
as fast as pandas, with at most 1 GB.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import xlsxwriter

import intake
from intake.asset_register import find_register_tables, read_register, suggest
from intake.reading import read_table_file
from valuation.case import ASSETS

TARGET = 8.0
MOST_MEGABYTES = 1024
PROCESSES = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
HEADERS = (
    "Activumnummer", "Omschrijving", "Activasoort", "Locatie", "Taakveld", "Datum ingebruikname",
    "Afschrijvingstermijn", "Aanschafwaarde", "Boekwaarde 01-01-2025", "Vermeerderingen", "Verminderingen",
    "Bijdragen derden", "Afschrijving",
    "Boekwaarde 31-12-2025", "Rente", "Kapitaallasten", "Restwaarde", "Huuropbrengst", "WOZ-waarde", "BVO m²",
)  # fmt: skip


def write_register(path: Path, rows: int) -> None:
    """A register in which every row adds up."""
    chance = random.Random(20261123)  # noqa: S311 - figures for a measurement
    book = xlsxwriter.Workbook(str(path))
    money, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "dd-mm-yyyy"})
    sheet = book.add_worksheet("register")
    sheet.write_row(0, 0, HEADERS)
    for row in range(1, rows + 1):
        opening, added = chance.randint(10_000, 5_000_000), chance.randint(0, 50_000)
        written, interest = chance.randint(0, 9_000), chance.randint(0, 40_000) / 100
        sheet.write_string(row, 0, f"{row:06d}")
        sheet.write_string(row, 1, f"Gebouw {row} te Voorbeelddorp")
        sheet.write_string(row, 2, chance.choice(("gebouw", "terrein", "installatie")))
        sheet.write_string(row, 3, f"Straat {chance.randint(1, 900)}")
        sheet.write_string(row, 4, chance.choice(("0.3", "5.7", "6.1", "0.10")))
        sheet.write_datetime(row, 5, date(1950, 1, 1) + timedelta(days=chance.randint(0, 27_000)), day)
        sheet.write_number(row, 6, chance.choice((15, 25, 40)))
        amounts = (opening * 2, opening, added, 0, 0, written, opening + added - written, interest)
        for column, amount in enumerate(amounts, start=7):
            sheet.write_number(row, column, amount, money)
        sheet.write_formula(row, 15, f"=M{row + 1}+O{row + 1}", money, written + interest)
        for column in (16, 17, 18):
            sheet.write_number(row, column, chance.randint(0, 900_000), money)
        if row % 10_000 == 0:
            sheet.write_formula(row, 19, f"=S{row + 1}/1000", None, "")
        else:
            sheet.write_number(row, 19, chance.randint(50, 9_000))
    book.close()


def write_objects(path: Path, rows: int) -> None:
    """The same number of objects as the sheet Objecten, without mistakes."""
    chance = random.Random(20261123)  # noqa: S311
    keys = (
        "asset_id", "name", "kind", "neighbourhood", "area_m2", "task_field", "acquisition_cost_eur", "in_service_year",
        "useful_life_years", "residual_value_eur", "depreciation_method", "book_value_eur", "market_value_eur",
        "operating_cost_eur_per_year", "major_maintenance_eur_per_year", "rent_income_eur_per_year",
        "maintenance_backlog_eur", "maintenance_provision_eur", "transaction_cost_eur", "sale_restriction",
    )  # fmt: skip
    book = xlsxwriter.Workbook(str(path))
    assumptions = book.add_worksheet("Uitgangspunten")
    for row, pair in enumerate((("Sleutel", "Waarde"), ("Gemeente", "Voorbeelddorp"), ("Basisjaar", 2026))):
        assumptions.write_row(row, 0, pair)
    sheet = book.add_worksheet("Objecten")
    sheet.write_row(0, 0, [ASSETS.column(key).header for key in keys])
    for row in range(1, rows + 1):
        cost = chance.randint(100_000, 5_000_000)
        texts = (f"{row:06d}", f"Gebouw {row}", chance.choice(("gebouw", "groen")), f"Buurt {row % 60}")
        sheet.write_row(row, 0, texts)
        sheet.write_number(row, 4, chance.randint(50, 9_000))
        sheet.write_string(row, 5, "6.1")
        sheet.write_row(row, 6, (cost, chance.randint(1960, 2024), 40, 0))
        sheet.write_string(row, 10, "lineair")
        sheet.write_row(row, 11, (cost / 2, cost, *(chance.randint(0, 90_000) for _ in range(6))))
        sheet.write_string(row, 19, "nee")
    book.close()


def with_pandas(path: Path) -> str:
    """What everybody writes first."""
    frame = pd.read_excel(path, engine="openpyxl", sheet_name=path.stem)
    return f"{len(frame):,} rows, values only"


def as_register(path: Path) -> str:
    """The register, read and checked."""
    raw = read_table_file(path.read_bytes(), path.name)
    (table,) = find_register_tables(raw)
    reading = read_register(table, suggest(table))
    named = [problem.cell for problem in reading.problems if problem.rule == "formula_without_result"]
    agreed = 0 if reading.reconciled is None else int(reading.reconciled.within(1).sum())
    return f"{agreed:,} rows add up, formulas without result: {len(named)} ({named[0]}, …)"


def as_workbook(path: Path) -> str:
    """The workbook, validated into a case."""
    read = intake.build_case(intake.read_workbook(path.read_bytes(), path.name), intake.load_reference())
    if read.case is None:
        sys.exit(read.problems[0].message("en"))
    return f"{len(read.case.assets):,} objects, {len(read.defaults_used):,} defaults with their cells"


@dataclass(frozen=True)
class Measured:
    """What some work took, all processes together, and what was done."""

    seconds: float
    processor_seconds: float
    megabytes: float
    said: str


def measured(work: Callable[[Path], str], path: Path) -> Measured:
    """What the work takes in a process of its own that has imported everything before."""
    receiver, sender = multiprocessing.get_context("spawn").Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_measure, args=(work, path, sender))
    process.start()
    answer: Measured = receiver.recv()
    process.join()
    return answer


def _measure(work: Callable[[Path], str], path: Path, sender: multiprocessing.connection.Connection) -> None:
    intake.load_reference()
    start, processor_start = time.perf_counter(), _processor_seconds()
    said = work(path)
    seconds = time.perf_counter() - start
    megabytes = sum(resource.getrusage(who).ru_maxrss for who in PROCESSES) / 1024
    sender.send(Measured(seconds, _processor_seconds() - processor_start, megabytes, said))


def _processor_seconds() -> float:
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, PROCESSES))


def best_of(runs: list[Measured]) -> Measured:
    """The least time of each kind, and the most memory."""
    return Measured(
        min(run.seconds for run in runs),
        min(run.processor_seconds for run in runs),
        max(run.megabytes for run in runs),
        runs[0].said,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        register, objects = Path(folder, "register.xlsx"), Path(folder, "Objecten.xlsx")
        write_register(register, arguments.rows)
        write_objects(objects, arguments.rows)
        works = {
            "pandas + openpyxl, register": (with_pandas, register),
            "register": (as_register, register),
            "pandas + openpyxl, workbook": (with_pandas, objects),
            "workbook": (as_workbook, objects),
        }
        runs: dict[str, list[Measured]] = {name: [] for name in works}
        # In turns, so that a busy moment of the machine does not fall on one of them alone.
        for _repeat in range(arguments.repeats):
            for name, (work, path) in works.items():
                runs[name].append(measured(work, path))
    best = {name: best_of(of_work) for name, of_work in runs.items()}
    for name, run in best.items():
        times = f"{run.seconds:8.2f} s {run.processor_seconds:8.2f} s of processor"
        print(f"{name:<28}{times} {run.megabytes:7.0f} MB   {run.said}")
    ratios = {name: _ratios(best[f"pandas + openpyxl, {name}"], best[name]) for name in ("register", "workbook")}
    for name, (ratio, processor_ratio) in ratios.items():
        print(
            f"{name}: {ratio:.1f} times as fast as pandas with openpyxl, {processor_ratio:.1f} times by processor time"
        )
    if arguments.json:
        seconds = {name: (run.seconds, run.processor_seconds) for name, run in best.items()}
        arguments.json.write_text(json.dumps({"seconds": seconds, "ratios": ratios}, indent=1))
    is_met = ratios["register"][0] >= TARGET and max(best[name].megabytes for name in ratios) <= MOST_MEGABYTES
    print(f"target: at least {TARGET:g} times, at most {MOST_MEGABYTES} MB: {'met' if is_met else 'MISSED'}")


def _ratios(pandas: Measured, ours: Measured) -> tuple[float, float]:
    """How many times as fast we are, by the clock and by processor time."""
    return pandas.seconds / ours.seconds, pandas.processor_seconds / ours.processor_seconds


if __name__ == "__main__":
    main()
