"""METHOD.md once more, slowly: one object, one row and one year at a time, in plain Python.

The program computes all lines of a case at once. This does the same with loops that read as the method does, and
shares no code with it, so that the two can be compared on cases that nobody thought of.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from valuation.case import Assumptions, Case

Row = dict[str, Any]
Flow = list[float]

NEEDS_AN_INITIATIVE = (
    "social_benefits_eur",
    "social_costs_eur",
    "volunteer_hours_cost_eur",
    "social_value_eur",
    "social_value_against_sale_eur",
    "bcr",
    "social_price_eur",
    "social_price_bound",
    "ceiling_price_eur",
    "zone_eur",
    "required_share",
    "de_minimis_aid_eur",
)


def plain_result(case: Case) -> dict[str, Any]:
    """The objects and initiatives of the JSON result, with the names of its fields."""
    return Plain(case).result()


def _rows(table: Any) -> list[Row]:
    def cell(value: Any) -> Any:
        return None if isinstance(value, float) and math.isnan(value) else value

    return [{key: cell(value) for key, value in row.items()} for row in table.to_dict("records")]


def rate_of_year(rate: Any, year: int) -> float:
    """§1: the rate of one year; a step holds through its last year."""
    return next(step for last, step in rate if year <= last) if isinstance(rate, tuple) else rate


def discount(rate: Any, year: int, timing: str) -> float:
    """§1: a year's discount factor."""
    if year == 0:
        return 1.0
    factor = 1.0
    for earlier in range(1, year):
        factor /= 1 + rate_of_year(rate, earlier)
    return factor / (1 + rate_of_year(rate, year)) ** {"end": 1.0, "mid": 0.5, "start": 0.0}[timing]


def effect_flow(row: Row, unit_value: float | None, owner_years: int, horizon: int) -> Flow:
    """§2: the unsigned amounts of an effect line in years 0..T."""
    start, duration = int(row["start_year"]), row["duration_years"]
    flow = [0.0] * (horizon + 1)
    for year in range(start, horizon + 1):
        runs = year <= owner_years if duration is None else year < start + duration
        if runs and unit_value is not None:
            claimed = (1 - row["deadweight"]) * (1 - row["displacement"]) * (1 - row["attribution"])
            since = year - start
            course = (1 - row["drop_off"]) ** since * (1 + row["real_growth"]) ** max(year - 1, 0)
            take_up = row["take_up"][min(since, len(row["take_up"]) - 1)]
            flow[year] = row["quantity"] * unit_value * claimed * course * take_up
    return flow


def annuity(amount: float, residual: float, rate: float, years: float) -> float:
    """§3: the yearly sum that brings an amount to its residual value."""
    if rate == 0:
        return (amount - residual) / years
    shrunk = (1 + rate) ** -years
    return (amount - residual * shrunk) * rate / (1 - shrunk)


class Books:
    """§3: the register of one object, written forward year by year."""

    def __init__(self, row: Row, assumptions: Assumptions) -> None:
        self.rate = assumptions.internal_interest_rate
        self.method, self.residual = row["depreciation_method"], row["residual_value_eur"]
        land, filled_in, life = row["land_book_value_eur"], row["book_value_eur"], row["useful_life_years"]
        passed = 0
        if life is not None:
            passed = int(min(max(assumptions.base_year - (row["in_service_year"] + 1), 0), life))
        self.left = None if life is None else life - passed
        if filled_in is None:
            building = self._after(row["acquisition_cost_eur"] - row["third_party_contributions_eur"], life, passed)
            building = max(0.0, building - row["write_down_eur"])
            self.total = building + land
        else:
            building, self.total = max(0.0, filled_in - land), filled_in
        self.depreciation, self.interest = self._coming_years(building)

    def _after(self, value: float, life: float | None, passed: int) -> float:
        """What is left of the cost after the years that have passed."""
        if self.method == "none" or life is None:
            return value
        yearly = (value - self.residual) / life
        payment = annuity(value, self.residual, self.rate, life)
        for _ in range(passed):
            value -= payment - self.rate * value if self.method == "annuity" else yearly
        return value

    def _coming_years(self, building: float) -> tuple[Flow, Flow]:
        depreciation, interest = [], []
        total, left = self.total, self.left if self.method in ("linear", "annuity") else None
        yearly = payment = 0.0
        if left:
            yearly = max(0.0, (building - self.residual) / left)
            payment = annuity(building, self.residual, self.rate, left)
        for year in range(4):
            amount = 0.0
            if left and year < left:
                wanted = payment - self.rate * building if self.method == "annuity" else yearly
                amount = min(max(wanted, 0.0), max(building - self.residual, 0.0))
            interest.append(self.rate * total)
            depreciation.append(amount)
            building, total = building - amount, total - amount
        return depreciation, interest


