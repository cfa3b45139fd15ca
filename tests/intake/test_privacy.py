"""Personal data is refused with an explanation, and nothing of it is kept, shown or logged."""

from __future__ import annotations

import io
import logging
import random

import pytest

from intake import UnreadableFile, read_workbook
from intake.guarded.personal import passes_eleven_test
from intake.reading import read_table_file
from intake.workbook import Cell
from tests.intake.registers import as_csv, as_xlsx

CHANCE = random.Random(1)  # noqa: S311 - made-up numbers


def numbers(count: int, *, valid: bool) -> list[str]:
    """Made-up numbers of nine digits that pass the test, or do not."""
    found: list[str] = []
    while len(found) < count:
        digits = f"{CHANCE.randrange(10_000_000, 999_999_999):09d}"
        if passes_eleven_test(digits) == valid:
            found.append(digits)
    return found


BSN = numbers(12, valid=True)
PEOPLE = ["J. Jansen", "Mevr. A. de Vries", "P.K. van der Berg", "dhr. Bakker", "Smit, R.J.", "Jan Visser"]
BORN = ["03-05-1961", "12-11-1948", "30-01-1990", "07-07-1975", "21-12-1933", "15-08-2001"]


def columns(*given: tuple[str, list[Cell]]) -> list[list[Cell]]:
    """A table from its columns."""
    return [
        [head for head, _cells in given],
        *(list(row) for row in zip(*(cells for _head, cells in given), strict=True)),
    ]


REFUSED = {
    "texts": (columns(("Nummer", [*BSN]), ("Bedrag", [5.0] * 12)), "personal_bsn"),
    "figures": (columns(("Naam", ["x"] * 12), ("Nr", [float(n) for n in BSN])), "personal_bsn"),
    "with points": (columns(("a", [f"{n[:4]}.{n[4:6]}.{n[6:]}" for n in BSN]), ("b", [1.0] * 12)), "personal_bsn"),
    "inside texts": (columns(("a", [f"cliënt {n}, Wmo" for n in BSN]), ("b", [1.0] * 12)), "personal_bsn"),
    "one, and the header says so": (columns(("BSN", [BSN[0], None]), ("b", [1.0, 2.0])), "personal_bsn"),
    "below title rows": ([["Lijst"], [], *columns(("BSN cliënt", [BSN[0]]), ("b", [1.0]))], "personal_bsn"),
    "names and birth dates": (columns(("Naam", [*PEOPLE]), ("Geboortedatum", [*BORN])), "personal_birth"),
    "a header of birth and of name": (columns(("Achternaam", ["a", "b"]), ("Geb. datum", BORN[:2])), "personal_birth"),
    "names and days without a header": (columns(("x", [*PEOPLE]), ("y", [*BORN])), "personal_birth"),
}
NOT_REFUSED = {
    "amounts of nine digits": columns(
        ("Naam", ["x"] * 12), ("Boekwaarde", [float(n) for n in numbers(12, valid=False)])
    ),
    "amounts, some of which pass by chance": columns(
        ("Naam", ["x"] * 10), ("Boekwaarde", [float(n) for n in numbers(8, valid=False) + numbers(2, valid=True)])
    ),
    "one number many times": columns(("Naam", ["x"] * 12), ("Kvk", [BSN[0]] * 12)),
    "BAG numbers": columns(("BAG-id", [f"0363{n}000" for n in BSN]), ("b", [1.0] * 12)),
    "buildings and when they were taken into service": columns(
        ("Naam", ["De Boei", "Het Trefpunt", "Buurthuis Noord", "Johanna Hoeve", "Sporthal Zuid", "Zaal West"]),
        ("Datum ingebruikname", [*BORN]),
    ),
    "buildings named after people": columns(("Naam", [*PEOPLE]), ("Bouwdatum", [*BORN])),
    "groups of people and when the council decided": columns(
        ("Naam", ["Vrijwilligerscentrale", "Bewonersgroep", "Cliëntenraad", "Deelnemersraad", "De Inwoner", "Buur"]),
        ("Datum besluit", [*BORN]),
    ),
    "parties and a day": columns(
        ("Partij", ["bewoners", "gemeente", "rijk", "zvw", "wlz", "overig"]), ("Datum", [*BORN])
    ),
    "people without a birth date": columns(("Contactpersoon", [*PEOPLE]), ("Bedrag", [1.0] * 6)),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_it_is_refused_with_an_explanation_that_repeats_nothing(
    name: str, kind: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    rows, rule = REFUSED[name]
    data = as_xlsx(rows) if kind == "xlsx" else as_csv(rows)
    with caplog.at_level(logging.DEBUG), pytest.raises(UnreadableFile) as refused:
        read_table_file(data, f"lijst.{kind}")
    problem = refused.value.problem
    assert problem.rule == rule
    said = "".join((problem.message("nl"), problem.message("en"), repr(problem), caplog.text, *capfd.readouterr()))
    assert not [text for row in rows[1:] for text in row if isinstance(text, str) and len(text) > 5 and text in said]


@pytest.mark.parametrize("name", NOT_REFUSED)
def test_other_figures_and_names_are_read(name: str) -> None:
    assert read_table_file(as_xlsx(NOT_REFUSED[name]), "lijst.xlsx").sheets


def test_a_workbook_with_personal_data_in_an_extra_sheet_is_refused_too() -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_workbook(as_xlsx(REFUSED["texts"][0], "Cliënten"), "werkmap.xlsx")
    assert refused.value.problem.rule == "personal_bsn"
    assert "Cliënten" in refused.value.problem.message("nl")


def test_in_a_long_column_it_is_found_too() -> None:
    file = io.BytesIO()
    file.write(b"Naam;Nummer;Bedrag\n")
    for place in range(60_000):
        file.write(f"x;{BSN[place % 12]};{place}\n".encode())
    with pytest.raises(UnreadableFile):
        read_table_file(file.getvalue(), "lang.csv")


@pytest.mark.parametrize(
    ("digits", "valid"), [("111222333", True), ("123456782", True), ("123456789", False), ("000000000", False)]
)
def test_the_eleven_test(digits: str, valid: bool) -> None:  # noqa: FBT001
    assert passes_eleven_test(digits) == valid
