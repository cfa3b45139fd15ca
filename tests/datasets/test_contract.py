"""The contract of `datasets/`: every figure has a unit, a source and an honest basis.

Read as text with the csv module, so that a code such as 0.10 stays what it is.
"""

import csv
import datetime
import json
import math
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

DATASETS = Path(__file__).resolve().parents[2] / "datasets"

COLUMNS = {
    "unit_values": "key,name_nl,name_en,value,low,high,unit,price_year,index,valid_from,payer,basis,"
    "source_id,locator,note,price_base",
    "units": "unit,quantity_unit,name_nl,name_en,dimension,synonyms",
    "sources": "source_id,publisher,title,edition_year,url,accessed,licence",
    "price_index": "index,year,value,source_id,note",
    "iv3_task_fields_2026": "code,name_nl,name_en,in_2024,code_2024,source_id",
    "de_minimis": "key,ceiling_eur,period_years,valid_from,valid_to,source_id,locator,note",
    "depreciation_terms": "key,name_nl,name_en,years,low,high,source_id,note",
    "assumption_defaults": "key,value,unit,basis,source_id,note_nl,note_en",
    "evidence_widths": "grade,low_factor,high_factor,optimism_factor,basis,source_id,note_nl,note_en",
    "double_counting": "group,topic,synonyms,name_nl,name_en,source_id,note",
    "register_synonyms": "group,target,word,language,seen_in",
    "public_checks": "key,description_nl,description_en,formula,parameters,expected,tolerance,source",
    "checks": "key,title_nl,title_en,what_nl,what_en,todo_nl,todo_en,source_id",
    "glossary": "term_nl,term_en,code_name,unit,definition_nl,definition_en",
    "municipalities": "code,name,inhabitants,inhabitants_year,division_year,basis,source_id,note",
    "national_totals": "key,name_nl,name_en,value,unit,year,basis,source_id,locator,use,templates,note",
    "synthetic_lines": "template,line,kind,of,multiples,prices,grade,distribution,society,municipal,deadweight,"
    "displacement,attribution,drop_off,real_growth,first_year,last_year,at_terminal,basis,source_id,note",
}
BASES = {"official", "measured", "published", "derived", "assumption"}
PRICE_BASES = {"national_reference", "municipal_tariff", "national_maximum_tariff", "other"}
PARTIES = {
    "municipality", "state", "health_insurer", "long_term_care", "residents", "initiative",
    "housing_association", "water_board", "other",
}  # fmt: skip
DIMENSIONS = {
    "time", "person_time", "event", "distance", "object", "area", "volume", "mass", "energy",
    "health", "wellbeing", "money", "share", "none",
}  # fmt: skip
FOREIGN = ("GBP", "DKK")

# Columns of the workbook and names of the JSON result that a reader may not know.
EXPLAINED_NAMES = re.findall(
    r"\w+",
    """
municipality base_year price_year discount_rate municipal_discount_rate horizon_years timing
internal_interest_rate social_value_share price_floor official_hourly_rate transfer_tax_rate
count_volunteer_hours volunteer_hour_value
asset_id name kind neighbourhood area_m2 task_field acquisition_cost_eur third_party_contributions_eur
write_down_eur land_book_value_eur in_service_year useful_life_years residual_value_eur depreciation_method
book_value_eur market_value_eur terminal_value_eur operating_cost_eur_per_year
major_maintenance_eur_per_year rent_income_eur_per_year maintenance_backlog_eur maintenance_provision_eur
transaction_cost_eur fallback_cost_eur proposed_price_eur sale_restriction
latitude longitude rd_x_m rd_y_m
initiative_id legal_form theme subsidy_eur_per_year facilitation_hours_per_year volunteer_hours_per_year
income_eur_per_year new_user_income_eur_per_year vat_leak_eur_per_year renovation_eur own_funds_eur
grants_eur loan_rate loan_term_years dscr duration_years
task price_key unit volume_per_year deadweight substitution_share cashable_share
institutional_unit_cost_eur initiative_unit_cost_eur payer take_up low high distribution
owner_id effect direction party counterparty quantity unit_value_eur displacement attribution drop_off
start_year real_growth topic evidence
depreciation_eur interest_eur capital_charge_eur remaining_life_years book_result_eur social_benefits_eur
social_costs_eur volunteer_hours_cost_eur social_value_eur social_value_against_sale_eur bcr
municipality_npv_object_eur municipality_npv_initiative_eur municipality_npv_at_zero_price_eur
reservation_price_eur reservation_price_against_sale_eur social_price_eur social_price_bound
ceiling_price_eur zone_eur required_share de_minimis_aid_eur budget year freed_depreciation_eur
freed_interest_eur freed_operating_eur lost_rent_eur cashable_savings_eur municipal_effects_eur
subsidy_eur facilitation_eur recurring_total_eur provision_release_eur municipal_effects_one_off_eur
one_off_total_eur uncertainty mean p5 p10 p50 p90 p95 probability_social_value_positive
probability_municipality_not_worse_off probability_zone
avoided_cost_eur_per_year cashable_saving_eur_per_year municipal_cashable_saving_eur_per_year
municipal_cost_eur_per_year municipal_net_saving_eur_per_year cost_price_fraction break_even_share
npv_municipality_eur npv_society_eur payback_years by_payer probability_npv_society_positive
probability_npv_municipality_positive
problems level sheet cell column value rule message
item item_kind quantity_per_year unit_amount_eur occupancy_share indexation_rate
funding_kind interest_rate term_years interest_only_years repayment guaranteed_share arrangement
cfads_eur debt_service_eur lowest_dscr gap_eur gap_at_required_dscr_eur affordable_price_eur
break_even_occupancy_share lowest_cash_eur replacement_reserve_eur equity_eur closing_cash_eur deferred_price_eur
effective_price_eur municipality_gain_eur initiative_gain_eur clawback_eur inflation_rate
""",
)


