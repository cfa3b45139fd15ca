"""Valuing 100,000 items of 10 lines over 40 years: present values, everything, and internal rates; one thread.

    python benchmarks/deterministic.py [--items 100000] [--turns 7] [--numpy] [--office]

Ours is the product's own code: the functions that `valuation.lines`, `social_value` and `care` call, given the columns
that a case compiles to; `appraise` itself, from tables with words and codes, is measured apart and shown beside it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
import numpy_financial as npf
import openpyxl
import pyxirr
from side_by_side import Found, Method, show, take_turns, without_kernels

from valuation.arrays import total_by
from valuation.closed_form import discounted_course, yearly_totals
from valuation.discounting import discount_factors
from valuation.effects import net_share
from valuation.key_figures import internal_rates, payback_years

LINES, YEARS, RATE, MUNICIPAL_RATE = 10, 40, 0.035, 0.02


@dataclass(frozen=True)
class Portfolio:
    """Items with an investment in year 0 and ten lines each; every array of lines has shape (items x 10,)."""

    investment: np.ndarray
    sign: np.ndarray
    quantity: np.ndarray
    unit_value: np.ndarray
    deadweight: np.ndarray
    displacement: np.ndarray
    attribution: np.ndarray
    drop_off: np.ndarray
    real_growth: np.ndarray
    cashable: np.ndarray

    @cached_property
    def owner(self) -> np.ndarray:
        return np.repeat(np.arange(len(self.investment), dtype=np.int32), LINES)

    @cached_property
    def start_year(self) -> np.ndarray:
        return np.ones(len(self.sign), dtype=np.int16)

    @cached_property
    def end_year(self) -> np.ndarray:
        return np.full(len(self.sign), YEARS, dtype=np.int16)


def portfolio(items: int) -> Portfolio:
    draw = np.random.default_rng(1)
    count = items * LINES
    sign = np.where(np.arange(count) % LINES < 8, 1.0, -1.0)
    return Portfolio(
        investment=draw.uniform(50_000, 200_000, items),
        sign=sign,
        quantity=draw.uniform(10, 100, count),
        unit_value=draw.uniform(10, 60, count) * np.where(sign > 0, 1.0, 0.3),
        deadweight=draw.uniform(0, 0.3, count),
        displacement=draw.uniform(0, 0.2, count),
        attribution=draw.uniform(0, 0.2, count),
        drop_off=np.where(sign > 0, draw.uniform(0, 0.02, count), 0.05),
        real_growth=draw.uniform(0, 0.01, count),
        cashable=draw.uniform(0, 0.5, count),
    )


def some_items(of: Portfolio, first: int, last: int) -> Portfolio:
    lines = slice(first * LINES, last * LINES)
    return Portfolio(of.investment[first:last], *(getattr(of, name)[lines] for name in list(vars(of))[1:10]))


# ---- ours ----------------------------------------------------------------------------------------


def amounts(items: Portfolio) -> np.ndarray:
    amount = net_share(items.deadweight, items.displacement, items.attribution)
    amount *= items.quantity
    amount *= items.unit_value
    amount *= items.sign
    return amount


def factors(items: Portfolio, rate: float) -> np.ndarray:
    return discounted_course(
        start_year=items.start_year,
        end_year=items.end_year,
        drop_off=items.drop_off,
        real_growth=items.real_growth,
        take_up=(),
        rate=rate,
        horizon_years=YEARS,
    )


def present_values(parts: list[Portfolio]) -> np.ndarray:
    """Net present value of every item, a few thousand items at a time, which fit the processor's cache."""
    return np.concatenate(
        [
            total_by(items.owner, amounts(items) * factors(items, RATE), len(items.investment)) - items.investment
            for items in parts
        ]
    )


def everything(parts: list[Portfolio]) -> np.ndarray:
    """Social value, municipality, benefits and costs, BCR, yearly flows, payback and internal rate of every item."""
    discount = discount_factors(RATE, YEARS)
    results = []
    for items in parts:
        count = len(items.investment)
        amount = amounts(items)
        value = amount * factors(items, RATE)
        benefits = total_by(items.owner, np.maximum(value, 0.0), count)
        costs = benefits - total_by(items.owner, value, count) + items.investment
        cash = total_by(items.owner, amount * items.cashable * factors(items, MUNICIPAL_RATE), count)
        flows = yearly_totals(
            owner=items.owner,
            count=count,
            amount=amount,
            start_year=items.start_year,
            end_year=items.end_year,
            drop_off=items.drop_off,
            real_growth=items.real_growth,
            take_up=(),
            horizon_years=YEARS,
        )
        flows[:, 0] -= items.investment
        rates, _ = internal_rates(flows)
        results.append([benefits - costs, cash, benefits / costs, payback_years(flows * discount), rates])
    return np.concatenate(results, axis=1)


