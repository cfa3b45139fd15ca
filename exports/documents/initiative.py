"""What the application and the business case both say of their initiative: who it is, and about which object."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any

import pandas as pd

from exports.documents.model import Run, Text, shortened
from exports.documents.words import Words, user
from valuation.appraisal import Result
from valuation.case import STAGES, Case
from valuation.comparison import comparison

MOST_OF_THE_TITLE = 120


class AboutInitiative:
    """One initiative and what is known of it, for the document that describes it.

    Parameters
    ----------
    words : Words
    result : Result
    initiative_id : str
        A `KeyError` for an unknown one.
    """

    def __init__(self, words: Words, result: Result, initiative_id: str) -> None:
        self.words, self.result, self.initiative_id = words, result, initiative_id
        position = int(pd.Index(self.case.initiatives["initiative_id"]).get_loc(initiative_id))
        self.own: pd.Series[Any] = self.case.initiatives.iloc[position]

    @property
    def case(self) -> Case:
        """The case of the result."""
        return self.result.case

    @cached_property
    def figures(self) -> pd.Series[Any]:
        """Its row of `valuation.comparison.comparison`."""
        table = comparison(self.result)
        return table[table["initiative_id"] == self.initiative_id].iloc[0]

    @property
    def title_name(self) -> str:
        """Its name as it fits in a title."""
        return shortened(str(self.own["name"]), MOST_OF_THE_TITLE)

    @property
    def asset_id(self) -> str | None:
        """The object that it takes over; None without one."""
        return self.own["asset_id"] if isinstance(self.own["asset_id"], str) else None

    @property
    def object_row(self) -> pd.Series[Any]:
        """That object as the workbook has it."""
        return self.case.assets.iloc[self.result.asset_position(str(self.asset_id))]

    @property
    def object_name(self) -> str | None:
        """That object by name and number."""
        return None if self.asset_id is None else f"{self.object_row['name']} ({self.asset_id})"

    def known_facts(self) -> list[tuple[str, Text]]:
        """Name, form, theme, place, stage and object, as far as the workbook knows them."""
        words, own = self.words, self.own
        stages = {stage.key: words.say(stage.nl, stage.en) for stage in STAGES}
        known: list[tuple[str, Any]] = [
            (words.say("Initiatief", "Initiative"), own["name"]),
            (words.say("Rechtsvorm", "Legal form"), own["legal_form"]),
            (words.say("Thema", "Theme"), own["theme"]),
            (words.say("Buurt", "Neighbourhood"), own["neighbourhood"]),
            (words.say("Stadium", "Stage"), stages.get(own["stage"])),
            (words.say("Gebouw of groen", "Building or green"), self.object_name),
        ]
        return [(name, user(value)) for name, value in known if isinstance(value, str)]

    def date_fact(self, date: datetime.date | None) -> list[tuple[str, Text]]:
        """The date of the document, where it has one."""
        words = self.words
        return [] if date is None else [(words.say("Datum", "Date"), (Run(words.date(date)),))]

    def duration(self) -> str:
        """For how many years it runs: 10 jaar."""
        return self.words.count(int(self.own["duration_years"]), ("jaar", "jaar"), ("year", "years"))
