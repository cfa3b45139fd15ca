"""Keeps the Dutch catalogue in step with the code: `python -m dashboard.catalogue`.

Collects every text between `_( )` and `n_( )` in app.py and dashboard/, adds new ones to the catalogue with an empty
translation, and removes those that the code no longer has. It never guesses a translation.
"""

from __future__ import annotations

import ast
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from dashboard.wording import catalogue_path

ROOT = Path(__file__).resolve().parent.parent
FORMS = {"_": 1, "n_": 2}
"""The functions that speak, and how many texts each takes."""


def sources() -> list[Path]:
    """The files that speak to the user."""
    return [ROOT / "app.py", *sorted((ROOT / "dashboard").rglob("*.py"))]


def collected() -> Catalog:
    """Every text in the code, with the file that it stands in.

    Read from the syntax tree: also inside f-strings, and a text that is put together while running is our mistake.
    """
    found = Catalog()
    for path in sources():
        place = path.relative_to(ROOT).as_posix()
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in FORMS:
                texts = [_literal(text, place) for text in call.args[: FORMS[call.func.id]]]
                found.add(texts[0] if len(texts) == 1 else tuple(texts), locations=[(place, 0)])
    return found


def _literal(node: ast.expr, place: str) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise ValueError(f"{place}, line {node.lineno}: a text for translation has to be written out in the code")


def read(language: str) -> Catalog:
    """The catalogue as it stands."""
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language)


def updated(current: Catalog, found: Catalog) -> Catalog:
    """The catalogue with exactly the texts of the code, and the translations that it had."""
    new = Catalog(
        locale=current.locale, project="Buurtwaarde", fuzzy=False, header_comment="# Dutch words on the screen."
    )
    for message in found:
        if message.id:
            known = current.get(message.id)
            new.add(message.id, known.string if known else "", locations=message.locations)
    return new


def main() -> None:
    """Write the Dutch catalogue again."""
    path = catalogue_path("nl")
    path.parent.mkdir(parents=True, exist_ok=True)
    current = read("nl") if path.exists() else Catalog(locale="nl")
    new = updated(current, collected())
    new.creation_date = new.revision_date = current.creation_date
    with path.open("wb") as file:
        write_po(file, new, width=110, sort_by_file=True, include_lineno=False)


if __name__ == "__main__":
    main()
