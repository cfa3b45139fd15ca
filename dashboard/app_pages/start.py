"""Start: which question is answered, and a door for each of the three users."""

from typing import NamedTuple

import streamlit as st

from dashboard import state
from dashboard.frame import (
    BUSINESS_CASE,
    DATA,
    DOSSIER,
    FRAMEWORK,
    VALUE,
    WORKING_GROUP,
    go_to,
    page_title,
    reload_notice,
    replaced_notice,
)
from dashboard.upload import refusal_notice, upload_field
from dashboard.wording import _


def open_example_if_nothing_is_open() -> None:
    """A door leads to the data that is open, and otherwise to the example."""
    if state.in_use() is None:
        state.open_example()


class Way(NamedTuple):
    """A way on from the start: the words, and the page."""

    words: str
    page: str


def door(key: str, icon: str, who: str, situation: str, gains: tuple[str, ...], way_in: Way, also: Way) -> None:
    """One card: for whom, what they get, the way in, and what else they come for."""
    with st.container(border=True, height="stretch", key=f"door_{key}"):
        st.markdown(f"### :primary[:material/{icon}:]")
        st.subheader(who, anchor=False)
        st.markdown(situation)
        st.markdown("\n".join(f"- {gain}" for gain in gains))
        st.space("stretch")
        if st.button(
            way_in.words,
            key=f"go_{key}",
            type="primary",
            width="stretch",
            icon_position="right",
            icon=":material/arrow_forward:",
        ):
            if way_in.page == VALUE:
                open_example_if_nothing_is_open()
            go_to(way_in.page)
        st.page_link(also.page, label=also.words)


page_title(
    _("What is it worth to the neighbourhood?"),
    _(
        "When residents take over a building or green space of the municipality: what do the books say, what is it "
        "worth to society, and between which prices does a transfer make sense?"
    ),
)
reload_notice()
refusal_notice()

council, finance, residents = st.columns(3, gap="medium")
with council:
    door(
        "council",
        "how_to_vote",
        _("Council member"),
        _("You decide on a transfer."),
        (
            _("Book value, market value and social value in one picture"),
            _("The prices between which a transfer makes sense"),
            _("What it does to the budget, and who gains and who pays"),
        ),
        Way(_("See what an object is worth"), VALUE),
        Way(_("Judge in the working group"), WORKING_GROUP),
    )
with finance:
    door(
        "finance",
        "calculate",
        _("Finance officer"),
        _("You bring in the figures."),
        (
            _("One workbook in, every figure checked and traceable"),
            _("Each message says which cell, and what to do"),
            _("Which default values were used, and their source"),
        ),
        Way(_("Put in the figures"), DATA),
        Way(_("Keep cases and look back"), DOSSIER),
    )
with residents:
    door(
        "residents",
        "groups",
        _("Residents’ initiative"),
        _("You want to take over a place."),
        (
            _("Fourteen plain questions, one evening; what you do not know gets a figure with its source"),
            _("Does it add up? And which price can your plan carry?"),
            _("A business case and an application to take to the bank and the town hall"),
        ),
        Way(_("Make your business case"), BUSINESS_CASE),
        Way(_("What will you be tested on?"), FRAMEWORK),
    )

st.space("small")
example, own = st.columns(2, gap="medium")
with example, st.container(border=True, height="stretch"):
    st.subheader(_("Look around first"), anchor=False)
    st.markdown(
        _(
            "A made-up municipality with buildings, green spaces and residents’ initiatives: an urban farm, "
            "a care cooperative, a community centre. All its figures are examples."
        )
    )
    if st.button(
        _("Open the example municipality"),
        key="open_example",
        icon=":material/holiday_village:",
    ):
        state.open_example()
        go_to(VALUE)
    if replaced_notice():
        st.caption(replaced_notice())
with own, st.container(border=True, height="stretch"):
    st.subheader(_("Your own municipality"), anchor=False)
    if upload_field():
        go_to(DATA)
    st.page_link(DATA, label=_("No workbook yet? Get the template"), icon=":material/description:")

st.space("small")
st.subheader(_("Three values, never mixed"), anchor=False)
book, municipality, society = st.columns(3, gap="medium")
book.markdown(
    "**"
    + _("In the books")
    + "**  \n"
    + _("What stands on the balance sheet, and what changes in the budget. One-off and yearly are kept apart.")
)
municipality.markdown(
    "**"
    + _("For the municipality’s purse")
    + "**  \n"
    + _("From which price on the municipality is no worse off. Only money that is really saved counts.")
)
society.markdown(
    "**"
    + _("For society")
    + "**  \n"
    + _(
        "What everyone together gains or loses. The price only moves money from one to the other, so it does not count."
    )
)
