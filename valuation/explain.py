"""How a figure comes about: the lines behind it, the bridge from book value to social value, the price ladder."""

from __future__ import annotations

import numpy as np
import pandas as pd

from valuation.appraisal import Result

LADDER = (
    "reservation_price_eur",
    "reservation_price_against_sale_eur",
    "proposed_price_eur",
    "social_price_eur",
    "book_value_eur",
    "market_value_eur",
    "ceiling_price_eur",
)
"""The rungs of the price ladder, by their column in `Result.assets`."""


def line_table(result: Result, *, asset_id: str | None = None, initiative_id: str | None = None) -> pd.DataFrame:
    """Every line behind the figures of one object or one initiative, traced to its cell and its price.

    Parameters
    ----------
    result : Result
    asset_id, initiative_id : str, optional
        One of both. An object's lines include those of its initiatives. Neither: all lines.

    Returns
    -------
    DataFrame
        `kind`, `label`, `owner_id`, `view` (`benefit`, `cost`, `transfer` or `shown`), `party`, `counterparty`,
        `gross_eur`, `amount_eur` (after deductions; NaN for p.m.), `start_year`, `end_year`,
        `present_value_eur` (signed for the party, at the society's rate), `social_value_eur` (the part that enters
        social value), `municipality_npv_eur`, and where it stands: `sheet`, `cell`, `price_key`, `source_id`.
        Lines of zero are left out; p.m. lines stay.
    """
    case, lines = result.case, result.lines
    chosen = (lines.amount != 0) & (lines.end_year >= lines.start_year)
    if asset_id is not None:
        chosen &= lines.asset == result.asset_position(asset_id)
    if initiative_id is not None:
        chosen &= lines.initiative == int(pd.Index(case.initiatives["initiative_id"]).get_loc(initiative_id))
    at = np.flatnonzero(chosen)

    in_society, transfer = lines.society[at] > 0, lines.counterparty[at] != ""
    gain = lines.direction[at] > 0
    view = np.where(in_society, np.where(gain, "benefit", "cost"), np.where(transfer, "transfer", "shown"))
    asset_ids = np.array([*case.assets["asset_id"], None], dtype=object)
    initiative_ids = np.array([*case.initiatives["initiative_id"], None], dtype=object)
    of_initiative = lines.initiative[at] >= 0
    signed = lines.present_value[at] * lines.direction[at]
    places = [
        case.cells.get((table, column), (None, None))
        for table, column in zip(lines.table[at], lines.column[at], strict=True)
    ]
    price_keys = _price_keys(result)
    keys = [price_keys.get((table, row)) for table, row in zip(lines.table[at], lines.row[at], strict=True)]
    return pd.DataFrame(
        {
            "kind": lines.kind[at],
            "label": lines.label[at],
            "owner_id": np.where(of_initiative, initiative_ids[lines.initiative[at]], asset_ids[lines.asset[at]]),
            "view": view,
            "party": lines.party[at],
            "counterparty": lines.counterparty[at],
            "gross_eur": lines.gross[at],
            "amount_eur": lines.amount[at],
            "start_year": lines.start_year[at],
            "end_year": lines.end_year[at],
            "present_value_eur": np.where(np.isnan(lines.amount[at]), np.nan, signed),
            "social_value_eur": np.where(np.isnan(lines.amount[at]), np.nan, signed * lines.society[at] + 0.0),
            "municipality_npv_eur": np.where(np.isnan(lines.amount[at]), np.nan, lines.municipal_present_value[at]),
            "sheet": [sheet for sheet, _ in places],
            "cell": [
                f"{letter}{row}" if letter else None for (_, letter), row in zip(places, lines.row[at], strict=True)
            ],
            "price_key": keys,
            "source_id": [
                None if key is None else case.reference.price(key, case.assumptions.price_year).source_id
                for key in keys
            ],
        }
    )


def _price_keys(result: Result) -> dict[tuple[str, int], str]:
    """Which rows take a reference price: `(table, row)` to the price code."""
    keys: dict[tuple[str, int], str] = {}
    for table, own in (("tasks", "institutional_unit_cost_eur"), ("effects", "unit_value_eur")):
        rows = getattr(result.case, table)
        referenced = rows.loc[rows[own].isna() & rows["price_key"].notna(), "price_key"]
        keys.update({(table, int(row)): key for row, key in referenced.items()})
    return keys


def bridge(result: Result, asset_id: str) -> pd.DataFrame:
    """From what the books say to what the transfer is worth to society, line by line.

    The book value is a past outlay: it opens the bridge and is taken out at once, since nothing that is decided now
    changes it. Then every benefit and cost of the lines follows.

    Returns
    -------
    DataFrame
        `kind`, `label`, `value_eur` (signed), in order: `book_value` (a level), `book_value_out` (minus the same),
        the benefits, the costs, and `social_value` (a level: the sum of all steps).
    """
    asset = result.asset(asset_id)
    table = line_table(result, asset_id=asset_id)
    table = table[table["view"].isin(["benefit", "cost"]) & table["social_value_eur"].notna()]
    table = table.assign(label=table["label"].where(table["label"].notna(), ""))
    steps = table.groupby(["kind", "label", "view"], sort=False)["social_value_eur"].sum().reset_index(name="value_eur")
    steps = steps.sort_values(["view", "value_eur"], ascending=[True, False], kind="stable")
    book = float(asset["book_value_eur"])
    ends = pd.DataFrame(
        {
            "kind": ["book_value", "book_value_out", "social_value"],
            "label": "",
            "value_eur": [book, -book, float(asset["social_value_eur"])],
        }
    )
    return pd.concat([ends.iloc[:2], steps[["kind", "label", "value_eur"]], ends.iloc[2:]], ignore_index=True)


def price_ladder(result: Result, asset_id: str) -> pd.DataFrame:
    """The prices of one object from low to high: `rung` (a name of `LADDER`) and `price_eur`; unknown ones left out."""
    asset = result.asset(asset_id)
    prices = pd.DataFrame({"rung": LADDER, "price_eur": [float(asset[rung]) for rung in LADDER]})
    return prices.dropna().sort_values("price_eur", kind="stable").reset_index(drop=True)


def prices_used(result: Result) -> pd.DataFrame:
    """Every reference price that the case uses, with what it was, what it became, and its source.

    Returns
    -------
    DataFrame
        `price_key`, `name_nl`, `name_en`, `own_year`, `factor`, `value_eur` (in the case's price year), `unit`,
        `price_base`, `basis`, `source_id`, `used_by` (number of lines).
    """
    used = pd.Series(list(_price_keys(result).values()), dtype=object).value_counts(sort=False)
    year = result.case.assumptions.price_year
    rows = []
    for key, count in used.items():
        price = result.case.reference.price(str(key), year)
        rows.append(
            {
                "price_key": key,
                "name_nl": price.name_nl,
                "name_en": price.name_en,
                "own_year": price.own_year,
                "factor": price.factor,
                "value_eur": price.value,
                "unit": price.unit,
                "price_base": price.price_base,
                "basis": price.basis,
                "source_id": price.source_id,
                "used_by": count,
            }
        )
    columns = [
        "price_key",
        "name_nl",
        "name_en",
        "own_year",
        "factor",
        "value_eur",
        "unit",
        "price_base",
        "basis",
        "source_id",
        "used_by",
    ]
    return pd.DataFrame(rows, columns=columns)
