"""A synthetic country: portfolios for all municipalities, drawn from published national totals.

    python datasets/synthetic_country.py --out FILE.parquet [--objects N] [--lines L] [--seed S]

No figure in the file belongs to a real object: how many there are, how large they are and what they are worth in the
books follows `national_totals.csv` and `municipalities.csv`; what happens in them follows `synthetic_lines.csv`, which
is assumption throughout. docs/synthetic-country.md says which is which.

Everything that is drawn is a function of the seed and of the number of the object or the line. So the same seed gives
the same data, however many rows are made at once.
"""

from __future__ import annotations

import argparse
import csv
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from exports.line_table import line_schema
from exports.parquet import AS_PARQUET
from intake.reference_data import load_reference
from valuation.reference import ReferenceData

FOLDER = Path(__file__).resolve().parent
ROW_GROUP = 1_000_000
LINES = 10
CHOICES = 8  # A list in `synthetic_lines.csv` has 1, 2, 4 or 8 values, each as likely: three bits of a hash pick one.
OBJECT_HASHES = 2**48  # The hashes of objects have a range of their own, far above the numbers of rows.

NOTE = (
    "Synthetisch: geen enkel cijfer hoort bij een bestaand object. Aantallen, oppervlakten en boekwaarden volgen "
    "landelijke totalen; de rest is aanname. / Synthetic: no figure belongs to a real object. Numbers, areas and book "
    "values follow national totals; the rest is assumption."
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

COLUMNS = line_schema(pa.int64())
COLUMNS = COLUMNS.remove(COLUMNS.get_field_index("take_up"))  # here all is at full size at once


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of one file of `datasets/`, as text."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


# ---- draws --------------------------------------------------------------------------------------


def hashed(seed: int, numbers: Ints) -> Hashes:
    """64 random bits for each number, by splitmix64 (Steele, Lea and Flood 2014): no draw needs the draw before it."""
    golden, first, second = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
    start = (seed * first + 1) % 2**64
    mixed: Hashes = (numbers.astype(np.uint64) + np.uint64(start)) * np.uint64(golden)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(first)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(second)
    return mixed ^ (mixed >> np.uint64(31))


def picked(bits: Hashes, place: int) -> Ints:
    """Which of the `CHOICES` each hash picks; every list has a place of its own in the hash."""
    return ((bits >> np.uint64(3 * place)) & np.uint64(CHOICES - 1)).astype(np.int64)


def spread(seed: int, numbers: Ints) -> Floats:
    """Three evenly spread numbers in [0, 1) for each object; shape (3, n).

    A Kronecker sequence with the generalised golden ratio (Roberts 2018): sums over the country come out as they
    should, where independent draws would miss the published totals by a per cent.
    """
    ratio = max(np.roots([1.0, 0.0, 0.0, -1.0, -1.0]).real)  # ratio**4 == ratio + 1
    steps = 1.0 / ratio ** np.arange(1, 4)
    shifts = hashed(seed, np.arange(1, 4)) / 2.0**64
    found: Floats = (shifts[:, None] + steps[:, None] * numbers) % 1.0
    return found


# ---- what there is ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kinds:
    """The kinds of object of the country, one array element each.

    Parameters
    ----------
    names : tuple of str
        Key of the kind's area in `national_totals.csv`.
    count : array
        Objects in the country.
    least_m2, average_m2 : array
        [m²] Smallest and average area of one object.
    book_value_per_m2 : array
        [EUR/m²] Average book value.
    templates : array of int, shape (kinds, CHOICES)
        Templates of `synthetic_lines.csv`, each as likely.
    """

    names: tuple[str, ...]
    count: Floats
    least_m2: Floats
    average_m2: Floats
    book_value_per_m2: Floats
    templates: Ints


def _kinds(template_names: list[str]) -> Kinds:
    """The kinds of object, from the published totals: one average size for all buildings, and one book value per m²."""
    totals = rows_of("national_totals")
    total = {row["key"]: float(row["value"]) for row in totals}
    of_kind = {row["key"]: row["templates"].split(";") for row in totals if row["templates"]}
    is_green = np.array([name == "park_area" for name in of_kind])
    area = np.array([total[name] for name in of_kind])
    area[~is_green] *= total["floor_area_all"] / area[~is_green].sum()  # the published parts are rounded
    count = np.where(is_green, total["green_spaces"], area / total["floor_area_all"] * total["buildings"])
    return Kinds(
        names=tuple(of_kind),
        count=count,
        least_m2=np.where(is_green, total["park_minimum_area"], 0.0),
        average_m2=area / count,
        book_value_per_m2=np.where(
            is_green,
            total["green_spaces_book_value"] / total["park_area"],
            total["buildings_book_value"] / total["floor_area_all"],
        ),
        templates=np.array([_cycled([template_names.index(name) for name in names]) for names in of_kind.values()]),
    )


@dataclass(frozen=True)
class Drawn:
    """Some objects, one array element each: place of the kind in `Kinds`, area [m²] and book value [EUR]."""

    kind: Ints
    area_m2: Floats
    book_value_eur: Floats


def _drawn(kinds: Kinds, seed: int, numbers: Ints) -> Drawn:
    """The objects with these numbers.

    Only averages are published. An exponential distribution around them is the one that assumes nothing more.
    """
    which, size, worth = spread(seed, numbers)
    kind = np.searchsorted(np.cumsum(kinds.count[:-1]) / kinds.count.sum(), which, side="right")
    least = kinds.least_m2[kind]
    area = np.maximum(1.0, np.rint(least - (kinds.average_m2[kind] - least) * np.log1p(-size)))
    book_value = np.rint(-kinds.book_value_per_m2[kind] * area * np.log1p(-worth) / 1000.0) * 1000.0
    return Drawn(kind, area, book_value)


def _calibrated(kinds: Kinds, seed: int) -> Kinds:
    """The kinds with averages such that the country of this seed adds up to the published totals."""
    drawn = _drawn(kinds, seed, np.arange(published_objects()))
    least = np.bincount(drawn.kind, minlength=len(kinds.names)) * kinds.least_m2
    wanted = kinds.count * kinds.average_m2
    factor = (wanted - least) / (np.bincount(drawn.kind, drawn.area_m2, len(kinds.names)) - least)
    calibrated = replace(kinds, average_m2=kinds.least_m2 + (kinds.average_m2 - kinds.least_m2) * factor)
    drawn = _drawn(calibrated, seed, np.arange(published_objects()))
    book_factor = (wanted * kinds.book_value_per_m2).sum() / drawn.book_value_eur.sum()
    return replace(calibrated, book_value_per_m2=kinds.book_value_per_m2 * book_factor)


def _cycled(values: list[Any]) -> list[Any]:
    """A list repeated to `CHOICES` values."""
    if CHOICES % len(values):
        raise ValueError(f"a list of {len(values)} values cannot be picked from evenly: {values}")
    return values * (CHOICES // len(values))


def published_objects() -> int:
    """How many objects the municipalities have together: buildings and green spaces."""
    total = {row["key"]: int(row["value"]) for row in rows_of("national_totals")}
    return total["buildings"] + total["green_spaces"]


# ---- what happens in it -------------------------------------------------------------------------


BASES = ("object", "m2", "book_value")
PICKED = {
    "multiple": "multiples",
    "price": "prices",
    **{name: name for name in ("municipal", "deadweight", "displacement", "attribution", "drop_off", "real_growth")},
    "start_year": "first_year",
    "end_year": "last_year",
}


@dataclass(frozen=True)
class Recipe:
    """The lines of all templates, one array element a line of a template.

    Parameters
    ----------
    words : dict
        The words of the columns "kind", "distribution" and "price".
    fixed : dict of arrays of shape (lines,)
        What is the same for every object: "kind" and "distribution" (places in `words`; -1 for none), "of" (place in
        `BASES`), "society", "at_terminal", "low_factor" and "high_factor" (NaN where an own amount is certain).
    lists : dict of arrays of shape (lines, CHOICES)
        What is picked, by the names of `PICKED`; "price" is a place in `prices`.
    prices : array of shape (3, prices)
        [EUR per unit] Value, low and high; the first price is NaN and stands for an amount of the object's own.
    price_words : array of int
        Place of each price in `words["price"]`; -1 for what is not a reference price.
    sources : tuple of str
        Where the prices come from.
    """

    words: dict[str, list[str]]
    fixed: dict[str, npt.NDArray[Any]]
    lists: dict[str, npt.NDArray[Any]]
    prices: Floats
    price_words: npt.NDArray[np.int16]
    sources: tuple[str, ...]


def _recipe(templates: dict[str, list[dict[str, str]]], lines: int, reference: ReferenceData) -> Recipe:
    """`lines` lines of each template, one template after another."""
    rows = [row for template in templates.values() for row in _of_length(template, lines)]
    keys = ["", *dict.fromkeys(key for row in rows for key in row["prices"].split(";") if key)]
    words = {name: sorted({row[name] for row in rows} - {""}) for name in ("kind", "distribution")}
    words["price"] = [key for key in keys if reference.has_price(key)]
    widths = reference.evidence_widths.set_index("grade")
    return Recipe(
        words=words,
        fixed={
            "kind": _places([row["kind"] for row in rows], words["kind"]),
            "distribution": _places([row["distribution"] for row in rows], words["distribution"]),
            "of": np.array([BASES.index(row["of"]) for row in rows]),
            "society": np.array([int(row["society"]) for row in rows], dtype=np.int8),
            "at_terminal": np.array([row["at_terminal"] == "1" for row in rows]),
            **{
                factor: np.array([widths.at[row["grade"], factor] if row["grade"] else np.nan for row in rows])
                for factor in ("low_factor", "high_factor")
            },
        },
        lists={
            name: np.array(
                [
                    _cycled([keys.index(text) if name == "price" else float(text) for text in row[column].split(";")])
                    for row in rows
                ]
            )
            for name, column in PICKED.items()
        },
        prices=np.array([_price(key, reference) for key in keys]).T,
        price_words=_places(keys, words["price"]),
        sources=tuple(reference.price(key, reference.latest_price_year()).source_id for key in words["price"]),
    )


def _of_length(template: list[dict[str, str]], lines: int) -> list[dict[str, str]]:
    """The first lines of a template; where more are asked for, its effects and tasks come back."""
    again = [row for row in template if row["kind"] in ("effect", "avoided_institutional_cost")]
    return [*template, *again * lines][:lines]


def _places(found: list[str], words: list[str]) -> npt.NDArray[np.int16]:
    return np.array([words.index(word) if word in words else -1 for word in found], dtype=np.int16)


def _price(key: str, reference: ReferenceData) -> tuple[float, float, float]:
    """[EUR per unit] Value, low and high of a reference price in the latest price year, or of a default (certain)."""
    nothing = float("nan")
    if reference.has_price(key):
        price = reference.price(key, reference.latest_price_year())
        return price.value, price.low, price.high
    return (reference.number(key) if key else nothing), nothing, nothing


# ---- the country --------------------------------------------------------------------------------


class Country:
    """All that is needed to make any row of the file.

    Parameters
    ----------
    objects, lines : int
        How many objects, and how many lines for each.
    seed : int
        Another seed is another country with the same totals.
    """

    def __init__(self, *, objects: int, lines: int = LINES, seed: int = 0) -> None:
        reference = load_reference()
        templates: dict[str, list[dict[str, str]]] = {}
        for row in rows_of("synthetic_lines"):
            templates.setdefault(row["template"], []).append(row)
        municipalities = rows_of("municipalities")
        inhabitants = np.cumsum([int(row["inhabitants"]) for row in municipalities])
        self.objects, self.lines, self.seed = objects, lines, seed
        self.rows = objects * lines
        self.codes = [row["code"] for row in municipalities]
        self.ends = np.rint(inhabitants / inhabitants[-1] * objects).astype(np.int64)
        self.kinds = _calibrated(_kinds([*templates]), seed)
        self.recipe = _recipe(templates, lines, reference)
        self.metadata = _metadata(reference, self.recipe)
        self.schema = COLUMNS.with_metadata({"buurtwaarde": json.dumps(self.metadata, ensure_ascii=False)})

    def some_rows(self, first: int, end: int) -> pa.Table:
        """The rows of the file with places `first` to `end`, the last not included."""
        rows = np.arange(first, end)
        objects = np.arange(first // self.lines, -(-end // self.lines))
        drawn = _drawn(self.kinds, self.seed, objects)
        at = rows // self.lines - objects[0]
        line, picks = self._recipe_lines(rows, objects, drawn.kind, at)
        recipe = self.recipe
        found = {name: recipe.lists[name][line, picks[name]] for name in PICKED}
        base = np.stack([np.ones(len(objects)), drawn.area_m2, drawn.book_value_eur])[recipe.fixed["of"][line], at]
        amounts = base * found["multiple"]
        value, low, high = _unit_values(recipe, line, found["price"], amounts)
        certain = np.isnan(low)
        is_own = found["price"] == 0
        is_book = recipe.fixed["kind"][line] == recipe.words["kind"].index("book_value")
        return pa.table(
            [
                _words(np.searchsorted(self.ends, objects, side="right")[at], self.codes),
                rows // self.lines + 1,
                _words(recipe.fixed["kind"][line], recipe.words["kind"]),
                np.where(is_own, 1.0, np.rint(amounts * 100.0) / 100.0),
                value,
                pa.array(low, from_pandas=True),
                pa.array(high, from_pandas=True),
                _words(np.where(certain, -1, recipe.fixed["distribution"][line]), recipe.words["distribution"]),
                _words(recipe.price_words[found["price"]], recipe.words["price"]),
                *(found[name] for name in ("deadweight", "displacement", "attribution", "drop_off", "real_growth")),
                found["start_year"].astype(np.int16),
                found["end_year"].astype(np.int16),
                recipe.fixed["society"][line],
                found["municipal"],
                is_book.astype(np.int8),
                recipe.fixed["at_terminal"][line],
            ],
            schema=self.schema,
        )

    def _recipe_lines(self, rows: Ints, objects: Ints, kind: Ints, at: Ints) -> tuple[Ints, dict[str, Ints]]:
        """Which line of the recipe each row is, and what it picks; the years are the same for a whole object."""
        object_bits = hashed(self.seed, objects + OBJECT_HASHES)
        template = self.kinds.templates[kind, picked(object_bits, 0)]
        bits = hashed(self.seed, rows)
        picks = {name: picked(bits, place) for place, name in enumerate(PICKED)}
        return template[at] * self.lines + rows % self.lines, picks | {"end_year": picked(object_bits, 1)[at]}


def _unit_values(recipe: Recipe, line: Ints, price: Ints, amounts: Floats) -> tuple[Floats, Floats, Floats]:
    """[EUR per unit] Value, low and high of each row: a reference price, or an amount of its own in whole hundreds."""
    value, low, high = recipe.prices[:, price]
    is_own = price == 0
    own = np.rint(amounts[is_own] / 100.0) * 100.0
    value[is_own] = own
    low[is_own] = np.rint(own * recipe.fixed["low_factor"][line[is_own]])
    high[is_own] = np.rint(own * recipe.fixed["high_factor"][line[is_own]])
    certain = ~(low < high)
    low[certain] = high[certain] = np.nan
    return value, low, high


def _words(places: npt.NDArray[np.int16], words: list[str]) -> pa.DictionaryArray:
    """Words by their places; -1 is no word."""
    return pa.DictionaryArray.from_arrays(
        pa.array(places.astype(np.int16), mask=places < 0), pa.array(words, pa.string())
    )


def _metadata(reference: ReferenceData, recipe: Recipe) -> dict[str, Any]:
    """What a reader of the file must know: that it is synthetic, where figures come from, and with what to compute."""
    rate = reference.number("discount_rate")
    range_of_rate = reference.price("discount_rate_standard", reference.latest_price_year())
    files = ("national_totals", "municipalities", "synthetic_lines")
    used = (row for name in files for row in rows_of(name) if row.get("use") != "comparison")
    sources = {row["source_id"] for row in used} | {*recipe.sources}
    return {
        "format": "lines",
        "version": 1,
        "synthetic": True,
        "note": NOTE,
        "sources": sorted(sources),
        "assumptions": {
            "base_year": reference.latest_price_year() + 1,
            "horizon_years": reference.life_years("life_building"),
            "discount_rate": rate,
            "municipal_discount_rate": rate,
            "timing": reference.default("timing"),
            "price_year": reference.latest_price_year(),
        },
        "ranges": {
            "discount_rate": {"low": range_of_rate.low, "high": range_of_rate.high, "distribution": "triangular"},
        },
    }


def write(country: Country, path: Path, *, rows_at_once: int = ROW_GROUP) -> None:
    """Write the file in row groups of `ROW_GROUP` rows; a file that is not whole never has its name."""
    unfinished = path.with_name(path.name + ".part")
    with pq.ParquetWriter(unfinished, country.schema, write_statistics=["object"], **AS_PARQUET) as writer:
        for first in range(0, country.rows, ROW_GROUP):
            end = min(first + ROW_GROUP, country.rows)
            parts = [
                country.some_rows(place, min(place + rows_at_once, end)) for place in range(first, end, rows_at_once)
            ]
            writer.write_table(pa.concat_tables(parts), row_group_size=ROW_GROUP)
    unfinished.replace(path)


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.parquet")
    parser.add_argument("--objects", type=int, default=published_objects(), help="default: as many as published")
    parser.add_argument("--lines", type=int, default=LINES, help="lines an object (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(arguments)
    if chosen.objects < 1 or chosen.lines < 1 or chosen.seed < 0:
        parser.error("--objects and --lines are at least 1, --seed is at least 0")
    country = Country(objects=chosen.objects, lines=chosen.lines, seed=chosen.seed)
    write(country, chosen.out)
    print(f"{chosen.out}: {country.objects:,} synthetic objects, {country.rows:,} lines")


if __name__ == "__main__":
    main()
