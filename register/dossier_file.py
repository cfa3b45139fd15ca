"""One case as a zip that can be read without this software: workbooks, entries as JSON lines, an index."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime

from register.database import to_json
from register.records import WORKBOOK, Entry

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""Every file in the zip has the same date, so that the same case gives the same bytes."""

COLUMNS = {
    "nl": ("Nr.", "Wanneer", "Wie", "Wat", "Waarvan", "Versie", "Waarom", "Inhoud"),
    "en": ("No.", "When", "Who", "What", "Of what", "Version", "Why", "Content"),
}
WORDS = {
    "nl": {
        "title": "Dossier",
        "lead": "Alles wat in dit dossier is vastgelegd, in volgorde. De tijden zijn UTC.",
        "files": "De werkmappen staan in de map werkmappen. Het bestand entries.jsonl bevat per regel één vastlegging, "
        "voor verwerking door een computer.",
        "hidden": "Scores van een ronde die nog niet is geopend, staan er niet bij.",
        "organisation": "Organisatie",
    },
    "en": {
        "title": "Dossier",
        "lead": "Everything that was added to this dossier, in order. Times are UTC.",
        "files": "The workbooks are in the folder werkmappen. The file entries.jsonl has one addition a line, for a "
        "computer to read.",
        "hidden": "Scores of a round that was not opened yet are not in it.",
        "organisation": "Organisation",
    },
}
KINDS = {
    "nl": {
        "workbook": "werkmap",
        "member": "wie het dossier mag zien",
        "decision": "besluit",
        "review": "herijking",
        "realisation": "wat uitkwam",
        "claw_back": "terugbetaling",
        "score": "score",
        "round": "ronde",
        "opened": "ronde geopend",
        "framework": "kader",
        "draft": "concept",
        "scenario": "scenario",
        "minutes": "verslag",
    },
    "en": {
        "member": "who may see the case",
        "realisation": "what came true",
        "claw_back": "claw-back",
        "opened": "round opened",
    },
}
STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem;max-width:80rem}table{border-collapse:collapse}"
    "th,td{border:1px solid #767676;padding:.3rem .6rem;text-align:left;vertical-align:top}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0}"
)


def dossier_file(case_id: str, organisation: str, seen: Sequence[Entry], workbooks: Mapping[int, bytes]) -> bytes:
    """Make the zip.

    Parameters
    ----------
    case_id, organisation : str
    seen : sequence of Entry
        What whoever asks may see, in order.
    workbooks : mapping of int to bytes
        Every version of the workbook.
    """
    name = next((entry.payload["name"] for entry in reversed(seen) if entry.kind == WORKBOOK), case_id)
    lines = "".join(to_json(entry_object(entry)) + "\n" for entry in seen)
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        _add(archive, "LEESMIJ.html", _index("nl", name, organisation, seen).encode())
        _add(archive, "README.html", _index("en", name, organisation, seen).encode())
        _add(archive, "entries.jsonl", lines.encode())
        for version, content in sorted(workbooks.items()):
            _add(archive, f"werkmappen/{workbook_name(version)}", content)
    return memory.getvalue()


def workbook_name(version: int) -> str:
    """Name of the file with one version of the workbook."""
    return f"werkmap-versie-{version}.xlsx"


def entry_object(entry: Entry) -> dict[str, object]:
    """One entry as JSON."""
    return {
        "number": entry.number,
        "kind": entry.kind,
        "key": entry.key,
        "version": entry.version,
        "payload": entry.payload,
        "by": entry.by,
        "by_name": entry.by_name,
        "at": written_time(entry.at),
        "why": entry.why,
    }


def written_time(moment: datetime) -> str:
    """A moment in UTC as text, always as long, so that texts sort as moments do."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _index(language: str, name: str, organisation: str, seen: Sequence[Entry]) -> str:
    words = WORDS[language]
    heads = "".join(f'<th scope="col">{head}</th>' for head in COLUMNS[language])
    rows = "".join(_row(language, entry) for entry in seen)
    title = html.escape(f"{words['title']}: {name}")
    lead = " ".join(
        (f"{words['organisation']}: {html.escape(organisation)}.", words["lead"], words["files"], words["hidden"])
    )
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body><main><h1>{title}</h1>"
        f"<p>{lead}</p>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></main></body></html>\n"
    )


def _row(language: str, entry: Entry) -> str:
    content = html.escape(to_json(entry.payload))
    if entry.kind == WORKBOOK:
        content = f'<a href="werkmappen/{workbook_name(entry.version)}">{workbook_name(entry.version)}</a>'
    cells = (
        str(entry.number),
        f"{entry.at:%Y-%m-%d %H:%M:%S}",
        html.escape(entry.by_name),
        html.escape(KINDS[language].get(entry.kind, entry.kind)),
        html.escape(entry.key),
        str(entry.version),
        html.escape(entry.why),
        f"<pre>{content}</pre>",
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, LONG_AGO)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content)
