"""Connections to the database of a log: their addresses and settings, and a pool of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from queue import Empty, LifoQueue
from selectors import EVENT_READ, DefaultSelector
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from timeline.errors import StoreError, UnreachableError
from timeline.log.postgres.schema import SCHEMA_VERSION
from timeline.log.reader import Row

Connection = psycopg.Connection[tuple[Any, ...]]

# Connection timeout for each host, in seconds; a server that is failing over refuses sooner.
CONNECT_TIMEOUT = 10

# Where libpq finds the hosts of an address; the first takes precedence.
_HOST_OPTIONS = ("hostaddr", "host")

# A writer's commit waits until it is on disk, and on the disks of synchronous standbys. A stricter
# setting of the server is kept.
WRITING = (
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') IN ('off', 'local')",
    "SET idle_in_transaction_session_timeout = '5min'",
)
# A reader cannot write by mistake, even if its role could.
READING = ("SET default_transaction_read_only = on",)


def without_password(url: str) -> str:
    """A URL as it may be shown and stored."""
    parts = urlsplit(url)
    account, at, hosts = parts.netloc.rpartition("@")
    query = [pair for pair in parse_qsl(parts.query) if pair[0] not in ("password", "sslpassword")]
    netloc = f"{account.partition(':')[0]}{at}{hosts}"
    return parts._replace(netloc=netloc, query=urlencode(query, safe="/:,")).geturl()


def _password_in(url: str) -> str | None:
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query)).get("password")
    account, at, _ = parts.netloc.rpartition("@")
    _, colon, password = account.partition(":")
    return given or (password if at and colon else None)


def connect(url: str, *settings: str, writable: bool = False) -> Connection:
    """A connection in autocommit mode.

    Raises:
        StoreError: the server cannot be reached, or refuses the connection.
    """
    try:
        options = conninfo_to_dict(url)
        options.setdefault("connect_timeout", CONNECT_TIMEOUT)
        options.setdefault("application_name", "timeline")
        _require_security(options)
        if writable:
            # With several hosts, connect to the current primary.
            options.setdefault("target_session_attrs", "read-write")
        connection: Connection = psycopg.connect(make_conninfo("", **options), autocommit=True)
        for setting in settings:
            connection.execute(setting)
    except psycopg.Error as error:
        raise failure("cannot open", url, error) from error
    return connection


def _require_security(options: dict[str, Any]) -> None:
    """Ask for SCRAM, which shows the server no password, and for TLS beyond this machine.

    What the address or the environment says takes precedence.
    """
    local = all(map(_is_local, _hosts(options)))
    if "PGREQUIREAUTH" not in os.environ:
        options.setdefault("require_auth", "scram-sha-256,none" if local else "scram-sha-256")
    if not local and "PGSSLMODE" not in os.environ:
        options.setdefault("sslmode", "require")


def _hosts(options: dict[str, Any]) -> list[str]:
    """The hosts that libpq would connect to; empty for the default socket."""
    named = (options.get(each) or os.environ.get(f"PG{each.upper()}") for each in _HOST_OPTIONS)
    return next(filter(None, named), "").split(",")


def _is_local(host: str) -> bool:
    """Whether a host is this machine, or a socket in its file system."""
    if not host or host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def open_log(url: str, *settings: str, writable: bool = False) -> Connection:
    """A connection to a log that this version of timeline can use.

    Raises:
        StoreError: see `connect`; or the database has no log, or one of another version.
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
    """The message about a log that another version of timeline has made."""
    what = f"{without_password(url)} is a log of version {version}"
    if version > SCHEMA_VERSION:
        return (
            f"{what}, written by a newer timeline; this one reads version {SCHEMA_VERSION}: "
            "upgrade timeline"
        )
    return f"{what}; `timeline init --log URL` brings it to version {SCHEMA_VERSION}"


def failure(what: str, url: str, error: BaseException) -> StoreError:
    """A StoreError that says which log it is about, without the password.

    It is an UnreachableError if another attempt may succeed: when the server is back, or less busy.
    """
    # The lines from the one that the server marks show the statement.
    message = " ".join(str(error).partition("\nLINE ")[0].split()) or type(error).__name__
    password = _password_in(url)
    for secret in {password, unquote(password)} if password else ():
        message = message.replace(secret, "…")
    is_passing = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    kind = UnreachableError if is_passing else StoreError
    return kind(f"{what} the log {without_password(url)}: {message}")


def fetch(connection: Connection, query: str, *values: Any) -> list[Row]:
    """All rows of a query, in the binary format; the statement is prepared once per connection."""
    with connection.cursor(binary=True) as cursor:
        return cursor.execute(query.encode(), values or None, prepare=True).fetchall()


class Pool:
    """A pool of connections to one log, without a limit. The first one is opened immediately."""

    def __init__(self, url: str, open_one: Callable[[], Connection]):
        self.url = url
        self._open = open_one
        self._idle: LifoQueue[Connection] = LifoQueue()
        self._is_closed = False
        self._idle.put(open_one())

    def rows(self, query: str, *values: Any) -> list[Row]:
        """All rows of a query.

        Raises:
            StoreError: the log cannot be read.
        """
        with self.use("cannot read") as connection:
            return fetch(connection, query, *values)

    @contextmanager
    def use(self, what: str) -> Iterator[Connection]:
        """A connection; if the block raises, its open transaction is rolled back.

        Raises:
            StoreError: the server cannot be reached, or refuses; the message begins with `what`.
        """
        connection = self._take()
        try:
            yield connection
        except psycopg.Error as error:
            connection.close()
            raise failure(what, self.url, error) from error
        except BaseException:
            self._roll_back(connection)
            raise
        self._put(connection)

    def _roll_back(self, connection: Connection) -> None:
        try:
            connection.rollback()
        except psycopg.Error:
            connection.close()
        else:
            self._put(connection)

    def _put(self, connection: Connection) -> None:
        self._idle.put(connection)
        if self._is_closed:
            self.close()

    def _take(self) -> Connection:
        """An idle connection, unless the server has closed it in the meantime; else a new one."""
        while True:
            try:
                connection = self._idle.get_nowait()
            except Empty:
                return self._open()
            if _is_alive(connection):
                return connection
            connection.close()

    def close(self) -> None:
        """Close all connections: the idle ones now, the others when they are no longer in use."""
        self._is_closed = True
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return


def _is_alive(connection: Connection) -> bool:
    """Whether an idle connection is still open; a closed one has data (or EOF) to read."""
    with DefaultSelector() as selector:
        selector.register(connection.pgconn.socket, EVENT_READ)
        return not selector.select(0)
