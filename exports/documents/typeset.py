"""A document as pages: typst lays it out and writes tagged PDF (PDF/UA-1); a chart becomes a picture the same way."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import typst

from exports.documents.model import Block, Chart, Document, introduces

PICTURE_PPI = 200
LONG_WORD, BREAK_EVERY = 24, 12
LAST_SURE = 0x22FF
"""Up to here lie the Latin, Greek and Cyrillic letters, punctuation, currency signs and arrows."""
REGIONS = {"nl": "NL", "en": "GB"}
NO_CHART = {"only_chart": None, "picture_width": 0, "spare": 0}


def render_pdf(document: Document) -> bytes:
    """The document as tagged PDF: headings, table headers, alternative texts, language and title (PDF/UA-1).

    Parameters
    ----------
    document : Document

    Returns
    -------
    bytes
        The same document gives the same file, on a machine with the same fonts. A character that no font on the
        machine has stands there as its code: `[U+4E2D]`.
    """
    titled = replace(document, title=document.title or document.kind or "Buurtwaarde")
    return _typeset(_content(titled), format="pdf", pdf_standards=["ua-1"])


def page_count(document: Document, *, spare_mm: float = 0.0) -> int:
    """How many pages the document takes when so much is left free at the foot of each."""
    pages = _compiler(_content(document) | {"spare": spare_mm}).compile(format="svg")
    return len(pages) if isinstance(pages, list) else 1


def chart_picture(chart: Chart, document: Document, *, width_mm: float) -> bytes:
    """A chart as PNG of 200 dots per inch, drawn by what draws it in the PDF."""
    content = _content(replace(document, blocks=())) | {"only_chart": _block(chart), "picture_width": width_mm}
    return _typeset(content, format="png", ppi=PICTURE_PPI)


def _typeset(content: dict[str, Any], **how: Any) -> bytes:
    try:
        made = _compiler(content).compile(**how)
    except typst.TypstError:
        # Marks on letters of another script can fail together where each can be shown: then only what is sure to go.
        made = _compiler(content, _surely_settable).compile(**how)
    assert isinstance(made, bytes)  # noqa: S101 - a PDF is one file, a picture has one page
    return made


def _compiler(content: dict[str, Any], settable: Callable[[str], str] | None = None) -> typst.Compiler:
    text = json.dumps(_printable(content, settable or _settable), ensure_ascii=False)
    return typst.Compiler(_template(), font_paths=_fonts(), sys_inputs={"document": text})


@lru_cache(maxsize=1)
def _template() -> bytes:
    return files("exports.documents").joinpath("document.typ").read_bytes()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Typst's own fonts first; those of the machine only for characters that these do not have."""
    return typst.Fonts(include_system_fonts=True)


def _content(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "kind": document.kind,
        "footer": document.footer,
        "language": document.language,
        "region": REGIONS[document.language],
        "compact": document.compact,
        "blocks": [
            _block(block) | {"sticky": introduces(block, after)}
            for block, after in pairwise((*document.blocks, None))
            if block is not None
        ],
        **NO_CHART,
    }


def _block(block: Block) -> dict[str, Any]:
    """A block as data, with its kind: `KeyFigures` is `key_figures`."""
    kind = re.sub(r"(?<!^)(?=[A-Z])", "_", type(block).__name__).lower()
    return {"kind": kind, **asdict(block)}


def _printable(content: Any, settable: Callable[[str], str]) -> Any:
    """The same data with text that can be set."""
    if isinstance(content, str):
        return settable(content)
    if isinstance(content, dict):
        return {key: _printable(value, settable) for key, value in content.items()}
    return [_printable(value, settable) for value in content] if isinstance(content, list | tuple) else content


def _surely_settable(text: str) -> str:
    """The text with a code for every mark and for every letter beyond the Latin, Greek and Cyrillic ones."""
    return _breakable(
        "".join(
            character
            if unicodedata.category(character)[0] != "M" and ord(character) <= LAST_SURE and _has_glyph(character)
            else _codes(character)
            for character in text
        )
    )


@lru_cache(maxsize=4096)
def _settable(text: str) -> str:
    """The text with a code for what no font has, and places where a word longer than a line may break."""
    if text.isascii():
        return _breakable(text)
    return _breakable("".join(part if _has_glyph(part) else _codes(part) for part in _clusters(text)))


def _clusters(text: str) -> list[str]:
    """Each character with the marks that are set upon it or join it to the next: they are shown together or not."""
    found: list[str] = []
    joins = False
    for character in text:
        is_mark = unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf"}
        if found and (is_mark or joins):
            found[-1] += character
        else:
            found.append(character)
        joins = character == "\u200d"
    return found


def _codes(part: str) -> str:
    return "".join(character if character.isascii() else f"[U+{ord(character):04X}]" for character in part)


def _breakable(text: str) -> str:
    """Zero-width spaces in words that could be longer than a line."""
    words = text.split(" ")
    return " ".join(
        "\u200b".join(word[at : at + BREAK_EVERY] for at in range(0, len(word), BREAK_EVERY))
        if len(word) >= LONG_WORD
        else word
        for word in words
    )


@lru_cache(maxsize=4096)
def _has_glyph(part: str) -> bool:
    """Whether the fonts can show a character with its marks; PDF/UA refuses a page on which one is missing."""
    if part.isascii():
        return True
    probe = typst.Compiler(PROBE, font_paths=_fonts(), sys_inputs={"part": part})
    try:
        probe.compile(pdf_standards=["ua-1"])
    except typst.TypstError:
        return False
    return True


PROBE = b"""#set document(title: "x", date: none)
#set text(font: ("Libertinus Serif", "DejaVu Sans Mono"))
#text(sys.inputs.part)"""
