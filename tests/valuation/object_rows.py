"""Lines of many objects for the tests, and METHOD §2 written out year by year for one of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.valuation.plain import discount
from valuation.object_lines import FULL, ObjectLines, Terms

HORIZON = 40
TERMS = Terms(HORIZON, "end", 0.0225, 0.0225)
STEPS = ((0.5, 0.8, 1.0), (0.0, 1.0))


def some_lines(objects: int, seed: int = 1, **changes: Any) -> ObjectLines:
    """Objects of one to eleven lines that differ in everything that a line can differ in."""
    draw = np.random.default_rng(seed)
    first = np.concatenate([[0], np.cumsum(draw.integers(1, 12, objects))])
    count = int(first[-1])
    start = draw.choice([0, 1, 1, 1, 4], count)
    uncertain = draw.random(count) < 0.6
    value = draw.uniform(1, 90, count)
    columns = {
        "first": first,
        "identity": draw.integers(0, 2**63, objects, dtype=np.uint64),
        "quantity": draw.uniform(0, 50, count),
        "unit_value": np.where(draw.random(count) < 0.05, np.nan, value),
        "deadweight": draw.choice([0.0, 0.1, 1.0], count),
        "displacement": draw.choice([0.0, 0.2], count),
        "attribution": draw.choice([0.0, 0.3], count),
        "drop_off": draw.choice([0.0, 0.05, 0.5, 1.0], count),
        "real_growth": draw.choice([0.0, 0.01, -0.02], count),
        "start_year": start.astype(np.int16),
        "end_year": np.where(start == 0, draw.choice([0, 15], count), draw.choice([0, 10, 25, HORIZON], count)).astype(
            np.int16
        ),
        "society": draw.choice([-1, 0, 1], count).astype(np.int8),
        "municipal": draw.choice([-1.0, 0.0, 0.4], count),
        "book": (draw.random(count) < 0.1).astype(np.int8),
        "at_terminal": draw.random(count) < 0.1,
        "take_up": draw.choice([0, 0, 0, 1, 2], count).astype(np.int8),
        "take_ups": (FULL, *STEPS),
        "low": np.where(uncertain, 0.5 * value, np.nan),
        "high": np.where(uncertain, 1.7 * value, np.nan),
        "distribution": np.where(uncertain, draw.integers(1, 5, count), 0).astype(np.int8),
        "distributions": ("", "triangular", "pert", "uniform", "lognormal"),
        "price": np.where(draw.random(count) < 0.3, draw.integers(2**63, 2**63 + 3, count, dtype=np.uint64), 0).astype(
            np.uint64
        ),
    }
    return ObjectLines(**{**columns, **changes})


def plain_values(lines: ObjectLines, terms: Terms, at: int) -> dict[str, float]:
    """What one object is worth, a line and a year at a time."""
    found = dict.fromkeys(("benefits", "costs", "municipality", "book", "unpriced", "social_lines"), 0.0)
    for line in range(int(lines.first[at]), int(lines.first[at + 1])):
        found["social_lines"] += float(lines.society[line] != 0)
        amount = lines.quantity[line] * lines.unit_value[line]
        for share in (lines.deadweight, lines.displacement, lines.attribution):
            amount *= 1 - share[line]
        if np.isnan(amount):
            found["unpriced"] += 1
            continue
        society = amount * plain_factor(lines, line, terms.discount_rate, terms)
        found["benefits" if lines.society[line] > 0 else "costs"] += society * abs(int(lines.society[line]))
        found["municipality"] += (
            amount * plain_factor(lines, line, terms.municipal_discount_rate, terms) * lines.municipal[line]
        )
        found["book"] += amount * lines.book[line]
    return found


def plain_factor(lines: ObjectLines, line: int, rate: Any, terms: Terms) -> float:
    """What a euro a year of a line is worth now."""
    if lines.at_terminal[line]:
        return discount(rate, terms.horizon_years, "end")
    steps = lines.take_ups[lines.take_up[line]]
    start, total = int(lines.start_year[line]), 0.0
    for year in range(start, int(lines.end_year[line]) + 1):
        size = steps[min(year - start, len(steps) - 1)]
        size *= (1 - lines.drop_off[line]) ** (year - start) * (1 + lines.real_growth[line]) ** max(year - 1, 0)
        total += size * discount(rate, year, terms.timing)
    return total
