"""Tab One initiative: what it avoids, for whom, what is left, what must be true, and what is no money."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.charts.initiatives import payers_chart, prices_chart, steps_chart
from dashboard.documents import show_application, show_plan
from dashboard.frame import ACCOUNT, VALUE, plain, show_cards
from dashboard.initiatives import kept
from dashboard.initiatives.view import (
    View,
    between,
    bold,
    cell,
    few,
    people,
    prices_in_words,
    scope,
    suppression_note,
    unit_name,
)
from dashboard.initiatives.words import (
    NET,
    base_name,
    lands_with,
    score_name,
    step_meaning,
    step_name,
)
from dashboard.labels import choice_label
from dashboard.notation import MISSING, amount, number, percent
from dashboard.show import show_chart, show_table
from dashboard.terms import party_name
from dashboard.wording import _, language, n_
from valuation.case import QUALITY_KINDS, STAGES
from valuation.comparison import claims, gains_by_payer, mixes_bases, not_priced_of, ranking, saving_steps, task_prices
from valuation.facilitation import facilitation_view
from valuation.fairness import reach_by_initiative

MONEY, SCEPTIC, BESIDES = "geld", "scepticus", "naast-geld"
RULES_OF_COUNTING = {"double_counting", "stock_and_flow", "volunteer_value_without_cost", "high_ratio"}


def show_one(view: View) -> None:
    """The choice of an initiative, its answer, and its three parts."""
    numbers = list(view.names)
    first = ranking(view.table, view.bands)["initiative_id"].iloc[0]
    chosen = kept.select(kept.ONE, _("Initiative"), numbers, first, name=view.label)
    _who(view, chosen)
    _answer(view, chosen)
    show_application(view.result, chosen)
    show_plan(view.result, chosen)
    names = {MONEY: _("The money"), SCEPTIC: _("For the sceptic"), BESIDES: _("Besides money")}
    part = kept.switch(kept.PART, _("Part"), list(names), name=names.__getitem__)
    {MONEY: _money, SCEPTIC: _sceptic, BESIDES: _besides}[part](view, chosen)
    row = view.row(chosen)
    if isinstance(row["ranked_with"], str):
        st.page_link(
            ACCOUNT,
            label=_("Every line and source of these figures"),
            icon=":material/fact_check:",
            query_params={state.ASSET: row["ranked_with"]},
        )


def _who(view: View, chosen: str) -> None:
    """Theme, place, form, stage, duration and object in one line."""
    own = view.case.initiatives[view.case.initiatives["initiative_id"] == chosen].iloc[0]
    stages = {stage.key: choice_label(stage) for stage in STAGES}
    facts = [own["theme"], own["neighbourhood"], own["legal_form"], stages.get(own["stage"])]
    words = [plain(fact) for fact in facts if isinstance(fact, str)]
    words.append(n_("{count} year", "{count} years", int(own["duration_years"])))
    if isinstance(own["asset_id"], str):
        words.append(_("takes over {object}", object=plain(view.objects[own["asset_id"]])))
    st.markdown(" · ".join(words))


def _answer(view: View, chosen: str) -> None:
    """What is avoided, what of it is the municipality's, and what is left, in two sentences; then four figures."""
    row = view.row(chosen)
    net, avoided = float(row[NET]), float(row["avoided_cost_eur_per_year"])
    parts = {
        "name": bold(row["name"]),
        "avoided": f"**{amount(avoided)}**",
        "municipal": f"**{amount(row['municipal_cashable_saving_eur_per_year'])}**",
        "cost": amount(row["municipal_cost_eur_per_year"]),
        "net": f"**{amount(abs(net))}**",
    }
    tasks = view.result.tasks
    unknown = tasks.loc[tasks["initiative_id"] == chosen, "avoided_cost_eur_per_year"].isna().any()
    with st.container(key="initiatives_answer"):
        if avoided == 0 and unknown:
            st.markdown(
                _(
                    "{name} has tasks without a price (p.m.), so what care it saves is not known. It costs the "
                    "municipality {cost} a year in subsidy and support. What it brings besides that stands below.",
                    **parts,
                )
            )
        elif avoided == 0:
            st.markdown(
                _(
                    "{name} has no task that replaces care at an institution, so it saves no care. It costs the "
                    "municipality {cost} a year in subsidy and support. What it brings besides that stands below.",
                    **parts,
                )
            )
        elif net >= 0:
            st.markdown(
                _(
                    "{name} makes {avoided} of care a year unnecessary. The municipality can really save {municipal}"
                    " of it; after {cost} for subsidy and support it keeps {net} a year.",
                    **parts,
                )
            )
        else:
            st.markdown(
                _(
                    "{name} makes {avoided} of care a year unnecessary. The municipality can really save {municipal}"
                    " of it; since subsidy and support are {cost}, it pays {net} a year on balance.",
                    **parts,
                )
            )
    _cards(view, row)


