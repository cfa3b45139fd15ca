"""What is shown at the door: a button to sign in, or why somebody is not let in. And, inside, who one is."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from dashboard import identity, state
from dashboard.frame import choose_language, plain
from dashboard.sign_in import kept_work, provider
from dashboard.sign_in.settings import BrokenError, Flaw
from dashboard.sign_in.way_back import FAILED, PARAMETER, SIGNED_OUT
from dashboard.wording import _
from register import Actor

SCRIPT = Path(__file__).with_name("address.js")
TOLD = "sign_in_told"
"""Session key: the word that the way back from the provider put in the address."""

WARN_SECONDS = 300
"""How long before the end somebody is told."""

log = logging.getLogger(__name__)


def visitor() -> identity.Visitor | BrokenError:
    """Who is at the door, or why the door stays shut."""
    try:
        return identity.visitor()
    except BrokenError as broken:
        log.error("Nobody is let in: %s", broken)
        return broken


def is_in(found: identity.Visitor | BrokenError) -> bool:
    """Whether this visitor may see the pages."""
    return isinstance(found, identity.Visitor) and found.state == "in"


def show(found: identity.Visitor | BrokenError) -> None:
    """The page for whoever is not let in. Nothing of any case is on it."""
    _read_word()
    with st.container(key="bar", horizontal=True, horizontal_alignment="right"):
        choose_language()
    if isinstance(found, BrokenError):
        _broken(found)
    elif found.state == "no_role":
        _no_role(found)
    elif found.state == "unknown":
        _unknown()
    else:
        _signed_out(found)


def keep_work(found: identity.Visitor | BrokenError) -> None:
    """Keep what somebody was working on when their time was up."""
    if isinstance(found, identity.Visitor) and found.state == "expired" and found.actor is not None:
        work = state.unsaved()
        if work:
            kept_work.put(found.actor, work)
            state.forget()
            st.session_state["work_kept"] = True


def give_back(found: identity.Visitor) -> None:
    """Open again what this person was working on when their sign-in ended."""
    if found.local or "given_back" in st.session_state:
        return
    work = kept_work.take(found.actor)
    st.session_state["given_back"] = bool(work)
    state.restore(work)


def given_back_notice() -> None:
    """Once: that the work is there again."""
    if st.session_state.get("given_back"):
        st.session_state["given_back"] = False
        st.toast(_("Your work is open again as you left it."), icon=":material/restore:", duration="long")


def who_is_here(found: identity.Visitor) -> None:
    """Who is signed in, as what, and the way out. The one local user needs none of it."""
    if found.local:
        return
    roles = roles_in_words(found.actor)
    label = plain(found.actor.name) if len(found.actor.roles) > 1 else f"{plain(found.actor.name)} · {roles}"
    with st.popover(label, icon=":material/account_circle:", key="who"):
        st.markdown(f"**{plain(found.actor.name)}**  \n{plain(found.actor.organisation)}  \n{roles}")
        st.caption(
            _("Sign-in name: {user_id}", user_id=plain(found.actor.user_id))
            + "  \n"
            + _("You stay signed in until {time}.", time=_time_of_day(found.until))
        )
        st.button(_("Sign out"), icon=":material/logout:", key="sign_out", on_click=identity.sign_out)
    _warn_in_time(found.until)
    _at_the_end(found.until)


def roles_in_words(actor: Actor) -> str:
    """The roles of somebody, with commas between them."""
    names = {
        "council": _("council member"),
        "finance": _("finance officer"),
        "initiative": _("residents’ initiative"),
        "administrator": _("administrator"),
    }
    return ", ".join(name for role, name in names.items() if role in actor.roles)


def _warn_in_time(until: float) -> None:
    """Say once that the end comes near: what stands in a form that was not sent yet, the server does not know."""

    def warn() -> None:
        if time.time() >= until - WARN_SECONDS and not st.session_state.get("warned"):
            st.session_state["warned"] = True
            st.toast(
                _("You will be signed out at {time}. Keep what you filled in.", time=_time_of_day(until)),
                icon=":material/schedule:",
                duration="infinite",
            )

    before = until - WARN_SECONDS - time.time()
    st.fragment(warn, run_every=timedelta(seconds=before + 1) if before > 0 else None)()


def _at_the_end(until: float) -> None:
    """Ask the server again when the time is up, so that the page does not stay on the screen of somebody who left."""

    def check() -> None:
        if until <= time.time():
            st.rerun(scope="app")

    left = timedelta(seconds=max(until - time.time(), 0) + 1)
    st.fragment(check, run_every=left)()


def _time_of_day(moment: float) -> str:
    try:
        zone = ZoneInfo(st.context.timezone or "Europe/Amsterdam")
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    return datetime.fromtimestamp(moment, zone).strftime("%H:%M")


def _read_word() -> None:
    """Take the word out of the address: it is of this moment, not of the page."""
    if PARAMETER in st.query_params:
        st.session_state[TOLD] = st.query_params[PARAMETER]
        del st.query_params[PARAMETER]


def _signed_out(found: identity.Visitor) -> None:
    st.title(_("Sign in to Buurtwaarde"), anchor=False)
    told = st.session_state.get(TOLD)
    if found.state == "expired":
        st.info(_("Your sign-in has expired. Sign in again to go on."), icon=":material/schedule:")
        if st.session_state.get("work_kept"):
            st.markdown(
                _(
                    "What you were working on is kept for an hour, and opens again when you sign in with the same "
                    "account."
                )
            )
    elif found.state == "ended" or told == SIGNED_OUT:
        st.info(_("You are signed out."), icon=":material/logout:")
    elif told == FAILED:
        st.error(
            _(
                "Signing in did not succeed. Try again. Does it keep going wrong? Then ask the administrator of "
                "Buurtwaarde to look in the log of the server."
            ),
            icon=":material/error:",
        )
    st.markdown(
        _("Use the account of your organisation. What you may see and do here depends on the role that you were given.")
    )
    if st.button(_("Sign in"), type="primary", icon=":material/login:", key="sign_in"):
        st.session_state.pop(TOLD, None)
        if provider.answers(identity.configured()):
            st.login()
        else:
            st.error(
                _(
                    "The service with which you sign in does not answer. Nobody can sign in now. Try again in a few "
                    "minutes, or warn the administrator of Buurtwaarde."
                ),
                icon=":material/cloud_off:",
            )
    st.html(f"<script>{_script()}</script>", unsafe_allow_javascript=True)


def _no_role(found: identity.Visitor) -> None:
    st.title(_("You have no role yet"), anchor=False)
    st.markdown(
        _(
            "You are signed in as {name} of {organisation}, but nobody has given you a role in Buurtwaarde. That is "
            "why you see no figures yet.",
            name=f"**{plain(found.actor.name)}**",
            organisation=f"**{plain(found.actor.organisation)}**",
        )
    )
    st.markdown(_("Ask the administrator of Buurtwaarde in your organisation for a role, and give this user name:"))
    st.code(found.actor.user_id, language=None)
    _way_out()


def _unknown() -> None:
    st.title(_("We do not know who you are"), anchor=False)
    st.markdown(
        _(
            "You are signed in, but your account does not belong to an organisation that uses Buurtwaarde here. Ask "
            "the administrator of Buurtwaarde in your organisation to add you, or sign in with another account."
        )
    )
    user_id = identity.user_id()
    if user_id:
        st.markdown(_("The administrator needs this user name:"))
        st.code(user_id, language=None)
    _way_out()


def _way_out() -> None:
    with st.container(horizontal=True):
        st.button(_("Sign out"), icon=":material/logout:", key="sign_out", on_click=identity.sign_out)


def _broken(broken: BrokenError) -> None:
    st.title(_("Buurtwaarde is closed for now"), anchor=False)
    if any(flaw.rule == "open_to_others" for flaw in broken.flaws):
        st.error(
            _(
                "Without sign-in Buurtwaarde only works on the computer that it runs on. Nobody else is let in, "
                "because anyone would see everything."
            ),
            icon=":material/lock:",
        )
    else:
        st.error(
            _("Sign-in is switched on, but does not work. Until that is mended nobody is let in."),
            icon=":material/lock:",
        )
    st.markdown(_("For the administrator:"))
    st.markdown("\n".join(f"- {in_words(flaw)}" for flaw in broken.flaws))
    st.markdown(_("How it works is explained in {file}.", file="`docs/sign-in.md`"))


def in_words(flaw: Flaw) -> str:
    """Why sign-in cannot be used, for the administrator. The values of secrets are never shown."""
    about = f"`{flaw.about}`"
    sentences = {
        "missing": _("The setting {about} is missing.", about=about),
        "unknown": _("The setting {about} is not known. Is it misspelt?", about=about),
        "misspelt": _("The section {about} is not known. Is it misspelt?", about=about),
        "no_section": _("The setting {about} has to be a section of its own.", about=about),
        "no_text": _("The setting {about} has to be a text.", about=about),
        "either": _("Only one of these settings can be used: {about}.", about=about),
        "no_length": _("The setting {about} has to be a number of minutes, at most a day.", about=about),
        "short_secret": _("The setting {about} has to have 32 characters or more, drawn at random.", about=about),
        "not_encrypted": _("The address in {about} has to begin with https://.", about=about),
        "no_callback": _("The address in {about} has to end with /oauth2callback.", about=about),
        "unreadable": _("The file {about} cannot be read.", about=about),
        "other_door": _("The settings stand in environment variables. Then start the app with asgi.py."),
        "trusted_headers": _("The setting {about} lets a browser say who it is. Leave it out.", about=about),
        "no_register": _("The register, in which the members stand, cannot be reached."),
        "open_to_others": _("The app was opened at {about}. Configure sign-in, or use http://127.0.0.1.", about=about),
    }
    return sentences[flaw.rule]


@cache
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")
