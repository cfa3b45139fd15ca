"""What the template says about a column, in words: taken from the declaration, so that it is never out of date."""

from __future__ import annotations

from valuation.case import Column

Default = float | str | bool | None

EXAMPLE_IDS = ("VOORBEELD-", "EXAMPLE-")
"""How the codes of the template's example rows begin."""
PRICE_SHEETS = ("Prijzen", "prices")
HELP_SHEETS = ("Uitleg", "explanation", *PRICE_SHEETS)
"""Sheets of the template that explain; they are ours, so they are not reported as not used."""

KINDS = {
    "text": ("tekst", "text"),
    "identifier": ("code (tekst)", "code (text)"),
    "amount": ("euro", "euros"),
    "number": ("getal", "number"),
    "fraction": ("percentage", "percentage"),
    "degrees": ("graden", "degrees"),
    "integer": ("heel getal", "whole number"),
    "year": ("jaartal", "year"),
    "choice": ("keuze", "choice"),
    "yes_no": ("ja of nee", "yes or no"),
    "take_up": ("percentages", "percentages"),
    "steps": ("percentage of stappen", "percentage or steps"),
    "cell": ("zoals de cel waar het om gaat", "as the cell that it is about"),
}
YES_NO = {"nl": ("ja", "nee"), "en": ("yes", "no")}


def words_of(column: Column, language: str) -> tuple[str, ...]:
    """The words to choose from; empty for a column that is no choice."""
    if column.kind == "yes_no":
        return YES_NO[language]
    return tuple(choice.nl if language == "nl" else choice.en for choice in column.choices)


def kind_of(column: Column, language: str) -> str:
    """What kind of value belongs in the column."""
    return KINDS[column.kind][0 if language == "nl" else 1]


def meaning_of(column: Column, language: str) -> str:
    """What the column means, in one sentence."""
    return column.meaning_nl if language == "nl" else column.meaning_en


def default_words(column: Column, default: Default, language: str) -> str:
    """What an empty cell means, in words; nothing where there is no default."""
    text = column.default_text_nl if language == "nl" else column.default_text_en
    if text or default is None:
        return text
    if isinstance(default, bool):
        return YES_NO[language][0 if default else 1]
    if isinstance(default, str):
        return next(
            (choice.nl if language == "nl" else choice.en for choice in column.choices if choice.key == default),
            default,
        )
    text = f"{default * 100:g}%" if column.kind in {"fraction", "steps"} else f"{default:g}"
    return text.replace(".", ",") if language == "nl" else text


def note_of(column: Column, language: str, default: Default = None) -> str:
    """The note at a header: meaning, kind, and whether it must be filled in."""
    meaning = meaning_of(column, language)
    if not meaning:
        return ""
    lines = [meaning, f"{'Soort' if language == 'nl' else 'Kind'}: {kind_of(column, language)}"]
    if column.required:
        lines.append("Verplicht" if language == "nl" else "Required")
    else:
        words = default_words(column, column.default if default is None else default, language)
        if words:
            lines.append(f"{'Leeg' if language == 'nl' else 'Empty'}: {words}")
    return "\n".join(lines)
