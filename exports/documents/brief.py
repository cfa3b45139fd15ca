"""The council brief: two pages that a council member reads before the meeting.

It stays two pages whatever the names and numbers are: what does not fit is summarised ("and 17 others"), step by step,
until typst says that both pages hold with room to spare.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from exports.documents.answer import three_sentences
from exports.documents.charts import band_chart, budget_chart, ladder_chart
from exports.documents.model import (
    Block,
    Bullets,
    Column,
    Document,
    Facts,
    Heading,
    KeyFigure,
    KeyFigures,
    Notice,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Table,
    Text,
    clean,
    shortened,
    strong,
)
from exports.documents.subject import Subject
from exports.documents.terms import (
    BOUNDS,
    BUDGET_NAMES,
    PARTY_NAMES,
    VALUE_MEANINGS,
    VALUE_NAMES,
    form_name,
    in_sentence,
    name_of,
)
from exports.documents.turning import turning_sentence
from exports.documents.typeset import page_count
from exports.documents.words import Parts, Words, first_upper, joined, user
from valuation import verdict
from valuation.alternatives import alternatives, alternatives_table
from valuation.appraisal import appraise
from valuation.budget import ONE_OFF, RECURRING
from valuation.case import Assumptions
from valuation.comparison import gains_by_payer
from valuation.explain import (
    aid_check,
    fallback_in_budget,
    four_values,
    gap_levers,
    not_priced,
    party_table,
    prices_used,
    yearly_amount,
)
from valuation.fairness import reach_by_initiative
from valuation.gross_to_net import gross_to_net
from valuation.scenarios import of_one_asset

MOST_OF_THE_TITLE = 80
SPARE_MM = 14.0
"""Room that has to be left on both pages: Word has other fonts than typst, and an editor adds a line."""


@dataclass(frozen=True)
class Detail:
    """How much is told; less where the names are long and the tasks many.

    Parameters
    ----------
    initiatives, tasks, warnings, turning, sources : int
        Most of each that are named.
    name, long_name : int
        Most characters of a name in a sentence, and of the full name at the top.
    warning : int
        Most characters of a warning.
    budget_chart, parties : bool
        Whether there is room for these.
    """

    initiatives: int
    tasks: int
    warnings: int
    turning: int
    sources: int
    name: int
    long_name: int
    warning: int
    budget_chart: bool = True
    parties: bool = True


FIRST_PAGE = (
    Detail(3, 4, 3, 3, 4, 60, 300, 260),
    Detail(3, 4, 3, 3, 4, 60, 300, 260, budget_chart=False),
    Detail(2, 4, 3, 3, 4, 44, 240, 180, budget_chart=False),
    Detail(1, 4, 3, 3, 4, 34, 160, 140, budget_chart=False),
    Detail(1, 4, 3, 3, 4, 24, 80, 100, budget_chart=False),
)
SECOND_PAGE = (
    Detail(3, 5, 4, 4, 4, 60, 300, 260),
    Detail(3, 4, 3, 3, 4, 60, 300, 220),
    Detail(2, 3, 2, 3, 3, 50, 300, 180),
    Detail(2, 3, 1, 2, 2, 40, 240, 160),
    Detail(1, 2, 1, 1, 2, 34, 160, 140),
    Detail(1, 1, 1, 1, 1, 26, 100, 110, parties=False),
    Detail(1, 1, 0, 1, 0, 20, 60, 90, parties=False),
)
"""From the fullest to the shortest; each page takes the first that fits."""


def brief(
    subject: Subject, *, remarks: Sequence[str] = (), date: datetime.date | None = None, spare_mm: float = SPARE_MM
) -> Document:
    """The council brief of one object: the fullest that fits on two pages.

    Parameters
    ----------
    subject : Subject
    remarks : sequence of str
        What differs from the workbook, such as a slider on the page Value; printed at the top.
    date : date, optional
        Printed when it is given.
    spare_mm : float
        [mm] Room that stays free at the foot of both pages.
    """
    document = _document(subject, date)
    first = _fullest(
        document, spare_mm, [partial(_first_page, subject, detail, remarks, date) for detail in FIRST_PAGE]
    )
    untitled = replace(document, title="", kind="")
    second = _fullest(untitled, spare_mm, [partial(_second_page, subject, detail) for detail in SECOND_PAGE])
    return replace(document, blocks=(*first, PageBreak(), *second))


def _fullest(
    document: Document, spare_mm: float, pages: Sequence[Callable[[], tuple[Block, ...]]]
) -> tuple[Block, ...]:
    """The first of these pages that is one page; the last where none is."""
    for page in pages:
        blocks = page()
        if page_count(replace(document, blocks=blocks), spare_mm=spare_mm) == 1:
            break
    return blocks


def _document(subject: Subject, date: datetime.date | None) -> Document:
    """Title and foot, without contents."""
    words = subject.words
    municipality = shortened(subject.case.assumptions.municipality, 60)
    return Document(
        title=words.plain(
            *(
                ("Overdracht van {name}", "Transfer of {name}")
                if subject.has_initiative
                else ("Wat is {name} waard?", "What is {name} worth?")
            ),
            name=subject.name(MOST_OF_THE_TITLE),
        ),
        language=words.language,
        kind=words.plain("Raadsbrief · gemeente {name}", "Council brief · municipality of {name}", name=municipality),
        footer=words.plain(
            "Berekend met Buurtwaarde: een hulp bij het besluit, geen taxatie en geen juridisch advies.",
            "Computed with Buurtwaarde: an aid to a decision, not an appraisal and no legal advice.",
        ),
        compact=True,
        date=date,
    )


def _first_page(
    subject: Subject, detail: Detail, remarks: Sequence[str], date: datetime.date | None
) -> tuple[Block, ...]:
    words = subject.words
    return (
        _facts(subject, detail, date),
        *_remarks(words, remarks, detail),
        Heading((Run(words.say("De vraag", "The question")),)),
        Paragraph(_question(subject, detail)),
        Heading((Run(words.say("Het antwoord in drie zinnen", "The answer in three sentences")),)),
        Paragraph(joined(three_sentences(words, subject.asset, subject.deficits)), "lead"),
        Heading((Run(words.say("Wat is het waard, en voor wie?", "What is it worth, and to whom?")),)),
        _four_values(subject),
        Heading((Run(words.say("Welke prijs past?", "Which price fits?")),)),
        ladder_chart(words, subject.result, subject.asset_id, has_deficit=len(subject.deficits) > 0),
        Paragraph(_rule(subject)),
        Heading((Run(words.say("Wat verandert er in de begroting?", "What changes in the budget?")),)),
        *_budget(subject, detail),
    )


def _second_page(subject: Subject, detail: Detail) -> tuple[Block, ...]:
    words = subject.words
    blocks: list[Block] = []
    if subject.has_initiative:
        blocks += [
            Heading(
                (Run(words.say("Wat bespaart het, en hoe zeker is dat?", "What does it save, and how sure is that?")),)
            ),
            *_savings(subject, detail),
            Heading((Run(words.say("De andere kant", "The other side")),)),
            Bullets(_other_side(subject, detail)),
            Heading((Run(words.say("Wat moet er waar zijn?", "What must be true?")),)),
            Bullets(_must_be_true(subject, detail)),
        ]
    else:
        blocks += [
            Heading((Run(words.say("Wat nog niet bekend is", "What is not known yet")),)),
            *_no_initiative(words),
        ]
    return (
        *blocks,
        Heading((Run(words.say("Risico’s en controles", "Risks and checks")),)),
        Bullets(_checks(subject, detail)),
        Heading((Run(words.say("Alternatieven naast elkaar", "Alternatives side by side")),)),
        *_alternatives(subject),
        Heading((Run(words.say("Bronnen en prijspeil", "Sources and price level")),)),
        Paragraph(_sources(subject, detail), "small"),
    )


def _facts(subject: Subject, detail: Detail, date: datetime.date | None) -> Facts:
    """Which object, who wants it, and with what it was computed."""
    words, row, assumptions = subject.words, subject.row, subject.case.assumptions
    kind = words.say("groen", "green") if row["kind"] == "green" else words.say("gebouw", "building")
    place = [kind, *([shortened(row["neighbourhood"], detail.name)] if isinstance(row["neighbourhood"], str) else [])]
    of_object = words.text(
        "{name} ({number}), {place}",
        "{name} ({number}), {place}",
        name=shortened(str(row["name"]), detail.long_name),
        number=shortened(subject.asset_id, detail.name),
        place=", ".join(place),
    )
    rows: list[tuple[str, Text]] = [(words.say("Object", "Object"), of_object)]
    if subject.has_initiative:
        label = (
            words.say("Initiatief", "Initiative")
            if len(subject.initiatives) == 1
            else words.say("Initiatieven", "Initiatives")
        )
        length = detail.long_name if len(subject.initiatives) == 1 else detail.name
        rows.append((label, user(subject.initiative_names(detail.initiatives, length))))
    rows.append(
        (
            words.say("Gerekend met", "Computed with"),
            words.text(
                "overdracht op 1 januari {year}, {horizon} jaar, prijspeil {prices}, discontovoet {rate}",
                "transfer on 1 January {year}, {horizon} years, prices of {prices}, discount rate {rate}",
                year=words.year(assumptions.base_year),
                horizon=words.number(assumptions.horizon_years),
                prices=words.year(assumptions.price_year),
                rate=_rates(words, assumptions),
            ),
        )
    )
    if date is not None:
        rows.append((words.say("Datum", "Date"), (Run(words.date(date)),)))
    return Facts(tuple(rows))


def _rates(words: Words, assumptions: Assumptions) -> str:
    """The discount rate, and beside it the municipality's own where that is another."""
    society, own = assumptions.discount_rate, assumptions.municipal_discount_rate
    if own == society:
        return rate_text(words, society)
    return words.plain(
        "{rate} (kas van de gemeente: {own})",
        "{rate} (the municipality’s purse: {own})",
        rate=rate_text(words, society),
        own=rate_text(words, own),
    )