def read(name):
    """All rows of one file as dictionaries of text."""
    with (DATASETS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def number(text):
    """A plain decimal number with a point: no percent, no thousands mark, no nan."""
    assert re.fullmatch(r"-?\d+(\.\d+)?", text), f"{text!r} is not a plain number"
    return float(text)


def label(row):
    """How a message names a row."""
    return " / ".join(row[c] for c in ("key", "valid_from") if row.get(c))


@pytest.fixture(scope="module")
def unit_values():
    return read("unit_values")


@pytest.fixture(scope="module")
def units():
    return {row["unit"]: row for row in read("units")}


@pytest.fixture(scope="module")
def price_index():
    return {(row["index"], row["year"]): number(row["value"]) for row in read("price_index")}


# ---- every file ---------------------------------------------------------------------------------


def test_every_csv_file_is_part_of_the_contract():
    assert {path.stem for path in DATASETS.glob("*.csv")} == set(COLUMNS)


def test_datasets_hold_no_python_but_the_generator_of_a_synthetic_country():
    assert [path.name for path in DATASETS.rglob("*.py")] == ["synthetic_country.py"]


@pytest.mark.parametrize("name", COLUMNS)
def test_file_is_plain_utf8_with_the_agreed_columns(name):
    raw = (DATASETS / f"{name}.csv").read_bytes()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\n")
    lines = list(csv.reader(raw.decode("utf-8").splitlines(), strict=True))
    assert lines[0] == COLUMNS[name].split(",")
    for line in lines[1:]:
        assert len(line) == len(lines[0]), line
        assert all(cell == cell.strip() for cell in line), f"space around a cell: {line}"


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("unit_values", ["key", "valid_from"]),
        ("units", ["unit"]),
        ("sources", ["source_id"]),
        ("price_index", ["index", "year"]),
        ("iv3_task_fields_2026", ["code"]),
        ("de_minimis", ["key", "valid_from"]),
        ("depreciation_terms", ["key"]),
        ("assumption_defaults", ["key"]),
        ("double_counting", ["group", "topic"]),
        ("evidence_widths", ["grade"]),
        ("public_checks", ["key"]),
        ("checks", ["key"]),
        ("glossary", ["term_nl"]),
        ("municipalities", ["code"]),
        ("municipalities", ["name"]),
        ("national_totals", ["key"]),
        ("synthetic_lines", ["template", "line"]),
    ],
)
def test_no_duplicate_rows(name, columns):
    counts = Counter(tuple(row[column] for column in columns) for row in read(name))
    assert [key for key, times in counts.items() if times > 1] == []


@pytest.mark.parametrize("name", COLUMNS)
def test_dutch_and_english_text_come_in_pairs(name):
    for row in read(name):
        for column in row:
            if column.endswith("_nl"):
                assert row[column], (name, column, row)
                assert row[column[:-3] + "_en"], (name, column, row)


# ---- sources ------------------------------------------------------------------------------------


def used_sources():
    for name in COLUMNS:
        if name == "sources":
            continue
        for row in read(name):
            for column in ("source_id", "source"):
                if column in row:
                    yield name, row, row[column]
    for place, source in framework_sources():
        yield "frameworks", {"key": place}, source


def framework_sources():
    """Where each part of the example frameworks comes from."""
    for path in sorted((DATASETS / "frameworks").glob("*.toml")):
        yield from sources_in(tomllib.loads(path.read_text(encoding="utf-8")), path.name)


