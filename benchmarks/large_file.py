"""Ways to value all objects of a file, each in a process of its own: so that its memory is its own too.

`portfolio.py` starts them, as `python benchmarks/large_file.py METHOD FILE TIMES`.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from batch.portfolio import value_portfolio
from datasets.synthetic_country import ROW_GROUP
from intake.line_table import LineFile, open_line_file
from valuation.object_lines import ObjectLines, Terms, object_values

CORES = len(os.sched_getaffinity(0))
COPY = Path("copy.parquet")
"""What another program makes of a file, in the folder in which it works."""
NAMES = ("social", "municipal", "book", "positive", "objects")


def columns_of(path: Path) -> tuple[list[str], list[str]]:
    """The columns that ours reads, and those of them that hold words."""
    file = open_line_file(path)
    there = [column for column in file.columns if column.key in file.there]
    return [column.key for column in there], [column.key for column in there if column.kind == "word"]


def decoded_together(path: Path) -> dict[str, float]:
    """One group of rows after another, its columns by pyarrow's own threads."""
    columns, words = columns_of(path)
    with pq.ParquetFile(path, read_dictionary=words) as file:
        groups = range(file.metadata.num_row_groups)
        return {"rows": sum(len(file.read_row_group(group, columns=columns)) for group in groups)}


def decoded_beside(path: Path) -> dict[str, float]:
    """A group of rows for each core, one thread each."""
    columns, words = columns_of(path)

    def rows_of(group: int) -> int:
        with pq.ParquetFile(path, read_dictionary=words) as file:
            return len(file.read_row_group(group, columns=columns, use_threads=False))

    with ThreadPoolExecutor(CORES) as pool:
        return {"rows": sum(pool.map(rows_of, range(pq.read_metadata(path).num_row_groups)))}


def sums_of(file: LineFile, start: int, stop: int) -> np.ndarray:
    """Sums of some objects: social value, municipality, books, how many are worth something, and how many there are."""
    sums = np.zeros(5)
    for objects in file.objects(start, stop):
        values = object_values(objects.lines, file.terms)
        social = values.social_value
        sums += [social.sum(), values.municipality.sum(), values.book.sum(), (social > 0).sum(), len(social)]
    return sums


def ours(path: Path) -> dict[str, float]:
    """As the command does it: groups of rows in as many threads as there are cores."""
    file = open_line_file(path)
    bounds = file.row_groups.tolist()
    with ThreadPoolExecutor(CORES) as pool:
        sums = pool.map(sums_of, itertools.repeat(file), bounds[:-1], bounds[1:])
        return dict(zip(NAMES, np.sum(list(sums), axis=0).tolist(), strict=True))


def ours_on_one_thread(path: Path) -> dict[str, float]:
    file = open_line_file(path)
    return dict(zip(NAMES, sums_of(file, 0, file.rows).tolist(), strict=True))


def ours_written(path: Path) -> dict[str, float]:
    """The whole command: all figures of every object in a file, and the municipalities in another."""
    found = value_portfolio(path, Path("ours.parquet"))
    totals = found.totals
    return {
        "social": totals["social_value_eur"],
        "municipal": totals["municipality_npv_at_zero_price_eur"],
        "book": totals["book_value_eur"],
    }


def with_polars(path: Path, *, out: Path | None = None) -> dict[str, float]:
    """The same sums by the formula (1 - k^T) / (1 - k); powers by logarithm: faster than `pow` here."""
    import polars as pl  # noqa: PLC0415 - not for the other methods, whose memory is measured

    terms = open_line_file(path).terms
    rate, horizon = float(terms.discount_rate), terms.horizon_years
    column, keep, grow = pl.col, 1 - pl.col("drop_off"), 1 + pl.col("real_growth")
    is_at_once = column("start_year") == 0
    first = pl.when(is_at_once).then(1).otherwise(column("start_year"))
    years = (column("end_year") - first + 1).clip(lower_bound=0)
    net = (1 - column("deadweight")) * (1 - column("displacement")) * (1 - column("attribution"))
    lines = pl.scan_parquet(path).with_columns(
        k=keep * grow / (1 + rate),
        years=years,
        later=(((grow / (1 + rate)).log() * (first - 1)).exp() / (1 + rate)),
        amount=column("quantity") * column("unit_value_eur") * net,
    )
    power = (column("k").log() * column("years")).exp()
    total = pl.when(column("k") == 1).then(column("years")).otherwise((1 - power) / (1 - column("k")))
    course = total * column("later") * pl.when(is_at_once).then(keep).otherwise(1.0) + is_at_once.cast(pl.Float64)
    factor = pl.when(column("at_terminal")).then((1 + rate) ** -horizon).otherwise(course)
    value = column("amount") * factor
    objects = (
        lines.select(
            "municipality",
            "object",
            social=value * column("society"),
            municipal=value * column("municipal"),
            book=column("amount") * column("book"),
        )
        .group_by(["object"] if out is None else ["municipality", "object"])
        .agg(column("social", "municipal", "book").sum())
    )
    if out is not None:
        objects.sink_parquet(out, compression="zstd", engine="streaming")
        return {}
    positive = (column("social") > 0).sum().alias("positive")
    sums = objects.select(column("social", "municipal", "book").sum(), positive, pl.len().alias("objects"))
    return dict(zip(NAMES, map(float, sums.collect(engine="streaming").row(0)), strict=True))


