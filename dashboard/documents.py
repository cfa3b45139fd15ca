"""The documents that a page gives away: council brief, application and business case, made when asked for."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import streamlit as st

from dashboard import state, what_if
from dashboard.wording import _, language
from exports.documents import MIME_TYPES, Kind, business_case, challenge_application, council_brief
from valuation.appraisal import Result
from valuation.business_case import plan_of
from valuation.case import Case
from valuation.scenarios import with_ranges_moved

NAMES = {
    "brief": ("raadsbrief", "council-brief"),
    "application": ("uitdaagrecht", "right-to-challenge"),
    "plan": ("businesscase", "business-case"),
}


def show_brief(case: Case, result: Result, asset_id: str) -> None:
    """The council brief of one object, with the figures that are on screen.

    Parameters
    ----------
    case : Case
        As in the workbook.
    result : Result
        With the sliders as they stand.
    asset_id : str
    """
    spoken, today = language(), _today()
    problems = state.in_use().intake.problems
    # Pages without sliders show the workbook as it is, and have nothing that differs from it.
    remarks = () if result.case is case else what_if.differences(case, asset_id)

    def make(kind: Kind) -> bytes:
        moved = with_ranges_moved(case, result.case) if remarks else result.case
        return council_brief(
            result, asset_id, spoken, kind, problems=problems, remarks=remarks, uncertain=moved, date=today
        )

    with st.container(horizontal=True, vertical_alignment="center", key="documents_brief"):
        st.markdown(_("For the council, on two pages:"), width="content")
        _buttons("brief", asset_id, make, {"pdf": _("Council brief (PDF)"), "docx": _("Council brief (Word)")})


def show_of_initiative(result: Result, initiative_id: str) -> None:
    """The right-to-challenge application and the business case of one initiative, to be edited further."""
    spoken, today = language(), _today()

    def application(kind: Kind) -> bytes:
        return challenge_application(result, initiative_id, spoken, kind, date=today)

    def plan(kind: Kind) -> bytes:
        return business_case(result, plan_of(result.case, initiative_id), spoken, kind, date=today)

    with st.container(horizontal=True, vertical_alignment="center", key="documents_initiative"):
        st.markdown(_("Filled in from the workbook, to edit further:"), width="content")
        labels: dict[Kind, str] = {"docx": _("Right to challenge (Word)"), "pdf": _("Right to challenge (PDF)")}
        _buttons("application", initiative_id, application, labels)
        labels = {"docx": _("Business case (Word)"), "pdf": _("Business case (PDF)")}
        _buttons("plan", initiative_id, plan, labels)


def _buttons(name: str, subject: str, make: Callable[[Kind], bytes], labels: dict[Kind, str]) -> None:
    """A button for each kind of file; nothing is made before somebody presses one."""
    dutch, english = NAMES[name]
    start = dutch if language() == "nl" else english
    for kind, label in labels.items():
        st.download_button(
            label,
            data=lambda kind=kind: make(kind),
            file_name=f"{start}-{file_part(subject)}.{kind}",
            mime=MIME_TYPES[kind],
            key=f"{name}_{kind}",
            icon=":material/picture_as_pdf:" if kind == "pdf" else ":material/edit_document:",
            on_click="ignore",
        )


def file_part(subject: str) -> str:
    """A number or code as it can stand in the name of a file."""
    return re.sub(r"[^\w.-]+", "-", subject).strip("-.")[:60] or "1"


def _today() -> datetime.date:
    """The day on which the document is made."""
    return datetime.datetime.now(datetime.UTC).date()
