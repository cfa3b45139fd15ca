"""The worked cases of `tests/cases/*.toml`: one per formula of METHOD.md, worked out by hand.

How to read such a file: `working` is the calculation on paper. `[assumptions]`, `[[assets]]`, `[[initiatives]]`,
`[[tasks]]` and `[[effects]]` are the rows of the workbook under their English names; what is not filled in has the
default of the template (or, for a name that plays no part, some name), and "empty" is an empty cell. `[expected…]` are
the figures of the JSON result: a number, "null" where the figure is not defined, or "= …", a sum that anyone can type
into a spreadsheet. A budget is written per column, one number for each of the four years.

An expectation comes from the method, never from this program. One that fails is a mistake in the program, or in the
method.
"""

from __future__ import annotations

import ast
import operator
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exports.as_json import result_object
from tests.building import build_case
from valuation.appraisal import appraise
from valuation.case import Case
from valuation.key_figures import cost_covering_rent, internal_rate_of_return, social_return_on_investment

CASES = sorted((Path(__file__).resolve().parent.parent / "cases").glob("*.toml"))
TABLES = ("assets", "initiatives", "tasks", "effects")
OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def case_of(worked: dict[str, Any]) -> Case:
    """The case that a file describes."""
    assumptions = dict(worked.get("assumptions", {}))
    for key in ("discount_rate", "municipal_discount_rate"):
        if isinstance(assumptions.get(key), list):
            assumptions[key] = tuple((last_year, rate) for last_year, rate in assumptions[key])
    if "discount_rate" in assumptions:
        assumptions.setdefault("municipal_discount_rate", assumptions["discount_rate"])
    rows = {table: [_cells(row) for row in worked.get(table, [])] for table in TABLES}
    return build_case(**rows, **assumptions)


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    cells = {key: None if value == "empty" else value for key, value in row.items()}
    if "acquisition_cost_eur" in cells:  # the book value is computed, unless it is filled in
        cells.setdefault("book_value_eur", None)
    return cells


def figure(text: Any) -> Any:
    """What an expectation says: a number, a word, nothing, or the outcome of a sum."""
    if text == "null":
        return None
    if isinstance(text, str) and text.startswith("="):
        return _sum(ast.parse(text[1:].replace("^", "**").strip(), mode="eval").body)
    return text


def _sum(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_sum(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        return OPERATIONS[type(node.op)](_sum(node.left), _sum(node.right))
    message = f"not plain arithmetic: {ast.unparse(node)}"
    raise ValueError(message)


def same(found: Any, expected: Any) -> bool:
    """Equal, numbers to 1e-9 relative."""
    expected = figure(expected)
    if isinstance(expected, int | float) and isinstance(found, int | float):
        return found == pytest.approx(expected, rel=1e-9, abs=1e-6)
    return type(found) is type(expected) and found == expected


def comparisons(worked: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Every figure that a file expects of the result: its name, what is found, what is expected."""
    found = result_object(appraise(case_of(worked)), [])
    rows = {
        "assets": {row["asset_id"]: row for row in found["assets"]},
        "initiatives": {row["initiative_id"]: row for row in found["initiatives"]},
        "budget": {
            row["asset_id"]: {key: [year[key] for year in row["budget"]] for key in row["budget"][0]}
            for row in found["assets"]
        },
    }
    expected = dict(worked["expected"])
    for owner, payers in expected.pop("by_payer", {}).items():
        by_payer = rows["initiatives"][owner]["by_payer"]
        yield f"by_payer.{owner}", sorted(by_payer), sorted(payers)
        for payer, figures in payers.items():
            yield from ((f"by_payer.{owner}.{payer}.{key}", by_payer[payer][key], figures[key]) for key in figures)
    for table, owners in expected.items():
        for owner, figures in owners.items():
            for key, value in figures.items():
                name, at = f"{table}.{owner}.{key}", rows[table][owner][key]
                if isinstance(value, list):
                    yield from ((f"{name}[{n}]", *pair) for n, pair in enumerate(zip(at, value, strict=True)))
                else:
                    yield name, at, value


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_result_is_what_was_worked_out_by_hand(path: Path) -> None:
    worked = read(path)
    assert worked["working"].strip()
    assert worked["method"].startswith("METHOD §")
    if "expected" in worked:
        differences = {
            name: f"{found!r}, worked out: {figure(expected)!r}"
            for name, found, expected in comparisons(worked)
            if not same(found, expected)
        }
        assert not differences
    else:
        assert {"rents", "internal_rates", "returns_on_investment"} & set(worked)


KEY_FIGURES = read(next(path for path in CASES if path.stem == "8-key-figures"))


@pytest.mark.parametrize("worked", KEY_FIGURES["rents"])
def test_the_cost_covering_rent_is_what_was_worked_out_by_hand(worked: dict[str, Any]) -> None:
    terms = {key: value for key, value in worked.items() if key != "expected"}
    assert same(cost_covering_rent(**terms), worked["expected"])


@pytest.mark.parametrize("worked", KEY_FIGURES["internal_rates"])
def test_the_internal_rate_is_what_was_worked_out_by_hand(worked: dict[str, Any]) -> None:
    found = internal_rate_of_return(np.array(worked["flow"], dtype=float))
    assert same(found.rate, worked["expected"])
    assert (found.reason is None) == (found.rate is not None)


@pytest.mark.parametrize("worked", KEY_FIGURES["returns_on_investment"])
def test_the_return_on_investment_is_what_was_worked_out_by_hand(worked: dict[str, Any]) -> None:
    terms = {key: value for key, value in worked.items() if key != "expected"}
    assert same(social_return_on_investment(**terms), worked["expected"])


def test_every_formula_of_the_method_has_a_worked_case() -> None:
    assert {path.stem[0] for path in CASES} == set("12345678")


def test_a_wrong_expectation_is_seen() -> None:
    worked = read(next(path for path in CASES if path.stem == "3-budget"))
    worked["expected"]["budget"]["H"]["recurring_total_eur"][2] += 0.01
    assert [name for name, found, expected in comparisons(worked) if not same(found, expected)] == [
        "budget.H.recurring_total_eur[2]"
    ]


@pytest.mark.parametrize(("found", "expected"), [(0.0, "null"), (None, 0), ("share", "floor"), (1.0, 1.00001)])
def test_what_differs_is_not_the_same(found: Any, expected: Any) -> None:
    assert not same(found, expected)
