"""From a case to its result: the readable list of steps, a table of contents of METHOD.md."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from valuation.book_value import BookValue, book_values
from valuation.budget import accounts_view, budget_view
from valuation.care import initiatives_view, savings_by_payer, task_savings
from valuation.case import Case
from valuation.guards import warnings_of
from valuation.lines import Activity, Lines, activity, compile_lines
from valuation.price import debt_capacity, operating_surplus, price_view
from valuation.problems import Problem
from valuation.rent import rent_view
from valuation.social_value import society_view
from valuation.transfer import municipality_view


@dataclass(frozen=True)
class Result:
    """Everything that is known of a case.

    Parameters
    ----------
    case : Case
    links : Activity
        Which initiative is linked to which object, and for how long.
    lines : Lines
        Every euro; all figures below are sums over these lines.
    book : BookValue
    assets : DataFrame
        A row per object in sheet order: `asset_id`, `name`, the figures of WORKBOOK.md under their names, and what
        only the screen shows. NaN is undefined.
    budget : DataFrame
        A row per object and year.
    initiatives : DataFrame
        A row per initiative in sheet order.
    tasks : DataFrame
        A row per task.
    savings_by_payer : DataFrame
    """

    case: Case
    links: Activity
    lines: Lines
    book: BookValue
    assets: pd.DataFrame
    budget: pd.DataFrame
    initiatives: pd.DataFrame
    tasks: pd.DataFrame
    savings_by_payer: pd.DataFrame

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """The warnings, looked for when somebody asks; a case with errors has no result."""
        return warnings_of(self.case, self.links, self.lines, self.book, self.assets, self.initiatives)

    def asset(self, asset_id: str) -> pd.Series:
        """The figures of one object; a `KeyError` for an unknown number."""
        return self.assets.iloc[self.asset_position(asset_id)]

    def asset_position(self, asset_id: str) -> int:
        """Position of an object in the assets table."""
        return int(pd.Index(self.case.assets["asset_id"]).get_loc(asset_id))


def appraise(case: Case) -> Result:
    """Value every object and initiative of a case (METHOD §1-8 and §10).

    Parameters
    ----------
    case : Case
        One object is a portfolio of one: there is no other path.

    Raises
    ------
    ValuationError
        Where the method does not apply, such as a horizon beyond the last step of the discount rate.
    MissingFigureError
        Where a reference figure or index year is missing.
    """
    assumptions = case.assumptions
    links = activity(case)
    lines = compile_lines(case, links)

    book = book_values(
        case.assets,
        base_year=assumptions.base_year,
        internal_interest_rate=assumptions.internal_interest_rate,
    )
    accounts = accounts_view(case, book)
    budget = budget_view(case, lines, book)
    municipality = municipality_view(case, lines)
    society = society_view(case, lines, links)
    price = price_view(case, links, municipality, society)
    assets = pd.concat(
        [
            case.assets[["asset_id", "name", "kind", "market_value_eur", "proposed_price_eur"]].reset_index(drop=True),
            _active_years(case, links, book),
            accounts,
            rent_view(case, book),
            municipality,
            society,
            price,
        ],
        axis=1,
    )

    savings = task_savings(case)
    initiatives = initiatives_view(case, lines, savings).assign(
        operating_surplus_eur_per_year=operating_surplus(case), debt_capacity_eur=debt_capacity(case)
    )
    return Result(
        case=case,
        links=links,
        lines=lines,
        book=book,
        assets=assets,
        budget=budget,
        initiatives=initiatives,
        tasks=savings,
        savings_by_payer=savings_by_payer(savings),
    )


def _active_years(case: Case, links: Activity, book: BookValue) -> pd.DataFrame:
    """Years in the initiatives' hands, and the last budget year with freed depreciation (NaN when there is none)."""
    left = book.remaining_life_years
    depreciates = (left > 0) & (book.method != "none")
    return pd.DataFrame(
        {
            "has_initiative": links.has_initiative,
            "active_years": links.asset_years,
            "last_depreciation_year": np.where(depreciates, case.assumptions.base_year + left - 1, np.nan),
        }
    )