def _cards(view: View, row: pd.Series) -> None:
    """Four headline figures, each with its band or with what it covers."""
    low, high = view.band(row["initiative_id"], NET)
    social_low, social_high = view.band(row["initiative_id"], "ranked_npv_society_eur")
    with_object = isinstance(row["ranked_with"], str)
    share = float(row["cost_price_fraction"])
    cards = [
        (
            _("For a fraction of the cost price"),
            percent(share),
            _("No task has both prices.")
            if math.isnan(share)
            else _("of what the same volume costs at an institution; hours of volunteers not counted."),
        ),
        (
            _("Net saving of the municipality, per year"),
            amount(row[NET]),
            _sentence(between(low, high)) or _("No price has a low and a high: no band."),
        ),
        (
            _("Must come true to break even"),
            percent(row["break_even_share"]),
            _must_be_true(row),
        ),
        (
            _("Social value, with {object}", object=view.objects[row["ranked_with"]])
            if with_object
            else _("Social value, over all years"),
            amount(row["ranked_npv_society_eur"]),
            " ".join(
                filter(
                    None,
                    (
                        _sentence(between(social_low, social_high)),
                        _(
                            "Benefits per euro of cost: {ratio}. Covers: {scope}.",
                            ratio=number(row["ranked_bcr"], 2),
                            scope=scope(row, view.objects),
                        ),
                    ),
                )
            ),
        ),
    ]
    show_cards(cards)
    payback = float(row["payback_years"])
    st.caption(
        (
            _("Payback for society (not for the budget): {years} years.", years=number(payback, 1))
            if not math.isnan(payback)
            else _("The initiative alone does not pay itself back to society within the years that count.")
        )
        + " "
        + view.years_note()
        + (
            " " + _("It is ranked with its object: the social value is that of the object with everyone in it.")
            if with_object
            else ""
        )
    )
    if with_object:
        st.page_link(
            VALUE,
            label=_("The value of {object}", object=view.objects[row["ranked_with"]]),
            icon=":material/balance:",
            query_params={state.ASSET: row["ranked_with"]},
        )


def _sentence(text: str) -> str:
    return text and f"{text[0].upper()}{text[1:]}."


def _must_be_true(row: pd.Series) -> str:
    """The break-even share in a sentence."""
    share = float(row["break_even_share"])
    cost = amount(row["municipal_cost_eur_per_year"])
    if math.isnan(share):
        return _("There is no cashable saving for the municipality to set against {cost}.", cost=cost)
    if share > 1:
        return _(
            "Even if all of the assumed saving comes true, it does not cover {cost} of subsidy and support.", cost=cost
        )
    return _(
        "of the assumed saving must really leave the municipal budget to cover {cost} of subsidy and support.",
        cost=cost,
    )


def _money(view: View, chosen: str) -> None:
    """The fall to net saving, whose pocket, and the prices per unit."""
    steps = saving_steps(view.result, chosen)
    if view.row(chosen)["avoided_cost_eur_per_year"] > 0:
        st.subheader(_("From cost at an institution to what the municipality keeps"), anchor=False)
        st.markdown(
            _(
                "Counted: care at institutions, per year at full size. Not counted here: the building, what "
                "residents gain, and the hours of volunteers."
            )
        )
        show_chart(
            steps_chart(steps),
            pd.DataFrame(
                {
                    _("Step"): [step_name(step) for step in steps["step"]],
                    _("What it is"): [step_meaning(step) for step in steps["step"]],
                    _("€ per year"): steps["value_eur"],
                }
            ),
            view.source(),
            _(
                "Steps: {steps}.",
                steps="; ".join(f"{step_name(row.step)} {amount(row.value_eur)}" for row in steps.itertuples()),
            ),
            f"chart_steps_{chosen}",
            columns={_("€ per year"): "amount"},
        )
    _whose_pocket(view, chosen)
    _prices(view, chosen)