def polars_written(path: Path) -> dict[str, float]:
    """Its sums a row an object in a file, in the order in which they come."""
    return with_polars(path, out=Path("polars.parquet"))


def copied_by_polars(path: Path) -> dict[str, float]:
    """The same lines: figures as they are, and any column may be empty."""
    import polars as pl  # noqa: PLC0415

    about = {key.decode(): value.decode() for key, value in pq.read_schema(path).metadata.items()}
    pl.scan_parquet(path).sink_parquet(COPY, metadata=about, row_group_size=ROW_GROUP)
    return {}


def copied_by_pyarrow(path: Path) -> dict[str, float]:
    """The same lines: any column may be empty, and a page has 20,000 rows at most."""
    with pq.ParquetFile(path) as file:
        schema = pa.schema([each.with_nullable(True) for each in file.schema_arrow], file.schema_arrow.metadata)
        with pq.ParquetWriter(COPY, schema, compression="zstd") as writer:
            for group in range(file.num_row_groups):
                writer.write_table(file.read_row_group(group).cast(schema), row_group_size=ROW_GROUP)
    return {}


OF_FILE: dict[str, Callable[[Path], dict[str, float]]] = {
    method.__name__: method
    for method in (
        *(decoded_together, decoded_beside, ours, ours_on_one_thread, with_polars),
        *(ours_written, polars_written, copied_by_polars, copied_by_pyarrow),
    )
}


@dataclass(frozen=True)
class Spent:
    """What a method took in a process of its own: until it was ready, and then, on the clock and of the processor."""

    ready: float
    seconds: float
    processor: float
    megabytes: float
    sums: dict[str, float]


def kernels_are_loaded() -> None:
    """A first job, for which the kernels are compiled (once per machine) or read from disk."""
    ones, weights = np.ones(40_000), np.ones(40_000, dtype=np.int8)
    years = np.ones(40_000, dtype=np.int16)
    lines = ObjectLines(
        first=np.arange(40_001),
        identity=np.arange(40_000, dtype=np.uint64),
        **dict.fromkeys(("quantity", "unit_value"), ones),
        **dict.fromkeys(
            ("deadweight", "displacement", "attribution", "drop_off", "real_growth", "municipal"), 0 * ones
        ),
        **dict.fromkeys(("start_year", "end_year"), years),
        **dict.fromkeys(("society", "book"), weights),
        at_terminal=np.zeros(40_000, dtype=np.bool_),
    )
    object_values(lines, Terms(40, "end", 0.0225, 0.0225))


def in_a_process(name: str, path: Path, times: int = 1, folder: Path | None = None) -> Spent:
    """What this method takes, on average of so many times, in a process that has imported everything before.

    It writes in this folder.
    """
    command = [sys.executable, str(Path(__file__).absolute()), name, str(path.absolute()), str(times)]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=folder)
    return Spent(*json.loads(found.stdout))


def most_megabytes() -> float:
    """The most that this process has used; `getrusage` counts what its parent had used when it was started."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def main(name: str, path: Path, times: int) -> None:
    """Do the work, and print what it took."""
    method = OF_FILE[name]
    if name.startswith("ours"):
        kernels_are_loaded()
    elif "polars" in name:
        import polars  # noqa: F401, PLC0415
    ready, clock, sums = time.process_time(), time.perf_counter(), {}
    for _ in range(times):
        sums = method(path)
    spent = (time.perf_counter() - clock) / times, (time.process_time() - ready) / times
    print(json.dumps([ready, *spent, most_megabytes(), sums]))


if __name__ == "__main__" and len(sys.argv) > 1:
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
