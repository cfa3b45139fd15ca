"""Triggers with which the database itself refuses to change what was added.

A migration that rebuilds a table on SQLite (`batch_alter_table`) loses that table's triggers: refuse again afterwards.
"""

from __future__ import annotations

from alembic import op

POSTGRESQL_FUNCTION = """
CREATE FUNCTION buurtwaarde_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the register only adds: % of % is refused', TG_OP, TG_TABLE_NAME;
END $$
"""
CASE_STANDS = """
NOT EXISTS (SELECT 1 FROM tombstones t WHERE t.organisation = OLD.organisation AND t.case_id = OLD.case_id)
"""


def on_postgresql() -> bool:
    """Whether the migration runs on PostgreSQL; otherwise it is SQLite."""
    return op.get_context().dialect.name == "postgresql"


def refuse_update(table: str) -> None:
    """No row of this table is ever changed."""
    _refuse(table, "UPDATE", None)


def refuse_delete(table: str) -> None:
    """No row of this table ever goes."""
    _refuse(table, "DELETE", None)
    _refuse_truncate(table)


def refuse_delete_while_case_stands(table: str) -> None:
    """A row goes only with its whole case, and a case goes only once its tombstone stands."""
    if on_postgresql():
        # A trigger's WHEN may not look into another table, so a function of its own does.
        op.execute(f"""
CREATE FUNCTION buurtwaarde_refuse_delete_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {CASE_STANDS} THEN
        RAISE EXCEPTION 'the register only adds: % of % is refused', TG_OP, TG_TABLE_NAME;
    END IF;
    RETURN OLD;
END $$""")
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW "
            f"EXECUTE FUNCTION buurtwaarde_refuse_delete_{table}()"
        )
    else:
        _refuse(table, "DELETE", CASE_STANDS)
    _refuse_truncate(table)


def allow_update(table: str) -> None:
    """Take the refusal of changes away again."""
    _allow(table, "update")


def allow_delete(table: str) -> None:
    """Take the refusal of deletion away again."""
    _allow(table, "delete")
    if on_postgresql():
        op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
        op.execute(f"DROP FUNCTION IF EXISTS buurtwaarde_refuse_delete_{table}()")


def _refuse(table: str, action: str, condition: str | None) -> None:
    name = f"{table}_no_{action.lower()}"
    if on_postgresql():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW EXECUTE FUNCTION buurtwaarde_refuse()"
        )
        return
    when = f"WHEN {condition}" if condition else ""
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {action} ON {table} {when} "
        f"BEGIN SELECT RAISE(ABORT, 'the register only adds: {action} of {table} is refused'); END"
    )


def _refuse_truncate(table: str) -> None:
    if on_postgresql():  # SQLite has no TRUNCATE
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION buurtwaarde_refuse()"
        )


def _allow(table: str, action: str) -> None:
    on_table = f" ON {table}" if on_postgresql() else ""
    op.execute(f"DROP TRIGGER {table}_no_{action}{on_table}")
