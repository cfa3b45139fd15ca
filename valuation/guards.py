"""What must be guarded (METHOD §10, and the warnings of §3-6): warnings that name the place and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from valuation.arrays import Flags, Floats, figures, position_of, rows_of, total_by, words
from valuation.book_value import BookValue
from valuation.case import FINANCING, OPERATIONS, Case
from valuation.lines import Activity, Lines, at_reference_price, covered_backlog, operating_cost
from valuation.plan_totals import parts_of_items
from valuation.problems import Problem, warning


def warnings_of(
    case: Case, links: Activity, lines: Lines, book: BookValue, assets: pd.DataFrame, initiatives: pd.DataFrame
) -> tuple[Problem, ...]:
    """All warnings of a case, in the order of its sheets.

    Parameters
    ----------
    case : Case
    links : Activity
    lines : Lines
    book : BookValue
    assets, initiatives : DataFrame
        The result's tables.
    """
    return (
        *_differing_book_values(case, book),
        *_missing_fallback(case, links),
        *_uncovered_backlog(case, links),
        *_price_outside_zone(case, assets),
        *_aid_signal(case, assets),
        *_structural_deficits(case, initiatives),
        *_high_ratios(case, assets, initiatives),
        *_mixed_price_bases(case),
        *_not_priced(case),
        *_never_counted(case, lines),
        *_assumed_prices(case),
        *_double_counting(case),
        *_differing_plans(case),
    )


def _differing_book_values(case: Case, book: BookValue) -> Iterator[Problem]:
    filled_in = figures(case.assets, "book_value_eur")
    for row in rows_of(case.assets.assign(computed=book.computed), _differs(case, filled_in, book.computed)):
        values = {"filled_in": row["book_value_eur"], "computed": row["computed"]}
        yield warning(case, "book_values_differ", "assets", "book_value_eur", row["row"], **values)


def _differing_plans(case: Case) -> Iterator[Problem]:
    """Totals of the sheet Initiatieven that the rows of Exploitatie and Financiering do not add up to."""
    for declared, totals in ((OPERATIONS, _item_totals(case)), (FINANCING, _source_totals(case))):
        for column, by_rows in totals.items():
            stated = figures(case.initiatives, column)
            stated = operating_cost(case) if column == "operating_cost_eur_per_year" else stated
            for row in rows_of(
                case.initiatives.assign(by_rows=by_rows, stated=stated), _differs(case, stated, by_rows)
            ):
                values = {"owner": row["initiative_id"], "by_rows": row["by_rows"], "stated": row["stated"]}
                names = {"sheet_nl": declared.sheet_nl, "sheet_en": declared.sheet_en}
                yield warning(case, "plan_differs", "initiatives", column, row["row"], **values, **names)


def _differs(case: Case, stated: Floats, computed: Floats) -> Flags:
    """Where two figures for one thing differ by more than the tolerance; unknown does not differ."""
    gap = np.abs(stated - computed)
    share = case.reference.number("book_value_tolerance_share") * np.abs(computed)
    return (gap > case.reference.number("book_value_tolerance_eur")) & (gap > share)


def _item_totals(case: Case) -> dict[str, Floats]:
    """[EUR per year] What the yearly items of each initiative add up to at full size; NaN without rows."""
    rows = case.operations
    amount = figures(rows, "quantity_per_year") * figures(rows, "unit_amount_eur") * figures(rows, "occupancy_share")
    amount = amount * (figures(rows, "start_year") > 0)
    return _by_initiative(case, rows, amount, parts_of_items(words(rows, "item_kind")))


def _source_totals(case: Case) -> dict[str, Floats]:
    """[EUR] What the sources of each initiative that are no loan add up to; NaN without rows."""
    rows = case.financing
    is_own, is_gift = words(rows, "funding_kind") == "own_funds", rows["term_years"].isna().to_numpy(bool)
    parts = {"own_funds_eur": is_own & is_gift, "grants_eur": ~is_own & is_gift}
    return _by_initiative(case, rows, figures(rows, "amount_eur"), parts)


def _by_initiative(case: Case, rows: pd.DataFrame, amount: Floats, parts: dict[str, Flags]) -> dict[str, Floats]:
    owner = position_of(rows["initiative_id"], case.initiatives, "initiative_id")
    count = len(case.initiatives)
    none = ~np.isin(np.arange(count), owner)
    return {
        column: np.where(none, np.nan, total_by(owner, np.where(part, amount, 0.0), count))
        for column, part in parts.items()
    }


def _missing_fallback(case: Case, links: Activity) -> Iterator[Problem]:
    stops_early = links.has_initiative & (links.asset_years < case.assumptions.horizon_years)
    for row in rows_of(
        case.assets.assign(last_year=links.asset_years),
        stops_early & np.isnan(figures(case.assets, "fallback_cost_eur")),
    ):
        values = {"owner": row["asset_id"], "last_year": row["last_year"]}
        yield warning(case, "fallback_missing", "assets", "fallback_cost_eur", row["row"], **values)


def _uncovered_backlog(case: Case, links: Activity) -> Iterator[Problem]:
    covered = covered_backlog(case, links)
    misses = links.has_initiative & (covered < figures(case.assets, "maintenance_backlog_eur"))
    for row in rows_of(case.assets.assign(covered=covered), misses):
        values = {"owner": row["asset_id"], "backlog": row["maintenance_backlog_eur"], "renovation": row["covered"]}
        yield warning(case, "backlog_not_covered", "assets", "maintenance_backlog_eur", row["row"], **values)


def _price_outside_zone(case: Case, assets: pd.DataFrame) -> Iterator[Problem]:
    """The rule's share has no scientific default: say so where its price lies outside what both sides can bear."""
    price = figures(assets, "social_price_eur")
    outside = (price < figures(assets, "reservation_price_eur")) | (price > figures(assets, "ceiling_price_eur"))
    for row in rows_of(assets, outside):
        yield warning(
            case,
            "share_outside_zone",
            "assumptions",
            "social_value_share",
            owner=row["asset_id"],
            price=round(row["social_price_eur"]),
            reservation=round(row["reservation_price_eur"]),
            ceiling=round(row["ceiling_price_eur"]),
        )