def rate_text(words: Words, rate: float | tuple[tuple[int, float], ...]) -> str:
    """A rate, or its steps."""
    if not isinstance(rate, tuple):
        return words.percent(rate, 2)
    return "; ".join(
        words.plain(
            "{rate} tot en met jaar {year}", "{rate} up to year {year}", rate=words.percent(each, 2), year=str(last)
        )
        for last, each in rate
    )


def _remarks(words: Words, remarks: Sequence[str], detail: Detail) -> tuple[Block, ...]:
    if not remarks:
        return ()
    text = words.text(
        "Let op: {differences}. Deze cijfers staan niet zo in de werkmap.",
        "Note: {differences}. These figures differ from the workbook.",
        differences="; ".join(shortened(remark, detail.warning) for remark in remarks),
    )
    return (Notice(text),)


def _question(subject: Subject, detail: Detail) -> Text:
    words, price = subject.words, float(subject.asset["proposed_price_eur"])
    parts: Parts = {
        "object": subject.name(detail.name),
        "names": subject.initiative_names(detail.initiatives, detail.name),
        "price": strong(words.amount(price)),
    }
    if not subject.has_initiative:
        return words.text(
            "Wat is {object} waard, en wil de raad dat een initiatief van bewoners het kan overnemen?",
            "What is {object} worth, and does the council want a residents’ initiative to be able to take it over?",
            **parts,
        )
    if math.isnan(price):
        return words.text(
            "Kan de raad instemmen met de overdracht van {object} aan {names}, en voor welke prijs?",
            "Can the council agree to the transfer of {object} to {names}, and at which price?",
            **parts,
        )
    return words.text(
        "Kan de raad instemmen met de overdracht van {object} aan {names} voor {price}?",
        "Can the council agree to the transfer of {object} to {names} for {price}?",
        **parts,
    )


