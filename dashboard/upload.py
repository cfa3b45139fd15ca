"""The field in which one puts a workbook."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.wording import _, language


def upload_field() -> bool:
    """A field for a workbook; reads it once. Returns whether a file was handed in just now."""
    st.session_state.setdefault("uploads", 0)
    # Any kind of file may be handed in: what is no workbook is refused in our own words, not in the browser's.
    file = st.file_uploader(
        _("Workbook (.xlsx)"),
        key=f"upload_{st.session_state['uploads']}",
        max_upload_size=state.MAX_UPLOAD_MB,
        help=_(
            "At most {megabytes} MB. The file stays on this server only as long as you use it.",
            megabytes=state.MAX_UPLOAD_MB,
        ),
    )
    if file is None:
        return False
    with st.spinner(_("Reading {file} …", file=file.name)):
        state.open_upload(file.getvalue(), file.name)
    st.session_state["uploads"] += 1  # a fresh, empty field: what was read is told elsewhere on the page
    return True


def refusal_notice() -> None:
    """Why the last upload was not opened, and that nothing else changed."""
    refused = state.refusal()
    if refused is None:
        return
    st.error(refused.problem.message(language()), icon=":material/error:")
    if state.in_use() is not None:
        st.info(
            _("Nothing was lost: {file} is still open and in use.", file=state.in_use().filename),
            icon=":material/inventory_2:",
        )
