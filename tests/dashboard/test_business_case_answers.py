"""The answers of a business case are cells: what is put in, what is said of a cell, and what follows from it."""

from __future__ import annotations

import itertools

import pytest

import intake
from dashboard.business_case.answers import (
    Answers,
    Mark,
    Spot,
    empty_answers,
    initiatives_in,
    new_answers,
    read_typed,
    with_totals,
    without_last_totals,
)
from dashboard.business_case.points import points, status
from dashboard.business_case.questions import REPLACED_CARE, Field, Rows, questions
from dashboard.business_case.references import filled_in, price_of
from dashboard.business_case.terms_of_price import price_terms
from dashboard.wording import speaking
from intake.workbook import RawSheet, RawWorkbook
from valuation.case import ASSUMPTIONS, TABLES

TABLES_BY_KEY = {table.key: table for table in TABLES}


@pytest.fixture
def plan() -> Answers:
    return empty_answers("nl")


def _put(plan: Answers, table: str, column: str, cell: object, row: int | None = None) -> Answers:
    return plan.with_answer(plan.spot(table, column, row), cell)


def _every_field() -> list[tuple[str, Field]]:
    found = []
    for question in questions():
        for part in question.parts:
            fields = [part] if isinstance(part, Field) else [field for kind in part.kinds for field in kind.fields]
            found += [(question.key, field) for field in fields]
    return found + [("prijsgesprek", field) for kind in price_terms().kinds for field in kind.fields]


def test_every_question_stands_in_a_declared_cell_and_every_reference_in_the_datasets():
    reference = intake.load_reference()
    for question, field in _every_field():
        column = TABLES_BY_KEY[field.table].column(field.column)  # a KeyError where it is not declared
        assert field.label, question
        if field.unknown is not None:
            assert field.unknown.says
            assert not field.unknown.price_key or reference.has_price(field.unknown.price_key)
            assert not field.unknown.same_as or TABLES_BY_KEY[field.table].column(field.unknown.same_as)
        if field.widget == "choice":
            assert column.choices
        if field.widget == "tenths":
            assert column.kind == "fraction"
        for table, other in field.also:
            assert TABLES_BY_KEY[table].column(other).kind == column.kind
    for key in REPLACED_CARE:
        assert reference.price(key, reference.latest_price_year()).price_base == "national_reference"


def test_every_kind_of_row_is_made_by_choices_that_the_column_has():
    for question in questions():
        for part in question.parts:
            if isinstance(part, Rows):
                for kind in part.kinds:
                    for column, key in kind.preset.items():
                        assert key in {choice.key for choice in TABLES_BY_KEY[part.table].column(column).choices}
                    assert not kind.named or TABLES_BY_KEY[part.table].column(kind.named).kind == "text"
                keys = [kind.key for kind in part.kinds]
                assert len(keys) == len(set(keys))


def test_whatever_the_file_requires_of_the_rows_of_a_plan_is_asked_or_filled_in():
    asked = {(field.table, field.column) for _question, field in _every_field()}
    filled = {
        ("assets", "asset_id"),
        ("assets", "kind"),
        ("initiatives", "initiative_id"),
        ("tasks", "initiative_id"),
        ("effects", "owner_id"),
        ("effects", "party"),
        ("reach", "initiative_id"),
        ("qualities", "initiative_id"),
        ("operations", "initiative_id"),
        ("operations", "item"),
        ("operations", "item_kind"),
        ("financing", "initiative_id"),
        ("financing", "source"),
        ("financing", "funding_kind"),
        ("price_terms", "asset_id"),
        ("price_terms", "arrangement"),
    }
    tables = {table for table, _column in asked}
    required = {(table, column.key) for table in tables for column in TABLES_BY_KEY[table].columns if column.required}
    assert required <= asked | filled


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_answer_is_a_cell_in_the_words_of_the_workbook(language):
    plan = empty_answers(language).with_place("green")
    plan = _put(plan, "assumptions", "municipality", "Eemstad")
    assert plan.cell(plan.spot("assumptions", "municipality")) == "Eemstad"
    assert plan.rows("assets")[2]["kind"] == {"nl": "groen", "en": "green"}[language]
    assert plan.choice(plan.spot("assets", "kind")) == "green"
    assert plan.asset_id == next(iter(plan.rows("assets").values()))["asset_id"]
    assert plan.with_place("building").choice(plan.spot("assets", "kind")) == "building"


