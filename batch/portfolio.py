"""A file of lines to a file of figures: part by part, kept as they come, on this machine or on a cluster.

The parts follow from the file and the number of draws, not from how many workers there are, and each part's figures
follow from its own rows. So the result has the same digits whoever works, and a run that was stopped goes on where it
was: finished parts stand in a folder beside the result until that is complete.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
import signal
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from batch.parts import Job, Part, work_out
from exports.parquet import AS_PARQUET
from exports.portfolio_values import SUMMED, beside, municipality_table, with_note
from exports.whole_file import NotWrittenError, whole_file
from intake.line_table import LineFile, UnusableLines
from valuation.arrays import Floats
from valuation.line_table import terms_as_data
from valuation.messages import problem_text
from valuation.object_draws import LEAST_DRAWS
from valuation.uncertainty import power_of_two

ROWS_IN_A_PART = 1_000_000
"""Lines of a part without draws."""
VALUES_IN_A_PART = 2**27
"""Lines x draws of a part: seconds of work, so that little is lost with a worker."""
FOUR = 4
"""More than one part come in fours, so that two or four workers end at about the same time."""
SECONDS_TO_CONNECT = 10
FEW_PARTS = 4
"""So few parts with draws are done before other processes would have started."""
TRIES = 3
"""How often a part is given out again after a worker was lost with it."""


class ClusterGone(Exception):  # noqa: N818 - what happened, not whose mistake it is
    """The cluster cannot be reached, or was lost during the run; what is finished is kept."""

    def __init__(self, address: str, finished: int, parts: int) -> None:
        super().__init__(f"{address}: {finished} of {parts}")
        self.address, self.finished, self.parts = address, finished, parts

    def message(self, language: str = "nl") -> str:
        """What to do, in Dutch (`nl`) or English (`en`)."""
        parameters = {"value": self.address, "finished": self.finished, "parts": self.parts}
        return problem_text("cluster_gone", language, parameters)


class WorkerGone(Exception):  # noqa: N818 - what happened, not whose mistake it is
    """A process that worked on a part was ended from outside, again and again; what is finished is kept."""

    def __init__(self, finished: int, parts: int) -> None:
        super().__init__(f"{finished} of {parts}")
        self.finished, self.parts = finished, parts

    def message(self, language: str = "nl") -> str:
        """What to do, in Dutch (`nl`) or English (`en`)."""
        return problem_text("worker_gone", language, {"finished": self.finished, "parts": self.parts})


@dataclass(frozen=True)
class Portfolio:
    """What came of a run.

    Parameters
    ----------
    objects, lines, municipalities : int
    totals : dict of str to float
        [EUR] The country's sums, by column.
    is_synthetic : bool
    went_on : int
        Parts that an earlier run had finished.
    """

    objects: int
    lines: int
    municipalities: int
    totals: dict[str, float]
    is_synthetic: bool
    went_on: int

    def message(self, language: str = "nl") -> str:
        """What there is now, and that no figure is real where that is so, in Dutch (`nl`) or English (`en`)."""
        parameters = {"objects": self.objects, "municipalities": self.municipalities, "parts": self.went_on}
        rules = ["portfolio_valued"]
        rules += ["portfolio_went_on"] if self.went_on else []
        rules += ["portfolio_synthetic"] if self.is_synthetic else []
        return " ".join(problem_text(rule, language, parameters) for rule in rules)


def value_portfolio(
    source: Path,
    out: Path,
    *,
    draws: int | None = None,
    seed: int = 1,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Portfolio:
    """Value every object of a file of lines.

    Parameters
    ----------
    source : Path
        The file of lines; with a scheduler its workers read it under the same name.
    out : Path
        A row an object, in the order of the file; beside it `….municipalities.parquet` has a row a municipality.
    draws : int, optional
        Rounded up to a power of two, `LEAST_DRAWS` or more; none for the values only.
    seed : int
    scheduler : str, optional
        Address of a Dask scheduler; without one this process does the work.
    workers : int, optional
        How many parts are worked on at a time here; by default as many as there are cores that this process may use.
    progress : callable
        Told after every part how many of how many are finished.

    Raises
    ------
    UnusableLines, OSError, ClusterGone, WorkerGone
    """
    job = Job(source.absolute(), None if draws is None else max(power_of_two(draws), LEAST_DRAWS), seed)
    file = job.open()
    parts = _parts(file, job.draws)
    kept = _Kept(parts_of(out), _fingerprint(job, file, parts))
    there = kept.begin(len(parts))
    went_on = len(there)
    missing = [(number, *rows) for number, rows in enumerate(parts) if number not in there]
    run = (
        _here(job, kept, workers or len(os.sched_getaffinity(0)), len(parts))
        if scheduler is None
        else _on_cluster(job, kept, scheduler, went_on, len(parts))
    )
    note = {
        "synthetic": file.is_synthetic,
        "draws": job.draws,
        "seed": None if job.draws is None else seed,
        **terms_as_data(file.terms),
    }
    try:
        with run as start, closing(start(missing)) as coming:
            result = _join(kept, _in_order(coming, there, len(parts), progress), out, note)
    except UnusableLines:
        kept.clear()  # a file that is mended is another one
        raise
    kept.clear()
    return Portfolio(lines=file.rows, is_synthetic=file.is_synthetic, went_on=went_on, **result)


def _in_order(
    coming: Iterator[int], there: set[int], count: int, progress: Callable[[int, int], None] | None
) -> Iterator[int]:
    """The number of each part once it and all before it are finished."""
    for number in range(count):
        while number not in there:
            there.add(next(coming))
            if progress is not None:
                progress(len(there), count)
        yield number


def parts_of(out: Path) -> Path:
    """The folder in which the finished parts of a result stand until it is complete."""
    return out.with_name(out.name + ".parts")


def _parts(file: LineFile, draws: int | None) -> list[tuple[int, int]]:
    """The rows of each part: whole groups of rows without draws, an even share of them with."""
    rows = ROWS_IN_A_PART if draws is None else max(VALUES_IN_A_PART // draws, 1)
    bounds = [0]
    for begin, end in zip(file.row_groups[:-1].tolist(), file.row_groups[1:].tolist(), strict=True):
        if draws is None:
            if end - bounds[-1] >= rows or end == file.rows:
                bounds.append(end)
        else:
            pieces = math.ceil((end - begin) / rows)
            pieces = pieces if pieces == 1 else FOUR * math.ceil(pieces / FOUR)
            bounds += [begin + (end - begin) * piece // pieces for piece in range(1, pieces + 1)]
    return list(pairwise(bounds))


def _fingerprint(job: Job, file: LineFile, parts: list[tuple[int, int]]) -> str:
    """What a run is about: another file, draws, seed, division or program, and its parts are not those of this one."""
    found = job.path.stat()
    about = [found.st_size, found.st_mtime_ns, job.draws, job.seed, terms_as_data(file.terms), parts, program()]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()


def program() -> str:
    """A digest of the code that the figures follow from."""
    digest = hashlib.sha256()
    for room in ("valuation", "intake", "exports", "batch"):
        for path in sorted((Path(__file__).parents[1] / room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


Start = Callable[[list[tuple[int, int, int]]], Generator[int, None, None]]
"""Parts by number and rows; gives the number of each as it is kept."""


@contextmanager
def _here(job: Job, kept: _Kept, workers: int, count: int) -> Iterator[Start]:
    """The parts on this machine; one that is lost with a process is given out again."""
    with ExitStack() as pools:

        def start(parts: list[tuple[int, int, int]]) -> Generator[int, None, None]:
            left = {number: (begin, end) for number, begin, end in parts}
            for _ in range(1 + TRIES):
                pool = _pool(job, workers, len(left))
                pools.callback(pool.shutdown, cancel_futures=True)
                try:
                    with _interrupts_wait():  # processes begin with the first part, and take this over
                        coming = {
                            number: pool.submit(_finish, job, kept, number, *rows) for number, rows in left.items()
                        }
                    for number, part in coming.items():
                        part.result()
                        del left[number]
                        yield number
                    return
                except BrokenProcessPool:
                    continue
            raise WorkerGone(len(kept.finished(count)), count)

        yield start


def _finish(job: Job, kept: _Kept, number: int, begin: int, end: int) -> None:
    """Work a part out and keep it.

    A process that is killed while it sends a long result leaves the other one waiting for the rest; this sends none.
    """
    kept.keep(number, work_out(job, begin, end))


def _pool(job: Job, workers: int, parts: int) -> Executor:
    """Threads for values: reading and the kernels leave the interpreter to each other.

    With draws there is so much between the kernels that two threads are slower than one. Processes are not, and are
    worth their start from a few parts on.
    """
    if job.draws is None:
        return ThreadPoolExecutor(workers)
    if parts <= FEW_PARTS or workers == 1:
        return ThreadPoolExecutor(1)
    return ProcessPoolExecutor(min(workers, parts), get_context("spawn"), _follow_parent)


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Hold up Ctrl-C; in a process that begins here for ever, so that only the one that it works for answers it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow_parent() -> None:
    """A process that works for another one ends with it, also when that was killed."""

    def wait() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


@contextmanager
def _on_cluster(job: Job, kept: _Kept, address: str, finished: int, count: int) -> Iterator[Start]:
    """The parts on the workers of a cluster; one that is lost with a worker is given out again."""
    from distributed import Client, as_completed  # noqa: PLC0415 - the extra `cluster`, and half a second to import
    from distributed.client import FutureCancelledError  # noqa: PLC0415
    from distributed.scheduler import KilledWorker  # noqa: PLC0415

    try:
        client = Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, TimeoutError, ValueError):
        raise ClusterGone(address, finished, count) from None
    try:

        def coming(parts: list[tuple[int, int, int]]) -> Iterator[tuple[int, Part]]:
            futures = {
                client.submit(work_out, job, begin, end, pure=False, retries=TRIES): number
                for number, begin, end in parts
            }
            done = finished
            try:
                for future in as_completed(list(futures), loop=client.loop):
                    part = future.result()
                    done += 1
                    yield futures.pop(future), part
            except (FutureCancelledError, KilledWorker, OSError, TimeoutError):
                raise ClusterGone(address, done, count) from None
            finally:
                client.cancel(list(futures))

        def start(parts: list[tuple[int, int, int]]) -> Generator[int, None, None]:
            for number, part in coming(parts):
                kept.keep(number, part)
                yield number

        yield start
    finally:
        client.close(timeout=5)


@dataclass(frozen=True)
class _Kept:
    """The folder of finished parts, and what they are parts of."""

    folder: Path
    fingerprint: str

    def begin(self, parts: int) -> set[int]:
        """The parts that are finished already; those of another run are thrown away."""
        plan = self.folder / "run.json"
        if not plan.exists() or json.loads(plan.read_text()).get("fingerprint") != self.fingerprint:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            with whole_file(plan) as path:
                path.write_text(json.dumps({"fingerprint": self.fingerprint}))
        return self.finished(parts)

    def finished(self, parts: int) -> set[int]:
        """Which of so many parts are finished: a part's table is written last."""
        return {number for number in range(parts) if self._path(number, "objects").exists()}

    def keep(self, number: int, part: Part) -> None:
        """Keep a finished part, whole or not at all."""
        if len(part.totals):
            _to_disk(_as_table(part), self._path(number, "totals"))
        _to_disk(part.table, self._path(number, "objects"))

    def table(self, number: int) -> pa.Table:
        """The figures of a part."""
        return _from_disk(self._path(number, "objects"))

    def totals(self, number: int) -> dict[str, Floats]:
        """The draws of a part by municipality; nothing without draws."""
        path = self._path(number, "totals")
        if not path.exists():
            return {}
        table = _from_disk(path)
        both = (np.stack([table[column][row].values.to_numpy() for column in _TOTALS]) for row in range(len(table)))
        return dict(zip(table["municipality"].to_pylist(), both, strict=True))

    @property
    def result(self) -> Path:
        """Where the result grows: what a killed run leaves of it is overwritten by the next one."""
        return self.folder / "result.parquet"

    def clear(self) -> None:
        """The result is complete, and the parts have done their work."""
        shutil.rmtree(self.folder)

    def _path(self, number: int, kind: str) -> Path:
        return self.folder / f"part-{number:06d}.{kind}.arrow"


