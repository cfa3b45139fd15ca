"""What stands around every page: the style, the bar that says which data is open, titles, and the empty page."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

import streamlit as st

from dashboard import state
from dashboard.wording import LANGUAGE_KEY, LANGUAGES, _, n_
from valuation.case import Case

START = "dashboard/app_pages/start.py"
DATA = "dashboard/app_pages/gegevens.py"
REGISTER = "dashboard/app_pages/register.py"
VALUE = "dashboard/app_pages/waarde.py"
ACCOUNT = "dashboard/app_pages/verantwoording.py"
SCENARIOS = "dashboard/app_pages/scenarios.py"
INITIATIVES = "dashboard/app_pages/initiatieven.py"
PORTFOLIO = "dashboard/app_pages/portefeuille.py"
FRAMEWORK = "dashboard/app_pages/kader.py"
WORKING_GROUP = "dashboard/app_pages/werkgroep.py"
DOSSIER = "dashboard/app_pages/dossier.py"
BUSINESS_CASE = "dashboard/app_pages/businesscase.py"

# A picture of our own: Streamlit fetches the icons it has by name from another server.
ICON = Path(__file__).with_name("favicon.svg")

LOGO = Path(__file__).with_name("logo.svg")

STYLE = """
<style>
[data-testid="stMainBlockContainer"] { max-width: 77rem; padding: 4.5rem 1rem 3rem; }
[data-testid="stToolbar"] { max-width: 77rem; margin: 0 auto; padding: 0 .25rem; }
/* On a tablet the sign without the name: the room goes to the pages beside it. */
@media (min-width: 768px) and (max-width: 1150px) {
  [data-testid="stToolbar"] img[src^="data:image/svg"] { width: 2rem; object-fit: cover; object-position: left; }
}
.st-key-bar { border-bottom: 1px solid rgba(128,138,148,.35); padding-bottom: .6rem; }
.st-key-bar [data-testid="stMarkdownContainer"] p { margin: 0; }
[data-testid="stMainBlockContainer"] h1 { font-size: 2.25rem; padding: 1rem 0 .25rem; text-wrap: balance; }
[data-testid="stMainBlockContainer"] h2 { font-size: 1.6rem; padding: .75rem 0 .25rem; text-wrap: balance; }
[data-testid="stMainBlockContainer"] h3 { font-size: 1.25rem; padding: .25rem 0; text-wrap: balance; }
/* What only holds a script or a sign for one takes no room. */
div:has(> :is(.st-key-speech, .st-key-leaving, [class*="st-key-unsaved_"])) { position: absolute; }
.st-key-lead p { font-size: 1.2rem; line-height: 1.5; max-width: 48rem; text-wrap: balance; }
.st-key-lead { padding-bottom: .5rem; }
.st-key-taal label, .st-key-taal button { text-transform: uppercase; min-height: 2rem; min-width: 2.75rem; }
[data-testid="stTable"] td { vertical-align: top; }
/* On a tablet a wide table needs the room between its columns; named twice, to count for more than Streamlit's own. */
@media (max-width: 900px) {
  [data-testid="stTable"][data-testid="stTable"] :is(td, th) { padding-inline: .15rem; }
}
/* Why a file did not come over: Streamlit says it to screen readers alone. */
[data-testid="stFileUploader"] :has(> [role="alert"]) { flex-wrap: wrap; height: auto; max-width: none; }
[data-testid="stFileUploader"] [role="alert"] { position: static; flex-basis: 100%; width: auto; height: auto;
  margin: 0; padding: .25rem .5rem; clip: auto; clip-path: none; overflow: visible; white-space: normal;
  font-size: .875rem; }
