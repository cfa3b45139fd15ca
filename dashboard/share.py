"""The whole state of a page in a link, short and with a version, and what a link that somebody opens no longer says.

A link has: the version, the municipality that was open, a short print of its figures, the object, the scenario, the
figures that were moved, the part of the page, and the language. Only what differs from the start is in it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

import intake
from dashboard import state, what_if
from dashboard.frame import plain
from dashboard.wording import LANGUAGE_KEY, _, n_
from valuation.case import Case

VERSION = 1
VERSION_KEY = "v"
PRINT = "stand"
"""A short print of the figures, so that a link can say that they have changed since."""
SCENARIO = "scenario"
PART = "deel"
KNOWN = frozenset(
    {
        VERSION_KEY,
        PRINT,
        SCENARIO,
        PART,
        LANGUAGE_KEY,
        state.SOURCE,
        state.ASSET,
        state.DISCOUNT,
        state.HORIZON,
        state.SHARE,
        state.PRICE,
        "initiatief",
        "embed",
        "embed_options",
    }
)
LONGEST_NAME = 60
PRINT_LENGTH = 6
NOTICES = "share_notices"
ARRIVED = "share_arrived"


def slug(name: str) -> str:
    """A name as a link writes it: small letters, figures and hyphens."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:LONGEST_NAME]


def slugs(names: Iterable[str]) -> dict[str, str]:
    """Slug to name; a second name with the same slug gets a number."""
    found: dict[str, str] = {}
    for name in names:
        base = slug(name) or "x"
        own, number = base, 1
        while own in found:
            number += 1
            own = f"{base}-{number}"
        found[own] = name
    return found


def print_of(raw: intake.RawWorkbook) -> str:
    """A short print of the cells of a workbook: the same figures give the same print."""
    digest = hashlib.sha256()
    for sheet in raw.sheets:
        digest.update(repr((sheet.name, sheet.rows)).encode())
    return digest.hexdigest()[:PRINT_LENGTH]


def print_now() -> str:
    """The print of the workbook in use; worked out once for each workbook."""
    raw = state.in_use().raw
    known = st.session_state.get("share_print")
    if known is None or known[0] is not raw:
        known = (raw, print_of(raw))
        st.session_state["share_print"] = known
    return known[1]


def arrived(case: Case, scenarios: Mapping[str, str], parts: Iterable[str]) -> None:
    """Once a session: what the link that was opened asks for and cannot have any more.

    Parameters
    ----------
    case : Case
    scenarios : mapping
        Slug to scenario.
    parts : iterable of str
        Slugs of the parts of the page.
    """
    if ARRIVED in st.session_state:
        return
    st.session_state[ARRIVED] = True
    st.session_state[NOTICES] = notices(dict(st.query_params.items()), case, scenarios, parts, print_now())


def notices(
    asked: Mapping[str, str], case: Case, scenarios: Mapping[str, str], parts: Iterable[str], now: str
) -> list[str]:
    """What in a link is not as it was, in words; an old link without a version is simply opened."""
    found = []
    version = asked.get(VERSION_KEY, str(VERSION))
    if not (version.isdigit() and int(version) <= VERSION):
        found.append(_("This link was made by a newer version of Buurtwaarde. What we know of it is shown."))
    if asked.get(PRINT, now) != now:
        found.append(
            _("The figures of the municipality have changed since this link was made, so outcomes may differ.")
        )
    number = asked.get(state.ASSET)
    if number is not None and number not in set(case.assets["asset_id"]):
        found.append(
            _("Object {number} of the link is not in this workbook; another one is shown.", number=plain(number))
        )
    scenario = asked.get(SCENARIO)
    if scenario is not None and scenario not in scenarios:
        found.append(
            _(
                "The scenario “{name}” of the link is not in this workbook; the workbook itself is shown.",
                name=plain(scenario),
            )
        )
    if asked.get(PART) is not None and asked[PART] not in set(parts):
        found.append(_("The part of the page that the link asks for is no longer there; the first part is shown."))
    wrong = [each.parameter for each in what_if.SLIDERS if not _can_be(each, asked.get(each.parameter))]
    if wrong:
        found.append(
            _(
                "The link asks for a figure that cannot be: {names}. The workbook’s own is used.",
                names=plain(", ".join(wrong)),
            )
        )
    unknown = sorted(set(asked) - KNOWN)
    if unknown:
        found.append(
            n_(
                "Part of the link is not known and left out: {names}.",
                "Parts of the link are not known and left out: {names}.",
                len(unknown),
                names=plain(", ".join(unknown)),
            )
        )
    return found


def _can_be(slider: what_if.Slider, text: str | None) -> bool:
    """Whether the figure in the link is one that the slider may have."""
    try:
        figure = None if text is None else Decimal(text)
    except InvalidOperation:
        return False
    return figure is None or (figure.is_finite() and slider.lowest <= figure <= slider.highest)


def show_notices() -> None:
    """What the opened link could no longer give, until one has read it."""
    found = st.session_state.get(NOTICES) or []
    if found:
        st.warning(
            "\n\n".join(found) if len(found) == 1 else "\n".join(f"- {text}" for text in found), icon=":material/link:"
        )


def remember(**wanted: str | None) -> None:
    """Keep these parameters in the URL; without a value they go out of it."""
    for key, value in wanted.items():
        if value is None:
            if key in st.query_params:
                del st.query_params[key]
        elif st.query_params.get(key) != value:
            st.query_params[key] = value


def link(address: str, parameters: Mapping[str, str], now: str) -> str:
    """The link to what is on screen.

    Parameters
    ----------
    address : str
        Where the page is, with or without parameters.
    parameters : mapping
        What the URL holds.
    now : str
        Print of the figures.
    """
    parts = urlsplit(address)
    kept = {key: value for key, value in parameters.items() if key in KNOWN and key not in {VERSION_KEY, PRINT}}
    if kept.get(LANGUAGE_KEY) == "nl":
        del kept[LANGUAGE_KEY]
    query = urlencode({VERSION_KEY: str(VERSION), **kept, PRINT: now})
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def show_link() -> None:
    """A field with the link, with a button beside it that copies it."""
    with st.popover(_("Share what you see"), icon=":material/share:", key="share"):
        st.markdown(_("Copy link: whoever opens it sees the same object, scenario, figures and part of the page."))
        st.code(link(st.context.url or "", dict(st.query_params.items()), print_now()), language=None, wrap_lines=True)
        if not state.in_use().example or state.in_use().edited:
            st.caption(
                _(
                    "Your own figures are not in the link. Send the workbook along; the link says so when the figures "
                    "are others."
                )
            )
