"""Framework: what an initiative is tested on and can count on; a test of one initiative; versions, and changing it."""

from __future__ import annotations

import streamlit as st

from dashboard import identity, lasting, state
from dashboard.frame import page_title
from dashboard.framework.changing import may_change, show_form, show_import, show_versions
from dashboard.framework.reading import show_framework
from dashboard.framework.self_test import show_self_test
from dashboard.framework.versions import Version, known_versions
from dashboard.kept import register_or_notice
from dashboard.notation import number
from dashboard.show import open_tabs
from dashboard.wording import _, language

STYLE = """
<style>
.bw-weights { display: grid; gap: .3rem; max-width: 44rem; margin: .2rem 0 .6rem; }
.bw-weights div { display: grid; grid-template-columns: minmax(8rem, 15rem) 1fr 3.2rem; gap: .75rem;
  align-items: center; }
.bw-weights i { display: block; height: .8rem; border-radius: .2rem; background: rgba(128,138,148,.22); }
.bw-weights b { display: block; height: 100%; border-radius: .2rem; background: light-dark(#1D5FA8, #7FB4EC); }
.bw-weights span:last-child { text-align: right; font-variant-numeric: tabular-nums; }
</style>
"""


def label(version: Version) -> str:
    """A framework in the list to choose from."""
    framework = version.framework
    name = framework.name.in_language(language())
    if not version.kept:
        return _("{name} (example)", name=name)
    return _("{name} (version {number})", name=name, number=number(framework.version))


def show_page() -> None:
    """The choice of a framework, and its tabs."""
    actor = identity.actor()
    register = register_or_notice()
    known = known_versions(register, actor)
    chosen = lasting.select(
        _("Framework"),
        list(known),
        name=lambda key: label(known[key][-1]),
        key="framework_chosen",
        default=next(iter(known)),
        renamed=sum(len(versions) for versions in known.values()),
    )
    versions = known[chosen]
    version = versions[-1]
    names = [_("The framework"), _("Test an initiative"), _("Versions")]
    changes = register is not None and may_change(actor)
    if changes:
        names.append(_("Change"))
    tabs = open_tabs("framework_tabs", names)
    if tabs[0].open:
        with tabs[0]:
            show_framework(version)
    if tabs[1].open:
        with tabs[1]:
            case = state.case()
            if case is None:
                st.info(_("Open a workbook first: the test is about one of its initiatives."), icon=":material/info:")
            else:
                show_self_test(version.framework, case, register, actor)
    if tabs[2].open:
        with tabs[2]:
            show_versions(versions)
    if changes and register is not None and tabs[3].open:
        with tabs[3]:
            show_form(version, versions, register, actor)
            show_import(known, register, actor)


st.html(STYLE)
page_title(
    _("The framework"),
    _(
        "What the municipality calls a residents’ initiative, what every initiative is tested on, and"
        " what it can count on. The same for everyone."
    ),
)
show_page()
