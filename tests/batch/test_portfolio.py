"""A whole run: the same digits whoever works and however often it was stopped, with real processes that are killed."""

from __future__ import annotations

import errno
import gc
import json
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import batch.portfolio as running
from batch import ClusterGone, WorkerGone, value_portfolio
from exports.line_table import NoLineFile, line_file
from exports.parquet import as_parquet
from exports.whole_file import NotWrittenError
from intake import build_case, load_reference, read_workbook
from intake.line_table import UnusableLines
from tests.building import build_case as built
from valuation.appraisal import appraise
from valuation.uncertainty import simulate

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "datasets" / "voorbeeldgemeente.xlsx"
PUBLIC_CASE = ROOT / "tests" / "cases" / "municipality.xlsx"


def case_of(path):
    return build_case(read_workbook(path.read_bytes(), path.name), load_reference()).case


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    """A small synthetic country."""
    path = tmp_path_factory.mktemp("country") / "lines.parquet"
    maker = [sys.executable, ROOT / "datasets" / "synthetic_country.py", "--objects", "600", "--out", path]
    subprocess.run(maker, check=True, cwd=ROOT, capture_output=True)
    return path


@pytest.fixture
def small_parts(monkeypatch):
    """Many parts of a few objects, as a big country has."""
    monkeypatch.setattr(running, "VALUES_IN_A_PART", 300 * 1024)


@pytest.mark.parametrize("path", [EXAMPLE, PUBLIC_CASE], ids=["example", "public"])
def test_the_lines_of_a_workbook_are_worth_what_its_appraisal_says(tmp_path, path):
    result = appraise(case_of(path))
    source, out = tmp_path / "lines.parquet", tmp_path / "values.parquet"
    source.write_bytes(as_parquet(line_file([result])))
    value_portfolio(source, out)
    empty = {"unit_value_eur", "low_eur", "high_eur", "distribution", "price", "take_up"}
    assert {each.name for each in pq.read_schema(source) if each.nullable} == empty
    found = pd.read_parquet(out).set_index("object")
    expected = result.assets.set_index("asset_id").loc[found.index]
    for column in (
        "book_value_eur",
        "social_benefits_eur",
        "social_costs_eur",
        "social_value_eur",
        "bcr",
        "municipality_npv_at_zero_price_eur",
    ):
        np.testing.assert_allclose(found[column], expected[column], rtol=1e-12, atol=1e-6, err_msg=column)


def test_an_empty_cost_that_counts_as_zero_is_not_among_what_nobody_can_price(tmp_path):
    """WORKBOOK: an empty amount is 0, and a warning says so; p.m. is an effect without a price (METHOD §10)."""
    effects = [{"owner_id": "I", "effect": "ontmoeting"}, {"owner_id": "I", "effect": "rust", "unit_value_eur": 1.0}]
    case = built(
        assets=[{"fallback_cost_eur": None}],
        initiatives=[{"asset_id": "1", "duration_years": 9}],
        effects=effects,
    )
    result = appraise(case)
    assert "fallback_missing" in {problem.rule for problem in result.problems}
    source, out = tmp_path / "lines.parquet", tmp_path / "values.parquet"
    source.write_bytes(as_parquet(line_file([result])))
    value_portfolio(source, out)
    assert pd.read_parquet(out)["unpriced_lines"].tolist() == [1]


def test_the_draws_of_a_workbook_are_as_sure_as_its_simulation_says(tmp_path):
    """Other draws of the same ranges: means to a thousandth of the spread, quantiles as far as sampling lets them."""
    result = appraise(case_of(EXAMPLE))
    source, out = tmp_path / "lines.parquet", tmp_path / "values.parquet"
    source.write_bytes(as_parquet(line_file([result])))
    value_portfolio(source, out, draws=8192)
    found = pd.read_parquet(out).set_index("object")
    expected = simulate(result.case, 32_768).assets.set_index("asset_id").loc[found.index]
    spread = expected["p90"] - expected["p10"]
    assert spread.notna().sum() > 10
    assert ((found["social_value_mean_eur"] - expected["mean"]).abs() / spread).max() < 0.005
    for name in ("p5", "p10", "p50", "p90", "p95"):
        assert ((found[f"social_value_{name}_eur"] - expected[name]).abs() / spread).max() < 0.02, name
    chances = found["probability_social_value_positive"] - expected["probability_social_value_positive"]
    assert chances.abs().max() < 0.01


