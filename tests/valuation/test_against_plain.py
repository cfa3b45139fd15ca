"""The program against METHOD.md in plain loops (`plain.py`), on cases that nobody thought of."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from exports.as_json import result_object
from tests.valuation.plain import plain_result
from tests.valuation.whole_cases import Rows, case_of, every_figure_settings, whole_cases
from valuation.appraisal import appraise


def differences(found: Any, expected: Any, place: str = "") -> list[str]:
    """Where two results differ, numbers by more than rounding."""
    if isinstance(expected, dict):
        assert set(found) == set(expected), place
        return [text for key in expected for text in differences(found[key], expected[key], f"{place}.{key}")]
    if isinstance(expected, list):
        assert len(found) == len(expected), place
        pairs = enumerate(zip(found, expected, strict=True))
        return [text for number, pair in pairs for text in differences(*pair, f"{place}[{number}]")]
    if isinstance(expected, float | int) and isinstance(found, float | int):
        same = found == pytest.approx(expected, rel=1e-9, abs=1e-5)
    else:
        same = found == expected
    return [] if same else [f"{place}: {found!r}, plainly {expected!r}"]


@every_figure_settings
@given(whole_cases())
def test_the_program_computes_what_the_method_says(rows: Rows) -> None:
    case = case_of(rows)
    found = result_object(appraise(case), [])
    expected = plain_result(case)
    assert differences({key: found[key] for key in expected}, expected) == []


def test_a_difference_is_seen() -> None:
    assert differences({"a": [{"b": 1.0, "c": None}]}, {"a": [{"b": 1.001, "c": 0.0}]}) == [
        ".a[0].b: 1.0, plainly 1.001",
        ".a[0].c: None, plainly 0.0",
    ]