def sources_in(part, place):
    if isinstance(part, list):
        for number, each in enumerate(part, start=1):
            yield from sources_in(each, f"{place}[{number}]")
    elif isinstance(part, dict):
        for key, value in part.items():
            if key == "sources":
                yield from ((f"{place}.sources.{name}", source) for name, source in value.items())
            elif key == "source":
                yield place, value
            else:
                yield from sources_in(value, f"{place}.{key}")


def test_every_source_used_exists_and_every_source_is_used():
    known = {row["source_id"] for row in read("sources")}
    used = {source for _, _, source in used_sources()}
    assert used - known == set(), "these sources are missing from sources.csv"
    assert known - used == set(), "these sources are used nowhere"


def test_sources_have_a_publisher_title_and_licence():
    for row in read("sources"):
        assert all((row["publisher"], row["title"], row["licence"])), row
        assert row["edition_year"] == "" or re.fullmatch(r"(19|20)\d\d", row["edition_year"]), row


def test_a_source_has_an_address_with_the_day_it_was_looked_up_or_neither():
    for row in read("sources"):
        if row["url"]:
            assert re.fullmatch(r"https?://[^\s/]+\.[a-z]+(/\S*)?", row["url"]), row
            assert datetime.date.fromisoformat(row["accessed"]), row
        else:
            assert row["accessed"] == "", row


def test_only_assumptions_rest_on_a_source_without_an_address():
    unread = {row["source_id"] for row in read("sources") if not row["url"]}
    figures = ("unit_values", "price_index", "de_minimis", "depreciation_terms", "assumption_defaults")
    figures += ("municipalities", "national_totals", "synthetic_lines")
    for name, row, source in used_sources():
        if name in figures and source in unread:
            assert row.get("basis") == "assumption", (name, row)


# ---- frameworks ---------------------------------------------------------------------------------


