"""The button that gives the user's own file back with its problems marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

import intake
from dashboard.wording import _, language
from intake.marking import marked_file, marked_name, plain_workbook
from valuation.problems import Problem

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def marked_button(
    source: bytes | Callable[[], bytes], filename: str, raw: intake.RawWorkbook, problems: Sequence[Problem]
) -> None:
    """A button; the file is made when it is pressed.

    Parameters
    ----------
    source : bytes or callable
        The file as it was uploaded, or what makes one of the cells.
    filename : str
    raw : RawWorkbook
        The cells that the problems are about.
    problems : sequence of Problem
    """
    spoken = language()
    st.download_button(
        _("Download with the problems marked"),
        data=lambda: _file(source() if callable(source) else source, filename, raw, problems, spoken),
        file_name=marked_name(filename, spoken),
        mime=EXCEL,
        key="download_marked",
        icon=":material/format_ink_highlighter:",
        on_click="ignore",
        help=_(
            "Your own file: each problem has a colour and a comment at its cell, and stands in a list on an extra "
            "sheet. Nothing else in an .xlsx file is changed. Other files come back as .xlsx, without their layout."
        ),
    )


def _file(source: bytes, filename: str, raw: intake.RawWorkbook, problems: Sequence[Problem], spoken: str) -> bytes:
    try:
        return marked_file(source, filename, raw, problems, spoken)
    except intake.UnreadableFile:
        # A file with markup that cannot be added to: its cells, in a new one.
        return marked_file(plain_workbook(raw), filename, raw, problems, spoken)
