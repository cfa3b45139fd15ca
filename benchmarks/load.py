"""Fifty users at once, each moving a slider every five seconds: how long one waits, and what a session costs.

Starts the app as users get it, with one process, and opens the example municipality in as many sessions as asked, over
the WebSocket that a browser uses (`benchmarks/visitor.py`). Everybody has a proposed price and an object of their own,
in the address of the page; every answer must hold the own price and nobody else's, and on the page Value the social
value that the engine gives for exactly that object and rate.

A reaction is the time from the message of a slider until the server says that the page is done. The visitors run in
processes of their own, and share the machine with the server; so the time of the server's processor is printed as well:
it does not depend on what else the machine does.

    python benchmarks/load.py [--users 50] [--seconds 60] [--every 5] [--pages waarde,scenarios,initiatieven]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import psutil

import intake
from benchmarks.slider import ROOT, free_port, wait_for
from benchmarks.visitor import Answer, Visitor
from dashboard.state import EXAMPLE
from exports.notation import Notation
from valuation.appraisal import appraise
from valuation.case import Case

MEDIAN_SECONDS, P95_SECONDS, SESSION_MB = 1.0, 3.0, 40.0
DOOR_TURNS = 2
"""How many times the pause between two moves everybody has to come in, which is measured apart."""
CLIENTS = 2
"""Processes that the visitors are divided over, so that no visitor waits for another one's answer to be read."""
SLIDER = "slider_disconto"
FIRST_PRICE, STEP = 100_013, 1_009
"""Proposed prices that are nobody else's, nor a step of a slider."""
MEGABYTE = 2**20
PRICE_WORDS = re.compile(r"€\s(\d{3}\.\d{3})(?!\.?\d)")


@dataclass(frozen=True)
class User:
    """One visitor: the page, and what only this one has."""

    number: int
    page: str
    asset_id: str

    @property
    def price(self) -> int:
        """[EUR] The own proposed price."""
        return FIRST_PRICE + STEP * self.number

    @property
    def parameters(self) -> dict[str, str]:
        """The address of the page."""
        return {"gemeente": "voorbeeld", "object": self.asset_id, "disconto": "1", "prijs": str(self.price)}


@dataclass(frozen=True)
class Found:
    """What one visitor met."""

    page: str
    first: float
    reactions: list[float]
    ended: list[float]
    sizes: list[int]
    faults: list[str]


def users(count: int, pages: Sequence[str], case: Case) -> list[User]:
    """The visitors, divided over the pages and over the objects with an initiative."""
    objects = list(dict.fromkeys(case.initiatives["asset_id"].dropna()))
    return [User(at, pages[at % len(pages)], objects[at % len(objects)]) for at in range(count)]


def written(price: int) -> str:
    """A price as the page writes it, without the sign."""
    return f"{price:,}".replace(",", ".")


class Checker:
    """What an answer must and may not hold."""

    def __init__(self, case: Case, everybody: Sequence[User]) -> None:
        self._case = case
        self._prices = {written(user.price) for user in everybody}
        self._notation = Notation("nl")

    def faults(self, user: User, answer: Answer, step: str | None) -> list[str]:
        """What is wrong with an answer; `step` is the discount rate that was asked for, as the page writes it."""
        text = answer.text.replace("\u00a0", " ")
        seen = {found for found in PRICE_WORDS.findall(text) if found in self._prices}
        own = written(user.price)
        found = [f"user {user.number} saw the price of another: {other}" for other in sorted(seen - {own})]
        if user.page != "initiatieven" and own not in seen:
            found.append(f"user {user.number} did not see the own price")
        if user.page == "waarde" and step is not None and self._social_value(user, step) not in text:
            found.append(f"user {user.number} did not see the social value at {step}")
        return found

    def _social_value(self, user: User, step: str) -> str:
        rate = float(step.rstrip("%").replace(",", ".")) / 100
        changed = self._case.with_assumptions(discount_rate=rate).with_asset(
            user.asset_id, proposed_price_eur=float(user.price)
        )
        value = float(appraise(changed).asset(user.asset_id)["social_value_eur"])
        return self._notation.about(value).replace("\u00a0", " ")


async def visit(address: str, user: User, start: float, until: float, every: float) -> tuple[Found, list[tuple]]:
    """Open the page together with all others, and move the slider once they are in.

    Every answer is kept, to be looked at when nobody waits any more.
    """
    visitor, chance = Visitor(address), random.Random(user.number)  # noqa: S311 - only spreads the moves
    await asyncio.sleep(max(0.0, start - time.time()))
    first = await visitor.open(user.page, user.parameters)
    answers, reactions, ended = [(first, None)], [], []
    steps = list(visitor.widget(SLIDER)[0].slider.options) if user.page != "initiatieven" else []
    await asyncio.sleep(max(0.0, start + DOOR_TURNS * every - time.time()) + chance.uniform(0, every))
    place = chance.randrange(len(steps)) if steps else 0
    while time.time() < until:
        asked = time.time()
        if steps:
            place = (place + 1) % len(steps)
            answer = await visitor.move(SLIDER, steps[place])
        else:
            answer = await visitor.again()
        answers.append((answer, steps[place] if steps else None))
        reactions.append(answer.seconds)
        ended.append(time.time())
        await asyncio.sleep(max(0.0, asked + every * chance.uniform(0.9, 1.1) - time.time()))
    await asyncio.sleep(max(0.0, until + every - time.time()))  # the session stays until memory has been looked at
    await visitor.close()
    return Found(user.page, first.seconds, reactions, ended, [one.size for one, _step in answers], []), answers