def frameworks():
    return [
        (path.name, tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted((DATASETS / "frameworks").glob("*.toml"))
    ]


def test_there_are_two_example_frameworks_with_an_id_of_their_own():
    found = frameworks()
    assert len(found) == 2
    assert len({framework["id"] for _, framework in found}) == 2


def test_every_point_criterion_and_proposal_says_where_it_comes_from():
    for name, framework in frameworks():
        parts = [*framework["knockouts"], *framework["criteria"]]
        parts += [criterion["proposal"] for criterion in framework["criteria"] if "proposal" in criterion]
        assert all(part["source"] for part in parts), name
        wanted = {"definition", "weights", "anchors", "ladder", "mandate", "agreement"}
        assert set(framework["sources"]) == wanted, name


def test_frameworks_speak_dutch_and_english_in_short_sentences():
    def texts(part):
        if isinstance(part, list):
            for each in part:
                yield from texts(each)
        elif isinstance(part, dict):
            if "nl" in part:
                yield part
            else:
                for each in part.values():
                    yield from texts(each)

    for name, framework in frameworks():
        found = list(texts(framework))
        assert len(found) > 50
        for words in found:
            assert words["nl"], (name, words)
            assert words["en"], (name, words)
            for sentence in re.split(r"(?<=[.?!:;]) ", words["nl"]):
                assert len(sentence.split()) <= 30, (name, sentence)


def test_frameworks_hold_no_number_that_is_another_ones_finding():
    """Weights, thresholds and amounts are for a council to set: ours are proposals, and say so."""
    for _name, framework in frameworks():
        for part in ("weights", "anchors", "mandate"):
            assert framework["sources"][part] == "own_framework"
        for criterion in framework["criteria"]:
            if "proposal" in criterion:
                assert criterion["proposal"]["source"] == "own_framework"


# ---- unit values --------------------------------------------------------------------------------


def test_keys_are_in_code_style(unit_values):
    for row in unit_values:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", row["key"]), row["key"]


def test_values_are_numbers_between_low_and_high(unit_values):
    for row in unit_values:
        value = number(row["value"])
        assert (row["low"] == "") == (row["high"] == ""), label(row)
        if row["low"]:
            assert number(row["low"]) <= value <= number(row["high"]), label(row)


def test_units_come_from_the_closed_list(unit_values, units):
    assert {row["unit"] for row in unit_values} - set(units) == set()


def test_bases_price_bases_and_payers_come_from_closed_lists(unit_values):
    for row in unit_values:
        assert row["basis"] in BASES, label(row)
        assert row["price_base"] in PRICE_BASES, label(row)
        if row["payer"]:
            payers = row["payer"].split("|")
            assert set(payers) <= PARTIES, label(row)
            assert len(set(payers)) == len(payers), label(row)


def test_shares_and_rates_are_fractions_and_not_percentages(unit_values):
    for row in unit_values:
        if row["unit"] in ("fraction", "fraction_per_year"):
            limit = 1.0 if row["unit"] == "fraction" else 0.05
            for column in ("value", "low", "high"):
                if row[column]:
                    assert -0.02 <= number(row[column]) <= limit, label(row)
            percent = re.search(r"as a percentage (-?[\d.]+) %", row["note"])
            assert percent, f"{label(row)}: the note should give the percentage"
            assert math.isclose(float(percent[1]) / 100, float(row["value"])), label(row)


def test_only_euros_have_an_index_and_only_money_has_a_price_year(unit_values):
    for row in unit_values:
        money = row["unit"].startswith(("EUR", *FOREIGN))
        assert bool(row["price_year"]) == money, label(row)
        if row["index"]:
            assert row["unit"].startswith("EUR"), label(row)


def test_the_index_covers_every_price_year(unit_values, price_index):
    missing = {
        (row["index"], row["price_year"])
        for row in unit_values
        if row["index"] and (row["index"], row["price_year"]) not in price_index
    }
    assert missing == set()


def test_euros_without_an_index_say_that_they_are_not_converted(unit_values):
    for row in unit_values:
        if row["unit"].startswith("EUR") and not row["index"]:
            assert "not converted" in row["note"], label(row)


def test_foreign_currency_is_marked_as_not_usable(unit_values):
    foreign = [row for row in unit_values if row["unit"].startswith(FOREIGN)]
    assert len(foreign) == 2
    for row in foreign:
        assert "may not be used as euros" in row["note"], label(row)


def test_valid_from_is_a_date_or_says_that_there_is_none(unit_values):
    for row in unit_values:
        if row["valid_from"]:
            date = datetime.date.fromisoformat(row["valid_from"])
            assert not row["price_year"] or date.year == int(row["price_year"]), label(row)
        else:
            assert not row["price_year"], label(row)


def test_rows_of_one_key_tell_one_story(unit_values):
    for column in ("unit", "name_nl", "name_en", "payer", "price_base"):
        seen = {}
        for row in unit_values:
            assert seen.setdefault(row["key"], row[column]) == row[column], label(row)


def test_statutory_amounts_of_several_years_are_one_key(unit_values):
    years = {}
    for row in unit_values:
        years.setdefault(row["key"], []).append(row["valid_from"])
    whole_years = [f"{year}-01-01" for year in (2023, 2024, 2025, 2026)]
    for period in ("hour", "month", "year"):
        assert years[f"volunteer_fee_{period}_max"] == whole_years
    assert years["min_wage_hour"] == ["2024-01-01", "2025-01-01", "2025-07-01", "2026-01-01"]


def test_what_is_derived_or_assumed_is_explained(unit_values):
    for row in unit_values:
        if row["basis"] in ("derived", "assumption"):
            assert row["note"], label(row)
        if row["basis"] in ("published", "derived", "official", "measured"):
            assert row["locator"], label(row)


def test_figures_that_are_only_an_order_of_magnitude_are_left_out(unit_values):
    """No source was read for these; a municipality fills in its own."""
    left_out = {
        "youth_ambulatory_year", "youth_residential_year", "youth_hour_basic", "sheltered_living_year",
        "debt_counselling_case", "eviction_case", "volunteer_coordination_hour", "green_cost_lawn",
        "green_cost_rough_grass", "green_cost_shrubs", "green_cost_woodland", "green_cost_perennials",
        "green_cost_hedge", "green_cost_tree", "green_cost_playground", "water_storage_m3",
        "water_treatment_m3", "building_energy_m2", "building_mjop_m2", "building_minor_m2",
        "building_manager_fte", "building_newbuild_m2", "building_size_m2", "building_bookvalue_m2",
        "building_kpdh_m2", "building_social_rent_m2", "cpi_change_2026",
    }  # fmt: skip
    assert {row["key"] for row in unit_values} & left_out == set()


@pytest.mark.parametrize(
    ("key", "price_year", "value", "unit", "payer", "basis", "price_base"),
    [
        ("hh_hour_ref", "2022", 32.76, "EUR/hour", "municipality", "published", "national_reference"),
        ("volunteer_hour_replacement", "2022", 18.80, "EUR/hour", "initiative", "published", "national_reference"),
        ("nursinghome_year_ref", "2022", 290 * 365, "EUR/person/year", "long_term_care", "derived",
         "national_reference"),
        ("daycare_elderly_halfday_ref", "2022", 83.29, "EUR/half_day", "municipality|long_term_care",
         "published", "national_reference"),
        ("wmo_group_medium_halfday_mun", "2023", 46.15, "EUR/half_day", "municipality", "published",
         "municipal_tariff"),
        ("zvw_nursing_max_hour", "2024", 88.35, "EUR/hour", "health_insurer", "published",
         "national_maximum_tariff"),
        ("qaly_mkba", "2015", 50000, "EUR/QALY", "other", "assumption", "other"),
        ("co2_price", "2021", 130, "EUR/tonne", "other", "assumption", "other"),
        ("park_house_pct", "", 0.06, "fraction", "residents|housing_association", "published", "other"),
        ("opex_pct_maintenance", "", 0.0175, "fraction_per_year", "initiative", "published", "other"),
    ],
)  # fmt: skip
def test_figures_as_published(unit_values, key, price_year, value, unit, payer, basis, price_base):
    """Copied by hand from the publications, to notice a figure that was changed by accident."""
    (row,) = [row for row in unit_values if row["key"] == key]
    assert (row["price_year"], row["unit"], row["payer"]) == (price_year, unit, payer)
    assert (row["basis"], row["price_base"]) == (basis, price_base)
    assert number(row["value"]) == pytest.approx(value, rel=1e-12)


# ---- units --------------------------------------------------------------------------------------


def test_every_word_for_a_unit_means_one_quantity(units):
    meaning = {}
    for row in units.values():
        assert row["dimension"] in DIMENSIONS, row
        words = row["synonyms"].split("|") if row["synonyms"] else []
        assert bool(words) == bool(row["quantity_unit"]), row
        assert len(words) == len(set(words)), row
        if words:
            assert row["quantity_unit"] in words, row
        for word in words:
            assert word, row
            assert word == word.lower().strip(), row
            assert meaning.setdefault(word, row["quantity_unit"]) == row["quantity_unit"], word


def test_units_that_count_the_same_share_synonyms_and_dimension(units):
    seen = {}
    for row in units.values():
        if row["quantity_unit"]:
            both = (row["synonyms"], row["dimension"])
            assert seen.setdefault(row["quantity_unit"], both) == both, row


@pytest.mark.parametrize(
    ("word", "quantity_unit"),
    [("uur", "uur"), ("uren", "uur"), ("dagdelen", "dagdeel"), ("half day", "dagdeel"), ("dag", "dag"),
     ("etmaal", "etmaal"), ("ritten", "rit"), ("contact", "contact"), ("consult", "consult"),
     ("m²", "m2"), ("boom", "boom"), ("maaltijd", "maaltijd")],
)  # fmt: skip
def test_words_in_a_workbook_are_understood(units, word, quantity_unit):
    found = {row["quantity_unit"] for row in units.values() if word in row["synonyms"].split("|")}
    assert found == {quantity_unit}


# ---- price index --------------------------------------------------------------------------------


def test_consumer_prices_are_complete_and_based_on_2015(price_index):
    years = sorted(int(year) for index, year in price_index if index == "cpi")
    assert years == list(range(2012, 2026))
    assert price_index["cpi", "2015"] == 100


@pytest.mark.parametrize(
    ("year", "change"),
    [(2013, 2.5), (2014, 1.0), (2015, 0.6), (2016, 0.3), (2017, 1.4), (2018, 1.7), (2019, 2.6), (2020, 1.3),
     (2021, 2.7), (2022, 10.0), (2023, 3.8), (2024, 3.3), (2025, 3.3)],
)  # fmt: skip
def test_consumer_prices_follow_the_published_annual_changes(price_index, year, change):
    ratio = price_index["cpi", str(year)] / price_index["cpi", str(year - 1)]
    assert (ratio - 1) * 100 == pytest.approx(change, abs=0.01)  # the index itself has two decimals


def test_a_volunteer_hour_in_prices_of_2025(unit_values, price_index):
    (row,) = [row for row in unit_values if row["key"] == "volunteer_hour_replacement"]
    converted = number(row["value"]) * price_index["cpi", "2025"] / price_index["cpi", row["price_year"]]
    assert converted == pytest.approx(18.80 * 134.52 / 121.45, rel=1e-12)


# ---- task fields, ceilings, terms, defaults -----------------------------------------------------


def test_task_field_codes_are_text():
    fields = {row["code"]: row for row in read("iv3_task_fields_2026")}
    assert len(fields) == 79
    assert fields["0.10"]["name_nl"] == "Mutaties reserves"
    assert fields["0.1"]["name_nl"] == "Bestuur"
    assert fields["6.711"]["name_nl"] == "Huishoudelijke hulp (WMO)"
    assert fields["6.60"]["code_2024"] == "6.6"
    assert {row["in_2024"] for row in fields.values()} == {"yes", "no"}
    for code, row in fields.items():
        assert code == "Tot_TV" or re.fullmatch(r"\d\.\d*", code), code
        if row["in_2024"] == "yes":
            assert row["code_2024"] == code


def test_de_minimis_ceilings():
    ceilings = {row["key"]: row for row in read("de_minimis")}
    assert {key: row["ceiling_eur"] for key, row in ceilings.items()} == {"general": "300000", "sgei": "750000"}
    for row in ceilings.values():
        assert (row["period_years"], row["valid_from"], row["valid_to"]) == ("3", "2024-01-01", "2030-12-31")
        assert row["locator"]
        assert "not legal advice" in row["note"]


def test_depreciation_terms_are_whole_years_between_low_and_high():
    terms = {row["key"]: row for row in read("depreciation_terms")}
    for row in terms.values():
        years = int(row["years"])
        assert 1 <= years <= 100
        assert (row["low"] == "") == (row["high"] == "")
        if row["low"]:
            assert int(row["low"]) <= years <= int(row["high"]), row
    assert (terms["life_building"]["years"], terms["life_green"]["years"]) == ("40", "20")


def test_defaults_of_the_assumptions(units):
    rows = {row["key"]: row for row in read("assumption_defaults")}
    assert {key: row["value"] for key, row in rows.items()} == {
        "discount_rate": "0.0225", "horizon_years": "30", "timing": "end", "internal_interest_rate": "0.01",
        "social_value_share": "0.25", "price_floor": "1", "official_hourly_rate": "75",
        "transfer_tax_rate": "0.104", "count_volunteer_hours": "yes", "dscr": "1.2", "ratio_warning": "3",
        "book_value_tolerance_eur": "1", "book_value_tolerance_share": "0.005",
        "de_minimis_warning_share": "0.8", "budget_years": "4", "suppression_threshold": "10",
        "indexation_rate": "0.02", "inflation_rate": "0.02", "dry_year_income_drop": "0.2",
        "interest_shock": "0.02", "volunteer_loss": "0.5", "review_interval_years": "5",
    }  # fmt: skip
    for row in rows.values():
        assert row["basis"] in BASES, row
        assert row["unit"] in units, row
        if row["unit"].startswith("fraction"):
            assert 0 <= number(row["value"]) <= 1, row
    assert rows["social_value_share"]["basis"] == "assumption", "nobody publishes this share"
    assert rows["discount_rate"]["basis"] == "published"


def test_weaker_evidence_is_wider_and_corrected_more():
    rows = read("evidence_widths")
    assert [row["grade"] for row in rows] == list("ABCDE")
    widths = [number(row["high_factor"]) - number(row["low_factor"]) for row in rows]
    corrections = [number(row["optimism_factor"]) for row in rows]
    assert widths == sorted(widths)
    assert corrections == sorted(corrections, reverse=True)
    for row in rows:
        assert row["basis"] == "assumption", "nobody publishes these widths"
        assert number(row["low_factor"]) + number(row["high_factor"]) == 2, "a width alone leaves the mean where it is"


# ---- double counting ----------------------------------------------------------------------------


def test_every_topic_word_means_one_topic():
    meaning, descriptions = {}, {}
    for row in read("double_counting"):
        words = row["synonyms"].split("|")
        same = (row["synonyms"], row["name_nl"], row["name_en"])
        assert descriptions.setdefault(row["topic"], same) == same, row
        assert len(words) == len(set(words)), row
        for word in words:
            assert word, row
            assert word == word.lower().strip(), row
            assert meaning.setdefault(word, row["topic"]) == row["topic"], word


def test_groups_are_pairs_but_for_the_volunteer_hours():
    groups = {}
    for row in read("double_counting"):
        groups.setdefault(row["group"], set()).add(row["topic"])
    assert groups.pop("volunteer_value") == {"volunteer_value"}
    pairs = {frozenset(topics) for topics in groups.values()}
    for expected in (
        {"house_price", "recreation"}, {"house_price", "view"}, {"house_price", "air"},
        {"house_price", "health"}, {"loneliness", "wellbeing"}, {"carbon_stock", "carbon_flow"},
    ):  # fmt: skip
        assert frozenset(expected) in pairs
    assert all(len(pair) == 2 for pair in pairs)
    assert frozenset({"recreation", "air"}) not in pairs, "these two may stand side by side"


# ---- public checks ------------------------------------------------------------------------------


def present_value(flows, rate, first_year):
    return math.fsum(flow / (1 + rate) ** year for year, flow in enumerate(flows, first_year))


def stepped_discount_factor(steps, year):
    factor = 1.0
    for y in range(1, year + 1):
        (rate,) = [step["rate"] for step in steps if step["from"] <= y <= step["to"]]
        factor /= 1 + rate
    return factor


def cost_covering_rent(investment_eur, running_cost_eur_per_year, residual_value_eur, rate, index_rate, years):
    cost = investment_eur + present_value([running_cost_eur_per_year] * years, rate, 1)
    residual = residual_value_eur / (1 + rate) ** years
    return (cost - residual) / present_value([(1 + index_rate) ** t for t in range(years)], rate, 1)


FORMULAS = {
    "discount_factor": lambda rate, year: (1 + rate) ** -year,
    "annuity_factor": lambda rate, years: present_value([1] * years, rate, 1),
    "stepped_discount_factor": stepped_discount_factor,
    "present_value": present_value,
    "net_present_value": lambda benefits, costs, rate, first_year: (
        present_value(benefits, rate, first_year) - present_value(costs, rate, first_year)
    ),
    "cost_covering_rent": cost_covering_rent,
}


@pytest.mark.parametrize("check", read("public_checks"), ids=lambda check: check["key"])
def test_public_checks_hold_by_plain_arithmetic(check):
    """Written out here once more, so that a wrong parameter is not blamed on the model."""
    outcome = FORMULAS[check["formula"]](**json.loads(check["parameters"]))
    assert 0 < number(check["tolerance"]) <= 0.005
    assert abs(outcome - number(check["expected"])) <= number(check["tolerance"])


def test_no_public_check_is_missing():
    counts = Counter(check["formula"] for check in read("public_checks"))
    assert counts == {
        "discount_factor": 5, "annuity_factor": 4, "stepped_discount_factor": 7, "present_value": 2,
        "net_present_value": 1, "cost_covering_rent": 1,
    }  # fmt: skip


# ---- texts --------------------------------------------------------------------------------------


def test_checks_about_the_law_are_no_legal_advice():
    checks = {row["key"]: row for row in read("checks")}
    legal = {
        "state_aid", "de_minimis", "sgei_de_minimis", "didam_1", "didam_2", "market_government", "vat_leak",
        "anti_speculation", "council_powers", "right_to_challenge", "transfer_tax",
    }  # fmt: skip
    assert legal | {"double_counting", "fallback", "wrong_pocket", "cashable"} <= set(checks)
    for key in legal:
        assert checks[key]["todo_nl"].endswith("Dit is geen juridisch advies."), key
        assert checks[key]["todo_en"].endswith("This is not legal advice."), key
    assert "onbekend" in checks["market_government"]["what_nl"], "nobody found whether 25ha is in force"


def test_sentences_are_short_enough_for_plain_dutch():
    texts = [row[column] for row in read("checks") for column in ("what_nl", "todo_nl")]
    texts += [row["definition_nl"] for row in read("glossary")]
    for text in texts:
        for sentence in re.split(r"(?<=[.?!]) ", text):
            assert len(sentence.split()) <= 30, sentence


def test_glossary_explains_every_name_in_the_workbook_and_the_result():
    named = [row["code_name"] for row in read("glossary") if row["code_name"]]
    assert len(named) == len(set(named)), "one entry per code name"
    assert set(EXPLAINED_NAMES) - set(named) == set()


def test_glossary_units_and_definitions(units):
    for row in read("glossary"):
        assert row["unit"] in units or (row["unit"] == "" and row["code_name"]), row
        for column in ("definition_nl", "definition_en"):
            assert row[column].endswith("."), row


# ---- the synthetic country ----------------------------------------------------------------------


def test_there_are_342_municipalities_by_code():
    rows = read("municipalities")
    codes = [row["code"] for row in rows]
    assert len(rows) == 342
    assert codes == sorted(codes)
    for row in rows:
        assert re.fullmatch(r"GM\d{4}", row["code"]), row
        assert row["name"], row
        assert int(row["inhabitants"]) > 0, row
        assert (row["inhabitants_year"], row["division_year"]) == ("2021", "2025"), row


def test_merged_municipalities_add_up_and_say_of_what():
    for row in read("municipalities"):
        parts = [int(number) for number in re.findall(r"\((\d+)\)", row["note"])]
        assert row["basis"] == ("derived" if parts else "published"), row
        assert not parts or sum(parts) == int(row["inhabitants"]), row


def test_inhabitants_add_up_to_the_population_of_the_netherlands():
    """Statistics Netherlands, 1 January 2021: 17,475,415 inhabitants; the figures are of a few months around it."""
    assert sum(int(row["inhabitants"]) for row in read("municipalities")) == pytest.approx(17_475_415, rel=0.001)


def national_totals():
    return {row["key"]: number(row["value"]) for row in read("national_totals")}


def test_national_totals_say_unit_year_source_and_use(units):
    templates = {row["template"] for row in read("synthetic_lines")}
    for row in read("national_totals"):
        assert number(row["value"]) >= 0, row
        assert row["unit"] in units, row
        assert re.fullmatch(r"20\d\d", row["year"]), row
        assert row["basis"] in BASES, row
        assert row["use"] in ("generator", "derivation", "comparison"), row
        assert (row["locator"] == "") == (row["basis"] == "assumption"), row
        assert set(row["templates"].split(";")) - {""} <= templates, row


def test_derived_national_totals_follow_from_the_published_ones():
    total = national_totals()
    assert total["floor_area_sport"] == total["floor_area_all"] / 4
    assert total["floor_area_education_welfare_culture"] == (
        total["floor_area_sport_education_welfare_culture"] - total["floor_area_sport"]
    )
    assert total["buildings"] == total["buildings_per_municipality"] * total["municipalities"]
    assert total["park_average_area"] == 2 * total["park_minimum_area"]
    assert total["green_spaces"] == math.ceil(total["park_area"] / total["park_average_area"])


def test_the_parts_of_the_floor_area_add_up_but_for_their_rounding():
    """Six published parts, each rounded to 0.1 million m², and a whole rounded likewise."""
    total = national_totals()
    parts = [row for row in read("national_totals") if row["templates"] and row["key"] != "park_area"]
    assert len(parts) == 7, "sport was split off from one of the six"
    assert sum(number(row["value"]) for row in parts) == pytest.approx(total["floor_area_all"], abs=7 * 50_000)


SHARES = ("deadweight", "displacement", "attribution", "drop_off")


def numbers(text):
    return [number(each) for each in text.split(";")]


def test_lines_of_the_synthetic_country_can_be_drawn(unit_values):
    prices = {row["key"]: row for row in unit_values}
    defaults = {row["key"] for row in read("assumption_defaults")}
    grades = {row["grade"] for row in read("evidence_widths")}
    engine = (DATASETS.parent / "valuation" / "lines.py").read_text("utf-8")
    distribution_of = {}
    for row in read("synthetic_lines"):
        lists = ("multiples", "prices", "municipal", *SHARES, "real_growth", "first_year", "last_year")
        assert all(len(row[name].split(";")) in (1, 2, 4, 8) for name in lists), row
        assert row["kind"] == "book_value" or f'"{row["kind"]}"' in engine, "no kind of line that the engine knows"
        assert row["of"] in ("object", "m2", "book_value"), row
        assert row["basis"] == "assumption", row
        assert all(multiple >= 0 for multiple in numbers(row["multiples"])), row
        assert all(0 <= share <= 1 for name in SHARES for share in numbers(row[name])), row
        assert all(-1 <= part <= 1 for part in numbers(row["municipal"])), row
        assert row["society"] in ("-1", "0", "1"), row
        if row["prices"]:
            assert row["grade"] == "", "a price has its own range"
            for key in row["prices"].split(";"):
                assert key in prices or key in defaults, key
                has_range = key in prices and prices[key]["low"] != ""
                assert has_range == (row["distribution"] != ""), (key, row)
                assert distribution_of.setdefault(key, row["distribution"]) == row["distribution"], (
                    "one draw, one shape"
                )
        else:
            assert (row["grade"] == "") == (row["distribution"] == ""), row
            assert row["grade"] == "" or row["grade"] in grades, row


def test_lines_of_the_synthetic_country_lie_within_the_horizon():
    horizon = next(int(row["years"]) for row in read("depreciation_terms") if row["key"] == "life_building")
    for row in read("synthetic_lines"):
        assert max(numbers(row["first_year"])) <= min(numbers(row["last_year"])) <= horizon, row
        assert max(numbers(row["last_year"])) <= horizon, row
        assert row["at_terminal"] == "0" or numbers(row["first_year"]) == [horizon], row


def test_savings_of_others_are_no_cash_of_the_municipality(unit_values):
    payer = {row["key"]: row["payer"].split("|") for row in unit_values}
    for row in read("synthetic_lines"):
        if row["kind"] == "avoided_institutional_cost" and max(numbers(row["municipal"])) > 0:
            assert all("municipality" in payer[key] for key in row["prices"].split(";")), row


def test_each_template_has_ten_lines_of_which_the_first_is_the_book_value():
    lines = Counter(row["template"] for row in read("synthetic_lines"))
    assert set(lines.values()) == {10}
    for row in read("synthetic_lines"):
        assert (row["kind"] == "book_value") == (row["line"] == "1"), row
