"""Every word on the screen exists in Dutch, and nothing else stands in the catalogue."""

from __future__ import annotations

import string

import pytest

from dashboard import catalogue
from dashboard.wording import _, catalogue_path, language, n_, speaking

COLLECTED = catalogue.collected()
DUTCH = catalogue.read("nl")


def _key(message_id: str | tuple[str, ...]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


def _texts(of: str | tuple[str, ...] | list[str]) -> list[str]:
    return [of] if isinstance(of, str) else list(of)


def _names(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_the_catalogue_has_exactly_the_texts_of_the_code():
    in_code = {_key(message.id) for message in COLLECTED if message.id}
    in_catalogue = {_key(message.id) for message in DUTCH if message.id}
    assert in_code - in_catalogue == set(), "new texts: python -m dashboard.catalogue"
    assert in_catalogue - in_code == set(), "texts that the code no longer has: python -m dashboard.catalogue"


def test_every_text_has_a_dutch_translation_that_somebody_vouches_for():
    missing = [_key(message.id) for message in DUTCH if message.id and not all(_texts(message.string or ""))]
    fuzzy = [_key(message.id) for message in DUTCH if message.id and message.fuzzy]
    assert missing == []
    assert fuzzy == []


def test_a_translation_names_the_same_things():
    for message in DUTCH:
        if message.id:
            named = set().union(*map(_names, _texts(message.id)))
            for text in _texts(message.string):
                assert _names(text) <= named, message.id
            assert set().union(*map(_names, _texts(message.string))) == named, message.id


def test_the_catalogue_is_laid_out_as_the_program_writes_it(tmp_path, monkeypatch):
    before = catalogue_path("nl").read_bytes()
    copy = tmp_path / "buurtwaarde.po"
    copy.write_bytes(before)
    monkeypatch.setattr(catalogue, "catalogue_path", lambda _language: copy)
    catalogue.main()
    assert copy.read_bytes() == before


def test_outside_the_screen_we_speak_dutch_unless_told_otherwise():
    assert language() == "nl"
    with speaking("en"):
        assert language() == "en"
        assert _("Council member") == "Council member"
        assert n_("{count} object", "{count} objects", 2) == "2 objects"
    assert _("Council member") == "Raadslid"
    assert n_("{count} object", "{count} objects", 1) == "1 object"
    assert n_("{count} object", "{count} objects", 0) == "0 objecten"


def test_a_text_put_together_while_running_cannot_be_translated(tmp_path, monkeypatch):
    source = tmp_path / "page.py"
    source.write_text('label = _("a" + name)\n')
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    monkeypatch.setattr(catalogue, "sources", lambda: [source])
    with pytest.raises(ValueError, match=r"page\.py, line 1"):
        catalogue.collected()


def test_texts_inside_f_strings_are_found_too(tmp_path, monkeypatch):
    source = tmp_path / "page.py"
    source.write_text("label = f\"**{_('Place')}**\"\n")
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    monkeypatch.setattr(catalogue, "sources", lambda: [source])
    assert "Place" in catalogue.collected()
