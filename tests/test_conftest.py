"""The rule "nothing is skipped where it matters" itself: it must be able to fail."""

from __future__ import annotations

from pathlib import Path

import pytest

SKIPS = """
import pytest

def test_skips():
    pytest.skip("no browser")

@pytest.mark.xfail(strict=True, reason="known")
def test_expected_to_fail():
    assert False

def test_passes():
    pass
"""
SKIPS_AS_A_FILE = 'import pytest\npytest.skip("no browser", allow_module_level=True)'


@pytest.fixture
def inner(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project of its own under the same conftest."""
    pytester.makeconftest(Path(__file__).with_name("conftest.py").read_text(encoding="utf-8"))
    return pytester


def test_a_skip_fails_where_nothing_may_be_skipped(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUURTWAARDE_NO_SKIPS", "1")
    inner.makepyfile(SKIPS)
    result = inner.runpytest_subprocess()
    result.assert_outcomes(passed=1, failed=1, xfailed=1)
    result.stdout.fnmatch_lines(["*No test may be skipped here. Skipped: no browser*"])


def test_a_file_that_skips_itself_fails_too(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUURTWAARDE_NO_SKIPS", "1")
    inner.makepyfile(SKIPS_AS_A_FILE)
    result = inner.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*No test may be skipped here. Skipped: no browser*"])


def test_a_skip_is_a_skip_elsewhere(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BUURTWAARDE_NO_SKIPS", raising=False)
    inner.makepyfile(SKIPS)
    inner.runpytest_subprocess().assert_outcomes(passed=1, skipped=1, xfailed=1)
