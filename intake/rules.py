"""What has to hold within a row, and between tables, once every cell of the rows in question was read.

A row rule is a table entry: which column the message points at, and which rows break it. The rules are plain
declarations on whole columns; each looks only at rows that passed everything before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from intake.explanation import EXAMPLE_IDS
from intake.names import fold, similar
from intake.tables import PRICE_COLUMN, ReadTable
from valuation.case import LOAN_KINDS, USED_BY_ARRANGEMENTS, USED_BY_FORMS, Assumptions, Table
from valuation.positions import LATITUDES, LONGITUDES, RD_X, RD_Y
from valuation.problems import Problem
from valuation.reference import MissingFigureError, Price, ReferenceData

DEGREES = ("latitude", "longitude")
MOST_DEGREES = 180.0
MOST_SUGGESTIONS = 100
"""A table with more unknown references than this has another trouble than spelling."""
Breaks = Callable[[pd.DataFrame, pd.DataFrame], "pd.Series[bool]"]


@dataclass(frozen=True)
class RowRule:
    """One rule within a row.

    Parameters
    ----------
    rule : str
        Key of the message.
    column : str
        Column that the message points at; its value is the problem's value.
    breaks : callable
        Of the values and of which cells were filled: the rows that break the rule.
    others : tuple of str
        Columns whose values the message names, under these names.
    known : dict
        What else the message names.
    """

    rule: str
    column: str
    breaks: Breaks
    others: tuple[str, ...] = ()
    level: Literal["error", "warning"] = "error"
    known: dict[str, Any] = field(default_factory=dict)


def _register_incomplete(values: pd.DataFrame, filled: pd.DataFrame) -> pd.Series[bool]:
    """Neither a book value nor all that computes one; without depreciation no useful life is needed."""
    life = filled["useful_life_years"] | (values["depreciation_method"] == "none")
    computable = filled["acquisition_cost_eur"] & filled["in_service_year"] & filled["depreciation_method"] & life
    return ~(filled["book_value_eur"] | computable)


def _net_cost(values: pd.DataFrame) -> pd.Series[float]:
    return values["acquisition_cost_eur"] - values["third_party_contributions_eur"]


def _is(values: pd.DataFrame, *arrangements: str) -> pd.Series[bool]:
    return values["arrangement"].isin(arrangements)


Range = tuple[float, float]


def _within(values: pd.Series[float], allowed: Range) -> pd.Series[bool]:
    return values.between(*allowed)


def _position_rules(first: str, second: str, allowed_first: Range, allowed_second: Range) -> tuple[RowRule, ...]:
    """Two columns that together say where an object lies: both filled, in their places, and in the country."""
    return (
        RowRule(
            "position_swapped",
            first,
            lambda v, _: _within(v[first], allowed_second) & _within(v[second], allowed_first),
        ),
        *(
            RowRule(
                "position_outside",
                column,
                lambda v, f, column=column, allowed=allowed: f[column] & ~_within(v[column], allowed),  # type: ignore[misc]
                known={"low": allowed[0], "high": allowed[1]},
            )
            for column, allowed in ((first, allowed_first), (second, allowed_second))
        ),
        RowRule("position_half", first, lambda _, f: f[second] & ~f[first]),
        RowRule("position_half", second, lambda _, f: f[first] & ~f[second]),
    )


def _in_metres(values: pd.DataFrame, filled: pd.DataFrame) -> pd.Series[bool]:
    """A latitude and longitude that are coordinates of the national grid."""
    x_or_y = [_within(values[column], (RD_X[0], RD_Y[1])) & (values[column] > MOST_DEGREES) for column in DEGREES]
    return filled["latitude"] & filled["longitude"] & x_or_y[0] & x_or_y[1]


ROW_RULES: dict[str, tuple[RowRule, ...]] = {
    "assets": (
        RowRule("book_value_incomplete", "book_value_eur", _register_incomplete),
        RowRule(
            "contributions_above_cost",
            "third_party_contributions_eur",
            lambda v, f: f["acquisition_cost_eur"] & (_net_cost(v) < 0),
            ("acquisition_cost_eur",),
        ),
        RowRule(
            "residual_above_cost",
            "residual_value_eur",
            lambda v, f: f["acquisition_cost_eur"] & (_net_cost(v) >= 0) & (v["residual_value_eur"] > _net_cost(v)),
            ("acquisition_cost_eur",),
        ),
        RowRule(
            "write_down_above_cost",
            "write_down_eur",
            lambda v, f: f["acquisition_cost_eur"] & (_net_cost(v) >= 0) & (v["write_down_eur"] > _net_cost(v)),
            ("acquisition_cost_eur",),
        ),
        RowRule("position_in_metres", "latitude", _in_metres, ("longitude",)),
        *_position_rules("latitude", "longitude", LATITUDES, LONGITUDES),
        *_position_rules("rd_x_m", "rd_y_m", RD_X, RD_Y),
        RowRule("position_twice", "rd_x_m", lambda _, f: f["latitude"] & f["rd_x_m"], level="warning"),
    ),
    "initiatives": (
        RowRule(
            "new_users_above_income",
            "new_user_income_eur_per_year",
            lambda v, _: v["new_user_income_eur_per_year"] > v["income_eur_per_year"],
            ("income_eur_per_year",),
        ),
        RowRule(
            "vat_above_cost",
            "vat_leak_eur_per_year",
            lambda v, _: v["vat_leak_eur_per_year"] > v["operating_cost_eur_per_year"],
            ("operating_cost_eur_per_year",),
        ),
        RowRule("loan_without_rate", "loan_rate", lambda v, f: (v["loan_term_years"] > 0) & ~f["loan_rate"]),
        RowRule(
            "procedures_above_volunteers",
            "procedure_hours_per_year",
            lambda v, _: v["procedure_hours_per_year"] > v["volunteer_hours_per_year"],
            ("volunteer_hours_per_year",),
        ),
    ),
    "effects": (
        RowRule(
            "counterparty_is_party",
            "counterparty",
            lambda v, f: f["counterparty"] & (v["counterparty"] == v["party"]),
        ),
    ),
    "neighbourhoods": (
        RowRule("double_neighbourhood", "neighbourhood", lambda v, _: v["neighbourhood"].map(fold).duplicated()),
    ),
    "reach": (
        RowRule(
            "people_in_need_above_people",
            "people_in_need",
            lambda v, _: v["people_in_need"] > v["people"],
            ("people",),
        ),
    ),
    "qualities": (),
    "scenarios": (),
    "alternatives": (
        RowRule("double_alternative", "alternative", lambda v, _: v.duplicated(["asset_id", "alternative"])),
        *(
            RowRule(
                "not_with_alternative",
                column,
                lambda v, f, column=column, forms=forms: f[column] & ~v["alternative"].isin(forms),  # type: ignore[misc]
                level="warning",
            )
            for column, forms in USED_BY_FORMS.items()
        ),
    ),
    "operations": (),
    "financing": (
        RowRule("loan_without_term", "term_years", lambda v, f: v["funding_kind"].isin(LOAN_KINDS) & ~f["term_years"]),
        RowRule("loan_without_rate", "interest_rate", lambda _, f: f["term_years"] & ~f["interest_rate"]),
        RowRule(
            "interest_only_whole_term",
            "interest_only_years",
            lambda v, f: f["term_years"] & (v["interest_only_years"] >= v["term_years"]),
            ("term_years",),
        ),
        *(
            RowRule("only_for_loan", column, lambda _, f, column=column: f[column] & ~f["term_years"], level="warning")  # type: ignore[misc]
            for column in ("interest_rate", "interest_only_years", "repayment", "guaranteed_share")
        ),
    ),
    "price_terms": (
        RowRule("deferred_without_year", "year", lambda v, f: _is(v, "deferred_payment") & ~f["year"]),
        RowRule("deferred_without_amount", "amount_eur", lambda v, f: _is(v, "deferred_payment") & ~f["amount_eur"]),
        RowRule("profit_without_share", "share", lambda v, f: _is(v, "profit_share") & ~f["share"]),
        RowRule(
            "arrangement_half", "year", lambda v, f: _is(v, "profit_share", "buy_back") & f["amount_eur"] & ~f["year"]
        ),
        RowRule(
            "arrangement_half",
            "amount_eur",
            lambda v, f: _is(v, "profit_share", "buy_back") & f["year"] & ~f["amount_eur"],
        ),
        RowRule(
            "double_review", "arrangement", lambda v, _: _is(v, "review") & v.duplicated(["asset_id", "arrangement"])
        ),
        *(
            RowRule(
                "not_with_arrangement",
                column,
                lambda v, f, column=column, used=used: f[column] & ~v["arrangement"].isin(used),  # type: ignore[misc]
                level="warning",
            )
            for column, used in USED_BY_ARRANGEMENTS.items()
        ),
    ),
}
RANGE_RULES = (
    RowRule("range_incomplete", "low", lambda _, f: f["high"] & ~f["low"]),
    RowRule("range_incomplete", "high", lambda _, f: f["low"] & ~f["high"]),
    RowRule("low_above_high", "low", lambda v, _: v["low"] > v["high"], ("high",)),
    RowRule("lognormal_not_positive", "low", lambda v, _: (v["distribution"] == "lognormal") & (v["low"] <= 0)),
)
CENTRAL_VALUE = {"tasks": "institutional_unit_cost_eur", "effects": "unit_value_eur"}
OWN_ID = {"assets": "asset_id", "initiatives": "initiative_id"}
REFERENCES = (
    ("initiatives", "asset_id", ("assets",), "unknown_asset"),
    ("tasks", "initiative_id", ("initiatives",), "unknown_initiative"),
    ("effects", "owner_id", ("assets", "initiatives"), "unknown_owner"),
    ("reach", "initiative_id", ("initiatives",), "unknown_initiative"),
    ("qualities", "initiative_id", ("initiatives",), "unknown_initiative"),
    ("alternatives", "asset_id", ("assets",), "unknown_asset"),
    ("operations", "initiative_id", ("initiatives",), "unknown_initiative"),
    ("financing", "initiative_id", ("initiatives",), "unknown_initiative"),
    ("price_terms", "asset_id", ("assets",), "unknown_asset"),
)
"""Which column of which sheet names a row of which other sheets, and the rule that it breaks where there is none."""


def row_problems(read: ReadTable) -> list[Problem]:
    """The row rules of one table; rows that break one no longer count as passed."""
    key = read.found.table.key
    rules = ROW_RULES.get(key, ()) + (RANGE_RULES if key in CENTRAL_VALUE else ())
    problems: list[Problem] = []
    for rule in rules:
        values, filled = read.sound, read.filled[read.passed]
        broken = rule.breaks(values, filled)
        rows = values.index[broken.to_numpy(dtype=bool)]
        problems.extend(_row_problem(read, rule, int(row)) for row in rows)
        if rule.level == "error":
            read.passed[rows] = False
    return problems


def _row_problem(read: ReadTable, rule: RowRule, row: int) -> Problem:
    value = _value(read, rule.column, row)
    others = {name: _value(read, name, row) for name in rule.others}
    return read.found.problem(rule.level, rule.rule, rule.column, row, value, **others, **rule.known)


def _value(read: ReadTable, column: str, row: int) -> Any:
    value: Any = read.values.at[row, column]
    return None if value is None or value != value else value  # noqa: PLR0124 - NaN is not equal to itself


def cross_problems(
    tables: dict[str, ReadTable], assumptions: Assumptions | None, reference: ReferenceData
) -> list[Problem]:
    """The rules between tables: numbers that occur once, references that exist, prices that fit."""
    problems = [*_double_ids(tables), *_references(tables)]
    units = units_by_word(reference.units)
    for key in CENTRAL_VALUE:
        problems.extend(_price_problems(tables[key], assumptions, reference, units))
    problems.extend(_initiative_costs(tables))
    if assumptions is not None:
        problems.extend(_not_yet_in_service(tables["assets"], assumptions))
        problems.extend(_beyond_rate(tables["price_terms"], assumptions))
    problems.extend(_left_examples(tables))
    return problems


def _double_ids(tables: dict[str, ReadTable]) -> list[Problem]:
    """A number or code that occurs twice, in one table or as an object and an initiative."""
    identifiers = pd.concat([tables[key].values[column] for key, column in OWN_ID.items()]).dropna()
    if identifiers.is_unique:
        return []
    problems: list[Problem] = []
    seen: dict[str, tuple[str, str | None]] = {}
    for key, column in OWN_ID.items():
        read = tables[key]
        for row, identifier in zip(read.values.index, read.values[column], strict=True):
            if identifier is None:
                continue
            if identifier in seen:
                first_table, place = seen[identifier]
                rule = "double_id" if first_table == key else "id_of_both"
                problems.append(read.found.problem("error", rule, column, int(row), identifier, first=place))
            else:
                seen[identifier] = key, read.found.place(column, int(row))
    return problems


def _references(tables: dict[str, ReadTable]) -> list[Problem]:
    """A reference to an object or initiative that is not there; where the whole sheet is not there, that, once."""
    problems: list[Problem] = []
    absent: dict[str, Table] = {}
    for table, column, owners, rule in REFERENCES:
        known = pd.concat([tables[owner].values[OWN_ID[owner]] for owner in owners])
        unknown = _unknown(tables[table], column, known, rule)
        not_there = [tables[owner].found.table for owner in owners if tables[owner].found.sheet is None]
        if unknown and not_there:
            absent.update({sheet.key: sheet for sheet in not_there})
        else:
            problems.extend(unknown)
    names = [{"name_nl": sheet.sheet_nl, "name_en": sheet.sheet_en} for sheet in absent.values()]
    return [*(Problem("error", "sheet_missing", parameters=name) for name in names), *problems]


def _unknown(read: ReadTable, column: str, ids: pd.Series[str], rule: str) -> list[Problem]:
    """References that are not among these; while one of these could not be read, nobody knows what is missing."""
    if ids.isna().any():
        return []
    known = set(ids)
    problems: list[Problem] = []
    for row, name in zip(read.values.index, read.values[column].to_numpy(), strict=True):
        if name is None or name in known:
            continue
        meant = similar(name, known) if len(problems) < MOST_SUGGESTIONS else None
        if meant is None:
            problems.append(read.found.problem("error", rule, column, int(row), name))
        else:
            problems.append(read.found.problem("error", f"{rule}_similar", column, int(row), name, suggestion=meant))
    return problems


def _price_problems(
    read: ReadTable, assumptions: Assumptions | None, reference: ReferenceData, units: dict[str, set[str]]
) -> list[Problem]:
    """Price codes: known, in euros, of the right unit and year; and the range around the value."""
    central = CENTRAL_VALUE[read.found.table.key]
    known = list(dict.fromkeys(reference.unit_values["key"]))
    problems: list[Problem] = []
    columns = ("price_key", "unit", central, "low", "high")
    rows = zip(read.sound.index, *(read.sound[column] for column in columns), strict=True)
    for row, code, unit, value, low, high in rows:
        price = None
        if code is not None:
            found, price = _price(read, int(row), code, known, assumptions, reference)
            problems.extend(found)
        is_price_used = price is not None and value != value  # noqa: PLR0124 - NaN: no amount of its own
        if price is not None and is_price_used:
            problems.extend(_unit_problems(read, int(row), price, unit, units))
            value = price.value  # noqa: PLW2901
        if value < low or value > high:
            problems.append(
                read.found.problem("warning", "central_outside_range", central, int(row), value, low=low, high=high)
            )
    return problems


def _price(
    read: ReadTable, row: int, code: str, known: list[str], assumptions: Assumptions | None, reference: ReferenceData
) -> tuple[list[Problem], Price | None]:
    """The price with this code in the case's price year, or the problem why it cannot be used."""
    place = read.price_places.get(row, PRICE_COLUMN)
    if code not in known:
        meant = similar(code, known)
        rule = "unknown_price" if meant is None else "unknown_price_similar"
        return [read.found.problem("error", rule, place, row, code, suggestion=meant)], None
    if assumptions is None:
        return [], None
    try:
        price = reference.price(code, assumptions.price_year)
    except MissingFigureError:
        year, latest = str(assumptions.price_year), str(reference.latest_price_year())
        return [read.found.problem("error", "price_without_year", place, row, code, year=year, latest=latest)], None
    if price.unit != "EUR" and not price.unit.startswith("EUR/"):
        return [read.found.problem("error", "price_not_euros", place, row, code, unit=price.unit)], None
    return [], price