def _four_values(subject: Subject) -> KeyFigures:
    words, rows = subject.words, four_values(subject.result, subject.asset_id)
    figures = dict(zip(rows["value"], rows["amount_eur"], strict=True))
    items = tuple(
        KeyFigure(
            name_of(words, VALUE_NAMES, value),
            words.say("onbekend", "unknown") if math.isnan(figures[value]) else words.amount(figures[value]),
            name_of(words, VALUE_MEANINGS, value),
        )
        for value in VALUE_NAMES
    )
    return KeyFigures(items, words.say("Vier waarden van dit object", "Four values of this object"))


def _rule(subject: Subject) -> Text:
    words, asset = subject.words, subject.asset
    if not subject.has_initiative:
        return words.text(
            "Zonder initiatief geeft de raadsregel geen prijs.",
            "Without an initiative the council’s rule gives no price.",
        )
    return words.text(
        "Prijs volgens de raadsregel: {price}. {bound} Het is een regel, geen taxatie en geen basis voor staatssteun.",
        "Price by the council’s rule: {price}. {bound} It is a rule, not an appraisal and no basis for state aid.",
        price=strong(words.amount(asset["social_price_eur"])),
        bound=name_of(words, BOUNDS, str(asset["social_price_bound"])),
    )


def _budget(subject: Subject, detail: Detail) -> tuple[Block, ...]:
    """Recurring by year, one-off apart; the two are never added up."""
    words = subject.words
    rows = subject.result.budget[subject.result.budget["asset_id"] == subject.asset_id]
    columns = (
        Column(words.say("Elk jaar (€)", "Each year (€)"), width=3.4),
        *(Column(words.year(year), "right") for year in rows["year"]),
    )
    lines = [name for name in RECURRING if name == RECURRING[-1] or (rows[name] != 0).any()]
    table = Table(
        columns,
        tuple(
            Row(
                ((Run(name_of(words, BUDGET_NAMES, name)),), *((Run(words.amount(value)),) for value in rows[name])),
                total=name == RECURRING[-1],
            )
            for name in lines
        ),
        alt=words.say("Wat er elk jaar in de begroting verandert", "What changes in the budget each year"),
    )
    chart = budget_chart(words, subject.result, subject.asset_id)
    return (
        *((chart,) if detail.budget_chart else ()),
        table,
        Paragraph(_one_off(words, rows)),
        Paragraph(_budget_note(subject), "small"),
    )


def _one_off(words: Words, rows: pd.DataFrame) -> Text:
    first = rows.iloc[0]
    parts = [
        f"{name_of(words, BUDGET_NAMES, name)} {words.amount(first[name])}"
        for name in ONE_OFF[:-1]
        if not math.isnan(first[name]) and first[name] != 0
    ]
    total = first[ONE_OFF[-1]]
    if math.isnan(total):
        parts.append(
            words.say(
                "het boekresultaat is onbekend zolang er geen prijs is",
                "the book result is unknown as long as there is no price",
            )
        )
    return words.text(
        "Eenmalig in {year}: {parts}. Eenmalig totaal {total}. Jaarlijks en eenmalig worden nooit opgeteld.",
        "One-off in {year}: {parts}. One-off total {total}. Yearly and one-off are never added up.",
        year=words.year(first["year"]),
        parts="; ".join(parts) or words.say("niets", "nothing"),
        total=strong(words.say("onbekend", "unknown") if math.isnan(total) else words.amount(total)),
    )


