"""What a document is about: one object with the initiatives that want it, looked up once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from exports.documents.model import shortened
from exports.documents.words import Words
from valuation.appraisal import Result, appraise
from valuation.case import Case
from valuation.comparison import at_end, comparison, totals
from valuation.explain import problems_about, structural_deficits
from valuation.problems import Problem
from valuation.response import Input, response_model, share_inputs, uncertain_inputs
from valuation.scenarios import of_one_asset
from valuation.sensitivity import switching_values
from valuation.spread import nearest_first
from valuation.uncertainty import Simulation, simulate

DRAWS = 8192
"""As many as the page Scenario's, so that both say the same."""
OUTCOME = "social_value_eur"


@dataclass(frozen=True)
class Subject:
    """One object, and what is known of it.

    Parameters
    ----------
    words : Words
    result : Result
    asset_id : str
    uncertain : Case
        The case whose low and high values say how sure it is: the result's own, unless figures were moved on screen.
    problems : tuple of Problem
        What the reading of the workbook said, besides what the computation says.
    """

    words: Words
    result: Result
    asset_id: str
    uncertain: Case
    problems: tuple[Problem, ...] = ()

    @property
    def case(self) -> Case:
        """The case of the result."""
        return self.result.case

    @cached_property
    def asset(self) -> pd.Series:
        """The object's figures."""
        return self.result.asset(self.asset_id)

    @cached_property
    def row(self) -> pd.Series:
        """The object as the workbook has it."""
        return self.case.assets.iloc[self.result.asset_position(self.asset_id)]

    @property
    def has_initiative(self) -> bool:
        """Whether somebody wants to take it over."""
        return bool(self.asset["has_initiative"])

    @cached_property
    def initiatives(self) -> pd.DataFrame:
        """The rows of the sheet Initiatieven that are linked to it."""
        return self.case.initiatives[self.case.initiatives["asset_id"] == self.asset_id]

    @property
    def initiative_ids(self) -> list[str]:
        """Their codes."""
        return [str(number) for number in self.initiatives["initiative_id"]]

    @cached_property
    def compared(self) -> pd.DataFrame:
        """The linked rows of `valuation.comparison.comparison`."""
        table = comparison(self.result)
        return table[table["initiative_id"].isin(self.initiative_ids)]

    @cached_property
    def deficits(self) -> pd.DataFrame:
        """The initiatives that fall short each year."""
        return structural_deficits(self.result, self.asset_id)

    @cached_property
    def warnings(self) -> tuple[Problem, ...]:
        """What reading and computation say about this object and its initiatives."""
        return problems_about(self.result, self.asset_id, (*self.problems, *self.result.problems))

    @cached_property
    def savings(self) -> dict[str, tuple[float, float, float]]:
        """[EUR per year] Sums over the initiatives: at unfavourable prices, as they are, at favourable prices."""
        one = of_one_asset(self.case, self.asset_id)
        ends = [appraise(at_end(one, favourable=False)), appraise(one), appraise(at_end(one, favourable=True))]
        sums = [totals(end, self.initiative_ids) for end in ends]
        return {str(key): (float(sums[0][key]), float(sums[1][key]), float(sums[2][key])) for key in sums[0].index}

    @cached_property
    def simulation(self) -> Simulation | None:
        """How sure the outcome is; None where nothing uncertain moves it."""
        one = of_one_asset(self.uncertain, self.asset_id)
        if not self.has_initiative or not response_model(one).touches(OUTCOME, self.asset_id):
            return None
        return simulate(one, DRAWS)

    @cached_property
    def turning(self) -> tuple[list[tuple[Input, float, bool]], int]:
        """The figures that can turn the social value on their own, nearest first, and how many cannot.

        Of each: the input, the value at which it turns, and whether the social value is positive above it.
        """
        one = of_one_asset(self.uncertain, self.asset_id)
        model = response_model(one, [*uncertain_inputs(one), *share_inputs(one)])
        inputs = {chosen.key: chosen for chosen in model.inputs}
        table = switching_values(model, OUTCOME, self.asset_id)
        shares = tuple(key for key, chosen in inputs.items() if chosen.quantities[0].declared.kind == "fraction")
        found = nearest_first(table, shares)
        rows = [
            (inputs[key], float(value), bool(above))
            for key, value, above in zip(found["key"], found["switching_value"], found["positive_above"], strict=True)
        ]
        return rows, len(table) - len(found)

    def name(self, most: int) -> str:
        """The object's name in at most so many characters."""
        return shortened(str(self.row["name"]), most)

    def initiative_names(self, most: int, length: int) -> str:
        """The initiatives' names, each in at most `length` characters."""
        return self.words.names([shortened(str(name), length) for name in self.initiatives["name"]], most)


def subject_of(
    words: Words,
    result: Result,
    asset_id: str,
    *,
    uncertain: Case | None = None,
    problems: Sequence[Problem] = (),
) -> Subject:
    """The subject; a `KeyError` for an unknown object."""
    result.asset_position(asset_id)
    return Subject(words, result, asset_id, result.case if uncertain is None else uncertain, tuple(problems))
