"""Who may do what: one table, tried in every cell on both databases, and what is refused leaves nothing behind."""

from __future__ import annotations

import logging

import pytest

from register import Forbidden, NotFound, open_register, personal_key
from tests.register.people import (
    ADMINISTRATOR,
    COUNCIL,
    FINANCE,
    FOREIGN,
    LINKED,
    NOBODY,
    OWNER,
    STRANGER,
)

PEOPLE = {
    "council": COUNCIL,
    "finance": FINANCE,
    "administrator": ADMINISTRATOR,
    "owner": OWNER,
    "linked": LINKED,
    "stranger": STRANGER,
    "nobody": NOBODY,
    "foreign": FOREIGN,
}
YES, NO, NONE = "yes", "forbidden", "not found"


def _append(kind, key="1", payload=None, dossier=False):
    def act(register, actor, case_id):
        place = None if dossier else case_id
        known = _all(register, place, FOREIGN if dossier and actor is FOREIGN else ADMINISTRATOR)
        known = [entry for entry in known if (entry.kind, entry.key) == (kind, key)]
        register.append(
            actor,
            place,
            kind=kind,
            key=key,
            payload={} if payload is None else payload,
            based_on=known[-1].version if known else None,
            why="tried",
        )

    return act


def _all(register, case_id, actor=ADMINISTRATOR):
    return register.history(actor, case_id)


ACTIONS = {
    "read the case": lambda register, actor, case_id: register.case(actor, case_id),
    "read an old version": lambda register, actor, case_id: register.case(actor, case_id, 1),
    "read its entries": lambda register, actor, case_id: register.entries(actor, case_id),
    "read its history": lambda register, actor, case_id: register.history(actor, case_id),
    "save a version": lambda register, actor, case_id: register.save_case(
        actor, case_id=case_id, name="Huis", workbook=b"next", based_on=1, why="tried"
    ),
    "start a case": lambda register, actor, _case_id: register.save_case(
        actor, name="Nieuw", workbook=b"new", why="tried"
    ),
    **{
        f"add {kind}": _append(kind)
        for kind in (
            "draft",
            "scenario",
            "decision",
            "review",
            "realisation",
            "claw_back",
            "minutes",
            "round",
            "opened",
        )
    },
    "say who may see it": _append("member", "sem", {"linked": True}),
    "add a framework": _append("framework", "k", dossier=True),
    "read the frameworks": lambda register, actor, _case_id: register.entries(actor, None, "framework"),
    "add a decision to the organisation’s dossier": _append("decision", "k", dossier=True),
    "export": lambda register, actor, case_id: register.export_case(actor, case_id),
    "delete": lambda register, actor, case_id: register.delete_case(actor, case_id, "request"),
    "list what was deleted": lambda register, actor, _case_id: register.tombstones(actor),
    "list members": lambda register, actor, _case_id: register.members(actor),
    "give somebody roles": lambda register, actor, _case_id: register.set_member(
        actor, f"new in {actor.organisation}", name="New", roles={"council"}, why="tried"
    ),
    "list cases": lambda register, actor, _case_id: register.cases(actor),
}

TABLE = """
                                             council finance administrator owner linked stranger nobody foreign
read the case                                yes     yes     yes           yes   yes    no       no     none
read an old version                          yes     yes     yes           yes   yes    no       no     none
read its entries                             yes     yes     yes           yes   yes    no       no     none
read its history                             yes     yes     yes           yes   yes    no       no     none
save a version                               no      yes     yes           yes   yes    no       no     none
start a case                                 no      yes     yes           yes   yes    yes      no     yes
add draft                                    no      yes     yes           yes   yes    no       no     none
add scenario                                 no      yes     yes           yes   yes    no       no     none
add decision                                 no      yes     yes           no    no     no       no     none
add review                                   no      yes     yes           no    no     no       no     none
add realisation                              no      yes     yes           no    no     no       no     none
add claw_back                                no      yes     yes           no    no     no       no     none
add minutes                                  no      yes     yes           no    no     no       no     none
add round                                    no      yes     yes           no    no     no       no     none
add opened                                   no      yes     yes           no    no     no       no     none
say who may see it                           no      yes     yes           no    no     no       no     none
add a framework                              no      yes     yes           no    no     no       no     yes
read the frameworks                          yes     yes     yes           yes   yes    yes      no     yes
add a decision to the organisation’s dossier no      yes     yes           no    no     no       no     yes
export                                       no      no      yes           no    no     no       no     none
delete                                       no      no      yes           no    no     no       no     none
list what was deleted                        no      no      yes           no    no     no       no     yes
list members                                 no      yes     yes           no    no     no       no     yes
give somebody roles                          no      no      yes           no    no     no       no     yes
list cases                                   yes     yes     yes           yes   yes    yes      no     yes
"""


