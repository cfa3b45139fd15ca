"""A folder for what only one run needs; what a killed run left behind goes with the next one."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PREFIX = ".buurtwaarde-portfolio-"


@contextmanager
def working_folder(place: Path) -> Iterator[Path]:
    """A new folder in this place, gone after the run.

    A run holds its folder as long as it lives, however it ends: one that nobody holds was left behind. The place itself
    is held while folders are cleared and made, so that none is seen before its run holds it. On a disk, or a system,
    that knows no holds nothing is cleared.
    """
    with ExitStack() as run:
        with _held(place, waits=True):
            _clear(place)
            folder = Path(run.enter_context(TemporaryDirectory(dir=place, prefix=PREFIX)))
            run.enter_context(_held(folder))
        yield folder


def _clear(place: Path) -> None:
    """Away with the folders here that no run holds."""
    for folder in place.glob(f"{PREFIX}*"):
        with _held(folder) as is_held:
            if is_held:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _held(folder: Path, *, waits: bool = False) -> Iterator[bool]:
    """Hold a folder; whether that worked, and nobody else holds it."""
    if sys.platform == "win32":  # which cannot hold a folder
        yield False
        return
    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:  # another user's
        yield False
        return
    try:
        yield _locked(opened, waits=waits)
    finally:
        os.close(opened)


def _locked(opened: int, *, waits: bool) -> bool:
    import fcntl  # noqa: PLC0415 - Windows does not have it

    try:
        fcntl.flock(opened, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
