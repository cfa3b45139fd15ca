"""What came true each year, beside the forecast: entry, figures, charts, and what it means for earning back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from urllib.parse import quote

import pandas as pd
import streamlit as st

from dashboard.charts.dossier import course_chart, years_chart
from dashboard.dossier.versions import result_of
from dashboard.dossier.view import Dossier, attempt, say
from dashboard.frame import plain
from dashboard.money import read_amount, typed_amount
from dashboard.notation import amount, number, percent, signed
from dashboard.show import show_chart, show_table
from dashboard.terms import kind_name
from dashboard.wording import _, language, n_
from intake.cells import CellMistake
from register import Entry, may_append
from valuation.appraisal import Result
from valuation.realised import VIEWS, Comparison, Forecast, View, compare, forecast_of, left_out

KIND = "realisation"
DIGITS = {"eur": 0, "hours": 0, "volume": 1, "quantity": 1}


def show_realised(dossier: Dossier, latest: list[Entry]) -> None:
    """The page's part on what came true."""
    version, result = _forecast_version(dossier)
    if result is None:
        st.info(
            _("Version {version} has mistakes, so there is no forecast to compare with.", version=version),
            icon=":material/error:",
        )
        return
    if result.initiatives.empty:
        st.info(_("There are no initiatives in this workbook yet."), icon=":material/group_off:")
        return
    names = dict(zip(result.case.initiatives["initiative_id"], result.case.initiatives["name"], strict=True))
    initiative_id = st.selectbox(
        _("Initiative"), list(names), format_func=names.__getitem__, key=f"realised_initiative_{dossier.case_id}"
    )
    forecast = forecast_of(result, initiative_id)
    kept = {
        int(entry.payload["year"]): entry
        for entry in latest
        if entry.kind == KIND and entry.payload.get("initiative_id") == initiative_id
    }
    amounts = {year: entry.payload["amounts"] for year, entry in kept.items()}
    compared = compare(forecast, amounts)
    _show_answer(compared)
    if compared.filled:
        _show_years(compared)
        _show_outlook(compared)
    _show_left_out(forecast, amounts)
    if may_append(dossier.actor, KIND):
        _ask(dossier, forecast, kept)


def _forecast_version(dossier: Dossier) -> tuple[int, Result | None]:
    """Which version is the forecast: the latest one, unless somebody chooses the one that was decided on."""
    latest = dossier.head.version
    chosen = latest
    if latest > 1:
        chosen = st.selectbox(
            _("Forecast from version"),
            list(range(latest, 0, -1)),
            key=f"realised_version_{dossier.case_id}_{latest}",
            help=_("Choose the version that the decision was taken on."),
        )
    return chosen, result_of(dossier.register.case(dossier.actor, dossier.case_id, chosen))


def _show_answer(compared: Comparison) -> None:
    """The outcome in a sentence or two."""
    if not compared.filled:
        st.markdown(
            _(
                "Nothing was filled in yet. Once a year count what was done and what came in, and put it beside the "
                "plan."
            )
        )
        return
    share, needed = compared.savings_came_true_share, compared.forecast.break_even_share
    if not math.isnan(share) and not math.isnan(needed):
        so_far = _("Of the savings that the municipality expected so far, **{share}** came true.", share=percent(share))
        must = (
            _("At least {needed} must.", needed=percent(needed))
            if needed <= 1
            else _("Even all of them do not cover what it spends on the initiative.")
        )
        st.markdown(f"{so_far} {must}")
    total = compared.by_year("society").iloc[-1]
    st.markdown(
        _(
            "For society, what was filled in is **{difference}** against the forecast, over {years}.",
            difference=signed(float(total["cumulative_difference_eur"])),
            years=n_("{count} year", "{count} years", len(compared.filled)),
        )
    )


def _show_years(compared: Comparison) -> None:
    """Per year: forecast and what came true, in one of the three views."""
    labels = {
        "society": _("Society"),
        "municipality": _("Municipality’s purse"),
        "initiative": _("The initiative’s till"),
    }
    view: View = st.segmented_control(
        _("For whom"), VIEWS, format_func=labels.__getitem__, default="society", required=True, key="realised_view"
    )
    table = compared.by_year(view)
    years = [_year_name(compared.forecast, int(year)) for year in table["year"]]
    shown = pd.DataFrame(
        {
            _("Year"): years,
            _("Forecast"): [amount(value) for value in table["planned_eur"]],
            _("Came true"): [amount(value) for value in table["realised_eur"]],
            _("Difference"): [signed(value) for value in table["difference_eur"]],
            _("Not filled in"): [n_("{count} item", "{count} items", int(count)) for count in table["unknown_items"]],
        }
    )
    last = table.iloc[-1]
    show_chart(
        years_chart(years, table["planned_eur"].tolist(), table["realised_eur"].tolist()),
        shown,
        _("the kept version of the workbook, and what was filled in here; prices of the forecast"),
        _(
            "Forecast and what came true by year. In {year}: forecast {planned}, came true {realised}.",
            year=years[-1],
            planned=amount(last["planned_eur"]),
            realised=amount(last["realised_eur"]),
        ),
        key="realised_years",
    )
    year = st.selectbox(
        _("Year to look into"),
        compared.filled[::-1],
        format_func=lambda chosen: _year_name(compared.forecast, chosen),
        key=f"realised_look_{len(compared.filled)}",
    )
    _show_items(compared, year, view)


