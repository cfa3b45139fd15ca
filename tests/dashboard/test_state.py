"""What a session keeps: how many results, by how much there is in them."""

from __future__ import annotations

import pytest

from dashboard import state
from valuation.appraisal import appraise


@pytest.mark.parametrize(
    ("room_for", "kept"),
    [
        pytest.param(100.0, 6, id="a small municipality: six, whatever there is room for"),
        pytest.param(2.5, 2, id="a larger one: as many as there is room for"),
        pytest.param(0.5, 1, id="a very large one: what is on screen"),
    ],
)
def test_fewer_results_are_kept_of_a_larger_municipality(
    room_for: float, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = state.example().case
    results = [(case, appraise(case.with_assumptions(discount_rate=step / 100))) for step in range(8)]
    monkeypatch.setattr(state, "LINES_KEPT", int(room_for * len(results[0][1].lines.row)))
    assert state.worth_keeping(results) == results[:kept]
