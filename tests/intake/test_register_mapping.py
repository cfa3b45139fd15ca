"""What each column holds: suggested, corrected, kept as a profile, and recognised next time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from intake.asset_register import (
    IGNORE,
    ROLES,
    NotAProfile,
    fingerprint,
    profile_of,
    read_profile,
    suggest,
    suggested_base_year,
)
from intake.asset_register.roles import HeaderDate, header_date, load_synonyms, role_of, scale_in
from intake.workbook import Cell
from tests.intake.registers import (
    LINGEWAARD_HEADER,
    VENLO_HEADER,
    apeldoorn,
    lingewaard,
    read_table,
    rules,
    tables_of,
    venlo,
)

TYPICAL = [
    "Activumnummer", "Omschrijving", "Activasoort", "Locatie", "BAG-id", "Taakveld", "Kostenplaats", "Nut",
    "Jaar ingebruikname", "Aanschafwaarde", "Bijdragen derden", "Afschrijvingsmethode", "Termijn", "Restant looptijd",
    "Cum. afschrijving", "Boekwaarde 1-1", "Investering", "Afschrijving jaar", "Boekwaarde 31-12", "Rente %", "Rente",
    "Kapitaallasten", "Dekking", "WOZ", "BVO m²",
]  # fmt: skip


def suggested(header: list[str]) -> dict[str, str]:
    (table,) = tables_of([header, ["1", "x", *map(float, range(1, len(header) - 1))]])
    mapping = suggest(table)
    return {column.name: mapping.roles[column.position] for column in table.columns}


def test_the_columns_of_a_typical_register_are_recognised() -> None:
    roles = suggested(TYPICAL)
    assert {name: role for name, role in roles.items() if role != IGNORE} == {
        "Activumnummer": "asset_id",
        "Omschrijving": "name",
        "Taakveld": "task_field",
        "Jaar ingebruikname": "in_service_year",
        "Aanschafwaarde": "acquisition_cost_eur",
        "Bijdragen derden": "contributions",
        "Afschrijvingsmethode": "depreciation_method",
        "Termijn": "useful_life_years",
        "Cum. afschrijving": "cumulative_depreciation",
        "Boekwaarde 1-1": "opening_book_value",
        "Investering": "additions",
        "Afschrijving jaar": "depreciation",
        "Boekwaarde 31-12": "closing_book_value",
        "Rente": "interest",
        "Kapitaallasten": "capital_charge",
        "BVO m²": "area_m2",
    }


def test_the_columns_that_say_where_an_object_lies_are_recognised() -> None:
    found = {header: role_of(header) for header in ("lat", "Lengtegraad (WGS84)", "X-coördinaat", "RD y", "Latitude")}
    assert {header: role and role[0] for header, role in found.items()} == {
        "lat": "latitude",
        "Lengtegraad (WGS84)": "longitude",
        "X-coördinaat": "rd_x_m",
        "RD y": "rd_y_m",
        "Latitude": "latitude",
    }


def test_every_column_of_the_published_layouts_is_recognised() -> None:
    for rows in (apeldoorn(), lingewaard(), venlo()):
        (table,) = tables_of(rows)
        mapping = suggest(table)
        unused = [column.name for column in table.columns if mapping.roles[column.position] == IGNORE]
        # Of the three book values in one layout, the second opening value is the one that counts.
        assert unused in ([], ["Boekwaarde 31-12-2018"])
    assert {role_of(name) is not None for name in (*VENLO_HEADER, *LINGEWAARD_HEADER)} == {True}


def test_an_english_register_is_recognised() -> None:
    roles = suggested(
        ["Asset number", "Description", "Opening balance", "Additions", "Disposals", "Depreciation", "Closing balance"]
    )
    assert list(roles.values()) == [
        "asset_id", "name", "opening_book_value", "additions", "disposals", "depreciation", "closing_book_value",
    ]  # fmt: skip


def test_contributions_in_a_register_without_the_year_are_those_on_the_cost() -> None:
    assert (
        suggested(["Nummer", "Naam", "Bijdragen derden", "Boekwaarde"])["Bijdragen derden"]
        == "third_party_contributions_eur"
    )


MERGED: list[list[Cell]] = [
    ["Activum", None, "In gebruik", None, "Aanschaf", None, None, "Afschrijving", None, None, "Boekwaarde", None],
    [
        "nummer", "omschrijving", "datum", "termijn", "waarde", "bijdragen derden", "restwaarde", "t/m 2024", "2025",
        "methode", "1-1-2025", "31-12-2025",
    ],
    ["100201", "Wijkcentrum", "1-7-1998", 40.0, 1850.0, 250.0, 0.0, 1040.0, 40.0, "lineair", 560.0, 520.0],
]  # fmt: skip


def test_words_under_a_merged_heading_say_what_it_is_about() -> None:
    (table,) = tables_of(MERGED, merged=((0, 0, 0, 1), (0, 2, 0, 3), (0, 4, 0, 6), (0, 7, 0, 9), (0, 10, 0, 11)))
    assert list(suggest(table).roles.values()) == [
        "asset_id", "name", "in_service_year", "useful_life_years", "acquisition_cost_eur",
        "third_party_contributions_eur", "residual_value_eur", "cumulative_depreciation", "depreciation",
        "depreciation_method", "opening_book_value", "closing_book_value",
    ]  # fmt: skip
    assert rules(read_table(table)) == []


def test_a_day_of_going_into_use_in_a_header_of_two_rows_is_the_year() -> None:
    (table,) = tables_of(
        [
            ["Nr", "Naam", "Aanschaf", None, "In gebruik", "Boekwaarde"],
            [None, None, "Aanschafwaarde", "Bijdragen derden", "datum", "1-1-2026"],
            ["1", "Buurthuis", 900.0, 100.0, date(1999, 7, 1), 300.0],
        ],
        merged=((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3)),
    )
    assert list(suggest(table).roles.values()) == [
        "asset_id", "name", "acquisition_cost_eur", "third_party_contributions_eur", "in_service_year",
        "opening_book_value",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (["Object", "Omschrijving", "Boekwaarde"], ["asset_id", "name", "closing_book_value"]),
        (["Activum", "Naam", "Boekwaarde"], ["asset_id", "name", "closing_book_value"]),
        (["Objectnr", "Object", "Boekwaarde"], ["asset_id", "name", "closing_book_value"]),
        (["Activum", "Aanschafwaarde", "Boekwaarde"], ["name", "acquisition_cost_eur", "closing_book_value"]),
        (["Pand", "Adres", "Boekwaarde"], ["asset_id", "name", "closing_book_value"]),
        (["Nr", "Naam", "Adres", "Boekwaarde"], ["asset_id", "name", IGNORE, "closing_book_value"]),
        (["Object", "Activum", "Naam", "Boekwaarde"], ["asset_id", IGNORE, "name", "closing_book_value"]),
    ],
)
def test_a_word_that_can_be_number_or_name_is_what_the_other_columns_leave(
    header: list[str], expected: list[str]
) -> None:
    assert list(suggested(header).values()) == expected


@pytest.mark.parametrize(
    ("header", "closing", "opening"),
    [
        (["Nr", "Boekwaarde 2025", "Boekwaarde 2024", "Boekwaarde 2023"], 1, 2),
        (["Nr", "Boekwaarde 31-12 2025", "Boekwaarde 31-12 2024"], 1, 2),
        (["Nr", "Boekwaarde ultimo 2023", "Boekwaarde ultimo 2024", "Boekwaarde ultimo 2025"], 3, 2),
        (["Nr", "Eindsaldo", "Boekwaarde 1-1-2025"], 1, 2),
        (["Nr", "Eindsaldo", "Boekwaarde 1-1"], 1, 2),
        (["Nr", "Boekwaarde 31 december (2025)", "Boekwaarde 31 december (2024)"], 1, 2),
    ],
)
def test_of_several_years_the_latest_closes_the_year_wherever_it_stands(
    header: list[str], closing: int, opening: int
) -> None:
    roles = list(suggested(header).values())
    assert (roles.index("closing_book_value"), roles.index("opening_book_value")) == (closing, opening)


@pytest.mark.parametrize(
    "word", ["Boekwaarde primo {}|Boekwaarde ultimo {}", "Saldo 1-1-{}|Saldo 31-12-{}", "Stand 01-01-{}|Stand 31-12-{}"]
)
def test_other_words_for_the_book_value_at_both_ends_of_the_year(word: str) -> None:
    opening, closing = word.replace("{}", "2025").split("|")
    roles = suggested(["Nr", closing, "Afschrijving", opening])
    assert (roles[closing], roles[opening]) == ("closing_book_value", "opening_book_value")


def test_the_first_day_of_a_year_may_be_called_primo() -> None:
    assert header_date("Boekwaarde primo 2026") == HeaderDate(1, 2026)
    (table,) = tables_of([["Nr", "Boekwaarde primo 2026"], ["1", 5.0]])
    assert suggested_base_year(table, suggest(table)) == 2026


def test_abbreviations_of_a_register_are_recognised() -> None:
    header = ["Obj.nr", "Omschr.", "Aansch.waarde", "Afschr.term.", "Bkw 1-1-25", "Afschr. 2025", "Bkw 31-12-25"]
    assert list(suggested(header).values()) == [
        "asset_id", "name", "acquisition_cost_eur", "useful_life_years", "opening_book_value", "depreciation",
        "closing_book_value",
    ]  # fmt: skip


def test_the_value_for_tax_is_no_market_value() -> None:
    assert suggested(["Nummer", "Naam", "WOZ-waarde", "Boekwaarde"])["WOZ-waarde"] == IGNORE


def test_a_role_is_for_one_column() -> None:
    (table,) = tables_of(venlo())
    mapping = suggest(table).with_role(1, "interest")
    assert mapping.roles[1] == "interest"
    assert list(mapping.roles.values()).count("interest") == 1


def test_a_scale_is_applied_after_it_was_confirmed_only() -> None:
    (table,) = tables_of(apeldoorn())
    assert suggest(table).scale is None
    reading = read_table(table)
    assert reading.sum_eur("interest") == 7_427_000


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("(bedragen x € 1.000)", 1000),
        ("Bedragen x €1.000,-", 1000),
        ("x 1.000", 1000),
        ("(× € 1.000)", 1000),
        ("in duizenden euro's", 1000),
        ("Bedragen in € x 1.000", 1000),
        ("(in thousands)", 1000),
        ("bedragen x € 1.000.000", 1_000_000),
        ("in miljoenen", 1_000_000),
        ("bedragen in euro’s", 1),
        ("x € 10.000", None),
        ("Afschrijving over 1.000 jaar", None),
        ("€ 1.000 per stuk", None),
    ],
)
def test_the_scale_is_read_from_its_words(text: str, factor: int | None) -> None:
    assert scale_in(text) == factor


def test_a_profile_is_recognised_next_year_and_asks_the_scale_again_when_the_sheet_says_another() -> None:
    (table,) = tables_of(apeldoorn())
    mapping = replace(suggest(table), scale=1000).with_role(2, "residual_value_eur")
    profile = read_profile(profile_of(table, mapping).to_json().encode())
    next_year = [
        [text.replace("2019", "2020").replace("2018", "2019") if isinstance(text, str) else text for text in row]
        for row in apeldoorn()
    ]
    (again,) = tables_of(next_year)
    assert fingerprint(again) == fingerprint(table)
    recognised = suggest(again, [profile])
    assert recognised.roles == mapping.roles
    assert recognised.scale == 1000
    assert set(recognised.certainty.values()) == {"profile"}
    (other_scale,) = tables_of([["bedragen in euro's"], *next_year[3:]])
    assert suggest(other_scale, [profile]).scale is None
    (other_header,) = tables_of(lingewaard())
    assert suggest(other_header, [profile]).roles == suggest(other_header).roles


def _profile(**changes: object) -> bytes:
    (table,) = tables_of(apeldoorn())
    return json.dumps({**json.loads(profile_of(table, suggest(table)).to_json()), **changes}).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 50_000,
        b"x" * 200_000,
        _profile(scale=7),
        _profile(scale=True),
        _profile(fingerprint=1),
        _profile(columns=[{"header": "a", "role": "__class__", "notation": None}]),
        _profile(columns=[{"header": "a", "role": "name", "notation": "fr"}]),
        _profile(book_value="name"),
        _profile(buurtwaarde_register_profile=99),
    ],
)
def test_another_file_is_no_profile(data: bytes) -> None:
    with pytest.raises(NotAProfile):
        read_profile(data)


def test_a_profile_holds_no_figures() -> None:
    (table,) = tables_of(apeldoorn())
    assert "386" not in profile_of(table, suggest(table)).to_json()


def test_every_role_has_words_and_every_role_of_the_movements_is_known() -> None:
    assert all(role.nl and role.en for role in ROLES.values())
    movements = {role.key for role in ROLES.values() if role.sign}
    assert movements <= set(load_synonyms().columns.values())
