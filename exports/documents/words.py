"""Sentences in two languages: our words, with figures and users' text put into them and never read as markup."""

from __future__ import annotations

from collections.abc import Sequence
from string import Formatter

from exports.documents.model import Run, Text, clean, plain
from exports.notation import Notation

Parts = dict[str, str | Run | Text]
"""What is put into a sentence, by name."""


class Words(Notation):
    """Writes sentences and figures in one language.

    Parameters
    ----------
    language : {"nl", "en"}
    """

    def text(self, nl: str, en: str, **parts: str | Run | Text) -> Text:
        """A sentence; `{name}` is replaced by a part, as it is."""
        runs: list[Run] = []
        for literal, name, _, _ in Formatter().parse(nl if self.language == "nl" else en):
            if literal:
                runs.append(Run(literal))
            if name:
                runs.extend(_runs(parts[name]))
        return tuple(runs)

    def plain(self, nl: str, en: str, **parts: str | Run | Text) -> str:
        """The same without style."""
        return plain(self.text(nl, en, **parts))

    def say(self, nl: str, en: str) -> str:
        """A word or label."""
        return nl if self.language == "nl" else en

    def names(self, names: Sequence[str], most: int) -> str:
        """Names in a row; what is more than `most` becomes "and N others"."""
        shown = [clean(name) for name in names[:most]]
        rest = len(names) - len(shown)
        if rest:
            others = f"{rest} andere" if self.language == "nl" else f"{rest} others" if rest > 1 else "1 other"
            return f"{', '.join(shown)} {self.say('en', 'and')} {others}"
        if len(shown) > 1:
            return f"{', '.join(shown[:-1])} {self.say('en', 'and')} {shown[-1]}"
        return "".join(shown)

    def count(self, count: int, nl: tuple[str, str], en: tuple[str, str]) -> str:
        """A number with its noun: 1 taak, 20 taken."""
        one, more = nl if self.language == "nl" else en
        return f"{self.number(count)} {one if count == 1 else more}"


def user(text: str) -> Text:
    """What users typed, as it is."""
    return (Run(clean(text)),)


def first_upper(text: str) -> str:
    """The text with a capital to begin with; VAT and OZB stay as they are."""
    return text[:1].upper() + text[1:]


def joined(parts: Sequence[Text], between: str = " ") -> Text:
    """Texts one after the other."""
    runs: list[Run] = []
    for part in filter(None, parts):
        if runs:
            runs.append(Run(between))
        runs.extend(part)
    return tuple(runs)


def _runs(part: str | Run | Text) -> Text:
    if isinstance(part, Run):
        return (part,)
    return (Run(part),) if isinstance(part, str) else part