def _whose_pocket(view: View, chosen: str) -> None:
    """Payer × cashable; the wrong pocket named in words."""
    rows = gains_by_payer(view.result, chosen)
    rows = rows[(rows["avoided_cost_eur_per_year"] != 0) | (rows["effects_eur_per_year"] != 0)]
    if rows.empty:
        return
    st.subheader(_("Whose pocket does it land in?"), anchor=False)
    st.markdown("\n".join(f"- {_gain(row)}" for _i, row in rows.iterrows()))
    euros = {
        "avoided_cost_eur_per_year": _("Avoided care (€ per year)"),
        "cashable_saving_eur_per_year": _("Of which cashable (€ per year)"),
        "municipal_budget_eur_per_year": _("In the municipal budget (€ per year)"),
        "effects_eur_per_year": _("Other effects (€ per year)"),
    }
    show_chart(
        payers_chart(rows),
        rows[["payer", *euros]]
        .assign(payer=[party_name(payer) for payer in rows["payer"]])
        .rename(columns={"payer": _("Payer"), **euros}),
        view.source(),
        _(
            "Bars by payer: {payers}.",
            payers="; ".join(
                f"{party_name(row.payer)} {amount(row.avoided_cost_eur_per_year)}" for row in rows.itertuples()
            ),
        ),
        f"chart_payers_{chosen}",
        columns=dict.fromkeys(euros.values(), "amount"),
    )
    st.caption(
        _(
            "Other effects: what else the effect lines of the initiative and its object bring or cost in a full "
            "year, after deductions; amounts of a single year and transfers are left out. They stand beside the "
            "savings and in none of the totals of the municipality."
        )
    )


def _gain(row: pd.Series) -> str:
    """What one payer gains, and in whose budget it lands."""
    party, payer = f"**{party_name(row['payer'])}**", str(row["payer"])
    avoided, effects = float(row["avoided_cost_eur_per_year"]), float(row["effects_eur_per_year"])
    parts = []
    if avoided:
        parts.append(
            _(
                "{party}: {avoided} of care a year is not needed, of which {cashable} can really be saved.",
                party=party,
                avoided=amount(avoided),
                cashable=amount(row["cashable_saving_eur_per_year"]),
            )
        )
    if effects:
        what = (
            _("Other effects bring {amount} a year.", amount=amount(effects))
            if effects > 0
            else _("Other effects cost {amount} a year.", amount=amount(abs(effects)))
        )
        parts.append(what if avoided else f"{party}: {what}")
    if avoided or effects > 0:
        parts.append(lands_with(payer))
    return " ".join(parts)


def _prices(view: View, chosen: str) -> None:
    """What a unit costs here and at an institution; a chart for each unit."""
    prices = task_prices(view.result, [chosen])
    if prices.empty:
        return
    st.subheader(_("What does it cost here, and at an institution?"), anchor=False)
    st.markdown(
        _(
            "One chart for each unit: an hour, a half-day and a day are different things. The cost here is what the "
            "initiative spends; the hours of its volunteers are not in it."
        )
    )
    if mixes_bases(view.result, [chosen]):
        mixed_bases_warning()
    for place, (unit, rows) in enumerate(prices.groupby("unit_group", sort=False)):
        show_chart(
            prices_chart(rows, unit_name(view.case, str(unit))),
            pd.DataFrame(
                {
                    _("Task"): [cell(task) for task in rows["task"]],
                    _("Unit"): [cell(unit_name(view.case, word)) for word in rows["unit"]],
                    _("Institution (€)"): rows["institutional_unit_cost_eur"].to_numpy(),
                    _("Initiative (€)"): rows["initiative_unit_cost_eur"].to_numpy(),
                    _("Share"): rows["fraction"].to_numpy(),
                    _("The institution’s price is"): [base_name(base) for base in rows["price_base"]],
                }
            ),
            view.source(),
            prices_in_words(view.case, str(unit), rows),
            f"chart_prices_{chosen}_{place}",
            columns={_("Institution (€)"): "amount_cents", _("Initiative (€)"): "amount_cents", _("Share"): "percent"},
        )


def mixed_bases_warning() -> None:
    """Two kinds of prices in one comparison."""
    st.warning(
        _(
            "Municipal tariffs and national reference prices stand together here. A tariff is what a municipality"
            " pays, a reference price what care costs on average: differences may come from that and not from the "
            "initiatives. Which price is which stands in the table."
        ),
        icon=":material/balance:",
    )