def _budget_note(subject: Subject) -> Text:
    """Until when depreciation is freed, that interest is shifted, and the cost of coming back."""
    words, asset = subject.words, subject.asset
    notes: list[Text] = []
    last = float(asset["last_depreciation_year"])
    if not math.isnan(last):
        notes.append(
            words.text(
                "De vrijgevallen afschrijving loopt tot en met {year}: daarna was zij toch al gestopt.",
                "The freed depreciation lasts until and including {year}: then it would have ended anyway.",
                year=words.year(last),
            )
        )
    if asset["capital_charge_eur"] > 0:
        notes.append(
            words.text(
                "De rente ({interest} in het eerste jaar) verschuift naar wat de gemeente houdt en is pas echt bespaard "
                "als haar schuld daalt.",
                "The interest ({interest} in the first year) is shifted to what the municipality keeps and is really "
                "saved only if its debt falls.",
                interest=words.amount(asset["interest_eur"]),
            )
        )
    found = fallback_in_budget(subject.result, subject.asset_id)
    if found is not None:
        back, cost = found
        notes.append(
            words.text(
                "In {year} komt het object terug bij de gemeente; dat kost {cost}, en dat staat niet in deze bedragen.",
                "In {year} the object comes back to the municipality; that costs {cost}, which is not in these amounts.",
                year=words.year(back),
                cost=words.say("een onbekend bedrag", "an unknown amount") if math.isnan(cost) else words.amount(cost),
            )
        )
    return joined(notes)


def _savings(subject: Subject, detail: Detail) -> tuple[Block, ...]:
    """Savings with their bands, the largest tasks, and how sure the social value is."""
    words, savings = subject.words, subject.savings
    labels = {
        "avoided_cost_eur_per_year": words.say(
            "Vermeden zorg, alle betalers samen", "Avoided care, all payers together"
        ),
        "municipal_cashable_saving_eur_per_year": words.say(
            "Daarvan te verzilveren door de gemeente", "Of which cashable for the municipality"
        ),
        "municipal_cost_eur_per_year": words.say(
            "Kosten van de gemeente: subsidie en begeleiding", "Cost of the municipality: subsidy and support"
        ),
        "municipal_net_saving_eur_per_year": words.say(
            "Netto besparing van de gemeente", "Net saving of the municipality"
        ),
    }
    rows = []
    for key, label in labels.items():
        unfavourable, central, favourable = savings[key]
        rows.append((label, min(unfavourable, favourable), central, max(unfavourable, favourable)))
    title = words.say("Besparing per jaar bij volle omvang (€ per jaar)", "Savings a year at full size (€ a year)")
    return (
        band_chart(words, title, rows),
        Paragraph(joined([_band_words(words, rows), _task_words(subject, detail)]), "small"),
        Paragraph(_certainty(subject)),
    )


def _band_words(words: Words, rows: Sequence[tuple[str, float, float, float]]) -> Text:
    if not any(high > low for _, low, _, high in rows):
        return words.text(
            "Geen prijs heeft een lage en een hoge waarde; dat lijkt zekerder dan het is.",
            "No price has a low and a high value; that looks surer than it is.",
        )
    return words.text(
        "De balk loopt van alle prijzen ongunstig tot alle prijzen gunstig: netto {low} tot {high}.",
        "The band runs from all prices unfavourable to all prices favourable: net {low} to {high}.",
        low=words.amount(rows[-1][1]),
        high=words.amount(rows[-1][3]),
    )


def _task_words(subject: Subject, detail: Detail) -> Text:
    """The largest tasks by avoided cost; the others together."""
    words, tasks = subject.words, subject.result.tasks
    tasks = tasks[tasks["initiative_id"].isin(subject.initiative_ids)]
    if tasks.empty:
        return words.text("Geen taak vervangt zorg van een instelling.", "No task replaces care at an institution.")
    amounts = tasks["avoided_cost_eur_per_year"].fillna(-1.0)
    ordered = tasks.loc[amounts.sort_values(ascending=False, kind="stable").index]
    shown = ordered.head(detail.tasks)
    parts = [
        f"{shortened(str(task), detail.name)} {words.say('p.m.', 'p.m.') if math.isnan(avoided) else words.amount(avoided)}"
        for task, avoided in zip(shown["task"], shown["avoided_cost_eur_per_year"], strict=True)
    ]
    rest = ordered.iloc[len(shown) :]
    if len(rest):
        parts.append(
            words.plain(
                "en {count} samen {amount}",
                "and {count} together {amount}",
                count=words.count(len(rest), ("andere taak", "andere taken"), ("other task", "other tasks")),
                amount=words.amount(rest["avoided_cost_eur_per_year"].sum()),
            )
        )
    return words.text("Vermeden zorg per taak: {tasks}.", "Avoided care by task: {tasks}.", tasks="; ".join(parts))


def _certainty(subject: Subject) -> Text:
    """P10 to P90 of the social value and the probabilities, in words."""
    words, simulation = subject.words, subject.simulation
    if simulation is None:
        return words.text(
            "Geen cijfer van dit object heeft een lage en een hoge waarde: niemand zegt hoe zeker de maatschappelijke "
            "waarde is.",
            "No figure of this object has a low and a high value: nobody says how sure the social value is.",
        )
    row = simulation.assets.iloc[0]
    sentences = [
        words.text(
            "De maatschappelijke waarde ligt in 8 van de 10 gevallen tussen {low} en {high} (midden {middle}).",
            "The social value lies in 8 out of 10 cases between {low} and {high} (in the middle {middle}).",
            low=strong(words.about(float(row["p10"]))),
            high=strong(words.about(float(row["p90"]))),
            middle=words.about(float(row["p50"])),
        )
    ]
    chances = {
        "probability_social_value_positive": ("wint de samenleving", "society gains"),
        "probability_municipality_not_worse_off": (
            "is de gemeente bij de voorgestelde prijs niet slechter af dan bij houden",
            "the municipality is no worse off at the proposed price than when it keeps it",
        ),
        "probability_zone": ("is er een prijs die beide partijen past", "there is a price that suits both parties"),
    }
    known = [
        words.text("in {cases} " + nl, "in {cases} " + en, cases=out_of_hundred(words, float(row[key])))
        for key, (nl, en) in chances.items()
        if not math.isnan(row[key])
    ]
    if known:
        listed = joined(known, "; ")
        sentences.append((Run(first_upper(listed[0].text)), *listed[1:], Run(".")))
    return joined(sentences)


