"""Results as documents: PDF that everyone can read, and Word that people edit further.

One small model (`model`), two writers (`typeset` for tagged PDF, `word` for Word), and a module for each document.
Nothing is fetched: fonts come with typst, and text of users is data, never markup.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Literal

from exports.documents.brief import brief
from exports.documents.challenge import challenge
from exports.documents.minutes import Grid, Minutes, Section, report
from exports.documents.model import Document
from exports.documents.plan import plan_document
from exports.documents.subject import subject_of
from exports.documents.typeset import render_pdf
from exports.documents.word import render_docx
from exports.documents.words import Words
from valuation.appraisal import Result
from valuation.business_case import BusinessPlan
from valuation.case import Case
from valuation.problems import Problem

__all__ = [
    "MIME_TYPES",
    "Document",
    "Grid",
    "Kind",
    "Minutes",
    "Section",
    "business_case",
    "challenge_application",
    "council_brief",
    "minutes",
    "render",
    "render_docx",
    "render_pdf",
]

Kind = Literal["pdf", "docx"]
MIME_TYPES: dict[Kind, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def render(document: Document, kind: Kind) -> bytes:
    """The document as a file of this kind."""
    return render_pdf(document) if kind == "pdf" else render_docx(document)


def council_brief(
    result: Result,
    asset_id: str,
    language: str = "nl",
    kind: Kind = "pdf",
    *,
    problems: Sequence[Problem] = (),
    remarks: Sequence[str] = (),
    uncertain: Case | None = None,
    date: datetime.date | None = None,
) -> bytes:
    """The council brief of one object, two pages.

    Parameters
    ----------
    result : Result
    asset_id : str
        A `KeyError` for an unknown one.
    language : {"nl", "en"}
    kind : {"pdf", "docx"}
    problems : sequence of Problem
        What the reading of the workbook said.
    remarks : sequence of str
        What differs from the workbook; printed at the top.
    uncertain : Case, optional
        The case whose low and high values say how sure it is, where figures were moved on screen.
    date : date, optional
        Printed when it is given; documents do not read the clock.

    Raises
    ------
    ValuationError
        Where the method does not apply.
    """
    subject = subject_of(Words(language), result, asset_id, uncertain=uncertain, problems=problems)
    return render(brief(subject, remarks=remarks, date=date), kind)


def challenge_application(
    result: Result,
    initiative_id: str,
    language: str = "nl",
    kind: Kind = "docx",
    *,
    date: datetime.date | None = None,
) -> bytes:
    """The application by the right to challenge of one initiative, with what is still open.

    Parameters are those of `council_brief`; a `KeyError` for an unknown initiative.
    """
    return render(challenge(Words(language), result, initiative_id, date=date), kind)


def business_case(
    result: Result,
    plan: BusinessPlan,
    language: str = "nl",
    kind: Kind = "docx",
    *,
    date: datetime.date | None = None,
) -> bytes:
    """The business case of one initiative.

    Parameters
    ----------
    result : Result
        Of the case that the plan was made from.
    plan : BusinessPlan
        `valuation.business_case.plan_of`.
    language, kind, date
        As in `council_brief`.
    """
    return render(plan_document(Words(language), result, plan, date=date), kind)


def minutes(content: Minutes, kind: Kind = "pdf") -> bytes:
    """Minutes of facts, sections and tables as a file."""
    return render(report(content), kind)
