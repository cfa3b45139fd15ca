"""One part of a big job: some objects of a file of lines, from the file to a table of figures.

A part knows nothing of the others, so it can run anywhere that the file can be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from exports.portfolio_values import object_table
from intake.line_table import LineFile, SomeObjects, open_line_file
from valuation.arrays import Floats
from valuation.object_draws import ObjectDraws
from valuation.object_lines import object_values


@dataclass(frozen=True)
class Job:
    """What has to be worked out.

    Parameters
    ----------
    path : Path
        The file of lines; every process that takes part reads it under this name.
    draws : int | None
        A power of two; None for the values only.
    seed : int
    """

    path: Path
    draws: int | None
    seed: int

    def open(self) -> LineFile:
        """The file of lines."""
        return open_line_file(self.path, with_draws=self.draws is not None)


@dataclass(frozen=True)
class Part:
    """The figures of some objects, and their draws added up by municipality.

    Parameters
    ----------
    table : Table
        As `exports.portfolio_values.object_table`.
    municipalities : list of str
        In the order of the file.
    totals : array of shape (municipalities, 2, draws)
        [EUR] Social value and municipal result in every draw; of length 0 without draws.
    """

    table: pa.Table
    municipalities: list[str]
    totals: Floats


def work_out(job: Job, start: int, stop: int) -> Part:
    """The objects whose first line lies in these rows.

    Parameters
    ----------
    job : Job
    start, stop : int
        Rows of the file; `stop` itself belongs to the next part.

    Raises
    ------
    UnusableLines
    """
    file = job.open()
    draws = None if job.draws is None else ObjectDraws(file.terms, job.draws, job.seed)
    tables: list[pa.Table] = []
    totals: dict[str, Floats] = {}
    for objects in file.objects(start, stop):
        values = object_values(objects.lines, file.terms)
        certainty = None
        if draws is not None:
            names, of_object = _municipalities(objects)
            for name in names:
                totals.setdefault(name, np.zeros((2, draws.count)))
            of_names = np.stack([totals[name] for name in names])
            certainty = draws.certainty(objects.lines, of_object, of_names)
            totals.update(zip(names, of_names, strict=True))
        tables.append(object_table(objects.municipalities, objects.municipality, objects.number, values, certainty))
    table = pa.concat_tables(tables).unify_dictionaries().combine_chunks() if tables else pa.table({})
    return Part(table, list(totals), np.array(list(totals.values())).reshape(len(totals), 2, job.draws or 0))


def _municipalities(objects: SomeObjects) -> tuple[list[str], np.ndarray]:
    """The municipalities of these objects, and which of them each object lies in."""
    there, of_object = np.unique(objects.municipality, return_inverse=True)
    return [objects.municipalities[place] for place in there.tolist()], of_object