def out_of_hundred(words: Words, probability: float) -> Text:
    """A probability as a number of cases; never sure where it is not."""
    count = round(probability * 100)
    if count == 100 and probability < 1:
        return words.text("meer dan 99 van de 100 gevallen", "more than 99 out of 100 cases")
    if count == 0 and probability > 0:
        return words.text("minder dan 1 van de 100 gevallen", "fewer than 1 out of 100 cases")
    return words.text("{count} van de 100 gevallen", "{count} out of 100 cases", count=strong(str(count)))


def _other_side(subject: Subject, detail: Detail) -> tuple[Text, ...]:
    """What would have happened anyway, what is displaced, who pays, who is not reached, what has no price."""
    return tuple(
        filter(
            None,
            (
                _gross_to_net(subject),
                _who_loses(subject) if detail.parties else (),
                _wrong_pocket(subject),
                _reach(subject, detail),
                _without_price(subject, detail),
            ),
        )
    )


def _gross_to_net(subject: Subject) -> Text:
    words = subject.words
    table = gross_to_net(subject.result, subject.asset_id).set_index("step")["value_eur"]
    gross, net = float(table["gross"]), float(table["net"])
    if not gross:
        return ()
    names = {
        "deadweight": ("was toch al gebeurd", "would have happened anyway"),
        "not_replaced": ("vervangt niet echt zorg", "does not truly replace care"),
        "displacement": ("gaat elders verloren (verdringing)", "is lost elsewhere (displacement)"),
        "attribution": ("komt door anderen", "is due to others"),
    }
    parts = "; ".join(f"{words.amount(-table[step])} {words.say(*pair)}" for step, pair in names.items())
    return words.text(
        "Van de geclaimde baten van {gross} telt {net} mee ({share}): {parts}.",
        "Of the claimed benefits of {gross}, {net} counts ({share}): {parts}.",
        gross=words.amount(gross),
        net=strong(words.amount(net)),
        share=words.percent(net / gross),
        parts=parts,
    )


def _who_loses(subject: Subject) -> Text:
    words, table = subject.words, party_table(subject.result, subject.asset_id)
    losers = table[(table["net_eur"] < 0) & (table["party"] != "society")]
    if losers.empty:
        return words.text(
            "Geen enkele partij gaat er over alle jaren op achteruit.", "No party is worse off over all years."
        )
    parts = "; ".join(
        f"{in_sentence(words, str(party))} {words.amount(net)}"
        for party, net in zip(losers["party"], losers["net_eur"], strict=True)
    )
    return words.text(
        "Wie er over alle jaren op achteruitgaat: {parts}.", "Who is worse off over all years: {parts}.", parts=parts
    )


def _wrong_pocket(subject: Subject) -> Text:
    words = subject.words
    tables = [gains_by_payer(subject.result, number) for number in subject.initiative_ids]
    sums = pd.concat(tables).groupby("payer", sort=False)["avoided_cost_eur_per_year"].sum()
    others = sums[(sums.index != "municipality") & (sums > 0)]
    if others.empty:
        return ()
    return words.text(
        "Bij een ander dan de gemeente komt terecht: {parts} per jaar.",
        "Lands with another than the municipality: {parts} a year.",
        parts="; ".join(
            f"{name_of(words, PARTY_NAMES, str(payer))} {words.amount(value)}"
            for payer, value in zip(others.index.tolist(), others.tolist(), strict=True)
        ),
    )


def _reach(subject: Subject, detail: Detail) -> Text:
    """Whom the initiatives reach, and which neighbourhoods not; small numbers left out."""
    words, case = subject.words, subject.case
    every = reach_by_initiative(case)
    rows = every[every["initiative_id"].isin(subject.initiative_ids)]
    if rows.empty:
        return words.text(
            "Wie het initiatief bereikt, staat niet in de werkmap: dat is onbekend, niet niemand.",
            "Whom the initiative reaches is not in the workbook: that is unknown, not nobody.",
        )
    places = list(dict.fromkeys(str(name) for name in rows["neighbourhood"]))
    missed = [str(name) for name in case.neighbourhoods["neighbourhood"] if name not in places]
    people = float(rows["people"].sum(min_count=1))
    hidden = bool(rows["people_hidden"].any())
    count = words.number(people) if not math.isnan(people) else words.say("een klein aantal", "a small number")
    at_least = words.say("minstens ", "at least ") if hidden and not math.isnan(people) else ""
    sentences = [
        words.text(
            "Bereikt per jaar: {count} mensen in {places}.",
            "Reached a year: {count} people in {places}.",
            count=at_least + count,
            places=words.names([shortened(name, detail.name) for name in places], detail.initiatives + 1),
        )
    ]
    if missed:
        sentences.append(
            words.text(
                "Niet bereikt volgens de werkmap: {places}.",
                "Not reached, as far as the workbook says: {places}.",
                places=words.names([shortened(name, detail.name) for name in missed], detail.initiatives + 2),
            )
        )
    return joined(sentences)


