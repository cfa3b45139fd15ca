"""What is on screen now: the object, the scenario that was chosen, and the figures that were moved."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from dashboard import lasting, share, state
from dashboard.wording import _, n_
from valuation.appraisal import Result
from valuation.case import Case
from valuation.scenarios import apply_scenario, of_one_asset, scenario_names, stopping_after

KEPT = "scenario_chosen"
WIDGET = "scenario_selector"
STOPS = (2, 5, 10)
READY_MADE = 5
"""The years after which the what-if in the comparison lets the initiative stop."""
OUTCOME = "social_value_eur"


class View(NamedTuple):
    """One object as it stands on the screen now."""

    workbook: Case
    case: Case
    asset_id: str
    scenario: str | None

    @property
    def one(self) -> Case:
        """The object alone: the same figures, quicker."""
        return state.varied(self.case, ("one", self.asset_id), lambda case: of_one_asset(case, self.asset_id))

    @property
    def result(self) -> Result:
        """Its results."""
        return state.appraised(self.one)

    @property
    def has_initiative(self) -> bool:
        """Whether somebody wants to take it over."""
        return bool(self.result.assets["has_initiative"].iloc[0])


def stop_slug(years: int) -> str:
    """How a link names the ready-made what-if."""
    return f"stopt-na-{years}"


def options(case: Case) -> dict[str, str]:
    """Slug to scenario, the ready-made ones last."""
    return {**share.slugs(scenario_names(case)), **{stop_slug(years): str(years) for years in STOPS}}


def option_name(slug: str | None, named: dict[str, str]) -> str:
    """What a scenario is called in the list."""
    if slug is None:
        return _("As in the workbook")
    if slug in map(stop_slug, STOPS):
        return n_(
            "What if the initiative stops after {count} year",
            "What if the initiative stops after {count} years",
            int(named[slug]),
        )
    return named[slug]


def choose_scenario(case: Case) -> str | None:
    """The choice of a scenario: kept in the session and in the URL."""
    named = options(case)
    now = st.session_state.get(KEPT, st.query_params.get(share.SCENARIO))
    now = now if now in named else None
    lasting.follow(WIDGET, now)
    found = lasting.select(
        _("Scenario"),
        [None, *named],
        name=lambda slug: option_name(slug, named),
        key=WIDGET,
        default=None,
        renamed=state.version(),
        taken=_take,
        help=_("A named set of other figures, from the sheet Scenarios of the workbook, or one that is ready-made."),
    )
    _take(found)
    return found


def _take(slug: str | None) -> None:
    st.session_state[KEPT] = slug


def scenario_case(case: Case, asset_id: str, slug: str | None) -> Case:
    """The case in the chosen scenario."""
    if slug is None:
        return case
    name = options(case)[slug]
    if slug in map(stop_slug, STOPS):
        return state.varied(case, ("stops", asset_id, name), lambda before: stopping_after(before, asset_id, int(name)))
    return state.varied(case, ("scenario", name), lambda before: apply_scenario(before, name))


def source(view: View) -> str:
    """The source line of what comes from the workbook and the method."""
    return _(
        "workbook of {municipality}, computed by the method of Buurtwaarde",
        municipality=view.case.assumptions.municipality,
    )
