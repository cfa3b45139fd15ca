"""Who is linked to what, for how long, and what each task saves (METHOD §4 and §7): the basis of the lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from exports.workbook.book import Book, Column, Table
from exports.workbook.formula import (
    NOT_AVAILABLE,
    UNDEFINED,
    Formula,
    and_,
    count_where,
    defined,
    first_position,
    greatest_where,
    if_,
    is_filled,
    min_,
    or_,
    position_of,
    sumifs,
)
from exports.workbook.inputs import Inputs
from exports.workbook.prices import Prices


@dataclass(frozen=True)
class Objects:
    """An object's link to its initiatives: cells of the sheet with a row for each object."""

    number: Column
    code: Column
    has_initiative: Column
    first_initiative: Column
    years: Column
    covered_backlog: Column
    terminal_value: Column


@dataclass(frozen=True)
class Initiatives:
    """An initiative's object, years and running cost: cells of the sheet with a row for each initiative."""

    number: Column
    code: Column
    asset: Column
    years: Column
    running_cost: Column


@dataclass(frozen=True)
class Tasks:
    """What each task saves at full take-up: cells of the sheet with a row for each task."""

    owner: Column
    payer: Column
    unit_price: Column
    avoided: Column
    cashable: Column
    own_cost: Column
    institutional_cost: Column
    lacks_price: Column
    lacks_either: Column


@dataclass(frozen=True)
class Links:
    """The three together."""

    objects: Objects
    initiatives: Initiatives
    tasks: Tasks


def links(
    book: Book, assume: Mapping[str, Formula], assets: Inputs, initiatives: Inputs, tasks: Inputs, prices: Prices
) -> Links:
    """Write the sheets that say who belongs to whom, and until when."""
    book.heading(
        "transfer",
        book.text("Overdracht", "Transfer"),
        book.text(
            "Wie het object overneemt en hoe lang (METHODE §4). Nr 0: geen initiatief.",
            "Who takes the object over, and for how long (METHOD §4). No 0: no initiative.",
        ),
    )
    objects_table = Table(book, "transfer", assets.count)
    object_number, object_code = numbered(objects_table, assets["asset_id"], ("Object", "asset"))
    book.heading(
        "initiative_links",
        book.text("Exploitatie van de initiatieven", "The initiatives' operation"),
        book.text(
            "Koppeling aan het object, actieve jaren en jaarlijkse kosten (METHODE §4-5). Nr 0: geen object.",
            "Link to the object, active years and running cost (METHOD §4-5). No 0: no object.",
        ),
    )
    table = Table(book, "initiative_links", initiatives.count)
    number, code = numbered(table, initiatives["initiative_id"], ("Initiatief", "initiative"))
    task_cells = _tasks(book, tasks, prices, code, number)

    linked = initiatives["asset_id"]
    position = position_of(linked, object_code.whole, object_number.whole)
    asset = table.add(
        "Object nr",
        "Object no",
        if_(linked.equals(""), 0, if_(position > 0, position, NOT_AVAILABLE)),
        "integer",
        name=("Initiatief_object", "initiative_asset"),
    )
    years = table.add(
        "Actief t/m jaar",
        "Active to year",
        min_(initiatives["duration_years"], assume["horizon_years"]),
        "integer",
        name=("Initiatief_jaren", "initiative_years"),
    )
    owner = task_cells.owner.whole
    has_no_tasks = count_where(owner, number).equals(0)
    lacks_cost = sumifs(task_cells.lacks_price.whole, (owner, number)) > 0
    from_tasks = table.add(
        "Kosten volgens de taken (€ per jaar)",
        "Cost by its tasks (EUR per year)",
        if_(or_(has_no_tasks, lacks_cost), UNDEFINED, sumifs(task_cells.own_cost.whole, (owner, number))),
    )
    stated = initiatives["operating_cost_eur_per_year"]
    running_cost = table.add(
        "Kosten zoals gebruikt (€ per jaar)",
        "Cost as used (EUR per year)",
        if_(is_filled(stated), stated, if_(is_filled(from_tasks), from_tasks, NOT_AVAILABLE)),
    )
    table.finish(frozen_columns=2)

    has = objects_table.add(
        "Heeft initiatief", "Has initiative", if_(count_where(asset.whole, object_number) > 0, 1, 0), "integer"
    )
    objects = Objects(
        number=object_number,
        code=object_code,
        has_initiative=has,
        first_initiative=objects_table.add(
            "Eerste initiatief nr",
            "First initiative no",
            if_(has.equals(1), first_position(object_number, asset.whole), 0),
            "integer",
        ),
        years=objects_table.add(
            "In handen van initiatieven t/m jaar",
            "In the initiatives' hands to year",
            if_(has.equals(1), greatest_where(years.whole, asset.whole, object_number), assume["horizon_years"]),
            "integer",
            name=("Object_jaren", "asset_years"),
        ),
        covered_backlog=objects_table.add(
            "Achterstand die de verbouwing oplost (€)",
            "Backlog that the renovation covers (EUR)",
            min_(
                assets["maintenance_backlog_eur"],
                sumifs(initiatives["renovation_eur"].whole, (asset.whole, object_number)),
            ),
        ),
        terminal_value=objects_table.add(
            "Eindwaarde zoals gebruikt (€)",
            "Terminal value as used (EUR)",
            if_(
                is_filled(assets["terminal_value_eur"]),
                assets["terminal_value_eur"],
                assets["market_value_eur"] + assets["maintenance_backlog_eur"],
            ),
        ),
    )
    objects_table.finish(frozen_columns=2)
    return Links(objects, Initiatives(number, code, asset, years, running_cost), task_cells)


