"""Write a file whole, or not at all: a full disk leaves no half of one, and what stood there before stays."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

STANDARD_OUTPUT = "-"
"""What a user writes for the screen, or for whatever reads along."""

FULL = {"nl": "de schijf is vol", "en": "the disk is full"}
NO_FOLDER = {"nl": "de map bestaat niet", "en": "the folder does not exist"}
NOT_ALLOWED = {"nl": "u mag hier niet schrijven", "en": "you may not write here"}
REASONS: Mapping[int, Mapping[str, str]] = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: {"nl": "uw ruimte op de schijf is op", "en": "your room on the disk is used up"},
    errno.EFBIG: {"nl": "het bestand is groter dan hier mag", "en": "the file is larger than is allowed here"},
    errno.ENOENT: NO_FOLDER,
    errno.ENOTDIR: NO_FOLDER,
    errno.EISDIR: {"nl": "dit is een map", "en": "this is a folder"},
    errno.EACCES: NOT_ALLOWED,
    errno.EPERM: NOT_ALLOWED,
    errno.EROFS: {"nl": "hier kan niet geschreven worden", "en": "nothing can be written here"},
    errno.EIO: {"nl": "de schijf geeft een fout", "en": "the disk reports a fault"},
    errno.ENAMETOOLONG: {"nl": "de naam is te lang", "en": "the name is too long"},
    errno.EPIPE: {"nl": "de ontvanger is gestopt", "en": "the receiver has stopped"},
}


class NotWrittenError(Exception):
    """A file could not be written; what stood in its place, if anything, is as it was.

    Parameters
    ----------
    place : str
        The file, as the user named it; `-` for standard output.
    error : OSError
        What the system said.
    """

    def __init__(self, place: str, error: OSError) -> None:
        super().__init__(place, error)  # what another process needs to make it again
        self.place, self.error = place, error

    def __str__(self) -> str:
        return self.message("en")

    def message(self, language: str = "nl") -> str:
        """Which file and why, in one line, in Dutch (`nl`) or English (`en`)."""
        reason = REASONS.get(self.error.errno or 0, {}).get(language, self.error.strerror or str(self.error))
        screen = {"nl": "De uitvoer", "en": "The output"}
        place = screen[language] if self.place == STANDARD_OUTPUT else self.place
        said = {"nl": "{place} is niet geschreven: {reason}.", "en": "{place} was not written: {reason}."}
        return said[language].format(place=place, reason=reason)


@contextmanager
def whole_file(place: Path) -> Iterator[Path]:
    """A new file to write in; it takes the name `place` once all of it is on the disk.

    Parameters
    ----------
    place : Path
        Where the file has to be. One that is there already stays until the new one is whole. What is no file, such as
        `/dev/stdout`, is written to as it is.

    Raises
    ------
    NotWrittenError
        The system refused. Nothing new is left, beside the place or in it.
    """
    try:
        target = place.resolve()
        if target.exists() and not target.is_file():
            yield target
            return
        part = target.with_name(f".buurtwaarde-{secrets.token_hex(8)}.part")
        try:
            part.touch(exist_ok=False)
            yield part
            _put_on_disk(part)
            if target.exists():
                shutil.copymode(target, part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise NotWrittenError(str(place), error) from error


def _put_on_disk(file: Path) -> None:
    """Some disks say only now that they are full."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
