"""Frameworks (bestuurlijke kaders) as files: TOML in, a `Framework` or every problem out, and TOML again.

A framework is kept in the register as the same data that stands in the file, so that a version can be compared with
the next one, taken along, and read without this software. Nothing is repaired in silence: a key that is missing,
unknown or of another kind is a problem that names the file and the key.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from intake.names import similar
from valuation.framework import (
    BETTER,
    DECIDERS,
    RESULT_RULES,
    SUPPORT_KINDS,
    Criterion,
    Framework,
    GroupRules,
    Knockout,
    Mandate,
    Proposal,
    Step,
    Support,
    Words,
    faults_in,
)
from valuation.problems import Problem
from valuation.proposed_scores import FIGURES
from valuation.reference import MissingFigureError

FOLDER = Path(__file__).resolve().parent.parent / "datasets" / "frameworks"
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
LONGEST_TEXT = 4_000
MOST_BYTES = 500_000
MOST_PARTS = 60
"""More criteria, points or steps than anybody can weigh are a mistake."""
PARTS = ("definition", "weights", "anchors", "ladder", "mandate", "agreement")
LEVELS = ("weak", "moderate", "strong")

Part = TypeVar("Part")


class UnsoundFramework(Exception):  # noqa: N818 - users' mistakes, told as data
    """A file or form that is no sound framework, with everything that is wrong.

    Parameters
    ----------
    problems : tuple of Problem
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.message("en") for problem in self.problems))


@lru_cache(maxsize=1)
def load_frameworks() -> tuple[Framework, ...]:
    """The example frameworks of `datasets/frameworks/`, by file name.

    Raises
    ------
    MissingFigureError
        One of them is missing or unsound; the message names the file and the key.
    """
    files = sorted(FOLDER.glob("*.toml"))
    if not files:
        raise MissingFigureError("datasets/frameworks/ has no framework")
    try:
        return tuple(read_framework(file.read_bytes(), file.name) for file in files)
    except UnsoundFramework as mistakes:
        raise MissingFigureError(f"datasets/frameworks/: {mistakes}") from None


def read_framework(raw: bytes, filename: str) -> Framework:
    """The framework in a TOML file.

    Raises
    ------
    UnsoundFramework
        It cannot be read, or something in it is wrong; with every problem.
    """
    if len(raw) > MOST_BYTES:
        raise UnsoundFramework([_problem(filename, "", "framework_too_large")])
    try:
        data = tomllib.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as mistake:
        raise UnsoundFramework([_problem(filename, "", "framework_unreadable", detail=str(mistake))]) from None
    except RecursionError:
        raise UnsoundFramework([_problem(filename, "", "framework_unreadable", detail="nesting")]) from None
    return framework_from(data, filename)


def framework_from(data: Mapping[str, Any], filename: str) -> Framework:
    """The framework in data as `framework_as_data` gives it.

    Raises
    ------
    UnsoundFramework
        With every problem; `filename` is how each calls the place.
    """
    reader = _Reader(filename)
    framework = reader.framework(data)
    if not reader.problems:
        reader.problems += [
            _problem(filename, fault.key, fault.rule, **fault.parameters) for fault in faults_in(framework)
        ]
    if reader.problems:
        raise UnsoundFramework(reader.problems)
    return framework


def framework_as_data(framework: Framework) -> dict[str, Any]:
    """The framework as plain data: what stands in the TOML file, and what the register keeps as JSON."""
    return {
        "id": framework.framework_id,
        "version": framework.version,
        "valid_from": framework.valid_from.isoformat(),
        "name": _words(framework.name),
        "summary": _words(framework.summary),
        "definition": _words(framework.definition),
        "scale": {"lowest": framework.lowest, "highest": framework.highest},
        "sources": dict(framework.sources),
        "working_group": {
            "result": framework.rules.result,
            "quorum": framework.rules.quorum,
            "least_groups": framework.rules.least_groups,
            "agreement": dict(framework.rules.agreement),
        },
        "knockouts": [
            {
                "key": point.key,
                "question": _words(point.question),
                "evidence": _words(point.evidence),
                "source": point.source,
            }
            for point in framework.knockouts
        ],
        "criteria": [_criterion_data(criterion) for criterion in framework.criteria],
        "ladder": [
            {
                "key": step.key,
                "name": _words(step.name),
                "from_outcome": step.from_outcome,
                "requires": dict(step.requires),
                "gives": [{"kind": each.kind, "what": _words(each.what)} for each in step.gives],
                "withholds": [{"kind": each.kind, "what": _words(each.what)} for each in step.withholds],
            }
            for step in framework.ladder
        ],
        "mandate": [_mandate_data(mandate) for mandate in framework.mandate],
    }


