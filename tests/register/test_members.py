"""Who may sign in with which roles, from the table; and the commands of an administrator."""

from __future__ import annotations

import pytest

import cli
from register import Forbidden, NotFound, open_register
from tests.register.people import ADMINISTRATOR, COUNCIL, FINANCE, FOREIGN, HOME


def test_roles_are_given_changed_and_taken_away_and_all_of_it_stays(register):
    assert register.member("u@example.nl") is None
    register.set_member(ADMINISTRATOR, "u@example.nl", name="Ursula", roles={"council"}, why="gekozen")
    register.set_member(
        ADMINISTRATOR, "u@example.nl", name="Ursula", roles={"council", "finance"}, why="auditcommissie"
    )
    known = register.member("u@example.nl")
    assert (known.organisation, known.roles, known.version) == (HOME, {"council", "finance"}, 2)
    assert (known.by, known.why) == (ADMINISTRATOR.user_id, "auditcommissie")
    register.withdraw_member(ADMINISTRATOR, "u@example.nl", why="afgetreden")
    assert register.member("u@example.nl").roles == frozenset()
    assert [one.version for one in register.members(FINANCE)] == [3]


def test_nobody_takes_over_a_member_of_another_organisation(register):
    register.set_member(ADMINISTRATOR, "u", name="U", roles={"council"}, why="x")
    for act in (
        lambda: register.set_member(FOREIGN, "u", name="U", roles={"administrator"}, why="x"),
        lambda: register.withdraw_member(FOREIGN, "u", why="x"),
    ):
        with pytest.raises(NotFound):
            act()
    assert register.members(FOREIGN) == []
    register.withdraw_member(ADMINISTRATOR, "u", why="verhuisd")
    register.set_member(FOREIGN, "u", name="U", roles={"council"}, why="verhuisd")
    assert register.members(ADMINISTRATOR) == []
    assert [one.user_id for one in register.members(FOREIGN)] == ["u"]


def test_a_role_that_there_is_not_is_refused(register):
    with pytest.raises(ValueError, match="unknown roles: mayor"):
        register.set_member(ADMINISTRATOR, "u", name="U", roles={"mayor"}, why="x")


def test_only_an_administrator_gives_roles(register):
    for actor in (COUNCIL, FINANCE):
        with pytest.raises(Forbidden):
            register.set_member(actor, actor.user_id, name="x", roles={"administrator"}, why="x")
        with pytest.raises(Forbidden):
            register.withdraw_member(actor, "u", why="x")


@pytest.fixture
def at_url(url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)
    return url


def test_the_members_command(at_url, capsys):
    assert cli.main(["members", "--organisation", HOME, "list"]) == 0
    assert capsys.readouterr().out == ""
    set_role = ["members", "--organisation", HOME, "set", "u@example.nl", "council", "finance"]
    assert cli.main([*set_role, "--name", "Ursula", "--why", "gekozen"]) == 0
    assert cli.main(["members", "--organisation", HOME, "list"]) == 0
    assert capsys.readouterr().out.split("\t")[:3] == ["u@example.nl", "Ursula", "council finance"]
    assert cli.main(["members", "--organisation", HOME, "withdraw", "u@example.nl", "--why", "weg"]) == 0
    cli.main(["members", "--organisation", HOME, "list"])
    assert "\t-\t" in capsys.readouterr().out
    assert cli.main(["members", "--organisation", HOME, "withdraw", "nobody", "--why", "weg"]) == 1
    assert capsys.readouterr().err == "Dit staat niet in het register van uw organisatie.\n"
    register = open_register(at_url)
    assert register.member("u@example.nl").roles == frozenset()
    register.close()


def test_backup_and_restore_as_commands(at_url, new_url, monkeypatch, tmp_path, capsys):
    register = open_register(at_url)
    case_id = register.save_case(FINANCE, name="Huis", workbook=b"1", why="begin").case_id
    register.close()
    file = str(tmp_path / "backup.zip")
    assert cli.main(["backup", file]) == 0
    assert "entries\t1\n" in capsys.readouterr().out
    assert cli.main(["restore", file]) == 1
    assert capsys.readouterr().err == ("Het register is niet leeg. Met --overwrite vervangt u alles wat erin staat.\n")
    assert cli.main(["restore", "--overwrite", file]) == 0
    elsewhere = new_url("sqlite")
    monkeypatch.setenv("DATABASE_URL", elsewhere)
    assert cli.main(["restore", file]) == 0
    register = open_register(elsewhere)
    assert register.case(FINANCE, case_id).workbook == b"1"
    register.close()


@pytest.mark.usefixtures("at_url")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["restore", "nothing.zip"], "no backup that can be used"),
        (["backup", "no such folder/backup.zip"], "backup.zip was not written: the folder does not exist."),
    ],
)
def test_what_goes_wrong_is_said_in_a_line(capsys, arguments, words, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["--language", "en", *arguments]) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_without_a_database_the_command_says_so(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:9/nothing")
    assert cli.main(["backup", str(tmp_path / "x.zip")]) == 1
    assert capsys.readouterr().err == "Het register is nu niet bereikbaar. Er is niets geschreven.\n"
