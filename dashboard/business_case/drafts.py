"""A plan that is being filled in, kept on the server after every answer: a reload or a lost connection loses nothing.

A draft is one's own: the register gives it back to whoever made it and to nobody else. Its name in the URL cannot be
guessed either. Kept is what the plan began with, once, and after each answer the rows that are different from that.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

import streamlit as st

import intake
from dashboard import identity, kept
from dashboard.business_case.answers import Answers
from intake.workbook import Cell, CellError, RawSheet, RawWorkbook
from register import Actor, Conflict, Entry, Forbidden, NotFound, Register, RegisterUnavailable, personal_key

PARAMETER = "concept"
"""URL parameter with the name of the draft."""
KIND = "draft"
FOLDER = "businesscase"
START = "start"
WHY = "Businesscase"
UNREADABLE = (Forbidden, NotFound, RegisterUnavailable, identity.NotSignedInError, identity.BrokenError)


@dataclass(frozen=True)
class Draft:
    """A draft as this visitor has it.

    Parameters
    ----------
    token : str
        Its name in the URL.
    version : int
        Of what was kept last; 0 before the first time.
    start : RawWorkbook
        What the plan began with; kept once.
    filename : str
        Of the workbook that the plan is in.
    saved_at : datetime, optional
        When it was kept last.
    problem : str
        Why it was not kept this time: `role`, `unavailable`; empty where it was.
    """

    token: str
    version: int
    start: RawWorkbook = field(repr=False)
    filename: str
    saved_at: datetime | None = None
    problem: str = ""


def begin(start: RawWorkbook, filename: str) -> Draft:
    """A new draft of a plan that begins with this workbook; nothing is kept yet."""
    return Draft(secrets.token_urlsafe(16), 0, start, filename)


def save(draft: Draft, answers: Answers, place: Mapping[str, str]) -> Draft:
    """Keep the answers as they stand.

    Where somebody went on with the same draft in another window, this one becomes a draft of its own, so that neither
    loses anything. Where the register cannot be used, the draft says so and the answers stay in the session.
    """
    try:
        register, actor = kept.register(), identity.actor()
        return _saved(register, actor, draft, answers, place)
    except UNREADABLE as error:
        return replace(draft, problem="role" if isinstance(error, Forbidden) else "unavailable")


def resume(token: str) -> tuple[Draft, Answers, dict[str, str]] | None:
    """A draft as it was kept last, with where its maker was; none where there is none for this visitor."""
    try:
        register, actor = kept.register(), identity.actor()
        latest = _latest(register, actor, _key(actor, token))
        start = _latest(register, actor, _key(actor, token, START))
    except UNREADABLE:
        return None
    if latest is None or start is None:
        return None
    began = intake.read_workbook(base64.b64decode(start.payload["workbook"]), start.payload["filename"])
    raw = _with_changes(began, latest.payload["sheets"])
    draft = Draft(token, latest.version, began, latest.payload["filename"], latest.at)
    return draft, Answers(raw, latest.payload["initiative"]), dict(latest.payload["place"])


def own_drafts() -> list[tuple[str, str, datetime]]:
    """Token, name and moment of the visitor's own drafts, the last changed first."""
    try:
        register, actor = kept.register(), identity.actor()
        entries = register.entries(actor, None, kind=KIND, latest=True)
    except UNREADABLE:
        return []
    begins = personal_key(actor, f"{FOLDER}/")
    found = [
        (entry.key.removeprefix(begins), str(entry.payload["name"]), entry.at)
        for entry in entries
        if entry.key.startswith(begins) and not entry.key.endswith(f"/{START}") and not entry.payload.get("gone")
    ]
    return sorted(found, key=lambda each: each[2], reverse=True)


def current() -> Draft | None:
    """The draft of this session."""
    return st.session_state.get("business_case_draft")


def take(draft: Draft | None) -> None:
    """Go on with this draft; its name goes into the URL."""
    st.session_state["business_case_draft"] = draft
    if draft is None:
        st.query_params.pop(PARAMETER, None)
    elif draft.version and st.query_params.get(PARAMETER) != draft.token:
        st.query_params[PARAMETER] = draft.token


def _saved(register: Register, actor: Actor, draft: Draft, answers: Answers, place: Mapping[str, str]) -> Draft:
    names = {"filename": draft.filename, "name": _name(answers)}
    if draft.version == 0:
        workbook = base64.b64encode(intake.write_workbook(draft.start)).decode()
        key = _key(actor, draft.token, START)
        payload: dict[str, Any] = {"workbook": workbook, **names}
        register.append(actor, None, kind=KIND, key=key, payload=payload, based_on=None, why=WHY)
    content = {
        "sheets": _changes(draft.start, answers.raw),
        "initiative": answers.initiative_id,
        "place": dict(place),
        **names,
    }
    key = _key(actor, draft.token)
    try:
        entry = register.append(
            actor, None, kind=KIND, key=key, payload=content, based_on=draft.version or None, why=WHY
        )
    except Conflict:
        own = replace(draft, token=secrets.token_urlsafe(16), version=0)
        return _saved(register, actor, own, answers, place)
    return replace(draft, version=entry.version, saved_at=entry.at, problem="")


def _name(answers: Answers) -> str:
    own = next(iter(answers.rows("initiatives").values()), {})
    return str(own.get("name") or answers.initiative_id)


def _key(actor: Actor, token: str, part: str = "") -> str:
    return personal_key(actor, f"{FOLDER}/{token}" + (f"/{part}" if part else ""))


def _latest(register: Register, actor: Actor, key: str) -> Entry | None:
    return next(iter(register.entries(actor, None, kind=KIND, key=key, latest=True)), None)


def _changes(start: RawWorkbook, now: RawWorkbook) -> list[dict[str, Any]]:
    """Of every sheet its name and length, and the rows that are not as they were at the start."""
    found = []
    for position, sheet in enumerate(now.sheets):
        before = start.sheets[position].rows if position < len(start.sheets) else ()
        changed = {
            str(number): [_encoded(cell) for cell in row]
            for number, row in enumerate(sheet.rows)
            if number >= len(before) or before[number] != row
        }
        found.append({"name": sheet.name, "length": len(sheet.rows), "rows": changed})
    return found


def _with_changes(start: RawWorkbook, changes: list[Mapping[str, Any]]) -> RawWorkbook:
    sheets = []
    for position, change in enumerate(changes):
        before = start.sheets[position].rows if position < len(start.sheets) else ()
        rows = [
            tuple(_decoded(cell) for cell in change["rows"][str(number)])
            if str(number) in change["rows"]
            else before[number]
            for number in range(change["length"])
        ]
        sheets.append(RawSheet(change["name"], tuple(rows)))
    return replace(start, sheets=tuple(sheets))


def _encoded(cell: Cell) -> Any:
    """A cell as JSON can hold it."""
    if isinstance(cell, CellError):
        return {"error": cell.code}
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    if isinstance(cell, time):
        return {"time": cell.isoformat()}
    return cell


def _decoded(cell: Any) -> Cell:
    if not isinstance(cell, dict):
        return cell
    if "error" in cell:
        return CellError(cell["error"])
    if "moment" in cell:
        return datetime.fromisoformat(cell["moment"])
    return date.fromisoformat(cell["date"]) if "date" in cell else time.fromisoformat(cell["time"])