def _sceptic(view: View, chosen: str) -> None:
    """What would have happened anyway, what is displaced, whose credit it is, and who is reached."""
    rows = claims(view.result, chosen)
    st.subheader(_("What would have happened otherwise?"), anchor=False)
    if rows.empty:
        st.info(_("There are no tasks and no effects in the workbook for this initiative."), icon=":material/help:")
    else:
        st.markdown(_otherwise(view, chosen))
        show_table(
            pd.DataFrame(
                {
                    _("Task or effect"): [cell(label) for label in rows["label"]],
                    _("For"): [party_name(party) for party in rows["party"]],
                    _("Claimed (€ per year)"): _signed(rows, "gross_eur"),
                    _("Anyway"): rows["deadweight"],
                    _("Replaces care"): rows["substitution_share"],
                    _("Displaced"): rows["displacement"],
                    _("Credit of others"): rows["attribution"],
                    _("Counts (€ per year)"): _signed(rows, "amount_eur"),
                    _("Evidence"): [cell(grade) for grade in rows["evidence"]],
                }
            ),
            key="table_claims",
            alt=_("Every task and effect with what is taken off before it counts"),
            columns={
                _("Claimed (€ per year)"): "amount",
                _("Counts (€ per year)"): "amount",
                **dict.fromkeys((_("Anyway"), _("Replaces care"), _("Displaced"), _("Credit of others")), "percent"),
            },
        )
        st.caption(
            _(
                "Anyway: would have happened without the initiative. Displaced: lost elsewhere by it. Credit of "
                "others: the part that is not its merit. Evidence from A (strong) to E (weak); a dash is not stated."
                " Costs have a minus."
            )
        )
    _questions(rows)
    _reach(view, chosen)
    _warnings(view, chosen)


def _signed(rows: pd.DataFrame, column: str) -> pd.Series:
    """An amount as it counts for its party: a cost with a minus."""
    return rows[column].where(rows["direction"] > 0, -rows[column])


def _otherwise(view: View, chosen: str) -> str:
    row = view.row(chosen)
    anyway, replaced = float(row["deadweight_share"]), float(row["replaced_share"])
    if math.isnan(anyway):
        return _("No task of this initiative has a price, so nothing of it counts as avoided care.")
    return _(
        "Of what the same volume would cost at an institution, {anyway} would have gone on without the initiative and "
        "{replaced} is care that is really replaced. Only that last part counts as avoided.",
        anyway=f"**{percent(anyway)}**",
        replaced=f"**{percent(replaced)}**",
    )


def _questions(rows: pd.DataFrame) -> None:
    """What the workbook leaves at zero or open, as questions to ask."""
    asked = []
    if (rows["deadweight"] == 0).any():
        asked.append(
            _(
                "Would really nothing of this have happened anyway? {names}",
                names=_names(rows[rows["deadweight"] == 0]),
            )
        )
    effects = rows[(rows["table"] == "effects") & (rows["direction"] > 0)]
    if (effects["displacement"] == 0).any():
        asked.append(
            _("Is really nothing lost elsewhere? {names}", names=_names(effects[effects["displacement"] == 0]))
        )
    if effects["evidence"].isna().any():
        asked.append(_("On what evidence? Not stated for: {names}", names=_names(effects[effects["evidence"].isna()])))
    if asked:
        st.markdown("**" + _("Questions to ask") + "**\n\n" + "\n".join(f"- {question}" for question in asked))


def _names(rows: pd.DataFrame) -> str:
    return plain("; ".join(dict.fromkeys(rows["label"])))


def _reach(view: View, chosen: str) -> None:
    """Who is reached, with small numbers left out."""
    st.subheader(_("Who is reached?"), anchor=False)
    reached = reach_by_initiative(view.case)
    rows = reached[reached["initiative_id"] == chosen]
    if rows.empty:
        st.info(
            _("The workbook does not say whom this initiative reaches. That is unknown, not nobody."),
            icon=":material/help:",
        )
        return
    show_table(
        pd.DataFrame(
            {
                _("Neighbourhood"): [cell(name) for name in rows["neighbourhood"]],
                _("People reached per year"): [
                    people(view.case, row.people, hidden=row.people_hidden) for row in rows.itertuples()
                ],
                _("Of whom in great need"): [
                    _("not shown") if row.need_hidden else number(row.people_in_need) for row in rows.itertuples()
                ],
            }
        ),
        key="table_reach_one",
        alt=_("People reached by neighbourhood, small numbers left out"),
    )
    st.caption(suppression_note(view.case))


def _warnings(view: View, chosen: str) -> None:
    """Warnings of the method about counting twice and about high ratios."""
    object_id = view.row(chosen)["ranked_with"]
    owners = {chosen, object_id} if isinstance(object_id, str) else {chosen}
    for problem in view.result.problems:
        if problem.rule in RULES_OF_COUNTING and problem.parameters.get("owner") in owners:
            st.warning(problem.message(language()), icon=":material/content_copy:")


