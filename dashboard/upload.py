"""The field in which one puts a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

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
    with reading(file.name, _forget_upload) as progress:
        state.open_upload(file.getvalue(), file.name, progress)
    _forget_upload()
    return True


def _forget_upload() -> None:
    """A fresh, empty field: what was read is told elsewhere on the page."""
    st.session_state["uploads"] += 1


@contextmanager
def reading(filename: str, forget: Callable[[], None]) -> Iterator[Callable[[float], None]]:
    """A bar that shows how far the reading is, and a button that stops it.

    The button starts the page again, which ends the reading at its next word to the bar; the process that read the
    file ends with it. `forget` empties the field, so that the file is not read again.
    """
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center"):
        text = _("Reading {file} …", file=filename)
        bar = st.progress(0.0, text=text)
        st.button(_("Stop reading"), key=f"stop_reading_{filename}", on_click=forget, icon=":material/close:")
    yield lambda share: bar.progress(min(share, 1.0), text=text) and None
    place.empty()


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
