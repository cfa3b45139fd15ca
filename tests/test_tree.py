"""What holds for every file that goes into the repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Where packages come from is the installing machine's own business, and so are its folders: a lock or a document that
# names them works in one place only. Put together here, so that this file does not name them either.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
    )
]
FORBIDDEN = re.compile("|".join([*map(re.escape, HOSTS), r"(?<![\w.])/" + r"work/"]))


def files() -> list[Path]:
    """Every file that is in the repository, or would be with the next `git add`."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git repository, so what belongs to it is not known")
    return [ROOT / name for name in done.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def named_places(text: str) -> list[str]:
    return FORBIDDEN.findall(text)


def test_no_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    texts = {path: path.read_bytes() for path in files()}
    found = {
        str(path.relative_to(ROOT)): places
        for path, content in texts.items()
        if b"\0" not in content and (places := named_places(content.decode("utf-8")))
    }
    assert not found


@pytest.mark.parametrize("text", [f"--index-url https://{HOSTS[0]}/simple", "see /wo" + "rk/shared", "'/wo" + "rk/x'"])
def test_such_a_place_is_seen(text: str) -> None:
    assert named_places(text)


@pytest.mark.parametrize("text", ["https://gemeente.example/work/plan", "../shared/cases", "frame/work/"])
def test_what_only_looks_like_one_is_not(text: str) -> None:
    assert not named_places(text)


def test_spreadsheets_stand_only_where_a_source_or_a_test_explains_them() -> None:
    spreadsheets = {".xlsx", ".xls", ".ods", ".csv", ".parquet"}
    rooms = {path.relative_to(ROOT).parts[0] for path in files() if path.suffix.lower() in spreadsheets}
    assert rooms == {"datasets", "tests"}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_a_hash_and_a_plain_version(name: str) -> None:
    entries = (ROOT / name).read_text("utf-8").replace("\\\n", "").splitlines()
    packages = [entry for entry in entries if entry and not entry.lstrip().startswith("#")]
    assert len(packages) > 40
    for package in packages:
        assert re.match(r"[a-z0-9._-]+==[0-9][0-9a-z.]*( ; .+?)?\s+--hash=sha256:", package), package


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    articles = [int(number) for number in re.findall(r"^(\d+)\.\s?[A-Z]", text, flags=re.MULTILINE)]
    assert articles == list(range(1, 16))
    assert "Appendix" in text
    assert text.rstrip().endswith("require the production of a new EUPL version.")