def _cells():
    heads, *rows = [line for line in TABLE.splitlines() if line.strip()]
    for row in rows:
        action = next(name for name in sorted(ACTIONS, key=len, reverse=True) if row.startswith(name))
        for name, outcome in zip(heads.split(), row.removeprefix(action).split(), strict=True):
            yield pytest.param(action, name, {"yes": YES, "no": NO, "none": NONE}[outcome], id=f"{action}, {name}")


def test_the_table_tries_every_action():
    assert {cell.values[0] for cell in _cells()} == set(ACTIONS)
    assert {cell.values[1] for cell in _cells()} == set(PEOPLE)


@pytest.fixture(scope="module")
def fresh(request, tmp_path_factory):
    """A register with one case for each cell of the table: its tables are made once for each database."""
    registers = {}

    def of(kind):
        if kind not in registers:
            if kind == "sqlite":
                url = f"sqlite:///{tmp_path_factory.mktemp('rights') / 'register.db'}"
            else:
                url = request.getfixturevalue("postgres").get_uri()
            registers[kind] = open_register(url)
        return registers[kind]

    yield of
    for register in registers.values():
        register.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize(("action", "name", "outcome"), list(_cells()))
def test_every_cell_of_the_table(fresh, kind, action, name, outcome, caplog):
    register = fresh(kind)
    case_id = register.save_case(OWNER, name="Huis", workbook=b"start", why="first").case_id
    register.append(
        FINANCE, case_id, kind="member", key=LINKED.user_id, payload={"linked": True}, based_on=None, why="helps"
    )
    before = (_all(register, case_id), _all(register, None), register.cases(ADMINISTRATOR))
    caplog.clear()
    with caplog.at_level(logging.WARNING, "register"):
        if outcome == YES:
            ACTIONS[action](register, PEOPLE[name], case_id)
            assert not caplog.messages
            return
        with pytest.raises(Forbidden if outcome == NO else NotFound):
            ACTIONS[action](register, PEOPLE[name], case_id)
    assert (_all(register, case_id), _all(register, None), register.cases(ADMINISTRATOR)) == before
    (message,) = caplog.messages
    assert message.startswith("refused")
    assert PEOPLE[name].user_id not in message.split("case=")[0].replace("council", "")
    assert PEOPLE[name].name not in message


def test_the_list_holds_what_one_may_see_and_no_more(register):
    mine = register.save_case(OWNER, name="Van Olga", workbook=b"1", why="x").case_id
    other = register.save_case(STRANGER, name="Van Sem", workbook=b"2", why="x").case_id
    foreign = register.save_case(FOREIGN, name="Van Waterdorp", workbook=b"3", why="x").case_id

    def seen(actor):
        return {head.case_id for head in register.cases(actor)}

    assert seen(OWNER) == {mine}
    assert seen(STRANGER) == {other}
    assert seen(COUNCIL) == seen(FINANCE) == seen(ADMINISTRATOR) == {mine, other}
    assert seen(FOREIGN) == {foreign}
    assert seen(LINKED) == set()
    register.append(
        FINANCE, other, kind="member", key=LINKED.user_id, payload={"linked": True}, based_on=None, why="helps"
    )
    assert seen(LINKED) == {other}
    register.append(
        FINANCE, other, kind="member", key=LINKED.user_id, payload={"linked": False}, based_on=1, why="left"
    )
    assert seen(LINKED) == set()
    with pytest.raises(Forbidden):
        register.case(LINKED, other)


