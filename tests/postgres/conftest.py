"""A database with a log in it, past the product and as its users come to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest


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
