"""publiccode.yml holds what the standard makes mandatory (its version 0.7, core schema), and says what is true here."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
PUBLICCODE = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

MANDATORY = (
    "publiccodeYmlVersion",
    "name",
    "url",
    "platforms",
    "developmentStatus",
    "softwareType",
    "description",
    "legal.license",
    "maintenance.type",
    "localisation.localisationReady",
    "localisation.availableLanguages",
)
ALLOWED = {
    "developmentStatus": {"concept", "development", "beta", "stable", "obsolete"},
    "softwareType": {
        "standalone/mobile",
        "standalone/iot",
        "standalone/desktop",
        "standalone/web",
        "standalone/backend",
        "standalone/other",
        "addon",
        "library",
        "configurationFiles",
    },
    "maintenance.type": {"internal", "contract", "community", "none"},
}
NEEDS_CONTACTS = {"internal", "community"}


def at(path: str, data: dict[str, Any] = PUBLICCODE) -> Any:
    """The value at a dotted path; None when a part is not there."""
    value: Any = data
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


@pytest.mark.parametrize("path", MANDATORY)
def test_what_is_mandatory_is_there(path: str) -> None:
    assert at(path) not in (None, "", [], {})


@pytest.mark.parametrize("path", ALLOWED)
def test_choices_are_the_standards(path: str) -> None:
    assert at(path) in ALLOWED[path]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_descriptions_have_the_lengths_that_the_standard_asks(language: str) -> None:
    description = at(f"description.{language}")
    assert 0 < len(description["shortDescription"]) <= 150
    assert "\n" not in description["shortDescription"]
    assert 150 <= len(description["longDescription"]) <= 10_000
    assert all(isinstance(feature, str) for feature in description["features"])


def test_the_version_is_a_text_and_the_address_an_address() -> None:
    assert isinstance(PUBLICCODE["publiccodeYmlVersion"], str)
    address = urlsplit(PUBLICCODE["url"])
    assert address.scheme == "https"
    assert address.netloc


def test_maintenance_names_people_exactly_when_the_standard_asks() -> None:
    assert (at("maintenance.contacts") is not None) == (at("maintenance.type") in NEEDS_CONTACTS)
    assert at("maintenance.contractors") is None


def test_it_says_the_same_as_the_project() -> None:
    assert at("legal.license") == PROJECT["license"] == "EUPL-1.2"
    assert at("softwareVersion") == PROJECT["version"]
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
