"""Documents as somebody reads them: Word turned into pages by LibreOffice, pages as text and as pictures, and tags."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pypdfium2

from exports.documents.model import (
    Bullets,
    Chart,
    Document,
    Facts,
    Fields,
    Heading,
    KeyFigures,
    Notice,
    Paragraph,
    Table,
    plain,
)

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u00ad\u2060\ufeff"))


def word_as_pdf(soffice: str, documents: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Let LibreOffice lay out all documents in one run, with a fresh profile of its own."""
    out = folder / "out"
    files = []
    for name, content in documents.items():
        files.append(folder / f"{name}.docx")
        files[-1].write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", out, *files]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {name: (out / f"{name}.pdf").read_bytes() for name in documents}


def page_texts(pdf: bytes) -> list[str]:
    """What stands on each page, with spaces and line ends as one space."""
    return [_words(page.get_textpage().get_text_bounded()) for page in pypdfium2.PdfDocument(pdf)]


def text_of(pdf: bytes) -> str:
    """What stands in the document."""
    return " ".join(page_texts(pdf))


def _words(text: str) -> str:
    return " ".join(text.translate(INVISIBLE).replace("\u0002", "").split())


def squeezed(text: str) -> str:
    """Without white space, invisible signs and hyphens, since lines end elsewhere in each file.

    Pdfium takes a hyphen at the end of a line for one that was put there to break a word.
    """
    return "".join(text.translate(INVISIBLE).replace("\u0002", "").replace("-", "").split())


def outside(pdf: bytes, *, margin_points: float = 14.0) -> list[str]:
    """Characters that stand outside the page less a small margin, where a printer would cut them off."""
    found = []
    for number, page in enumerate(pypdfium2.PdfDocument(pdf), start=1):
        width, height = page.get_size()
        text = page.get_textpage()
        for place in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(place)
            visible = right > left and top > bottom
            within = (
                left >= margin_points
                and bottom >= margin_points
                and right <= width - margin_points
                and top <= height - margin_points
            )
            if visible and not within:
                found.append(f"page {number}: {text.get_text_range(place, 1)!r} at {left:.0f}, {bottom:.0f}")
    return found


def ink(pdf: bytes) -> list[float]:
    """The part of each page that is not white."""
    shares = []
    for page in pypdfium2.PdfDocument(pdf):
        picture = np.asarray(page.render(scale=0.5).to_pil().convert("L"))
        shares.append(float((picture < 250).mean()))
    return shares


def texts_in(document: Document) -> Iterator[str]:
    """Every text that the document's model holds and a reader should see; alternative texts are not on the page."""
    yield document.title
    yield document.kind
    for block in document.blocks:
        match block:
            case Heading() | Paragraph() | Notice():
                yield plain(block.text)
            case Bullets():
                yield from map(plain, block.items)
            case Facts():
                for name, value in block.rows:
                    yield from (name, plain(value))
            case KeyFigures():
                for item in block.items:
                    yield from (item.name, item.figure, item.note)
            case Table():
                yield block.caption
                yield from (column.header for column in block.columns)
                for row in block.rows:
                    yield from map(plain, row.cells)
            case Chart():
                yield block.title
                for row in block.rows:
                    yield from (row.label, row.figure)
                yield from block.legend
            case Fields():
                yield from block.names


def chart_texts(document: Document) -> set[str]:
    """The texts inside charts: in Word these are in a picture, and in its alternative text."""
    return {
        text
        for block in document.blocks
        if isinstance(block, Chart)
        for text in (*(part for row in block.rows for part in (row.label, row.figure)), *block.legend)
    }


def structure(pdf: bytes) -> list[tuple[str, dict[str, Any]]]:
    """The tags of a PDF in reading order: name and dictionary of each."""
    root = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]
    found: list[tuple[str, dict[str, Any]]] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, pypdf.generic.ArrayObject):
            for child in node:
                walk(child)
        elif isinstance(node, pypdf.generic.DictionaryObject):
            if "/S" in node:
                found.append((str(node["/S"]), dict(node)))
            if "/K" in node:
                walk(node["/K"])

    walk(root["/K"])
    return found


def word_parts(content: bytes) -> dict[str, str]:
    """The XML of a Word file by part."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}


def amounts_in(text: str) -> list[str]:
    """Every amount of euros in a text, as it is written."""
    euros = r"[\u2212-]?€\s?[\u2212-]?\d[\d.,]*(?:\s(?:mln|m|mld|bn)\b)?"
    return [re.sub(r"\s", "", found).rstrip(".,") for found in re.findall(euros, text)]
