"""Tab Side by side: two to four initiatives on the same figures, with a warning where prices are of two kinds."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.charts.initiatives import prices_chart, side_by_side_chart
from dashboard.initiatives import kept
from dashboard.initiatives.one import mixed_bases_warning
from dashboard.initiatives.view import View, between, cell, listed, prices_in_words, scope, unit_name
from dashboard.initiatives.words import NET, base_name, payers_named
from dashboard.labels import choice_label
from dashboard.notation import MISSING, amount, number, percent
from dashboard.show import show_chart, show_table
from dashboard.wording import _
from valuation.case import QUALITY_KINDS
from valuation.comparison import bases_of, mixed_units, mixes_bases, ranking, task_prices
from valuation.facilitation import facilitation_view
from valuation.fairness import shown_people

MOST = 4


def show_beside(view: View) -> None:
    """The choice, the warning, the chart, the table, and prices in the same unit."""
    best = ranking(view.table, view.bands)["initiative_id"].head(2).tolist()
    chosen = kept.several(
        kept.SEVERAL, _("Choose two to four initiatives"), list(view.names), best, most=MOST, name=view.label
    )
    if len(chosen) < 2:
        st.info(_("Choose at least two initiatives to put side by side."), icon=":material/view_column:")
        return
    _mixed(view, chosen)
    rows = view.table.set_index("initiative_id", drop=False).loc[chosen]
    names = [view.names[number_] for number_ in chosen]
    st.subheader(_("Per year"), anchor=False)
    st.markdown(
        _(
            "Counted: care at institutions, per year at full size. The net saving is the municipality’s own money "
            "only: what other payers save is in the first group, never in the last."
        )
    )
    show_chart(
        side_by_side_chart(rows, names),
        _figures(view, rows),
        view.source(),
        _(
            "Net saving of the municipality: {initiatives}.",
            initiatives="; ".join(f"{name} {amount(net)}" for name, net in zip(names, rows[NET], strict=True)),
        ),
        "chart_beside",
    )
    st.subheader(_("All figures"), anchor=False)
    show_table(_everything(view, rows), key="table_beside", alt=_("The chosen initiatives side by side on all figures"))
    st.caption(
        view.years_note()
        + " "
        + _(
            "An initiative with a building or green is ranked with it. A ratio says nothing about "
            "size: compare only initiatives with a similar duration and scope."
        )
    )
    _prices(view, chosen)


def _mixed(view: View, chosen: list[str]) -> None:
    """The warning where municipal tariffs and national reference prices are mixed, and where it matters most."""
    if not mixes_bases(view.result, chosen):
        return
    mixed_bases_warning()
    units = mixed_units(view.result, chosen)
    if units:
        st.warning(
            _(
                "For the same unit both kinds are used here: {units}. Give these tasks the same kind of price before"
                " you compare them.",
                units=listed([cell(unit_name(view.case, unit)) for unit in units]),
            ),
            icon=":material/warning:",
        )


def _figures(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    figures = {
        _("Avoided cost, all payers"): "avoided_cost_eur_per_year",
        _("Cashable for the municipality"): "municipal_cashable_saving_eur_per_year",
        _("Cost to the municipality: subsidy and support"): "municipal_cost_eur_per_year",
        _("Net saving of the municipality"): NET,
    }
    return pd.DataFrame(
        {
            _("€ per year"): list(figures),
            **{
                cell(view.label(str(number_))): [amount(row[column]) for column in figures.values()]
                for number_, row in rows.iterrows()
            },
        }
    )


def _everything(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """One column an initiative, one row a figure, in words."""
    together = facilitation_view(view.result).set_index("initiative_id")
    columns = {
        cell(view.label(str(number_))): _of_one(view, row, together.loc[str(number_)])
        for number_, row in rows.iterrows()
    }
    first = next(iter(columns.values()))
    return pd.DataFrame({_("Figure"): list(first), **{name: list(of.values()) for name, of in columns.items()}})


def _of_one(view: View, row: pd.Series, together: pd.Series) -> dict[str, str]:
    number_ = str(row["initiative_id"])
    bases = dict.fromkeys(bases_of(view.result, [number_])["price_base"])
    with_object = isinstance(row["ranked_with"], str)
    return {
        _("Theme"): cell(row["theme"]),
        _("Neighbourhood"): cell(row["neighbourhood"]),
        _("Payers"): ", ".join(payers_named(row["payers"])) or MISSING,
        _("Prices based on"): ", ".join(base_name(base) for base in bases) or MISSING,
        _("Avoided cost, all payers (€ per year)"): amount(row["avoided_cost_eur_per_year"]),
        _("Cashable, all payers (€ per year)"): amount(row["cashable_saving_eur_per_year"]),
        _("Cashable, municipality (€ per year)"): amount(row["municipal_cashable_saving_eur_per_year"]),
        _("Municipal cost (€ per year)"): amount(row["municipal_cost_eur_per_year"]),
        _("Net saving of the municipality (€ per year)"): amount(row[NET]),
        _("Net saving at low and high prices"): between(*view.band(number_, NET)) or MISSING,
        _("Must come true to break even"): percent(row["break_even_share"]),
        _("Share of the cost price"): percent(row["cost_price_fraction"]),
        _("Counted over all years with"): cell(view.objects[row["ranked_with"]]) if with_object else _("itself"),
        _("Municipality’s purse, over all years"): amount(row["ranked_npv_municipality_eur"]),
        _("Social value, over all years"): amount(row["ranked_npv_society_eur"]),
        _("Social value at low and high prices"): between(*view.band(number_, "ranked_npv_society_eur")) or MISSING,
        _("Benefits per euro of cost"): number(row["ranked_bcr"], 2),
        _("Society’s payback (years)"): number(row["payback_years"], 1),
        _("Duration (years)"): number(row["duration_years"]),
        _("Would go on anyway"): percent(row["deadweight_share"]),
        _("What the ratio covers"): cell(scope(row, view.objects)),
        _("Hours of officials per year"): number(together["facilitation_hours_per_year"]),
        _("Own hours on procedures per year"): number(together["procedure_hours_per_year"]),
        _("A month of waiting, for society"): amount(together["delay_eur_per_month"]),
        _("People reached, as far as shown"): number(shown_people(view.case, number_)),
        _("Besides money (score 1–5)"): _qualities(view, number_) or MISSING,
    }


def _qualities(view: View, initiative_id: str) -> str:
    """The scored qualities of an initiative in one cell."""
    kinds = {kind.key: choice_label(kind) for kind in QUALITY_KINDS}
    rows = view.case.qualities[view.case.qualities["initiative_id"] == initiative_id]
    return ", ".join(f"{kinds[row.quality]} {row.score:.0f}" for row in rows.itertuples())


def _prices(view: View, chosen: list[str]) -> None:
    """Cost prices of the chosen initiatives, in units that more than one of them has."""
    prices = task_prices(view.result, chosen)
    shared = prices.groupby("unit_group")["initiative_id"].transform("nunique") > 1
    if not shared.any():
        return
    st.subheader(_("What does the same unit cost?"), anchor=False)
    for place, (unit, rows) in enumerate(prices[shared].groupby("unit_group", sort=False)):
        show_chart(
            prices_chart(rows, unit_name(view.case, str(unit)), view.names),
            pd.DataFrame(
                {
                    _("Initiative"): [cell(view.names[number_]) for number_ in rows["initiative_id"]],
                    _("Task"): [cell(task) for task in rows["task"]],
                    _("Unit"): [cell(word) for word in rows["unit"]],
                    _("Institution (€)"): rows["institutional_unit_cost_eur"].to_numpy(),
                    _("Initiative (€)"): rows["initiative_unit_cost_eur"].to_numpy(),
                    _("The institution’s price is"): [base_name(base) for base in rows["price_base"]],
                }
            ),
            view.source(),
            prices_in_words(view.case, str(unit), rows),
            f"chart_beside_prices_{place}",
            columns={_("Institution (€)"): "amount_cents", _("Initiative (€)"): "amount_cents"},
        )