def visits(address: str, mine: list[User], everybody: list[User], times: tuple[float, float, float]) -> list[Found]:
    """All visitors of one process, and afterwards what is wrong with their answers."""

    async def together() -> list[tuple[Found, list[tuple]]]:
        return await asyncio.gather(*(visit(address, user, *times) for user in mine))

    results = asyncio.run(together())
    checker = Checker(example(), everybody)
    for user, (found, answers) in zip(mine, results, strict=True):
        for answer, step in answers:
            found.faults.extend(checker.faults(user, answer, step))
    return [found for found, _answers in results]


def example() -> Case:
    """The example municipality."""
    return intake.build_case(intake.read_workbook(EXAMPLE.read_bytes(), EXAMPLE.name), intake.load_reference()).case


@contextmanager
def server() -> Iterator[tuple[str, psutil.Process]]:
    """The app in one process on a free port; its address and the process."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "asgi.py", f"--server.port={port}"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def megabytes(process: psutil.Process) -> float:
    """[MB] What the process has in memory that no other process shares."""
    return process.memory_full_info().uss / MEGABYTE


def processor_seconds(process: psutil.Process) -> float:
    """[s] What the process has had of the processor."""
    times = process.cpu_times()
    return times.user + times.system


def measure(count: int, seconds: float, every: float, pages: Sequence[str]) -> dict[str, object]:
    """Everything that is printed."""
    everybody = users(count, pages, example())
    with server() as (address, process), ProcessPoolExecutor(CLIENTS, get_context("spawn")) as clients:
        list(clients.map(len, [""] * CLIENTS))
        asyncio.run(warm_up(address, pages))
        empty = megabytes(process)
        start = time.time() + 5  # the visitors' own processes import what they need first
        until = start + DOOR_TURNS * every + seconds
        jobs = [
            clients.submit(visits, address, everybody[at::CLIENTS], everybody, (start, until, every))
            for at in range(CLIENTS)
        ]
        time.sleep(max(0.0, start + DOOR_TURNS * every - time.time()))
        began, spent, load = time.time(), processor_seconds(process), os.getloadavg()[0]
        time.sleep(max(0.0, until - time.time()))
        spent, measured = processor_seconds(process) - spent, time.time() - began
        full = megabytes(process)
        found = [each for job in jobs for each in job.result()]
        asyncio.run(warm_up(address, pages))
        time.sleep(2)
        after = megabytes(process)
    moves = [reaction for each in found for reaction in each.reactions]
    while_measured = sum(began < moment < began + measured for each in found for moment in each.ended)
    return {
        "users": count,
        "moves": len(moves),
        "median": statistics.median(moves),
        "p95": statistics.quantiles(moves, n=100)[94],
        "p99": statistics.quantiles(moves, n=100)[98],
        "slowest": max(moves),
        "first_median": statistics.median(each.first for each in found),
        "first_slowest": max(each.first for each in found),
        "by_page": {
            page: statistics.median(reaction for each in found if each.page == page for reaction in each.reactions)
            for page in pages
        },
        "bytes": statistics.median(size for each in found for size in each.sizes[1:]),
        "busy": spent / measured,
        "per_move": spent / while_measured,
        "empty_mb": empty,
        "full_mb": full,
        "after_mb": after,
        "session_mb": (full - empty) / count,
        "load": (load, os.getloadavg()[0]),
        "faults": [fault for each in found for fault in each.faults],
    }


async def warm_up(address: str, pages: Sequence[str]) -> None:
    """Two visitors of every page, one after the other, who then leave."""
    for page in [*pages, *pages]:
        visitor = Visitor(address)
        await visitor.open(page, {"gemeente": "voorbeeld"})
        await visitor.close()


def show(found: dict) -> None:
    """Print it, with the verdict."""
    print(f"{found['users']} users, {found['moves']} moves; load of the machine {found['load'][0]:.1f} to "
          f"{found['load'][1]:.1f}, visitors included")  # fmt: skip
    print(f"reaction: median {found['median']:.3f} s, 95 % {found['p95']:.3f} s, 99 % {found['p99']:.3f} s, "
          f"slowest {found['slowest']:.3f} s")  # fmt: skip
    print("median by page: " + ", ".join(f"{page} {median:.3f} s" for page, median in found["by_page"].items()))
    print(f"all at once at the door: median {found['first_median']:.1f} s, slowest {found['first_slowest']:.1f} s")
    print(f"server: {100 * found['busy']:.0f} % of a core, {1000 * found['per_move']:.0f} ms of the processor a move, "
          f"{found['bytes'] / 1024:.0f} kB sent a move")  # fmt: skip
    print(f"memory: {found['empty_mb']:.0f} MB without visitors, {found['full_mb']:.0f} MB with, "
          f"{found['session_mb']:.1f} MB a session, {found['after_mb']:.0f} MB after they left")  # fmt: skip
    for fault in found["faults"][:10]:
        print(fault)
    verdicts = {
        f"median under {MEDIAN_SECONDS:.0f} s": found["median"] < MEDIAN_SECONDS,
        f"95 % under {P95_SECONDS:.0f} s": found["p95"] < P95_SECONDS,
        f"under {SESSION_MB:.0f} MB a session": found["session_mb"] < SESSION_MB,
        "everybody saw the own figures only": not found["faults"],
    }
    for goal, reached in verdicts.items():
        print(f"{goal}: {'met' if reached else 'MISSED'}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--every", type=float, default=5)
    parser.add_argument("--pages", type=lambda text: text.split(","), default=["waarde"])
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    found = measure(arguments.users, arguments.seconds, arguments.every, arguments.pages)
    show(found)
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
