"""The case that comes out: the public municipality, types, defaults, and what is looked up on the way."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from intake import RawSheet, RawWorkbook, load_reference
from intake.workbook import Cell
from tests.intake.workbooks import built, municipality, small, with_cell, with_sheet
from valuation.case import ASSUMPTIONS, TABLES, Case

TEXT_KINDS = {"text", "identifier", "choice"}
NUMBER_KINDS = {"amount", "number", "fraction", "degrees", "integer", "year"}


@pytest.fixture(scope="module")
def public() -> Case:
    intake = built(municipality())
    assert intake.problems == ()
    assert intake.case is not None
    return intake.case


def case_of(raw: RawWorkbook) -> Case:
    intake = built(raw)
    assert intake.case is not None, [problem.message("nl") for problem in intake.problems]
    return intake.case


def test_the_public_case_has_its_assumptions(public: Case) -> None:
    assumptions = public.assumptions
    assert (assumptions.municipality, assumptions.base_year, assumptions.price_year) == ("Testgemeente", 2026, 2025)
    assert (assumptions.discount_rate, assumptions.municipal_discount_rate) == (0.0225, 0.03)
    assert (assumptions.horizon_years, assumptions.timing) == (25, "end")
    assert assumptions.count_volunteer_hours is False


def test_every_column_has_the_type_that_the_case_promises(public: Case) -> None:
    for table in TABLES:
        if table is ASSUMPTIONS:
            continue
        frame: pd.DataFrame = getattr(public, table.key)
        assert list(frame.columns) == [column.key for column in table.columns]
        for column in table.columns:
            values = frame[column.key]
            if column.kind in NUMBER_KINDS:
                assert values.dtype == "float64", column.key
            elif column.kind == "yes_no":
                assert values.dtype == "bool", column.key
            elif column.kind == "take_up":
                assert all(isinstance(value, tuple) and value for value in values)
            else:
                assert values.dtype == object, column.key
                assert all(value is None or isinstance(value, str) for value in values), column.key


def test_the_rows_are_numbered_as_in_the_sheet(public: Case) -> None:
    assert list(public.assets.index) == [2, 3, 4, 5, 6, 7]
    assert list(public.assets["task_field"][:3]) == ["6.1", "0.10", "5.7"]
    assert public.cells["assets", "market_value_eur"] == ("Objecten", "P")
    assert public.cells["assumptions", "municipal_discount_rate"] == ("Uitgangspunten", "B15")


def test_empty_rows_are_skipped_and_numbers_stay_those_of_the_sheet() -> None:
    def spread(rows: list[list[Cell]]) -> None:
        rows[1:1] = [[None] * len(rows[0]), [" ", *[None] * (len(rows[0]) - 1)]]

    case = case_of(with_sheet(small(), "Objecten", spread))
    assert list(case.assets.index) == [4]


def test_the_header_may_stand_below_empty_rows() -> None:
    case = case_of(with_sheet(small(), "Objecten", lambda rows: rows.insert(0, [None] * 5)))
    assert list(case.assets.index) == [3]
    assert list(case.assets["market_value_eur"]) == [200_000.0]


def test_what_is_empty_takes_its_default_and_that_is_told() -> None:
    intake = built(small())
    assert intake.case is not None
    assumptions, reference = intake.case.assumptions, load_reference()
    assert assumptions.discount_rate == reference.number("discount_rate")
    assert assumptions.municipal_discount_rate == assumptions.discount_rate
    assert assumptions.volunteer_hour_value == reference.price("volunteer_hour_replacement", 2025).value
    assert assumptions.count_volunteer_hours is True
    assert assumptions.timing == "end"
    used = intake.defaults_used.set_index(["table", "key"])
    assert used.loc[("assumptions", "horizon_years"), "value"] == 30
    assert used.loc[("initiatives", "dscr"), "source_nl"] == "datasets/assumption_defaults.csv, dscr"
    assert used.loc[("assets", "terminal_value_eur"), "source_en"] == "market value + maintenance backlog"
    assert ("assets", "market_value_eur") not in used.index
    assert ("tasks", "distribution") not in used.index


def test_a_default_points_at_its_cell_where_the_file_has_one() -> None:
    used = built(municipality()).defaults_used
    land = used[(used["table"] == "assets") & (used["key"] == "land_book_value_eur")]
    assert list(land["cell"]) == ["J4", "J6"]
    assert list(land["row"]) == [4, 6]
    assert set(land["column"]) == {"Boekwaarde grond (€)"}


def test_unknown_is_not_zero() -> None:
    case = case_of(small())
    for key in ("proposed_price_eur", "terminal_value_eur", "acquisition_cost_eur"):
        assert math.isnan(case.assets[key].iloc[0]) == (key != "acquisition_cost_eur")


def test_without_a_price_year_the_latest_of_the_index_holds() -> None:
    raw = with_sheet(small(), "Uitgangspunten", lambda rows: rows.pop(3))
    assert case_of(raw).assumptions.price_year == load_reference().latest_price_year()


def test_a_price_code_in_the_place_of_an_amount_goes_to_the_price_column() -> None:
    raw = with_cell(small(), "Taken", "Kostprijs instelling (€)", " daycare_elderly_halfday_ref ")
    case = case_of(with_cell(raw, "Taken", "Eenheid", "Dagdelen"))
    assert list(case.tasks["price_key"]) == ["daycare_elderly_halfday_ref"]
    assert case.tasks["institutional_unit_cost_eur"].isna().all()


def test_an_own_amount_beside_a_price_code_is_used_whatever_the_unit() -> None:
    raw = with_cell(small(), "Taken", "Prijscode", "daycare_elderly_halfday_ref")
    case = case_of(with_cell(raw, "Taken", "Eenheid", "uur"))
    assert list(case.tasks["institutional_unit_cost_eur"]) == [40.0]


def test_an_effect_without_price_is_kept_as_unknown() -> None:
    case = case_of(with_cell(small(), "Effecten", "Waarde per eenheid (€)", None))
    assert case.effects["unit_value_eur"].isna().all()


def test_an_initiative_may_leave_its_cost_to_its_tasks() -> None:
    raw = with_cell(small(), "Initiatieven", "Kosten per jaar (€)", None)
    case = case_of(with_cell(raw, "Taken", "Kostprijs initiatief (€)", 5.0))
    assert case.initiatives["operating_cost_eur_per_year"].isna().all()


def test_without_depreciation_no_useful_life_is_needed() -> None:
    raw = small()
    for column, value in (
        ("Boekwaarde (€)", None),
        ("Aanschafwaarde (€)", 1000.0),
        ("Jaar ingebruikname", 2000.0),
        ("Afschrijvingsmethode", "geen"),
    ):
        raw = with_cell(raw, "Objecten", column, value)
    assert list(case_of(raw).assets["depreciation_method"]) == ["none"]


def test_an_interest_free_loan_is_a_typed_zero() -> None:
    raw = with_cell(
        with_cell(small(), "Initiatieven", "Looptijd lening (jaar)", 10.0), "Initiatieven", "Leenrente", 0.0
    )
    assert list(case_of(raw).initiatives["loan_rate"]) == [0.0]


def test_a_stepped_rate_is_read_in_steps_and_holds_for_the_municipality_too() -> None:
    case = case_of(with_cell(small(), "Uitgangspunten", "Discontovoet", "0-30: 3,5%; 31-75: 3%"))
    assert case.assumptions.discount_rate == ((30, 0.035), (75, 0.03))
    assert case.assumptions.municipal_discount_rate == case.assumptions.discount_rate


def test_uncertain_assumptions_have_their_range() -> None:
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Sleutel", "Waarde", "Toelichting", "Laag", "Hoog", "Verdeling"),
        ("Gemeente", "Proefdorp", None, None, None, None),
        ("Basisjaar", 2026.0, None, None, None, None),
        ("Discontovoet", "2,25%", "eigen", "1,6%", 0.029, "PERT"),
        ("Bodemprijs", None, None, 0.0, 10.0, None),
    )
    case = case_of(RawWorkbook((RawSheet("Uitgangspunten", rows), *small().sheets[1:])))
    assert case.assumption_ranges.to_dict("index") == {
        "discount_rate": {"low": 0.016, "high": 0.029, "distribution": "pert"},
        "price_floor": {"low": 0.0, "high": 10.0, "distribution": "triangular"},
    }


def test_objects_alone_or_initiatives_alone_are_enough() -> None:
    sheets = {sheet.name: sheet for sheet in small().sheets}
    objects = case_of(RawWorkbook((sheets["Uitgangspunten"], sheets["Objecten"])))
    assert (len(objects.assets), len(objects.initiatives), len(objects.tasks)) == (1, 0, 0)
    assert objects.tasks["volume_per_year"].dtype == "float64"
    loose = with_sheet(small(), "Initiatieven", lambda rows: rows[1].__setitem__(2, None))
    initiatives = case_of(RawWorkbook((sheets["Uitgangspunten"], loose.sheets[2])))
    assert (len(initiatives.assets), len(initiatives.initiatives)) == (0, 1)


def test_the_order_of_sheets_and_of_columns_does_not_matter() -> None:
    raw = municipality()
    turned = RawWorkbook(
        tuple(RawSheet(sheet.name, tuple(row[::-1] for row in sheet.rows)) for sheet in reversed(raw.sheets))
    )
    first, second = case_of(raw), case_of(turned)
    assert first.assumptions == second.assumptions
    pd.testing.assert_frame_equal(first.effects, second.effects)


def test_the_case_is_none_exactly_when_there_is_an_error() -> None:
    assert built(with_cell(small(), "Objecten", "Marktwaarde (€)", "x")).case is None
    assert built(with_cell(small(), "Objecten", "Taakveld", 0.1)).case is not None
