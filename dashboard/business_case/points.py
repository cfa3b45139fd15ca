"""What is still open in a plan: worked out from the workbook each time, never kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dashboard.business_case.answers import Answers, Mark, Spot
from dashboard.business_case.fields import mistake_words
from dashboard.business_case.questions import Field, Question, Rows, Unknown
from dashboard.business_case.references import price_of, price_words
from dashboard.labels import choice_label
from dashboard.wording import _

Level = Literal["mistake", "needed", "unknown", "assumed", "reference"]
BLOCKING = frozenset({"mistake", "needed"})
"""Without these there is no outcome."""


@dataclass(frozen=True)
class Point:
    """One thing that is open.

    Parameters
    ----------
    level : str
        mistake: cannot be read. needed: no outcome without it. unknown: to be asked. assumed, reference: filled in for
        who does not know.
    question : str
        Key of the question where it is answered.
    label, says : str
        What it is about, and what to do.
    """

    level: Level
    question: str
    label: str
    says: str


def points(answers: Answers, asked: tuple[Question, ...]) -> list[Point]:
    """Everything that is open, in the order of the questions."""
    return [point for question in asked for point in of_question(answers, question)]


def of_question(answers: Answers, question: Question) -> list[Point]:
    """What is open in one question."""
    found: list[Point] = []
    for part in question.parts:
        if isinstance(part, Field):
            found += _of_field(answers, question, part, None, "")
            continue
        rows = part.rows(answers)
        if not rows and part.needed is not None and part.needed(answers):
            found.append(Point("needed", question.key, question.short, _("Add at least one item.")))
        for row, kind in rows.items():
            for field in kind.fields:
                found += _of_field(answers, question, field, row, row_name(answers, part, row))
    return found


def status(answers: Answers, question: Question) -> Literal["done", "open", "empty"]:
    """Whether a question is answered: open where something is still missing, empty where nobody touched it."""
    levels = {point.level for point in of_question(answers, question)}
    touched = any(True for _spot in _touched(answers, question))
    if not touched:
        return "empty"
    return "open" if levels & {"mistake", "needed", "unknown"} else "done"


def row_name(answers: Answers, part: Rows, row: int) -> str:
    """What a row of a list is called: its own name, or that of its kind."""
    names = {
        "tasks": "task",
        "effects": "effect",
        "operations": "item",
        "financing": "source",
        "reach": "neighbourhood",
        "qualities": "quality",
    }
    kind = part.rows(answers).get(row)
    own = answers.rows(part.table).get(row, {}).get(names.get(part.table, ""))
    if own and part.table == "qualities":
        spot = Spot(part.table, row, names[part.table])
        choices = {choice.key: choice_label(choice) for choice in spot.declared.choices}
        own = choices.get(answers.choice(spot) or "", own)
    return str(own or (kind.label if kind else ""))


def _touched(answers: Answers, question: Question) -> Iterator[Spot]:
    for part in question.parts:
        if isinstance(part, Rows):
            for row in part.rows(answers):
                yield Spot(part.table, row, "")
            continue
        spot = answers.spot(part.table, part.column)
        if spot is None or (part.shown is not None and not part.shown(answers, None)):
            continue
        is_filled = bool(answers.own_note(part.table)) if part.column == "note" else answers.cell(spot) is not None
        if is_filled or answers.mark(spot) is not None:
            yield spot


def _of_field(answers: Answers, question: Question, field: Field, row: int | None, owner: str) -> list[Point]:
    spot = answers.spot(field.table, field.column, row)
    is_asked = field.shown is None or field.shown(answers, row)
    if spot is None or field.column == "note" or not is_asked:
        return []
    label = f"{owner}: {field.label}" if owner else field.label
    mistake, mark = answers.mistake(spot), answers.mark(spot)
    if mistake is not None:
        return [Point("mistake", question.key, label, mistake_words(answers, spot, mistake))]
    if answers.cell(spot) is None and field.is_needed(answers):
        says = field.unknown.says if field.unknown and field.unknown.is_open else field.help
        return [Point("needed", question.key, label, says)]
    if mark is None or mark.kind == "none" or field.unknown is None:
        return []
    return [Point(mark.kind, question.key, label, _says(answers, field.unknown, mark))]


def _says(answers: Answers, unknown: Unknown, mark: Mark) -> str:
    """What was filled in for who does not know, and who to ask."""
    price = price_of(answers, unknown.price_key) if mark.kind == "reference" else None
    return unknown.says if price is None else f"{price_words(price)} {unknown.says}"