def _words(words: Words) -> dict[str, str]:
    return {"nl": words.nl, "en": words.en} if words.en else {"nl": words.nl}


def _criterion_data(criterion: Criterion) -> dict[str, Any]:
    data = {
        "key": criterion.key,
        "name": _words(criterion.name),
        "question": _words(criterion.question),
        "weight": criterion.weight,
        "evidence": _words(criterion.evidence),
        "source": criterion.source,
        "anchors": {str(score): _words(text) for score, text in sorted(criterion.anchors.items())},
    }
    if criterion.proposal is not None:
        proposal = criterion.proposal
        data["proposal"] = {
            "figure": proposal.figure,
            "better": proposal.better,
            "from": {str(score): value for score, value in sorted(proposal.thresholds.items())},
            "source": proposal.source,
        }
    return data


def _mandate_data(mandate: Mandate) -> dict[str, Any]:
    data: dict[str, Any] = {"decider": mandate.decider}
    for limit in ("total_up_to_eur", "guarantee_up_to_eur"):
        if getattr(mandate, limit) is not None:
            data[limit] = getattr(mandate, limit)
    return {**data, "never": list(mandate.never)}


def write_framework(framework: Framework) -> bytes:
    """The framework as a TOML file that reads back as the same framework."""
    data = framework_as_data(framework)
    top = {**data, "valid_from": framework.valid_from}
    return ("\n".join(_lines(top, ())).strip() + "\n").encode("utf-8")


def _lines(table: Mapping[str, Any], place: tuple[str, ...]) -> Iterable[str]:
    """A table as TOML: its own values first, then its tables, then its lists of tables."""
    for key, value in table.items():
        if not _is_table(value) and not _is_tables(value):
            yield f"{_key(key)} = {_value(value)}"
    for key, value in table.items():
        if _is_table(value):
            inside = (*place, key)
            yield from ("", f"[{_path(inside)}]", *_lines(value, inside))
    for key, value in table.items():
        if _is_tables(value):
            inside = (*place, key)
            for part in value:
                yield from ("", f"[[{_path(inside)}]]", *_lines(part, inside))


def _is_table(value: Any) -> bool:
    """A table of its own; a text in two languages fits on its line."""
    return isinstance(value, Mapping) and not set(value) <= {"nl", "en"} and not _is_plain(value)


def _is_plain(value: Mapping[str, Any]) -> bool:
    """Only numbers, as thresholds and requirements are: one line."""
    return all(isinstance(each, int | float) for each in value.values())


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _path(place: tuple[str, ...]) -> str:
    return ".".join(_key(part) for part in place)