def read(out):
    """Objects and municipalities of a result."""
    return pd.read_parquet(out), pd.read_parquet(out.with_name(out.stem + ".municipalities.parquet"))


def assert_same_digits(one, other):
    for found, expected in zip(read(one), read(other), strict=True):
        pd.testing.assert_frame_equal(found, expected, check_exact=True, check_categorical=False)


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("draws", [None, 1024])
def test_the_number_of_workers_changes_no_digit(country, tmp_path, draws):
    for workers in (1, 3):
        value_portfolio(country, tmp_path / f"{workers}.parquet", draws=draws, workers=workers)
    assert_same_digits(tmp_path / "1.parquet", tmp_path / "3.parquet")


@pytest.fixture
def processes(monkeypatch):
    """Draws in other processes, however few parts there are."""
    monkeypatch.setattr(running, "FEW_PARTS", 0)
    monkeypatch.setattr(running, "VALUES_IN_A_PART", 300 * 1024)


def others():
    """The processes that work for this one on a part."""
    return [process.pid for process in multiprocessing.active_children()]


@pytest.mark.usefixtures("processes")
def test_processes_give_the_same_digits_also_when_one_is_killed(country, tmp_path):
    killed = []

    def kill_one(finished, parts):
        if finished == 2:
            assert parts > 6
            killed.append(others()[0])
            os.kill(killed[0], signal.SIGKILL)

    value_portfolio(country, tmp_path / "processes.parquet", draws=1024, workers=2, progress=kill_one)
    assert len(killed) == 1
    assert not others()
    value_portfolio(country, tmp_path / "here.parquet", draws=1024, workers=1)
    assert_same_digits(tmp_path / "processes.parquet", tmp_path / "here.parquet")


@pytest.mark.usefixtures("processes")
def test_processes_that_are_killed_every_time_leave_what_is_finished(country, tmp_path):
    def kill_all(_finished, _parts):
        for process in others():
            os.kill(process, signal.SIGKILL)

    out = tmp_path / "values.parquet"
    with pytest.raises(WorkerGone) as gone:
        value_portfolio(country, out, draws=1024, workers=2, progress=kill_all)
    assert 1 <= gone.value.finished < gone.value.parts
    for language in ("nl", "en"):
        assert f"{gone.value.finished} " in gone.value.message(language)
    assert not out.exists()
    assert value_portfolio(country, out, draws=1024, workers=1).went_on == gone.value.finished


@pytest.mark.usefixtures("processes")
def test_a_run_that_is_broken_off_leaves_no_process(country, tmp_path):
    def stop(_finished, _parts):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        value_portfolio(country, tmp_path / "values.parquet", draws=1024, workers=2, progress=stop)
    assert not others()


def test_processes_end_with_the_one_that_they_work_for(country, tmp_path):
    """The command is killed: nobody else could end the processes that worked for it."""
    run = [sys.executable, "-c", RUN_WITH_OTHERS, country, tmp_path / "values.parquet"]
    with subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        working = json.loads(process.stdout.readline())
        process.kill()
    assert working
    until = time.monotonic() + 30
    while any(is_there(number) for number in working) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(is_there(number) for number in working)


def test_who_stops_the_command_is_told_where_it_goes_on(country, tmp_path):
    """Ctrl-C in a terminal reaches all processes of the command; six hundred parts take longer than the key."""
    out = tmp_path / "values.parquet"
    run = [sys.executable, "-c", COMMAND, country, out, "--draws", "8192", "--workers", "2"]
    answers = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # not so where the tests run in the background
    options = {"stderr": subprocess.PIPE, "text": True, "start_new_session": True, "preexec_fn": answers}
    with subprocess.Popen(run, cwd=ROOT, **options) as process:
        until = time.monotonic() + 60
        while not list(tmp_path.glob("values.parquet.parts/part-*.objects.arrow")) and time.monotonic() < until:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        said = process.stderr.read()
    assert process.returncode == 130
    assert said == f"Stopped. The parts that are finished stand in {out}.parts: the same command goes on from there.\n"
    again = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "were there already from an earlier run" in again.stdout


def is_there(number):
    """Whether a process runs; one that has ended and was not yet asked for its result does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


RUN_WITH_OTHERS = """
import json, multiprocessing, sys, time
from pathlib import Path
import batch.portfolio as running

