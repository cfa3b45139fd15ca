"""What kinds of entries, reviews and deletions are called, and how any entry is shown that brings its own content."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dashboard.notation import MISSING, amount, number, percent, year
from dashboard.wording import _

MOST_ROWS = 12


def kind_name(kind: str) -> str:
    """What sort of entry it is, with a capital."""
    names = {
        "workbook": _("Workbook"),
        "decision": _("Decision"),
        "review": _("Review"),
        "realisation": _("What came true"),
        "claw_back": _("Claw-back"),
        "member": _("Who may see it"),
        "scenario": _("Scenario"),
        "draft": _("Draft"),
        "framework": _("Framework"),
        "round": _("Round of the working group"),
        "opened": _("Scores opened"),
        "score": _("Score"),
        "minutes": _("Minutes"),
    }
    return names.get(kind, plain_words(kind))


def plain_words(name: str) -> str:
    """A name from the code as words: `fair_price` is Fair price."""
    return name.replace("_", " ").strip().capitalize()


def reason_name(reason: str) -> str:
    """A ground for deleting a case."""
    return {
        "request": _("A person asked for it (GDPR)"),
        "retention": _("The retention period is over"),
        "mistake": _("Kept by mistake"),
    }[reason]


def outcome_name(outcome: str) -> str:
    """What a review led to."""
    return {
        "planned": _("planned"),
        "continue": _("go on as agreed"),
        "adjust": _("adjust the agreements"),
        "end": _("end, and settle up"),
    }.get(outcome, plain_words(outcome))


FIRST = (
    "name",
    "outcome",
    "decided_step",
    "ladder_step",
    "deviation",
    "reasons",
    "conditions",
    "total_eur",
    "discount_eur",
    "decider",
    "support",
    "note",
)
"""What a reader of a decision looks for, in this order."""


def content_rows(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Any content as pairs of words: what it is called, and what it says.

    The end of a name says the unit, as everywhere in the code; lists and what is inside come in order.
    """
    return list(_rows(payload, ""))


def main_and_rest(payload: Mapping[str, Any]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The rows that a reader looks for, and all others; content without any of those is all main when it is short."""
    main = {name: payload[name] for name in FIRST if payload.get(name) not in (None, "", [])}
    rest = {name: value for name, value in payload.items() if name not in main}
    if not main and len(content_rows(payload)) <= MOST_ROWS:
        return content_rows(payload), []
    return content_rows(main), content_rows(rest)


def _rows(content: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for name, value in content.items():
        label = f"{before}{_label(str(name))}"
        if isinstance(value, Mapping):
            yield from _rows(value, f"{label} › ")
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield from _list_rows(label, value)
        else:
            yield label, _said(str(name), value)


def _list_rows(label: str, values: Sequence[Any]) -> Iterator[tuple[str, str]]:
    if not any(isinstance(value, Mapping) for value in values):
        yield label, ", ".join(_said("", value) for value in values) or MISSING
        return
    for place, value in enumerate(values, start=1):
        if isinstance(value, Mapping):
            yield from _rows(value, f"{label} {place} › ")
        else:
            yield f"{label} {place}", _said("", value)


def _label(name: str) -> str:
    for end in ("_eur_per_year", "_eur", "_share", "_rate", "_years"):
        name = name.removesuffix(end)
    known = {
        "outcome": _("Outcome"),
        "reasons": _("Reasons"),
        "note": _("Note"),
        "due": _("Date"),
        "name": _("Name"),
        "linked": _("May see it"),
        "initiatives": _("Initiatives"),
        "initiative_id": _("Initiative"),
        "calendar_year": _("Calendar year"),
        "year": _("Year"),
        "amounts": _("What was counted"),
        "discount": _("Discount on the price"),
        "term": _("Term in years"),
        "size_bytes": _("Size in bytes"),
        "sha256": _("Print of the file (SHA-256)"),
        "support": _("Support"),
        "conditions": _("Conditions"),
        "framework": _("Framework"),
        "members": _("Members"),
        "group": _("Group"),
        "score": _("Score"),
        "scores": _("Scores"),
        "decided_by": _("Decided by"),
        "mandate": _("Mandate"),
        "version": _("Version"),
        "decided_step": _("Decided"),
        "ladder_step": _("Step by the ladder"),
        "deviation": _("Why another step than the ladder’s"),
        "decider": _("Who decides"),
        "total": _("Support over the whole duration"),
        "agreement": _("Agreement (Kendall’s W)"),
        "department": _("Department"),
        "theme": _("Theme"),
        "neighbourhood": _("Neighbourhood"),
        "municipality": _("Municipality"),
        "framework_id": _("Framework"),
        "framework_version": _("Version of the framework"),
        "answers": _("Answers"),
        "results": _("Results"),
    }
    return known.get(name, plain_words(name.rsplit("/", 1)[-1]))


def _said(name: str, value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        if name.endswith(("_eur", "_eur_per_year")):
            return amount(value)
        if name.endswith(("_share", "_rate")):
            return percent(value, 1)
        return year(value) if name.endswith("year") else number(value, 2)
    return outcome_name(value) if name == "outcome" else str(value)
