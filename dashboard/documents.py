"""The documents that a page gives away: council brief, application and business case, made when asked for."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import streamlit as st

from dashboard import state, what_if
from dashboard.wording import _, language
from exports.documents import MIME_TYPES, Kind, business_case, challenge_application, council_brief
from valuation.appraisal import Result
from valuation.business_case import plan_of
from valuation.case import Case
from valuation.problems import Problem
from valuation.scenarios import with_ranges_moved

NAMES = {
    "brief": ("raadsbrief", "council-brief"),
    "application": ("uitdaagrecht", "right-to-challenge"),
    "plan": ("businesscase", "business-case"),
}


class Offer(NamedTuple):
    """A document that somebody may ask for: the button's text, the file's name, and what makes it then."""

    label: str
    key: str
    file_name: str
    kind: Kind
    make: Callable[[], bytes]


def brief_offers(
    case: Case,
    result: Result,
    asset_id: str,
    *,
    problems: tuple[Problem, ...],
    remarks: list[str],
    date: datetime.date,
) -> list[Offer]:
    """The council brief of one object, with the figures that are on screen.

    Parameters
    ----------
    case : Case
        As in the workbook.
    result : Result
        With the sliders as they stand.
    asset_id : str
    problems : tuple of Problem
        What the reading of the workbook said.
    remarks : list of str
        What differs from the workbook, in words.
    date : date
    """
    spoken = language()

    def make(kind: Kind) -> bytes:
        moved = with_ranges_moved(case, result.case) if remarks else result.case
        return council_brief(
            result, asset_id, spoken, kind, problems=problems, remarks=remarks, uncertain=moved, date=date
        )

    return _offers("brief", asset_id, make, {"pdf": _("Council brief (PDF)"), "docx": _("Council brief (Word)")})


def application_offers(result: Result, initiative_id: str, date: datetime.date) -> list[Offer]:
    """The right-to-challenge application of one initiative."""
    spoken = language()

    def make(kind: Kind) -> bytes:
        return challenge_application(result, initiative_id, spoken, kind, date=date)

    labels: dict[Kind, str] = {"docx": _("Right to challenge (Word)"), "pdf": _("Right to challenge (PDF)")}
    return _offers("application", initiative_id, make, labels)


def plan_offers(result: Result, initiative_id: str, date: datetime.date) -> list[Offer]:
    """The business case of one initiative."""
    spoken = language()

    def make(kind: Kind) -> bytes:
        return business_case(result, plan_of(result.case, initiative_id), spoken, kind, date=date)

    labels: dict[Kind, str] = {"docx": _("Business case (Word)"), "pdf": _("Business case (PDF)")}
    return _offers("plan", initiative_id, make, labels)


def _offers(name: str, subject: str, make: Callable[[Kind], bytes], labels: dict[Kind, str]) -> list[Offer]:
    dutch, english = NAMES[name]
    start = f"{dutch if language() == 'nl' else english}-{file_part(subject)}"
    return [
        Offer(label, f"{name}_{kind}", f"{start}.{kind}", kind, partial(make, kind)) for kind, label in labels.items()
    ]


def file_part(subject: str) -> str:
    """A number or code as it can stand in the name of a file."""
    return re.sub(r"[^\w.-]+", "-", subject).strip("-.")[:60] or "1"


def show_brief(case: Case, result: Result, asset_id: str) -> None:
    """Buttons for the council brief of one object."""
    found = brief_offers(
        case,
        result,
        asset_id,
        problems=state.in_use().intake.problems,
        # A page without sliders shows the workbook as it is: nothing differs from it.
        remarks=[] if result.case is case else what_if.differences(case, asset_id),
        date=_today(),
    )
    _show(_("For the council, on two pages:"), found, key="documents_brief")


def show_application(result: Result, initiative_id: str) -> None:
    """Buttons for the right-to-challenge application of one initiative."""
    found = application_offers(result, initiative_id, _today())
    _show(_("Application under the right to challenge, from the workbook:"), found, key="documents_application")


def show_plan(result: Result, initiative_id: str) -> None:
    """Buttons for the business case of one initiative."""
    found = plan_offers(result, initiative_id, _today())
    _show(_("Business case for the bank, funds and the municipality:"), found, key="documents_plan")


def _show(lead: str, offers: list[Offer], key: str) -> None:
    """The buttons beside each other; nothing is made before somebody presses one."""
    with st.container(horizontal=True, vertical_alignment="center", key=key):
        st.markdown(lead, width="content")
        for offer in offers:
            st.download_button(
                offer.label,
                data=offer.make,
                file_name=offer.file_name,
                mime=MIME_TYPES[offer.kind],
                key=offer.key,
                icon=":material/picture_as_pdf:" if offer.kind == "pdf" else ":material/edit_document:",
                on_click="ignore",
            )


def _today() -> datetime.date:
    """The day on which the document is made."""
    return datetime.datetime.now(datetime.UTC).date()
