"""The log in one SQLite file, no server."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from timeline.log.protocol import Batch, StorageInfo
from timeline.log.sqlite import reader
from timeline.records.vocabulary import Vocabulary

if TYPE_CHECKING:
    from timeline.log.sqlite.recorder import TimelineApplication


class SQLiteLog(reader.Queries):
    """A log file. Reading opens it read-only; the first batch loads what writing needs.

    Without a path, the log is in memory and ends with the object.
    """

    def __init__(self, path: Path | None, vocabulary: Vocabulary):
        self.path = path
        self._vocabulary = vocabulary
        super().__init__(reader.in_memory() if path is None else reader.open_for_reading(path))

    @cached_property
    def application(self) -> TimelineApplication:
        """The eventsourcing application over this file."""
        from timeline.log.sqlite.recorder import TimelineApplication

        return TimelineApplication(self.path, self._connection, self._vocabulary)

    def writing(self, clock: Callable[[], int], hold: bool = True) -> AbstractContextManager[Batch]:
        return self.application.writing(clock)

    def facts(self) -> StorageInfo:
        ((pages,),), ((size,),) = self._rows("PRAGMA page_count"), self._rows("PRAGMA page_size")
        where = "memory" if self.path is None else str(self.path)
        return StorageInfo(where, pages * size, "SQLite", sqlite3.sqlite_version)

    def close(self) -> None:
        self._connection.close()
        if "application" in self.__dict__:
            self.application.close()
