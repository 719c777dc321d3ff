"""A database with a log in it, past the product and as its users come to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
import pytest

from tests.servers import Server, server
from timeline.newsroom.opening import make_database


@pytest.fixture
def sql(database: str) -> Iterator[psycopg.Connection]:
    """A connection of the owner's, past the product."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def member(database: str, sql: psycopg.Connection) -> Iterator[Callable[[str], str]]:
    """Gives the address of the same database for a new member of a role."""
    made = []

    def new(role: str) -> str:
        where = database.partition("@/")[2].partition("?")[0]
        name = f"member{len(made)}_{role}_{where}"
        sql.execute(f"CREATE ROLE {name} LOGIN IN ROLE {role}".encode())
        made.append(name)
        return database.replace("postgres@", f"{name}@")

    yield new
    for name in made:
        sql.execute(f"DROP OWNED BY {name}".encode())
        sql.execute(f"DROP ROLE {name}".encode())


@pytest.fixture
def pair() -> Iterator[tuple[Server, Server]]:
    """A primary with an empty log, and a synchronous standby.

    A server that is killed loses nothing that the system keeps: `fsync` would prove no more.
    """
    with server(fsync="off") as primary:
        make_database(primary.url())
        standby = primary.standby(fsync="off")
        try:
            standby.start()
            with closing(psycopg.connect(primary.url(), autocommit=True)) as connection:
                connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
                connection.execute("SELECT pg_reload_conf()")
            yield primary, standby
        finally:
            standby.remove()