def _aid_signal(case: Case, assets: pd.DataFrame) -> Iterator[Problem]:
    ceiling = float(case.reference.de_minimis["ceiling_eur"].min())
    share = case.reference.number("de_minimis_warning_share")
    aid = figures(assets, "de_minimis_aid_eur")
    for row in rows_of(case.assets.assign(aid=aid), aid > share * ceiling):
        values = {"owner": row["asset_id"], "aid": round(row["aid"]), "share": f"{share:.0%}", "ceiling": ceiling}
        yield warning(case, "de_minimis_signal", "assets", "proposed_price_eur", row["row"], **values)


def _structural_deficits(case: Case, initiatives: pd.DataFrame) -> Iterator[Problem]:
    surplus = figures(initiatives, "operating_surplus_eur_per_year")
    for row in rows_of(case.initiatives.assign(surplus=surplus), surplus < 0):
        values = {"owner": row["initiative_id"], "deficit": -row["surplus"]}
        yield warning(case, "structural_deficit", "initiatives", "income_eur_per_year", row["row"], **values)


def _high_ratios(case: Case, assets: pd.DataFrame, initiatives: pd.DataFrame) -> Iterator[Problem]:
    limit = case.reference.number("ratio_warning")
    for key, name, rows, results in (
        ("assets", "asset_id", case.assets, assets),
        ("initiatives", "initiative_id", case.initiatives, initiatives),
    ):
        bcr = figures(results, "bcr")
        for row in rows_of(rows.assign(bcr=bcr), bcr > limit):
            values = {"owner": row[name], "ratio": round(row["bcr"], 1), "limit": limit}
            yield warning(case, "high_ratio", key, name, row["row"], **values)


def _mixed_price_bases(case: Case) -> Iterator[Problem]:
    """Municipal tariffs and national reference prices in the tasks of one initiative."""
    priced = at_reference_price(case.tasks, "institutional_unit_cost_eur")
    base = [case.reference.price(key, case.assumptions.price_year).price_base for key in priced["price_key"]]
    for owner, tasks in priced.assign(base=base).groupby("initiative_id", sort=False):
        municipal = tasks[tasks["base"] == "municipal_tariff"]
        national = tasks[tasks["base"].str.startswith("national")]
        if len(municipal) and len(national):
            yield warning(
                case,
                "mixed_price_bases",
                "tasks",
                "price_key",
                rows_of(tasks)[0]["row"],
                owner=owner,
                municipal=", ".join(municipal["price_key"].unique()),
                national=", ".join(national["price_key"].unique()),
            )


def _not_priced(case: Case) -> Iterator[Problem]:
    """Unknown is not zero: what nobody can price is named with its physical quantity."""
    for rule, key, owner, name, quantity, own in (
        ("task_not_priced", "tasks", "initiative_id", "task", "volume_per_year", "institutional_unit_cost_eur"),
        ("effect_not_priced", "effects", "owner_id", "effect", "quantity", "unit_value_eur"),
    ):
        rows: pd.DataFrame = getattr(case, key)
        for row in rows_of(rows[rows[own].isna() & rows["price_key"].isna()]):
            values = {"owner": row[owner], "name": row[name], "quantity": row[quantity], "unit": row["unit"] or "×"}
            yield warning(case, rule, key, own, row["row"], **values)


