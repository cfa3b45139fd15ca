"""Outlines of neighbourhoods, from a user's GeoJSON file: for the map, and for nothing else.

The file is read in the child process with its limits (`intake.guarded`), as every file of a user is. What comes back
are areas in degrees with the texts that the file has of each; which of those is the name, the user says where it is not
plain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from intake.names import fold
from intake.reading import MEGABYTE, UnreadableFile, ask_child
from valuation.positions import LATITUDES, LONGITUDES
from valuation.problems import Problem

MAX_OUTLINES_BYTES = 20 * MEGABYTE
NAME_WORDS = ("buurtnaam", "bu_naam", "wijknaam", "wk_naam", "naam", "name", "statnaam", "buurt", "wijk")
"""What a property with the name is often called, the likeliest first."""

Ring = tuple[tuple[float, ...], tuple[float, ...]]
"""Longitudes and latitudes of the points of an outline."""


@dataclass(frozen=True)
class Outlines:
    """The areas of one file.

    Parameters
    ----------
    filename : str
    areas : tuple of tuple of Ring
        Of each area its rings, in degrees (WGS84); outer rings run anticlockwise and holes clockwise.
    properties : dict
        Name of a property to its text for each area; None where it has none.
    problems : tuple of Problem
        Warnings: what in the file is no area.
    """

    filename: str
    areas: tuple[tuple[Ring, ...], ...]
    properties: dict[str, tuple[str | None, ...]]
    problems: tuple[Problem, ...] = ()

    def likely_name(self, neighbourhoods: Sequence[str]) -> str | None:
        """The property that is the name: that with most of these neighbourhoods, and of those the likeliest word.

        None where the file has no property with a text.
        """
        known = {fold(name) for name in neighbourhoods}

        def likeness(name: str) -> tuple[int, int]:
            hits = len({fold(text) for text in self.properties[name] if text} & known)
            words = [-place for place, word in enumerate(NAME_WORDS) if fold(name) == fold(word)]
            return hits, max(words, default=-len(NAME_WORDS))

        return max(self.properties, key=likeness, default=None)

    def is_plain(self, name: str, neighbourhoods: Sequence[str]) -> bool:
        """Whether this property alone has these neighbourhoods, so that nobody has to say which it is."""
        known = {fold(each) for each in neighbourhoods}
        hits = {key: len({fold(text) for text in texts if text} & known) for key, texts in self.properties.items()}
        return hits[name] > 0 and all(count < hits[name] for key, count in hits.items() if key != name)


def read_outlines(data: bytes, filename: str) -> Outlines:
    """The areas of a GeoJSON file.

    Parameters
    ----------
    data : bytes
    filename : str
        Its name, for messages.

    Raises
    ------
    UnreadableFile
        The file is empty or too large, no GeoJSON with areas, not in degrees, or of another country.
    """
    if not data:
        raise _refusal("file_empty", filename)
    if len(data) > MAX_OUTLINES_BYTES:
        limit = MAX_OUTLINES_BYTES // MEGABYTE
        raise _refusal("outlines_file_too_large", filename, size=len(data) / MEGABYTE, limit=limit)
    answer, _ = ask_child({"task": "outlines"}, data, filename)
    areas = tuple(
        tuple((tuple(longitudes), tuple(latitudes)) for longitudes, latitudes in rings) for rings in answer["areas"]
    )
    _check_country(areas, filename)
    problems = tuple(
        Problem("warning", "outlines_no_area", value=kind, parameters={"count": count, "file_name": filename})
        for kind, count in answer["left_out"]
    )
    return Outlines(filename, areas, {name: tuple(texts) for name, texts in answer["properties"]}, problems)


def _check_country(areas: tuple[tuple[Ring, ...], ...], filename: str) -> None:
    """A file of which no point lies in the country is another country's, or has north and east swapped."""
    points = [point for rings in areas for ring in rings for point in zip(*ring, strict=True)]
    if any(_within(point, LONGITUDES, LATITUDES) for point in points):
        return
    if any(_within(point, LATITUDES, LONGITUDES) for point in points):
        raise _refusal("outlines_swapped", filename)
    raise _refusal("outlines_elsewhere", filename)


def _refusal(rule: str, filename: str, **parameters: Any) -> UnreadableFile:
    return UnreadableFile(Problem("error", rule, value=filename, parameters=parameters))


def _within(point: tuple[float, float], first: tuple[float, float], second: tuple[float, float]) -> bool:
    return first[0] <= point[0] <= first[1] and second[0] <= point[1] <= second[1]
