"""Tabs Versions and Change: what differs, a form or a file with changes, and the next version in the register.

What was typed stays: a mistake is named, and the form keeps everything until it is right or thrown away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import leaving
from dashboard.frame import plain
from dashboard.framework.form import COLUMNS, data_of, general_of, tables_of
from dashboard.framework.versions import Version, keep_version
from dashboard.framework.words import decider_name, figure_name, result_rule, support_name
from dashboard.kept import could_not_keep
from dashboard.notation import MISSING, date
from dashboard.show import show_table
from dashboard.wording import _, language
from intake.frameworks import UnsoundFramework, framework_as_data, framework_from, read_framework
from register import Actor, Conflict, Register, RegisterError
from valuation.framework import DECIDERS, RESULT_RULES, SUPPORT_KINDS, Framework, differences
from valuation.problems import Problem
from valuation.proposed_scores import FIGURES

EDITORS = {"finance", "administrator"}
DRAFT = "framework_draft"
"""Session key: what was typed, by framework and version; kept when the page is left."""
MOUNT = "framework_mount"
KEPT_NOW = "framework_kept_now"


def may_change(actor: Actor) -> bool:
    """Whether this person keeps versions; the register decides, this only shows the form."""
    return bool(actor.roles & EDITORS)


def show_versions(versions: list[Version]) -> None:
    """Every version, and what differs between two of them."""
    show_table(
        pd.DataFrame(
            [
                {
                    _("Version"): str(each.framework.version),
                    _("Valid from"): date(each.framework.valid_from),
                    _("Kept on"): MISSING if each.at is None else date(each.at.date()),
                    _("Kept by"): plain(each.by_name) if each.kept else _("example"),
                    _("Why"): plain(each.why) or MISSING,
                }
                for each in reversed(versions)
            ]
        ),
        key="framework_versions_csv",
        alt=_("The versions of this framework"),
    )
    if len(versions) < 2:
        st.caption(_("There is one version, so there is nothing to compare yet."))
        return
    numbers = [each.framework.version for each in versions]
    left, right = st.columns(2)
    before = left.selectbox(_("From version"), numbers, index=len(numbers) - 2, key=f"versions_from_{len(numbers)}")
    after = right.selectbox(_("To version"), numbers, index=len(numbers) - 1, key=f"versions_to_{len(numbers)}")
    by_number = {each.framework.version: each.framework for each in versions}
    show_differences(by_number[before], by_number[after])


def show_differences(before: Framework, after: Framework) -> None:
    """What differs between two frameworks, a row each."""
    found = [each for each in differences(framework_as_data(before), framework_as_data(after)) if each.key != "version"]
    if not found:
        st.markdown(_("Nothing differs."))
        return
    show_table(
        pd.DataFrame(
            [
                {
                    _("Where"): place_name(each.key),
                    _("Before"): _value(each.before),
                    _("After"): _value(each.after),
                }
                for each in found
            ]
        ),
        key="framework_differences_csv",
        alt=_("What differs between the two versions"),
    )


def place_name(key: str) -> str:
    """A place in the data in words: `criteria[2].weight` is Criterion 2 › Weight."""
    names = {
        "id": _("Code"),
        "key": _("Code"),
        "version": _("Version"),
        "valid_from": _("Valid from"),
        "name": _("Name"),
        "summary": _("Introduction"),
        "definition": _("Definition"),
        "scale": _("Scale"),
        "lowest": _("Lowest score"),
        "highest": _("Highest score"),
        "sources": _("Comes from"),
        "source": _("Comes from"),
        "working_group": _("Working group"),
        "result": _("How scores become one"),
        "quorum": _("Scores needed for a result"),
        "least_groups": _("From how many groups"),
        "agreement": _("Words for agreement"),
        "knockouts": _("Point"),
        "criteria": _("Criterion"),
        "question": _("Question"),
        "evidence": _("Shown by"),
        "weight": _("Weight"),
        "anchors": _("Meaning of score"),
        "proposal": _("Proposed score"),
        "figure": _("Figure"),
        "better": _("Better is"),
        "from": _("From value"),
        "ladder": _("Step of the ladder"),
        "from_outcome": _("From outcome"),
        "requires": _("At least"),
        "gives": _("Gives"),
        "withholds": _("Does not give"),
        "kind": _("Kind"),
        "what": _("What"),
        "mandate": _("Mandate"),
        "decider": _("Who"),
        "total_up_to_eur": _("Up to, in total (€)"),
        "guarantee_up_to_eur": _("Guarantees up to (€)"),
        "never": _("Never on"),
        "nl": "NL",
        "en": "EN",
    }

    def part_name(part: str) -> str:
        name, _bracket, number_text = part.removesuffix("]").partition("[")
        return " ".join(filter(None, (names.get(name, plain(name)), number_text)))

    return " › ".join(part_name(part) for part in key.split("."))


def _value(value: Any) -> str:
    if value is None or value == "":
        return MISSING
    if isinstance(value, list):
        return plain(", ".join(map(str, value))) or MISSING
    return plain(value)


# ---- the form -----------------------------------------------------------------------------------


def show_form(version: Version, versions: list[Version], register: Register, actor: Actor) -> None:
    """The framework as fields and tables; what is wrong; and the next version."""
    if st.session_state.pop(KEPT_NOW, None):
        st.success(_("The new version is kept. Rounds that were started keep the version they have."))
    place = (version.framework.framework_id, version.framework.version)
    drafts: dict[tuple[str, int], dict[str, Any]] = st.session_state.setdefault(DRAFT, {})
    base = _mounted(place, drafts.get(place) or framework_as_data(version.framework))
    english = st.toggle(
        _("Show the English texts too"), value=language() == "en", key="framework_english", persist_state="session"
    )
    general = _general(base, place)
    tables = {name: _table(name, title, base, english=english) for name, title in _titles().items()}
    data = data_of(general, tables)
    drafts[place] = data
    changed = data != data_of(
        general_of(framework_as_data(version.framework)), tables_of(framework_as_data(version.framework))
    )
    if not changed:
        st.caption(_("Nothing was changed yet."))
        return
    leaving.ask("framework")
    try:
        framework = framework_from(data, _("This form"))
    except UnsoundFramework as mistakes:
        _show_mistakes([_in_words(problem) for problem in mistakes.problems])
        _throw_away(place)
        return
    st.subheader(_("What you change"), anchor=False)
    show_differences(version.framework, framework)
    _keep(framework, versions, register, actor, place)
    _throw_away(place)


def _mounted(place: tuple[str, int], data: dict[str, Any]) -> dict[str, Any]:
    """The data that the tables on screen were made from: it stays the same while somebody types in them."""
    mounted = st.session_state.get(MOUNT)
    visit = st.session_state.get("visit", 0)
    if mounted is None or mounted["place"] != place or mounted["visit"] != visit:
        mounted = {
            "place": place,
            "visit": visit,
            "data": data,
            "count": 0 if mounted is None else mounted["count"] + 1,
        }
        st.session_state[MOUNT] = mounted
    return dict(mounted["data"])


def _key(name: str) -> str:
    return f"framework_form_{st.session_state[MOUNT]['count']}_{name}"


def _general(base: dict[str, Any], place: tuple[str, int]) -> dict[str, Any]:
    """The fields that stand once."""
    general = general_of(base)
    st.subheader(_("In general"), anchor=False)
    left, right = st.columns(2)
    words = {}
    for name, label, tall in (
        ("name", _("Name"), False),
        ("summary", _("Introduction"), True),
        ("definition", _("Definition"), True),
    ):
        words[name] = {}
        for column, spoken in ((left, "nl"), (right, "en")):
            field = column.text_area if tall else column.text_input
            text = field(
                f"{label} ({spoken.upper()})", value=general[name].get(spoken, ""), key=_key(f"{name}_{spoken}")
            )
            if text or spoken == "nl":
                words[name][spoken] = text.strip()
    first, second, third, fourth, fifth = st.columns(5)
    day = first.text_input(_("Valid from"), value=general["valid_from"], key=_key("day"), help=_("As 2026-01-31."))
    lowest = second.number_input(_("Lowest score"), value=general["scale"]["lowest"], step=1, key=_key("lowest"))
    highest = third.number_input(_("Highest score"), value=general["scale"]["highest"], step=1, key=_key("highest"))
    rules = general["working_group"]
    quorum = fourth.number_input(_("Scores needed for a result"), value=rules["quorum"], step=1, key=_key("quorum"))
    groups = fifth.number_input(_("From how many groups"), value=rules["least_groups"], step=1, key=_key("groups"))
    result = st.radio(
        _("How scores become one"),
        RESULT_RULES,
        index=RESULT_RULES.index(rules["result"]),
        format_func=result_rule,
        horizontal=True,
        key=_key("result"),
    )
    return {
        **general,
        **words,
        "id": place[0],
        "valid_from": day.strip(),
        "scale": {"lowest": int(lowest), "highest": int(highest)},
        "working_group": {**rules, "result": result, "quorum": int(quorum), "least_groups": int(groups)},
    }


def _titles() -> dict[str, tuple[str, str]]:
    """Name of each table, and what a row is."""
    return {
        "knockouts": (_("What every initiative must meet"), _("A row per point.")),
        "criteria": (_("Criteria"), _("A row per criterion; the weights add up to 100.")),
        "anchors": (_("What each score means"), _("A row per criterion and score.")),
        "proposals": (
            _("Scores that the valuation proposes"),
            _("A row per criterion and score: from which figure on. The lowest score has no row."),
        ),
        "ladder": (_("Steps of the ladder"), _("From low to high.")),
        "requires": (_("What a step asks besides the outcome"), _("A row per step and criterion; may be empty.")),
        "support": (_("What a step gives, and does not"), _("Tick “gives”, or leave it empty for what it does not.")),
        "mandate": (
            _("Who decides up to what"),
            _("From small to large. An empty limit is no limit; the last one has none."),
        ),
    }


def _table(name: str, titles: tuple[str, str], base: dict[str, Any], *, english: bool) -> pd.DataFrame:
    """One list as a table that can be changed."""
    title, meaning = titles
    frame = tables_of(base)[name]
    with st.expander(f"{title} ({len(frame)})", key=f"framework_table_{name}"):
        st.caption(meaning)
        return st.data_editor(
            frame,
            key=_key(name),
            hide_index=True,
            num_rows="dynamic",
            column_config=_columns(base),
            column_order=[column for column in COLUMNS[name] if english or not column.endswith("_en")],
            placeholder="",
            alt=_("{table}, to be changed", table=title),
        )


def _columns(base: dict[str, Any]) -> dict[str, Any]:
    """What the columns are called, and what may stand in them."""
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    choice = st.column_config.SelectboxColumn
    criteria = [each["key"] for each in base["criteria"]]
    steps = [each["key"] for each in base["ladder"]]
    return {
        "key": text(_("Code"), help=_("Small letters and _. It stays the same, so that versions can be compared.")),
        "name_nl": text(_("Name (NL)"), width="medium"),
        "name_en": text(_("Name (EN)"), width="medium"),
        "question_nl": text(_("Question (NL)"), width="large"),
        "question_en": text(_("Question (EN)"), width="large"),
        "evidence_nl": text(_("Shown by (NL)"), width="large"),
        "evidence_en": text(_("Shown by (EN)"), width="large"),
        "text_nl": text(_("Meaning (NL)"), width="large"),
        "text_en": text(_("Meaning (EN)"), width="large"),
        "what_nl": text(_("What (NL)"), width="large"),
        "what_en": text(_("What (EN)"), width="large"),
        "source": text(_("Comes from"), help=_("The decision or document that it comes from.")),
        "weight_percent": number(_("Weight (%)"), min_value=0, max_value=100),
        # A criterion or step that is added above in this form has no name in the list yet: then typing is needed.
        "criterion": text(_("Criterion"), help=_("Code of a criterion: {codes}", codes=", ".join(criteria))),
        "step": text(_("Step of the ladder"), help=_("Code of a step: {codes}", codes=", ".join(steps))),
        "score": number(_("Score"), step=1),
        "figure": choice(_("Figure"), options=list(FIGURES), format_func=_safe(figure_name)),
        "better": choice(_("Better is"), options=["higher", "lower"], format_func=_safe(_better)),
        "from": number(_("From value"), help=_("In the figure’s own unit; a share as a fraction, 0.5 for 50%.")),
        "from_outcome": number(_("From outcome")),
        "least": number(_("At least")),
        "kind": choice(_("Kind"), options=list(SUPPORT_KINDS), format_func=_safe(support_name)),
        "given": st.column_config.CheckboxColumn(_("Gives")),
        "decider": choice(_("Who"), options=list(DECIDERS), format_func=_safe(decider_name)),
        "total_up_to_eur": number(_("Up to, in total (€)"), min_value=0),
        "guarantee_up_to_eur": number(_("Guarantees up to (€)"), min_value=0),
        "never": st.column_config.MultiselectColumn(
            _("Never on"), options=list(SUPPORT_KINDS), format_func=_safe(support_name)
        ),
    }


def _better(better: str) -> str:
    return {"higher": _("higher"), "lower": _("lower")}[better]


def _safe(name: Any) -> Any:
    """A cell may hold what is no option: it is shown as it is, and reported when the form is checked."""

    def shown(option: Any) -> str:
        try:
            return str(name(option))
        except KeyError:
            return str(option)

    return shown


def _in_words(problem: Problem) -> Problem:
    """The same with the place as the form calls it; in a file the key itself is what one looks for."""
    return replace(problem, parameters={**problem.parameters, "key": place_name(problem.parameters["key"])})


def _show_mistakes(problems: Sequence[Problem]) -> None:
    st.error(
        _("This is not a framework that can be used yet. What you typed stays here until it is right:")
        + "\n"
        + "\n".join(f"- {plain(problem.message(language()))}" for problem in problems[:30]),
        icon=":material/error:",
    )


def _keep(
    framework: Framework, versions: list[Version], register: Register, actor: Actor, place: tuple[str, int] | None
) -> None:
    """Why, and a button that keeps it as the next version."""
    where = "file" if place is None else "form"
    why = st.text_input(
        _("Why this change?"),
        key=f"framework_why_{where}",
        placeholder=_("For instance: decision of the council of 12 May 2026"),
    )
    if not st.button(
        _("Keep as the next version"), type="primary", key=f"framework_keep_{where}", icon=":material/save:"
    ):
        return
    if not why.strip():
        st.error(_("Say why it changes: whoever reads an old decision wants to know."), icon=":material/edit_note:")
        return
    try:
        made = keep_version(register, actor, framework, why=why, known=versions)
    except Conflict as conflict:
        by = "" if conflict.latest is None else conflict.latest.by_name
        st.error(
            _(
                "{name} kept another version in the meantime. What you typed stays here. Look at that version on the "
                "tab Versions, and keep yours again.",
                name=plain(by),
            ),
            icon=":material/sync_problem:",
        )
        return
    except RegisterError as error:
        st.error(could_not_keep(error), icon=":material/block:")
        return
    if place is not None:
        st.session_state[DRAFT].pop(place, None)
    st.session_state.pop(MOUNT, None)
    st.session_state[KEPT_NOW] = made.version
    st.session_state.pop("framework_version_shown", None)
    st.rerun()


def _throw_away(place: tuple[str, int]) -> None:
    if st.button(_("Throw my changes away"), key="framework_throw_away", icon=":material/undo:"):
        st.session_state[DRAFT].pop(place, None)
        st.session_state.pop(MOUNT, None)
        st.rerun()


# ---- a file -------------------------------------------------------------------------------------


def show_import(known: dict[str, list[Version]], register: Register, actor: Actor) -> None:
    """A TOML file as a new framework, or as the next version of one that is there."""
    st.subheader(_("From a file"), anchor=False)
    st.markdown(
        _("A framework that you downloaded here and changed, or one of another municipality: a file ending in .toml.")
    )
    file = st.file_uploader(_("Framework (TOML)"), type=["toml"], key="framework_file", max_upload_size=1)
    if file is None:
        return
    try:
        framework = read_framework(file.getvalue(), file.name)
    except UnsoundFramework as mistakes:
        _show_mistakes(mistakes.problems)
        return
    versions = known.get(framework.framework_id, [])
    if versions:
        st.markdown(
            _(
                "This is a change of **{name}**, version {version}.",
                name=plain(versions[-1].framework.name.in_language(language())),
                version=str(versions[-1].framework.version),
            )
        )
        show_differences(versions[-1].framework, framework)
    else:
        st.markdown(_("This is a new framework: **{name}**.", name=plain(framework.name.in_language(language()))))
    _keep(framework, versions, register, actor, None)
