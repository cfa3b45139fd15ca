"""Data: bring a workbook in, see what is wrong with it, mend it, and take it along."""

import streamlit as st

import intake
from dashboard import identity, state
from dashboard.editor import edit_sheets
from dashboard.frame import REGISTER, VALUE, go_to, page_title, plain, reload_notice, replaced_notice
from dashboard.marked import marked_button
from dashboard.problem_list import show_problems
from dashboard.show import show_table
from dashboard.upload import refusal_notice, upload_field
from dashboard.used import defaults_table, not_used_table
from dashboard.wording import _, n_

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def bring_in() -> None:
    """Upload, template and example."""
    own, template = st.columns(2, gap="medium")
    with own, st.container(border=True, height="stretch"):
        st.subheader(_("Upload a workbook"), anchor=False)
        if upload_field():
            st.rerun()
        if identity.may_edit():
            st.page_link(
                REGISTER, label=_("Figures in another layout? Read your own register"), icon=":material/table_convert:"
            )
    with template, st.container(border=True, height="stretch"):
        st.subheader(_("Start with the template"), anchor=False)
        st.markdown(_("An Excel workbook with explanations, drop-down lists and an example row."))
        with st.container(horizontal=True):
            for its_language, label in (("nl", _("Template in Dutch")), ("en", _("Template in English"))):
                st.download_button(
                    label,
                    data=lambda chosen=its_language: intake.template(chosen),
                    file_name={"nl": "buurtwaarde-sjabloon.xlsx", "en": "buurtwaarde-template.xlsx"}[its_language],
                    mime=EXCEL,
                    key=f"template_{its_language}",
                    icon=":material/download:",
                    on_click="ignore",
                )
        st.button(
            _("Open the example municipality"),
            key="open_example",
            icon=":material/holiday_village:",
            type="tertiary",
            on_click=state.open_example,
        )
        if replaced_notice():
            st.caption(replaced_notice())


def what_is_open(workbook: state.Workbook) -> None:
    """The workbook in one line, and what can be done with it."""
    raw, found = workbook.raw, state.problems(workbook)
    errors = sum(problem.level == "error" for problem in found)
    warnings = len(found) - errors
    st.header(plain(workbook.filename), anchor=False)
    if errors:
        st.error(
            n_(
                "{count} mistake to mend before there are results.",
                "{count} mistakes to mend before there are results.",
                errors,
            ),
            icon=":material/error:",
        )
        if state.in_use() is not None:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(_("Until then all figures come from {file}.", file=f"**{plain(state.in_use().filename)}**"))
                st.button(
                    _("Leave this workbook and go back"), key="discard", on_click=state.discard, icon=":material/undo:"
                )
    else:
        told = n_("{count} point to look at.", "{count} points to look at.", warnings) if warnings else ""
        st.success(_("This workbook has no mistakes.") + " " + told, icon=":material/check_circle:")
    with st.container(horizontal=True):
        if not errors and st.button(
            _("See the value"), key="to_value", type="primary", icon=":material/arrow_forward:", icon_position="right"
        ):
            go_to(VALUE)
        st.download_button(
            _("Download the workbook as it stands"),
            data=lambda: intake.write_workbook(raw),
            file_name=workbook.filename if workbook.filename.endswith(".xlsx") else f"{workbook.filename}.xlsx",
            mime=EXCEL,
            key="download_workbook",
            icon=":material/download:",
            on_click="ignore",
            help=_("With every change you made on screen. We keep nothing: after a reload you need this file again."),
        )
        if found:
            marked_button(workbook.source or (lambda: intake.write_workbook(raw)), workbook.filename, raw, found)


def what_was_used(workbook: state.Workbook) -> None:
    """The defaults that filled empty cells, and what in the file was left aside."""
    defaults, ignored = workbook.intake.defaults_used, workbook.intake.not_used
    label = n_("{count} default value was used", "{count} default values were used", len(defaults))
    with st.expander(label, icon=":material/tune:", key="defaults"):
        st.markdown(_("These cells were empty. This is what was filled in, and where it comes from."))
        if len(defaults):
            show_table(defaults_table(defaults), key="defaults_csv", alt=label)
    if ignored:
        label = n_("{count} part was not used", "{count} parts were not used", len(ignored))
        with st.expander(label, icon=":material/visibility_off:", key="not_used"):
            st.markdown(_("Extra sheets and columns stay in your workbook, but no figure depends on them."))
            show_table(not_used_table(ignored), key="not_used_csv", alt=label)


page_title(
    _("Your figures"),
    _("Bring in a workbook, see what still has to be mended, and change figures right here. We keep nothing."),
)
reload_notice()
refusal_notice()
workbook = state.shown()
looking_around = workbook is None or (workbook.example and not workbook.edited)
if looking_around:
    bring_in()
if workbook is None:
    st.stop()
what_is_open(workbook)
if state.problems(workbook):
    show_problems(workbook)
edit_sheets(workbook)
what_was_used(workbook)
if not looking_around:
    st.subheader(_("Another workbook"), anchor=False)
    bring_in()