def wait(finished, parts):
    print(json.dumps([process.pid for process in multiprocessing.active_children()]), flush=True)
    time.sleep(600)

running.FEW_PARTS, running.VALUES_IN_A_PART = 0, 300 * 1024
running.value_portfolio(Path(sys.argv[1]), Path(sys.argv[2]), draws=1024, workers=2, progress=wait)
"""


def test_another_division_changes_no_digit_of_an_object(country, tmp_path, monkeypatch):
    value_portfolio(country, tmp_path / "whole.parquet", draws=1024)
    monkeypatch.setattr(running, "VALUES_IN_A_PART", 70 * 1024)
    value_portfolio(country, tmp_path / "parts.parquet", draws=1024)
    whole, parts = read(tmp_path / "whole.parquet"), read(tmp_path / "parts.parquet")
    pd.testing.assert_frame_equal(whole[0], parts[0], check_exact=True, check_categorical=False)
    # A municipality's draws are added up part by part, so its last digits may differ.
    pd.testing.assert_frame_equal(whole[1], parts[1], check_exact=False, rtol=1e-12, atol=0.0)


def test_a_part_without_an_object_of_its_own_is_passed_over(country, tmp_path, monkeypatch):
    """Parts of one line: nine in ten lie within an object that began before."""
    lines = pq.read_table(country).slice(0, 300)
    pq.write_table(lines, tmp_path / "lines.parquet")
    value_portfolio(tmp_path / "lines.parquet", tmp_path / "whole.parquet", draws=1024)
    monkeypatch.setattr(running, "VALUES_IN_A_PART", 1024)
    value_portfolio(tmp_path / "lines.parquet", tmp_path / "parts.parquet", draws=1024)
    whole, parts = read(tmp_path / "whole.parquet"), read(tmp_path / "parts.parquet")
    assert len(parts[0]) == 30
    pd.testing.assert_frame_equal(whole[0], parts[0], check_exact=True, check_categorical=False)


def test_a_municipality_is_the_sum_of_its_objects_and_the_country_of_all(country, tmp_path):
    portfolio = value_portfolio(country, tmp_path / "values.parquet")
    objects, municipalities = read(tmp_path / "values.parquet")
    sums = objects.groupby("municipality", observed=True).sum(numeric_only=True)
    assert portfolio.objects == len(objects) == 600
    assert portfolio.is_synthetic
    assert municipalities["municipality"].iloc[-1] == "NL"
    assert portfolio.municipalities == len(municipalities) - 1 == len(sums)
    own = municipalities.iloc[:-1].set_index("municipality")
    for column in ("book_value_eur", "social_value_eur", "municipality_npv_at_zero_price_eur"):
        np.testing.assert_allclose(own[column], sums[column].loc[own.index], rtol=1e-12)
        assert municipalities[column].iloc[-1] == pytest.approx(objects[column].sum(), rel=1e-12)
        assert portfolio.totals[column] == pytest.approx(objects[column].sum(), rel=1e-12)
    metadata = json.loads(pq.read_schema(tmp_path / "values.parquet").metadata[b"buurtwaarde"])
    assert metadata["synthetic"] is True


@pytest.mark.usefixtures("small_parts")
def test_a_run_that_was_stopped_goes_on(country, tmp_path):
    out = tmp_path / "values.parquet"

    def stop_after_three(finished, _parts):
        if finished == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        value_portfolio(country, out, draws=1024, workers=1, progress=stop_after_three)
    assert not out.exists()
    seen = []
    portfolio = value_portfolio(country, out, draws=1024, progress=lambda finished, _parts: seen.append(finished))
    assert portfolio.went_on in (3, 4)  # a part that was under way is kept as well
    assert seen[0] == portfolio.went_on + 1
    assert not out.with_name("values.parquet.parts").exists()
    value_portfolio(country, tmp_path / "at_once.parquet", draws=1024)
    assert_same_digits(out, tmp_path / "at_once.parquet")


@pytest.mark.usefixtures("small_parts")
def test_an_error_during_the_work_is_not_one_of_the_result_that_is_being_written(country, tmp_path):
    """A result is written while parts are worked on; a full disk there has a message of its own."""

    def fail(finished, _parts):
        if finished == 2:
            raise OSError(errno.EIO, "the disk with the lines")

    (tmp_path / "values.parquet").write_text("an earlier result")
    with pytest.raises(OSError, match="the disk with the lines"):
        value_portfolio(country, tmp_path / "values.parquet", draws=1024, progress=fail)
    assert (tmp_path / "values.parquet").read_text() == "an earlier result"
    assert {path.name for path in tmp_path.iterdir()} == {"values.parquet", "values.parquet.parts"}


def test_a_disk_that_is_full_for_the_result_keeps_the_parts(country, tmp_path):
    """The kernel refuses files of more than 30 kB: each part of ten objects is smaller, and the result larger."""
    lines, out = tmp_path / "lines.parquet", tmp_path / "values.parquet"
    pq.write_table(pq.read_table(country), lines, row_group_size=100)
    out.write_text("an earlier result")
    said = command(lines, out, room=30_000, check=2).stderr
    assert said.splitlines()[-1] == f"{out} was not written: the file is larger than is allowed here."
    assert out.read_text() == "an earlier result"
    assert {path.name for path in tmp_path.iterdir()} == {"lines.parquet", "values.parquet", "values.parquet.parts"}
    assert not (tmp_path / "values.parquet.parts" / "result.parquet").exists()
    assert "were there already from an earlier run" in command(lines, out).stdout
    assert len(pd.read_parquet(out)) == 600


def test_a_disk_that_is_full_for_a_part_is_said_also_where_another_process_works_on_it(country, tmp_path):
    out = tmp_path / "values.parquet"
    said = command(country, out, "--draws", "1024", "--workers", "2", room=10_000, check=2).stderr
    assert f"{out}.parts/" in said
    assert said.endswith(" was not written: the file is larger than is allowed here.\n")


def command(lines, out, *options, room=resource.RLIM_INFINITY, check=0):
    """What the command says, when no file may be larger than so many bytes; in small parts."""
    run = [sys.executable, "-c", COMMAND, lines, out, *options]

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    found = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=limit)
    assert found.returncode == check, found.stderr
    return found


COMMAND = """
import sys
import batch.portfolio as running
import cli
running.FEW_PARTS, running.VALUES_IN_A_PART, running.ROWS_IN_A_PART = 0, 100 * 1024, 100
lines, out, *options = sys.argv[1:]
sys.exit(cli.main(["--taal", "en", "portfolio", lines, "--out", out, *options]))
"""


def test_a_result_may_go_where_no_file_is(country, tmp_path):
    (tmp_path / "values.parquet").symlink_to("/dev/full")
    (tmp_path / "values.municipalities.parquet").symlink_to("/dev/null")
    with pytest.raises(NotWrittenError, match=r"values\.parquet was not written: the disk is full"):
        value_portfolio(country, tmp_path / "values.parquet")
    assert Path("/dev/full").is_char_device()


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("other", ["seed", "program"])
def test_parts_of_another_run_are_not_taken(country, tmp_path, monkeypatch, other):
    out = tmp_path / "values.parquet"

    def stop(_finished, _parts):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        value_portfolio(country, out, draws=1024, workers=1, progress=stop)
    if other == "program":
        monkeypatch.setattr(running, "program", lambda: "a newer version")
    assert value_portfolio(country, out, draws=1024, seed=2 if other == "seed" else 1).went_on == 0


def test_a_process_that_is_killed_loses_no_finished_part(country, tmp_path):
    """A real process, killed in the middle: the next one goes on, and no half file stands under the final name."""
    out, kept = tmp_path / "values.parquet", tmp_path / "values.parquet.parts"
    process = subprocess.Popen([sys.executable, "-c", RUN, country, out], cwd=ROOT)
    try:
        until = time.monotonic() + 60
        while len(list(kept.glob("part-*.objects.arrow"))) < 4 and time.monotonic() < until and process.poll() is None:
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    finished = len(list(kept.glob("part-*.objects.arrow")))
    assert finished >= 4
    assert not out.exists()
    again = [sys.executable, "-c", RUN, country, out]
    went_on = subprocess.run(again, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert int(went_on) == finished
    value_portfolio(country, tmp_path / "at_once.parquet", draws=8192)
    pd.testing.assert_frame_equal(
        read(out)[0], read(tmp_path / "at_once.parquet")[0], check_exact=True, check_categorical=False
    )


RUN = """
import sys
from pathlib import Path
import batch.portfolio as running
running.VALUES_IN_A_PART = 100 * 8192
print(running.value_portfolio(Path(sys.argv[1]), Path(sys.argv[2]), draws=8192, workers=1).went_on)
"""


CLUSTER = """
import json, sys, threading
from distributed import LocalCluster
if __name__ == "__main__":
    cluster = LocalCluster(
        n_workers=int(sys.argv[1]), threads_per_worker=1, protocol="tcp", dashboard_address=":0", host="127.0.0.1"
    )
    workers = [worker.pid for worker in cluster.workers.values()]
    print(json.dumps([cluster.scheduler_address, workers]), flush=True)
    threading.Event().wait()
