"""The rooms of the house: who may import whom, and what the computation never touches.

Data moves one way (docs/decisions and the README draw it): intake reads, valuation computes, exports and register
pass on, the dashboard shows. The rules are read from the source with `ast`, so code that no test runs obeys them
too. Every rule is also shown to fail on a line that breaks it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True)
class Room:
    """What one room may import: rooms of ours, and packages of others. What is not listed is refused."""

    ours: frozenset[str]
    others: frozenset[str]


def _room(ours: str = "", others: str = "") -> Room:
    return Room(_words(ours), _words(others))


ROOMS = {
    "valuation": _room(others="numpy pandas numpy_financial scipy numba llvmlite"),
    "intake": _room("valuation", "numpy pandas pyarrow python_calamine openpyxl babel"),
    "exports": _room("valuation", "numpy pandas pyarrow xlsxwriter openpyxl docx typst babel"),
    "register": _room("valuation", "numpy pandas sqlalchemy alembic"),
    "batch": _room("valuation intake exports", "numpy pyarrow distributed"),
    "dashboard": _room("valuation intake exports register", "numpy pandas streamlit plotly babel starlette"),
    # The doors: they parse arguments or set the page up, and call the rooms.
    "app.py": _room("dashboard", "streamlit"),
    "asgi.py": _room("dashboard", "streamlit starlette"),
    "cli.py": _room("valuation intake exports register batch"),
}
OURS = {name for name in ROOMS if not name.endswith(".py")} | {"app", "asgi", "cli", "tests", "benchmarks", "datasets"}

# The same input gives the same result on every machine and every day: the computation has tables and numbers in, and
# Results out. Of the standard library it therefore never meets these.
OUTSIDE_WORLD = _words(
    "asyncio ctypes glob http importlib io logging multiprocessing os pathlib pickle platform random secrets shutil "
    "socket sqlite3 subprocess sys tempfile threading time urllib uuid zipfile"
)
IMPURE_CALLS = {
    "files": _words("open input pandas.read_* numpy.load* numpy.save* numpy.fromfile numpy.genfromtxt"),
    "code": _words("eval exec compile __import__"),
    "screen": _words("print"),
    "clock": _words(
        "datetime.date.today datetime.datetime.now datetime.datetime.today datetime.datetime.utcnow "
        "pandas.Timestamp.now pandas.Timestamp.today pandas.Timestamp.utcnow"
    ),
}
IMPURE_METHODS = _words("to_csv to_excel to_json to_parquet to_pickle to_sql tofile")
# A generator that is handed in or made from a seed is fine; numpy's one hidden generator for all is not.
SEEDED_RANDOM = _words("Generator BitGenerator SeedSequence PCG64 PCG64DXSM Philox SFC64 MT19937 default_rng")


def broken_rules(source: str, room: str) -> list[str]:
    """Every rule that this source breaks when it stands in this room, with its line."""
    tree = ast.parse(source)
    broken = [*_imports(tree, room)]
    if room == "valuation":
        broken += _touches(tree)
    return broken


def _imports(tree: ast.Module, room: str) -> Iterator[str]:
    rules = ROOMS[room]
    for line, module in _imported_modules(tree):
        top = module.split(".")[0]
        if top in OURS:
            if top != room and top not in rules.ours:
                yield f"{line}: {room} imports {top}"
        elif top in sys.stdlib_module_names:
            if room == "valuation" and top in OUTSIDE_WORLD:
                yield f"{line}: {room} imports {top}, which reaches outside the computation"
        elif top not in rules.others:
            yield f"{line}: {room} imports {top}, which is not on its list"


def _imported_modules(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module


def _touches(tree: ast.Module) -> Iterator[str]:
    full_names = _full_names(tree)
    for node in ast.walk(tree):
        name = _dotted(node, full_names)
        if name.startswith("numpy.random.") and name.split(".")[2] not in SEEDED_RANDOM:
            yield f"{node.lineno}: {name} draws from numpy's global generator"
        if not isinstance(node, ast.Call):
            continue
        called = _dotted(node.func, full_names)
        for what, calls in IMPURE_CALLS.items():
            if any(fnmatchcase(called, call) for call in calls):
                yield f"{node.lineno}: {called}() touches the {what}"
        if isinstance(node.func, ast.Attribute) and node.func.attr in IMPURE_METHODS:
            yield f"{node.lineno}: .{node.func.attr}() writes a file"
        if called == "numpy.random.default_rng" and not node.args and not node.keywords:
            yield f"{node.lineno}: default_rng() without a seed"


def _full_names(tree: ast.Module) -> dict[str, str]:
    """What each imported name in this file stands for: `np` is numpy, `today` may be datetime.date.today."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            # `import a.b` binds `a`; `import a.b as c` binds `a.b` to `c`
            tops = {alias.name.split(".")[0] for alias in node.names if not alias.asname}
            names |= {top: top for top in tops} | {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _dotted(node: ast.AST, full_names: dict[str, str]) -> str:
    """The full dotted name of `np.random.seed` and the like; empty for any other expression."""
    if isinstance(node, ast.Name):
        return full_names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value, full_names)
        return owner and f"{owner}.{node.attr}"
    return ""