def _without_price(subject: Subject, detail: Detail) -> Text:
    words, rows = subject.words, not_priced(subject.result, subject.asset_id)
    if rows.empty:
        return ()
    return words.text(
        "Er is ook iets wat niemand in euro’s kan uitdrukken (p.m., telt niet mee): {names}.",
        "There is also what nobody can express in euros (p.m., not counted): {names}.",
        names=words.names([shortened(str(label), detail.name) for label in rows["label"]], detail.initiatives + 1),
    )


def _must_be_true(subject: Subject, detail: Detail) -> tuple[Text, ...]:
    """Required share, break-even shares, when the outcome turns, and what would close a gap."""
    words = subject.words
    found: list[Text] = [_required(subject), _break_even(subject)]
    rows, cannot = subject.turning
    positive = float(subject.asset["social_value_eur"]) > 0
    found += [
        turning_sentence(words, chosen, value, positive_above=above, positive_now=positive, most=detail.name)
        for chosen, value, above in rows[: detail.turning]
    ]
    if cannot and not rows:
        found.append(
            words.text(
                "Geen enkel cijfer kan de uitkomst in zijn eentje laten omslaan.",
                "No single figure can turn the outcome on its own.",
            )
        )
    levers = gap_levers(subject.result, subject.asset_id).set_index("lever")["amount_eur"]
    if "funds" in levers.index:
        found.append(
            words.text(
                "Om de kloof te sluiten is {funds} meer eigen geld of fondsen nodig, of {savings} per jaar meer besparing "
                "die de gemeente echt ziet.",
                "To close the gap takes {funds} more own money or grants, or {savings} a year more savings that the "
                "municipality really sees.",
                funds=strong(words.about(float(levers["funds"]))),
                savings=words.about(float(levers["cashable_savings"])),
            )
        )
    nothing = words.text(
        "Er is niets ingevuld waarvan dit te zeggen is.", "Nothing is filled in of which this can be said."
    )
    return tuple(filter(None, found)) or (nothing,)


def _required(subject: Subject) -> Text:
    words, asset = subject.words, subject.asset
    pair = _REQUIRED.get(verdict.share_needed(asset))
    if pair is None:
        return ()
    return words.text(
        *pair,
        discount=words.amount(_discount(subject)),
        share=strong(words.percent(float(asset["required_share"]))),
    )


_REQUIRED: dict[verdict.Share, tuple[str, str]] = {
    "no_value": (
        "De korting op de marktwaarde is {discount}; de maatschappelijke waarde is niet groter dan nul en kan die "
        "niet rechtvaardigen.",
        "The discount on the market value is {discount}; the social value is not above zero and cannot justify it.",
    ),
    "more_than_all": (
        "De korting op de marktwaarde is {discount}: meer dan de hele maatschappelijke waarde (er zou {share} van "
        "nodig zijn).",
        "The discount on the market value is {discount}: more than the whole social value ({share} of it would be "
        "needed).",
    ),
    "part": (
        "De korting op de marktwaarde is {discount}; daarvoor moet {share} van de maatschappelijke waarde waar worden.",
        "The discount on the market value is {discount}; for that {share} of the social value must come true.",
    ),
}


def _discount(subject: Subject) -> float:
    rows = four_values(subject.result, subject.asset_id).set_index("value")["amount_eur"]
    return float(rows.get("discount_eur", np.nan))


def _break_even(subject: Subject) -> Text:
    """Of each initiative: which part of the assumed saving must come true to pay for subsidy and support."""
    words, table = subject.words, subject.compared
    known = table[table["break_even_share"].notna()].sort_values("break_even_share", ascending=False, kind="stable")
    if known.empty:
        cost = float(subject.savings["municipal_cost_eur_per_year"][1])
        if not cost:
            return ()
        return words.text(
            "Tegenover {cost} per jaar aan subsidie en begeleiding staat geen besparing op taken die de gemeente kan "
            "verzilveren.",
            "Against {cost} a year of subsidy and support stands no saving on tasks that the municipality can cash.",
            cost=strong(words.amount(cost)),
        )
    first = known.iloc[0]
    if not first["municipal_cost_eur_per_year"]:
        return ()
    which = "" if len(table) == 1 else f" ({shortened(str(first['name']), 40)})"
    if first["break_even_share"] > 1:
        return words.text(
            "Ook als de hele veronderstelde besparing waar wordt, dekt die de {cost} per jaar aan subsidie en begeleiding "
            "niet{which}.",
            "Even if all of the assumed saving comes true, it does not cover {cost} a year of subsidy and support{which}.",
            cost=strong(words.amount(first["municipal_cost_eur_per_year"])),
            which=which,
        )
    return words.text(
        "Van de veronderstelde besparing moet {share} waar worden om {cost} per jaar aan subsidie en begeleiding te "
        "dekken{which}.",
        "Of the assumed saving {share} must come true to cover {cost} a year of subsidy and support{which}.",
        share=strong(words.percent(first["break_even_share"])),
        cost=words.amount(first["municipal_cost_eur_per_year"]),
        which=which,
    )


