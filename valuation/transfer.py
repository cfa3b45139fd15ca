"""The municipality's view (METHOD §4): the price from which on it is no worse off."""

from __future__ import annotations

import numpy as np
import pandas as pd

from valuation.arrays import Floats, figures, total_by
from valuation.case import Case
from valuation.lines import Lines, terminal_value


def municipality_view(case: Case, lines: Lines) -> pd.DataFrame:
    """Municipal cash against keeping the object and against selling it now, one row an object.

    Returns
    -------
    DataFrame
        `municipality_npv_object_eur`, `municipality_npv_initiative_eur`, their sum
        `municipality_npv_at_zero_price_eur` (price left out), `reservation_price_eur` (minus that sum: below it the
        municipality is worse off than when it keeps the object, if all savings come true), `npv_of_sale_eur`,
        `reservation_price_against_sale_eur`.
    """
    count = len(case.assets)
    cash = lines.municipal_present_value
    of_object = total_by(np.where(lines.initiative < 0, lines.asset, -1), cash, count)
    of_initiatives = total_by(np.where(lines.initiative >= 0, lines.asset, -1), cash, count)
    at_zero_price = of_object + of_initiatives
    sale = npv_of_sale(case, lines)
    return pd.DataFrame(
        {
            "municipality_npv_object_eur": of_object,
            "municipality_npv_initiative_eur": of_initiatives,
            "municipality_npv_at_zero_price_eur": at_zero_price,
            "reservation_price_eur": -at_zero_price,
            "npv_of_sale_eur": sale,
            "reservation_price_against_sale_eur": sale - at_zero_price,
        }
    )


def npv_of_sale(case: Case, lines: Lines) -> Floats:
    """[EUR] Municipal cash of selling on the market now, against keeping the object; shape (n_assets,)."""
    assets = case.assets
    years = lines.municipal_discount[1:].sum()
    saved = figures(assets, "operating_cost_eur_per_year") + figures(assets, "major_maintenance_eur_per_year")
    yearly = saved - figures(assets, "rent_income_eur_per_year")
    npv: Floats = sale_proceeds(assets) + yearly * years - terminal_value(assets) * lines.municipal_terminal
    return npv


def sale_proceeds(assets: pd.DataFrame) -> Floats:
    """[EUR] What selling now brings at once: market value, less transaction cost, plus the backlog that is avoided."""
    received = figures(assets, "market_value_eur") - figures(assets, "transaction_cost_eur")
    return received + figures(assets, "maintenance_backlog_eur")