def test_who_takes_over_nothing_says_so_and_can_change_their_mind(plan):
    nothing = plan.with_place(None)
    assert nothing.mark(nothing.spot("initiatives", "asset_id")) == Mark("none")
    assert nothing.rows("assets") == {}
    later = nothing.with_place("building")
    assert later.mark(later.spot("initiatives", "asset_id")) is None
    assert len(later.rows("assets")) == 1


def test_a_mark_stands_in_the_note_beside_what_somebody_wrote_there(plan):
    plan = plan.with_own_note("initiatives", "Wij willen het buurthuis openhouden.\nVoor iedereen.")
    spot = plan.spot("initiatives", "renovation_eur")
    plan = plan.with_answer(spot, None, Mark("unknown", "nog na te vragen"))
    note = plan.rows("initiatives")[2]["note"]
    assert note == (
        "Wij willen het buurthuis openhouden.\nVoor iedereen.\n[weet ik niet] Verbouwing (€): nog na te vragen"
    )
    assert plan.mark(spot) == Mark("unknown", "nog na te vragen")
    assert plan.own_note("initiatives") == "Wij willen het buurthuis openhouden.\nVoor iedereen."
    answered = plan.with_answer(spot, 60_000.0)
    assert answered.mark(spot) is None
    assert answered.rows("initiatives")[2]["note"] == "Wij willen het buurthuis openhouden.\nVoor iedereen."


def test_what_i_do_not_know_fills_in_is_a_reference_with_its_source(plan):
    plan = _put(plan.with_place("building"), "assets", "area_m2", 420.0)
    plan, row = plan.with_row("operations", {"item": "Gebouw", "item_kind": "overige kosten"})
    unknown = next(field.unknown for _q, field in _every_field() if field.unknown and field.unknown.area)
    found = filled_in(plan, Spot("operations", row, "unit_amount_eur"), unknown)
    # 48 euros of 2012, with the consumer price index of 2012 to 2025 in datasets/price_index.csv.
    index = intake.load_reference().price_index.set_index("year")["value"]
    assert found.cells == {
        "unit_amount_eur": pytest.approx(48 * index[2025] / index[2012], abs=0.005),
        "quantity_per_year": 420.0,
    }
    assert found.mark.kind == "reference"
    assert "school_opex_m2" in found.mark.text
    assert "gepubliceerd" in found.mark.text


def test_without_an_area_there_is_no_reference_but_an_open_point(plan):
    plan, row = plan.with_row("operations", {"item": "Gebouw", "item_kind": "overige kosten"})
    unknown = next(field.unknown for _q, field in _every_field() if field.unknown and field.unknown.area)
    found = filled_in(plan, Spot("operations", row, "unit_amount_eur"), unknown)
    assert found.cells == {"unit_amount_eur": None}
    assert found.mark.kind == "unknown"


def test_an_unknown_book_value_is_an_assumption_only_where_the_market_value_is_known(plan):
    plan = plan.with_place("building")
    unknown = next(field.unknown for _q, field in _every_field() if field.column == "book_value_eur")
    spot = plan.spot("assets", "book_value_eur")
    assert filled_in(plan, spot, unknown).mark.kind == "unknown"
    found = filled_in(_put(plan, "assets", "market_value_eur", 320_000.0), spot, unknown)
    assert found.cells == {"book_value_eur": 320_000.0}
    assert found.mark.kind == "assumed"


