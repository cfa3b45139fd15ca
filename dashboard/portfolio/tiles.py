"""A background for the map, only where the administrator names a server for it; without, nothing is fetched."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

URL, ATTRIBUTION = "BUURTWAARDE_TILES_URL", "BUURTWAARDE_TILES_ATTRIBUTION"
PLACES = ("{z}", "{x}", "{y}")


@dataclass(frozen=True)
class Tiles:
    """A server of map pictures.

    Parameters
    ----------
    url : str
        Address of one picture, with {z}, {x} and {y} in it.
    attribution : str
        Whose map it is, as its licence wants it said.
    """

    url: str
    attribution: str

    @property
    def host(self) -> str:
        """The server that a visitor's browser asks for pictures."""
        return urlsplit(self.url).hostname or ""


class BadTilesError(Exception):
    """A server is named, but not so that it can be used; the text names the variable."""


def configured(variables: Mapping[str, str] = os.environ) -> Tiles | None:
    """The server that the administrator named; None where none is.

    Raises
    ------
    BadTilesError
        The address is no address of pictures, or nobody says whose map it is.
    """
    url = variables.get(URL, "").strip()
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not all(place in url for place in PLACES):
        raise BadTilesError(URL)
    attribution = variables.get(ATTRIBUTION, "").strip()
    if not attribution:
        raise BadTilesError(ATTRIBUTION)
    return Tiles(url, attribution)
