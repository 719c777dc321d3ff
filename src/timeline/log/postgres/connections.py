"""Connections to the log's database, and what is said when there is none."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from timeline.errors import StoreError, UnreachableError
from timeline.log.postgres.address import password_in, without_password
from timeline.log.postgres.schema import SCHEMA_VERSION

Connection = psycopg.Connection[tuple[Any, ...]]

# Seconds for one host to answer; a server that is being replaced refuses sooner.
CONNECT_TIMEOUT = 10

# What a writer asks of its session: to acknowledge nothing before it is on the disk, and on those
# of synchronous standbys. A server may ask for more than that, and is given no less.
WRITING = (
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') IN ('off', 'local')",
    "SET idle_in_transaction_session_timeout = '5min'",
)
# A reader that writes by mistake is refused by its own session, whatever its role may do.
READING = ("SET default_transaction_read_only = on",)


def connect(url: str, *settings: str, writable: bool = False) -> Connection:
    """A connection in which each statement is a transaction unless one is begun.

    Raises:
        StoreError: the server cannot be reached, or does not let us in.
    """
    try:
        options = conninfo_to_dict(url)
        options.setdefault("connect_timeout", CONNECT_TIMEOUT)
        options.setdefault("application_name", "timeline")
        if writable:
            # Of several hosts, the one that is the primary now.
            options.setdefault("target_session_attrs", "read-write")
        connection: Connection = psycopg.connect(make_conninfo("", **options), autocommit=True)
        for setting in settings:
            connection.execute(setting)
    except psycopg.Error as error:
        raise failure("cannot open", url, error) from error
    return connection


def open_log(url: str, *settings: str, writable: bool = False) -> Connection:
    """A connection to a log that this version of timeline can use.

    Raises:
        StoreError: as `connect`; or there is no log, or one of another version.
    """
    connection = connect(url, *settings, writable=writable)
    try:
        try:
            row = connection.execute("SELECT version FROM timeline.schema_version").fetchone()
            version = row[0] if row else None
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            version = None
        except psycopg.Error as error:
            raise failure("cannot read", url, error) from error
        if version is None:
            raise StoreError(
                f"there is no log in {without_password(url)}: `timeline init --log URL` makes one"
            )
        if version != SCHEMA_VERSION:
            raise StoreError(wrong_version(url, version))
    except BaseException:
        connection.close()
        raise
    return connection


def wrong_version(url: str, version: int) -> str:
    """What is said of a log that another version of timeline has made."""
    said = f"{without_password(url)} is a log of version {version}"
    if version > SCHEMA_VERSION:
        return (
            f"{said}, written by a newer timeline; this one reads version {SCHEMA_VERSION}: "
            "upgrade timeline"
        )
    return f"{said}; `timeline init --log URL` brings it to version {SCHEMA_VERSION}"


def failure(what: str, url: str, error: BaseException) -> StoreError:
    """A StoreError that says which log, and never the password.

    It says whether the server may answer another time: when it is there again, or less busy.
    """
    # What follows a line that the server marks is a picture of the statement.
    said = " ".join(str(error).partition("\nLINE ")[0].split()) or type(error).__name__
    password = password_in(url)
    for secret in {password, unquote(password)} if password else ():
        said = said.replace(secret, "…")
    passing = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    kind = UnreachableError if passing else StoreError
    return kind(f"{what} the log {without_password(url)}: {said}")
