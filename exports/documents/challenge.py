"""The application by the right to challenge (uitdaagrecht): its usual headings, filled from the case.

What the workbook does not know is marked where it belongs and listed at the end: an application with open points is a
start, one with invented answers is not.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from typing import Any

from exports.documents.initiative import AboutInitiative
from exports.documents.model import (
    Block,
    Bullets,
    Column,
    Document,
    Facts,
    Fields,
    Heading,
    KeyFigure,
    KeyFigures,
    Notice,
    Paragraph,
    Row,
    Run,
    Table,
    Text,
    clean,
    strong,
)
from exports.documents.terms import PARTY_NAMES, name_of
from exports.documents.words import Parts, Words, first_upper, joined, user
from valuation.appraisal import Result
from valuation.case import QUALITY_KINDS
from valuation.comparison import claims, not_priced_of, task_prices
from valuation.directory import alike
from valuation.facilitation import facilitation_view
from valuation.fairness import reach_by_initiative

MOST_ALIKE = 6


def challenge(words: Words, result: Result, initiative_id: str, *, date: datetime.date | None = None) -> Document:
    """The application of one initiative.

    Parameters
    ----------
    words : Words
    result : Result
    initiative_id : str
        A `KeyError` for an unknown one.
    date : date, optional
        Printed when it is given.
    """
    application = _Application(words, result, initiative_id)
    return Document(
        title=words.plain(
            "Aanvraag uitdaagrecht: {name}", "Right-to-challenge application: {name}", name=application.title_name
        ),
        language=words.language,
        kind=words.plain(
            "Aan de gemeente {municipality}",
            "To the municipality of {municipality}",
            municipality=clean(result.case.assumptions.municipality),
        ),
        footer=words.say(
            "Gemaakt met Buurtwaarde. Open punten staan aan het eind.",
            "Made with Buurtwaarde. Open points are listed at the end.",
        ),
        date=date,
        blocks=application.blocks(date),
    )


class _Application(AboutInitiative):
    """The sections of the application, and the points that are still open."""

    def __init__(self, words: Words, result: Result, initiative_id: str) -> None:
        super().__init__(words, result, initiative_id)
        self.tasks = result.tasks[result.tasks["initiative_id"] == initiative_id]
        self.claims = claims(result, initiative_id)
        self.open: list[Text] = []

    def blocks(self, date: datetime.date | None) -> tuple[Block, ...]:
        """All sections in the order of the ordinances, then what is still open."""
        words = self.words
        sections = [
            (words.say("Wie vraagt dit aan?", "Who applies?"), self._applicant(date)),
            (words.say("1. Welke taak wilt u overnemen?", "1. Which task do you want to take over?"), self._task()),
            (words.say("2. Waarom beter of goedkoper?", "2. Why better or cheaper?"), self._better()),
            (words.say("3. Betrokkenheid en kennis", "3. Involvement and knowledge"), self._involvement()),
            (words.say("4. Draagvlak", "4. Support in the neighbourhood"), self._support()),
            (words.say("5. Kosten en eigen inbreng", "5. Cost estimate and own input"), self._cost()),
            (words.say("6. Samenwerking", "6. Cooperation"), self._cooperation()),
            (words.say("7. Kwaliteit en continuïteit", "7. Quality and continuity"), self._quality()),
            (words.say("8. Doelgroep en bereik", "8. Target group and reach"), self._target_group()),
            (words.say("9. Looptijd en evaluatie", "9. Duration and evaluation"), self._duration()),
            (words.say("Ondertekening", "Signature"), self._signature()),
        ]
        content = [block for title, section in sections for block in (Heading((Run(title),)), *section)]
        return (self._summary(), *content, *self._still_open(), *self._sources())

    def _todo(self, nl: str, en: str, **parts: str) -> Notice:
        """An open point, marked here and listed at the end."""
        text = self.words.text(nl, en, **parts)
        self.open.append(text)
        return Notice((strong(self.words.say("Nog invullen: ", "To be filled in: ")), *text))

    def _summary(self) -> KeyFigures:
        """What it comes down to, in three or four figures."""
        words, row = self.words, self.figures
        items = [
            KeyFigure(
                words.say("Vermeden zorg per jaar", "Avoided care a year"),
                words.amount(row["avoided_cost_eur_per_year"]),
                words.say("bij volle omvang, alle betalers", "at full size, all payers"),
            ),
            KeyFigure(
                words.say("Kosten van de gemeente per jaar", "Cost of the municipality a year"),
                words.amount(row["municipal_cost_eur_per_year"]),
                words.say("subsidie en begeleiding", "subsidy and support"),
            ),
            KeyFigure(
                words.say("Netto besparing van de gemeente", "Net saving of the municipality"),
                words.amount(row["municipal_net_saving_eur_per_year"]),
                words.say("per jaar, bij volle omvang", "a year, at full size"),
            ),
            KeyFigure(
                words.say("Moet waar worden", "Must come true"),
                words.percent(row["break_even_share"]),
                words.say("van de besparing, om quitte te spelen", "of the saving, to break even"),
            ),
        ]
        return KeyFigures(tuple(items), words.say("De aanvraag in vier cijfers", "The application in four figures"))

    def _applicant(self, date: datetime.date | None) -> list[Block]:
        words = self.words
        blocks: list[Block] = [Facts((*self.known_facts(), *self.date_fact(date)))]
        if not isinstance(self.own["legal_form"], str):
            blocks.append(
                self._todo(
                    "welke rechtsvorm u hebt of gaat kiezen, zoals een stichting of coöperatie.",
                    "which legal form you have or will choose, such as a foundation or a cooperative.",
                )
            )
        blocks.append(
            Fields(
                tuple(
                    words.say(*pair)
                    for pair in (
                        ("Contactpersoon", "Contact person"),
                        ("Adres", "Address"),
                        ("E-mail", "E-mail"),
                        ("Telefoon", "Telephone"),
                    )
                )
            )
        )
        self.open.append(
            words.text(
                "de contactpersoon, het adres, het e-mailadres en het telefoonnummer.",
                "the contact person, the address, the e-mail address and the telephone number.",
            )
        )
        return blocks

    def _task(self) -> list[Block]:
        words = self.words
        blocks: list[Block] = []
        if self.asset_id is not None:
            blocks.append(
                Paragraph(
                    words.text(
                        "Wij willen het beheer van {object} overnemen van de gemeente.",
                        "We want to take over the management of {object} from the municipality.",
                        object=clean(str(self.object_name)),
                    )
                )
            )
        if self.tasks.empty:
            blocks.append(
                self._todo(
                    "welke taak van de gemeente u overneemt, en hoeveel per jaar (blad Taken).",
                    "which task of the municipality you take over, and how much a year (sheet Tasks).",
                )
            )
            return blocks
        rows = tuple(
            Row(
                (
                    user(str(row["task"])),
                    user(row["unit"] or "–"),
                    (Run(words.number(row["volume_per_year"], 1)),),
                    (Run(name_of(words, PARTY_NAMES, row["payer"])),),
                )
            )
            for row in self.tasks.to_dict("records")
        )
        columns = (
            Column(words.say("Taak", "Task"), width=2.6),
            Column(words.say("Eenheid", "Unit")),
            Column(words.say("Aantal per jaar", "Number a year"), "right"),
            Column(words.say("Wie betaalt dit nu?", "Who pays for it now?"), width=1.5),
        )
        blocks.append(Table(columns, rows, words.say("De taken met hun omvang", "The tasks with their size")))
        return blocks

    def _better(self) -> list[Block]:
        words = self.words
        blocks: list[Block] = [Paragraph(self._saving_words())]
        prices = task_prices(self.result, [self.initiative_id])
        if len(prices):
            rows = tuple(
                Row(
                    (
                        user(str(row["task"])),
                        (Run(words.amount(row["institutional_unit_cost_eur"], 2)),),
                        (Run(words.amount(row["initiative_unit_cost_eur"], 2)),),
                        (Run(words.percent(row["fraction"])),),
                    )
                )
                for row in prices.to_dict("records")
            )
            columns = (
                Column(words.say("Taak", "Task"), width=2.4),
                Column(words.say("Kostprijs instelling\u00a0(€)", "Cost at an institution\u00a0(€)"), "right"),
                Column(words.say("Kostprijs initiatief\u00a0(€)", "Cost at the initiative\u00a0(€)"), "right"),
                Column(words.say("Verhouding", "Share"), "right", 0.8),
            )
            blocks.append(
                Table(
                    columns,
                    rows,
                    words.say("De kosten per eenheid naast elkaar", "The cost of a unit, side by side"),
                    words.say("Wat een eenheid kost", "What a unit costs"),
                )
            )
        blocks += self._claims_table()
        blocks.append(
            self._todo(
                "wat bewoners van uw aanpak merken: waarom is het beter dan nu, en bij welk doel van de gemeente past het?",
                "what residents notice of your approach: why is it better than now, and which aim of the municipality "
                "does it serve?",
            )
        )
        return blocks

    def _saving_words(self) -> Text:
        words, row = self.words, self.figures
        avoided, net = float(row["avoided_cost_eur_per_year"]), float(row["municipal_net_saving_eur_per_year"])
        parts: Parts = {
            "avoided": strong(words.amount(avoided)),
            "municipal": strong(words.amount(row["municipal_cashable_saving_eur_per_year"])),
            "cost": words.amount(row["municipal_cost_eur_per_year"]),
            "net": strong(words.amount(abs(net))),
        }
        if avoided == 0 and self.tasks["avoided_cost_eur_per_year"].isna().any():
            text = words.text(
                "Wat het aan zorg bespaart, is niet bekend: een taak heeft geen prijs (p.m.). Het initiatief kost de "
                "gemeente {cost} per jaar aan subsidie en begeleiding; wat het daarnaast brengt, staat hieronder.",
                "What care it saves is not known: a task has no price (p.m.). The initiative costs the municipality "
                "{cost} a year in subsidy and support; what it brings besides stands below.",
                **parts,
            )
        elif avoided == 0:
            text = words.text(
                "Geen taak vervangt zorg van een instelling. Het initiatief kost de gemeente {cost} per jaar aan subsidie "
                "en begeleiding; wat het daarnaast brengt, staat hieronder.",
                "No task replaces care at an institution. The initiative costs the municipality {cost} a year in subsidy "
                "and support; what it brings besides stands below.",
                **parts,
            )
        elif net >= 0:
            text = words.text(
                "Het initiatief maakt {avoided} aan zorg per jaar onnodig. Daarvan kan de gemeente {municipal} echt "
                "besparen; na {cost} aan subsidie en begeleiding houdt zij {net} per jaar over.",
                "The initiative makes {avoided} of care a year unnecessary. The municipality can really save {municipal} "
                "of it; after {cost} for subsidy and support it keeps {net} a year.",
                **parts,
            )
        else:
            text = words.text(
                "Het initiatief maakt {avoided} aan zorg per jaar onnodig. Daarvan kan de gemeente {municipal} echt "
                "besparen; omdat subsidie en begeleiding {cost} kosten, betaalt zij per saldo {net} per jaar.",
                "The initiative makes {avoided} of care a year unnecessary. The municipality can really save {municipal} "
                "of it; since subsidy and support are {cost}, it pays {net} a year on balance.",
                **parts,
            )
        return joined([text, self._social_value()])

    def _social_value(self) -> Text:
        words, value = self.words, float(self.figures["ranked_npv_society_eur"])
        if math.isnan(value):
            return ()
        with_object = self.asset_id is not None
        if value >= 0:
            pair = (
                (
                    "Samen met het gebouw of groen is het de samenleving over alle jaren {value} waard, vergeleken met "
                    "houden.",
                    "Together with the building or green it is worth {value} to society over all years, compared with "
                    "keeping it.",
                )
                if with_object
                else (
                    "Voor de samenleving is het over alle jaren {value} waard.",
                    "To society it is worth {value} over all years.",
                )
            )
        else:
            pair = (
                (
                    "Samen met het gebouw of groen kost het de samenleving over alle jaren {value} meer dan het "
                    "oplevert, vergeleken met houden.",
                    "Together with the building or green it costs society {value} more than it brings over all years, "
                    "compared with keeping it.",
                )
                if with_object
                else (
                    "De samenleving kost het over alle jaren {value} meer dan het oplevert.",
                    "It costs society {value} more than it brings over all years.",
                )
            )
        return words.text(*pair, value=strong(words.amount(abs(value))))

    def _claims_table(self) -> list[Block]:
        """Every task and effect with what was taken off before it counts."""
        words, rows = self.words, self.claims
        if rows.empty:
            return []
        shares = ("deadweight", "displacement", "attribution")
        made = tuple(
            Row(
                (
                    user(str(row["label"])),
                    (Run(name_of(words, PARTY_NAMES, row["party"])),),
                    *((Run(words.percent(row[share])),) for share in shares),
                    (
                        Run(
                            words.say("p.m.", "p.m.")
                            if math.isnan(row["amount_eur"])
                            else words.amount(row["amount_eur"])
                        ),
                    ),
                )
            )
            for row in rows.assign(
                amount_eur=rows["amount_eur"].where(rows["direction"] > 0, -rows["amount_eur"])
            ).to_dict("records")
        )
        columns = (
            Column(words.say("Taak of effect", "Task or effect"), width=2.3),
            Column(words.say("Voor wie", "For whom"), width=1.7),
            Column(words.say("Toch al gebeurd", "Anyway"), "right", 1.0),
            Column(words.say("Verdrongen", "Displaced"), "right", 1.25),
            Column(words.say("Van anderen", "Of others"), "right", 1.0),
            Column(words.say("Telt mee (€\u00a0per\u00a0jaar)", "Counts (€\u00a0a\u00a0year)"), "right", 1.15),
        )
        caption = words.say("Wat het brengt, na aftrek", "What it brings, after deductions")
        alt = words.say(
            "Elke taak en elk effect met wat eraf gaat voordat het meetelt",
            "Every task and effect with what is taken off before it counts",
        )
        return [Table(columns, made, alt, caption)]

    def _involvement(self) -> list[Block]:
        words, hours = self.words, float(self.own["volunteer_hours_per_year"])
        blocks: list[Block] = []
        if hours > 0:
            blocks.append(
                Paragraph(
                    words.text(
                        "Vrijwilligers steken er {hours} uur per jaar in.",
                        "Volunteers put {hours} hours a year into it.",
                        hours=strong(words.number(hours)),
                    )
                )
            )
        else:
            blocks.append(
                self._todo(
                    "hoeveel uren vrijwilligers er per jaar in steken (blad Initiatieven).",
                    "how many hours a year volunteers put into it (sheet Initiatives).",
                )
            )
        blocks += self._qualities(lambda kind: kind != "cooperation")
        blocks.append(
            self._todo(
                "wie het doen, welke kennis en ervaring zij hebben, en hoe bewoners meebeslissen.",
                "who does it, what knowledge and experience they have, and how residents take part in decisions.",
            )
        )
        return blocks

    def _qualities(self, wanted: Callable[[str], bool]) -> list[Block]:
        words, rows = self.words, self.case.qualities
        rows = rows[(rows["initiative_id"] == self.initiative_id) & rows["quality"].map(wanted).astype(bool)]
        if rows.empty:
            return []
        kinds = {kind.key: words.say(kind.nl, kind.en) for kind in QUALITY_KINDS}
        made = tuple(
            Row(
                (
                    (Run(first_upper(kinds[row["quality"]])),),
                    (Run(words.number(row["score"])),),
                    user(str(row["description"])),
                    user(row["evidence"] or "–"),
                )
            )
            for row in rows.to_dict("records")
        )
        columns = (
            Column(words.say("Kwaliteit", "Quality"), width=1.3),
            Column(words.say("Score (1 tot 5)", "Score (1 to 5)"), "right", 0.75),
            Column(words.say("Waaraan ziet u dat?", "What shows it?"), width=3.0),
            Column(words.say("Bewijs (A tot E)", "Evidence (A to E)"), width=0.9),
        )
        alt = words.say("Wat het inbrengt naast geld, met bewijs", "What it brings besides money, with evidence")
        return [Table(columns, made, alt)]

    def _support(self) -> list[Block]:
        return [
            self._todo(
                "hoe u het draagvlak laat zien: handtekeningen, een verslag van een bijeenkomst, of een peiling. Voeg dat toe "
                "als bijlage.",
                "how you show the support: signatures, minutes of a meeting, or a poll. Add it as an annex.",
            ),
            self._todo(
                "wie er tegen is of last van kan hebben, en wat u daarmee doet.",
                "who is against it or may be bothered by it, and what you do about that.",
            ),
        ]

    def _cost(self) -> list[Block]:
        words, own = self.words, self.own
        money = [
            (words.say("Kosten per jaar", "Cost a year"), own["operating_cost_eur_per_year"]),
            (
                words.say("waarvan btw die niet terugkomt", "of which VAT that cannot be reclaimed"),
                own["vat_leak_eur_per_year"],
            ),
            (words.say("Eigen inkomsten per jaar", "Own income a year"), own["income_eur_per_year"]),
            (words.say("Gevraagde subsidie per jaar", "Subsidy asked for a year"), own["subsidy_eur_per_year"]),
            (
                words.say(
                    "Resultaat per jaar, vóór rente en aflossing", "Result a year, before interest and repayment"
                ),
                self.figures["operating_surplus_eur_per_year"],
            ),
            (words.say("Verbouwing, eenmalig", "Renovation, one-off"), own["renovation_eur"]),
            (words.say("Eigen middelen, eenmalig", "Own funds, one-off"), own["own_funds_eur"]),
            (words.say("Fondsen en giften, eenmalig", "Grants and gifts, one-off"), own["grants_eur"]),
        ]
        rows = tuple(Row(((Run(name),), (Run(words.amount(value)),))) for name, value in money)
        columns = (
            Column(words.say("Post", "Item"), width=3.2),
            Column(words.say("Bedrag\u00a0(€)", "Amount\u00a0(€)"), "right"),
        )
        table = Table(
            columns,
            rows,
            words.say("Raming van kosten en eigen inbreng", "Estimate of cost and own input"),
        )
        hours = float(own["facilitation_hours_per_year"])
        support = facilitation_view(self.result)
        row = support[support["initiative_id"] == self.initiative_id].iloc[0]
        text = words.text(
            "Aan begeleiding vragen wij de gemeente {hours} uur per jaar ({cost}). Vrijwilligersuren: {volunteers} per jaar; "
            "zij staan als inbreng naast het geld.",
            "Of support we ask the municipality {hours} hours a year ({cost}). Volunteer hours: {volunteers} a year; they "
            "stand beside the money as our input.",
            hours=words.number(hours),
            cost=words.amount(row["facilitation_eur_per_year"]),
            volunteers=words.number(own["volunteer_hours_per_year"]),
        )
        blocks: list[Block] = [table, Paragraph(text)]
        if math.isnan(float(own["operating_cost_eur_per_year"])):
            blocks.append(self._todo("de kosten per jaar (blad Initiatieven).", "the cost a year (sheet Initiatives)."))
        return blocks

    def _cooperation(self) -> list[Block]:
        words = self.words
        blocks = self._qualities(lambda kind: kind == "cooperation")
        others = alike(self.case, self.initiative_id).head(MOST_ALIKE)
        if len(others):
            blocks.append(
                Paragraph(
                    words.text(
                        "In de gemeente doen ook deze initiatieven iets vergelijkbaars:",
                        "In the municipality these initiatives also do something similar:",
                    )
                )
            )
            blocks.append(Bullets(tuple(self._shared(row) for row in others.to_dict("records"))))
        blocks.append(
            self._todo(
                "met welke organisaties u afspraken maakt, en wat de gemeente zelf blijft doen.",
                "with which organisations you make arrangements, and what the municipality goes on doing itself.",
            )
        )
        return blocks

    def _shared(self, row: dict[Any, Any]) -> Text:
        words = self.words
        shared = [
            *(
                [words.plain("zelfde taken: {names}", "same tasks: {names}", names=clean(row["shared_tasks"]))]
                if row["shared_tasks"]
                else []
            ),
            *([words.say("zelfde thema", "same theme")] if row["same_theme"] else []),
            *([words.say("zelfde buurt", "same neighbourhood")] if row["same_neighbourhood"] else []),
        ]
        return (Run(clean(str(row["name"]))), Run(f" ({'; '.join(shared)})"))

    def _quality(self) -> list[Block]:
        words = self.words
        blocks: list[Block] = []
        if self.asset_id is not None:
            cost = float(self.object_row["fallback_cost_eur"])
            blocks.append(
                self._todo(
                    "wat er gebeurt als het initiatief stopt, en wat dat kost (terugvalkosten, blad Objecten).",
                    "what happens if the initiative stops, and what that costs (fall-back cost, sheet Assets).",
                )
                if math.isnan(cost)
                else Paragraph(
                    words.text(
                        "Als het initiatief stopt, kost terugnemen de gemeente {cost}.",
                        "If the initiative stops, taking it back costs the municipality {cost}.",
                        cost=strong(words.amount(cost)),
                    )
                )
            )
        else:
            blocks.append(
                self._todo(
                    "wat er gebeurt als het initiatief stopt: wie neemt de taak dan over?",
                    "what happens if the initiative stops: who then takes over the task?",
                )
            )
        blocks += [
            self._todo(
                "aan welke kwaliteit het werk voldoet, wie dat controleert, en hoe u bent verzekerd.",
                "which standard of quality the work meets, who checks that, and how you are insured.",
            ),
            self._todo(
                "hoe u met persoonsgegevens omgaat (AVG), zeker bij zorg.",
                "how you deal with personal data (GDPR), certainly in care.",
            ),
        ]
        return blocks

    def _target_group(self) -> list[Block]:
        words, reached = self.words, reach_by_initiative(self.case)
        rows = reached[reached["initiative_id"] == self.initiative_id]
        if rows.empty:
            return [
                self._todo(
                    "wie u bereikt, in welke buurten, en hoeveel mensen met grote behoefte daarbij zijn (blad Bereik). Leeg is "
                    "onbekend, niet niemand.",
                    "whom you reach, in which neighbourhoods, and how many people in great need are among them (sheet "
                    "Reach). Empty is unknown, not nobody.",
                )
            ]
        hidden = words.say("niet getoond", "not shown")
        made = tuple(
            Row(
                (
                    user(str(row["neighbourhood"])),
                    (Run(hidden if row["people_hidden"] else words.number(row["people"])),),
                    (Run(hidden if row["need_hidden"] else words.number(row["people_in_need"])),),
                )
            )
            for row in rows.to_dict("records")
        )
        columns = (
            Column(words.say("Buurt", "Neighbourhood"), width=2.0),
            Column(words.say("Mensen per jaar", "People a year"), "right"),
            Column(words.say("Met grote behoefte", "In great need"), "right"),
        )
        missed = [
            clean(str(name))
            for name in self.case.neighbourhoods["neighbourhood"]
            if name not in set(rows["neighbourhood"])
        ]
        text = words.text(
            "Aantallen onder {few} worden niet getoond.",
            "Numbers below {few} are not shown.",
            few=words.number(self.case.reference.number("suppression_threshold")),
        )
        if missed:
            text = joined(
                [
                    text,
                    words.text(
                        "Niet bereikt volgens de werkmap: {names}.",
                        "Not reached, as far as the workbook says: {names}.",
                        names=words.names(missed, len(missed)),
                    ),
                ]
            )
        alt = words.say("Wie het bereikt, per buurt", "Whom it reaches, by neighbourhood")
        return [
            Table(columns, made, alt),
            Paragraph(text),
            self._todo("hoe u deze mensen bereikt.", "how you reach these people."),
        ]

    def _duration(self) -> list[Block]:
        words = self.words
        return [
            Paragraph(
                words.text(
                    "Wij willen dit {years} doen, vanaf 1 januari {year}.",
                    "We want to do this for {years}, from 1 January {year}.",
                    years=strong(self.duration()),
                    year=words.year(self.case.assumptions.base_year),
                )
            ),
            self._todo(
                "waaraan wij samen zien of het lukt (bijvoorbeeld drie cijfers per jaar), en wanneer wij evalueren.",
                "by what we see together whether it works (for instance three figures a year), and when we evaluate.",
            ),
        ]

    def _signature(self) -> list[Block]:
        names = (("Naam", "Name"), ("Plaats en datum", "Place and date"), ("Handtekening", "Signature"))
        return [Fields(tuple(self.words.say(*pair) for pair in names))]

    def _still_open(self) -> list[Block]:
        words = self.words
        count = words.count(len(self.open), ("punt", "punten"), ("point", "points"))
        return [
            Heading((Run(words.say("Nog in te vullen", "Still to be filled in")),)),
            Paragraph(
                words.text(
                    "Er staan {count} open. Kijk ook in de participatieverordening van uw gemeente welke stukken nodig zijn en "
                    "binnen welke termijn.",
                    "{count} are open. See also in the participation ordinance of your municipality which documents are "
                    "needed and by when.",
                    count=strong(count),
                )
            ),
            Bullets(tuple((Run(first_upper(text[0].text)), *text[1:]) for text in self.open), numbered=True),
        ]

    def _sources(self) -> list[Block]:
        words, assumptions = self.words, self.case.assumptions
        parts = [
            words.text(
                "Cijfers: werkmap van {municipality}, berekend met de methode van Buurtwaarde, in prijzen van {year}. "
                "Besparingen zijn die van een vol jaar; zij zijn pas geld als de gemeente ook minder inkoopt.",
                "Figures: workbook of {municipality}, computed by the method of Buurtwaarde, in prices of {year}. Savings "
                "are those of a full year; they are money only if the municipality also buys less.",
                municipality=clean(assumptions.municipality),
                year=words.year(assumptions.price_year),
            )
        ]
        unpriced = not_priced_of(self.result, self.initiative_id)
        if len(unpriced):
            parts.append(
                words.text(
                    "Zonder prijs (p.m.), telt niet mee: {names}.",
                    "Without a price (p.m.), not counted: {names}.",
                    names=words.names([str(label) for label in unpriced["label"]], len(unpriced)),
                )
            )
        return [Paragraph(joined(parts), "small")]