/* Where the keyboard is; Streamlit leaves most links without a sign of it. */
.stApp :is(a, button, summary, [role="tab"]):focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
/* Streamlit writes white on a primary button, which on the light blue of the dark page cannot be read. */
[data-testid^="stBaseButton-primary"], [data-testid^="stBaseButton-primary"] * { color: light-dark(#FFFFFF, #0B1116); }
</style>
"""

CARDS = """
<style>
.bw-cards { display: grid; gap: .75rem; grid-template-columns: repeat(4, 1fr); margin: .25rem 0 .5rem; }
@media (max-width: 1100px) { .bw-cards { grid-template-columns: repeat(2, 1fr); } }
@media (max-width: 520px) { .bw-cards { grid-template-columns: 1fr; } }
.bw-cards section { border: 1px solid rgba(128,138,148,.45); border-radius: .5rem; padding: .7rem .9rem .8rem; }
.bw-cards h3 { font-size: 1rem; font-weight: 600; margin: 0; padding: 0 0 .35rem; }
.bw-cards p { margin: 0; line-height: 1.4; }
.bw-cards .bw-figure { font-size: 1.7rem; font-weight: 600; line-height: 1.3; white-space: nowrap; }
.bw-cards .bw-note { font-size: .9rem; padding-top: .3rem; }
</style>
"""
"""The look of figures side by side, each in a box of its own."""


def set_page() -> None:
    """The browser tab and the style of every page."""
    st.set_page_config(page_title="Buurtwaarde", page_icon=str(ICON), layout="wide")
    st.logo(LOGO, size="large")
    st.html(STYLE)


def choose_language() -> None:
    """The language switch. It comes first: everything else on the page is in its language."""
    st.segmented_control(
        "Taal / Language",
        LANGUAGES,
        default=LANGUAGES[0],
        required=True,
        key=LANGUAGE_KEY,
        bind="query-params",
        label_visibility="collapsed",
    )


def top_bar(who_is_here: Callable[[], None]) -> None:
    """Which data is open, who is signed in, and the language switch; on every page."""
    with st.container(key="bar", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        # The switch is made first, since it decides the words; the place beside it is filled after.
        place = st.container(width="stretch")
        with st.container(width="content", horizontal=True, vertical_alignment="center", key="corner"):
            corner = st.container(width="content")
            choose_language()
        with corner:
            who_is_here()
        with place:
            st.markdown(_open_now())


def _open_now() -> str:
    workbook = state.in_use()
    worked_on = state.shown()
    if worked_on is not None and worked_on.edited and (workbook is None or worked_on.filename != workbook.filename):
        # A new plan: until it has no mistakes, no figure comes from it, and another workbook is not what one works on.
        return _("Being filled in: {file}", file=f"**{plain(worked_on.filename)}**")
    if workbook is None or workbook.case is None:
        return _("No data open yet")
    objects = n_("{count} object", "{count} objects", len(workbook.case.assets))
    initiatives = n_("{count} initiative", "{count} initiatives", len(workbook.case.initiatives))
    name = f"**{plain(workbook.case.assumptions.municipality)}**"
    if workbook.example:
        return f"{name} · {objects} · {initiatives} :gray-badge[" + _("made-up example figures") + "]"
    return f"{name} · {objects} · {initiatives}"


def go_to(page: str) -> NoReturn:
    """Go to another page, and keep the language.

    `st.switch_page` alone refuses to leave a page with widgets that live in the URL; an empty set of parameters lets
    it go, after which those widgets write theirs again.
    """
    st.switch_page(page, query_params={})


def replaced_notice() -> str | None:
    """What opening the example does to a workbook of one's own; nothing where none is open."""
    workbook = state.shown()
    if workbook is None or workbook.safe:
        return None
    return _("This closes {file}. Download it first if you changed it on screen.", file=plain(workbook.filename))


def page_title(title: str, lead: str) -> None:
    """The heading of a page, and one or two sentences on what one sees here."""
    st.title(title, anchor=False)
    with st.container(key="lead"):
        st.markdown(lead)


def show_cards(cards: Iterable[tuple[str, ...]]) -> None:
    """Figures side by side, each in a box of its own; the page has `CARDS`, or a look like it.

    Parameters
    ----------
    cards : iterable of (heading, figure, note) or (heading, subject, figure, note)
    """
    sections = ""
    for heading, *subject, figure, note in cards:
        below = "".join(f"<p>{html.escape(line)}</p>" for line in subject)
        sections += (
            f"<section><h3>{html.escape(heading)}</h3>{below}"
            f'<p class="bw-figure">{html.escape(figure)}</p><p class="bw-note">{html.escape(note)}</p></section>'
        )
    st.html(f'<div class="bw-cards">{sections}</div>')


def need_case() -> Case:
    """The case of this session; where there is none, the page explains how to get one and stops."""
    found = state.case()
    if found is None:
        reload_notice()
        with st.container(border=True):
            st.subheader(_("No data open yet"), anchor=False)
            st.markdown(_("Open the example municipality to look around, or upload your own workbook."))
            with st.container(horizontal=True):
                st.button(
                    _("Open the example municipality"), on_click=state.open_example, type="primary", key="need_example"
                )
                if st.button(_("Upload a workbook"), key="need_upload"):
                    go_to(DATA)
        st.stop()
    return found


def reload_notice() -> None:
    """After a reload: what was lost, and how to get it back."""
    if state.lost_by_reload():
        st.warning(
            _(
                "The page was loaded again or the server was restarted, so your workbook is no longer open here: we "
                "do not keep your figures. Upload your workbook again. Did you change figures on screen? Then use the "
                "copy that you downloaded."
            ),
            icon=":material/history:",
        )
        st.page_link(
            BUSINESS_CASE,
            label=_("Were you filling in a business case? Its answers were kept."),
            icon=":material/edit_note:",
        )


def plain(text: object) -> str:
    """A user's text, with the signs that Markdown would act on made harmless."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+-.!|<>$:~" else sign for sign in str(text))
