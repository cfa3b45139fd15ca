"""The example municipality: loads without errors, says of every figure that it is one, and gives plausible results."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from intake import Intake, RawWorkbook, build_case, load_reference, read_workbook
from valuation.appraisal import Result, appraise
from valuation.case import ASSUMPTIONS, TABLES

FILE = Path(__file__).resolve().parents[2] / "datasets" / "voorbeeldgemeente.xlsx"

# The practices of the Burgermeester Academie, by a word in the initiative's name.
PRACTICES = {
    "urban farm": "stadsboerderij",
    "restaurant": "restaurant",
    "energy cooperative": "energiecoöperatie",
    "care cooperative": "zorgcoöperatie",
    "reception of asylum seekers": "opvang asielzoekers",
    "sustainable renovation": "duurzame renovatie",
    "living street": "leefstraat",
    "bicycle-buddies": "fietsmaatjes",
    "self-managed community centre": "buurthuis .* zelfbeheer",
    "self-managed park": "park .* zelfbeheer",
}

# What the warnings are there to show. Another one is a mistake in the workbook.
DELIBERATE_WARNINGS = {
    "book_values_differ": 1,
    "share_outside_zone": 2,
    "de_minimis_signal": 1,
    "structural_deficit": 1,
    "mixed_price_bases": 1,
    "effect_not_priced": 2,
    "assumption_price": 1,
    "double_counting": 1,
}


@pytest.fixture(scope="module")
def raw() -> RawWorkbook:
    return read_workbook(FILE.read_bytes(), FILE.name)


@pytest.fixture(scope="module")
def intake(raw: RawWorkbook) -> Intake:
    return build_case(raw, load_reference())


@pytest.fixture(scope="module")
def result(intake: Intake) -> Result:
    assert intake.case is not None
    return appraise(intake.case)


def test_there_is_nothing_wrong_with_the_workbook(intake: Intake) -> None:
    assert [problem.message("nl") for problem in intake.problems] == []
    assert intake.not_used == ()


def test_only_the_deliberate_warnings_show(result: Result) -> None:
    assert Counter(problem.rule for problem in result.problems) == DELIBERATE_WARNINGS


def test_its_size_is_that_of_a_real_municipality(result: Result) -> None:
    case = result.case
    kinds = case.assets["kind"].value_counts()
    assert kinds["building"] >= 10
    assert kinds["green"] >= 6
    assert len(case.initiatives) >= 14
    assert len(case.tasks) >= 25
    assert len(case.effects) >= 45
    assert 6 <= len(case.neighbourhoods) <= 8
    assert case.neighbourhoods["inhabitants"].sum() == pytest.approx(45_000)


def test_every_row_says_that_its_figures_are_examples(raw: RawWorkbook) -> None:
    names = {table.sheet_nl for table in TABLES}
    silent = []
    for sheet in raw.sheets:
        if sheet.name not in names:
            continue
        note = sheet.rows[0].index("Toelichting")
        filled = [
            (number, row) for number, row in enumerate(sheet.rows[1:], 2) if any(cell is not None for cell in row)
        ]
        assert filled, sheet.name
        silent += [f"{sheet.name} {number}" for number, row in filled if "voorbeeldcijfer" not in str(row[note])]
    assert silent == []


def test_the_first_sheet_says_so_too(raw: RawWorkbook) -> None:
    first = raw.sheets[0]
    assert first.name == "Uitleg"
    assert "voorbeeldcijfer" in " ".join(str(cell) for row in first.rows for cell in row)


@pytest.mark.parametrize("word", PRACTICES.values(), ids=PRACTICES.keys())
def test_the_practice_has_its_place(result: Result, word: str) -> None:
    assert any(re.search(word, name, re.IGNORECASE) for name in result.case.initiatives["name"])


def test_the_urban_farm_lies_on_two_hectares(result: Result) -> None:
    name = result.asset("0102")["name"]
    assert "twee hectare" in name
    assert "restaurant" in name


def test_what_the_pages_need_is_there(result: Result) -> None:
    case = result.case
    links = case.initiatives["asset_id"].dropna().value_counts()
    assert links.max() >= 2, "an object with two initiatives"
    assert (~result.assets["has_initiative"]).any(), "an object without an initiative"
    assert case.initiatives["asset_id"].isna().any(), "an initiative without a building"
    linked = case.assets[result.assets["has_initiative"].to_numpy()]
    assert linked["proposed_price_eur"].isna().any(), "a price that is not known yet"
    early = result.assets["active_years"].to_numpy() < case.assumptions.horizon_years
    assert (case.assets.loc[early, "fallback_cost_eur"] > 0).all(), "a fall-back wherever an initiative stops early"
    assert early.any()
    assert case.assets["sale_restriction"].any()
    assert {"linear", "annuity", "none"} <= set(case.assets["depreciation_method"].dropna())
    assert {"health_insurer", "long_term_care", "state"} <= set(case.tasks["payer"])
    assert case.effects["counterparty"].notna().any(), "a transfer"
    assert set("ABCDE") == set(case.effects["evidence"].dropna())
    assert not case.effects["price_key"].dropna().str.contains("wellby").any()


def test_book_values_run_from_zero_to_above_the_market(result: Result) -> None:
    book, market = result.assets["book_value_eur"], result.assets["market_value_eur"]
    assert (book == 0).any()
    assert (book > market).any()
    assert ((book > 0) & (book < market)).any()


def test_effects_claim_less_than_everything(result: Result) -> None:
    """A critic asks what would have happened anyway: nearly every benefit in society has an answer."""
    effects = result.case.effects
    benefits = effects[(effects["direction"] == "benefit") & effects["counterparty"].isna()]
    priced = benefits[benefits["unit_value_eur"].notna() | benefits["price_key"].notna()]
    reduced = priced[["deadweight", "displacement", "attribution"]].gt(0).any(axis=1)
    assert reduced.mean() > 0.9
    assert (effects["low"].notna() & effects["high"].notna()).mean() > 0.7


def test_loneliness_counts_at_the_low_value(result: Result) -> None:
    """The low value of the dataset in prices of the case; the central one is an association, not an effect."""
    reference, year = result.case.reference, result.case.assumptions.price_year
    row = reference.unit_values.set_index("key").loc["loneliness_person_year"]
    price = reference.price("loneliness_person_year", year)
    low = float(row["low"]) * price.value / float(row["value"])
    lonely = result.case.effects[result.case.effects["topic"] == "eenzaamheid"]
    assert len(lonely) >= 3
    assert lonely["unit_value_eur"].to_numpy() == pytest.approx(low, abs=0.5)


def test_every_price_code_exists(result: Result) -> None:
    used = set(result.case.tasks["price_key"].dropna()) | set(result.case.effects["price_key"].dropna())
    assert used <= set(result.case.reference.unit_values["key"])
    assert len(used) >= 12


def test_ratios_are_plausible(result: Result) -> None:
    ratios = result.assets["bcr"].dropna()
    assert ((ratios > 0.6) & (ratios < 2.5)).mean() >= 0.9
    assert (ratios > 3).sum() <= 1
    assert (result.initiatives["bcr"].dropna() > 3).sum() <= 1


def test_social_value_differs_in_sign(result: Result) -> None:
    value = result.assets["social_value_eur"].dropna()
    assert (value < 0).sum() == 1
    assert (result.assets["social_value_against_sale_eur"].dropna() > 0).any()
    assert (result.assets["social_value_against_sale_eur"].dropna() < 0).any()


def test_required_shares_are_plausible(result: Result) -> None:
    shares = result.assets["required_share"].dropna()
    assert shares.between(0.1, 1.2).all()
    assert len(shares) >= 10


def test_there_are_zones_and_gaps(result: Result) -> None:
    zones = result.assets["zone_eur"].dropna()
    assert (zones > 0).any()
    assert (zones < 0).any()


def test_initiatives_break_even_on_both_sides_of_one(result: Result) -> None:
    shares = result.initiatives["break_even_share"].dropna()
    assert (shares < 1).sum() >= 4
    assert (shares > 1).sum() >= 4


def test_initiatives_take_over_tasks_for_a_fraction_of_the_cost(result: Result) -> None:
    fractions = result.initiatives["cost_price_fraction"].dropna()
    assert fractions.between(0.1, 0.7).all()


def test_the_assumptions_stand_once(raw: RawWorkbook) -> None:
    sheet = next(sheet for sheet in raw.sheets if sheet.name == ASSUMPTIONS.sheet_nl)
    keys = [row[0] for row in sheet.rows[1:]]
    assert len(keys) == len(set(keys))


def test_a_small_count_and_a_neighbourhood_that_is_not_reached_are_there(result: Result) -> None:
    reach = result.case.reach
    threshold = result.case.reference.number("suppression_threshold")
    assert (reach["people"] < threshold).any()
    assert set(result.case.neighbourhoods["neighbourhood"]) - set(reach["neighbourhood"]) == {"Kanaalzone"}