def units_by_word(units: pd.DataFrame) -> dict[str, set[str]]:
    """Word for a quantity, such as `dagdelen`, to the price units that it goes with, such as `EUR/half_day`."""
    words: dict[str, set[str]] = {}
    for unit, quantity, synonyms in zip(units["unit"], units["quantity_unit"], units["synonyms"], strict=True):
        for word in (quantity, *synonyms.split("|")):
            if word:
                words.setdefault(fold(word), set()).add(unit)
    return words


def _unit_problems(
    read: ReadTable, row: int, price: Price, unit: str | None, units: dict[str, set[str]]
) -> Iterable[Problem]:
    """A price per hour does not go with a number of days."""
    if unit is None:
        return
    possible = units.get(fold(unit))
    if possible is None:
        yield read.found.problem(
            "warning", "unknown_unit", "unit", row, unit, price_key=price.key, price_unit=price.unit
        )
    elif price.unit not in possible:
        yield read.found.problem(
            "error", "price_unit_differs", "unit", row, unit, price_key=price.key, price_unit=price.unit
        )


def _initiative_costs(tables: dict[str, ReadTable]) -> list[Problem]:
    """An initiative without running cost needs the unit cost of each of its tasks; nothing is not zero."""
    initiatives, tasks = tables["initiatives"], tables["tasks"]
    sound = initiatives.sound
    empty = sound[sound["operating_cost_eur_per_year"].isna()]
    unit_cost = tasks.values["initiative_unit_cost_eur"]
    costs = (tasks.values["volume_per_year"] * unit_cost).groupby(tasks.values["initiative_id"])
    substitute = costs.sum()
    unpriced = set(tasks.values["initiative_id"][unit_cost.isna()])
    unread = set(tasks.values["initiative_id"][~tasks.passed])
    problems: list[Problem] = []
    for row, identifier, vat in zip(empty.index, empty["initiative_id"], empty["vat_leak_eur_per_year"], strict=True):
        if identifier in unread:
            continue
        if identifier not in substitute.index or identifier in unpriced:
            problems.append(
                initiatives.found.problem(
                    "error", "no_running_cost", "operating_cost_eur_per_year", int(row), None, name=identifier
                )
            )
        elif vat > substitute[identifier]:
            cost = float(substitute[identifier])
            problems.append(
                initiatives.found.problem(
                    "error", "vat_above_cost", "vat_leak_eur_per_year", int(row), vat, operating_cost_eur_per_year=cost
                )
            )
    return problems


