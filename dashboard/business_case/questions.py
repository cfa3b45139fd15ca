"""The questions of a business case, declared: what is asked, why, an example, and in which cell the answer stands.

Everything that is asked stands here and nowhere else; the engine (`steps`, `fields`) only walks through it. A question
has parts: fields, each one cell of the row of the initiative, its object or an assumption; and lists of rows, such as
the items of the operating forecast. What "I do not know" does is declared at the field: a reference price of
`datasets/`, a cautious assumption that is called one, or an open point with the word who to ask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from dashboard.business_case.answers import Answers
from dashboard.notation import number as figure
from dashboard.notation import percent
from dashboard.wording import _
from intake.workbook import Cell

Widget = Literal["text", "lines", "choice", "tenths", "price", "take_up", "place"]


@dataclass(frozen=True)
class Unknown:
    """What "I do not know" does with a cell.

    Parameters
    ----------
    says : str
        What happens now, and who knows it, for the screen and the list of open points.
    price_key : str
        Reference price of `datasets/unit_values.csv` that is filled in.
    area : bool
        The price is per square metre: the area of the object goes in as the quantity.
    same_as : str
        Column of the same row whose amount is taken as an assumption.
    value : float | None
        A cautious assumption; called one wherever it stands.
    """

    says: str
    price_key: str = ""
    area: bool = False
    same_as: str = ""
    value: float | None = None

    @property
    def is_open(self) -> bool:
        """Nothing is filled in: it becomes an open point."""
        return not self.price_key and not self.same_as and self.value is None


@dataclass(frozen=True)
class Field:
    """One answer: one cell.

    Parameters
    ----------
    table, column : str
        Code names of the table and the column; for an assumption its key.
    label : str
        The question in a few words, with its unit.
    example : str
        What somebody might answer.
    help : str
        What is meant, or where to find it.
    unknown : Unknown, optional
        What "I do not know" does; none where one always knows, such as one's own name.
    widget : str
        How it is asked.
    needed : callable, optional
        Whether there are no figures without it, besides what the column itself requires.
    also : tuple of (table, column)
        Cells that get the same answer.
    shown : callable, optional
        Whether it is asked at all.
    """

    table: str
    column: str
    label: str
    example: str = ""
    help: str = ""
    unknown: Unknown | None = None
    widget: Widget = "text"
    needed: Callable[[Answers], bool] | None = None
    also: tuple[tuple[str, str], ...] = ()
    shown: Callable[[Answers, int | None], bool] | None = None

    def is_needed(self, answers: Answers) -> bool:
        """Whether there are no figures without it."""
        if self.needed is not None:
            return self.needed(answers)
        spot = answers.spot(self.table, self.column, 0)
        return spot is not None and spot.declared.required


@dataclass(frozen=True)
class RowKind:
    """One kind of row that can be added to a list.

    Parameters
    ----------
    key : str
        Name of this kind.
    label, why : str
        What it is called, and one sentence about it.
    preset : mapping
        Column to the code's word of a choice that makes a row of this kind.
    named : str
        Column that gets the label as its name in a new row.
    fields : tuple of Field
    """

    key: str
    label: str
    preset: Mapping[str, str] = field(default_factory=dict)
    named: str = ""
    why: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Rows:
    """A list of rows of one table, about this initiative.

    Parameters
    ----------
    table : str
    kinds : tuple of RowKind
        What can be added; a row of the workbook belongs to the first kind whose preset it has.
    heading, add : str
        What stands above the list, and above the buttons that add to it.
    empty : str
        What to say while there is no row yet.
    needed : callable, optional
        Whether there are no figures without a row.
    fixed : bool
        The rows come from another question: none can be added or removed here.
    total : str
        Column of the initiative that holds the total of the rows; without rows that total counts.
    """

    table: str
    kinds: tuple[RowKind, ...]
    heading: str = ""
    add: str = ""
    empty: str = ""
    needed: Callable[[Answers], bool] | None = None
    fixed: bool = False
    total: str = ""

    def rows(self, answers: Answers) -> dict[int, RowKind]:
        """Row number of each row of the initiative that this list is about, to its kind."""
        found = {}
        for number in answers.rows(self.table):
            kind = next((kind for kind in self.kinds if _is_of(answers, self.table, number, kind)), None)
            if kind is not None:
                found[number] = kind
        return found


@dataclass(frozen=True)
class Question:
    """One screen.

    Parameters
    ----------
    key : str
        Name in the URL.
    title, short : str
        The question, and its name in the list beside it.
    why, example : str
        Why it is asked, and how somebody else answered.
    parts : tuple of Field and Rows
    """

    key: str
    title: str
    short: str
    why: str
    example: str
    parts: tuple[Field | Rows, ...]


def _is_of(answers: Answers, table: str, row: int, kind: RowKind) -> bool:
    for column, key in kind.preset.items():
        spot = answers.spot(table, column, row)
        if spot is None or answers.choice(spot) != key:
            return False
    name = answers.rows(table)[row].get(kind.named) if kind.named and kind.key.startswith("named_") else kind.label
    return str(name) == kind.label


def has_place(answers: Answers, _row: int | None = None) -> bool:
    """Whether the initiative takes over a building or green space."""
    return bool(answers.rows("assets"))


def _no_book_value(answers: Answers) -> bool:
    """Whether the book value cannot be worked out from the other columns either."""
    own = next(iter(answers.rows("assets").values()), {})
    return not {"acquisition_cost_eur", "in_service_year", "depreciation_method"} <= set(own)


def _no_cost(answers: Answers) -> bool:
    """Whether nothing says what the initiative costs: neither a total, nor a cost of each task."""
    own = next(iter(answers.rows("initiatives").values()), {})
    tasks = answers.rows("tasks").values()
    priced = bool(tasks) and all("initiative_unit_cost_eur" in task for task in tasks)
    return "operating_cost_eur_per_year" not in own and not priced


def _own_price(answers: Answers, row: int | None) -> bool:
    """Whether a task is something else than the care in the list, so that its unit, price and payer are asked."""
    own = answers.rows("tasks").get(row or 0, {})
    return "price_key" not in own and "payer" in own


def _counted(answers: Answers, row: int | None) -> bool:
    """Whether an item is so many times an amount, such as square metres, rather than one amount a year."""
    own = answers.rows("operations").get(row or 0, {})
    return own.get("quantity_per_year") not in {None, 1}


def _one_amount(answers: Answers, row: int | None) -> bool:
    return not _counted(answers, row)


def questions() -> tuple[Question, ...]:
    """All questions in order, in the language of the session."""
    return (
        _who(),
        _place(),
        _price(),
        _renovation(),
        _tasks(),
        _otherwise(),
        _income(),
        _costs(),
        _volunteers(),
        _municipality(),
        _money(),
        _duration(),
        _reach(),
        _strengths(),
    )


def _who() -> Question:
    return Question(
        "wie",
        _("Who are you, and what do you want?"),
        _("Who you are"),
        _("The municipality, a fund and a bank first want to know who they are dealing with."),
        _(
            "Foundation De Brink, in Eemstad. We want to keep the community centre open for everyone in our "
            "neighbourhood, and give older people a place to go during the day."
        ),
        (
            Field("initiatives", "name", _("Name of your group"), _("Foundation De Brink")),
            Field("assumptions", "municipality", _("Municipality"), _("Eemstad")),
            Field(
                "assumptions",
                "base_year",
                _("In which year do you want to start?"),
                "2027",
                _("We count from 1 January of this year."),
            ),
            Field(
                "initiatives",
                "legal_form",
                _("Legal form"),
                _("foundation, cooperative, or none yet"),
                unknown=Unknown(_("You can decide this later. A bank and the municipality will ask for it.")),
            ),
            Field("initiatives", "theme", _("What is it about, in a few words?"), _("meeting and care")),
            Field(
                "initiatives",
                "note",
                _("What do you want, in two or three sentences?"),
                help=_("This stands at the top of your business case."),
                widget="lines",
            ),
        ),
    )


def _place() -> Question:
    return Question(
        "plek",
        _("Which building or green space is it about?"),
        _("The place"),
        _(
            "The size decides much of the costs. No building or green space? Then the plan is about your activities only."
        ),
        _("Community centre De Brink, in the neighbourhood De Akkers, 420 m² of floor."),
        (
            Field("initiatives", "asset_id", _("What do you want to take over?"), widget="place"),
            Field(
                "assets",
                "name",
                _("Name of the building or green space"),
                _("Community centre De Brink"),
                shown=has_place,
            ),
            Field(
                "initiatives",
                "neighbourhood",
                _("In which neighbourhood do you work?"),
                _("De Akkers"),
                also=(("assets", "neighbourhood"),),
            ),
            Field(
                "assets",
                "area_m2",
                _("How large is it? (m²)"),
                figure(420),
                _("Of a building: all floors together. It stands on bagviewer.kadaster.nl, or ask the municipality."),
                unknown=Unknown(
                    _(
                        "Look it up on bagviewer.kadaster.nl: type the address. Without it there is no reference for the costs."
                    )
                ),
                shown=has_place,
            ),
        ),
    )


def _price() -> Question:
    ask = _("Ask the municipality. Until then we count nothing here, so the saving for the municipality looks smaller.")
    return Question(
        "prijs",
        _("What does the municipality ask for it, and what does it cost now?"),
        _("Price and cost now"),
        _("The price talks are about this: what you can pay, and from which price the municipality is no worse off."),
        _(
            "The municipality asks €250,000. The market value is €420,000 by appraisal. It now costs the municipality "
            "€38,000 a year, and €12,000 for major maintenance."
        ),
        (
            Field(
                "assets",
                "proposed_price_eur",
                _("Which price is on the table? (€)"),
                figure(250_000),
                unknown=Unknown(
                    _("No price yet? Then you see which price you can carry, and what the municipality needs.")
                ),
                shown=has_place,
            ),
            Field(
                "assets",
                "market_value_eur",
                _("What would a buyer on the market pay? (€)"),
                figure(420_000),
                _("Best is an appraisal. Otherwise the WOZ value on wozwaardeloket.nl: free, type the address."),
                unknown=Unknown(
                    _(
                        "We cannot do without this figure. Look at wozwaardeloket.nl, or ask the municipality for the appraisal."
                    )
                ),
                shown=has_place,
            ),
            Field(
                "assets",
                "book_value_eur",
                _("For how much does it stand in the municipality’s books? (€)"),
                figure(180_000),
                _("The book value stands in the municipality’s asset register. Only the municipality knows it."),
                unknown=Unknown(
                    _(
                        "For now we take the book value to be equal to the market value: then the municipality has no "
                        "profit or loss in its books. That is an assumption. Ask the municipality for the book value."
                    ),
                    same_as="market_value_eur",
                ),
                needed=_no_book_value,
                shown=has_place,
            ),
            Field(
                "assets",
                "operating_cost_eur_per_year",
                _("What does it cost the municipality per year? (€)"),
                figure(38_000),
                _("Energy, cleaning, insurance, upkeep. Only what really stops when you take it over."),
                unknown=Unknown(ask),
                shown=has_place,
            ),
            Field(
                "assets",
                "major_maintenance_eur_per_year",
                _("And for major maintenance per year? (€)"),
                figure(12_000),
                _("Roof, window frames, boiler. It stands in the maintenance plan (MJOP)."),
                unknown=Unknown(ask),
                shown=has_place,
            ),
            Field(
                "assets",
                "rent_income_eur_per_year",
                _("How much rent does the municipality get per year now? (€)"),
                figure(15_000),
                unknown=Unknown(_("Ask the municipality. Until then we count no rent.")),
                shown=has_place,
            ),
        ),
    )


def _renovation() -> Question:
    return Question(
        "verbouwing",
        _("What has to be done to it before you can start?"),
        _("Renovation"),
        _("This you pay once, at the start. A roof that nobody thought of can break a plan."),
        _("New kitchen and toilets €60,000. The roof leaks: €50,000, by the municipality’s maintenance plan."),
        (
            Field(
                "initiatives",
                "renovation_eur",
                _("What does the renovation cost, all together? (€)"),
                figure(60_000),
                _("With VAT, if you cannot reclaim it. Nothing to do? Fill in 0."),
                unknown=Unknown(_("Ask a contractor for a first estimate. Until then we count no renovation.")),
            ),
            Field(
                "assets",
                "maintenance_backlog_eur",
                _("What part of the upkeep is overdue? What does it cost to put right? (€)"),
                figure(50_000),
                _("Ask the municipality for its maintenance plan (MJOP) and ask an expert to look at it too."),
                unknown=Unknown(
                    _("Ask the municipality for the maintenance plan. Until then we count no overdue upkeep.")
                ),
                shown=has_place,
            ),
        ),
    )


def _tasks() -> Question:
    return Question(
        "activiteiten",
        _("What will you do there, and for whom?"),
        _("Activities"),
        _(
            "Help and care that others pay for now can be worth money to the municipality. Meeting each other is worth a "
            "lot too, but has no price; it counts along in numbers."
        ),
        _("A place for older people during the day: 15 people, 2 half-days a week, 50 weeks: 1,500 half-days a year."),
        (
            Rows(
                "tasks",
                (
                    RowKind(
                        "task",
                        _("Help or care"),
                        why=_("Something that people would otherwise get from an institution."),
                        fields=(
                            Field("tasks", "task", _("What will you do?"), _("Day activities for older people")),
                            Field(
                                "tasks",
                                "price_key",
                                _("What would these people otherwise get?"),
                                help=_("You see what it costs per unit, and where that comes from."),
                                widget="price",
                            ),
                            Field(
                                "tasks",
                                "unit",
                                _("In what do you count? (hours, half-days, visits)"),
                                _("half-day"),
                                shown=_own_price,
                            ),
                            Field(
                                "tasks",
                                "institutional_unit_cost_eur",
                                _("What does one of those cost now at an institution? (€)"),
                                figure(92.5, 2),
                                unknown=Unknown(
                                    _(
                                        "Ask the municipality what it pays. Until then this activity counts in numbers only."
                                    )
                                ),
                                shown=_own_price,
                            ),
                            Field("tasks", "payer", _("Who pays for it now?"), widget="choice", shown=_own_price),
                            Field(
                                "tasks",
                                "volume_per_year",
                                _("How many per year, once you are well under way?"),
                                figure(1500),
                                _("People × times a week × weeks a year."),
                            ),
                        ),
                    ),
                ),
                _("Help and care"),
                _("Add an activity"),
                _("No help or care yet. You can leave this empty."),
            ),
            Rows(
                "effects",
                (
                    RowKind(
                        "activity",
                        _("Meeting, sport, culture, green"),
                        preset={"party": "residents"},
                        why=_(
                            "What residents gain, without a price: it stands in the outcome as p.m., with its numbers."
                        ),
                        fields=(
                            Field("effects", "effect", _("What will you do?"), _("Eating together")),
                            Field("effects", "quantity", _("How many people take part per year?"), figure(300)),
                            Field("effects", "unit", _("In what do you count?"), _("persons")),
                        ),
                    ),
                ),
                _("Other activities"),
                "",
                _("No other activities yet."),
            ),
        ),
    )


def _otherwise() -> Question:
    cautious = _("For now we cautiously take 0 of 10: then this activity counts as no saving. Ask the municipality.")
    return Question(
        "anders",
        _("What would happen without you?"),
        _("Without you"),
        _(
            "Be honest here: the municipality will ask. A saving only counts if it would not have come about anyway, "
            "and if somebody really pays less."
        ),
        _(
            "Of every 10 older people, 1 would go somewhere else free of charge. Of the other 9, 4 would otherwise get "
            "day care from an institution. The others would stay at home: good for them, but no saving."
        ),
        (
            Rows(
                "tasks",
                (
                    RowKind(
                        "task",
                        _("Help or care"),
                        fields=(
                            Field(
                                "tasks",
                                "deadweight",
                                _("Of every 10: how many would also get this without you, elsewhere or from others?"),
                                widget="tenths",
                                unknown=Unknown(
                                    _(
                                        "We count with 0 of 10. That is favourable for you, so expect a question about it."
                                    )
                                ),
                            ),
                            Field(
                                "tasks",
                                "substitution_share",
                                _("Of every 10 that are left: for how many does it replace paid care?"),
                                widget="tenths",
                                unknown=Unknown(cautious, value=0.0),
                            ),
                            Field(
                                "tasks",
                                "cashable_share",
                                _("Of every €10 that this avoids: how much does the payer really spend less?"),
                                help=_(
                                    "Contracts and buildings often cost the same for a while. Ask the municipality when it "
                                    "can buy less."
                                ),
                                widget="tenths",
                                unknown=Unknown(cautious, value=0.0),
                            ),
                        ),
                    ),
                ),
                empty=_("You have no help or care in your plan, so there is nothing to answer here."),
                fixed=True,
            ),
        ),
    )


def _yearly(label: str, example: str, unknown: Unknown | None = None, ask: str = "") -> Field:
    return Field("operations", "unit_amount_eur", label, example, ask, unknown=unknown)


def _amount_or_area(example: str, unknown: Unknown) -> tuple[Field, ...]:
    """One amount a year; or so much for each square metre, where the workbook or a reference says so."""
    return _amount_or_counted(example, unknown, _("Amount per m² per year (€)"), _("Number of m²"))


def _amount_or_units(example: str, unknown: Unknown) -> tuple[Field, ...]:
    """One amount a year; or so much for each week, kWh or the like, where the workbook says so."""
    how_many = _("How many units per year? (weeks, kWh, m²)")
    return _amount_or_counted(example, unknown, _("Amount per unit (€)"), how_many)


def _amount_or_counted(example: str, unknown: Unknown, per_unit: str, how_many: str) -> tuple[Field, ...]:
    amount, quantity = "unit_amount_eur", "quantity_per_year"
    return (
        Field("operations", amount, _("Amount per year (€)"), example, unknown=unknown, shown=_one_amount),
        Field("operations", amount, per_unit, unknown=unknown, shown=_counted),
        Field("operations", quantity, how_many, shown=_counted),
    )


def _quantity(label: str, example: str, explanation: str = "") -> Field:
    return Field("operations", "quantity_per_year", label, example, explanation)


def _item(label: str, example: str) -> Field:
    return Field("operations", "item", label, example)


def _take_up() -> Field:
    return Field("operations", "take_up", _("How fast will it fill up?"), widget="take_up")


def _income() -> Question:
    later = Unknown(
        _("Ask a community centre nearby what it asks and earns. Without an amount this item cannot count.")
    )

    def income(key: str, label: str, why: str, *fields: Field) -> RowKind:
        return RowKind(key, label, {"item_kind": key}, "item", why, fields)

    return Question(
        "inkomsten",
        _("What money comes in every year?"),
        _("Income"),
        _("A bank first looks at this: does enough come in, every year again? Be cautious about the first years."),
        _("The hall: 400 half-days a year can be let, at €45, and we expect to let half of them."),
        (
            Rows(
                "operations",
                (
                    income(
                        "hall_hire",
                        _("Hall hire"),
                        _("Letting a room per half-day or hour."),
                        _item(_("Which room?"), _("Large hall")),
                        _quantity(
                            _("How many half-days per year can it be let?"),
                            figure(400),
                            _("Count the half-days that the room is free for letting."),
                        ),
                        _yearly(_("What do you ask per half-day? (€)"), figure(45), later),
                        Field(
                            "operations",
                            "occupancy_share",
                            _("What part of that do you expect to let? (%)"),
                            percent(0.5),
                            _("Be cautious: the first years are the hardest."),
                            unknown=Unknown(
                                _(
                                    "Empty counts as everything let: far too much. Ask a community centre nearby, and fill in a percentage."
                                )
                            ),
                        ),
                        _take_up(),
                    ),
                    income(
                        "tenants",
                        _("Fixed tenants"),
                        _("Somebody who has a room all year, such as a nursery or a physiotherapist."),
                        _item(_("Which tenant?"), _("Nursery")),
                        _quantity(_("How many months per year?"), "12"),
                        _yearly(_("Rent per month (€)"), figure(850), later),
                        _take_up(),
                    ),
                    income(
                        "catering",
                        _("Bar and kitchen"),
                        _("What guests pay for food and drinks; the purchases are asked at the costs."),
                        *_amount_or_units(figure(18_000), later),
                        _take_up(),
                    ),
                    income(
                        "activities",
                        _("Activities"),
                        _("What people pay to take part."),
                        _item(_("Which activity?"), _("Courses")),
                        _quantity(_("How many times does somebody take part, per year?"), figure(600)),
                        _yearly(_("What does one pay each time? (€)"), "5", later),
                        _take_up(),
                    ),
                    income(
                        "funds",
                        _("Gifts and funds, every year"),
                        _("Only what comes back each year. A one-off gift is asked later."),
                        *_amount_or_units(figure(5_000), later),
                    ),
                    income(
                        "energy_income",
                        _("Energy"),
                        _("For instance solar panels."),
                        *_amount_or_units(figure(2_500), later),
                    ),
                    income(
                        "other_income",
                        _("Something else"),
                        _("Any other income."),
                        _item(_("What is it?"), _("Friends of De Brink")),
                        *_amount_or_units(figure(1_000), later),
                    ),
                ),
                add=_("What will you have income from?"),
                total="income_eur_per_year",
                empty=_("Nothing chosen yet. Press what applies to you."),
            ),
        ),
    )


def _costs() -> Question:
    ask = Unknown(_("Ask a community centre nearby, or an offer. Without an amount this item cannot count."))

    def cost(key: str, label: str, why: str, *fields: Field) -> RowKind:
        return RowKind(key, label, {"item_kind": key}, "item", why, fields or _amount_or_units(figure(3_000), ask))

    def named(key: str, label: str, why: str, *fields: Field) -> RowKind:
        return RowKind(f"named_{key}", label, {"item_kind": "other_cost"}, "item", why, fields)

    return Question(
        "kosten",
        _("What does it cost every year?"),
        _("Running costs"),
        _(
            "Forgotten costs are what a plan stumbles over. Do you know the separate amounts? Then leave out the first one."
        ),
        _(
            "Energy, cleaning, minor upkeep and levies together €24,000; insurance €2,500; a manager for two days €25,000."
        ),
        (
            Rows(
                "operations",
                (
                    named(
                        "building",
                        _("Energy, cleaning, minor upkeep and levies together"),
                        _(
                            "One amount for using the building. Do not add the separate ones as well: then you count them twice."
                        ),
                        *_amount_or_area(
                            figure(24_000),
                            Unknown(
                                _(
                                    "The reference is of new school buildings, per m². An old building often costs more."
                                ),
                                price_key="school_opex_m2",
                                area=True,
                            ),
                        ),
                    ),
                    cost("energy", _("Energy"), _("Gas, electricity, water.")),
                    cost("cleaning", _("Cleaning"), _("Also when volunteers clean: the materials.")),
                    cost(
                        "daily_maintenance",
                        _("Minor upkeep"),
                        _("Of the building or the green: what has to be done every year."),
                        *_amount_or_area(
                            figure(3_000),
                            Unknown(
                                _("The reference is of public green, per m². For a building ask for an estimate."),
                                price_key="green_cost_m2_all",
                                area=True,
                            ),
                        ),
                    ),
                    cost(
                        "major_maintenance",
                        _("Major maintenance"),
                        _("Roof, window frames, boiler: put aside every year, also in a good year."),
                        *_amount_or_units(
                            figure(12_000),
                            Unknown(
                                _(
                                    "Ask the municipality for its maintenance plan (MJOP): the amount per year stands in it."
                                )
                            ),
                        ),
                    ),
                    cost("insurance", _("Insurance"), _("Building, contents and liability.")),
                    cost(
                        "property_taxes",
                        _("Property tax and water board"),
                        _("The municipality and the water board can tell you the amounts."),
                    ),
                    cost("management", _("Manager or staff"), _("Wages, or what you pay for administration.")),
                    cost("purchases", _("Purchases for bar and kitchen"), _("What you buy to sell: food and drinks.")),
                    named(
                        "allowance",
                        _("Allowance for volunteers"),
                        _("Only if you pay one."),
                        _quantity(_("How many volunteers get it?"), "10"),
                        _yearly(
                            _("Amount per volunteer per year (€)"),
                            "500",
                            Unknown(
                                _("This is the most that is free of tax, per volunteer per year; you may pay less."),
                                price_key="volunteer_fee_year_max",
                            ),
                        ),
                    ),
                    cost("vat_leak", _("VAT that you cannot reclaim"), _("Only what is not in the amounts above.")),
                    cost("replacement_reserve", _("Saving for replacement"), _("For furniture, kitchen and the like.")),
                    cost(
                        "other_cost",
                        _("Something else"),
                        _("Any other cost."),
                        _item(_("What is it?"), _("Website")),
                        *_amount_or_units("500", ask),
                    ),
                ),
                add=_("Which costs will you have?"),
                empty=_("Nothing chosen yet. Press what applies to you."),
                needed=_no_cost,
                total="operating_cost_eur_per_year",
            ),
        ),
    )


def _volunteers() -> Question:
    return Question(
        "vrijwilligers",
        _("How many hours do volunteers put in?"),
        _("Volunteers"),
        _(
            "Without volunteers it does not run. Their time is worth something, so it counts as a cost to society. "
            "You also see what happens if half of them stop."
        ),
        _("12 people, 2 hours a week, 50 weeks: 1,200 hours a year. Of these 100 hours go into forms and meetings."),
        (
            Field(
                "initiatives",
                "volunteer_hours_per_year",
                _("Hours of volunteers per year, all together"),
                figure(1_200),
                _("People × hours a week × weeks a year."),
                unknown=Unknown(_("Count who would come, and how often. Until then we count no hours.")),
            ),
            Field(
                "initiatives",
                "procedure_hours_per_year",
                _("How many of these go into applications, meetings and accounting for it?"),
                "100",
                unknown=Unknown(_("Keep count for a month. Until then we count none.")),
            ),
        ),
    )


def _municipality() -> Question:
    return Question(
        "gemeente",
        _("What do you ask of the municipality, besides the price?"),
        _("Support"),
        _("Subsidy and hours of officials are a cost to the municipality. They count against what you save it."),
        _("Subsidy of €10,000 a year, and about 80 hours of an official a year."),
        (
            Rows(
                "operations",
                (
                    RowKind(
                        "subsidy",
                        _("Subsidy of the municipality"),
                        {"item_kind": "subsidy"},
                        "item",
                        _("An amount that comes every year."),
                        (
                            *_amount_or_units(
                                figure(10_000),
                                Unknown(
                                    _(
                                        "First look at the outcome: it says what is short. Without an amount this item cannot count."
                                    )
                                ),
                            ),
                        ),
                    ),
                ),
                add=_("Do you ask for a subsidy?"),
                total="subsidy_eur_per_year",
                empty=_("No subsidy. That is a good answer too."),
            ),
            Field(
                "initiatives",
                "facilitation_hours_per_year",
                _("How many hours of officials do you need per year?"),
                "80",
                _("Meetings, advice, arranging things."),
                unknown=Unknown(_("Ask your contact at the municipality. Until then we count none.")),
            ),
        ),
    )


def _money() -> Question:
    amount_field = Field(
        "financing",
        "amount_eur",
        _("Amount (€)"),
        figure(20_000),
        unknown=Unknown(_("Without an amount this source cannot count. Remove it, or ask for the amount.")),
    )

    def source(key: str, label: str, why: str, *fields: Field) -> RowKind:
        return RowKind(key, label, {"funding_kind": key}, "source", why, fields or (_from_whom(), amount_field))

    loan = (
        _from_whom(),
        amount_field,
        Field(
            "financing",
            "interest_rate",
            _("Interest per year (%)"),
            percent(0.045, 1),
            unknown=Unknown(_("Ask the lender. A loan without an interest rate cannot be worked out.")),
        ),
        Field(
            "financing",
            "term_years",
            _("In how many years do you pay it back?"),
            "20",
            unknown=Unknown(_("Ask the lender. A loan without a term cannot be worked out.")),
        ),
        Field(
            "financing",
            "interest_only_years",
            _("How many of these years do you only pay interest?"),
            "2",
            _("Years at the start without repayment; often 0."),
        ),
        Field(
            "financing",
            "guaranteed_share",
            _("What part does the municipality guarantee? (%)"),
            percent(0.5),
            _("Nothing? Leave it empty."),
        ),
    )
    return Question(
        "geld",
        _("Where does the money for the start come from?"),
        _("Money"),
        _("The price and the renovation have to be paid. You see at once what is still short, and what closes it."),
        _("€20,000 of our own, €100,000 from a fund, and a loan of €150,000 over 20 years at 4.5%."),
        (
            Rows(
                "financing",
                (
                    source("own_funds", _("Own money"), _("What your group has."), amount_field),
                    source("grant", _("A fund"), _("A gift that you do not have to pay back.")),
                    source("crowdfunding", _("Crowdfunding"), _("Many people who each give a little."), amount_field),
                    source("bank_loan", _("A loan from a bank"), _("Has to be paid back, with interest."), *loan),
                    source(
                        "municipal_loan",
                        _("A loan from the municipality"),
                        _("Has to be paid back, with interest."),
                        *loan,
                    ),
                    source("other", _("Something else"), _("Any other money for the start.")),
                ),
                add=_("Which money do you have, or expect?"),
                empty=_("Nothing yet. Press what applies to you."),
            ),
        ),
    )


def _from_whom() -> Field:
    return Field("financing", "source", _("From whom?"), _("Fund for neighbourhoods"))


def _duration() -> Question:
    return Question(
        "duur",
        _("How long will you go on, and what if it stops?"),
        _("How long"),
        _("The municipality wants to know what happens to the place and the people if you have to stop."),
        _(
            "20 years, as long as the loan runs. If it stops, the building goes back to the municipality: about €10,000 of cost."
        ),
        (
            Field(
                "initiatives",
                "duration_years",
                _("For how many years do you make this plan?"),
                "20",
                _("A loan has to be paid back within this time."),
            ),
            Field(
                "assets",
                "fallback_cost_eur",
                _("What does it cost the municipality if the place comes back to it? (€)"),
                figure(10_000),
                unknown=Unknown(
                    _("Agree on this with the municipality. Until then it counts as 0, and stands as an open point.")
                ),
                shown=has_place,
            ),
            Field("initiatives", "stage", _("How far are you?"), widget="choice"),
        ),
    )


def _reach() -> Question:
    return Question(
        "bereik",
        _("Whom do you reach?"),
        _("Reach"),
        _("A place is for everyone. The council asks whether you also reach those who need it most."),
        _("From De Akkers 300 people a year, of whom 60 can hardly do without."),
        (
            Rows(
                "reach",
                (
                    RowKind(
                        "reach",
                        _("A neighbourhood"),
                        why="",
                        fields=(
                            Field("reach", "neighbourhood", _("Neighbourhood where they live"), _("De Akkers")),
                            Field("reach", "people", _("How many people per year, each counted once?"), figure(300)),
                            Field(
                                "reach",
                                "people_in_need",
                                _("How many of them need it most?"),
                                "60",
                                _(
                                    "For instance because of loneliness, debts or ill health. Groups smaller than ten are not shown."
                                ),
                                unknown=Unknown(
                                    _(
                                        "Ask the welfare organisation in your neighbourhood. Until then it stays unknown, not 0."
                                    )
                                ),
                            ),
                        ),
                    ),
                ),
                add=_("From which neighbourhoods do people come?"),
                empty=_("No neighbourhood yet."),
            ),
        ),
    )


def _strengths() -> Question:
    return Question(
        "kracht",
        _("What makes you strong?"),
        _("Your strength"),
        _("Why you, and not somebody else? This comes into your application under the right to challenge."),
        _("We cook and manage together with the visitors themselves (co-creation): twenty of them have a key."),
        (
            Rows(
                "qualities",
                (
                    RowKind(
                        "quality",
                        _("Something you are good at"),
                        fields=(
                            Field("qualities", "quality", _("What is it?"), widget="choice"),
                            Field(
                                "qualities",
                                "description",
                                _("What shows it?"),
                                _("Twenty visitors have a key."),
                                widget="lines",
                            ),
                            Field(
                                "qualities",
                                "score",
                                _("How strong are you in this? (1 to 5)"),
                                "4",
                                _("1 is hardly, 5 is very strong. Be honest: others will score you too."),
                            ),
                        ),
                    ),
                ),
                add=_("Add something you are good at"),
                empty=_("You can leave this empty."),
            ),
        ),
    )


REPLACED_CARE = (
    "daycare_elderly_halfday_ref",
    "hh_hour_ref",
    "guidance_hour_ref",
    "personal_care_hour_ref",
    "nursing_hour_ref",
    "social_work_contact",
    "daycare_ggz_halfday_ref",
    "poh_ggz_consult",
    "ggz_basic_contact",
    "ggz_specialised_contact",
    "gp_consult_ref",
    "nursinghome_day_ref",
    "emergency_visit",
    "taxi_wmo_start",
)
"""Care that a citizens' initiative may replace: national reference prices only, so that no bases are mixed."""

TAKE_UPS: tuple[tuple[float, ...], ...] = ((1.0,), (0.5, 0.8, 1.0), (0.3, 0.6, 0.8, 1.0))


def take_up_cell(shares: tuple[float, ...]) -> Cell:
    """A take-up as a cell holds it; full at once is an empty cell."""
    return None if shares == (1.0,) else "; ".join(f"{share:.0%}" for share in shares)
