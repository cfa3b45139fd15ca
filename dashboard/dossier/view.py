"""What every part of the page Dossier works with, and how it says what happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard import kept
from dashboard.notation import moment
from dashboard.wording import _, language
from register import Actor, CaseHead, Conflict, Entry, Register, RegisterError, RegisterUnavailable

SAID = "dossier_said"


@dataclass(frozen=True)
class Dossier:
    """The case that is looked at.

    Parameters
    ----------
    register : Register
    actor : Actor
        Who looks.
    head : CaseHead
    """

    register: Register
    actor: Actor
    head: CaseHead

    @property
    def case_id(self) -> str:
        """The case's number."""
        return self.head.case_id


def say(text: str) -> None:
    """Say this at the top of the page, after what was done shows everywhere."""
    st.session_state[SAID] = text


def show_said() -> None:
    """What was done just now."""
    said = st.session_state.pop(SAID, None)
    if said:
        st.success(said, icon=":material/check_circle:")


def attempt(act: Callable[[], object], came_between: Callable[[Entry | None], None] | None = None) -> bool:
    """Do something in the register; what stands in the way is said, and what was typed stays. Whether it was done.

    Parameters
    ----------
    act : callable
    came_between : callable, optional
        Told what stands now when somebody else was first, so that the next try builds on it.
    """
    try:
        act()
    except Conflict as conflict:
        if came_between is not None:
            came_between(conflict.latest)
        st.warning(who_was_first(conflict), icon=":material/group:")
        return False
    except RegisterUnavailable as error:
        kept.unavailable_notice(error)
        return False
    except RegisterError as error:
        st.error(error.message(language()), icon=":material/lock:")
        return False
    return True


def who_was_first(conflict: Conflict) -> str:
    """Who came in between, when and why, and that nothing was lost."""
    latest: Entry | None = conflict.latest
    if latest is None:
        return _("This was changed in the meantime. What you typed still stands here.")
    return _(
        "{name} added version {latest} on {when} (“{why}”); yours is based on version {yours}. Nothing was changed, "
        "and what you typed still stands here. Read what {name} wrote, and add yours again if it is still right.",
        name=latest.by_name,
        latest=latest.version,
        when=moment(latest.at),
        why=latest.why,
        yours=conflict.based_on or 0,
    )