# ---- the peers -----------------------------------------------------------------------------------


def flow_of(items: Portfolio, item: int, years: np.ndarray, weight: float | np.ndarray = 1.0) -> np.ndarray:
    at = slice(item * LINES, (item + 1) * LINES)
    amount = items.sign[at] * items.quantity[at] * items.unit_value[at] * (1 - items.deadweight[at])
    amount = amount * (1 - items.displacement[at]) * (1 - items.attribution[at]) * weight
    ratio = (1 - items.drop_off[at]) * (1 + items.real_growth[at])
    return (amount[:, None] * ratio[:, None] ** (years - 1)).sum(axis=0)


def loop_of_npv(items: Portfolio, count: int) -> list[float]:
    """As a script with numpy_financial does it: build each item's flows, and discount them."""
    years = np.arange(1, YEARS + 1)
    return [
        float(npf.npv(RATE, np.concatenate([[-items.investment[item]], flow_of(items, item, years)])))
        for item in range(count)
    ]


def loop_as_written(items: Portfolio, count: int) -> list[float]:
    """The same, with drop-off and growth each to its own power, as METHOD §2 writes a flow."""
    years = np.arange(1, YEARS + 1)
    found = []
    for item in range(count):
        at = slice(item * LINES, (item + 1) * LINES)
        amount = items.sign[at] * items.quantity[at] * items.unit_value[at] * (1 - items.deadweight[at])
        amount = amount * (1 - items.displacement[at]) * (1 - items.attribution[at])
        remaining, growth = 1 - items.drop_off[at], 1 + items.real_growth[at]
        flows = amount[:, None] * remaining[:, None] ** (years - 1) * growth[:, None] ** (years - 1)
        found.append(float(npf.npv(RATE, np.concatenate([[-items.investment[item]], flows.sum(axis=0)]))))
    return found


def loop_line_by_line(items: Portfolio, count: int) -> list[float]:
    """The same, with each line's flow made and added in turn."""
    years = np.arange(1, YEARS + 1)
    found = []
    for item in range(count):
        flow = np.zeros(YEARS + 1)
        flow[0] = -items.investment[item]
        for line in range(item * LINES, (item + 1) * LINES):
            amount = items.sign[line] * items.quantity[line] * items.unit_value[line] * (1 - items.deadweight[line])
            amount = amount * (1 - items.displacement[line]) * (1 - items.attribution[line])
            ratio = (1 - items.drop_off[line]) * (1 + items.real_growth[line])
            flow[1:] += amount * ratio ** (years - 1)
        found.append(float(npf.npv(RATE, flow)))
    return found


def loop_of_everything(items: Portfolio, count: int) -> list[tuple[float, ...]]:
    years = np.arange(1, YEARS + 1)
    found = []
    for item in range(count):
        flow = np.concatenate([[-items.investment[item]], flow_of(items, item, years)])
        cashable = items.cashable[item * LINES : (item + 1) * LINES]
        cash = np.concatenate([[0.0], flow_of(items, item, years, cashable)])
        value = npf.npv(RATE, flow)
        benefits = npf.npv(RATE, np.maximum(flow, 0.0))
        behind = np.flatnonzero(np.cumsum(flow / (1 + RATE) ** np.arange(YEARS + 1)) < 0)[-1]
        found.append((value, npf.npv(MUNICIPAL_RATE, cash), benefits / (benefits - value), behind, npf.irr(flow)))
    return found


