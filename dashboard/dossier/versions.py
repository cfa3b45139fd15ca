"""The versions of a case: open one, and see what differs between two."""

from __future__ import annotations

import pandas as pd
import streamlit as st

import intake
from dashboard import state
from dashboard.dossier.differences import changed_cells
from dashboard.dossier.view import Dossier, say
from dashboard.frame import plain
from dashboard.notation import amount, moment, signed
from dashboard.show import csv_button, show_table
from dashboard.wording import _, n_
from register import CaseVersion, Entry
from valuation.appraisal import Result, appraise
from valuation.problems import ValuationError
from valuation.versions import changed_figures

ROWS_SHOWN = 15
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_versions(dossier: Dossier, versions: list[Entry]) -> None:
    """Every version, with its reason; one of them to open."""
    newest_first = sorted(versions, key=lambda entry: -entry.version)
    show_table(
        pd.DataFrame(
            {
                _("Version"): [str(entry.version) for entry in newest_first],
                _("When"): [moment(entry.at) for entry in newest_first],
                _("Who"): [entry.by_name for entry in newest_first],
                _("Why"): [entry.why for entry in newest_first],
            }
        ),
        key="versions_csv",
        alt=_("The versions of this case"),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            _("Version to open"),
            [entry.version for entry in newest_first],
            key=f"open_version_{dossier.case_id}_{len(versions)}",
            width=200,
        )
        if st.button(_("Open this version"), key="open_kept", type="primary", icon=":material/folder_open:"):
            _open(dossier, chosen)
        st.download_button(
            _("Download this version"),
            data=lambda: dossier.register.case(dossier.actor, dossier.case_id, chosen).workbook,
            file_name=f"{dossier.head.name}-{chosen}.xlsx",
            mime=EXCEL,
            key=f"download_version_{chosen}",
            icon=":material/download:",
            on_click="ignore",
        )
    workbook = state.shown()
    if workbook is not None and not workbook.safe:
        st.caption(
            _(
                "Opening a version closes {file}, with what was changed on screen. Keep it first if you need it.",
                file=plain(workbook.filename),
            )
        )
    if len(versions) > 1:
        _compare(dossier, [entry.version for entry in newest_first])


def _open(dossier: Dossier, version: int) -> None:
    state.open_kept(dossier.register.case(dossier.actor, dossier.case_id, version))
    say(_("Version {version} of {name} is open.", version=version, name=plain(dossier.head.name)))
    st.rerun()


def _compare(dossier: Dossier, numbers: list[int]) -> None:
    """Two versions beside each other."""
    st.subheader(_("What differs between two versions?"), anchor=False)
    older, newer = st.columns(2)
    before = older.selectbox(_("From version"), numbers, index=1, key=f"compare_from_{dossier.case_id}_{len(numbers)}")
    after = newer.selectbox(_("To version"), numbers, index=0, key=f"compare_to_{dossier.case_id}_{len(numbers)}")
    if before == after:
        st.caption(_("Choose two different versions."))
        return
    one, other = (_read(dossier.register.case(dossier.actor, dossier.case_id, number)) for number in (before, after))
    names = [_("Version {version}", version=number) for number in (before, after)]
    show_difference(one, other, names, "compared")


def show_difference_from_open(theirs: CaseVersion, workbook: state.Workbook) -> None:
    """What is open beside a version of somebody else."""
    show_difference(
        _read(theirs),
        (workbook.raw, workbook.intake),
        [_("Version {version} of {name}", version=theirs.version, name=theirs.by_name), _("Yours")],
        "collision",
    )


Read = tuple[intake.RawWorkbook, intake.Intake]


def show_difference(one: Read, other: Read, names: list[str], place: str) -> None:
    """Which cells differ, and which outcomes; `place` tells apart where on the page this stands."""
    before, after = names
    cells = changed_cells(one[0], other[0])
    if cells.empty:
        st.info(_("No cell differs."), icon=":material/equal:")
        return
    st.markdown(n_("**{count} cell or row differs.**", "**{count} cells or rows differ.**", len(cells)))
    headers = {"sheet": _("Sheet"), "row": _("Row"), "column": _("Column"), "before": before, "after": after}
    _some_of(cells.rename(columns=headers), f"{place}_cells_csv", _("Cells that differ"))
    results = [_result(read) for read in (one, other)]
    if None in results:
        st.caption(_("One of the two has mistakes, so there are no outcomes to compare."))
        return
    figures = changed_figures(*results)
    if figures.empty:
        st.markdown(_("No outcome differs."))
        return
    st.markdown(n_("**{count} outcome differs.**", "**{count} outcomes differ.**", len(figures)))
    _some_of(
        pd.DataFrame(
            {
                _("Object or initiative"): figures["name"],
                _("Outcome"): [figure_name(figure) for figure in figures["figure"]],
                before: [amount(value) for value in figures["before"]],
                after: [amount(value) for value in figures["after"]],
                _("Difference"): [signed(value) for value in figures["difference"]],
            }
        ),
        f"{place}_figures_csv",
        _("Outcomes that differ"),
    )


def _some_of(table: pd.DataFrame, key: str, alt: str) -> None:
    """The first rows, and all of them to take along."""
    if len(table) <= ROWS_SHOWN:
        show_table(table, key=key, alt=alt)
        return
    st.table(table.head(ROWS_SHOWN), hide_index=True, border="horizontal", alt=alt)
    more = len(table) - ROWS_SHOWN
    st.caption(n_("And {count} more.", "And {count} more.", more))
    csv_button(table, key=key, label=_("Download this table (CSV)"))


def figure_name(figure: str) -> str:
    """An outcome, with its unit."""
    return {
        "book_value_eur": _("Book value (€)"),
        "market_value_eur": _("Market value (€)"),
        "social_value_eur": _("Social value (€)"),
        "municipality_npv_at_zero_price_eur": _("Municipality’s purse without a price (€)"),
        "reservation_price_eur": _("Price from which the municipality is no worse off (€)"),
        "social_price_eur": _("Price by the council’s rule (€)"),
        "ceiling_price_eur": _("Highest price that can be carried (€)"),
        "book_result_eur": _("Book result (€)"),
        "municipal_net_saving_eur_per_year": _("Net saving of the municipality (€ per year)"),
        "avoided_cost_eur_per_year": _("Avoided cost, all payers (€ per year)"),
        "npv_municipality_eur": _("Municipality’s purse over all years (€, present value)"),
        "npv_society_eur": _("Social value over all years (€, present value)"),
    }[figure]


def _read(version: CaseVersion) -> Read:
    return _read_bytes(version.workbook, f"{version.name}.xlsx")


@st.cache_data(max_entries=8, show_spinner=False, scope="session")
def _read_bytes(content: bytes, name: str) -> Read:
    raw = intake.read_workbook(content, name)
    return raw, intake.build_case(raw, intake.load_reference())


def _result(read: Read) -> Result | None:
    case = read[1].case
    try:
        return None if case is None else appraise(case)
    except ValuationError:
        return None


def result_of(version: CaseVersion) -> Result | None:
    """The outcomes of a kept version; none where it has mistakes."""
    return _result(_read(version))
