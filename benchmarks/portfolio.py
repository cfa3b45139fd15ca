"""A country at once: millions of objects from a file, the compiled kernels, and a cluster, beside what else does it.

    python benchmarks/portfolio.py [--parts scale,values,draws,dask] [--objects 10000000] [--turns 3] [--file FILE]

Ours is what the command `buurtwaarde portfolio` calls: `open_line_file`, `object_values`, `ObjectDraws.outcomes` and
`value_portfolio`. The files are synthetic and made for the run (`datasets/synthetic_country.py`); with `--file` the
largest one is not. Processor time says more than the clock on a machine that others use; where threads or waiting
matter both are given.
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
import pyarrow.parquet as pq
from deterministic import LINES, RATE, YEARS, Portfolio, loop_line_by_line, portfolio, some_items
from distributed import Client, LocalCluster
from large_file import COPY, CORES, NAMES, Spent, copied_by_polars, copied_by_pyarrow, in_a_process
from side_by_side import Method, show, take_turns
from uncertain import SHAPES, with_monaco

from batch.parts import Job, work_out
from batch.portfolio import value_portfolio
from datasets.synthetic_country import Country, write
from intake.line_table import ROWS_AT_A_TIME
from valuation import arrays
from valuation.distributions import Distribution
from valuation.object_draws import ObjectDraws
from valuation.object_lines import CERTAIN, ObjectLines, Terms, object_values
from valuation.uncertainty import QUANTILES, summary

OTHER_FILES = {"as Polars writes it": copied_by_polars, "as pyarrow writes it by itself, with zstd": copied_by_pyarrow}
SIZES = (10_000, 100_000, 1_000_000)
MOST_OF_DECODING, MOST_MEGABYTES, MOST_PER_OBJECT = 1.5, 1_000, 2.0
OF_LOOP, OF_MONACO, MOST_OF_BARE, OF_ONE_WORKER = 700, 1_000, 2.5, 1.6
OF_A_STRETCH = ROWS_AT_A_TIME // LINES
"""As many objects as the command reads at a time, and then values while their lines are still in the cache."""
DRAWS, DRAWN_OBJECTS, CLUSTER_OBJECTS = 8_192, 32, 20_000
KINDS = (CERTAIN, "triangular", "pert", "uniform", "lognormal")


def at_most(what: str, found: float, goal: float, spread: str = "") -> None:
    print(f"{what}: {found:,.2f} (goal: at most {goal:g}{spread}): {'reached' if found <= goal else 'not reached'}")


def at_least(what: str, found: float, goal: float, spread: str = "") -> None:
    print(f"{what}: {found:,.2f} (goal: {goal:g} or more{spread}): {'reached' if found >= goal else 'not reached'}")


def between(values: list[float]) -> str:
    return f"; {min(values):.2f} to {max(values):.2f}"


def load() -> str:
    return f"load {os.getloadavg()[0]:.1f}"


@contextmanager
def by_numpy() -> Iterator[None]:
    """Without the kernels, for as long as it takes."""
    with mock.patch.object(arrays, "BIG_JOB", 2**62):
        yield


# ---- a file at once ------------------------------------------------------------------------------


def scale(path: Path, kind: str, folder: Path, turns: int) -> None:
    """All objects of a file beside decoding alone and beside Polars."""
    names = ("decoded_together", "decoded_beside", "ours", "with_polars")
    runs = [{name: in_a_process(name, path) for name in names} for _ in range(turns)]
    for run in runs:
        for name in NAMES:
            np.testing.assert_allclose(run["ours"].sums[name], run["with_polars"].sums[name], rtol=1e-9)
    objects = runs[0]["ours"].sums["objects"]
    title = f"{objects:,.0f} objects x 10 lines from parquet {kind}"
    print(f"\n{title}, {path.stat().st_size / 1e6:,.0f} MB, {CORES} cores ({load()}; median of {turns})")
    show_spent(runs, names)
    for clock in ("seconds", "processor"):
        took = [{name: getattr(run[name], clock) for name in names} for run in runs]
        of_decoding = [run["ours"] / min(run["decoded_together"], run["decoded_beside"]) for run in took]
        of_polars = [run["with_polars"] / run["ours"] for run in took]
        about = "on the clock" if clock == "seconds" else "by processor time"
        at_most(
            f"ours beside decoding, {about}", statistics.median(of_decoding), MOST_OF_DECODING, between(of_decoding)
        )
        at_least(f"Polars beside ours, {about}", statistics.median(of_polars), 1.0, between(of_polars))
    at_most("memory of ours [MB]", max(run["ours"].megabytes for run in runs), MOST_MEGABYTES)
    written = ("ours_written", "polars_written")
    print(f"\nthe same, and a row an object in a file ({load()}; once)")
    show_spent([{name: in_a_process(name, path, 1, folder) for name in written}], written)


def show_spent(runs: list[dict[str, Spent]], names: tuple[str, ...]) -> None:
    print("| method | seconds | of processor | memory |\n|---|---:|---:|---:|")
    for name in names:
        seconds, processor, memory = (
            statistics.median(getattr(run[name], field) for run in runs)
            for field in ("seconds", "processor", "megabytes")
        )
        print(f"| {name} | {seconds:.1f} | {processor:.1f} | {memory:.0f} MB |")


def per_object(files: dict[int, Path], turns: int) -> None:
    """Cost of an object in files of every size; what a run costs before the first object is apart."""
    print(f"\nCost of an object, by the size of the file ({load()}; median of {turns})")
    print("| objects | before the first, once | of processor, an object | on the clock, one thread |")
    print("|---:|---:|---:|---:|")
    costs = {}
    for objects, path in files.items():
        times = max(1, 1_000_000 // objects)
        runs = [in_a_process("ours_on_one_thread", path, times) for _ in range(turns if objects < 10**7 else 1)]
        costs[objects] = statistics.median(run.processor for run in runs) / objects
        clock = statistics.median(run.seconds for run in runs) / objects
        ready = statistics.median(run.ready for run in runs)
        print(f"| {objects:,} | {ready:.2f} s | {costs[objects] * 1e6:.2f} µs | {clock * 1e6:.2f} µs |")
    at_most("dearest beside cheapest", max(costs.values()) / min(costs.values()), MOST_PER_OBJECT)


# ---- the kernels ---------------------------------------------------------------------------------


def as_object_lines(items: Portfolio) -> ObjectLines:
    """The lines of `deterministic.portfolio`, of the types that a file gives."""
    count = len(items.sign)
    return ObjectLines(
        first=np.arange(0, count + 1, LINES),
        identity=np.arange(len(items.investment), dtype=np.uint64),
        quantity=items.quantity,
        unit_value=items.unit_value,
        deadweight=items.deadweight,
        displacement=items.displacement,
        attribution=items.attribution,
        drop_off=items.drop_off,
        real_growth=items.real_growth,
        start_year=items.start_year,
        end_year=items.end_year,
        society=items.sign.astype(np.int8),
        municipal=items.cashable,
        book=np.zeros(count, dtype=np.int8),
        at_terminal=np.zeros(count, dtype=np.bool_),
    )


def values(turns: int) -> None:
    """Present values of 100,000 objects, a quarter at a time, beside a loop over `npf.npv`."""
    whole, terms = portfolio(100_000), Terms(YEARS, "end", RATE, RATE)
    parts = [some_items(whole, first, first + 25_000) for first in range(0, 100_000, 25_000)]
    jobs = [(as_object_lines(part), part.investment) for part in parts]

    def value(job: tuple[ObjectLines, np.ndarray]) -> np.ndarray:
        lines, investment = job
        return object_values(lines, terms).social_value - investment

    def on_one_thread() -> np.ndarray:
        return np.concatenate([value(job) for job in jobs])

    found = on_one_thread()
    np.testing.assert_allclose(found[:500], loop_line_by_line(whole, 500), rtol=1e-11)
    with by_numpy():
        reference = on_one_thread()
    print(f"\nlargest difference with NumPy: {np.abs(found / reference - 1).max():.1e}")
    loop = Method("loop: flow of each line in turn, npf.npv", 500, lambda: loop_line_by_line(whole, 500))
    goals = {loop.name: OF_LOOP}
    with ThreadPoolExecutor(CORES) as pool:

        def on_every_core() -> np.ndarray:
            return np.concatenate(list(pool.map(value, jobs)))

        np.testing.assert_array_equal(on_every_core(), found)
        together = Method("ours", 100_000, on_every_core)
        beside = take_turns(together, [loop], turns=turns, clock=time.perf_counter)
    alone = take_turns(Method("ours", 100_000, on_one_thread), [loop], turns=turns)
    first = as_object_lines(some_items(whole, 0, OF_A_STRETCH))
    times = 100_000 // OF_A_STRETCH
    at_hand = Method("ours", times * OF_A_STRETCH, lambda: [object_values(first, terms) for _ in range(times)])
    cached = take_turns(at_hand, [loop], turns=turns)
    show("Present value and everything else of an object, one thread, of the processor", alone, goals, "objects")
    show(f"The same {OF_A_STRETCH:,} objects again and again: their lines stay in the cache", cached, goals, "objects")
    show(f"The same on {CORES} threads, on the clock; the loop on one", beside, goals, "objects")


# ---- draws ---------------------------------------------------------------------------------------


def drawn_lines(shapes: list[str], objects: int) -> ObjectLines:
    """So many of `uncertain.object_with`: an effect of each shape, a yearly cost and a renovation."""
    effects, nan = len(shapes), float("nan")

    def column(effect: object, cost: object, renovation: object, kind: type = np.float64) -> np.ndarray:
        of_effects = np.broadcast_to(np.asarray(effect, dtype=kind), effects)
        return np.tile(np.concatenate([of_effects, np.array([cost, renovation], dtype=kind)]), objects)

    return ObjectLines(
        first=np.arange(0, objects * (effects + 2) + 1, effects + 2),
        identity=np.arange(1, objects + 1, dtype=np.uint64),
        quantity=column(40.0 + np.arange(effects), 1.0, 1.0),
        unit_value=column(60.0, 20_000.0, 90_000.0),
        deadweight=column(0.2, 0.0, 0.0),
        displacement=column(0.0, 0.0, 0.0),
        attribution=column(0.0, 0.0, 0.0),
        drop_off=column(0.01, 0.0, 0.0),
        real_growth=column(0.0, 0.0, 0.0),
        start_year=column(1, 1, 0, np.int16),
        end_year=column(YEARS, YEARS, 0, np.int16),
        society=column(1, -1, -1, np.int8),
        municipal=column(0.0, -1.0, -1.0),
        book=column(0, 0, 0, np.int8),
        at_terminal=column(0, 0, 0, np.bool_),
        low=column(30.0, nan, nan),
        high=column(120.0, nan, nan),
        distribution=column([KINDS.index(shape) for shape in shapes], 0, 0, np.int8),
        distributions=KINDS,
        price=column(0, 0, 0, np.uint64),
    )


def draws(turns: int) -> None:
    """Draws of objects with 12 uncertain inputs beside monaco, and beside random numbers alone."""
    warnings.simplefilter("ignore")
    generator, room = np.random.Generator(np.random.SFC64(1)), np.empty((12, DRAWS))
    work, step = DRAWN_OBJECTS * DRAWS, DRAWN_OBJECTS // 8
    terms = Terms(YEARS, "end", 0.0225, 0.0225, Distribution("triangular", 0.01, 0.0225, 0.04))

    def bare() -> None:
        for _ in range(DRAWN_OBJECTS):
            generator.random(out=room)

    for title, shapes in (("all triangular, the default", ["triangular"] * 11), ("the shapes mixed", SHAPES)):
        lines, points = drawn_lines(shapes, DRAWN_OBJECTS), ObjectDraws(terms, DRAWS, 1)
        pieces = [lines.some(first, first + step) for first in range(0, DRAWN_OBJECTS, step)]

        def of_piece(piece: ObjectLines, points: ObjectDraws = points) -> list[dict[str, float]]:
            return [summary(society) for society, _ in points.outcomes(piece)]

        def of_all(lines: ObjectLines = lines, of_piece: object = of_piece) -> list[dict[str, float]]:
            return of_piece(lines)

        check_draws(terms, shapes, lines)
        peers = [
            Method("monaco", DRAWS, lambda shapes=shapes: with_monaco(shapes, DRAWS)),
            Method("only 12 random numbers a draw (SFC64)", work, bare),
        ]
        goals = {"monaco": OF_MONACO, peers[1].name: 1 / MOST_OF_BARE}
        found = take_turns(Method("ours", work, of_all), peers, turns=turns)
        show(f"Monte Carlo, 12 inputs, {title}, one thread, of the processor", found, goals, "draws")
        with ThreadPoolExecutor(CORES) as pool:

            def of_every_core(pieces: list[ObjectLines] = pieces, of_piece: object = of_piece, pool=pool) -> list:
                return [each for piece in pool.map(of_piece, pieces) for each in piece]

            if of_every_core() != of_all():
                raise AssertionError("other digits on more threads")
            found = take_turns(Method("ours", work, of_every_core), peers, turns=turns, clock=time.perf_counter)
        show(f"The same on {CORES} threads, on the clock; the others on one", found, goals, "draws")


def check_draws(terms: Terms, shapes: list[str], lines: ObjectLines) -> None:
    """Ours has the distribution that monaco finds, within what chance does, and that of NumPy."""
    social = next(iter(ObjectDraws(terms, DRAWS, 1).outcomes(lines)))[0].copy()
    with by_numpy():
        reference = next(iter(ObjectDraws(terms, DRAWS, 1).outcomes(lines)))[0]
    print(f"\nlargest difference with NumPy: {np.abs(social / reference - 1).max():.1e}")
    count = 10_000
    theirs, own = with_monaco(shapes, count), summary(social)
    errors = [(theirs.mean() - own["mean"]) / (theirs.std() / count**0.5)]
    for name, share in QUANTILES.items():
        errors.append(((theirs < own[name]).mean() - share) / (share * (1 - share) / count) ** 0.5)
    print(f"mean and quantiles beside {count:,} draws of monaco: {np.abs(errors).max():.1f} standard errors at most")
    if np.abs(errors).max() > 4:
        raise AssertionError(f"monaco finds something else: {errors}")


# ---- a cluster -----------------------------------------------------------------------------------


def dask(folder: Path, turns: int) -> None:
    """The whole command with draws on one and on two workers of a cluster, a thread each."""
    logging.getLogger("distributed").setLevel(logging.ERROR)
    path = made(folder, CLUSTER_OBJECTS)
    clusters = {}
    took: dict[int, list[float]] = {1: [], 2: []}
    try:
        for workers in took:
            clusters[workers] = LocalCluster(
                n_workers=workers,
                processes=True,
                threads_per_worker=1,
                dashboard_address=":0",  # any free port
                local_directory=str(folder),
            )
            with Client(clusters[workers], set_as_default=False) as client:
                client.wait_for_workers(workers)
                client.run(work_out, Job(path, DRAWS, 1), 0, 1)  # imports, and the kernels
        for _ in range(turns):
            for workers, cluster in clusters.items():
                start = time.perf_counter()
                value_portfolio(path, folder / f"{workers}.parquet", draws=DRAWS, scheduler=cluster.scheduler_address)
                took[workers].append(time.perf_counter() - start)
    finally:
        for cluster in clusters.values():
            cluster.close()
    for kind in ("", ".municipalities"):
        one, two = (pq.read_table(folder / f"{workers}{kind}.parquet") for workers in took)
        if not one.equals(two):
            raise AssertionError("other digits on two workers")
    ratios = [one / two for one, two in zip(*took.values(), strict=True)]
    print(f"\n{CLUSTER_OBJECTS:,} objects x {DRAWS:,} draws on a cluster, on the clock ({load()}; median of {turns})")
    for workers, seconds in took.items():
        print(f"workers: {workers}, {statistics.median(seconds):.1f} s")
    at_least("one beside two, the same digits", statistics.median(ratios), OF_ONE_WORKER, between(ratios))


# ---- the run -------------------------------------------------------------------------------------


def made(folder: Path, objects: int) -> Path:
    """A synthetic country of so many objects."""
    path = folder / f"{objects}.parquet"
    write(Country(objects=objects), path)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", default="scale,values,draws,dask")
    parser.add_argument("--objects", type=int, default=10_000_000, help="of the largest file")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--file", type=Path, help="a file of as many objects that is there already")
    options = parser.parse_args()
    parts = options.parts.split(",")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "scale" in parts:
            files = {objects: made(folder, objects) for objects in SIZES if objects < options.objects}
            files[options.objects] = options.file or made(folder, options.objects)
            in_a_process("ours", next(iter(files.values())))  # compiles the kernels, once per machine
            scale(files[options.objects], "as we write it", folder, options.turns)
            for kind, copied in OTHER_FILES.items():
                in_a_process(copied.__name__, files[options.objects], 1, folder)
                scale(folder / COPY, kind, folder, options.turns)
            per_object(files, options.turns)
        if "values" in parts:
            values(3 * options.turns)
        if "draws" in parts:
            draws(2 * options.turns)
        if "dask" in parts:
            dask(folder, options.turns)


if __name__ == "__main__":
    main()
