"""The server is ready before its first visitor, in a process of its own: what is frozen here would stay so."""

from __future__ import annotations

import json
import subprocess
import sys

PREPARED = """
import gc, json, sys
from dashboard import ready
ready.prepare()
print(json.dumps({"modules": sorted(sys.modules), "frozen": gc.get_freeze_count(), "left": len(gc.get_objects())}))
"""


def test_what_pages_use_is_there_and_no_page_has_been_run() -> None:
    done = subprocess.run([sys.executable, "-c", PREPARED], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    modules = set(found["modules"])
    # The parts that the pages are made of, and what those bring along.
    assert {"dashboard.scenarios.compared", "dashboard.working_group.together", "plotly.tools", "typst"} <= modules
    assert not [name for name in modules if name.startswith("dashboard.app_pages")]
    # Python's search for garbage passes by nearly everything.
    assert found["frozen"] > 100 * found["left"]