"""


@contextmanager
def cluster_of(workers):
    """A real scheduler with workers, each a process of its own: its address, their numbers, and how all are killed."""
    program = [sys.executable, "-c", CLUSTER, str(workers)]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True)

    def kill_all():
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)

    try:
        address, numbers = json.loads(process.stdout.readline())
        yield address, numbers, kill_all
    finally:
        kill_all()
        process.wait()
        process.stdout.close()
        gc.collect()  # what is left of lost connections belongs to this test


@pytest.mark.filterwarnings("default")
def test_a_cluster_gives_the_same_digits_also_when_a_worker_is_killed(country, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "VALUES_IN_A_PART", 200 * 8192)
    killed = []
    with cluster_of(2) as (address, workers, _kill_all):

        def kill_one(finished, parts):
            if finished == 2:
                assert parts > 6
                killed.append(workers[0])
                os.kill(workers[0], signal.SIGKILL)

        value_portfolio(country, tmp_path / "cluster.parquet", draws=8192, scheduler=address, progress=kill_one)
    assert len(killed) == 1
    value_portfolio(country, tmp_path / "here.parquet", draws=8192)
    assert_same_digits(tmp_path / "cluster.parquet", tmp_path / "here.parquet")


@pytest.mark.filterwarnings("default")
def test_a_cluster_that_is_gone_keeps_what_is_finished(country, tmp_path, monkeypatch):
    """The whole cluster is killed during the run; the same command finishes the rest here."""
    monkeypatch.setattr(running, "VALUES_IN_A_PART", 100 * 8192)
    out = tmp_path / "values.parquet"
    with cluster_of(1) as (address, _workers, kill_all):

        def kill(finished, _parts):
            if finished == 2:
                kill_all()

        with pytest.raises(ClusterGone) as gone:
            value_portfolio(country, out, draws=8192, scheduler=address, progress=kill)
    assert gone.value.finished >= 2
    assert address in gone.value.message("nl")
    assert value_portfolio(country, out, draws=8192).went_on >= 2


def test_no_cluster_at_the_address_is_said(country, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "SECONDS_TO_CONNECT", 1)
    with pytest.raises(ClusterGone) as gone:
        value_portfolio(country, tmp_path / "values.parquet", scheduler="tcp://127.0.0.1:1")
    assert "tcp://127.0.0.1:1" in gone.value.message("en")


def test_a_file_that_breaks_a_rule_leaves_no_result(country, tmp_path):
    rows = pq.read_table(country)
    at = rows.column_names.index("deadweight")
    shares = rows["deadweight"].to_numpy().copy()
    shares[4321] = 1.5
    broken = rows.set_column(at, "deadweight", [shares])
    pq.write_table(broken, tmp_path / "lines.parquet")
    with pytest.raises(UnusableLines) as refused:
        value_portfolio(tmp_path / "lines.parquet", tmp_path / "values.parquet")
    assert refused.value.problems[0].parameters["row"] == 4322
    assert [path.name for path in tmp_path.iterdir()] == ["lines.parquet"]


def test_municipalities_with_different_terms_do_not_stand_in_one_file():
    one, other = (
        appraise(built(assets=[{"asset_id": "1"}], municipality=name, horizon_years=years))
        for name, years in (("Aa", 20), ("Bee", 30))
    )
    with pytest.raises(NoLineFile) as different:
        line_file([one, other])
    for word in ("Aa", "Bee", "Zichtperiode"):
        assert word in different.value.message("nl")


def test_threads_of_a_run_are_gone_after_it(country, tmp_path):
    before = threading.active_count()
    value_portfolio(country, tmp_path / "values.parquet", workers=4)
    assert threading.active_count() == before