def _to_disk(table: pa.Table, place: Path) -> None:
    """Just as it stands in memory: it is read again soon, and once."""
    with whole_file(place) as path, pa.ipc.new_file(path, table.schema) as file:
        file.write_table(table)


def _from_disk(path: Path) -> pa.Table:
    with pa.ipc.open_file(path) as file:
        return file.read_all()


_WRITTEN_AS: dict[str, Any] = {**AS_PARQUET, "use_dictionary": ["municipality"]}
"""Only municipalities come back often enough for a dictionary."""
_TOTALS = ("social_value_eur", "municipality_npv_eur")


def _as_table(part: Part) -> pa.Table:
    totals = {name: list(part.totals[:, view]) for view, name in enumerate(_TOTALS)}
    return pa.table({"municipality": part.municipalities, **totals})


def _join(kept: _Kept, parts: Iterator[int], out: Path, note: dict[str, Any]) -> dict[str, Any]:
    """All parts as one file, and the sums of every municipality as another; gives the counts and the country's sums.

    Each part is added as it comes, while others are being worked on.
    """
    sums: dict[str, dict[str, float]] = {}
    draws: dict[str, Floats] = {}
    name, of_name = None, list[pa.Table]()
    with _growing(kept.result, out) as add:
        for number in parts:
            table = with_note(kept.table(number), note)
            if not len(table):  # all its rows belong to an object of the part before
                continue
            add(table)
            for municipality, rows in _by_municipality(table):
                if municipality != name:
                    if name is not None:
                        sums[name] = _sums(of_name)
                    name, of_name = municipality, []
                of_name.append(rows)
            for municipality, of_part in kept.totals(number).items():
                draws[municipality] = draws[municipality] + of_part if municipality in draws else of_part
    if name is not None:
        sums[name] = _sums(of_name)
    with whole_file(out) as objects_path, whole_file(beside(out)) as municipalities_path:
        with _said_of(out):
            if objects_path.is_file():
                shutil.move(kept.result, objects_path)
            else:  # such as /dev/stdout
                shutil.copyfile(kept.result, objects_path)
        pq.write_table(with_note(municipality_table(sums, draws), note), municipalities_path)
    totals = {column: math.fsum(each[column] for each in sums.values()) for column in SUMMED}
    count = sum(int(each["objects"]) for each in sums.values())
    return {"objects": count, "municipalities": len(sums), "totals": totals}