def test_a_typed_number_is_read_in_the_language_of_the_page_and_a_mistake_stays_as_typed():
    amount = TABLES_BY_KEY["assets"].column("market_value_eur")
    assert read_typed("1.234,50", amount, "nl") == 1234.5
    assert read_typed("1,234.50", amount, "en") == 1234.5
    assert read_typed("1.234", amount, "nl") == 1234.0
    assert read_typed("1,234", amount, "nl") == "1,234"  # two readings: left for the message
    assert read_typed("veel", amount, "nl") == "veel"
    assert read_typed("  ", amount, "nl") is None
    rate = TABLES_BY_KEY["financing"].column("interest_rate")
    assert read_typed("4,5", rate, "nl") == read_typed("4,5%", rate, "nl") == read_typed("4.5 %", rate, "en") == 0.045
    year = ASSUMPTIONS.column("base_year")
    assert read_typed("2027", year, "nl") == 2027.0
    assert read_typed("volgend jaar", year, "nl") == "volgend jaar"


def test_the_totals_follow_the_rows_and_go_with_them(plan):
    plan, _row = plan.with_row("operations", {"item": "Zaal", "item_kind": "zaalverhuur", "quantity_per_year": 400.0})
    plan = with_totals(_put(plan, "operations", "unit_amount_eur", 45.0, 2))
    assert plan.rows("initiatives")[2]["income_eur_per_year"] == 18_000.0
    assert "operating_cost_eur_per_year" not in plan.rows("initiatives")[2]
    more, row = plan.with_row("operations", {"item": "Energie", "item_kind": "energie", "unit_amount_eur": 6_000.0})
    more = with_totals(more)
    assert more.rows("initiatives")[2]["operating_cost_eur_per_year"] == 6_000.0
    less = without_last_totals(more, more.without_row("operations", row), "operations")
    assert "operating_cost_eur_per_year" not in less.rows("initiatives")[2]
    assert less.rows("initiatives")[2]["income_eur_per_year"] == 18_000.0


def test_a_row_that_cannot_be_read_counts_for_no_total(plan):
    plan, _row = plan.with_row("operations", {"item": "Bar", "item_kind": "horeca", "unit_amount_eur": "veel"})
    assert "income_eur_per_year" not in with_totals(plan).rows("initiatives")[2]


def test_what_is_needed_is_an_open_point_until_it_is_answered(plan):
    with speaking("nl"):
        asked = questions()
        before = {(point.level, point.label) for point in points(plan, asked)}
        assert ("needed", "Naam van uw groep") in before
        assert ("needed", "Voor hoeveel jaar maakt u dit plan?") in before
        named = _put(plan, "initiatives", "name", "De Brink")
        assert ("needed", "Naam van uw groep") not in {(point.level, point.label) for point in points(named, asked)}
        wrong = _put(plan, "initiatives", "renovation_eur", "veel")
        assert [point.question for point in points(wrong, asked) if point.level == "mistake"] == ["verbouwing"]
        assert status(plan, asked[3]) == "empty"
        assert status(wrong, asked[3]) == "open"
        assert status(_put(plan, "initiatives", "renovation_eur", 0.0), asked[3]) == "done"


def test_a_new_initiative_in_a_workbook_gets_a_code_that_nobody_has():
    sheet = RawSheet("Initiatieven", (("Initiatief", "Naam"), ("INITIATIEF-1", "Oud"), (7.0, None)))
    raw = RawWorkbook((RawSheet("Uitgangspunten", (("Sleutel", "Waarde"),)), sheet))
    plan = new_answers(raw)
    assert plan.initiative_id == "INITIATIEF-2"
    assert initiatives_in(plan.raw) == {"INITIATIEF-1": "Oud", "7": "7", "INITIATIEF-2": "INITIATIEF-2"}


def test_every_reference_price_has_words_and_a_source_in_both_languages(plan):
    from dashboard.business_case.references import payer_of, price_words, quantity_word

    for key, language in itertools.product((*REPLACED_CARE, "school_opex_m2", "volunteer_fee_year_max"), ("nl", "en")):
        with speaking(language):
            assert "€" in price_words(price_of(plan, key))
    assert quantity_word(price_of(plan, "daycare_elderly_halfday_ref")) == "dagdeel"
    assert payer_of("daycare_elderly_halfday_ref") == "municipality"