def _no_initiative(words: Words) -> tuple[Block, ...]:
    return (
        Paragraph(
            words.text(
                "Geen initiatief in de werkmap is aan dit object gekoppeld. Niemand zegt dus wat er zou gebeuren. De "
                "maatschappelijke waarde, de prijs volgens de raadsregel en de ruimte om te onderhandelen blijven daarom "
                "open: onbekend, niet nul. Wat de boeken, de markt en de kas van de gemeente zeggen, staat hier wel.",
                "No initiative in the workbook is linked to this object, so nobody says what would happen there. Social "
                "value, the price by the council’s rule and the room for negotiation are therefore left open: unknown, "
                "not zero. What the books, the market and the municipality’s purse say does stand here.",
            )
        ),
        Paragraph(
            words.text(
                "Wilt u dit weten? Vraag in de buurt wie het wil overnemen, en zet dat plan in de werkmap. Een "
                "initiatief kan zich melden met het uitdaagrecht.",
                "Do you want to know? Ask in the neighbourhood who wants to take it over, and put that plan in the "
                "workbook. An initiative can come forward by the right to challenge.",
            )
        ),
    )


def _checks(subject: Subject, detail: Detail) -> tuple[Text, ...]:
    """What to check before the decision; signals, no legal advice."""
    words, asset = subject.words, subject.asset
    didam = words.text(
        "{title}: maak het voornemen vooraf bekend, met objectieve, toetsbare regels; is er maar één serieuze "
        "gegadigde, leg dan uit waarom.",
        "{title}: publish the intention beforehand, with objective, verifiable criteria; if there is only one serious "
        "candidate, explain why.",
        title=strong(words.say("Didam", "Didam")),
    )
    found = [didam, _rent(words, asset), _aid(subject)]
    if subject.has_initiative:
        found += [_fallback(subject), _vat(subject)]
    found += _warnings(subject, detail)
    return tuple(filter(None, found))


def _rent(words: Words, asset: pd.Series) -> Text:
    """The cost-covering rent beside the rent now; only a lower rent takes a decision."""
    gap = float(asset["hidden_subsidy_eur_per_year"])
    parts: Parts = {
        "title": strong(words.say("Wet Markt en Overheid", "Market and Government Act")),
        "rent": words.amount(asset["cost_covering_rent_eur_per_year"]),
        "gap": words.amount(abs(gap)),
    }
    if gap < 0:
        return words.text(
            "{title}: de kostprijsdekkende huur is {rent} per jaar, {gap} minder dan de huur nu.",
            "{title}: the cost-covering rent is {rent} a year, {gap} less than the rent now.",
            **parts,
        )
    return words.text(
        "{title}: de kostprijsdekkende huur is {rent} per jaar, {gap} meer dan de huur nu. Lager mag alleen met een "
        "algemeen-belangbesluit.",
        "{title}: the cost-covering rent is {rent} a year, {gap} more than the rent now. Less takes a general-interest "
        "decision.",
        **parts,
    )


def _aid(subject: Subject) -> Text:
    words, rows = subject.words, aid_check(subject.result, subject.asset_id)
    general, sgei = (rows[rows["key"] == key].iloc[0] for key in ("general", "sgei"))
    title = strong(words.say("Staatssteun", "State aid"))
    aid = float(general["aid_eur"])
    if math.isnan(aid):
        return words.text(
            "{title}: het voordeel is nog onbekend. Laat het object onafhankelijk taxeren.",
            "{title}: the advantage is not known yet. Have the object valued independently.",
            title=title,
        )
    signals = {
        "above": ("boven", "above"),
        "near": ("dicht bij", "close to"),
        "below": ("onder", "below"),
    }
    return words.text(
        "{title}: het voordeel is {aid} in drie jaar, {general_words} de de-minimisgrens van {general} en {sgei_words} die "
        "voor DAEB van {sgei} (alleen met een toewijzingsbesluit). Geen juridisch advies.",
        "{title}: the advantage is {aid} in three years, {general_words} the de minimis ceiling of {general} and "
        "{sgei_words} that for SGEI of {sgei} (only with an entrustment act). No legal advice.",
        title=title,
        aid=strong(words.amount(aid)),
        general=words.amount(general["ceiling_eur"]),
        sgei=words.amount(sgei["ceiling_eur"]),
        general_words=words.say(*signals[general["signal"]]),
        sgei_words=words.say(*signals[sgei["signal"]]),
    )


def _fallback(subject: Subject) -> Text:
    words, cost = subject.words, float(subject.row["fallback_cost_eur"])
    title = strong(words.say("Als het initiatief stopt", "If the initiative stops"))
    if math.isnan(cost):
        return words.text(
            "{title}: de terugvalkosten zijn niet ingevuld en als nul gerekend. Spreek af wie dan wat doet.",
            "{title}: the fall-back cost is not filled in and counted as zero. Agree who then does what.",
            title=title,
        )
    return words.text(
        "{title}: terugnemen kost de gemeente {cost}. Spreek af wie dan wat doet.",
        "{title}: taking it back costs the municipality {cost}. Agree who then does what.",
        title=title,
        cost=words.amount(cost),
    )