def _not_yet_in_service(read: ReadTable, assumptions: Assumptions) -> list[Problem]:
    years = read.sound["in_service_year"]
    late = years[years > assumptions.base_year]
    return [
        read.found.problem(
            "warning",
            "in_service_after_base_year",
            "in_service_year",
            int(row),
            str(int(year)),
            base_year=str(assumptions.base_year),
        )
        for row, year in zip(late.index, late, strict=True)
    ]


def _beyond_rate(read: ReadTable, assumptions: Assumptions) -> list[Problem]:
    """A payment in a year that the municipality's stepped rate does not reach has no present value."""
    steps = assumptions.municipal_discount_rate
    if not isinstance(steps, tuple):
        return []
    years = read.sound.loc[read.sound["arrangement"] != "review", "year"]
    late = years[years > steps[-1][0]]
    return [
        read.found.problem("error", "year_beyond_steps", "year", int(row), int(year), last=str(steps[-1][0]))
        for row, year in zip(late.index, late, strict=True)
    ]


def _left_examples(tables: dict[str, ReadTable]) -> list[Problem]:
    """Example rows of the template that stand beside rows of one's own."""
    problems: list[Problem] = []
    for key, column in OWN_ID.items():
        read = tables[key]
        names = read.values[column]
        starts = [name is not None and name.startswith(EXAMPLE_IDS) for name in names.tolist()]
        is_example = pd.Series(starts, names.index, bool)
        if is_example.any() and not is_example.all():
            problems.extend(
                read.found.problem("warning", "example_left", column, int(row), names[row])
                for row in names.index[is_example]
            )
    return problems
