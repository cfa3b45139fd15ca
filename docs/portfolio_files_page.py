"""Writes docs/portfolio-files.md from the declaration of the columns: run this file after a change there."""

from __future__ import annotations

from pathlib import Path

from valuation.line_table import LINE_COLUMNS, LineColumn

PAGE = Path(__file__).with_name("portfolio-files.md")
INTRODUCTION = """# Very many objects: files of lines

For a whole country a workbook is too small. `buurtwaarde portfolio` values a **file of lines** in Apache Parquet: a
row is one line of one object ([what a line is](method.md#lines)), and nothing else. Memory does not grow with the
file.

```
buurtwaarde lines WORKBOOK … --out LINES.parquet        # the lines of workbooks' objects, one municipality a workbook
buurtwaarde portfolio LINES.parquet --out VALUES.parquet [--draws N] [--seed S] [--workers W] [--scheduler ADDRESS]
```

`portfolio` also takes a workbook, and gives one when `--out` ends in `.xlsx`. With `buurtwaarde[fast]` it is several
times as fast, with the same digits. `datasets/synthetic_country.py` makes a file of any size to try it with ([the
synthetic country](synthetic-country.md)).

## What comes out

`VALUES.parquet` has a row an object, in the order of the file, with the names of the [workbook](workbook.md)'s
results: `book_value_eur`, `social_benefits_eur`, `social_costs_eur`, `social_value_eur`, `bcr`,
`municipality_npv_at_zero_price_eur`, and `unpriced_lines` (p.m.: tasks and effects without a price). With draws also
`social_value_…_eur` and `municipality_npv_…_eur` for `mean`, `p5`, `p10`, `p50`, `p90` and `p95`, and
`probability_social_value_positive` and `probability_municipality_not_worse_off` (at a price of zero). What is not
defined is empty.

Beside it `VALUES.municipalities.parquet` has a row a municipality and the country as `NL`: the sums, and with draws
the mean and quantiles **of the sums**. What objects share (the discount rate, a reference price) moves all of them
together, so these are not the sums of the objects' own quantiles.

Not in it, because a file of lines has no prices, loans, budget or warnings: price by the council's rule, ceiling and
bargaining zone, capital charges, budget, payback, guards. The workbook of one municipality has them. Lines of an
initiative without a building or green space stay out, and so does uncertainty about the horizon.

## Stopping, going on, and a cluster

The work is divided into parts, which follow from the file and the number of draws only. Finished parts are kept in
`VALUES.parquet.parts/` until the result is complete: the same command goes on where a run was stopped, killed or lost
its disk. Another file, other draws, another seed or a newer program start afresh.

On one machine the values are worked out in threads, and draws in a process for every core: about 300 MB each, so
choose fewer with `--workers` where memory is small. A part whose process was ended is given out again, three times.

With `--scheduler tcp://…:8786` the parts go to the workers of a [Dask](https://distributed.dask.org) cluster. Needed:
the extra `buurtwaarde[cluster]` in the same version everywhere, and a disk on which every worker reads the input
under the same name. The result is written where the command runs.

```
dask scheduler --host 10.0.0.1 --port 8786 --no-dashboard          # once
dask worker tcp://10.0.0.1:8786 --nworkers auto --nthreads 1       # on every machine
```

A part that is lost with a worker is given out again, three times. When the whole cluster is lost the command says how
many parts are kept. **The digits are the same for any number of workers and however often a run was stopped**; only
the quantiles of a municipality's sum depend, in the twelfth digit, on how its objects are divided into parts.

Whoever can reach the scheduler can run programs on the workers: keep it on a network of your own, or protect it with
TLS as Dask describes.

## The file

Metadata, under the key `buurtwaarde`, is JSON: `{{"format": "lines", "version": 1, "synthetic": false, "assumptions":
{{"horizon_years": 30, "timing": "end", "discount_rate": 0.0225, "municipal_discount_rate": 0.0225}}, "ranges":
{{"discount_rate": {{"low": 0.016, "high": 0.029, "distribution": "triangular"}}}}}}`. A rate may be steps, `[[30,
0.035], [75, 0.03]]`; ranges may be left out. A file that says `synthetic` gives results that say so.

The lines of one object stand together, and objects are in order of municipality and number. Columns of other names
are ignored. Text columns may be dictionaries, which is much smaller. A file is read fastest, in two thirds of the time,
when its row groups have about a million rows, its pages the usual megabyte, and columns that are always filled are
declared so (`not null`, as `buurtwaarde lines` writes them). Any other file has the same digits.

| Column | Holds | When it is not there | Meaning |
|---|---|---|---|
"""
KINDS = {
    "identifier": "whole number or text",
    "word": "text",
    "number": "number",
    "year": "year, 0 to the horizon",
    "weight": "-1, 0 or 1",
    "flag": "true or false",
    "take_up": "text",
}


def page() -> str:
    """The whole page."""
    rows = [
        f"| `{column.key}` | {_holds(column)} | {_default(column)} | {column.meaning_en} |" for column in LINE_COLUMNS
    ]
    return INTRODUCTION.replace("{{", "{").replace("}}", "}") + "\n".join(rows) + "\n"


def _holds(column: LineColumn) -> str:
    if column.kind == "weight" and column.least == 0.0:
        return "0 or 1"
    if column.kind != "number" or column.least is None:
        return KINDS[column.kind]
    least = f"{KINDS[column.kind]}, {column.least:g}"
    return f"{least} or more" if column.most is None else f"{least} to {column.most:g}"


def _default(column: LineColumn) -> str:
    if column.default is None:
        return "needed"
    if column.may_be_empty:
        return "empty"
    return f"{column.default:g}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
