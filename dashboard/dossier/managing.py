"""Who may see a case, taking it along, and deleting it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import kept, state
from dashboard.dossier.keeping import CHOSEN
from dashboard.dossier.view import Dossier, attempt, say
from dashboard.dossier.words import reason_name
from dashboard.notation import moment
from dashboard.show import show_table
from dashboard.wording import _
from register import DELETION_REASONS, Entry, Member, RegisterUnavailable, may_append


def show_managing(dossier: Dossier, latest: list[Entry]) -> None:
    """The part of the page for whoever looks after the case."""
    _show_access(dossier, [entry for entry in latest if entry.kind == "member"])
    if "administrator" in dossier.actor.roles:
        _show_export(dossier)
        _show_delete(dossier)


def _show_access(dossier: Dossier, links: list[Entry]) -> None:
    st.subheader(_("Who may see this case"), anchor=False)
    rows = [(_("{name} (kept it first)", name=dossier.head.owner_name), _("always"))]
    rows += [
        (str(entry.payload.get("name") or entry.key), _("since {when}", when=moment(entry.at)))
        for entry in links
        if entry.payload.get("linked")
    ]
    st.markdown(
        _(
            "Council members, finance officers and administrators of the organisation see every case. Initiatives see "
            "their own, and what they were given access to:"
        )
    )
    show_table(pd.DataFrame(rows, columns=[_("Who"), _("Access")]), key="access_csv", alt=_("Who may see this case"))
    if may_append(dossier.actor, "member"):
        _ask_access(dossier, links)


def _ask_access(dossier: Dossier, links: list[Entry]) -> None:
    """Give or take access."""
    people = _initiatives(dossier)
    with (
        st.expander(_("Give or take access"), icon=":material/person_add:", key="give_access"),
        st.form("access_form"),
    ):
        names = {one.user_id: one.name for one in people}
        if names:
            user_id = st.selectbox(
                _("Who"), list(names), format_func=lambda one: f"{names[one]} ({one})", key="access_who"
            )
        else:
            user_id = st.text_input(
                _("Who"),
                key="access_who_text",
                help=_("What the sign-in calls this person, for example the e-mail address."),
            )
        give = st.radio(
            _("Access"),
            [True, False],
            format_func=lambda chosen: _("may see and change it") if chosen else _("may not see it (any more)"),
            key="access_give",
        )
        why = st.text_input(_("Why?"), max_chars=300, key="access_why")
        if not st.form_submit_button(_("Record it"), key="access_submit"):
            return
        if not (user_id and user_id.strip() and why.strip()):
            st.error(_("Fill in who, and why."), icon=":material/edit:")
            return
        known = next((entry for entry in links if entry.key == user_id), None)

        def act() -> None:
            dossier.register.append(
                dossier.actor,
                dossier.case_id,
                kind="member",
                key=user_id.strip(),
                payload={"linked": give, "name": names.get(user_id, user_id.strip())},
                based_on=None if known is None else known.version,
                why=why,
            )

        if attempt(act):
            say(_("Recorded."))
            st.rerun()


def _initiatives(dossier: Dossier) -> list[Member]:
    try:
        return [one for one in dossier.register.members(dossier.actor) if "initiative" in one.roles]
    except RegisterUnavailable as error:
        kept.unavailable_notice(error)
        return []


def _show_export(dossier: Dossier) -> None:
    st.subheader(_("Take the case along"), anchor=False)
    st.markdown(
        _(
            "One file with every version of the workbook, all that was added, and an index that can be read without "
            "this software. Scores of a round that was not opened are not in it."
        )
    )
    st.download_button(
        _("Download the whole case (zip)"),
        data=lambda: dossier.register.export_case(dossier.actor, dossier.case_id),
        file_name=f"dossier-{dossier.case_id[:8]}.zip",
        mime="application/zip",
        key="export_case",
        icon=":material/folder_zip:",
        on_click="ignore",
    )


def _show_delete(dossier: Dossier) -> None:
    """Deleting asks for the name, since it cannot be undone."""
    with st.expander(_("Delete this case"), icon=":material/delete_forever:", key="delete_case"):
        st.markdown(
            _(
                "All versions and everything that was added are deleted, for good. All that stays is who deleted it, "
                "when and on which ground. Backups still hold it until they are replaced."
            )
        )
        reason = st.selectbox(_("Ground"), DELETION_REASONS, format_func=reason_name, key="delete_reason")
        typed = st.text_input(
            _("Type the name of the case to confirm: {name}", name=dossier.head.name),
            key=f"delete_name_{dossier.case_id}",
        )
        if not st.button(_("Delete for good"), key="delete_for_good", icon=":material/delete_forever:"):
            return
        if typed.strip() != dossier.head.name:
            st.error(_("That is not the name of this case. Nothing was deleted."), icon=":material/edit:")
            return
        if attempt(lambda: dossier.register.delete_case(dossier.actor, dossier.case_id, reason)):
            state.no_longer_kept(dossier.case_id)
            st.session_state.pop(CHOSEN, None)
            del st.query_params["zaak"]
            say(_("The case was deleted."))
            st.rerun()
