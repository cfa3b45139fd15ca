"""A framework as tables that people can change, and back: one row a thing, as a spreadsheet would have it.

Nothing is judged here. What was typed becomes the same data as in a TOML file, and `intake.frameworks` says what is
wrong with it. Rows that are empty altogether are left out.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

PERCENT = 100
TABLES = ("knockouts", "criteria", "anchors", "proposals", "ladder", "requires", "support", "mandate")

COLUMNS: dict[str, tuple[str, ...]] = {
    "knockouts": ("key", "question_nl", "question_en", "evidence_nl", "evidence_en", "source"),
    "criteria": (
        "key", "name_nl", "name_en", "question_nl", "question_en", "weight_percent", "evidence_nl", "evidence_en",
        "source",
    ),
    "anchors": ("criterion", "score", "text_nl", "text_en"),
    "proposals": ("criterion", "figure", "better", "score", "from", "source"),
    "ladder": ("key", "name_nl", "name_en", "from_outcome"),
    "requires": ("step", "criterion", "least"),
    "support": ("step", "kind", "given", "what_nl", "what_en"),
    "mandate": ("decider", "total_up_to_eur", "guarantee_up_to_eur", "never"),
}  # fmt: skip
NUMBERS = {"weight_percent", "score", "from", "from_outcome", "least", "total_up_to_eur", "guarantee_up_to_eur"}


def tables_of(data: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The lists of a framework (`intake.frameworks.framework_as_data`) as tables."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for point in data["knockouts"]:
        rows["knockouts"].append(
            {"key": point["key"], **_both("question", point), **_both("evidence", point), "source": point["source"]}
        )
    for criterion in data["criteria"]:
        rows["criteria"].append(
            {
                "key": criterion["key"],
                **_both("name", criterion),
                **_both("question", criterion),
                # A weight of 0.15 is 15, not 15.000000000000002.
                "weight_percent": round(PERCENT * criterion["weight"], 6),
                **_both("evidence", criterion),
                "source": criterion["source"],
            }
        )
        rows["anchors"] += [
            {"criterion": criterion["key"], "score": int(score), **_both("text", {"text": words})}
            for score, words in criterion["anchors"].items()
        ]
        proposal = criterion.get("proposal")
        if proposal:
            rows["proposals"] += [
                {
                    "criterion": criterion["key"],
                    "figure": proposal["figure"],
                    "better": proposal["better"],
                    "score": int(score),
                    "from": value,
                    "source": proposal["source"],
                }
                for score, value in proposal["from"].items()
            ]
    for step in data["ladder"]:
        rows["ladder"].append({"key": step["key"], **_both("name", step), "from_outcome": step["from_outcome"]})
        rows["requires"] += [
            {"step": step["key"], "criterion": key, "least": least} for key, least in step["requires"].items()
        ]
        for given, part in ((True, "gives"), (False, "withholds")):
            rows["support"] += [
                {"step": step["key"], "kind": each["kind"], "given": given, **_both("what", each)}
                for each in step[part]
            ]
    rows["mandate"] += [
        {
            "decider": mandate["decider"],
            "total_up_to_eur": mandate.get("total_up_to_eur"),
            "guarantee_up_to_eur": mandate.get("guarantee_up_to_eur"),
            "never": list(mandate["never"]),
        }
        for mandate in data["mandate"]
    ]
    return {name: _frame(name, rows[name]) for name in TABLES}


def _both(name: str, part: Mapping[str, Any]) -> dict[str, str]:
    return {f"{name}_nl": part[name].get("nl", ""), f"{name}_en": part[name].get("en", "")}


def _frame(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(COLUMNS[name]), dtype=object)
    return frame.astype({column: "float64" for column in COLUMNS[name] if column in NUMBERS})


def data_of(general: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """The data of a framework from what stands in the form.

    Parameters
    ----------
    general : dict
        Everything but the lists, as in the data.
    tables : dict of str to DataFrame
        As `tables_of`, changed or not. A row that names a criterion or step that there is not is kept as a part of its
        own without a name, so that it is reported rather than lost.
    """
    rows = {name: list(_rows(tables[name])) for name in TABLES}
    criteria = [_criterion(row) for row in rows["criteria"]]
    for row in rows["anchors"]:
        _put(_owner(criteria, row["criterion"], {"anchors": {}})["anchors"], _whole(row["score"]), _words(row, "text"))
    for row in rows["proposals"]:
        owner = _owner(criteria, row["criterion"], {"anchors": {}})
        proposal = owner.setdefault(
            "proposal", {"figure": row["figure"], "better": row["better"], "from": {}, "source": row["source"]}
        )
        _put(proposal["from"], _whole(row["score"]), row["from"])
    blank: dict[str, Any] = {"requires": {}, "gives": [], "withholds": []}
    steps = [
        {"key": row["key"], "name": _words(row, "name"), "from_outcome": row["from_outcome"], **copy.deepcopy(blank)}
        for row in rows["ladder"]
    ]
    for row in rows["requires"]:
        _put(_owner(steps, row["step"], blank)["requires"], row["criterion"], row["least"])
    for row in rows["support"]:
        part = "withholds" if row["given"] is False else "gives"
        _owner(steps, row["step"], blank)[part].append({"kind": row["kind"], "what": _words(row, "what")})
    return {
        **general,
        "knockouts": [
            {
                "key": row["key"],
                "question": _words(row, "question"),
                "evidence": _words(row, "evidence"),
                "source": row["source"],
            }
            for row in rows["knockouts"]
        ],
        "criteria": criteria,
        "ladder": steps,
        "mandate": [_mandate(row) for row in rows["mandate"]],
    }


def _rows(frame: pd.DataFrame) -> Iterable[dict[str, Any]]:
    """The rows with something in them; an empty cell is an empty text, or nothing where a number belongs."""
    for row in frame.to_dict("records"):
        cells = {str(name): _cell(str(name), value) for name, value in row.items()}
        if any(value not in (None, "", [], True, False) for value in cells.values()):
            yield cells


def _cell(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return value
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return None if name in NUMBERS else ""
    return value.strip() if isinstance(value, str) else value


def _whole(score: float | None) -> str:
    """A score as the key it has in the data."""
    return "" if score is None else str(int(score)) if float(score).is_integer() else str(score)


def _owner(parts: list[dict[str, Any]], key: str, blank: Mapping[str, Any]) -> dict[str, Any]:
    """The part with this key; one that nobody described is added, so that it is reported rather than lost."""
    found = next((part for part in parts if part["key"] == key), None)
    if found is None:
        found = {"key": key, **copy.deepcopy(dict(blank))}
        parts.append(found)
    return found


def _put(inside: dict[str, Any], key: str, value: Any) -> None:
    """Add a value; one that is there already goes under a name that nobody takes for a good one."""
    while key in inside:
        key += " (2)"
    inside[key] = value


def _criterion(row: Mapping[str, Any]) -> dict[str, Any]:
    weight = row["weight_percent"]
    return {
        "key": row["key"],
        "name": _words(row, "name"),
        "question": _words(row, "question"),
        "weight": None if weight is None else weight / PERCENT,
        "evidence": _words(row, "evidence"),
        "source": row["source"],
        "anchors": {},
    }


def _words(row: Mapping[str, Any], name: str) -> dict[str, str]:
    words = {"nl": row[f"{name}_nl"], "en": row[f"{name}_en"]}
    return {language: text for language, text in words.items() if text or language == "nl"}


def _mandate(row: Mapping[str, Any]) -> dict[str, Any]:
    limits = {name: row[name] for name in ("total_up_to_eur", "guarantee_up_to_eur") if row[name] is not None}
    return {"decider": row["decider"], **limits, "never": row["never"] or []}


def general_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Everything of a framework but its lists."""
    return {key: value for key, value in data.items() if key not in ("knockouts", "criteria", "ladder", "mandate")}
