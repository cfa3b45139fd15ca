"""Who does something alike: by task, theme or neighbourhood."""

from __future__ import annotations

from tests.building import build_case
from valuation.directory import alike, directory

CASE = build_case(
    initiatives=[
        {"initiative_id": "A", "name": "Moestuin", "theme": "Zorg", "neighbourhood": "Noord", "stage": "running"},
        {"initiative_id": "B", "name": "Eettafel", "theme": "zorg ", "neighbourhood": "Zuid"},
        {"initiative_id": "C", "name": "Fietsen", "theme": "sport", "neighbourhood": "NOORD"},
        {"initiative_id": "D", "name": "Koor", "theme": "cultuur", "neighbourhood": "Oost"},
        {"initiative_id": "E", "name": "Naamloos"},
        {"initiative_id": "F", "name": "Ook naamloos"},
    ],
    tasks=[
        {"initiative_id": "A", "task": "Dagbesteding  ouderen"},
        {"initiative_id": "A", "task": "Vervoer", "price_key": "wmo_transport_day_mun"},
        {"initiative_id": "B", "task": "dagbesteding Ouderen"},
        {"initiative_id": "B", "task": "Koken"},
        {"initiative_id": "C", "task": "Ritten", "price_key": "wmo_transport_day_mun"},
    ],
)


def test_what_two_initiatives_share():
    rows = alike(CASE, "A").set_index("initiative_id")
    assert rows.index.tolist() == ["B", "C"]
    assert rows.loc["B", ["shared_tasks", "same_theme", "same_neighbourhood"]].tolist() == [
        "Dagbesteding  ouderen",
        True,
        False,
    ]
    assert rows.loc["C", ["shared_tasks", "same_theme", "same_neighbourhood"]].tolist() == ["Vervoer", False, True]


def test_being_alike_goes_both_ways():
    for one in CASE.initiatives["initiative_id"]:
        for other in alike(CASE, one)["initiative_id"]:
            assert one in alike(CASE, other)["initiative_id"].tolist()


def test_two_empty_cells_have_nothing_in_common():
    assert alike(CASE, "E").empty
    assert alike(CASE, "D").empty


def test_the_directory_has_every_initiative_with_its_tasks():
    rows = directory(CASE).set_index("initiative_id")
    assert rows.index.tolist() == list("ABCDEF")
    assert rows.loc["B", "tasks"] == "dagbesteding Ouderen; Koken"
    assert rows.loc["D", "tasks"] == ""
    assert rows.loc["A", "stage"] == "running"
