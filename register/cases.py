"""The register: keep, look up, add, export and delete. Every function enforces what the actor may do."""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from register import rights
from register.actors import ROLES, Actor, writable
from register.adding import Addition, add, entry_of, insert_once, of_case
from register.database import Database
from register.dossier_file import dossier_file
from register.errors import Conflict, Forbidden, NotFound
from register.records import WORKBOOK, CaseHead, CaseVersion, Entry, Member, Tombstone
from register.tables import OWN_DOSSIER, cases, entries, members, tombstones, workbooks

DELETION_REASONS = ("request", "retention", "mistake")
"""Grounds for deleting a case: a person asked for it, the retention period is over, kept by mistake. A closed list:
free text on a tombstone could name somebody again."""

log = logging.getLogger("register")


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def open_register(url: str | None = None) -> Register:
    """Open the register, and bring its tables to the newest version.

    Parameters
    ----------
    url : str | None
        `sqlite:///FILE` or `postgresql://…`. `None` reads `DATABASE_URL`; without that it is `data/register.db`, which
        is made when something is kept for the first time.

    Raises
    ------
    RegisterUnavailable
        The database cannot be reached, is damaged, or was made by a newer version of this software.
    """
    return Register(Database(url))


class Register:
    """Kept cases of organisations, each as a growing list of entries.

    Every function raises `Forbidden` where the actor may not, `NotFound` where for them there is nothing, `Conflict`
    where somebody else was first, and `RegisterUnavailable` where the database is not there. After any of these
    nothing was written.

    Parameters
    ----------
    database : Database
    clock : callable
        The moment in UTC; tests hand in another one.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self.database = database
        self._clock = clock

    def close(self) -> None:
        """Let go of the database; using the register again opens it anew."""
        self.database.close()

    # Cases and their workbooks

    def save_case(
        self,
        actor: Actor,
        *,
        name: str,
        workbook: bytes,
        why: str,
        case_id: str | None = None,
        initiatives: Iterable[str] = (),
        based_on: int | None = None,
    ) -> CaseVersion:
        """Keep a workbook as a new case, or as the next version of one.

        Parameters
        ----------
        actor : Actor
            Finance and administrators; an initiative only its own cases. Who keeps a new case owns it.
        name : str
            What the case is called from this version on.
        workbook : bytes
            The file, kept to the byte.
        why : str
            What changed and why. For a new case: what it is kept for.
        case_id : str | None
            The case; `None` makes one.
        initiatives : iterable of str
            The initiatives in the workbook that the case is about.
        based_on : int | None
            The version that was worked on; `None` for a new case.
        """
        if not name.strip():
            raise ValueError("a case has a name")
        sha256 = hashlib.sha256(workbook).hexdigest()
        content = {
            "name": name.strip(),
            "initiatives": list(initiatives),
            "sha256": sha256,
            "size_bytes": len(workbook),
        }
        new = Addition(WORKBOOK, "", content, based_on, why, sha256)
        with self._noting_refusal("save_case", actor, case_id):
            rights.demand_role(actor, rights.SAVERS)
            with self.database.writing() as connection:
                if case_id is None:
                    case_id = str(uuid.uuid4())
                    self._insert_case(connection, actor, case_id)
                else:
                    self._demand_case(connection, actor, case_id, locked=True)
                insert_once(connection, workbooks, organisation=actor.organisation, sha256=sha256, content=workbook)
                entry = add(connection, actor, case_id, new, self._clock())
        return _case_version(case_id, entry, workbook)

    def cases(self, actor: Actor) -> list[CaseHead]:
        """The cases that this person may see, each with its latest version; the last changed first."""
        with self._noting_refusal("cases", actor, None), self.database.reading() as connection:
            rights.demand_role(actor, frozenset(ROLES))
            newest = (
                sa.select(entries.c.case_id, sa.func.max(entries.c.version).label("version"))
                .where(entries.c.organisation == actor.organisation, entries.c.kind == WORKBOOK)
                .group_by(entries.c.case_id)
                .subquery()
            )
            query = (
                sa.select(cases.c.owner_id, cases.c.owner_name, entries)
                .join(cases, _same_case(cases, entries))
                .join(newest, (newest.c.case_id == entries.c.case_id) & (newest.c.version == entries.c.version))
                .where(entries.c.organisation == actor.organisation, entries.c.kind == WORKBOOK)
                .order_by(entries.c.at.desc(), entries.c.case_id)
            )
            rows = connection.execute(query).all()
            mine = None if rights.reads_all(actor) else self._linked_cases(connection, actor)
        return [_head(row) for row in rows if mine is None or row.owner_id == actor.user_id or row.case_id in mine]

    def case(self, actor: Actor, case_id: str, version: int | None = None) -> CaseVersion:
        """One version of a case with its workbook; the latest where none is asked for."""
        with self._noting_refusal("case", actor, case_id), self.database.reading() as connection:
            self._demand_case(connection, actor, case_id)
            query = (
                sa.select(entries, workbooks.c.content)
                .join(
                    workbooks,
                    (workbooks.c.organisation == entries.c.organisation)
                    & (workbooks.c.sha256 == entries.c.workbook_sha256),
                )
                .where(of_case(actor, case_id), entries.c.kind == WORKBOOK)
                .order_by(entries.c.version.desc())
                .limit(1)
            )
            row = connection.execute(query if version is None else query.where(entries.c.version == version)).first()
            if row is None:
                raise NotFound
        return _case_version(case_id, entry_of(row), row.content)

    # Entries

    def append(
        self,
        actor: Actor,
        case_id: str | None,
        *,
        kind: str,
        key: str,
        payload: Mapping[str, Any],
        based_on: int | None,
        why: str,
    ) -> Entry:
        """Add the first or next version of something in a case.

        Parameters
        ----------
        actor : Actor
            Who may add which kind stands in `register.rights.APPENDS`.
        case_id : str | None
            The case; `None` is the organisation's own dossier.
        kind, key : str
            What it is, and of which thing. A `score` has a key made by `score_key`, a `member` (who may see the case)
            the user's id, `opened` the key of its round.
        payload : mapping
            JSON: texts, numbers, lists, mappings with texts as keys.
        based_on : int | None
            The version that this one follows; `None` for the first.
        why : str
        """
        if kind == WORKBOOK:
            raise ValueError("workbooks are kept with save_case")
        new = Addition(kind, key, payload, based_on, why)
        with self._noting_refusal(f"append {kind}", actor, case_id):
            rights.demand_append(actor, kind, key, own_dossier=case_id is None)
            with self.database.writing() as connection:
                if case_id is None:
                    self._lock_own_dossier(connection, actor)
                else:
                    self._demand_case(connection, actor, case_id, locked=True)
                if kind == rights.SCORE:
                    round_id = rights.ScoreKey.read(key).round_id
                    rights.demand_scorer(actor, key, self._rounds(connection, actor, case_id).get(round_id))
                return add(connection, actor, case_id, new, self._clock())

    def entries(
        self,
        actor: Actor,
        case_id: str | None,
        kind: str | None = None,
        key: str | None = None,
        latest: bool = True,  # noqa: FBT001 - part of the contract with the other rooms
    ) -> list[Entry]:
        """What was added to a case and may be seen, in order.

        Parameters
        ----------
        actor : Actor
        case_id : str | None
            `None` is the organisation's own dossier.
        kind, key : str | None
            Only these.
        latest : bool
            Only the latest version of each kind and key; otherwise all of them.
        """
        with self._noting_refusal("entries", actor, case_id), self.database.reading() as connection:
            found = self._visible(connection, actor, case_id, kind, key)
        if not latest:
            return found
        newest = {(entry.kind, entry.key): entry for entry in found}
        return sorted(newest.values(), key=lambda entry: entry.number)

    def history(self, actor: Actor, case_id: str | None) -> list[Entry]:
        """Everything that was added to a case and may be seen, in order."""
        return self.entries(actor, case_id, latest=False)

    def handed_in(self, actor: Actor, case_id: str | None, round_id: str) -> list[rights.ScoreKey]:
        """Who scored what in a round, without the scores: whoever leads it has to know when to open it."""
        with self._noting_refusal("handed_in", actor, case_id), self.database.reading() as connection:
            self._demand_dossier(connection, actor, case_id)
            rounds = self._rounds(connection, actor, case_id)
            if round_id not in rounds:
                raise NotFound
            if not (actor.roles & rights.STAFF or rights.sits_in(actor, rounds[round_id])):
                raise Forbidden("role")
            query = sa.select(entries.c.key).distinct().where(of_case(actor, case_id), entries.c.kind == rights.SCORE)
            keys = [rights.ScoreKey.read(key) for key in connection.execute(query.order_by(entries.c.key)).scalars()]
        return [key for key in keys if key.round_id == round_id]

    # One case as a whole

    def export_case(self, actor: Actor, case_id: str) -> bytes:
        """Everything of one case as a zip: workbooks, entries as JSON lines, and an index in Dutch and English.

        For administrators. Scores of a round that is not opened yet are left out, as they are on screen.
        """
        with self._noting_refusal("export_case", actor, case_id), self.database.reading() as connection:
            rights.demand_role(actor, rights.ADMINISTRATOR)
            self._demand_case(connection, actor, case_id)
            seen = self._visible(connection, actor, case_id)
            query = (
                sa.select(entries.c.version, workbooks.c.content)
                .join(
                    workbooks,
                    (workbooks.c.organisation == entries.c.organisation)
                    & (workbooks.c.sha256 == entries.c.workbook_sha256),
                )
                .where(of_case(actor, case_id), entries.c.kind == WORKBOOK)
                .order_by(entries.c.version)
            )
            kept = {row.version: row.content for row in connection.execute(query)}
        return dossier_file(case_id, actor.organisation, seen, kept)

    def delete_case(self, actor: Actor, case_id: str, why: str) -> None:
        """Delete a case with all its versions and entries; a tombstone says who did it and when, and nothing more.

        Parameters
        ----------
        actor : Actor
            An administrator.
        case_id : str
        why : str
            One of `DELETION_REASONS`.
        """
        if why not in DELETION_REASONS:
            raise ValueError(f"why is one of {', '.join(DELETION_REASONS)}")
        with self._noting_refusal("delete_case", actor, case_id):
            rights.demand_role(actor, rights.ADMINISTRATOR)
            with self.database.writing() as connection:
                self._demand_case(connection, actor, case_id, locked=True)
                connection.execute(
                    tombstones.insert().values(
                        organisation=actor.organisation,
                        case_id=case_id,
                        by_id=actor.user_id,
                        at=self._clock(),
                        reason=why,
                    )
                )
                connection.execute(entries.delete().where(of_case(actor, case_id)))
                connection.execute(
                    cases.delete().where(cases.c.organisation == actor.organisation, cases.c.case_id == case_id)
                )
                named = sa.select(entries.c.workbook_sha256).where(
                    entries.c.organisation == workbooks.c.organisation, entries.c.workbook_sha256 == workbooks.c.sha256
                )
                connection.execute(
                    workbooks.delete().where(workbooks.c.organisation == actor.organisation, ~named.exists())
                )
        log.info("deleted case=%s reason=%s", case_id, why)

    def tombstones(self, actor: Actor) -> list[Tombstone]:
        """What was deleted in this organisation, in order; for administrators."""
        with self._noting_refusal("tombstones", actor, None), self.database.reading() as connection:
            rights.demand_role(actor, rights.ADMINISTRATOR)
            query = tombstones.select().where(tombstones.c.organisation == actor.organisation)
            rows = connection.execute(query.order_by(tombstones.c.at, tombstones.c.case_id)).all()
        return [Tombstone(row.case_id, row.by_id, row.at, row.reason) for row in rows]

    # Who belongs to which organisation, for sign-in by a table

    def member(self, user_id: str) -> Member | None:
        """The organisation and roles of somebody who signs in; nothing where the table does not know them."""
        with self.database.reading() as connection:
            return _member(connection, user_id)

    def members(self, actor: Actor) -> list[Member]:
        """Everybody of the organisation, by name; for finance and administrators."""
        with self._noting_refusal("members", actor, None), self.database.reading() as connection:
            rights.demand_role(actor, rights.STAFF)
            ids = connection.execute(
                sa.select(members.c.user_id).distinct().where(members.c.organisation == actor.organisation)
            ).scalars()
            known = [_member(connection, user_id) for user_id in ids.all()]
        mine = [one for one in known if one is not None and one.organisation == actor.organisation]
        return sorted(mine, key=lambda one: (one.name, one.user_id))

    def set_member(self, actor: Actor, user_id: str, *, name: str, roles: Iterable[str], why: str) -> Member:
        """Give somebody roles in the actor's organisation, or take them away (no roles); for administrators."""
        given = frozenset(roles)
        Actor(user_id, name, actor.organisation, given)  # refuses roles that there are not
        with self._noting_refusal("set_member", actor, None):
            rights.demand_role(actor, rights.ADMINISTRATOR)
            with self.database.writing() as connection:
                before = _member(connection, user_id)
                if before is not None and before.organisation != actor.organisation and before.roles:
                    raise NotFound
                made = Member(
                    user_id,
                    name,
                    actor.organisation,
                    given,
                    1 if before is None else before.version + 1,
                    self._clock(),
                    actor.user_id,
                    writable(why),
                )
                try:
                    connection.execute(
                        members.insert().values(
                            user_id=user_id,
                            version=made.version,
                            organisation=made.organisation,
                            name=made.name,
                            roles=" ".join(sorted(given)),
                            by_id=made.by,
                            at=made.at,
                            why=made.why,
                        )
                    )
                except sa.exc.IntegrityError as error:
                    raise Conflict(None, made.version - 1) from error
        return made

    def withdraw_member(self, actor: Actor, user_id: str, *, why: str) -> Member:
        """Take all roles of somebody of the actor's organisation away; for administrators."""
        with self._noting_refusal("withdraw_member", actor, None):
            rights.demand_role(actor, rights.ADMINISTRATOR)
            known = self.member(user_id)
            if known is None or known.organisation != actor.organisation:
                raise NotFound
        return self.set_member(actor, user_id, name=known.name, roles=(), why=why)

    # How it is done

    @contextmanager
    def _noting_refusal(self, what: str, actor: Actor, case_id: str | None) -> Iterator[None]:
        """Write down what was refused, without saying of whom."""
        try:
            yield
        except (Forbidden, NotFound) as error:
            reason = error.reason if isinstance(error, Forbidden) else "not_found"
            roles = "+".join(sorted(actor.roles)) or "none"
            log.warning("refused %s roles=%s case=%s reason=%s", what, roles, case_id, reason)
            raise

    def _insert_case(self, connection: sa.Connection, actor: Actor, case_id: str) -> None:
        connection.execute(
            cases.insert().values(
                organisation=actor.organisation,
                case_id=case_id,
                owner_id=actor.user_id,
                owner_name=actor.name,
                created_at=self._clock(),
            )
        )

    def _lock_own_dossier(self, connection: sa.Connection, actor: Actor) -> None:
        insert_once(
            connection,
            cases,
            organisation=actor.organisation,
            case_id=OWN_DOSSIER,
            owner_id="",
            owner_name="",
            created_at=self._clock(),
        )
        self._owner(connection, actor, OWN_DOSSIER, locked=True)

    def _owner(self, connection: sa.Connection, actor: Actor, case_id: str, *, locked: bool) -> str | None:
        query = sa.select(cases.c.owner_id).where(
            cases.c.organisation == actor.organisation, cases.c.case_id == case_id
        )
        # One writer at a time in a case, so that its entries are numbered without gaps; SQLite has one at all.
        return connection.execute(query.with_for_update() if locked else query).scalar()

    def _demand_case(self, connection: sa.Connection, actor: Actor, case_id: str, *, locked: bool = False) -> None:
        """Go on only with a case of this organisation that this person may see."""
        rights.demand_role(actor, frozenset(ROLES))
        try:
            writable(case_id)  # what nobody could keep, nobody kept
        except ValueError:
            raise NotFound from None
        owner = self._owner(connection, actor, case_id, locked=locked)
        if owner is None or case_id == OWN_DOSSIER:
            raise NotFound
        if rights.reads_all(actor) or owner == actor.user_id:
            return
        if case_id not in self._linked_cases(connection, actor):
            raise Forbidden("not_yours")

    def _demand_dossier(self, connection: sa.Connection, actor: Actor, case_id: str | None) -> None:
        if case_id is None:
            rights.demand_role(actor, frozenset(ROLES))
        else:
            self._demand_case(connection, actor, case_id)

    def _linked_cases(self, connection: sa.Connection, actor: Actor) -> set[str]:
        """Cases to which finance or an administrator linked this person; the latest word counts."""
        query = (
            sa.select(entries.c.case_id, entries.c.payload)
            .where(
                entries.c.organisation == actor.organisation,
                entries.c.kind == rights.MEMBER,
                entries.c.key == actor.user_id,
            )
            .order_by(entries.c.version)
        )
        linked = {row.case_id: bool(row.payload.get("linked")) for row in connection.execute(query)}
        return {case_id for case_id, counts in linked.items() if counts}

    def _rounds(self, connection: sa.Connection, actor: Actor, case_id: str | None) -> dict[str, Mapping[str, Any]]:
        query = (
            sa.select(entries.c.key, entries.c.payload)
            .where(of_case(actor, case_id), entries.c.kind == rights.ROUND)
            .order_by(entries.c.version)
        )
        return {row.key: row.payload for row in connection.execute(query)}

    def _visible(
        self,
        connection: sa.Connection,
        actor: Actor,
        case_id: str | None,
        kind: str | None = None,
        key: str | None = None,
    ) -> list[Entry]:
        self._demand_dossier(connection, actor, case_id)
        rounds = self._rounds(connection, actor, case_id)
        opened = sa.select(entries.c.key).where(of_case(actor, case_id), entries.c.kind == rights.OPENED)
        open_rounds = frozenset(connection.execute(opened).scalars())
        query = entries.select().where(of_case(actor, case_id)).order_by(entries.c.number)
        if kind is not None:
            query = query.where(entries.c.kind == kind)
        if key is not None:
            query = query.where(entries.c.key == key)
        found = [entry_of(row) for row in connection.execute(query)]
        return [
            entry
            for entry in found
            if rights.sees_entry(
                actor,
                entry.kind,
                entry.key,
                entry.by,
                own_dossier=case_id is None,
                rounds=rounds,
                opened=open_rounds,
            )
        ]


