"""What one visitor has in front of them: the workbook, what was read from it, and what was computed.

Two workbooks may be there at once: the one being worked on (`shown`), which can have mistakes, and the last one
without (`in_use`), from which every figure comes. They are the same one as long as there are no mistakes. Everything
lives in the session of one visitor; only the reference figures and the example, which nobody changes, are shared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

import intake
from dashboard import identity, kept
from dashboard.wording import LANGUAGE_KEY, _
from register import CaseVersion, RegisterError
from valuation.appraisal import Result, appraise
from valuation.case import Case
from valuation.problems import Problem, ValuationError

EXAMPLE = Path(__file__).resolve().parent.parent / "datasets" / "voorbeeldgemeente.xlsx"
MAX_UPLOAD_MB = 20

# URL parameters, in Dutch since the visitor sees them. The language switch has its own (dashboard.wording).
SOURCE = "gemeente"
EXAMPLE_WORD = "voorbeeld"
OWN_FILE_WORD = "eigen"
KEPT_WORD = "dossier-"
"""Before the number of a kept case and its version, so that a link and a reload bring it back to who may see it."""
ASSET = "object"
DISCOUNT = "disconto"
HORIZON = "zicht"
SHARE = "aandeel"
PRICE = "prijs"

LONGEST_VERSION = 9
RESULTS_KEPT = 6
"""Results kept per visitor, so that going back to an earlier slider position costs nothing."""
LINES_KEPT = 2**16
"""Lines that the results of one visitor may have together, the newest apart: of a large municipality fewer results are
kept, so that a session stays small (docs/benchmarks.md, Fifty users)."""


@dataclass(frozen=True)
class Kept:
    """A version of a case in the register."""

    case_id: str
    version: int
    name: str


@dataclass(frozen=True)
class Workbook:
    """One workbook as this visitor has it.

    Parameters
    ----------
    raw : RawWorkbook
        The cells.
    intake : Intake
        What was read from them: the case (none when there are errors), problems, defaults.
    filename : str
    example : bool
        It is the example municipality, so that a reload can open it again.
    edited : bool
        Something was changed on screen, so that a reload would lose it.
    source : bytes | None
        The file as it was uploaded, to give back with its problems marked; none once cells were changed on screen.
    kept : Kept | None
        The version of a kept case that this workbook is, or was before it was changed on screen.
    """

    raw: intake.RawWorkbook
    intake: intake.Intake
    filename: str
    example: bool = False
    edited: bool = False
    source: bytes | None = field(default=None, repr=False)
    kept: Kept | None = None

    @property
    def case(self) -> Case | None:
        """The validated case; nothing when the workbook has errors."""
        return self.intake.case

    @property
    def content(self) -> bytes:
        """The workbook as a file: as it came, or as it stands after changes on screen."""
        return self.source or intake.write_workbook(self.raw)

    @property
    def safe(self) -> bool:
        """Whether a reload can bring it back: the example, or a kept case, as it was opened."""
        return not self.edited and (self.example or self.kept is not None)


@dataclass(frozen=True)
class Refusal:
    """An upload that is no workbook that can be read: the file's name and why."""

    filename: str
    problem: Problem


WORK = ("shown", "in_use", "refusal", "version", "frames_of", "frames", "drafts", "outlines")
"""What of a session is somebody's own work: the workbook that is open, changes in its tables not applied yet, and
outlines of neighbourhoods for the map."""


def start_session() -> None:
    """Set what every page expects, and open the example, unless the URL is of somebody's own file."""
    st.session_state.setdefault("shown", None)
    st.session_state.setdefault("in_use", None)
    st.session_state.setdefault("refusal", None)
    st.session_state.setdefault("results", [])
    st.session_state.setdefault("version", 0)
    if "asked_for" not in st.session_state:
        asked_for = st.session_state["asked_for"] = st.query_params.get(SOURCE)
        if not (open_kept_by_word(asked_for) or asked_for == OWN_FILE_WORD):
            open_example()


