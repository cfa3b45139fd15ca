"""How the benchmarks measure: the methods take turns in one process, and ratios are taken within each turn."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Method:
    """One way to do the work: what it is called, how much work one call does, and the call."""

    name: str
    work: int
    call: Callable[[], object]


def take_turns(ours: Method, peers: list[Method], *, turns: int = 5) -> dict[str, tuple[float, float]]:
    """Work per second of each method (median over the turns), and ours divided by it (median of each turn's ratio)."""
    rates: dict[str, list[float]] = {method.name: [] for method in (ours, *peers)}
    for method in (ours, *peers):
        method.call()  # the first call pays for imports and memory
    for _ in range(turns):
        for method in (ours, *peers):
            start = time.perf_counter()
            method.call()
            rates[method.name].append(method.work / (time.perf_counter() - start))
    return {
        name: (statistics.median(own), statistics.median(a / b for a, b in zip(rates[ours.name], own, strict=True)))
        for name, own in rates.items()
    }


def show(title: str, found: dict[str, tuple[float, float]], goals: dict[str, float], unit: str) -> None:
    """A table of the rates and ratios, with the goal and whether it is reached."""
    print(f"\n{title}\n| method | {unit}/s | ours is | goal | |\n|---|---:|---:|---:|---|")
    for name, (rate, ratio) in found.items():
        goal = goals.get(name)
        verdict = "" if goal is None else "reached" if ratio >= goal else "not reached"
        print(f"| {name} | {rate:,.0f} | {ratio:,.1f} x | {'' if goal is None else f'{goal:g} x'} | {verdict} |")