class Plain:
    """One case, looked at from three sides."""

    def __init__(self, case: Case) -> None:
        self.assumptions = case.assumptions
        self.horizon = case.assumptions.horizon_years
        self.assets, self.initiatives = _rows(case.assets), _rows(case.initiatives)
        self.tasks, self.effects = _rows(case.tasks), _rows(case.effects)

    def pv(self, flow: Flow) -> float:
        rate, timing = self.assumptions.discount_rate, self.assumptions.timing
        return math.fsum(amount * discount(rate, year, timing) for year, amount in enumerate(flow))

    def municipal_pv(self, flow: Flow) -> float:
        rate, timing = self.assumptions.municipal_discount_rate, self.assumptions.timing
        return math.fsum(amount * discount(rate, year, timing) for year, amount in enumerate(flow))

    def yearly(self, amount: Callable[[int], float] | float, years: int) -> Flow:
        """The same amount (or that of the year) in years 1..`years`."""
        of = amount if callable(amount) else lambda _: amount
        return [of(year) if 1 <= year <= years else 0.0 for year in range(self.horizon + 1)]

    def at_transfer(self, amount: float) -> Flow:
        return [amount] + [0.0] * self.horizon

    def linked(self, asset: Row) -> list[Row]:
        return [row for row in self.initiatives if row["asset_id"] == asset["asset_id"]]

    def years_of(self, initiative: Row) -> int:
        return min(int(initiative["duration_years"]), self.horizon)

    def years_of_asset(self, asset: Row) -> int:
        return max((self.years_of(row) for row in self.linked(asset)), default=self.horizon)

    def tasks_of(self, initiative: Row) -> list[Row]:
        return [task for task in self.tasks if task["initiative_id"] == initiative["initiative_id"]]

    def avoided(self, task: Row) -> float:
        unit = task["institutional_unit_cost_eur"] or 0.0
        return task["volume_per_year"] * (1 - task["deadweight"]) * task["substitution_share"] * unit

    def task_flow(self, task: Row, amount: float, initiative: Row) -> Flow:
        steps = task["take_up"]
        return self.yearly(lambda year: amount * steps[min(year - 1, len(steps) - 1)], self.years_of(initiative))

    def operating_cost(self, initiative: Row) -> float:
        if initiative["operating_cost_eur_per_year"] is not None:
            return initiative["operating_cost_eur_per_year"]
        return sum(task["volume_per_year"] * task["initiative_unit_cost_eur"] for task in self.tasks_of(initiative))

    def facilitation(self, initiative: Row) -> float:
        return initiative["facilitation_hours_per_year"] * self.assumptions.official_hourly_rate

    def hours(self, initiative: Row) -> float:
        yearly = initiative["volunteer_hours_per_year"] * self.assumptions.volunteer_hour_value
        return self.pv(self.yearly(yearly, self.years_of(initiative)))

    def effects_of(self, owner: str, years: int) -> tuple[list[Flow], list[Flow], list[Flow]]:
        """Benefits, costs and municipal cash of an owner's effect lines."""
        benefits, costs, municipal = [], [], []
        for row in self.effects:
            if row["owner_id"] != owner:
                continue
            flow = effect_flow(row, row["unit_value_eur"], years, self.horizon)
            sign = 1 if row["direction"] == "benefit" else -1
            if row["counterparty"] is None:
                (benefits if sign > 0 else costs).append(flow)
                if row["party"] == "municipality":
                    part = row["cashable_share"] if sign > 0 else -1
                    municipal.append([part * amount for amount in flow])
            else:
                for party, part in ((row["party"], sign), (row["counterparty"], -sign)):
                    if party == "municipality":
                        municipal.append([part * amount for amount in flow])
        return benefits, costs, municipal

    # §5 and §7: society

    def society_of_initiative(self, initiative: Row) -> tuple[list[Flow], list[Flow]]:
        """Benefits and costs that an initiative itself brings."""
        years = self.years_of(initiative)
        benefits, costs, _ = self.effects_of(initiative["initiative_id"], years)
        benefits += [self.task_flow(task, self.avoided(task), initiative) for task in self.tasks_of(initiative)]
        benefits.append(self.yearly(initiative["new_user_income_eur_per_year"], years))
        running = self.operating_cost(initiative) - initiative["vat_leak_eur_per_year"]
        costs.append(self.yearly(running + self.facilitation(initiative), years))
        costs.append(self.at_transfer(initiative["renovation_eur"]))
        if self.assumptions.count_volunteer_hours:
            hours = initiative["volunteer_hours_per_year"] * self.assumptions.volunteer_hour_value
            costs.append(self.yearly(hours, years))
        return benefits, costs

    def society_of_asset(self, asset: Row) -> tuple[list[Flow], list[Flow]]:
        years = self.years_of_asset(asset)
        benefits, costs, _ = self.effects_of(asset["asset_id"], years)
        saved = asset["operating_cost_eur_per_year"] + asset["major_maintenance_eur_per_year"]
        benefits.append(self.yearly(saved, years))
        renovation = sum(row["renovation_eur"] for row in self.linked(asset))
        benefits.append(self.at_transfer(min(asset["maintenance_backlog_eur"], renovation)))
        costs.append(self.at_transfer(asset["transaction_cost_eur"]))
        costs.append(self.fallback(asset))
        for initiative in self.linked(asset):
            more_benefits, more_costs = self.society_of_initiative(initiative)
            benefits, costs = benefits + more_benefits, costs + more_costs
        return benefits, costs

    def fallback(self, asset: Row) -> Flow:
        after = self.years_of_asset(asset) + 1
        return [asset["fallback_cost_eur"] if year == after else 0.0 for year in range(self.horizon + 1)]

    # §4: the municipality

    def terminal_value(self, asset: Row) -> float:
        stated = asset["terminal_value_eur"]
        value = asset["market_value_eur"] + asset["maintenance_backlog_eur"] if stated is None else stated
        return value * discount(self.assumptions.municipal_discount_rate, self.horizon, "end")

    def municipality_of_asset(self, asset: Row) -> float:
        years = self.years_of_asset(asset)
        stops = asset["operating_cost_eur_per_year"] + asset["major_maintenance_eur_per_year"]
        flows = [
            self.at_transfer(asset["maintenance_backlog_eur"] - asset["transaction_cost_eur"]),
            self.yearly(stops - asset["rent_income_eur_per_year"], years),
            [-amount for amount in self.fallback(asset)],
            *self.effects_of(asset["asset_id"], years)[2],
        ]
        return sum(map(self.municipal_pv, flows)) - self.terminal_value(asset)

    def municipal_savings(self, initiative: Row) -> list[Flow]:
        return [
            self.task_flow(task, self.avoided(task) * task["cashable_share"], initiative)
            for task in self.tasks_of(initiative)
            if task["payer"] == "municipality"
        ]

    def municipality_of_initiative(self, initiative: Row) -> float:
        years = self.years_of(initiative)
        spent = initiative["subsidy_eur_per_year"] + self.facilitation(initiative)
        effects = self.effects_of(initiative["initiative_id"], years)[2]
        flows = [*self.municipal_savings(initiative), *effects, self.yearly(-spent, years)]
        return sum(map(self.municipal_pv, flows))

    # §6: prices

    def ceiling_price(self, asset: Row) -> float:
        room = 0.0
        for initiative in self.linked(asset):
            surplus = initiative["income_eur_per_year"] + initiative["subsidy_eur_per_year"]
            surplus -= self.operating_cost(initiative)
            room += initiative["own_funds_eur"] + initiative["grants_eur"] - initiative["renovation_eur"]
            if surplus > 0 and initiative["loan_term_years"] is not None:
                for year in range(1, int(initiative["loan_term_years"]) + 1):
                    room += surplus / initiative["dscr"] / (1 + initiative["loan_rate"]) ** year
        if room <= 0:
            return room
        tax, market = self.assumptions.transfer_tax_rate, asset["market_value_eur"]
        if asset["sale_restriction"] or room / (1 + tax) >= market:
            return room / (1 + tax)
        return room - tax * market

    def prices(self, asset: Row, social_value: float, reservation: float) -> Row:
        market, proposed = asset["market_value_eur"], asset["proposed_price_eur"]
        by_rule = min(market, market - self.assumptions.social_value_share * max(0.0, social_value))
        floor = self.assumptions.price_floor
        bound = "floor" if by_rule < floor else "share" if by_rule < market else "market"
        ceiling = self.ceiling_price(asset)
        share = aid = None
        if proposed is not None:
            discounted = max(0.0, market - proposed)
            aid = discounted + 3 * self.linked(asset)[0]["subsidy_eur_per_year"]
            share = discounted / social_value if social_value > 0 else None
        return {
            "social_price_eur": max(floor, by_rule),
            "social_price_bound": bound,
            "ceiling_price_eur": ceiling,
            "zone_eur": ceiling - reservation,
            "required_share": share,
            "de_minimis_aid_eur": aid,
        }

    # The result

    def result(self) -> dict[str, Any]:
        return {
            "assets": [self.asset(row) for row in self.assets],
            "initiatives": [self.initiative(row) for row in self.initiatives],
        }

    def asset(self, row: Row) -> Row:
        books = Books(row, self.assumptions)
        of_object = self.municipality_of_asset(row)
        of_initiatives = sum(map(self.municipality_of_initiative, self.linked(row)))
        stops = row["operating_cost_eur_per_year"] + row["major_maintenance_eur_per_year"]
        sold = row["market_value_eur"] - row["transaction_cost_eur"] + row["maintenance_backlog_eur"]
        kept = self.municipal_pv(self.yearly(stops - row["rent_income_eur_per_year"], self.horizon))
        price = row["proposed_price_eur"]
        result = None if price is None else price - row["transaction_cost_eur"] - books.total
        society: Row = dict.fromkeys(NEEDS_AN_INITIATIVE)
        if self.linked(row):
            benefits, costs = (sum(map(self.pv, flows)) for flows in self.society_of_asset(row))
            society = {
                "social_benefits_eur": benefits,
                "social_costs_eur": costs,
                "volunteer_hours_cost_eur": sum(map(self.hours, self.linked(row))),
                "social_value_eur": benefits - costs,
                "social_value_against_sale_eur": benefits - costs - sold - self.pv(self.yearly(stops, self.horizon)),
                "bcr": benefits / costs if costs else None,
                **self.prices(row, benefits - costs, -of_object - of_initiatives),
            }
        return {
            "asset_id": row["asset_id"],
            "book_value_eur": books.total,
            "depreciation_eur": books.depreciation[0],
            "interest_eur": books.interest[0],
            "capital_charge_eur": books.depreciation[0] + books.interest[0],
            "remaining_life_years": books.left,
            "book_result_eur": result,
            "market_value_eur": row["market_value_eur"],
            "municipality_npv_object_eur": of_object,
            "municipality_npv_initiative_eur": of_initiatives,
            "municipality_npv_at_zero_price_eur": of_object + of_initiatives,
            "reservation_price_eur": -of_object - of_initiatives,
            "reservation_price_against_sale_eur": sold + kept - self.terminal_value(row) - of_object - of_initiatives,
            **society,
            "budget": self.budget(row, books, result),
        }

    def budget(self, asset: Row, books: Books, book_result: float | None) -> list[Row]:
        years = self.years_of_asset(asset)
        effects = self.effects_of(asset["asset_id"], years)[2]
        savings: list[Flow] = []
        for initiative in self.linked(asset):
            effects += self.effects_of(initiative["initiative_id"], self.years_of(initiative))[2]
            savings += self.municipal_savings(initiative)
        rows = []
        for year in range(1, 5):
            here = year <= years
            active = [initiative for initiative in self.linked(asset) if year <= self.years_of(initiative)]
            recurring = {
                "freed_depreciation_eur": books.depreciation[year - 1],
                "freed_interest_eur": books.interest[year - 1],
                "freed_operating_eur": here
                * (asset["operating_cost_eur_per_year"] + asset["major_maintenance_eur_per_year"]),
                "lost_rent_eur": -here * asset["rent_income_eur_per_year"],
                "cashable_savings_eur": sum(flow[year] for flow in savings if year <= self.horizon),
                "municipal_effects_eur": sum(flow[year] for flow in effects if year <= self.horizon),
                "subsidy_eur": -sum(initiative["subsidy_eur_per_year"] for initiative in active),
                "facilitation_eur": -sum(map(self.facilitation, active)),
            }
            one_off: Row = {
                "book_result_eur": book_result,
                "provision_release_eur": asset["maintenance_provision_eur"],
                "municipal_effects_one_off_eur": sum(flow[0] for flow in effects),
            }
            one_off = one_off if year == 1 else dict.fromkeys(one_off, 0.0)
            rows.append(
                {
                    "year": self.assumptions.base_year + year - 1,
                    **recurring,
                    "recurring_total_eur": sum(recurring.values()),
                    **one_off,
                    "one_off_total_eur": None if None in one_off.values() else sum(one_off.values()),
                }
            )
        return rows

    def initiative(self, row: Row) -> Row:
        """§7."""
        tasks = self.tasks_of(row)
        by_payer = {
            payer: {
                "avoided_cost_eur_per_year": sum(self.avoided(task) for task in tasks if task["payer"] == payer),
                "cashable_saving_eur_per_year": sum(
                    self.avoided(task) * task["cashable_share"] for task in tasks if task["payer"] == payer
                ),
            }
            for payer in {task["payer"] for task in tasks}
        }
        saved = by_payer.get("municipality", {}).get("cashable_saving_eur_per_year", 0.0)
        cost = row["subsidy_eur_per_year"] + self.facilitation(row)
        flows = self.society_of_initiative(row)
        benefits, costs = (sum(map(self.pv, part)) for part in flows)
        return {
            "initiative_id": row["initiative_id"],
            **{
                key: sum(payer[key] for payer in by_payer.values())
                for key in ("avoided_cost_eur_per_year", "cashable_saving_eur_per_year")
            },
            "municipal_cashable_saving_eur_per_year": saved,
            "municipal_cost_eur_per_year": cost,
            "municipal_net_saving_eur_per_year": saved - cost,
            "cost_price_fraction": self.cost_price_fraction(tasks),
            "break_even_share": cost / saved if saved else None,
            "npv_municipality_eur": self.municipality_of_initiative(row),
            "npv_society_eur": benefits - costs,
            "bcr": benefits / costs if costs else None,
            "payback_years": self.payback(*flows),
            "by_payer": by_payer,
        }

    def cost_price_fraction(self, tasks: list[Row]) -> float | None:
        prices = [(task["initiative_unit_cost_eur"], task["institutional_unit_cost_eur"]) for task in tasks]
        if any(None in pair for pair in prices):
            return None
        at_initiative = sum(task["volume_per_year"] * price[0] for task, price in zip(tasks, prices, strict=True))
        at_institution = sum(task["volume_per_year"] * price[1] for task, price in zip(tasks, prices, strict=True))
        return at_initiative / at_institution if at_institution else None

    def payback(self, benefits: list[Flow], costs: list[Flow]) -> float | None:
        rate, timing = self.assumptions.discount_rate, self.assumptions.timing
        total = [
            (sum(flow[year] for flow in benefits) - sum(flow[year] for flow in costs)) * discount(rate, year, timing)
            for year in range(self.horizon + 1)
        ]
        noise = 1e-12 * sum(map(abs, total))
        running = [math.fsum(total[: year + 1]) for year in range(self.horizon + 1)]
        below = [year for year, amount in enumerate(running) if amount < -noise]
        if not below:
            return 0.0
        if below[-1] == self.horizon:
            return None
        last = below[-1]
        return last + -running[last] / (running[last + 1] - running[last])
