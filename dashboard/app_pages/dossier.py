"""Dossier: keep the figures as a case, and see all that was decided, counted and changed since."""

from __future__ import annotations

import streamlit as st

from dashboard import identity, kept, leaving
from dashboard.dossier.decisions import next_review, show_decisions, tally
from dashboard.dossier.history import show_history
from dashboard.dossier.keeping import show_keeping, show_list, show_nothing_kept
from dashboard.dossier.managing import show_managing
from dashboard.dossier.realised import show_realised
from dashboard.dossier.versions import result_of, show_versions
from dashboard.dossier.view import Dossier, show_said
from dashboard.frame import page_title, plain, reload_notice
from dashboard.notation import moment
from dashboard.show import open_tabs
from dashboard.wording import _, language, n_
from register import Actor, Register, RegisterError, RegisterUnavailable

STYLE = """
<style>
/* On a telephone a long word gives way, so that no table has to be pushed sideways. The name stands twice to count for
   more than Streamlit's own rules. */
@media (max-width: 500px) {
  .st-key-dossier_case.st-key-dossier_case td * { overflow-wrap: anywhere; }
  .st-key-dossier_case.st-key-dossier_case :is(td, th) { padding-inline: .2rem; }
}
</style>
"""


def show_page(register: Register, actor: Actor) -> None:
    """The open workbook, the list, and the case that was chosen."""
    heads = register.cases(actor)
    show_keeping(register, actor, heads)
    head = show_list(heads)
    if head is None:
        show_nothing_kept()
        return
    show_case(Dossier(register, actor, head))


def show_case(dossier: Dossier) -> None:
    """One case: a sentence, and its parts as tabs of which only the open one is made."""
    history = dossier.register.history(dossier.actor, dossier.case_id)
    newest = {(entry.kind, entry.key): entry for entry in history}
    latest = sorted(newest.values(), key=lambda entry: entry.number)
    versions = [entry for entry in history if entry.kind == "workbook"]
    head = dossier.head
    st.header(plain(head.name), anchor=False)
    facts = [
        n_("{count} version", "{count} versions", len(versions)),
        tally(latest),
        _("last changed on {when} by {name}", when=moment(history[-1].at), name=plain(history[-1].by_name)),
    ]
    review = next_review(latest)
    if review:
        facts.append(_("next review on {day}", day=review))
    st.markdown(" · ".join(facts))
    tabs = open_tabs(
        "dossier_part",
        [_("Versions"), _("Decisions and reviews"), _("What came true"), _("History"), _("Access and export")],
    )
    parts = (
        lambda: show_versions(dossier, versions),
        lambda: show_decisions(dossier, latest, result_of(dossier.register.case(dossier.actor, dossier.case_id))),
        lambda: show_realised(dossier, latest),
        lambda: show_history(history),
        lambda: show_managing(dossier, latest),
    )
    for tab, show in zip(tabs, parts, strict=True):
        if tab.open:
            with tab, st.container(key="dossier_case"):
                show()


st.html(STYLE)
page_title(
    _("Dossier"),
    _(
        "What is kept stays: every version of the figures, every decision with its reasons, and what came true "
        "afterwards."
    ),
)
reload_notice()
opened = kept.register_or_notice()
if opened is not None:
    show_said()
    try:
        show_page(opened, identity.actor())
    except RegisterUnavailable as error:
        kept.unavailable_notice(error)
        leaving.hold_typed()
    except RegisterError as error:
        st.error(error.message(language()), icon=":material/lock:")
