"""How long each document of the example takes, as PDF and as Word, with everything that it says worked out anew.

Each is made a few times in this process, after one run that loads what has to be loaded; the first run is shown apart.

    python benchmarks/documents.py [--repeats 3] [--json FILE]

Prints seconds (best of the repeats, and the first). Target: each within five seconds, the first run included.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from exports.documents import business_case, challenge_application, council_brief
from intake import build_case, load_reference, read_workbook
from valuation.appraisal import appraise
from valuation.business_case import plan_of

TARGET_SECONDS = 5.0
EXAMPLE = Path(__file__).resolve().parent.parent / "datasets" / "voorbeeldgemeente.xlsx"


def seconds(make: Callable[[], bytes]) -> float:
    """How long one takes."""
    start = time.perf_counter()
    make()
    return time.perf_counter() - start


def main() -> int:
    """Measure; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    case = build_case(read_workbook(EXAMPLE.read_bytes(), EXAMPLE.name), load_reference()).case
    documents: dict[str, Callable[[str], bytes]] = {
        "council brief, building (0101)": lambda kind: council_brief(appraise(case), "0101", "nl", kind),
        "council brief, two initiatives (0102)": lambda kind: council_brief(appraise(case), "0102", "nl", kind),
        "right to challenge (I-10)": lambda kind: challenge_application(appraise(case), "I-10", "nl", kind),
        "business case (I-10)": lambda kind: business_case(appraise(case), plan_of(case, "I-10"), "nl", kind),
    }
    figures = {}
    for name, make in documents.items():
        for kind in ("pdf", "docx"):
            first = seconds(lambda make=make, kind=kind: make(kind))
            best = min(seconds(lambda make=make, kind=kind: make(kind)) for _ in range(options.repeats))
            figures[f"{name}, {kind}"] = {"first_seconds": round(first, 3), "seconds": round(best, 3)}
            print(f"{name}, {kind}: {best:.2f} s (first {first:.2f} s)")
    slow = [name for name, figure in figures.items() if figure["first_seconds"] > TARGET_SECONDS]
    print("All within five seconds." if not slow else f"Too slow: {', '.join(slow)}")
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