def _vat(subject: Subject) -> Text:
    words, leak = subject.words, yearly_amount(subject.result, subject.asset_id, "vat_leak")
    return words.text(
        "{title}: {what}",
        "{title}: {what}",
        title=strong(words.say("Btw", "VAT")),
        what=words.plain(
            "het initiatief krijgt {leak} per jaar niet terug.",
            "the initiative cannot reclaim {leak} a year.",
            leak=words.amount(leak),
        )
        if leak
        else words.say(
            "er is geen btw ingevuld die het initiatief niet terugkrijgt. Klopt dat?",
            "no VAT has been filled in that the initiative cannot reclaim. Is that right?",
        ),
    )


def _warnings(subject: Subject, detail: Detail) -> list[Text]:
    """Points that reading and computation found; the rest by number."""
    words = subject.words
    texts = list(dict.fromkeys(problem.message(words.language) for problem in subject.warnings))
    shown = [user(shortened(text, detail.warning)) for text in texts[: detail.warnings]]
    rest = len(texts) - len(shown)
    if rest:
        shown.append(
            words.text(
                "{count} staan in Buurtwaarde bij Controles.",
                "{count} in Buurtwaarde, under Checks.",
                count=words.count(
                    rest,
                    ("ander aandachtspunt", "andere aandachtspunten")
                    if shown
                    else ("aandachtspunt", "aandachtspunten"),
                    ("other point", "other points") if shown else ("point", "points"),
                ),
            )
            if rest > 1
            else words.text(
                "Eén aandachtspunt meer staat in Buurtwaarde bij Controles.",
                "One more point stands in Buurtwaarde, under Checks.",
            )
        )
    return shown


def _alternatives(subject: Subject) -> tuple[Block, ...]:
    words = subject.words
    table = alternatives_table(alternatives(of_one_asset(subject.case, subject.asset_id), subject.asset_id))
    fields = ("social_value_eur", "municipality_npv_eur", "recurring_first_year_eur", "one_off_total_eur")
    columns = (
        Column(words.say("Alternatief", "Alternative"), width=1.9),
        Column(words.say("Samenleving, alle jaren (€)", "Society, all years (€)"), "right"),
        Column(words.say("Kas gemeente, alle jaren (€)", "Municipal cash, all years (€)"), "right"),
        Column(words.say("Begroting, eerste jaar (€)", "Budget, first year (€)"), "right"),
        Column(words.say("Eenmalig (€)", "One-off (€)"), "right"),
    )
    rows = tuple(
        Row(
            (
                (Run(form_name(words, str(row["alternative"]))),),
                *((Run(words.amount(row[field])),) for field in fields),
            )
        )
        for _, row in table.iterrows()
    )
    open_ones = [
        form_name(words, form) for form, missing in zip(table["alternative"], table["missing"], strict=True) if missing
    ]
    note = words.text("Alles vergeleken met houden; – is onbekend.", "All compared with keeping it; – is unknown.")
    if open_ones:
        note = joined(
            [
                note,
                words.text(
                    "Nog niet alles ingevuld voor: {names}.",
                    "Not all filled in for: {names}.",
                    names=", ".join(open_ones),
                ),
            ]
        )
    alt = words.say(
        "De alternatieven naast elkaar: samenleving, kas van de gemeente en begroting",
        "The alternatives side by side: society, municipal cash and budget",
    )
    return (Table(columns, rows, alt), Paragraph(note, "small"))


def _sources(subject: Subject, detail: Detail) -> Text:
    words, case = subject.words, subject.case
    used = prices_used_of(subject)
    own = words.text(
        "Werkmap van {municipality}; methode van Buurtwaarde (Algemene leidraad MKBA, Werkwijzer sociaal domein, BBV). "
        "Bedragen in prijzen van {year}; boekwaarde en begroting nominaal. Contant gemaakt naar de overdracht.",
        "Workbook of {municipality}; method of Buurtwaarde (general guideline for social cost-benefit analysis, guide "
        "for the social domain, BBV). Amounts in prices of {year}; book value and budget nominal. Present values at the "
        "transfer.",
        municipality=shortened(case.assumptions.municipality, 60),
        year=words.year(case.assumptions.price_year),
    )
    parts = [own]
    if used:
        parts.append(
            words.text(
                "Referentieprijzen: {sources}.",
                "Reference prices: {sources}.",
                sources=words.names(used, max(detail.sources, 1)),
            )
        )
    if subject.simulation is not None:
        parts.append(
            words.text(
                "Zekerheid: {count} mogelijke uitkomsten uit de lage en hoge waarden van de werkmap.",
                "Certainty: {count} possible outcomes from the low and high values of the workbook.",
                count=words.number(subject.simulation.draws.count),
            )
        )
    return joined(parts)


def prices_used_of(subject: Subject) -> list[str]:
    """The sources of the reference prices that this object's lines take: publisher, title and price year."""
    table = prices_used(appraise(of_one_asset(subject.case, subject.asset_id)))
    rows = subject.case.reference.sources
    titles = {str(source): str(title) for source, title in zip(rows["source_id"], rows["title"], strict=True)}
    found: dict[str, set[int]] = {}
    for source, year in zip(table["source_id"], table["own_year"], strict=True):
        found.setdefault(str(source), set()).add(int(year))
    year_words = subject.words.say("prijspeil", "prices of")
    return [
        clean(f"{titles[source]} ({year_words} {'/'.join(map(str, sorted(years)))})") for source, years in found.items()
    ]