def _same_case(left: sa.Table, right: sa.Table) -> sa.ColumnElement[bool]:
    return (left.c.organisation == right.c.organisation) & (left.c.case_id == right.c.case_id)


def _initiatives(payload: Mapping[str, Any]) -> tuple[str, ...]:
    named: Sequence[str] = payload["initiatives"]
    return tuple(named)


def _head(row: sa.Row[Any]) -> CaseHead:
    return CaseHead(
        row.case_id,
        row.payload["name"],
        row.organisation,
        row.owner_id,
        row.owner_name,
        row.version,
        row.at,
        row.by_id,
        row.by_name,
        row.why,
        _initiatives(row.payload),
    )


def _case_version(case_id: str, entry: Entry, workbook: bytes) -> CaseVersion:
    return CaseVersion(
        case_id,
        entry.version,
        entry.payload["name"],
        workbook,
        entry.by,
        entry.by_name,
        entry.at,
        entry.why,
        _initiatives(entry.payload),
    )


def _member(connection: sa.Connection, user_id: str) -> Member | None:
    query = members.select().where(members.c.user_id == user_id).order_by(members.c.version.desc()).limit(1)
    row = connection.execute(query).first()
    if row is None:
        return None
    return Member(
        row.user_id,
        row.name,
        row.organisation,
        frozenset(row.roles.split()),
        row.version,
        row.at,
        row.by_id,
        row.why,
    )