def arrive(page: str) -> None:
    """Count visits to pages: what a page had on screen is not there any more after another page."""
    if st.session_state.get("page") != page:
        st.session_state["page"] = page
        st.session_state["visit"] = st.session_state.get("visit", 0) + 1


def remember_in_url() -> None:
    """Keep in the URL which municipality is open, on every page."""
    workbook = in_use() or shown()
    if workbook is None:
        return
    word = OWN_FILE_WORD
    if workbook.safe:
        word = EXAMPLE_WORD if workbook.kept is None else f"{KEPT_WORD}{workbook.kept.case_id}.{workbook.kept.version}"
    if st.query_params.get(SOURCE) != word:
        st.query_params[SOURCE] = word


def lost_by_reload() -> bool:
    """Whether this session began with a URL of somebody's own file, which a reload cannot bring back."""
    return st.session_state["asked_for"] == OWN_FILE_WORD and shown() is None


def unsaved() -> dict[str, Any]:
    """What somebody would lose with this session; empty where only the example is open as it is."""
    workbook = st.session_state.get("shown")
    is_safe = workbook is None or (workbook.safe and not st.session_state.get("drafts"))
    if is_safe and st.session_state.get("outlines") is None:
        return {}
    return {key: st.session_state[key] for key in WORK if key in st.session_state}


def restore(work: Mapping[str, Any]) -> None:
    """Open again what `unsaved` gave in an earlier session."""
    for key, value in work.items():
        st.session_state[key] = value


def forget() -> None:
    """Leave nothing of a workbook in this session."""
    for key in [key for key in st.session_state if key != LANGUAGE_KEY]:
        del st.session_state[key]


def shown() -> Workbook | None:
    """The workbook being worked on; it may have errors."""
    return st.session_state["shown"]


def in_use() -> Workbook | None:
    """The last workbook without errors: every figure on screen comes from it."""
    return st.session_state["in_use"]


def refusal() -> Refusal | None:
    """The last upload, when it could not be read at all."""
    return st.session_state["refusal"]


def case() -> Case | None:
    """The case that the figures come from; nothing before a workbook is open."""
    workbook = in_use()
    return None if workbook is None else workbook.case


def version() -> int:
    """Goes up with every change of the workbook: part of the keys of widgets that show its cells."""
    return st.session_state["version"]


def open_example() -> None:
    """Open the example municipality."""
    _open(example())


def open_upload(data: bytes, filename: str, progress: Callable[[float], None] | None = None) -> None:
    """Read an upload. One that is no workbook is refused, and what was open stays open."""
    try:
        raw = intake.read_workbook(data, filename, progress)
    except intake.UnreadableFile as error:
        st.session_state["refusal"] = Refusal(filename, error.problem)
        return
    _open(replace(_read(raw, filename), source=data))


def open_kept(version: CaseVersion) -> None:
    """Open a version of a kept case; whether this visitor may see it, the register has said."""
    filename = _("{name}, version {version}", name=version.name, version=version.version) + ".xlsx"
    raw = intake.read_workbook(version.workbook, filename)
    known_as = Kept(version.case_id, version.version, version.name)
    opened = replace(_read(raw, filename), source=version.workbook, kept=known_as)
    made_up = example().case.assumptions.municipality
    _open(replace(opened, example=opened.case is not None and opened.case.assumptions.municipality == made_up))


def open_kept_by_word(word: str | None) -> bool:
    """Open the kept case that a link names; whether it is there, and this visitor may see it."""
    case_id, dot, version = (word or "").removeprefix(KEPT_WORD).rpartition(".")
    if not ((word or "").startswith(KEPT_WORD) and dot and version.isdecimal() and len(version) < LONGEST_VERSION):
        return False
    try:
        open_kept(kept.register().case(identity.actor(), case_id, int(version)))
    except RegisterError:
        return False
    return True


def now_kept(version: CaseVersion) -> None:
    """Remember that what is open was kept as this version."""
    before = shown()
    known_as = Kept(version.case_id, version.version, version.name)
    after = replace(before, kept=known_as, edited=False, source=version.workbook)
    if in_use() is before:
        st.session_state["in_use"] = after
    st.session_state["shown"] = after


