"""Newsrooms with an index in memory, and those without one."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from tests.worlds.logs import newsroom_with
from timeline.index.catch_up import catch_up
from timeline.index.index_manager import IndexManager
from timeline.index.sql_rows import SqlRows
from timeline.index.sqlite_store import rows_in_memory
from timeline.newsroom.newsroom import Newsroom


class MemoryStore:
    """Where the index of a log in memory is kept."""

    def __init__(self) -> None:
        self._rows: SqlRows | None = None

    def current(self) -> SqlRows | None:
        return self._rows

    def is_current(self, rows: SqlRows) -> bool:
        return self._rows is rows

    def building(self) -> AbstractContextManager[None]:
        return nullcontext()

    def begin(self) -> SqlRows:
        return rows_in_memory()

    def switch(self, rows: SqlRows) -> SqlRows:
        self._rows = rows
        return rows

    def discard(self, rows: SqlRows) -> None:
        rows.close()

    def close(self) -> None:
        """Nothing else is open."""


def without_index(newsroom: Newsroom) -> Newsroom:
    """The same newsroom, answering from the log alone."""
    return Newsroom(newsroom.store, newsroom.settings)


def with_index(newsroom: Newsroom) -> Newsroom:
    """The same newsroom, answering from an index in memory wherever it can."""
    log, settings = newsroom.store, newsroom.settings
    return Newsroom(log, settings, IndexManager(log, settings.vocabulary, MemoryStore()))


def both(records) -> tuple[Newsroom, Newsroom]:
    """A log in a newsroom that answers from it alone, and in one with an index."""
    newsroom = newsroom_with(records)
    return newsroom, with_index(newsroom)


def rows_of(newsroom, until: int | None = None, rows: SqlRows | None = None) -> SqlRows:
    """The rows of a log up to a position, folded in one by one; in memory, or in those given."""
    rows = rows or rows_in_memory()
    catch_up(rows, newsroom.store, newsroom.settings.vocabulary, until)
    return rows
