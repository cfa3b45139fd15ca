"""Frameworks as files: what is read comes back the same, and everything that is wrong is named, in both languages."""

from __future__ import annotations

import copy
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import frameworks
from intake.frameworks import (
    UnsoundFramework,
    framework_as_data,
    framework_from,
    load_frameworks,
    read_framework,
    write_framework,
)
from tests.valuation.frameworks import small
from valuation.framework import Words
from valuation.reference import MissingFigureError


def problems(raw: bytes | dict[str, Any]) -> list[tuple[str, str]]:
    read = read_framework if isinstance(raw, bytes) else framework_from
    with pytest.raises(UnsoundFramework) as mistakes:
        read(raw, "kader.toml")
    for problem in mistakes.value.problems:
        assert problem.message("nl").startswith("kader.toml")
        assert problem.message("en").startswith("kader.toml")
    return [(problem.parameters["key"], problem.rule) for problem in mistakes.value.problems]


def changed(**values: Any) -> dict[str, Any]:
    """The small framework's data with one value changed: `criteria__0__weight=2`."""
    data = copy.deepcopy(framework_as_data(small()))
    for place, value in values.items():
        *path, last = place.split("__")
        inside: Any = data
        for part in path:
            inside = inside[int(part) if isinstance(inside, list) else part]
        if value is ...:
            del inside[last]
        else:
            inside[last] = value
    return data


@pytest.mark.parametrize("framework", [*load_frameworks(), small()], ids=lambda each: each.framework_id)
def test_a_framework_is_written_and_read_back_the_same(framework):
    assert read_framework(write_framework(framework), "x.toml") == framework
    as_json = json.loads(json.dumps(framework_as_data(framework)))
    assert framework_from(as_json, "x") == framework


def test_the_file_is_plain_toml():
    data = tomllib.loads(write_framework(small()).decode())
    assert data["criteria"][0]["weight"] == 0.5
    assert data["valid_from"].isoformat() == "2026-01-01"


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(lambda text: text.strip())


@given(texts, texts)
def test_any_text_survives_the_file(dutch, english):
    framework = small(name=Words(dutch.strip(), english.strip()))
    assert read_framework(write_framework(framework), "x.toml").name == framework.name


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"id": ...}, ("id", "framework_missing")),
        ({"id": "Mijn kader"}, ("id", "framework_code")),
        ({"version": "1"}, ("version", "framework_kind")),
        ({"version": True}, ("version", "framework_kind")),
        ({"valid_from": "1 januari"}, ("valid_from", "framework_date")),
        ({"valid_from": 2026}, ("valid_from", "framework_date")),
        ({"name": "tekst"}, ("name", "framework_kind")),
        ({"name": {"nl": ""}}, ("name.nl", "framework_missing")),
        ({"name": {"nl": "a", "de": "b"}}, ("name.de", "framework_unknown_key")),
        ({"name": {"nl": "x" * 5_000}}, ("name.nl", "framework_too_long")),
        ({"weigths": 1}, ("weigths", "framework_unknown_key")),
        ({"criteria__0__wieght": 1}, ("criteria[1].wieght", "framework_unknown_key_similar")),
        ({"criteria__0__weight": "half"}, ("criteria[1].weight", "framework_kind")),
        ({"criteria__0__weight": float("inf")}, ("criteria[1].weight", "framework_kind")),
        ({"criteria__0__weight": 0.6}, ("criteria", "framework_weights")),
        ({"criteria__0__anchors__3": ...}, ("criteria[1].anchors.3", "framework_anchor")),
        ({"criteria__0__anchors__drie": {"nl": "x"}}, ("criteria[1].anchors.drie", "framework_kind")),
        ({"criteria__0__proposal": "bcr"}, ("criteria[1].proposal", "framework_kind")),
        (
            {"criteria__0__proposal": {"figure": "geluk", "better": "higher", "from": {"2": 1}}},
            ("criteria[1].proposal.figure", "framework_choice"),
        ),
        ({"criteria": {}}, ("criteria", "framework_kind")),
        ({"criteria": [1]}, ("criteria", "framework_kind")),
        ({"ladder__0__gives__0__kind": "geld"}, ("ladder[1].gives[1].kind", "framework_choice")),
        ({"ladder__0__requires": {"value": "veel"}}, ("ladder[1].requires.value", "framework_kind")),
        ({"mandate__0__decider": "burgemeester"}, ("mandate[1].decider", "framework_choice")),
        ({"mandate__0__never": "price"}, ("mandate[1].never", "framework_kind")),
        ({"mandate__0__never": ["geld"]}, ("mandate[1].never", "framework_choice")),
        ({"mandate__0__total_up_to_eur": -1}, ("mandate[1].total_up_to_eur", "framework_too_low")),
        ({"working_group__result": "gemiddelde"}, ("working_group.result", "framework_choice")),
        ({"working_group__agreement__weak": ...}, ("working_group.agreement.weak", "framework_missing")),
        ({"sources__gewicht": "x"}, ("sources.gewicht", "framework_unknown_key")),
    ],
)
def test_what_is_wrong_is_named_with_its_key(values, problem):
    assert problem in problems(changed(**values))