def _show_items(compared: Comparison, year: int, view: View) -> None:
    """One year, item by item, and what the difference means in the view that was chosen."""
    table = compared.by_item(year)
    table = table[table["planned"].ne(0) | table["realised"].notna()]
    digits = [DIGITS[unit] for unit in table["unit"]]
    show_table(
        pd.DataFrame(
            {
                _("Item"): [_item_name(row.kind, row.label, row.unit) for row in table.itertuples()],
                _("Forecast"): [number(value, places) for value, places in zip(table["planned"], digits, strict=True)],
                _("Came true"): [
                    _with_share(number(value, places), share)
                    for value, places, share in zip(table["realised"], digits, table["came_true_share"], strict=True)
                ],
                _("Difference (€)"): [signed(value) for value in table[f"difference_{view}_eur"]],
            }
        ),
        key="realised_items_csv",
        alt=_("Forecast and what came true, item by item"),
    )


def _with_share(text: str, share: float) -> str:
    """An amount, and which part it is of what was expected."""
    return text if math.isnan(share) else f"{text} ({percent(share)})"


def _show_outlook(compared: Comparison) -> None:
    """What it means for earning back."""
    st.subheader(_("What does it mean for earning back?"), anchor=False)
    table = compared.outlook().set_index("course")
    names = {
        "forecast": _("As forecast"),
        "as_it_went": _("As it went, and from now on as forecast"),
        "if_it_goes_on": _("If it goes on as it went"),
    }
    shown = pd.DataFrame(
        {
            _("Course"): [names[course] for course in table.index],
            _("Social value (€, present value)"): [amount(value) for value in table["npv_society_eur"]],
            _("Earned back for society after"): [_years(value) for value in table["payback_years"]],
            _("Municipality’s purse (€, present value)"): [amount(value) for value in table["npv_municipality_eur"]],
        }
    )
    courses = compared.cumulative_society()
    show_chart(
        course_chart(compared.forecast.base_year, {names[name]: values for name, values in courses.items()}),
        shown,
        _("the kept version of the workbook, and what was filled in here; discounted, added up from the transfer"),
        _(
            "Social value added up over the years. Forecast at the end: {forecast}; if it goes on as it went: "
            "{goes_on}.",
            forecast=amount(float(table.loc["forecast", "npv_society_eur"])),
            goes_on=amount(float(table.loc["if_it_goes_on", "npv_society_eur"])),
        ),
        key="realised_course",
    )
    st.caption(
        _(
            "The initiative’s own part. What was not filled in counts as forecast. “If it goes on” takes for each item "
            "the part that came true so far."
        )
    )


def _show_left_out(forecast: Forecast, amounts: Mapping[int, Mapping[str, float | None]]) -> None:
    lost = left_out(forecast, amounts)
    if lost:
        st.warning(
            _(
                "Filled in before, but not in this version of the workbook: {items}. They stay in the history.",
                items=", ".join(plain(f"{item.rsplit('/', 1)[-1]} ({year})") for year, item in lost),
            ),
            icon=":material/link_off:",
        )


