"""Equal treatment: decisions beside each other, differences without a reason, and municipalities beside each other."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from dashboard import lasting
from dashboard.frame import plain
from dashboard.framework.versions import Version
from dashboard.framework.words import step_name
from dashboard.notation import MISSING, amount, number, percent
from dashboard.show import show_table
from dashboard.wording import _, n_
from dashboard.working_group.kept_cases import result_of
from intake.frameworks import UnsoundFramework, framework_from
from register import Actor, CaseHead, Entry, Register
from valuation.appraisal import Result
from valuation.consistency import (
    FIGURES,
    WAYS,
    benchmark,
    by_way,
    decided_twice,
    decision_table,
    unexplained,
)
from valuation.framework import Framework
from valuation.working_group import decisions_from


def show_equality(register: Register, actor: Actor, versions: dict[str, list[Version]]) -> None:
    """All decisions of the organisation that this person may see."""
    heads = register.cases(actor)
    kept: list[tuple[str, dict[str, object]]] = []
    frameworks: dict[tuple[str, int], Framework] = {
        (each.framework.framework_id, each.framework.version): each.framework
        for every in versions.values()
        for each in every
    }
    for head in heads:
        for entry in register.entries(actor, head.case_id):
            if entry.kind == "decision":
                kept.append((f"{head.case_id}/{entry.key}", dict(entry.payload)))
            elif entry.kind == "round":
                framework = _framework(entry)
                if framework is not None:
                    frameworks[(framework.framework_id, framework.version)] = framework
    table = decision_table(decisions_from(kept))
    if table.empty:
        st.info(
            _(
                "Nothing has been decided yet, so there is nothing to compare. What is decided in a round, on the tab "
                "“Rounds”, comes here by itself."
            ),
            icon=":material/balance:",
        )
    else:
        _differences(table, frameworks)
        _ways(table)
    _municipalities(register, actor, heads)


def _framework(entry: Entry) -> Framework | None:
    """The framework of a round; nothing where it was written by software with other rules."""
    try:
        return framework_from(entry.payload["framework"], entry.key)
    except UnsoundFramework:
        return None


def _differences(table: pd.DataFrame, frameworks: dict[tuple[str, int], Framework]) -> None:
    st.subheader(_("The same outcome, other support?"), anchor=False)
    st.markdown(
        _(
            "The rule: initiatives with the same step of the same version of the framework get the "
            "same support. A decision that differs is explained when it says why. These are the "
            "groups in which decisions differ and at least one does not say why."
        )
    )
    found = unexplained(table)
    twice = decided_twice(table)
    if found.empty and twice.empty:
        st.success(
            n_(
                "No unexplained difference in {count} decision.",
                "No unexplained difference in {count} decisions.",
                len(table),
            ),
            icon=":material/check:",
        )
    if not found.empty:
        st.warning(
            n_("{count} decision to look at", "{count} decisions to look at", len(found)), icon=":material/balance:"
        )
        show_table(_as_words(found, frameworks), key="equality_csv", alt=_("Decisions that differ without a reason"))
    if not twice.empty:
        st.markdown(f"**{_('The same initiative, decided on twice, with other support')}**")
        show_table(_as_words(twice, frameworks), key="equality_twice_csv", alt=_("Initiatives decided on twice"))


def _as_words(rows: pd.DataFrame, frameworks: dict[tuple[str, int], Framework]) -> pd.DataFrame:
    def step(row: pd.Series, column: str) -> str:
        framework = frameworks.get((row["framework_id"], row["framework_version"]))
        return plain(row[column]) if framework is None else step_name(framework, row[column])

    return pd.DataFrame(
        {
            _("Initiative"): [plain(name) for name in rows["name"]],
            _("Municipality"): [plain(name) for name in rows["municipality"]],
            _("Department"): [MISSING if name is None else plain(name) for name in rows["department"]],
            _("Framework"): [f"{plain(row.framework_id)} {number(row.framework_version)}" for row in rows.itertuples()],
            _("Outcome"): [number(value, 2) for value in rows["outcome"]],
            _("By the ladder"): [step(row, "ladder_step") for _i, row in rows.iterrows()],
            _("Decided"): [step(row, "decided_step") for _i, row in rows.iterrows()],
            _("Reason"): [
                plain(row.reason) or (_("none stated") if row.differs else _("follows the ladder"))
                for row in rows.itertuples()
            ],
        }
    )


def _ways(table: pd.DataFrame) -> None:
    st.subheader(_("Decisions by department, theme or neighbourhood"), anchor=False)
    names = {"department": _("Department"), "theme": _("Theme"), "neighbourhood": _("Neighbourhood")}
    way = st.segmented_control(
        _("By"), WAYS, default=WAYS[0], required=True, format_func=names.__getitem__, key="equality_way"
    )
    rows = by_way(table, way)
    show_table(
        pd.DataFrame(
            {
                names[way]: [_("not stated") if name is None else plain(name) for name in rows["way"]],
                _("Decisions"): rows["count"],
                _("Middle outcome"): [number(value, 2) for value in rows["median_outcome"]],
                _("Without support"): [percent(share) for share in rows["below_share"]],
                _("Other than the ladder"): rows["differs"],
                _("Of which without a reason"): rows["unexplained"],
                _("Middle amount of support"): [
                    _("{amount} (of {count})", amount=amount(row.median_total_eur), count=number(row.amounts))
                    if not math.isnan(row.median_total_eur)
                    else MISSING
                    for row in rows.itertuples()
                ],
            }
        ),
        key="equality_ways_csv",
        alt=_("Decisions by {way}", way=names[way].lower()),
    )


def _municipalities(register: Register, actor: Actor, heads: list[CaseHead]) -> None:
    """Key figures by theme of the kept cases of several municipalities."""
    if len(heads) < 2:
        return
    st.subheader(_("Municipalities beside each other"), anchor=False)
    st.markdown(
        _(
            "The middle figure of the initiatives of each theme, with how many know it in brackets. It says where to "
            "ask, not who does it well: few initiatives, and what they cover, make much of the difference."
        )
    )
    if not st.toggle(_("Compare the kept cases"), key="equality_compare", persist_state="session"):
        return
    results: dict[str, Result] = {}
    for head in heads:
        result = result_of(register, actor, head)
        if result is not None:
            # One municipality counts once: the case that changed last.
            results.setdefault(result.case.assumptions.municipality, result)
    if len(results) < 2:
        st.info(_("The kept cases are all of one municipality."), icon=":material/info:")
        return
    names = {
        "municipal_cost_eur_per_year": _("Support per year"),
        "municipal_cost_eur_per_person": _("Support per person reached"),
        "municipal_net_saving_eur_per_year": _("Net saving per year"),
        "bcr": _("Benefits per euro of cost"),
        "cost_price_fraction": _("Fraction of the cost price"),
        "break_even_share": _("Must come true"),
        "own_income_share": _("Own income of cost"),
    }
    figure = lasting.select(
        _("Figure"), FIGURES, name=names.__getitem__, key="equality_figure", default=FIGURES[0], width=340
    )
    table = benchmark(results)
    written = [
        _figure(figure, value, count) for value, count in zip(table[figure], table[f"{figure}_count"], strict=True)
    ]
    wide = (
        table.assign(theme=table["theme"].fillna(_("not stated")), written=written)
        .pivot_table(index="theme", columns="municipality", values="written", aggfunc="first")
        .fillna(MISSING)
    )
    show_table(
        pd.DataFrame(
            {
                _("Theme"): [plain(theme) for theme in wide.index],
                **{plain(name): wide[name].to_numpy() for name in wide.columns},
            }
        ),
        key="equality_benchmark_csv",
        alt=_("{figure} by theme and municipality", figure=names[figure]),
    )


def _figure(figure: str, value: float, count: int) -> str:
    if math.isnan(value):
        return MISSING
    written = number(value, 2) if figure == "bcr" else percent(value) if "_eur" not in figure else amount(value)
    return f"{written} ({number(count)})"