def test_everything_that_is_wrong_is_named_at_once():
    found = problems(changed(id="X Y", version="een", criteria__0__weight="half", mandate__0__decider="ik"))
    assert len(found) == 4


@pytest.mark.parametrize(
    "raw",
    [b"id = ", b"\xff\xfe\x00", b"<html>", b"a = 1\na = 2", b"[" * 5_000, b'id = "x"\r\n\x00'],
    ids=["half", "binary", "html", "twice", "deep", "nul"],
)
def test_what_is_no_toml_says_so(raw):
    assert ("", "framework_unreadable") in problems(raw)


def test_an_empty_file_names_what_is_missing():
    assert ("id", "framework_missing") in problems(b"")


def test_a_file_that_is_too_large_is_not_read():
    assert problems(b"#" * 600_000) == [("", "framework_too_large")]


def test_more_parts_than_anybody_can_weigh_are_a_mistake():
    data = framework_as_data(small())
    assert ("criteria", "framework_too_many") in problems({**data, "criteria": data["criteria"] * 30})


values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=6), inside, max_size=3),
    max_leaves=8,
)
places = st.sampled_from(
    ["id", "valid_from", "name", "scale", "working_group", "knockouts", "criteria", "ladder", "mandate", "sources",
     "criteria__0__anchors", "criteria__0__weight", "ladder__0__gives", "ladder__1__requires", "mandate__0__never"]
)  # fmt: skip


@given(places, values)
def test_whatever_stands_there_is_a_framework_or_problems_and_never_a_crash(place, value):
    found = None
    try:
        framework_from(changed(**{place: value}), "kader.toml")
    except UnsoundFramework as mistakes:
        found = mistakes.problems
    assert found is None or all(problem.message("nl") and problem.message("en") for problem in found)
    assert found != ()


def test_an_example_that_is_unsound_stops_everything_and_names_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(frameworks, "FOLDER", tmp_path)
    load_frameworks.cache_clear()
    try:
        with pytest.raises(MissingFigureError, match="no framework"):
            load_frameworks()
        (tmp_path / "stuk.toml").write_text('id = "stuk"\n', encoding="utf-8")
        with pytest.raises(MissingFigureError, match=r"stuk\.toml"):
            load_frameworks()
    finally:
        load_frameworks.cache_clear()


def test_the_example_in_the_documentation_is_a_sound_framework():
    page = (Path(__file__).resolve().parents[2] / "docs" / "framework.md").read_text(encoding="utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    framework = read_framework(example.encode(), "docs/framework.md")
    assert framework.framework_id == "ons_kader"
    assert framework.criteria[0].proposal is not None
