"""How the benchmarks measure: the methods take turns in one process, and ratios are taken within each turn.

Time is that of the processor, all threads together: none of the methods waits for anything, and on a shared machine the
clock counts the work of others as well.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from valuation import arrays


@dataclass(frozen=True)
class Method:
    """One way to do the work: what it is called, how much work one call does, and the call."""

    name: str
    work: int
    call: Callable[[], object]


@dataclass(frozen=True)
class Found:
    """Work per second (median of the turns), and ours divided by it: median, lowest and highest of the turns."""

    rate: float
    ratio: float
    lowest: float
    highest: float


def take_turns(
    ours: Method, peers: list[Method], *, turns: int = 7, clock: Callable[[], float] = time.process_time
) -> dict[str, Found]:
    """What each method does per second, and how much faster ours is; by `time.perf_counter` where threads matter."""
    rates: dict[str, list[float]] = {method.name: [] for method in (ours, *peers)}
    for method in (ours, *peers):
        method.call()  # the first call pays for imports and memory
    for _ in range(turns):
        for method in (ours, *peers):
            start = clock()
            method.call()
            rates[method.name].append(method.work / (clock() - start))
    found = {}
    for name, own in rates.items():
        ratios = [a / b for a, b in zip(rates[ours.name], own, strict=True)]
        found[name] = Found(statistics.median(own), statistics.median(ratios), min(ratios), max(ratios))
    return found


def show(title: str, found: dict[str, Found], goals: dict[str, float], unit: str) -> None:
    """A table of the rates and ratios, with the goal, whether the median reaches it, and how busy the machine is."""
    print(f"\n{title} (load {os.getloadavg()[0]:.1f})")
    print(f"| method | {unit}/s | ours is | lowest to highest | goal | |\n|---|---:|---:|---:|---:|---|")
    for name, one in found.items():
        goal = goals.get(name)
        verdict = "" if goal is None else "reached" if one.ratio >= goal else "not reached"
        spread = f"{_digits(one.lowest)} to {_digits(one.highest)}"
        wanted = "" if goal is None else f"{goal:g} x"
        print(f"| {name} | {one.rate:,.0f} | {_digits(one.ratio)} x | {spread} | {wanted} | {verdict} |")


def _digits(ratio: float) -> str:
    return f"{ratio:,.1f}" if ratio >= 10 else f"{ratio:.2f}"


def without_kernels() -> None:
    """As the product is installed by default, without the extra `fast`."""
    arrays.BIG_JOB = 2**62