def _besides(view: View, chosen: str) -> None:
    """What is no money: qualities, what has no price, and working with the municipality."""
    st.subheader(_("What it brings besides money"), anchor=False)
    st.markdown(_("Scored and described, with evidence. It stands beside the euros and is never added to them."))
    rows = view.case.qualities[view.case.qualities["initiative_id"] == chosen]
    kinds = {kind.key: choice_label(kind) for kind in QUALITY_KINDS}
    if rows.empty:
        st.info(_("No qualities have been described in the workbook for this initiative."), icon=":material/help:")
    else:
        show_table(
            pd.DataFrame(
                {
                    _("Quality"): [kinds[kind].capitalize() for kind in rows["quality"]],
                    _("Score (1–5)"): [_score(int(score)) for score in rows["score"]],
                    _("What shows it"): [cell(text) for text in rows["description"]],
                    _("Evidence"): [cell(grade) for grade in rows["evidence"]],
                }
            ),
            key="table_qualities",
            alt=_("Qualities with their score, what shows them, and the evidence"),
        )
        st.caption(
            _("Score: {anchors}.", anchors=" · ".join(f"{score} {score_name(score)}" for score in range(1, 6)))
            + " "
            + _("Evidence from A (strong) to E (weak).")
        )
    _no_price(view, chosen)
    _working_together(view, chosen)


def _score(score: int) -> str:
    return f"{'●' * score}{'○' * (5 - score)} {score} {score_name(score)}"


def _unit(view: View, unit: str | None) -> str:
    return plain(unit_name(view.case, unit)) if unit else "×"


def _no_price(view: View, chosen: str) -> None:
    """What nobody can price, with its physical quantity."""
    rows = not_priced_of(view.result, chosen)
    if rows.empty:
        return
    st.subheader(_("Also there, but without a price (p.m.)"), anchor=False)
    st.markdown(
        "\n".join(
            f"- {plain(row.label)}: "
            + (few(view.case) if math.isnan(row.quantity) else f"{number(row.quantity, 1)} {_unit(view, row.unit)}")
            for row in rows.itertuples()
        )
        + "\n\n"
        + _(
            "These count for nothing in the totals because nobody has a price for them; that does not make them "
            "worthless."
        )
    )


def _working_together(view: View, chosen: str) -> None:
    """Support, procedures and waiting, as lines of their own."""
    st.subheader(_("Working with the municipality"), anchor=False)
    table = facilitation_view(view.result)
    row = table[table["initiative_id"] == chosen].iloc[0]
    delay, months = float(row["delay_eur_per_month"]), float(row["waiting_months"])
    show_table(
        pd.DataFrame(
            {
                _("What"): [
                    _("Support by officials"),
                    _("Own hours spent on procedures"),
                    _("Each month of waiting, for society"),
                    _("Each month of waiting, for the municipality"),
                ],
                _("How much"): [
                    _("{hours} hours a year", hours=number(row["facilitation_hours_per_year"])),
                    _("{hours} hours a year", hours=number(row["procedure_hours_per_year"])),
                    _("waited {months} months", months=number(months, 1)) if months else MISSING,
                    _("waited {months} months", months=number(months, 1)) if months else MISSING,
                ],
                _("In euros"): [
                    _("{amount} a year", amount=amount(row["facilitation_eur_per_year"])),
                    _("{amount} a year", amount=amount(row["procedure_eur_per_year"])),
                    _("{amount} a month", amount=amount(delay)),
                    _("{amount} a month", amount=amount(row["municipal_delay_eur_per_month"])),
                ],
            }
        ),
        key="table_together",
        alt=_("Support by officials, own hours on procedures, and the value of a month of waiting"),
    )
    st.markdown(_waiting(delay, months, float(row["delay_eur"])))
    share = float(row["procedure_share"])
    st.caption(
        (
            ""
            if math.isnan(share)
            else _(
                "Procedures take {share} of the volunteers’ hours; they are part of those hours.", share=percent(share)
            )
            + " "
        )
        + _(
            "Each line stands by itself and enters no total again: support is already in the municipal cost, the "
            "hours are already in the volunteer hours. A month of waiting is a twelfth of what a full year is worth:"
            " benefits less costs, with the object where there is one, and without one-off amounts."
        )
    )


def _waiting(delay: float, months: float, total: float) -> str:
    if delay <= 0:
        return _(
            "A year of this costs society more than the part with a price brings, so waiting loses no value in euros."
        )
    if months:
        return _(
            "Each month of waiting loses society {delay}; the {months} months in the workbook lost {total}.",
            delay=f"**{amount(delay)}**",
            months=number(months, 1),
            total=f"**{amount(total)}**",
        )
    return _("Each month of waiting would lose society {delay}.", delay=f"**{amount(delay)}**")