def office_seconds(items: int) -> float:
    """Seconds that LibreOffice takes to open, recalculate and save the workbook of so many items."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("lines")
    of = portfolio(items)
    last = openpyxl.utils.get_column_letter(8 + YEARS)
    for item in range(items):
        first = item * (LINES + 1) + 1
        for line in range(LINES):
            at, row = item * LINES + line, first + line
            columns = (of.quantity, of.unit_value, of.deadweight, of.displacement, of.attribution, of.drop_off)
            net = f"=A{row}*B{row}*(1-C{row})*(1-D{row})*(1-E{row})*{of.sign[at]:g}"
            ratio = f"(1-F{row})*(1+G{row})"
            years = [f"=$H{row}*({ratio})^{year}" for year in range(YEARS)]
            sheet.append([*(float(column[at]) for column in columns), float(of.real_growth[at]), net, *years])
        years = [
            f"=SUM({letter}{first}:{letter}{first + LINES - 1})"
            for letter in (openpyxl.utils.get_column_letter(9 + year) for year in range(YEARS))
        ]
        formula = f"=NPV({RATE},I{first + LINES}:{last}{first + LINES})-{float(of.investment[item])!r}"
        sheet.append([formula, *[None] * 7, *years])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "items.xlsx"
        book.save(path)
        start = time.perf_counter()
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "csv"]
        subprocess.run([*command, "--outdir", folder, str(path)], check=True, capture_output=True)
        seconds = time.perf_counter() - start
        rows = (Path(folder) / "items.csv").read_text().splitlines()
    found = [float(rows[(item + 1) * (LINES + 1) - 1].split(",")[0]) for item in range(items)]
    np.testing.assert_allclose(found, present_values([of]), rtol=1e-4)
    return seconds


# ---- the run -------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--numpy", action="store_true", help="without the kernels of the extra `fast`")
    parser.add_argument("--office", action="store_true", help="LibreOffice too, which takes a minute")
    options = parser.parse_args()
    if options.numpy:
        without_kernels()

    whole = portfolio(options.items)
    parts = [some_items(whole, first, first + 4_000) for first in range(0, options.items, 4_000)]
    for part in parts:
        _ = part.owner, part.start_year, part.end_year
    for peer in (loop_of_npv, loop_as_written, loop_line_by_line):
        np.testing.assert_allclose(present_values(parts)[:200], peer(whole, 200), rtol=1e-11)
    loop, table = loop_of_everything(whole, 100), everything(parts)[:, :100]
    np.testing.assert_allclose(table[[0, 1, 4]], np.array(loop).T[[0, 1, 4]], rtol=1e-9)

    found = take_turns(
        Method("ours", options.items, lambda: present_values(parts)),
        [
            Method("loop: flow of each line in turn, npf.npv", 500, lambda: loop_line_by_line(whole, 500)),
            Method("loop: flows of an item as one matrix, two powers", 1_000, lambda: loop_as_written(whole, 1_000)),
            Method("loop: flows of an item as one matrix, one power", 1_000, lambda: loop_of_npv(whole, 1_000)),
        ],
        turns=3 * options.turns,
    )
    show("Present value", found, dict.fromkeys(list(found)[1:], 350), "items")
    ours = found["ours"].rate

    found = take_turns(
        Method("ours", options.items, lambda: everything(parts)),
        [Method("loop: npf.npv and npf.irr", 300, lambda: loop_of_everything(whole, 300))],
        turns=options.turns,
    )
    show("Everything: views, BCR, yearly flows, payback, IRR", found, {"loop: npf.npv and npf.irr": 300}, "items")

    flows = np.random.default_rng(2).uniform(1, 10, (options.items, YEARS + 1))
    flows[:, 0] = -np.random.default_rng(3).uniform(40, 150, options.items)
    rates, _ = internal_rates(flows)
    np.testing.assert_allclose(rates[:200], [npf.irr(flow) for flow in flows[:200]], rtol=1e-9, atol=1e-12)
    found = take_turns(
        Method("ours", options.items, lambda: internal_rates(flows)),
        [
            Method("npf.irr", 300, lambda: [npf.irr(flow) for flow in flows[:300]]),
            Method("pyxirr.irr", 20_000, lambda: [pyxirr.irr(flow) for flow in flows[:20_000]]),
        ],
        turns=options.turns,
    )
    show("Internal rate of return", found, {"npf.irr": 350, "pyxirr.irr": 6}, "series")

    if options.office:
        few, many = 200, 1_000
        rate = (many - few) / (office_seconds(many) - office_seconds(few))
        ratio = ours / rate
        per_item = {"ours": Found(ours, 1.0, 1.0, 1.0), "LibreOffice": Found(rate, ratio, ratio, ratio)}
        show("Present value", per_item, {"LibreOffice": 10_000}, "items")


if __name__ == "__main__":
    main()
