"""Tab Compare: which initiatives save the municipality most, how sure that is, and all their figures."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.charts.initiatives import ranking_chart
from dashboard.frame import plain
from dashboard.initiatives import kept
from dashboard.initiatives.view import View, between, bold, cell, listed, scope
from dashboard.initiatives.words import MEASURES, NET, measure_meaning, measure_name
from dashboard.notation import MISSING, WRITERS, amount, percent
from dashboard.show import show_chart, show_table
from dashboard.terms import party_name
from dashboard.wording import _, n_
from valuation.case import PARTIES
from valuation.comparison import TOP, one_per_object, ranking, totals

YEARLY, ALL_YEARS, RATIOS = "per-jaar", "alle-jaren", "verhoudingen"


def show_compare(view: View) -> None:
    """The ranking question, the chart, and the table."""
    order, chosen = _filters(view)
    if chosen.empty:
        st.info(_("No initiative fits these filters. Choose fewer."), icon=":material/filter_alt_off:")
        return
    _answer(view, chosen)
    _chart(view, chosen, order)
    _together(view, chosen)
    _table(view, chosen, order)


def filtered(view: View, *, with_payer: bool) -> pd.DataFrame:
    """The initiatives that the filters let through."""
    table = view.table
    theme = kept.value(kept.THEME, options_of(table["theme"]), kept.ALL)
    place = kept.value(kept.PLACE, options_of(table["neighbourhood"]), kept.ALL)
    chosen = pd.Series(True, index=table.index)
    if theme:
        chosen &= table["theme"] == theme
    if place:
        chosen &= table["neighbourhood"] == place
    payer = kept.value(kept.PAYER, payer_options(view), kept.ALL)
    if with_payer and payer:
        chosen &= pd.Series([payer in payers.split("; ") for payers in table["payers"]], index=table.index)
    return table[chosen]


def options_of(column: pd.Series) -> list[str]:
    """What a column can be filtered by; first everything."""
    return [kept.ALL, *sorted(column.dropna().unique(), key=str.casefold)]


def payer_options(view: View) -> list[str]:
    """The payers of any task, in the order in which parties are declared."""
    present = {payer for payers in view.table["payers"] for payer in payers.split("; ")}
    return [kept.ALL, *(party.key for party in PARTIES if party.key in present)]


def theme_and_place(view: View, theme: DeltaGenerator, place: DeltaGenerator) -> None:
    """The two filters that more than one tab has, each in its place."""
    with theme:
        kept.select(
            kept.THEME,
            _("Theme"),
            options_of(view.table["theme"]),
            kept.ALL,
            name=lambda word: word or _("All themes"),
        )
    with place:
        kept.select(
            kept.PLACE,
            _("Neighbourhood"),
            options_of(view.table["neighbourhood"]),
            kept.ALL,
            name=lambda word: word or _("All neighbourhoods"),
        )


def _filters(view: View) -> tuple[str, pd.DataFrame]:
    with st.container(border=True, key="filters"):
        theme, place, payer = st.columns(3, gap="medium")
        theme_and_place(view, theme, place)
        with payer:
            kept.select(
                kept.PAYER,
                _("Payer of the care"),
                payer_options(view),
                kept.ALL,
                name=lambda word: party_name(word) if word else _("All payers"),
            )
        order = kept.select(kept.ORDER, _("Sort by"), list(MEASURES), next(iter(MEASURES)), name=measure_name)
    chosen = filtered(view, with_payer=True)
    measure = MEASURES[order]
    return order, chosen.sort_values(measure.column, ascending=measure.lowest_first, na_position="last", kind="stable")


def _answer(view: View, chosen: pd.DataFrame) -> None:
    """Which initiatives save the municipality most, and how sure that is."""
    st.subheader(_("Which initiatives save the municipality the most, and how sure is that?"), anchor=False)
    rows = ranking(chosen, view.bands)
    top = rows[rows[NET] > 0].head(TOP)
    with st.container(key="initiatives_answer"):
        if top.empty:
            st.markdown(
                _(
                    "None of these initiatives saves the municipality money on balance: subsidy and support cost "
                    "more than the care that really leaves its budget. What they bring to others stands under the "
                    "other figures."
                )
            )
        else:
            named = [f"{bold(row.name_)} ({amount(row.net)})" for row in _named(top)]
            text = n_(
                "{names} saves the municipality the most each year, after subsidy and support.",
                "{names} save the municipality the most each year, after subsidy and support.",
                len(named),
                names=listed(named),
            )
            st.markdown(text)
    if not top.empty:
        st.markdown("**" + _("How sure is that?") + "**")
        st.markdown("\n".join(f"- {_how_sure(row)}" for row in _named(top)) + f"\n- {_order_may_change(rows, top)}")
        st.caption(
            _(
                "The band comes from prices with a low and a high, all at their worst or at their best at once. How "
                "much care is really replaced and can be cashed are estimates without a band: there counts what must"
                " come true."
            )
        )
        with st.container(horizontal=True):
            for row in _named(top):
                st.button(
                    _("Look at {name}", name=plain(row.name_)),
                    key=f"look_{row.number}",
                    icon=":material/search:",
                    on_click=_open_one,
                    args=(row.number,),
                )


class _Row:
    """One row of the ranking with names that a sentence can use."""

    def __init__(self, row: pd.Series) -> None:
        self.number, self.name_ = str(row["initiative_id"]), str(row["name"])
        self.net, self.low, self.high = float(row[NET]), float(row["low_eur"]), float(row["high_eur"])
        self.share = float(row["break_even_share"])


def _named(rows: pd.DataFrame) -> list[_Row]:
    return [_Row(row) for _i, row in rows.iterrows()]


def _how_sure(row: _Row) -> str:
    share = percent(row.share)
    if row.high > row.low:
        sentence = _(
            "{name}: {band} a year at low and high prices. {share} of the assumed saving must come true to break even.",
            name=plain(row.name_),
            band=between(row.low, row.high),
            share=share,
        )
    else:
        sentence = _(
            "{name}: no price has a low and a high, so it looks surer than it is. {share} of the assumed saving must"
            " come true to break even.",
            name=plain(row.name_),
            share=share,
        )
    if row.low < 0 < row.high:
        sentence += " " + _("At low prices it costs the municipality money on balance.")
    return sentence


def _order_may_change(rows: pd.DataFrame, top: pd.DataFrame) -> str:
    others = rows[~rows["initiative_id"].isin(top["initiative_id"]) & (rows["best_rank"] <= len(top))]
    if others.empty:
        return _("With other prices within the bands, no other initiative comes among these {count}.", count=len(top))
    return _(
        "With other prices within the bands, these may come among the first {count} as well: {names}.",
        count=len(top),
        names=listed([plain(name) for name in others["name"]]),
    )


def _open_one(initiative_id: str) -> None:
    kept.keep(kept.ONE, initiative_id)
    kept.keep(kept.TAB, "een")


def _chart(view: View, chosen: pd.DataFrame, order: str) -> None:
    """All initiatives on the figure that was chosen to sort by."""
    measure = MEASURES[order]
    rows = one_per_object(chosen) if measure.of_object else chosen
    ends = view.bands.set_index("initiative_id").reindex(rows["initiative_id"])
    has_band = f"{measure.column}_low" in ends
    shown = pd.DataFrame(
        {
            "name": rows["name"].to_numpy(object),
            "value": rows[measure.column].to_numpy(float),
            "low": ends[f"{measure.column}_low"].to_numpy() if has_band else rows[measure.column].to_numpy(float),
            "high": ends[f"{measure.column}_high"].to_numpy() if has_band else rows[measure.column].to_numpy(float),
        }
    )
    known = shown[shown["value"].notna()]
    st.subheader(measure_name(order), anchor=False)
    st.markdown(measure_meaning(order))
    if known.empty:
        st.info(_("None of these initiatives has this figure."), icon=":material/help:")
        return
    write = WRITERS[measure.writer]
    show_chart(
        ranking_chart(known, order),
        pd.DataFrame(
            {
                _("Initiative"): [cell(name) for name in shown["name"]],
                measure_name(order): shown["value"],
                _("Low"): shown["low"],
                _("High"): shown["high"],
            }
        ),
        view.source(),
        _(
            "Dots from best to worst: {names}.",
            names="; ".join(f"{row.name} {write(row.value)}" for row in known.itertuples(index=False)),
        ),
        f"chart_ranking_{order}",
        columns=dict.fromkeys((measure_name(order), _("Low"), _("High")), measure.writer),
    )
    unknown = shown[shown["value"].isna()]
    if len(unknown):
        st.caption(
            _(
                "Without this figure, so not in the chart: {names}.",
                names=listed([plain(name) for name in unknown["name"]]),
            )
        )


def _together(view: View, chosen: pd.DataFrame) -> None:
    """All initiatives shown, together; what lands with other payers stands apart."""
    sums = totals(view.result, chosen["initiative_id"].tolist())
    others = float(sums["cashable_saving_eur_per_year"]) - float(sums["municipal_cashable_saving_eur_per_year"])
    st.markdown(
        "**"
        + n_("This {count} initiative", "These {count} initiatives together", len(chosen))
        + "**: "
        + _(
            "the municipality can really save {municipal} a year and spends {cost} on subsidy and support: on "
            "balance {net}.",
            municipal=amount(sums["municipal_cashable_saving_eur_per_year"]),
            cost=amount(sums["municipal_cost_eur_per_year"]),
            net=f"**{amount(sums[NET])}**",
        )
        + " "
        + _("Not in these amounts: {others} a year that other payers can really save.", others=amount(others))
    )


def _table(view: View, chosen: pd.DataFrame, order: str) -> None:
    """The figures of all initiatives, in three tables of which one is shown."""
    st.subheader(_("All figures"), anchor=False)
    shown = kept.switch(
        kept.TABLE,
        _("Which figures"),
        [YEARLY, RATIOS, ALL_YEARS],
        name={YEARLY: _("Per year"), RATIOS: _("Ratios"), ALL_YEARS: _("Over all years")}.__getitem__,
    )
    st.caption(_("Sorted by: {figure}.", figure=measure_name(order)))
    ends = view.bands.set_index("initiative_id").reindex(chosen["initiative_id"])
    first = {_("Initiative"): [cell(name) for name in chosen["name"]]}
    if shown == YEARLY:
        _yearly_table(chosen, ends, first)
    elif shown == ALL_YEARS:
        _all_years_table(view, chosen, ends, first)
    else:
        _ratio_table(view, chosen, ends, first)


def _bands(ends: pd.DataFrame, figure: str, writer: str) -> list[str]:
    """A band in a cell; a dash where prices have no low and high."""
    write = WRITERS[writer]
    pairs = zip(ends[f"{figure}_low"], ends[f"{figure}_high"], strict=True)
    return [_("{low} to {high}", low=write(low), high=write(high)) if high > low else MISSING for low, high in pairs]


def _yearly_table(chosen: pd.DataFrame, ends: pd.DataFrame, first: dict[str, list[str]]) -> None:
    columns = {
        _("Avoided cost, all payers"): "avoided_cost_eur_per_year",
        _("Cashable, all payers"): "cashable_saving_eur_per_year",
        _("Cashable, municipality"): "municipal_cashable_saving_eur_per_year",
        _("Municipal cost"): "municipal_cost_eur_per_year",
        _("Net saving of the municipality"): NET,
    }
    figures = {name: chosen[column].to_numpy() for name, column in columns.items()}
    show_table(
        pd.DataFrame(
            {
                **first,
                **figures,
                _("Net, low prices"): ends[f"{NET}_low"].to_numpy(),
                _("Net, high prices"): ends[f"{NET}_high"].to_numpy(),
            }
        ),
        key="table_yearly",
        alt=_("Avoided cost, cashable saving, municipal cost and net saving of each initiative, in euros per year"),
        columns=dict.fromkeys((*columns, _("Net, low prices"), _("Net, high prices")), "amount"),
    )
    st.caption(
        _(
            "Euros per year at full size. Counted: care at institutions that is not needed. The municipal cost is "
            "subsidy plus support by officials. The net saving has only the municipality’s own money: what other "
            "payers save is in the columns of all payers, never in the net saving."
        )
    )


def _all_years_table(view: View, chosen: pd.DataFrame, ends: pd.DataFrame, first: dict[str, list[str]]) -> None:
    municipal, social = "ranked_npv_municipality_eur", "ranked_npv_society_eur"
    show_table(
        pd.DataFrame(
            {
                **first,
                _("Counted with"): [
                    cell(view.objects[number]) if isinstance(number, str) else "–" for number in chosen["ranked_with"]
                ],
                _("Municipality’s purse (€)"): chosen[municipal].to_numpy(),
                _("Purse, low – high"): _bands(ends, municipal, "amount"),
                _("Social value (€)"): chosen[social].to_numpy(),
                _("Social value, low – high"): _bands(ends, social, "amount"),
                _("Initiative alone, society (€)"): chosen["npv_society_eur"].to_numpy(),
            }
        ),
        key="table_all_years",
        alt=_("Present values for the municipality and for society of each initiative, with its building or green"),
        columns=dict.fromkeys(
            (_("Municipality’s purse (€)"), _("Social value (€)"), _("Initiative alone, society (€)")), "amount"
        ),
    )
    st.caption(
        view.years_note()
        + " "
        + _(
            "An initiative with a building or green is ranked with it: the figures are the object’s, "
            "so two initiatives in one object have the same. Its own figure is for information. Not "
            "counted: the price, and what has no price."
        )
    )


def _ratio_table(view: View, chosen: pd.DataFrame, ends: pd.DataFrame, first: dict[str, list[str]]) -> None:
    limit = view.case.reference.number("ratio_warning")
    show_table(
        pd.DataFrame(
            {
                **first,
                _("Share of the cost price"): chosen["cost_price_fraction"].to_numpy(),
                _("Must come true"): chosen["break_even_share"].to_numpy(),
                _("Benefits per euro of cost"): [
                    WRITERS["number_2"](ratio) + (" (!)" if ratio > limit else "") for ratio in chosen["ranked_bcr"]
                ],
                _("Ratio, low – high"): _bands(ends, "ranked_bcr", "number_2"),
                _("Society’s payback (years)"): chosen["payback_years"].to_numpy(),
                _("Duration (years)"): chosen["duration_years"].to_numpy(),
                _("Would go on anyway"): chosen["deadweight_share"].to_numpy(),
                _("What the ratio covers"): [cell(scope(row, view.objects)) for _i, row in chosen.iterrows()],
            }
        ),
        key="table_ratios",
        alt=_("Ratios of each initiative, each with its duration, what would go on anyway, and what it covers"),
        columns={
            _("Share of the cost price"): "percent",
            _("Must come true"): "percent",
            _("Society’s payback (years)"): "number",
            _("Duration (years)"): "number",
            _("Would go on anyway"): "percent",
        },
    )
    st.caption(
        _(
            "A ratio says nothing about size and differs with what was counted: compare only rows "
            "with a similar duration and scope. Payback is the initiative’s own and society’s, not "
            "the budget’s; a dash means that it never pays back or cannot be computed. (!) above "
            "{limit} is unusual: look at it critically.",
            limit=WRITERS["number"](limit),
        )
    )
