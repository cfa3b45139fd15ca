"""The register of kept cases, opened once for everybody; a page that cannot have it says so and goes on."""

from __future__ import annotations

import os

import streamlit as st

from dashboard.wording import _, language
from register import Register, RegisterError, RegisterUnavailable, open_register


def register() -> Register:
    """The opened register.

    Raises
    ------
    RegisterUnavailable
        It cannot be opened now; the next call tries again.
    """
    return _opened(os.environ.get("DATABASE_URL"))


def register_or_notice() -> Register | None:
    """The opened register; where there is none now, the page says so and can go on with the rest."""
    try:
        return register()
    except RegisterUnavailable as error:
        unavailable_notice(error)
        return None


def unavailable_notice(error: RegisterUnavailable) -> None:
    """What is the matter with the register, and that nothing of one’s work is gone."""
    what_now = _(
        "What is open here stays open. Try again in a moment, or ask the administrator. Until then you can download "
        "your workbook on the page Data."
    )
    st.error(f"{error.message(language())} {what_now}", icon=":material/cloud_off:")


def could_not_keep(error: RegisterError) -> str:
    """That something was not kept, and why, in the words of the register."""
    return _("This could not be kept ({reason}).", reason=error.message(language()).rstrip("."))


@st.cache_resource(show_spinner=False, max_entries=2)
def _opened(url: str | None) -> Register:
    return open_register(url)
