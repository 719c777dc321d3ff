"""Newsrooms whose projections are kept in memory, and those that keep none."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from tests.worlds.logs import newsroom_with
from timeline.index.index_manager import Upkeep
from timeline.index.memory_rows import MemoryRows
from timeline.index.projection import Projection, Rows
from timeline.newsroom.newsroom import Newsroom


class MemoryStore:
    """Rows in the memory of this process."""

    def __init__(self) -> None:
        self.rows: dict[str, Rows] = {}

    def current(self, projection: Projection) -> Rows | None:
        return self.rows.get(projection.name)

    def is_current(self, projection: Projection, rows: Rows) -> bool:
        return self.rows.get(projection.name) is rows

    def building(self, projection: Projection) -> AbstractContextManager[None]:
        return nullcontext()

    def next(self, projection: Projection) -> Rows:
        return MemoryRows()

    def switch(self, projection: Projection, rows: Rows) -> None:
        self.rows[projection.name] = rows

    def discard(self, rows: Rows) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing is held open."""


def without(newsroom: Newsroom) -> Newsroom:
    """The same newsroom, answering from the log alone."""
    return Newsroom(newsroom.store, newsroom.settings)


def with_rows(newsroom: Newsroom) -> Newsroom:
    """The same newsroom, answering from rows in memory wherever it can."""
    log, settings = newsroom.store, newsroom.settings
    upkeep = Upkeep(log, settings.vocabulary, MemoryStore(), lambda: (log, settings.vocabulary))
    return Newsroom(log, settings, upkeep)


def both(records) -> tuple[Newsroom, Newsroom]:
    """A log in a newsroom that answers from it alone, and in one that keeps rows."""
    newsroom = newsroom_with(records)
    return newsroom, with_rows(newsroom)
