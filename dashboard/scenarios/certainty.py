"""How sure it is, what it hangs on, what to find out first, and what of the claims counts."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.answer import about
from dashboard.charts.scenarios import (
    density_chart,
    gross_to_net_chart,
    heat_chart,
    information_chart,
    tornado_chart,
)
from dashboard.frame import DATA, plain
from dashboard.notation import amount, number, percent
from dashboard.scenarios.view import OUTCOME, View, scenario_case, source
from dashboard.show import show_chart
from dashboard.uncertain_words import input_name, input_value, scenario_sentences, step_name, switch_sentence
from dashboard.wording import _, n_
from valuation.case import Case
from valuation.evidence import corrected_for_optimism, with_evidence_ranges
from valuation.gross_to_net import gross_to_net
from valuation.response import Input, response_model, share_inputs, uncertain_inputs
from valuation.scenarios import of_one_asset, with_ranges_moved
from valuation.sensitivity import switching_values, tornado, two_way, value_of_information
from valuation.spread import histogram, nearest_first
from valuation.uncertainty import Simulation, simulate

DRAWS = 8192
MOST_BARS = 12
STEPS = 7
"""Steps of each figure in the picture of two figures."""
MOST_SENTENCES = 7


def scenario_of(view: View) -> Case:
    """The chosen scenario without the sliders."""
    return scenario_case(view.workbook, view.asset_id, view.scenario)


def uncertain_case(view: View) -> Case:
    """The object alone, with the width of evidence and the correction for optimism where they were asked for."""
    wide, careful = bool(st.session_state.get("evidence_width")), bool(st.session_state.get("optimism"))
    moved = state.varied(view.case, ("ranges", view.scenario), lambda case: with_ranges_moved(scenario_of(view), case))
    case = state.varied(moved, ("one", view.asset_id), lambda case: of_one_asset(case, view.asset_id))
    if careful:
        case = state.varied(case, ("optimism",), corrected_for_optimism)
    return state.varied(case, ("evidence",), with_evidence_ranges) if wide else case


def simulated(case: Case) -> Simulation:
    """The draws of one case; kept as long as the case on screen is the same."""
    kept = st.session_state.get("simulation")
    if kept is None or kept[0] is not case:
        with st.spinner(_("Working out {count} possible outcomes…", count=number(DRAWS)), show_time=True):
            kept = (case, simulate(case, DRAWS))
        st.session_state["simulation"] = kept
    return kept[1]


def show_switches() -> None:
    """The two ways in which weak evidence may count; both off unless somebody wants them."""
    st.session_state.setdefault("evidence_width", False)
    st.session_state.setdefault("optimism", False)
    with st.container(horizontal=True):
        st.toggle(
            _("Width by strength of evidence"),
            key="evidence_width",
            persist_state="session",
            help=_("Effects without low and high get the width of their evidence grade, A (sure) to E (a guess)."),
        )
        st.toggle(
            _("Correct for optimism"),
            key="optimism",
            persist_state="session",
            help=_("Benefits with weak evidence are lowered. A separate choice, so that caution is not counted twice."),
        )


def no_uncertainty(view: View, case: Case) -> bool:
    """Say so where nothing can be said about how sure it is."""
    if not view.has_initiative:
        st.info(
            _("Without an initiative there is no social value to be sure or unsure about."), icon=":material/group_off:"
        )
        return True
    if not response_model(case).touches(OUTCOME, view.asset_id):
        st.info(
            _(
                "No figure of this object has a low and a high value, so nobody says how uncertain it"
                " is. Fill in Low and High for the figures that may turn out differently."
            ),
            icon=":material/horizontal_distribute:",
        )
        st.page_link(DATA, label=_("To the data"), icon=":material/table_edit:")
        return True
    return False


def show_certainty(view: View) -> None:
    """How the outcome is spread, with the probabilities in words."""
    st.subheader(_("How sure is it?"), anchor=False)
    show_switches()
    case = uncertain_case(view)
    if no_uncertainty(view, case):
        return
    simulation = simulated(case)
    row = simulation.assets.iloc[0]
    with st.container(key="sentences"):
        st.markdown("\n".join(f"- {sentence}" for sentence in scenario_sentences(row)))
        st.markdown(
            _(
                "In the middle it is worth {middle}; in 8 out of 10 cases between {low} and {high}.",
                middle=f"**{about(float(row['p50']))}**",
                low=f"**{about(float(row['p10']))}**",
                high=f"**{about(float(row['p90']))}**",
            )
        )
    central = float(view.result.assets[OUTCOME].iloc[0])
    bars = histogram(simulation.outcome(OUTCOME, view.asset_id))
    names = {"p5": "P5", "p10": "P10", "p50": "P50", "p90": "P90", "p95": "P95", "mean": _("Mean")}
    show_chart(
        density_chart(bars, row, central=central),
        pd.DataFrame(
            {
                _("Figure"): [*names.values(), _("Without uncertainty")],
                _("Social value (€)"): [*row[list(names)], central],
            }
        ),
        source(view),
        _(
            "Spread of the social value: in 8 out of 10 cases between {low} and {high}, in the middle {middle}.",
            low=amount(row["p10"]),
            high=amount(row["p90"]),
            middle=amount(row["p50"]),
        ),
        "chart_density",
        columns={_("Social value (€)"): "amount"},
    )
    st.caption(
        _(
            "{count} possible outcomes, drawn from the low and high values of the workbook. The grey band holds 8 "
            "out of "
            "10; hatched bars lie below zero. The same figures always give the same picture.",
            count=number(simulation.draws.count),
        )
    )


def all_inputs(case: Case, asset_id: str) -> dict[str, Input]:
    """The uncertain figures and the shares that move the social value of one object, by key."""
    model = response_model(case, [*uncertain_inputs(case), *share_inputs(case)])
    return {chosen.key: chosen for chosen in model.touches(OUTCOME, asset_id)}


def show_drivers(view: View) -> None:
    """What the outcome hangs on: one figure at a time, when it turns, and two figures at once."""
    st.subheader(_("Which figure matters most?"), anchor=False)
    show_switches()
    case = uncertain_case(view)
    if no_uncertainty(view, case):
        return
    model = response_model(case)
    inputs = {chosen.key: chosen for chosen in model.inputs}
    table = tornado(model, OUTCOME, view.asset_id).head(MOST_BARS)
    first = table.iloc[0]
    st.markdown(
        _(
            "Each figure at its low and at its high value, all others as in the scenario. Most depends on {name}.",
            name=f"**{plain(input_name(inputs[first['key']]))}**",
        )
    )
    if st.session_state["optimism"]:
        corrected = about(float(first["outcome_central"]))
        st.markdown(_("Corrected for optimism the social value is {value}.", value=f"**{corrected}**"))
    show_chart(
        tornado_chart(table, inputs),
        pd.DataFrame(
            {
                _("Figure"): [plain(input_name(inputs[key])) for key in table["key"]],
                _("Low"): [input_value(inputs[row.key], row.low) for row in table.itertuples()],
                _("High"): [input_value(inputs[row.key], row.high) for row in table.itertuples()],
                _("Social value at low (€)"): table["outcome_low"],
                _("Social value at high (€)"): table["outcome_high"],
            }
        ),
        source(view),
        _(
            "Bars of the social value with one figure at a time at its low and high. The widest: {name}, from {low} "
            "to {high}.",
            name=input_name(inputs[first["key"]]),
            low=amount(first["outcome_low"]),
            high=amount(first["outcome_high"]),
        ),
        "chart_tornado",
        columns={_("Social value at low (€)"): "amount", _("Social value at high (€)"): "amount"},
    )
    show_switching(view, case)
    show_two_way(view, case)


def show_switching(view: View, case: Case) -> None:
    """At which value of each figure the social value turns, in words."""
    st.subheader(_("When does it turn?"), anchor=False)
    model = response_model(case, [*uncertain_inputs(case), *share_inputs(case)])
    inputs = {chosen.key: chosen for chosen in model.inputs}
    table = switching_values(model, OUTCOME, view.asset_id)
    now = model.outcome(OUTCOME, model.position(OUTCOME, view.asset_id), model.central(1))
    positive_now = bool(now[0] > 0)  # with the correction for optimism, where that is asked for
    shares = tuple(key for key, chosen in inputs.items() if chosen.quantities[0].declared.kind == "fraction")
    turning = nearest_first(table, shares)
    lines = [
        "- "
        + switch_sentence(
            inputs[row.key], row.switching_value, positive_above=row.positive_above, positive_now=positive_now
        )
        for row in turning.itertuples()
    ]
    with st.container(key="sentences"):
        if lines:
            st.markdown("\n".join(lines[:MOST_SENTENCES]))
        rest = len(table) - len(turning)
        if rest:
            st.markdown(
                n_(
                    "There is {count} figure that cannot turn it on its own, whatever its value.",
                    "There are {count} figures that cannot turn it on their own, whatever their value.",
                    rest,
                )
            )
    if len(lines) > MOST_SENTENCES:
        with st.expander(_("More figures that can turn it"), icon=":material/more_horiz:", key="more_switches"):
            st.markdown("\n".join(lines[MOST_SENTENCES:]))


def show_two_way(view: View, case: Case) -> None:
    """The social value over two figures at once."""
    st.subheader(_("Two figures at once"), anchor=False)
    inputs = all_inputs(case, view.asset_id)
    ranked = [key for key in tornado(response_model(case), OUTCOME, view.asset_id)["key"] if key in inputs]
    keys = [*ranked, *(key for key in inputs if key not in ranked)]
    if len(keys) < 2:
        st.markdown(_("This needs two figures that matter."))
        return
    left, right = st.columns(2, gap="medium")
    names = {key: input_name(inputs[key]) for key in keys}
    first = left.selectbox(_("First figure"), keys, format_func=names.__getitem__, key=f"two_way_first_{view.asset_id}")
    others = [key for key in keys if key != first]
    second = right.selectbox(
        _("Second figure"), others, format_func=names.__getitem__, key=f"two_way_second_{view.asset_id}"
    )
    model = response_model(case, [inputs[first], inputs[second]])
    grid = two_way(model, OUTCOME, view.asset_id, first, second, steps=STEPS)
    shown = pd.DataFrame(
        {
            names[first]: [input_value(inputs[first], float(value)) for value in grid.index],
            **{
                input_value(inputs[second], float(value)): [amount(cell) for cell in grid[value]]
                for value in grid.columns
            },
        }
    )
    show_chart(
        heat_chart(grid, inputs[first], inputs[second]),
        shown,
        source(view),
        _(
            "Social value over {first} and {second}: from {low} to {high}.",
            first=names[first],
            second=names[second],
            low=amount(float(grid.min().min())),
            high=amount(float(grid.max().max())),
        ),
        "chart_two_way",
    )


def show_information(view: View) -> None:
    """What it is worth to find something out before deciding."""
    st.subheader(_("What to find out first?"), anchor=False)
    show_switches()
    case = uncertain_case(view)
    if no_uncertainty(view, case):
        return
    simulation = simulated(case)
    found = value_of_information(simulation, OUTCOME, view.asset_id)
    decision = _("to transfer it") if found.decision == "transfer" else _("to keep it")
    worth = found.inputs[found.inputs["evppi_eur"] > found.inputs["noise_eur"]]
    with st.container(key="sentences"):
        st.markdown(
            _("With what is known now the best choice for society is {decision}.", decision=f"**{decision}**")
            + " "
            + _(
                "Knowing everything for sure beforehand would be worth {amount} on average; research that costs more "
                "does "
                "not pay.",
                amount=f"**{about(found.evpi_eur)}**",
            )
        )
    if worth.empty:
        st.success(
            _(
                "No single figure would change the choice if it were known for sure. Finding out more"
                " does not help to choose; it may help to negotiate or to follow the results."
            ),
            icon=":material/check:",
        )
    inputs = {chosen.key: chosen for chosen in simulation.model.inputs}
    if not worth.empty:
        names = [plain(input_name(inputs[key])) for key in worth["key"].head(3)]
        st.markdown(
            _("Find out first:") + "\n" + "\n".join(f"{place}. **{name}**" for place, name in enumerate(names, start=1))
        )
        show_chart(
            information_chart(worth.head(MOST_BARS), inputs),
            pd.DataFrame(
                {
                    _("Figure"): [plain(input_name(inputs[key])) for key in found.inputs["key"]],
                    _("Worth to know beforehand (€)"): found.inputs["evppi_eur"],
                    _("Of which chance (€)"): found.inputs["noise_eur"],
                }
            ),
            source(view),
            _(
                "Bars of what it is worth to know one figure beforehand. The most: {name}, {amount}.",
                name=input_name(inputs[worth["key"].iloc[0]]),
                amount=amount(float(worth["evppi_eur"].iloc[0])),
            ),
            "chart_information",
            columns={_("Worth to know beforehand (€)"): "amount", _("Of which chance (€)"): "amount"},
        )
    st.caption(
        _(
            "The choice is between transferring and keeping the object, by its mean social value. What is known "
            "beforehand "
            "can only be worth something when it can change that choice."
        )
    )


def show_net(view: View) -> None:
    """From what is claimed to what counts."""
    st.subheader(_("From gross to net"), anchor=False)
    if not view.has_initiative:
        st.info(_("Without an initiative nothing is claimed."), icon=":material/group_off:")
        return
    steps = gross_to_net(view.result, view.asset_id)
    gross, net = steps.iloc[0], steps.iloc[-1]
    st.markdown(
        _(
            "Of the {gross} that the tasks and effects claim, {net} counts: {share}. The rest would have happened "
            "anyway, "
            "does not truly replace care, is lost elsewhere or is due to others.",
            gross=f"**{about(float(gross['value_eur']))}**",
            net=f"**{about(float(net['value_eur']))}**",
            share=f"**{percent(net['share'])}**",
        )
    )
    show_chart(
        gross_to_net_chart(steps),
        pd.DataFrame(
            {
                _("Step"): [step_name(step) for step in steps["step"]],
                _("Present value (€)"): steps["value_eur"],
                _("Part of gross"): steps["share"],
            }
        ),
        source(view),
        _(
            "Steps from claimed benefits of {gross} to counted benefits of {net}.",
            gross=amount(gross["value_eur"]),
            net=amount(net["value_eur"]),
        ),
        "chart_net",
        columns={_("Present value (€)"): "amount", _("Part of gross"): "percent"},
    )
    st.caption(
        _(
            "Only the tasks and effects that have a price. Avoided costs of the municipality, payments by new users "
            "and "
            "all costs come on top of this in the social value."
        )
    )
