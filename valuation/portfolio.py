"""The whole portfolio in one picture: which objects stand where, and what they are together, year by year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from valuation.appraisal import Result
from valuation.arrays import Floats, figures, ratio
from valuation.lines import covered_backlog

QUADRANTS = ("transfer", "worth_its_book_value", "little_of_both", "sell")
"""Low in the books and high for society, high in both, low in both, high in the books and low for society."""


def portfolio_table(result: Result) -> pd.DataFrame:
    """Every object with what the picture of the portfolio needs, one row an object in sheet order.

    Returns
    -------
    DataFrame
        `asset_id`, `name`, `kind`, `neighbourhood`, `area_m2`, `market_value_eur`, `book_value_eur`,
        `social_value_eur`, `municipality_npv_at_zero_price_eur`, `maintenance_backlog_eur`, `book_value_eur_per_m2`,
        `social_value_eur_per_m2` (both NaN without an area; the second without an initiative too) and
        `backlog_turns_it`: the social value is above zero with the backlog that the renovation covers, and not without.
    """
    case = result.case
    table = pd.concat(
        [
            case.assets[["asset_id", "name", "kind", "neighbourhood", "area_m2", "market_value_eur"]].reset_index(
                drop=True
            ),
            result.assets[["book_value_eur", "social_value_eur", "municipality_npv_at_zero_price_eur"]],
            case.assets[["maintenance_backlog_eur"]].reset_index(drop=True),
        ],
        axis=1,
    )
    area, social = figures(table, "area_m2"), figures(table, "social_value_eur")
    without_backlog = social - covered_backlog(case, result.links)
    return table.assign(
        book_value_eur_per_m2=ratio(figures(table, "book_value_eur"), np.nan_to_num(area)),
        social_value_eur_per_m2=ratio(social, np.nan_to_num(area)),
        backlog_turns_it=(social > 0.0) & (without_backlog <= 0.0),
    )


def borders(table: pd.DataFrame) -> tuple[float, float]:
    """[EUR per m2] Where the picture is divided: the medians of book value and of social value among its objects.

    Parameters
    ----------
    table : DataFrame
        `portfolio_table`, or a part of it: buildings and green are pictures of their own, for a square metre of park
        is not one of floor. NaN where no object has both figures.
    """
    drawn = table[["book_value_eur_per_m2", "social_value_eur_per_m2"]].dropna()
    return float(drawn["book_value_eur_per_m2"].median()), float(drawn["social_value_eur_per_m2"].median())


def quadrants(table: pd.DataFrame, book_border: float, social_border: float) -> pd.Series:
    """In which part of the picture each object stands: one of `QUADRANTS`, None without both figures.

    Parameters
    ----------
    table : DataFrame
        `portfolio_table`, or a part of it.
    book_border, social_border : float
        [EUR per m2] An object on a border counts as high. A social value at or below zero is never high: where society
        gains nothing, no transfer is advised, however the others do.
    """
    book, social = table["book_value_eur_per_m2"], table["social_value_eur_per_m2"]
    dear, valued = book >= book_border, (social >= social_border) & (social > 0.0)
    names = pd.Series([None] * len(table), index=table.index, dtype=object)
    for quadrant, is_valued, is_dear in zip(
        QUADRANTS, (True, True, False, False), (False, True, False, True), strict=True
    ):
        names[(valued == is_valued) & (dear == is_dear) & book.notna() & social.notna()] = quadrant
    return names


def own_quadrants(table: pd.DataFrame) -> pd.Series:
    """In which part of its own picture each object stands: buildings among buildings, green among green.

    Parameters
    ----------
    table : DataFrame
        `portfolio_table`.
    """
    parts = [quadrants(rows, *borders(rows)) for _kind, rows in table.groupby("kind", sort=False)]
    return pd.concat(parts).reindex(table.index) if parts else pd.Series(index=table.index, dtype=object)


def yearly_views(result: Result) -> pd.DataFrame:
    """The three views of all transfers together, year by year, each in its own money and never added up.

    Objects without an initiative are left out: nobody says that they pass.

    Returns
    -------
    DataFrame
        `t` (0 is the transfer, 1 January of the base year; t from 1 on is the year `base_year + t - 1`), `year`,
        `municipality_eur` (municipal cash against keeping the objects, price left out) and `society_eur` (benefits less
        costs), both undiscounted and in prices of the price year (NaN in budget years after a short horizon); and of
        the accounts, in the budget years only (NaN in the others), `accounts_recurring_eur` and `accounts_one_off_eur`
        (NaN as soon as one object has no proposed price: §3). The accounts' figures are those of the objects.
    """
    lines, case, links = result.lines, result.case, result.links
    passes = np.append(links.has_initiative, True)[lines.asset]
    owner = np.where(passes, 0, -1).astype(np.int64)
    purse = lines.yearly_totals(owner, 1, lines.municipal)[0]
    society = lines.yearly_totals(owner, 1, lines.society * lines.direction)[0]
    years = int(case.reference.number("budget_years"))
    t = np.arange(max(len(society), years + 1))
    table = pd.DataFrame(
        {
            "t": t,
            "year": case.assumptions.base_year + np.maximum(t - 1, 0),
            "municipality_eur": pd.Series(purse).reindex(t),
            "society_eur": pd.Series(society).reindex(t),
        }
    )
    budget = result.budget[["recurring_total_eur", "one_off_total_eur"]].to_numpy(np.float64)
    accounts = budget.reshape(-1, years, 2)[links.has_initiative].sum(axis=0)
    for column, amounts in zip(("accounts_recurring_eur", "accounts_one_off_eur"), accounts.T, strict=True):
        table[column] = pd.Series(amounts, index=np.arange(1, years + 1)).reindex(t).to_numpy()
    return table


def totals_by(result: Result, column: str) -> pd.DataFrame:
    """The portfolio by neighbourhood or kind.

    Parameters
    ----------
    result : Result
    column : {"neighbourhood", "kind"}

    Returns
    -------
    DataFrame
        `column`, `objects`, `with_initiative`, and the sums `book_value_eur`, `market_value_eur`,
        `maintenance_backlog_eur` and `social_value_eur` (of the objects with an initiative; NaN where there is none),
        in the order in which they first occur. Objects without a neighbourhood stand under None.
    """
    table = portfolio_table(result)
    groups = table.groupby(column, sort=False, dropna=False)
    sums: pd.DataFrame = groups[["book_value_eur", "market_value_eur", "maintenance_backlog_eur"]].sum()
    social: Floats = groups["social_value_eur"].sum(min_count=1).to_numpy(np.float64)
    return sums.assign(
        social_value_eur=social, objects=groups.size(), with_initiative=groups["social_value_eur"].count()
    ).reset_index()