def test_the_same_user_id_elsewhere_is_somebody_else(register):
    """A user id says nothing without its organisation."""
    case_id = register.save_case(OWNER, name="Van Olga", workbook=b"1", why="x").case_id
    namesake = type(OWNER)(OWNER.user_id, OWNER.name, FOREIGN.organisation, OWNER.roles)
    assert register.cases(namesake) == []
    with pytest.raises(NotFound):
        register.case(namesake, case_id)
    with pytest.raises(NotFound):
        register.append(namesake, case_id, kind="draft", key="1", payload={}, based_on=None, why="x")


def test_a_draft_in_the_organisations_dossier_is_ones_own(register):
    key = personal_key(OWNER, "businesscase")
    register.append(OWNER, None, kind="draft", key=key, payload={"step": 3}, based_on=None, why="x")
    assert [entry.payload for entry in register.entries(OWNER, None, "draft")] == [{"step": 3}]
    for other in (STRANGER, FINANCE, ADMINISTRATOR):
        assert register.entries(other, None, "draft") == []
        with pytest.raises(Forbidden) as refused:
            register.append(other, None, kind="draft", key=key, payload={}, based_on=1, why="x")
        assert refused.value.reason == "not_your_key"


def test_the_organisations_dossier_cannot_be_reached_as_a_case(register):
    register.append(FINANCE, None, kind="framework", key="k", payload={}, based_on=None, why="x")
    for act in (
        lambda: register.case(FINANCE, ""),
        lambda: register.entries(OWNER, ""),
        lambda: register.delete_case(ADMINISTRATOR, "", "request"),
        lambda: register.export_case(ADMINISTRATOR, ""),
    ):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize("text", ["a\0b", "half \ud800"])
def test_a_text_that_a_database_cannot_keep_is_refused_whole(register, text):
    case_id = register.save_case(FINANCE, name="Huis", workbook=b"1", why="x").case_id
    for act in (
        lambda: register.save_case(FINANCE, name=text, workbook=b"1", why="x"),
        lambda: register.append(FINANCE, case_id, kind="decision", key=text, payload={}, based_on=None, why="x"),
        lambda: register.append(
            FINANCE, case_id, kind="decision", key="k", payload={"a": text}, based_on=None, why="x"
        ),
        lambda: register.append(FINANCE, case_id, kind="decision", key="k", payload={}, based_on=None, why=text),
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - the codec has words of its own
            act()
    assert len(register.history(FINANCE, case_id)) == 1


@pytest.mark.parametrize("case_id", ["", "nothing", "a\0b", "half \ud800", "'; DROP TABLE cases; --"])
def test_what_somebody_types_as_an_address_is_just_not_found(register, case_id):
    register.save_case(FINANCE, name="Huis", workbook=b"1", why="x")
    with pytest.raises(NotFound):
        register.case(FINANCE, case_id)
    with pytest.raises(NotFound):
        register.append(FINANCE, case_id, kind="decision", key="k", payload={}, based_on=None, why="x")


def test_every_change_has_a_reason_and_a_case_a_name(register):
    for name, why in (("Huis", " "), (" ", "x")):
        with pytest.raises(ValueError, match=r"a case has a name|an entry has a kind and a reason"):
            register.save_case(FINANCE, name=name, workbook=b"1", why=why)
    assert register.cases(FINANCE) == []


def test_free_text_does_not_come_onto_a_tombstone(register):
    case_id = register.save_case(FINANCE, name="Huis", workbook=b"1", why="x").case_id
    with pytest.raises(ValueError, match="request, retention, mistake"):
        register.delete_case(ADMINISTRATOR, case_id, "Jan de Vries asked for it")
    assert register.case(FINANCE, case_id)