def numbered(table: Table, code: Column, name: tuple[str, str]) -> tuple[Column, Column]:
    """The columns that open a table by object or by initiative: its position and its code."""
    nl, en = name
    positions = np.arange(1.0, table.count + 1)
    number = table.add_values("Nr", "No", positions, "integer", look="formula", width=6, name=(f"{nl}_nr", f"{en}_no"))
    return number, table.add(nl, en.capitalize(), code, "text", name=(f"{nl}_code", f"{en}_code"), width=16)


def _tasks(book: Book, tasks: Inputs, prices: Prices, codes: Column, numbers: Column) -> Tasks:
    """What each task avoids per year at full take-up (METHOD §7)."""
    book.heading(
        "task_savings",
        book.text("Besparing per taak", "Saving by task"),
        book.text(
            "Per jaar bij volle ingroei (METHODE §7). Zonder prijs is de taak p.m. en telt hij niet mee.",
            "Per year at full take-up (METHOD §7). Without a price the task is p.m. and does not count.",
        ),
    )
    table = Table(book, "task_savings", tasks.count)
    table.add("Taak", "Task", tasks["task"], "words", width=30)
    position = position_of(tasks["initiative_id"], codes.whole, numbers.whole)
    owner = table.add(
        "Initiatief nr",
        "Initiative no",
        if_(position > 0, position, NOT_AVAILABLE),
        "integer",
        name=("Taak_initiatief", "task_initiative"),
    )
    payer = table.add("Betaler", "Payer", tasks["payer"], "words", name=("Taak_betaler", "task_payer"), width=14)
    price = table.add(
        "Kostprijs instelling zoals gebruikt (€)",
        "Institutional unit cost as used (EUR)",
        prices.unit_price(tasks, "institutional_unit_cost_eur"),
        "price",
    )
    replaced = table.add(
        "Vervangen aantal per jaar",
        "Replaced volume per year",
        tasks["volume_per_year"] * (1 - tasks["deadweight"]) * tasks["substitution_share"],
        "number",
    )
    avoided = table.add(
        "Vermeden kosten (€ per jaar)",
        "Avoided cost (EUR per year)",
        defined(price, replaced * price),
        name=("Taak_vermeden", "task_avoided"),
    )
    cashable = table.add(
        "Verzilverbaar (€ per jaar)",
        "Cashable (EUR per year)",
        defined(avoided, avoided * tasks["cashable_share"]),
        name=("Taak_verzilverbaar", "task_cashable"),
    )
    own_price = tasks["initiative_unit_cost_eur"]
    own_cost = table.add(
        "Aantal × kostprijs initiatief (€ per jaar)",
        "Volume × initiative unit cost (EUR per year)",
        defined(own_price, tasks["volume_per_year"] * own_price),
    )
    institutional_cost = table.add(
        "Aantal × kostprijs instelling (€ per jaar)",
        "Volume × institutional unit cost (EUR per year)",
        defined(price, tasks["volume_per_year"] * price),
    )
    lacks_price = table.add(
        "Zonder kostprijs initiatief", "Without initiative unit cost", if_(is_filled(own_price), 0, 1), "integer"
    )
    lacks_either = table.add(
        "Een van beide ontbreekt",
        "Either is missing",
        if_(and_(is_filled(own_price), is_filled(price)), 0, 1),
        "integer",
    )
    table.finish()
    return Tasks(owner, payer, price, avoided, cashable, own_cost, institutional_cost, lacks_price, lacks_either)