def _ask(dossier: Dossier, forecast: Forecast, kept: Mapping[int, Entry]) -> None:
    """The form for one year.

    It stays what it was when somebody else adds the same year meanwhile: what is typed here is never lost, and what it
    builds on is what was seen when it began.
    """
    st.subheader(_("Fill in a year"), anchor=False)
    place = f"realised_{dossier.case_id}_{forecast.initiative_id}"
    turn = st.session_state.setdefault(f"{place}_turn", 0)
    years = list(range(forecast.years + 1))
    year_key = f"{place}_year_{turn}"
    if year_key not in st.session_state:
        st.session_state[year_key] = next((year for year in years[1:] if year not in kept), years[-1])
    year = st.selectbox(_("Year"), years, format_func=lambda chosen: _year_name(forecast, chosen), key=year_key)
    # The entry that stood when this visitor began with this year.
    seen = f"{place}_seen_{year}_{turn}"
    entry = st.session_state.setdefault(seen, kept.get(year))
    if entry is not None:
        st.caption(
            _(
                "{name} filled in this year (version {version}): “{why}”. What you add becomes the next version.",
                name=plain(entry.by_name),
                version=entry.version,
                why=plain(entry.why),
            )
        )
    asked = forecast.items[(forecast.planned[:, year] != 0) | _always(forecast, year)]
    if asked.empty:
        st.caption(_("Nothing is expected in this year."))
        return
    with st.form(f"{place}_{year}_{turn}"):
        texts = _fields(forecast, asked, year, {} if entry is None else entry.payload["amounts"], f"{place}_{turn}")
        why = st.text_input(
            _("Where do the figures come from?"),
            max_chars=300,
            key=f"{place}_why_{year}_{turn}",
            placeholder=_("For example: annual report of the initiative"),
        )
        if st.form_submit_button(_("Add this year"), type="primary", icon=":material/add_task:"):
            _take(dossier, forecast, year, texts, why, seen)


def _always(forecast: Forecast, year: int) -> pd.Series:
    """Income and cost can come also where none was expected; only once a year does work on the building."""
    yearly = ~forecast.items["kind"].isin(["renovation", "grants"])
    return yearly & forecast.items["unit"].isin(["eur", "hours"]) & (year > 0)


def _fields(
    forecast: Forecast, asked: pd.DataFrame, year: int, before: Mapping[str, float | None], place: str
) -> dict[str, str]:
    """A field an item, with what was expected; empty is unknown."""
    st.caption(_("Leave empty what you do not know: that is not the same as 0."))
    texts = {}
    columns = st.columns(2, gap="medium")
    for count, (index, row) in enumerate(asked.iterrows()):
        expected = number(float(forecast.planned[index, year]), DIGITS[row["unit"]])
        with columns[count % 2]:
            texts[row["item"]] = st.text_input(
                _(
                    "{item} – expected: {expected}",
                    item=_item_name(row["kind"], row["label"], row["unit"]),
                    expected=expected,
                ),
                value=typed_amount(before.get(row["item"]), language()),
                key=f"{place}_{year}_{row['item']}_{language()}",
            )
    return texts


def _take(dossier: Dossier, forecast: Forecast, year: int, texts: Mapping[str, str], why: str, seen: str) -> None:
    """Read what was typed, all of it, and add it after the entry that was seen."""
    entry: Entry | None = st.session_state[seen]
    amounts: dict[str, float | None] = {}
    unread = []
    names = {row.item: _item_name(row.kind, row.label, row.unit) for row in forecast.items.itertuples()}
    for item, text in texts.items():
        try:
            amounts[item] = read_amount(text, language())
        except CellMistake:
            unread.append(names[item])
    if unread:
        st.error(
            _(
                "This is not a number: {items}. Type for example {example}.",
                items=plain("; ".join(unread)),
                example=typed_amount(2345.75, language()),
            ),
            icon=":material/edit:",
        )
        return
    if all(value is None for value in amounts.values()) or not why.strip():
        st.error(_("Fill in at least one figure, and where it comes from."), icon=":material/edit:")
        return

    def act() -> None:
        dossier.register.append(
            dossier.actor,
            dossier.case_id,
            kind=KIND,
            key=f"{quote(forecast.initiative_id, safe='')}/{year}",
            payload={
                "initiative_id": forecast.initiative_id,
                "year": year,
                "calendar_year": forecast.calendar_year(year),
                "amounts": amounts,
            },
            based_on=None if entry is None else entry.version,
            why=why,
        )

    def came_between(latest: Entry | None) -> None:
        st.session_state[seen] = latest

    if attempt(act, came_between):
        st.session_state[f"realised_{dossier.case_id}_{forecast.initiative_id}_turn"] += 1
        say(_("{year} was added.", year=_year_name(forecast, year)))
        st.rerun()


def _year_name(forecast: Forecast, year: int) -> str:
    """A year as people say it: the transfer itself, or the calendar year."""
    return _("At the transfer") if year == 0 else str(forecast.calendar_year(year))


def _item_name(kind: str, label: str | None, unit: str) -> str:
    units = {"eur": "€", "hours": _("hours"), "volume": _("volume"), "quantity": _("quantity")}
    return f"{kind_name(kind, label)} ({units[unit]})"


def _years(value: float) -> str:
    return _("not within the horizon") if math.isnan(value) else _("{years} years", years=number(value, 1))