def no_longer_kept(case_id: str) -> None:
    """A kept case was deleted: what is open of it stays open, and is nobody's version any more."""
    for place in ("shown", "in_use"):
        workbook = st.session_state[place]
        if workbook is not None and workbook.kept is not None and workbook.kept.case_id == case_id:
            st.session_state[place] = replace(workbook, kept=None, edited=True)


def open_cells(raw: intake.RawWorkbook, filename: str) -> None:
    """Open a workbook that was made here, from a register."""
    identity.demand_edit()
    _open(replace(_read(raw, filename), edited=True))


def change(raw: intake.RawWorkbook) -> None:
    """Take changed cells, and read them again. What was typed stays, whether it is right or not."""
    identity.demand_edit()
    before = shown()
    _open(replace(_read(raw, before.filename), example=before.example, edited=True, kept=before.kept))


def discard() -> None:
    """Leave the workbook with errors, and go back to the last one without."""
    st.session_state["shown"] = in_use()
    st.session_state["refusal"] = None
    st.session_state["version"] += 1


def appraised(of: Case) -> Result:
    """The results of this case; computed once for each of the last few cases of this visitor."""
    results: list[tuple[Case, Result]] = st.session_state["results"]
    for known, result in results:
        if known is of:
            return result
    result = appraise(of)
    st.session_state["results"] = worth_keeping([(of, result), *results])
    return result


def worth_keeping(results: list[tuple[Case, Result]]) -> list[tuple[Case, Result]]:
    """The first few of these results, newest first, as far as there is room for their lines; the newest always."""
    lines = np.cumsum([len(result.lines.row) for _case, result in results])
    within = int(np.count_nonzero(lines <= LINES_KEPT))
    return results[: min(max(within, 1), RESULTS_KEPT)]


def varied(of: Case, key: tuple[Any, ...], change_case: Callable[[Case], Case]) -> Case:
    """The case under other assumptions; the same object when the same key is asked again.

    Parameters
    ----------
    of : Case
    key : tuple
        What was changed, and into what: slider positions.
    change_case : callable
        Makes the changed case, with `Case.with_assumptions` and `Case.with_asset`.
    """
    known: list[tuple[Case, tuple[Any, ...], Case]] = st.session_state.setdefault("variants", [])
    for original, its_key, variant in known:
        if original is of and its_key == key:
            return variant
    variant = change_case(of)
    st.session_state["variants"] = [(of, key, variant), *known][:RESULTS_KEPT]
    return variant


def problems(workbook: Workbook) -> tuple[Problem, ...]:
    """All that is to be said of a workbook: what the reading found and, where there are results, what they show."""
    if workbook.case is None:
        return workbook.intake.problems
    try:
        return (*workbook.intake.problems, *appraised(workbook.case).problems)
    except ValuationError:  # the page Value says why there are no results
        return workbook.intake.problems


def _open(workbook: Workbook) -> None:
    st.session_state["shown"] = workbook
    st.session_state["refusal"] = None
    st.session_state["version"] += 1
    if workbook.case is not None:
        st.session_state["in_use"] = workbook
        st.session_state["results"] = []
        st.session_state["variants"] = []


def _read(raw: intake.RawWorkbook, filename: str) -> Workbook:
    return Workbook(raw, intake.build_case(raw, intake.load_reference()), filename)


def example() -> Workbook:
    """The example municipality, the same object for everybody. Nothing in it is ever changed in place."""
    return _example(_example_print())


def _example_print() -> str:
    return hashlib.sha256(EXAMPLE.read_bytes()).hexdigest()


@st.cache_resource(max_entries=1, show_spinner=False)
def _example(fingerprint: str) -> Workbook:  # noqa: ARG001 - a changed file is read again
    content = EXAMPLE.read_bytes()
    return replace(_read(intake.read_workbook(content, EXAMPLE.name), EXAMPLE.name), example=True, source=content)
