"""How alembic reaches the database: over the connection that `register.database` hands it."""

from alembic import context

from register.tables import metadata


def _run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is None:
        raise SystemExit("Migrations run by themselves when the register is opened (register.database).")
    # The transaction is the caller's: either the whole way to the newest version is taken, or none of it.
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


_run()
