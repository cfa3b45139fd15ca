"""The business case of an initiative, for a bank, a fund and the municipality: what `BusinessPlan` says, in order."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from exports.documents.charts import bar_chart
from exports.documents.initiative import AboutInitiative
from exports.documents.model import (
    Block,
    Bullets,
    Chart,
    Column,
    Document,
    Facts,
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
from exports.documents.words import Parts, Words, first_upper, joined, user
from exports.notation import MISSING
from valuation.appraisal import Result
from valuation.business_case import BusinessPlan
from valuation.case import ARRANGEMENTS, FUNDING_KINDS, ITEM_KINDS, REPAYMENTS, Choice
from valuation.fairness import shown_people
from valuation.price_talks import PriceTalks, price_talks_of

SHOWN_YEARS = (1, 2, 3, 5, 10)
"""The years that stand in the table of items; totals stand there for every year."""
ITEM_NAMES: dict[str, Choice] = {choice.key: choice for choice in ITEM_KINDS}
FUNDING_NAMES: dict[str, tuple[str, str]] = {
    **{choice.key: (choice.nl, choice.en) for choice in FUNDING_KINDS},
    "other_initiatives": ("andere initiatieven in hetzelfde object", "other initiatives in the same object"),
}
ARRANGEMENT_NAMES: dict[str, Choice] = {choice.key: choice for choice in ARRANGEMENTS}
USE_NAMES = {
    "purchase_price": ("Aankoopprijs", "Purchase price"),
    "transfer_tax": ("Overdrachtsbelasting", "Transfer tax"),
    "renovation": ("Verbouwing", "Renovation"),
    "start_up": ("Aanloopkosten", "Start-up cost"),
}
STRESS_NAMES = {
    "base": ("Zoals gepland", "As planned"),
    "dry_year": ("Een slecht jaar", "A bad year"),
    "interest_up": ("Hogere rente", "Higher interest"),
    "half_the_volunteers": ("Minder vrijwilligers", "Fewer volunteers"),
}
LEVER_NAMES = {
    "price": ("Aankoopprijs", "Purchase price"),
    "own_money": ("Eigen geld en fondsen", "Own money and grants"),
    "income": ("Inkomsten per jaar", "Income a year"),
    "subsidy": ("Subsidie per jaar", "Subsidy a year"),
    "loan_term": ("Looptijd van de lening", "Term of the loan"),
    "interest_rate": ("Rente", "Interest rate"),
}
MARK_NAMES = {
    "reservation": ("Gemeente niet slechter af vanaf", "Municipality no worse off from"),
    "social": ("Prijs volgens de raadsregel", "Price by the council’s rule"),
    "proposed": ("Voorgestelde prijs", "Proposed price"),
    "ceiling": ("Hoogste prijs die het initiatief kan dragen", "Highest price that the initiative can carry"),
    "market": ("Marktwaarde", "Market value"),
}


def plan_document(words: Words, result: Result, plan: BusinessPlan, *, date: datetime.date | None = None) -> Document:
    """The business case as a document.

    Parameters
    ----------
    words : Words
    result : Result
        Of the case that the plan was made from.
    plan : BusinessPlan
    date : date, optional
        Printed when it is given.
    """
    content = _Plan(words, result, plan)
    return Document(
        title=words.plain("Businesscase: {name}", "Business case: {name}", name=content.title_name),
        language=words.language,
        kind=words.plain(
            "Voor bank, fonds en gemeente {municipality}",
            "For the bank, funds and the municipality of {municipality}",
            municipality=clean(result.case.assumptions.municipality),
        ),
        footer=words.say(
            "Berekend met Buurtwaarde uit de cijfers van het initiatief; geen accountantsverklaring.",
            "Computed with Buurtwaarde from the figures of the initiative; not audited.",
        ),
        date=date,
        blocks=content.blocks(date),
    )


class _Plan(AboutInitiative):
    """The chapters of one business plan."""

    def __init__(self, words: Words, result: Result, plan: BusinessPlan) -> None:
        super().__init__(words, result, plan.initiative_id)
        self.plan = plan

    def blocks(self, date: datetime.date | None) -> tuple[Block, ...]:
        """All chapters in the order in which a bank reads them."""
        words = self.words
        chapters: list[tuple[str, Sequence[Block]]] = [
            (words.say("Samenvatting", "Summary"), self._summary()),
            (words.say("Het plan", "The plan"), self._the_plan(date)),
            (words.say("Exploitatie over tien jaar", "Operations over ten years"), self._operations()),
            (words.say("Financiering", "Financing"), self._financing()),
            (words.say("Aflossing van de leningen", "Repayment of the loans"), self._loans()),
            (words.say("Kan het de leningen dragen? (DSCR)", "Can it carry the loans? (DSCR)"), self._dscr()),
            (words.say("Geld op de bank", "Money in the bank"), self._liquidity()),
            (words.say("Balans", "Balance sheet"), self._balance()),
            (words.say("Wat als het tegenzit?", "What if it goes wrong?"), self._stress()),
            (words.say("Wat sluit het gat?", "What closes the gap?"), self._levers()),
            (words.say("Het gesprek over de prijs", "The talks about the price"), self._talks()),
            (words.say("Wat het de buurt en de gemeente brengt", "What it brings the neighbourhood"), self._social()),
            (words.say("Bronnen en aannames", "Sources and assumptions"), self._sources()),
        ]
        return tuple(block for title, chapter in chapters if chapter for block in (Heading((Run(title),)), *chapter))

    def _euro(self, value: float) -> str:
        return self.words.say("onbekend", "unknown") if math.isnan(value) else self.words.amount(value)

    def _ratio(self, value: float) -> str:
        return self.words.ratio(value)

    def _cell(self, value: float) -> Text:
        return (Run(self.words.amount(value)),)

    def _summary(self) -> list[Block]:
        words, plan = self.words, self.plan
        items = (
            KeyFigure(words.say("Nodig bij de start", "Needed at the start"), self._euro(plan.uses_eur)),
            KeyFigure(words.say("Toegezegd of gepland", "Promised or planned"), self._euro(plan.sources_eur)),
            KeyFigure(
                words.say("Laagste DSCR", "Lowest DSCR"),
                self._ratio(plan.lowest_dscr),
                words.plain("gevraagd: {dscr}", "asked for: {dscr}", dscr=words.ratio(plan.required_dscr)),
            ),
            KeyFigure(
                words.say("Hoogste prijs die kan", "Highest price possible"),
                self._euro(plan.affordable_price_eur) if plan.is_buyer else MISSING,
                words.say("met deze bronnen en leningen", "with these sources and loans")
                if plan.is_buyer
                else words.say("dit initiatief koopt niets", "this initiative buys nothing"),
            ),
        )
        figures = KeyFigures(items, words.say("Het plan in vier cijfers", "The plan in four figures"))
        return [figures, Paragraph(joined([self._gap(), self._debt(), self._weakest()]), "lead")]

    def _gap(self) -> Text:
        words, gap = self.words, self.plan.gap_eur
        if math.isnan(gap):
            return words.text(
                "Er is nog geen prijs afgesproken; daarom is niet bekend of het geld genoeg is.",
                "No price has been agreed yet, so it is not known whether the money is enough.",
            )
        if gap > 0.5:
            return words.text(
                "Er ontbreekt nog {gap} bij de start.",
                "At the start {gap} is still missing.",
                gap=strong(words.amount(gap)),
            )
        if gap < -0.5:
            return words.text(
                "Het geld is genoeg: er blijft {left} over om mee te beginnen.",
                "The money is enough: {left} is left to start with.",
                left=strong(words.amount(-gap)),
            )
        return words.text("Het geld is precies genoeg voor de start.", "The money is just enough for the start.")

    def _debt(self) -> Text:
        words, plan = self.words, self.plan
        if math.isnan(plan.lowest_dscr):
            return words.text("Er is geen lening om te dragen.", "There is no loan to carry.")
        year = "" if plan.lowest_dscr_year is None else str(plan.lowest_dscr_year)
        parts: Parts = {"dscr": strong(words.ratio(plan.lowest_dscr)), "asked": words.ratio(plan.required_dscr)}
        if plan.meets_required_dscr:
            return words.text(
                "In het zwakste jaar (jaar {year}) verdient het {dscr} keer wat rente en aflossing kosten; gevraagd is "
                "{asked}.",
                "In the weakest year (year {year}) it earns {dscr} times what interest and repayment cost; {asked} is asked "
                "for.",
                year=year,
                **parts,
            )
        return words.text(
            "In het zwakste jaar (jaar {year}) verdient het maar {dscr} keer wat rente en aflossing kosten; gevraagd is "
            "{asked}. Zo geeft een bank de lening niet.",
            "In the weakest year (year {year}) it earns only {dscr} times what interest and repayment cost; {asked} is asked "
            "for. A bank will not give the loan like this.",
            year=year,
            **parts,
        )

    def _weakest(self) -> Text:
        """Which blows the plan does not survive."""
        words, table = self.words, self.plan.stress
        blows = table[table["stress"] != "base"]
        known = [holds for holds in blows["holds"] if holds is not None]
        if not known:
            return ()
        broken = [
            words.say(*STRESS_NAMES[str(stress)]).lower()
            for stress, holds in zip(blows["stress"], blows["holds"], strict=True)
            if holds is not None and not holds
        ]
        if not broken:
            return words.text(
                "Het houdt stand bij elke tegenslag die is doorgerekend.", "It survives every blow that was computed."
            )
        return words.text(
            "Het houdt geen stand bij: {blows}.",
            "It does not survive: {blows}.",
            blows=words.names(broken, len(broken)),
        )

    def _the_plan(self, date: datetime.date | None) -> list[Block]:
        words, own, case = self.words, self.own, self.case
        rows = [*self.known_facts(), (words.say("Duur", "Duration"), (Run(self.duration()),))]
        if own["volunteer_hours_per_year"] > 0:
            hours = words.plain(
                "{hours} uur per jaar", "{hours} hours a year", hours=words.number(own["volunteer_hours_per_year"])
            )
            rows.append((words.say("Vrijwilligers", "Volunteers"), (Run(hours),)))
        people = shown_people(case, self.initiative_id)
        if not math.isnan(people):
            rows.append(
                (
                    words.say("Bereikt", "Reaches"),
                    (
                        Run(
                            words.plain(
                                "{people} mensen per jaar", "{people} people a year", people=words.number(people)
                            )
                        ),
                    ),
                )
            )
        blocks: list[Block] = [Facts((*rows, *self.date_fact(date)))]
        tasks = case.tasks[case.tasks["initiative_id"] == self.initiative_id]
        if len(tasks):
            blocks += [
                Paragraph(
                    words.text(
                        "Wat het voor de gemeente en voor de zorg doet:",
                        "What it does for the municipality and for care:",
                    )
                ),
                Bullets(tuple(self._task(row) for row in tasks.to_dict("records"))),
            ]
        if isinstance(own["note"], str):
            blocks.append(Paragraph(user(own["note"])))
        return blocks

    def _task(self, row: dict[Any, Any]) -> Text:
        count = self.words.number(row["volume_per_year"], 1)
        unit = f" {clean(row['unit'])}" if isinstance(row["unit"], str) else ""
        return self.words.text(
            "{task}: {count}{unit} per jaar",
            "{task}: {count}{unit} a year",
            task=clean(str(row["task"])),
            count=count,
            unit=unit,
        )

    def _operations(self) -> list[Block]:
        words, plan = self.words, self.plan
        blocks: list[Block] = []
        if not plan.has_rows:
            blocks.append(
                Notice(
                    words.text(
                        "De bladen Exploitatie en Financiering zijn voor dit initiatief leeg. Alles komt uit zijn totalen op het "
                        "blad Initiatieven: vul de posten in voor een plan dat een bank kan toetsen.",
                        "The sheets Operations and Financing are empty for this initiative. Everything comes from its "
                        "totals on the sheet Initiatives: fill in the items for a plan that a bank can check.",
                    )
                )
            )
        blocks += [self._items(), self._statement(), self._result_chart()]
        occupancy = plan.break_even_occupancy_share
        if not math.isnan(occupancy):
            blocks.append(
                Paragraph(
                    words.text(
                        "In jaar {year}, het eerste volle jaar, komt het uit bij een bezetting van {share} van de zaalverhuur.",
                        "In year {year}, the first full year, it breaks even at {share} occupancy of the hall hire.",
                        year=str(plan.full_year),
                        share=strong(words.percent(occupancy)),
                    )
                )
            )
        return blocks

    def _items(self) -> Table:
        """Every item in some of the years; income first, then cost with a minus."""
        words, table = self.words, self.plan.operations
        years = [year for year in (0, *SHOWN_YEARS) if year or (table.loc[table["year"] == 0, "amount_eur"] != 0).any()]
        rows = []
        for is_income in (True, False):
            some = table[table["is_income"] == is_income]
            for _, item in some.groupby(_item_key(some), sort=False):
                amounts = item.set_index("year")["amount_eur"]
                if (amounts == 0).all():
                    continue
                sign = 1.0 if is_income else -1.0
                rows.append(
                    Row(
                        (
                            self._item_name(item.iloc[0]),
                            *(self._cell(sign * float(amounts.loc[year])) for year in years),
                        )
                    )
                )
        columns = (
            Column(words.say("Post\u00a0(€)", "Item\u00a0(€)"), width=2.6),
            *(Column(self._year_name(year), "right") for year in years),
        )
        alt = words.say(
            "Inkomsten en kosten per post, in enkele jaren", "Income and cost by item, in some of the years"
        )
        caption = words.say(
            "Posten in enkele jaren (bedragen van dat jaar; kosten met een min)",
            "Items in some of the years (amounts of that year; cost with a minus)",
        )
        return Table(columns, tuple(rows), alt, caption)

    def _item_name(self, row: pd.Series[Any]) -> Text:
        choice = ITEM_NAMES[str(row["item_kind"])]
        kind = self.words.say(choice.nl, choice.en)
        if not isinstance(row["item"], str):
            return (Run(first_upper(kind)),)
        if clean(row["item"]).casefold() == kind.casefold():
            return user(row["item"])
        return (*user(row["item"]), Run(f" ({kind})"))

    def _year_name(self, year: int) -> str:
        return (
            self.words.say("start", "start")
            if year == 0
            else self.words.plain("jaar {year}", "year {year}", year=str(year))
        )

    def _statement(self) -> Table:
        words = self.words
        headers = {
            "income_eur": words.say("Inkomsten", "Income"),
            "operating_cost_eur": words.say("Kosten", "Cost"),
            "result_before_capital_charges_eur": words.say("Vóór kapitaallasten", "Before capital charges"),
            "depreciation_eur": words.say("Afschrijving", "Depreciation"),
            "interest_eur": words.say("Rente", "Interest"),
            "result_eur": words.say("Resultaat", "Result"),
        }
        alt = words.say("Exploitatierekening van tien jaar", "Income statement of ten years")
        caption = words.say("Exploitatierekening (€; kosten zijn positief)", "Income statement (€; cost is positive)")
        return self._by_year(self.plan.income_statement, headers, alt, caption)

    def _by_year(self, table: pd.DataFrame, headers: dict[str, str], alt: str, caption: str = "") -> Table:
        """Years as rows, amounts as columns."""
        columns = (
            Column(self.words.say("Jaar", "Year"), width=0.8),
            *(Column(header, "right") for header in headers.values()),
        )
        rows = tuple(
            Row(((Run(self._calendar(row)),), *(self._cell(float(row[key])) for key in headers)))
            for row in table.to_dict("records")
        )
        return Table(columns, rows, alt, caption)

    def _calendar(self, row: dict[Any, Any]) -> str:
        """Year 0 is the day of the transfer; later years by their number and calendar year."""
        year = int(row["year"])
        return self.words.say("start", "start") if year == 0 else f"{year} ({self.words.year(row['calendar_year'])})"

    def _result_chart(self) -> Chart:
        words, table = self.words, self.plan.dscr
        rows = table[table["year"] <= len(self.plan.income_statement)]
        return bar_chart(
            words,
            words.say(
                "Wat overblijft na rente en aflossing (€ per jaar)",
                "What is left after interest and repayment (€ a year)",
            ),
            [
                (words.year(year), float(left))
                for year, left in zip(rows["calendar_year"], rows["result_after_debt_service_eur"], strict=True)
            ],
        )

    def _financing(self) -> list[Block]:
        words, plan = self.words, self.plan
        uses = [
            Row(((Run(words.say(*USE_NAMES[str(use)])),), (Run(self._euro(float(amount))),)))
            for use, amount in zip(plan.uses["use"], plan.uses["amount_eur"], strict=True)
            if math.isnan(amount) or amount
        ]
        uses.append(
            Row(((Run(words.say("Totaal nodig", "Total needed")),), (Run(self._euro(plan.uses_eur)),)), total=True)
        )
        amount = Column(words.say("Bedrag\u00a0(€)", "Amount\u00a0(€)"), "right")
        needed = Table(
            (Column(words.say("Waar het geld voor nodig is", "What the money is for"), width=3.0), amount),
            tuple(uses),
            words.say("Waar het geld bij de start voor nodig is", "What the money is needed for at the start"),
        )
        sources = [self._source(row) for row in plan.sources.to_dict("records")]
        total: tuple[Text, ...] = (
            (Run(words.say("Totaal", "Total")),),
            (Run(self._euro(plan.sources_eur)),),
            *((Run(""),),) * 4,
        )
        found = Table(
            (
                Column(words.say("Waar het geld vandaan komt", "Where the money comes from"), width=2.4),
                amount,
                Column(words.say("Rente", "Interest"), "right", 0.8),
                Column(words.say("Looptijd", "Term"), "right", 0.9),
                Column(words.say("Aflossing", "Repayment"), width=1.2),
                Column(words.say("Garantie gemeente", "Municipal guarantee"), "right", 1.1),
            ),
            (*sources, Row(total, total=True)),
            words.say("Waar het geld vandaan komt", "Where the money comes from"),
        )
        return [needed, found, Paragraph(self._gap())]

    def _source(self, row: dict[Any, Any]) -> Row:
        words = self.words
        kind = words.say(*FUNDING_NAMES[row["funding_kind"]])
        name: Text = (
            (*user(row["source"]), Run(f" ({kind})")) if isinstance(row["source"], str) else (Run(first_upper(kind)),)
        )
        if not row["is_loan"]:
            return Row((name, (Run(self._euro(float(row["amount_eur"]))),), *((Run(""),),) * 4))
        repayments = {choice.key: words.say(choice.nl, choice.en) for choice in REPAYMENTS}
        free = float(row["interest_only_years"])
        repayment = repayments[row["repayment"]]
        if free > 0:
            repayment += words.plain(", na {years} jaar", ", after {years} years", years=words.number(free))
        years = (
            words.count(int(row["term_years"]), ("jaar", "jaar"), ("year", "years"))
            if not math.isnan(row["term_years"])
            else MISSING
        )
        return Row(
            (
                name,
                (Run(self._euro(float(row["amount_eur"]))),),
                (Run(words.percent(row["interest_rate"], 2)),),
                (Run(years),),
                (Run(repayment),),
                (Run(words.percent(row["guaranteed_share"]) if row["guaranteed_share"] else MISSING),),
            )
        )

    def _loans(self) -> list[Block]:
        words, loans = self.words, self.plan.loans
        if loans.empty:
            return []
        headers = {
            "opening_eur": words.say("Schuld op 1 januari", "Debt on 1 January"),
            "interest_eur": words.say("Rente", "Interest"),
            "repayment_eur": words.say("Aflossing", "Repayment"),
            "debt_service_eur": words.say("Samen", "Together"),
            "closing_eur": words.say("Schuld op 31 december", "Debt on 31 December"),
        }
        if (loans["guaranteed_eur"] != 0).any():
            headers["guaranteed_eur"] = words.say("Waarvan gegarandeerd", "Of which guaranteed")
        tables: list[Block] = []
        for position, loan in loans.groupby("loan", sort=False):
            source = self.plan.sources.iloc[int(str(position))]
            kind = words.say(*FUNDING_NAMES[str(source["funding_kind"])])
            name = clean(source["source"]) if isinstance(source["source"], str) else first_upper(kind)
            tables.append(
                self._by_year(
                    loan, headers, words.plain("Aflossing van {loan}", "Repayment of {loan}", loan=name), f"{name} (€)"
                )
            )
        return tables

    def _dscr(self) -> list[Block]:
        words, table = self.words, self.plan.dscr
        if table["dscr"].isna().all():
            return []
        rows = tuple(
            Row(
                (
                    (Run(self._calendar(row)),),
                    self._cell(row["cfads_eur"]),
                    self._cell(row["debt_service_eur"]),
                    (Run(self._ratio(float(row["dscr"]))),),
                    self._cell(row["result_after_debt_service_eur"]),
                )
            )
            for row in table.to_dict("records")
        )
        columns = (
            Column(words.say("Jaar", "Year"), width=0.8),
            Column(words.say("Beschikbaar\u00a0(€)", "Available\u00a0(€)"), "right"),
            Column(words.say("Rente en aflossing\u00a0(€)", "Interest and repayment\u00a0(€)"), "right", 1.2),
            Column("DSCR", "right", 0.7),
            Column(words.say("Blijft over\u00a0(€)", "Left\u00a0(€)"), "right"),
        )
        text = words.text(
            "DSCR is wat beschikbaar is, gedeeld door rente en aflossing. Beschikbaar is inkomsten min kosten en min de "
            "reservering voor vervanging. De bank vraagt hier minstens {asked}.",
            "DSCR is what is available, divided by interest and repayment. Available is income less cost and less the "
            "reserve for replacement. The bank asks at least {asked} here.",
            asked=strong(words.ratio(self.plan.required_dscr)),
        )
        return [Paragraph(text), Table(columns, rows, words.say("DSCR per jaar", "DSCR by year"))]

    def _liquidity(self) -> list[Block]:
        words, table = self.words, self.plan.liquidity
        headers = {
            "opening_cash_eur": words.say("Begin", "Opening"),
            "income_eur": words.say("Inkomsten", "Income"),
            "subsidy_eur": words.say("Subsidie", "Subsidy"),
            "operating_cost_eur": words.say("Kosten", "Cost"),
            "debt_service_eur": words.say("Rente en aflossing", "Interest and repayment"),
            "closing_cash_eur": words.say("Eind", "Closing"),
        }
        columns = (
            Column(words.say("Kwartaal", "Quarter"), width=0.9),
            *(Column(header, "right") for header in headers.values()),
        )
        quarter = words.say("jaar {year}, kw. {quarter}", "year {year}, Q{quarter}")
        rows = tuple(
            Row(
                (
                    (Run(quarter.format(year=int(row["year"]), quarter=int(row["quarter"]))),),
                    *(self._cell(float(row[key])) for key in headers),
                )
            )
            for row in table.to_dict("records")
        )
        lowest = self.plan.lowest_cash_eur
        note = (
            words.text(
                "Zonder prijs is niet bekend hoeveel geld er is.",
                "Without a price it is not known how much money there is.",
            )
            if math.isnan(lowest)
            else words.text(
                "Het minste geld op de bank is {lowest}.{short}",
                "The least money in the bank is {lowest}.{short}",
                lowest=strong(words.amount(lowest)),
                short=words.say(
                    " Onder nul is een tekort dat nog niemand betaalt.",
                    " Below zero is a shortage that nobody pays yet.",
                )
                if lowest < 0
                else "",
            )
        )
        alt = words.say(
            "Liquiditeit per kwartaal in de eerste twee jaar", "Liquidity by quarter in the first two years"
        )
        caption = words.say("De eerste twee jaar per kwartaal (€)", "The first two years by quarter (€)")
        return [Table(columns, rows, alt, caption), Paragraph(note)]

    def _balance(self) -> list[Block]:
        words = self.words
        headers = {
            "fixed_assets_eur": words.say("Pand en verbouwing", "Property and renovation"),
            "cash_eur": words.say("Geld", "Cash"),
            "assets_eur": words.say("Bezit totaal", "Total assets"),
            "loans_eur": words.say("Leningen", "Loans"),
            "deferred_price_eur": words.say("Later te betalen", "Payable later"),
            "replacement_reserve_eur": words.say("Reserve vervanging", "Replacement reserve"),
            "equity_eur": words.say("Eigen vermogen", "Equity"),
        }
        table = self.plan.balance_sheet
        for key in ("deferred_price_eur", "replacement_reserve_eur"):
            if (table[key] == 0).all():
                headers.pop(key)
        alt = words.say("Balans aan het eind van elk jaar", "Balance sheet at the end of each year")
        return [
            self._by_year(
                table, headers, alt, words.say("Aan het eind van elk jaar (€)", "At the end of each year (€)")
            )
        ]

    def _stress(self) -> list[Block]:
        words = self.words
        rows = tuple(self._blow(row) for row in self.plan.stress.to_dict("records"))
        columns = (
            Column(words.say("Wat er gebeurt", "What happens"), width=2.6),
            Column(
                words.say(
                    "Laagste resultaat na rente en aflossing\u00a0(€)",
                    "Lowest result after interest and repayment\u00a0(€)",
                ),
                "right",
                1.6,
            ),
            Column(words.say("Laagste stand van het geld\u00a0(€)", "Lowest cash\u00a0(€)"), "right", 1.3),
            Column(words.say("Laagste DSCR", "Lowest DSCR"), "right", 0.8),
            Column(words.say("Houdt stand", "Survives"), width=0.8),
        )
        return [
            Table(columns, rows, words.say("Het plan bij tegenslag", "The plan when it goes wrong")),
            Paragraph(
                words.text(
                    "Elke tegenslag staat op zichzelf. Het plan houdt stand als er altijd geld op de bank is.",
                    "Each blow stands by itself. The plan survives if there is always money in the bank.",
                ),
                "small",
            ),
        ]

    def _blow(self, row: dict[Any, Any]) -> Row:
        words, size = self.words, float(row["size"])
        names = {
            "base": STRESS_NAMES["base"],
            "dry_year": (
                "Een slecht jaar: {size} minder uit zaalverhuur, horeca en activiteiten",
                "A bad year: {size} less from hall hire, catering and activities",
            )
            if self.plan.has_rows
            else ("Een slecht jaar: {size} minder eigen inkomsten", "A bad year: {size} less own income"),
            "interest_up": ("De rente {points} procentpunt hoger", "Interest {points} percentage points up"),
            "half_the_volunteers": (
                "{size} van de vrijwilligersuren moet worden betaald",
                "{size} of the volunteer hours must be paid",
            ),
        }
        what = words.text(*names[row["stress"]], size=words.percent(size), points=words.number(size * 100, 2))
        holds = row["holds"]
        verdict = (
            words.say("onbekend", "unknown")
            if holds is None
            else words.say("ja", "yes")
            if holds
            else words.say("nee", "no")
        )
        return Row(
            (
                what,
                self._cell(row["result_eur"]),
                self._cell(row["lowest_cash_eur"]),
                (Run(self._ratio(float(row["lowest_dscr"]))),),
                (Run(verdict),),
            )
        )

    def _levers(self) -> list[Block]:
        words, table = self.words, self.plan.levers
        if table.empty:
            return []
        rows = tuple(
            Row(
                (
                    (Run(words.say(*LEVER_NAMES[row["lever"]])),),
                    (Run(self._lever(row["unit"], float(row["now"]))),),
                    (Run(self._lever(row["unit"], float(row["needed"]))),),
                    (Run(self._lever(row["unit"], float(row["step"]), signed=True)),),
                    self._cell(row["gap_effect_eur"]),
                )
            )
            for row in table.to_dict("records")
        )
        columns = (
            Column(words.say("Aan welke knop", "Which lever"), width=1.6),
            Column(words.say("Nu", "Now"), "right"),
            Column(words.say("Precies genoeg", "Just enough"), "right"),
            Column(words.say("Een stap", "One step"), "right"),
            Column(words.say("doet met het gat\u00a0(€)", "does to the gap\u00a0(€)"), "right", 1.1),
        )
        gap = self.plan.gap_at_required_dscr_eur
        text = words.text(
            "Als de leningen zo groot zijn als een DSCR van {dscr} toelaat, is het gat {gap}; onder nul is er ruimte. "
            "“Precies genoeg” is waar deze ene knop moet staan om op nul uit te komen; – betekent dat het met deze knop "
            "alleen niet lukt.",
            "If the loans are as large as a DSCR of {dscr} allows, the gap is {gap}; below zero there is room. “Just enough” "
            "is where this one lever must stand to come out at zero; – means that this lever alone cannot do it.",
            dscr=words.ratio(self.plan.required_dscr),
            gap=strong(self._euro(gap)),
        )
        return [
            Paragraph(text),
            Table(columns, rows, words.say("Wat elke knop met het gat doet", "What each lever does to the gap")),
        ]

    def _lever(self, unit: str, value: float, *, signed: bool = False) -> str:
        words = self.words
        if math.isnan(value):
            return MISSING
        plus = "+" if signed and value > 0 else ""
        if unit == "years":
            return plus + words.plain("{years} jaar", "{years} years", years=words.number(value, 1))
        if unit == "fraction":
            return plus + words.percent(value, 2)
        return plus + words.amount(value)

    def _talks(self) -> list[Block]:
        if self.asset_id is None or not self.plan.is_buyer:
            return []
        words = self.words
        price = None if math.isnan(self.plan.price_eur) else self.plan.price_eur
        talks = price_talks_of(self.result, self.asset_id, price_eur=price)
        rows = tuple(
            Row(
                (
                    (Run(words.say(*MARK_NAMES[row["mark"]])),),
                    self._cell(row["price_eur"]),
                    self._cell(row["municipality_gain_eur"]),
                    self._cell(row["initiative_gain_eur"]),
                )
            )
            for row in talks.marks.to_dict("records")
        )
        columns = (
            Column(words.say("Bij deze prijs", "At this price"), width=2.2),
            Column(words.say("Prijs\u00a0(€)", "Price\u00a0(€)"), "right"),
            Column(words.say("Gemeente wint\u00a0(€)", "Municipality gains\u00a0(€)"), "right"),
            Column(words.say("Initiatief houdt over\u00a0(€)", "Initiative keeps\u00a0(€)"), "right"),
        )
        zone = talks.zone_eur
        text = (
            words.text(
                "Er is ruimte om te onderhandelen: samen {zone}. Wat de één wint, geeft de ander toe. De grens van de gemeente "
                "geldt als alle besparingen uitkomen en is nooit een bod.",
                "There is room to negotiate: {zone} together. What one gains, the other gives. The municipality’s limit holds "
                "if all savings come true and is never a bid.",
                zone=strong(words.amount(zone)),
            )
            if zone >= 0
            else words.text(
                "Er is geen prijs die voor beide past: de kloof is {gap}.",
                "No price suits both: the gap is {gap}.",
                gap=strong(words.amount(-zone)),
            )
        )
        return [
            Paragraph(text),
            Table(
                columns,
                rows,
                words.say("Wat elke prijs voor beide kanten betekent", "What each price means for both sides"),
            ),
            *self._arrangements(talks),
        ]

    def _arrangements(self, talks: PriceTalks) -> list[Block]:
        words, table = self.words, talks.arrangements
        if table.empty:
            return []
        rows = tuple(
            Row(
                (
                    (Run(first_upper(words.say(choice.nl, choice.en))),),
                    (Run(words.year(row["year"])),),
                    (Run(words.say("p.m.", "p.m.") if row["is_pm"] else words.amount(row["nominal_eur"])),),
                    (Run(words.say("p.m.", "p.m.") if row["is_pm"] else words.amount(row["municipality_pv_eur"])),),
                    (
                        Run(
                            words.say("ja", "yes")
                            if row["is_certain"]
                            else words.say("alleen als het zo loopt", "only if it turns out so")
                        ),
                    ),
                )
            )
            for row in table.to_dict("records")
            for choice in (ARRANGEMENT_NAMES[row["arrangement"]],)
        )
        columns = (
            Column(words.say("Afspraak", "Arrangement"), width=1.8),
            Column(words.say("Jaar", "Year"), "right", 0.5),
            Column(words.say("Bedrag dan\u00a0(€)", "Amount then\u00a0(€)"), "right"),
            Column(
                words.say("Nu waard voor de gemeente\u00a0(€)", "Worth now to the municipality\u00a0(€)"), "right", 1.2
            ),
            Column(words.say("Zeker?", "Certain?"), width=1.1),
        )
        blocks: list[Block] = [
            Table(
                columns,
                rows,
                words.say("Afspraken naast de prijs", "Arrangements beside the price"),
                words.say("Afspraken naast de prijs", "Arrangements beside the price"),
            )
        ]
        reviews = talks.review[talks.review["is_review"].astype(bool)] if len(talks.review) else talks.review
        if len(reviews):
            blocks.append(
                Paragraph(
                    words.text(
                        "Herijking in {years}. Terug te vorderen aan het eind van dat jaar: {amounts}.",
                        "Review in {years}. To be clawed back at the end of that year: {amounts}.",
                        years=words.names([words.year(year) for year in reviews["calendar_year"]], len(reviews)),
                        amounts=words.names([words.amount(amount) for amount in reviews["clawback_eur"]], len(reviews)),
                    )
                )
            )
        return blocks

    def _social(self) -> list[Block]:
        words, row = self.words, self.figures
        items = (
            KeyFigure(
                words.say("Maatschappelijke waarde", "Social value"),
                self._euro(float(row["ranked_npv_society_eur"])),
                words.say("alle jaren samen, met het object", "all years together, with the object")
                if self.asset_id is not None
                else words.say("alle jaren samen", "all years together"),
            ),
            KeyFigure(
                words.say("Vermeden zorg per jaar", "Avoided care a year"),
                words.amount(row["avoided_cost_eur_per_year"]),
                words.say("alle betalers", "all payers"),
            ),
            KeyFigure(
                words.say("Netto besparing van de gemeente", "Net saving of the municipality"),
                words.amount(row["municipal_net_saving_eur_per_year"]),
                words.say("per jaar, na subsidie en begeleiding", "a year, after subsidy and support"),
            ),
        )
        text = words.text(
            "Deze bedragen zijn reëel en staan los van de businesscase: het is geen geld van het initiatief.",
            "These amounts are real and stand apart from the business case: it is not the initiative’s money.",
        )
        return [
            KeyFigures(items, words.say("Wat het brengt in drie cijfers", "What it brings in three figures")),
            Paragraph(text),
        ]

    def _sources(self) -> list[Block]:
        words, reference = self.words, self.case.reference
        terms = (
            words.text(
                "Bedragen in de exploitatie, de leningen en de balans zijn nominaal: euro’s van dat jaar. Posten zonder eigen "
                "indexering stijgen {rate} per jaar (aanname).",
                "Amounts in the operations, the loans and the balance sheet are nominal: euros of that year. Items without "
                "their own indexation rise {rate} a year (an assumption).",
                rate=words.percent(reference.number("indexation_rate"), 2),
            ),
            words.text(
                "Tegenslag: {drop} minder inkomsten in een slecht jaar, {points} procentpunt meer rente, en {loss} van de "
                "vrijwilligersuren betaald. Dit zijn aannames.",
                "Blows: {drop} less income in a bad year, {points} percentage points more interest, and {loss} of the "
                "volunteer hours paid. These are assumptions.",
                drop=words.percent(reference.number("dry_year_income_drop")),
                points=words.number(reference.number("interest_shock") * 100, 2),
                loss=words.percent(reference.number("volunteer_loss")),
            ),
            words.text(
                "Besparingen en maatschappelijke waarde: in prijzen van {year}, met de methode van Buurtwaarde.",
                "Savings and social value: in prices of {year}, by the method of Buurtwaarde.",
                year=words.year(self.case.assumptions.price_year),
            ),
            words.text(
                "Cijfers: werkmap van {municipality}; ingevuld door het initiatief en de gemeente.",
                "Figures: workbook of {municipality}; filled in by the initiative and the municipality.",
                municipality=clean(self.case.assumptions.municipality),
            ),
        )
        return [Bullets(terms)]


def _item_key(table: pd.DataFrame) -> pd.Series[Any]:
    """What makes rows one item: its row of the sheet, or its kind for a total of the sheet Initiatieven."""
    rows = table["row"].fillna(-1.0).astype(int).astype(str)
    key: pd.Series[Any] = rows + " " + table["item_kind"].astype(str)
    return key
