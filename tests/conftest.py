"""How the property tests look for examples (see CONTRIBUTING.md), and a server for all tests."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.examples import FEW, NIGHTLY, TIMES

if TYPE_CHECKING:
    from tests.index.postgres import IndexDatabase

pytest_plugins = ("tests.web.fixtures",)

# The same examples each time, so that nobody's change fails by another's bad luck; how long
# they take says something of the machine only.
settings.register_profile(
    "timeline",
    max_examples=100 * TIMES if NIGHTLY else FEW,
    derandomize=not NIGHTLY,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("timeline")
# For a mutant it is enough to be found: no smaller example is looked for.
settings.register_profile(
    "mutants", settings.get_profile("timeline"), phases=(Phase.explicit, Phase.generate)
)


def pytest_configure() -> None:
    """Processes of a test can be interrupted, also where the tests run in the background.

    A shell lets what it starts there ignore the keyboard, and so do all that come of it.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def databases() -> Iterator[Callable[[], str]]:
    """Makes databases with an empty log each, on one server; gives their addresses."""
    import psycopg

    from tests.servers import server
    from timeline.log.postgres.create_database import make

    numbers = count(1)
    with server(fsync="off") as running:
        with psycopg.connect(running.url(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE made")
        make(running.url("made"), '{"name": "test", "zone": "UTC"}')

        def new() -> str:
            name = f"log{next(numbers)}"
            with psycopg.connect(running.url(), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name} TEMPLATE made".encode())
            return running.url(name)

        yield new


@pytest.fixture
def database(databases: Callable[[], str]) -> str:
    """The address of a database with an empty log."""
    return databases()


@pytest.fixture(scope="session")
def indexes(databases: Callable[[], str]) -> Iterator[IndexDatabase]:
    """A database with the indexes of many logs."""
    from tests.index.postgres import index_database

    with index_database(databases()) as found:
        yield found
