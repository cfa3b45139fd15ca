"""The whole portfolio as a file: every object, its part of the picture, the programme, and the totals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.notation import amount
from dashboard.portfolio.neighbourhoods import totals_table
from dashboard.portfolio.programme import HELD, KEPT_OUT, ceilings_of, typed_ceilings, wished
from dashboard.portfolio.words import quadrant_names
from dashboard.wording import _, language, speaking
from exports.portfolio import Sheet, portfolio_csv, portfolio_workbook
from valuation.appraisal import Result
from valuation.portfolio import own_quadrants, portfolio_table, totals_by, yearly_views
from valuation.positions import positions
from valuation.problems import ValuationError
from valuation.programme import Programme, Transfers, best_programme, transfers_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Terms:
    """What is chosen on the page, for a file that is made later, outside the session.

    Parameters
    ----------
    ceilings : mapping
        Session key to the ceiling that stands there; those that nobody touched are not in it.
    held, kept_out : frozenset of str
        Numbers of objects.
    """

    ceilings: Mapping[str, float | None]
    held: frozenset[str] = frozenset()
    kept_out: frozenset[str] = frozenset()


def show_downloads(result: Result) -> None:
    """Two buttons; the file is made when somebody asks for it."""
    spoken = language()
    terms = Terms(typed_ceilings(), wished(HELD), wished(KEPT_OUT))

    def made(write: Callable[[Sequence[Sheet]], bytes]) -> Callable[[], bytes]:
        def content() -> bytes:
            with speaking(spoken):
                return write(portfolio_sheets(result, terms))

        return content

    for label, key, end, mime, write in (
        (_("Download the portfolio (Excel)"), "portfolio_xlsx", "xlsx", XLSX, portfolio_workbook),
        (
            _("Download the portfolio (CSV, zipped)"),
            "portfolio_zip",
            "zip",
            "application/zip",
            lambda sheets: portfolio_csv(sheets, spoken),
        ),
    ):
        st.download_button(
            label,
            data=made(write),
            file_name=f"{_('buurtwaarde-portfolio')}.{end}",
            mime=mime,
            key=key,
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )


def portfolio_sheets(result: Result, terms: Terms) -> list[Sheet]:
    """The tables of the file, in the language of now.

    Where the ceilings are not filled in, or what is held in does not fit, there is no programme, and the notes say why.
    """
    transfers = transfers_of(result)
    programme, why_not = _programme(transfers, terms)
    return [
        _objects(result, transfers, programme, terms),
        _programme_sheet(transfers, programme, terms),
        _neighbourhoods(result),
        _years(result, programme),
        _notes(result, transfers, terms, why_not),
    ]


def _programme(transfers: Transfers, terms: Terms) -> tuple[Programme | None, str]:
    ceilings = ceilings_of(transfers, terms.ceilings)
    if ceilings is None:
        return None, _("Fill in both ceilings. Type 0 if nothing may be spent.")
    known = set(transfers.table["asset_id"].iloc[transfers.known])
    try:
        programme = best_programme(
            transfers,
            book_loss_ceiling_eur=ceilings[0],
            subsidy_ceiling_eur=ceilings[1],
            required=terms.held & known,
            excluded=terms.kept_out,
        )
    except ValuationError as error:
        return None, error.message(language())
    return programme, ""


def _objects(result: Result, transfers: Transfers, programme: Programme | None, terms: Terms) -> Sheet:
    table = portfolio_table(result)
    places = positions(result.case.assets)
    parts, kinds = quadrant_names(), {"building": _("building"), "green": _("green")}
    reasons = {
        "no_initiative": _("no initiative"),
        "no_price": _("no proposed price"),
        "no_gain": _("society does not gain on balance"),
    }
    years = {} if programme is None else dict(zip(programme.chosen["asset_id"], programme.chosen["year"], strict=True))
    wishes = {**dict.fromkeys(terms.held, _("In")), **dict.fromkeys(terms.kept_out, _("Out"))}
    amounts = {
        _("Market value"): table["market_value_eur"],
        _("Book value"): table["book_value_eur"],
        _("Social value"): table["social_value_eur"],
        _("Overdue maintenance"): table["maintenance_backlog_eur"],
        _("Book value per m²"): table["book_value_eur_per_m2"],
        _("Social value per m²"): table["social_value_eur_per_m2"],
    }
    columns = {
        _("Number"): table["asset_id"],
        _("Name"): table["name"],
        _("Kind"): table["kind"].map(kinds),
        _("Neighbourhood"): table["neighbourhood"],
        _("Area (m²)"): table["area_m2"],
        _("Latitude"): places["latitude"],
        _("Longitude"): places["longitude"],
        **amounts,
        _("Part of the picture"): own_quadrants(table).map(parts),
        _("Year in the programme"): table["asset_id"].map(years).astype(float),
        _("Own choice"): table["asset_id"].map(wishes),
        _("Why it cannot be chosen"): transfers.table["why_not"].map(reasons),
    }
    figures = {
        _("Area (m²)"): "number",
        _("Latitude"): "degrees",
        _("Longitude"): "degrees",
        _("Year in the programme"): "year",
    }
    return Sheet(_("Objects"), pd.DataFrame(columns), {**figures, **dict.fromkeys(amounts, "amount")})


def _programme_sheet(transfers: Transfers, programme: Programme | None, terms: Terms) -> Sheet:
    """What is in the programme, what just missed, and what was kept out."""
    amounts = {
        _("Social value"): "value_eur",
        _("Loss on book value"): "book_loss_eur",
        _("Subsidy per year"): "subsidy_eur_per_year",
        _("More room needed for book losses"): "extra_book_loss_eur",
        _("More room needed for subsidy"): "extra_subsidy_eur",
        _("Loss for society if it takes another’s place"): "exchange_eur",
    }
    kept_out = transfers.table[transfers.table["asset_id"].isin(terms.kept_out)]
    parts = (
        []
        if programme is None
        else [
            (_("in the programme"), programme.chosen),
            (_("just missed"), programme.missed),
            (_("kept out"), kept_out[["asset_id", "name"]]),
        ]
    )
    rows = [
        pd.DataFrame(
            {
                _("Number"): part["asset_id"],
                _("Object"): part["name"],
                _("Programme"): word,
                _("Year"): part["year"].astype(float) if "year" in part else np.nan,
                **{header: part.get(key, np.nan) for header, key in amounts.items()},
            }
        )
        for word, part in parts
        if len(part)
    ]
    headers = [_("Number"), _("Object"), _("Programme"), _("Year"), *amounts]
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=headers)
    return Sheet(_("Programme"), table, {_("Year"): "year", **dict.fromkeys(amounts, "amount")})


def _neighbourhoods(result: Result) -> Sheet:
    table = totals_table(totals_by(result, "neighbourhood"))
    kinds = {**dict.fromkeys(table.columns[1:3], "number"), **dict.fromkeys(table.columns[3:], "amount")}
    return Sheet(_("Neighbourhoods"), table, kinds)


def _years(result: Result, programme: Programme | None) -> Sheet:
    """The three views of all transfers, and what the programme takes of the ceilings."""
    views = yearly_views(result)
    taken = pd.DataFrame(columns=["year", "book_loss_eur", "subsidy_eur"]) if programme is None else programme.by_year
    # The transfer itself (t = 0) stands on 1 January of the first year, which has a row of its own.
    in_year = views["year"].where(views["t"] > 0)
    amounts = {
        _("Recurring effect on the budget (€)"): views["accounts_recurring_eur"],
        _("One-off effect on the budget (€)"): views["accounts_one_off_eur"],
        _("Municipal cash (€), price left out"): views["municipality_eur"],
        _("Benefits less costs (€)"): views["society_eur"],
        _("Programme: loss on book value (€)"): in_year.map(
            dict(zip(taken["year"], taken["book_loss_eur"], strict=True))
        ),
        _("Programme: subsidy (€ per year)"): in_year.map(dict(zip(taken["year"], taken["subsidy_eur"], strict=True))),
    }
    moment = [_("transfer") if t == 0 else _("in the year") for t in views["t"]]
    table = pd.DataFrame({_("Year"): views["year"], _("Moment"): moment, **amounts})
    return Sheet(_("Years"), table, {_("Year"): "year", **dict.fromkeys(amounts, "amount")})


def _notes(result: Result, transfers: Transfers, terms: Terms, why_not: str) -> Sheet:
    """What the figures stand for, and within which ceilings the programme was chosen."""
    assumptions = result.case.assumptions
    ceilings = ceilings_of(transfers, terms.ceilings)
    rows = [
        (_("Municipality"), assumptions.municipality),
        (_("Base year"), str(assumptions.base_year)),
        (_("Price level"), str(assumptions.price_year)),
        (_("Source"), _("computed by the method of Buurtwaarde from the workbook of this municipality")),
        (_("Empty cell"), _("not known; that is not zero")),
        (_("Years"), _("all transfers with an initiative, not the programme alone; the books in euros of each year")),
    ]
    if ceilings is not None:
        rows += [
            (_("Highest loss on book value in a year (€)"), amount(ceilings[0])),
            (_("Highest subsidy in a year (€)"), amount(ceilings[1])),
        ]
    if why_not:
        rows.append((_("No programme"), why_not))
    return Sheet(_("Notes"), pd.DataFrame(rows, columns=[_("Subject"), _("Note")]), {})
