"""Reference figures: unit values with their price year, and the index that converts them.

The figures themselves live in `datasets/`; whoever reads them hands them over as a `ReferenceData`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd


class MissingFigureError(LookupError):
    """A reference figure is missing; the message names the file and the key."""


@dataclass(frozen=True)
class Price:
    """One reference price in the prices of the year asked for.

    Parameters
    ----------
    value, low, high : float
        Euros per unit in the price year asked for; NaN where the source gives no range.
    factor : float
        Index of the price year asked for, divided by the index of the price's own year.
    unit, price_base, basis : str
        Unit such as `EUR/half_day`; whether it is a national reference or a municipal tariff; how sure it is.
    """

    key: str
    value: float
    low: float
    high: float
    factor: float
    unit: str
    price_base: str
    basis: str
    own_year: int
    source_id: str
    name_nl: str
    name_en: str


@dataclass(frozen=True)
class ReferenceData:
    """The figures of `datasets/`, as tables with the columns of their files.

    Parameters
    ----------
    unit_values : DataFrame
        `datasets/unit_values.csv`; `value`, `low`, `high` as float, `price_year` as nullable integer.
    price_index : DataFrame
        Columns `index`, `year` (int), `value` (float).
    defaults : dict
        Key of `datasets/assumption_defaults.csv` to its value: a number, a word, or a boolean.
    units, sources, de_minimis, double_counting, evidence_widths, depreciation_terms : DataFrame
        The files of the same names.
    found_prices : dict
        Prices that were looked up before, since a page asks for the same price many times; a copy starts without any.
    """

    unit_values: pd.DataFrame
    price_index: pd.DataFrame
    defaults: dict[str, float | str | bool]
    units: pd.DataFrame
    sources: pd.DataFrame
    de_minimis: pd.DataFrame
    double_counting: pd.DataFrame
    evidence_widths: pd.DataFrame = field(default_factory=pd.DataFrame)
    depreciation_terms: pd.DataFrame = field(default_factory=pd.DataFrame)
    found_prices: dict[tuple[str, int], Price] = field(init=False, default_factory=dict, repr=False, compare=False)

    def latest_price_year(self) -> int:
        """The latest year of the price index: the default price year."""
        return int(self.price_index["year"].max())

    def default(self, key: str) -> float | str | bool:
        """A default of `datasets/assumption_defaults.csv`; `MissingFigureError` where it is not there."""
        if key not in self.defaults:
            raise MissingFigureError(f"datasets/assumption_defaults.csv has no row '{key}'")
        return self.defaults[key]

    def number(self, key: str) -> float:
        """A default that is a number."""
        return float(self.default(key))

    def life_years(self, key: str) -> int:
        """[year] An example of a useful life, of `datasets/depreciation_terms.csv`."""
        terms = dict(zip(self.depreciation_terms.get("key", ()), self.depreciation_terms.get("years", ()), strict=True))
        if key not in terms:
            raise MissingFigureError(f"datasets/depreciation_terms.csv has no row '{key}'")
        return int(terms[key])

    def has_price(self, key: str) -> bool:
        """Whether `datasets/unit_values.csv` knows this price code."""
        return bool((self.unit_values["key"] == key).any())

    def index_factor(self, index: str, from_year: int, to_year: int) -> float:
        """Factor that converts prices of one year into those of another: `index[to] / index[from]` (METHOD §1).

        A year that the index does not have is a `MissingFigureError`, never a guess.
        """
        years = self.price_index[self.price_index["index"] == index].set_index("year")["value"]
        for year in (from_year, to_year):
            if year not in years.index:
                raise MissingFigureError(f"datasets/price_index.csv has no year {year} for the index '{index}'")
        return float(years[to_year]) / float(years[from_year])

    def price(self, key: str, price_year: int) -> Price:
        """The reference price with this code, in prices of `price_year` (METHOD §1).

        Where a code has rows for several years, the row of `price_year` is taken, otherwise the latest before
        it, otherwise the earliest. A row without an index is a nominal amount of its own year, not converted.
        """
        if (key, price_year) not in self.found_prices:
            self.found_prices[key, price_year] = self._look_up(key, price_year)
        return self.found_prices[key, price_year]

    def _look_up(self, key: str, price_year: int) -> Price:
        rows = self.unit_values[self.unit_values["key"] == key]
        if rows.empty:
            raise MissingFigureError(f"datasets/unit_values.csv has no row '{key}'")
        rows = rows.sort_values(["price_year", "valid_from"])
        earlier = rows[rows["price_year"].fillna(price_year) <= price_year]
        row = (rows if earlier.empty else earlier).iloc[0 if earlier.empty else -1]
        own_year = price_year if pd.isna(row["price_year"]) else int(row["price_year"])
        indexed = isinstance(row["index"], str) and row["index"] != ""
        factor = self.index_factor(row["index"], own_year, price_year) if indexed else 1.0
        return Price(
            key=key,
            value=float(row["value"]) * factor,
            low=float(row["low"]) * factor,
            high=float(row["high"]) * factor,
            factor=factor,
            unit=str(row["unit"]),
            price_base=str(row["price_base"]),
            basis=str(row["basis"]),
            own_year=own_year,
            source_id=str(row["source_id"]),
            name_nl=str(row["name_nl"]),
            name_en=str(row["name_en"]),
        )