def _files_of(room: str) -> list[Path]:
    place = ROOT / room
    return sorted(place.rglob("*.py")) if place.is_dir() else [place] * place.exists()


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_keeps_to_its_imports(room: str) -> None:
    broken = [
        f"{path.relative_to(ROOT)}:{rule}"
        for path in _files_of(room)
        for rule in broken_rules(path.read_text(encoding="utf-8"), room)
    ]
    assert not broken, "\n".join(broken)


def test_the_rooms_are_there() -> None:
    """The check above passes on an empty folder, so a renamed room would go unwatched."""
    assert all(_files_of(room) for room in ROOMS if room != "asgi.py")


def test_datasets_hold_figures_and_no_code_but_the_synthetic_country() -> None:
    """It reads figures through the rooms and makes a file; no room imports it."""
    assert [path.name for path in (ROOT / "datasets").rglob("*.py")] == ["synthetic_country.py"]


def test_the_table_itself_goes_one_way() -> None:
    TopologicalSorter({room: rules.ours for room, rules in ROOMS.items()}).prepare()  # raises on a circle


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("valuation", "from intake.workbook import read"),
        ("valuation", "import dashboard"),
        ("valuation", "import cli"),
        ("intake", "import exports.workbook"),
        ("intake", "import streamlit as st"),
        ("exports", "from intake import template"),
        ("exports", "from register import cases"),
        ("register", "import exports"),
        ("register", "import streamlit"),
        ("dashboard", "import sqlalchemy"),
        ("dashboard", "import app"),
        ("app.py", "import pandas"),
        ("app.py", "from valuation import appraisal"),
        ("cli.py", "from dashboard import wording"),
        ("cli.py", "import pandas"),
        # not at the top of the file, or only for types: an import all the same
        ("valuation", "def f():\n    import plotly.express"),
        ("valuation", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from exports import brief"),
        *(("valuation", f"import {package}") for package in ("streamlit", "plotly", "openpyxl", "sqlalchemy", "babel")),
        *(("valuation", f"import {module}") for module in sorted(OUTSIDE_WORLD)),
        ("valuation", "from os import environ"),
        ("valuation", "text = open('prices.csv').read()"),
        ("valuation", "import pandas as pd\nprices = pd.read_csv('prices.csv')"),
        ("valuation", "import numpy as np\nprices = np.loadtxt('prices.txt')"),
        ("valuation", "table.to_csv('result.csv')"),
        ("valuation", "print(total)"),
        ("valuation", "eval('1 + 1')"),
        ("valuation", "from datetime import datetime\nnow = datetime.now()"),
        ("valuation", "from datetime import datetime\nnow = datetime.now(tz=zone)"),
        ("valuation", "import datetime as dt\nyear = dt.date.today().year"),
        ("valuation", "import pandas as pd\nnow = pd.Timestamp.now()"),
        ("valuation", "import numpy as np\nnp.random.seed(1)"),
        ("valuation", "import numpy as np\ndraws = np.random.normal(size=3)"),
        ("valuation", "from numpy import random\ndraws = random.normal(size=3)"),
        ("valuation", "from numpy.random import normal\ndraws = normal(size=3)"),
        ("valuation", "import numpy as np\nrng = np.random.default_rng()"),
    ],
)
def test_a_broken_rule_is_seen(room: str, source: str) -> None:
    assert broken_rules(source, room)


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("valuation", "from valuation.case import Case"),
        ("valuation", "from .case import Case"),
        ("valuation", "import numpy as np\nfrom numpy.typing import NDArray\nimport numpy_financial as npf"),
        ("valuation", "import numpy as np\nrng = np.random.default_rng(seed)\ndraws = rng.normal(size=3)"),
        ("valuation", "import numpy as np\ndef draw(rng: np.random.Generator): return rng.normal()"),
        ("valuation", "from datetime import date\nend = date(2026, 12, 31)"),
        ("intake", "import os\nfrom pathlib import Path\ntext = Path('x').read_text()"),
        ("dashboard", "import streamlit as st\nimport valuation.appraisal, intake, exports, register"),
        ("cli.py", "import argparse, sys\nfrom intake import workbook"),
    ],
)
def test_what_is_allowed_passes(room: str, source: str) -> None:
    assert not broken_rules(source, room)