@contextmanager
def _growing(place: Path, out: Path) -> Iterator[Callable[[pa.Table], None]]:
    """A file to which tables are added; what the disk says of it is said of the result that it becomes."""
    writers: list[pq.ParquetWriter] = []

    def add(table: pa.Table) -> None:
        with _said_of(out):
            if not writers:
                writers.append(pq.ParquetWriter(place, table.schema, **_WRITTEN_AS))
            writers[0].write_table(table)

    try:
        yield add
        with _said_of(out):
            writers[0].close()
    except BaseException:
        for writer in writers:
            with suppress(OSError):
                writer.close()
        place.unlink(missing_ok=True)
        raise


@contextmanager
def _said_of(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWrittenError(str(out), error) from error


def _by_municipality(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The columns that are added up, a municipality at a time; its objects stand together."""
    names = table["municipality"].combine_chunks()
    codes = names.indices.to_numpy()
    bounds = [0, *(np.flatnonzero(codes[1:] != codes[:-1]) + 1).tolist(), len(codes)]
    summed = table.select(SUMMED)
    for begin, end in pairwise(bounds):
        yield names.dictionary[codes[begin]].as_py(), summed.slice(begin, end - begin)


def _sums(tables: list[pa.Table]) -> dict[str, float]:
    """The sums over all objects of one municipality at once: they do not depend on the division into parts."""
    together = pa.concat_tables(tables)
    values = {column: together[column].to_numpy() for column in SUMMED}
    return {"objects": len(together), **{column: float(np.nansum(each)) for column, each in values.items()}}
