"""Creating a log in a database, and migrating an older one."""

from __future__ import annotations

import psycopg

from timeline.errors import StoreError
from timeline.index import postgres_schema as index_schema
from timeline.log.postgres import schema
from timeline.log.postgres.connections import (
    READING,
    Connection,
    connect,
    failure,
    open_log,
    wrong_version,
)

_SETTINGS = "SELECT settings FROM timeline.settings ORDER BY version DESC LIMIT 1"


def make(url: str, settings: str, overwrite: bool = True) -> None:
    """Create the log in a database, or migrate it, in one transaction.

    It can be repeated, and called concurrently. The group roles are created if the caller may
    create roles; their grants are renewed each time. `settings` are the newsroom's, as JSON; they
    replace those in the database only if `overwrite`.

    Raises:
        StoreError: it cannot be created, or its version is newer than this timeline's.
    """
    connection = connect(url, writable=True)
    try:
        with connection.transaction():
            _migrate(connection, url)
            _keep(connection, settings, overwrite)
            connection.execute(index_schema.FUNCTIONS.encode())
            _grant(connection)
            connection.execute("SELECT timeline.make_derived()")
    except psycopg.Error as error:
        raise failure("cannot make", url, error) from error
    finally:
        connection.close()


def _migrate(connection: Connection, url: str) -> None:
    connection.execute(f"SELECT pg_advisory_xact_lock({schema.SPACE}, {schema.MIGRATION})")
    version = 0
    if _first(connection, "SELECT to_regclass('timeline.schema_version')") is not None:
        version = _first(connection, "SELECT version FROM timeline.schema_version")
    if version > schema.SCHEMA_VERSION:
        raise StoreError(wrong_version(url, version))
    if version == 0:
        # The index of an earlier log in this database.
        connection.execute("DROP SCHEMA IF EXISTS timeline_derived CASCADE")
    for migration in schema.MIGRATIONS[version:]:
        connection.execute(migration.encode())
    if version < schema.SCHEMA_VERSION:
        connection.execute(
            "UPDATE timeline.schema_version SET version = %s", (schema.SCHEMA_VERSION,)
        )


def _keep(connection: Connection, settings: str, overwrite: bool) -> None:
    last = connection.execute(_SETTINGS).fetchone()
    if last is None or (overwrite and last[0] != settings):
        connection.execute(
            "INSERT INTO timeline.settings (version, settings)"
            " SELECT coalesce(max(version), 0) + 1, %s FROM timeline.settings",
            (settings,),
        )


def kept_settings(url: str) -> str:
    """The settings of the newsroom in a database, as JSON.

    Raises:
        StoreError: there is no log, or it cannot be read.
    """
    connection = open_log(url, *READING)
    try:
        row = connection.execute(_SETTINGS).fetchone()
    except psycopg.Error as error:
        raise failure("cannot read", url, error) from error
    finally:
        connection.close()
    assert row is not None
    settings: str = row[0]
    return settings


def _grant(connection: Connection) -> None:
    connection.execute(schema.REVOKE)
    for role in schema.ROLES:
        connection.execute(schema.MAKE_ROLE.format(role=role).encode())
        there = "SELECT count(*) FROM pg_roles WHERE rolname = %s"
        if _first(connection, there, role):
            connection.execute(schema.GRANTS[role].format(role=role).encode())


def _first(connection: Connection, query: str, *values: str) -> int:
    row = connection.execute(query.encode(), values or None).fetchone()
    assert row is not None
    found: int = row[0]
    return found
