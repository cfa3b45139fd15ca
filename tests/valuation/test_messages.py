"""Every rule that the code uses has its words in both languages, and no words lie about unused."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from valuation.messages import FRAMEWORKS, LINES, MESSAGES, OUTLINES, READING, REGISTERS, VALUATION, problem_text

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("valuation", "intake", "exports", "register", "batch", "dashboard", "cli.py", "app.py")
# Which argument of a call is the rule.
RULE_AT = {
    "Problem": 1,
    "warning": 1,
    "ValuationError": 0,
    "RefusedError": 0,
    "CellMistake": 0,
    "_refusal": 0,
    "_at": 1,
    "RowRule": 0,
    "Fault": 1,
    "wrong": 1,
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        place = ROOT / room
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place] * place.exists():
            if path.name != "messages.py":
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def words_in(node: ast.AST) -> set[str]:
    return {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def rules_named(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The rules that stand where a rule must stand, with their line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            at = RULE_AT.get(name)
            given = [keyword.value for keyword in node.keywords if keyword.arg == "rule"]
            if at is not None and len(node.args) > at:
                given.append(node.args[at])
            for value in given:
                branches = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
                yield from ((node.lineno, part.value) for part in branches if isinstance(part, ast.Constant))
        elif isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == "rule" for to in node.targets):
            branches = [node.value.body, node.value.orelse] if isinstance(node.value, ast.IfExp) else [node.value]
            yield from ((node.lineno, part.value) for part in branches if isinstance(part, ast.Constant))


def placeholders(text: str) -> set[str]:
    """What a text needs; `kind_nl` and `kind_en` are one thing in two languages."""
    names = {name for _, name, _, _ in Formatter().parse(text) if name}
    return {name.removesuffix("_nl").removesuffix("_en") for name in names}


def test_every_rule_that_the_code_names_has_words() -> None:
    named = [(path, line, rule) for path, tree in sources() for line, rule in rules_named(tree)]
    assert len({rule for _, _, rule in named}) > 30
    assert [place for place in named if place[-1] not in MESSAGES] == []


def test_every_rule_that_has_words_is_named_in_the_code() -> None:
    used = set().union(*(words_in(tree) for _, tree in sources()))
    # `f"{rule}_similar"` is the same rule with a suggestion.
    unused = {rule for rule in MESSAGES if rule not in used and rule.removesuffix("_similar") not in used}
    assert unused == set()


def test_no_rule_has_two_texts() -> None:
    parts = (READING, OUTLINES, REGISTERS, VALUATION, FRAMEWORKS, LINES)
    assert sum(map(len, parts)) == len(set().union(*parts)) == len(MESSAGES)


@pytest.mark.parametrize("rule", MESSAGES)
def test_both_languages_say_it_with_the_same_figures(rule: str) -> None:
    dutch, english = MESSAGES[rule]
    assert dutch != english
    assert placeholders(dutch) == placeholders(english)
    assert dutch[-1] in ".?"
    assert english[-1] in ".?"


@pytest.mark.parametrize("rule", MESSAGES)
def test_a_text_leaves_no_brace_open(rule: str) -> None:
    for language, text in zip(("nl", "en"), MESSAGES[rule], strict=True):
        names = {name for _, name, _, _ in Formatter().parse(text) if name} - {"place"}
        filled = problem_text(rule, language, {"sheet": "Blad", **dict.fromkeys(names, 1_234.5)})
        assert "{" not in filled
        assert "}" not in filled
        assert ("1.234,5" if language == "nl" else "1,234.5") in filled or not names


def test_the_same_figure_is_written_in_the_notation_of_the_language() -> None:
    parameters = {"owner": "I7", "deficit": 1_234_567.891}
    assert "1.234.567,89" in problem_text("structural_deficit", "nl", parameters)
    assert "1,234,567.89" in problem_text("structural_deficit", "en", parameters)


def test_what_a_user_typed_is_never_a_pattern() -> None:
    text = problem_text("structural_deficit", "nl", {"owner": "{deficit} {0} %s", "deficit": 5})
    assert "{deficit} {0} %s" in text


def test_the_place_is_as_much_as_is_known() -> None:
    parameters = {"owner": "I", "deficit": 5}
    assert problem_text("structural_deficit", "nl", parameters).startswith("Werkmap: ")
    assert problem_text("structural_deficit", "en", parameters).startswith("Workbook: ")
    here = {**parameters, "sheet": "Initiatieven", "cell": "J4", "column": "Inkomsten per jaar (€)"}
    assert problem_text("structural_deficit", "nl", here).startswith(
        "Blad Initiatieven, cel J4, kolom Inkomsten per jaar (€): "
    )


def test_an_unknown_rule_is_our_own_mistake() -> None:
    with pytest.raises(KeyError):
        problem_text("no_such_rule", "nl", {})


@pytest.mark.parametrize(
    "source",
    ['Problem("error", "nosuch")', 'warning(case, "nosuch", "t", "c")', 'rule = "nosuch" if x else "required"'],
)
def test_a_rule_without_words_would_be_seen(source: str) -> None:
    assert "nosuch" in {rule for _, rule in rules_named(ast.parse(source))}