def _never_counted(case: Case, lines: Lines) -> Iterator[Problem]:
    never = (lines.table == "effects") & (lines.start_year > lines.end_year)
    last_years = dict(zip(lines.row[never], lines.end_year[never], strict=True))
    for row in rows_of(case.effects, case.effects.index.isin(list(last_years))):
        values = {"owner": row["owner_id"], "name": row["effect"], "last_year": int(last_years[row["row"]])}
        yield warning(
            case, "effect_never_counts", "effects", "start_year", row["row"], start=row["start_year"], **values
        )


def _assumed_prices(case: Case) -> Iterator[Problem]:
    for key, own in (("tasks", "institutional_unit_cost_eur"), ("effects", "unit_value_eur")):
        for row in rows_of(at_reference_price(getattr(case, key), own)):
            price = case.reference.price(row["price_key"], case.assumptions.price_year)
            if price.basis == "assumption":
                yield warning(case, "assumption_price", key, "price_key", row["row"], price_key=price.key)


def _double_counting(case: Case) -> Iterator[Problem]:
    """Effects of one topic group that are added up in the same object or initiative."""
    by_scope: dict[str, list[dict[str, Any]]] = {}
    topics_of = _topics_by_word(case)
    for row, scope in zip(rows_of(case.effects), _scope(case), strict=True):
        topics = topics_of.get(" ".join((row["topic"] or row["effect"]).lower().split()))
        if row["direction"] == "benefit" and topics:
            by_scope.setdefault(scope, []).append({**row, "topics": topics})
    hours = _volunteer_hours(case)
    for scope, effects in by_scope.items():
        for first, second in combinations(effects, 2):
            group = _overlap(first, second)
            if group is not None:
                yield _overlap_warning(case, scope, group, first, second)
        for effect in effects:
            if ("volunteer_value", "volunteer_value") in effect["topics"] and not hours.get(scope, 0.0):
                values = {"owner": scope, "first": effect["effect"]}
                yield warning(case, "volunteer_value_without_cost", "effects", "topic", effect["row"], **values)


def _overlap_warning(case: Case, scope: str, group: str, first: dict[str, Any], second: dict[str, Any]) -> Problem:
    """Both lines by name; of a stock and a flow, the stock first."""
    is_stock_and_flow = group.endswith("stock_flow")
    rule = "stock_and_flow" if is_stock_and_flow else "double_counting"
    in_order = [first, second]
    if is_stock_and_flow:
        in_order.sort(key=lambda effect: not any(topic.endswith("_stock") for _, topic in effect["topics"]))
    values = {"owner": scope, "first": in_order[0]["effect"], "second": in_order[1]["effect"]}
    return warning(case, rule, "effects", "topic", second["row"], **values, group=group.replace("_", " "))


def _volunteer_hours(case: Case) -> dict[str, float]:
    """Volunteer hours that count as a cost, by what they are added up in."""
    hours: dict[str, float] = {}
    for row in rows_of(case.initiatives):
        scope = row["asset_id"] or row["initiative_id"]
        counted = row["volunteer_hours_per_year"] if case.assumptions.count_volunteer_hours else 0.0
        hours[scope] = hours.get(scope, 0.0) + counted
    return hours


def _scope(case: Case) -> list[str]:
    """What each effect is added up in: its object, its initiative's object, or the initiative without one."""
    object_of = case.initiatives.dropna(subset="asset_id").set_index("initiative_id")["asset_id"].to_dict()
    return [object_of.get(owner, owner) for owner in case.effects["owner_id"]]


def _topics_by_word(case: Case) -> dict[str, set[tuple[str, str]]]:
    """The `(group, topic)` pairs of `datasets/double_counting.csv` that each of the users' words stands for."""
    pairs: dict[str, set[tuple[str, str]]] = {}
    for row in rows_of(case.reference.double_counting):
        for word in (row["topic"], row["name_nl"].lower(), *row["synonyms"].split("|")):
            pairs.setdefault(word, set()).add((row["group"], row["topic"]))
    return pairs


def _overlap(first: dict[str, Any], second: dict[str, Any]) -> str | None:
    """The group in which two effects overlap: two topics of one group, or one topic for the same party.

    Two stocks, or two flows, may be added.
    """
    for group, topic in sorted(first["topics"]):
        for other_group, other_topic in sorted(second["topics"]):
            twice = first["party"] == second["party"] and not group.endswith("stock_flow")
            if group == other_group and (topic != other_topic or twice):
                return str(group)
    return None
