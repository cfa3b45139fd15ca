"""The synthetic country adds up to the published totals, says that it is synthetic, and is the same each time."""

import csv
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from datasets.synthetic_country import Country, published_objects, write

DATASETS = Path(__file__).resolve().parents[2] / "datasets"

COLUMNS = {
    "municipality": "dictionary",
    "object": "int64",
    "kind": "dictionary",
    "quantity": "double",
    "unit_value_eur": "double",
    "low_eur": "double",
    "high_eur": "double",
    "distribution": "dictionary",
    "price": "dictionary",
    "deadweight": "double",
    "displacement": "double",
    "attribution": "double",
    "drop_off": "double",
    "real_growth": "double",
    "start_year": "int16",
    "end_year": "int16",
    "society": "int8",
    "municipal": "double",
    "book": "int8",
    "at_terminal": "bool",
}


def read(name):
    with (DATASETS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def total():
    return {row["key"]: float(row["value"]) for row in read("national_totals")}


@pytest.fixture(scope="module")
def country():
    """The default portfolio: as many objects as are published, 10 lines each."""
    whole = Country(objects=published_objects())
    return whole.some_rows(0, whole.rows)


@pytest.fixture(scope="module")
def frame(country):
    return country.to_pandas()


def small(**chosen):
    made = Country(**{"objects": 300, **chosen})
    return made.some_rows(0, made.rows)


# ---- the form -----------------------------------------------------------------------------------


def test_columns_have_their_names_types_and_order(country):
    assert country.schema.names == list(COLUMNS)
    for field, kind in zip(country.schema, COLUMNS.values(), strict=True):
        found = "dictionary" if pa.types.is_dictionary(field.type) else str(field.type)
        assert found == kind, field
        assert found != "dictionary" or field.type.value_type == pa.string(), field


def test_only_ranges_distributions_and_prices_may_be_empty(country):
    empty = {name for name in COLUMNS if country[name].null_count}
    assert empty == {"low_eur", "high_eur", "distribution", "price"}
    assert {field.name for field in country.schema if field.nullable} == empty | {"unit_value_eur"}


def test_the_file_says_that_it_is_synthetic_where_it_comes_from_and_with_what_to_compute(country):
    told = json.loads(country.schema.metadata[b"buurtwaarde"])
    assert (told["format"], told["version"], told["synthetic"]) == ("lines", 1, True)
    assert "geen enkel cijfer hoort bij een bestaand object" in told["note"]
    assert "no figure belongs to a real object" in told["note"]
    sources = {row["source_id"] for row in read("sources")}
    assert {"cbs_71231ned", "bouwstenen_republiq_2019", "own_estimate", "cost_manual_2024"} <= set(told["sources"])
    assert set(told["sources"]) <= sources
    assert "bouw_aanbesteding_2021" not in told["sources"], "only there to compare with"
    assert told["assumptions"] == {
        "base_year": 2026,
        "horizon_years": 40,
        "discount_rate": 0.0225,
        "municipal_discount_rate": 0.0225,
        "timing": "end",
        "price_year": 2025,
    }
    assert told["ranges"] == {"discount_rate": {"low": 0.016, "high": 0.029, "distribution": "triangular"}}


def test_lines_of_an_object_lie_together_in_ascending_order_and_municipalities_by_code(frame):
    assert (frame["object"] == np.repeat(np.arange(1, published_objects() + 1), 10)).all()
    codes = frame["municipality"].astype(str)
    assert codes.is_monotonic_increasing
    assert list(codes.unique()) == [row["code"] for row in read("municipalities")]


# ---- what adds up -------------------------------------------------------------------------------


def test_objects_follow_the_inhabitants(frame):
    inhabitants = {row["code"]: int(row["inhabitants"]) for row in read("municipalities")}
    found = frame.groupby("municipality", observed=True)["object"].nunique()
    for code, number in found.items():
        assert number == pytest.approx(inhabitants[code] / sum(inhabitants.values()) * published_objects(), abs=1), code


def test_the_default_is_the_published_number_of_objects(total):
    assert published_objects() == total["buildings"] + total["green_spaces"] == 110 * 342 + 16_432


def test_floor_area_green_and_book_value_add_up_to_the_published_totals(frame, total):
    """The published totals are rounded to 0.1 million m², a hectare and a million euros."""
    area = frame[frame["kind"] == "operating_cost_avoided"]
    is_green = area["price"] == "green_cost_m2_all"
    book = frame[frame["book"] == 1]
    assert area[~is_green]["quantity"].sum() == pytest.approx(31_400_000, abs=50_000)
    assert area[is_green]["quantity"].sum() == pytest.approx(32_863 * 10_000, abs=5_000)
    assert book["unit_value_eur"].sum() == pytest.approx(26_908_000_000, abs=500_000)
    assert (~is_green).sum() == pytest.approx(total["buildings"], abs=10)
    assert is_green.sum() == pytest.approx(total["green_spaces"], abs=10)


def test_public_and_other_buildings_have_their_published_part_of_the_floor_area(frame):
    """Offices, dwellings and commercial: 2.8 + 2.6 + 6.3 of the 31.3 million m² that the published parts add up to."""
    area = frame[(frame["kind"] == "operating_cost_avoided") & (frame["price"] == "school_opex_m2")]
    facilitated = frame[frame["kind"] == "facilitation"]["object"]
    other = area[area["object"].isin(facilitated)]["quantity"].sum()
    assert other / area["quantity"].sum() == pytest.approx((2.8 + 2.6 + 6.3) / 31.3, rel=0.001)


@pytest.mark.parametrize("seed", [1, 20_260_101])
def test_another_seed_is_another_country_with_the_same_totals(seed, frame):
    made = Country(objects=published_objects(), seed=seed)
    other = made.some_rows(0, made.rows).select(["kind", "book", "quantity", "unit_value_eur"]).to_pandas()
    assert (other["unit_value_eur"] != frame["unit_value_eur"]).mean() > 0.25
    assert other[other["book"] == 1]["unit_value_eur"].sum() == pytest.approx(26_908_000_000, abs=500_000)
    area = other[other["kind"] == "operating_cost_avoided"]["quantity"].sum()
    assert area == pytest.approx(31_400_000 + 328_630_000, abs=50_000)


def test_a_country_of_another_size_has_objects_of_the_same_size():
    made = Country(objects=20_000)
    book = made.some_rows(0, made.rows).to_pandas().query("book == 1")["unit_value_eur"]
    assert book.mean() == pytest.approx(26_908_000_000 / published_objects(), rel=0.05)


# ---- what each line may be ----------------------------------------------------------------------


def test_figures_lie_where_they_may_lie(frame):
    for share in ("deadweight", "displacement", "attribution", "drop_off"):
        assert frame[share].between(0, 1).all(), share
        assert frame[share].nunique() > 1, share
    assert (frame["quantity"] >= 0).all()
    assert (frame["unit_value_eur"] >= 0).all()
    assert frame["society"].isin([-1, 0, 1]).all()
    assert frame["municipal"].between(-1, 1).all()
    assert ((frame["start_year"] >= 0) & (frame["start_year"] <= frame["end_year"]) & (frame["end_year"] <= 40)).all()


def test_about_half_of_the_lines_are_uncertain_between_low_and_high(frame):
    uncertain = frame["low_eur"].notna()
    assert (frame["high_eur"].notna() == uncertain).all()
    assert (frame["distribution"].notna() == uncertain).all()
    assert 0.4 < uncertain.mean() < 0.6
    assert set(frame["distribution"].dropna()) == {"triangular", "pert", "uniform", "lognormal"}
    some = frame[uncertain]
    assert (some["low_eur"] <= some["unit_value_eur"]).all()
    assert (some["unit_value_eur"] <= some["high_eur"]).all()
    assert (some["low_eur"] < some["high_eur"]).all()


def test_a_reference_price_is_the_same_on_every_line_in_euros_of_the_price_year(frame):
    """€ 18.80 of 2022 in euros of 2025, by the price index: 18.80 x 134.52 / 121.45."""
    for _, rows in frame.dropna(subset="price").groupby("price", observed=True):
        assert len(rows[["unit_value_eur", "low_eur", "high_eur", "distribution"]].drop_duplicates()) == 1
    hour = frame[frame["price"] == "volunteer_hour_replacement"]
    assert hour["unit_value_eur"].iloc[0] == pytest.approx(18.80 * 134.52 / 121.45)
    assert set(frame["price"].dropna()) <= {row["key"] for row in read("unit_values")}


def test_an_object_has_one_book_value_that_counts_in_neither_view(frame):
    book = frame[frame["book"] == 1]
    assert (book["object"].to_numpy() == np.arange(1, published_objects() + 1)).all()
    assert (frame["kind"] == "book_value").equals(frame["book"] == 1)
    assert (book[["society", "municipal", "start_year", "end_year"]] == 0).all(axis=None)
    assert (book["quantity"] == 1).all()


def test_the_terminal_value_stands_at_the_end_and_is_no_social_value(frame):
    terminal = frame[frame["at_terminal"]]
    assert (frame["at_terminal"] == (frame["kind"] == "terminal_value")).all()
    assert (terminal["end_year"] == 40).all()
    assert (terminal["society"] == 0).all()
    assert (terminal["municipal"] == -1).all()


def test_the_backlog_avoided_is_no_more_than_the_renovation(frame):
    amount = frame.assign(eur=frame["quantity"] * frame["unit_value_eur"]).pivot_table(
        index="object", columns="kind", values="eur", aggfunc="sum", observed=True
    )
    both = amount.dropna(subset=["backlog_avoided", "renovation"])
    assert len(both) > 5_000
    assert (both["backlog_avoided"] <= both["renovation"]).all()


def test_years_of_activity_are_the_same_for_a_whole_object(frame):
    yearly = frame[frame["kind"].isin(["operating_cost_avoided", "operating_cost", "volunteer_hours"])]
    assert (yearly.groupby("object")["end_year"].nunique() == 1).all()
    assert set(yearly["end_year"]) == {10, 20, 30, 40}


# ---- the same each time -------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_rows():
    assert small(seed=7).equals(small(seed=7), check_metadata=True)
    assert not small(seed=7).equals(small(seed=8))


def test_rows_do_not_depend_on_how_many_are_made_at_once():
    made = Country(objects=300, lines=7)
    whole = made.some_rows(0, made.rows)
    parts = [made.some_rows(first, min(first + 97, made.rows)) for first in range(0, made.rows, 97)]
    assert pa.concat_tables(parts).combine_chunks().equals(whole.combine_chunks())


@pytest.mark.parametrize("lines", [1, 4, 23])
def test_an_object_has_as_many_lines_as_were_asked_for(lines):
    found = small(lines=lines)
    assert found.num_rows == 300 * lines
    assert pc.sum(found["book"]).as_py() == 300


def test_a_file_holds_the_rows_in_row_groups_of_a_million(tmp_path, monkeypatch):
    monkeypatch.setattr("datasets.synthetic_country.ROW_GROUP", 1_000)
    made = Country(objects=350)
    first, second = tmp_path / "first.parquet", tmp_path / "second.parquet"
    write(made, first)
    write(made, second, rows_at_once=333)
    assert pq.read_table(first).equals(made.some_rows(0, made.rows))
    assert pq.read_table(second).equals(pq.read_table(first))
    described = pq.ParquetFile(first).metadata
    assert [described.row_group(group).num_rows for group in range(4)] == [1_000, 1_000, 1_000, 500]
    assert {path.name for path in tmp_path.iterdir()} == {"first.parquet", "second.parquet"}


# ---- the command --------------------------------------------------------------------------------


def test_the_command_writes_a_small_country_quickly(tmp_path):
    """Two seconds on a quiet machine, of which most goes to importing."""
    out = tmp_path / "country.parquet"
    command = [sys.executable, DATASETS / "synthetic_country.py", "--out", out, "--objects", "2000", "--seed", "3"]
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert time.monotonic() - started < 20
    assert done.stdout == f"{out}: 2,000 synthetic objects, 20,000 lines\n"
    assert pq.read_table(out).equals(small(objects=2_000, seed=3))


@pytest.mark.parametrize("wrong", [["--objects", "0"], ["--lines", "0"], ["--seed", "-1"]])
def test_the_command_refuses_what_makes_no_country(wrong, tmp_path):
    command = [sys.executable, DATASETS / "synthetic_country.py", "--out", tmp_path / "none.parquet", *wrong]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "at least" in done.stderr
    assert not list(tmp_path.iterdir())
