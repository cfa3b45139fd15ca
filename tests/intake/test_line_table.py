"""Files of lines: whole objects however the file is cut, and a message with the row for everything that is wrong."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from intake.line_table import UnusableLines, open_line_file
from valuation.line_table import METADATA

ABOUT = {
    "format": "lines",
    "version": 1,
    "assumptions": {"horizon_years": 30, "discount_rate": 0.0225, "municipal_discount_rate": 0.03},
    "ranges": {"discount_rate": {"low": 0.01, "high": 0.04}},
}
SIZES = (1, 3, 2, 5, 1, 1, 4)
"""Lines of each object."""


@pytest.fixture(autouse=True, params=["numpy", "kernels"])
def sums(request, monkeypatch):
    """Every test by NumPy and by the compiled kernels, which otherwise only do what is big."""
    monkeypatch.setattr("valuation.arrays.BIG_JOB", 0 if request.param == "kernels" else 2**62)


def table(sizes=SIZES, **columns):
    count = sum(sizes)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    ordinary = {
        "municipality": [f"GM{10 + each // 3:04d}" for each in owner],
        "object": owner + 100,
        "quantity": np.arange(count, dtype=np.float64),
        "unit_value_eur": np.full(count, 2.0),
        "start_year": np.ones(count, np.int16),
        "end_year": np.full(count, 30, np.int16),
        "society": np.ones(count, np.int8),
        "municipal": np.full(count, 0.5),
    }
    return pa.table({key: value for key, value in {**ordinary, **columns}.items() if value is not None})


def write(path, rows=None, about=ABOUT, **options):
    rows = table() if rows is None else rows
    metadata = {} if about is None else {METADATA: json.dumps(about)}
    pq.write_table(rows.replace_schema_metadata(metadata), path, **options)
    return path


def objects_of(found):
    """Municipality, number and quantities of every object."""
    for some in found:
        for at in range(len(some.lines)):
            lines = slice(int(some.lines.first[at]), int(some.lines.first[at + 1]))
            yield some.municipalities[some.municipality[at]], some.number[at], some.lines.quantity[lines].tolist()


EXPECTED = [
    ("GM0010", 100, [0.0]),
    ("GM0010", 101, [1.0, 2.0, 3.0]),
    ("GM0010", 102, [4.0, 5.0]),
    ("GM0011", 103, [6.0, 7.0, 8.0, 9.0, 10.0]),
    ("GM0011", 104, [11.0]),
    ("GM0011", 105, [12.0]),
    ("GM0012", 106, [13.0, 14.0, 15.0, 16.0]),
]


@pytest.mark.parametrize("group", [1, 2, 3, 5, 100])
@pytest.mark.parametrize("at_a_time", [1, 2, 4, 1000])
@pytest.mark.parametrize("statistics", [True, False])
def test_objects_are_whole_however_the_file_is_cut(tmp_path, monkeypatch, group, at_a_time, statistics):
    monkeypatch.setattr("intake.line_table.ROWS_AT_A_TIME", at_a_time)
    monkeypatch.setattr("intake.line_table.FEW_ROWS", 2)
    path = write(tmp_path / "lines.parquet", row_group_size=group, write_statistics=statistics)
    file = open_line_file(path)
    assert list(objects_of(file.objects())) == EXPECTED
    for cut in range(1, 17):
        parts = [*file.objects(0, cut), *file.objects(cut, 17)]
        assert list(objects_of(parts)) == EXPECTED, cut


@pytest.mark.parametrize("group", [5, 100])
@pytest.mark.parametrize("at_a_time", [1, 3, 10, 1000])
@pytest.mark.parametrize("kind", [bool, np.int8])
def test_flags_are_those_of_their_rows_however_the_file_is_cut(tmp_path, monkeypatch, group, at_a_time, kind):
    """Arrow keeps eight of them in a byte."""
    monkeypatch.setattr("intake.line_table.ROWS_AT_A_TIME", at_a_time)
    flags = np.array([0, 1, 1, 0, 1, 0, 0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 1], dtype=kind)
    path = write(tmp_path / "lines.parquet", table(at_terminal=flags), row_group_size=group)
    found = [some.lines.at_terminal for some in open_line_file(path).objects()]
    assert np.concatenate(found).tolist() == flags.astype(bool).tolist()


@pytest.mark.parametrize("group", [1, 2, 3, 4, 5, 6, 7, 8])
@pytest.mark.parametrize("statistics", [True, False])
def test_numbers_may_begin_again_in_another_municipality(tmp_path, monkeypatch, group, statistics):
    """One has objects 7, 8 and 9, two has 1 to 4: the highest number of a group is not that of its last row."""
    monkeypatch.setattr("intake.line_table.FEW_ROWS", 2)
    owner = np.repeat(np.arange(7), SIZES)
    rows = table(municipality=np.where(owner < 3, "GM0001", "GM0002"), object=np.array([7, 8, 9, 1, 2, 3, 4])[owner])
    path = write(tmp_path / "lines.parquet", rows, row_group_size=group, write_statistics=statistics)
    file = open_line_file(path)
    expected = [(f"GM{1 + int(at > 2):04d}", (7, 8, 9, 1, 2, 3, 4)[at], each[2]) for at, each in enumerate(EXPECTED)]
    assert list(objects_of(file.objects())) == expected
    for cut in range(1, 17):
        assert list(objects_of([*file.objects(0, cut), *file.objects(cut, 17)])) == expected, cut


@pytest.mark.parametrize("sizes", [(0, 8, 9), (8, 0, 0, 9), (8, 9, 0)], ids=["first", "between", "last"])
@pytest.mark.parametrize("edges", [[0, 17], [0, 8, 17], [0, 3, 6, 9, 12, 17]])
def test_groups_without_rows_change_nothing(tmp_path, sizes, edges):
    path = tmp_path / "lines.parquet"
    rows = table().replace_schema_metadata({METADATA: json.dumps(ABOUT)})
    ends = np.cumsum([0, *sizes])
    with pq.ParquetWriter(path, rows.schema) as file:
        for begin, end in pairwise(ends):
            file.write_table(rows.slice(begin, end - begin))
    assert pq.read_metadata(path).num_row_groups == len(sizes)
    file = open_line_file(path)
    assert file.row_groups.tolist() == [0, 8, 17]
    assert [each for begin, end in pairwise(edges) for each in objects_of(file.objects(begin, end))] == EXPECTED


def test_a_column_of_another_name_may_hold_columns(tmp_path):
    # Its own columns rise with every row: taken for the numbers, they would say that no object goes on.
    notes = pa.array([{"of": row, "by": row} for row in range(sum(SIZES))])
    columns = ["object", *(name for name in table().column_names if name != "object")]
    path = write(tmp_path / "lines.parquet", table().select(columns).add_column(0, "note", notes), row_group_size=3)
    file = open_line_file(path)
    found = [each for begin in range(0, 17, 3) for each in objects_of(file.objects(begin, min(begin + 3, 17)))]
    assert found == EXPECTED


def test_numbers_may_be_text_and_columns_may_be_missing(tmp_path):
    rows = table(object=[f"0{each}" for each in np.repeat(np.arange(7), SIZES)], start_year=None)
    file = open_line_file(write(tmp_path / "lines.parquet", rows))
    assert [number for _, number, _ in objects_of(file.objects())] == [f"0{each}" for each in range(7)]
    lines = next(file.objects()).lines
    assert lines.start_year.tolist() == [1] * len(lines.quantity)  # the declared default
    assert lines.deadweight.tolist() == [0.0] * len(lines.quantity)
    assert file.terms.horizon_years == 30
    assert (file.terms.discount_rate_range.low, file.terms.discount_rate_range.high) == (0.01, 0.04)
    assert not file.is_synthetic


def test_a_file_may_say_what_it_is_beside_its_columns(tmp_path):
    # As Polars writes it: among what the file says, but not with the columns.
    path = tmp_path / "lines.parquet"
    rows = table()
    with pq.ParquetWriter(path, rows.schema) as file:
        file.write_table(rows)
        file.add_key_value_metadata({METADATA: json.dumps(ABOUT)})
    assert METADATA not in (pq.read_schema(path).metadata or {})
    assert list(objects_of(open_line_file(path).objects())) == EXPECTED


@pytest.mark.parametrize("key", ["take_up", "low_eur", "high_eur", "distribution", "price"])
def test_a_column_that_may_be_empty_may_be_so_from_top_to_bottom(tmp_path, key):
    nothing = pa.nulls(sum(SIZES))
    path = write(tmp_path / "lines.parquet", table(**{key: nothing}))
    assert list(objects_of(open_line_file(path, with_draws=True).objects())) == EXPECTED


@pytest.mark.parametrize("key", ["quantity", "unit_value_eur", "municipality", "drop_off"])
def test_a_column_without_anything_is_refused_where_it_says_something(tmp_path, key):
    with pytest.raises(UnusableLines) as refused:
        open_line_file(write(tmp_path / "lines.parquet", table(**{key: pa.nulls(sum(SIZES))})))
    assert [problem.rule for problem in refused.value.problems] == ["lines_column_type"]


def test_numbers_may_be_halves_of_a_word(tmp_path):
    halves = np.arange(sum(SIZES)).astype(np.float16)
    path = write(tmp_path / "lines.parquet", table(quantity=halves, end_year=np.full(sum(SIZES), 30, np.float16)))
    assert list(objects_of(open_line_file(path).objects())) == EXPECTED


def test_a_file_may_have_very_many_take_ups(tmp_path):
    wanted = [f"{share / 10}%; 100%" for share in range(300)]
    path = write(tmp_path / "lines.parquet", table((1,) * 300, take_up=wanted))
    some = [each.lines for each in open_line_file(path).objects()]
    found = [each.take_ups[code] for each in some for code in each.take_up]
    assert found == [(share / 1000, 1.0) for share in range(300)]


@pytest.mark.parametrize("kind", [np.int32, np.int64, np.float32, np.float64])
def test_whole_numbers_may_stand_in_any_column_of_numbers(tmp_path, kind):
    columns = {key: np.arange(17).astype(kind) for key in ("quantity", "unit_value_eur", "start_year")}
    path = write(tmp_path / "lines.parquet", table(**columns))
    lines = [each.lines for each in open_line_file(path).objects()]
    for key in ("quantity", "unit_value", "start_year"):
        assert np.concatenate([getattr(each, key) for each in lines]).tolist() == list(range(17))


def test_an_empty_number_is_named_where_numbers_are_text(tmp_path):
    numbers = [f"0{each}" for each in np.repeat(np.arange(7), SIZES)]
    numbers[9] = None
    path = write(tmp_path / "lines.parquet", table(object=numbers), row_group_size=4)
    with pytest.raises(UnusableLines) as refused:
        list(open_line_file(path).objects())
    assert [(each.rule, each.parameters["row"]) for each in refused.value.problems] == [("lines_empty", 10)]
    assert [each.rule for each in open_line_file(path).problems()] == ["lines_empty"]


def test_ranges_and_prices_are_read_for_draws_only(tmp_path):
    low = [None, 1.0, *[None] * 15]
    price = [None, None, "wmo_hour", *[None] * 14]
    rows = table(low_eur=pa.array(low), high_eur=pa.array(low), price=pa.array(price))
    path = write(tmp_path / "lines.parquet", rows)
    assert next(open_line_file(path).objects()).lines.low is None
    some = [each.lines for each in open_line_file(path, with_draws=True).objects()]
    distribution = np.concatenate([each.distribution for each in some])
    assert distribution.tolist() == [0, 1, *[0] * 15]  # a range without a shape is triangular
    prices = np.concatenate([each.price for each in some])
    assert np.flatnonzero(prices).tolist() == [2]


def test_what_an_object_draws_follows_from_its_number(tmp_path):
    path = write(tmp_path / "lines.parquet", row_group_size=2)
    whole = [each.lines.identity for each in open_line_file(path, with_draws=True).objects()]
    part = [each.lines.identity for each in open_line_file(path, with_draws=True).objects(6, 12)]
    identity = np.concatenate(whole)
    assert len(set(identity.tolist())) == 7
    assert np.concatenate(part).tolist() == identity[3:5].tolist()


def changed(column, row, value):
    values = table()[column].to_pylist() if column in table().column_names else [0.0] * 17
    values[row] = value
    return table(**{column: values})


@pytest.mark.parametrize(
    ("rows", "rule", "row", "column"),
    [
        (changed("quantity", 4, -1.0), "lines_value", 5, "quantity"),
        (changed("quantity", 4, float("nan")), "lines_value", 5, "quantity"),
        (changed("quantity", 4, float("inf")), "lines_value", 5, "quantity"),
        (changed("quantity", 4, None), "lines_empty", 5, "quantity"),
        (changed("unit_value_eur", 16, float("inf")), "lines_value", 17, "unit_value_eur"),
        (changed("deadweight", 0, 1.01), "lines_value", 1, "deadweight"),
        (changed("drop_off", 2, -0.1), "lines_value", 3, "drop_off"),
        (changed("real_growth", 2, -1.5), "lines_value", 3, "real_growth"),
        (changed("end_year", 9, 31), "lines_value", 10, "end_year"),
        (changed("start_year", 9, -1), "lines_value", 10, "start_year"),
        (changed("start_year", 9, 1.5), "lines_value", 10, "start_year"),
        (changed("society", 9, 2), "lines_value", 10, "society"),
        (changed("municipal", 9, -1.1), "lines_value", 10, "municipal"),
        (changed("municipality", 3, None), "lines_empty", 4, "municipality"),
        (changed("object", 3, None), "lines_empty", 4, "object"),
        (changed("object", 5, 99), "lines_order", 6, None),
        (changed("municipality", 5, "GM0009"), "lines_order", 6, None),
    ],
)
def test_the_first_row_that_is_wrong_is_named(tmp_path, rows, rule, row, column):
    path = write(tmp_path / "lines.parquet", rows, row_group_size=4)
    with pytest.raises(UnusableLines) as refused:
        list(open_line_file(path).objects())
    problem = refused.value.problems[0]
    assert (problem.rule, problem.parameters["row"], problem.parameters.get("column")) == (rule, row, column)
    for language in ("nl", "en"):
        assert f"{row}" in problem.message(language)
    assert [each.rule for each in open_line_file(path).problems()][:1] == [rule]


@pytest.mark.parametrize(
    ("low", "high", "shape", "rule"),
    [
        (1.0, None, None, "lines_range"),
        (None, 1.0, None, "lines_range"),
        (3.0, 1.0, "uniform", "lines_range"),
        (0.0, 1.0, "lognormal", "lines_range"),
        (1.0, 2.0, "normal", "lines_word"),
    ],
)
def test_a_range_that_is_none_is_named(tmp_path, low, high, shape, rule):
    count = 17
    rows = table(
        low_eur=pa.array([None] * 6 + [low] + [None] * (count - 7), pa.float64()),
        high_eur=pa.array([None] * 6 + [high] + [None] * (count - 7), pa.float64()),
        distribution=pa.array([None] * 6 + [shape] + [None] * (count - 7), pa.string()),
    )
    path = write(tmp_path / "lines.parquet", rows)
    with pytest.raises(UnusableLines) as refused:
        list(open_line_file(path, with_draws=True).objects())
    assert [(each.rule, each.parameters["row"]) for each in refused.value.problems] == [(rule, 7)]


@pytest.mark.parametrize(
    ("about", "rows", "rule"),
    [
        (None, None, "lines_no_metadata"),
        ({**ABOUT, "format": "values"}, None, "lines_no_metadata"),
        ({**ABOUT, "version": 2}, None, "lines_version"),
        ({**ABOUT, "assumptions": {"discount_rate": 0.02}}, None, "lines_terms"),
        ({**ABOUT, "assumptions": {**ABOUT["assumptions"], "horizon_years": 9000}}, None, "lines_terms"),
        ({**ABOUT, "assumptions": {**ABOUT["assumptions"], "timing": "later"}}, None, "lines_terms"),
        ({**ABOUT, "assumptions": {**ABOUT["assumptions"], "discount_rate": [[10, 0.03]]}}, None, "lines_terms"),
        ({**ABOUT, "ranges": {"discount_rate": {"low": 0.05, "high": 0.01}}}, None, "lines_terms"),
        ({**ABOUT, "ranges": {"discount_rate": {"low": 0.05}}}, None, "lines_terms"),
        (ABOUT, table(quantity=None), "lines_column_missing"),
        (ABOUT, table(unit_value_eur=["a"] * 17), "lines_column_type"),
        (ABOUT, table().slice(0, 0), "lines_empty_file"),
    ],
)
def test_a_file_that_says_too_little_is_refused(tmp_path, about, rows, rule):
    with pytest.raises(UnusableLines) as refused:
        open_line_file(write(tmp_path / "lines.parquet", rows, about))
    assert refused.value.problems[0].rule == rule
    assert "lines.parquet" in refused.value.problems[0].message()


@pytest.mark.parametrize("content", [b"", b"PAR1", b"not a parquet at all", b"PAR1" + bytes(100) + b"PAR1"])
def test_another_kind_of_file_is_refused(tmp_path, content):
    path = tmp_path / "lines.parquet"
    path.write_bytes(content)
    with pytest.raises(UnusableLines) as refused:
        open_line_file(path)
    assert refused.value.problems[0].rule == "lines_no_parquet"


def test_a_damaged_page_is_found_while_reading(tmp_path):
    path = write(
        tmp_path / "lines.parquet",
        table((3000,) * 10),
        row_group_size=5000,
        compression="zstd",
        write_page_checksum=True,
    )
    content = bytearray(path.read_bytes())
    content[len(content) // 3 : len(content) // 3 + 400] = bytes(400)
    path.write_bytes(content)
    with pytest.raises(UnusableLines) as refused:
        list(open_line_file(path).objects())
    assert refused.value.problems[0].rule == "lines_damaged"


def test_half_a_file_is_refused(tmp_path):
    path = write(tmp_path / "lines.parquet")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnusableLines):
        open_line_file(path)