def _key(key: str) -> str:
    return key if BARE_KEY.fullmatch(key) else json.dumps(key)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return (
            "{ " + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + " }" if value else "{}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        # A JSON string is a TOML basic string, but for the one control character that JSON leaves as it is.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def _problem(filename: str, key: str, rule: str, **parameters: Any) -> Problem:
    return Problem("error", rule, parameters={"file": filename, "key": key, **parameters})


class _Reader:
    """Reads the parts of one framework, and remembers everything that is wrong."""

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self.problems: list[Problem] = []

    def framework(self, data: Mapping[str, Any]) -> Framework:
        known = (
            "id", "version", "valid_from", "name", "summary", "definition", "scale", "sources", "working_group",
            "knockouts", "criteria", "ladder", "mandate",
        )  # fmt: skip
        self.known_keys(data, "", known)
        scale = self.table(data, "scale", "")
        self.known_keys(scale, "scale", ("lowest", "highest"))
        sources = self.table(data, "sources", "", required=False)
        self.known_keys(sources, "sources", PARTS)
        return Framework(
            framework_id=self.code(data, "id", ""),
            version=self.whole(data, "version", ""),
            valid_from=self.date(data, "valid_from", ""),
            name=self.words(data, "name", ""),
            summary=self.words(data, "summary", "", required=False),
            definition=self.words(data, "definition", ""),
            lowest=self.whole(scale, "lowest", "scale"),
            highest=self.whole(scale, "highest", "scale"),
            rules=self.rules(self.table(data, "working_group", "")),
            knockouts=self.parts(data, "knockouts", "", self.knockout),
            criteria=self.parts(data, "criteria", "", self.criterion),
            ladder=self.parts(data, "ladder", "", self.step),
            mandate=self.parts(data, "mandate", "", self.mandate),
            sources={key: self.text(sources, key, "sources") for key in sources},
        )

    def rules(self, data: Mapping[str, Any]) -> GroupRules:
        place = "working_group"
        self.known_keys(data, place, ("result", "quorum", "least_groups", "agreement"))
        levels = self.table(data, "agreement", place)
        self.known_keys(levels, f"{place}.agreement", LEVELS)
        return GroupRules(
            result=self.choice(data, "result", place, RESULT_RULES),
            quorum=self.whole(data, "quorum", place),
            least_groups=self.whole(data, "least_groups", place),
            agreement={level: self.number(levels, level, f"{place}.agreement") for level in LEVELS},
        )

    def knockout(self, data: Mapping[str, Any], place: str) -> Knockout:
        self.known_keys(data, place, ("key", "question", "evidence", "source"))
        return Knockout(
            key=self.code(data, "key", place),
            question=self.words(data, "question", place),
            evidence=self.words(data, "evidence", place),
            source=self.text(data, "source", place, required=False),
        )

    def criterion(self, data: Mapping[str, Any], place: str) -> Criterion:
        self.known_keys(data, place, ("key", "name", "question", "weight", "evidence", "source", "anchors", "proposal"))
        anchors = self.table(data, "anchors", place)
        return Criterion(
            key=self.code(data, "key", place),
            name=self.words(data, "name", place),
            question=self.words(data, "question", place),
            weight=self.number(data, "weight", place),
            anchors={
                score: self.words(anchors, key, f"{place}.anchors")
                for key, score in self.scores(anchors, f"{place}.anchors")
            },
            evidence=self.words(data, "evidence", place),
            source=self.text(data, "source", place, required=False),
            proposal=self.proposal(data["proposal"], f"{place}.proposal") if "proposal" in data else None,
        )

    def proposal(self, data: Any, place: str) -> Proposal | None:
        if not isinstance(data, Mapping):
            self.wrong(place, "framework_kind", kind_nl="een tabel", kind_en="a table")
            return None
        self.known_keys(data, place, ("figure", "better", "from", "source"))
        thresholds = self.table(data, "from", place)
        return Proposal(
            figure=self.choice(data, "figure", place, tuple(FIGURES)),
            better=self.choice(data, "better", place, BETTER),
            thresholds={
                score: self.number(thresholds, key, f"{place}.from")
                for key, score in self.scores(thresholds, f"{place}.from")
            },
            source=self.text(data, "source", place, required=False),
        )

    def step(self, data: Mapping[str, Any], place: str) -> Step:
        self.known_keys(data, place, ("key", "name", "from_outcome", "requires", "gives", "withholds"))
        requires = self.table(data, "requires", place, required=False)
        return Step(
            key=self.code(data, "key", place),
            name=self.words(data, "name", place),
            from_outcome=self.number(data, "from_outcome", place),
            requires={key: self.number(requires, key, f"{place}.requires") for key in requires},
            gives=self.parts(data, "gives", place, self.support),
            withholds=self.parts(data, "withholds", place, self.support),
        )

    def support(self, data: Mapping[str, Any], place: str) -> Support:
        self.known_keys(data, place, ("kind", "what"))
        return Support(self.choice(data, "kind", place, SUPPORT_KINDS), self.words(data, "what", place))

    def mandate(self, data: Mapping[str, Any], place: str) -> Mandate:
        self.known_keys(data, place, ("decider", "total_up_to_eur", "guarantee_up_to_eur", "never"))
        never = data.get("never", [])
        if not isinstance(never, list):
            self.wrong(f"{place}.never", "framework_kind", kind_nl="een lijst", kind_en="a list")
            never = []
        return Mandate(
            decider=self.choice(data, "decider", place, DECIDERS),
            total_up_to_eur=self.limit(data, "total_up_to_eur", place),
            guarantee_up_to_eur=self.limit(data, "guarantee_up_to_eur", place),
            never=tuple(self.one_of(kind, f"{place}.never", SUPPORT_KINDS) for kind in never),
        )

    # ---- one value ----------------------------------------------------------------------------------------------

    def wrong(self, key: str, rule: str, **parameters: Any) -> None:
        self.problems.append(_problem(self.filename, key, rule, **parameters))

    def known_keys(self, data: Mapping[str, Any], place: str, known: tuple[str, ...]) -> None:
        for key in data:
            if key not in known:
                meant = similar(key, known)
                rule = "framework_unknown_key" if meant is None else "framework_unknown_key_similar"
                self.wrong(_at(place, key), rule, suggestion=meant)

    def found(self, data: Mapping[str, Any], key: str, place: str, *, required: bool = True) -> Any:
        value = data.get(key)
        if value in (None, "") and required:
            self.wrong(_at(place, key), "framework_missing")
            return None
        return value

    def table(self, data: Mapping[str, Any], key: str, place: str, *, required: bool = True) -> Mapping[str, Any]:
        value = self.found(data, key, place, required=required)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.wrong(_at(place, key), "framework_kind", kind_nl="een tabel", kind_en="a table")
            return {}
        return {str(name): each for name, each in value.items()}

    def parts(
        self, data: Mapping[str, Any], key: str, place: str, read: Callable[[Mapping[str, Any], str], Part]
    ) -> tuple[Part, ...]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            self.wrong(_at(place, key), "framework_kind", kind_nl="een lijst van tabellen", kind_en="a list of tables")
            return ()
        if len(value) > MOST_PARTS:
            self.wrong(_at(place, key), "framework_too_many", most=str(MOST_PARTS))
            return ()
        return tuple(read(each, f"{_at(place, key)}[{number}]") for number, each in enumerate(value, start=1))

    def text(self, data: Mapping[str, Any], key: str, place: str, *, required: bool = True) -> str:
        value = self.found(data, key, place, required=required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(_at(place, key), "framework_kind", kind_nl="tekst", kind_en="text")
            return ""
        if len(value) > LONGEST_TEXT:
            self.wrong(_at(place, key), "framework_too_long", most=LONGEST_TEXT)
        return value.strip()

    def words(self, data: Mapping[str, Any], key: str, place: str, *, required: bool = True) -> Words:
        value = self.table(data, key, place, required=required)
        if not value:
            return Words("")
        at = _at(place, key)
        self.known_keys(value, at, ("nl", "en"))
        return Words(self.text(value, "nl", at, required=required), self.text(value, "en", at, required=False))

    def code(self, data: Mapping[str, Any], key: str, place: str) -> str:
        value = self.text(data, key, place)
        if value and not CODE.fullmatch(value):
            self.wrong(_at(place, key), "framework_code", value=value)
        return value

    def number(self, data: Mapping[str, Any], key: str, place: str) -> float:
        value = self.found(data, key, place)
        if value is None:
            return 0.0
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < float("inf"):
            self.wrong(_at(place, key), "framework_kind", kind_nl="een getal", kind_en="a number")
            return 0.0
        return float(value)

    def whole(self, data: Mapping[str, Any], key: str, place: str) -> int:
        value = self.found(data, key, place)
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(_at(place, key), "framework_kind", kind_nl="een heel getal", kind_en="a whole number")
            return 0
        return value

    def limit(self, data: Mapping[str, Any], key: str, place: str) -> float | None:
        if data.get(key) is None:
            return None
        value = self.number(data, key, place)
        if value < 0:
            self.wrong(_at(place, key), "framework_too_low", value=value, minimum="0")
        return value

    def date(self, data: Mapping[str, Any], key: str, place: str) -> datetime.date:
        value = self.found(data, key, place)
        if isinstance(value, datetime.datetime):
            value = value.date()
        if isinstance(value, str):
            with contextlib.suppress(ValueError):
                value = datetime.date.fromisoformat(value)
        if not isinstance(value, datetime.date):
            if value is not None:
                self.wrong(_at(place, key), "framework_date", value=str(value))
            return datetime.date.min
        return value

    def choice(self, data: Mapping[str, Any], key: str, place: str, allowed: tuple[str, ...]) -> str:
        value = self.found(data, key, place)
        return allowed[0] if value is None else self.one_of(value, _at(place, key), allowed)

    def one_of(self, value: Any, place: str, allowed: tuple[str, ...]) -> str:
        if value not in allowed:
            self.wrong(place, "framework_choice", value=str(value), allowed=", ".join(allowed))
            return allowed[0]
        return str(value)

    def scores(self, data: Mapping[str, Any], place: str) -> list[tuple[str, int]]:
        """The keys that are scores, with the score; TOML and JSON have only texts as keys."""
        found = []
        for key in data:
            if key.removeprefix("-").isdecimal():
                found.append((key, int(key)))
            else:
                self.wrong(_at(place, key), "framework_kind", kind_nl="een heel getal", kind_en="a whole number")
        return found


def _at(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
